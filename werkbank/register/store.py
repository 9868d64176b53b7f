"""The register: an append-only list of what people decided, in one SQLite file or in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, Row, select, text

from werkbank.errors import Finding, RegisterError
from werkbank.register import database
from werkbank.register.database import engine_for, reading, writing
from werkbank.register.events import Event, Head, StoredEvent, broken, objections

__all__ = ["FILE_NAME", "Register", "existing_register", "open_register", "register_address"]

FILE_NAME = "register.sqlite"
VARIABLE = "WERKBANK_DATABASE_URL"

Guard = Callable[[tuple[StoredEvent, ...]], None]
"""Raises when what is already there forbids the new event."""


class Register:
    """An open register: events can be added and read, never changed. Made by `open_register`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; nothing is pending, every append was final."""
        self._engine.dispose()

    def append(self, event: Event, *, guard: Guard | None = None) -> StoredEvent:
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

    def events(
        self,
        kind: str | None = None,
        municipality: str | None = None,
        round: str | None = None,
        park_id: str | None = None,
    ) -> tuple[StoredEvent, ...]:
        """The events in the order in which they were recorded; only those that match what is given."""
        given = {"kind": kind, "municipality": municipality, "round": round, "park_id": park_id}
        with reading(self._engine) as connection:
            return _events(connection, {column: value for column, value in given.items() if value is not None})

    def verify(self) -> tuple[Finding, ...]:
        """Every event that is not as it was recorded, every gap and a missing tail; nothing when all is well."""
        with reading(self._engine) as connection:
            return tuple(broken(_events(connection, {}), _head(connection)))


def register_address(data: Path) -> str | Path:
    """Where the register is: `WERKBANK_DATABASE_URL` when set, else `register.sqlite` in the data folder."""
    return os.environ.get(VARIABLE) or data / FILE_NAME


def open_register(url_or_path: str | Path) -> Register:
    """The register at a path or database URL, made when there is none yet; close it, or use it in a `with`.

    Raises RegisterError when it cannot be opened, is damaged, is not a register, or is of a newer workbench.
    """
    engine = engine_for(url_or_path)
    try:
        _prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    return Register(engine)


def existing_register(url_or_path: str | Path) -> Register | None:
    """The register, or None where there is none yet: who only reads makes nothing.

    Raises what `open_register` raises.
    """
    engine = engine_for(url_or_path)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    try:
        found = 0 if file is not None and not Path(file).is_file() else _version(engine)
    except BaseException:
        engine.dispose()
        raise
    if found == 0:
        engine.dispose()
        return None
    return Register(engine)


def _prepare(engine: Engine) -> None:
    if _version(engine) == 0:
        _require_known(_create(engine))


def _version(engine: Engine) -> int:
    """The version of the register's tables, 0 when there is none; a newer or a damaged one is refused."""
    with reading(engine) as connection:
        found = database.version(connection)
        _require_sound(connection)
    if found:
        _require_known(found)
    return found


def _require_known(found: int) -> None:
    if found != database.VERSION:
        raise RegisterError(
            f"Dit register is gemaakt met een nieuwere werkbank (versie {found}, deze werkbank kent versie "
            f"{database.VERSION}). Werk de werkbank bij; er is niets veranderd."
        )


def _create(engine: Engine) -> int:
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": database.APPLICATION_ID})
        # Another process may have made it while this one waited for its turn.
        found = database.version(connection)
        if found == 0:
            database.create(connection)
        return found or database.VERSION


def _require_sound(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
        raise RegisterError(
            "Het register is beschadigd. Zet een reservekopie terug, en meld het aan wie het register beheert."
        )


def _head(connection: Connection, *, lock: bool = False) -> Head | None:
    columns = database.chain_head.c
    query = select(columns.events, columns.sha256)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Head(row.events, row.sha256)


def _events(connection: Connection, equal: dict[str, str]) -> tuple[StoredEvent, ...]:
    table = database.events
    conditions = [table.c[column] == value for column, value in equal.items()]
    rows = connection.execute(table.select().where(*conditions).order_by(table.c.id))
    return tuple(_stored(row) for row in rows)


def _stored(row: Row[tuple[object, ...]]) -> StoredEvent:
    return StoredEvent(**row._mapping)


def _write(connection: Connection, stored: StoredEvent) -> None:
    row = {column.name: getattr(stored, column.name) for column in database.events.c}
    connection.execute(database.events.insert().values(row))
    connection.execute(database.chain_head.update().values(events=stored.id, sha256=stored.sha256))
