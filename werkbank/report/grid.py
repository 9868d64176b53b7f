"""Grids of parks: the heat map of the matrix, and the indications per phenomenon.

Every cell prints its value; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, make
from werkbank.report.terms import (
    NOT_APPLICABLE,
    STRENGTH,
    STRENGTH_MARK,
    UNKNOWN,
    Anchors,
    PhenomenonSign,
    cell_anchors,
    level_figure,
    level_text,
    one_or_some,
    signs,
)
from werkbank.report.view import Park, View, view_of
from werkbank.settings.entries import Family, Indicator
from werkbank.wording import count

__all__ = ["heat_map", "phenomena"]

COLUMNS = 31
"""How many parks fit beside one another on a landscape page."""
NARROW = 8
"""Up to how many parks a portrait page is wide enough."""
STEPS = 6
_STRENGTH_SHADE = {"none": "h0", "weak": "h2", "clear": "h4", "strong": "h6", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class _Square:
    """What one cell prints, the words behind it for who cannot see it, its shade, and where a link finds it."""

    text: str
    words: str
    shade: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    name: str
    squares: tuple[_Square, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    caption: str
    parks: tuple[Park, ...]
    lines: tuple[_Line, ...]


def heat_map(assessment: Assessment) -> Chapter:
    """Every indicator on every park: the combined level printed in the cell, `?` unknown, `–` not applicable.

    >>> assessment = wb.assess("urk")
    >>> wb.report.heat_map(assessment).title
    'De matrix in één oogopslag'
    """
    view = view_of(assessment)
    anchors = cell_anchors(view)
    grids = [
        _Grid(_part(f"{family.name}: {_lower(family.question)}", part, view), part, _lines(view, family, part, anchors))
        for family in view.catalogue.families
        for part in _parts(view.parks)
    ]
    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    return make(
        "heat",
        "De matrix in één oogopslag",
        f"{count(len(view.parks), 'terrein', 'terreinen')}, {count(unknown, 'onbekende cel', 'onbekende cellen')}",
        grids=grids,
        scales=_scales(view),
        whose=_whose(view),
        both=len(view.parties) > 1,
        one=one_or_some(len(view.parties)),
        reverse=_reverse(view),
        wide=len(view.parks) > NARROW,
    )


def _parts(parks: tuple[Park, ...]) -> Iterator[tuple[Park, ...]]:
    for start in range(0, len(parks), COLUMNS):
        yield parks[start : start + COLUMNS]


def _part(caption: str, part: tuple[Park, ...], view: View) -> str:
    if len(part) == len(view.parks):
        return caption
    return f"{caption} ({part[0].name} tot en met {part[-1].name})"


def _lines(view: View, family: Family, parks: tuple[Park, ...], anchors: Anchors) -> tuple[_Line, ...]:
    return tuple(
        _Line(row.id, row.name, tuple(_square(view, row, park, anchors[park.park_id, row.id]) for park in parks))
        for row in view.catalogue.by_family(family.id)
    )


def _square(view: View, indicator: Indicator, park: Park, anchor: str) -> _Square:
    cell = view.cells[park.park_id, indicator.id]
    if not cell.applicable:
        return _Square(NOT_APPLICABLE, "niet van toepassing", "none", anchor)
    if cell.level is None or cell.points is None:
        return _Square(UNKNOWN, "onbekend", "unknown", anchor)
    sides = "" if cell.known_by_all else " one"
    words = level_text(view.catalogue.scale_of(indicator.id), cell.level)
    return _Square(level_figure(cell.level), words, f"h{round(cell.points / 100 * STEPS)}{sides}", anchor)


def _whose(view: View) -> str:
    """Whose judgements the cells hold."""
    if len(view.parties) > 1:
        return "Elke cel geeft het oordeel van de partijen samen."
    return f"Elke cel geeft alleen het oordeel van de {view.party_name(view.parties[0])}."


def _scales(view: View) -> list[tuple[str, str, str]]:
    """Per family the group score it makes, and its levels from low to high as they are printed."""
    rows = []
    for family in view.catalogue.families:
        scale = next(scale for scale in view.catalogue.scales if scale.id == family.scale)
        group = "" if family.score_name == family.name else f"samen de deelscore {family.score_name.lower()}"
        rows.append((family.name, group, ", ".join(level_text(scale, level.value) for level in scale.levels)))
    return rows


def _reverse(view: View) -> str:
    """The family of which a low level is the worse one, if the catalogue has it."""
    return next((family.name for family in view.catalogue.families if family.score == "resilience_gap"), "")


def phenomena(assessment: Assessment) -> Chapter:
    """How strong the indication of each phenomenon is on each park; an indication, never a fact.

    >>> assessment = wb.assess("urk")
    >>> wb.report.phenomena(assessment).title
    'Aanwijzingen per fenomeen'
    """
    view = view_of(assessment)
    found = signs(view)
    grids = [_sign_grid(found, part, view) for part in _parts(view.parks)] if found else []
    strong = sum(1 for one in found if one.strength in ("clear", "strong"))
    legend = [(STRENGTH_MARK[code], STRENGTH[code]) for code in ("none", "weak", "clear", "strong", "unknown")]
    text = count(strong, "duidelijke of sterke aanwijzing", "duidelijke of sterke aanwijzingen")
    wide = len(view.parks) > NARROW
    kind = "Fenomeen" if view.shows("phenomena") else "Groep fenomenen"
    return make("phenomena", "Aanwijzingen per fenomeen", text, grids=grids, kind=kind, legend=legend, wide=wide)


def _sign_grid(found: tuple[PhenomenonSign, ...], parks: tuple[Park, ...], view: View) -> _Grid:
    table = {(one.id, one.park_id): one for one in found}
    names = {one.id: one.name for one in found}
    lines = tuple(
        _Line("", name, tuple(_sign_square(table[code, park.park_id]) for park in parks))
        for code, name in names.items()
    )
    what = "fenomeen" if view.shows("phenomena") else "groep fenomenen"
    return _Grid(_part(f"Sterkte van de aanwijzing per {what} en terrein", parks, view), parks, lines)


def _sign_square(one: PhenomenonSign) -> _Square:
    sides = "" if len(one.parties) != 1 else " one"
    return _Square(STRENGTH_MARK[one.strength], STRENGTH[one.strength], f"{_STRENGTH_SHADE[one.strength]}{sides}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
