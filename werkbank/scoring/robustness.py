"""Robustness: the order of the units when all that could have been chosen otherwise is drawn anew, all at once (SMAA).

Lahdelma & Salminen, SMAA-2 (2001). Each kind of choice has its own stream of random numbers, block by block, and the
cells of a unit have the unit's own: switching one uncertainty off leaves the draws of the others as they were, and a
unit has the same ones among any others, in any order. The shares are of recalculations; no chance of a crime.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding, fault
from werkbank.scoring.aggregation import MeanByGroup
from werkbank.scoring.combine import DRAWN_RULES, FIRST_STEP, Combined, Kind
from werkbank.scoring.ranking import LEVEL, Places, pairwise_shares, places, rank_shares
from werkbank.scoring.score import Choices, Plan, as_chosen, evaluate, plan_of, spread
from werkbank.scoring.sensitivity import sobol_indices
from werkbank.scoring.tables import BoolArray, FloatArray, IntArray, meant, names, refuse, refuse_one
from werkbank.scoring.unknown_cells import CellDraws, District, cell_draws

BLOCK = 250
"""Draws in one block; part of what makes equal seeds give equal bytes."""
SHARES = (0.05, 0.5, 0.95)
SETS = 4 * BLOCK
"""Pre-drawn sets of each choice of which it is told what it drives: the same as those of the first recalculations."""
RUNS = 512
"""Base runs for that: four times as many halve the noise, which is then some 0.05 of a large index."""
_STREAMS = ("group_weights", "indicator_weights", "combination", "threat_power", "scale_points")
"""The choices that are drawn once for all units, each apart."""
_PARTS = dict(zip(_STREAMS, ("group_weights", "factors", "rules", "powers", "points"), strict=True))
"""By name what of the choices is drawn; the other two are in `changes`, of other cells each."""
_UNCERTAIN = (*_STREAMS, "missing", "party_error")
"""All that can be drawn, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is drawn, and what the draws of unknown cells and of errors are made from."""

    uncertain: Mapping[str, Any]
    """By name what is drawn and how, as `read_uncertainty` gives it."""
    seed: int
    power_of: int
    """The place of the group whose exponent is drawn."""
    cells: CellDraws | None
    """What is drawn of the cells; None where nothing of it is."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """What comes out when everything that could have been chosen otherwise is; every draw can be read back.

    A unit in which nothing applies has no total, and is never first.
    """

    plan: Plan = field(repr=False)
    drawing: Drawing = field(repr=False)
    drawn: Choices = field(repr=False)
    """The choices of every draw, but for those per cell: these are drawn again when asked for."""
    _totals: FloatArray = field(repr=False)

    @property
    def units(self) -> pd.Index:
        """The units, in the order of the table they came from."""
        return self.plan.cells.units

    @property
    def draws(self) -> int:
        """The number of recalculations."""
        return len(self._totals)

    @property
    def switched_on(self) -> tuple[str, ...]:
        """The names of what was drawn."""
        return tuple(self.drawing.uncertain)

    @property
    def totals(self) -> pd.DataFrame:
        """Unit × recalculation: the totals 0-100, NaN where a unit has none; a copy."""
        return pd.DataFrame(self._totals.T.copy(), index=self.units)

    @property
    def acceptability(self) -> pd.DataFrame:
        """Unit × rank: the share of recalculations with that rank; ties count the best place (SMAA-2)."""
        ranks = pd.RangeIndex(1, len(self.units) + 1)
        return pd.DataFrame(rank_shares(self._ranks), index=self.units, columns=ranks)

    @property
    def p_first(self) -> pd.Series[float]:
        """The share of recalculations in which the unit is first; a tie is split over those that tie."""
        return self.p_top(1).rename("p_first")

    def p_top(self, k: int, among: Collection[Hashable] | None = None) -> pd.Series[float]:
        """The share of recalculations in which the unit is one of the first `k`; see `selected`."""
        return pd.Series(self.selected(k, among).mean(axis=0), index=self.units, name="p_selected")

    def selected(self, k: int, among: Collection[Hashable] | None = None) -> FloatArray:
        """Recalculation × unit: 1 when it is one of the first `k` of all units, or of those `among` them.

        For a unit that is not `among` them: of those and itself (method.md 7). A part of 1 on a tie.
        """
        inside = self._inside(among)
        found, rivals = np.empty(self._totals.shape), self._totals[:, inside]
        found[:, inside] = self._places_of(inside).among(k)
        for place in np.flatnonzero(~inside):
            found[:, place] = first_of(k, self._totals[:, place], rivals)
        return found

    def comes_out(self, chosen: Collection[Hashable], among: Collection[Hashable] | None = None) -> FloatArray:
        """Per recalculation 1 when exactly these come first, of all or of those `among` them; a part of 1 on a tie."""
        strange = [unit for unit in chosen if unit not in self.units]
        if strange:
            message, allowed = "Deze keuze is niet te beoordelen.", "eenheden die zijn doorgerekend"
            refuse_one(message, "unknown-unit", names(strange), allowed, "verbeter de namen")
        inside = self._inside(among)
        return self._places_of(inside).exactly(self.units[inside].isin(list(chosen)))

    def _inside(self, among: Collection[Hashable] | None) -> BoolArray:
        return self.units.isin(self.units if among is None else list(among))

    def _places_of(self, inside: BoolArray) -> Places:
        return self._places if inside.all() else places(self._totals[:, inside], LEVEL)

    @property
    def intervals(self) -> pd.DataFrame:
        """Per unit the 5th, 50th and 95th percentile of its total and of its rank; NaN without a total."""
        ranks = np.where(np.isnan(self._totals), np.nan, self._places.above + 1.0)
        names_of = [f"{what}_{where}" for what in ("score", "rank") for where in ("low", "median", "high")]
        table = np.concatenate([_percentiles(self._totals), _percentiles(ranks)]).T
        return pd.DataFrame(table, index=self.units, columns=names_of)

    @property
    def pairwise(self) -> pd.DataFrame:
        """Unit × unit: the share of recalculations in which the row stands above the column; a tie counts half."""
        # A unit without a total stands below all that have one, and level with those that have none either.
        shares = pairwise_shares(np.where(self._ranks == 0, len(self.units) + 1, self._ranks))
        return pd.DataFrame(shares, index=self.units, columns=self.units)

    @property
    def choices(self) -> pd.DataFrame:
        """A row per recalculation with every choice but those per cell: weights, rules, exponents, points."""
        plan, drawn = self.plan, self.drawn
        columns: dict[str, object] = {}
        for place, (group, own) in enumerate(zip(plan.groups, plan.columns, strict=True)):
            rules = np.array([plan.cells.kinds[plan.cells.kind_of[own][0]].rule, *DRAWN_RULES])
            columns[f"weight {group}"] = drawn.group_weights[:, place]
            columns[f"rule {group}"] = rules[drawn.rules[:, place]]
            columns[f"power {group}"] = drawn.powers[:, place]
        columns |= {f"factor {code}": drawn.factors[:, place] for place, code in enumerate(plan.tree.leaves)}
        for code, kind in zip(plan.tree.leaves, plan.cells.kind_of, strict=True):
            columns |= {f"points {code} {step}": points for step, points in enumerate(drawn.points[kind].T)}
        return pd.DataFrame(columns)

    @cached_property
    def missing(self) -> NDArray[np.int8]:
        """Recalculation × unknown cell: the step each unknown cell got, in the order of `unknown_cells`."""
        drawn = self.drawing.cells
        if drawn is None or self.plan.expected is not None:
            return np.zeros((self.draws, 0), dtype=np.int8)
        rows, columns = self.plan.cells.unknown
        blocks = (drawn.draw(self.drawing.seed, *block)[:, rows, columns] for block in enumerate(_blocks(self.draws)))
        return np.concatenate([(changes - FIRST_STEP).astype(np.int8) for changes in blocks])

    @property
    def unknown_cells(self) -> list[tuple[Hashable, Hashable]]:
        """The unit and indicator of every cell that nobody knows."""
        rows, columns = self.plan.cells.unknown
        return [(self.units[row], self.plan.cells.indicators[code]) for row, code in zip(rows, columns, strict=True)]

    def __repr__(self) -> str:
        """The size and what was drawn."""
        drawn = ", ".join(self.switched_on) or "nothing"
        return f"<Robustness {len(self.units)} units, {self.draws} draws over {drawn}>"

    @cached_property
    def _places(self) -> Places:
        return places(self._totals, LEVEL)

    @cached_property
    def _ranks(self) -> IntArray:
        """Unit × draw: the rank, 0 where there is no total."""
        above = self._places.above.T
        return np.where(above < len(self.units), above + 1, 0)


def robustness(  # noqa: PLR0913 - every choice is named
    combined: Combined,
    structure: pd.DataFrame,
    *,
    uncertain: Mapping[str, Any],
    draws: int,
    seed: int,
    mean: MeanByGroup = "arithmetic",
    power_of: Hashable = "threat",
    district: District | None = None,
    streams: Sequence[Hashable] | None = None,
    one_factor: bool = False,
) -> Robustness:
    """The totals of every unit in `draws` recalculations, each with its own choices.

    The other choices are those of `score_risk`. `uncertain` names what is drawn, see `read_uncertainty`; `missing` and
    `party_error` need the `district`. `power_of`: the group of which the exponent is drawn. `streams`: per unit what
    its random numbers are named by, so that variants of one unit share them; its own name when not given. With
    `one_factor` they share the latent factor too: what is said alike is then drawn alike. Equal arguments give equal
    bytes on one machine. ScoringError with every fault.
    """
    named = read_uncertainty(uncertain)
    refuse("Deze doorrekening kan niet.", _faults(named, district, draws))
    plan = plan_of(combined, structure, mean=mean, district=district, missing_drawn="missing" in named)
    cells = None
    if district is not None and {"missing", "party_error"} & set(named):
        also = {"missing": "missing" in named, "error": "party_error" in named}
        cells = cell_draws(plan.cells, district, **also, keys=streams, one_factor=one_factor)
    varied = plan.groups.index(power_of) if "threat_power" in named else 0
    drawing = Drawing(named, seed, varied, cells)
    choices, totals = [], []
    for block, size in enumerate(_blocks(draws)):
        drawn = draw_block(plan, drawing, block, size)
        totals.append(evaluate(plan, drawn).total)
        choices.append(replace(drawn, changes=None))
    return Robustness(plan, drawing, joined(choices), np.concatenate(totals))


def first_of(k: int, own: FloatArray, others: FloatArray) -> FloatArray:
    """Per draw 1 when a unit with these totals is one of the first `k` among others (draw × unit); part on a tie."""
    ahead = others - own[:, None]
    level = 1 + (np.abs(ahead) <= LEVEL).sum(axis=1)
    found = np.clip((k - (ahead > LEVEL).sum(axis=1)) / level, 0.0, 1.0)
    return np.where(np.isnan(own), 0.0, found)


def groups_and_cells(found: Robustness, group: Hashable) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Recalculation × unit × group: the scores; and of one group what they are made of, as `spread` tells it."""
    place, blocks = found.plan.groups.index(group), enumerate(_blocks(found.draws))
    drawn = [draw_block(found.plan, found.drawing, block, size) for block, size in blocks]
    parts = [(evaluate(found.plan, one).groups, *spread(found.plan, one, place)) for one in drawn]
    groups, weights, values = (np.concatenate(each) for each in zip(*parts, strict=True))
    return groups, weights, values


def draw_block(plan: Plan, drawing: Drawing, block: int, draws: int) -> Choices:
    """The choices of one block; what is not uncertain is as it was chosen."""
    uncertain, chosen = drawing.uncertain, as_chosen(plan, draws)

    def stream(name: str) -> np.random.Generator:
        key = (block, _STREAMS.index(name))
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(drawing.seed, spawn_key=key)))

    if named := uncertain.get("group_weights"):
        weights = _group_weights(chosen.group_weights[0], named["concentration"], stream("group_weights"), draws)
        chosen = replace(chosen, group_weights=weights)
    if named := uncertain.get("indicator_weights"):
        noise = named["noise"]
        factors = stream("indicator_weights").uniform(1 - noise, 1 + noise, chosen.factors.shape)
        chosen = replace(chosen, factors=factors)
    if rules := uncertain.get("combination"):
        options = np.array([1 + DRAWN_RULES.index(rule) for rule in rules])
        chosen = replace(chosen, rules=options[stream("combination").integers(0, len(options), chosen.rules.shape)])
    if exponents := uncertain.get("threat_power"):
        powers = np.array(exponents, dtype=np.float64)
        chosen.powers[:, drawing.power_of] = powers[stream("threat_power").integers(0, len(powers), draws)]
    if "scale_points" in uncertain:
        chosen = replace(chosen, points=_points(plan.cells.kinds, stream("scale_points"), draws))
    cells = drawing.cells
    return replace(chosen, changes=None if cells is None else cells.draw(drawing.seed, block, draws))


def joined(blocks: Sequence[Choices]) -> Choices:
    """The draws of several blocks, one after another."""

    def whole(parts: Sequence[Any]) -> Any:
        if isinstance(parts[0], tuple):
            return tuple(map(np.concatenate, zip(*parts, strict=True)))
        return None if parts[0] is None else np.concatenate(parts)

    return Choices(**{each.name: whole([getattr(block, each.name) for block in blocks]) for each in fields(Choices)})


def _blocks(draws: int) -> list[int]:
    """The number of draws in each block."""
    return [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]


def _group_weights(chosen: FloatArray, concentration: float, rng: np.random.Generator, draws: int) -> FloatArray:
    """Dirichlet around the chosen weights; a group that was given no weight gets none."""
    weights = np.tile(chosen, (draws, 1))
    if (chosen > 0).sum() > 1:
        weights[:, chosen > 0] = rng.dirichlet(concentration * chosen[chosen > 0], draws)
    return weights


def _points(kinds: Sequence[Kind], rng: np.random.Generator, draws: int) -> tuple[FloatArray, ...]:
    """Per kind the points of its steps; scales with the same points are drawn once.

    The steps' rises are a Dirichlet around the chosen ones: with equal rises all rising scales are equally likely.
    """
    scales: dict[tuple[float, ...], FloatArray] = {}
    for kind in kinds:
        if kind.points not in scales:
            scales[kind.points] = _scale(np.array(kind.points), rng, draws)
    return tuple(scales[kind.points] for kind in kinds)


def _scale(points: FloatArray, rng: np.random.Generator, draws: int) -> FloatArray:
    rises = np.diff(points)
    real = rises > 0
    table = np.tile(points, (draws, 1))
    if real.sum() > 1:
        drawn = np.zeros((draws, len(rises)))
        drawn[:, real] = rng.dirichlet(rises[real] * real.sum() / rises.sum(), draws) * rises.sum()
        table[:, 1:-1] = points[0] + np.cumsum(drawn, axis=1)[:, :-1]
    return table


def _percentiles(table: FloatArray) -> FloatArray:
    """The 5th, 50th and 95th percentile per column as a value that is there, so that ranks stay ranks."""
    ascending = np.sort(np.ascontiguousarray(table.T), axis=1)  # NaN last
    known = (~np.isnan(table)).sum(axis=0)
    at = np.ceil(np.outer(known, SHARES)).astype(np.intp) - 1
    return np.where(known > 0, np.take_along_axis(ascending, np.maximum(at, 0), axis=1).T, np.nan)


def _faults(uncertain: Mapping[str, Any], district: District | None, draws: Any) -> list[Finding]:
    faults = []
    if not isinstance(draws, int) or draws < 1:
        faults.append(fault("bad-draws", f"{draws} doorrekeningen", "minstens één", "kies een groter getal"))
    if ("missing" in uncertain or "party_error" in uncertain) and district is None:
        found = "wat ontbreekt of anders beoordeeld kan zijn, zonder cijfers van het district"
        faults.append(fault("no-district", found, "de uitkomst van describe_district", "geef district mee"))
    return faults


def read_uncertainty(options: Mapping[str, Any]) -> dict[str, Any]:
    """What is drawn, by name, as in the method's YAML; ScoringError with every name that does not exist.

    - `group_weights: {concentration}`: Dirichlet around the chosen ones; threat 0.5 at 30 lies in 0.35-0.65 (5-95 %)
    - `indicator_weights: {noise}`: each weight times a factor between 1 - noise and 1 + noise
    - `combination: [rules]`: the rules to draw from, for each group on its own
    - `threat_power: [exponents]`: the exponents to draw from for the required group
    - `scale_points: bool`: the points of the levels between the lowest and the highest, always rising
    - `missing: bool`: what nobody knows, by one latent factor per unit
    - `party_error: bool`: what is so, one step beside what a party says, as often as the parties differ by one step

    None or False leaves a choice as it was made. What an option may be, the method's settings say.
    """
    strange = [name for name in options if name not in _UNCERTAIN]
    faults = [fault("unknown-uncertainty", f"“{name}”", names(_UNCERTAIN), meant(name, _UNCERTAIN)) for name in strange]
    refuse("Deze onzekerheid bestaat niet.", faults)
    return {name: options[name] for name in _UNCERTAIN if options.get(name) not in (None, False)}


def drivers(found: Robustness, chosen: Collection[Hashable], *, n: int = RUNS) -> pd.DataFrame:
    """Per uncertain choice its first-order and total Sobol index on the lead of `chosen` over the rest.

    The lead is the lowest total of the chosen units less the highest of the others, in points. Each choice is one
    factor: a number from 0 to 1 that says which of its pre-drawn sets is used, all missing cells being one set. Columns
    `first` (Saltelli 2010) and `total` (Jansen 1999), index the names of what was drawn, largest total first; empty
    when nothing was drawn or there is nothing to compare with. What is unknown and what is judged a step off are chosen
    apart here, without the factor they have in common. `n` is a power of 2; it takes n × (choices + 2) recalculations.
    """
    plan, named, seed = found.plan, found.switched_on, found.drawing.seed
    inside = found.units.isin(list(chosen))
    if not named or not inside.any() or inside.all():
        return pd.DataFrame({"first": [], "total": []}, dtype="float64")
    sets = joined([draw_block(plan, found.drawing, block, BLOCK) for block in range(SETS // BLOCK)])
    known = plan.cells.known

    def lead(runs: FloatArray) -> FloatArray:
        rows = np.minimum((runs * SETS).astype(np.intp), SETS - 1)
        parts = np.array_split(rows, max(1, len(runs) // BLOCK))
        totals = [
            evaluate(plan, _taken(sets, dict(zip(named, part.T, strict=True)), len(part), known)).total
            for part in parts
        ]
        filled = np.nan_to_num(np.concatenate(totals))
        return np.asarray(filled[:, inside].min(axis=1) - filled[:, ~inside].max(axis=1))

    # A Sobol sequence is no better for factors that point into draws, and scipy takes two seconds to load for it.
    points = _latin(n, 2 * len(named), np.random.default_rng([seed, n]))
    indices = sobol_indices(lead, dict.fromkeys(named, (0.0, 1.0)), n=n, seed=seed, points=points)
    return indices.sort_values("total", ascending=False, kind="stable")


def _taken(sets: Choices, rows: Mapping[str, IntArray], draws: int, known: BoolArray) -> Choices:
    """So many draws made of these, row by row and by name of the uncertainty; what is not named is the first."""

    def take(part: Any, at: IntArray) -> Any:
        return tuple(table[at] for table in part) if isinstance(part, tuple) else part[at]

    first, changes = np.zeros(draws, dtype=np.intp), sets.changes
    taken = {part: take(getattr(sets, part), rows.get(name, first)) for name, part in _PARTS.items()}
    if changes is not None:
        errors, missing = (changes[rows.get(name, first)] for name in ("party_error", "missing"))
        changes = np.where(known, errors, missing)
    return Choices(**taken, changes=changes)


def _latin(runs: int, columns: int, rng: np.random.Generator) -> FloatArray:
    """A Latin hypercube: a point in every stretch of every column."""
    at = rng.permuted(np.tile(np.arange(runs)[:, None], (1, columns)), axis=0)
    return (at + rng.random((runs, columns))) / runs
