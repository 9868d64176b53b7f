"""scores.xlsx: every figure of an analysis to filter and sort, and the same bytes for the same input.

The sheets hold values only. On the last one formulas of ours compute the scores once more from those values.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from werkbank.advice.scorecard import structure
from werkbank.assessment.flow import Assessment
from werkbank.report.tables import Kind, Sheet, Value, guide, table_sheets
from werkbank.report.terms import FICTIONAL, NOT_SHOWN, SUSPICION
from werkbank.report.view import GroupScore, Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import point_digits

__all__ = ["Check", "CheckRow", "check_columns", "check_rows", "verdict", "write_scores"]

FIRST = 4
"""The first row with values on every sheet, counted from 1; the row of headings stands above it."""
TOLERANCE = 1e-6
NOISE = 1e-9
"""Scores that differ by the last bits of a sum are equal."""
RIGHT, WRONG, NONE = "klopt", "verschil", "geen score"


@dataclass(frozen=True, slots=True)
class Check:
    """One cell: a formula with its outcome; `array` when it works through whole columns at once."""

    formula: str
    outcome: float | str
    array: bool = False


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One park: its code and name as values, and what is checked of it."""

    park_id: str
    name: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns that formulas read stand, as absolute references."""

    columns: Mapping[str, Mapping[str, str]]
    sizes: Mapping[str, int]

    def ref(self, sheet: str, heading: str) -> str:
        """A whole column of values."""
        letter, last = self.columns[sheet][heading], FIRST - 1 + max(1, self.sizes[sheet])
        return f"{sheet}!${letter}${FIRST}:${letter}${last}"


def check_columns(view: View) -> tuple[tuple[str, str, str], ...]:
    """Per column of checks: the group it is about (or ""), its heading, and what it means."""
    if view.assessment.coarse:
        return (
            ("", "Score", "de score op het blad Scores"),
            ("", "Binnen de grenzen", "of de score tussen de laagst en de hoogst mogelijke ligt"),
        )
    groups = [family.score_name for family in view.catalogue.families]
    return (
        ("", "Score", "de score op het blad Scores"),
        *((name, f"{name} opnieuw", "uit de punten en gewichten op het blad Cellen") for name in groups),
        *((name, f"{name} telt als", "de deelscore, of wat ervoor in de plaats komt als die er niet is")
          for name in groups),
        ("", "Totaal opnieuw", "uit de deelscores en de gewichten op het blad Gewichten, binnen de grenzen"),
        ("", "Som van de bijdragen", "van de cellen, en van groepen zonder eigen score"),
        ("", "Rang opnieuw", "plaats onder de scores op het blad Scores"),
        ("", "Oordeel", "klopt als totaal, som en rang gelijk zijn aan wat er staat"),
    )  # fmt: skip


def check_rows(view: View, columns: Mapping[str, Mapping[str, str]], sizes: Mapping[str, int]) -> Iterator[CheckRow]:
    """The rows of the sheet; `columns` are per sheet the letters of its headings, `sizes` its number of rows."""
    places = _Places(columns, sizes)
    make = _bounds_row if view.assessment.coarse else _Recount(view, places).row
    for number, park in enumerate(view.parks, start=FIRST):
        yield CheckRow(park.park_id, park.name, tuple(make(park, number, places)))


def verdict(column: str, rows: Sequence[CheckRow]) -> Check:
    """One line above the table that says whether everything agrees; `column` holds the verdict of each row."""
    last = FIRST - 1 + max(1, len(rows))
    formula = f'=IF(COUNTIF(${column}${FIRST}:${column}${last},"{WRONG}")=0,"Alles klopt","Er is een verschil")'
    wrong = any(row.checks[-1].outcome == WRONG for row in rows)
    return Check(formula, "Er is een verschil" if wrong else "Alles klopt")


def _pick(places: _Places, sheet: str, heading: str, row: int) -> str:
    """The figure of this row's park on a sheet with one row per park; text counts as 0."""
    return f"SUMPRODUCT(--({places.ref(sheet, 'Terreincode')}=$A{row}),{places.ref(sheet, heading)})"


def _has(places: _Places, row: int) -> str:
    here = f"({places.ref('Scores', 'Terreincode')}=$A{row})"
    return f"SUMPRODUCT({here}*ISNUMBER({places.ref('Scores', 'Score')}))>0"


def _score(park: Park, row: int, places: _Places) -> Check:
    formula = f'=IF({_has(places, row)},{_pick(places, "Scores", "Score", row)},"{NONE}")'
    return Check(formula, NONE if park.score is None else park.score)


def _bounds_row(park: Park, row: int, places: _Places) -> Iterator[Check]:
    yield _score(park, row, places)
    low, high = (_pick(places, "Scores", heading, row) for heading in ("Laagst mogelijk", "Hoogst mogelijk"))
    formula = f'=IF(ISNUMBER(C{row}),IF(AND({low}<=C{row},C{row}<={high}),"{RIGHT}","{WRONG}"),"{NONE}")'
    inside = park.score is None or (park.low or 0) <= park.score <= (park.high or 0)
    yield Check(formula, NONE if park.score is None else RIGHT if inside else WRONG)


class _Recount:
    """The whole score of a park once more: groups from cells, the total from groups."""

    def __init__(self, view: View, places: _Places) -> None:
        self._view, self._places = view, places
        method = view.assessment.parameters.method
        self._groups = [(family.score, family.score_name) for family in view.catalogue.families]
        self._powers = {name: float(power) for name, power in method.power.model_dump().items()}
        tree = structure(view.catalogue, method)
        self._weights = dict(zip(tree["code"], tree["weight"], strict=True))
        self._parents = dict(zip(tree["code"], tree["parent"], strict=True))
        size = len(self._groups)
        self._again = [chr(ord("D") + place) for place in range(size)]
        self._counted = [chr(ord("D") + size + place) for place in range(size)]
        self._total, self._sum, self._rank = (chr(ord("D") + 2 * size + place) for place in range(3))

    def row(self, park: Park, row: int, _: _Places) -> Iterator[Check]:
        """Every check of one park."""
        yield _score(park, row, self._places)
        again = [self._group_score(park, code) for code, _ in self._groups]
        scored = self._scored(park, again)
        counted = [self._counts_as(group, one, scored) for group, one in zip(park.groups, again, strict=True)]
        for letter, (code, _name), one in zip(self._again, self._groups, again, strict=True):
            yield Check(self._group_formula(code, letter, row), "" if one is None else one, array=True)
        for number, one in enumerate(counted):
            yield Check(self._counted_formula(number, row), "" if one is None else one)
        total, parts = self._total_outcome(park, counted), self._sum_outcome(park, counted)
        place = self._rank_outcome(park)
        yield Check(self._total_formula(row), total)
        yield Check(self._sum_formula(row), parts)
        yield Check(self._rank_formula(row), place)
        yield Check(self._verdict_formula(row), self._verdict(park, (total, parts), place))

    def _cells(self, park: Park, code: str) -> list[tuple[float, float]]:
        cells = self._view.cells_of(park.park_id)
        return [
            (float(self._weights[cell.indicator]), cell.points)
            for cell in cells
            if self._parents[cell.indicator] == code and cell.applicable and cell.points is not None
        ]

    def _group_score(self, park: Park, code: str) -> float | None:
        cells, power = self._cells(park, code), self._powers[code]
        weight = math.fsum(w for w, _ in cells)
        if not weight:
            return None
        if math.isinf(power):
            return max(value for _, value in cells)
        return float((math.fsum(w * value**power for w, value in cells) / weight) ** (1 / power))

    def _scored(self, park: Park, again: list[float | None]) -> float | None:
        """The weighted mean of the groups that have a score of their own."""
        own = [
            (float(self._weights[group.group]), one)
            for group, one in zip(park.groups, again, strict=True)
            if group.score is not None and one is not None
        ]
        weight = math.fsum(w for w, _ in own)
        return math.fsum(w * one for w, one in own) / weight if weight else None

    @staticmethod
    def _counts_as(group: GroupScore, again: float | None, scored: float | None) -> float | None:
        if group.score is not None:
            return again
        if scored is None or group.low is None or group.high is None:
            return None
        return median((group.low, scored, group.high))

    def _total_outcome(self, park: Park, counted: list[float | None]) -> float | str:
        if park.score is None:
            return NONE
        return median((park.low or 0.0, self._mean(counted), park.high or 0.0))

    def _mean(self, counted: list[float | None]) -> float:
        pairs = [
            (float(self._weights[code]), one)
            for (code, _), one in zip(self._groups, counted, strict=True)
            if one is not None
        ]
        return math.fsum(w * one for w, one in pairs) / math.fsum(w for w, _ in pairs)

    def _sum_outcome(self, park: Park, counted: list[float | None]) -> float | str:
        if park.score is None:
            return NONE
        own = math.fsum(cell.contribution or 0.0 for cell in self._view.cells_of(park.park_id))
        whole = math.fsum(float(self._weights[c]) for (c, _), one in zip(self._groups, counted, strict=True)
                          if one is not None)  # fmt: skip
        stand_in = math.fsum(
            float(self._weights[group.group]) * one / whole
            for group, one in zip(park.groups, counted, strict=True)
            if group.score is None and one is not None
        )
        return own + stand_in

    def _rank_outcome(self, park: Park) -> float | str:
        if park.score is None:
            return NONE
        return 1 + sum(1 for one in self._view.parks if one.score is not None and one.score > park.score + NOISE)

    @staticmethod
    def _verdict(park: Park, figures: tuple[float | str, ...], place: float | str) -> str:
        if park.score is None:
            return NONE
        near = all(isinstance(one, float) and abs(one - park.score) < TOLERANCE for one in figures)
        return RIGHT if near and place == park.rank else WRONG

    def _here(self, letter: str, row: int) -> str:
        """The cells of this row's park in the group that is named above this column."""
        ref = self._places.ref
        return f"({ref('Cellen', 'Terreincode')}=$A{row})*({ref('Cellen', 'Groep')}={letter}$2)"

    def _group_formula(self, code: str, letter: str, row: int) -> str:
        ref, here = self._places.ref, self._here(letter, row)
        figures = ref("Cellen", "Punten")
        known = f"SUM({here}*ISNUMBER({figures})*{ref('Cellen', 'Gewicht')})"
        value = f"IF(ISNUMBER({figures}),{figures},0)"
        power = self._powers[code]
        if math.isinf(power):
            return f'=IF({known}=0,"",MAX({here}*{value}))'
        exponent = self._of_group(letter, "Macht")
        whole = f"SUM({here}*{ref('Cellen', 'Gewicht')}*{value}^{exponent})"
        return f'=IF({known}=0,"",({whole}/{known})^(1/{exponent}))'

    def _of_group(self, letter: str, heading: str) -> str:
        """The weight or the exponent of the group that is named above this column."""
        ref = self._places.ref
        named = f'({ref("Gewichten", "Groep")}={letter}$2)*({ref("Gewichten", "Soort")}="groep")'
        return f"SUMPRODUCT({named},{ref('Gewichten', heading)})"

    def _in_groups(self, letter: str, row: int, heading: str) -> str:
        ref = self._places.ref
        here = f"({ref('Groepen', 'Terreincode')}=$A{row})*({ref('Groepen', 'Groep')}={letter}$2)"
        return f"SUMPRODUCT({here},{ref('Groepen', heading)})"

    def _is_scored(self, letter: str, row: int, heading: str = "Score") -> str:
        ref = self._places.ref
        here = f"({ref('Groepen', 'Terreincode')}=$A{row})*({ref('Groepen', 'Groep')}={letter}$2)"
        return f"SUMPRODUCT({here}*ISNUMBER({ref('Groepen', heading)}))"

    def _counted_formula(self, place: int, row: int) -> str:
        letter, again = self._counted[place], f"{self._again[place]}{row}"
        own = [f"{self._is_scored(one, row)}*{self._of_group(one, 'Gewicht')}" for one in self._again]
        values = "+".join(f"{w}*N({one}{row})" for w, one in zip(own, self._again, strict=True))
        scored = f"({values})/({'+'.join(own)})"
        low, high = (self._in_groups(letter, row, heading) for heading in ("Laagst mogelijk", "Hoogst mogelijk"))
        stand_in = (
            f'IF(OR({self._is_scored(letter, row, "Laagst mogelijk")}=0,{"+".join(own)}=0),"",'
            f"MEDIAN({low},{scored},{high}))"
        )
        return f"=IF({self._is_scored(letter, row)}>0,{again},{stand_in})"

    def _whole_weight(self, row: int) -> str:
        return "+".join(f"ISNUMBER({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted)

    def _total_formula(self, row: int) -> str:
        values = "+".join(f"N({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted)
        low, high = (_pick(self._places, "Scores", name, row) for name in ("Laagst mogelijk", "Hoogst mogelijk"))
        return f'=IF(ISNUMBER(C{row}),MEDIAN({low},({values})/({self._whole_weight(row)}),{high}),"{NONE}")'

    def _sum_formula(self, row: int) -> str:
        own = _pick(self._places, "Cellen", "Bijdrage aan totaal", row)
        stand_in = "+".join(
            f"({self._is_scored(one, row)}=0)*N({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted
        )
        return f'=IF(ISNUMBER(C{row}),{own}+({stand_in})/({self._whole_weight(row)}),"{NONE}")'

    def _rank_formula(self, row: int) -> str:
        scores = self._places.ref("Scores", "Score")
        # Text is more than any number, so only numbers are counted; the last bits of a sum make no difference.
        return f'=IF(ISNUMBER(C{row}),SUMPRODUCT(ISNUMBER({scores})*({scores}>C{row}+{NOISE:.9f}))+1,"{NONE}")'

    def _verdict_formula(self, row: int) -> str:
        near = [f"ABS({one}{row}-C{row})<{TOLERANCE:f}" for one in (self._total, self._sum)]
        same = f"{self._rank}{row}={_pick(self._places, 'Scores', 'Rang', row)}"
        return f'=IF(ISNUMBER(C{row}),IF(AND({",".join([*near, same])}),"{RIGHT}","{WRONG}"),"{NONE}")'


CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed moment, so that the file does not differ from day to day."""
HEADER_ROW = 2
WIDE_ENOUGH = 14
"""The width of a column in which something is not shown to this reader, and says so."""
A4 = 9
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_BASE = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_NUMBERS = {
    "whole": "0",
    "score": "0.0",
    # For a score that one decimal would carry across the border of its class.
    "fine": "0.0#######",
    "share": "0%",
    "frequency": "0.0%",
    "decimal": "0.0#",
}


def _looks() -> dict[str, dict[str, Any]]:
    look = theme()
    return {
        "title": {"bold": True, "font_size": 16, "font_color": look.main},
        "heading": {"bold": True, "font_size": 12, "font_color": look.main, "top": 1, "top_color": look.main},
        "loud": {"bold": True, "bg_color": look.loud, "font_color": look.ink, "text_wrap": True},
        "name": {"bold": True, "text_wrap": True},
        "plain": {"text_wrap": True},
        "banner": {"italic": True, "font_color": look.quiet},
        "group": {"italic": True, "font_color": look.quiet, "text_wrap": True},
        "column": {
            "bold": True,
            "font_color": look.paper,
            "bg_color": look.main,
            "text_wrap": True,
            "valign": "vcenter",
        },
        "unknown": {"bg_color": look.unknown, "align": "right", "bold": True},
        "withheld": {"align": "right", "italic": True, "font_color": look.quiet},
        "text": {"indent": 1},
    }


class _OwnFormulas(Worksheet):  # type: ignore[misc]
    """A sheet with our formulas, none of which uses a function of later than Excel 2007.

    xlsxwriter looks for thirty newer ones in each formula, a quarter of the time of the whole workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")


def write_scores(assessment: Assessment, path: Path | str) -> Path:
    """Write scores.xlsx for the assessment's audience; an existing file is replaced.

    Sheets: Leeswijzer, Scores, Groepen, Cellen, Oordelen, Gewichten, Methode, Controle.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_scores(assessment, "scores.xlsx").name
    'scores.xlsx'
    """
    view = view_of(assessment)
    target = Path(path)
    book = xlsxwriter.Workbook(str(target), dict(_SAFE))
    book.set_properties({"title": f"Scores bedrijventerreinen {assessment.municipality_name}", "created": CREATED})
    dressed = {**_looks(), **{name: {"num_format": shown} for name, shown in _NUMBERS.items()}}
    looks = {name: book.add_format({**_BASE, **look}) for name, look in dressed.items()}
    sheets = table_sheets(view)
    _write_guide(book.add_worksheet("Leeswijzer"), view, sheets, looks)
    for sheet in sheets:
        _write_table(book.add_worksheet(sheet.name), sheet, view, looks)
    _write_checks(book.add_worksheet("Controle", _OwnFormulas), view, sheets, looks)
    book.close()
    return target


def _write_guide(page: Worksheet, view: View, sheets: tuple[Sheet, ...], looks: dict[str, Format]) -> None:
    _dress(page, view)
    page.set_portrait()
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 88)
    for row, (name, text, look) in enumerate(guide(view, sheets)):
        page.write_string(row, 0, name, looks[look or "name"])
        if look != "title":
            page.write_string(row, 1, text, looks[look or "plain"])


def _write_table(page: Worksheet, sheet: Sheet, view: View, looks: dict[str, Format]) -> None:
    _dress(page, view)
    page.write_string(0, 0, _banner(view), looks["banner"])
    for column, heading in enumerate(sheet.columns):
        withheld = any(row[column] == NOT_SHOWN for row in sheet.rows)
        page.set_column(column, column, max(heading.width, WIDE_ENOUGH) if withheld else heading.width)
        page.write_string(HEADER_ROW, column, heading.heading, looks["column"])
    page.set_row(HEADER_ROW, 48 if len(sheet.columns) > 2 else 20)
    edges = view.assessment.parameters.method.edges
    for row, values in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for column, value in enumerate(values):
            _write(page, row, column, value, looks, _look(value, sheet.columns[column].kind, edges))
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(1, len(sheet.rows)), len(sheet.columns) - 1)
    page.freeze_panes(HEADER_ROW + 1, 0)
    page.repeat_rows(HEADER_ROW)


def _write_checks(page: Worksheet, view: View, sheets: tuple[Sheet, ...], looks: dict[str, Format]) -> None:
    """The scores once more, each cell a formula with its outcome."""
    _dress(page, view)
    page.write_string(0, 0, _banner(view), looks["banner"])
    columns = check_columns(view)
    for column, (width, heading) in enumerate(
        ((13, "Terreincode"), (30, "Terrein"), *((13, h) for _, h, _ in columns))
    ):
        page.set_column(column, column, width)
        page.write_string(HEADER_ROW, column, heading, looks["column"])
    page.set_row(1, 30)  # two lines, for the longest name of a group
    page.set_row(HEADER_ROW, 48)
    for column, (group, _, _) in enumerate(columns, start=2):
        page.write_string(1, column, group, looks["group"])
    places = {sheet.name: {one.heading: xl_col_to_name(n) for n, one in enumerate(sheet.columns)} for sheet in sheets}
    rows = tuple(check_rows(view, places, {sheet.name: len(sheet.rows) for sheet in sheets}))
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        page.write_string(number, 0, row.park_id, looks["text"])
        page.write_string(number, 1, row.name, looks["text"])
        for column, check in enumerate(row.checks, start=2):
            _write_check(
                page, number, column, check, looks["fine" if columns[column - 2][1] != "Rang opnieuw" else "whole"]
            )
    whole = verdict(xl_col_to_name(len(columns) + 1), rows)
    page.write_formula(1, 0, whole.formula, looks["name"], whole.outcome)
    page.freeze_panes(HEADER_ROW + 1, 2)
    page.repeat_rows(HEADER_ROW)


def _write_check(page: Worksheet, row: int, column: int, check: Check, look: Format) -> None:
    """A formula of ours; nothing in it comes from the data."""
    if check.array:
        page.write_array_formula(row, column, row, column, f"{{{check.formula}}}", look, check.outcome)
    else:
        page.write_formula(row, column, check.formula, look, check.outcome)


def _look(value: Value, kind: Kind, edges: tuple[float, ...]) -> str:
    """How a value is dressed: by its column, and what is no number in a column of numbers stands out."""
    if isinstance(value, str):
        return "text" if kind == "text" else "withheld" if value == NOT_SHOWN else "unknown"
    return "fine" if kind == "score" and value is not None and point_digits(value, edges) > 1 else kind


def _write(page: Worksheet, row: int, column: int, value: Value, looks: dict[str, Format], look: str) -> None:
    """Text as text and numbers as numbers; nothing is ever read as a formula."""
    if isinstance(value, str):
        page.write_string(row, column, value, looks[look])
    elif value is not None:
        page.write_number(row, column, value, looks[look])


def _banner(view: View) -> str:
    fictional = f"{FICTIONAL} · " if view.assessment.fictional else ""
    return f"{fictional}{SUSPICION} · {view.audience.label}"


def _dress(page: Worksheet, view: View) -> None:
    """How a sheet comes out of the printer: its labels on every page, its columns on one page wide."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    # A header holds 255 characters, and reads & as a command.
    page.set_header(f"&L&8{_banner(view).replace('&', '&&')[:240]}")
    page.set_footer(f"&L&8{view.assessment.municipality_name.replace('&', '&&')[:120]}&R&8blad &P van &N")
