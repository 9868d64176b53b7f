"""The district's own `parks.csv`: strict, for it is the list by which judgements are collected."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.cells import normalise
from werkbank.parks.assigning import SLUG
from werkbank.parks.geometry import rd_to_degrees, system_of
from werkbank.parks.reading import LARGEST_HA
from werkbank.parks.records import PARK_CODE, Record, Where
from werkbank.parks.source import Table, fault
from werkbank.wording import did_you_mean, listing, number

__all__ = ["read_own", "records_of"]

REQUIRED = ("park_id", "name", "municipality", "net_ha")
NUMBERS = {"net_ha": (0.0, math.inf), "longitude": (-180.0, 180.0), "latitude": (-90.0, 90.0)}
"""Columns of numbers, with the lowest and highest that can be."""
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?")


def read_own(file: str, table: Table) -> tuple[pd.DataFrame, list[int], list[Finding]]:
    """The register as a frame with every column of the file, codes as text; the line of each row; every fault.

    With errors the frame holds the rows without one.
    """
    header = [*table.header]
    rows = [(line, [*row]) for line, row in table.rows]
    findings = [*_header_findings(file, header)]
    sound = not findings
    if set(REQUIRED) <= set(header):
        findings += _in_degrees(file, header, rows)
        findings += _row_findings(file, header, rows)
    if not sound:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in REQUIRED}), [], findings
    wrong = {finding.line for finding in findings if finding.severity == "error"}
    kept = [(line, _padded(row, len(header))) for line, row in rows if line not in wrong]
    frame = pd.DataFrame([row for _, row in kept], columns=header, dtype="str")
    for column in NUMBERS:
        if column in frame:
            frame[column] = pd.Series([_number(text) for text in frame[column]], dtype="float64")
    return frame, [line for line, _ in kept], findings


def records_of(file: str, frame: pd.DataFrame, lines: Sequence[int]) -> list[Record]:
    """The rows of the register as records, for the checks that all formats share."""
    placed = {"longitude", "latitude"} <= set(frame.columns)
    records = []
    for line, row in zip(lines, frame.to_dict("records"), strict=True):
        point = (float(row["longitude"]), float(row["latitude"])) if placed else (math.nan, math.nan)
        net = float(row["net_ha"])
        record = Record(
            where=Where(file, line),
            park_id=str(row["park_id"]),
            name=str(row["name"]),
            municipality=str(row["municipality"]),
            net_ha=None if math.isnan(net) else net,
            point=None if math.isnan(sum(point)) else point,
        )
        records.append(record)
    return records


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]


def _header_findings(file: str, header: list[str]) -> Iterator[Finding]:
    for column in REQUIRED:
        if column not in header:
            remedy = did_you_mean(column, header) or f"voeg de kolom {column} toe"
            yield fault(file, 1, "missing-column", f"de kolom {column} ontbreekt", listing(REQUIRED), remedy)
    for column, times in Counter(header).items():
        if times > 1:
            found = f"de kolom “{column}” staat er {times} keer"
            yield fault(file, 1, "doubled-column", found, "elke kolom één keer", "haal de dubbele kolom weg")


_TURNED: Final = {
    "rd": ("rd-coordinates", "zijn meters van het RD-stelsel; omgerekend naar graden"),
    "swapped": ("swapped-coordinates", "staan andersom, breedte vóór lengte; omgedraaid"),
}


def _in_degrees(file: str, header: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[Finding]:
    """Turns metres of the national grid and swapped columns into degrees where a row plainly has them, and says so."""
    if not {"longitude", "latitude"} <= set(header):
        return
    columns = [header.index("longitude"), header.index("latitude")]
    turned: Counter[str] = Counter()
    for _, row in rows:
        pair = [_number(row[column]) if column < len(row) else None for column in columns]
        system = "degrees" if None in pair else system_of(points := np.array([pair], dtype="float64"))
        if system not in _TURNED:
            continue
        degrees = rd_to_degrees(points) if system == "rd" else points[:, ::-1]
        for column, value in zip(columns, degrees[0], strict=True):
            row[column] = f"{value:.6f}"
        turned[system] += 1
    for name, times in turned.items():
        rule, how = _TURNED[name]
        found = f"de coördinaten op {times} van {len(rows)} regels {how}"
        yield Where(file).finding(rule, found, "graden (WGS 84)", "niets, als dit klopt", severity="remark")


def _row_findings(file: str, header: list[str], rows: Sequence[tuple[int, list[str]]]) -> Iterator[Finding]:
    if not rows:
        yield fault(file, 1, "empty-register", "geen enkel terrein", "minstens één terrein", "vul het register")
    seen: dict[str, int] = {}
    for line, row in rows:
        record = dict(zip(header, _padded(row, len(header)), strict=False))
        yield from _text_faults(file, line, record)
        yield from _number_faults(file, line, record)
        if len(row) > len(header):
            remedy = "zet tekst met een komma tussen aanhalingstekens"
            yield fault(file, line, "extra-field", "meer velden dan kolommen", "één veld per kolom", remedy)
        park = record["park_id"]
        # As the matrix reader compares codes: ALM-01 and alm-01 are one park there.
        first = seen.setdefault(normalise(park), line)
        if park and first != line:
            found = f"terrein {park} staat ook op regel {first}"
            doubled = fault(file, line, "doubled-park", found, "elk terrein één keer", "haal één van beide weg")
            yield replace(doubled, park_id=park)


def _text_faults(file: str, line: int, record: Mapping[str, str]) -> Iterator[Finding]:
    for column in ("park_id", "name", "municipality"):
        if not record[column]:
            yield fault(file, line, "empty-field", f"{column} is leeg", "een waarde", f"vul {column} in")
    if record["park_id"] and not PARK_CODE.fullmatch(record["park_id"]):
        allowed = "letters, cijfers, “-”, “_” en “.”, zonder spaties"
        yield fault(file, line, "wrong-code", "park_id is geen code", allowed, "verbeter park_id")
    if record["municipality"] and not SLUG.fullmatch(record["municipality"]):
        allowed = "de naam van het parametersbestand, zoals noordoostpolder"
        remedy = "schrijf de gemeente met kleine letters en streepjes"
        yield fault(file, line, "wrong-municipality", "municipality is geen korte naam", allowed, remedy)


def _number_faults(file: str, line: int, record: Mapping[str, str]) -> Iterator[Finding]:
    for column, (lowest, highest) in NUMBERS.items():
        text = record.get(column, "")
        value = _number(text)
        if text and value is None:
            found, allowed = f"{column} is geen getal", "een getal, zoals 12.5"
            yield fault(file, line, "not-a-number", found, allowed, f"verbeter {column}")
        elif value is not None and not lowest <= value <= highest:
            allowed = "0 of meer hectare" if column == "net_ha" else f"graden, van {lowest:g} tot {highest:g}"
            yield fault(file, line, "number-outside", f"{column} kan dit niet zijn", allowed, f"verbeter {column}")
        elif column == "net_ha" and value is not None and value > LARGEST_HA:
            found = f"net_ha is {number(value)}: groter dan enig bedrijventerrein in Nederland"
            remedy = "kijk of het vierkante meters zijn"
            yield Where(file, line).finding("absurd-area", found, f"hoogstens {number(LARGEST_HA)} hectare", remedy)


def _number(text: str) -> float | None:
    """A number with decimal point or comma; None when it is none, or empty."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
