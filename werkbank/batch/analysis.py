"""One municipality of a batch, from the decision whether it is to be made to what the manifest says of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkbank.batch.failures import clear_failure, keep_failure
from werkbank.batch.manifest import Record
from werkbank.batch.outcome import Outcome
from werkbank.batch.stamp import Stamp
from werkbank.batch.told import Told
from werkbank.batch.unit import check_strictly
from werkbank.errors import Finding, OutputError, WerkbankError, unforeseen
from werkbank.files.whole import sha256_of, whole_folder
from werkbank.settings.parameters import Parameters

__all__ = ["Fill", "Unit", "run_unit"]

Fill = Callable[[Parameters, Path, dt.date], Told]
"""Fills a folder with an analysis that is made on a day, here or on another machine."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One municipality with all that decides about it; without a reason (`why`) what stands there is kept."""

    parameters: Parameters
    stamp: Stamp
    why: tuple[str, ...]
    record: Record | None

    @property
    def slug(self) -> str:
        """The municipality's short name."""
        return self.parameters.municipality

    def day(self, today: dt.date) -> dt.date:
        """The day for its page: when this outcome was first made, for equal inputs give equal pages."""
        same = self.record is not None and self.record.parts == self.stamp.parts
        return dt.date.fromisoformat(self.record.made) if same and self.record else today


def run_unit(unit: Unit, fill: Fill, today: dt.date, failed: Path, *, strict: bool) -> Outcome:
    """Make one analysis, or keep it; a failure is an outcome too, and is kept in the folder `failed`."""
    start = time.monotonic()
    try:
        if strict:
            check_strictly(unit.parameters)
        outcome = _made(unit, fill, today, start) if unit.why else _kept(unit)
    except Exception as fault:  # noqa: BLE001  a fault in one municipality never stops another
        error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
        keep_failure(failed, unit.parameters, error)
        seconds = round(time.monotonic() - start, 3)
        return Outcome(unit.slug, "failed", str(error), unit.why, folder=unit.parameters.output_folder, seconds=seconds)
    clear_failure(failed, unit.parameters)
    return outcome


def _made(unit: Unit, fill: Fill, today: dt.date, start: float) -> Outcome:
    parameters, day = unit.parameters, unit.day(today)
    with whole_folder(parameters.output_folder) as folder:
        told = fill(parameters, folder, day)
        _refuse_another(told, unit.stamp)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        outputs = {file.relative_to(folder).as_posix(): sha256_of(file) for file in files}
    record = Record(
        parts=dict(unit.stamp.parts),
        inputs=dict(unit.stamp.files),
        outputs=outputs,
        made=day.isoformat(),
        seed=parameters.method.seed,
        fictional=told.fictional,
        seconds=round(time.monotonic() - start, 3),
        why=unit.why,
        differs=told.differs,
        errors=tuple(dict(finding) for finding in told.errors),
        shown=told.shown,
    )
    return _outcome(unit, "made", record)


def _kept(unit: Unit) -> Outcome:
    assert unit.record is not None  # noqa: S101  without a record there is a reason to make it
    record = _with_inputs(unit.record, unit.stamp.files)
    return _outcome(unit, "kept", record)


def _with_inputs(record: Record, files: Mapping[str, str]) -> Record:
    """What counts of its inputs did not change; the files themselves may have, and belong to it as they are now."""
    fields: dict[str, Any] = {name: getattr(record, name) for name in Record.__dataclass_fields__}
    return Record(**{**fields, "inputs": dict(files)})


def _outcome(unit: Unit, state: Any, record: Record) -> Outcome:
    return Outcome(
        unit.slug,
        state,
        why=unit.why,
        parks=int(record.shown["parks"]),
        errors=tuple(Finding(**finding) for finding in record.errors),
        folder=unit.parameters.output_folder,
        record=record,
        seconds=record.seconds if state == "made" else 0.0,
    )


def _refuse_another(told: Told, stamp: Stamp) -> None:
    """A workbook that was replaced while it was read belongs to neither analysis."""
    known = set(stamp.files.values())
    for file, sha256 in told.sources:
        if sha256 not in known:
            raise OutputError(
                f"{file} is veranderd terwijl de analyse werd gemaakt. Maak de analyse opnieuw; "
                "sla werkmappen op voordat u begint."
            )
