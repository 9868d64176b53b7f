"""The sheets of a workbook that goes out: the matrix, what stands beside it, and what was found in a return.

The matrix has indicators down and parks across, every cell a drop-down list. Both ways were tried with 31 parks × 35
indicators, in LibreOffice on a screen of 1920 × 1080 and on paper. Filling in goes park by park: who knows a park says
all of it. So one park is one column, on the screen whole; turned it is 35 cells wide with 10 in sight. And the names of
indicators are long: here each stands on one line beside its cells. How much is filled in is counted by formulas, with
their value of this moment, above the row of park codes: nowhere that a judgement is looked for.

A mark on a doubtful cell is never a colour alone: it is a ground, an edge of its own kind and a note with the words.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import SEVERITY_DUTCH, Finding, OutputError, Severity
from werkbank.files.yaml import packaged
from werkbank.matrix import layout
from werkbank.matrix.rules import RULES, SEVERITIES
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Indicator, Party
from werkbank.settings.theme import TINT, on, theme, tint
from werkbank.wording import capital, count, plain

TEXTS: Final = packaged(__file__, "guide.yaml")
"""What the workbook says to whoever fills it in, and what its cells look like."""
LONGEST: Final = 32_767
"""The most characters that a cell can hold."""
PROTECTION: Final = {"format_columns": True, "format_rows": True}
"""What stays possible on a locked sheet: making columns and rows wider."""

Area = tuple[int, int, int, int]
"""First row and column, last row and column."""
Spot = tuple[str, int, int]
"""Sheet, row and column."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding, and the cell that it is about: park, indicator, and level or the column beside it, as far as known.

    Where only the park or only the indicator is known, the head of its column or row is marked.
    """

    finding: Finding
    park_id: str = ""
    indicator: str = ""
    column: str = "level"


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """One workbook: whose it is, of which parks and round, the judgements if it is not blank, and what was found."""

    catalogue: Catalogue
    """As the party is asked it."""
    form_fingerprint: str
    """Of the whole catalogue."""
    parks: tuple[tuple[str, str], ...]
    """Park id and name, in the order of the columns."""
    party: Party
    municipality: str
    municipality_name: str
    round: str
    fictional: bool = False
    judgements: pd.DataFrame | None = None
    label: str = layout.CONFIDENTIAL_LABEL
    """What stands below every page."""
    returned: str = ""
    """The name of the return that is answered; the marks are what was found in it, in the order of the list."""
    marks: tuple[Mark, ...] = ()

    def line(self, *what: str) -> str:
        """What it is about, on one line; begins with the mark when the data are fictional."""
        mark = [layout.FICTIONAL_LABEL] if self.fictional else []
        return " · ".join([*mark, *what, self.municipality_name, self.party.name, f"ronde {self.round}"])

    @property
    def schema(self) -> dict[str, str]:
        """Key and value of the hidden sheet by which a reader knows what it has in hand."""
        values = (
            str(layout.SCHEMA_VERSION),
            self.round,
            self.municipality,
            self.party.id,
            str(self.catalogue.version),
            self.form_fingerprint,
            "ja" if self.fictional else "nee",
        )
        return dict(zip(layout.SCHEMA_KEYS, values, strict=True))

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each park."""
        return {park_id: column for column, (park_id, _) in enumerate(self.parks, layout.FIRST_PARK_COLUMN)}

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each indicator: one row each, below one heading a family."""
        families = self.catalogue.families
        texts = [
            each for family in families for each in (None, *(own.id for own in self.catalogue.by_family(family.id)))
        ]
        return {code: row for row, code in enumerate(texts, layout.FIRST_INDICATOR_ROW) if code}

    @property
    def cells(self) -> Area:
        """The part of the matrix that is filled in, with the headings of the families."""
        return layout.FIRST_INDICATOR_ROW, layout.FIRST_PARK_COLUMN, max(self.rows.values()), max(self.columns.values())

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], str]:
        """Park and indicator → what its cell shows; without the open ones, nothing for a blank workbook."""
        if self.judgements is None:
            return {}
        columns = (self.judgements[name].tolist() for name in ("park_id", "indicator", "state", "level"))
        shown = {
            (park_id, code): layout.cell_text(state, level, self.catalogue.scale_of(code))
            for park_id, code, state, level in zip(*columns, strict=True)
        }
        return {place: text for place, text in shown.items() if text}

    @cached_property
    def remarks(self) -> tuple[tuple[Any, ...], ...]:
        """Every judgement that carries a source strength, a date or a remark, in the order of the frame."""
        if self.judgements is None:
            return ()
        frame = self.judgements
        carries = (frame["remark"] != "") | (frame["source_strength"] != "") | frame["date"].notna()
        kept = frame.loc[carries, list(layout.REMARK_HEADINGS)]
        return tuple(kept.astype({"date": "object"}).itertuples(index=False, name=None))

    def spot(self, mark: Mark) -> Spot | None:
        """Where a mark belongs in this workbook; None where it has no cell for it."""
        row, column = self.rows.get(mark.indicator), self.columns.get(mark.park_id)
        rows = {entry[:2]: number for number, entry in enumerate(self.remarks, layout.FIRST_REMARK_ROW)}
        beside = rows.get((mark.park_id, mark.indicator))
        if beside and mark.column != "level":
            return layout.SHEET_REMARKS, beside, list(layout.REMARK_HEADINGS).index(mark.column)
        if row and column:
            return layout.SHEET_MATRIX, row, column
        if column and not mark.indicator:
            return layout.SHEET_MATRIX, layout.PARK_ID_ROW, column
        if row and not mark.park_id:
            return layout.SHEET_MATRIX, row, layout.CODE_COLUMN
        return None

    def marked(self, sheet: str) -> dict[tuple[int, int], list[Finding]]:
        """The cells of a sheet that are marked, with what was found there."""
        found: dict[tuple[int, int], list[Finding]] = {}
        for mark in self.marks:
            if (spot := self.spot(mark)) and spot[0] == sheet:
                found.setdefault(spot[1:], []).append(mark.finding)
        return found


class Styles:
    """The formats of one workbook, each made when it is first asked for; what is filled in is unlocked."""

    def __init__(self, book: Workbook, *, fictional: bool) -> None:
        self._book = book
        self._looks = _looks(fictional=fictional)
        self._made: dict[tuple[str, Severity | None], Format] = {}

    def __getitem__(self, name: str) -> Format:
        return self.of(name)

    def of(self, name: str, severity: Severity | None = None) -> Format:
        """A look, with the edge of a mark around it where there is one."""
        if (name, severity) not in self._made:
            look = dict(self._looks[name])
            if severity:
                line, colour, *_ = _MARKS[severity]
                look |= {"border": line, "border_color": getattr(theme(), colour)}
            self._made[name, severity] = self._book.add_format(look)
        return self._made[name, severity]

    def over(self, **look: Any) -> Format:
        """What a condition lays over the look of a cell."""
        return self._book.add_format(look)


def _looks(*, fictional: bool) -> dict[str, dict[str, Any]]:
    """Name → look, as `guide.yaml` has them, in the colours of the theme: readable in print and without colour."""
    look = theme()
    mark = {"mark": "accent" if fictional else "main"}
    base = {"font_name": "Calibri", "font_size": 11, "font_color": "ink", "valign": "vcenter"}
    return {
        name: {
            key: getattr(look, mark.get(value, value)) if key.endswith("color") else value
            for key, value in (base | own).items()
        }
        for name, own in TEXTS["looks"].items()
    }


# Marks.

_SHOWN: Final = 5
"""Findings in one note; the list on the first sheet holds them all."""
_MARKS: Final[dict[Severity, tuple[int, str, str, float]]] = {
    "error": (5, "accent", "accent", TINT),
    "warning": (8, "watch", "loud", TINT),
    "remark": (10, "main", "main", TINT / 2),
}
"""Severity → kind of edge, its colour, the colour of the ground and how much of it."""
_NOTE: Final = {"author": "werkbank", "font_name": "Calibri", "font_size": 10, "width": 330}


def _worst(findings: Sequence[Finding]) -> Severity:
    return min((each.severity for each in findings), key=SEVERITIES.index)


def _note(findings: Sequence[Finding]) -> str:
    said = [
        f"{capital(SEVERITY_DUTCH[each.severity])} [{each.rule}]\n"
        f"Gevonden: {plain(each.found)}\nToegestaan: {plain(each.allowed)}\nWat te doen: {plain(each.remedy)}"
        for each in findings[:_SHOWN]
    ]
    if left := findings[_SHOWN:]:
        said.append(f"En nog {count(len(left), 'bevinding', 'bevindingen')}: zie het blad {layout.SHEET_FINDINGS}.")
    return "\n\n".join((layout.MARK_NOTE, *said))


class _Cells:
    """Writes the cells of one sheet, each marked where something was found; text stays text."""

    def __init__(self, sheet: Worksheet, styles: Styles, marked: Mapping[tuple[int, int], Sequence[Finding]]) -> None:
        self._sheet, self._styles, self._marked = sheet, styles, marked
        for place, findings in marked.items():
            note = _note(findings)
            lines = sum(max(1, math.ceil(len(line) / 52)) for line in note.splitlines())
            sheet.write_comment(*place, note, {**_NOTE, "height": min(600, 18 * lines + 14)})
        # Before the colours by which the sheet follows what is filled in.
        for severity in SEVERITIES:
            own = [xl_rowcol_to_cell(*place) for place, found in marked.items() if _worst(found) == severity]
            if own:
                _, _, colour, share = _MARKS[severity]
                ground = styles.over(bg_color=tint(getattr(theme(), colour), share), font_color=theme().ink)
                rule = {"type": "formula", "criteria": "=TRUE", "format": ground, "stop_if_true": True}
                sheet.conditional_format(own[0], {**rule, "multi_range": " ".join(own)})

    def write(self, row: int, column: int, value: object, look: str) -> None:
        findings = self._marked.get((row, column))
        style = self._styles.of(look, _worst(findings) if findings else None)
        if isinstance(value, str) and value:
            self._sheet.write_string(row, column, value, style)
        elif isinstance(value, dt.datetime) and not pd.isna(value):
            self._sheet.write_datetime(row, column, value, style)
        else:
            # An empty cell is truly empty, but keeps its looks and stays unlocked.
            self._sheet.write_blank(row, column, None, style)


# The matrix.

# Excel's own limits; XlsxWriter drops a validation whose texts are longer.
_TITLE_LIMIT: Final = 32
_MESSAGE_LIMIT: Final = 255

_PARKS_A_PAGE: Final = 5
"""On paper, with all rows: as many as can be read side by side."""
_ROW: Final = 15
"""The height of a row as Excel makes it, in points; written rows do not grow by themselves in every program."""
_CODE_WIDTH, _NAME_WIDTH, _PARK_WIDTH = 7, 60, 18
"""In characters, as Excel measures columns: room for the headings, for every text of the lists and for long words."""

_HIGH, _HIGHEST = 2, 4
"""Steps of the theme for a high and the highest level: far enough apart for every eye, and the text on each is read."""
_DONE: Final = "klaar: "


def write_matrix(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the matrix: heads, then per family a heading and its indicators with their drop-downs."""
    cells = _Cells(sheet, styles, job.marked(layout.SHEET_MATRIX))
    _write_heads(sheet, styles, cells, job)
    _write_counts(sheet, styles, job)
    for family in job.catalogue.families:
        indicators = tuple(job.catalogue.by_family(family.id))
        heading = job.rows[indicators[0].id] - 1
        for column in range(layout.CODE_COLUMN, job.cells[3] + 1):
            text = f"{family.name}: {family.question}" if column == layout.NAME_COLUMN else ""
            cells.write(heading, column, text, "family")
        for indicator in indicators:
            _write_indicator(sheet, cells, job, indicator, lists)
        for _, own in groupby(indicators, key=lambda each: each.scale):
            codes = [each.id for each in own]
            area = (job.rows[codes[0]], layout.FIRST_PARK_COLUMN, job.rows[codes[-1]], job.cells[3])
            _shade(sheet, styles, area, job.catalogue, codes[0])
    sheet.protect("", PROTECTION)
    # Whoever opens the sheet stands in the first cell to fill in.
    first = (layout.FIRST_INDICATOR_ROW + 1, layout.FIRST_PARK_COLUMN)
    sheet.set_selection(*first, *first)
    sheet.fit_to_pages(math.ceil(len(job.parks) / _PARKS_A_PAGE), 1)
    sheet.repeat_rows(layout.TITLE_ROW, layout.PARK_NAME_ROW)
    sheet.repeat_columns(layout.CODE_COLUMN, layout.NAME_COLUMN)


def _write_heads(sheet: Worksheet, styles: Styles, cells: _Cells, job: Job) -> None:
    sheet.set_column(layout.CODE_COLUMN, layout.CODE_COLUMN, _CODE_WIDTH)
    sheet.set_column(layout.NAME_COLUMN, layout.NAME_COLUMN, _NAME_WIDTH)
    sheet.set_column(layout.FIRST_PARK_COLUMN, job.cells[3], _PARK_WIDTH)
    lines = max(len(textwrap.wrap(name, _PARK_WIDTH - 2)) for _, name in job.parks)
    sheet.set_row(layout.TITLE_ROW, 21)
    sheet.set_row(layout.PARK_NAME_ROW, _ROW * max(2, lines) + 3)
    # There is less room here than on top of a page.
    sheet.write_string(layout.TITLE_ROW, layout.CODE_COLUMN, job.line(), styles["title_grid"])
    cells.write(layout.PARK_ID_ROW, layout.CODE_COLUMN, "", "head")
    cells.write(layout.PARK_ID_ROW, layout.NAME_COLUMN, "Terreincode", "head")
    cells.write(layout.PARK_NAME_ROW, layout.CODE_COLUMN, "Code", "head")
    for park, column in zip(job.parks, job.columns.values(), strict=True):
        for row, text in zip((layout.PARK_ID_ROW, layout.PARK_NAME_ROW), park, strict=True):
            cells.write(row, column, text, "head_park")
    sheet.freeze_panes(layout.FIRST_INDICATOR_ROW, layout.FIRST_PARK_COLUMN)


def _write_counts(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """Above each park how much of it is filled in, and in the head of the names how much of all."""
    first_row, first_column, last_row, last_column = job.cells
    total = len(job.rows)
    for park_id, column in job.columns.items():
        filled = sum(park == park_id for park, _ in job.texts)
        counted = f"COUNTA({xl_range(first_row, column, last_row, column)})"
        formula = f'=IF({counted}={total},"{_DONE}","")&{counted}&" van {total}"'
        value = f"{_DONE if filled == total else ''}{filled} van {total}"
        sheet.write_formula(layout.TITLE_ROW, column, formula, styles["progress"], value)
    everything = total * len(job.columns)
    sheet.write_formula(
        layout.PARK_NAME_ROW,
        layout.NAME_COLUMN,
        f'="Indicator ("&COUNTA({xl_range_abs(*job.cells)})&" van {everything} ingevuld)"',
        styles["head"],
        f"Indicator ({len(job.texts)} van {everything} ingevuld)",
    )
    condition = f'=LEFT({xl_rowcol_to_cell(layout.TITLE_ROW, first_column)},{len(_DONE)})="{_DONE}"'
    done = styles.over(bg_color=theme().pale, font_color=theme().good, bold=True)
    area = (layout.TITLE_ROW, first_column, layout.TITLE_ROW, last_column)
    sheet.conditional_format(*area, {"type": "formula", "criteria": condition, "format": done})


def _write_indicator(sheet: Worksheet, cells: _Cells, job: Job, indicator: Indicator, lists: Mapping[str, str]) -> None:
    row = job.rows[indicator.id]
    cells.write(row, layout.CODE_COLUMN, indicator.id, "code")
    cells.write(row, layout.NAME_COLUMN, indicator.name, "name")
    for park_id, column in job.columns.items():
        cells.write(row, column, job.texts.get((park_id, indicator.id)), "cell")
    choices = {
        "validate": "list",
        "source": lists[job.catalogue.scale_of(indicator.id).id],
        "input_title": textwrap.shorten(f"{indicator.id} {indicator.name}", _TITLE_LIMIT, placeholder="…"),
        "input_message": textwrap.shorten(indicator.description, _MESSAGE_LIMIT, placeholder="…"),
        "error_title": "Niet in de lijst",
        "error_message": TEXTS["not_in_list_level"],
    }
    sheet.data_validation(row, layout.FIRST_PARK_COLUMN, row, job.cells[3], choices)


def _shade(sheet: Worksheet, styles: Styles, area: Area, catalogue: Catalogue, code: str) -> None:
    """Give cells of one scale a colour that follows what is chosen: what is high, and darkest what is highest.

    For resilience low stands out.
    """
    look, scale = theme(), catalogue.scale_of(code)
    high, highest = (
        {"bg_color": (step := look.steps[place]), "font_color": on(step, look)} for place in (_HIGH, _HIGHEST)
    )
    worst = catalogue.level(code, "highest")
    shades: dict[str, dict[str, Any]] = {
        layout.level_text(level): {**highest, "bold": True} if level.value == worst else high
        for level in scale.levels
        if catalogue.is_high(code, level.value)
    }
    shades[layout.UNKNOWN_TEXT] = {"bg_color": look.unknown, "font_color": look.ink, "italic": True}
    shades[layout.NOT_APPLICABLE_TEXT] = {"font_color": look.quiet}
    for text, shade in shades.items():
        quoted = text.replace('"', '""')
        rule = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": styles.over(**shade)}
        sheet.conditional_format(*area, rule)
    sheet.conditional_format(*area, {"type": "blanks", "format": styles.over(bg_color=look.chosen)})


# Beside the matrix: source strength, date and remark of the judgements that have any.

_SPARE_ROWS: Final = 300
_KEY_COLUMN: Final = len(layout.REMARK_HEADINGS) + 1
"""To the right of the list, an empty column away, stand the codes with their names."""


def write_remarks(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the list of explanations, with room for more below the last one.

    Raises OutputError for a remark that is longer than a cell can hold: it is refused, and not cut.
    """
    cells = _Cells(sheet, styles, job.marked(layout.SHEET_REMARKS))
    last_row = layout.FIRST_REMARK_ROW + len(job.remarks) + _SPARE_ROWS
    for column, (name, heading) in enumerate(layout.REMARK_HEADINGS.items()):
        width, look = TEXTS["remark_columns"][name]
        # The format of the column unlocks every cell that is still empty.
        sheet.set_column(column, column, width, styles[look])
        cells.write(0, column, "" if column else TEXTS["remarks_hint"], "hint")
        cells.write(layout.REMARK_HEADER_ROW, column, heading, "head")
        rule = {"input_title": heading, **_choice(name, lists)}
        sheet.data_validation(layout.FIRST_REMARK_ROW, column, last_row, column, rule)
    for row, entry in enumerate(job.remarks, layout.FIRST_REMARK_ROW):
        for column, (value, (_, look)) in enumerate(zip(entry, TEXTS["remark_columns"].values(), strict=True)):
            if isinstance(value, str) and len(value) > LONGEST:
                where = xl_rowcol_to_cell(row, column)
                raise OutputError(
                    f"De toelichting voor cel {where} is langer dan een cel kan bevatten ({LONGEST} tekens)."
                )
            cells.write(row, column, value, look)
    _mark_faults(sheet, styles, last_row)
    _write_keys(sheet, styles, job)
    sheet.freeze_panes(layout.FIRST_REMARK_ROW, 0)
    sheet.protect("", PROTECTION)
    sheet.set_selection(layout.FIRST_REMARK_ROW, 0, layout.FIRST_REMARK_ROW, 0)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(layout.REMARK_HEADER_ROW)


def _choice(name: str, lists: Mapping[str, str]) -> dict[str, Any]:
    """What may be filled in in a column, and the help beside it."""
    if name == "remark":
        return {"validate": "any", "input_message": TEXTS["remarks_hint"]}
    help_text = {"input_message": TEXTS["help"][name]}
    if name == "date":
        span = {"criteria": "between", "minimum": dt.date(2000, 1, 1), "maximum": dt.date(2099, 12, 31)}
        return {"validate": "date", **span, **help_text, "error_title": "Geen datum", "error_message": TEXTS["no_date"]}
    fault = {"error_title": "Niet in de lijst", "error_message": TEXTS["not_in_list"]}
    return {"validate": "list", "source": lists[name], **help_text, **fault}


def _mark_faults(sheet: Worksheet, styles: Styles, last_row: int) -> None:
    """A code that is missing from a row shows as open, and a second row about the same judgement says so."""
    look, row = theme(), layout.FIRST_REMARK_ROW
    parks, indicators = (xl_range_abs(row, column, last_row, column) for column in (0, 1))
    park, indicator, last = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (0, 1, 4))
    # The word stands in the cell itself: a colour says nothing to who does not see it.
    twice = styles.over(bg_color=look.warning, font_color=look.accent, bold=True, num_format='@" (dubbel)"')
    missing = styles.over(bg_color=look.chosen)
    again = f'=AND({park}<>"",{indicator}<>"",COUNTIFS({parks},{park},{indicators},{indicator})>1)'
    sheet.conditional_format(row, 0, last_row, 0, {"type": "formula", "criteria": again, "format": twice})
    for column, cell in enumerate((park, indicator)):
        condition = f'=AND({cell}="",COUNTA({park}:{last})>0)'
        rule = {"type": "formula", "criteria": condition, "format": missing}
        sheet.conditional_format(row, column, last_row, column, rule)


def _write_keys(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """The codes with their names, for who has to choose one."""
    names = [(indicator.id, indicator.name) for indicator in job.catalogue.indicators]
    for place, rows in ((_KEY_COLUMN, job.parks), (_KEY_COLUMN + 2, names)):
        for row, pair in enumerate(rows, layout.FIRST_REMARK_ROW):
            for column, text in enumerate(pair, place):
                sheet.write_string(row, column, text, styles["key"])
    for column, (heading, width) in enumerate(TEXTS["key_columns"], _KEY_COLUMN):
        sheet.set_column(column, column, width)
        sheet.write_string(layout.REMARK_HEADER_ROW, column, heading, styles["family"])
    sheet.set_column(_KEY_COLUMN - 1, _KEY_COLUMN - 1, 3)


# What was found in a return that goes back: every finding on a line of its own, with a link to its cell.

_FINDING_HEADER: Final = 4


def write_findings(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """Write the list; it is locked and read by people only."""
    widths = TEXTS["finding_columns"]
    mark = f"{layout.FICTIONAL_LABEL} · " if job.fictional else ""
    whose = f"{job.municipality_name}, {job.party.name}, ronde {job.round}"
    sheet.write_string(0, 0, f"{mark}Bevindingen bij {plain(job.returned)}", styles["title"])
    sheet.write_string(1, 0, f"{whose} · {job.label}", styles["hint"])
    sheet.merge_range(2, 0, 2, len(widths) - 1, TEXTS["findings_how"], styles["text"])
    sheet.set_row(0, 24)
    sheet.set_row(2, 48)
    for column, (heading, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(_FINDING_HEADER, column, heading, styles["head"])
    for row, each in enumerate(job.marks, _FINDING_HEADER + 1):
        texts = tuple(map(plain, _finding_texts(job, each, row - _FINDING_HEADER)))
        for column, text in enumerate(texts):
            bold = column == 1 and each.finding.severity == "error"
            sheet.write(row, column, text or None, styles["finding_bold" if bold else "finding"])
        if texts[2] and texts[3]:
            sheet.write_url(row, 3, f"internal:'{texts[2]}'!{texts[3]}", styles["finding_link"], texts[3])
        lines = [math.ceil(len(text) / width) for text, width in zip(texts, widths.values(), strict=True)]
        sheet.set_row(row, _ROW * max(1, *lines) + 3)
    sheet.freeze_panes(_FINDING_HEADER + 1, 0)
    sheet.hide_gridlines(2)
    sheet.protect("", PROTECTION)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FINDING_HEADER)


def _finding_texts(job: Job, mark: Mark, number: int) -> Iterator[str]:
    finding, spot = mark.finding, job.spot(mark)
    names = dict(job.parks) | {indicator.id: indicator.name for indicator in job.catalogue.indicators}
    yield str(number)
    yield capital(SEVERITY_DUTCH[finding.severity])
    yield from (spot[0], xl_rowcol_to_cell(*spot[1:])) if spot else ("", "")
    yield from (f"{code or ''} {names.get(code or '', '')}".strip() for code in (finding.park_id, finding.indicator))
    yield from (finding.found, finding.allowed, finding.remedy)
    title = RULES[finding.rule].title if finding.rule in RULES else finding.rule
    yield f"{title} [{finding.rule}]"
