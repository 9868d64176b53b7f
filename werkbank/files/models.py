"""Checks a YAML document against a model, and says in plain Dutch what does not fit, with the line it is on.

The error types are pydantic's own (https://docs.pydantic.dev/latest/errors/validation_errors/). A text raised by a
validator of ours is Dutch already and is passed on.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import PydanticKnownError

from werkbank.errors import CatalogueError, Finding, WerkbankError, fault
from werkbank.files.yaml import Document, Path, packaged
from werkbank.wording import Listed, count, did_you_mean, listing, nearest, read_date

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
"""What a code looks like: safe in a file name, a URL and a CSV."""

_WORDS = packaged(__file__, "faults.yaml")
_TYPES, _LIMITS = _WORDS["types"], _WORDS["limits"]
_LONGEST = 40
_NO_SUCH_KEY = "verwijder de sleutel"
"""What to do about a key that resembles no other."""
_LIST, _GROUP = _TYPES["list"], _TYPES["dict"]
_KINDS = ((type(None), "leeg"), (Mapping, _GROUP), ((list, tuple), _LIST))


def _written_day(value: Any) -> Any:
    """A day in words as a day; a number is refused, for it would pass for seconds since 1970."""
    if isinstance(value, (int, float)):
        raise PydanticKnownError("date_type")
    return (read_date(value) or value) if isinstance(value, str) else value


Day = Annotated[dt.date, BeforeValidator(_written_day), WithJsonSchema({"type": "string"})]
"""A day as people type it in YAML: 2026-03-31, 31-3-2026 or 31 maart 2026."""


class FileModel(Listed, BaseModel):
    """The base of everything read from YAML: frozen, exact types, no unknown keys.

    A model may have `MISPLACED`: keys that belong elsewhere, with what to do about each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


_Model = TypeVar("_Model", bound=BaseModel)


def findings_of(model: type[BaseModel], document: Document) -> tuple[Finding, ...]:
    """Everything wrong with a document, as YAML and as this model, in the order of its lines."""
    return _examine(model, document)[1]


def validate(model: type[_Model], document: Document, *, error: type[WerkbankError] = CatalogueError) -> _Model:
    """The document as an instance of the model; raises `error` with all findings if there are any."""
    instance, findings = _examine(model, document)
    if instance is None or findings:
        raise error(f"{document.name}: {count(len(findings), 'fout', 'fouten')}.", findings)
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
    places: dict[Path, list[Finding]] = {}
    errors = problem.errors(include_url=False)
    # A list of faulty entries counts as too short as well: pydantic counts the sound ones.
    inner = {error["loc"][:length] for error in errors for length in range(len(error["loc"]))}
    for error in errors:
        if error["type"] == "too_short" and error["loc"] in inner:
            continue
        path = _path(document.data, error["loc"], absent=error["type"] == "missing")
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), document.name)
        models = tuple(models_at(model, path[:-1]))
        places.setdefault(path, []).append(_complaint(error, key, models, document.written.get(path)))
    for path, complaints in places.items():
        first = complaints[0]
        yield replace(
            first,
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


def models_at(annotation: Any, path: Path) -> Iterator[type[BaseModel]]:
    """The models that may stand at a place in the data that an annotation is of."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        for argument in arguments:
            yield from models_at(argument, path)
    elif origin is typing.Annotated:
        yield from models_at(arguments[0], path)
    elif path and origin in {tuple, list, dict}:
        yield from models_at(arguments[origin is dict], path[1:])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            yield annotation
        elif path[0] in annotation.model_fields:
            yield from models_at(annotation.model_fields[str(path[0])].annotation, path[1:])


def _complaint(error: Mapping[str, Any], key: str, models: Sequence[type[BaseModel]], written: str | None) -> Finding:
    """One pydantic error in Dutch: about which key, among those of which models, and as what it was written."""
    kind = str(error["type"])
    if kind == "missing":
        return fault("missing-key", f"“{key}” ontbreekt", f"“{key}” is verplicht", f"voeg “{key}” toe")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(key, models)
    found = f"“{key}” is {describe(error.get('input'), written)}"
    return _wrong_value(kind, error, found) or _wrong_type(kind, error, found)


def _unknown_key(key: str, models: Sequence[type[BaseModel]]) -> Finding:
    """A key that belongs elsewhere, or that is nearly such a key, is told where it belongs."""
    known = tuple(dict.fromkeys(name for model in models for name in model.model_fields))
    elsewhere: dict[str, str] = {}
    for model in models:
        elsewhere |= getattr(model, "MISPLACED", {})
    remedy = elsewhere.get(key) or did_you_mean(key, known)
    if not remedy and (near := nearest(key, elsewhere)):
        remedy = f"bedoelt u “{near}”? {elsewhere[near]}"
    return fault("unknown-key", f"onbekende sleutel “{_short(key)}”", ", ".join(known), remedy or _NO_SUCH_KEY)


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


def _wrong_value(kind: str, error: Mapping[str, Any], found: str) -> Finding | None:
    context = error.get("ctx", {})
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit = context.get(name)
        told = f"{limit:g}" if isinstance(limit, float) else str(limit)
        return fault("wrong-value", found, words.format(told), "pas de waarde aan")
    if kind in {"literal_error", "enum"}:
        return _choice(error, found, str(context.get("expected", "")))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        allowed = _WORDS["patterns"].get(pattern, f"een tekst volgens het patroon {pattern}")
        return fault("wrong-value", found, allowed, "pas de tekst aan")
    if kind in {"value_error", "assertion_error"} or "_" not in kind:
        return fault("wrong-value", found, str(context.get("error") or error["msg"]), "pas de waarde aan")
    return None


def _choice(error: Mapping[str, Any], found: str, expected: str) -> Finding:
    """A value outside a fixed list; pydantic writes that list as `'a', 'b' or 'c'`."""
    options = [option.strip("' ") for option in expected.replace(" or ", ", ").split(", ")]
    value = error.get("input")
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return fault("wrong-value", found, listing(options, "of"), hint or "kies een van deze waarden")


def _wrong_type(kind: str, error: Mapping[str, Any], found: str) -> Finding:
    name = next((name for name in _TYPES if kind == name or kind.startswith(f"{name}_")), None)
    if name is None:
        return fault("wrong-value", found, "een andere waarde", "zie de voorbeelden in de documentatie")
    return fault("wrong-type", found, _TYPES[name], _type_remedy(name, error.get("input")))


def _type_remedy(name: str, value: object) -> str:
    if name == "string" and isinstance(value, bool | int | float | dt.date):
        return "zet de waarde tussen aanhalingstekens"
    if name in {"int", "float"} and isinstance(value, str):
        decimal = value.replace(",", ".", 1)
        if name == "float" and "," in value and decimal.replace(".", "", 1).strip().isdigit():
            return f"gebruik een punt: {decimal}"
        return f"schrijf {_TYPES[name]}, zonder aanhalingstekens"
    if _TYPES[name] == _LIST:
        return "schrijf een lijst: [a, b] of elk op een eigen regel achter “- ”"
    if name == "bool":
        return "schrijf true of false, zonder aanhalingstekens"
    return f"maak er {_TYPES[name]} van"
