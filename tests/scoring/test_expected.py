"""What a chosen unit was expected to score is what a regression with a dummy per home says of it."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from werkbank.scoring.change import FEWEST, expected_scores

HOMES = pd.Series(np.repeat(["a", "b", "c", "d"], [9, 6, 4, 2]), range(21)).sample(frac=1, random_state=1)
BOUNDS = ["expected", "low", "high"]
CHOSEN = [int(HOMES.index[home == HOMES][0]) for home in "abcd"]


def scores(seed, homes=HOMES):
    rng = np.random.default_rng(seed)
    then = pd.Series(rng.uniform(0, 60, len(homes)), homes.index)
    return then, 5 + 0.7 * then + homes.map({"a": 0, "b": 4, "c": -3, "d": 1}) + rng.normal(0, 3, len(homes))


def by_dummies(then, now, homes, one, level):
    """Prediction of one unit by least squares on the old score and a dummy per home, X'X inverted by hand."""
    design = np.column_stack([then, *(homes == home for home in sorted(set(homes)))]).astype(float)
    row = np.array([one[0], *(home == one[1] for home in sorted(set(homes)))], dtype=float)
    found, left, *_ = np.linalg.lstsq(design, now, rcond=None)
    free = len(then) - design.shape[1]
    variance = left[0] / free * (1 + row @ np.linalg.inv(design.T @ design) @ row)
    half = stats.t.ppf((1 + level) / 2, free) * np.sqrt(variance)
    return [row @ found, row @ found - half, row @ found + half]


@pytest.mark.parametrize(("seed", "level"), [(1, 0.9), (2, 0.9), (3, 0.5)])
def test_it_is_the_prediction_of_a_regression_with_a_dummy_per_home(seed, level):
    """With three or more unchosen units at home; the order of the units and more chosen ones change nothing."""
    then, now = scores(seed)
    told = expected_scores(then, now.iloc[::-1], HOMES, CHOSEN, level)
    rest = HOMES.drop(CHOSEN)
    for unit in CHOSEN[:3]:
        wanted = by_dummies(then[rest.index], now[rest.index], rest, (then[unit], HOMES[unit]), level)
        assert told.loc[unit, BOUNDS].tolist() == pytest.approx(wanted, abs=1e-9)
    assert told["old"].equals(then[CHOSEN]) and told["new"].equals(now[CHOSEN])  # noqa: PT018
    # One unchosen unit at home: the district's means, its line through them, and what is left around that line.
    x, y = then[rest.index], now[rest.index]
    within_x, within_y = (each - each.groupby(rest).transform("mean") for each in (x, y))
    slope = within_x @ within_y / (within_x @ within_x)
    left = ((y - y.mean() - slope * (x - x.mean())) ** 2).sum() / (len(x) - 2)
    apart = then[CHOSEN[3]] - x.mean()
    variance = left * (1 + 1 / len(x) + apart**2 / (within_x @ within_x))
    half, at = stats.t.ppf((1 + level) / 2, len(x) - 2) * np.sqrt(variance), y.mean() + slope * apart
    assert told.loc[CHOSEN[3], BOUNDS].tolist() == pytest.approx([at, at - half, at + half], abs=1e-9)


def test_what_cannot_be_determined_is_missing():
    then, now = scores(4)
    few = HOMES[HOMES != "a"]
    assert len(few.drop(CHOSEN[1:])) < FEWEST
    cases = {
        "too few others": (then[few.index], now[few.index], few, CHOSEN[1:]),
        "others without a score": (then, now.where(now.index.isin(range(FEWEST + 1))), HOMES, CHOSEN),
        "one old score": (then * 0, now, HOMES, CHOSEN),
        "everybody chosen": (then, now, HOMES, list(HOMES.index)),
        "each a home of its own": (then, now, pd.Series(HOMES.index, HOMES.index), CHOSEN),
    }
    for case, given in cases.items():
        assert expected_scores(*given)[BOUNDS].isna().all(axis=None), case
    there = expected_scores(then.drop(CHOSEN[0]), now.drop(CHOSEN[1]), HOMES, CHOSEN)
    assert there["expected"].isna().tolist() == [True, False, False, False]
    assert np.isnan(there.at[CHOSEN[1], "new"])
    assert expected_scores(then, now, HOMES, []).empty
