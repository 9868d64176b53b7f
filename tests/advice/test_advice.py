"""The advice says which parks score highest, and never more than the scores and bounds support."""

import re

import pandas as pd
import pytest

from tests.advice.small import CATALOGUE as SMALL
from tests.advice.small import advised as of
from tests.advice.small import alike, matrix, method, scored
from werkbank.advice.advice import (
    advise,
    flip_sentences,
    left_out_sentences,
    of_hundred,
    question_sentence,
    short_question,
    sure_sentence,
)
from werkbank.advice.flips import Change, Flip
from werkbank.advice.questions import LeftOut, Question, Sureness, first_places
from werkbank.advice.scorecard import recalculate
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NAMES = {"A-1": "Kievit", "A-2": "Tureluur", "URK-03": "Kuifeend"}
SEVERAL = ", ".join(f"{park} 5 0-{90 - n}" for n, park in enumerate("bcdef"))


def advice(capacity, drawn):
    """The advice on parks drawn as `name score low-high`, between brackets without an indication; nothing recalculated."""
    rows = re.findall(r"(\(?)(\w) (\d+) (\d+)-(\d+)", drawn)
    figures = {park: (float(score), float(low), float(high), not quiet) for quiet, park, score, low, high in rows}
    frame = pd.DataFrame.from_dict(figures, orient="index", columns=["score", "low", "high", "suspected"])
    names = pd.Series({park: f"Terrein {park}" for park in frame.index})
    return advise(frame, names, "Urk", first_places(frame["score"][frame["suspected"]], capacity), capacity)


@pytest.mark.parametrize(
    ("capacity", "parks", "advised", "contenders", "told"),
    [
        (1, "a 60 55-70, b 40 30-50, c 20 10-30", "a", "", "heeft Terrein a (60 van 100;"),
        # Two to select: the two highest, highest first.
        (2, "a 40 30-50, b 60 55-70, c 20 10-29", "ba", "", "hebben de hoogste risicoscores: "),
        # A tie at the edge puts both in, as equals.
        (1, "a 60 55-70, b 60 50-65, c 2 1-3", "ab", "", "even hoog, hoger dan het andere terrein"),
        (1, "a 60 55-70, b 60 50-65, c 2 1-3", "ab", "", "meer dan 1, omdat zij gelijk staan"),
        (2, "a 70 6-70, b 6 5-6, c 6 5-6", "abc", "", "meer dan 2, omdat 2 daarvan gelijk staan"),
        # Without an indication a park is never advised, named or a contender, whatever its score or its bounds.
        (1, "a 60 55-70, (b 90 0-100), c 20 10-30", "a", "", "geen ander terrein met een aanwijzing"),
        (1, "a 60 55-70, (b 90 0-100), c 20 1-30", "a", "", "risicoscore van de terreinen met een"),
        # Between two that are advised there may stand one that is not.
        (2, "a 60 6-70, (b 5 5-5), c 4 4-4, d 3 3-3", "ac", "", "scores van de terreinen met een"),
        # C at most 54, A at least 55: nothing unknown can turn this.
        (1, "a 60 55-70, c 20 10-54", "a", "", "geen ander terrein kan hoger uitkomen"),
        # Contenders stand in the order of how high they could come.
        (1, "a 60 50-70, b 40 30-60, c 30 20-90", "a", "cb", "kunnen in het uiterste geval"),
        (1, f"a 60 10-70, {SEVERAL}", "a", "bcdef", "Terrein b, Terrein c, Terrein d en 2 andere terreinen"),
    ],
)
def test_the_highest_candidates_are_advised_and_who_may_still_pass_them_is_named(
    capacity, parks, advised, contenders, told
):
    found = advice(capacity, parks)
    assert (found.park_ids, found.contenders, found.grade) == (tuple(advised), tuple(contenders), None)
    assert told in found.sentence


@pytest.mark.parametrize(
    ("capacity", "parks", "advised", "told"),
    [
        (1, "a 60 50-70", "a", "Het is het enige terrein; er valt niets te vergelijken."),
        (2, "a 60 5-7, b 1 0-2", "ab", "Alle terreinen kunnen worden gekozen"),
        (1, "a 6 5-7, (b 9 0-90)", "a", "Dit is het enige terrein met een ingevulde aanwijzing"),
        (9, "a 6 5-7, (b 9 0-90), c 5 5-5", "ac", "Dit zijn de enige 2 terreinen met een"),
        (1, "(a 9 0-100), (b 8 0-90)", "", "op geen van de 2 terreinen een aanwijzing ingevuld"),
        (1, "(a 9 0-100)", "", "op het enige terrein geen aanwijzing ingevuld"),
    ],
)
def test_nothing_to_choose_or_to_go_by_is_no_comparison(capacity, parks, advised, told):
    found = advice(capacity, parks)
    assert (found.park_ids, found.grade, found.contenders) == (tuple(advised), "no_comparison", ())
    assert told in found.sentence


@pytest.mark.parametrize(
    ("cells", "capacity", "advised", "grade"),
    [
        # All cells unknown: every park has a score, none is advised.
        ({"A": "????????", "B": "????????"}, 1, "", "no_comparison"),
        # One park; more places than parks; more than there are candidates.
        ({"A": "30002222"}, 1, "A", "no_comparison"),
        ({"A": "30002222", "B": "10001111"}, 5, "AB", "no_comparison"),
        ({"A": "30002222", "B": "00003333"}, 1, "A", "no_comparison"),
        # At most k candidates are all advised, also those that are level; more are compared.
        ({"A": "20002222", "B": "20002222", "C": "00003333"}, 2, "AB", "no_comparison"),
        ({"A": "20002222", "B": "20002222", "C": "10000033"}, 1, "AB", "clear"),
        # A wholly unknown park has a score and is not advised.
        ({"A": "10002222", "B": "????????", "C": "33330000"}, 1, "C", "clear"),
    ],
)
def test_candidates_are_the_parks_with_an_indication(cells, capacity, advised, grade):
    found, told = of(scored(alike(**cells)), capacity)
    assert (told.park_ids, told.grade) == (tuple(advised), grade)
    assert found.totals.notna().all(axis=None)
    assert not set(told.contenders) - {park for park, own in cells.items() if set(own[:4]) - {"0", "?"}}


def test_one_party_and_a_threat_family_of_one_indicator_are_advised_as_any_other():
    cells = {"A": {"police": "30002222"}, "B": {"police": "?0002222"}, "C": {"police": "10003333"}}
    _, told = of(scored(matrix(cells, parties=("police",))))
    assert (told.park_ids, told.sureness is not None, {one.kind for one in told.left_out}) == (("A",), True, {"group"})
    one_threat = tuple(one for one in SMALL.indicators if one.family != "threat" or one.id == "V01")
    single = SMALL.model_copy(update={"indicators": one_threat})
    rows = {park: {"police": own["police"][0] + own["police"][4:]} for park, own in cells.items()}
    card = scored(matrix(rows, single, ("police",)), catalogue=single)
    _, told = of(card)
    assert told.park_ids == ("A",)
    assert card.risk.groups.loc["A", "threat"] == pytest.approx(100)
    assert 0 < card.risk.groups.loc["B", "threat"] < 100


def test_nothing_switched_on_gives_no_recalculations_no_grade_and_no_shares():
    card = scored(alike(A="30002222", B="1?002222", C="10003333"), method(uncertainty={}))
    found, told = of(card)
    assert found is None
    assert (told.grade, told.sureness, told.questions, told.drivers) == (None, None, (), ())
    assert "doorrekeningen" not in told.sentence
    assert told.flips
    # Unknown cells stay at what is expected of them where they are not drawn.
    kept = recalculate(
        scored(alike(A="30002222", B="1?002222", C="10003333"), method(uncertainty={"party_error": True}))
    )
    assert kept.totals.loc["B"].nunique() == 1


@pytest.mark.parametrize(
    ("shares", "told", "not_told"),
    [
        ({"A": 0.93}, "In 93 van de 100 doorrekeningen met andere", "Dat is"),
        ({"A": 0.8, "B": 0.2}, "Dat is waarschijnlijk, niet zeker. Daarnaast komt Bravo", "onderscheiden"),
        # Half of the advised one's share or more: not to be told apart. Less: mostly so, or no other more often.
        ({"A": 0.6, "B": 0.35}, "Niet goed te onderscheiden zijn Alfa en Bravo: in 95 van de 100", "meestal"),
        ({"A": 0.6, "B": 0.29, "C": 0.11}, "meestal zo, maar zeker is het niet. Daarnaast komt Bravo", "onderscheid"),
        ({"A": 0.45, "B": 0.2, "C": 0.2}, "Geen ander terrein staat vaker bovenaan, maar zeker is het", "meestal"),
        # Another comes out more often: with its share and what makes the difference.
        ({"B": 0.5, "A": 0.4}, "komt Bravo (in 50 van de 100 doorrekeningen) bovenaan. Deze terreinen", "meestal"),
        ({"B": 0.5, "A": 0.4}, "Het verschil zit vooral in wat niemand weet.", "Niet goed"),
        ({"B": 0.7, "A": 0.2}, "Vaker komt Bravo", "onderscheiden"),
        # What is printed as the same number is not called more.
        ({"B": 0.492, "A": 0.488}, "Even vaak komt Bravo (in 49 van de 100 doorrekeningen) bovenaan.", "Vaker"),
    ],
)
def test_how_sure_it_is_is_told_as_far_as_the_shares_go(shares, told, not_told):
    """A is advised; each is first in such a share of the recalculations."""
    own, order = shares["A"], sorted(shares, key=shares.get, reverse=True)
    grade = "clear" if own >= 0.9 else "likely" if own >= 0.7 else "indistinguishable"
    sure = Sureness(grade, own, 10_000, tuple(order), tuple(shares[park] for park in order), (order[0],), "missing")
    sentence = sure_sentence(sure, pd.Series({"A": "Alfa", "B": "Bravo", "C": "Charlie"}), ["A"])
    assert told in sentence
    assert not_told not in sentence


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
