"""The park register: which business parks there are, and to which municipality each belongs."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, RegisterError
from werkbank.matrix.cells import normalise
from werkbank.wording import did_you_mean, listing

__all__ = ["file_hash", "load_parks"]

REQUIRED = ("park_id", "name", "municipality", "net_ha")
NUMBERS = {"net_ha": (0.0, math.inf), "longitude": (-180.0, 180.0), "latitude": (-90.0, 90.0)}
"""Columns of numbers, with the lowest and highest that can be."""
# Both become names of folders and files.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?")


def load_parks(path: Path | str) -> pd.DataFrame:
    """The register as a frame with `park_id, name, municipality, net_ha` and what else the file holds.

    One row per park, in the file's order; `net_ha` in hectares, NaN where not given; codes stay text.
    Raises RegisterError with every fault of the file.
    """
    path = Path(path)
    header, rows = _read_rows(path)
    findings = [*_header_findings(path, header), *_row_findings(path, header, rows)]
    if findings:
        raise RegisterError(f"Het terreinenregister {path.name} klopt niet:", tuple(findings))
    frame = pd.DataFrame([_padded(row, len(header)) for _, row in rows], columns=header, dtype="str")
    for column in NUMBERS:
        if column in frame:
            frame[column] = pd.Series([_number(text) for text in frame[column]], dtype="float64")
    return frame


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def file_hash(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the filled rows with their line numbers; UTF-8, comma or semicolon."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RegisterError(
            f"Er is nog geen terreinenregister: {path.name} staat niet in de gegevensmap. "
            "Maak een voorbeeld met “werkbank demo”, of zet uw eigen bestand daar neer."
        ) from None
    except UnicodeDecodeError:
        raise RegisterError(f"{path.name} is geen tekst in UTF-8; sla het opnieuw op als “CSV UTF-8”.") from None
    except OSError:
        raise RegisterError(f"{path.name} is niet te lezen; sluit het elders en controleer de rechten.") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        found = "aanhalingstekens die niet sluiten, of een veel te lang veld"
        fault = _fault(path, reader.line_num, "broken-csv", found, "gewone CSV", "verbeter de regel")
        raise RegisterError(f"Het terreinenregister {path.name} is niet te lezen:", (fault,)) from None
    filled = [(line, row) for line, row in numbered if any(row)]
    return (filled[0][1], filled[1:]) if filled else ([], [])


def _header_findings(path: Path, header: list[str]) -> Iterator[Finding]:
    for column in REQUIRED:
        if column not in header:
            remedy = did_you_mean(column, header) or f"voeg de kolom {column} toe"
            yield _fault(path, 1, "missing-column", f"de kolom {column} ontbreekt", listing(REQUIRED), remedy)
    for column, times in Counter(header).items():
        if times > 1:
            found = f"de kolom “{column}” staat er {times} keer"
            yield _fault(path, 1, "doubled-column", found, "elke kolom één keer", "haal de dubbele kolom weg")


def _row_findings(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[Finding]:
    if not set(REQUIRED) <= set(header):
        return
    if not rows:
        yield _fault(path, 1, "empty-register", "geen enkel terrein", "minstens één terrein", "vul het register")
    seen: dict[str, int] = {}
    for line, row in rows:
        record = dict(zip(header, _padded(row, len(header)), strict=False))
        yield from _text_faults(path, line, record)
        yield from _number_faults(path, line, record)
        if len(row) > len(header):
            remedy = "zet tekst met een komma tussen aanhalingstekens"
            yield _fault(path, line, "extra-field", "meer velden dan kolommen", "één veld per kolom", remedy)
        park = record["park_id"]
        # As the matrix reader compares codes: ALM-01 and alm-01 are one park there.
        first = seen.setdefault(normalise(park), line)
        if park and first != line:
            found = f"terrein {park} staat ook op regel {first}"
            fault = _fault(path, line, "doubled-park", found, "elk terrein één keer", "haal één van beide weg")
            yield replace(fault, park_id=park)


def _text_faults(path: Path, line: int, record: Mapping[str, str]) -> Iterator[Finding]:
    for column in ("park_id", "name", "municipality"):
        if not record[column]:
            yield _fault(path, line, "empty-field", f"{column} is leeg", "een waarde", f"vul {column} in")
    if record["park_id"] and not _CODE.fullmatch(record["park_id"]):
        allowed = "letters, cijfers, “-”, “_” en “.”, zonder spaties"
        yield _fault(path, line, "wrong-code", "park_id is geen code", allowed, "verbeter park_id")
    if record["municipality"] and not _SLUG.fullmatch(record["municipality"]):
        allowed = "de naam van het parametersbestand, zoals noordoostpolder"
        remedy = "schrijf de gemeente met kleine letters en streepjes"
        yield _fault(path, line, "wrong-municipality", "municipality is geen korte naam", allowed, remedy)


def _number_faults(path: Path, line: int, record: Mapping[str, str]) -> Iterator[Finding]:
    for column, (lowest, highest) in NUMBERS.items():
        text = record.get(column, "")
        number = _number(text)
        if text and number is None:
            found, allowed = f"{column} is geen getal", "een getal, zoals 12.5"
            yield _fault(path, line, "not-a-number", found, allowed, f"verbeter {column}")
        elif number is not None and not lowest <= number <= highest:
            allowed = "0 of meer hectare" if column == "net_ha" else f"graden, van {lowest:g} tot {highest:g}"
            yield _fault(path, line, "number-outside", f"{column} kan dit niet zijn", allowed, f"verbeter {column}")


def _number(text: str) -> float | None:
    """A number with decimal point or comma; None when it is none, or empty."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _fault(path: Path, line: int, rule: str, found: str, allowed: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", file=path.name, line=line, found=found, allowed=allowed, remedy=remedy)
