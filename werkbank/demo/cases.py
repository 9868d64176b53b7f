"""Agreed cases of a fictional steering group, so that the example shows how they work."""

from __future__ import annotations

from pathlib import Path

from werkbank.settings.catalogue import Catalogue

__all__ = ["example_cases"]

NAMED = ("V02", "V05", "V10", "G01")
"""The indicators that the example speaks of."""


def example_cases(catalogue: Catalogue) -> str | None:
    """The example's `reference_cases.yaml`; None for a catalogue that does not have its indicators."""
    if not set(NAMED) <= set(catalogue.indicator_ids):
        return None
    return Path(__file__).with_name("reference_cases.yaml").read_text(encoding="utf-8")
