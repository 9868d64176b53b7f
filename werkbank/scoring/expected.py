"""What a unit that was chosen would score now, had it gone as the units that nobody chose went (method.md 9).

    expected = ȳ + b · (s_old − x̄)

x̄ and ȳ are the means of the unit's home over its unchosen units, of then and of now, b the slope of now on then within
homes, pooled over the unchosen units of the district. Who was high then is seldom as high again, and the others changed
as well: both are in the line, and choosing by the score of then does not bend it. Matching a chosen unit with its like
would: the highest has no equal. Beside it stands the line's prediction interval for one unit. What lies below its
expected value is never called an effect.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.tables import check_share, code_faults, fault, number_table, refuse

MESSAGE = "Hiervan is geen verwachte score te bepalen."
FEWEST: Final = 12
"""Of fewer unchosen units with both scores nothing is expected."""
FEWEST_AT_HOME: Final = 3
"""With fewer unchosen units at home the line is that of the whole district."""
_LEAST_SPREAD: Final = 1e-9
"""Old scores that differ by less, squared and summed, are all the same."""


def expected_scores(
    old: pd.Series[float],
    new: pd.Series[float],
    homes: pd.Series[Any],
    chosen: Collection[Hashable],
    level: float = 0.90,
) -> pd.DataFrame:
    """A row per chosen unit: old, new, expected, low, high; NaN where that cannot be determined.

    `old`, `new`: per unit the score of either round, NaN or absent where there is none; `homes`: per unit its
    municipality. Between low and high lies the new score of one unit in a share `level` of cases, by Student's t: with
    the spread within homes where the line is the home's, around the district's line where it is the district's. All NaN
    with fewer than `FEWEST` unchosen units that have both scores, or with one old score. ScoringError with every fault.
    """
    check_share(level, "level")
    faults: list[Finding] = []
    scores = {name: _numbers(given, name, faults) for name, given in (("old", old), ("new", new))}
    refuse(MESSAGE, faults)
    units = pd.DataFrame(scores)
    refuse(MESSAGE, _label_faults(units.index, homes, chosen))
    units["home"] = homes.reindex(units.index)
    told = units.loc[list(dict.fromkeys(chosen))]
    line = _line(units.drop(index=told.index).dropna(), told, level)
    return pd.concat([told[["old", "new"]], line], axis=1)


def _line(others: pd.DataFrame, told: pd.DataFrame, level: float) -> pd.DataFrame:
    """The expected scores by the unchosen units, with their interval."""
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    scores, by_home = others[["old", "new"]], others.groupby("home")[["old", "new"]]
    within, around = scores - by_home.transform("mean"), scores - scores.mean()
    spread = float((within["old"] ** 2).sum())
    if len(others) < FEWEST or spread < _LEAST_SPREAD:
        return pd.DataFrame(np.nan, told.index, ["expected", "low", "high"])
    slope = (within["old"] * within["new"]).sum() / spread
    left, left_around = (((apart["new"] - slope * apart["old"]) ** 2).sum() for apart in (within, around))
    count = told["home"].map(by_home.size())
    own = (count >= FEWEST_AT_HOME).to_numpy()
    homes = by_home.mean().reindex(told["home"]).to_numpy()
    then, now = np.where(own[:, None], homes, scores.mean().to_numpy()).T
    free = np.where(own, len(others) - len(by_home) - 1.0, len(others) - 2.0)
    variance = np.where(own, left, left_around) / np.where(free > 0, free, np.nan)
    apart = told["old"] - then
    leverage = 1 / count.where(own, len(others)) + apart**2 / spread
    half = stdtrit(free, (1 + level) / 2) * np.sqrt(variance * (1 + leverage))
    expected = now + slope * apart
    return pd.DataFrame({"expected": expected, "low": expected - half, "high": expected + half})


def _numbers(given: Any, name: str, faults: list[Finding]) -> pd.Series[float]:
    table, wrong = number_table(given.to_frame(name) if isinstance(given, pd.Series) else given, f"de scores ({name})")
    faults += wrong
    return table[name] if not wrong and name in table else pd.Series(dtype=np.float64)


def _label_faults(units: pd.Index, homes: pd.Series[Any], chosen: Collection[Hashable]) -> list[Finding]:
    twice = homes.index[homes.index.duplicated()].unique()
    absent = [unit for unit in units if unit not in homes.dropna().index]
    strange = [unit for unit in dict.fromkeys(chosen) if unit not in units]
    faults = [
        fault("duplicate-unit", f"dubbele eenheid “{unit}”", "elke code eenmaal", "laat er een staan") for unit in twice
    ]
    faults += code_faults(
        "no-home", absent, "“{}” heeft geen gemeente", "van elke eenheid een gemeente", "vul haar aan"
    )
    return faults + code_faults(
        "unknown-unit", strange, "“{}” heeft geen score", "een eenheid met een score", "laat haar weg"
    )
