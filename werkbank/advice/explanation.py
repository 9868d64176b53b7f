"""How one park's score came about, step by step down to the cells, and what differs between two analyses."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werkbank.catalogue import Catalogue
from werkbank.exploring import Shown
from werkbank.method import Method
from werkbank.wording import capital, listing, number, percent, points, safe_html, within

__all__ = ["Comparison", "Explanation", "compared", "explained"]


_HALF_A_PERCENT = 0.005


@dataclass(frozen=True, slots=True)
class Explanation(Shown):
    """Lines of Dutch that lead from a park's total to the cells it is made of, most important first."""

    title: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """The title, and every line below it."""
        return "\n".join([self.title, *(f"  {line}" for line in self.lines)])

    def _repr_html_(self) -> str:
        items = "".join(str(safe_html("<li>{}</li>", line)) for line in self.lines)
        return f"{safe_html('<p><strong>{}</strong></p>', self.title)}<ul>{items}</ul>"


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """What differs between two analyses of one municipality; empty `lines` when nothing does."""

    same_inputs: bool
    lines: tuple[str, ...]
    _parks: pd.DataFrame

    @property
    def parks(self) -> pd.DataFrame:
        """Per park that is in either: name, score before and after, rank before and after; a copy."""
        return self._parks.copy()

    def __str__(self) -> str:
        """The differences, a line each."""
        return "\n".join(self.lines) or "Geen verschil."

    def _repr_html_(self) -> str:
        items = "".join(str(safe_html("<li>{}</li>", line)) for line in self.lines)
        return f"<p><strong>Wat er verschilt</strong></p><ul>{items or '<li>Geen verschil.</li>'}</ul>"


def explained(
    park_id: str,
    parks: pd.DataFrame,
    groups: pd.DataFrame,
    cells: pd.DataFrame,
    judgements: pd.DataFrame,
    catalogue: Catalogue,
    method: Method,
) -> Explanation:
    """The explanation of one park from an assessment's tables; KeyError when there is no such park."""
    park = parks.set_index("park_id").to_dict("index")[park_id]
    own = cells[cells["park_id"] == park_id]
    said = _said(judgements[judgements["park_id"] == park_id], catalogue)
    lines = [
        _total(park, len(parks), method.edges),
        *_groups(groups[groups["park_id"] == park_id], catalogue, method),
        *_cells(own, said, catalogue),
        *_without_points(own),
    ]
    return Explanation(f"{park['name']} ({park_id})", tuple(lines))


def _total(park: Mapping[Hashable, Any], parks: int, edges: tuple[float, ...]) -> str:
    score, low, high = (points(park[name], edges) for name in ("score", "low", "high"))
    if pd.isna(park["score"]):
        return f"Geen score: er is te weinig bekend. Mogelijk tussen {low} en {high}."
    return f"Totaal {score} van 100 (mogelijk tussen {low} en {high}), plaats {park['rank']} van {parks}."


def _groups(rows: pd.DataFrame, catalogue: Catalogue, method: Method) -> Iterator[str]:
    weights: Mapping[str, float] = method.group_weights.model_dump()
    whole = sum(weights.values())
    names = {family.score: family.score_name for family in catalogue.families}
    for row in rows.to_dict("records"):
        if row["group"] in names:
            part = f"weegt {percent(weights[row['group']] / whole)}, {percent(row['coverage'])} bekend"
            yield f"{names[row['group']]}: {_group_score(row, method)} ({part})."


def _group_score(row: Mapping[Hashable, Any], method: Method) -> str:
    """A group's score and its part of the total; where it has none, what it stands in for."""
    counts = "" if math.isnan(row["contribution"]) else f"{number(row['contribution'], 1)} punten van het totaal"
    if not math.isnan(row["score"]):
        return points(row["score"], method.edges) + (f", goed voor {counts}" if counts else "")
    # As a percentage what is known may read the same as what is needed: two thirds is less than 0.6667.
    nearly = method.minimum_coverage - row["coverage"] < _HALF_A_PERCENT
    known = "net te weinig bekend" if nearly else "te weinig bekend"
    if not row["contribution"] > 0:
        return known
    return f"{known}; telt met het gemiddelde van de andere groepen, binnen wat nog kan, voor {counts}"


def _cells(own: pd.DataFrame, said: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    carrying = own[own["contribution"] > 0].sort_values(["contribution", "indicator"], ascending=[False, True])
    for row in carrying.to_dict("records"):
        code = row["indicator"]
        told = said.get(code, "")
        yield f"{code} {catalogue.indicator(code).name}: {number(row['contribution'], 1)} punten. {told}".rstrip()


def _without_points(own: pd.DataFrame) -> Iterator[str]:
    """Every other cell, so that none is passed over: known and nothing to count, not applicable, or not known."""
    counted = own["contribution"] > 0
    known, unknown = own["known"] & ~counted, own["applicable"] & ~own["known"]
    for cells, told in (
        (known & own["contribution"].notna(), "Bekend, en zonder punten: {}."),
        (known & own["contribution"].isna(), "Bekend, maar te weinig voor een score: {}."),
        (~own["applicable"], "Niet van toepassing: {}."),
        (unknown, "Bij geen enkele partij bekend: {}. Dat telt niet als nul, maar in de grenzen."),
    ):
        if cells.any():
            yield told.format(listing(own.loc[cells, "indicator"].tolist()))


def _said(rows: pd.DataFrame, catalogue: Catalogue) -> dict[str, str]:
    """Indicator → what each party says of it, in the words of its scale; parties that say the same together."""
    found: dict[str, dict[int, list[str]]] = {}
    for row in rows.to_dict("records"):
        if row["state"] == "level":
            same = found.setdefault(row["indicator"], {}).setdefault(int(row["level"]), [])
            same.append(catalogue.party(row["party"]).name)
    return {code: " ".join(_judged(code, by_level, catalogue)) for code, by_level in found.items()}


def _judged(code: str, by_level: Mapping[int, Sequence[str]], catalogue: Catalogue) -> Iterator[str]:
    scale = catalogue.scale_of(code)
    for level, parties in by_level.items():
        yield f"{capital(listing(parties))}: {within(scale.levels[level].name)} ({level})."


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
    parks = pd.merge(
        old.set_index("park_id")[columns],
        new.set_index("park_id")[columns],
        how="outer",
        left_index=True,
        right_index=True,
        suffixes=("_before", "_after"),
    )
    lines = [*_basis_lines(basis), *_advice_lines(parks, *advised), *_score_lines(parks)]
    return Comparison(not basis, tuple(lines), parks.reset_index())


def _basis_lines(basis: Sequence[str]) -> Iterator[str]:
    if basis:
        yield f"{capital(listing(basis))} {'is' if len(basis) == 1 else 'zijn'} anders."


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
