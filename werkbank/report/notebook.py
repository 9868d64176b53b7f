"""The HTML report of an executed notebook: its prose, and the chapters and figures that werkbank itself made.

No code, no paths, no execution counts, no metadata, no streams, and no request to anywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import mistune
from markupsafe import Markup
from nbformat import NotebookNode

from werkbank.advice.development import Development
from werkbank.assessment.flow import Assessment
from werkbank.plan.plan_values import ProjectPlan
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import SPEC_MIME, SVG_MIME, Figure, svg
from werkbank.report.html import figure_html, plain_html
from werkbank.report.monitor import change_view
from werkbank.report.page import Living, Page, PageLink, render_page
from werkbank.report.plan import plan_label
from werkbank.report.terms import legal_basis_line
from werkbank.report.view import view_of
from werkbank.wording import count

__all__ = [
    "NOTEBOOK_ONLY", "draw_ahead", "render_district_html", "render_html", "render_monitor_html", "render_plan_html",
]  # fmt: skip

NOTEBOOK_ONLY = "notebook-only"
"""Tag of a cell that is for who works in the notebook, and stays out of the report."""
_HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def render_html(executed_notebook: NotebookNode, assessment: Assessment, made: dt.date | None = None) -> str:
    """The executed notebook as one HTML file for its audience; the same notebook and day give the same bytes.

    `made` is the day on which it was made; the assessment does not hold it, for equal inputs give equal assessments.
    Raises OutputError when the audience may not see what the assessment holds, or when the notebook holds something
    that could act or call out.
    """
    view = view_of(assessment)
    title = f"Analyse bedrijventerreinen {assessment.municipality_name}"
    where = _where(assessment, count(len(view.parks), "terrein", "terreinen"), view.audience.name)
    links = [(park.park_id, view.label(park)) for park in view.parks]
    page = _of(assessment, title, where, view.audience.label)
    return _rendered(executed_notebook, replace(page, made=made), links, (*view.advised, *view.parks)[0].park_id)


def render_plan_html(executed_notebook: NotebookNode, assessment: Assessment, plan: ProjectPlan) -> str:
    """The executed notebook of a project plan as one HTML file, in the shell of every report. Raises OutputError."""
    title = f"Projectplan {plan.park} ({plan.park_id}), {plan.municipality}"
    where = _where(assessment, plan.status, "wie aan dit plan werkt")
    return _rendered(executed_notebook, _of(assessment, title, where, plan_label(view_of(assessment).audience.label)))


def render_monitor_html(executed_notebook: NotebookNode, development: Development) -> str:
    """The executed notebook that compares two rounds as one HTML file, in the shell of every report."""
    view = change_view(development)
    own, links = view.parameters, [(row.park_id, row.label) for row in view.rows]
    title = f"Verschil tussen twee rondes, {own.name}{' (fictief)' if development.fictional else ''}"
    where = f"Ronde {own.earlier_round} en {own.round} · voor: {view.audience.name}"
    page = _of(development, title, where, view.audience.label)
    return _rendered(executed_notebook, page, links, links[0][0] if links else "")


def render_district_html(
    executed_notebook: NotebookNode, district: DistrictAnalysis, made: dt.date | None = None
) -> str:
    """The executed notebook that lays a district's analyses side by side as one HTML file."""
    title = f"Bedrijventerreinen in het district {district.name}"
    label, basis = district.audience.label, district.legal_basis
    page = Page(title, district.where, label, basis, district.fictional, Markup(""), made=made)
    return _rendered(executed_notebook, page)


def _where(assessment: Assessment, what: str, reader: str) -> str:
    own = assessment.parameters
    return f"Ronde {own.round} · {what} · district {own.district} · voor: {reader}"


def _of(made: Assessment | Development, title: str, where: str, label: str) -> Page:
    return Page(title, where, label, legal_basis_line(made.legal_basis), made.fictional, Markup(""))


def _rendered(notebook: NotebookNode, page: Page, parks: Sequence[tuple[str, str]] = (), chosen: str = "") -> str:
    """The page with what is read of the notebook; with parks to choose from its charts live."""
    charts: list[dict[str, Any]] | None = [] if parks else None
    body, contents = _body(notebook, charts)
    links = tuple(PageLink(code, name, f"terrein-{place}") for place, (code, name) in enumerate(parks, start=1))
    living = None if charts is None else Living(tuple(charts), links, chosen)
    return render_page(replace(page, body=body, contents=contents, living=living))


def draw_ahead(executed_notebook: NotebookNode) -> None:
    """Draw the notebook's pictures, and keep them with it for the page.

    The drawing engine has a thread of its own and leaves the interpreter to others: who calls this in a thread can make
    something else meanwhile.
    """
    for cell in executed_notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if SPEC_MIME in data and SVG_MIME not in data:
                data[SVG_MIME] = svg(data[SPEC_MIME])


def _body(notebook: NotebookNode, charts: list[dict[str, Any]] | None) -> tuple[Markup, Contents]:
    """What is read of a notebook, with an anchor on every chapter's heading; the anchors with the headings' text.

    With `charts` every figure gets a number, and its spec is added there.
    """
    cells = [cell for cell in notebook.cells if NOTEBOOK_ONLY not in cell.metadata.get("tags", [])]
    contents: list[tuple[str, str]] = []

    def anchored(heading: re.Match[str]) -> str:
        anchor = f"deel-{len(contents) + 1}"
        contents.append((anchor, str(Markup(_TAG.sub("", heading[1])).unescape())))  # noqa: S704
        return f'<h2 id="{anchor}">{heading[1]}</h2>'

    body = _HEADING.sub(anchored, "\n".join(_readable(cells, charts)))
    return Markup(body), tuple(contents)  # noqa: S704  looked through by render_page


Contents = tuple[tuple[str, str], ...]


def _readable(cells: list[NotebookNode], charts: list[dict[str, Any]] | None) -> Iterator[str]:
    """Prose and outputs; a sentence that leads to a part which this reader does not get goes with it."""
    prose = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            yield _prose(prose)
            prose = cell.source
        elif cell.cell_type == "code":
            outputs = [made for output in cell.outputs for made in _fragment(output, charts)]
            if outputs or prose.startswith("#"):
                yield _prose(prose)
            prose = ""
            yield from outputs
    yield _prose(prose)


def _prose(source: str) -> str:
    return f'<div class="prose">{_markdown()(source)}</div>' if source else ""


@lru_cache(maxsize=1)
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(escape=False, plugins=["strikethrough", "table"])


def _fragment(output: NotebookNode, charts: list[dict[str, Any]] | None) -> Iterator[str]:
    """Our own chapter or figure as one piece of HTML; anything else gives nothing."""
    kind = output.get("metadata", {}).get("werkbank")
    data: dict[str, Any] = output.get("data", {})
    if kind == "section" and (html := plain_html(data.get("text/html", ""))):
        yield html
    if kind == "figure" and SPEC_MIME in data:
        spec = data[SPEC_MIME]
        yield figure_html(Figure(spec), data.get(SVG_MIME, ""), None if charts is None else len(charts))
        if charts is not None:
            charts.append(spec)
