"""scores.xlsx: every figure of an analysis to filter and sort, and the same bytes for the same input.

The sheets hold values only. On the last one, Controle, formulas of ours compute the scores once more from those
values: they refer to cells, no text from the data stands in one, and rows are found by their code, so that sorting a
sheet changes nothing. Each is written with its outcome, so that a viewer that does not calculate shows it too.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from werkbank.assessment.flow import Assessment
from werkbank.report.tables import Column, Row, Table, Value, cell_weights, tables_of
from werkbank.report.terms import (
    FICTIONAL,
    NOT_APPLICABLE,
    NOT_SHOWN,
    ROUNDED,
    SUSPICION,
    UNKNOWN,
    legal_basis_line,
    not_here,
)
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, point_digits

__all__ = ["write_scores"]

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed moment, so that the file does not differ from day to day."""
HEADER_ROW = 2
_FIRST = HEADER_ROW + 2
"""The first row with values on every sheet, counted from 1."""
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_NUMBERS = {
    "whole": "0",
    "points": "0.0",
    # For a score that one decimal would carry across the border of its class.
    "fine": "0.0#######",
    "share": "0%",
    "frequency": "0.0%",
    "number": "0.0#",
}
_TOLERANCE = 1e-6
_NOISE = 1e-9
"""Scores that differ by the last bits of a sum are equal."""
_RIGHT, _WRONG, _NO_SCORE = "klopt", "verschil", "geen score"


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
        "column": {"bold": True, "font_color": look.paper, "bg_color": look.main, "text_wrap": True,
                   "valign": "vcenter"},
        "unknown": {"bg_color": look.unknown, "align": "right", "bold": True},
        "withheld": {"align": "right", "italic": True, "font_color": look.quiet},
        "text": {"indent": 1},
        **{name: {"num_format": shown} for name, shown in _NUMBERS.items()},
    }  # fmt: skip


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
    view, target = view_of(assessment), Path(path)
    book = xlsxwriter.Workbook(str(target), dict(_SAFE))
    book.set_properties({"title": f"Scores bedrijventerreinen {assessment.municipality_name}", "created": CREATED})
    common = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    looks = {name: book.add_format({**common, **look}) for name, look in _looks().items()}
    tables = [table for table in tables_of(view) if table.sheet]
    _write_guide(book.add_worksheet("Leeswijzer"), view, tables, looks)
    for table in tables:
        _write_table(book.add_worksheet(table.sheet), table, view, looks)
    _write_checks(book.add_worksheet("Controle", _OwnFormulas), view, tables, looks)
    book.close()
    return target


def _write_guide(page: Worksheet, view: View, tables: Sequence[Table], looks: Mapping[str, Format]) -> None:
    _dress(page, view)
    page.set_portrait()
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 88)
    for row, (name, text, look) in enumerate(_guide(view, tables)):
        page.write_string(row, 0, name, looks[look or "name"])
        if look != "title":
            page.write_string(row, 1, text, looks[look or "plain"])


def _guide(view: View, tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    """The lines of the first sheet: labels, legal basis, and every column explained (heading, text, look)."""
    assessment = view.assessment
    yield f"Scores bedrijventerreinen {assessment.municipality_name}", "", "title"
    if assessment.fictional:
        yield FICTIONAL, "Deze gegevens zijn verzonnen.", "loud"
    yield "Rubricering", view.audience.label, ""
    yield "Let op", f"{SUSPICION}. Een score is geen bewijs. Mensen kiezen, niet de werkbank.", ""
    yield "Grondslag", legal_basis_line(assessment.legal_basis), ""
    for party in view.missing:
        told = "Deze partij leverde geen werkmap en telt nergens mee."
        yield f"Ontbreekt: {view.party_name(party)}", told, "loud"
    yield "Onbekend", f"Een {UNKNOWN} is onbekend of te weinig bekend. Het is nooit 0.", ""
    if assessment.coarse:
        yield "Afgerond", ROUNDED, ""
        yield capital(NOT_SHOWN), not_here("Deze cijfers"), ""
    for table in tables:
        yield f"Blad {table.sheet}", "", "heading"
        for column in table.columns_for("sheet"):
            yield column.heading, column.told(UNKNOWN, NOT_APPLICABLE), ""
    yield "Blad Controle", "", "heading"
    for _, heading, meaning in _check_columns(view):
        yield heading, meaning, ""


def _write_table(page: Worksheet, table: Table, view: View, looks: Mapping[str, Format]) -> None:
    columns = table.columns_for("sheet")
    _head(page, view, looks, 48 if len(columns) > 2 else 20)
    edges = view.assessment.parameters.method.edges
    for place, column in enumerate(columns):
        withheld = view.assessment.coarse and column.name in table.withheld
        values = [_printed(row, column, withheld=withheld) for row in table.rows]
        # Wide enough for the words that something is not shown.
        page.set_column(place, place, max(column.width, 14) if NOT_SHOWN in values else column.width)
        page.write_string(HEADER_ROW, place, column.heading, looks["column"])
        for row, value in enumerate(values, start=HEADER_ROW + 1):
            _write(page, row, place, value, looks[_look(value, column, edges)])
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(1, len(table.rows)), len(columns) - 1)
    page.freeze_panes(HEADER_ROW + 1, 0)


def _printed(row: Row, column: Column, *, withheld: bool) -> Value:
    """A value as a person reads it; a sign where there is none, or that this reader does not get it."""
    value: Value = row[column.name]
    if value is not None:
        return ("ja" if value else "nee") if column.kind == "truth" else value
    applies = row.get("applicable", 1)
    if withheld and applies:
        return NOT_SHOWN
    return (column.absent if applies else NOT_APPLICABLE) if column.absent else None


def _look(value: Value, column: Column, edges: tuple[float, ...]) -> str:
    """How a value is dressed: by its column, and what is no number in a column of numbers stands out."""
    if isinstance(value, str):
        return "text" if column.kind not in _NUMBERS else "withheld" if value == NOT_SHOWN else "unknown"
    if column.kind == "points" and value is not None and point_digits(value, edges) > 1:
        return "fine"
    return column.kind if column.kind in _NUMBERS else "text"


def _write(page: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    """Text as text and numbers as numbers; nothing is ever read as a formula."""
    if isinstance(value, str):
        page.write_string(row, column, value, look)
    elif value is not None:
        page.write_number(row, column, value, look)


def _banner(view: View) -> str:
    fictional = f"{FICTIONAL} · " if view.assessment.fictional else ""
    return f"{fictional}{SUSPICION} · {view.audience.label}"


def _head(page: Worksheet, view: View, looks: Mapping[str, Format], height: float) -> None:
    _dress(page, view)
    page.write_string(0, 0, _banner(view), looks["banner"])
    page.set_row(HEADER_ROW, height)
    page.repeat_rows(HEADER_ROW)


def _dress(page: Worksheet, view: View) -> None:
    """How a sheet comes out of the printer: its labels on every page, its columns on one page wide."""
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    # A header holds 255 characters, and reads & as a command.
    page.set_header(f"&L&8{_banner(view).replace('&', '&&')[:240]}")
    page.set_footer(f"&L&8{view.assessment.municipality_name.replace('&', '&&')[:120]}&R&8blad &P van &N")


def _write_checks(page: Worksheet, view: View, tables: Sequence[Table], looks: Mapping[str, Format]) -> None:
    """The scores once more, each cell a formula with its outcome."""
    _head(page, view, looks, 48)
    columns = _check_columns(view)
    page.set_row(1, 30)  # two lines, for the longest name of a group
    widths = (13, 30, *(13 for _ in columns))
    for place, (width, heading) in enumerate(
        zip(widths, ("Terreincode", "Terrein", *(one[1] for one in columns)), strict=True)
    ):
        page.set_column(place, place, width)
        page.write_string(HEADER_ROW, place, heading, looks["column"])
    for place, (group, _, _) in enumerate(columns, start=2):
        page.write_string(1, place, group, looks["group"])
    recount = _Recount(view, tables)
    wrong = False
    for row, park in enumerate(view.parks, start=_FIRST):
        page.write_string(row - 1, 0, park.park_id, looks["text"])
        page.write_string(row - 1, 1, park.name, looks["text"])
        checks = recount.bounds(park, row) if view.assessment.coarse else recount.whole(park, row)
        for place, ((formula, outcome), (_, heading, _)) in enumerate(zip(checks, columns, strict=True), start=2):
            look = looks["whole" if heading == "Rang opnieuw" else "fine"]
            if heading in recount.again:
                page.write_array_formula(row - 1, place, row - 1, place, f"{{{formula}}}", look, outcome)
            else:
                page.write_formula(row - 1, place, formula, look, outcome)
        wrong = wrong or outcome == _WRONG
    letter, last = xl_col_to_name(len(columns) + 1), _FIRST - 1 + max(1, len(view.parks))
    formula = f'=IF(COUNTIF(${letter}${_FIRST}:${letter}${last},"{_WRONG}")=0,"Alles klopt","Er is een verschil")'
    page.write_formula(1, 0, formula, looks["name"], "Er is een verschil" if wrong else "Alles klopt")
    page.freeze_panes(HEADER_ROW + 1, 2)


def _check_columns(view: View) -> tuple[tuple[str, str, str], ...]:
    """Per column of checks: the group it is about (or ""), its heading, and what it means."""
    score = ("", "Score", "de score op het blad Scores")
    if view.assessment.coarse:
        told = "of de score tussen de laagst en de hoogst mogelijke ligt"
        return score, ("", "Binnen de grenzen", told)
    groups = [family.score_name for family in view.catalogue.families]
    counts = "de deelscore, of wat ervoor in de plaats komt als die er niet is"
    return (
        score,
        *((name, f"{name} opnieuw", "uit de punten en gewichten op het blad Cellen") for name in groups),
        *((name, f"{name} telt als", counts) for name in groups),
        ("", "Totaal opnieuw", "uit de deelscores en de gewichten op het blad Gewichten, binnen de grenzen"),
        ("", "Som van de bijdragen", "van de cellen, en van groepen zonder eigen score"),
        ("", "Rang opnieuw", "plaats onder de scores op het blad Scores"),
        ("", "Oordeel", "klopt als totaal, som en rang gelijk zijn aan wat er staat"),
    )


Check = tuple[str, float | str]
"""A formula with its outcome."""


@dataclass(frozen=True)
class _Recount:
    """The checks of each park: formulas over the columns of the other sheets, outcomes by the scoring functions."""

    view: View
    tables: Sequence[Table]

    @cached_property
    def again(self) -> dict[str, str]:
        """Heading → the letter of the column in which a group's score is computed again."""
        names = [f"{family.score_name} opnieuw" for family in self.view.catalogue.families]
        return {name: chr(ord("D") + place) for place, name in enumerate(names)}

    @cached_property
    def _counted(self) -> list[str]:
        """The letters of the columns with what each group counts as."""
        return [chr(ord(letter) + len(self.again)) for letter in self.again.values()]

    @cached_property
    def _columns(self) -> dict[tuple[str, str], str]:
        """Sheet and heading → the whole column of values, as an absolute reference."""
        found = {}
        for table in self.tables:
            last = _FIRST - 1 + max(1, len(table.rows))
            for place, column in enumerate(table.columns_for("sheet")):
                letter = xl_col_to_name(place)
                found[table.sheet, column.heading] = f"{table.sheet}!${letter}${_FIRST}:${letter}${last}"
        return found

    @cached_property
    def _weights(self) -> dict[str, float]:
        return cell_weights(self.view)

    def bounds(self, park: Park, row: int) -> Iterator[Check]:
        """All that can be checked of rounded scores: that they lie between their bounds."""
        yield self._score(park, row)
        low, high = (self._of_park("Scores", heading, row) for heading in ("Laagst mogelijk", "Hoogst mogelijk"))
        inside = park.score is None or (park.low or 0) <= park.score <= (park.high or 0)
        formula = f'IF(AND({low}<=C{row},C{row}<={high}),"{_RIGHT}","{_WRONG}")'
        yield _if_scored(formula, row), _NO_SCORE if park.score is None else _RIGHT if inside else _WRONG

    def whole(self, park: Park, row: int) -> Iterator[Check]:
        """The score of a park again: its groups from its cells, the total from its groups, its place."""
        yield self._score(park, row)
        again = [self._group(park, group.group) for group in park.groups]
        for group, letter, found in zip(park.groups, self.again.values(), again, strict=True):
            yield self._group_formula(group.group, letter, row), "" if found is None else found
        counted = self._counts_as(park, again)
        for place, found in enumerate(counted):
            yield self._counted_formula(place, row), "" if found is None else found
        figures = self._totals(park, counted)
        total, parts, place_letter = (chr(ord(self._counted[-1]) + step) for step in (1, 2, 3))
        formulas = (self._total_formula(row), self._sum_formula(row), self._rank_formula(row))
        yield from zip(formulas, figures or (_NO_SCORE,) * 3, strict=True)
        near = [f"ABS({letter}{row}-C{row})<{_TOLERANCE:f}" for letter in (total, parts)]
        same = f"{place_letter}{row}={self._of_park('Scores', 'Rang', row)}"
        formula = f'IF(AND({",".join([*near, same])}),"{_RIGHT}","{_WRONG}")'
        yield _if_scored(formula, row), self._verdict(park, figures)

    def _score(self, park: Park, row: int) -> Check:
        here = f"({self._columns['Scores', 'Terreincode']}=$A{row})"
        known = f"SUMPRODUCT({here}*ISNUMBER({self._columns['Scores', 'Score']}))>0"
        formula = f'=IF({known},{self._of_park("Scores", "Score", row)},"{_NO_SCORE}")'
        return formula, _NO_SCORE if park.score is None else park.score

    # The outcomes.

    def _group(self, park: Park, code: str) -> float | None:
        groups = {family.id: family.score for family in self.view.catalogue.families}
        known = [
            (self._weights[cell.indicator], cell.points)
            for cell in self.view.cells_of(park.park_id)
            if cell.applicable
            and cell.points is not None
            and groups[self.view.catalogue.indicator(cell.indicator).family] == code
        ]
        return _mean(known, float(self.view.assessment.parameters.method.power.model_dump()[code]))

    def _counts_as(self, park: Park, again: Sequence[float | None]) -> list[float | None]:
        """A group without a score of its own counts as the others do on average, within its own bounds."""
        pairs = list(zip(park.groups, again, strict=True))
        own = [(self._weights[group.group], one) for group, one in pairs if group.score is not None]
        scored = _mean([(weight, one) for weight, one in own if one is not None])
        return [
            one
            if group.score is not None
            else None
            if scored is None or group.low is None or group.high is None
            else median((group.low, scored, group.high))
            for group, one in pairs
        ]

    def _totals(self, park: Park, counted: Sequence[float | None]) -> list[float] | None:
        """The total, the sum of the contributions and the place; None without a score."""
        if park.score is None:
            return None
        weighed = [(self._weights[group.group], one) for group, one in zip(park.groups, counted, strict=True)]
        known = [(weight, one) for weight, one in weighed if one is not None]
        whole = math.fsum(weight for weight, _ in known)
        own = math.fsum(cell.contribution or 0.0 for cell in self.view.cells_of(park.park_id))
        standing = math.fsum(
            weight * one / whole
            for group, (weight, one) in zip(park.groups, weighed, strict=True)
            if group.score is None and one is not None
        )
        scores = (one.score for one in self.view.parks if one.score is not None)
        place = 1 + sum(1 for score in scores if score > park.score + _NOISE)
        return [median((park.low or 0.0, _mean(known) or 0.0, park.high or 0.0)), own + standing, place]

    @staticmethod
    def _verdict(park: Park, figures: list[float] | None) -> str:
        if park.score is None or figures is None:
            return _NO_SCORE
        *sums, place = figures
        near = all(abs(one - park.score) < _TOLERANCE for one in sums)
        return _RIGHT if near and place == park.rank else _WRONG

    # The formulas.

    def _of_park(self, sheet: str, heading: str, row: int) -> str:
        """The figure of this row's park on a sheet with one row per park; text counts as 0."""
        return f"SUMPRODUCT(--({self._columns[sheet, 'Terreincode']}=$A{row}),{self._columns[sheet, heading]})"

    def _of_group(self, letter: str, heading: str) -> str:
        """The weight or the exponent of the group that is named above this column."""
        groups, sort = self._columns["Gewichten", "Groep"], self._columns["Gewichten", "Soort"]
        return f'SUMPRODUCT(({groups}={letter}$2)*({sort}="groep"),{self._columns["Gewichten", heading]})'

    def _here(self, sheet: str, letter: str, row: int) -> str:
        """The rows of this row's park and of the group that is named above this column."""
        return f"({self._columns[sheet, 'Terreincode']}=$A{row})*({self._columns[sheet, 'Groep']}={letter}$2)"

    def _has(self, letter: str, row: int, heading: str = "Score") -> str:
        return f"SUMPRODUCT({self._here('Groepen', letter, row)}*ISNUMBER({self._columns['Groepen', heading]}))"

    def _group_formula(self, code: str, letter: str, row: int) -> str:
        here, points = self._here("Cellen", letter, row), self._columns["Cellen", "Punten"]
        weight = self._columns["Cellen", "Gewicht"]
        known = f"SUM({here}*ISNUMBER({points})*{weight})"
        value = f"IF(ISNUMBER({points}),{points},0)"
        if math.isinf(self.view.assessment.parameters.method.power.model_dump()[code]):
            return f'=IF({known}=0,"",MAX({here}*{value}))'
        exponent = self._of_group(letter, "Macht")
        return f'=IF({known}=0,"",(SUM({here}*{weight}*{value}^{exponent})/{known})^(1/{exponent}))'

    def _counted_formula(self, place: int, row: int) -> str:
        letters = list(self.again.values())
        own = [f"{self._has(one, row)}*{self._of_group(one, 'Gewicht')}" for one in letters]
        values = "+".join(f"{weight}*N({one}{row})" for weight, one in zip(own, letters, strict=True))
        letter, known = self._counted[place], "+".join(own)
        here = self._here("Groepen", letter, row)
        low, high = (
            f"SUMPRODUCT({here},{self._columns['Groepen', heading]})"
            for heading in ("Laagst mogelijk", "Hoogst mogelijk")
        )
        standing = (
            f'IF(OR({self._has(letter, row, "Laagst mogelijk")}=0,{known}=0),"",'
            f"MEDIAN({low},({values})/({known}),{high}))"
        )
        return f"=IF({self._has(letter, row)}>0,{letters[place]}{row},{standing})"

    def _whole_weight(self, row: int) -> str:
        return "+".join(f"ISNUMBER({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted)

    def _total_formula(self, row: int) -> str:
        values = "+".join(f"N({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted)
        low, high = (self._of_park("Scores", name, row) for name in ("Laagst mogelijk", "Hoogst mogelijk"))
        return _if_scored(f"MEDIAN({low},({values})/({self._whole_weight(row)}),{high})", row)

    def _sum_formula(self, row: int) -> str:
        own = self._of_park("Cellen", "Bijdrage aan totaal", row)
        standing = "+".join(
            f"({self._has(one, row)}=0)*N({one}{row})*{self._of_group(one, 'Gewicht')}" for one in self._counted
        )
        return _if_scored(f"{own}+({standing})/({self._whole_weight(row)})", row)

    def _rank_formula(self, row: int) -> str:
        scores = self._columns["Scores", "Score"]
        # Text is more than any number, so only numbers are counted; the last bits of a sum make no difference.
        return _if_scored(f"SUMPRODUCT(ISNUMBER({scores})*({scores}>C{row}+{_NOISE:.9f}))+1", row)


def _if_scored(formula: str, row: int) -> str:
    return f'=IF(ISNUMBER(C{row}),{formula},"{_NO_SCORE}")'


def _mean(pairs: Sequence[tuple[float, float]], power: float = 1.0) -> float | None:
    """The weighted power mean of what is known, computed apart from the scores it checks."""
    weight = math.fsum(weight for weight, _ in pairs)
    if not weight:
        return None
    if math.isinf(power):
        return max(value for _, value in pairs)
    return float((math.fsum(weight * value**power for weight, value in pairs) / weight) ** (1 / power))
