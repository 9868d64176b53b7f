"""The figures of an analysis as typed tables: one row per park, group, cell or judgement, for Excel and as tidy CSV.

A table holds what is so, with codes beside their Dutch words, and nothing where there is no figure. `workbook` prints
it on a sheet; here it is written for machines and for who opens it by a double click: UTF-8, commas, decimal points,
an empty field where there is no figure. Every row carries its labels, for a table is easily taken out of its folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from werkbank.advice.development import Development
from werkbank.advice.scorecard import ROOT, structure
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.rounds import Rounds
from werkbank.files.yaml import packaged
from werkbank.report import terms
from werkbank.report.account import facts
from werkbank.report.monitor import KIND, change_view
from werkbank.report.view import Cell, GroupScore, Park, View
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience, Indicator

Value = str | int | float | None
Row = Mapping[str, Any]
Kind = Literal["text", "whole", "points", "share", "frequency", "number", "truth", "date"]
Place = Literal["both", "sheet", "csv"]

FOLDER = "tabellen"
ABOUT_DISTRICT = ("terreinen", "deelscores", "fenomenen")
"""Cells and judgements stay with the municipality they are of."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these, the full-width ones included, a spreadsheet takes text for a formula (OWASP ASVS 1.2.10)."""
RESULTS = ("confirmed", "nothing_found", "something_else", "not_carried_out")
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
    """Rows of the same sort, as tables.yaml lays them out; `withheld` is what some readers do not get."""

    name: str
    rows_are: str
    columns: tuple[Column, ...]
    sheet: str = ""
    csv: bool = True
    withheld: Sequence[str] = ()
    rows: tuple[Row, ...] = ()

    def columns_for(self, place: Place) -> tuple[Column, ...]:
        """The columns of a sheet or of a CSV."""
        return tuple(column for column in self.columns if column.place in ("both", place))


_UNITS = {"truth": "; 1 = ja, 0 = nee", "share": "; van 0 tot 1", "frequency": "; van 0 tot 1"}
_DICTIONARY = ("table", "column", "dutch", "kind", "meaning", "row_is", "notice")


@lru_cache(maxsize=2)
def _layouts(of: str = "tables") -> tuple[tuple[Table, ...], tuple[Column, ...]]:
    """The tables without their rows, in the order of the workbook, and the labels behind every row of a CSV.

    Those of an analysis (`tables`), or of rounds beside one another (`rounds`).
    """
    read = packaged(__file__, "tables.yaml")
    blocks = {name: tuple(Column(**one) for one in block) for name, block in read["blocks"].items()}

    def columns(listed: Sequence[Any]) -> tuple[Column, ...]:
        return tuple(one for each in listed for one in (blocks[each] if isinstance(each, str) else (Column(**each),)))

    tables = (Table(name, **{**one, "columns": columns(one["columns"])}) for name, one in read[of].items())
    return tuple(tables), blocks["labels"]


def tables_of(view: View, about: Sequence[str] = ()) -> tuple[Table, ...]:
    """Every table of an analysis, or those `about` which; in the order of the workbook, some for machines only."""
    parks = sorted(view.parks, key=lambda park: park.park_id)
    cells = [(park, cell) for park in parks for cell in view.cells_of(park.park_id)]
    rows: dict[str, Iterable[Row]] = {
        "terreinen": (_park_row(view, park) for park in view.parks),
        "deelscores": (
            {**_named(park), "group": one.group, "group_name": one.name, **_known(one)}
            for park in view.parks
            for one in park.groups
        ),
        "cellen": _cell_rows(view, cells),
        "oordelen": _judgement_rows(view, cells),
        "plaatsen": _places(view),
        "gewichten": _weight_rows(view),
        "methode": _method_rows(view),
        "fenomenen": _phenomena(view),
    }
    tables = (table for table in _layouts()[0] if not about or table.name in about)
    return tuple(replace(table, rows=tuple(rows[table.name])) for table in tables)


def fields_of(one: object, *names: str) -> dict[str, Any]:
    """These fields of a value, by their names."""
    return {name: getattr(one, name) for name in names}


def _known(one: Park | GroupScore) -> dict[str, Any]:
    return fields_of(one, "score", "low", "high", "coverage", "two_sided")


def _named(park: Park) -> dict[str, Any]:
    return {"park_id": park.park_id, "park": park.name}


def _park_row(view: View, park: Park) -> Row:
    drawn = fields_of(park, "p_first", "p_selected", "rank_low", "rank_high", "drawn_low", "drawn_high")
    return {
        **_named(park), **_known(park), **drawn, **fields_of(park, "estimated", "unknown", "asked"),
        **fields_of(park, "rank", "district_rank", "highest", "share_high", "net_ha"),
        "class": park.place, "class_told": terms.class_of(view, park),
        "class_name": terms.class_name(park.place, view.assessment.parameters.method.class_borders),
        "action": park.action, "action_name": terms.to_do(park), "advised": int(park in view.advised),
        "mostly_estimated": None if park.mostly_estimated is None else int(park.mostly_estimated),
        "strong_signals": "; ".join(terms.strong_signals(view, park.park_id)),
    }  # fmt: skip


def _cell_rows(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[Row]:
    weights = cell_weights(view)
    families = {one.id: {"group": one.score, "group_name": one.score_name} for one in view.catalogue.families}
    for park, cell in cells:
        row = view.catalogue.indicator(cell.indicator)
        shown = ("level", "points", "contribution", *(() if view.assessment.coarse else ("counted",)))
        figures = fields_of(cell, *shown) if cell.applicable else {}
        yield {
            **_named(park), "indicator": row.id, "indicator_name": row.name,
            **dict.fromkeys(("level", "points", "counted", "contribution")), **figures,
            "known_by": _known_by(view, cell),
            **{name: int(getattr(cell, name)) for name in ("applicable", "known", "known_by_all")},
            **families[row.family], "weight": weights[row.id],
        }  # fmt: skip


def _known_by(view: View, cell: Cell) -> str:
    if view.not_asked(cell.indicator):
        return terms.ASKED_NOT
    if not cell.applicable:
        return terms.NOT_APPLICABLE
    if view.assessment.coarse:
        return "eigen partij" if cell.known else "niet bij eigen partij"
    asked = view.catalogue.asked_of(cell.indicator, view.parties)
    if cell.agreed:
        return "afgesproken"
    if cell.known_by_all:
        return "alle partijen" if asked == view.parties else "alle gevraagde partijen"
    return terms.one_or_some(len(asked)) if cell.known else "niemand"


def _judgement_rows(view: View, cells: Iterable[tuple[Park, Cell]]) -> Iterator[Row]:
    """Also of a party that delivered nothing: without a state."""
    for park, cell in cells:
        name = view.catalogue.indicator(cell.indicator).name
        named = {**_named(park), "indicator": cell.indicator, "indicator_name": name}
        for party in view.parties:
            said = view.judgements.get((park.park_id, cell.indicator, party))
            why = terms.ASKED_NOT if view.not_asked(cell.indicator, party) else "niet aangeleverd"
            told = {"state": None, "state_name": why, "level": None, "source_strength": "", "date": ""}
            if said is not None:
                told = fields_of(said, "state", "level", "source_strength", "date")
                told["state_name"] = STATES[said.state]
            applies = int(told["state"] != "not_applicable")
            yield {**named, "party": party, "party_name": view.party_name(party), **told, "applicable": applies}


def _phenomena(view: View) -> Iterator[Row]:
    for one in terms.signs(view):
        named = {**_named(view.park(one.park_id)), "phenomenon": one.id, "phenomenon_name": one.name}
        yield {**named, "strength": one.strength, "strength_name": terms.STRENGTH[one.strength]}


def _places(view: View) -> Iterator[Row]:
    """How often each park has each place in the recalculations; none where the reader may not know."""
    for row in view.assessment.ranks.to_dict("records"):
        named = _named(view.park(str(row["park_id"])))
        yield {**named, "rank": int(row["rank"]), "share": float(row["share"])}


def cell_weights(view: View) -> dict[str, float]:
    """The weight of every group and indicator, as the scores use it."""
    tree = structure(view.catalogue, view.assessment.parameters.method)
    return {str(code): float(weight) for code, weight in zip(tree["code"], tree["weight"], strict=True)}


def _weight_rows(view: View) -> Iterator[Row]:
    weights, powers = cell_weights(view), view.assessment.parameters.method.power.model_dump()
    families = view.catalogue.families
    whole = sum(weights[family.score] for family in families)
    for family in families:
        name, weight, power = family.score_name, weights[family.score], powers[family.score]
        told = "oneindig" if math.isinf(power) else float(power)
        named = {"sort": "groep", "code": family.score, "name": name, "group_name": name}
        figures = {"weight": weight, "share": weight / whole, "power": told, "severity": None}
        yield {**named, **figures, "best_judge": "", "levels": ""}
    for family in families:
        rows = view.catalogue.by_family(family.id)
        part = sum(weights[row.id] for row in rows)
        for row in rows:
            scale, own = view.catalogue.scale_of(row.id), weights[row.id]
            levels = ", ".join(terms.level_text(scale, one.value) for one in scale.levels)
            named = {"sort": "indicator", "code": row.id, "name": row.name, "group_name": family.score_name}
            figures = {"weight": own, "share": own / part, "power": None, "severity": row.severity}
            yield {**named, **figures, "best_judge": _best_judge(view, row), "levels": levels}


def _best_judge(view: View, row: Indicator) -> str:
    known = {party.id for party in view.catalogue.parties}
    return view.party_name(row.best_judge) if row.best_judge in known else "alle partijen"


def _method_rows(view: View) -> Iterator[Row]:
    sources = [(f"Werkmap {source.file} (sha256)", source.sha256) for source in view.assessment.sources]
    choices = ((f"method.{key}", value) for key, value in view.assessment.parameters.method.choices)
    for item, value in (*facts(view), *sources, *choices):
        yield {"item": item, "value": value}


def write_views(views: Sequence[View], folder: Path, about: Sequence[str] = ()) -> tuple[Path, ...]:
    """The tables of one municipality or more, under one another; `about` names which, all of them when empty."""
    return write_csvs(folder, [_for_machines(view, about) for view in views])


def write_csvs(folder: Path, every: Iterable[Iterable[tuple[Table, Sequence[Row]]]]) -> tuple[Path, ...]:
    """Tables with their rows, of each municipality, and a dictionary of all columns, into `folder`/tabellen.

    Equal tables give equal bytes.
    """
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    written, fields, notice = [], [], ""
    for parts in zip(*every, strict=True):
        table = parts[0][0]
        columns = (*table.columns_for("csv"), *_layouts()[1])
        rows = [[row[column.name] for column in columns] for _, part in parts for row in part]
        notice = str(rows[0][-1]) if rows else notice
        written.append(write_csv(target / f"{table.name}.csv", [column.name for column in columns], rows))
        fields += [(table.name, *_explained(one), table.rows_are) for one in columns]
    return (*written, write_csv(target / "velden.csv", _DICTIONARY, [(*field, notice) for field in fields]))


def rounds_tables(every: Sequence[Rounds]) -> tuple[Table, ...]:
    """Every change in its parts, the cells behind it, and what came of the chosen parks, of one municipality or more.

    Behind every row the labels of its municipality.
    """
    made: dict[str, list[Row]] = {"verandering": [], "verschillen": [], "gekozen": []}
    for one in every:
        view, sha256 = change_view(one.latest), hashlib.sha256(one.to_json().encode()).hexdigest()
        labels = _labels(one.latest, one.latest.new_round, sha256, view.audience)
        parts = (_compared(one, view.catalogue, "frame"), _compared(one, view.catalogue, "moved"), _chosen_rows(one))
        for rows, found in zip(made.values(), parts, strict=True):
            rows += [{**row, **labels} for row in found]
    return tuple(replace(table, rows=tuple(made[table.name])) for table in _layouts("rounds")[0])


def _compared(rounds: Rounds, catalogue: Catalogue, part: str) -> Iterator[Row]:
    """The rows of `frame` or `moved` of every comparison, with its earlier round and the names of what has a code."""
    indicators = {one.id: one.name for one in catalogue.indicators}
    names = {
        "group": {ROOT: "totaal", **{one.score: one.score_name for one in catalogue.families}, **indicators},
        "indicator": indicators,
        "party": {one.id: one.name for one in catalogue.parties},
        "kind": KIND,
    }
    for since in rounds.developments:
        frame = getattr(since, part)
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            told = {f"{code}_name": own.get(row[code], row[code]) for code, own in names.items() if code in row}
            yield {**row, **told, "park": since.name(row["park_id"]), "old_round": since.old_round}


def _chosen_rows(rounds: Rounds) -> Iterator[Row]:
    for one in rounds.chosen:
        counts = {name: one.actions.get(name, 0) for name in ("overdue", "finished")}
        results = {**dict.fromkeys(RESULTS, 0), **one.results}
        told = {"park": rounds.latest.name(one.park_id), "old_round": one.round, "actions": sum(one.actions.values())}
        yield {**asdict(one), **told, **counts, **results, "plan": one.plan or ""}


def _explained(column: Column) -> tuple[str, str, str, str]:
    kind = "share" if column.kind == "frequency" else column.kind
    return column.name, column.heading, kind, f"{column.told('leeg', 'leeg')}{_UNITS.get(column.kind, '')}"


def _labels(made: Assessment | Development, name: str, fingerprint: str, audience: Audience) -> Row:
    """What stands behind every row: of which municipality and round, made of what, and for whom."""
    notice = terms.labels(audience.label, terms.legal_basis_line(made.legal_basis), fictional=made.fictional)
    return {"municipality": made.municipality_name, "round": name, "fingerprint": fingerprint[:16], "notice": notice}


def _for_machines(view: View, about: Sequence[str]) -> Iterator[tuple[Table, list[Row]]]:
    """The tables of one municipality by park, with its labels behind every row."""
    assessment = view.assessment
    labels = _labels(assessment, assessment.parameters.round, assessment.fingerprint, view.audience)
    for table in tables_of(view, about):
        if table.csv:
            rows = sorted(table.rows, key=lambda row: str(row["park_id"]))
            yield table, [{**row, **labels} for row in rows if row.get("state", "") is not None]


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    """Write a table for machines, and for who opens it by a double click."""
    made = io.StringIO()
    # With the line ends of RFC 4180 text that holds either of the two is quoted.
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return path


def _harmless(value: Value) -> Value:
    """Nothing as an empty field; text that a spreadsheet cannot take for a formula."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
