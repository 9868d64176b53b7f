"""The actions of all plans as a file: a workbook that may come back, a table, a calendar, a sheet per organisation.

The workbook and the table are for who keeps the plans. A calendar and a sheet say who does what and when, and never why
or what came of it: a partner may be private.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from werkbank.files.whole import whole_file
from werkbank.matrix.template import CREATED, TEXT_STAYS_TEXT, in_dutch
from werkbank.matrix.template_sheets import Styles
from werkbank.plan import words as plan_words
from werkbank.plan.fields import OF_INTERVENTION
from werkbank.plan.progress import COLUMNS, FIELDS, LIST, PlannedAction, issued_list
from werkbank.report import blocks as b
from werkbank.report.documents import Document
from werkbank.report.tables import write_csv
from werkbank.report.terms import labels, table, words
from werkbank.report.word import write_docx
from werkbank.settings.theme import theme
from werkbank.wording import MISSING, capital, count, date, plain

_HEAD = 2
"""The row of headings, below a title and what to do."""
_FOLD = 75
"""Bytes of a line in a calendar (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class ActionList:
    """Actions in their order, the names of their parks, and what every file of them says of itself."""

    actions: Sequence[PlannedAction]
    round: str
    parks: Mapping[str, str]
    district: str
    label: str
    fictional: bool
    day: dt.date

    def labels(self, *, judged: bool) -> str:
        """What stands on it: with its label, whether it is made up, and that nothing is established."""
        return labels(self.label, fictional=self.fictional, judged=judged)

    def park(self, one: PlannedAction) -> str:
        """The name of a park, its code where it has none."""
        return self.parks.get(one.park_id, one.park_id)


def _workbook(found: ActionList, path: Path) -> None:
    """The list to fill in, which says which versions of the plans it was made of (`issued_list`)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **TEXT_STAYS_TEXT})
    book.set_properties({"title": words("actions.list"), "comments": found.label, "created": CREATED})
    styles = Styles(book, fictional=found.fictional)
    _fill_in(book.add_worksheet(LIST["sheet"]), found, styles)
    for version in issued_list(found.actions, found.round):
        for name, value in version.properties.items():
            book.set_custom_property(name, value)
    book.close()
    whole_file(path, in_dutch(buffer.getvalue()))


def _fill_in(page: Worksheet, found: ActionList, styles: Styles) -> None:
    said, colours = plan_words()["kept"], theme()
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": colours.border}
    fixed, late = styles.over(**cell, bg_color=colours.pale), styles.over(**cell, bg_color=colours.loud, bold=True)
    free, of_days = styles.over(**cell, num_format="@"), styles.over(**cell, num_format="dd-mm-yyyy", align="left")
    page.write_string(0, 0, f"{words('actions.list')} · {found.labels(judged=True)}", styles["title_grid"])
    page.write_string(1, 0, words("actions.how", day=date(found.day), clear=said["clear"]), styles["hint"])
    last = _HEAD + max(1, len(found.actions))
    choices = {"state": [*said["steps"].values()], "result": [*said["results"].values(), said["clear"]]}
    for place, (key, (heading, width)) in enumerate(COLUMNS.items()):
        page.set_column(place, place, width)
        page.write_string(_HEAD, place, heading, styles["head"])
        if key in choices:
            options = {"validate": "list", "source": choices[key], "error_type": "warning"}
            page.data_validation(_HEAD + 1, place, last, place, options)
        for row, one in enumerate(found.actions, _HEAD + 1):
            told = {"park": found.park(one), "bucket": said["buckets"][one.bucket], **one.texts}
            text, is_day = plain(str(told.get(key, getattr(one, key, "")))), OF_INTERVENTION.get(key) == "day"
            if is_day and text:
                page.write_datetime(row, place, getattr(one, key), of_days)
            elif key in FIELDS:
                page.write_string(row, place, text, of_days if is_day else free)
            else:
                page.write_string(row, place, text, late if key == "bucket" and one.bucket == "overdue" else fixed)
    page.autofilter(_HEAD, 0, last, len(COLUMNS) - 1)
    page.freeze_panes(_HEAD + 1, 5)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD)
    page.set_footer(f"&L&8{found.labels(judged=True).replace('&', '&&')[:220]}&R&8blad &P van &N")


def _csv(found: ActionList, path: Path) -> None:
    """One row per action with codes, for machines; a day as 2026-04-01."""
    head = [each.name for each in fields(PlannedAction)]
    rows = ([*asdict(one).values(), found.park(one), found.labels(judged=True)] for one in found.actions)
    write_csv(path, [*head, "park", "notice"], rows)


def _calendar(found: ActionList, path: Path) -> None:
    """One event for each action with a date: all day, when it should be done. The same actions give the same UIDs."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//werkbank//acties//NL"]
    for one in found.actions:
        if one.end:
            who, state = one.owner or words("actions.nobody"), plan_words()["kept"]["steps"][one.state]
            lines += [
                "BEGIN:VEVENT",
                f"UID:{one.park_id}.{one.intervention}@{re.sub('[^a-z0-9]+', '-', found.district.casefold())}.werkbank",
                f"DTSTAMP:{found.day:%Y%m%d}T000000Z",
                f"DTSTART;VALUE=DATE:{one.end:%Y%m%d}",
                f"DTEND;VALUE=DATE:{one.end + dt.timedelta(1):%Y%m%d}",
                f"SUMMARY:{_escaped(f'{one.intervention} {one.name}, {found.park(one)} ({one.park_id})')}",
                f"DESCRIPTION:{_escaped(f'{capital(who)}. {capital(state)}. {found.labels(judged=False)}')}",
                "CLASS:CONFIDENTIAL",
                "TRANSP:TRANSPARENT",
                "END:VEVENT",
            ]
    content = "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))
    whole_file(path, content.encode())


def _escaped(text: str) -> str:
    """Text in a calendar (RFC 5545, 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", plain(text))


def _folded(line: str) -> str:
    """A line of at most 75 bytes, what is longer on the next ones behind a space; no character is cut."""
    made, room = "", _FOLD
    for char in line:
        size = len(char.encode())
        if size > room:
            made, room = f"{made}\r\n ", _FOLD - 1
        made, room = made + char, room - size
    return made


def _sheets(found: ActionList, path: Path) -> None:
    """What each organisation does, on a page of its own; what nobody has yet comes last."""
    whose: dict[str, list[PlannedAction]] = {}
    for one in sorted(found.actions, key=lambda one: (not one.organisation, one.organisation.casefold())):
        whose.setdefault(one.organisation, []).append(one)
    chapters = tuple(_sheet(found, own, page=bool(at)) for at, own in enumerate(whose.values()))
    who = words("actions.many") if len(chapters) > 1 else "".join(one.title for one in chapters)
    document = Document(
        kicker=words("actions.kicker"),
        title=words("actions.title"),
        subtitle=words("actions.subtitle", who=who, district=found.district, day=date(found.day)),
        name=words("actions.title"),
        label=found.label,
        legal_basis=words("actions.legal_basis"),
        fictional=found.fictional,
        chapters=chapters,
        day=found.day,
        judged=False,
    )
    write_docx(document, path)


def _sheet(found: ActionList, own: Sequence[PlannedAction], *, page: bool) -> b.Chapter:
    said, name = plan_words()["kept"], capital(own[0].organisation) or words("actions.nobody")
    rows = (
        (
            b.Span(said["buckets"][one.bucket], "strong" if one.bucket == "overdue" else ""),
            date(one.end) if one.end else MISSING,
            (b.code(one.intervention), f" {one.name}"),
            f"{found.park(one)} ({one.park_id})",
            one.role or MISSING,
            said["steps"][one.state],
        )
        for one in own
    )
    blocks = (table("actions.sheet", rows, name=name),)
    return b.Chapter(name, count(len(own), "actie", "acties"), blocks, lead=words("actions.lead"), page=page)


FORMATS: Mapping[str, Callable[[ActionList, Path], None]] = {
    ".xlsx": _workbook,
    ".csv": _csv,
    ".ics": _calendar,
    ".docx": _sheets,
}
"""The ending of a file → what writes it, whole or not at all. Raises OutputError."""
RETURNING = ".xlsx"
"""This one can be read back, and what was issued in it is kept."""
FILLED_IN = (RETURNING, ".docx")
"""In these people work: one that is there is never written over."""
