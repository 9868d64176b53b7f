"""A disclosure: the copy that a receiver gets, whole or not at all, its record, and whether both are still as issued.

The event is recorded while the copy stands ready beside its place; then the copy gets its name in one step. After a
kill in between the register names a copy that is not there yet, and the next `werkbank share` puts it there.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyzipper  # type: ignore[import-untyped]

from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import to_plain
from werkbank.files.whole import UNFINISHED, hashes_of, mend, only_batch, whole_folder
from werkbank.register.events import Head, ends
from werkbank.register.store import current_head, examined, register_address
from werkbank.release.sharing_request import PROSE, Desk, Request, known_requests, request, take, words
from werkbank.release.stamp import kind_of, stamped
from werkbank.settings.parameters import Parameters
from werkbank.sharing import what
from werkbank.sharing.who import entitled
from werkbank.wording import date

ISSUED: Final = "verstrekt"
"""The folder of a round with what was issued in it."""
RECORD: Final = "verstrekking.json"


def folder_of(found: Request, parameters: Parameters) -> Path:
    """Where the copy of a request belongs: its number, and its receiver in plain letters."""
    slug = re.sub(r"[^a-z0-9]+", "-", f"{found.asked.audience} {found.asked.role}".lower()).strip("-")
    return parameters.output / found.asked.round / ISSUED / f"{found.number}-{slug[:60]}"


def issue(number: int, by: str = "", password: str = "") -> Path:
    """The folder with the issued copy and its record; `by` is who asked unless told otherwise.

    With a `password` the copy is in an archive that opens with it (AES-256); nothing keeps the password.

    Raises RegisterError with every objection at once, OutputError when another process is busy in the output folder,
    when the folder is there, and when it cannot be written.
    """
    desk = Desk(request(number).asked)
    settled(desk.parameters)
    with only_batch(desk.parameters.output):
        found, now, head = request(number), dt.datetime.now().astimezone(), current_head(desk.parameters.data)
        target, by = folder_of(found, desk.parameters), by or found.by
        mend(target.parent)
        if found.state != "approved" or desk.findings():
            take("issue", desk, by, {}, found)
        if target.exists():
            raise OutputError(f"De map {target.name} staat er al, en wordt nooit overschreven. Haal haar eerst weg.")
        with whole_folder(target) as new:
            record = _record(found, desk, now, by, head)
            copy = stamped(desk.content, kind_of(found.asked.file), _stamp(found, desk, now, head))
            path = new / Path(found.asked.file).name
            if password:
                kind = {"compression": pyzipper.ZIP_DEFLATED, "encryption": pyzipper.WZ_AES}
                with pyzipper.AESZipFile(path.with_suffix(".zip"), "w", **kind) as archive:
                    archive.setpassword(password.encode())
                    archive.writestr(path.name, copy)
            else:
                path.write_bytes(copy)
            (new / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
            take("issue", desk, by, {"disclosure": record["disclosure"], "files": hashes_of(new)}, found)
    return target


def settled(parameters: Parameters) -> None:
    """Put in its place every recorded copy whose process was killed just before. Raises OutputError when busy."""
    if not any(parameters.output.glob(f"*/{ISSUED}/{UNFINISHED}")):
        return
    with only_batch(parameters.output):
        for found in disclosures().values():
            target = folder_of(found, parameters)
            for left in (target.parent / UNFINISHED).glob(f"{target.name}-*"):
                if not target.exists() and hashes_of(left) == _issued(found)["files"]:
                    left.replace(target)


def _stamp(found: Request, desk: Desk, now: dt.datetime, head: Head) -> list[str]:
    """What stands on every page, a line each."""
    basis, audience = desk.bases[found.asked.basis], desk.audience
    facts = {"basis": basis, "decided": date(basis.decided), "label": audience.label, "head": head}
    receiver = f"{audience.name.lower()}: {found.asked.role}"
    facts |= {"receiver": receiver, "number": found.number, "day": date(now.date())}
    return [line.format_map(facts) for line in words()["stamp"]]


def _record(found: Request, desk: Desk, now: dt.datetime, by: str, head: Head) -> dict[str, Any]:
    """What lies beside the copy: the disclosure, the rules with their outcome, and what they rest on; no free text."""
    basis, catalogue = desk.bases[found.asked.basis], desk.catalogue
    return {
        "disclosure": _disclosure(found, desk, now, by),
        "basis": basis.model_dump(mode="json", exclude={"note", "dpia", "municipalities", "releases"}),
        "releases": list(basis.releases.get(desk.audience.id, ())),
        "rules": {code: not against for code, against in desk.outcomes().items()},
        "thresholds": {"step": what.STEP, "rows": what.MINIMUM_ROWS, "positive": what.MINIMUM_POSITIVE},
        "method": desk.parameters.method.fingerprint,
        "catalogue": {"version": catalogue.version, "fingerprint": catalogue.fingerprint},
        "register": to_plain(head),
    }


def _disclosure(found: Request, desk: Desk, now: dt.datetime, by: str) -> dict[str, Any]:
    """What the law asks to write down: what went to whom, when, on what basis, how long it is kept; no person in it.

    Beside what was asked: its file and sha256, audience, role, basis, purpose, municipalities and parks.
    """
    audience, basis = desk.audience, desk.bases[found.asked.basis]
    return {
        "id": f"{found.asked.round}/{found.number}",
        "moment": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "provider": desk.catalogue.owner.name,
        **to_plain(replace(found.asked, went_in={}, changed=())),
        "categories": [desk.catalogue.family(code).name for code in audience.families],
        "label": audience.label.partition(" – ")[0],
        "texts": len(desk.texts),
        "police_judgement": "police" in entitled(audience, basis, desk.catalogue).parties,  # Wpg, article 32
        "conditions": words()["conditions"].format(until=date(basis.retention_until)),
        "retention_until": basis.retention_until.isoformat(),
        "executor": by,
        "catalogue_version": desk.catalogue.version,
        "app_version": importlib.metadata.version("werkbank-bedrijventerreinen"),
    }


def _issued(found: Request) -> dict[str, Any]:
    return found.taken["issue"].data or {}


def disclosures(slug: str = "", to: str = "") -> dict[int, Request]:
    """What was issued, also what was taken back since; of one municipality, and to one receiver, if given."""
    return {
        number: one
        for number, one in known_requests().items()
        if "issue" in one.taken
        and slug in ("", *one.asked.municipalities)
        and to.strip().casefold() in f"{one.asked.audience}: {one.asked.role}".casefold()
    }


def exported(found: Request) -> dict[str, Any]:
    """A disclosure as recorded, and in the names of the standards that steps.yaml mirrors; no person in it."""
    own, event = _issued(found)["disclosure"], found.taken["issue"]
    facts = own | {"confidentiality": "vertrouwelijk", "recorded": event.at, "status": "OK"}
    facts |= {"trace": event.sha256[:32], "operation": event.sha256[32:48]}
    told = {name: {key: facts[one] for key, one in group.items()} for name, group in words()["export"].items()}
    told["logboek"]["attributes"] = told.pop("attributes")
    return {"werkbank": own | {"state": found.state}, **told}


def verified(parameters: Parameters) -> tuple[Finding, ...]:
    """Every issued copy of a round that is not as the register says, or would not be issued again on that day."""
    (events, faults), beside = (
        examined(register_address(parameters.data)),
        parameters.output / parameters.round / ISSUED,
    )
    if any(one.severity == "error" for one in faults):
        return ()  # such a register vouches for nothing, and what is wrong with it is told already
    # Of what was destroyed in time, who got what is kept longer than the copy itself.
    mine = (one for one in disclosures().values() if one.asked.round == parameters.round and "ask" in one.taken)
    own = {folder_of(one, parameters): one for one in mine}
    told = [f"{one.name} staat niet in het register" for one in beside.glob("[!.]*") if one not in own]
    for folder, found in own.items():
        told += (f"{folder.name}: {fault}" for fault in _differs(found, folder, ends(events)))
    return tuple(PROSE.finding("copy-differs", "", ISSUED, what=fault) for fault in told)


def _differs(found: Request, folder: Path, chain: list[Head]) -> Iterator[str]:
    """What is otherwise than as issued; of what it was made of nothing, that may have been made anew."""
    then, now, issued = _issued(found)["files"], hashes_of(folder), found.taken["issue"]
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield f"{name} is {'er niet' if name not in now else 'veranderd' if name in then else 'erbij gezet'}"
    if now == then:
        if Head(**json.loads((folder / RECORD).read_bytes())["register"]) not in chain:
            yield "de stand van het register die erop staat, is er niet geweest"
        desk = Desk(found.asked, issued.moment.astimezone().date(), folder / Path(found.asked.file).name)
        for rule in ("receiver", "basis", "purpose", "personal"):
            yield from (one.found for one in desk.outcomes()[rule])
