"""The entries of the catalogue's files, as frozen models: one class per kind of entry.

Codes and keys are English, names and texts Dutch. What one entry cannot know, such as whether a code it
refers to exists, is checked in `references`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from werkbank.errors import CatalogueError
from werkbank.files.models import CODE_PATTERN, FileModel

__all__ = [
    "Audience",
    "Duration",
    "Family",
    "Indicator",
    "Intervention",
    "Level",
    "Partner",
    "Party",
    "Phenomenon",
    "Scale",
    "Sensitivity",
    "State",
    "Subcategory",
    "Term",
    "Text",
    "Trigger",
]

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
FamilyId = Literal["threat", "opportunity", "resilience"]
ScoreId = Literal["threat", "opportunity", "resilience_gap"]
Kind = Literal["communication", "enforcement", "sustainability"]
Framework = Literal["information_position", "scope_for_action", "lasting_cooperation"]
AudienceField = Literal[
    "park_names", "cells", "remarks", "combined", "scores", "ranking", "advice", "reasons", "differences",
    "phenomena", "phenomenon_groups", "coverage", "context", "plan", "shareable_plan", "counts", "notes",
]  # fmt: skip


class Level(FileModel):
    """One step of a scale, with the anchor text that tells when it applies, and other words people write for it."""

    value: Annotated[int, Field(ge=0)]
    code: Code
    name: Text
    anchor: Text
    synonyms: tuple[Text, ...] = ()


class Scale(FileModel):
    """An ordinal scale from 0 up; `points` says how much of 0-100 each level is worth, evenly if left out."""

    id: Code
    name: Text
    description: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    points: tuple[Annotated[float, Field(ge=0, le=100)], ...] | None = None

    @property
    def highest(self) -> int:
        """The value of the highest level."""
        return len(self.levels) - 1

    def points_of(self, level: int) -> float:
        """Points 0-100 of a level: those of the scale, else 100 · level / highest (method.md 1)."""
        if not 0 <= level <= self.highest:
            message = f"Niveau {level} bestaat niet op de schaal “{self.id}” (0 tot en met {self.highest})."
            raise CatalogueError(message)
        return self.points[level] if self.points else 100 * level / self.highest


class State(FileModel):
    """A special value beside the levels, with the words a filled-in workbook may use for it."""

    code: Literal["unknown", "not_applicable", "open"]
    name: Text
    description: Text
    synonyms: tuple[str, ...]


class Family(FileModel):
    """One of the three kinds of indicator, and the group score it ends up in."""

    id: FamilyId
    name: Text
    question: Text
    description: Text
    score: ScoreId
    score_name: Text
    scale: Code


class Subcategory(FileModel):
    """A heading within a family; no level of weighing."""

    id: Code
    name: Text
    family: FamilyId


class Sensitivity(FileModel):
    """How far a row may travel; the catalogue lists them from low to high."""

    id: Code
    name: Text
    description: Text


class Indicator(FileModel):
    """One row of the matrix; `version` is the catalogue's version since which it means what it means now."""

    id: Code
    name: Text
    description: Text
    family: FamilyId
    subcategory: Code
    phenomena: tuple[Code, ...]
    best_judge: Code
    scale: Code
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    severity: Annotated[int, Field(ge=1, le=3)] | None = None
    sensitivity: Code
    data_sources: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()
    version: Text | None = None


class Phenomenon(FileModel):
    """A kind of criminal activity; its group is a subcategory of the threats."""

    id: Code
    name: Text
    group: Code


class Party(FileModel):
    """Who judges; `file` is the word in the name of its workbooks."""

    id: Code
    name: Text
    file: Code


class Partner(FileModel):
    """An organisation that may lead or join an intervention."""

    id: Code
    name: Text
    kind: Literal["public", "public_private", "private"]


class Term(FileModel):
    """A code with its name: a kind, a framework, a weight."""

    id: Code
    name: Text
    description: Text | None = None


class Trigger(FileModel):
    """A condition that puts an intervention forward; `source` is an indicator or a sum over the park.

    `threat_sum` is the sum of all threat levels, `severe_threat` the highest level among threats of severity
    3, `coverage` a percentage 0-100.
    """

    source: Code
    operator: Literal[">=", "<=", "==", "<", "is"]
    value: int | Literal["unknown"]


class Duration(FileModel):
    """How long an intervention takes, from the shortest to the longest, in weeks."""

    min_weeks: Annotated[int, Field(ge=0)]
    max_weeks: Annotated[int, Field(ge=1)]


class Intervention(FileModel):
    """A measure: `direct` holds the indicators it acts on by itself, `supporting` those it only helps."""

    id: Code
    name: Text
    description: Text
    kind: Kind
    framework: Framework
    goal: Text
    lead: Code
    partners: tuple[Code, ...]
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    direct: tuple[Code, ...]
    supporting: tuple[Code, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    weeks: Duration
    weight: Annotated[int, Field(ge=1, le=4)]
    shareable: bool
    conditions: tuple[Text, ...] = ()
    measures: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()


class Audience(FileModel):
    """For whom an output is made, and what that audience sees.

    `parties` are those whose own cells it may see, `sensitivity` the highest it may see, `areas` its own
    municipality (or park), the whole district, or no single park; `label` is printed on every page.
    """

    id: Code
    name: Text
    label: Text
    parties: tuple[Code, ...]
    families: tuple[FamilyId, ...]
    sensitivity: Code
    areas: Literal["own", "district", "none"]
    fields: tuple[AudienceField, ...]
