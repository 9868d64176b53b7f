"""The index page of a round: every municipality of the district, also those that failed or were not run now.

It is made for the RIEC alone: it names the highest park of every municipality, which is for none of them to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.batch.manifest import Record
from werkbank.batch.outcome import Outcome
from werkbank.files.whole import whole_file
from werkbank.report import IndexEntry, render_index
from werkbank.report.index import FollowUp, State
from werkbank.report.terms import legal_basis_line
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters
from werkbank.wording import listing

__all__ = ["Row", "write_index"]

AUDIENCE = "riec"
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality: how it ended if it was run, what the manifest says of it, what changed if it was not run."""

    slug: str
    name: str
    outcome: Outcome | None
    record: Record | None
    changed: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """How its analysis stands."""
        if self.outcome is not None:
            return self.outcome.state
        if self.record is None:
            return "never"
        return "stale" if self.changed else "kept"


def write_index(
    rows: Iterable[Row],
    parameters: Parameters,
    *,
    today: dt.date,
    notes: Sequence[str] = (),
    together: Sequence[str] = ("", ""),
    follow_ups: Sequence[FollowUp] = (),
) -> Path | None:
    """Write `index.html` beside the municipalities' folders; None for another audience than the RIEC."""
    target = parameters.output_folder.parent / INDEX
    if parameters.audience != AUDIENCE:
        target.unlink(missing_ok=True)
        return None
    rows = list(rows)
    records = [row.record for row in rows if row.record is not None]
    page = render_index(
        sorted((_entry(row) for row in rows), key=lambda entry: entry.name),
        district=parameters.district,
        round=parameters.round,
        audience_label=load_catalogue(parameters.catalogue_path).audience(AUDIENCE).label,
        fictional=any(record.fictional for record in records),
        legal_basis=str(records[0].shown["legal_basis"]) if records else legal_basis_line(None),
        notes=notes,
        made=today,
        together=together[0],
        together_word=together[1],
        follow_ups=follow_ups,
    )
    whole_file(target, page.encode())
    return target


def _entry(row: Row) -> IndexEntry:
    reason = row.outcome.reason if row.outcome else ""
    record = row.record
    if record is None:
        return IndexEntry(row.slug, row.name, row.state, reason=reason)
    shown = record.shown
    made = row.outcome is not None and row.outcome.state == "made"
    return IndexEntry(
        row.slug,
        shown["name"],
        row.state,
        reason=reason,
        changed=listing(row.changed),
        why=listing(record.why) if made else "",
        differs=tuple(record.differs) if made else (),
        errors=shown["errors"],
        parks=shown["parks"],
        enough=shown["enough"],
        advised=tuple(shown["advised"]),
        coverage=shown["coverage"],
        two_sided=shown["two_sided"],
        made=dt.date.fromisoformat(record.made),
        method=shown["method"],
        files=tuple(record.outputs),
    )
