"""What if the groups weighed otherwise: the totals and places of the parks, as values; never an advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.dashboard.charts import live_chart, weighing_spec
from werkbank.report.view import GroupScore, Park, View
from werkbank.wording import MISSING, capital, count, listing, number, safe_html

__all__ = ["Outcome", "Weighing", "Weights", "as_percentages", "chosen_weights", "reweigh", "told"]

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


_INTRODUCTION = (
    "Hoe zwaar elke groep telt, is een keuze. Verander hier de gewichten en zie wat er met de volgorde gebeurt. "
    "Alleen de verhouding telt. Dit verandert niets aan de analyse of aan het advies."
)
_CAPTION = (
    "De open stip is de score van de analyse, de dichte stip de score bij deze gewichten. Rechts de plaats; "
    "een pijl zegt dat die verandert."
)
_HEADS = ("Terrein", "Score", "Score wat als", "Plaats", "Plaats wat als")


class Weighing:
    """The part of the page that weighs anew; `widget` is what is shown."""

    def __init__(self, view: View, chosen: str, script: str) -> None:
        self._view, self._chosen, self._busy = view, chosen, False
        self._names: dict[str, str] = {family.score: family.score_name for family in view.catalogue.families}
        self._fields: dict[str, Any] = {group: _field(name) for group, name in self._names.items()}
        self._reset = widgets.Button(
            description="Terug naar de analyse", tooltip="Zet de gewichten van de analyse terug"
        )
        self._said, self._table = widgets.HTML(), widgets.HTML()
        self._said.add_class("wbd-said")
        self._restore()
        self._chart = live_chart(self._spec(self._outcomes()), script)
        self._tell(self._outcomes())
        for field in self._fields.values():
            field.observe(self._on_weight, "value")
        self._reset.on_click(self._on_reset)
        self.widget = self._layout()

    def show(self, view: View, chosen: str) -> None:
        """Another municipality: its own parks, and the weights of its own analysis."""
        self._view, self._chosen = view, chosen
        self._restore()
        outcomes = self._outcomes()
        self._chart.chart = self._spec(outcomes)
        self._tell(outcomes)

    def choose(self, chosen: str) -> None:
        """Another park of the same municipality."""
        self._chosen = chosen
        self._chart.params.chosen = chosen
        self._tell(self._outcomes())

    @property
    def _weights(self) -> dict[str, float]:
        return {group: field.value for group, field in self._fields.items()}

    def _outcomes(self) -> tuple[Outcome, ...]:
        return reweigh(self._view, self._weights)

    def _restore(self) -> None:
        """The fields show the analysis's own weights; nothing else happens meanwhile."""
        self._busy = True
        try:
            for group, share in as_percentages(chosen_weights(self._view)).items():
                self._fields[group].value = share
        finally:
            self._busy = False

    def _on_reset(self, _: Any) -> None:
        self._restore()
        self._redraw()

    def _on_weight(self, _: Any) -> None:
        if not self._busy:
            self._redraw()

    def _redraw(self) -> None:
        outcomes = self._outcomes()
        with self._chart.hold_sync():
            self._chart.params.totals = _totals(outcomes)
            self._chart.params.places = _places(outcomes)
        self._tell(outcomes)

    def _spec(self, outcomes: tuple[Outcome, ...]) -> Any:
        return weighing_spec(self._view, self._chosen, _totals(outcomes), _places(outcomes))

    def _tell(self, outcomes: tuple[Outcome, ...]) -> None:
        sentence = told(outcomes, self._chosen, self._weights, self._names)
        moved = moved_parks(outcomes) if sum(self._weights.values()) else ""
        self._said.value = safe_html(
            '<p role="status" class="box"><strong>Wat als, geen advies.</strong> {} {}</p>', sentence, moved
        )
        self._table.value = _table(outcomes)

    def _layout(self) -> widgets.Widget:
        head = widgets.HTML(
            safe_html('<h2>Wat als de groepen anders wegen?</h2><p class="caption">{}</p>', _INTRODUCTION)
        )
        fields = widgets.HBox([*self._fields.values(), self._reset])
        fields.add_class("wbd-weights")
        table = widgets.Accordion(children=[self._table], titles=("Dezelfde cijfers in een tabel",))
        note = widgets.HTML(safe_html('<p class="caption">{}</p>', _CAPTION))
        part = widgets.VBox([head, fields, self._said, self._chart, note, table])
        part.add_class("wbd-what-if")
        return part


def _field(name: str) -> widgets.BoundedIntText:
    return widgets.BoundedIntText(value=0, min=0, max=100, step=5, description=name)


def _totals(outcomes: tuple[Outcome, ...]) -> dict[str, float | None]:
    return {one.park_id: one.new_score for one in outcomes}


def _places(outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    """Per park its place under these weights, and where it comes from, as printed beside its row."""
    return {one.park_id: _places_of(one) for one in outcomes}


def _places_of(one: Outcome) -> str:
    if one.rank is None:
        return "geen score"
    return f"{one.rank} → {_place(one.new_rank)}" if one.moved else str(one.rank)


def _place_weighing(rank: int | None) -> str:
    return MISSING if rank is None else str(rank)


def _table(outcomes: tuple[Outcome, ...]) -> Markup:
    head = Markup("").join(safe_html('<th scope="col">{}</th>', name) for name in _HEADS)
    body = Markup("").join(_row(one) for one in outcomes)
    return safe_html(
        '<div class="wb"><table class="rows what-if"><caption>Wat als, geen advies</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        head,
        body,
    )


def _row(one: Outcome) -> Markup:
    figures = (number(one.score, 1), number(one.new_score, 1), _place_weighing(one.rank), _place_weighing(one.new_rank))
    cells = Markup("").join(safe_html("<td>{}</td>", figure) for figure in figures)
    return safe_html('<tr class="{}"><th scope="row">{}</th>{}</tr>', "advised" if one.moved else "", one.name, cells)
