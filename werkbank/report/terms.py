"""The words of reports: those for codes and cells in one place, and sentences and tables as texts.yaml writes them.

In a text of texts.yaml `**…**` stands out and `~…~` stays in the background. Values come in after that, so nothing in
them is read as markup. A column is written as its name with, in any order, its kind (`n` figures, `t` a total, `l` one
line), its width on paper, and the field of the row that it prints; a name in braces stands for as many columns as its
value has. A sentence leads back to the cells it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from werkbank.advice.advice import question_sentence, short_question
from werkbank.advice.explanation import remark_in_words, remark_rows
from werkbank.advice.reasons import STRENGTH_DUTCH, Reason
from werkbank.files.yaml import packaged
from werkbank.matrix.risk_matrix import STATE_DUTCH
from werkbank.register import LegalBasis
from werkbank.report import blocks as b
from werkbank.report.view import Cell, GroupScore, Park, View
from werkbank.settings.entries import Scale
from werkbank.wording import capital, count, date, listing, number, percent, within

_LOOKED = re.compile(r"\*\*(.+?)\*\*|~(.+?)~")
_KINDS = {"n": "number", "t": "total", "l": "line"}


def words(name: str, /, **values: object) -> str:
    """A text with its values, as text alone."""
    return str(spec(name)).format(**values)


def say(name: str, /, **values: object) -> b.Parts:
    """A text with its values, and with its looks."""
    return _looked(str(spec(name)), values)


def lines(name: str, /, **values: object) -> tuple[b.Parts, ...]:
    """A list of texts."""
    return tuple(_looked(str(text), values) for text in spec(name))


def _looked(text: str, values: dict[str, object]) -> b.Parts:
    parts = _LOOKED.split(text)
    looks = ("", "strong", "quiet")
    return tuple(
        b.Span(part.format(**values), looks[at % 3]) if at % 3 else part.format(**values)
        for at, part in enumerate(parts)
        if part
    )


def table(name: str, /, found: Iterable[b.Row | Iterable[b.Cell]], **values: Any) -> b.Table:
    """A table: its caption and columns as they are written, with these values, and these rows."""
    own = spec(name)
    columns = tuple(
        b.Column(name, *_how(how)[:2]) for head, how in own["columns"].items() for name in headings([head], values)
    )
    made = tuple(row if isinstance(row, b.Row) else b.Row(tuple(row)) for row in found)
    return b.Table(
        own["caption"].format(**values), columns, made, own.get("first", 0), own.get("look", ""), quiet="quiet" in own
    )


def headings(written: Iterable[str], values: dict[str, Any]) -> Iterator[str]:
    """Headings with their values; a name in braces stands for as many as its value has."""
    for heading in written:
        many = values.get(heading[1:-1])
        yield from many if isinstance(many, list | tuple) else [heading.format(**values)]


def _how(marks: object) -> tuple[Any, float, str]:
    """What is written of a column: its kind, its width and its field."""
    kind, width, field = "text", 1.0, ""
    for mark in str("" if marks is None else marks).split():
        if mark in _KINDS:
            kind = _KINDS[mark]
        elif mark[0].isdigit():
            width = float(mark)
        else:
            field = mark
    return kind, width, field


def fields(name: str) -> tuple[str, ...]:
    """The fields of a row that a table prints, column by column."""
    return tuple(_how(how)[2] for how in spec(name)["columns"].values())


def spec(name: str) -> Any:
    """What is written under a name."""
    found: Any = _texts()
    for part in name.split("."):
        found = found[part]
    return found


@lru_cache(maxsize=1)
def _texts() -> Any:
    return packaged(__file__, "texts.yaml")


FICTIONAL = "FICTIEVE GEGEVENS"
SUSPICION = "Vermoedens, geen vaststelling"
UNKNOWN = "?"
"""Printed in a cell of which nobody knows the level; never 0."""
NOT_APPLICABLE = "–"
NOT_ASKED = "·"
"""Printed in a cell about which nobody was asked: nothing is missing there."""
ASKED_NOT = "niet gevraagd"
NOT_SHOWN = "niet getoond"
"""Printed where there is a figure that this reader may not see; never `?`, for it is not unknown."""
ROUNDED = "Scores zijn afgerond op vijf punten."
"""How exact the figures are for who may not see every cell (werkbank.sharing.gate)."""
SOURCES = "A meer bronnen of bevestigd, B één bron, C indruk"
"""What the strengths of a source mean, beside every table that prints them."""

ESTIMATED = "grotendeels geschat"
"""Said of a score of which less is known than the method asks; its class is not coloured as if it were known."""
_IMPRESSION = {"C": ": indruk"}
ACTION = {
    "advised": "advies",
    "blind_spot": "informatie halen",
    "follow": "volgen",
    "no_cause": "geen aanleiding",
}

STRENGTH = STRENGTH_DUTCH
_CLASSES = ("laag", "matig", "hoog", "zeer hoog")
_ORDER = ("unknown", "at_most_weak", "none", "weak", "at_least_clear", "clear", "strong")
AT_LEAST_CLEAR = _ORDER[-3:]
"""The strengths that are counted as a clear indication."""
IN_STEPS = ("at_most_weak", "at_least_clear")
"""The strengths that are told to who may not see what is behind them."""
_CELL = re.compile(r"\(([^(),]+), ([^(),]+)\)")
Anchors = dict[tuple[str, str], str]
"""Park and indicator → the anchor of their cell in the heat map."""


def labels(*more: str, fictional: bool, judged: bool = True) -> str:
    """What everything that leaves the house carries: whether it is made up, that nothing is established, and `more`.

    What holds nothing that was `judged` suspects nothing either.
    """
    return " · ".join((*([FICTIONAL] if fictional else ()), *([SUSPICION] if judged else ()), *more))


def class_name(place: int | None, borders: tuple[float, ...]) -> str:
    """The name of a class, 1 the lowest; with another number of classes than four its number."""
    if place is None:
        return "geen klasse"
    if len(borders) + 1 == len(_CLASSES):
        return _CLASSES[place - 1]
    return f"klasse {place} van {len(borders) + 1}"


def class_of(view: View, park: Park) -> str:
    """The name of a park's class, and that its score is mostly estimated where it is."""
    if park.place is None and park.score is not None:
        return NOT_SHOWN
    name = class_name(park.place, view.assessment.parameters.method.class_borders)
    return f"{name}, {ESTIMATED}" if park.mostly_estimated else name


def outcome(view: View, park: Park) -> tuple[str, str, str, str]:
    """A park's score, bounds, class and what there is to do, as tables print them."""
    return view.shown(park.score), view.bounds(park), class_of(view, park), to_do(park)


def share_text(share: float | None) -> str:
    """A share 0-1 as a percentage that is 0 or 100 only when it is."""
    share = None if share is None else min(1.0, max(0.0, share))
    if share is None or share in (0, 1) or 0.005 <= share <= 0.995:
        return percent(share)
    return "< 1%" if share < 0.005 else "> 99%"


def not_here(what: str) -> str:
    """Why something ("De deelscores") is not in a reader's copy, as a sentence."""
    return words("not_here", what=what)


def strong_signals(view: View, park_id: str) -> list[str]:
    """What no average may drown, per indicator: who says it, and on how strong a source."""
    said: dict[str, list[str]] = {}
    for one in view.assessment.strong_signals:
        if one.park_id == park_id:
            source = f", bron {one.source_strength}{_IMPRESSION.get(one.source_strength, '')}"
            party = view.party_name(one.party) + (source if one.source_strength else "")
            said.setdefault(one.indicator, []).append(party)
    return [
        f"{within(view.catalogue.indicator(code).name)} ({'; '.join([code, *parties])})"
        for code, parties in said.items()
    ]


def to_do(park: Park) -> str:
    """What there is to do with a park; who may not see the reasons gets advised or not."""
    return ACTION.get(park.action, "niet geadviseerd")


def action_meaning(code: str) -> str:
    """What it means that this is to be done."""
    return words(f"action.{code}")


def between(low: str, high: str) -> str:
    """The bounds in words: "tussen 52,3 en 74", or "precies 52,3" when they are one figure."""
    return f"precies {low}" if low == high else f"tussen {low} en {high}"


def level_word(scale: Scale, level: int) -> str:
    """What a level is called in a sentence: "meermaals", "geen vermoeden"."""
    name = scale.levels[level].name.rsplit(", ", 1)[-1]
    return name[:1].lower() + name[1:]


def level_figure(level: float) -> str:
    """A level as a figure, between two levels with one decimal: "2", "2,5"."""
    return number(level, 0 if float(level).is_integer() else 1)


def level_text(scale: Scale, level: float) -> str:
    """A level as figure and word; a combined level between two says between which."""
    if float(level).is_integer():
        return f"{level_figure(level)} {level_word(scale, int(level))}"
    low = int(level)
    return f"{level_figure(level)} tussen {level_word(scale, low)} en {level_word(scale, low + 1)}"


def agreed_text(scale: Scale, cell: Cell) -> str:
    """The level of a cell that somebody knows, and whether it was agreed on."""
    return f"{level_text(scale, cell.level or 0)}{', afgesproken' if cell.agreed else ''}"


def given(view: View, cell: Cell, party: str) -> str:
    """What one party itself said of a cell, in a word or a figure."""
    row = view.judgements.get((cell.park_id, cell.indicator, party))
    return STATE_DUTCH["open" if row is None else row.state] if row is None or row.level is None else str(row.level)


def difference(levels: Sequence[int], parties: int) -> tuple[str, bool]:
    """How far the known levels of one cell lie apart, in words, and whether they do; `parties` is how many there are.

    With two parties one level is no comparison; with more, two that know may differ while a third does not know.
    """
    steps = max(levels) - min(levels)
    some = "" if len(levels) == parties else f" ({len(levels)} van {parties})"
    if len(levels) < 2:
        return ("geen vergelijking" if parties == 1 else "één partij"), False
    return (count(steps, "stap", "stappen") if steps else "gelijk") + some, steps > 0


def one_or_some(parties: int) -> str:
    """Who knows a cell that not every party knows: with two parties that is one."""
    return "één partij" if parties == 2 else "niet alle partijen"


def shared_parties(view: View) -> Iterator[str]:
    """On which parties parks of the district are compared, where municipalities ask different ones."""
    if compared := view.assessment.compared:
        parties = listing(f"de {view.party_name(party)}" for party in compared)
        yield words("district.shared", parties=parties)


def reference(indicator: str, judgements: Iterable[tuple[str, str]]) -> str:
    """Where a sentence comes from: "V03, politie: 2 meermaals"."""
    return f"{indicator}, {'; '.join(f'{party}: {text}' for party, text in judgements)}"


def legal_basis_line(basis: LegalBasis | None) -> str:
    """The legal basis in one line, for the head of every page."""
    if basis is None:
        return "Beeld van één partij; er zijn geen gegevens van partijen samengebracht."
    kind = capital(words(f"basis.{basis.kind}"))
    return f"{kind}, besluit van {basis.body} van {date(basis.decided)}, geldig tot en met {date(basis.valid_until)}."


def cell_anchors(view: View) -> Anchors:
    """The anchor of every cell; parks are numbered, for a code of a register may hold anything."""
    places = {park.park_id: place for place, park in enumerate(view.parks, start=1)}
    rows = {indicator.id: row for row, indicator in enumerate(view.indicators(), start=1)}
    return {(park, code): f"cel-{place}-{row}" for park, place in places.items() for code, row in rows.items()}


def linked(sentence: str, anchors: Anchors) -> b.Parts:
    """The sentence with every cell that it names as "(terrein, indicator)" made a link."""
    parts: list[str | b.Span] = []
    end = 0
    for found in _CELL.finditer(sentence):
        if anchor := anchors.get((found[1], found[2])):
            parts += [sentence[end : found.start() + 1], b.Span(found[0][1:-1], to=f"#{anchor}")]
            end = found.end() - 1
    return (*parts, sentence[end:])


@dataclass(frozen=True, slots=True)
class Ground:
    """One cell that carries a score: a suspicion or a judgement, who says what in which cell, its part in points."""

    name: str
    kind: str
    reference: str
    contribution: float | None
    anchor: str


def grounds(view: View, park_id: str) -> tuple[Ground, ...]:
    """The cells that contribute most to a park's score, largest first; none where the audience sees no reasons."""
    if not view.shows("reasons"):
        return ()
    own = [reason for reason in view.assessment.reasons if reason.park_id == park_id]
    anchors = cell_anchors(view)
    return tuple(
        _ground(view, code, list(rows), anchors[park_id, code])
        for code, rows in groupby(own, key=lambda reason: reason.indicator)
    )


def _ground(view: View, code: str, rows: list[Reason], anchor: str) -> Ground:
    """Where only is told that the indicator weighs most, its reference is its code."""
    by_level: dict[int, list[str]] = {}
    for row in rows:
        if row.level is not None:
            by_level.setdefault(row.level, []).append(view.party_name(row.party))
    said = [(listing(parties), level_text(view.catalogue.scale_of(code), level)) for level, parties in by_level.items()]
    indicator = view.catalogue.indicator(code)
    kind = "vermoeden" if indicator.family == "threat" else "oordeel"
    parts = [row.contribution for row in rows if row.contribution is not None]
    return Ground(indicator.name, kind, reference(code, said) if said else code, sum(parts) if parts else None, anchor)


def question_lines(view: View, *, short: bool = False) -> tuple[b.Line, ...]:
    """What to find out first, a sentence a cell; none where the audience sees no questions."""
    anchors, sentence = cell_anchors(view), short_question if short else question_sentence
    asked = view.assessment.advice.questions
    return tuple(linked(sentence(one, view.names, view.catalogue, view.parties), anchors) for one in asked)


def remark_lines(view: View, park_id: str, indicator: str | None = None) -> tuple[str, ...]:
    """What the parties wrote beside a park's cells, or beside one of them; none where the audience sees no remarks."""
    rows = _remark_rows(view.assessment) if view.shows("remarks") else ()
    own = (row for row in rows if row["park_id"] == park_id and indicator in (None, row["indicator"]))
    return tuple(remark_in_words(row, view.catalogue, of_cell=indicator is not None) for row in own)


_remark_rows = lru_cache(maxsize=4)(remark_rows)
"""Every park and every difference looks at the same ones."""


@dataclass(frozen=True, slots=True)
class PhenomenonSign:
    """How strong the indication of one phenomenon, or of a group of them, is on one park."""

    park_id: str
    id: str
    name: str
    strength: str
    indicators: tuple[str, ...]
    parties: tuple[str, ...]


def signs(view: View) -> tuple[PhenomenonSign, ...]:
    """The indications the audience may see: per phenomenon, else per group of phenomena, else none."""
    name = view.catalogue.phenomenon
    if view.shows("phenomena"):
        return tuple(
            PhenomenonSign(it.park_id, it.phenomenon, name(it.phenomenon).name, it.strength, it.indicators, it.parties)
            for it in view.assessment.indications
        )
    return tuple(_group_signs(view)) if view.shows("phenomenon_groups") else ()


def _group_signs(view: View) -> Iterator[PhenomenonSign]:
    """Per park and group the strongest of its phenomena, without the indicators behind it."""
    names = {subcategory.id: subcategory.name for subcategory in view.catalogue.subcategories}
    strongest: dict[tuple[str, str], str] = {}
    for one in view.assessment.indications:
        key = (one.park_id, view.catalogue.phenomenon(one.phenomenon).group)
        strongest[key] = max(strongest.get(key, "unknown"), one.strength, key=_ORDER.index)
    for (park_id, group), strength in strongest.items():
        yield PhenomenonSign(park_id, group, names[group], strength, (), ())


def careful_words(found: tuple[PhenomenonSign, ...], *, grouped: bool = False) -> tuple[str, ...]:
    """One park's indications as sentences, the strongest first; never that something is so.

    `grouped` says that they are of groups of phenomena. A name stands between quotation marks: a group called “Overig”
    is no word of a sentence.
    """
    names = {strength: [f"“{within(one.name)}”" for one in found if one.strength == strength] for strength in _ORDER}
    said = [
        f"Er is een {STRENGTH[strength]} voor mogelijke activiteit rond {listing(names[strength])}."
        for strength in ("strong", "clear", "at_least_clear", "weak")
        if names[strength]
    ]
    none, unknown, least = (len(names[strength]) for strength in ("none", "unknown", "at_most_weak"))
    other, one, many = ("andere", "groep", "groepen") if grouped else ("ander", "fenomeen", "fenomenen")
    if none:
        said.append(f"Geen aanwijzing voor {count(none, f'{other} {one}', f'andere {many}')} uit de lijst.")
    if least:
        told = count(least, f"{other} {one}", f"andere {many}")
        said.append(f"Voor {told} uit de lijst is er geen of hooguit een zwakke aanwijzing, of is er niets bekend.")
    if unknown:
        said.append(f"Over {count(unknown, one, many)} is niets bekend: dat is iets anders dan geen aanwijzing.")
    return tuple(said)


def key_figures(view: View, park: Park) -> b.KeyFigures:
    """A park's groups before its total, each with the bounds between which it may still come out."""
    groups = (_figure(view, group.name, group, _estimated(view, group)) for group in park.shown_groups)
    return b.KeyFigures((*groups, _figure(view, "Totaal", park, f"{class_of(view, park)}, ", total=True)))


def _estimated(view: View, group: GroupScore) -> str:
    """That a group's score is mostly estimated, where less of the group is known than the method asks."""
    method = view.assessment.parameters.method
    return f"{ESTIMATED}, " if group.coverage is not None and method.too_little(group.coverage) else ""


def _figure(view: View, name: str, one: GroupScore | Park, before: str = "", *, total: bool = False) -> b.KeyFigure:
    note = "" if one.low is None else f"{before}tussen {view.points(one.low)} en {view.points(one.high)}"
    return b.KeyFigure(name, view.shown(one.score), note, one.low, one.high, one.score, total=total)
