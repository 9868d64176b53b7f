"""What an audience may see of an assessment: rows, areas and fields as the catalogue gives them, and how coarse.

What may not leave does not leave, not even by arithmetic (method.md 10). A combined value beside a reader's own cell
gives the other party's cell away, so for an audience that may not see every party's cells there are no combined values,
no contributions, flips or questions per indicator; nothing of the recalculations but the grade; totals in steps of
five; no bounds, no estimated part, and of what is known only what its own parties know; what to do only as advised or
not; and phenomena are told by group. What the legal basis releases (releases.yaml) comes beside it: the classes, the
scores of groups in the same steps, each phenomenon in two steps, which indicators weigh most. Where rows are hidden
nothing is told that was computed from all of them, but for a release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from werkbank.advice.advice import Advice, grade_sentence, told_in_steps
from werkbank.advice.reasons import IN_TWO_STEPS, Indication, Reason, indications
from werkbank.advice.scorecard import cell_rows, score_matrix
from werkbank.assessment.assessment import Assessment
from werkbank.matrix import RiskMatrix
from werkbank.matrix.checks import TOLD
from werkbank.matrix.risk_matrix import COLUMNS, KEPT
from werkbank.register.notes import FIELD as NOTES
from werkbank.scoring import classify
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience

STEP = 5
"""Points in which totals are told to who may not see every cell."""
MINIMUM_ROWS = 3
"""Indicators of a group that a withheld party must have judged before its judgements count in it."""
MINIMUM_POSITIVE = 2
"""Of those, how many it must suspect: one would be named, and none at all would be told as "none"."""

OF_A_SCORE = ("score", "low", "high")
SHARES = ("coverage", "two_sided")
OF_KNOWLEDGE = (*SHARES, "unknown", "asked", "mostly_estimated")
GIVES_A_CELL_AWAY = (
    *("highest", "share_high", "distance", "p_first", "p_selected", "drawn_low", "drawn_high"),
    *("estimated", "low", "high", "coverage", "two_sided"),
)
COUNTS = ("rank_low", "rank_high", "unknown", "asked")
TELLS_OF_CELLS = ("mostly_estimated", "suspected")
FROM_ALL_ROWS = ("scores", "ranking", "advice", "phenomenon_groups", "coverage")
"""Fields that are computed from every row: where one is hidden, they would tell of it."""

_OF_SCORES = (*OF_A_SCORE, "class", "distance", "highest", "share_high", "drawn_low", "drawn_high", "estimated")
_OF_RANKING = ("rank", "p_first", "p_selected", "rank_low", "rank_high", "district_rank")
_ORDER = ("unknown", "none", "weak", "clear", "strong")
_NO_ADVICE = Advice(park_ids=(), grade=None, sentence="", contenders=())


def only_what_is_seen(assessment: Assessment, audience: Audience, catalogue: Catalogue) -> Assessment:
    """Without the rows, the areas and the fields that are not the audience's; the same when all of it is.

    What follows from a party's cells is taken out with those cells, by `coarse`.
    """
    seen = catalogue.visible_to(audience)
    hidden = len(seen) < len(catalogue.indicators)
    if hidden:
        assessment = _only_rows(assessment, seen, {catalogue.family_of(code).score for code in seen})
    if audience.areas == "none":
        return _without_parks(assessment)
    if audience.areas != "district":
        assessment = _not_compared(assessment)
    for field, take in TAKEN.items():
        if field not in audience.fields or (hidden and field in FROM_ALL_ROWS):
            assessment = take(assessment, audience)
    if hidden and "phenomena" in audience.fields:
        assessment = replace(assessment, indications=_in_two_steps(assessment))
    own = tuple(one for one in assessment.indications if one.phenomenon in audience.tasks)
    return replace(assessment, indications=own) if audience.tasks else assessment


def _only_rows(assessment: Assessment, seen: tuple[str, ...], groups: set[str]) -> Assessment:
    """The rows of these indicators and their groups, and nothing that compares or explains."""
    cells, judgements, remarks = assessment.cells, assessment.judgements, assessment.remarks
    return replace(
        assessment,
        findings=tuple(finding for finding in assessment.findings if finding.rule == "missing-workbook"),
        reasons=(),
        agreement=(),
        differences=(),
        strong_signals=tuple(one for one in assessment.strong_signals if one.indicator in seen),
        _cells=cells[cells["indicator"].isin(seen)].reset_index(drop=True),
        _judgements=judgements[judgements["indicator"].isin(seen)][list(KEPT)].reset_index(drop=True),
        _remarks=remarks[remarks["indicator"].isin(seen)][list(TOLD)].reset_index(drop=True),
        _groups=assessment.groups[assessment.groups["group"].isin(groups)].reset_index(drop=True),
    )


def of_one_park(assessment: Assessment, park_id: str) -> Assessment:
    """What has passed the gate, of one park: for who works there, and may know nothing of the others."""
    own: dict[str, Any] = {}
    for name in ("parks", "groups", "cells", "judgements", "ranks", "context", "remarks"):
        rows = getattr(assessment, name)
        own[f"_{name}"] = rows[rows["park_id"] == park_id].reset_index(drop=True) if len(rows) else rows
    for name in ("indications", "reasons", "strong_signals"):
        own[name] = tuple(one for one in getattr(assessment, name) if one.park_id == park_id)
    return replace(assessment, advice=_NO_ADVICE, differences=(), notes=(), **own)


def _without_parks(assessment: Assessment) -> Assessment:
    """Nothing of any single park: what is left is for whom, on which basis and of which round."""
    frames = {name: getattr(assessment, name).iloc[:0] for name in ("parks", "groups", "cells", "judgements", "ranks")}
    return replace(
        _without_remarks(_without_context(assessment)),
        advice=_NO_ADVICE,
        sources=(),
        findings=(),
        indications=(),
        reasons=(),
        agreement=(),
        differences=(),
        strong_signals=(),
        notes=(),
        district_size=0,
        **{f"_{name}": frame for name, frame in frames.items()},
    )


def _blank(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].where(np.zeros(len(frame), dtype=bool)) for name in names})


def _not_compared(assessment: Assessment) -> Assessment:
    """Without places in the district, and the scores for these on the parties that every municipality asks."""
    parks = assessment.parks
    parks = _blank(parks.drop(columns=parks.filter(like="compared_").columns), "district_rank")
    return replace(assessment, _parks=parks, district_size=0, compared=())


def _without_cells(assessment: Assessment, _: Audience) -> Assessment:
    cells, judgements = assessment.cells.iloc[:0], assessment.judgements.iloc[:0]
    return replace(_without_remarks(assessment), strong_signals=(), _cells=cells, _judgements=judgements)


def _without_scores(assessment: Assessment, audience: Audience) -> Assessment:
    assessment = _not_compared(assessment) if assessment.compared else assessment
    told = ("low", "high") if "group_scores" in audience.fields else OF_A_SCORE
    groups = _blank(assessment.groups, *told, "contribution")
    return replace(assessment, _parks=_blank(assessment.parks, *_OF_SCORES), _groups=groups)


def _without_ranking(assessment: Assessment, _: Audience) -> Assessment:
    parks = _advised_or_not(_blank(assessment.parks, *_OF_RANKING))
    return replace(assessment, _parks=parks, _ranks=assessment.ranks.iloc[:0], district_size=0)


def _advised_or_not(parks: pd.DataFrame) -> pd.DataFrame:
    return parks.assign(action=parks["action"].where(parks["action"] == "advised", "not_advised"))


def _without_coverage(assessment: Assessment, _: Audience) -> Assessment:
    parks, groups = _blank(assessment.parks, *OF_KNOWLEDGE), _blank(assessment.groups, *SHARES)
    return replace(assessment, _parks=parks, _groups=groups)


def _without_context(assessment: Assessment, _: Audience | None = None) -> Assessment:
    return replace(assessment, _context=assessment.context.iloc[:0])


def _without_remarks(assessment: Assessment, _: Audience | None = None) -> Assessment:
    return replace(assessment, _remarks=assessment.remarks.iloc[:0])


TAKEN: Mapping[str, Callable[[Assessment, Audience], Assessment]] = {
    "park_names": lambda one, _: replace(one, advice=_NO_ADVICE, _parks=one.parks.assign(name=one.parks["park_id"])),
    "cells": _without_cells,
    "scores": _without_scores,
    "ranking": _without_ranking,
    "advice": lambda one, _: replace(one, advice=_NO_ADVICE, _parks=_blank(one.parks, "action", "suspected")),
    "phenomenon_groups": lambda one, seen: one if "phenomena" in seen.fields else replace(one, indications=()),
    "coverage": _without_coverage,
    "context": _without_context,
    # These were never read for who may not see them; an assessment made otherwise may hold them.
    "remarks": _without_remarks,
    NOTES: lambda one, _: replace(one, notes=()),
}
"""How a field is taken out of an assessment. Plans, counts and decisions are in none; the rest goes with the cells."""


def coarse(assessment: Assessment, audience: Audience, withheld: tuple[str, ...], catalogue: Catalogue) -> Assessment:
    """Without the cells of the withheld parties, and everything else in steps that lead to none of them.

    What the legal basis releases stands among the fields of the audience (`entitled`).
    """
    # Two totals of one park, on more and on fewer parties, tell of the party between them.
    assessment = _not_compared(assessment) if assessment.compared else assessment
    visible = tuple(party for party in assessment.parameters.parties if party in audience.parties)
    judgements = assessment.judgements
    own = judgements[judgements["party"].isin(visible)][list(KEPT)].reset_index(drop=True)
    remarks = assessment.remarks
    parameters = assessment.parameters.model_copy(update={"parties": visible})
    cells, known = _own_cells(assessment, own, visible, catalogue)
    sources = tuple(source for source in assessment.sources if source.party in visible)
    files = {source.file for source in sources}
    # Which indicators weigh most in each park's score, in their order; not how much, nor who says so.
    named = dict.fromkeys((one.park_id, one.indicator) for one in assessment.reasons if "reasons" in audience.fields)
    return replace(
        assessment,
        parameters=parameters,
        withheld=tuple(party for party in withheld if party not in assessment.absent),
        sources=sources,
        # One on a difference between parties tells of the other; that there is no workbook tells of no cell.
        findings=tuple(one for one in assessment.findings if one.rule == "missing-workbook" or one.file in files),
        indications=(
            _in_two_steps(assessment)
            if "phenomena" in audience.fields
            else _coarse_indications(assessment, own, cells, withheld, catalogue)
        ),
        reasons=tuple(Reason(*each, party="", level=None, contribution=None) for each in named),
        agreement=(),
        differences=(),
        strong_signals=tuple(one for one in assessment.strong_signals if one.party in visible),
        advice=_coarse_advice(assessment, audience),
        _parks=_coarse_parks(assessment, audience).assign(coverage=known),
        _groups=_coarse_groups(assessment, audience),
        _cells=cells,
        _judgements=own,
        _remarks=remarks[remarks["party"].isin(visible)][list(TOLD)].reset_index(drop=True),
        _ranks=assessment.ranks.iloc[:0],
    )


def _own_cells(
    assessment: Assessment, own: pd.DataFrame, visible: tuple[str, ...], catalogue: Catalogue
) -> tuple[pd.DataFrame, Any]:
    """The cells as the audience's own parties filled them in, no contributions; and per park how much they know."""
    if not visible:
        return assessment.cells.iloc[:0], float("nan")
    matrix = RiskMatrix(
        round=assessment.parameters.round,
        park_ids=tuple(assessment.parks["park_id"]),
        indicators=tuple(catalogue.indicator_ids),
        parties=visible,
        sources=(),
        findings=(),
        _judgements=own.assign(remark="")[list(COLUMNS)],
    )
    scorecard = score_matrix(matrix, catalogue, assessment.parameters.method, visible)
    known = scorecard.table["coverage"].reindex(assessment.parks["park_id"]).to_numpy()
    return cell_rows(scorecard).assign(contribution=float("nan"), expected=float("nan")), known


def _coarse_parks(assessment: Assessment, audience: Audience) -> pd.DataFrame:
    parks = _advised_or_not(assessment.parks.assign(score=in_steps(assessment.parks["score"])))
    nowhere = pd.Series(pd.NA, index=parks.index, dtype="Int64")
    nothing = dict.fromkeys(GIVES_A_CELL_AWAY, float("nan")) | dict.fromkeys(TELLS_OF_CELLS, None)
    if "totals" in audience.fields:
        told = {"score": _beside_its_class(parks["score"], parks["class"], assessment.parameters.method.class_borders)}
    else:
        told = {"class": nowhere}
    return parks.assign(**told, **nothing, **dict.fromkeys(COUNTS, nowhere))


def _coarse_groups(assessment: Assessment, audience: Audience) -> pd.DataFrame:
    """The scores of the groups in steps, each on its own side of the borders, where they are released."""
    groups = assessment.groups
    told = groups.assign(**dict.fromkeys((*OF_A_SCORE, *SHARES, "contribution"), float("nan")))
    if "group_scores" not in audience.fields:
        return told
    borders = assessment.parameters.method.class_borders
    places = classify(groups["score"], borders)
    return told.assign(score=_beside_its_class(in_steps(groups["score"]), places, borders))


def _in_two_steps(assessment: Assessment) -> tuple[Indication, ...]:
    """Every phenomenon as at most weak or at least clear, and nothing of what is behind it."""
    return tuple(
        Indication(one.park_id, one.phenomenon, IN_TWO_STEPS[one.strength], (), (), "")
        for one in assessment.indications
    )


def in_steps(points: pd.Series) -> pd.Series:
    """Points in whole steps, half a step upwards."""
    return ((points / STEP + 0.5) // 1) * STEP


def _beside_its_class(score: pd.Series, places: pd.Series, borders: Sequence[float]) -> pd.Series:
    """Scores in steps that do not contradict their class (`places`, 1 the lowest): 38 in that up to 40 is 35."""
    for place, (first, beyond) in enumerate(pairwise([0.0, *borders, np.inf]), start=1):
        # From the first step at or above the lower edge to the last one below the upper.
        least, most = np.ceil(first / STEP) * STEP, min((np.ceil(beyond / STEP) - 1) * STEP, 100.0)
        if least <= most:
            score = score.where((places != place).fillna(True), score.clip(least, most))
    return score


def _coarse_advice(assessment: Assessment, audience: Audience) -> Advice:
    """The same parks, told with the figures that this reader gets."""
    parks, advice = _coarse_parks(assessment, audience).set_index("park_id"), assessment.advice
    edges = assessment.parameters.method.class_borders
    told = told_in_steps(parks[["score"]], parks["name"], assessment.municipality_name, advice.park_ids, edges)
    tail = grade_sentence(advice.grade, len(advice.park_ids))
    return Advice(advice.park_ids, advice.grade, f"{told} {tail}".rstrip(), ())


def _coarse_indications(
    assessment: Assessment, own: pd.DataFrame, cells: pd.DataFrame, withheld: tuple[str, ...], catalogue: Catalogue
) -> tuple[Indication, ...]:
    """Every phenomenon with the strength of its whole group, and nothing of what is behind it.

    `own` are the judgements and `cells` the combined cells of the parties that may be seen. In a group where some
    withheld party judged fewer than three indicators, or suspects something on fewer than two of them, only the
    parties that may be seen count: each withheld party is guarded by itself, for with two of them the one that said
    little would otherwise be told under the cover of the other, and be read by who knows that other. A withheld party
    that gives no level in the group has nothing there to guard.
    """
    levels = cells.pivot(index="park_id", columns="indicator", values="level").astype("float64")
    levels = levels.reindex(index=list(assessment.parks["park_id"]), columns=list(catalogue.indicator_ids))
    from_own = indications(own, levels, catalogue)
    enough = _judged_enough(assessment, withheld, catalogue)
    strength: dict[tuple[str, str], str] = {}
    for one, mine in zip(assessment.indications, from_own, strict=True):
        group = catalogue.phenomenon(one.phenomenon).group
        counted = one.strength if (one.park_id, group) in enough else mine.strength
        key = (one.park_id, group)
        strength[key] = max(strength.get(key, "unknown"), counted, key=_ORDER.index)
    return tuple(
        replace(
            one,
            strength=strength[one.park_id, catalogue.phenomenon(one.phenomenon).group],
            indicators=(),
            parties=(),
            source_strength="",
        )
        for one in assessment.indications
    )


def _judged_enough(assessment: Assessment, withheld: tuple[str, ...], catalogue: Catalogue) -> set[tuple[str, str]]:
    """The parks and groups in which every withheld party that judged anything has enough to stand behind a group."""
    judgements = assessment.judgements
    judged = judgements[(judgements["state"] == "level") & judgements["party"].isin(withheld)]
    group_of = {
        threat.id: {catalogue.phenomenon(name).group for name in threat.phenomena} for threat in catalogue.threats
    }
    levels: dict[tuple[str, str, str], list[int]] = {}
    for row in judged.itertuples():
        for group in group_of.get(str(row.indicator), ()):
            levels.setdefault((str(row.park_id), group, str(row.party)), []).append(int(str(row.level)))
    pairs = {(park, group) for park, group, _ in levels}
    return {pair for pair in pairs if all(_enough(levels.get((*pair, party), [])) for party in withheld)}


def _enough(levels: list[int]) -> bool:
    return not levels or (len(levels) >= MINIMUM_ROWS and sum(level > 0 for level in levels) >= MINIMUM_POSITIVE)
