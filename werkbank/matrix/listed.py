"""From a list of judgements, one on each line, to deliveries: the form of `RiskMatrix.judgements`, also in Dutch.

A list may be about several municipalities and by several parties; each pair of these is a delivery.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from werkbank.errors import Finding
from werkbank.matrix.cells import OPEN, Judgement, Read, Unreadable, mixed_scale, normalise
from werkbank.matrix.identity import NO_CLAIM, Claim, Evidence, Identity, Known, identify
from werkbank.matrix.layout import Key
from werkbank.matrix.lists import ListFaults, ListLines
from werkbank.matrix.locating import Words
from werkbank.matrix.reading import Found
from werkbank.matrix.remarks import NO_ANNOTATION
from werkbank.matrix.risk_matrix import Delivery, Source, Whereabouts, columns_of, not_asked, refused

__all__ = ["list_deliveries"]

_YES: Final = frozenset({"ja", "true", "1", "waar"})

Supplier = tuple[str, str]
"""Municipality and party."""


@dataclass(slots=True)
class _Gathered:
    """The lines of one supplier so far."""

    rows: dict[Key, int] = field(default_factory=dict)
    doubled: dict[Key, list[int]] = field(default_factory=dict)

    def add(self, key: Key, row: int) -> None:
        first = self.rows.setdefault(key, row)
        if first != row:
            self.doubled.setdefault(key, [first]).append(row)


def list_deliveries(file: str, found: Found, evidence: Evidence, sha256: str, known: Known) -> Iterator[Delivery]:
    """The deliveries on one sheet or in one text file, and what is wrong with lines that are nobody's."""
    head = found.head
    if head is None:
        return
    faults = ListFaults(file, found.table, head)
    if head.doubled:
        yield refused(*faults.doubled_headings())
        return
    reading = _List(ListLines(file, found.table, found.rows, head, known.cells), faults, evidence, sha256, known)
    suppliers = reading.gather()
    words = {"park": reading.parks, "indicator": known.indicators}
    yield refused(*faults.of_lines(words, [party.file for party in known.suppliers.parties]))
    told = reading.evidence_of_all(one=len(suppliers) == 1)
    said: dict[Finding, None] = {}
    for supplier, gathered in suppliers.items():
        delivery = reading.delivery(supplier, gathered, told)
        # What concerns the whole file is said once.
        yield replace(delivery, findings=tuple(each for each in delivery.findings if each not in said))
        said |= dict.fromkeys(delivery.findings)


@dataclass(frozen=True, slots=True)
class _List:
    """One list beside what is known."""

    lines: ListLines
    faults: ListFaults
    evidence: Evidence
    sha256: str
    known: Known

    @property
    def parks(self) -> Words:
        """The words for parks: of the municipality that the file names, when it does."""
        return self.known.own_parks.get(self.evidence.claim.municipality, self.known.parks)

    def gather(self) -> dict[Supplier, _Gathered]:
        """Every line by whom and about what it is; what nobody can tell goes to the faults."""
        suppliers: dict[Supplier, _Gathered] = {}
        parks, parties = self.parks, self._parties()
        park_at, code_at, party_at = (self.lines.head.columns.get(name) for name in ("park_id", "indicator", "party"))
        places = tuple(self.lines.head.columns.values())
        for number in range(self.lines.head.line + 1, len(self.lines.rows)):
            texts = self.lines.rows[number]
            if park_at is None or code_at is None or not any(texts[place] for place in places):
                continue
            park = self.faults.meaning(parks, texts[park_at], number)
            code = self.faults.meaning(self.known.indicators, texts[code_at], number)
            party = self.evidence.claim.party if party_at is None else parties.get(texts[party_at], "")
            if party_at is not None and not party:
                self.faults.unknown_party(texts[party_at], number)
            elif park and code:
                supplier = self.known.municipality_of[park], party
                suppliers.setdefault(supplier, _Gathered()).add((park, code), number)
        return suppliers

    def _parties(self) -> dict[str, str]:
        parties = self.known.suppliers.parties
        return {normalise(word): each.id for each in parties for word in (each.id, each.file, each.name)}

    def evidence_of_all(self, *, one: bool) -> Evidence:
        """What the list says about all of its lines; the name of the file only counts when they are of `one`."""
        rounds = {str(value).strip() for value in self._column("round")} - {""}
        schema = dict(self.evidence.schema)
        if rounds:
            schema["round"] = next(iter(rounds - {self.known.round}), self.known.round)
        fictional = any(normalise(value) in _YES for value in set(self._column("fictional")))
        title = self.evidence.by_title
        return replace(
            self.evidence,
            schema=schema,
            by_file=self.evidence.by_file if one else NO_CLAIM,
            by_title=title if one else Claim(round=title.round),
            fictional=self.evidence.fictional or fictional,
        )

    def _column(self, name: str) -> list[Hashable]:
        place = self.lines.head.columns.get(name)
        return [] if place is None else [row[place] for row in self.lines.table.rows[self.lines.head.line + 1 :]]

    def delivery(self, supplier: Supplier, gathered: _Gathered, told: Evidence) -> Delivery:
        """What one supplier delivered."""
        known, municipality = self.known, supplier[0]
        schema = {**told.schema, "municipality": municipality}
        if "party" in self.lines.head.columns:
            schema["party"] = supplier[1]
        own = replace(told, schema=schema)
        identity, findings = identify(own, known.catalogue, known.fingerprint, known.suppliers, known.round)
        if identity is None:
            return refused(*findings)
        if known.parties is not None and identity.party not in known.parties:
            return refused(*findings, not_asked(own.file, known))
        found = self._read(identity, gathered)
        return replace(found, findings=(*findings, *found.findings))

    def _read(self, identity: Identity, gathered: _Gathered) -> Delivery:
        parks, codes = self.known.parks_of[identity.municipality], self.known.catalogue.indicator_ids
        keys = [(park, code) for park in parks for code in codes]
        read = [self._judgement(key, gathered) for key in keys]
        lines = self.lines.beside()
        beside = {key: lines.annotation(row) for key, row in gathered.rows.items()}
        findings = (
            *self.faults.gaps(parks, codes, gathered.rows),
            *self._cell_faults(keys, read, gathered),
            *(fault for key, row in gathered.rows.items() for fault in lines.faults(row, beside[key], alone=False)),
        )
        source = Source(self.lines.file, identity.municipality, identity.party, self.sha256, identity.fictional)
        judgements = [cell if isinstance(cell, Judgement) else OPEN for cell in read]
        columns = columns_of(identity.party, parks, codes, judgements, beside)
        told = [key for key, annotation in beside.items() if annotation != NO_ANNOTATION]
        return Delivery(source, findings, columns, self._places(identity.party, gathered, told))

    def _judgement(self, key: Key, gathered: _Gathered) -> Read:
        """What the list says of one park and indicator; open where no line, or more than one, is about them."""
        row = gathered.rows.get(key)
        return OPEN if row is None or key in gathered.doubled else self.lines.judgement(row, key[1])

    def _cell_faults(self, keys: Sequence[Key], read: Sequence[Read], gathered: _Gathered) -> Iterator[Finding]:
        odd = [(key, cell) for key, cell in zip(keys, read, strict=True) if isinstance(cell, Unreadable)]
        for key, cell in odd:
            yield self.faults.cell(key, gathered.rows[key], cell)
        for key, rows in gathered.doubled.items():
            yield from self.faults.doubled(key, rows)
        scales = ((cell, self.known.cells.scale(code)) for (_, code), cell in zip(keys, read, strict=True))
        whole = mixed_scale(scales, self.lines.file, self.lines.table) if odd else None
        if whole:
            yield whole

    def _places(self, party: str, gathered: _Gathered, beside: Sequence[Key]) -> Whereabouts:
        return Whereabouts(
            self.lines.file,
            party,
            self.lines.table.sheet,
            entries=gathered.rows,
            level_column=self.lines.head.columns.get("level", self.lines.head.columns.get("state", 0)),
            remark_sheet=self.lines.table.sheet,
            remark_columns=self.lines.columns_beside,
            remarks={key: gathered.rows[key] for key in beside},
            lines=self.lines.table.lines,
        )
