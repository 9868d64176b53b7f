"""The manifest under way: after every municipality it says what is done, so that a killed batch loses little."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from werkbank.batch.manifest import (
    EARLIER,
    MANIFEST,
    DamagedManifestError,
    Failure,
    Manifest,
    Record,
    Run,
    last_kept,
    put_manifest,
    read_manifest,
    records_folder,
)
from werkbank.batch.outcome import Outcome
from werkbank.batch.sockets import clear_sockets
from werkbank.batch.stamp import versions
from werkbank.files.whole import mend
from werkbank.settings.parameters import Parameters

__all__ = ["Ledger"]

_PAUSE = 1.0
"""Seconds between two writings; of a killed batch at most what this long took is done anew."""


class Ledger:
    """What the batch of one round and audience has made so far, from the manifest before it on."""

    def __init__(self, parameters: Parameters, asked: Sequence[str], *, jobs: int, forced: bool) -> None:
        self.folder = records_folder(parameters)
        self.note = ""
        clear_sockets()
        mend(self.folder)
        mend(parameters.output_folder.parent)
        before = self._before()
        run = Run(uuid.uuid4().hex[:12], _now(), None, jobs, tuple(asked), forced)
        self._manifest = Manifest(
            round=parameters.round,
            audience=parameters.audience,
            run=run,
            previous=before[1] if before else last_kept(self.folder) if self.note else None,
            versions=versions(),
            units=dict(before[0].units) if before else {},
            failures=dict(before[0].failures) if before else {},
            files=dict(before[0].files) if before else {},
            context_inputs=dict(before[0].context_inputs) if before else {},
        )
        self._written = 0.0

    def _before(self) -> tuple[Manifest, str] | None:
        """The manifest that this one follows on; a damaged one is put aside, and everything is made anew."""
        path = self.folder / MANIFEST
        try:
            return read_manifest(path)
        except DamagedManifestError as error:
            aside = self.folder / EARLIER / f"beschadigd-{uuid.uuid4().hex[:8]}.json"
            aside.parent.mkdir(parents=True, exist_ok=True)
            path.replace(aside)
            self.note = f"{error} Het staat nu in {EARLIER}/{aside.name}; elke analyse wordt opnieuw gemaakt."
            return None

    def record(self, municipality: str) -> Record | None:
        """What the manifest says of a municipality's analysis; None when it says nothing."""
        return self._manifest.units.get(municipality)

    def failed(self, municipality: str) -> bool:
        """Whether it failed the last time."""
        return municipality in self._manifest.failures

    def put(self, outcome: Outcome) -> None:
        """Take in how one municipality ended, and write it down unless that was done a moment ago."""
        units, failures = dict(self._manifest.units), dict(self._manifest.failures)
        failures.pop(outcome.municipality, None)
        if outcome.record is not None:
            units[outcome.municipality] = outcome.record
        else:
            failures[outcome.municipality] = Failure(outcome.reason, outcome.seconds)
        self._manifest = dataclasses.replace(self._manifest, units=units, failures=failures)
        if time.monotonic() - self._written > _PAUSE:
            self.write()

    def add(self, files: Mapping[Path, str], context_inputs: Mapping[str, str] | None = None) -> None:
        """Take in files that lie beside the manifest, with their sha256."""
        inputs = self._manifest.context_inputs if context_inputs is None else dict(context_inputs)
        self._manifest = dataclasses.replace(self._manifest, context_inputs=inputs)
        self.add_named({path.name: found for path, found in files.items()})

    def add_named(self, files: Mapping[str, str]) -> None:
        """Take in files by their place beside the manifest, with their sha256."""
        self._manifest = dataclasses.replace(self._manifest, files={**self._manifest.files, **files})

    @property
    def files(self) -> Mapping[str, str]:
        """The files beside the manifest that it names, with their sha256."""
        return self._manifest.files

    def forget(self, names: Iterable[str]) -> None:
        """Leave files out that were taken away on purpose; the manifest before this one still names them."""
        kept = {name: found for name, found in self._manifest.files.items() if name not in set(names)}
        self._manifest = dataclasses.replace(self._manifest, files=kept)

    def write(self, *, finished: bool = False) -> None:
        """Write the manifest in one step."""
        if finished:
            run = dataclasses.replace(self._manifest.run, finished=_now())
            self._manifest = dataclasses.replace(self._manifest, run=run)
        self._manifest = put_manifest(self.folder, self._manifest)
        self._written = time.monotonic()


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
