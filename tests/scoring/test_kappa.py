"""Cohen's kappa of a table, and the weights of a scale."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from werkbank.errors import ScoringError
from werkbank.scoring import agreement_weights, cohen_kappa

WEIGHTS = ["identity", "linear", "quadratic", "ordinal"]


@pytest.mark.parametrize(
    "table", [[[0, 0], [0, 0]], [[5, 0], [0, 0]], [[0, 7], [0, 0]], [[1]]], ids=["empty", "one", "two", "single"]
)
def test_kappa_needs_raters_who_differ_in_something(table):
    """Both raters in one category only, or no units: NaN."""
    assert math.isnan(cohen_kappa(table))


def test_the_names_of_a_table_are_matched():
    """Rows and columns in another order, or a category that one rater never used, give the kappa of the whole table."""
    whole = pd.DataFrame([[5, 1, 0], [2, 6, 0], [1, 1, 0]], index=[1, 2, 3], columns=[1, 2, 3])
    expected = cohen_kappa(whole, "linear")
    assert cohen_kappa(whole[[3, 1, 2]], "linear") == expected
    assert cohen_kappa(whole[[1, 2]], "linear") == expected
    named = whole.set_axis(["laag", "midden", "hoog"], axis=0).set_axis(["laag", "midden", "hoog"], axis=1)
    assert cohen_kappa(named[["hoog", "laag", "midden"]], "linear") == expected
    assert cohen_kappa(named[["laag", "midden"]]) == pytest.approx(cohen_kappa(whole))
    with pytest.raises(ScoringError, match="not-square"):
        cohen_kappa(named[["laag", "midden"]], "linear")


def test_kappa_of_two_raters_is_that_of_its_own_agreement():
    """With equal margins kappa and Scott's pi are one; a table turned over has the same kappa."""
    table = np.array([[8, 2, 1], [3, 9, 2], [0, 4, 5]])
    for weights in WEIGHTS:
        assert cohen_kappa(table, weights) == pytest.approx(cohen_kappa(table.T, weights))
        assert cohen_kappa(table / table.sum(), weights) == pytest.approx(cohen_kappa(table, weights))


@pytest.mark.parametrize(
    ("weights", "row"),
    [
        ("identity", [1, 0, 0, 0]),
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("ordinal", [1, 5 / 6, 1 / 2, 0]),
    ],
)
def test_weights_of_a_scale_of_four(weights, row):
    """Gwet (2014), chapter 3: how much 0 agrees with 0, 1, 2 and 3; uneven scales count by their numbers."""
    assert agreement_weights(weights, [0, 1, 2, 3])[0].tolist() == pytest.approx(row)
    assert agreement_weights("linear", [0, 1, 4])[1].tolist() == [0.75, 1, 0.25]
    assert agreement_weights("ordinal", [0, 1, 40])[1].tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    assert agreement_weights(weights, [7]).tolist() == [[1]]
