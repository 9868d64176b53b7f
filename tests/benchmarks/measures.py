"""What is timed: the exact ranks of a large table; of the largest municipality its recalculations, and its files.

And how it is timed.
"""

import datetime as dt
import os
import shutil
import statistics
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import werkbank as wb
from werkbank.advice.flips import flips, park_cells
from werkbank.advice.questions import questions, sureness
from werkbank.advice.scorecard import recalculate, score_matrix
from werkbank.assessment.district import district_context
from werkbank.assessment.inputs import read_inputs
from werkbank.batch.execute import make_files
from werkbank.batch.worker import Workers
from werkbank.demo.write import write_demo
from werkbank.scoring import rank_acceptability

ROOT = Path(__file__).parents[2]
RUNS = 5


def prepare(folder):
    """A workspace with the fictional district, and werkbank pointed at it."""
    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    write_demo(folder / "data", catalogue=wb.load_catalogue())
    os.environ["WERKBANK_WORKSPACE"] = str(folder)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"
    return folder


def seconds(work, runs=RUNS):
    """The median of several runs, after one that does not count."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def line(what, ours, beside, theirs):
    return f"{what}: {ours:.3f} s; {beside}: {theirs:.3f} s; ratio {theirs / ours:.1f}"


def least_in_turns(runs, *works):
    """The least time of each, taken in turns, so that a busy machine is busy for all of them."""
    taken = [[seconds(work, 1) for work in works] for _ in range(runs)]
    return [min(times) for times in zip(*taken, strict=True)]


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
        return rank_acceptability(values, weights)._ranks

    def shares():
        return rank_acceptability(values, weights).acceptability

    ours, table, theirs = least_in_turns(runs, ranks, shares, lambda: loop(values, weights[:some]))
    tracemalloc.start()
    shares()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    told = line(f"exact ranks of {units} units under {draws} weightings", ours, name, theirs * draws / some)
    return f"{told}; with the table of units x ranks {table:.3f} s; peak {peak:.0f} MiB"


def recalculating(_, draws=10_000, few=1_000, municipality="almere", runs=RUNS):
    """All draws with shares, ranks, intervals, pairs, questions and flips, beside scoring again and again."""
    parameters = wb.load_parameters(municipality, method={"draws": draws})
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    district = district_context(parameters, inputs).figures
    catalogue, method, parties = inputs.catalogue, parameters.method, parameters.parties
    scorecard = score_matrix(inputs.matrix, catalogue, method, parties, district)
    first = scorecard.risk.total[list(scorecard.candidates)].idxmax()
    cells = park_cells(scorecard)

    def everything():
        found = recalculate(scorecard)
        found.intervals, found.acceptability, found.pairwise  # noqa: B018 - to compute them
        sureness(found, [first], scorecard.candidates)
        questions(scorecard, found, 1)
        flips(
            cells,
            [first],
            [park for park in found.p_first.drop(first).nlargest(5).index if park in scorecard.candidates],
        )

    fewer = replace(scorecard, method=method.model_copy(update={"draws": few}))
    quick = seconds(lambda: recalculate(fewer).p_first, runs)
    whole = seconds(everything, runs)
    one = seconds(lambda: score_matrix(inputs.matrix, catalogue, method, parties, district), runs)
    told = line(
        f"{draws} recalculations of {len(inputs.own)} parks, all results", whole, "scoring as often", one * draws
    )
    return f"{told}; {few} with shares only: {quick:.3f} s"


def all_files(workspace, municipality="almere", runs=RUNS):
    """In a process that has made them before, as in a batch; the least seconds."""
    parameters = wb.load_parameters(municipality)
    folder = workspace / "bench-papers"
    folder.mkdir(exist_ok=True)
    passed = {"municipality": municipality, "audience": "riec", "output_folder": str(folder)}
    with Workers() as workers:
        workers.execute(workspace / "notebooks" / "analyse.ipynb", passed, folder)
    (every,) = least_in_turns(runs, lambda: make_files("analyse", parameters, folder, None))
    size = (folder / "analyse.html").stat().st_size / 1e6
    return f"every file of {municipality} after its notebook: {every:.2f} s; the page {size:.2f} MB"
