"""What one supplier gets back about one return: its own findings, in the order in which to mend them.

And a fresh workbook with its answers, in which every doubtful cell is marked and explained. The supplier's own file is
never changed: what acts in it or reaches outside stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, product
from typing import Final, Literal

import pandas as pd
from xlsxwriter.utility import xl_cell_to_rowcol

from werkbank.errors import Finding, Severity
from werkbank.matrix.places import Place
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import RULES, SEVERITIES
from werkbank.matrix.template import job_for, render
from werkbank.matrix.template_sheets import LONGEST, Job, Mark
from werkbank.settings.catalogue import Catalogue

__all__ = ["Reply", "Step", "cells_of", "in_order", "marked_workbook", "place_of", "steps", "title_of"]

_BESIDE: Final[tuple[Literal["remark", "source_strength", "date"], ...]] = ("remark", "source_strength", "date")


Cell = tuple[str, str, str]
"""Park, indicator, and level or the column beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One return and what its supplier may know about it; names are shown as they stand here.

    `file` is the name of the return, `municipality` and `party` are names (empty when they could not be told).
    `parks` and `indicators` give a name to each code that belongs in this return.
    """

    file: str
    municipality: str
    party: str
    round: str
    label: str
    fictional: bool
    findings: tuple[Finding, ...]
    return_as: str = ""
    """The name under which the mended return is expected; empty when that could not be told."""
    parks: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """All findings of one rule and one severity: one thing to do."""

    severity: Severity
    rule: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What is the matter, in a few words."""
        return title_of(self.rule)

    @property
    def explanation(self) -> str:
        """What it means and what to do; empty for a rule that is in no register."""
        return RULES[self.rule].explanation if self.rule in RULES else ""

    @property
    def meaning(self) -> str:
        """What it means, where what to do is told apart."""
        return RULES[self.rule].meaning if self.rule in RULES else ""


def title_of(rule: str) -> str:
    """What a rule is about, in a few words of Dutch."""
    return RULES[rule].title if rule in RULES else rule.replace("-", " ")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; then what concerns the whole return, then cell by cell as they stand in it."""
    return tuple(sorted(findings, key=_order))


def steps(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """The findings rule by rule, most important first.

    Errors come before warnings and remarks. Within these, what concerns a whole return or sheet comes first, for
    mending that may mend the rest; then the rule that was broken most often.
    """
    ordered = sorted(in_order(findings), key=lambda each: (SEVERITIES.index(each.severity), each.rule))
    groups = [
        Step(severity, rule, tuple(own))
        for (severity, rule), own in groupby(ordered, key=lambda each: (each.severity, each.rule))
    ]
    return tuple(sorted(groups, key=_weight))


def marked_workbook(
    reply: Reply, matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame, *, municipality: str, party: str
) -> bytes:
    """What was read of one return as a fresh workbook, with the findings of `reply` marked and listed in it.

    `matrix` holds what was read; `municipality` and `party` are codes. The same input gives the same bytes.
    """
    judgements = matrix.judgements
    job = job_for(
        catalogue,
        parks,
        party=party,
        municipality=municipality,
        municipality_name=reply.municipality,
        round=matrix.round,
        fictional=reply.fictional,
        # What is longer was not typed in a cell, and has a finding.
        judgements=judgements.assign(remark=judgements["remark"].str.slice(0, LONGEST)),
    )
    cells = cells_of(matrix, job.columns, party)
    found = (finding for step in steps(reply.findings) for finding in step.findings)
    marks = tuple(_mark(finding, cells, job) for finding in found)
    return render(replace(job, label=reply.label, returned=reply.file, marks=marks))


def cells_of(matrix: RiskMatrix, park_ids: Iterable[str], party: str) -> dict[Place, Cell]:
    """Where each judgement of a party about these parks stood, and what is kept beside it."""
    found: dict[Place | None, Cell] = {}
    for park_id, code in product(park_ids, matrix.indicators):
        found[matrix.place_of(park_id, code, party)] = (park_id, code, "level")
        for column in _BESIDE:
            found[matrix.remark_place_of(park_id, code, party, column)] = (park_id, code, column)
    return {place: cell for place, cell in found.items() if place}


def place_of(finding: Finding) -> Place:
    """Where it is in the file that came."""
    return Place(finding.file or "", finding.sheet, finding.cell, finding.line)


def _mark(finding: Finding, cells: Mapping[Place, Cell], job: Job) -> Mark:
    """The finding at the cell that it is about; one that belongs to no cell says where it was."""
    mark = Mark(finding, *cells.get(place_of(finding), (finding.park_id or "", finding.indicator or "", "level")))
    place = replace(finding, file=None).place
    if job.spot(mark) or not place:
        return mark
    return Mark(replace(finding, found=f"in uw bestand, {place}: {finding.found}"))


def _order(finding: Finding) -> tuple[object, ...]:
    # Row before column, so that C5 stands before C14; a range counts by its first cell.
    cell = xl_cell_to_rowcol(finding.cell.partition(":")[0]) if finding.cell else (-1, -1)
    place = (finding.sheet or "", *cell, finding.line or 0)
    return (SEVERITIES.index(finding.severity), _is_local(finding), *place, finding.rule, finding.found)


def _is_local(finding: Finding) -> bool:
    return finding.cell is not None or finding.line is not None


def _weight(step: Step) -> tuple[object, ...]:
    whole = not any(map(_is_local, step.findings))
    return (SEVERITIES.index(step.severity), not whole, -len(step.findings), step.rule)
