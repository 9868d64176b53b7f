"""The test plays the reader where three parties judge, and two of them are withheld (method.md 10).

The municipality knows its own cells, the whole method, how often police and environment agency give which level, and
the exact scores of opportunity and resilience, which is more than it gets. It draws pairs of columns from those
frequencies, keeps those that would have given what it was told, and names a cell of either party when more than half
of what is kept has it at 2 or higher. It must not do better than without the output; nor may a second reader, who has
the police's own cells as well, do so on the environment agency's.
"""

import numpy as np
import pytest

import werkbank as wb
from tests.sharing.test_reader import LEVELS, ORDER, SLUGS, column, named, near_the_total
from werkbank.sharing import for_audience

DRAWS = 30_000
HIDDEN = ("police", "environment_agency")
FEWEST = 20


@pytest.fixture(scope="module")
def catalogue():
    return wb.load_catalogue()


@pytest.fixture(scope="module")
def threats(catalogue):
    return catalogue.by_family("threat")


@pytest.fixture(scope="module")
def assessments(workspace_of_three):
    # The recalculations tell nothing that is read here.
    quick = {"draws": 100}
    full = [wb.assess(wb.load_parameters(slug, audience="municipality", method=quick)) for slug in SLUGS]
    return [(one, for_audience(one)) for one in full]


@pytest.fixture(scope="module")
def truth(assessments, threats):
    """Hidden party → park → its column."""
    return {
        party: {park: column(full, party, park, threats) for full, _ in assessments for park in full.parks["park_id"]}
        for party in HIDDEN
    }


@pytest.fixture(scope="module")
def draws(truth):
    rng = np.random.default_rng(2018)
    return {party: drawn_from(np.array(list(columns.values())), rng) for party, columns in truth.items()}


def drawn_from(everything, rng):
    prior = np.stack([(everything == level).mean(0) for level in LEVELS], axis=1) + 0.005
    prior /= prior.sum(1, keepdims=True)
    return np.stack([rng.choice(LEVELS, DRAWS, p=row) for row in prior], axis=1)


def consistent(guessed, own, full, filtered, park, threats, catalogue):
    """The drawn columns of the hidden parties that would have given this park's total and group strengths."""
    weights = np.array([one.weight * one.severity for one in threats])
    near = near_the_total(
        np.maximum.reduce([*guessed.values(), np.broadcast_to(own, (DRAWS, len(own)))]), weights, full, filtered, park
    )
    guessed = {party: levels[near] for party, levels in guessed.items()}
    combined = np.maximum.reduce([*guessed.values(), np.broadcast_to(own, guessed["police"].shape)])
    same = np.ones(len(combined), dtype=bool)
    strengths = {
        catalogue.phenomenon(one.phenomenon).group: one.strength for one in filtered.indications if one.park_id == park
    }
    for group, strength in strengths.items():
        inside = [n for n, one in enumerate(threats) if group in {catalogue.phenomenon(p).group for p in one.phenomena}]
        enough = np.logical_and.reduce([guarded(levels[:, inside]) for levels in guessed.values()])
        strongest = np.where(enough, combined[:, inside].max(1), own[inside].max())
        same &= np.clip(strongest, -1, 3) + 1 == ORDER.index(strength)
    return {party: levels[same] for party, levels in guessed.items()}


def guarded(levels):
    judged = (levels >= 0).sum(1)
    return (judged == 0) | ((judged >= 3) & ((levels > 0).sum(1) >= 2))


def gained(assessments, truth, draws, threats, catalogue, *, also_sees=()):
    """How many more cells at 2 or higher are named rightly than from the frequencies alone, and of how many parks."""
    more = judged = 0
    for full, filtered in assessments:
        for park in full.parks["park_id"]:
            own = column(full, "municipality", park, threats)
            seen = {party: np.broadcast_to(truth[party][park], draws[party].shape) for party in also_sees}
            guessed = draws | seen
            kept = consistent(guessed, own, full, filtered, park, threats, catalogue)
            if len(kept["police"]) < FEWEST:
                continue
            judged += 1
            for party in set(HIDDEN) - set(also_sees):
                high = truth[party][park] >= 2
                guess = named((draws[party] >= 2).mean(0))
                more += (named((kept[party] >= 2).mean(0)) == high).sum() - (guess == high).sum()
    return more, judged


def test_the_municipality_does_not_beat_the_prior_on_either_of_the_others(
    assessments, truth, draws, threats, catalogue
):
    more, judged = gained(assessments, truth, draws, threats, catalogue)
    assert judged >= 60
    assert more <= 0.005 * judged * len(threats) * len(HIDDEN)


def test_who_knows_the_police_as_well_does_not_beat_the_prior_on_the_third(
    assessments, truth, draws, threats, catalogue
):
    """A leak in one place must not open another: the police's cells plus the municipality's output are no key."""
    more, judged = gained(assessments, truth, draws, threats, catalogue, also_sees=("police",))
    assert judged >= 30
    assert more <= 0.005 * judged * len(threats)
