"""The proposed set of parks over the district, with its regret and the alternatives, as a page and a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.advice.proposal import Alternative, DistrictProposal
from werkbank.files.whole import whole_file
from werkbank.register import LegalBasis
from werkbank.report import blocks as b
from werkbank.report.html import render_chapters
from werkbank.report.tables import write_csv
from werkbank.report.terms import labels, legal_basis_line
from werkbank.report.texts import lines, table, words
from werkbank.wording import MISSING, count, listing, number, percent

FILES = ("voorstel.html", "voorstel.csv")
_OTHERS = 15
"""Other candidates on the page, highest first; the table has them all."""
_COLUMNS = ("park_id", "park", "municipality", "score", "proposed", "chosen", "chance", "round", "notice")


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """What a page of a proposal is made of: candidates with municipality and score, and what is chosen already.

    `names` are of parks and municipalities; `left_out` names the municipalities without a place in the district.
    """

    proposal: DistrictProposal
    candidates: Mapping[str, tuple[str, float]]
    names: Mapping[str, str]
    chosen: frozenset[str]
    left_out: Sequence[str]
    district: str
    round: str
    label: str
    legal_basis: LegalBasis | None
    fictional: bool


def write_proposal(made: ProposalPage, folder: Path, day: dt.date) -> tuple[Path, ...]:
    """Write `voorstel.html` and `voorstel.csv` into `folder`. Raises OutputError where that cannot be done."""
    basis = legal_basis_line(made.legal_basis)
    district = f"{made.district} (fictief)" if made.fictional else made.district
    page = render_chapters(
        proposal_chapters(made),
        title=words("proposal.title", district=district),
        subtitle=words("proposal.subtitle", round=made.round, capacity=made.proposal.capacity),
        label=made.label,
        legal_basis=basis,
        fictional=made.fictional,
        made=day,
    )
    whole_file(folder / FILES[0], page.encode())
    notice = labels(made.label, basis, fictional=made.fictional)
    rows = (
        (
            park,
            made.names.get(park, ""),
            home,
            round(score, 3),
            int(park in made.proposal.park_ids),
            int(park in made.chosen),
            made.proposal.chance.get(park),
            made.round,
            notice,
        )
        for park, (home, score) in made.candidates.items()
    )
    return folder / FILES[0], write_csv(folder / FILES[1], _COLUMNS, rows)


def proposal_chapters(made: ProposalPage) -> tuple[b.Chapter, ...]:
    """The proposal, what else could be chosen, and how to read it."""
    found = made.proposal
    regret = MISSING if found.regret is None else number(found.regret, 1)
    key = (
        b.KeyFigure(words("proposal.total"), number(found.total, 1), words("proposal.total_note")),
        b.KeyFigure(words("proposal.regret"), regret, words("proposal.regret_note")),
        b.KeyFigure(words("proposal.one_each"), number(found.one_each, 1), words("proposal.one_each_note")),
    )
    rows = ([*_park(made, park), _share(found.chance.get(park))] for park in found.park_ids)
    others = [park for park in made.candidates if park not in found.park_ids]
    beside = ([*_park(made, park), _share(found.chance.get(park))] for park in others[:_OTHERS])
    more = [b.Text(words("proposal.more", number=len(others) - _OTHERS), "quiet")] if len(others) > _OTHERS else []
    short = len(found.park_ids) < found.capacity
    left_out = [words("proposal.left_out", who=listing(made.left_out))] if made.left_out else []
    notes = [words("proposal.short", number=len(found.park_ids))] if short else []
    first = (
        b.Text(words("proposal.lead", number=count(len(found.park_ids), "terrein", "terreinen")), "lead"),
        b.KeyFigures(key),
        *map(b.Callout, (*notes, *left_out)),
        table("proposal.set", rows),
    )
    second = (*_alternatives(made), *((table("proposal.others", beside),) if others else ()), *more)
    return (
        b.Chapter(words("proposal.chapter"), count(len(found.park_ids), "terrein", "terreinen"), first, name="set"),
        b.Chapter(words("proposal.beside"), "", second, name="beside"),
        b.Chapter(words("proposal.reading"), "", tuple(map(b.Text, lines("proposal.how"))), name="reading"),
    )


def _park(made: ProposalPage, park: str) -> list[b.Cell]:
    home, score = made.candidates[park]
    chosen = "gekozen" if park in made.chosen else MISSING
    return [(b.code(park), f" {made.names.get(park, '')}"), made.names.get(home, home), number(score, 1), chosen]


def _share(share: float | None) -> str:
    return MISSING if share is None else percent(share)


def _alternatives(made: ProposalPage) -> Iterator[b.Block]:
    found = made.proposal
    if found.regret is None:
        yield b.Text(words("proposal.not_drawn"))
        return
    yield b.Text(words("proposal.least" if found.least else "proposal.is_least"))
    sets = [*([found.least] if found.least else []), *found.swaps]
    yield table("proposal.alternatives", (_alternative(made, one) for one in dict.fromkeys(sets)))


def _alternative(made: ProposalPage, one: Alternative) -> tuple[b.Cell, ...]:
    parks = ([f"{made.names.get(park, '')} ({park})" for park in own] for own in (one.without, one.instead))
    more = one.regret - (made.proposal.regret or 0.0)
    figures = number(one.total, 1), number(one.regret, 1), f"{'+' if more >= 0 else ''}{number(more, 1)}"
    return (*map(listing, parks), *figures)
