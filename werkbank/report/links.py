"""Links from a sentence to the cells it rests on: the cell of the matrix, further on in the same report."""

from __future__ import annotations

import re

from markupsafe import Markup

from werkbank.report.view import View
from werkbank.wording import escape, safe_html

__all__ = ["Anchors", "cell_anchors", "linked"]

Anchors = dict[tuple[str, str], str]
"""Park and indicator → the anchor of their cell in the heat map."""
_CELL = re.compile(r"\(([^(),]+), ([^(),]+)\)")


def cell_anchors(view: View) -> Anchors:
    """The anchor of every cell; parks are numbered, for a code of a register may hold anything."""
    places = {park.park_id: place for place, park in enumerate(view.parks, start=1)}
    rows = {indicator.id: row for row, indicator in enumerate(view.indicators(), start=1)}
    return {(park, code): f"cel-{place}-{row}" for park, place in places.items() for code, row in rows.items()}


def linked(sentence: str, anchors: Anchors) -> Markup:
    """The sentence with every cell that it names as "(terrein, indicator)" made a link; all of it escaped."""
    html, end = Markup(""), 0
    for found in _CELL.finditer(sentence):
        anchor = anchors.get((found[1], found[2]))
        if anchor is not None:
            link = safe_html('(<a href="#{}">{}, {}</a>)', anchor, found[1], found[2])
            html += escape(sentence[end : found.start()]) + link
            end = found.end()
    return html + escape(sentence[end:])
