"""What is timed: reading workbooks, and scoring a large table."""

import os
import shutil
import statistics
import time
from pathlib import Path

import numpy as np
import pandas as pd

import werkbank as wb
from werkbank.demo import write_demo

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


def reading(workspace, runs=RUNS):
    """Reading and checking the district's workbooks, beside pandas with openpyxl reading every sheet."""
    catalogue, parks = wb.load_catalogue(), wb.load_parks(workspace / "data" / "parks.csv")
    folder = workspace / "data" / "matrices" / "2026-1"
    files = sorted(folder.glob("*.xlsx"))
    ours = seconds(lambda: wb.load_matrix(files, catalogue, parks, round="2026-1"), runs)
    theirs = seconds(lambda: [pd.read_excel(file, sheet_name=None, engine="openpyxl") for file in files], runs)
    return line(f"read and check {len(files)} workbooks", ours, "pandas + openpyxl, not checked", theirs)


def scoring(_, units=50_000, criteria=40, runs=RUNS):
    """A weighted mean with a tenth of the cells unknown, beside numpy's own masked average."""
    values = np.random.default_rng(2018).random((units, criteria))
    values[np.random.default_rng(1).random(values.shape) < 0.1] = np.nan
    frame = pd.DataFrame(values, columns=[f"c{number}" for number in range(criteria)])
    structure = wb.scoring.equal_weights(frame.columns)
    ours = seconds(lambda: wb.scoring.aggregate(frame, structure), runs)
    theirs = seconds(lambda: np.ma.average(np.ma.masked_invalid(values), axis=1, weights=np.ones(criteria)), runs)
    return line(f"aggregate {units} x {criteria}, with coverage", ours, "numpy masked average, without", theirs)


MEASURES = (reading, scoring)
