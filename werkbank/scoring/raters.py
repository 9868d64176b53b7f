"""How severely and how precisely people judge what all of them judged, and which party's scale moved since.

Answers are raters × lines in steps of a scale, NaN = no answer: the index has the levels `party` and `rater`, the
columns the levels `park` and `line`. Intervals hold `SHARE`, by Student's t and by chi-square. None of this may enter a
score: scoring by vignettes raises agreement even on random data (von Davier and others 2017).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.scoring.tables import number_table, refuse

SHARE: Final = 0.95


def by_rater(answers: pd.DataFrame) -> pd.DataFrame:
    """Severity and imprecision of every rater with their intervals (low, high), and the lines they rest on.

    Severity: the mean difference from the mean answer of the whole group, the rater included. Imprecision: the standard
    deviation of what is left, over √(1 - 1/k) where k answered, for the rater is one of them. A line that one person
    answered counts for nobody. NaN for who has fewer than two lines. ScoringError for a table that is none.
    """
    table = _numbers(answers)
    table = table.loc[:, table.notna().sum() > 1]
    apart = table - table.mean()
    severity, lines = apart.mean(axis=1), apart.notna().sum(axis=1)
    squares = (apart.sub(severity, axis=0) ** 2 / (1 - 1 / table.notna().sum())).sum(axis=1)
    return _told(severity, _t(lines - 1) * apart.std(axis=1) / np.sqrt(lines), squares, lines - 1).assign(lines=lines)


def by_party(answers: pd.DataFrame) -> pd.DataFrame:
    """Severity and imprecision of every party with their intervals, and its raters.

    Severity is the mean of its raters'; its interval rests on how far raters of one party lie apart, pooled over the
    parties. Imprecision is that of its raters together, the severity of each left out.
    """
    own = by_rater(answers)
    free = (own["lines"] - 1).clip(lower=0)
    sums = pd.DataFrame({"free": free, "squares": own["imprecision"] ** 2 * free}).groupby(level="party").sum()
    # Apart from the mean of all N, the mean of n varies by 1/n - 1/N.
    means = _party_means(own["severity"], less=1 / max(1, own["severity"].count()))
    return _told(means["mean"], means["half"], sums["squares"], sums["free"]).assign(raters=means["raters"])


def drift(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """How far every party moved between two rounds of the same lines: change, low, high, raters, and whether raised.

    Only raters and lines of both rounds count, each rater equally. The lines stayed what they were, so both rounds are
    held against what the group said in the first: then the others do not seem to move the other way. The interval
    rests on how far raters of one party moved apart, pooled over the parties. Raised where it excludes 0.
    """
    moved = (_numbers(after) - _numbers(before)).mean(axis=1).dropna()
    means = _party_means(moved)
    low, high = means["mean"] - means["half"], means["mean"] + means["half"]
    told = pd.DataFrame({"change": means["mean"], "low": low, "high": high, "raters": means["raters"]})
    return told.assign(raised=(low > 0) | (high < 0))


def misordered(answers: pd.DataFrame, described: pd.Series) -> dict[Any, list[tuple[str, str]]]:
    """Who does not put a park above one that is described as lighter: per rater these pairs, the heavier first.

    `described`: the level that every line is meant to have. Parks are compared by the mean of what the rater answered.
    """
    meant = answers.notna().mul(described, axis=1).where(answers.notna())
    said, weight = (table.T.groupby(level="park").mean() for table in (answers, meant))
    wrong = {
        (one, other): (weight.loc[one] > weight.loc[other]) & (said.loc[one] <= said.loc[other])
        for one in said.index
        for other in said.index
    }
    return {who: found for who in answers.index if (found := [pair for pair, is_so in wrong.items() if is_so[who]])}


def _numbers(answers: pd.DataFrame) -> pd.DataFrame:
    table, faults = number_table(answers, "de antwoorden")
    refuse("Deze antwoorden zijn niet te vergelijken.", faults)
    return table


def _party_means(values: pd.Series, less: float = 0.0) -> pd.DataFrame:
    """The mean of every party's raters, how many they are, and half the interval's width: NaN with one per party."""
    groups = values.dropna().groupby(level="party")
    means, raters = groups.mean(), groups.count()
    free = (raters - 1).sum()
    variance = (groups.var().fillna(0) * (raters - 1)).sum() / (free or np.nan)
    half = np.sqrt(variance * (1 / raters - less)) * _t(pd.Series(free, means.index))
    return pd.DataFrame({"mean": means, "raters": raters, "half": half})


def _told(severity: pd.Series, half: pd.Series, squares: pd.Series, free: pd.Series) -> pd.DataFrame:
    from scipy.special import chdtri  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    known = free.where(free > 0).astype(float)
    told = {"severity": severity, "severity_low": severity - half, "severity_high": severity + half}
    told["imprecision"] = np.sqrt(squares / known)
    for name, above in (("low", (1 - SHARE) / 2), ("high", (1 + SHARE) / 2)):
        told[f"imprecision_{name}"] = np.sqrt(squares / chdtri(known, above))
    return pd.DataFrame(told)


def _t(free: pd.Series) -> pd.Series:
    from scipy.special import stdtrit  # noqa: PLC0415 - as above

    return pd.Series(stdtrit(free.where(free > 0).astype(float), (1 + SHARE) / 2), index=free.index)
