"""Described parks come out in the order that an analyst would give them, and the advice is worth more than a sum."""

import numpy as np
import pytest

from tests.benchmarks import usefulness
from tests.benchmarks.usefulness_world import REGIMES, THREAT, district


@pytest.mark.parametrize(
    ("park", "lowest", "highest"),
    [("geen vermoeden slechtst", 0, 1), ("één structureel gewoon", 2, 3), ("drie structureel net", 3, 3)],
)
def test_described_parks_have_a_sensible_class(park, lowest, highest):
    found = np.digitize(usefulness.described(*usefulness.DEFAULT)[park], usefulness.BORDERS)
    assert lowest <= found <= highest


def test_a_park_of_which_nothing_is_known_is_never_advised():
    _, said = district(np.random.default_rng(1), *REGIMES["weinig"])
    said[:, 0] = np.nan
    said[:, 1, THREAT] = 0
    found = usefulness.advised(said, *usefulness.DEFAULT)
    assert np.isneginf(found[:2]).all()
    assert np.isfinite(usefulness.score(said, *usefulness.DEFAULT)).all()


def test_the_chosen_parks_are_compared_with_the_worst_and_ties_are_shared():
    points, harm = np.zeros(77), np.zeros(77)
    harm[[0, 1]] = 4, 2
    points[[0, 1, 2]] = 1, 1, 1
    assert usefulness.captured(points, harm, 1) == pytest.approx((4 + 2) / 3 / 4)
    assert usefulness.captured(points, harm, 2) == pytest.approx(2 * (4 + 2) / 3 / 6)


def test_the_comparison_runs_and_tells_every_regime(monkeypatch):
    monkeypatch.setattr(usefulness, "DISTRICTS", 1)
    told = usefulness.usefulness(None, range(1, 3), range(1001, 1003))
    assert all(regime in told for regime in (*REGIMES, "gemiddeld"))
