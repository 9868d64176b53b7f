"""`werkbank verify`: whether the outputs belong to these inputs, byte for byte, as the manifest says.

Every file is hashed anew. A manifest is compared with the sha256 in it, and with what the next one says of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkbank.batch.manifest import (
    EARLIER,
    FOLLOW_UPS,
    MANIFEST,
    PLANS,
    DamagedManifestError,
    Manifest,
    issued,
    issued_heads,
    manifests_in,
    parse_manifest,
    read_manifest,
    records_folder,
    source_of_werkbank,
)
from werkbank.batch.stamp import agreed_part, file_path, returns_in
from werkbank.errors import Finding, OutputError, RegisterError
from werkbank.files.whole import busy_batch, sha256_of
from werkbank.register.events import PROSE
from werkbank.register.store import FILE_NAME, examined, register_address
from werkbank.report.terms import spec
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import RETURNS, municipality_slugs, raw_file
from werkbank.wording import disk_fault

_UNKNOWN = "staat niet in het manifest"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and everything that is not as the manifest says."""

    findings: tuple[Finding, ...]
    analyses: int = 0
    outputs: int = 0
    inputs: int = 0
    chain: int = 0
    """The manifests, this one and those before it."""
    finished: str | None = None
    notes: tuple[str, ...] = ()


def verify(parameters: Parameters, copy: Path | None = None) -> Verification:
    """Hash everything that the manifest of one round and audience names, and read the register.

    `copy` is a workspace or its data folder as it was kept elsewhere. Raises OutputError when there is no manifest, and
    when there is nothing to compare in the copy.
    """
    folder = records_folder(parameters)
    _, decided = examined(register_address(parameters.data), issued(parameters))
    try:
        found = read_manifest(folder / MANIFEST)
    except DamagedManifestError:
        changed = _finding("manifest-changed", folder / MANIFEST, "het bestand is veranderd", parameters)
        return Verification((changed, *decided))
    if found is None:
        raise OutputError(
            f"Er is voor ronde {parameters.round} nog geen manifest, dus er valt niets na te gaan. "
            "Maak eerst de analyses: werkbank analyse"
        )
    manifest, own = found
    chain = dict(_chain(folder, manifest, own, parameters))
    inputs = {name for one in _inputs(manifest) for name in one}
    findings = (
        *(finding for finding in chain.values() if finding),
        *_strays(folder, chain, parameters),
        *_outputs(manifest, parameters),
        *changed_inputs(manifest, parameters),
        *_changed_returns(manifest, parameters),
        *decided,
        *(() if copy is None else _against(parameters, copy)),
        *agreed_since(manifest, parameters),
    )
    outputs = sum(len(record.outputs) for record in manifest.units.values()) + len(manifest.files)
    edited = [one for one in findings if one.rule == "output-edited"]
    remarked = [one for one in findings if one.severity == "warning"]
    findings = tuple(one for one in findings if one not in edited and one not in remarked)
    notes = (*(f"{one.file} is {one.found}." for one in edited), *map(str, remarked), *_notes(manifest, parameters))
    finished = manifest.run.finished
    return Verification(findings, len(manifest.units), outputs, len(inputs), len(chain), finished, notes)


def _chain(folder: Path, manifest: Manifest, own: str, parameters: Parameters) -> Iterator[tuple[str, Finding | None]]:
    """Every manifest from this one back by its sha256, with what is wrong with it; a broken link ends the chain."""
    yield own, None
    previous = manifest.previous
    while previous is not None:
        path, content = folder / EARLIER / f"{previous}.json", b""
        try:
            content = path.read_bytes()
            found = parse_manifest(content)
        except (OSError, DamagedManifestError):
            found = None
        if found is None or found[1] != previous:
            told = "het bestand is veranderd" if path.is_file() else "het bestand is er niet"
            yield previous, _finding("chain-broken", path, told, parameters)
            return
        yield previous, None
        previous = found[0].previous


def _strays(folder: Path, chain: Collection[str], parameters: Parameters) -> Iterator[Finding]:
    """Manifests that no later one leads to."""
    for path in sorted((folder / EARLIER).glob("*.json")):
        if path.stem not in chain:
            yield _finding("chain-stray", path, "dit manifest hoort niet in de keten", parameters)


def _outputs(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """What is gone or changed, what lies beside it, and whole folders that the manifest does not know."""
    beside, records = parameters.output_folder.parent, records_folder(parameters)
    folders = {beside / slug: dict(record.outputs) for slug, record in manifest.units.items()}
    for name, sha256 in manifest.files.items():
        kind, _, rest = name.partition("/")
        if kind in FOLLOW_UPS:
            code, _, file = rest.partition("/")
            folders.setdefault(beside / kind / code, {})[file] = sha256
        else:
            place = beside / name
            yield from _file(place if place.is_file() else records / name, sha256, parameters, "output")
    for folder, outputs in folders.items():
        yield from _folder(folder, outputs, parameters)
    places = [beside / slug for slug in municipality_slugs(parameters.workspace)]
    places += [path for kind in FOLLOW_UPS for path in sorted((beside / kind).glob("*"))]
    for path in places:
        if path.is_dir() and path not in folders:
            yield _finding("output-unknown", path, f"deze map {_UNKNOWN}", parameters)


def _folder(folder: Path, outputs: Mapping[str, str], parameters: Parameters) -> Iterator[Finding]:
    for name, sha256 in outputs.items():
        yield from _file(folder / name, sha256, parameters, "output")
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in outputs:
            remedy = "haal het weg, of bewaar het ergens anders"
            yield _finding("output-unknown", path, f"dit bestand {_UNKNOWN}", parameters, remedy)


def _against(parameters: Parameters, copy: Path) -> Iterator[Finding]:
    """Where the register and the manifests are no continuation of those in a copy kept elsewhere."""
    output, places = copy / parameters.output.name, (copy / parameters.data.name / FILE_NAME, copy / FILE_NAME)
    register, theirs = next((one for one in places if one.is_file()), None), manifests_in(output)
    if copy.resolve() in (parameters.workspace, parameters.data) or not (register or theirs):
        raise OutputError(
            "Dat is geen kopie om mee te vergelijken: noem een map die ergens anders staat, met een register of "
            "manifesten van de werkbank erin, zoals een kopie van de hele werkmap of van de map data."
        )
    if register:
        yield from _same_register(register_address(parameters.data), register)
    else:
        named = {head: f"{name} van de kopie" for head, name in issued_heads(output).items()}
        yield from examined(register_address(parameters.data), named)[1]
    for path in (one for one in theirs if one.name == MANIFEST):
        yield from _same_manifest(parameters.output / path.relative_to(output), path)


def _same_register(own: str | Path, copy: Path) -> Iterator[Finding]:
    (events, _), (theirs, damaged) = examined(own), examined(copy)
    apart = next((one.id for one, other in zip(events, theirs, strict=False) if one.sha256 != other.sha256), 0)
    if faults := [one for one in damaged if one.severity == "error"]:
        yield PROSE.finding("copy-damaged", what=faults[0].found)
    elif apart:
        yield PROSE.finding("copy-differs", what=f"het register vanaf gebeurtenis {apart}")
    elif len(theirs) > len(events):
        yield PROSE.finding("copy-longer", what=f"het register loopt daar tot gebeurtenis {len(theirs)}")


def _same_manifest(own: Path, copy: Path) -> Iterator[Finding]:
    """Whether the manifest of the copy is this one or one before it."""
    (now, before), (theirs, earlier) = _kept(own), _kept(copy)
    name = "/".join(own.parts[-3:])
    if theirs is None:
        yield PROSE.finding("copy-damaged", what=f"{name} is veranderd")
    elif now in earlier:
        yield PROSE.finding("copy-longer", what=f"manifesten na {name}")
    elif theirs not in (now, *before):
        yield PROSE.finding("copy-differs", what=name)


def _kept(path: Path) -> tuple[str | None, tuple[str, ...]]:
    """The sha256 of a manifest, None when it is damaged or not there, and of those kept before it."""
    found = None
    with contextlib.suppress(DamagedManifestError):
        found = read_manifest(path)
    return found and found[1], tuple(one.stem for one in (path.parent / EARLIER).glob("*.json"))


def _inputs(manifest: Manifest) -> Iterator[Mapping[str, str]]:
    yield from (record.inputs for record in manifest.units.values())
    yield manifest.context_inputs


def changed_inputs(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """Each input once, also when several analyses rest on it."""
    known = sorted({each for one in _inputs(manifest) for each in one.items()})
    found = ((name, list(_file(file_path(name, parameters), sha256, parameters, "input"))) for name, sha256 in known)
    yield from {name: findings[0] for name, findings in found if findings}.values()


def _changed_returns(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """What came and is not kept as it came; of before it was kept at all there is nothing to say."""
    kept = (parameters.data / RETURNS).is_dir()
    for name, sha256 in returns_in(parameters, *_inputs(manifest)).items() if kept else ():
        yield from _file(raw_file(name, sha256, parameters.data), sha256, parameters, "input")


def agreed_since(manifest: Manifest, parameters: Parameters) -> Iterator[Finding]:
    """Every analysis that rests on other agreements than hold now."""
    with contextlib.suppress(RegisterError):  # what is wrong with the register is a finding of its own
        for slug, record in manifest.units.items():
            now = agreed_part(parameters.model_copy(update={"municipality": slug}))
            if now.get("agreed") != record.parts.get("agreed"):
                place = parameters.output_folder.parent / slug
                yield _finding("input-changed", place, spec("stamp")["agreed"], parameters)


def _file(path: Path, sha256: str, parameters: Parameters, kind: str) -> Iterator[Finding]:
    try:
        found = sha256_of(path) if path.is_file() else None
    except OSError as error:
        yield _finding(f"{kind}-unreadable", path, f"het bestand is niet te lezen ({disk_fault(error)})", parameters)
        return
    if found is None:
        yield _finding(f"{kind}-missing", path, "het bestand is er niet", parameters)
    elif found != sha256:
        since = "na het maken" if kind == "output" else "sinds de analyse"
        if kind == "output" and path.suffix != ".html" and path.parents[1].name == PLANS:
            yield _finding("output-edited", path, "bewerkt door mensen", parameters)
        else:
            yield _finding(f"{kind}-changed", path, f"het bestand is {since} veranderd", parameters)


def _notes(manifest: Manifest, parameters: Parameters) -> Iterator[str]:
    if busy := busy_batch(parameters.output):
        yield f"Er loopt een batch: {busy}. Ga het opnieuw na als die klaar is; nu kan er nog van alles veranderen."
    elif manifest.run.finished is None:
        yield "De laatste batch is afgebroken. Wat hij had gemaakt staat er; werkbank analyse maakt de rest."
    now = source_of_werkbank()
    if any(record.parts.get("werkbank") != now for record in manifest.units.values()):
        yield "Sinds deze analyses is de werkbank zelf vernieuwd. De bestanden horen bij de versie van toen."


def _finding(rule: str, path: Path, found: str, parameters: Parameters, remedy: str = "") -> Finding:
    """A finding about a file, by its place in the workspace."""
    known = path.is_relative_to(parameters.workspace)
    file = path.relative_to(parameters.workspace).as_posix() if known else path.name
    beside, command = parameters.output_folder.parent, "analyse"
    if path.is_relative_to(beside) and (kind := path.relative_to(beside).parts[0]) in FOLLOW_UPS:
        command = "plan" if kind == "plans" else kind
    what = "het" if command != "analyse" else "de analyse"
    remedy = remedy or spec("verify").get(rule) or f"maak {what} opnieuw met werkbank {command}"
    return Finding(rule=rule, severity="error", file=file, found=found, allowed="", remedy=remedy)
