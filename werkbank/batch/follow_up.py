"""What follows the analyses of a round: the index, the district's own pages, project plans and comparisons of rounds.

The index is the manifest for people. It is made for the RIEC alone: it names the highest park of every municipality,
which is for none of them to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.assessment.choosing import any_parameters, find_park, place_names
from werkbank.assessment.decisions import recorded_selections
from werkbank.batch.manifest import DISTRICT, FOLLOW_UPS, Ledger, Record
from werkbank.batch.outcome import Outcome
from werkbank.batch.stamp import checked_municipalities
from werkbank.batch.worker import Workers
from werkbank.errors import RegisterError, WerkbankError
from werkbank.files.whole import only_batch, whole_file, whole_folder
from werkbank.report.terms import legal_basis_line
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import share_workspace
from werkbank.wording import listing

if TYPE_CHECKING:
    from werkbank.report.index import FollowUp, IndexEntry

__all__ = ["entry_of", "make_district", "make_monitors", "make_plans", "write_index"]

INDEX = "index.html"
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
    if parameters.audience != owner_code() or not notebook.is_file():
        return ""
    try:
        if anew or not (folder / f"{DISTRICT}.html").is_file():
            with whole_folder(folder) as new:
                workers.fill(DISTRICT, parameters, new, day)
    except WerkbankError as error:
        return f"Het overzicht van het district is niet gemaakt. {error}"
    ledger.add(folder)
    return ""


def make_plans(words: Sequence[str]) -> Iterator[Outcome]:
    """The project plans of the named parks, or of every selected park of the round.

    Raises RegisterError for a word that is no park, and when nothing was selected at all.
    """
    parks = [find_park(word) for word in words] or list(_selected_parks())
    if not parks:
        raise RegisterError(
            "Er is in deze ronde nog geen terrein gekozen, dus er is geen projectplan te maken. "
            "Leg eerst een besluit vast: werkbank select TERREIN --reason … --by …"
        )
    return _follow("projectplan", "plans", [(park, park, load_parameters(slug)) for slug, park in parks])


def make_monitors(chosen: Sequence[str]) -> Iterator[Outcome]:
    """The comparison of two rounds for the chosen municipalities, or for all. Raises WerkbankError on wrong use."""
    slugs = checked_municipalities(chosen)
    return _follow("monitor", "monitor", [(slug, "", load_parameters(slug)) for slug in slugs])


def _selected_parks() -> Iterator[tuple[str, str]]:
    for municipality in checked_municipalities():
        for selection in recorded_selections(load_parameters(municipality)):
            yield municipality, selection.park_id


def _follow(notebook: str, kind: str, wanted: Sequence[tuple[str, str, Parameters]]) -> Iterator[Outcome]:
    """Make what follows an analysis, one after another; one that fails never stops the next.

    What was made is in the manifest afterwards, and the index leads to it; also when the next one is broken off.
    """
    parameters, done = any_parameters(), list[Path]()
    share_workspace(parameters.workspace)
    with only_batch(parameters.output), Workers() as workers:
        try:
            for name, park, own in wanted:
                target = own.output_folder.parent / kind / name
                try:
                    with whole_folder(target) as folder:
                        workers.fill(notebook, own, folder, park=park)
                except WerkbankError as error:
                    yield Outcome(name, "failed", str(error))
                else:
                    done.append(target)
                    yield Outcome(name, "made", folder=target)
        finally:
            if done:
                _record(Ledger(parameters), parameters, done)


def _record(ledger: Ledger, parameters: Parameters, made: Sequence[Path]) -> None:
    """Take in the folders of plans and comparisons that were made; what the index tells of the batch stays."""
    # One that was taken away as a whole, as its maker is asked to do, is missed no longer.
    for folder in {name.rpartition("/")[0] for name in ledger.files if name.split("/")[0] in FOLLOW_UPS}:
        if not (ledger.folder / folder).is_dir():
            ledger.forget(folder)
    ledger.add(*made)
    index = ledger.folder / INDEX
    if index.is_file():
        from werkbank.report.index import with_follow_ups  # noqa: PLC0415

        page = with_follow_ups(index.read_text(encoding="utf-8"), tuple(_follow_ups(parameters)))
        whole_file(index, page.encode())
        ledger.add(index)
    ledger.write(finished=True)


def _follow_ups(parameters: Parameters) -> Iterator[FollowUp]:
    """The plans and comparisons that stand beside the analyses of this round, with what they are called."""
    from werkbank.report.index import FollowUp  # noqa: PLC0415

    beside, names = parameters.output_folder.parent, place_names()
    mark = " (fictief)" if parameters.marked_fictional else ""
    for kind, page in FOLLOW_UPS.items():
        for path in sorted((beside / kind).glob(f"*/{page}")):
            code = path.parent.name
            name = names.get(code, code)
            told = f"{name} ({code})" if kind == "plans" and name != code else f"{name}{mark}"
            yield FollowUp(kind, told, path.relative_to(beside).as_posix())
