"""The cooperation as people read it, told as a state and never as marks; and whether the matrix was right.

What its reader may not know is taken out of a Cooperation before anything of it is told (`seen`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from werkbank.advice.reasons import STRENGTH_DUTCH
from werkbank.assessment.cooperation import CLASSES, FEWEST, Agreed, Cooperation, PartyRound, RoundTogether
from werkbank.assessment.rounds import Rounds
from werkbank.plan.progress import BUCKETS
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.monitor import change_view
from werkbank.report.texts import spec, table, words
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.sharing.versions import WHOLE, of_plan
from werkbank.wording import capital, count, date, listing, number, percent, unbroken, within

STEP = 5
"""Points from which a change of resilience is told of."""
MOST = 12
"""Parks on the page; where there are more, only those that moved STEP points or more."""


def seen(found: Cooperation, audience: Audience, catalogue: Catalogue, names: Mapping[str, str]) -> Cooperation:
    """What an audience (with what the legal basis releases to it) may see of a cooperation.

    Who delivered and when is told to whoever may see `coverage`, the counts to who may see `decisions` and whole plans,
    how much a party knows only to who sees all its cells. What all know together, how they agree and the resilience of
    the parks (of those in `names`) tell of each party's cells, and go with `combined` to who sees them all: even in
    steps a second figure of the same cells would give them away.
    """
    own = set(audience.parties) if set(catalogue.visible_to(audience)) >= set(catalogue.indicator_ids) else set[str]()
    whole = "combined" in audience.fields and own >= {one.party for one in found.parties}
    parks = found.resilience
    if "decisions" not in audience.fields or of_plan(audience) != WHOLE:
        found = replace(found, actions={}, disclosures={}, meetings=None)
    return replace(
        found,
        parties=tuple(one if one.party in own else replace(one, known=None) for one in found.parties),
        together=found.together if whole else (),
        _resilience=parks[parks["park_id"].isin(list(names))] if whole else parks.iloc[:0],
    )


def cooperation_chapter(rounds: Rounds) -> b.Chapter:
    """How the parties of one municipality work together, for who may see its rounds.

    Raises what `change_view` raises.

    >>> print(wb.report.cooperation_chapter(wb.follow_rounds("urk")).title)
    Het samenwerkingsbeeld
    """
    view, latest = change_view(rounds.latest), rounds.latest
    names = dict(zip(latest.parks["park_id"], latest.parks["name"], strict=True))
    return cooperation_page(rounds.cooperation, view.audience, view.catalogue, names)


def cooperation_page(
    found: Cooperation, audience: Audience, catalogue: Catalogue, names: Mapping[str, str]
) -> b.Chapter:
    """The cooperation of one municipality on one page: sentences, the rounds, the resilience of its parks.

    `audience` as the legal basis entitles it, `names` the parks that it may know, code → name; nothing for who may not
    see `coverage`.
    """
    title = words("together.title")
    if "coverage" not in audience.fields:
        return b.nothing(title)
    told = seen(found, audience, catalogue, names)
    if not (lines := tuple(_lines(told, catalogue))):
        return b.nothing(title)
    blocks = (
        b.Text(words("together.lead"), "lead"),
        b.List(lines),
        *_by_round(told, catalogue),
        *_resilience(told, names, catalogue),
        *b.sentences([] if told.together else [terms.not_here(words("together.not_told"))], "quiet"),
    )
    return b.Chapter(title, lines[0], blocks, "cooperation")


def _lines(found: Cooperation, catalogue: Catalogue) -> Iterator[str]:
    parties = list(dict.fromkeys(one.party for one in found.parties))
    yield from (_delivered([one for one in found.parties if one.party == party], catalogue) for party in parties)
    if found.together:
        yield from _known(found.together)
    if found.meetings is not None:
        yield from _counted(found)


def _delivered(rounds: Sequence[PartyRound], catalogue: Catalogue) -> str:
    """In how many rounds a party delivered, and when in the last one."""
    came, last = sum(one.delivered for one in rounds), rounds[-1]
    how = {True: "in_time", False: "late", None: "day" if last.saved else "unsaid"}[last.on_time]
    tail = how if last.delivered else "not" if came else "unsaid"
    return words(
        "together.delivered",
        party=catalogue.party(last.party).name,
        times=came or "geen",
        rounds=len(rounds),
        last=words(f"together.last.{tail}", round=last.round, day=date(last.saved) if last.saved else ""),
    )


def _known(together: Sequence[RoundTogether]) -> Iterator[str]:
    """What all know together now, and which questions of the round before were answered; the table tells the rest."""
    *earlier, now = together
    if now.within_one is not None:
        yield words("together.agreement", round=now.round, pairs=number(now.pairs), within=percent(now.within_one))
    for one in earlier[-1:]:
        if one.questions and one.answered is not None:
            facts = {"questions": count(one.questions, "vraag", "vragen"), "answered": number(one.answered)}
            yield words("together.answered", round=one.round, verb="is" if one.answered == 1 else "zijn", **facts)


def _counted(found: Cooperation) -> Iterator[str]:
    yield from actions_told(found.actions)
    if found.actions:
        meetings, verb = found.meetings or 0, "is" if found.meetings == 1 else "zijn"
        told = {"meetings": count(meetings, "afspraak", "afspraken"), "verb": verb}
        yield words("together.meetings", **told) if meetings else words("together.no_meetings")
    went = [words("together.times_in", times=n, round=name) for name, n in found.disclosures.items() if n]
    yield words("together.disclosures", rounds=listing(went)) if went else words("together.no_disclosures")


def actions_told(buckets: Mapping[str, int]) -> Iterator[str]:
    """How many actions there are by bucket, in a sentence."""
    total, said = sum(buckets.values()), spec("together.buckets")
    parts = [f"{number(buckets[one])} {text}" for one, text in said.items() if buckets.get(one)]
    facts = {"actions": count(total, "actie", "acties"), "verb": "staat" if total == 1 else "staan"}
    yield words("together.actions", buckets=listing(parts), **facts) if total else words("together.no_actions")


def _by_round(found: Cooperation, catalogue: Catalogue) -> Iterator[b.Block]:
    parties, shares = _heads([found], catalogue)
    rows = ((unbroken(name), *_cells(found, name, parties, shares)) for name in found.rounds)
    yield table("together.rounds", rows, parties=[*parties.values()], together=shares)
    if shares:
        yield b.Text(words("together.rounds_note"), "quiet")


def _heads(found: Collection[Cooperation], catalogue: Catalogue) -> tuple[dict[str, str], list[str]]:
    """Party → the head of its column, and the heads of what all know together: none where that is not told of all."""
    every = [one for each in found for one in each.parties]
    told = {one.party for one in every if one.known is not None}
    names = {one.party: catalogue.party(one.party).name for one in every}
    heads = {one: words("together.filled", party=name) if one in told else capital(name) for one, name in names.items()}
    return heads, spec("together.shares") if all(one.together for one in found) else []


def _cells(found: Cooperation, of: str, parties: Iterable[str], shares: Collection[str]) -> Iterator[str]:
    """How much each party knew in a round, or whether it delivered, and how much all knew and agreed."""
    there = {one.party: one for one in found.parties if one.round == of}
    for one in map(there.get, parties):
        come = "" if one is None else words(f"together.{'came' if one.delivered else 'absent'}")
        yield come if one is None or one.known is None else percent(one.known)
    for know in (one for one in found.together if one.round == of):
        figures = (*map(percent, (know.coverage, know.two_sided, know.within_one)), number(know.alpha, 2))
        yield from figures[: len(shares)]


def _resilience(found: Cooperation, names: Mapping[str, str], catalogue: Catalogue) -> Iterator[b.Block]:
    frame, families = found.resilience, [family.name for family in catalogue.families if family.protective]
    if frame.empty or not families:
        return
    scores = frame.pivot(index="park_id", columns="round", values="score").reindex(columns=list(found.rounds))
    moved = (scores.ffill(axis=1).iloc[:, -1] - scores.bfill(axis=1).iloc[:, 0]).round(9)
    less, more = ((moved <= -STEP).sum(), (moved >= STEP).sum())
    shown = scores[moved.abs() >= STEP] if len(scores) > MOST else scores
    told_of = [name for name in found.rounds if scores[name].notna().any()]
    facts = {"first": told_of[0], "last": told_of[-1], "step": STEP}
    parks = {"less": count(less, "terrein", "terreinen"), "more": count(more, "terrein", "terreinen")}
    told = words(f"together.moved.{'some' if less or more else 'none'}", **facts, **parks)
    family = within(families[0])
    yield b.Heading(families[0])
    yield b.Text(words("together.resilience_lead", family=family, moved=told if len(told_of) > 1 else ""))
    order = sorted(shown.index, key=lambda park: (names[park], park))
    rows = (b.Row((names[park], *map(_measured, shown.loc[park, told_of])), park) for park in order)
    yield table("together.parks", rows, family=family, rounds=[unbroken(name) for name in told_of])
    if rest := len(scores) - len(shown):
        yield b.Text(words("together.rest", rest=count(rest, "terrein", "terreinen"), step=STEP), "quiet")


def _measured(score: float) -> b.Cell:
    return b.Measured(number(score), 0, score) if score == score else number(None)  # noqa: PLR0124  not where NaN


def district_cooperation(found: Mapping[str, Cooperation], audience: Audience, catalogue: Catalogue) -> b.Chapter:
    """The cooperation of every municipality (name → cooperation), a row each, in the order of the alphabet."""
    title = words("together.district.title")
    if "coverage" not in audience.fields or audience.areas != "district":
        return b.nothing(title)
    told = {name: seen(found[name], audience, catalogue, {}) for name in sorted(found)}
    whole = sum(all(one.delivered for one in each.parties) for each in told.values())
    everywhere = words("together.district.delivered", whole=whole, all=count(len(told), "gemeente", "gemeenten"))
    actions = {bucket: sum(one.actions.get(bucket, 0) for one in told.values()) for bucket in BUCKETS}
    parties, shares = _heads(told.values(), catalogue)
    shares = shares[:3]
    rows = ((name, *_cells(one, one.rounds[-1], parties, shares), *_kept(one)) for name, one in told.items())
    blocks = (
        b.Text(words("together.district.lead"), "lead"),
        b.List((everywhere, *actions_told(actions))),
        table("together.district.table", rows, parties=[*parties.values()], together=shares),
        *b.sentences([] if shares else [terms.not_here(words("together.not_told"))], "quiet"),
    )
    return b.Chapter(title, everywhere, blocks, "cooperation")


def _kept(one: Cooperation) -> tuple[str, str, str]:
    """The actions that are done, those that are overdue, and what went to others in the last round."""
    done = f"{one.actions['finished']} van {sum(one.actions.values())}" if one.actions else number(None)
    return done, number(one.actions.get("overdue")), number(one.disclosures.get(one.rounds[-1]))


def outcomes_chapter(found: Sequence[Agreed]) -> b.Chapter:
    """Whether the matrix was right, for who made the analyses: what was found beside what was indicated.

    >>> wb.report.outcomes_chapter(()).title
    'Klopte de matrix?'
    """
    names = {"strength": {**STRENGTH_DUTCH}, "source": spec("outcomes.sources")}
    told = {by: [one for one in found if one.by == by and one.of is not None] for by in CLASSES}
    tables = [
        table(f"outcomes.{by}", [_agreed(capital(names[by][one.value]), one) for one in rows])
        for by, rows in told.items()
        if rows
    ]
    few = [] if tables else [words("outcomes.few", fewest=FEWEST)]
    noted = [words("outcomes.caution"), *([words("outcomes.interval", fewest=FEWEST)] if tables else [])]
    blocks = (b.Text(words("outcomes.lead"), "lead"), *b.sentences(few), *tables, *b.sentences(noted, "quiet"))
    return b.Chapter(words("outcomes.title"), few[0] if few else noted[0], blocks, "outcomes")


def _agreed(name: str, one: Agreed) -> tuple[str, ...]:
    share = percent((one.confirmed or 0) / (one.of or 1))
    return name, number(one.of), number(one.confirmed), f"{share} ({percent(one.low)} – {percent(one.high)})"
