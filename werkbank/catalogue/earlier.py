"""What the indicators of earlier versions of a catalogue have become, so that old workbooks keep being read.

Every earlier version is led to the present one directly. A level is carried over only where the file says what it is
now; what was dropped is kept as far as a score of that time needs it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from werkbank.catalogue.entries import Code, FamilyId, Scale, Text
from werkbank.catalogue.yaml_loader import FileModel

__all__ = ["Earlier", "EarlierIndicator", "EarlierVersion", "Former"]


class Former(FileModel):
    """What an indicator was in an earlier version, as far as the score of that time needs it."""

    name: Text
    family: FamilyId
    best_judge: Code = "both"
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    severity: Annotated[int, Field(ge=1, le=3)] | None = None


class EarlierIndicator(FileModel):
    """An indicator of an earlier version: its code then, and what it has become.

    `becomes`: one code (renamed), several (split), none (dropped); a code that several entries name is a merger.
    `levels`: `same`, `not_comparable`, or the present level of every level of then in order, null where there is none.
    `scale`: that of then, when it is another than the present one. `was`: needed for what was dropped.
    """

    code: Code
    becomes: tuple[Code, ...]
    levels: Literal["same", "not_comparable"] | tuple[Annotated[int, Field(ge=0)] | None, ...] | None = None
    scale: Code | None = None
    was: Former | None = None
    note: Text | None = None


class EarlierVersion(FileModel):
    """One earlier version: the scales that only it had, and the indicators that are otherwise now.

    An indicator of now that no entry names, as a code or as what one became, was the same then, unless its own
    `version` is later.
    """

    version: Text
    scales: tuple[Scale, ...] = ()
    indicators: tuple[EarlierIndicator, ...] = ()


class Earlier(FileModel):
    """The file `mapping.yaml`: the earlier versions, oldest first."""

    earlier: tuple[EarlierVersion, ...] = ()
