"""ParkRegister: the parks, their outlines and every finding; and how one is put together from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from werkbank.errors import Finding
from werkbank.parks import register
from werkbank.parks.assigning import assigned, with_names_of
from werkbank.parks.doubles import doubled_names, joined
from werkbank.parks.formats import FORMATS, Format, recognise
from werkbank.parks.geometry import Feature, NotGeoJsonError, Shape, features_of, oddities
from werkbank.parks.location import location_findings, nearby_places
from werkbank.parks.municipalities import Municipalities, nearby_municipalities
from werkbank.parks.reading import Row, read_rows
from werkbank.parks.records import Record, Where
from werkbank.parks.source import Table, Text, fault, read_table, read_text
from werkbank.wording import count, listing, number

__all__ = ["IBIS", "ParkRegister", "frame_of", "read_register"]

IBIS = tuple(form.id for form in FORMATS if form.id.startswith("ibis"))
_TOO_DIFFERENT = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class ParkRegister:
    """The parks of a register with their outlines, and every finding about it; immutable.

    `form` is the id of the format it came in; `shapes` holds an outline in degrees for as many parks as have one.
    With errors among the findings the parks are those rows that had none.
    """

    file: str
    form: str
    findings: tuple[Finding, ...]
    shapes: Mapping[str, Shape] = field(repr=False)
    _parks: pd.DataFrame = field(repr=False)

    @property
    def parks(self) -> pd.DataFrame:
        """One row per park: park_id, name, municipality, net_ha, and what else the register tells; a copy."""
        return self._parks.copy()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings with which the register may not be used."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def read_register(path: Path, given: Path | Mapping[str, str] | None, *, checks: bool) -> ParkRegister:
    """The register in a file of any known format.

    Without `checks` the findings that could only be warnings are left out where they take time: the own register's
    parks are then not looked up on the map. Raises FileNotFoundError, and RegisterError for what is no text.
    """
    text = read_text(path)
    if path.suffix.lower() in {".geojson", ".json"} or text.content.lstrip().startswith("{"):
        return _from_map(path, text, given, checks=checks)
    table = read_table(text)
    form = recognise(table.header)
    if form is None or form.id == "own":
        return _own(path, table, given, checks=checks)
    rows = [
        Row(Where(path.name, line), form.values(dict(zip(table.header, row, strict=False)))) for line, row in table.rows
    ]
    findings = [*table.findings, *_table_findings(path.name, form, table)]
    return _register(path, form, _with_outlines(path, rows), findings, given, checks=checks)


def frame_of(records: Sequence[Record]) -> pd.DataFrame:
    """Records as the frame of a register; the place on the map is a point inside the park, to 0.1 m."""
    spots = [record.spot for record in records]
    columns: dict[str, tuple[Iterable[object], str]] = {
        "park_id": ((one.park_id for one in records), "str"),
        "name": ((one.name for one in records), "str"),
        "municipality": ((one.municipality for one in records), "str"),
        "net_ha": ((one.net_ha for one in records), "float64"),
        "gross_ha": ((one.gross_ha for one in records), "float64"),
        "longitude": ((spot and round(spot[0], 6) for spot in spots), "float64"),
        "latitude": ((spot and round(spot[1], 6) for spot in spots), "float64"),
        "ibis_rin": ((one.rin for one in records), "str"),
        "year": ((one.year for one in records), "Int64"),
        "place": ((one.place for one in records), "str"),
    }
    return pd.DataFrame({name: pd.Series([*values], dtype=kind) for name, (values, kind) in columns.items()})


def _refused(path: Path, finding: Finding, others: Iterable[Finding] = ()) -> ParkRegister:
    return ParkRegister(path.name, "unknown", (*others, finding), MappingProxyType({}), frame_of([]))


def _from_map(path: Path, text: Text, given: Path | Mapping[str, str] | None, *, checks: bool) -> ParkRegister:
    try:
        features = features_of(text.content)
    except NotGeoJsonError as reason:
        broken = fault(path.name, None, "broken-geojson", str(reason), "GeoJSON", "exporteer de kaart opnieuw")
        return _refused(path, broken, text.findings)
    names = sorted({name for feature in features for name in feature.properties})
    if (form := recognise(names)) is None:
        known = listing((listing([one.columns[column] for column in one.known_by]) for one in FORMATS), last="of")
        found = f"de kaart heeft geen bekende eigenschappen ({listing(names[:8]) or 'geen'})"
        unknown = fault(path.name, None, "unknown-format", found, known, "geef de eigenschappen deze namen")
        return _refused(path, unknown, text.findings)
    findings = [*text.findings, *_map_findings(path.name, form, features, checks=checks)]
    rows = [Row(Where(path.name, number=one.number), form.values(one.properties), one.shape) for one in features]
    return _register(path, form, rows, findings, given, checks=checks)


def _table_findings(file: str, form: Format, table: Table) -> Iterator[Finding]:
    """Columns and rows in which a value may stand in the wrong place."""
    names = [name.casefold() for name in table.header]
    for column in form.columns.values():
        if names.count(column.casefold()) > 1:
            found = f"de kolom “{column}” staat er vaker dan één keer"
            yield fault(file, 1, "doubled-column", found, "elke kolom één keer", "haal de dubbele kolom weg")
    for line, row in table.rows:
        if len(row) > len(table.header):
            remedy = "zet tekst met een komma tussen aanhalingstekens"
            yield fault(file, line, "extra-field", "meer velden dan kolommen", "één veld per kolom", remedy)


def _map_findings(file: str, form: Format, features: Sequence[Feature], *, checks: bool) -> Iterator[Finding]:
    """What is wrong with outlines, and in which system they were written."""
    allowed, remedy = "een gesloten vlak in graden (WGS 84)", "teken het terrein opnieuw of herstel het in de kaart"
    for one in features:
        who = form.values(one.properties).get("name") or "zonder naam"
        odd = oddities(one.shape) if checks and one.shape is not None else ()
        for words in (*one.faults, *odd):
            yield Where(file, number=one.number).finding("invalid-outline", f"{who} {words}", allowed, remedy)
    how = {
        "rd": ("rd-coordinates", "meters van het RD-stelsel (EPSG:28992); omgerekend naar graden, op een halve meter"),
        "swapped": ("swapped-coordinates", "breedte vóór lengte; omgedraaid"),
    }
    for system, (rule, told) in how.items():
        if several := sum(one.system == system for one in features):
            found = f"van {count(several, 'vlak', 'vlakken')} zijn de coördinaten {told}"
            yield Where(file).finding(rule, found, "graden (WGS 84)", "niets, als dit klopt", severity="remark")
    columns = {form.columns[name].casefold() for name in ("net", "gross") if name in form.columns}
    if any({name.casefold() for name in one.numbers_as_text} & columns for one in features):
        found = "de oppervlakten staan als tekst in de kaart; als getal gelezen"
        yield Where(file).finding("numbers-as-text", found, "getallen", "niets, als dit klopt", severity="remark")


def _with_outlines(path: Path, rows: Sequence[Row]) -> list[Row]:
    """The rows of a table with the outlines that `parks.geojson` beside it has for their numbers."""
    shapes, _ = _outlines(path)
    return [replace(row, shape=shapes.get(row.values.get("rin", ""))) for row in rows]


def _register(
    path: Path,
    form: Format,
    rows: Sequence[Row],
    findings: list[Finding],
    given: Path | Mapping[str, str] | None,
    *,
    checks: bool,
) -> ParkRegister:
    if not rows and not any(finding.severity == "error" for finding in findings):
        findings.append(
            fault(path.name, None, "empty-register", "geen enkel terrein", "minstens één", "vul het register")
        )
    municipalities = nearby_municipalities(path, given)
    findings.extend(municipalities.findings)
    records = read_rows(rows, form, findings)
    municipalities = with_names_of(records, municipalities)
    parks = assigned(joined(records, form, findings), form, municipalities, findings)
    if checks:
        findings.extend(_checks(path, parks, municipalities))
    findings.sort(key=lambda finding: finding.line or 0)
    shapes = {park.park_id: park.shape for park in parks if park.shape is not None}
    return ParkRegister(path.name, form.id, tuple(findings), MappingProxyType(shapes), frame_of(parks))


def _own(path: Path, table: Table, given: Path | Mapping[str, str] | None, *, checks: bool) -> ParkRegister:
    frame, lines, faults = register.read_own(path.name, table)
    findings = [*table.findings, *([] if _broken(table) else faults)]
    shapes: Mapping[str, Shape] = {}
    if checks and len(frame):
        shapes, told = _outlines(path)
        records = register.records_of(path.name, frame, lines)
        findings += [*told, *_strangers(shapes, records)]
        municipalities = nearby_municipalities(path, given)
        findings.extend(municipalities.findings)
        placed = [replace(record, shape=shapes.get(record.park_id)) for record in records]
        findings.extend(_checks(path, placed, municipalities))
        shapes = {record.park_id: record.shape for record in placed if record.shape is not None}
    return ParkRegister(path.name, "own", tuple(findings), MappingProxyType({**shapes}), frame)


def _broken(table: Table) -> bool:
    """A table that could not be taken apart has no header to find fault with."""
    return any(finding.rule == "broken-csv" for finding in table.findings)


def _checks(path: Path, parks: Sequence[Record], municipalities: Municipalities) -> list[Finding]:
    findings: list[Finding] = []
    places = nearby_places(path, municipalities, findings)
    findings.extend(doubled_names(parks))
    findings.extend(location_findings(parks, municipalities, places))
    findings.extend(finding for park in parks for finding in _size_on_the_map(park))
    return findings


def _size_on_the_map(park: Record) -> Iterator[Finding]:
    """An area that is twice or half what is drawn: another unit, or another outline."""
    given = park.gross_ha or park.net_ha
    if park.shape is None or not given or park.shape.hectares <= 0:
        return
    times = given / park.shape.hectares
    if not 1 / _TOO_DIFFERENT <= times <= _TOO_DIFFERENT:
        found = f"is volgens het register {number(given, 1)} ha en op de kaart {number(park.shape.hectares, 1)} ha"
        yield park.finding("area-differs-from-map", found, "ongeveer even groot", "controleer oppervlakte en vlak")


def _outlines(path: Path) -> tuple[dict[str, Shape], list[Finding]]:
    """The outlines in `parks.geojson` beside a register, by code and by RIN number."""
    beside = path.with_name("parks.geojson")
    if not beside.is_file() or beside == path:
        return {}, []
    try:
        features = features_of(read_text(beside).content)
    except NotGeoJsonError as reason:
        return {}, [Where(beside.name).finding("broken-geojson", str(reason), "GeoJSON", "exporteer de kaart opnieuw")]
    form = recognise({name for feature in features for name in feature.properties}) or FORMATS[0]
    shapes: dict[str, Shape] = {}
    for one in features:
        code = form.values(one.properties).get("park_id") or form.values(one.properties).get("rin") or ""
        if one.shape is not None and code:
            earlier = shapes.get(code)
            shapes[code] = Shape((*(earlier.polygons if earlier else ()), *one.shape.polygons))
    return shapes, [*_map_findings(beside.name, form, features, checks=True)]


def _strangers(shapes: Mapping[str, Shape], records: Sequence[Record]) -> Iterator[Finding]:
    """Outlines of parks that the register does not have, and how many parks have no outline."""
    known = {record.park_id for record in records}
    where = Where("parks.geojson")
    if strange := sorted(set(shapes) - known):
        found = f"de kaart heeft vlakken van terreinen die niet in het register staan: {listing(strange[:6])}"
        yield where.finding("outline-of-unknown-park", found, "terreinen uit het register", "verbeter de codes")
    if shapes and (without := sorted(known - set(shapes))):
        found = f"van {count(len(without), 'terrein', 'terreinen')} is geen vlak: {listing(without[:6])}"
        yield where.finding("no-outline", found, "van elk terrein een vlak", "teken ze bij", severity="remark")
