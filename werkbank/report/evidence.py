"""From reasons and indications to sentences a mayor can read, each leading back to its cells in the same report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from werkbank.advice import Indication, Reason
from werkbank.advice.tellings import question_sentence, short_question
from werkbank.report.blocks import KeyFigure, KeyFigures, Line, Span
from werkbank.report.terms import STRENGTH, UNKNOWN, class_name, level_text, reference
from werkbank.report.view import GroupScore, Park, View
from werkbank.wording import count, listing, within

__all__ = [
    "Ground", "PhenomenonSign", "careful_words", "cell_anchors", "grounds", "key_figures", "linked", "question_lines",
    "signs",
]  # fmt: skip

_ORDER = ("unknown", "none", "weak", "clear", "strong")
_CELL = re.compile(r"\(([^(),]+), ([^(),]+)\)")
Anchors = dict[tuple[str, str], str]
"""Park and indicator → the anchor of their cell in the heat map."""


def cell_anchors(view: View) -> Anchors:
    """The anchor of every cell; parks are numbered, for a code of a register may hold anything."""
    places = {park.park_id: place for place, park in enumerate(view.parks, start=1)}
    rows = {indicator.id: row for row, indicator in enumerate(view.indicators(), start=1)}
    return {(park, code): f"cel-{place}-{row}" for park, place in places.items() for code, row in rows.items()}


def linked(sentence: str, anchors: Anchors) -> Line:
    """The sentence with every cell that it names as "(terrein, indicator)" made a link."""
    parts: list[str | Span] = []
    end = 0
    for found in _CELL.finditer(sentence):
        if anchor := anchors.get((found[1], found[2])):
            parts += [sentence[end : found.start() + 1], Span(found[0][1:-1], to=f"#{anchor}")]
            end = found.end() - 1
    return (*parts, sentence[end:])


@dataclass(frozen=True, slots=True)
class Ground:
    """One cell that carries a score: a suspicion or a judgement, who says what in which cell, its part in points."""

    name: str
    kind: str
    reference: str
    contribution: float
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
    by_level: dict[int, list[str]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(view.party_name(row.party))
    said = [(listing(parties), level_text(view.catalogue.scale_of(code), level)) for level, parties in by_level.items()]
    indicator = view.catalogue.indicator(code)
    kind = "vermoeden" if indicator.family == "threat" else "oordeel"
    return Ground(indicator.name, kind, reference(code, said), sum(row.contribution for row in rows), anchor)


def question_lines(view: View, *, short: bool = False) -> tuple[Line, ...]:
    """What to find out first, a sentence a cell; none where the audience sees no questions."""
    anchors, sentence = cell_anchors(view), short_question if short else question_sentence
    asked = view.assessment.advice.questions
    return tuple(linked(sentence(one, view.names, view.catalogue, view.parties), anchors) for one in asked)


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
    if view.shows("phenomena"):
        return tuple(_sign(one, view.catalogue.phenomenon(one.phenomenon).name) for one in view.assessment.indications)
    return tuple(_group_signs(view)) if view.shows("phenomenon_groups") else ()


def _sign(one: Indication, name: str) -> PhenomenonSign:
    return PhenomenonSign(one.park_id, one.phenomenon, name, one.strength, one.indicators, one.parties)


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
    by_strength = {strength: [one for one in found if one.strength == strength] for strength in _ORDER}
    said = [
        f"Er is een {STRENGTH[strength]} voor mogelijke activiteit rond "
        f"{listing(f'“{within(one.name)}”' for one in by_strength[strength])}."
        for strength in ("strong", "clear", "weak")
        if by_strength[strength]
    ]
    none, unknown = len(by_strength["none"]), len(by_strength["unknown"])
    other, one, many = ("andere", "groep", "groepen") if grouped else ("ander", "fenomeen", "fenomenen")
    if none:
        said.append(f"Geen aanwijzing voor {count(none, f'{other} {one}', f'andere {many}')} uit de lijst.")
    if unknown:
        said.append(f"Over {count(unknown, one, many)} is niets bekend: dat is iets anders dan geen aanwijzing.")
    return tuple(said)


def key_figures(view: View, park: Park) -> KeyFigures:
    """A park's groups before its total, each with the bounds between which it may still come out."""
    shown = [group for group in park.groups if group.score is not None or group.low is not None]
    place = class_name(park.place, view.assessment.parameters.method.class_borders)
    return KeyFigures(
        (
            *(_figure(view, group.name, group) for group in shown),
            _figure(view, "Totaal", park, f"{place}, ", total=True),
        )
    )


def _figure(view: View, name: str, one: GroupScore | Park, before: str = "", *, total: bool = False) -> KeyFigure:
    value = UNKNOWN if one.score is None else view.points(one.score)
    note = "" if one.low is None else f"{before}tussen {view.points(one.low)} en {view.points(one.high)}"
    return KeyFigure(name, value, note, one.low, one.high, one.score, total=total)
