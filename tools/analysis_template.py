# ruff: noqa: INP001 - a script beside the package, not part of it
"""The Word template of the analysis of a municipality, `werkbank/report/templates/analyse.docx`."""

from __future__ import annotations

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from word_look import INK, QUIET, WHITE, dress, look, new_style
from word_parts import Repeated, bullets, paragraph, paragraphs, table, when

SMALL = "Kleine tekst"


def analysis() -> Document:
    """The template as a document."""
    document = docx.Document()
    dress(document, "Analyse bedrijventerreinen")
    _own_styles(document)
    _front(document)
    _known(document)
    _matrix(document)
    _ranking(document)
    _certainty(document)
    _agreement(document)
    _parks(document)
    _account(document)
    return document


def _own_styles(document: Document) -> None:
    look(new_style(document, "Kernzin"), 12, INK, bold=True, after=4)
    look(new_style(document, SMALL), 8.5, QUIET, after=3)
    look(new_style(document, "Let op"), 9.5, INK, bold=True, after=4)
    look(new_style(document, "Figuur"), 9, INK, after=2)
    for name in ("Matrixtekst", "Matrixkop"):
        look(new_style(document, name), 7.5, INK, bold=name == "Matrixkop", before=1, after=1)
        document.styles[name].paragraph_format.line_spacing = 1.0
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, color in (("Tabelkop", WHITE), ("Tabeltekst", INK)):
        small = new_style(document, f"{name} klein")
        look(small, 8, color, bold=name == "Tabelkop", before=0.8, after=0.8)
        small.paragraph_format.line_spacing = 1.0
        small.paragraph_format.keep_with_next = name == "Tabelkop"
    document.styles["Normal"].paragraph_format.line_spacing = 1.1
    for name, size in (("Heading 1", 16), ("Heading 2", 12), ("Body Text", 10), ("List Bullet", 10), ("Caption", 9)):
        document.styles[name].font.size = Pt(size)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(10)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(7)
    document.styles["Body Text"].paragraph_format.space_after = Pt(4)
    document.sections[0].top_margin, document.sections[0].bottom_margin = Cm(2.1), Cm(1.9)
    document.styles["Title"].font.size = Pt(22)
    document.styles["Subtitle"].paragraph_format.space_after = Pt(6)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(2)


def _front(document: Document) -> None:
    """Page one: which park, why, how sure, what is not known, what to do first, on which ground."""
    document.add_paragraph("Analyse bedrijventerreinen", style="Kicker")
    document.add_paragraph("{{ municipality }}", style="Title")
    subtitle = "Ronde {{ round }} · {{ size }} · district {{ district }} · voor: {{ reader }}"
    document.add_paragraph(subtitle, style="Subtitle")
    document.add_paragraph("Kern en advies", style="Heading 1")
    paragraphs(document, "front.missing", "Let op")
    document.add_paragraph("{{ front.sentence }}", style="Kernzin")
    document.add_paragraph("{{ front.disclaimer }}", style=SMALL)
    document.add_paragraph("{%p for card in front.cards %}")
    document.add_paragraph("Waarom {{ card.name }} ({{ card.park_id }})?", style="Heading 2")
    document.add_paragraph(
        "Totaal {{ card.score }}: {{ card.place }}, tussen {{ card.low }} en {{ card.high }}."
        "{% for group in card.groups %} {{ group.name }} {{ group.score }}, tussen {{ group.low }} en {{ group.high }}."
        "{% endfor %}",
        style="Body Text",
    )
    when(document, "card.grounds", lambda: table(document, "", "card.grounds", [
        ("Reden", 7.6, "{{ one.name }} ({{ one.kind }})"), ("Wie zegt wat", 7.6, "{{ one.reference }}"),
        ("Punten", 1.8, "{{ one.points }}"),
    ], small=True))  # fmt: skip
    when(document, "card.no_grounds", lambda: document.add_paragraph("{{ card.no_grounds }}", style="Body Text"))
    document.add_paragraph("{%p endfor %}")
    _heading(document, "Hoe zeker is dit?")
    document.add_paragraph("{{ front.sure|join(' ') }}", style="Body Text")
    _heading(document, "Wat weten we niet?")
    document.add_paragraph("{{ front.unknown|join(' ') }}", style="Body Text")
    when(document, "front.questions", lambda: _first(document))
    _heading(document, "Wat eerst doen en uitzoeken?")
    document.add_paragraph("{%p for one in front.to_do %}")
    document.add_paragraph("{{ one.word }} ({{ one.meaning }}): {{ one.lines|join('; ') }}.", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    _heading(document, "Op welke grondslag?")
    document.add_paragraph("{{ front.basis|join(' ') }}", style="Body Text")


def _first(document: Document) -> None:
    document.add_paragraph("Als eerste uitzoeken; het antwoord doet het meest voor het advies:", style="Body Text")
    bullets(document, "front.questions", "{{ one }}")


def _heading(document: Document, text: str) -> None:
    document.add_paragraph(text, style="Heading 2")


def _chapter(document: Document, title: str, *, page: bool = False) -> None:
    document.add_paragraph(title, style="Heading 1").paragraph_format.page_break_before = page


def _known(document: Document) -> None:
    _chapter(document, "Wat we weten en wat niet", page=True)
    document.add_paragraph("{{ knowledge.text }}", style="Body Text")
    bullets(document, "knowledge.deliveries", "{{ one }}")
    table(document, "Wat bekend is per terrein; per partij ingevuld / onbekend / leeg", "knowledge.rows", [
        ("Terrein", 4.6, "{{ one.name }}"), ("Bekend bij één partij of meer", 3.0, "{{ one.coverage }}"),
        ("Bekend bij alle partijen", 2.8, "{{ one.two_sided }}"), ("Genoeg bij alle?", 2.2, "{{ one.enough }}"),
        Repeated("knowledge.parties", "{{ item }}", 2.2, "one.tallies", "{{ item }}"),
    ])  # fmt: skip
    document.add_paragraph("{{ knowledge.note }}", style=SMALL)


def _matrix(document: Document) -> None:
    _chapter(document, "De matrix in één oogopslag")
    document.add_paragraph("{{ matrix.text }}", style="Body Text")
    document.add_paragraph("{%p for part in matrix.parts %}")
    table(document, "{{ part.caption }}", "part.rows", [
        ("Terrein", 3.6, "{{ one.name }}"),
        Repeated("part.codes", "{{ item }}", 0.84, "one.squares", "{% cellbg item.fill %}{{ item.text }}",
                 "Matrixkop", "Matrixtekst"),
    ], tight=True)  # fmt: skip
    document.add_paragraph("{{ part.names }}.", style=SMALL)
    document.add_paragraph("{%p endfor %}")
    _chapter(document, "Aanwijzingen per fenomeen")
    document.add_paragraph("{{ phenomena.text }}", style="Body Text")
    when(document, "phenomena.rows", lambda: table(
        document, "Op welke terreinen een aanwijzing is, en hoe sterk", "phenomena.rows", [
        ("{{ phenomena.kind }}", 4.0, "{{ one.name }}"), ("Sterk", 2.9, "{{ one.strongly }}"),
        ("Duidelijk", 2.9, "{{ one.clearly }}"), ("Zwak", 3.8, "{{ one.weakly }}"), ("Geen", 1.4, "{{ one.nowhere }}"),
        ("Niet bekend", 2.0, "{{ one.unknown }}"),
    ]))  # fmt: skip
    document.add_paragraph(
        "Geen en niet bekend zijn aantallen terreinen. Een aanwijzing is een vermoeden, geen vaststelling.", style=SMALL
    )


def _ranking(document: Document) -> None:
    _chapter(document, "Rangorde")
    when(document, "ranking.warning", lambda: document.add_paragraph("{{ ranking.warning }}", style="Let op"))
    _pictures(document)
    table(document, "Terreinen van hoog naar laag, met scores van 0 tot 100", "ranking.rows", [
        ("Rang", 0.95, "{{ one.rank }}"), ("Terrein", 2.75, "{{ one.name }}{% if one.advised %} (advies){% endif %}"),
        Repeated("ranking.groups", "{{ item }}", 2.15, "one.groups", "{{ item }}"),
        ("Totaal", 1.2, "{{ one.score }}"), ("Grenzen", 1.65, "{{ one.low }}–{{ one.high }}"),
        ("Klasse", 1.3, "{{ one.place }}"), ("Wat te doen", 2.3, "{{ one.quadrant }}"),
        Repeated("ranking.in_district", "{{ item }}", 1.35, "one.in_district", "{{ item }}"),
    ], small=True, tight=True)  # fmt: skip
    when(document, "ranking.in_district", lambda: document.add_paragraph(
        "In het district doen {{ ranking.district_size }} mee.", style=SMALL
    ))  # fmt: skip
    document.add_paragraph("{%p for one in ranking.quadrants %}")
    document.add_paragraph("{{ one.word }}: {{ one.meaning }}.", style=SMALL)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(
        "Klassen: {{ ranking.classes }}. {{ ranking.marked }} ? te weinig bekend voor een score.", style=SMALL
    )


def _pictures(document: Document) -> None:
    """Every picture with its title, and what there is to see; the text for who cannot see it is in the picture."""
    document.add_paragraph("{%p for picture in pictures %}")
    document.add_paragraph("{{ picture.title }}", style="Caption")
    document.add_paragraph("{{ picture.image }}", style="Figuur")
    document.add_paragraph("{{ picture.caption }}", style=SMALL)
    document.add_paragraph("{%p endfor %}")


def _certainty(document: Document) -> None:
    _chapter(document, "Hoe zeker is het advies?")
    document.add_paragraph("{{ certainty.text }}", style="Body Text")

    def shown() -> None:
        table(document, "Hoe vaak, en op welke plaats meestal: in negen van de tien doorrekeningen", "certainty.rows", [
            ("Terrein", 5.4, "{{ one.name }}"), ("Plaats nu", 2.2, "{{ one.rank }}"),
            ("{{ certainty.often }}", 2.8, "{{ one.share }}"), ("Meestal op plaats", 3.2, "{{ one.ranks }}"),
            ("Score meestal", 3.4, "{{ one.scores }}"),
        ])  # fmt: skip
        when(document, "certainty.rest", lambda: document.add_paragraph("{{ certainty.rest }}", style=SMALL))
        when(document, "certainty.flips", lambda: _flips(document))
        when(document, "certainty.drivers", lambda: _drivers(document))
        _heading(document, "Wat als eerste uitzoeken?")
        bullets(document, "certainty.questions", "{{ one }}")
        when(document, "not certainty.questions", lambda: paragraph(document, "{{ certainty.no_questions }}"))

    when(document, "certainty.shown", shown)


def _flips(document: Document) -> None:
    _heading(document, "Wat zou het advies omkeren?")
    bullets(document, "certainty.flips", "{{ one }}")
    when(document, "certainty.inexact", lambda: document.add_paragraph("{{ certainty.inexact }}", style=SMALL))


def _drivers(document: Document) -> None:
    _heading(document, "Welke keuze doet het meest?")
    paragraph(document, "Zoveel van het verschil in voorsprong hangt samen met deze keuze, alleen of samen met andere "
                        "(Sobol-indices; samen kunnen ze meer dan 100% zijn).")  # fmt: skip
    bullets(document, "certainty.drivers", "{{ one.name }}: {{ one.share }}")


def _agreement(document: Document) -> None:
    _chapter(document, "Waar de partijen verschillen")
    document.add_paragraph("{{ agreement.text }}", style="Body Text")
    when(document, "agreement.rows", lambda: table(
        document, "Overeenstemming op de cellen die minstens twee partijen kennen", "agreement.rows", [
        ("Groep", 3.8, "{{ one.family }}"), ("Cellen", 1.5, "{{ one.n }}"), ("Gelijk", 1.6, "{{ one.identical }}"),
        ("Hooguit één stap", 2.2, "{{ one.within_one }}"), ("Alfa (Krippendorff)", 2.9, "{{ one.alpha }}"),
        ("AC2 (Gwet)", 1.7, "{{ one.ac2 }}"), ("Verschil ({{ agreement.between }})", 3.3, "{{ one.bias }}"),
    ]))  # fmt: skip

    def agenda() -> None:
        _heading(document, "Om te bespreken")
        paragraph(document, "{{ agreement.turning }}")
        bullets(document, "agreement.agenda", "{{ one }}")
        when(document, "agreement.rest", lambda: document.add_paragraph("{{ agreement.rest }}", style=SMALL))

    when(document, "agreement.agenda", agenda)

    def only() -> None:
        _heading(document, "Wat maar één partij weet")
        bullets(document, "agreement.only", "{{ one }}")

    when(document, "agreement.only", only)


def _parks(document: Document) -> None:
    _chapter(document, "De terreinen één voor één", page=True)
    paragraph(document, "Van elk terrein hoe het scoort, waar de oordelen op wijzen en wat nog onbekend is. Het "
                        "terrein met de hoogste score staat vooraan.")  # fmt: skip
    document.add_paragraph("{%p for park in parks %}")
    # The first stands below the heading of the chapter, every other one on a page of its own.
    document.add_paragraph("{%p if loop.first %}")
    document.add_paragraph("{{ park.name }}", style="Heading 2")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("{{ park.name }}", style="Heading 2").paragraph_format.page_break_before = True
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ park.place }}", style="Onderkop")
    paragraph(
        document,
        "{% for one in park.figures %}{{ one.name }} {{ one.score }}{% if one.place %} ({{ one.place }}){% endif %}, "
        "{{ one.bounds }}. {% endfor %}",
    )
    paragraph(document, "{{ park.quadrant }} {{ park.known }}")
    when(document, "park.words", lambda: paragraph(document, "{{ park.words|join(' ') }}"))
    when(document, "park.parts", lambda: _parts(document))
    when(document, "park.pairs", lambda: table(
        document, "Wat elke partij vermoedt, met tussen haakjes de bronsterkte", "park.pairs", [
        ("Verschijningsvorm", 6.6, "{{ one.name }}"),
        Repeated("park.parties", "{{ item }}", 3.9, "one.said", "{{ item }}"), ("Verschil", 2.4, "{{ one.steps }}"),
    ], small=True))  # fmt: skip
    when(document, "park.pairs", lambda: document.add_paragraph("Bronsterkte: {{ park.sources }}.", style=SMALL))
    when(document, "park.unknown", lambda: _unknown(document))
    when(document, "park.context.rows", lambda: table(
        document, "Het terrein in cijfers; telt niet mee in de score", "park.context.rows", [
        ("{{ park.context.head }}", 8.0, "{{ one.name }}"), ("Terrein", 4.0, "{{ one.value }}"),
        ("Mediaan gemeente", 5.0, "{{ one.middle }}"),
    ], gap=False, small=True))  # fmt: skip
    document.add_paragraph("{%p endfor %}")


def _parts(document: Document) -> None:
    rows = table(document, "Waaruit de score is opgebouwd", "park.parts", [
        ("Indicator", 8.2, "{{ one.name }}"), ("Niveau", 6.6, "{{ one.level }}"), ("Punten", 2.2, "{{ one.points }}"),
    ], gap=False, small=True)  # fmt: skip
    cells = rows.add_row().cells
    for cell, text in zip(cells, ("Totaal", "", "{{ park.total }}"), strict=True):
        cell.paragraphs[0].style = "Tabeltekst klein"
        cell.paragraphs[0].add_run(text).bold = True
    document.add_paragraph(style="Tussenruimte")


def _unknown(document: Document) -> None:
    document.add_paragraph("{{ park.unknown_title }}", style="Heading 3")
    bullets(document, "park.unknown", "{{ one }}")


def _notes(document: Document) -> None:
    _chapter(document, "Aantekeningen van de analist")
    paragraph(
        document,
        "Wat bij het verkennen opviel, in eigen woorden. Een aantekening is niet berekend, verandert geen score en is "
        "geen vaststelling.",
    )
    document.add_paragraph("{%p for one in notes %}")
    document.add_paragraph("{{ one.about }} · {{ one.author }} · aantekening {{ one.number }}", style="Onderkop")
    paragraphs(document, "one.lines", "Body Text")
    when(document, "one.since", lambda: document.add_paragraph("{{ one.since }}", style=SMALL))
    document.add_paragraph("{%p endfor %}")


def _account(document: Document) -> None:
    _chapter(document, "Bevindingen bij de gegevens", page=True)
    document.add_paragraph("{{ findings.text }}", style="Body Text")
    when(document, "findings.rows", lambda: table(
        document, "Wat bij het lezen van de werkmappen opviel", "findings.rows", [
        ("Soort", 1.8, "{{ one.severity }}"), ("Plaats", 3.4, "{{ one.place }}"), ("Gevonden", 4.2, "{{ one.found }}"),
        ("Toegestaan", 3.4, "{{ one.allowed }}"), ("Wat te doen", 4.2, "{{ one.remedy }}"),
    ]))  # fmt: skip
    when(document, "notes", lambda: _notes(document))
    _chapter(document, "Verantwoording")
    paragraph(document, "Geen geautomatiseerd besluit. De werkbank rekent en ordent. Mensen kiezen een terrein, leggen "
                        "de reden vast en dragen de verantwoordelijkheid.")  # fmt: skip
    _heading(document, "Hoe de score ontstaat")
    bullets(document, "accountability.steps", "{{ one }}")
    when(document, "accountability.deviation", lambda: paragraph(
        document, "Afwijking van het district: {{ accountability.deviation }}"))  # fmt: skip
    _heading(document, "Wat we aannemen")
    for line in (
        "Een niveau zegt in welke mate iets naar vermoeden voorkomt. Hoe sterk de bron is, telt niet mee in de score.",
        (
            "Wat onbekend is, telt niet mee. Daardoor telt het alsof het gemiddeld is. Wordt iets bekend en blijkt het "
            "laag, dan kan de score dalen."
        ),
        "Wat niet bekend is, is vaak niet zonder reden onbekend. De grenzen laten daarom ook het uiterste zien.",
        (
            "Een hoge score is geen bewijs, en een lage score geen vrijspraak. De score zegt niets over één bedrijf of "
            "persoon."
        ),
    ):
        document.add_paragraph(line, style="List Bullet")
    table(document, "Gegevens van deze analyse", "accountability.facts", [
        ("Gegeven", 4.6, "{{ one.name }}"), ("Waarde", 12.4, "{{ one.value }}"),
    ])  # fmt: skip
    document.add_paragraph("Stand van de catalogus: {{ accountability.status }}", style=SMALL)
    table(document, "Gelezen werkmappen, met het begin van hun controlegetal (sha256)", "accountability.sources", [
        ("Bestand", 8.0, "{{ one.file }}"), ("Partij", 4.5, "{{ one.party }}"),
        ("Controlegetal", 4.5, "{{ one.digest }}"),
    ])  # fmt: skip
