"""The test plays the reader (method.md 10).

The municipality knows its own cells, the catalogue, the whole method, and how often the police give which level in
the district. From what it is sent it tries to name the police's cells at level 2 or higher: it draws police columns
from those frequencies, keeps the ones that would have given the same output, and names a cell when more than half of
what is kept has it at 2 or higher. It must not do better than without the output.
"""

import numpy as np
import pytest

import werkbank as wb
from werkbank.sharing import for_audience

SLUGS = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
LEVELS = np.array([-1, 0, 1, 2, 3])
DRAWS = 100_000
UNKNOWN, NOT_APPLICABLE = -1, -2
ORDER = ("unknown", "none", "weak", "clear", "strong")


@pytest.fixture(scope="module")
def catalogue():
    return wb.load_catalogue()


@pytest.fixture(scope="module")
def threats(catalogue):
    return catalogue.by_family("threat")


@pytest.fixture(scope="module")
def assessments(demo_workspace):
    full = [wb.assess(wb.load_parameters(slug, audience="municipality")) for slug in SLUGS]
    return [(one, for_audience(one)) for one in full]


def column(assessment, party, park, threats):
    rows = assessment.judgements
    own = rows[(rows["party"] == party) & (rows["park_id"] == park)].set_index("indicator")
    return np.array([cell(own.loc[one.id]) for one in threats])


def cell(row):
    if row["state"] == "level":
        return int(row["level"])
    return NOT_APPLICABLE if row["state"] == "not_applicable" else UNKNOWN


def named(probability):
    return probability > 0.5


def test_combined_values_would_give_the_police_away(assessments, threats):
    """Why the gate is there: a combined level above the own one is the police's, with certainty.

    On the demo this names 31 of the 64 police cells at 2 or higher, and never a wrong one; the prior names none.
    """
    true = read = wrong = 0
    for full, _ in assessments:
        combined = full.cells.set_index(["park_id", "indicator"])["level"]
        for park in full.parks["park_id"]:
            police = column(full, "police", park, threats)
            own = column(full, "municipality", park, threats)
            level = np.array([combined[park, one.id] for one in threats])
            true += (police >= 2).sum()
            certain = (level >= 2) & (level > own)
            read += (certain & (police == level)).sum()
            wrong += (certain & (police != level)).sum()
    assert wrong == 0
    assert read / true > 0.4


def test_the_reader_of_a_filtered_analysis_does_not_beat_the_prior(assessments, threats, catalogue):
    police_by_park = {
        park: column(full, "police", park, threats) for full, _ in assessments for park in full.parks["park_id"]
    }
    everything = np.array(list(police_by_park.values()))
    prior = np.stack([(everything == level).mean(0) for level in LEVELS], axis=1) + 0.005
    prior /= prior.sum(1, keepdims=True)
    rng = np.random.default_rng(2018)
    draws = np.stack([rng.choice(LEVELS, DRAWS, p=row) for row in prior], axis=1)
    guess = (draws >= 2).mean(0)
    gained = 0
    judged = 0
    for full, filtered in assessments:
        for park in full.parks["park_id"]:
            own = column(full, "municipality", park, threats)
            kept = draws[consistent(draws, own, filtered, park, threats, catalogue)]
            if len(kept) < 20:
                continue
            judged += 1
            truth = police_by_park[park] >= 2
            right = named((kept >= 2).mean(0)) == truth
            gained += right.sum() - (named(guess) == truth).sum()
    assert judged >= 60
    assert gained <= 0.005 * judged * len(threats)


def consistent(draws, own, filtered, park, threats, catalogue):
    """Which drawn police columns would have given this park's threat score and group strengths."""
    combined = np.maximum(draws, own)
    known = combined >= 0
    weights = np.array([one.weight * one.severity for one in threats])
    squares = (np.clip(combined, 0, 3) / 3 * 100) ** 2
    with np.errstate(invalid="ignore"):
        score = np.sqrt((weights * squares * known).sum(1) / (weights * known).sum(1))
    groups = filtered.groups.set_index(["park_id", "group"])["score"]
    same = np.abs(np.round(score) - groups[park, "threat"]) < 0.5
    strengths = {
        catalogue.phenomenon(one.phenomenon).group: one.strength for one in filtered.indications if one.park_id == park
    }
    for group, strength in strengths.items():
        inside = [n for n, one in enumerate(threats) if group in {catalogue.phenomenon(p).group for p in one.phenomena}]
        enough = (draws[:, inside] >= 0).sum(1) >= 3
        strongest = np.where(enough, combined[:, inside].max(1), own[inside].max())
        same &= np.array(ORDER)[np.clip(strongest, -1, 3) + 1] == strength
    return same
