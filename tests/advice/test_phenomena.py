"""An indication per phenomenon: how strong, on what, by whom, and never stronger than the strongest cell."""

import pandas as pd
import pytest

from werkbank import load_catalogue
from werkbank.advice.phenomena import indications
from werkbank.matrix.risk_matrix import COLUMNS, judgement_frame

CATALOGUE = load_catalogue()


def levels(**by_code):
    codes = CATALOGUE.indicator_ids
    return pd.DataFrame({code: [by_code.get(code, float("nan"))] for code in codes}, index=["P1"], dtype="float64")


def judgements(*rows):
    columns = {name: [] for name in COLUMNS}
    for indicator, party, level, source in rows:
        row = ("P1", indicator, party, "level", level, "", source, None)
        for name, value in zip(COLUMNS, row, strict=True):
            columns[name].append(value)
    return judgement_frame(columns)


def of(phenomenon, levels_frame, judgement_rows):
    found = indications(judgement_rows, levels_frame, CATALOGUE)
    return next(one for one in found if one.phenomenon == phenomenon)


CANNABIS = CATALOGUE.indicator("V01").phenomena[0]


@pytest.mark.parametrize(("level", "strength"), [(0, "none"), (1, "weak"), (2, "clear"), (3, "strong")])
def test_the_strongest_level_is_the_strength(level, strength):
    """0 none, 1 weak, 2 clear, 3 strong."""
    one = of(CANNABIS, levels(V01=level), judgements(("V01", "police", level, "B")))
    assert one.strength == strength


def test_nothing_known_is_unknown_and_not_none():
    """No party could judge any of its indicators → unknown, which is not "no indication"."""
    assert of(CANNABIS, levels(), judgements()).strength == "unknown"


def test_any_suspicion_at_all_is_at_least_weak():
    """A mean of 0 and 1 is 0.5: weak, not none."""
    assert of(CANNABIS, levels(V01=0.5), judgements(("V01", "police", 1, ""))).strength == "weak"


def test_parties_and_best_source_are_those_that_support_it():
    """Police 2 on a single source, municipality 1 on several: both support, the best source is A."""
    rows = judgements(("V01", "municipality", 1, "A"), ("V01", "police", 2, "B"))
    one = of(CANNABIS, levels(V01=2), rows)
    assert (one.indicators, one.parties, one.source_strength) == (("V01",), ("police", "municipality"), "A")


def test_a_party_that_sees_nothing_does_not_support():
    rows = judgements(("V01", "municipality", 0, "A"), ("V01", "police", 2, "C"))
    one = of(CANNABIS, levels(V01=2), rows)
    assert (one.parties, one.source_strength) == (("police",), "C")


def test_every_phenomenon_of_the_catalogue_gets_an_indication():
    assert len(indications(judgements(), levels(), CATALOGUE)) == len(CATALOGUE.phenomena)
