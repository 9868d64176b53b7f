"""Some fictional districts, made once for all that is asked of them."""

import pytest

from werkbank.demo.fiction import generate

SEEDS = range(2018, 2022)


@pytest.fixture(scope="session")
def districts():
    """Seed → its district."""
    return {seed: generate(seed) for seed in SEEDS}
