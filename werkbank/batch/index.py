"""Two pages over the district: the index of a round, and the proposed set of parks with its regret and alternatives.

The index is the manifest for people: per municipality how its analysis stands, its advice, and where to find it. It is
made for the RIEC alone: it names the highest park of every municipality, which is for none of them to see.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from werkbank.advice.proposal import Alternative, DistrictProposal
from werkbank.assessment.choosing import place_names
from werkbank.assessment.decisions import answered
from werkbank.batch.manifest import DISTRICT, FOLLOW_UPS, Ledger, Outcome, Record
from werkbank.errors import WerkbankError
from werkbank.files.whole import whole_file
from werkbank.register import LegalBasis
from werkbank.register.decision import intake_questions, intake_summary
from werkbank.report import blocks as b
from werkbank.report.decided import Filled, place
from werkbank.report.html import is_local_file, render_chapters
from werkbank.report.tables import write_csv
from werkbank.report.terms import labels, legal_basis_line, lines, spec, table, words
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import municipality_slugs
from werkbank.wording import MISSING, count, date, listing, number, percent

INDEX = "index.html"
_FIGURES = ("name", "errors", "parks", "enough", "coverage", "two_sided", "method")
State = Literal["made", "kept", "stale", "failed", "never"]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One municipality in the index, with the figures of the analysis that stands in its folder.

    `reason` says why there is no new analysis, `changed` what is different by now, `why` why it was made anew,
    `differs` what then came out otherwise, `errors` what is wrong with its input. `enough` counts the parks of which
    enough threats are known, None where the reader may not know, `advised` holds names of parks, `made` is the day of
    the analysis, `method` marks its method, `files` is what lies in its folder.
    """

    municipality: str
    name: str
    state: State
    reason: str = ""
    changed: str = ""
    why: str = ""
    differs: tuple[str, ...] = ()
    errors: str = ""
    parks: int = 0
    enough: int | None = None
    advised: tuple[str, ...] = ()
    coverage: float | None = None
    two_sided: float | None = None
    made: dt.date | None = None
    method: str = ""
    files: tuple[str, ...] = ()

    @property
    def explained(self) -> tuple[str, ...]:
        """What there is to say about that."""
        when = f" van {date(self.made)}" if self.made else ""
        still = f"De vorige analyse{when} staat er nog." if self.state == "failed" and self.files else ""
        changed = f"Sindsdien: {self.changed}." if self.changed else ""
        same = "Er is niets veranderd." if self.state == "kept" else ""
        why = f"Reden: {self.why}." if self.why else ""
        return tuple(filter(None, (self.reason, why, *self.differs, changed, same, still)))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A project plan (kind `plans`) or a comparison of rounds (kind `monitor`): its name, and its page."""

    kind: str
    name: str
    page: str

    @property
    def address(self) -> str:
        """Where the link leads; empty where the code of a park makes a name that no link can hold."""
        return self.page if is_local_file(self.page) else ""


def entry_of(slug: str, name: str, record: Record | None, outcome: Outcome | None, changed: str) -> IndexEntry:
    """One municipality: how it ended if it was run, what the manifest says of it, what changed if it was not."""
    state = outcome.state if outcome else "never" if record is None else "stale" if changed else "kept"
    reason, made = outcome.reason if outcome else "", state == "made"
    if record is None:
        return IndexEntry(slug, name, state, reason=reason)
    return IndexEntry(
        slug,
        state=state,
        reason=reason,
        changed=changed,
        why=listing(record.why) if made else "",
        differs=tuple(record.differs) if made else (),
        advised=tuple(record.shown["advised"]),
        made=dt.date.fromisoformat(record.made),
        files=tuple(record.outputs),
        **{name: record.shown[name] for name in _FIGURES},
    )


def write_index(
    ledger: Ledger, parameters: Parameters, entries: Iterable[IndexEntry], notes: Sequence[str], today: dt.date
) -> Path | None:
    """The page of the round beside the municipalities' folders; None for another audience than the RIEC."""
    target, records = parameters.output_folder.parent / INDEX, list(ledger.units.values())
    if parameters.audience != owner_code():
        target.unlink(missing_ok=True)
        return None
    names = [f"{DISTRICT}/{DISTRICT}.html", f"{DISTRICT}/{DISTRICT}.docx"]
    page, word = (name if name in ledger.files else "" for name in names)
    every, fictional = sorted(entries, key=lambda entry: entry.name), any(record.fictional for record in records)
    html = render_chapters(
        [index_chapter(every, notes, (page, word), follow_ups(parameters))],
        title=f"Analyses bedrijventerreinen, district {parameters.district}{' (fictief)' if fictional else ''}",
        subtitle=f"Ronde {parameters.round} · {count(len(every), 'gemeente', 'gemeenten')}",
        label=load_catalogue(parameters.catalogue_path).owner.label,
        legal_basis=str(records[0].shown["legal_basis"]) if records else legal_basis_line(None),
        fictional=fictional,
        made=today,
    )
    whole_file(target, html.encode())
    ledger.add(target)
    return target


def index_chapter(
    entries: Sequence[IndexEntry],
    notes: Sequence[str] = (),
    together: tuple[str, str] = ("", ""),
    follow_ups: Iterable[FollowUp] = (),
) -> b.Chapter:
    """Every municipality, also those that failed and why, or were never analysed.

    `notes` are about the batch as a whole, `together` are the page and the Word file of the district, if there are, and
    `follow_ups` the plans and comparisons.
    """
    blocks: tuple[b.Block, ...] = (
        *b.alerts([*_alerts(entries), *notes]),
        b.Text((_standing(entries), *_together(*together))),
        place(),
        _follow_up(follow_ups),
        table("index.table", map(_row, entries)),
        b.Text(words("index.explained"), "quiet"),
    )
    return b.Chapter("Analyses per gemeente", "", blocks, name="index")


def follow_ups(parameters: Parameters) -> Iterator[FollowUp]:
    """What the index leads to: the answers before the round, and the plans and comparisons beside its analyses."""
    beside, names = parameters.output_folder.parent, place_names()
    for slug in municipality_slugs(parameters.workspace):
        with contextlib.suppress(WerkbankError):  # what is wrong with its parameters or a plan is said elsewhere
            own = load_parameters(slug, round=parameters.round)
            if answers := answered(own):
                still = len(intake_questions()) - len(answers)
                told = f"{intake_summary(answers)}{f'; nog {still} open' if still else ''}"
                yield FollowUp("intake", f"{own.name} ({told})", "")
    mark = " (fictief)" if parameters.marked_fictional else ""
    for kind, page in FOLLOW_UPS.items():
        for path in sorted((beside / kind).glob(f"*/{page}")):
            code = path.parent.name
            name = f"district {parameters.district}" if code == DISTRICT else names.get(code, code)
            told = f"{name} ({code})" if kind == "plans" and name != code else f"{name}{mark}"
            yield FollowUp(kind, told, path.relative_to(beside).as_posix())


def index_places(follow_ups: Iterable[FollowUp]) -> Filled:
    """These plans and comparisons, for the place of the index in which they are led to."""
    return {"": _follow_up(follow_ups).blocks}


def _follow_up(follow_ups: Iterable[FollowUp]) -> b.Group:
    """Never without a place of its own: what is made later is put there."""
    lines, every = [], tuple(follow_ups)
    for kind, title in spec("index.follow_ups").items():
        found = [b.Span(one.name, to=one.address) for one in every if one.kind == kind]
        named = [part for one in found for part in (", ", one)][1:]
        lines += [b.Text((b.strong(f"{title}:"), " ", *named))] if found else []
    return b.Group(tuple(lines), "follow")


def _together(page: str, word: str) -> Iterator[str | b.Span]:
    if page:
        yield from (" ", b.Span("De gemeenten naast elkaar", to=page))
    if page and word:
        yield from (" (", b.Span("Word", to=word, label="De gemeenten naast elkaar, als Word-bestand"), ")")


def _row(entry: IndexEntry) -> tuple[b.Cell, ...]:
    links = tuple(
        b.Span(name, to=f"{entry.municipality}/{file}", label=f"{name} {entry.name}")
        for file, name in spec("index.files").items()
        if file in entry.files
    )
    return (
        entry.name,
        b.List(tuple(_state(entry)), plain=True, look="stand"),
        entry.made.strftime("%d-%m-%Y") if entry.made else MISSING,
        str(entry.parks or MISSING),
        MISSING if entry.enough is None else str(entry.enough),
        listing(entry.advised) or MISSING,
        percent(entry.coverage),
        percent(entry.two_sided),
        b.code(entry.method or MISSING),
        b.List(links, plain=True, look="files") if links else MISSING,
    )


def _state(entry: IndexEntry) -> Iterator[b.Span]:
    """How it stands, in a word, calm only where there is nothing to look at; and what there is to say about that."""
    word, look = spec(f"index.states.{entry.state}")
    yield b.Span(word, "watch" if entry.state == "made" and entry.errors else look)
    if entry.errors:
        yield b.Span(entry.errors, "failed", f"{entry.municipality}/analyse.html#bevindingen")
    yield from map(b.quiet, entry.explained)


def _alerts(entries: Sequence[IndexEntry]) -> Iterator[str]:
    failed = sum(entry.state == "failed" for entry in entries)
    faulty = sum(bool(entry.errors) for entry in entries)
    for name, found in (("failed", failed), ("faulty", faulty)):
        if found:
            yield words(f"index.{name}", municipalities=count(found, "gemeente", "gemeenten"))


def _standing(entries: Sequence[IndexEntry]) -> str:
    """How many analyses were made this time, and how many were not."""
    size = {state: sum(entry.state == state for entry in entries) for state in spec("index.states")}
    again = size["kept"] + size["stale"]
    said = [f"Nu gemaakt: {size['made']} van de {len(entries)}."]
    if again:
        stale = f", waarvan bij {size['stale']} sindsdien iets is veranderd" if size["stale"] else ""
        said.append(f"Niet opnieuw gemaakt: {again}{stale}.")
    if size["never"]:
        said.append(f"Nog niet gemaakt: {size['never']}.")
    return " ".join(said)


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
    key = (
        b.KeyFigure(words("proposal.total"), number(found.total, 1), words("proposal.total_note")),
        b.KeyFigure(words("proposal.regret"), number(found.regret, 1), words("proposal.regret_note")),
        b.KeyFigure(words("proposal.one_each"), number(found.one_each, 1), words("proposal.one_each_note")),
    )
    others = [park for park in made.candidates if park not in found.park_ids]
    more = [b.Text(words("proposal.more", number=len(others) - _OTHERS), "quiet")] if len(others) > _OTHERS else []
    short = len(found.park_ids) < found.capacity
    left_out = [words("proposal.left_out", who=listing(made.left_out))] if made.left_out else []
    notes = [words("proposal.short", number=len(found.park_ids))] if short else []
    first = (
        b.Text(words("proposal.lead", number=count(len(found.park_ids), "terrein", "terreinen")), "lead"),
        b.KeyFigures(key),
        *map(b.Callout, (*notes, *left_out)),
        table("proposal.set", (_park(made, park) for park in found.park_ids)),
    )
    beside = [table("proposal.others", (_park(made, park) for park in others[:_OTHERS]))] if others else []
    second = (*_alternatives(made), *beside, *more)
    return (
        b.Chapter(words("proposal.chapter"), count(len(found.park_ids), "terrein", "terreinen"), first, name="set"),
        b.Chapter(words("proposal.beside"), "", second, name="beside"),
        b.Chapter(words("proposal.reading"), "", tuple(map(b.Text, lines("proposal.how"))), name="reading"),
    )


def _park(made: ProposalPage, park: str) -> list[b.Cell]:
    home, score = made.candidates[park]
    chosen = "gekozen" if park in made.chosen else MISSING
    name, chance = (b.code(park), f" {made.names.get(park, '')}"), percent(made.proposal.chance.get(park))
    return [name, made.names.get(home, home), number(score, 1), chosen, chance]


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
