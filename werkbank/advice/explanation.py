"""How one park's score came about, step by step down to the cells."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.wording import Shown, capital, listing, number, percent, points, safe_html, within

__all__ = ["Explanation", "explained"]


NOT_TOLD = (
    "De deelscores, en wat elke indicator bijdraagt, staan niet in dit exemplaar: "
    "daaruit is af te leiden wat een ander invulde. Hieronder staan uw eigen oordelen."
)
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


def explained(
    park_id: str,
    parks: pd.DataFrame,
    groups: pd.DataFrame,
    cells: pd.DataFrame,
    judgements: pd.DataFrame,
    catalogue: Catalogue,
    method: Method,
) -> Explanation:
    """The explanation of one park from an assessment's tables; KeyError when there is no such park.

    In a copy for who may not see every party's judgements the tables hold no groups and no contributions: then only the
    reader's own judgements are told, and nothing is said of what others know.
    """
    park = parks.set_index("park_id").to_dict("index")[park_id]
    own = cells[cells["park_id"] == park_id]
    said = _said(judgements[judgements["park_id"] == park_id], catalogue)
    total = _total(park, len(parks), method.edges)
    if groups["low"].isna().all():
        lines = [total, NOT_TOLD, *_own_judgements(own, said, catalogue)]
    else:
        lines = [
            total,
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


def _own_judgements(own: pd.DataFrame, said: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    """What the reader's own party said of every indicator."""
    for code in own.loc[own["known"], "indicator"]:
        yield f"{code} {catalogue.indicator(code).name}. {said[code]}"
    for cells, told in (
        (~own["applicable"], "Door u niet van toepassing genoemd: {}."),
        (own["applicable"] & ~own["known"], "Door u niet beoordeeld: {}."),
    ):
        if cells.any():
            yield told.format(listing(own.loc[cells, "indicator"].tolist()))


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
