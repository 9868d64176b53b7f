"""Where everything stands in a risk-matrix workbook; the one page that writer and reader share.

    Bevindingen   only in a return that was checked and sent back; for people only; never read back
    Uitleg        for people only; never read back
    Matrix        row 1 title, and from C how much of each park is filled in · row 2 park ids · row 3 park names ·
                  from row 4: A code, B name, from C one park a column; a row with an empty A is the heading of a family
    Toelichting   row 1 hint · row 2 headings · from row 3 in A-E one judgement a row: source strength, date, remark;
                  from G the codes with their names, for people only
    Lijsten       hidden: the texts of the drop-down lists, one list a column
    Schema        hidden: A key, B value, from row 1

Rows and columns here count from 0, as XlsxWriter and calamine do; cell A1 of every sheet is filled, so a
reader that trims empty edges still sees the same positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from werkbank.settings.entries import Level, Scale

SCHEMA_VERSION: Final = 1
"""Raised when a position or key on this page changes; the reader refuses a higher one."""

SHEET_GUIDE: Final = "Uitleg"
SHEET_MATRIX: Final = "Matrix"
SHEET_REMARKS: Final = "Toelichting"
SHEET_LISTS: Final = "Lijsten"
SHEET_SCHEMA: Final = "Schema"
SHEET_FINDINGS: Final = "Bevindingen"

TITLE_ROW: Final = 0
PARK_ID_ROW: Final = 1
PARK_NAME_ROW: Final = 2
FIRST_INDICATOR_ROW: Final = 3
CODE_COLUMN: Final = 0
NAME_COLUMN: Final = 1
FIRST_PARK_COLUMN: Final = 2

REMARK_HEADER_ROW: Final = 1
FIRST_REMARK_ROW: Final = 2
REMARK_HEADINGS: Final[dict[str, str]] = {
    "park_id": "Terreincode",
    "indicator": "Indicator",
    "source_strength": "Bronsterkte",
    "date": "Peildatum",
    "remark": "Toelichting",
}
"""Column of the judgements → its heading, in the order of the sheet: A park_id … E remark."""

SCHEMA_KEYS: Final = (
    "schema_version",
    "round",
    "municipality",
    "party",
    "catalogue_version",
    "catalogue_fingerprint",
    "fictional",
)
"""Keys of the hidden sheet, in order; party is the catalogue's id, fictional is "ja" or "nee", all are text.

The fingerprint is of what the workbook asks (`Catalogue.form_fingerprint`).
"""

UNKNOWN_TEXT: Final = "onbekend"
NOT_APPLICABLE_TEXT: Final = "n.v.t."
SOURCE_STRENGTHS: Final = ("A", "B", "C")
FICTIONAL_LABEL: Final = "FICTIEVE GEGEVENS"
CONFIDENTIAL_LABEL: Final = "VERTROUWELIJK, alleen voor gebruik binnen de RIEC-samenwerking"
MARK_NOTE: Final = "Bevinding van de werkbank"
"""How every note begins that the werkbank itself puts beside a cell; any other is somebody's own."""


Key = tuple[str, str]
"""Park and indicator."""


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file: sheet and cell (as in `F14`) of a workbook, or cell and line (from 1) of a text file."""

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None


def address(row: int, column: int) -> str:
    """The spreadsheet address of a cell counted from 0: (13, 5) → "F14"."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  slow to load, and a clean return needs none

    return f"{get_column_letter(column + 1)}{row + 1}"


def level_text(level: Level) -> str:
    """What a cell shows for a level: its value and the last part of its name, as in "2 meermaals"."""
    name = level.name.rpartition(", ")[2]
    # An abbreviation keeps its capitals.
    return f"{level.value} {name if name[:2].isupper() else name[:1].lower() + name[1:]}"


def cell_text(state: str, level: int | None, scale: Scale) -> str:
    """What a cell shows for a judgement; open is an empty cell."""
    if state == "level":
        return level_text(next(each for each in scale.levels if each.value == level))
    return {"unknown": UNKNOWN_TEXT, "not_applicable": NOT_APPLICABLE_TEXT, "open": ""}[state]


def list_texts(scale: Scale) -> tuple[str, ...]:
    """The drop-down of a scale: its levels from low to high, then unknown and not applicable."""
    return (*map(level_text, scale.levels), UNKNOWN_TEXT, NOT_APPLICABLE_TEXT)


def workbook_name(municipality: str, party_file: str) -> str:
    """The file name of one municipality's workbook by one party: "almere_politie.xlsx"."""
    return f"{municipality}_{party_file}.xlsx"


LIST_HEADINGS: Final[Mapping[str, str]] = {
    **REMARK_HEADINGS,
    "party": "Partij",
    "state": "Toestand",
    "level": "Niveau",
    "round": "Ronde",
    "fictional": "Fictief",
}
"""Column of a list of judgements → its heading."""
HEADINGS: Final[Mapping[str, str]] = {
    said.casefold(): column for column, heading in LIST_HEADINGS.items() for said in (column, heading)
}
"""Heading, as it is compared → the column it heads."""
_TEXTS: Final = frozenset(HEADINGS)
_LOOKED_AT: Final = 40
"""A list begins somewhere on top; further down a word is a remark."""


@dataclass(frozen=True, slots=True)
class Head:
    """The line of headings, and the column of each."""

    line: int
    columns: Mapping[str, int]
    doubled: tuple[str, ...] = ()
    """Columns that are headed twice."""
    unknown: tuple[int, ...] = ()
    """The columns with another heading."""


def find_head(rows: Iterable[Sequence[str]], *wanted: frozenset[str]) -> Head | None:
    """The first line, of texts ready for comparing, with at least one heading out of each of these sets."""
    for line, row in enumerate(islice(rows, _LOOKED_AT)):
        if len(_TEXTS.intersection(row)) < len(wanted):
            continue
        found: dict[str, list[int]] = {}
        for place, text in enumerate(row):
            if text in HEADINGS:
                found.setdefault(HEADINGS[text], []).append(place)
        if all(columns & found.keys() for columns in wanted):
            doubled = tuple(column for column, places in found.items() if len(places) > 1)
            unknown = tuple(place for place, text in enumerate(row) if text and text not in HEADINGS)
            return Head(line, {column: places[0] for column, places in found.items()}, doubled, unknown)
    return None
