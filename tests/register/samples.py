"""An event to record, SQL past the workbench, and a user without an administrator's rights."""

import datetime as dt
import os
import sqlite3
from contextlib import closing, contextmanager

from werkbank.register.events import Event, canonical, utc

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
TRIGGERS = [
    f"{table}_{operation}" for table in ("events", "chain_head") for operation in ("insert", "update", "delete")
]


def happening(number=0, **changes):
    whose = {"kind": "event", "municipality": "urk", "round": "2026-1", "park_id": "urk-01", "actor_role": "stuurgroep"}
    payload = canonical({"number": number, "note": "Café “De Sluis” – ½ ☂"})
    return Event(**{**whose, "at": utc(NOW + dt.timedelta(minutes=number)), "payload": payload, **changes})


def raw(path, *statements):
    """SQL past the workbench, as someone with the file would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def unguarded(path, *statements):
    """The same, after removing the guards."""
    raw(path, *(f"DROP TRIGGER {name}" for name in TRIGGERS), *statements)


@contextmanager
def powerless():
    """Without the rights of an administrator, who may write anywhere."""
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)
