"""A development in careful Dutch: what a score did between two rounds, and what is behind it.

Printed figures have one decimal and fit together: old plus change is new, and the parts add up to the change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from werkbank.advice.development import Change, Development
from werkbank.advice.scorecard import ROOT
from werkbank.wording import count, listing, number

__all__ = [
    "CAUTION",
    "Shown",
    "change_sentence",
    "knowledge_words",
    "plain",
    "published_note",
    "shown",
    "signed",
    "summary",
]

CAUTION = (
    "Een andere score betekent niet dat er op het terrein iets is veranderd: de matrix bevat vermoedens en oordelen."
)
POINT = 10
"""Printed figures are counted in tenths of a point."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as printed, in tenths of a point: new − old is the change, and so is the sum of the parts."""

    old: int | None
    new: int | None
    change: int | None
    judgement: int | None
    knowledge: int | None
    method: int | None


def shown(change: Change) -> Shown:
    """The change in tenths of a point, the parts rounded by largest remainder; a part of exactly 0 stays 0.

    So a printed part can be a tenth from its own rounding; the exact figures are in `Development.frame`.
    """
    old, new = _tenths(change.old), _tenths(change.new)
    total = None if old is None or new is None else new - old
    parts = (change.judgement, change.knowledge, change.method)
    if total is None or not change.splittable:
        return Shown(old, new, total, None, None, None)
    return Shown(old, new, total, *_shared_out([POINT * (part or 0.0) for part in parts], total))


def change_sentence(development: Development, park_id: str, group: str = ROOT) -> str:
    """What the park's score did between the rounds and what is behind it, in one careful sentence or two."""
    if park_id in (*development.only_old, *development.only_new):
        only = development.old_round if park_id in development.only_old else development.new_round
        return f"Dit terrein staat alleen in ronde {only}; er valt niets te vergelijken."
    change = development.change(park_id, group)
    printed = shown(change)
    if printed.change is None:
        return _no_score(development, change)
    moved = "bleef" if printed.change == 0 else f"ging van {plain(printed.old)} naar"
    told = f"De score {moved} {plain(printed.new)} ({signed(printed.change)})"
    if printed.judgement is None:
        return f"{told}. Dat is niet te splitsen: te weinig oordelen zijn in beide rondes bekend."
    return f"{told}: {', '.join(_parts(development, change, printed))}."


def summary(development: Development) -> str:
    """How many parks went up and down by a point or more, how many cannot be split, and what that does not mean."""
    printed = [shown(change) for change in development.changes()]
    moves = [one.change for one in printed if one.change is not None]
    up = sum(1 for move in moves if move >= POINT)
    down = sum(1 for move in moves if move <= -POINT)
    apart = sum(1 for one in printed if one.change is not None and one.judgement is None)
    without = len(printed) - len(moves) + len(development.only_old) + len(development.only_new)
    moved = (
        f"Van ronde {development.old_round} naar {development.new_round} ging de score van {_parks(up)} "
        f"een punt of meer omhoog en van {_parks(down)} een punt of meer omlaag; "
        f"bij {_parks(len(moves) - up - down)} was het verschil kleiner."
    )
    told = [moved]
    if apart:
        told.append(f"Bij {_parks(apart)} is de verandering niet te splitsen.")
    if without:
        told.append(f"Bij {_parks(without)} is er geen vergelijking.")
    return " ".join([*told, CAUTION])


def published_note(development: Development, change: Change) -> str:
    """Where an analysis shows another score than stands here, because of its threshold; else an empty text."""
    rounds = (
        (development.old_round, change.old, change.published_old),
        (development.new_round, change.new, change.published_new),
    )
    told = [
        f"{'geen score' if published is None else number(published, 1)} in ronde {name}"
        for name, here, published in rounds
        if _tenths(here) != _tenths(published)
    ]
    if not told:
        return ""
    return f"Met de drempel voor wat minstens bekend moet zijn, geeft de analyse {listing(told)}."


def knowledge_words(change: Change) -> str:
    """What the part for knowledge is called: more, less, or both."""
    gained, lost = change.cells_new - change.cells_both, change.cells_old - change.cells_both
    if lost and gained:
        return f"door verschil in kennis ({gained} {_cells(gained)} erbij, {lost} eraf)"
    return "door minder kennis" if lost else "door meer kennis"


def signed(tenths: int | None) -> str:
    """Tenths of a point with their sign: "+9,2", "−3,0", "0"; `–` where there is none."""
    if tenths is None:
        return number(None)
    if tenths == 0:
        return "0"
    return f"{'+' if tenths > 0 else ''}{plain(tenths)}"


def plain(tenths: int | None) -> str:
    """Tenths of a point as a score: "51,3"; `–` where there is none."""
    return number(None if tenths is None else tenths / POINT, 1)


def _parts(development: Development, change: Change, printed: Shown) -> list[str]:
    method = "in beide rondes met de methode van nu gerekend"
    if development.old_method_kept:
        method = f"{signed(printed.method)} door een andere methode"
    elif development.indicators_changed:
        method = f"{signed(printed.method)} door andere indicatoren, verder {method}"
    return [
        f"{signed(printed.judgement)} anders beoordeeld",
        f"{signed(printed.knowledge)} {knowledge_words(change)}",
        method,
    ]


def _no_score(development: Development, change: Change) -> str:
    rounds = ((development.old_round, change.old), (development.new_round, change.new))
    without = listing(f"ronde {name}" for name, score in rounds if score is None)
    return f"Er valt niets te vergelijken: in {without} is te weinig bekend voor een score."


def _cells(n: int) -> str:
    return "cel" if n == 1 else "cellen"


def _parks(n: int) -> str:
    return count(n, "terrein", "terreinen") if n else "geen enkel terrein"


def _tenths(score: float | None) -> int | None:
    """A score 0-100 in tenths of a point, rounded as `number` does."""
    return None if score is None else math.floor(POINT * score + 0.5 + 1e-9)


def _shared_out(parts: list[float], total: int) -> list[int]:
    """Whole numbers near the parts that add up to `total`, which is less than one from their sum."""
    floors = [math.floor(part) for part in parts]
    # A part that is exactly 0 is no part, however the rounding falls.
    order = sorted(range(len(parts)), key=lambda i: (parts[i] == 0, floors[i] - parts[i]))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors
