"""The figures as tidy tables: one row per park, group, cell or judgement, with a dictionary of every column.

For machines: UTF-8, commas, decimal points, English names, an empty field where there is no figure. The same tables
for Excel by a double click: Dutch headings, semicolons, decimal commas, and text that Excel would take for a formula
made harmless by an apostrophe. Every row carries its labels, for a table is easily taken out of its folder.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from werkbank.assessment.assessment import Assessment
from werkbank.report.tables import STATES
from werkbank.report.terms import FICTIONAL, QUADRANT, STRENGTH, SUSPICION, legal_basis_line, signs
from werkbank.report.view import Cell, GroupScore, Park, View, view_of

__all__ = ["FOLDER", "write_tables", "write_views"]

FOLDER = "tabellen"
DICTIONARY = "velden"
Value = str | int | float | None
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
    rows: tuple[tuple[Value, ...], ...]


_PARK = Field("park_id", "Terreincode", "text", "code van het terrein in het register")
_NAME = Field("park", "Terrein", "text", "naam van het terrein")
_INDICATOR = Field("indicator", "Indicator", "text", "code van de indicator in de catalogus")
_SCORES = (
    Field("score", "Score", "points", "0 tot 100, hoger is slechter; leeg = te weinig bekend, nooit 0"),
    Field("low", "Laagst mogelijk", "points", "de score als alles wat onbekend is gunstig blijkt"),
    Field("high", "Hoogst mogelijk", "points", "de score als alles wat onbekend is ongunstig blijkt"),
    Field("coverage", "Bekend bij één partij of meer", "share", "deel 0 tot 1 van wat telt, naar gewicht"),
    Field("two_sided", "Bekend bij alle partijen", "share", "deel 0 tot 1 van wat telt, naar gewicht"),
)
_PARKS = (
    _PARK, _NAME,
    Field("net_ha", "Netto hectare", "number", "oppervlakte uit het register"),
    *_SCORES,
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
_GROUPS = (
    _PARK, _NAME, Field("group", "Groep", "text", "threat dreiging, opportunity gelegenheid, resilience_gap tekort "
                                                  "aan weerbaarheid"), *_SCORES,
)  # fmt: skip
_CELLS = (
    _PARK, _NAME, _INDICATOR,
    Field("level", "Niveau", "number", "de partijen samengenomen, of alleen de eigen partij; leeg = onbekend of niet "
                                       "van toepassing"),
    Field("points", "Punten", "points", "0 tot 100, hoger is slechter, ook bij weerbaarheid"),
    Field("applicable", "Van toepassing", "truth", "1 = van toepassing, anders 0"),
    Field("known", "Bekend", "truth", "1 = minstens één partij weet het, anders 0"),
    Field("known_by_all", "Bekend bij alle", "truth", "1 = elke partij weet het, anders 0"),
    Field("contribution", "Bijdrage aan totaal", "points", "punten van de totaalscore"),
)  # fmt: skip
_JUDGEMENTS = (
    _PARK, _NAME, _INDICATOR,
    Field("party", "Partij", "text", "wie oordeelde"),
    Field("state", "Stand", "text", "level ingevuld, unknown onbekend, open leeg, not_applicable niet van toepassing"),
    Field("level", "Oordeel", "whole", "het ingevulde niveau; leeg = geen niveau, nooit 0"),
    Field("source_strength", "Bronsterkte", "text", "A meer bronnen of bevestigd, B één bron, C indruk"),
    Field("date", "Peildatum", "date", "datum bij het oordeel, jaar-maand-dag"),
)  # fmt: skip
_PHENOMENA = (
    _PARK, _NAME,
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
    yield Table("groups", "deelscores", "een terrein en een groep", _GROUPS, groups)
    yield Table("cells", "cellen", "een terrein en een indicator", _CELLS, tuple(_cell(*pair) for pair in cells))
    yield Table("judgements", "oordelen", "een terrein, een indicator en een partij", _JUDGEMENTS,
                tuple(_judgements(view, cells)))  # fmt: skip
    yield Table("phenomena", "fenomenen", "een terrein en een fenomeen", _PHENOMENA, tuple(_phenomena(view)))


def _park(view: View, park: Park) -> tuple[Value, ...]:
    drawn = (park.p_first, park.p_selected, park.rank_low, park.rank_high, park.drawn_low, park.drawn_high)
    place = (park.rank, park.district_rank, park.place, park.quadrant, int(park in view.advised))
    return (park.park_id, park.name, park.net_ha, *_score(park), *place, *drawn)


def _score(one: Park | GroupScore) -> tuple[Value, ...]:
    return (one.score, one.low, one.high, one.coverage, one.two_sided)


def _group(park: Park, group: GroupScore) -> tuple[Value, ...]:
    return (park.park_id, park.name, group.group, *_score(group))


def _cell(park: Park, cell: Cell) -> tuple[Value, ...]:
    flags = (int(cell.applicable), int(cell.known), int(cell.known_by_all))
    figures = (cell.level, cell.points) if cell.applicable else (None, None)
    return (park.park_id, park.name, cell.indicator, *figures, *flags, cell.contribution)


def _judgements(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[tuple[Value, ...]]:
    for park, cell in cells:
        for party in view.parties:
            row = view.judgements.get((park.park_id, cell.indicator, party))
            if row is not None:
                said = (row.state, row.level, row.source_strength, row.date)
                yield (park.park_id, park.name, cell.indicator, party, *said)


def _phenomena(view: View) -> Iterator[tuple[Value, ...]]:
    names = {park.park_id: park.name for park in view.parks}
    for one in sorted(signs(view), key=lambda one: one.park_id):
        yield (one.park_id, names[one.park_id], one.id, one.strength)


def _labels(view: View) -> tuple[str, ...]:
    """What stands behind every row: from which analysis it is, and what holds for it."""
    own = view.assessment
    marks = [FICTIONAL] if own.fictional else []
    notice = " · ".join([*marks, SUSPICION, view.audience.label, legal_basis_line(own.legal_basis)])
    return own.municipality_name, own.parameters.round, own.fingerprint[:16], notice


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


def _told(value: Value, names: Mapping[str, str]) -> Value:
    return names.get(value, value) if isinstance(value, str) else value


def _write_dictionary(tables: Sequence[Table], notice: str, folder: Path) -> Iterator[Path]:
    head = ["table", "column", "dutch", "kind", "meaning", "row_is", "notice"]
    rows: list[tuple[Value, ...]] = [
        (table.name, field.name, field.dutch, field.kind, field.meaning, table.rows_are, notice)
        for table in tables
        for field in table.fields
    ]
    yield _machine(folder / f"{DICTIONARY}.csv", head, rows)
    dutch = ["Tabel", "Kolom", "Kop in Excel", "Soort", "Betekenis", "Een rij is", "Let op"]
    yield _excel(folder / f"{DICTIONARY}_excel.csv", dutch, rows)


def _machine(path: Path, head: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> Path:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return path


def _excel(path: Path, head: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> Path:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_for_excel(value) for value in row] for row in rows)
    # The mark at the beginning tells Excel that it is UTF-8.
    path.write_text(made.getvalue(), encoding="utf-8-sig", newline="")
    return path


def _for_excel(value: Value) -> str:
    """A figure with a decimal comma; text that cannot become a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA_STARTS) else value
    return repr(value).replace(".", ",")
