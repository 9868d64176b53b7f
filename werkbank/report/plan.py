"""The project plan as sections of a page: a summary, thirteen chapters and the appendices, in the look of a report."""

from __future__ import annotations

from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.errors import OutputError, RegisterError
from werkbank.plan.answers import AnswerRow
from werkbank.plan.drafting import make_plan
from werkbank.plan.plan import ProjectPlan, Selected
from werkbank.report.blocks import Chapter, make
from werkbank.report.view import Park, View, view_of
from werkbank.wording import count, did_you_mean

__all__ = ["PLAN_CHAPTERS", "plan_chapter", "plan_for", "plan_label", "plan_summary"]

PLAN_CHAPTERS = (
    "occasion", "goal", "scope", "picture", "partnership", "legal", "measures", "schedule", "organisation",
    "communication", "risk", "monitoring", "securing", "appendix",
)  # fmt: skip
_MARKS = {"direct": ("h5", "●", "direct"), "supporting": ("h2", "○", "ondersteunt"), "none": ("none", "", "geen")}


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


@dataclass(frozen=True, slots=True)
class _Square:
    """What one cell prints; `anchor` is where a link would find it, and no link leads here."""

    shade: str
    text: str
    words: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    name: str
    squares: tuple[_Square, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    caption: str
    parks: tuple[_Named, ...]
    lines: tuple[_Line, ...]


def plan_for(assessment: Assessment, park: str, selected: Selected | None) -> ProjectPlan:
    """The project plan of a selected park.

    Raises RegisterError when no selection was recorded: the werkbank never selects. Raises OutputError when the park is
    not in the assessment, or when the audience may not see the plan.

    >>> import datetime as dt
    >>> from werkbank.advice import Selected
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


def plan_summary(plan: ProjectPlan) -> Chapter:
    """The plan in short: what it answers, its holes by name, and what people still have to fill in.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_summary(plan).title
    'Kern van het projectplan Duizendblad'
    """
    holes = count(len(plan.holes), "gat", "gaten")
    text = f"{count(len(plan.interventions), 'interventie', 'interventies')}, {holes} in de dekking"
    return make("plan_summary", f"Kern van het projectplan {plan.park}", text, plan=plan)


def plan_chapter(plan: ProjectPlan, name: str) -> Chapter:
    """One chapter with its tables; `name` is one of PLAN_CHAPTERS. Raises OutputError for another name.

    >>> plan = wb.project_plan(wb.assess("urk"), "URK-04")
    >>> wb.report.plan_chapter(plan, "occasion").title
    'Aanleiding'
    """
    if name not in PLAN_CHAPTERS:
        raise OutputError(f"Het projectplan heeft geen hoofdstuk “{name[:60]}”; {did_you_mean(name, PLAN_CHAPTERS)}")
    chapter = getattr(plan, name)
    text = chapter.text[0]
    return make("plan", chapter.title, text, plan=plan, name=name, chapter=chapter, grids=_grids(plan))


def _grids(plan: ProjectPlan) -> tuple[_Grid, ...]:
    """The coverage matrix: high indicators down, planned interventions across."""
    if not plan.answer_lines or not plan.interventions:
        return ()
    titles = tuple(_Named(f"{one.id} {one.name}") for one in plan.interventions)
    lines = tuple(_line(plan, line) for line in plan.answer_lines)
    return (_Grid("Hoge indicatoren en de interventies die ze beantwoorden", titles, lines),)


def _line(plan: ProjectPlan, line: AnswerRow) -> _Line:
    marks = (_MARKS[plan.answers.between(line.indicator, one)] for one in plan.answers.interventions)
    name = f"{line.name} ({line.level}){' – gat' if line.hole else ''}"
    return _Line(line.indicator, name, tuple(_Square(*mark) for mark in marks))
