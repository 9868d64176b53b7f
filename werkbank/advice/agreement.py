"""How far the parties agree, always several figures side by side; and where they differ: what to meet about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, product
from operator import itemgetter

import numpy as np
import pandas as pd

from werkbank.advice.questions import CONTESTED
from werkbank.advice.scorecard import Scorecard, recalculate
from werkbank.errors import Finding
from werkbank.matrix import RiskMatrix
from werkbank.scoring import Combined, alpha_interval, bias, gwet_ac, percent_agreement, pooled_alpha
from werkbank.scoring.combine import Cells
from werkbank.scoring.robustness import Robustness, first_of
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import within

AGENDA_DRAWS = 2_000
"""Recalculations behind the order of what to talk about."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one family's cells that at least two parties know; None where it cannot be determined.

    `alpha`: Krippendorff's, ordinal, within indicators (differences between indicators would pass for agreement).
    `gwet_ac2`: on the whole scale, ordinal weights. `identical`, `within_one`: shares of those cells. `bias`: how many
    levels the first party judges higher than the second, on average; None for more than two. `n`: the number of cells.
    All ratings equal leave alpha undetermined, however well the parties agree: it is never shown alone (method.md 5).
    `alpha_low` and `alpha_high`: in 95 of 100 draws of as many parks alpha lies between these; None with fewer than ten
    parks. `pair`: the two parties, where there are more and this is about these two; else it is about all.
    """

    family: str
    alpha: float | None
    gwet_ac2: float | None
    identical: float | None
    within_one: float | None
    bias: float | None
    n: int
    alpha_low: float | None = None
    alpha_high: float | None = None
    pair: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """What one party says of the cell."""

    party: str
    level: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the parties differ, and what agreeing on one side or the other would do.

    `low` and `high` are the shares of recalculations in which the park is selected when all take the judgement with the
    least or the most risk; None where the park is not in contention, or nothing was recalculated. `weight` is by how
    many steps they differ, times the severity.
    """

    park_id: str
    indicator: str
    voices: tuple[Voice, ...]
    low: float | None
    high: float | None
    weight: float

    @property
    def effect(self) -> float:
        """By how much the share would differ, 0-1."""
        return 0.0 if self.low is None or self.high is None else abs(self.high - self.low)


def agreement_of(
    matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str], *, seed: int
) -> tuple[Agreement, ...]:
    """The agreement per family, of three parties or more also per pair; none at all when fewer than two delivered.

    `seed` is for the interval.
    """
    tables = {party: matrix.levels(party) for party in parties if party in matrix.delivered()}
    if len(tables) < 2:
        return ()
    pairs = [(), *(combinations(tables, 2) if len(tables) > 2 else ())]
    found = []
    for family, pair in product(catalogue.families, pairs):
        codes = [indicator.id for indicator in catalogue.by_family(family.id)]
        # indicator × party × park
        levels = np.stack([tables[party][codes].to_numpy().T for party in pair or tables], axis=1)
        highest = max(catalogue.scale_of(code).highest for code in codes)
        found.append(replace(_agreement(family.id, levels, highest, seed), pair=pair))
    return tuple(found)


def _agreement(family: str, levels: np.ndarray, highest: int, seed: int) -> Agreement:
    cells = np.concatenate(list(levels), axis=1)
    shared = (~np.isnan(cells)).sum(axis=0) > 1
    between = alpha_interval(levels, seed=seed)
    return Agreement(
        family=family,
        alpha=_number(pooled_alpha(levels)),
        gwet_ac2=_number(gwet_ac(cells[:, shared], categories=range(highest + 1))) if shared.any() else None,
        identical=_number(percent_agreement(cells)),
        within_one=_number(percent_agreement(cells, within=1)),
        bias=_number(bias(cells)) if len(cells) == 2 else None,
        n=int(shared.sum()),
        alpha_low=_number(between.low),
        alpha_high=_number(between.high),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def differences(
    scorecard: Scorecard, found: Robustness | None, advised: Sequence[str], chance: pd.Series | None
) -> tuple[Difference, ...]:
    """The cells on which parties give different levels, those first that decide most on who is selected (method.md 5).

    On what they agreed on there is nothing left to talk about. For parks that are advised or in contention (`chance`
    of being selected) both outcomes are drawn again with the random numbers of the park itself, against the others as
    they are. The rest follow by steps times severity.
    """
    agreed = {(one.park_id, one.indicator) for one in scorecard.agreed}
    apart = [one for one in _differing(scorecard.judged) if one[:2] not in agreed]
    contested = set(advised) if chance is None else {*advised, *chance.index[chance.between(CONTESTED, 1 - CONTESTED)]}
    drawn = [] if found is None or not advised else [one for one in apart if one[0] in contested]
    shares = iter(_settled(scorecard, found, drawn, len(advised)) if found is not None else ())
    found_differences = []
    for park, indicator, given in apart:
        voices = tuple(Voice(party, level) for party, level in given.items())
        low, high = next(shares) if (park, indicator, given) in drawn else (None, None)
        severity = scorecard.catalogue.indicator(indicator).severity or 1
        steps = max(given.values()) - min(given.values())
        found_differences.append(Difference(park, indicator, voices, low, high, float(steps * severity)))
    return tuple(sorted(found_differences, key=_order))


def _settled(
    scorecard: Scorecard, found: Robustness, apart: Sequence[tuple[str, str, Mapping[str, int]]], k: int
) -> Iterator[tuple[float, float]]:
    """Per cell how often its park is selected, 0-1, when all take the lower and when all take the higher risk."""
    cells, draws = scorecard.combined.cells, min(AGENDA_DRAWS, found.draws)
    column = {str(code): number for number, code in enumerate(cells.indicators)}
    # A park at a time: with those of all parks at once most of the time goes into finding memory.
    for park, differing in groupby(apart, key=itemgetter(0)):
        variants = _variants(cells, list(cells.units).index(park), [column[code] for _, code, _ in differing])
        again = recalculate(scorecard, Combined(variants), [park] * len(variants.units), draws)
        if again is not None:
            rivals = [one for one in scorecard.candidates if one != park]
            others = found.totals.loc[rivals].to_numpy()[:, :draws].T
            shares = [float(first_of(k, own, others).mean()) for own in again.totals.to_numpy()]
            yield from zip(shares[::2], shares[1::2], strict=True)


def _variants(cells: Cells, unit: int, columns: Sequence[int]) -> Cells:
    """One unit many times: per column once with the lowest that is said there and once with the highest, for all."""
    variants, at = np.arange(2 * len(columns)), np.repeat(columns, 2)
    own = cells.steps[:, unit, at]
    lowest = np.where(own >= 0, own, own.max(axis=0)).min(axis=0)
    same = [unit] * len(variants)
    steps, declined, settled = cells.steps[:, same], cells.declined[:, same], cells.settled[same]
    # One voice says it, and is in no doubt.
    steps[:, variants, at], declined[:, variants, at], settled[variants, at] = -1, True, True
    steps[0, variants, at] = np.where(variants % 2, own.max(axis=0), lowest)
    declined[0, variants, at] = False
    units = pd.RangeIndex(len(variants))
    return replace(cells, units=units, steps=steps, declined=declined, settled=settled, said=steps)


def _order(one: Difference) -> tuple[float, float, str, str]:
    # Effects that differ only in the last bits are equal, and stand by weight and in the order of their codes.
    return (-round(one.effect, 9), -one.weight, one.park_id, one.indicator)


def _differing(levels: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Park, indicator and the levels by party, wherever two parties say something else."""
    tables = {party: table.to_dict("index") for party, table in levels.items()}
    first = next(iter(levels.values()), pd.DataFrame())
    for park, code in product(first.index, first.columns):
        given = {party: table[park][code] for party, table in tables.items()}
        known = {party: int(level) for party, level in given.items() if not math.isnan(level)}
        if len(set(known.values())) > 1:
            yield str(park), str(code), known


def conflicts(scorecard: Scorecard, names: pd.Series) -> Iterator[Finding]:
    """A finding for every cell that one party calls not applicable and another judges."""
    catalogue = scorecard.catalogue
    for park, indicator in dict.fromkeys((park, indicator) for park, indicator, _ in scorecard.combined.conflicts):
        yield Finding(
            rule="not-applicable-beside-level",
            severity="warning",
            park_id=str(park),
            indicator=str(indicator),
            found=f"{names[str(park)]}, {within(catalogue.indicator(str(indicator)).name)} ({park}, {indicator}): "
            "een partij zegt “n.v.t.”, een andere geeft een niveau",
            allowed="van alle partijen een niveau, of van alle “n.v.t.”",
            remedy="bespreek het verschil; tot dan telt het niveau",
        )


_UNTIL_THEN = {"maximum": "tot dan telt het hoogste oordeel", "mean": "tot dan telt het gemiddelde van de partijen"}


def unsettled(scorecard: Scorecard) -> Iterator[Finding]:
    """A finding for every family of which the meeting's outcome is to count, as long as none is recorded.

    And one for a choice of earlier files that does nothing any more.
    """
    catalogue, method = scorecard.catalogue, scorecard.method
    if method.high is not None:
        yield Finding(
            rule="unused-choice",
            severity="warning",
            found=f"high: {method.high:g} in de methode doet niets meer",
            allowed="class_borders; wat hoog is, zegt elke schaal zelf",
            remedy="haal de regel high uit de parameters",
        )
    chosen = method.combination.model_dump()
    recorded = {catalogue.indicator(one.indicator).family for one in scorecard.agreed}
    for family in catalogue.families:
        if chosen[family.id] == "consensus" and family.id not in recorded:
            yield Finding(
                rule="no-consensus-recorded",
                severity="warning",
                found=f"{within(family.name)}: de uitkomst van het overleg zou tellen, maar er is er geen vastgelegd; "
                f"{_UNTIL_THEN[family.combination]}",
                allowed="een vastgelegde uitkomst, of een andere manier van samenvoegen",
                remedy="leg na het overleg vast wat is afgesproken (werkbank agree), of kies een andere combination",
            )
