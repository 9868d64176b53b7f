"""From a list of judgements, one on each line, to deliveries: the form of `RiskMatrix.judgements`.

A list is a text file, which may be about several municipalities and by several parties: each pair of these is a
delivery. A line of which the fields do not match the head is named and not read.

What is kept beside a judgement (source strength, date, remark) is a list too, on the sheet Toelichting of a workbook.
Remarks are secrets: no finding repeats one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

from werkbank.errors import Finding
from werkbank.matrix.cells import (
    NO_ANNOTATION,
    OPEN,
    Annotation,
    Judgement,
    Read,
    Unreadable,
    first_of,
    judged,
    normalise,
)
from werkbank.matrix.identity import NOBODY, Evidence, Known, Supplier, identify
from werkbank.matrix.layout import REMARK_HEADINGS, SHEET_REMARKS, SOURCE_STRENGTHS, Head, Key, Place, find_head
from werkbank.matrix.locating import QUESTIONS, UNSAID, Keys, Words
from werkbank.matrix.opening import Table, Workbook
from werkbank.matrix.risk_matrix import Delivery, Source, Whereabouts, columns_of, gaps, refused
from werkbank.matrix.rules import finding
from werkbank.wording import count, listing, read_date

_YES: Final = frozenset({"ja", "true", "1", "waar"})
_STATES: Final = {state: Judgement(state) for state in ("unknown", "not_applicable", "open")}
_NOTHING: Final = frozenset({"", "<na>", "nan", "none"})
"""How programs write that there is no level."""
_UNLIKE: Final = Unreadable("contradicting-state")

_SEVERAL: Final[Supplier] = ("several", "several")

_Kind = Literal["park", "indicator", "party"]
_ABOUT: Final[Mapping[_Kind, tuple[str, str, str]]] = {
    "park": ("park_id", "geen bekend terrein", "een bekende code van een terrein"),
    "indicator": ("indicator", "geen bekende indicator", "een bekende code van een indicator"),
    "party": ("party", "geen bekende partij", ""),
}
"""The column of each, what a text is that names none, and what is allowed."""
_LISTED: Final = 5
_Rows = Mapping[Key, Sequence[int]]
"""The lines about each judgement of one supplier."""


def list_deliveries(table: Table, rows: Keys, head: Head, evidence: Evidence, known: Known) -> Iterator[Delivery]:
    """The deliveries in one text file, and what is wrong with lines that are nobody's."""
    lines = _Lines(table, rows, head, known)
    if head.doubled or head.unknown:
        found = {column: f"de kolom “{column}” staat er meer dan één keer" for column in head.doubled}
        doubled = (lines.finding("doubled-column", head.line, column, said) for column, said in found.items())
        # A heading that is not known may be a judgement or a remark: it is not repeated.
        unknown = (finding("unknown-heading", place=table.place(head.line, place)) for place in head.unknown[:_LISTED])
        yield refused(*doubled, *unknown, supplier=evidence.supplier)
        return
    suppliers = lines.gather(evidence)
    # What is wrong with lines of several municipalities may be about any of them: it is no single one's to see.
    whose = _SEVERAL if len({slug for slug, _ in suppliers}) > 1 else next(iter(suppliers), evidence.supplier)
    yield refused(*lines.left_out(), *lines.odd_findings(), supplier=whose)
    told = _evidence_of_all(lines, evidence, one=len(suppliers) == 1)
    said: dict[Finding, None] = {}
    for supplier, gathered in suppliers.items():
        party = {"party": supplier[1]} if "party" in head.columns else {}
        own = replace(told, schema={**told.schema, "municipality": supplier[0], **party})
        delivery = identified(own, known, partial(_read, lines, gathered))
        # What concerns the whole file is said once.
        yield replace(delivery, findings=tuple(each for each in delivery.findings if each not in said))
        said |= dict.fromkeys(delivery.findings)


_YEARS: Final = range(2000, 2100)
_LONGEST: Final = 32_767
"""The most that Excel keeps in one cell: a longer text was not typed there."""
_KEYS: Final = (frozenset({"park_id"}), frozenset({"indicator"}))
BESIDE: Final = frozenset({"remark", "source_strength", "date"})
"""The columns beside a judgement."""
_STRENGTHS: Final = frozenset({"", *SOURCE_STRENGTHS})


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that one workbook says beside its levels, by park and indicator; where; and what is wrong with it."""

    values: Mapping[Key, Annotation] = field(default_factory=dict)
    rows: Mapping[Key, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None
    findings: tuple[Finding, ...] = ()


def remark_table(book: Workbook, others: Sequence[Table] = ()) -> Table | None:
    """The sheet Toelichting, else the sheet with its headings, for sheets get renamed; not one of `others`."""
    named = book.table(SHEET_REMARKS)
    if named is not None:
        return named
    rest = (table for table in book.tables if not any(table is other for other in others))
    return next((table for table in rest if find_head(_texts(table), *_KEYS, BESIDE)), None)


def read_annotations(table: Table, parks: Words, indicators: Words) -> Annotations:
    """The annotations by park and indicator, and what is wrong with the sheet.

    The words know which parks and indicators belong in this workbook; of others nothing is kept.
    """
    head = find_head(_texts(table), *_KEYS)
    findings = list(_missing_headings(table, head))
    if head is None:
        return Annotations(sheet=table.name, findings=tuple(findings))
    values: dict[Key, Annotation] = {}
    rows: dict[Key, int] = {}
    beside = Beside(table, head.columns)
    park_at, indicator_at = head.columns["park_id"], head.columns["indicator"]
    for number in range(head.line + 1, len(table.rows)):
        cells = table.rows[number]
        park, indicator = normalise(cells[park_at]), normalise(cells[indicator_at])
        if not park and not indicator and beside.is_empty(number):
            continue
        key = parks.certain(park), indicators.certain(indicator)
        annotation = beside.annotation(number)
        findings += beside.faults(number, annotation, of=key, again=key in values)
        if key[0] and key[1] and key not in values:
            values[key] = annotation
            rows[key] = number
    return Annotations(values, rows, head.columns, table.name, tuple(findings))


def _texts(table: Table) -> Iterator[list[str]]:
    """The texts of the lines, as far as the headings are looked for."""
    return ([normalise(cell) if isinstance(cell, str) else "" for cell in row] for row in table.rows)


def _missing_headings(table: Table, head: Head | None) -> Iterator[Finding]:
    """Without its heading a whole column would be lost in silence; an empty sheet loses nothing."""
    columns = head.columns if head else {}
    missing = [heading for name, heading in REMARK_HEADINGS.items() if name not in columns]
    if missing and any(any(row) for row in table.rows):
        found = f"zonder de kolom {listing(missing)}; wat daar stond is niet gelezen"
        allowed = f"de kolommen {listing(REMARK_HEADINGS.values())}"
        yield _finding(table, (head.line if head else 0, 0), "missing-heading", found, allowed)


class Beside:
    """What stands beside the judgements of one sheet or list, line by line."""

    def __init__(self, table: Table, columns: Mapping[str, int]) -> None:
        self._table, self._columns = table, columns
        self._strength, self._date, self._remark = (columns.get(each) for each in ("source_strength", "date", "remark"))

    def annotation(self, row: int) -> Annotation:
        """What a line says, without what it does not say clearly."""
        cells = self._table.rows[row]
        strength = "" if self._strength is None else normalise(cells[self._strength]).upper()
        date = "" if self._date is None else cells[self._date]
        remark = "" if self._remark is None else str(cells[self._remark]).strip()
        return Annotation(strength if strength in _STRENGTHS else "", _date(date) if date != "" else None, remark)

    def is_empty(self, row: int) -> bool:
        """True when a line says nothing that can be seen."""
        cells = self._table.rows[row]
        return not any(normalise(cells[place]) for place in self._columns.values()) and not self._unreliable(row)

    def faults(
        self, row: int, annotation: Annotation, *, of: Key = ("", ""), again: bool = False, alone: bool = True
    ) -> Iterator[Finding]:
        """Everything wrong with a line; never what its remark says. `alone`: it holds nothing but annotations."""
        for name in self._unreliable(row) if self._table.odd else ():
            yield self._fault(row, name, "formula-without-value", "een formule of fout zonder waarde", "een waarde")
        if alone and not all(of):
            found, allowed = "geen bekend terrein of geen bekende indicator", "codes uit het blad Matrix"
            yield self._fault(row, "park_id", "remark-without-cell", found, allowed)
        if again:
            found = "een tweede toelichting bij dezelfde cel; alleen de eerste telt"
            yield self._fault(row, "park_id", "doubled-remark", found, "één regel per terrein en indicator")
        if not annotation.source_strength and self._says("source_strength", row):
            allowed = listing(SOURCE_STRENGTHS, "of")
            yield self._fault(row, "source_strength", "unknown-source-strength", "geen bekende bronsterkte", allowed)
        if annotation.date is None and self._says("date", row):
            yield self._fault(row, "date", "unreadable-date", "geen datum van deze eeuw", "een datum zoals 31-12-2026")
        if len(annotation.remark) > _LONGEST:
            yield self._fault(row, "remark", "long-remark", "een ongewoon lange tekst", "ten hoogste 32.767 tekens")

    def _says(self, name: str, row: int) -> bool:
        """True when something can be seen in that column."""
        place = self._columns.get(name)
        return place is not None and normalise(self._table.rows[row][place]) != ""

    def _unreliable(self, row: int) -> list[str]:
        return [name for name, place in self._columns.items() if self._table.odd.get((row, place)) == "formula"]

    def _fault(self, row: int, name: str, rule: str, found: str, allowed: str) -> Finding:
        return _finding(self._table, (row, self._columns[name]), rule, found, allowed)


def _date(value: object) -> dt.date | None:
    """The day, of this century; None for everything else."""
    if isinstance(value, dt.datetime):
        value = value.date()
    day = value if isinstance(value, dt.date) else read_date(normalise(value))
    return day if day is not None and day.year in _YEARS else None


def _finding(table: Table, cell: tuple[int, int], rule: str, found: str, allowed: str) -> Finding:
    place, remedy = table.place(*cell), "verbeter de cel"
    return finding(rule, found, place=place, allowed=allowed, remedy=remedy, severity="warning")


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one list, each read by its number; what nobody can place is gathered, and named once."""

    table: Table
    rows: Keys
    head: Head
    known: Known
    odd: dict[tuple[_Kind, str], list[int]] = field(default_factory=dict)
    """Texts that are no code, and the lines on which each stands."""

    @property
    def level_column(self) -> int:
        """The column of the levels, else that of the states."""
        return self.head.columns.get("level", self.head.columns.get("state", 0))

    @property
    def columns_beside(self) -> dict[str, int]:
        """The columns of remark, source strength and date, as far as they are there."""
        return {name: place for name, place in self.head.columns.items() if name in BESIDE}

    def numbers(self) -> Iterator[int]:
        """The lines that are read: those that say anything."""
        skipped = self.table.uneven(self.head.line)
        places = tuple(self.head.columns.values())
        for number in range(self.head.line + 1, len(self.rows)):
            if number not in skipped and any(self.rows[number][place] for place in places):
                yield number

    def gather(self, evidence: Evidence) -> dict[Supplier, dict[Key, list[int]]]:
        """Every line by whom and about what it is; what nobody can tell is kept for the findings."""
        suppliers: dict[Supplier, dict[Key, list[int]]] = {}
        parties = {
            normalise(word): each.id
            for each in self.known.suppliers.parties
            for word in (each.id, each.file, each.name)
        }
        codes = {"park": self.known.parks.codes, "indicator": self.known.indicators.codes, "party": parties}
        for number in self.numbers():
            meant = {"party": evidence.supplier[1]}
            for kind, (column, *_) in _ABOUT.items():
                if column in self.head.columns:
                    text = self.rows[number][self.head.columns[column]]
                    meant[kind] = codes[kind].get(text, "")
                    if not meant[kind]:
                        self.odd.setdefault((kind, text), []).append(number)
            if meant["park"] and meant["indicator"] and (meant["party"] or "party" not in self.head.columns):
                own = suppliers.setdefault((self.known.municipality_of[meant["park"]], meant["party"]), {})
                own.setdefault((meant["park"], meant["indicator"]), []).append(number)
        return suppliers

    def values(self, name: str) -> set[object]:
        """All that stands in a column."""
        place = self.head.columns.get(name)
        return set() if place is None else {self.table.rows[number][place] for number in self.numbers()}

    def judgement(self, row: int, indicator: str) -> Read:
        """The judgement; unreadable when state and level contradict each other."""
        level_at, state_at = self.head.columns.get("level"), self.head.columns.get("state")
        reader, cells, texts = self.known.cells.reader(indicator), self.table.rows[row], self.rows[row]
        level = "" if level_at is None or texts[level_at] in _NOTHING else cells[level_at]
        state = "" if state_at is None else texts[state_at]
        if not state or state == "level":
            read = reader(level)
            empty = state == "level" and isinstance(read, Judgement) and read.state != "level"
            return _UNLIKE if empty else read
        read = _STATES.get(state) or reader(state)
        contradicts = isinstance(read, Judgement) and (level != "" or (read.state == "level" and level_at is not None))
        return _UNLIKE if contradicts else read

    def left_out(self) -> Iterator[Finding]:
        """The finding that lines have more or fewer fields than the head: which is which, is not known."""
        if rows := self.table.uneven(self.head.line):
            lines = first_of([str(self.table.place(row, 0).line) for row in rows], _LISTED)
            named = count(len(rows), "regel", "regels")
            found = f"{named} met meer of minder velden dan de kop ({lines}); daarvan is niets gelezen"
            allowed = f"op elke regel {count(self.table.widths[self.head.line], 'veld', 'velden')}"
            yield finding("uneven-row", found, allowed=allowed, place=self.table.place(rows[0], 0))

    def odd_findings(self) -> Iterator[Finding]:
        """What is wrong with lines that are therefore nobody's, or about nothing; each fault once for all its lines."""
        words = {"park": self.known.parks, "indicator": self.known.indicators}
        parties = listing(party.file for party in self.known.suppliers.parties)
        for asked, ((kind, text), rows) in enumerate(self.odd.items()):
            column, none, allowed = _ABOUT[kind]
            shown, near = words[kind].near(text) if kind in words and asked < QUESTIONS else (UNSAID, "")
            more = f" (op {count(len(rows), 'regel', 'regels')})" if len(rows) > 1 else ""
            remedy = near or f"verbeter {'de partij' if kind == 'party' else 'de code'}; deze regels zijn niet gelezen"
            found = f"{none}: {shown if text else 'leeg'}{more}"
            yield self.finding(f"unknown-{kind}", rows[0], column, found, allowed or parties, remedy)

    def finding(self, rule: str, row: int, column: str, found: str, allowed: str = "", remedy: str = "") -> Finding:
        """A finding about one line."""
        place = self.table.place(row, self.head.columns.get(column, 0))
        return finding(rule, found, allowed=allowed, remedy=remedy, place=place)


def _evidence_of_all(lines: _Lines, evidence: Evidence, *, one: bool) -> Evidence:
    """What the list says about all of its lines; the name of the file only counts when they are of `one`."""
    known, schema = lines.known, dict(evidence.schema)
    rounds = {str(value).strip() for value in lines.values("round")} - {""}
    if rounds:
        schema["round"] = next(iter(rounds - {known.round}), known.round)
    fictional = any(normalise(value) in _YES for value in lines.values("fictional"))
    return replace(
        evidence,
        schema=schema,
        by_name=evidence.by_name if one else NOBODY,
        fictional=evidence.fictional or fictional,
    )


def identified(evidence: Evidence, known: Known, read: Callable[[Source], Delivery]) -> Delivery:
    """What is read of a return once it is known whose it is; else nothing, with the reason."""
    source, findings = identify(evidence, known)
    if source is None:
        return refused(*findings, supplier=evidence.supplier)
    delivery = read(source)
    return replace(delivery, findings=(*findings, *delivery.findings))


def _read(lines: _Lines, gathered: _Rows, source: Source) -> Delivery:
    known, table = lines.known, lines.table
    parks, codes = known.parks_of[source.municipality], known.catalogue.asked_by(source.party).indicator_ids
    # Open where no line, or more than one, is about them.
    rows = {key: found[0] for key, found in gathered.items() if len(found) == 1}
    first = {key: found[0] for key, found in gathered.items()}
    keys = [(park, code) for park in parks for code in codes]
    read = {key: lines.judgement(rows[key], key[1]) if key in rows else OPEN for key in keys}
    judgements, faults = judged(read, lambda key: table.place(first[key], lines.level_column), table.whole)
    others = ((code, row) for (_, code), row in first.items() if code not in codes)
    filled = (
        (code, table.place(row, lines.level_column)) for code, row in others if lines.judgement(row, code) != OPEN
    )
    beside = Beside(table, lines.columns_beside)
    annotations = {key: beside.annotation(row) for key, row in first.items()}
    about = tuple({key[part] for key in first} for part in (0, 1))
    findings = (
        *gaps(
            table.whole,
            (park for park in parks if park not in about[0]),
            (code for code in codes if code not in about[1]),
            "vul de regels aan, of neem de lege werkmap van de werkbank als uitgangspunt",
        ),
        *not_asked(filled, known),
        *faults,
        *_doubled(lines, gathered),
        *(fault for key, row in first.items() for fault in beside.faults(row, annotations[key], alone=False)),
    )
    places = Whereabouts(
        table.file,
        source.party,
        entries=first,
        level_column=lines.level_column,
        remark_columns=lines.columns_beside,
        remarks={key: first[key] for key, said in annotations.items() if said != NO_ANNOTATION},
        lines=table.lines,
    )
    columns = columns_of(source.party, parks, codes, judgements, annotations)
    return Delivery(source, findings, (source.municipality, source.party), columns, places)


def not_asked(filled: Iterable[tuple[str, Place]], known: Known) -> Iterator[Finding]:
    """What is filled in of indicators that this party is not asked about, each once; dropped ones have their own."""
    places: dict[str, Place] = {}
    for code, place in filled:
        places.setdefault(code, place)
    for code, place in ((code, place) for code, place in places.items() if code in known.indicators.shown):
        yield finding("indicator-not-asked", f"{code} wordt niet aan deze partij gevraagd", place=place, indicator=code)


def _doubled(lines: _Lines, gathered: _Rows) -> Iterator[Finding]:
    """Several lines about the same: none of them counts."""
    for key, rows in ((key, rows) for key, rows in gathered.items() if len(rows) > 1):
        found = f"nog {count(len(rows) - 1, 'regel', 'regels')} over hetzelfde terrein en dezelfde indicator"
        for row in rows:
            yield replace(lines.finding("doubled-judgement", row, "park_id", found), park_id=key[0], indicator=key[1])
