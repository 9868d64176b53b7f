"""How sure the advice is: in which share of the recalculations exactly these parks come out, and who else might."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.scoring.robustness import Robustness

__all__ = ["CLEAR", "LIKELY", "Sureness", "sureness"]

CLEAR, LIKELY = 0.90, 0.70
NAMED = 0.90
"""The parks that are named together come first in at least this share of the recalculations."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the recalculations say of one advised set; shares 0-1 of recalculations, no chance of a crime.

    `grade` is clear, likely or indistinguishable. `leading` is the smallest set of parks that together take the first
    places in at least 0.90 of the recalculations, most often first; `shares` are theirs, each of being among the first
    places. `favourites` are as many parks as were advised, those most often among the first.
    """

    grade: str
    share: float
    draws: int
    leading: tuple[str, ...]
    shares: tuple[float, ...]
    favourites: tuple[str, ...]


def sureness(found: Robustness, advised: Sequence[str]) -> Sureness:
    """How sure it is that exactly the `advised` parks have the highest totals (method.md 7)."""
    k = len(advised)
    share = float(found.comes_out(advised).mean())
    among = found.p_top(k)
    # Equal shares stand in the order of their codes, so that the same draws give the same list.
    order = sorted(among.index, key=lambda park: (-among[park], str(park)))
    leading = _leading(among, order, k)
    return Sureness(
        grade="clear" if share >= CLEAR else "likely" if share >= LIKELY else "indistinguishable",
        share=share,
        draws=found.draws,
        leading=tuple(map(str, leading)),
        shares=tuple(float(among[park]) for park in leading),
        favourites=tuple(map(str, order[:k])),
    )


def _leading(among: pd.Series, order: Sequence[str], k: int) -> list[str]:
    total, leading = 0.0, []
    for park in order:
        if total >= NAMED * k - 1e-9:
            break
        leading.append(park)
        total += float(among[park])
    return leading
