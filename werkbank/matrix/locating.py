"""Where the matrix stands in a sheet, and what its heads mean: by what the cells say, not by where they should be.

Parks are columns and indicators rows. Rows and columns that somebody inserted, moved or left out do no harm. A second
head with other parks or indicators does: what lies behind it would be read under the wrong heads, so nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Final, Literal, Self

from werkbank.errors import Finding
from werkbank.matrix.cells import first_of, normalise
from werkbank.matrix.opening import Table
from werkbank.matrix.rules import finding
from werkbank.wording import count, did_you_mean, listing, nearest

__all__ = ["TOO_LONG", "Edges", "Keys", "Located", "Words", "find_edges", "is_turned", "keys_of", "locate"]

Keys = Sequence[Sequence[str]]
"""The texts of a table, ready for comparing."""

_LABELS: Final = frozenset(
    {
        "code", "naam", "park", "park_id", "terrein", "terreinen", "terreincode", "terreinnaam", "bedrijventerrein",
        "bedrijventerreinen", "indicator", "indicatoren", "indicatorcode", "omschrijving", "familie", "rubriek",
    }
)  # fmt: skip
"""Words that head a row or column themselves; they are no codes."""
_REMARK_LABELS: Final = frozenset(
    {"toelichting", "toelichtingen", "opmerking", "opmerkingen", "notitie", "notities", "bijzonderheden", "remark"}
)
"""Words that head what people say beside a matrix."""
_BESIDE_LABELS: Final = (
    _LABELS
    | _REMARK_LABELS
    | {
        "nr", "nr.", "nummer", "volgnummer", "name", "municipality", "gemeente", "partij", "party", "ingevuld door",
        "organisatie", "ronde", "round", "datum", "date", "peildatum", "bron", "bronnen", "bronsterkte", "net_ha",
        "netto ha", "oppervlakte", "longitude", "latitude", "ibis_rin", "rin", "totaal", "totalen", "som", "gemiddelde",
        "gemiddeld", "aantal", "aantal ingevuld", "ingevuld", "hoogste", "maximum", "minimum", "legenda", "uitleg",
        "voortgang", "schaal", "gewicht", "weging", "subcategorie", "categorie", "thema", "description", "family",
    }
)  # fmt: skip
"""Words beside a matrix that head something else than judgements."""
_LEGEND: Final = re.compile(r"\d{1,2}(?:[.,]\d)?|[?]+|-|onbekend|n\.?v\.?t\.?|leeg")
"""What stands before the explanation of a level below a matrix; no code looks so."""

_LONGEST_CODE: Final = 60
TOO_LONG: Final = "…" * _LONGEST_CODE
"""Stands for a text that is too long to be a code or a name."""
_SURELY: Final = 4
"""Two codes along each edge: that is a matrix, and not a list of judgements or a matrix on its side."""
_APART: Final = re.compile(r"[\W_]+")
_CODE_THEN_NAME: Final = re.compile(r"(?P<code>\S+?)[\s.:;,–—-]*\s+[(\[–—:-]*\s*(?P<name>.+?)[)\]]?")
_NAME_THEN_CODE: Final = re.compile(r"(?P<name>.+?)[\s.:;,–—-]*\s+[(\[]?(?P<code>\S+?)[)\]]?")
"""A code with its name behind it, and a name with its code behind it; the name perhaps in brackets."""
_LOOKS_LIKE_A_CODE: Final = re.compile(r"[a-z]{1,4}[ _-]?\d{1,3}")
_ALIKE: Final = str.maketrans("oil", "011")
_NOUGHTS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_QUESTIONS: Final = 60
"""Near misses that are looked up on one edge; it takes a while, and a sheet may be full of other texts."""
_LISTED: Final = 5


@dataclass(frozen=True)
class Words:
    """The codes and names of parks, or of indicators; texts are normalised. Made once for all files."""

    kind: Literal["park", "indicator"]
    codes: Mapping[str, str]
    """Text → code."""
    names: Mapping[str, tuple[str, ...]]
    """Text → the codes of all that are called so; a text that is a code is no name."""
    shown: Mapping[str, str]
    """Code → name as it is written."""
    own: frozenset[str] | None = None
    """The codes that belong in the file at hand, when that is known: a name means one of these first."""

    @classmethod
    def of(
        cls, kind: Literal["park", "indicator"], named: Iterable[tuple[str, str]], now: Mapping[str, str] | None = None
    ) -> Self:
        """The words for these codes and their names; `now` says what a code of an earlier time is called today."""
        now = now or {}
        pairs = dict(named)
        codes = {normalise(code): now.get(code, code) for code in pairs}
        names: dict[str, tuple[str, ...]] = {}
        for code, name in pairs.items():
            text = normalise(name)
            # A name that is a number or a heading would be found everywhere.
            if text and text not in codes and text not in _LABELS and not text.isdecimal():
                names[text] = (*names.get(text, ()), now.get(code, code))
        return cls(kind, codes, names, {now.get(code, code): name for code, name in pairs.items()})

    def limited(self, own: Collection[str]) -> Self:
        """The same words, of which these belong in the file at hand."""
        return replace(self, own=frozenset(own))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text that means something."""
        return frozenset(self.codes) | frozenset(self.names)

    def meanings(self, text: str) -> tuple[str, ...]:
        """The codes that a text can mean; several when more than one bears that name, none when it is unknown."""
        if text in self.codes:
            return (self.codes[text],)
        found = self.names.get(text) or self.names.get(meant := self.meant(text), ())
        if not found and meant in self.codes:
            return (self.codes[meant],)
        return tuple(code for code in found if self.own and code in self.own) or found

    def certain(self, text: str) -> str:
        """The one code that a text means, if it belongs in the file at hand; else an empty text."""
        code = self.codes.get(text)
        if code is None:
            found = self.meanings(text)
            code = found[0] if len(found) == 1 else ""
        return code if self.own is None or code in self.own else ""

    def meant(self, text: str) -> str:
        """The text of the code when this is one written otherwise: `V 01`, `V01.`, `V01 – Heling`, `Heling (V01)`.

        A code with a name is only taken when both mean the same; anything else is given back as it is.
        """
        return self._loose.get(_APART.sub("", text)) or self._with_name(text) or text

    def _with_name(self, text: str) -> str:
        for match in filter(None, (_CODE_THEN_NAME.fullmatch(text), _NAME_THEN_CODE.fullmatch(text))):
            code = match["code"]
            code = code if code in self.codes else self._loose.get(_APART.sub("", code), "")
            if code and normalise(self.shown[self.codes[code]]) == match["name"]:
                return code
        return ""

    @cached_property
    def _loose(self) -> Mapping[str, str]:
        """Letters and figures of a code → the text that is the code; not where two codes are alike.

        A code of figures alone would be found in every number.
        """
        found: dict[str, list[str]] = {}
        for text in self.codes:
            found.setdefault(_APART.sub("", text), []).append(text)
        mixed = (text for text in found if any(map(str.isdecimal, text)) and any(map(str.isalpha, text)))
        return {text: found[text][0] for text in mixed if len(found[text]) == 1}

    @cached_property
    def _squeezed(self) -> Mapping[str, str]:
        return {_squeezed(text): code for text, code in self.codes.items()}

    def near_code(self, text: str, present: Collection[str] = ()) -> str:
        """The question "bedoelt u …?" for what is nearly a code that belongs in this file, else an empty text.

        First of those that are not `present` already: one of them it was meant to be.
        """
        same = self._squeezed.get(_squeezed(text), "")
        if same and (self.own is None or same in self.own):
            return f"bedoelt u “{same}”?"
        return did_you_mean(text, self._expected(present))

    def near_name(self, text: str, present: Collection[str] = ()) -> str:
        """The same question for what is nearly the name of something that belongs in this file."""
        codes = {self.shown[code]: code for code in self._expected(present)}
        near = nearest(text, codes)
        return f"bedoelt u “{near}” ({codes[near]})?" if near else ""

    def _expected(self, present: Collection[str]) -> list[str]:
        expected = [code for code in self.shown if self.own is None or code in self.own]
        taken = frozenset(present)
        return [code for code in expected if code not in taken] or expected


def _squeezed(text: str) -> str:
    """A code without what people get wrong in it: O for 0, l for 1, a nought in front, dashes."""
    return _NOUGHTS.sub("", _APART.sub("", text).translate(_ALIKE))


def _key(value: Hashable) -> str:
    if isinstance(value, str) and len(value) > _LONGEST_CODE:
        return TOO_LONG if value.strip() else ""
    return normalise(value)


def keys_of(table: Table) -> list[list[str]]:
    """The texts of a table, ready for comparing; of one too long to be a code only that there is something."""
    # What is the same throughout, such as the texts of the levels, is looked up once; 1, 1.0 and True are equal.
    texts = {value: _key(value) for value in set().union(*table.rows) if isinstance(value, str)}
    return [[texts[value] if isinstance(value, str) else normalise(value) for value in row] for row in table.rows]


@dataclass(frozen=True, slots=True)
class Edges:
    """The row of the parks and the column of the indicators."""

    table: Table
    top: _Edge
    side: _Edge

    @property
    def first_row(self) -> int:
        """The first row of the matrix."""
        return min(self.top.line, *self.side.texts)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows or columns of a sheet beside one kind of words: which of them is the head."""

    words: Words
    hits: Sequence[frozenset[str]]
    """What each line holds of the words."""
    best: int
    score: int

    @classmethod
    def of(cls, lines: Keys, words: Words) -> _Lines:
        """The head is the line that says most; a code says twice as much as a name."""
        hits = [words.texts.intersection(line) for line in lines]
        scores = [_score(found, words) if found else 0 for found in hits]
        score = max(scores, default=0)
        return cls(words, hits, scores.index(score) if scores else 0, score)


def _score(found: frozenset[str], words: Words) -> int:
    """Two for everything named by its code, one for what only its name names."""
    codes = {words.codes[text] for text in found & words.codes.keys()}
    return 2 * len(codes) + sum(codes.isdisjoint(words.names[text]) for text in found - words.codes.keys())


def is_turned(rows: Keys, parks: Words, indicators: Words) -> bool:
    """True when the parks are rows and the indicators columns: such a matrix is not read."""
    columns = list(zip(*rows, strict=True))
    upright = _Lines.of(rows, parks).score, _Lines.of(columns, indicators).score
    if min(upright) >= _SURELY and parks.codes.keys().isdisjoint(indicators.codes):
        return False
    side, top = _Lines.of(columns, parks), _Lines.of(rows, indicators)
    if side.score * top.score <= upright[0] * upright[1]:
        return False
    return rows[top.best][side.best] not in parks.texts | indicators.texts


def find_edges(table: Table, rows: Keys, parks: Words, indicators: Words) -> Edges | None:
    """The edges of the matrix on this sheet; None when it holds none.

    `rows` are the table's keys; the words are all that are known anywhere, for which of them belong in this file is
    judged later. Codes that are written otherwise are looked for when what stands on the edges is not known.
    """
    edges = _find(table, rows, parks, indicators)
    if edges is None or any(not edge.words.texts.issuperset(edge.texts.values()) for edge in (edges.top, edges.side)):
        meant = _as_meant(rows, parks, indicators)
        return _find(table, meant, parks, indicators) if meant != rows else edges
    return edges


def _as_meant(rows: Keys, parks: Words, indicators: Words) -> Keys:
    """The same texts, with codes that are written otherwise as they should be."""
    known = parks.texts | indicators.texts
    odd = {text for row in rows for text in row if text not in known and text != TOO_LONG}
    meant = {text: code for text in odd if (code := indicators.meant(parks.meant(text))) != text}
    return [[meant.get(text, text) for text in row] for row in rows] if meant else rows


def _find(table: Table, rows: Keys, parks: Words, indicators: Words) -> Edges | None:
    columns = list(zip(*rows, strict=True))
    top, side = _Lines.of(rows, parks), _Lines.of(columns, indicators)
    if not (top.score and side.score):
        return None
    # Where the edges cross stands no code; in a list of judgements or remarks one does.
    if rows[top.best][side.best] in parks.texts | indicators.texts:
        return None
    across = _texts(rows[top.best], side.best, top.best, columns, parks)
    down = _texts(columns[side.best], top.best, side.best, rows, indicators)
    return Edges(
        table,
        _edge(table, rows, columns, top, across, _known(down, indicators)),
        _edge(table, columns, rows, side, down, _known(across, parks)),
    )


def _texts(line: Sequence[str], crossing: int, own: int, lines: Keys, words: Words) -> dict[int, str]:
    """What on an edge is or should be a code: every known one, and what stands beyond the crossing and heads anything.

    Before the crossing stand titles; a lone word above an empty column is no park.
    """

    def filled(place: int) -> int:
        return sum(text != "" for other, text in enumerate(lines[place]) if other != own)

    last = max((place for place, text in enumerate(line) if text in words.texts), default=0)
    return {
        place: text
        for place, text in enumerate(line)
        if text in words.texts or (place > crossing and text and text not in _BESIDE_LABELS and filled(place))
        if place <= last or not _LEGEND.fullmatch(text) or filled(place) > 1
    }


def _known(texts: Mapping[int, str], words: Words) -> frozenset[int]:
    return frozenset(place for place, text in texts.items() if text in words.texts)


def _edge(
    table: Table, lines: Keys, across: Keys, found: _Lines, texts: Mapping[int, str], judgements: frozenset[int]
) -> _Edge:
    """The edge with what other lines say: the one that best agrees with it, and one that names others in between.

    `judgements` are the lines that hold judgements: a code in one of these is an odd value, no head.
    """
    best = found.best
    others = [
        _Other.of(number, lines[number], hits, texts, found.words)
        for number, hits in enumerate(found.hits)
        if hits and number != best and number not in judgements
    ]
    companion = max((each for each in others if each.agrees), key=lambda each: len(each.same), default=None)
    # Judgements lie behind a second head, seen from the first; above the first any do.
    strange = [each for each in others if not each.agrees]
    behind = (any(place > each.line if each.line > best else place < best for place in judgements) for each in strange)
    second = next(compress(strange, behind), None)
    return _Edge(table, found.words, best, texts, lines, across, companion, second)


@dataclass(frozen=True, slots=True)
class _Other:
    """Another line that names parks or indicators: the places where it says what the head says, and something else."""

    line: int
    same: frozenset[int]
    unlike: frozenset[int]

    @classmethod
    def of(cls, line: int, said: Sequence[str], hits: frozenset[str], texts: Mapping[int, str], words: Words) -> _Other:
        places = frozenset(place for place, text in enumerate(said) if text in hits)
        meant = {place: (words.meanings(texts.get(place, "")), words.meanings(said[place])) for place in places}
        same = frozenset(place for place, (one, other) in meant.items() if not set(one).isdisjoint(other))
        return cls(line, same, places - same)

    @property
    def agrees(self) -> bool:
        """True when it mostly repeats the head."""
        return len(self.same) >= len(self.unlike)


@dataclass(frozen=True, slots=True)
class Located:
    """The columns of the parks and the rows of the indicators, counted from 0; what is not certain is in neither."""

    table: Table
    header: int
    """The row of the parks."""
    side: int
    """The column of the indicators."""
    columns: Mapping[str, int]
    rows: Mapping[str, int]
    doubtful: frozenset[str]
    """Codes that are on the sheet, but not certainly where; they have a finding of their own."""
    findings: tuple[Finding, ...]


def locate(edges: Edges, parks: Words, indicators: Words) -> Located:
    """The places of all codes, and all that is wrong with the heads; the words know what belongs in this file."""
    top, side = replace(edges.top, words=parks), replace(edges.side, words=indicators)
    second = [edge.second_head(edge.second) for edge in (top, side) if edge.second]
    if second:
        every = frozenset((*(parks.own or parks.shown), *indicators.shown))
        return Located(edges.table, top.line, side.line, {}, {}, every, tuple(second))
    columns, doubtful_parks, park_findings = top.match()
    rows, doubtful_codes, code_findings = side.match()
    beside = (*_without_code(top, side), *_remarks_beside(top), *_remarks_beside(side))
    return Located(
        edges.table,
        top.line,
        side.line,
        columns,
        rows,
        frozenset(doubtful_parks | doubtful_codes),
        (*park_findings, *code_findings, *beside),
    )


_NOUNS: Final = {
    "park": ("terrein", "terreinen", "het terrein", "een terreincode uit het register"),
    "indicator": ("indicator", "indicatoren", "de indicator", "een code uit de catalogus"),
}


@dataclass(frozen=True, slots=True)
class _Edge:
    """One edge of the matrix: the row of the parks or the column of the indicators."""

    table: Table
    words: Words
    line: int
    """Which row or column it is."""
    texts: Mapping[int, str]
    """What stands on it, by place."""
    lines: Keys
    """All rows or columns."""
    across: Keys
    """The rows or columns that the places on it head."""
    companion: _Other | None
    """The line that names the same parks or indicators once more."""
    second: _Other | None
    """A line that names other ones in between."""

    def match(self) -> tuple[dict[str, int], set[str], list[Finding]]:
        """The place of every known code that stands there once, the doubtful ones, and a finding for each fault."""
        meanings = {place: self.words.meanings(text) for place, text in self.texts.items()}
        places: dict[str, list[int]] = {}
        for place, codes in meanings.items():
            if len(codes) == 1:
                places.setdefault(codes[0], []).append(place)
        findings: list[Finding] = []
        for place, codes in meanings.items():
            if len(codes) != 1:
                findings.append(self._ambiguous(place, codes) if codes else self._unknown(place, places, findings))
        doubtful = {
            code: found
            for code, found in places.items()
            if len(found) > 1 or self._other_at(found[0]) or self._is_merged(found[0])
        }
        for code, found in sorted(doubtful.items()):
            findings += [self._doubtful(code, place, found) for place in found]
        certain = {code: found[0] for code, found in places.items() if code not in doubtful}
        return certain, set(doubtful), findings + list(self._by_name(certain))

    def cell(self, place: int, line: int | None = None) -> tuple[int, int]:
        """Row and column of a place on this edge, or on another line beside it."""
        own = self.line if line is None else line
        return (own, place) if self.words.kind == "park" else (place, own)

    def _is_merged(self, place: int) -> bool:
        """Merged along the edge: then it is not certain over which rows or columns the code extends."""
        first = self.table.merged.get(self.cell(place))
        return first is not None and first == self.table.merged.get(self.cell(place + 1))

    def second_head(self, other: _Other) -> Finding:
        """The finding that another line names other parks or indicators than the head does."""
        nouns = _NOUNS[self.words.kind][1]
        found = f"hier staan andere {nouns} dan in de kop van de matrix; het blad is niet gelezen"
        return finding("second-head", found, place=self.table.place(*self.cell(min(other.unlike), other.line)))

    def _ambiguous(self, place: int, meanings: Sequence[str]) -> Finding:
        noun, nouns, the, _ = _NOUNS[self.words.kind]
        found = f"{count(len(meanings), noun, nouns)} heten zo: {listing(meanings[:_LISTED])}"
        return self.finding("ambiguous-name", place, found, f"de code van {the}")

    def _unknown(self, place: int, present: Collection[str], findings: Collection[Finding]) -> Finding:
        text, (*_, the, allowed) = self.texts[place], _NOUNS[self.words.kind]
        asked = text != TOO_LONG and len(findings) < _QUESTIONS
        near_code = self.words.near_code(text, present) if asked else ""
        near = near_code or (self.words.near_name(text, present) if asked else "")
        # What does not look like a code may be a remark in the wrong cell, or a name: it is not repeated.
        shown = f"“{text}”" if near_code or _LOOKS_LIKE_A_CODE.fullmatch(text) else "een tekst die geen code is"
        remedy = near or f"verbeter de code of haal {the} weg"
        return self.finding(f"unknown-{self.words.kind}", place, f"onbekend: {shown}", allowed, remedy)

    def _doubtful(self, code: str, place: int, places: Sequence[int]) -> Finding:
        if len(places) > 1:
            others = ", ".join(self.table.place(*self.cell(other)).cell or "" for other in places if other != place)
            return self.finding(f"doubled-{self.words.kind}", place, f"{code} staat ook in {others}")
        if self._is_merged(place):
            return self.finding("merged-code", place, f"{code} staat in een samengevoegde cel")
        other = listing(self.words.meanings(self._other_at(place))[:_LISTED])
        return self.finding("code-and-name-differ", place, f"bij code {code} staat de naam van {other}")

    def _other_at(self, place: int) -> str:
        """What the companion says at a place where it does not repeat the head; else an empty text."""
        companion = self.companion
        return self.lines[companion.line][place] if companion and place in companion.unlike else ""

    def _by_name(self, certain: Mapping[str, int]) -> Iterator[Finding]:
        """One remark on an edge where names stand instead of codes."""
        named = {code: place for code, place in certain.items() if self.texts[place] not in self.words.codes}
        if named:
            noun, nouns, _, allowed = _NOUNS[self.words.kind]
            codes = first_of(list(named), _LISTED)
            found = f"bij {count(len(named), noun, nouns)} staat de naam in plaats van de code: {codes}"
            yield self.finding("name-for-code", min(named.values()), found, allowed)

    def finding(self, rule: str, place: int, found: str = "", allowed: str = "", remedy: str = "") -> Finding:
        """A finding about one place on this edge."""
        return finding(rule, found, allowed=allowed, remedy=remedy, place=self.table.place(*self.cell(place)))


def _without_code(top: _Edge, side: _Edge) -> Iterator[Finding]:
    """Values in a row or column whose code was wiped out: nobody can tell what they are about."""
    rows = _known(side.texts, side.words).difference(top.table.uneven(top.line))
    for column, values in enumerate(top.across):
        empty = not top.lines[top.line][column] and column != side.line
        if empty and any(values[row] and values[row] not in side.words.texts for row in rows):
            yield top.finding("values-without-park", column)
    columns = _known(top.texts, top.words)
    for row in range(top.line + 1, len(top.lines)):
        values = top.lines[row]
        # A head that is repeated holds no values.
        if not values[side.line] and any(
            values[column] and values[column] not in top.words.texts for column in columns
        ):
            yield side.finding("values-without-indicator", row)


def _remarks_beside(edge: _Edge) -> Iterator[Finding]:
    """Rows and columns of remarks beside the judgements: only the sheet of remarks is read."""
    for place, head in enumerate(edge.lines[edge.line]):
        across = edge.across[place]
        if head in _REMARK_LABELS and any(text for other, text in enumerate(across) if other != edge.line):
            yield edge.finding("remarks-beside-matrix", place)
