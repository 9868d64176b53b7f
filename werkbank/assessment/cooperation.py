"""The cooperation of one municipality over its rounds, told as a state: who delivered, what is known, what was kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard, score_matrix
from werkbank.assessment.earlier import RoundRead
from werkbank.matrix import RiskMatrix
from werkbank.plan import words
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.plan.progress import BUCKETS, actions_of
from werkbank.scoring import percent_agreement, pooled_alpha
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.parameters import Parameters


@dataclass(frozen=True, slots=True)
class PartyRound:
    """One party in one round.

    `saved`: the day (UTC) on which its returns were last saved by who filled them in, None where they do not say; a
    return that was mended later has the later day. `on_time`: whether that was on or before the day on which the round
    asked for it, None where either is not known. `known`: the share of the cells that were asked of it for which it
    gives a level; what it calls not applicable does not count.
    """

    party: str
    round: str
    delivered: bool
    saved: dt.date | None
    on_time: bool | None
    known: float | None


@dataclass(frozen=True, slots=True)
class RoundTogether:
    """All parties of one municipality in one round; None where not all that is needed for it was delivered.

    `coverage` and `two_sided` are shares 0-1 of what was asked, the mean over the parks; `alpha` is Krippendorff's over
    all judged twice. `questions` is how many cells the analysis of the round asked about, None where none was kept, and
    `answered` of how many the cell is known, to any party, in the round after it (None for the last round).
    """

    round: str
    coverage: float | None
    two_sided: float | None
    alpha: float | None
    within_one: float | None
    pairs: int
    questions: int | None
    answered: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Cooperation:
    """What working together came to, round by round; nothing of it enters a score.

    `actions` counts the actions of all plans of the municipality by bucket (`werkbank.plan.progress.BUCKETS`), nothing
    where there is no plan; what the sharing calendar asks is none. `disclosures`: per round the copies of
    something of this municipality that were issued, and the dashboards of it that were shown to others. `meetings`: how
    many fields of the plans that say when people meet and look back (`meetings` in plan.yaml) are filled in.
    `resilience` has a row per park and round in which anything of it is known: park_id, round, score 0-100 (higher:
    less resilience), by the present method and with what nobody knows at what the present district leads to expect.
    """

    rounds: tuple[str, ...]
    parties: tuple[PartyRound, ...]
    together: tuple[RoundTogether, ...]
    actions: dict[str, int]
    disclosures: dict[str, int]
    meetings: int | None
    _resilience: pd.DataFrame = field(repr=False)

    @property
    def resilience(self) -> pd.DataFrame:
        """A row per park and round; a copy."""
        return self._resilience.copy()

    def of_rounds(self, rounds: Collection[str]) -> Self:
        """What there is of these rounds alone; actions and meetings are of no round."""
        return replace(
            self,
            rounds=tuple(one for one in self.rounds if one in rounds),
            parties=tuple(one for one in self.parties if one.round in rounds),
            together=tuple(one for one in self.together if one.round in rounds),
            disclosures={name: n for name, n in self.disclosures.items() if name in rounds},
            _resilience=self._resilience[self._resilience["round"].isin(list(rounds))],
        )


def cooperation_of(read: Sequence[RoundRead], catalogue: Catalogue, today: dt.date) -> Cooperation:
    """The cooperation of one municipality over these rounds, oldest first and the present one last.

    By the present method, and with the figures of the present district. Raises OutputError for a faulty plan and
    RegisterError for a register that cannot be read.
    """
    present, rounds = read[-1], tuple(one.parameters.round for one in read)
    parameters, district = present.parameters, present.district
    figures = score_matrix(district, catalogue, parameters.method, district.parties).district
    cards = [score_matrix(one.matrix, catalogue, parameters.method, one.parties, figures) for one in read]
    before = [then for one in read for then, now in one.codes.items() if now in present.matrix.park_ids]
    parks = dict.fromkeys((*present.matrix.park_ids, *before))
    plans = [plan for park in parks if (plan := kept_plan(parameters.data, park, catalogue))]
    return Cooperation(
        rounds=rounds,
        parties=tuple(_party(one, party, catalogue) for one in read for party in one.parties),
        together=tuple(_together(*each, catalogue) for each in zip(read, [*read[1:], None], cards, strict=True)),
        actions=_actions(plans, catalogue, today),
        disclosures=_disclosures(parameters, rounds),
        meetings=sum(map(_meetings, plans)),
        _resilience=_resilience(dict(zip(rounds, cards, strict=True)), catalogue),
    )


def _party(one: RoundRead, party: str, catalogue: Catalogue) -> PartyRound:
    due, there = dict(one.parameters.returns_due).get(one.parameters.round), party in one.matrix.delivered()
    saved = one.saved[party] if there else None
    return PartyRound(
        party=party,
        round=one.parameters.round,
        delivered=there,
        saved=saved,
        on_time=None if saved is None or due is None else saved <= due,
        known=_known(one.matrix, party, one.parties, catalogue) if there else None,
    )


def _known(matrix: RiskMatrix, party: str, parties: Sequence[str], catalogue: Catalogue) -> float | None:
    asked = [code for code in matrix.indicators if party in catalogue.asked_of(code, parties)]
    applies = ~matrix.not_applicable(party)[asked].to_numpy()
    known = matrix.levels(party)[asked].notna().to_numpy()
    return float(known[applies].mean()) if applies.any() else None


def _together(one: RoundRead, after: RoundRead | None, card: Scorecard, catalogue: Catalogue) -> RoundTogether:
    asked, delivered = _questions(one, catalogue), one.matrix.delivered()
    alpha, within_one, pairs = _agreement(one.matrix)
    return RoundTogether(
        round=one.parameters.round,
        coverage=_figure(card.table["coverage"].mean()),
        two_sided=_figure(card.table["two_sided"].mean()) if {*one.parties} <= {*delivered} else None,
        alpha=alpha,
        within_one=within_one,
        pairs=pairs,
        questions=None if asked is None else len(asked),
        answered=None if asked is None or after is None else _answered(asked, after.matrix),
    )


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _agreement(matrix: RiskMatrix) -> tuple[float | None, float | None, int]:
    """Alpha and the share within one step over all that at least two parties judged, and how many cells that are."""
    if len(matrix.delivered()) < 2:
        return None, None, 0
    # indicator × party × park
    levels = np.stack([matrix.levels(party).to_numpy().T for party in matrix.delivered()], axis=1)
    cells = np.concatenate(list(levels), axis=1)
    twice = int(((~np.isnan(cells)).sum(axis=0) > 1).sum())
    return _figure(pooled_alpha(levels)), _figure(percent_agreement(cells, within=1)), twice


def _questions(one: RoundRead, catalogue: Catalogue) -> list[tuple[str, str]] | None:
    """The cells that the analysis of a round asked about, by the present codes; None where it was not kept."""
    if one.kept is None:
        return None
    version = one.kept.catalogue_version
    then = catalogue.codes_then(version) if version in catalogue.earlier_versions else {}
    now, parks = {before: code for code, before in then.items()}, one.codes
    cells = ((each.park_id, each.indicator) for each in one.kept.advice.questions if each.indicator)
    return [(parks.get(park, park), now.get(code, code)) for park, code in cells]


def _answered(asked: Sequence[tuple[str, str]], matrix: RiskMatrix) -> int:
    known = np.logical_or.reduce([matrix.levels(party).notna().to_numpy() for party in matrix.parties])
    there = {(matrix.park_ids[park], matrix.indicators[code]) for park, code in np.argwhere(known)}
    return len(there.intersection(asked))


def _actions(plans: Sequence[KeptPlan], catalogue: Catalogue, today: dt.date) -> dict[str, int]:
    found = [one for plan in plans for one in actions_of(plan, catalogue, today)]
    buckets = Counter(one.bucket for one in found if not one.is_reminder)
    return {bucket: buckets[bucket] for bucket in BUCKETS} if plans else {}


def _meetings(plan: KeptPlan) -> int:
    counted = words()["kept"]["meetings"]
    return sum(bool(one.value) and one.name in counted.get(one.chapter, ()) for one in plan.fields)


def _disclosures(parameters: Parameters, rounds: Sequence[str]) -> dict[str, int]:
    from werkbank.register.store import recorded_events  # noqa: PLC0415  the database library

    events = (one for one in recorded_events(parameters.data) if one.kind in ("disclosure", "event"))
    data = [one.data or {} for one in events]
    went = [told for one in data if (told := one.get("disclosure") or one.get("served"))]
    mine = Counter(told["round"] for told in went if parameters.municipality in told["municipalities"])
    return {name: mine[name] for name in rounds}


def _resilience(cards: Mapping[str, Scorecard], catalogue: Catalogue) -> pd.DataFrame:
    groups = [family.score for family in catalogue.families if family.protective][:1]
    rows = [
        (str(park), name, float(score))
        for name, card in cards.items()
        for group in groups
        for park, score in card.risk.groups[group][card.risk.coverage[group] > 0].items()
    ]
    return pd.DataFrame(rows, columns=["park_id", "round", "score"]).astype({"park_id": "str", "round": "str"})
