"""The batch: some municipalities at a time, only where something changed, one that fails never stopping another."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from werkbank.assessment.district import CONTEXT_FILE, HANDED_OVER, contexts_document
from werkbank.batch.analysis import Unit, run_unit
from werkbank.batch.cluster import Cluster, Job
from werkbank.batch.execute import TIMEOUT, warm_kernels
from werkbank.batch.failures import FAILED
from werkbank.batch.follow_up import follow_ups
from werkbank.batch.index import Row, write_index
from werkbank.batch.ledger import Ledger
from werkbank.batch.outcome import BatchResult, Outcome, notes_of
from werkbank.batch.pool import in_threads
from werkbank.batch.press import Press, open_press
from werkbank.batch.provisioner import WarmKernels
from werkbank.batch.reasons import changed_parts, why_anew
from werkbank.batch.stamp import Stamp, Stamps, file_name, source_of_werkbank, versions
from werkbank.batch.together import DISTRICT_FILES, make_district
from werkbank.batch.told import Told
from werkbank.batch.unit import fill_folder
from werkbank.errors import LegalBasisError, OutputError, WerkbankError
from werkbank.files.canonical import canonical_json
from werkbank.files.whole import only_batch, sha256_of, whole_file
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters, municipality_slugs

__all__ = ["Report", "run_batch"]

Report = Callable[[str, Outcome | None], None]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What was asked, and the district as far as it can be read: parameters and stamps, or why there are none."""

    workspace: Path
    asked: tuple[str, ...]
    audience: str
    jobs: int
    strict: bool
    force: bool
    timeout: float
    today: dt.date
    report: Report
    cluster: Cluster | None = None
    parameters: dict[str, Parameters] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    refusals: dict[str, WerkbankError] = field(default_factory=dict)

    @property
    def notebooks(self) -> Path:
        return self.workspace / "notebooks"


def run_batch(  # noqa: PLR0913 - what can be asked, each by name
    workspace: Path,
    municipalities: Sequence[str],
    *,
    audience: str = "riec",
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
    # Kernels start in the folder of the caller; they are to find the same workspace as the batch.
    os.environ["WERKBANK_WORKSPACE"] = str(workspace)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"
    day = today or dt.date.today()
    cluster = Cluster(dask) if dask is not None else None
    jobs = cluster.threads if cluster else jobs
    batch = _Batch(workspace, tuple(municipalities), audience, jobs, strict, force, timeout, day, report, cluster)
    _read_parameters(batch)
    try:
        return _run_all(batch) if batch.parameters else _none(batch)
    finally:
        if cluster:
            cluster.close()


def _none(batch: _Batch) -> BatchResult:
    """Nobody's parameters can be read: there is not even a place for the output."""
    return BatchResult(tuple(_refused(batch, slug) for slug in batch.asked), None, notes_of(batch.asked))


def _run_all(batch: _Batch) -> BatchResult:
    first = batch.parameters[min(batch.parameters)]  # whatever the order in which they were asked
    with only_batch(first.output), _kernels(batch) as kernels, open_press() as press:
        ledger = Ledger(first, batch.asked, jobs=batch.jobs, forced=batch.force)
        environment = _hand_over(batch, ledger)
        outcomes: dict[str, Outcome] = {}
        for outcome in in_threads(
            _work(batch, ledger, environment), batch.jobs, stop=partial(_stop, batch, kernels, press)
        ):
            outcomes[outcome.municipality] = outcome
            ledger.put(outcome)
            batch.report(outcome.municipality, outcome)
        ordered = {slug: outcomes[slug] for slug in batch.asked}
        batch.report("het overzicht", None)
        district, told = make_district(first, batch.notebooks, outcomes.values(), batch.today)
        ledger.add_named(district)
        notes = (*notes_of(batch.asked), *filter(None, [kernels.note if kernels else "", ledger.note, told]))
        rows, page = _rows(batch, ledger, ordered), [name if name in district else "" for name in DISTRICT_FILES]
        more = tuple(follow_ups(first))
        index = write_index(rows, first, today=batch.today, notes=notes, together=page, follow_ups=more)
        ledger.add({index: sha256_of(index)} if index else {})
        ledger.write(finished=True)
    return BatchResult(tuple(ordered.values()), index, notes)


def _kernels(batch: _Batch) -> AbstractContextManager[WarmKernels | None]:
    """The kernels of this machine; a cluster has its own."""
    return nullcontext() if batch.cluster else warm_kernels()


def _stop(batch: _Batch, kernels: WarmKernels | None, press: Press) -> None:
    """End what is busy, here or on the cluster."""
    press.stop()
    if kernels:
        kernels.stop()
    if batch.cluster:
        batch.cluster.close()


def _read_parameters(batch: _Batch) -> None:
    """The parameters of the whole district, asked or not: the index and the context are about all of it."""
    for slug in dict.fromkeys((*batch.asked, *municipality_slugs(batch.workspace))):
        try:
            batch.parameters[slug] = load_parameters(slug, audience=batch.audience)
        except WerkbankError as error:
            batch.refusals[slug] = error


def _hand_over(batch: _Batch, ledger: Ledger) -> Mapping[str, str]:
    """Stamp every municipality, keep the district's contexts, and say where kernels find them."""
    stamps = Stamps(batch.notebooks / "analyse.ipynb", batch.today)
    for slug, parameters in batch.parameters.items():
        try:
            batch.stamps[slug] = stamps.of(parameters)
        except WerkbankError as error:
            batch.refusals[slug] = error
    if not stamps.contexts:
        return {}
    path = ledger.folder / CONTEXT_FILE
    whole_file(path, canonical_json(contexts_document(stamps.contexts)).encode())
    ledger.add({path: sha256_of(path)}, stamps.context_files)
    return {HANDED_OVER: str(path)}


def _work(batch: _Batch, ledger: Ledger, environment: Mapping[str, str]) -> Iterator[Callable[[], Outcome]]:
    """What is to be done for each municipality that was asked, those that need nothing included."""
    for slug in batch.asked:
        if slug in batch.stamps:
            unit = _unit(batch, ledger, slug)
            yield partial(_run, batch, unit, environment, ledger.folder / FAILED)
        else:
            yield partial(_refused, batch, slug)


def _unit(batch: _Batch, ledger: Ledger, slug: str) -> Unit:
    parameters, stamp, record = batch.parameters[slug], batch.stamps[slug], ledger.record(slug)
    catalogue = load_catalogue(parameters.catalogue_path)
    folder, failed = parameters.output_folder, ledger.failed(slug)
    why = why_anew(record, stamp, folder, catalogue, failed=failed, forced=batch.force)
    return Unit(parameters, stamp, why, record)


def _run(batch: _Batch, unit: Unit, environment: Mapping[str, str], failed: Path) -> Outcome:
    if unit.why:
        batch.report(unit.slug, None)
    fill = partial(_fill, batch, environment)
    return run_unit(unit, fill, batch.today, failed, strict=batch.strict)


def _fill(batch: _Batch, environment: Mapping[str, str], parameters: Parameters, folder: Path, day: dt.date) -> Told:
    # Notes are read from the register, which does not travel: what has them is made here.
    if batch.cluster and "notes" not in batch.stamps[parameters.municipality].parts:
        return batch.cluster.fill(_job(batch, parameters, environment, day), parameters, folder)
    return fill_folder(parameters, batch.notebooks, folder, day, environment=environment, timeout=batch.timeout)


def _job(batch: _Batch, parameters: Parameters, environment: Mapping[str, str], day: dt.date) -> Job:
    """What a worker needs: the files of one municipality, all names of municipalities, and the context."""
    stamp, workspace = batch.stamps[parameters.municipality], batch.workspace
    shared = [*(workspace / "parameters").glob("*.yaml"), *map(Path, environment.values())]
    files = {file_name(path, parameters): sha256_of(path) for path in shared} | dict(stamp.files)
    if any(not (workspace / name).resolve().is_relative_to(workspace.resolve()) for name in files):
        raise OutputError("Met --dask moeten alle gegevens in de map van de werkbank staan.")
    matrices = parameters.data / "matrices" / parameters.round
    beside = (path for path in matrices.iterdir() if path.is_file()) if "strays" in stamp.parts else ()
    context = environment.get(HANDED_OVER)
    return Job(
        municipality=parameters.municipality,
        audience=parameters.audience,
        made=day,
        timeout=batch.timeout,
        files=files,
        names_only=tuple(name for path in beside if (name := file_name(path, parameters)) not in files),
        context=file_name(Path(context), parameters) if context else "",
        werkbank=source_of_werkbank(),
        versions=versions(),
    )


def _refused(batch: _Batch, slug: str) -> Outcome:
    """A municipality that cannot even begin."""
    parameters = batch.parameters.get(slug)
    return Outcome(slug, "failed", str(batch.refusals[slug]), folder=parameters.output_folder if parameters else None)


def _rows(batch: _Batch, ledger: Ledger, outcomes: Mapping[str, Outcome]) -> Iterator[Row]:
    for slug in municipality_slugs(batch.workspace):
        parameters, record = batch.parameters.get(slug), ledger.record(slug)
        changed: tuple[str, ...] = ()
        if record is not None and slug not in outcomes:
            changed = tuple(_since(batch, slug, parameters, ledger))
        name = parameters.name if parameters else slug
        yield Row(slug, name, outcomes.get(slug), record, changed)


def _since(batch: _Batch, slug: str, parameters: Parameters | None, ledger: Ledger) -> Iterator[str]:
    """What changed since the analysis of a municipality that was not asked for."""
    record = ledger.record(slug)
    if parameters is None:
        yield "de parameters zijn niet meer te lezen"
    elif slug not in batch.stamps:
        lapsed = isinstance(batch.refusals[slug], LegalBasisError)
        yield "er is geen geldige grondslag meer" if lapsed else "de gegevens zijn niet meer te lezen"
    elif record is not None:
        yield from changed_parts(record, batch.stamps[slug].parts, load_catalogue(parameters.catalogue_path))
