"""The drawing engine: charts as SVG and PNG, in letters that are alike on every machine.

The engine is a JavaScript engine that starts once in a process, within a second; no fork survives it. It measures
every word of a chart glyph by glyph, and with a font of the machine it opens that font's file for each glyph: ten
times as slow as with the letters it holds itself, and on another machine the same chart comes out differently.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Final

from werkbank.settings.theme import packaged, theme

__all__ = ["png_of", "script_of", "start", "svg_of"]

LOCALE: Final = "nl-NL"
NO_FONTS = Path(__file__).with_name("fonts") / "no_fonts.conf"
"""A list of the machine's fonts (fontconfig) that names none."""
_CHART = (
    '{"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "title": "a", '
    '"data": {"values": []}, "mark": "point"}'
)
"""A chart with nothing but a word: with the first word that it measures the engine looks for fonts."""
_starting = Lock()


def svg_of(spec: str) -> str:
    """A Vega-Lite spec, as JSON, drawn as SVG."""
    drawn: str = start().vegalite_to_svg(spec, format_locale=LOCALE)
    return drawn


def png_of(svg: str, scale: float) -> bytes:
    """An SVG as PNG, so many pixels to each of its own."""
    drawn: bytes = start().svg_to_png(svg, scale=scale)
    return drawn


def script_of(snippet: str) -> str:
    """A JavaScript that holds Vega, Vega-Lite, Vega-Embed, and a snippet that uses them."""
    made: str = start().javascript_bundle(snippet)
    return made


def start() -> ModuleType:
    """The engine, started when it was not."""
    with _starting:
        return _started()


@lru_cache(maxsize=1)
def _started() -> ModuleType:
    import vl_convert  # noqa: PLC0415  only who draws pays for it

    with _own_letters():
        vl_convert.vegalite_to_svg(_CHART, format_locale=LOCALE)
    module: ModuleType = vl_convert
    return module


@contextmanager
def _own_letters() -> Iterator[None]:
    """Inside, the engine finds no font of the machine, unless an organisation's own look asks for one of them."""
    before = os.environ.get("FONTCONFIG_FILE")
    if theme().font == packaged().font:
        os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        yield
    finally:
        os.environ.pop("FONTCONFIG_FILE", None)
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before
