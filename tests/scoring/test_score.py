"""Risk scores: what a group without a score does to the total, and the bounds against every completion."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import Combined, RiskScores, aggregate, combine, score_risk

from .drawn import LEAVES, LEVELS, THREE_GROUPS, flat, quick, table, tree
from .sample import GROUP_OF, GROUP_WEIGHTS, INDICATORS, JUDGE, Sample, sample
from .sample import POINTS as SCALES
from .sample import tree as sample_tree

ROWS = "  t1  t2  t3  c1  c2  g1  g2 \n p  "
GROUPS = ["threat", "chance", "gap"]
POWER = {"threat": 2}
RULES = {leaf: "maximum" if leaf.startswith("t") else "mean" for leaf in LEAVES}


POINTS = range(101)
"""In drawn tables every point is a level."""


def alone(drawing: str) -> Combined:
    """One party's view: what is known is certain."""
    levels = table(drawing)
    choices = {"points": dict.fromkeys(levels, POINTS), "rules": dict.fromkeys(levels, "mean")}
    return combine({"police": levels}, best_judge={}, **choices)


def together(
    police: pd.DataFrame, municipality: pd.DataFrame, flags: pd.DataFrame | None = None, points: object = LEVELS
) -> Combined:
    levels, declined = {"police": police, "municipality": municipality}, None if flags is None else {"police": flags}
    return combine(levels, declined, points=dict.fromkeys(LEAVES, points), rules=RULES, best_judge={})


def score(combined: Combined, threshold: float = 0.6667, **choices: object) -> RiskScores:
    return score_risk(combined, THREE_GROUPS, mean=POWER, minimum_coverage=threshold, **choices)


def test_the_total_does_not_leave_its_own_bounds():
    """Three of five gaps known, all at 100, the rest 0: the remaining groups alone give 0, below the bound 15."""
    head = THREE_GROUPS[THREE_GROUPS["parent"].isna() | (THREE_GROUPS["parent"] == "top")]
    leaves = tree("t1 threat 1 \n c1 chance 1 \n g1 gap 1 \n g2 gap 1 \n g3 gap 1 \n g4 gap 1 \n g5 gap 1")
    structure = pd.concat([head, leaves])
    combined = alone("  t1  c1  g1  g2  g3  g4  g5 \n p  0  0  100  100  100  ?  ?")
    remaining = aggregate(combined.values, structure, minimum_coverage=0.6667).total["p"]
    found = score_risk(combined, structure, minimum_coverage=0.6667)
    assert (remaining, found.low["p"], found.total["p"], found.high["p"]) == (0, 15, 15, 25)
    assert found.contributions.loc["p", ["t1", "c1", "g1", "gap"]].tolist() == [0, 0, 0, 15]


NO = math.nan


@pytest.mark.parametrize(
    ("row", "threshold", "low", "total", "high", "threat"),
    [
        # Method 3 to the letter: gap stands in at the mean of the others, 40, well within 20-70.
        ("40  40  40  40  40  40  ?", 0.6667, 35, 40, 47.5, 40),
        # Everything known but the threats: bounds, and no total.
        ("?  ?  9  100  100  100  100", 0.5, 50 + 0.5 * math.sqrt(81 / 6), NO, 95.7, NO),
        # The threats are known, the whole is not.
        ("9  9  9  ?  ?  ?  ?", 0.6667, 4.5, NO, 54.5, 9),
        # A blind spot: no score, everything possible.
        ("?  ?  ?  ?  ?  ?  ?", 0, 0, NO, 100, NO),
    ],
)
def test_where_too_little_is_known(row, threshold, low, total, high, threat):
    """The score, its bounds and that of the threats; without a total nothing contributes."""
    found = score(alone(ROWS + row), threshold=threshold)
    listed = [found.low["p"], found.total["p"], found.high["p"], found.groups.loc["p", "threat"]]
    assert listed == pytest.approx([low, total, high, threat], nan_ok=True, abs=0.05)
    assert found.contributions.isna().all(axis=None) == math.isnan(total)
    assert math.isnan(total) or found.contributions.loc["p", "gap"] == 10


def test_a_group_that_does_not_apply_leaves_the_total():
    """It stands in for nothing and has no bounds; the others share its weight."""
    values = table("  t1  t2  t3  c1  c2  g1  g2 \n p  30  30  30  60  60  ?  ?")
    flags = values.isna()
    found = score(together(values, values, flags, POINTS))
    assert found.total["p"] == pytest.approx((0.5 * 30 + 0.25 * 60) / 0.75)
    assert found.groups_low.loc["p"].isna().to_dict() == {"top": False, "threat": False, "chance": False, "gap": True}
    assert found.contributions.loc["p", "gap"] == 0


def test_two_sided_counts_what_both_parties_know():
    """By effective weight: the municipality misses t1, a quarter of the whole; what does not apply is on no side."""
    police = table("  t1  t2  t3  c1  c2  g1  g2 \n p  30  30  30  60  60  0  0")
    found = score(together(police, police.assign(t1=np.nan), points=POINTS))
    assert found.coverage.loc["p"].tolist() == [1, 1, 1, 1]
    assert found.two_sided.loc["p"].to_dict() == pytest.approx({"top": 0.75, "threat": 0.5, "chance": 1, "gap": 1})
    unasked = police.assign(g2=np.nan)
    found = score(together(unasked, unasked, unasked.isna(), POINTS))
    assert found.two_sided.loc["p"].tolist() == found.coverage.loc["p"].tolist() == [1, 1, 1, 1]


def test_what_the_structure_or_the_choices_lack_is_named():
    """Other depths, a required group that is not there, a total that is no arithmetic mean, an impossible mean."""
    combined = alone("  a  b \n p  1  2")
    with pytest.raises(ScoringError) as caught:
        score_risk(combined, flat(["a", "b"]), mean={"top": 2}, required="treat")
    rules = [finding.rule for finding in caught.value.findings]
    assert rules == ["not-two-levels", "not-two-levels", "unknown-group", "total-not-arithmetic"]
    deep = tree("top - 1 \n threat top 1 \n sub threat 1 \n a sub 1 \n b threat 1")
    with pytest.raises(ScoringError, match="“sub” is een groep in een groep"):
        score_risk(combined, deep)
    with pytest.raises(ScoringError, match="no-contributions"):
        score_risk(alone(ROWS + "9  9  9  9  9  9  9"), THREE_GROUPS, mean="geometric")


levels = st.sampled_from([0.0, 1, 2, 3, 0, np.nan])


@st.composite
def matrices(draw: st.DrawFn, units: int = 3) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Police, municipality, and where the police say it does not apply."""
    size = units * len(LEAVES)

    def cells(options: st.SearchStrategy) -> pd.DataFrame:
        drawn = draw(st.lists(options, min_size=size, max_size=size))
        return pd.DataFrame(np.reshape(drawn, (units, -1)), [f"u{i}" for i in range(units)], LEAVES)

    police, municipality = cells(levels), cells(levels)
    return police, municipality, police.isna() & (cells(st.integers(0, 9)) == 0)


thresholds = st.sampled_from([0, 0.5, 0.6667, 0.9])


@quick
@given(matrices(), thresholds, st.permutations(GROUPS), st.sampled_from([0, 0.1, 1, 3]))
def test_low_total_high_and_contributions_hold_always(matrix, threshold, groups, weight):
    """low ≤ total ≤ high exactly, per group too; contributions add up to 1e-9; whatever the weights."""
    combined = together(*matrix)
    structure = THREE_GROUPS.replace({"weight": {0.5: 0.25}})
    structure.loc[structure["code"] == groups[0], "weight"] = weight
    found = score_risk(combined, structure, mean=POWER, minimum_coverage=threshold, required=groups[1])
    assert (((found.low <= found.total) & (found.total <= found.high)) | found.total.isna()).all()
    point, low, high = found.groups[GROUPS], found.groups_low[GROUPS] - 1e-12, found.groups_high[GROUPS] + 1e-12
    assert (((low <= point) & (point <= high)) | point.isna()).all(axis=None)
    added = found.contributions.sum(axis=1, min_count=1)
    pd.testing.assert_series_equal(added, found.total, check_names=False, rtol=0, atol=1e-9)
    cells = found.contributions[LEAVES]
    no_total = found.total.isna().to_numpy()[:, np.newaxis]
    assert (cells.isna() == (~combined.known[LEAVES] | no_total)).all(axis=None)


@quick
@given(matrices(), thresholds)
def test_the_total_is_that_of_the_remaining_groups_unless_its_bounds_bite(matrix, threshold):
    """The repair changes a total only where a group without a score cannot be at the mean of the others."""
    combined = together(*matrix)
    found = score(combined, threshold)
    plain = aggregate(
        combined.values, THREE_GROUPS, mean=POWER, minimum_coverage=threshold, applicable=combined.applicable
    ).total
    scoreless = found.groups[GROUPS].isna()
    outside = found.groups_low[GROUPS].gt(plain + 1e-9, axis=0) | found.groups_high[GROUPS].lt(plain - 1e-9, axis=0)
    free = found.total.notna() & ~(scoreless & outside).any(axis=1)
    assert (found.total[free] - plain[free]).abs().max() <= 1e-9 or not free.any()
    assert (found.total[free].round(9) == plain[free].round(9)).all()


@quick
@given(matrices(1), thresholds, st.sampled_from(LEAVES), st.integers(0, 3), st.booleans())
def test_raising_one_known_judgement_never_lowers_the_total(matrix, threshold, indicator, level, by_police):
    """Nor any bound; the traps of method 11."""
    tables = [frame.copy() for frame in matrix]
    judged = tables[0 if by_police else 1]
    judged.loc["u0", indicator] = max(judged.loc["u0", indicator], level)
    before, after = score(together(*matrix), threshold), score(together(*tables), threshold)
    for name in ("total", "low", "high"):
        lower, higher = getattr(before, name), getattr(after, name)
        assert ((higher >= lower) | (lower.isna() & higher.isna())).all()


@quick
@given(matrices(1), thresholds, st.sampled_from(LEAVES), st.integers(0, 3))
def test_a_newly_known_judgement_never_widens_the_bounds(matrix, threshold, indicator, level):
    """Every answer narrows what is possible, where the cell applied already."""
    police, municipality, flags = matrix
    newly = municipality.copy()
    if math.isnan(municipality.loc["u0", indicator]) and not flags.loc["u0", indicator]:
        newly.loc["u0", indicator] = level
    before, after = (score(together(police, other, flags), threshold) for other in (municipality, newly))
    assert (after.low >= before.low - 1e-9).all() or before.low.isna().all()
    assert (after.high <= before.high + 1e-9).all() or before.high.isna().all()


@quick
@given(matrices(1), st.lists(st.integers(0, 13), min_size=1, max_size=4, unique=True))
def test_bounds_hold_every_completion_and_are_reached(matrix, holes):
    """At most four judgements missing, all 4^n ways to complete them: totals lie within, and touch, the bounds."""
    police, municipality, _ = (frame.fillna(0.0) for frame in matrix)
    known = pd.concat([police, municipality], axis=1).to_numpy(dtype=float).ravel()
    ways = np.tile(known, (4 ** len(holes), 1))
    ways[:, holes] = list(itertools.product(range(4), repeat=len(holes)))
    done = score(together(*(pd.DataFrame(half, columns=LEAVES) for half in np.split(ways, 2, axis=1)))).total
    known[holes] = np.nan
    open_ = score(together(*(pd.DataFrame([half], columns=LEAVES) for half in np.split(known, 2))), threshold=0)
    assert done.min() == pytest.approx(open_.low[0], abs=1e-9)
    assert done.max() == pytest.approx(open_.high[0], abs=1e-9)


@quick
@given(matrices(2), st.permutations(LEAVES), st.permutations(range(len(THREE_GROUPS))))
def test_no_order_changes_a_bit(matrix, leaves, rows):
    """Parks, indicators and rows of the structure in another order."""
    expected = score(together(*matrix))
    shuffled = together(*(frame.loc[["u1", "u0"], leaves] for frame in matrix))
    found = score_risk(shuffled, THREE_GROUPS.iloc[list(rows)], mean=POWER, minimum_coverage=0.6667)
    for name in ("groups", "groups_low", "groups_high", "coverage", "two_sided", "contributions"):
        wanted = getattr(expected, name)
        pd.testing.assert_frame_equal(getattr(found, name).reindex_like(wanted), wanted, check_exact=True)


def cell_by_hand(one: Sample, unit: str, code: str, fill: float | None) -> list[float] | None:
    """What counts of a cell under its rule, the best judge's voice as often as it counts; None: it does not apply."""
    said, states = [], []
    for party, levels in one.levels.items():
        known, declined = not np.isnan(levels.loc[unit, code]), one.not_applicable[party].loc[unit, code]
        states.append("level" if known else "nvt" if declined else "?")
        point = SCALES[code][int(levels.loc[unit, code])] if known else fill if states[-1] == "?" else None
        if point is not None:
            said += [point] * (3 if one.rules[code] == "weighted" and JUDGE[code] == party else 1)
    return None if "nvt" in states and "level" not in states else said


def group_by_hand(
    one: Sample, unit: str, letter: str, p: float, fill: float | None
) -> tuple[float | None, float, float]:
    """The score of a group, and which parts of its weight are known and apply; None where too little is known."""
    weight = sample_tree().set_index("code")["weight"]
    said = {code: cell_by_hand(one, unit, code, fill) for code in INDICATORS if code[0] == letter}
    applies = {code: given for code, given in said.items() if given is not None}
    known = {
        code: max(given) if one.rules[code] == "maximum" else sum(given) / len(given)
        for code, given in applies.items()
        if given
    }
    part, whole, every = (sum(weight[code] for code in codes) for codes in (known, applies, said))
    if not known or part / whole < one.minimum_coverage - 1e-9:
        return None, part / every, whole / every
    powers = sum(weight[code] * value**p for code, value in known.items()) if p < math.inf else 0.0
    return max(known.values()) if p == math.inf else (powers / part) ** (1 / p), part / every, whole / every


def by_hand(one: Sample, unit: str) -> list[float]:
    """The total and the group scores of one unit in plain loops, as method.md 1-3 has them; NaN where there is none."""
    weights = GROUP_WEIGHTS

    def groups(fill: float | None) -> dict[str, tuple[float | None, float, float]]:
        return {group: group_by_hand(one, unit, letter, one.power[group], fill) for letter, group in GROUP_OF.items()}

    own, low, high = groups(None), groups(0.0), groups(100.0)
    scores = {group: found[0] for group, found in own.items() if found[0] is not None}
    known, whole = (sum(weights[group] * found[place] for group, found in own.items()) for place in (1, 2))
    listed = [scores.get(group, math.nan) for group in weights]
    if "threat" not in scores or known / whole < one.minimum_coverage - 1e-9:
        return [math.nan, *listed]
    mean = sum(weights[group] * score for group, score in scores.items()) / sum(weights[group] for group in scores)
    stands_in = {group: min(max(mean, low[group][0]), high[group][0]) for group, (_, _, part) in own.items() if part}
    counted = stands_in | scores
    return [
        sum(weights[group] * counted[group] for group in counted) / sum(weights[group] for group in counted),
        *listed,
    ]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    unknown=st.sampled_from([0.0, 0.3, 0.6, 0.95]),
    not_applicable=st.sampled_from([0.0, 0.2]),
    rules=st.tuples(*[st.sampled_from(["maximum", "mean", "weighted"])] * 3),
    power=st.tuples(*[st.sampled_from([1.0, 2.0, 3.5, math.inf])] * 3),
    minimum_coverage=st.sampled_from([0.0, 0.5, 0.6667, 1.0]),
    parties=st.sampled_from([("police",), ("municipality", "police"), ("a", "municipality", "police")]),
)
def test_the_score_is_what_plain_loops_give(**given_choices):
    """Unit by unit and cell by cell, as the method is written, with every rule, exponent and threshold."""
    one = sample(units=4, **given_choices)
    found = score_risk(**one.choices).groups[["total", *GROUP_WEIGHTS]]
    for unit in one.units:
        assert found.loc[unit].tolist() == pytest.approx(by_hand(one, unit), abs=1e-9, nan_ok=True)
