"""What a project plan consists of: chapters and tables as frozen values, every text Dutch and ready to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkbank.errors import Finding
from werkbank.plan.interventions import Answers
from werkbank.register.events import Head
from werkbank.register.selections import Selection
from werkbank.wording import Shown, count, facts_html

CHANGES = 3
"""What changed since a plan was made, in so many lines; how many more there are is counted."""
BLANK, PROPOSED = "in te vullen: ", "voorstel: "
"""With these begin what only people can fill in, and what they may let stand."""


@dataclass(frozen=True, slots=True)
class Field:
    """A name with its value; with a key it is one of people's own fields.

    A `blank` one is for them to fill in, and says what belongs there.
    """

    name: str
    text: str
    key: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its paragraphs, its fields, and the points it sums up."""

    title: str
    text: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """One partner: the interventions it leads and joins."""

    partner: str
    kind: str
    leads: tuple[str, ...]
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedIntervention:
    """One intervention of the catalogue as it stands in the plan, with why.

    `lost` is what the plan would lack without it; `agreed` what people lay down about it, also where nobody did yet.
    """

    id: str
    name: str
    description: str
    kind: str
    framework: str
    goal: str
    lead: str
    partners: tuple[str, ...]
    legal_basis: tuple[str, ...]
    reasons: tuple[str, ...]
    weight: int
    weight_name: str
    weeks: str
    conditions: tuple[str, ...]
    shareable: bool
    lost: str = ""
    agreed: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """When an intervention starts and is done, in weeks from the start of the plan; with its owner and its state."""

    intervention: str
    name: str
    start: int
    earliest: int
    latest: int
    owner: str
    state: str

    @property
    def done(self) -> str:
        """The weeks between which it is done: "week 6 tot 14"."""
        return f"week {self.earliest}" if self.earliest == self.latest else f"week {self.earliest} tot {self.latest}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told to whom, and what is not."""

    group: str
    message: str
    withheld: str


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go wrong, and what is done about it."""

    name: str
    how: str
    response: str


@dataclass(frozen=True, slots=True)
class ProjectPlan(Shown):
    """The project plan of one park: thirteen chapters, their tables, and the appendices.

    `approval` says who adopted it as it is, or that nobody did any more; `register` is the end of the register when it
    was made. `chapters` are by their codes in `plan.yaml`, `subgoals` by framework; `values` are the texts of people's
    own fields by key, as they were kept when the plan was made.
    """

    park_id: str
    park: str
    municipality: str
    round: str
    status: str
    approval: str
    changes: tuple[str, ...]
    register: Head | None
    selected: Selection
    chapters: Mapping[str, Chapter]
    subgoals: Mapping[str, tuple[str, ...]]
    roles: tuple[Role, ...]
    answers: Answers
    interventions: tuple[PlannedIntervention, ...]
    beside: tuple[PlannedIntervention, ...]
    after_confirmation: tuple[PlannedIntervention, ...]
    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    risks: tuple[Risk, ...]
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """One line of Dutch: which park, how far it is, and how many interventions are proposed."""
        proposed = count(len(self.interventions), "interventie", "interventies")
        return f"Projectplan {self.park} ({self.park_id}), {self.municipality}, {self.status}: {proposed}."

    def _repr_html_(self) -> str:
        facts = {one.id: one.name for one in self.interventions}
        return facts_html(str(self), facts)


MISSING = "missing-workbook"
_SHOWN_ONLY = "context.csv"
"""Figures that stand beside the scores; no score rests on them."""


def missing_input(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Which workbooks are missing and which have faults: "urk_politie.xlsx ontbreekt", "…_gemeente.xlsx: 2 fouten"."""
    errors = [one for one in findings if one.severity == "error" and one.file != _SHOWN_ONLY]
    missing = [f"{one.file or 'een werkmap'} ontbreekt" for one in errors if one.rule == MISSING]
    faulty = Counter(one.file or "de invoer" for one in errors if one.rule != MISSING)
    return (*dict.fromkeys(missing), *(f"{file}: {count(n, 'fout', 'fouten')}" for file, n in faulty.items()))
