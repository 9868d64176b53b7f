"""What differs between two analyses of one municipality: what they were made of, the advice, and every score."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.wording import Shown, listing, number, safe_html

__all__ = ["Comparison", "compared"]


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
        yield f"Dit is anders: {listing(basis)}."


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
