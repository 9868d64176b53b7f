"""What would turn the advice around: the least change, checked against trying everything."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.advice.small import CATALOGUE, drawn, method, scored
from tests.advice.small import advised as of
from werkbank.advice.flips import Cell, GroupCells, ParkCells, extremes, fewest_steps, flips, least_shift
from werkbank.advice.questions import first_places
from werkbank.advice.scorecard import score_matrix

RISING, FALLING = (0.0, 100 / 3, 200 / 3, 100.0), (100.0, 50.0, 0.0)


def group(code, weight, levels, power=1.0, points=RISING):
    cells = tuple(Cell(f"{code}{n}", float(level), 1.0 + n, points) for n, level in enumerate(levels))
    return GroupCells(code, weight, power, score_of(cells, power), cells, ())


def score_of(cells, power):
    """The power mean by its formula, beside the one that the scores use."""
    worth = [cell.worth for cell in cells]
    if math.isinf(power):
        return max(worth)
    weights = [cell.weight for cell in cells]
    return (sum(w * u**power for w, u in zip(weights, worth, strict=True)) / sum(weights)) ** (1 / power)


def park(name, *groups):
    return ParkCells(name, groups, whole=True)


def total(one):
    return sum(g.weight * g.score for g in one.groups) / sum(g.weight for g in one.groups)


def moved(one, levels):
    """The park with other levels, cell by cell."""
    rest = iter(levels)
    groups = []
    for g in one.groups:
        cells = tuple(Cell(c.indicator, next(rest), c.weight, c.points) for c in g.cells)
        groups.append(GroupCells(g.code, g.weight, g.power, score_of(cells, g.power), cells, ()))
    return ParkCells(one.park_id, tuple(groups), one.whole)


def by_trying(rival, others, every, most):
    """The fewest steps by trying every combination of levels of every park."""
    parks = [rival, *others]
    cells = [(one, cell) for one in parks for g in one.groups for cell in g.cells]
    best = None
    for levels in itertools.product(*(range(len(cell.points)) for _, cell in cells)):
        steps = sum(abs(level - cell.level) for level, (_, cell) in zip(levels, cells, strict=True))
        if steps > most or (best is not None and steps >= best):
            continue
        rest = iter(levels)
        scores = [total(moved(one, [next(rest) for g in one.groups for _ in g.cells])) for one in parks]
        above = [scores[0] > score + 1e-9 for score in scores[1:]]
        if all(above) if every else any(above):
            best = steps
    return best


def some_parks(cells):
    """Three parks of a cell in each of two groups, or two of which one group has two cells."""
    own = st.lists(st.integers(0, 3), min_size=cells + 1, max_size=cells + 1)
    return st.lists(own, min_size=2, max_size=4 - cells)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2).flatmap(some_parks), st.sampled_from([1.0, 2.0, math.inf]), st.booleans())
def test_the_fewest_steps_are_those_that_trying_everything_finds(levels, power, every):
    parks = [
        park(f"P{n}", group("t", 0.6, own[:-1], power), group("o", 0.4, [min(own[-1], 2)], 1.0, FALLING))
        for n, own in enumerate(levels)
    ]
    up, *down = (extremes(one, up=one is parks[0], most=4) for one in parks)
    found = fewest_steps(up, down, every=every)
    expected = by_trying(parks[0], parks[1:], every, 4)
    assert (found is None) == (expected is None)
    if found is not None:
        assert sum(abs(step.after - step.before) for step in found) == expected


def test_each_rival_gets_a_flip_of_weights_and_of_cells():
    parks = [
        park("A", group("t", 0.5, [3]), group("o", 0.5, [1])),
        park("B", group("t", 0.5, [2]), group("o", 0.5, [1])),
        park("C", group("t", 0.5, [1]), group("o", 0.5, [3])),
    ]
    found = flips(parks, ["A"], ["B", "C"])
    assert [flip.kind + flip.rival for flip in found] == ["weightsB", "cellsB", "weightsC", "cellsC"]
    # B is nowhere above A: no weighting turns that round.
    assert found[0].changes == ()
    assert {change.code for change in found[2].changes} == {"t", "o"}
    assert all(flip.changes for flip in (found[1], found[3]))


def test_where_less_might_do_the_flip_is_not_exact():
    """Of weights where a park involved lacks a group, of cells where something of one is unknown."""
    lacking = ParkCells("A", tuple(GroupCells(code, 0.5, 1.0, 50.0, (), ()) for code in "to"), whole=False)
    other = park("B", group("t", 0.5, [2]), group("o", 0.5, [2]))
    found = flips([lacking, other], ["B"], ["A"])
    assert [(flip.kind, flip.exact) for flip in found] == [("weights", False), ("cells", True)]
    own = group("t", 1.0, [2])
    unknown = park("C", replace(own, expected=((1.0, 20.0),)))
    found = flips([unknown, park("D", group("t", 1.0, [3]))], ["D"], ["C"])
    assert {flip.kind: flip.exact for flip in found}["cells"] is False


def changed(judged, changes):
    """The matrix with both parties saying what each change says."""
    frame = judged.judgements
    for one in changes:
        cell = (frame["park_id"] == one.park_id) & (frame["indicator"] == one.code)
        frame.loc[cell, "state"] = "level"
        frame.loc[cell, "level"] = round(one.after)
    return replace(judged, _judgements=frame)


@pytest.mark.parametrize("capacity", [1, 2])
def test_after_the_change_the_engine_puts_the_rival_in(capacity):
    """Scored again from the judgements, the district's figures held, by weights or by cells; and not before."""
    counted = set()
    for seed in range(30):
        judged = drawn(np.random.default_rng(seed), parks=4)
        # Both parties say the same, so that a combined level is one that each of them can say.
        frame = judged.judgements.sort_values(["park_id", "indicator", "party"], ignore_index=True)
        for name in ("state", "level"):
            frame[name] = frame.groupby(["park_id", "indicator"])[name].transform("last")
        frame["state"] = frame["state"].where(frame["level"].notna() == (frame["state"] == "level"), "unknown")
        frame["level"] = frame["level"].where(frame["state"] == "level")
        judged = replace(judged, _judgements=frame)
        card = scored(judged, method(uncertainty={}))
        _, advice = of(card, capacity)
        for flip in (one for one in advice.flips if one.changes):
            assert flip.rival in card.candidates
            assert flip.rival not in advice.park_ids
            said, chosen = judged, card.method
            if flip.kind == "weights":
                chosen = method(uncertainty={}, group_weights={one.code: one.after for one in flip.changes})
            else:
                said = changed(judged, flip.changes)
            again = score_matrix(said, CATALOGUE, chosen, judged.parties, card.district)
            first = first_places(again.risk.total[list(card.candidates)], len(advice.park_ids))
            assert flip.rival in first, (seed, flip)
            counted.add((flip.kind, flip.exact))
    assert {("weights", True), ("cells", True), ("cells", False)} <= counted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=2, max_size=6))
def test_the_least_shift_is_that_of_a_solver(scores):
    """The same problem as a linear programme, by HiGHS: weights, and how far each strays."""
    from scipy.optimize import linprog

    weights = np.array([0.5, 0.3, 0.2])
    groups = [
        [GroupCells(f"g{g}", w, 1, float(s), (), ()) for g, (w, s) in enumerate(zip(weights, own, strict=True))]
        for own in scores
    ]
    parks = [park(f"P{n}", *own) for n, own in enumerate(groups)]
    table = np.array(scores, dtype=float)
    behind, eye, none = table[1:] - table[0], np.eye(3), np.zeros((len(scores) - 1, 3))
    solved = linprog(
        np.array([0, 0, 0, 0.5, 0.5, 0.5]),
        A_ub=np.block([[behind, none], [eye, -eye], [-eye, -eye]]),
        b_ub=np.concatenate([np.zeros(len(behind)), weights, -weights]),
        A_eq=[[1, 1, 1, 0, 0, 0]],
        b_eq=[1],
        bounds=[(0, 1)] * 6,
    )
    found = least_shift(parks[0], parks[1:])
    assert (found is None) == (solved.status != 0)
    if found is not None:
        shift = sum(abs(after - before) for before, after in found.values()) / 2
        assert shift == pytest.approx(solved.fun, abs=1e-7)
