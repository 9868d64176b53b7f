"""Invented context figures for the fictional parks; drawn apart, so that they say nothing about what was planted."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

__all__ = ["draw_context"]

_STREAM: Final = 4
"""The district's own subjects use the first four streams of the seed."""
_FIRMS_PER_HA: Final = 4.2
_JOBS_PER_FIRM: Final = 11.0
_LEFT_EMPTY: Final = 0.06


def draw_context(parks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per park of the register: firms, jobs, vacancy and the like, as a municipality might deliver them.

    Sizes go with the net area; some cells are empty, as in any such list.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM,)))
    n = len(parks)
    firms = np.maximum(1, rng.poisson(parks["net_ha"].to_numpy() * _FIRMS_PER_HA * rng.lognormal(0, 0.3, n)))
    jobs = np.maximum(firms, rng.poisson(firms * _JOBS_PER_FIRM * rng.lognormal(0, 0.4, n)))
    columns = {
        "establishments": _texts(firms, 0),
        "workers": _texts(jobs, 0),
        "vacancy": _texts(np.clip(rng.gamma(2.2, 3.0, n), 0, 40), 1),
        "median_building_year": _texts(rng.normal(1996, 9, n), 0),
        "car_trade_share": _texts(np.clip(rng.gamma(2.0, 5.0, n), 0, 60), 1),
        "sole_proprietor_share": _texts(rng.uniform(18, 62, n), 1),
        "biz": ["ja" if draw < 0.35 else "nee" for draw in rng.random(n)],
    }
    table = pd.DataFrame(columns).mask(rng.random((n, len(columns))) < _LEFT_EMPTY, "")
    table.insert(0, "park_id", parks["park_id"].to_numpy())
    return table.assign(reference_date="2026-01-01")


def _texts(values: np.ndarray[tuple[int], np.dtype[np.float64]], digits: int) -> list[str]:
    return [f"{value:.{digits}f}" for value in values]
