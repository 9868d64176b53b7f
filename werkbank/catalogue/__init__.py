"""The words of the workbench: indicators, scales, phenomena, interventions, partners and audiences.

Six YAML files, checked and made into one frozen `Catalogue`. They are a proposal from public sources: a
user puts own files in a folder and hands that folder to `load_catalogue`.
"""

from __future__ import annotations

from werkbank.catalogue.loading import load_catalogue
from werkbank.catalogue.models import (
    Audience,
    Catalogue,
    Family,
    Indicator,
    Intervention,
    Level,
    Partner,
    Party,
    Phenomenon,
    Scale,
    State,
    Term,
    Trigger,
)

__all__ = [
    "Audience",
    "Catalogue",
    "Family",
    "Indicator",
    "Intervention",
    "Level",
    "Partner",
    "Party",
    "Phenomenon",
    "Scale",
    "State",
    "Term",
    "Trigger",
    "load_catalogue",
]
