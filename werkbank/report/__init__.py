"""What people read: chapters and figures of an analysis, and the files made of them.

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
from typing import Any

_CHAPTERS = {
    "blocks": "Chapter",
    "charts": "profiles quadrant rank_intervals ranking",
    "charts_map": "district_map district_scores park_map",
    "charts_park": "change_chart contributions differences",
    "district": "DistrictAnalysis district_analysis district_chapter",
    "figure": "Figure",
    "front": "front_page key_points",
    "interventions": "guideline_chapters",
    "knowledge": "agreement findings heat_map information_position phenomena",
    "monitor": "change_pages change_table",
    "account": "accountability area glossary notes occasion",
    "parks": "certainty park_pages ranking_table",
    "rounds": "chosen_parks cooperation_chapter outcomes_chapter rounds_summary",
    "plan": "direction plan_blanks plan_chapter plan_for plan_summary",
}
"""What notebooks show, by the module it lives in."""
_FILES = {
    "interventions": "write_guideline",
    "outputs": "advice_document advice_schema render_district_html render_html render_monitor_html render_plan_html "
    "write_copies write_district_docx write_district_tables write_papers write_plan_docx write_summary_docx",
    "workbook": "write_scores",
}
"""What makes files, for who writes them; it is not offered to who explores."""

__all__ = sorted(name for names in _CHAPTERS.values() for name in names.split())  # noqa: PLE0605


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for."""
    for homes in (_CHAPTERS, _FILES):
        for home, names in homes.items():
            if name in names.split():
                return getattr(importlib.import_module(f"werkbank.report.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
