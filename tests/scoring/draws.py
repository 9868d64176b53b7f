"""One recalculation read back, so that it can be scored by hand."""

import numpy as np
import pandas as pd

from werkbank.scoring.combine import FIRST_STEP
from werkbank.scoring.robustness import BLOCK, _blocks


def drawn_cells(found, recalculation):
    """The cells that were drawn in one recalculation: unit, indicator, party ("" where nobody knows) and level."""
    block, row = divmod(recalculation, BLOCK)
    cells, drawn = found.plan.cells, found.drawing.cells
    rows = []
    if drawn is not None:
        moved = cells.codes + drawn.draw(found.drawing.seed, block, _blocks(found.draws)[block])[row]
        steps = cells.steps.transpose(1, 2, 0) + cells.digits[moved] - cells.digits[cells.codes]
        for u, i, p in np.argwhere(cells.digits[moved] != cells.digits[cells.codes]):
            step, party = cells.digits[moved[u, i], p] - FIRST_STEP, ""
            if cells.known[u, i]:
                step, party = steps[u, i, p], cells.parties[p]
            rows.append((cells.units[u], cells.indicators[i], party, cells.level(i, int(step))))
    return pd.DataFrame(rows, columns=["unit", "indicator", "party", "level"])
