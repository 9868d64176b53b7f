"""The project plan as chapters, and the direction in which an advice points before there is any plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from werkbank.advice.park_reading import read_park
from werkbank.assessment.flow import Assessment
from werkbank.errors import OutputError, RegisterError
from werkbank.plan.interventions import Proposal, propose
from werkbank.plan.plan import make_plan
from werkbank.plan.plan_values import AnswerLine, Entry, Measure, PlannedIntervention, ProjectPlan, Selected
from werkbank.report.blocks import (
    Block,
    Callout,
    Cell,
    Chapter,
    Column,
    Glyph,
    Grid,
    Group,
    Heading,
    Line,
    List,
    Mark,
    Span,
    Table,
    Text,
    bulleted,
    code,
    facts,
    quiet,
    rows,
    strong,
)  # fmt: skip
from werkbank.report.documents import Document
from werkbank.report.terms import legal_basis_line, not_here
from werkbank.report.view import Park, View, view_of
from werkbank.report.word import write_docx
from werkbank.wording import MISSING, capital, count, date, did_you_mean

__all__ = ["PLAN_CHAPTERS", "direction", "plan_chapter", "plan_for", "plan_label", "plan_summary", "write_plan_docx"]

PER_KIND = 3
"""Interventions that the direction names per kind; the plan has them all."""
_MARKS = {"direct": ("h5", "●", "direct"), "supporting": ("h2", "○", "ondersteunt"), "none": ("none", "", "geen")}


def direction(assessment: Assessment) -> Chapter:
    """Per advised park the interventions that its judgements call for, by kind and from light to heavy.

    A sentence instead where another party's judgements are withheld: what is called for would tell of them.

    >>> assessment = wb.assess("urk")
    >>> wb.report.direction(assessment).title
    'Richting van de aanpak'
    """
    view = view_of(assessment)
    found = () if assessment.coarse else view.advised
    said = "Er is geen terrein geadviseerd, dus ook geen richting."
    said = not_here("De maatregelen die bij de oordelen passen") if assessment.coarse else said
    note = (
        "Dit zijn voorstellen uit de catalogus, geen plan. Kiest de stuurgroep een terrein, dan volgt het projectplan "
        "met alle maatregelen, wie ze trekt en op welke grondslag."
    )
    named = (block for park in found for block in _proposed(view, park))
    return Chapter(
        "Richting van de aanpak",
        "" if assessment.coarse else count(len(found), "terrein", "terreinen"),
        (*named, Text(note, "quiet")) if found else (Text(said),),
        name="direction",
    )


def _proposed(view: View, park: Park) -> Iterator[Block]:
    proposals = propose(read_park(view.assessment, park.park_id), view.catalogue)
    yield Heading(park.name)
    kinds = []
    for kind in view.catalogue.kinds:
        own = [one for one in proposals if view.catalogue.intervention(one.intervention).kind == kind.id]
        own.sort(key=lambda one: (one.needs_confirmation, -len(one.direct), one.weight))
        named = sorted(own[:PER_KIND], key=lambda one: one.weight)
        rest = [Text(f"en nog {len(own) - len(named)}", "quiet")] if len(own) > len(named) else []
        items = bulleted((_measure(view, one) for one in named), "Geen voorstel uit de catalogus.")
        kinds.append(Group((Heading(kind.name, 4), *items, *rest)))
    yield Group(tuple(kinds), "thirds")


def _measure(view: View, one: Proposal) -> Line:
    weights = {term.id: term.name for term in view.catalogue.weights}
    answers = f"; antwoord op {', '.join(one.direct)}" if one.direct else ""
    waits = "; pas als een bron is bevestigd" if one.needs_confirmation else ""
    about = f" ({weights[str(one.weight)].lower()}{answers}{waits})"
    return view.catalogue.intervention(one.intervention).name, quiet(about)


def plan_for(assessment: Assessment, park: str, selected: Selected | None) -> ProjectPlan:
    """The project plan of a selected park.

    Raises RegisterError when no selection was recorded: the werkbank never selects. Raises OutputError when the park is
    not in the assessment, or when the audience may not see the plan.

    >>> import datetime as dt
    >>> from werkbank.plan.plan_values import Selected
    >>> decision = Selected(dt.date(2026, 3, 2), "stuurgroep", "Hoogste score.", "Het advies.")
    >>> wb.report.plan_for(wb.assess("urk"), "URK-04", decision).park
    'Duizendblad'
    """
    view = view_of(assessment)
    found = _park(view, park)
    if selected is None:
        raise RegisterError(
            f"Voor {found.name} ({found.park_id}) is geen keuze vastgelegd, dus er is geen projectplan gemaakt. Mensen "
            f"kiezen een terrein; leg hun besluit eerst vast: werkbank select {found.park_id} --reason … --by …"
        )
    return make_plan(assessment, found.park_id, selected, view.catalogue)


def _park(view: View, park: str) -> Park:
    if not park:
        raise RegisterError(
            "Er is geen terrein gekozen, dus er is geen projectplan gemaakt. Mensen kiezen een terrein; leg hun "
            "besluit vast: werkbank select PARK --reason … --by …"
        )
    for one in view.parks:
        if one.park_id == park:
            return one
    hint = did_you_mean(park, [one.park_id for one in view.parks])
    raise OutputError(
        f"{view.assessment.municipality_name} heeft geen terrein “{park[:60]}”; "
        f"{hint or 'kijk in de analyse welke terreinen er zijn.'}"
    )


def plan_label(audience_label: str) -> str:
    """The label of a plan: as confidential as its audience's, and made to be handed to who works on it.

    "CONVENANTINFORMATIE – alleen voor …" keeps its first part; who may have a plan is another question
    than who may have an analysis.
    """
    level = audience_label.partition(" – ")[0]
    return (
        f"{level} – werkdocument voor wie aan dit plan werkt. Het RIEC verstrekt het alleen op een grondslag, en "
        "noteert elke ontvanger in de verspreidingslijst."
    )


def plan_summary(plan: ProjectPlan) -> Chapter:
    """The plan in short: what it answers, its holes by name, and what people still have to fill in.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_summary(plan).title
    'Kern'
    """
    first, second, *more = plan.occasion.text
    status = Text(f"Projectplan, {plan.status}", "kicker")
    holes = tuple(
        (code(one.indicator), " ", strong(one.name), f": {one.lacks}.", quiet(f" {capital(one.remedy)}."))
        for one in plan.holes
    )
    text = f"{count(len(plan.interventions), 'interventie', 'interventies')}, {count(len(plan.holes), 'gat', 'gaten')}"
    return Chapter(
        "Kern",
        f"{text} in de dekking",
        (
            Group((status, Text(first, "lead"), Text(second, "quiet")), "advice"),
            *(Callout(line) for line in more),
            *_said(plan.measures.text),
            *((Heading("Wat het plan nog niet beantwoordt"), List(holes)) if holes else ()),
            Text(
                ("Geel gemarkeerde plekken (", Span("in te vullen", "blank"), ") vullen de partners zelf in."), "quiet"
            ),
        ),
        name="plan",
    )


def plan_chapter(plan: ProjectPlan, name: str) -> Chapter:
    """One chapter with its tables; `name` is one of PLAN_CHAPTERS. Raises OutputError for another name.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_chapter(plan, "occasion").title
    'Aanleiding'
    """
    if name not in PLAN_CHAPTERS:
        raise OutputError(
            f"Het projectplan heeft geen hoofdstuk “{name[:60]}”; {did_you_mean(name, list(PLAN_CHAPTERS))}"
        )
    chapter = getattr(plan, name)
    fields = ((field.name, _entry(field.entry)) for field in chapter.fields)
    blocks = (
        *_said(chapter.text),
        *((facts(chapter.title, fields),) if chapter.fields else ()),
        *bulleted(chapter.points),
        *PLAN_CHAPTERS[name](plan),
    )
    title = "Bijlagen" if name == "appendix" else chapter.title
    return Chapter(title, chapter.text[0], blocks, name=f"plan {name}")


def _said(lines: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Callout(line) if line.startswith("Let op") else Text(line) for line in lines)


def _entry(one: Entry) -> Cell:
    return Span(one.text, "blank") if one.blank else one.text


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or MISSING


def _named(identity: str, name: str) -> Line:
    return code(identity), f" {name}"


def _table(
    caption: str, columns: str, cells: Iterable[Sequence[Cell]], widths: Sequence[float], first: int = 0
) -> Table:
    heads = (Column(name, width=width) for name, width in zip(columns.split("|"), widths, strict=True))
    return Table(caption, tuple(heads), rows(cells), first=first)


def _nothing(_: ProjectPlan) -> Iterator[Block]:
    yield from ()


def _goal(plan: ProjectPlan) -> Iterator[Block]:
    yield _yardsticks("Hoofddoel: wat de matrix zelf meet", plan.main_measures)
    for goal in plan.subgoals:
        yield Heading(goal.framework)
        yield List(goal.goals)
        if goal.measures:
            yield _yardsticks(f"Maatstaven: {goal.framework}", goal.measures)


def _yardsticks(caption: str, measures: Iterable[Measure]) -> Table:
    return _table(
        caption,
        "Maatstaf|Hoort bij|Eigenaar|Nulwaarde|Streefwaarde|Uiterlijk",
        (
            (
                capital(one.text),
                one.belongs_to or "matrix",
                one.owner,
                _entry(one.baseline),
                _entry(one.target),
                one.due,
            )
            for one in measures
        ),
        (2.6, 0.9, 1.9, 1.5, 1.5, 1.2),
    )


def _partnership(plan: ProjectPlan) -> Iterator[Block]:
    yield _table(
        "Partners met een rol in de interventies",
        "Partner|Soort|Trekker van|Doet mee aan|Contactpersoon|Mandaat",
        (
            (one.partner, one.kind, _listed(one.leads), _listed(one.joins), _entry(one.contact), _entry(one.mandate))
            for one in plan.roles
        ),
        (2.3, 1, 1.2, 1.4, 1.6, 1.2),
    )


def _measures(plan: ProjectPlan) -> Iterator[Block]:
    if plan.holes:
        yield _table(
            "Gaten: hoge indicatoren zonder het directe antwoord dat nodig is",
            "Indicator|Wat ontbreekt|Wat kan",
            (
                (_named(one.indicator, one.name), Span(one.lacks, "gone"), f"{capital(one.remedy)}.")
                for one in plan.holes
            ),
            (2.5, 2, 4),
        )
    yield _table(
        "Vereiste soorten interventies",
        "Soort|Aanwezig|Interventies",
        ((one.name, "ja" if one.present else Span("nee", "gone"), _listed(one.interventions)) for one in plan.kinds),
        (2.5, 1.2, 4.8),
    )
    yield from _coverage(plan)
    yield Heading("De interventies, van licht naar zwaar")
    yield from (_intervention(one) for one in plan.interventions)
    if not plan.interventions:
        yield Text("Er zijn geen interventies voorgesteld.")
    if plan.after_confirmation:
        yield Heading("Pas na bevestiging")
        yield Callout(
            "Achter deze zware interventies staat nog geen bevestigde bron. Ze staan niet in de planning.", "box"
        )
        yield from (_intervention(one) for one in plan.after_confirmation)


def _coverage(plan: ProjectPlan) -> Iterator[Block]:
    """The coverage matrix: high indicators down, planned interventions across."""
    if not plan.answer_lines or not plan.interventions:
        return
    yield Heading("Welke interventie beantwoordt wat")
    yield Text(
        (Span("●", "key h5"), " direct antwoord, ", Span("○", "key h2"), (" ondersteunt. Achter de indicator staat het "
         "niveau.")),
        "legend",
    )  # fmt: skip
    yield Grid(
        "Hoge indicatoren en de interventies die ze beantwoorden",
        "Hoge indicator",
        tuple(f"{one.id} {one.name}" for one in plan.interventions),
        (),
        tuple(_answered(plan, line) for line in plan.answer_lines),
        (Mark("●", "Direct antwoord"), Mark("○", "Ondersteunt")),
    )


def _answered(plan: ProjectPlan, line: AnswerLine) -> tuple[str, str, tuple[Glyph, ...]]:
    marks = (_MARKS[plan.answers.between(line.indicator, one)] for one in plan.answers.interventions)
    name = f"{line.name} ({line.level}){' – gat' if line.hole else ''}"
    return line.indicator, name, tuple(Glyph(text, words, shade) for shade, text, words in marks)


def _intervention(one: PlannedIntervention) -> Group:
    shareable = "De interventie zelf mag met ondernemers worden gedeeld, de aanleiding niet."
    told: Mapping[str, Cell] = {
        "Waarom hier": "; ".join(one.reasons),
        "Direct antwoord op": one.answers,
        "Ondersteunt bij": "; ".join(one.supporting),
        "Trekker en partners": (strong(one.lead), "".join(f"; {partner}" for partner in one.partners)),
        "Grondslag": "; ".join(one.legal_basis),
        "Voorwaarden": " ".join(one.conditions),
        "Delen": shareable if one.shareable else "Alleen binnen de publieke kern.",
    }
    return Group(
        (
            Heading(_named(one.id, one.name), 4),
            Text(f"{one.kind} · {one.weight_name.lower()} · {one.weeks}", "quiet"),
            Text(one.description),
            facts(f"{one.id} {one.name}", ((name, value) for name, value in told.items() if value)),
        ),
        "measure",
    )


def _schedule(plan: ProjectPlan) -> Iterator[Block]:
    yield _table(
        "Planning van licht naar zwaar, in weken vanaf de start",
        "Stap|Interventie|Zwaarte|Trekker|Start|Klaar",
        (
            (
                str(one.number),
                _named(one.intervention, one.name),
                one.weight_name,
                one.lead,
                f"week {one.start}",
                one.done,
            )
            for one in plan.steps
        ),
        (0.8, 2.9, 1.2, 2.2, 1, 1.6),
        first=1,
    )


def _communication(plan: ProjectPlan) -> Iterator[Block]:
    yield _table(
        "Boodschap per doelgroep",
        "Doelgroep|Boodschap|Wat niet|Moment|Afzender",
        (
            (one.group, one.message, capital(one.withheld), _entry(one.moment), _entry(one.sender))
            for one in plan.messages
        ),
        (1.5, 2.5, 2.1, 1.2, 1.3),
    )


def _risk(plan: ProjectPlan) -> Iterator[Block]:
    yield _table(
        "Risico's van de aanpak zelf",
        "Risico|Wat kan er gebeuren|Wat we doen|Eigenaar",
        ((one.name, one.how, one.response, _entry(one.owner)) for one in plan.risks),
        (1.7, 2.7, 2.8, 1.4),
    )


def _appendix(plan: ProjectPlan) -> Iterator[Block]:
    yield _table(
        "Actielijst",
        "Actie|Wie|Naam|Gereed voor|Stand",
        ((one.what, one.who, _entry(one.person), _entry(one.ready), one.state) for one in plan.actions),
        (2.9, 2, 1.3, 1.2, 1.2),
    )
    decision = (
        date(plan.selected.decided_on),
        f"{plan.park} gekozen voor een gezamenlijke aanpak",
        plan.selected.body,
        "",
    )
    yield _table("Besluitenlijst", "Datum|Besluit|Genomen door|Vervolg", (decision, *_EMPTY), (1.3, 4.2, 1.5, 1.5))
    yield _table("Verspreiding", "Datum|Ontvanger (rol)|Grondslag|Door", _EMPTY, (1.3, 2.7, 2.5, 2))


_EMPTY = (("", "", "", ""),) * 2
"""Rows for people to fill in."""

PLAN_CHAPTERS: Mapping[str, Callable[[ProjectPlan], Iterator[Block]]] = {
    "occasion": _nothing,
    "goal": _goal,
    "scope": _nothing,
    "picture": _nothing,
    "partnership": _partnership,
    "legal": _nothing,
    "measures": _measures,
    "schedule": _schedule,
    "organisation": _nothing,
    "communication": _communication,
    "risk": _risk,
    "monitoring": _nothing,
    "securing": _nothing,
    "appendix": _appendix,
}
"""The chapters in their order, each with the tables that follow its own text, fields and points."""


def write_plan_docx(plan: ProjectPlan, assessment: Assessment, path: Path | str) -> Path:
    """Write the plan for the assessment's audience to `path`; an existing file is replaced.

    Raises OutputError when the audience may not see the plan, or when the plan is not of this assessment.

    >>> assessment = wb.assess("urk")
    >>> plan = wb.project_plan(assessment, "URK-04")
    >>> wb.report.write_plan_docx(plan, assessment, "projectplan.docx").name
    'projectplan.docx'
    """
    view = view_of(assessment)
    same = (plan.municipality, plan.round) == (assessment.municipality_name, assessment.parameters.round)
    if plan.park_id not in view.names or not same:
        raise OutputError("Dit projectplan hoort niet bij deze analyse; er is niets gemaakt.")
    document = Document(
        kicker="Projectplan",
        title=plan.park,
        subtitle=f"{plan.park_id} · {plan.municipality} · ronde {plan.round}",
        name=f"Projectplan {plan.park} ({plan.park_id})",
        label=plan_label(view.audience.label),
        legal_basis=legal_basis_line(assessment.legal_basis),
        fictional=assessment.fictional,
        chapters=(plan_summary(plan), *(plan_chapter(plan, name) for name in PLAN_CHAPTERS)),
        # The plan follows from the decision, and is dated by it: equal plans give equal files on any day.
        day=plan.selected.decided_on,
    )
    return write_docx(document, path)
