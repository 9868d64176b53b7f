"""Keeps the keyboard of the page that fills in to that page, and says that its language is Dutch."""

from __future__ import annotations

from pathlib import Path

import anywidget

__all__ = ["KeepKeys"]


class KeepKeys(anywidget.AnyWidget):
    """Shows nothing; everything beside it in the page gets its own keys instead of the notebook's shortcuts."""

    _esm = (Path(__file__).parent / "filling_keys.js").read_text(encoding="utf-8")
