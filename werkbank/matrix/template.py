"""Writes a risk-matrix workbook: blank for who has to fill it in, or filled from judgements.

What a person fills in is chosen from lists; codes are locked. Text is written as text, never as a formula or
a link. The same input gives the same bytes, and the file appears whole or not at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import OutputError
from werkbank.matrix import layout
from werkbank.matrix.layout import CONFIDENTIAL_LABEL
from werkbank.matrix.template import Job, Styles
from werkbank.matrix.template_grid import write_grid
from werkbank.matrix.template_guide import write_guide
from werkbank.matrix.template_remarks import write_remarks
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import disk_fault

__all__ = ["job_for", "render", "store", "write_workbook"]

# Fixed, so that the same input gives the same bytes.
_CREATED: Final = dt.datetime(2018, 1, 1)
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4: Final = 9


def write_workbook(  # noqa: PLR0913 - named arguments: a workbook is of one municipality, party and round
    path: str | os.PathLike[str],
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    party: str,
    municipality_name: str,
    municipality: str,
    round: str,
    judgements: pd.DataFrame | None = None,
    fictional: bool = False,
) -> None:
    """Write the risk matrix of one municipality and one party to `path`; blank without judgements.

    `parks` needs park_id, name and municipality; only the parks of `municipality` become columns, in the
    order given. `judgements` has the columns of RiskMatrix.judgements; rows of other parties and parks are
    left out. Raises OutputError when the municipality has no parks or the file cannot be written.
    """
    job = job_for(
        catalogue,
        parks,
        party=party,
        municipality_name=municipality_name,
        municipality=municipality,
        round=round,
        fictional=fictional,
    )
    if judgements is not None:
        job = replace(job, judgements=_own(judgements, party, job.parks))
    store(Path(path), render(job))


def job_for(
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    party: str,
    municipality_name: str,
    municipality: str,
    round: str,
    fictional: bool,
) -> Job:
    """The blank workbook as a value, of the parks of one municipality. Raises OutputError when it has none."""
    own = parks[parks["municipality"] == municipality]
    if own.empty:
        raise OutputError(f"Er zijn geen bedrijventerreinen van {municipality_name}; er is geen werkmap gemaakt.")
    return Job(
        catalogue=catalogue,
        parks=tuple(zip(own["park_id"].tolist(), own["name"].tolist(), strict=True)),
        party=catalogue.party(party),
        municipality=municipality,
        municipality_name=municipality_name,
        round=round,
        judgements=None,
        fictional=fictional,
    )


def _own(judgements: pd.DataFrame, party: str, parks: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    mine = (judgements["party"] == party) & judgements["park_id"].isin([park_id for park_id, _ in parks])
    return judgements[mine]


def store(path: Path, content: bytes) -> None:
    """Put a workbook in its place, whole or not at all. Raises OutputError, and then what was there is untouched."""
    # Written beside its place and then moved: nobody ever opens half a workbook.
    beside = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as fault:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(f"De werkmap {path.name} kon niet worden geschreven: {disk_fault(fault)}.") from fault


def render(job: Job) -> bytes:
    """The workbook's bytes; the same for the same job."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, dict(_OPTIONS))
    book.set_properties({"title": job.title, "comments": CONFIDENTIAL_LABEL, "created": _CREATED})
    styles = Styles(book, fictional=job.fictional)
    guide = book.add_worksheet(layout.SHEET_GUIDE)
    grid = book.add_worksheet(layout.SHEET_MATRIX)
    remarks = book.add_worksheet(layout.SHEET_REMARKS)
    lists = _write_lists(book.add_worksheet(layout.SHEET_LISTS), job)
    _write_schema(book.add_worksheet(layout.SHEET_SCHEMA), job)
    write_guide(guide, styles, job)
    write_grid(grid, styles, job, lists)
    write_remarks(remarks, styles, job, lists)
    for sheet in (guide, grid, remarks):
        _set_page(sheet, job)
    # Text reads best on an upright page.
    guide.set_portrait()
    if job.judgements is not None:
        grid.activate()
    book.close()
    return _in_dutch(buffer.getvalue())


def _in_dutch(content: bytes) -> bytes:
    """The same workbook, which says that its language is Dutch; XlsxWriter has no way of saying so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "docProps/core.xml":
                data = data.replace(b"</cp:coreProperties>", b"<dc:language>nl-NL</dc:language></cp:coreProperties>")
            new.writestr(member, data)
    return buffer.getvalue()


def _write_lists(sheet: Worksheet, job: Job) -> dict[str, str]:
    """One list a column; returns the list's name → the reference that a drop-down uses."""
    lists: dict[str, tuple[str, ...]] = {scale.id: layout.list_texts(scale) for scale in job.catalogue.scales}
    lists["park_id"] = tuple(park_id for park_id, _ in job.parks)
    lists["indicator"] = tuple(job.catalogue.indicator_ids)
    lists["source_strength"] = layout.SOURCE_STRENGTHS
    references = {}
    for column, (name, texts) in enumerate(lists.items()):
        sheet.write_string(0, column, name)
        for row, text in enumerate(texts, 1):
            sheet.write_string(row, column, text)
        references[name] = f"={layout.SHEET_LISTS}!{xl_range_abs(1, column, len(texts), column)}"
    sheet.protect()
    sheet.hide()
    return references


def _write_schema(sheet: Worksheet, job: Job) -> None:
    for row, (key, value) in enumerate(job.schema.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.protect()
    sheet.hide()


def _set_page(sheet: Worksheet, job: Job) -> None:
    """Lying A4, the whose and what above every page and its label below, in letters that the scale leaves alone."""
    # In a page header "&" starts a command; doubled it is itself.
    title = job.title.replace("&", "&&")
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L&10{title}&R&10&A", {"margin": 0.3, "scale_with_doc": False})
    sheet.set_footer(f"&L&10{CONFIDENTIAL_LABEL}&R&10bladzijde &P van &N", {"margin": 0.3, "scale_with_doc": False})
