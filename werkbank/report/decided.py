"""What people decided, in words: a line for who recorded it, the register as it is read, and places on pages.

A page made before a decision has marked places in which it is told afterwards, so that an analysis stays the same
analysis. No page tells why: reasons are free text, and stay in the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkbank.matrix.risk_matrix import STATE_DUTCH
from werkbank.register.decision import intake_summary
from werkbank.report import blocks as b
from werkbank.report.html import chapter_html, refuse_active
from werkbank.report.terms import words
from werkbank.wording import MISSING, capital, count, date, listing, plain

if TYPE_CHECKING:
    from werkbank.assessment.decisions import Held
    from werkbank.register.agreements import Agreement
    from werkbank.register.decision import Withdrawal
    from werkbank.register.notes import KeptNote
    from werkbank.register.selections import Selection

Names = Mapping[str, str]
"""Party, park or municipality → its name as it is now; a record of this version keeps the park's name itself."""
Filled = Mapping[str, Sequence[b.Block]]
"""Place on a page → what stands there now."""
ALL = "besluit"
"""The place for every choice that a page is about."""
OR_NONE = "."
"""The place, called as no park can be, of a page with a heading of its own for what was chosen."""
_PLACE = re.compile(r'<div class="follow"(?: id="([^"]*)")?>.*?</div>', re.DOTALL)


def place(park_id: str = "") -> b.Group:
    """Where it is told later what people chose: one park, or without it every one that the page is about.

    In that of `OR_NONE` it is told as well when nothing was chosen.
    """
    return b.Group((), "follow", _anchor(park_id) if park_id else ALL)


def _anchor(park_id: str) -> str:
    return f"{ALL}-{quote(park_id, safe='')}"


def with_places(html: str, filled: Filled) -> str:
    """The page as it was made, with this in its places, and nothing in those that are not named.

    A page of an earlier version, that has no places, stays as it is. Raises OutputError when anything in what is put
    there could act or reach outside.
    """

    def put(found: re.Match[str]) -> str:
        anchor = found[1] or ""
        made = chapter_html(b.Chapter("", "", (b.Group(tuple(filled.get(anchor, ())), "follow", anchor),)))
        refuse_active(made)
        return str((_PLACE.search(made) or found)[0])

    return _PLACE.sub(put, html)


def told_on_pages(chosen: Mapping[str, Mapping[str, str]], names: Mapping[str, str]) -> dict[str, Sequence[b.Block]]:
    """The choices on a page: heading → park → what there is to tell; together, and of every park in its own place."""
    together: list[b.Block] = []
    for heading, told in chosen.items():
        lines = [f"{names.get(park, park)} ({park}), {said}" for park, said in told.items()]
        together += [b.Text(b.strong(heading)), *b.bulleted(lines)] if lines else []
    standing = together or [b.Text(words("summary.none_chosen"))]
    filled: dict[str, Sequence[b.Block]] = {ALL: together, _anchor(OR_NONE): standing}
    for heading, told in chosen.items():
        for park, said in told.items():
            own = chosen_text(said) if len(chosen) == 1 else (b.Text((b.strong(heading), f" {said}")),)
            filled[_anchor(park)] = (*filled.get(_anchor(park), ()), *own)
    return filled


def told_here(chosen: Mapping[str, Mapping[str, str]], names: Mapping[str, str], park_id: str = "") -> b.Group:
    """The place of one park, or of every one, with the choices already told in it."""
    empty = place(park_id)
    return replace(empty, blocks=tuple(told_on_pages(chosen, names).get(empty.anchor, ())))


def chosen_text(said: str) -> tuple[b.Block, ...]:
    """That a park was chosen, on a page about it; nothing when it was not."""
    return (b.Text((b.strong(words("decided.park")), f" {said}")),) if said else ()


def beforehand(held: Held, names: Names) -> Iterator[str]:
    """What came before the choices: intakes, and proposals that were taken over."""
    for intake in held.intakes:
        where, told = names.get(intake.municipality, intake.municipality), intake_summary(intake.answers)
        yield f"Intake {intake.event_id}, {date(intake.day)}: {where}, ronde {intake.round}, door {intake.by}: {told}"
    for proposal in held.proposals:
        data = proposal.data or {"park_ids": ["inhoud vernietigd"], "reason": MISSING}
        yield f"Voorstel {proposal.id}, ronde {proposal.round}: {listing(data['park_ids'])}"
        yield f"  Overgenomen door {proposal.actor_role}. Reden: {one_line(data['reason'])}"


def recorded(selection: Selection, names: Names) -> Iterator[str]:
    """What was recorded, whether it follows the advice, and what to look at."""
    yield f"Vastgelegd als besluit {selection.event_id}: {_choice(selection, names)}, gekozen door {selection.by}."
    yield capital(f"dit {_beside_advice(selection, names)}.")
    if selection.gaps:
        yield f"Let op: gekozen op onvolledige invoer ({'; '.join(selection.gaps)}). Dat staat ook in het projectplan."
    if selection.analysis == "none":
        yield "Let op: er is nog geen analyse om te lezen. Het advies is nu berekend en bij de keuze bewaard."


def withdrawn(selection: Selection, names: Names) -> str:
    """What was taken back just now."""
    number = selection.withdrawal.event_id if selection.withdrawal else 0
    return (
        f"Vastgelegd als besluit {number}: de keuze van {_choice(selection, names)} (besluit {selection.event_id}), is "
        "ingetrokken. Beide besluiten blijven in het register."
    )


def described(selection: Selection, names: Names) -> Iterator[str]:
    """A decision as the register holds it: a line with what, and below it who, why, and on which advice."""
    yield f"Besluit {selection.event_id}, {date(selection.day)}: {_choice(selection, names)}"
    yield f"  Gekozen door {selection.by}. {capital(f'dit {_beside_advice(selection, names)}.')}"
    told = (
        ("Reden", selection.reason),
        ("Reden om van het advies af te wijken", selection.against_reason),
        ("Onvolledige invoer", "; ".join(selection.gaps or ())),
        ("Reden om daar niet op te wachten", selection.incomplete_reason),
        ("Reden om boven de capaciteit te gaan", selection.capacity_reason),
        ("Advies op dat moment", selection.sentence),
    )
    yield from (f"  {what}: {one_line(text)}" for what, text in told if text)
    if selection.withdrawal:
        yield f"  {_taken_back(selection.withdrawal)}"


def closing(holding: Sequence[bool], one: str, many: str) -> str:
    """How many there are, and how many of them were taken back."""
    back = holding.count(False)
    return f"{capital(count(len(holding), one, many))}{f', waarvan {back} ingetrokken' if back else ''}."


def agreed(agreement: Agreement, names: Names) -> Iterator[str]:
    """An agreement as the register holds it: a line with which cell, and below it what each party said, who and why."""
    park, municipality = agreement.park_id, names.get(agreement.municipality, agreement.municipality)
    where = f"{names[park]} ({park})" if park in names else park
    yield (
        f"Afspraak {agreement.event_id}, {date(agreement.day)}: {where} in {municipality}, ronde {agreement.round}, "
        f"{agreement.indicator}: niveau {agreement.level}{' (teruggenomen)' if agreement.withdrawal else ''}"
    )
    given = {party: STATE_DUTCH[it] if isinstance(it, str) else it for party, it in agreement.said.items()}
    said = ", ".join(f"{names.get(party, party)} {given[party]}" for party in sorted(given, key=[*names, *given].index))
    yield f"  Afgesproken door {agreement.by}; zelf gaven: {said}. Reden: {one_line(agreement.reason)}"
    if agreement.outside_reason:
        yield f"  Reden om daarbuiten te gaan: {one_line(agreement.outside_reason)}"
    if agreement.withdrawal:
        yield f"  {_taken_back(agreement.withdrawal)}"


def noted(kept: KeptNote, names: Names) -> Iterator[str]:
    """A note as the register holds it: a line with what it is about, and below it the words and who wrote them."""
    note, municipality = kept.note, names.get(kept.municipality, kept.municipality)
    park = note.park_id and (f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id)
    about = f"{park} in {municipality}" if park else municipality
    yield f"Aantekening {note.number}, {date(note.day)}: over {about}, ronde {kept.round}"
    yield f"  Van {note.by}: {one_line(note.text)}"
    if kept.withdrawal:
        yield f"  {_taken_back(kept.withdrawal)}"


def as_values(selection: Selection, names: Names) -> dict[str, Any]:
    """A decision as plain values for another program; None where nothing was kept."""
    kept = (
        "municipality", "round", "park_id", "by", "reason", "against_reason", "incomplete_reason",
        "capacity_reason", "gaps", "advised",
        "sentence", "grade", "share", "draws", "analysis", "fingerprint",
    )  # fmt: skip
    back = selection.withdrawal
    return {
        "kind": "selection",
        "number": selection.event_id,
        "at": selection.at.isoformat(),
        "park": _name(selection.park_id, selection, names),
        "follows_advice": None if not selection.advised else not selection.against_advice,
        **{name: getattr(selection, name) for name in kept},
        "withdrawal": back
        and {"number": back.event_id, "at": back.at.isoformat(), "by": back.by, "reason": back.reason},
    }


def _beside_advice(selection: Selection, names: Names) -> str:
    if selection.advised is None:
        return "besluit is vernietigd wat de inhoud betreft; alleen wie, wat en wanneer zijn er nog"
    if not selection.advised:
        return "volgt geen advies: er was geen terrein om te adviseren"
    if not selection.against_advice:
        return "volgt het advies"
    return f"wijkt af van het advies ({listing(_label(park, selection, names) for park in selection.advised)})"


def _taken_back(back: Withdrawal) -> str:
    reason = f" Reden: {one_line(back.reason)}" if back.reason else ""
    return f"Ingetrokken op {date(back.day)} door {back.by} (besluit {back.event_id}).{reason}"


def _choice(selection: Selection, names: Names) -> str:
    """Which park was chosen, where and in which round."""
    where = names.get(selection.municipality, selection.municipality)
    return f"{_label(selection.park_id, selection, names)} in {where}, ronde {selection.round}"


def _name(park_id: str, selection: Selection, names: Names) -> str:
    own = selection.standing
    kept = own.name if own is not None and own.park_id == park_id else ""
    return kept or names.get(park_id, "")


def _label(park_id: str, selection: Selection, names: Names) -> str:
    name = _name(park_id, selection, names)
    return f"{name} ({park_id})" if name else park_id


def one_line(text: str) -> str:
    """A text as it stands in a line of the register."""
    return " ".join(plain(text).split())
