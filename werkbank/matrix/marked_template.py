"""A return that is no .xlsx, to send back all the same: what was read of it in the werkbank's own workbook, marked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.marked import mark_workbook
from werkbank.matrix.reading import load_matrix
from werkbank.matrix.returns import Reply
from werkbank.matrix.risk_matrix import Place, RiskMatrix
from werkbank.matrix.template import write_workbook
from werkbank.settings.catalogue import Catalogue

__all__ = ["mark_in_template"]


def mark_in_template(
    matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame, reply: Reply, municipality: str, party: str
) -> bytes:
    """The judgements of one return as an .xlsx of the werkbank, with the findings of `reply` at their new places.

    `matrix` holds what was read, `municipality` and `party` are codes. Raises UnmarkableError when what was read
    cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (reply.return_as or "risicomatrix.xlsx")
        write_workbook(
            path,
            catalogue,
            parks,
            party=party,
            municipality=municipality,
            municipality_name=reply.municipality,
            round=matrix.round,
            judgements=matrix.judgements,
            fictional=reply.fictional,
        )
        fresh = load_matrix([path], catalogue, parks, round=matrix.round)
        moved = tuple(_moved(finding, matrix, fresh, party) for finding in reply.findings)
        return mark_workbook(path, path.read_bytes(), replace(reply, findings=moved))


def _moved(finding: Finding, old: RiskMatrix, new: RiskMatrix, party: str) -> Finding:
    """The finding at its place in the new workbook; one that belongs to no cell there says where it was."""
    if finding.park_id and finding.indicator:
        key = (finding.park_id, finding.indicator, party)
        here = (finding.sheet, finding.cell, finding.line)
        for before, after in _places(old, new, key):
            if before and after and (before.sheet, before.cell, before.line) == here:
                return replace(finding, sheet=after.sheet, cell=after.cell, line=None)
    place = replace(finding, file=None).place
    found = f"in uw bestand, {place}: {finding.found}" if place else finding.found
    return replace(finding, found=found, sheet=None, cell=None, line=None)


def _places(old: RiskMatrix, new: RiskMatrix, key: tuple[str, str, str]) -> Iterator[tuple[Place | None, Place | None]]:
    """Where a judgement and what stands beside it were, and where they are now."""
    yield old.place_of(*key), new.place_of(*key)
    yield old.remark_place_of(*key, "remark"), new.remark_place_of(*key, "remark")
    yield old.remark_place_of(*key, "source_strength"), new.remark_place_of(*key, "source_strength")
    yield old.remark_place_of(*key, "date"), new.remark_place_of(*key, "date")
