"""Processes that write in one register at once: `writers.py PATH together|in_turn PROCESSES EVENTS`.

Each is forked from this one, so that none waits for imports; each event is said as `process event` on a line of its
own once the register has acknowledged it. A refusal is said by its rule. `in_turn` starts the next when one ends.
"""

import datetime as dt
import os
import sys

from werkbank.errors import RegisterError
from werkbank.register.decision import Deciding
from werkbank.register.selections import AdviceThen, Standing, record_selection
from werkbank.register.store import open_register

ADVICE = AdviceThen(("urk-01",), "Terrein 1.", "clear", (Standing("urk-01", 60.0, 50.0, 70.0, 1),))


def say(path, events):
    with open_register(path) as register:
        for number in range(events):
            os.write(1, f"{os.getpid()} {outcome(register, number)}\n".encode())


def outcome(register, number):
    """The number of the event recorded; in the round without a number everyone wants the same park."""
    unique = f"{os.getpid()}-{number}" if len(sys.argv) < 6 else "one"
    try:
        deciding = Deciding("urk", unique, "stuurgroep", dt.datetime.now(dt.UTC), "urk-01")
        reason = "Een reden die lang genoeg is."
        return str(record_selection(register, deciding, reason=reason, advice=ADVICE, fingerprint="f" * 64).id)
    except RegisterError as error:
        return error.findings[0].rule if error.findings else str(error)


def start(path, events):
    process = os.fork()
    if process:
        return process
    try:
        say(path, events)
    finally:
        os._exit(0)


if __name__ == "__main__":
    path, order, processes, events = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    if order == "together":
        for process in [start(path, events) for _ in range(processes)]:
            os.waitpid(process, 0)
    else:
        for _ in range(processes):
            os.waitpid(start(path, events), 0)
