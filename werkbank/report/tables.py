"""The figures of an analysis as typed tables: one row per park, group, cell or judgement, for Excel and as tidy CSV.

A table holds what is so, with codes beside their Dutch words, and nothing where there is no figure. `workbook` prints
it on a sheet; here it is written for machines and for who opens it by a double click: UTF-8, commas, decimal points,
an empty field where there is no figure. Every row carries its labels, for a table is easily taken out of its folder.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from werkbank.advice.scorecard import structure
from werkbank.assessment.flow import Assessment
from werkbank.report.evidence import signs
from werkbank.report.method_page import facts
from werkbank.report.terms import (
    FICTIONAL,
    NOT_APPLICABLE,
    QUADRANT,
    STRENGTH,
    SUSPICION,
    UNKNOWN,
    class_name,
    legal_basis_line,
    level_text,
    one_or_some,
)
from werkbank.report.together.value import DistrictAnalysis
from werkbank.report.view import Cell, GroupScore, Park, View, view_of
from werkbank.settings.entries import Indicator

__all__ = ["Column", "Table", "Value", "cell_weights", "tables_of", "write_district_tables", "write_tables"]

Value = str | int | float | None
Row = Mapping[str, Any]
Kind = Literal["text", "whole", "points", "share", "frequency", "number", "truth", "date"]
Place = Literal["both", "sheet", "csv"]

FOLDER = "tabellen"
ABOUT_DISTRICT = ("terreinen", "deelscores", "fenomenen")
"""Cells and judgements stay with the municipality they are of."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these, the full-width ones included, a spreadsheet takes text for a formula (OWASP ASVS 1.2.10)."""
STATES = {"level": "ingevuld", "unknown": "onbekend", "not_applicable": "niet van toepassing", "open": "leeg"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for machines and in Dutch, how its values are printed, how wide it is, what it means.

    In the meaning `{unknown}` and `{none}` stand for what is printed where there is no figure; `absent` is which of
    the two a sheet prints, nothing when empty.
    """

    name: str
    heading: str
    kind: Kind
    width: int
    meaning: str
    absent: str = ""
    place: Place = "both"

    def told(self, unknown: str, none: str) -> str:
        """What it means, with the signs of the place where it is read."""
        return self.meaning.format(unknown=unknown, none=none)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same sort; `file` and `sheet` are where they are written, `withheld` what some readers do not get."""

    file: str
    sheet: str
    rows_are: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    withheld: frozenset[str] = frozenset()

    def columns_for(self, place: Place) -> tuple[Column, ...]:
        """The columns of a sheet or of a CSV."""
        return tuple(column for column in self.columns if column.place in ("both", place))


_PARK = (
    Column("park_id", "Terreincode", "text", 13, "code van het terrein in het register"),
    Column("park", "Terrein", "text", 30, "naam van het terrein"),
)
_INDICATOR = (
    *_PARK,
    Column("indicator", "Indicator", "text", 10, "code van de indicator in de catalogus"),
    Column("indicator_name", "Naam indicator", "text", 42, "naam van de indicator"),
)
_BOUNDS = (
    Column("score", "Score", "points", 9, "0 tot 100, hoger is slechter; {unknown} = te weinig bekend", UNKNOWN),
    Column("low", "Laagst mogelijk", "points", 10, "de score als alles wat onbekend is gunstig blijkt", NOT_APPLICABLE),
    Column(
        "high", "Hoogst mogelijk", "points", 10, "de score als alles wat onbekend is ongunstig blijkt", NOT_APPLICABLE
    ),
)
_KNOWN = (
    Column("coverage", "Bekend bij één partij of meer", "share", 12, "deel van wat telt, naar gewicht", NOT_APPLICABLE),
    Column("two_sided", "Bekend bij alle partijen", "share", 12, "deel van wat telt, naar gewicht", NOT_APPLICABLE),
)
_GROUP = Column("group", "Groepscode", "text", 16, "code van de groep in de catalogus", place="csv")
_SIGNS = "{unknown} = onbekend of leeg, {none} = niet van toepassing"
_RANGE = "in 90% van de doorrekeningen ligt de {} tussen deze en de volgende"

_SCORES = (
    Column("rank", "Rang", "whole", 7, "plaats in de gemeente, 1 = hoogste score; {none} = geen score", NOT_APPLICABLE),
    Column("district_rank", "Rang in district", "whole", 9,
           "plaats onder alle terreinen van het district die meedoen", NOT_APPLICABLE),
    *_PARK, *_BOUNDS,
    Column("class", "Klassenummer", "whole", 9, "1 = laagste klasse", place="csv"),
    Column("class_name", "Klasse", "text", 11, "klasse van de score volgens vaste grenzen"),
    Column("quadrant", "Code wat te doen", "text", 12, "code van wat te doen is", place="csv"),
    Column("quadrant_name", "Wat te doen", "text", 18, "aanpakken, rust, informatie halen of volgen"),
    Column("advised", "Advies", "truth", 9, "ja = een van de hoogste totaalscores"),
    Column("p_first", "Bovenaan", "frequency", 11,
           "deel van de doorrekeningen waarin dit terrein op plaats 1 komt", NOT_APPLICABLE),
    Column("p_selected", "Bij de hoogste", "frequency", 11,
           "deel van de doorrekeningen waarin het bij de te kiezen terreinen hoort", NOT_APPLICABLE),
    Column("rank_low", "Rang meestal vanaf", "whole", 11, _RANGE.format("rang"), NOT_APPLICABLE),
    Column("rank_high", "Rang meestal tot", "whole", 11, "zie de vorige kolom", NOT_APPLICABLE),
    Column("drawn_low", "Score meestal vanaf", "points", 11, _RANGE.format("score"), NOT_APPLICABLE),
    Column("drawn_high", "Score meestal tot", "points", 11, "zie de vorige kolom", NOT_APPLICABLE),
    *_KNOWN,
    Column("highest", "Hoogste vermoeden", "whole", 12, "het hoogste niveau onder de verschijningsvormen", UNKNOWN),
    Column("share_high", "Deel op 2 of hoger", "share", 11,
           "deel van de bekende verschijningsvormen op niveau 2 of hoger", UNKNOWN),
    Column("net_ha", "Netto hectare", "number", 10, "oppervlakte uit het register"),
)  # fmt: skip
_GROUPS = (
    *_PARK, _GROUP,
    Column("group_name", "Groep", "text", 26, "dreiging, gelegenheid of tekort aan weerbaarheid"),
    *_BOUNDS, *_KNOWN,
)  # fmt: skip
_CELLS = (
    *_INDICATOR,
    Column("level", "Niveau", "number", 9,
           f"de partijen samengenomen, of alleen de eigen partij als dat er staat; {_SIGNS}", UNKNOWN),
    Column("points", "Punten", "points", 9, "0 tot 100, hoger is slechter, ook bij weerbaarheid", UNKNOWN),
    Column("applicable", "Van toepassing", "truth", 9, "of de indicator op het terrein van toepassing is", place="csv"),
    Column("known", "Bekend", "truth", 9, "of minstens één partij het weet", place="csv"),
    Column("known_by_all", "Bekend bij alle", "truth", 9, "of elke partij het weet", place="csv"),
    Column("known_by", "Bekend bij", "text", 16,
           "alle partijen, één partij of niemand; of wel of niet bij de eigen partij"),
    Column("contribution", "Bijdrage aan totaal", "number", 11,
           "punten van de totaalscore; leeg als de groep geen eigen score heeft"),
    _GROUP,
    Column("group_name", "Groep", "text", 24, "de groep waarin de indicator telt"),
    Column("weight", "Gewicht", "number", 9,
           "gewicht binnen de groep; bij verschijningsvormen is de ernst erin verwerkt"),
)  # fmt: skip
_JUDGEMENTS = (
    *_INDICATOR,
    Column("party", "Partijcode", "text", 11, "code van wie oordeelde", place="csv"),
    Column("party_name", "Partij", "text", 11, "wie oordeelde"),
    Column("state", "Standcode", "text", 11, "code van de stand", place="csv"),
    Column("state_name", "Stand", "text", 18, "ingevuld, onbekend, leeg of niet van toepassing"),
    Column("level", "Oordeel", "whole", 9, f"het ingevulde niveau; {_SIGNS}", UNKNOWN),
    Column("source_strength", "Bronsterkte", "text", 11, "A meer bronnen of bevestigd, B één bron, C indruk"),
    Column("date", "Peildatum", "date", 12, "datum bij het oordeel, jaar-maand-dag"),
)  # fmt: skip
_PHENOMENA = (
    *_PARK,
    Column("phenomenon", "Fenomeencode", "text", 16, "code van het fenomeen, of de groep fenomenen, in de catalogus"),
    Column("phenomenon_name", "Fenomeen", "text", 30, "het fenomeen, of de groep fenomenen"),
    Column("strength", "Code aanwijzing", "text", 12, "code van de sterkte van de aanwijzing"),
    Column("strength_name", "Aanwijzing", "text", 16, "hoe sterk de aanwijzing is; een vermoeden, geen vaststelling"),
)
_WEIGHTS = (
    Column("sort", "Soort", "text", 11, "groep of indicator"),
    Column("code", "Code", "text", 16, "code in de catalogus"),
    Column("name", "Naam", "text", 44, "naam in de catalogus"),
    Column("group_name", "Groep", "text", 26, "de groep waarin een indicator telt"),
    Column("weight", "Gewicht", "number", 10, "van een groep in het totaal, van een indicator in haar groep"),
    Column("share", "Deel", "share", 9, "het gewicht als deel van het geheel waarin het telt"),
    Column("power", "Macht", "number", 9,
           "van een groep: hoe sterk hoge oordelen doortellen; 1 = gewoon gemiddelde"),
    Column("severity", "Ernst", "whole", 8, "van een verschijningsvorm: hoe ernstig, volgens de catalogus"),
    Column("best_judge", "Weegt het best", "text", 16, "wie dit het best kan beoordelen"),
    Column("levels", "Niveaus", "text", 60, "wat de niveaus betekenen"),
)  # fmt: skip
_METHOD = (
    Column("item", "Onderdeel", "text", 48, "keuze of gegeven"),
    Column("value", "Waarde", "text", 70, "wat er gekozen is"),
)
_LABELS = (
    Column("municipality", "Gemeente", "text", 20, "gemeente; verzonnen gegevens zeggen dat in de naam"),
    Column("round", "Ronde", "text", 10, "ronde van invullen"),
    Column("fingerprint", "Kenmerk", "text", 18, "waaraan te zien is uit welke analyse de rij komt"),
    Column("notice", "Let op", "text", 60, "rubricering, grondslag, en dat het vermoedens zijn"),
)
_UNITS = {"truth": "; 1 = ja, 0 = nee", "share": "; van 0 tot 1", "frequency": "; van 0 tot 1"}
_DICTIONARY = ("table", "column", "dutch", "kind", "meaning", "row_is", "notice")


def tables_of(view: View) -> tuple[Table, ...]:
    """Every table of an analysis, in the order of the workbook; those without a sheet are for machines only."""
    parks = sorted(view.parks, key=lambda park: park.park_id)
    cells = [(park, cell) for park in parks for cell in view.cells_of(park.park_id)]
    known = frozenset(("score", "low", "high", "coverage", "two_sided"))
    drawn = frozenset(("district_rank", "p_first", "p_selected", "rank_low", "rank_high", "drawn_low", "drawn_high"))
    scored = drawn | {"highest", "share_high"}
    groups = tuple(_group_row(park, group) for park in view.parks for group in park.groups)
    rated = tuple(_judgement_rows(view, cells))
    parks_by_rank = tuple(_park_row(view, park) for park in view.parks)
    return (
        Table("terreinen", "Scores", "een terrein", _SCORES, parks_by_rank, scored),
        Table("deelscores", "Groepen", "een terrein en een groep", _GROUPS, groups, known),
        Table("cellen", "Cellen", "een terrein en een indicator", _CELLS, tuple(_cell_rows(view, cells)),
              frozenset(("contribution",))),
        Table("oordelen", "Oordelen", "een terrein, een indicator en een partij", _JUDGEMENTS, rated),
        Table("", "Gewichten", "een groep of een indicator", _WEIGHTS, _rows(_WEIGHTS, _weight_rows(view))),
        Table("", "Methode", "een keuze", _METHOD, _rows(_METHOD, _method_rows(view))),
        Table("fenomenen", "", "een terrein en een fenomeen", _PHENOMENA, _rows(_PHENOMENA, _phenomena(view))),
    )  # fmt: skip


def _rows(columns: Sequence[Column], values: Iterable[tuple[Value, ...]]) -> tuple[Row, ...]:
    names = [column.name for column in columns]
    return tuple(dict(zip(names, row, strict=True)) for row in values)


def _of(one: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _known(one: Park | GroupScore) -> dict[str, Any]:
    return _of(one, "score", "low", "high", "coverage", "two_sided")


def _named(park: Park) -> dict[str, Any]:
    return {"park_id": park.park_id, "park": park.name}


def _park_row(view: View, park: Park) -> Row:
    drawn = _of(park, "p_first", "p_selected", "rank_low", "rank_high", "drawn_low", "drawn_high")
    return {
        **_named(park), **_known(park), **drawn,
        **_of(park, "rank", "district_rank", "highest", "share_high", "net_ha"),
        "class": park.place, "class_name": class_name(park.place, view.assessment.parameters.method.class_borders),
        "quadrant": park.quadrant, "quadrant_name": QUADRANT[park.quadrant], "advised": int(park in view.advised),
    }  # fmt: skip


def _group_row(park: Park, group: GroupScore) -> Row:
    return {**_named(park), "group": group.group, "group_name": group.name, **_known(group)}


def _cell_rows(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[Row]:
    weights = cell_weights(view)
    families = {
        family.id: {"group": family.score, "group_name": family.score_name} for family in view.catalogue.families
    }
    for park, cell in cells:
        row = view.catalogue.indicator(cell.indicator)
        figures = _of(cell, "level", "points", "contribution") if cell.applicable else {}
        yield {
            **_named(park), "indicator": row.id, "indicator_name": row.name,
            **dict.fromkeys(("level", "points", "contribution")), **figures, "known_by": _known_by(view, cell),
            **{name: int(getattr(cell, name)) for name in ("applicable", "known", "known_by_all")},
            **families[row.family], "weight": weights[row.id],
        }  # fmt: skip


def _known_by(view: View, cell: Cell) -> str:
    if not cell.applicable:
        return NOT_APPLICABLE
    if view.assessment.coarse:
        return "eigen partij" if cell.known else "niet bij eigen partij"
    if cell.known_by_all:
        return "alle partijen"
    return one_or_some(len(view.parties)) if cell.known else "niemand"


def _judgement_rows(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[Row]:
    """Also of a party that delivered nothing: without a state."""
    for park, cell in cells:
        named = {
            **_named(park),
            "indicator": cell.indicator,
            "indicator_name": view.catalogue.indicator(cell.indicator).name,
        }
        for party in view.parties:
            said = view.judgements.get((park.park_id, cell.indicator, party))
            told = {"state": None, "state_name": "niet aangeleverd", "level": None, "source_strength": "", "date": ""}
            if said is not None:
                told = {**_of(said, "state", "level", "source_strength", "date"), "state_name": STATES[said.state]}
            applies = int(told["state"] != "not_applicable")
            yield {**named, "party": party, "party_name": view.party_name(party), **told, "applicable": applies}


def _phenomena(view: View) -> Iterator[tuple[Value, ...]]:
    names = {park.park_id: park.name for park in view.parks}
    for one in signs(view):
        yield one.park_id, names[one.park_id], one.id, one.name, one.strength, STRENGTH[one.strength]


def cell_weights(view: View) -> dict[str, float]:
    """The weight of every group and indicator, as the scores use it."""
    tree = structure(view.catalogue, view.assessment.parameters.method)
    return {str(code): float(weight) for code, weight in zip(tree["code"], tree["weight"], strict=True)}


def _weight_rows(view: View) -> Iterator[tuple[Value, ...]]:
    weights, powers = cell_weights(view), view.assessment.parameters.method.power.model_dump()
    families = view.catalogue.families
    whole = sum(weights[family.score] for family in families)
    for family in families:
        name, weight, power = family.score_name, weights[family.score], powers[family.score]
        told = "oneindig" if math.isinf(power) else float(power)
        yield "groep", family.score, name, name, weight, weight / whole, told, None, "", ""
    for family in families:
        rows = view.catalogue.by_family(family.id)
        part = sum(weights[row.id] for row in rows)
        for row in rows:
            scale, own = view.catalogue.scale_of(row.id), weights[row.id]
            levels = ", ".join(level_text(scale, one.value) for one in scale.levels)
            named = ("indicator", row.id, row.name, family.score_name)
            yield *named, own, own / part, None, row.severity, _best_judge(view, row), levels


def _best_judge(view: View, row: Indicator) -> str:
    known = {party.id for party in view.catalogue.parties}
    return view.party_name(row.best_judge) if row.best_judge in known else "alle partijen"


def _method_rows(view: View) -> Iterator[tuple[str, str]]:
    yield from facts(view)
    for source in view.assessment.sources:
        yield f"Werkmap {source.file} (sha256)", source.sha256
    yield from _choices("method", view.assessment.parameters.method.model_dump())


def _choices(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Every choice of the method on its own line, under its key in the parameters and written as there."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _choices(f"{name}.{key}", below)
    else:
        yield name, ", ".join(map(_written, value)) if isinstance(value, tuple) else _written(value)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return ".inf" if math.isinf(value) else f"{value:.12g}"
    return "null" if value is None else str(value)


def write_tables(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write every table, and a dictionary of all columns, into `folder`/tabellen; equal assessments give equal bytes.

    Raises OutputError when the assessment holds more than its audience may see.

    >>> from pathlib import Path
    >>> assessment = wb.assess("urk")
    >>> tables = wb.report.write_tables(assessment, Path())
    >>> tables[0].parent.name
    'tabellen'
    """
    return _write((view_of(assessment),), folder)


def write_district_tables(district: DistrictAnalysis, folder: Path) -> tuple[Path, ...]:
    """Write the parks, group scores and phenomena of every municipality into `folder`/tabellen.

    >>> from pathlib import Path
    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.write_district_tables(district, Path())[0].parent.name
    'tabellen'
    """
    return _write(district.views, folder, ABOUT_DISTRICT)


def _write(views: Sequence[View], folder: Path, about: Sequence[str] = ()) -> tuple[Path, ...]:
    """The tables of several municipalities under one another; `about` names which, all of them when empty."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    written, fields, notice = [], [], ""
    for parts in zip(*(_for_machines(view) for view in views), strict=True):
        table = parts[0][0]
        if about and table.file not in about:
            continue
        columns = (*table.columns_for("csv"), *_LABELS)
        rows = [[row[column.name] for column in columns] for _, part in parts for row in part]
        notice = str(rows[0][-1]) if rows else notice
        written.append(_csv(target / f"{table.file}.csv", [column.name for column in columns], rows))
        fields += [(table.file, *_explained(one), table.rows_are) for one in columns]
    return (*written, _csv(target / "velden.csv", _DICTIONARY, [(*field, notice) for field in fields]))


def _explained(column: Column) -> tuple[str, str, str, str]:
    kind = "share" if column.kind == "frequency" else column.kind
    return column.name, column.heading, kind, f"{column.told('leeg', 'leeg')}{_UNITS.get(column.kind, '')}"


def _for_machines(view: View) -> Iterator[tuple[Table, list[Row]]]:
    """Every table of one municipality by park, with its labels behind every row."""
    assessment = view.assessment
    notice = [FICTIONAL if assessment.fictional else "", SUSPICION, view.audience.label]
    labels = {
        "municipality": assessment.municipality_name,
        "round": assessment.parameters.round,
        "fingerprint": assessment.fingerprint[:16],
        "notice": " · ".join(part for part in (*notice, legal_basis_line(assessment.legal_basis)) if part),
    }
    for table in tables_of(view):
        if table.file:
            rows = sorted(table.rows, key=lambda row: str(row["park_id"]))
            yield table, [{**row, **labels} for row in rows if row.get("state", "") is not None]


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return path


def _harmless(value: Value) -> Value:
    """Nothing as an empty field; text that a spreadsheet cannot take for a formula."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
