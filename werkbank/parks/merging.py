"""Phases of an IBIS export become the parks of the district, by a mapping that a person made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from werkbank.errors import Finding, OutputError, Severity
from werkbank.matrix.cells import normalise
from werkbank.parks.geometry import geojson_of, united
from werkbank.parks.ibis import MappingRow, read_mapping
from werkbank.parks.names import base_name
from werkbank.parks.records import Record
from werkbank.parks.register import ParkRegister, frame_of
from werkbank.wording import did_you_mean, listing

__all__ = ["merge_phases", "write_parks"]

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Match:
    """A row of the mapping with the row of the register that it means."""

    mapped: MappingRow
    row: _Row

    @property
    def municipality(self) -> str:
        """The municipality a person gave the row, else that of the register."""
        return self.mapped.municipality or str(self.row["municipality"])

    @property
    def hectares(self) -> float:
        """How much of a park the row is."""
        return float(self.row["net_ha"] or self.row["gross_ha"] or 0)


def merge_phases(register: ParkRegister, mapping: Path | str, own: pd.DataFrame | None = None) -> ParkRegister:
    """The register with the rows that belong to one park as one park: areas summed, outlines kept as its parts.

    `mapping` is a `park_mapping.csv`. Names and municipalities are those of `own`, the district's list (a frame with
    park_id, name, municipality); without it those of the mapping, else of most of the park. Rows that the mapping does
    not mention are left out, each with a warning; a doubt about a municipality that the mapping corrects is settled.
    """
    rows, findings = read_mapping(Path(mapping))
    parks = _rows(register.parks)
    matches = list(_matches(rows, parks, findings))
    findings += [*_not_mentioned(Path(mapping).name, parks, rows, matches), *_not_listed(matches, own)]
    listed = {} if own is None else {str(row["park_id"]): row for row in _rows(own)}
    groups: dict[str, list[_Match]] = {}
    for match in matches:
        if match.mapped.park_id and (own is None or match.mapped.park_id in listed):
            groups.setdefault(match.mapped.park_id, []).append(match)
    findings += _without_rows(Path(mapping).name, listed, groups)
    records = [_merged(group, register, listed, findings) for group in groups.values()]
    shapes = {record.park_id: record.shape for record in records if record.shape is not None}
    told = (*_unsettled(register, matches), *findings)
    return ParkRegister(register.file, "merged", told, MappingProxyType(shapes), frame_of(records))


def write_parks(register: ParkRegister, folder: Path | str) -> None:
    """Write the register as the district's own `parks.csv`, and its outlines as `parks.geojson`.

    Raises OutputError when either is there already.
    """
    target = Path(folder)
    frame = register.parks
    contents = {"parks.csv": frame.to_csv(index=False, lineterminator="\n")}
    if register.shapes:
        contents["parks.geojson"] = geojson_of(register.shapes, dict(zip(frame["park_id"], frame["name"], strict=True)))
    if there := [name for name in contents if (target / name).exists()]:
        raise OutputError(f"{listing(there)} is er al; er is niets veranderd. Kies een andere map.")
    for name, text in contents.items():
        (target / name).write_text(text, encoding="utf-8", newline="")


def _rows(frame: pd.DataFrame) -> list[_Row]:
    """The rows as plain values; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _matches(rows: Iterable[MappingRow], parks: Sequence[_Row], findings: list[Finding]) -> Iterator[_Match]:
    """Every row of the mapping with the one row it means; a row that was mapped before is named."""
    taken: dict[str, MappingRow] = {}
    for row in rows:
        meant = _meant(row, parks, findings)
        if meant is None:
            continue
        code = str(meant["park_id"])
        earlier = taken.setdefault(code, row)
        if earlier is not row:
            findings.append(_mapped_twice(row, earlier, meant))
            continue
        yield _Match(row, meant)


def _mapped_twice(row: MappingRow, earlier: MappingRow, meant: _Row) -> Finding:
    """The same park twice is untidy; two parks for one row cannot be."""
    code, same = str(meant["park_id"]), earlier.park_id == row.park_id
    elsewhere = "" if same else ", bij een ander terrein"
    found = f"{meant['name']} ({code}) staat ook op regel {earlier.where.line}{elsewhere}"
    severity: Severity = "warning" if same else "error"
    remedy = "haal één van beide weg"
    return row.where.finding("mapped-twice", found, "elke rij één keer", remedy, severity=severity, park_id=code)


def _meant(row: MappingRow, parks: Sequence[_Row], findings: list[Finding]) -> _Row | None:
    if row.rin:
        found = [park for park in parks if row.rin in (park["ibis_rin"], park["park_id"])]
    else:
        found = [park for park in parks if normalise(park["name"]) == normalise(row.ibis_name)]
    what = row.rin or row.ibis_name
    if not found:
        near = did_you_mean(what, [str(park["ibis_rin" if row.rin else "name"]) for park in parks])
        told = f"“{what}” staat niet in het register"
        findings.append(row.where.finding("unknown-rin", told, "een rij van het register", near or "haal de regel weg"))
        return None
    if len(found) > 1:
        told = f"“{what}” is de naam van {len(found)} rijen: {listing(str(park['park_id']) for park in found)}"
        findings.append(row.where.finding("ambiguous-name", told, "één rij", "vul het RIN-nummer in", severity="error"))
        return None
    if row.ibis_name and normalise(row.ibis_name) != normalise(found[0]["name"]):
        told = f"{what} heet in het register “{found[0]['name']}” en hier “{row.ibis_name}”"
        findings.append(row.where.finding("other-name", told, "dezelfde naam", "kijk of het nummer klopt"))
    return found[0]


def _unsettled(register: ParkRegister, matches: Iterable[_Match]) -> Iterator[Finding]:
    """The register's findings, without the doubts that the mapping answers."""
    corrected = {str(one.row["park_id"]) for one in matches if one.municipality != one.row["municipality"]}
    for finding in register.findings:
        if finding.rule != "other-municipality" or finding.park_id not in corrected:
            yield finding


def _not_mentioned(
    file: str, parks: Sequence[_Row], rows: Sequence[MappingRow], matches: Sequence[_Match]
) -> Iterator[Finding]:
    """Rows of the register about which the mapping says nothing; none when the mapping itself cannot be read."""
    known = {str(match.row["park_id"]) for match in matches}
    for park in parks if rows else ():
        if str(park["park_id"]) not in known:
            yield Finding(
                rule="not-mapped",
                severity="warning",
                file=file,
                park_id=str(park["park_id"]),
                found=f"{park['name']} ({park['park_id']}) staat niet in de koppeling en valt weg",
                allowed="elke rij van het register",
                remedy="voeg een regel toe; met een leeg park_id blijft de rij bewust weg",
            )


def _not_listed(matches: Iterable[_Match], own: pd.DataFrame | None) -> Iterator[Finding]:
    codes = [] if own is None else [str(code) for code in own["park_id"]]
    for match in matches:
        code = match.mapped.park_id
        if own is not None and code and code not in codes:
            found, remedy = (
                f"terrein {code} staat niet in uw eigen lijst",
                did_you_mean(code, codes) or "verbeter park_id",
            )
            yield match.mapped.where.finding(
                "unknown-park", found, "een terrein van de lijst", remedy, severity="error"
            )


def _without_rows(file: str, listed: Mapping[str, _Row], groups: Mapping[str, object]) -> Iterator[Finding]:
    for code in listed:
        if code not in groups:
            yield Finding(
                rule="park-without-rows",
                severity="remark",
                file=file,
                park_id=code,
                found=f"voor {listed[code]['name']} ({code}) is geen rij van IBIS aangewezen",
                allowed="minstens één rij",
                remedy="voeg een regel toe, als IBIS het terrein heeft",
            )


def _merged(
    group: Sequence[_Match], register: ParkRegister, listed: Mapping[str, _Row], findings: list[Finding]
) -> Record:
    first, rows = group[0].mapped, [match.row for match in group]
    entry = listed.get(first.park_id, {})
    names = list(dict.fromkeys(match.mapped.name for match in group if match.mapped.name))
    record = Record(
        where=first.where,
        park_id=first.park_id,
        name=str(entry.get("name") or (names[0] if names else _common_name(rows))),
        rin=" ".join(str(row["ibis_rin"]) for row in rows),
        municipality=str(entry.get("municipality") or _most(group)),
        year=min((int(row["year"]) for row in rows if row["year"]), default=None),
        place=str(rows[0]["place"]),
        net_ha=_sum(rows, "net_ha"),
        gross_ha=_sum(rows, "gross_ha"),
        shape=united(shape for row in rows if (shape := register.shapes.get(str(row["park_id"])))),
    )
    findings.extend(_doubts(record, group, names if not entry else []))
    return record


def _doubts(record: Record, group: Sequence[_Match], names: Sequence[str]) -> Iterator[Finding]:
    if len(names) > 1:
        found = f"krijgt verschillende namen: {listing(names)}; de eerste telt"
        yield record.finding("several-names", found, "één naam", "maak de namen gelijk")
    places = list(dict.fromkeys(match.municipality for match in group))
    if len(places) > 1:
        found = f"heeft fasen in verschillende gemeenten ({listing(places)}); telt bij {record.municipality}"
        yield record.finding("several-municipalities", found, "één gemeente", "controleer de gemeente van elke fase")
    missing = [str(match.row["park_id"]) for match in group if match.row["net_ha"] is None]
    if missing and record.net_ha is not None:
        found = f"mist de netto oppervlakte van {listing(missing)}; de som is te klein"
        yield record.finding("incomplete-area", found, "van elke fase een oppervlakte", "vul de oppervlakte aan")


def _common_name(rows: Sequence[_Row]) -> str:
    if len(rows) == 1:
        return str(rows[0]["name"])
    bases = Counter(base_name(str(row["name"])) for row in rows)
    return bases.most_common(1)[0][0].title()


def _most(group: Sequence[_Match]) -> str:
    """The municipality with most of the hectares."""
    hectares: dict[str, float] = {}
    for match in group:
        hectares[match.municipality] = hectares.get(match.municipality, 0.0) + match.hectares
    return max(hectares, key=lambda name: hectares[name])


def _sum(rows: Sequence[_Row], column: str) -> float | None:
    known = [float(row[column]) for row in rows if row[column] is not None]
    # The register has tenths of hectares; binary noise of a sum is not shown to anybody.
    return round(sum(known), 6) if known else None
