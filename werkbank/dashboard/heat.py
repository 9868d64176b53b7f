"""The heat map of one municipality as a table, and the one rule of style that marks the chosen park in it.

Every cell prints its value; colour only repeats it. The table is sent once per municipality, the rule at each choice.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from werkbank.report.terms import NOT_APPLICABLE, UNKNOWN, level_figure, level_text, one_or_some
from werkbank.report.view import Park, View
from werkbank.settings.entries import Family, Indicator
from werkbank.wording import count, safe_html

__all__ = ["heat_html", "heat_legend", "mark_style"]

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
