"""What is timed: reading and checking the returns of the whole country, two for each of its 342 municipalities."""

import subprocess
import sys

import numpy as np
import pandas as pd

import werkbank as wb
from tests.benchmarks.measures import ROOT, least_in_turns, line
from werkbank.matrix.risk_matrix import judgement_frame
from werkbank.matrix.template import write_workbook

PARKS = 11
"""About 3,800 parks over 342 municipalities."""
PEAK = """
import sys
from pathlib import Path
import werkbank as wb

folder = Path(sys.argv[1])
wb.load_matrix(sorted(folder.glob("*.xlsx")), wb.load_catalogue(), wb.load_parks(folder / "parks.csv"), round="2026-1")
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
print(next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0))
"""


def write_returns(folder, municipalities):
    """A register, and for each municipality two filled workbooks, no two of them alike."""
    catalogue, chance = wb.load_catalogue(), np.random.default_rng(2018)
    slugs = [f"gemeente{number:03}" for number in range(municipalities)]
    parks = pd.DataFrame(
        [(f"{slug}-{n:02}", f"Terrein {slug[8:]} {n}", slug, 10.0) for slug in slugs for n in range(1, PARKS + 1)],
        columns=["park_id", "name", "municipality", "net_ha"],
    )
    parks.to_csv(folder / "parks.csv", index=False)
    for slug, own in parks.groupby("municipality"):
        for party in ("police", "municipality"):
            write_workbook(
                folder / f"{slug}_{catalogue.party(party).file}.xlsx", catalogue, own, party=party,
                municipality=slug, municipality_name=slug.title(), round="2026-1",
                judgements=judged(catalogue, own["park_id"], party, chance),
            )  # fmt: skip


def judged(catalogue, parks, party, chance):
    """A level in four of five cells, and beside every eighth of these a source strength, a date and a remark."""
    keys = [(park, code) for park in parks for code in catalogue.indicator_ids]
    levels = [level if level < 4 else None for level in chance.integers(0, 5, len(keys)).tolist()]
    said = [level is not None and number % 8 == 0 for number, level in enumerate(levels)]
    return judgement_frame(
        {
            "park_id": [park for park, _ in keys],
            "indicator": [code for _, code in keys],
            "party": [party] * len(keys),
            "state": ["unknown" if level is None else "level" for level in levels],
            "level": levels,
            "remark": ["Volgens de toezichthouder vaker dan vorig jaar." if each else "" for each in said],
            "source_strength": ["B" if each else "" for each in said],
            "date": [pd.Timestamp("2026-02-01") if each else None for each in said],
        }
    )


def reading_all(workspace, municipalities=342, some=72, runs=3):
    """All workbooks, all checks, beside `some` of them read by pandas and scaled to all; in turns, the least counts."""
    folder = workspace / "national"
    folder.mkdir()
    write_returns(folder, municipalities)
    catalogue, parks, files = wb.load_catalogue(), wb.load_parks(folder / "parks.csv"), sorted(folder.glob("*.xlsx"))
    few = files[:: max(1, len(files) // some)]
    ours, theirs = least_in_turns(
        runs,
        lambda: wb.load_matrix(files, catalogue, parks, round="2026-1"),
        lambda: [pd.read_excel(file, sheet_name=None, engine="openpyxl") for file in few],
    )
    command = [sys.executable, "-c", PEAK, str(folder)]
    peak = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    beside = f"pandas + openpyxl, not checked, as {len(few)} of them took"
    return f"{line(f'read and check {len(files)} workbooks', ours, beside, theirs * len(files) / len(few))}; peak {peak} MiB"
