"""What a sheet's XML says and its values do not: which cells do not show a person what they hold, and what is hidden.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence; a
formula that points at an empty cell gives 0, which nobody judged; and a format, a font or a colour may show something
else than is there, or nothing. What a person sees is what counts, so such a cell is named and not read.

A plain sheet is only searched, which takes a fraction of a millisecond; any hint and it is parsed, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NoReturn
from xml.etree.ElementTree import Element

# The parser under every other in Python; what is dangerous about it is refused below.
from xml.parsers import expat

from defusedxml import ElementTree

__all__ = ["Cell", "Looks", "Marks", "Oddity", "examine", "looks_of", "odd_texts", "place_of"]

MAX_PARSED: Final = 10_000_000
"""Bytes of XML that are parsed at most: a matrix takes less than one million."""

Cell = tuple[int, int]
"""Row and column, counted from 0."""
Range = tuple[Cell, Cell]
"""The first and the last cell."""
Oddity = Literal["formula", "percentage", "unseen", "other", "struck", "raised", "symbols"]
"""Why a cell does not show what it holds."""


@dataclass(slots=True)
class Marks:
    """What is special about the cells of one sheet; nothing at all for most."""

    odd: dict[Cell, Oddity] = field(default_factory=dict)
    """Cells that hold something, but not what a person sees."""
    coloured: set[Cell] = field(default_factory=set)
    """Cells that hold nothing and have a colour of their own."""
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last column of every hidden stretch."""
    reach: Cell = (0, 0)
    """The number of rows and of columns up to the last cell that holds anything; 0 where nothing hints at many."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What the styles of a workbook do to what stands in a cell, by their numbers; only those that do something."""

    odd: Mapping[int, Oddity] = field(default_factory=dict)
    """Styles in which nothing shows as what it is: struck out, raised, in symbols, or in the colour of the ground."""
    formats: Mapping[int, str] = field(default_factory=dict)
    """Style → a number format in which some values do not show as themselves."""
    coloured: frozenset[int] = frozenset()


NO_LOOKS: Final = Looks()


_OWN_FORMATS: Final = {9: "0%", 10: "0.00%", **dict.fromkeys(range(41, 45), '0;-0;"-"')}
"""The formats of Excel itself, which no file describes (ECMA-376 18.8.30), as far as they show something else."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.')
_FILLING: Final = re.compile(r"_.|\*.|\[[^\]]*\]|\s")
"""What in a section of a number format shows nothing by itself: fillings, colours, conditions."""
_CONDITION: Final = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_HOLDS: Final = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "=": float.__eq__, "<>": float.__ne__,
}  # fmt: skip
_ITSELF: Final = re.compile(r"[dmyhs@e]|general|standaard", re.IGNORECASE)
"""What shows the whole number, or a date, which the reader of values makes of it as well."""
_SYMBOLS: Final = ("wingdings", "webdings", "symbol", "zapfdingbats", "marlett")
_WHITE, _BLACK = "FFFFFF", "000000"
_NAMED_COLOURS: Final = {"indexed": {"1": _WHITE, "9": _WHITE, "65": _WHITE, "0": _BLACK, "8": _BLACK, "64": _BLACK},
                         "theme": {"0": _WHITE, "1": _BLACK}}  # fmt: skip


@lru_cache(maxsize=64)
def looks_of(styles: bytes) -> Looks:
    """The looks in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(styles)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts, fills = list(root.iterfind("{*}fonts/{*}font")), list(root.iterfind("{*}fills/{*}fill"))
    odd: dict[int, Oddity] = {}
    formats, coloured = {}, set()
    for style, look in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        ground = _ground(fills, int(look.get("fillId", "0")))
        font = int(look.get("fontId", "0"))
        if font < len(fonts) and (reason := _font_oddity(fonts[font], ground)):
            odd[style] = reason
        number = int(look.get("numFmtId", "0"))
        code = codes.get(number) or _OWN_FORMATS.get(number, "")
        if _is_odd_format(code):
            formats[style] = code
        if ground != _WHITE:
            coloured.add(style)
    return Looks(odd, formats, frozenset(coloured))


def odd_texts(shared: bytes) -> Mapping[int, Oddity]:
    """The shared texts of which a part is struck out, raised, white or in symbols, by their number."""
    said = shared.lower()
    if not any(hint in said for hint in (b"strike", b"vertalign", b"rfont", b"ffffff", b'theme="0"')):
        return {}
    if len(shared) > MAX_PARSED:
        raise OverflowError("too many texts to be a matrix")
    found = ((number, _run_oddity(text)) for number, text in enumerate(ElementTree.fromstring(shared)))
    return {number: reason for number, reason in found if reason}


def _run_oddity(text: Element) -> Oddity | None:
    runs = (run for run in text.iterfind("{*}r") if "".join(run.itertext()).strip())
    looks = (look for run in runs for look in run.iterfind("{*}rPr"))
    return next(filter(None, (_font_oddity(look, _WHITE) for look in looks)), None)


def _font_oddity(font: Element, ground: str) -> Oddity | None:
    """Why what stands there in this font, on this ground, does not show as it is."""
    said = {each.tag.rpartition("}")[2]: each for each in font}
    if "strike" in said and said["strike"].get("val", "1") in _YES:
        return "struck"
    if "vertAlign" in said and said["vertAlign"].get("val") in {"superscript", "subscript"}:
        return "raised"
    name = said.get("name", said.get("rFont"))
    if name is not None and name.get("val", "").lower().startswith(_SYMBOLS):
        return "symbols"
    return "unseen" if "color" in said and _colour(said["color"]) == ground else None


def _ground(fills: list[Element], number: int) -> str:
    pattern = fills[number].find("{*}patternFill") if number < len(fills) else None
    if pattern is None or pattern.get("patternType", "none") == "none":
        return _WHITE
    colour = pattern.find("{*}fgColor")
    return _WHITE if colour is None else _colour(colour)


def _colour(colour: Element) -> str:
    """A colour as six figures; one that only the theme knows by its number there."""
    if "rgb" in colour.attrib:
        return colour.get("rgb", "")[-6:].upper()
    tint = float(colour.get("tint", "0"))
    for kind, named in _NAMED_COLOURS.items():
        if kind in colour.attrib:
            number = colour.get(kind, "")
            return f"{kind} {number} {tint:g}" if tint else named.get(number, f"{kind} {number}")
    return ""


def _is_odd_format(code: str) -> bool:
    return bool(code) and (
        any(_number_oddity(code, float(number)) for number in (-1, 0, 1, 2, 3)) or _text_oddity(code) is not None
    )


def _sections(code: str) -> list[str]:
    """The sections for positive numbers, negative ones, nought and texts (ECMA-376 18.8.31)."""
    return _LITERAL.sub(lambda literal: literal[0].replace(";", ","), code).split(";")


def _number_oddity(code: str, number: float) -> Oddity | None:
    """What a number format shows in the place of this number; None when it shows the number."""
    section = _section_of(_sections(code)[:3], number)
    literals = "".join(part[1:-1] if part[0] == '"' else part[1:] for part in _LITERAL.findall(section))
    bare = _FILLING.sub("", _LITERAL.sub("", section))
    if "%" in bare + literals:
        return "percentage"
    if "0" in bare or (number and ("#" in bare or "?" in bare)) or _ITSELF.search(bare):
        scaled = bare.rstrip(")").endswith(",")
        return "other" if scaled or any(map(str.isdecimal, literals)) else None
    return "other" if literals.strip() or bare.strip("#?.,0") else "unseen"


def _section_of(sections: list[str], number: float) -> str:
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        met = (s for s, c in zip(sections, conditions, strict=True) if c is None or _HOLDS[c[1]](number, float(c[2])))
        return next(met, sections[-1])
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _text_oddity(code: str) -> Oddity | None:
    """The same for texts, which have the fourth section."""
    sections = _sections(code)
    if len(sections) < 4 or "@" in _LITERAL.sub("", sections[3]):
        return None
    return "other" if _FILLING.sub("", sections[3]).replace('""', "") else "unseen"


_HINTS_BEFORE: Final = (b"hidden", b"showZeros=", b' width="0')
_HINTS_WITHIN: Final = (b'="e"', b"hidden", b' ht="0', b"rPr")
"""Before the rows and in them."""
_FORMULA_OR_COMMENT: Final = re.compile(rb"<[f!]")
_CALCULATED: Final = re.compile(rb"<f(?: [^>/]*)?>[^<]+</f>(?=<v>\s*(?![-+]?[0.,]+(?:[eE][^<]*)?\s*<)[^<\s])")
"""A formula with its value behind it, as the counts in our own workbooks are; any other way of writing is a hint.

So is a nought.
"""
_FAR: Final = re.compile(rb' r(?!="(?:[A-Z]\d{1,4}|[A-Z]{2}\d{1,3}|\d{1,4})")')
"""Any place but those near the first cell, and any way of writing a place but the usual one."""
_SPACED: Final = re.compile(rb"[\t\n\r]r=")
_UNQUOTED: Final = re.compile(rb'=(?!")')
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_YES: Final = frozenset({"1", "true"})


def examine(content: bytes, looks: Looks = NO_LOOKS, texts: Mapping[int, Oddity] | None = None) -> Marks:
    """The marks in the XML of one sheet; `texts` are the shared texts that do not show as they are.

    Raises ValueError or a fault of the parser when it is no such XML.
    """
    if b"\0" in content:
        raise ValueError("a sheet in UTF-16, which the reader of values takes for empty")
    if not texts and _is_plain(content, looks):
        return Marks(coloured=set(_coloured(content, looks)))
    if len(content) > MAX_PARSED:
        raise OverflowError("too much XML to be a matrix")
    return _Scan(looks, texts or {}).marks(content)


def _is_plain(content: bytes, looks: Looks) -> bool:
    """No sign of a formula without value, an error, merged, hidden or far cells, and XML as every program writes it."""
    odd = {*looks.odd, *looks.formats}
    data, end, rest = content.partition(b"</sheetData>")
    before, _, data = data.partition(b"<sheetData")
    if b"<f" in data:
        data = _CALCULATED.sub(b"", data)
    return (
        end != b""
        and not any(hint in before for hint in _HINTS_BEFORE)
        and not any(hint in data for hint in _HINTS_WITHIN)
        and not _FORMULA_OR_COMMENT.search(data)
        and b"mergeCell" not in rest
        and b"sheetData" not in rest
        and not _is_written_oddly(before, data)
        and 0 not in odd
        and not any(b' s="%d"' % style in data for style in odd)
    )


def _is_written_oddly(before: bytes, data: bytes) -> bool:
    """Places far off, and attributes that are not written as every program does."""
    if any(white in data for white in (b"\t", b"\n", b"\r")) and _SPACED.search(data):
        return True
    return bool(_FAR.search(data) or _UNQUOTED.search(data) or _UNQUOTED.search(before))


def _coloured(content: bytes, looks: Looks) -> Iterator[Cell]:
    styles = b"|".join(b"%d" % style for style in looks.coloured)
    pattern = rb'<c r="([A-Z]+\d+)" s="(?:%s)" ?(?:/>|></c>)' % styles
    return (place_of(match[1].decode()) for match in re.finditer(pattern, content)) if styles else iter(())


class _Scan:
    """One pass through the XML of a sheet, of which nothing is kept but the marks."""

    def __init__(self, looks: Looks, texts: Mapping[int, Oddity]) -> None:
        self._looks, self._texts = looks, texts
        self._found = Marks()
        self._shows_noughts = True
        self._place = (-1, -1)
        self._cell: dict[str, str] = {}
        """The attributes of the cell that is being read."""
        self._filled = self._formula = self._inside = False
        self._value = ""
        self._look: Element | None = None
        """The look of a part of a text within the cell."""
        self._run: Oddity | None = None
        """Why a text within the cell does not show as it is."""
        self._starts = {
            "row": self._row, "c": self._start_cell, "f": self._start_formula, "v": self._start_value,
            "is": self._start_text, "rPr": self._start_look, "mergeCell": self._merge, "col": self._column,
            "sheetView": self._view,
        }  # fmt: skip

    def marks(self, content: bytes) -> Marks:
        """All marks in this XML. A document type is refused: no workbook has one, and it is where entities begin."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise ValueError("broken XML") from error
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        if name in self._starts:
            self._starts[name](attributes)
        elif self._look is not None:
            self._look.append(Element(name, attributes))

    def _end(self, name: str) -> None:
        if name.endswith("}c"):
            self._end_cell()
        elif self._inside and name.endswith("}v"):
            self._inside = False
        elif self._look is not None and name.endswith("}rPr"):
            self._run = self._run or _font_oddity(self._look, _WHITE)
            self._look = None

    def _text(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _row(self, attributes: dict[str, str]) -> None:
        """A row that does not say where it is follows the row before it; its cells likewise."""
        number = int(attributes.get("r", self._place[0] + 2)) - 1
        self._place = (number, -1)
        if attributes.get("hidden") in _YES or is_nought(attributes.get("ht", "")):
            self._found.hidden_rows.add(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._place = place_of(reference) if reference else (self._place[0], self._place[1] + 1)
        self._cell, self._value, self._run = attributes, "", None
        self._formula = self._filled = False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._formula = self._filled = True

    def _start_value(self, _: dict[str, str]) -> None:
        self._inside = self._filled = True

    def _start_text(self, _: dict[str, str]) -> None:
        # A text within the cell: what it says does not matter, only that it is there.
        self._value, self._filled = "…", True

    def _start_look(self, _: dict[str, str]) -> None:
        self._look = Element("rPr")

    def _view(self, attributes: dict[str, str]) -> None:
        self._shows_noughts = attributes.get("showZeros", "1") in _YES

    def _end_cell(self) -> None:
        style = int(self._cell.get("s", "0"))
        if not self._filled:
            if style in self._looks.coloured:
                self._found.coloured.add(self._place)
            return
        row, column = self._place
        reach = self._found.reach
        self._found.reach = max(reach[0], row + 1), max(reach[1], column + 1)
        reason = self._oddity(self._cell.get("t", "n"), self._value.strip(), style)
        if reason:
            self._found.odd[self._place] = reason

    def _oddity(self, kind: str, value: str, style: int) -> Oddity | None:
        if kind == "e" or (self._formula and (not value or is_nought(value))):
            return "formula"
        if not value:
            return None
        reason = self._texts.get(int(value)) if kind == "s" else self._run
        reason = reason or self._looks.odd.get(style)
        if reason or kind == "b":
            return reason
        code = self._looks.formats.get(style, "")
        if kind != "n":
            return _text_oddity(code)
        if is_nought(value) and not self._shows_noughts:
            return "unseen"
        return _number_oddity(code, float(value)) if code else None

    def _merge(self, attributes: dict[str, str]) -> None:
        self._found.merged.append(_range(attributes.get("ref", "")))

    def _column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _YES or is_nought(attributes.get("width", "")):
            stretch = int(attributes.get("min", "1")) - 1, int(attributes.get("max", "1")) - 1
            self._found.hidden_columns.append(stretch)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type in a workbook")


def is_nought(text: str) -> bool:
    """True for a number that is 0, however it is written."""
    try:
        return float(text) == 0
    except ValueError:
        return False


def _range(reference: str) -> Range:
    first, _, last = reference.partition(":")
    return place_of(first), place_of(last or first)


def place_of(reference: str) -> Cell:
    """Row and column, counted from 0, of an address such as F14."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("not the address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
