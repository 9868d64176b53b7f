"""Source strength, date and short remarks beside the fictional judgements; neutral, never about anyone."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.demo.truth import Floats
from werkbank.matrix import layout
from werkbank.settings.catalogue import Catalogue

__all__ = ["REMARKS", "explain"]

Texts = np.ndarray[Any, np.dtype[np.object_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]

REMARKS: Final = {
    "threat": (
        "Signaal besproken in het werkoverleg.",
        "Beeld op basis van meldingen in deze periode, nog niet nader onderzocht.",
        "Mogelijk gaat het om een enkel pand; verder onderzoek is nodig.",
        "Aanwijzing uit een gezamenlijke controle, nog te duiden.",
        "Terugkerend punt in het overleg; het beeld is niet volledig.",
        "Waarneming tijdens een schouw buiten kantoortijd.",
        "Vermoeden op grond van samenhang met andere signalen.",
        "Eerder genoemd, dit jaar opnieuw naar voren gekomen.",
    ),
    "opportunity": (
        "Gezien tijdens een schouw.",
        "Beeld van de afdeling vergunningen en toezicht.",
        "Geldt vooral voor het oudste deel van het terrein.",
        "Op zichzelf geen aanwijzing; wel een kenmerk om te volgen.",
        "Gebaseerd op de gegevens van vorig jaar.",
    ),
    "resilience": (
        "Besproken met de accountmanager bedrijven.",
        "Afspraken zijn er, de uitvoering verschilt per periode.",
        "Wordt dit jaar opnieuw bekeken.",
        "Nog geen vast overleg op dit terrein.",
        "Deelname aan bijeenkomsten wisselt.",
    ),
}

# Family → chance that a cell above 0 carries a source strength with a date, and a remark.
_CARRIES: Final = {"threat": (0.85, 0.40), "opportunity": (0.12, 0.08), "resilience": (0.06, 0.06)}
# Chance of A, and of A or B, for a level low, in the middle and at the top of its scale: frequent is better sourced.
_STRENGTHS: Final = np.array([(0.08, 0.55), (0.35, 0.80), (0.60, 0.92)])
_WORKING_DAYS: Final = 140


def explain(frame: pd.DataFrame, round_name: str, catalogue: Catalogue, rng: np.random.Generator) -> pd.DataFrame:
    """The judgements with remark, source_strength and date filled in where a party would do so."""
    families = {each.id: each.family for each in catalogue.indicators}
    tops = {each.id: catalogue.scale_of(each.id).highest for each in catalogue.indicators}
    family = frame["indicator"].map(families).to_numpy(dtype=object)
    level = frame["level"].fillna(0).to_numpy(dtype=float)
    height = level / frame["indicator"].map(tops).to_numpy(dtype=float)
    chance = np.array([_CARRIES[each] for each in family])
    carried = (rng.random(chance.shape) < chance) & (level[:, None] > 0)
    strength = np.where(carried[:, 0], _strengths(height, rng), "")
    date = np.where(carried[:, 0], _days(round_name, len(frame), rng), np.datetime64("NaT", "D"))
    remark = np.where(carried[:, 1], _remarks(family, rng), "")
    explained = frame.assign(remark=remark, source_strength=strength, date=date)
    return explained.astype({"remark": "str", "source_strength": "str", "date": "datetime64[s]"})


def _strengths(height: Floats, rng: np.random.Generator) -> Texts:
    band = np.searchsorted([0.34, 0.67], height)
    luck = rng.random(len(height))
    which = (luck[:, None] > _STRENGTHS[band]).sum(axis=1)
    return np.asarray(np.array(layout.SOURCE_STRENGTHS, dtype=object)[which])


def _days(round_name: str, count: int, rng: np.random.Generator) -> Days:
    """Working days in the months before the round closes, which is at the end of its January."""
    closing = np.datetime64(f"{round_name[:4]}-01-31")
    return np.busday_offset(closing, -rng.integers(0, _WORKING_DAYS, count), roll="backward")


def _remarks(family: Texts, rng: np.random.Generator) -> Texts:
    luck = rng.random(len(family))
    return np.array(
        [REMARKS[each][int(at * len(REMARKS[each]))] for each, at in zip(family, luck, strict=True)], object
    )
