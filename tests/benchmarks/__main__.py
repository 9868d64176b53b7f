"""Print each benchmark as a line: what was timed, beside what, and the ratio of the medians."""

import tempfile
from pathlib import Path

from tests.benchmarks.measures import MEASURES, prepare


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = prepare(Path(folder))
        for measure in MEASURES:
            print(measure(workspace), flush=True)


if __name__ == "__main__":
    main()
