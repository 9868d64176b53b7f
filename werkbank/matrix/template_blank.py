"""Puts a blank workbook where it is to be sent from, and never in the place of one in which somebody has worked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from werkbank.errors import MatrixError, OutputError
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.reading import load_matrix
from werkbank.matrix.template import Job, job_for, render, store
from werkbank.matrix.template_losses import is_lost
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import number

__all__ = ["Blank", "write_blank"]


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank workbook, and how many parks and indicators it asks about."""

    path: Path
    parks: int
    indicators: int


def write_blank(  # noqa: PLR0913 - named arguments: a workbook is of one municipality, party and round
    folder: Path,
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    party: str,
    municipality_name: str,
    municipality: str,
    round: str,
    fictional: bool,
) -> Blank:
    """Write one party's blank workbook about one municipality into `folder`, under the name by which it comes back.

    A blank one that is already there is made anew. Raises OutputError when the municipality has no parks, when the
    file that is there holds anything or cannot be read, and when writing fails.
    """
    job = job_for(
        catalogue,
        parks,
        party=party,
        municipality_name=municipality_name,
        municipality=municipality,
        round=round,
        fictional=fictional,
    )
    path = folder / workbook_name(municipality, job.party.file)
    _refuse_work(path, job, parks)
    store(path, render(job))
    return Blank(path, len(job.parks), len(catalogue.indicators))


def _refuse_work(path: Path, job: Job, parks: pd.DataFrame) -> None:
    if not path.exists():
        return
    try:
        matrix = load_matrix([path], job.catalogue, parks, round=job.round)
    except MatrixError:
        raise _refusal(path, "er staat al een bestand met deze naam dat geen lege werkmap van deze ronde is") from None
    frame = matrix.judgements
    filled = int((frame["state"] != "open").sum())
    beside = (frame["remark"] != "") | (frame["source_strength"] != "") | frame["date"].notna()
    if filled or beside.any():
        raise _refusal(path, f"hierin is al gewerkt ({number(filled)} van de {number(len(frame))} cellen ingevuld)")
    # What could not be read is open too: it may be somebody's work.
    if any(map(is_lost, matrix.findings)):
        raise _refusal(path, "er staat al een werkmap met inhoud die niet te lezen is")


def _refusal(path: Path, reason: str) -> OutputError:
    return OutputError(f"{path.name} blijft zoals hij is: {reason}. Verplaats het bestand, of kies een andere map.")
