"""Grids of parks: the heat map of the matrix, and the indications per phenomenon.

Every cell prints its value; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.assessment.flow import Assessment
from werkbank.report.blocks import Block, Chapter, Glyph, Grid, List, Mark, Span, Text, strong
from werkbank.report.evidence import PhenomenonSign, cell_anchors, signs
from werkbank.report.terms import (
    NOT_APPLICABLE,
    STRENGTH,
    STRENGTH_MARK,
    UNKNOWN,
    level_figure,
    level_text,
    one_or_some,
)  # fmt: skip
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
_MARKS = tuple(
    Mark(STRENGTH_MARK[strength], heading, named=named)
    for strength, heading, named in (
        ("strong", "Sterk", True), ("clear", "Duidelijk", True), ("weak", "Zwak", True), ("none", "Geen", False),
        ("unknown", "Niet bekend", False),
    )
)  # fmt: skip
Lines = tuple[tuple[str, str, tuple[Glyph, ...]], ...]


def heat_map(assessment: Assessment) -> Chapter:
    """Every indicator on every park: the combined level printed in the cell, `?` unknown, `–` not applicable.

    >>> assessment = wb.assess("urk")
    >>> wb.report.heat_map(assessment).title
    'De matrix in één oogopslag'
    """
    view = view_of(assessment)
    anchors = cell_anchors(view)
    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    grids = tuple(
        _grid(
            f"{family.name}: {within(family.question)}",
            "Indicator",
            view,
            part,
            tuple(
                (row.id, row.name, tuple(_glyph(view, row, park, anchors[park.park_id, row.id]) for park in part))
                for row in view.catalogue.by_family(family.id)
            ),
        )
        for family in view.catalogue.families
        for part in _parts(view.parks)
    )
    return Chapter(
        "De matrix in één oogopslag",
        f"{count(len(view.parks), 'terrein', 'terreinen')}, {count(unknown, 'onbekende cel', 'onbekende cellen')}",
        (*_legend(view), *grids),
        name="heat",
        wide=len(view.parks) > NARROW,
    )


def _parts(parks: tuple[Park, ...]) -> Iterator[tuple[Park, ...]]:
    for start in range(0, len(parks), COLUMNS):
        yield parks[start : start + COLUMNS]


def _grid(
    caption: str, corner: str, view: View, part: tuple[Park, ...], lines: Lines, marks: tuple[Mark, ...] = ()
) -> Grid:
    if len(part) < len(view.parks):
        caption += f" ({part[0].name} tot en met {part[-1].name})"
    return Grid(caption, corner, tuple(p.name for p in part), tuple(p.park_id for p in part), lines, marks)


def _glyph(view: View, indicator: Indicator, park: Park, anchor: str) -> Glyph:
    cell = view.cells[park.park_id, indicator.id]
    if not cell.applicable:
        return Glyph(NOT_APPLICABLE, "niet van toepassing", "none", anchor)
    if cell.level is None or cell.points is None:
        return Glyph(UNKNOWN, "onbekend", "unknown", anchor)
    words = level_text(view.catalogue.scale_of(indicator.id), cell.level)
    shade = f"h{round(cell.points / 100 * STEPS)}"
    return Glyph(level_figure(cell.level), words, shade, anchor, slanted=not cell.known_by_all)


def _legend(view: View) -> Iterator[Block]:
    both = len(view.parties) > 1
    keys = (part for level in range(4) for part in (Span(str(level), f"key h{2 * level}"), " "))
    whose = (
        (
            " ",
            strong("Vet"),
            ": bekend bij alle partijen; ",
            Span("schuin", "em"),
            f": bij {one_or_some(len(view.parties))}.",
        )
        if both
        else ()
    )
    yield Text(
        (*keys, "Hoe donkerder, hoe meer risico. ", Span(UNKNOWN, "key unknown"),
         " onbekend of nog leeg, telt niet als 0. ", Span(NOT_APPLICABLE, "key none"), " niet van toepassing.", *whose),
        "legend",
    )  # fmt: skip
    yield List(tuple(_scales(view)), plain=True, look="legend")
    yield Text(" ".join(_how_to_read(view, both=both)), "legend")


def _scales(view: View) -> Iterator[tuple[str | Span, ...]]:
    """Per family the group score it makes, and its levels from low to high as they are printed."""
    for family in view.catalogue.families:
        scale = next(scale for scale in view.catalogue.scales if scale.id == family.scale)
        group = "" if family.score_name == family.name else f" (samen de deelscore {family.score_name.lower()})"
        yield strong(family.name), f"{group}: {', '.join(level_text(scale, level.value) for level in scale.levels)}."


def _how_to_read(view: View, *, both: bool) -> Iterator[str]:
    yield (
        "Elke cel geeft het oordeel van de partijen samen."
        if both
        else f"Elke cel geeft alleen het oordeel van de {view.party_name(view.parties[0])}."
    )
    for family in view.catalogue.families:
        if family.score == "resilience_gap":
            yield f"{family.name} werkt andersom: een laag cijfer is zwak en daarom donker."
    if both:
        yield "Een cijfer met een komma ontstaat als de partijen verschillen en hun gemiddelde telt."


def phenomena(assessment: Assessment) -> Chapter:
    """How strong the indication of each phenomenon is on each park; an indication, never a fact.

    >>> assessment = wb.assess("urk")
    >>> wb.report.phenomena(assessment).title
    'Aanwijzingen per fenomeen'
    """
    view = view_of(assessment)
    found = signs(view)
    strong_ones = sum(1 for one in found if one.strength in ("clear", "strong"))
    legend = ", ".join(f"{mark} {STRENGTH[strength]}" for strength, mark in STRENGTH_MARK.items())
    note = Text(f"{legend}. Een aanwijzing is een vermoeden, geen vaststelling.", "legend")
    grids = tuple(_sign_grid(found, part, view) for part in _parts(view.parks))
    return Chapter(
        "Aanwijzingen per fenomeen",
        count(strong_ones, "duidelijke of sterke aanwijzing", "duidelijke of sterke aanwijzingen"),
        (note, *grids) if found else (Text("Voor deze doelgroep worden geen fenomenen getoond."),),
        name="heat",
        lead="Waar wijzen de oordelen op? Het gaat om mogelijke activiteiten, niet om vastgestelde feiten.",
        wide=len(view.parks) > NARROW,
    )


def _sign_grid(found: tuple[PhenomenonSign, ...], parks: tuple[Park, ...], view: View) -> Grid:
    table = {(one.id, one.park_id): one for one in found}
    names = {one.id: one.name for one in found}
    lines = tuple(
        ("", name, tuple(_sign_glyph(table[code, park.park_id]) for park in parks)) for code, name in names.items()
    )
    what, corner = ("fenomeen", "Fenomeen") if view.shows("phenomena") else ("groep fenomenen", "Groep fenomenen")
    return _grid(f"Sterkte van de aanwijzing per {what} en terrein", corner, view, parks, lines, _MARKS)


def _sign_glyph(one: PhenomenonSign) -> Glyph:
    slanted = len(one.parties) == 1
    return Glyph(STRENGTH_MARK[one.strength], STRENGTH[one.strength], _SHADES[one.strength], slanted=slanted)
