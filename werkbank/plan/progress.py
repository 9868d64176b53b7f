"""The actions of all plans together: who does what and when, and what is too late, which is computed and never a state.

Buckets as in the best action plans: overdue, within 30 days, within 90, later, without a date. An action is an
intervention that people chose and did not drop. A list of them that people filled in comes back as a Word file does:
each row holds fields of a plan (`werkbank.plan.returned`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from werkbank.errors import Finding, OutputError
from werkbank.matrix.opening import Table, UnreadableWorkbookError, file_content, open_workbook
from werkbank.plan import words
from werkbank.plan.fields import OF_INTERVENTION, written
from werkbank.plan.form import PROPERTIES, Form, Typed, office_parts
from werkbank.plan.kept import FOLDER, PROSE, KeptPlan, Who, read_plan
from werkbank.plan.returned import IssuedVersion, ReturnedPlan, issued_versions, merged
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import date, did_you_mean, listing, plain

SHARING = "deling"
"""With this begins the code of what the sharing calendar asks, in the place of that of an intervention."""
SOON, LATER = 30, 90
"""Days within which an action is due soon, and within which it is due later on."""
BUCKETS = ("overdue", "soon", "later_on", "later", "undated", "finished")
LIST: Mapping[str, Any] = words()["kept"]["list"]
FIELDS: Mapping[str, int] = LIST["fields"]
"""What people fill in of an intervention, with the widths of their columns."""
COLUMNS = {**LIST["columns"], **{name: (words()["kept"]["names"][name], width) for name, width in FIELDS.items()}}
"""Every column of the list with its heading and its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """One action: an intervention of one plan, with its owner, its term, its state and what came of it.

    `evidence` is as it is told; `sha256` is that of the file, where it is one.
    """

    park_id: str
    intervention: str
    name: str
    organisation: str
    role: str = ""
    start: dt.date | None = None
    end: dt.date | None
    state: str
    bucket: str
    done: dt.date | None
    result: str | None = None
    evidence: str
    sha256: str | None = None

    @property
    def is_reminder(self) -> bool:
        """Whether it is no intervention, but what the sharing calendar asks."""
        return self.intervention.startswith(f"{SHARING}-")

    @property
    def owner(self) -> str:
        """Role and organisation as they stand in a table; empty without an owner."""
        return str(Who.model_construct(organisation=self.organisation, role=self.role))

    @property
    def texts(self) -> dict[str, str]:
        """What people may fill in, as they read it."""
        return {name: written(OF_INTERVENTION[name], getattr(self, name)) for name in FIELDS}


def kept_plans(data: Path, catalogue: Catalogue) -> tuple[KeptPlan, ...]:
    """Every plan that people keep, in the order of their parks. Raises OutputError with the faults of one."""
    return tuple(read_plan(path, catalogue) for path in sorted((data / FOLDER).glob("*.yaml")))


def actions_of(plan: KeptPlan, catalogue: Catalogue, today: dt.date) -> Iterator[PlannedAction]:
    """The actions of one plan, those that are due first first."""
    own = (
        PlannedAction(
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
        for one in plan.planned
    )
    yield from sorted((*own, *_reminders(plan, today)), key=in_order)


def _reminders(plan: KeptPlan, today: dt.date) -> Iterator[PlannedAction]:
    """What the sharing calendar asks, as actions of who makes the analyses; no list that returns has them."""
    said = words()["kept"]
    for place, one in enumerate(plan.sharing, start=1):
        state = "done" if one.done else "not_started"
        yield PlannedAction(
            park_id=plan.park_id,
            intervention=f"{SHARING}-{place}",
            name=said["reminder"].format(output=one.output, receiver=one.receiver),
            organisation=said["sharer"],
            end=one.when,
            state=state,
            bucket=_bucket(state, one.when, today),
            done=one.done,
            evidence=one.basis,
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


def issued_list(found: Iterable[PlannedAction], round: str) -> tuple[IssuedVersion, ...]:
    """What goes out in a list with these actions: of each plan a version of its own."""
    plans: dict[str, dict[str, str]] = {}
    for one in found:
        own = plans.setdefault(one.park_id, {})
        own |= {_key(one.intervention, name): text for name, text in one.texts.items()}
    return tuple(
        IssuedVersion(park, round, values, {key: _text(text) for key, text in values.items()})
        for park, values in plans.items()
    )


def _key(intervention: str, name: str) -> str:
    return f"interventions/{intervention}/{name}"


def read_list(
    path: Path, data: Path, catalogue: Catalogue, names: Mapping[str, str], today: dt.date
) -> tuple[tuple[ReturnedPlan, ...], tuple[Finding, ...]]:
    """What people changed in a list, plan by plan, and what belongs to none. Raises OutputError; see `read_back`."""
    rows, unread = _opened(path)
    versions = issued_versions(office_parts(path).get(PROPERTIES, b""), path.name, data)
    issued = {(one.park_id, key.split("/")[1]) for one in versions for key in one.shown}
    read = Counter(row.action for row in rows)
    findings = [row.unknown(issued) for row in rows if row.action not in issued or read[row.action] > 1]
    gone = [" ".join(one) for one in sorted(issued - read.keys())]
    findings += [PROSE.finding("action-gone", "", path.name, which=listing(gone))] if gone else []
    findings += [PROSE.finding("action-unread", "", path.name, which=listing(unread))] if unread else []
    returned = []
    for version in versions:
        own = [
            row for row in rows if row.action[0] == version.park_id and row.action in issued and read[row.action] == 1
        ]
        form = Form({key: (typed,) for row in own for key, typed in row.typed()})
        shown = {key: text for key, text in version.shown.items() if key in form.rows}  # the others are told above
        returned.append(merged(path.name, replace(version, shown=shown), form, data, catalogue, names, today))
    return tuple(returned), tuple(findings)


def _opened(path: Path) -> tuple[list[_Row], list[str]]:
    """The rows that people filled in, and where they wrote what has no place."""
    try:
        table = open_workbook(path, file_content(path)).table(LIST["sheet"])
    except UnreadableWorkbookError as error:
        told = replace(error.finding, allowed=LIST["file"], remedy=LIST["remedy"])
        raise OutputError(f"{path.name} kan niet worden gelezen.", (told,)) from None
    heads = {heading.casefold(): key for key, (heading, _) in COLUMNS.items()}
    texts = [[str(cell).strip().casefold() for cell in row] for row in (table.rows if table else ())]
    first = next((row for row, cells in enumerate(texts) if heads.keys() <= set(cells)), None)
    if table is None or first is None:
        raise OutputError(
            f"{path.name} is geen actielijst meer zoals de werkbank haar uitgaf: een kolom ontbreekt of heet anders. "
            "Er is niets gelezen; maak een nieuwe met werkbank actions --out."
        )
    at = {heads[text]: place for place, text in enumerate(texts[first]) if text in heads}
    rows = [_Row(table, row, at) for row in range(first + 1, len(texts))]
    more: dict[int, tuple[int, int]] = {}
    for row, cells in enumerate(texts[first:], first):
        for place in (place for place, text in enumerate(cells) if text and place not in at.values()):
            more.setdefault(place, (row, place))
    unread = [table.place(*cell).cell or "" for cell in (*more.values(), *sorted(table.notes))]
    return [row for row in rows if any(typed.text for _, typed in row.typed()) or any(row.action)], unread


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a list that came back."""

    table: Table
    row: int
    at: Mapping[str, int]

    @property
    def action(self) -> tuple[str, str]:
        """Of which park it is, and of which intervention."""
        return self._cell("park_id").text, self._cell("intervention").text

    def typed(self) -> Iterator[tuple[str, Typed]]:
        """What stands in it, by the keys of the plan."""
        yield from ((_key(self.action[1], name), self._cell(name)) for name in FIELDS)

    def unknown(self, issued: Iterable[tuple[str, str]]) -> Finding:
        """That it is no row of this list, or one of several of the same action."""
        place = self._cell("intervention").place
        near = did_you_mean(" ".join(self.action), [" ".join(one) for one in issued])
        found = PROSE.finding("action-row", near, self.table.file)
        return replace(found, sheet=self.table.name, cell=place.cell if place else None)

    def _cell(self, column: str) -> Typed:
        at = (self.row, self.at[column])
        return Typed(_text(self.table.rows[at[0]][at[1]]), odd=at in self.table.odd, place=self.table.place(*at))


def _text(value: Any) -> str:
    """What stands in a cell: a day as people write it, a whole number without a point."""
    if isinstance(value, dt.date):
        return date(value)
    return plain(str(int(value) if isinstance(value, float) and value.is_integer() else value)).strip()
