"""The register's two tables, and the guards in the database itself that let it only grow.

`events` takes no update and no delete, save one: destroying the contents (`payload`) of an event that is not itself
a purge. `chain_head` holds one row, the end of the chain: it is what a writer locks, and it shows a tail cut off.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    inspect,
    select,
    text,
)

from werkbank.errors import RegisterError
from werkbank.register.events import GENESIS

__all__ = ["VERSION", "chain_head", "create", "events", "version"]

VERSION = 1
APPLICATION_ID = 0x5742_5245
"""Marks an SQLite file as a register of the workbench ("WBRE")."""

metadata = MetaData()

events = Table(
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

chain_head = Table(
    "chain_head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)

_REFUSAL = "het register wordt alleen aangevuld"
_KEPT = " AND ".join(f"NEW.{column.name} IS OLD.{column.name}" for column in events.c if column.name != "payload")
_FORWARD = """NEW.id = OLD.id AND NEW.schema_version = OLD.schema_version AND NEW.events = OLD.events + 1
    AND EXISTS (SELECT 1 FROM events WHERE id = NEW.events AND sha256 = NEW.sha256)"""
_NEXT = "EXISTS (SELECT 1 FROM chain_head WHERE NEW.id = events + 1 AND NEW.previous_sha256 = sha256)"

# The guards on INSERT are there for INSERT OR REPLACE, which removes a row without asking the guard on DELETE.
_SQLITE = {
    ("events", "INSERT"): _NEXT,
    ("events", "UPDATE"): f"NEW.payload IS NULL AND OLD.kind <> 'purge' AND {_KEPT}",
    ("events", "DELETE"): "0",
    ("chain_head", "INSERT"): "NOT EXISTS (SELECT 1 FROM chain_head)",
    ("chain_head", "UPDATE"): _FORWARD,
    ("chain_head", "DELETE"): "0",
}

# PostgreSQL: one function per table, called for every row, and once for TRUNCATE, which is always refused.
_POSTGRESQL = {
    "events": (
        _NEXT,
        "NEW.payload IS NULL AND OLD.kind <> 'purge' AND to_jsonb(NEW) - 'payload' = to_jsonb(OLD) - 'payload'",
    ),
    "chain_head": (_SQLITE["chain_head", "INSERT"], _FORWARD),
}


def _sqlite_guard(table: str, operation: str, allowed: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{operation.lower()} BEFORE {operation} ON {table} WHEN ({allowed}) IS NOT TRUE "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _postgresql_guards(table: str, insert: str, update: str) -> tuple[str, ...]:
    call = f"EXECUTE FUNCTION werkbank_guard_{table}()"
    return (
        f"""CREATE FUNCTION werkbank_guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF {insert} THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF {update} THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '{_REFUSAL}';
END $guard$""",
        f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    )


def _after_create(statement: str, dialect: str) -> None:
    guard = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(metadata, "after_create", guard.execute_if(dialect=dialect))


for (_table, _operation), _allowed in _SQLITE.items():
    _after_create(_sqlite_guard(_table, _operation, _allowed), "sqlite")
for _table, _conditions in _POSTGRESQL.items():
    for _statement in _postgresql_guards(_table, *_conditions):
        _after_create(_statement, "postgresql")


def create(connection: Connection) -> None:
    """Tables, guards and an empty chain; within the caller's transaction, so whole or not at all."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(chain_head.insert().values(id=1, schema_version=VERSION, events=0, sha256=GENESIS))
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
        connection.execute(text(f"PRAGMA user_version = {VERSION}"))


def version(connection: Connection) -> int:
    """The version of the register's tables; 0 when there is none yet.

    Raises RegisterError when the file is someone else's database.
    """
    tables = inspect(connection).get_table_names()
    if connection.dialect.name != "sqlite":
        found = chain_head.name in tables and connection.scalar(select(chain_head.c.schema_version))
        return int(found or 0)
    marks = [connection.scalar(text(f"PRAGMA {name}")) for name in ("application_id", "user_version")]
    if marks == [0, 0] and not tables:
        return 0
    if marks[0] != APPLICATION_ID:
        raise RegisterError("Dit is een databank van een ander programma, geen register van de werkbank.")
    return int(marks[1] or 0)
