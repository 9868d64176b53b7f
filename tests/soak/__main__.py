"""The wheel where there is no checkout; 5,000 advices held against what they claim; a batch killed at fifty moments.

200 edits of a plan in LibreOffice, where it is installed; and an hour of visitors of the dashboard, and of who means it no
good. `python -m tests.soak KILLS SECONDS` does less.
"""

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.advice.test_sentences import EVERY, districts
from tests.batch import killing
from tests.report.office import SOFFICE
from tests.soak import installed, plans, visitors
from werkbank.demo.write import write_demo
from werkbank.settings.catalogue import load_catalogue

ROOT = Path(__file__).parents[2]
KILLS = 50
DISTRICTS = 5_000


def main(kills=KILLS, seconds=visitors.HOUR):
    occurred = districts(DISTRICTS, start=300)
    assert set(occurred) == EVERY
    print(f"{DISTRICTS} advices, every sentence true: {dict(occurred)}", flush=True)
    chance = random.Random(2018)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "w"
        for name in ("parameters", "notebooks"):
            shutil.copytree(ROOT / name, workspace / name)
        write_demo(workspace / "data", catalogue=load_catalogue())
        os.environ["WERKBANK_WORKSPACE"] = str(workspace)
        visitors.main(seconds)
        if SOFFICE:
            plans.main()
        whole, seconds = killing.two_outcomes(workspace)
        print(f"a batch of {len(whole[1])} municipalities takes {seconds:.1f} s", flush=True)
        for turn in range(kills):
            seen = killing.killed(workspace, 1 + turn % 2, seconds, chance)
            killing.none_is_half(seen, whole[1], whole[2])
            if turn % 10 == 9:
                seed = 1 + turn // 10 % 2
                assert killing.finished(workspace, seed) == whole[seed]
                print(f"{turn + 1} kills: nothing half, no process left, finished after it", flush=True)


if __name__ == "__main__":
    installed.main()
    main(*map(int, sys.argv[1:3]))
