"""Reads a catalogue from a folder of YAML files and names everything wrong in all of them at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from werkbank.catalogue.models import (
    Audiences,
    Catalogue,
    Earlier,
    Indicators,
    Interventions,
    Partners,
    Phenomena,
    Scales,
)
from werkbank.catalogue.references import find_faults
from werkbank.catalogue.yaml_loader import Document, findings_of, read_yaml
from werkbank.errors import CatalogueError, Finding
from werkbank.wording import count, did_you_mean, nearest

__all__ = ["FILES", "PACKAGED", "load_catalogue"]

FILES: Mapping[str, type[BaseModel]] = {
    "indicators.yaml": Indicators,
    "scales.yaml": Scales,
    "phenomena.yaml": Phenomena,
    "interventions.yaml": Interventions,
    "partners.yaml": Partners,
    "audiences.yaml": Audiences,
}
"""The files of a catalogue, each with the model it must fit."""

MAPPING_FILE = "mapping.yaml"
"""The one file that may be left out: what became of the indicators of earlier versions."""

MODELS: Mapping[str, type[BaseModel]] = {**FILES, MAPPING_FILE: Earlier}

PACKAGED = Path(__file__).parent
"""The folder of the catalogue that comes with the package."""


def load_catalogue(path: str | Path | None = None) -> Catalogue:
    """The packaged catalogue, or the one in the folder `path`, which then replaces it whole.

    Raises `CatalogueError` with every fault in all files, each with its file and line.

    >>> print(wb.load_catalogue())
    Catalogus 0.1: 35 indicatoren, 16 fenomenen, 30 interventies, 4 partijen, 7 doelgroepen
    """
    return _packaged() if path is None else _load(Path(path))


@functools.cache
def _packaged() -> Catalogue:
    return _load(PACKAGED)


def _load(folder: Path) -> Catalogue:
    documents = {name: read_yaml(folder / name) for name in MODELS if name in FILES or _is_meant(folder, name)}
    findings = [finding for name in documents for finding in _faults_in(folder, documents[name], MODELS[name])]
    findings += _contradictions(documents)
    if findings:
        order = list(MODELS)
        findings.sort(key=lambda finding: (order.index(finding.file or order[0]), finding.line or 0))
        message = f"De catalogus in “{folder.name}” klopt niet: {count(len(findings), 'fout', 'fouten')}."
        raise CatalogueError(message, tuple(findings))
    return Catalogue.model_validate(_merged(documents), strict=False)


def _is_meant(folder: Path, name: str) -> bool:
    """Whether a file is there, or one whose name is nearly that, which would otherwise be passed over in silence."""
    others = [file.name for file in folder.glob("*.yaml") if file.name not in FILES]
    return nearest(name, others) is not None


def _faults_in(folder: Path, document: Document, model: type[BaseModel]) -> tuple[Finding, ...]:
    """A file's own findings; for a missing file with the name of one that looks like it."""
    findings = findings_of(model, document)
    if [finding.rule for finding in findings] != ["file-missing"]:
        return findings
    others = sorted(file.name for file in folder.glob("*") if file.name not in MODELS)
    hint = did_you_mean(document.name, others)
    return (replace(findings[0], remedy=hint or findings[0].remedy, line=None),)


def _merged(documents: Mapping[str, Document]) -> dict[str, Any]:
    """The keys of all files together; what isn't a group of keys has none."""
    return {key: value for document in documents.values() for key, value in _groups(document).items()}


def _groups(document: Document) -> dict[str, Any]:
    known = MODELS[document.name].model_fields
    data = document.data if isinstance(document.data, dict) else {}
    return {key: value for key, value in data.items() if key in known}


def _contradictions(documents: Mapping[str, Document]) -> list[Finding]:
    home = {key: document for document in documents.values() for key in _groups(document)}
    faults = find_faults(_merged(documents))
    return [
        fault.finding(home[str(fault.path[0])].name, home[str(fault.path[0])].line_of(fault.path)) for fault in faults
    ]
