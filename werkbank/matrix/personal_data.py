"""Personal data in free text: which kinds it seems to hold, never which person.

Numbers that lead to somebody (BSN, IBAN, telephone, e-mail, KvK, date of birth), addresses and plates, names of people
and firms. Own patterns and the lists of `words.yaml`; no library and no language model: nothing to download, the same
text gives the same answer anywhere, and all kinds together take a tenth of what a library needs for telephone numbers.
Every pattern is bounded, so that a hostile text costs time in proportion to its length. A name that is in no list and
stands without title, initials or particle is not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

from werkbank.files.yaml import packaged

_LISTS: Final = packaged(__file__, "words.yaml")
LOOKS_LIKE: Final[dict[str, str]] = _LISTS.pop("looks_like")
"""Rule → what the text seems to hold."""
_WORDS: Final = {name: frozenset(text.split()) for name, text in _LISTS.items()}
_DIGIT: Final = re.compile(r"[0-9]")
_LONG_NUMBER: Final = re.compile(r"[0-9](?:[^0-9\n]{0,3}[0-9]){5}")
_PIECE: Final = 2_000
"""Longer than nearly all remarks."""
_OVERLAP: Final = 100
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_NO_WORD: Final = {ord(ch): " " for ch in ".,;:!?()[]/\"'“”‘’&+-\n"}


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


def personal_data(text: str, places: Places | None = None) -> tuple[str, ...]:
    """The rules that a free text breaks, in the order of LOOKS_LIKE; empty for nearly all.

    `places` are names of parks and municipalities, which may look like those of people. The time is in proportion to
    the length of the text.
    """
    places = places or Places(())
    broken = {rule for piece in _pieces(_plain(text)) for rule in _broken_by(piece, places)}
    return tuple(rule for rule in LOOKS_LIKE if rule in broken)


def _plain(text: str) -> str:
    """The text as people see it: no invisible characters, one kind of dash, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
        text = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _pieces(text: str) -> Iterator[str]:
    """A long text in parts that overlap: whatever a pattern costs on one part, the whole is as many times that."""
    start = 0
    while len(text) - start > _PIECE:
        end = start + _PIECE
        # Between words where there are any: half a number may look like another.
        cut = text.rfind(" ", start + _OVERLAP, end)
        yield text[start : cut if cut > 0 else end]
        begin = text.rfind(" ", start + 1, (cut if cut > 0 else end) - _OVERLAP)
        start = begin if begin > 0 else end
    yield text[start:]


def _broken_by(text: str, places: Places) -> Iterator[str]:
    """Most texts have no digits at all, and few six of them together."""
    # The different words tell cheaply which patterns are worth a look.
    words = frozenset(text.lower().translate(_NO_WORD).split())
    if _DIGIT.search(text):
        yield from (rule for rule, has in _WITH_DIGITS.items() if has(text))
        if _LONG_NUMBER.search(text):
            yield from (rule for rule, has in _WITH_LONG_NUMBERS.items() if has(text))
    if _EMAIL.search(text):
        yield "email-address"
    if _has_person_name(text, words, places):
        yield "person-name"
    if _has_company_name(text, words, places):
        yield "company-name"


# Numbers.

_EMAIL: Final = re.compile(
    r"(?<=[\w.+-])@[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[^\W\d_]{2,24}|[(\[] ?at ?[)\]] ?\w", re.IGNORECASE
)
"""An e-mail address, also written with (at)."""

_NINE: Final = re.compile(
    r"(?<![\w€])(?<!\d[.,/-])(?<!\w-)"
    r"(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3}|\d{2}([ .-])\d{2}\3\d{2}\3\d{3})"
    r"(?!\w|[.,/-]\d)"
)
_CITIZEN: Final = re.compile(
    r"\b(?:bsn|burgerservicenummers?|sofi-?nummers?)\b\D{0,20}\d(?:[ .-]?\d){7,8}(?!\d)", re.IGNORECASE
)
_ELEVEN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_IBAN: Final = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS: Final = {each[:2]: int(each[2:]) for each in _WORDS["iban_lengths"]}

_DUTCH_PHONE: Final = re.compile(r"(?<![\w+])(?<!\d[.,/-])(?<!\w-)\(?0[1-9](?:[ .()/-]{0,3}\d){8}(?!-?\d)")
_OTHER_PHONE: Final = re.compile(
    r"(?<![\w+])(?:\+[1-9]\d{0,2}(?:[ .()/-]{0,3}\d){7,12}|00[1-9]\d(?:[ .()/-]{0,3}\d){6,10})(?!\d)"
    r"|\b(?i:tel|telefoon|telefoonnummer|telnr|mobiel|gsm)\b[.:]{0,2} ?\d(?:[ -]?\d){5,9}"
)
"""One of another country, or a local one after a word for telephone."""
_STARTS_WITH_DATE: Final = re.compile(
    r"0\d(?:([-./])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d(?!\d)|\d\d )| (?:0[1-9]|1[0-2]) (?:19|20)\d\d(?!\d))"
)
_SERVICE: Final = re.compile(r"0[89]00|090[69]")

_COMPANY: Final = re.compile(
    r"\b(?:kvk|k\.v\.k\.?|kamer van koophandel|handelsregister)(?!\w)\D{0,30}\d{8}(?!\d)"
    r"|(?<!\d)\d{8}(?!\d)\D{0,10}\b(?:kvk|kamer van koophandel)\b"
    r"|\b(?:kvk|vestiging)\w{0,10}\D{0,20}\d{12}(?!\d)"
    r"|\bNL\d{9}B\d{2}\b",
    re.IGNORECASE,
)
"""Eight digits beside the word KvK, twelve of an establishment, or a VAT number."""
_BIRTH: Final = re.compile(
    r"\b(?:geboren|geboortedatum|geb)\b\D{0,24}\d{1,2}[-/. ](?:0?[1-9]|1[0-2]|[a-z]{3,9})[-/. ](?:19|20)?\d\d(?!\d)",
    re.IGNORECASE,
)
"""A date after a word for born."""

_CASE_NUMBER: Final = re.compile(
    r"(?:zaak|dossier|registratie|meld|order|factuur|referentie|kenmerk|incident|proces|perceel|bag|bvh|rin|€|euro?)"
    r"[\w-]{0,20}[ .:]{0,3}\Z|\b[a-z]{2}\d{2} ?[a-z]{4} ?\Z",
    re.IGNORECASE,
)
"""What makes a number that follows it the number of a case, a sum of money, or the rest of an IBAN."""
_BEFORE: Final = 30


def has_citizen_number(text: str) -> bool:
    """Nine digits that pass the eleven-test, or eight or nine after the word BSN.

    The eleven-test: nine times the first digit, eight times the second … twice the eighth, minus the ninth, is a
    multiple of eleven. One in eleven other numbers passes too, so what is called a case number is left out.
    """
    if _CITIZEN.search(text):
        return True
    return any(_passes_eleven(match[0]) and not _is_case_number(match) for match in _NINE.finditer(text))


def _passes_eleven(text: str) -> bool:
    digits = [int(ch) for ch in text if ch.isdecimal()]
    total = sum(weight * digit for weight, digit in zip(_ELEVEN_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and any(digits)


def has_bank_account(text: str) -> bool:
    """An IBAN of the right length for its country, whose check digits agree (ISO 13616: modulo 97 is 1)."""
    return any(_is_iban(re.sub(r"[ .-]", "", match[0]).upper()) for match in _IBAN.finditer(text))


def _is_iban(text: str) -> bool:
    length = _IBAN_LENGTHS.get(text[:2], 0)
    # What comes after the number may be swept along.
    account = text[:length]
    return 0 < length == len(account) and int("".join(str(int(ch, 36)) for ch in account[4:] + account[:4])) % 97 == 1


def _has_phone_number(text: str) -> bool:
    """A Dutch number of ten digits, fixed or mobile, one with a country code, or a local one after the word "tel".

    Numbers of services (0800, 0900) are nobody's; a date with a time after it has ten digits too.
    """
    return _OTHER_PHONE.search(text) is not None or any(map(_is_phone, _DUTCH_PHONE.finditer(text)))


def _is_phone(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    return not (_SERVICE.match(digits) or _STARTS_WITH_DATE.match(match[0]) or _is_case_number(match))


def _is_case_number(match: re.Match[str]) -> bool:
    start = match.start()
    return _CASE_NUMBER.search(match.string[max(0, start - _BEFORE) : start]) is not None


# Addresses and licence plates.

_POSTCODE: Final = re.compile(r"(?<![\w-])([1-9]\d{3})( ?)(?!SA|SD|SS)([A-Z]{2})(?![\w-])")
"""SA, SD and SS are not handed out."""
_STREETS: Final = tuple(sorted(_WORDS["streets"]))
_HOUSE: Final = re.compile(
    rf"(?:{'|'.join(map(re.escape, _STREETS))})"
    r",? (?:nr\.? |nummer )?(\d{1,4})(?:[ -]?[a-z]\b|-\d{1,4}\b)?(?![\w%:²]|[.,]\d)(?: ([^\W\d_][\w'’]*))?",
    re.IGNORECASE,
)
_WORD_BEFORE: Final = re.compile(r"[\w'’.-]{0,40}\Z")

_DASHED: Final = re.compile(r"(?<![\w-])[A-Z0-9]{1,3}-[A-Z0-9]{1,3}-[A-Z0-9]{1,3}(?![\w-])", re.IGNORECASE)
_SPACED: Final = re.compile(r"(?<![\w-])(?=([A-Z0-9]{1,3} [A-Z0-9]{1,3} [A-Z0-9]{1,3})(?![\w-]))")
_WHOLE: Final = re.compile(r"(?<![\w-])[A-Z0-9]{6}(?![\w-])")
_CALLED_PLATE: Final = re.compile(
    r"\b[Kk]entekens?(?:nummers?|platen?)?[ :=]{1,3}(?:is |was |nr\.? )?[\"'“‘]?"
    r"([A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){0,2})\b"
)
_TELLING: Final = frozenset(code for code in _WORDS["sidecodes"] if not re.search(r"9-?9-?9-?9|X-?X-?X-?X", code))
"""Those that stand out without dashes: NL2026 and 8242AB are something else."""
_SHAPE: Final = str.maketrans(
    dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "X") | dict.fromkeys("0123456789", "9")
)
_VOWELS: Final = frozenset("aeiouAEIOUcqCQ")
"""Not on plates since 1978, lest they make words; C and Q look like a nought."""


def _has_address(text: str) -> bool:
    """A postcode, or a street with a house number; a street with a count ("Ambachtsweg 3 panden") is none."""
    if any(map(_is_postcode, _POSTCODE.finditer(text))):
        return True
    lowered = text.lower()
    return any(street in lowered for street in _STREETS) and any(map(_is_house, _HOUSE.finditer(text)))


def _is_street(word: str) -> bool:
    return word.lower().endswith(_STREETS)


def _is_postcode(match: re.Match[str]) -> bool:
    digits, space, letters = match.groups()
    counted = space and (1990 <= int(digits) < 2040 or digits.endswith("00"))
    return not (counted and letters.lower() in _WORDS["abbreviations"])


def _is_house(match: re.Match[str]) -> bool:
    """Whether the number numbers a house: not a year, and nothing is counted."""
    start = match.start()
    before = _WORD_BEFORE.search(match.string, max(0, start - 40), start)
    street = (before[0] if before else "") + match[0].split(" ", 1)[0].rstrip(",")
    number, following = match[1], (match[2] or "").lower()
    if street.lower() in _WORDS["no_streets"] or 1990 <= int(number) < 2040:
        return False
    counted = following.endswith(("en", "s")) and following not in _WORDS["not_counted"]
    return not (counted or following in _WORDS["units"])


def _has_licence_plate(text: str) -> bool:
    """A Dutch plate of any of the fourteen sidecodes, with dashes, spaces or neither; or what is called a plate."""
    called = _CALLED_PLATE.findall(text) if "enteken" in text else ()
    if any(re.search(r"\d", plate) and re.search("[A-Z]", plate) for plate in called):
        return True
    dashed = _DASHED.findall(text) if "-" in text else ()
    return any(map(_is_dashed_plate, dashed)) or any(map(_is_bare_plate, _bare(text)))


def _bare(text: str) -> Iterator[str]:
    """What may be a plate without dashes, with dashes put in where letters and digits meet."""
    yield from (match.replace(" ", "-") for match in _SPACED.findall(text))
    for match in _WHOLE.findall(text):
        yield re.sub(r"(?<=\d)(?=[A-Z])|(?<=[A-Z])(?=\d)", "-", match)


def _is_dashed_plate(text: str) -> bool:
    """In capitals any letters, for people make up examples; in small letters only those that are on plates."""
    if text.translate(_SHAPE) not in _WORDS["sidecodes"] or _letters(text) & _WORDS["months"]:
        return False
    return text.isupper() or not _VOWELS.intersection(text)


def _is_bare_plate(text: str) -> bool:
    shape = text.translate(_SHAPE)
    return shape in _TELLING and not _VOWELS.intersection(text) and not _letters(text) & _WORDS["no_plate"]


def _letters(plate: str) -> set[str]:
    return {part.lower() for part in plate.split("-") if part.isalpha()}


# Names of people and firms.

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĆČĎĐĘĚĞİŁŃŇŐŘŚŞŠŤŮŰŹŻŽ"
# Bounded, and only from the start of a word: a megabyte of capitals takes no longer than one of small letters.
_NAME: Final = rf"[{_UPPER}][\w'’-]{{1,40}}"
_PARTICLES: Final = (
    r"(?:(?:(?i:van|von|de|den|der|het|'t|’t|ter|te|ten|op|in|la|le|du|da|dos|di|el|al|bin|ben|ait|ould)) ){0,3}"
)
_INITIALS_BEFORE: Final = rf"(?:[{_UPPER}]\.? ?){{0,4}}"
_TITLED: Final = re.compile(rf"\.? {_INITIALS_BEFORE}{_PARTICLES}({_NAME})")
_TITLED_SMALL: Final = re.compile(r"\.? (?:(?:van den|van der|van de|van|de|den|der|ter|ten) )?([a-z]{3,40})")
# "eigenaar van Almere" is no name, "eigenaar Van Dijk" is found by its particle.
_CALLED: Final = re.compile(rf" (?!(?i:van|in|op) [{_UPPER}]){_INITIALS_BEFORE}{_PARTICLES}({_NAME})")
_INITIALS: Final = re.compile(
    rf"(?<![\w.])((?:[{_UPPER}]\. ?){{1,5}})({_PARTICLES})([{_UPPER}][a-zà-ÿ][\w'’-]{{0,40}})"
)
_BEHIND: Final = re.compile(rf"(?<![\w'’-])({_NAME}), ?(?:[A-Z]\.){{1,4}}(?!\w)")
_PARTICLE_NAME: Final = re.compile(rf"\b([Vv]an d(?:er|en)|[Vv]an|[Dd]e|[Tt]er|El|el|Ait) ({_NAME})")
_CAPITALISED: Final = re.compile(rf"(?<![\w'’-]){_NAME}")
_FOLLOWING: Final = re.compile(rf" {_PARTICLES}({_NAME})")
_SENTENCE_END: Final = re.compile(r"[.!?:;\n•·(\"“‘…-][\s\"“‘'(-]*\Z")
_LEGAL_FORM: Final = re.compile(
    rf"(?<![\w'’-])(?:{_NAME} (?:& |en )?){{0,3}}({_NAME}) "
    r"(?:B\.?V\.?|N\.V\.(?! ?[Tt])|NV|V\.?O\.?F\.?|vof|C\.V\.|GmbH|Ltd|SRL|Holdings?|Sp\. z o\.o\.)(?![\w'’])"
)

_ALPHABET: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_PHRASES: Final = {"bekend": "bekend als", "naam": "op naam van", "zekere": "een zekere"}
"""A word by which it is known that the phrase may be there."""
_LEGAL_WORDS: Final = _WORDS["legal_words"] | _ALPHABET
_SURNAMES: Final = _WORDS["surnames"]
_SURNAMES_WITH_PARTICLE: Final = _WORDS["surnames_with_particle"]
_ANY_SURNAME: Final = _SURNAMES | _SURNAMES_WITH_PARTICLE | _WORDS["noun_surnames"]
_PARTICLE_CUES: Final = frozenset({"den", "der", "ter", "el", "ait"}) | _SURNAMES_WITH_PARTICLE
_LISTED: Final = _WORDS["given_names"] | _SURNAMES
_LONGEST_ABBREVIATION: Final = 5


def _has_company_name(text: str, words: frozenset[str], places: Places) -> bool:
    """A name with a legal form behind it, or with the word for a kind of firm before it."""
    found = _LEGAL_FORM.findall(text) if words & _LEGAL_WORDS else []
    trades = words & _WORDS["trades"] | ({"v.o.f."} if "f" in words else set())
    return any(_is_name(word, text, places) for word in (*found, *_after(trades, _FOLLOWING, text)))


def _has_person_name(text: str, words: frozenset[str], places: Places) -> bool:
    """A name after a title or role, behind initials or a particle, or that is in the lists."""
    if words & _LEGAL_WORDS:
        # A firm called after a person is reported as a firm.
        text = _LEGAL_FORM.sub(" ", text)
    if _is_called(text, words, places):
        return True
    # Words that must be there → the pattern to look for, and what makes of it a name.
    looks = (
        (_ALPHABET, _INITIALS, _is_behind_initials),
        (_ALPHABET, _BEHIND, lambda match, places: _is_name(match[1], text, places)),
        (_PARTICLE_CUES, _PARTICLE_NAME, _is_behind_particle),
        (_LISTED, _CAPITALISED, _is_listed),
    )
    return any(is_name(match, places) for cues, at, is_name in looks if words & cues for match in at.finditer(text))


def _is_called(text: str, words: frozenset[str], places: Places) -> bool:
    """After a short title a known name needs no capital; after a job ("wijkagent Noord") it must be a known one."""
    called = words & _WORDS["roles"] | {phrase for word, phrase in _PHRASES.items() if word in words}
    return (
        any(not _is_street(word) for word in _after(words & _WORDS["titles"], _TITLED, text))
        or any(word in _ANY_SURNAME for word in _after(words & _WORDS["short_titles"], _TITLED_SMALL, text))
        or any(word.casefold() in _ANY_SURNAME for word in _after(words & _WORDS["jobs"], _TITLED, text))
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


def _is_name(word: str, text: str, places: Places) -> bool:
    """A word with a capital that is no ordinary word, abbreviation, place, body or street."""
    ordinary = word.casefold() in _WORDS["common_words"] or (word.isupper() and len(word) <= _LONGEST_ABBREVIATION)
    return not ordinary and _can_be_name(word, text, places)


def _can_be_name(word: str, text: str, places: Places) -> bool:
    """A word that is no place, body or street; where more tells that it is a name, it may be an ordinary word."""
    body = word.casefold().split("-")[0] in _WORDS["nobody"]
    return not (body or _is_street(word) or places.explain(word, text))


def _is_behind_initials(match: re.Match[str], places: Places) -> bool:
    letters, particles, name = match.groups()
    initials = re.sub(r"\W", "", letters).casefold()
    if initials in _WORDS["bodies"] or not _can_be_name(name, match.string, places):
        return False
    if len(initials) > 1 or particles or name.casefold() in _SURNAMES:
        return True
    return name.casefold() not in _WORDS["common_words"] and not _is_label(match)


def _is_label(match: re.Match[str]) -> bool:
    """A single letter that numbers something: "hal B. Daarnaast …", or "A. Beeld … B. Toezicht …"."""
    text, letter, start = match.string, match[1][0], match.start()
    before = text[max(0, start - 30) : start].split()
    if before and before[-1].casefold() in _WORDS["labels"]:
        return True
    neighbours = (chr(ord(letter) - 1), chr(ord(letter) + 1))
    return _begins_sentence(text, start) and any(f"{other}. " in text for other in neighbours)


def _is_behind_particle(match: re.Match[str], places: Places) -> bool:
    particle, name = match[1].casefold(), match[2]
    if particle in {"van", "de"} and name.casefold() not in _SURNAMES_WITH_PARTICLE:
        return False
    return _can_be_name(name, match.string, places)


def _is_listed(match: re.Match[str], places: Places) -> bool:
    """A common given name or surname; a given name that is also a word only when it does not begin the sentence."""
    text, word = match.string, match[0].removesuffix("'s").removesuffix("’s")
    parts = word.casefold().split("-")
    given = all(part in _WORDS["given_names"] for part in parts)
    if not (parts[0] in _SURNAMES or given) or places.explain(word, text):
        return False
    following = _FOLLOWING.match(text, match.end())
    if following:
        return not _is_street(following[1])
    # An abbreviation such as LISA is a data base, and Jan 2026 a month.
    if word.isupper() or text[match.end() : match.end() + 2].strip().isdecimal():
        return False
    return not (parts[0] in _WORDS["also_words"] and _begins_sentence(text, match.start()))


def with_capitals(text: str) -> str:
    """The text with a capital on every listed name, which a field of a few words is often typed without."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if word[0] in _LISTED else word[0], text)


def _begins_sentence(text: str, start: int) -> bool:
    return start == 0 or _SENTENCE_END.search(text[max(0, start - 10) : start]) is not None


_WITH_DIGITS: Final[dict[str, Callable[[str], object]]] = {
    "address": _has_address,
    "licence-plate": _has_licence_plate,
    "birth-date": _BIRTH.search,
}
_WITH_LONG_NUMBERS: Final[dict[str, Callable[[str], object]]] = {
    "phone-number": _has_phone_number,
    "citizen-number": has_citizen_number,
    "bank-account": has_bank_account,
    "company-number": _COMPANY.search,
}
"""Rule → what finds it."""
