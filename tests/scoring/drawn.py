"""Small tables drawn as text, so that a test can be read by who knows the field and not the code."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

UNKNOWN = "?"
NOT_APPLICABLE = "nvt"
NOT_ASKED = "ng"


def words(text):
    """Column names, row names and cells of a drawn table."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    return header, [row[0] for row in rows], [row[1:] for row in rows]


def table(text):
    """A table of numbers; `?` is unknown, and so are `nvt` and `ng`."""
    columns, index, cells = words(text)
    return pd.DataFrame(cells, index, columns).replace([UNKNOWN, NOT_APPLICABLE, NOT_ASKED], np.nan).astype(float)


def not_applicable(text):
    """True where a drawn table says `nvt`."""
    columns, index, cells = words(text)
    return pd.DataFrame([[cell == NOT_APPLICABLE for cell in row] for row in cells], index=index, columns=columns)


def asked_of(drawings):
    """Indicator → the parties whose drawn tables have no `ng` there."""
    cells = {
        party: pd.DataFrame(rows, columns=head)
        for party, (head, _, rows) in zip(drawings, map(words, drawings.values()), strict=True)
    }
    codes = next(iter(cells.values())).columns
    return {code: [party for party, own in cells.items() if not (own[code] == NOT_ASKED).any()] for code in codes}


def tree(text):
    """A structure: a line per code, `code parent weight`; `-` is no parent."""
    rows = [line.split() for line in text.strip().splitlines()]
    structure = pd.DataFrame(rows, columns=["code", "parent", "weight"]).astype({"weight": float})
    return structure.assign(parent=structure["parent"].replace("-", None))


def flat(codes, weights=None):
    """A structure with all indicators directly below the root `top`."""
    weighing = weights or [1.0] * len(codes)
    rows = [("top", None, 1.0), *((code, "top", weight) for code, weight in zip(codes, weighing, strict=True))]
    return pd.DataFrame(rows, columns=["code", "parent", "weight"])


THREE_GROUPS = tree(
    """
    top     -       1
    threat  top     0.5
    chance  top     0.25
    gap     top     0.25
    t1      threat  3
    t2      threat  2
    t3      threat  1
    c1      chance  1
    c2      chance  1
    g1      gap     1
    g2      gap     1
    """
)
TWO_GROUPS = tree("top - 1 \n g top 1 \n h top 1 \n a g 1 \n b g 1 \n c h 1 \n d h 1")
LEAVES = ["t1", "t2", "t3", "c1", "c2", "g1", "g2"]
LEVELS = [0.0, 100 / 3, 200 / 3, 100.0]


def frames(min_units=1, max_units=4):
    """Tables of the seven indicators above, in levels of 0-3 and unknown."""
    row = st.lists(st.sampled_from([*LEVELS, np.nan]), min_size=len(LEAVES), max_size=len(LEAVES))
    return st.lists(row, min_size=min_units, max_size=max_units).map(
        lambda rows: pd.DataFrame(rows, columns=LEAVES, index=[f"u{i}" for i in range(len(rows))])
    )


def bootstrap(statistic, ratings, *, seed, resamples=1_000):
    """The middle 95 % of a statistic of the ratings, units on the last axis, when units are drawn anew."""
    rated = ratings[..., ~np.isnan(ratings).reshape(-1, ratings.shape[-1]).all(axis=0)]
    drawn = np.random.default_rng(seed).integers(rated.shape[-1], size=(resamples, rated.shape[-1]))
    found = np.array([statistic(rated[..., one]) for one in drawn])
    determined = found[~np.isnan(found)]
    if np.isnan(statistic(rated)) or 2 * len(determined) <= resamples:
        return np.nan, np.nan, 0 if np.isnan(statistic(rated)) else len(determined)
    return *np.quantile(determined, [0.025, 0.975]), len(determined)
