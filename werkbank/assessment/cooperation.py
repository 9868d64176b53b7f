"""The cooperation of one municipality over its rounds, told as a state; and whether the matrix was right.

A state: who delivered, what is known, what was kept. What actions found, against the indication that each of them
answered, over all plans, is the only check of the advice against what was found. A class of fewer than FEWEST actions
is never told, and none is from which its size would follow.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd

from werkbank.advice.reasons import STRENGTHS, strength_of
from werkbank.advice.scorecard import Scorecard, score_matrix
from werkbank.assessment.earlier import RoundRead, read_round
from werkbank.assessment.inputs import legal_basis_of
from werkbank.errors import LegalBasisError, MatrixError, OutputError
from werkbank.matrix import RiskMatrix
from werkbank.parks.lineage import load_lineage
from werkbank.plan import words
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.plan.progress import BUCKETS, actions_of, kept_plans
from werkbank.scoring import percent_agreement, pooled_alpha
from werkbank.scoring.tables import Copied
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters


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
    many fields of the plans that say when people meet and look back (`meetings` in plan.yaml) are filled in. `planned`:
    the rounds in which these plans were made. `counted`: the day of these counts, None where that was not kept.
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
    planned: tuple[str, ...] = ()
    counted: dt.date | None = None

    resilience = Copied("_resilience", "A row per park and round.")

    def of_rounds(self, rounds: Collection[str]) -> Self:
        """What there is of these rounds alone; actions and meetings are of no round."""
        # Which questions were answered is known of the round after.
        told = {one for one, after in pairwise(self.rounds) if after in rounds}
        together = (one if one.round in told else replace(one, answered=None) for one in self.together)
        return replace(
            self,
            rounds=tuple(one for one in self.rounds if one in rounds),
            parties=tuple(one for one in self.parties if one.round in rounds),
            together=tuple(one for one in together if one.round in rounds),
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
        planned=tuple(sorted({plan.round for plan in plans})),
        counted=today,
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


FEWEST = 5
"""The lowest number of actions that anything is told of."""
RESULTS = ("confirmed", "nothing_found", "something_else")
"""What an action that was carried out may come to; what was not carried out says nothing of the matrix."""
CLASSES = {"strength": (*reversed(STRENGTHS), "unknown"), "source": ("A", "B", "C", "none")}
"""By what is told, and of which values: the strength of the indication, and the best source behind it."""
SHARE = 0.90
"""How much of what the share may be lies in its interval."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """How often what was found agreed with the indication: `confirmed` of `of`, with a 90 % interval of the share.

    `by`: strength or source; `value`: which. All None below FEWEST, and where what is below it would follow from it.
    """

    by: str
    value: str
    of: int | None = None
    confirmed: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One action that was carried out: the indication it answered, the best source behind that, and what it found."""

    strength: str
    source: str
    confirmed: bool


def outcomes_of(parameters: Parameters, today: dt.date | None = None) -> tuple[Agreed, ...]:
    """Over all plans of the district and all rounds, per strength of indication and per source strength.

    An action answers the indicators on which its intervention acts directly (on those that it supports, where there are
    none); its indication is the strongest that any party gives there in the round of the plan, or what they agreed on.
    A plan of which nothing can be read in its round, or that has no legal basis on `today`, does not count. Raises
    OutputError for any audience but the owner, and for a faulty plan.
    """
    catalogue = load_catalogue(parameters.catalogue_path)
    if not catalogue.audience(parameters.audience).owner:
        raise OutputError(f"Of de matrix klopte, is alleen voor {catalogue.owner.name}: het gaat over ieders oordelen.")
    return agreed(_checked(parameters, catalogue, today or dt.date.today()))


def _checked(parameters: Parameters, catalogue: Catalogue, today: dt.date) -> Iterator[Checked]:
    lineage, read = load_lineage(parameters.data), dict[str, pd.DataFrame]()
    for plan in kept_plans(parameters.data, catalogue):
        done = [one for one in plan.planned if one.result in RESULTS]
        homes = dict(lineage.parks_in(plan.round)[["park_id", "municipality"]].to_numpy())
        if not done or plan.park_id not in homes:
            continue
        if plan.round not in read or read[plan.round].empty:
            own = load_parameters(homes[plan.park_id], round=plan.round)
            read[plan.round] = _judgements(own, parameters, catalogue, today)
        judged, codes = read[plan.round], lineage.codes_since(plan.round, parameters.round)
        park = codes.get(plan.park_id, plan.park_id)
        if (judged["park_id"] == park).any():
            found = (_indication(judged[judged["park_id"] == park], one.id, catalogue) for one in done)
            yield from (Checked(*each, one.result == "confirmed") for one, each in zip(done, found, strict=True))


def _judgements(own: Parameters, present: Parameters, catalogue: Catalogue, today: dt.date) -> pd.DataFrame:
    """The levels of the district in one round as they count; none where they may not or cannot be read."""
    try:
        district = read_round(own, present, catalogue, legal_basis_of(own, today)).district
    except (LegalBasisError, MatrixError):
        return pd.DataFrame({"park_id": []})
    judged = district.counted(district.parties)
    return judged[judged["state"] == "level"]


def _indication(park: pd.DataFrame, intervention: str, catalogue: Catalogue) -> tuple[str, str]:
    """The strength of the strongest indication that the intervention answers, and the best source of what indicates."""
    planned = catalogue.intervention(intervention)
    own = park[park["indicator"].isin(planned.direct or planned.supporting)]
    rows = list(zip(own["indicator"], own["level"], own["source_strength"], strict=True))
    found = [(strength_of(code, int(level), catalogue), source) for code, level, source in rows]
    strength = max((one for one, _ in found), key=STRENGTHS.index, default="unknown")
    return strength, min((source for one, source in found if one != "none" and source), default="none")


def agreed(checked: Iterable[Checked]) -> tuple[Agreed, ...]:
    """What is told of these actions: a row for every value of CLASSES."""
    found = list(checked)
    sizes = {by: Counter(getattr(one, by) for one in found) for by in CLASSES}
    confirmed = {by: Counter(getattr(one, by) for one in found if one.confirmed) for by in CLASSES}
    quiet = kept_quiet({by: {value: sizes[by][value] for value in values} for by, values in CLASSES.items()})
    rows = [(by, value, sizes[by][value], confirmed[by][value]) for by, values in CLASSES.items() for value in values]
    return tuple(
        Agreed(by, value) if value in quiet[by] else Agreed(by, value, of, hits, *jeffreys(hits, of))
        for by, value, of, hits in rows
    )


def kept_quiet(tables: Mapping[str, Mapping[str, int]]) -> dict[str, set[str]]:
    """Which values of each table, class → size, are not told: those below FEWEST, and those that would give one away.

    All tables divide the same actions, so what is told of one may give the total of another. As long as more than one
    total is possible (each class that is not told has 0-4 actions) none of those can be worked out. Else of every table
    in which something is not told the last that is told is not told either, until what is not told can be divided in
    more than one way; which that is does not hang on the sizes, so that it says nothing of them.
    """
    quiet = {by: {value for value, size in sizes.items() if size < FEWEST} for by, sizes in tables.items()}
    told = {by: sum(sizes.values()) - _over_all(sizes, quiet[by]) for by, sizes in tables.items()}
    most = (told[by] + (FEWEST - 1) * len(quiet[by]) for by in tables)
    if min(most) > max(told.values()):
        return quiet
    for by, sizes in tables.items():
        while quiet[by] and quiet[by] < set(sizes) and not _hides(_over_all(sizes, quiet[by]), len(quiet[by])):
            quiet[by].add([value for value in sizes if value not in quiet[by]][-1])
    return quiet


def _hides(total: int, classes: int) -> bool:
    """Whether of so many classes with a known total no size can be worked out: more than one way to divide it."""
    return classes > 1 and FEWEST <= total != (FEWEST - 1) * classes


def _over_all(sizes: Mapping[str, int], values: Iterable[str]) -> int:
    return sum(sizes[value] for value in values)


def jeffreys(hits: int, of: int, share: float = SHARE) -> tuple[float, float]:
    """Between what a share lies of which `hits` of `of` were found, with the prior of Jeffreys: Beta(½, ½).

    Equal tails; 0 where there is no hit and 1 where all are (Brown, Cai and DasGupta, Statistical Science 16, 2001).
    """
    from scipy.special import betaincinv  # noqa: PLC0415  takes as long to load as pandas

    left, right = hits + 0.5, of - hits + 0.5
    low, high = (float(betaincinv(left, right, tail)) for tail in ((1 - share) / 2, (1 + share) / 2))
    return (low if hits else 0.0), (high if hits < of else 1.0)
