"""Method: every choice that could have been otherwise, as numbers and words, the seed included (design.md 4.1)."""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
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

from werkbank.files.yaml import items, read_yaml
from werkbank.wording import Listed, facts_html

MOST_DRAWS = 1_000_000
WRITTEN = 5e-5
"""How far a share may be from how it is written: two thirds is 0.6667."""
PACKAGED = Path(__file__).with_name("packaged")
"""The folder of the catalogue that comes with the package."""
BY_FAMILY = {"combination": ("id", "combination"), "group_weights": ("score", "weight"), "power": ("score", "power")}
"""The choices made per family: the field of the family that is their key, and the one that proposes a value."""


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


Borders = Annotated[tuple[Border, ...], Field(min_length=1), AfterValidator(_rising)]
Exponent = Annotated[Number, Field(ge=1)]
Rule = Literal["maximum", "mean", "weighted", "consensus"]
Drawn = Literal["maximum", "mean", "weighted"]


class Frozen(Listed, BaseModel):
    """What is read from a parameters file: unchangeable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Combination(Frozen, extra="allow"):
    """How the parties' judgements become one, per family (method.md 2)."""

    __pydantic_extra__: dict[str, Rule]


class GroupWeights(Frozen, extra="allow"):
    """The weight of each group in the total; only their proportions count."""

    __pydantic_extra__: dict[str, Weight]

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if self.__pydantic_extra__ and not any(self.__pydantic_extra__.values()):
            raise ValueError("minstens één groep moet een gewicht boven 0 hebben")
        return self


class Power(Frozen, extra="allow"):
    """The exponent of the power mean within each group; `.inf` is the highest value."""

    __pydantic_extra__: dict[str, Exponent]


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
    threat_power: Annotated[tuple[Exponent, ...], Field(min_length=1)] | None = (1.5, 2, 3)
    scale_points: StrictBool = True
    missing: MissingDraws | None = MissingDraws()
    party_error: StrictBool = True


class Method(Frozen):
    """Every choice that could have been otherwise, the seed included; immutable and hashable.

    What is not named of a choice per family is as the families of the packaged catalogue propose it, unless every
    other choice is named: then it is of the families that it names.

    >>> method = wb.load_parameters("urk").method
    >>> method.group_weights.threat
    0.9
    >>> method == wb.load_parameters("almere").method
    True
    """

    combination: Combination = Combination.model_validate({})
    best_judge_weight: Positive = 2
    group_weights: GroupWeights = GroupWeights.model_validate({})
    severity: Literal["multiply", "ignore"] = "multiply"
    power: Power = Power.model_validate({})
    minimum_coverage: Share = 0.6667
    class_borders: Borders = (12, 24, 42)
    high: Border | None = None
    """Of earlier files; what counts as high is a matter of levels now, and nothing is done with it."""
    draws: Annotated[StrictInt, Field(ge=1, le=MOST_DRAWS)] = 10_000
    seed: Annotated[StrictInt, Field(ge=0)] = 2018
    uncertainty: Uncertainty = Uncertainty()

    @model_validator(mode="before")
    @classmethod
    def _as_proposed(cls, named: Any) -> Any:
        if not isinstance(named, Mapping) or set(cls.model_fields) <= set(named):
            return named
        choices = {choice: named.get(choice, {}) for choice in BY_FAMILY}
        by_family = {choice: each for choice, each in choices.items() if isinstance(each, Mapping)}
        return {**named, **overlay({choice: proposed(None)[choice] for choice in by_family}, by_family)}

    def too_little(self, known: Any) -> Any:
        """Whether a share 0-1 of what is asked, or each of a series, is less than `minimum_coverage`: 4 of 6 is not."""
        return known < self.minimum_coverage - WRITTEN

    @property
    def fingerprint(self) -> str:
        """The sha256 of the method's canonical JSON."""
        return sha256(self.model_dump())

    def of_families(self, choices: Mapping[str, Mapping[str, Any]]) -> Self:
        """The same method for the families of a catalogue alone, as these propose it where it says nothing."""
        named = self.model_dump()
        kept = {
            choice: {key: named[choice].get(key, value) for key, value in own.items()}
            for choice, own in choices.items()
        }
        return self.model_validate({**named, **{choice: own for choice, own in kept.items() if own}})

    def _repr_html_(self) -> str:
        return facts_html(f"Methode {self.fingerprint[:8]}", dict(self.choices))

    @property
    def choices(self) -> Iterator[tuple[str, str]]:
        """Every choice by its keys in a parameters file, "group_weights.threat", and written as there."""
        return _choices("", self.model_dump())


def _choices(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _choices(f"{name}.{key}" if name else key, below)
    else:
        yield name, ", ".join(map(_written, value)) if isinstance(value, tuple) else _written(value)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return ".inf" if math.isinf(value) else f"{value:.12g}"
    return "null" if value is None else str(value)


def proposed(folder: Path | None) -> dict[str, dict[str, Any]]:
    """What the families of a catalogue, the packaged one or that in a folder, say for every choice made per family."""
    families = [entry for _, entry in items(catalogue_file("indicators.yaml", folder), "families")]
    return {
        choice: {entry[code]: entry[value] for entry in families if {code, value} <= set(entry)}
        for choice, (code, value) in BY_FAMILY.items()
    }


def catalogue_file(name: str, folder: Path | None) -> Any:
    """The plain data of one file of a catalogue; the packaged one is read once."""
    return _packaged(name) if folder is None else read_yaml(folder / name).data


@functools.cache
def _packaged(name: str) -> Any:
    return read_yaml(PACKAGED / name).data


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
