"""`park_mapping.csv`: which rows of an IBIS export are phases of one park of the district; a person decides.

A small file with the columns `rin`, `ibis_name`, `municipality`, `park_id` and `name`. A row is found by its number,
else by its IBIS name; an empty `park_id` leaves it out on purpose; another municipality than that of the export
corrects it. A starter with proposals is written from an export.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, OutputError, RegisterError
from werkbank.parks.names import base_name
from werkbank.parks.records import PARK_CODE, Where
from werkbank.parks.register import ParkRegister
from werkbank.parks.source import fault, read_table, read_text
from werkbank.parks.values import slug, words
from werkbank.wording import did_you_mean, listing, number

__all__ = ["MAPPING_FILE", "MappingRow", "read_mapping", "write_starter_mapping"]

MAPPING_FILE = "park_mapping.csv"
COLUMNS = ("rin", "ibis_name", "park_id", "name", "municipality")
_STARTER = ("rin", "ibis_name", "municipality", "net_ha", "park_id", "name", "proposal")
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row of the mapping; `park_id` is empty for what stays out."""

    where: Where
    rin: str
    ibis_name: str
    park_id: str
    name: str
    municipality: str


def read_mapping(path: Path) -> tuple[list[MappingRow], list[Finding]]:
    """The rows of a mapping and its faults; a row with a faulty code is left out. Raises RegisterError."""
    try:
        table = read_table(read_text(path))
    except FileNotFoundError:
        raise RegisterError(f"Er is geen {path.name}; maak er een met write_starter_mapping.") from None
    findings = [*table.findings]
    header = [name.casefold() for name in table.header]
    if "park_id" not in header or not {"rin", "ibis_name"} & set(header):
        if not any(finding.rule == "broken-csv" for finding in findings):
            remedy = did_you_mean("park_id", header) or "vul de kolommen aan"
            found = f"de kolommen zijn {listing(header) or 'er niet'}"
            findings.append(fault(path.name, 1, "missing-column", found, listing(COLUMNS), remedy))
        return [], findings
    rows = []
    for line, cells in table.rows:
        row = {name: _plain(cell) for name, cell in zip(header, cells, strict=False)}
        row["municipality"] = slug(row.get("municipality", ""))
        rows.append(MappingRow(Where(path.name, line), *(row.get(name, "") for name in COLUMNS)))
    wrong = [row for row in rows if row.park_id and not PARK_CODE.fullmatch(row.park_id)]
    allowed, remedy = "letters, cijfers, “-”, “_” en “.”, zonder spaties", "verbeter park_id"
    findings += [
        row.where.finding("wrong-code", "park_id is geen code", allowed, remedy, severity="error") for row in wrong
    ]
    return [row for row in rows if row not in wrong], findings


def write_starter_mapping(register: ParkRegister, path: Path | str, own: pd.DataFrame | None = None) -> Path:
    """A first `park_mapping.csv` for an IBIS register, with a proposal per row; a person checks every one.

    Rows of one municipality with the same name but for the phase are proposed as one park; with `own`, the district's
    list, as the park of that name. Raises OutputError when the file is there already: it may be somebody's work.
    """
    target = Path(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_STARTER)
    writer.writerows(_proposals(register.parks, own))
    try:
        with target.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(text.getvalue())
    except FileExistsError:
        raise OutputError(f"{target.name} is er al; er is niets veranderd. Kies een andere naam.") from None
    except OSError:
        raise OutputError(f"{target.name} kan niet worden geschreven; controleer de map en de rechten.") from None
    return target


def _proposals(parks: pd.DataFrame, own: pd.DataFrame | None) -> Iterator[list[str]]:
    rows = parks.to_dict("records")
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault(_key(row["municipality"], row["name"]), []).append(str(row["name"]))
    listed = _own_by_name(own)
    for row in rows:
        key = _key(row["municipality"], row["name"])
        park_id, name, why = listed.get(key) or _grouped(key, groups[key], str(row["park_id"]))
        net = "" if pd.isna(row["net_ha"]) else number(float(row["net_ha"]), 1).replace(".", "")
        cells = [row["ibis_rin"] or row["park_id"], row["name"], row["municipality"], net, park_id, name, why]
        yield [_safe(str(cell)) for cell in cells]


def _key(municipality: object, name: object) -> tuple[str, str]:
    return str(municipality), base_name(str(name))


def _own_by_name(own: pd.DataFrame | None) -> dict[tuple[str, str], tuple[str, str, str]]:
    """The district's parks by municipality and name without phase, as far as that is one park."""
    rows = [] if own is None else own.to_dict("records")
    keys = [_key(row["municipality"], row["name"]) for row in rows]
    return {
        key: (str(row["park_id"]), str(row["name"]), "zelfde naam als in uw eigen lijst")
        for key, row in zip(keys, rows, strict=True)
        if keys.count(key) == 1
    }


def _grouped(key: tuple[str, str], names: Sequence[str], code: str) -> tuple[str, str, str]:
    municipality, base = key
    if len(names) == 1:
        return code, names[0], ""
    shown = base.upper() if all(name == name.upper() for name in names) else base.title()
    return "-".join((municipality, *words(base)))[:60].rstrip("-"), shown, f"zelfde naam, {len(names)} rijen samen"


def _safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
