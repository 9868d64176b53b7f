"""Registers that are maps, and lists of figures beside a register, with the faults that real ones have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from werkbank.demo.fault_set import FaultSet, Spot

__all__ = ["CONTEXT_SETS", "MAP_SETS"]

_OWN: Final = "park_id,name,municipality,net_ha\n"
_HERE: Final = (5.60, 52.66)
"""A corner in the fictional Urk of these maps."""
Ring = list[list[float]]


def _square(west: float, south: float, size: float) -> Ring:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _map(*features: tuple[dict[str, Any], Ring | None]) -> str:
    made = [
        {"type": "Feature", "properties": properties, "geometry": ring and {"type": "Polygon", "coordinates": [ring]}}
        for properties, ring in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}, ensure_ascii=False)


def _turned(ring: Ring) -> Ring:
    return [[y, x] for x, y in ring]


def _crossed(ring: Sequence[list[float]]) -> Ring:
    """A crooked bow tie: two corners exchanged, one of them moved inwards."""
    first, second, third, fourth, last = ring
    inwards = [(3 * fourth[0] + third[0]) / 4, fourth[1]]
    return [first, second, inwards, third, last]


def _at(east: float, north: float, size: float = 0.004) -> Ring:
    return _square(_HERE[0] + east, _HERE[1] + north, size)


_BORDERS: Final = _map(
    ({"code": "GM0184", "name": "Urk", "municipality": "urk"}, _at(0.0, 0.0, 0.1)),
    ({"code": "GM0303", "name": "Dronten", "municipality": "dronten"}, _at(0.1, 0.0, 0.1)),
)
_IBIS_MAP: Final = _map(
    ({"RINNUMMER": 7001, "BEDRIJVENT": "Reigerhof", "OPPBRUTO": "120000", "OPPNETTO": "110000"}, _at(0.01, 0.01)),
    ({"RINNUMMER": 7002, "BEDRIJVENT": "Kiekhof", "OPPBRUTO": "120000", "OPPNETTO": "110000"}, _at(0.5, 0.5)),
)
_OUTLINES: Final = _map(
    ({"park_id": "FOU-01"}, _at(0.01, 0.01)),
    ({"park_id": "FOU-02"}, _crossed(_at(0.02, 0.02))),
    ({"park_id": "FOU-03"}, _turned(_at(0.03, 0.03))),
    ({"park_id": "FOU-99"}, _at(0.04, 0.04)),
)
_LIST: Final = (
    _OWN
    + "FOU-01,Zilverreiger,urk,400\n"
    + "FOU-02,Kiekendief,urk,2\n"
    + "FOU-03,Ooievaar,urk,12\n"
    + "FOU-04,Lepelaar,urk,12\n"
)

MAP_SETS: Final = (
    FaultSet(
        "kaart",
        {"parks.geojson": _IBIS_MAP, "municipalities.geojson": _BORDERS},
        (
            Spot("numbers-as-text", "parks.geojson", None, "oppervlakten als tekst"),
            Spot("square-metres", "parks.geojson", None, "oppervlakten in vierkante meters"),
            Spot("municipality-from-map", "parks.geojson", None, "geen gemeente, wel een vlak in een gemeente"),
            Spot("municipality-unknown", "parks.geojson", None, "geen gemeente, en buiten elke gemeente"),
        ),
    ),
    FaultSet(
        "kaart_kapot",
        {"parks.geojson": _IBIS_MAP[: len(_IBIS_MAP) // 2]},
        (Spot("broken-geojson", "parks.geojson", None, "de helft van een kaart"),),
    ),
    FaultSet(
        "kaart_vreemd",
        {"parks.geojson": _map(({"naam": "Reigerhof"}, _at(0.01, 0.01)))},
        (Spot("unknown-format", "parks.geojson", None, "eigenschappen die niemand kent"),),
    ),
    FaultSet(
        "lijst_en_kaart",
        {"parks.csv": _LIST, "parks.geojson": _OUTLINES, "municipalities.geojson": _BORDERS},
        (
            Spot("area-differs-from-map", "parks.csv", 2, "400 hectare, en op de kaart een tiende daarvan"),
            Spot("invalid-outline", "parks.geojson", None, "een omtrek die zichzelf kruist"),
            Spot("swapped-coordinates", "parks.geojson", None, "breedte voor lengte"),
            Spot("outline-of-unknown-park", "parks.geojson", None, "een vlak van FOU-99"),
            Spot("no-outline", "parks.geojson", None, "geen vlak van FOU-04"),
        ),
    ),
)
CONTEXT_SETS: Final = (
    FaultSet(
        "kenmerken",
        {
            "context.csv": "park_id,establishments,workers,vacancy,lievelingskleur\n"
            "URK-01,12,140,0.05,blauw\n"
            "URK-02,veel,80,0.02,groen\n"
            "URK-01,13,141,0.04,geel\n"
            "QQQ-77,12,140,0.03,rood\n"
        },
        (
            Spot("unknown-column", "context.csv", 1, "een kenmerk dat niemand kent"),
            Spot("wrong-context-value", "context.csv", 3, "“veel” vestigingen"),
            Spot("doubled-park", "context.csv", 4, "een terrein dat er al stond"),
            Spot("unknown-park", "context.csv", 5, "een terrein dat niet in het register staat"),
            Spot("maybe-fraction", "context.csv", None, "leegstand in delen van 1 in plaats van procenten"),
        ),
    ),
    FaultSet(
        "kenmerken_kapot",
        {"context.csv": b"park_id,workers\nURK-01,\x81\x8d\xff\xfe\n"},
        (Spot("unreadable-context", "context.csv", None, "tekens van geen enkele codering"),),
    ),
)
"""Read with the register of the example itself."""
