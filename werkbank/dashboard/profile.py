"""The profile of one park: its group scores before its total, and what each party that may be seen filled in."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from werkbank.report.terms import (
    NOT_APPLICABLE,
    QUADRANT,
    SOURCES,
    UNKNOWN,
    between,
    class_name,
    difference,
    level_text,
    quadrant_meaning,
)
from werkbank.report.view import Judgement, Park, View
from werkbank.settings.entries import Family, Indicator
from werkbank.wording import capital, listing, number, percent, safe_html

__all__ = ["profile_html"]

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
        _where(view, park),
        _figures(view, park),
        _position(view, park),
        _judgements(view, park),
        _unknown(view, park),
    )


def _where(view: View, park: Park) -> str:
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
    body = Markup("").join(_family(view, park, family) for family in view.catalogue.families)
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


def _family(view: View, park: Park, family: Family) -> Markup:
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
            yield _row(view, indicator, said)


def _row(view: View, indicator: Indicator, said: list[Judgement | None]) -> Markup:
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
