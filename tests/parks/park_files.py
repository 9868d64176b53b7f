"""Small registers of our own invention, as dirty as real ones come, for the tests of the park register."""

import json

import numpy as np


def square(west, south, size=0.005):
    """A closed ring of four corners, counter-clockwise."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def ring(points):
    return np.array(points, dtype="float64")


MUNICIPALITIES = collection(
    feature(polygon(square(5.0, 52.0, 0.2)), code="GM9001", name="Westdorp"),
    feature(polygon(square(5.2, 52.0, 0.2)), gemeentecode="GM9002", gemeente="'s-Oostdam"),
)
"""Two municipalities that share a border at 5.2 degrees; the slugs are westdorp and s-oostdam."""

MUNICIPALITIES_CSV = "gemeentecode,gemeente\nGM9001,Westdorp\nGM9002,'s-Oostdam\n"


def rules(findings, *severities):
    """The rule codes of findings, in order."""
    return [one.rule for one in findings if not severities or one.severity in severities]
