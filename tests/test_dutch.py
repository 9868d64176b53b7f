"""The list by which generated texts are looked through finds what it is for, and lets good Dutch pass."""

import pytest

from tests.dutch import FAULTS, faults, page_texts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Het verschil is -8,0 punten.", "hyphen for a minus"), ("(-3)", "hyphen for a minus"),
        ("Er is  te weinig bekend.", "two spaces"), ("Er is te weinig bekend .", "space before a sign"),
        ("Er is te weinig bekend..", "two signs"), ("Nog 1 terreinen.", "one with a plural"),
        ("Nog 12 terrein.", "more with a singular"), ("Nog 0 cel.", "more with a singular"),
        ("De werkmappen is anders.", "plural with a singular verb"),
        ("Zo. 3 terreinen staat hoog.", "plural with a singular verb"),
        ("1 terrein staan hoog.", "singular with a plural verb"), ("Score: None", "English"), ("Score: nan", "English"),
        ("Loading widget…", "English"), ("municipality: urk", "English"), ("De threat is hoog", "English"),
    ],
)  # fmt: skip
def test_every_kind_of_fault_is_found(text, name):
    assert [kind for kind, _ in faults([text])] == [name]


def test_there_is_an_example_of_every_kind():
    """A kind without one could be a pattern that finds nothing."""
    told = test_every_kind_of_fault_is_found.pytestmark[0].args[1]
    assert {name for _, name in told} == set(FAULTS)


@pytest.mark.parametrize(
    "text",
    [
        "Van LEL-05 in ronde 2026-1 ging de score van 12,5 naar 4,5: −8,0.", "Over 3 van de 5 terreinen is te weinig bekend.",
        "1 terrein, 2 terreinen en geen cel; 21 terreinen staan hoog.", "Zie parameters/district.yaml, of scores.xlsx.",
        "Nog mogelijk: 12,5–40. Zie V08, politie: 2 meermaals…", "Minder dan 1,5 punt per stap, in 1.000 doorrekeningen.",
        "3-11-2025", "20 - 40",
    ],
)  # fmt: skip
def test_good_dutch_passes(text):
    assert faults([text]) == []


def test_of_a_page_everything_is_read_that_is_told_to_someone():
    """Also the words for a screen reader; styles, scripts and codes are no text."""
    html = (
        '<title>Een</title><style>.a {margin: -1px}</style><img alt="Twee"><p>Drie <b>vier</b></p><script>None</script>'
        '<p class="code">-1</p><td>vijf</td><td>zes</td><br>zeven'
    )
    assert " ".join(page_texts(html)).split() == ["Een", "Twee", "Drie", "vier", "vijf", "zes", "zeven"]
