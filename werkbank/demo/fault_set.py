"""A few small files in one folder, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.planted.listed import Planted

from werkbank.matrix.rules import RULES

__all__ = ["FaultSet", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One fault: the rule that finds it, its file and line, and in Dutch what it is."""

    rule: str
    file: str
    line: int | None
    what: str


@dataclass(frozen=True, slots=True)
class FaultSet:
    """The files of one folder and their faults; text is written as UTF-8."""

    name: str
    files: Mapping[str, str | bytes]
    spots: tuple[Spot, ...]

    def plant(self, folder: Path, shown: str) -> Iterator[Planted]:
        """Write the files into a folder of their own within `folder`, which the list calls `shown`."""
        target = folder / self.name
        target.mkdir(parents=True)
        for name, content in self.files.items():
            (target / name).write_bytes(content.encode() if isinstance(content, str) else content)
        for spot in self.spots:
            file = f"{shown}/{self.name}/{spot.file}"
            yield Planted(
                kind=RULES[spot.rule].title.lower(), rule=spot.rule, file=file, line=spot.line, what=spot.what
            )
