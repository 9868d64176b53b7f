"""What was made can be kept and read back: equal values, equal bytes."""

import dataclasses
import datetime as dt
import json
import math

import pandas as pd
import pytest
from pydantic import BaseModel

from werkbank.files.canonical import canonical_json, from_plain, to_plain


class Model(BaseModel):
    power: float


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    codes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, eq=False)
class Whole:
    model: Model
    parts: tuple[Part, ...]
    grade: str | None
    _table: pd.DataFrame


def whole():
    table = pd.DataFrame({
        "park": ["a", "b"],
        "score": [0.1 + 0.2, float("nan")],
        "rank": pd.array([1, None], dtype="Int64"),
        "known": [True, False],
    })  # fmt: skip
    return Whole(Model(power=math.inf), (Part("x", ("V01", "G01")),), None, table)


def test_what_is_read_back_gives_the_same_bytes_and_numbers_to_the_last_bit():
    text = canonical_json(whole())
    back = from_plain(Whole, json.loads(text))
    assert canonical_json(back) == text
    assert back._table["score"][0] == 0.1 + 0.2
    assert math.isnan(back._table["score"][1])
    assert back.model.power == math.inf


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        # NaN is no JSON.
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (pd.Timestamp("2026-03-01"), "2026-03-01"),
    ],
)
def test_missing_is_null_and_dates_are_iso(value, plain):
    assert to_plain(value) == plain
    assert "NaN" not in canonical_json([value])


def test_the_order_of_a_mapping_makes_no_difference():
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})


def test_a_value_of_the_wrong_shape_is_refused():
    with pytest.raises(KeyError):
        from_plain(Part, {"name": "x"})
