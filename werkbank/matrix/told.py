"""What a matrix tells of itself in a row or column beside its judgements: by whom, of which round, about which place.

A wide table with a park on each line often has these columns; then they say more than the name of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from werkbank.matrix.identity import Claim, Suppliers
from werkbank.matrix.locating import Edges, Words

__all__ = ["NOTHING_TOLD", "Told", "told_by"]

_LABELS: Final[Mapping[str, str]] = {
    "partij": "party", "party": "party", "ingevuld door": "party", "organisatie": "party",
    "ronde": "round", "round": "round", "gemeente": "municipality", "municipality": "municipality",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What stands beside the judgements, by what it is about: the texts at each park's place."""

    texts: Mapping[str, Mapping[int, str]]

    def claim(self, suppliers: Suppliers, round: str) -> Claim:
        """Municipality, party and round, each where all parks say the same; of several rounds the wrong one."""
        rounds = self._values("round")
        return Claim(
            _only(suppliers.municipality_named(text) for text in self._values("municipality")),
            _only(suppliers.party_named(text) for text in self._values("party")),
            next((each for each in rounds if each != round), round) if rounds else "",
        )

    def by_party(self, edges: Edges, suppliers: Suppliers) -> list[tuple[Edges, Told]]:
        """The matrix as one for each party, when its parks stand there once for every one of them."""
        named = {place: suppliers.party_named(text) for place, text in self.texts.get("party", {}).items()}
        parties = list(dict.fromkeys(named.values()))
        if len(parties) < 2 or not all(named.get(place) for place in edges.across):
            return [(edges, self)]
        return [self._of(party, named, edges) for party in parties]

    def _of(self, party: str, named: Mapping[int, str], edges: Edges) -> tuple[Edges, Told]:
        own = {place: text for place, text in edges.across.items() if named[place] == party}
        texts = {about: {place: said[place] for place in own if place in said} for about, said in self.texts.items()}
        return replace(edges, across=own), Told(texts)

    def _values(self, about: str) -> list[str]:
        return list(dict.fromkeys(text for text in self.texts.get(about, {}).values() if text))


NOTHING_TOLD: Final = Told({})


def told_by(edges: Edges, parks: Words) -> Told:
    """What the lines beside the judgements tell."""
    places = [place for place, text in edges.across.items() if text in parks.texts]
    return Told({about: {place: line[place] for place in places} for about, line in _lines(edges)})


def _only(names: Iterable[str]) -> str:
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def _lines(edges: Edges) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(edges.rows):
        about = _LABELS.get(line[edges.side], "")
        if about and number != edges.header and number not in edges.down:
            yield about, list(line)
