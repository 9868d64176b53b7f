"""When a second copy of one round may go out: what went into the first, and what two of them together would tell."""

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.sharing.released import with_releases
from tests.sharing.test_reader import LEVELS, THREATS, column, drawn_from, total_of
from werkbank.sharing import for_audience
from werkbank.sharing.gate import of_copy, second_copy
from werkbank.sharing.what import in_steps

CELL = "URK-01 V01 municipality"


@pytest.fixture(scope="module")
def pair(demo_workspace):
    full = with_releases(wb.assess(wb.load_parameters("urk", audience="municipality")))
    return full, for_audience(full)


def test_what_went_in_holds_own_cells_and_changes_with_them_and_with_what_is_told(pair):
    _, copy = pair
    now = of_copy(copy)
    assert {name.rpartition(" ")[2] for name in now["cells"]} == {"municipality"}
    assert second_copy([now], now) == second_copy([], now) == ()
    other = {**now, "cells": {**now["cells"], CELL: "9"}}
    assert second_copy([now], other) == (CELL,)
    assert second_copy([{**now, "figures": "x"}], now) == ("",)
    gone = {name: level for name, level in now["cells"].items() if name != CELL}
    assert second_copy([now, {**now, "cells": gone}], now) == (CELL,)


def test_over_two_released_rounds_the_differencing_attack_reads_no_cell_and_over_many_copies_it_does(pair):
    """Why a second copy of a round is guarded: the municipality chooses its own cells anew for every copy.

    It knows its own cells, how often the police give which level, and more than it could: that the truth is one of the
    columns it drew. Each time it takes the own cells that split those best, asks a copy, and keeps what would have given
    the same step of five. A cell is read when everything kept has it at 2 or higher.
    """
    full, _ = pair
    after_two, after_nine, high = map(sum, zip(*(attacked(full, park) for park in full.parks["park_id"]), strict=True))
    assert after_two == 0
    assert after_nine > high / 2 > 0


def attacked(full, park, draws=500, tries=6):
    """How many of a park's police cells at 2 or higher are read from two copies and from nine; and how many there are."""
    rng, truth = np.random.default_rng(2018), column(full, "police", park)
    prior = [
        *(column(full, "police", each) for each in full.parks["park_id"]),
        *LEVELS[:, None].repeat(len(THREATS), 1),
    ]
    kept = np.vstack([truth, drawn_from(np.array(prior), draws, rng)])
    read = []
    for _ in range(9):
        own = rng.integers(0, 4, (tries, len(THREATS)))
        steps = told_step(np.vstack([np.maximum(kept, one) for one in own]), full, park).reshape(tries, -1)
        best = max(
            steps, key=lambda step: len(np.unique(step)) - np.unique(step, return_counts=True)[1].max() / len(step)
        )
        kept = kept[best == best[0]]
        read.append(int(((kept >= 2).all(0) & (truth >= 2)).sum()))
    return read[1], read[-1], int((truth >= 2).sum())


def told_step(combined, full, park):
    """The total of a park for every column of combined levels, as the strict copy tells it."""
    return in_steps(pd.Series(total_of(combined, full, park))).to_numpy()
