"""Confidence factors: central weights in place of the drawn ones, all else as it was drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.scoring.robustness.sample import EVERYTHING, sample
from werkbank.scoring import rank_acceptability
from werkbank.scoring.robustness import confidence, robustness


def test_with_only_the_group_weights_uncertain_it_is_that_of_rank_acceptability():
    """The group scores then stay what they are, so the general function gives central weights and confidence too."""
    one = sample(seed=3, units=9, unknown=0.0, not_applicable=0.0)
    found = robustness(**one.choices, uncertain={"group_weights": {"concentration": 5}}, draws=600, seed=1)
    weights = found.choices[[f"weight {group}" for group in found.plan.observed.groups]].to_numpy()
    scores, *_ = np.linalg.lstsq(weights, found.totals.to_numpy().T, rcond=None)
    other = rank_acceptability(scores.T.round(9), weights)
    np.testing.assert_allclose(confidence(found), other.confidence, atol=1e-12)
    np.testing.assert_allclose(found.central_weights, other.central_weights, atol=1e-9)
    assert confidence(found).dropna().isin([0.0, 0.5, 1.0]).all()


def test_a_unit_about_which_little_is_known_has_little_confidence():
    """Under the weights that suit it best it is first more often than under all, but far from always."""
    one = sample(seed=3, units=9, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.iloc[0] = np.nan
    found = robustness(**one.choices, uncertain=EVERYTHING, draws=800, seed=1, district=one.district())
    factor = confidence(found)
    assert 0 < factor["P0"] < 0.6
    asked = confidence(found, ["P0"])
    pd.testing.assert_series_equal(asked, factor[["P0"]])


def test_it_is_the_share_of_draws_done_again_with_central_weights():
    """By hand: every draw of one block, its own totals under other weights."""
    one = sample(seed=11, units=6)
    found = robustness(**one.choices, uncertain=EVERYTHING, draws=250, seed=4, district=one.district())
    top = found.p_first.idxmax()
    fixed = dict(one.choices)
    structure = fixed["structure"].set_index("code")
    for group, weight in found.central_weights.loc[top].items():
        structure.loc[group, "weight"] = weight
    fixed["structure"] = structure.reset_index()
    rest = {name: option for name, option in EVERYTHING.items() if name != "group_weights"}
    again = robustness(**fixed, uncertain=rest, draws=250, seed=4, district=one.district())
    assert confidence(found, [top])[top] == pytest.approx(again.p_first[top])


def test_never_first_has_no_confidence():
    """NaN, as its central weights are."""
    one = sample(units=3, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.loc["P1"] = table.loc["P0"] = [3, 3, 3, 3, 2, 2, 0, 0, 0]
        table.loc["P2"] = [0, 0, 0, 0, 0, 0, 3, 3, 3]
    found = robustness(**one.choices, uncertain={"group_weights": {"concentration": 30}}, draws=50, seed=1)
    factor = confidence(found)
    assert np.isnan(factor["P2"])
    assert factor["P0"] == factor["P1"] == 0.5
