"""The batch: some municipalities at a time, only where something changed, one that fails never stopping another."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkbank.assessment.choosing import any_parameters, chosen_audience, chosen_municipalities, find_park
from werkbank.assessment.decisions import recorded_selections
from werkbank.assessment.district import CONTEXT_FILE, HANDED_OVER, contexts_document
from werkbank.assessment.inputs import missing_names, own_matrix
from werkbank.assessment.reference_cases import FILE_NAME as CASES
from werkbank.assessment.reference_cases import require_cases
from werkbank.batch.manifest import DISTRICT, RIEC, Failure, Ledger, Record, hashes_of
from werkbank.batch.outcome import (
    BatchResult,
    Outcome,
    entry_of,
    keep_failure,
    notes_of,
    record_follow_ups,
    write_index,
)
from werkbank.batch.stamp import Stamp, Stamps, changed_parts, why_anew
from werkbank.batch.worker import TIMEOUT, Workers
from werkbank.errors import (
    LegalBasisError,
    MatrixError,
    OutputError,
    ParametersError,
    RegisterError,
    WerkbankError,
    unforeseen,
)
from werkbank.files.canonical import canonical_json
from werkbank.files.whole import only_batch, whole_file, whole_folder
from werkbank.parks.register import load_parks
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import listing

if TYPE_CHECKING:
    from werkbank.batch.cluster import Cluster
    from werkbank.report.index import IndexEntry

__all__ = ["checked_municipalities", "left_over_plans", "make_monitors", "make_plans", "run_batch"]

FAILED = "failed"


Report = Callable[[str, Outcome | None], None]


def run_batch(  # noqa: PLR0913 - what can be asked, each by name
    workspace: Path,
    municipalities: Sequence[str],
    *,
    audience: str = RIEC,
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
    _set_workspace(workspace)
    cluster = None
    if dask is not None:
        from werkbank.batch.cluster import Cluster  # noqa: PLC0415  an optional extra

        cluster = Cluster(dask)
    try:
        batch = _Batch(
            workspace, tuple(municipalities), strict, force, timeout, today or dt.date.today(), report, cluster
        )
        batch.read_parameters(audience)
        return batch.run(cluster.threads if cluster else jobs)
    finally:
        if cluster:
            cluster.close()


def _set_workspace(workspace: Path) -> None:
    """Processes start with the variables of this one; they are to find the same workspace."""
    os.environ["WERKBANK_WORKSPACE"] = str(workspace)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"


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

    def __post_init__(self) -> None:
        self.notebooks = self.workspace / "notebooks"

    def read_parameters(self, audience: str) -> None:
        """Those of the whole district, asked or not: the index and the context are about all of it."""
        for slug in dict.fromkeys((*self.asked, *municipality_slugs(self.workspace))):
            try:
                self.parameters[slug] = load_parameters(slug, audience=audience)
            except WerkbankError as error:
                self.refusals[slug] = error

    def run(self, jobs: int) -> BatchResult:
        """Do what was asked, so many at a time."""
        if not self.parameters:  # there is not even a place for the output
            return BatchResult(tuple(self._refused(slug) for slug in self.asked), None, notes_of(self.asked))
        first = self.parameters[min(self.parameters)]  # whatever the order in which they were asked
        with only_batch(first.output), Workers() as workers:
            ledger = Ledger(first, self.asked, jobs, forced=self.force)
            self._hand_over(ledger)
            outcomes = {}
            for outcome in self._outcomes(workers, ledger, jobs):
                outcomes[outcome.name] = outcome
                ledger.put(outcome.name, outcome.record or Failure(outcome.reason, outcome.seconds))
                self.report(outcome.name, outcome)
            self.report("het overzicht", None)
            fault = self._district(workers, first, ledger, outcomes.values())
            notes = (*notes_of(self.asked), *filter(None, [ledger.note, fault]))
            index = write_index(ledger, first, self._entries(ledger, outcomes), notes, self.today)
            ledger.write(finished=True)
        return BatchResult(tuple(outcomes[slug] for slug in self.asked), index, notes)

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

    def _hand_over(self, ledger: Ledger) -> None:
        """Stamp every municipality, and keep the district's contexts where notebooks find them."""
        stamps = Stamps(self.notebooks / "analyse.ipynb", self.today)
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

    def _outcome(self, workers: Workers, ledger: Ledger, slug: str) -> Outcome:
        """Make one analysis, or keep it; a failure is an outcome too, and its reason is kept beside the manifest."""
        if slug not in self.stamps:
            return self._refused(slug)
        parameters, stamp, record = self.parameters[slug], self.stamps[slug], ledger.units.get(slug)
        start, failed, folder = time.monotonic(), ledger.folder / FAILED, parameters.output_folder
        why: tuple[str, ...] = ()
        try:
            why = self._why(record, parameters, stamp, failed=slug in ledger.failures)
            if why:
                self.report(slug, None)
            if self.strict:
                _check_strictly(parameters)
            if why or record is None:
                record = self._made(workers, parameters, stamp, record, why)
            # What counts of its inputs may not have changed, and the files have: they belong to it as they are now.
            record = replace(record, inputs=dict(stamp.files))
        except Exception as fault:  # noqa: BLE001  a fault in one municipality never stops another
            error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
            keep_failure(failed, parameters, error)
            seconds = round(time.monotonic() - start, 3)
            return Outcome(slug, "failed", str(error), why, folder, seconds=seconds)
        shutil.rmtree(failed / slug, ignore_errors=True)
        with contextlib.suppress(OSError):
            failed.rmdir()
        seconds = record.seconds if why else 0.0
        return Outcome(slug, "made" if why else "kept", "", why, folder, record, seconds)

    def _why(self, record: Record | None, parameters: Parameters, stamp: Stamp, *, failed: bool) -> tuple[str, ...]:
        catalogue = load_catalogue(parameters.catalogue_path)
        return why_anew(record, stamp, parameters.output_folder, catalogue, failed=failed, forced=self.force)

    def _refused(self, slug: str) -> Outcome:
        """A municipality that cannot even begin."""
        own = self.parameters.get(slug)
        return Outcome(slug, "failed", str(self.refusals[slug]), folder=own.output_folder if own else None)

    def _made(
        self, workers: Workers, parameters: Parameters, stamp: Stamp, before: Record | None, why: tuple[str, ...]
    ) -> Record:
        start = time.monotonic()
        # The day when this outcome was first made, for equal inputs give equal pages.
        day = dt.date.fromisoformat(before.made) if before and before.parts == stamp.parts else self.today
        with whole_folder(parameters.output_folder) as folder:
            facts = asdict(self._fill(workers, parameters, folder, day))
            _refuse_another(facts.pop("sources"), stamp)
            outputs = hashes_of(folder)
        return Record(
            parts=dict(stamp.parts),
            inputs=dict(stamp.files),
            outputs=outputs,
            made=day.isoformat(),
            seed=parameters.method.seed,
            seconds=round(time.monotonic() - start, 3),
            why=why,
            **facts,
        )

    def _fill(self, workers: Workers, parameters: Parameters, folder: Path, day: dt.date) -> Any:
        stamp = self.stamps[parameters.municipality]
        # Notes are read from the register, which does not travel: what has them is made here.
        if self.cluster and "notes" not in stamp.parts:
            return self.cluster.fill(parameters, stamp, folder, day, self.timeout, self.environment.get(HANDED_OVER))
        return workers.fill("analyse", parameters, folder, day, environment=self.environment, timeout=self.timeout)

    def _district(self, workers: Workers, first: Parameters, ledger: Ledger, outcomes: Iterable[Outcome]) -> str:
        """Make the district's folder, or keep it where no analysis was made; why it could not be made, if so."""
        folder = first.output_folder.parent / DISTRICT
        if first.audience != RIEC or not (self.notebooks / f"{DISTRICT}.ipynb").is_file():
            return ""
        try:
            if any(outcome.state == "made" for outcome in outcomes) or not (folder / f"{DISTRICT}.html").is_file():
                with whole_folder(folder) as new:
                    workers.fill(DISTRICT, first, new, self.today)
        except WerkbankError as error:
            return f"Het overzicht van het district is niet gemaakt. {error}"
        ledger.add(folder)
        return ""

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
            yield from changed_parts(
                record, self.stamps[slug].parts, load_catalogue(self.parameters[slug].catalogue_path)
            )


def _check_strictly(parameters: Parameters) -> None:
    """Refuse to begin on anything less than whole and faultless matrices. Raises MatrixError."""
    catalogue = load_catalogue(parameters.catalogue_path)
    missing = missing_names(parameters, catalogue)
    if missing:
        what = "ontbreekt een werkmap" if len(missing) == 1 else "ontbreken werkmappen"
        raise MatrixError(f"Er {what}: {listing(missing)}.")
    parks = load_parks(parameters.data / "parks.csv")
    own_matrix(parameters, catalogue, parks, strict=True)


def _refuse_another(sources: Iterable[tuple[str, str]], stamp: Stamp) -> None:
    """A workbook that was replaced while it was read belongs to neither analysis."""
    known = set(stamp.files.values())
    for file, sha256 in sources:
        if sha256 not in known:
            raise OutputError(
                f"{file} is veranderd terwijl de analyse werd gemaakt. Maak de analyse opnieuw; "
                "sla werkmappen op voordat u begint."
            )


def checked_municipalities(chosen: Sequence[str], audience: str) -> tuple[str, ...]:
    """The municipalities that were chosen, or all, with what they share checked before anything starts.

    The register of parks, the catalogue and the agreed cases concern every municipality: a fault there stops the
    batch. One whose own parameters are wrong is left to its own failure. Raises WerkbankError.
    """
    municipalities = chosen_municipalities(chosen) or municipality_slugs(find_workspace())
    chosen_audience(audience)
    errors: list[ParametersError] = []
    for municipality in municipalities:
        try:
            parameters = load_parameters(municipality)
        except ParametersError as error:
            errors.append(error)
            continue
        catalogue = load_catalogue(parameters.catalogue_path)
        load_parks(parameters.data / "parks.csv")
        require_cases(parameters.data / CASES, catalogue, parameters.method, parameters.parties)
        return municipalities
    raise errors[0]


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
    slugs = checked_municipalities(chosen, RIEC)
    return _follow("monitor", "monitor", [(slug, "", load_parameters(slug)) for slug in slugs])


def left_over_plans() -> Iterator[Path]:
    """The folders of plans in this round that no selection stands behind any more."""
    plans = any_parameters().output_folder.parent / "plans"
    selected = {park_id for _, park_id in _selected_parks()}
    if plans.is_dir():
        yield from sorted(folder for folder in plans.iterdir() if folder.is_dir() and folder.name not in selected)


def _selected_parks() -> Iterator[tuple[str, str]]:
    for municipality in checked_municipalities((), RIEC):
        for selection in recorded_selections(load_parameters(municipality)):
            yield municipality, selection.park_id


def _follow(notebook: str, kind: str, wanted: Sequence[tuple[str, str, Parameters]]) -> Iterator[Outcome]:
    """Make what follows an analysis, one after another; one that fails never stops the next.

    What was made is in the manifest afterwards, and the index leads to it; also when the next one is broken off.
    """
    parameters, done = any_parameters(), list[Path]()
    _set_workspace(parameters.workspace)
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
                record_follow_ups(Ledger(parameters), parameters, done)
