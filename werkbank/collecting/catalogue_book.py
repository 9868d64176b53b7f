"""The catalogue as one Excel workbook: a sheet per kind of entry, with an explanation above every column.

What the sheets and columns are is a table, `catalogue_book.yaml`, and what a column means is what an editor shows
beside its key. YAML stays the truth: a workbook is made of it, and read back into it (`catalogue_import`), as plain
data of which every value knows its cell. The faults in it are those of the YAML models and cross checks: every value is
given the number of its cell for a line, and a finding about that line is about that cell.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import Finding
from werkbank.files import yaml
from werkbank.files.models import models_at
from werkbank.files.yaml import Path, Prose, packaged
from werkbank.matrix.layout import Place
from werkbank.matrix.opening import Table
from werkbank.matrix.template import Book
from werkbank.matrix.template_sheets import Styles
from werkbank.settings import entries
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import did_you_mean, listing

_TEXTS: Final = packaged(__file__, "catalogue_book.yaml")
_KEYS: Final = packaged(entries.__file__, "keys.yaml")
SAID: Final[Mapping[str, str]] = MappingProxyType(_TEXTS["said"])
"""What the models say of YAML, and what is said of a workbook instead."""
ASKED: Final = {"is not": "is niet", "unknown": "onbekend", "high": "hoog", "highest": "hoogst", "lowest": "laagst"}
"""What a trigger says in English, in the words of the workbook."""
_LEFT_TO_THE_WERKBANK: Final = ("owner",)
_FIRST_ROW: Final = 3
"""Below the title of the sheet, the explanations and the headings."""
_SPARE_ROWS: Final = 300
_POINTS_A_LINE: Final = 15
_A4: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One key of the entries of a sheet; in its path 0 stands for the place of a row within its group."""

    path: Path
    head: str
    about: str
    required: bool
    filled: bool
    """Whether a list of it may not be empty."""
    also: Sequence[str] = ()
    of: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[str] = ()
    number: bool = False
    many: bool = False
    trigger: bool = False
    width: int = 0
    default: str = ""

    @property
    def key(self) -> str:
        """The key as a finding of the models names it."""
        return next(str(part) for part in reversed(self.path) if part != 0)

    @property
    def optional(self) -> bool:
        """Whether its cell may stay empty."""
        return not self.filled if self.many else not self.required

    @property
    def of_a_row(self) -> bool:
        """Whether every row of a group has its own."""
        return 0 in self.path


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One list of the catalogue; with a `group` an entry takes as many rows as that inner list is long."""

    name: str
    key: str
    about: str
    group: str
    columns: tuple[Column, ...]


def _sheet(*, sheet: str, key: str, model: str, about: str, columns: Mapping[str, Any], group: str = "") -> Sheet:
    made = tuple(_column(getattr(entries, model), each, **spec) for each, spec in columns.items())
    return Sheet(sheet, key, about, group, made)


def _column(model: type[BaseModel], key: str, *, about: str = "", **spec: Any) -> Column:
    path: tuple[str | int, ...] = ()
    for name, inner, _ in (part.partition("[") for part in key.split(".")):
        path = (*path, name, 0) if inner else (*path, name)
    named = path[: max(place for place, part in enumerate(path) if part != 0) + 1]
    (owner,) = models_at(model, named[:-1])
    known = owner.model_fields[str(named[-1])]
    filled = any(getattr(each, "min_length", 0) for each in known.metadata)
    spec["width"] = spec.get("width", 12 if "number" in spec else 22)
    text = reworded(about or _KEYS[owner.__name__][str(named[-1])])
    return Column(path=path, about=text, required=known.is_required(), filled=filled, **spec)


def reworded(text: str, said: Mapping[str, str] = SAID) -> str:
    """What is said of YAML, said of a workbook."""
    for yaml_words, words in said.items():
        text = text.replace(yaml_words, words)
    return text


SHEETS: Final = tuple(_sheet(**each) for each in _TEXTS["sheets"])
"""Every sheet with entries, in the order of the workbook."""


def plain_data(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as its YAML has it: no defaults, and nothing that the werkbank itself decides on."""
    data = catalogue.model_dump(mode="json", exclude_defaults=True)
    for audience in data["audiences"]:
        for key in _LEFT_TO_THE_WERKBANK:
            audience.pop(key, None)
    return {"cooperation": [], "sources": [], "earlier": [], **data}


def render(catalogue: Catalogue) -> bytes:
    """The workbook's bytes; the same for the same catalogue."""
    data, book = plain_data(catalogue), Book(title=str(catalogue))
    styles = Styles(book, fictional=False)
    guide = book.add_worksheet(_TEXTS["guide"]["sheet"])
    guide.set_column(0, 0, 110)
    guide.fit_to_pages(1, 0)
    for row, text in enumerate((str(catalogue), *_TEXTS["guide"]["lines"])):
        guide.write_string(row, 0, text, styles["text" if row else "title"])
    text, number = styles.over(valign="top", text_wrap=True, num_format="@"), styles.over(valign="top", align="left")
    looks = {False: text, True: number}
    for sheet in SHEETS:
        _write(book.add_worksheet(sheet.name), styles, looks, sheet, data)
    return book.content()


def _write(target: Worksheet, styles: Styles, looks: Mapping[bool, Any], sheet: Sheet, data: Mapping[str, Any]) -> None:
    rows = list(_rows(sheet, data))
    last = _FIRST_ROW + len(rows) + (_SPARE_ROWS if sheet.key else 0)
    target.write_string(0, 0, f"{sheet.name}. {sheet.about}", styles["title_grid"])
    told = [column.about + (" Mag leeg blijven." if column.optional else "") for column in sheet.columns]
    lines = max(math.ceil(len(text) / (each.width - 1)) for text, each in zip(told, sheet.columns, strict=True))
    target.set_row(1, (lines + 1) * _POINTS_A_LINE)
    for place, (column, text) in enumerate(zip(sheet.columns, told, strict=True)):
        target.set_column(place, place, column.width)
        target.write_string(1, place, text, styles["text"])
        target.write_string(2, place, column.head, styles["head"])
        if source := _choices(column, data):
            options = {"validate": "list", "source": source, "error_type": "warning"}
            target.data_validation(_FIRST_ROW, place, last, place, options)
    for row, values in enumerate(rows, _FIRST_ROW):
        for place, value in enumerate(values):
            target.write(row, place, value, looks[sheet.columns[place].number])
    target.freeze_panes(_FIRST_ROW, min(2, len(sheet.columns) - 1))
    target.set_landscape()
    target.set_paper(_A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(1, 2)


def _choices(column: Column, data: Mapping[str, Any]) -> str | list[str] | None:
    """What a drop-down offers: the codes on another sheet, also those that are still added there, or a few words."""
    if column.many:
        return None
    codes = yaml.codes(data, column.of)
    home = next((each for each in SHEETS if each.key == column.of), None) if column.of else None
    if home and not (column.words or column.number or home.group):
        cells = f"'{home.name}'!{xl_range_abs(_FIRST_ROW, 0, _FIRST_ROW + len(codes) + _SPARE_ROWS, 0)}"
        return f"=OFFSET({cells.partition(':')[0]},0,0,COUNTA({cells}),1)"
    return [*column.words, *column.choices, *codes] or None


def _rows(sheet: Sheet, data: Mapping[str, Any]) -> Iterator[list[str | int | float | None]]:
    for entry in data[sheet.key] if sheet.key else (data,):
        for row in range(max(1, len(entry.get(sheet.group, ())))):
            yield [
                _shown(column, _at(entry, column.path, row)) if not row or not place or column.of_a_row else None
                for place, column in enumerate(sheet.columns)
            ]


def _at(value: Any, path: Path, row: int) -> Any:
    """The value at a path, of one row; None where there is none."""
    for part in path:
        value = dict(enumerate(value)).get(row) if part == 0 else value.get(part)
        if value is None:
            return None
    return value


def _shown(column: Column, value: Any) -> str | int | float | None:
    if isinstance(value, list):
        return (", " if column.of else "\n").join(str(_shown(column, each)) for each in value) or None
    if isinstance(value, Mapping):
        return " ".join(str(ASKED.get(part, part)) for part in value.values())
    word = next((word for word, meant in column.words.items() if (meant, type(meant)) == (value, type(value))), value)
    return word if isinstance(word, (str, int, float)) else None


_PROSE: Final = Prose(FilePath(__file__).with_name("faults.yaml"))
LIST: Final = SHEETS[0]
"""The sheet of the indicators, which a plain list is as well."""
_LOOKED_AT: Final = 20
"""A list begins somewhere on top."""
_TRIGGER: Final = re.compile(r"(\S+?)\s*(>=|<=|==|<|\bis(?:\s+niet)?\b)\s*(\S+)")
_NUMBER: Final = re.compile(r"[-+]?\d+([.,]\d+)?")
_GUIDE: Final = "uitleg"


@dataclass(slots=True)
class Reading:
    """A catalogue while it is read: its data, the place of every value, and what was found and assumed."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    """The lists, and the keys, that the workbook itself has."""
    lines: dict[Path, int] = field(default_factory=dict)
    places: list[tuple[Place, Sheet | None, Column | None]] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    absent: list[Column] = field(default_factory=list)
    """The columns that the list of indicators does not have."""

    def tell(self, key: str, near: str = "", place: Place | None = None, **facts: object) -> None:
        """Keep a finding, as a fault or among what is only said."""
        found = _PROSE.finding(key, near, **facts)
        at = place or Place(self.file)
        kept = self.faults if found.severity == "error" else self.told
        kept.append(replace(found, file=at.file, sheet=at.sheet, cell=at.cell, line=at.line))

    def mark(self, path: Path, place: Place, sheet: Sheet | None = None, column: Column | None = None) -> None:
        """Give a value the number of its cell, and whatever lies around it that of its first cell."""
        self.places.append((place, sheet, column))
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], len(self.places))
        self.lines[path] = len(self.places)

    def in_cells(self, findings: tuple[Finding, ...]) -> Iterator[Finding]:
        """What the models found, in the order of the workbook, at its cells and in its words."""
        for found in sorted(findings, key=lambda each: each.line or 0):
            place, sheet, column = self.places[(found.line or 1) - 1]
            at: dict[str, Any] = {"file": place.file, "sheet": place.sheet, "cell": place.cell, "line": place.line}
            if column is not None and place.cell is None and found.rule == "missing-key":
                yield replace(_PROSE.finding("column-missing", head=column.head), **at)
                continue
            said = {f"“{each.key}”": f"“{each.head}”" for each in (*(sheet.columns if sheet else ()), column) if each}
            texts: dict[str, Any] = {
                key: reworded(getattr(found, key), {**said, **SAID}) for key in ("found", "allowed", "remedy")
            }
            if column and found.rule.startswith("wrong-") and (column.words or column.trigger) and not column.number:
                texts |= {"allowed": listing(column.words, "of") or column.about, "remedy": "verbeter de cel"}
            yield replace(found, **at, **texts)


def read_sheets(reading: Reading, tables: tuple[Table, ...]) -> None:
    """Read every sheet that is known by its name; if there is none, the first that looks like a list of indicators."""
    known = {sheet.name.casefold(): sheet for sheet in SHEETS}
    meant = [(table, known.get((table.name or "").strip().casefold())) for table in tables]
    if not any(sheet for _, sheet in meant):
        lists = [table for table in tables if "name" in {column.key for column in _head(table, LIST)[1]}]
        meant = [(table, LIST if table in lists[:1] else None) for table in tables]
        if not lists:
            reading.tell("no-list", heads=listing(f"“{each.head}”" for each in LIST.columns[:4]))
    for table, sheet in meant:
        if sheet:
            rows = _Rows(reading, table, sheet, *_head(table, sheet))
            rows.read()
            if sheet is LIST:
                reading.absent = [each for each in sheet.columns if each not in rows.at]
        elif (table.name or "").strip().casefold() != _GUIDE and any(map(any, table.rows)):
            near = did_you_mean(table.name or "", [each.name for each in SHEETS])
            reading.tell("sheet-not-read", near, table.whole, name=table.name)


def _head(table: Table, sheet: Sheet) -> tuple[int, dict[Column, int]]:
    """The line of headings and the place of every column; of a heading that stands there twice the first."""
    words = {" ".join(word.split()).casefold(): each for each in sheet.columns for word in (each.head, *each.also)}
    best: tuple[int, dict[Column, int]] = (0, {})
    for row, cells in enumerate(table.rows[:_LOOKED_AT]):
        texts = [" ".join(str(cell).split()).casefold() for cell in cells]
        found = {words[text]: place for place, text in reversed(list(enumerate(texts))) if text in words}
        if len(found) > len(best[1]):
            best = row, found
    return best


@dataclass(slots=True)
class _Rows:
    """One sheet while it is read: where its columns are, and how many rows each of its entries has had."""

    reading: Reading
    table: Table
    sheet: Sheet
    line: int
    at: Mapping[Column, int]
    numbers: dict[str, int] = field(default_factory=dict)
    inner: Counter[int] = field(default_factory=Counter)

    def read(self) -> None:
        """Read every row below the headings into the data, with the place of every cell."""
        sheet, reading = self.sheet, self.reading
        reading.read |= {sheet.key} if sheet.key else {each.key for each in self.at}
        reading.mark((sheet.key,) if sheet.key else ("version",), self.table.whole, sheet)
        if not self.at:
            reading.tell("no-head", place=self.table.whole, heads=listing(each.head for each in sheet.columns))
        self._unread_columns()
        if sheet.key:
            reading.data[sheet.key] = []
        last = ""
        for row in range(self.line + 1, len(self.table.rows)):
            texts = {column: self._text(row, place) for column, place in self.at.items()}
            if any(texts.values()):
                # Of a group the first column may stand on its first row only.
                last = (texts.get(sheet.columns[0]) or last) if sheet.group else str(row)
                self._row(row, texts, self.numbers.setdefault(last, len(self.numbers)))
        for entry in reading.data.get(sheet.key, ()) if sheet.group else ():
            if not any(point is not None for point in entry.get("points", ())):
                entry.pop("points", None)

    def _unread_columns(self) -> None:
        heads = [each.head for each in self.sheet.columns]
        for place, cell in enumerate(self.table.rows[self.line] if self.at else ()):
            if (text := str(cell).strip()) and place not in self.at.values():
                near = did_you_mean(text, heads)
                self.reading.tell("column-not-read", near, self.table.place(self.line, place), head=text)

    def _text(self, row: int, column: int) -> str:
        """What stands in a cell, as text; a merged cell has what its range has."""
        spot = self.table.merged.get((row, column), (row, column))
        if spot in self.table.odd:
            self.reading.tell("odd-cell", place=self.table.place(*spot))
        value: Any = self.table.rows[spot[0]][spot[1]]
        if isinstance(value, bool):
            return "ja" if value else "nee"
        return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()

    def _row(self, row: int, texts: Mapping[Column, str], number: int) -> None:
        """Put the cells of one row into their entry, and what is of the row itself into the entry's own inner list."""
        sheet, reading, inner = self.sheet, self.reading, self.inner[number]
        around = (sheet.key, number) if sheet.key else ()
        entries = reading.data[sheet.key] if sheet.key else [reading.data]
        if len(entries) == number:
            entries.append({})
        inside = any(text for column, text in texts.items() if column.of_a_row)
        for column in sheet.columns:
            place = tuple(inner if part == 0 else part for part in column.path)
            if column not in texts:
                reading.mark((*around, *place), self.table.whole, sheet, column)
            elif inside or not column.of_a_row:
                self._cell(entries[number], (around, place), column, texts[column], row)
        self.inner[number] += inside

    def _cell(self, entry: dict[str, Any], path: tuple[Path, Path], column: Column, text: str, row: int) -> None:
        around, place = path
        value = _value(column, text)
        if value is None and column.many and column.required and not column.filled:
            value = []
        if value is not None or isinstance(place[-1], int):
            _put(entry, place, value)
        if text or around + place not in self.reading.lines:
            spot = self.table.place(row, self.at[column])
            self.reading.mark(around + place, spot, self.sheet, column)


def _value(column: Column, text: str) -> Any:
    """What a cell means: a word, a number, a trigger or a text, or several; None for an empty one."""
    if not text:
        return None
    if not column.many:
        return _one(column, text)
    parts = re.split(r"[,;\n]" if column.of else r"\n", text)
    return [_one(column, part.strip()) for part in parts if part.strip()]


def _one(column: Column, text: str) -> Any:
    words = {word.casefold(): meant for word, meant in column.words.items()}
    if text.casefold() in words:
        return words[text.casefold()]
    if column.number:
        return _number(text)
    if column.trigger and (found := _TRIGGER.fullmatch(text)):
        meant = {word: code for code, word in ASKED.items()}
        operator, value = (" ".join(part.casefold().split()) for part in found.group(2, 3))
        return {
            "source": found[1],
            "operator": meant.get(operator, operator),
            "value": meant.get(value, _number(value)),
        }
    return text


def _number(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _put(entry: dict[str, Any], path: Path, value: Any) -> None:
    """Set a value in lists and groups within each other; what a row says of a whole entry is said once."""
    at: Any = entry
    for part, following in pairwise(path):
        if isinstance(at, list):
            at.extend({} for _ in range(int(part) + 1 - len(at)))
            at = at[int(part)]
        else:
            at = at.setdefault(part, [] if isinstance(following, int) else {})
    if isinstance(at, list):
        at.extend([None] * (int(path[-1]) + 1 - len(at)))
        at[int(path[-1])] = value
    else:
        at.setdefault(path[-1], value)
