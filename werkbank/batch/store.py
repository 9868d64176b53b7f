"""`werkbank store`: the analyses of a round on shared storage, whole or plainly unfinished.

The manifest decides there as it does here. It is taken away before the first file changes and put back after the last:
whoever finds a manifest finds all that it names. What is there already, byte for byte, is not sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkbank.batch.manifest import EARLIER, MANIFEST, Manifest, parse_manifest, read_manifest, records_folder
from werkbank.batch.storage import Storage, open_storage
from werkbank.batch.verify import Verification, chain
from werkbank.errors import Finding, OutputError
from werkbank.files.whole import only_batch, sha256_of
from werkbank.settings.parameters import Parameters

__all__ = ["Stored", "store", "verify_stored"]

UNDER_WAY = "manifest.onderweg.json"
"""The manifest of what was there before, while something is being stored or after that was broken off."""
_AGAIN = "bewaar de ronde daar opnieuw met werkbank store --force"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many files were sent, were there already, and were taken away because the round has them no more."""

    sent: int
    kept: int
    removed: int


def store(parameters: Parameters, address: str, *, force: bool = False) -> Stored:
    """Put the round and audience of `parameters` at `address`, in the same folders as in `output`.

    `address` is a folder as fsspec writes it (werkbank/batch/storage.py). With `force` everything is sent, also what
    the manifest there calls equal. Raises OutputError, also when there is no manifest, a batch is busy, or a file is
    not as the manifest says: what is damaged is not spread.
    """
    _refuse_nothing(parameters)
    with only_batch(parameters.output), open_storage(address) as storage:
        _refuse_home(storage, parameters)
        records = _relative(records_folder(parameters), parameters)
        wanted = _wanted(parameters)
        known = _known(storage, records, parameters)
        send = {
            name: sha256
            for name, sha256 in wanted.items()
            if force or not _is_there(storage, name, known.get(name), sha256)
        }
        for name, sha256 in send.items():
            path = parameters.output / name
            _refuse_damaged(name, sha256, sha256_of(path) if path.is_file() else "")
        _open(storage, records)
        for name, sha256 in send.items():
            content = (parameters.output / name).read_bytes()
            _refuse_damaged(name, sha256, hashlib.sha256(content).hexdigest())
            storage.write(name, content)
        gone = set(known) - set(wanted)
        for name in gone:
            storage.remove(name)
        _close(storage, records, (records_folder(parameters) / MANIFEST).read_bytes())
    return Stored(len(send), len(wanted) - len(send), len(gone))


def verify_stored(parameters: Parameters, address: str) -> Verification:
    """Read everything at `address` that the manifest there names, and compare it. Raises OutputError."""
    with open_storage(address) as storage:
        records = _relative(records_folder(parameters), parameters)
        content = storage.read(f"{records}/{MANIFEST}")
        if content is None:
            raise OutputError(_no_manifest(storage, records, parameters.round))
        try:
            manifest, own = parse_manifest(content)
        except OutputError:
            changed = _finding("manifest-changed", f"{records}/{MANIFEST}", "het bestand is veranderd")
            return Verification((changed,), 0, 0, 0, 0, None)
        links = dict(chain(lambda name: storage.read(f"{records}/{EARLIER}/{name}.json"), manifest, own))
        names = dict(_outputs(manifest, parameters))
        findings = [
            *(
                _finding("chain-broken", f"{records}/{EARLIER}/{name}.json", told)
                for name, told in links.items()
                if told
            ),
            *(found for name, sha256 in names.items() for found in _compared(storage, name, sha256)),
        ]
    return Verification(tuple(findings), len(manifest.units), len(names), 0, len(links), manifest.run.finished)


def _refuse_nothing(parameters: Parameters) -> None:
    if not (records_folder(parameters) / MANIFEST).is_file():
        raise OutputError(
            f"Er is voor ronde {parameters.round} nog geen manifest, dus er valt niets te bewaren. "
            "Maak eerst de analyses: werkbank analyse"
        )


def _refuse_home(storage: Storage, parameters: Parameters) -> None:
    """Stored upon itself a round would lose its manifest, and beside `output` git would take the judgements in."""
    there = storage.here
    if there and any(there.is_relative_to(own.resolve()) for own in (parameters.workspace, parameters.output)):
        raise OutputError(
            "Deze plaats ligt in de map van de werkbank zelf, dus er is niets bewaard. Noem een map daarbuiten, "
            "bijvoorbeeld op een netwerkschijf."
        )


def _wanted(parameters: Parameters) -> dict[str, str]:
    """What belongs there by its place in `output`, with its sha256: all outputs, and the manifests before this one."""
    folder = records_folder(parameters)
    found = read_manifest(folder / MANIFEST)
    assert found is not None  # noqa: S101  it was there a moment ago, and no batch is busy
    earlier = sorted((folder / EARLIER).glob("*.json"))
    chained = {_relative(path, parameters): sha256_of(path) for path in earlier}
    return {**dict(_outputs(found[0], parameters)), **chained}


def _outputs(manifest: Manifest, parameters: Parameters) -> Iterator[tuple[str, str]]:
    beside = _relative(parameters.output_folder.parent, parameters)
    for slug, record in manifest.units.items():
        yield from ((f"{beside}/{slug}/{name}", sha256) for name, sha256 in record.outputs.items())
    records = _relative(records_folder(parameters), parameters)
    yield from ((f"{records}/{name}", sha256) for name, sha256 in manifest.files.items())


def _relative(path: Path, parameters: Parameters) -> str:
    return path.relative_to(parameters.output).as_posix()


def _known(storage: Storage, records: str, parameters: Parameters) -> Mapping[str, str]:
    """What the manifest there names, also one that was put aside; earlier manifests never change under their name.

    What it names outside its own folder is not of ours, whoever wrote it: names that are here no more are taken away.
    """
    for name in (MANIFEST, UNDER_WAY):
        content = storage.read(f"{records}/{name}")
        if content is None:
            continue
        try:
            manifest, _ = parse_manifest(content)
        except OutputError:
            continue
        return {name: sha256 for name, sha256 in _outputs(manifest, parameters) if ".." not in name.split("/")}
    return {}


def _is_there(storage: Storage, name: str, known: str | None, wanted: str) -> bool:
    """Whether a file need not be sent; an earlier manifest is in no manifest but has its own sha256 for a name."""
    return (known == wanted or Path(name).parent.name == EARLIER) and storage.exists(name)


def _open(storage: Storage, records: str) -> None:
    """From now on nothing there says that it is whole."""
    content = storage.read(f"{records}/{MANIFEST}")
    if content is not None:
        storage.write(f"{records}/{UNDER_WAY}", content)
        storage.remove(f"{records}/{MANIFEST}")


def _close(storage: Storage, records: str, manifest: bytes) -> None:
    storage.write(f"{records}/{MANIFEST}", manifest)
    storage.remove(f"{records}/{UNDER_WAY}")


def _refuse_damaged(name: str, wanted: str, found: str) -> None:
    if wanted != found:
        raise OutputError(
            f"{name} is na het maken veranderd of weg, dus de ronde is niet bewaard. Zoek uit wat er veranderd is met "
            "werkbank verify, en maak de analyse opnieuw met werkbank analyse."
        )


def _compared(storage: Storage, name: str, sha256: str) -> Iterator[Finding]:
    found = storage.sha256(name)
    if found is None:
        yield _finding("output-missing", name, "het bestand is er niet")
    elif found != sha256:
        yield _finding("output-changed", name, "het bestand is na het bewaren veranderd")


def _no_manifest(storage: Storage, records: str, round_name: str) -> str:
    if storage.exists(f"{records}/{UNDER_WAY}"):
        return (
            f"Wat er van ronde {round_name} wordt bewaard, is nog niet klaar of is afgebroken. Wacht even, of {_AGAIN}."
        )
    return f"Op deze plaats staat niets van ronde {round_name}. Bewaar het eerst: werkbank store ADRES"


def _finding(rule: str, file: str, found: str) -> Finding:
    return Finding(rule=rule, severity="error", file=file, found=found, allowed="", remedy=_AGAIN)
