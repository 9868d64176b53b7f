"""Plain values in and out of frozen results, so that what was made can be kept, read back and compared byte by byte."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pandas as pd
from pydantic import BaseModel

T = TypeVar("T")


def canonical_json(value: object) -> str:
    """The value as JSON text that is the same for equal values: sorted keys, no NaN, one trailing line end."""
    return json.dumps(to_plain(value), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_plain(value: Any) -> Any:
    """Dataclasses, pydantic models, frames and dates as dicts, lists, texts and numbers; missing becomes None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {_key(field): to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
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
        return _number(value)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, (bool, int, str)) else str(value)


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "Infinity" if math.isinf(value) else value


def from_plain(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `to_plain` made `data` of; frames come back with text columns and numbers."""
    return _restore(kind, data)  # type: ignore[no-any-return]


def _restore(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [option for option in get_args(kind) if option is not type(None)]
        return None if data is None else _restore(inner[0], data)
    if origin is tuple:
        return tuple(_restore(get_args(kind)[0], item) for item in data)
    if origin is Mapping:
        return {name: _restore(get_args(kind)[1], item) for name, item in data.items()}
    if kind is pd.DataFrame:
        return pd.DataFrame({name: pd.Series(values, dtype=_dtype(values)) for name, values in data.items()})
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        # What is newer than the record, and has a default, was not there when it was made.
        kept = [field for field in dataclasses.fields(kind) if _key(field) in data or not _has_default(field)]
        fields = {field.name: _restore(hints[field.name], data[_key(field)]) for field in kept}
        return kind(**fields)  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(data)
    if kind is float and data is None:
        return math.nan
    return kind(data) if kind in (str, int, float, bool) else data


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a class's fields, worked out once: a record has hundreds of values of one class."""
    return get_type_hints(kind)


def _key(field: dataclasses.Field[Any]) -> str:
    """A private field (a frame that is handed out as a copy) is kept under its public name."""
    return field.name.removeprefix("_")


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _dtype(values: list[Any]) -> str:
    """Text, whole numbers, numbers or truth values: the narrowest that holds them all."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "bool"
    if kinds == {str}:
        return "str"
    if kinds == {int}:
        return "Int64"
    return "float64"
