"""Print each benchmark as a line: what was timed, beside what, and the ratio of the medians."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.batches import country, whole_batch
from tests.benchmarks.dashboard import dashboard, visitors
from tests.benchmarks.measures import all_files, prepare, ranking, recalculating
from tests.benchmarks.national import reading_all
from tests.benchmarks.notebooks import overhead
from tests.benchmarks.rounds import rounds
from tests.benchmarks.usefulness import usefulness
from tests.benchmarks.vignettes import vignettes


def main(names):
    with tempfile.TemporaryDirectory() as folder:
        workspace = prepare(Path(folder))
        timed = reading_all, overhead, all_files, whole_batch, recalculating, ranking, country, dashboard, visitors
        for measure in (*timed, usefulness, vignettes, rounds):
            if not names or measure.__name__ in names:
                print(measure(workspace), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
