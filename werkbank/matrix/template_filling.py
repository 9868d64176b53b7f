"""One workbook while somebody fills it in: read, changed cell by cell as a value, and written back whole.

The file that is written is the one that `write_workbook` makes. What was there before is kept beside it, and nothing
is written over what somebody else put there in the meantime.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

import pandas as pd

from werkbank.errors import Finding, OutputError
from werkbank.matrix.layout import SHEET_REMARKS
from werkbank.matrix.reading import load_matrix
from werkbank.matrix.risk_matrix import COLUMNS, judgement_frame
from werkbank.matrix.template import Job, render, store
from werkbank.matrix.template_losses import is_lost
from werkbank.matrix.template_remarks import LONGEST
from werkbank.wording import disk_fault, number

__all__ = ["EARLIER", "Entry", "Filling", "open_filling"]

EARLIER: Final = "eerder"
"""The folder beside the workbooks where what was replaced is kept."""
_KEPT: Final = 12
"""Characters of the hash by which an earlier workbook is told from another."""
_READ: Final = ("park_id", "indicator", "state", "level", "source_strength", "date", "remark")
_YEARS: Final = range(2000, 2100)

Place = tuple[str, str]
"""Park and indicator."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one cell and beside it; `level` only when the state is `level`."""

    state: str = "open"
    level: int | None = None
    source_strength: str = ""
    date: dt.date | None = None
    remark: str = field(default="", repr=False)


BLANK: Final = Entry()


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """The workbook of one municipality, party and round, with what has been filled in so far; immutable.

    `findings` are those of the file as it was read. `saved_as` is where the workbook went that was replaced last.
    """

    path: Path
    job: Job
    findings: tuple[Finding, ...]
    saved_as: Path | None
    _sha256: str
    _parks: pd.DataFrame = field(repr=False)
    _entries: Mapping[Place, Entry] = field(repr=False)

    def entry(self, park_id: str, indicator: str) -> Entry:
        """What stands in a cell and beside it."""
        return self._entries.get((park_id, indicator), BLANK)

    def with_entry(self, park_id: str, indicator: str, entry: Entry) -> Self:
        """The same workbook with another cell. Raises OutputError for what could not be read back from a workbook."""
        entry = replace(entry, remark=_plain(entry.remark))
        if len(entry.remark) > LONGEST:
            raise OutputError(f"Een toelichting kan ten hoogste {number(LONGEST)} tekens hebben; deze is langer.")
        if entry.date is not None and entry.date.year not in _YEARS:
            raise OutputError("Een peildatum ligt in deze eeuw, zoals 15-3-2026.")
        return replace(self, _entries={**self._entries, (park_id, indicator): entry})

    def filled(self, park_id: str | None = None) -> tuple[int, int]:
        """How many cells are filled in and how many there are, of one park or of all."""
        parks = len(self.job.parks) if park_id is None else 1
        done = sum(
            entry.state != "open" for (park, _), entry in self._entries.items() if park_id is None or park == park_id
        )
        return done, parks * len(self.job.catalogue.indicators)

    @property
    def incomplete(self) -> bool:
        """Whether the file held anything that could not be read, and so would not come along when it is saved."""
        return any(map(is_lost, self.findings))

    @property
    def unread(self) -> tuple[Place, ...]:
        """Cells of the file that hold something which could not be read, and nothing here: saving would empty them."""
        told = (finding for finding in self.findings if finding.severity == "error" and finding.sheet != SHEET_REMARKS)
        named = ((finding.park_id, finding.indicator) for finding in told)
        places = dict.fromkeys((park, code) for park, code in named if park and code)
        return tuple(place for place in places if self.entry(*place).state == "open")

    def changed_from(self, other: Filling) -> int:
        """In how many cells this differs from another stage of the same workbook."""
        places = self._entries.keys() | other._entries.keys()
        return sum(self.entry(*place) != other.entry(*place) for place in places)

    def save(self) -> Self:
        """Write the workbook and read it back; the one that stood there is kept in the folder `eerder`.

        Raises OutputError when the file changed since it was read, is open elsewhere, or cannot be written; then
        nothing has changed.
        """
        _refuse_open(self.path)
        if _hash(self.path) != self._sha256:
            raise OutputError(
                f"{self.path.name} is veranderd sinds u hem hier opende. Er is niets opgeslagen. Open hem opnieuw; "
                "noteer eerst wat u hier had gewijzigd."
            )
        content = render(replace(self.job, judgements=self._frame()))
        kept = None if hashlib.sha256(content).hexdigest() == self._sha256 else _keep(self.path, self._sha256)
        store(self.path, content)
        fresh = open_filling(self.path, self.job, self._parks)
        if fresh.changed_from(self):
            raise OutputError(f"{self.path.name} leest anders terug dan hij is geschreven; meld dit bij de beheerder.")
        return replace(self, findings=fresh.findings, saved_as=kept, _sha256=fresh._sha256, _entries=fresh._entries)

    def _frame(self) -> pd.DataFrame:
        places = [(park, indicator.id) for park, _ in self.job.parks for indicator in self.job.catalogue.indicators]
        rows = [(*place, self.job.party.id, self.entry(*place)) for place in places]
        columns = zip(*[(park, code, party, *_values(entry)) for park, code, party, entry in rows], strict=True)
        return judgement_frame(dict(zip(COLUMNS, map(list, columns), strict=True)))


def open_filling(path: Path, job: Job, parks: pd.DataFrame) -> Filling:
    """The workbook at `path` as it is now, or a blank one where there is none; `job` says whose it is.

    `parks` is the whole register. Raises MatrixError, with the findings, when the file cannot be read as this
    workbook: then it is not to be written over.
    """
    sha256 = _hash(path)
    if not sha256:
        return Filling(path, job, (), None, "", parks, {})
    matrix = load_matrix([path], job.catalogue, parks, round=job.round, parties=[job.party.id])
    frame = matrix.judgements
    frame = frame[frame["park_id"].isin([park for park, _ in job.parks])]
    columns = (frame[name].tolist() for name in _READ)
    entries = {(park, code): _entry(*values) for park, code, *values in zip(*columns, strict=True)}
    # A workbook that says that it is made up stays so.
    job = replace(job, fictional=job.fictional or matrix.fictional)
    return Filling(path, job, matrix.findings, None, sha256, parks, entries)


def _entry(state: str, level: Any, source_strength: str, day: Any, remark: str) -> Entry:
    return Entry(
        state,
        None if pd.isna(level) else int(level),
        source_strength,
        None if pd.isna(day) else day.date(),
        remark,
    )


def _values(entry: Entry) -> tuple[object, ...]:
    return entry.state, entry.level, entry.remark, entry.source_strength, entry.date


def _plain(remark: str) -> str:
    """The remark as a cell can hold it: no control characters but line ends, no spaces around it."""
    lines = remark.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(ch for ch in lines if ch == "\n" or unicodedata.category(ch) not in {"Cc", "Cs", "Cn"}).strip()


def _hash(path: Path) -> str:
    """The sha256 of a file, or an empty text where there is none. Raises OutputError when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as fault:
        raise OutputError(f"{path.name} is niet te lezen: {disk_fault(fault)}.") from fault


def _refuse_open(path: Path) -> None:
    """Excel and LibreOffice leave a file of their own beside a workbook for as long as it is open."""
    if any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#")):
        raise OutputError(f"{path.name} is nog ergens open. Er is niets opgeslagen. Sluit hem daar en probeer opnieuw.")


def _keep(path: Path, sha256: str) -> Path | None:
    """Put a copy of what stands there in the folder for that, under a name of its own; it is never written over."""
    if not sha256:
        return None
    copy = path.parent / EARLIER / f"{path.stem}_{sha256[:_KEPT]}{path.suffix}"
    try:
        copy.parent.mkdir(exist_ok=True)
        if not copy.exists():
            shutil.copy2(path, copy)
    except OSError as fault:
        raise OutputError(f"De vorige {path.name} kon niet worden bewaard, en er is niets opgeslagen.") from fault
    return copy
