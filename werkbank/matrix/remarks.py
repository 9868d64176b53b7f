"""The sheet Toelichting: source strength, date and remark per judgement.

Remarks are secrets: no finding repeats one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkbank.errors import Finding
from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import REMARK_HEADINGS, SHEET_REMARKS, SOURCE_STRENGTHS
from werkbank.matrix.workbook import Table, Workbook, address
from werkbank.wording import listing

__all__ = ["NO_ANNOTATION", "Annotation", "read_annotations"]

_DUTCH_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ t]00:00(?::00)?)?")
_YEARS = range(2000, 2100)
_LONGEST = 32_767
"""The most that Excel keeps in one cell: a longer text was not typed there."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is kept beside a level: the source strength (A, B, C or nothing), the date, the remark."""

    source_strength: str
    date: dt.date | None
    remark: str


NO_ANNOTATION = Annotation("", None, "")

Key = tuple[str, str]
"""Park and indicator."""


def read_annotations(
    book: Workbook, park_ids: Collection[str], indicators: Collection[str]
) -> tuple[dict[Key, Annotation], tuple[Finding, ...]]:
    """The annotations by park and indicator, and what is wrong with the sheet; no sheet is no fault."""
    table = book.table(SHEET_REMARKS)
    if table is None:
        return {}, ()
    header, columns = _headings(table)
    findings = list(_missing_headings(book.file, table, header, columns))
    if header is None:
        return {}, tuple(findings)
    parks = {normalise(park): park for park in park_ids}
    codes = {normalise(code): code for code in indicators}
    annotations: dict[Key, Annotation] = {}
    for number, values in enumerate(table.rows[header + 1 :], start=header + 1):
        row = _Row(book.file, table, number, columns, values, _texts(columns, values))
        if not row.holds_anything:
            continue
        key = (parks.get(row.texts["park_id"], ""), codes.get(row.texts["indicator"], ""))
        annotation = row.annotation()
        findings += row.faults(annotation, known=all(key), again=key in annotations)
        if all(key):
            annotations.setdefault(key, annotation)
    return annotations, tuple(findings)


def _texts(columns: Mapping[str, int], values: Sequence[Hashable]) -> dict[str, str]:
    """What a line says, ready for comparing; the remark is left out, for nothing is compared with it."""
    return {name: normalise(values[column]) for name, column in columns.items() if name != "remark"}


def _headings(table: Table) -> tuple[int | None, dict[str, int]]:
    """The row with the headings and the column of each; None when the sheet has none."""
    wanted = {normalise(heading): name for name, heading in REMARK_HEADINGS.items()}
    for number, row in enumerate(table.rows):
        columns = {wanted[text]: place for place, text in enumerate(map(normalise, row)) if text in wanted}
        if {"park_id", "indicator"} <= columns.keys():
            return number, columns
    return None, {}


def _missing_headings(file: str, table: Table, header: int | None, columns: Mapping[str, int]) -> Iterator[Finding]:
    """Without its heading a whole column would be lost in silence; an empty sheet loses nothing."""
    missing = [heading for name, heading in REMARK_HEADINGS.items() if name not in columns]
    if missing and any(any(row) for row in table.rows):
        found = f"zonder de kolom {listing(missing)}; wat daar stond is niet gelezen"
        allowed = f"de kolommen {listing(REMARK_HEADINGS.values())}"
        yield _finding(file, table, (header or 0, 0), "missing-heading", found, allowed)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the sheet: its values, and its texts by the names of their columns."""

    file: str
    table: Table
    number: int
    columns: Mapping[str, int]
    values: Sequence[Hashable]
    texts: Mapping[str, str]

    @property
    def holds_anything(self) -> bool:
        return any(self.texts.values()) or bool(self._remark or self._unreliable)

    @property
    def _remark(self) -> str:
        return str(self._value("remark")).strip()

    @property
    def _unreliable(self) -> list[str]:
        suspects = self.table.unreliable
        return [name for name, column in self.columns.items() if (self.number, column) in suspects] if suspects else []

    def annotation(self) -> Annotation:
        """What the line says, without what it does not say clearly."""
        strength = self.texts.get("source_strength", "").upper()
        return Annotation(strength if strength in SOURCE_STRENGTHS else "", _date(self._value("date")), self._remark)

    def faults(self, annotation: Annotation, *, known: bool, again: bool) -> Iterator[Finding]:
        """Everything wrong with the line; never what its remark says."""
        for name in self._unreliable:
            yield self._fault(name, "formula-without-value", "een formule of fout zonder waarde", "een waarde")
        if not known:
            found, allowed = "geen bekend terrein of geen bekende indicator", "codes uit het blad Matrix"
            yield self._fault("park_id", "remark-without-cell", found, allowed)
        if again:
            found = "een tweede toelichting bij dezelfde cel; alleen de eerste telt"
            yield self._fault("park_id", "doubled-remark", found, "één regel per terrein en indicator")
        if self.texts.get("source_strength") and not annotation.source_strength:
            allowed = listing(SOURCE_STRENGTHS, "of")
            yield self._fault("source_strength", "unknown-source-strength", "geen bekende bronsterkte", allowed)
        if self.texts.get("date") and annotation.date is None:
            yield self._fault("date", "unreadable-date", "geen datum van deze eeuw", "een datum zoals 31-12-2026")
        if len(annotation.remark) > _LONGEST:
            yield self._fault("remark", "long-remark", "een ongewoon lange tekst", "ten hoogste 32.767 tekens")

    def _value(self, name: str) -> Hashable:
        return self.values[self.columns[name]] if name in self.columns else ""

    def _fault(self, name: str, rule: str, found: str, allowed: str) -> Finding:
        return _finding(self.file, self.table, (self.number, self.columns[name]), rule, found, allowed)


def _date(value: object) -> dt.date | None:
    """The day, of this century; None for everything else."""
    if isinstance(value, dt.datetime):
        value = value.date()
    day = value if isinstance(value, dt.date) else _date_in(normalise(value))
    return day if day is not None and day.year in _YEARS else None


def _date_in(text: str) -> dt.date | None:
    dutch, iso = _DUTCH_DATE.fullmatch(text), _ISO_DATE.fullmatch(text)
    try:
        if dutch:
            return dt.date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
        return dt.date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def _finding(file: str, table: Table, cell: tuple[int, int], rule: str, found: str, allowed: str) -> Finding:
    return Finding(
        rule=rule,
        severity="warning",
        file=file,
        sheet=table.name,
        cell=address(*cell),
        found=found,
        allowed=allowed,
        remedy="verbeter de cel",
    )
