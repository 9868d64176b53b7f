"""The advice: which parks score highest, how sure that is, and who may still come out above them.

The tool never selects. A person does, with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.advice.agreement import Difference, differences
from werkbank.advice.flips import Change, Flip, ParkCells, flips
from werkbank.advice.questions import LeftOut, Question, Sureness, left_out, questions, sureness
from werkbank.advice.reasons import Reason, reasons
from werkbank.advice.scorecard import Scorecard, points, rules_of
from werkbank.errors import Finding
from werkbank.matrix import RiskMatrix
from werkbank.scoring.robustness import Robustness
from werkbank.scoring.robustness.drivers import drivers
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.wording import Shown, capital, count, listing, number, percent, points, safe_html, within

__all__ = [
    "grade_sentence",
    "highest_sentence",
    "no_score_sentence",
    "nothing_to_compare_sentence",
    "of_hundred",
    "sure_sentence",
    "unknown_sentence",
    "Advice",
    "Driver",
    "advise",
    "advised_parks",
    "difference_sentence",
    "flip_sentence",
    "left_out_sentence",
    "question_sentence",
    "short_question",
    "conflicts",
    "differences_of",
    "full_advice",
    "reasons_of",
    "unsettled",
]

_GRADES = {
    "clear": "bijna altijd bovenaan",
    "likely": "meestal bovenaan, maar niet altijd",
    "indistinguishable": "niet duidelijk bovenaan: meer terreinen zijn niet goed te onderscheiden",
}
NAMED = 3
"""How many contenders a sentence names before it counts the rest."""


def nothing_to_compare_sentence(parks: int, municipality: str) -> str:
    """What is said when every park can be selected."""
    if parks == 1:
        return f"In {municipality} is maar één terrein; er valt niets te vergelijken."
    return f"In {municipality} kunnen alle {parks} terreinen worden gekozen; er valt niets te vergelijken."


def no_score_sentence(municipality: str) -> str:
    """What is said when no park has a score."""
    return f"Voor {municipality} is geen advies mogelijk: van geen enkel terrein is genoeg bekend voor een score."


def highest_sentence(
    table: pd.DataFrame, names: pd.Series, advised: Sequence[str], municipality: str, edges: Sequence[float] = ()
) -> str:
    """Which park or parks score highest, and between which bounds; no figure is rounded across one of the `edges`."""
    told = table[["score", "low", "high"]].map(lambda value: points(value, edges)).to_dict("index")
    described = [
        f"{names[park]} ({told[park]['score']} van 100, mogelijk tussen {told[park]['low']} en {told[park]['high']})"
        for park in advised
    ]
    if len(advised) == 1:
        return f"In {municipality} heeft {described[0]} de hoogste risicoscore."
    tied = len(set(table.loc[list(advised), "rank"])) == 1
    verb = "scoren even hoog, hoger dan de andere terreinen" if tied else "hebben de hoogste risicoscores"
    return f"In {municipality} {verb}: {listing(described)}."


def unknown_sentence(names: pd.Series, contenders: Sequence[str], advised: int) -> str:
    """Whether what is unknown now could change the order, in the extreme."""
    higher = "hoger uitkomen" if advised == 1 else "hoger uitkomen dan één daarvan"
    if not contenders:
        return f"Wat nu nog onbekend is, verandert dat niet: geen ander terrein kan {higher}."
    verb = "kan" if len(contenders) == 1 else "kunnen"
    named = _named(names, contenders, "ander terrein", "andere terreinen")
    return f"Dat staat niet vast: zolang een deel onbekend is, {verb} in het uiterste geval ook {named} {higher}."


def sure_sentence(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """In how many of the recalculations this comes out, and what comes out otherwise."""
    first = _frequency(sure, len(advised))
    others = [park for park in sure.leading if park not in advised]
    if set(sure.favourites) != set(advised):
        return f"{first} {_other_favourite(sure, names, advised)}"
    if sure.grade == "clear":
        return first
    if sure.grade == "likely":
        return f"{first} Dat is waarschijnlijk, niet zeker.{_otherwise(sure, names, others)}"
    return f"{first} {_not_apart(sure, names, len(advised))}"


def grade_sentence(grade: str | None, advised: int) -> str:
    """How sure it is without a figure, for who may not see what the figures are made of."""
    if grade not in _GRADES:
        return ""
    what = "dit terrein" if advised == 1 else f"precies deze {advised} terreinen"
    verb = "staat" if advised == 1 else "staan"
    return f"Ook met andere verdedigbare keuzes {verb} {what} {_GRADES[grade]}."


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


def _frequency(sure: Sureness, advised: int) -> str:
    what = "staat dit terrein bovenaan" if advised == 1 else f"staan precies deze {advised} terreinen bovenaan"
    return f"In {of_hundred(sure.share, sure.draws)} met andere verdedigbare keuzes {what}."


def _other_favourite(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """The highest total is not what the recalculations favour: both are named."""
    rest = [park for park in sure.favourites if park not in advised]
    shares = dict(zip(sure.leading, sure.shares, strict=True))
    described = [
        f"{names[park]} (in {of_hundred(shares[park], sure.draws)})" if park in shares else str(names[park])
        for park in rest
    ]
    verb = "komt" if len(rest) == 1 else "komen"
    return f"Vaker {verb} {listing(described)} bovenaan. Deze terreinen zijn niet goed te onderscheiden."


def _otherwise(sure: Sureness, names: pd.Series, others: Sequence[str]) -> str:
    if not others:
        return ""
    shares = dict(zip(sure.leading, sure.shares, strict=True))
    return f" Daarnaast komt {names[others[0]]} het vaakst bovenaan, in {of_hundred(shares[others[0]], sure.draws)}."


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


def advised_parks(table: pd.DataFrame, capacity: int) -> tuple[str, ...]:
    """The `capacity` parks with the highest totals, highest first; parks tied at the edge are all in.

    Parks without a score are never advised.
    """
    chosen = table[(table["rank"] <= capacity).fillna(False).astype(bool)]
    return tuple(chosen.sort_values("rank", kind="stable").index)


def advise(  # noqa: PLR0913 - what it rests on, each by name
    table: pd.DataFrame,
    names: pd.Series,
    capacity: int,
    municipality: str,
    *,
    edges: Sequence[float] = (),
    sure: Sureness | None = None,
    flips: tuple[Flip, ...] = (),
    questions: tuple[Question, ...] = (),
    drivers: tuple[Driver, ...] = (),
    left_out: tuple[LeftOut, ...] = (),
) -> Advice:
    """The advice for one municipality from its parks' `score, low, high, rank`; `names` by park id.

    Without `sure` the sentence rests on the bounds alone. Parks without a score may be contenders. `edges` are the
    scores across which no figure in the sentence is rounded (`Method.edges`).
    """
    advised = advised_parks(table, capacity)
    if len(table) <= capacity:
        return Advice(advised, "no_comparison", nothing_to_compare_sentence(len(table), municipality), ())
    possible = _possible(table, advised)
    if not advised:
        return Advice((), "no_comparison", no_score_sentence(municipality), possible)
    first = highest_sentence(table, names, advised, municipality, edges)
    if sure is None:
        sentence = f"{first} {unknown_sentence(names, possible, len(advised))}"
        return Advice(advised, None, sentence, possible, None, flips, questions, drivers, left_out)
    contenders = tuple(park for park in sure.leading if park not in advised)
    sentence = f"{first} {sure_sentence(sure, names, advised)}"
    return Advice(advised, sure.grade, sentence, contenders, sure, flips, questions, drivers, left_out)


def _possible(table: pd.DataFrame, advised: Sequence[str]) -> tuple[str, ...]:
    """The other parks that could still come above an advised one, those that could come highest first."""
    if not advised:
        return ()
    others = table.drop(index=list(advised))
    able = others[others["high"] > table.loc[list(advised), "low"].min()]
    return tuple(able.sort_values("high", ascending=False, kind="stable").index)


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


def full_advice(  # noqa: PLR0913 - what it rests on, each by name
    matrix: RiskMatrix,
    scorecard: Scorecard,
    found: Robustness,
    *,
    cells: Sequence[ParkCells],
    names: pd.Series,
    municipality: str,
    catalogue: Catalogue,
    method: Method,
    parties: Sequence[str],
    capacity: int,
) -> Advice:
    """The advice for one municipality with everything that is known of its sureness (method.md 7).

    `cells`: what `park_cells` made of the scorecard.
    """
    advised = advised_parks(scorecard.table, capacity)
    if not advised or len(scorecard.table) <= capacity:
        return advise(scorecard.table, names, capacity, municipality)
    # With nothing drawn anew every recalculation is the same one: that makes nothing sure.
    sure = sureness(found, advised) if found.plan.nominal.uncertainty.switched_on else None
    best_judge = {indicator.id: indicator.best_judge for indicator in catalogue.indicators}
    return advise(
        scorecard.table,
        names,
        capacity,
        municipality,
        edges=method.edges,
        sure=sure,
        flips=flips(cells, advised, _rivals(scorecard, found, advised)),
        questions=questions(found, advised, best_judge),
        drivers=tuple(
            Driver(str(choice), _known(row["first"]), _known(row["total"]))
            for choice, row in drivers(found, advised).to_dict("index").items()
        ),
        left_out=left_out(matrix, scorecard, catalogue, method, parties, advised),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def differences_of(
    matrix: RiskMatrix,
    scorecard: Scorecard,
    cells: Sequence[ParkCells],
    parties: Sequence[str],
    advised: Sequence[str],
) -> tuple[Difference, ...]:
    """The cells on which the parties differ, sorted by what settling them would do to the advice."""
    levels = {party: matrix.levels(party) for party in parties}
    return differences(levels, cells, scorecard.risk.total, advised)


def _rivals(scorecard: Scorecard, found: Robustness, advised: Sequence[str]) -> list[str]:
    """The other parks with a score, those most often among the first first, then by score."""
    among, total = found.p_top(len(advised)), scorecard.risk.total
    others = [str(park) for park in total.index[total.notna()] if park not in advised]
    return sorted(others, key=lambda park: (-among[park], -total[park], park))


def conflicts(scorecard: Scorecard) -> Iterator[Finding]:
    """A finding for every cell that one party calls not applicable and another judges."""
    for park, indicator in dict.fromkeys((park, indicator) for park, indicator, _ in scorecard.combined.conflicts):
        yield Finding(
            rule="not-applicable-beside-level",
            severity="warning",
            park_id=str(park),
            indicator=str(indicator),
            found=f"{park}, {indicator}: de ene partij zegt “n.v.t.”, de andere geeft een niveau",
            allowed="van alle partijen een niveau, of van alle “n.v.t.”",
            remedy="bespreek het verschil; tot dan telt het niveau",
        )


def unsettled(catalogue: Catalogue, method: Method) -> Iterator[Finding]:
    """A finding for every family of which the meeting's outcome is to count, as long as none is recorded."""
    chosen, until_then = method.combination.model_dump(), Method().combination.model_dump()
    for family in catalogue.families:
        if chosen[family.id] == "consensus":
            yield Finding(
                rule="no-consensus-recorded",
                severity="warning",
                found=f"{within(family.name)}: de uitkomst van het overleg zou tellen, maar er is er geen vastgelegd; "
                f"{_UNTIL_THEN[until_then[family.id]]}",
                allowed="een vastgelegde uitkomst, of een andere manier van samenvoegen",
                remedy="pas na het overleg de oordelen in de werkmappen aan, of kies bij combination een andere manier",
            )


_UNTIL_THEN = {"maximum": "tot dan telt het hoogste oordeel", "mean": "tot dan telt het gemiddelde van de partijen"}


def reasons_of(
    matrix: RiskMatrix, scorecard: Scorecard, catalogue: Catalogue, method: Method, parties: Sequence[str]
) -> tuple[Reason, ...]:
    """The cells that contribute most to each park's score, with who says what."""
    levels = {party: matrix.levels(party) for party in parties}
    return reasons(
        scorecard.risk.contributions[list(matrix.indicators)],
        {party: points(table, catalogue) for party, table in levels.items()},
        levels,
        rules_of(catalogue, method),
    )
