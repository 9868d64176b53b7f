"""Reasons are the judgements that carry the score; an indication is never stronger than its strongest cell."""

import pandas as pd
import pytest

from tests.matrix.drawing import frame_of
from werkbank.advice.reasons import indications, reasons
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
CANNABIS = CATALOGUE.indicator("V01").phenomena[0]


def frame(**values):
    return pd.DataFrame({code: [value] for code, value in values.items()}, index=["P1"], dtype="float64")


POINTS = {"police": frame(V01=100, V02=0, G01=100), "municipality": frame(V01=33.3, V02=66.7, G01=50)}
LEVELS = {"police": frame(V01=3, V02=0, G01=3), "municipality": frame(V01=1, V02=2, G01=1)}
RULES = {"V01": "maximum", "V02": "maximum", "G01": "mean"}


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        # Police 3, municipality 1, the highest counts → the police's judgement is the reason, with the whole of it.
        ({"V01": 20, "V02": 0, "G01": 0}, [("V01", "police", 3, 20)]),
        # 100 and 50 points, the mean counts → two thirds and one third of the contribution.
        ({"V01": 0, "V02": 0, "G01": 30}, [("G01", "police", 3, 20), ("G01", "municipality", 1, 10)]),
        # Unknown cells and cells without weight are no reason.
        ({"V01": float("nan"), "V02": 0, "G01": 0}, []),
    ],
)
def test_the_parties_that_carry_a_cell_share_its_contribution(contributions, expected):
    found = reasons(frame(**contributions), POINTS, LEVELS, RULES)
    assert [(one.indicator, one.party, one.level, pytest.approx(one.contribution)) for one in found] == expected


def test_the_five_largest_come_first():
    codes = [f"V0{n}" for n in range(1, 8)]
    points, level = ({"police": frame(**dict.fromkeys(codes, one))} for one in (100, 3))
    found = reasons(frame(**dict(zip(codes, range(7), strict=True))), points, level, dict.fromkeys(codes, "mean"))
    assert [reason.indicator for reason in found] == ["V07", "V06", "V05", "V04", "V03"]


def levels(**by_code):
    return frame(**{code: by_code.get(code, float("nan")) for code in CATALOGUE.indicator_ids})


def judgements(*rows):
    return frame_of([("P1", code, party, "level", level, "", source, None) for code, party, level, source in rows])


def of_cannabis(levels_frame, *rows):
    return next(one for one in indications(judgements(*rows), levels_frame, CATALOGUE) if one.phenomenon == CANNABIS)


@pytest.mark.parametrize(
    ("level", "strength"),
    # Nobody could judge any of its indicators: unknown, which is not "no indication". A mean of 0 and 1 is weak.
    [(None, "unknown"), (0, "none"), (0.5, "weak"), (1, "weak"), (2, "clear"), (3, "strong")],
)
def test_the_strongest_level_is_the_strength(level, strength):
    assert of_cannabis(levels() if level is None else levels(V01=level)).strength == strength


@pytest.mark.parametrize(
    ("rows", "parties", "source"),
    [
        # Police 2 on a single source, municipality 1 on several: both support, the best source is A.
        ([("V01", "municipality", 1, "A"), ("V01", "police", 2, "B")], ("police", "municipality"), "A"),
        # A party that sees nothing does not support.
        ([("V01", "municipality", 0, "A"), ("V01", "police", 2, "C")], ("police",), "C"),
    ],
)
def test_parties_and_best_source_are_those_that_support_it(rows, parties, source):
    one = of_cannabis(levels(V01=2), *rows)
    assert (one.indicators, one.parties, one.source_strength) == (("V01",), parties, source)


def test_every_phenomenon_of_the_catalogue_gets_an_indication_but_one_that_no_indicator_points_at():
    unasked = CATALOGUE.phenomena[0].model_copy(update={"id": "unasked"})
    catalogue = CATALOGUE.model_copy(update={"phenomena": (*CATALOGUE.phenomena, unasked)})
    found = [one.phenomenon for one in indications(judgements(), levels(), catalogue)]
    assert sorted(found) == sorted(one.id for one in CATALOGUE.phenomena)
