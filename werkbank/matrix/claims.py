"""What a text says of whose matrix it is: the name of a file, of a sheet, or a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from werkbank.catalogue.models import Party
from werkbank.matrix.cells import normalise

__all__ = ["NO_CLAIM", "Claim", "Suppliers"]

_WORD: Final = re.compile(r"[^\W_]+")
_ROUND: Final = re.compile(r"\bronde\s+([\w.-]{1,20})")
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
        municipality, _, word = Path(file).stem.rpartition("_")
        party = next((party.id for party in self.parties if party.file == word), "")
        return Claim(municipality if municipality in self._slugs else "", party)

    def of_texts(self, texts: Iterable[str]) -> Claim:
        """Municipality, party and round as these texts name them; what they disagree about is not claimed."""
        whole = [normalise(text) for text in texts]
        sentence = "".join(f" {' '.join(_WORD.findall(text))} |" for text in whole)
        places = self._named(sentence, self._places)
        for place in places:
            words = " ".join(_WORD.findall(normalise(place)))
            sentence = sentence.replace(f" {_ALSO_A_PLACE} {words} ", " ")
        rounds = {found[1] for text in whole for found in _ROUND.finditer(text)}
        return Claim(_only(places), _only(self._named(sentence, self._words)), _only(rounds))

    @staticmethod
    def _named(sentence: str, meanings: Mapping[str, str]) -> set[str]:
        """What is named; a name that is part of a longer one that is there is not."""
        found = [words for words in meanings if f" {words} " in sentence]
        whole = [words for words in found if not any(f" {words} " in f" {other} " for other in found if other != words)]
        return {meanings[words] for words in whole}

    @cached_property
    def _slugs(self) -> frozenset[str]:
        return frozenset(self.municipalities)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return {" ".join(_WORD.findall(normalise(slug))): slug for slug in self.municipalities}

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {
            " ".join(_WORD.findall(normalise(word))): party.id
            for party in self.parties
            for word in (party.id, party.file, party.name)
        }


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""
