"""Robustness: the order of the units when all that could have been chosen otherwise is drawn anew (SMAA).

- `observed`: what the parties said, as one code per cell
- `uncertainty`: what may be drawn, by name
- `district`: what the whole district says about a cell nobody knows
- `latent`: what the cells of a unit have in common, and its missing cells by that
- `evidence`: how well every level explains what the parties say
- `errors`: what is so, given what the parties say
- `choices`: the draws of everything else, block by block
- `worth`: what a code is worth under a rule
- `totals`: from choices to totals
- `order`: from totals to places, ties kept
- `result`: what comes out, and how to read it back
- `drivers`: which choice drives the outcome
- `confidence`: how often a unit is first under the weights that suit it best
- `run`: the line from judgements to result
"""

from __future__ import annotations

from werkbank.scoring.robustness.confidence import confidence
from werkbank.scoring.robustness.district import District, describe_district
from werkbank.scoring.robustness.readback import drawn_cells
from werkbank.scoring.robustness.result import Robustness
from werkbank.scoring.robustness.run import robustness
from werkbank.scoring.robustness.uncertainty import Uncertainty, read_uncertainty

__all__ = [
    "District",
    "Robustness",
    "Uncertainty",
    "confidence",
    "describe_district",
    "drawn_cells",
    "read_uncertainty",
    "robustness",
]
