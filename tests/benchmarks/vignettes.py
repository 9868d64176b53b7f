"""How many raters and lines it takes to see a party's scale drift.

Raters differ among themselves and per line (which stays), wander a little between rounds as a whole, and err anew at
every answer; what they think is rounded to a level and cut at the ends of the scale. The drift is in what they think.
"""

import numpy as np
import pandas as pd

from werkbank.collecting.vignettes import LINES, drift

OWN, PER_LINE, WANDER, ERROR, TOP = 0.3, 0.4, 0.1, 0.5, 3
"""Standard deviations in steps: of a rater, of a rater at a line, of a rater between rounds, of one answer; the top."""


def rounds(rng, raters, lines, shift, noisier):
    """Two rounds of answers of two parties with this many raters each; the police moves by `shift` in the second."""
    index = pd.MultiIndex.from_product([["police", "municipality"], range(raters)], names=["party", "rater"])
    police = (index.get_level_values("party") == "police")[:, None]
    columns = LINES.index[np.linspace(0, len(LINES) - 1, lines).round().astype(int)]
    shape, error = (len(index), lines), np.where(police, noisier * ERROR, ERROR)
    opinion = LINES[columns].to_numpy() + rng.normal(0, OWN, (len(index), 1)) + rng.normal(0, PER_LINE, shape)
    for moved in (0.0, shift):
        thought = opinion + moved * police + rng.normal(0, WANDER, (len(index), 1)) + error * rng.normal(size=shape)
        yield pd.DataFrame(np.clip(np.rint(thought), 0, TOP), index, columns)


def raised(raters, lines, shift, *, times, seed=18, noisier=1.0):
    """In which share the police is found higher, the municipality is raised falsely, and either is raised."""
    rng = np.random.default_rng(seed)
    told = [drift(*rounds(rng, raters, lines, shift, noisier)) for _ in range(times)]
    higher = [(one.at["police", "raised"] and one.at["police", "change"] > 0) for one in told]
    return np.mean(higher), *np.mean([(one.at["municipality", "raised"], one["raised"].any()) for one in told], axis=0)


def vignettes(_workspace, times=1000):
    """A line per number of raters and lines: a quarter step found, the other party raised beside it, nothing moved."""
    lines = ["vignettes: raters a party, lines, police errs ×: found, other party raised; either raised in stillness"]
    for raters, many, noisier in [(r, n, 1.0) for n in (18, 27) for r in (3, 5, 6, 8, 10)] + [(8, 27, 2.0)]:
        higher, falsely, _ = raised(raters, many, 0.25, times=times, noisier=noisier)
        still = raised(raters, many, 0.0, times=times, seed=81, noisier=noisier)[2]
        lines.append(f"{raters:4} {many:4} {noisier:4g}: {higher:.2f} {falsely:.2f}; {still:.2f}")
    return "\n".join(lines)
