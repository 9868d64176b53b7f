"""Reads a YAML file into a document that knows its lines, and checks it against a model.

`read_yaml` never fails on what a person wrote: faults are findings of the document. `findings_of` adds
what the model objects to, so that a caller can gather the findings of several files; `validate` gives the
model's instance or raises with all of them.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from werkbank.catalogue.complaints import NO_SUCH_KEY, Complaint, complain
from werkbank.catalogue.yaml_nodes import NodeFault, Path, Tree, read_tree
from werkbank.errors import CatalogueError, Finding, WerkbankError
from werkbank.exploring import Listed
from werkbank.wording import count, nearest

__all__ = ["Document", "FileModel", "Path", "findings_of", "read_yaml", "validate"]

_LARGEST = 5_000_000


class FileModel(Listed, BaseModel):
    """The base of everything read from YAML: frozen, exact types, no unknown keys.

    A model may have `MISPLACED`: keys that belong elsewhere, with what to do about each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """Plain data with its name and lines: a YAML file as read, or values from elsewhere without lines."""

    name: str
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    """The line of every key and list element."""
    written: Mapping[Path, str] = field(default_factory=dict, repr=False)
    """Every single value as it was written: `0034`, where the data has 28."""
    findings: tuple[Finding, ...] = ()
    """What was wrong with it as YAML."""
    complete: bool = True
    """False if it could not be read to the end: there is nothing more to check then."""

    def line_of(self, path: Path) -> int:
        """The line of a key or list element; of the nearest part around it if it isn't there itself."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_yaml(path: FilePath | str, *, error: type[WerkbankError] | None = None) -> Document:
    """Reads one file; a missing file, wrong encoding, syntax error or duplicate key is a finding of it.

    With `error` those findings are raised at once, instead of waiting in the document for `findings_of`.
    """
    path = FilePath(path)
    try:
        tree = read_tree(_decode(path))
    except _UnreadableError as problem:
        tree = Tree({}, {}, (problem.fault,), complete=False)
    findings = tuple(_finding(path.name, fault) for fault in tree.faults)
    if error is not None and findings:
        raise error(_summary(path.name, findings), findings)
    lines = {place: mark.line for place, mark in tree.marks.items()}
    written = {place: mark.text for place, mark in tree.marks.items() if mark.text is not None}
    return Document(path.name, tree.data, lines, written, findings, tree.complete)


def findings_of(model: type[BaseModel], document: Document) -> tuple[Finding, ...]:
    """Everything wrong with a document, as YAML and as this model, in the order of its lines."""
    return _examine(model, document)[1]


def validate(
    model: type[_Model],
    document: Document,
    *,
    error: type[WerkbankError] = CatalogueError,
    message: str | None = None,
) -> _Model:
    """The document as an instance of the model; raises `error` with all findings if there are any."""
    instance, findings = _examine(model, document)
    if instance is None or findings:
        raise error(message or _summary(document.name, findings), findings)
    return instance


def _summary(name: str, findings: tuple[Finding, ...]) -> str:
    return f"{name}: {count(len(findings), 'fout', 'fouten')}."


def _examine(model: type[_Model], document: Document) -> tuple[_Model | None, tuple[Finding, ...]]:
    if not document.complete:
        return None, document.findings
    instance, complaints = None, []
    try:
        instance = model.model_validate(_tuples({} if document.data is None else document.data))
    except ValidationError as problem:
        complaints = list(_complaints(model, document, problem))
    findings = sorted([*document.findings, *complaints], key=lambda finding: finding.line or 0)
    return instance, tuple(findings)


def _tuples(value: Any) -> Any:
    """Lists as tuples, all the way down: strict models take no list for a tuple."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _complaints(model: type[BaseModel], document: Document, problem: ValidationError) -> Iterator[Finding]:
    """One finding per place: the branches of a union complain together."""
    places: dict[Path, list[Complaint]] = {}
    for error in problem.errors(include_url=False):
        path = _path(document.data, error["loc"], absent=error["type"] == "missing")
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), document.name)
        models = _models_at(model, path[:-1])
        complaint = complain(error, key, _known_keys(models), document.written.get(path))
        places.setdefault(path, []).append(_in_place(complaint, key, models))
    for path, complaints in places.items():
        first = complaints[0]
        yield Finding(
            rule=first.rule,
            severity="error",
            found=_owner(document.data, path) + first.found,
            allowed=" of ".join(dict.fromkeys(complaint.allowed for complaint in complaints)),
            remedy=first.remedy if len(complaints) == 1 else "pas de waarde aan",
            file=document.name,
            line=document.line_of(path) if document.lines else None,
        )


def _path(data: Any, loc: Path, *, absent: bool) -> Path:
    """The part of pydantic's location that exists in the data: it adds names of union branches."""
    path = loc[: len(_along(data, loc))]
    return (*path, loc[-1]) if absent else path


def _owner(data: Any, path: Path) -> str:
    """The code of the innermost entry the path lies in, as a heading for what was found there."""
    entries = [value for part, value in zip(path, _along(data, path), strict=False) if isinstance(part, int)]
    found = [entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return f"{found[-1]}: " if found else ""


def _along(data: Any, path: Path) -> list[Any]:
    """The values met along a path, as far as it goes."""
    values: list[Any] = []
    for part in path:
        in_group = isinstance(data, dict) and part in data
        in_list = isinstance(data, list | tuple) and isinstance(part, int)
        if not in_group and not in_list:
            break
        data = data[part]
        values.append(data)
    return values


def _models_at(model: type[BaseModel], path: Path) -> list[type[BaseModel]]:
    """The models that may stand at a place in the data."""
    annotations: list[Any] = [model]
    for part in path:
        annotations = [inner for annotation in annotations for inner in _inside(annotation, part)]
    return [candidate for annotation in annotations for candidate in _models(annotation)]


def _known_keys(models: Iterable[type[BaseModel]]) -> tuple[str, ...]:
    """The keys that any of the models allows."""
    return tuple(dict.fromkeys(name for candidate in models for name in _names(candidate)))


def _in_place(complaint: Complaint, key: str, models: Iterable[type[BaseModel]]) -> Complaint:
    """For an unknown key that belongs elsewhere, or that is nearly such a key: where."""
    where: dict[str, str] = {}
    for each in models:
        where |= getattr(each, "MISPLACED", {})
    if complaint.rule != "unknown-key":
        return complaint
    if key in where:
        return dataclasses.replace(complaint, remedy=where[key])
    near = nearest(key, where) if complaint.remedy == NO_SUCH_KEY else None
    return dataclasses.replace(complaint, remedy=f"bedoelt u “{near}”? {where[near]}") if near else complaint


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """The annotations of what lies at one key or position within an annotation."""
    for candidate in _models(annotation):
        if part in candidate.model_fields:
            yield candidate.model_fields[str(part)].annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from _inside(arguments[0], part)
    elif origin in {typing.Union, types.UnionType}:
        for argument in arguments:
            yield from _inside(argument, part)
    elif origin in {tuple, list}:
        yield arguments[0]
    elif origin is dict:
        yield arguments[1]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in {typing.Annotated, typing.Union, types.UnionType}:
        for argument in typing.get_args(annotation):
            yield from _models(argument)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield info.alias or name


class _UnreadableError(Exception):
    """A file that gives no text, with the reason as a fault."""

    def __init__(self, rule: str, found: str, allowed: str, remedy: str, line: int = 1) -> None:
        super().__init__(rule)
        self.fault = NodeFault(rule, line, found, allowed, remedy)


def _decode(path: FilePath) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as problem:
        words = "het bestand is er niet", "een YAML-bestand met deze naam", "zet het bestand in deze map"
        raise _UnreadableError("file-missing", *words) from problem
    except OSError as problem:
        words = (
            "het bestand is niet te lezen",
            "een leesbaar bestand",
            "sluit het elders en controleer de rechten",
        )
        raise _UnreadableError("file-unreadable", *words) from problem
    if len(content) > _LARGEST:
        words = "het bestand is te groot", "ten hoogste 5 MB", "maak het bestand kleiner"
        raise _UnreadableError("file-too-large", *words)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        words = "een teken dat geen UTF-8 is", "UTF-8", "sla het bestand op als UTF-8"
        line = content[: problem.start].count(b"\n") + 1
        raise _UnreadableError("file-encoding", *words, line) from problem


def _finding(name: str, fault: NodeFault) -> Finding:
    return Finding(**dataclasses.asdict(fault), severity="error", file=name)
