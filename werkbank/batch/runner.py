"""The batch: some municipalities at a time, only where something changed, one that fails never stopping another."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.assessment.district import CONTEXT_FILE, HANDED_OVER, contexts_document
from werkbank.assessment.inputs import stray_files
from werkbank.batch.follow_up import make_district, show_decided
from werkbank.batch.index import IndexEntry, entry_of, write_index
from werkbank.batch.manifest import DISTRICT, Failure, Ledger, Outcome, Record
from werkbank.batch.stamp import Stamp, Stamps, changed_parts, check_strictly, keep_returns, unit_notebook, why_anew
from werkbank.batch.worker import TIMEOUT, Workers
from werkbank.errors import LegalBasisError, OutputError, WerkbankError, unforeseen
from werkbank.files.canonical import canonical_json
from werkbank.files.whole import hashes_of, only_batch, whole_file, whole_folder
from werkbank.report.terms import FICTIONAL
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import municipality_slugs, share_workspace
from werkbank.wording import listing

if TYPE_CHECKING:
    from werkbank.batch.cluster import Cluster

FAILED, REASON = "failed", "reden.txt"
_NAMED = 5
"""How many files are named before the rest is counted."""
Report = Callable[[str, Outcome | None], None]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch made, municipality by municipality, and the page that leads to it; none where that is not made."""

    outcomes: tuple[Outcome, ...]
    index: Path | None
    notes: tuple[str, ...] = ()
    """What is to be known about the batch as a whole: files that nobody reads, weights that do not add up."""
    kept: bool = True
    """Whether the returns that were read are kept as they came."""

    @property
    def exit_code(self) -> int:
        """0 when everything is there and kept, without an error in the input, else 1."""
        return int(not self.kept or any(outcome.failed or outcome.errors for outcome in self.outcomes))


def run_batch(  # noqa: PLR0913 - what can be asked, each by name
    workspace: Path,
    municipalities: Sequence[str],
    *,
    audience: str | None = None,
    jobs: int = 2,
    strict: bool = False,
    force: bool = False,
    timeout: float = TIMEOUT,
    dask: str | None = None,
    today: dt.date | None = None,
    report: Report = lambda _name, _outcome: None,
) -> BatchResult:
    """Analyse the municipalities, `jobs` at a time, into `output/<round>/<audience>/`.

    What is whole and rests on equal inputs is kept, unless `force`. `timeout` limits the seconds of one notebook.
    `dask` is the address of a cluster that is to make them; then it says how many at a time.
    `today` stands on the pages as the day they were made. `report` is told when one starts (with None) and how it
    ended. Raises nothing for a municipality that fails: its reason is in the result and on the index page, and what
    stood in its folder before stays. Raises OutputError when another batch is busy.
    """
    share_workspace(workspace)
    cluster = None
    if dask is not None:
        from werkbank.batch.cluster import Cluster  # noqa: PLC0415  an optional extra

        cluster = Cluster(dask)
    try:
        day = today or dt.date.today()
        batch = _Batch(workspace, tuple(municipalities), strict, force, timeout, day, report, cluster)
        return batch.run(audience or owner_code(), cluster.threads if cluster else jobs)
    finally:
        if cluster:
            cluster.close()


@dataclass
class _Batch:
    """What was asked, and the district as far as it can be read: parameters and stamps, or why there are none."""

    workspace: Path
    asked: tuple[str, ...]
    strict: bool
    force: bool
    timeout: float
    today: dt.date
    report: Report
    cluster: Cluster | None
    parameters: dict[str, Parameters] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    refusals: dict[str, WerkbankError] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    notebook: str = ""
    """What is executed for each municipality; nothing for an audience that gets the district alone."""

    def run(self, audience: str, jobs: int) -> BatchResult:
        """Do what was asked, so many at a time."""
        # Of the whole district, asked or not: the index and the context are about all of it.
        for slug in dict.fromkeys((*self.asked, *municipality_slugs(self.workspace))):
            try:
                self.parameters[slug] = load_parameters(slug, audience=audience)
            except WerkbankError as error:
                self.refusals[slug] = error
        if not self.parameters:  # there is not even a place for the output
            return BatchResult(tuple(self._refused(slug) for slug in self.asked), None, notes_of(self.asked))
        first = self.parameters[min(self.parameters)]  # whatever the order in which they were asked
        self.notebook = unit_notebook(first)
        self.asked = self.asked if self.notebook else ()
        with only_batch(first.output), Workers() as workers:
            ledger = Ledger(first, self.asked, jobs, forced=self.force)
            unkept = self._hand_over(ledger, first)
            outcomes = {}
            for outcome in self._outcomes(workers, ledger, jobs):
                outcomes[outcome.name] = outcome
                ledger.put(outcome.name, outcome.record or Failure(outcome.reason, outcome.seconds))
                self.report(outcome.name, outcome)
            self.report("het overzicht", None)
            anew = any(outcome.state == "made" for outcome in outcomes.values())
            fault = make_district(workers, first, ledger, self.today, anew=anew)
            notes = (*notes_of(self.asked), *filter(None, [ledger.note, fault, unkept]))
            index = write_index(ledger, first, self._entries(ledger, outcomes), notes, self.today)
            page = ledger.beside / DISTRICT / f"{DISTRICT}.html"
            index = index or (page if not self.asked and page.is_file() else None)
            show_decided(ledger, first)
            ledger.write(finished=True)
        return BatchResult(tuple(outcomes[slug] for slug in self.asked), index, notes, kept=not unkept)

    def _outcomes(self, workers: Workers, ledger: Ledger, jobs: int) -> Iterator[Outcome]:
        """As they come, `jobs` at a time; broken off, what has not begun does not begin and what is busy is ended."""
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            try:
                for future in as_completed([pool.submit(self._outcome, workers, ledger, slug) for slug in self.asked]):
                    yield future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                workers.stop()
                if self.cluster:
                    self.cluster.close()
                raise

    def _hand_over(self, ledger: Ledger, first: Parameters) -> str:
        """Stamp every municipality, and keep the district's contexts where notebooks find them.

        And what came, as it came; why that could not be done, if so.
        """
        stamps = Stamps(self.workspace / "notebooks" / f"{self.notebook or 'analyse'}.ipynb", self.today)
        for slug, parameters in self.parameters.items():
            try:
                self.stamps[slug] = stamps.of(parameters)
            except WerkbankError as error:
                self.refusals[slug] = error
        if stamps.contexts:
            path = ledger.folder / CONTEXT_FILE
            whole_file(path, canonical_json(contexts_document(stamps.contexts)).encode())
            ledger.add(path)
            ledger.context_inputs = dict(stamps.context_files)
            self.environment = {HANDED_OVER: str(path)}
        every = [stamps.context_files, *(stamp.files for stamp in self.stamps.values())]
        return keep_returns(dict(chain.from_iterable(one.items() for one in every)), first)

    def _outcome(self, workers: Workers, ledger: Ledger, slug: str) -> Outcome:
        """Make one analysis, or keep it; a failure is an outcome too, and its reason is kept beside the manifest."""
        if slug not in self.stamps:
            return self._refused(slug)
        parameters, stamp, record = self.parameters[slug], self.stamps[slug], ledger.units.get(slug)
        start, failed, folder = time.monotonic(), ledger.folder / FAILED, parameters.output_folder
        why: tuple[str, ...] = ()
        try:
            why = why_anew(record, stamp, parameters, failed=slug in ledger.failures, forced=self.force)
            if why:
                self.report(slug, None)
            if self.strict:
                check_strictly(parameters)
            if why or record is None:
                record = self._made(workers, parameters, stamp, record, why)
            # What counts of its inputs may not have changed, and the files have: they belong to it as they are now.
            record = replace(record, inputs=dict(stamp.files))
        except Exception as fault:  # noqa: BLE001  a fault in one municipality never stops another
            error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
            _keep_failure(failed, parameters, error)
            seconds = round(time.monotonic() - start, 3)
            return Outcome(slug, "failed", str(error), why, folder, seconds=seconds)
        shutil.rmtree(failed / slug, ignore_errors=True)
        with contextlib.suppress(OSError):
            failed.rmdir()
        seconds = record.seconds if why else 0.0
        return Outcome(slug, "made" if why else "kept", "", why, folder, record, seconds)

    def _refused(self, slug: str) -> Outcome:
        """A municipality that cannot even begin."""
        own = self.parameters.get(slug)
        return Outcome(slug, "failed", str(self.refusals[slug]), folder=own.output_folder if own else None)

    def _made(
        self, workers: Workers, parameters: Parameters, stamp: Stamp, before: Record | None, why: tuple[str, ...]
    ) -> Record:
        start, limit = time.monotonic(), self.timeout
        # The day when this outcome was first made, for equal inputs give equal pages.
        day = dt.date.fromisoformat(before.made) if before and before.parts == stamp.parts else self.today
        made: Record
        with whole_folder(parameters.output_folder) as folder:
            # Notes and decisions are read from the register, which does not travel: what has them is made here.
            if self.cluster and not {"notes", "decided"} & stamp.parts.keys():
                made = self.cluster.fill(parameters, stamp, folder, day, limit, self.environment.get(HANDED_OVER))
            else:
                made = workers.fill(self.notebook, parameters, folder, day, environment=self.environment, timeout=limit)
            for file, sha256 in made.inputs.items():
                if sha256 not in stamp.files.values():  # replaced while it was read, it belongs to neither analysis
                    raise OutputError(
                        f"{file} is veranderd terwijl de analyse werd gemaakt. Maak de analyse opnieuw; "
                        "sla werkmappen op voordat u begint."
                    )
            rests_on = replace(made, parts=dict(stamp.parts), inputs=dict(stamp.files), outputs=hashes_of(folder))
        return replace(rests_on, made=day.isoformat(), seconds=round(time.monotonic() - start, 3), why=why)

    def _entries(self, ledger: Ledger, outcomes: Mapping[str, Outcome]) -> Iterator[IndexEntry]:
        """The whole district, also who was not asked for or cannot be read."""
        for slug in municipality_slugs(self.workspace):
            parameters, record, outcome = self.parameters.get(slug), ledger.units.get(slug), outcomes.get(slug)
            changed = listing(self._since(slug, record)) if record and not outcome else ""
            yield entry_of(slug, parameters.name if parameters else slug, record, outcome, changed)

    def _since(self, slug: str, record: Record) -> Iterator[str]:
        """What changed since the analysis of a municipality that was not asked for."""
        if slug not in self.parameters:
            yield "de parameters zijn niet meer te lezen"
        elif slug not in self.stamps:
            lapsed = isinstance(self.refusals[slug], LegalBasisError)
            yield "er is geen geldige grondslag meer" if lapsed else "de gegevens zijn niet meer te lezen"
        else:
            yield from changed_parts(record, self.stamps[slug], self.parameters[slug])


def _keep_failure(folder: Path, parameters: Parameters, error: WerkbankError) -> None:
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
