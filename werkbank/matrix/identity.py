"""Whose matrix it is: municipality, party and round, from the hidden sheet or else from what else is certain.

Without the hidden sheet a municipality is certain when every park belongs to it, and a party when the file, the sheet
or the title names one. What was concluded so is said in a finding; what contradicts each other is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import normalise
from werkbank.matrix.identity import NO_CLAIM, Claim, Suppliers
from werkbank.matrix.layout import FICTIONAL_LABEL, SCHEMA_VERSION, SHEET_SCHEMA
from werkbank.matrix.opening import Table, Where, Workbook
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import did_you_mean, listing

__all__ = ["Evidence", "Identity", "identify", "is_fictional", "schema_of"]

_NAME: Final = re.compile(r"[\w.-]{1,20}")
_RENAME: Final = "noem het bestand naar gemeente en partij, zoals urk_politie.xlsx"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filled in the matrix, about which municipality, and whether the judgements are made up."""

    municipality: str
    party: str
    fictional: bool
    catalogue_version: str | None = None
    """The version of the catalogue it was made with; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that can tell whose matrix it is."""

    file: str
    schema: Mapping[str, str]
    """Key and value of the hidden sheet; empty without."""
    by_file: Claim
    """What the name of the file says when it follows the rule."""
    by_title: Claim
    """What the name of the sheet and the title say."""
    by_parks: str
    """The municipality to which every park in it belongs; empty when there is no such."""
    by_lines: Claim = NO_CLAIM
    """What rows or columns beside the judgements say."""
    by_words: Claim = NO_CLAIM
    """What the words in the name of the file say when it follows no rule; nothing where the hidden sheet says it."""
    fictional: bool = False
    where: Where | None = None
    """The place of the matrix, when the file holds several."""

    @property
    def claim(self) -> Claim:
        """Municipality, party and round as far as anything tells."""
        by_schema = Claim(*(self.schema.get(key, "") for key in ("municipality", "party", "round")))
        said = by_schema | self.by_lines | self.by_file | self.by_words
        return said | self.by_title | Claim(self.by_parks)


def schema_of(book: Workbook) -> dict[str, str]:
    """Key and value of the hidden sheet; empty when it is gone."""
    table = book.table(SHEET_SCHEMA)
    return _pairs(table) if table else {}


def is_fictional(schema: Mapping[str, str], title: str) -> bool:
    """True when the hidden sheet or the title says that the judgements are made up."""
    return normalise(schema.get("fictional")) == "ja" or normalise(FICTIONAL_LABEL) in title


def identify(
    evidence: Evidence, catalogue: Catalogue, fingerprint: str, suppliers: Suppliers, round: str
) -> tuple[Identity | None, tuple[Finding, ...]]:
    """Whose the matrix is and what is wrong with that; None when it cannot be used for this round.

    `fingerprint` is the catalogue's: passed along, for it takes longer to make than to read a small workbook.
    """
    fault = _Faults(evidence.file, evidence.where)
    schema, claim = evidence.schema, evidence.claim
    unknown = tuple(_unknown_names(fault, claim, suppliers))
    findings = (
        *unknown,
        *_wrong_moment(fault, schema, claim.round, round),
        *(() if unknown else _swapped(fault, evidence, claim)),
        *_concluded(fault, evidence, claim, suppliers),
        *_other_catalogue(fault, schema, catalogue, fingerprint),
    )
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    return Identity(claim.municipality, claim.party, evidence.fictional, schema.get("catalogue_version")), findings


def _pairs(table: Table) -> dict[str, str]:
    return {normalise(row[0]): _text(row[1]) for row in table.rows if len(row) > 1 and normalise(row[0])}


def _text(value: object) -> str:
    """A value as text; 1.0, which a program may make of a 1, is 1 again."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


@dataclass(frozen=True, slots=True)
class _Faults:
    """Makes findings about one matrix as a whole."""

    file: str
    where: Where | None

    def __call__(self, rule: str, found: str, allowed: str, remedy: str, severity: Severity = "error") -> Finding:
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            found=found,
            allowed=allowed,
            remedy=remedy,
            **(self.where or {}),
        )


def _unknown_names(fault: _Faults, claim: Claim, suppliers: Suppliers) -> Iterator[Finding]:
    if claim.municipality not in suppliers.municipalities:
        remedy = did_you_mean(claim.municipality, suppliers.municipalities) or _RENAME
        known = listing(suppliers.municipalities)
        yield fault("unknown-municipality", "de gemeente is niet te herkennen", known, remedy)
    if claim.party not in {each.id for each in suppliers.parties}:
        names = listing(each.file for each in suppliers.parties)
        yield fault("unknown-party", "de partij is niet te herkennen", names, _RENAME)


def _wrong_moment(fault: _Faults, schema: Mapping[str, str], claimed: str, round: str) -> Iterator[Finding]:
    """A matrix of another round, of a newer werkbank, or one that does not say."""
    if not claimed and "round" not in schema:
        found = "de werkmap zegt niet van welke ronde zij is; de bestandsnaam is geloofd"
        remedy = "controleer de ronde, of gebruik de werkmap van de werkbank"
        yield fault("unknown-round", found, f"een werkmap van ronde {round}", remedy, "warning")
    elif claimed != round:
        found = f"de werkmap is van {_named('ronde', claimed)}"
        yield fault("wrong-round", found, f"ronde {round}", "lever de werkmap van deze ronde aan")
    if _newer(schema.get("schema_version", "1")):
        found = "de werkmap is met een nieuwere werkbank gemaakt"
        yield fault("newer-workbook", found, f"versie {SCHEMA_VERSION}", "werk de werkbank bij")


def _swapped(fault: _Faults, evidence: Evidence, claim: Claim) -> Iterator[Finding]:
    """A matrix under the name of another, or with the parks of another; what says nothing contradicts nothing."""
    place = Claim(evidence.by_parks)
    by_name = evidence.by_file | evidence.by_words
    sources = {"de naam van het bestand": by_name, "de titel": evidence.by_title, "de terreinen": place}
    others = [name for name, said in sources.items() if claim.contradicts(said)]
    if others:
        verb = "wijzen" if len(others) > 1 or others[0] == "de terreinen" else "wijst"
        found = f"de inhoud is van een andere gemeente of partij: daarop {verb} {listing(others)}"
        yield fault("swapped-workbook", found, "overal dezelfde", "controleer of bestanden zijn verwisseld")


def _concluded(fault: _Faults, evidence: Evidence, claim: Claim, suppliers: Suppliers) -> Iterator[Finding]:
    """What neither the hidden sheet nor the name of the file said, and was taken from the title and the parks."""
    words = evidence.by_words
    by_schema = Claim(evidence.schema.get("municipality", ""), evidence.schema.get("party", ""))
    certain = by_schema | evidence.by_lines | evidence.by_file
    told = []
    if claim.municipality and not certain.municipality:
        by_name = "de naam van het bestand" if words.municipality else "de titel"
        source = "de terreinen" if evidence.by_parks else by_name
        told.append(f"gemeente {claim.municipality} uit {source}")
    if claim.party and not certain.party:
        source = "de naam van het bestand" if words.party else "de titel of de naam van het blad"
        name = next((party.file for party in suppliers.parties if party.id == claim.party), "")
        told.append(f"partij {name} uit {source}")
    if told:
        remedy = f"controleer het; {_RENAME}"
        yield fault("concluded-identity", listing(told), "een werkmap die zegt van wie zij is", remedy, "warning")


def _other_catalogue(
    fault: _Faults, schema: Mapping[str, str], catalogue: Catalogue, fingerprint: str
) -> Iterator[Finding]:
    if schema.get("catalogue_version") in catalogue.earlier_versions:
        found = f"gemaakt met catalogus {schema['catalogue_version']}; gelezen zoals mapping.yaml zegt"
        remedy = "niets; de bevindingen hierna zeggen wat is vertaald"
        yield fault("earlier-catalogue", found, f"catalogus {catalogue.version}", remedy, "remark")
    elif schema.get("catalogue_fingerprint", fingerprint) != fingerprint:
        version = schema.get("catalogue_version", "onbekend")
        own = f"een andere lijst met de naam catalogus {version}"
        found = f"gemaakt met {own if version == catalogue.version else _named('catalogus', version)}"
        remedy = "controleer of indicatoren en niveaus hetzelfde betekenen"
        yield fault("other-catalogue", found, f"catalogus {catalogue.version}", remedy, "warning")


def _named(what: str, name: str) -> str:
    """The name when it looks like one; a text that somebody typed in its place is not repeated."""
    return f"{what} {name}" if _NAME.fullmatch(name) else f"een andere {what}"


def _newer(version: str) -> bool:
    return not (version.isdecimal() and len(version) < 10) or int(version) > SCHEMA_VERSION
