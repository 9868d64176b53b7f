"""The HTML report of one analysis: prose, sections and figures of an executed notebook, and nothing else of it.

No code, no paths, no execution counts, no metadata, no streams, and no request to anywhere. The only scripts are the
two that make the charts of an analysis alive (werkbank.report.html).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from nbformat import NotebookNode, from_dict, v4

from werkbank.advice.development import Development
from werkbank.assessment.assessment import Assessment
from werkbank.plan.plan import ProjectPlan
from werkbank.report.blocks import TEMPLATES, plain_html
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import SPEC_MIME, SVG_MIME, figure_html, svg
from werkbank.report.html import Living, Page, PageLink, render_page
from werkbank.report.monitor import ChangeView, change_view
from werkbank.report.plan import plan_label
from werkbank.report.terms import legal_basis_line
from werkbank.report.view import View, view_of
from werkbank.wording import count

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

__all__ = [
    "NOTEBOOK_ONLY",
    "draw_ahead",
    "render_district_html",
    "render_html",
    "render_monitor_html",
    "render_plan_html",
]

NOTEBOOK_ONLY = "notebook-only"
"""Tag of a cell that is for who works in the notebook, and stays out of the report."""
_HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def render_html(executed_notebook: NotebookNode, assessment: Assessment, made: dt.date | None = None) -> str:
    """The executed notebook as one HTML file for its audience; the same notebook and day give the same bytes.

    `made` is the day on which it was made; the assessment does not hold it, for equal inputs give equal assessments.
    Raises OutputError when the audience may not see what the assessment holds, or when the notebook holds something
    that could act or call out.

    >>> import nbformat
    >>> notebook = nbformat.read("notebooks/analyse.ipynb", as_version=4)
    >>> assessment = wb.assess("urk")
    >>> page = wb.report.render_html(notebook, assessment)
    >>> "FICTIEVE GEGEVENS" in page
    True
    """
    parks = count(len(assessment.parks), "terrein", "terreinen")
    title = f"Analyse bedrijventerreinen {assessment.municipality_name}"
    charts: list[dict[str, Any]] = []
    page = _page(executed_notebook, assessment, title, parks, charts=charts)
    return render_page(replace(page, made=made, living=_living(view_of(assessment), charts)))


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


def render_plan_html(executed_notebook: NotebookNode, assessment: Assessment, plan: ProjectPlan) -> str:
    """The executed notebook of a project plan as one HTML file, in the shell of every report. Raises OutputError.

    >>> import nbformat
    >>> notebook = nbformat.read("notebooks/projectplan.ipynb", as_version=4)
    >>> assessment = wb.assess("urk")
    >>> plan = wb.project_plan(assessment, "URK-04")
    >>> page = wb.report.render_plan_html(notebook, assessment, plan)
    >>> "FICTIEVE GEGEVENS" in page
    True
    """
    name = f"{plan.park} ({plan.park_id})"
    title = f"Projectplan {name}, {plan.municipality}"
    reader = "wie aan dit plan werkt"
    return render_page(_page(executed_notebook, assessment, title, plan.status, plan_label, reader=reader))


def render_monitor_html(executed_notebook: NotebookNode, development: Development) -> str:
    """The executed notebook that compares two rounds as one HTML file, in the shell of every report.

    >>> import nbformat
    >>> notebook = nbformat.read("notebooks/monitor.ipynb", as_version=4)
    >>> page = wb.report.render_monitor_html(notebook, wb.compare_rounds("urk"))
    >>> "FICTIEVE GEGEVENS" in page
    True
    """
    view = change_view(development)
    charts: list[dict[str, Any]] = []
    body, contents = _chapters(_body(_readable(executed_notebook, charts)))
    municipality = f"{view.parameters.name} (fictief)" if development.fictional else view.parameters.name
    return render_page(
        Page(
            title=f"Verschil tussen twee rondes, {municipality}",
            subtitle=f"Ronde {view.parameters.earlier_round} en {view.parameters.round} · voor: {view.audience.name}",
            label=view.audience.label,
            legal_basis=legal_basis_line(development.legal_basis),
            fictional=development.fictional,
            body=Markup(body.strip()),  # noqa: S704  looked through by render_page
            contents=contents,
            living=_living_change(view, charts),
        )
    )


def render_district_html(
    executed_notebook: NotebookNode, district: DistrictAnalysis, made: dt.date | None = None
) -> str:
    """The executed notebook that lays a district's analyses side by side as one HTML file.

    >>> import nbformat
    >>> notebook = nbformat.read("notebooks/district.ipynb", as_version=4)
    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> page = wb.report.render_district_html(notebook, district)
    >>> "FICTIEVE GEGEVENS" in page
    True
    """
    body, contents = _chapters(_exporter().from_notebook_node(_readable(executed_notebook))[0])
    first = district.views[0]
    parks, size = count(len(district.parks), "terrein", "terreinen"), len(district.views)
    return render_page(
        Page(
            title=f"Bedrijventerreinen in het district {district.name}",
            subtitle=f"Ronde {district.parameters.round} · {count(size, 'gemeente', 'gemeenten')}, {parks} · "
            f"voor: {first.audience.name}",
            label=first.audience.label,
            legal_basis=" ".join(dict.fromkeys(legal_basis_line(one.assessment.legal_basis) for one in district.views)),
            fictional=district.fictional,
            body=Markup(body.strip()),  # noqa: S704  looked through by render_page
            contents=contents,
            made=made,
        )
    )


def _page(
    executed_notebook: NotebookNode,
    assessment: Assessment,
    title: str,
    what: str,
    label: Callable[[str], str] = str,
    *,
    reader: str = "",
    charts: list[dict[str, Any]] | None = None,
) -> Page:
    """The page in its shell; with `charts` its figures are numbered, and their specs are added there."""
    view = view_of(assessment)
    body, contents = _chapters(_body(_readable(executed_notebook, charts)))
    return Page(
        title=title,
        subtitle=(
            f"Ronde {assessment.parameters.round} · {what} · "
            f"district {assessment.parameters.district} · voor: {reader or view.audience.name}"
        ),
        label=label(view.audience.label),
        legal_basis=legal_basis_line(assessment.legal_basis),
        fictional=assessment.fictional,
        body=Markup(body.strip()),  # noqa: S704  looked through by render_page
        contents=contents,
    )


def _living(view: View, charts: list[dict[str, Any]]) -> Living:
    """The charts with the parks to choose from; at first the park of the advice is chosen."""
    links = tuple(
        PageLink(park.park_id, view.label(park), f"terrein-{place}") for place, park in enumerate(view.parks, start=1)
    )
    return Living(tuple(charts), links, (*view.advised, *view.parks)[0].park_id)


def _living_change(view: ChangeView, charts: list[dict[str, Any]]) -> Living | None:
    """The charts of two rounds with the parks to choose from, the largest rise chosen at first."""
    links = tuple(PageLink(row.park_id, row.label, f"terrein-{place}") for place, row in enumerate(view.rows, start=1))
    return Living(tuple(charts), links, links[0].code) if links else None


def _readable(notebook: NotebookNode, charts: list[dict[str, Any]] | None = None) -> NotebookNode:
    """A new notebook with only the prose and the outputs that werkbank itself made.

    With `charts` every figure gets a number, and its spec is added there.
    """
    cells = [cell for cell in notebook.cells if NOTEBOOK_ONLY not in cell.metadata.get("tags", [])]
    readable: NotebookNode = v4.new_notebook(cells=list(_readable_cells(cells, charts)))
    return readable


def _readable_cells(cells: list[NotebookNode], charts: list[dict[str, Any]] | None) -> Iterator[NotebookNode]:
    """Prose and outputs; a sentence that leads to a part which this reader does not get goes with it."""
    prose: NotebookNode | None = None
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            if prose is not None:
                yield prose
            prose = _cell("markdown", number, source=cell.source)
        elif cell.cell_type == "code":
            outputs = [made for output in cell.outputs for made in _fragment(output, charts)]
            if prose is not None and (outputs or prose.source.startswith("#")):
                yield prose
            prose = None
            yield _cell("code", number, source="", outputs=outputs, execution_count=None)
    if prose is not None:
        yield prose


def _fragment(output: NotebookNode, charts: list[dict[str, Any]] | None) -> Iterator[NotebookNode]:
    """Our own section or figure as one piece of HTML; anything else gives nothing."""
    kind = output.get("metadata", {}).get("werkbank")
    data: dict[str, Any] = output.get("data", {})
    if kind == "section" and (html := plain_html(data.get("text/html", ""))):
        yield _display(html)
    if kind == "figure" and SPEC_MIME in data:
        drawn = data.get(SVG_MIME) or svg(data[SPEC_MIME])
        yield _display(figure_html(data[SPEC_MIME], drawn, None if charts is None else len(charts)))
        if charts is not None:
            charts.append(data[SPEC_MIME])


def _display(html: str) -> NotebookNode:
    output: NotebookNode = from_dict({"output_type": "display_data", "metadata": {}, "data": {"text/html": html}})
    return output


def _cell(kind: str, number: int, **values: Any) -> NotebookNode:
    """A cell of ours; `v4.new_code_cell` and its like check each one, and the exporter checks them all again."""
    made: NotebookNode = from_dict({"cell_type": kind, "id": f"cell-{number}", "metadata": {}, **values})
    return made


def _body(notebook: NotebookNode) -> str:
    """The notebook by our own template.

    nbconvert's HTMLExporter would read the finished HTML back with BeautifulSoup, to add what our template has already:
    half a second for one page.
    """
    from nbconvert.exporters import TemplateExporter  # noqa: PLC0415  takes half a second

    body, _ = TemplateExporter.from_notebook_node(_exporter(), notebook)
    return str(body)


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    from nbconvert import HTMLExporter  # noqa: PLC0415  takes half a second

    return HTMLExporter(
        template_name="analyse",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
        default_preprocessors=[],  # none of them has anything to do, and each is followed by a check of the notebook
    )


def _chapters(body: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The body with an anchor on every second-level heading, and the anchors with the headings' text."""
    contents: list[tuple[str, str]] = []

    def anchored(heading: re.Match[str]) -> str:
        anchor = f"deel-{len(contents) + 1}"
        contents.append((anchor, str(Markup(_TAG.sub("", heading[1])).unescape())))  # noqa: S704
        return f'<h2 id="{anchor}">{heading[1]}</h2>'

    return _HEADING.sub(anchored, body), tuple(contents)
