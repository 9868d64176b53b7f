"""The advice: which parks score highest, how sure that is, and who may still come out above them.

The tool never selects. A person does, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.advice.flips import Flip
from werkbank.advice.left_out import LeftOut
from werkbank.advice.questions import Question
from werkbank.advice.sentences import (
    highest_sentence,
    no_score_sentence,
    nothing_to_compare_sentence,
    sure_sentence,
    unknown_sentence,
)
from werkbank.advice.sureness import Sureness
from werkbank.wording import Shown, safe_html

__all__ = ["Advice", "Driver", "advise", "advised_parks"]


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
