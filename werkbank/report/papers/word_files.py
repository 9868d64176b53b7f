"""The analysis and the page for the steering group as Word files, each from a template that may be replaced."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import TEMPLATES
from werkbank.report.documents import WIDTH, Picture, Template, pictures, safe_text, write_word
from werkbank.report.front import summary_content
from werkbank.report.papers.content import analysis_content
from werkbank.wording import escape

__all__ = ["ANALYSIS_TEMPLATE", "SUMMARY_TEMPLATE", "Drawn", "last_day", "write_analysis_docx", "write_summary_docx"]

ANALYSIS_TEMPLATE = TEMPLATES / "analyse.docx"
SUMMARY_TEMPLATE = TEMPLATES / "samenvatting.docx"
_NO_DATE = dt.date(2000, 1, 1)


class Drawn(InlineImage):  # type: ignore[misc]
    """A picture in a document, with words for who cannot see it."""

    def __init__(self, template: DocxTemplate, picture: Picture, width: float = WIDTH) -> None:
        super().__init__(template, io.BytesIO(picture.png), width=Cm(width))
        self._picture = picture

    def _insert_image(self) -> str:
        title, description = (escape(safe_text(text)) for text in (self._picture.title, self._picture.description))
        made: str = super()._insert_image()
        return made.replace("<wp:docPr ", f'<wp:docPr title="{title}" descr="{description}" ', 1)


def write_analysis_docx(
    assessment: Assessment,
    path: Path | str,
    template: Path | None = None,
    *,
    content: dict[str, Any] | None = None,
    drawn: Sequence[Picture] | None = None,
) -> Path:
    """Write the analysis for the assessment's audience to `path`; an existing file is replaced.

    `template` is an organisation's own Word template. `content` and `drawn` are `analysis_content(assessment)` and
    `pictures(assessment)` where they are there already. Raises OutputError when the audience may not see what the
    assessment holds, or when the template is wrong, with what to mend.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_analysis_docx(assessment, "analyse.docx", drawn=()).name
    'analyse.docx'
    """
    document = Template(template or ANALYSIS_TEMPLATE)
    context = safe_text(content or analysis_content(assessment))
    shown = pictures(assessment) if drawn is None else drawn
    context["pictures"] = [
        {"title": safe_text(one.title), "caption": safe_text(one.caption), "image": Drawn(document, one)}
        for one in shown
    ]
    title = f"Analyse bedrijventerreinen {assessment.municipality_name}"
    return write_word(document, context, path, what="de analyse", title=title, day=last_day(assessment))


def write_summary_docx(
    assessment: Assessment, path: Path | str, template: Path | None = None, *, content: dict[str, Any] | None = None
) -> Path:
    """Write the page for the steering group, for the assessment's audience; see `write_analysis_docx`.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_summary_docx(assessment, "samenvatting.docx").name
    'samenvatting.docx'
    """
    document = Template(template or SUMMARY_TEMPLATE)
    context = safe_text(summary_content(content or analysis_content(assessment)))
    title = f"Samenvatting bedrijventerreinen {assessment.municipality_name}"
    return write_word(document, context, path, what="de samenvatting", title=title, day=last_day(assessment))


def last_day(assessment: Assessment) -> dt.date:
    """The last day that a judgement is of: equal assessments give equal files on any day."""
    days = [day for day in assessment.judgements["date"].dropna().astype(str) if day]
    return dt.date.fromisoformat(max(days)[:10]) if days else _NO_DATE
