"""Processes that write in one register at once, a command a line: `PATH together|in_turn PROCESSES EVENTS [same]`.

Each is forked from this one, so that none waits for imports; each event is said as `process event` on a line of its
own once the register has acknowledged it, and `done` when all have ended. A refusal is said by its rule. `in_turn`
starts the next when one ends; `same`: everyone wants the same park.
"""

import datetime as dt
import os
import sys

from werkbank.errors import RegisterError
from werkbank.register.decision import Deciding
from werkbank.register.selections import AdviceThen, Standing, record_selection
from werkbank.register.store import open_register

ADVICE = AdviceThen(("urk-01",), "Terrein 1.", "clear", (Standing("urk-01", 60.0, 50.0, 70.0, 1),))


def outcome(register, unique):
    """The number of the event recorded, or why it was not."""
    deciding = Deciding("urk", unique, "stuurgroep", dt.datetime.now(dt.UTC), "urk-01")
    try:
        reason = "Een reden die lang genoeg is."
        return record_selection(register, deciding, reason=reason, advice=ADVICE, fingerprint="f" * 64).id
    except RegisterError as error:
        return error.findings[0].rule if error.findings else str(error)


def start(path, events, *same):
    process = os.fork()
    if process:
        return process
    try:
        with open_register(path) as register:
            for number in range(events):
                told = outcome(register, "one" if same else f"{os.getpid()}-{number}")
                os.write(1, f"{os.getpid()} {told}\n".encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    for command in sys.stdin:
        path, order, processes, events, *same = command.split()
        begun = []
        for _ in range(int(processes)):
            begun.append(start(path, int(events), *same))
            if order == "in_turn":
                os.waitpid(begun.pop(), 0)
        for process in begun:
            os.waitpid(process, 0)
        os.write(1, b"done\n")
