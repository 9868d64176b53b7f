"""What the parties said, as arrays that can be redrawn ten thousand times: one small number per cell.

Everything is in risk order: step 0 is the level with the least risk, also for resilience. A cell's *code* holds what
each party said as one digit: 0 missing, 1 not applicable, 2 + step a level. What a code is worth under a rule is then
one lookup, whatever the rule, the points of the scale or the exponent.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, names, refuse
from werkbank.scoring.judgements import first_table
from werkbank.scoring.means import BoolArray
from werkbank.scoring.rules import BOTH
from werkbank.scoring.structure import Tree, read_structure
from werkbank.scoring.tables import FloatArray, all_floats, label_faults, number_columns

__all__ = ["DECLINED", "FIRST_STEP", "MISSING", "CodeArray", "Kind", "Observed", "observe"]

MISSING, DECLINED, FIRST_STEP = 0, 1, 2
MOST_CODES = 32_767
CodeArray = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Kind:
    """What indicators of one kind have in common: group, points per step from least to most risk, rule, best judge."""

    group: Hashable
    points: tuple[float, ...]
    rule: str
    best_judge: str
    default_rule: str


@dataclass(frozen=True, eq=False)
class Observed:
    """The judgements of one set of units; arrays run unit × indicator, indicators in the order of the tree's leaves."""

    units: pd.Index
    tree: Tree
    parties: tuple[str, ...]
    kinds: tuple[Kind, ...]
    kind_of: NDArray[np.intp]
    """Per indicator: which of `kinds` it is."""
    steps: NDArray[np.int8]
    """party × unit × indicator: the level in risk order, -1 where there is none."""
    declined: BoolArray
    """party × unit × indicator: the party says not applicable and gives no level."""
    settled: BoolArray
    """unit × indicator: a recorded consensus, which no rule or error changes; its step stands with the first party."""
    falling: BoolArray
    """Per indicator: a higher level means less risk, as for resilience; its steps run the other way."""
    best_judge_weight: float

    @cached_property
    def base(self) -> int:
        """The number of digits: missing, not applicable, and every step of the longest scale."""
        return FIRST_STEP + max(len(kind.points) for kind in self.kinds)

    @cached_property
    def codes(self) -> CodeArray:
        """Unit × indicator: what was observed, as one code a cell."""
        digits = np.where(self.steps >= 0, self.steps.astype(np.int16) + FIRST_STEP, 0)
        digits = np.where(self.declined, DECLINED, digits)
        powers = self.base ** np.arange(len(self.parties))
        return np.asarray((digits * powers[:, None, None]).sum(axis=0), dtype=np.int16)

    @cached_property
    def digits(self) -> NDArray[np.int16]:
        """Code × party: the digits of every code there is."""
        every = np.arange(self.base ** len(self.parties))
        return np.stack([every // self.base**place % self.base for place in range(len(self.parties))], 1).astype("i2")

    @cached_property
    def known(self) -> BoolArray:
        """Unit × indicator: at least one party gives a level, or there is a consensus."""
        return np.asarray((self.steps >= 0).any(axis=0))

    @cached_property
    def applicable(self) -> BoolArray:
        """Unit × indicator: not applicable holds only where no party gives a level (method.md 1)."""
        return np.asarray(self.known | ~self.declined.any(axis=0))

    @cached_property
    def unknown(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The cells that nobody knows and that do apply: their units and their indicators."""
        units, indicators = np.nonzero(self.applicable & ~self.known)
        return units, indicators

    @property
    def groups(self) -> tuple[Hashable, ...]:
        """The groups, in the tree's order."""
        return self.tree.children[self.tree.root]

    def columns_of(self, group: Hashable) -> NDArray[np.intp]:
        """The places of a group's indicators."""
        place = {code: number for number, code in enumerate(self.tree.leaves)}
        return np.array([place[code] for code in self.tree.children[group]], dtype=np.intp)

    def weights(self) -> FloatArray:
        """The chosen weight of each indicator within its group."""
        chosen = {
            code: weight
            for group in self.groups
            for code, weight in zip(self.tree.children[group], self.tree.weights[group], strict=True)
        }
        return np.array([chosen[code] for code in self.tree.leaves])


def observe(  # noqa: PLR0913 - every choice is named
    levels: Mapping[str, pd.DataFrame],
    not_applicable: Mapping[str, pd.DataFrame] | None,
    structure: pd.DataFrame,
    *,
    points: Mapping[Hashable, Sequence[float]],
    rules: Mapping[str, str],
    best_judge: Mapping[str, str],
    best_judge_weight: float = 2.0,
    consensus: pd.DataFrame | None = None,
    consensus_default: Mapping[str, str] | None = None,
) -> Observed:
    """The judgements of any number of parties as codes; ScoringError with every fault.

    `levels`: party → unit × indicator, whole numbers from 0, NaN = missing. `points`: indicator → the points of its
    levels in risk direction, rising or falling. `consensus`: recorded levels, used where the rule is consensus.
    """
    tree = read_structure(structure)
    like = first_table(levels)[list(tree.leaves)] if levels else pd.DataFrame(columns=list(tree.leaves))
    faults = _point_faults(tree.leaves, points) + _depth_faults(tree)
    refuse("De oordelen zijn niet door te rekenen.", faults)
    parties = tuple(sorted(levels))
    falling = np.array([points[code][0] > points[code][-1] for code in tree.leaves])
    lengths = np.array([len(points[code]) for code in tree.leaves])
    tables = {party: _steps(levels[party], like, party, lengths, falling) for party in parties}
    # How a table lies in memory would otherwise decide the last bit of a sum.
    steps = np.ascontiguousarray(np.stack([tables[party] for party in parties]))
    flags = np.stack([_flags((not_applicable or {}).get(party), like) for party in parties])
    declined = np.ascontiguousarray(flags & (steps < 0))
    settled = _settle(steps, declined, consensus, like, lengths, falling, rules)
    kinds = [_kind(tree, code, points, rules, best_judge, consensus_default or {}) for code in tree.leaves]
    distinct = tuple(dict.fromkeys(kinds))
    found = Observed(
        like.index,
        tree,
        parties,
        distinct,
        np.array([distinct.index(kind) for kind in kinds], dtype=np.intp),
        steps,
        declined,
        settled,
        falling,
        best_judge_weight,
    )
    refuse("De oordelen zijn niet door te rekenen.", _size_faults(found))
    return found


def _kind(
    tree: Tree,
    code: Hashable,
    points: Mapping[Hashable, Sequence[float]],
    rules: Mapping[str, str],
    best_judge: Mapping[str, str],
    default: Mapping[str, str],
) -> Kind:
    group = next(group for group in tree.children[tree.root] if code in tree.children[group])
    rule = rules[str(code)]
    worth = tuple(sorted(float(point) for point in points[code]))
    return Kind(group, worth, rule, best_judge.get(str(code), BOTH), default.get(str(code), "mean"))


def _steps(
    table: pd.DataFrame, like: pd.DataFrame, party: str, lengths: NDArray[np.intp], falling: BoolArray
) -> NDArray[np.int8]:
    """One party's levels in risk order, -1 where there is none."""
    cells = _numbers(table, like, f"de niveaus van {party}")
    known = ~np.isnan(cells)
    wrong = known & ((cells < 0) | (cells >= lengths) | (cells != np.floor(np.where(known, cells, 0))))
    refuse(
        "De oordelen zijn niet door te rekenen.",
        [
            fault(
                "level-outside-scale",
                f"niveaus van {party} buiten de schaal bij {names(like.index[wrong[:, j]])}",
                f"hele getallen van 0 tot en met {lengths[j] - 1}",
                "verbeter de niveaus",
                indicator=code,
            )
            for j, code in enumerate(like.columns)
            if wrong[:, j].any()
        ],
    )
    upright = np.where(falling, lengths - 1 - cells, cells)
    return np.where(known, upright, -1).astype(np.int8)


def _numbers(table: pd.DataFrame, like: pd.DataFrame, what: str) -> FloatArray:
    """The table in the order of `like`."""
    columns, faults = number_columns(table, what)
    refuse("De oordelen zijn niet door te rekenen.", faults + label_faults(table, like, what))
    whole = table if all_floats(table) else pd.DataFrame(columns, index=table.index)
    return whole.reindex(index=like.index, columns=like.columns).to_numpy("f8")


def _flags(table: pd.DataFrame | None, like: pd.DataFrame) -> BoolArray:
    if table is None:
        return np.zeros(like.shape, dtype=np.bool_)
    return table.reindex(index=like.index, columns=like.columns).fillna(False).to_numpy(dtype=np.bool_)


def _settle(
    steps: NDArray[np.int8],
    declined: BoolArray,
    consensus: pd.DataFrame | None,
    like: pd.DataFrame,
    lengths: NDArray[np.intp],
    falling: BoolArray,
    rules: Mapping[str, str],
) -> BoolArray:
    """Puts recorded outcomes in place of the parties' judgements, and says where."""
    if consensus is None:
        return np.zeros(like.shape, dtype=np.bool_)
    whole = consensus.reindex(index=like.index, columns=like.columns)
    recorded = _steps(whole, like, "de consensus", lengths, falling)
    settled = (recorded >= 0) & np.array([rules[str(code)] == "consensus" for code in like.columns])
    steps[:, settled] = -1
    declined[:, settled] = False
    steps[0][settled] = recorded[settled]
    return np.asarray(settled, dtype=np.bool_)


def _point_faults(codes: Sequence[Hashable], points: Mapping[Hashable, Sequence[float]]) -> list[Finding]:
    wrong = [code for code in codes if code not in points or not _monotone(points[code])]
    allowed, remedy = "twee of meer punten vanaf 0 die stijgen of dalen", "geef de punten per niveau"
    return [fault("bad-points", f"de punten van “{code}”", allowed, remedy, indicator=code) for code in wrong]


def _monotone(points: Sequence[float]) -> bool:
    change = np.diff(np.asarray(points, dtype=np.float64))
    rising, falling = bool((change >= 0).all()), bool((change <= 0).all())
    return len(points) > 1 and (rising or falling) and min(points) >= 0 and max(points) < np.inf


def _depth_faults(tree: Tree) -> list[Finding]:
    groups = tree.children[tree.root]
    deep = [code for code in tree.leaves if not any(code in tree.children.get(group, ()) for group in groups)]
    if not deep:
        return []
    allowed = "een top, groepen en indicatoren"
    return [fault("not-two-levels", f"{names(deep)} hangen niet in een groep onder de top", allowed, "pas de boom aan")]


def _size_faults(observed: Observed) -> list[Finding]:
    if observed.base ** len(observed.parties) <= MOST_CODES:
        return []
    found = f"{len(observed.parties)} partijen met {observed.base - FIRST_STEP} niveaus"
    return [fault("too-many-parties", found, "minder partijen of niveaus", "voeg partijen eerst samen")]
