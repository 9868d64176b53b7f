"""The returns of one fictional district in a folder, to be written anew with something wrong in them."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.planted.book import Planted
from werkbank.demo.fiction import District
from werkbank.demo.truth import MUNICIPALITIES
from werkbank.matrix.layout import SHEET_MATRIX, workbook_name
from werkbank.matrix.template import write_workbook
from werkbank.settings.catalogue import Catalogue

FEW_LEAPS = 4
"""Leaps in one park that may well be."""


@dataclass(frozen=True)
class Returns:
    """`folder` is matrices, with a folder for each round."""

    folder: Path
    district: District
    catalogue: Catalogue

    @property
    def here(self):
        """The folder of the round that is being collected."""
        return self.folder / self.district.rounds[-1]

    @property
    def other_party(self):
        """A party that the catalogue knows and that does not take part."""
        return next(each for each in self.catalogue.parties if each.id not in self.district.parties)

    def path(self, municipality, party, rounds_ago=0):
        """Where a return stands."""
        name = workbook_name(municipality, self.catalogue.party(party).file)
        return self.folder / self.district.rounds[-1 - rounds_ago] / name

    def said(self, municipality, party, rounds_ago=0):
        """What a party said about a municipality's parks, as judgements."""
        frame = self.district.judgements(self.district.rounds[-1 - rounds_ago])
        parks = self.district.parks
        own = parks.loc[parks["municipality"] == municipality, "park_id"]
        return frame[(frame["party"] == party) & frame["park_id"].isin(own)].reset_index(drop=True)

    def write(self, municipality, party, said, *, path=None, rounds_ago=0):
        """Write a return with these judgements, blank without; at its own place or another."""
        place = next(each for each in MUNICIPALITIES if each.slug == municipality)
        write_workbook(
            path or self.path(municipality, party, rounds_ago), self.catalogue, self.district.parks, party=party,
            municipality=municipality, municipality_name=place.name, round=self.district.rounds[-1 - rounds_ago],
            judgements=said, fictional=True,
        )  # fmt: skip

    def alike(self):
        """Returns in which every cell can be read and yet something is wrong: nobody judged, or two judged as one."""
        self.write("zeewolde", "police", None)
        yield self._whole("nothing-filled-in", "zeewolde", "police")
        self.write("noordoostpolder", "municipality", self._one_value("noordoostpolder", "municipality"))
        yield self._whole("one-value-everywhere", "noordoostpolder", "municipality")
        self.write("noordoostpolder", "police", _all(self.said("noordoostpolder", "police"), "unknown", None))
        yield self._whole("only-unknown", "noordoostpolder", "police")
        # The police send in what the municipality filled in, as they already did the round before.
        for rounds_ago in (1, 0):
            same = _plain(self.said("urk", "municipality")).assign(party="police")
            self.write("urk", "police", same, rounds_ago=rounds_ago)
        yield Planted(rule="copied-return", file=None)
        yield self._whole("copied-round", "urk", "police")

    def _whole(self, rule, municipality, party):
        return Planted(rule=rule, file=self.path(municipality, party).name, sheet=SHEET_MATRIX)

    def _one_value(self, municipality, party):
        """Level 1 nearly everywhere; 2 where 1 would be a leap too many beside the round before."""
        before = self.said(municipality, party, 1)
        leaps = before["level"].eq(3).fillna(False).astype(bool)
        too_many = leaps & (leaps.groupby(before["park_id"]).cumsum() > FEW_LEAPS)
        said = _all(self.said(municipality, party), "level", 1)
        return said.assign(level=said["level"].mask(too_many, 2))


def _all(frame, state, level):
    """Every cell the same, nothing explained."""
    return _plain(frame).assign(state=state, level=pd.array([level] * len(frame), dtype="Int8"))


def _plain(frame):
    """The same judgements without explanation, source or date."""
    return frame.assign(remark="", source_strength="", date=pd.Series(pd.NaT, index=frame.index))
