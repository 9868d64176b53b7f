"""The formats in which registers come: which columns they have and what these mean. A new format is a new entry here.

A format is known by its columns, whether they stand in a CSV file or are the properties of a GeoJSON file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from werkbank.parks.values import Unit

__all__ = ["FORMATS", "Format", "recognise"]

Column = Literal["park_id", "rin", "name", "codes", "municipality", "year", "gross", "net", "place"]
"""What a column of a format can mean; `codes` are municipality codes, `place` is a town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: per meaning the column that carries it, and the columns by which it is known.

    `year_of_reference`: the year is that of the register, so of one park's rows the latest counts; otherwise it is
    the year in which the park began. `unit` of areas is what the format should use; the size of the numbers decides.
    """

    id: str
    name: str
    columns: Mapping[Column, str]
    known_by: tuple[Column, ...]
    unit: Unit = "ha"
    year_of_reference: bool = False

    def fits(self, header: Iterable[str]) -> bool:
        """True when every column by which the format is known is there, whatever the capitals."""
        present = {name.strip().casefold() for name in header}
        return all(self.columns[column].casefold() in present for column in self.known_by)

    def values(self, row: Mapping[str, str]) -> dict[Column, str]:
        """A row by meaning; what the row does not have is empty."""
        folded = {name.strip().casefold(): value for name, value in row.items()}
        return {column: folded.get(name.casefold(), "") for column, name in self.columns.items()}


def _format(id: str, name: str, columns: dict[Column, str], known_by: tuple[Column, ...], **more: object) -> Format:
    return Format(id=id, name=name, columns=MappingProxyType(columns), known_by=known_by, **more)  # type: ignore[arg-type]


FORMATS: Final = (
    _format(
        "own",
        "eigen terreinenregister",
        {
            "park_id": "park_id",
            "name": "name",
            "municipality": "municipality",
            "codes": "code",
            "net": "net_ha",
            "rin": "ibis_rin",
        },
        ("park_id",),
    ),
    _format(
        "ibis_service",
        "IBIS, zoals de landelijke dienst het levert",
        {
            "rin": "RIN_NUMMER",
            "year": "JAAR",
            "name": "PLAN_NAAM",
            "codes": "GEM_CODES",
            "gross": "HA_BRUTO",
            "net": "HA_NETTO",
        },
        ("rin", "name", "codes"),
        year_of_reference=True,
    ),
    _format(
        "ibis_table",
        "IBIS, als tabel met gemeentenamen",
        {
            "rin": "rin",
            "name": "naam",
            "codes": "gemeentecode",
            "municipality": "gemeente",
            "year": "jaar",
            "gross": "ha_bruto",
            "net": "ha_netto",
        },
        ("rin", "name", "codes"),
        year_of_reference=True,
    ),
    _format(
        "ibis_shapes",
        "IBIS, als kaart zonder gemeenten",
        {
            "rin": "RINNUMMER",
            "name": "BEDRIJVENT",
            "place": "KERN",
            "gross": "OPPBRUTO",
            "net": "OPPNETTO",
            "year": "JAAR",
        },
        ("rin", "name"),
        unit="m2",
    ),
)


def recognise(header: Iterable[str]) -> Format | None:
    """The first format whose columns are all there, else None."""
    names = tuple(header)
    return next((one for one in FORMATS if one.fits(names)), None)
