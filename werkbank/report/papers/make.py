"""Every file that goes beside the page of an analysis, made from one reading of the assessment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from werkbank.assessment.assessment import Assessment
from werkbank.report.documents import (
    own_template,
    pdf_is_there,
    pictures,
    write_analysis_docx,
    write_analysis_pdf,
    write_summary_docx,
)
from werkbank.report.papers.content import analysis_content
from werkbank.report.tables import write_tables

__all__ = ["write_papers"]


def write_papers(assessment: Assessment, folder: Path, house_style: Path | None = None) -> tuple[Path, ...]:
    """Write the Word files, the tables, and the PDF where its extra is installed, into `folder`.

    `house_style` is the organisation's own folder, that may hold `analyse.docx` and `samenvatting.docx`. Raises
    OutputError when the audience may not see what the assessment holds, or when a template is wrong.

    >>> from pathlib import Path
    >>> assessment = wb.assess("urk")
    >>> files = wb.report.write_papers(assessment, Path())
    >>> files[0].name
    'analyse.docx'
    """
    drawn = pictures(assessment)
    own = {name: own_template(house_style, name) if house_style else None for name in ("analyse", "samenvatting")}
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Drawing leaves the interpreter to others: what needs no pixels is made meanwhile.
        pixels = beside.submit(lambda: [one.png for one in drawn])
        content = analysis_content(assessment)
        made = [
            write_summary_docx(assessment, folder / "samenvatting.docx", own["samenvatting"], content=content),
            *write_tables(assessment, folder),
        ]
        if pdf_is_there():
            made.append(write_analysis_pdf(assessment, folder / "analyse.pdf", content=content, drawn=drawn))
        pixels.result()
    word = write_analysis_docx(assessment, folder / "analyse.docx", own["analyse"], content=content, drawn=drawn)
    return word, *made
