# ruff: noqa: INP001 - a script beside the package, not part of it
"""What the Word templates are made of: paragraphs and tables with docxtpl's tags in them.

`{{ … }}` prints a value, `{{r … }}` one that may be a marked blank, `{%p … %}` and `{%tr … %}` repeat a paragraph or a
table row, `{%tc … %}` a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.table import _Cell


@dataclass(frozen=True, slots=True)
class Repeated:
    """Columns of which the number is only known when the template is filled in: one per item of `heads`."""

    heads: str
    heading: str
    width: float
    cells: str
    tag: str
    head_style: str = "Tabelkop"
    style: str = "Tabeltekst"


Columns = list[tuple[str, float, str] | Repeated]
"""Per column its heading, its width in centimetres, and its tag."""
WIDTH = 17.0
"""Width of the text in centimetres: A4 with margins of 2 centimetres."""


def paragraphs(document: Document, name: str, style: str) -> None:
    """One paragraph for every line of `name`."""
    document.add_paragraph(f"{{%p for line in {name} %}}")
    document.add_paragraph("{{ line }}", style=style)
    document.add_paragraph("{%p endfor %}")


def bullets(document: Document, name: str, tag: str) -> None:
    """A list with one point for every item of `name`."""
    document.add_paragraph(f"{{%p for one in {name} %}}")
    document.add_paragraph(tag, style="List Bullet")
    document.add_paragraph("{%p endfor %}")


def when(document: Document, name: str, content: Any) -> None:
    """Content that is only there when `name` is true or not empty."""
    document.add_paragraph(f"{{%p if {name} %}}")
    content()
    document.add_paragraph("{%p endif %}")


def paragraph(document: Document, text: str) -> None:
    """A paragraph of plain text."""
    document.add_paragraph(text, style="Body Text")


def table(
    document: Document,
    caption: str,
    name: str,
    columns: Columns,
    *,
    tight: bool = False,
    gap: bool = True,
    small: bool = False,
) -> Any:
    """A table with a heading row that is repeated on every page, and one row per item; captioned, if it has one.

    `tight` leaves less room beside the text of a cell, `small` less above and below it.
    """
    made = headed(document, caption, columns, tight=tight)
    loop(made, name, columns)
    if small:
        shrink(made)
    if gap:
        document.add_paragraph(style="Tussenruimte")
    return made


def headed(document: Document, caption: str, columns: Columns, *, tight: bool = False) -> Any:
    """A table with nothing but its heading row."""
    if caption:
        document.add_paragraph(caption, style="Caption")
    widths = [width for column in columns for width in _widths(column)]
    made = empty_table(document, widths, caption or str(columns[0][0] if isinstance(columns[0], tuple) else ""))
    if tight:
        made._tbl.tblPr.append(parse_xml(
            f'<w:tblCellMar {nsdecls("w")}><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
            "</w:tblCellMar>"
        ))  # fmt: skip
    row = made.add_row()
    for cell, (text, style) in zip(row.cells, _heads(columns), strict=True):
        write(cell, text, style)
        shade(cell, "154273" if style == "Tabelkop" else "E3E6EA")
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return made


def shrink(made: Any) -> None:
    """Every cell in the small style of its kind."""
    for row in made.rows:
        for cell in row.cells:
            name = cell.paragraphs[0].style.name
            cell.paragraphs[0].style = f"{name} klein" if name in ("Tabelkop", "Tabeltekst") else name


def _widths(column: tuple[str, float, str] | Repeated) -> list[float]:
    return [0.2, column.width, 0.2] if isinstance(column, Repeated) else [column[1]]


def _heads(columns: Columns) -> list[tuple[str, str]]:
    heads: list[tuple[str, str]] = []
    for column in columns:
        if isinstance(column, Repeated):
            heads += [(text, column.head_style) for text in _repeated(column.heads, column.heading)]
        else:
            heads.append((column[0], "Tabelkop"))
    return heads


def _repeated(name: str, tag: str) -> tuple[str, str, str]:
    return f"{{%tc for item in {name} %}}", tag, "{%tc endfor %}"


def empty_table(document: Document, widths: list[float], caption: str) -> Any:
    """A table without rows; its caption is also its name for who cannot see it."""
    table: Any = document.add_table(rows=0, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    properties = table._tbl.tblPr
    properties.find(qn("w:tblLayout")).addprevious(parse_xml(
        f'<w:tblBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:color="D3DAE3"/>'
        '<w:insideH w:val="single" w:sz="4" w:color="D3DAE3"/></w:tblBorders>'
    ))  # fmt: skip
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    properties.append(described)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def loop(made: Any, name: str, columns: Columns, *, label: bool = False) -> None:
    """One row for every item of `name`; `label` says that the first column names what stands in the second."""
    write(made.add_row().cells[0], f"{{%tr for one in {name} %}}", "Tabeltekst")
    row = made.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    texts: list[tuple[str, str]] = []
    for number, column in enumerate(columns):
        if isinstance(column, Repeated):
            texts += [(text, column.style) for text in _repeated(column.cells, column.tag)]
        else:
            texts.append((column[2], "Tabellabel" if label and number == 0 else "Tabeltekst"))
    for cell, (text, style) in zip(row.cells, texts, strict=True):
        write(cell, text, style)
    write(made.add_row().cells[0], "{%tr endfor %}", "Tabeltekst")


def write(cell: _Cell, text: str, style: str) -> None:
    """Text in a cell that is still empty, in a style."""
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)


def shade(cell: _Cell, color: str) -> None:
    """A colour behind a cell."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{color}"/>')
    )
