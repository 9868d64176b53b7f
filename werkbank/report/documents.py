"""A document of chapters as plain values for paper, and as a tagged PDF; what is written here knows no chapter.

Word (word.py) and PDF print the same values. The PDF can be followed by who cannot see it (PDF/UA-1), and is made by
typst with the letters of this package: the same document gives the same bytes on every machine.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkbank.errors import OutputError
from werkbank.files.whole import whole_file
from werkbank.plan.plan import BLANK
from werkbank.report import blocks as b
from werkbank.report.figure import Figure
from werkbank.report.terms import SUSPICION, labels
from werkbank.settings.theme import ground_of, theme
from werkbank.wording import MISSING

HERE = Path(__file__).parent
ACROSS = 18
"""How many lines of a grid fit beside one another on a page, when it is turned."""
MANY, LONG = 5, 6
"""With more columns or rows than these a table is set in small letters."""
_CODE = 6
"""Characters of a code at most: columns that are named by one leave the corner more room."""
_WHOLE = 640
"""From so many pixels on a picture is as wide as the page."""
_PAGE = 482.0
"""Points between the margins of a page."""
_LETTERS = {"normal": (9.0, 11.0), "small": (8.0, 5.0), "tight": (7.5, 4.0)}
"""Of a size of table how large its letters are and how much a cell keeps free beside them, in points."""
_NARROW, _WIDE = re.compile(r"[fijlrtI.,:;’'()·/-]"), re.compile(r"[A-HJ-Zmw%+–−]")
_SVG_WIDTH = re.compile(r'<svg[^>]*\bwidth="([\d.]+)"')
_KEPT = 10
"""Documents of which typst keeps the layout, tens of megabytes for each; as many empty ones push it out."""
_LOOKS = {"strong": "strong", "gone": "strong", "em": "em", "blank": "blank"}

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says; `name` and `day` stand in its properties. One chapter alone has no heading of its own."""

    kicker: str
    title: str
    subtitle: str
    name: str
    label: str
    legal_basis: str
    fictional: bool
    chapters: tuple[b.Chapter, ...]
    day: dt.date
    judged: bool = True

    @property
    def labels(self) -> str:
        """What stands at the head of every page: who may read it, and that nothing is established."""
        return labels(self.label, fictional=self.fictional, judged=self.judged)

    @property
    def figures(self) -> list[Figure]:
        """Its pictures, in order."""
        return [block for chapter in self.chapters for block in chapter.blocks if isinstance(block, Figure)]


def on_paper(document: Document) -> list[Plain]:
    """The document as headings, texts, lists, tables and figures of plain values, in order."""
    made: list[Plain] = []
    for chapter in document.chapters:
        if chapter.blocks and len(document.chapters) > 1:
            made.append(_heading(1, chapter.title, page=chapter.page))
        if chapter.lead:
            made.append(_text(chapter.lead))
        for number, block in enumerate(chapter.blocks):
            found = list(_plain(block))
            if number and isinstance(block, b.Group) and block.page:
                found[0]["page"] = True
            made += found
    for place, one in enumerate(one for one in made if one["kind"] == "figure"):
        one["place"] = place
    return made


def _plain(block: Any) -> Iterator[Plain]:
    match block:
        case b.Heading():
            yield _heading(max(2, block.level - 1), block.line)
        case b.Text() | b.Callout():
            yield _text(block.line, block.look)
        case b.List():
            listed = {"kind": "list", "items": [spans(item) for item in block.items]}
            yield from ([_text(item, block.look) for item in block.items] if block.plain else [listed])
        case b.KeyFigures():
            said = ((b.strong(f"{it.name} {it.value}"), f": {it.note}. " if it.note else ". ") for it in block.figures)
            yield _text(tuple(part for parts in said for part in parts))
        case Figure():
            told = {name: getattr(block, name) for name in ("title", "caption", "description")}
            yield {"kind": "figure", **told, "width": share_of(block.svg)}
        case b.Group():
            yield from (one for each in block.blocks for one in _plain(each))
        case b.Table() | b.Grid():
            yield from _tables(block)


def _tables(block: b.Table | b.Grid) -> Iterable[Plain]:
    if isinstance(block, b.Table):
        return [_table(block)]
    return _listed(block) if block.marks else _turned(block)


def _table(table: b.Table) -> Plain:
    small = table.look != "facts" and (len(table.columns) > MANY or len(table.rows) > LONG)
    size = "tight" if table.look == "tight" else "small" if small else "normal"
    rows = [_row(table, row) for row in table.rows]
    least = _least(table.columns, rows, *_LETTERS[size])
    if sum(least) > 1:
        size, least = "tight", _least(table.columns, rows, *_LETTERS["tight"])
    widths = _widths([one.width for one in table.columns], least)
    return {
        "kind": "table",
        "caption": table.caption,
        "quiet": table.quiet,
        "facts": table.look == "facts",
        "size": size,
        "centred": table.look == "tight",
        "whole": table.look == "whole",
        "columns": [
            {"name": one.name, "width": width, "right": one.is_number}
            for one, width in zip(table.columns, widths, strict=True)
        ],
        "rows": rows,
    }


def _least(columns: Sequence[b.Column], rows: Sequence[Sequence[Plain]], letters: float, free: float) -> list[float]:
    """The part of the page that each column needs for its longest word."""
    said = [[one.name, *(_said(row[at]) for row in rows)] for at, one in enumerate(columns)]
    longest = (max((_ems(word) for text in texts for word in text.split()), default=0.0) for texts in said)
    return [(ems * letters + free) / _PAGE for ems in longest]


def _widths(asked: Sequence[float], least: Sequence[float]) -> list[float]:
    """The parts of the page that columns are wide: as they ask beside one another, and none less than its least.

    Where the page has no room for that, the least is what they are beside one another.
    """
    loose = set(range(len(asked)))
    while loose:
        room = 1 - sum(one for at, one in enumerate(least) if at not in loose)
        share = room / sum(asked[at] for at in loose)
        short = {at for at in loose if asked[at] * share < least[at]}
        if not short:
            return [one * share if at in loose else least[at] for at, one in enumerate(asked)]
        loose -= short
    return list(least)


def _said(cell: Plain) -> str:
    return "".join(span["text"] for span in cell["spans"])


def _ems(word: str) -> float:
    """About how wide a bold word is, in the size of its letters."""
    narrow, wide = (len(each.findall(word)) for each in (_NARROW, _WIDE))
    return 0.33 * narrow + 0.78 * wide + 0.58 * (len(word) - narrow - wide)


def _listed(grid: b.Grid) -> Iterator[Plain]:
    """A grid of marks as a table that names, or counts, the columns that have each mark."""
    heads = [(one.heading, 1.2) if one.named else (f"{one.heading} (aantal)", 0.7) for one in grid.marks]
    codes = max(map(len, grid.columns), default=0) <= _CODE
    columns = tuple(b.Column(name, width=width) for name, width in [(grid.corner, 2.4 if codes else 1.4), *heads])
    rows = []
    for code, name, glyphs in grid.lines:
        found: dict[str, list[str]] = {mark.text: [] for mark in grid.marks}
        for column, glyph in zip(grid.columns, glyphs, strict=True):
            found.get(glyph.text, []).append(column)
        cells = (", ".join(found[it.text]) or MISSING if it.named else str(len(found[it.text])) for it in grid.marks)
        rows.append(b.Row((f"{code} {name}".strip(), *cells)))
    yield _table(b.Table(grid.caption, columns, tuple(rows)))


def _turned(grid: b.Grid) -> Iterator[Plain]:
    """A grid with its columns below one another, in as many tables as the page is wide; then what its codes mean."""
    for start in range(0, len(grid.lines), ACROSS):
        part = grid.lines[start : start + ACROSS]
        codes = [code for code, _, _ in part]
        columns = (b.Column("Terrein", width=4.3), *map(b.Column, codes))
        rows = (b.Row((name, *(glyphs[at] for _, _, glyphs in part))) for at, name in enumerate(grid.columns))
        caption = f"{grid.caption} ({codes[0]} tot en met {codes[-1]})"
        yield _table(b.Table(caption, columns, tuple(rows), look="tight"))
        yield _text("; ".join(f"{code} {name}" for code, name, _ in part) + ".", "small")


def _heading(level: int, line: b.Line, *, page: bool = False) -> Plain:
    return {"kind": "heading", "level": level, "spans": spans(line), "page": page}


def _text(line: b.Line, look: str = "") -> Plain:
    small = "small" if {"quiet", "small"} & set(look.split()) else ""
    return {"kind": "text", "look": look if look in ("lead", "kicker", "alert", "box") else small, "spans": spans(line)}


def _row(table: b.Table, row: b.Row) -> list[Plain]:
    total = {"look": "strong"} if row.look == "total" else {}
    cells: list[Plain] = [
        {"spans": [{**span, **total} for span in spans(cell)], "fill": _fill(cell), "right": column.is_number}
        for cell, column in zip(row.cells, table.columns, strict=True)
    ]
    return _typed(row, cells) if row.key else cells


def _typed(row: b.Row, cells: list[Plain]) -> list[Plain]:
    """A row for people to type in: a key at its name, paragraphs in its value, and where that is asked, what."""
    name, value = cells
    asked = [span["text"].removeprefix(BLANK) for span in value["spans"] if span["look"] == "blank"]
    known = set(_said(name).casefold().split())
    hint = f" ({asked[0]})" if asked and not known & set(asked[0].casefold().split()) else ""
    lines = row.cells[1].items if isinstance(row.cells[1], b.List) else (row.cells[1],)
    value |= {
        "lines": [[]] if asked else [spans(line) for line in lines],
        "fill": theme().chosen[1:].upper() if asked else "",
    }
    return [{**name, "key": row.key, "spans": [*name["spans"], *spans(hint)]}, value]


def _fill(cell: b.Cell) -> str:
    """The ground of a glyph, as six letters and digits; nothing for another cell."""
    if not isinstance(cell, b.Glyph):
        return ""
    look, shade = theme(), cell.shade
    grounds = {"unknown": look.unknown, "none": look.paper}
    fill = grounds[shade] if shade in grounds else ground_of(int(shade[1:]) / 6, look)
    return fill.removeprefix("#").upper()


def spans(cell: b.Cell) -> list[Plain]:
    """Pieces of text, each strong, em, blank or nothing; links and colours stay on the page."""
    if isinstance(cell, str):
        return [{"text": cell, "look": ""}] if cell else []
    if isinstance(cell, tuple):
        return [span for part in cell for span in spans(part)]
    if isinstance(cell, b.List):
        return [span for item in cell.items for span in (*spans("; "), *spans(item))][1:]
    if isinstance(cell, b.Glyph):
        return [{"text": cell.text, "look": "em" if cell.slanted else "strong"}]
    look = cell.look if isinstance(cell, b.Span) else ""
    return [{"text": f"({cell.text})" if look in ("tag", "ref") else cell.text, "look": _LOOKS.get(look, "")}]


def share_of(svg: str) -> float:
    """The part of the page that a picture is wide."""
    return min(1.0, width_of(svg) / _WHOLE)


def width_of(svg: str) -> float:
    """The width of a picture in pixels."""
    found = _SVG_WIDTH.search(svg)
    return float(found[1]) if found else _WHOLE


def safe_text(value: Any) -> Any:
    """Text without what a document cannot hold, in every place of nested values."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(char if char.isprintable() else " " for char in value)
    if isinstance(value, Mapping):
        return {key: safe_text(one) for key, one in value.items()}
    return [safe_text(one) for one in value] if isinstance(value, list | tuple) else value


def pdf_is_there() -> bool:
    """Whether the extra that makes PDF is installed."""
    return importlib.util.find_spec("typst") is not None


def write_pdf(document: Document, path: Path | str) -> Path:
    """Write the document to `path`, whole or not at all. Raises OutputError when the extra is not installed."""
    if not pdf_is_there():
        raise OutputError(
            'PDF is een extra die hier niet is geïnstalleerd. Installeer hem met: pip install -e ".[pdf]"'
        )
    look = {name: getattr(theme(), name) for name in ("main", "quiet", "ink", "line", "warning")}
    words = {name: getattr(document, name) for name in ("kicker", "title", "subtitle", "name", "labels", "legal_basis")}
    content = safe_text({**words, "keywords": [document.label, SUSPICION], "look": look, "blocks": on_paper(document)})
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    inputs |= {f"picture-{place}": figure.svg for place, figure in enumerate(document.figures)}
    whole_file(Path(path), _compiled(inputs))
    return Path(path)


def _compiled(inputs: dict[str, str]) -> bytes:
    import typst  # noqa: PLC0415  an extra

    made: bytes = typst.compile(
        str(HERE / "templates" / "document.typ"),
        format="pdf",
        sys_inputs=inputs,
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=0,
    )
    no_fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    for _ in range(_KEPT):
        typst.compile(b"", font_paths=no_fonts)
    return made
