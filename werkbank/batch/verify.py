"""`werkbank verify`: whether the outputs belong to these inputs, byte for byte, as the manifest says.

Every file is hashed anew. A manifest is compared with the sha256 in it, and with what the next one says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from werkbank.batch.manifest import (
    EARLIER,
    MANIFEST,
    DamagedManifestError,
    Manifest,
    parse_manifest,
    read_manifest,
    records_folder,
)
from werkbank.batch.stamp import file_path, source_of_werkbank
from werkbank.errors import Finding, OutputError
from werkbank.files.whole import busy_batch, sha256_of
from werkbank.settings.parameters import Parameters, municipality_slugs
from werkbank.wording import disk_fault

__all__ = ["Verification", "chain", "verify"]

_ANEW = "maak de analyse opnieuw met werkbank analyse"
_FOLLOW_UPS = {"plans": "werkbank plan", "monitor": "werkbank monitor"}
"""The folders of what follows an analysis, and the command that makes it."""
_STRANGE = "zoek uit hoe het daar is gekomen, en bewaar het daarna ergens anders"
_RIGHTS = "zorg dat u het mag lezen, of sluit het elders, en ga het opnieuw na"
_KEPT = "zet het bestand terug uit een reservekopie, en zoek uit wie het veranderde"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and everything that is not as the manifest says."""

    findings: tuple[Finding, ...]
    analyses: int
    outputs: int
    inputs: int
    chain: int
    """The manifests, this one and those before it."""
    finished: str | None
    notes: tuple[str, ...] = ()


def verify(parameters: Parameters) -> Verification:
    """Hash everything that the manifest of one round and audience names. Raises OutputError when there is none."""
    folder = records_folder(parameters)
    path = folder / MANIFEST
    try:
        found = read_manifest(path)
    except DamagedManifestError:
        damaged = _finding("manifest-changed", _shown(path, parameters), "het bestand is veranderd", _KEPT)
        return Verification((damaged,), 0, 0, 0, 0, None)
    if found is None:
        raise OutputError(
            f"Er is voor ronde {parameters.round} nog geen manifest, dus er valt niets na te gaan. "
            "Maak eerst de analyses: werkbank analyse"
        )
    manifest, own = found
    chain = list(_chain(folder, manifest, own, parameters))
    inputs = {name: sha256 for one in _inputs(manifest) for name, sha256 in one.items()}
    findings = (
        *(finding for _, finding in chain if finding),
        *_strays(folder, {name for name, _ in chain}, parameters),
        *_outputs(manifest, parameters),
        *_changed_inputs(manifest, parameters),
    )
    return Verification(
        findings=findings,
        analyses=len(manifest.units),
        outputs=sum(len(record.outputs) for record in manifest.units.values()) + len(manifest.files),
        inputs=len(inputs),
        chain=len(chain),
        finished=manifest.run.finished,
        notes=tuple(_notes(manifest, parameters)),
    )


def chain(read: Callable[[str], bytes | None], manifest: Manifest, own: str) -> Iterator[tuple[str, str]]:
    """Every manifest from this one back by its sha256, with what is wrong with it; a broken link ends the chain.

    `read` gives the bytes of an earlier manifest by that name, or None.
    """
    yield own, ""
    previous = manifest.previous
    while previous is not None:
        content = read(previous)
        try:
            found = parse_manifest(content) if content is not None else None
        except DamagedManifestError:
            found = None
        if found is None or found[1] != previous:
            yield previous, "het bestand is er niet" if content is None else "het bestand is veranderd"
            return
        yield previous, ""
        previous = found[0].previous


def _chain(folder: Path, manifest: Manifest, own: str, parameters: Parameters) -> Iterator[tuple[str, Finding | None]]:
    for name, told in chain(partial(_earlier, folder), manifest, own):
        shown = _shown(folder / EARLIER / f"{name}.json", parameters)
        yield name, _finding("chain-broken", shown, told, _KEPT) if told else None


def _earlier(folder: Path, name: str) -> bytes | None:
    path = folder / EARLIER / f"{name}.json"
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return b""  # there, and no manifest that can be read


def _strays(folder: Path, chain: set[str], parameters: Parameters) -> Iterator[Finding]:
    """Manifests that no later one leads to."""
    for path in sorted((folder / EARLIER).glob("*.json")):
        if path.stem not in chain:
            told = "dit manifest hoort niet in de keten"
            yield _finding("chain-stray", _shown(path, parameters), told, _STRANGE)


def _outputs(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    beside, records = parameters.output_folder.parent, records_folder(parameters)
    for slug, record in manifest.units.items():
        yield from _folder(beside / slug, record.outputs, parameters)
    for name, sha256 in manifest.files.items():
        path = beside / name if (beside / name).is_file() else records / name
        yield from _file(path, sha256, parameters, "output", _remedy(name))
    yield from _follow_ups(beside, manifest, parameters)
    for slug in municipality_slugs(parameters.workspace):
        if slug not in manifest.units and (beside / slug).is_dir():
            told = "deze map staat niet in het manifest"
            yield _finding("output-unknown", _shown(beside / slug, parameters), told, _ANEW)


def _folder(folder: Path, outputs: Mapping[str, str], parameters: Parameters) -> Iterator[Finding]:
    for name, sha256 in outputs.items():
        yield from _file(folder / name, sha256, parameters, "output")
    yield from _unknown(folder, set(outputs), parameters)


def _follow_ups(beside: Path, manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """Plans and comparisons that the manifest does not know, and files that were laid beside one that it knows."""
    for kind in _FOLLOW_UPS:
        for folder in sorted(path for path in (beside / kind).glob("*") if path.is_dir()):
            start = f"{kind}/{folder.name}/"
            own = {name.removeprefix(start) for name in manifest.files if name.startswith(start)}
            if own:
                yield from _unknown(folder, own, parameters)
            else:
                told = "deze map staat niet in het manifest"
                yield _finding("output-unknown", _shown(folder, parameters), told, _remedy(start))


def _remedy(name: str) -> str:
    command = _FOLLOW_UPS.get(name.split("/", maxsplit=1)[0])
    return f"maak het opnieuw met {command}" if command else _ANEW


def _unknown(folder: Path, known: Collection[str], parameters: Parameters) -> Iterator[Finding]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            told = "dit bestand staat niet in het manifest"
            yield _finding(
                "output-unknown", _shown(path, parameters), told, "haal het weg, of bewaar het ergens anders"
            )


def _file(path: Path, sha256: str, parameters: Parameters, kind: str, remedy: str = _ANEW) -> Iterator[Finding]:
    shown = _shown(path, parameters)
    try:
        found = sha256_of(path) if path.is_file() else None
    except OSError as error:
        told = f"het bestand is niet te lezen ({disk_fault(error)})"
        yield _finding(f"{kind}-unreadable", shown, told, _RIGHTS)
        return
    if found is None:
        yield _finding(f"{kind}-missing", shown, "het bestand is er niet", remedy)
    elif found != sha256:
        since = "na het maken" if kind == "output" else "sinds de analyse"
        yield _finding(f"{kind}-changed", shown, f"het bestand is {since} veranderd", remedy)


def _inputs(manifest: Manifest) -> Iterator[Mapping[str, str]]:
    yield from (record.inputs for record in manifest.units.values())
    yield manifest.context_inputs


def _changed_inputs(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """Each input once, also when several analyses rest on it; two that rest on different bytes both tell."""
    asked = {(name, sha256) for one in _inputs(manifest) for name, sha256 in one.items()}
    told: set[str] = set()
    for name, sha256 in sorted(asked):
        if name not in told:
            found = list(_file(file_path(name, parameters), sha256, parameters, "input"))
            told.update(name for _ in found)
            yield from found


def _notes(manifest: Manifest, parameters: Parameters) -> Iterator[str]:
    if busy := busy_batch(parameters.output):
        yield f"Er loopt een batch: {busy}. Ga het opnieuw na als die klaar is; nu kan er nog van alles veranderen."
    elif manifest.run.finished is None:
        yield "De laatste batch is afgebroken. Wat hij had gemaakt staat er; werkbank analyse maakt de rest."
    now = source_of_werkbank()
    if any(record.parts.get("werkbank") != now for record in manifest.units.values()):
        yield "Sinds deze analyses is de werkbank zelf vernieuwd. De bestanden horen bij de versie van toen."


def _shown(path: Path, parameters: Parameters) -> str:
    """The file by its place in the workspace."""
    known = path.is_relative_to(parameters.workspace)
    return path.relative_to(parameters.workspace).as_posix() if known else path.name


def _finding(rule: str, file: str, found: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", file=file, found=found, allowed="", remedy=remedy)
