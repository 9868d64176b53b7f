"""The ranking as a table: place, score with bounds, the three groups, class, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, make
from werkbank.report.front import resting_on
from werkbank.report.terms import QUADRANT, class_name, known, quadrant_meaning
from werkbank.report.view import Park, view_of
from werkbank.wording import capital, count, points

__all__ = ["ranking_table"]


@dataclass(frozen=True, slots=True)
class _Row:
    park: Park
    advised: bool
    place: str
    quadrant: str


def ranking_table(assessment: Assessment) -> Chapter:
    """Every park with its place, score, bounds, groups, class and quadrant; highest score first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.ranking_table(assessment).title
    'Rangorde van de terreinen'
    """
    view = view_of(assessment)
    borders = assessment.parameters.method.class_borders
    rows = [
        _Row(park, park in view.advised, class_name(park.place, borders), QUADRANT[park.quadrant])
        for park in view.parks
    ]
    return make(
        "ranking",
        "Rangorde van de terreinen",
        count(len(rows), "terrein", "terreinen"),
        rows=rows,
        groups=[] if view.assessment.coarse else [family.score_name for family in view.catalogue.families],
        in_district=any(park.district_rank is not None for park in view.parks),
        district_size=assessment.district_size,
        quadrants=[(capital(word), quadrant_meaning(code, len(view.asked))) for code, word in QUADRANT.items()],
        little=known("te weinig", len(view.asked)),
        points=view.points,
        classes=_classes(borders),
        one_sided=resting_on(view),
    )


def _classes(borders: tuple[float, ...]) -> list[str]:
    edges = [0, *borders, 100]
    return [
        f"{class_name(place, borders)} ({points(low)} tot {points(high)})"
        for place, (low, high) in enumerate(pairwise(edges), start=1)
    ]
