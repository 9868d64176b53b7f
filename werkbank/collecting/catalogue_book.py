"""The catalogue as one Excel workbook: a sheet per kind of entry, with an explanation above every column.

What the sheets and columns are is a table, `catalogue_book.yaml`, and what a column means is what an editor shows
beside its key. YAML stays the truth: a workbook is made of it, and read back into it (`catalogue_import`).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import xlsxwriter
from pydantic import BaseModel
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import CatalogueError
from werkbank.files import yaml
from werkbank.files.models import models_at
from werkbank.files.yaml import read_yaml
from werkbank.matrix.template import CREATED, TEXT_STAYS_TEXT, in_dutch
from werkbank.matrix.template_sheets import Styles
from werkbank.settings import entries
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import PACKAGED

_TEXTS: Final = read_yaml(Path(__file__).with_name("catalogue_book.yaml"), error=CatalogueError).data
_KEYS: Final = read_yaml(PACKAGED.with_name("keys.yaml"), error=CatalogueError).data
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

    path: yaml.Path
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
    data, buffer = plain_data(catalogue), io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **TEXT_STAYS_TEXT})
    book.set_properties({"title": str(catalogue), "created": CREATED})
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
    book.close()
    return in_dutch(buffer.getvalue())


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


def _at(value: Any, path: yaml.Path, row: int) -> Any:
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
