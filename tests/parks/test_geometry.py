"""Outlines: a point in a polygon, an area, an inner point, a distance; and the national grid in degrees."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parks.park_files import collection, feature, polygon, ring, square
from werkbank.parks.geometry import NotGeoJsonError, Shape, features_of, metres_per_degree

SQUARE = ring(square(5.0, 52.0, 1.0))
L_SHAPE = ring([[0, 0], [3, 0], [3, 1], [1, 1], [1, 3], [0, 3], [0, 0]])
corner = st.integers(0, 8).map(lambda n: n / 4)


def inside(shape, *points):
    return shape.contains(ring(points)).tolist()


def test_a_point_is_inside_or_outside_also_beside_a_corner_turned_inwards_in_a_hole_and_on_an_island_in_it():
    points = (0.5, 2.5), (2.5, 0.5), (2, 2), (-1, 0.5), (0.5, 4)
    assert inside(Shape(((L_SHAPE,),)), *points) == [True, True, False, False, False]
    hole, island = ring(square(1, 1, 2)), ring(square(1.5, 1.5, 1))
    shape = Shape(((ring(square(0, 0, 4)), hole), (island,)))
    assert inside(shape, (0.5, 0.5), (1.2, 1.2), (2, 2)) == [True, False, True]


@given(x=corner, y=corner)
def test_every_point_of_a_map_lies_in_exactly_one_of_its_tiles_borders_and_corners_included(x, y):
    """A point on a border belongs to the tile east or north of it: none is lost, none counts twice."""
    tiles = [Shape(((ring(square(column, row, 1)),),)) for column in range(3) for row in range(3)]
    assert sum(inside(tile, (x, y))[0] for tile in tiles) == 1


@given(data=st.data())
def test_neighbours_with_a_slanting_border_share_no_point_and_leave_none_out(data):
    """The same holds for a border that is drawn in opposite directions by its two neighbours."""
    number = st.floats(0.01, 0.99)
    low, high = data.draw(number), data.draw(number)
    left = ring([[0, 0], [low, 0], [high, 1], [0, 1], [0, 0]])
    right = ring([[1, 1], [high, 1], [low, 0], [1, 0], [1, 1]])
    share = data.draw(st.floats(0, 0.999))
    points = [(low + share * (high - low), share), (data.draw(number), data.draw(number))]
    both = np.array([inside(Shape(((one,),)), *points) for one in (left, right)])
    assert both.sum(axis=0).tolist() == [1, 1]


@given(start=st.integers(0, 6), turned=st.booleans())
def test_where_a_ring_begins_and_which_way_it_turns_changes_nothing(start, turned):
    points = np.roll(L_SHAPE[:-1], start, axis=0)[:: -1 if turned else 1]
    shape = Shape(((np.vstack([points, points[:1]]),),))
    grid = np.array([(x / 2 + 0.25, y / 2 + 0.25) for x in range(8) for y in range(8)])
    assert shape.contains(grid).tolist() == Shape(((L_SHAPE,),)).contains(grid).tolist()
    assert shape.hectares == pytest.approx(Shape(((L_SHAPE,),)).hectares)


def test_a_degree_is_as_long_as_tables_of_the_earth_say():
    """WGS 84 at 52 degrees north: 111,266 m of latitude and 68,678 m of longitude (NGA, length of a degree)."""
    assert metres_per_degree(52).tolist() == pytest.approx([68_678, 111_266], abs=2)


def test_the_area_leaves_holes_out():
    """A block of 1,000 by 1,000 metres is 100 hectares, with a hole of 500 by 500 metres 75."""
    east, north = 1_000 / metres_per_degree(52.0)
    block = ring([[5, 52], [5 + east, 52], [5 + east, 52 + north], [5, 52 + north], [5, 52]])
    hole = ring([5, 52]) + (block - ring([5, 52])) / 2
    assert Shape(((block,),)).hectares == pytest.approx(100, rel=1e-3)
    assert Shape(((block, hole),)).hectares == pytest.approx(75, rel=1e-3)


@pytest.mark.parametrize(
    "points",
    [SQUARE, L_SHAPE, [[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [1, 1], [1, 4], [0, 4], [0, 0]]],
    ids=["square", "L", "U"],
)
def test_the_centre_lies_inside_also_of_a_shape_around_nothing(points):
    shape = Shape(((ring(points),),))
    assert inside(shape, shape.centre) == [True]


def test_the_distance_is_that_to_the_nearest_side():
    """0.01 degree south of the border at 52 degrees is 1,113 metres."""
    assert Shape(((SQUARE,),)).distance(ring([[5.5, 51.99], [5.5, 51.0]])) == pytest.approx(1_113, abs=1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "geen geldige JSON"),
        ('{"features": [', "breekt af"),
        ("[" * 100_000, "geen geldige JSON"),
        ("[]", "geen GeoJSON"),
        ('{"features": {}}', "geen GeoJSON"),
        ('{"features": [1]}', "geen GeoJSON"),
    ],
)
def test_what_is_no_geojson_is_said_to_be_none(text, reason):
    with pytest.raises(NotGeoJsonError, match=reason):
        features_of(text)


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (None, "heeft geen vlak"),
        ({"type": "Point", "coordinates": [5, 52]}, "is geen vlak maar een punt"),
        ({"type": "Polygon", "coordinates": []}, "zonder bruikbare omtrek"),
        ({"type": "MultiPolygon", "coordinates": []}, "heeft geen vlak"),
        (polygon([[5, 52], [5.1, 52], [5, 52]]), "zonder bruikbare omtrek"),
        (polygon([["a", 52], [5.1, 52], [5, 52]]), "zonder bruikbare omtrek"),
        (polygon([[5, 52], [5.1], [5, 52.1]]), "zonder bruikbare omtrek"),
        (polygon([[5, 52], [float("nan"), 52], [5, 52.1], [5, 52]]), "zonder bruikbare omtrek"),
        (polygon([[10**400, 52], [5, 52], [5, 52.1], [5, 52]]), "zonder bruikbare omtrek"),
        (polygon(square(600_000, 6_800_000, 100)), "geen graden"),
        (polygon(square(155_000, 463_000, 100)), "een kaart in RD-meters"),
        (polygon([point[::-1] for point in square(5.387, 52.155)]), "geen graden"),
    ],
)
def test_an_outline_that_cannot_be_used_is_named_and_the_object_stays(geometry, fault):
    (one,) = features_of(collection(feature(geometry, park_id="A")))
    assert (one.shape, one.properties) == (None, {"park_id": "A"})
    assert fault in " ".join(one.faults)


def test_an_outline_with_a_flaw_is_read_and_named():
    """A ring that does not close is closed; one without an area stays."""
    (one,) = features_of(collection(feature(polygon(square(5, 52)[:-1]))))
    assert one.faults == ("heeft een omtrek die niet sluit",)
    assert one.shape.polygons[0][0][0].tolist() == one.shape.polygons[0][0][-1].tolist()
    (one,) = features_of(collection(feature(polygon([[5, 52], [5.1, 52], [5.2, 52], [5, 52]]))))
    assert (one.faults, one.shape is None) == (("heeft een vlak zonder oppervlakte",), False)


def test_properties_become_text_whatever_they_were():
    (one,) = features_of(json.dumps({"features": [feature(a=4310.0, b=" x ", c=None, d=[1], e=True, f=12.5, g=7)]}))
    assert one.properties == {"a": "4310", "b": "x", "c": "", "d": "", "e": "", "f": "12.5", "g": "7"}


def test_a_sample_is_spread_over_the_largest_part():
    """Of the L (five squares) three fifths lie in the lower arm; a small part elsewhere adds nothing."""
    sample = Shape(((ring(square(10, 10, 0.1)),), (L_SHAPE,))).sample
    assert (sample < 3).all()
    assert (sample[:, 1] < 1).mean() == pytest.approx(0.6, abs=0.02)
