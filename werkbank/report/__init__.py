"""What people read: sections and figures of an analysis, and the files made of them.

Everything is loaded when it is first asked for; altair only with the figures.

>>> assessment = wb.assess("urk")
>>> wb.report.ranking(assessment).title
'Rangorde van de terreinen in Urk (fictief)'
>>> print(wb.report.notes(wb.assess("almere")))
Aantekeningen van de analist
Hier staat er geen.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkbank.report.account import accountability, area, glossary, notes, occasion
    from werkbank.report.advice_json import advice_document, advice_schema
    from werkbank.report.blocks import Chapter
    from werkbank.report.charts import profiles, quadrant, rank_acceptability, rank_intervals, ranking
    from werkbank.report.charts_map import district_scores, park_map
    from werkbank.report.charts_park import change_chart, contributions, differences
    from werkbank.report.district import (
        DistrictAnalysis,
        district_accountability,
        district_agreement,
        district_analysis,
        district_comparison,
        district_front,
        district_knowledge,
        district_phenomena,
        district_places,
        district_spread,
        write_district_docx,
    )
    from werkbank.report.documents import write_analysis_docx, write_analysis_pdf, write_papers, write_summary_docx
    from werkbank.report.figure import Figure
    from werkbank.report.front import front_page
    from werkbank.report.index import IndexEntry, render_index
    from werkbank.report.knowledge import findings, heat_map, information_position, phenomena
    from werkbank.report.monitor import change_pages, change_table
    from werkbank.report.outputs import render_district_html, render_html, render_monitor_html, render_plan_html
    from werkbank.report.parks import agreement, certainty, park_pages, ranking_table
    from werkbank.report.plan import direction, plan_chapter, plan_for, plan_summary, write_plan_docx
    from werkbank.report.tables import write_district_tables, write_tables
    from werkbank.report.workbook import write_scores

__all__ = [
    "DistrictAnalysis",
    "Figure",
    "IndexEntry",
    "Section",
    "accountability",
    "advice_document",
    "advice_schema",
    "agreement",
    "area",
    "certainty",
    "change_chart",
    "change_pages",
    "change_table",
    "contributions",
    "differences",
    "direction",
    "district_accountability",
    "district_agreement",
    "district_analysis",
    "district_comparison",
    "district_front",
    "district_knowledge",
    "district_map",
    "district_phenomena",
    "district_places",
    "district_scores",
    "district_spread",
    "findings",
    "front_page",
    "glossary",
    "heat_map",
    "information_position",
    "notes",
    "occasion",
    "park_map",
    "park_pages",
    "phenomena",
    "plan_chapter",
    "plan_for",
    "plan_summary",
    "profiles",
    "quadrant",
    "rank_acceptability",
    "rank_intervals",
    "ranking",
    "ranking_table",
    "render_district_html",
    "render_html",
    "render_index",
    "render_monitor_html",
    "render_plan_html",
    "write_analysis_docx",
    "write_analysis_pdf",
    "write_district_docx",
    "write_district_tables",
    "write_papers",
    "write_plan_docx",
    "write_scores",
    "write_summary_docx",
    "write_tables",
]

_HOMES = {
    "advice_json": ("advice_document", "advice_schema"),
    "recalculations": ("agreement", "certainty"),
    "charts": ("profiles", "quadrant", "rank_acceptability", "rank_intervals", "ranking"),
    "charts_map": ("district_map", "district_scores", "park_map"),
    "charts_park": ("change_chart", "contributions", "differences"),
    "approach": ("direction",),
    "opening": ("area", "glossary", "occasion"),
    "document": ("write_plan_docx",),
    "figure": ("Figure",),
    "front": ("front_page",),
    "grid": ("heat_map", "phenomena"),
    "html": ("render_district_html", "render_html", "render_monitor_html", "render_plan_html"),
    "index_page": ("IndexEntry", "render_index"),
    "knowledge": ("findings", "information_position"),
    "method_page": ("accountability",),
    "monitor": ("change_pages", "change_table"),
    "own_words": ("notes",),
    "overview": ("ranking_table",),
    "papers.make": ("write_papers",),
    "papers.pdf": ("write_analysis_pdf",),
    "papers.word_files": ("write_analysis_docx", "write_summary_docx"),
    "parks": ("park_pages",),
    "plan": ("plan_chapter", "plan_for", "plan_summary"),
    "section": ("Section",),
    "together.sections": (
        "district_accountability",
        "district_agreement",
        "district_comparison",
        "district_front",
        "district_knowledge",
        "district_phenomena",
        "district_places",
        "district_spread",
    ),
    "tables": ("write_district_tables", "write_tables"),
    "together.word": ("write_district_docx",),
    "together.value": ("DistrictAnalysis", "district_analysis"),
    "workbook": ("write_scores",),
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"werkbank.report.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
