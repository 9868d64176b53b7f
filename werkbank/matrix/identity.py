"""Whose workbook it is: municipality, party and round, from the hidden sheet or else from the file's name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkbank.catalogue import Catalogue
from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import SCHEMA_VERSION, SHEET_SCHEMA
from werkbank.matrix.workbook import Table, Workbook
from werkbank.wording import did_you_mean, listing

__all__ = ["Identity", "identify"]

_LONGEST = 40


_NAME = re.compile(r"[\w.-]{1,20}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filled in the workbook, about which municipality, and whether the judgements are made up."""

    municipality: str
    party: str
    fictional: bool


def identify(
    book: Workbook, catalogue: Catalogue, fingerprint: str, parks_of: Mapping[str, tuple[str, ...]], round: str
) -> tuple[Identity | None, tuple[Finding, ...]]:
    """The workbook's identity and what is wrong with it; None when it cannot be used for this round.

    `fingerprint` is the catalogue's: passed along, for it takes longer to make than to read a small workbook.
    """
    table = book.table(SHEET_SCHEMA)
    schema = _pairs(table) if table else {}
    from_name = _from_name(book.file, catalogue)
    claimed = (schema.get("municipality", from_name[0]), schema.get("party", from_name[1]))
    findings = (
        *_unknown_names(book.file, claimed, catalogue, tuple(parks_of)),
        *_wrong_moment(book.file, schema, round),
        *_swapped(book.file, claimed, from_name, parks_of),
        *_other_catalogue(book.file, schema, catalogue, fingerprint),
    )
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    return Identity(*claimed, normalise(schema.get("fictional")) == "ja"), findings


def _pairs(table: Table) -> dict[str, str]:
    return {normalise(row[0]): _text(row[1]) for row in table.rows if len(row) > 1 and normalise(row[0])}


def _text(value: object) -> str:
    """A value as text; 1.0, which a program may make of a 1, is 1 again."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _from_name(file: str, catalogue: Catalogue) -> tuple[str, str]:
    """Municipality and party as the file's name says: `almere_politie.xlsx`."""
    municipality, _, suffix = Path(file).stem.rpartition("_")
    party = next((party.id for party in catalogue.parties if party.file == suffix), "")
    return municipality, party


def _unknown_names(
    file: str, claimed: tuple[str, str], catalogue: Catalogue, municipalities: tuple[str, ...]
) -> Iterator[Finding]:
    municipality, party = claimed
    rename = "noem het bestand naar gemeente en partij, zoals urk_politie.xlsx"
    if municipality not in municipalities:
        remedy = did_you_mean(municipality, municipalities) or rename
        yield _fault(file, "unknown-municipality", "de gemeente is niet te herkennen", listing(municipalities), remedy)
    if party not in {each.id for each in catalogue.parties}:
        names = listing(each.file for each in catalogue.parties)
        yield _fault(file, "unknown-party", "de partij is niet te herkennen", names, rename)


def _wrong_moment(file: str, schema: Mapping[str, str], round: str) -> Iterator[Finding]:
    """A workbook of another round, of a newer werkbank, or one that does not say."""
    if "round" not in schema:
        yield _fault(
            file,
            "unknown-round",
            "de werkmap zegt niet van welke ronde zij is; de bestandsnaam is geloofd",
            f"een werkmap van ronde {round}",
            "controleer de ronde, of gebruik de werkmap van de werkbank",
            "warning",
        )
    elif schema["round"] != round:
        found = f"de werkmap is van {_named('ronde', schema['round'])}"
        yield _fault(file, "wrong-round", found, f"ronde {round}", "lever de werkmap van deze ronde aan")
    if _newer(schema.get("schema_version", "1")):
        found = "de werkmap is met een nieuwere werkbank gemaakt"
        yield _fault(file, "newer-workbook", found, f"versie {SCHEMA_VERSION}", "werk de werkbank bij")


def _swapped(
    file: str, claimed: tuple[str, str], from_name: tuple[str, str], municipalities: Collection[str]
) -> Iterator[Finding]:
    """A workbook under the name of another; a name that says nothing contradicts nothing."""
    municipality, party = from_name
    if (municipality in municipalities and municipality != claimed[0]) or (party and party != claimed[1]):
        found = "de inhoud is van een andere gemeente of partij dan de naam zegt"
        yield _fault(file, "swapped-workbook", found, "gelijk", "controleer of bestanden zijn verwisseld")


def _other_catalogue(file: str, schema: Mapping[str, str], catalogue: Catalogue, fingerprint: str) -> Iterator[Finding]:
    if schema.get("catalogue_fingerprint", fingerprint) != fingerprint:
        found = f"gemaakt met {_named('catalogus', schema.get('catalogue_version', 'onbekend'))}"
        remedy = "controleer of indicatoren en niveaus hetzelfde betekenen"
        yield _fault(file, "other-catalogue", found, f"catalogus {catalogue.version}", remedy, "warning")


def _named(what: str, name: str) -> str:
    """The name when it looks like one; a text that somebody typed in its place is not repeated."""
    return f"{what} {name}" if _NAME.fullmatch(name) else f"een andere {what}"


def _newer(version: str) -> bool:
    return not (version.isdecimal() and len(version) < 10) or int(version) > SCHEMA_VERSION


def _fault(file: str, rule: str, found: str, allowed: str, remedy: str, severity: Severity = "error") -> Finding:
    return Finding(rule=rule, severity=severity, file=file, found=found, allowed=allowed, remedy=remedy)
