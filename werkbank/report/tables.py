"""The figures as tidy tables: one row per park, group, cell or judgement, with a dictionary of every column.

For machines: UTF-8, commas, decimal points, English names, an empty field where there is no figure. The same tables
for Excel by a double click: Dutch headings, semicolons, decimal commas, and text that Excel would take for a formula
made harmless by an apostrophe. Every row carries its labels, for a table is easily taken out of its folder.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from werkbank.advice.scorecard import structure
from werkbank.assessment.flow import Assessment
from werkbank.report.evidence import signs
from werkbank.report.method_page import facts
from werkbank.report.papers.content import labels
from werkbank.report.terms import (
    FICTIONAL,
    NOT_APPLICABLE,
    NOT_SHOWN,
    QUADRANT,
    ROUNDED,
    STRENGTH,
    SUSPICION,
    UNKNOWN,
    class_name,
    legal_basis_line,
    level_text,
    not_here,
    one_or_some,
)
from werkbank.report.together.value import DistrictAnalysis
from werkbank.report.view import Cell, GroupScore, Judgement, Park, View, view_of
from werkbank.settings.entries import Indicator, Level
from werkbank.wording import capital

__all__ = [
    "FOLDER",
    "STATES",
    "Column",
    "Sheet",
    "Value",
    "guide",
    "table_sheets",
    "write_district_tables",
    "write_tables",
    "write_views",
]

Value = str | int | float | None
Kind = Literal["text", "whole", "score", "share", "frequency", "decimal"]

STATES = {"level": "ingevuld", "unknown": "onbekend", "not_applicable": "niet van toepassing", "open": "leeg"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how its values are printed, how wide it is, and what it means."""

    heading: str
    kind: Kind
    width: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on a sheet of its own."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


_SIGNS = f"{UNKNOWN} = onbekend of leeg, {NOT_APPLICABLE} = niet van toepassing"
_CODE = Column("Terreincode", "text", 13, "code van het terrein in het register")
_NAME = Column("Terrein", "text", 30, "naam van het terrein")
_INDICATOR = Column("Indicator", "text", 10, "code van de indicator in de catalogus")
_INDICATOR_NAME = Column("Naam indicator", "text", 42, "naam van de indicator")
_SCORE = Column("Score", "score", 9, f"0 tot 100, hoger is slechter; {UNKNOWN} = te weinig bekend")
_LOW = Column("Laagst mogelijk", "score", 10, "de score als alles wat onbekend is gunstig blijkt")
_HIGH = Column("Hoogst mogelijk", "score", 10, "de score als alles wat onbekend is ongunstig blijkt")
_COVERAGE = Column("Bekend bij één partij of meer", "share", 12, "deel van wat telt, naar gewicht")
_TWO_SIDED = Column("Bekend bij alle partijen", "share", 12, "deel van wat telt, naar gewicht")
_CONTRIBUTION = Column(
    "Bijdrage aan totaal", "decimal", 11, "punten van de totaalscore; leeg als de groep geen eigen score heeft"
)

_SCORES = (
    Column("Rang", "whole", 7, f"plaats in de gemeente, 1 = hoogste score; {NOT_APPLICABLE} = geen score"),
    Column("Rang in district", "whole", 9, "plaats onder alle terreinen van het district die meedoen"),
    _CODE, _NAME, _SCORE, _LOW, _HIGH,
    Column("Klasse", "text", 11, "klasse van de score volgens vaste grenzen"),
    Column("Wat te doen", "text", 18, "aanpakken, rust, informatie halen of volgen"),
    Column("Advies", "text", 9, "ja = een van de hoogste totaalscores"),
    Column("Bovenaan", "frequency", 11, "deel van de doorrekeningen waarin dit terrein op plaats 1 komt"),
    Column("Bij de hoogste", "frequency", 11, "deel van de doorrekeningen waarin het bij de te kiezen terreinen hoort"),
    Column("Rang meestal vanaf", "whole", 11, "in 90% van de doorrekeningen ligt de rang tussen deze en de volgende"),
    Column("Rang meestal tot", "whole", 11, "zie de vorige kolom"),
    Column("Score meestal vanaf", "score", 11, "in 90% van de doorrekeningen ligt de score tussen deze en de volgende"),
    Column("Score meestal tot", "score", 11, "zie de vorige kolom"),
    _COVERAGE, _TWO_SIDED,
    Column("Hoogste vermoeden", "whole", 12, "het hoogste niveau onder de verschijningsvormen"),
    Column("Deel op 2 of hoger", "share", 11, "deel van de bekende verschijningsvormen op niveau 2 of hoger"),
    Column("Netto hectare", "decimal", 10, "oppervlakte uit het register"),
)  # fmt: skip
_GROUPS = (_CODE, _NAME, Column("Groep", "text", 26, "dreiging, gelegenheid of tekort aan weerbaarheid"),
           _SCORE, _LOW, _HIGH, _COVERAGE, _TWO_SIDED)  # fmt: skip
_CELLS = (
    _CODE, _NAME, _INDICATOR, _INDICATOR_NAME,
    Column("Niveau", "decimal", 9, f"de partijen samengenomen, of alleen de eigen partij als dat er staat; {_SIGNS}"),
    Column("Punten", "score", 9, "0 tot 100, hoger is slechter, ook bij weerbaarheid"),
    Column("Bekend bij", "text", 16, "alle partijen, één partij of niemand; of wel of niet bij de eigen partij"),
    _CONTRIBUTION,
    Column("Groep", "text", 24, "de groep waarin de indicator telt"),
    Column("Gewicht", "decimal", 9, "gewicht binnen de groep; bij verschijningsvormen is de ernst erin verwerkt"),
)  # fmt: skip
_WEIGHTS = (
    Column("Soort", "text", 11, "groep of indicator"),
    Column("Code", "text", 16, "code in de catalogus"),
    Column("Naam", "text", 44, "naam in de catalogus"),
    Column("Groep", "text", 26, "de groep waarin een indicator telt"),
    Column("Gewicht", "decimal", 10, "van een groep in het totaal, van een indicator in haar groep"),
    Column("Deel", "share", 9, "het gewicht als deel van het geheel waarin het telt"),
    Column("Macht", "decimal", 9, "van een groep: hoe sterk hoge oordelen doortellen; 1 = gewoon gemiddelde"),
    Column("Ernst", "whole", 8, "van een verschijningsvorm: hoe ernstig, volgens de catalogus"),
    Column("Weegt het best", "text", 16, "wie dit het best kan beoordelen"),
    Column("Niveaus", "text", 60, "wat de niveaus betekenen"),
)  # fmt: skip
_JUDGEMENTS = (
    _CODE, _NAME, _INDICATOR, _INDICATOR_NAME,
    Column("Partij", "text", 11, "wie oordeelde"),
    Column("Stand", "text", 18, "ingevuld, onbekend, leeg of niet van toepassing"),
    Column("Oordeel", "whole", 9, f"het ingevulde niveau; {_SIGNS}"),
    Column("Bronsterkte", "text", 11, "A meer bronnen of bevestigd, B één bron, C indruk"),
    Column("Peildatum", "text", 12, "datum bij het oordeel, jaar-maand-dag"),
)  # fmt: skip
_METHOD = (
    Column("Onderdeel", "text", 48, "keuze of gegeven"),
    Column("Waarde", "text", 70, "wat er gekozen is"),
)


def table_sheets(view: View) -> tuple[Sheet, ...]:
    """The sheets with figures, in the order of the workbook."""
    return (
        Sheet("Scores", _SCORES, tuple(_score_row(view, park) for park in view.parks)),
        Sheet("Groepen", _GROUPS, tuple(_group_row(view, park, group) for park in view.parks for group in park.groups)),
        Sheet("Cellen", _CELLS, tuple(_cell_rows(view))),
        Sheet("Oordelen", _JUDGEMENTS, tuple(_judgement_rows(view))),
        Sheet("Gewichten", _WEIGHTS, tuple(_weight_rows(view))),
        Sheet("Methode", _METHOD, tuple(_method_rows(view))),
    )


def guide(view: View, sheets: Sequence[Sheet]) -> tuple[tuple[str, str, str], ...]:
    """The lines of the first sheet: labels, legal basis, and every column explained (heading, text, more)."""
    from werkbank.report.workbook import check_columns  # noqa: PLC0415

    assessment = view.assessment
    lines = [
        (f"Scores bedrijventerreinen {assessment.municipality_name}", "", "title"),
        *([(FICTIONAL, "Deze gegevens zijn verzonnen.", "loud")] if assessment.fictional else []),
        ("Rubricering", view.audience.label, ""),
        ("Let op", f"{SUSPICION}. Een score is geen bewijs. Mensen kiezen, niet de werkbank.", ""),
        ("Grondslag", legal_basis_line(assessment.legal_basis), ""),
        *((f"Ontbreekt: {view.party_name(party)}", "Deze partij leverde geen werkmap en telt nergens mee.", "loud")
          for party in view.missing),
        ("Onbekend", f"Een {UNKNOWN} is onbekend of te weinig bekend. Het is nooit 0.", ""),
        *((("Afgerond", ROUNDED, ""), (capital(NOT_SHOWN), not_here("Deze cijfers"), ""))
          if assessment.coarse else ()),
    ]  # fmt: skip
    for sheet in sheets:
        lines.append((f"Blad {sheet.name}", "", "heading"))
        lines.extend((column.heading, column.meaning, "") for column in sheet.columns)
    lines.append(("Blad Controle", "", "heading"))
    lines.extend((heading, meaning, "") for _, heading, meaning in check_columns(view))
    return tuple(lines)


def _score_row(view: View, park: Park) -> tuple[Value, ...]:
    borders = view.assessment.parameters.method.class_borders
    return (
        NOT_APPLICABLE if park.rank is None else park.rank,
        _shown(view, park.district_rank, NOT_APPLICABLE),
        park.park_id,
        park.name,
        _or_unknown(park.score),
        park.low,
        park.high,
        class_name(park.place, borders),
        QUADRANT[park.quadrant],
        "ja" if park in view.advised else "nee",
        *(_shown(view, value, NOT_APPLICABLE) for value in _drawn(park)),
        park.coverage,
        park.two_sided,
        _shown(view, park.highest),
        _shown(view, park.share_high),
        park.net_ha,
    )


def _drawn(park: Park) -> tuple[float | None, ...]:
    """What the recalculations say of a park."""
    shares, ranks = (park.p_first, park.p_selected), (park.rank_low, park.rank_high)
    return (*shares, *ranks, park.drawn_low, park.drawn_high)


def _group_row(view: View, park: Park, group: GroupScore) -> tuple[Value, ...]:
    bounds = (group.low, group.high, group.coverage, group.two_sided)
    score = _shown(view, group.score)
    return (park.park_id, park.name, group.name, score, *(_shown(view, value, NOT_APPLICABLE) for value in bounds))


def _all_cells(view: View) -> Iterator[tuple[Park, Cell]]:
    for park in sorted(view.parks, key=lambda park: park.park_id):
        for cell in view.cells_of(park.park_id):
            yield park, cell


def _cell_rows(view: View) -> Iterator[tuple[Value, ...]]:
    weights = _weights(view)
    groups = {family.id: family.score_name for family in view.catalogue.families}
    for park, cell in _all_cells(view):
        group = groups[view.catalogue.indicator(cell.indicator).family]
        yield (*_cell_row(view, park, cell), group, weights[cell.indicator])


def _weights(view: View) -> dict[str, float]:
    """The weight of every group and indicator, as the scores use it."""
    tree = structure(view.catalogue, view.assessment.parameters.method)
    return {str(code): float(weight) for code, weight in zip(tree["code"], tree["weight"], strict=True)}


def _weight_rows(view: View) -> Iterator[tuple[Value, ...]]:
    weights, powers = _weights(view), view.assessment.parameters.method.power.model_dump()
    families = view.catalogue.families
    whole = sum(weights[family.score] for family in families)
    for family in families:
        name, weight, power = family.score_name, weights[family.score], powers[family.score]
        told = "oneindig" if math.isinf(power) else float(power)
        yield ("groep", family.score, name, name, weight, weight / whole, told, None, "", "")
    for family in families:
        rows = view.catalogue.by_family(family.id)
        part = sum(weights[row.id] for row in rows)
        for row in rows:
            levels = ", ".join(level_text(view.catalogue.scale_of(row.id), one.value) for one in _levels(view, row.id))
            own, best = weights[row.id], _judge(view, row)
            named = ("indicator", row.id, row.name, family.score_name)
            yield (*named, own, own / part, None, row.severity, best, levels)


def _levels(view: View, code: str) -> Sequence[Level]:
    return view.catalogue.scale_of(code).levels


def _judge(view: View, row: Indicator) -> str:
    known = {party.id for party in view.catalogue.parties}
    return view.party_name(row.best_judge) if row.best_judge in known else "alle partijen"


def _cell_row(view: View, park: Park, cell: Cell) -> tuple[Value, ...]:
    if view.assessment.coarse:
        known = "eigen partij" if cell.known else "niet bij eigen partij"
    else:
        known = "alle partijen" if cell.known_by_all else (one_or_some(len(view.parties)) if cell.known else "niemand")
    missing = UNKNOWN if cell.applicable else NOT_APPLICABLE
    named = (park.park_id, park.name, cell.indicator, view.catalogue.indicator(cell.indicator).name)
    level = missing if cell.level is None or not cell.applicable else cell.level
    points = missing if cell.points is None or not cell.applicable else cell.points
    contribution = _shown(view, cell.contribution, None) if cell.applicable else None
    return (*named, level, points, known if cell.applicable else NOT_APPLICABLE, contribution)


def _judgement_rows(view: View) -> Iterator[tuple[Value, ...]]:
    for park, cell in _all_cells(view):
        for party in view.parties:
            row = view.judgements.get((park.park_id, cell.indicator, party))
            named = (park.park_id, park.name, cell.indicator, view.catalogue.indicator(cell.indicator).name)
            yield (*named, view.party_name(party), *_judged(row))


def _judged(row: Judgement | None) -> tuple[Value, ...]:
    if row is None:
        return ("niet aangeleverd", UNKNOWN, "", "")
    missing = NOT_APPLICABLE if row.state == "not_applicable" else UNKNOWN
    return (STATES[row.state], missing if row.level is None else row.level, row.source_strength, row.date)


def _method_rows(view: View) -> Iterator[tuple[Value, ...]]:
    yield from facts(view)
    for source in view.assessment.sources:
        yield (f"Werkmap {source.file} (sha256)", source.sha256)
    for name, value in _flat(view.assessment.parameters.method.model_dump()):
        yield (f"method.{name}", value)


def _flat(values: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every choice of the method on its own line, under its key in the parameters."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, ", ".join(map(_written, value)) if isinstance(value, tuple) else _written(value)


def _written(value: object) -> str:
    """A choice as it is written in the parameters: true, .inf, 0.25."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return ".inf" if math.isinf(value) else f"{value:.12g}"
    return "null" if value is None else str(value)


def _or_unknown(value: float | None) -> Value:
    return UNKNOWN if value is None else value


def _shown(view: View, value: float | None, otherwise: Value = UNKNOWN) -> Value:
    """A figure that is withheld from some readers; `otherwise` where there is none for anybody."""
    if value is not None:
        return value
    return NOT_SHOWN if view.assessment.coarse else otherwise


FOLDER = "tabellen"
DICTIONARY = "velden"
Value_tables = str | int | float | None
Words = dict[str, Mapping[str, str]]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these, the full-width ones included, a spreadsheet takes text for a formula (OWASP ASVS 1.2.10)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name for machines and in Dutch, its kind, and what it means."""

    name: str
    dutch: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A tidy table: every row is one thing of the same sort."""

    name: str
    dutch: str
    rows_are: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value_tables, ...], ...]


_PARK = Field("park_id", "Terreincode", "text", "code van het terrein in het register")
_NAME_tables = Field("park", "Terrein", "text", "naam van het terrein")
_INDICATOR_tables = Field("indicator", "Indicator", "text", "code van de indicator in de catalogus")
_SCORES_tables = (
    Field("score", "Score", "points", "0 tot 100, hoger is slechter; leeg = te weinig bekend, nooit 0"),
    Field("low", "Laagst mogelijk", "points", "de score als alles wat onbekend is gunstig blijkt"),
    Field("high", "Hoogst mogelijk", "points", "de score als alles wat onbekend is ongunstig blijkt"),
    Field("coverage", "Bekend bij één partij of meer", "share", "deel 0 tot 1 van wat telt, naar gewicht"),
    Field("two_sided", "Bekend bij alle partijen", "share", "deel 0 tot 1 van wat telt, naar gewicht"),
)
_PARKS = (
    _PARK, _NAME_tables,
    Field("net_ha", "Netto hectare", "number", "oppervlakte uit het register"),
    *_SCORES_tables,
    Field("rank", "Rang", "whole", "plaats in de gemeente, 1 = hoogste score"),
    Field("district_rank", "Rang in district", "whole", "plaats onder de terreinen van het district die meedoen"),
    Field("class", "Klasse", "whole", "1 = laagste klasse"),
    Field("quadrant", "Wat te doen", "text", "act aanpakken, rest rust, find_out informatie halen, follow volgen"),
    Field("advised", "Advies", "truth", "1 = een van de hoogste totaalscores, anders 0"),
    Field("p_first", "Bovenaan", "share", "deel 0 tot 1 van de doorrekeningen waarin het terrein bovenaan komt"),
    Field("p_selected", "Bij de hoogste", "share", "deel 0 tot 1 waarin het bij de te kiezen terreinen hoort"),
    Field("rank_low", "Rang meestal vanaf", "whole", "5%-punt van de rang in de doorrekeningen"),
    Field("rank_high", "Rang meestal tot", "whole", "95%-punt van de rang in de doorrekeningen"),
    Field("drawn_low", "Score meestal vanaf", "points", "5%-punt van de score in de doorrekeningen"),
    Field("drawn_high", "Score meestal tot", "points", "95%-punt van de score in de doorrekeningen"),
)  # fmt: skip
_GROUPS_tables = (
    _PARK, _NAME_tables, Field("group", "Groep", "text", "threat dreiging, opportunity gelegenheid, resilience_gap tekort "
                                                  "aan weerbaarheid"), *_SCORES_tables,
)  # fmt: skip
_CELLS_tables = (
    _PARK, _NAME_tables, _INDICATOR_tables,
    Field("level", "Niveau", "number", "de partijen samengenomen, of alleen de eigen partij; leeg = onbekend of niet "
                                       "van toepassing"),
    Field("points", "Punten", "points", "0 tot 100, hoger is slechter, ook bij weerbaarheid"),
    Field("applicable", "Van toepassing", "truth", "1 = van toepassing, anders 0"),
    Field("known", "Bekend", "truth", "1 = minstens één partij weet het, anders 0"),
    Field("known_by_all", "Bekend bij alle", "truth", "1 = elke partij weet het, anders 0"),
    Field("contribution", "Bijdrage aan totaal", "points", "punten van de totaalscore"),
)  # fmt: skip
_JUDGEMENTS_tables = (
    _PARK, _NAME_tables, _INDICATOR_tables,
    Field("party", "Partij", "text", "wie oordeelde"),
    Field("state", "Stand", "text", "level ingevuld, unknown onbekend, open leeg, not_applicable niet van toepassing"),
    Field("level", "Oordeel", "whole", "het ingevulde niveau; leeg = geen niveau, nooit 0"),
    Field("source_strength", "Bronsterkte", "text", "A meer bronnen of bevestigd, B één bron, C indruk"),
    Field("date", "Peildatum", "date", "datum bij het oordeel, jaar-maand-dag"),
)  # fmt: skip
_PHENOMENA = (
    _PARK, _NAME_tables,
    Field("phenomenon", "Fenomeen", "text", "het fenomeen, of de groep fenomenen, in de catalogus"),
    Field("strength", "Aanwijzing", "text", "none geen, weak zwak, clear duidelijk, strong sterk, unknown niet bekend; "
                                            "een vermoeden, geen vaststelling"),
)  # fmt: skip
_ALWAYS = (
    Field("municipality", "Gemeente", "text", "gemeente; verzonnen gegevens zeggen dat in de naam"),
    Field("round", "Ronde", "text", "ronde van invullen"),
    Field("fingerprint", "Kenmerk", "text", "waaraan te zien is uit welke analyse de rij komt"),
    Field("notice", "Let op", "text", "rubricering, grondslag, en dat het vermoedens zijn"),
)


def write_tables(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write every table twice, and the dictionary, into `folder`/tabellen; equal assessments give equal bytes.

    Raises OutputError when the assessment holds more than its audience may see.

    >>> from pathlib import Path
    >>> assessment = wb.assess("urk")
    >>> tables = wb.report.write_tables(assessment, Path())
    >>> tables[0].parent.name
    'tabellen'
    """
    return write_views((view_of(assessment),), folder)


def write_views(views: Sequence[View], folder: Path, about: Sequence[str] | None = None) -> tuple[Path, ...]:
    """The tables of several municipalities under one another; `about` names which, all of them when not given."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    words = _dutch_words(views[0])
    tables = [_together(parts) for parts in zip(*map(_with_labels, views), strict=True)]
    tables = [table for table in tables if about is None or table.name in about]
    notice = str(tables[0].rows[0][-1])
    written = [path for table in tables for path in _write(table, words, target)]
    return (*written, *_write_dictionary(tables, notice, target))


def _with_labels(view: View) -> Iterator[Table]:
    """Every table of one municipality, with its labels behind every row."""
    always = _labels(view)
    for table in _tables(view):
        rows = tuple((*row, *always) for row in table.rows)
        yield replace(table, fields=(*table.fields, *_ALWAYS), rows=rows)


def _together(parts: Sequence[Table]) -> Table:
    return replace(parts[0], rows=tuple(row for part in parts for row in part.rows))


def _tables(view: View) -> Iterator[Table]:
    parks = sorted(view.parks, key=lambda park: park.park_id)
    cells = [(park, cell) for park in parks for cell in view.cells_of(park.park_id)]
    yield Table("parks", "terreinen", "een terrein", _PARKS, tuple(_park(view, park) for park in parks))
    groups = tuple(_group(park, group) for park in parks for group in park.groups)
    yield Table("groups", "deelscores", "een terrein en een groep", _GROUPS_tables, groups)
    yield Table("cells", "cellen", "een terrein en een indicator", _CELLS_tables, tuple(_cell(*pair) for pair in cells))
    yield Table("judgements", "oordelen", "een terrein, een indicator en een partij", _JUDGEMENTS_tables,
                tuple(_judgements(view, cells)))  # fmt: skip
    yield Table("phenomena", "fenomenen", "een terrein en een fenomeen", _PHENOMENA, tuple(_phenomena(view)))


def _park(view: View, park: Park) -> tuple[Value_tables, ...]:
    drawn = (park.p_first, park.p_selected, park.rank_low, park.rank_high, park.drawn_low, park.drawn_high)
    place = (park.rank, park.district_rank, park.place, park.quadrant, int(park in view.advised))
    return (park.park_id, park.name, park.net_ha, *_score(park), *place, *drawn)


def _score(one: Park | GroupScore) -> tuple[Value_tables, ...]:
    return (one.score, one.low, one.high, one.coverage, one.two_sided)


def _group(park: Park, group: GroupScore) -> tuple[Value_tables, ...]:
    return (park.park_id, park.name, group.group, *_score(group))


def _cell(park: Park, cell: Cell) -> tuple[Value_tables, ...]:
    flags = (int(cell.applicable), int(cell.known), int(cell.known_by_all))
    figures = (cell.level, cell.points) if cell.applicable else (None, None)
    return (park.park_id, park.name, cell.indicator, *figures, *flags, cell.contribution)


def _judgements(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[tuple[Value_tables, ...]]:
    for park, cell in cells:
        for party in view.parties:
            row = view.judgements.get((park.park_id, cell.indicator, party))
            if row is not None:
                said = (row.state, row.level, row.source_strength, row.date)
                yield (park.park_id, park.name, cell.indicator, party, *said)


def _phenomena(view: View) -> Iterator[tuple[Value_tables, ...]]:
    names = {park.park_id: park.name for park in view.parks}
    for one in sorted(signs(view), key=lambda one: one.park_id):
        yield (one.park_id, names[one.park_id], one.id, one.strength)


def _labels(view: View) -> tuple[str, ...]:
    """What stands behind every row: from which analysis it is, and what holds for it."""
    told = labels(view)
    notice = [told["fictional"], told["suspicion"], told["label"], told["legal_basis"]]
    return (told["municipality"], told["round"], told["fingerprint"], " · ".join(part for part in notice if part))


def _dutch_words(view: View) -> Words:
    """Per column with codes what they are called, for who reads the table."""
    return {
        "quadrant": QUADRANT,
        "strength": STRENGTH,
        "state": STATES,
        "group": {family.score: family.score_name for family in view.catalogue.families},
        "party": {party: view.party_name(party) for party in view.parties},
    }


def _write(table: Table, words: Words, folder: Path) -> Iterator[Path]:
    yield _machine(folder / f"{table.name}.csv", [field.name for field in table.fields], table.rows)
    told = [words.get(field.name, {}) for field in table.fields]
    dutch = [tuple(_told(value, names) for value, names in zip(row, told, strict=True)) for row in table.rows]
    yield _excel(folder / f"{table.dutch}_excel.csv", [field.dutch for field in table.fields], dutch)


def _told(value: Value_tables, names: Mapping[str, str]) -> Value_tables:
    return names.get(value, value) if isinstance(value, str) else value


def _write_dictionary(tables: Sequence[Table], notice: str, folder: Path) -> Iterator[Path]:
    head = ["table", "column", "dutch", "kind", "meaning", "row_is", "notice"]
    rows: list[tuple[Value_tables, ...]] = [
        (table.name, field.name, field.dutch, field.kind, field.meaning, table.rows_are, notice)
        for table in tables
        for field in table.fields
    ]
    yield _machine(folder / f"{DICTIONARY}.csv", head, rows)
    dutch = ["Tabel", "Kolom", "Kop in Excel", "Soort", "Betekenis", "Een rij is", "Let op"]
    yield _excel(folder / f"{DICTIONARY}_excel.csv", dutch, rows)


def _machine(path: Path, head: Sequence[str], rows: Iterable[tuple[Value_tables, ...]]) -> Path:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return path


def _excel(path: Path, head: Sequence[str], rows: Iterable[tuple[Value_tables, ...]]) -> Path:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_for_excel(value) for value in row] for row in rows)
    # The mark at the beginning tells Excel that it is UTF-8.
    path.write_text(made.getvalue(), encoding="utf-8-sig", newline="")
    return path


def _for_excel(value: Value_tables) -> str:
    """A figure with a decimal comma; text that cannot become a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA_STARTS) else value
    return repr(value).replace(".", ",")


ABOUT = ("parks", "groups", "phenomena")
"""Cells and judgements stay with the municipality they are of."""


def write_district_tables(district: DistrictAnalysis, folder: Path) -> tuple[Path, ...]:
    """Write the parks, group scores and phenomena of every municipality into `folder`/tabellen.

    >>> from pathlib import Path
    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.write_district_tables(district, Path())[0].parent.name
    'tabellen'
    """
    return write_views(district.views, folder, ABOUT)
