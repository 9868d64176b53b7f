"""The JavaScript that draws living charts, made once and kept: making it takes a second or two, reading it nothing."""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

__all__ = ["SCRIPT_VARIABLE", "cache_folder", "chart_script", "kept_script"]

SCRIPT_VARIABLE = "WERKBANK_CHART_SCRIPT"
"""The address the server gives the script out at; empty outside the dashboard's server."""


def chart_script() -> str:
    """What a living chart is to load: the server's address of the script, else the script itself."""
    return os.environ.get(SCRIPT_VARIABLE) or kept_script()


def kept_script() -> str:
    """The script as text, from the cache where it is there; a damaged or unwritable cache only costs time."""
    file = cache_folder() / f"chart-{_key()}.js"
    try:
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(text):
            return text
    except (OSError, UnicodeDecodeError):
        pass
    text = _made()
    _keep(file, text)
    return text


def cache_folder() -> Path:
    """Where the user's own cache of the workbench lies."""
    named = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "werkbank"


def _key() -> str:
    """Another release of what makes the script is another script."""
    own = (Path(__file__).parents[1] / "report" / "charts_live.py").read_bytes()
    return hashlib.sha256(f"{version('altair')} {version('vl-convert-python')} ".encode() + own).hexdigest()[:16]


def _digest(text: str) -> str:
    return f"// {hashlib.sha256(text.encode()).hexdigest()}"


def _made() -> str:
    from werkbank.report.charts_live import offline_script  # noqa: PLC0415  starts a JavaScript engine

    return offline_script()


def _keep(file: Path, text: str) -> None:
    """Whole or not at all, also when two dashboards start at once."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"{_digest(text)}\n{text}")
        Path(name).replace(file)
    except OSError:
        return
