"""From rows of any known format to records: what a row says, and what is wrong with it.

What touches the identity of a park is an error, for judgements are collected under its code. What touches a figure, a
name or a place is a warning: the park loads, without the figure or with the likeliest reading of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from werkbank.errors import Finding
from werkbank.parks.formats import Column, Format
from werkbank.parks.geometry import Shape
from werkbank.parks.records import PARK_CODE, Record, Where
from werkbank.parks.values import Area, Unit, decimal_mark, read_area, read_codes, read_year, slug
from werkbank.wording import number

__all__ = ["LARGEST_HA", "Row", "read_rows"]

LARGEST_HA = 5_000.0
"""No Dutch business park is larger; the largest port areas stay below it."""
SMALLEST_HA = 0.05
_SURELY_HECTARES = 100.0
_SURELY_SQUARE_METRES = 1_000.0
_ONE_TOO_LARGE = 10_000.0
_BROKEN = ("\ufffd", "Ã", "â€")
_AREA_NAMES: dict[Column, str] = {"net": "de netto oppervlakte", "gross": "de bruto oppervlakte"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a register by meaning, with its outline where the register has one."""

    where: Where
    values: Mapping[Column, str]
    shape: Shape | None = None


def read_rows(rows: Sequence[Row], form: Format, findings: list[Finding]) -> list[Record]:
    """The records of the rows that have a code, in order; every fault is added to `findings`."""
    areas = _areas(rows, form, findings)
    records = []
    for row, (net, gross) in zip(rows, areas, strict=True):
        if (identity := _identity(row, findings)) is None:
            continue
        park_id, name = identity
        codes = read_codes(row.values.get("codes", ""))
        record = Record(
            where=row.where,
            park_id=park_id,
            name=name,
            rin=_whole(row.values.get("rin", "")),
            codes=codes.codes,
            municipality=row.values.get("municipality", ""),
            year=read_year(row.values.get("year", ""))[0],
            place=row.values.get("place", ""),
            net_ha=net,
            gross_ha=gross,
            shape=row.shape,
        )
        records.append(record)
        findings.extend(_year_findings(record, row.values.get("year", "")))
        findings.extend(_code_findings(record, nobody=codes.nobody, unreadable=codes.unreadable))
        findings.extend(_area_findings(record))
    return records


def _identity(row: Row, findings: list[Finding]) -> tuple[str, str] | None:
    """The park's code and name; None when there is nothing by which to call it."""
    name, rin = row.values.get("name", ""), _whole(row.values.get("rin", ""))
    park_id = row.values.get("park_id", "") or rin or slug(name)[:60]
    if not park_id:
        found, allowed = "heeft geen nummer en geen naam", "een RIN-nummer of een terreincode, en een naam"
        findings.append(
            row.where.finding("nameless-row", found, allowed, "vul de rij aan of haal haar weg", severity="error")
        )
        return None
    if not PARK_CODE.fullmatch(park_id):
        allowed = "letters, cijfers, “-”, “_” en “.”, zonder spaties"
        remedy = "verbeter de code"
        findings.append(
            row.where.finding("wrong-code", "de code is geen terreincode", allowed, remedy, severity="error")
        )
        return None
    findings.extend(_name_findings(row, park_id, name, coded=bool(rin or row.values.get("park_id"))))
    return park_id, name or f"Terrein {park_id}"


def _name_findings(row: Row, park_id: str, name: str, *, coded: bool) -> Iterator[Finding]:
    if not name:
        found, remedy = f"{park_id} heeft geen naam; hier “Terrein {park_id}” genoemd", "vul de naam in"
        yield row.where.finding("missing-name", found, "een naam", remedy, park_id=park_id)
    if any(mark in name for mark in _BROKEN):
        found, remedy = f"de naam van {park_id} bevat letters die verkeerd zijn omgezet", "verbeter de naam"
        yield row.where.finding("broken-characters", found, "een leesbare naam", remedy, park_id=park_id)
    if not coded:
        found = f"“{name}” heeft geen nummer; de code is van de naam gemaakt: {park_id}"
        yield row.where.finding("missing-rin", found, "een RIN-nummer", "zoek het nummer op in IBIS", park_id=park_id)


def _whole(text: str) -> str:
    """A number that a spreadsheet wrote as 4310.0 is 4310."""
    head, _, tail = text.replace(",", ".").partition(".")
    return head if head.isdigit() and not tail.strip("0") else text


def _year_findings(record: Record, text: str) -> Iterator[Finding]:
    year, exact = read_year(text)
    if text and year is None:
        yield record.finding("broken-year", "heeft een jaar dat niet te lezen is", "een jaartal", "verbeter het jaar")
    elif year is not None and not exact:
        # "v1900" is said of what is older, and a sign for "about" often did not survive a change of encoding.
        how = f"vóór {year}" if text.casefold().startswith("v") else f"ongeveer {year}"
        found = f"heeft een jaar met een teken erbij; gelezen als {how}"
        yield record.finding("broken-year", found, "een jaartal", "vul alleen het jaar in", severity="remark")


def _code_findings(record: Record, *, nobody: bool, unreadable: bool) -> Iterator[Finding]:
    allowed, remedy = "een gemeentecode zoals GM0034", "vul de code van de gemeente in"
    if nobody:
        yield record.finding("no-municipality-code", "heeft code GM0000, van geen enkele gemeente", allowed, remedy)
    if unreadable:
        yield record.finding("wrong-municipality-code", "heeft een gemeentecode die er geen is", allowed, remedy)


def _areas(rows: Sequence[Row], form: Format, findings: list[Finding]) -> list[tuple[float | None, float | None]]:
    """Per row net and gross in hectares, read by what the whole column shows."""
    columns: tuple[Column, ...] = ("net", "gross")
    texts = [row.values.get(column, "") for row in rows for column in columns]
    mark = decimal_mark(texts)
    unit = _unit([area.value for text in texts if (area := read_area(text, mark)) and area.value > 0], form)
    if unit == "m2":
        found = "de oppervlakten staan in vierkante meters; ze zijn omgerekend naar hectare"
        findings.append(_of_file(rows, "square-metres", found, "oppervlakten in hectare", "niets, als dit klopt"))
    return [tuple(_hectares(row, column, mark, unit, findings) for column in columns) for row in rows]  # type: ignore[misc]


def _unit(values: Sequence[float], form: Format) -> Unit:
    """What the file means by its numbers, told by the middle one; in doubt what the format should use."""
    middle = median(values) if values else 0.0
    if 0 < middle < _SURELY_HECTARES:
        return "ha"
    return "m2" if middle > _SURELY_SQUARE_METRES else form.unit if middle else "ha"


def _hectares(row: Row, column: Column, mark: str, unit: Unit, findings: list[Finding]) -> float | None:
    text = row.values.get(column, "")
    area = read_area(text, mark)
    if area is None:
        if text:
            found, remedy = f"{_AREA_NAMES[column]} is geen getal", "verbeter de oppervlakte"
            findings.append(row.where.finding("not-a-number", found, "een getal, zoals 12,5", remedy))
        return None
    if area.value < 0:
        found, remedy = f"{_AREA_NAMES[column]} is kleiner dan nul", "verbeter de oppervlakte"
        findings.append(row.where.finding("number-outside", found, "0 of meer hectare", remedy))
        return None
    likely = _likely_unit(area, unit)
    if likely != unit and area.unit is None:
        said = "vierkante meters" if likely == "m2" else "hectaren"
        found = f"{_AREA_NAMES[column]} ({text}) is waarschijnlijk in {said}, anders dan de andere; zo gelezen"
        findings.append(row.where.finding("other-unit", found, "alle oppervlakten in hectare", "controleer dit getal"))
    return area.value / 10_000 if likely == "m2" else area.value


def _likely_unit(area: Area, unit: Unit) -> Unit:
    if area.unit:
        return area.unit
    if unit == "ha" and area.value > _ONE_TOO_LARGE:
        return "m2"
    # A whole business park is never smaller than a garden.
    return "ha" if unit == "m2" and 0 < area.value < _SURELY_HECTARES else unit


def _area_findings(record: Record) -> Iterator[Finding]:
    net, gross = record.net_ha, record.gross_ha
    look = "controleer de oppervlakten"
    if net is not None and gross is not None and net > gross + 1e-9:
        found = f"heeft netto {number(net, 1)} ha en bruto maar {number(gross, 1)} ha"
        yield record.finding("net-above-gross", found, "netto hoogstens bruto", look)
    if net == 0:
        yield record.finding("no-area", "heeft 0 hectare netto", "meer dan 0 hectare", f"{look}; leeg is “niet bekend”")
    largest = max(net or 0, gross or 0)
    if largest > LARGEST_HA or 0 < largest < SMALLEST_HA:
        found, allowed = (
            f"is {number(largest, 2)} hectare groot",
            f"tussen {number(SMALLEST_HA, 2)} en {number(LARGEST_HA)}",
        )
        yield record.finding("absurd-area", found, f"{allowed} hectare", "kijk of het vierkante meters zijn")


def _of_file(rows: Sequence[Row], rule: str, found: str, allowed: str, remedy: str) -> Finding:
    file = rows[0].where.file if rows else ""
    return Where(file).finding(rule, found, allowed, remedy, severity="remark")
