"""The page that a supplier gets about its return: in plain Dutch what to mend, step by step, most important first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from werkbank.errors import Finding, Severity
from werkbank.matrix.returns import Reply, Step, steps
from werkbank.matrix.rules import SEVERITIES
from werkbank.report.blocks import render
from werkbank.report.html import Page, render_page
from werkbank.wording import MISSING, capital, count, listing

__all__ = ["render_findings"]

SHOWN: Final = 40
"""Cells that one step lists; the workbook lists them all."""
_CHAPTERS: Final[dict[Severity, tuple[str, str]]] = {
    "error": ("Verbeteren", "Tot een fout is verbeterd, telt wat daar staat niet mee."),
    "warning": ("Nakijken", "Dit telt mee zoals het er staat. Kijk of het zo bedoeld is, en verbeter het zo nodig."),
    "remark": ("Ter informatie", "Hier hoeft u niets voor te doen."),
}
_BASIS: Final = "Alleen de eigen aanlevering; er zijn geen gegevens van partijen samengebracht."


@dataclass(frozen=True, slots=True)
class _Row:
    """One place: where it is, what stands there, what may stand there and what to do."""

    place: str
    park: str
    indicator: str
    found: str
    allowed: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Task:
    """One thing to do, with the places that it is about; `remedy` and `allowed` when they are the same everywhere."""

    number: int
    title: str
    explanation: str
    rule: str
    size: str
    remedy: str
    allowed: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[_Row, ...]
    more: int

    @property
    def single(self) -> bool:
        """One place needs no table."""
        return len(self.rows) == 1


@dataclass(frozen=True, slots=True)
class _Chapter:
    anchor: str
    title: str
    meaning: str
    tasks: tuple[_Task, ...]


def render_findings(reply: Reply, *, workbook: str | None, read: bool) -> str:
    """The page about one return as one HTML file without script, for its supplier only.

    `workbook` is the name of the marked workbook beside it, if there is one; `read` is False when nothing of the
    return could be read.
    """
    chapters = _chapters(reply)
    body = render(
        "mend",
        summary=_summary(reply.findings),
        unread=not read,
        workbook=workbook,
        return_as=reply.return_as,
        file=reply.file,
        chapters=chapters,
    )
    whose = ", ".join(filter(None, (reply.municipality, reply.party))) or "afzender onbekend"
    return render_page(
        Page(
            title=f"Wat er te verbeteren is: {whose}",
            subtitle=f"Risicomatrix bedrijventerreinen · ronde {reply.round} · bestand {reply.file}",
            label=reply.label,
            legal_basis=_BASIS,
            fictional=reply.fictional,
            body=Markup(body),  # noqa: S704  made by our own template
            styles=("mend.css",),
        )
    )


def _summary(findings: tuple[Finding, ...]) -> str:
    """How much there is to do: "4 fouten om te verbeteren en 1 punt om na te kijken"."""
    tally = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    said = (
        (tally["error"], "fout om te verbeteren", "fouten om te verbeteren"),
        (tally["warning"], "punt om na te kijken", "punten om na te kijken"),
        (tally["remark"], "opmerking", "opmerkingen"),
    )
    return listing(count(*each) for each in said if each[0])


def _chapters(reply: Reply) -> tuple[_Chapter, ...]:
    chapters: list[_Chapter] = []
    done = 0
    for severity in SEVERITIES:
        own = [step for step in steps(reply.findings) if step.severity == severity]
        tasks = tuple(_task(number, step, reply) for number, step in enumerate(own, done + 1))
        done += len(own)
        if tasks:
            title, meaning = _CHAPTERS[severity]
            chapters.append(_Chapter(severity, title, meaning, tasks))
    return tuple(chapters)


def _task(number: int, step: Step, reply: Reply) -> _Task:
    rows = [_row(finding, reply) for finding in step.findings]
    remedies, allowed = {row.remedy for row in rows}, {row.allowed for row in rows}
    return _Task(
        number=number,
        title=step.title,
        explanation=step.meaning if len(remedies) == 1 else step.explanation,
        rule=step.rule,
        size=count(len(rows), "plek", "plekken"),
        remedy=_sentence(rows[0].remedy) if len(remedies) == 1 else "",
        allowed=_sentence(rows[0].allowed) if len(allowed) == 1 else "",
        columns=tuple(_columns(rows)),
        rows=tuple(rows[:SHOWN]),
        more=max(0, len(rows) - SHOWN),
    )


def _columns(rows: Sequence[_Row]) -> Iterator[tuple[str, str]]:
    """The columns that say something: heading and field."""
    for heading, field in (("Terrein", "park"), ("Indicator", "indicator")):
        if any(getattr(row, field) for row in rows):
            yield heading, field
    yield "Gevonden", "found"
    for heading, field in (("Toegestaan", "allowed"), ("Wat te doen", "remedy")):
        if len({getattr(row, field) for row in rows}) > 1:
            yield heading, field


def _row(finding: Finding, reply: Reply) -> _Row:
    parts = (finding.sheet, finding.cell, f"regel {finding.line}" if finding.line else None)
    return _Row(
        place=", ".join(filter(None, parts)) or "hele bestand",
        park=_named(finding.park_id, reply.parks),
        indicator=_named(finding.indicator, reply.indicators),
        found=finding.found,
        allowed="" if finding.allowed == MISSING else finding.allowed,
        remedy=finding.remedy,
    )


def _sentence(text: str) -> str:
    """The text with a capital and one full stop; nothing stays nothing."""
    return capital(text) + ("" if text.endswith((".", "?", "!")) else ".") if text else ""


def _named(code: str | None, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(code, '')}".strip() if code else ""
