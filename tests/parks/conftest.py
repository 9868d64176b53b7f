"""What tests of the park list share."""

from tests.matrix.conftest import catalogue, load, parks

__all__ = ["catalogue", "load", "parks"]
