"""What if the groups weighed otherwise: a field each, and a sentence, a chart and a table that follow; no advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd
from markupsafe import Markup

from werkbank.assessment.assessment import Assessment
from werkbank.dashboard.charts import live_chart, weighing_spec
from werkbank.report import blocks as b
from werkbank.report.html import style
from werkbank.report.terms import ESTIMATED
from werkbank.report.texts import words
from werkbank.report.view import Park, View, view_of
from werkbank.scoring import rank, weigh_groups
from werkbank.sharing.bundle import Bundle
from werkbank.wording import capital, count, listing, number, safe_html

Weights = Mapping[str, float]
"""Per group its weight; only the proportions count."""

_HEADS = ("Terrein", "Score", "Score wat als", "Plaats", "Plaats wat als")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One park under other weights: its total and place, beside those of the analysis; None where there is none."""

    park: Park
    new_score: float | None
    new_rank: int | None

    @property
    def moved(self) -> bool:
        """Whether the park stands elsewhere than in the analysis."""
        return self.park.rank != self.new_rank

    @property
    def name(self) -> str:
        """The park's name, and what may not be forgotten about its score."""
        unsure = [ESTIMATED] if self.park.mostly_estimated else []
        kept_out = ["geen aanwijzing: niet in het advies"] if self.park.suspected is False else []
        return f"{self.park.name} ({'; '.join((*unsure, *kept_out))})" if unsure or kept_out else self.park.name


def chosen_weights(view: View) -> dict[str, float]:
    """The weights of the analysis, in the order of the groups."""
    weights: dict[str, float] = view.assessment.parameters.method.group_weights.model_dump()
    return {family.score: weights[family.score] for family in view.catalogue.families}


def nothing_to_weigh(assessment: Assessment) -> str:
    """Why the groups cannot be weighed otherwise: their scores are withheld, or there is one; empty when they can."""
    if assessment.coarse:
        return words("dashboard.not_weighed")
    return words("dashboard.one_group") if len(assessment.catalogue.families) == 1 else ""


def as_percentages(weights: Weights) -> dict[str, int]:
    """The weights as whole percentages of their sum, for the fields on the page."""
    whole = sum(weights.values())
    return {group: round(100 * weight / whole) for group, weight in weights.items()}


def reweigh(view: View, weights: Weights) -> tuple[Outcome, ...]:
    """Every park under these weights, in the order of the analysis; all weights zero: no totals.

    The analysis's own weights, or what the fields show of them, give the analysis's own totals and places.
    """
    if as_percentages(chosen_weights(view)) == dict(weights):
        return tuple(Outcome(one, one.score, one.rank) for one in view.parks)
    scores = pd.DataFrame([{group.group: group.score for group in park.groups} for park in view.parks])
    new = weigh_groups(scores.astype("float64"), weights)
    places = rank(new.round(9))
    return tuple(
        Outcome(park, *((None, None) if pd.isna(at) else (float(score), int(at))))
        for park, score, at in zip(view.parks, new, places, strict=True)
    )


def told(outcomes: tuple[Outcome, ...], park_id: str, weights: Weights, names: Mapping[str, str]) -> str:
    """What these weights do, in two sentences: who stands first, and where the chosen park goes."""
    if not sum(weights.values()):
        return "Geef minstens één groep een gewicht boven 0."
    first = [one.name for one in outcomes if one.new_rank == 1]
    if not first:
        return "Geen terrein heeft een score; er is niets te wegen."
    shares = listing(f"{name.lower()} {number(weights[group])}" for group, name in names.items())
    verb = "staat" if len(first) == 1 else "staan samen"
    chosen = next(one for one in outcomes if one.park.park_id == park_id)
    return f"Bij {shares} {verb} {listing(first)} op plaats 1. {_told_of(chosen)}"


def _told_of(one: Outcome) -> str:
    if one.new_rank is None:
        return f"{one.name} heeft bij deze gewichten geen score en dus geen plaats."
    where = f"gaat van plaats {one.park.rank} naar plaats" if one.moved else "blijft op plaats"
    before, after = number(one.park.score, 1), number(one.new_score, 1)
    instead = "" if before == after else f" in plaats van {before}"
    return f"{capital(one.name)} {where} {one.new_rank}, met {after} punten{instead}."


def moved_parks(outcomes: tuple[Outcome, ...]) -> str:
    """How many parks change places."""
    moved = sum(1 for one in outcomes if one.moved)
    if not moved:
        return "Geen enkel terrein wisselt van plaats."
    return f"{capital(count(moved, 'terrein wisselt', 'terreinen wisselen'))} van plaats."


class WhatIf:
    """The part of the page that weighs anew; `widget` is what is shown."""

    def __init__(self, view: View, chosen: str, script: str) -> None:
        self._names: dict[str, str] = {family.score: family.score_name for family in view.catalogue.families}
        self._fields: dict[str, Any] = {
            group: widgets.BoundedIntText(value=0, min=0, max=100, step=5, description=name)
            for group, name in self._names.items()
        }
        self._said, self._table = widgets.HTML(), widgets.HTML()
        self._said.add_class("wbd-said")
        self._view, self._chosen, self._busy = view, chosen, False
        self._restore()
        self._chart = live_chart(self._spec(self._outcomes()), script)
        self._tell(self._outcomes())
        for field in self._fields.values():
            field.observe(self._on_weight, "value")
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
        self._on_weight(None)

    def _on_weight(self, _: Any) -> None:
        if self._busy:
            return
        outcomes = self._outcomes()
        with self._chart.hold_sync():
            self._chart.params.totals = {one.park.park_id: one.new_score for one in outcomes}
            self._chart.params.places = {one.park.park_id: _places(one) for one in outcomes}
        self._tell(outcomes)

    def _spec(self, outcomes: tuple[Outcome, ...]) -> Any:
        totals = {one.park.park_id: one.new_score for one in outcomes}
        return weighing_spec(self._view, self._chosen, totals, {one.park.park_id: _places(one) for one in outcomes})

    def _tell(self, outcomes: tuple[Outcome, ...]) -> None:
        sentence = told(outcomes, self._chosen, self._weights, self._names)
        moved = moved_parks(outcomes) if sum(self._weights.values()) else ""
        self._said.value = safe_html(
            '<p role="status" class="box"><strong>Wat als, geen advies.</strong> {} {}</p>', sentence, moved
        )
        self._table.value = _table(outcomes)

    def _layout(self) -> widgets.Widget:
        back = "Zet de gewichten van de analyse terug"
        reset = widgets.Button(description="Terug naar de analyse", tooltip=back)
        reset.on_click(self._on_reset)
        fields = widgets.HBox([*self._fields.values(), reset])
        fields.add_class("wbd-weights")
        begin = (title("Wat als de groepen anders wegen?"), caption(words("dashboard.what_if")), fields, self._said)
        return part("wbd-what-if", *begin, self._chart, caption(words("dashboard.weighed")), folded(self._table))


class WhatIfPage:
    """What if, for a bundle that may be weighed anew: a list of its parks, and the part that follows it."""

    def __init__(self, bundle: Bundle, script: str) -> None:
        self._views: dict[str, View] = {}
        for view in map(view_of, bundle.assessments):
            self._views.update((park.park_id, view) for park in view.parks)
        self._park = widgets.Dropdown(options=[*map(self._option, self._views)], description="Terrein")
        self._what_if = WhatIf(self._views[self._park.value], self._park.value, script)
        self._park.observe(self._on_park, "value")
        self.widget = part("wbd", style_widget(), part("wbd-follow", self._park), self._what_if.widget)

    def _option(self, code: str) -> tuple[str, str]:
        """The page around it finds a park by its code."""
        view = self._views[code]
        return f"{view.assessment.municipality_name}: {view.park(code).name} ({code})", code

    def _on_park(self, change: Any) -> None:
        view = self._views[change["new"]]
        if view is self._views[change["old"]]:
            self._what_if.choose(change["new"])
        else:
            self._what_if.show(view, change["new"])


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of what a kernel shows: that of the reports, and what only widgets need."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("chapter.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


def style_widget() -> widgets.Widget:
    """The look of the page, for who shows a part of it."""
    return widgets.HTML(safe_html("<style>{}</style>", page_style()))


def title(text: str) -> widgets.HTML:
    """The heading of a part."""
    return widgets.HTML(safe_html("<h2>{}</h2>", text))


def caption(text: str) -> widgets.HTML:
    """What there is to see in a part."""
    return widgets.HTML(safe_html('<p class="caption">{}</p>', text))


def folded(table: widgets.HTML) -> widgets.Accordion:
    """The figures of a chart, to unfold below it."""
    return widgets.Accordion(children=[table], titles=("Dezelfde cijfers in een tabel",))


def part(name: str, *children: widgets.Widget) -> widgets.VBox:
    """A part of the page, known to the style sheet by its name."""
    made = widgets.VBox(list(children))
    made.add_class(name)
    return made


def _places(one: Outcome) -> str:
    """Its place under these weights, and where it comes from, as printed beside its row."""
    if one.new_rank is None:
        return "geen score"
    moved = f"{number(one.park.rank)} → {one.new_rank}" if one.moved else str(one.new_rank)
    return f"{moved}, {ESTIMATED}" if one.park.mostly_estimated else moved


def _table(outcomes: tuple[Outcome, ...]) -> str:
    rows = []
    for one in outcomes:
        park = one.park
        cells = number(park.score, 1), number(one.new_score, 1), number(park.rank), number(one.new_rank)
        rows.append(b.Row((one.name, *cells), look="advised" if one.moved else ""))
    table = b.Table("Wat als, geen advies", tuple(map(b.Column, _HEADS)), tuple(rows), look="what-if")
    return b.Chapter("Wat als, geen advies", "", (table,)).html
