"""The project plan as a Word document, from a template that an organisation may replace by its own.

The template is an ordinary document with docxtpl's tags in it; `tools/make_templates.py` makes the packaged one. Every
value is escaped, the tags can only read values, and equal plans give equal bytes.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, RichText

from werkbank.assessment.assessment import Assessment
from werkbank.errors import OutputError
from werkbank.plan.plan import Entry, ProjectPlan
from werkbank.report.blocks import TEMPLATES
from werkbank.report.documents import safe_text, write_word
from werkbank.report.plan import plan_label
from werkbank.report.terms import FICTIONAL, SUSPICION, legal_basis_line
from werkbank.report.view import View, view_of
from werkbank.wording import date

__all__ = ["PLAN_TEMPLATE", "plan_context", "write_plan_docx"]

PLAN_TEMPLATE = TEMPLATES / "projectplan.docx"
BLANK_STYLE = "Invulveld"
"""The character style that marks what people must fill in."""


def write_plan_docx(
    plan: ProjectPlan, assessment: Assessment, path: Path | str, template: Path | str | None = None
) -> Path:
    """Write the plan for the assessment's audience to `path`; an existing file is replaced.

    `template` is an organisation's own Word template. Raises OutputError when the audience may not see the plan, when
    the plan is not of this assessment, or when the template is no Word document or asks for something else.

    >>> assessment = wb.assess("urk")
    >>> plan = wb.project_plan(assessment, "URK-04")
    >>> wb.report.write_plan_docx(plan, assessment, "projectplan.docx").name
    'projectplan.docx'
    """
    view = view_of(assessment)
    _refuse_another(plan, assessment)
    source = PLAN_TEMPLATE if template is None else Path(template)
    context = plan_context(plan, view)
    title = f"Projectplan {plan.park} ({plan.park_id})"
    # The plan follows from the decision, and is dated by it: equal plans give equal files on any day.
    day = plan.selected.decided_on
    return write_word(DocxTemplate(source), context, path, what="het projectplan", title=title, day=day)


def plan_context(plan: ProjectPlan, view: View) -> dict[str, Any]:
    """What a template may ask for, by name: every field of the plan, and the labels of each page."""
    parts = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    del parts["answers"], parts["selected"]
    return {
        **{name: _plain(value) for name, value in parts.items()},
        "summary": [safe_text(line) for line in (plan.occasion.text[0], *plan.occasion.text[2:], *plan.measures.text)],
        "decided_on": date(plan.selected.decided_on),
        "decision": safe_text(f"{plan.park} gekozen voor een gezamenlijke aanpak"),
        "body": safe_text(plan.selected.body),
        "label": safe_text(plan_label(view.audience.label)),
        "suspicion": SUSPICION,
        "fictional": FICTIONAL if view.assessment.fictional else "",
        "legal_basis": safe_text(legal_basis_line(view.assessment.legal_basis)),
    }


def _refuse_another(plan: ProjectPlan, assessment: Assessment) -> None:
    known = set(assessment.parks["park_id"])
    same = (plan.municipality, plan.round) == (assessment.municipality_name, assessment.parameters.round)
    if plan.park_id not in known or not same:
        raise OutputError("Dit projectplan hoort niet bij deze analyse; er is niets gemaakt.")


def _plain(value: Any) -> Any:
    """Frozen values as dicts, lists and safe text; an entry as rich text, marked when it is blank."""
    if isinstance(value, Entry):
        return RichText(safe_text(value.text), style=BLANK_STYLE if value.blank else None)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {**own, "done": value.done} if hasattr(value, "done") else own
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return safe_text(value) if isinstance(value, str) else value
