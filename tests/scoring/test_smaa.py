"""Rank acceptability (SMAA-2): shares of draws by place, first, in pairs, and the weights that go with being first."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from werkbank.scoring import dominance_pairs, outranking, rank_acceptability, ranking

from .drawn import table


def exact_ranks(values, weighing):
    """Competition ranks of the weighted sums in fractions, with gaps of the means of what is known; 0 without any."""
    pairs = [[(Fraction(v, 10), w) for v, w in zip(unit, weighing, strict=True) if v is not None] for unit in values]
    part = [sum(w for _, w in unit) if any(None in other for other in values) else 1 for unit in pairs]
    scores = [sum(v * w for v, w in unit) / whole if whole else None for unit, whole in zip(pairs, part, strict=True)]
    known = [score for score in scores if score is not None]
    return [0 if score is None else 1 + sum(other > score for other in known) for score in scores]


def test_two_alternatives_with_known_answers():
    """A is first where w1 > 1/3: acceptability 2/3, central weight the middle of that range, 2/3 (SMAA-2, section 3)."""
    share = np.linspace(0, 1, 30_002)[1:-1]
    found = rank_acceptability([[1, 0], [0, 0.5]], np.column_stack([share, 1 - share]))
    assert found.p_first.tolist() == pytest.approx([2 / 3, 1 / 3], abs=1e-4)
    assert found.central_weights.to_numpy() == pytest.approx(np.array([[2 / 3, 1 / 3], [1 / 6, 5 / 6]]), abs=1e-4)
    assert found.pairwise.loc[0, 1] == pytest.approx(2 / 3, abs=1e-4)
    assert found.confidence.tolist() == [1, 1]


def test_ties():
    """Acceptability counts the best place, p_first splits, pairwise counts ½, central weights count all that tie."""
    values = table("  x y \n a 1 0 \n b 1 0 \n c 0 1")
    found = rank_acceptability(values, [[1, 0], [0, 1]])
    assert found.acceptability.loc["a"].to_dict() == {1: 0.5, 2: 0.5, 3: 0}
    assert found.acceptability.loc["c"].to_dict() == {1: 0.5, 2: 0, 3: 0.5}
    assert found.p_first.to_dict() == {"a": 0.25, "b": 0.25, "c": 0.5}
    assert found.pairwise.loc["a"].to_dict() == {"a": 0.5, "b": 0.5, "c": 0.5}
    assert found.central_weights.loc["b"].to_dict() == {"x": 1, "y": 0}


def test_central_weights_of_who_wins_once():
    """R smaa, tests/nacw.R: who never wins has NaN; who wins one draw of 10,000 has the weights of that draw."""
    values, weights = np.zeros((10_000, 2, 3)), np.full((10_000, 3), 1 / 3)
    values[:, 0] = 1
    never = rank_acceptability(values, weights).central_weights.to_numpy()
    assert never[0] == pytest.approx([1 / 3] * 3)
    assert np.isnan(never[1]).all()
    assert math.isnan(rank_acceptability(values, weights).confidence[1])
    values[0] = [[0, 0, 0], [1, 1, 1]]
    once = rank_acceptability(values, weights)
    assert once.central_weights.to_numpy() == pytest.approx(np.full((2, 3), 1 / 3))
    assert once.p_first.tolist() == [0.9999, 0.0001]
    assert once.confidence.tolist() == [0.9999, 0.0001]


def test_uncertain_values_have_a_confidence_below_one():
    """With drawn values the confidence factor is how often a unit is first under its own central weights."""
    values = [[[1, 0], [0, 1]], [[1, 0], [3, 3]], [[1, 0], [0, 1]], [[1, 0], [0, 1]]]
    found = rank_acceptability(values, [[0.75, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.25]])
    assert found.p_first.tolist() == [0.5, 0.5]
    assert found.central_weights.to_numpy().tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert found.confidence.tolist() == [0.75, 1]


def test_what_is_missing_is_left_out():
    """The weighted mean of what is known, as in aggregate; where nothing known weighs anything there is no rank."""
    found = rank_acceptability(table("  x y \n a 4 ? \n b 3 9 \n c ? ?"), [[1, 1], [1, 0]])
    assert found.acceptability.loc["a"].to_dict() == {1: 0.5, 2: 0.5, 3: 0}
    assert found.pairwise.loc["b", "a"] == 0.5
    for one in (found.p_first["c"], found.confidence["c"], *found.acceptability.loc["c"], *found.pairwise.loc["c"]):
        assert np.isnan(one)
    found = rank_acceptability([[4, np.nan], [3, 9]], [[0, 1], [1, 0]])
    assert found.acceptability.to_numpy().tolist() == [[0.5, 0], [0.5, 0.5]]
    assert found.pairwise.loc[0, 1] == 1
    assert found.p_first.tolist() == [0.5, 0.5]


def tables_of(criteria):
    """Values in tenths with gaps, and weights in tenths of which one is not 0, of so many criteria."""
    tenths = st.integers(0, 10)
    values = st.lists(st.one_of(tenths, st.none()), min_size=criteria, max_size=criteria)
    weights = st.lists(tenths, min_size=criteria, max_size=criteria).filter(any)
    return st.tuples(st.lists(values, min_size=1, max_size=6), st.lists(weights, min_size=1, max_size=12))


@given(st.integers(1, 4).flatmap(tables_of), st.sampled_from([1, 10, 65_536]), st.booleans())
def test_ranks_are_those_of_the_exact_sums(drawn, block, deep):
    """However a product of matrices rounds, in whatever blocks: equal sums tie, others do not."""
    tenths, weights = drawn
    values = np.array(tenths, dtype=float) / 10
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "BLOCK", block)
        held = np.array([values] * len(weights)) if deep else values
        found = rank_acceptability(held, np.array(weights) / 10)
        ranks = found._ranks.T
    assert ranks.tolist() == [exact_ranks(tenths, weighing) for weighing in weights]
    first = (ranks == 1) / np.maximum((ranks == 1).sum(axis=1, keepdims=True), 1)
    wanted = np.where((ranks > 0).any(axis=0), first.mean(axis=0), np.nan)
    assert found.p_first.tolist() == pytest.approx(wanted.tolist(), nan_ok=True)


def test_a_duplicate_ties_in_every_draw():
    """Wherever it stands in the table: products of matrices round by position, ranks do not."""
    generator = np.random.default_rng(5)
    values = generator.random((257, 35))
    values[[0, 100, 256]] = values[17]
    found = rank_acceptability(values, generator.dirichlet(np.ones(35), 500))
    same = found.acceptability.loc[[0, 17, 100, 256]].to_numpy()
    assert (same == same[0]).all()
    assert (found.pairwise.loc[[0, 17, 100, 256], [0, 17, 100, 256]] == 0.5).all(axis=None)


def test_names_are_kept_and_matched_and_one_row_of_weights_holds_in_every_draw():
    """Weights in another order of criteria are put in theirs; as in R's smaa, the draws may be those of the values."""
    values = table("  x y \n a 1 0 \n b 0 1")
    found = rank_acceptability(values, pd.DataFrame({"y": [1.0, 3], "x": [3.0, 2]}))
    assert found.central_weights.to_dict("index") == {"a": {"x": 3, "y": 1}, "b": {"x": 2, "y": 3}}
    assert repr(found) == "<RankAcceptability 2 units over 2 draws>"
    assert found.intervals.loc["a", "mean"] == 1.5
    assert rank_acceptability([[[2, 0], [0, 1]], [[0, 0], [0, 1]]], [1, 1]).p_first.tolist() == [0.5, 0.5]
    assert rank_acceptability([[1, 2], [2, 2]], [1, 1]).p_first.tolist() == [0, 1]


def test_inputs_may_change_afterwards():
    """What comes out later is not reached by it."""
    values, weights = np.array([[1.0, 0], [0, 1]]), np.array([[1.0, 0], [1, 0]])
    found = rank_acceptability(values, weights)
    values[:], weights[:] = 0, 1
    assert found.p_first.tolist() == [1, 0]
    assert found.central_weights.loc[0].tolist() == [1, 0]


cells = st.one_of(st.integers(0, 3).map(float), st.just(math.nan))
tables = npst.arrays(np.float64, npst.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6), elements=cells)


def test_a_drawn_table_of_two():
    """A is higher than B on x (weight 3), they tie on y (2) and B is higher on z (1): 4/6 against 2/6."""
    values = table("  x y z \n a 5 1 0 \n b 4 1 9")
    found = outranking(values, [3, 2, 1])
    assert found.loc["a", "b"] == pytest.approx(4 / 6)
    assert found.loc["b", "a"] == pytest.approx(2 / 6)
    assert np.diag(found).tolist() == [0, 0]
    assert outranking(values, pd.Series({"z": 1, "x": 3, "y": 2})).equals(found)


def test_only_what_both_have_counts():
    """A criterion that is missing of either is left out of the pair; with none left there is no share."""
    found = outranking(table("  x y \n a 5 ? \n b 4 9 \n c ? 1"))
    assert found.loc["a", "b"] == found.loc["b", "c"] == 1
    assert math.isnan(found.loc["a", "c"])


@given(tables)
def test_opposite_shares_add_up(values):
    """Row before column and column before row are 1 together; dominance is a share of 1 with all known and no tie."""
    found = outranking(values).to_numpy()
    both = found + found.T
    known = ~np.isnan(both) & ~np.eye(len(values), dtype=bool)
    assert both[known] == pytest.approx(1)
    pairs = sum((a > b).all() for a in values for b in values)
    assert dominance_pairs(values) == pairs
    complete = ~np.isnan(values).any(axis=1)
    assert dominance_pairs(values) == int((found[complete][:, complete] == 1).sum())


def test_what_is_not_square_works_for_any_number_of_units():
    """The number of dominant pairs too."""
    values = np.arange(5001.0)[:, np.newaxis]
    found = rank_acceptability(values, [[1.0]])
    assert found.p_first.idxmax() == 5000
    assert found.intervals.loc[0, "mean"] == 5001
    assert dominance_pairs(values) == 5001 * 5000 // 2


def test_one_unit_and_none():
    """One unit is always first and outranks nobody."""
    found = rank_acceptability([[5]], [[1], [2]])
    assert found.acceptability.to_numpy().tolist() == [[1]]
    assert found.pairwise.to_numpy().tolist() == [[0.5]]
    assert outranking([[1, 2]]).to_numpy().tolist() == [[0]]
    assert dominance_pairs([[1, 2]]) == dominance_pairs(np.empty((0, 2))) == 0
