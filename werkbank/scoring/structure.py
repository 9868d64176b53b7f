"""The hierarchy of a score, indicators below groups below one root, each with a weight, and a table that fits it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding, ScoringError, fault
from werkbank.scoring.tables import (
    BoolArray,
    FloatArray,
    code_faults,
    flag_table,
    meant,
    names,
    number_table,
    refuse,
    refuse_one,
)

COLUMNS = ("code", "parent", "weight")


@dataclass(frozen=True, slots=True)
class Tree:
    """A hierarchy that holds together: one root, a known parent for every other code, no cycle.

    `children` and `weights` are per group in one canonical order, whatever the order of the rows;
    `weights` are exact multiples of those handed over, at most 1. `groups` (every code that is not a leaf)
    and `leaves` stand in the order of the rows; in `bottom_up` every group comes after the groups below it.
    """

    root: Hashable
    children: Mapping[Hashable, tuple[Hashable, ...]]
    weights: Mapping[Hashable, tuple[float, ...]]
    groups: tuple[Hashable, ...]
    leaves: tuple[Hashable, ...]
    bottom_up: tuple[Hashable, ...]

    def shares(self, group: Hashable) -> tuple[float, ...]:
        """The weights of a group's children as parts of 1, in the order of `children`."""
        total = math.fsum(self.weights[group])
        return tuple(weight / total for weight in self.weights[group])

    def marked_shares(self, marked: BoolArray) -> dict[Hashable, FloatArray]:
        """Per group the part of its leaves, by effective weight, that is marked; `marked` is unit × leaf."""
        part = {leaf: marked[:, place].astype(np.float64) for place, leaf in enumerate(self.leaves)}
        for group in self.bottom_up:
            below = zip(self.children[group], self.shares(group), strict=True)
            part[group] = sum((part[code] * share for code, share in below), np.zeros(len(marked)))
        return {group: part[group] for group in self.groups}

    def coverage(self, known: BoolArray, applicable: BoolArray) -> dict[Hashable, FloatArray]:
        """Per group the weight of the known leaves over that of the applicable ones, NaN where none applies."""
        present, possible = self.marked_shares(known & applicable), self.marked_shares(applicable)
        with np.errstate(invalid="ignore"):
            return {group: present[group] / possible[group] for group in self.groups}


@dataclass(frozen=True, slots=True)
class Table:
    """What is to be scored: a tree, and unit × leaf the numbers, NaN where there is none to use."""

    units: pd.Index
    tree: Tree
    cells: FloatArray
    applicable: BoolArray


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    code: Hashable
    parent: Hashable
    weight: object

    @property
    def is_root(self) -> bool:
        return _empty(self.parent)

    @property
    def weighs(self) -> float:
        """The weight, NaN where it is no number of 0 or more."""
        weight = float(self.weight) if isinstance(self.weight, Real) else math.nan
        return weight if 0 <= weight < math.inf else math.nan


def effective_weights(structure: pd.DataFrame) -> pd.Series[float]:
    """How much each indicator weighs in the root when everything is known; sums to 1.

    `structure` has the columns code, parent, weight; the root's parent is empty. The effective weight is
    the product of the shares on the way from the root to the indicator (COINr, get_eff_weights).

    >>> wb.scoring.effective_weights(wb.scoring.equal_weights(["a", "b"])).to_dict()
    {'a': 0.5, 'b': 0.5}
    """
    tree = read_structure(structure)
    weight: dict[Hashable, float] = {tree.root: 1.0}
    for group in reversed(tree.bottom_up):
        for child, share in zip(tree.children[group], tree.shares(group), strict=True):
            weight[child] = weight[group] * share
    index = pd.Index(tree.leaves, name="code", tupleize_cols=False)
    return pd.Series([weight[leaf] for leaf in tree.leaves], index=index, name="weight", dtype="float64")


def read_structure(structure: pd.DataFrame) -> Tree:
    """The tree a structure describes; ScoringError with every fault when it describes none."""
    if not isinstance(structure, pd.DataFrame):
        found = f"een {type(structure).__name__}"
        refuse_one("Dit is geen structuur.", "no-table", found, "een tabel", "geef een DataFrame")
    times = {name: structure.columns.tolist().count(name) for name in COLUMNS}
    wrong = [f"{n or 'geen'} kolom “{name}”" for name, n in times.items() if n != 1]
    allowed, remedy = "code, parent en weight, elk eenmaal", "verbeter de kolommen"
    faults = [fault("missing-column", found, allowed, remedy) for found in wrong]
    refuse("De structuur heeft niet de goede kolommen.", faults)
    columns = (structure[name].tolist() for name in COLUMNS)
    rows = [_Row(number, *cells) for number, cells in enumerate(zip(*columns, strict=True), start=1)]
    refuse("De structuur klopt niet.", _faults(rows))
    return _tree(rows)


def _tree(rows: Sequence[_Row]) -> Tree:
    weighs, children = {row.code: row.weighs for row in rows}, _children(rows)
    weights = {group: _scaled([weighs[code] for code in below]) for group, below in children.items()}
    codes, root = [row.code for row in rows], next(row.code for row in rows if row.is_root)
    below = {group: [code for code in codes if code in children] for group, codes in children.items()}
    return Tree(
        root=root,
        children=MappingProxyType(children),
        weights=MappingProxyType(weights),
        groups=tuple(code for code in codes if code in children),
        leaves=tuple(code for code in codes if code not in children),
        bottom_up=tuple(TopologicalSorter(below).static_order()),
    )


def _children(rows: Iterable[_Row]) -> dict[Hashable, tuple[Hashable, ...]]:
    below: dict[Hashable, list[Hashable]] = {}
    for row in rows:
        if not row.is_root:
            below.setdefault(row.parent, []).append(row.code)
    return {group: tuple(sorted(codes, key=_canonical)) for group, codes in below.items()}


def _scaled(weights: Sequence[float]) -> tuple[float, ...]:
    """The weights times a power of two, so that huge and tiny ones can be summed and no digit is lost."""
    exponent = math.frexp(max(weights))[1]
    return tuple(math.ldexp(weight, -exponent) for weight in weights)


def _canonical(code: Hashable) -> tuple[str, str]:
    return str(code), type(code).__name__


def _empty(code: Hashable) -> bool:
    if isinstance(code, str):
        return not code.strip()
    return code is None or code is pd.NA or code != code  # noqa: PLR0124 - NaN is what differs from itself


def _faults(rows: Sequence[_Row]) -> list[Finding]:
    if not rows:
        remedy = "geef per regel code, parent en weight"
        return [fault("empty-structure", "geen enkele regel", "minstens een top en een indicator", remedy)]
    checks = (_code_faults, _root_faults, _parent_faults, _cycle_faults, _weight_faults)
    return [found for check in checks for found in check(rows)]


def _code_faults(rows: Sequence[_Row]) -> list[Finding]:
    empty = [row.number for row in rows if _empty(row.code)]
    times = Counter(row.code for row in rows if not _empty(row.code))
    twice = [code for code, n in times.items() if n > 1]
    return [
        *(fault("empty-code", f"regel {one} zonder code", "een code per regel", "vul de code in") for one in empty),
        *code_faults("duplicate-code", twice, "“{}” staat er meer keer", "elke code eenmaal", "laat er een staan"),
    ]


def _root_faults(rows: Sequence[_Row]) -> list[Finding]:
    roots = [row.code for row in rows if row.is_root]
    allowed = "precies een code met een lege parent"
    if not roots:
        return [fault("no-root", "geen top", allowed, "laat de parent van de top leeg")]
    if len(roots) > 1:
        found = f"{len(roots)} codes zonder parent: {names(roots)}"
        return [fault("several-roots", found, allowed, "hang ze onder een gezamenlijke top")]
    if len(rows) == 1:
        found, remedy = f"alleen de top {names(roots)}", "hang de indicatoren onder de top"
        return [fault("no-indicators", found, "minstens een indicator", remedy)]
    return []


def _parent_faults(rows: Sequence[_Row]) -> list[Finding]:
    codes = {row.code for row in rows}
    return [
        fault(
            "unknown-parent",
            f"“{row.code}” hangt onder “{row.parent}”, die er niet is",
            "een parent die zelf een code is",
            meant(row.parent, codes - {row.code}, "voeg die code toe of verbeter de parent"),
            indicator=row.code,
        )
        for row in rows
        if not row.is_root and row.parent not in codes
    ]


def _cycle_faults(rows: Sequence[_Row]) -> list[Finding]:
    allowed, remedy = "van elke code een weg naar de top", "verbeter de parent van een van deze"
    return [
        fault("cycle", f"{names([*cycle, cycle[0]])} staan in een kring", allowed, remedy, indicator=cycle[0])
        for cycle in _cycles({row.code: row.parent for row in rows if not row.is_root})
    ]


def _cycles(parent: dict[Hashable, Hashable]) -> Iterator[list[Hashable]]:
    """Every ring of codes that hang under one another, each from its first code on."""
    try:
        TopologicalSorter({code: [above] for code, above in parent.items()}).prepare()
    except CycleError as error:
        cycle = error.args[1][:-1]
        first = cycle.index(min(cycle, key=_canonical))
        yield cycle[first:] + cycle[:first]
        yield from _cycles({code: above for code, above in parent.items() if code not in cycle})


def _weight_faults(rows: Sequence[_Row]) -> list[Finding]:
    wrong = [row.code for row in rows if not row.is_root and math.isnan(row.weighs)]
    weighing = {row.parent for row in rows if row.weighs != 0}
    idle = [group for group in dict.fromkeys(row.parent for row in rows if not row.is_root) if group not in weighing]
    allowed, remedy = "minstens een gewicht boven 0", "geef iets in deze groep gewicht"
    return [
        *code_faults("bad-weight", wrong, "het gewicht van “{}”", "een getal van 0 of hoger", "verbeter het gewicht"),
        *code_faults("no-weight", idle, "alles onder “{}” heeft gewicht 0", allowed, remedy),
    ]


def equal_weights(codes: Iterable[Hashable], root: str = "total") -> pd.DataFrame:
    """The simplest structure: these codes directly under one root, each with weight 1.

    Columns `code, parent, weight`, as `aggregate` takes them.

    >>> wb.scoring.equal_weights(["a", "b"])
        code parent  weight
    0  total    NaN     1.0
    1      a  total     1.0
    2      b  total     1.0
    """
    rows: list[tuple[Hashable, str | None, float]] = [(root, None, 1.0), *((code, root, 1.0) for code in codes)]
    return pd.DataFrame(rows, columns=["code", "parent", "weight"])


def read_table(values: Any, structure: pd.DataFrame, applicable: pd.DataFrame | None = None) -> Table:
    """The values beside their structure; ScoringError with all faults of both.

    Every leaf needs a column and every column a leaf. `applicable` has the same units and columns, in any
    order; a value where it is False is not used.
    """
    frame, faults = number_table(values, "de waarden")
    flags = np.ones(frame.shape, dtype=np.bool_)
    if applicable is not None and isinstance(values, pd.DataFrame):
        flags, wrong = flag_table(applicable, frame, "de tabel applicable")
        faults += wrong
    try:
        tree = read_structure(structure)
    except ScoringError as error:
        raise ScoringError(error.message, (*error.findings, *faults)) from None
    if isinstance(values, pd.DataFrame):
        faults += _leaf_faults(values.columns, tree)
    refuse("Deze tabel is niet te scoren.", faults)
    places = frame.columns.get_indexer(pd.Index(tree.leaves, tupleize_cols=False))
    # By row, so that every row is added up in the same way.
    cells = np.ascontiguousarray(np.where(flags, frame.to_numpy(), np.nan)[:, places])
    return Table(frame.index, tree, cells, np.ascontiguousarray(flags[:, places]))


def _leaf_faults(columns: pd.Index, tree: Tree) -> list[Finding]:
    leaves, given = set(tree.leaves), set(columns)
    strange = [code for code in columns.unique() if code not in leaves]
    groups, unknown = [code for code in strange if code in tree.children], set(strange) - set(tree.children)
    missing = [code for code in tree.leaves if code not in given]

    def named(code: Hashable) -> str:
        return meant(code, leaves - given, "voeg haar toe aan de structuur of laat de kolom weg")

    def added(code: Hashable) -> str:
        return meant(code, unknown, "voeg haar toe, desnoods leeg")

    found, allowed = "kolom “{}” staat niet in de structuur", "de indicatoren van de structuur"
    return [
        *code_faults("group-column", groups, "kolom “{}” is een groep", "indicatoren", "laat de kolom weg"),
        *code_faults("unknown-column", [code for code in strange if code in unknown], found, allowed, named),
        *code_faults("missing-column", missing, "indicator “{}” heeft geen kolom", "een kolom per indicator", added),
    ]
