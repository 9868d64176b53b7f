"""The entries of the catalogue's files, as frozen models: one class per kind of entry, and one per file.

Codes and keys are English, names and texts Dutch. What one entry cannot know, such as whether a code it
refers to exists, is checked in `references`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from werkbank.errors import CatalogueError
from werkbank.files.models import CODE_PATTERN, FileModel
from werkbank.settings.cross_checks import ONLY_RENAMED
from werkbank.settings.method import Exponent, Weight

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["communication", "enforcement", "sustainability"]
Framework = Literal["information_position", "scope_for_action", "lasting_cooperation"]
AudienceField = Literal[
    "park_names", "cells", "remarks", "combined", "scores", "totals", "group_scores", "ranking", "advice", "reasons",
    "differences", "phenomena", "phenomenon_groups", "coverage", "context", "plan", "shareable_plan", "counts", "notes",
    "decisions",
]  # fmt: skip
Release = Literal["totals", "group_scores", "phenomena", "reasons", "plan", "cells"]
"""What a legal basis may release to an audience; `cells` stands for `<party>_cells` of any party."""

DocumentKind = Literal["analysis", "summary", "park", "district", "counts", "plan"]

HIGH_POINTS = 60
"""Points of risk from which a level counts as high, where its scale does not say (method.md 8)."""


class Level(FileModel):
    """One step of a scale, with the anchor text that tells when it applies, and other words people write for it."""

    value: Annotated[int, Field(ge=0)]
    code: Code
    name: Text
    anchor: Text
    synonyms: tuple[Text, ...] = ()


class Scale(FileModel):
    """An ordinal scale from 0 up; `points` says how much of 0-100 each level is worth, evenly if left out.

    `high` is the level from which a judgement counts as high, in the direction of risk: on the scale of a protective
    family that level and everything below it. Left out it is the lowest level worth at least 60 points of risk.
    """

    id: Code
    name: Text
    description: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    points: tuple[Annotated[float, Field(ge=0, le=100)], ...] | None = None
    high: Annotated[int, Field(ge=0)] | None = None

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

    def high_level(self, *, protective: bool) -> int:
        """The level from which a judgement is high: upwards, and downwards where the family is protective."""
        if self.high is not None:
            return self.high
        levels = [level.value for level in self.levels]
        if protective:
            return max((level for level in levels if 100 - self.points_of(level) >= HIGH_POINTS), default=0)
        return min((level for level in levels if self.points_of(level) >= HIGH_POINTS), default=self.highest)


class State(FileModel):
    """A special value beside the levels, with the words a filled-in workbook may use for it."""

    code: Literal["unknown", "not_applicable", "open"]
    name: Text
    description: Text
    synonyms: tuple[str, ...]


class Family(FileModel):
    """One of the kinds of indicator, and the group score it ends up in.

    `direction` is what a higher level means: more risk, or more protection, of which the score counts what is lacking.
    The one `required` family holds the suspicions: without one nobody is sent. `combination`, `weight` and `power` are
    what the method does where the parameters do not say otherwise (method.md 2 and 3).
    """

    id: Code
    name: Text
    question: Text
    description: Text
    score: Code
    score_name: Text
    scale: Code
    direction: Literal["risk", "protective"]
    required: bool = False
    combination: Literal["maximum", "mean"]
    weight: Weight
    power: Exponent

    @property
    def protective(self) -> bool:
        """Whether a higher level means less risk."""
        return self.direction == "protective"


class Subcategory(FileModel):
    """A heading within a family; no level of weighing."""

    id: Code
    name: Text
    family: Code


class Sensitivity(FileModel):
    """How far a row may travel; the catalogue lists them from low to high."""

    id: Code
    name: Text
    description: Text


class Indicator(FileModel):
    """One row of the matrix; `version` is the catalogue's version since which it means what it means now.

    `asked_of`: the parties that are asked about it; empty, everyone that takes part.
    """

    id: Code
    name: Text
    description: Text
    family: Code
    subcategory: Code
    phenomena: tuple[Code, ...]
    best_judge: Code
    asked_of: tuple[Code, ...] = ()
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


class Source(FileModel):
    """Where something was seen: its code, what it is called, and its address."""

    id: Code
    name: Text
    address: Text | None = None


class Trigger(FileModel):
    """A condition that puts an intervention forward; `source` is an indicator or a figure of the park.

    Of an indicator a word is asked, in the direction of risk, so that it means the same on a scale of any length:
    `high` (from the level its scale calls high), `highest`, `lowest` or `unknown`. `severe_threat` asks it of each
    threat of the highest severity. Of the figures a number 0-100 is asked: of `threat_share`, the threats together in
    percent of the most they could be, of `coverage`, what any party knows, and of `two_sided`, what all of them know.
    """

    source: Code
    operator: Literal["is", "is not", ">=", "<=", "==", "<"]
    value: int | Literal["unknown", "high", "highest", "lowest"]


class Duration(FileModel):
    """How long an intervention takes, from the shortest to the longest, in weeks."""

    min_weeks: Annotated[int, Field(ge=0)]
    max_weeks: Annotated[int, Field(ge=1)]


class Intervention(FileModel):
    """A measure: `direct` holds the indicators it acts on by itself, `supporting` those it only helps.

    `effort` says what it asks of the partners, `cooperation` of which part of lasting cooperation it is.
    """

    id: Code
    name: Text
    description: Text
    kind: Kind
    framework: Framework
    cooperation: Code | None = None
    goal: Text
    lead: Code
    partners: tuple[Code, ...]
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    direct: tuple[Code, ...]
    supporting: tuple[Code, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    weeks: Duration
    effort: Text | None = None
    weight: Annotated[int, Field(ge=1, le=4)]
    shareable: bool
    conditions: tuple[Text, ...] = ()
    measures: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()


class Audience(FileModel):
    """For whom an output is made, and what that audience sees.

    `parties` are those whose own cells it may see, `sensitivity` the highest it may see, `areas` its own
    municipality (or park), the whole district, or no single park; `label` is printed on every page. The one `owner`
    is who makes the analyses: what is kept of a round, and what is made once, is made for it; the packaged catalogue
    alone decides on it. `releasable` is what a legal basis may release to it beyond `fields`; `tasks` are the phenomena
    of its task, where it gets no others; one that a catalogue of one's own does not have says nothing. `documents` are
    what is made for it.
    """

    MISPLACED: ClassVar[dict[str, str]] = {"ready": "verwijder “ready”: elke doelgroep kan nu een exemplaar krijgen"}

    id: Code
    name: Text
    label: Text
    parties: tuple[Code, ...]
    families: tuple[Code, ...]
    sensitivity: Code
    areas: Literal["own", "district", "none"]
    fields: tuple[AudienceField, ...]
    releasable: tuple[Release, ...] = ()
    tasks: tuple[Code, ...] = ()
    documents: tuple[DocumentKind, ...] = ()
    owner: bool = False


def _only_renamed(value: Any) -> Any:
    """Refuse what only a re-scaling needs: levels of then, or several codes now."""
    if value != "same" and not (isinstance(value, (list, tuple)) and len(value) <= 1):
        raise ValueError(ONLY_RENAMED)
    return value


class Former(FileModel):
    """What an indicator was in an earlier version, as far as the score of that time needs it."""

    name: Text
    family: Code
    best_judge: Code = "both"
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    severity: Annotated[int, Field(ge=1, le=3)] | None = None


class EarlierIndicator(FileModel):
    """An indicator of an earlier version that has another code or another scale now, or was dropped.

    `becomes`: its code now, or none when it was dropped; `was` is needed for what was dropped. `scale`: on `other` its
    judgements of then cannot be led to its levels of now: where rounds are compared it is left out of both.
    """

    code: Code
    becomes: Annotated[tuple[Code, ...], BeforeValidator(_only_renamed)]
    levels: Annotated[str, BeforeValidator(_only_renamed)] = "same"
    scale: Literal["same", "other"] = "same"
    was: Former | None = None
    note: Text | None = None


class EarlierVersion(FileModel):
    """One earlier version, with the indicators that are otherwise now.

    An indicator of now that no entry names, as a code or as what one became, was the same then, unless its own
    `version` is later.
    """

    MISPLACED: ClassVar[dict[str, str]] = {"scales": ONLY_RENAMED}

    version: Text
    indicators: tuple[EarlierIndicator, ...] = ()


class Indicators(FileModel):
    """The file `indicators.yaml`."""

    version: Text
    status: Text
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    subcategories: tuple[Subcategory, ...]
    sensitivities: tuple[Sensitivity, ...]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]


class Scales(FileModel):
    """The file `scales.yaml`."""

    scales: Annotated[tuple[Scale, ...], Field(min_length=1)]
    states: tuple[State, ...]


class Phenomena(FileModel):
    """The file `phenomena.yaml`."""

    phenomena: tuple[Phenomenon, ...]


class Interventions(FileModel):
    """The file `interventions.yaml`."""

    kinds: tuple[Term, ...]
    frameworks: tuple[Term, ...]
    weights: tuple[Term, ...]
    cooperation: tuple[Term, ...] = ()
    interventions: tuple[Intervention, ...]
    sources: tuple[Source, ...] = ()


class Partners(FileModel):
    """The file `partners.yaml`."""

    parties: Annotated[tuple[Party, ...], Field(min_length=1)]
    partners: tuple[Partner, ...]


class Audiences(FileModel):
    """The file `audiences.yaml`."""

    audiences: tuple[Audience, ...]


class Earlier(FileModel):
    """The file `mapping.yaml`: what became of the indicators of earlier versions, oldest first."""

    earlier: tuple[EarlierVersion, ...] = ()
