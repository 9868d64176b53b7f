"""What a report reads: an Assessment as plain rows in the order of the advice, for one audience.

The gate that filters an Assessment stands before the report. Here is only the last door: an assessment that holds
more than its audience may see is refused, never shown in part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import pandas as pd

from werkbank.assessment.assessment import Assessment
from werkbank.errors import OutputError
from werkbank.parks.context import FIGURES, printed
from werkbank.register.notes import FIELD as NOTES
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience, Family, Indicator
from werkbank.sharing.who import asked_parties, reader_of
from werkbank.wording import count, listing, points


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One group of one park: score and bounds 0-100 in risk direction, coverage 0-1; None where there is none."""

    group: str
    name: str
    score: float | None
    low: float | None
    high: float | None
    coverage: float | None
    two_sided: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The combined level of one park and indicator, with its points 0-100 in risk direction."""

    park_id: str
    indicator: str
    level: float | None
    points: float | None
    applicable: bool
    known: bool
    known_by_all: bool
    contribution: float | None
    expected: float | None
    """Of a cell that nobody knows: at how many points it counts in its group; None where the reader may not know."""
    agreed: str | None = None
    """By whom and when the level was agreed on; None where it is what the parties say together."""

    @property
    def counted(self) -> float | None:
        """At how many points it counts; None where it does not apply."""
        return self.points if self.known else self.expected


@dataclass(frozen=True, slots=True)
class Judgement:
    """One party's cell as delivered, without its remark."""

    park_id: str
    indicator: str
    party: str
    state: str
    level: int | None
    source_strength: str
    date: str


@dataclass(frozen=True, slots=True)
class Park:
    """One park with its score, bounds, place and groups."""

    park_id: str
    name: str
    net_ha: float | None
    score: float | None
    low: float | None
    high: float | None
    rank: int | None
    district_rank: int | None
    place: int | None
    action: str
    estimated: float | None
    """Points of the score that rest on cells nobody knows; None where the reader may not know."""
    mostly_estimated: bool | None
    unknown: int | None
    asked: int | None
    suspected: bool | None
    """Whether any threat is filled in above the lowest level: only then it can be advised."""
    coverage: float | None
    two_sided: float | None
    highest: float | None
    share_high: float | None
    p_first: float | None
    """The share 0-1 of recalculations in which the park is first; None where the reader may not know."""
    p_selected: float | None
    rank_low: int | None
    rank_high: int | None
    drawn_low: float | None
    drawn_high: float | None
    groups: tuple[GroupScore, ...]
    compared_total: float | None = None
    """Its score, and bounds, on the parties that every municipality asks; None where all ask the same."""
    compared_low: float | None = None
    compared_high: float | None = None

    @property
    def shown_groups(self) -> tuple[GroupScore, ...]:
        """The groups of which the reader gets a score, or between which bounds it lies."""
        return tuple(one for one in self.groups if one.score is not None or one.low is not None)


@dataclass(frozen=True, slots=True)
class View:
    """An assessment beside its catalogue, as rows; parks by rank, those without a score last."""

    assessment: Assessment
    catalogue: Catalogue
    audience: Audience
    parks: tuple[Park, ...]
    cells: dict[tuple[str, str], Cell]
    judgements: dict[tuple[str, str, str], Judgement]
    context: dict[str, dict[str, str]]

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that were asked, delivered or not."""
        return self.assessment.parameters.parties

    @property
    def missing(self) -> tuple[str, ...]:
        """The parties that were asked and of which no workbook was read."""
        return self.assessment.absent

    @property
    def asked(self) -> tuple[str, ...]:
        """Every party that takes part, also one whose judgements are withheld here."""
        return asked_parties(self.assessment)

    def not_asked(self, indicator: str, party: str | None = None) -> bool:
        """Whether an indicator is not asked of a party, or of none of those that are seen here."""
        return not self.catalogue.asked_of(indicator, self.parties if party is None else (party,))

    @property
    def draws(self) -> int:
        """How many recalculations there were; 0 where the reader may not know."""
        sureness = self.assessment.advice.sureness
        return sureness.draws if sureness else self.assessment.parameters.method.draws

    def points(self, value: float | None) -> str:
        """A score or a bound as every part of a report prints it; never on the wrong side of a class's border."""
        return points(value, self.assessment.parameters.method.class_borders)

    def shown(self, score: float | None, otherwise: str = "?") -> str:
        """A score as it is printed; a sign where there is none."""
        return otherwise if score is None else self.points(score)

    def bounds(self, park: Park) -> str:
        """Between which figures a park's score may still come out: "52,3–74"."""
        return f"{self.points(park.low)}–{self.points(park.high)}"

    @property
    def size(self) -> str:
        """How many parks there are: "31 terreinen"."""
        return count(len(self.parks), "terrein", "terreinen")

    @property
    def advised(self) -> tuple[Park, ...]:
        """The parks of the advice, highest first."""
        return tuple(self.park(park_id) for park_id in self.assessment.advice.park_ids)

    def shows(self, field: str) -> bool:
        """Whether the audience sees this part of the outcome."""
        return field in self.audience.fields

    @property
    def grouped(self) -> bool:
        """Whether the reader gets scores of groups."""
        return not self.assessment.coarse or self.shows("group_scores")

    @property
    def classed(self) -> bool:
        """Whether the reader gets the classes of scores."""
        return not self.assessment.coarse or self.shows("totals")

    def park(self, park_id: str) -> Park:
        """The park with this code."""
        return next(park for park in self.parks if park.park_id == park_id)

    @property
    def names(self) -> dict[str, str]:
        """Every park's name by its code."""
        return {park.park_id: park.name for park in self.parks}

    def label(self, park: Park) -> str:
        """A park's name in a list or on an axis; two parks of one name are told apart by their codes."""
        same = sum(1 for other in self.parks if other.name == park.name)
        return park.name if same == 1 else f"{park.name} ({park.park_id})"

    def party_name(self, party: str) -> str:
        """A party's name in a sentence."""
        return self.catalogue.party(party).name

    def indicators(self) -> Iterator[Indicator]:
        """The indicators, family by family."""
        for family in self.catalogue.families:
            yield from self.catalogue.by_family(family.id)

    def cells_of(self, park_id: str) -> tuple[Cell, ...]:
        """A park's cells in the order of the indicators."""
        return tuple(self.cells[park_id, indicator.id] for indicator in self.indicators())

    def context_of(self, park_id: str) -> dict[str, str]:
        """A park's context figures as they are printed, by their codes; none for who may not see them."""
        return self.context.get(park_id, {}) if self.shows("context") else {}

    def states(self, party: str, state: str, park_id: str | None = None) -> int:
        """How many of a party's cells are in this state, on one park or on all."""
        return _tallies(self.assessment)[party, state, park_id]


def view_of(assessment: Assessment) -> View:
    """The assessment as rows for its audience.

    Raises OutputError when the assessment holds more than the audience may see, or when the catalogue is no longer
    the one it was made with.
    """
    catalogue, audience = assessment.catalogue, reader_of(assessment)
    notes = ["aantekeningen"] if assessment.notes and NOTES not in audience.fields else []
    remarks = ["toelichtingen"] if len(assessment.remarks) and "remarks" not in audience.fields else []
    held = {*assessment.cells["indicator"].unique(), *assessment.judgements["indicator"].unique()}
    refuse_too_much("analyse", assessment.parameters.parties, held, catalogue, audience, *notes, *remarks)
    rows = _rows(assessment, catalogue.families, in_district=audience.areas == "district")
    return View(assessment, catalogue, audience, *rows)


def refuse_too_much(
    what: str, parties: Iterable[str], rows: Collection[str], catalogue: Catalogue, audience: Audience, *more: str
) -> None:
    """The last door: with more parties or rows than the audience may see nothing is made at all."""
    too_much = [
        *(catalogue.party(party).name for party in parties if party not in audience.parties),
        *sorted({*rows} - set(catalogue.visible_to(audience) if "cells" in audience.fields else ())),
        *more,
    ]
    if too_much:
        raise OutputError(
            f"Deze {what} bevat meer dan de doelgroep “{audience.name}” mag zien; er is niets gemaakt. "
            f"Te veel: {listing(too_much[:6])}. Beperk eerst de gegevens, of maak de {what} voor een andere doelgroep."
        )


@lru_cache(maxsize=16)
def _rows(assessment: Assessment, families: tuple[Family, ...], *, in_district: bool) -> tuple[Any, Any, Any, Any]:
    """Parks, cells and judgements. Every chapter looks at the same ones; what may be seen is asked each time."""
    groups = {(row["park_id"], row["group"]): row for row in _records(assessment.groups)}
    parks = [_park(row, groups, families, in_district=in_district) for row in _records(assessment.parks)]
    cells = _made(Cell, _records(assessment.cells))
    judgements = _made(Judgement, _records(assessment.judgements))
    return (
        tuple(sorted(parks, key=_order)),
        {(one.park_id, one.indicator): one for one in cells},
        {(one.park_id, one.indicator, one.party): one for one in judgements},
        {row["park_id"]: _context(row) for row in _records(assessment.context)},
    )


def _context(row: dict[str, Any]) -> dict[str, str]:
    return {one.id: printed(one, row[one.id]) for one in FIGURES if row.get(one.id) not in (None, "")}


def _order(park: Park) -> tuple[float, float, str]:
    return (float("inf") if park.rank is None else park.rank, -(park.high or 0), park.park_id)


def _park(row: dict[str, Any], groups: Any, families: tuple[Family, ...], *, in_district: bool) -> Park:
    own = [(one, groups[row["park_id"], one.score]) for one in families if (row["park_id"], one.score) in groups]
    scores = tuple(_made(GroupScore, ({**found, "name": family.score_name} for family, found in own)))
    rank = row["district_rank"] if in_district else None
    made: Park = _made(Park, [{**row, "place": row["class"], "district_rank": rank, "groups": scores}])[0]
    return made


def _made(kind: Any, rows: Iterable[dict[str, Any]]) -> list[Any]:
    """One of this kind per row; to ask for its fields takes longer than to make it."""
    names = {one.name for one in fields(kind)}
    return [kind(**{name: row[name] for name in names.intersection(row)}) for row in rows]


@lru_cache(maxsize=4)
def _tallies(assessment: Assessment) -> Counter[tuple[str, str, str | None]]:
    """How many cells of a party are in a state, on each park and (None) on all."""
    rows = _records(assessment.judgements)
    return Counter((row["party"], row["state"], park) for row in rows for park in (row["park_id"], None))


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows as plain values; what is missing is None, never NaN."""
    columns = (
        column.astype(object).where(column.notna(), None) if column.hasnans else column for _, column in frame.items()
    )
    return [dict(zip(frame, row, strict=True)) for row in zip(*(column.tolist() for column in columns), strict=True)]
