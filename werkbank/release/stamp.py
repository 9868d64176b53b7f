"""What stands in a file that is to leave, and the copy of it that says on every page to whom it went and on what basis.

A page, a Word file and a workbook carry the stamp themselves; of CSV and JSON it lies beside them in verstrekking.json.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import docx
import lxml.html
from docx.shared import Pt
from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles import Alignment, Font

from werkbank.errors import OutputError
from werkbank.report.html import css_text
from werkbank.wording import safe_html

Place = tuple[str, str]
"""Where a text stands, and the text itself."""
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOLD: Final = ("alt", "title", "aria-label", "content")
_TOP_LEFT: Final = "@top-left { content: "
_FOOTER: Final = 230
"""Characters of a footer: Excel takes 255, with the number of the page."""
_BELOW_HEADER: Final = Pt(8)


def kind_of(name: str) -> str:
    """The kind of file by its name. Raises OutputError, in one sentence, for what cannot be shared."""
    kind = name.rpartition(".")[2].lower()
    if kind not in _READERS:
        raise OutputError(f"Op {name[:60]} kan de werkbank geen stempel zetten: deel de Word- of HTML-versie.")
    return kind


def texts_in(content: bytes, kind: str) -> tuple[Place, ...]:
    """Every text in a file with its place; also what is not shown, such as descriptions and the data of charts."""
    return tuple((place, text) for place, text in _READERS[kind](content) if text.strip())


def stamped(content: bytes, kind: str, stamp: list[str]) -> bytes:
    """The same file with the stamp on every page; unchanged where it has no pages."""
    return _STAMPS[kind](content, stamp) if kind in _STAMPS else content


def _html_texts(content: bytes) -> Iterator[Place]:
    """Texts by the heading above them, what a screen reader reads, and the data of charts."""
    under = "het begin van de pagina"
    for node in lxml.html.document_fromstring(content.decode()).iter(etree.Element):
        if re.fullmatch("h[1-6]", node.tag):
            under = f"onder “{' '.join(node.text_content().split())[:60]}”"
        if node.get("type") == "application/json":
            yield from ((f"de figuren, {place}", text) for place, text in _values(json.loads(node.text)))
        elif node.tag not in ("script", "style"):
            yield from ((under, text) for text in (node.text or "", *(node.get(name, "") for name in _TOLD)))
        yield under, node.tail or ""


def _docx_texts(content: bytes) -> Iterator[Place]:
    """Paragraphs of the body, of headers and of footers, descriptions of pictures, and properties."""
    package = zipfile.ZipFile(io.BytesIO(content))
    for name in (one for one in package.namelist() if one.endswith(".xml")):
        root, place = etree.fromstring(package.read(name)), name.rpartition("/")[2].removesuffix(".xml")
        for number, paragraph in enumerate(root.iter(f"{_WORD}p"), 1):
            yield f"{place}, alinea {number}", "".join(one.text or "" for one in paragraph.iter(f"{_WORD}t"))
        told = map(str, root.xpath("//@descr")) if root.tag.startswith(_WORD) else root.itertext()
        yield from ((place, text) for text in told)


def _xlsx_texts(content: bytes) -> Iterator[Place]:
    for sheet in cast("Any", load_workbook(io.BytesIO(content))):
        yield f"blad {sheet.title}", sheet.oddHeader.left.text or ""
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            for text in (cell.value, cell.comment and cell.comment.text):
                yield f"blad {sheet.title}, cel {cell.coordinate}", text if isinstance(text, str) else ""


def _csv_texts(content: bytes) -> Iterator[Place]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    yield from ((f"regel {number}", text) for number, row in enumerate(rows, 1) for text in row)


def _values(value: Any, place: str = "het begin") -> Iterator[Place]:
    """Every text in nested plain values, with the key under which it stands."""
    for key, one in value.items() if isinstance(value, dict) else ((place, one) for one in value):
        if isinstance(one, (dict, list)):
            yield from _values(one, str(key)[:40])
        yield str(key)[:40], one if isinstance(one, str) else ""


def _stamp_html(content: bytes, stamp: list[str]) -> bytes:
    """A band on the screen, and the same lines in the margin of every printed page, above what stands there."""
    page, above = content.decode(), " ".join(f"{css_text(line)} '\\a '" for line in stamp)
    band = '<body>\n<div class="band" role="note" aria-label="Verstrekking">{}</div>'
    # A page that is printed wide has margins of its own, and none of it may lie over the stamp.
    style = "<style>@page { margin-top: 28mm; @top-left { width: 70%; white-space: pre-line; } }\n"
    new = {
        _TOP_LEFT: f"{_TOP_LEFT}{above} ",
        "</head>": f"{style}@page wide {{ margin-top: 28mm; }}</style>\n</head>",
        "<body>": safe_html(band, safe_html("<p>{}</p>" * len(stamp), *stamp)),
    }
    if not all(part in page for part in new):
        raise OutputError("Deze pagina heeft geen plaats voor een stempel; maak haar opnieuw met de werkbank.")
    for part, text in new.items():
        page = page.replace(part, text, 1)  # the script of the charts speaks of these too
    return page.encode()


def _stamp_docx(content: bytes, stamp: list[str]) -> bytes:
    """The lines above what stands at the head of every page, in each header that is in use."""
    made = docx.Document(io.BytesIO(content))
    for section in made.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            for line in () if header.is_linked_to_previous else stamp:
                header.paragraphs[-1].insert_paragraph_before(line, style=header.paragraphs[-1].style)
            if not header.is_linked_to_previous:
                header.paragraphs[-1].paragraph_format.space_after = _BELOW_HEADER
    return _saved(made)


def _stamp_xlsx(content: bytes, stamp: list[str]) -> bytes:
    """A first sheet with the lines, and on every printed sheet the same beside the label that stands there already."""
    book = cast("Any", load_workbook(io.BytesIO(content), rich_text=True))
    for sheet in book:
        told = f"{stamp[0]} · {stamp[1]}"[:_FOOTER]
        for place, text in ((sheet.oddFooter.left, told), (sheet.oddHeader.right, stamp[3])):
            place.text, place.size = text.replace("&", "&&"), 7  # a single one begins a code
        sheet.sheet_view.tabSelected = False
    first = book.create_sheet("Verstrekking", 0)
    first.column_dimensions["A"].width = 90
    for number, line in enumerate(stamp, 1):
        cell = first.cell(number, 1, line)
        cell.data_type, cell.font, cell.alignment = "s", Font(bold=number == 1), Alignment(wrap_text=True)
    book.active = 0
    return _saved(book)


def _saved(made: Any) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


_READERS: Final[dict[str, Callable[[bytes], Iterator[Place]]]] = {
    "html": _html_texts,
    "docx": _docx_texts,
    "xlsx": _xlsx_texts,
    "csv": _csv_texts,
    "json": lambda content: _values(json.loads(content)),
}
_STAMPS: Final[dict[str, Callable[[bytes, list[str]], bytes]]] = {
    "html": _stamp_html,
    "docx": _stamp_docx,
    "xlsx": _stamp_xlsx,
}
