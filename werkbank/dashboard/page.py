"""The page of the dashboard: its head as finished HTML, and widgets that choose with parts that follow.

The head is true before anything is alive. Charts are held for as long as the page lives and get new parameters, or for
another municipality a new specification; they are never shown through an Output widget, which hangs now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.dashboard.charts import live_chart, ranking_spec
from werkbank.dashboard.whatif import WhatIf
from werkbank.report.front import missing_lines
from werkbank.report.html import refuse_active, style
from werkbank.report.parks import ranking_table
from werkbank.report.terms import (
    FICTIONAL,
    NOT_APPLICABLE,
    QUADRANT,
    SOURCES,
    SUSPICION,
    UNKNOWN,
    between,
    class_name,
    difference,
    legal_basis_line,
    level_figure,
    level_text,
    one_or_some,
    quadrant_meaning,
)
from werkbank.report.view import Cell, GroupScore, Judgement, Park, View, view_of
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.entries import Indicator
from werkbank.sharing.bundle import Bundle
from werkbank.wording import MISSING, capital, count, listing, number, percent, safe_html

__all__ = ["NOT_WEIGHED", "DashboardPage", "head_html", "page_style", "page_title"]

NOT_WEIGHED = (
    "Wat als de groepen anders wegen? Dat kan deze doelgroep niet proberen: de deelscores staan hier niet in, want "
    "daaruit zijn oordelen van een andere partij af te leiden."
)
_CAPTION = (
    "Elk terrein heeft een lijn: daarbinnen kan de score uitkomen als alles bekend is. De stip is de score van nu, de "
    "ruit is het advies. Overlappen twee lijnen, dan is de volgorde niet zeker. Klik op een terrein, of kies het "
    "hierboven."
)


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
    reader = load_catalogue().audience(bundle.audience).name
    bases = dict.fromkeys(legal_basis_line(one.legal_basis) for one in every)
    warnings = dict.fromkeys(line for one in every for line in missing_lines(view_of(one)))
    sentences = _each("<li>{}</li>", (one.advice.sentence for one in every))
    html = safe_html(
        '<div class="band" role="note" aria-label="Rubricering">{}<p>{}</p><p>{}</p></div>'
        '<header><h1>{}</h1><p class="where">{}</p>{}</header>'
        '<section class="wb short"><h2>In het kort</h2>{}{}</section>',
        safe_html('<p class="fictional">{}</p>', FICTIONAL) if bundle.fictional else "",
        bundle.label,
        SUSPICION,
        page_title(bundle),
        f"Ronde {bundle.round} · {parks} · district {bundle.district} · voor: {reader}",
        _each('<p class="basis"><strong>Grondslag:</strong> {}</p>', bases),
        _each('<p class="alert"><strong>Let op.</strong> {}</p>', warnings),
        safe_html('<p class="lead">{}</p>', every[0].advice.sentence)
        if len(every) == 1
        else safe_html("<ul>{}</ul>", sentences),
    )
    refuse_active(html)
    return html


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of the page: that of the reports, and what only the dashboard needs."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("chapter.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


def _each(template: str, values: Iterable[object]) -> Markup:
    """The template filled in with each of these, escaped."""
    return Markup("").join(safe_html(template, one) for one in values)


class DashboardPage:
    """A bundle as a living page; `widget` is what is shown."""

    def __init__(self, bundle: Bundle, script: str) -> None:
        self._bundle = bundle
        self._views: dict[str, View] = {}
        self._view = self._view_of(bundle.municipalities[0])
        named = [(one.municipality_name, one.parameters.municipality) for one in bundle.assessments]
        self._municipality, self._park = _dropdown("Gemeente", named), _dropdown("Terrein", _parks(self._view))
        self._ranking = live_chart(ranking_spec(self._view, self._chosen), script)
        # Without scores of groups there is nothing to weigh otherwise.
        withheld = any(one.coarse for one in bundle.assessments)
        self._what_if = None if withheld else WhatIf(self._view, self._chosen, script)
        self._table, self._heat, self._legend = _html(), _html("wb heat"), _html("wb")
        self._mark, self._profile = _html(), _html("wb")
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
        self._heat.value = heat_html(self._view)
        self._legend.value = heat_legend(self._view)
        self._table.value = ranking_table(self._view.assessment).html
        self._show_park()

    def _show_park(self) -> None:
        self._mark.value = mark_style(self._view, self._chosen)
        self._profile.value = profile_html(self._view, self._chosen)

    def _layout(self) -> widgets.Widget:
        """Everything in reading order; the style sheet places the parts beside or below one another."""
        choose = _part("choose", self._municipality, self._park)
        table = widgets.Accordion(children=[self._table], titles=("Dezelfde cijfers in een tabel",))
        ranking = _part("ranking", _title("Rangorde en grenzen"), self._ranking, _text(_CAPTION), table)
        profile = _part("profile", _title("Het gekozen terrein"), self._profile)
        heat = _part("heat-map", _title("De matrix in één oogopslag"), self._legend, self._mark, self._heat)
        what_if = _text(NOT_WEIGHED) if self._what_if is None else self._what_if.widget
        parts = _part("parts", _part("left", ranking, what_if), profile)
        head = widgets.HTML(head_html(self._bundle))
        head.add_class("wbd-own-head")
        page = widgets.VBox([style_widget(), head, choose, parts, heat])
        page.add_class("wbd")
        return page


def style_widget() -> widgets.Widget:
    """The look of the page, for who shows a part of it."""
    return widgets.HTML(safe_html("<style>{}</style>", page_style()))


def _parks(view: View) -> list[tuple[str, str]]:
    """The parks in the order of the ranking, each with its place; a code tells two of one name apart."""
    places = (MISSING if park.rank is None else f"{park.rank}." for park in view.parks)
    return [(f"{place} {view.label(park)}", park.park_id) for place, park in zip(places, view.parks, strict=True)]


def _dropdown(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=options[0][1], description=label)


def _html(css: str = "") -> widgets.HTML:
    one = widgets.HTML()
    for name in css.split():
        one.add_class(name)
    return one


def _title(text: str) -> widgets.HTML:
    return widgets.HTML(safe_html("<h2>{}</h2>", text))


def _text(text: str) -> widgets.HTML:
    return widgets.HTML(safe_html('<p class="caption">{}</p>', text))


def _part(name: str, *children: widgets.Widget) -> widgets.VBox:
    part = widgets.VBox(list(children))
    part.add_class(f"wbd-{name}")
    return part


# The heat map: sent once per municipality; at each choice of a park only the one rule of style that marks its column.


def heat_html(view: View) -> Markup:
    """Every indicator on every park as one table: the level printed in the cell, `?` unknown, `–` not applicable."""
    heads = (
        safe_html('<th scope="col" class="turned p{}"><span>{}</span></th>', place, park.name)
        for place, park in enumerate(view.parks)
    )
    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    return safe_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="De matrix"><table class="grid small">\n'
        "<caption>{} en {}; de terreinen staan van hoge naar lage score</caption>\n"
        '<thead><tr><th scope="col">Indicator</th>{}</tr></thead>{}</table></div>',
        count(len(view.parks), "terrein", "terreinen"),
        count(unknown, "onbekende cel", "onbekende cellen"),
        Markup("").join(heads),
        _families(view, 1 + len(view.parks), lambda row: _squares(view, row)),
    )


def _families(view: View, width: int, cells: Callable[[Indicator], Markup]) -> Markup:
    """A body per family with its name above; rows of which `cells` gives nothing are left out."""
    bodies = []
    for family in view.catalogue.families:
        title = safe_html('<tr class="family"><th scope="rowgroup" colspan="{}">{}</th></tr>', width, family.name)
        rows = [
            safe_html('<tr><th scope="row"><span class="code">{}</span> {}</th>{}</tr>', row.id, row.name, found)
            for row in view.catalogue.by_family(family.id)
            if (found := cells(row))
        ]
        if rows:
            bodies.append(safe_html("<tbody>{}{}</tbody>", title, Markup("").join(rows)))
    return Markup("").join(bodies)


def _squares(view: View, row: Indicator) -> Markup:
    found = []
    for place, park in enumerate(view.parks):
        shade, words, text = _square(view, row, view.cells[park.park_id, row.id])
        found.append(safe_html('<td class="{} p{}" title="{}: {}">{}</td>', shade, place, park.name, words, text))
    return Markup("").join(found)


def _square(view: View, row: Indicator, cell: Cell) -> tuple[str, str, str]:
    """The shade of a cell, what it means, and what it prints."""
    if not cell.applicable:
        return "none", "niet van toepassing", NOT_APPLICABLE
    if cell.level is None or cell.points is None:
        return "unknown", "onbekend", UNKNOWN
    sides = " one" if len(view.parties) > 1 and not cell.known_by_all else ""
    words = level_text(view.catalogue.scale_of(row.id), cell.level)
    return f"h{round(cell.points / 100 * 6)}{sides}", words, level_figure(cell.level)


def heat_legend(view: View) -> Markup:
    """What figures, shades and letter shapes mean."""
    both = safe_html(
        " <strong>Vet</strong>: bekend bij alle partijen; <em>schuin</em>: bij {}.", one_or_some(len(view.parties))
    )
    reverse = next((family.name for family in view.catalogue.families if family.score == "resilience_gap"), "")
    return safe_html(
        '<p class="legend"><span class="key h0">0</span><span class="key h2">1</span><span class="key h4">2</span>'
        '<span class="key h6">3</span> Hoe donkerder, hoe meer risico. <span class="key unknown">?</span> onbekend of '
        'nog leeg, telt niet als 0. <span class="key none">–</span> niet van toepassing.{}{}</p>',
        both if len(view.parties) > 1 else "",
        f" {reverse} werkt andersom: een laag cijfer is zwak en daarom donker." if reverse else "",
    )


def mark_style(view: View, chosen: str) -> Markup:
    """The rule that marks the chosen park's column."""
    place = next(place for place, park in enumerate(view.parks) if park.park_id == chosen)
    return safe_html(
        "<style>.wbd table.grid td.p{0} {{ box-shadow: inset 2px 0 var(--accent), inset -2px 0 var(--accent); }} "
        ".wbd table.grid th.p{0} span {{ color: var(--accent); font-weight: 700; }}</style>",
        place,
    )


# The profile of one park: its group scores before its total, and what each party that may be seen filled in.


def profile_html(view: View, park_id: str) -> Markup:
    """One park as a fragment of a page; every value escaped."""
    park = view.park(park_id)
    return safe_html(
        '<article class="park" aria-label="{0}"><h3>{0}</h3><p class="quiet">{1}</p>'
        '<div class="figures">{2}</div><p>{3}</p>{4}{5}</article>',
        park.name,
        _where(view, park),
        Markup("").join(_figures(view, park)),
        _position(view, park),
        _judgements(view, park),
        _unknown(view, park),
    )


def _where(view: View, park: Park) -> str:
    size = sum(1 for other in view.parks if other.rank is not None)
    hectares = [] if park.net_ha is None else [f"{number(park.net_ha, 1)} hectare netto"]
    place = "geen score, dus geen plaats" if park.rank is None else f"plaats {park.rank} van {size}"
    return " · ".join((park.park_id, *hectares, place))


def _figures(view: View, park: Park) -> Iterator[Markup]:
    place = class_name(park.place, view.assessment.parameters.method.class_borders)
    figures: list[tuple[str, str, Park | GroupScore, str]] = [
        ("", group.name, group, "") for group in park.groups if group.score is not None or group.low is not None
    ]
    for look, name, one, start in (*figures, (" total", "Totaal", park, f"{place}, ")):
        known = one.low is not None and one.high is not None
        yield safe_html(
            '<p class="figure{}"><span class="what">{}</span><span class="value">{}</span>'
            '<span class="quiet">{}{}</span></p>',
            look,
            name,
            UNKNOWN if one.score is None else view.points(one.score),
            start,
            between(view.points(one.low), view.points(one.high)) if known else "",
        )


def _position(view: View, park: Park) -> Markup:
    return safe_html(
        "<strong>{}</strong>: {}. Bekend bij minstens één partij: {}; bij alle partijen: {}.",
        capital(QUADRANT[park.quadrant]),
        quadrant_meaning(park.quadrant, len(view.asked), marked=park.marked),
        percent(park.coverage),
        percent(park.two_sided),
    )


def _judgements(view: View, park: Park) -> Markup:
    """What each party filled in, family by family; a difference between parties stands out in words."""
    compares = len(view.parties) > 1 and view.shows("differences")
    heads = [*(capital(view.party_name(party)) for party in view.parties), *(["Verschil"] if compares else [])]

    def cells(row: Indicator) -> Markup:
        said = [view.judgements.get((park.park_id, row.id, party)) for party in view.parties]
        levels = [one.level for one in said if one is not None and one.level is not None]
        if not levels:
            return Markup("")
        words, apart = difference(levels, len(said))
        last = safe_html("<td><strong>{}</strong></td>" if apart else '<td class="quiet">{}</td>', words)
        return _each("<td>{}</td>", (_words(view, one) for one in said)) + (last if compares else "")

    body = _families(view, 1 + len(heads), cells)
    if not body:
        return safe_html("<p>Van dit terrein is nog niets ingevuld.</p>")
    return safe_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="Oordelen per partij"><table class="rows pairs">'
        "<caption>Wat is ingevuld. Tussen haakjes de bronsterkte: {}</caption>"
        '<thead><tr><th scope="col">Indicator</th>{}</tr></thead>{}</table></div>',
        SOURCES,
        _each('<th scope="col">{}</th>', heads),
        body,
    )


def _words(view: View, row: Judgement | None) -> str:
    if row is None or row.level is None:
        return NOT_APPLICABLE if row is not None and row.state == "not_applicable" else UNKNOWN
    source = f" ({row.source_strength})" if row.source_strength else ""
    return f"{level_text(view.catalogue.scale_of(row.indicator), row.level)}{source}"


def _unknown(view: View, park: Park) -> Markup:
    """What nobody of the shown parties knows; unknown is not zero."""
    cells = [cell for cell in view.cells_of(park.park_id) if cell.applicable and not cell.known]
    if not cells:
        return Markup("")
    who = "geen van de partijen" if len(view.parties) > 1 else f"de {view.party_name(view.parties[0])} niet"
    names = [f"{cell.indicator} {view.catalogue.indicator(cell.indicator).name}" for cell in cells]
    return safe_html("<p><strong>Dit weet {}:</strong> {}.</p>", who, listing(names))
