"""The project plan as a Word document, from a template that an organisation may replace by its own.

The template is an ordinary document with docxtpl's tags in it; `tools/make_templates.py` makes the packaged one. Every
value is escaped, the tags can only read values, and equal plans give equal bytes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate, RichText
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from werkbank.advice import ProjectPlan
from werkbank.advice.plan_values import Entry
from werkbank.assessment import Assessment
from werkbank.errors import OutputError
from werkbank.report.plan import plan_label
from werkbank.report.section import TEMPLATES
from werkbank.report.terms import FICTIONAL, SUSPICION, legal_basis_line
from werkbank.report.view import View, view_of
from werkbank.wording import capital, date

__all__ = ["PLAN_TEMPLATE", "plan_context", "template_environment", "write_plan_docx"]

PLAN_TEMPLATE = TEMPLATES / "projectplan.docx"
BLANK_STYLE = "Invulveld"
"""The character style that marks what people must fill in."""
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
"""A fixed moment inside the package, so that the file does not differ from day to day."""


def write_plan_docx(
    plan: ProjectPlan, assessment: Assessment, path: Path | str, template: Path | str | None = None
) -> Path:
    """Write the plan for the assessment's audience to `path`; an existing file is replaced.

    `template` is an organisation's own Word template. Raises OutputError when the audience may not see the plan, when
    the plan is not of this assessment, or when the template is no Word document or asks for something else.
    """
    view = view_of(assessment)
    _refuse_another(plan, assessment)
    source = PLAN_TEMPLATE if template is None else Path(template)
    document = _filled(source, plan_context(plan, view))
    core = document.docx.core_properties
    core.title = _text(f"Projectplan {plan.park} ({plan.park_id})")[:255]
    core.author = core.last_modified_by = "werkbank"
    # The plan follows from the decision, and is dated by it: equal plans give equal files on any day.
    core.created = core.modified = dt.datetime.combine(plan.selected.decided_on, dt.time(12))
    core.language, core.revision = "nl-NL", 1
    made = io.BytesIO()
    document.save(made)
    target = Path(path)
    temporary = target.with_name(f"{target.name}.tmp")
    temporary.write_bytes(_same_every_day(made.getvalue()))
    temporary.replace(target)
    return target


def plan_context(plan: ProjectPlan, view: View) -> dict[str, Any]:
    """What a template may ask for, by name: every field of the plan, and the labels of each page."""
    parts = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    del parts["answers"], parts["selected"]
    return {
        **{name: _plain(value) for name, value in parts.items()},
        "summary": [_text(line) for line in (plan.occasion.text[0], *plan.occasion.text[2:], *plan.measures.text)],
        "decided_on": date(plan.selected.decided_on),
        "decision": _text(f"{plan.park} gekozen voor een gezamenlijke aanpak"),
        "body": _text(plan.selected.body),
        "label": _text(plan_label(view.audience.label)),
        "suspicion": SUSPICION,
        "fictional": FICTIONAL if view.assessment.fictional else "",
        "legal_basis": _text(legal_basis_line(view.assessment.legal_basis)),
    }


def _refuse_another(plan: ProjectPlan, assessment: Assessment) -> None:
    known = set(assessment.parks["park_id"])
    same = (plan.municipality, plan.round) == (assessment.municipality_name, assessment.parameters.round)
    if plan.park_id not in known or not same:
        raise OutputError("Dit projectplan hoort niet bij deze analyse; er is niets gemaakt.")


def _filled(source: Path, context: dict[str, Any]) -> DocxTemplate:
    """The template with its tags filled in; a tag that asks for something unknown is named."""
    try:
        document = DocxTemplate(source)
        document.render(context, template_environment(), autoescape=True)
    except (PackageNotFoundError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise OutputError(
            f"Het sjabloon “{source.name}” is geen Word-document (.docx); er is niets gemaakt."
        ) from error
    except TemplateError as error:
        raise OutputError(
            f"Het sjabloon “{source.name}” vraagt iets wat het projectplan niet heeft ({error.message}); "
            "er is niets gemaakt. Vergelijk de velden met het meegeleverde sjabloon."
        ) from error
    return document


def template_environment() -> ImmutableSandboxedEnvironment:
    """What tags may do: read values and nothing else; every value is escaped, one that is not there is an error."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    environment.filters["capital"] = capital
    return environment


def _plain(value: Any) -> Any:
    """Frozen values as dicts, lists and safe text; an entry as rich text, marked when it is blank."""
    if isinstance(value, Entry):
        return RichText(_text(value.text), style=BLANK_STYLE if value.blank else None)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {**own, "done": value.done} if hasattr(value, "done") else own
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    """The text without what a Word document cannot hold, or would take for a command."""
    return "".join(char if char.isprintable() else " " for char in text)


def _same_every_day(package: bytes) -> bytes:
    """The same package with fixed dates and its parts in a fixed order, the list of contents first."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
