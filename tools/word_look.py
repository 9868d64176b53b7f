# ruff: noqa: INP001 - a script beside the package, not part of it
"""The look of the Word templates: page, styles, numbering and language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

__all__ = ["BLUE", "INK", "QUIET", "WHITE", "dress", "look", "new_style"]

BLUE, QUIET, INK = RGBColor(0x15, 0x42, 0x73), RGBColor(0x55, 0x60, 0x6E), RGBColor(0x1C, 0x24, 0x30)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)
FONT = "Arial"
FIXED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def dress(document: Document, title: str, *, numbered: bool = True) -> None:
    """Give an empty document its page, labels, styles, numbering and properties."""
    _page(document)
    _styles(document, numbered=numbered)
    _properties(document, title)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(0.9)
    head = section.header.paragraphs[0]
    head.style = "Header"
    head.add_run("{% if fictional %}{{ fictional }} · {% endif %}").bold = True
    head.add_run("{{ suspicion }} · {{ label }}")
    foot = section.footer.paragraphs[0]
    foot.style = "Footer"
    foot.add_run("Pagina ")
    _field(foot, "PAGE")
    foot.add_run(" van ")
    _field(foot, "NUMPAGES")
    foot.add_run(" · Grondslag: {{ legal_basis }}")


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
    paragraph._p.append(field)


def _styles(document: Document, *, numbered: bool) -> None:
    styles = document.styles
    _language(styles.element)
    look(styles["Normal"], 10.5, INK, after=4)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    look(styles["Body Text"], 10.5, INK, after=5)
    look(styles["Title"], 26, BLUE, bold=True, after=2)
    look(styles["Subtitle"], 12, QUIET, after=12)
    for name, size, before in (("Heading 1", 17, 20), ("Heading 2", 13, 13), ("Heading 3", 11.5, 12)):
        look(styles[name], size, BLUE, bold=True, before=before, after=3)
    look(styles["Caption"], 10, INK, bold=True, before=7, after=3)
    styles["Caption"].paragraph_format.keep_with_next = True
    look(styles["List Bullet"], 10.5, INK, after=3)
    look(styles["Header"], 8, QUIET)
    look(styles["Footer"], 8, QUIET)
    look(new_style(document, "Kicker"), 9, BLUE, bold=True, after=0)
    look(new_style(document, "Onderkop"), 9.5, QUIET, after=3)
    look(new_style(document, "Tabelkop"), 9, WHITE, bold=True, before=2, after=2)
    look(new_style(document, "Tabeltekst"), 9, INK, before=2, after=2)
    look(new_style(document, "Tabellabel"), 9, QUIET, before=2, after=2)
    look(new_style(document, "Tussenruimte"), 4, INK, after=0)
    for name in ("Tabelkop", "Tabeltekst", "Tabellabel"):
        styles[name].paragraph_format.line_spacing = 1.0
    styles["Tabelkop"].paragraph_format.keep_with_next = True
    styles["Onderkop"].paragraph_format.keep_with_next = True
    blank = styles.add_style("Invulveld", WD_STYLE_TYPE.CHARACTER)
    blank.element.get_or_add_rPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF1B8"/>')
    )
    if numbered:
        _numbered(document)


def new_style(document: Document, name: str) -> Any:
    """A paragraph style that begins as ordinary text."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def look(style: Any, size: float, color: RGBColor, *, bold: bool = False, before: float = 0, after: float = 0) -> None:
    """Give a style its font, size, colour and space, and take away what Word puts around it."""
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _language(styles: Any) -> None:
    """Dutch everywhere: in the defaults, and no other language left in any style."""
    for found in styles.iter(qn("w:lang")):
        found.attrib.clear()
        for name in ("val", "eastAsia", "bidi"):
            found.set(qn(f"w:{name}"), "nl-NL")


def _numbered(document: Document) -> None:
    """Heading 1 is numbered by Word itself; the appendices have the same look without a number."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/>'
        '<w:lvlText w:val="%1"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl></w:abstractNum>'
    ))  # fmt: skip
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    _numbering_of(document.styles["Heading 1"], 90)
    appendix = document.styles.add_style("Bijlage", WD_STYLE_TYPE.PARAGRAPH)
    appendix.base_style = document.styles["Heading 1"]
    _numbering_of(appendix, 0)
    appendix.paragraph_format.left_indent = appendix.paragraph_format.first_line_indent = Cm(0)


def _numbering_of(style: Any, number: int) -> None:
    properties = style.element.get_or_add_pPr().get_or_add_numPr()
    properties.append(parse_xml(f'<w:numId {nsdecls("w")} w:val="{number}"/>'))


def _properties(document: Document, title: str) -> None:
    core = document.core_properties
    core.title, core.author, core.language = title, "werkbank", "nl-NL"
    core.comments = core.last_modified_by = core.subject = ""
    core.created = core.modified = FIXED
    core.revision = 1
