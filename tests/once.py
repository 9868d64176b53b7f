"""What several processes that share the tests of a run need, made by the first of them that does."""

import os
import shutil

from filelock import FileLock


def made_once(tmp_path_factory, name, make):
    """The folder of that name as `make` fills it: once for all processes that share the tests of this run."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, whole = base / name, base / f"{name}.whole"
    with FileLock(base / f"{name}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what failed half-way
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
