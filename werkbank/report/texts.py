"""The report's own words: sentences with values in them, and the columns of its tables; all of it in texts.yaml.

In a text `**…**` stands out and `~…~` stays in the background. Values come in after that, so nothing in them is read
as markup. A column is written as its name with, in any order, its kind (`n` figures, `t` a total, `l` one line), its
width on paper, and the field of the row that it prints; a name in braces stands for as many columns as its value has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from werkbank.files.yaml import packaged
from werkbank.report.blocks import Cell, Column, Parts, Row, Span, Table

_LOOKED = re.compile(r"\*\*(.+?)\*\*|~(.+?)~")
_KINDS = {"n": "number", "t": "total", "l": "line"}


def words(name: str, /, **values: object) -> str:
    """A text with its values, as text alone."""
    return str(spec(name)).format(**values)


def say(name: str, /, **values: object) -> Parts:
    """A text with its values, and with its looks."""
    return _looked(str(spec(name)), values)


def lines(name: str, /, **values: object) -> tuple[Parts, ...]:
    """A list of texts."""
    return tuple(_looked(str(text), values) for text in spec(name))


def _looked(text: str, values: dict[str, object]) -> Parts:
    parts = _LOOKED.split(text)
    looks = ("", "strong", "quiet")
    return tuple(
        Span(part.format(**values), looks[at % 3]) if at % 3 else part.format(**values)
        for at, part in enumerate(parts)
        if part
    )


def table(name: str, /, found: Iterable[Row | Iterable[Cell]], **values: Any) -> Table:
    """A table: its caption and columns as they are written, with these values, and these rows."""
    own = spec(name)
    columns = tuple(
        Column(name, *_how(how)[:2]) for head, how in own["columns"].items() for name in headings([head], values)
    )
    made = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in found)
    return Table(
        own["caption"].format(**values), columns, made, own.get("first", 0), own.get("look", ""), quiet="quiet" in own
    )


def headings(written: Iterable[str], values: dict[str, Any]) -> Iterator[str]:
    """Headings with their values; a name in braces stands for as many as its value has."""
    for heading in written:
        many = values.get(heading[1:-1])
        yield from many if isinstance(many, list | tuple) else [heading.format(**values)]


def _how(marks: object) -> tuple[Any, float, str]:
    """What is written of a column: its kind, its width and its field."""
    kind, width, field = "text", 1.0, ""
    for mark in str("" if marks is None else marks).split():
        if mark in _KINDS:
            kind = _KINDS[mark]
        elif mark[0].isdigit():
            width = float(mark)
        else:
            field = mark
    return kind, width, field


def fields(name: str) -> tuple[str, ...]:
    """The fields of a row that a table prints, column by column."""
    return tuple(_how(how)[2] for how in spec(name)["columns"].values())


def spec(name: str) -> Any:
    """What is written under a name."""
    found: Any = _texts()
    for part in name.split("."):
        found = found[part]
    return found


@lru_cache(maxsize=1)
def _texts() -> Any:
    return packaged(__file__, "texts.yaml")
