"""A score in careful Dutch: how it came about, what differs between two analyses, what it did between two rounds.

Printed figures of a change have one decimal and fit together: old plus change is new, and the parts add up to it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werkbank.advice.advice import figures
from werkbank.advice.development import Change, Development
from werkbank.advice.reasons import WORDS, Assessed, CellReading, read_park
from werkbank.matrix.layout import cell_text
from werkbank.scoring.tables import Copied
from werkbank.settings.catalogue import AGREED, Catalogue
from werkbank.settings.method import Method
from werkbank.wording import Shown, capital, count, listing, number, percent, points, safe_html, within

CAUTION: str = WORDS["caution"]
POINT = 10
"""Printed figures are counted in tenths of a point."""


@dataclass(frozen=True, slots=True)
class Explanation(Shown):
    """Lines of Dutch that lead from a park's total to the cells it is made of, most important first."""

    title: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """The title, and every line below it."""
        return "\n".join([self.title, *(f"  {line}" for line in self.lines)])

    def _repr_html_(self) -> str:
        return _list_html(self.title, self.lines)


def explained(assessed: Assessed, park_id: str, catalogue: Catalogue) -> Explanation:
    """The explanation of one park of an assessment; KeyError when there is no such park.

    In a copy for who may not see every party's judgements the tables hold no groups and no contributions: then only the
    reader's own judgements are told, and nothing is said of what others know.
    """
    method, parks, groups = assessed.parameters.method, assessed.parks, assessed.groups
    every = read_park(assessed, park_id).cells
    cells = [cell for cell in every if catalogue.asked_of(cell.indicator, assessed.parameters.parties)]
    not_asked = _listed("Niet gevraagd: {}.", (cell for cell in every if cell not in cells))
    park = parks.set_index("park_id").to_dict("index")[park_id]
    total = "Geen score: geen enkele vraag is van toepassing."
    if not pd.isna(park["score"]):
        total = f"Totaal {figures(park, method.class_borders)}. Plaats {park['rank']} van {len(parks)}."
    if groups["low"].isna().all():
        lines = [total, WORDS["own_only"], *_own_judgements(cells, catalogue)]
    else:
        rows = groups[groups["park_id"] == park_id]
        lines = [total, *_groups(rows, catalogue, method), *_carrying(cells, catalogue), *_without_points(cells)]
    said = (row for row in remark_rows(assessed) if row["park_id"] == park_id)
    remarks = (f"Toelichting bij {remark_in_words(row, catalogue)}" for row in said)
    return Explanation(f"{park['name']} ({park_id})", (*lines, *not_asked, *remarks))


def _groups(rows: pd.DataFrame, catalogue: Catalogue, method: Method) -> Iterator[str]:
    weights: Mapping[str, float] = method.group_weights.model_dump()
    whole = sum(weights.values())
    names = {family.score: family.score_name for family in catalogue.families}
    for row in rows.to_dict("records"):
        if row["group"] in names and not math.isnan(row["score"]):
            part = f"weegt {percent(weights[row['group']] / whole)}, {percent(row['coverage'])} bekend"
            counts = f", goed voor {number(row['contribution'], 1)} punten van het totaal"
            yield f"{names[row['group']]}: {points(row['score'], method.class_borders)}{counts} ({part})."


def _carrying(cells: Sequence[CellReading], catalogue: Catalogue) -> Iterator[str]:
    """The cells that make the total, the largest first; what nobody knows together, where it stands by size."""
    carrying = [(cell.contribution or 0.0, cell) for cell in cells if (cell.contribution or 0) > 0]
    known = [(points, cell) for points, cell in carrying if cell.level is not None]
    expected = [(points, cell) for points, cell in carrying if cell.level is None]
    lines = [(points, cell.indicator, _carries(points, cell, catalogue)) for points, cell in known]
    if expected:
        ordered = sorted(expected, key=lambda pair: (-pair[0], pair[1].indicator))
        each = listing(f"{cell.indicator} {number(points, 1)}" for points, cell in ordered)
        whole = math.fsum(points for points, _ in expected)
        lines.append((whole, "", f"Nog onbekend, naar verwachting: {number(whole, 1)} punten ({each})."))
    yield from (line for _, _, line in sorted(lines, key=lambda one: (-one[0], one[1])))


def _carries(points: float, cell: CellReading, catalogue: Catalogue) -> str:
    name, judged = catalogue.indicator(cell.indicator).name, judgements_in_words(cell, catalogue)
    return f"{cell.indicator} {name}: {number(points, 1)} punten. {judged}".rstrip()


def _own_judgements(cells: Sequence[CellReading], catalogue: Catalogue) -> Iterator[str]:
    """What the reader's own party said of every indicator."""
    for cell in cells:
        if cell.level is not None:
            name = catalogue.indicator(cell.indicator).name
            yield f"{cell.indicator} {name}. {judgements_in_words(cell, catalogue)}"
    yield from _listed("Door u niet van toepassing genoemd: {}.", (cell for cell in cells if not cell.applicable))
    yield from _listed("Door u niet beoordeeld: {}.", _unknown(cells))


def _without_points(cells: Sequence[CellReading]) -> Iterator[str]:
    """Every other cell, so that none is passed over: known and nothing to count, not applicable, or not known."""
    without = (cell for cell in cells if cell.level is not None and not (cell.contribution or 0) > 0)
    yield from _listed("Bekend, en zonder punten: {}.", without)
    yield from _listed("Niet van toepassing: {}.", (cell for cell in cells if not cell.applicable))
    yield from _listed(
        "Bij geen enkele partij bekend: {}. Dat telt niet als nul, maar naar verwachting.", _unknown(cells)
    )


def _unknown(cells: Sequence[CellReading]) -> list[CellReading]:
    return [cell for cell in cells if cell.applicable and cell.level is None]


def _listed(sentence: str, cells: Iterable[CellReading]) -> Iterator[str]:
    codes = [cell.indicator for cell in cells]
    if codes:
        yield sentence.format(listing(codes))


def judgements_in_words(cell: CellReading, catalogue: Catalogue) -> str:
    """What each party says of a cell, and what they agreed on, in the words of its scale; equal ones together."""
    scale, by_level = catalogue.scale_of(cell.indicator), defaultdict(list)
    for one in cell.judged:
        by_level[one.level, one.party == AGREED].append(catalogue.party(one.party).name)
    return " ".join(
        f"{capital(listing(parties))}: {within(scale.levels[level].name)} ({level})."
        for (level, _), parties in by_level.items()
    )


def remark_rows(assessed: Assessed) -> list[dict[Hashable, Any]]:
    """What the parties wrote beside their cells, with what they judged; those first that carry most of a score."""
    remarks, keys = assessed.remarks, ["park_id", "indicator"]
    if remarks.empty:
        return []
    rows = remarks.merge(assessed.judgements[[*keys, "party", "state", "level"]], on=[*keys, "party"])
    rows = rows.merge(assessed.cells[[*keys, "contribution"]].round(9), on=keys)
    return rows.sort_values("contribution", ascending=False, kind="stable").to_dict("records")


def remark_in_words(row: Mapping[Hashable, Any], catalogue: Catalogue, *, of_cell: bool = False) -> str:
    """Beside which cell, whose it is and what that party judged, and its words; where it may lead to somebody none.

    `of_cell`: it is told which cell.
    """
    level = None if pd.isna(row["level"]) else int(row["level"])
    judged = cell_text(row["state"], level, catalogue.scale_of(row["indicator"])) or "leeg"
    place = f" ({row['place']})" if row["place"] else ""
    told = f"er staat een toelichting die persoonsgegevens kan bevatten; zie de werkmap{place}"
    if row["remark"]:
        told = f"“{row['remark']}”"
    said = f"{catalogue.party(row['party']).name} ({judged}): {told}"
    return capital(said) if of_cell else f"{row['indicator']} {catalogue.indicator(row['indicator']).name}, {said}"


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """What differs between two analyses of one municipality; empty `lines` when nothing does."""

    same_inputs: bool
    lines: tuple[str, ...]
    _parks: pd.DataFrame

    parks = Copied("_parks", "Per park that is in either: name, score before and after, rank before and after.")

    def __str__(self) -> str:
        """The differences, a line each."""
        return "\n".join(self.lines) or "Geen verschil."

    def _repr_html_(self) -> str:
        return _list_html("Wat er verschilt", self.lines or ("Geen verschil.",))


def _list_html(title: str, lines: Sequence[str]) -> str:
    items = "".join(str(safe_html("<li>{}</li>", line)) for line in lines)
    return f"{safe_html('<p><strong>{}</strong></p>', title)}<ul>{items}</ul>"


def compared(
    before: tuple[pd.DataFrame, Mapping[str, str]],
    after: tuple[pd.DataFrame, Mapping[str, str]],
    advised: tuple[Sequence[str], Sequence[str]],
) -> Comparison:
    """The differences between two analyses: what they were made of, the advice, and every score that moved.

    `before` and `after` are the parks and what the analysis rests on, by Dutch name (method, catalogue, …).
    """
    (old, old_basis), (new, new_basis) = before, after
    basis = [name for name in new_basis if new_basis[name] != old_basis.get(name)]
    columns = ["name", "score", "rank"]
    old, new = (table.set_index("park_id")[columns] for table in (old, new))
    parks = old.add_suffix("_before").join(new.add_suffix("_after"), how="outer", sort=True)
    told = [f"Dit is anders: {listing(basis)}."] if basis else []
    lines = [*told, *_advice_lines(parks, *advised), *_score_lines(parks)]
    return Comparison(not basis, tuple(lines), parks.reset_index())


def _advice_lines(parks: pd.DataFrame, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    if tuple(before) != tuple(after):
        names = parks["name_after"].where(parks["name_after"].notna(), parks["name_before"]).to_dict()
        old, new = (listing(str(names[park]) for park in chosen) or "geen advies" for chosen in (before, after))
        yield f"Het advies ging van {old} naar {new}."


def _score_lines(parks: pd.DataFrame) -> Iterator[str]:
    moved = (parks["score_after"] - parks["score_before"]).abs()
    changed = parks[(moved > 1e-9) | (parks["score_before"].isna() != parks["score_after"].isna())]
    order = moved[changed.index].fillna(math.inf).sort_values(ascending=False, kind="stable").index
    rows = parks.to_dict("index")
    for park in order:
        row = rows[park]
        name = row["name_before"] if pd.isna(row["name_after"]) else row["name_after"]
        before, after = (number(row[f"score_{when}"], 1) for when in ("before", "after"))
        ranks = " naar ".join("–" if pd.isna(row[f"rank_{w}"]) else str(row[f"rank_{w}"]) for w in ("before", "after"))
        yield f"{name} ({park}): score {before} naar {after}, plaats {ranks}."


@dataclass(frozen=True, slots=True)
class PrintedChange:
    """A change as printed, in tenths of a point: new − old is the change, and so is the sum of the parts."""

    old: int | None
    new: int | None
    change: int | None
    judgement: int | None
    knowledge: int | None
    district: int | None
    method: int | None


def printed_change(change: Change) -> PrintedChange:
    """The change in tenths of a point, the parts rounded by largest remainder; a part of exactly 0 stays 0.

    So a printed part can be a tenth from its own rounding; the exact figures are in `Development.frame`.
    """
    old, new = tenths(change.old), tenths(change.new)
    total = None if old is None or new is None else new - old
    parts = (change.judgement, change.knowledge, change.district, change.method)
    if total is None or not change.splittable:
        return PrintedChange(old, new, total, None, None, None, None)
    return PrintedChange(old, new, total, *_shared_out([POINT * (part or 0.0) for part in parts], total))


def change_sentence(development: Development, park_id: str) -> str:
    """What the park's score did between the rounds and what is behind it, in one careful sentence or two."""
    if park_id in (*development.only_old, *development.only_new):
        only = development.old_round if park_id in development.only_old else development.new_round
        return f"Dit terrein staat alleen in ronde {only}; er valt niets te vergelijken."
    change = development.change(park_id)
    printed = printed_change(change)
    if printed.change is None:
        return _no_score(development, change)
    moved = "bleef" if printed.change == 0 else f"ging van {plain(printed.old)} naar"
    told = f"De score {moved} {plain(printed.new)} ({signed(printed.change)})"
    if printed.judgement is None:
        return f"{told}. Dat is niet te splitsen: te weinig oordelen zijn in beide rondes bekend."
    return f"{told}: {', '.join(_parts(development, change, printed))}."


def summary(development: Development) -> str:
    """How many parks went up and down by a point or more, how many cannot be split, and what that does not mean."""
    printed = [printed_change(change) for change in development.changes()]
    moves = [one.change for one in printed if one.change is not None]
    up, down = sum(move >= POINT for move in moves), sum(move <= -POINT for move in moves)
    apart = sum(one.change is not None and one.judgement is None for one in printed)
    without = len(printed) - len(moves) + len(development.only_old) + len(development.only_new)
    moved = (
        f"Van ronde {development.old_round} naar {development.new_round} ging de score van {_parks(up)} "
        f"een punt of meer omhoog en van {_parks(down)} een punt of meer omlaag; "
        f"bij {_parks(len(moves) - up - down)} was het verschil kleiner."
    )
    unsplit = f"Bij {_parks(apart)} is de verandering niet te splitsen." if apart else ""
    alone = f"Bij {_parks(without)} is er geen vergelijking." if without else ""
    return " ".join(filter(None, (moved, unsplit, alone, CAUTION)))


def knowledge_words(change: Change) -> str:
    """What the part for knowledge is called: more, less, or both."""
    gained, lost = change.cells_new - change.cells_both, change.cells_old - change.cells_both
    if lost and gained:
        return f"door verschil in kennis ({gained} {'cel' if gained == 1 else 'cellen'} erbij, {lost} eraf)"
    return "door minder kennis" if lost else "door meer kennis"


def signed(tenths: int | None) -> str:
    """Tenths of a point with their sign: "+9,2", "−3,0", "0"; `–` where there is none."""
    if tenths is None:
        return number(None)
    if tenths == 0:
        return "0"
    return f"{'+' if tenths > 0 else ''}{plain(tenths)}"


def plain(tenths: int | None) -> str:
    """Tenths of a point as a score: "51,3"; `–` where there is none."""
    return number(None if tenths is None else tenths / POINT, 1)


def _parts(development: Development, change: Change, printed: PrintedChange) -> list[str]:
    method = "in beide rondes met de methode van nu gerekend"
    if development.old_method_kept:
        method = f"{signed(printed.method)} door een andere methode"
    elif development.indicators_changed:
        method = f"{signed(printed.method)} door andere indicatoren, verder {method}"
    return [
        f"{signed(printed.judgement)} anders beoordeeld",
        f"{signed(printed.knowledge)} {knowledge_words(change)}",
        f"{signed(printed.district)} door het beeld van het district",
        method,
    ]


def _no_score(development: Development, change: Change) -> str:
    rounds = ((development.old_round, change.old), (development.new_round, change.new))
    without = listing(f"ronde {name}" for name, score in rounds if score is None)
    return f"Er valt niets te vergelijken: in {without} is geen enkele vraag van toepassing."


def _parks(n: int) -> str:
    return count(n, "terrein", "terreinen") if n else "geen enkel terrein"


def tenths(score: float | None) -> int | None:
    """A score 0-100 in tenths of a point, rounded as `number` does."""
    return None if score is None else math.floor(POINT * score + 0.5 + 1e-9)


def _shared_out(parts: list[float], total: int) -> list[int]:
    """Whole numbers near the parts that add up to `total`, which is less than one from their sum."""
    floors = [math.floor(part) for part in parts]
    # A part that is exactly 0 is no part, however the rounding falls.
    order = sorted(range(len(parts)), key=lambda i: (parts[i] == 0, floors[i] - parts[i]))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors
