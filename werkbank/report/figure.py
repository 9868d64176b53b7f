"""Figure: a chart as a frozen value, with the words and the figures for who cannot see it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from werkbank.report.figure import svg_of

__all__ = ["SPEC_MIME", "SVG_MIME", "Figure", "svg"]

SPEC_MIME, SVG_MIME = "application/vnd.vegalite.v6+json", "image/svg+xml"
MARK = {"werkbank": "figure"}
OUTPUT = "WERKBANK_CHART_OUTPUT"
"""Set to `spec` in kernels of a batch: one process draws the pictures afterwards."""
_COUNTER = re.compile(r"\b(clip|gradient_|linear_)(\d+)\b")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Figure:
    """One chart: a Vega-Lite spec with, in its `usermeta`, title, description, caption and the figures shown.

    >>> figure = wb.report.ranking(wb.assess("urk"))
    >>> figure.table[0]
    ('Terrein', 'Score', 'Laagst mogelijk', 'Hoogst mogelijk')
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
        return tuple(self.spec["usermeta"].get("codes", ()))

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
        return data, dict(MARK)

    def __str__(self) -> str:
        """Title and description."""
        return f"{self.title}\n{self.description}"


def _drawable(value: Any) -> Any:
    """A spec without the characters that a picture cannot hold: on one of those the renderer ends the process."""
    if isinstance(value, str):
        return _NO_XML.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_drawable(key): _drawable(one) for key, one in value.items()}
    return [_drawable(one) for one in value] if isinstance(value, list | tuple) else value


def svg(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite spec as SVG, with the renderer's running numbers counted from 0."""
    # Words per mark cannot be read in a picture, and make up a third of it; its own words stand beside it.
    still = {**spec, "config": {**spec.get("config", {}), "aria": False}}
    # The page, Word and PDF show the same pictures: each is drawn once.
    return _drawn(json.dumps(_drawable(still), sort_keys=True))


@lru_cache(maxsize=32)
def _drawn(spec: str) -> str:
    seen: dict[str, str] = {}
    return _COUNTER.sub(lambda hit: seen.setdefault(hit[0], f"{hit[1]}{len(seen)}"), svg_of(spec))
