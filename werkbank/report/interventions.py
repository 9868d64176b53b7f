"""Interventions on paper: the guideline (leidraad) with all of the catalogue, and the actions of every plan.

The guideline holds no data of a park. Of the actions a workbook, that may come back, and a table are for who keeps the
plans; a calendar and a sheet per organisation say who does what and when, and never why or what came of it: a partner
may be private.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from werkbank.errors import OutputError
from werkbank.files.whole import whole_file
from werkbank.matrix.template import Book
from werkbank.matrix.template_sheets import Styles
from werkbank.plan import words as plan_words
from werkbank.plan.fields import OF_INTERVENTION
from werkbank.plan.interventions import ENFORCEMENT, HEAVY, threshold
from werkbank.plan.progress import COLUMNS, FIELDS, LIST, PlannedAction, issued_list
from werkbank.report import blocks as b
from werkbank.report.documents import Document
from werkbank.report.tables import write_csv
from werkbank.report.terms import labels, lines, say, spec, table, words
from werkbank.report.word import write_both, write_docx
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Indicator, Intervention, Term, Trigger
from werkbank.settings.theme import theme
from werkbank.wording import MISSING, capital, count, date, listing, plain

_LASTING = "lasting_cooperation"
_HEAD = 2
"""The row of headings, below a title and what to do."""
_FOLD = 75
"""Bytes of a line in a calendar (RFC 5545, 3.1)."""


def guideline_chapters(catalogue: Catalogue) -> tuple[b.Chapter, ...]:
    """The chapters in their order: use, index, the kinds of intervention, lasting cooperation, sources.

    What a catalogue of one's own does not have, is not there.

    >>> [chapter.title for chapter in wb.report.guideline_chapters(wb.load_catalogue())][:2]
    ['Zo gebruikt u deze leidraad', 'Welke interventie bij welke indicator']
    """
    made = (_use(catalogue), _index(catalogue), *_kinds(catalogue), _lasting(catalogue), _sources(catalogue))
    return tuple(chapter for chapter in made if chapter.blocks)


def write_guideline(catalogue: Catalogue, folder: Path, day: dt.date) -> tuple[Path, Path]:
    """Write `leidraad.html` and `leidraad.docx` into `folder`; equal catalogues give equal files on one day.

    Raises OutputError when there are no interventions, when a file cannot be written, or when the organisation's own
    reference.docx is no Word file.
    """
    if not catalogue.interventions:
        raise OutputError(words("guideline.nothing"))
    chapters, kinds = guideline_chapters(catalogue), [one for one in catalogue.kinds if _of_kind(catalogue, one)]
    facts = {"number": _number(catalogue.interventions), "kinds": count(len(kinds), "soort", "soorten")}
    said: dict[str, Any] = {name: words(f"guideline.{name}") for name in ("title", "label", "legal_basis")}
    said["subtitle"] = words("guideline.subtitle", **facts, version=catalogue.version)
    said |= {"fictional": False, "judged": False}
    kicker = listing(one.name if not at else one.name.lower() for at, one in enumerate(kinds))
    document = Document(**said, kicker=kicker, name=said["title"], chapters=chapters, day=day)
    return write_both(document, folder / "leidraad", day)


def _number(found: Sequence[Intervention]) -> str:
    return count(len(found), "interventie", "interventies")


def _chapter(title: str, anchor: str, text: str, found: Iterable[b.Block], *, page: bool = True) -> b.Chapter:
    return b.Chapter(title, text, tuple(found), name="plan", anchor=anchor, titled=True, page=page)


def _of_kind(catalogue: Catalogue, kind: Term) -> list[Intervention]:
    return [one for one in catalogue.interventions if one.kind == kind.id]


def _link(code: str) -> b.Span:
    return b.Span(code, to=f"#interventie-{code}")


def _links(found: Iterable[Intervention]) -> b.Parts:
    """Codes that lead to their interventions, or a dash."""
    return tuple(part for one in found for part in (", ", _link(one.id)))[1:] or (MISSING,)


def _use(catalogue: Catalogue) -> b.Chapter:
    every = catalogue.interventions
    lead = words("guideline.lead", number=_number(every))
    heaviest = {str(one.weight) for one in every if one.weight >= HEAVY}
    heavy = [one.name.lower() for one in catalogue.weights if one.id in heaviest]
    rules = list(lines("guideline.how"))
    rules[2:2] = [say("guideline.heavy", weights=f"“{listing(heavy)}”")] if heavy else []
    blocks = (
        b.Text(lead, "lead"),
        b.List(tuple(rules)),
        table("guideline.weights", (
            (one.name, one.description or MISSING, _links(each for each in every if str(each.weight) == one.id))
            for one in catalogue.weights
        )),
        _overview(catalogue),
        b.Text(words("guideline.estimates"), "quiet"),
        b.Text(catalogue.status, "quiet"),
    )  # fmt: skip
    return _chapter(words("guideline.use"), "gebruik", lead, blocks, page=False)


def _overview(catalogue: Catalogue) -> b.Table:
    """Which interventions there are of each kind, for each framework."""
    used = {one.framework for one in catalogue.interventions}
    frameworks = [one for one in catalogue.frameworks if one.id in used]
    rows: Iterator[tuple[b.Cell, ...]] = (
        (kind.name, *(_links(one for one in own if one.framework == each.id) for each in frameworks))
        for kind in catalogue.kinds
        if (own := _of_kind(catalogue, kind))
    )
    return table("guideline.overview", rows, frameworks=[one.name for one in frameworks])


def _index(catalogue: Catalogue) -> b.Chapter:
    lead = words("guideline.index_lead")
    holes = [f"{one.id} {one.name} ({lacks})" for one in catalogue.indicators if (lacks := _lacks(catalogue, one))]
    told = (
        b.Callout(words("guideline.holes", indicators="; ".join(holes))) if holes else b.Text(words("guideline.whole"))
    )
    tables = (
        table(
            "guideline.index_table",
            (_answered(catalogue, one) for one in catalogue.by_family(family.id)),
            family=family.name,
        )
        for family in catalogue.families
    )
    return _chapter(words("guideline.index"), "indicatoren", lead, (b.Text(lead), told, *tables))


def _answered(catalogue: Catalogue, one: Indicator) -> tuple[b.Cell, ...]:
    direct, supporting = (
        [each for each in catalogue.interventions if one.id in getattr(each, how)] for how in ("direct", "supporting")
    )
    lacks = _lacks(catalogue, one)
    answer = (*(_links(direct) if direct else ()), *([" " if direct else "", b.Span(lacks, "gone")] if lacks else ()))
    return (b.code(one.id), f" {one.name}"), answer, _links(supporting)


def _lacks(catalogue: Catalogue, one: Indicator) -> str:
    """What an indicator lacks: any direct answer, or for a suspicion one that enforces."""
    direct = [each.kind for each in catalogue.interventions if one.id in each.direct]
    if not direct:
        return words("guideline.no_direct")
    return words("guideline.no_enforcement") if one in catalogue.threats and ENFORCEMENT not in direct else ""


def _kinds(catalogue: Catalogue) -> Iterator[b.Chapter]:
    """Each kind of intervention from light to heavy."""
    for kind in catalogue.kinds:
        own = sorted(_of_kind(catalogue, kind), key=lambda one: one.weight)
        about = [b.Text(kind.description)] if kind.description else []
        blocks = (*about, *(_intervention(catalogue, one) for one in own))
        yield _chapter(kind.name, f"soort-{kind.id}", _number(own), blocks if own else ())


def _intervention(catalogue: Catalogue, one: Intervention) -> b.Group:
    names = {term.id: term.name for term in (*catalogue.frameworks, *catalogue.weights)}
    partners = [catalogue.partner(code).name for code in one.partners if code != one.lead]
    weeks = plan_words()["weeks"].format(one.weeks.min_weeks, one.weeks.max_weeks)
    listed = {each.id for each in catalogue.sources}
    told: dict[str, b.Cell] = {
        "goal": one.goal,
        "direct": _indicators(catalogue, one.direct),
        "supporting": _indicators(catalogue, one.supporting),
        "partners": (b.strong(catalogue.partner(one.lead).name), "".join(f"; {name}" for name in partners)),
        "legal_basis": "; ".join(one.legal_basis),
        "conditions": " ".join(one.conditions),
        "effort": one.effort or "",
        "weeks": weeks,
        "measures": "; ".join(one.measures),
        "triggers": capital("; ".join(_triggers(catalogue, one))) or words("guideline.by_hand"),
        "shareable": words("plan.shared" if one.shareable else "plan.closed"),
        "sources": ", ".join(code for code in one.sources if code in listed),
    }
    blocks = (
        b.Heading((b.code(one.id), f" {one.name}")),
        b.Text(f"{names[str(one.weight)]} · {names[one.framework].lower()}", "quiet"),
        b.Text(one.description),
        b.facts(f"{one.id} {one.name}", ((spec("guideline.fact")[name], told[name]) for name in told if told[name])),
    )
    return b.Group(blocks, "measure", f"interventie-{one.id}")


def _indicators(catalogue: Catalogue, codes: Iterable[str]) -> str:
    return "; ".join(f"{code} {catalogue.indicator(code).name}" for code in codes)


def _triggers(catalogue: Catalogue, one: Intervention) -> Iterator[str]:
    """What each trigger asks, in the words of a plan: "V01 Hennepkwekerij: niveau 2 of hoger (van 3)"."""
    said = plan_words()["reasons"]
    for trigger in one.triggers:
        if isinstance(trigger.value, int):
            asked = said["thresholds"][trigger.operator].format(trigger.value)
            yield words("guideline.trigger", what=said[trigger.source], asked=asked)
        elif trigger.value == "unknown":
            yield said["unknown"].format(what=_indicators(catalogue, [trigger.source]))
        else:
            yield from _level(catalogue, trigger, said["thresholds"])


def _level(catalogue: Catalogue, trigger: Trigger, said: Mapping[str, str]) -> Iterator[str]:
    """What is asked of one indicator on its own scale, or of the severest; a catalogue may have none of these."""
    severe = trigger.source not in catalogue.indicator_ids
    codes = catalogue.severest if severe else (trigger.source,)
    found = ((*threshold(trigger, code, catalogue), catalogue.scale_of(code).highest) for code in codes)
    levels = dict.fromkeys(
        words("guideline.level", asked=said[operator].format(level), highest=highest)
        for operator, level, highest in found
    )
    what = words("guideline.severe", codes=listing(codes, "of")) if severe else _indicators(catalogue, codes)
    if codes:
        yield words("guideline.trigger", what=what, asked=listing(levels, "of"))


def _lasting(catalogue: Catalogue) -> b.Chapter:
    """The parts of lasting cooperation, each with its interventions; what serves it and is of no part comes last."""
    parts = [(one.name, one.description, [each for each in catalogue.interventions if each.cooperation == one.id])
             for one in catalogue.cooperation]  # fmt: skip
    rest = [one for one in catalogue.interventions if one.framework == _LASTING and one.cooperation is None]
    found = [part for part in (*parts, (words("guideline.other"), None, rest)) if part[2]]
    lead = words("guideline.lasting_lead")
    blocks = [block for part in found for block in _part(catalogue, *part)]
    return _chapter(words("guideline.lasting"), "samenwerking", lead, (b.Text(lead, "lead"), *blocks) if blocks else ())


def _part(catalogue: Catalogue, name: str, about: str | None, own: Sequence[Intervention]) -> Iterator[b.Block]:
    yield b.Heading(name)
    yield from b.sentences([about] if about else [])
    rows = (((_link(one.id), f" {one.name}"), one.goal, catalogue.partner(one.lead).name) for one in own)
    yield table("guideline.lasting_table", rows, part=name.lower())


def _sources(catalogue: Catalogue) -> b.Chapter:
    used = {code for one in catalogue.interventions for code in one.sources}
    rows = [(b.code(one.id), one.name, one.address or MISSING) for one in catalogue.sources if one.id in used]
    blocks = (b.Text(words("guideline.sources_lead")), table("guideline.sources_table", rows)) if rows else ()
    return _chapter(words("guideline.sources"), "bronnen", "", blocks)


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
    book = Book(title=words("actions.list"), comments=found.label)
    styles = Styles(book, fictional=found.fictional)
    _fill_in(book.add_worksheet(LIST["sheet"]), found, styles)
    for version in issued_list(found.actions, found.round):
        for name, value in version.properties.items():
            book.set_custom_property(name, value)
    whole_file(path, book.content())


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
