"""Was the matrix right? What actions found, against the indication that each of them answered, over all plans.

The only check of the advice against what was found. A class of fewer than FEWEST actions is never told, and none is
from which its size would follow.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from scipy.special import betaincinv

from werkbank.advice.reasons import STRENGTHS, strength_of
from werkbank.assessment.earlier import read_round
from werkbank.assessment.inputs import legal_basis_of
from werkbank.errors import LegalBasisError, MatrixError, OutputError
from werkbank.parks.lineage import load_lineage
from werkbank.plan.progress import kept_plans
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters

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
    told = {by: sum(sizes.values()) - _together(sizes, quiet[by]) for by, sizes in tables.items()}
    most = (told[by] + (FEWEST - 1) * len(quiet[by]) for by in tables)
    if min(most) > max(told.values()):
        return quiet
    for by, sizes in tables.items():
        while quiet[by] and quiet[by] < set(sizes) and not _hides(_together(sizes, quiet[by]), len(quiet[by])):
            quiet[by].add([value for value in sizes if value not in quiet[by]][-1])
    return quiet


def _hides(total: int, classes: int) -> bool:
    """Whether of so many classes with a known total no size can be worked out: more than one way to divide it."""
    return classes > 1 and FEWEST <= total != (FEWEST - 1) * classes


def _together(sizes: Mapping[str, int], values: Iterable[str]) -> int:
    return sum(sizes[value] for value in values)


def jeffreys(hits: int, of: int, share: float = SHARE) -> tuple[float, float]:
    """Between what a share lies of which `hits` of `of` were found, with the prior of Jeffreys: Beta(½, ½).

    Equal tails; 0 where there is no hit and 1 where all are (Brown, Cai and DasGupta, Statistical Science 16, 2001).
    """
    left, right = hits + 0.5, of - hits + 0.5
    low, high = (float(betaincinv(left, right, tail)) for tail in ((1 - share) / 2, (1 + share) / 2))
    return (low if hits else 0.0), (high if hits < of else 1.0)
