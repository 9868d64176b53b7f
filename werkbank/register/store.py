"""The register: an append-only list of what people decided, in one SQLite file or in PostgreSQL.

The only module that opens the database: addresses, settings, transactions, and faults said in Dutch. Nothing of an
address but the file's name, and nothing of what was written, is ever in a message: an address may hold a password, an
event free text.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import (
    DDL,
    URL,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from werkbank.errors import Finding, RegisterError
from werkbank.files.yaml import packaged
from werkbank.register.events import (
    GENESIS,
    NOTHING,
    PATIENCE,
    PROSE,
    Event,
    Head,
    StoredEvent,
    as_rectified,
    broken,
    ends,
    objections,
)

FILE_NAME = "register.sqlite"
VARIABLE = "WERKBANK_DATABASE_URL"
_TOLD: Final = packaged(__file__, "database.yaml")

Objections = Callable[[tuple[StoredEvent, ...]], tuple[Finding, ...]]
"""What is against a new event, given all events of its municipality and round."""


class Register:
    """An open register: events can be added and read, and their contents destroyed; made by `open_register`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; nothing is pending, every append was final."""
        self._engine.dispose()

    def append(
        self,
        event: Event,
        refusal: str = "Deze gebeurtenis kan niet worden vastgelegd:",
        against: Objections = lambda _: (),
    ) -> StoredEvent:
        """The event as stored: on disk, numbered and tied to the one before it, when this returns.

        `against` is what earlier events of its municipality and round have against it. It is asked twice: before the
        event itself is looked at, so that all objections come at once, and while no other writer can add one. Raises
        RegisterError with `refusal` and every objection, and when the event is not valid or cannot be stored.
        """
        _refuse(refusal, against(self.events(event.municipality, event.round)))
        _refuse("Deze gebeurtenis kan niet worden vastgelegd:", tuple(objections(event)))
        with writing(self._engine) as connection:
            head = _head(connection, lock=True)
            if head is None:
                raise RegisterError(
                    "Het register is beschadigd: het slot van de keten is weg. Controleer het register."
                )
            own = {"municipality": event.municipality, "round": event.round}
            _refuse(refusal, against(as_rectified(_events(connection, own))))
            stored = StoredEvent.after(head, event)
            row = {column.name: getattr(stored, column.name) for column in EVENTS.c}
            connection.execute(EVENTS.insert().values(row))
            connection.execute(CHAIN_HEAD.update().values(events=stored.id, sha256=stored.sha256))
        return stored

    def events(self, municipality: str | None = None, round: str | None = None) -> tuple[StoredEvent, ...]:
        """The events in the order in which they were recorded; only those of the municipality and round, if given."""
        given = {"municipality": municipality, "round": round}
        with reading(self._engine) as connection:
            own = _events(connection, {column: value for column, value in given.items() if value is not None})
        return as_rectified(own)

    def destroy(self, numbers: Iterable[int]) -> None:
        """Destroy the contents of these events, so that no byte of them stays; a purge must name them before.

        What a purge itself says stays: it is the proof.
        """
        gone = EVENTS.update().where(EVENTS.c.id == bindparam("number"), EVENTS.c.kind != "purge").values(payload=None)
        with writing(self._engine) as connection:
            for number in numbers:
                connection.execute(gone, {"number": number})
        with _in_dutch(), self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM" if connection.dialect.name == "sqlite" else "VACUUM FULL events")

    def verify(self, issued: Mapping[Head, str] = NOTHING) -> tuple[Finding, ...]:
        """Every event that is not as it was recorded, every gap, a missing tail or guard; nothing when all is well.

        `issued` are the ends of the chain that manifests name. A clock that ran back is a warning.
        """
        with reading(self._engine) as connection:
            dialect = connection.dialect.name
            made = _GUARDS[dialect] | (_BODIES if dialect == "postgresql" else {})
            found = {row.name: row.told for row in connection.execute(text(_TOLD["as_it_stands"][dialect]))}
            # Gone, or not as `create` made them, and any that it did not make.
            gone = sorted(name for name in made.keys() | found.keys() if made.get(name) != found.get(name))
            faults = (PROSE.finding("guard-gone", names=", ".join(gone)),) if gone else ()
            return (*broken(_events(connection, {}), _head(connection), issued), *faults)


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
    file = _file(engine)
    if file and not file.parent.is_dir():
        raise RegisterError(f"De map voor {file.name} bestaat niet. Maak eerst de gegevensmap.")
    if found_version(engine) == 0:
        create(engine)
    return Register(engine)


def existing_register(url_or_path: str | Path) -> Register | None:
    """The register, or None where there is none yet: who only reads makes nothing.

    Raises what `open_register` raises.
    """
    engine = engine_for(url_or_path)
    file = _file(engine)
    absent = file is not None and not file.is_file()
    return None if absent or found_version(engine) == 0 else Register(engine)


def _file(engine: Engine) -> Path | None:
    """The file of an SQLite register."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def recorded_events(data: Path, municipality: str | None = None, round: str | None = None) -> tuple[StoredEvent, ...]:
    """The events of a data folder's register, as `events` gives them; none when there is no register yet."""
    register = existing_register(register_address(data))
    if register is None:
        return ()
    with register:
        return register.events(municipality, round)


def examined(
    url_or_path: str | Path, issued: Mapping[Head, str] = NOTHING
) -> tuple[tuple[StoredEvent, ...], tuple[Finding, ...]]:
    """All events, and everything wrong with the register; that it is missing or cannot be read is a finding too.

    `issued` are the ends of the chain that manifests name.
    """
    try:
        register = existing_register(url_or_path)
        if register is not None:
            with register:
                return register.events(), register.verify(issued)
    except RegisterError as error:
        return (), (PROSE.finding("register-unreadable", what=error.message),)
    named = max(issued, key=lambda one: one.events, default=Head(0, GENESIS))
    if not named.events:
        return (), ()
    return (), (PROSE.finding("register-missing", number=named.events, by=issued[named]),)


def current_head(data: Path) -> Head:
    """The end of the chain of a data folder's register as its last event says; that of an empty one without any.

    Raises what `open_register` raises.
    """
    return ends(recorded_events(data))[-1]


def _head(connection: Connection, *, lock: bool = False) -> Head | None:
    query = select(CHAIN_HEAD.c.events, CHAIN_HEAD.c.sha256)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Head(row.events, row.sha256)


def _events(connection: Connection, equal: dict[str, str]) -> tuple[StoredEvent, ...]:
    conditions = [EVENTS.c[column] == value for column, value in equal.items()]
    rows = connection.execute(EVENTS.select().where(*conditions).order_by(EVENTS.c.id))
    return tuple(StoredEvent(**row._mapping) for row in rows)


@lru_cache(maxsize=4)
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
    for setting in ("foreign_keys = ON", "synchronous = FULL", "journal_mode = DELETE", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return  # tidying up cannot be done within a transaction
    # A writer takes its turn before it reads the end of the chain, so that two never continue from the same event.
    writes = connection.get_execution_options().get("werkbank_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_dutch() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _fault(_code(error)) from None


def _fault(code: str) -> RegisterError:
    """A fault of the database in Dutch, by the kind of it."""
    told: dict[str, str] = _TOLD["faults"]
    return RegisterError(told.get(code, told["other"]).format(patience=PATIENCE))


def _code(error: SQLAlchemyError) -> str:
    """The kind of fault, without its details: SQLite's `SQLITE_READONLY_DBMOVED` → `READONLY`, PostgreSQL's code."""
    original = error.orig if isinstance(error, DBAPIError) else None
    name = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    if name is None:
        return "UNREACHABLE" if isinstance(error, OperationalError) else ""
    return str(name).removeprefix("SQLITE_").partition("_")[0]


VERSION = 1
APPLICATION_ID = 0x5742_5245
"""Marks an SQLite file as a register of the workbench ("WBRE")."""

metadata = MetaData()

EVENTS = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("round", Text, nullable=False),
    Column("park_id", Text),
    Column("actor_role", Text, nullable=False),
    Column("payload", Text),
    Column("payload_sha256", Text, nullable=False),
    Column("previous_sha256", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)

CHAIN_HEAD = Table(
    "chain_head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)

_GUARDS: Final[dict[str, dict[str, str]]] = {dialect: _TOLD[dialect] for dialect in ("sqlite", "postgresql")}
"""The triggers by name, each written as the database itself tells it."""
_BODIES: Final = {name: f"\n{body} " for name, body in _TOLD["functions"].items()}


def _after_create(statement: str, dialect: str) -> None:
    guard = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
    event.listen(metadata, "after_create", guard.execute_if(dialect=dialect))


for _name, _body in _BODIES.items():
    _function = f"CREATE FUNCTION {_name}() RETURNS trigger LANGUAGE plpgsql AS $guard${_body}$guard$"
    _after_create(_function, "postgresql")
for _dialect, _guards in _GUARDS.items():
    for _statement in _guards.values():
        _after_create(_statement, _dialect)


def create(engine: Engine) -> None:
    """Tables, guards and an empty chain, whole or not at all; a register that is there by now is left as it is."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPLICATION_ID})
        # Another process may have made it while this one waited for its turn.
        if _version(connection) == 0:
            metadata.create_all(connection, checkfirst=False)
            connection.execute(CHAIN_HEAD.insert().values(id=1, schema_version=VERSION, events=0, sha256=GENESIS))
            if connection.dialect.name == "sqlite":
                connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
                connection.execute(text(f"PRAGMA user_version = {VERSION}"))


def found_version(engine: Engine) -> int:
    """The version of the register's tables, 0 when there is none.

    Raises RegisterError when it is someone else's database, damaged, or of a newer workbench.
    """
    with reading(engine) as connection:
        found = _version(connection)
        if connection.dialect.name == "sqlite" and connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
            raise _fault("CORRUPT")
    return found


def _version(connection: Connection) -> int:
    tables = inspect(connection).get_table_names()
    if connection.dialect.name != "sqlite":
        if CHAIN_HEAD.name not in tables:
            return 0
        # Without a row in it the register is damaged, not absent.
        return _known(connection.scalar(select(CHAIN_HEAD.c.schema_version)) or VERSION)
    marks = [connection.scalar(text(f"PRAGMA {name}")) for name in ("application_id", "user_version")]
    if marks == [0, 0] and not tables:
        return 0
    if marks[0] != APPLICATION_ID:
        raise RegisterError("Dit is een databank van een ander programma, geen register van de werkbank.")
    return _known(int(marks[1] or 0))


def _known(found: int) -> int:
    if found not in {0, VERSION}:
        raise RegisterError(
            f"Dit register is gemaakt met een nieuwere werkbank (versie {found}, deze werkbank kent versie {VERSION}). "
            "Werk de werkbank bij; er is niets veranderd."
        )
    return found
