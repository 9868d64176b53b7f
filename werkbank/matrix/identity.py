"""Whose return it is: municipality, party and round, from the hidden sheet or else from what else is certain.

Without the hidden sheet the name of the file says it, when it is as was agreed: `urk_politie`. What such a name
contradicts is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import PurePath
from typing import Final, Self

import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.cells import CellReader, normalise
from werkbank.matrix.layout import FICTIONAL_LABEL, SCHEMA_VERSION, SHEET_SCHEMA, Place, workbook_name
from werkbank.matrix.locating import Words
from werkbank.matrix.opening import Workbook
from werkbank.matrix.risk_matrix import Source
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Party
from werkbank.wording import did_you_mean, listing

Supplier = tuple[str, str]
"""Municipality and party."""
NOBODY: Final[Supplier] = ("", "")
"""Stands for a supplier that nothing tells."""

_ROUND: Final = re.compile(r"\bronde ([\w.]+-[\w.-]*\w)|(?<![\d-])(20\d\d-\d)(?![\d-])")
"""As titles print it, or such as 2026-1 anywhere; “ronde 2” is not held against 2026-2."""
_COPY: Final = re.compile(r"( \(\d+\)| - kopie)?$")
"""What a program puts behind the name of a file that is there already."""
_NAME: Final = re.compile(r"[\w.-]{1,20}")


@dataclass(frozen=True)
class Suppliers:
    """The municipalities and parties of which a matrix can be."""

    municipalities: Sequence[str]
    parties: Sequence[Party]

    def of_file(self, file: str) -> Supplier:
        """Whose return a file is by a name as was agreed, `almere_politie`, or of a copy of it; else NOBODY."""
        return self._agreed.get(_COPY.sub("", PurePath(file).stem.casefold(), count=1), NOBODY)

    def includes(self, supplier: Supplier) -> bool:
        """True for a municipality and a party that are both known."""
        return supplier in self._agreed.values()

    @cached_property
    def _agreed(self) -> Mapping[str, Supplier]:
        pairs = ((slug, party) for slug in self.municipalities for party in self.parties)
        return {PurePath(workbook_name(slug, party.file)).stem.casefold(): (slug, party.id) for slug, party in pairs}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that can tell whose return it is."""

    place: Place
    schema: Mapping[str, str]
    """Key and value of the hidden sheet; empty without."""
    by_name: Supplier
    """What the name of the file says."""
    sha256: str = ""
    """Of the file."""
    fictional: bool = False
    title: str = ""
    """What stands above the matrix or list, ready for comparing."""

    def finding(self, rule: str, found: str = "", allowed: str = "", remedy: str = "") -> Finding:
        """A finding about the return as a whole."""
        return finding(rule, found, allowed=allowed, remedy=remedy, place=self.place)

    @property
    def supplier(self) -> Supplier:
        """Municipality and party as the hidden sheet says, else as the name of the file does."""
        return self.schema.get("municipality") or self.by_name[0], self.schema.get("party") or self.by_name[1]


def schema_of(book: Workbook) -> dict[str, str]:
    """Key and value of the hidden sheet; empty when it is gone."""
    table = book.table(SHEET_SCHEMA)
    rows = table.rows if table else ()
    return {normalise(row[0]): _text(row[1]) for row in rows if len(row) > 1 and normalise(row[0])}


def is_fictional(schema: Mapping[str, str], title: str) -> bool:
    """True when the hidden sheet or the title says that the judgements are made up."""
    return normalise(schema.get("fictional")) == "ja" or normalise(FICTIONAL_LABEL) in title


def identify(evidence: Evidence, known: Known) -> tuple[Source | None, tuple[Finding, ...]]:
    """Whose the return is and what is wrong with that; None when it cannot be used for this round."""
    unknown = tuple(_unknown_names(evidence, known.suppliers))
    findings = (
        *unknown,
        *_wrong_moment(evidence, known.round),
        *(() if unknown else _swapped(evidence)),
        *_other_catalogue(evidence, known.catalogue, known.form_fingerprint),
    )
    if any(each.severity == "error" for each in findings):
        return None, findings
    municipality, party = evidence.supplier
    asked = None if known.parties is None else known.parties.get(municipality, ())
    if asked is not None and party not in asked:
        allowed = listing(known.catalogue.party(party).name for party in asked)
        return None, (*findings, evidence.finding("party-not-asked", allowed=allowed))
    return Source(evidence.place.file, municipality, party, evidence.sha256, evidence.fictional), findings


def _text(value: object) -> str:
    """A value as text; 1.0, which a program may make of a 1, is 1 again."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _unknown_names(evidence: Evidence, suppliers: Suppliers) -> Iterator[Finding]:
    municipality, party = evidence.supplier
    if municipality not in suppliers.municipalities:
        near = did_you_mean(municipality, suppliers.municipalities)
        yield evidence.finding("unknown-municipality", allowed=listing(suppliers.municipalities), remedy=near)
    if party not in {each.id for each in suppliers.parties}:
        yield evidence.finding("unknown-party", allowed=listing(each.file for each in suppliers.parties))


def _wrong_moment(evidence: Evidence, round: str) -> Iterator[Finding]:
    """A matrix of another round, of a newer werkbank, or one that does not say."""
    titled = [one or other for one, other in _ROUND.findall(evidence.title)]
    otherwise = titled[0] if titled and round.casefold() not in titled else None
    claimed = evidence.schema.get("round", otherwise)
    if claimed is None:
        yield evidence.finding("unknown-round", allowed=f"een werkmap van ronde {round}")
    elif claimed.casefold() != round.casefold():
        yield evidence.finding("wrong-round", f"de werkmap is van {_shown('ronde', claimed)}", f"ronde {round}")
    version = evidence.schema.get("schema_version", "1")
    if not (version.isdecimal() and len(version) < 10) or int(version) > SCHEMA_VERSION:
        yield evidence.finding("newer-workbook", allowed=f"versie {SCHEMA_VERSION}")


def _swapped(evidence: Evidence) -> Iterator[Finding]:
    """A matrix under the name of another; a name that says nothing contradicts nothing."""
    if evidence.by_name not in (NOBODY, evidence.supplier):
        yield evidence.finding("swapped-workbook")


def _other_catalogue(evidence: Evidence, catalogue: Catalogue, form_fingerprint: str) -> Iterator[Finding]:
    """What was asked by other rows or levels."""
    schema, allowed = evidence.schema, f"catalogus {catalogue.version}"
    version = schema.get("catalogue_version", "onbekend")
    if version in catalogue.earlier_versions:
        found = f"gemaakt met catalogus {version}; gelezen zoals mapping.yaml zegt"
        yield evidence.finding("earlier-catalogue", found, allowed)
    elif schema.get("catalogue_fingerprint", "") not in ("", form_fingerprint):
        own = f"een andere lijst met de naam catalogus {version}"
        found = f"gemaakt met {own if version == catalogue.version else _shown('catalogus', version)}"
        yield evidence.finding("other-catalogue", found, allowed)


def _shown(what: str, name: str) -> str:
    """The name when it looks like one; a text that somebody typed in its place is not repeated."""
    return f"{what} {name}" if _NAME.fullmatch(name) else f"een andere {what}"


@dataclass(frozen=True, slots=True)
class Former:
    """The indicators of an earlier version of the catalogue, in terms of the present one."""

    version: str
    indicators: Words
    """The codes and names of then; each means its present code, what was dropped a code that is no one's."""
    renamed: Mapping[str, str]
    dropped: Mapping[str, str]
    """Code of then → its name."""
    added: tuple[str, ...]
    """Present codes that were not asked then, or on another scale."""
    rescaled: Mapping[str, str]
    """Code of then → its code now, of what was asked on another scale."""

    @classmethod
    def of(cls, catalogue: Catalogue, version: str) -> Self:
        """As mapping.yaml says."""
        then = {each.id: each.name for each in catalogue.as_of(version).indicators}
        now = {earlier: code for code, earlier in catalogue.codes_then(version).items()}
        rescaled = {earlier: code for code, earlier in catalogue.rescaled_since(version).items()}
        then |= {earlier: catalogue.indicator(code).name for earlier, code in rescaled.items()}
        dropped = {code: name for code, name in then.items() if code not in now}
        words = Words.of("indicator", then.items(), now | {code: f"{code} ({version})" for code in dropped})
        added = tuple(code for code in catalogue.indicator_ids if code not in now.values())
        return cls(version, words, {old: new for old, new in now.items() if old != new}, dropped, added, rescaled)


@dataclass(frozen=True, slots=True)
class Known:
    """What every return is checked against: catalogue, register, round and parties; made once for all files."""

    catalogue: Catalogue
    form_fingerprint: str
    cells: CellReader
    indicators: Words
    parks: Words
    own_parks: Mapping[str, Words]
    """Of every municipality the words for parks, of which its own are expected."""
    parks_of: Mapping[str, tuple[str, ...]]
    municipality_of: Mapping[str, str]
    suppliers: Suppliers
    round: str
    parties: Mapping[str, Sequence[str]] | None
    """Who takes part, by municipality; None when that was not said."""
    earlier: Mapping[str, Former] = field(default_factory=dict)
    """By version of the catalogue."""

    @property
    def every_party(self) -> tuple[str, ...]:
        """Who takes part anywhere; nobody when that was not said."""
        return tuple(dict.fromkeys(chain.from_iterable((self.parties or {}).values())))

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        parks: pd.DataFrame,
        round: str,
        parties: Sequence[str] | Mapping[str, Sequence[str]] | None,
    ) -> Self:
        """What is known by this catalogue, this register (`load_parks`) and the parameters of the round."""
        own_of: dict[str, list[str]] = {}
        for park, slug in zip(parks["park_id"].tolist(), parks["municipality"].tolist(), strict=True):
            own_of.setdefault(str(slug), []).append(park)
        parks_of = {slug: tuple(own) for slug, own in own_of.items()}
        words = Words.of("park", zip(parks["park_id"].astype(str), parks["name"].astype(str), strict=True))
        return cls(
            catalogue=catalogue,
            form_fingerprint=catalogue.form_fingerprint,
            cells=CellReader(catalogue),
            indicators=Words.of("indicator", ((each.id, each.name) for each in catalogue.indicators)),
            parks=words,
            own_parks={slug: words.limited(own) for slug, own in parks_of.items()},
            parks_of=parks_of,
            municipality_of={park: slug for slug, own in parks_of.items() for park in own},
            suppliers=Suppliers(tuple(parks_of), catalogue.parties),
            round=round,
            parties=parties if parties is None or isinstance(parties, Mapping) else dict.fromkeys(parks_of, parties),
            earlier={version: Former.of(catalogue, version) for version in catalogue.earlier_versions},
        )
