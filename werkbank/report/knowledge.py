"""The information position: what is known, by whom, what is still open, and which workbook is not there."""

from __future__ import annotations

from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.errors import SEVERITY_DUTCH, Finding
from werkbank.report.blocks import Chapter, make
from werkbank.report.front import absent_lines
from werkbank.report.terms import known
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, percent

__all__ = ["findings", "information_position"]


@dataclass(frozen=True, slots=True)
class _Tally:
    """One party's cells on one park, by state."""

    level: int
    unknown: int
    open: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class _Row:
    park: Park
    enough: bool
    tallies: tuple[_Tally | None, ...]


@dataclass(frozen=True, slots=True)
class _Delivery:
    party: str
    file: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    severity: str
    place: str
    finding: Finding


def information_position(assessment: Assessment) -> Chapter:
    """Per park how much is known, by one party and by both, and what each party still has open.

    >>> assessment = wb.assess("urk")
    >>> wb.report.information_position(assessment).title
    'Informatiepositie'
    """
    view = view_of(assessment)
    rows = [_row(view, park) for park in view.parks]
    enough = sum(1 for row in rows if row.enough)
    return make(
        "knowledge",
        "Informatiepositie",
        f"{enough} van {count(len(rows), 'terrein', 'terreinen')} met genoeg informatie",
        rows=rows,
        enough=enough,
        known=known("genoeg", len(view.asked)),
        withheld=assessment.coarse,
        missing=absent_lines(view),
        parties=[capital(view.party_name(party)) for party in view.parties],
        deliveries=[_delivery(view, party) for party in view.parties],
        threshold=percent(assessment.parameters.method.minimum_coverage),
    )


def _row(view: View, park: Park) -> _Row:
    # The tolerance is the one with which the scores compare a share with its threshold.
    threshold = view.assessment.parameters.method.minimum_coverage - 1e-9
    enough = min(park.coverage or 0, park.two_sided or 0) >= threshold
    tallies = tuple(_tally(view, party, park) if party not in view.missing else None for party in view.parties)
    return _Row(park, enough, tallies)


def _tally(view: View, party: str, park: Park) -> _Tally:
    return _Tally(
        *(view.states(party, state, park.park_id) for state in ("level", "unknown", "open", "not_applicable"))
    )


def _delivery(view: View, party: str) -> _Delivery:
    files = [source.file for source in view.assessment.sources if source.party == party]
    return _Delivery(view.party_name(party), files[0] if files else None)


def findings(assessment: Assessment) -> Chapter:
    """Everything that was noticed while reading, with its place and what to do; never a remark's text.

    >>> assessment = wb.assess("urk")
    >>> wb.report.findings(assessment).title
    'Bevindingen bij de gegevens'
    """
    view_of(assessment)
    lines = [_Line(SEVERITY_DUTCH[one.severity], one.place, one) for one in assessment.findings]
    text = count(len(lines), "bevinding", "bevindingen")
    return make("findings", "Bevindingen bij de gegevens", text, lines=lines, withheld=assessment.coarse)
