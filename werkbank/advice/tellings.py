"""Flips, questions and differences in plain Dutch; every sentence names the cells it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkbank.advice.differences import Difference
from werkbank.advice.flips import Change, Flip
from werkbank.advice.left_out import LeftOut
from werkbank.advice.questions import Question
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import capital, count, listing, number, within

__all__ = ["difference_sentence", "flip_sentence", "left_out_sentence", "question_sentence", "short_question"]


def flip_sentence(flip: Flip, names: Mapping[str, str], catalogue: Catalogue, advised: int = 1) -> str:
    """What would have to be different for the rival to come out."""
    where = "bovenaan" if advised == 1 else "bij de hoogste terreinen"
    rival = names[flip.rival]
    if not flip.changes:
        return _out_of_reach(flip, rival, where)
    if flip.kind == "weights":
        changed = [change for change in flip.changes if abs(change.after - change.before) > 1e-6]
        told = listing(_weight(change, catalogue) for change in changed)
        return f"{rival} komt {where} als de weging verandert: {told}."
    steps = round(sum(abs(change.after - change.before) for change in flip.changes))
    told = listing(_cell(change, names) for change in flip.changes)
    return f"{rival} komt {where} bij {count(steps, 'stap', 'stappen')} verschil in de oordelen: {told}."


def question_sentence(
    question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]
) -> str:
    """What to ask whom, and why it matters."""
    cell, whom = _asked(question, names, catalogue, parties)
    effect = f"het antwoord verandert de uitkomst gemiddeld in {_of_hundred(question.value)}"
    return f"{cell}: niemand weet dit nu. Vraag het {whom}; {effect}."


def short_question(question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]) -> str:
    """What to ask whom, for where there is little room."""
    cell, whom = _asked(question, names, catalogue, parties)
    return f"{cell}: vraag het {whom}."


def _asked(
    question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]
) -> tuple[str, str]:
    """The cell in words, and who is to be asked."""
    indicator = catalogue.indicator(question.indicator)
    asked = [f"de {catalogue.party(party).name}" for party in parties if question.party in (party, "both")]
    cell = f"{names[question.park_id]}, {within(indicator.name)} ({question.park_id}, {question.indicator})"
    return cell, listing(asked) or "de partij die het kan weten"


def difference_sentence(one: Difference, names: Mapping[str, str], catalogue: Catalogue) -> str:
    """What each party says of a cell, and what agreeing would do."""
    indicator = catalogue.indicator(one.indicator)
    said = listing(f"{catalogue.party(voice.party).name} {voice.level}" for voice in one.voices)
    reach = (
        f"de score ligt dan tussen {number(one.low, 1)} en {number(one.high, 1)}"
        if one.effect > 0
        else "de score verandert er niet door"
    )
    turns = "; dat kan het advies veranderen" if one.turns else ""
    return f"{names[one.park_id]}, {within(indicator.name)} ({one.park_id}, {one.indicator}): {said}; {reach}{turns}."


def left_out_sentence(one: LeftOut, names: Mapping[str, str], catalogue: Catalogue) -> str:
    """Which parks come out without one group or one party."""
    what = _without(one, catalogue)
    if not one.park_ids:
        return f"{what} is van geen enkel terrein genoeg bekend voor een score."
    if not one.changed:
        return f"{what} blijft het advies hetzelfde."
    verb, where = ("komt", "bovenaan") if len(one.park_ids) == 1 else ("komen", "als hoogste uit")
    told = listing(f"{names[park]} ({park})" for park in one.park_ids)
    missing = listing(names[park] for park in one.without_score)
    has = "heeft" if len(one.without_score) == 1 else "hebben"
    return f"{what} {verb} {told} {where}{f'; {missing} {has} dan geen score' if missing else ''}."


def _without(one: LeftOut, catalogue: Catalogue) -> str:
    if one.kind == "party":
        return f"Zonder de oordelen van de {catalogue.party(one.code).name}"
    return f"Zonder de groep {_group_name(one.code, catalogue)}"


def _group_name(code: str, catalogue: Catalogue) -> str:
    return within(next(family.score_name for family in catalogue.families if family.score == code))


def _out_of_reach(flip: Flip, rival: str, where: str) -> str:
    if flip.kind == "weights":
        return f"Geen enkele weging van de groepen brengt {rival} {where}."
    return f"{capital(rival)} komt niet {where} binnen 4 stappen verschil in de oordelen."


def _weight(change: Change, catalogue: Catalogue) -> str:
    before, after = (number(100 * weight) for weight in (change.before, change.after))
    return f"{_group_name(change.code, catalogue)} van {before}% naar {after}%"


def _cell(change: Change, names: Mapping[str, str]) -> str:
    park = str(change.park_id)
    before, after = (number(level, 0 if level == int(level) else 1) for level in (change.before, change.after))
    return f"{names[park]} van {before} naar {after} ({park}, {change.code})"


def _of_hundred(value: float) -> str:
    return f"{number(max(1.0, 100 * value))} van de 100 doorrekeningen"
