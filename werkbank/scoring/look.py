"""How results look in a notebook: the first units as a table, every name escaped."""

from __future__ import annotations

import html

import pandas as pd

__all__ = ["SHOWN", "table_html"]

SHOWN = 20
"""Units in a table that is shown; the whole is in the value's own tables."""


def table_html(result: object, table: pd.DataFrame) -> str:
    """What the result is in words, and below it its first units."""
    shown = table.head(SHOWN).to_html(escape=True, border=0, na_rep="–", float_format=lambda value: f"{value:.2f}")
    more = f"<p>… {len(table) - SHOWN} more</p>" if len(table) > SHOWN else ""
    return f"<p>{html.escape(repr(result))}</p>{shown}{more}"
