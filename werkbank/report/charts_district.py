"""The parks of a district beside one another: a row per municipality, a dot per park."""

from __future__ import annotations

from typing import Any

import altair as alt

from werkbank.report.charts_common import base, class_lines, figure_of, score_axis, unchecked
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import Figure
from werkbank.report.view import Park, View
from werkbank.settings.theme import theme
from werkbank.wording import count

__all__ = ["district_scores"]


@unchecked()
def district_scores(district: DistrictAnalysis) -> Figure:
    """Every park with a score that may be compared, a row per municipality; the advice is a diamond.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.district_scores(district).title
    'De scores van alle terreinen in Flevoland (fictief)'
    """
    rows = [
        _row(view, park)
        for view in district.compared
        for park in sorted(view.parks, key=lambda park: -(park.score or 0))
        if park.score is not None
    ]
    y = alt.Y("municipality:N", title=None, sort=None)
    dots = base([row for row in rows if not row["advised"]]).mark_circle(size=70, opacity=0.75, color=theme().main)
    diamonds = base([row for row in rows if row["advised"]]).mark_point(
        shape="diamond", size=150, filled=True, color=theme().accent, opacity=1
    )
    chart = alt.layer(
        class_lines(district.compared[0]),
        dots.encode(y=y, x=score_axis("score:Q"), tooltip=["park:N", "told:N"]),
        diamonds.encode(y=y, x=score_axis("score:Q"), tooltip=["park:N", "told:N"]),
    ).properties(width=theme().width, height=alt.Step(theme().row + 10))
    return figure_of(
        chart,
        title=f"De scores van alle terreinen in {district.name}",
        description=_description(district, rows),
        caption=(
            "Elke stip is een terrein, elke ruit het terrein van het advies in die gemeente. De figuur laat de scores "
            "van nu zien, niet wat nog mogelijk is: stippen die dicht bij elkaar liggen, zijn niet te onderscheiden. "
            "Andere mensen vulden in elke gemeente in; vergelijk de patronen, niet de gemeenten."
        ),
        table=[
            ("Gemeente", "Terrein", "Score"),
            *((row["municipality"], row["park"], row["told"]) for row in rows),
        ],
    )


def _row(view: View, park: Park) -> dict[str, Any]:
    return {
        "municipality": view.assessment.municipality_name,
        "park": park.name,
        "score": park.score,
        "told": view.points(park.score),
        "advised": park in view.advised,
    }


def _description(district: DistrictAnalysis, rows: list[dict[str, Any]]) -> str:
    told = [f"Puntendiagram van de scores van {count(len(rows), 'terrein', 'terreinen')}, een regel per gemeente."]
    for view in district.compared:
        own = [row for row in rows if row["municipality"] == view.assessment.municipality_name]
        if own:
            told.append(f"{view.assessment.municipality_name}: {own[-1]['told']} tot {own[0]['told']}.")
    return " ".join(told)
