"""What if the groups weighed otherwise: the totals and places of the parks, as values; never an advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkbank.report.view import GroupScore, Park, View
from werkbank.wording import capital, count, listing, number

__all__ = ["Outcome", "Weights", "as_percentages", "chosen_weights", "reweigh", "told"]

Weights = Mapping[str, float]
"""Per group its weight; only the proportions count."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One park under other weights: its total and place, beside those of the analysis; None where there is none."""

    park_id: str
    name: str
    score: float | None
    rank: int | None
    new_score: float | None
    new_rank: int | None

    @property
    def moved(self) -> bool:
        """Whether the park stands elsewhere than in the analysis."""
        return self.rank != self.new_rank


def chosen_weights(view: View) -> dict[str, float]:
    """The weights of the analysis, in the order of the groups."""
    weights: dict[str, float] = view.assessment.parameters.method.group_weights.model_dump()
    return {family.score: weights[family.score] for family in view.catalogue.families}


def as_percentages(weights: Weights) -> dict[str, int]:
    """The weights as whole percentages of their sum, for the fields on the page."""
    whole = sum(weights.values())
    return {group: round(100 * weight / whole) for group, weight in weights.items()}


def reweigh(view: View, weights: Weights) -> tuple[Outcome, ...]:
    """Every park under these weights, in the order of the analysis.

    The total moves by as much as the weighted mean of the group scores moves, so the analysis's own weights give the
    analysis's own totals and places to the last bit. All weights zero: no totals.
    """
    own = chosen_weights(view)
    if as_percentages(own) == dict(weights):
        weights = own
    same = weights == own
    scores = {park.park_id: _moved(park, own, weights) for park in view.parks}
    return tuple(
        Outcome(
            park_id=park.park_id,
            name=park.name,
            score=park.score,
            rank=park.rank,
            new_score=scores[park.park_id],
            new_rank=park.rank if same else _place(scores[park.park_id], scores),
        )
        for park in view.parks
    )


def _moved(park: Park, own: Weights, weights: Weights) -> float | None:
    """The park's total under other weights, within what is possible."""
    if park.score is None or not sum(weights.values()):
        return None
    before, after = _mean(park, own), _mean(park, weights)
    if before is None or after is None:
        return None
    return min(max(park.score + after - before, 0.0), 100.0)


def _mean(park: Park, weights: Weights) -> float | None:
    """The weighted mean of the group scores; a group without one counts as the others do, within its own bounds."""
    scored = [(weights[group.group], group.score) for group in park.groups if group.score is not None]
    known = sum(weight for weight, _ in scored)
    if not known:
        return None
    stand_in = sum(weight * score for weight, score in scored) / known
    counted = [(weights[group.group], _counted(group, stand_in)) for group in park.groups if _applies(group)]
    return sum(weight * score for weight, score in counted) / sum(weight for weight, _ in counted)


def _applies(group: GroupScore) -> bool:
    return group.score is not None or group.coverage is not None


def _counted(group: GroupScore, stand_in: float) -> float:
    if group.score is not None:
        return group.score
    low = stand_in if group.low is None else group.low
    high = stand_in if group.high is None else group.high
    return min(max(stand_in, low), high)


def _place(score: float | None, scores: Mapping[str, float | None]) -> int | None:
    """Competition ranking, before any rounding but that of the last bits."""
    if score is None:
        return None
    return 1 + sum(1 for other in scores.values() if other is not None and other > score + 1e-9)


def told(outcomes: tuple[Outcome, ...], park_id: str, weights: Weights, names: Mapping[str, str]) -> str:
    """What these weights do, in two sentences: who stands first, and where the chosen park goes."""
    if not sum(weights.values()):
        return "Geef minstens één groep een gewicht boven 0."
    first = [one.name for one in outcomes if one.new_rank == 1]
    if not first:
        return "Geen terrein heeft een score; er is niets te wegen."
    shares = listing(f"{name.lower()} {number(weights[group])}" for group, name in names.items())
    verb = "staat" if len(first) == 1 else "staan samen"
    return f"Bij {shares} {verb} {listing(first)} op plaats 1. {_told_of(_one(outcomes, park_id))}"


def _one(outcomes: tuple[Outcome, ...], park_id: str) -> Outcome:
    return next(one for one in outcomes if one.park_id == park_id)


def _told_of(one: Outcome) -> str:
    if one.new_rank is None:
        return f"{one.name} heeft geen score en dus geen plaats."
    where = f"van plaats {one.rank} naar plaats {one.new_rank}" if one.moved else f"op plaats {one.new_rank}"
    verb = "gaat" if one.moved else "blijft"
    return f"{capital(one.name)} {verb} {where}, {_points(one)}."


def _points(one: Outcome) -> str:
    before, after = number(one.score, 1), number(one.new_score, 1)
    if before == after:
        return f"met {after} punten"
    return f"met {after} punten in plaats van {before}"


def moved_parks(outcomes: tuple[Outcome, ...]) -> str:
    """How many parks change places."""
    moved = sum(1 for one in outcomes if one.moved)
    if not moved:
        return "Geen enkel terrein wisselt van plaats."
    return f"{capital(count(moved, 'terrein wisselt', 'terreinen wisselen'))} van plaats."
