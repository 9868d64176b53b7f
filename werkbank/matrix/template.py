"""Writes a risk-matrix workbook: blank for who has to fill it in, or filled from judgements.

What a person fills in is chosen from lists; codes are locked. Text is written as text, never as a formula or
a link. The same input gives the same bytes, and the file appears whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import textwrap
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, NotRequired, TypedDict, Unpack

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import Finding, MatrixError, OutputError
from werkbank.files.whole import whole_file
from werkbank.matrix import layout
from werkbank.matrix.layout import Place
from werkbank.matrix.opening import PROPERTIES
from werkbank.matrix.reading import load_matrix
from werkbank.matrix.risk_matrix import Cell, RiskMatrix, cells_of
from werkbank.matrix.rules import place_of, steps
from werkbank.matrix.template_sheets import (
    LONGEST,
    TEXTS,
    Job,
    Mark,
    Styles,
    write_findings,
    write_matrix,
    write_remarks,
)
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Scale
from werkbank.wording import listing, number

# Fixed, so that the same input gives the same bytes.
CREATED: Final = dt.datetime(2018, 1, 1)
_TEXT_STAYS_TEXT: Final = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
_A4: Final = 9
_SEAL: Final = re.compile(rb"<dc:identifier>([0-9a-f]{64})</dc:identifier>")
_LARGEST: Final = 20_000_000
"""Bytes that a blank workbook never has."""
_OF_A_BLANK: Final = frozenset({"nothing-filled-in", "other-catalogue", "missing-indicator", "missing-park"})
"""What is found in a workbook in which nobody has worked, of now or earlier; anything else may be somebody's work."""


class Subject(TypedDict):
    """Of whom a workbook is: codes of party and municipality, the name that is printed, and the round."""

    party: str
    municipality: str
    municipality_name: str
    round: str
    fictional: NotRequired[bool]


def write_workbook(
    path: str | os.PathLike[str],
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    judgements: pd.DataFrame | None = None,
    **subject: Unpack[Subject],
) -> None:
    """Write the risk matrix of one municipality and one party to `path`; blank without judgements.

    `parks` needs park_id, name and municipality; only the parks of `municipality` become columns, in the
    order given. `judgements` has the columns of RiskMatrix.judgements; rows of other parties and parks are
    left out. Raises OutputError when the municipality has no parks or the file cannot be written.
    """
    whole_file(Path(path), render(job_for(catalogue, parks, judgements=judgements, **subject)))


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank workbook, how many parks and indicators it asks about, and whether it replaced a different one."""

    path: Path
    parks: int
    indicators: int
    renewed: bool


def write_blank(folder: Path, catalogue: Catalogue, parks: pd.DataFrame, **subject: Unpack[Subject]) -> Blank:
    """Write one party's blank workbook about one municipality into `folder`, under the name by which it comes back.

    A blank one that is already there is made anew: one that nobody saved since it was made whatever it asked, another
    when nothing was filled in. Raises OutputError when the municipality has no parks, when the file that is there holds
    anything or cannot be read, and when writing fails.
    """
    job = job_for(catalogue, parks, **subject)
    path = folder / layout.workbook_name(job.municipality, job.party.file)
    there = path.exists()
    if there and not _is_as_made(path) and (reason := _work_in(path, job, parks)):
        raise OutputError(f"{path.name} blijft zoals hij is: {reason}. Verplaats het bestand, of kies een andere map.")
    content = render(job)
    renewed = there and path.read_bytes() != content
    whole_file(path, content)
    return Blank(path, len(job.parks), len(job.rows), renewed)


def _work_in(path: Path, job: Job, parks: pd.DataFrame) -> str:
    """Why the file that is there is not written over; empty for a blank workbook of this round."""
    try:
        matrix = load_matrix([path], job.catalogue, parks, round=job.round)
    except MatrixError:
        return "er staat al een bestand met deze naam dat geen lege werkmap van deze ronde is"
    there = replace(job, judgements=matrix.judgements)
    if there.texts or there.remarks:
        cells = number(len(matrix.judgements))
        return f"hierin is al gewerkt ({number(len(there.texts))} van de {cells} cellen ingevuld)"
    # What could not be read is open too: it may be somebody's work.
    if any(found.severity != "remark" and found.rule not in _OF_A_BLANK for found in matrix.findings):
        return "er staat al een werkmap met inhoud die niet te lezen is"
    return ""


def _is_as_made(path: Path) -> bool:
    """Whether a file is a blank workbook of ours that nobody saved since: what is in it agrees with its seal."""
    try:
        with zipfile.ZipFile(path) as book:
            seal = _SEAL.search(book.read(PROPERTIES))
            small = sum(member.file_size for member in book.infolist()) < _LARGEST
            members = {name: book.read(name) for name in book.namelist()} if seal and small else {}
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return False
    return seal is not None and seal[1].decode() == _seal(members)


def _seal(members: Mapping[str, bytes]) -> str:
    """The sha256 of the parts of a workbook, but for its properties, which hold it."""
    told = hashlib.sha256()
    for name, data in sorted(members.items()):
        if name != PROPERTIES:
            told.update(f"{name} {len(data)} ".encode() + data)
    return told.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One return and what its supplier may know about it; names are shown as they stand here.

    `file` is the name of the return, `municipality` and `party` are names (empty when they could not be told).
    `parks` and `indicators` give a name to each code that belongs in this return.
    """

    file: str
    municipality: str
    party: str
    round: str
    label: str
    fictional: bool
    findings: tuple[Finding, ...]
    return_as: str = ""
    """The name under which the mended return is expected; empty when that could not be told."""
    parks: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)


def marked_workbook(
    reply: Reply, matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame, *, municipality: str, party: str
) -> bytes:
    """What was read of one return as a fresh workbook, with the findings of `reply` marked and listed in it.

    The supplier's own file is never changed: what acts in it or reaches outside stays there. `matrix` holds what was
    read; `municipality` and `party` are codes. The same input gives the same bytes.
    """
    judgements = matrix.judgements
    job = job_for(
        catalogue,
        parks,
        party=party,
        municipality=municipality,
        municipality_name=reply.municipality,
        round=matrix.round,
        fictional=reply.fictional,
        # What is longer was not typed in a cell, and has a finding.
        judgements=judgements.assign(remark=judgements["remark"].str.slice(0, LONGEST)),
    )
    cells = cells_of(matrix, job.columns, party)
    found = (finding for step in steps(reply.findings) for finding in step.findings)
    marks = tuple(_mark(finding, cells, job) for finding in found)
    return render(replace(job, label=reply.label, returned=reply.file, marks=marks))


def _mark(finding: Finding, cells: Mapping[Place, Cell], job: Job) -> Mark:
    """The finding at the cell that it is about; one that belongs to no cell says where it was."""
    mark = Mark(finding, *cells.get(place_of(finding), (finding.park_id or "", finding.indicator or "", "level")))
    place = replace(finding, file=None).place
    if job.spot(mark) or not place:
        return mark
    return Mark(replace(finding, found=f"in uw bestand, {place}: {finding.found}"))


def job_for(
    catalogue: Catalogue, parks: pd.DataFrame, *, judgements: pd.DataFrame | None = None, **subject: Unpack[Subject]
) -> Job:
    """The workbook as a value, of the parks of one municipality and what the party is asked. Raises OutputError."""
    own = parks[parks["municipality"] == subject["municipality"]]
    if own.empty:
        name = subject["municipality_name"]
        raise OutputError(f"Er zijn geen bedrijventerreinen van {name}; er is geen werkmap gemaakt.")
    asked = catalogue.asked_by(subject["party"])
    if not asked.indicators:
        raise OutputError(
            f"Aan de {catalogue.party(subject['party']).name} wordt niets gevraagd; er is geen werkmap gemaakt."
        )
    if judgements is not None:
        mine = judgements["party"] == subject["party"]
        judgements = judgements[mine & judgements["park_id"].isin(own["park_id"])]
        judgements = judgements[judgements["indicator"].isin(asked.indicator_ids)]
    return Job(
        catalogue=asked,
        form_fingerprint=catalogue.form_fingerprint,
        parks=tuple(zip(own["park_id"].tolist(), own["name"].tolist(), strict=True)),
        judgements=judgements,
        party=catalogue.party(subject["party"]),
        municipality=subject["municipality"],
        municipality_name=subject["municipality_name"],
        round=subject["round"],
        fictional=subject.get("fictional", False),
    )


def render(job: Job) -> bytes:
    """The workbook's bytes; the same for the same job."""
    title = job.line(TEXTS["title"])
    book = Book(title=title, comments=job.label)
    styles = Styles(book, fictional=job.fictional)
    findings = book.add_worksheet(layout.SHEET_FINDINGS) if job.marks else None
    guide = book.add_worksheet(layout.SHEET_GUIDE)
    matrix = book.add_worksheet(layout.SHEET_MATRIX)
    remarks = book.add_worksheet(layout.SHEET_REMARKS)
    lists = _write_lists(book.add_worksheet(layout.SHEET_LISTS), job)
    schema = book.add_worksheet(layout.SHEET_SCHEMA)
    for row, pair in enumerate(job.schema.items()):
        schema.write_row(row, 0, pair)
    schema.protect()
    schema.hide()
    _write_guide(guide, styles, job)
    write_matrix(matrix, styles, job, lists)
    write_remarks(remarks, styles, job, lists)
    if findings:
        write_findings(findings, styles, job)
    for sheet in filter(None, (findings, guide, matrix, remarks)):
        _set_page(sheet, title, job.label)
    # Text reads best on an upright page.
    guide.set_portrait()
    if job.judgements is not None:
        (findings or matrix).activate()
    return book.content(sealed=job.judgements is None)


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook in memory in which text stays text; what is written alike gives the same bytes on any day."""

    def __init__(self, **properties: str) -> None:
        self._buffer = io.BytesIO()
        super().__init__(self._buffer, {"in_memory": True, **_TEXT_STAYS_TEXT})
        self.set_properties({**properties, "created": CREATED})

    def content(self, *, sealed: bool = False) -> bytes:
        """Its bytes when all is written, which say that its language is Dutch: XlsxWriter has no way of saying so.

        `sealed` they also say what was in it, so that it shows whether anybody saved it since.
        """
        self.close()
        buffer = io.BytesIO()
        with zipfile.ZipFile(self._buffer) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            members = {member: old.read(member) for member in old.infolist()}
            seal = _seal({member.filename: data for member, data in members.items()}) if sealed else ""
            told = f"<dc:identifier>{seal}</dc:identifier>" if seal else ""
            ending = f"{told}<dc:language>nl-NL</dc:language></cp:coreProperties>"
            for member, data in members.items():
                is_properties = member.filename == PROPERTIES
                new.writestr(member, data.replace(b"</cp:coreProperties>", ending.encode()) if is_properties else data)
        return buffer.getvalue()


def _write_lists(sheet: Worksheet, job: Job) -> dict[str, str]:
    """One list a column; returns the list's name → the reference that a drop-down uses."""
    lists: dict[str, tuple[str, ...]] = {scale.id: layout.list_texts(scale) for scale in job.catalogue.scales}
    lists["park_id"] = tuple(job.columns)
    lists["indicator"] = tuple(job.catalogue.indicator_ids)
    lists["source_strength"] = layout.SOURCE_STRENGTHS
    references = {}
    for column, (name, texts) in enumerate(lists.items()):
        sheet.write_column(0, column, (name, *texts))
        references[name] = f"={layout.SHEET_LISTS}!{xl_range_abs(1, column, len(texts), column)}"
    sheet.protect()
    sheet.hide()
    return references


def _set_page(sheet: Worksheet, *texts: str) -> None:
    """Lying A4, the whose and what above every page and its label below, in letters that the scale leaves alone."""
    # In a page header "&" starts a command; doubled it is itself.
    title, label = (text.replace("&", "&&") for text in texts)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L&10{title}&R&10&A", {"margin": 0.3, "scale_with_doc": False})
    sheet.set_footer(f"&L&10{label}&R&10bladzijde &P van &N", {"margin": 0.3, "scale_with_doc": False})


# The guide: what to do, examples, what the levels mean, and what unknown, not applicable and empty mean.

Look = Literal["banner", "title", "section", "text", "term"]
Line = tuple[Look, str, str]
"""How it looks, the text of column A, the text of column B."""

_WIDTHS: Final = (20, 96)
_CHARACTERS_A_LINE: Final = 110
_POINTS_A_LINE: Final = 15
_PROGRESS: Final = "Ingevuld"


def _write_guide(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """Write the guide; it is locked, read by people only, and fits the width of one page."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    for row, (look, left, right) in enumerate(_lines(job)):
        # "term" is a word with its meaning; every other look covers the whole row.
        beside = styles["text" if look == "term" else look]
        sheet.write_string(row, 0, left, styles[look])
        if left == _PROGRESS:
            total = len(job.rows) * len(job.columns)
            counted = f'=COUNTA({layout.SHEET_MATRIX}!{xl_range_abs(*job.cells)})&" van {total} cellen"'
            sheet.write_formula(row, 1, counted, beside, right)
        else:
            sheet.write_string(row, 1, right, beside)
        # Written rows do not grow by themselves in every program, so their height is set here.
        term = len(textwrap.wrap(left, _WIDTHS[0] - 2)) if look == "term" else 1
        lines = max(1, term, len(textwrap.wrap(right, _CHARACTERS_A_LINE)))
        extra = 6 if look == "section" else 1.5
        sheet.set_row(row, 24 if look in ("banner", "title") else lines * _POINTS_A_LINE + extra)
    sheet.protect()
    sheet.fit_to_pages(1, 0)


def _lines(job: Job) -> Iterator[Line]:
    catalogue = job.catalogue
    if job.fictional:
        yield "banner", layout.FICTIONAL_LABEL, ""
        yield "text", "", TEXTS["fictional"]
    yield "title", TEXTS["title"], ""
    yield "term", "Gemeente", job.municipality_name
    yield "term", "Ingevuld door", job.party.name
    yield "term", "Ronde", job.round
    yield "term", "Catalogus", f"versie {catalogue.version}"
    yield "term", _PROGRESS, f"{len(job.texts)} van {len(job.rows) * len(job.columns)} cellen"
    yield from _section("Wat u doet", TEXTS["steps"])
    yield from _section("Let op", TEXTS["care"])
    yield from _section("Voorbeelden: wat u kiest bij wat u weet", examples(catalogue))
    yield from _section("Met het toetsenbord", TEXTS["keys"])
    for family in catalogue.families:
        scales = catalogue.scales_of(family.id)
        for scale, codes in scales:
            which = f" ({listing(codes)})" if len(scales) > 1 else ""
            yield from _section(f"Waarden bij {family.name.lower()}{which}", _levels(scale))
    shown = {"unknown": layout.UNKNOWN_TEXT, "not_applicable": layout.NOT_APPLICABLE_TEXT, "open": "(leeg)"}
    yield from _section("Bijzondere waarden", {shown[state.code]: state.description for state in catalogue.states})
    yield from _section("Bronsterkte", TEXTS["strengths"])
    for family in catalogue.families:
        rows = {each.id: f"{each.name}. {each.description}" for each in catalogue.by_family(family.id)}
        yield from _section(f"{family.name}: {family.question}", rows)


def _section(heading: str, rows: Mapping[str, str]) -> Iterator[Line]:
    yield "text", "", ""
    yield "section", heading, ""
    yield from (("term", left, right) for left, right in rows.items())


def _levels(scale: Scale) -> dict[str, str]:
    return {"": scale.description, **{layout.level_text(level): level.anchor for level in scale.levels}}


def examples(catalogue: Catalogue) -> dict[str, str]:
    """The value to choose → the situation in which, as the lists of this catalogue write it.

    Examples of levels are there only where the catalogue's own scale has the level they are about.
    """
    used = {indicator.scale for indicator in catalogue.indicators}
    levels = {
        (scale.id, level.code): layout.level_text(level)
        for scale in catalogue.scales if scale.id in used
        for level in scale.levels
    }  # fmt: skip
    situations = {(each["scale"], each["level"]): each["situation"] for each in TEXTS["examples"]}
    return {
        **{levels[key]: situation for key, situation in situations.items() if key in levels},
        layout.UNKNOWN_TEXT: TEXTS["example_unknown"],
        layout.NOT_APPLICABLE_TEXT: TEXTS["example_not_applicable"],
    }
