"""What a chapter is made of: text, tables and figures as frozen values, each written once and rendered everywhere.

A chapter knows no HTML, Word or PDF; a renderer (html.py, documents.py) knows no chapter. Every text is plain: a
renderer escapes it, and nothing in it is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from werkbank.report.figure import Figure
from werkbank.wording import Shown


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with a look of its own; `to` is where it leads: `#…` within the report, or a file beside it."""

    text: str
    look: str = ""
    to: str = ""
    label: str = ""
    """What it says for who cannot see where it stands."""


Parts = tuple[str | Span, ...]
Line = str | Span | Parts
"""What stands in a paragraph, an item or a cell."""


class Block:
    """What a chapter is made of."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading below that of the chapter: level 3 or 4."""

    line: Line
    level: int = 3


@dataclass(frozen=True, slots=True)
class Text(Block):
    """A paragraph; `look` is lead, quiet, kicker and so on, or nothing."""

    line: Line
    look: str = ""


@dataclass(frozen=True, slots=True)
class List(Block):
    """Items, numbered where they are `ordered`; `plain` has no marks before them."""

    items: tuple[Line, ...]
    ordered: bool = False
    plain: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class Callout(Block):
    """What cannot be overlooked (`alert`), or stands apart (`box`)."""

    line: Line
    look: Literal["alert", "box"] = "alert"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with its name, what there is to say of it, and where it lies between its bounds, all 0-100."""

    name: str
    value: str
    note: str
    low: float | None = None
    high: float | None = None
    score: float | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigures(Block):
    """Figures beside one another."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure in a cell with a bar behind it: where it may lie, 0-100, and where it lies now."""

    text: str
    low: float | None
    high: float | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Glyph:
    """What one cell of a grid prints, the words behind it, its shade, and the anchor by which a link finds it."""

    text: str
    words: str
    shade: str
    anchor: str = ""
    slanted: bool = False
    """Whether not every party knows it."""


Cell = Line | List | Measured | Glyph


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it holds, and its width on paper beside the others."""

    name: str
    kind: Literal["text", "line", "number", "total"] = "text"
    width: float = 1.0

    @property
    def is_number(self) -> bool:
        """Whether it holds figures, that stand on the right."""
        return self.kind in ("number", "total")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `park` is the park it is about, `look` is `advised`, `total` or nothing.

    With a `key` its second cell is for people to type in, in Word; a page leaves it out as long as it is empty.
    """

    cells: tuple[Cell, ...]
    park: str = ""
    look: str = ""
    key: str = ""

    @property
    def vacant(self) -> bool:
        """Whether it is for people to type in and nobody did."""
        return bool(self.key) and not plain(self.cells[1])


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table with a caption and typed columns; column `first` names what its row is about.

    `facts` has two columns, names and values, and no row of headings; `whole` stands on one page of paper. `quiet` has
    a caption only for who cannot see.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: int = 0
    look: str = ""
    quiet: bool = False

    @property
    def vacant(self) -> bool:
        """Whether all of it is for people to type in and nobody did."""
        return all(row.vacant for row in self.rows)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a grid with the heading of its column on paper, where what has it is named, or only counted."""

    text: str
    heading: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class Grid(Block):
    """A wide table of short cells: its columns with their parks, and per line a code, a name and its glyphs.

    On paper it is turned, so that the columns stand below one another; with `marks` each line is a row that names the
    columns of each mark. On a page it is there to open when it is `closed`.
    """

    caption: str
    corner: str
    columns: tuple[str, ...]
    parks: tuple[str, ...]
    lines: tuple[tuple[str, str, tuple[Glyph, ...]], ...]
    marks: tuple[Mark, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Group(Block):
    """Blocks that belong together: side by side (`halves`, `thirds`), in a frame, or on a `page` of their own."""

    blocks: tuple[Block, ...]
    look: str = ""
    anchor: str = ""
    page: bool = False


@dataclass(frozen=True, slots=True)
class Chapter(Shown):
    """One part of a report: its blocks, and the same in short (`text`).

    `name` is what its look is known by; `lead` is the sentence before it in a document, where no notebook says it.
    `titled` says that it prints its own title on a page too, `wide` that a page lies down for it, and `page` that it
    begins one in a document.

    >>> chapter = wb.report.glossary(wb.assess("urk"))
    >>> print(chapter)
    Begrippen
    15 begrippen
    """

    title: str
    text: str
    blocks: tuple[Block | Figure, ...] = ()
    name: str = ""
    lead: str = ""
    anchor: str = ""
    titled: bool = False
    wide: bool = False
    page: bool = False

    @property
    def html(self) -> str:
        """The chapter as a fragment of a page; empty where it has nothing."""
        from werkbank.report.html import chapter_html  # noqa: PLC0415  it renders what is defined here

        return chapter_html(self)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        from werkbank.report.html import standing_alone  # noqa: PLC0415

        # A chapter with nothing in it says so in words; a report leaves it out.
        html = {"text/html": standing_alone(self)} if self.blocks else {}
        return {**html, "text/plain": str(self)}, {"werkbank": "section"}

    def __str__(self) -> str:
        """The title, and below it the chapter in short."""
        return f"{self.title}\n{self.text}"


def nothing(title: str) -> Chapter:
    """A part that this reader does not get: a report leaves it out, with the sentence that leads to it."""
    return Chapter(title, "Dit staat niet in dit exemplaar.")


def strong(text: str) -> Span:
    """Text that stands out."""
    return Span(text, "strong")


def quiet(text: str) -> Span:
    """Text in the background."""
    return Span(text, "quiet")


def code(text: str) -> Span:
    """The code of an indicator, a rule or a method."""
    return Span(text, "code")


def plain(cell: Cell) -> str:
    """A line or cell as text alone."""
    if isinstance(cell, tuple):
        return "".join(map(plain, cell))
    if isinstance(cell, List):
        return "; ".join(map(plain, cell.items))
    return cell if isinstance(cell, str) else cell.text


def sentences(lines: Iterable[Line], look: str = "") -> tuple[Text, ...]:
    """Every line as a paragraph."""
    return tuple(Text(line, look) for line in lines)


def alerts(lines: Iterable[str]) -> tuple[Callout, ...]:
    """Every line as a warning."""
    return tuple(Callout((strong("Let op."), f" {line}")) for line in lines)


def bulleted(lines: Iterable[Line], otherwise: str = "") -> tuple[Block, ...]:
    """The lines as a list; a sentence, or nothing, where there are none."""
    items = tuple(lines)
    return (List(items),) if items else sentences(filter(None, [otherwise]))


def rows(cells: Iterable[Iterable[Cell]]) -> tuple[Row, ...]:
    """Rows without a park or a look."""
    return tuple(Row(tuple(each)) for each in cells)


def facts(caption: str, pairs: Iterable[tuple[str, Cell]]) -> Table:
    """Names and values; its caption is for who cannot see it."""
    return Table(caption, (Column("Gegeven"), Column("Waarde", width=2.6)), rows(pairs), look="facts", quiet=True)
