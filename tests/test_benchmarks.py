"""The benchmarks run and give a ratio; how fast they are is for `make bench`, not for a test."""

import re

from tests.benchmarks.measures import ranking, recalculating
from tests.benchmarks.national import reading_all
from tests.benchmarks.rounds import rounds


def test_each_tells_both_times_and_their_ratio(demo_workspace, tmp_path):
    told = ranking(None, draws=40, units=20, criteria=3, some=2, runs=1)
    assert re.search(r"ratio \d+\.\d; .* peak \d+ MiB$", told)
    told = recalculating(demo_workspace, draws=50, few=20, municipality="urk", runs=1)
    assert re.search(r"ratio \d+\.\d; 20 with shares only: \d", told)
    told = reading_all(tmp_path, municipalities=2, some=2, runs=1)
    assert re.search(r"read and check 4 workbooks: .* ratio \d+\.\d; peak \d+ MiB$", told)


def test_what_is_told_between_rounds_is_held_against_made_up_districts():
    told = rounds(None, districts=1)
    assert told.count("| niets |") == told.count("| een halve stap effect |") == 2
    assert told.count("\n| 8 |") == 1
