"""The manifest: what was made, of what, by which versions, when; success is decided by it and by nothing else.

`manifest.json` lies beside the municipalities' folders. It names its own sha256 and that of the manifest before it,
which is kept under that name in `manifests/`. So a flipped byte is found in any of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, to_plain
from werkbank.files.whole import whole_file
from werkbank.settings.parameters import Parameters
from werkbank.wording import disk_fault

__all__ = ["MANIFEST", "DamagedManifestError", "Failure", "Manifest", "Record", "Run", "last_kept", "manifest_bytes",
           "parse_manifest", "put_manifest", "read_manifest", "records_folder"]  # fmt: skip

MANIFEST, EARLIER = "manifest.json", "manifests"
SCHEMA_VERSION = 1
RIEC = "riec"


class DamagedManifestError(OutputError):
    """A byte of a manifest was changed, or it is none."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is veranderd nadat het was gemaakt, of het is niet van de werkbank.")

    def __reduce__(self) -> tuple[type[OutputError], tuple[str, tuple[Finding, ...]]]:
        """Across a process border the message is all there is to know."""
        return OutputError, (self.message, self.findings)


@dataclass(frozen=True, slots=True)
class Record:
    """One analysis that stands in its folder: its stamp, its files, and what the index tells of it.

    `inputs` and `outputs` are sha256 by name. `made` is the day on which its outcome was first made, `why` why it was
    made anew, `differs` what differs from the analysis before, `errors` the errors in its input.
    """

    parts: Mapping[str, str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    made: str
    seed: int
    fictional: bool
    seconds: float
    why: tuple[str, ...]
    differs: tuple[str, ...]
    errors: tuple[Mapping[str, Any], ...]
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no new analysis of a municipality."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """The run that wrote the manifest; only these fields and seconds differ between two runs on equal inputs."""

    id: str
    started: str
    finished: str | None
    jobs: int
    asked: tuple[str, ...]
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of it, without its own hash."""

    round: str
    audience: str
    run: Run
    previous: str | None
    versions: Mapping[str, str] = field(default_factory=dict)
    context_inputs: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Record] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """The files beside it, such as the index, with their sha256."""
    schema_version: int = SCHEMA_VERSION


def records_folder(parameters: Parameters) -> Path:
    """Where the manifest of a round and audience belongs, with the context and the failures.

    Always with the RIEC: what stands above the folders of municipalities would tell each of the others.
    """
    beside = parameters.output_folder.parent
    return beside if parameters.audience == RIEC else beside.parent / RIEC / "copies" / parameters.audience


def read_manifest(path: Path) -> tuple[Manifest, str] | None:
    """The manifest and its sha256; None when there is none.

    Raises DamagedManifestError when a byte of it was changed, OutputError when it may not be read.
    """
    try:
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise OutputError(
            f"{path.name} kan niet worden gelezen ({disk_fault(error)}). Er is niets gedaan. Zorg dat u de map "
            f"{path.parent.name} mag lezen en schrijven, en probeer het opnieuw."
        ) from error
    return None if content is None else parse_manifest(content, path.name)


def parse_manifest(content: bytes, name: str = MANIFEST) -> tuple[Manifest, str]:
    """The manifest in these bytes and its sha256. Raises DamagedManifestError when a byte of it was changed."""
    try:
        data = json.loads(content)
        own = data.pop("sha256")
        if data["schema_version"] != SCHEMA_VERSION or own != _sha256(data):
            raise DamagedManifestError(name)
        manifest = _manifest(data)
        if manifest_bytes(manifest) != content:
            raise DamagedManifestError(name)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedManifestError(name) from error
    return manifest, own


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as canonical JSON with its own sha256 in it."""
    data = to_plain(manifest)
    return canonical_json({**data, "sha256": _sha256(data)}).encode()


def put_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest in one step; the one it follows on is kept first. Raises OutputError.

    What was written: where somebody took the one before away under way, it follows on the last that is left.
    """
    if manifest.previous is not None and not _kept(folder, manifest.previous):
        manifest = replace(manifest, previous=last_kept(folder))
    whole_file(folder / MANIFEST, manifest_bytes(manifest))
    return manifest


def _kept(folder: Path, sha256: str) -> bool:
    """Whether this manifest is among the earlier ones; it is put there when it is still the last."""
    kept, last = folder / EARLIER / f"{sha256}.json", folder / MANIFEST
    if kept.exists():
        return True
    with contextlib.suppress(DamagedManifestError):
        found = read_manifest(last)
        if found is not None and found[1] == sha256:
            whole_file(kept, manifest_bytes(found[0]))
            return True
    return False


def last_kept(folder: Path) -> str | None:
    """The sha256 of the last of the manifests before a damaged one, so that the next may follow on it.

    None when there is none, or when it cannot be told which of them was the last.
    """
    before: dict[str, str | None] = {}
    for path in (folder / EARLIER).glob("*.json"):
        with contextlib.suppress(OutputError):
            found = read_manifest(path)
            if found is not None and found[1] == path.stem:
                before[path.stem] = found[0].previous
    last = before.keys() - before.values()
    return last.pop() if len(last) == 1 else None


def _manifest(data: Mapping[str, Any]) -> Manifest:
    units = {slug: Record(**{**one, **_tuples(one, "why", "differs", "errors")}) for slug, one in data["units"].items()}
    failures = {slug: Failure(**one) for slug, one in data["failures"].items()}
    run = Run(**{**data["run"], **_tuples(data["run"], "asked")})
    return Manifest(**{**data, "units": units, "failures": failures, "run": run})


def _tuples(data: Mapping[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(data[name]) for name in names}


def _sha256(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()
