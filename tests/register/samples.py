"""An event to record, what a tamperer does past the workbench, and a user without an administrator's rights."""

import datetime as dt
import os
import signal
import warnings
from contextlib import contextmanager
from pathlib import Path

from werkbank.register.events import GENESIS, Event, Head, StoredEvent, canonical, utc
from werkbank.register.store import EVENTS, engine_for, open_register

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def happening(number=0, **changes):
    whose = {"kind": "event", "municipality": "urk", "round": "2026-1", "park_id": "urk-01", "actor_role": "stuurgroep"}
    payload = canonical({"number": number, "note": "Café “De Sluis” – ½ ☂"})
    return Event(**{**whose, "at": utc(NOW + dt.timedelta(minutes=number)), "payload": payload, **changes})


def raw(address, *statements):
    """SQL past the workbench, as someone with the file or the database would; what the last one answers."""
    with engine_for(address).begin() as connection:
        for statement in statements:
            answer = connection.exec_driver_sql(statement)
        return [tuple(row) for row in answer] if answer.returns_rows else []


def unguarded(address, *statements):
    """The same with the guards removed, and put back afterwards."""
    if str(address).startswith("postgresql"):
        guards = [f"ALTER TABLE {table} {{}} TRIGGER USER" for table in ("events", "chain_head")]
        off, on = ([guard.format(word) for guard in guards] for word in ("DISABLE", "ENABLE"))
    else:
        found = raw(address, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        off, on = [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]
    raw(address, *off, *statements, *on)


def fill(address, events=5):
    """A register with some events more."""
    with open_register(address) as opened:
        for number in range(events):
            opened.append(happening(number, park_id=None if number == 2 else f"urk-0{number}"))
    return address


def chain_of(address):
    with open_register(address) as register:
        return register.events()


def _written(event):
    """An event as SQL that slips it in."""
    values = (getattr(event, column.name) for column in EVENTS.c)
    told = (str(one) if isinstance(one, int) else "NULL" if one is None else "'" + one + "'" for one in values)
    return f"INSERT INTO events VALUES ({', '.join(told)})"


def _insert(address):
    """An event between the second and the third, with a right hash of its own."""
    second = chain_of(address)[1]
    own = StoredEvent.after(Head(2, second.sha256), happening(actor_role="iemand anders"))
    shifted = ("UPDATE events SET id = id + 100 WHERE id > 2", "UPDATE events SET id = id - 99 WHERE id > 100")
    unguarded(address, *shifted, _written(own))


def _replace(address):
    """The third event another one, with a right hash of its own; the fourth does not follow it."""
    own = StoredEvent.after(Head(2, chain_of(address)[1].sha256), happening(actor_role="iemand anders"))
    unguarded(address, "DELETE FROM events WHERE id = 3", _written(own))


def _rewrite(address):
    """All of it once more, by somebody else; the chain holds, and so does its lock."""
    made, head = [], Head(0, GENESIS)
    for number in range(5):
        made.append(StoredEvent.after(head, happening(number, actor_role="iemand anders")))
        head = Head(made[-1].id, made[-1].sha256)
    unguarded(address, "DELETE FROM events", *map(_written, made), f"UPDATE chain_head SET sha256 = '{head.sha256}'")


def _unguard(address):
    of_file = isinstance(address, Path)
    raw(address, "DROP TRIGGER events_update" if of_file else "DROP TRIGGER events_guard ON events")


def _remove(address):
    if isinstance(address, Path):
        address.unlink()
    else:
        raw(address, "DROP TABLE events, chain_head")


BACK = "UPDATE chain_head SET events = 3, sha256 = (SELECT sha256 FROM events WHERE id = 3)"
TAMPERED = [
    ("UPDATE events SET payload = '{}' WHERE id = 3", "event-payload-changed", "3 heeft een andere inhoud"),
    ("UPDATE events SET payload = NULL WHERE id = 3", "event-payload-gone", "3 heeft geen inhoud meer, en geen"),
    ("UPDATE events SET actor_role = 'x' WHERE id = 3", "event-changed", "gebeurtenis 3 is anders dan is vastgelegd"),
    ("UPDATE events SET kind = 'purge', payload = '{' WHERE id = 3", "event-changed", "gebeurtenis 3 is anders dan is"),
    ("DELETE FROM events WHERE id = 3", "event-gap", "gebeurtenis 3 ontbreekt"),
    ("DELETE FROM events WHERE id IN (2, 3)", "event-gap", "gebeurtenis 2 tot en met 3 ontbreken"),
    ("DELETE FROM events WHERE id = 1", "event-gap", "gebeurtenis 1 ontbreekt"),
    ("UPDATE events SET id = -1 WHERE id = 1", "event-gap", "een nummer dat niet kan"),
    (
        "UPDATE events SET id = 9 WHERE id = 2; UPDATE events SET id = 2 WHERE id = 3; UPDATE events SET id = 3 WHERE id = 9",
        "event-moved",
        "gebeurtenis 2 is vastgelegd als gebeurtenis 3",
    ),
    ("DELETE FROM events WHERE id > 3", "event-tail", "gebeurtenis 4 tot en met 5 ontbreken aan het eind"),
    (f"DELETE FROM events WHERE id > 3; {BACK}", "register-older", "ouder dan wat is uitgegeven: het telt 3"),
    ("DELETE FROM events", "register-emptied", "er hoorden 5 gebeurtenissen in te staan"),
    ("UPDATE chain_head SET sha256 = 'x'", "chain-head-changed", "het slot van de keten past niet bij gebeurtenis 5"),
    ("UPDATE chain_head SET events = 8", "event-tail", "gebeurtenis 6 tot en met 8 ontbreken aan het eind"),
    ("DELETE FROM chain_head", "chain-head-gone", "het slot van de keten is weg"),
    (BACK, "event-inserted", "gebeurtenis 4 is er buiten de werkbank om bij gezet"),
    (_insert, "event-inserted", "gebeurtenis 3 is er buiten de werkbank om bij gezet"),
    (_replace, "event-link", "gebeurtenis 4 sluit niet aan op de gebeurtenis ervoor"),
    (_rewrite, "register-rewritten", "gebeurtenis 5 is een andere dan die het manifest"),
    (_unguard, "guard-gone", "de bewaking van het register is weg of veranderd"),
    (_remove, "register-missing", "het register is weg"),
]
"""What was done to a register of five events whose ends a manifest names, by which rule it is told, and how."""


def tamper(address, done):
    if callable(done):
        done(address)
    else:
        unguarded(address, *done.split("; "))


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


def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def forked(act, *arguments):
    """Does it in a process that is forked from this one, so that it waits for no imports; the number of that process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the threads that share the tests none is used in it
        child = os.fork()
    if child:
        return child
    code = 70
    try:
        act(*arguments)
    except SystemExit as end:
        code = end.code or 0
    finally:
        os._exit(code)


def ended(child):
    """The exit code of a process, below zero the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
