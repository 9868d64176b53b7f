"""What is kept beside a judgement: source strength, date and remark, on the sheet Toelichting or in a list.

Remarks are secrets: no finding repeats one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from werkbank.errors import Finding
from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import REMARK_HEADINGS, SHEET_REMARKS, SOURCE_STRENGTHS, Head, Key, find_head
from werkbank.matrix.locating import Words
from werkbank.matrix.opening import Table, Workbook
from werkbank.matrix.rules import finding
from werkbank.wording import listing, read_date

_YEARS: Final = range(2000, 2100)
_LONGEST: Final = 32_767
"""The most that Excel keeps in one cell: a longer text was not typed there."""
_KEYS: Final = (frozenset({"park_id"}), frozenset({"indicator"}))
BESIDE: Final = frozenset({"remark", "source_strength", "date"})
"""The columns beside a judgement."""
_STRENGTHS: Final = frozenset({"", *SOURCE_STRENGTHS})


class Annotation(NamedTuple):
    """What is kept beside a level: the source strength (A, B, C or nothing), the date, the remark."""

    source_strength: str
    date: dt.date | None
    remark: str


NO_ANNOTATION: Final = Annotation("", None, "")


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that one workbook says beside its levels, by park and indicator; where; and what is wrong with it."""

    values: Mapping[Key, Annotation] = field(default_factory=dict)
    rows: Mapping[Key, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None
    findings: tuple[Finding, ...] = ()


def remark_table(book: Workbook, others: Sequence[Table] = ()) -> Table | None:
    """The sheet Toelichting, else the sheet with its headings, for sheets get renamed; not one of `others`."""
    named = book.table(SHEET_REMARKS)
    if named is not None:
        return named
    rest = (table for table in book.tables if not any(table is other for other in others))
    return next((table for table in rest if find_head(_texts(table), *_KEYS, BESIDE)), None)


def read_annotations(table: Table, parks: Words, indicators: Words) -> Annotations:
    """The annotations by park and indicator, and what is wrong with the sheet.

    The words know which parks and indicators belong in this workbook; of others nothing is kept.
    """
    head = find_head(_texts(table), *_KEYS)
    findings = list(_missing_headings(table, head))
    if head is None:
        return Annotations(sheet=table.name, findings=tuple(findings))
    values: dict[Key, Annotation] = {}
    rows: dict[Key, int] = {}
    beside = Beside(table, head.columns)
    park_at, indicator_at = head.columns["park_id"], head.columns["indicator"]
    for number in range(head.line + 1, len(table.rows)):
        cells = table.rows[number]
        park, indicator = normalise(cells[park_at]), normalise(cells[indicator_at])
        if not park and not indicator and beside.is_empty(number):
            continue
        key = parks.certain(park), indicators.certain(indicator)
        annotation = beside.annotation(number)
        if key in values or not beside.is_sound(annotation, key):
            findings += beside.faults(number, annotation, of=key, again=key in values)
        if key[0] and key[1] and key not in values:
            values[key] = annotation
            rows[key] = number
    return Annotations(values, rows, head.columns, table.name, tuple(findings))


def _texts(table: Table) -> Iterator[list[str]]:
    """The texts of the lines, as far as the headings are looked for."""
    return ([normalise(cell) if isinstance(cell, str) else "" for cell in row] for row in table.rows)


def _missing_headings(table: Table, head: Head | None) -> Iterator[Finding]:
    """Without its heading a whole column would be lost in silence; an empty sheet loses nothing."""
    columns = head.columns if head else {}
    missing = [heading for name, heading in REMARK_HEADINGS.items() if name not in columns]
    if missing and any(any(row) for row in table.rows):
        found = f"zonder de kolom {listing(missing)}; wat daar stond is niet gelezen"
        allowed = f"de kolommen {listing(REMARK_HEADINGS.values())}"
        yield _finding(table, (head.line if head else 0, 0), "missing-heading", found, allowed)


class Beside:
    """What stands beside the judgements of one sheet or list, line by line."""

    def __init__(self, table: Table, columns: Mapping[str, int]) -> None:
        self._table, self._columns = table, columns
        self._strength, self._date, self._remark = (columns.get(each) for each in ("source_strength", "date", "remark"))

    def annotation(self, row: int) -> Annotation:
        """What a line says, without what it does not say clearly."""
        cells = self._table.rows[row]
        strength = "" if self._strength is None else normalise(cells[self._strength]).upper()
        date = "" if self._date is None else cells[self._date]
        remark = "" if self._remark is None else str(cells[self._remark]).strip()
        return Annotation(strength if strength in _STRENGTHS else "", _date(date) if date != "" else None, remark)

    def is_empty(self, row: int) -> bool:
        """True when a line says nothing that can be seen."""
        cells = self._table.rows[row]
        return not any(normalise(cells[place]) for place in self._columns.values()) and not self._unreliable(row)

    def is_sound(self, annotation: Annotation, of: Key) -> bool:
        """True when a line says all there is to say, and clearly: nothing can be wrong with it."""
        complete = annotation.source_strength and annotation.date and of[0] and of[1]
        return bool(complete and len(annotation.remark) <= _LONGEST and not self._table.odd)

    def faults(
        self, row: int, annotation: Annotation, *, of: Key = ("", ""), again: bool = False, alone: bool = True
    ) -> Iterator[Finding]:
        """Everything wrong with a line; never what its remark says. `alone`: it holds nothing but annotations."""
        for name in self._unreliable(row) if self._table.odd else ():
            yield self._fault(row, name, "formula-without-value", "een formule of fout zonder waarde", "een waarde")
        if alone and not all(of):
            found, allowed = "geen bekend terrein of geen bekende indicator", "codes uit het blad Matrix"
            yield self._fault(row, "park_id", "remark-without-cell", found, allowed)
        if again:
            found = "een tweede toelichting bij dezelfde cel; alleen de eerste telt"
            yield self._fault(row, "park_id", "doubled-remark", found, "één regel per terrein en indicator")
        if not annotation.source_strength and self._says("source_strength", row):
            allowed = listing(SOURCE_STRENGTHS, "of")
            yield self._fault(row, "source_strength", "unknown-source-strength", "geen bekende bronsterkte", allowed)
        if annotation.date is None and self._says("date", row):
            yield self._fault(row, "date", "unreadable-date", "geen datum van deze eeuw", "een datum zoals 31-12-2026")
        if len(annotation.remark) > _LONGEST:
            yield self._fault(row, "remark", "long-remark", "een ongewoon lange tekst", "ten hoogste 32.767 tekens")

    def _says(self, name: str, row: int) -> bool:
        """True when something can be seen in that column."""
        place = self._columns.get(name)
        return place is not None and normalise(self._table.rows[row][place]) != ""

    def _unreliable(self, row: int) -> list[str]:
        return [name for name, place in self._columns.items() if self._table.odd.get((row, place)) == "formula"]

    def _fault(self, row: int, name: str, rule: str, found: str, allowed: str) -> Finding:
        return _finding(self._table, (row, self._columns[name]), rule, found, allowed)


def _date(value: object) -> dt.date | None:
    """The day, of this century; None for everything else."""
    if isinstance(value, dt.datetime):
        value = value.date()
    day = value if isinstance(value, dt.date) else read_date(normalise(value))
    return day if day is not None and day.year in _YEARS else None


def _finding(table: Table, cell: tuple[int, int], rule: str, found: str, allowed: str) -> Finding:
    fault = finding(rule, place=table.place(*cell), found=found, allowed=allowed, remedy="verbeter de cel")
    return replace(fault, severity="warning")
