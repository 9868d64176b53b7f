"""What follows the analyses of a round: the index, the district's own pages, project plans and comparisons of rounds.

The index is the manifest for people. It is made for the RIEC alone: it names the highest park of every municipality,
which is for none of them to see.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.advice.proposal import DistrictProposal, propose_set
from werkbank.advice.scorecard import recalculate
from werkbank.assessment.choosing import any_parameters, find_park, place_names
from werkbank.assessment.decisions import answered, chosen_parks, record_proposal, recorded_selections
from werkbank.assessment.district import district_scorecard
from werkbank.assessment.inputs import read_inputs
from werkbank.batch.manifest import (
    DISTRICT,
    FOLLOW_UPS,
    MANIFEST,
    PLANS,
    PROPOSAL,
    VERSIONS,
    DamagedManifestError,
    Ledger,
    Outcome,
    Record,
    read_manifest,
    records_folder,
)
from werkbank.batch.stamp import checked_municipalities
from werkbank.batch.worker import Workers
from werkbank.errors import OutputError, RegisterError, WerkbankError
from werkbank.files.whole import only_batch, whole_file, whole_folder
from werkbank.plan.kept import ENDED, keep_proposal, read_plan
from werkbank.plan.kept import FOLDER as KEPT
from werkbank.plan.returned import ReturnedPlan, keep_issued, read_back
from werkbank.register.decision import intake_questions, intake_summary
from werkbank.report.index import ProposalPage, write_proposal
from werkbank.report.terms import legal_basis_line
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import MONITOR, municipality_slugs, share_workspace
from werkbank.wording import listing

if TYPE_CHECKING:
    from werkbank.register.selections import Selection
    from werkbank.report.decided import Filled
    from werkbank.report.index import FollowUp, IndexEntry

INDEX = "index.html"
WITHDRAWN = "ingetrokken"
"""The folder beside the plans in which those of withdrawn choices are kept."""
_FIGURES = ("name", "errors", "parks", "enough", "coverage", "two_sided", "method")


def entry_of(slug: str, name: str, record: Record | None, outcome: Outcome | None, changed: str) -> IndexEntry:
    """One municipality: how it ended if it was run, what the manifest says of it, what changed if it was not."""
    from werkbank.report.index import IndexEntry  # noqa: PLC0415

    state = outcome.state if outcome else "never" if record is None else "stale" if changed else "kept"
    reason, made = outcome.reason if outcome else "", state == "made"
    if record is None:
        return IndexEntry(slug, name, state, reason=reason)
    return IndexEntry(
        slug,
        state=state,
        reason=reason,
        changed=changed,
        why=listing(record.why) if made else "",
        differs=tuple(record.differs) if made else (),
        advised=tuple(record.shown["advised"]),
        made=dt.date.fromisoformat(record.made),
        files=tuple(record.outputs),
        **{name: record.shown[name] for name in _FIGURES},
    )


def write_index(
    ledger: Ledger, parameters: Parameters, entries: Iterable[IndexEntry], notes: Sequence[str], today: dt.date
) -> Path | None:
    """The page of the round beside the municipalities' folders: the manifest for people, and for the RIEC alone.

    It names the highest park of every municipality, which is for none of them to see: None for another audience.
    """
    from werkbank.report.index import render_index  # noqa: PLC0415  takes half a second

    target, records = parameters.output_folder.parent / INDEX, list(ledger.units.values())
    if parameters.audience != owner_code():
        target.unlink(missing_ok=True)
        return None
    names = [f"{DISTRICT}/{DISTRICT}.html", f"{DISTRICT}/{DISTRICT}.docx"]
    page, word = (name if name in ledger.files else "" for name in names)
    html = render_index(
        sorted(entries, key=lambda entry: entry.name),
        district=parameters.district,
        round=parameters.round,
        audience_label=load_catalogue(parameters.catalogue_path).owner.label,
        fictional=any(record.fictional for record in records),
        legal_basis=str(records[0].shown["legal_basis"]) if records else legal_basis_line(None),
        notes=notes,
        made=today,
        together=page,
        together_word=word,
        follow_ups=tuple(_follow_ups(parameters)),
    )
    whole_file(target, html.encode())
    ledger.add(target)
    return target


def make_district(workers: Workers, parameters: Parameters, ledger: Ledger, day: dt.date, *, anew: bool) -> str:
    """Make the district's folder, or keep it where no analysis was made anew; why it could not be made, if so."""
    folder = parameters.output_folder.parent / DISTRICT
    notebook = parameters.workspace / "notebooks" / f"{DISTRICT}.ipynb"
    owner = parameters.audience == owner_code()
    documents = set(load_catalogue(parameters.catalogue_path).audience(parameters.audience).documents)
    if not (notebook.is_file() if owner else documents & {DISTRICT, "counts"}):
        return ""
    try:
        if anew or not owner or not (folder / f"{DISTRICT}.html").is_file():
            with whole_folder(folder) as new:
                if owner:
                    workers.fill(DISTRICT, parameters, new, day)
                else:
                    from werkbank.report.outputs import write_district_copy  # noqa: PLC0415  takes half a second

                    write_district_copy(parameters, new, day)
    except WerkbankError as error:
        return f"Het overzicht van het district is niet gemaakt. {error}"
    ledger.add(folder)
    return ""


def make_proposal(
    capacity: int | None, *, by: str | None = None, reason: str | None = None
) -> tuple[DistrictProposal, tuple[Path, ...], int]:
    """The proposed set over the district, its files, and the number under which it was taken over by somebody (or 0).

    Raises RegisterError for a capacity that cannot be, and what reading the returns raises.
    """
    parameters, day = any_parameters(), dt.date.today()
    page = _proposal_page(parameters, capacity, day)
    folder = parameters.output_folder.parent / PROPOSAL
    with only_batch(parameters.output):
        ledger = Ledger(parameters)
        with whole_folder(folder) as new:
            files = write_proposal(page, new, day)
            number = record_proposal(page.proposal, parameters, reason=reason or "", by=by) if by else 0
        ledger.add(folder)
        ledger.write(finished=True)
    return page.proposal, tuple(folder / file.name for file in files), number


def _proposal_page(parameters: Parameters, capacity: int | None, day: dt.date) -> ProposalPage:
    inputs, names = read_inputs(parameters, day), place_names()
    scorecard, homes, absent = district_scorecard(parameters, inputs)
    own = {slug: load_parameters(slug) for slug in sorted(set(homes)) if slug not in absent}
    scores = scorecard.risk.total[[park for park in scorecard.candidates if homes[park] in own]]
    room = capacity or sum(one.capacity for one in own.values())
    drawn = recalculate(scorecard)
    proposal = propose_set(scores, homes[scores.index], room, None if drawn is None else drawn.totals)
    return ProposalPage(
        proposal=proposal,
        candidates={str(park): (homes[park], scores[park]) for park in scores.sort_values(ascending=False).index},
        names=names,
        chosen=frozenset(one.park_id for each in own.values() for one in recorded_selections(each)),
        left_out=[names.get(slug, slug) for slug in absent],
        district=parameters.district,
        round=parameters.round,
        label=inputs.catalogue.owner.label,
        legal_basis=inputs.basis,
        fictional=scorecard.matrix.fictional or parameters.marked_fictional,
    )


def make_plans(words: Sequence[str]) -> Iterator[Outcome]:
    """The project plans of the named parks, or of every selected park of the round and every plan that is under way.

    Raises RegisterError for a word that is no park, and when nothing was selected at all.
    """
    parks = [find_park(word) for word in words] or list(dict.fromkeys((*_selected_parks(), *_plans_under_way())))
    if not parks:
        raise RegisterError(
            "Er is in deze ronde nog geen terrein gekozen, dus er is geen projectplan te maken. "
            "Leg eerst een besluit vast: werkbank select TERREIN --reason … --by …"
        )
    return _follow("projectplan", "plans", [(park, park, load_parameters(slug)) for slug, park in parks])


def read_plan_file(file: Path, words: Sequence[str], today: dt.date) -> ReturnedPlan:
    """What a Word file of a plan would change in the plan of its park. Raises OutputError; see `read_back`.

    Where parks are named it must be of one of them. Raises RegisterError for a word that is no park.
    """
    parameters, names = any_parameters(), place_names()
    catalogue = load_catalogue(parameters.catalogue_path)
    parks = [find_park(word)[1] for word in words]
    returned = read_back(file, parameters.data, catalogue, names, today)
    if parks and returned.park_id not in parks:
        raise OutputError(
            f"{file.name} is het plan van {returned.park_id}, niet van {listing(parks)}; er is niets gelezen."
        )
    return returned


def show_decisions(parameters: Parameters, back: Selection | None = None) -> tuple[str, ...]:
    """Let every page name what is decided now; what there is to say of that, for the decision itself is recorded.

    The plan of a choice that was taken `back` goes out of sight, kept whole in the folder `ingetrokken` of its round.
    While a batch is busy nothing changes: then the pages follow with the next one.
    """
    beside, told = parameters.output_folder.parent, list[str]()
    try:
        with only_batch(parameters.output):
            if back and (folder := beside / PLANS / back.park_id).is_dir():
                moved = beside / WITHDRAWN / f"{back.park_id}-{back.event_id}"
                moved.parent.mkdir(exist_ok=True)
                folder.replace(moved)
                where = moved.relative_to(parameters.output.parent).as_posix()
                told.append(f"Het projectplan bij de ingetrokken keuze staat nu in {where}.")
            for folder in beside.parent.glob(f"*/{PLANS}/{back.park_id}") if back else ():  # what others got of it
                shutil.rmtree(folder)
            _record(parameters, {}, {})
    except OutputError as error:
        told.append(f"Let op: wat er is gemaakt noemt dit besluit pas na de volgende analyse. {error}")
    return tuple(told)


def show_decided(ledger: Ledger, parameters: Parameters) -> None:
    """Let the pages of a round and audience name what is decided now, each in its places; nothing else changes.

    A page that is not as the manifest says is left alone, so that `verify` and the next batch find it.
    """
    from werkbank.report.copies import chosen_over  # noqa: PLC0415  takes a second
    from werkbank.report.decided import told_on_pages  # noqa: PLC0415
    from werkbank.report.index import index_places  # noqa: PLC0415
    from werkbank.report.terms import words  # noqa: PLC0415

    beside, names, every, here = parameters.output_folder.parent, place_names(), dict[str, str](), words("decided.now")
    pages: dict[str, Filled] = {}
    over: dict[str, dict[str, str]] = {}
    for slug in municipality_slugs(parameters.workspace):
        with contextlib.suppress(WerkbankError):  # what is wrong with its parameters or the register is said elsewhere
            own = load_parameters(slug, round=parameters.round, audience=parameters.audience)
            now, record = chosen_parks(own), ledger.units.get(slug)
            every |= {park: f"gemeente {own.name}, {told}" for park, told in now.items()}
            for page in (name for name in (record.outputs if record else ()) if name.endswith(".html")):
                record = ledger.units[slug]
                shown = _renewed(beside / slug / page, record.outputs[page], told_on_pages({here: now}, names))
                ledger.units[slug] = replace(record, outputs={**record.outputs, page: shown})
            # What another reader may know of rounds hangs on more than the register: those pages stay as made.
            if own.audience == owner_code() and any(name.startswith(f"{MONITOR}/") for name in ledger.files):
                rounds = (*own.earlier_rounds, own.round)
                for heading, parks in chosen_over(own, rounds, f"gemeente {own.name}, ").items():
                    over.setdefault(heading, {}).update(parks)
                filled = told_on_pages(chosen_over(own, rounds), names)
                pages |= {name: filled for name in ledger.files if _is_page(name, f"{MONITOR}/{slug}/")}
    together = told_on_pages({here: every}, names)
    district = [name for name in ledger.files if _is_page(name, f"{MONITOR}/{DISTRICT}/")]
    pages |= dict.fromkeys(district if over else (), told_on_pages(over, names))
    pages |= {f"{DISTRICT}/{DISTRICT}.html": together, INDEX: {**together, **index_places(_follow_ups(parameters))}}
    for page in pages.keys() & ledger.files.keys():
        ledger.files[page] = _renewed(beside / page, ledger.files[page], pages[page])


def _is_page(name: str, folder: str) -> bool:
    return name.startswith(folder) and name.endswith(".html")


def _renewed(page: Path, known: str, filled: Filled) -> str:
    """The sha256 of a page with its places filled anew, or as it was known when somebody changed the page."""
    from werkbank.report.decided import with_places  # noqa: PLC0415

    content = page.read_bytes() if page.is_file() else b""
    if sha256(content).hexdigest() != known:
        return known
    made = with_places(content.decode(), filled).encode()
    if made != content:
        whole_file(page, made)
    return sha256(made).hexdigest()


def make_monitors(chosen: Sequence[str]) -> Iterator[Outcome]:
    """The rounds of the chosen municipalities, or of all, and then those of the district, for every reader.

    Raises WerkbankError on wrong use.
    """
    slugs = checked_municipalities(chosen)
    return _follow(MONITOR, MONITOR, [(slug, "", load_parameters(slug)) for slug in slugs])


def _district_rounds(done: dict[str, list[Path]]) -> Iterator[Outcome]:
    """The rounds of the district, for every reader who gets the district."""
    from werkbank.report.outputs import write_district_monitor  # noqa: PLC0415  takes half a second

    parameters = any_parameters()
    for audience in load_catalogue(parameters.catalogue_path).audiences:
        if not (audience.owner or {DISTRICT, "counts"} & {*audience.documents}):
            continue
        own = parameters.model_copy(update={"audience": audience.id})
        target = own.output_folder.parent / MONITOR / DISTRICT
        outcome = Outcome(DISTRICT, "made", folder=target)
        try:
            with whole_folder(target) as new:
                write_district_monitor(own, new, dt.date.today())
            done.setdefault(audience.id, []).append(target)
        except WerkbankError as error:
            shutil.rmtree(target, ignore_errors=True)  # what stands there is of rounds that hold no more
            outcome = Outcome(DISTRICT, "failed", str(error))
        if audience.owner:
            yield outcome


def _selected_parks() -> Iterator[tuple[str, str]]:
    for municipality in checked_municipalities():
        for selection in recorded_selections(load_parameters(municipality)):
            yield municipality, selection.park_id


def _plans_under_way() -> Iterator[tuple[str, str]]:
    """The parks of which people keep a plan that is not at its end, of any round, as long as the selection holds."""
    parameters = any_parameters()
    catalogue = load_catalogue(parameters.catalogue_path)
    for path in sorted((parameters.data / KEPT).glob("*.yaml")):
        with contextlib.suppress(RegisterError):  # no park of this district
            slug, park = find_park(path.stem)
            try:
                kept = read_plan(path, catalogue)
            except OutputError:  # told when it is made
                yield slug, park
                continue
            chosen = recorded_selections(load_parameters(slug, round=kept.round))
            if kept.state not in ENDED and park in {one.park_id for one in chosen}:
                yield slug, park


def _follow(notebook: str, kind: str, wanted: Sequence[tuple[str, str, Parameters]]) -> Iterator[Outcome]:
    """Make what follows an analysis, one after another; one that fails never stops the next.

    What was made is in the manifest afterwards, and the index leads to it; also when the next one is broken off.
    """
    parameters, done, edited = any_parameters(), dict[str, list[Path]](), dict[str, str]()
    share_workspace(parameters.workspace)
    with only_batch(parameters.output), Workers() as workers:
        try:
            for name, park, own in wanted:
                target = own.output_folder.parent / kind / name
                of_people = _of_people(target, own) if kind == PLANS else {}
                try:
                    with whole_folder(target) as folder:
                        made = workers.fill(notebook, own, folder, park=park)
                        for audience, theirs in _handed_out(folder, f"{kind}/{name}", own):
                            done.setdefault(audience, []).append(theirs)
                        _put_back(of_people, folder)
                    edited |= {f"{kind}/{name}/{file}": issued for file, (issued, _) in of_people.items()}
                    done.setdefault(own.audience, []).append(target)
                    note = made if isinstance(made, str) else ""
                    changes = made.changes if made and not note else ()
                    if made and not note:
                        keep_proposal(own.data, made.proposal)
                        keep_issued(own.data, made.issued)
                except WerkbankError as error:
                    yield Outcome(name, "failed", str(error))
                else:
                    note = f"Van mensen, en blijft zoals het is: {listing(of_people)}." if of_people else note
                    yield Outcome(name, "made", note, changes, target)
            if kind == MONITOR and done:
                yield from _district_rounds(done)
        finally:
            if done:
                _record(parameters, done, edited)


def _handed_out(folder: Path, place: str, parameters: Parameters) -> Iterator[tuple[str, Path]]:
    """Put the version of each audience where its copies are, and take away one that it may not have any more."""
    for audience in load_catalogue(parameters.catalogue_path).audiences:
        target = parameters.model_copy(update={"audience": audience.id}).output_folder.parent / place
        version = folder / VERSIONS / audience.id
        if version.is_dir():
            with whole_folder(target) as theirs:
                for file in version.iterdir():
                    file.replace(theirs / file.name)
            yield audience.id, target
        elif not audience.owner:
            shutil.rmtree(target, ignore_errors=True)
    shutil.rmtree(folder / VERSIONS, ignore_errors=True)


def _of_people(folder: Path, parameters: Parameters) -> dict[str, tuple[str, bytes]]:
    """The files in a plan's folder that are not as they were made, and those that people put there.

    Each with the sha256 of when it was made, empty where it never was, and what is in it; without the page, and without
    what a word processor keeps beside an open file.
    """
    try:
        found = read_manifest(records_folder(parameters) / MANIFEST)
    except DamagedManifestError:
        found = None
    issued = found[0].files if found else {}
    place = folder.relative_to(records_folder(parameters)).as_posix()
    paths = [path for path in sorted(folder.glob("[!~.]*")) if path.is_file() and path.name != FOLLOW_UPS[PLANS]]
    contents = {path.name: (issued.get(f"{place}/{path.name}", ""), path.read_bytes()) for path in paths}
    return {name: (known, own) for name, (known, own) in contents.items() if sha256(own).hexdigest() != known}


def _put_back(edited: Mapping[str, tuple[str, bytes]], folder: Path) -> None:
    """What people edited as it was, and the new file beside it under the first number that is free."""
    for new in sorted(folder.glob("*.docx")) if edited else ():
        numbered = (new.name, *(f"{new.stem}-{number}.docx" for number in range(2, len(edited) + 2)))
        new.rename(folder / next(name for name in numbered if name not in edited))
    for name, (_, content) in edited.items():
        (folder / name).write_bytes(content)


def _record(parameters: Parameters, made: Mapping[str, Sequence[Path]], edited: Mapping[str, str]) -> None:
    """Take in the folders of plans and comparisons that were made, and let every page name what is decided now.

    Also in what was made for others of the round. What the index tells of the batch stays. Of a file that people edited
    the manifest keeps what it was when it was made.
    """
    for audience in load_catalogue(parameters.catalogue_path).audiences:
        own = load_parameters(parameters.municipality, round=parameters.round, audience=audience.id)
        theirs = made.get(own.audience, ())
        if theirs or (records_folder(own) / MANIFEST).is_file():
            _record_one(Ledger(own), own, theirs, edited if audience.owner else {})


def _record_one(ledger: Ledger, parameters: Parameters, made: Sequence[Path], edited: Mapping[str, str]) -> None:
    # One that was taken away as a whole, as its maker is asked to do, is missed no longer.
    for folder in {name.rpartition("/")[0] for name in ledger.files if name.split("/")[0] in FOLLOW_UPS}:
        if not (ledger.beside / folder).is_dir():
            ledger.forget(folder)
    ledger.add(*made)
    ledger.files |= edited
    show_decided(ledger, parameters)
    ledger.write(finished=True)


def _follow_ups(parameters: Parameters) -> Iterator[FollowUp]:
    """What the index leads to: the answers before the round, and the plans and comparisons beside its analyses."""
    from werkbank.report.index import FollowUp  # noqa: PLC0415

    beside, names = parameters.output_folder.parent, place_names()
    for slug in municipality_slugs(parameters.workspace):
        with contextlib.suppress(WerkbankError):  # what is wrong with its parameters or a plan is said elsewhere
            own = load_parameters(slug, round=parameters.round)
            if answers := answered(own):
                still = len(intake_questions()) - len(answers)
                told = f"{intake_summary(answers)}{f'; nog {still} open' if still else ''}"
                yield FollowUp("intake", f"{own.name} ({told})", "")
    mark = " (fictief)" if parameters.marked_fictional else ""
    for kind, page in FOLLOW_UPS.items():
        for path in sorted((beside / kind).glob(f"*/{page}")):
            code = path.parent.name
            name = f"district {parameters.district}" if code == DISTRICT else names.get(code, code)
            told = f"{name} ({code})" if kind == "plans" and name != code else f"{name}{mark}"
            yield FollowUp(kind, told, path.relative_to(beside).as_posix())
