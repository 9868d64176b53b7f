"""Pages for who gets no whole analysis: of one park, of the district in outline, or of the district in numbers.

What passed the gate is all there is to choose from; what is chosen is data: the audience's fields and documents. Each
page says what is not in it, and on whose decision. A private party is told of a place: no suspicion, no score, no rank.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from werkbank.assessment.assessment import FILE_NAME, Assessment, kept_assessment
from werkbank.assessment.choosing import place_names, registered_parks
from werkbank.assessment.cooperation import Cooperation
from werkbank.assessment.decisions import chosen_parks, recorded_selections
from werkbank.assessment.inputs import legal_basis_of
from werkbank.assessment.rounds import Rounds
from werkbank.errors import LegalBasisError, OutputError, WerkbankError, unforeseen
from werkbank.parks.lineage import load_lineage
from werkbank.plan.fields import written
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.register import LegalBasis
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.decided import OR_NONE, chosen_text, place, told_here
from werkbank.report.district import DistrictAnalysis, LeftOut, changed_since, district_chapter, who_is_left_out
from werkbank.report.front import summary
from werkbank.report.parks import judgement_words, said_by_party, without_page
from werkbank.report.rounds import cooperation_page, district_cooperation
from werkbank.report.terms import lines, spec, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.catalogue import Catalogue, load_catalogue, owner_code
from werkbank.settings.entries import Audience, Family
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import MONITOR, municipality_slugs
from werkbank.sharing import entitled, for_audience
from werkbank.sharing.cooperation import seen_in_rounds
from werkbank.sharing.versions import SHAREABLE, may_know, of_plan
from werkbank.wording import MISSING, capital, date, listing, number, unbroken

SUMMARY = "samenvatting"
Codes = Sequence[Mapping[str, str]]
"""Of each round: park of now → its code then."""
FEWEST = 5
"""The lowest count that the public is told."""


def pages_of(assessment: Assessment) -> dict[str, tuple[str, tuple[b.Chapter, ...]]]:
    """The pages of one municipality for its reader: by the name of their files their title and their chapters."""
    view = view_of(assessment)
    made: dict[str, tuple[str, tuple[b.Chapter, ...]]] = {}
    if "summary" in view.audience.documents:
        page = summary(assessment, chosen_parks(assessment.own_parameters()))
        told = withheld(view.audience, assessment.legal_basis, view.catalogue)
        page = replace(page, blocks=(*page.blocks, *told.blocks))
        made[SUMMARY] = f"Bedrijventerreinen {assessment.municipality_name}", (page,)
    return made | {park.park_id: (title, park_chapters(view, park)) for title, park in _with_page(view)}


def _with_page(view: View) -> Iterator[tuple[str, Park]]:
    """The parks that have a page of their own, each with its title, for a reader who gets pages of parks."""
    for park in sorted(view.parks, key=lambda park: park.park_id) if "park" in view.audience.documents else ():
        if not (SHAREABLE in view.audience.fields and without_page(view, park)):
            yield f"{park.name} ({park.park_id})", park


def park_chapters(view: View, park: Park) -> tuple[b.Chapter, ...]:
    """The page of one park for its working group or its firms: the place, what was agreed, and what is not in it."""
    parameters, catalogue = view.assessment.own_parameters(), view.catalogue
    said = chosen_parks(parameters).get(park.park_id, "")
    selected = park.park_id in {one.park_id for one in recorded_selections(parameters)}
    kept = kept_plan(parameters.data, park.park_id, catalogue) if selected else None
    made = (
        _chapter("park", (b.Text(words("copies.lead")), replace(place(park.park_id), blocks=chosen_text(said)))),
        *about_place(view, park),
        _chapter("actions", _actions(kept, view.audience, catalogue)),
        withheld(view.audience, view.assessment.legal_basis, catalogue),
    )
    return tuple(one for one in made if one.blocks)


def about_place(view: View, park: Park) -> Iterator[b.Chapter]:
    """What a working group reads of a park: its rows and scores, and the indications of the reader's task."""
    yield from (_titled(one.name, one.id, _family(view, park, one)) for one in view.catalogue.families)
    yield _chapter("scores", [terms.key_figures(view, park)] if view.shows("group_scores") else ())
    yield _chapter("signs", _signs(view, park))


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
        for park, told in chosen_parks(view.assessment.own_parameters()).items()
    }
    names = {park: name for view in views for park, name in view.names.items()}
    meaning, ties = b.sentences((words("district.meaning"), words("copies.ties")), "quiet")
    return (
        _chapter("advice", (*b.sentences(who_is_left_out(district.left_out)), *_table_of(district, "front"), meaning)),
        _chapter("ranking", (*_table_of(district, "places"), ties)),
        _chapter("chosen", [told_here({words("decided.now"): chosen}, names, OR_NONE)]),
        withheld(first.audience, first.assessment.legal_basis, first.catalogue),
    )


def kept_analyses(parameters: Parameters, rounds: Iterable[str], today: dt.date) -> tuple[Assessment, ...]:
    """The analyses that were kept of these rounds of one municipality, oldest first; that of now is the last.

    On the basis of now, of which each earlier one releases what it released then too. One that cannot be read, of
    another catalogue, or of a round for which that basis does not hold, is left out. Raises OutputError when the
    present one does not hold any more, or none of before it is left.
    """
    *earlier, now = (parameters.model_copy(update={"round": name, "audience": owner_code()}) for name in rounds)
    present = _kept(now)
    why = listing(changed_since(present, now, today)) if present else "die is er nog niet"
    if present is None or why:
        raise OutputError(words("copies.rounds.no_present", round=now.round, why=why))
    basis = present.legal_basis
    holding = [one for one in earlier if basis is None or not any(basis.objections(one.municipality, one.round, today))]
    found = [_on_basis(one, basis) for one in map(_kept, holding) if one]
    if not found:
        raise OutputError(words("copies.rounds.no_earlier", rounds=listing(one.round for one in earlier)))
    return *found, present


def holding(parameters: Parameters, rounds: Iterable[str], today: dt.date) -> Iterator[Parameters]:
    """The parameters of those of these rounds for which the legal basis holds."""
    for name in rounds:
        own = parameters.model_copy(update={"round": name})
        with contextlib.suppress(LegalBasisError):
            legal_basis_of(own, today)
            yield own


def kept_rounds(parameters: Parameters, today: dt.date) -> Rounds:
    """The rounds kept of a municipality for which the legal basis holds. Raises FileNotFoundError, LegalBasisError."""
    folder = parameters.model_copy(update={"audience": owner_code()}).output_folder.parent
    kept, refusals = Rounds.load(folder / MONITOR / parameters.municipality), dict[str, LegalBasisError]()
    for name in kept.rounds:
        try:
            legal_basis_of(parameters.model_copy(update={"round": name}), today)
        except LegalBasisError as refusal:
            refusals[name] = refusal
    return kept.without(refusals) if refusals else kept


def kept_everywhere(parameters: Parameters, today: dt.date) -> tuple[list[tuple[Parameters, Rounds]], list[LeftOut]]:
    """The rounds kept of each municipality, as far as the legal basis holds; who is left out, and why."""
    found, left_out = list[tuple[Parameters, Rounds]](), list[LeftOut]()
    for slug in municipality_slugs(parameters.workspace):
        try:
            own = load_parameters(slug, round=parameters.round)
            found.append((own, kept_rounds(own, today)))
        except FileNotFoundError:
            left_out.append(LeftOut(own.name, words("rounds.not_made")))
        except (OSError, WerkbankError) as error:
            refusal = error if isinstance(error, WerkbankError) else unforeseen(error)
            left_out.append(LeftOut(slug, str(refusal)))
    return found, left_out


def _kept(parameters: Parameters) -> Assessment | None:
    """The analysis that stands in its folder; None without one that can be read and is of the catalogue of now."""
    found = kept_assessment(parameters)
    return replace(found, parameters=parameters.portable()) if found and found.catalogue else None


def _on_basis(kept: Assessment, basis: LegalBasis | None) -> Assessment:
    then = kept.legal_basis.releases if kept.legal_basis else {}
    now = basis.releases if basis else {}
    both = {who: tuple(one for one in own if one in now.get(who, ())) for who, own in then.items()}
    return replace(kept, legal_basis=basis and basis.model_copy(update={"releases": both}))


def rounds_pages(
    kept: Iterable[Assessment], audience: Audience, cooperation: Cooperation
) -> dict[str, tuple[str, tuple[b.Chapter, ...]]]:
    """The pages of rounds beside one another for a reader: by the name of their files their title and their chapters.

    Everything is made of what each analysis tells this reader by itself; nothing is computed of what it may not see.
    """
    views = seen_by(kept, audience)
    now, made = views[-1], dict[str, tuple[str, tuple[b.Chapter, ...]]]()
    if {"analysis", "summary"} & {*audience.documents}:
        title = words("rounds.page", where=now.assessment.municipality_name)
        first = _chapter("rounds", (_chosen_at(views), *side_by_side(views, codes_in(views))))
        made[MONITOR] = title, _of_rounds(views, first, cooperation)
    for title, park in _with_page(now):
        first = _chapter("park", (b.Text(words("copies.rounds.park")), _chosen_at(views, park.park_id)))
        made[park.park_id] = title, _of_rounds(views, first, cooperation, park)
    return made


def seen_by(kept: Iterable[Assessment], audience: Audience) -> tuple[View, ...]:
    """Each analysis as an audience may see it."""
    theirs = (replace(one, parameters=one.parameters.model_copy(update={"audience": audience.id})) for one in kept)
    return tuple(view_of(for_audience(one)) for one in theirs)


def _of_rounds(
    views: tuple[View, ...], first: b.Chapter, cooperation: Cooperation, park: Park | None = None
) -> tuple[b.Chapter, ...]:
    """What comes first, what was agreed, what the reader saw of one park or all in each round, and what is not in it.

    The page of a park counts nothing of other parks.
    """
    now = views[-1]
    told = seen_in_rounds(cooperation, [view.assessment for view in views], one_park=park is not None)
    together = cooperation_page(told, now.audience, now.catalogue, now.names) if told else b.nothing("")
    made = (
        first,
        _chapter("actions", _agreed(views, park)),
        replace(together, anchor="deel-together", titled=True),
        _chapter("own", own_cells(views, codes_in(views), park)),
        withheld(now.audience, now.assessment.legal_basis, now.catalogue),
    )
    return tuple(one for one in made if one.blocks)


def codes_in(views: Iterable[View]) -> list[dict[str, str]]:
    """Of each view: park of now → its code in that round; without those that were another park then, or none."""
    return [codes_then(view.assessment.own_parameters(), [one.park_id for one in view.parks]) for view in views]


def codes_then(then: Parameters, parks: Iterable[str]) -> dict[str, str]:
    """Park of now → its code then, of parks by their code in the round of `then`."""
    codes = load_lineage(then.data).codes_since(then.round, load_parameters(then.municipality).round)
    return {codes.get(one, one): one for one in parks}


def _chosen_at(views: tuple[View, ...], park: str = "") -> b.Group:
    """The place where the choices of all rounds stand, those of now in it, as far as the reader may know."""
    told = chosen_over(views[-1].assessment.own_parameters(), [view.assessment.parameters.round for view in views])
    return told_here(told, place_names(), park)


def chosen_over(own: Parameters, rounds: Iterable[str], where: str = "") -> dict[str, dict[str, str]]:
    """The heading of each round → park → `where`, by whom and when it was chosen, as far as the reader may know."""
    every = {name: chosen_parks(own.model_copy(update={"round": name})) for name in rounds}
    return {
        words("decided.round", round=name): {park: f"{where}{said}" for park, said in told.items()}
        for name, told in every.items()
    }


def side_by_side(views: Sequence[View], codes: Codes) -> Iterator[b.Block]:
    """The place and the score of every park as each analysis told them."""
    rounds, rows = [view.assessment.parameters.round for view in views], list[b.Row]()
    then = [*zip(views, codes, strict=True)]
    for now in views[-1].parks:
        every = [view.park(own[now.park_id]) if now.park_id in own else None for view, own in then]
        places = [str(one.rank or MISSING) if one else MISSING for one in every]
        scores = [view.shown(one.score if one else None, MISSING) for view, one in zip(views, every, strict=True)]
        rows.append(b.Row((views[-1].label(now), *places, *scores), now.park_id))
    names = [*map(unbroken, rounds)]
    heads = {"places": [f"Plaats {one}" for one in names], "scores": [f"Score {one}" for one in names]}
    yield table("copies.rounds.scores", rows, **heads)
    yield b.Text(words("copies.rounds.not_split"), "quiet")


def _agreed(views: tuple[View, ...], page_of: Park | None) -> Iterator[b.Block]:
    """The actions of every park that was chosen in one of the rounds, or of one park, for who may see a plan."""
    now, names = views[-1], place_names()
    rounds = zip((view.assessment.own_parameters() for view in views), codes_in(views), strict=True)
    plans = agreed_plans(rounds, now.catalogue, [page_of.park_id] if page_of else None)
    for park in [page_of.park_id] if page_of else plans:
        told = tuple(_actions(plans.get(park), now.audience, now.catalogue))
        yield from told if page_of or not told else (b.Heading((f"{names.get(park, park)} ", b.quiet(park))), *told)


def agreed_plans(
    rounds: Iterable[tuple[Parameters, Mapping[str, str]]], catalogue: Catalogue, parks: Collection[str] | None = None
) -> dict[str, KeptPlan | None]:
    """Park of now → its plan, under its code of now or then, of those that were chosen in one of these rounds.

    Each round is told by its parameters and by park of now → its code then; who asks gives only rounds that the reader
    is told of. Only of `parks` where these are given. Raises OutputError with every fault of a plan.
    """
    chosen: dict[str, tuple[Path, str]] = {}
    for own, codes in rounds:
        taken = {one.park_id for one in recorded_selections(own)}
        told = {park: then for park, then in codes.items() if parks is None or park in parks}
        chosen |= {park: (own.data, then) for park, then in told.items() if then in taken}
    return {
        park: next(filter(None, (kept_plan(data, code, catalogue) for code in (park, then))), None)
        for park, (data, then) in chosen.items()
    }


def own_cells(views: Sequence[View], codes: Codes, page_of: Park | None = None) -> Iterator[b.Block]:
    """What the parties that the reader may see filled in otherwise than in an earlier round, of one park or all."""
    now, found = views[-1], list[b.Row]()
    about = [park.park_id for park in ([page_of] if page_of else now.parks)]
    then = [*zip(views, codes, strict=True)]
    for park, indicator, party in (key for code in about for key in now.judgements if key[0] == code):
        # Where the park or the party is not in what the reader saw of a round, there is nothing to compare.
        saw = [park in own and party in view.parties for view, own in then]
        every = [view.judgements.get((own.get(park, ""), indicator, party)) for view, own in then]
        told = [(one.state, one.level) if one else ("unknown", None) for one in every]
        if len({one for one, there in zip(told, saw, strict=True) if there}) > 1:
            label = [] if page_of else [now.label(now.park(park))]
            what = (b.code(indicator), f" {now.catalogue.indicator(indicator).name}")
            cells = zip(views, every, saw, strict=True)
            said = [judgement_words(view, one) if there else MISSING for view, one, there in cells]
            found.append(b.Row((*label, what, capital(now.party_name(party)), *said), park))
    if now.parties:
        heads = {
            "park": [] if page_of else ["Terrein"],
            "rounds": [f"Ronde {unbroken(view.assessment.parameters.round)}" for view in views],
        }
        yield table("copies.rounds.cells", found, **heads) if found else b.Text(words("copies.rounds.no_cells"))


def district_rounds_copy(
    found: Sequence[tuple[Parameters, Rounds]],
    left_out: Iterable[LeftOut],
    audience: Audience,
    basis: LegalBasis | None,
) -> tuple[b.Chapter, ...]:
    """The rounds of a district's municipalities for a reader: what was chosen in them, and how all work together.

    Of parks it tells only that they were chosen: their places stand with each municipality.
    """
    catalogue, told = load_catalogue(found[0][0].catalogue_path), dict[str, dict[str, str]]()
    theirs = entitled(audience, basis, catalogue)
    for own, one in found:
        own_choices = own.model_copy(update={"audience": audience.id})
        for heading, parks in chosen_over(own_choices, one.rounds, f"gemeente {own.name}, ").items():
            told.setdefault(heading, {}).update(parks)
    standing = told_here(told, place_names(), OR_NONE)
    together = district_cooperation(
        {one.latest.municipality_name: one.cooperation for _, one in found}, theirs, catalogue
    )
    made = (
        _chapter("chosen", (standing, *b.sentences(who_is_left_out(left_out), "quiet"))),
        replace(together, anchor="deel-together", titled=True),
        withheld(theirs, basis, catalogue),
    )
    return tuple(one for one in made if one.blocks)


def count_rounds(every: Iterable[Rounds], municipalities: int) -> tuple[b.Chapter, ...]:
    """The rounds of the district in numbers for the public."""
    found = list(every)
    chosen = {one.park_id: one for rounds in found for one in rounds.chosen}.values()
    actions = sum(sum(one.actions.values()) for one in chosen)
    done = sum(one.actions.get("finished", 0) for one in chosen)
    figures = (counted(len(found), municipalities), counted(len(chosen)), counted(actions), counted(done, actions))
    return in_numbers(spec("copies.rounds.counted"), figures, method=())


def in_numbers(
    names: Sequence[str], figures: Sequence[str], method: Iterable[str] | None = None
) -> tuple[b.Chapter, ...]:
    """Figures of which none is below five, with their names; how it was done, and what is not told."""
    facts = b.facts(words("copies.titles.counts"), zip(names, figures, strict=True))
    guarded = b.Text(words("copies.guarded", fewest=FEWEST), "quiet")
    done = b.sentences(lines("copies.method") if method is None else method)
    return (
        _chapter("counts", (facts, guarded)),
        *([_chapter("method", done)] if done else []),
        _chapter("withheld", b.sentences([words("copies.public")])),
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
    return in_numbers(spec("copies.counted"), figures)


def counted(part: int, whole: int | None = None) -> str:
    """A count for the public: none below five, nor one that leaves less than five of the whole."""
    if part < FEWEST:
        return words("copies.few", fewest=FEWEST)
    if whole is not None and whole - part < FEWEST:
        return words("copies.nearly", least=number(max(FEWEST, whole - FEWEST + 1)))
    return number(part)
