"""What an analysis rests on: checked before it begins, and as hashes. Equal stamps, equal analyses.

A part that differs is a reason to analyse again, and tells which; without a reason, what stands there is kept. Every
return that was read is kept as it came in `data/returns/<sha256>` with its ending, read-only: which file that was, the
manifest says in its inputs and the assessment in its sources, and an old round can be made of it again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pandas as pd

from werkbank.assessment.choosing import chosen_municipalities
from werkbank.assessment.decisions import chosen_parks, recorded_selections
from werkbank.assessment.district import DistrictContext, context_key, context_of
from werkbank.assessment.inputs import (
    CONTEXT_FILE,
    legal_basis_of,
    matrix_paths,
    missing_names,
    own_matrix,
    parks_of,
    paths_of,
    stray_files,
)
from werkbank.assessment.reference_cases import FILE_NAME as CASES
from werkbank.assessment.reference_cases import require_cases
from werkbank.batch.manifest import COPY, Record, source_of_werkbank, versions
from werkbank.errors import MatrixError, OutputError, ParametersError
from werkbank.files.canonical import fingerprint_of
from werkbank.files.whole import sha256_of, whole_file
from werkbank.parks.context import Context, read_context
from werkbank.parks.lineage import FILE_NAME as PARK_CHANGES
from werkbank.parks.lineage import load_lineage
from werkbank.plan.kept import plan_file
from werkbank.register import LegalBasis
from werkbank.register.agreements import recorded_agreements
from werkbank.register.notes import recorded_notes
from werkbank.report.terms import spec
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import FICTIONAL_MARK, Parameters, load_parameters, parties_asked
from werkbank.settings.theme import HOUSE_STYLE
from werkbank.settings.workspace import find_workspace, municipality_slugs, raw_file
from werkbank.wording import disk_fault, listing

SHARED_FILES = (
    "parks.csv",
    "parks.geojson",
    "municipalities.geojson",
    "municipalities.csv",
    PARK_CHANGES,
    CONTEXT_FILE,
    "legal_bases.yaml",
    "reference_cases.yaml",
    FICTIONAL_MARK,
)
"""What lies beside the matrices, and is an input where it is there."""
FORCED = "zo gevraagd"
NEVER = "er was nog geen analyse"
FAILED = "de vorige keer mislukte het"
_WORKBOOK = "workbook:"
_ALL = "de bestanden van de analyse"
_WAYS = {"method", "catalogue", "werkbank", "agreed"}
_ELSEWHERE = "data:"
"""Before the name of a file in a data folder that lies outside the workspace."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one analysis rests on: its parts by name, its files by their place in the workspace."""

    parts: Mapping[str, str]
    files: Mapping[str, str]
    context: str
    """The key of its district context; empty when nothing of the district could be read."""


@dataclass(slots=True)
class Stamps:
    """The stamps of one batch. What units share is read once, and every file is hashed once."""

    notebook: Path
    today: dt.date
    contexts: dict[str, DistrictContext] = field(default_factory=dict)
    context_files: dict[str, str] = field(default_factory=dict)
    """The workbooks that the contexts were made of."""
    _hashes: dict[Path, str] = field(default_factory=dict)
    _registers: dict[tuple[Path, str], tuple[pd.DataFrame, Context]] = field(default_factory=dict)

    def of(self, parameters: Parameters) -> Stamp:
        """The stamp of one municipality. Raises WerkbankError, as the analysis itself would."""
        catalogue = load_catalogue(parameters.catalogue_path)
        parks, figures = self._register(parameters)
        basis = legal_basis_of(parameters, self.today)  # what was made on one that no longer holds is not made again
        key = self._context(parameters, catalogue, parks, basis)
        own = parks[parks["municipality"] == parameters.municipality]
        shown = figures.figures[figures.figures["park_id"].isin(own["park_id"])]
        # No part at all while there are none, or for who may not see them.
        notes = recorded_notes(parameters, catalogue)
        parts = {
            "werkbank": source_of_werkbank(),
            "packages": fingerprint_of(versions()),
            "notebook": self._hash(self.notebook),
            "parameters": fingerprint_of(parameters.portable().model_dump(exclude={"method"})),
            "method": parameters.method.fingerprint,
            "catalogue": catalogue.fingerprint,
            "parks": fingerprint_of(own),
            "context_figures": fingerprint_of([shown, [str(one) for one in figures.findings]]),
            "legal_basis": fingerprint_of(basis),
            "house_style": fingerprint_of({path.name: self._hash(path) for path in _house_style(parameters)}),
            "fictional": str(parameters.marked_fictional),
            "district": self.contexts[key].fingerprint if key else "",
            **self._workbooks(parameters, catalogue),
            **({"notes": fingerprint_of(notes)} if notes else {}),
            **agreed_part(parameters),
            **decided_part(parameters),
        }
        return Stamp(parts, dict(sorted(self._files(parameters, catalogue))), key)

    def _register(self, parameters: Parameters) -> tuple[pd.DataFrame, Context]:
        key = parameters.data, parameters.round
        if key not in self._registers:
            parks = parks_of(parameters)
            self._registers[key] = parks, read_context(parameters.data / CONTEXT_FILE, parks)
        return self._registers[key]

    def _context(
        self, parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
    ) -> str:
        key = context_key(parameters, catalogue, basis)
        if key not in self.contexts:
            try:
                self.contexts[key] = context_of(parameters, catalogue, parks, basis)
            except MatrixError:
                return ""
            for theirs in paths_of(parameters, catalogue, self.contexts[key].asked).values():
                for path in chain.from_iterable(theirs.values()):
                    with suppress(OutputError):  # one that may not be read is no part of the district
                        self.context_files[file_name(path, parameters)] = self._hash(path)
        return key

    def _workbooks(self, parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
        returns = matrix_paths(parameters, catalogue)
        found = {f"{_WORKBOOK}{party}": ",".join(map(self._hash, paths)) for party, paths in returns.items() if paths}
        if len(found) < len(returns):
            # Which other files lie there is part of what is told about a missing one.
            found["strays"] = fingerprint_of(stray_files(parameters, catalogue))
        return found

    def _files(self, parameters: Parameters, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
        folder = parameters.workspace / "parameters"
        paths = [
            self.notebook,
            folder / "district.yaml",
            folder / f"{parameters.municipality}.yaml",
            *(parameters.data / name for name in SHARED_FILES),
            *chain.from_iterable(matrix_paths(parameters, catalogue).values()),
            *_house_style(parameters),
            *(sorted(parameters.catalogue_path.glob("*.yaml")) if parameters.catalogue_path else ()),
        ]
        yield from ((file_name(path, parameters), self._hash(path)) for path in paths if path.is_file())

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            try:
                self._hashes[path] = sha256_of(path)
            except FileNotFoundError:
                return ""  # what cannot do without it says so
            except OSError as error:
                raise OutputError(f"{path.name} kan niet worden gelezen ({disk_fault(error)}).") from error
        return self._hashes[path]


def unit_notebook(parameters: Parameters) -> str:
    """The notebook that is executed for each municipality for the audience of these parameters; "" for none."""
    made = set(load_catalogue(parameters.catalogue_path).audience(parameters.audience).documents)
    return "analyse" if "analysis" in made else COPY if made & {"summary", "park"} else ""


def decided_part(parameters: Parameters) -> dict[str, str]:
    """What was chosen and how far its plan is, for the pages that say so themselves; no part for an analysis."""
    if unit_notebook(parameters) != COPY:
        return {}
    parks = [one.park_id for one in recorded_selections(parameters)]
    plans = [plan.read_bytes().hex() for park in parks if (plan := plan_file(parameters.data, park)).is_file()]
    return {"decided": fingerprint_of([parks, plans, chosen_parks(parameters)])}


def agreed_part(parameters: Parameters) -> dict[str, str]:
    """What the parties agreed on, as a part of the stamp; no part at all while there is nothing."""
    agreed = recorded_agreements(parameters.data, parameters.round, parameters.municipality)
    return {"agreed": fingerprint_of(agreed)} if agreed else {}


def file_name(path: Path, parameters: Parameters) -> str:
    """How a file is named in the manifest: by its place in the workspace, never on this machine."""
    if path.is_relative_to(parameters.workspace):
        return path.relative_to(parameters.workspace).as_posix()
    return _ELSEWHERE + path.relative_to(parameters.data).as_posix()


def file_path(name: str, parameters: Parameters) -> Path:
    """Where a file that the manifest names is now."""
    if name.startswith(_ELSEWHERE):
        return parameters.data / name.removeprefix(_ELSEWHERE)
    return parameters.workspace / name


def _house_style(parameters: Parameters) -> list[Path]:
    """The files with an organisation's own look."""
    return sorted(path for path in (parameters.workspace / HOUSE_STYLE).glob("**/*") if path.is_file())


def why_anew(
    record: Record | None, stamp: Stamp, parameters: Parameters, *, failed: bool, forced: bool
) -> tuple[str, ...]:
    """The reasons to make the analysis of this stamp anew; none when what stands in its folder is it, and is whole."""
    if record is None:
        return (FAILED if failed else NEVER,)
    found = (*changed_parts(record, stamp, parameters), *damaged_outputs(record, parameters.output_folder))
    return found or ((FAILED,) if failed else ()) or ((FORCED,) if forced else ())


def changed_parts(record: Record, stamp: Stamp, parameters: Parameters) -> Iterator[str]:
    """What differs from what the analysis rests on; a change of its own workbooks tells of the district's too."""
    parts, catalogue = stamp.parts, load_catalogue(parameters.catalogue_path)
    changed = {name for name in {*record.parts, *parts} if record.parts.get(name) != parts.get(name)}
    own = sorted(name for name in changed if name.startswith(_WORKBOOK))
    for name in own:
        lasting = name in record.parts and name in parts
        told = "is veranderd" if lasting else "is er nu wel" if name in parts else "is er niet meer"
        yield f"de werkmap van de {catalogue.party(name.removeprefix(_WORKBOOK)).name} {told}"
    # With another method, catalogue or agreement the figures of the district differ of themselves.
    of_themselves = {"strays", "district"} if own else {"district"} if changed & _WAYS else set[str]()
    yield from (told for part, told in spec("stamp").items() if part in changed - of_themselves)


def damaged_outputs(record: Record, folder: Path) -> Iterator[str]:
    """Which of its files are gone, may not be read or differ from what was made; all of one kind are not named."""
    kinds: dict[str, list[str]] = {}
    for name, sha256 in record.outputs.items():
        if told := _damage(folder / name, sha256):
            kinds.setdefault(told, []).append(name)
    for told, names in kinds.items():
        what = _ALL if len(names) == len(record.outputs) > 1 else listing(names)
        yield f"{what} {'is' if len(names) == 1 else 'zijn'} {told}"


def _damage(path: Path, sha256: str) -> str:
    try:
        found = sha256_of(path) if path.is_file() else None
    except OSError:
        return "niet te lezen"
    return "er niet meer" if found is None else "" if found == sha256 else "na het maken veranderd"


def check_strictly(parameters: Parameters) -> None:
    """Refuse to begin on anything less than whole and faultless matrices. Raises MatrixError."""
    catalogue = load_catalogue(parameters.catalogue_path)
    missing = missing_names(parameters, catalogue)
    if missing:
        what = "ontbreekt een werkmap" if len(missing) == 1 else "ontbreken werkmappen"
        raise MatrixError(f"Er {what}: {listing(missing)}.")
    own_matrix(parameters, catalogue, parks_of(parameters), strict=True)


def checked_municipalities(chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """The municipalities that were chosen, or all, with what they share checked before anything starts.

    The register of parks, the catalogue and the agreed cases concern every municipality: a fault there stops the
    batch. One whose own parameters are wrong is left to its own failure. Raises WerkbankError.
    """
    municipalities = chosen_municipalities(chosen) or municipality_slugs(find_workspace())
    errors: list[ParametersError] = []
    for municipality in municipalities:
        try:
            parameters = load_parameters(municipality)
        except ParametersError as error:
            errors.append(error)
            continue
        catalogue = load_catalogue(parameters.catalogue_path)
        load_lineage(parameters.data)
        parties = dict.fromkeys(chain.from_iterable(parties_asked(parameters.workspace).values()))
        require_cases(parameters.data / CASES, catalogue, parameters.method, tuple(parties))
        return municipalities
    raise errors[0]


def returns_in(parameters: Parameters, *inputs: Mapping[str, str]) -> dict[str, str]:
    """The returns of the parameters' round among inputs by their name in a manifest."""
    folder = file_name(parameters.data / "matrices" / parameters.round, parameters)
    return {name: sha256 for one in inputs for name, sha256 in one.items() if name.startswith(f"{folder}/")}


def keep_returns(inputs: Mapping[str, str], parameters: Parameters) -> str:
    """Keep the returns among these inputs, each once; why that could not be done, if so.

    One that was replaced since it was read is not kept under the name of what it was.
    """
    try:
        for name, sha256 in returns_in(parameters, inputs).items():
            kept = raw_file(name, sha256, parameters.data)
            if kept.is_file() and sha256_of(kept) == sha256:
                continue
            with contextlib.suppress(FileNotFoundError):
                content = file_path(name, parameters).read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    whole_file(kept, content)
                    kept.chmod(0o444)
    except (OSError, OutputError) as error:
        why = disk_fault(error) if isinstance(error, OSError) else error.message
        return (
            f"De aangeleverde bestanden konden niet worden bewaard zoals ze kwamen ({why.rstrip('.')}); de analyses "
            "staan er wel. Maak ruimte, of vraag schrijfrecht op data/returns, en geef nog eens: werkbank analyse"
        )
    return ""
