"""Where the matrix stands in a sheet, and what its heads mean: by what the cells say, not by where they should be.

Parks are columns and indicators rows, each by its code. Rows and columns that somebody inserted, moved or left out do
no harm. A second head with other parks or indicators does: what lies behind it would be read under the wrong heads, so
nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, Self

from werkbank.errors import Finding
from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import Place
from werkbank.matrix.opening import Table
from werkbank.matrix.rules import finding
from werkbank.wording import listing, nearest

Keys = Sequence[Sequence[str]]
"""The texts of a table, ready for comparing."""

_LONGEST_CODE: Final = 60
TOO_LONG: Final = "…" * _LONGEST_CODE
"""Stands for a text that is too long to be a code or a name."""
_LOOKS_LIKE_A_CODE: Final = re.compile(r"[a-z]{1,4}[ _-]?\d{1,3}")
UNSAID: Final = "een tekst die geen code is"
"""What is said of a text that is not repeated."""
QUESTIONS: Final = 60
"""Near misses that are looked up on one edge; it takes a while, and a sheet may be full of other texts."""
_LISTED: Final = 5


@dataclass(frozen=True)
class Words:
    """The codes and names of parks, or of indicators; texts are normalised. Made once for all files."""

    kind: Literal["park", "indicator"]
    codes: Mapping[str, str]
    """Text → code."""
    names: Mapping[str, tuple[str, ...]]
    """Text → the codes of all that are called so; a text that is a code or a number is no name."""
    shown: Mapping[str, str]
    """Code → name as it is written."""
    own: frozenset[str] | None = None
    """The codes that belong in the file at hand, when that is known."""

    @classmethod
    def of(
        cls, kind: Literal["park", "indicator"], named: Iterable[tuple[str, str]], now: Mapping[str, str] | None = None
    ) -> Self:
        """The words for these codes and their names; `now` says what a code of an earlier time is called today."""
        now = now or {}
        pairs = dict(named)
        codes = {normalise(code): now.get(code, code) for code in pairs}
        names: dict[str, tuple[str, ...]] = {}
        for code, name in pairs.items():
            text = normalise(name)
            if text and text not in codes and not text.isdecimal():
                names[text] = (*names.get(text, ()), now.get(code, code))
        return cls(kind, codes, names, {now.get(code, code): name for code, name in pairs.items()})

    def limited(self, own: Collection[str]) -> Self:
        """The same words, of which these belong in the file at hand."""
        return replace(self, own=frozenset(own))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text that means something."""
        return frozenset(self.codes) | frozenset(self.names)

    def certain(self, text: str) -> str:
        """The code that a text means, if it belongs in the file at hand; else an empty text."""
        code = self.codes.get(text, "")
        return code if self.own is None or code in self.own else ""

    def near(self, text: str, present: Collection[str] = ()) -> tuple[str, str]:
        """What may be repeated of a text that is no code, and the question "bedoelt u …?" where it is nearly one.

        Asked is for what belongs in this file, and first for what is not `present`. Only what looks like a code is
        repeated: anything else may be a remark in the wrong place, or somebody's name.
        """
        expected = [code for code in self.shown if self.own is None or code in self.own]
        expected = [code for code in expected if code not in present] or expected
        if code := nearest(text, expected):
            return f"“{text}”", f"bedoelt u “{code}”?"
        codes = {self.shown[code]: code for code in expected}
        name = nearest(text, codes)
        shown = f"“{text}”" if _LOOKS_LIKE_A_CODE.fullmatch(text) else UNSAID
        return shown, f"bedoelt u “{codes[name]}” ({name})?" if name else ""


def keys_of(table: Table) -> list[list[str]]:
    """The texts of a table, ready for comparing; of one too long to be a code only that there is something."""
    # What is the same throughout, such as the texts of the levels, is looked up once; 1, 1.0 and True are equal.
    texts = {value: _key(value) for value in set().union(*table.rows) if isinstance(value, str)}
    return [[texts[value] if isinstance(value, str) else normalise(value) for value in row] for row in table.rows]


def _key(value: Hashable) -> str:
    if isinstance(value, str) and len(value) > _LONGEST_CODE:
        return TOO_LONG if value.strip() else ""
    return normalise(value)


@dataclass(frozen=True, slots=True)
class Edges:
    """The row of the parks and the column of the indicators, counted from 0."""

    table: Table
    rows: Keys
    header: int
    side: int
    first_row: int
    """The first row of the matrix."""


def find_edges(table: Table, rows: Keys, parks: Words, indicators: Words) -> Edges | None:
    """The edges of the matrix on this sheet: the row and the column with most codes; None when it holds none.

    `rows` are the table's keys; the words are all that are known anywhere, for which of them belong in this file is
    judged later. Where the edges cross stands no code; in a list of judgements or remarks one does.
    """
    columns = list(zip(*rows, strict=True))
    header, across = _fullest(rows, parks)
    side, down = _fullest(columns, indicators)
    turned = _fullest(columns, parks)[1] > across and _fullest(rows, indicators)[1] > down
    if not (across and down) or turned or rows[header][side] in {*parks.codes, *indicators.codes}:
        return None
    first = next(row for row, text in enumerate(columns[side]) if text in indicators.codes)
    return Edges(table, rows, header, side, min(header, first))


def _fullest(lines: Keys, words: Words) -> tuple[int, int]:
    """The first line with most different codes, and how many these are."""
    counts = [len({words.codes[text] for text in words.codes.keys() & line}) for line in lines]
    most = max(counts, default=0)
    return (counts.index(most) if counts else 0), most


@dataclass(frozen=True, slots=True)
class Located:
    """The columns of the parks and the rows of the indicators, counted from 0; what is not certain is in neither."""

    edges: Edges
    columns: Mapping[str, int]
    rows: Mapping[str, int]
    doubtful: frozenset[str]
    """Codes that are on the sheet, but not certainly where; they have a finding of their own."""
    findings: tuple[Finding, ...]


def locate(edges: Edges, parks: Words, indicators: Words) -> Located:
    """The places of all codes, and all that is wrong with the heads; the words know what belongs in this file."""
    across = list(zip(*edges.rows, strict=True))
    top = _Edge(edges.table, parks, edges.header, edges.rows[edges.header], across)
    side = _Edge(edges.table, indicators, edges.side, across[edges.side], edges.rows)
    second = tuple(filter(None, (top.second_head(side), side.second_head(top))))
    if second:
        every = frozenset((*(parks.own or parks.shown), *indicators.shown))
        return Located(edges, {}, {}, every, second)
    columns, doubtful_parks, park_findings = top.match(side)
    rows, doubtful_codes, code_findings = side.match(top)
    doubtful = frozenset((*doubtful_parks, *doubtful_codes))
    return Located(edges, columns, rows, doubtful, (*park_findings, *code_findings))


_NOUNS: Final = {
    "park": ("terreinen", "het terrein", "een terreincode uit het register"),
    "indicator": ("indicatoren", "de indicator", "een code uit de catalogus"),
}


@dataclass(frozen=True, slots=True)
class _Edge:
    """One edge of the matrix: the row of the parks or the column of the indicators."""

    table: Table
    words: Words
    line: int
    """Which row or column it is."""
    texts: Sequence[str]
    """What stands on it, by place."""
    across: Keys
    """The columns or rows that the places on it head."""

    @property
    def codes(self) -> dict[int, str]:
        """The code at each place that has one."""
        return {place: self.words.codes[text] for place, text in enumerate(self.texts) if text in self.words.codes}

    def at(self, place: int, line: int | None = None) -> tuple[int, int]:
        """Row and column of a place on this edge, or on another line beside it."""
        own = self.line if line is None else line
        return (own, place) if self.words.kind == "park" else (place, own)

    def second_head(self, other: _Edge) -> Finding | None:
        """The finding that behind a code stands a different one, and not as a judgement."""
        judged = other.codes
        for place, code in self.codes.items():
            for line, text in enumerate(self.across[place]):
                if line not in judged and self.words.codes.get(text, code) != code:
                    nouns = _NOUNS[self.words.kind][0]
                    found = f"hier staan andere {nouns} dan in de kop van de matrix; het blad is niet gelezen"
                    return finding("second-head", found, place=self.table.place(*self.at(place, line)))
        return None

    def match(self, other: _Edge) -> tuple[dict[str, int], list[str], list[Finding]]:
        """The place of every code that certainly heads its line, the doubtful ones, and a finding for each fault."""
        places: dict[str, list[int]] = {}
        for place, code in self.codes.items():
            places.setdefault(code, []).append(place)
        doubts = {code: list(self._doubts(code, found, other.codes)) for code, found in places.items()}
        findings = [*self._unread(other, places), *(each for found in doubts.values() for each in found)]
        certain = {code: found[0] for code, found in places.items() if not doubts[code]}
        return certain, [code for code in places if doubts[code]], findings

    def _doubts(self, code: str, places: Sequence[int], judged: Collection[int]) -> Iterator[Finding]:
        """Why it is not certain what a code heads: it stands there twice, over two lines, or with another's name."""
        if len(places) > 1:
            for place in places:
                others = ", ".join(self._place(other).cell or "" for other in places if other != place)
                yield self._finding(f"doubled-{self.words.kind}", place, f"{code} staat ook in {others}")
            return
        (place,) = places
        first = self.table.merged.get(self.at(place))
        texts = (text for line, text in enumerate(self.across[place]) if line not in judged)
        named = [self.words.names[text] for text in texts if text in self.words.names]
        if first is not None and first == self.table.merged.get(self.at(place + 1)):
            yield self._finding("merged-code", place, f"{code} staat in een samengevoegde cel")
        elif named and not any(code in codes for codes in named):
            found = f"bij code {code} staat de naam van {listing(named[0][:_LISTED])}"
            yield self._finding("code-and-name-differ", place, found)

    def _unread(self, other: _Edge, present: Collection[str]) -> Iterator[Finding]:
        """Lines with values that no known code heads: nobody can tell what they are about, so they are not read."""
        codes, asked = self.codes, 0
        for place, text in enumerate(self.texts):
            values = [self.across[place][line] for line in other.codes]
            # Names of parks or indicators, and codes that are repeated, are no values.
            if place <= other.line or place in codes or not any(values) or not other.words.texts.isdisjoint(values):
                continue
            asked += 1
            shown, near = self.words.near(text, present) if asked <= QUESTIONS else (UNSAID, "")
            if near or shown != UNSAID:
                _, the, allowed = _NOUNS[self.words.kind]
                remedy = near or f"verbeter de code of haal {the} weg"
                yield self._finding(f"unknown-{self.words.kind}", place, f"onbekend: {shown}", allowed, remedy)
            else:
                yield self._finding(f"values-without-{self.words.kind}", place)

    def _place(self, place: int) -> Place:
        return self.table.place(*self.at(place))

    def _finding(self, rule: str, place: int, found: str = "", allowed: str = "", remedy: str = "") -> Finding:
        return finding(rule, found, allowed=allowed, remedy=remedy, place=self._place(place))
