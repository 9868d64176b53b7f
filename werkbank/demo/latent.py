"""Latent values behind the levels of the fictional district: what makes indicators of one park go together.

A park has a general activity and four themes. Threats follow both, opportunity follows them too, resilience goes
against the activity. Levels are cut from the latent values so that most threats are 0, some 1 and few 2 or 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Final, Self

import numpy as np

from werkbank.settings.catalogue import Catalogue, Indicator

__all__ = ["THEMES", "Floats", "Latent", "Levels", "Mask", "Numbers", "draw_latent", "nominal_scores"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Levels = np.ndarray[Any, np.dtype[np.int8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]

THEMES: Final = {
    "drugs": ("V01", "V02", "V03", "V04", "V05", "V06", "G01", "G02", "G06", "G08", "G13"),
    "cars": ("V07", "V14", "G04", "G07"),
    "fronts": ("V08", "V09", "V13", "V16", "G05", "G09", "G10", "G11"),
    "labour": ("V10", "V11", "V12", "V15", "G03", "G12"),
}
"""Which indicators move together; an indicator of another catalogue gets a theme by its place in the list."""

# Family → how strongly the latent value follows activity and theme; the rest is noise of the cell itself.
_LOADINGS: Final = {"threat": (0.50, 0.60), "opportunity": (0.50, 0.30), "resilience": (-0.50, 0.0)}
# Family → share of cells at most 0, 1 and 2 on a scale of four levels.
_SHARES: Final = {"threat": (0.78, 0.915, 0.975), "opportunity": (0.33, 0.70, 0.92), "resilience": (0.18, 0.55, 0.87)}
_MUNICIPALITY_SPREAD: Final = 0.12
_DRIFT: Final = 0.12
_CHANGE: Final = 0.9
# Default group weights of the method; planting needs an idea of the total, and demo may not import scoring.
_GROUPS: Final = {"threat": (0.5, 2), "opportunity": (0.25, 1), "resilience": (0.25, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """Latent values of one round: activity per park, themes per park, noise and cuts per cell and indicator."""

    catalogue: Catalogue
    activity: Floats
    themes: Floats
    noise: Floats
    cuts: tuple[Floats, ...]
    """Per indicator the borders between its levels."""

    def levels(self) -> Levels:
        """Parks × indicators: the level in whose band each latent value falls."""
        values = self._values()
        columns = [np.searchsorted(cuts, values[:, number]) for number, cuts in enumerate(self.cuts)]
        return np.stack(columns, axis=1).astype(np.int8)

    def _values(self) -> Floats:
        loadings = np.array([_LOADINGS[indicator.family] for indicator in self.catalogue.indicators])
        rest = np.sqrt(1 - (loadings**2).sum(axis=1))
        theme = self.themes[:, _theme_numbers(self.catalogue)]
        return np.asarray(self.activity[:, None] * loadings[:, 0] + theme * loadings[:, 1] + self.noise * rest)

    def moved(self, shift: Floats, rng: np.random.Generator) -> Self:
        """The next round: every park drifts a little, those with a shift of ±1 change in earnest."""
        drift = rng.normal(0, _DRIFT, self.activity.shape)
        theme_drift = rng.normal(0, _DRIFT, self.themes.shape)
        return replace(
            self,
            activity=self.activity + drift + _CHANGE * shift,
            themes=self.themes + theme_drift + _CHANGE * shift[:, None] / 2,
        )

    def raised(self, parks: Numbers, step: float) -> Self:
        """The same world with some parks a step more active, most of all in their two strongest themes."""
        activity, themes = self.activity.copy(), self.themes.copy()
        activity[parks] += step
        strongest = np.argsort(themes[parks], axis=1)[:, -2:]
        themes[parks[:, None], strongest] += step
        return replace(self, activity=activity, themes=themes)


def draw_latent(catalogue: Catalogue, municipality: Numbers, rng: np.random.Generator) -> Latent:
    """Draw a world; `municipality` numbers the parks' municipalities, which differ only a little."""
    parks = len(municipality)
    base = rng.normal(0, _MUNICIPALITY_SPREAD, int(municipality.max()) + 1)
    frequency = rng.normal(0, 0.22, len(catalogue.indicators))
    return Latent(
        catalogue=catalogue,
        activity=rng.normal(0, 1, parks) + base[municipality],
        themes=rng.normal(0, 1, (parks, len(THEMES))),
        noise=rng.normal(0, 1, (parks, len(catalogue.indicators))),
        cuts=tuple(
            _cuts(indicator, catalogue.scale_of(indicator.id).highest) + shift
            for indicator, shift in zip(catalogue.indicators, frequency, strict=True)
        ),
    )


def _cuts(indicator: Indicator, highest: int) -> Floats:
    """Borders between the levels; graver threats are rarer."""
    shares = _SHARES[indicator.family]
    wanted = np.interp(np.linspace(0, 1, highest), np.linspace(0, 1, len(shares)), shares)
    rarer = 0.12 * ((indicator.severity or 2) - 2)
    return np.array([NormalDist().inv_cdf(float(share)) + rarer for share in wanted])


def _theme_numbers(catalogue: Catalogue) -> list[int]:
    known = {code: number for number, codes in enumerate(THEMES.values()) for code in codes}
    return [known.get(code, place % len(THEMES)) for place, code in enumerate(catalogue.indicator_ids)]


def nominal_scores(levels: Levels, applicable: Mask, catalogue: Catalogue) -> Floats:
    """Totals 0-100 of fully known levels by the default method (method.md 3, design.md 4.1)."""
    total = np.zeros(len(levels))
    for family in catalogue.families:
        weight, power = _GROUPS[family.id]
        columns = [number for number, each in enumerate(catalogue.indicators) if each.family == family.id]
        own = [catalogue.indicators[number] for number in columns]
        points = np.stack(
            [_points(catalogue, each)[levels[:, n]] for n, each in zip(columns, own, strict=True)], axis=1
        )
        risk = 100 - points if family.score == "resilience_gap" else points
        weights = np.array([each.weight * (each.severity or 1) for each in own]) * applicable[:, columns]
        total += weight * ((weights * risk**power).sum(axis=1) / weights.sum(axis=1)) ** (1 / power)
    return total


def _points(catalogue: Catalogue, indicator: Indicator) -> Floats:
    scale = catalogue.scale_of(indicator.id)
    return np.array([scale.points_of(level) for level in range(scale.highest + 1)])
