"""Returns in which every cell can be read and yet something is wrong: nobody judged, or two judged as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from tests.planted.listed import Planted

from werkbank.demo.district import District
from werkbank.matrix.layout import SHEET_MATRIX, workbook_name
from werkbank.matrix.template import write_workbook
from werkbank.settings.catalogue import Catalogue

__all__ = ["Returns"]


_FEW_LEAPS: Final = 4
"""Leaps in one park that may well be."""


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns of one fictional district in a folder, to be written anew with something wrong in them."""

    folder: Path
    """The folder `matrices`, with a folder for each round."""
    district: District
    catalogue: Catalogue

    @property
    def round(self) -> str:
        """The round that is being collected."""
        return self.district.rounds[-1]

    @property
    def earlier(self) -> str:
        """The round before it."""
        return self.district.rounds[-2]

    def path(self, municipality: str, party: str, round_name: str | None = None) -> Path:
        """Where a return stands."""
        return self.folder / (round_name or self.round) / self.name(municipality, party)

    def name(self, municipality: str, party: str) -> str:
        """The name of a return's file."""
        return workbook_name(municipality, self.catalogue.party(party).file)

    def said(self, municipality: str, party: str, round_name: str | None = None) -> pd.DataFrame:
        """What a party said about a municipality's parks, as judgements."""
        frame = self.district.judgements(round_name or self.round)
        parks = self.district.parks
        own = parks.loc[parks["municipality"] == municipality, "park_id"]
        return frame[(frame["party"] == party) & frame["park_id"].isin(own)].reset_index(drop=True)

    def write(
        self, municipality: str, party: str, said: pd.DataFrame | None, *, path: Path | None = None,
        round_name: str | None = None,
    ) -> Path:  # fmt: skip
        """Write a return with these judgements, blank without; at its own place or another."""
        target = path or self.path(municipality, party, round_name)
        place = next(each for each in self.district.municipalities if each.slug == municipality)
        write_workbook(
            target,
            self.catalogue,
            self.district.parks,
            party=party,
            municipality_name=place.name,
            municipality=municipality,
            round=round_name or self.round,
            judgements=said,
            fictional=True,
        )
        return target

    def one_value(self, municipality: str, party: str) -> pd.DataFrame:
        """Level 1 nearly everywhere, as judgements; 2 where 1 would be a leap too many beside the round before."""
        said = _all(self.said(municipality, party), "level", 1)
        before = self.said(municipality, party, self.earlier)
        leaps = before["level"].eq(3).fillna(False).astype(bool)
        too_many = leaps & (leaps.groupby(before["park_id"]).cumsum() > _FEW_LEAPS)
        return said.assign(level=said["level"].mask(too_many, 2))

    def only_unknown(self, municipality: str, party: str) -> pd.DataFrame:
        """Nothing but unknown, as judgements."""
        return _all(self.said(municipality, party), "unknown", None)

    def copied(self, municipality: str, copier: str, source: str) -> Iterator[Planted]:
        """One party sends in what the other filled in, as it already did the round before."""
        same = _plain(self.said(municipality, source)).assign(party=copier)
        for round_name in (self.earlier, self.round):
            self.write(municipality, copier, same, round_name=round_name)
        names = " en ".join(self.catalogue.party(party).name for party in (copier, source))
        yield Planted(
            kind="twee partijen gelijk",
            rule="copied-return",
            file=None,
            what=f"{names} van {municipality} vulden alles gelijk in",
        )
        path = self.path(municipality, copier)
        yield _sheet("vorige ronde opnieuw ingestuurd", "copied-round", path, f"gelijk aan ronde {self.earlier}")


def _sheet(kind: str, rule: str, path: Path, what: str) -> Planted:
    return Planted(kind=kind, rule=rule, file=path.name, sheet=SHEET_MATRIX, what=what)


def _all(frame: pd.DataFrame, state: str, level: int | None) -> pd.DataFrame:
    """Every cell the same, nothing explained."""
    return _plain(frame).assign(state=state, level=pd.array([level] * len(frame), dtype="Int8"))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The same judgements without explanation, source or date."""
    return frame.assign(remark="", source_strength="", date=pd.Series(pd.NaT, index=frame.index))
