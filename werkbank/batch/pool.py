"""Some things at a time, in threads; when it is broken off, nothing goes on and nothing is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

__all__ = ["in_threads"]

T = TypeVar("T")


def in_threads(work: Iterable[Callable[[], T]], jobs: int, *, stop: Callable[[], None]) -> Iterator[T]:
    """The results as they come, `jobs` at a time.

    On Ctrl-C, on a request of the system to end, or on an error nobody foresaw: what has not begun does not begin,
    `stop` ends what is busy, and the exception goes on once every thread is done.
    """
    with _ending_is_breaking_off(), ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(one) for one in work]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            with _undisturbed():
                pool.shutdown(wait=False, cancel_futures=True)
                stop()
                pool.shutdown(wait=True)
            raise


@contextmanager
def _ending_is_breaking_off() -> Iterator[None]:
    """SIGTERM does what Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def broken_off(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, broken_off)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not break off the clearing away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
