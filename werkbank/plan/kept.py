"""The plan as people keep it: `data/plans/<park_id>.yaml`, made once with a proposal, and theirs from then on.

What follows from the matrix is never in it; what people chose, agreed and wrote is nowhere else. It is read strictly,
for a typing error must not take an owner or a date out of sight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, StrictStr, StringConstraints, model_validator

from werkbank.errors import Finding, OutputError
from werkbank.files.models import CODE_PATTERN, Day, FileModel, findings_of, validate
from werkbank.files.whole import whole_file
from werkbank.files.yaml import Document, Prose, items, read_yaml
from werkbank.plan import words
from werkbank.plan.plan import BLANK
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import did_you_mean, listing

FOLDER = "plans"
STATES = ("concept", "adopted", "running", "secured")
"""The states of a project in their order; it may be stopped in each."""
ENDED = ("secured", "stopped")
PROSE = Prose(Path(__file__).with_name("faults.yaml"))
Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True)]
Said = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[StrictStr, StringConstraints(pattern=CODE_PATTERN, max_length=100)]


class Who(FileModel):
    """An organisation and a role in it; nobody needs an account, and no name is asked."""

    organisation: Said
    role: Text = ""

    def __str__(self) -> str:
        """Role and organisation as they stand in a table."""
        return ", ".join(filter(None, (self.role, self.organisation)))


class Yardstick(FileModel):
    """By what success is seen."""

    text: Said
    baseline: Text = ""
    target: Text = ""


class ChosenIntervention(FileModel):
    """One intervention that people chose: why, by whom, from when to when, and what came of it."""

    id: Code
    why: Text = ""
    owner: Who | None = None
    partners: tuple[Said, ...] = ()
    start: Day | None = None
    end: Day | None = None
    hours: Text = ""
    cost: Text = ""
    state: Literal["not_started", "running", "done", "dropped"] = "not_started"
    conditions: Text = ""
    measures: tuple[Yardstick, ...] = ()
    done: Day | None = None
    evidence: Text = ""
    result: Literal["nothing_found", "confirmed", "something_else", "not_carried_out"] | None = None

    @model_validator(mode="after")
    def _follows(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError("end op of na start")
        if self.state == "running" and self.owner is None:
            raise ValueError("een owner bij state running")
        if self.state == "done" and not (self.done and self.evidence and self.result):
            raise ValueError("done (datum), evidence en result bij state done")
        return self


class ProjectState(FileModel):
    """A state of the project, and since when; one step back has its reason."""

    state: Literal["concept", "adopted", "running", "secured", "stopped"]
    since: Day
    reason: Text = ""


class OwnField(FileModel):
    """What people filled in for one field of one chapter; an empty value is still to be filled in."""

    chapter: Code
    name: Said
    value: Text = ""


class KeptPlan(FileModel):
    """The whole file. `high`: the high indicators and their levels when it was made, to say what changed since."""

    park_id: Code
    round: Code
    made: Day
    high: Mapping[Code, Annotated[float, Field(strict=False)]]
    states: Annotated[tuple[ProjectState, ...], Field(min_length=1)]
    lead: Who | None = None
    interventions: tuple[ChosenIntervention, ...] = ()
    fields: tuple[OwnField, ...] = ()
    texts: Mapping[Code, Text] = Field(default_factory=dict)
    members: tuple[Who, ...] = ()
    agreements: tuple[Said, ...] = ()

    @model_validator(mode="after")
    def _steps(self) -> Self:
        for before, after in zip(self.states, self.states[1:], strict=False):
            if after.since < before.since:
                raise ValueError("states in de volgorde van hun datum")
            if not _forward(before.state, after.state) and not after.reason:
                raise ValueError("een reason bij een stap terug of stoppen")
        return self

    @property
    def planned(self) -> tuple[ChosenIntervention, ...]:
        """What stands in the plan: everything that people did not drop."""
        return tuple(one for one in self.interventions if one.state != "dropped")

    @property
    def state(self) -> str:
        """The state the project is in."""
        return self.states[-1].state


def _forward(before: str, after: str) -> bool:
    return {before, after} <= set(STATES) and STATES.index(after) >= STATES.index(before)


def plan_file(data: Path, park_id: str) -> Path:
    """Where the plan of a park is kept."""
    return data / FOLDER / f"{park_id}.yaml"


def kept_plan(data: Path, park_id: str, catalogue: Catalogue) -> KeptPlan | None:
    """The plan that people keep of this park; None when there is none yet. Raises OutputError with every fault."""
    path = plan_file(data, park_id)
    return read_plan(path, catalogue) if path.is_file() else None


def read_plan(path: Path, catalogue: Catalogue) -> KeptPlan:
    """A plan as it is kept. Raises OutputError with every fault: of the file, its park, its codes, two of one park."""
    document = read_yaml(path)
    findings = (*findings_of(KeptPlan, document), *_faults(path, document, catalogue))
    if findings:
        raise OutputError(f"Het plan {path.name} klopt niet; er is niets gemaakt en niets veranderd:", findings)
    return validate(KeptPlan, document, error=OutputError)


def _faults(path: Path, document: Document, catalogue: Catalogue) -> Iterator[Finding]:
    data = document.data if isinstance(document.data, dict) else {}
    park = data.get("park_id")
    if isinstance(park, str) and park != path.stem:
        yield PROSE.finding("plan-park", "", path.name, document.line_of(("park_id",)), park=park[:60])
    others = [other.name for other in path.parent.glob("*.y*ml") if other.stem.casefold() == path.stem.casefold()]
    if len(others) > 1:
        yield PROSE.finding("plan-twice", "", path.name, files=listing(sorted(others)))
    known, seen = [one.id for one in catalogue.interventions], set[str]()
    for place, entry in items(data, "interventions"):
        code, line = entry.get("id"), document.line_of((*place, "id"))
        if isinstance(code, str) and code not in known:
            hint = did_you_mean(code, known)
            yield PROSE.finding("plan-intervention", hint, path.name, line, code=code[:60])
        if isinstance(code, str) and code in seen:
            yield PROSE.finding("plan-doubled", "", path.name, line, code=code)
        seen.add(str(code))
    chapters = words()["chapters"]
    for place, entry in items(data, "fields"):
        if entry.get("name") not in chapters.get(entry.get("chapter"), {}).get("fields", {}):
            line = document.line_of(place)
            yield PROSE.finding("plan-field", "", path.name, line, chapter=str(entry.get("chapter"))[:60])


class _Dumper(yaml.SafeDumper):
    """YAML that people read: a day that stands in two places is written twice, not pointed at."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def keep_proposal(data: Path, proposal: KeptPlan) -> bool:
    """Write the proposal as the plan of its park, once: what people have is never touched. Whether it was written."""
    path = plan_file(data, proposal.park_id)
    if path.exists():
        return False
    text = yaml.dump(_plain(proposal.model_dump()), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    whole_file(path, f"{words()['kept']['head']}\n{text}".encode())
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(own) for own in value]
    return value


def proposed_plan(
    park_id: str, round: str, day: dt.date, high: Mapping[str, float], interventions: Mapping[str, tuple[str, ...]]
) -> KeptPlan:
    """A plan to begin with: the proposed interventions with their yardsticks, and every field still to be filled in."""
    lead = words()["kept"]["lead"]  # has a key of its own
    blanks = (
        OwnField(chapter=chapter, name=name)
        for chapter, own in words()["chapters"].items()
        for name, line in own.get("fields", {}).items()
        if str(line.get("text") if isinstance(line, dict) else line).startswith(BLANK)
        and (chapter, name) != (lead["chapter"], lead["name"])
    )
    chosen = (
        ChosenIntervention(id=code, measures=tuple(Yardstick(text=text) for text in measures))
        for code, measures in interventions.items()
    )
    return KeptPlan(
        park_id=park_id,
        round=round,
        made=day,
        high=dict(high),
        states=(ProjectState(state="concept", since=day),),
        interventions=tuple(chosen),
        fields=tuple(blanks),
    )
