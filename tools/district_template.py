# ruff: noqa: INP001 - a script beside the package, not part of it
"""The Word template of the district's analyses side by side, `werkbank/report/templates/district.docx`."""

from __future__ import annotations

import docx
from docx.document import Document
from docx.shared import Pt
from word_look import INK, QUIET, WHITE, dress, look, new_style
from word_parts import Repeated, paragraphs, table, when

SMALL = "Kleine tekst"


def district() -> Document:
    """The template as a document: one chapter for every part, each with its words, pictures and table."""
    document = docx.Document()
    dress(document, "Bedrijventerreinen in het district")
    look(new_style(document, SMALL), 8.5, QUIET, after=3)
    look(new_style(document, "Figuur"), 9, INK, after=2)
    for name, color in (("Tabelkop", WHITE), ("Tabeltekst", INK)):
        small = new_style(document, f"{name} klein")
        look(small, 7.5, color, bold=name == "Tabelkop", before=0.8, after=0.8)
        small.paragraph_format.line_spacing = 1.0
        small.paragraph_format.keep_with_next = name == "Tabelkop"
    for name, size in (("Title", 22), ("Heading 1", 15), ("Body Text", 10), ("Caption", 9)):
        document.styles[name].font.size = Pt(size)
    document.add_paragraph("Bedrijventerreinen in het district", style="Kicker")
    document.add_paragraph("{{ district }}", style="Title")
    document.add_paragraph("Ronde {{ round }} · {{ size }} · voor: {{ reader }}", style="Subtitle")
    document.add_paragraph("{%p for part in parts %}")
    _part(document)
    document.add_paragraph("{%p endfor %}")
    return document


def _part(document: Document) -> None:
    document.add_paragraph("{{ part.title }}", style="Heading 1")
    paragraphs(document, "part.lead", "Body Text")
    document.add_paragraph("{%p for picture in part.pictures %}")
    document.add_paragraph("{{ picture.title }}", style="Caption")
    document.add_paragraph("{{ picture.image }}", style="Figuur")
    document.add_paragraph("{{ picture.caption }}", style=SMALL)
    document.add_paragraph("{%p endfor %}")
    when(document, "part.rows", lambda: table(document, "{{ part.caption }}", "part.rows", [
        ("{{ part.first }}", 3.9, "{{ one.first }}"),
        Repeated("part.heads", "{{ item }}", 2.9, "one.cells", "{{ item }}"),
    ], small=True, tight=True))  # fmt: skip
    paragraphs(document, "part.notes", SMALL)
