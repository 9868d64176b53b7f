"""The views of a bundle as one living page: texts first, charts beside them, without a kernel.

Everything is made of the report's own chapters and figures, and of nothing but the bundle: no map of the workspace, no
register. A view that the audience may not see is not made: it has no tab and no hidden part.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from werkbank.advice.explanation import change_sentence
from werkbank.dashboard.processes import AGENDA
from werkbank.dashboard.processes import WHAT_IF as FRAME
from werkbank.dashboard.whatif import nothing_to_weigh, told_to_page
from werkbank.errors import OutputError
from werkbank.plan import words as plan_words
from werkbank.plan.progress import PlannedAction, in_order
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.charts import district_quadrant, quadrant, ranking
from werkbank.report.charts_map import district_scores, district_tiles
from werkbank.report.charts_park import change_chart, contributions, differences
from werkbank.report.copies import about_place, in_numbers, outline, own_cells, side_by_side, withheld
from werkbank.report.decided import ALL, chosen_text, told_on_pages
from werkbank.report.district import (
    DistrictAnalysis,
    LeftOut,
    district_chapter,
    overlap,
    placed_row,
    who_is_left_out,
)
from werkbank.report.district import side_by_side as district_of
from werkbank.report.figure import Figure, Translate
from werkbank.report.front import key_points, missing_lines, summary
from werkbank.report.html import Living, Page, chapter_html, figure_html, render_page
from werkbank.report.knowledge import SHOWN, TURNING, agreement, heat_map
from werkbank.report.monitor import change_table, scores_before
from werkbank.report.parks import not_known, park_head, ranking_table, said_by_party
from werkbank.report.plan import proposed
from werkbank.report.rounds import (
    actions_told,
    chosen_parks,
    cooperation_chapter,
    cooperation_page,
    district_cooperation,
    district_rounds,
    rounds_summary,
)
from werkbank.report.terms import spec, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.entries import Audience
from werkbank.sharing import asked_parties, entitled
from werkbank.sharing.bundle import Beside, Bundle
from werkbank.sharing.versions import of_plan
from werkbank.wording import MISSING, capital, count, date, listing, number, safe_html, unbroken

TITLE = "Dashboard bedrijventerreinen"
EVERY = "alle"
"""The place that is every municipality of the bundle together; the name of none of them."""
OVERVIEW, PARK, APART, WHAT_IF = "overzicht", "terrein", "verschillen", "wat-als"
ROUNDS, PLANS = "ontwikkeling", "plannen"
OF_DOCUMENTS = {
    "analysis": {OVERVIEW, PARK, APART, WHAT_IF, ROUNDS, PLANS},
    "summary": {OVERVIEW, ROUNDS, PLANS},
    "district": {OVERVIEW, ROUNDS, PLANS},
    "park": {PARK, ROUNDS, PLANS},
    "counts": {OVERVIEW},
    "plan": {PLANS},
}
"""The views that go with each document of an audience in the catalogue."""
_HERE = Path(__file__).parent
_ANCHOR = re.compile(r'((?:id|href)="#?)cel-')
_AXES = 60
"""Pixels above and below the marks of a chart."""
_WITHOUT_SCRIPT = Markup("<noscript><style>[hidden] { display: block !important; }</style></noscript>")
_SLEEP = {OVERVIEW, ROUNDS, PLANS}
"""The views that are no part of the page until they are shown; of the others that goes for each park and chart."""
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

    @property
    def parts(self) -> Iterator[Part]:
        """What it consists of, from left to right and from top to bottom."""
        return (part for row in self.rows for column in row for part in column)


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
    translate: Translate | None = None,
) -> str:
    """The page of a bundle as one HTML file that opens anywhere, and asks for nothing.

    `within` is where another method is tried: by the server of the page, in a frame; below it in a notebook; in a file
    nowhere, and Wat als says why. `draws`: municipality → the address of its recalculations, on that server. With
    `agenda` differences can be marked as discussed. `translate`: where another process makes the charts ready. Raises
    OutputError when anything on it could act or reach outside.
    """
    views = tuple(map(view_of, bundle.assessments))
    district = district_of(bundle.assessments)
    sections = tuple(_sections(bundle, views, district))
    charts = [_fitted(part) for one in sections for part in one.parts if isinstance(part, Figure)]
    translated, numbers = translate(charts) if translate else list, itertools.count()
    body = (_section(one, numbers, made, hidden=one is not sections[0]) for one in sections)
    weighed = any(section.view == WHAT_IF for section in sections)
    frame = frame_of(bundle) if within == "frame" else ""
    there = {section.view for section in sections}
    parks = [(park.park_id, listed(view, park)) for view in views for park in view.parks]
    places = _places(views, district)
    said = {name: words(f"dashboard.{name}") for name in ("recomputed", "silent", "starting")}
    told: dict[str, Any] = {"places": places, "frame": frame, **said}
    told |= {"take": {**spec("dashboard.take"), "day": date(made)}, **(_topics(bundle) if agenda else {})}
    scripts = [_HERE / "dashboard.js", _HERE / "downloads.js"]
    if within == "frame":
        told["words"], scripts = spec("dashboard.states"), [*scripts, _HERE / "state.js"]
    if agenda:
        scripts.append(_HERE / "agenda.js")
    if weighed:
        told["weighing"] = told_to_page(bundle.assessments, within, draws or {})
        scripts = [_HERE / "whatif.js", *scripts]
    size = f"{count(len(parks), 'terrein', 'terreinen')} · " if parks else ""
    bases = [terms.legal_basis_line(one.legal_basis) for one in bundle.assessments]
    bases = [words("copies.no_basis")] if bundle.counts else bases
    page = Page(
        title=page_title(bundle),
        subtitle=f"Ronde {bundle.round} · {size}district {bundle.district} · voor: {views[0].audience.name}",
        label=bundle.label,
        legal_basis=" ".join(dict.fromkeys(bases)),
        fictional=bundle.fictional,
        body=_WITHOUT_SCRIPT + Markup("").join(body),
        contents=tuple((f"weergave={view}", name) for view, name in spec("dashboard.views").items() if view in there),
        made=made,
        judged="threat" in views[0].audience.families,
        living=Living(charts, parks, places[0]["first"], tuple(scripts), told, within == "frame", translated),
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
    place = f"{MISSING if park.rank is None else f'{park.rank}.'} " if view.shows("ranking") else ""
    return f"{place}{view.label(park)}"


def _places(views: Sequence[View], district: DistrictAnalysis) -> list[dict[str, Any]]:
    """What there is to choose: every municipality together where there are several, and each with its parks.

    `first` is the park that is shown before anyone chose one: of the advice, and of all that with the highest score.
    """
    own = [
        {
            "place": view.assessment.parameters.municipality,
            "name": view.assessment.municipality_name,
            "first": next((park.park_id for park in (*view.advised, *view.parks)), ""),
            "codes": [park.park_id for park in view.parks],
        }
        for view in views
    ]
    if len(own) == 1:
        return own
    first = next((one.park.park_id for one in district.placed()), "")
    return [{"place": EVERY, "name": words("dashboard.every"), "first": first, "codes": []}, *own]


def _section(section: Section, numbers: Iterator[int], made: dt.date, *, hidden: bool) -> Markup:
    """A view as HTML; `numbers` are those on the page of the charts that come next."""
    title = spec("dashboard.views")[section.view]
    rows = Markup("").join(_row(row, numbers) for row in section.rows)
    if hidden and section.view in _SLEEP:
        rows = _asleep(rows)
    else:
        inner = rf"(<({'article|figure' if hidden else 'article'})[^>]*>)(.*?)(</\2>)"
        rows = Markup(re.sub(inner, _closed, rows, flags=re.DOTALL))  # noqa: S704  our own
    html = safe_html(
        '<section class="view" data-view="{0}" data-place="{1}" aria-label="{2}"{3}>'
        '<h2 class="head">{2}</h2>{4}{5}</section>',
        section.view,
        section.place,
        f"{title}: {section.where}" if section.where else title,
        safe_html(" hidden") if hidden else "",
        safe_html('<p class="state">{}</p>', words("dashboard.fixed", day=date(made))) if section.where else "",
        rows,
    )
    # Each municipality has a matrix of its own, so its cells get names of their own on this page.
    return Markup(_ANCHOR.sub(rf"\1cel-{section.place}-", str(html)))  # noqa: S704  looked through by render_page


def _asleep(html: str) -> Markup:
    """HTML that a browser with scripts keeps as text until it is shown: of 45,000 elements it reads a fifth at once.

    Without scripts it shows all. Raises OutputError for text that could end it, which our templates cannot make.
    """
    if "</noscript" in html.lower():
        raise OutputError("Een deel van het dashboard bevat iets dat er niet in mag (noscript); er is niets gemaakt.")
    return safe_html("<noscript>{}</noscript>", Markup(html))  # noqa: S704  made by our own templates


def _closed(part: re.Match[str]) -> str:
    return f"{part[1]}{_asleep(part[3])}{part[4]}"


def _row(row: Sequence[Sequence[Part]], numbers: Iterator[int]) -> Markup:
    """Columns beside one another; one that has nothing takes no room."""
    made = [Markup("").join(_part(one, numbers) for one in column) for column in row if column]
    if len(made) == 1:
        return made[0]
    columns = Markup("").join(safe_html("<div>{}</div>", column) for column in made)
    return safe_html('<div class="columns">{}</div>', columns)


def _part(part: Part, numbers: Iterator[int]) -> Markup:
    if isinstance(part, b.Chapter):
        return Markup(chapter_html(part))  # noqa: S704  made of blocks
    return Markup(figure_html(part, place=next(numbers), room=_height(part) + _AXES))  # noqa: S704  made by our own template


def _fitted(figure: Figure) -> Mapping[str, Any]:
    """A chart as wide as its place, whatever the screen; a height in steps does not go with that."""
    return {**figure.spec, "height": _height(figure), "autosize": {"type": "fit-x", "contains": "padding"}}


def _height(figure: Figure) -> int:
    """How many pixels high the marks of a chart are: told, or in steps of a row of its axis."""
    high = figure.spec["height"]
    if not isinstance(high, Mapping):
        return int(high)
    axis = _rows_of(figure.spec)
    data = (row for rows in figure.spec["datasets"].values() for row in rows)
    return int(high["step"] * max(len({row[axis] for row in data if axis in row}), 1))


def _rows_of(spec: Mapping[str, Any]) -> str:
    """The column of which each value has a row in a chart, by the first of its layers that says so."""
    own: str = spec.get("encoding", {}).get("y", {}).get("field", "")
    return own or next(filter(None, map(_rows_of, spec.get("layer", ()))), "")


def _figures(*made: Figure | b.Chapter) -> tuple[Figure, ...]:
    """The figures; where a reader gets none there is nothing."""
    return tuple(one for one in made if isinstance(one, Figure))


def _sections(bundle: Bundle, views: Sequence[View], district: DistrictAnalysis) -> Iterator[Section]:
    """Every view of every place, as far as the audience may see it; the first is what is shown first."""
    if bundle.counts:
        place, where = bundle.municipalities[0], f"district {bundle.district}"
        yield Section(OVERVIEW, place, where, [[in_numbers(*zip(*bundle.counts, strict=True))]])
        return
    may = _there(bundle, views)
    if len(views) > 1:
        yield from _of_place(EVERY, words("dashboard.every"), _every_view(bundle, views, district), may)
    before = 0
    for view in views:
        own = view.assessment
        yield from _of_place(own.parameters.municipality, own.municipality_name, _own_views(bundle, view, before), may)
        before += len(view.parks)
    if WHAT_IF in may:
        told = b.Text(words("dashboard.what_if")), b.Text(words("dashboard.still"), "state")
        parts = b.Chapter("", "", (*told, b.Group((), "what-if"), b.Group((), "frame")))
        yield Section(WHAT_IF, "", "", [[[parts]]])


def _of_place(place: str, where: str, made: Mapping[str, Callable[[], Rows]], may: set[str]) -> Iterator[Section]:
    """The views of one place that are there, in the order in which they are made."""
    yield from (Section(name, place, where, make()) for name, make in made.items() if name in may)


def _every_view(bundle: Bundle, views: Sequence[View], district: DistrictAnalysis) -> dict[str, Callable[[], Rows]]:
    return {
        OVERVIEW: lambda: tuple(_district(bundle, views, district)),
        APART: lambda: [[_differences_of(views, district)]],
        ROUNDS: lambda: [[_district_rounds(bundle, views)]],
        PLANS: lambda: [[_plans(bundle, views)]],
    }


def _own_views(bundle: Bundle, view: View, before: int) -> dict[str, Callable[[], Rows]]:
    own, place = view.assessment, view.assessment.parameters.municipality
    chosen, beside = bundle.chosen.get(place, {}), bundle.beside.get(place, Beside())
    whole = "analysis" in view.audience.documents
    charts = contributions if whole else lambda _: b.nothing("")
    return {
        OVERVIEW: lambda: tuple((_overview if whole else _summary)(view, chosen)),
        PARK: lambda: [[[_profiles(view, chosen, beside, before)], _figures(charts(own))]],
        APART: lambda: [[_agenda(view), _figures(differences(own))]],
        ROUNDS: lambda: tuple(_rounds(view, beside)),
        PLANS: lambda: [[_plans(bundle, [view])]],
    }


def _there(bundle: Bundle, views: Sequence[View]) -> set[str]:
    """The views of an audience of which there is anything."""
    reader, beside = views[0].audience, bundle.beside.values()
    there = {
        APART: any(map(_compares, views)),
        WHAT_IF: not any(map(nothing_to_weigh, bundle.assessments)),
        ROUNDS: (reader.owner and bool(beside)) or any(one.earlier for one in beside),
        PLANS: any(view.shows("decisions") or of_plan(view.audience) for view in views),
    }
    return {name for name in views_of(reader) if there.get(name, True)}


def views_of(audience: Audience) -> set[str]:
    """The views that go with what is made for an audience, by its documents in the catalogue."""
    return {view for one in audience.documents for view in OF_DOCUMENTS[one]}


def frame_of(bundle: Bundle) -> str:
    """The address of what a kernel makes; empty where no other method may be tried, or too little is kept for it."""
    own = bundle.assessments
    may = WHAT_IF in views_of(own[0].catalogue.audience(own[0].parameters.audience))
    return FRAME if may and all(one.figures and not nothing_to_weigh(one) for one in own) else ""


def sees_one_park(audience: Audience) -> bool:
    """Whether an audience sees one park only: who gets pages of parks, and neither analysis nor summary."""
    return "park" in audience.documents and OVERVIEW not in views_of(audience)


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


def _summary(view: View, chosen: Mapping[str, str]) -> Iterator[Sequence[Sequence[Part]]]:
    """The same for who gets no more than a page of each municipality."""
    own, made = view.assessment, summary(view.assessment, chosen)
    first = next(at for at, one in enumerate(made.blocks) if isinstance(one, b.Heading))
    yield [[_in_short(own.advice.sentence, missing_lines(view), {}, view.names)]]
    blocks = (replace(one, anchor="") if isinstance(one, b.Group) else one for one in made.blocks[first:])
    yield [[replace(made, blocks=tuple(blocks), name="")], _figures(ranking(own))]


def _titled(chapter: b.Chapter) -> b.Chapter:
    """A chapter that stands among others on a page, which tells elsewhere what was decided."""
    blocks = tuple(
        one for one in chapter.blocks if not (isinstance(one, b.Group) and one.look == "follow" and not one.blocks)
    )
    return replace(
        chapter,
        blocks=blocks,
        titled=bool(chapter.title),
        name="" if chapter.name == "front" else chapter.name,
        anchor="",
    )


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
    known = () if coarse else (district_quadrant(district),)
    yield [[advice, *_collected(views), *known], _figures(*tiles, district_scores(district))]
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


def _collected(views: Sequence[View]) -> Iterator[b.Chapter]:
    """Which party delivered in which municipality, for who may know it."""
    if all(view.shows("coverage") for view in views):
        asked = {party: view.party_name(party) for view in views for party in asked_parties(view.assessment)}
        rows, whole = list[b.Row](), 0
        for view in views:
            own = asked_parties(view.assessment)
            come = {party: words(f"together.{'absent' if party in view.missing else 'came'}") for party in own}
            whole += not {*view.missing} & {*own}
            rows.append(b.Row((view.assessment.municipality_name, *(come.get(party, MISSING) for party in asked))))
        told = words("dashboard.collected.told", whole=whole, all=count(len(views), "gemeente", "gemeenten"))
        made = table("dashboard.collected.table", rows, parties=[f"De {name}" for name in asked.values()])
        yield b.Chapter(words("dashboard.collected.title"), told, (b.Text(told), made), titled=True)


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


def _rounds(view: View, own: Beside) -> Iterator[Sequence[Sequence[Part]]]:
    """The rounds of a municipality: put beside one another, or for another reader each as it was told at the time."""
    if rounds := own.rounds:
        yield [[_titled(rounds_summary(rounds))]]
        yield [[_titled(chosen_parks(rounds))], [change_chart(rounds.latest)]]
        yield from ([[_titled(one)]] for one in (change_table(rounds), cooperation_chapter(rounds)))
        return
    if not own.earlier:
        yield [[b.Chapter("", "", b.alerts([own.missing or words("dashboard.rounds.nothing")]))]]
        return
    every = (*map(view_of, own.earlier), view)
    told = words("dashboard.rounds.lead", rounds=listing(one.assessment.parameters.round for one in every))
    beside = side_by_side(every, own.codes) if OVERVIEW in views_of(view.audience) else ()
    yield [[b.Chapter("", "", (b.Text(told, "lead"), *beside))]]
    if own.cooperation:
        yield [[_titled(cooperation_page(own.cooperation, view.audience, view.catalogue, view.names))]]
    if view.parties:
        # Of every park together it would be hundreds of rows.
        cells, chosen = own_cells(every, own.codes), [words("dashboard.rounds.own")] if len(view.parks) > 1 else []
        made = (replace(one, look="one-park") if isinstance(one, b.Table) else one for one in cells)
        yield [[b.Chapter(words("copies.titles.own"), "", (*b.sentences(chosen, "quiet"), *made), titled=True)]]


def _district_rounds(bundle: Bundle, views: Sequence[View]) -> tuple[b.Chapter, ...]:
    """What changed in the district, or for other readers which parks each analysis advised; and where to read on."""
    every = [(view.assessment, _beside(bundle, view)) for view in views]
    # The command is of one municipality; without its name it is that of all.
    left_out = [
        LeftOut(one.municipality_name, own.missing.replace(f" -m {one.parameters.municipality}", ""))
        for one, own in every
        if own.missing
    ]
    rounds = {one.municipality_name: own.rounds for one, own in every if own.rounds}
    told = [one for one in district_rounds(rounds, left_out, ()) if one.name != "outcomes"] if rounds else []
    alone = () if rounds else b.alerts(who_is_left_out(left_out))
    links = b.bulleted(_link(view, ROUNDS) for view in views) if rounds else _advised_then(bundle, views)
    each = b.Chapter(words("dashboard.rounds.each"), "", (*alone, *links), titled=True)
    return *map(_titled, told), each, *map(_titled, _working_together(bundle, views))


def _advised_then(bundle: Bundle, views: Sequence[View]) -> tuple[b.Block, ...]:
    """Which parks the analyses of each round advised, a row per municipality."""
    then = [[*map(view_of, _beside(bundle, view).earlier), view] for view in views]
    names = [one.assessment.parameters.round for one in max(then, key=len)]
    if len(names) == 1:
        return ()
    rows = list[Sequence[b.Line]]()
    for every in then:
        told = {one.assessment.parameters.round: listing(park.name for park in one.advised) for one in every}
        rows.append((_link(every[-1], ROUNDS), *(told.get(name) or MISSING for name in names)))
    lead = b.Text(words("dashboard.rounds.lead", rounds=listing(names)), "lead")
    return lead, table("dashboard.rounds.advice", rows, rounds=[f"Ronde {unbroken(name)}" for name in names])


def _working_together(bundle: Bundle, views: Sequence[View]) -> Iterator[b.Chapter]:
    """How the parties cooperate in each municipality, for another reader who gets the district."""
    found = [(view, told) for view in views if (told := _beside(bundle, view).cooperation)]
    if found and "district" in views[0].audience.documents:
        first, catalogue = found[0][0].assessment, views[0].catalogue
        reader = entitled(catalogue.audience(bundle.audience), first.legal_basis, catalogue)
        each = {view.assessment.municipality_name: told for view, told in found}
        yield district_cooperation(each, reader, catalogue)


def _beside(bundle: Bundle, view: View) -> Beside:
    return bundle.beside.get(view.assessment.parameters.municipality, Beside())


def _plans(bundle: Bundle, views: Sequence[View]) -> tuple[b.Chapter, ...]:
    """What there is to do first: the actions of all plans; the parks that people chose, and how far each plan is."""
    every = ((view, one) for view in views for one in _beside(bundle, view).actions if not one.is_reminder)
    acts, reader = sorted(every, key=lambda one: in_order(one[1])), views[0].audience
    told = tuple(actions_told(Counter(one.bucket for _, one in acts))) if of_plan(reader) else ()
    chosen = [
        b.Row((_link(view, PLANS), view.names[park], number(view.park(park).rank), said), park)
        for view in views
        for park, said in bundle.chosen.get(view.assessment.parameters.municipality, {}).items()
    ]
    decided = [table("dashboard.plans", chosen)] if chosen else b.sentences([words("summary.none_chosen")])
    note = b.Text(words("dashboard.plan_note"), "quiet")
    front = (*b.sentences(told, "lead"), *((*decided, note) if "decisions" in reader.fields else ()))
    made = (_by_owner(acts), _actions(acts, "Terrein", *(["Gemeente"] if len(views) > 1 else []))) if acts else ()
    return b.Chapter("", "", front), b.Chapter(words("dashboard.to_do"), "", made, titled=True)


Acts = Sequence[tuple[View, PlannedAction]]


def _actions(acts: Acts, *where: str) -> b.Table:
    """Actions with who does them, when, and how far they are; what is too late stands out. `where` heads of places."""
    said, rows = plan_words()["kept"], list[b.Row]()
    for view, one in acts:
        due = b.Span(said["buckets"][one.bucket], "strong" if one.bucket == "overdue" else "")
        day = date(one.end) if one.end else MISSING
        places: list[b.Line] = [view.names[one.park_id], _link(view, PLANS)]
        state = said["steps"][one.state] + (f": {said['results'][one.result]}" if one.result else "")
        told = (*places[: len(where)], one.name, due, day, one.owner or MISSING, state)
        rows.append(b.Row(told, one.park_id if where else ""))
    return table("dashboard.actions", rows, where=[*where])


def _by_owner(acts: Acts) -> b.Table:
    """How many actions each organisation has, and how far they are."""
    steps = {step: name for step, name in plan_words()["kept"]["steps"].items() if step != "dropped"}
    found: dict[str, Counter[str]] = {}
    for _, one in acts:
        found.setdefault(one.organisation, Counter()).update([one.state, one.bucket])
    order = sorted(found, key=lambda who: (-found[who]["overdue"], who.casefold()))
    told = ((who, [number(found[who][step]) for step in (*steps, "overdue")]) for who in order)
    rows = ((capital(who) or words("actions.nobody"), *figures) for who, figures in told)
    return table("dashboard.owners", rows, steps=[*map(capital, steps.values())])


def _profiles(view: View, chosen: Mapping[str, str], own: Beside, before: int) -> b.Chapter:
    """A page for each park of a municipality, numbered through the whole bundle; a script shows the chosen one."""
    tell, past, pages = _profile if "analysis" in view.audience.documents else _place, _history(own), list[b.Group]()
    for at, park in enumerate(view.parks, start=before + 1):
        told = (*tell(view, park, chosen.get(park.park_id, ""), own), *past.get(park.park_id, ()))
        pages.append(b.Group(told, "park", f"terrein-{at}", page=True))
    return b.Chapter("", "", tuple(pages))


def _history(own: Beside) -> dict[str, list[b.Block]]:
    """Park → its score in each earlier round, as it was told or by the method of now, and what is behind the change."""
    then: Iterable[tuple[str, str, str]] = ()
    if own.rounds:
        then = scores_before(own.rounds)
    else:
        every = [(view_of(one), codes) for one, codes in zip(own.earlier, own.codes, strict=False)]
        found = ((now, view, view.park(code).score) for view, codes in every for now, code in codes.items())
        known = ((now, view, score) for now, view, score in found if score is not None)
        then = ((now, view.assessment.parameters.round, view.shown(score)) for now, view, score in known)
    told: dict[str, list[str]] = {}
    for park, name, score in then:
        told.setdefault(park, []).append(words("dashboard.rounds.score", round=name, score=score))
    why = {park: f" {change_sentence(own.rounds.latest, park)}" if own.rounds else "" for park in told}
    before = b.strong(words("dashboard.rounds.before"))
    return {park: [b.Text((before, f" {listing(scores)}.{why[park]}"))] for park, scores in told.items()}


def _place(view: View, park: Park, chosen: str, own: Beside) -> Iterator[b.Block]:
    """One park for who works there: the place, what was agreed, and what is not in it."""
    yield b.Heading((f"{park.name} ", b.quiet(park.park_id)))
    yield b.Text(words("copies.lead"))
    yield from chosen_text(chosen)
    for one in about_place(view, park):
        yield from _within(one)
    yield from _agreed(view, park, own)
    yield from _within(withheld(view.audience, view.assessment.legal_basis, view.catalogue))


def _within(chapter: b.Chapter) -> Iterator[b.Block]:
    """A chapter as a part of a page about something else; nothing where it has nothing."""
    found = [one for one in chapter.blocks if isinstance(one, b.Block)]
    yield from (b.Heading(chapter.title), *found) if found else ()


def _agreed(view: View, park: Park, own: Beside) -> Iterator[b.Block]:
    """What was agreed on a park."""
    if acts := [(view, one) for one in own.actions if one.park_id == park.park_id and not one.is_reminder]:
        yield b.Heading(words("copies.titles.actions"), 4)
        yield _actions(acts)


def _profile(view: View, park: Park, chosen: str, beside: Beside) -> Iterator[b.Block]:
    """One park: its figures, whether it was `chosen`, what stands out, what each party that may be seen filled in.

    Then what is not known and what to find out, what its judgements call for, and what was agreed.
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
    yield from _agreed(view, park, beside)


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
