"""The page itself: widgets that choose, and parts that follow; the only module with widgets.

Charts are held for as long as the page lives and get new parameters, or for another municipality a new
specification; they are never shown through an Output widget, which hangs now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.assessment.flow import Assessment
from werkbank.dashboard.charts import live_chart, ranking_spec
from werkbank.dashboard.whatif import Weighing
from werkbank.report.front import missing_lines
from werkbank.report.overview import ranking_table
from werkbank.report.page import refuse_active
from werkbank.report.section import plain_html, style
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
from werkbank.report.view import Judgement, Park, View, view_of
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.entries import Family, Indicator
from werkbank.sharing.bundle import Bundle
from werkbank.wording import capital, count, listing, number, percent, safe_html

__all__ = [
    "DashboardPage",
    "head_html",
    "heat_html",
    "heat_legend",
    "mark_style",
    "page_style",
    "page_title",
    "profile_html",
]

_BAND = '<div class="band" role="note" aria-label="Rubricering">{}<p>{}</p><p>{}</p></div>'
_HEAD = (
    '<header><h1>{}</h1><p class="where">{}</p>{}</header><section class="wb short"><h2>In het kort</h2>{}{}</section>'
)


def page_title(bundle: Bundle) -> str:
    """The title of the page; made-up data says so."""
    if len(bundle.assessments) == 1:
        where = bundle.assessments[0].municipality_name
    else:
        where = f"district {bundle.district}{' (fictief)' if bundle.fictional else ''}"
    return f"Dashboard bedrijventerreinen {where}"


def head_html(bundle: Bundle) -> Markup:
    """The labels, and per municipality its advice in one sentence. Raises OutputError if anything in it could act."""
    mark = safe_html('<p class="fictional">{}</p>', FICTIONAL) if bundle.fictional else Markup("")
    band = safe_html(_BAND, mark, bundle.label, SUSPICION)
    html = band + safe_html(
        _HEAD, page_title(bundle), _where(bundle), _bases(bundle), _warnings(bundle), _sentences(bundle)
    )
    refuse_active(html)
    return html


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of the page: that of the reports, and what only the dashboard needs."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("section.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


def _where(bundle: Bundle) -> str:
    parks = count(sum(len(one.parks) for one in bundle.assessments), "terrein", "terreinen")
    audience = load_catalogue().audience(bundle.audience).name
    return f"Ronde {bundle.round} · {parks} · district {bundle.district} · voor: {audience}"


def _bases(bundle: Bundle) -> Markup:
    lines = dict.fromkeys(legal_basis_line(one.legal_basis) for one in bundle.assessments)
    return Markup("").join(safe_html('<p class="basis"><strong>Grondslag:</strong> {}</p>', line) for line in lines)


def _warnings(bundle: Bundle) -> Markup:
    lines = dict.fromkeys(line for one in bundle.assessments for line in missing_lines(view_of(one)))
    return Markup("").join(safe_html('<p class="alert"><strong>Let op.</strong> {}</p>', line) for line in lines)


def _sentences(bundle: Bundle) -> Markup:
    if len(bundle.assessments) == 1:
        return safe_html('<p class="lead">{}</p>', bundle.assessments[0].advice.sentence)
    return safe_html("<ul>{}</ul>", Markup("").join(_sentence(one) for one in bundle.assessments))


def _sentence(assessment: Assessment) -> Markup:
    return safe_html("<li>{}</li>", assessment.advice.sentence)


STEPS = 6
"""Shades from no risk to the highest."""
_TABLE = """<div class="scroll" tabindex="0" role="group" aria-label="De matrix"><table class="grid small">
<caption>{} en {}; de terreinen staan van hoge naar lage score</caption>
<thead><tr><th scope="col">Indicator</th>{}</tr></thead>{}</table></div>"""


def heat_html(view: View) -> Markup:
    """Every indicator on every park: the level printed in the cell, `?` unknown, `–` not applicable."""
    head = Markup("").join(
        safe_html('<th scope="col" class="turned p{}"><span>{}</span></th>', place, park.name)
        for place, park in enumerate(view.parks)
    )
    body = Markup("").join(_family(view, family) for family in view.catalogue.families)
    unknown = sum(1 for cell in view.cells.values() if cell.applicable and not cell.known)
    return safe_html(
        _TABLE,
        count(len(view.parks), "terrein", "terreinen"),
        count(unknown, "onbekende cel", "onbekende cellen"),
        head,
        body,
    )


def heat_legend(view: View) -> Markup:
    """What figures, shades and letter shapes mean."""
    both = f" <strong>Vet</strong>: bekend bij alle partijen; <em>schuin</em>: bij {one_or_some(len(view.parties))}."
    reverse = next((family.name for family in view.catalogue.families if family.score == "resilience_gap"), "")
    return safe_html(
        '<p class="legend"><span class="key h0">0</span><span class="key h2">1</span><span class="key h4">2</span>'
        '<span class="key h6">3</span> Hoe donkerder, hoe meer risico. <span class="key unknown">?</span> onbekend of '
        'nog leeg, telt niet als 0. <span class="key none">–</span> niet van toepassing.{}{}</p>',
        Markup(both if len(view.parties) > 1 else ""),  # noqa: S704  our own literal
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


def _family(view: View, family: Family) -> Markup:
    title = safe_html(
        '<tr class="family"><th scope="rowgroup" colspan="{}">{}</th></tr>', 1 + len(view.parks), family.name
    )
    rows = Markup("").join(_row(view, indicator) for indicator in view.catalogue.by_family(family.id))
    return safe_html("<tbody>{}{}</tbody>", title, rows)


def _row(view: View, indicator: Indicator) -> Markup:
    squares = Markup("").join(_squares(view, indicator))
    name = safe_html('<th scope="row"><span class="code">{}</span> {}</th>', indicator.id, indicator.name)
    return safe_html("<tr>{}{}</tr>", name, squares)


def _squares(view: View, indicator: Indicator) -> Iterator[Markup]:
    for place, park in enumerate(view.parks):
        text, words, shade = _square(view, indicator, park)
        yield safe_html('<td class="{} p{}" title="{}: {}">{}</td>', shade, place, park.name, words, text)


def _square(view: View, indicator: Indicator, park: Park) -> tuple[str, str, str]:
    """What the cell prints, what it means, and its shade."""
    cell = view.cells[park.park_id, indicator.id]
    if not cell.applicable:
        return NOT_APPLICABLE, "niet van toepassing", "none"
    if cell.level is None or cell.points is None:
        return UNKNOWN, "onbekend", "unknown"
    sides = " one" if len(view.parties) > 1 and not cell.known_by_all else ""
    words = level_text(view.catalogue.scale_of(indicator.id), cell.level)
    return level_figure(cell.level), words, f"h{round(cell.points / 100 * STEPS)}{sides}"


_STATE = {"unknown": UNKNOWN, "open": UNKNOWN, "not_applicable": NOT_APPLICABLE}
_FIGURE = (
    '<p class="figure{}"><span class="what">{}</span><span class="value">{}</span><span class="quiet">{}</span></p>'
)


def profile_html(view: View, park_id: str) -> Markup:
    """One park as a fragment of a page; every value escaped."""
    park = view.park(park_id)
    return safe_html(
        '<article class="park" aria-label="{0}"><h3>{0}</h3><p class="quiet">{1}</p>'
        '<div class="figures">{2}</div><p>{3}</p>{4}{5}</article>',
        park.name,
        _where_profile(view, park),
        _figures(view, park),
        _position(view, park),
        _judgements(view, park),
        _unknown(view, park),
    )


def _where_profile(view: View, park: Park) -> str:
    size = sum(1 for other in view.parks if other.rank is not None)
    hectares = [] if park.net_ha is None else [f"{number(park.net_ha, 1)} hectare netto"]
    place = "geen score, dus geen plaats" if park.rank is None else f"plaats {park.rank} van {size}"
    return " · ".join((park.park_id, *hectares, place))


def _figures(view: View, park: Park) -> Markup:
    groups = [
        safe_html(_FIGURE, "", group.name, _shown(view, group.score), _reach(view, group.low, group.high))
        for group in park.groups
        if group.score is not None or group.low is not None
    ]
    place = class_name(park.place, view.assessment.parameters.method.class_borders)
    reach = f"{place}, {_reach(view, park.low, park.high)}"
    total = safe_html(_FIGURE, " total", "Totaal", _shown(view, park.score), reach)
    return Markup("").join((*groups, total))


def _shown(view: View, score: float | None) -> str:
    return UNKNOWN if score is None else view.points(score)


def _reach(view: View, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else between(view.points(low), view.points(high))


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
    heads = Markup("").join(safe_html('<th scope="col">{}</th>', name) for name in _columns(view))
    body = Markup("").join(_family_profile(view, park, family) for family in view.catalogue.families)
    if not body:
        return safe_html("<p>Van dit terrein is nog niets ingevuld.</p>")
    return safe_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="Oordelen per partij"><table class="rows pairs">'
        "<caption>Wat is ingevuld. Tussen haakjes de bronsterkte: {}</caption>"
        '<thead><tr><th scope="col">Indicator</th>{}</tr></thead>{}</table></div>',
        SOURCES,
        heads,
        body,
    )


def _columns(view: View) -> list[str]:
    parties = [capital(view.party_name(party)) for party in view.parties]
    return [*parties, "Verschil"] if _compares(view) else parties


def _compares(view: View) -> bool:
    return len(view.parties) > 1 and view.shows("differences")


def _family_profile(view: View, park: Park, family: Family) -> Markup:
    rows = Markup("").join(_rows(view, park, family))
    if not rows:
        return Markup("")
    title = safe_html(
        '<tr class="family"><th scope="rowgroup" colspan="{}">{}</th></tr>', 1 + len(_columns(view)), family.name
    )
    return safe_html("<tbody>{}{}</tbody>", title, rows)


def _rows(view: View, park: Park, family: Family) -> Iterator[Markup]:
    for indicator in view.catalogue.by_family(family.id):
        said = [view.judgements.get((park.park_id, indicator.id, party)) for party in view.parties]
        if any(row is not None and row.level is not None for row in said):
            yield _row_profile(view, indicator, said)


def _row_profile(view: View, indicator: Indicator, said: list[Judgement | None]) -> Markup:
    words = [safe_html("<td>{}</td>", _words(view, row)) for row in said]
    name = safe_html('<th scope="row"><span class="code">{}</span> {}</th>', indicator.id, indicator.name)
    return safe_html("<tr>{}{}</tr>", name, Markup("").join((*words, *_difference(view, said))))


def _difference(view: View, said: list[Judgement | None]) -> Iterator[Markup]:
    if not _compares(view):
        return
    levels = [row.level for row in said if row is not None and row.level is not None]
    words, apart = difference(levels, len(said))
    yield safe_html("<td><strong>{}</strong></td>" if apart else '<td class="quiet">{}</td>', words)


def _words(view: View, row: Judgement | None) -> str:
    if row is None:
        return UNKNOWN
    if row.level is None:
        return _STATE[row.state]
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


_CAPTION = (
    "Elk terrein heeft een lijn: daarbinnen kan de score uitkomen als alles bekend is. De stip is de score van nu, de "
    "ruit is het advies. Overlappen twee lijnen, dan is de volgorde niet zeker. Klik op een terrein, of kies het "
    "hierboven."
)
NOT_WEIGHED = (
    "Wat als de groepen anders wegen? Dat kan deze doelgroep niet proberen: de deelscores staan hier niet in, want "
    "daaruit zijn oordelen van een andere partij af te leiden."
)


class DashboardPage:
    """A bundle as a living page; `widget` is what is shown."""

    def __init__(self, bundle: Bundle, script: str) -> None:
        self._bundle = bundle
        self._views: dict[str, View] = {}
        self._view = self._view_of(bundle.municipalities[0])
        self._municipality = _dropdown("Gemeente", _municipalities(bundle))
        self._park = _dropdown("Terrein", _parks(self._view))
        self._ranking = live_chart(ranking_spec(self._view, self._chosen), script)
        # Without scores of groups there is nothing to weigh otherwise.
        withheld = any(one.coarse for one in bundle.assessments)
        self._weighing = None if withheld else Weighing(self._view, self._chosen, script)
        self._table, self._heat, self._legend = _html(), _html("wb heat"), _html("wb")
        self._mark, self._profile = _html(), _html("wb")
        self._busy = False
        self._fill()
        self._follow()
        self.widget = self._layout()

    @property
    def _chosen(self) -> str:
        return str(self._park.value)

    def _view_of(self, municipality: str) -> View:
        if municipality not in self._views:
            self._views[municipality] = view_of(self._bundle.assessment(municipality))
        return self._views[municipality]

    def _follow(self) -> None:
        self._municipality.observe(self._on_municipality, "value")
        self._park.observe(self._on_park, "value")
        self._watch_clicks()

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
        if self._weighing is not None:
            self._weighing.show(self._view, self._chosen)
        self._fill()

    def _on_park(self, _: Any) -> None:
        if self._busy:
            return
        self._ranking.params.chosen = self._chosen
        if self._weighing is not None:
            self._weighing.choose(self._chosen)
        self._mark.value = mark_style(self._view, self._chosen)
        self._profile.value = profile_html(self._view, self._chosen)

    def _on_click(self, change: Any) -> None:
        codes = [point.get("code") for point in change["new"].value]
        if codes and codes[0] in {park.park_id for park in self._view.parks}:
            self._park.value = codes[0]

    def _fill(self) -> None:
        self._heat.value = heat_html(self._view)
        self._legend.value = heat_legend(self._view)
        self._table.value = plain_html(ranking_table(self._view.assessment).html)
        self._mark.value = mark_style(self._view, self._chosen)
        self._profile.value = profile_html(self._view, self._chosen)

    def _layout(self) -> widgets.Widget:
        """Everything in reading order; the style sheet places the parts beside or below one another."""
        choose = _part("choose", self._municipality, self._park)
        table = widgets.Accordion(children=[self._table], titles=("Dezelfde cijfers in een tabel",))
        ranking = _part("ranking", _title("Rangorde en grenzen"), self._ranking, _text(_CAPTION), table)
        profile = _part("profile", _title("Het gekozen terrein"), self._profile)
        heat = _part("heat-map", _title("De matrix in één oogopslag"), self._legend, self._mark, self._heat)
        weighing = _text(NOT_WEIGHED) if self._weighing is None else self._weighing.widget
        parts = _part("parts", _part("left", ranking, weighing), profile)
        style = widgets.HTML(safe_html("<style>{}</style>", page_style()))
        head = widgets.HTML(head_html(self._bundle))
        head.add_class("wbd-own-head")
        page = widgets.VBox([style, head, choose, parts, heat])
        page.add_class("wbd")
        return page


def _municipalities(bundle: Bundle) -> list[tuple[str, str]]:
    return [(one.municipality_name, one.parameters.municipality) for one in bundle.assessments]


def _parks(view: View) -> list[tuple[str, str]]:
    """The parks in the order of the ranking, each with its place; a code tells two of one name apart."""
    names = [park.name for park in view.parks]
    return [(_label(park, twice=names.count(park.name) > 1), park.park_id) for park in view.parks]


def _label(park: Park, *, twice: bool) -> str:
    place = "–" if park.rank is None else f"{park.rank}."
    return f"{place} {park.name} ({park.park_id})" if twice else f"{place} {park.name}"


def _dropdown(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=options[0][1], description=label)


def _html(css: str = "") -> widgets.HTML:
    one = widgets.HTML()
    for name in css.split():
        one.add_class(name)
    return one


def _title(text: str) -> widgets.HTML:
    return widgets.HTML(safe_html("<h2>{}</h2>", text))


def _text(text: str | Markup) -> widgets.HTML:
    return widgets.HTML(safe_html('<p class="caption">{}</p>', text))


def _part(name: str, *children: widgets.Widget) -> widgets.VBox:
    part = widgets.VBox(list(children))
    part.add_class(f"wbd-{name}")
    return part
