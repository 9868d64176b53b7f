"""The whole advice: the highest parks, how sure that is, what would turn it around and what to find out first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from werkbank.advice.advice import Advice, Driver, advise, advised_parks
from werkbank.advice.differences import Difference, differences
from werkbank.advice.flip_cells import ParkCells
from werkbank.advice.flips import flips
from werkbank.advice.left_out import left_out
from werkbank.advice.questions import questions
from werkbank.advice.reasons import Reason, reasons
from werkbank.advice.scorecard import Scorecard, points, rules_of
from werkbank.advice.sureness import sureness
from werkbank.errors import Finding
from werkbank.matrix import RiskMatrix
from werkbank.scoring.robustness import Robustness
from werkbank.scoring.sobol import drivers
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.wording import within

__all__ = ["conflicts", "differences_of", "full_advice", "reasons_of", "unsettled"]


def full_advice(  # noqa: PLR0913 - what it rests on, each by name
    matrix: RiskMatrix,
    scorecard: Scorecard,
    found: Robustness,
    *,
    cells: Sequence[ParkCells],
    names: pd.Series,
    municipality: str,
    catalogue: Catalogue,
    method: Method,
    parties: Sequence[str],
    capacity: int,
) -> Advice:
    """The advice for one municipality with everything that is known of its sureness (method.md 7).

    `cells`: what `park_cells` made of the scorecard.
    """
    advised = advised_parks(scorecard.table, capacity)
    if not advised or len(scorecard.table) <= capacity:
        return advise(scorecard.table, names, capacity, municipality)
    # With nothing drawn anew every recalculation is the same one: that makes nothing sure.
    sure = sureness(found, advised) if found.plan.nominal.uncertainty.switched_on else None
    best_judge = {indicator.id: indicator.best_judge for indicator in catalogue.indicators}
    return advise(
        scorecard.table,
        names,
        capacity,
        municipality,
        edges=method.edges,
        sure=sure,
        flips=flips(cells, advised, _rivals(scorecard, found, advised)),
        questions=questions(found, advised, best_judge),
        drivers=tuple(
            Driver(str(choice), _known(row["first"]), _known(row["total"]))
            for choice, row in drivers(found, advised).to_dict("index").items()
        ),
        left_out=left_out(matrix, scorecard, catalogue, method, parties, advised),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def differences_of(
    matrix: RiskMatrix,
    scorecard: Scorecard,
    cells: Sequence[ParkCells],
    parties: Sequence[str],
    advised: Sequence[str],
) -> tuple[Difference, ...]:
    """The cells on which the parties differ, sorted by what settling them would do to the advice."""
    levels = {party: matrix.levels(party) for party in parties}
    return differences(levels, cells, scorecard.risk.total, advised)


def _rivals(scorecard: Scorecard, found: Robustness, advised: Sequence[str]) -> list[str]:
    """The other parks with a score, those most often among the first first, then by score."""
    among, total = found.p_top(len(advised)), scorecard.risk.total
    others = [str(park) for park in total.index[total.notna()] if park not in advised]
    return sorted(others, key=lambda park: (-among[park], -total[park], park))


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


def unsettled(catalogue: Catalogue, method: Method) -> Iterator[Finding]:
    """A finding for every family of which the meeting's outcome is to count, as long as none is recorded."""
    chosen, until_then = method.combination.model_dump(), Method().combination.model_dump()
    for family in catalogue.families:
        if chosen[family.id] == "consensus":
            yield Finding(
                rule="no-consensus-recorded",
                severity="warning",
                found=f"{within(family.name)}: de uitkomst van het overleg zou tellen, maar er is er geen vastgelegd; "
                f"{_UNTIL_THEN[until_then[family.id]]}",
                allowed="een vastgelegde uitkomst, of een andere manier van samenvoegen",
                remedy="pas na het overleg de oordelen in de werkmappen aan, of kies bij combination een andere manier",
            )


_UNTIL_THEN = {"maximum": "tot dan telt het hoogste oordeel", "mean": "tot dan telt het gemiddelde van de partijen"}


def reasons_of(
    matrix: RiskMatrix, scorecard: Scorecard, catalogue: Catalogue, method: Method, parties: Sequence[str]
) -> tuple[Reason, ...]:
    """The cells that contribute most to each park's score, with who says what."""
    levels = {party: matrix.levels(party) for party in parties}
    return reasons(
        scorecard.risk.contributions[list(matrix.indicators)],
        {party: points(table, catalogue) for party, table in levels.items()},
        levels,
        rules_of(catalogue, method),
    )
