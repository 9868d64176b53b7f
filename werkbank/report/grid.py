"""Grids of parks: the heat map of the matrix, and the indications per phenomenon.

Every cell prints its value; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.assessment.flow import Assessment
from werkbank.report.evidence import PhenomenonSign, signs
from werkbank.report.links import cell_anchors
from werkbank.report.section import Section, make
from werkbank.report.terms import (
    NOT_APPLICABLE,
    STRENGTH,
    STRENGTH_MARK,
    UNKNOWN,
    level_figure,
    level_text,
    one_or_some,
)
from werkbank.report.view import Park, View, view_of
from werkbank.settings.entries import Indicator
from werkbank.wording import count, within

__all__ = ["Square", "heat_map", "phenomena", "reverse_family", "square"]

_COLUMNS = 31
"""How many parks fit beside one another on a landscape page."""
_NARROW = 8
"""Up to how many parks a portrait page is wide enough."""
_SHADE = {"none": "h0", "weak": "h2", "clear": "h4", "strong": "h6", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Square:
    """What one cell prints, the words behind it for who cannot see it, its shade, and where a link finds it."""

    text: str
    words: str
    shade: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    name: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    caption: str
    parks: tuple[Park, ...]
    lines: tuple[_Line, ...]


def heat_map(assessment: Assessment) -> Section:
    """Every indicator on every park: the combined level printed in the cell, `?` unknown, `–` not applicable.

    >>> assessment = wb.assess("urk")
    >>> wb.report.heat_map(assessment).title
    'De matrix in één oogopslag'
    """
    view = view_of(assessment)
    anchors = cell_anchors(view)

    def line(row: Indicator, parks: tuple[Park, ...]) -> _Line:
        squares = (square(view, row, park, anchors[park.park_id, row.id]) for park in parks)
        return _Line(row.id, row.name, tuple(squares))

    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    several = len(view.parties) > 1
    return make(
        "heat",
        "De matrix in één oogopslag",
        f"{count(len(view.parks), 'terrein', 'terreinen')}, {count(unknown, 'onbekende cel', 'onbekende cellen')}",
        grids=[
            _Grid(
                f"{family.name}: {within(family.question)}{reach}",
                parks,
                tuple(line(row, parks) for row in view.catalogue.by_family(family.id)),
            )
            for family in view.catalogue.families
            for parks, reach in _parts(view)
        ],
        scales=_scales(view),
        whose="Elke cel geeft het oordeel van de partijen samen."
        if several
        else f"Elke cel geeft alleen het oordeel van de {view.party_name(view.parties[0])}.",
        both=several,
        one=one_or_some(len(view.parties)),
        reverse=reverse_family(view),
        wide=len(view.parks) > _NARROW,
    )


def _parts(view: View) -> Iterator[tuple[tuple[Park, ...], str]]:
    """As many parks as fit beside one another, with from where to where they go when that is not all."""
    for start in range(0, len(view.parks), _COLUMNS):
        part = view.parks[start : start + _COLUMNS]
        yield part, "" if part == view.parks else f" ({part[0].name} tot en met {part[-1].name})"


def square(view: View, indicator: Indicator, park: Park, anchor: str = "") -> Square:
    """What the heat map prints of one park and indicator."""
    cell = view.cells[park.park_id, indicator.id]
    if not cell.applicable:
        return Square(NOT_APPLICABLE, "niet van toepassing", "none", anchor)
    if cell.level is None or cell.points is None:
        return Square(UNKNOWN, "onbekend", "unknown", anchor)
    sides = "" if cell.known_by_all else " one"
    words = level_text(view.catalogue.scale_of(indicator.id), cell.level)
    return Square(level_figure(cell.level), words, f"h{round(cell.points / 100 * 6)}{sides}", anchor)


def _scales(view: View) -> list[tuple[str, str, str]]:
    """Per family the group score it makes, and its levels from low to high as they are printed."""
    rows = []
    for family in view.catalogue.families:
        scale = next(scale for scale in view.catalogue.scales if scale.id == family.scale)
        group = "" if family.score_name == family.name else f"samen de deelscore {family.score_name.lower()}"
        rows.append((family.name, group, ", ".join(level_text(scale, level.value) for level in scale.levels)))
    return rows


def reverse_family(view: View) -> str:
    """The family of which a low level is the worse one, if the catalogue has it."""
    return next((family.name for family in view.catalogue.families if family.score == "resilience_gap"), "")


def phenomena(assessment: Assessment) -> Section:
    """How strong the indication of each phenomenon is on each park; an indication, never a fact.

    >>> assessment = wb.assess("urk")
    >>> wb.report.phenomena(assessment).title
    'Aanwijzingen per fenomeen'
    """
    view = view_of(assessment)
    found = {(one.id, one.park_id): one for one in signs(view)}
    names = {one.id: one.name for one in found.values()}
    what = "fenomeen" if view.shows("phenomena") else "groep fenomenen"
    strong = sum(1 for one in found.values() if one.strength in ("clear", "strong"))
    return make(
        "phenomena",
        "Aanwijzingen per fenomeen",
        count(strong, "duidelijke of sterke aanwijzing", "duidelijke of sterke aanwijzingen"),
        grids=[
            _Grid(
                f"Sterkte van de aanwijzing per {what} en terrein{reach}",
                parks,
                tuple(
                    _Line("", name, tuple(_sign(found[code, park.park_id]) for park in parks))
                    for code, name in names.items()
                ),
            )
            for parks, reach in _parts(view)
            if found
        ],
        kind=what.capitalize(),
        legend=[(STRENGTH_MARK[code], STRENGTH[code]) for code in _SHADE],
        wide=len(view.parks) > _NARROW,
    )


def _sign(one: PhenomenonSign) -> Square:
    sides = " one" if len(one.parties) == 1 else ""
    return Square(STRENGTH_MARK[one.strength], STRENGTH[one.strength], f"{_SHADE[one.strength]}{sides}")
