"""The advice of one party or of none drawn, and its sentences one by one; the advice in whole: test_sentences.py."""

import pytest

from tests.advice.small import CATALOGUE as SMALL
from tests.advice.small import advised as of
from tests.advice.small import alike, matrix, method, scored
from werkbank.advice.advice import flip_sentences, left_out_sentences, of_hundred, question_sentence, short_question
from werkbank.advice.flips import Change, Flip
from werkbank.advice.questions import LeftOut, Question
from werkbank.advice.scorecard import recalculate
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NAMES = {"A-1": "Kievit", "A-2": "Tureluur", "URK-03": "Kuifeend"}


def test_one_party_and_a_threat_family_of_one_indicator_are_advised_as_any_other():
    cells = {"A": {"police": "30002222"}, "B": {"police": "?0002222"}, "C": {"police": "10003333"}}
    _, told = of(scored(matrix(cells, parties=("police",))))
    assert (told.park_ids, told.sureness is not None, {one.kind for one in told.left_out}) == (("A",), True, {"group"})
    one_threat = tuple(one for one in SMALL.indicators if one.family != "threat" or one.id == "V01")
    single = SMALL.model_copy(update={"indicators": one_threat})
    rows = {park: {"police": own["police"][0] + own["police"][4:]} for park, own in cells.items()}
    card = scored(matrix(rows, single, ("police",)), catalogue=single)
    assert of(card)[1].park_ids == ("A",)
    assert card.risk.groups.loc["A", "threat"] == pytest.approx(100)
    assert 0 < card.risk.groups.loc["B", "threat"] < 100


def test_nothing_switched_on_gives_no_recalculations_no_grade_and_no_shares():
    judged = alike(A="30002222", B="1?002222", C="10003333")
    found, told = of(scored(judged, method(uncertainty={})))
    assert found is None
    assert (told.grade, told.sureness, told.questions, told.drivers) == (None, None, (), ())
    assert "doorrekening" not in told.sentence
    assert told.flips
    assert told.left_out
    # Unknown cells stay at what is expected of them where they are not drawn.
    kept = recalculate(scored(judged, method(uncertainty={"party_error": True})))
    assert kept.totals.loc["B"].nunique() == 1


@pytest.mark.parametrize(
    ("share", "draws", "text"),
    [
        (1.0, 10_000, "alle 10.000 doorrekeningen"),
        (0.995, 200, "meer dan 99 van de 100 doorrekeningen"),
        (0.9999, 10_000, "meer dan 99 van de 100 doorrekeningen"),
        (0.934, 10_000, "93 van de 100 doorrekeningen"),
        (0.001, 10_000, "minder dan 1 van de 100 doorrekeningen"),
        (0.0, 10_000, "geen van de 10.000 doorrekeningen"),
        (1.0, 1, "de enige doorrekening"),
        (0.0, 1, "geen enkele doorrekening"),
    ],
)
def test_a_share_is_told_as_a_count_and_never_rounds_to_certainty(share, draws, text):
    assert of_hundred(share, draws) == text


@pytest.mark.parametrize(
    ("party", "whom"),
    [
        ("police", "de politie"),
        ("both", "de politie en de gemeente"),
        ("chamber_of_commerce", "de partij die het kan weten"),
    ],
)
def test_a_question_names_its_cell_and_whom_to_ask(party, whom):
    asked = (Question("URK-03", "V05", party, 0.054, 0.01), NAMES, CATALOGUE, ("police", "municipality"))
    cell = "Kuifeend, wapens en explosieven (URK-03, V05)"
    assert short_question(*asked) == f"{cell}: vraag het {whom}."
    assert question_sentence(*asked) == (
        f"{cell}: niemand weet dit nu. Vraag het {whom}; "
        "het antwoord verandert gemiddeld in 5 van de 100 doorrekeningen of dit terrein wordt geadviseerd."
    )
    park = (Question("URK-03", None, party, 0.24, 0.01), *asked[1:])
    assert short_question(*park) == f"Kuifeend (URK-03): vraag {whom} wat nog open is."
    assert question_sentence(*park) == (
        "Kuifeend (URK-03): of dit terrein in het advies komt, hangt van meer dan één antwoord af. "
        f"Vraag {whom} wat nog open is."
    )


WEIGHTS = (Change(None, "threat", 0.5, 0.4), Change(None, "opportunity", 0.25, 0.35), Change(None, "x", 0.25, 0.25))
NEAR = (Change(None, "threat", 0.852, 0.854), Change(None, "opportunity", 0.148, 0.146))
CELLS = (Change("A-1", "V01", 1.5, 2.5), Change("A-2", "W01", 1.0, 2.0))
STEPS = "verschil in de oordelen"
SHIFT = "Kievit komt bovenaan als de weging verandert:"
NO_SHIFT = "Geen enkele weging van de groepen brengt Kievit bovenaan"
NAMED = (
    "Kievit, hennepkwekerij (A-1, V01) van 1,5 naar 2,5 en Tureluur, georganiseerde ondernemers (A-2, W01) van 1 naar 2"
)


@pytest.mark.parametrize(
    ("flips", "told"),
    [
        ({"weights": ()}, f"{NO_SHIFT}."),
        ({"weights": WEIGHTS}, f"{SHIFT} dreiging van 50% naar 40% en gelegenheid van 25% naar 35%."),
        # Two weights that differ are not printed as the same.
        ({"weights": NEAR}, f"{SHIFT} dreiging van 85,2% naar 85,4% en gelegenheid van 14,8% naar 14,6%."),
        ({"cells": ()}, f"Kievit komt niet bovenaan binnen 4 stappen {STEPS}."),
        ({"cells": CELLS}, f"Kievit komt bovenaan bij 2 stappen {STEPS}: {NAMED}."),
        ({"weights": (), "cells": ()}, f"{NO_SHIFT}, en ook 4 stappen {STEPS} niet."),
    ],
)
def test_a_flip_is_told_in_one_sentence(flips, told):
    found = [Flip(kind, "A-1", changes, exact=True) for kind, changes in flips.items()]
    assert list(flip_sentences(found, NAMES, CATALOGUE)) == [told]


def test_a_flip_that_rests_on_an_estimate_says_so():
    """Fewer steps may do, or some where none is found."""
    some, none = (Flip("cells", "A-1", changes, exact=False) for changes in (CELLS, ()))
    assert list(flip_sentences([some], NAMES, CATALOGUE, 2)) == [
        f"Kievit komt bij de hoogste terreinen bij hooguit 2 stappen {STEPS}: {NAMED}."
    ]
    assert list(flip_sentences([none], NAMES, CATALOGUE)) == [
        f"Kievit komt niet bovenaan binnen 4 stappen {STEPS} (als de schatting van wat onbekend is gelijk blijft)."
    ]


POLICE = "de oordelen van de politie"


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (("group", "resilience_gap", "A-1"), "de groep tekort aan weerbaarheid blijft het advies hetzelfde."),
        (("group", "threat", "A-2"), "de groep dreiging komt Tureluur (A-2) bovenaan."),
        (("party", "police", "A-1 A-2"), f"{POLICE} komen Kievit (A-1) en Tureluur (A-2) als hoogste uit."),
        (
            ("party", "police", "A-2", "A-1"),
            f"{POLICE} komt Tureluur (A-2) bovenaan; Kievit heeft dan geen aanwijzing.",
        ),
        (("party", "municipality", "", "A-1"), "de oordelen van de gemeente is er geen terrein met een aanwijzing."),
    ],
)
def test_what_comes_out_without_a_group_or_a_party_is_told_in_one_sentence(left, told):
    """A-1 is advised."""
    kind, code, first, *unknown = left
    one = LeftOut(kind, code, tuple(first.split()), changed=first != "A-1", without=tuple(unknown))
    assert list(left_out_sentences([one], NAMES, CATALOGUE)) == [f"Zonder {told}"]
