"""Parks from an export of IBIS, the national register of business parks, with a mapping that a person makes.

IBIS comes in three shapes, each known by its columns, as CSV or GeoJSON. It counts phases apart and lists tiny sites,
so `park_mapping.csv` beside it says which rows are which park of the district: columns `rin`, `park_id` and optionally
`name` and `municipality`. Rows with one `park_id` are one park (areas summed, outlines kept as its parts), an empty
`park_id` leaves a row out on purpose, a `municipality` corrects that of the export.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from werkbank.errors import Finding, OutputError, RegisterError
from werkbank.files.whole import whole_file
from werkbank.files.yaml import packaged
from werkbank.parks.geometry import Feature, Shape, geojson_of, united
from werkbank.parks.municipalities import UNKNOWN, Municipalities, codes_in, nearby_municipalities, slug_of
from werkbank.parks.register import CODE, ParkRegister
from werkbank.parks.source import Table, Where, read_table, read_text
from werkbank.wording import count, did_you_mean, listing, number

MAPPING_FILE = "park_mapping.csv"
_STARTER = ("rin", "ibis_name", "municipality", "net_ha", "park_id", "name")
_NUMBER = re.compile(r"\d{1,15}([.,]\d{1,15})?")
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Format:
    """One shape: per meaning the column that carries it, the columns it is known by, and the areas in a hectare."""

    id: str
    columns: Mapping[str, str]
    known_by: Sequence[str]
    per_hectare: float = 1.0

    def values(self, row: Mapping[str, str]) -> dict[str, str]:
        """A row by meaning, whatever the capitals of its columns; what the row does not have is empty."""
        cells = {name.strip().casefold(): value for name, value in row.items()}
        return {meaning: cells.get(name.casefold(), "") for meaning, name in self.columns.items()}


FORMATS: Final = tuple(Format(**one) for one in packaged(__file__, "ibis.yaml")["formats"])
"""As the national service delivers it, as a table with names of municipalities, as a map in square metres without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """One row of an export; areas in hectares."""

    where: Where
    rin: str
    name: str
    code: str
    municipality: str
    year: int | None = None
    place: str = ""
    net: float | None = None
    gross: float | None = None
    shape: Shape | None = None

    @property
    def stated(self) -> tuple[object, ...]:
        """What the row says of its site, the outline and the place in the file left aside."""
        return self.name.casefold(), self.code, self.municipality, self.year, self.net, self.gross


def recognise(header: Iterable[str]) -> Format | None:
    """The shape whose columns are all there, None for what is no export of IBIS."""
    present = {name.strip().casefold() for name in header}
    return next((one for one in FORMATS if all(one.columns[m].casefold() in present for m in one.known_by)), None)


def read(path: Path, form: Format, table: Table, features: Sequence[Feature], *, merge: bool) -> ParkRegister:
    """The parks of an export; with `merge`, as the mapping beside it has them, when there is one."""
    municipalities = nearby_municipalities(path)
    findings = [*table.findings, *municipalities.findings]
    shapes = {one.number: one.shape for one in features}
    sites = []
    for line, cells in table.rows:
        where = Where(path.name, number=line) if features else Where(path.name, line)
        if len(cells) != len(table.header):
            findings.append(where.finding("extra-field", fields=len(cells), expected=len(table.header)))
        elif site := _site(where, form, form.values(dict(zip(table.header, cells, strict=True))), findings):
            sites.append(replace(site, shape=shapes.get(line)))
    if not table.rows:
        findings.append(Where(path.name).finding("empty-register"))
    own = _placed(_once(sites, findings), municipalities, findings)
    mapping = path.with_name(MAPPING_FILE)
    if merge and mapping.is_file():
        own = _merged(own, mapping, findings)
    outlines = {site.where.park_id or site.rin: site.shape for site in own if site.shape is not None}
    return ParkRegister(path.name, form.id, tuple(findings), MappingProxyType(outlines), _frame(own))


def write_starter_mapping(register: ParkRegister, path: Path | str) -> Path:
    """A first `park_mapping.csv`, each row a park of its own: give rows of one park the same `park_id`.

    Raises OutputError when the file is there already: it may be somebody's work.
    """
    target = Path(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_STARTER)
    for row in register.parks.to_dict("records"):
        net = "" if pd.isna(row["net_ha"]) else number(float(row["net_ha"]), 1).replace(".", "")
        cells = [row["ibis_rin"], row["name"], row["municipality"], net, row["park_id"], row["name"]]
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells])
    _write_new({target: text.getvalue()}, encoding="utf-8-sig")
    return target


def write_parks(register: ParkRegister, folder: Path | str) -> None:
    """Write the parks as the district's own `parks.csv`, and their outlines as `parks.geojson`.

    Raises OutputError when either is there already.
    """
    target, frame = Path(folder), register.parks
    texts = {target / "parks.csv": frame.to_csv(index=False, lineterminator="\n")}
    if register.shapes:
        named = {row["park_id"]: row for row in frame[["park_id", "name"]].to_dict("records")}
        texts[target / "parks.geojson"] = geojson_of(register.shapes, named)
    _write_new(texts, encoding="utf-8")


def _write_new(texts: Mapping[Path, str], encoding: str) -> None:
    if there := [path.name for path in texts if path.exists()]:
        raise OutputError(f"{listing(there)} is er al; er is niets veranderd. Kies een andere map of naam.")
    for path, text in texts.items():
        whole_file(path, text.encode(encoding))


def _site(where: Where, form: Format, row: Mapping[str, str], findings: list[Finding]) -> _Site | None:
    # A number that a spreadsheet wrote as 4310.0 is 4310.
    rin = re.sub(r"[.,]0+$", "", row["rin"])
    if not CODE.fullmatch(rin):
        findings.append(where.finding("wrong-code/rin"))
        return None
    where = replace(where, park_id=rin)
    if not row["name"]:
        findings.append(where.finding("missing-name", rin=rin))
    name = row["name"] or f"Terrein {rin}"
    codes = codes_in(row.get("codes", ""))
    if codes is None or len(codes) > 1:
        what = "een gemeentecode die er geen is" if codes is None else "meer gemeentecodes"
        findings.append(where.finding("wrong-municipality-code", name=name, rin=rin, what=what, file_name=MAPPING_FILE))
    return _Site(
        where=where,
        rin=rin,
        name=name,
        code=codes[0] if codes else "",
        municipality=row.get("municipality", ""),
        year=int(row["year"]) if re.fullmatch(r"\d{4}", row["year"]) else None,
        place=row.get("place", ""),
        net=_hectares(where, "netto", row["net"], form, findings),
        gross=_hectares(where, "bruto", row["gross"], form, findings),
    )


def _hectares(where: Where, what: str, text: str, form: Format, findings: list[Finding]) -> float | None:
    if text and not _NUMBER.fullmatch(text):
        findings.append(where.finding("not-a-number/area", what=what))
        return None
    return float(text.replace(",", ".")) / form.per_hectare if text else None


def _once(sites: Sequence[_Site], findings: list[Finding]) -> list[_Site]:
    """One site per number: of several years the last; rows that say the same are one, with all their outlines."""
    by_rin: dict[str, list[_Site]] = {}
    for site in sites:
        by_rin.setdefault(site.rin, []).append(site)
    found = []
    for rin, group in by_rin.items():
        last = max((site.year or 0) for site in group)
        latest = [site for site in group if (site.year or 0) == last]
        if len({site.stated for site in latest}) > 1:
            facts = {"name": latest[0].name, "rin": rin, "times": len(latest)}
            findings.append(latest[0].where.finding("doubled-park/rin", **facts))
            continue
        found.append(replace(latest[0], shape=united(site.shape for site in latest)))
    return found


def _placed(sites: Sequence[_Site], municipalities: Municipalities, findings: list[Finding]) -> list[_Site]:
    """The sites with their municipality as the name of a parameters file: by code, else by name, else by the map."""
    done, mapped, lost = [], 0, []
    for site in sites:
        one = municipalities.by_code.get(site.code) or municipalities.named(site.municipality)
        slug = one.slug if one else slug_of(site.municipality) or site.code.lower()
        if not slug and site.shape is not None and (around := municipalities.around(site.shape.sample)):
            slug, mapped = next(iter(around)), mapped + 1
        if not slug:
            lost.append(site.rin)
        done.append(replace(site, municipality=slug or UNKNOWN))
    where = Where(sites[0].where.file if sites else "")
    if mapped:
        findings.append(where.finding("municipality-from-map", parks=count(mapped, "terrein", "terreinen")))
    if lost:
        facts = {
            "parks": count(len(lost), "terrein", "terreinen"),
            "rins": listing(lost[:6]),
            "file_name": MAPPING_FILE,
        }
        findings.append(where.finding("municipality-unknown", **facts))
    return done


def _merged(sites: Sequence[_Site], mapping: Path, findings: list[Finding]) -> list[_Site]:
    by_rin = {site.rin: site for site in sites}
    groups: dict[str, list[_Site]] = {}
    mapped: set[str] = set()
    for where, row in _mapping_rows(mapping, findings):
        site = by_rin.get(row["rin"])
        if site is None:
            near = did_you_mean(row["rin"], list(by_rin))
            findings.append(where.finding("unknown-rin", near, rin=row["rin"][:60]))
        elif row["rin"] in mapped:
            findings.append(where.finding("mapped-twice", name=site.name, rin=row["rin"]))
        elif row["park_id"]:
            own = replace(where, park_id=row["park_id"])
            name, municipality = row.get("name") or site.name, slug_of(row.get("municipality", "")) or site.municipality
            groups.setdefault(row["park_id"], []).append(replace(site, where=own, name=name, municipality=municipality))
        mapped.add(row["rin"])
    for site in sites if mapped else ():
        if site.rin not in mapped:
            where = Where(mapping.name, park_id=site.rin)
            findings.append(where.finding("not-mapped", name=site.name, rin=site.rin))
    return [_one_park(group, findings) for group in groups.values()]


def _mapping_rows(path: Path, findings: list[Finding]) -> Iterator[tuple[Where, dict[str, str]]]:
    try:
        table = read_table(read_text(path))
    except RegisterError as reason:
        findings.append(Where(path.name).finding("unreadable-list/mapping", found=reason.message))
        return
    findings += table.findings
    header = [name.casefold() for name in table.header]
    if missing := [column for column in ("rin", "park_id") if column not in header]:
        facts = {"column": missing[0], "columns": "rin, park_id, name en municipality"}
        findings.append(Where(path.name, 1).finding("missing-column", did_you_mean(missing[0], header), **facts))
        return
    for line, cells in table.rows:
        row = {name: cell.removeprefix("'") for name, cell in zip(header, cells, strict=False)}
        if row.get("park_id") and not CODE.fullmatch(row["park_id"]):
            findings.append(Where(path.name, line).finding("wrong-code"))
        else:
            yield Where(path.name, line), {"rin": "", "park_id": "", **row}


def _one_park(group: Sequence[_Site], findings: list[Finding]) -> _Site:
    first = group[0]
    places = list(dict.fromkeys(site.municipality for site in group))
    if len(places) > 1:
        facts = {"name": first.name, "park": first.where.park_id, "places": listing(places)}
        findings.append(first.where.finding("several-municipalities", **facts))
    missing = [site.rin for site in group if site.net is None]
    if missing and len(missing) < len(group):
        facts = {"name": first.name, "park": first.where.park_id, "rins": listing(missing)}
        findings.append(first.where.finding("incomplete-area", **facts))
    return replace(
        first,
        rin=" ".join(site.rin for site in group),
        year=min((site.year for site in group if site.year), default=None),
        net=_sum(site.net for site in group),
        gross=_sum(site.gross for site in group),
        shape=united(site.shape for site in group),
    )


def _sum(areas: Iterable[float | None]) -> float | None:
    known = [area for area in areas if area is not None]
    # The register has tenths of hectares; binary noise of a sum is not shown to anybody.
    return round(sum(known), 6) if known else None


def _frame(sites: Sequence[_Site]) -> pd.DataFrame:
    """Sites as the frame of a register; the place on the map is a point inside the park, to 0.1 m."""
    spots = [site.shape.centre if site.shape is not None else None for site in sites]
    columns: dict[str, tuple[list[object], str]] = {
        "park_id": ([site.where.park_id or site.rin for site in sites], "str"),
        "name": ([site.name for site in sites], "str"),
        "municipality": ([site.municipality for site in sites], "str"),
        "net_ha": ([site.net for site in sites], "float64"),
        "gross_ha": ([site.gross for site in sites], "float64"),
        "longitude": ([spot and round(spot[0], 6) for spot in spots], "float64"),
        "latitude": ([spot and round(spot[1], 6) for spot in spots], "float64"),
        "ibis_rin": ([site.rin for site in sites], "str"),
        "year": ([site.year for site in sites], "Int64"),
        "place": ([site.place for site in sites], "str"),
    }
    return pd.DataFrame({name: pd.Series(values, dtype=kind) for name, (values, kind) in columns.items()})
