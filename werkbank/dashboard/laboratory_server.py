"""The process of JupyterLab: `python -m werkbank.dashboard.laboratory OPTIONS`; its first line is its address.

It stops when it is told to, and also when whoever started it is gone. It logs errors only: what else it has to say is
English, and said in Dutch by who started it.
"""

from __future__ import annotations

import logging
import sys

import werkbank  # noqa: F401
from werkbank.dashboard.processes import stop_when_alone

__all__ = ["ErrorsOnly", "main"]

# The flag keeps jsonschema from compiling a grammar of a second in the server (see werkbank/__init__.py).


class ErrorsOnly(logging.Filter):
    """Lets errors through; that a server starts, stops or finds no browser is no error but is logged as worse."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is an error."""
        return record.levelno == logging.ERROR


def main(options: list[str]) -> int:
    """Serve JupyterLab until told to stop."""
    from jupyterlab.labapp import LabApp  # noqa: PLC0415  takes a second

    stop_when_alone()
    server = LabApp.initialize_server(argv=options)
    for place in (logging.getLogger(), *server.log.handlers):
        place.addFilter(ErrorsOnly())
    server.log.addFilter(ErrorsOnly())
    # The server binds its port in the loop; this comes after it.
    server.io_loop.add_callback(_tell, server.local_url)
    server.start()
    return 0


def _tell(address: str) -> None:
    """One line for who started us; anything more would fill the pipe."""
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    sys.stdout = sys.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
