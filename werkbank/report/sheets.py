"""What stands on the sheets of scores.xlsx: per sheet its columns, their meaning, and its rows as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from werkbank.advice.scorecard import structure
from werkbank.report.account import facts
from werkbank.report.terms import (
    FICTIONAL,
    NOT_APPLICABLE,
    NOT_SHOWN,
    QUADRANT,
    ROUNDED,
    SUSPICION,
    UNKNOWN,
    class_name,
    legal_basis_line,
    level_text,
    not_here,
    one_or_some,
)
from werkbank.report.view import Cell, GroupScore, Judgement, Park, View
from werkbank.report.workbook import check_columns
from werkbank.settings.entries import Indicator, Level
from werkbank.wording import capital

__all__ = ["STATES", "Column", "Sheet", "Value", "guide", "table_sheets"]

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
