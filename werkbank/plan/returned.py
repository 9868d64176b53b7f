"""What people made of the fields of a plan in a file, read back: issued, typed and present are merged.

In Word a field is a row (`werkbank.plan.form`), in a list of actions a cell (`werkbank.plan.progress`). Only what
differs from what was issued is a wish of theirs. What cannot be taken over is a finding; nothing is lost without a
word. The version that was issued is kept under its sha256 in `data/plans/.issued`, and the file names it in a property
of its own.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from hashlib import sha256
from pathlib import Path
from typing import Any

from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, fingerprint_of
from werkbank.files.models import findings_of, validate
from werkbank.files.whole import whole_file
from werkbank.files.yaml import Document, read_yaml
from werkbank.matrix.layout import Place
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data
from werkbank.plan import words
from werkbank.plan.fields import (
    OPEN,
    PlanField,
    UnreadableError,
    field_name,
    known_organisations,
    placed,
    plan_fields,
    read_value,
    written,
)
from werkbank.plan.form import PROPERTIES, Form, Typed, parsed, read_form, word_parts
from werkbank.plan.kept import FOLDER, PROSE, FieldNote, KeptPlan, evidence_of, plain_values, plan_file, read_plan
from werkbank.plan.plan import PROPOSED, ProjectPlan
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.workspace import find_workspace, municipality_slugs

ISSUED = ".issued"
VERSION = "werkbank-issued:"
"""With this and the code of a park begins the property of a file that says which version of its plan was issued."""
_SHORT = 200


@dataclass(frozen=True, slots=True)
class IssuedVersion:
    """A plan as it went out: the texts of its fields then, what the file showed, and every other line, hashed."""

    park_id: str
    round: str
    values: Mapping[str, str]
    shown: Mapping[str, str]
    outside: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """By which it is kept, and found again."""
        return fingerprint_of(self)

    @property
    def properties(self) -> dict[str, str]:
        """What its file says of itself."""
        return {f"{VERSION}{self.park_id}": self.sha256}


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that people changed: from what to what, as they read it, and as a value; and where they did."""

    field: PlanField
    new: str
    value: Any
    place: Place | None = None

    @property
    def name(self) -> str:
        """What people know the field by."""
        return field_name(self.field.key)

    def __str__(self) -> str:
        """From what to what; of evidence, which is free text, only of what kind it is now."""
        said, old, new = words()["kept"], self.field.text, self.new
        if self.field.kind == "evidence":
            kinds = [word for kind, word in said["evidence"].items() if getattr(self.value, kind)]
            old, new = OPEN if old else "", "".join(kinds)
        return f"{self.name}: {old or said['empty']} → {new or said['empty']}"


@dataclass(frozen=True, slots=True)
class ReturnedPlan:
    """What a file would change in a plan, the notes in it, and what cannot be taken over; nothing is kept yet."""

    park_id: str
    round: str
    changes: tuple[Edit, ...]
    notes: tuple[FieldNote, ...]
    findings: tuple[Finding, ...]
    plan: KeptPlan

    @property
    def changed(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.changes or self.notes)


def issued_version(plan: ProjectPlan, parts: Mapping[str, bytes]) -> IssuedVersion:
    """What goes out in a Word file with these parts."""
    form = read_form(parts)
    shown = {key: rows[0].text for key, rows in form.rows.items()}
    return IssuedVersion(plan.park_id, plan.round, dict(plan.values), shown, tuple(map(_mark, form.outside)))


def keep_issued(data: Path, version: IssuedVersion) -> None:
    """Keep what was issued, for the day that it comes back."""
    path = data / FOLDER / ISSUED / f"{version.sha256}.json"
    if not path.is_file():
        whole_file(path, canonical_json(version).encode())


def read_back(file: Path, data: Path, catalogue: Catalogue, names: Mapping[str, str], today: dt.date) -> ReturnedPlan:
    """Read a Word file that people filled in. Raises OutputError where it cannot be read, or belongs to no plan here.

    `names` are those of parks and municipalities.
    """
    parts = word_parts(file)
    issued = issued_versions(parts.get(PROPERTIES, b""), file.name, data)[0]
    return merged(file.name, issued, read_form(parts), data, catalogue, names, today)


def merged(
    name: str,
    issued: IssuedVersion,
    form: Form,
    data: Path,
    catalogue: Catalogue,
    names: Mapping[str, str],
    today: dt.date,
) -> ReturnedPlan:
    """What people typed in a form, beside what was issued and the plan of now. Raises OutputError without a plan."""
    path = plan_file(data, issued.park_id)
    if not path.is_file():
        raise OutputError(
            f"Van terrein {issued.park_id} is hier geen plan (data/plans/{path.name}); er is niets gelezen."
        )
    kept, now = read_plan(path, catalogue), read_yaml(path).data
    municipalities = (names[slug] for slug in municipality_slugs(find_workspace()) if slug in names)
    known = known_organisations(kept, catalogue, municipalities)
    merge = _Merge(name, issued, kept, catalogue, known, today, data)
    changes = merge.changes(form)
    notes = tuple(dict.fromkeys(merge.notes(form)))
    changes, new = merge.applied(now, changes)
    if notes:
        new["notes"] = [*(new.get("notes") or ()), *plain_values(notes)]
    plan = validate(KeptPlan, Document(path.name, new), error=OutputError)
    merge.outside(form)
    places = Places(names.values())
    typed = [(one.name, one.new, one.place) for one in changes]
    for field, text, place in (*typed, *((field_name(one.field), one.text, None) for one in notes)):
        for kind in personal_data(text, places):
            merge.finding("plan-field-personal", place, name=field, kind=LOOKS_LIKE[kind])
    return ReturnedPlan(issued.park_id, issued.round, tuple(changes), notes, tuple(merge.findings), plan)


def issued_versions(part: bytes, name: str, data: Path) -> tuple[IssuedVersion, ...]:
    """The versions that a file says it is made of, by its own properties; one at least. Raises OutputError."""
    root = parsed(part, name) if part else ()
    own = {str(one.get("name")): "".join(one.itertext()).strip() for one in root if isinstance(one.tag, str)}
    found = {key.removeprefix(VERSION): mark for key, mark in own.items() if key.startswith(VERSION)}
    if not found or not all(re.fullmatch(r"[0-9a-f]{64}", mark) for mark in found.values()):
        raise OutputError(
            f"{name} is niet door de werkbank uitgegeven: het kenmerk ontbreekt. Neem wat u typte over in een bestand "
            "dat de werkbank heeft gemaakt, en lees dat terug."
        )
    return tuple(_issued(park, mark, name, data) for park, mark in found.items())


def _issued(park: str, mark: str, name: str, data: Path) -> IssuedVersion:
    """The version with this sha256, as it was kept when it was issued."""
    path = data / FOLDER / ISSUED / f"{mark}.json"
    try:
        version = IssuedVersion(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise OutputError(
            f"{name} hoort bij terrein {park[:60]}, maar de versie die is uitgegeven, is hier niet bewaard: "
            "het komt uit een andere map, of de map data/plans/.issued is weg."
        ) from None
    except (OSError, ValueError, TypeError):
        version = None
    if version is None or (version.sha256, version.park_id) != (mark, park):
        raise OutputError(f"De uitgegeven versie van {name} is veranderd of kapot; er is niets gelezen.")
    return version


def _mark(line: str) -> str:
    """By which a line of the document is known again, without keeping what it says."""
    return sha256(line.encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Merge:
    """One reading: what was issued, the plan of now, and the findings on the way."""

    file: str
    issued: IssuedVersion
    kept: KeptPlan
    catalogue: Catalogue
    organisations: Sequence[str]
    today: dt.date
    data: Path
    findings: list[Finding] = dataclass_field(default_factory=list)

    def finding(self, rule: str, place: Place | None = None, near: str = "", **facts: object) -> None:
        """Add one, with texts cut short."""
        short = {key: text[:_SHORT] if isinstance(text, str) else text for key, text in facts.items()}
        found = PROSE.finding(rule, near, self.file, None, **short)
        self.findings.append(replace(found, sheet=place.sheet, cell=place.cell) if place else found)

    def changes(self, form: Form) -> list[Edit]:
        """What people typed that is otherwise than what was issued, and that nobody changed elsewhere."""
        found, present = list[Edit](), plan_fields(self.kept)
        for key in dict.fromkeys((*form.rows, *self.issued.shown)):
            rows, shown = form.rows.get(key, ()), self.issued.shown.get(key)
            if shown is None:
                for typed in rows:
                    self.finding("plan-field-stranger", name=field_name(key), text=typed.text)
            elif (one := self._row(key, rows)) and (one.odd or one.text != shown):
                found += filter(None, [self._change(key, present.get(key), one, shown)])
        return found

    def _row(self, key: str, rows: Sequence[Typed]) -> Typed | None:
        if len(rows) == 1:
            if rows[0].picture:
                self.finding("plan-field-picture", name=field_name(key))
            return rows[0]
        if rows:
            texts = " / ".join(f"“{one.text}”" for one in rows)
            self.finding("plan-field-twice", name=field_name(key), number=len(rows), texts=texts)
        else:
            self.finding("plan-field-gone", name=field_name(key))
        return None

    def _change(self, key: str, field: PlanField | None, typed: Typed, shown: str) -> Edit | None:
        name, said, place = field_name(key), words()["kept"], typed.place
        if not typed.text and not typed.odd:
            self.finding("plan-field-emptied", place, name=name, old=shown)
            return None
        if typed.tracked:
            self.finding("plan-field-tracked", place, name=name)
        text = "" if typed.text.casefold() == said["clear"] else typed.text.removeprefix(PROPOSED)
        try:
            value = self._value(field, typed, text) if field else text
        except UnreadableError as problem:
            found = said["odd"] if typed.odd else typed.text
            self.finding("plan-field-unreadable", place, problem.near, name=name, text=found, allowed=problem.allowed)
            return None
        new, now = (written(field.kind, value), field.text) if field else (text, said["not_there"])
        if new == now or (key == "add" and set(value) <= {one.id for one in self.kept.planned}):
            return None
        issued = self.issued.values.get(key, "")
        if field and now == issued:
            return Edit(field, new, value, place)
        self.finding("plan-field-conflict", place, name=name, text=typed.text, present=now, issued=issued)
        return None

    def _value(self, field: PlanField, typed: Typed, text: str) -> Any:
        if typed.odd:
            raise UnreadableError(words()["kept"]["plain"])
        if field.kind == "evidence":
            return evidence_of(text, self.data)
        return read_value(field.kind, text, self.catalogue, self.organisations)

    def applied(self, now: Mapping[str, Any], changes: Sequence[Edit]) -> tuple[list[Edit], dict[str, Any]]:
        """The plan with every change that fits; those of one intervention fit together or not at all."""
        new, done = copy.deepcopy(dict(now)), list[Edit]()
        groups: dict[str, list[Edit]] = {}
        for one in changes:
            first, *rest = one.field.path
            group = "state" if first in ("since", "reason") else rest[0] if first == "interventions" else one.field.key
            groups.setdefault(group, []).append(one)
        for group, own in groups.items():
            candidate = copy.deepcopy(new)
            if group == "state" and not self._step(candidate, own):
                continue
            for one in own if group != "state" else ():
                placed(candidate, one.field.path, plain_values(one.value), self.catalogue)
            faults = findings_of(KeptPlan, Document(self.file, candidate))
            if faults:
                names = ", ".join(f"“{one.name}: {one.new}”" for one in own)
                self.finding(
                    "plan-field-invalid", own[0].place, names=names, allowed="; ".join(one.allowed for one in faults)
                )
            else:
                new, done = candidate, [*done, *own]
        return done, new

    def _step(self, data: dict[str, Any], own: Sequence[Edit]) -> bool:
        """A new state of the project, from today where no day is typed; whether there is one."""
        typed = {one.field.key: one.value for one in own}
        last = self.kept.states[-1]
        if "state" in typed:
            step = {"state": typed["state"], "since": typed.get("since") or self.today}
            step |= {"reason": typed["reason"]} if typed.get("reason") else {}
            data["states"] = [*data["states"], step]
        elif (typed.get("since", last.since), typed.get("reason", last.reason)) != (last.since, last.reason):
            self.finding("plan-state-incomplete")
        return "state" in typed

    def notes(self, form: Form) -> Iterator[FieldNote]:
        """Comments on a field that are not kept yet."""
        for key, text in form.comments:
            note = FieldNote(field=key or "-", text=text)
            if key not in self.issued.shown:
                self.finding("plan-comment-outside", text=text)
            elif note not in self.kept.notes:
                yield note

    def outside(self, form: Form) -> None:
        """Name what people typed where no field is, and count what they took away there."""
        known, found = set(self.issued.outside), {_mark(line): line for line in form.outside}
        for mark, line in found.items():
            if mark not in known:
                self.finding("plan-outside", text=line)
        if gone := len(known - found.keys()):
            self.finding("plan-outside-gone", number=gone)
