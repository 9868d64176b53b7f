"""What is planted is found: the score recovers the park that was made highest, and so does the chain from workbooks.

The demo plants one park highest per municipality. Wherever at least 2/3 of its matrix is known to somebody, it must
come first in at least five of the six municipalities, for each of ten seeds.
"""

import json

import pytest

import werkbank as wb
from werkbank.advice.scorecard import score_matrix
from werkbank.demo.fiction import generate
from werkbank.matrix import RiskMatrix
from werkbank.settings.method import Method


@pytest.mark.parametrize("seed", range(2018, 2028))
def test_the_planted_park_comes_first(seed):
    catalogue = wb.load_catalogue()
    district = generate(seed, catalogue=catalogue)
    parks, judged = district.parks.set_index("park_id"), district.judgements("2026-1")
    parties = tuple(judged["party"].unique())
    matrix = RiskMatrix("2026-1", tuple(parks.index), catalogue.indicator_ids, parties, (), (), judged)
    found = score_matrix(matrix, catalogue, Method(), parties).table
    rank = found["score"].groupby(parks["municipality"]).rank(ascending=False, method="min")
    planted = [park for park in district.truth.planted.values() if found["coverage"][park] >= 2 / 3]
    assert len(district.truth.planted) == 6
    assert (rank[planted] == 1).sum() >= 5


def test_it_comes_first_in_the_analysis_of_the_workbooks_too(demo_workspace, assessed):
    planted = json.loads((demo_workspace / "data" / "planted_truth.json").read_text())["planted"]
    ranks = [assessed(slug).parks.set_index("park_id")["rank"][park] for slug, park in planted.items()]
    assert len(ranks) == 6
    assert ranks.count(1) >= 5
