"""What an analysis rests on, as hashes: equal stamps, equal analyses. Nothing is computed to know it.

A part that differs is a reason to analyse again, and tells which.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pandas as pd

from werkbank.assessment.district import DistrictContext, context_key, context_of
from werkbank.assessment.inputs import CONTEXT_FILE, matrix_paths, stray_files
from werkbank.errors import MatrixError, OutputError
from werkbank.files.canonical import canonical_json
from werkbank.parks.context import Context, read_context
from werkbank.parks.register import load_parks
from werkbank.register import LegalBasis, require_legal_basis
from werkbank.register.notes import recorded_notes
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import FICTIONAL_MARK, Parameters
from werkbank.settings.theme import HOUSE_STYLE
from werkbank.wording import disk_fault

__all__ = ["Stamp", "Stamps", "file_name", "file_path", "sha256_of", "versions"]

SHARED_FILES = (
    "parks.csv",
    "parks.geojson",
    "municipalities.geojson",
    "municipalities.csv",
    CONTEXT_FILE,
    "legal_bases.yaml",
    "reference_cases.yaml",
    FICTIONAL_MARK,
)
"""What lies beside the matrices, and is an input where it is there."""
_DISTRIBUTION = "werkbank-bedrijventerreinen"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
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
    _registers: dict[Path, tuple[pd.DataFrame, Context]] = field(default_factory=dict)

    def of(self, parameters: Parameters) -> Stamp:
        """The stamp of one municipality. Raises WerkbankError, as the analysis itself would."""
        catalogue = load_catalogue(parameters.catalogue_path)
        parks, figures = self._register(parameters.data)
        basis = _basis(parameters, self.today)
        key = self._context(parameters, catalogue, parks, basis)
        own = parks[parks["municipality"] == parameters.municipality]
        shown = figures.figures[figures.figures["park_id"].isin(own["park_id"])]
        parts = {
            "werkbank": source_of_werkbank(),
            "packages": _text_hash(versions()),
            "notebook": self._hash(self.notebook),
            "parameters": _text_hash(parameters.model_dump(exclude={"workspace", "data", "output", "method"})),
            "method": parameters.method.fingerprint,
            "catalogue": catalogue.fingerprint,
            "parks": _text_hash(own),
            "context_figures": _text_hash([shown, [str(one) for one in figures.findings]]),
            "legal_basis": _text_hash(basis),
            "house_style": _text_hash({path.name: self._hash(path) for path in _house_style(parameters)}),
            "fictional": str(parameters.marked_fictional),
            "district": self.contexts[key].fingerprint if key else "",
            **self._workbooks(parameters, catalogue),
            **_notes(parameters, catalogue),
        }
        return Stamp(parts, dict(sorted(self._files(parameters, catalogue))), key)

    def _register(self, data: Path) -> tuple[pd.DataFrame, Context]:
        if data not in self._registers:
            parks = load_parks(data / "parks.csv")
            self._registers[data] = parks, read_context(data / CONTEXT_FILE, parks)
        return self._registers[data]

    def _context(
        self, parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
    ) -> str:
        key = context_key(parameters, catalogue, basis)
        if key not in self.contexts:
            try:
                self.contexts[key] = context_of(parameters, catalogue, parks, basis)
            except MatrixError:
                return ""
            for slug in self.contexts[key].delivered:
                paths = matrix_paths(parameters, catalogue, slug).values()
                self.context_files |= {
                    file_name(path, parameters): self._hash(path) for path in paths if _legible(path)
                }
        return key

    def _workbooks(self, parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
        paths = matrix_paths(parameters, catalogue)
        found = {f"workbook:{party}": self._hash(path) for party, path in paths.items() if path.is_file()}
        if len(found) < len(paths):
            # Which other files lie there is part of what is told about a missing one.
            found["strays"] = _text_hash(stray_files(parameters, catalogue))
        return found

    def _files(self, parameters: Parameters, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
        folder = parameters.workspace / "parameters"
        paths = [
            self.notebook,
            folder / "district.yaml",
            folder / f"{parameters.municipality}.yaml",
            *(parameters.data / name for name in SHARED_FILES),
            *matrix_paths(parameters, catalogue).values(),
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


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    return _text_hash({path.relative_to(root).as_posix(): sha256_of(path) for path in files})


def _legible(path: Path) -> bool:
    """Whether a workbook is there and may be read; one that may not be is no part of the district, as one not there."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _house_style(parameters: Parameters) -> list[Path]:
    """The files with an organisation's own look."""
    return sorted(path for path in (parameters.workspace / HOUSE_STYLE).glob("**/*") if path.is_file())


def _basis(parameters: Parameters, today: dt.date) -> LegalBasis | None:
    """The legal basis that holds today; what was made on one that no longer holds is not made again."""
    if len(parameters.parties) == 1:
        return None
    path = parameters.data / "legal_bases.yaml"
    return require_legal_basis(path, parameters.legal_basis, parameters.municipality, parameters.round, today)


def _notes(parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
    """What analysts wrote down that holds; no part at all while there is nothing, or for who may not see it."""
    found = recorded_notes(parameters, catalogue)
    return {"notes": _text_hash(found)} if found else {}


def _text_hash(value: object) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
