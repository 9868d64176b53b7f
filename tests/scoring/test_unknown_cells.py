"""What the district says about a cell nobody knows."""

import itertools
import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from werkbank.scoring import combine, score_risk
from werkbank.scoring.robustness import robustness
from werkbank.scoring.unknown_cells import describe_district

from .sample import GROUP_OF, POINTS, THREATS, WEIGHTS, sample

SCALES = {f"i{number}": (0.0, 50.0, 100.0) for number in range(20)}


def described(parties, points=SCALES, **options):
    """The figures of a district in which these parties say this; the mean counts."""
    tables = {party: pd.DataFrame(levels) for party, levels in parties.items()}
    codes = next(iter(tables.values())).columns
    rules = dict.fromkeys(codes, "mean")
    return describe_district(combine(tables, points=points, rules=rules, best_judge={}), **options)


def district(levels, **options):
    return described({"police": levels}, **options)


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.5, 0.8])
def test_the_correlation_that_made_the_levels_is_found_again(correlation):
    rng = np.random.default_rng(4)
    factor = rng.standard_normal((3_000, 1))
    latent = np.sqrt(correlation) * factor + np.sqrt(1 - correlation) * rng.standard_normal((3_000, 20))
    borders = [NormalDist().inv_cdf(share) for share in (0.6, 0.85)]
    levels = pd.DataFrame(np.digitize(latent, borders).astype(float), columns=list(SCALES))
    levels = levels.mask(rng.random(levels.shape) < 0.3)
    assert district(levels).correlation == pytest.approx(correlation, abs=0.05)


def test_an_indicator_whose_scale_runs_the_other_way_hangs_together_with_the_rest():
    rng = np.random.default_rng(4)
    factor = rng.standard_normal(2_000)
    rising = (factor + rng.standard_normal(2_000) > 0).astype(float) * 2
    falling = 2 - (factor + rng.standard_normal(2_000) > 0).astype(float) * 2
    frame = pd.DataFrame({"a": rising, "b": falling})
    points = {"a": (0.0, 50.0, 100.0), "b": (100.0, 50.0, 0.0)}
    assert described({"x": frame}, points).correlation > 0.3


def test_shares_are_smoothed_towards_those_of_the_family_on_the_same_scale():
    """By hand: of the family 3 × 0 and 1 × 2 are known, each + ½: π = 3.5, 0.5 and 1.5 of 5.5, for four cells beside own."""
    found = district({"i0": [0.0, 0.0, 0.0, np.nan], "i1": [2.0, np.nan, np.nan, np.nan], "i2": [np.nan] * 4})
    pool = np.array([3.5, 0.5, 1.5]) / 5.5
    assert found.frequencies["i0"] == pytest.approx((np.array([3, 0, 0]) + 4 * pool) / 7)
    assert found.frequencies["i1"] == pytest.approx((np.array([0, 0, 1]) + 4 * pool) / 5)
    assert found.frequencies["i2"] == pytest.approx(pool)


def test_another_family_and_another_scale_lend_nothing():
    """i0 and i1 are a family on one scale; i2 is of another, i3 has four levels."""
    points, families = SCALES | {"i3": (0.0, 20.0, 60.0, 100.0)}, {"i0": "a", "i1": "a", "i2": "b", "i3": "a"}
    levels = {"i0": [0.0], "i1": [2.0], "i2": [1.0], "i3": [3.0]}
    found = described({"police": levels}, points, families=families).frequencies
    assert found["i0"] == pytest.approx((np.array([1, 0, 0]) + 4 * np.array([1.5, 0.5, 1.5]) / 3.5) / 5)
    assert found["i2"] == pytest.approx((np.array([0, 1, 0]) + 4 * np.array([0.5, 1.5, 0.5]) / 2.5) / 5)
    assert found["i3"] == pytest.approx((np.array([0, 0, 0, 1]) + 4 * np.array([0.5, 0.5, 0.5, 1.5]) / 3) / 5)


def test_a_level_between_two_counts_for_both_in_proportion():
    found = described({"a": {"i0": [0.0]}, "b": {"i0": [1.0]}}).frequencies["i0"]
    assert found == pytest.approx((np.array([0.5, 0.5, 0]) + 4 * np.array([1.0, 1.0, 0.5]) / 2.5) / 5)


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
    assert described(said, points).error == pytest.approx(0.2, abs=0.02)


def test_only_differences_of_exactly_one_step_are_errors():
    """By hand: 2 of 6 pairs are one step apart and 3 of their 12 levels are between the ends."""
    police = pd.DataFrame({"i0": [0.0, 1.0, 2.0, np.nan], "i1": [0.0, 0.0, 0.0, 0.0]})
    municipality = pd.DataFrame({"i0": [1.0, 1.0, 0.0, 1.0], "i1": [1.0, 0.0, 0.0, np.nan]})
    points = {"i0": SCALES["i0"], "i1": (0.0, 100.0)}
    found = described({"police": police, "municipality": municipality}, points).error
    q, inside = found / 4, 3 / 12
    assert inside * 4 * q * (1 - 2 * q) + (1 - inside) * 2 * q * (1 - q) == pytest.approx(2 / 6)


def test_more_differences_than_errors_can_make_are_as_many_as_they_can():
    """Parties that always differ by one step: the largest error there is, and no root of a negative number."""
    found = described({"police": {"i0": [0.0] * 9}, "municipality": {"i0": [1.0] * 9}})
    assert 0.5 < found.error <= 2.0


def test_one_party_has_no_error_and_the_floor_holds():
    found = district({"i0": [0.0, 1.0], "i1": [1.0, 0.0]}, at_least=0.3)
    assert (found.error, found.correlation) == (0.0, 0.3)
    assert district({"i0": [0.0], "i1": [1.0]}, correlation=0.7).correlation == 0.7


def test_a_family_of_which_nothing_is_known_is_at_the_lowest():
    """Whatever is known of another; the bounds run from the lowest to the highest, and the group is all estimated."""
    one = sample(units=5, unknown=0.2, not_applicable=0.0)
    for table in one.levels.values():
        table[THREATS] = np.nan
    district = one.district()
    assert district.frequencies["t1"] == (1, 0, 0, 0)
    found = score_risk(**one.choices, district=district)
    assert found.groups["threat"].tolist() == [0] * 5
    assert (found.groups_low["threat"].tolist(), found.groups_high["threat"].tolist()) == ([0] * 5, [100] * 5)
    drawn = robustness(**one.choices, uncertain={"missing": True}, draws=50, seed=1, district=district)
    threats = [place for place, (_, code) in enumerate(drawn.unknown_cells) if code in THREATS]
    assert drawn.missing[:, threats].max() == 0


def chances_by_hand(shares, correlation, factor):
    """Step × factor: the chance of each step by the normal distribution function of scipy."""
    borders = ndtri(np.concatenate([[0.0], np.cumsum(shares)[:-1].clip(0, 1), [1.0]]))
    at = (borders[:, None] - math.sqrt(correlation) * factor) / math.sqrt(1 - correlation)
    # On the side where the difference is not one of two numbers near 1.
    return np.where(at[:-1] + at[1:] > 0, ndtr(-at[:-1]) - ndtr(-at[1:]), ndtr(at[1:]) - ndtr(at[:-1]))


def known_by_hand(one, district, unit, factor):
    """The value of every known cell of a unit, the cells that nobody knows, and how likely it makes each factor.

    What is known lies on one step, or in proportion between two.
    """
    density, known, unknown, combined = np.exp(-(factor**2) / 2), {}, [], one.combined()
    for code in combined.applicable.columns[combined.applicable.loc[unit]]:
        chance = chances_by_hand(district.frequencies[code], district.correlation, factor)
        if combined.known.loc[unit, code]:
            known[code] = combined.values.loc[unit, code]
            step = np.interp(known[code], sorted(POINTS[code]), range(len(POINTS[code])))
            low, high = math.floor(step), math.ceil(step)
            density *= (1 - (step - low)) * chance[low] + (step - low) * chance[high]
        else:
            unknown.append(code)
    return known, unknown, density


def by_all_completions(one, district, unit, letter, p):
    """Σ w E[u^p] / Σ w of one unit's group: every completion, weighted by how likely it is given all that is known.

    The factor is integrated out with 4,001 points on ±10.
    """
    factor = np.linspace(-10, 10, 4_001)
    known, unknown, density = known_by_hand(one, district, unit, factor)
    unknown = [code for code in unknown if code[0] == letter]
    chance = {code: chances_by_hand(district.frequencies[code], district.correlation, factor) for code in unknown}
    own = [code for code in known if code[0] == letter] + unknown
    weights = np.array([WEIGHTS.get(code, 1.0) for code in own])
    mean, worth = 0.0, np.zeros(len(own))
    for steps in itertools.product(*(range(len(POINTS[code])) for code in unknown)):
        likely = density * np.prod([chance[code][step] for code, step in zip(unknown, steps, strict=True)], axis=0)
        points = {code: sorted(POINTS[code])[step] for code, step in zip(unknown, steps, strict=True)}
        filled, share = np.array([(known | points)[code] for code in own]), likely.sum() / density.sum()
        worth += share * filled
        mean += share * (weights @ filled**p) if p < math.inf else 0.0
    if not own:
        return math.nan
    return worth.max() if p == math.inf else mean / weights.sum()


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, math.inf])
@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    unknown=st.sampled_from([0.3, 0.6, 1.0]),
    correlation=st.sampled_from([0.0, 0.3, 0.95]),
    parties=st.sampled_from([("police",), ("municipality", "police")]),
)
def test_the_quadrature_is_what_all_completions_give(p, seed, unknown, correlation, parties):
    """To 1e-6 in the mean of the powers, on a scale of 0-1; where only the highest counts, the highest expected."""
    one = sample(seed=seed, units=2, unknown=unknown, power=(p, p, p), parties=parties)
    district = replace(sample(seed=seed + 1, units=12, unknown=0.5).district(), correlation=correlation)
    found = score_risk(**one.choices, district=district).groups
    for unit in one.units:
        for letter, group in GROUP_OF.items():
            score, expected = found.loc[unit, group], by_all_completions(one, district, unit, letter, p)
            mean, scale = (score, 100) if p == math.inf else (score**p, 100**p)
            assert mean / scale == pytest.approx(expected / scale, abs=1e-6, nan_ok=True)
