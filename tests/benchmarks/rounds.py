"""Does what is told between two rounds hold? In made-up districts of which the truth is known, where parties see a part.

    python -m tests.benchmarks rounds

A district is one of the demo's size and knowledge: the second round knows a little more, one judgement in eight is
looked at anew. What comes out stands in docs/rondes.md.
"""

import time

import numpy as np
import pandas as pd

from tests.benchmarks.calibration import CATALOGUE, HIGHEST, PARKS, matrix_of, wilson
from werkbank.advice.development import REAL, develop
from werkbank.advice.scorecard import combined_by, district_figures, means, structure
from werkbank.demo.fiction import _ERRORS, _FORGOTTEN, _KNOWS, _LEARNED, _PARK_SPREAD, _REJUDGED, _vantage
from werkbank.demo.truth import MUNICIPALITIES, draw_latent, kinds
from werkbank.scoring import score_risk
from werkbank.scoring.change import Said, expected_scores, known_in_both, party_drift
from werkbank.settings.method import Method
from werkbank.wording import number, percent

PARTIES = ("police", "municipality")
METHOD = Method.model_validate({"draws": 1_000})
HOMES = pd.Series({park: place.slug for place in MUNICIPALITIES for park in place.park_ids})
NUMBERS = np.repeat(np.arange(len(MUNICIPALITIES)), [place.parks for place in MUNICIPALITIES])
THREAT = np.array([kind == "threat" for kind in kinds(CATALOGUE)])
CHANGES = [(cells, steps) for steps in (1, 2) for cells in (1, 2, 4, 8)]
DRIFTS = (0.01, 0.02, 0.03, 0.05, 0.10)


VIEWS = [[_vantage(one.best_judge, party) for one in CATALOGUE.indicators] for party in PARTIES]
CHANCE = np.array([[_KNOWS[each] for each in zip(kinds(CATALOGUE), views, strict=True)] for views in VIEWS])
# Party × park × indicator, as the luck of the cells.
LOW, HIGH, NOTHING = np.array([[[_ERRORS[each != "other"] for each in views]] for views in VIEWS]).transpose(3, 0, 1, 2)


def seen(truth, sees, errs, familiar):
    """Party → park × indicator what it says of these levels, NaN where it does not know."""
    known = sees < 1 / (1 + np.exp(-(np.log(CHANCE / (1 - CHANCE))[:, None] + familiar[:, None])))
    said = np.clip(truth + np.where(errs < LOW, -1, 0) + np.where(errs > 1 - HIGH, 1, 0), 0, HIGHEST)
    said = np.where(THREAT & (errs >= LOW) & (errs < LOW + NOTHING), 0, said)
    tables = np.where(known, said, np.nan)
    return {
        party: pd.DataFrame(one, PARKS, CATALOGUE.indicator_ids) for party, one in zip(PARTIES, tables, strict=True)
    }


def anew(kept, share, rng):
    """The luck of a cell, of which a share is drawn anew."""
    return np.where(rng.random(kept.shape) < share, rng.random(kept.shape), kept)


def two_rounds(rng, *, moving=True, became=None, drifted=0.0):
    """What both parties say in two rounds; `became` makes of the truth of now what it is, given what was said then.

    `moving`: every park goes its own way a little. `drifted`: the part of its judgements that the police put a step
    higher in the second round.
    """
    latent = draw_latent(CATALOGUE, NUMBERS, rng)
    truth = latent.levels().astype(float)
    sees, errs = rng.random((2, len(PARTIES), *truth.shape))
    familiar = rng.normal(0, _PARK_SPREAD, len(PARKS))
    then = seen(truth, sees, errs, familiar)
    later = latent.moved(np.zeros(len(PARKS)), rng).levels().astype(float) if moving else truth.copy()
    later = later if became is None else became(later, then, rng)
    now = seen(later, anew(sees, _FORGOTTEN, rng), anew(errs, _REJUDGED, rng), familiar + _LEARNED)
    luck = rng.random(truth.shape) < drifted
    falling = np.array([CATALOGUE.family(one.family).protective for one in CATALOGUE.indicators])
    now["police"] = (now["police"] + luck * np.where(falling, -1, 1)).clip(0, HIGHEST, axis=1)
    return then, now


def scored(said, figures=None):
    """Every park's total, by these figures of a district or by its own, and those."""
    combined = combined_by(said.levels, CATALOGUE, METHOD, {})
    figures = figures or district_figures(combined, CATALOGUE, METHOD)
    return score_risk(combined, structure(CATALOGUE, METHOD), mean=means(METHOD), district=figures).total, figures


def all_of(levels):
    """A round in which nothing is n.v.t."""
    return Said(levels, {party: table.notna() & False for party, table in levels.items()})


def chosen_of(total):
    """The highest park of every municipality by the score of one round."""
    return [total[home == HOMES].idxmax() for home in HOMES.unique()]


def worked(later, then, rng):
    """Half a step of effect on the chosen parks: every threat of it above the lowest falls a step, in half of cases."""
    own = (
        np.isin(PARKS, chosen_of(scored(all_of(then))[0]))[:, None]
        & THREAT
        & (later > 0)
        & (rng.random(later.shape) < 0.5)
    )
    return later - own


def changed_parks(later, _then, rng):
    """One park a change of `CHANGES`: so many of its threats rise by so many steps; the first parks, they are alike."""
    for park, (cells, steps) in enumerate(CHANGES):
        able = np.flatnonzero(THREAT & (later[park] + steps <= HIGHEST))
        later[park, rng.permutation(able)[:cells]] += steps
    return later


def came_of(old, new):
    """Per score, on what both rounds know and in all: of each chosen park whether it is better, and inside its interval."""
    (then, _), (now, figures) = scored(old), scored(new)
    alike = (scored(known_in_both(*two), figures)[0] for two in ((old, new), (new, old)))
    for name, (before, after) in {"alike": tuple(alike), "total": (then, now)}.items():
        found = expected_scores(before, after, HOMES, chosen_of(then)).dropna()
        inside = (found["low"] <= found["new"]) & (found["new"] <= found["high"])
        below = found["new"] < found["low"]
        yield pd.DataFrame(
            {"score": name, "better": found["new"] < found["expected"], "inside": inside, "below": below}
        )


def tried(districts, became=None):
    """What came of the chosen parks of so many districts."""
    rngs = (np.random.default_rng([18, seed]) for seed in range(districts))
    two = (map(all_of, two_rounds(rng, became=became)) for rng in rngs)
    return pd.concat(rows for old, new in two for rows in came_of(old, new))


def real(districts):
    """Per change of `CHANGES` in which share of parks it is called a real rise; of every quiet park whether it is noise."""
    rises, quiet = [], []
    for seed in range(districts):
        two = map(matrix_of, two_rounds(np.random.default_rng([81, seed]), moving=False, became=changed_parks))
        told = develop(*two, CATALOGUE, METHOD, METHOD, PARTIES)
        shares = pd.Series({one.park_id: one.p_up for one in told.changes()}, dtype=float).reindex(PARKS)
        rises.append(shares.iloc[: len(CHANGES)].to_numpy() >= REAL)
        quiet += shares.iloc[len(CHANGES) :].dropna().between(1 - REAL, REAL, inclusive="neither").tolist()
    return np.mean(rises, axis=0), quiet


def drifts(districts, drifted, became=None):
    """Per district whether the drift of the police is found, that of the municipality raised, and either raised."""
    risk = np.where([CATALOGUE.family(one.family).protective for one in CATALOGUE.indicators], -1, 1)
    found = []
    for seed in range(districts):
        two = two_rounds(np.random.default_rng([24, seed]), drifted=drifted, became=became)
        told = party_drift(*({party: table * risk for party, table in each.items()} for each in two))
        raised = told["raised"]
        found.append([raised["police"] and told.at["police", "change"] > 0, raised["municipality"], raised.any()])
    return np.array(found).T


def share(values):
    """A share with its 95 % interval."""
    low, high = wilson(np.mean(values), len(values))
    return f"{percent(np.mean(values), 1)} ({percent(low)}–{percent(high)})"


def rounds(_workspace, districts=500):
    """The tables of docs/rondes.md."""
    names, start = {"alike": "wat beide rondes weten", "total": "de hele score"}, time.process_time()
    lines = [
        "| wat er gebeurde | score | beter dan verwacht | binnen het 90%-interval | eronder |",
        "|---|---|---:|---:|---:|",
    ]
    for label, became in (("niets", None), ("een halve stap effect", worked)):
        for score, own in tried(districts, became).groupby("score", sort=False):
            told = " | ".join(share(own[name]) for name in ("better", "inside", "below"))
            lines.append(f"| {label} | {names[score]} | {told} |")
    power, quiet = real(max(1, districts // 5))
    lines += ["", "| aantal dreigingen dat steeg | één stap | twee stappen |", "|---|---:|---:|"]
    one, two = np.split(power, 2)
    lines += [
        f"| {cells} | {percent(one[n])} | {percent(two[n])} |" for n, (cells, _) in enumerate(CHANGES[: len(one)])
    ]
    lines += [f"| geen: *ruis* genoemd | {share(quiet)} | |", ""]
    lines += ["| de politie oordeelde een stap hoger in | politie hoger genoemd | gemeente genoemd | een van beide |"]
    lines += ["|---|---:|---:|---:|"]
    cases = [(f"{percent(part)} van de oordelen", part, None) for part in DRIFTS]
    cases += [("geen", 0.0, None), ("geen, maar acht terreinen zijn echt veranderd", 0.0, changed_parks)]
    for label, *case in cases:
        lines.append(f"| {label} | {' | '.join(share(each) for each in drifts(districts, *case))} |")
    return "\n".join([*lines, "", f"{districts} districten, {number((time.process_time() - start) / 60, 1)} minuten"])
