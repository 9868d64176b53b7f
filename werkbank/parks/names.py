"""Names of parks taken apart: what several phases of one park have in common, and which phase each is."""

from __future__ import annotations

import re

from werkbank.parks.values import folded

__all__ = ["GENERIC", "base_name", "phases"]

GENERIC = frozenset(("bedrijventerrein", "bedrijvenpark", "bedrijvenzone", "industrieterrein", "industriegebied"))
"""Words that say what it is, not which it is."""
_LEADING = frozenset(("uitbreiding",))
_BETWEEN = frozenset(("en", "fase", "deel", "t/m"))
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FIGURE = re.compile(r"(\d{1,3})[a-z]?")
_BRACKETS = re.compile(r"\([^()]*\)")


def base_name(name: str) -> str:
    """The name without capitals, brackets, generic words and phase: `DE VAART I,II,III` → `de vaart`.

    A name of which nothing would be left stays whole.
    """
    kept, _ = _split(name)
    own = [word for word in kept if word not in GENERIC]
    return " ".join(own or kept) or folded(name)


def phases(name: str) -> frozenset[int]:
    """The numbers of the phases that a name ends in; `TREKKERSVELD I EN II` → 1 and 2."""
    _, tail = _split(name)
    return frozenset(figure for word in tail if (figure := _figure(word)) is not None)


def _split(name: str) -> tuple[list[str], list[str]]:
    """The words of a name, and the words at its end that count phases."""
    kept = [word for word in re.split(r"[\s,;+]+", _BRACKETS.sub(" ", folded(name))) if word.strip("-–.")]
    if len(kept) > 1 and kept[0] in _LEADING:
        kept = kept[1:]
    tail: list[str] = []
    while len(kept) > 1 and (kept[-1] in _BETWEEN or _figure(kept[-1]) is not None):
        tail.append(kept.pop())
    return kept, tail


def _figure(word: str) -> int | None:
    if word in _ROMAN:
        return _ROMAN.index(word) + 1
    match = _FIGURE.fullmatch(word)
    return int(match[1]) if match else None
