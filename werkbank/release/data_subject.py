"""A data subject's request: where something stands about this person, and taking it out of the register.

What people typed in workbooks and plans is theirs to change; only its place is told.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from werkbank.assessment.choosing import any_parameters, registered_parks
from werkbank.errors import OutputError, RegisterError, WerkbankError
from werkbank.files.yaml import read_yaml
from werkbank.matrix.cells import normalise
from werkbank.matrix.checks import places_of
from werkbank.matrix.opening import UnreadableWorkbookError, file_content, open_workbook
from werkbank.plan.form import parsed, word_parts
from werkbank.register.decision import Deciding
from werkbank.register.events import RECTIFIED
from werkbank.register.store import open_register, recorded_events, register_address
from werkbank.release.stamp import texts_in
from werkbank.settings.workspace import RETURNS

_FREE_TEXT = {
    "again",
    "reason",
    "against_reason",
    "incomplete_reason",
    "capacity_reason",
    "outside_reason",
    "why",
    "text",
}
_OF_PEOPLE = (
    "selection", "withdrawal", "approval", "note", "consensus", "intake", "proposal", "disclosure", "event",
)  # fmt: skip
"""The events in which people write in their own words."""
Said = Iterator[tuple[str, str]]  # place, and all that is written there


def search(text: str, *, by: str, reason: str, shown: bool) -> tuple[list[tuple[str, str]], list[str]]:
    """Where the text occurs, whatever the capitals and spaces, and the files in which could not be looked.

    That somebody searched is recorded: who, why and how many hits, never the text. Raises RegisterError with every
    objection to who and why, OutputError for a text that is too short or stands in the reason.
    """
    wanted, parameters, unread = normalise(text), any_parameters(), list[str]()
    if len(wanted) < 3 or wanted in normalise(reason):
        raise OutputError("Zoek op minstens 3 tekens, die niet in de reden staan: die blijft bewaard.")
    said = _said(parameters.data, parameters.output, unread)
    hits = [(place, written) for place, written in said if wanted in normalise(written)]
    with open_register(register_address(parameters.data)) as register:
        deciding = _deciding(parameters.district, parameters.round, by)
        contents = {"act": "search", "reason": reason, "hits": len(hits), "shown": shown}
        faults = deciding.reason_faults("search-reason", "de reden", reason)
        deciding.record(register, "event", contents, "Er is niet gezocht:", faults)
    return hits, unread


def _deciding(municipality: str, round: str, by: str) -> Deciding:
    return Deciding(municipality, round, by, dt.datetime.now(dt.UTC), places=places_of(registered_parks()))


def _said(data: Path, output: Path, unread: list[str]) -> Said:
    """Every text of people, in the register, in returns, plans, evidence and Word files."""
    for event in recorded_events(data):
        own = (event.actor_role, *(text for _, text in _texts(event.data)))
        yield from ((f"gebeurtenis {event.id} ({event.kind})", text) for text in own)
    files = [(path, read) for pattern, read in _READ.items() for path in sorted(data.glob(pattern))]
    made = ((path, _made) for path in sorted(output.rglob("*")) if path.is_file())
    for path, read in (*files, *made):
        name = path.relative_to(output.parent if path.is_relative_to(output) else data.parent).as_posix()
        try:
            yield from ((f"{name}, {place}", text) for place, text in read(path))
        except (UnreadableWorkbookError, WerkbankError):
            unread.append(name)


def _cells(path: Path) -> Said:
    for table in open_workbook(path, file_content(path)).tables:
        for row, cells in enumerate(table.rows):
            for column, text in enumerate(cells):
                if isinstance(text, str) and text:
                    place = table.place(row, column)
                    yield ", ".join(filter(None, (place.sheet and f"blad {place.sheet}", f"cel {place.cell}"))), text


def _made(path: Path) -> Said:
    """The texts of a file that was made or issued, as they are looked through before it leaves."""
    kind, told = path.suffix.lstrip(".").replace("ipynb", "json"), list[tuple[str, str]]()
    try:
        told += _paragraphs(path) if kind == "docx" else ()
        seen = {text for _, text in told}
        yield from (*told, *((place, text) for place, text in texts_in(path.read_bytes(), kind) if text not in seen))
    except (KeyError, ValueError, OSError, etree.LxmlError, zipfile.BadZipFile) as error:
        raise OutputError(f"{path.name} is niet te doorzoeken.") from error


def _lines(path: Path) -> Said:
    document = read_yaml(path)
    yield from ((f"regel {document.line_of(keys)}", text) for keys, text in _texts(document.data))


def _paragraphs(path: Path) -> Said:
    trees = [parsed(part, path.name) for part in word_parts(path).values()]
    lines = ("".join(one.itertext()) for tree in trees for one in (*tree.iter("{*}p"), *tree.iter("{*}property")))
    yield from ((f"alinea {number}", line) for number, line in enumerate(lines, 1))


def _texts(value: Any, *keys: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in plain data, with the keys that lead to it."""
    if isinstance(value, str):
        yield keys, value
    for key, own in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _texts(own, *keys, key)


_READ: dict[str, Callable[[Path], Said]] = {
    "matrices/*/*.*": _cells,
    f"{RETURNS}/*": _cells,
    "plans/*.y*ml": _lines,
    "plans/earlier/*": _lines,
    "plans/.issued/*": _lines,
    "plans/evidence/*": _paragraphs,
}
"""How files in the data are read, by where they are."""


def rectify(number: int, *, by: str, reason: str) -> int:
    """Destroy the free text of an event; what it decided (who, what, when, on which figures) is recorded anew.

    The number of the event that holds it now. Raises RegisterError with every objection to who and why, and in one
    sentence where there is no text of people to destroy.
    """
    with open_register(register_address(any_parameters().data)) as register:
        found = {event.id: event for event in register.events()}.get(number)
        data = found.data if found else None
        kind = found.kind.removesuffix("_withdrawal") if found else ""
        if found is None or data is None or RECTIFIED in data or kind not in _OF_PEOPLE:
            raise RegisterError(
                f"In gebeurtenis {number} staat geen tekst van mensen; noem een nummer van werkbank search."
            )
        deciding, refusal = _deciding(found.municipality, found.round, by), "Er is niets veranderd:"
        faults = tuple(deciding.reason_faults("rectify-reason", "de reden", reason))
        if _without(data) == data:
            raise RegisterError(f"In gebeurtenis {number} staat geen tekst van mensen meer.")
        anew = {RECTIFIED: number, "kept": _without(data), "reason": reason}
        made = deciding.record(register, "event", anew, refusal, faults)
        proof = {"event_ids": [number], RECTIFIED: made.id, "reason": reason}
        deciding.record(register, "purge", proof, refusal, faults)
        register.destroy([number])
    return made.id


def _without(value: Any, key: str = "") -> Any:
    """The contents of an event without what people wrote; of an adopted plan nothing of its text stays."""
    if isinstance(value, dict):
        return None if key == "plan" else {name: _without(own, name) for name, own in value.items()}
    return "verwijderd op verzoek" if key in _FREE_TEXT and value else value
