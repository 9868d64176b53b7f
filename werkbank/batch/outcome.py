"""What comes of a batch: how each municipality ended, what is kept of it, the index, and the plans and comparisons.

The index is the manifest for people. It is made for the RIEC alone: it names the highest park of every municipality,
which is for none of them to see.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.choosing import any_parameters, find_park, place_names
from werkbank.assessment.decisions import recorded_selections
from werkbank.assessment.inputs import input_errors, stray_files
from werkbank.batch.manifest import DISTRICT, FOLLOW_UPS, Ledger, Record
from werkbank.batch.stamp import checked_municipalities
from werkbank.batch.worker import Workers
from werkbank.errors import Finding, RegisterError, WerkbankError
from werkbank.files.whole import only_batch, whole_file, whole_folder
from werkbank.report.terms import FICTIONAL, legal_basis_line
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import find_workspace, share_workspace
from werkbank.wording import count, listing

if TYPE_CHECKING:
    from werkbank.report.index import FollowUp, IndexEntry

__all__ = ["BatchResult", "Facts", "Outcome", "differences", "entry_of", "facts_of", "keep_failure",
           "left_over_plans", "make_district", "make_monitors", "make_plans", "notes_of", "write_index"]  # fmt: skip

INDEX, REASON = "index.html", "reden.txt"
_FIGURES = ("name", "errors", "parks", "enough", "coverage", "two_sided", "method")
_NAMED = 5
"""How many files are named before the rest is counted."""
_LINES = 3
"""Lines on what differs from the analysis before."""
_MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one municipality, plan or comparison ended: made, kept because nothing changed, or failed with the reason."""

    name: str
    state: Literal["made", "kept", "failed"]
    reason: str = ""
    why: tuple[str, ...] = ()
    """Why it was made anew."""
    folder: Path | None = None
    """Where its files belong; None when its parameters could not be read."""
    record: Record | None = None
    """What the manifest is to say of it; None when it failed."""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """True when there is no analysis of the inputs that are there now."""
        return self.state == "failed"

    @property
    def parks(self) -> int:
        """The parks in its analysis."""
        return int(self.record.shown["parks"]) if self.record else 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors in the input of an analysis that was made all the same; for the analyst, whoever it was for."""
        return tuple(Finding(**finding) for finding in self.record.errors) if self.record else ()


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch made, municipality by municipality, and the page that leads to it; none where that is not made."""

    outcomes: tuple[Outcome, ...]
    index: Path | None
    notes: tuple[str, ...] = ()
    """What is to be known about the batch as a whole: files that nobody reads, weights that do not add up."""

    @property
    def exit_code(self) -> int:
        """0 when everything is there without an error in the input, else 1."""
        return int(any(outcome.failed or outcome.errors for outcome in self.outcomes))


@dataclass(frozen=True, slots=True)
class Facts:
    """What manifest and index tell of an analysis; no judgement is in it.

    `sources` are the workbooks it was made of (name and sha256), `errors` those in every party's input, as dicts,
    `differs` what differs from the analysis before, `shown` the figures of its row of the index.
    """

    fictional: bool
    sources: tuple[tuple[str, str], ...]
    shown: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]
    differs: tuple[str, ...]


def facts_of(assessment: Assessment, parameters: Parameters) -> Facts:
    """What is kept of the analysis that is to take the place of the one in the parameters' output folder."""
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    # Those of a party that is withheld are no longer in the assessment.
    every = input_errors(parameters) if assessment.coarse else errors
    return Facts(
        fictional=assessment.fictional,
        sources=tuple((source.file, source.sha256) for source in assessment.sources),
        shown=_figures(assessment, _errors(assessment, errors)),
        errors=tuple(finding.to_dict() for finding in every),
        differs=differences(assessment, parameters),
    )


def differences(assessment: Assessment, parameters: Parameters) -> tuple[str, ...]:
    """What differs from the analysis that stands there, in three lines; nothing when there is none to compare with."""
    try:
        if not (parameters.output_folder / FILE_NAME).is_file():
            return ()
        found = assessment.compare(Assessment.load(parameters.output_folder))
    except (OSError, WerkbankError):
        return ()
    lines = found.lines if found.same_inputs else found.lines[1:]  # the first line is the reason, told already
    if not lines:
        return ("Geen verschil met de vorige analyse.",)
    if len(lines) <= _LINES:
        return lines
    return (*lines[: _LINES - 1], f"En nog {count(len(lines) - _LINES + 1, 'verschil', 'verschillen')}.")


def _figures(assessment: Assessment, errors: str) -> Mapping[str, Any]:
    parks = assessment.parks
    enough = parks["coverage"] >= assessment.parameters.method.minimum_coverage - 1e-9
    names = parks.set_index("park_id")["name"]
    return {
        "name": assessment.municipality_name,
        "parks": len(parks),
        "enough": int(enough.sum()),
        "advised": [str(names[park]) for park in assessment.advice.park_ids],
        "coverage": float(parks["coverage"].mean()),
        "two_sided": float(parks["two_sided"].mean()),
        "method": assessment.parameters.method.fingerprint[:_MARK],
        "errors": errors,
        "legal_basis": legal_basis_line(assessment.legal_basis),
    }


def _errors(assessment: Assessment, errors: list[Finding]) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    own = assessment.parameters.catalogue
    catalogue = load_catalogue(None if own is None else find_workspace() / own)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = sum(finding.rule != "missing-workbook" for finding in errors)
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen" if errors else ""
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"


def keep_failure(folder: Path, parameters: Parameters, error: WerkbankError) -> None:
    """Write why it failed and how far the notebook came; on a disk that is full the summary still tells.

    It lies with the RIEC, whoever the analysis was for: half a notebook has not passed any filter.
    """
    mark = f"{FICTIONAL}\n\n" if parameters.marked_fictional else ""
    told = f"{mark}De analyse van {parameters.name}, ronde {parameters.round}, is mislukt.\n\n{error}\n"
    with contextlib.suppress(WerkbankError), whole_folder(folder / parameters.municipality) as new:
        (new / REASON).write_text(told, encoding="utf-8")
        if partial_text := getattr(error, "partial", ""):
            nb = json.loads(partial_text)
            nb["cells"].insert(0, {"cell_type": "markdown", "id": "failed", "metadata": {}, "source": told})
            (new / "analyse.ipynb").write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding="utf-8")


def notes_of(municipalities: Iterable[str]) -> tuple[str, ...]:
    """What is to be known about a batch of these as a whole: weights that do not add up, files that nobody reads."""
    from werkbank.report.account import weights_note  # noqa: PLC0415  takes half a second

    readable: list[Parameters] = []
    whose: dict[str, list[str]] = {}
    for slug in municipalities:
        with contextlib.suppress(WerkbankError):  # it has its own refusal
            readable.append(load_parameters(slug))
            whose.setdefault(weights_note(readable[-1].method), []).append(readable[-1].name)
    weights = (f"De gewichten van de groepen tellen niet op ({listing(whose[note])}). {note}" for note in whose if note)
    return (*weights, *(note for one in readable[:1] if (note := _note_on_strays(one))))


def _note_on_strays(parameters: Parameters) -> str:
    """The files of the round that nobody reads, each with the name it may have been meant to have."""
    strays: Mapping[str, str] = {}
    with contextlib.suppress(OSError, WerkbankError):
        strays = stray_files(parameters, load_catalogue(parameters.catalogue_path))
    named = [f"“{name}”{f' (bedoelt u {meant}?)' if meant else ''}" for name, meant in strays.items()]
    rest = [f"nog {len(named) - _NAMED}"] if len(named) > _NAMED else []
    return f"Niet gelezen in de map van ronde {parameters.round}: {listing([*named[:_NAMED], *rest])}." if named else ""


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


def left_over_plans() -> Iterator[Path]:
    """The folders of plans in this round that no selection stands behind any more."""
    plans = any_parameters().output_folder.parent / "plans"
    selected = {park_id for _, park_id in _selected_parks()}
    if plans.is_dir():
        yield from sorted(folder for folder in plans.iterdir() if folder.is_dir() and folder.name not in selected)


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
