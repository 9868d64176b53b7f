"""Plain values in and out of frozen results, so that what was made can be kept, read back and compared byte by byte."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import math
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pandas as pd
from pydantic import BaseModel

T = TypeVar("T")


def canonical_json(value: object) -> str:
    """The value as JSON text that is the same for equal values: sorted keys, no NaN, one trailing line end."""
    return json.dumps(to_plain(value), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def fingerprint_of(value: object) -> str:
    """The sha256 (hex) of that text: equal values, equal fingerprint."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def to_plain(value: Any) -> Any:
    """Dataclasses, pydantic models, frames and dates as dicts, lists, texts and numbers; missing becomes None."""
    if isinstance(value, (str, float)):  # most values; an analysis has thousands
        return value if isinstance(value, str) else _scalar(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.key: to_plain(getattr(value, field.name)) for field in _fields(type(value))}
    if isinstance(value, BaseModel):
        return to_plain(value.model_dump())
    if isinstance(value, pd.DataFrame):
        return {str(name): to_plain(value[name]) for name in value.columns}
    if isinstance(value, pd.Series):
        return [to_plain(item) for item in value.tolist()]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        return None if math.isnan(value) else "Infinity" if math.isinf(value) else value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, (bool, int, str)) else str(value)


def from_plain(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `to_plain` made `data` of; frames come back with text columns and numbers."""
    return _restored(kind, data)  # type: ignore[no-any-return]


def _restored(kind: Any, data: Any) -> Any:
    # Most values are as they are kept; an analysis has thousands.
    return data if type(data) is kind else _restore(kind, data)


def _restore(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [option for option in get_args(kind) if option is not type(None)]
        return None if data is None else _restored(inner[0], data)
    if origin is tuple:
        return tuple(_restored(get_args(kind)[0], item) for item in data)
    if origin is Mapping:
        return {name: _restored(get_args(kind)[1], item) for name, item in data.items()}
    if kind is pd.DataFrame:
        return pd.DataFrame({name: pd.Series(values, dtype=_dtype(values)) for name, values in data.items()})
    if dataclasses.is_dataclass(kind):
        return _record(cast("type", kind), data)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(data)
    if kind is float and data is None:
        return math.nan
    return _MADE[kind](data) if kind in _MADE else data


_MADE: Mapping[Any, Callable[[Any], Any]] = {
    **{kind: kind for kind in (str, int, float, bool)},
    dt.date: dt.date.fromisoformat,
}


def _record(kind: type, data: Any) -> Any:
    # What is newer than the record, and has a default, was not there when it was made.
    kept = [field for field in _fields(kind) if field.key in data or not field.optional]
    return kind(**{field.name: _restored(field.kind, data[field.key]) for field in kept})


class _Field(NamedTuple):
    """A field, and the key under which it is kept: of a private one (a frame handed out as a copy) its public name."""

    name: str
    key: str
    kind: Any
    optional: bool


@cache
def _fields(kind: type) -> tuple[_Field, ...]:
    """The fields of a class, worked out once: a record has hundreds of values of one class."""
    hints = get_type_hints(kind)
    return tuple(
        _Field(
            field.name,
            field.name.removeprefix("_"),
            hints[field.name],
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    )


def _dtype(values: list[Any]) -> str:
    """Text, whole numbers, numbers or truth values: the narrowest that holds them all."""
    kinds = {type(value) for value in values if value is not None}
    return _DTYPES.get(kinds.pop(), "float64") if len(kinds) == 1 else "float64"


_DTYPES = {bool: "bool", str: "str", int: "Int64"}
