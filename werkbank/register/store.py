"""The register: an append-only list of what people decided, in one SQLite file or in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, select

from werkbank.errors import Finding, RegisterError
from werkbank.register.database import CHAIN_HEAD, EVENTS, create, engine_for, found_version, reading, writing
from werkbank.register.events import Event, Head, StoredEvent, broken, objections

__all__ = ["FILE_NAME", "Register", "existing_register", "open_register", "register_address"]

FILE_NAME = "register.sqlite"
VARIABLE = "WERKBANK_DATABASE_URL"

Objections = Callable[[tuple[StoredEvent, ...]], tuple[Finding, ...]]
"""What is against a new event, given all events of its municipality and round."""


class Register:
    """An open register: events can be added and read, never changed. Made by `open_register`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; nothing is pending, every append was final."""
        self._engine.dispose()

    def record(self, event: Event, refusal: str, objections: Objections) -> StoredEvent:
        """The event as stored, when there is nothing against it; else RegisterError with `refusal` and every objection.

        Asked twice: before the event itself is looked at, so that all objections come at once, and while no other
        writer can add one.
        """
        before = self.events(event.municipality, event.round)
        _refuse(refusal, objections(before))
        return self.append(event, guard=lambda earlier: _refuse(refusal, objections(earlier)))

    def append(self, event: Event, *, guard: Callable[[tuple[StoredEvent, ...]], None] | None = None) -> StoredEvent:
        """The event as stored: on disk, numbered and tied to the one before it, when this returns.

        `guard` is shown all events of the municipality and round while no other writer can add one.
        Raises RegisterError when the event is not valid or cannot be stored, and what `guard` raises.
        """
        if findings := tuple(objections(event)):
            raise RegisterError("Deze gebeurtenis kan niet worden vastgelegd:", findings)
        with writing(self._engine) as connection:
            head = _head(connection, lock=True)
            if head is None:
                raise RegisterError(
                    "Het register is beschadigd: het slot van de keten is weg. Controleer het register."
                )
            if guard is not None:
                guard(_events(connection, {"municipality": event.municipality, "round": event.round}))
            stored = StoredEvent.after(head, event)
            _write(connection, stored)
        return stored

    def events(self, municipality: str | None = None, round: str | None = None) -> tuple[StoredEvent, ...]:
        """The events in the order in which they were recorded; only those of the municipality and round, if given."""
        given = {"municipality": municipality, "round": round}
        with reading(self._engine) as connection:
            return _events(connection, {column: value for column, value in given.items() if value is not None})

    def verify(self) -> tuple[Finding, ...]:
        """Every event that is not as it was recorded, every gap and a missing tail; nothing when all is well."""
        with reading(self._engine) as connection:
            return tuple(broken(_events(connection, {}), _head(connection)))


def _refuse(message: str, findings: tuple[Finding, ...]) -> None:
    if findings:
        raise RegisterError(message, findings)


def register_address(data: Path) -> str | Path:
    """Where the register is: `WERKBANK_DATABASE_URL` when set, else `register.sqlite` in the data folder."""
    return os.environ.get(VARIABLE) or data / FILE_NAME


def open_register(url_or_path: str | Path) -> Register:
    """The register at a path or database URL, made when there is none yet; close it, or use it in a `with`.

    Raises RegisterError when it cannot be opened, is damaged, is not a register, or is of a newer workbench.
    """
    engine = engine_for(url_or_path)
    if found_version(engine) == 0:
        create(engine)
    return Register(engine)


def existing_register(url_or_path: str | Path) -> Register | None:
    """The register, or None where there is none yet: who only reads makes nothing.

    Raises what `open_register` raises.
    """
    engine = engine_for(url_or_path)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    absent = file is not None and not Path(file).is_file()
    return None if absent or found_version(engine) == 0 else Register(engine)


def _head(connection: Connection, *, lock: bool = False) -> Head | None:
    query = select(CHAIN_HEAD.c.events, CHAIN_HEAD.c.sha256)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Head(row.events, row.sha256)


def _events(connection: Connection, equal: dict[str, str]) -> tuple[StoredEvent, ...]:
    conditions = [EVENTS.c[column] == value for column, value in equal.items()]
    rows = connection.execute(EVENTS.select().where(*conditions).order_by(EVENTS.c.id))
    return tuple(StoredEvent(**row._mapping) for row in rows)


def _write(connection: Connection, stored: StoredEvent) -> None:
    row = {column.name: getattr(stored, column.name) for column in EVENTS.c}
    connection.execute(EVENTS.insert().values(row))
    connection.execute(CHAIN_HEAD.update().values(events=stored.id, sha256=stored.sha256))
