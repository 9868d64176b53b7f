"""The files of a report: which chapters and figures each has.

A page is made of an executed notebook, of which it takes the prose and the chapters and figures that werkbank itself
made: no code, no paths, no execution counts, no metadata, no streams.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import mistune
from markupsafe import Markup
from nbformat import NotebookNode

from werkbank.advice.development import Development
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.cooperation import outcomes_of
from werkbank.assessment.inputs import legal_basis_of
from werkbank.assessment.rounds import Rounds
from werkbank.errors import OutputError
from werkbank.files.canonical import to_plain
from werkbank.plan.plan import ProjectPlan
from werkbank.plan.returned import issued_version
from werkbank.report import copies
from werkbank.report.account import accountability, notes
from werkbank.report.blocks import Chapter
from werkbank.report.charts import profiles, quadrant, rank_intervals, ranking
from werkbank.report.charts_map import district_map, district_scores
from werkbank.report.charts_park import change_chart
from werkbank.report.district import (
    DISTRICT_CHAPTERS,
    DistrictAnalysis,
    district_analysis,
    district_chapter,
)
from werkbank.report.documents import Document, pdf_is_there, write_pdf
from werkbank.report.figure import SPEC_MIME, SVG_MIME, Figure
from werkbank.report.front import front_page, key_points, summary
from werkbank.report.html import Living, Page, figure_html, plain_html, render_page
from werkbank.report.knowledge import agreement, findings, heat_map, information_position, phenomena
from werkbank.report.monitor import change_pages, change_table, change_view
from werkbank.report.parks import certainty, park_pages, ranking_table
from werkbank.report.plan import PLAN_CHAPTERS, plan_blanks, plan_chapter, plan_label, plan_summary
from werkbank.report.rounds import chosen_parks, cooperation_chapter, district_rounds, rounds_summary
from werkbank.report.tables import ABOUT_DISTRICT, fields_of, write_views
from werkbank.report.terms import legal_basis_line, signs, words
from werkbank.report.view import Park, View, view_of
from werkbank.report.word import draw_pixels, write_both, write_docx
from werkbank.report.workbook import write_rounds
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import MONITOR
from werkbank.wording import capital, listing

_NO_DATE = dt.date(2000, 1, 1)
_CHAPTERS: Sequence[Callable[[Assessment], Chapter]] = (
    front_page, key_points, information_position, ranking_table, certainty, park_pages, phenomena, agreement, heat_map,
    notes, findings, accountability,
)  # fmt: skip
"""The chapters of a document in their order; the ranking's picture stands with the advice, the others in its table."""
NOTEBOOK_ONLY = "notebook-only"
"""Tag of a cell that is for who works in the notebook, and stays out of the report."""
_HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
Contents = tuple[tuple[str, str], ...]


def figures(assessment: Assessment) -> tuple[Figure, ...]:
    """The ranking, the group scores, risk beside knowledge and the places in the recalculations, where there are."""
    made = (draw(assessment) for draw in (ranking, profiles, quadrant, rank_intervals))
    return tuple(one for one in made if isinstance(one, Figure))


def analysis(assessment: Assessment, drawn: Sequence[Figure] | None = None) -> Document:
    """The analysis for the assessment's audience, on paper; `drawn` are the figures where they are there already.

    Raises OutputError when the audience may not see what the assessment holds.
    """
    drawn = figures(assessment) if drawn is None else drawn
    chapters = [make(assessment) for make in _CHAPTERS]
    chapters[0] = replace(chapters[0], blocks=(*chapters[0].blocks, *drawn[:1]))
    place = _CHAPTERS.index(ranking_table)
    chapters[place] = replace(chapters[place], blocks=(*drawn[1:], *chapters[place].blocks))
    return _document(assessment, "Analyse bedrijventerreinen", assessment.municipality_name, tuple(chapters))


def write_summary_docx(assessment: Assessment, path: Path | str) -> Path:
    """Write the page for the steering group, for the assessment's audience, to `path` as a Word file."""
    title = f"Bedrijventerreinen {assessment.municipality_name}"
    return write_docx(_document(assessment, "Samenvatting voor de stuurgroep", title, (summary(assessment),)), path)


def write_copies(assessment: Assessment, folder: Path, made: dt.date | None) -> None:
    """Write the pages of who gets no whole analysis, each as `<name>.html` and `<name>.docx`, into `folder`."""
    for name, (title, chapters) in copies.pages_of(assessment).items():
        kicker = chapters[0].title if len(chapters) == 1 else words("copies.kicker")
        where = _where(assessment, assessment.municipality_name, view_of(assessment).audience.name)
        document = replace(_document(assessment, kicker, title, chapters), subtitle=where, name=title)
        write_both(document, folder / name, made)


def write_district_copy(parameters: Parameters, folder: Path, made: dt.date) -> None:
    """Write what an audience gets of the district that gets no district analysis: an outline, or numbers alone."""
    audience = load_catalogue(parameters.catalogue_path).audience(parameters.audience)
    if "counts" in audience.documents:
        district_name = f"{parameters.district}{' (fictief)' if parameters.marked_fictional else ''}"
        document = Document(
            kicker="Bedrijventerreinen in het district",
            title=district_name,
            subtitle=f"Ronde {parameters.round} · voor: {audience.name}",
            name=f"Bedrijventerreinen in het district {district_name}",
            label=audience.label,
            legal_basis=words("copies.no_basis"),
            fictional=parameters.marked_fictional,
            chapters=copies.count_chapters(parameters, made),
            day=made,
            judged=False,
        )
    else:
        district = district_analysis(parameters, made)
        document = _of_district(district, copies.district_chapters(district), made)
    write_both(document, folder / "district", made)


def write_plan_version(plan: ProjectPlan, assessment: Assessment, folder: Path) -> None:
    """Write a version of the plan for the assessment's audience into `folder`; it is read and not filled in."""
    view = view_of(assessment)
    made = (plan_summary(plan), *(plan_chapter(plan, name) for name in PLAN_CHAPTERS))
    chapters = [replace(one, anchor=f"deel-{at}", titled=True) for at, one in enumerate(made) if one.blocks]
    chapters.append(copies.withheld(view.audience, assessment.legal_basis, view.catalogue))
    document = replace(
        _document(assessment, "Projectplan", plan.park, tuple(chapters)),
        name=f"Projectplan {plan.park} ({plan.park_id})",
        subtitle=f"{plan.municipality} · ronde {plan.round} · {plan.status} · voor: {view.audience.name}",
        day=plan.selected.day,
    )
    write_both(document, folder / "projectplan", None)


def write_plan_docx(plan: ProjectPlan, assessment: Assessment, path: Path | str) -> Path:
    """Write the plan for the assessment's audience to `path` as a Word file; an existing file is replaced.

    It carries the sha256 of what it says, by which what people make of it is read back (werkbank/plan/returned.py).
    Raises OutputError when the audience may not see the plan, or when the plan is not of this assessment.
    """
    view = view_of(assessment)
    same = (plan.municipality, plan.round) == (assessment.municipality_name, assessment.parameters.round)
    if plan.park_id not in view.names or not same:
        raise OutputError("Dit projectplan hoort niet bij deze analyse; er is niets gemaakt.")
    chapters = (plan_summary(plan), *(plan_chapter(plan, name) for name in PLAN_CHAPTERS), plan_blanks(plan))
    subtitle = f"{plan.park_id} · {plan.municipality} · ronde {plan.round}"
    document = replace(
        _document(assessment, "Projectplan", plan.park, chapters),
        subtitle=subtitle,
        name=f"Projectplan {plan.park} ({plan.park_id})",
        label=plan_label(view.audience.label),
        # The plan follows from the decision, and is dated by it: equal plans give equal files on any day.
        day=plan.selected.day,
    )
    return write_docx(document, path, lambda parts: issued_version(plan, parts).properties)


def _document(assessment: Assessment, kicker: str, title: str, chapters: tuple[Chapter, ...]) -> Document:
    view = view_of(assessment)
    what = kicker.partition(" ")[0]
    return Document(
        kicker=kicker,
        title=title,
        subtitle=_where(assessment, view.size, view.audience.name),
        name=f"{what} bedrijventerreinen {assessment.municipality_name}",
        label=view.audience.label,
        legal_basis=legal_basis_line(assessment.legal_basis),
        fictional=assessment.fictional,
        chapters=chapters,
        day=_last_day(assessment),
        judged="threat" in view.audience.families,
    )


def _last_day(assessment: Assessment) -> dt.date:
    """The last day that a judgement is of: equal assessments give equal files on any day."""
    days = [day for day in assessment.judgements["date"].dropna().astype(str) if day]
    return dt.date.fromisoformat(max(days)[:10]) if days else _NO_DATE


def write_papers(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write the Word files, the tables, and the PDF where its extra is installed, into `folder`.

    Raises OutputError when the audience may not see what the assessment holds.
    """
    document = analysis(assessment)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Drawing leaves the interpreter to others: what needs no pixels is made meanwhile.
        drawn = beside.submit(draw_pixels, document)
        made = [
            write_summary_docx(assessment, folder / "samenvatting.docx"),
            *write_views([view_of(assessment)], folder),
        ]
        if pdf_is_there():
            made.append(write_pdf(document, folder / "analyse.pdf"))
        drawn.result()
    return write_docx(document, folder / "analyse.docx"), *made


def write_district_docx(district: DistrictAnalysis, path: Path | str) -> Path:
    """Write the district's analyses side by side to `path` as a Word file; an existing file is replaced."""
    chapters = [district_chapter(district, name) for name in DISTRICT_CHAPTERS]
    place, drawn = list(DISTRICT_CHAPTERS).index("places"), (district_map(district), district_scores(district))
    chapters[place] = replace(chapters[place], blocks=(*drawn, *chapters[place].blocks))
    day = max(_last_day(view.assessment) for view in district.views)
    return write_docx(_of_district(district, tuple(chapters), day), path)


def _of_district(district: DistrictAnalysis, chapters: tuple[Chapter, ...], day: dt.date) -> Document:
    return Document(
        kicker="Bedrijventerreinen in het district",
        title=district.name,
        subtitle=district.where,
        name=f"Bedrijventerreinen in het district {district.name}",
        label=district.audience.label,
        legal_basis=district.legal_basis,
        fictional=district.fictional,
        chapters=chapters,
        day=day,
    )


def write_district_tables(district: DistrictAnalysis, folder: Path) -> tuple[Path, ...]:
    """Write the parks, group scores and phenomena of every municipality into `folder`/tabellen."""
    # As each municipality has them: its parts add up to its own scores.
    views = [view_of(view.assessment) if view.assessment.compared else view for view in district.views]
    return write_views(views, folder, ABOUT_DISTRICT)


def render_html(executed_notebook: NotebookNode, assessment: Assessment, made: dt.date | None = None) -> str:
    """The executed notebook as one HTML file for its audience; the same notebook and day give the same bytes.

    `made` is the day on which it was made; the assessment does not hold it, for equal inputs give equal assessments.
    Raises OutputError when the audience may not see what the assessment holds, or when the notebook holds something
    that could act or call out.
    """
    view = view_of(assessment)
    title = f"Analyse bedrijventerreinen {assessment.municipality_name}"
    where = _where(assessment, view.size, view.audience.name)
    links = [(park.park_id, view.label(park)) for park in view.parks]
    page = _of(assessment, title, where, view.audience.label)
    return _rendered(executed_notebook, replace(page, made=made), links, (*view.advised, *view.parks)[0].park_id)


def render_plan_html(executed_notebook: NotebookNode, assessment: Assessment, plan: ProjectPlan) -> str:
    """The executed notebook of a project plan as one HTML file, in the shell of every report. Raises OutputError."""
    title = f"Projectplan {plan.park} ({plan.park_id}), {plan.municipality}"
    where = _where(assessment, plan.status, "wie aan dit plan werkt")
    return _rendered(executed_notebook, _of(assessment, title, where, plan_label(view_of(assessment).audience.label)))


def render_monitor_html(executed_notebook: NotebookNode, rounds: Rounds, made: dt.date | None = None) -> str:
    """The executed notebook that lays rounds beside one another as one HTML file, in the shell of every report."""
    view = change_view(rounds.latest)
    links = [(row.park_id, row.label) for row in view.rows]
    where = words("rounds.where", rounds=listing(rounds.rounds), reader=view.audience.name)
    page = _of(rounds.latest, words("rounds.page", where=rounds.latest.municipality_name), where, view.audience.label)
    return _rendered(executed_notebook, replace(page, made=made), links, links[0][0] if links else "")


def write_monitor_papers(rounds: Rounds, folder: Path, made: dt.date) -> None:
    """Write monitor.docx, monitor.xlsx and the tidy tables into `folder`, for who may see every cell."""
    table, latest = change_table(rounds), rounds.latest
    chapters = (
        rounds_summary(rounds),
        chosen_parks(rounds),
        replace(table, blocks=(change_chart(latest), *table.blocks)),
        cooperation_chapter(rounds),
        change_pages(latest),
    )
    document = _of_rounds(change_view(latest).audience, latest, rounds.rounds, chapters, made)
    write_docx(document, folder / "monitor.docx")
    write_rounds([rounds], document.title, document.labels, folder)


def _of_rounds(
    audience: Audience, latest: Development, rounds: Iterable[str], chapters: tuple[Chapter, ...], made: dt.date
) -> Document:
    where = latest.municipality_name
    return Document(
        kicker=words("rounds.kicker"),
        title=where,
        subtitle=words("rounds.where", rounds=listing(rounds), reader=audience.name),
        name=words("rounds.page", where=where),
        label=audience.label,
        legal_basis=legal_basis_line(latest.legal_basis),
        fictional=latest.fictional,
        chapters=tuple(one for one in chapters if one.blocks),
        day=made,
        judged="threat" in audience.families,
    )


def write_monitor_copies(rounds: Rounds, parameters: Parameters, folder: Path, made: dt.date) -> str:
    """Write the pages of rounds of every other reader into `folder`/<audience>; why there are none, if so.

    Each is made of what the analyses that were kept of the rounds already tell that reader, and of nothing else.
    """
    try:
        kept = copies.kept_analyses(parameters, rounds.rounds, made)
    except OutputError as error:
        return str(error)
    for audience in kept[-1].catalogue.audiences:
        pages = {} if audience.owner else copies.rounds_pages(kept, audience, rounds.cooperation)
        for name, (title, chapters) in pages.items():
            told = [one.parameters.round for one in kept]
            document = _of_rounds(audience, rounds.latest, told, chapters, made)
            write_both(replace(document, title=title, name=title), folder / audience.id / name, made)
    return ""


def write_district_monitor(parameters: Parameters, folder: Path, made: dt.date) -> None:
    """Write the rounds of the district for the audience of these parameters into `folder`: a page, Word, and tables.

    It is made of the rounds that were kept of each municipality. Raises OutputError when there are none.
    """
    found, left_out = copies.kept_everywhere(parameters, made)
    if not found:
        raise OutputError(words("rounds.no_municipality"))
    audience = load_catalogue(parameters.catalogue_path).audience(parameters.audience)
    every, (own, first) = {one.latest.municipality_name: one for _, one in found}, found[0]
    latest, counts = first.latest, "counts" in audience.documents
    where = f"district {parameters.district}{' (fictief)' if latest.fictional else ''}"
    if audience.owner:
        chapters = district_rounds(every, left_out, outcomes_of(parameters))
    elif counts:
        chapters = copies.count_rounds(every.values(), len(found) + len(left_out))
    else:
        chapters = copies.district_rounds_copy(found, left_out, audience, legal_basis_of(own, made))
    told = sorted({name for one in every.values() for name in one.rounds})
    title = words("rounds.page", where=where)
    document = replace(_of_rounds(audience, latest, told, chapters, made), title=capital(where), name=title)
    document = replace(document, legal_basis=words("copies.no_basis")) if counts else document
    if audience.owner:
        write_rounds([*every.values()], where, document.labels, folder)
    write_both(document, folder / MONITOR, made)


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
    living = None if charts is None else Living(charts, parks, chosen)
    return render_page(replace(page, body=body, contents=contents, living=living))


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


SCHEMA_VERSION = 2


def advice_document(assessment: Assessment) -> dict[str, Any]:
    """The advice as plain values, for its audience; what was not computed is null, [] or {}, never 0.

    >>> assessment = wb.assess("urk")
    >>> wb.report.advice_document(assessment)["advice"]["park_ids"]
    ['URK-04']
    """
    view = view_of(assessment)
    parameters, basis, advice = assessment.parameters, assessment.legal_basis, assessment.advice
    return {
        "schema_version": SCHEMA_VERSION,
        "municipality": parameters.municipality,
        "name": assessment.municipality_name,
        "round": parameters.round,
        "audience": parameters.audience,
        "fictional": assessment.fictional,
        "legal_basis_id": None if basis is None else basis.id,
        "method": to_plain(parameters.method),
        "fingerprint": assessment.fingerprint,
        "parks": [_park(view, park) for park in sorted(view.parks, key=lambda park: park.park_id)],
        "advice": {
            "park_ids": list(advice.park_ids),
            **fields_of(advice, "grade", "sentence"),
            "contenders": list(advice.contenders),
            "flips": [to_plain(flip) for flip in advice.flips],
            "questions": [to_plain(question) for question in advice.questions],
        },
        "agreement": {
            one.family: fields_of(one, "alpha", "gwet_ac2", "identical", "within_one", "bias", "n")
            for one in assessment.agreement
            if not one.pair
        },
    }


def advice_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every advice.json fits.

    >>> wb.report.advice_schema()["type"]
    'object'
    """
    read: dict[str, Any] = json.loads(Path(__file__).with_name("advice.schema.json").read_text(encoding="utf-8"))
    return read


def _park(view: View, park: Park) -> dict[str, Any]:
    return {
        **fields_of(park, "park_id", "name", "score"),
        "score_low": park.low,
        "score_high": park.high,
        "themes": {group.group: fields_of(group, "score", "low", "high", "coverage") for group in park.groups},
        **fields_of(
            park, "coverage", "two_sided", "rank", "rank_low", "rank_high", "district_rank", "p_first", "p_selected"
        ),
        "class": park.place,
        "action": park.action,
        "strong_signals": [
            fields_of(one, "indicator", "party", "level", "source_strength")
            for one in view.assessment.strong_signals
            if one.park_id == park.park_id
        ],
        "score_estimated": park.estimated,
        "mostly_estimated": park.mostly_estimated,
        "phenomena": [
            {"id": one.id, "strength": one.strength, "indicators": list(one.indicators), "parties": list(one.parties)}
            for one in signs(view)
            if one.park_id == park.park_id
        ],
        "reasons": [
            fields_of(one, "indicator", "party", "level", "contribution")
            for one in view.assessment.reasons
            if one.park_id == park.park_id and view.shows("reasons")
        ],
    }
