# ruff: noqa: INP001 - a script beside the package, not part of it
"""The Word template of the project plan, `werkbank/report/templates/projectplan.docx`."""

from __future__ import annotations

import docx
from docx.document import Document
from word_look import dress
from word_parts import WIDTH, bullets, empty_table, headed, loop, paragraphs, table, when, write

SHARING = (
    "{% if measure.shareable %}De interventie zelf mag met ondernemers worden gedeeld, de aanleiding niet."
    "{% else %}Alleen binnen de publieke kern.{% endif %}"
)


def plan() -> Document:
    """The template as a document."""
    document = docx.Document()
    dress(document, "Projectplan")
    _front(document)
    _chapters(document)
    _appendices(document)
    return document


def _front(document: Document) -> None:
    document.add_paragraph("Projectplan, {{ status }}", style="Kicker")
    document.add_paragraph("{{ park }}", style="Title")
    document.add_paragraph("{{ park_id }} · {{ municipality }} · ronde {{ round }}", style="Subtitle")
    paragraphs(document, "summary", "Body Text")
    when(document, "holes", lambda: bullets(document, "holes", "{{ one.indicator }} {{ one.name }}: {{ one.lacks }}."))
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
    bullets(document, "goal_line.goals", "{{ one }}")
    _measures(document, "Maatstaven bij dit handelingskader", "goal_line.measures")
    document.add_paragraph("{%p endfor %}")
    _chapter(document, "scope", "Scope")
    _chapter(document, "picture", "Informatiebeeld")
    _chapter(document, "partnership", "Partners en rollen")
    table(document, "Partners met een rol in de interventies", "roles", [
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
    table(document, "Planning van licht naar zwaar, in weken vanaf de start", "steps", [
        ("Stap", 1.3, "{{ one.number }}"), ("Interventie", 5.1, "{{ one.intervention }} {{ one.name }}"),
        ("Zwaarte", 2.1, "{{ one.weight_name }}"), ("Trekker", 3.9, "{{ one.lead }}"),
        ("Start", 1.7, "week {{ one.start }}"), ("Klaar", 2.9, "{{ one.done }}"),
    ])  # fmt: skip
    _chapter(document, "organisation", "Organisatie")
    _chapter(document, "communication", "Communicatie")
    table(document, "Boodschap per doelgroep", "messages", [
        ("Doelgroep", 3.0, "{{ one.group }}"), ("Boodschap", 5.0, "{{ one.message }}"),
        ("Wat niet", 4.2, "{{ one.withheld|capital }}"), ("Moment", 2.3, "{{r one.moment }}"),
        ("Afzender", 2.5, "{{r one.sender }}"),
    ])  # fmt: skip
    _chapter(document, "risk", "Risico's")
    table(document, "Risico's van de aanpak zelf", "risks", [
        ("Risico", 3.4, "{{ one.name }}"), ("Wat kan er gebeuren", 5.3, "{{ one.how }}"),
        ("Wat we doen", 5.6, "{{ one.response }}"), ("Eigenaar", 2.7, "{{r one.owner }}"),
    ])  # fmt: skip
    _chapter(document, "monitoring", "Monitoring en evaluatie")
    _chapter(document, "securing", "Borging")


def _answers(document: Document) -> None:
    table(document, "Hoge indicatoren en wat ze beantwoordt", "answer_lines", [
        ("Indicator", 6.0, "{{ one.indicator }} {{ one.name }}"), ("Niveau", 1.8, "{{ one.level }}"),
        ("Direct antwoord", 3.7, "{{ one.direct|join(', ') or '–' }}"),
        ("Ondersteunt", 3.7, "{{ one.supporting|join(', ') or '–' }}"),
        ("Gat", 1.8, "{{ 'ja' if one.hole else 'nee' }}"),
    ])  # fmt: skip
    when(document, "holes", lambda: table(document, "Gaten: hoge indicatoren zonder het nodige antwoord", "holes", [
        ("Indicator", 5.0, "{{ one.indicator }} {{ one.name }}"), ("Wat ontbreekt", 4.0, "{{ one.lacks|capital }}"),
        ("Wat kan", 8.0, "{{ one.remedy|capital }}"),
    ]))  # fmt: skip
    table(document, "Vereiste soorten interventies", "kinds", [
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

    when(document, "after_confirmation", waiting)


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
    fields_table = empty_table(document, [3.4, WIDTH - 3.4], "Gegevens van deze interventie")
    for label, tag in rows:
        optional = label == "Ondersteunt bij"
        if optional:
            write(fields_table.add_row().cells[0], "{%tr if measure.supporting %}", "Tabeltekst")
        cells = fields_table.add_row().cells
        write(cells[0], label, "Tabellabel")
        write(cells[1], tag, "Tabeltekst")
        cells[0].paragraphs[0].paragraph_format.keep_with_next = label != rows[-1][0]
        if optional:
            write(fields_table.add_row().cells[0], "{%tr endif %}", "Tabeltekst")
    document.add_paragraph("{%p endfor %}")


def _appendices(document: Document) -> None:
    document.add_paragraph("Bijlagen", style="Bijlage")
    table(document, "Actielijst", "actions", [
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
    paragraphs(document, f"{name}.text", "Body Text")

    def fields() -> None:
        fields_table = empty_table(document, [4.6, WIDTH - 4.6], "Gegevens bij dit hoofdstuk")
        loop(fields_table, f"{name}.fields", [("", 0, "{{ one.name }}"), ("", 0, "{{r one.entry }}")], label=True)
        document.add_paragraph(style="Tussenruimte")

    when(document, f"{name}.fields", fields)
    bullets(document, f"{name}.points", "{{ one }}")


def _measures(document: Document, caption: str, name: str) -> None:
    when(document, name, lambda: table(document, caption, name, [
        ("Maatstaf", 4.6, "{{ one.text|capital }}"), ("Hoort bij", 1.8, "{{ one.belongs_to or 'matrix' }}"),
        ("Eigenaar", 3.4, "{{ one.owner }}"), ("Nulwaarde", 2.4, "{{r one.baseline }}"),
        ("Streefwaarde", 2.6, "{{r one.target }}"), ("Uiterlijk", 2.2, "{{ one.due }}"),
    ]))  # fmt: skip


def _blank_table(document: Document, caption: str, columns: list[tuple[str, float]], first: tuple[str, ...]) -> None:
    blank = headed(document, caption, [(heading, width, "") for heading, width in columns])
    for values in ([first] if first else []) + [("",) * len(columns)] * 2:
        for cell, value in zip(blank.add_row().cells, values, strict=True):
            write(cell, value, "Tabeltekst")
    document.add_paragraph(style="Tussenruimte")
