# ruff: noqa: INP001 - a script beside the package, not part of it
"""The Word template of the page for the steering group, `werkbank/report/templates/samenvatting.docx`."""

from __future__ import annotations

import docx
from docx.document import Document
from docx.shared import Cm, Pt
from word_look import INK, QUIET, dress, look, new_style
from word_parts import bullets, paragraph, paragraphs, table, when


def summary() -> Document:
    """The template as a document: one page, and no more."""
    document = docx.Document()
    dress(document, "Samenvatting voor de stuurgroep", numbered=False)
    look(new_style(document, "Kernzin"), 12, INK, bold=True, after=4)
    look(new_style(document, "Kleine tekst"), 8.5, QUIET, after=2)
    look(new_style(document, "Let op"), 9.5, INK, bold=True, after=3)
    document.styles["Title"].font.size = Pt(22)
    document.styles["Body Text"].font.size = document.styles["List Bullet"].font.size = Pt(10)
    document.styles["Heading 1"].font.size = Pt(12)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(7)
    document.styles["Subtitle"].paragraph_format.space_after = Pt(6)
    document.sections[0].top_margin, document.sections[0].bottom_margin = Cm(2), Cm(1.9)
    _page(document)
    return document


def _page(document: Document) -> None:
    document.add_paragraph("Samenvatting voor de stuurgroep", style="Kicker")
    document.add_paragraph("Bedrijventerreinen {{ municipality }}", style="Title")
    document.add_paragraph("Ronde {{ round }} · {{ size }} · voor: {{ reader }}", style="Subtitle")
    paragraphs(document, "missing", "Let op")
    document.add_paragraph("{{ sentence }}", style="Kernzin")
    document.add_paragraph("{{ disclaimer }}", style="Kleine tekst")
    document.add_paragraph("Waarom", style="Heading 1")
    document.add_paragraph("{%p for one in why %}")
    document.add_paragraph("{{ one }}", style="Body Text")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("De hoogste terreinen", style="Heading 1")
    table(document, "", "highest", [
        ("Rang", 1.3, "{{ one.rank }}"), ("Terrein", 5.2, "{{ one.name }}{% if one.advised %} (advies){% endif %}"),
        ("Score", 1.7, "{{ one.score }}"), ("Nog mogelijk", 3.0, "{{ one.low }}–{{ one.high }}"),
        ("Klasse", 2.2, "{{ one.place }}"), ("Wat te doen", 3.6, "{{ one.quadrant }}"),
    ])  # fmt: skip
    when(document, "rest", lambda: document.add_paragraph("{{ rest }}", style="Kleine tekst"))
    document.add_paragraph("Hoe zeker is dit?", style="Heading 1")
    paragraph(document, "{{ sure }}")
    document.add_paragraph("Wat weten we niet?", style="Heading 1")
    paragraph(document, "{{ unknown }}")
    document.add_paragraph("Wat eerst doen en uitzoeken?", style="Heading 1")
    bullets(document, "to_do", "{{ one }}")
    document.add_paragraph("Wat vragen we van de stuurgroep?", style="Heading 1")
    bullets(document, "asked", "{{ one }}")
    document.add_paragraph("Op welke grondslag?", style="Heading 1")
    paragraph(document, "{{ basis }}")
