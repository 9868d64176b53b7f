"""The advice, in plain Dutch: which parks score highest, how sure that is, and what may still change it.

The tool never selects: a person does, with a reason. No sentence says more than its figures, and every one about a cell
names it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from werkbank.advice.agreement import Difference
from werkbank.advice.flips import MOST_STEPS, Change, Flip, ParkCells, flips
from werkbank.advice.questions import LeftOut, Question, Sureness, left_out, questions, sureness
from werkbank.advice.reasons import level_text
from werkbank.advice.scorecard import Scorecard, best_judges
from werkbank.scoring.robustness import Robustness
from werkbank.scoring.sobol import drivers
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import Shown, capital, count, listing, number, percent, points, safe_html, within

__all__ = [
    "Advice", "Driver", "advise", "advised_parks", "difference_sentence", "flip_sentence", "full_advice",
    "grade_sentence", "left_out_sentence", "of_hundred", "question_sentence", "short_question", "sure_sentence",
]  # fmt: skip

NAMED = 3
"""How many contenders a sentence names before it counts the rest."""
_GRADES = {
    "clear": "bijna altijd bovenaan",
    "likely": "meestal bovenaan, maar niet altijd",
    "indistinguishable": "niet duidelijk bovenaan: meer terreinen zijn niet goed te onderscheiden",
}


@dataclass(frozen=True, slots=True)
class Driver:
    """How much one choice drives how far ahead the advised parks are: Sobol indices, alone and with other choices."""

    choice: str
    first: float | None
    total: float | None


@dataclass(frozen=True, slots=True)
class Advice(Shown):
    """The parks with the highest totals, how sure that is, and what would change it.

    `grade` is clear, likely or indistinguishable by the recalculations (`sureness`), `no_comparison` when there is
    nothing to choose, None when nothing was recalculated. `contenders` are the parks outside the advised set that may
    come out above it: by the recalculations those that are named with it, else those whose upper bound lies above the
    lowest lower bound within it. `sentence` is Dutch. `flips` are what would turn it around, `questions` what to find
    out first, `drivers` which choices matter most, `left_out` what comes out without one group or one party.
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
    scorecard: Scorecard,
    found: Robustness,
    cells: Sequence[ParkCells],
    *,
    names: pd.Series,
    municipality: str,
    capacity: int,
) -> Advice:
    """The advice for one municipality with everything that is known of its sureness (method.md 7).

    `cells`: what `park_cells` made of the scorecard; `names` by park id.
    """
    table, edges = scorecard.table, scorecard.method.edges
    advised = advised_parks(table, capacity)
    if not advised or len(table) <= capacity:
        return advise(table, names, capacity, municipality)
    # With nothing drawn anew every recalculation is the same one: that makes nothing sure.
    sure = sureness(found, advised) if found.switched_on else None
    return replace(
        advise(table, names, capacity, municipality, edges=edges, sure=sure),
        flips=flips(cells, advised, _rivals(scorecard, found, advised)),
        questions=questions(found, advised, best_judges(scorecard.catalogue)),
        drivers=tuple(
            Driver(str(choice), *(None if math.isnan(share) else float(share) for share in (first, total)))
            for choice, first, total in drivers(found, advised).itertuples()
        ),
        left_out=left_out(scorecard, advised),
    )


def _rivals(scorecard: Scorecard, found: Robustness, advised: Sequence[str]) -> list[str]:
    """The other parks with a score, those most often among the first first, then by score."""
    among, total = found.p_top(len(advised)), scorecard.risk.total
    others = [str(park) for park in total.index[total.notna()] if park not in advised]
    return sorted(others, key=lambda park: (-among[park], -total[park], park))


def advised_parks(table: pd.DataFrame, capacity: int) -> tuple[str, ...]:
    """The `capacity` parks with the highest totals, highest first; parks tied at the edge are all in.

    Parks without a score are never advised.
    """
    chosen = table[(table["rank"] <= capacity).fillna(False).astype(bool)]
    return tuple(chosen.sort_values("rank", kind="stable").index)


def advise(
    table: pd.DataFrame,
    names: pd.Series,
    capacity: int,
    municipality: str,
    *,
    edges: Sequence[float] = (),
    sure: Sureness | None = None,
) -> Advice:
    """The advice for one municipality from its parks' `score, low, high, rank`; `names` by park id.

    Without `sure` the sentence rests on the bounds alone. Parks without a score may be contenders. `edges` are the
    scores across which no figure in the sentence is rounded (`Method.edges`).
    """
    advised = advised_parks(table, capacity)
    if len(table) <= capacity:
        what = "is maar één terrein" if len(table) == 1 else f"kunnen alle {len(table)} terreinen worden gekozen"
        return Advice(advised, "no_comparison", f"In {municipality} {what}; er valt niets te vergelijken.", ())
    if not advised:
        why = "van geen enkel terrein is genoeg bekend voor een score"
        return Advice((), "no_comparison", f"Voor {municipality} is geen advies mogelijk: {why}.", ())
    possible = _possible(table, advised)
    first = _highest(table, names, advised, municipality, edges)
    if sure is None:
        return Advice(advised, None, f"{first} {_unknown(names, possible, len(advised))}", possible)
    contenders = tuple(park for park in sure.leading if park not in advised)
    return Advice(advised, sure.grade, f"{first} {sure_sentence(sure, names, advised)}", contenders, sure)


def _possible(table: pd.DataFrame, advised: Sequence[str]) -> tuple[str, ...]:
    """The other parks that could still come above an advised one, those that could come highest first."""
    others = table.drop(index=list(advised))
    able = others[others["high"] > table.loc[list(advised), "low"].min()]
    return tuple(able.sort_values("high", ascending=False, kind="stable").index)


def _highest(
    table: pd.DataFrame, names: pd.Series, advised: Sequence[str], municipality: str, edges: Sequence[float]
) -> str:
    """Which park or parks score highest, and between which bounds; no figure is rounded across one of the `edges`."""
    figures = table[["score", "low", "high"]].map(lambda value: points(value, edges)).to_dict("index")
    bounds = "{score} van 100, mogelijk tussen {low} en {high}"
    described = [f"{names[park]} ({bounds.format_map(figures[park])})" for park in advised]
    if len(advised) == 1:
        return f"In {municipality} heeft {described[0]} de hoogste risicoscore."
    tied = len(set(table.loc[list(advised), "rank"])) == 1
    verb = "scoren even hoog, hoger dan de andere terreinen" if tied else "hebben de hoogste risicoscores"
    return f"In {municipality} {verb}: {listing(described)}."


def _unknown(names: pd.Series, contenders: Sequence[str], advised: int) -> str:
    """Whether what is unknown now could change the order, in the extreme."""
    higher = "hoger uitkomen" if advised == 1 else "hoger uitkomen dan één daarvan"
    if not contenders:
        return f"Wat nu nog onbekend is, verandert dat niet: geen ander terrein kan {higher}."
    verb = "kan" if len(contenders) == 1 else "kunnen"
    named = _named(names, contenders, "ander terrein", "andere terreinen")
    return f"Dat staat niet vast: zolang een deel onbekend is, {verb} in het uiterste geval ook {named} {higher}."


def sure_sentence(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """In how many of the recalculations this comes out, and what comes out otherwise."""
    n = len(advised)
    what = "staat dit terrein bovenaan" if n == 1 else f"staan precies deze {n} terreinen bovenaan"
    first = f"In {of_hundred(sure.share, sure.draws)} met andere verdedigbare keuzes {what}."
    share_of = {park: of_hundred(share, sure.draws) for park, share in zip(sure.leading, sure.shares, strict=True)}
    if set(sure.favourites) != set(advised):
        # The highest total is not what the recalculations favour: both are named.
        rest = [park for park in sure.favourites if park not in advised]
        described = [f"{names[park]} (in {share_of[park]})" if park in share_of else str(names[park]) for park in rest]
        verb = "komt" if len(rest) == 1 else "komen"
        more = f"Vaker {verb} {listing(described)} bovenaan. Deze terreinen zijn niet goed te onderscheiden."
        return f"{first} {more}"
    if sure.grade == "clear":
        return first
    if sure.grade == "likely":
        other = next((park for park in sure.leading if park not in advised), None)
        besides = "" if other is None else f" Daarnaast komt {names[other]} het vaakst bovenaan, in {share_of[other]}."
        return f"{first} Dat is waarschijnlijk, niet zeker.{besides}"
    return f"{first} {_not_apart(sure, names, n)}"


def _not_apart(sure: Sureness, names: pd.Series, advised: int) -> str:
    """The smallest set of parks that together come first nearly always."""
    named = _named(names, sure.leading, "ander", "andere", most=2 * NAMED)
    share = min(1.0, sum(sure.shares) / advised)
    if advised == 1:
        return f"Niet goed te onderscheiden zijn {named}: in {of_hundred(share, sure.draws)} is één van deze bovenaan."
    # With more seats than one the shares add up to seats, not to recalculations.
    seats = "meer dan 99%" if 0.995 < share < 1 else percent(share)
    return f"Niet goed te onderscheiden zijn {named}: samen hebben zij {seats} van de hoogste {advised} plaatsen."


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
    return f"Ook met andere verdedigbare keuzes {what} {_GRADES[grade]}."


def of_hundred(share: float, draws: int) -> str:
    """A share as a count of the hundred; never 0 or 100 unless it is."""
    if draws == 1:
        return "de enige doorrekening" if share >= 1 else "geen enkele doorrekening"
    if share >= 1:
        return f"alle {number(draws)} doorrekeningen"
    if share <= 0:
        return f"geen van de {number(draws)} doorrekeningen"
    if share > 0.995:
        return "meer dan 99 van de 100 doorrekeningen"
    if share < 0.005:
        return "minder dan 1 van de 100 doorrekeningen"
    return f"{number(100 * share)} van de 100 doorrekeningen"


def flip_sentence(flip: Flip, names: Mapping[str, str], catalogue: Catalogue, advised: int = 1) -> str:
    """What would have to be different for the rival to come out."""
    where, rival = "bovenaan" if advised == 1 else "bij de hoogste terreinen", names[flip.rival]
    if flip.kind == "weights":
        if not flip.changes:
            return f"Geen enkele weging van de groepen brengt {rival} {where}."
        changed = [change for change in flip.changes if abs(change.after - change.before) > 1e-6]
        weights = listing(
            f"{_group(one.code, catalogue)} van {number(100 * one.before)}% naar {number(100 * one.after)}%"
            for one in changed
        )
        return f"{rival} komt {where} als de weging verandert: {weights}."
    if not flip.changes:
        return f"{capital(rival)} komt niet {where} binnen {MOST_STEPS} stappen verschil in de oordelen."
    steps = round(sum(abs(change.after - change.before) for change in flip.changes))
    cells = listing(_changed_cell(change, names) for change in flip.changes)
    return f"{rival} komt {where} bij {count(steps, 'stap', 'stappen')} verschil in de oordelen: {cells}."


def _changed_cell(change: Change, names: Mapping[str, str]) -> str:
    park = str(change.park_id)
    levels = f"van {level_text(change.before)} naar {level_text(change.after)}"
    return f"{names[park]} {levels} ({park}, {change.code})"


def _cell(park_id: str, indicator: str, names: Mapping[str, str], catalogue: Catalogue) -> str:
    return f"{names[park_id]}, {within(catalogue.indicator(indicator).name)} ({park_id}, {indicator})"


def _group(code: str, catalogue: Catalogue) -> str:
    return within(next(family.score_name for family in catalogue.families if family.score == code))


def question_sentence(
    question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]
) -> str:
    """What to ask whom, and why it matters."""
    cell = _cell(question.park_id, question.indicator, names, catalogue)
    often = number(max(1.0, 100 * question.value))
    effect = f"het antwoord verandert de uitkomst gemiddeld in {often} van de 100 doorrekeningen"
    return f"{cell}: niemand weet dit nu. Vraag het {_who_knows(question, catalogue, parties)}; {effect}."


def short_question(question: Question, names: Mapping[str, str], catalogue: Catalogue, parties: Sequence[str]) -> str:
    """What to ask whom, for where there is little room."""
    cell = _cell(question.park_id, question.indicator, names, catalogue)
    return f"{cell}: vraag het {_who_knows(question, catalogue, parties)}."


def _who_knows(question: Question, catalogue: Catalogue, parties: Sequence[str]) -> str:
    asked = [f"de {catalogue.party(party).name}" for party in parties if question.party in (party, "both")]
    return listing(asked) or "de partij die het kan weten"


def difference_sentence(one: Difference, names: Mapping[str, str], catalogue: Catalogue) -> str:
    """What each party says of a cell, and what agreeing would do."""
    said = listing(f"{catalogue.party(voice.party).name} {voice.level}" for voice in one.voices)
    reach = (
        f"de score ligt dan tussen {number(one.low, 1)} en {number(one.high, 1)}"
        if one.effect > 0
        else "de score verandert er niet door"
    )
    turns = "; dat kan het advies veranderen" if one.turns else ""
    return f"{_cell(one.park_id, one.indicator, names, catalogue)}: {said}; {reach}{turns}."


def left_out_sentence(one: LeftOut, names: Mapping[str, str], catalogue: Catalogue) -> str:
    """Which parks come out without one group or one party."""
    party = one.kind == "party"
    of = f"oordelen van de {catalogue.party(one.code).name}" if party else f"groep {_group(one.code, catalogue)}"
    without = f"Zonder de {of}"
    if not one.park_ids:
        return f"{without} is van geen enkel terrein genoeg bekend voor een score."
    if not one.changed:
        return f"{without} blijft het advies hetzelfde."
    verb, where = ("komt", "bovenaan") if len(one.park_ids) == 1 else ("komen", "als hoogste uit")
    first = listing(f"{names[park]} ({park})" for park in one.park_ids)
    missing = listing(names[park] for park in one.without_score)
    has = "heeft" if len(one.without_score) == 1 else "hebben"
    return f"{without} {verb} {first} {where}{f'; {missing} {has} dan geen score' if missing else ''}."
