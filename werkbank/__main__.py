"""`python -m werkbank` and the command `werkbank`: what must be in order before the first import of any weight."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C during its imports ends it without a traceback."""
    _open_streams()
    # Most of what a command makes stays to its end: to look for garbage in it over and over took a twelfth of its time.
    gc.set_threshold(500_000, 20, 20)
    atexit.register(gc.freeze)  # and at its end in what goes with the process: half a second of a dashboard
    # With these altair would load ipywidgets and IPython, and ways to check what nobody checks, for no chart or page.
    for unneeded in ("anywidget", "isoduration", "rfc3986_validator"):
        sys.modules.setdefault(unneeded, None)  # type: ignore[arg-type]
    # As in a batch: numpy starts a thread for each other core, which takes a tenth of a second of it, for small sums.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from werkbank.cli import main as command  # noqa: PLC0415  after what is above

    for number in (signal.SIGINT, signal.SIGTERM):  # being asked to end is Ctrl-C
        signal.signal(number, signal.default_int_handler)
    command()


def _open_streams() -> None:
    """A stream that the caller closed leads nowhere; else the first file that is opened would take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            file = os.open(os.devnull, os.O_RDWR)
            if file != number:
                os.dup2(file, number)
                os.close(file)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


if __name__ == "__main__":
    main()
