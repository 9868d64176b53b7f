"""Where a matrix stands in a sheet: by what the cells say, not by where they should be.

Parks may be columns or rows. Rows and columns that somebody inserted or moved do no harm. A second head with other
parks or indicators ends the matrix: what lies behind it would be read under the wrong heads.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from werkbank.matrix.cells import normalise
from werkbank.matrix.locating import BESIDE_LABELS, Words
from werkbank.matrix.opening import Table

__all__ = ["TOO_LONG", "Companion", "Edges", "Keys", "SecondHead", "find_edges", "keys_of"]

_LONGEST_CODE = 60
TOO_LONG = "…" * _LONGEST_CODE
"""Stands for a text that is too long to be a code or a name."""
_SURELY = 4
"""Two codes along each edge: that is a matrix, and not a list of judgements or a matrix on its side."""

_LEGEND = re.compile(r"\d{1,2}(?:[.,]\d)?|[?]+|-|onbekend|n\.?v\.?t\.?|leeg")
"""What stands before the explanation of a level below a matrix; no code looks so."""

Keys = Sequence[Sequence[str]]
"""The texts of a table, ready for comparing."""


@dataclass(frozen=True, slots=True)
class SecondHead:
    """A line within the matrix that names other parks or indicators than its head does."""

    line: int
    place: int
    """Where on that line the first of them stands."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A line that says once more what the head says, and the places where it says something else."""

    line: int
    unlike: frozenset[int]


@dataclass(frozen=True, slots=True)
class Edges:
    """The row of the parks and the column of the indicators, in a table that is turned until it is so."""

    table: Table
    rows: Keys
    columns: Keys
    header: int
    """The row of the parks."""
    side: int
    """The column of the indicators."""
    across: Mapping[int, str]
    """What stands on the row of the parks, by column."""
    down: Mapping[int, str]
    """What stands on the column of the indicators, by row."""
    park_companion: Companion | None
    """The row that names the same parks once more, mostly by name."""
    indicator_companion: Companion | None
    second_park_heads: tuple[SecondHead, ...]
    second_indicator_heads: tuple[SecondHead, ...]

    def all_known(self, parks: Words, indicators: Words) -> bool:
        """True when every text on both edges means something."""
        return parks.texts.issuperset(self.across.values()) and indicators.texts.issuperset(self.down.values())

    def size(self, parks: Words, indicators: Words) -> int:
        """How many cells stand under what is known."""
        known = sum(text in parks.texts for text in self.across.values())
        return known * sum(text in indicators.texts for text in self.down.values())


def _key(value: Hashable) -> str:
    if isinstance(value, str) and len(value) > _LONGEST_CODE:
        return TOO_LONG if value.strip() else ""
    return normalise(value)


def keys_of(table: Table) -> list[list[str]]:
    """The texts of a table, ready for comparing; of one too long to be a code only that there is something."""
    # What is the same throughout, such as the texts of the levels, is looked up once; 1, 1.0 and True are equal.
    texts = {value: _key(value) for value in set().union(*table.rows) if isinstance(value, str)}
    return [[texts[value] if isinstance(value, str) else normalise(value) for value in row] for row in table.rows]


def find_edges(table: Table, rows: Keys, parks: Words, indicators: Words) -> Edges | None:
    """The edges of the matrix on this sheet; None when it holds none.

    `rows` are the table's keys; the words are all that are known anywhere, for which of them belong in this file is
    judged later. Codes that are written otherwise are looked for when what stands on the edges is not known.
    """
    edges = _find(table, rows, parks, indicators)
    if edges is None or not edges.all_known(parks, indicators):
        meant = _as_meant(rows, parks, indicators)
        return _find(table, meant, parks, indicators) if meant != rows else edges
    return edges


def _as_meant(rows: Keys, parks: Words, indicators: Words) -> Keys:
    """The same texts, with codes that are written otherwise as they should be."""
    known = parks.texts | indicators.texts
    odd = {text for row in rows for text in row if text not in known and text != TOO_LONG}
    meant = {text: code for text in odd if (code := indicators.meant(parks.meant(text))) != text}
    return [[meant.get(text, text) for text in row] for row in rows] if meant else rows


def _find(table: Table, rows: Keys, parks: Words, indicators: Words) -> Edges | None:
    columns = list(zip(*rows, strict=True))
    upright = _Lines.of(rows, parks), _Lines.of(columns, indicators)
    unlike = parks.code_texts.isdisjoint(indicators.code_texts)
    if not unlike or min(line.score for line in upright) < _SURELY:
        lying = _Lines.of(columns, parks), _Lines.of(rows, indicators)
        if lying[0].score * lying[1].score > upright[0].score * upright[1].score:
            return _edges(table.turn(), columns, list(zip(*columns, strict=True)), *lying)
    return _edges(table, rows, columns, *upright)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows or columns of a sheet beside one kind of words: which of them is the head."""

    words: Words
    hits: Sequence[frozenset[str]]
    """What each line holds of the words."""
    best: int
    score: int

    @classmethod
    def of(cls, lines: Keys, words: Words) -> _Lines:
        """The head is the line that says most; a code says twice as much as a name."""
        hits = [words.texts.intersection(line) for line in lines]
        scores = [_score(found, words) if found else 0 for found in hits]
        score = max(scores, default=0)
        return cls(words, hits, scores.index(score) if scores else 0, score)


def _score(found: frozenset[str], words: Words) -> int:
    """Two for everything named by its code, one for what only its name names."""
    codes = {words.codes[text] for text in found & words.code_texts}
    names = found - words.code_texts
    return 2 * len(codes) + sum(codes.isdisjoint(words.names[text]) for text in names)


def _edges(table: Table, rows: Keys, columns: Keys, parks: _Lines, indicators: _Lines) -> Edges | None:
    if not (parks.score and indicators.score):
        return None
    header, side = parks.best, indicators.best
    crossing = rows[header][side]
    # Where the edges cross stands no code; in a list of judgements or remarks one does.
    if crossing in parks.words.texts or crossing in indicators.words.texts:
        return None
    across = _texts(rows[header], side, header, columns, parks.words)
    down = _texts(columns[side], header, side, rows, indicators.words)
    park_heads, park_companion = _other_heads(rows, header, across, parks, _known(down, indicators.words))
    heads, companion = _other_heads(columns, side, down, indicators, _known(across, parks.words))
    down, park_heads = _before(park_heads, header, down, indicators.words)
    across, heads = _before(heads, side, across, parks.words)
    return Edges(table, rows, columns, header, side, across, down, park_companion, companion, park_heads, heads)


def _texts(line: Sequence[str], crossing: int, own: int, lines: Keys, words: Words) -> dict[int, str]:
    """What on an edge is or should be a code: every known one, and what stands beyond the crossing and heads anything.

    Before the crossing stand titles; a lone word above an empty column is no park.
    """

    def heads_something(place: int) -> bool:
        return any(text for other, text in enumerate(lines[place]) if other != own)

    last = max((place for place, text in enumerate(line) if text in words.texts), default=0)
    return {
        place: text
        for place, text in enumerate(line)
        if text in words.texts or (place > crossing and text and text not in BESIDE_LABELS and heads_something(place))
        if place <= last or not _LEGEND.fullmatch(text) or _filled(lines[place], own) > 1
    }


def _filled(line: Sequence[str], own: int) -> int:
    return sum(text != "" for place, text in enumerate(line) if place != own)


def _known(texts: Mapping[int, str], words: Words) -> frozenset[int]:
    return frozenset(place for place, text in texts.items() if text in words.texts)


def _other_heads(
    lines: Keys, own: int, texts: Mapping[int, str], found: _Lines, judgements: frozenset[int]
) -> tuple[tuple[SecondHead, ...], Companion | None]:
    """The lines that name other parks (or indicators) than the head does, and the one that best agrees with it.

    `judgements` are the lines that hold judgements: a code in one of these is an odd value, no head.
    """
    heads: list[SecondHead] = []
    companion: Companion | None = None
    most = 0
    for number, hits in enumerate(found.hits):
        if not hits or number == own or number in judgements:
            continue
        places = [place for place, text in enumerate(lines[number]) if text in hits]
        same = [place for place in places if _agree(found.words, texts.get(place, ""), lines[number][place])]
        if 2 * len(same) < len(places):
            heads.append(SecondHead(number, next(place for place in places if place not in same)))
        elif len(same) > most:
            companion, most = Companion(number, frozenset(places) - frozenset(same)), len(same)
    return tuple(heads), companion


def _agree(words: Words, one: str, other: str) -> bool:
    if one == other:
        return True
    meant = words.meanings(one)
    return any(code in meant for code in words.meanings(other))


def _before(
    heads: Sequence[SecondHead], own: int, texts: dict[int, str], words: Words
) -> tuple[dict[int, str], tuple[SecondHead, ...]]:
    """What stands on this side of every second head, and the heads that cut anything off."""
    kept, cutting = texts, []
    for head in heads:
        near = {place: text for place, text in kept.items() if (place < head.line if head.line > own else place > own)}
        if _known(near, words) != _known(kept, words):
            kept = near
            cutting.append(head)
    return kept, tuple(cutting)
