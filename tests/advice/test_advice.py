"""The advice says which parks score highest, and never more than the scores and bounds support."""

import pandas as pd
import pytest

from werkbank.advice.advice import (
    advise,
    flip_sentence,
    left_out_sentence,
    of_hundred,
    question_sentence,
    short_question,
)
from werkbank.advice.flips import Change, Flip
from werkbank.advice.questions import LeftOut, Question
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NAMES = {"A-1": "Kievit", "A-2": "Tureluur", "URK-03": "Kuifeend"}
NAN = float("nan")
SEVERAL = {park: (5, 0, 90 - n) for n, park in enumerate("bcdef")}


def advice(capacity=1, **parks):
    """Park → score, low, high."""
    frame = pd.DataFrame.from_dict(parks, orient="index", columns=["score", "low", "high"])
    frame = frame.assign(rank=frame["score"].rank(method="min", ascending=False).astype("Int64"))
    return advise(frame, pd.Series({park: f"Terrein {park}" for park in frame.index}), capacity, "Urk")


@pytest.mark.parametrize(
    ("capacity", "parks", "advised", "contenders", "told"),
    [
        (
            1,
            {"a": (60, 55, 70), "b": (40, 30, 50), "c": (20, 10, 30)},
            "a",
            "",
            "heeft Terrein a (60 van 100, mogelijk",
        ),
        # Two to select: the two highest, highest first.
        (2, {"a": (40, 30, 50), "b": (60, 55, 70), "c": (20, 10, 29)}, "ba", "", "hebben de hoogste risicoscores"),
        # A tie at the edge puts both in, as equals.
        (1, {"a": (60, 55, 70), "b": (60, 50, 65), "c": (20, 10, 30)}, "ab", "", "scoren even hoog"),
        # Without a score a park is never advised, but it may come out anywhere.
        (
            1,
            {"a": (60, 55, 70), "b": (NAN, 0, 100), "c": (20, 10, 30)},
            "a",
            "b",
            "kan in het uiterste geval ook Terrein b",
        ),
        # C at most 54, A at least 55: nothing unknown can turn this.
        (1, {"a": (60, 55, 70), "c": (20, 10, 54)}, "a", "", "geen ander terrein kan hoger uitkomen"),
        # Contenders stand in the order of how high they could come.
        (1, {"a": (60, 50, 70), "b": (40, 30, 60), "c": (30, 20, 90)}, "a", "cb", "kunnen in het uiterste geval"),
        (1, {"a": (60, 10, 70)} | SEVERAL, "a", "bcdef", "Terrein b, Terrein c, Terrein d en 2 andere terreinen"),
    ],
)
def test_the_highest_totals_are_advised_and_who_may_still_pass_them_is_named(
    capacity, parks, advised, contenders, told
):
    found = advice(capacity, **parks)
    assert (found.park_ids, found.contenders, found.grade) == (tuple(advised), tuple(contenders), None)
    assert told in found.sentence
    assert "risicoscore" in found.sentence or "scoren" in found.sentence
    assert "mogelijk" in found.sentence


@pytest.mark.parametrize(
    ("capacity", "parks", "advised", "told"),
    [
        (1, {"a": (60, 50, 70)}, "a", "niets te vergelijken"),
        (2, {"a": (60, 5, 7), "b": (1, 0, 2)}, "ab", "niets te vergelijken"),
        (1, {"a": (NAN, 0, 100), "b": (NAN, 0, 90)}, "", "geen advies mogelijk"),
    ],
)
def test_nothing_to_choose_or_to_go_by_is_no_comparison(capacity, parks, advised, told):
    found = advice(capacity, **parks)
    assert (found.park_ids, found.grade) == (tuple(advised), "no_comparison")
    assert told in found.sentence


@pytest.mark.parametrize(
    ("share", "draws", "text"),
    [
        (1.0, 10_000, "alle 10.000 doorrekeningen"),
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
        "het antwoord verandert de uitkomst gemiddeld in 5 van de 100 doorrekeningen."
    )


WEIGHTS = (Change(None, "threat", 0.5, 0.4), Change(None, "opportunity", 0.25, 0.35), Change(None, "x", 0.25, 0.25))


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("weights", (), "Geen enkele weging van de groepen brengt Kievit bovenaan."),
        (
            "weights",
            WEIGHTS,
            "Kievit komt bovenaan als de weging verandert: dreiging van 50% naar 40% en gelegenheid van 25% naar 35%.",
        ),
        ("cells", (), "Kievit komt niet bovenaan binnen 4 stappen verschil in de oordelen."),
        (
            "cells",
            (Change("A-1", "V01", 1.5, 2.5), Change("A-2", "W01", 1.0, 2.0)),
            (
                "Kievit komt bovenaan bij 2 stappen verschil in de oordelen: "
                "Kievit van 1,5 naar 2,5 (A-1, V01) en Tureluur van 1 naar 2 (A-2, W01)."
            ),
        ),
    ],
)
def test_a_flip_is_told_in_one_sentence(kind, changes, told):
    assert flip_sentence(Flip(kind, "A-1", changes, exact=True), NAMES, CATALOGUE) == told


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (("group", "resilience_gap", "A-1"), "de groep tekort aan weerbaarheid blijft het advies hetzelfde."),
        (("group", "threat", "A-2"), "de groep dreiging komt Tureluur (A-2) bovenaan."),
        (
            ("party", "police", "A-1 A-2"),
            "de oordelen van de politie komen Kievit (A-1) en Tureluur (A-2) als hoogste uit.",
        ),
        (
            ("party", "municipality", "A-2", "A-1"),
            "de oordelen van de gemeente komt Tureluur (A-2) bovenaan; Kievit heeft dan geen score.",
        ),
        (
            ("party", "police", "", "A-1"),
            "de oordelen van de politie is van geen enkel terrein genoeg bekend voor een score.",
        ),
    ],
)
def test_what_comes_out_without_a_group_or_a_party_is_told_in_one_sentence(left, told):
    """A-1 is advised."""
    kind, code, first, *unknown = left
    one = LeftOut(kind, code, tuple(first.split()), changed=first != "A-1", without_score=tuple(unknown))
    assert left_out_sentence(one, NAMES, CATALOGUE) == f"Zonder {told}"
