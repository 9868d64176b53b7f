"""From the judgements of several parties to one value per cell, with what it could still become.

What the parties say of a cell is one small number, its *code*: a digit per party, 0 missing, 1 not applicable, 2 + step
a level. Steps are in risk order: 0 is the level with the least risk, also for resilience. What every code is worth
under a rule is one row, whatever the points of the scale, so that cells can be combined anew ten thousand times.
A missing judgement is never 0 but anything on the scale; *not applicable* holds only where no party gives a level.
A party that is not asked about an indicator has nothing to give: neither is its judgement missing, nor anything known.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding, fault
from werkbank.scoring.tables import (
    BoolArray,
    FloatArray,
    code_faults,
    flag_table,
    label_faults,
    marked_faults,
    meant,
    names,
    number_table,
    refuse,
    refuse_one,
    table_html,
)

MESSAGE = "De oordelen zijn niet samen te voegen."
DRAWN_RULES = ("maximum", "mean", "weighted")
RULES: tuple[str, ...] = (*DRAWN_RULES, "consensus")
BOTH = "both"
MISSING, DECLINED, FIRST_STEP = 0, 1, 2
MOST_CODES = 32_767

CodeArray = NDArray[np.int16]
Reading = Literal["point", "low", "high"]
"""Missing judgements left out, or all at the least or at the most risk."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What indicators of one kind have in common; `points` go from the least to the most risk."""

    points: tuple[float, ...]
    rule: str
    best_judge: str


@dataclass(frozen=True, eq=False)
class Cells:
    """What the parties say of every cell; arrays run unit × indicator."""

    units: pd.Index
    indicators: tuple[Hashable, ...]
    parties: tuple[str, ...]
    best_judge_weight: float
    kinds: tuple[Kind, ...]
    kind_of: NDArray[np.intp]
    """Per indicator: which of `kinds` it is."""
    falling: BoolArray
    """Per indicator: a higher level means less risk, as for resilience; its steps run the other way."""
    steps: NDArray[np.int8]
    """party × unit × indicator: the level in risk order, -1 where there is none."""
    declined: BoolArray
    """party × unit × indicator: the party says not applicable."""
    settled: BoolArray
    """unit × indicator: a recorded agreement, which no rule or error changes; the first party has its step."""
    asked: BoolArray
    """party × 1 × indicator: the party is asked about it; of any other there is no step."""
    said: NDArray[np.int8]
    """party × unit × indicator: the steps that the parties gave themselves, whatever they agreed on later."""

    @cached_property
    def base(self) -> int:
        """The number of digits: missing, not applicable, and every step of the longest scale."""
        return FIRST_STEP + max(len(kind.points) for kind in self.kinds)

    @cached_property
    def codes(self) -> CodeArray:
        """Unit × indicator: what is said, as one code a cell."""
        digits = np.where(self.steps >= 0, self.steps.astype(np.int16) + FIRST_STEP, MISSING)
        digits = np.where(self.declined | ((self.steps < 0) & ~self.asked), DECLINED, digits)
        powers = self.base ** np.arange(len(self.parties))
        return np.asarray((digits * powers[:, None, None]).sum(axis=0), dtype=np.int16)

    @cached_property
    def digits(self) -> NDArray[np.int16]:
        """Code × party: the digits of every code there is."""
        every = np.arange(self.base ** len(self.parties))
        return np.stack([every // self.base**place % self.base for place in range(len(self.parties))], 1).astype("i2")

    @cached_property
    def known(self) -> BoolArray:
        """Unit × indicator: at least one party gives a level, or there is an agreement."""
        return np.asarray((self.steps >= 0).any(axis=0))

    @cached_property
    def known_by_all(self) -> BoolArray:
        """Unit × indicator: every party that is asked gives a level itself; an agreement is nobody's knowledge."""
        given = self.said >= 0
        return np.asarray((given | ~self.asked).all(axis=0) & given.any(axis=0))

    @cached_property
    def applicable(self) -> BoolArray:
        """Unit × indicator: somebody is asked; not applicable holds only where no party gives a level (method.md 1)."""
        return np.asarray(self.known | (self.asked.any(axis=0) & ~self.declined.any(axis=0)))

    @cached_property
    def asked_of_more(self) -> BoolArray:
        """Unit × indicator: it applies, and more than one party is asked; of a single party all that applies."""
        return np.asarray(self.applicable & (self.asked.sum(axis=0) >= min(2, len(self.parties))))

    @cached_property
    def unknown(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The cells that nobody knows and that do apply: their units and their indicators."""
        units, indicators = np.nonzero(self.applicable & ~self.known)
        return units, indicators

    @cached_property
    def combined(self) -> FloatArray:
        """Unit × indicator: the combined judgement under the chosen rules, in steps; 0 where nobody knows.

        Read back from its points in proportion, and between what the parties say: steps worth the same stay apart.
        """
        steps = np.zeros(self.codes.shape)
        for number, kind in enumerate(self.kinds):
            worth = np.array(kind.points) @ code_worth(self, kind, kind.rule)
            own = self.kind_of == number
            steps[:, own] = np.interp(worth, kind.points, np.arange(len(kind.points)))[self.codes[:, own]]
        most = self.steps.max(axis=0)
        least = np.where(self.steps >= 0, self.steps, most).min(axis=0)
        return np.where(self.known, np.clip(steps, least, most), 0.0)

    def level(self, indicator: int, step: int) -> int:
        """The level, on the indicator's own scale, of a step in risk order."""
        last = len(self.kinds[self.kind_of[indicator]].points) - 1
        return last - step if self.falling[indicator] else step

    def of(self, indicators: Sequence[Hashable]) -> Self:
        """The cells of these indicators, in this order."""
        place = {code: number for number, code in enumerate(self.indicators)}
        taken = np.array([place[code] for code in indicators], dtype=np.intp)
        kinds, kind_of = _numbered([self.kinds[number] for number in self.kind_of[taken]])
        return replace(
            self,
            indicators=tuple(indicators),
            kinds=kinds,
            kind_of=kind_of,
            falling=self.falling[taken],
            # How a table lies in memory would otherwise decide the last bit of a sum.
            steps=np.ascontiguousarray(self.steps[..., taken]),
            declined=np.ascontiguousarray(self.declined[..., taken]),
            settled=np.ascontiguousarray(self.settled[:, taken]),
            asked=self.asked[..., taken],
            said=self.said[..., taken],
        )


@dataclass(frozen=True, eq=False)
class Combined:
    """One value per unit × indicator, its bounds, and who knows it.

    >>> police = pd.DataFrame({"V01": [3, None]}, index=["noord", "zuid"])
    >>> points = {"V01": (0, 33, 67, 100)}
    >>> wb.scoring.combine({"police": police}, points=points, rules={"V01": "mean"}, best_judge={})
    <Combined 2 units × 1 indicators, 1 cells known>
    """

    cells: Cells

    @property
    def values(self) -> pd.DataFrame:
        """The combined values in points; NaN where no party knows, or where nothing applies."""
        return self._worth("point", self.cells.known)

    @property
    def low(self) -> pd.DataFrame:
        """The lowest value any completion of the missing judgements gives; NaN where nothing applies."""
        return self._worth("low", self.cells.applicable)

    @property
    def high(self) -> pd.DataFrame:
        """The highest value any completion of the missing judgements gives; NaN where nothing applies."""
        return self._worth("high", self.cells.applicable)

    @property
    def applicable(self) -> pd.DataFrame:
        """True unless nobody is asked, or a party says it does not apply and no party gives a level."""
        return self._table(self.cells.applicable)

    @property
    def known(self) -> pd.DataFrame:
        """True where at least one party gives a level, or there is an agreement."""
        return self._table(self.cells.known)

    @property
    def known_by_all(self) -> pd.DataFrame:
        """True where every party that is asked gives a level itself."""
        return self._table(self.cells.known_by_all)

    @property
    def conflicts(self) -> tuple[tuple[Hashable, Hashable, str], ...]:
        """Unit, indicator and party where that party says not applicable beside another's level."""
        cells = self.cells
        places = np.argwhere(cells.declined & cells.known & ~cells.settled)
        found = [(cells.units[unit], cells.indicators[code], cells.parties[party]) for party, unit, code in places]
        return tuple(sorted(found, key=lambda conflict: tuple(map(str, conflict))))

    def __repr__(self) -> str:
        """The size, and how many cells are known."""
        units, indicators = self.cells.known.shape
        return f"<Combined {units} units × {indicators} indicators, {self.cells.known.sum()} cells known>"

    def _repr_html_(self) -> str:
        """The first units with their combined values."""
        return table_html(self, self.values)

    def _worth(self, reading: Reading, there: BoolArray) -> pd.DataFrame:
        found = np.full(there.shape, np.nan)
        for number, kind in enumerate(self.cells.kinds):
            own = self.cells.kind_of == number
            worth = np.array(kind.points) @ code_worth(self.cells, kind, kind.rule, reading)
            found[:, own] = worth[self.cells.codes[:, own]]
        return self._table(np.where(there, found, np.nan))

    def _table(self, cells: FloatArray | BoolArray) -> pd.DataFrame:
        columns = pd.Index(self.cells.indicators, tupleize_cols=False)
        return pd.DataFrame(cells, index=self.cells.units, columns=columns)


def code_worth(cells: Cells, kind: Kind, rule: str, reading: Reading = "point") -> FloatArray:
    """Step × code: multiplied by the points of the steps, it gives what each code is worth under `rule`.

    maximum: the highest level. mean: of the levels that are given. weighted: the same, in which the kind's best judge
    counts `best_judge_weight` times. A code without any level is worth 0; whether it counts is told elsewhere.
    """
    digits = cells.digits.astype(np.intp)
    if reading != "point":
        digits = np.where(digits == MISSING, FIRST_STEP + (len(kind.points) - 1 if reading == "high" else 0), digits)
    spoken = digits > DECLINED
    # A code beyond this scale's last step does not occur; it is read as the last.
    step = np.where(spoken, np.minimum(digits - FIRST_STEP, len(kind.points) - 1), -1)
    best = cells.best_judge_weight if rule == "weighted" else 1.0
    weight = np.where(spoken, [best if party == kind.best_judge else 1.0 for party in cells.parties], 0.0)
    if rule == "maximum":
        weight = (spoken & (step == step.max(axis=1, keepdims=True))).astype(np.float64)
    total = weight.sum(axis=1, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    worth = np.zeros((len(kind.points), len(digits)))
    for party in range(len(cells.parties)):
        np.add.at(worth, (np.maximum(step[:, party], 0), np.arange(len(digits))), share[:, party])
    return worth


def combine(  # noqa: PLR0913 - every choice is named
    levels: Mapping[str, pd.DataFrame],
    not_applicable: Mapping[str, pd.DataFrame] | None = None,
    *,
    points: Mapping[Hashable, Sequence[float]],
    rules: Mapping[str, str],
    best_judge: Mapping[str, str],
    best_judge_weight: float = 2.0,
    consensus: pd.DataFrame | None = None,
    consensus_default: Mapping[str, str] | None = None,
    asked_of: Mapping[str, Collection[str]] | None = None,
) -> Combined:
    """One value per unit × indicator from any number of parties, whose order does not matter.

    `levels`: party → unit × indicator, whole numbers from 0, NaN = missing; `not_applicable`: party → True where the
    party says so. `points`: indicator → the points of its levels in risk direction, rising or falling. `rules`:
    indicator → maximum | mean | weighted | consensus. Under weighted the indicator's `best_judge` (a party, or
    "both") counts `best_judge_weight` times. The level that is recorded in `consensus` holds under every rule, with
    both bounds on it; where there is none, the rule consensus is that of `consensus_default`. Missing parties: the
    others' value; the bounds run over every level the missing ones could still give. All missing: unknown.
    `asked_of`: indicator → the parties that are asked about it, all where it is not named; what another party says is
    left out, and what nobody is asked does not apply. ScoringError names all faults.

    >>> police = pd.DataFrame({"V01": [2, None]}, index=["noord", "zuid"])
    >>> municipality = pd.DataFrame({"V01": [0, 1]}, index=["noord", "zuid"])
    >>> parties = {"police": police, "municipality": municipality}
    >>> both = wb.scoring.combine(parties, points={"V01": (0, 50, 100)}, rules={"V01": "maximum"}, best_judge={})
    >>> both.values["V01"].tolist(), both.low["V01"].tolist(), both.high["V01"].tolist()
    ([100.0, 50.0], [100.0, 50.0], [100.0, 100.0])
    """
    like, parties = _first_table(levels), tuple(sorted(levels))
    codes, default = tuple(like.columns), consensus_default or {}
    lengths = np.array([len(points.get(code, ())) for code in codes])
    faults = [*_rule_faults(codes, parties, rules, default, best_judge), *_point_faults(codes, points)]
    if not 0 < best_judge_weight < np.inf:
        found = f"best_judge_weight is {best_judge_weight}"
        faults.append(fault("bad-weight", found, "een getal boven 0", "verbeter het gewicht"))
    said = [_read_levels(levels[party], like, f"de oordelen van {party}", lengths, faults) for party in parties]
    declined = _read_declined(not_applicable or {}, dict(zip(parties, said, strict=True)), like, faults)
    recorded = _read_consensus(consensus, like, lengths, faults)
    refuse(MESSAGE, faults)
    falling = np.array([points[code][0] > points[code][-1] for code in codes], dtype=np.bool_)

    def steps_of(table: FloatArray) -> NDArray[np.int8]:
        upright = np.where(falling, lengths - 1 - table, table)
        return np.where(np.isnan(table), -1, upright).astype(np.int8)

    asked = np.array([[party in (asked_of or {}).get(code, parties) for code in codes] for party in parties])[:, None]
    steps, declined = np.where(asked, np.stack([steps_of(table) for table in said]), np.int8(-1)), declined & asked
    settled, given = ~np.isnan(recorded), steps.copy()
    steps[:, settled], declined[:, settled] = -1, True
    steps[0][settled], declined[0][settled] = steps_of(recorded)[settled], False
    rule_of = {code: default[code] if rules[code] == "consensus" else rules[code] for code in codes}
    kinds, kind_of = _numbered(
        Kind(tuple(sorted(map(float, points[code]))), rule_of[code], best_judge.get(code, BOTH)) for code in codes
    )
    weight = float(best_judge_weight)
    cells = Cells(like.index, codes, parties, weight, kinds, kind_of, falling, steps, declined, settled, asked, given)
    if cells.base ** len(parties) > MOST_CODES:
        what = f"{len(parties)} partijen met {cells.base - FIRST_STEP} niveaus"
        refuse_one(MESSAGE, "too-many-parties", what, "minder partijen of niveaus", "voeg partijen eerst samen")
    return Combined(cells)


def _numbered(kinds: Iterable[Kind]) -> tuple[tuple[Kind, ...], NDArray[np.intp]]:
    """The different kinds in the order in which they occur, and which of them each is."""
    each = list(kinds)
    distinct = tuple(dict.fromkeys(each))
    return distinct, np.array([distinct.index(kind) for kind in each], dtype=np.intp)


def _first_table(levels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table whose units and indicators the others follow: of the first party by name."""
    if not levels:
        refuse_one(MESSAGE, "no-party", "geen enkele partij", "minstens een", "geef de oordelen van een partij")
    strange = [party for party in sorted(levels) if not isinstance(levels[party], pd.DataFrame)]
    refuse(MESSAGE, code_faults("no-table", strange, "“{}” is geen tabel", "een DataFrame per partij", "geef die"))
    return levels[min(levels)]


def _read_levels(
    table: pd.DataFrame, like: pd.DataFrame, what: str, lengths: NDArray[np.intp], faults: list[Finding]
) -> FloatArray:
    """One table of levels in the order of `like`; its faults come with the others."""
    frame, wrong = number_table(table, what)
    wrong += label_faults(frame, like, what)
    if wrong:
        faults += wrong
        return np.full(like.shape, np.nan)
    cells = frame.reindex(index=like.index, columns=like.columns).to_numpy()
    outside = ~np.isnan(cells) & ~((cells >= 0) & (cells < lengths) & (cells == np.floor(cells)))
    allowed, remedy = "een niveau van de schaal, vanaf 0", "verbeter de niveaus"
    faults += marked_faults(like, outside, "level-outside-scale", what, "buiten de schaal", allowed, remedy)
    return cells


def _read_declined(
    tables: Mapping[str, pd.DataFrame], said: Mapping[str, FloatArray], like: pd.DataFrame, faults: list[Finding]
) -> BoolArray:
    """Party × unit × indicator: it says not applicable."""
    declined = {party: np.zeros(like.shape, dtype=np.bool_) for party in said}
    strange = [party for party in tables if party not in said]
    faults += [fault("unknown-party", f"n.v.t. van “{one}”", names(said), meant(one, said)) for one in strange]
    for party in tables.keys() & said.keys():
        declined[party], wrong = flag_table(tables[party], like, f"de n.v.t.-tabel van {party}")
        what, double = f"{party}: een waarde en n.v.t.", declined[party] & ~np.isnan(said[party])
        faults += wrong
        faults += marked_faults(like, double, "level-and-not-applicable", what, "", "een van beide", "kies er een")
    return np.stack(list(declined.values()))


def _read_consensus(
    consensus: pd.DataFrame | None, like: pd.DataFrame, lengths: NDArray[np.intp], faults: list[Finding]
) -> FloatArray:
    """The recorded levels, which may cover a part of the units and indicators."""
    frame, wrong = number_table(like.iloc[:0] if consensus is None else consensus, "de consensus")
    strange = [*frame.index.difference(like.index, sort=False), *frame.columns.difference(like.columns, sort=False)]
    if strange:
        found, allowed = f"de consensus kent te veel: {names(strange)}", "eenheden en indicatoren van de oordelen"
        wrong.append(fault("other-labels", found, allowed, "laat ze weg"))
    if wrong:
        faults += wrong
        return np.full(like.shape, np.nan)
    return _read_levels(frame.reindex(index=like.index, columns=like.columns), like, "de consensus", lengths, faults)


def _rule_faults(
    codes: Sequence[str],
    parties: Sequence[str],
    rules: Mapping[str, str],
    consensus_default: Mapping[str, str],
    best_judge: Mapping[str, str],
) -> list[Finding]:
    """Everything that is wrong with the rules, and with who counts more."""
    asked = [(code, "regel", rules.get(code), RULES) for code in codes]
    settled = [code for code in codes if rules.get(code) == "consensus"]
    asked += [(code, "regel waar geen consensus is", consensus_default.get(code), RULES[:-1]) for code in settled]
    judges = [
        (code, "beste beoordelaar", best_judge.get(code), (*parties, BOTH))
        for code, _, rule, _ in asked
        # With one party there is nobody to count more than, so its best judge may be one that is absent.
        if rule == "weighted" and len(parties) > 1
    ]
    return [
        fault(
            f"unknown-{kind}",
            f"{what} van “{code}”: {'geen' if given is None else f'“{given}”'}",
            names(allowed),
            meant(given or "", allowed),
            indicator=code,
        )
        for kind, each in (("rule", asked), ("party", judges))
        for code, what, given, allowed in each
        if given not in allowed
    ]


def _point_faults(codes: Sequence[Hashable], points: Mapping[Hashable, Sequence[float]]) -> list[Finding]:
    def fine(scale: Sequence[float]) -> bool:
        rises = np.diff(np.asarray(scale, dtype=np.float64))
        one_way = bool((rises >= 0).all() or (rises <= 0).all())
        return len(scale) > 1 and one_way and min(scale) >= 0 and max(scale) < np.inf

    wrong = [code for code in codes if not fine(points.get(code, ()))]
    allowed, remedy = "twee of meer punten vanaf 0 die stijgen of dalen", "geef de punten per niveau"
    return code_faults("bad-points", wrong, "de punten van “{}”", allowed, remedy)
