"""The gate: an Assessment goes in, what one audience may see of it comes out, before anything is rendered.

What may not leave does not leave, not even by arithmetic (method.md 10). A combined value beside a reader's own cell
gives the other party's cell away, so for an audience that may not see every party's cells there are no combined
values, no contributions, reasons, flips or questions per indicator; no score, coverage or bound of a group, for with
few cells behind it exact arithmetic finds them; nothing of the recalculations but the grade; totals in steps of five,
on their own side of the borders between classes; shares of what is known in steps of a tenth, never above nine tenths,
so that nobody can be shown to know everything; and phenomena are told by group (werkbank.sharing.what).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from werkbank.advice.advice import Advice, advise
from werkbank.advice.rows import cell_rows
from werkbank.advice.scorecard import score_matrix
from werkbank.advice.sentences import grade_sentence
from werkbank.assessment.assessment import Assessment
from werkbank.errors import Finding, OutputError
from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import COLUMNS
from werkbank.register.notes import FIELD
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import find_workspace
from werkbank.sharing.what import coarse_indications
from werkbank.sharing.who import asked_parties, entitled
from werkbank.wording import listing

__all__ = ["READY", "for_audience"]

READY = ("riec", "municipality")
"""Audiences whose filter exists and is tested; for any other nothing is made."""

STEP = 5
"""Points in which totals are told to who may not see every cell."""
MOST_KNOWN = 0.9
IN_STEPS = ("score", "low", "high")
SHARES = ("coverage", "two_sided")
GIVES_A_CELL_AWAY = ("highest", "share_high", "distance", "p_first", "p_selected", "drawn_low", "drawn_high")
RANKS_DRAWN = ("rank_low", "rank_high")


def for_audience(assessment: Assessment) -> Assessment:
    """The assessment as its own audience (`parameters.audience`) may see it; the same for who may see everything.

    Raises OutputError for an audience without a filter, and LegalBasisError for a release that does not exist.

    >>> own = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    >>> set(own.judgements["party"]), own.withheld
    ({'municipality'}, ('police',))
    """
    catalogue = _catalogue(assessment)
    name = assessment.parameters.audience
    if name not in READY:
        raise OutputError(f"Voor de doelgroep “{name}” kan nog niets worden gemaakt. Het kan voor: {listing(READY)}.")
    audience = entitled(catalogue.audience(name), assessment.legal_basis, catalogue, asked_parties(assessment))
    withheld = tuple(party for party in assessment.parameters.parties if party not in audience.parties)
    if "context" not in audience.fields:
        assessment = replace(assessment, _context=assessment.context.iloc[:0])
    if FIELD not in audience.fields:
        # They were never read for this audience; an assessment made otherwise may hold them.
        assessment = replace(assessment, notes=())
    if audience.areas != "district":
        nowhere = pd.Series(pd.NA, index=assessment.parks.index, dtype="Int64")
        assessment = replace(assessment, _parks=assessment.parks.assign(district_rank=nowhere), district_size=0)
    return _withhold(assessment, audience, withheld, catalogue) if withheld else assessment


def _withhold(
    assessment: Assessment, audience: Audience, withheld: tuple[str, ...], catalogue: Catalogue
) -> Assessment:
    visible = tuple(party for party in assessment.parameters.parties if party in audience.parties)
    judgements = assessment.judgements
    own = judgements[judgements["party"].isin(visible)].reset_index(drop=True)
    parameters = assessment.parameters.model_copy(update={"parties": visible})
    cells = _own_cells(assessment, own, visible, catalogue)
    return replace(
        assessment,
        parameters=parameters,
        withheld=tuple(party for party in withheld if party not in assessment.absent),
        sources=tuple(source for source in assessment.sources if source.party in visible),
        findings=tuple(finding for finding in assessment.findings if _concerns_only(finding, visible, assessment)),
        indications=coarse_indications(assessment, own, cells, withheld, catalogue),
        reasons=(),
        agreement=(),
        differences=(),
        advice=_coarse_advice(assessment),
        _parks=_coarse_parks(assessment),
        _groups=assessment.groups.assign(**dict.fromkeys((*IN_STEPS, *SHARES, "contribution"), float("nan"))),
        _cells=cells,
        _judgements=own,
        _ranks=assessment.ranks.iloc[:0],
    )


def _own_cells(
    assessment: Assessment, own: pd.DataFrame, visible: tuple[str, ...], catalogue: Catalogue
) -> pd.DataFrame:
    """The cells as the audience's own parties filled them in, combined among themselves; no contributions."""
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
    return cell_rows(scorecard).assign(contribution=float("nan"))


def _coarse_parks(assessment: Assessment) -> pd.DataFrame:
    parks, enough = assessment.parks, assessment.parameters.method.minimum_coverage - 1e-9
    parks = _beside_its_class(parks.assign(**{name: in_steps(parks[name]) for name in IN_STEPS}), assessment)
    parks = parks.assign(**{name: _in_tenths(parks[name], enough) for name in SHARES})
    nowhere = pd.Series(pd.NA, index=parks.index, dtype="Int64")
    return parks.assign(**dict.fromkeys(GIVES_A_CELL_AWAY, float("nan")), **dict.fromkeys(RANKS_DRAWN, nowhere))


def in_steps(points: pd.Series) -> pd.Series:
    """Points in whole steps, half a step upwards."""
    return ((points / STEP + 0.5) // 1) * STEP


def _beside_its_class(parks: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """Points in steps that contradict neither the class nor the quadrant of their park.

    It follows from what is told anyway, so it tells nothing new: 38 in the class up to 40 is told as 35.
    """
    method = assessment.parameters.method
    edges = [0.0, *method.class_borders, np.inf]
    score = parks["score"].copy()
    for place, (first, beyond) in enumerate(pairwise(edges), start=1):
        least, most = _step_from(first), min(_step_below(beyond), 100.0)
        if least <= most:
            score = score.where((parks["class"] != place).fillna(True), score.clip(least, most))
    high = parks["high"].where(parks["quadrant"] != "follow", parks["high"].clip(upper=_step_below(method.high)))
    high = high.where(parks["quadrant"] != "find_out", high.clip(lower=_step_from(method.high)))
    # The bounds still contain the score; those of a park without one stay as they are.
    low, high = parks["low"].clip(upper=score.fillna(100.0)), high.clip(lower=score.fillna(0.0))
    return parks.assign(score=score, low=low, high=high)


def _step_from(edge: float) -> float:
    """The first step at or above an edge."""
    return float(np.ceil(edge / STEP) * STEP)


def _step_below(edge: float) -> float:
    """The last step below an edge."""
    return float((np.ceil(edge / STEP) - 1) * STEP)


def _in_tenths(share: pd.Series, enough: float) -> pd.Series:
    """Shares in tenths that stay on their own side of what is enough; nothing above nine tenths."""
    tenths = (share * 10 + 0.5) // 1 / 10
    above = np.ceil(enough * 10) / 10
    sided = tenths.where(share < enough, tenths.clip(lower=above)).where(
        share >= enough, tenths.clip(upper=above - 0.1)
    )
    return sided.clip(upper=MOST_KNOWN).round(1).where(share.notna())


def _coarse_advice(assessment: Assessment) -> Advice:
    """The same parks, told with the figures that this reader gets."""
    parks = _coarse_parks(assessment).set_index("park_id")
    told = advise(
        parks,
        parks["name"],
        assessment.parameters.capacity,
        assessment.municipality_name,
        edges=assessment.parameters.method.edges,
    )
    advised, grade = assessment.advice.park_ids, assessment.advice.grade
    sentence = f"{told.sentence} {grade_sentence(grade, len(advised))}".rstrip()
    return replace(told, park_ids=advised, grade=grade, sentence=sentence)


def _concerns_only(finding: Finding, visible: tuple[str, ...], assessment: Assessment) -> bool:
    """True for a finding in a visible party's own file; one on a difference between parties tells of the other."""
    if finding.rule == "missing-workbook":
        return True
    return finding.file in {source.file for source in assessment.sources if source.party in visible}


def _catalogue(assessment: Assessment) -> Catalogue:
    own = assessment.parameters.catalogue
    catalogue = load_catalogue(None if own is None else find_workspace() / own)
    if catalogue.fingerprint != assessment.catalogue_fingerprint:
        raise OutputError("De catalogus is veranderd sinds deze analyse; maak de analyse opnieuw.")
    return catalogue
