"""What is wrong with the lines of a list; a fault that many lines share is named once, with the first of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import Unreadable
from werkbank.matrix.layout import Head, Key
from werkbank.matrix.locating import Words
from werkbank.matrix.opening import Table
from werkbank.wording import count, listing

__all__ = ["ListFaults"]

_NOUNS: Final = {"park": "terrein", "indicator": "indicator", "party": "partij"}
_THE: Final = {"park": "het terrein", "indicator": "de indicator", "party": "de partij"}
_NONE_KNOWN: Final = {
    "park": "geen bekend terrein",
    "indicator": "geen bekende indicator",
    "party": "geen bekende partij",
}
_COLUMNS: Final = {"park": "park_id", "indicator": "indicator", "party": "party"}
_LISTED: Final = 5
_QUESTIONS: Final = 60
"""Near misses that are looked up; it takes a while, and a list may be full of other texts."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A text that could not be taken for one code, and the lines on which it stands."""

    kind: str
    text: str
    meanings: tuple[str, ...]
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListFaults:
    """Gathers what cannot be read from a list, and tells it."""

    file: str
    table: Table
    head: Head
    _odd: dict[tuple[str, str], _Odd] = field(default_factory=dict)
    _named: dict[tuple[str, str], int] = field(default_factory=dict)
    """Kind and code of what was called by its name → the first row."""

    def meaning(self, words: Words, text: str, row: int) -> str:
        """The one code that a text means; an empty text, and a fault, when there is none or more than one."""
        code = words.codes.get(text)
        if code is not None:
            return code
        meanings = words.meanings(text)
        if len(meanings) == 1:
            self._named.setdefault((words.kind, meanings[0]), row)
            return meanings[0]
        self._note(words.kind, text, row, meanings)
        return ""

    def unknown_party(self, text: str, row: int) -> None:
        """Note that a line is by nobody who is known."""
        self._note("party", text, row, ())

    def _note(self, kind: str, text: str, row: int, meanings: tuple[str, ...]) -> None:
        self._odd.setdefault((kind, text), _Odd(kind, text, meanings)).rows.append(row)

    def of_lines(self, words: Mapping[str, Words], parties: Sequence[str]) -> Iterator[Finding]:
        """What is wrong with lines that are therefore nobody's, or about nothing."""
        for number, odd in enumerate(self._odd.values()):
            yield self._odd_finding(odd, words.get(odd.kind), parties, ask=number < _QUESTIONS)
        for kind in ("park", "indicator"):
            named = [(code, row) for (of, code), row in self._named.items() if of == kind]
            if named:
                yield self._by_name(kind, named)

    def _odd_finding(self, odd: _Odd, words: Words | None, parties: Sequence[str], *, ask: bool) -> Finding:
        noun = _NOUNS[odd.kind]
        more = f" (op {count(len(odd.rows), 'regel', 'regels')})" if len(odd.rows) > 1 else ""
        if odd.meanings:
            found = f"meer dan één {noun} heet zo: {listing(odd.meanings[:_LISTED])}{more}"
            return self._at(odd, "ambiguous-name", found, f"de code van {_THE[odd.kind]}", "vul de code in")
        near_code = words.near_code(odd.text) if words and ask else ""
        near = near_code or (words.near_name(odd.text) if words and ask else "")
        # What is not nearly a code may be a remark in the wrong column: it is not repeated.
        shown = f"“{odd.text}”" if near_code else ("leeg" if not odd.text else "een andere tekst")
        allowed = listing(parties) if odd.kind == "party" else f"een bekende code van een {noun}"
        remedy = near or f"verbeter {'de partij' if odd.kind == 'party' else 'de code'}; deze regels zijn niet gelezen"
        return self._at(odd, f"unknown-{odd.kind}", f"{_NONE_KNOWN[odd.kind]}: {shown}{more}", allowed, remedy)

    def _at(self, odd: _Odd, rule: str, found: str, allowed: str, remedy: str) -> Finding:
        return self.finding(rule, odd.rows[0], _COLUMNS[odd.kind], found, allowed, remedy)

    def _by_name(self, kind: str, named: Sequence[tuple[str, int]]) -> Finding:
        codes = [*(code for code, _ in named[:_LISTED]), *(["…"] if len(named) > _LISTED else [])]
        found = f"een naam in plaats van de code van: {', '.join(codes)}"
        remedy = "niets, als de terreinen en indicatoren kloppen"
        row = min(row for _, row in named)
        return self.finding("name-for-code", row, _COLUMNS[kind], found, "codes", remedy, "remark")

    def doubled_headings(self) -> Iterator[Finding]:
        """A heading that stands there twice: which column counts is not known."""
        for column in self.head.doubled:
            found = f"de kolom “{column}” staat er meer dan één keer"
            allowed, remedy = "elke kolom één keer", "haal er één weg"
            yield self.finding("doubled-column", self.head.line, column, found, allowed, remedy)

    def gaps(self, parks: Collection[str], codes: Collection[str], rows: Collection[Key]) -> Iterator[Finding]:
        """Parks and indicators about which the list says nothing at all."""
        there, asked = {park for park, _ in rows}, {code for _, code in rows}
        remedy = "vul de regels aan, of neem de lege werkmap van de werkbank als uitgangspunt"
        allowed = "de terreinen van deze gemeente en de indicatoren van de catalogus"
        for park in parks:
            if park not in there:
                fault = self._whole("missing-park", f"terrein {park} ontbreekt", allowed, remedy)
                yield replace(fault, park_id=park)
        for code in codes:
            if code not in asked:
                fault = self._whole("missing-indicator", f"indicator {code} ontbreekt", allowed, remedy)
                yield replace(fault, indicator=code)

    def cell(self, key: Key, row: int, read: Unreadable) -> Finding:
        """A judgement that could not be read."""
        remedy = "kies een waarde uit de lijst; tot dan telt de cel als leeg"
        column = "level" if "level" in self.head.columns else "state"
        fault = self.finding(read.rule, row, column, read.found, read.allowed, remedy)
        return replace(fault, park_id=key[0], indicator=key[1])

    def doubled(self, key: Key, rows: Sequence[int]) -> Iterator[Finding]:
        """Several lines about the same: none of them counts."""
        for row in rows:
            found = f"nog {count(len(rows) - 1, 'regel', 'regels')} over hetzelfde terrein en dezelfde indicator"
            remedy = "haal de regels weg die niet gelden; tot dan telt geen van alle"
            fault = self.finding("doubled-judgement", row, "park_id", found, "één regel per oordeel", remedy)
            yield replace(fault, park_id=key[0], indicator=key[1])

    def finding(
        self, rule: str, row: int, column: str, found: str, allowed: str, remedy: str, severity: Severity = "error"
    ) -> Finding:
        """A finding about one line."""
        where = self.table.where(row, self.head.columns.get(column, 0))
        return replace(self._whole(rule, found, allowed, remedy, severity), **where)

    def _whole(self, rule: str, found: str, allowed: str, remedy: str, severity: Severity = "error") -> Finding:
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            sheet=self.table.sheet,
            found=found,
            allowed=allowed,
            remedy=remedy,
        )
