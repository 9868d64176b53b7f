"""What stands beside a cell without a level and does not go with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from werkbank.errors import Finding
from werkbank.matrix.checks import cell_at
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import finding
from werkbank.wording import listing

__all__ = ["beside_findings"]

_DUTCH = {"source_strength": "bronsterkte", "date": "peildatum", "remark": "toelichting"}


def beside_findings(matrix: RiskMatrix, *, unreadable: Collection[Place] = frozenset()) -> Iterator[Finding]:
    """Explanations beside an open cell, and source strength or date beside an unknown one.

    `unreadable` are the cells that are open because what stood there could not be read.
    """
    frame = matrix.judgements
    state = frame["state"].to_numpy(dtype=object)
    said = {
        "source_strength": frame["source_strength"].to_numpy(dtype=object) != "",
        "date": frame["date"].notna().to_numpy(),
        "remark": frame["remark"].to_numpy(dtype=object) != "",
    }
    without_level = (state == "open") | (state == "unknown")
    for row in np.flatnonzero(without_level & np.logical_or.reduce(list(said.values()))):
        cell = cell_at(frame, int(row))
        names = [name for name, there in said.items() if there[row]]
        if state[row] == "open":
            yield from _beside_open(matrix, cell, names, unreadable)
        else:
            yield from _beside_unknown(matrix, cell, [name for name in names if name != "remark"])


def _beside_unknown(matrix: RiskMatrix, cell: tuple[str, str, str], said: list[str]) -> Iterator[Finding]:
    if said:
        yield finding(
            "source-beside-unknown",
            found=f"{listing(map(_DUTCH.__getitem__, said))} bij een cel die onbekend is",
            allowed="bronsterkte en peildatum bij een niveau",
            remedy="kies alsnog een niveau als er een bron is; haal het anders hier weg",
            place=matrix.remark_place_of(*cell, "source_strength" if "source_strength" in said else "date"),
            park_id=cell[0],
            indicator=cell[1],
        )


def _beside_open(
    matrix: RiskMatrix, cell: tuple[str, str, str], said: list[str], unreadable: Collection[Place]
) -> Iterator[Finding]:
    place = matrix.place_of(*cell)
    # A park or indicator that is not on the sheet has a finding of its own, and so has a cell that cannot be read.
    if place and place not in unreadable:
        yield finding(
            "explained-but-open",
            found=f"de cel is leeg, maar er staat wel {listing(map(_DUTCH.__getitem__, said))} bij",
            allowed="bij elke toelichting een oordeel",
            remedy="kies een niveau, of onbekend als er geen zicht op is",
            place=place,
            park_id=cell[0],
            indicator=cell[1],
        )
