"""scores.xlsx: every figure of an analysis to filter and sort, and the same bytes for the same input.

The sheets hold values only. On the last one, Controle, formulas of ours compute the scores once more from those
values, where the reader has what they are made of: they refer to cells, no text from the data stands in one, and rows
are found by their code, so that sorting a sheet changes nothing. Each is written with its outcome, so that a viewer
that does not calculate shows it too.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.rounds import Rounds
from werkbank.files.yaml import packaged
from werkbank.report import terms
from werkbank.report.tables import Column, Row, Table, Value, cell_weights, rounds_tables, tables_of, write_csvs
from werkbank.report.terms import spec, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, point_digits

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
_NUMBERS = ("whole", "points", "share", "frequency", "number")
_ESTIMATED = ("score", "class_told")
"""What looks otherwise where it is mostly estimated."""
_TOLERANCE = 1e-6
_NOISE = 1e-9
"""Scores that differ by the last bits of a sum are equal."""
_RIGHT, _WRONG, _NO_SCORE = "klopt", "verschil", "geen score"


class _OwnFormulas(Worksheet):  # type: ignore[misc]
    """A sheet with our formulas, none of which uses a function of later than Excel 2007.

    xlsxwriter looks for thirty newer ones in each formula, a quarter of the time of the whole workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")


@dataclass(frozen=True)
class _About:
    """What every sheet says of itself: its labels, whose it is, the borders of classes, whether cells are withheld."""

    labels: str
    name: str
    edges: tuple[float, ...] = ()
    coarse: bool = False


def write_scores(assessment: Assessment, path: Path | str) -> Path:
    """Write scores.xlsx for the assessment's audience; an existing file is replaced.

    Sheets: Leeswijzer, Scores, Groepen, Cellen, Oordelen, Plaatsen (for who may know), Gewichten, Methode, Controle.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_scores(assessment, "scores.xlsx").name
    'scores.xlsx'
    """
    view, target = view_of(assessment), Path(path)
    tables = [table for table in tables_of(view) if table.sheet and table.rows]
    banner = terms.labels(view.audience.label, fictional=assessment.fictional)
    about = _About(banner, assessment.municipality_name, assessment.parameters.method.class_borders, assessment.coarse)
    title = f"Scores bedrijventerreinen {assessment.municipality_name}"
    book, looks = _begun(target, title, _guide(view, tables), tables, about)
    if not assessment.coarse:
        _write_checks(book.add_worksheet("Controle", _OwnFormulas), view, tables, (about, looks))
    book.close()
    return target


def write_rounds(every: Sequence[Rounds], name: str, labels: str, folder: Path) -> None:
    """Write monitor.xlsx, the rounds of one municipality or more under one another, and the same as tidy tables."""
    tables, title = rounds_tables(every), words("rounds.page", where=name)
    lines = [(title, "", "title"), ("Let op", labels, ""), ("Gekozen", words("rounds.no_effect"), "")]
    sheets, guide = [table for table in tables if table.rows], [*lines, *_columns_told(tables)]
    _begun(folder / "monitor.xlsx", title, guide, sheets, _About(labels, name))[0].close()
    write_csvs(folder, [[(table, table.rows) for table in tables]])


def _begun(
    path: Path, title: str, guide: Iterable[tuple[str, str, str]], tables: Sequence[Table], about: _About
) -> tuple[xlsxwriter.Workbook, dict[str, Format]]:
    """A workbook with its guide and a sheet for each table, and the looks of its cells."""
    book = xlsxwriter.Workbook(str(path), dict(_SAFE))
    book.set_properties({"title": title, "created": CREATED})
    colours, looks = theme(), dict[str, Format]()
    for name, look in packaged(__file__, "workbook.yaml").items():
        own = {key: getattr(colours, value) if key.endswith("color") else value for key, value in look.items()}
        looks[name] = book.add_format({"font_name": "Calibri", "font_size": 11, "valign": "top", **own})
    _write_guide(book.add_worksheet("Leeswijzer"), guide, about, looks)
    for table in tables:
        _write_table(book.add_worksheet(table.sheet), table, about, looks)
    return book, looks


def _write_guide(
    page: Worksheet, guide: Iterable[tuple[str, str, str]], about: _About, looks: Mapping[str, Format]
) -> None:
    _dress(page, about)
    page.set_portrait()
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 88)
    for row, (name, text, look) in enumerate(guide):
        page.write_string(row, 0, name, looks[look or "name"])
        if look != "title":
            page.write_string(row, 1, text, looks[look or "plain"])


def _guide(view: View, tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    """The lines of the first sheet: labels, legal basis, and every column explained (heading, text, look)."""
    assessment = view.assessment
    yield f"Scores bedrijventerreinen {assessment.municipality_name}", "", "title"
    if assessment.fictional:
        yield terms.FICTIONAL, "Deze gegevens zijn verzonnen.", "loud"
    yield "Rubricering", view.audience.label, ""
    yield "Let op", f"{terms.SUSPICION}. Een score is geen bewijs. Mensen kiezen, niet de werkbank.", ""
    yield "Grondslag", terms.legal_basis_line(assessment.legal_basis), ""
    for party in view.missing:
        told = "Deze partij leverde geen werkmap en telt nergens mee."
        yield f"Ontbreekt: {view.party_name(party)}", told, "loud"
    yield "Onbekend", words("workbook.coarse" if assessment.coarse else "workbook.unknown", unknown=terms.UNKNOWN), ""
    if assessment.coarse:
        yield "Afgerond", terms.ROUNDED, ""
        yield capital(terms.NOT_SHOWN), terms.not_here("Deze cijfers"), ""
    yield from _columns_told(tables)
    if not assessment.coarse:
        yield "Blad Controle", "", "heading"
        yield from ((heading, meaning, "") for _, heading, meaning in _check_columns(view))


def _columns_told(tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    for table in tables:
        yield f"Blad {table.sheet}", "", "heading"
        for column in table.columns_for("sheet"):
            yield column.heading, column.told(terms.UNKNOWN, terms.NOT_APPLICABLE), ""


def _write_table(page: Worksheet, table: Table, about: _About, looks: Mapping[str, Format]) -> None:
    columns = table.columns_for("sheet")
    _head(page, about, looks, 48 if len(columns) > 2 else 20)
    for place, column in enumerate(columns):
        withheld = about.coarse and column.name in table.withheld
        values = [_printed(row, column, withheld=withheld) for row in table.rows]
        # Wide enough for the words that something is not shown.
        page.set_column(place, place, max(column.width, 14) if terms.NOT_SHOWN in values else column.width)
        page.write_string(HEADER_ROW, place, column.heading, looks["column"])
        for row, value in enumerate(values, start=HEADER_ROW + 1):
            look = _look(value, column, about.edges)
            unsure = column.name in _ESTIMATED and table.rows[row - HEADER_ROW - 1].get("mostly_estimated")
            _write(page, row, place, value, looks[f"{look} estimated" if unsure else look])
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(1, len(table.rows)), len(columns) - 1)
    page.freeze_panes(HEADER_ROW + 1, 0)


def _printed(row: Row, column: Column, *, withheld: bool) -> Value:
    """A value as a person reads it; a sign where there is none, or that this reader does not get it."""
    value: Value = row[column.name]
    if value is not None:
        return ("ja" if value else "nee") if column.kind == "truth" else value
    applies = row.get("applicable", 1)
    if withheld and applies:
        return terms.NOT_SHOWN
    return (column.absent if applies else terms.NOT_APPLICABLE) if column.absent else None


def _look(value: Value, column: Column, edges: tuple[float, ...]) -> str:
    """How a value is dressed: by its column, and what is no number in a column of numbers stands out."""
    if isinstance(value, str):
        return "text" if column.kind not in _NUMBERS else "withheld" if value == terms.NOT_SHOWN else "unknown"
    if column.kind == "points" and value is not None and point_digits(value, edges) > 1:
        return "fine"
    return column.kind if column.kind in _NUMBERS else "text"


def _write(page: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    """Text as text and numbers as numbers; nothing is ever read as a formula."""
    if isinstance(value, str):
        page.write_string(row, column, value, look)
    elif value is not None:
        page.write_number(row, column, value, look)


def _head(page: Worksheet, about: _About, looks: Mapping[str, Format], height: float) -> None:
    _dress(page, about)
    page.write_string(0, 0, about.labels, looks["banner"])
    page.set_row(HEADER_ROW, height)
    page.repeat_rows(HEADER_ROW)


def _dress(page: Worksheet, about: _About) -> None:
    """How a sheet comes out of the printer: its labels on every page, its columns on one page wide."""
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    # A header holds 255 characters, and reads & as a command.
    page.set_header(f"&L&8{about.labels.replace('&', '&&')[:240]}")
    page.set_footer(f"&L&8{about.name.replace('&', '&&')[:120]}&R&8blad &P van &N")


def _write_checks(
    page: Worksheet, view: View, tables: Sequence[Table], how: tuple[_About, Mapping[str, Format]]
) -> None:
    """The scores once more, each cell a formula with its outcome."""
    about, looks = how
    _head(page, about, looks, 48)
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
        checks = zip(recount.checks(park, row), columns, strict=True)
        for place, ((formula, outcome), (_, heading, _)) in enumerate(checks, start=2):
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
    groups = [family.score_name for family in view.catalogue.families]
    return tuple(
        (group, heading.format(group=group), meaning)
        for heading, meaning in spec("checks").items()
        for group in (groups if "{group}" in heading else [""])
    )


Check = tuple[str, float | str]
"""A formula with its outcome."""

# In these formulas [Blad!Kop] is a whole column of values, «Blad!Kop» the figure of this row's park on a sheet with one
# row per park, where text counts as 0; {row} is this row, {at} the column below whose name of a group something stands.
_REFERENCE = re.compile(r"\[(\w+)!([^\]]+)\]")
_OF_PARK = re.compile(r"«(\w+)!([^»]+)»")
_SCORE = 'IF(SUMPRODUCT(([Scores!Terreincode]=$A{row})*ISNUMBER([Scores!Score]))>0,«Scores!Score»,"geen score")'
_SCORED = 'IF(ISNUMBER(C{row}),%s,"geen score")'
_OF_GROUP = 'SUMPRODUCT(([Gewichten!Groep]={at}$2)*([Gewichten!Soort]="groep"),[Gewichten!%s])'
_WEIGHT, _POWER = _OF_GROUP % "Gewicht", _OF_GROUP % "Macht"
_CELLS = "([Cellen!Terreincode]=$A{row})*([Cellen!Groep]={at}$2)*ISNUMBER([Cellen!Telt als])"
_POINTS = "IF(ISNUMBER([Cellen!Telt als]),[Cellen!Telt als],0)"
_COUNTING = f"SUM({_CELLS}*[Cellen!Gewicht])"
_HIGHEST = f'IF({_COUNTING}=0,"",MAX({_CELLS}*{_POINTS}))'
_POWER_MEAN = f'IF({_COUNTING}=0,"",(SUM({_CELLS}*[Cellen!Gewicht]*{_POINTS}^{_POWER})/{_COUNTING})^(1/{_POWER}))'
_UNKNOWN = "([Cellen!Terreincode]=$A{row})*ISNUMBER([Cellen!Telt als])*NOT(ISNUMBER([Cellen!Punten]))"
# Text is more than any number, so only numbers are counted; the last bits of a sum make no difference.
_PLACE = _SCORED % f"SUMPRODUCT(ISNUMBER([Scores!Score])*([Scores!Score]>C{{row}}+{_NOISE:.9f}))+1"


@dataclass(frozen=True)
class _Recount:
    """The checks of each park: formulas over the columns of the other sheets, each with what it gives."""

    view: View
    tables: Sequence[Table]

    @cached_property
    def again(self) -> dict[str, str]:
        """Heading → the letter of the column in which a group's score is computed again."""
        names = [f"{family.score_name} opnieuw" for family in self.view.catalogue.families]
        return {name: chr(ord("D") + place) for place, name in enumerate(names)}

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

    def _formula(self, text: str, row: int, at: str = "") -> str:
        spelled = _OF_PARK.sub(r"SUMPRODUCT(--([\1!Terreincode]=$A{row}),[\1!\2])", text)
        filled = spelled.replace("{row}", str(row)).replace("{at}", at)
        return f"={_REFERENCE.sub(lambda found: self._columns[found[1], found[2]], filled)}"

    def checks(self, park: Park, row: int) -> Iterator[Check]:
        """The score of a park again: its groups from its cells, the total from its groups, its place."""
        yield self._formula(_SCORE, row), _NO_SCORE if park.score is None else park.score
        letters, powers = list(self.again.values()), self.view.assessment.parameters.method.power.model_dump()
        for group, letter in zip(park.groups, letters, strict=True):
            text = _HIGHEST if math.isinf(powers[group.group]) else _POWER_MEAN
            yield self._formula(text, row, letter), "" if group.score is None else group.score

        def summed(each: str) -> str:
            """The same of every group, added up."""
            return "+".join(each.replace("{at}", at) for at in letters)

        total, parts, estimated, place = (f"{chr(ord(letters[-1]) + step)}{{row}}" for step in (1, 2, 3, 4))
        pairs = ((total, "C{row}"), (parts, "C{row}"), (estimated, "«Scores!Waarvan geschat»"))
        near = ",".join(f"ABS({one}-{other})<{_TOLERANCE:f}" for one, other in pairs)
        texts = (
            _SCORED % f"({summed(f'N({{at}}{{row}})*{_WEIGHT}')})/({summed(f'ISNUMBER({{at}}{{row}})*{_WEIGHT}')})",
            _SCORED % "«Cellen!Bijdrage aan totaal»",
            _SCORED % f"SUMPRODUCT({_UNKNOWN},[Cellen!Bijdrage aan totaal])",
            _PLACE,
            _SCORED % f'IF(AND({near},{place}=«Scores!Rang»),"klopt","verschil")',
        )
        yield from zip((self._formula(text, row) for text in texts), self._totals(park), strict=True)

    def _totals(self, park: Park) -> tuple[float | str, ...]:
        """The total, the sum of the contributions, what is estimated, the place, and whether the sheets say so."""
        if park.score is None:
            return (_NO_SCORE,) * 5
        known = [(self._weights[one.group], one.score) for one in park.groups if one.score is not None]
        total = math.fsum(weight * score for weight, score in known) / math.fsum(weight for weight, _ in known)
        cells = self.view.cells_of(park.park_id)
        parts = math.fsum(cell.contribution or 0.0 for cell in cells)
        estimated = math.fsum(cell.contribution or 0.0 for cell in cells if not cell.known)
        place = 1 + sum(one.score is not None and one.score > park.score + _NOISE for one in self.view.parks)
        pairs = ((total, park.score), (parts, park.score), (estimated, park.estimated or 0.0))
        near = all(abs(one - other) < _TOLERANCE for one, other in pairs)
        return total, parts, estimated, place, _RIGHT if near and place == park.rank else _WRONG
