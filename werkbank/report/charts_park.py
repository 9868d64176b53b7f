"""The charts of one park at a time, which the reader chooses, and of what changed on every park between two rounds.

A picture that stands still shows the park of the advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import altair as alt

from werkbank.advice.development import Development
from werkbank.advice.explanation import plain, signed, summary
from werkbank.assessment.assessment import Assessment
from werkbank.report import charts as c
from werkbank.report.blocks import Chapter, nothing
from werkbank.report.charts import Layer, Row, Rows
from werkbank.report.figure import Figure
from werkbank.report.monitor import ChangeRow, change_view
from werkbank.report.parks import LARGEST, score_lines
from werkbank.report.terms import ASKED_NOT, UNKNOWN, level_text
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import MINUS, capital, count, listing, number, unbroken

AGENDA = 12
"""Differences in one picture, the largest first; the rest is counted."""
_OTHER = "overige"
_LABELS = f"min(330, {c.ROOM} - 165)"
"""How wide the names beside the marks may be; a narrow screen needs room for the marks too."""
_CHART = 390
_OWN = f"datum.code === {c.CHOSEN}"


@c.unchecked()
def contributions(assessment: Assessment) -> Figure | Chapter:
    """What one park's score is made of, the largest part first; the parts add up to the score.

    Nothing where the audience sees no contributions.

    >>> assessment = wb.assess("urk")
    >>> wb.report.contributions(assessment).title
    'Waaruit de score van een terrein is opgebouwd'
    """
    view = view_of(assessment)
    parks = [park for park in view.parks if score_lines(view, park)]
    if not parks:
        return nothing("Waaruit de score is opgebouwd")
    rows = [row for park in parks for row in _part_rows(view, park)]
    heads = [c.park_row(view, park, told=f"{view.label(park)}: {view.points(park.score)} punten") for park in parks]
    first = next((park for park in view.advised if park in parks), parks[0])
    return c.figure_of(
        "contributions",
        _part_chart(rows, heads, [*(family.name for family in view.catalogue.families), _OTHER]),
        [(row["park"], row["name"], row["level"], row["told"]) for row in rows],
        [row["code"] for row in rows],
        first.park_id,
        largest=LARGEST,
        park=first.name,
    )


def _part_rows(view: View, park: Park) -> Iterator[Row]:
    names = {family.id: family.name for family in view.catalogue.families}
    for place, part in enumerate(score_lines(view, park), start=1):
        family = names[view.catalogue.indicator(part.code).family] if part.code else _OTHER
        # What stands in for a group is explained where the parts are a table.
        told = {"name": f"{part.code} {part.name}" if part.code else part.name.partition(",")[0], "level": part.level}
        figures = {"points": round(part.points, 2), "told": number(part.points, 1)}
        yield c.park_row(view, park, place=place, family=family, **told, **figures)


def _part_chart(rows: Rows, heads: Rows, families: Sequence[str]) -> Layer:
    look = theme()
    colours = [*islice(cycle((look.accent, look.main, look.reach, look.watch)), len(families) - 1), look.unknown]
    y = _place_axis(rows)
    most = max(row["points"] for row in rows)
    x = alt.X("points:Q", scale=alt.Scale(domain=[0, most]), axis=alt.Axis(title="punten", tickCount=5))
    own = c.base(rows).transform_filter(_OWN)
    bars = own.mark_bar(height=look.row * 0.6, stroke=look.quiet, strokeWidth=0.5)
    told = own.mark_text(align="left", dx=6, color=look.ink)
    legend: dict[str, Any] = {"orient": "bottom", "symbolType": "square", "symbolStrokeColor": look.quiet}
    fills = dict(zip(families, colours, strict=True))
    colour = c.named_colours("family:N", fills, **legend, columns=c.narrow("1", "2"))
    marks = alt.layer(bars.encode(x=x, y=y, color=colour), told.encode(x=x, y=y, text="told:N"))
    return _with_words(marks, own, heads, y)


def _place_axis(rows: Rows) -> alt.Y:
    places = range(1, max(row["place"] for row in rows) + 1)
    return alt.Y("place:O", scale=alt.Scale(domain=list(places)), axis=None)


def _with_words(marks: Layer, own: alt.Chart, heads: Rows, y: alt.Y, high: Any = -10) -> Layer:
    """The marks with each row's name to the left of them, and the park's own line so `high` above."""
    look = theme()
    names = own.mark_text(align="right", color=look.ink, limit=alt.expr(_LABELS))
    above = c.base(heads).transform_filter(_OWN)
    whole: dict[str, Any] = {"align": "left", "baseline": "bottom", "limit": alt.expr(f"{c.ROOM} - 16")}
    line = above.mark_text(**whole, fontSize=14, fontWeight="bold", color=look.main)
    return alt.layer(
        marks,
        names.encode(x=alt.value(-10), y=y, text="name:N"),
        line.encode(x=alt.value(alt.expr(f"-{_LABELS}")), y=alt.value(high), text="told:N"),
    ).properties(width=_CHART, height=alt.Step(look.row))


@c.unchecked()
def differences(assessment: Assessment) -> Figure | Chapter:
    """Where the parties give one park another level: each party's level as a sign, the difference as a line.

    Nothing where the audience sees one party only.

    >>> assessment = wb.assess("urk")
    >>> wb.report.differences(assessment).title
    'Waar de partijen over een terrein verschillen'
    """
    view = view_of(assessment)
    compares = len(view.parties) > 1 and view.shows("differences")
    found = {park: _differing(view, park) for park in view.parks if compares}
    rows = [row for park, apart in found.items() for row in _difference_rows(view, park, apart[:AGENDA])]
    if not rows:
        return nothing("Verschillen tussen de partijen")
    heads = [c.park_row(view, park, told=_difference_line(view, park, len(apart))) for park, apart in found.items()]
    first = (*view.advised, *view.parks)[0]
    parties = [view.party_name(party) for party in view.parties]
    return c.figure_of(
        "differences",
        _difference_chart(rows, heads, parties),
        [(row["park"], row["name"], *row["said"]) for row in rows],
        [row["code"] for row in rows],
        first.park_id,
        parties=listing(parties),
        names=list(map(capital, parties)),
        park=first.name,
    )


def _differing(view: View, park: Park) -> list[tuple[str, dict[str, int]]]:
    """The indicators on which those who know give different levels, with these; the largest difference first."""
    said = {row.id: _levels(view, park, row.id) for row in view.indicators()}
    apart = [(code, levels) for code, levels in said.items() if len(set(levels.values())) > 1]
    return sorted(apart, key=lambda one: min(one[1].values()) - max(one[1].values()))


def _levels(view: View, park: Park, indicator: str) -> dict[str, int]:
    """Party's name → the level it gives."""
    rows = (view.judgements.get((park.park_id, indicator, party)) for party in view.parties)
    return {view.party_name(row.party): row.level for row in rows if row is not None and row.level is not None}


def _difference_line(view: View, park: Park, size: int) -> str:
    if not size:
        return f"{view.label(park)}: geen verschillen"
    rest = f", de {AGENDA} grootste" if size > AGENDA else ""
    return f"{view.label(park)}: {count(size, 'verschil', 'verschillen')}{rest}"


def _difference_rows(view: View, park: Park, found: Sequence[tuple[str, dict[str, int]]]) -> Iterator[Row]:
    parties = [view.party_name(party) for party in view.parties]
    for place, (code, levels) in enumerate(found, start=1):
        scale, name = view.catalogue.scale_of(code), f"{code} {view.catalogue.indicator(code).name}"
        said = [
            ASKED_NOT if view.not_asked(code, party) else level_text(scale, levels[name]) if name in levels else UNKNOWN
            for party, name in zip(view.parties, parties, strict=True)
        ]
        yield c.park_row(view, park, place=place, name=name, levels=levels, said=said)


def _difference_chart(rows: Sequence[Row], heads: Rows, parties: Sequence[str]) -> Layer:
    look, y = theme(), _place_axis(rows)
    kept = [({key: row[key] for key in ("code", "place", "name")}, row["levels"]) for row in rows]
    lines = [{**row, "low": min(levels.values()), "high": max(levels.values())} for row, levels in kept]
    given = [{**row, "party": party, "level": level} for row, levels in kept for party, level in levels.items()]
    most = max(line["high"] for line in lines)
    axis = {"title": "niveau", "values": list(range(most + 1)), "format": "d", "orient": "top"}
    low, level = (alt.X(**c.axis_of(field, (-0.2, most + 0.2), **axis)) for field in ("low:Q", "level:Q"))
    own = c.base(lines).transform_filter(_OWN)
    rule = own.mark_rule(strokeWidth=3, color=look.reach)
    points = c.base(given).transform_filter(_OWN).mark_point(filled=True, opacity=1, size=150)
    fills = dict(zip(parties, (look.main, look.accent, look.quiet, look.reach), strict=False))
    shapes = alt.Scale(domain=list(parties), range=["square", "circle", "triangle-up", "diamond"][: len(parties)])
    look_of = {"symbolSize": 120, "symbolOpacity": 1}
    legend: dict[str, Any] = {"orient": "bottom", **look_of, "columns": c.narrow("1", "0")}
    marks = alt.layer(
        rule.encode(x=low, x2="high:Q", y=y),
        points.encode(
            x=level,
            y=y,
            color=c.named_colours("party:N", fills, **legend),
            shape=alt.Shape("party:N", scale=shapes, legend=alt.Legend(title=None, **legend)),
        ),
    )
    # On a narrow screen a long line would reach the axis: there it stands above it.
    return _with_words(marks, own, heads, y, c.narrow("-42", "-10"))


_PARTS = {
    # Steps in lightness as well as in hue, so that they hold without colour vision and in grey print.
    "judgement": ("anders beoordeeld", "main"),
    "knowledge": ("verschil in kennis", "accent"),
    "district": ("beeld van het district", "quiet"),
    "method": ("andere methode", "reach"),
    "apart": ("niet te splitsen", "paper"),
}


@c.unchecked()
def change_chart(development: Development) -> Figure:
    """Per park the parts of its change, falling parts to the left and rising ones to the right of nought.

    A dot marks the change itself; a change that cannot be split is one hollow bar.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_chart(development).table[0][0]
    'Terrein'
    """
    view = change_view(development)
    rows = [row for row in view.rows if row.change.change is not None]
    parts = ["judgement", "knowledge", "district", *(["method"] if development.method_tells else [])]
    told = ["change", *parts]
    return c.figure_of(
        "change_chart",
        _change_chart(rows, parts),
        [
            (one.label, plain(one.shown.old), plain(one.shown.new), *(signed(getattr(one.shown, it)) for it in told))
            for one in rows
        ],
        [row.park_id for row in rows],
        where=development.municipality_name,
        old=unbroken(development.old_round),
        new=unbroken(development.new_round),
        parts=["Verandering", *(capital(_PARTS[part][0]) for part in parts)],
        summary=summary(development),
        method="" if development.old_method_kept else " Beide rondes zijn met de methode van nu gerekend.",
    )


def _pieces(row: ChangeRow, parts: Sequence[str]) -> Iterator[Row]:
    """The parts laid end to end from nought, rising and falling ones apart; zero leaves no piece."""
    sizes = {part: getattr(row.change, part) or 0.0 for part in parts}
    if not row.change.splittable:
        sizes = {"apart": row.change.change or 0.0}
    ends = {True: 0.0, False: 0.0}
    for part, size in sizes.items():
        if size or part == "apart":
            start, end = ends[size > 0], ends[size > 0] + size
            ends[size > 0] = end
            reach = {"start": round(start, 6), "end": round(end, 6)}
            yield {"park": row.label, "code": row.park_id, "part": _PARTS[part][0], **reach}


def _change_chart(rows: Sequence[ChangeRow], parts: Sequence[str]) -> Layer:
    look = theme()
    pieces = [piece for row in rows for piece in _pieces(row, parts)]
    dots = [{"park": row.label, "code": row.park_id, "change": row.change.change} for row in rows]
    # To the next five beyond the longest bar.
    ends = (abs(end) for end in (*(piece["end"] for piece in pieces), *(dot["change"] for dot in dots)))
    reach = max(5, 5 * math.ceil(max(ends, default=0.0) / 5))
    y = alt.Y("park:N", sort=None, title=None, scale=alt.Scale(domain=[row.label for row in rows]))
    start, nought, change = (_change_axis(field, reach) for field in ("start:Q", "x:Q", "change:Q"))
    legend = {"symbolType": "square", "symbolStrokeColor": look.quiet, "columns": c.narrow("1", "0")}
    used = {name: getattr(look, fill) for name, fill in _PARTS.values() if any(one["part"] == name for one in pieces)}
    bars = c.base(pieces).mark_bar(height=look.row * 0.58)
    dot = c.base(dots).mark_point(shape="circle", size=70, fill="white", stroke=look.ink, strokeWidth=2, opacity=1)
    return alt.layer(
        c.band([{"park": row.label, "code": row.park_id} for row in rows], -reach, reach),
        bars.encode(
            y=y,
            x=start,
            x2="end:Q",
            color=c.named_colours("part:N", used, **legend),
            stroke=c.when(f"datum.part == '{_PARTS['apart'][0]}'", look.quiet, "white"),
            strokeWidth=alt.value(1),
        ),
        c.base([{"x": 0}]).mark_rule(color=look.quiet).encode(x=nought),
        dot.encode(y=y, x=change),
    ).properties(width=look.width, height=alt.Step(look.row))


def _change_axis(field: str, reach: float) -> alt.X:
    # The same signs as in the figures beside it, and none before nought.
    below = f"datum.value < 0 ? '{MINUS}' + -datum.value : '0'"
    axis = alt.Axis(title=None, tickCount=8, labelExpr=f"datum.value > 0 ? '+' + datum.value : {below}")
    return alt.X(field, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)
