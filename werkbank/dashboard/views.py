"""The views of a bundle as one living page: texts first, charts beside them, without a kernel.

Everything is made of the report's own chapters and figures, and of nothing but the bundle: no map of the workspace, no
register. A view that the audience may not see is not made: it has no tab and no hidden part.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from werkbank.dashboard.processes import AGENDA
from werkbank.dashboard.processes import WHAT_IF as FRAME
from werkbank.dashboard.whatif import nothing_to_weigh, told_to_page
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.charts import quadrant, ranking
from werkbank.report.charts_map import district_scores, district_tiles
from werkbank.report.charts_park import contributions, differences
from werkbank.report.copies import outline
from werkbank.report.decided import ALL, chosen_text, told_on_pages
from werkbank.report.district import DistrictAnalysis, district_chapter, overlap, placed_row, side_by_side
from werkbank.report.figure import Figure
from werkbank.report.front import key_points, missing_lines
from werkbank.report.html import Living, Page, chapter_html, figure_html, render_page
from werkbank.report.knowledge import SHOWN, TURNING, agreement, heat_map
from werkbank.report.parks import not_known, park_head, ranking_table, said_by_party
from werkbank.report.plan import proposed
from werkbank.report.texts import spec, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.sharing.bundle import Bundle
from werkbank.wording import MISSING, capital, count, date, listing, number, safe_html

TITLE = "Dashboard bedrijventerreinen"
EVERY = "alle"
"""The place that is every municipality of the bundle together; the name of none of them."""
OVERVIEW, PARK, APART, WHAT_IF, PLANS = "overzicht", "terrein", "verschillen", "wat-als", "plannen"
_HERE = Path(__file__).parent
_ANCHOR = re.compile(r'((?:id|href)="#?)cel-')
_ROWS = ("place", "park", "municipality")
"""What the rows of a chart may be: the one of which there are fewest."""
_AXES = 60
"""Pixels above and below the marks of a chart."""
_WITHOUT_SCRIPT = Markup("<noscript><style>[hidden] { display: block !important; }</style></noscript>")
Part = b.Chapter | Figure
Rows = Sequence[Sequence[Sequence[Part]]]
"""Rows of columns of parts: a row with one column is as wide as the page."""


@dataclass(frozen=True, slots=True)
class Section:
    """One view of one place, a municipality or EVERY; of no place when it is the same for all."""

    view: str
    place: str
    where: str
    rows: Rows


def page_title(bundle: Bundle) -> str:
    """The title of the page; made-up data says so."""
    where = f"district {bundle.district}{' (fictief)' if bundle.fictional else ''}"
    return f"{TITLE} {bundle.assessments[0].municipality_name if len(bundle.assessments) == 1 else where}"


def dashboard_html(
    bundle: Bundle,
    made: dt.date,
    within: Literal["frame", "notebook", "file"] = "file",
    draws: Mapping[str, str] | None = None,
    *,
    agenda: bool = False,
) -> str:
    """The page of a bundle as one HTML file that opens anywhere, and asks for nothing.

    `within` is where another method is tried: by the server of the page, in a frame; below it in a notebook; in a file
    nowhere, and Wat als says why. `draws`: municipality → the address of its recalculations, on that server. With
    `agenda` differences can be marked as discussed. Raises OutputError when anything on it could act or reach outside.
    """
    views = tuple(map(view_of, bundle.assessments))
    district = side_by_side(bundle.assessments)
    sections, charts = tuple(_sections(bundle, views, district)), list[Mapping[str, Any]]()
    weighed = not any(map(nothing_to_weigh, bundle.assessments))
    frame = FRAME if within == "frame" and weighed and all(one.figures for one in bundle.assessments) else ""
    there = {section.view for section in sections}
    parks = [(park.park_id, listed(view, park)) for view in views for park in view.parks]
    places = _places(views, district)
    said = {name: words(f"dashboard.{name}") for name in ("recomputed", "silent", "starting")}
    told: dict[str, Any] = {"places": places, "frame": frame, **said}
    told |= {"take": spec("dashboard.take"), **(_topics(bundle) if agenda else {})}
    scripts = [_HERE / "dashboard.js", _HERE / "downloads.js"]
    if within == "frame":
        told["words"], scripts = spec("dashboard.states"), [*scripts, _HERE / "state.js"]
    if agenda:
        scripts.append(_HERE / "agenda.js")
    if weighed:
        told["weighing"] = told_to_page(bundle.assessments, within, draws or {})
        scripts = [_HERE / "whatif.js", *scripts]
    size = count(len(parks), "terrein", "terreinen")
    body = (_section(one, charts, made, hidden=one is not sections[0]) for one in sections)
    page = Page(
        title=page_title(bundle),
        subtitle=f"Ronde {bundle.round} · {size} · district {bundle.district} · voor: {views[0].audience.name}",
        label=bundle.label,
        legal_basis=" ".join(dict.fromkeys(terms.legal_basis_line(one.legal_basis) for one in bundle.assessments)),
        fictional=bundle.fictional,
        body=_WITHOUT_SCRIPT + Markup("").join(body),
        contents=tuple((f"weergave={view}", name) for view, name in spec("dashboard.views").items() if view in there),
        made=made,
        living=Living(charts, parks, places[0]["first"], tuple(scripts), told, framed=within == "frame"),
        look=str(_HERE / "views.css"),
    )
    return render_page(page)


def _topics(bundle: Bundle) -> dict[str, Any]:
    """The cells on the agenda of each municipality, in the order in which they stand, and the words of marking them."""
    topics = {
        one.parameters.municipality: [(each.park_id, each.indicator) for each in one.differences[:SHOWN]]
        for one in bundle.assessments
    }
    return {"topics": topics, "discuss": {**spec("dashboard.discuss"), "address": AGENDA}}


def listed(view: View, park: Park) -> str:
    """A park in a list to choose from, with its place in the ranking; a code tells two of one name apart."""
    return f"{MISSING if park.rank is None else f'{park.rank}.'} {view.label(park)}"


def _places(views: Sequence[View], district: DistrictAnalysis) -> list[dict[str, Any]]:
    """What there is to choose: every municipality together where there are several, and each with its parks.

    `first` is the park that is shown before anyone chose one: of the advice, and of all that with the highest score.
    """
    own = [
        {
            "place": view.assessment.parameters.municipality,
            "name": view.assessment.municipality_name,
            "first": (*view.advised, *view.parks)[0].park_id,
            "codes": [park.park_id for park in view.parks],
        }
        for view in views
    ]
    if len(own) == 1:
        return own
    first = district.placed()[0].park.park_id
    return [{"place": EVERY, "name": words("dashboard.every"), "first": first, "codes": []}, *own]


def _section(section: Section, charts: list[Mapping[str, Any]], made: dt.date, *, hidden: bool) -> Markup:
    """A view as HTML; its charts are added to those of the page."""
    title = spec("dashboard.views")[section.view]
    html = safe_html(
        '<section class="view" data-view="{0}" data-place="{1}" aria-label="{2}"{3}>'
        '<h2 class="head">{2}</h2>{4}{5}</section>',
        section.view,
        section.place,
        f"{title}: {section.where}" if section.where else title,
        safe_html(" hidden") if hidden else "",
        safe_html('<p class="state">{}</p>', words("dashboard.fixed", day=date(made))) if section.where else "",
        Markup("").join(_row(row, charts) for row in section.rows),
    )
    # Each municipality has a matrix of its own, so its cells get names of their own on this page.
    return Markup(_ANCHOR.sub(rf"\1cel-{section.place}-", str(html)))  # noqa: S704  looked through by render_page


def _row(row: Sequence[Sequence[Part]], charts: list[Mapping[str, Any]]) -> Markup:
    """Columns beside one another; one that has nothing takes no room."""
    made = [Markup("").join(_part(one, charts) for one in column) for column in row if column]
    if len(made) == 1:
        return made[0]
    columns = Markup("").join(safe_html("<div>{}</div>", column) for column in made)
    return safe_html('<div class="columns">{}</div>', columns)


def _part(part: Part, charts: list[Mapping[str, Any]]) -> Markup:
    if isinstance(part, b.Chapter):
        return Markup(chapter_html(part))  # noqa: S704  made of blocks
    # As wide as its place, whatever the screen; a height in steps does not go with that.
    high = _height(part)
    charts.append({**part.spec, "height": high, "autosize": {"type": "fit-x", "contains": "padding"}})
    return Markup(figure_html(part, place=len(charts) - 1, room=high + _AXES))  # noqa: S704  made by our own template


def _height(figure: Figure) -> int:
    """How many pixels high the marks of a chart are: told, or in steps of a row."""
    high = figure.spec["height"]
    if not isinstance(high, Mapping):
        return int(high)
    data = [row for rows in figure.spec["datasets"].values() for row in rows]
    found = ({row[key] for row in data if key in row} for key in _ROWS)
    return int(high["step"] * min((len(one) for one in found if one), default=1))


def _figures(*made: Figure | b.Chapter) -> tuple[Figure, ...]:
    """The figures; where a reader gets none there is nothing."""
    return tuple(one for one in made if isinstance(one, Figure))


def _sections(bundle: Bundle, views: Sequence[View], district: DistrictAnalysis) -> Iterator[Section]:
    """Every view of every place, as far as the audience may see it; the first is what is shown first."""
    apart, plans = any(map(_compares, views)), any(view.shows("decisions") for view in views)
    if len(views) > 1:
        every = words("dashboard.every")
        yield Section(OVERVIEW, EVERY, every, tuple(_district(bundle, views, district)))
        if apart:
            yield Section(APART, EVERY, every, [[_differences_of(views, district)]])
        if plans:
            yield Section(PLANS, EVERY, every, [[[_plans(bundle, views)]]])
    before = 0
    for view in views:
        place, where = view.assessment.parameters.municipality, view.assessment.municipality_name
        chosen = bundle.chosen.get(place, {})
        yield Section(OVERVIEW, place, where, tuple(_overview(view, chosen)))
        yield Section(
            PARK, place, where, [[[_profiles(view, chosen, before)], _figures(contributions(view.assessment))]]
        )
        if apart:
            yield Section(APART, place, where, [[_agenda(view), _figures(differences(view.assessment))]])
        if plans:
            yield Section(PLANS, place, where, [[[_plans(bundle, [view])]]])
        before += len(view.parks)
    if not any(map(nothing_to_weigh, bundle.assessments)):
        told = b.Text(words("dashboard.what_if")), b.Text(words("dashboard.still"), "state")
        parts = b.Chapter("", "", (*told, b.Group((), "what-if"), b.Group((), "frame")))
        yield Section(WHAT_IF, "", "", [[[parts]]])


def _compares(view: View) -> bool:
    """Whether the reader sees where parties differ."""
    return len(view.parties) > 1 and view.shows("differences")


def _in_short(sentence: str, warnings: Iterable[str], chosen: Mapping[str, str], names: Mapping[str, str]) -> b.Chapter:
    """The sentence on top, what may not be overlooked about it, and what people chose."""
    advice = (b.Text("Advies", "kicker"), b.Text(sentence, "lead"), b.Text(words("front.disclaimer"), "quiet"))
    told = told_on_pages({words("decided.now"): chosen}, names)[ALL]
    return b.Chapter("", "", (*b.alerts(warnings), b.Group(advice, "advice"), *told))


def _overview(view: View, chosen: Mapping[str, str]) -> Iterator[Sequence[Sequence[Part]]]:
    """A municipality: its advice, what that rests on, its parks from high to low and by what is known of them."""
    own = view.assessment
    yield [[_in_short(own.advice.sentence, missing_lines(view), chosen, view.names)]]
    yield [[_titled(key_points(own))], _figures(ranking(own), quadrant(own))]
    yield [[_titled(ranking_table(own)), _titled(heat_map(own))]]


def _titled(chapter: b.Chapter) -> b.Chapter:
    """A chapter that stands among others on a page."""
    return replace(chapter, titled=True, name="" if chapter.name == "front" else chapter.name)


def _district(bundle: Bundle, views: Sequence[View], district: DistrictAnalysis) -> Iterator[Sequence[Sequence[Part]]]:
    """Every municipality together: one sentence, the advice of each, and the parks that may be compared."""
    coarse = any(one.coarse for one in bundle.assessments)
    chosen = {
        park: f"gemeente {bundle.assessment(place).municipality_name}, {said}"
        for place, told in bundle.chosen.items()
        for park, said in told.items()
    }
    names = {park: name for view in views for park, name in view.names.items()}
    yield [[_in_short(_together(views), _warnings(views), chosen, names)]]
    # The first explains a column that not every reader gets.
    notes = [b.Text(line, "quiet small") for line in spec("district.front.notes")[1 if coarse else 0 :]]
    advice = b.Chapter(words("dashboard.advice"), "", (_by_municipality(district, coarse=coarse), *notes), titled=True)
    tiles = [district_tiles(district)] if all(view.classed for view in views) else []
    yield [[advice], _figures(*tiles, district_scores(district))]
    placed = district.placed()
    rows = (b.Row(placed_row(one), one.park.park_id) for one in placed)
    made = replace(table("district.places", rows, shown="", parks=""), caption=words("dashboard.places"), first=1)
    shared = terms.shared_parties(district.compared[0])
    lead = b.sentences((words("district.meaning"), *shared, *(() if coarse else overlap(placed))))
    after = (words("copies.ties"),) if coarse else ()
    blocks = (*lead, outline(made) if coarse else made, *b.sentences(after, "quiet"))
    yield [[b.Chapter(district_chapter(district, "places").title, "", blocks, "ranking long", titled=True)]]
    if len(district.compared) < len(district.views):
        yield [[_titled(district_chapter(district, "comparison"))]]


def _warnings(views: Sequence[View]) -> Iterator[str]:
    """What may not be overlooked, and in which municipalities where that is not everywhere so."""
    found: dict[str, list[str]] = {}
    for view in views:
        for line in missing_lines(view):
            found.setdefault(line, []).append(view.assessment.municipality_name)
    for line, where in found.items():
        yield line if len(where) == len(views) else f"{listing(where)}: {line}"


def _together(views: Sequence[View]) -> str:
    """Of every municipality together which parks are advised, and how sure that is."""
    advised = [
        f"{listing(park.name for park in view.advised)} in {view.assessment.municipality_name}"
        for view in views
        if view.advised
    ]
    size = sum(len(view.advised) for view in views)
    grades = Counter(words(f"district.grades.{view.assessment.advice.grade or 'none'}") for view in views)
    return words(
        "dashboard.together",
        parks=count(sum(len(view.parks) for view in views), "terrein", "terreinen"),
        municipalities=count(len(views), "gemeente", "gemeenten"),
        verb="staat" if size == 1 else "staan",
        advised=number(size),
        names=listing(advised) or MISSING,
        grades=listing(f"{grade} in {count(found, 'gemeente', 'gemeenten')}" for grade, found in grades.items()),
    )


def _by_municipality(district: DistrictAnalysis, *, coarse: bool) -> b.Table:
    """The advice of each municipality, whose name leads to it."""
    made = next(one for one in district_chapter(district, "front").blocks if isinstance(one, b.Table))
    made = outline(made) if coarse else made
    rows = (
        replace(row, cells=(_link(view, OVERVIEW), *row.cells[1:]))
        for row, view in zip(made.rows, district.views, strict=True)
    )
    return replace(made, rows=tuple(rows))


def _link(view: View, to: str) -> b.Span:
    own = view.assessment
    return b.Span(own.municipality_name, to=f"#weergave={to}&gemeente={own.parameters.municipality}")


def _differences_of(views: Sequence[View], district: DistrictAnalysis) -> tuple[b.Chapter, ...]:
    """Where the parties of every municipality differ, each leading to its own agenda."""
    lines = []
    for view in views:
        found = view.assessment.differences
        turning = count(sum(one.effect >= TURNING for one in found), "verschil doet", "verschillen doen")
        told = words("dashboard.apart", differences=count(len(found), "verschil", "verschillen"), turning=turning)
        lines.append((_link(view, APART), f": {told}"))
    agenda = b.Chapter(words("dashboard.agenda"), "", b.bulleted(lines), titled=True)
    return agenda, _titled(district_chapter(district, "agreement"))


def _agenda(view: View) -> tuple[b.Chapter, ...]:
    """What to talk about: where the parties differ, and what to find out first."""
    asked = b.bulleted(terms.question_lines(view), words("certainty.no_questions"))
    questions = b.Chapter(words("dashboard.questions"), "", asked, titled=True)
    return _titled(agreement(view.assessment)), questions


def _plans(bundle: Bundle, views: Sequence[View]) -> b.Chapter:
    """The parks that people chose, and how far the plan of each is, as the bundle tells."""
    rows = [
        b.Row((_link(view, PLANS), view.names[park], number(view.park(park).rank), said), park)
        for view in views
        for park, said in bundle.chosen.get(view.assessment.parameters.municipality, {}).items()
    ]
    made = table("dashboard.plans", rows) if rows else b.Text(words("summary.none_chosen"))
    return b.Chapter("", "", (made, b.Text(words("dashboard.plan_note"), "quiet")))


def _profiles(view: View, chosen: Mapping[str, str], before: int) -> b.Chapter:
    """A page for each park of a municipality, numbered through the whole bundle; a script shows the chosen one."""
    pages = (
        b.Group(tuple(_profile(view, park, chosen.get(park.park_id, ""))), "park", f"terrein-{at}", page=True)
        for at, park in enumerate(view.parks, start=before + 1)
    )
    return b.Chapter("", "", tuple(pages))


def profile_html(view: View, park_id: str, chosen: str = "") -> str:
    """One park, for who shows it alone."""
    park = view.park(park_id)
    return b.Chapter(park.name, "", (b.Group(tuple(_profile(view, park, chosen)), "park", page=True),)).html


def _profile(view: View, park: Park, chosen: str) -> Iterator[b.Block]:
    """One park: its figures, whether it was `chosen`, what stands out, what each party that may be seen filled in.

    Then what is not known and what to find out, and what its judgements call for.
    """
    yield from park_head(view, park)
    yield from chosen_text(chosen)
    if signals := terms.strong_signals(view, park.park_id):
        yield b.Text((b.strong(f"{words('front.signals')}: "), f"{listing(signals)}."))
    own = tuple(one for one in terms.signs(view) if one.park_id == park.park_id)
    if indicated := terms.careful_words(own, grouped=not view.shows("phenomena")):
        yield b.Text(" ".join(indicated))
    yield _judgements(view, park)
    yield from not_known(view, park)
    pairs = zip(view.assessment.advice.questions, terms.question_lines(view), strict=False)
    if asked := [line for one, line in pairs if one.park_id == park.park_id]:
        yield b.Heading(words("dashboard.questions"), 4)
        yield b.List(tuple(asked))
    if not view.assessment.coarse:
        yield b.Heading(words("dashboard.measures"), 4)
        yield proposed(view, park)


def _judgements(view: View, park: Park) -> b.Block:
    """What each party filled in, family by family; a difference between parties stands out in words."""
    compares = _compares(view)
    heads = [*(capital(view.party_name(party)) for party in view.parties), *(["Verschil"] if compares else [])]
    rows: list[b.Row] = []
    for family in view.catalogue.families:
        if own := said_by_party(view, park, view.catalogue.by_family(family.id)):
            rows.append(b.Row((family.name, *("" for _ in heads)), look="family"))
            rows += (b.Row(one[: 1 + len(heads)]) for one in own)
    named = f"Wat is ingevuld. Tussen haakjes de bronsterkte: {terms.SOURCES}"
    columns = tuple(map(b.Column, ("Indicator", *heads)))
    return (
        b.Table(named, columns, tuple(rows), look="pairs") if rows else b.Text("Van dit terrein is nog niets ingevuld.")
    )
