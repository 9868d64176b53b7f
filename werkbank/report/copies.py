"""Pages for who gets no whole analysis: of one park, of the district in outline, or of the district in numbers.

What passed the gate is all there is to choose from; what is chosen is data: the audience's fields and documents. Each
page says what is not in it, and on whose decision. A private party is told of a place: no suspicion, no score, no rank.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.choosing import registered_parks
from werkbank.assessment.decisions import chosen_parks, recorded_selections
from werkbank.assessment.inputs import legal_basis_of
from werkbank.errors import WerkbankError
from werkbank.plan.fields import written
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.register import LegalBasis
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.decided import OR_NONE, chosen_text, place, told_on_pages
from werkbank.report.district import DistrictAnalysis, district_chapter
from werkbank.report.front import summary
from werkbank.report.parks import said_by_party, without_page
from werkbank.report.texts import lines, spec, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Audience, Family
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import municipality_slugs
from werkbank.sharing.versions import SHAREABLE, may_know, of_plan
from werkbank.wording import MISSING, capital, date, listing, number

SUMMARY = "samenvatting"
FEWEST = 5
"""The lowest count that the public is told."""


def pages_of(assessment: Assessment) -> dict[str, tuple[str, tuple[b.Chapter, ...]]]:
    """The pages of one municipality for its reader: by the name of their files their title and their chapters."""
    view = view_of(assessment)
    made: dict[str, tuple[str, tuple[b.Chapter, ...]]] = {}
    if "summary" in view.audience.documents:
        page = summary(assessment, chosen_parks(own_parameters(assessment)))
        told = withheld(view.audience, assessment.legal_basis, view.catalogue)
        page = replace(page, blocks=(*page.blocks, *told.blocks))
        made[SUMMARY] = f"Bedrijventerreinen {assessment.municipality_name}", (page,)
    for park in sorted(view.parks, key=lambda park: park.park_id) if "park" in view.audience.documents else ():
        if not (SHAREABLE in view.audience.fields and without_page(view, park)):
            made[park.park_id] = f"{park.name} ({park.park_id})", park_chapters(view, park)
    return made


def own_parameters(assessment: Assessment) -> Parameters:
    """The parameters of an assessment with the places on this machine, which it does not keep."""
    own = assessment.parameters
    return load_parameters(own.municipality, round=own.round, audience=own.audience)


def park_chapters(view: View, park: Park) -> tuple[b.Chapter, ...]:
    """The page of one park for its working group or its firms: the place, what was agreed, and what is not in it."""
    parameters, catalogue = own_parameters(view.assessment), view.catalogue
    said = chosen_parks(parameters).get(park.park_id, "")
    selected = park.park_id in {one.park_id for one in recorded_selections(parameters)}
    kept = kept_plan(parameters.data, park.park_id, catalogue) if selected else None
    made = (
        _chapter("park", (b.Text(words("copies.lead")), replace(place(park.park_id), blocks=chosen_text(said)))),
        *(_titled(one.name, one.id, _family(view, park, one)) for one in catalogue.families),
        _chapter("scores", [terms.key_figures(view, park)] if view.shows("group_scores") else ()),
        _chapter("signs", _signs(view, park)),
        _chapter("actions", _actions(kept, view.audience, catalogue)),
        withheld(view.audience, view.assessment.legal_basis, catalogue),
    )
    return tuple(one for one in made if one.blocks)


def _chapter(name: str, found: Iterable[b.Block]) -> b.Chapter:
    return _titled(words(f"copies.titles.{name}"), name, found)


def _titled(title: str, name: str, found: Iterable[b.Block]) -> b.Chapter:
    return b.Chapter(title, "", tuple(found), name="copy", anchor=f"deel-{name}", titled=True)


def _family(view: View, park: Park, family: Family) -> Iterator[b.Block]:
    """What the parties that the reader may see filled in about this park, of the rows that the reader may see."""
    own = [one for one in view.catalogue.by_family(family.id) if (park.park_id, one.id) in view.cells]
    parties = [capital(view.party_name(party)) for party in view.parties]
    if rows := [cells[: 1 + len(parties)] for cells in said_by_party(view, park, own)]:
        yield b.Text(family.question, "quiet")
        yield table("copies.rows", rows, parties=parties)


def _signs(view: View, park: Park) -> Iterator[b.Block]:
    """Where there is an indication, of the phenomena of the reader's task."""
    own = tuple(one for one in terms.signs(view) if one.park_id == park.park_id)
    yield from b.sentences(terms.careful_words(own) if view.shows("phenomena") else ())


def _actions(kept: KeptPlan | None, audience: Audience, catalogue: Catalogue) -> Iterator[b.Block]:
    """What was agreed, with who does it, when, and how far it is; a sentence as long as there is nothing."""
    planned = kept.planned if kept else ()
    rows = [
        (
            catalogue.intervention(one.id).name,
            str(one.owner.organisation) if one.owner else MISSING,
            written("day", one.end) or MISSING,
            written("steps", one.state),
        )
        for one in planned
        if may_know(one.id, audience, catalogue, agreed=one.owner is not None)
    ]
    if of_plan(audience):
        yield table("copies.actions", rows) if rows else b.Text(words("copies.no_actions"))


def withheld(audience: Audience, basis: LegalBasis | None, catalogue: Catalogue) -> b.Chapter:
    """What is not in a reader's copy: what a decision could release and did not, and what is for others alone."""
    named, told = catalogue.audience(audience.id), spec("copies.parts")
    able = listing(told[one] for one in named.releasable if one in told and one not in audience.fields)
    never = listing(text for one, text in told.items() if one not in (*audience.fields, *named.releasable))
    who = f"{basis.body} van {date(basis.decided)}" if basis else MISSING
    found = (able and words("copies.not_released", what=able, who=who), never and words("copies.never", what=never))
    return _chapter("withheld", b.bulleted(filter(None, found)))


def district_chapters(district: DistrictAnalysis) -> tuple[b.Chapter, ...]:
    """The district in outline: the advice of each municipality, the ranking, what was chosen and how far that is."""
    views, first = district.views, district.views[0]
    chosen = {
        park: f"gemeente {view.assessment.municipality_name}, {told}"
        for view in views
        for park, told in chosen_parks(own_parameters(view.assessment)).items()
    }
    names = {park: name for view in views for park, name in view.names.items()}
    own = place(OR_NONE)
    told = tuple(told_on_pages({words("decided.now"): chosen}, names)[own.anchor])
    left = (f"{one.name} staat er niet in: {one.reason.rstrip('.')}." for one in district.left_out)
    meaning, ties = b.sentences((words("district.meaning"), words("copies.ties")), "quiet")
    return (
        _chapter("advice", (*b.sentences(left), *_table_of(district, "front"), meaning)),
        _chapter("ranking", (*_table_of(district, "places"), ties)),
        _chapter("chosen", [replace(own, blocks=told)]),
        withheld(first.audience, first.assessment.legal_basis, first.catalogue),
    )


def _table_of(district: DistrictAnalysis, name: str) -> Iterator[b.Table]:
    """The table of a chapter of the district's analysis, without the columns of what its reader may not know."""
    yield from (outline(made) for made in district_chapter(district, name).blocks if isinstance(made, b.Table))


def outline(made: b.Table) -> b.Table:
    """A table of the district without the columns of what follows from cells that its reader may not see."""
    told = [at for at, one in enumerate(made.columns) if one.name not in spec("copies.untold")]
    rows = (replace(row, cells=tuple(row.cells[at] for at in told)) for row in made.rows)
    return replace(made, columns=tuple(made.columns[at] for at in told), rows=tuple(rows))


def count_chapters(parameters: Parameters, today: dt.date) -> tuple[b.Chapter, ...]:
    """The district in numbers, how it was done, and what is not told.

    A municipality takes part with an analysis, and on a legal basis that holds.
    """
    slugs, catalogue = municipality_slugs(parameters.workspace), load_catalogue(parameters.catalogue_path)
    parks = registered_parks()["municipality"].isin(slugs)
    own: list[Parameters] = []
    for slug in slugs:
        with contextlib.suppress(WerkbankError):  # no legal basis that holds, or faulty parameters
            legal_basis_of(each := load_parameters(slug, round=parameters.round), today)
            own += [each] if (each.output_folder / FILE_NAME).is_file() else []
    chosen = [(one.park_id, each.data) for each in own for one in recorded_selections(each)]
    planned = sum(kept_plan(data, park, catalogue) is not None for park, data in chosen)
    figures = (counted(len(own), len(slugs)), counted(int(parks.sum())), counted(planned, int(parks.sum())))
    facts = b.facts(words("copies.titles.counts"), zip(spec("copies.counted"), figures, strict=True))
    return (
        _chapter("counts", (facts, b.Text(words("copies.guarded", fewest=FEWEST), "quiet"))),
        _chapter("method", b.sentences(lines("copies.method"))),
        _chapter("withheld", b.sentences([words("copies.public")])),
    )


def counted(part: int, whole: int | None = None) -> str:
    """A count for the public: none below five, nor one that leaves less than five of the whole."""
    if part < FEWEST:
        return words("copies.few", fewest=FEWEST)
    if whole is not None and whole - part < FEWEST:
        return words("copies.nearly", least=number(max(FEWEST, whole - FEWEST + 1)))
    return number(part)
