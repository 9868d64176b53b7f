"""Urk as the municipality itself may see it."""

import pytest


@pytest.fixture(scope="module")
def own(demo_workspace, assessed):
    return assessed("urk", "municipality")
