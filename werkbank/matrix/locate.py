"""Where the matrix stands in a sheet: by what the cells say, not by where they should be.

Rows and columns that somebody inserted or moved do no harm; codes that are unknown, doubled or merged are named, and
so are values that stand where no code says what they are about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import normalise
from werkbank.matrix.workbook import Table, address
from werkbank.wording import did_you_mean

__all__ = ["Located", "locate"]

_NOUNS = {
    "park": ("terrein", "een terreincode uit het register"),
    "indicator": ("indicator", "een code uit de catalogus"),
}
_LABELS = frozenset({"code", "indicator", "indicatoren", "naam", "terrein", "terreinen", "terreincode"})
"""Words that head a row or column themselves; they are no codes."""
_LONGEST_CODE = 60
_TOO_LONG = "…" * _LONGEST_CODE
_LOOKS_LIKE_A_CODE = re.compile(r"[a-z]{1,4}[ _-]?\d{1,3}")


@dataclass(frozen=True, slots=True)
class Located:
    """The columns of the parks and the rows of the indicators, counted from 0; what is not certain is in neither."""

    header: int
    """The row of the park codes."""
    code_column: int
    columns: Mapping[str, int]
    rows: Mapping[str, int]
    doubtful: frozenset[str]
    """Codes that are on the sheet, but twice or merged; they have a finding of their own."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    """One edge of the matrix: the row of park codes or the column of indicator codes."""

    kind: str
    known: Mapping[str, str]
    texts: Mapping[int, str]
    """What stands on it, by place."""
    line: int
    """The row or column that the edge is."""
    table: Table
    file: str

    def match(self) -> tuple[dict[str, int], set[str], list[Finding]]:
        """The place of every known code that stands there once, the doubtful ones, and a finding for each fault."""
        places: dict[str, list[int]] = {}
        findings = []
        for place, text in self.texts.items():
            if text in self.known:
                places.setdefault(self.known[text], []).append(place)
            else:
                findings.append(self._unknown(place, text))
        doubtful = {code: found for code, found in places.items() if len(found) > 1 or self._is_merged(found[0])}
        for code, found in sorted(doubtful.items()):
            findings += [self._doubtful(code, place, found) for place in found]
        return {code: found[0] for code, found in places.items() if code not in doubtful}, set(doubtful), findings

    def cell(self, place: int) -> tuple[int, int]:
        """Row and column of a place on this edge."""
        return (self.line, place) if self.kind == "park" else (place, self.line)

    def _is_merged(self, place: int) -> bool:
        """Merged along the edge: then it is not certain over which rows or columns the code extends."""
        first = self.table.merged.get(self.cell(place))
        return first is not None and first == self.table.merged.get(self.cell(place + 1))

    def _unknown(self, place: int, text: str) -> Finding:
        noun, allowed = _NOUNS[self.kind]
        near = did_you_mean(text, tuple(self.known.values())) if text != _TOO_LONG else ""
        # What does not look like a code may be a remark in the wrong cell, or a name: it is not repeated.
        shown = f"“{text}”" if near or _LOOKS_LIKE_A_CODE.fullmatch(text) else "een tekst die geen code is"
        remedy = near or f"verbeter de code of haal het {noun} weg"
        return self.finding(f"unknown-{self.kind}", place, f"onbekend: {shown}", allowed, remedy)

    def _doubtful(self, code: str, place: int, places: Sequence[int]) -> Finding:
        noun, _ = _NOUNS[self.kind]
        if len(places) == 1:
            found, allowed = f"{code} staat in een samengevoegde cel", "elke code in een eigen cel"
            return self.finding("merged-code", place, found, allowed, "splits de cel")
        others = ", ".join(address(*self.cell(other)) for other in places if other != place)
        found = f"{code} staat ook in {others}"
        return self.finding(f"doubled-{self.kind}", place, found, f"elk {noun} één keer", "haal er één weg")

    def finding(
        self, rule: str, place: int, found: str, allowed: str, remedy: str, severity: Severity = "error"
    ) -> Finding:
        """A finding about one place on this edge."""
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            sheet=self.table.name,
            cell=address(*self.cell(place)),
            found=found,
            allowed=allowed,
            remedy=remedy,
        )


def locate(table: Table, file: str, park_ids: Collection[str], indicators: Collection[str]) -> Located | None:
    """Find the row of park codes and the column of indicator codes; None when the sheet holds no matrix.

    `park_ids` and `indicators` are all that are known anywhere; which of them belong in this workbook is judged by
    the reader.
    """
    key = lru_cache(maxsize=None, typed=True)(_key)
    parks = {normalise(park): park for park in park_ids}
    codes = {normalise(code): code for code in indicators}
    width = max(map(len, table.rows), default=0)
    rows = [[*map(key, row), *[""] * (width - len(row))] for row in table.rows]
    columns = list(zip(*rows, strict=True))
    header, code_column = _richest(rows, parks), _richest(columns, codes)
    # Where the edges cross stands no code; in a list of remarks one does.
    if header is None or code_column is None or rows[header][code_column] in parks.keys() | codes.keys():
        return None
    across = _texts(rows[header], code_column, header, columns, parks)
    down = _texts(columns[code_column], header, code_column, rows, codes)
    edge = _Axis("park", parks, across, header, table, file)
    side = _Axis("indicator", codes, down, code_column, table, file)
    found_columns, doubtful_parks, park_findings = edge.match()
    found_rows, doubtful_codes, code_findings = side.match()
    findings = (*park_findings, *code_findings, *_without_code(edge, side, rows, columns))
    return Located(header, code_column, found_columns, found_rows, frozenset(doubtful_parks | doubtful_codes), findings)


def _texts(
    line: Sequence[str], crossing: int, own: int, lines: Sequence[Sequence[str]], known: Mapping[str, str]
) -> dict[int, str]:
    """What on an edge is or should be a code: every known one, and what stands beyond the crossing and heads anything.

    Before the crossing stand titles; a lone word above an empty column is no park.
    """

    def heads_something(place: int) -> bool:
        return any(text for other, text in enumerate(lines[place]) if other != own)

    return {
        place: text
        for place, text in enumerate(line)
        if text in known or (place > crossing and text and text not in _LABELS and heads_something(place))
    }


def _without_code(
    edge: _Axis, side: _Axis, rows: Sequence[Sequence[str]], columns: Sequence[Sequence[str]]
) -> Iterator[Finding]:
    """Values in a row or column whose code was wiped out: nobody can tell what they are about."""
    own_rows = [place for place, text in side.texts.items() if text in side.known]
    own_columns = [place for place, text in edge.texts.items() if text in edge.known]
    found, allowed, remedy = "ingevulde cellen zonder code", "bij elke waarde een code", "vul de code in of haal ze weg"
    for column in range(len(columns)):
        empty = not rows[edge.line][column] and column != side.line
        if empty and any(columns[column][row] for row in own_rows):
            yield edge.finding("values-without-park", column, found, allowed, remedy, "warning")
    for row in range(edge.line + 1, len(rows)):
        if not columns[side.line][row] and any(rows[row][column] for column in own_columns):
            yield side.finding("values-without-indicator", row, found, allowed, remedy, "warning")


def _key(value: Hashable) -> str:
    """The text of a cell; of one too long to be a code only that there is something."""
    if isinstance(value, str) and len(value) > _LONGEST_CODE:
        return _TOO_LONG if value.strip() else ""
    return normalise(value)


def _richest(lines: Sequence[Sequence[str]], known: Mapping[str, str]) -> int | None:
    """The first line with the most known codes; None when no line holds any."""
    codes = frozenset(known)
    hits = [len(codes.intersection(line)) for line in lines]
    best = max(hits, default=0)
    return hits.index(best) if best else None
