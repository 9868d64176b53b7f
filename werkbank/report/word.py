"""A document as a Word file, in the look of a reference.docx: its styles, logo, header and footer.

The organisation's own stands in `house_style`; a style that it does not have is taken from the packaged one. The labels
are added to its header and footer, so no house style can leave them out. Equal documents give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from lxml import etree
from markupsafe import escape

from werkbank.errors import OutputError, ParametersError
from werkbank.files.whole import whole_file
from werkbank.plan.form import PARTS
from werkbank.report.documents import Document, Plain, on_paper, safe_text, share_of, spans, width_of
from werkbank.report.figure import Figure, png_of
from werkbank.report.html import render_chapters
from werkbank.settings.theme import HOUSE_STYLE
from werkbank.settings.workspace import find_workspace

PACKAGED = Path(__file__).with_name("reference.docx")
WIDTH = 17.0
"""Centimetres that a picture is wide on paper."""
PIXELS = 200
"""To an inch of paper: sharp in print, and small enough to send."""
_INCH = 2.54
_TWIP = 635
"""The units of a length in a document (1/914,400 inch) in a twentieth of a point, in which tables are measured."""
_FIRST = 3
"""Rows of a table with heads that stand on the page where it begins; all of them where there are fewer."""
_ZIP_DATE = b"\x00\x00\x21\x28"
"""1 January 2000, as a zip file writes it: a fixed moment, so that the file does not differ from day to day."""
_LISTED = 46
"""Bytes of an entry in the list at the end of a zip file, before its name."""
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)
_PROPERTY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{}" name="{}"><vt:lpwstr>{}</vt:lpwstr></property>'
)
_TEXTS = {"": "Body Text", "lead": "Kernzin", "small": "Kleine tekst", "kicker": "Kicker"}
_CALLOUT = "Let op"
_CELLS = {
    "normal": ("Tabelkop", "Tabeltekst"),
    "small": ("Tabelkop klein", "Tabeltekst klein"),
    "tight": ("Matrixkop", "Matrixtekst"),
}
_MARGIN = '<w:tblCellMar><w:left w:w="{0}" w:type="dxa"/><w:right w:w="{0}" w:type="dxa"/></w:tblCellMar>'
_MARGINS = {"normal": 108, "small": 45, "tight": 40}
_CONTROL = (
    '<w:sdt><w:sdtPr><w:alias w:val="{}"/><w:tag w:val="{}"/><w:lock w:val="sdtContentLocked"/></w:sdtPr>'
    "<w:sdtContent>{}</w:sdtContent></w:sdt>"
)
_NAME = 64
"""Characters that Word allows in the name of a control, and in its tag."""
_LOOK = (
    '<w:tblLook w:val="04{0}0" w:firstRow="{1}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" '
    'w:noVBand="1"/>'
)


def reference() -> Path:
    """The Word file of which the look is taken: the organisation's own in the workspace, else the packaged one."""
    try:
        own = find_workspace() / HOUSE_STYLE / PACKAGED.name
    except ParametersError:
        return PACKAGED
    return own if own.is_file() else PACKAGED


def write_docx(
    document: Document, path: Path | str, mark: Callable[[Mapping[str, bytes]], Mapping[str, str]] | None = None
) -> Path:
    """Write the document to `path`, whole or not at all; `mark` gives its own properties, from its parts.

    Raises OutputError when the organisation's own reference.docx is no Word file.
    """
    made = opened(reference())
    _take_styles(made)
    _label(made, document)
    _fill(made, document)
    core = made.core_properties
    core.title, core.subject = safe_text(document.name)[:255], safe_text(document.label)[:255]
    core.author = core.last_modified_by = "werkbank"
    core.created = core.modified = dt.datetime.combine(document.day, dt.time(12))
    core.language, core.revision, core.comments = "nl-NL", 1, ""
    if mark:
        parts = {str(one.partname)[1:]: one for one in made.part.package.iter_parts()}
        _own_properties(made.part, mark({name: one.blob for name, one in parts.items() if PARTS.fullmatch(name)}))
    package = io.BytesIO()
    made.save(package)
    whole_file(Path(path), _same_every_day(package))
    return Path(path)


def write_both(document: Document, place: Path, made: dt.date | None) -> tuple[Path, Path]:
    """Write a document as a page, under its name, and for Word, at this place with an ending of its own."""
    about = ("subtitle", "label", "legal_basis", "fictional", "judged")
    said = {name: getattr(document, name) for name in about}
    page = place.with_name(f"{place.name}.html")
    whole_file(page, render_chapters(document.chapters, title=document.name, **said, made=made).encode())
    return page, write_docx(document, place.with_name(f"{place.name}.docx"))


def _own_properties(main: Any, properties: Mapping[str, str]) -> None:
    """Properties of our own in the place of those of the house style, and no data beside the document."""
    package = main.package
    for owner, kind in ((package, RT.CUSTOM_PROPERTIES), (main, RT.CUSTOM_XML)):
        for identity in [identity for identity, one in owner.rels.items() if one.reltype == kind]:
            del owner.rels[identity]
    each = "".join(_PROPERTY.format(at, *map(escape, pair)) for at, pair in enumerate(properties.items(), 2))
    content = _PROPERTIES.format(each).encode()
    part = Part(PackURI("/docProps/custom.xml"), CT.OFC_CUSTOM_PROPERTIES, content, package)
    package.relate_to(part, RT.CUSTOM_PROPERTIES)


def opened(source: Path) -> Any:
    """The Word file to begin with. Raises OutputError when it is none."""
    try:
        return docx.Document(str(source))
    except (PackageNotFoundError, OSError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise OutputError(
            f"De huisstijl “{HOUSE_STYLE}/{source.name}” is geen Word-document (.docx); er is niets gemaakt. Sla het "
            "bestand in Word op als Word-document, niet als .doc of .dotx."
        ) from error


def _take_styles(made: Any) -> None:
    """A style that the organisation's file does not have is taken from ours."""
    own = {style.name for style in made.styles}
    for name, style in _our_styles().items():
        if name not in own:
            made.styles.element.append(deepcopy(style))


@lru_cache(maxsize=1)
def _our_styles() -> dict[str, Any]:
    return {style.name: style.element for style in docx.Document(str(PACKAGED)).styles}


def _label(made: Any, document: Document) -> None:
    """The labels below what the organisation has at the head of each page; page and legal basis at its foot."""
    section = made.sections[0]
    kinds = ["", *(["first_page_"] if section.different_first_page_header_footer else ())]
    kinds += ["even_page_"] if made.settings.odd_and_even_pages_header_footer else []
    for kind in kinds:
        head, foot = (_free(getattr(section, f"{kind}{place}"), place.title()) for place in ("header", "footer"))
        head.add_run(safe_text(document.labels))
        foot.add_run("Pagina ")
        for code, after in (("PAGE", " van "), ("NUMPAGES", f" · Grondslag: {document.legal_basis}")):
            field = f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            foot._p.append(parse_xml(field))
            foot.add_run(safe_text(after))


def _free(place: Any, style: str) -> Any:
    """An empty paragraph of a header or footer: its last one, or else a new one."""
    last = place.paragraphs[-1] if place.paragraphs else None
    if last is None or len(last._p) > (last._p.pPr is not None):
        last = place.add_paragraph()
    last.style = style
    return last


def _fill(made: Any, document: Document) -> None:
    """The document in the place of what the reference says.

    It is written as text and read as a whole: with an element at a time a large analysis takes seconds.
    """
    body, section = made.element.body, made.sections[0]
    layout = section._sectPr
    writer = _Writer(
        styles={style.name: style.style_id for style in made.styles},
        room=(section.page_width - section.left_margin - section.right_margin) // _TWIP,
        pictures=iter([_inline(made, figure) for figure in document.figures]),
    )
    front = ((document.kicker, "Kicker"), (document.title, "Title"), (document.subtitle, "Subtitle"))
    written = [writer.paragraph(spans(safe_text(text)), style) for text, style in front]
    written += map(writer.block, safe_text(on_paper(document)))
    for child in list(body):
        body.remove(child)
    for element in list(parse_xml(f"<w:body {nsdecls('w')}>{''.join(written)}</w:body>")):
        body.append(element)
    body.append(layout)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes plain values as WordprocessingML, in these styles and in so much room (twentieths of a point)."""

    styles: Mapping[str, str]
    room: int
    pictures: Iterator[str]

    def block(self, one: Plain) -> str:
        write: Mapping[str, Callable[[Plain], str]] = {
            "heading": lambda it: self.paragraph(it["spans"], f"Heading {it['level']}", page=it["page"]),
            "text": lambda it: self.paragraph(it["spans"], _TEXTS.get(it["look"], _CALLOUT)),
            "list": lambda it: "".join(self.paragraph(item, "List Bullet") for item in it["items"]),
            "figure": self.figure,
            "table": self.table,
        }
        return write[one["kind"]](one)

    def paragraph(
        self, text: Sequence[Plain], style: str, *, page: bool = False, more: str = "", inner: str = "", key: str = ""
    ) -> str:
        """A paragraph; `more` are further properties as XML, `inner` is what stands behind its text.

        With a `key` its text cannot be changed, and says of which field the cell beside it is.
        """
        own = f"{'<w:pageBreakBefore/>' if page else ''}{more}"
        runs = "".join(map(self._run, text))
        if 0 < len(key) <= _NAME:
            runs = _CONTROL.format(escape("".join(span["text"] for span in text)[:_NAME]), escape(key), runs)
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{own}</w:pPr>{runs}{inner}</w:p>'

    def _run(self, span: Plain) -> str:
        looks = {
            "strong": "<w:b/>",
            "em": '<w:b w:val="0"/><w:i/>',
            "blank": f'<w:rStyle w:val="{self.styles["Invulveld"]}"/>',
        }
        look = f"<w:rPr>{looks[span['look']]}</w:rPr>" if span["look"] else ""
        return f'<w:r>{look}<w:t xml:space="preserve">{escape(span["text"])}</w:t></w:r>'

    def figure(self, one: Plain) -> str:
        drawing = f"<w:r><w:drawing>{next(self.pictures)}</w:drawing></w:r>"
        above = self.paragraph(spans(one["title"]), "Caption") + self.paragraph([], "Figuur", inner=drawing)
        return above + self.paragraph(spans(one["caption"]), "Kleine tekst")

    def table(self, one: Plain) -> str:
        whole = sum(column["width"] for column in one["columns"])
        widths = [int(self.room * column["width"] / whole) for column in one["columns"]]
        head, text = _CELLS[one["size"]]
        first = "Tabellabel" if one["facts"] else text
        heads = [{"spans": spans(column["name"]), "fill": "", "right": column["right"]} for column in one["columns"]]
        left = "" if one["centred"] else '<w:jc w:val="left"/>'
        lines = [] if one["facts"] else [self._row(heads, widths, [head] * len(widths), left, "<w:tblHeader/>")]
        held = (len(one["rows"]) if one["whole"] else min(_FIRST, len(one["rows"]))) - 1
        styles = [first, *[text] * (len(widths) - 1)]
        for number, row in enumerate(one["rows"]):
            lines.append(self._row(row, widths, styles, left, more="<w:keepNext/>" if number < held else ""))
        caption = "" if one["quiet"] else self.paragraph(spans(one["caption"]), "Caption")
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        properties = (
            f'<w:tblStyle w:val="{self.styles["Werkbank tabel"]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/>{_MARGIN.format(_MARGINS[one["size"]])}'
            f'{_LOOK.format(*((0, 0) if one["facts"] else (2, 1)))}<w:tblCaption w:val="{escape(one["caption"])}"/>'
        )
        table = f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
        return f"{caption}{table}{self.paragraph([], 'Tussenruimte')}"

    def _row(
        self,
        cells: Sequence[Plain],
        widths: Sequence[int],
        styles: Sequence[str],
        left: str,
        head: str = "",
        more: str = "",
    ) -> str:
        made = []
        for cell, width, style in zip(cells, widths, styles, strict=True):
            fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell["fill"]}"/>' if cell["fill"] else ""
            more_of_it = more + ('<w:jc w:val="right"/>' if cell["right"] else left)
            lines = [*cell.get("lines", [cell["spans"]])]
            text = "".join(self.paragraph(line, style, more=more_of_it, key=cell.get("key", "")) for line in lines)
            made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{text}</w:tc>')
        return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(made)}</w:tr>"


def _inline(made: Any, figure: Figure) -> str:
    """A picture in the document, as wide as the page or as its pixels are, with words for who cannot see it."""
    picture = io.BytesIO(_pixels(figure.svg))
    inline = made.part.new_pic_inline(picture, width=Cm(WIDTH * share_of(figure.svg)), height=None)
    inline.docPr.set("title", safe_text(figure.title))
    inline.docPr.set("descr", safe_text(figure.description))
    return str(etree.tostring(inline, encoding="unicode"))


def draw_pixels(document: Document) -> None:
    """Draw the pictures as pixels, for who writes the document a moment later."""
    for figure in document.figures:
        _pixels(figure.svg)


@lru_cache(maxsize=16)
def _pixels(svg: str) -> bytes:
    return png_of(svg, WIDTH * share_of(svg) / _INCH * PIXELS / width_of(svg))


def _same_every_day(package: io.BytesIO) -> bytes:
    """The same package with a fixed date at every part; packing all anew would cost as much as the first time."""
    made = bytearray(package.getvalue())
    with zipfile.ZipFile(package) as archive:
        parts, at = archive.infolist(), archive.start_dir
    for part in parts:
        for place in (part.header_offset + 10, at + 12):  # before the part itself, and in the list at the end
            made[place : place + len(_ZIP_DATE)] = _ZIP_DATE
        at += _LISTED + len(part.filename.encode()) + len(part.extra) + len(part.comment)
    return bytes(made)
