"""Names of people and firms in free text, known by a title, initials, a common name or a legal form.

Patterns and lists, no language model: nothing to download, and the same text gives the same answer anywhere. A name
that is in no list and stands without title, initials or particle is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

from werkbank.matrix.personal_data import (
    ALSO_WORDS,
    BODIES,
    COMMON_WORDS,
    GIVEN_NAMES,
    JOBS,
    LABELS,
    NOBODY,
    NOUN_SURNAMES,
    ROLES,
    SURNAMES,
    SURNAMES_WITH_PARTICLE,
    TITLES,
    TRADES,
    is_street,
)

__all__ = ["Places", "has_company_name", "has_person_name", "words_of"]

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĆČĎĐĘĚĞİŁŃŇŐŘŚŞŠŤŮŰŹŻŽ"
# Bounded, and only from the start of a word: a megabyte of capitals takes no longer than one of small letters.
_NAME: Final = rf"[{_UPPER}][\w'’-]{{1,40}}"
_PARTICLES: Final = (
    r"(?:(?:(?i:van|von|de|den|der|het|'t|’t|ter|te|ten|op|in|la|le|du|da|dos|di|el|al|bin|ben|ait|ould)) ){0,3}"
)
_INITIALS_BEFORE: Final = rf"(?:[{_UPPER}]\.? ?){{0,4}}"
_TITLED = re.compile(rf"\.? {_INITIALS_BEFORE}{_PARTICLES}({_NAME})")
_TITLED_SMALL = re.compile(r"\.? (?:(?:van den|van der|van de|van|de|den|der|ter|ten) )?([a-z]{3,40})")
# "eigenaar van Almere" is no name, "eigenaar Van Dijk" is found by its particle.
_CALLED = re.compile(rf" (?!(?i:van|in|op) [{_UPPER}]){_INITIALS_BEFORE}{_PARTICLES}({_NAME})")
_INITIALS = re.compile(rf"(?<![\w.])((?:[{_UPPER}]\. ?){{1,5}})({_PARTICLES})([{_UPPER}][a-zà-ÿ][\w'’-]{{0,40}})")
_BEHIND = re.compile(rf"(?<![\w'’-])({_NAME}), ?(?:[A-Z]\.){{1,4}}(?!\w)")
_PARTICLE_NAME = re.compile(rf"\b([Vv]an d(?:er|en)|[Vv]an|[Dd]e|[Tt]er|El|el|Ait) ({_NAME})")
_CAPITALISED = re.compile(rf"(?<![\w'’-]){_NAME}")
_FOLLOWING = re.compile(rf" {_PARTICLES}({_NAME})")
_SENTENCE_END = re.compile(r"[.!?:;\n•·(\"“‘…-][\s\"“‘'(-]*\Z")
_LEGAL_FORM = re.compile(
    rf"(?<![\w'’-])(?:{_NAME} (?:& |en )?){{0,3}}({_NAME}) "
    r"(?:B\.?V\.?|N\.V\.(?! ?[Tt])|NV|V\.?O\.?F\.?|vof|C\.V\.|GmbH|Ltd|SRL|Holdings?|Sp\. z o\.o\.)(?![\w'’])"
)
_TRADE = re.compile(rf" {_PARTICLES}({_NAME})")

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_PHRASES: Final = {"bekend": "bekend als", "naam": "op naam van", "zekere": "een zekere"}
"""A word by which it is known that the phrase may be there."""
_LEGAL_WORDS: Final = frozenset(["bv", "nv", "vof", "gmbh", "ltd", "srl", "holding", "holdings", "sp"]) | _LETTERS
_SHORT_TITLES: Final = frozenset({"dhr", "mevr", "mw"})
_PARTICLE_CUES: Final = frozenset({"den", "der", "ter", "el", "ait"})
_ANY_SURNAME: Final = SURNAMES | SURNAMES_WITH_PARTICLE | NOUN_SURNAMES
_LISTED: Final = GIVEN_NAMES | SURNAMES
_NO_WORD: Final = {ord(ch): " " for ch in ".,;:!?()[]/\"'“”‘’&+-\n"}
_LONGEST_ABBREVIATION: Final = 5


class Places:
    """The names of the parks and municipalities, which may look like a person's and are none."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    @cached_property
    def _by_word(self) -> dict[str, set[str]]:
        """Every word → the names in which it stands; made when the first word is asked about."""
        found: dict[str, set[str]] = {}
        for name in map(str.casefold, self._names):
            for word in re.findall(r"[\w'’-]+", name):
                found.setdefault(word, set()).add(name)
        return found

    def explain(self, word: str, text: str) -> bool:
        """Whether `word` is part of a name that stands in `text` as a whole."""
        names = self._by_word.get(word.casefold())
        return names is not None and any(name in text.casefold() for name in names)


def words_of(text: str) -> frozenset[str]:
    """The different words in small letters; they tell cheaply which patterns are worth a look."""
    return frozenset(text.lower().translate(_NO_WORD).split())


def has_company_name(text: str, words: frozenset[str], places: Places) -> bool:
    """A name with a legal form behind it, or with the word for a kind of firm before it."""
    found = _LEGAL_FORM.findall(text) if words & _LEGAL_WORDS else []
    trades = words & TRADES | ({"v.o.f."} if "f" in words else set())
    return any(_is_name(word, text, places) for word in (*found, *_after(trades, _TRADE, text)))


def has_person_name(text: str, words: frozenset[str], places: Places) -> bool:
    """A name after a title or role, behind initials or a particle, or that is in the lists."""
    if words & _LEGAL_WORDS:
        # A firm called after a person is reported as a firm.
        text = _LEGAL_FORM.sub(" ", text)
    return (
        _is_called(text, words, places)
        or bool(words & _LETTERS and _has_initials(text, places))
        or (
            bool(words & _PARTICLE_CUES or words & SURNAMES_WITH_PARTICLE)
            and any(_is_behind_particle(match, places) for match in _PARTICLE_NAME.finditer(text))
        )
        or (bool(words & _LISTED) and any(_is_listed(match, places) for match in _CAPITALISED.finditer(text)))
    )


def _is_called(text: str, words: frozenset[str], places: Places) -> bool:
    """After a short title a known name needs no capital; after a job ("wijkagent Noord") it must be a known one."""
    called = words & ROLES | {phrase for word, phrase in _PHRASES.items() if word in words}
    return (
        any(not is_street(word) for word in _after(words & TITLES, _TITLED, text))
        or any(word in _ANY_SURNAME for word in _after(words & _SHORT_TITLES, _TITLED_SMALL, text))
        or any(word.casefold() in _ANY_SURNAME for word in _after(words & JOBS, _TITLED, text))
        or any(_is_name(word, text, places) for word in _after(called, _CALLED, text))
    )


def _after(cues: AbstractSet[str], pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """What `pattern` finds right behind these words, whatever their capitals; far faster than one pattern for all."""
    lowered = text.lower() if cues else ""
    for cue in cues:
        place = lowered.find(cue)
        while place >= 0:
            end = place + len(cue)
            match = pattern.match(text, end)
            if match and not lowered[place - 1 : place].isalnum():
                yield match[1]
            place = lowered.find(cue, end)


def _has_initials(text: str, places: Places) -> bool:
    return any(_is_behind_initials(match, places) for match in _INITIALS.finditer(text)) or any(
        _is_name(word, text, places) for word in _BEHIND.findall(text)
    )


def _is_name(word: str, text: str, places: Places) -> bool:
    """A word with a capital that is no ordinary word, abbreviation, place, body or street."""
    ordinary = word.casefold() in COMMON_WORDS or (word.isupper() and len(word) <= _LONGEST_ABBREVIATION)
    return not ordinary and _can_be_name(word, text, places)


def _can_be_name(word: str, text: str, places: Places) -> bool:
    """A word that is no place, body or street; where more tells that it is a name, it may be an ordinary word."""
    body = word.casefold().split("-")[0] in NOBODY
    return not (body or is_street(word) or places.explain(word, text))


def _is_behind_initials(match: re.Match[str], places: Places) -> bool:
    letters, particles, name = match.groups()
    text, initials = match.string, re.sub(r"\W", "", letters).casefold()
    if initials in BODIES or not _can_be_name(name, text, places):
        return False
    if len(initials) > 1 or particles or name.casefold() in SURNAMES:
        return True
    return name.casefold() not in COMMON_WORDS and not _is_label(match)


def _is_label(match: re.Match[str]) -> bool:
    """A single letter that numbers something: "hal B. Daarnaast …", or "A. Beeld … B. Toezicht …"."""
    text, letter, start = match.string, match[1][0], match.start()
    before = text[max(0, start - 30) : start].split()
    if before and before[-1].casefold() in LABELS:
        return True
    neighbours = (chr(ord(letter) - 1), chr(ord(letter) + 1))
    return _begins_sentence(text, start) and any(f"{other}. " in text for other in neighbours)


def _is_behind_particle(match: re.Match[str], places: Places) -> bool:
    particle, name = match[1].casefold(), match[2]
    if particle in {"van", "de"} and name.casefold() not in SURNAMES_WITH_PARTICLE:
        return False
    return _can_be_name(name, match.string, places)


def _is_listed(match: re.Match[str], places: Places) -> bool:
    """A common given name or surname; a given name that is also a word only when it does not begin the sentence."""
    text, word = match.string, match[0].removesuffix("'s").removesuffix("’s")
    parts = word.casefold().split("-")
    if not (parts[0] in SURNAMES or all(part in GIVEN_NAMES for part in parts)) or places.explain(word, text):
        return False
    following = _FOLLOWING.match(text, match.end())
    if following:
        return not is_street(following[1])
    # An abbreviation such as LISA is a data base, and Jan 2026 a month.
    if word.isupper() or text[match.end() : match.end() + 2].strip().isdecimal():
        return False
    return not (parts[0] in ALSO_WORDS and _begins_sentence(text, match.start()))


def _begins_sentence(text: str, start: int) -> bool:
    return start == 0 or _SENTENCE_END.search(text[max(0, start - 10) : start]) is not None
