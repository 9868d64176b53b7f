"""The returns of the fictional district, and ways to damage one."""

import pytest

from tests.matrix.conftest import put
from tests.matrix.formats import changed

ROUND = "2026-1"


@pytest.fixture
def returns(own_workspace):
    """The folder with the returns of this round."""
    return own_workspace / "data" / "matrices" / ROUND


def spoil(path, *cells, value="9"):
    """Put a value that is no level in some cells of the matrix."""
    with changed(path) as book:
        put(**dict.fromkeys(cells, value))(book["Matrix"])
    return path
