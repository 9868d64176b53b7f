"""The advice, in plain Dutch: which parks score highest, how sure that is, and what may still change it.

The tool never selects: a person does, with a reason. No sentence says more than its figures, and every one about a cell
names it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from werkbank.advice.agreement import Difference
from werkbank.advice.flips import MOST_STEPS, Flip, flips, park_cells
from werkbank.advice.questions import LeftOut, Question, Sureness, first_places, left_out, questions, sureness
from werkbank.advice.reasons import WORDS, level_text
from werkbank.advice.scorecard import Scorecard
from werkbank.scoring.ranking import LEVEL
from werkbank.scoring.robustness import Robustness, drivers
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import Shown, capital, count, listing, number, percent, points, safe_html, within

NAMED = 3
"""How many contenders a sentence names before it counts the rest."""
_GRADES: dict[str, str] = WORDS["grades"]
CHOICES: dict[str, str] = WORDS["choices"]


@dataclass(frozen=True, slots=True)
class Driver:
    """How much one choice drives how far ahead the advised parks are: Sobol indices, alone and with other choices."""

    choice: str
    first: float | None
    total: float | None


@dataclass(frozen=True, slots=True)
class Advice(Shown):
    """The candidates with the highest totals, how sure that is, and what would change it.

    Candidates are the parks with a threat above the lowest level (method.md 7). `grade` is clear, likely or
    indistinguishable by the recalculations (`sureness`), `no_comparison` when there is nothing to choose, None when
    nothing was recalculated. `contenders` are the parks outside the advised set that may come out above it: by the
    recalculations those that are named with it, else those whose upper bound lies above the lowest lower bound within
    it. `sentence` is Dutch. `flips` are what would turn it around, `questions` what to find out first, `drivers` which
    choices matter most, `left_out` what comes out without one group or one party.
    """

    park_ids: tuple[str, ...]
    grade: str | None
    sentence: str
    contenders: tuple[str, ...]
    sureness: Sureness | None = None
    flips: tuple[Flip, ...] = ()
    questions: tuple[Question, ...] = ()
    drivers: tuple[Driver, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence

    def _repr_html_(self) -> str:
        return str(safe_html("<p>{}</p>", self.sentence))


def full_advice(
    scorecard: Scorecard, found: Robustness | None, *, names: pd.Series, municipality: str, capacity: int
) -> Advice:
    """The advice for one municipality with everything that is known of its sureness (method.md 7).

    `found`: the recalculations, None when nothing was drawn anew. `names` by park id.
    """
    table, edges, candidates = scorecard.table, scorecard.method.class_borders, scorecard.candidates
    advised = first_places(scorecard.risk.total[list(candidates)], capacity)
    if len(candidates) <= capacity:
        told = advise(table, names, municipality, advised, capacity, edges=edges)
        return told if found is None else replace(told, questions=questions(scorecard, found, len(advised)))
    driving = () if found is None else _driving(found, advised)
    sure = None if found is None else sureness(found, advised, candidates, driving[0].choice if driving else "")
    return replace(
        advise(table, names, municipality, advised, capacity, edges=edges, sure=sure),
        flips=flips(park_cells(scorecard), advised, _rivals(scorecard, found, advised)),
        questions=() if found is None else questions(scorecard, found, len(advised)),
        drivers=driving,
        left_out=left_out(scorecard, advised),
    )


def _driving(found: Robustness, advised: Sequence[str]) -> tuple[Driver, ...]:
    rows = drivers(found, advised).itertuples()
    return tuple(Driver(str(choice), *(None if math.isnan(one) else one for one in shares)) for choice, *shares in rows)


def _rivals(scorecard: Scorecard, found: Robustness | None, advised: Sequence[str]) -> list[str]:
    """The other candidates, those most often among the first first, then by score."""
    total, candidates = scorecard.risk.total, scorecard.candidates
    among = {} if found is None else found.p_top(len(advised), candidates).to_dict()
    others = [park for park in candidates if park not in advised]
    return sorted(others, key=lambda park: (-among.get(park, 0.0), -total[park], park))


def advise(
    table: pd.DataFrame,
    names: pd.Series,
    municipality: str,
    advised: Sequence[str],
    capacity: int,
    *,
    edges: Sequence[float] = (),
    sure: Sureness | None = None,
) -> Advice:
    """The advice in words from the parks' `score, low, high, suspected` and what is unknown; `names` by park id.

    Without `sure` the sentence rests on the bounds alone. `edges` are the scores across which no figure in the sentence
    is rounded (`Method.class_borders`).
    """
    advised, n = tuple(advised), len(table)
    if not advised:
        where = "op het enige terrein" if n == 1 else f"op geen van de {n} terreinen"
        told = f"In {municipality} is {where} een aanwijzing ingevuld; er is geen terrein om te adviseren."
        return Advice((), "no_comparison", told.replace("enige terrein een", "enige terrein geen"), ())
    told = _highest(table, names, advised, municipality, edges)
    candidates = int(table["suspected"].sum())
    if candidates <= capacity:
        return Advice(advised, "no_comparison", f"{told} {_nothing_to_compare(n, candidates)}", ())
    if len(advised) > capacity:
        scores = table.loc[list(advised), "score"]
        level = int((scores <= scores.min() + LEVEL).sum())
        equal = f"{level} daarvan" if level < len(advised) else "zij"
        told += f" Dat zijn er meer dan {capacity}, omdat {equal} gelijk staan."
    if sure is None:
        possible = _possible(table[table["suspected"]], advised)
        some = len(_possible(table, advised)) > len(possible)
        return Advice(advised, None, f"{told} {_unknown(names, possible, len(advised), some=some)}", possible)
    contenders = tuple(park for park in sure.leading if park not in advised)
    return Advice(advised, sure.grade, f"{told} {sure_sentence(sure, names, advised)}", contenders, sure)


def told_in_steps(
    table: pd.DataFrame, names: pd.Series, municipality: str, advised: Sequence[str], edges: Sequence[float]
) -> str:
    """The first sentence for who gets scores in steps only: nothing of what is known, and of none that it is equal."""
    if not advised:
        return advise(table, names, municipality, (), 1).sentence
    return _highest(table.assign(suspected=table.index.isin(advised)), names, advised, municipality, edges, exact=False)


def _nothing_to_compare(parks: int, candidates: int) -> str:
    if parks == 1:
        return "Het is het enige terrein; er valt niets te vergelijken."
    if candidates == parks:
        return "Alle terreinen kunnen worden gekozen; er valt niets te vergelijken."
    only = "het enige terrein" if candidates == 1 else f"de enige {candidates} terreinen"
    verb = "Dit is" if candidates == 1 else "Dit zijn"
    return f"{verb} {only} met een ingevulde aanwijzing; er valt niets te vergelijken."


def _possible(table: pd.DataFrame, advised: Sequence[str]) -> tuple[str, ...]:
    """The other parks that could still come above an advised one, those that could come highest first."""
    others = table.drop(index=list(advised))
    able = others[others["high"] > table.loc[list(advised), "low"].min() + LEVEL]
    return tuple(able.sort_values("high", ascending=False, kind="stable").index)


def _highest(
    table: pd.DataFrame,
    names: pd.Series,
    advised: Sequence[str],
    municipality: str,
    edges: Sequence[float],
    *,
    exact: bool = True,
) -> str:
    """Which park or parks score highest, how much of it is estimated, and between which bounds."""
    rows = table.to_dict("index")
    described = [f"{names[park]} ({figures(rows[park], edges)})" for park in advised]
    lowest = min(rows[park]["score"] for park in advised) + (-LEVEL if exact else LEVEL)
    # A park without an indication may score as high; it is not advised, and the score is not the highest of all.
    of = " van de terreinen met een aanwijzing" if (~table["suspected"] & (table["score"] > lowest)).any() else ""
    if len(advised) == 1:
        return f"In {municipality} heeft {described[0]} de hoogste risicoscore{of}."
    scores = table.loc[list(advised), "score"]
    if exact and scores.max() - scores.min() <= LEVEL:
        others = int((table["suspected"] if of else table["score"].notna()).sum()) - len(advised)
        than = f", hoger dan {'het andere terrein' if others == 1 else 'de andere terreinen'}" if others else ""
        verb = f"scoren even hoog{than}{' met een aanwijzing' if of and others else ''}"
    else:
        verb = f"hebben de hoogste risicoscores{of}"
    return f"In {municipality} {verb}: {listing(described)}."


def figures(row: Mapping[Hashable, Any], edges: Sequence[float]) -> str:
    """A score as it is told: how much of it is estimated, what is not known, and what is possible.

    No figure is rounded across one of the `edges`. What the reader may not know is not in the row, and is not told.
    """
    told = f"{points(row['score'], edges)} van 100"
    unknown = row.get("unknown")
    if unknown:
        part = f"waarvan {number(row['estimated'], 1)} geschat"
        if row["mostly_estimated"]:
            part = f"grotendeels geschat, {number(row['estimated'], 1)} punten daarvan"
        verb = "is" if unknown == 1 else "zijn"
        told += f", {part}: {number(unknown)} van de {number(row['asked'])} vragen {verb} bij geen enkele partij bekend"
    low, high = (points(row.get(name), edges) for name in ("low", "high"))
    if low != high:
        told += f"; mogelijk tussen {low} en {high}, als wat is ingevuld klopt"
    return told


def _unknown(names: pd.Series, contenders: Sequence[str], advised: int, *, some: bool) -> str:
    """Whether what is unknown could change the order, in the extreme; `some`: of parks without an indication it may."""
    higher = "hoger uitkomen" if advised == 1 else "hoger uitkomen dan één daarvan"
    if not contenders:
        other = "ander terrein met een aanwijzing" if some else "ander terrein"
        return f"Wat nu nog onbekend is, verandert dat niet: geen {other} kan {higher}."
    verb = "kan" if len(contenders) == 1 else "kunnen"
    named = _named(names, contenders, "ander terrein", "andere terreinen")
    return f"Dat staat niet vast: zolang een deel onbekend is, {verb} in het uiterste geval ook {named} {higher}."


def sure_sentence(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """In how many of the recalculations this comes out, and what comes out otherwise."""
    n = len(advised)
    what = "staat dit terrein bovenaan" if n == 1 else f"staan precies deze {n} terreinen bovenaan"
    first = f"In {of_hundred(sure.share, sure.draws)} met andere verdedigbare keuzes {what}."
    if set(sure.favourites) != set(advised):
        return f"{first} {_other_favourite(sure, names, advised)}"
    if sure.grade == "clear":
        return first
    others = [(park, share) for park, share in zip(sure.leading, sure.shares, strict=True) if park not in advised]
    besides = ""
    if others:
        park, share = others[0]
        besides = f" Daarnaast komt {names[park]} het vaakst bovenaan, in {of_hundred(share, sure.draws)}."
    if sure.grade == "likely":
        return f"{first} Dat is waarschijnlijk, niet zeker.{besides}"
    least = min(sure.share_of(park) for park in advised)
    if not others or others[0][1] < least / 2:
        usual = "Dat is meestal zo" if sure.share > 0.5 else "Geen ander terrein staat vaker bovenaan"
        return f"{first} {usual}, maar zeker is het niet.{besides}"
    return f"{first} {_not_apart(sure, names, n)}"


def _other_favourite(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """The highest total is not what the recalculations favour: both are named, and the choice that makes it."""

    def often(parks: Sequence[str]) -> str:
        shares = [(park, sure.share_of(park)) for park in parks]
        return listing(f"{names[park]} (in {of_hundred(share, sure.draws)})" for park, share in shares)

    rest = [park for park in sure.favourites if park not in advised]
    behind = [park for park in advised if park not in sure.favourites]
    more, less = min(sure.share_of(park) for park in rest), max(sure.share_of(park) for park in behind)
    # What is printed as the same number is not called more.
    often_as = "Even vaak" if of_hundred(more, sure.draws) == of_hundred(less, sure.draws) else "Vaker"
    verb = "komt" if len(rest) == 1 else "komen"
    than = "" if len(advised) == 1 else f" {'als' if often_as == 'Even vaak' else 'dan'} {often(behind)}"
    near = " Deze terreinen zijn niet goed te onderscheiden." if less >= more / 2 else ""
    driver = f" Het verschil zit vooral in {CHOICES[sure.driver]}." if sure.driver else ""
    return f"{often_as} {verb} {often(rest)} bovenaan{than}.{near}{driver}"


def _not_apart(sure: Sureness, names: pd.Series, advised: int) -> str:
    """The smallest set of parks that together come first nearly always."""
    named = _named(names, sure.leading, "ander", "andere", most=2 * NAMED)
    share = min(1.0, round(sum(sure.shares) / advised, 9))
    if advised == 1:
        return (
            f"Niet goed te onderscheiden zijn {named}: in {of_hundred(share, sure.draws)} staat een daarvan bovenaan."
        )
    # With more seats than one the shares add up to seats, not to recalculations.
    seats = "meer dan 99%" if 0.995 <= share < 1 else percent(share)
    return f"Niet goed te onderscheiden zijn {named}: samen bezetten zij {seats} van de hoogste {advised} plaatsen."


def _named(names: pd.Series, parks: Sequence[str], one: str, many: str, most: int = NAMED) -> str:
    """The first parks by name, and how many more there are."""
    named = [str(names[park]) for park in parks[:most]]
    rest = len(parks) - len(named)
    return listing([*named, count(rest, one, many)] if rest else named)


def grade_sentence(grade: str | None, advised: int) -> str:
    """How sure it is without a figure, for who may not see what the figures are made of."""
    if grade not in _GRADES:
        return ""
    what = "staat dit terrein" if advised == 1 else f"staan precies deze {advised} terreinen"
    return _GRADES[grade].format(what)


def of_hundred(share: float, draws: int) -> str:
    """A share as a count of the hundred; never 0 or 100 unless it is."""
    if draws == 1:
        return "de enige doorrekening" if share >= 1 else "geen enkele doorrekening"
    if share >= 1:
        return f"alle {number(draws)} doorrekeningen"
    if share <= 0:
        return f"geen van de {number(draws)} doorrekeningen"
    if share >= 0.995:
        return "meer dan 99 van de 100 doorrekeningen"
    if share < 0.005:
        return "minder dan 1 van de 100 doorrekeningen"
    return f"{number(100 * share)} van de 100 doorrekeningen"


def flip_sentences(
    found: Sequence[Flip], names: Mapping[str, str], catalogue: Catalogue, advised: int = 1
) -> Iterator[str]:
    """What would have to be different for each rival to come out; in one sentence where nothing in reach does it."""
    where = "bovenaan" if advised == 1 else "bij de hoogste terreinen"
    for rival in dict.fromkeys(flip.rival for flip in found):
        own = {flip.kind: flip for flip in found if flip.rival == rival}
        if len(own) == 2 and not any(flip.changes for flip in own.values()):
            kept = _kept(own["cells"])
            steps = f"ook {MOST_STEPS} stappen verschil in de oordelen niet{kept}"
            yield f"Geen enkele weging van de groepen brengt {names[rival]} {where}, en {steps}."
        else:
            yield from (_flip_sentence(flip, names, catalogue, where) for flip in own.values())


def _kept(flip: Flip) -> str:
    return "" if flip.exact else " (als de schatting van wat onbekend is gelijk blijft)"


def _flip_sentence(flip: Flip, names: Mapping[str, str], catalogue: Catalogue, where: str) -> str:
    rival = names[flip.rival]
    if flip.kind == "weights":
        if not flip.changes:
            return f"Geen enkele weging van de groepen brengt {rival} {where}."
        changed = [change for change in flip.changes if abs(change.after - change.before) > 1e-6]
        # What differs is not printed as the same.
        digits = 0 if all(percent(one.before) != percent(one.after) for one in changed) else 1
        weights = listing(
            f"{_group(one.code, catalogue)} van {percent(one.before, digits)} naar {percent(one.after, digits)}"
            for one in changed
        )
        return f"{capital(rival)} komt {where} als de weging verandert: {weights}."
    if not flip.changes:
        return f"{capital(rival)} komt niet {where} binnen {MOST_STEPS} stappen verschil in de oordelen{_kept(flip)}."
    steps = round(sum(abs(change.after - change.before) for change in flip.changes))
    cells = listing(
        f"{_cell(str(one.park_id), one.code, names, catalogue)} "
        f"van {level_text(one.before)} naar {level_text(one.after)}"
        for one in flip.changes
    )
    steps_told = ("" if flip.exact else "hooguit ") + count(steps, "stap", "stappen")
    return f"{capital(rival)} komt {where} bij {steps_told} verschil in de oordelen: {cells}."


def _cell(park_id: str, indicator: str, names: Mapping[str, str], catalogue: Catalogue) -> str:
    return f"{names[park_id]}, {within(catalogue.indicator(indicator).name)} ({park_id}, {indicator})"


def _group(code: str, catalogue: Catalogue) -> str:
    return within(next(family.score_name for family in catalogue.families if family.score == code))


def question_sentence(
    question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]
) -> str:
    """What to ask whom, and why it matters."""
    whom = _who_knows(question, catalogue, parties)
    if question.indicator is None:
        park = f"{names[question.park_id]} ({question.park_id})"
        why = "of dit terrein in het advies komt, hangt van meer dan één antwoord af"
        return f"{park}: {why}. Vraag {whom} wat nog open is."
    cell = _cell(question.park_id, question.indicator, names, catalogue)
    often = number(max(1.0, 100 * question.value))
    effect = f"het antwoord verandert gemiddeld in {often} van de 100 doorrekeningen of dit terrein wordt geadviseerd"
    return f"{cell}: niemand weet dit nu. Vraag het {whom}; {effect}."


def short_question(question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]) -> str:
    """What to ask whom, for where there is little room."""
    whom = _who_knows(question, catalogue, parties)
    if question.indicator is None:
        return f"{names[question.park_id]} ({question.park_id}): vraag {whom} wat nog open is."
    return f"{_cell(question.park_id, question.indicator, names, catalogue)}: vraag het {whom}."


def _who_knows(question: Question, catalogue: Catalogue, parties: Sequence[str]) -> str:
    able = parties if question.indicator is None else catalogue.asked_of(question.indicator, parties)
    asked = [f"de {catalogue.party(party).name}" for party in able if question.party in (party, "both")]
    return listing(asked) or "de partij die het kan weten"


def difference_sentence(one: Difference, names: Mapping[str, str], catalogue: Catalogue) -> str:
    """What each party says of a cell, and what agreeing would do."""
    said = listing(f"{catalogue.party(voice.party).name} {voice.level}" for voice in one.voices)
    told = f"{_cell(one.park_id, one.indicator, names, catalogue)}: {said}"
    if one.low is None or one.high is None:
        return f"{told}."
    low, high = (number(100 * share) for share in (one.low, one.high))
    if low == high:
        return f"{told}; voor het advies maakt het geen verschil."
    often = f"in {low} van de 100 doorrekeningen bovenaan, bij het zwaarste in {high}"
    return f"{told}; bij het lichtste oordeel staat het terrein {often}."


def left_out_sentences(found: Sequence[LeftOut], names: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    """Which parks come out without one group or one party; without which of them nothing changes, in one sentence."""
    same = [_without(one, catalogue) for one in found if one.park_ids and not one.changed]
    for one in found:
        if one.changed or not one.park_ids:
            yield _left_out(one, f"Zonder {_without(one, catalogue)}", names)
    if same:
        yield f"Zonder {listing(same, 'of')} blijft het advies hetzelfde."


def _without(one: LeftOut, catalogue: Catalogue) -> str:
    if one.kind == "party":
        return f"de oordelen van de {catalogue.party(one.code).name}"
    return f"de groep {_group(one.code, catalogue)}"


def _left_out(one: LeftOut, without: str, names: Mapping[str, str]) -> str:
    if not one.park_ids:
        return f"{without} is er geen terrein met een aanwijzing."
    verb, where = ("komt", "bovenaan") if len(one.park_ids) == 1 else ("komen", "als hoogste uit")
    first = listing(f"{names[park]} ({park})" for park in one.park_ids)
    missing = listing(names[park] for park in one.without)
    has = "heeft" if len(one.without) == 1 else "hebben"
    return f"{without} {verb} {first} {where}{f'; {missing} {has} dan geen aanwijzing' if missing else ''}."
