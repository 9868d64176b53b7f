"""What the heads of a matrix mean: which column is which park, which row which indicator, and what is not certain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import normalise
from werkbank.matrix.locating import (
    REMARK_LABELS,
    TOO_LONG,
    Companion,
    Edges,
    Keys,
    SecondHead,
    Words,
    find_edges,
    keys_of,
)
from werkbank.matrix.opening import Table
from werkbank.wording import count, listing

__all__ = ["Located", "locate", "resolve"]

_NOUNS: Final = {
    "park": ("terrein", "terreinen", "een terreincode uit het register"),
    "indicator": ("indicator", "indicatoren", "een code uit de catalogus"),
}
_THE: Final = {"park": "het terrein", "indicator": "de indicator"}
_LOOKS_LIKE_A_CODE: Final = re.compile(r"[a-z]{1,4}[ _-]?\d{1,3}")
_QUESTIONS: Final = 60
"""Near misses that are looked up on one edge; it takes a while, and a sheet may be full of other texts."""
_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Located:
    """The columns of the parks and the rows of the indicators, counted from 0; what is not certain is in neither."""

    edges: Edges
    columns: Mapping[str, int]
    rows: Mapping[str, int]
    doubtful: frozenset[str]
    """Codes that are on the sheet, but not certainly where; they have a finding of their own."""
    findings: tuple[Finding, ...]

    @property
    def table(self) -> Table:
        """The sheet, turned so that its parks are columns."""
        return self.edges.table

    @property
    def header(self) -> int:
        """The row of the parks."""
        return self.edges.header

    @property
    def code_column(self) -> int:
        """The column of the indicators."""
        return self.edges.side


def locate(table: Table, file: str, parks: Words, indicators: Words) -> Located | None:
    """Find the edges of the matrix and what they mean; None when the sheet holds no matrix."""
    edges = find_edges(table, keys_of(table), parks, indicators)
    return None if edges is None else resolve(edges, file, parks, indicators)


def resolve(edges: Edges, file: str, parks: Words, indicators: Words) -> Located:
    """The places of all codes, and all that is wrong with the heads; the words know what belongs in this file."""
    rows, columns, table = edges.rows, edges.columns, edges.table
    top = _Axis(parks, edges.across, edges.header, edges.park_companion, rows, columns, table, file)
    side = _Axis(indicators, edges.down, edges.side, edges.indicator_companion, columns, rows, table, file)
    park_places, doubtful_parks, park_findings = top.match()
    code_places, doubtful_codes, code_findings = side.match()
    second = (*map(top.second, edges.second_park_heads), *map(side.second, edges.second_indicator_heads))
    beside = (*_without_code(edges, top, side), *_remarks_beside(edges, top, side))
    findings = (*park_findings, *code_findings, *second, *beside)
    return Located(edges, park_places, code_places, frozenset(doubtful_parks | doubtful_codes), findings)


@dataclass(frozen=True, slots=True)
class _Axis:
    """One edge of the matrix: the row of the parks or the column of the indicators."""

    words: Words
    texts: Mapping[int, str]
    """What stands on it, by place."""
    line: int
    """The row or column that the edge is."""
    companion: Companion | None
    """The row or column that says the same once more."""
    lines: Keys
    across: Keys
    """The rows or columns that the places on it head."""
    table: Table
    file: str

    def match(self) -> tuple[dict[str, int], set[str], list[Finding]]:
        """The place of every known code that stands there once, the doubtful ones, and a finding for each fault."""
        places: dict[str, list[int]] = {}
        findings: list[Finding] = []
        odd: dict[int, tuple[str, ...]] = {}
        for place, text in self.texts.items():
            meanings = self.words.meanings(text)
            if len(meanings) == 1:
                places.setdefault(meanings[0], []).append(place)
            else:
                odd[place] = meanings
        places = {code: self._without_explanations(code, found) for code, found in places.items()}
        for place, meanings in odd.items():
            findings.append(self._ambiguous(place, meanings) if meanings else self._unknown(place, places, findings))
        unlike = self.companion.unlike if self.companion else frozenset()
        doubtful = {
            code: found
            for code, found in places.items()
            if len(found) > 1 or found[0] in unlike or (self.table.merged and self._is_merged(found[0]))
        }
        for code, found in sorted(doubtful.items()):
            findings += [self._doubtful(code, place, found) for place in found]
        certain = {code: found[0] for code, found in places.items() if code not in doubtful}
        return certain, set(doubtful), findings + list(self._by_name(certain))

    def _without_explanations(self, code: str, places: list[int]) -> list[int]:
        """The places of a code but for those in a list that explains the codes: there stands its name, no judgement."""
        if len(places) < 2:
            return places
        judged = [place for place in places if not self._only_explains(code, place)]
        return judged or places

    def _only_explains(self, code: str, place: int) -> bool:
        across = self.across[place]
        said = {text for other, text in enumerate(across) if other != self.line and text}
        return bool(said) and said <= {normalise(self.words.shown[code]), TOO_LONG}

    def cell(self, place: int, line: int | None = None) -> tuple[int, int]:
        """Row and column of a place on this edge, or on another line beside it."""
        own = self.line if line is None else line
        return (own, place) if self.words.kind == "park" else (place, own)

    def _is_merged(self, place: int) -> bool:
        """Merged along the edge: then it is not certain over which rows or columns the code extends."""
        first = self.table.merged.get(self.cell(place))
        return first is not None and first == self.table.merged.get(self.cell(place + 1))

    def _ambiguous(self, place: int, meanings: Sequence[str]) -> Finding:
        noun, nouns, _ = _NOUNS[self.words.kind]
        found = f"{count(len(meanings), noun, nouns)} heten zo: {listing(meanings[:_LISTED])}"
        allowed = f"de code van {_THE[self.words.kind]}"
        return self.finding("ambiguous-name", place, found, allowed, "vul de code in")

    def _unknown(self, place: int, present: Collection[str], findings: Collection[Finding]) -> Finding:
        text, allowed = self.texts[place], _NOUNS[self.words.kind][2]
        asked = text != TOO_LONG and len(findings) < _QUESTIONS
        near_code = self.words.near_code(text, present) if asked else ""
        near = near_code or (self.words.near_name(text, present) if asked else "")
        # What does not look like a code may be a remark in the wrong cell, or a name: it is not repeated.
        shown = f"“{text}”" if near_code or _LOOKS_LIKE_A_CODE.fullmatch(text) else "een tekst die geen code is"
        remedy = near or f"verbeter de code of haal {_THE[self.words.kind]} weg"
        return self.finding(f"unknown-{self.words.kind}", place, f"onbekend: {shown}", allowed, remedy)

    def _doubtful(self, code: str, place: int, places: Sequence[int]) -> Finding:
        noun, *_ = _NOUNS[self.words.kind]
        if len(places) > 1:
            others = ", ".join(self._address(other) for other in places if other != place)
            found = f"{code} staat ook in {others}"
            each = "elk" if self.words.kind == "park" else "elke"
            return self.finding(
                f"doubled-{self.words.kind}", place, found, f"{each} {noun} één keer", "haal er één weg"
            )
        if self._is_merged(place):
            found, allowed = f"{code} staat in een samengevoegde cel", "elke code in een eigen cel"
            return self.finding("merged-code", place, found, allowed, "splits de cel")
        line = self.companion.line if self.companion else 0
        other = listing(self.words.meanings(self.lines[line][place])[:_LISTED])
        found, remedy = f"bij code {code} staat de naam van {other}", "controleer welke van de twee bedoeld is"
        return self.finding("code-and-name-differ", place, found, "een code met de naam die erbij hoort", remedy)

    def _by_name(self, certain: Mapping[str, int]) -> Iterator[Finding]:
        """One remark on an edge where names stand instead of codes."""
        named = {code: place for code, place in certain.items() if self.texts[place] not in self.words.codes}
        if named:
            noun, nouns, allowed = _NOUNS[self.words.kind]
            codes = [*list(named)[:_LISTED], *(["…"] if len(named) > _LISTED else [])]
            found = f"bij {count(len(named), noun, nouns)} staat de naam in plaats van de code: {', '.join(codes)}"
            remedy = "niets, als de terreinen en indicatoren kloppen"
            yield self.finding("name-for-code", min(named.values()), found, allowed, remedy, "remark")

    def second(self, head: SecondHead) -> Finding:
        """The finding that a second head ends the matrix."""
        _, nouns, _ = _NOUNS[self.words.kind]
        found = f"hier staan andere {nouns} dan in de kop van de matrix; wat erachter staat, is niet gelezen"
        remedy = "zet alles in één matrix met één kop, of lever het tweede deel als eigen werkmap aan"
        place = self.table.where(*self.cell(head.place, head.line))
        return replace(self.finding("second-head", 0, found, "één kop per matrix", remedy), **place)

    def finding(
        self, rule: str, place: int, found: str, allowed: str, remedy: str, severity: Severity = "error"
    ) -> Finding:
        """A finding about one place on this edge."""
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            found=found,
            allowed=allowed,
            remedy=remedy,
            **self.table.where(*self.cell(place)),
        )

    def _address(self, place: int) -> str:
        where = self.table.where(*self.cell(place))
        return where.get("cell") or ""


def _without_code(edges: Edges, top: _Axis, side: _Axis) -> Iterator[Finding]:
    """Values in a row or column whose code was wiped out: nobody can tell what they are about."""
    own_rows = [place for place, text in side.texts.items() if text in side.words.texts]
    own_columns = [place for place, text in top.texts.items() if text in top.words.texts]
    allowed, remedy = "bij elke waarde een code", "vul de code in of haal ze weg"
    found = "ingevulde cellen zonder code"
    limits = [head.line for head in edges.second_indicator_heads], [head.line for head in edges.second_park_heads]
    for column, values in enumerate(edges.columns):
        empty = not edges.rows[edges.header][column] and column not in {edges.side, *limits[0]}
        if empty and any(values[row] and values[row] not in side.words.texts for row in own_rows):
            yield top.finding("values-without-park", column, found, allowed, remedy, "warning")
    for row in range(edges.header + 1, min(limits[1], default=len(edges.rows))):
        values = edges.rows[row]
        empty = not values[edges.side]
        # A head that is repeated holds no values.
        if empty and any(values[column] and values[column] not in top.words.texts for column in own_columns):
            yield side.finding("values-without-indicator", row, found, allowed, remedy, "warning")


def _remarks_beside(edges: Edges, top: _Axis, side: _Axis) -> Iterator[Finding]:
    """Rows and columns of remarks beside the judgements: only the sheet of remarks is read."""
    lines = ((top, edges.rows[edges.header], edges.columns), (side, edges.columns[edges.side], edges.rows))
    for axis, heads, across in lines:
        for place, head in enumerate(heads):
            if head in REMARK_LABELS and any(text for other, text in enumerate(across[place]) if other != axis.line):
                found = "toelichtingen naast de matrix; ze zijn niet gelezen"
                remedy = "zet ze op het blad Toelichting van de lege werkmap"
                yield axis.finding("remarks-beside-matrix", place, found, "het blad Toelichting", remedy, "warning")
