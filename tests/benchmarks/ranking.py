"""What is timed: the exact rank of every unit under every weighting, and the table of how often each has which."""

import tracemalloc

import numpy as np
import pandas as pd
from werkbank.scoring.smaa import read_draws

from tests.benchmarks.measures import line, seconds
from werkbank.scoring import rank_acceptability
from werkbank.scoring.ranking import draw_ranks


def one_weighting_at_a_time():
    """scikit-criteria where it is installed (it is no dependency), else a plain loop that does a part of its work."""
    try:
        import skcriteria
        from skcriteria.agg.simple import WeightedSumModel
    except ImportError:
        return "numpy and pandas, one weighting at a time", lambda values, weights: [
            pd.Series(values @ weighing).rank(ascending=False, method="min") for weighing in weights
        ]
    model = WeightedSumModel()
    return "scikit-criteria, one weighting at a time", lambda values, weights: [
        model.evaluate(skcriteria.mkdm(values, [1] * values.shape[1], weights=weighing)).rank_ for weighing in weights
    ]


def ranking(_, draws=10_000, units=3_800, criteria=35, some=100, runs=5):
    """All draws of ours beside `some` of theirs, scaled to as many; in turns, and the least of each counts."""
    generator = np.random.default_rng(2018)
    values, weights = generator.random((units, criteria)), generator.dirichlet(np.ones(criteria), draws)
    name, loop = one_weighting_at_a_time()

    def ranks():
        return draw_ranks(read_draws(values, weights)[0])

    def shares():
        return rank_acceptability(values, weights).acceptability

    ours, table, theirs = least_in_turns(runs, ranks, shares, lambda: loop(values, weights[:some]))
    tracemalloc.start()
    shares()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    told = line(f"exact ranks of {units} units under {draws} weightings", ours, name, theirs * draws / some)
    return f"{told}; with the table of units x ranks {table:.3f} s; peak {peak:.0f} MiB"


def least_in_turns(runs, *works):
    """The least time of each, taken in turns, so that a busy machine is busy for all of them."""
    taken = [[seconds(work, 1) for work in works] for _ in range(runs)]
    return [min(times) for times in zip(*taken, strict=True)]
