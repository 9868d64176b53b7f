"""What every notebook of the werkbank imports, so that a process which has it all can be forked instead of started.

First what makes files needs, then the rest: a process that makes files can get ready while kernels cannot yet.
Nothing is assessed, no file of a workspace is read and no kernel is made, so that a kernel forked afterwards holds
nothing of any municipality: only modules, and the catalogue and templates that come with the package.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from werkbank.matrix.identity import words_of_catalogue
from werkbank.report import html
from werkbank.scoring.unknown_cells import tail_table
from werkbank.settings import theme
from werkbank.settings.catalogue import load_catalogue

__all__ = [
    "FILES",
    "KERNELS",
    "ONE_THREAD",
    "can_fork",
    "import_for_files",
    "import_for_kernels",
    "same_start",
    "threads",
]

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread per kernel: no pool exists at the fork, kernels do not fight over the cores, and sums add up alike."""

FILES, KERNELS = b"files", b"kernels"
"""What the forking process says: that it can be asked for what makes files, and a moment later for kernels too."""

_FOR_KERNELS = (
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.history",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.ascii",
    "encodings.cp437",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_8_sig",
    "faulthandler",
    "narwhals._interchange.dataframe",
    "numpy.random",
    "openpyxl",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "python_calamine",
    "scipy.optimize",
    "scipy.stats",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
)
_WITHOUT_DEBUGGER = ("IPython.core.debugger", "ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.kernelapp")
_PACKAGES = ("advice", "catalogue", "matrix", "register", "report", "scoring")
_OWN = ("assessment", "decisions", "district", "inputs", "parameters", "rounds", "sharing")
_ACT_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "MALLOC_", *ONE_THREAD)


def can_fork() -> bool:
    """Whether a kernel can be forked here: Linux, and not forbidden by WERKBANK_NO_FORK."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and not os.environ.get("WERKBANK_NO_FORK")


def import_for_files() -> None:
    """Import what makes the files of an analysis, and read what comes with the package: catalogue and templates."""
    import_module("werkbank.batch.files")
    _make_what_is_always_alike()
    _draw_nothing()


def import_for_kernels() -> Iterator[None]:
    """Import the rest of what the notebooks use; between two steps something else can be done."""
    _import_ipykernel()
    for name in _FOR_KERNELS:
        with contextlib.suppress(ImportError):  # another version may keep it elsewhere; it is only imported early
            import_module(name)
        yield
    for name in (*(f"werkbank.{name}" for name in _OWN), *_of_packages()):
        import_module(name)
    tail_table()
    yield


def _import_ipykernel() -> None:
    # ipykernel imports the debugger, a fifth of a second; nobody attaches to a batch, and it goes without.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in _WITHOUT_DEBUGGER:
        with contextlib.suppress(ImportError):
            import_module(name)
    del sys.modules["debugpy"]


def _make_what_is_always_alike() -> None:
    """What comes with the package and every notebook would make for itself: catalogue, templates, look."""
    words_of_catalogue(load_catalogue())
    for path in html.TEMPLATES.glob("*.html.j2"):
        html._environment().get_template(path.name)
    html._sheet(html.CHAPTERS)
    theme.css_of(theme.packaged())


def _draw_nothing() -> None:
    """A chart without data: altair then has its schema and its patterns ready."""
    import altair as alt  # noqa: PLC0415  a third of a second, not for who only asks whether a fork is possible
    import pandas as pd  # noqa: PLC0415

    nothing = pd.DataFrame({"x": pd.Series(dtype=float), "y": pd.Series(dtype=str)})
    axes = {"x": alt.X("x:Q", title=""), "y": alt.Y("y:N", axis=alt.Axis(title=""))}
    for data in (nothing, alt.InlineData(values=[])):
        alt.Chart(data).mark_bar().encode(**axes).to_dict()


def _of_packages() -> Iterator[str]:
    """Every module of the packages that a notebook reaches; many are imported only when they are first called."""
    for name in _PACKAGES:
        package = import_module(f"werkbank.{name}")
        yield from (found.name for found in walk_packages(package.__path__, f"{package.__name__}."))


def threads() -> int:
    """The threads of this process as the system counts them, those of compiled libraries included. Linux."""
    return len(list(Path("/proc/self/task").iterdir()))


def same_start(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two environments agree on what acts only when a process starts, such as PYTHONPATH and TZ."""

    def at_start(environment: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in environment.items() if name.startswith(_ACT_AT_START)}

    return at_start(one) == at_start(other)
