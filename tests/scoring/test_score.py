"""Risk scores: what is unknown at what is expected of it, and the bounds against every completion."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import combine, score_risk
from werkbank.scoring.unknown_cells import describe_district

from .drawn import LEAVES, LEVELS, THREE_GROUPS, flat, table, tree
from .sample import GROUP_OF, GROUP_WEIGHTS, INDICATORS, JUDGE, sample
from .sample import POINTS as SCALES
from .sample import tree as sample_tree

ROWS = "  t1  t2  t3  c1  c2  g1  g2 \n p  "
GROUPS = ["threat", "chance", "gap"]
POWER = {"threat": 2}
RULES = {leaf: "maximum" if leaf.startswith("t") else "mean" for leaf in LEAVES}

NO = math.nan
POINTS = range(101)
"""In drawn tables every point is a level."""


def alone(drawing):
    """One party's view: what is known is certain."""
    levels = table(drawing)
    choices = {"points": dict.fromkeys(levels, POINTS), "rules": dict.fromkeys(levels, "mean")}
    return combine({"police": levels}, best_judge={}, **choices)


def together(police, municipality, flags=None, points=LEVELS):
    levels, declined = {"police": police, "municipality": municipality}, None if flags is None else {"police": flags}
    return combine(levels, declined, points=dict.fromkeys(LEAVES, points), rules=RULES, best_judge={})


def score(combined, **choices):
    return score_risk(combined, THREE_GROUPS, mean=POWER, **choices)


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
    """Other depths, a total that is no arithmetic mean, an impossible mean."""
    combined = alone("  a  b \n p  1  2")
    with pytest.raises(ScoringError) as caught:
        score_risk(combined, flat(["a", "b"]), mean={"top": 2})
    rules = [finding.rule for finding in caught.value.findings]
    assert rules == ["not-two-levels", "not-two-levels", "total-not-arithmetic"]
    deep = tree("top - 1 \n threat top 1 \n sub threat 1 \n a sub 1 \n b threat 1")
    with pytest.raises(ScoringError, match="“sub” is een groep in een groep"):
        score_risk(combined, deep)
    with pytest.raises(ScoringError, match="no-contributions"):
        score_risk(alone(ROWS + "9  9  9  9  9  9  9"), THREE_GROUPS, mean="geometric")


levels = st.sampled_from([0.0, 1, 2, 3, 0, np.nan])


@st.composite
def matrices(draw, units=3):
    """Police, municipality, and where the police say it does not apply."""
    size = units * len(LEAVES)

    def cells(options):
        drawn = draw(st.lists(options, min_size=size, max_size=size))
        return pd.DataFrame(np.reshape(drawn, (units, -1)), [f"u{i}" for i in range(units)], LEAVES)

    police, municipality = cells(levels), cells(levels)
    return police, municipality, police.isna() & (cells(st.integers(0, 9)) == 0)


powers = st.sampled_from([1, 2, 3.5, math.inf])


@given(matrices(), powers, st.sampled_from(GROUPS), st.sampled_from([0, 0.1, 1, 3]))
def test_low_total_high_and_contributions_hold_always(matrix, power, group, weight):
    """low ≤ total ≤ high exactly, per group too; contributions add up to 1e-9; whatever the weights and exponent."""
    combined = together(*matrix)
    structure = THREE_GROUPS.replace({"weight": {0.5: 0.25}})
    structure.loc[structure["code"] == group, "weight"] = weight
    found = score_risk(combined, structure, mean={"threat": power})
    assert (((found.low <= found.total) & (found.total <= found.high)) | found.total.isna()).all()
    point, low, high = found.groups[GROUPS], found.groups_low[GROUPS] - 1e-12, found.groups_high[GROUPS] + 1e-12
    assert (((low <= point) & (point <= high)) | point.isna()).all(axis=None)
    added = found.contributions.sum(axis=1, min_count=1)
    scored = found.total.notna()
    pd.testing.assert_series_equal(added[scored], found.total[scored], check_names=False, rtol=0, atol=1e-9)
    assert (found.contributions.isna() == ~combined.applicable[LEAVES]).all(axis=None)
    unknown = found.contributions.where(~combined.known[LEAVES]).sum(axis=1)
    np.testing.assert_allclose(found.estimated[scored], unknown[scored], atol=1e-9)


@pytest.mark.parametrize(
    ("row", "power", "total", "contributions"),
    [
        # Nothing adds to a score of nought.
        ("0  0  0  0  0  0  0", 2, 0, [0, 0, 0, 0, 0, 0, 0]),
        # Where only the highest counts, the cells at it share alike, whatever their weight: 100 × 0.5 over t1 and t3.
        ("3  2  3  0  0  0  0", math.inf, 50, [25, 0, 25, 0, 0, 0, 0]),
        # By the share of w u²: 3·9, 2·4 and 0 of 35, of 100 × 0.5 × √(35 / (9·6)).
        ("3  2  0  0  0  0  0", 2, 50 * math.sqrt(35 / 54), [27, 8, 0, 0, 0, 0, 0]),
    ],
)
def test_contributions_by_hand(row, power, total, contributions):
    found = score_risk(together(table(ROWS + row), table(ROWS + row)), THREE_GROUPS, mean={"threat": power})
    expected = np.array(contributions) * (total / (sum(contributions) or 1))
    assert found.total["p"] == pytest.approx(total)
    assert found.contributions.loc["p", LEAVES].tolist() == pytest.approx(expected.tolist())
    assert found.estimated["p"] == 0


@given(matrices(3), powers, st.sampled_from([0.3, 0.95]), st.sampled_from(LEAVES), st.integers(0, 3), st.booleans())
def test_raising_one_known_judgement_never_lowers_the_total(matrix, power, correlation, indicator, level, by_police):
    """Nor any bound; what is expected of the unknown cells beside it rises too (the district's figures held)."""
    tables = [frame.copy() for frame in matrix]
    judged = tables[0 if by_police else 1]
    judged.loc["u0", indicator] = max(judged.loc["u0", indicator], level)
    district = replace(describe_district(together(*matrix)), correlation=correlation)
    choices = {"structure": THREE_GROUPS, "mean": {"threat": power}, "district": district}
    before, after = score_risk(together(*matrix), **choices), score_risk(together(*tables), **choices)
    for name in ("total", "low", "high"):
        lower, higher = getattr(before, name), getattr(after, name)
        assert ((higher >= lower - 1e-11) | (lower.isna() & higher.isna())).all()
    others = [unit for unit in before.total.index if unit != "u0"]
    assert before.total[others].equals(after.total[others])


@given(matrices(1), st.lists(st.integers(0, 13), min_size=1, max_size=4, unique=True))
def test_bounds_hold_every_completion_and_are_reached(matrix, holes):
    """At most four judgements missing, all 4^n ways to complete them: totals lie within, and touch, the bounds."""
    police, municipality, _ = (frame.fillna(0.0) for frame in matrix)
    known = pd.concat([police, municipality], axis=1).to_numpy(dtype=float).ravel()
    ways = np.tile(known, (4 ** len(holes), 1))
    ways[:, holes] = list(itertools.product(range(4), repeat=len(holes)))
    done = score(together(*(pd.DataFrame(half, columns=LEAVES) for half in np.split(ways, 2, axis=1)))).total
    known[holes] = np.nan
    open_ = score(together(*(pd.DataFrame([half], columns=LEAVES) for half in np.split(known, 2))))
    assert done.min() == pytest.approx(open_.low[0], abs=1e-9)
    assert done.max() == pytest.approx(open_.high[0], abs=1e-9)


@given(matrices(2), st.permutations(LEAVES), st.permutations(range(len(THREE_GROUPS))))
def test_no_order_changes_a_bit(matrix, leaves, rows):
    """Parks, indicators and rows of the structure in another order."""
    expected = score(together(*matrix))
    shuffled = together(*(frame.loc[["u1", "u0"], leaves] for frame in matrix))
    found = score_risk(shuffled, THREE_GROUPS.iloc[list(rows)], mean=POWER)
    for name in ("groups", "groups_low", "groups_high", "coverage", "two_sided", "contributions"):
        wanted = getattr(expected, name)
        pd.testing.assert_frame_equal(getattr(found, name).reindex_like(wanted), wanted, check_exact=True)


def cell_by_hand(one, unit, code):
    """What counts of a cell under its rule, the best judge's voice as often as it counts; nothing where nobody says."""
    said = {party: levels.loc[unit, code] for party, levels in one.levels.items()}
    return [
        SCALES[code][int(level)]
        for party, level in said.items()
        for _ in range(3 if one.rules[code] == "weighted" and JUDGE[code] == party else 1)
        if not np.isnan(level)
    ]


def by_hand(one, unit):
    """The total and the group scores of one unit in plain loops, as method.md 1-3 has them; NaN where nothing applies.

    Of what is unknown the test of every completion tells (test_unknown_cells).
    """
    weight, scores = sample_tree().set_index("code")["weight"], {}
    for letter, group in GROUP_OF.items():
        said = {code: cell_by_hand(one, unit, code) for code in INDICATORS if code[0] == letter}
        known = {
            code: max(given) if one.rules[code] == "maximum" else sum(given) / len(given)
            for code, given in said.items()
            if given
        }
        part, p = sum(weight[code] for code in known), one.power[group]
        if part:
            powers = sum(weight[code] * value**p for code, value in known.items()) if p < math.inf else 0.0
            scores[group] = max(known.values()) if p == math.inf else (powers / part) ** (1 / p)
    whole = sum(GROUP_WEIGHTS[group] for group in scores)
    total = sum(GROUP_WEIGHTS[group] * score for group, score in scores.items()) / whole if whole else NO
    return [total, *(scores.get(group, NO) for group in GROUP_WEIGHTS)]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    unknown=st.sampled_from([0.0, 0.3]),
    rules=st.tuples(*[st.sampled_from(["maximum", "mean", "weighted"])] * 3),
    power=st.tuples(*[st.sampled_from([1.0, 2.0, 3.5, math.inf])] * 3),
    parties=st.sampled_from([("police",), ("municipality", "police"), ("a", "municipality", "police")]),
)
def test_the_score_is_what_plain_loops_give(**given_choices):
    """Unit by unit and cell by cell, as the method is written, with every rule and exponent; unknown is n.v.t. here."""
    one = sample(units=4, not_applicable=0.2, **given_choices)
    flags = {party: table.isna() for party, table in one.levels.items()}
    one = replace(one, not_applicable=flags)
    risk = score_risk(**one.choices)
    found = risk.groups[["total", *GROUP_WEIGHTS]]
    for unit in one.units:
        assert found.loc[unit].tolist() == pytest.approx(by_hand(one, unit), abs=1e-9, nan_ok=True)
    assert all(bound[found.columns].isna().equals(found.isna()) for bound in (risk.groups_low, risk.groups_high))
