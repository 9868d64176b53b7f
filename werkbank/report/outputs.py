"""Which chapters and figures each file has, and the files that go beside the page of an analysis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from werkbank.assessment.flow import Assessment
from werkbank.report import district_chapters as district_parts
from werkbank.report.blocks import Chapter, Figure
from werkbank.report.charts import profiles, ranking
from werkbank.report.charts_certainty import rank_intervals
from werkbank.report.charts_district import district_scores
from werkbank.report.charts_district_map import district_map
from werkbank.report.charts_position import quadrant
from werkbank.report.district import DistrictAnalysis
from werkbank.report.documents import Document, pdf_is_there, write_pdf
from werkbank.report.front import front_page
from werkbank.report.grid import heat_map, phenomena
from werkbank.report.knowledge import agreement, findings, information_position
from werkbank.report.opening import notes
from werkbank.report.papers.tables import write_tables, write_views
from werkbank.report.parks import park_pages
from werkbank.report.provenance import accountability
from werkbank.report.standings import certainty, ranking_table
from werkbank.report.summary import summary
from werkbank.report.terms import legal_basis_line
from werkbank.report.view import view_of
from werkbank.report.word import draw_pixels, write_docx
from werkbank.wording import count

__all__ = [
    "figures", "write_analysis_docx", "write_analysis_pdf", "write_district_docx", "write_district_tables",
    "write_papers", "write_summary_docx",
]  # fmt: skip

_NO_DATE = dt.date(2000, 1, 1)
_CHAPTERS: Sequence[Callable[[Assessment], Chapter]] = (
    front_page, information_position, heat_map, phenomena, ranking_table, certainty, agreement, park_pages, notes,
    findings, accountability,
)  # fmt: skip
"""The chapters of an analysis as a document, in their order; the figures stand in the ranking."""
_DISTRICT: Mapping[Callable[[DistrictAnalysis], Chapter], tuple[Callable[[DistrictAnalysis], Figure], ...]] = {
    district_parts.district_front: (),
    district_parts.district_comparison: (),
    district_parts.district_spread: (),
    district_parts.district_places: (district_map, district_scores),
    district_parts.district_knowledge: (),
    district_parts.district_phenomena: (),
    district_parts.district_agreement: (),
    district_parts.district_accountability: (),
}
"""The chapters of the district in the order of its page, each with its figures."""
ABOUT = ("parks", "groups", "phenomena")
"""The tidy tables of a district; cells and judgements stay with the municipality they are of."""


def figures(assessment: Assessment) -> tuple[Figure, ...]:
    """The ranking, the group scores, risk beside knowledge and the places in the recalculations, where there are."""
    made = (draw(assessment) for draw in (ranking, profiles, quadrant, rank_intervals))
    return tuple(one for one in made if isinstance(one, Figure))


def write_analysis_docx(assessment: Assessment, path: Path | str, *, drawn: Sequence[Figure] | None = None) -> Path:
    """Write the analysis for the assessment's audience to `path` as a Word file; an existing file is replaced.

    `drawn` are the figures where they are there already. Raises OutputError when the audience may not see what the
    assessment holds, or when the organisation's own reference.docx is no Word file.
    """
    return write_docx(_analysis(assessment, drawn), path)


def write_analysis_pdf(assessment: Assessment, path: Path | str, *, drawn: Sequence[Figure] | None = None) -> Path:
    """Write the same document as a tagged PDF. Raises OutputError also when the extra for PDF is not installed."""
    return write_pdf(_analysis(assessment, drawn), path)


def _analysis(assessment: Assessment, drawn: Sequence[Figure] | None) -> Document:
    shown = figures(assessment) if drawn is None else drawn
    chapters = [make(assessment) for make in _CHAPTERS]
    place = _CHAPTERS.index(ranking_table)
    chapters[place] = replace(chapters[place], blocks=(*shown, *chapters[place].blocks))
    return _document(assessment, "Analyse bedrijventerreinen", assessment.municipality_name, tuple(chapters))


def write_summary_docx(assessment: Assessment, path: Path | str) -> Path:
    """Write the page for the steering group, for the assessment's audience; see `write_analysis_docx`."""
    title = f"Bedrijventerreinen {assessment.municipality_name}"
    return write_docx(_document(assessment, "Samenvatting voor de stuurgroep", title, (summary(assessment),)), path)


def _document(assessment: Assessment, kicker: str, title: str, chapters: tuple[Chapter, ...]) -> Document:
    view, own = view_of(assessment), assessment.parameters
    size = count(len(view.parks), "terrein", "terreinen")
    what = kicker.partition(" voor ")[0].partition(" bedrijventerreinen")[0]
    return Document(
        kicker=kicker,
        title=title,
        subtitle=f"Ronde {own.round} · {size} · district {own.district} · voor: {view.audience.name}",
        name=f"{what} bedrijventerreinen {assessment.municipality_name}",
        label=view.audience.label,
        legal_basis=legal_basis_line(assessment.legal_basis),
        fictional=assessment.fictional,
        chapters=chapters,
        day=_last_day(assessment),
    )


def _last_day(assessment: Assessment) -> dt.date:
    """The last day that a judgement is of: equal assessments give equal files on any day."""
    days = [day for day in assessment.judgements["date"].dropna().astype(str) if day]
    return dt.date.fromisoformat(max(days)[:10]) if days else _NO_DATE


def write_papers(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write the Word files, the tables, and the PDF where its extra is installed, into `folder`.

    Raises OutputError when the audience may not see what the assessment holds.
    """
    document = _analysis(assessment, None)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Drawing leaves the interpreter to others: what needs no pixels is made meanwhile.
        drawn = beside.submit(draw_pixels, document)
        made = [write_summary_docx(assessment, folder / "samenvatting.docx"), *write_tables(assessment, folder)]
        if pdf_is_there():
            made.append(write_pdf(document, folder / "analyse.pdf"))
        drawn.result()
    return write_docx(document, folder / "analyse.docx"), *made


def write_district_docx(district: DistrictAnalysis, path: Path | str) -> Path:
    """Write the district's analyses side by side to `path` as a Word file; an existing file is replaced."""
    made = [(make(district), [draw(district) for draw in draws]) for make, draws in _DISTRICT.items()]
    document = Document(
        kicker="Bedrijventerreinen in het district",
        title=district.name,
        subtitle=district.where,
        name=f"Bedrijventerreinen in het district {district.name}",
        label=district.audience.label,
        legal_basis=district.legal_basis,
        fictional=district.fictional,
        chapters=tuple(replace(chapter, blocks=(*drawn, *chapter.blocks)) for chapter, drawn in made),
        day=max(_last_day(view.assessment) for view in district.views),
    )
    return write_docx(document, path)


def write_district_tables(district: DistrictAnalysis, folder: Path) -> tuple[Path, ...]:
    """Write the parks, group scores and phenomena of every municipality into `folder`/tabellen."""
    return write_views(district.views, folder, ABOUT)
