"""The charts of one park at a time: what its score is made of, and where the parties differ. The reader chooses which.

A picture that stands still shows the park of the advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, nothing
from werkbank.report.charts_common import Layer, Rows, base, figure_of, unchecked
from werkbank.report.figure import Figure
from werkbank.report.parks import LARGEST, Part, parts_of, stand_in
from werkbank.report.terms import level_text
from werkbank.report.view import Judgement, Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import count, listing, number

__all__ = ["contributions", "differences"]

OTHER = "overige"
AGENDA = 12
"""Differences in one picture, the largest first; the rest is counted."""
_LABELS = 330
_CHART = 390
_SHAPES = ("square", "circle", "triangle-up", "diamond")


@unchecked()
def contributions(assessment: Assessment) -> Figure | Chapter:
    """What one park's score is made of, the largest part first; the parts add up to the score.

    Nothing where the audience sees no contributions.

    >>> assessment = wb.assess("urk")
    >>> wb.report.contributions(assessment).title
    'Waaruit de score van een terrein is opgebouwd'
    """
    view = view_of(assessment)
    parks = [park for park in view.parks if parts_of(view, park)]
    if not parks:
        return nothing("Waaruit de score is opgebouwd")
    rows = [row for park in parks for row in _part_rows(view, park)]
    heads = [_head(park, f"{view.label(park)}: {view.points(park.score)} punten") for park in parks]
    first = next((park for park in view.advised if park in parks), parks[0])
    return figure_of(
        _part_chart(rows, heads, [*(family.name for family in view.catalogue.families), OTHER]),
        title="Waaruit de score van een terrein is opgebouwd",
        description=(
            f"Staafdiagram van de {LARGEST} indicatoren die het meest bijdragen aan de score van één terrein, "
            f"in punten. Getoond wordt {first.name}. De cijfers van alle terreinen staan in de tabel."
        ),
        caption=(
            "Boven de figuur staat welk terrein het is en hoeveel punten het heeft. Elke staaf is het deel dat één "
            "indicator daaraan bijdraagt; samen zijn ze de score. De code zegt waar het oordeel in de matrix staat."
        ),
        table=[
            ("Terrein", "Indicator", "Niveau", "Punten"),
            *((row["park"], row["name"], row["level"], row["told"]) for row in rows),
        ],
        codes=[row["code"] for row in rows],
        chosen=first.park_id,
    )


def _part_rows(view: View, park: Park) -> Iterator[dict[str, Any]]:
    parts = parts_of(view, park)
    rest = parts[LARGEST:]
    for place, part in enumerate(parts[:LARGEST], start=1):
        yield _part_row(view, park, place, part)
    if rest:
        name = f"al het andere ({count(len(rest), 'indicator', 'indicatoren')})"
        yield _other_row(view, park, LARGEST + 1, name, sum(part.points for part in rest))
    for part in stand_in(park, parts):
        # Not an indicator: groups of which too little is known count for what the others are on average.
        name, _, _ = part.name.partition(",")
        yield _other_row(view, park, min(len(parts), LARGEST) + bool(rest) + 1, name, part.points)


def _other_row(view: View, park: Park, place: int, name: str, points: float) -> dict[str, Any]:
    row = {"park": view.label(park), "code": park.park_id, "place": place, "name": name, "level": "", "family": OTHER}
    return {**row, "points": round(points, 2), "told": number(points, 1)}


def _part_row(view: View, park: Park, place: int, part: Part) -> dict[str, Any]:
    family = view.catalogue.indicator(part.code).family
    return {
        "park": view.label(park),
        "code": park.park_id,
        "place": place,
        "name": f"{part.code} {part.name}",
        "level": part.level,
        "family": next(one.name for one in view.catalogue.families if one.id == family),
        "points": round(part.points, 2),
        "told": number(part.points, 1),
    }


def _head(park: Park, told: str) -> dict[str, Any]:
    return {"code": park.park_id, "told": told}


def _part_chart(rows: Rows, heads: Rows, families: list[str]) -> Layer:
    look = theme()
    colours = [look.accent, look.main, look.reach, look.unknown][-len(families) :]
    most = max(row["points"] for row in rows)
    places = max(row["place"] for row in rows)
    y = _place_axis(places)
    x = alt.X("points:Q", scale=alt.Scale(domain=[0, most]), axis=alt.Axis(title="punten", tickCount=5))
    legend = alt.Legend(title=None, orient="bottom", symbolType="square", symbolStrokeColor=look.quiet)
    colour = alt.Color("family:N", scale=alt.Scale(domain=families, range=colours), legend=legend)
    own = base(rows).transform_filter("datum.code === chosen")
    bars = own.mark_bar(height=look.row * 0.6, stroke=look.quiet, strokeWidth=0.5).encode(x=x, y=y, color=colour)
    told = own.mark_text(align="left", dx=6, color=look.ink).encode(x=x, y=y, text="told:N")
    return _with_words(alt.layer(bars, told), own, heads, places)


def _place_axis(places: int) -> alt.Y:
    return alt.Y("place:O", scale=alt.Scale(domain=list(range(1, places + 1))), axis=None)


def _with_words(marks: Layer, own: alt.Chart, heads: Rows, places: int) -> Layer:
    """The marks with each row's name to the left of them, and the park's own line above."""
    look = theme()
    names = own.mark_text(align="right", color=look.ink, limit=_LABELS).encode(
        x=alt.value(-10), y=_place_axis(places), text="name:N"
    )
    head = base(heads).transform_filter("datum.code === chosen")
    line = head.mark_text(align="left", baseline="bottom", fontSize=14, fontWeight="bold", color=look.main).encode(
        x=alt.value(-_LABELS), y=alt.value(-10), text="told:N"
    )
    return alt.layer(marks, names, line).properties(width=_CHART, height=alt.Step(look.row))


@unchecked()
def differences(assessment: Assessment) -> Figure | Chapter:
    """Where the parties give one park another level: each party's level as a sign, the difference as a line.

    Nothing where the audience sees one party only.

    >>> assessment = wb.assess("urk")
    >>> wb.report.differences(assessment).title
    'Waar de partijen over een terrein verschillen'
    """
    view = view_of(assessment)
    if len(view.parties) < 2 or not view.shows("differences"):
        return nothing("Verschillen tussen de partijen")
    found = {park.park_id: _differing(view, park) for park in view.parks}
    rows = [row for park in view.parks for row in _difference_rows(view, park, found[park.park_id][:AGENDA])]
    heads = [_head(park, _difference_line(view, park, len(found[park.park_id]))) for park in view.parks]
    first = (*view.advised, *view.parks)[0]
    parties = [view.party_name(party) for party in view.parties]
    if not rows:
        return nothing("Verschillen tussen de partijen")
    return figure_of(
        _difference_chart(rows, heads, parties),
        title="Waar de partijen over een terrein verschillen",
        description=(
            f"Puntendiagram van de indicatoren waarop {listing(parties)} over één terrein een ander niveau geven. "
            f"Getoond wordt {first.name}. De niveaus van alle terreinen staan in de tabel."
        ),
        caption=(
            "Elk teken is het niveau dat een partij geeft; hoe langer de lijn ertussen, hoe groter het verschil. "
            "Een verschil is geen fout. Bespreek eerst de langste lijnen: wat weet de een dat de ander niet weet?"
        ),
        table=[
            ("Terrein", "Indicator", *(name.capitalize() for name in parties)),
            *((row["park"], row["name"], *row["said"]) for row in rows),
        ],
        codes=[row["code"] for row in rows],
        chosen=first.park_id,
    )


def _differing(view: View, park: Park) -> list[tuple[str, list[Judgement]]]:
    """The indicators on which those who know give different levels, the largest difference first."""
    every = [(row.id, _known(view, park, row.id)) for row in view.indicators()]
    apart = [(code, said) for code, said in every if len({one.level for one in said}) > 1]
    return sorted(apart, key=lambda one: -_steps(one[1]))


def _known(view: View, park: Park, indicator: str) -> list[Judgement]:
    said = (view.judgements.get((park.park_id, indicator, party)) for party in view.parties)
    return [one for one in said if one is not None and one.level is not None]


def _steps(said: list[Judgement]) -> int:
    levels = [one.level for one in said if one.level is not None]
    return max(levels) - min(levels)


def _difference_line(view: View, park: Park, size: int) -> str:
    if not size:
        return f"{view.label(park)}: geen verschillen"
    rest = f", de {AGENDA} grootste" if size > AGENDA else ""
    return f"{view.label(park)}: {count(size, 'verschil', 'verschillen')}{rest}"


def _difference_rows(view: View, park: Park, found: list[tuple[str, list[Judgement]]]) -> Iterator[dict[str, Any]]:
    for place, (code, said) in enumerate(found, start=1):
        levels = {view.party_name(one.party): one.level for one in said}
        scale = view.catalogue.scale_of(code)
        yield {
            "park": view.label(park),
            "code": park.park_id,
            "place": place,
            "name": f"{code} {view.catalogue.indicator(code).name}",
            "levels": levels,
            "said": [
                "?" if (level := levels.get(view.party_name(party))) is None else level_text(scale, level)
                for party in view.parties
            ],
        }


def _difference_chart(rows: list[dict[str, Any]], heads: Rows, parties: list[str]) -> Layer:
    look = theme()
    kept = ("code", "place", "name")
    lines = [
        {**{key: row[key] for key in kept}, "low": min(row["levels"].values()), "high": max(row["levels"].values())}
        for row in rows
    ]
    signs = [
        {**{key: row[key] for key in kept}, "party": party, "level": level}
        for row in rows
        for party, level in row["levels"].items()
    ]
    most = max(line["high"] for line in lines)
    places = max(row["place"] for row in rows)
    axis = alt.Axis(title="niveau", values=list(range(most + 1)), format="d", orient="top")
    scale = alt.Scale(domain=[-0.2, most + 0.2], nice=False, zero=False)
    y = _place_axis(places)
    legend = alt.Legend(title=None, orient="bottom", symbolSize=120, symbolOpacity=1)
    colours = [look.main, look.accent, look.quiet, look.reach][: len(parties)]
    own = base(lines).transform_filter("datum.code === chosen")
    rule = own.mark_rule(strokeWidth=3, color=look.reach).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y
    )
    points = (
        base(signs)
        .transform_filter("datum.code === chosen")
        .mark_point(filled=True, opacity=1, size=150)
        .encode(
            x=alt.X("level:Q", scale=scale, axis=axis),
            y=y,
            color=alt.Color("party:N", scale=alt.Scale(domain=parties, range=colours), legend=legend),
            shape=alt.Shape(
                "party:N", scale=alt.Scale(domain=parties, range=list(_SHAPES[: len(parties)])), legend=legend
            ),
        )
    )
    return _with_words(alt.layer(rule, points), own, heads, places)
