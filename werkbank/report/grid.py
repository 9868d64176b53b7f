"""Grids of parks: the heat map of the matrix, and the indications per phenomenon.

Every cell prints its value; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.assessment.flow import Assessment
from werkbank.report import blocks as b
from werkbank.report.evidence import PhenomenonSign, cell_anchors, signs
from werkbank.report.terms import (
    NOT_APPLICABLE,
    STRENGTH,
    STRENGTH_MARK,
    UNKNOWN,
    level_figure,
    level_text,
    one_or_some,
)
from werkbank.report.texts import words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.entries import Indicator
from werkbank.wording import count, within

__all__ = ["heat_map", "phenomena"]

COLUMNS = 31
"""How many parks fit beside one another on a landscape page."""
NARROW = 8
"""Up to how many parks a portrait page is wide enough."""
STEPS = 6
_SHADES = {"none": "h0", "weak": "h2", "clear": "h4", "strong": "h6", "unknown": "unknown"}
_HEADINGS = {"strong": "Sterk", "clear": "Duidelijk", "weak": "Zwak", "none": "Geen", "unknown": "Niet bekend"}
_MARKS = tuple(b.Mark(STRENGTH_MARK[one], _HEADINGS[one], one in ("strong", "clear", "weak")) for one in _HEADINGS)


def heat_map(assessment: Assessment) -> b.Chapter:
    """Every indicator on every park: the combined level printed in the cell, `?` unknown, `–` not applicable.

    >>> wb.report.heat_map(wb.assess("urk")).title
    'De matrix in één oogopslag'
    """
    view = view_of(assessment)
    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    size = f"{count(len(view.parks), 'terrein', 'terreinen')}, {count(unknown, 'onbekende cel', 'onbekende cellen')}"
    blocks = (*_legend(view), *_grids(view))
    return b.Chapter("De matrix in één oogopslag", size, blocks, "heat", wide=len(view.parks) > NARROW)


def _grids(view: View) -> Iterator[b.Grid]:
    anchors = cell_anchors(view)
    for family in view.catalogue.families:
        for parks in _parts(view.parks):
            rows = view.catalogue.by_family(family.id)
            lines = tuple(
                (row.id, row.name, tuple(_glyph(view, row, park, anchors[park.park_id, row.id]) for park in parks))
                for row in rows
            )
            caption = f"{family.name}: {within(family.question)}{_cut(view, parks)}"
            yield b.Grid(caption, "Indicator", *_columns(parks), lines)


def _parts(parks: tuple[Park, ...]) -> Iterator[tuple[Park, ...]]:
    for start in range(0, len(parks), COLUMNS):
        yield parks[start : start + COLUMNS]


def _cut(view: View, parks: tuple[Park, ...]) -> str:
    return "" if len(parks) == len(view.parks) else f" ({parks[0].name} tot en met {parks[-1].name})"


def _columns(parks: tuple[Park, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(park.name for park in parks), tuple(park.park_id for park in parks)


def _glyph(view: View, indicator: Indicator, park: Park, anchor: str) -> b.Glyph:
    cell = view.cells[park.park_id, indicator.id]
    if not cell.applicable:
        return b.Glyph(NOT_APPLICABLE, "niet van toepassing", "none", anchor)
    if cell.level is None or cell.points is None:
        return b.Glyph(UNKNOWN, "onbekend", "unknown", anchor)
    said = level_text(view.catalogue.scale_of(indicator.id), cell.level)
    shade = f"h{round(cell.points / 100 * STEPS)}"
    return b.Glyph(level_figure(cell.level), said, shade, anchor, slanted=not cell.known_by_all)


def _legend(view: View) -> Iterator[b.Block]:
    both = len(view.parties) > 1
    levels = (part for level in range(4) for part in (b.Span(str(level), f"key h{2 * level}"), " "))
    unknown = (b.Span(UNKNOWN, "key unknown"), " onbekend of nog leeg, telt niet als 0. ")
    nothing = (b.Span(NOT_APPLICABLE, "key none"), " niet van toepassing.")
    some = b.Span("schuin", "em"), f": bij {one_or_some(len(view.parties))}."
    whose = (" ", b.strong("Vet"), ": bekend bij alle partijen; ", *some) if both else ()
    yield b.Text((*levels, "Hoe donkerder, hoe meer risico. ", *unknown, *nothing, *whose), "legend")
    yield b.List(tuple(_scales(view)), plain=True, look="legend")
    yield b.Text(" ".join(_how_to_read(view, both=both)), "legend")


def _scales(view: View) -> Iterator[b.Line]:
    """Per family the group score it makes, and its levels from low to high as they are printed."""
    for family in view.catalogue.families:
        scale = next(scale for scale in view.catalogue.scales if scale.id == family.scale)
        group = "" if family.score_name == family.name else f" (samen de deelscore {family.score_name.lower()})"
        yield b.strong(family.name), f"{group}: {', '.join(level_text(scale, level.value) for level in scale.levels)}."


def _how_to_read(view: View, *, both: bool) -> Iterator[str]:
    yield words("heat.both") if both else words("heat.own", party=view.party_name(view.parties[0]))
    for family in view.catalogue.families:
        if family.score == "resilience_gap":
            yield words("heat.reverse", family=family.name)
    if both:
        yield words("heat.between")


def phenomena(assessment: Assessment) -> b.Chapter:
    """How strong the indication of each phenomenon is on each park; an indication, never a fact.

    >>> wb.report.phenomena(wb.assess("urk")).title
    'Aanwijzingen per fenomeen'
    """
    view = view_of(assessment)
    found = signs(view)
    marks = ", ".join(f"{mark} {STRENGTH[strength]}" for strength, mark in STRENGTH_MARK.items())
    legend = b.Text(words("phenomena.legend", marks=marks), "legend")
    grids = (_sign_grid(found, part, view) for part in _parts(view.parks))
    return b.Chapter(
        "Aanwijzingen per fenomeen",
        count(
            sum(1 for one in found if one.strength in ("clear", "strong")),
            "duidelijke of sterke aanwijzing",
            "duidelijke of sterke aanwijzingen",
        ),
        (legend, *grids) if found else (b.Text(words("phenomena.none")),),
        "heat",
        lead=words("phenomena.lead"),
        wide=len(view.parks) > NARROW,
    )


def _sign_grid(found: tuple[PhenomenonSign, ...], parks: tuple[Park, ...], view: View) -> b.Grid:
    by_place = {(one.id, one.park_id): one for one in found}
    names = {one.id: one.name for one in found}
    lines = tuple(
        ("", name, tuple(_sign_glyph(by_place[code, park.park_id]) for park in parks)) for code, name in names.items()
    )
    what, corner = ("fenomeen", "Fenomeen") if view.shows("phenomena") else ("groep fenomenen", "Groep fenomenen")
    caption = f"Sterkte van de aanwijzing per {what} en terrein{_cut(view, parks)}"
    return b.Grid(caption, corner, *_columns(parks), lines, _MARKS)


def _sign_glyph(one: PhenomenonSign) -> b.Glyph:
    slanted = len(one.parties) == 1
    return b.Glyph(STRENGTH_MARK[one.strength], STRENGTH[one.strength], _SHADES[one.strength], slanted=slanted)
