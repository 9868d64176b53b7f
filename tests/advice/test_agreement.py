"""How far the parties agree: per family with an interval, per indicator where there are pairs enough."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import werkbank as wb
from tests.scoring.drawn import bootstrap
from werkbank.advice.agreement import FEWEST_PAIRS, agreement_by_indicator, agreement_of
from werkbank.assessment.inputs import read_inputs
from werkbank.matrix import load_matrix
from werkbank.scoring import krippendorff_alpha, pooled_alpha


@pytest.fixture(scope="module")
def district(demo_workspace):
    """The matrix of the whole fictional district, and its catalogue."""
    catalogue, parks = wb.load_catalogue(), wb.load_parks(demo_workspace / "data" / "parks.csv")
    files = sorted((demo_workspace / "data" / "matrices" / "2026-1").glob("*.xlsx"))
    return load_matrix(files, catalogue, parks, round="2026-1"), catalogue


def test_the_interval_is_that_of_drawing_parks_again(demo_workspace):
    """By the general bootstrap, with the seed of the method; and it holds the figure."""
    parameters = wb.load_parameters("lelystad")
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    codes = [one.id for one in inputs.catalogue.by_family("opportunity")]
    levels = np.stack([inputs.matrix.levels(party)[codes].to_numpy().T for party in parameters.parties])
    low, high, _ = bootstrap(pooled_alpha, levels.transpose(1, 0, 2), seed=7)
    found = agreement_of(inputs.matrix, inputs.catalogue, parameters.parties, seed=7)[1]
    assert found.family == "opportunity"
    assert (found.alpha_low, found.alpha_high) == pytest.approx((low, high))
    assert found.alpha_low < found.alpha < found.alpha_high


def test_with_fewer_than_ten_parks_there_is_a_figure_and_no_interval(demo_workspace):
    """Urk has four: the resamples would say more about themselves."""
    one = wb.assess("urk").agreement[0]
    assert one.alpha is not None
    assert (one.alpha_low, one.alpha_high) == (None, None)


def test_per_indicator_only_where_enough_cells_are_known_to_two_parties(district):
    """Every figure is that of the indicator's own cells; least identical first; the rest is not told."""
    matrix, catalogue = district
    found = agreement_by_indicator(matrix, catalogue, ("municipality", "police"))
    assert found
    assert all(one.n >= FEWEST_PAIRS for one in found)
    assert [one.identical for one in found] == sorted(one.identical for one in found)
    both = {
        code: (matrix.levels("police")[code] - matrix.levels("municipality")[code]).dropna()
        for code in matrix.indicators
    }
    assert {one.indicator for one in found} == {code for code, cells in both.items() if len(cells) >= FEWEST_PAIRS}
    for one in found:
        assert one.n == len(both[one.indicator])
        assert one.identical == pytest.approx((both[one.indicator] == 0).mean())
        assert one.bias == pytest.approx(-both[one.indicator].mean())
        table = [matrix.levels(party)[one.indicator].to_numpy() for party in ("municipality", "police")]
        assert one.alpha == pytest.approx(krippendorff_alpha(table))


def test_of_one_party_there_is_nothing_to_compare(district):
    matrix, catalogue = district
    assert agreement_by_indicator(matrix, catalogue, ("police",)) == ()
    assert agreement_of(matrix, catalogue, ("police",), seed=1) == ()
