"""The charts of the recalculations: between which places each park lies, and how often it has which place."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, nothing
from werkbank.report.charts_common import Layer, Rows, band, base, codes_of, figure_of, park_axis, unchecked
from werkbank.report.figure import Figure
from werkbank.report.terms import share_text
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import on, theme
from werkbank.wording import count, number

__all__ = ["rank_acceptability", "rank_intervals"]

MOST = 31
"""Parks, and places, that fit in one picture."""
_AXIS = "plaats (1 is het hoogste risico)"
_LEAST = 0.005
"""A share that would be printed as nought percent is left out of its cell."""
_EDGES = (0.05, 0.1, 0.2, 0.4, 0.6)
"""From which share on a cell is a step darker."""


@unchecked()
def rank_intervals(assessment: Assessment) -> Figure | Chapter:
    """Per park the places it has in nine of ten recalculations as a line, its place now as a point.

    Nothing where nothing was recalculated, or where the audience may not know the outcome.

    >>> assessment = wb.assess("urk")
    >>> wb.report.rank_intervals(assessment).title
    'Op welke plaats een terrein uitkomt, Urk (fictief)'
    """
    view = view_of(assessment)
    parks = [park for park in view.parks if park.rank_low is not None and park.rank_high is not None]
    if not parks:
        return nothing("Plaats in de doorrekeningen")
    rows = [_interval_row(view, park) for park in parks]
    return figure_of(
        _interval_chart(rows, len(view.parks)),
        title=f"Op welke plaats een terrein uitkomt, {assessment.municipality_name}",
        description=(
            f"Lijndiagram van {count(len(parks), 'terrein', 'terreinen')}: de laagste en de hoogste plaats in negen "
            "van de tien doorrekeningen, met de plaats van nu als punt. De cijfers staan in de tabel."
        ),
        caption=(
            "Elke lijn loopt van de laagste tot de hoogste plaats in negen van de tien doorrekeningen. "
            "De stip is de plaats van nu; plaats 1 is het hoogste risico. Een korte lijn: de plaats ligt vrij vast. "
            f"Het cijfer rechts is hoe vaak het terrein {_what(view)}."
        ),
        table=[
            ("Terrein", "Plaats nu", "Hoogste plaats", "Laagste plaats", _heading(view)),
            *(
                (
                    park.name,
                    _place(park.rank),
                    _place(park.rank_low),
                    _place(park.rank_high),
                    share_text(park.p_selected),
                )
                for park in parks
            ),
        ],
        codes=codes_of(parks),
        chosen="",
    )


def _what(view: View) -> str:
    seats = len(view.assessment.advice.park_ids)
    return "bovenaan komt" if seats <= 1 else f"bij de hoogste {number(seats)} hoort"


def _heading(view: View) -> str:
    return "Bovenaan" if len(view.assessment.advice.park_ids) <= 1 else "Bij de hoogste"


def _place(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _interval_row(view: View, park: Park) -> dict[str, Any]:
    return {
        "park": view.label(park),
        "code": park.park_id,
        "rank": park.rank,
        "low": park.rank_low,
        "high": park.rank_high,
        "told": share_text(park.p_selected),
        "kind": "advies" if park in view.advised else "score",
    }


def _interval_chart(rows: list[dict[str, Any]], size: int) -> Layer:
    look, advised = theme(), "datum.kind == 'advies'"
    # Half a place of room on both sides, so that a line of one place is seen.
    ticks = range(1, size + 1) if size <= 12 else (1, *range(5, size + 1, 5))
    axis = alt.Axis(title=_AXIS, values=list(ticks), format="d", orient="top")
    scale = alt.Scale(domain=[0.5, size + 0.5], nice=False, zero=False)
    data, y = base(rows), park_axis()
    line = (
        data.transform_calculate(start="datum.low - 0.3", end="datum.high + 0.3")
        .mark_rule(strokeWidth=6, color=look.reach)
        .encode(y=y, x=alt.X("start:Q", scale=scale, axis=axis), x2="end:Q")
    )
    now = base([row for row in rows if row["rank"] is not None])
    dot = now.mark_point(filled=True, opacity=1, cursor="pointer").encode(
        y=y,
        x=alt.X("rank:Q", scale=scale, axis=axis),
        shape=alt.condition(advised, alt.value("diamond"), alt.value("circle")),
        color=alt.condition(advised, alt.value(look.accent), alt.value(look.main)),
        size=alt.condition(advised, alt.value(190), alt.value(100)),
    )
    told = data.mark_text(align="left", color=look.ink).encode(y=y, x=alt.value(look.width + 12), text="told:N")
    layers = alt.layer(band(rows, 0.5, size + 0.5), line, dot, told)
    return layers.properties(width=look.width, height=alt.Step(look.row))


@unchecked()
def rank_acceptability(assessment: Assessment) -> Figure | Chapter:
    """How often each park has each place in the recalculations, the percentage printed in the cell (SMAA).

    With more than fit, the parks and places at the top. Nothing where the audience may not know the outcome.

    >>> assessment = wb.assess("urk")
    >>> wb.report.rank_acceptability(assessment).title
    'Hoe vaak elk terrein op welke plaats komt, Urk (fictief)'
    """
    view = view_of(assessment)
    ranks = assessment.ranks
    if ranks.empty:
        return nothing("Hoe vaak welke plaats")
    shares: dict[str, dict[int, float]] = {
        str(code): dict(zip(rows["rank"].astype(int), rows["share"].astype(float), strict=True))
        for code, rows in ranks.groupby("park_id")
    }
    parks = [park for park in view.parks if park.park_id in shares][:MOST]
    places = range(1, min(len(view.parks), MOST) + 1)
    rows = [
        _share_row(view, park, place, found)
        for park in parks
        for place in places
        if (found := shares[park.park_id].get(place, 0.0)) >= _LEAST
    ]
    return figure_of(
        _share_chart(rows, [view.label(park) for park in parks], list(places)),
        title=f"Hoe vaak elk terrein op welke plaats komt, {assessment.municipality_name}",
        description=(
            f"Tabel in kleur van {count(len(parks), 'terrein', 'terreinen')} bij "
            f"{count(len(places), 'plaats', 'plaatsen')}: in elke cel het percentage doorrekeningen. "
            "Donkerder is vaker. Dezelfde cijfers staan in de tabel."
        ),
        caption=(
            "In elke cel staat in hoeveel van de 100 doorrekeningen het terrein op die plaats komt. "
            "Staat er één donkere cel in een rij, dan ligt de plaats vast. "
            "Een rij met veel lichte cellen: de plaats hangt af van keuzes en van wat nog onbekend is. "
            "Een lege cel komt in minder dan één op de 200 doorrekeningen voor."
        ),
        table=[("Terrein", "Plaatsen en hoe vaak"), *((park.name, _told(shares[park.park_id])) for park in parks)],
        codes=codes_of(parks),
        chosen="",
    )


def _share_row(view: View, park: Park, place: int, found: float) -> dict[str, Any]:
    fill = theme().steps[1 + sum(found >= edge for edge in _EDGES)]
    return {
        "park": view.label(park),
        "code": park.park_id,
        "place": place,
        "told": _percent(found),
        "fill": fill,
        "ink": on(fill),
    }


def _percent(found: float) -> str:
    """A share as whole percent; a place that a park nearly always has is not called one it always has."""
    return ">99" if 0.995 <= found < 1 else number(found * 100)


def _share_chart(rows: Rows, names: list[str], places: list[int]) -> Layer:
    look = theme()
    step = max(look.row, min(2 * look.row, look.width // len(places)))
    axis = alt.Axis(orient="top", labelAngle=0, title=_AXIS, grid=False)
    x = alt.X("place:O", scale=alt.Scale(domain=places), axis=axis)
    y = alt.Y("park:N", sort=None, title=None, scale=alt.Scale(domain=names))
    mark = alt.condition("datum.code === chosen", alt.value(look.accent), alt.value(look.paper))
    data = base(rows)
    cells = data.mark_rect(strokeWidth=1.5, cursor="pointer").encode(
        x=x, y=y, color=alt.Color("fill:N", scale=None, legend=None), stroke=mark
    )
    ink = alt.Color("ink:N", scale=None, legend=None)
    told = data.mark_text(fontSize=11, cursor="pointer").encode(x=x, y=y, text="told:N", color=ink)
    return alt.layer(cells, told).properties(width=alt.Step(step), height=alt.Step(look.row - 2))


def _told(shares: dict[int, float]) -> str:
    """The places of one park in words; neighbours with the same percentage are taken together."""
    shown = [(place, share_text(found)) for place, found in sorted(shares.items()) if found >= _LEAST]
    runs = []
    for (_, told), group in groupby(enumerate(shown), key=lambda one: (one[1][0] - one[0], one[1][1])):
        places = [place for _, (place, _) in group]
        span = str(places[0]) if len(places) == 1 else f"{places[0]}–{places[-1]} elk"
        runs.append(f"{span}: {told}")
    return "; ".join(runs)
