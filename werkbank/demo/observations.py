"""What the two parties see of the planted truth: each a part of it, not always the same, and sometimes a step off.

Who sees what follows the indicator's best judge. A cell that is not seen is `unknown`, never 0; some cells do not
apply, a few are left open. In every next round more is known and some cells are judged differently. Remarks are
neutral, and never about anyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.demo.truth import DISTRICT, FIRST, ROUNDS, Floats, Levels, Mask, Truth, kinds
from werkbank.matrix import layout
from werkbank.settings.catalogue import Catalogue

Texts = np.ndarray[Any, np.dtype[np.object_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]

REMARKS: Final[dict[str, list[str]]] = DISTRICT["remarks"]
# Family → chance that a cell above 0 carries a source strength with a date, and a remark.
_CARRIES: Final = {"threat": (0.85, 0.40), "opportunity": (0.12, 0.08), "resilience": (0.06, 0.06)}
# Chance of A, and of A or B, for a level low, in the middle and at the top of its scale: frequent is better sourced.
_STRENGTHS: Final = np.array([(0.08, 0.55), (0.35, 0.80), (0.60, 0.92)])
_WORKING_DAYS: Final = 140


def explain(frame: pd.DataFrame, round_name: str, catalogue: Catalogue, rng: np.random.Generator) -> pd.DataFrame:
    """The judgements with remark, source_strength and date filled in where a party would do so."""
    families = dict(zip(catalogue.indicator_ids, kinds(catalogue), strict=True))
    tops = {each.id: catalogue.scale_of(each.id).highest for each in catalogue.indicators}
    family = frame["indicator"].map(families).to_numpy(dtype=object)
    level = frame["level"].fillna(0).to_numpy(dtype=float)
    height = level / frame["indicator"].map(tops).to_numpy(dtype=float)
    chance = np.array([_CARRIES[each] for each in family])
    carried = (rng.random(chance.shape) < chance) & (level[:, None] > 0)
    strength = np.where(carried[:, 0], _strengths(height, rng), "")
    date = np.where(carried[:, 0], _days(round_name, len(frame), rng), np.datetime64("NaT", "D"))
    remark = np.where(carried[:, 1], _remarks(family, rng), "")
    explained = frame.assign(remark=remark, source_strength=strength, date=date)
    return explained.astype({"remark": "str", "source_strength": "str", "date": "datetime64[s]"})


def _strengths(height: Floats, rng: np.random.Generator) -> Texts:
    band = np.searchsorted([0.34, 0.67], height)
    luck = rng.random(len(height))
    which = (luck[:, None] > _STRENGTHS[band]).sum(axis=1)
    return np.asarray(np.array(layout.SOURCE_STRENGTHS, dtype=object)[which])


def _days(round_name: str, count: int, rng: np.random.Generator) -> Days:
    """Working days in the months before the round closes, which is at the end of its January."""
    closing = np.datetime64(f"{round_name[:4]}-01-31")
    return np.busday_offset(closing, -rng.integers(0, _WORKING_DAYS, count), roll="backward")


def _remarks(family: Texts, rng: np.random.Generator) -> Texts:
    luck = rng.random(len(family))
    return np.array(
        [REMARKS[each][int(at * len(REMARKS[each]))] for each, at in zip(family, luck, strict=True)], object
    )


PARTIES: Final = ("police", "municipality")
"""Who judges in the example when nobody is named. They are drawn first: who joins does not change what they say."""


# (family, whose view it is best seen from: own, shared, other) → chance that a party has a view.
_KNOWS: Final = {
    ("threat", "own"): 0.92, ("threat", "shared"): 0.82, ("threat", "other"): 0.30,
    ("opportunity", "own"): 0.95, ("opportunity", "shared"): 0.82, ("opportunity", "other"): 0.35,
    ("resilience", "own"): 0.95, ("resilience", "shared"): 0.80, ("resilience", "other"): 0.30,
}  # fmt: skip
_PARK_SPREAD: Final = 0.5
"""How much parks differ in how well they are known, on the scale of the log-odds."""
_BLIND: Final = -3.3
_LEARNED: Final = 0.3
_FORGOTTEN: Final = 0.05
_REJUDGED: Final = 0.12
_LESS_KNOWN: Final = 2.0
"""How much less was known in the first round of the parks of which it is planted, on the same scale."""
_OPEN: Final = 0.007
_SAYS_NOT_APPLICABLE: Final = 0.85
# Best judge or not → chance of a step too low, of a step too high, and of seeing nothing where there is something.
_ERRORS: Final = {True: (0.08, 0.04, 0.0), False: (0.20, 0.05, 0.12)}


@dataclass(frozen=True, slots=True, eq=False)
class _Luck:
    """Uniform draws per cell of one party, kept between the rounds but for a part that is drawn anew."""

    sees: Floats
    errs: Floats
    open: Floats
    says: Floats

    def renewed(self, rng: np.random.Generator) -> _Luck:
        return _Luck(
            _partly(self.sees, _FORGOTTEN, rng),
            _partly(self.errs, _REJUDGED, rng),
            np.asarray(rng.random(self.open.shape)),
            self.says,
        )

    def but(self, other: _Luck, parks: Mask) -> _Luck:
        """The same luck, with another for some parks."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return _Luck(*(np.where(parks[:, None], theirs, own) for own, theirs in pairs))


def _partly(kept: Floats, share: float, rng: np.random.Generator) -> Floats:
    fresh = rng.random(kept.shape)
    return np.where(rng.random(kept.shape) < share, fresh, kept)


def observe(
    truth: Truth,
    catalogue: Catalogue,
    rng: np.random.Generator,
    first_rng: np.random.Generator,
    parties: Sequence[str] = PARTIES,
) -> dict[str, pd.DataFrame]:
    """Round → judgements of all parties, with the columns and types of RiskMatrix.judgements.

    `first_rng` is of the first round alone.
    """
    first = [party for party in PARTIES if party in parties]
    joined = [party for party in parties if party not in PARTIES]
    tables = [_observe(truth, catalogue, rng, first_rng, PARTIES)]
    # A stream of its own for everyone who joins: what one party says does not hang on who else is asked.
    tables += [_observe(truth, catalogue, rng.spawn(1)[0], first_rng.spawn(1)[0], [party]) for party in joined]
    whole = {name: pd.concat([table[name] for table in tables]) for name in ROUNDS}
    return {name: each[each["party"].isin([*first, *joined])].reset_index(drop=True) for name, each in whole.items()}


def _observe(
    truth: Truth,
    catalogue: Catalogue,
    rng: np.random.Generator,
    first_rng: np.random.Generator,
    parties: Sequence[str],
) -> dict[str, pd.DataFrame]:
    shape = (len(truth.park_ids), len(truth.indicators))
    familiar = rng.normal(0, _PARK_SPREAD, shape[0])
    luck = {party: _Luck(*(rng.random(shape) for _ in range(4))) for party in parties}
    rounds = {FIRST: _observe_first(truth, catalogue, luck, familiar, first_rng)}
    for number, round_name in enumerate(ROUNDS[1:]):
        if number:
            luck = {party: each.renewed(rng) for party, each in luck.items()}
            familiar = familiar + _LEARNED
        views = {party: _view(truth, round_name, catalogue, party, luck[party], familiar) for party in parties}
        rounds[round_name] = explain(_frame(truth, views), round_name, catalogue, rng)
    return rounds


def _observe_first(
    truth: Truth, catalogue: Catalogue, luck: Mapping[str, _Luck], familiar: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """The first round, from what parties see in the one after it; of named parks only what is planted is otherwise."""
    named, quiet, vague = (
        np.isin(truth.park_ids, parks) for parks in (truth.first.named, truth.first.quiet, truth.first.knowledge)
    )
    views = {}
    for party, own in luck.items():
        then = own.renewed(rng).but(own, named)
        states, levels = _view(truth, FIRST, catalogue, party, then, familiar - _LESS_KNOWN * vague)
        drawn = rng.random(levels.shape) < abs(truth.first.drift.get(party, 0))
        way = np.sign(truth.first.drift.get(party, 0)).astype(np.int8)
        views[party] = states, _otherwise(levels, way * (drawn & ~quiet[:, None]), catalogue)
    return explain(_frame(truth, views), FIRST, catalogue, rng)


def _otherwise(levels: Levels, steps: Levels, catalogue: Catalogue) -> Levels:
    """Levels moved by steps of risk, kept within each scale."""
    risk = np.array([-1 if catalogue.family_of(code).protective else 1 for code in catalogue.indicator_ids])
    highest = np.array([catalogue.scale_of(code).highest for code in catalogue.indicator_ids])
    return np.clip(levels + risk * steps, 0, highest).astype(np.int8)


def _view(
    truth: Truth, round_name: str, catalogue: Catalogue, party: str, luck: _Luck, familiar: Floats
) -> tuple[Texts, Levels]:
    """What one party puts in every cell: state and level, parks × indicators."""
    known = luck.sees < _chance_to_know(truth, round_name, catalogue, party, familiar)
    states = np.where(known, "level", "unknown").astype(object)
    does_not_fit = ~truth.applicable & (luck.says < _SAYS_NOT_APPLICABLE)
    states[~truth.applicable] = "unknown"
    states[does_not_fit] = "not_applicable"
    states[luck.open < _OPEN] = "open"
    return states, _reported(truth.levels[round_name], catalogue, party, luck.errs)


def _chance_to_know(truth: Truth, round_name: str, catalogue: Catalogue, party: str, familiar: Floats) -> Floats:
    best = (_vantage(each.best_judge, party) for each in catalogue.indicators)
    chance = np.array([_KNOWS[each] for each in zip(kinds(catalogue), best, strict=True)])
    blind = np.isin(truth.park_ids, truth.blind_spots[round_name])
    log_odds = np.log(chance / (1 - chance)) + np.where(blind, _BLIND, familiar)[:, None]
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _vantage(best_judge: str, party: str) -> str:
    if best_judge == party:
        return "own"
    return "shared" if best_judge == "both" else "other"


def _reported(levels: Levels, catalogue: Catalogue, party: str, errs: Floats) -> Levels:
    """The true levels with this party's errors, kept within each scale."""
    good = [_vantage(indicator.best_judge, party) != "other" for indicator in catalogue.indicators]
    low, high, nothing = np.array([_ERRORS[each] for each in good]).T
    step = np.where(errs < low, -1, 0) + np.where(errs > 1 - high, 1, 0)
    highest = np.array([catalogue.scale_of(code).highest for code in catalogue.indicator_ids])
    threat = np.array([each == "threat" for each in kinds(catalogue)])
    unseen = threat & (errs >= low) & (errs < low + nothing)
    return np.where(unseen, 0, np.clip(levels + step, 0, highest)).astype(np.int8)


def _frame(truth: Truth, views: dict[str, tuple[Texts, Levels]]) -> pd.DataFrame:
    """One row per park, indicator and party, in that order."""
    parks, indicators, parties = len(truth.park_ids), len(truth.indicators), list(views)
    states = np.stack([states for states, _ in views.values()], axis=2).ravel()
    levels = np.stack([levels for _, levels in views.values()], axis=2).ravel()
    frame = pd.DataFrame(
        {
            "park_id": np.repeat(truth.park_ids, indicators * len(parties)),
            "indicator": np.tile(np.repeat(truth.indicators, len(parties)), parks),
            "party": np.tile(parties, parks * indicators),
            "state": states,
            "level": pd.array(levels, dtype="Int8"),
        }
    ).astype(dict.fromkeys(("park_id", "indicator", "party", "state"), "str"))
    frame.loc[frame["state"] != "level", "level"] = pd.NA
    return frame
