"""What the parties filled in: how much is known, where they differ, cell by cell, and what was noticed on reading."""

from __future__ import annotations

import math
from collections.abc import Iterator

from werkbank.advice.advice import difference_sentence
from werkbank.advice.agreement import Agreement, Difference
from werkbank.assessment.assessment import Assessment
from werkbank.errors import SEVERITY_DUTCH
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.front import absent_lines
from werkbank.report.terms import say, spec, table, words
from werkbank.report.view import Cell, Park, View, view_of
from werkbank.settings.catalogue import AGREED
from werkbank.settings.entries import Indicator, Scale
from werkbank.wording import MISSING, capital, count, listing, number, percent, within

SHOWN = 12
"""Differences on the agenda; the rest is counted."""
TURNING = 0.05
"""From how much effect on the share of recalculations a difference is said to matter for the advice."""
COLUMNS = 31
"""How many parks fit beside one another on a landscape page."""
NARROW = 8
"""Up to how many parks a portrait page is wide enough."""
STEPS = 6


def information_position(assessment: Assessment) -> b.Chapter:
    """Per park how much is known, by one party and by both, and what each party still has open.

    >>> wb.report.information_position(wb.assess("urk")).title
    'Wat we weten en wat niet'
    """
    view = view_of(assessment)
    enough = sum(enough_known(view, one) for one in view.parks)
    least = percent(assessment.parameters.method.minimum_coverage)
    alone = "in de eigen werkmap" if assessment.coarse else "bij deze partij"
    who = "bij elke partij" if len(view.parties) > 1 else alone
    names = [f"{capital(view.party_name(party))}: ingevuld / onbekend / leeg" for party in view.parties]
    shares = ["Bekend"] if assessment.coarse else list(spec("knowledge.shares"))
    rows = (b.Row(tuple(_known_cells(view, park)), park.park_id) for park in view.parks)
    blocks = (
        *b.alerts(absent_lines(view)),
        *((b.Text(_enough(view, enough, least)),) if not assessment.coarse else ()),
        b.List(tuple(_delivery(view, party) for party in view.parties), plain=True),
        table("knowledge.table", rows, who=who, parties=names, shares=shares),
        b.Text(words("knowledge.note"), "quiet"),
    )
    short = "" if assessment.coarse else f"{enough} van {view.size} met genoeg bekende dreigingen"
    return b.Chapter("Wat we weten en wat niet", short, blocks, "knowledge", words("knowledge.lead"), page=True)


def _enough(view: View, enough: int, least: str) -> b.Line:
    """Of how many parks enough is known; and how that goes with an advice that nearly always comes out."""
    told = say("knowledge.enough", enough=enough, parks=view.size, least=least)
    few = any(park.two_sided is not None and park.two_sided < (park.coverage or 0) for park in view.parks)
    return (*told, " ", words("knowledge.one_is_enough")) if few and len(view.asked) > 1 else told


def enough_known(view: View, park: Park) -> bool:
    """Whether enough of its threats is known to anybody: of what remains without cause it always is."""
    return not view.assessment.parameters.method.too_little(threats_known(view, park) or 0)


def threats_known(view: View, park: Park) -> float | None:
    """The share of its threats, by weight, that anybody knows; None where none applies or the reader may not know."""
    return next(group.coverage for group in park.groups if group.group == view.catalogue.required.score)


def _delivery(view: View, party: str) -> b.Line:
    files = [source.file for source in view.assessment.sources if source.party == party]
    how = ("aangeleverd als ", b.code(files[0])) if files else (b.Span("niet aangeleverd", "gone"),)
    return (f"{capital(view.party_name(party))}: ", *how)


def _known_cells(view: View, park: Park) -> Iterator[b.Cell]:
    yield park.name
    for share in (
        [park.coverage] if view.assessment.coarse else [threats_known(view, park), park.coverage, park.two_sided]
    ):
        yield b.Measured(percent(share), 0, 100 * (share or 0))
    for party in view.parties:
        level, unknown, left = (view.states(party, one, park.park_id) for one in ("level", "unknown", "open"))
        counted = (f"{level} / ", b.strong(str(unknown)) if unknown > level else str(unknown), f" / {left}")
        yield b.Span("niet aangeleverd", "gone") if party in view.missing else counted


def agreement(assessment: Assessment) -> b.Chapter:
    """How far the parties agree per family, and the agenda: where they differ, what turns the advice first.

    >>> wb.report.agreement(wb.assess("urk")).title
    'Waar de partijen verschillen'
    """
    view = view_of(assessment)
    none = words("agreement.withheld" if assessment.coarse else "agreement.one_party")
    blocks = tuple(_compared(view)) if assessment.agreement else (b.Text(none),)
    size = count(len(assessment.differences), "verschil", "verschillen")
    return b.Chapter("Waar de partijen verschillen", size, blocks, "agreement", words("agreement.lead"))


def _compared(view: View) -> Iterator[b.Block]:
    found = view.assessment.agreement
    sure = any(one.alpha_low is not None for one in found)
    names = [view.party_name(party) for party in view.assessment.delivered]
    between = " − ".join(names) if len(names) == 2 else words("agreement.first_second")
    rows = (_agreed(view, one) for one in found)
    yield b.Text(words("agreement.begin"))
    yield table("agreement.table", rows, sure=words("agreement.sure" if sure else "agreement.unsure"), between=between)
    yield from _agenda(view)
    anchors = terms.cell_anchors(view)
    if agreed := [_settled(view, one, anchors) for one in view.cells.values() if one.agreed]:
        yield b.Heading("Afgesproken")
        yield from b.bulleted(agreed)
    if view.shows("differences"):
        yield b.Heading("Wat maar één partij weet")
        yield from b.bulleted(_alone(view))


def _agreed(view: View, one: Agreement) -> tuple[str, ...]:
    family = next(family.name for family in view.catalogue.families if family.id == one.family)
    told = ": ".join(filter(None, [family, listing([view.party_name(party) for party in one.pair])]))
    shares = (percent(one.identical), percent(one.within_one))
    return told, number(one.n), *shares, _alpha(one), number(one.gwet_ac2, 2), number(one.bias, 2)


def _alpha(one: Agreement) -> str:
    """Alpha as text with its interval, where there are parks enough for one; where there is no alpha, why not."""
    if one.alpha is not None and one.alpha_low is not None and one.alpha_high is not None:
        return f"{number(one.alpha, 2)} ({number(one.alpha_low, 2)} – {number(one.alpha_high, 2)})"
    if one.alpha is not None:
        return number(one.alpha, 2)
    if one.identical == 1:
        return "niet te bepalen: alle oordelen gelijk"
    return "niet te bepalen" if one.n else MISSING


def _agenda(view: View) -> Iterator[b.Block]:
    differing, anchors = view.assessment.differences, terms.cell_anchors(view)
    turning, rest = sum(1 for one in differing if one.effect >= TURNING), len(differing) - SHOWN
    told = count(turning, "verschil", "verschillen")
    if not differing:
        return
    yield b.Heading("Om te bespreken")
    yield b.Text(words("agreement.turning", differences=told) if turning else words("agreement.not_turning"))
    yield b.List(tuple(_topic(view, one, anchors) for one in differing[:SHOWN]), ordered=True)
    if rest > 0:
        yield b.Text(f"Nog {count(rest, 'verschil', 'verschillen')} met een kleiner gevolg.", "small quiet")


def _topic(view: View, one: Difference, anchors: terms.Anchors) -> b.Line:
    """What the parties say of a cell, with what they wrote beside it."""
    said = terms.linked(difference_sentence(one, view.names, view.catalogue), anchors)
    remarks = (b.Span(f" {line}", "quiet") for line in terms.remark_lines(view, one.park_id, one.indicator))
    return (*said, *remarks)


def _settled(view: View, cell: Cell, anchors: terms.Anchors) -> b.Line:
    """What each party said of a cell, and what they agreed on."""
    asked = view.catalogue.asked_of(cell.indicator, view.parties)
    said = (f"{view.party_name(party)} {terms.given(view, cell, party)}" for party in asked)
    sentence = words(
        "agreement.settled",
        park=view.names[cell.park_id],
        name=within(view.catalogue.indicator(cell.indicator).name),
        cell=f"({cell.park_id}, {cell.indicator})",
        said=", ".join(said),
        level=terms.level_figure(cell.level or 0),
        told=cell.agreed,
    )
    return terms.linked(sentence, anchors)


def _alone(view: View) -> Iterator[str]:
    """Per party how many cells it alone knows."""
    for party in view.parties:
        known = (row for row in view.judgements.values() if row.party == party and row.state == "level")
        # What is asked of nobody else, nobody else can know.
        cells = [row for row in known if len(view.catalogue.asked_of(row.indicator, view.parties)) > 1]
        alone = sum(1 for row in cells if not _known_elsewhere(view, row.park_id, row.indicator, party))
        share = percent(alone / len(cells) if cells else None)
        yield words("agreement.alone", party=view.party_name(party), cells=count(alone, "cel", "cellen"), share=share)


def _known_elsewhere(view: View, park_id: str, indicator: str, party: str) -> bool:
    others = (view.judgements.get((park_id, indicator, other)) for other in view.parties if other != party)
    return any(row is not None and row.state == "level" for row in others)


def findings(assessment: Assessment) -> b.Chapter:
    """Everything that was noticed while reading, with its place and what to do; never a remark's text.

    >>> wb.report.findings(wb.assess("urk")).title
    'Bevindingen bij de gegevens'
    """
    view_of(assessment)
    found, own = assessment.findings, assessment.coarse
    none = b.Text(words("findings.none", whose="de eigen werkmap was" if own else "alle werkmappen waren"))
    rows = ((SEVERITY_DUTCH[one.severity], one.place or MISSING, one.found, one.allowed, one.remedy) for one in found)
    blocks = (*([b.Text(words("findings.own"))] if own else []), table("findings.table", rows) if found else none)
    size, lead = count(len(found), "bevinding", "bevindingen"), words("findings.lead") if found else ""
    return b.Chapter("Bevindingen bij de gegevens", size, blocks, "findings", lead, "bevindingen", page=True)


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
    anchors = terms.cell_anchors(view)
    for family in view.catalogue.families:
        for parks in _parts(view.parks):
            rows = view.catalogue.by_family(family.id)
            lines = tuple(
                (row.id, row.name, tuple(_glyph(view, row, park, anchors[park.park_id, row.id]) for park in parks))
                for row in rows
            )
            caption = f"{family.name}: {within(family.question)}{_cut(view, parks)}"
            yield b.Grid(caption, "Indicator", *_columns(parks), lines, closed=True)


def _parts(parks: tuple[Park, ...]) -> Iterator[tuple[Park, ...]]:
    for start in range(0, len(parks), COLUMNS):
        yield parks[start : start + COLUMNS]


def _cut(view: View, parks: tuple[Park, ...]) -> str:
    return "" if len(parks) == len(view.parks) else f" ({parks[0].name} tot en met {parks[-1].name})"


def _columns(parks: tuple[Park, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(park.name for park in parks), tuple(park.park_id for park in parks)


def _glyph(view: View, indicator: Indicator, park: Park, anchor: str) -> b.Glyph:
    cell = view.cells[park.park_id, indicator.id]
    if view.not_asked(indicator.id):
        return b.Glyph(terms.NOT_ASKED, terms.ASKED_NOT, "none", anchor)
    if not cell.applicable:
        return b.Glyph(terms.NOT_APPLICABLE, "niet van toepassing", "none", anchor)
    if cell.level is None or cell.points is None:
        return b.Glyph(terms.UNKNOWN, "onbekend", "unknown", anchor)
    said = terms.agreed_text(view.catalogue.scale_of(indicator.id), cell)
    mark, slanted = f"{terms.level_figure(cell.level)}{'*' if cell.agreed else ''}", not cell.known_by_all
    return b.Glyph(mark, said, _shade(cell.points), anchor, slanted=slanted and not cell.agreed)


def _shade(points: float) -> str:
    """The ground of a cell, in as many steps as the theme has; the last bits of a mean make no difference."""
    return f"h{math.floor(points / 100 * STEPS + 0.5 + 1e-9)}"


def _legend(view: View) -> Iterator[b.Block]:
    both = len(view.parties) > 1
    unknown = (b.Span(terms.UNKNOWN, "key unknown"), " onbekend of nog leeg, telt niet als 0. ")
    nothing = (b.Span(terms.NOT_APPLICABLE, "key none"), " niet van toepassing.")
    there = any(view.not_asked(indicator.id) for indicator in view.indicators())
    not_asked = (" ", b.Span(terms.NOT_ASKED, "key none"), f" {terms.ASKED_NOT}.") if there else ()
    some = b.Span("schuin", "em"), f": bij {terms.one_or_some(len(view.parties))}."
    all_asked = all(view.catalogue.asked_of(one.id, view.parties) == view.parties for one in view.indicators())
    everyone = f": bekend bij alle {'' if all_asked else 'gevraagde '}partijen; "
    whose = (" ", b.strong("Vet"), everyone, *some) if both else ()
    yield b.Text(("Hoe donkerder, hoe meer risico. ", *unknown, *nothing, *not_asked, *whose), "legend")
    yield b.List(tuple(_scales(view)), plain=True, look="legend")
    yield b.Text(" ".join(_how_to_read(view, both=both)), "legend")


def _scales(view: View) -> Iterator[b.Line]:
    """Per family the group score it makes, and its levels from low to high as they are printed and coloured."""
    for family in view.catalogue.families:
        group = "" if family.score_name == family.name else f" (samen de deelscore {family.score_name.lower()})"
        scales = view.catalogue.scales_of(family.id)
        for scale, codes in scales:
            which = f", {listing(codes)}" if len(scales) > 1 else ""
            keys = (_key(scale, level.value, protective=family.protective) for level in scale.levels)
            yield b.strong(family.name), f"{group}{which}:", *(part for key in keys for part in key)


def _key(scale: Scale, level: int, *, protective: bool) -> b.Parts:
    """What a level is called, behind its figure on its own ground."""
    points, end = scale.points_of(level), "." if level == scale.highest else ","
    shade = _shade(100 - points if protective else points)
    return " ", b.Span(str(level), f"key {shade}"), f"\N{NO-BREAK SPACE}{terms.level_word(scale, level)}{end}"


def _how_to_read(view: View, *, both: bool) -> Iterator[str]:
    yield words("heat.both") if both else words("heat.own", party=view.party_name(view.parties[0]))
    for family in view.catalogue.families:
        if family.protective:
            yield words("heat.reverse", family=family.name)
    if both:
        yield words("heat.between")
    if any(cell.agreed for cell in view.cells.values()):
        yield words("heat.agreed")


def phenomena(assessment: Assessment) -> b.Chapter:
    """How strong the indication of each phenomenon is on each park; an indication, never a fact.

    >>> wb.report.phenomena(wb.assess("urk")).title
    'Aanwijzingen per fenomeen'
    """
    view = view_of(assessment)
    found = terms.signs(view)
    steps = view.assessment.coarse and view.shows("phenomena")
    told = {one: how["mark"] for one, how in spec("strengths").items() if (one in terms.IN_STEPS) == steps}
    marks = ", ".join(f"{mark} {terms.STRENGTH[one]}" for one, mark in told.items())
    legend = b.Text(words("phenomena.legend", marks=marks), "legend")
    grids = (_sign_grid(found, part, view) for part in _parts(view.parks))
    asked = view.shows("phenomena") or view.shows("phenomenon_groups")
    blocks = (legend, *grids) if found else (b.Text(words(f"phenomena.{'unasked' if asked else 'none'}")),)
    what, wide = "duidelijke of sterke aanwijzing", len(view.parks) > NARROW
    size = count(sum(one.strength in terms.AT_LEAST_CLEAR for one in found), what, f"{what}en")
    return b.Chapter("Aanwijzingen per fenomeen", size, blocks, "heat", words("phenomena.lead"), wide=wide)


def _sign_grid(found: tuple[terms.PhenomenonSign, ...], parks: tuple[Park, ...], view: View) -> b.Grid:
    by_place = {(one.id, one.park_id): one for one in found}
    names = {one.id: one.name for one in found}
    lines = tuple(
        ("", name, tuple(_sign_glyph(by_place[code, park.park_id]) for park in parks)) for code, name in names.items()
    )
    what, corner = ("fenomeen", "Fenomeen") if view.shows("phenomena") else ("groep fenomenen", "Groep fenomenen")
    caption = f"Sterkte van de aanwijzing per {what} en terrein{_cut(view, parks)}"
    marks = tuple(
        b.Mark(spec(f"strengths.{one}.mark"), heading, one in ("strong", "clear", "weak"))
        for one, heading in spec("phenomena.columns").items()
    )
    return b.Grid(caption, corner, *_columns(parks), lines, marks)


def _sign_glyph(one: terms.PhenomenonSign) -> b.Glyph:
    strength, slanted = one.strength, len(one.parties) == 1 and AGREED not in one.parties
    how = spec("strengths")[strength]
    return b.Glyph(how["mark"], terms.STRENGTH[strength], how["shade"], slanted=slanted)
