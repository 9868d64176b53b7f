"""What returned matrices say and should not: looked at after reading, cell by cell and return by return.

`content_findings` needs nothing but the matrix and runs whenever one is read; `earlier_findings` and `date_findings`
need the round before and today's date, and run in `werkbank check`. No finding is an error, for all of it counts. The
constants say how near 200 generated districts (2 rounds, 2 parties, 4,800 returns) came: none gives a false alarm.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.layout import NOT_APPLICABLE_TEXT, Place
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data
from werkbank.matrix.risk_matrix import RiskMatrix, Told
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import date as in_words
from werkbank.wording import listing, percent, plain

ONE_VALUE: Final = 0.95
"""Share of the answered cells that hold one value from which it is called one value everywhere.

The highest was 0.74 in a return and 0.85 in a family with at least 20 answers, but for threats at 0 (0.96).
"""
FEWEST_CELLS: Final = 20
"""Fewer answers may well be the same by chance; a single park has 35 cells, a family of one park 8 to 14."""
PARTIES_ALIKE: Final = 0.95
"""Share of equal cells from which two parties' returns are called the same; at most 0.55 in 2,400 pairs."""
PARKS_ALIKE: Final = 0.90
"""Share of equal cells from which two parks' columns are called the same; at most 0.79 in 560,000 pairs.

A copied column of 35 cells of which three were changed afterwards is still found.
"""
_FEWEST_OF_PARK: Final = 15
_TELLING: Final = 5
"""Equal cells above 0: two quiet parks, or two parties that know of nothing, are alike without being copied."""
FEWEST_LEAPS: Final = 5
"""Leaps in one park by one party from which they are called implausible; at most 4 in 30,800.

A single leap is not: 1,297 of 696,563 cells that were known twice leapt, six a district.
"""
FEWEST_FULL_LEAPS: Final = 2
"""Leaps from the highest level to none, or back, in one park by one party; at most 1 in the same 30,800."""
_LEAP: Final = 2 / 3
"""A leap is at least two levels and two thirds of the scale: two levels of 0-3, four of 0-5."""
HARDLY_UNKNOWN: Final = 0.05
"""Share of the threats that are not known from which a return is asked whether 0 stands for "weet ik niet".

Who sees everything is rare: the lowest share was 0.115, and of two parks drawn from a return it is lower than this in
4 of 10,000. Who writes 0 for nearly all that it does not know comes out between 0 and 0.05. Of threats only, for of
its own streets and agreements a municipality does know everything.
"""
FAR_LESS: Final = 1 / 4
LITTLE: Final = 0.10
"""Below this share, and this part of another's, is far less: beside a return that knows nothing all know much.

At least 0.36 of the other party's, and 0.59 of the own of the round before.
"""
FEWEST_LOST: Final = 6
LOST_SHARE: Final = 1 / 3
"""Cells of one park that a party knew and no longer knows: at least so many, and so large a share of what it knew.

At most 4, and a quarter.
"""
UNCHANGED: Final = 0.99
"""Share of the cells that are the same as in the earlier round; at most 0.955."""
OLD_YEARS: Final = 2
"""A judgement that refers to an earlier day says little of this round."""
IMPLAUSIBLE_YEARS: Final = 10
"""A day longer ago is rather a slip of the pen in the year."""
TOLD: Final = ("park_id", "indicator", "party", "remark", "place")
"""What is shown of a remark, named one by one; one that may lead to somebody is empty and has a place."""
LONGEST: Final = 300
"""Characters of a remark that are shown: some sentences. The whole of it stays in the workbook."""

_LONG_WORD: Final = re.compile(r"\S{40}(?=\S)")
"""No word is so long, and on paper no line can break in it."""

Key = tuple[str, str, str]
"""Park, indicator and party."""
Levels = np.ndarray[Any, np.dtype[np.int8]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]
UNKNOWN: Final = -1
NOT_APPLICABLE: Final = -2
OPEN: Final = -3
ABSENT: Final = -4
"""Below 0 stand the states that are no level; absent: this party delivered nothing here, or is not asked."""
_NO_LEVEL: Final = {"unknown": UNKNOWN, "not_applicable": NOT_APPLICABLE, "open": OPEN}

_YEAR: Final = re.compile(r"(20\d\d)(?!\d)")
_DUTCH: Final = {"source_strength": "bronsterkte", "date": "peildatum", "remark": "toelichting"}
_SAYS_NO_MORE: Final = frozenset({"missing-park", "missing-indicator", "park-of-other-municipality"})
"""Errors that leave no cell open that was filled in."""


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """What one party says about the parks of one municipality: parks × indicators."""

    matrix: RiskMatrix
    municipality: str
    party: str
    park_ids: Sequence[str]
    values: Levels

    @property
    def answered(self) -> Truths:
        """Where the party says something of the park."""
        return _answered(self.values)

    @property
    def asked(self) -> Truths:
        """Per indicator whether the party is asked about it."""
        asked: Truths = (self.values != ABSENT).any(axis=0)
        return asked

    @property
    def place(self) -> Place | None:
        """Its file and sheet."""
        found = (self.place_of(park, code) for park in range(len(self.park_ids)) for code in range(len(self.values.T)))
        place = next((place for place in found if place), None)
        return place and Place(place.file, place.sheet)

    def place_of(self, park: int, indicator: int) -> Place | None:
        """Where a judgement stands; both counted from 0."""
        return self.matrix.place_of(self.park_ids[park], self.matrix.indicators[indicator], self.party)

    def rows(self, park_ids: Sequence[str]) -> Levels:
        """The values of some of its parks."""
        return self.values[[self.park_ids.index(park) for park in park_ids]]


@dataclass(frozen=True, eq=False)
class Content:
    """What the checks of the contents look at."""

    matrix: RiskMatrix
    catalogue: Catalogue
    parks: pd.DataFrame

    @cached_property
    def returns(self) -> tuple[Return, ...]:
        """Every return in the matrix, municipality by municipality."""
        return tuple(_returns(self.matrix, self.parks))

    @cached_property
    def unreadable(self) -> frozenset[Place]:
        """The cells that are open because what stood there could not be read."""
        return frozenset(Place(each.file, each.sheet, each.cell, each.line) for each in self._errors if each.file)

    @cached_property
    def faulty(self) -> frozenset[tuple[str, str]]:
        """Municipality and party of returns with something that could not be read, which has findings already."""
        files = {each.file for each in self._errors if each.rule not in _SAYS_NO_MORE}
        return frozenset((each.municipality, each.party) for each in self.matrix.sources if each.file in files)

    @property
    def _errors(self) -> Iterator[Finding]:
        return (each for each in self.matrix.findings if each.severity == "error")


def content_findings(matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame) -> tuple[Finding, ...]:
    """What in these judgements and remarks must be looked at; `parks` is the register.

    The findings that reading gave tell which cells are open only because they could not be read.
    """
    content = Content(matrix, catalogue, parks)
    checks = (_straight, _hardly_unknown, _copied_parties, _copied_parks, _without_level, _personal)
    return tuple(found for check in checks for found in check(content))


def earlier_findings(
    matrix: RiskMatrix, earlier: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame
) -> tuple[Finding, ...]:
    """What is hard to believe of `matrix` after `earlier`; parks, indicators and parties of one round are left out."""
    pairs = _pairs(matrix, earlier, catalogue, parks)
    checks = (_unchanged, _no_longer_unknown, _lost, _leaps)
    return tuple(found for pair in pairs for check in checks for found in check(pair))


def date_findings(matrix: RiskMatrix, today: dt.date) -> tuple[Finding, ...]:
    """Dates after today, and dates more than two years before the end of the round's year or today, the earlier one.

    The round's year is the four digits with which its name begins; without these only today counts.
    """
    year = _YEAR.match(matrix.round)
    last = min(today, dt.date(int(year[1]), 12, 31)) if year else today
    frame = matrix.judgements
    suspect = frame[(frame["date"] > pd.Timestamp(today)) | (frame["date"] < pd.Timestamp(_before(last, OLD_YEARS)))]
    dated = zip(_keys(suspect), suspect["date"], strict=True)
    return tuple(_suspect_date(matrix, key, moment.date(), today, last) for key, moment in dated)


def _suspect_date(matrix: RiskMatrix, key: Key, day: dt.date, today: dt.date, last: dt.date) -> Finding:
    if day > today:
        rule, found, allowed = "date-in-future", "ligt in de toekomst", f"ten hoogste {in_words(today)}"
    else:
        far = day < _before(last, IMPLAUSIBLE_YEARS)
        rule, years = ("implausible-date", IMPLAUSIBLE_YEARS) if far else ("old-date", OLD_YEARS)
        found, allowed = f"is meer dan {years} jaar geleden", f"na {in_words(_before(last, OLD_YEARS))}"
    place = matrix.place_of(*key, "date")
    return finding(rule, f"{in_words(day)} {found}", allowed=allowed, place=place, park_id=key[0], indicator=key[1])


def _before(day: dt.date, years: int) -> dt.date:
    # 29 February has no namesake in most years.
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def places_of(parks: pd.DataFrame) -> Places:
    """The names in the register that are no names of people."""
    return Places((*map(str, parks["name"]), *map(str, parks["park_id"]), *map(str, parks["municipality"].unique())))


def _answered(values: Levels) -> Truths:
    """Where something is said: a level, or that the indicator does not fit."""
    answered: Truths = (values >= 0) | (values == NOT_APPLICABLE)
    return answered


def _cube(matrix: RiskMatrix) -> Levels:
    """Parties × parks × indicators, in the order of the matrix: the level, or a state below 0."""
    frame = matrix.judgements
    spans = (matrix.parties, matrix.park_ids, matrix.indicators)
    names = ("party", "park_id", "indicator")
    rows = [pd.Index(span).get_indexer(pd.Index(frame[name])) for span, name in zip(spans, names, strict=True)]
    values = frame["level"].to_numpy(dtype=np.int8, na_value=ABSENT)
    states = frame["state"].to_numpy(dtype=object)
    for state, value in _NO_LEVEL.items():
        values[states == state] = value
    cube = np.full([len(span) for span in spans], ABSENT, dtype=np.int8)
    known = np.logical_and.reduce([row >= 0 for row in rows])
    cube[tuple(row[known] for row in rows)] = values[known]
    return cube


def _returns(matrix: RiskMatrix, parks: pd.DataFrame) -> Iterator[Return]:
    cube = _cube(matrix)
    homes = dict(zip(parks["park_id"], parks["municipality"], strict=True))
    rows: dict[str, list[int]] = {}
    for row, park in enumerate(matrix.park_ids):
        rows.setdefault(str(homes.get(park, "")), []).append(row)
    for municipality, own in rows.items():
        for party, values in zip(matrix.parties, cube[:, own], strict=True):
            present = (values != ABSENT).any(axis=1)
            if present.any():
                park_ids = tuple(matrix.park_ids[row] for row, there in zip(own, present, strict=True) if there)
                yield Return(matrix, municipality, party, park_ids, values[present])


# Whether anybody judged: left blank, all unknown, or one value filled in everywhere.


def _straight(content: Content) -> Iterator[Finding]:
    for each in content.returns:
        if not each.answered.any():
            if (each.municipality, each.party) not in content.faulty:
                yield from _nothing(each)
        elif _is_straight(each.values):
            yield _one_value(each, each.values, "in de hele werkmap")
        else:
            yield from _straight_families(each, content.catalogue)


def _straight_families(each: Return, catalogue: Catalogue) -> Iterator[Finding]:
    """No suspicion of anything anywhere is left alone: in a quiet municipality that is an honest answer."""
    for family in catalogue.families:
        own = {indicator.id for indicator in catalogue.by_family(family.id)}
        values = each.values[:, [number for number, code in enumerate(each.matrix.indicators) if code in own]]
        if _is_straight(values) and not (family.id == "threat" and _commonest(values)[2] == 0):
            yield _one_value(each, values, f"bij alle indicatoren van {family.name.lower()}")


def _is_straight(values: Levels) -> bool:
    """Whether (nearly) all answers are one value; unknown and open are no answers."""
    total, highest, _ = _commonest(values)
    return total >= FEWEST_CELLS and highest >= ONE_VALUE * total


def _commonest(values: Levels) -> tuple[int, int, int]:
    """The number of answers, how many are the commonest one, and which that is."""
    answers = values[_answered(values)]
    tally = np.bincount(answers.astype(np.int64) - NOT_APPLICABLE, minlength=1)
    return answers.size, int(tally.max()), int(tally.argmax()) + NOT_APPLICABLE


def _nothing(each: Return) -> Iterator[Finding]:
    if (each.values == UNKNOWN).any():
        share = percent(float(np.mean(each.values[each.values != ABSENT] == UNKNOWN)))
        found = f"nergens een niveau: {share} van de cellen is onbekend, de rest leeg"
        yield finding("only-unknown", found, place=each.place)
    elif (each.values == OPEN).any():
        yield finding("nothing-filled-in", place=each.place)


def _one_value(each: Return, values: Levels, where: str) -> Finding:
    total, highest, value = _commonest(values)
    named = NOT_APPLICABLE_TEXT if value == NOT_APPLICABLE else f"niveau {value}"
    found = f"{where} {highest} van de {total} ingevulde cellen {named}"
    return finding("one-value-everywhere", found, place=each.place)


# Whether 0 is "no suspicion" or "I do not know".


@dataclass(frozen=True, slots=True)
class _Known:
    """Of the threats that apply: how many are not known (unknown or left open), and how many are at 0."""

    missing: int
    asked: int
    noughts: int

    @classmethod
    def of(cls, values: Levels) -> _Known:
        """Counted in a part of a return."""
        missing = int(((values == UNKNOWN) | (values == OPEN)).sum())
        return cls(missing, missing + int((values >= 0).sum()), int((values == 0).sum()))

    @property
    def share(self) -> float:
        """Of what was asked, what is not known, 0-1."""
        return self.missing / self.asked

    @property
    def enough(self) -> bool:
        """Whether there is enough to tell, and any 0 to ask about."""
        return self.asked >= FEWEST_CELLS and self.noughts > 0

    def far_less_than(self, other: _Known) -> bool:
        """Whether so much less is unknown here that it is worth a question."""
        return self.enough and other.asked >= FEWEST_CELLS and self.share < min(LITTLE, FAR_LESS * other.share)


def _threats(matrix: RiskMatrix, catalogue: Catalogue) -> Truths:
    own = {indicator.id for indicator in catalogue.threats}
    return np.array([code in own for code in matrix.indicators])


def _hardly_unknown(content: Content) -> Iterator[Finding]:
    """Returns in which nearly no threat is unknown: one finding by its own cells, and one beside the other party's.

    The first goes back to the supplier. The second names no file, for it tells how much another party knows.
    """
    name = content.catalogue.family("threat").name.lower()
    threats = _threats(content.matrix, content.catalogue)
    told = [each for each in content.returns if not _is_straight(each.values)]
    for each in told:
        known = _Known.of(each.values[:, threats])
        if known.enough and known.share <= HARDLY_UNKNOWN:
            found = (
                f"bij {known.missing} van de {known.asked} cellen over {name} onbekend, bij {known.noughts} niveau 0"
            )
            yield finding("hardly-unknown", found, place=each.place)
        for other in told:
            both = threats & each.asked & other.asked
            known, theirs = _Known.of(each.values[:, both]), _Known.of(other.values[:, both])
            if other.municipality == each.municipality and known.far_less_than(theirs):
                shares = (
                    f"{content.catalogue.party(one.party).name} {percent(own.share)}"
                    for one, own in ((each, known), (other, theirs))
                )
                where = each.municipality or "dezelfde gemeente"
                yield finding("hardly-unknown", f"onbekend van de cellen over {name} in {where}: {listing(shares)}")


# Returns of two parties, or columns of two parks, that are too much alike to be two judgements.


def _copied_parties(content: Content) -> Iterator[Finding]:
    """Pairs of parties that say the same about one municipality.

    These findings name no file and no cell, though both are known: what goes back to one supplier must not tell it
    what another party filled in.
    """
    for one, other in combinations(content.returns, 2):
        alike = _parties_alike(one, other) if one.municipality == other.municipality else None
        if alike:
            names = " en ".join(content.catalogue.party(each.party).name for each in (one, other))
            where = one.municipality or "dezelfde gemeente"
            found = f"{names} van {where} vulden {alike[0]} van {alike[1]} cellen gelijk in"
            yield finding("copied-return", found)


def _parties_alike(one: Return, other: Return) -> tuple[int, int] | None:
    """Equal cells and cells answered, when that is nearly all; only for parks about which both delivered."""
    shared = [park for park in one.park_ids if park in other.park_ids]
    if _is_straight(one.values) or _is_straight(other.values):
        return None
    same, answered, telling = map(int, _alike(one.rows(shared).ravel(), other.rows(shared).ravel()))
    alike = answered >= FEWEST_CELLS and telling >= _TELLING and same >= PARTIES_ALIKE * answered
    return (same, answered) if alike else None


def _copied_parks(content: Content) -> Iterator[Finding]:
    """Parks whose column is (nearly) that of an earlier park in the same return, at the first answered cell."""
    for each in content.returns:
        if _is_straight(each.values):
            continue
        same, answered, telling = _alike(each.values[:, None, :], each.values[None, :, :])
        alike = (answered >= _FEWEST_OF_PARK) & (telling >= _TELLING) & (same >= PARKS_ALIKE * answered)
        for park, row in enumerate(np.tril(alike, -1)):
            if row.any():
                first = int(row.argmax())
                yield finding(
                    "copied-park",
                    f"{each.park_ids[park]} is ingevuld als {each.park_ids[first]}: {same[park, first]} van "
                    f"{answered[park, first]} cellen gelijk",
                    place=each.place_of(park, int(np.argmax(each.answered[park]))),
                    park_id=each.park_ids[park],
                )


def _alike(one: Levels, other: Levels) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Along the last axis: equal cells, cells that either answered, and equal cells above 0."""
    # What one of the two is not asked tells nothing of copying.
    either = (_answered(one) | _answered(other)) & (one != ABSENT) & (other != ABSENT)
    equal = (one == other) & either
    return equal.sum(axis=-1), either.sum(axis=-1), (equal & (one > 0)).sum(axis=-1)


# What stands beside a cell and does not go with it.


def _without_level(content: Content) -> Iterator[Finding]:
    """Explanations beside an open cell, and source strength or date beside an unknown one.

    A remark says why a cell is unknown, and is welcome. A park or indicator that is not on the sheet has a finding of
    its own, and so has a cell that cannot be read.
    """
    frame = content.matrix.judgements
    carries = (frame["source_strength"] != "") | frame["date"].notna() | (frame["remark"] != "")
    frame = frame[carries & frame["state"].isin(["open", "unknown"])]
    beside = frame[list(_DUTCH)].astype({"date": "object"}).itertuples(index=False, name=None)
    for key, state, values in zip(_keys(frame), frame["state"], beside, strict=True):
        said = [name for name, value in zip(_DUTCH, values, strict=True) if not pd.isna(value) and value != ""]
        if state == "open":
            place = content.matrix.place_of(*key)
            found = f"de cel is leeg, maar er staat wel {listing(map(_DUTCH.__getitem__, said))} bij"
            if place and place not in content.unreadable:
                yield finding("explained-but-open", found, place=place, park_id=key[0], indicator=key[1])
        elif said != ["remark"]:
            column: Told = "source_strength" if "source_strength" in said else "date"
            found = f"{listing(_DUTCH[name] for name in said if name != 'remark')} bij een cel die onbekend is"
            place = content.matrix.place_of(*key, column)
            yield finding("source-beside-unknown", found, place=place, park_id=key[0], indicator=key[1])


def _personal(content: Content) -> Iterator[Finding]:
    """What remarks seem to hold that may not be there; the place and the kind, never the text itself."""
    for key, _, rules in _remarks(content.matrix, content.matrix.parties, content.parks):
        for rule in rules:
            found = f"de toelichting bevat iets dat lijkt op {LOOKS_LIKE[rule]}"
            place = content.matrix.place_of(*key, "remark")
            yield finding(rule, found, place=place, park_id=key[0], indicator=key[1])


def remarks_to_show(matrix: RiskMatrix, parties: Sequence[str], parks: pd.DataFrame) -> pd.DataFrame:
    """A row per remark of these parties (TOLD), on one line and cut to LONGEST, for an audience that may see remarks.

    Of one in which anything is found that may lead to a person or company nothing is kept but its place.
    """
    found = []
    for key, remark, rules in _remarks(matrix, parties, parks):
        if rules:
            found.append((*key, "", finding(rules[0], place=matrix.place_of(*key, "remark")).place))
        elif told := _LONG_WORD.sub(r"\g<0> ", " ".join(plain(remark).split())):
            found.append((*key, told if len(told) <= LONGEST else f"{told[:LONGEST].rstrip()}…", ""))
    return pd.DataFrame(found, columns=list(TOLD), dtype="str")


def _remarks(
    matrix: RiskMatrix, parties: Sequence[str], parks: pd.DataFrame
) -> Iterator[tuple[Key, str, tuple[str, ...]]]:
    """Every remark of these parties, with the rules about personal data that it breaks."""
    frame = matrix.judgements
    frame = frame[frame["party"].isin(parties) & (frame["remark"] != "")]
    places = places_of(parks)
    # Short remarks come back often; each is judged once.
    broken = {text: personal_data(text, places) for text in frame["remark"].unique()}
    return ((key, text, broken[text]) for key, text in zip(_keys(frame), frame["remark"], strict=True))


def _keys(frame: pd.DataFrame) -> Iterator[Key]:
    """Park, indicator and party of each row of the judgements."""
    keys: Iterator[Key] = frame[["park_id", "indicator", "party"]].itertuples(index=False, name=None)
    return keys


# Beside the round before: returns that were sent in again unchanged, knowledge that was lost, and leaps.


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Both rounds of one return, in the same order; what is not in both is absent in both."""

    each: Return
    before: Levels
    tops: np.ndarray[Any, Any]
    """The highest level of each indicator."""
    threats: Truths
    earlier_round: str


def _pairs(matrix: RiskMatrix, earlier: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame) -> Iterator[_Pair]:
    """Return by return, what is in both rounds."""
    columns = pd.Index(earlier.indicators).get_indexer(pd.Index(matrix.indicators))
    tops = np.array([catalogue.scale_of(code).highest for code in matrix.indicators])
    threats, before = _threats(matrix, catalogue), _cube(earlier)
    for each in _returns(matrix, parks):
        shared = [park for park in each.park_ids if park in earlier.park_ids]
        if shared and each.party in earlier.parties:
            rows = before[earlier.parties.index(each.party)][[earlier.park_ids.index(park) for park in shared]]
            new, old = (np.where(columns >= 0, values, ABSENT) for values in (each.rows(shared), rows[:, columns]))
            yield _Pair(replace(each, park_ids=shared, values=new), old, tops, threats, earlier.round)


def _unchanged(pair: _Pair) -> Iterator[Finding]:
    """A return that says what it said before; a few words in another cell do not make it a new one."""
    either = (pair.before >= 0) | (pair.each.values >= 0)
    same, filled = int(((pair.before == pair.each.values) & either).sum()), int(either.sum())
    if filled >= FEWEST_CELLS and same >= UNCHANGED * filled:
        found = f"{same} van de {filled} ingevulde cellen zijn gelijk aan ronde {pair.earlier_round}"
        yield finding("copied-round", found, place=pair.each.place)


def _no_longer_unknown(pair: _Pair) -> Iterator[Finding]:
    """A return in which far less is unknown than before; with how often 0 came in its place."""
    now, before = (values[:, pair.threats] for values in (pair.each.values, pair.before))
    known, knew = _Known.of(now), _Known.of(before)
    if known.far_less_than(knew) and not _is_straight(pair.each.values):
        noughts = int(((now == 0) & (before == UNKNOWN)).sum())
        found = f"{percent(knew.share)} onbekend in ronde {pair.earlier_round}, nu {percent(known.share)}"
        yield finding(
            "hardly-unknown", f"{found}; bij {noughts} cellen kwam daar 0 voor in de plaats", place=pair.each.place
        )


def _lost(pair: _Pair) -> Iterator[Finding]:
    """Parks of which much less is known than before; a return without any level has a finding of its own."""
    if not (pair.each.values >= 0).any():
        return
    knew = pair.before >= 0
    lost = knew & (pair.each.values == UNKNOWN)
    counts, known = lost.sum(axis=1), knew.sum(axis=1)
    for park in np.flatnonzero((counts >= FEWEST_LOST) & (counts >= LOST_SHARE * known)):
        found = f"{counts[park]} van de {known[park]} cellen die vorige ronde een niveau hadden, zijn nu onbekend"
        place = pair.each.place_of(int(park), int(np.argmax(lost[park])))
        yield finding("knowledge-lost", found, place=place, park_id=pair.each.park_ids[park])


def _leaps(pair: _Pair) -> Iterator[Finding]:
    """Every leap in the parks that have too many of them."""
    both = (pair.before >= 0) & (pair.each.values >= 0)
    step = np.where(both, np.abs(pair.each.values.astype(int) - pair.before), 0)
    leap = step >= np.maximum(2, np.ceil(_LEAP * pair.tops))
    full = leap & (step == pair.tops)
    parks = (leap.sum(axis=1) >= FEWEST_LEAPS) | (full.sum(axis=1) >= FEWEST_FULL_LEAPS)
    for park, code in np.argwhere(leap & parks[:, None]).tolist():
        yield finding(
            "implausible-change",
            f"vorige ronde niveau {pair.before[park, code]}, nu {pair.each.values[park, code]}; zo'n sprong zit in "
            f"{leap[park].sum()} cellen van dit terrein",
            place=pair.each.place_of(park, code),
            park_id=pair.each.park_ids[park],
            indicator=pair.each.matrix.indicators[code],
        )
