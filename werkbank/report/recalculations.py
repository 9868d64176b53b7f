"""How sure the advice is: what the recalculations say, what would turn it around, where the parties differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from werkbank.advice.advice import (
    difference_sentence,
    flip_sentence,
    left_out_sentence,
    question_sentence,
    short_question,
)
from werkbank.advice.agreement import Agreement
from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, make
from werkbank.report.terms import cell_anchors, linked, not_here, share_text
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, count, number, percent

__all__ = ["agreement", "certainty", "question_lines"]

CHOICES = {
    "missing": "wat niemand weet",
    "party_error": "oordelen die een stap anders kunnen zijn",
    "group_weights": "de weging van de groepen",
    "indicator_weights": "het gewicht van elke indicator",
    "combination": "de manier van samenvoegen",
    "threat_power": "hoe zwaar één hoog vermoeden telt",
    "scale_points": "de punten per niveau",
}
_WITHHELD = (
    "De doorrekeningen (hoe vaak elk terrein bovenaan komt, wat het advies zou omkeren en wat als eerste uit te zoeken "
    "is)"
)
SHOWN = 12
"""Parks in the table, and differences on the agenda; the rest is counted."""


@dataclass(frozen=True, slots=True)
class _Driver:
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class _Row:
    park: Park
    share: str


@dataclass(frozen=True, slots=True)
class _Line:
    family: str
    figures: Agreement
    alpha: str


def certainty(assessment: Assessment) -> Chapter:
    """How often each park comes out highest, what would turn the advice around, what to find out first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.certainty(assessment).title
    'Hoe zeker is het advies?'
    """
    view = view_of(assessment)
    names = {park.park_id: park.name for park in view.parks}
    parks = sorted((park for park in view.parks if park.p_selected is not None), key=_most_often)
    advice, anchors = assessment.advice, cell_anchors(view)
    seats = len(advice.park_ids)
    return make(
        "certainty",
        "Hoe zeker is het advies?",
        advice.sentence,
        parks=[_Row(park, share_text(park.p_selected)) for park in parks[:SHOWN]],
        rest=max(0, len(parks) - SHOWN),
        draws=None if advice.sureness is None else number(advice.sureness.draws),
        seats=seats,
        flips=[linked(flip_sentence(flip, names, view.catalogue, seats), anchors) for flip in advice.flips],
        left_out=[linked(left_out_sentence(one, names, view.catalogue), anchors) for one in advice.left_out],
        drivers=[_Driver(CHOICES[one.choice], _about(one.total)) for one in advice.drivers if one.total is not None],
        inexact=any(not flip.exact for flip in advice.flips),
        questions=question_lines(view),
        not_shown=not_here(_WITHHELD) if assessment.coarse else "",
    )


def agreement(assessment: Assessment) -> Chapter:
    """How far the parties agree per family, and the agenda: where they differ, what turns the advice first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.agreement(assessment).title
    'Waar de partijen verschillen'
    """
    view = view_of(assessment)
    names = {park.park_id: park.name for park in view.parks}
    differing, anchors = assessment.differences, cell_anchors(view)
    return make(
        "agreement",
        "Waar de partijen verschillen",
        count(len(differing), "verschil", "verschillen"),
        lines=[_Line(_family(view, one), one, _alpha(one)) for one in assessment.agreement],
        between=" − ".join(view.party_name(party) for party in assessment.delivered[:2]),
        agenda=[linked(difference_sentence(one, names, view.catalogue), anchors) for one in differing[:SHOWN]],
        rest=max(0, len(differing) - SHOWN),
        turning=sum(1 for one in differing if one.turns),
        only=list(_only(view)) if view.shows("differences") else [],
        withheld=assessment.coarse,
    )


def question_lines(view: View, *, short: bool = False) -> list[Markup]:
    """What to find out first, a sentence a cell; none where the audience sees no questions."""
    names = {park.park_id: park.name for park in view.parks}
    asked = view.assessment.advice.questions
    anchors = cell_anchors(view)
    sentence = short_question if short else question_sentence
    return [linked(sentence(one, names, view.catalogue, view.parties), anchors) for one in asked]


def _most_often(park: Park) -> tuple[float, float, str]:
    return -(park.p_selected or 0.0), -(park.score or 0.0), park.park_id


def _about(total: float) -> str:
    """An index in tens of per cents: they are estimates, and no finer than that."""
    tens = min(1.0, round(total, 1))
    return f"ongeveer {percent(tens)}" if tens > 0 else "minder dan 5%"


def _family(view: View, one: Agreement) -> str:
    return next(family.name for family in view.catalogue.families if family.id == one.family)


def _alpha(one: Agreement) -> str:
    """Alpha as text with its interval, where there are parks enough for one; where there is no alpha, why not."""
    if one.alpha is not None and one.alpha_low is not None and one.alpha_high is not None:
        return f"{number(one.alpha, 2)} ({number(one.alpha_low, 2)} – {number(one.alpha_high, 2)})"
    if one.alpha is not None:
        return number(one.alpha, 2)
    if one.identical == 1:
        return "niet te bepalen: alle oordelen gelijk"
    return "niet te bepalen" if one.n else MISSING


def _only(view: View) -> Iterator[str]:
    """Per party how many cells it alone knows."""
    for party in view.parties:
        cells = [row for row in view.judgements.values() if row.party == party and row.state == "level"]
        alone = sum(1 for row in cells if not _known_elsewhere(view, row.park_id, row.indicator, party))
        share = percent(alone / len(cells) if cells else None)
        told = count(alone, "cel", "cellen")
        yield f"Alleen de {view.party_name(party)} weet iets over {told} ({share} van wat zij invulde)."


def _known_elsewhere(view: View, park_id: str, indicator: str, party: str) -> bool:
    others = (view.judgements.get((park_id, indicator, other)) for other in view.parties if other != party)
    return any(row is not None and row.state == "level" for row in others)
