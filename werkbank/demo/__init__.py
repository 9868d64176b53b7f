"""A fictional district, generated: register, map, filled matrices of two rounds, and the truth behind them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkbank.demo.fiction import District, generate
    from werkbank.demo.write import MARKER, is_fictional, write_demo

__all__ = ["MARKER", "District", "generate", "is_fictional", "write_demo"]

_HOMES = {
    "District": "werkbank.demo.fiction",
    "generate": "werkbank.demo.fiction",
    "MARKER": "werkbank.demo.write",
    "is_fictional": "werkbank.demo.write",
    "write_demo": "werkbank.demo.write",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: pandas and XlsxWriter take their time."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)
