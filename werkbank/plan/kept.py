"""The plan as people keep it: `data/plans/<park_id>.yaml`, made once with a proposal, and theirs from then on.

What follows from the matrix is never in it; what people chose, agreed and wrote is nowhere else. It is read strictly,
for a typing error must not take an owner or a date out of sight.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictStr, StringConstraints, model_serializer, model_validator

from werkbank.errors import Finding, OutputError
from werkbank.files.models import CODE_PATTERN, Day, FileModel, findings_of, validate
from werkbank.files.whole import sha256_of, whole_file
from werkbank.files.yaml import Document, Prose, items, read_yaml, rewritten, yaml_text
from werkbank.plan import words
from werkbank.plan.plan import BLANK, PROPOSED
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import did_you_mean, listing

FOLDER = "plans"
EARLIER, EVIDENCE = "earlier", "evidence"
"""Folders beside the plans: what each was before it was changed from a workbook, and the files that are evidence."""
STATES = ("concept", "adopted", "running", "secured")
"""The states of a project in their order; it may be stopped in each."""
ENDED = ("secured", "stopped")
PROSE = Prose(Path(__file__).with_name("faults.yaml"))
_LONGEST = 30_000
"""Characters of a text: one cell of a workbook holds no more than 32,767."""
Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=_LONGEST)]
Said = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST)]
Code = Annotated[StrictStr, StringConstraints(pattern=CODE_PATTERN, max_length=100)]
LINK = r"^https?://\S+$"


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


class Evidence(FileModel):
    """What shows what came of an action: a statement, a link or a file in the folder of evidence, with its sha256."""

    statement: Said | None = None
    link: Annotated[StrictStr, StringConstraints(pattern=LINK)] | None = None
    file: Annotated[StrictStr, StringConstraints(pattern=r"^[^./\\][^/\\]*$")] | None = None
    sha256: Annotated[StrictStr, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.statement, self.link, self.file].count(None) < 2 or bool(self.file) != bool(self.sha256):
            raise ValueError("één van statement, link en file, en bij file ook sha256")
        return self

    @model_serializer
    def _written(self) -> str | dict[str, str]:
        told = {"link": self.link, "file": self.file, "sha256": self.sha256}
        return {key: value for key, value in told.items() if value} or str(self)

    def __str__(self) -> str:
        """As it stands in a table: the statement, the link, or the name of the file."""
        return self.statement or self.link or self.file or ""

    def __bool__(self) -> bool:
        return bool(str(self))


def _stated(value: Any) -> Any:
    """A text is a statement, and an empty one is no evidence."""
    if not isinstance(value, str):
        return value
    return {"statement": value} if value.strip() else {}


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
    evidence: Annotated[Evidence, BeforeValidator(_stated, json_schema_input_type=Text | Evidence)] = Evidence()
    result: Literal["nothing_found", "confirmed", "something_else", "not_carried_out"] | None = None

    @model_validator(mode="after")
    def _follows(self) -> Self:
        for _, asked in self.lacking():
            raise ValueError(asked)
        return self

    def lacking(self) -> Iterator[tuple[str, str]]:
        """The keys that do not fit the others, each with what is asked there."""
        if self.start and self.end and self.end < self.start:
            yield "end", "een einde (end) op of na het begin (start)"
        if self.state == "running" and self.owner is None:
            yield "owner", "een eigenaar (owner) zodra zij loopt (state running)"
        for key in ("done", "evidence", "result") if self.state == "done" else ():
            if not getattr(self, key):
                yield key, "een datum (done), bewijs (evidence) en uitkomst (result) als zij is afgerond (state done)"


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


class FieldNote(FileModel):
    """What somebody remarked about one field, without who it was."""

    field: Said
    text: Said


class SharingMoment(FileModel):
    """Who gets which output of the plan, when and on which basis; `done` is the day on which it went."""

    receiver: Said
    output: Said
    when: Day | None = None
    basis: Text = ""
    done: Day | None = None


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
    sharing: tuple[SharingMoment, ...] = ()
    notes: tuple[FieldNote, ...] = ()

    @model_validator(mode="after")
    def _steps(self) -> Self:
        for before, after in zip(self.states, self.states[1:], strict=False):
            if after.since < before.since:
                raise ValueError("standen (states) in de volgorde van hun datum")
            known = {before.state, after.state} <= set(STATES)
            forward = known and STATES.index(after.state) >= STATES.index(before.state)
            if not forward and not after.reason:
                raise ValueError("een reden (reason) bij een stap terug of stoppen")
        return self

    @property
    def planned(self) -> tuple[ChosenIntervention, ...]:
        """What stands in the plan: everything that people did not drop."""
        return tuple(one for one in self.interventions if one.state != "dropped")

    @property
    def state(self) -> str:
        """The state the project is in."""
        return self.states[-1].state


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


def asked_fields() -> Iterator[tuple[str, str]]:
    """Chapter and name of every field that only people can fill in, or of which the prose only proposes the value."""
    lead = words()["kept"]["form"]["lead"]  # has a key of its own
    for chapter, own in words()["chapters"].items():
        for name, line in own.get("fields", {}).items():
            text = str(line.get("text") if isinstance(line, dict) else line)
            if text.startswith((BLANK, PROPOSED)) and (chapter, name) != (lead["chapter"], lead["name"]):
                yield chapter, name


def keep_proposal(data: Path, proposal: KeptPlan) -> bool:
    """Write the proposal as the plan of its park, once: what people have is never touched. Whether it was written."""
    path = plan_file(data, proposal.park_id)
    if path.exists():
        return False
    whole_file(path, _content(proposal))
    return True


def evidence_of(text: str, data: Path) -> Evidence:
    """What was typed as evidence: a link, the name of a file in the folder of evidence, or a statement."""
    if not text or re.fullmatch(LINK, text):
        return Evidence(link=text) if text else Evidence()
    named = [path for path in (data / FOLDER / EVIDENCE).glob("[!.]*") if path.name == text and path.is_file()]
    return Evidence(file=text, sha256=sha256_of(named[0])) if named else Evidence.model_construct(statement=text)


def evidence_findings(plan: KeptPlan, data: Path) -> Iterator[Finding]:
    """The files of evidence that are not what they were; one that lies elsewhere cannot be looked at."""
    for one in plan.interventions:
        path = data / FOLDER / EVIDENCE / (one.evidence.file or "")
        if path.is_file() and sha256_of(path) != one.evidence.sha256:
            yield PROSE.finding("evidence-changed", "", plan_file(data, plan.park_id).name, code=one.id)


def keep_changed(data: Path, changed: KeptPlan, catalogue: Catalogue) -> Path:
    """Put a changed plan in the place of the one that is kept, which stays in the folder `earlier`.

    Only what changed is written, and comments stay, unless the file is of a make in which that has no place.
    Raises OutputError with every fault, and leaves the plan as it was, when it cannot be read as strictly as any.
    """
    path = plan_file(data, changed.park_id)
    text = rewritten(path.read_bytes().decode("utf-8-sig"), plain_values(changed.model_dump(exclude_unset=True)))
    content = text.encode() if text else _content(changed)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        draft.write_bytes(content)
        read_plan(draft, catalogue)
    whole_file(path.parent / EARLIER / f"{path.stem}-{sha256_of(path)[:12]}.yaml", path.read_bytes())
    whole_file(path, content)
    return path


def _content(plan: KeptPlan) -> bytes:
    return f"{words()['kept']['head']}\n{yaml_text(plain_values(plan))}".encode()


def plain_values(value: Any) -> Any:
    """Models and tuples as what YAML can hold, all the way down."""
    if isinstance(value, FileModel):
        return plain_values(value.model_dump())
    if isinstance(value, Mapping):
        return {key: plain_values(own) for key, own in value.items()}
    return [plain_values(own) for own in value] if isinstance(value, (list, tuple)) else value


def proposed_plan(
    park_id: str, round: str, day: dt.date, high: Mapping[str, float], interventions: Mapping[str, tuple[str, ...]]
) -> KeptPlan:
    """A plan to begin with: the proposed interventions with their yardsticks, and every field still to be filled in."""
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
        fields=tuple(OwnField(chapter=chapter, name=name) for chapter, name in asked_fields()),
    )
