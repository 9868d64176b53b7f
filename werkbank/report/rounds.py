"""Rounds beside one another for who steers: what changed in three sentences, and what came of the chosen parks.

For who makes the analyses, of one municipality and of the district. Nothing is called an effect: a score is told beside
what was to be expected of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from werkbank.advice.explanation import CAUTION, POINT, plain, tenths
from werkbank.assessment.cooperation import Agreed
from werkbank.assessment.rounds import ChosenPark, Rounds
from werkbank.plan import words as plan_words
from werkbank.report import blocks as b
from werkbank.report.cooperation import district_cooperation, outcomes_chapter
from werkbank.report.decided import OR_NONE, place
from werkbank.report.district import LeftOut, who_is_left_out
from werkbank.report.monitor import ChangeRow, ChangeView, alerts, change_view, judged, only_in_one_round, places_told
from werkbank.report.texts import say, table, words
from werkbank.wording import MISSING, capital, count, listing, number, unbroken

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
    gained, lost = _cells(rows)
    if not gained and not lost:
        return say("rounds.learned.same", old=old)
    moved = sum(abs(row.shown.knowledge or 0) >= POINT for row in rows)
    told = {"gained": count(gained, "oordeel", "oordelen"), "lost": count(lost, "oordeel", "oordelen")}
    return say("rounds.learned.some", **told, parks=count(moved, "terrein", "terreinen") if moved else _NOT_ONE)


def _cells(rows: Iterable[ChangeRow]) -> tuple[int, int]:
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
    found = [words(f"rounds.attention.{name}", what=what) for name, what in told.items() if what]
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
    parks = (f"{name}: {line}" for name, one in rounds.items() for line in _lineage(one))
    front = (
        *b.sentences(told, "lead"),
        *b.alerts(who_is_left_out(left_out)),
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
    return name, listing(map(unbroken, rounds.rounds)), *map(str, (len(rows), len(up), len(down), *_cells(rows), late))


def _chosen_row(name: str, rounds: Rounds, one: ChosenPark) -> b.Row:
    told, moved = _told(one), f"{plain(tenths(one.then))} → {plain(tenths(one.now))}"
    where = (name, f"{rounds.latest.name(one.park_id)} ({one.park_id})", unbroken(one.round))
    return b.Row((*where, told["place"], moved, *(told[it] for it in ("expected", "actions", "results"))), one.park_id)
