"""What if the method were otherwise: what the page weighs anew by itself, and an analysis scored by another method.

The page sets the weights of the groups and one exponent. What it sets is no longer drawn: of the recalculations it gets
what the scores of the groups are made of (`draws_of`), and does the rest of the sum itself.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from werkbank.advice.questions import CLEAR, LIKELY, first_places, sureness
from werkbank.advice.scorecard import Scorecard, combined_of, means, recalculate, score_matrix, structure, uncertainty
from werkbank.assessment.assessment import Assessment
from werkbank.errors import OutputError
from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import COLUMNS, Agreed
from werkbank.report.html import style
from werkbank.report.terms import spec, words
from werkbank.scoring.ranking import LEVEL
from werkbank.scoring.robustness import groups_and_cells
from werkbank.scoring.score import as_chosen, plan_of, spread
from werkbank.scoring.tables import FloatArray
from werkbank.settings.method import Method

DRAWS = 1_000
"""Recalculations in which the page weighs anew: the first ones of the analysis."""


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of what a kernel shows: that of the reports, and what only widgets need."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("chapter.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


def nothing_to_weigh(assessment: Assessment) -> str:
    """Why the method cannot be varied: not every cell may be seen here, or there is one group; empty when it can.

    Varying the method is a way to read cells, so who may not see all of them does not get it.
    """
    catalogue = assessment.catalogue
    every = set(assessment.cells["indicator"]) == set(catalogue.indicator_ids)
    if assessment.coarse or not every or assessment.groups["score"].isna().all():
        return words("dashboard.not_weighed")
    return words("dashboard.one_group") if len(catalogue.families) == 1 else ""


def not_anew(assessment: Assessment) -> str:
    """Why an analysis cannot be made anew by another method: not for this reader, or made before; empty when it can."""
    if assessment.figures is not None:
        return ""
    return words("dashboard.no_figures" if _of_owner(assessment) else "dashboard.not_anew")


def _of_owner(assessment: Assessment) -> bool:
    return assessment.catalogue.audience(assessment.parameters.audience).owner


def scored_anew(assessment: Assessment, method: Method | None = None) -> Scorecard:
    """What an analysis rests on, scored again; by another `method` too, the figures of the district held.

    Raises OutputError for one that does not keep these figures.
    """
    own, catalogue = assessment.parameters, assessment.catalogue
    if assessment.figures is None:
        raise OutputError(not_anew(assessment))
    return score_matrix(_judged(assessment), catalogue, method or own.method, own.parties, assessment.figures)


def _judged(assessment: Assessment) -> RiskMatrix:
    """What an analysis rests on."""
    own, catalogue = assessment.parameters, assessment.catalogue
    return RiskMatrix(
        round=own.round,
        park_ids=tuple(assessment.parks["park_id"]),
        indicators=tuple(catalogue.indicator_ids),
        parties=own.parties,
        sources=assessment.sources,
        findings=(),
        _judgements=assessment.judgements.assign(remark="")[list(COLUMNS)],
        agreed=tuple(Agreed(*cell, level, own.parties, "") for cell, level in assessment.agreed.items()),
    )


def not_drawn(method: Method, *names: str) -> Method:
    """The method with as many recalculations as the page has, in which these choices are as they were made."""
    uncertainty = method.uncertainty.model_copy(update=dict.fromkeys(names))
    return method.model_copy(update={"uncertainty": uncertainty, "draws": DRAWS})


def drawn_by(assessment: Assessment) -> Method | None:
    """The method of the recalculations of the page; None where there are none, or they cannot be made anew."""
    method = not_drawn(assessment.parameters.method, "group_weights", "threat_power")
    return method if assessment.figures is not None and uncertainty(method) else None


def draws_of(assessment: Assessment) -> bytes:
    """The recalculations of the page, compressed; empty where there are none, or they cannot be made anew.

    64-bit numbers: how many cells the last group has; draw × park × group the scores; of the group whose exponent can
    be set draw × (park) × cell the weights and draw × park × cell the values.
    """
    method = drawn_by(assessment)
    found = recalculate(scored_anew(assessment, method)) if method else None
    if found is None:
        return b""
    groups, weights, values = groups_and_cells(found, assessment.catalogue.required.score)
    groups = groups[..., [found.plan.groups.index(family.score) for family in assessment.catalogue.families]]
    return zlib.compress(np.concatenate([[values.shape[2]], *map(np.ravel, (groups, weights, values))]).tobytes(), 1)


def told_to_page(assessments: Sequence[Assessment], within: str, draws: Mapping[str, str]) -> dict[str, Any]:
    """What the page needs to weigh anew: the words, the groups, and per municipality the scores and the advice.

    `within` is where the page is shown, `draws` municipality → the address of its recalculations.
    """
    catalogue = assessments[0].catalogue
    return {
        "words": {
            **spec("dashboard.weighing"),
            "within": words(f"dashboard.what_if_in.{within if _of_owner(assessments[0]) else 'others'}"),
            "draws": DRAWS,
            "grades": spec("district.grades"),
        },
        "borders": {"level": LEVEL, "clear": CLEAR, "likely": LIKELY},
        "groups": [family.score_name for family in catalogue.families],
        "places": {
            one.parameters.municipality: {**_of_place(one), "draws": draws.get(one.parameters.municipality, "")}
            for one in assessments
        },
    }


def _of_place(assessment: Assessment) -> dict[str, Any]:
    method, required = assessment.parameters.method, assessment.catalogue.required.score
    order = [family.score for family in assessment.catalogue.families]
    parks, weights = assessment.parks, method.group_weights.model_dump()
    groups = assessment.groups.set_index(["park_id", "group"])["score"].unstack()
    power = float(method.power.model_dump()[required])
    # The highest alone counts under an infinite exponent: then there is nothing to set.
    settable = assessment.figures is not None and math.isfinite(power)
    drawn = filter(math.isfinite, method.uncertainty.threat_power or ())
    cells = _cells(assessment, required) if settable else (np.empty(0), np.empty(0))
    return {
        "parks": [[park["park_id"], park["name"]] for park in parks.to_dict("records")],
        "suspected": parks["suspected"].astype(bool).tolist(),
        "weights": [100 * weights[group] / sum(weights[group] for group in order) for group in order],
        "power": power if settable else None,
        "highest": max((power, *drawn)) if settable else None,
        "varied": order.index(required) if settable else -1,
        "capacity": assessment.parameters.capacity,
        "edges": method.class_borders,
        "groups": _plain(groups.reindex(parks["park_id"])[order].to_numpy()),
        "cells": list(map(_plain, cells)),
        "adopted": {
            "totals": _plain(parks["score"].to_numpy(dtype=np.float64)),
            "ranks": _plain(parks["rank"].to_numpy(dtype=np.float64, na_value=np.nan)),
            "shares": _plain(parks["p_selected"].to_numpy(dtype=np.float64)),
            "advised": list(assessment.advice.park_ids),
            "grade": assessment.advice.grade,
        },
    }


def _cells(assessment: Assessment, group: str) -> tuple[FloatArray, FloatArray]:
    """Park × value: the weight of what is worth as much in a group as it was chosen; and what it is worth."""
    own, catalogue = assessment.parameters, assessment.catalogue
    combined, method = combined_of(_judged(assessment), catalogue, own.method, own.parties), own.method
    plan = plan_of(combined, structure(catalogue, method), mean=means(method), district=assessment.figures)
    weights, values = spread(plan, as_chosen(plan), plan.groups.index(group))
    worth = np.unique(values[~np.isnan(values)])
    sums = [np.where(values[0] == one, weights[0], 0.0).sum(axis=1) for one in worth]
    return np.stack(sums, axis=1), np.tile(worth, (len(sums[0]), 1))


def _plain(numbers: FloatArray) -> list[float | None]:
    """Numbers for JSON, which has no NaN."""
    return [None if math.isnan(one) else one for one in numbers.ravel().tolist()]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What another method makes of the parks of one municipality, in the order of the analysis."""

    scorecard: Scorecard
    advised: tuple[str, ...]
    grade: str | None
    shares: Mapping[str, float]
    """Park → the share of the recalculations in which it is among the highest; empty where nothing is drawn."""


def by_another_method(assessment: Assessment, method: Method) -> Outcome:
    """The advice by the rule of `full_advice`, in as many recalculations as the page has."""
    scorecard, capacity = scored_anew(assessment, method), assessment.parameters.capacity
    candidates, found = scorecard.candidates, recalculate(scorecard)
    advised = first_places(scorecard.risk.total[list(candidates)], capacity)
    grade = None if found is None else sureness(found, advised, candidates).grade
    chance = () if found is None else found.p_top(len(advised), candidates).items()
    told = "no_comparison" if len(candidates) <= capacity else grade
    return Outcome(scorecard, advised, told, {str(park): share for park, share in chance})
