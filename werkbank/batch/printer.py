"""A process that makes the files of executed notebooks, one job after another, until its owner is gone.

It reads jobs as lines of JSON and answers each with one line: `{"done": …}` or `{"failed": reason}`. An answer never
holds the text of an error that nobody foresaw. Its owner is werkbank/batch/press.py.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any, BinaryIO

__all__ = ["main", "serve"]


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do every job that comes in, and end at once when no more can come: the owner is gone or lets go."""
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    _warm_up()
    for line in _lines(waiting):
        answers.write(json.dumps(_answer(json.loads(line)), ensure_ascii=False).encode() + b"\n")
        answers.flush()


def _listen(jobs: BinaryIO, waiting: SimpleQueue[bytes]) -> None:
    for line in jobs:
        waiting.put(line)
    os._exit(0)  # also from the midst of a job: nobody waits for it any more


def _lines(waiting: SimpleQueue[bytes]) -> Iterator[bytes]:
    while True:
        yield waiting.get()


def _warm_up() -> None:
    """What the first job would wait for: the imports, the drawing engine, the script of the page."""
    from nbconvert.exporters import TemplateExporter  # noqa: F401, PLC0415  takes half a second

    from werkbank.batch import files  # noqa: F401, PLC0415
    from werkbank.report import figure  # noqa: PLC0415

    figure.start()


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    from werkbank.batch.files import do  # noqa: PLC0415  a kernel's process needs none of this
    from werkbank.errors import WerkbankError, unforeseen  # noqa: PLC0415
    from werkbank.wording import disk_fault  # noqa: PLC0415

    try:
        return {"done": do(job)}
    except WerkbankError as error:
        return {"failed": str(error)}
    except OSError as error:
        return {"failed": f"De uitvoer kon niet worden weggeschreven ({disk_fault(error)})."}
    except Exception as error:  # noqa: BLE001  a fault in one municipality never stops another
        return {"failed": str(unforeseen(error))}


def main() -> None:
    """Serve over standard input and output, where no process can be forked."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing but answers may go over that line
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
