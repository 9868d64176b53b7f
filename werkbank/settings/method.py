"""Method: every choice that could have been otherwise, as numbers and words, the seed included (design.md 4.1)."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticKnownError

from werkbank.wording import Listed, facts_html

__all__ = ["FamilyId", "Frozen", "Method", "ScoreId", "overlay", "sha256"]

MOST_DRAWS = 1_000_000


def _plain_number(value: Any) -> Any:
    """Refuse what passes for a number and is none; JSON, which has no infinity, writes it as a text."""
    if isinstance(value, bool) or (isinstance(value, str) and value != "Infinity"):
        raise PydanticKnownError("float_type")
    return value


Number = Annotated[float, BeforeValidator(_plain_number)]
Share = Annotated[Number, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[Number, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Number, Field(gt=0, allow_inf_nan=False)]
Border = Annotated[Number, Field(gt=0, lt=100, allow_inf_nan=False)]


def _rising(borders: tuple[float, ...]) -> tuple[float, ...]:
    if any(low >= high for low, high in pairwise(borders)):
        raise ValueError("grenzen die oplopen")
    return borders


FamilyId = Literal["threat", "opportunity", "resilience"]
"""The kinds of indicator, each with a rule to combine its judgements."""
ScoreId = Literal["threat", "opportunity", "resilience_gap"]
"""The group scores they end up in, each with a weight and an exponent."""
Borders = Annotated[tuple[Border, ...], Field(min_length=1), AfterValidator(_rising)]
Exponent = Annotated[Number, Field(ge=1)]
Rule = Literal["maximum", "mean", "weighted", "consensus"]
Drawn = Literal["maximum", "mean", "weighted"]


class Frozen(Listed, BaseModel):
    """What is read from a parameters file: unchangeable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Combination(Frozen):
    """How the parties' judgements become one, per family (method.md 2)."""

    threat: Rule = "maximum"
    opportunity: Rule = "mean"
    resilience: Rule = "mean"


class GroupWeights(Frozen):
    """The weight of each group in the total; only their proportions count."""

    threat: Weight = 0.5
    opportunity: Weight = 0.25
    resilience_gap: Weight = 0.25

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not self.threat + self.opportunity + self.resilience_gap:
            raise ValueError("minstens één groep moet een gewicht boven 0 hebben")
        return self


class Power(Frozen):
    """The exponent of the power mean within each group; `.inf` is the highest value."""

    threat: Exponent = 2
    opportunity: Exponent = 1
    resilience_gap: Exponent = 1


class WeightDraws(Frozen):
    """How far the group weights may stray: the Dirichlet concentration around the chosen ones."""

    concentration: Positive = 30


class IndicatorNoise(Frozen):
    """How far the indicator weights may stray: a factor 1 ± noise."""

    noise: Share = 0.25


class MissingDraws(Frozen):
    """How missing cells are drawn: the correlation between indicators, and its floor."""

    correlation: Literal["estimated"] | Share = "estimated"
    at_least: Share = 0.3


class Uncertainty(Frozen):
    """Which choices are drawn anew in the robustness analysis (method.md 6); null switches one off."""

    group_weights: WeightDraws | None = WeightDraws()
    indicator_weights: IndicatorNoise | None = IndicatorNoise()
    combination: Annotated[tuple[Drawn, ...], Field(min_length=1)] | None = ("maximum", "mean", "weighted")
    threat_power: Annotated[tuple[Exponent, ...], Field(min_length=1)] | None = (1, 2, math.inf)
    scale_points: StrictBool = True
    missing: MissingDraws | None = MissingDraws()
    party_error: StrictBool = True


class Method(Frozen):
    """Every choice that could have been otherwise, the seed included; immutable and hashable.

    >>> method = wb.load_parameters("urk").method
    >>> method.group_weights.threat
    0.5
    >>> method == wb.load_parameters("almere").method
    True
    """

    combination: Combination = Combination()
    best_judge_weight: Positive = 2
    group_weights: GroupWeights = GroupWeights()
    severity: Literal["multiply", "ignore"] = "multiply"
    power: Power = Power()
    minimum_coverage: Share = 0.6667
    class_borders: Borders = (20, 40, 60)
    high: Border = 40
    draws: Annotated[StrictInt, Field(ge=1, le=MOST_DRAWS)] = 10_000
    seed: Annotated[StrictInt, Field(ge=0)] = 2018
    uncertainty: Uncertainty = Uncertainty()

    @property
    def edges(self) -> tuple[float, ...]:
        """Where a score goes to another class or begins to be high; no rounding carries a score across one."""
        return tuple(sorted({*self.class_borders, self.high}))

    @property
    def fingerprint(self) -> str:
        """The sha256 of the method's canonical JSON."""
        return sha256(self.model_dump())

    def _repr_html_(self) -> str:
        return facts_html(f"Methode {self.fingerprint[:8]}", dict(_flat(self.model_dump())))


def _flat(choices: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every choice by its keys as a parameters file has them, "group_weights.threat", with its value in words."""
    for key, value in choices.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def overlay(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the keys of `change` laid over it, mapping by mapping; lists are replaced whole."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = overlay(old, value) if both else value  # type: ignore[arg-type]
    return merged


def sha256(value: Any) -> str:
    """The sha256, in hex, of plain values as canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
