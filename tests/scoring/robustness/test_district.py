"""What the district says about a cell nobody knows."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from werkbank.scoring.unknown_cells import describe_district

POINTS = {f"i{number}": (0.0, 50.0, 100.0) for number in range(20)}


def district(levels, **options):
    frame = pd.DataFrame(levels)
    return describe_district(frame, {"police": frame}, {code: POINTS[code] for code in frame.columns}, **options)


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.5, 0.8])
def test_the_correlation_that_made_the_levels_is_found_again(correlation):
    rng = np.random.default_rng(4)
    factor = rng.standard_normal((3_000, 1))
    latent = np.sqrt(correlation) * factor + np.sqrt(1 - correlation) * rng.standard_normal((3_000, 20))
    borders = [NormalDist().inv_cdf(share) for share in (0.6, 0.85)]
    levels = pd.DataFrame(np.digitize(latent, borders).astype(float), columns=list(POINTS))
    levels = levels.mask(rng.random(levels.shape) < 0.3)
    assert district(levels).correlation == pytest.approx(correlation, abs=0.05)


def test_an_indicator_whose_scale_runs_the_other_way_hangs_together_with_the_rest():
    rng = np.random.default_rng(4)
    factor = rng.standard_normal(2_000)
    rising = (factor + rng.standard_normal(2_000) > 0).astype(float) * 2
    falling = 2 - (factor + rng.standard_normal(2_000) > 0).astype(float) * 2
    frame = pd.DataFrame({"a": rising, "b": falling})
    points = {"a": (0.0, 50.0, 100.0), "b": (100.0, 50.0, 0.0)}
    assert describe_district(frame, {"x": frame}, points).correlation > 0.3


def test_no_level_is_impossible_and_the_shares_add_up():
    found = district({"i0": [0.0, 0.0, 0.0, np.nan], "i1": [2.0, np.nan, np.nan, np.nan]})
    assert found.frequencies["i0"] == pytest.approx((3.5 / 4.5, 0.5 / 4.5, 0.5 / 4.5))
    assert sum(found.frequencies["i1"]) == pytest.approx(1)


def test_a_level_between_two_counts_for_both_in_proportion():
    assert district({"i0": [0.5], "i1": [0.0]}).frequencies["i0"] == pytest.approx((1.0 / 2.5, 1.0 / 2.5, 0.5 / 2.5))


@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("lowest", [0.3, 0.7, 0.95])
def test_how_often_parties_err_is_found_again_wherever_the_levels_lie(lowest, parties):
    """5 % up and 5 % down is an error of 0.2, also where most levels are at an end and half of it stays put."""
    rng = np.random.default_rng(7)
    rest = (1 - lowest) / 3
    truth = rng.choice(4, size=(40_000, 2), p=[lowest, rest, rest, rest])
    points = dict.fromkeys(("a", "b"), (0.0, 20.0, 60.0, 100.0))
    said = {
        str(party): pd.DataFrame(np.clip(truth + rng.choice([-1, 0, 1], truth.shape, p=[0.05, 0.9, 0.05]), 0, 3.0))
        .set_axis(["a", "b"], axis="columns")
        .mask(rng.random(truth.shape) < 0.2)
        for party in range(parties)
    }
    assert describe_district(said["0"], said, points).error == pytest.approx(0.2, abs=0.02)


def test_only_differences_of_exactly_one_step_are_errors():
    """By hand: 2 of 6 pairs are one step apart and 3 of their 12 levels are between the ends."""
    police = pd.DataFrame({"i0": [0.0, 1.0, 2.0, np.nan], "i1": [0.0, 0.0, 0.0, 0.0]})
    municipality = pd.DataFrame({"i0": [1.0, 1.0, 0.0, 1.0], "i1": [1.0, 0.0, 0.0, np.nan]})
    points = {"i0": POINTS["i0"], "i1": (0.0, 100.0)}
    found = describe_district(police, {"police": police, "municipality": municipality}, points).error
    q, inside = found / 4, 3 / 12
    assert inside * 4 * q * (1 - 2 * q) + (1 - inside) * 2 * q * (1 - q) == pytest.approx(2 / 6)


def test_more_differences_than_errors_can_make_are_as_many_as_they_can():
    """Parties that always differ by one step: the largest error there is, and no root of a negative number."""
    police, municipality = pd.DataFrame({"i0": [0.0] * 9}), pd.DataFrame({"i0": [1.0] * 9})
    found = describe_district(police, {"police": police, "municipality": municipality}, {"i0": POINTS["i0"]})
    assert 0.5 < found.error <= 2.0


def test_one_party_has_no_error_and_the_floor_holds():
    found = district({"i0": [0.0, 1.0], "i1": [1.0, 0.0]}, at_least=0.3)
    assert (found.error, found.correlation) == (0.0, 0.3)
    assert district({"i0": [0.0], "i1": [1.0]}, correlation=0.7).correlation == 0.7


def test_nothing_known_is_described_by_equal_shares():
    found = district({"i0": [np.nan], "i1": [np.nan]})
    assert found.frequencies["i0"] == pytest.approx((1 / 3,) * 3)
    assert found.correlation == 0.0
