# ruff: noqa: INP001 - a script beside the package, not part of it
"""Makes the Word template of the project plan, `werkbank/report/templates/projectplan.docx`.

Run it after a change: `python tools/make_templates.py`. The template is an ordinary Word document with the tags of
docxtpl in it; an organisation may replace it by its own. `{{ … }}` prints a value, `{{r … }}` one that may be a marked
blank, `{%p … %}` and `{%tr … %}` repeat a paragraph or a table row.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.table import _Cell
from word_look import dress

TARGET = Path(__file__).parents[1] / "werkbank" / "report" / "templates" / "projectplan.docx"
WIDTH = 17.0
"""Width of the text in centimetres: A4 with margins of 2 centimetres."""

SHARING = (
    "{% if measure.shareable %}De interventie zelf mag met ondernemers worden gedeeld, de aanleiding niet."
    "{% else %}Alleen binnen de publieke kern.{% endif %}"
)
Columns = list[tuple[str, float, str]]
"""Per column its heading, its width in centimetres, and its tag."""


def main(target: Path = TARGET) -> Path:
    """Write the template to `target`."""
    document = docx.Document()
    dress(document)
    _front(document)
    _chapters(document)
    _appendices(document)
    document.save(str(target))
    return target


def _front(document: Document) -> None:
    document.add_paragraph("Projectplan, {{ status }}", style="Kicker")
    document.add_paragraph("{{ park }}", style="Title")
    document.add_paragraph("{{ park_id }} · {{ municipality }} · ronde {{ round }}", style="Subtitle")
    _paragraphs(document, "summary", "Body Text")
    _if(document, "holes", lambda: _list(document, "holes", "{{ one.indicator }} {{ one.name }}: {{ one.lacks }}."))
    note = document.add_paragraph(style="Body Text")
    note.add_run("Gemarkeerde plekken (")
    note.add_run("in te vullen", style="Invulveld")
    note.add_run(") vullen de partners zelf in. Verwijder de markering daarna.")


def _chapters(document: Document) -> None:
    _chapter(document, "occasion", "Aanleiding")
    _chapter(document, "goal", "Doelstelling")
    _measures(document, "Hoofddoel: wat de matrix zelf meet", "main_measures")
    document.add_paragraph("{%p for goal_line in subgoals %}")
    document.add_paragraph("{{ goal_line.framework }}", style="Heading 2")
    _list(document, "goal_line.goals", "{{ one }}")
    _measures(document, "Maatstaven bij dit handelingskader", "goal_line.measures")
    document.add_paragraph("{%p endfor %}")
    _chapter(document, "scope", "Scope")
    _chapter(document, "picture", "Informatiebeeld")
    _chapter(document, "partnership", "Partners en rollen")
    _table(document, "Partners met een rol in de interventies", "roles", [
        ("Partner", 4.6, "{{ one.partner }}"), ("Soort", 2.0, "{{ one.kind }}"),
        ("Trekker van", 2.4, "{{ one.leads|join(', ') or '–' }}"),
        ("Doet mee aan", 2.7, "{{ one.joins|join(', ') or '–' }}"),
        ("Contactpersoon", 2.9, "{{r one.contact }}"), ("Mandaat", 2.4, "{{r one.mandate }}"),
    ])  # fmt: skip
    _chapter(document, "legal", "Juridische basis")
    _chapter(document, "measures", "Interventies")
    _answers(document)
    _interventions(document)
    _chapter(document, "schedule", "Planning en capaciteit")
    _table(document, "Planning van licht naar zwaar, in weken vanaf de start", "steps", [
        ("Stap", 1.3, "{{ one.number }}"), ("Interventie", 5.1, "{{ one.intervention }} {{ one.name }}"),
        ("Zwaarte", 2.1, "{{ one.weight_name }}"), ("Trekker", 3.9, "{{ one.lead }}"),
        ("Start", 1.7, "week {{ one.start }}"), ("Klaar", 2.9, "{{ one.done }}"),
    ])  # fmt: skip
    _chapter(document, "organisation", "Organisatie")
    _chapter(document, "communication", "Communicatie")
    _table(document, "Boodschap per doelgroep", "messages", [
        ("Doelgroep", 3.0, "{{ one.group }}"), ("Boodschap", 5.0, "{{ one.message }}"),
        ("Wat niet", 4.2, "{{ one.withheld|capital }}"), ("Moment", 2.3, "{{r one.moment }}"),
        ("Afzender", 2.5, "{{r one.sender }}"),
    ])  # fmt: skip
    _chapter(document, "risk", "Risico's")
    _table(document, "Risico's van de aanpak zelf", "risks", [
        ("Risico", 3.4, "{{ one.name }}"), ("Wat kan er gebeuren", 5.3, "{{ one.how }}"),
        ("Wat we doen", 5.6, "{{ one.response }}"), ("Eigenaar", 2.7, "{{r one.owner }}"),
    ])  # fmt: skip
    _chapter(document, "monitoring", "Monitoring en evaluatie")
    _chapter(document, "securing", "Borging")


def _answers(document: Document) -> None:
    _table(document, "Hoge indicatoren en wat ze beantwoordt", "answer_lines", [
        ("Indicator", 6.0, "{{ one.indicator }} {{ one.name }}"), ("Niveau", 1.8, "{{ one.level }}"),
        ("Direct antwoord", 3.7, "{{ one.direct|join(', ') or '–' }}"),
        ("Ondersteunt", 3.7, "{{ one.supporting|join(', ') or '–' }}"),
        ("Gat", 1.8, "{{ 'ja' if one.hole else 'nee' }}"),
    ])  # fmt: skip
    _if(document, "holes", lambda: _table(document, "Gaten: hoge indicatoren zonder het nodige antwoord", "holes", [
        ("Indicator", 5.0, "{{ one.indicator }} {{ one.name }}"), ("Wat ontbreekt", 4.0, "{{ one.lacks|capital }}"),
        ("Wat kan", 8.0, "{{ one.remedy|capital }}"),
    ]))  # fmt: skip
    _table(document, "Vereiste soorten interventies", "kinds", [
        ("Soort", 5.0, "{{ one.name }}"), ("Aanwezig", 2.5, "{{ 'ja' if one.present else 'nee' }}"),
        ("Interventies", 9.5, "{{ one.interventions|join(', ') or '–' }}"),
    ])  # fmt: skip


def _interventions(document: Document) -> None:
    document.add_paragraph("De interventies, van licht naar zwaar", style="Heading 2")
    _intervention(document, "interventions")

    def waiting() -> None:
        document.add_paragraph("Pas na bevestiging", style="Heading 2")
        document.add_paragraph(
            "Achter deze zware interventies staat nog geen bevestigde bron. Ze staan niet in de planning.",
            style="Body Text",
        )
        _intervention(document, "after_confirmation")

    _if(document, "after_confirmation", waiting)


def _intervention(document: Document, name: str) -> None:
    document.add_paragraph(f"{{%p for measure in {name} %}}")
    document.add_paragraph("{{ measure.id }} {{ measure.name }}", style="Heading 3")
    document.add_paragraph(
        "{{ measure.kind }} · {{ measure.weight_name|lower }} · {{ measure.weeks }}", style="Onderkop"
    )
    document.add_paragraph("{{ measure.description }}", style="Body Text").paragraph_format.keep_with_next = True
    rows = [
        ("Waarom hier", "{{ measure.reasons|join('; ') }}"),
        ("Direct antwoord op", "{{ measure.answers }}"),
        ("Ondersteunt bij", "{{ measure.supporting|join('; ') }}"),
        ("Trekker", "{{ measure.lead }}"),
        ("Partners", "{{ measure.partners|join('; ') or '–' }}"),
        ("Grondslag", "{{ measure.legal_basis|join('; ') }}"),
        ("Voorwaarden", "{{ measure.conditions|join(' ') or '–' }}"),
        ("Delen", SHARING),
    ]
    table = _empty_table(document, [3.4, WIDTH - 3.4], "Gegevens van deze interventie")
    for label, tag in rows:
        optional = label == "Ondersteunt bij"
        if optional:
            _write(table.add_row().cells[0], "{%tr if measure.supporting %}", "Tabeltekst")
        cells = table.add_row().cells
        _write(cells[0], label, "Tabellabel")
        _write(cells[1], tag, "Tabeltekst")
        cells[0].paragraphs[0].paragraph_format.keep_with_next = label != rows[-1][0]
        if optional:
            _write(table.add_row().cells[0], "{%tr endif %}", "Tabeltekst")
    document.add_paragraph("{%p endfor %}")


def _appendices(document: Document) -> None:
    document.add_paragraph("Bijlagen", style="Bijlage")
    _table(document, "Actielijst", "actions", [
        ("Actie", 5.8, "{{ one.what }}"), ("Wie", 3.9, "{{ one.who }}"), ("Naam", 2.6, "{{r one.person }}"),
        ("Gereed voor", 2.3, "{{r one.ready }}"), ("Stand", 2.4, "{{ one.state }}"),
    ])  # fmt: skip
    blanks = [("Datum", 2.6), ("Besluit", 8.4), ("Genomen door", 3.0), ("Vervolg", 3.0)]
    _blank_table(document, "Besluitenlijst", blanks, ("{{ decided_on }}", "{{ decision }}", "{{ body }}", ""))
    blanks = [("Datum", 2.6), ("Ontvanger (rol)", 5.4), ("Grondslag", 5.0), ("Door", 4.0)]
    _blank_table(document, "Verspreiding", blanks, ())
    document.add_paragraph("Verantwoording", style="Heading 2")
    _body(document, "appendix")


def _chapter(document: Document, name: str, title: str) -> None:
    document.add_paragraph(title, style="Heading 1")
    _body(document, name)


def _body(document: Document, name: str) -> None:
    """A chapter's paragraphs, its fields as a table without a heading row, and its points."""
    _paragraphs(document, f"{name}.text", "Body Text")

    def fields() -> None:
        table = _empty_table(document, [4.6, WIDTH - 4.6], "Gegevens bij dit hoofdstuk")
        _loop(table, f"{name}.fields", [("", 0, "{{ one.name }}"), ("", 0, "{{r one.entry }}")], label=True)
        document.add_paragraph(style="Tussenruimte")

    _if(document, f"{name}.fields", fields)
    _list(document, f"{name}.points", "{{ one }}")


def _measures(document: Document, caption: str, name: str) -> None:
    _if(document, name, lambda: _table(document, caption, name, [
        ("Maatstaf", 4.6, "{{ one.text|capital }}"), ("Hoort bij", 1.8, "{{ one.belongs_to or 'matrix' }}"),
        ("Eigenaar", 3.4, "{{ one.owner }}"), ("Nulwaarde", 2.4, "{{r one.baseline }}"),
        ("Streefwaarde", 2.6, "{{r one.target }}"), ("Uiterlijk", 2.2, "{{ one.due }}"),
    ]))  # fmt: skip


def _paragraphs(document: Document, name: str, style: str) -> None:
    document.add_paragraph(f"{{%p for line in {name} %}}")
    document.add_paragraph("{{ line }}", style=style)
    document.add_paragraph("{%p endfor %}")


def _list(document: Document, name: str, tag: str) -> None:
    document.add_paragraph(f"{{%p for one in {name} %}}")
    document.add_paragraph(tag, style="List Bullet")
    document.add_paragraph("{%p endfor %}")


def _if(document: Document, name: str, content: Any) -> None:
    document.add_paragraph(f"{{%p if {name} %}}")
    content()
    document.add_paragraph("{%p endif %}")


def _table(document: Document, caption: str, name: str, columns: Columns) -> None:
    """A captioned table: a heading row that is repeated on every page, and one row per item."""
    table = _headed(document, caption, [(heading, width) for heading, width, _ in columns])
    _loop(table, name, columns)
    document.add_paragraph(style="Tussenruimte")


def _blank_table(document: Document, caption: str, columns: list[tuple[str, float]], first: tuple[str, ...]) -> None:
    table = _headed(document, caption, columns)
    for values in ([first] if first else []) + [("",) * len(columns)] * 2:
        for cell, value in zip(table.add_row().cells, values, strict=True):
            _write(cell, value, "Tabeltekst")
    document.add_paragraph(style="Tussenruimte")


def _headed(document: Document, caption: str, columns: list[tuple[str, float]]) -> Any:
    document.add_paragraph(caption, style="Caption")
    table = _empty_table(document, [width for _, width in columns], caption)
    row = table.add_row()
    for cell, (heading, _) in zip(row.cells, columns, strict=True):
        _write(cell, heading, "Tabelkop")
        _shade(cell, "154273")
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _empty_table(document: Document, widths: list[float], caption: str) -> Any:
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


def _loop(table: Any, name: str, columns: Columns, *, label: bool = False) -> None:
    _write(table.add_row().cells[0], f"{{%tr for one in {name} %}}", "Tabeltekst")
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for number, (cell, (_, _, tag)) in enumerate(zip(row.cells, columns, strict=True)):
        _write(cell, tag, "Tabellabel" if label and number == 0 else "Tabeltekst")
    _write(table.add_row().cells[0], "{%tr endfor %}", "Tabeltekst")


def _write(cell: _Cell, text: str, style: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)


def _shade(cell: _Cell, color: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{color}"/>')
    )


if __name__ == "__main__":
    sys.stdout.write(f"{main()}\n")
