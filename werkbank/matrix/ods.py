"""The sheets of an .ods, read from its content.xml: values, and which of them cannot be trusted (OpenDocument 1.3).

One pass for both, for two readers might count repeated and covered cells differently.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Collection, Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from defusedxml import ElementTree

from werkbank.matrix.ods_sheet import SheetOfOds, Special
from werkbank.matrix.opening import Table, refusal
from werkbank.matrix.sheet_xml import parse_xml

__all__ = ["ods_has_macros", "ods_tables"]

_MAX_XML: Final = 20_000_000
_NAMESPACE: Final = re.compile(r"xmlns:(\w+)")
_ERROR: Final = re.compile(r"#|Err:\d|Fout:\d")
"""How LibreOffice and Excel show an error."""
_HIDDEN: Final = frozenset({"collapse", "filter"})
_ELSEWHERE: Final = "ta_extref"
"""The style of sheets that only keep what was seen in another workbook."""
_SPACES: Final = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_CONFIG: Final = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}"
_LONGEST_REPEAT: Final = 2_000_000

Attributes = dict[str, str]


def ods_tables(path: Path, archive: zipfile.ZipFile, without: Collection[str]) -> Iterator[Table]:
    """Every sheet but those in `without`. Raises what damaged files make the parser raise."""
    if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
        raise refusal(path, "password")
    content = archive.read("content.xml")
    if len(content) > _MAX_XML:
        raise OverflowError("too much XML to be a matrix")
    reading = _Reading(_hides_noughts(archive))
    parse_xml(content, reading.start, reading.end, reading.text)
    for sheet in reading.sheets:
        if sheet.name not in without and sheet.style != _ELSEWHERE:
            yield sheet.table(hidden=sheet.style in reading.unseen)


def ods_has_macros(archive: zipfile.ZipFile) -> bool:
    """True when the workbook brings a program along."""
    programs = (name for name in archive.namelist() if name.startswith(("Basic/", "Scripts/")))
    return any(name.endswith((".xml", ".py", ".js", ".bsh")) for name in programs)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _hides_noughts(archive: zipfile.ZipFile) -> dict[str, bool]:
    """Whether the settings say that a nought is not shown: by sheet, and under an empty name for all others."""
    settings = _member(archive, "settings.xml")
    found = {"": False}
    for entry in ElementTree.fromstring(settings).iter() if b"ShowZeroValues" in settings else ():
        items = {item.get(f"{_CONFIG}name"): item.text for item in entry.findall(f"{_CONFIG}config-item")}
        if "ShowZeroValues" in items:
            name = entry.get(f"{_CONFIG}name", "") if entry.tag.endswith("map-entry") else ""
            found[name] = items["ShowZeroValues"] == "false"
    return found


@cache
def _short(name: str) -> str:
    """`office:value` for `urn:oasis:names:tc:opendocument:xmlns:office:1.0}value`."""
    namespace, _, local = name.rpartition("}")
    found = _NAMESPACE.search(namespace)
    return f"{found[1] if found else ''}:{local}"


class _Reading:
    """What the events of content.xml add up to."""

    def __init__(self, hides_noughts: Mapping[str, bool]) -> None:
        self._hides_noughts = hides_noughts
        self.sheets: list[SheetOfOds] = []
        self.unseen: set[str] = set()
        """The styles of sheets that are hidden."""
        self._style = ""
        self._row: Attributes = {}
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._depth_of_note = 0
        self._in_paragraph = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        short = _short(name)
        if self._depth_of_note or short == "office:annotation":
            self._depth_of_note += 1
        elif self._cell is not None:
            self._start_in_cell(short)
        elif short.startswith("table:"):
            self._start_of_table(short, {_short(key): value for key, value in attributes.items()})
        elif short in {"style:style", "style:table-properties"}:
            self._start_of_style({_short(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """An element ends."""
        short = _short(name)
        if self._depth_of_note:
            self._depth_of_note -= 1
        elif short in {"table:table-cell", "table:covered-table-cell"}:
            self._end_cell()
        elif short == "table:table-row":
            hidden = self._row.get("table:visibility") in _HIDDEN
            self.sheets[-1].end_row(_times(self._row, "table:number-rows-repeated"), hidden=hidden)
        elif short == "text:p":
            self._in_paragraph = False

    def text(self, text: str) -> None:
        """Text between elements."""
        if self._in_paragraph and not self._depth_of_note:
            self._paragraphs[-1] += text

    def _start_in_cell(self, short: str) -> None:
        if short == "text:p":
            self._paragraphs.append("")
            self._in_paragraph = True
        elif self._in_paragraph:
            self._paragraphs[-1] += _SPACES.get(short, "")
        elif short.startswith("table:table"):
            raise ValueError("a sheet inside a cell")

    def _start_of_table(self, short: str, attributes: Attributes) -> None:
        if short == "table:table":
            sheet = SheetOfOds(attributes.get("table:name", ""), attributes.get("table:style-name", ""))
            self.sheets.append(sheet)
        elif short == "table:table-column":
            hidden = attributes.get("table:visibility") in _HIDDEN
            self.sheets[-1].add_columns(_times(attributes, "table:number-columns-repeated"), hidden=hidden)
        elif short == "table:table-row":
            self._row = attributes
        elif short in {"table:table-cell", "table:covered-table-cell"}:
            self._cell, self._paragraphs = attributes, []

    def _start_of_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", self._style)
        if attributes.get("table:display") == "false":
            self.unseen.add(self._style)

    def _end_cell(self) -> None:
        cell = self._cell or {}
        self._cell = None
        rows, columns = _times(cell, "table:number-rows-spanned"), _times(cell, "table:number-columns-spanned")
        if rows * columns > 1:
            self.sheets[-1].merge(rows, columns)
        text = "\n".join(self._paragraphs)
        hides = self._hides_noughts.get(self.sheets[-1].name, self._hides_noughts[""])
        special = _special(cell, text if self._paragraphs else None, shows_noughts=not hides)
        value = "" if special == "unreliable" else _value(cell, text)
        self.sheets[-1].add_cells(value, _times(cell, "table:number-columns-repeated"), special)


def _times(attributes: Attributes, name: str) -> int:
    times = int(attributes.get(name, "1"))
    if not 0 < times <= _LONGEST_REPEAT:
        raise OverflowError("more repeats than a sheet has cells")
    return times


def _special(cell: Attributes, text: str | None, *, shows_noughts: bool) -> Special:
    """An error, and a formula that shows nothing or an error, say nothing that counts as a value.

    `text` is what the cell shows, None when the file does not say.
    """
    shown = (text or "").strip()
    if cell.get("calcext:value-type") == "error":
        return "unreliable"
    if "table:formula" in cell and (not shown or _ERROR.match(shown) or _is_nought(cell)):
        return "unreliable"
    if "office:value" in cell and text is not None and not (shown and (shows_noughts or not _is_nought(cell))):
        return "unseen"
    return "percentage" if cell.get("office:value-type") == "percentage" else ""


def _is_nought(cell: Attributes) -> bool:
    """A formula that points at an empty cell gives 0, which nobody judged."""
    return cell.get("office:value-type") in {"float", "percentage", "currency"} and float(cell["office:value"]) == 0


def _value(cell: Attributes, text: str) -> Hashable:
    kind = cell.get("office:value-type", "string")
    if kind in {"float", "percentage", "currency"}:
        return float(cell["office:value"])
    if kind == "boolean":
        return cell["office:boolean-value"] == "true"
    if kind == "date":
        return _date(cell["office:date-value"])
    if kind == "time":
        return dt.timedelta(0)
    return cell.get("office:string-value", text)


def _date(text: str) -> dt.date:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.time() != dt.time(0) else moment.date()
