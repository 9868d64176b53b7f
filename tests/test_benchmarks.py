"""The benchmarks run and give a ratio; how fast they are is for `make bench`, not for a test."""

import re

from tests.benchmarks.measures import line, reading, scoring


def test_a_benchmark_tells_both_times_and_their_ratio():
    assert line("ours", 0.5, "theirs", 2.0) == "ours: 0.500 s; theirs: 2.000 s; ratio 4.0"


def test_the_benchmarks_of_functions_run(demo_workspace):
    for told in (reading(demo_workspace, runs=1), scoring(demo_workspace, units=50, criteria=4, runs=1)):
        assert re.search(r"ratio \d+\.\d$", told)
