"""The project plan as chapters, and the direction in which an advice points before there is any plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkbank.advice.reasons import read_park
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.decisions import approval_of, head_of_register, selected
from werkbank.errors import OutputError, RegisterError
from werkbank.plan.drafting import make_plan
from werkbank.plan.fields import OPEN
from werkbank.plan.interventions import AnswerRow, Proposal, propose
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.plan.plan import CHANGES, Field, PlannedIntervention, ProjectPlan, Step
from werkbank.register.selections import Selection
from werkbank.report import blocks as b
from werkbank.report.parks import without_page
from werkbank.report.terms import fields, not_here, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.parameters import load_parameters
from werkbank.sharing import asked_parties, entitled, for_audience
from werkbank.sharing.versions import SHAREABLE, of_plan, version_for
from werkbank.wording import MISSING, capital, count, did_you_mean, within

PER_KIND = 3
"""Interventions that the direction names per kind; the plan has them all."""
_SUMMED_UP = ("occasion", "measures")
"""Chapters of which the summary says the text."""
_MARKS = {"direct": ("h5", "●", "direct"), "supporting": ("h2", "○", "ondersteunt"), "none": ("none", "", "geen")}


def direction(assessment: Assessment) -> b.Chapter:
    """Per advised park the interventions that its judgements call for, by kind and from light to heavy.

    A sentence instead where another party's judgements are withheld: what is called for would tell of them.

    >>> wb.report.direction(wb.assess("urk")).title
    'Richting van de aanpak'
    """
    view = view_of(assessment)
    found = () if assessment.coarse else view.advised
    blocks = tuple(block for park in found for block in (b.Heading(park.name), proposed(view, park)))
    none = not_here(words("direction.withheld")) if assessment.coarse else words("direction.none")
    note = b.Text(words("direction.note"), "quiet") if found else b.Text(none)
    size = "" if assessment.coarse else count(len(found), "terrein", "terreinen")
    return b.Chapter("Richting van de aanpak", size, (*blocks, note), name="direction")


def proposed(view: View, park: Park) -> b.Group:
    """The interventions that a park's judgements call for, by kind."""
    proposals = propose(read_park(view.assessment, park.park_id), view.catalogue)
    kinds = []
    for kind in view.catalogue.kinds:
        own = [one for one in proposals if view.catalogue.intervention(one.intervention).kind == kind.id]
        own.sort(key=lambda one: (one.needs_confirmation, -len(one.direct), one.weight))
        named = sorted(own[:PER_KIND], key=lambda one: one.weight)
        rest = [b.Text(f"en nog {len(own) - len(named)}", "quiet")] if len(own) > len(named) else []
        items = b.bulleted((_measure(view, one) for one in named), "Geen voorstel uit de catalogus.")
        kinds.append(b.Group((b.Heading(kind.name, 4), *items, *rest)))
    return b.Group(tuple(kinds), "thirds")


def _measure(view: View, one: Proposal) -> b.Line:
    weights = {term.id: term.name for term in view.catalogue.weights}
    answers = f"; antwoord op {', '.join(one.direct)}" if one.direct else ""
    waits = "; pas als een bron is bevestigd" if one.needs_confirmation else ""
    about = f" ({weights[str(one.weight)].lower()}{answers}{waits})"
    return view.catalogue.intervention(one.intervention).name, b.quiet(about)


def plan_for(
    assessment: Assessment, park: str, selected: Selection | None, kept: KeptPlan | None = None
) -> ProjectPlan:
    """The project plan of a selected park, with what people keep of it.

    Raises RegisterError when no selection was recorded: the werkbank never selects. Raises OutputError when the park is
    not in the assessment, or when the audience may not see the plan.

    >>> import datetime as dt
    >>> from werkbank.register.selections import Selection
    >>> decision = Selection(1, "urk", "2026-1", "URK-04", "stuurgroep", dt.datetime(2026, 3, 2, 9), "Hoogste score.")
    >>> wb.report.plan_for(wb.assess("urk"), "URK-04", decision).park
    'Duizendblad'
    """
    view = view_of(assessment)
    if not park:
        raise RegisterError(words("plan.no_park"))
    if park not in view.names:
        hint = did_you_mean(park, list(view.names)) or "kijk in de analyse welke terreinen er zijn."
        raise OutputError(f"{assessment.municipality_name} heeft geen terrein “{park[:60]}”; {hint}")
    if selected is None:
        raise RegisterError(words("plan.no_choice", name=view.names[park], park=park))
    return make_plan(assessment, park, selected, view.catalogue, kept)


def project_plan(assessment: Assessment, park: str) -> ProjectPlan:
    """The project plan of a selected park, as people keep it in `data/plans`; a proposal as long as there is none.

    Raises RegisterError when no selection of it holds, and OutputError with every fault of what is kept.

    >>> print(wb.project_plan(wb.assess("urk"), "URK-04"))
    Projectplan Duizendblad (URK-04), Urk (fictief), concept: 9 interventies.
    """
    data = load_parameters(assessment.parameters.municipality).data
    kept = kept_plan(data, park, assessment.catalogue) if park else None
    made = plan_for(assessment, park, selected(assessment, park, kept.round if kept else ""), kept)
    return replace(made, approval=approval_of(assessment, kept) if kept else "", register=head_of_register())


def plan_versions(assessment: Assessment, plan: ProjectPlan) -> dict[str, tuple[ProjectPlan, Assessment]]:
    """By audience its version of a plan, and the assessment as it may see that; for whom a version is to be made.

    Nothing for private parties on a park where the firms are too few, or not counted.
    """
    catalogue = assessment.catalogue
    made = {}
    for audience in catalogue.audiences:
        own = entitled(audience, assessment.legal_basis, catalogue, asked_parties(assessment))
        if not audience.owner and "plan" in audience.documents and of_plan(own):
            theirs = assessment.parameters.model_copy(update={"audience": audience.id})
            seen = for_audience(replace(assessment, parameters=theirs))
            view = view_of(seen)
            if not (SHAREABLE in own.fields and without_page(view, view.park(plan.park_id))):
                made[audience.id] = version_for(plan, own, catalogue), seen
    return made


def plan_label(audience_label: str) -> str:
    """The label of a plan: as confidential as its audience's, and made to be handed to who works on it.

    "CONVENANTINFORMATIE – alleen voor …" keeps its first part; who may have a plan is another question
    than who may have an analysis.
    """
    return words("plan.label", level=audience_label.partition(" – ")[0])


def plan_summary(plan: ProjectPlan) -> b.Chapter:
    """The plan in short: what it answers, its holes by name, and what people still have to fill in.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_summary(plan).title
    'Kern'
    """
    first, second, *more = plan.chapters["occasion"].text
    status = b.Text(f"Projectplan, {plan.status}", "kicker")
    holes = tuple(
        (b.code(one.indicator), " ", b.strong(one.name), f": {one.lacks}.", b.quiet(f" {capital(one.remedy)}."))
        for one in plan.answers.holes
    )
    gaps = count(len(plan.answers.holes), "gat", "gaten")
    size = f"{count(len(plan.interventions), 'interventie', 'interventies')}, {gaps}"
    blocks = (
        b.Group((status, b.Text(first, "lead"), b.Text(second, "quiet")), "advice"),
        *_said(filter(None, (plan.approval,))),
        *map(b.Callout, more),
        *_changed(plan),
        *_said(plan.chapters["measures"].text),
        *((b.Heading("Wat het plan nog niet beantwoordt"), b.List(holes)) if holes else ()),
    )
    return b.Chapter("Kern", f"{size} in de dekking", blocks, name="plan")


def _changed(plan: ProjectPlan) -> Iterator[b.Block]:
    """What is otherwise than when the plan was made: three lines, and how many more there are."""
    if plan.changes:
        yield b.Heading("Veranderd sinds het plan werd gemaakt")
        rest = len(plan.changes) - CHANGES
        more = [f"En nog {count(rest, 'verandering', 'veranderingen')}."] if rest > 0 else []
        yield from b.bulleted((*plan.changes[:CHANGES], *more))


def plan_chapter(plan: ProjectPlan, name: str) -> b.Chapter:
    """One chapter with its tables; `name` is one of PLAN_CHAPTERS. Raises OutputError for another name.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_chapter(plan, "occasion").title
    'Aanleiding'
    """
    if name not in PLAN_CHAPTERS:
        hint = did_you_mean(name, list(PLAN_CHAPTERS))
        raise OutputError(f"Het projectplan heeft geen hoofdstuk “{name[:60]}”; {hint}")
    chapter, more = plan.chapters[name], PLAN_CHAPTERS[name]
    # Without interventions some tables have nothing to say.
    tables = [block for block in (more(plan) if more else ()) if not isinstance(block, b.Table) or block.rows]
    said = () if name in _SUMMED_UP else _said(chapter.text)
    filled_in = [_facts(chapter.title, chapter.fields)] if chapter.fields else []
    blocks = (*said, *b.bulleted(chapter.points), *tables, *filled_in)
    title = "Bijlagen" if name == "appendix" else chapter.title
    return b.Chapter(title, next(iter(chapter.text), ""), blocks, name=f"plan {name}")


def _said(lines: Iterable[str]) -> tuple[b.Block, ...]:
    return tuple(b.Callout(line) if line.startswith("Let op") else b.Text(line) for line in lines)


def _facts(caption: str, fields: Iterable[Field]) -> b.Table:
    """Names and values; those of people's own fields can be typed in."""
    fields = tuple(fields)
    table = b.facts(caption, ((one.name, _value(one)) for one in fields))
    columns = (table.columns[0], replace(table.columns[1], width=2.1))
    rows = tuple(replace(row, key=one.key) for row, one in zip(table.rows, fields, strict=True))
    return replace(table, columns=columns, rows=rows)


def _value(one: Field) -> b.Cell:
    """A value: a blank is marked, and what has more lines is a list."""
    lines = one.text.splitlines()
    return b.Span(one.text, "blank") if one.blank else b.List(tuple(lines), plain=True) if lines[1:] else one.text


def _listed(name: str, found: Iterable[Any], **values: str) -> b.Table:
    """A table of which every column prints a field."""
    return table(name, ([_field(one, field) for field in fields(name)] for one in found), **values)


def _field(one: Any, field: str) -> b.Cell:
    """A value of the plan: names are summed up, and where there are none is a dash."""
    value = getattr(one, field)
    if isinstance(value, tuple):
        return ", ".join(value) or MISSING
    return capital(value) if field in ("text", "withheld") else str(value)


def _named(identity: str, name: str) -> b.Line:
    return b.code(identity), f" {name}"


def _goal(plan: ProjectPlan) -> Iterator[b.Block]:
    yield _facts("Doel per handelingskader", (Field(name, " ".join(own)) for name, own in plan.subgoals.items()))


def _measures(plan: ProjectPlan) -> Iterator[b.Block]:
    kinds = [f"{name}: {', '.join(own) or MISSING}" for name, own in plan.answers.kinds.items()]
    yield from b.sentences(f"{'; '.join(kinds)}." for _ in kinds[:1])
    yield from _coverage(plan)
    yield b.Heading("De interventies, van licht naar zwaar")
    yield from map(_intervention, plan.interventions)
    if not plan.interventions:
        yield b.Text(words("plan.no_interventions"))
    if plan.beside:
        yield _listed("plan.beside", plan.beside)
    if plan.after_confirmation:
        yield b.Heading("Pas na bevestiging")
        yield b.Callout(words("plan.waiting"), "box")
        yield from map(_intervention, plan.after_confirmation)


def _coverage(plan: ProjectPlan) -> Iterator[b.Block]:
    """The coverage matrix: high indicators down, planned interventions across."""
    if not plan.answers.rows or not plan.interventions:
        return
    keys = (b.Span("●", "key h5"), " direct antwoord, ", b.Span("○", "key h2"))
    yield b.Heading("Welke interventie beantwoordt wat")
    yield b.Text((*keys, " ondersteunt. Achter de indicator staat het niveau."), "legend")
    lines = tuple(_answered(plan, line) for line in plan.answers.rows)
    marks = (b.Mark("●", "Direct antwoord"), b.Mark("○", "Ondersteunt"))
    caption = "Hoge indicatoren en de interventies die ze beantwoorden"
    yield b.Grid(caption, "Hoge indicator", plan.answers.interventions, (), lines, marks)


def _answered(plan: ProjectPlan, line: AnswerRow) -> tuple[str, str, tuple[b.Glyph, ...]]:
    marks = (_MARKS[plan.answers.between(line.indicator, one)] for one in plan.answers.interventions)
    name = f"{line.name} ({line.level}){' – gat' if line.hole else ''}"
    return line.indicator, name, tuple(b.Glyph(text, said, shade) for shade, text, said in marks)


def _intervention(one: PlannedIntervention) -> b.Group:
    """What it is and why, which the coverage and the planning do not say, and what people lay down about it."""
    told = {
        "Waarom hier": "; ".join(one.reasons),
        "Zonder deze": one.lost,
        "Grondslag": "; ".join(one.legal_basis),
        "Voorwaarden": " ".join(one.conditions),
    }
    # Of a version of the plan that says nothing of why it is here, this is another reader's.
    shared = [words("plan.shared" if one.shareable else "plan.closed")] if one.reasons or one.lost else []
    about = (one.kind, one.weight_name.lower(), one.weeks, f"trekker: {one.lead}", *shared)
    blocks = (
        b.Heading(_named(one.id, one.name), 4),
        b.Text(" · ".join(about), "quiet"),
        b.Text(one.description),
        _facts(f"{one.id} {one.name}", (*(Field(name, text) for name, text in told.items() if text), *one.agreed)),
    )
    return b.Group(blocks, "measure")


def _step(one: Step) -> tuple[b.Cell, ...]:
    named = _named(one.intervention, one.name)
    return named, one.owner or MISSING, f"week {one.start}", one.done, one.state


def _appendix(plan: ProjectPlan) -> Iterator[b.Block]:
    if plan.register:
        yield b.Text((words("plan.register", number=plan.register.events), b.code(plan.register.sha256)), "quiet")


def plan_blanks(plan: ProjectPlan) -> b.Chapter:
    """What is still to be filled in, by the place where that is done.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_blanks(plan).title
    'Nog in te vullen'
    """
    chapters = ((chapter.title, chapter.fields) for chapter in (plan.chapters[name] for name in PLAN_CHAPTERS))
    found = [(title, _blank(own)) for title, own in (*chapters, *((one.id, one.agreed) for one in plan.interventions))]
    places: dict[str, list[str]] = {}
    for place, what in found:
        places.setdefault(what, []).append(place)
    rows = [(", ".join(own), what) for what, own in places.items() if what]
    title, words_ = words("plan.blanks_title"), "plan.blanks_lead" if rows else "plan.blanks_none"
    blocks = (b.Text(words(words_)), *([table("plan.blanks", rows, caption=title)] if rows else []))
    return b.Chapter(title, words(words_), blocks, name="plan")


def _blank(fields: Iterable[Field]) -> str:
    open_ones = (within(one.name) for one in fields if one.blank or OPEN in one.text)
    return ", ".join(open_ones)


PLAN_CHAPTERS: Mapping[str, Callable[[ProjectPlan], Iterable[b.Block]] | None] = {
    "occasion": None,
    "goal": _goal,
    "scope": None,
    "picture": None,
    "partnership": lambda plan: [_listed("plan.roles", plan.roles)],
    "legal": None,
    "measures": _measures,
    "schedule": lambda plan: [table("plan.steps", map(_step, plan.steps))],
    "organisation": None,
    "communication": lambda plan: [_listed("plan.messages", plan.messages)],
    "risk": lambda plan: [_listed("plan.risks", plan.risks)],
    "monitoring": None,
    "securing": None,
    "appendix": _appendix,
}
"""The chapters in their order, each with the tables that follow its own text, fields and points."""
