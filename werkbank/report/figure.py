"""Figure: a chart as a frozen value, with its words and figures for who cannot see it; and how it is drawn.

The drawing engine is a JavaScript engine that starts once in a process, within a second; no fork survives it. It
measures every word glyph by glyph, and with a font of the machine it opens that font's file for each glyph: ten times
as slow as with the letters it holds itself, and on another machine the same chart comes out differently.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from werkbank.settings.theme import packaged_theme, theme

Translate = Callable[[Sequence[Mapping[str, Any]]], Callable[[], list[str]]]
"""Hands charts to a process that does what `chart_blocks` does; what comes back waits for it: empty when it failed."""
SPEC_MIME, SVG_MIME = "application/vnd.vegalite.v6+json", "image/svg+xml"
OUTPUT = "WERKBANK_CHART_OUTPUT"
"""Set to `spec` in kernels of a batch: one process draws the pictures afterwards."""
NO_FONTS = Path(__file__).with_name("fonts") / "no_fonts.conf"
"""A list of the machine's fonts (fontconfig) that names none."""
_COUNTER = re.compile(r"\b(clip|gradient_|linear_)(\d+)\b")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_starting = Lock()


@dataclass(frozen=True)
class Figure:
    """One chart: a Vega-Lite spec with, in its `usermeta`, title, description, caption and the figures shown.

    >>> figure = wb.report.ranking(wb.assess("urk"))
    >>> figure.table[0]
    ('Terrein', 'Score', 'Waarvan geschat', 'Laagst mogelijk', 'Hoogst mogelijk')
    """

    spec: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What the chart is called."""
        return str(self.spec["usermeta"]["title"])

    @property
    def description(self) -> str:
        """What the chart shows, for who cannot see it."""
        return str(self.spec["description"])

    @property
    def caption(self) -> str:
        """What there is to see, in plain words."""
        return str(self.spec["usermeta"]["caption"])

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """The figures that are shown, as text; the first row holds the headings."""
        return tuple(tuple(row) for row in self.spec["usermeta"]["table"])

    @property
    def codes(self) -> tuple[str, ...]:
        """Per row of the table the park it is about; empty when the rows are about something else."""
        return tuple(self.spec["usermeta"]["codes"])

    @property
    def one_park(self) -> bool:
        """Whether it shows one park at a time: the chosen one."""
        return len(set(self.codes)) < len(self.codes)

    @cached_property
    def svg(self) -> str:
        """The chart as a picture; the same spec gives the same text."""
        return svg(self.spec)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, object]]:
        data: dict[str, Any] = {SPEC_MIME: dict(self.spec), "text/plain": str(self)}
        if os.environ.get(OUTPUT) != "spec":
            data[SVG_MIME] = self.svg
        return data, {"werkbank": "figure"}

    def __str__(self) -> str:
        """Title and description."""
        return f"{self.title}\n{self.description}"


def svg(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite spec as SVG, with the renderer's running numbers counted from 0."""
    # The page, Word and PDF show the same pictures: each is drawn once.
    return _drawn(json.dumps(_still(spec), sort_keys=True))


def _drawable(value: Any) -> Any:
    """A spec without the characters that a picture cannot hold: on one of those the renderer ends the process."""
    if isinstance(value, str):
        return _NO_XML.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_drawable(key): _drawable(one) for key, one in value.items()}
    return [_drawable(one) for one in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=32)
def _drawn(spec: str) -> str:
    seen: dict[str, str] = {}
    drawn = start().vegalite_to_svg(spec, format_locale="nl-NL")
    return _COUNTER.sub(lambda hit: seen.setdefault(hit[0], f"{hit[1]}{len(seen)}"), drawn)


def vega(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A Vega-Lite spec as the Vega that a page draws, so that no browser has to translate it, or to load who does."""
    made: dict[str, Any] = start().vegalite_to_vega(json.dumps(_still(spec)))
    return made


def chart_blocks(charts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each chart as JSON for a page that draws it; its words and its table are on the page already, and stay out."""
    return [json_block(vega({key: value for key, value in spec.items() if key != "usermeta"})) for spec in charts]


def json_block(data: Mapping[str, Any]) -> str:
    """JSON in which nothing can end the element it stands in: `<`, `>` and `&` are written out."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _still(spec: Mapping[str, Any]) -> Any:
    """A spec of which no mark says anything by itself: every number and word of a chart stands in its table."""
    return _drawable({**spec, "config": {**spec.get("config", {}), "aria": False}})


def png_of(svg: str, scale: float) -> bytes:
    """An SVG as PNG, so many pixels to each of its own."""
    drawn: bytes = start().svg_to_png(svg, scale=scale)
    return drawn


def script_of(snippet: str) -> str:
    """A JavaScript that holds a snippet and what it uses of Vega and what comes with it."""
    made: str = start().javascript_bundle(snippet)
    return made


def start() -> ModuleType:
    """The drawing engine, started when it was not."""
    with _starting:
        return _started()


@lru_cache(maxsize=1)
def _started() -> ModuleType:
    import vl_convert  # noqa: PLC0415  only who draws pays for it

    module: ModuleType = vl_convert
    with _own_letters():
        # With the first word that it measures the engine looks for fonts.
        module.vegalite_to_svg({"title": "a", "data": {"values": []}, "mark": "point"})
    return module


@contextmanager
def _own_letters() -> Iterator[None]:
    """Inside, the engine finds no font of the machine, unless an organisation's own look asks for one of them."""
    before = os.environ.get("FONTCONFIG_FILE")
    if theme().font == packaged_theme().font:
        os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        yield
    finally:
        os.environ.pop("FONTCONFIG_FILE", None)
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


if __name__ == "__main__":  # what a Translate talks to; who gets no answer does it himself, and tells what is wrong
    with suppress(Exception):
        start()
        for told in sys.stdin:
            sys.stdout.write(f"{json.dumps(chart_blocks(json.loads(told)))}\n")
            sys.stdout.flush()
