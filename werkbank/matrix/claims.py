"""What a text says of whose matrix it is: the name of a file, of a sheet, or a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final

from werkbank.matrix.cells import normalise
from werkbank.settings.catalogue import Party

__all__ = ["NO_CLAIM", "Claim", "Suppliers"]

_WORD: Final = re.compile(r"[^\W_]+")
_ROUND: Final = re.compile(r"\bronde\s*[:=]?\s*([\w.-]{0,20}\d[\w.-]{0,20})")
_TURNED_ROUND: Final = re.compile(r"\b(\d)e ronde(?: van| in)? (20\d\d)\b|\bronde (\d)(?: van| in|,| /)? (20\d\d)\b")
"""“1e ronde 2026” and “ronde 1 van 2026” are 2026-1."""
_NAMED_ROUND: Final = re.compile(r"(?<![\d-])(20\d\d-\d)(?![\d-])")
_COPY: Final = re.compile(r"(?:[ _-]+(?:\(\d+\)|kopie|copy|v\d+|def|definitief|concept|ingevuld|20\d\d-\d))+$")
"""What programs and people put behind the name of a file."""
_ALSO_A_PLACE: Final = "gemeente"
"""“gemeente Urk” names the place, whoever filled in the matrix."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A municipality and a party, each empty where the text names none, or more than one."""

    municipality: str = ""
    party: str = ""
    round: str = ""

    def __or__(self, other: Claim) -> Claim:
        """The same claim, completed from another."""
        return Claim(self.municipality or other.municipality, self.party or other.party, self.round or other.round)

    def contradicts(self, other: Claim) -> bool:
        """True when both name a municipality or a party, and not the same."""
        places = {self.municipality, other.municipality} - {""}
        return len(places) > 1 or len({self.party, other.party} - {""}) > 1


NO_CLAIM: Final = Claim()


@dataclass(frozen=True)
class Suppliers:
    """The municipalities and parties of which a matrix can be."""

    municipalities: Sequence[str]
    parties: Sequence[Party]

    def of_file(self, file: str) -> Claim:
        """Municipality and party as a file is called when it follows the rule: `almere_politie.xlsx`."""
        stem = normalise(PurePath(file).stem)
        name = _COPY.sub("", stem)
        rounds = {*_NAMED_ROUND.findall(stem)}
        for party in self.parties:
            place, between = name[: -len(party.file)], name[-len(party.file) - 1 : -len(party.file)]
            municipality = self.municipality_named(place) if between in {"_", "-", " "} else ""
            if name.endswith(party.file) and (municipality or between == "_"):
                return Claim(municipality, party.id, _only(rounds))
        return NO_CLAIM

    def of_words(self, file: str) -> Claim:
        """The same for a name that follows no rule, by the words in it."""
        stem = PurePath(file).stem
        return self.of_texts([stem.replace("_", " ")]) | Claim(round=_only({*_NAMED_ROUND.findall(stem)}))

    def municipality_named(self, text: str) -> str:
        """The municipality of this name; an empty text for any other."""
        return self._places.get(_in_words(text), "")

    def party_named(self, text: str) -> str:
        """The party of this code, file name or name; an empty text for any other."""
        return self._words.get(_in_words(text), "")

    def of_texts(self, texts: Iterable[str]) -> Claim:
        """Municipality, party and round as these texts name them; what they disagree about is not claimed."""
        whole = [normalise(text) for text in texts]
        sentence = "".join(f"{_in_words(text)}|" for text in whole)
        places = self._named(sentence, self._places)
        for place in places:
            sentence = sentence.replace(f" {_ALSO_A_PLACE}{_in_words(normalise(place))}", " ")
        rounds = {said for text in whole for said in _rounds(text)}
        return Claim(_only(places), _only(self._named(sentence, self._words)), _only(rounds))

    @staticmethod
    def _named(sentence: str, meanings: Mapping[str, str]) -> set[str]:
        """What is named; a name that is part of a longer one that is there is not."""
        found = [words for words in meanings if words in sentence]
        whole = [words for words in found if not any(words in other for other in found if other != words)]
        return {meanings[words] for words in whole}

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return {_in_words(normalise(slug)): slug for slug in self.municipalities}

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {
            _in_words(normalise(word)): party.id
            for party in self.parties
            for word in (party.id, party.file, party.name)
        }


def _in_words(text: str) -> str:
    """The words of a text with a space before, between and behind them."""
    return f" {' '.join(_WORD.findall(text))} "


def _rounds(text: str) -> set[str]:
    turned = {f"{found[2] or found[4]}-{found[1] or found[3]}" for found in _TURNED_ROUND.finditer(text)}
    return turned or {found[1] for found in _ROUND.finditer(text)}


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""
