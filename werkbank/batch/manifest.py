"""The manifest: what was made, of what, by which versions, when; success is decided by it and by nothing else.

After every municipality of a batch it says what is done, so that a killed batch loses little.
`manifest.json` lies beside the municipalities' folders. It names its own sha256 and that of the manifest before it,
which is kept under that name in `manifests/`. So a flipped byte is found in any of them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import json
import platform
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.inputs import input_errors
from werkbank.errors import Finding, OutputError, RegisterError, WerkbankError
from werkbank.files.canonical import canonical_json, fingerprint_of, from_plain, to_plain
from werkbank.files.whole import hashes_of, mend, sha256_of, whole_file
from werkbank.register.events import Head
from werkbank.report.terms import legal_basis_line
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import MONITOR
from werkbank.wording import count, disk_fault, listing

MANIFEST, EARLIER = "manifest.json", "manifests"
SCHEMA_VERSION = 1
_DISTRIBUTION, _NAME = "werkbank-bedrijventerreinen", re.compile(r"[A-Za-z0-9._-]+")
DISTRICT = "district"
PROPOSAL = "voorstel"
PLANS = "plans"
COPY = "exemplaar"
"""The notebook of the pages for who gets no whole analysis."""
VERSIONS = "versions"
"""In the folder of what is being made: by audience the version that goes to it."""
FOLLOW_UPS = {PLANS: "projectplan.html", MONITOR: "monitor.html"}
"""The folders beside those of the municipalities, and the page that each thing in them has."""
_PAUSE = 1.0
"""Seconds between two writings; of a killed batch at most what this long took is done anew."""
_LINES = 3
"""Lines on what differs from the analysis before."""
_MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


class DamagedManifestError(OutputError):
    """A byte of a manifest was changed, or it is none."""


@dataclass(frozen=True, slots=True)
class Record:
    """One analysis that stands in its folder: its stamp, its files, and what the index tells of it.

    `inputs` and `outputs` are sha256 by name. `made` is the day on which its outcome was first made, `why` why it was
    made anew, `differs` what differs from the analysis before, `errors` the errors in every party's input, `shown` the
    figures of its row of the index.
    """

    seed: int
    fictional: bool
    differs: tuple[str, ...]
    errors: tuple[Mapping[str, Any], ...]
    shown: Mapping[str, Any]
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
    seconds: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no new analysis of a municipality."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one municipality, plan or comparison ended: made, kept because nothing changed, or failed with the reason."""

    name: str
    state: Literal["made", "kept", "failed"]
    reason: str = ""
    why: tuple[str, ...] = ()
    """Why it was made anew."""
    folder: Path | None = None
    """Where its files belong; None when its parameters could not be read."""
    record: Record | None = None
    """What the manifest is to say of it; None when it failed."""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """True when there is no analysis of the inputs that are there now."""
        return self.state == "failed"

    @property
    def parks(self) -> int:
        """The parks in its analysis."""
        return int(self.record.shown["parks"]) if self.record else 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors in the input of an analysis that was made all the same; for the analyst, whoever it was for."""
        return tuple(Finding(**finding) for finding in self.record.errors) if self.record else ()


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
    register: Head | None = None
    """The end of the register's chain when it was written; None in one of before that was kept."""


def records_folder(parameters: Parameters) -> Path:
    """Where the manifest of a round and audience belongs, with the context and the failures.

    Always with who makes the analyses: what stands above the folders of municipalities would tell each of the others.
    """
    beside, owner = parameters.output_folder.parent, owner_code()
    return beside if parameters.audience == owner else beside.parent / owner / "copies" / parameters.audience


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
    damaged = DamagedManifestError(f"{name} is veranderd nadat het was gemaakt, of het is niet van de werkbank.")
    try:
        data = json.loads(content)
        own = data.pop("sha256")
        if data["schema_version"] != SCHEMA_VERSION or own != fingerprint_of(data):
            raise damaged
        manifest = from_plain(Manifest, data)
        if manifest_bytes(manifest) != content:
            raise damaged
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged from error
    return manifest, own


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as canonical JSON with its own sha256 in it; what it does not name is left out."""
    data = {name: value for name, value in to_plain(manifest).items() if name != "register" or value}
    return canonical_json({**data, "sha256": fingerprint_of(data)}).encode()


def issued_heads(output: Path) -> dict[Head, str]:
    """Every end of the register that a manifest in the output names, of any round and audience, with that manifest.

    A damaged manifest names nothing.
    """
    found: dict[Head, str] = {}
    for path in manifests_in(output):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, OutputError):
            named = Head(**json.loads(path.read_bytes())["register"])
            if named not in found and (read := read_manifest(path)) and read[0].register == named:
                found[named] = path.relative_to(output.parent).as_posix()
    return found


def issued(parameters: Parameters) -> dict[Head, str]:
    """What the manifests of this workspace name; nothing for a demo that holds its own decision and no other.

    `werkbank demo` begins such a district anew, its register included.
    """
    from werkbank.demo.write import REGISTER, is_untouched  # noqa: PLC0415  only who asks for this pays for the demo

    own = parameters.data / REGISTER
    fresh = parameters.marked_fictional and own.is_file() and is_untouched(own, at_least=1)
    return {} if fresh else issued_heads(parameters.output)


def manifests_in(output: Path) -> list[Path]:
    """The manifests of every round and audience in the output, with those before them."""
    places = (f"{folder}/{name}" for folder in ("*/*", "*/*/copies/*") for name in (MANIFEST, f"{EARLIER}/*.json"))
    return sorted(path for place in places for path in output.glob(place))


def _last_kept(folder: Path) -> str | None:
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


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Python and every package that werkbank asks for, with the versions that are used."""
    asked = importlib.metadata.requires(_DISTRIBUTION) or []
    names = sorted(found[0] for one in asked if "extra ==" not in one and (found := _NAME.match(one)))
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in names}}


@lru_cache(maxsize=1)
def source_of_werkbank() -> str:
    """The sha256 of the package itself: a version number alone would not tell of a change under way."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return fingerprint_of({path.relative_to(root).as_posix(): sha256_of(path) for path in files})


def facts_of(assessment: Assessment, parameters: Parameters) -> Record:
    """What is kept of the analysis that is to take the place of the one in the parameters' output folder.

    No judgement is in it. Its `inputs` are the workbooks as they were read; what else it rests on, and when, why and
    how fast it was made, the batch adds.
    """
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    # Those of a party that is withheld are no longer in the assessment.
    every = input_errors(parameters) if assessment.coarse else errors
    return Record(
        seed=parameters.method.seed,
        fictional=assessment.fictional,
        inputs={source.file: source.sha256 for source in assessment.sources},
        shown=_figures(assessment, _errors(assessment, errors)),
        errors=tuple(finding.to_dict() for finding in every),
        differs=differs_from_kept(assessment, parameters),
    )


def differs_from_kept(assessment: Assessment, parameters: Parameters) -> tuple[str, ...]:
    """What differs from the analysis that stands there, in three lines; nothing when there is none to compare with."""
    try:
        if not (parameters.output_folder / FILE_NAME).is_file():
            return ()
        found = assessment.compare(Assessment.load(parameters.output_folder))
    except (OSError, WerkbankError):
        return ()
    lines = found.lines if found.same_inputs else found.lines[1:]  # the first line is the reason, told already
    if not lines:
        return ("Geen verschil met de vorige analyse.",)
    if len(lines) <= _LINES:
        return lines
    return (*lines[: _LINES - 1], f"En nog {count(len(lines) - _LINES + 1, 'verschil', 'verschillen')}.")


def _figures(assessment: Assessment, errors: str) -> Mapping[str, Any]:
    parks, groups = assessment.parks, assessment.groups
    known = groups.loc[groups["group"] == assessment.catalogue.required.score, "coverage"].dropna()
    enough = ~assessment.parameters.method.too_little(known)
    names = parks.set_index("park_id")["name"]
    return {
        "name": assessment.municipality_name,
        "parks": len(parks),
        "enough": int(enough.sum()) if len(known) else None,
        "advised": [str(names[park]) for park in assessment.advice.park_ids],
        "coverage": _mean(parks["coverage"]),
        "two_sided": _mean(parks["two_sided"]),
        "method": assessment.parameters.method.fingerprint[:_MARK],
        "errors": errors,
        "legal_basis": legal_basis_line(assessment.legal_basis),
    }


def _mean(shares: pd.Series) -> float | None:
    """None where the reader may not know."""
    return float(shares.mean()) if shares.notna().any() else None


def _errors(assessment: Assessment, errors: list[Finding]) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    catalogue = load_catalogue(assessment.parameters.catalogue_path)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = sum(finding.rule != "missing-workbook" for finding in errors)
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen" if errors else ""
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"


class Ledger:
    """The manifest of one round and audience under way: what has been made so far, from the manifest before it on."""

    def __init__(
        self, parameters: Parameters, asked: Sequence[str] = (), jobs: int = 1, *, forced: bool = False
    ) -> None:
        self.folder, self.beside = records_folder(parameters), parameters.output_folder.parent
        self.note = ""
        mend(self.folder)
        mend(parameters.output_folder.parent)
        run = Run(uuid.uuid4().hex[:12], _now(), None, jobs, tuple(asked), forced)
        first = Manifest(parameters.round, parameters.audience, run, None, versions())
        before, previous = self._before() or (first, _last_kept(self.folder) if self.note else None)
        self._first, self._written = replace(first, previous=previous), 0.0
        self._register, self._data = before.register, parameters.data
        self.units, self.failures = dict(before.units), dict(before.failures)
        self.files, self.context_inputs = dict(before.files), dict(before.context_inputs)

    def _before(self) -> tuple[Manifest, str | None] | None:
        """The manifest that this one follows on; a damaged one is put aside, and everything is made anew."""
        path = self.folder / MANIFEST
        try:
            found = read_manifest(path)
        except DamagedManifestError as error:
            aside = self.folder / EARLIER / f"beschadigd-{uuid.uuid4().hex[:8]}.json"
            aside.parent.mkdir(parents=True, exist_ok=True)
            path.replace(aside)
            self.note = f"{error} Het staat nu in {EARLIER}/{aside.name}; elke analyse wordt opnieuw gemaakt."
            return None
        if found is not None:  # kept first, whatever becomes of the last one under way
            whole_file(self.folder / EARLIER / f"{found[1]}.json", manifest_bytes(found[0]))
        return found

    def put(self, municipality: str, result: Record | Failure) -> None:
        """Take in how one municipality ended, and write it down unless that was done a moment ago."""
        self.failures.pop(municipality, None)
        if isinstance(result, Record):
            self.units[municipality] = result
        else:
            self.failures[municipality] = result
        if time.monotonic() - self._written > _PAUSE:
            self.write()

    def add(self, *paths: Path) -> None:
        """Take in files, by their place beside the manifest or the copies; of a folder every file in it now."""
        for path in paths:
            name = path.relative_to(self.beside if path.is_relative_to(self.beside) else self.folder).as_posix()
            if path.is_dir():
                self.forget(name)
                self.files |= {f"{name}/{file}": sha256 for file, sha256 in hashes_of(path).items()}
            else:
                self.files[name] = sha256_of(path)

    def forget(self, folder: str) -> None:
        """Leave out what is in a folder; the manifest before this one still names it."""
        self.files = {name: sha256 for name, sha256 in self.files.items() if not name.startswith(f"{folder}/")}

    def write(self, *, finished: bool = False) -> None:
        """Write the manifest in one step."""
        made = {name: getattr(self, name) for name in ("context_inputs", "units", "failures", "files")}
        run = replace(self._first.run, finished=_now() if finished else None)
        manifest = replace(self._first, run=run, register=self._head(anew=finished), **made)
        whole_file(self.folder / MANIFEST, manifest_bytes(manifest))
        self._written = time.monotonic()

    def _head(self, *, anew: bool) -> Head | None:
        """The end of the register, asked when a run begins and ends; it never goes back, so that a loss is seen."""
        from werkbank.register.store import current_head  # noqa: PLC0415  the database library

        if self._register is not None and not anew:
            return self._register
        with contextlib.suppress(RegisterError):  # `verify` says what is wrong with it
            now = current_head(self._data)
            if self._register is None or now.events >= self._register.events:
                self._register = now
        return self._register


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
