"""The actions of all plans together: who does what and when, and what is too late, which is computed and never a state.

Buckets as in the best action plans: overdue, within 30 days, within 90, later, without a date. An action is an
intervention that people chose and did not drop. A list of them that people filled in comes back by a three-way merge:
what was issued (it travels along in the workbook), what they made of it, and what the plans hold now.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from werkbank.errors import Finding, OutputError
from werkbank.matrix.opening import Table, UnreadableWorkbookError, file_content, open_workbook
from werkbank.plan import words
from werkbank.plan.kept import FOLDER, PROSE, ChosenIntervention, KeptPlan, Who, evidence_of, read_plan
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import MISSING, did_you_mean, listing, plain, read_date

SOON, LATER = 30, 90
"""Days within which an action is due soon, and within which it is due later on."""
BUCKETS = ("overdue", "soon", "later_on", "later", "undated", "finished")
DAYS = ("start", "end", "done")
LIST: Mapping[str, Any] = words()["kept"]["list"]
EDITED = tuple(key for key, column in LIST["columns"].items() if len(column) > 2)
"""What people fill in, in the order in which a workbook carries what was issued."""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action: an intervention of one plan, with its owner, its term, its state and what came of it.

    `evidence` is as it is told; `sha256` is that of the file, where it is one.
    """

    park_id: str
    intervention: str
    name: str
    organisation: str
    role: str
    start: dt.date | None
    end: dt.date | None
    state: str
    bucket: str
    done: dt.date | None
    result: str | None
    evidence: str
    sha256: str | None

    @property
    def texts(self) -> dict[str, str]:
        """What people may fill in, as it stands in a cell."""
        said = words()["kept"]
        told = asdict(self) | {"state": said["steps"][self.state], "result": said["results"].get(self.result)}
        return {key: plain(str(told[key] or "")).strip() for key in EDITED}


def kept_plans(data: Path, catalogue: Catalogue) -> tuple[KeptPlan, ...]:
    """Every plan that people keep, in the order of their parks. Raises OutputError with the faults of one."""
    return tuple(read_plan(path, catalogue) for path in sorted((data / FOLDER).glob("*.yaml")))


def actions_of(plan: KeptPlan, catalogue: Catalogue, today: dt.date) -> Iterator[PlannedAction]:
    """The actions of one plan, those that are due first first."""
    yield from sorted((_action(plan, one, catalogue, today) for one in plan.planned), key=in_order)


def _action(plan: KeptPlan, one: ChosenIntervention, catalogue: Catalogue, today: dt.date) -> PlannedAction:
    return PlannedAction(
        park_id=plan.park_id,
        intervention=one.id,
        name=catalogue.intervention(one.id).name,
        organisation=one.owner.organisation if one.owner else "",
        role=one.owner.role if one.owner else "",
        start=one.start,
        end=one.end,
        state=one.state,
        bucket=_bucket(one.state, one.end, today),
        done=one.done,
        result=one.result,
        evidence=str(one.evidence),
        sha256=one.evidence.sha256,
    )


def in_order(one: PlannedAction) -> tuple[int, dt.date, str, str]:
    """What is due first stands first."""
    return BUCKETS.index(one.bucket), one.end or dt.date.max, one.park_id, one.intervention


def _bucket(state: str, end: dt.date | None, today: dt.date) -> str:
    if state == "done":
        return "finished"
    if end is None:
        return "undated"
    days = (end - today).days
    return "overdue" if days < 0 else "soon" if days <= SOON else "later_on" if days <= LATER else "later"


# The list that comes back.


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list that came back changes: the plans as they become, each change in words, and what was found."""

    plans: tuple[KeptPlan, ...]
    told: tuple[str, ...]
    findings: tuple[Finding, ...]


def seal(rows: Iterable[Sequence[str]]) -> str:
    """The sha256 of what was issued, row by row."""
    return sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()


def read_back(path: Path, data: Path, catalogue: Catalogue, organisations: Sequence[str]) -> Reading:
    """What people changed in a workbook of actions since it was issued; those in a plan are known organisations too.

    Nothing is kept yet. Of a row with a fault nothing changes, and no field that the plan changed meanwhile. Raises
    OutputError for what is no list as it was issued, and with the faults of a plan.
    """
    rows, issued, unread = _opened(path)
    plans = {plan.park_id: plan for plan in kept_plans(data, catalogue)}
    owners = [one.owner for plan in plans.values() for one in plan.interventions]
    members = [one for plan in plans.values() for one in (plan.lead, *plan.members)]
    known = sorted({*organisations, *(one.organisation for one in (*owners, *members) if one)})
    keys, becomes, told = [row.key for row in rows], dict(plans), list[str]()
    for row in rows:
        plan = becomes.get(row.key[0])
        one = next((one for one in plan.interventions if one.id == row.key[1]), None) if plan else None
        if plan is None or one is None or row.key not in issued or keys.count(row.key) > 1:
            row.tell("action-row", "intervention", did_you_mean(" ".join(row.key), [" ".join(key) for key in issued]))
            continue
        ours = _action(plan, one, catalogue, dt.date.max).texts
        if new := row.changed(issued[row.key], ours, known):
            changed = _with(one, ours | new, new, data)
            row.examine(changed, ours | new)
            if not row.faulty:
                others = (changed if each is one else each for each in plan.interventions)
                becomes[plan.park_id] = plan.model_copy(update={"interventions": tuple(others)})
                told += row.told(ours, new, changed)
    gone = [" ".join(key) for key in issued if key not in keys]
    more = [PROSE.finding("action-gone", "", path.name, which=listing(gone))] if gone else []
    more += [PROSE.finding("action-unread", "", path.name, which=listing(unread))] if unread else []
    changed_plans = (plan for park, plan in becomes.items() if plan is not plans[park])
    return Reading(tuple(changed_plans), tuple(told), (*(one for row in rows for one in row.findings), *more))


def _opened(path: Path) -> tuple[list[_Row], dict[tuple[str, str], dict[str, str]], list[str]]:
    """The rows that people filled in, what each held when it was issued, and where they wrote what has no place."""
    try:
        book = open_workbook(path, file_content(path))
    except UnreadableWorkbookError as error:
        told = replace(error.finding, allowed=LIST["file"])
        raise OutputError(f"{path.name} kan niet worden gelezen.", (told,)) from None
    table, hidden = book.table(LIST["sheet"]), book.table(LIST["issued"])
    heads = {heading.casefold(): key for key, (heading, *_) in LIST["columns"].items()}
    texts = [[str(cell).strip().casefold() for cell in row] for row in (table.rows if table else ())]
    at, issued = dict[str, int](), [tuple(map(str, row)) for row in (hidden.rows if hidden else ())]
    first = next((row for row, cells in enumerate(texts) if heads.keys() <= set(cells)), None)
    if table is None or first is None or len(issued) < 2 or issued[0][0] != seal(issued[1:]):
        raise OutputError(
            f"{path.name} is geen actielijst meer zoals de werkbank haar uitgaf: het verborgen blad of een kolom "
            "ontbreekt of is veranderd. Er is niets gelezen; maak een nieuwe met werkbank actions --out."
        )
    at = {heads[text]: place for place, text in enumerate(texts[first]) if text in heads}
    rows = [_Row(table, row, at) for row in range(first + 1, len(texts))]
    values = {(row[0], row[1]): dict(zip(issued[1][2:], row[2:], strict=True)) for row in issued[2:]}
    more = (cell for cell, text in enumerate(texts[first]) if text and cell not in at.values())
    unread = [table.place(*cell).cell or "" for cell in (*((first, place) for place in more), *sorted(table.notes))]
    return [row for row in rows if any(map(row.text, at))], values, unread


@dataclass(slots=True)
class _Row:
    """One row while it is read, with what was found in it."""

    table: Table
    row: int
    at: Mapping[str, int]
    findings: list[Finding] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.text("park_id"), self.text("intervention")

    @property
    def faulty(self) -> bool:
        return any(found.severity == "error" for found in self.findings)

    def text(self, column: str) -> str:
        """What stands in a cell: a day as 2026-04-01, a whole number without a point."""
        value: Any = self.table.rows[self.row][self.at[column]]
        if isinstance(value, dt.date):
            return f"{value:%Y-%m-%d}"
        return plain(str(int(value) if isinstance(value, float) and value.is_integer() else value)).strip()

    def tell(self, rule: str, column: str, near: str = "", said: str = "leeg") -> None:
        """Keep a finding at a cell of this row."""
        place, (head, _, *allowed) = self.table.place(self.row, self.at[column]), LIST["columns"][column]
        found = PROSE.finding(rule, near, place.file, head=head, said=said, allowed=listing(allowed))
        self.findings.append(replace(found, sheet=place.sheet, cell=place.cell))

    def odd(self, column: str) -> bool:
        """Whether a cell shows another thing than it holds."""
        return (self.row, self.at[column]) in self.table.odd

    def changed(self, base: Mapping[str, str], ours: Mapping[str, str], known: Sequence[str]) -> dict[str, str]:
        """The fields that people changed and nobody else did, as they become."""
        new = {}
        for key in (key for key in EDITED if self.text(key) != base[key] or self.odd(key)):
            value = self._meant(key, known)
            if value is None or value in (base[key], ours[key]):
                continue
            if ours[key] == base[key]:
                new[key] = value
            else:
                self.tell("action-conflict", key)
        return new

    def _meant(self, key: str, known: Sequence[str]) -> str | None:
        """What a cell says, in the words of the list; None, and a finding, for what cannot be told."""
        said, text = words()["kept"], self.text(key)
        options = {"state": said["steps"].values(), "result": said["results"].values(), "organisation": known}.get(key)
        if self.odd(key):
            self.tell("action-cell", key, said=LIST["odd"])
            return None
        if text.casefold() == LIST["clear"] and key != "state":
            return ""
        value: str | None = text
        if options is not None:
            value = next((one for one in options if one.casefold() == text.casefold()), None)
        elif key in DAYS:
            day = read_date(text)
            value = day.isoformat() if day else None
        if not value:
            self.tell("action-cell", key, did_you_mean(text, list(options or ())), f"“{text[:60]}”" if text else "leeg")
        return value or None

    def examine(self, changed: ChosenIntervention, texts: Mapping[str, str]) -> None:
        """Find what does not go together in the row as it becomes."""
        for key, _ in changed.lacking():
            column = "organisation" if key == "owner" else key
            self.tell("action-cell", column, said=texts[column] or "leeg")
        if texts["role"] and not texts["organisation"]:
            self.tell("action-cell", "organisation")

    def told(self, ours: Mapping[str, str], new: Mapping[str, str], changed: ChosenIntervention) -> Iterator[str]:
        """Each change in words; of evidence, which is free text, only of what kind it is now."""
        for key, value in new.items():
            kind = next((each for each in LIST["kinds"] if getattr(changed.evidence, each)), "")
            change = LIST["kinds"].get(kind, MISSING) if key == "evidence" else value or MISSING
            before = "" if key == "evidence" else f"{ours[key] or MISSING} "
            yield f"{' '.join(self.key)}, {LIST['columns'][key][0]}: {before}→ {change}"


def _with(one: ChosenIntervention, texts: Mapping[str, str], new: Iterable[str], data: Path) -> ChosenIntervention:
    """The intervention with the new fields; whether they go together is still to be examined."""
    said = words()["kept"]
    codes = {word: code for code, word in (said["steps"] | said["results"]).items()}
    owner = Who.model_construct(organisation=texts["organisation"], role=texts["role"])
    values: dict[str, Any] = {
        **{key: dt.date.fromisoformat(texts[key]) if texts[key] else None for key in DAYS},
        **{key: codes.get(texts[key]) for key in ("state", "result")},
        "evidence": evidence_of(texts["evidence"], data),
        "owner": owner if texts["organisation"] else None,
    }
    asked = {"owner" if key in ("organisation", "role") else key for key in new}
    return one.model_copy(update={key: values[key] for key in asked})
