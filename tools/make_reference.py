# ruff: noqa: INP001 - a script beside the package, not part of it
"""Make `werkbank/report/reference.docx`: the styles, numbering and page of every Word file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

TARGET = Path(__file__).parents[1] / "werkbank" / "report" / "reference.docx"
FONT = "Arial"
BLUE, QUIET, INK, WHITE = "154273", "55606E", "1C2430", "FFFFFF"
KEEP, BOLD = "keep", "bold"
STYLES: dict[str, tuple[float, str, float, float, float, tuple[str, ...]]] = {
    # name: size, colour, space before and after, line spacing, and whether it is bold and stays with what follows
    "Normal": (10.5, INK, 0, 4, 1.1, ()),
    "Body Text": (10, INK, 0, 4, 1.1, ()),
    "Title": (22, BLUE, 0, 2, 1.1, (BOLD,)),
    "Subtitle": (12, QUIET, 0, 6, 1.1, ()),
    "Heading 1": (16, BLUE, 10, 3, 1.1, (BOLD, KEEP)),
    "Heading 2": (12, BLUE, 7, 3, 1.1, (BOLD, KEEP)),
    "Heading 3": (11, BLUE, 7, 3, 1.1, (BOLD, KEEP)),
    "Caption": (9, INK, 7, 3, 1.1, (BOLD, KEEP)),
    "List Bullet": (10, INK, 0, 2, 1.1, ()),
    "Header": (8, QUIET, 0, 0, 1.0, ()),
    "Footer": (8, QUIET, 0, 0, 1.0, ()),
    "Kicker": (9, BLUE, 0, 0, 1.1, (BOLD,)),
    "Kernzin": (12, INK, 0, 4, 1.1, (BOLD,)),
    "Kleine tekst": (8.5, QUIET, 0, 3, 1.1, ()),
    "Let op": (9.5, INK, 0, 4, 1.1, (BOLD,)),
    "Figuur": (9, INK, 0, 2, 1.1, ()),
    "Tabelkop": (9, WHITE, 2, 2, 1.0, (BOLD, KEEP)),
    "Tabeltekst": (9, INK, 2, 2, 1.0, ()),
    "Tabellabel": (9, QUIET, 2, 2, 1.0, ()),
    "Tabelkop klein": (8, WHITE, 0.8, 0.8, 1.0, (BOLD, KEEP)),
    "Tabeltekst klein": (8, INK, 0.8, 0.8, 1.0, ()),
    "Matrixkop": (7, WHITE, 1, 1, 1.0, (BOLD, KEEP)),
    "Matrixtekst": (7.5, INK, 1, 1, 1.0, ()),
    "Tussenruimte": (4, INK, 0, 0, 1.0, ()),
}


def reference() -> Document:
    """The document: it says nothing, and is the look of what is written in it."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.1), Cm(1.9)
    section.header_distance = section.footer_distance = Cm(0.9)
    section.header.paragraphs[0].style, section.footer.paragraphs[0].style = "Header", "Footer"
    _language(document.styles.element)
    for name in STYLES:
        _style(document, name)
    blank = document.styles.add_style("Invulveld", WD_STYLE_TYPE.CHARACTER)
    blank.element.get_or_add_rPr().append(_xml('<w:shd %s w:val="clear" w:color="auto" w:fill="FFF1B8"/>'))
    document.styles.element.append(_xml(TABLE))
    _number(document)
    core = document.core_properties
    core.title, core.author, core.language, core.revision = "Huisstijl van de werkbank", "werkbank", "nl-NL", 1
    core.comments = core.last_modified_by = core.subject = ""
    core.created = core.modified = dt.datetime(2000, 1, 1)
    return document


TABLE = (
    '<w:style %s w:type="table" w:customStyle="1" w:styleId="Werkbanktabel"><w:name w:val="Werkbank tabel"/>'
    '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="D3DAE3"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="D3DAE3"/></w:tblBorders></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="154273"/></w:tcPr>'
    "</w:tblStylePr></w:style>"
)


def _xml(text: str) -> Any:
    return parse_xml(text % nsdecls("w"))


def _style(document: Document, name: str) -> None:
    """Give a style its font, size, colour and space, and take away what Word puts around it."""
    styles = document.styles
    if name not in [one.name for one in styles]:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    style, (size, color, before, after, spacing, extra) = styles[name], STYLES[name]
    font, room = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), BOLD in extra, False
    font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    room.space_before, room.space_after, room.line_spacing = Pt(before), Pt(after), spacing
    room.keep_with_next = KEEP in extra
    if name.startswith("Matrix"):
        room.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _language(styles: Any) -> None:
    """Dutch everywhere: in the defaults, and no other language left in any style."""
    for found in styles.iter(qn("w:lang")):
        found.attrib.clear()
        for name in ("val", "eastAsia", "bidi"):
            found.set(qn(f"w:{name}"), "nl-NL")


def _number(document: Document) -> None:
    """Heading 1 is numbered by Word itself."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, _xml(
        '<w:abstractNum %s w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/>'
        '<w:lvlText w:val="%%1"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl></w:abstractNum>'
    ))  # fmt: skip
    numbering.append(_xml('<w:num %s w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    properties = document.styles["Heading 1"].element.get_or_add_pPr().get_or_add_numPr()
    properties.append(_xml('<w:numId %s w:val="90"/>'))


if __name__ == "__main__":
    reference().save(str(TARGET))
