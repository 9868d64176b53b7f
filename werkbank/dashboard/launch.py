"""The process of the server: `python -m werkbank.dashboard.server`, told what to do on its standard input.

It stops when it is told to, and also when whoever started it is gone.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from types import TracebackType

from werkbank.dashboard.charts import SCRIPT_VARIABLE
from werkbank.dashboard.processes import Order, stop_when_alone
from werkbank.dashboard.server import SCRIPT_ADDRESS

__all__ = ["PORT_TAKEN", "CodesOnly", "main"]

PORT_TAKEN = 3

_LOGGERS = ("traitlets", "voila", "tornado.access", "tornado.application", "tornado.general", "asyncio")


class CodesOnly(logging.Filter):
    """A log line keeps where it came from and the kind of error; its words may hold a judgement or a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the line by its bare facts."""
        error = record.exc_info[0] if record.exc_info else None
        kind = f" ({error.__name__})" if error else ""
        record.msg = f"{record.levelname} in {record.module}, regel {record.lineno}{kind}"
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True


def main() -> int:
    """Serve the order on standard input until told to stop."""
    order = Order.from_json(sys.stdin.readline())
    # Sockets, cookies and connection files are for this user alone.
    os.umask(0o077)
    sys.excepthook = _kind_only
    _bare_logs()
    from werkbank.dashboard.server import DashboardServer  # noqa: PLC0415

    stop_when_alone()
    try:
        server = DashboardServer(order)
    except OSError:
        return PORT_TAKEN
    os.environ[SCRIPT_VARIABLE] = server.place + SCRIPT_ADDRESS
    try:
        server.initialize([])
        _bare(server.log)
        server.start()
    finally:
        shutil.rmtree(order.stage, ignore_errors=True)
    return 0


def _bare_logs() -> None:
    handler = logging.StreamHandler()
    handler.addFilter(CodesOnly())
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    for name in _LOGGERS:
        _bare(logging.getLogger(name))


def _bare(logger: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
    bare = logger.logger if isinstance(logger, logging.LoggerAdapter) else logger
    for place in (bare, *bare.handlers):
        place.addFilter(CodesOnly())


def _kind_only(kind: type[BaseException], _error: BaseException, _where: TracebackType | None) -> None:
    """What stops the server is told by its kind; its words may hold a judgement or the key."""
    sys.stderr.write(f"{kind.__name__}\n")


if __name__ == "__main__":
    sys.exit(main())
