"""From levels to points: what the catalogue says a level is worth, and nothing for what is no level."""

import math

import pandas as pd
import pytest

from werkbank import load_catalogue
from werkbank.advice.scorecard import points

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("level", "threat", "resilience"),
    [(0, 0.0, 100.0), (3, 100.0, 0.0), (None, None, None), (4, None, None), (-1, None, None), (1.5, None, None)],
)
def test_a_level_is_worth_what_the_scale_says_and_anything_else_is_missing(level, threat, resilience):
    """Higher is worse, also for resilience; a level that the scale does not have is never read as another."""
    codes = {family: CATALOGUE.by_family(family)[0].id for family in ("threat", "resilience")}
    table = points(pd.DataFrame({code: [level] for code in codes.values()}, dtype="float64"), CATALOGUE)
    found = [None if math.isnan(table[code][0]) else table[code][0] for code in codes.values()]
    assert found == [threat, resilience]
