"""The first thing the warm process does: see to it that it never outlives its owner, however that ends.

`python -m werkbank.batch.hatch FD PID` then imports all the rest, which takes seconds (werkbank/batch/zygote.py).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

__all__ = ["die_with_parent", "live_on", "main"]

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """The system kills this process when the thread that started it ends, however that happens. Linux."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def live_on() -> None:
    """From here on the end of a line tells that the owner is gone: a thread of it may end before."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)


def main() -> None:
    """Die with the owner from now on, then import and serve."""
    die_with_parent(int(sys.argv[2]))
    from werkbank.batch.zygote import main as serve  # noqa: PLC0415  takes seconds

    serve()


if __name__ == "__main__":
    main()
