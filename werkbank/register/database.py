"""The only module that opens the database: addresses, settings, transactions, and faults said in Dutch.

Nothing of an address but the file's name, and nothing of what was written, is ever in a message: an address may hold
a password, an event free text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from werkbank.errors import RegisterError

__all__ = ["engine_for", "reading", "writing"]

PATIENCE = 30
"""Seconds a writer waits for the others."""

_REMEDY_BACKUP = "Zet een reservekopie terug, en meld het aan wie het register beheert."
_BUSY = (
    f"Het register is bezet: een ander programma schrijft er al langer dan {PATIENCE} seconden in. "
    "Probeer het straks opnieuw."
)
_SENTENCES = {
    "BUSY": _BUSY,
    "55P03": _BUSY,
    "UNREACHABLE": "De databank van het register is niet bereikbaar. Controleer het adres en de verbinding.",
    "42501": "In het register kan niet worden geschreven. Vraag de beheerder om schrijfrecht.",
    "READONLY": "In het register kan niet worden geschreven. Vraag schrijfrecht op de map en het bestand.",
    "CANTOPEN": "Het register kan niet worden geopend of gemaakt. Vraag schrijfrecht op de map en het bestand.",
    "FULL": "De schijf is vol; er is niets vastgelegd. Maak ruimte en leg opnieuw vast.",
    "NOTADB": "Dit bestand is geen register van de werkbank.",
    "CORRUPT": f"Het register is beschadigd. {_REMEDY_BACKUP}",
}
_OTHERWISE = "De databank van het register gaf een fout; er is niets vastgelegd. Meld het aan wie het register beheert."


def engine_for(url_or_path: str | Path) -> Engine:
    """An engine for an SQLite file (a path or `sqlite:///…`) or for PostgreSQL (`postgresql://…`).

    Raises RegisterError when the address is no such thing, or the driver is missing.
    """
    url = _url(url_or_path)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() != "postgresql":
        raise RegisterError("Het register kan in SQLite staan of in PostgreSQL, niet in een andere databank.")
    return _postgresql(url)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One moment of the register, however many are writing."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with _in_dutch(), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the only writer on SQLite; kept whole, or undone when anything is raised."""
    with _in_dutch(), engine.execution_options(werkbank_writes=True).begin() as connection:
        yield connection


def _url(url_or_path: str | Path) -> URL:
    address = str(url_or_path)
    if isinstance(url_or_path, Path) or "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise RegisterError(
            "Het adres van de databank is niet te lezen; het hoort te zijn als postgresql://…"
        ) from None
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _postgresql(url: URL) -> Engine:
    waiting = {"connect_timeout": 10, "options": f"-c lock_timeout={PATIENCE}s"}
    try:
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=waiting)
    except (ImportError, SQLAlchemyError):
        raise RegisterError(
            "Voor PostgreSQL ontbreekt het stuurprogramma psycopg. Vraag de beheerder om het te installeren, "
            "of haal WERKBANK_DATABASE_URL weg: dan komt het register in een bestand."
        ) from None


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise RegisterError("Het adres van de databank noemt geen bestand.")
    path = Path(url.database)
    if path.is_dir():
        raise RegisterError(f"{path.name} is een map; het register is een bestand.")
    if not path.parent.is_dir():
        raise RegisterError(f"De map voor {path.name} bestaat niet. Maak eerst de gegevensmap.")
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": PATIENCE},
    )
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)
    return engine


def _settings(connection: sqlite3.Connection, _record: Any) -> None:
    # The journal is a plain one: the faster kind does not work on a network drive.
    connection.isolation_level = None
    # A damaged text is read as it is, so that the check can name it.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    for setting in ("foreign_keys = ON", "synchronous = FULL", "journal_mode = DELETE"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A writer takes its turn before it reads the end of the chain, so that two never continue from the same event.
    writes = connection.get_execution_options().get("werkbank_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_dutch() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise RegisterError(_SENTENCES.get(_code(error), _OTHERWISE)) from None


def _code(error: SQLAlchemyError) -> str:
    """The kind of fault, without its details: SQLite's `SQLITE_READONLY_DBMOVED` → `READONLY`, PostgreSQL's code."""
    original = error.orig if isinstance(error, DBAPIError) else None
    name = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    if name is None:
        return "UNREACHABLE" if isinstance(error, OperationalError) else ""
    return str(name).removeprefix("SQLITE_").partition("_")[0]
