"""The page of the dashboard: its head as finished HTML, and widgets that choose with parts that follow.

The head is true before anything is alive. Charts are held for as long as the page lives and get new parameters, or for
another municipality a new specification; they are never shown through an Output widget, which hangs now and then.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.dashboard.charts import live_chart, ranking_spec
from werkbank.dashboard.whatif import WhatIf, caption, folded, nothing_to_weigh, part, title
from werkbank.report import blocks as b
from werkbank.report.decided import ALL, chosen_text, told_on_pages
from werkbank.report.front import missing_lines
from werkbank.report.html import refuse_active, style
from werkbank.report.knowledge import COLUMNS, heat_map
from werkbank.report.parks import not_known, park_head, ranking_table, said_by_party
from werkbank.report.terms import FICTIONAL, SOURCES, SUSPICION, legal_basis_line
from werkbank.report.texts import words
from werkbank.report.view import Park, View, view_of
from werkbank.sharing.bundle import Bundle
from werkbank.wording import MISSING, capital, count, safe_html


def page_title(bundle: Bundle) -> str:
    """The title of the page; made-up data says so."""
    where = f"district {bundle.district}{' (fictief)' if bundle.fictional else ''}"
    if len(bundle.assessments) == 1:
        where = bundle.assessments[0].municipality_name
    return f"Dashboard bedrijventerreinen {where}"


def head_html(bundle: Bundle) -> Markup:
    """The labels, and per municipality its advice in one sentence. Raises OutputError if anything in it could act."""
    every = bundle.assessments
    parks = count(sum(len(one.parks) for one in every), "terrein", "terreinen")
    reader = every[0].catalogue.audience(bundle.audience).name
    bases = dict.fromkeys(legal_basis_line(one.legal_basis) for one in every)
    warnings = dict.fromkeys(line for one in every for line in missing_lines(view_of(one)))
    advice = tuple(one.advice.sentence for one in every)
    lead = b.Text(advice[0], "lead") if len(every) == 1 else b.List(advice)
    names = {park: name for one in every for park, name in zip(one.parks["park_id"], one.parks["name"], strict=True)}
    told = {park: said for each in bundle.chosen.values() for park, said in each.items()}
    short = (*b.alerts(warnings), lead, *told_on_pages({words("decided.now"): told}, names)[ALL])
    html = safe_html(
        '<div class="band" role="note" aria-label="Rubricering">{}<p>{}</p><p>{}</p></div>'
        '<header><h1>{}</h1><p class="where">{}</p>{}</header>{}',
        safe_html('<p class="fictional">{}</p>', FICTIONAL) if bundle.fictional else "",
        bundle.label,
        SUSPICION,
        page_title(bundle),
        f"Ronde {bundle.round} · {parks} · district {bundle.district} · voor: {reader}",
        Markup("").join(safe_html('<p class="basis"><strong>Grondslag:</strong> {}</p>', one) for one in bases),
        Markup(b.Chapter("In het kort", "", short, "short", titled=True).html),  # noqa: S704  made of blocks
    )
    refuse_active(html)
    return html


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of the page: that of the reports, and what only the dashboard needs."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("chapter.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


class DashboardPage:
    """A bundle as a living page; `widget` is what is shown."""

    def __init__(self, bundle: Bundle, script: str) -> None:
        self._bundle = bundle
        self._views: dict[str, View] = {}
        self._view = self._view_of(bundle.municipalities[0])
        named = [(one.municipality_name, one.parameters.municipality) for one in bundle.assessments]
        self._municipality, self._park = _dropdown("Gemeente", named), _dropdown("Terrein", _parks(self._view))
        self._ranking = live_chart(ranking_spec(self._view, self._chosen), script)
        self._not_weighed = next(filter(None, map(nothing_to_weigh, bundle.assessments)), "")
        self._what_if = None if self._not_weighed else WhatIf(self._view, self._chosen, script)
        self._table, self._heat, self._mark, self._profile = (widgets.HTML() for _ in range(4))
        self._busy = False
        self._fill()
        self._municipality.observe(self._on_municipality, "value")
        self._park.observe(self._on_park, "value")
        self._watch_clicks()
        self.widget = self._layout()

    @property
    def _chosen(self) -> str:
        return str(self._park.value)

    def _view_of(self, municipality: str) -> View:
        if municipality not in self._views:
            self._views[municipality] = view_of(self._bundle.assessment(municipality))
        return self._views[municipality]

    def _watch_clicks(self) -> None:
        """A new specification comes with new selections."""
        self._ranking.selections.observe(self._on_click, "pick")

    def _on_municipality(self, _: Any) -> None:
        self._view = self._view_of(str(self._municipality.value))
        self._busy = True
        try:
            self._park.options = _parks(self._view)
            self._park.value = self._view.parks[0].park_id
        finally:
            self._busy = False
        self._ranking.chart = ranking_spec(self._view, self._chosen)
        self._watch_clicks()
        if self._what_if is not None:
            self._what_if.show(self._view, self._chosen)
        self._fill()

    def _on_park(self, _: Any) -> None:
        if self._busy:
            return
        self._ranking.params.chosen = self._chosen
        if self._what_if is not None:
            self._what_if.choose(self._chosen)
        self._show_park()

    def _on_click(self, change: Any) -> None:
        codes = [point.get("code") for point in change["new"].value]
        if codes and codes[0] in {park.park_id for park in self._view.parks}:
            self._park.value = codes[0]

    def _fill(self) -> None:
        # Here the matrix is what one came for: it is open.
        self._heat.value = heat_map(self._view.assessment).html.replace("<details>", "<details open>")
        self._table.value = ranking_table(self._view.assessment).html
        self._show_park()

    def _show_park(self) -> None:
        self._mark.value = mark_style(self._view, self._chosen)
        own = self._bundle.chosen.get(self._view.assessment.parameters.municipality, {})
        self._profile.value = profile_html(self._view, self._chosen, own.get(self._chosen, ""))

    def _layout(self) -> widgets.Widget:
        """Everything in reading order; the style sheet places the parts beside or below one another."""
        choose = part("wbd-choose", self._municipality, self._park)
        table = folded(self._table)
        ranking = part(
            "wbd-ranking", title("Rangorde en grenzen"), self._ranking, caption(words("dashboard.ranking")), table
        )
        profile = part("wbd-profile", title("Het terrein van dichtbij"), self._profile)
        heat = part("wbd-heat-map", title("De matrix in één oogopslag"), self._mark, self._heat)
        what_if = caption(self._not_weighed) if self._what_if is None else self._what_if.widget
        parts = part("wbd-parts", part("wbd-left", ranking, what_if), profile)
        head = widgets.HTML(head_html(self._bundle))
        head.add_class("wbd-own-head")
        return part("wbd", style_widget(), head, choose, parts, heat)


def style_widget() -> widgets.Widget:
    """The look of the page, for who shows a part of it."""
    return widgets.HTML(safe_html("<style>{}</style>", page_style()))


def _parks(view: View) -> list[tuple[str, str]]:
    """The parks in the order of the ranking, each with its place; a code tells two of one name apart."""
    places = (MISSING if park.rank is None else f"{park.rank}." for park in view.parks)
    return [(f"{place} {view.label(park)}", park.park_id) for place, park in zip(places, view.parks, strict=True)]


def _dropdown(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=options[0][1], description=label)


def mark_style(view: View, chosen: str) -> Markup:
    """The rule that marks the chosen park's column in the heat map, which is sent once per municipality."""
    place = next(place for place, park in enumerate(view.parks) if park.park_id == chosen)
    turn, column = divmod(place, COLUMNS)
    # Each family has as many grids as there are parts of so many parks.
    grids = f".wbd .heat .scroll:nth-of-type({-(-len(view.parks) // COLUMNS)}n+{turn + 1})"
    return safe_html(
        "<style>{0} td:nth-child({1}) {{ box-shadow: inset 2px 0 var(--accent), inset -2px 0 var(--accent); }} "
        "{0} thead th:nth-child({1}) span {{ color: var(--accent); font-weight: 700; }}</style>",
        grids,
        column + 2,
    )


def profile_html(view: View, park_id: str, chosen: str = "") -> str:
    """One park: its figures, whether it was `chosen`, what each party that may be seen filled in, what is not known."""
    park = view.park(park_id)
    blocks = (*park_head(view, park), *chosen_text(chosen), _judgements(view, park), *not_known(view, park))
    return b.Chapter(park.name, "", (b.Group(blocks, "park", page=True),)).html


def _judgements(view: View, park: Park) -> b.Block:
    """What each party filled in, family by family; a difference between parties stands out in words."""
    compares = len(view.parties) > 1 and view.shows("differences")
    heads = [*(capital(view.party_name(party)) for party in view.parties), *(["Verschil"] if compares else [])]
    rows: list[b.Row] = []
    for family in view.catalogue.families:
        if own := said_by_party(view, park, view.catalogue.by_family(family.id)):
            rows.append(b.Row((family.name, *("" for _ in heads)), look="family"))
            rows += (b.Row(one[: 1 + len(heads)]) for one in own)
    named = f"Wat is ingevuld. Tussen haakjes de bronsterkte: {SOURCES}"
    columns = tuple(map(b.Column, ("Indicator", *heads)))
    return (
        b.Table(named, columns, tuple(rows), look="pairs") if rows else b.Text("Van dit terrein is nog niets ingevuld.")
    )
