"""The charts of an analysis as pictures for a file: drawn once, from the same specs as the page.

The renderer starts a JavaScript engine, once in a process: the first picture takes most of a second, each next one
a tenth or less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from werkbank.assessment.assessment import Assessment
from werkbank.report import charts
from werkbank.report.figure import Figure, png_of

__all__ = ["Picture", "pictures"]

WIDTH = 17.0
"""Centimetres that a picture is wide on paper."""
PIXELS = 200
"""To an inch of paper: sharp in print, and small enough to send."""
_INCH = 2.54
_SVG_WIDTH = re.compile(r'<svg[^>]*\bwidth="([\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """A chart with its words; `description` is for who cannot see it."""

    figure: Figure

    @property
    def title(self) -> str:
        """What it is called."""
        return self.figure.title

    @property
    def caption(self) -> str:
        """What there is to see."""
        return self.figure.caption

    @property
    def description(self) -> str:
        """What it shows, for who cannot see it."""
        return self.figure.description

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return self.figure.svg

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG."""
        found = _SVG_WIDTH.search(self.svg)
        scale = WIDTH / _INCH * PIXELS / float(found[1]) if found else 2.0
        return png_of(self.svg, scale)


def pictures(assessment: Assessment) -> tuple[Picture, ...]:
    """The ranking, the group scores, risk beside knowledge and the places in the recalculations, where there are."""
    return tuple(_pictures(assessment))


def _pictures(assessment: Assessment) -> Iterator[Picture]:
    for draw in (charts.ranking, charts.profiles, charts.quadrant, charts.rank_intervals):
        made = draw(assessment)
        if isinstance(made, Figure):
            yield Picture(made)
