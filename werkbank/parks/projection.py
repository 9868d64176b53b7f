"""In which system coordinates are written, told by their size, and from the national grid to degrees.

Dutch maps come in degrees (WGS 84) or in metres of the Rijksdriehoeksstelsel (RD, EPSG:28992). In the Netherlands
the two cannot be confused: longitudes are 3 to 8 and latitudes 50 to 54, RD is 10 to 300 and 300 to 630 kilometres.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from werkbank.parks.geometry import Floats

__all__ = ["System", "rd_to_degrees", "system_of"]

System = Literal["degrees", "swapped", "rd", "unknown"]
"""`swapped` is latitude before longitude."""

_DEGREES = ((3.0, 8.0), (50.0, 54.0))
_RD = ((10_000.0, 300_000.0), (300_000.0, 630_000.0))

# F.H. Schreutelkamp and G.L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
# WGS84-kaartcoördinaten", Geodesia 2001-2: tables of (power of x, power of y, seconds of arc). Against RDNAPTRANS
# without its correction grid the largest difference in the Netherlands is 0.3 m: nothing on the scale of a park.
_ORIGIN = np.array([155_000.0, 463_000.0])
_ORIGIN_DEGREES = (5.38720621, 52.15517440)
_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip


def system_of(points: Floats) -> System:
    """The system in which all points (points × 2) lie in or near the Netherlands."""
    if _within(points, _DEGREES):
        return "degrees"
    if _within(points[:, ::-1], _DEGREES):
        return "swapped"
    return "rd" if _within(points, _RD) else "unknown"


def rd_to_degrees(points: Floats) -> Floats:
    """Metres of the national grid (x, y) as longitude and latitude, to less than half a metre."""
    x, y = ((points - _ORIGIN) * 1e-5).T
    sums = [sum(factor * x**p * y**q for p, q, factor in table) for table in (_LONGITUDE, _LATITUDE)]
    return np.column_stack([start + seconds / 3600 for start, seconds in zip(_ORIGIN_DEGREES, sums, strict=True)])


def _within(points: Floats, bounds: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    lowest, highest = np.array(bounds).T
    return bool(((points >= lowest) & (points <= highest)).all())
