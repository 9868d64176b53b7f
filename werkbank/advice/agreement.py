"""How far the parties agree, always several figures side by side; and where they differ: what to meet about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from werkbank.advice.flips import ParkCells, totals_with
from werkbank.advice.scorecard import Scorecard
from werkbank.errors import Finding
from werkbank.matrix import RiskMatrix
from werkbank.scoring import alpha_interval, bias, gwet_ac, percent_agreement, pooled_alpha
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.wording import within

__all__ = ["Agreement", "Difference", "Voice", "agreement_of", "conflicts", "differences", "unsettled"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one family's cells that at least two parties know; None where it cannot be determined.

    `alpha`: Krippendorff's, ordinal, within indicators (differences between indicators would pass for agreement).
    `gwet_ac2`: on the whole scale, ordinal weights. `identical`, `within_one`: shares of those cells. `bias`: how many
    levels the first party judges higher than the second, on average. `n`: the number of cells. All ratings equal
    leave alpha undetermined, however well the parties agree: it is never shown alone (method.md 5). `alpha_low` and
    `alpha_high`: in 95 of 100 draws of as many parks alpha lies between these; None with fewer than ten parks.
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


@dataclass(frozen=True, slots=True)
class Voice:
    """What one party says of the cell."""

    party: str
    level: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the parties differ, and what agreeing on one side or the other would do.

    `low` and `high` are the park's totals when all settle on the judgement with the least or the most risk; `turns`
    says that one of these changes which parks come out highest.
    """

    park_id: str
    indicator: str
    voices: tuple[Voice, ...]
    low: float
    high: float
    turns: bool

    @property
    def effect(self) -> float:
        """How far apart the park's totals are, in points."""
        return self.high - self.low


def agreement_of(
    matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str], *, seed: int
) -> tuple[Agreement, ...]:
    """The agreement per family; none at all when fewer than two parties delivered. `seed` is for the interval."""
    tables = [matrix.levels(party) for party in parties if party in matrix.delivered()]
    if len(tables) < 2:
        return ()
    found = []
    for family in catalogue.families:
        codes = [indicator.id for indicator in catalogue.by_family(family.id)]
        # indicator × party × park
        levels = np.stack([table[codes].to_numpy().T for table in tables], axis=1)
        highest = max(catalogue.scale_of(code).highest for code in codes)
        found.append(_agreement(family.id, levels, highest, seed))
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
        bias=_number(bias(cells[:2])),
        n=int(shared.sum()),
        alpha_low=_number(between.low),
        alpha_high=_number(between.high),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def differences(
    levels: Mapping[str, pd.DataFrame], parks: Sequence[ParkCells], totals: pd.Series, advised: Sequence[str]
) -> tuple[Difference, ...]:
    """The cells on which parties give different levels: first those that turn the advice, then by effect.

    `levels`: party → park × indicator; `totals` of every park. Cells that count in no score have no effect and come
    last, in the order of their codes.
    """
    by_id = {park.park_id: park for park in parks}
    chosen = totals.index.isin(list(advised))
    lowest_in, highest_out = totals[chosen].min(), totals[~chosen].max()
    found = []
    for park, indicator, given in _differing(levels):
        settled = totals_with(by_id[park], indicator, list(given.values())) if park in by_id else []
        low, high = (min(settled), max(settled)) if settled else (float(totals.get(park, math.nan)),) * 2
        turns = bool(settled) and bool(low < highest_out if park in advised else high > lowest_in)
        voices = tuple(Voice(party, level) for party, level in given.items())
        found.append(Difference(park, indicator, voices, low, high, turns))
    return tuple(sorted(found, key=_order))


def _order(one: Difference) -> tuple[bool, float, str, str]:
    # Effects that differ only in the last bits of a sum are equal, and stand in the order of their codes.
    return (not one.turns, 0.0 if math.isnan(one.effect) else -round(one.effect, 9), one.park_id, one.indicator)


def _differing(levels: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Park, indicator and the levels by party, wherever two parties say something else."""
    tables = {party: table.to_dict("index") for party, table in levels.items()}
    first = next(iter(levels.values()), pd.DataFrame())
    for park, code in product(first.index, first.columns):
        given = {party: table[park][code] for party, table in tables.items()}
        known = {party: int(level) for party, level in given.items() if not math.isnan(level)}
        if len(set(known.values())) > 1:
            yield str(park), str(code), known


def conflicts(scorecard: Scorecard) -> Iterator[Finding]:
    """A finding for every cell that one party calls not applicable and another judges."""
    for park, indicator in dict.fromkeys((park, indicator) for park, indicator, _ in scorecard.combined.conflicts):
        yield Finding(
            rule="not-applicable-beside-level",
            severity="warning",
            park_id=str(park),
            indicator=str(indicator),
            found=f"{park}, {indicator}: de ene partij zegt “n.v.t.”, de andere geeft een niveau",
            allowed="van alle partijen een niveau, of van alle “n.v.t.”",
            remedy="bespreek het verschil; tot dan telt het niveau",
        )


_UNTIL_THEN = {"maximum": "tot dan telt het hoogste oordeel", "mean": "tot dan telt het gemiddelde van de partijen"}


def unsettled(catalogue: Catalogue, method: Method) -> Iterator[Finding]:
    """A finding for every family of which the meeting's outcome is to count, as long as none is recorded."""
    chosen = method.combination.model_dump()
    for family in catalogue.families:
        if chosen[family.id] == "consensus":
            yield Finding(
                rule="no-consensus-recorded",
                severity="warning",
                found=f"{within(family.name)}: de uitkomst van het overleg zou tellen, maar er is er geen vastgelegd; "
                f"{_UNTIL_THEN[family.combination]}",
                allowed="een vastgelegde uitkomst, of een andere manier van samenvoegen",
                remedy="pas na het overleg de oordelen in de werkmappen aan, of kies bij combination een andere manier",
            )
