"""The register only grows, and shows it when someone made it do otherwise."""

import datetime as dt
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError

from werkbank.errors import RegisterError
from werkbank.register.events import GENESIS, PROSE, Event, canonical, ends, utc
from werkbank.register.store import EVENTS, create, engine_for, examined, open_register, register_address

from .samples import NOW, TAMPERED, chain_of, forked, happening, powerless, raw, tamper, unguarded
from .test_selections import select

SECRET = "hunter2-zeer-geheim"
REASON = "Jan de Vries van Kavel 7 zei het zelf"
COLUMNS = [column.name for column in EVENTS.c]
ROWS = "SELECT * FROM events ORDER BY id"


# Recording and reading


def test_an_event_comes_back_as_it_was_recorded(register):
    """Append, then read → the same, numbered from 1, each tied to the one before it."""
    stored = register.append(happening(-1))
    assert register.events() == (stored,)
    assert (stored.id, stored.previous_sha256) == (1, GENESIS)
    assert stored.data == {"number": -1, "note": "Café “De Sluis” – ½ ☂"}
    second, third = (register.append(happening(number)) for number in range(2))
    assert [second.previous_sha256, third.previous_sha256] == [stored.sha256, second.sha256]
    assert [event.id for event in register.events()] == [1, 2, 3]
    assert register.verify() == ()


def test_a_register_outlives_who_opened_it_and_says_nothing_of_its_address(address):
    """Changing what was read changes nothing in it; and free text is not in the repr."""
    with open_register(address) as register:
        stored = register.append(happening(payload=canonical({"reason": REASON})))
        assert str(address) not in repr(register)
    stored.data["reason"] = "iets anders"
    assert stored.data == {"reason": REASON}
    assert REASON not in repr(stored)
    create(engine_for(address))  # as by one that waited while another made it
    for again in (str(address), f"sqlite:///{address}" if isinstance(address, Path) else address):
        with open_register(again) as opened:
            assert opened.events() == (stored,)


def test_events_are_found_by_what_they_are_about(register):
    register.append(happening(1))
    register.append(happening(2, municipality="almere"))
    register.append(happening(3, round="2026-2"))
    numbers = lambda **given: [event.data["number"] for event in register.events(**given)]  # noqa: E731
    assert numbers(municipality="urk") == [1, 3]
    assert numbers(round="2026-1", municipality="urk") == [1]
    assert numbers(round="2026-3") == []


def test_the_same_contents_and_the_same_moment_have_one_form():
    """Order of keys and kind of sequence make no difference, letters stay letters; a moment is kept in UTC."""
    one = canonical({"b": ["ij", "é"], "a": {"y": 1, "x": None}})
    other = canonical({"a": {"x": None, "y": 1}, "b": ("ij", "é")})
    assert one == other == '{"a":{"x":null,"y":1},"b":["ij","é"]}'
    amsterdam = dt.timezone(dt.timedelta(hours=1))
    assert utc(dt.datetime(2026, 1, 5, 9, 30, tzinfo=amsterdam)) == "2026-01-05T08:30:00.000000+00:00"


def test_contents_in_any_script_come_back_from_the_database(register):
    """NUL, emoji, right-to-left marks, quotes: read as written, and the chain holds."""
    data = {"a\0": "\u202e ½ ☂ 🏭 \\ ' \" \0", "\x7f": [1e300, -0.0, 10**30, None, True]}
    register.append(happening(payload=canonical(data)))
    assert register.events()[-1].data == data
    assert register.verify() == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), dt.date(2026, 3, 2), {1, 2}, "\ud800"])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(RegisterError, match="kan niet worden vastgelegd") as caught:
        canonical({REASON: value})
    assert REASON not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("name", "text"),
    [("municipality", " "), ("round", ""), ("actor_role", "stuur\ngroep"), ("park_id", ""), ("park_id", "p" * 201)],
)
def test_an_event_without_a_proper_name_is_refused(register, name, text):
    """All at once, and without repeating free text."""
    with pytest.raises(RegisterError) as caught:
        register.append(happening(**{"round": f"{REASON}\n", name: text}, payload=canonical({"reason": REASON})))
    assert {finding.rule for finding in caught.value.findings} == {"event-name"}
    assert len(caught.value.findings) == 1 + (name != "round")
    assert REASON not in str(caught.value)
    assert register.events() == ()


def test_what_is_refused_leaves_nothing(register):
    """All events of the municipality and round are asked, once more when no other writer can add one."""
    register.append(happening(1))
    register.append(happening(2, round="2026-2"))
    register.append(happening(2, municipality="almere"))
    seen = []

    def refuse(earlier):
        seen.extend(earlier)
        return (PROSE.finding("note-letters"),) if len(seen) > 1 else ()

    with pytest.raises(RegisterError, match=r"nee(.|\n)*note-letters"):
        register.append(happening(3), "nee", refuse)
    assert [event.id for event in seen] == [1, 1]
    assert len(register.events()) == 3
    assert register.append(happening(4)).id == 4


# Append-only, in the database itself


NEXT = "INSERT {} INTO events SELECT {}, at, kind, municipality, round, park_id, actor_role, '{{}}', payload_sha256, {}, sha256 FROM events WHERE id = 4"


REFUSED = [
    "DELETE FROM events",
    "DELETE FROM events WHERE id = 5",
    "UPDATE events SET payload = NULL, park_id = 'x' WHERE park_id IS NULL",
    NEXT.format("", "7", "sha256"),
    NEXT.format("", "NULL", "sha256"),
    NEXT.format("", "6", "sha256"),
    "DELETE FROM chain_head",
    "UPDATE chain_head SET events = 3",
    "UPDATE chain_head SET events = 6",
    "UPDATE chain_head SET schema_version = 2",
]
REFUSED_BY = {
    "sqlite": [
        *REFUSED,
        "UPDATE events SET payload = NULL, rowid = 9 WHERE id = 4",
        NEXT.format("OR REPLACE", "4", "previous_sha256"),
        "UPDATE OR REPLACE chain_head SET events = NULL",
        "INSERT OR REPLACE INTO chain_head VALUES (1, 1, 0, '')",
    ],
    "postgresql": [
        *REFUSED,
        "TRUNCATE events",
        "TRUNCATE chain_head",
        "INSERT INTO chain_head VALUES (1, 1, 0, '') ON CONFLICT (id) DO UPDATE SET events = 0",
    ],
}


def test_nothing_is_changed_removed_replaced_or_slipped_in(copy):
    """UPDATE of any column, DELETE, REPLACE (which passes the guard on DELETE by), an event out of turn, an end moved back."""
    before = raw(copy, ROWS), raw(copy, "SELECT * FROM chain_head")
    new = {name: 9 if name == "id" else repr("x") for name in COLUMNS}
    whole = [f"UPDATE {{}} events SET {name} = {value} WHERE id = 4" for name, value in new.items()]
    # Destroying the contents, which is allowed, takes no other column along.
    del new["payload"]
    whole += [f"UPDATE {{}} events SET payload = NULL, {name} = {value} WHERE id = 4" for name, value in new.items()]
    ways = ("", "OR REPLACE", "OR IGNORE") if isinstance(copy, Path) else ("",)
    changes = [one.format(way) for one in whole for way in ways]
    for statement in (*changes, *REFUSED_BY["sqlite" if isinstance(copy, Path) else "postgresql"]):
        with pytest.raises(DBAPIError, match="alleen aangevuld"):
            raw(copy, statement)
        assert (raw(copy, ROWS), raw(copy, "SELECT * FROM chain_head")) == before, statement


def test_contents_can_be_destroyed_and_the_chain_still_holds(copy):
    """Payload to NULL is the one change allowed; a purge that names the event makes it right."""
    raw(copy, "UPDATE events SET payload = NULL WHERE id IN (2, 4)")
    with open_register(copy) as register:
        assert {finding.rule for finding in register.verify()} == {"event-payload-gone"}
        register.append(happening(6, kind="purge", payload=canonical({"event_ids": [2, 4]})))
        assert register.verify() == ()
        assert [event.data is None for event in register.events()] == [False, True, False, True, False, False]
    with pytest.raises(DBAPIError, match="alleen aangevuld"):
        raw(copy, "UPDATE events SET payload = NULL WHERE kind = 'purge'")


# Tampering shows


@settings(max_examples=30)
@given(
    column=st.sampled_from(COLUMNS),
    number=st.integers(1, 5),
    place=st.integers(0, 10_000),
    letter=st.sampled_from("0aZ{é\x00"),
)
def test_one_changed_character_in_any_column_shows(five, column, number, place, letter):
    """Guards removed, one character changed → verify names that event, or that its number is gone."""
    old = dict(zip(COLUMNS, raw(five, ROWS)[number - 1], strict=True))[column]
    text = "" if old is None else str(old)
    at = place % (len(text) or 1)
    new = old + 10 + place if column == "id" else text[:at] + letter + text[at + 1 :]
    assume(new != old)
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(five, Path(folder) / "register.sqlite")
        value = new if column == "id" else f"CAST(x'{new.encode().hex()}' AS TEXT)"
        unguarded(path, f"UPDATE events SET {column} = {value} WHERE id = {number}")
        with open_register(path) as register:
            findings = register.verify()
    assert any(finding.found.startswith(f"gebeurtenis {number} ") for finding in findings)


def test_a_byte_that_is_no_text_shows(five, path):
    """One byte of the file itself, in the contents of an event, becomes one that no text has."""
    contents = five.read_bytes()
    place = contents.index(b'"number":3')
    path.write_bytes(contents[:place] + b"\xff" + contents[place + 1 :])
    with open_register(path) as register:
        assert [finding.rule for finding in register.verify()] == ["event-payload-changed"]
        with pytest.raises(RegisterError, match="beschadigd"):
            _ = register.events()[3].data


@pytest.mark.parametrize(("done", "rule", "told"), TAMPERED)
def test_whatever_is_done_past_the_workbench_is_told_by_its_kind(copy, done, rule, told):
    """The ends after the second and the last event were issued; the guards were put back."""
    issued = dict.fromkeys(ends(chain_of(copy))[2::3], "output/2026-1/riec/manifest.json")
    assert examined(copy, issued)[1] == ()
    tamper(copy, done)
    faults = examined(copy, issued)[1]
    assert any(one.rule == rule and told in one.found for one in faults), faults
    if rule == "chain-head-gone":
        with open_register(copy) as register, pytest.raises(RegisterError, match="slot van de keten"):
            register.append(happening())


def test_what_was_never_issued_may_be_absent_and_a_file_that_is_no_register_is_a_fault(address, path):
    assert examined(address) == ((), ())
    path.write_text("iets anders\n" * 100)
    assert [one.rule for one in examined(path)[1]] == ["register-unreadable"]


def test_a_guard_that_lets_through_is_no_guard(copy):
    """There by its name, but switched off or of another body."""
    if isinstance(copy, Path):
        harmless = "CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN SELECT 1; END"
        raw(copy, "DROP TRIGGER events_delete", harmless)
    else:
        raw(copy, "ALTER TABLE events DISABLE TRIGGER events_truncate")
    with open_register(copy) as register:
        assert [one.rule for one in register.verify()] == ["guard-gone"]


def test_a_clock_that_ran_back_is_remarked_and_nothing_is_refused(register):
    """A minute is what a writer may have waited."""
    for at in (10, 9, 5, 6):
        register.append(happening(at))
    (clock,) = register.verify()
    assert (clock.severity, clock.found[:14]) == ("warning", "gebeurtenis 3 ")


def test_destroyed_contents_are_in_no_byte_and_a_proof_is_never_destroyed(copy):
    """Also of a file that had room to spare, in which what was deleted would stay."""
    with open_register(copy) as register:
        for number in range(6, 40):
            register.append(happening(number, payload=canonical({"note": f"KANARIE {number} " + "x" * 900})))
        gone = [*range(6, 39), 40]
        proof = register.append(happening(40, kind="purge", payload=canonical({"event_ids": gone})))
        register.destroy(gone)
        assert [event.id for event in register.events() if event.payload is None] == gone[:-1]
        assert register.events()[-1] == proof
        assert register.verify() == ()
    if not str(copy).startswith("postgresql"):
        assert b"KANARIE 20" not in Path(copy).read_bytes()
        assert b"KANARIE 39" in Path(copy).read_bytes()
        assert not Path(f"{copy}-journal").exists()


def test_what_was_destroyed_cannot_be_guessed_from_its_hash(register):
    """Equal contents have hashes that differ; who reads them sees no salt, and an event of before has none."""
    made = [Event.of("event", "urk", "2026-1", by="stuurgroep", now=NOW, contents={"level": 3}) for _ in range(2)]
    first, second, old = (register.append(event) for event in (*made, happening(payload=canonical({"level": 3}))))
    assert first.data == second.data == old.data == {"level": 3}
    assert len({first.payload_sha256, second.payload_sha256, old.payload_sha256}) == 3
    assert len(json.loads(first.payload)["salt"]) == 64
    assert register.verify() == ()


# Many at once, and a sudden end


def write(address, pipe, events, *same):
    """Say each event as `process event` once the register has acknowledged it; a refusal by its rule."""
    with open_register(address) as register:
        for number in range(events):
            unique = "one" if same else f"{os.getpid()}-{number}"
            try:
                told = select(register, round=unique, now=dt.datetime.now(dt.UTC)).id
            except RegisterError as error:
                told = error.findings[0].rule if error.findings else str(error)
            os.write(pipe, f"{os.getpid()} {told}\n".encode())


def drive(order, processes, *arguments):
    """Processes that write at once, or the next when one ends."""
    begun = []
    for _ in range(processes):
        begun.append(forked(write, *arguments))
        if order == "in_turn":
            os.waitpid(begun.pop(), 0)
    for process in begun:
        os.waitpid(process, 0)


@pytest.fixture
def writers(address):
    """What such processes say, line by line: which of them, and the event or why there is none."""

    def said(order, processes, events, *same):
        lines, pipe = os.pipe()
        driver = forked(drive, order, processes, address, pipe, events, *same)
        os.close(pipe)
        with os.fdopen(lines) as told:
            yield from (line.split() for line in told)
        os.waitpid(driver, 0)

    return said


def test_four_writers_at_once_make_one_chain(writers, address):
    """4 processes × 6 events, on a register that none of them found → 24 events, no error, no fork."""
    said = list(writers("together", 4, 6))
    assert len({process for process, _ in said}) == 4
    assert sorted(int(event) for _, event in said) == list(range(1, 25))
    with open_register(address) as register:
        assert register.verify() == ()
        assert len(register.events()) == 24


def test_of_four_who_select_the_same_park_at_once_one_succeeds(writers):
    """The check for an earlier selection and the recording are one step."""
    assert sorted(told for _, told in writers("together", 4, 1, "same")) == ["1"] + ["selected-before"] * 3


def test_a_writer_killed_in_mid_write_loses_nothing_it_acknowledged(writers, address):
    """kill -9, five times, each an event and a moment later → whole file, whole chain, every acknowledged event there."""
    acknowledged, killed, since = set(), [], 0
    for process, number in writers("in_turn", 5, 100_000):
        acknowledged.add(int(number))
        since += process not in killed
        if since > len(killed):
            killed.append(process)
            since = 0
            time.sleep(0.003 * len(killed))
            os.kill(int(process), signal.SIGKILL)
    assert len(killed) == 5
    assert len(acknowledged) >= 15
    if isinstance(address, Path):
        assert raw(address, "PRAGMA integrity_check") == [("ok",)]
    with open_register(address) as register:
        assert register.verify() == ()
        assert acknowledged <= {event.id for event in register.events()}


def test_the_file_is_set_for_safety_before_speed(five):
    """synchronous FULL, a plain journal, STRICT tables: a crash or a network drive costs no event."""
    wanted = {"foreign_keys": 1, "synchronous": 2, "journal_mode": "delete", "busy_timeout": 30_000}
    with engine_for(five).connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
        strict = connection.exec_driver_sql("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").all()
    assert {name for name, flag in strict if flag} == {"events", "chain_head"}


# What cannot be opened


def refused(address):
    with pytest.raises(RegisterError) as caught:
        open_register(address)
    return "".join(traceback.format_exception(caught.value))


def overwrite_a_page(path):
    path.write_bytes(path.read_bytes()[:4096] + b"\xee" * 100 + path.read_bytes()[4196:])


@pytest.mark.parametrize(
    ("spoil", "of_a_copy", "told"),
    [
        (lambda path: raw(path, "PRAGMA user_version = 2"), True, "nieuwere werkbank (versie 2"),
        (lambda path: raw(path, "CREATE TABLE t (a)"), False, "van een ander programma"),
        (lambda path: raw(path, "PRAGMA user_version = 1"), False, "van een ander programma"),
        (lambda path: raw(path, "PRAGMA application_id = 7"), False, "van een ander programma"),
        (lambda path: path.write_text(f"{REASON}\n" * 100, encoding="utf-8"), False, "geen register van de werkbank"),
        (overwrite_a_page, True, "beschadigd"),
    ],
    ids=["newer", "another's tables", "another's version", "another's mark", "no database", "damaged"],
)
def test_what_is_no_register_of_ours_is_refused_and_left_alone(five, path, spoil, of_a_copy, told):
    if of_a_copy:
        shutil.copy(five, path)
    spoil(path)
    before = path.read_bytes()
    assert told in refused(path)
    assert path.read_bytes() == before


def test_a_missing_folder_and_a_folder_in_its_place_are_named(tmp_path):
    assert "De map voor register.sqlite bestaat niet" in refused(tmp_path / "nergens" / "register.sqlite")
    assert "is een map" in refused(tmp_path)


@pytest.fixture
def closed_folder(five):
    """A folder that may be read but not written in, with a register in it; outside pytest's private folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(five, folder / "register.sqlite").chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_register_without_write_permission_can_still_be_read(closed_folder):
    """Beside it none can be made; that is said in Dutch."""
    with powerless():
        message = refused(closed_folder / "nieuw.sqlite")
    assert "Vraag schrijfrecht" in message
    assert str(closed_folder) not in message.splitlines()[-1]
    with powerless(), open_register(closed_folder / "register.sqlite") as register:
        assert len(register.events()) == 5
        assert register.verify() == ()
        with pytest.raises(RegisterError, match="kan niet worden geschreven"):
            register.append(happening())


def test_a_full_disk_is_said_in_dutch_and_stores_nothing(path):
    """The file may not grow any further → the event is refused whole."""
    register = open_register(path)
    register.append(happening())
    event.listen(register._engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(RegisterError, match="schijf is vol") as caught:
        register.append(happening(payload=canonical({"reason": REASON * 10_000})))
    assert REASON not in "".join(traceback.format_exception(caught.value))
    assert len(register.events()) == 1


def test_a_writer_who_waits_too_long_is_told_so(register, address):
    waits, holds = "SET lock_timeout = 10", "SELECT 1 FROM chain_head FOR UPDATE"
    if isinstance(address, Path):
        waits, holds = "PRAGMA busy_timeout = 10", "BEGIN IMMEDIATE"
    event.listen(register._engine, "connect", lambda raw, _: (raw.execute(waits), raw.commit()))
    with engine_for(address).connect() as other:
        other.connection.execute(holds)
        with pytest.raises(RegisterError, match="bezet"):
            register.append(happening())


DRIVERS = ("postgresql", "postgres", "postgresql+onbekend", "mysql", "verkeerd")


@pytest.mark.parametrize(
    "address",
    [
        *(f"{driver}://riec:{SECRET}@databank.intern/werkbank" for driver in DRIVERS),
        *(f"postgresql://riec@databank.intern:{SECRET}/werkbank", f"://{SECRET}", "sqlite://"),
    ],
)
def test_an_address_that_does_not_work_keeps_its_secrets(address, monkeypatch):
    """No driver, another database, no address at all: Dutch, and no password, host or user in it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    whole = refused(address)
    assert re.search("stuurprogramma|andere databank|adres van de databank", whole.splitlines()[-1])
    assert SECRET not in whole
    assert "databank.intern" not in whole


def test_the_address_is_the_data_folder_unless_the_environment_names_a_database(tmp_path, monkeypatch):
    monkeypatch.delenv("WERKBANK_DATABASE_URL", raising=False)
    assert register_address(tmp_path) == tmp_path / "register.sqlite"
    monkeypatch.setenv("WERKBANK_DATABASE_URL", "postgresql://databank/werkbank")
    assert register_address(tmp_path) == "postgresql://databank/werkbank"


def test_an_append_error_of_the_database_does_not_repeat_the_contents(copy):
    """An event the database refuses: the driver's message and parameters stay inside."""
    unguarded(copy, "ALTER TABLE events RENAME COLUMN payload TO inhoud")
    with open_register(copy) as register, pytest.raises(RegisterError, match="er is niets vastgelegd") as caught:
        register.append(happening(payload=canonical({"reason": REASON})))
    assert REASON not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("sqlstate", "said"),
    [(None, "niet bereikbaar"), ("55P03", "bezet"), ("42501", "schrijfrecht"), ("XX000", "gaf een fout")],
)
def test_a_fault_of_postgresql_is_said_in_dutch(register, sqlstate, said):
    """As psycopg gives it: a connection that fails has no SQLSTATE, the rest has; the driver's text stays inside."""

    def fails(*_):
        fault = OSError(f"connection to databank.intern failed: {SECRET}")
        fault.sqlstate = sqlstate
        raise OperationalError("SELECT", {}, fault)

    event.listen(register._engine, "begin", fails)
    with pytest.raises(RegisterError, match=said) as caught:
        register.append(happening())
    event.remove(register._engine, "begin", fails)  # others read by the same engine
    assert SECRET not in "".join(traceback.format_exception(caught.value))
