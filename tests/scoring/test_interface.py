"""The functions that other people's numbers are run against: as promised, and whatever holds the numbers."""

import inspect

import numpy as np
import pandas as pd
import pytest

from werkbank import scoring
from werkbank.scoring import (
    aggregate,
    dominance_pairs,
    gwet_ac,
    krippendorff_alpha,
    leave_one_out,
    outranking,
    percent_agreement,
    rank,
    rank_acceptability,
    rank_intervals,
    score_risk,
)

from .drawn import tree
from .sample import sample

PROMISED = {
    "aggregate": "(values, structure, *, mean='arithmetic', minimum_coverage=0.0, applicable=None)",
    "effective_weights": "(structure)",
    "rank": "(scores, ties='min')",
    "rank_intervals": "(draws)",
    "rank_acceptability": "(values, weights)",
    "leave_one_out": "(values, structure)",
    "outranking": "(values, weights=None)",
    "dominance_pairs": "(values)",
    "krippendorff_alpha": "(ratings, level='ordinal')",
    "gwet_ac": "(ratings, weights='ordinal', categories=None)",
    "percent_agreement": "(ratings, within=0)",
    "cohen_kappa": "(table, weights='identity')",
    "sobol_indices": "(model, factors, *, n, seed)",
}
RATINGS = [[1, 2, 3, 3, 2, 1, 4, None], [1, 2, 3, 4, 2, 2, None, 3], [None, 3, 3, 3, 2, 1, 4, 2]]
TABLE = [[3, 1, 2], [2, 2, 3], [1, None, 1], [4, 5, 4]]
WHOLE = [[3, 1, 2], [2, 2, 3], [1, 0, 1], [4, 5, 4]]
STRUCTURE = tree(
    """
    c     right 2
    top   -     7
    a     left  3
    right deep  1
    left  top   4
    b     left  1
    deep  top   2
    """
)
HOLDERS = {
    "tuples": lambda rows: tuple(map(tuple, rows)),
    "array": lambda rows: np.array(rows, dtype=float),
    "array of objects": lambda rows: np.array(rows, dtype=object),
    "DataFrame": lambda rows: pd.DataFrame(np.array(rows, dtype=float)),
    "DataFrame of objects": lambda rows: pd.DataFrame(rows, dtype=object),
    "Int64": lambda rows: pd.DataFrame(rows, dtype="Int64"),
    "Float64": lambda rows: pd.DataFrame(rows, dtype="Float64"),
    "float32": lambda rows: np.array(rows, dtype=np.float32),
}


@pytest.mark.parametrize("name", PROMISED)
def test_names_and_signatures_are_as_promised(name):
    """Names, order, defaults, and what is by keyword only; more may be added, by keyword and with a default."""
    found = inspect.signature(getattr(scoring, name))
    promised = PROMISED[name].strip("()").replace("*, ", "").split(", ")
    given = [one for one in found.parameters.values() if one.name in {part.partition("=")[0] for part in promised}]
    bare = inspect.Signature([one.replace(annotation=inspect.Parameter.empty) for one in given])
    assert str(bare) == PROMISED[name]
    more = [one for one in found.parameters.values() if one not in given]
    assert all(one.default is not inspect.Parameter.empty and one.kind is one.KEYWORD_ONLY for one in more)


@pytest.mark.parametrize("held", HOLDERS.values(), ids=HOLDERS)
def test_agreement_and_comparisons_are_the_same_whatever_holds_the_numbers(held):
    ratings, values = held(RATINGS), held(TABLE)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert krippendorff_alpha(ratings, level) == krippendorff_alpha(RATINGS, level)
    for weights in ("identity", "linear", "quadratic", "ordinal"):
        assert gwet_ac(ratings, weights, range(1, 6)) == gwet_ac(RATINGS, weights, [1, 2, 3, 4, 5])
    assert percent_agreement(ratings, within=1) == percent_agreement(RATINGS, within=1)
    assert np.array_equal(outranking(values, [1, 2, 1]), outranking(TABLE, (1, 2, 1)), equal_nan=True)
    assert dominance_pairs(values) == dominance_pairs(TABLE)
    assert rank_intervals(values).to_numpy().tolist() == rank_intervals(TABLE).to_numpy().tolist()
    weights = np.random.default_rng(1).dirichlet(np.ones(3), 50)
    found, expected = rank_acceptability(values, weights), rank_acceptability(TABLE, weights)
    for name in ("acceptability", "p_first", "pairwise", "central_weights", "confidence"):
        assert np.array_equal(getattr(found, name), getattr(expected, name), equal_nan=True)


@pytest.mark.parametrize("kind", ["float64", "float32", "object", "Int64", "Float64", "int64"])
def test_scores_are_the_same_whatever_holds_the_values(kind):
    """Any index too: words, numbers out of order, dates, pairs; the units are those that were handed over."""
    rows = WHOLE if kind == "int64" else TABLE
    values = pd.DataFrame(rows, columns=["a", "b", "c"], dtype="float64")
    expected = aggregate(values, STRUCTURE, minimum_coverage=0.5)
    for index in (
        pd.Index(["v", "w", "x", "y"]),
        pd.Index([9, 3, 7, 1]),
        pd.date_range("2026-01-01", periods=4),
        pd.MultiIndex.from_tuples([("v", 1), ("v", 2), ("w", 1), ("w", 2)]),
    ):
        held = values.astype(kind).set_axis(index)
        found = aggregate(held, STRUCTURE, minimum_coverage=0.5)
        assert found.total.index.equals(index)
        assert np.array_equal(found.groups, expected.groups, equal_nan=True)
        assert np.array_equal(found.coverage, expected.coverage, equal_nan=True)
        assert rank(found.total).index.equals(index)
    assert leave_one_out(values.astype(kind), STRUCTURE).tolist() == leave_one_out(values, STRUCTURE).tolist()
    # An indicator of which nobody knows anything has no type.
    blank, empty = values.astype(kind).assign(b=None), values.assign(b=np.nan)
    assert aggregate(blank, STRUCTURE) == aggregate(empty, STRUCTURE)


def test_two_units_and_fifty_thousand():
    """The least and the most: scores, ranks, intervals and agreement; all in seconds."""
    rng = np.random.default_rng(1)
    for units in (2, 50_000):
        table = rng.random((units, 3))
        table[rng.random(table.shape) < 0.2] = np.nan
        values = pd.DataFrame(table, columns=["a", "b", "c"])
        places = rank(aggregate(values, STRUCTURE).total)
        assert places.dropna().max() <= units
        assert rank_intervals(rng.random((units, 20)))["median"].between(1, units).all()
        ratings = rng.integers(0, 4, (2, units))
        assert abs(krippendorff_alpha(ratings)) <= 1 or units == 2
        assert abs(gwet_ac(ratings)) <= 1 or units == 2
        # As many different values need no table of categories × categories.
        spread = rng.normal(size=units) + rng.normal(size=(4, units)) / 2
        assert krippendorff_alpha(spread, "interval") == pytest.approx(1 / (1 + 0.25), abs=0.01) or units == 2
        assert 0 <= percent_agreement(ratings) <= 1


def test_results_hand_out_copies_and_say_what_they_are():
    """Whatever is written into a table that was handed out, the next one is as it was."""
    combined, risk = sample(units=3).combined(), score_risk(**sample(units=3).choices)
    scores = aggregate(combined.values, sample().choices["structure"])
    assert repr(combined) == "<Combined 3 units × 9 indicators, 25 cells known>"
    assert repr(risk) == "<RiskScores 3 units, 0 with something estimated>"
    assert repr(scores) == "<Scores 3 units, 3 scored, root total>"
    shares = rank_acceptability(TABLE, [[1, 1, 1]])
    for found, names in (
        (combined, "values low high"),
        (risk, "groups total low coverage"),
        (scores, "groups total"),
        (shares, "acceptability p_first"),
    ):
        for name in names.split():
            handed_out = getattr(found, name)
            kept = handed_out.copy()
            handed_out.iloc[:] = 0
            assert getattr(found, name).equals(kept)
