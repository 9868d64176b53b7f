"""What to find out first, in a whole sentence and where there is little room."""

import pytest

from werkbank.advice.advice import question_sentence, short_question
from werkbank.advice.questions import Question
from werkbank.settings.catalogue import load_catalogue

NAMES = {"URK-03": "Kuifeend"}
PARTIES = ("police", "municipality")
CELL = "Kuifeend, wapens en explosieven (URK-03, V05)"


@pytest.mark.parametrize(
    ("party", "whom"),
    [
        ("police", "de politie"),
        ("both", "de politie en de gemeente"),
        ("chamber_of_commerce", "de partij die het kan weten"),
    ],
)
def test_a_question_names_its_cell_and_whom_to_ask(party, whom):
    question = Question("URK-03", "V05", party, 0.054, 0.01)
    assert short_question(question, NAMES, load_catalogue(), PARTIES) == f"{CELL}: vraag het {whom}."
    whole = question_sentence(question, NAMES, load_catalogue(), PARTIES)
    assert whole.startswith(f"{CELL}: niemand weet dit nu. Vraag het {whom}; ")
    assert whole.endswith("in 5 van de 100 doorrekeningen.")
