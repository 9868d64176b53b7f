"""Rounds beside one another for who steers: what changed, what came of the chosen parks, how the parties cooperate.

For who makes the analyses, of one municipality and of the district. Nothing is called an effect: a score is told beside
what was to be expected of it. The cooperation is told as a state and never as marks; what its reader may not know is
taken out of it before anything of it is told (`werkbank.sharing.cooperation`). Last comes whether the matrix was right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from werkbank.advice.explanation import CAUTION, POINT, plain, tenths
from werkbank.advice.reasons import STRENGTH_DUTCH
from werkbank.assessment.cooperation import CLASSES, FEWEST, Agreed, Cooperation, PartyRound, RoundTogether
from werkbank.assessment.rounds import ChosenPark, Rounds
from werkbank.plan import words as plan_words
from werkbank.plan.progress import BUCKETS
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.decided import OR_NONE, place
from werkbank.report.district import LeftOut, who_is_left_out
from werkbank.report.monitor import ChangeRow, ChangeView, alerts, change_view, judged, only_in_one_round, places_told
from werkbank.report.terms import say, spec, table, words
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.sharing.cooperation import seen
from werkbank.wording import MISSING, capital, count, date, listing, number, percent, unbroken, within

_NAMED = 3
"""So many parks are named in a sentence; the others are counted."""
_NOT_ONE = "geen enkel terrein"
_ANSWERED = 8
"""So many cells of a plan are shown of each chosen park."""


def rounds_summary(rounds: Rounds) -> b.Chapter:
    """What changed, what is known better and what deserves attention, a sentence each; then what to read it with.

    >>> print(wb.report.rounds_summary(wb.follow_rounds("urk")).title)
    Van ronde 2025‑1 naar 2026‑1
    """
    view = change_view(rounds.latest)
    told = _three([rounds])
    named = {code for one in rounds.changed_parks for code in (*one.before, *one.after)}
    beside = [*_drifted(rounds), *_lineage(rounds), *only_in_one_round(rounds.latest, named)]
    if rescaled := rounds.latest.indicators_rescaled:
        beside.append(words("rounds.rescaled", indicators=listing(rescaled)))
    title = words("rounds.title", old=unbroken(rounds.latest.old_round), new=unbroken(rounds.latest.new_round))
    beware = (*alerts(view), *(f"{capital(one.found)}." for one in rounds.findings))
    blocks = (*b.sentences(told, "lead"), b.Text(CAUTION, "quiet"), *b.alerts(beware), *b.bulleted(beside))
    return b.Chapter(title, "\n".join(map(b.plain, told)), blocks, "rounds")


def _three(every: Sequence[Rounds]) -> tuple[b.Parts, b.Parts, b.Parts]:
    """What changed, what is known better, what deserves attention, of one municipality or more."""
    rows = [row for one in every for row in change_view(one.latest).rows]
    return _changed(rows), _learned(rows, every[0].latest.old_round), _attention(every)


def _changed(rows: Sequence[ChangeRow]) -> b.Parts:
    """Which parks are judged differently, beyond noise; that it was not recalculated, where it was not."""
    if all(row.change.p_up is None for row in rows):
        return say("rounds.changed.not_drawn")
    up, down = map(_some, _beyond_noise(rows))
    return say(f"rounds.changed.{'none' if up == down else 'some'}", up=up, down=down)


def _beyond_noise(rows: Iterable[ChangeRow]) -> tuple[list[str], list[str]]:
    """The parks that are judged higher, and those that are judged lower, by a point or more: the largest first."""
    marked = sorted((row for row in rows if row.is_marked), key=lambda row: -abs(row.change.judgement or 0))
    up, down = ([row.label for row in marked if ((row.change.judgement or 0) > 0) is way] for way in (True, False))
    return up, down


def _learned(rows: Iterable[ChangeRow], old: str) -> b.Parts:
    gained, lost = _moved_cells(rows)
    if not gained and not lost:
        return say("rounds.learned.same", old=old)
    moved = sum(abs(row.shown.knowledge or 0) >= POINT for row in rows)
    told = {"gained": count(gained, "oordeel", "oordelen"), "lost": count(lost, "oordeel", "oordelen")}
    return say("rounds.learned.some", **told, parks=count(moved, "terrein", "terreinen") if moved else _NOT_ONE)


def _moved_cells(rows: Iterable[ChangeRow]) -> tuple[int, int]:
    """How many party cells are known now and were not, and the other way round."""
    found = [(one.cells_new - one.cells_both, one.cells_old - one.cells_both) for one in (row.change for row in rows)]
    return sum(gained for gained, _ in found), sum(lost for _, lost in found)


def _attention(every: Sequence[Rounds]) -> b.Parts:
    """Chosen parks above what was expected, real rises of parks that nobody chose, and actions that are overdue."""
    chosen = [(rounds, one) for rounds in every for one in rounds.chosen]
    above = [rounds.latest.name(one.park_id) for rounds, one in chosen if one.outside and not one.better]
    known = {one.park_id for _, one in chosen}
    rows = [row for rounds in every for row in change_view(rounds.latest).rows if row.park_id not in known]
    rising, _ = _beyond_noise(rows)
    late = sum(rounds.cooperation.actions.get("overdue", 0) for rounds in every)
    told = {
        "above": above and _some(above),
        "rising": rising and _some(rising),
        "late": late and count(late, "actie", "acties"),
    }
    counted = _counted_on(rounds.cooperation for rounds in every)
    found = [words(f"rounds.attention.{name}", what=what, counted=counted) for name, what in told.items() if what]
    return say("rounds.attention.some", told="; ".join(found)) if found else say("rounds.attention.none")


def _some(names: Sequence[str]) -> str:
    """The first few by name, and how many more there are."""
    more = len(names) - _NAMED
    rest = [count(more, "ander terrein", "andere terreinen")] if more > 0 else []
    return listing((*names[:_NAMED], *rest)) if names else _NOT_ONE


def _drifted(rounds: Rounds) -> Iterator[str]:
    """The parties whose yardstick may have moved since an earlier round."""
    view = change_view(rounds.latest)
    for since in rounds.developments:
        for one in (each for each in since.drift if each.raised):
            low, high = sorted(map(abs, (one.low, one.high)))
            sizes = {"size": number(abs(one.change), 2), "low": number(low, 2), "high": number(high, 2)}
            about = {"party": capital(view.party_name(one.party)), "parks": count(one.parks, "terrein", "terreinen")}
            yield words(
                "rounds.drift", way="hoger" if one.change > 0 else "lager", old=since.old_round, **sizes, **about
            )


def _lineage(rounds: Rounds) -> Iterator[str]:
    """What became of parks between the rounds, as people wrote it down."""
    for one in rounds.changed_parks:
        before, after = (
            listing(f"{one.names.get(code, code)} ({code})" for code in codes) for codes in (one.before, one.after)
        )
        yield words(f"rounds.parks.{one.kind}", before=before, after=after, round=one.round)


def chosen_parks(rounds: Rounds) -> b.Chapter:
    """What came of every park that was chosen in an earlier round, a card for each.

    >>> print(wb.report.chosen_parks(wb.follow_rounds("urk")).title)
    Wat er van de gekozen terreinen is geworden
    """
    view, chosen = change_view(rounds.latest), rounds.chosen
    cards = tuple(b.Group(tuple(_card(view, rounds, one)), "card") for one in chosen)
    told = cards or (b.Text(words("rounds.none_chosen")),)
    caution = (b.Text(words("rounds.no_effect"), "quiet"),) if chosen else ()
    size = count(len(chosen), "gekozen terrein", "gekozen terreinen")
    return b.Chapter(words("rounds.chosen_title"), size, (*told, *caution), "chosen")


def _card(view: ChangeView, rounds: Rounds, one: ChosenPark) -> Iterator[b.Block]:
    since = next((each for each in rounds.developments if each.old_round == one.round), rounds.latest)
    yield b.Heading((f"{since.name(one.park_id)} ", b.quiet(one.park_id)))
    yield b.Text(chosen_sentence(one), "lead")
    yield b.facts(
        words("rounds.chosen_facts"), [(words(f"rounds.facts.{name}"), it) for name, it in _told(one).items()]
    )
    moved = [each for each in one.answered if each.kind != "same"]
    if one.answered:
        yield b.Text(_answered(view, one))
    if moved:
        cells = sorted(moved, key=lambda each: (each.kind != "judged", each.indicator, each.party))
        names = [f"Ronde {unbroken(name)}" for name in (one.round, rounds.latest.new_round)]
        yield table("rounds.answered", (judged(view, each)[:5] for each in cells[:_ANSWERED]), rounds=names)
        if len(cells) > _ANSWERED:
            yield b.Text(words("rounds.answered_more", n=len(cells) - _ANSWERED), "quiet")


def chosen_sentence(one: ChosenPark) -> str:
    """Where its score lies beside what was to be expected; what it does not say stands below the cards."""
    if one.now is None or one.then is None:
        return words("rounds.chosen.unknown")
    then, now = (plain(tenths(score)) for score in (one.then, one.now))
    moved = words("rounds.chosen.same" if then == now else "rounds.chosen.moved", then=then, now=now)
    if one.expected is None:
        return f"{moved} {words('rounds.chosen.no_expectation')}"
    near = tenths(one.now) == tenths(one.expected)
    side = words(f"rounds.chosen.{'as' if near else 'lower' if one.better else 'higher'}")
    margin = "" if near else words(f"rounds.chosen.{'outside' if one.outside else 'inside'}")
    return f"{moved} {side}{margin}."


def _told(one: ChosenPark) -> dict[str, str]:
    """When it was chosen, its place, what was to be expected, its plan, and what came of that; what is not known: –.

    Its place is among the parks of both rounds, on the cells known in both; what was not carried out is no outcome.
    """
    expected = {name: plain(tenths(getattr(one, name))) for name in ("expected", "low", "high")}
    total, done, late = sum(one.actions.values()), one.actions.get("finished", 0), one.actions.get("overdue", 0)
    carried = sum(n for result, n in one.results.items() if result != "not_carried_out")
    then, now = one.place_then, one.place_now
    return {
        "round": words("rounds.chosen_in", round=one.round, number=one.event_id),
        "place": f"{places_told(then, now)} van {one.places}" if then and now else MISSING,
        "expected": MISSING if one.expected is None else words("rounds.expected", **expected),
        "plan": plan_words()["kept"]["states"].get(one.plan, one.plan) if one.plan else words("rounds.no_plan"),
        "actions": words("rounds.actions", total=total, done=done, late=late or "geen") if total else MISSING,
        "results": words("rounds.results", n=one.results.get("confirmed", 0), of=carried) if carried else MISSING,
    }


def _answered(view: ChangeView, one: ChosenPark) -> str:
    """How the judgements that the plan was to answer stand now; of what protects a lower level is worse."""
    judged = [each for each in one.answered if each.kind == "judged"]
    better = sum(
        ((each.new_level or 0) > (each.old_level or 0)) is view.catalogue.family_of(each.indicator).protective
        for each in judged
    )
    kinds = {name: sum(each.kind == name for each in one.answered) for name in ("same", "learned", "lost")}
    sizes = {"better": better, "worse": len(judged) - better, **kinds}
    told = listing(words(f"rounds.answers.{name}", n=size) for name, size in sizes.items() if size)
    return words("rounds.answers.all", of=len(one.answered), told=told)


def district_rounds(
    rounds: Mapping[str, Rounds], left_out: Iterable[LeftOut], outcomes: Sequence[Agreed]
) -> tuple[b.Chapter, ...]:
    """The district over its rounds (municipality → its rounds): what changed where, the chosen parks of all, and more.

    Also how the cooperation goes, and whether the matrix was right.
    """
    every = [*rounds.values()]
    first, told = change_view(every[0].latest), _three(every)
    drift = dict.fromkeys(line for one in every for line in _drifted(one))
    lacking = (f"{name}: {each.found}." for name, one in rounds.items() for each in one.findings)
    parks = (f"{name}: {line}" for name, one in rounds.items() for line in _lineage(one))
    front = (
        *b.sentences(told, "lead"),
        *b.alerts((*who_is_left_out(left_out), *lacking)),
        b.Text(CAUTION, "quiet"),
        *b.bulleted((*drift, *parks)),
        table("rounds.municipalities", (_municipality(name, one) for name, one in rounds.items())),
    )
    rows = [_chosen_row(name, each, one) for name, each in rounds.items() for one in each.chosen]
    own = (table("rounds.chosen_table", rows), b.Text(words("rounds.no_effect"), "quiet")) if rows else ()
    chapters = (
        b.Chapter(words("rounds.district.title"), "\n".join(map(b.plain, told)), front, "rounds"),
        b.Chapter(words("rounds.chosen_title"), "", (place(OR_NONE), *own), "chosen"),
        district_cooperation({name: one.cooperation for name, one in rounds.items()}, first.audience, first.catalogue),
        outcomes_chapter(outcomes),
    )
    return tuple(replace(one, anchor=f"deel-{at}", titled=True) for at, one in enumerate(chapters, 1) if one.blocks)


def _municipality(name: str, rounds: Rounds) -> tuple[b.Cell, ...]:
    rows = change_view(rounds.latest).rows
    up, down = _beyond_noise(rows)
    late = rounds.cooperation.actions.get("overdue", 0)
    figures = (len(rows), len(up), len(down), *_moved_cells(rows), late)
    return name, listing(map(unbroken, rounds.rounds)), *map(str, figures)


def _chosen_row(name: str, rounds: Rounds, one: ChosenPark) -> b.Row:
    told, moved = _told(one), f"{plain(tenths(one.then))} → {plain(tenths(one.now))}"
    where = (name, f"{rounds.latest.name(one.park_id)} ({one.park_id})", unbroken(one.round))
    return b.Row((*where, told["place"], moved, *(told[it] for it in ("expected", "actions", "results"))), one.park_id)


STEP = 5
"""Points from which a change of resilience is told of."""
MOST = 12
"""Parks on the page; where there are more, only those that moved STEP points or more."""


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
    title, told = words("together.title"), seen(found, audience, catalogue, names)
    if not told or not (lines := tuple(_lines(told, catalogue))):
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
    yield from actions_told(found.actions, _counted_on([found]))
    if found.actions:
        if elsewhere := [name for name in found.planned if name not in found.rounds]:
            yield words("together.elsewhere", rounds=listing(elsewhere))
        meetings, verb = found.meetings or 0, "is" if found.meetings == 1 else "zijn"
        told = {"meetings": count(meetings, "afspraak", "afspraken"), "verb": verb}
        yield words("together.meetings", **told) if meetings else words("together.no_meetings")
    went = [words("together.times_in", times=n, round=name) for name, n in found.disclosures.items() if n]
    yield words("together.disclosures", rounds=listing(went)) if went else words("together.no_disclosures")


def _counted_on(every: Iterable[Cooperation]) -> str:
    """On which days actions were counted, where that was kept."""
    days = sorted({one.counted for one in every if one.counted})
    return words("together.counted", days=listing(map(date, days))) if days else ""


def actions_told(buckets: Mapping[str, int], counted: str = "") -> Iterator[str]:
    """How many actions there are by bucket, in a sentence; `counted` when that was."""
    total, said = sum(buckets.values()), spec("together.buckets")
    parts = [f"{number(buckets[one])} {text}" for one, text in said.items() if buckets.get(one)]
    facts = {"actions": count(total, "actie", "acties"), "verb": "staat" if total == 1 else "staan"}
    some, none = "together.actions", "together.no_actions"
    yield words(some if total else none, buckets=listing(parts), counted=counted, **facts)


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
    heads = {one: words("together.filled", party=name) if one in told else f"De {name}" for one, name in names.items()}
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
    told = {name: one for name in sorted(found) if (one := seen(found[name], audience, catalogue))}
    if not told or audience.areas != "district":
        return b.nothing(title)
    whole = sum(all(one.delivered for one in each.parties) for each in told.values())
    everywhere = words("together.district.delivered", whole=whole, all=count(len(told), "gemeente", "gemeenten"))
    actions = {bucket: sum(one.actions.get(bucket, 0) for one in told.values()) for bucket in BUCKETS}
    days = _counted_on(told.values())
    counted = actions_told(actions, days) if all(one.meetings is not None for one in told.values()) else ()
    parties, shares = _heads(told.values(), catalogue)
    shares = shares[:3]
    rows = ((name, *_cells(one, one.rounds[-1], parties, shares), *_kept(one)) for name, one in told.items())
    blocks = (
        b.Text(words("together.district.lead"), "lead"),
        b.List((everywhere, *counted)),
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
