"""A list of parks as a file, with what stands beside it."""

import pytest


@pytest.fixture
def stored(tmp_path):
    """Writes the list of parks, and other files with `__` for the point in their names; the path of the list."""

    def write(parks=None, **beside):
        for name, content in {**({} if parks is None else {"parks__csv": parks}), **beside}.items():
            (tmp_path / name.replace("__", ".")).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path / "parks.csv"

    return write
