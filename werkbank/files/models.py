"""Checks a YAML document against a model, and says in plain Dutch what does not fit, with the line it is on.

The error types are pydantic's own (https://docs.pydantic.dev/latest/errors/validation_errors/). A text raised by a
validator of ours is Dutch already and is passed on.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from werkbank.errors import CatalogueError, Finding, WerkbankError, fault
from werkbank.files.yaml import Document, Path, summary
from werkbank.wording import Listed, did_you_mean, listing, nearest

__all__ = ["CODE_PATTERN", "FileModel", "findings_of", "validate"]

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
"""What a code looks like: safe in a file name, a URL and a CSV."""

_PATTERNS = {
    CODE_PATTERN: "letters, cijfers, “_”, “-” en “.”, zonder spaties",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "letters, cijfers, “_” en “-”, zonder spaties, zoals 2026-1",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "kleine letters en cijfers, met streepjes ertussen, zoals noordoostpolder",
    r"^GM\d{4}$": "GM en vier cijfers, zoals GM0034",
    r"^#[0-9a-f]{6}$": "“#” en zes tekens 0 tot en met 9 of a tot en met f, zoals #154273",
    r"^[A-Za-z0-9 ,-]+$": "letters, cijfers, spaties, komma's en streepjes",
}
"""What a text must look like, in words, by the pattern of the model; a test looks for patterns without."""
_LONGEST = 40
NO_SUCH_KEY = "verwijder de sleutel"
"""What to do about a key that resembles no other."""

_TYPES = {
    "int": "een geheel getal",
    "float": "een getal",
    "decimal": "een getal",
    "finite_number": "een getal",
    "string": "tekst",
    "bool": "true of false",
    "date": "een datum (jjjj-mm-dd)",
    "datetime": "een datum (jjjj-mm-dd)",
    "tuple": "een lijst",
    "list": "een lijst",
    "set": "een lijst",
    "frozen_set": "een lijst",
    "dict": "een groep sleutels",
    "mapping": "een groep sleutels",
    "model": "een groep sleutels",
    "dataclass": "een groep sleutels",
    "none_required": "leeg",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "leeg"),
    (Mapping, "een groep sleutels"),
    (list, "een lijst"),
    (tuple, "een lijst"),
)
_LIMITS = {
    "greater_than": ("gt", "hoger dan {}"),
    "greater_than_equal": ("ge", "{} of hoger"),
    "less_than": ("lt", "lager dan {}"),
    "less_than_equal": ("le", "{} of lager"),
    "multiple_of": ("multiple_of", "een veelvoud van {}"),
    "string_too_short": ("min_length", "ten minste {} teken(s)"),
    "string_too_long": ("max_length", "ten hoogste {} tekens"),
    "too_short": ("min_length", "ten minste {} in de lijst"),
    "too_long": ("max_length", "ten hoogste {} in de lijst"),
}


class FileModel(Listed, BaseModel):
    """The base of everything read from YAML: frozen, exact types, no unknown keys.

    A model may have `MISPLACED`: keys that belong elsewhere, with what to do about each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


_Model = TypeVar("_Model", bound=BaseModel)


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
        raise error(message or summary(document.name, findings), findings)
    return instance


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
        yield fault(
            first.rule,
            _owner(document.data, path) + first.found,
            " of ".join(dict.fromkeys(complaint.allowed for complaint in complaints)),
            first.remedy if len(complaints) == 1 else "pas de waarde aan",
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


@dataclass(frozen=True, slots=True)
class Complaint:
    """One objection: a stable rule code and the Dutch words for it."""

    rule: str
    found: str
    allowed: str
    remedy: str


def complain(error: Mapping[str, Any], key: str, known: tuple[str, ...], written: str | None) -> Complaint:
    """One pydantic error in Dutch.

    `key` is the key it is about, `known` the keys allowed there, `written` the value as the file has it.
    """
    kind = str(error["type"])
    if kind == "missing":
        return Complaint("missing-key", f"“{key}” ontbreekt", f"“{key}” is verplicht", f"voeg “{key}” toe")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        hint = did_you_mean(key, known) or NO_SUCH_KEY
        return Complaint("unknown-key", f"onbekende sleutel “{_short(key)}”", ", ".join(known), hint)
    found = f"“{key}” is {describe(error.get('input'), written)}"
    return _wrong_value(kind, error, found) or _wrong_type(kind, error, found)


def describe(value: object, written: str | None = None) -> str:
    """What a value is, in Dutch, cut short: `het getal 34`, `de tekst “zwaar”`, `een lijst`."""
    if isinstance(value, str):
        return f"de tekst “{_short(value)}”" if value.strip() else "een lege tekst"
    if isinstance(value, bool):
        return f"ja/nee ({_short(written or str(value).lower())})"
    if isinstance(value, int | float):
        return f"het getal {_short(written or str(value))}"
    if isinstance(value, dt.date):
        return f"de datum {_short(written or value.isoformat())}"
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "een ander soort waarde")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _limit(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _wrong_value(kind: str, error: Mapping[str, Any], found: str) -> Complaint | None:
    context = error.get("ctx", {})
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return Complaint("wrong-value", found, words.format(_limit(context.get(name))), "pas de waarde aan")
    if kind in {"literal_error", "enum"}:
        return _choice(error, found, str(context.get("expected", "")))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        allowed = _PATTERNS.get(pattern, f"een tekst volgens het patroon {pattern}")
        return Complaint("wrong-value", found, allowed, "pas de tekst aan")
    if kind in {"value_error", "assertion_error"} or "_" not in kind:
        return Complaint("wrong-value", found, str(context.get("error") or error["msg"]), "pas de waarde aan")
    return None


def _choice(error: Mapping[str, Any], found: str, expected: str) -> Complaint:
    """A value outside a fixed list; pydantic writes that list as `'a', 'b' or 'c'`."""
    options = [option.strip("' ") for option in expected.replace(" or ", ", ").split(", ")]
    value = error.get("input")
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return Complaint("wrong-value", found, listing(options, "of"), hint or "kies een van deze waarden")


def _wrong_type(kind: str, error: Mapping[str, Any], found: str) -> Complaint:
    name = next((name for name in _TYPES if kind == name or kind.startswith(f"{name}_")), None)
    if name is None:
        return Complaint("wrong-value", found, "een andere waarde", "zie de voorbeelden in de documentatie")
    return Complaint("wrong-type", found, _TYPES[name], _type_remedy(name, error.get("input")))


def _type_remedy(name: str, value: object) -> str:
    if name == "string" and isinstance(value, bool | int | float | dt.date):
        return "zet de waarde tussen aanhalingstekens"
    if name in {"int", "float"} and isinstance(value, str):
        decimal = value.replace(",", ".", 1)
        if name == "float" and "," in value and decimal.replace(".", "", 1).strip().isdigit():
            return f"gebruik een punt: {decimal}"
        return f"schrijf {_TYPES[name]}, zonder aanhalingstekens"
    if _TYPES[name] == "een lijst":
        return "schrijf een lijst: [a, b] of elk op een eigen regel achter “- ”"
    if name == "bool":
        return "schrijf true of false, zonder aanhalingstekens"
    return f"maak er {_TYPES[name]} van"
