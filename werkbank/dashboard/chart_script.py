"""The JavaScript that draws living charts, made once and kept: making it takes a second or two, reading it nothing."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from werkbank.report.html import cache_folder, kept

__all__ = ["SCRIPT_VARIABLE", "cache_folder", "chart_script", "kept_script"]

SCRIPT_VARIABLE = "WERKBANK_CHART_SCRIPT"
"""The address the server gives the script out at; empty outside the dashboard's server."""


def chart_script() -> str:
    """What a living chart is to load: the server's address of the script, else the script itself."""
    return os.environ.get(SCRIPT_VARIABLE) or kept_script()


def kept_script() -> str:
    """The script as text, from the cache where it is there; a damaged or unwritable cache only costs time."""
    return kept(f"chart-{_key()}.js", _made)


def _key() -> str:
    """Another release of what makes the script is another script."""
    own = (Path(__file__).parents[1] / "report" / "charts_live.py").read_bytes()
    return hashlib.sha256(f"{version('altair')} {version('vl-convert-python')} ".encode() + own).hexdigest()[:16]


def _made() -> str:
    from werkbank.dashboard.charts import offline_script  # noqa: PLC0415  starts a JavaScript engine

    return offline_script()
