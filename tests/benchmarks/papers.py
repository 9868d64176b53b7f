"""What is timed: every file of the largest municipality, once its notebook was executed."""

import werkbank as wb
from tests.benchmarks.measures import RUNS
from tests.benchmarks.ranking import least_in_turns
from werkbank.batch.files import make_files
from werkbank.batch.worker import Workers


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
