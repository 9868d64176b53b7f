"""Combining the parties: the rules as drawn tables, the bounds against every completion."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.scoring import combine

from .drawn import LEVELS, asked_of, not_applicable, table

RULES = ["maximum", "mean", "weighted"]
PARTIES = ["police", "municipality", "partners"]
TENS = dict.fromkeys("abc", range(0, 101, 10))


def combined(rule="maximum", **drawings):
    """Drawn tables per party, in levels of ten points; one rule for all, and the police are the best judge."""
    levels, declined = ({party: read(one) for party, one in drawings.items()} for read in (table, not_applicable))
    choices = {"rules": dict.fromkeys("abc", rule), "best_judge": dict.fromkeys("abc", "police")}
    return combine(levels, declined, points=TENS, asked_of=asked_of(drawings), **choices)


def cells(frame):
    return frame.to_numpy(dtype=float).ravel().tolist()


@pytest.mark.parametrize(
    ("rule", "said", "value", "low", "high", "known", "by_all"),
    [
        ("maximum", "6 3", 60, 60, 60, True, True),
        ("mean", "6 3", 45, 45, 45, True, True),
        ("weighted", "6 3", 50, 50, 50, True, True),
        # One missing: the other's value, and what the missing one could still make of it.
        ("maximum", "6 ?", 60, 60, 100, True, False),
        ("mean", "6 ?", 60, 30, 80, True, False),
        ("weighted", "6 ?", 60, 40, 220 / 3, True, False),
        # Under weighted it matters who is missing: here the police, who count twice.
        ("weighted", "? 6", 60, 20, 260 / 3, True, False),
        # Unknown is not nought: no value, bounds 0 and 100, and it applies.
        ("maximum", "? ?", np.nan, 0, 100, False, False),
        ("mean", "? ?", np.nan, 0, 100, False, False),
        # Beside a level not applicable gives way; beside unknown it holds.
        ("maximum", "6 nvt", 60, 60, 60, True, False),
        ("mean", "6 nvt", 60, 60, 60, True, False),
        ("maximum", "nvt ?", np.nan, np.nan, np.nan, False, False),
        ("mean", "nvt nvt", np.nan, np.nan, np.nan, False, False),
        # A third party never lowers the highest judgement; two of three who know it are not all.
        ("maximum", "3 6 2", 60, 60, 60, True, True),
        ("maximum", "6 3 ?", 60, 60, 100, True, False),
        # Of three only the unknown one is missing; who says it does not apply has no share.
        ("mean", "6 ? nvt", 60, 30, 80, True, False),
    ],
)
def test_a_cell_under_a_rule(rule, said, value, low, high, known, by_all):
    """Police, municipality, partners: the value, its bounds, and who knows it; conflicts are named."""
    drawings = {party: f"  a \n p  {cell}" for party, cell in zip(PARTIES, said.split(), strict=False)}
    found = combined(rule, **drawings)
    assert cells(found.values) + cells(found.low) + cells(found.high) == pytest.approx([value, low, high], nan_ok=True)
    assert cells(found.known) + cells(found.known_by_all) == [known, by_all]
    assert cells(found.applicable) == [not np.isnan(high)]
    declined = [party for party in drawings if "nvt" in drawings[party]] if known else []
    assert found.conflicts == tuple(("p", "a", party) for party in declined)


@pytest.mark.parametrize("rule", [*RULES, "consensus"])
def test_a_recorded_agreement_is_certain_under_every_rule(rule):
    """Where the meeting decided, that holds, as if every party had said so; elsewhere the rule, or the default one.

    Bounds close, conflicts are settled; what each party knows itself stays what it was.
    """
    municipality = "  a \n p  nvt \n q  0 \n r  nvt \n s  nvt"
    values = {"police": table("  a \n p  6 \n q  6 \n r  ? \n s  6"), "municipality": table(municipality)}
    flags = {"municipality": not_applicable(municipality)}
    choices = {"points": TENS, "rules": {"a": rule}, "consensus_default": {"a": "maximum"}, "best_judge": {"a": "both"}}
    found = combine(values, flags, consensus=table("  a \n p  2 \n r  4"), **choices)
    between = 30 if rule in ("mean", "weighted") else 60
    assert cells(found.values) == cells(found.low) == cells(found.high) == [20, between, 40, 60]
    assert cells(found.applicable) == cells(found.known) == [True] * 4
    assert cells(found.known_by_all) == [False, True, False, False]
    assert found.conflicts == (("s", "a", "municipality"),)


def test_points_say_what_a_level_is_worth_and_which_way_risk_goes():
    """For resilience a higher level is worth less; the bounds are the scale's own ends."""
    levels = {"police": table("  a  b \n p  0  ? \n q  2  1")}
    points = {"a": (90, 40, 10), "b": (1, 3, 5)}
    found = combine(levels, points=points, rules={"a": "maximum", "b": "mean"}, best_judge={})
    assert cells(found.values) == pytest.approx([90, np.nan, 10, 3], nan_ok=True)
    assert cells(found.low) + cells(found.high) == [90, 1, 10, 3, 90, 5, 10, 3]


states = st.sampled_from([0, 1, 2, 3, "?", "nvt"])


@st.composite
def judgements(draw, units=1):
    """Two or three parties, one indicator per rule, any state in any cell."""
    values, flags = {}, {}
    index = [f"u{i}" for i in range(units)]
    for party in PARTIES[: draw(st.integers(2, 3))]:
        said = np.array(draw(st.lists(states, min_size=3 * units, max_size=3 * units)), dtype=object).reshape(units, 3)
        flags[party] = pd.DataFrame(said == "nvt", index=index, columns=RULES)
        values[party] = pd.DataFrame(said, index, RULES).replace({"nvt": np.nan, "?": np.nan}).astype(float)
    return values, flags


CHOICES = {
    "points": dict.fromkeys(RULES, LEVELS),
    "rules": dict(zip(RULES, RULES, strict=True)),
    "best_judge": dict.fromkeys(RULES, "municipality"),
}


@given(judgements(units=2), st.randoms(use_true_random=False))
def test_the_order_of_parties_rows_and_columns_changes_nothing(judged, random):
    """Not even a bit."""
    values, flags = judged
    parties = random.sample(sorted(values), len(values))
    rows, columns = random.sample(["u0", "u1"], 2), random.sample(RULES, 3)
    expected = combine(values, flags, **CHOICES)
    found = combine(
        {party: values[party].loc[rows, columns] for party in parties},
        {party: flags[party].loc[rows[::-1], columns[::-1]] for party in reversed(parties)},
        **CHOICES,
    )
    for name in ("values", "low", "high", "applicable", "known", "known_by_all"):
        wanted = getattr(expected, name)
        pd.testing.assert_frame_equal(getattr(found, name).loc[wanted.index, wanted.columns], wanted, check_exact=True)
    assert found.conflicts == expected.conflicts


@given(judgements())
def test_bounds_hold_every_completion_and_are_reached(judged):
    """Every level a missing party could still give, against the bounds; the extreme ones touch them."""
    values, flags = judged
    found = combine(values, flags, **CHOICES)
    assert ((found.low <= found.values + 1e-9) | found.values.isna()).all(axis=None)
    assert ((found.high >= found.values - 1e-9) | found.values.isna()).all(axis=None)
    for rule in RULES:
        missing = [p for p in values if np.isnan(values[p].loc["u0", rule]) and not flags[p].loc["u0", rule]]
        if not found.applicable.loc["u0", rule] or not missing:
            continue
        ways = list(itertools.product(range(4), repeat=len(missing)))
        done = {p: pd.DataFrame({rule: [values[p].loc["u0", rule]] * len(ways)}) for p in values}
        done |= {p: pd.DataFrame({rule: [way[i] for way in ways]}) for i, p in enumerate(missing)}
        declined = {p: pd.DataFrame({rule: [flags[p].loc["u0", rule]] * len(ways)}) for p in flags}
        outcomes = combine(done, declined, **CHOICES).values[rule]
        assert outcomes.min() == pytest.approx(found.low.loc["u0", rule], abs=1e-12)
        assert outcomes.max() == pytest.approx(found.high.loc["u0", rule], abs=1e-12)


@pytest.mark.parametrize(
    ("said", "worth", "states"),
    [
        ("6  ng", (60, 60, 60), "known by_all applicable"),
        ("?  ng", (0, np.nan, 100), "applicable"),
        ("nvt ng", (np.nan, np.nan, np.nan), ""),
        ("ng ng", (np.nan, np.nan, np.nan), ""),
        ("6  ?", (60, 60, 100), "known applicable of_more"),
        ("6  3", (60, 60, 60), "known by_all applicable of_more"),
    ],
)
def test_who_is_not_asked_is_not_missing_and_adds_nothing(said, worth, states):
    """Under maximum a party that is asked and silent could still raise the cell; one that is not asked cannot."""
    police, municipality = (f" a\nx {cell}" for cell in said.split())
    found = combined(police=police, municipality=municipality)
    np.testing.assert_array_equal([cells(t)[0] for t in (found.low, found.values, found.high)], worth)
    told = (found.cells.known, found.cells.known_by_all, found.cells.applicable, found.cells.asked_of_more)
    names = ("known", "by_all", "applicable", "of_more")
    assert [name for name, each in zip(names, told, strict=True) if each[0, 0]] == states.split()
