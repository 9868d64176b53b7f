"""From reasons and indications to sentences a mayor can read, each leading back to its cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from werkbank.advice.reasons import Indication, Reason
from werkbank.report.terms import STRENGTH, cell_anchors, level_text, reference
from werkbank.report.view import View
from werkbank.wording import count, listing

__all__ = ["Ground", "PhenomenonSign", "careful_words", "grounds", "signs"]

_ORDER = ("unknown", "none", "weak", "clear", "strong")


@dataclass(frozen=True, slots=True)
class Ground:
    """One cell that carries a score: a suspicion or a judgement, who says what in which cell, its part in points.

    `anchor` is where the heat map of the same report shows that cell.
    """

    name: str
    kind: str
    reference: str
    contribution: float
    anchor: str


@dataclass(frozen=True, slots=True)
class PhenomenonSign:
    """How strong the indication of one phenomenon, or of a group of them, is on one park."""

    park_id: str
    id: str
    name: str
    strength: str
    indicators: tuple[str, ...]
    parties: tuple[str, ...]


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
    scale = view.catalogue.scale_of(code)
    by_level: dict[int, list[str]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(view.party_name(row.party))
    told = [(listing(parties), level_text(scale, level)) for level, parties in by_level.items()]
    indicator = view.catalogue.indicator(code)
    return Ground(
        name=indicator.name,
        kind="vermoeden" if indicator.family == "threat" else "oordeel",
        reference=reference(code, told),
        contribution=sum(row.contribution for row in rows),
        anchor=anchor,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


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

    `grouped` says that they are of groups of phenomena.
    """
    by_strength = {strength: [one for one in found if one.strength == strength] for strength in _ORDER}
    told = [
        f"Er is een {STRENGTH[strength]} voor mogelijke activiteit rond {listing(map(_quoted, by_strength[strength]))}."
        for strength in ("strong", "clear", "weak")
        if by_strength[strength]
    ]
    none, unknown = len(by_strength["none"]), len(by_strength["unknown"])
    other, one, many = ("andere", "groep", "groepen") if grouped else ("ander", "fenomeen", "fenomenen")
    if none:
        told.append(f"Geen aanwijzing voor {count(none, f'{other} {one}', f'andere {many}')} uit de lijst.")
    if unknown:
        told.append(f"Over {count(unknown, one, many)} is niets bekend: dat is iets anders dan geen aanwijzing.")
    return tuple(told)


def _quoted(one: PhenomenonSign) -> str:
    """The name between quotation marks: a group called “Overig” is no word of a sentence."""
    return f"“{_lower(one.name)}”"
