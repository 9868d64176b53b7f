"""What may be drawn otherwise, each switched on by name; a name that does not exist is an error, never ignored."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, meant, names, refuse

__all__ = ["DRAWN_RULES", "Uncertainty", "read_uncertainty"]

DRAWN_RULES = ("maximum", "mean", "weighted")


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Every choice that is drawn anew; None or False leaves it as it was chosen."""

    group_weights: float | None = None
    """The concentration of the Dirichlet around the chosen weights; threat 0.5 at 30 lies in 0.35-0.65 (5-95 %)."""
    indicator_weights: float | None = None
    """The noise: each weight times a factor between 1 - noise and 1 + noise."""
    combination: tuple[str, ...] | None = None
    """The rules to draw from, for each group on its own."""
    threat_power: tuple[float, ...] | None = None
    """The exponents to draw from for the required group."""
    scale_points: bool = False
    """The points of the levels between the lowest and the highest, always rising."""
    missing: bool = False
    """What nobody knows, by one latent factor per unit."""
    party_error: bool = False
    """What is so, one step beside what a party says, as often as the district's parties differ by one step."""

    @property
    def switched_on(self) -> tuple[str, ...]:
        """The names of what is drawn."""
        return tuple(name for name in self.__slots__ if getattr(self, name) not in (None, False))


def read_uncertainty(options: Mapping[str, Any]) -> Uncertainty:
    """The uncertainties by name, as in the method's YAML; ScoringError with every name or option that does not exist.

    `group_weights: {concentration}`, `indicator_weights: {noise}`, `combination: [rules]`, `threat_power: [exponents]`,
    `scale_points: bool`, `missing: bool or {…}`, `party_error: bool`; None or False is off.
    """
    unknown = [name for name in options if name not in _READERS]
    faults = [
        fault("unknown-uncertainty", f"“{name}”", names(_READERS), meant(name, _READERS, "kies een van deze"))
        for name in unknown
    ]
    found: dict[str, Any] = {}
    for name, value in options.items():
        if name in _READERS and value is not None and value is not False:
            found[name], wrong = _READERS[name](name, value)
            faults += wrong
    refuse("Deze onzekerheid bestaat niet.", faults)
    return Uncertainty(**found)


_Read = tuple[Any, list[Finding]]


def _number(option: str, lowest: float, highest: float) -> Callable[[str, Any], _Read]:
    def read(name: str, value: Any) -> _Read:
        known = isinstance(value, Mapping) and set(value) == {option}
        number = value[option] if known else math.nan
        if isinstance(number, Real) and not isinstance(number, bool) and lowest < float(number) <= highest:
            return float(number), []
        allowed = f"{{{option}: een getal boven {lowest:g}}}"
        return None, [fault("bad-option", f"{name}: {value}", allowed, "verbeter de optie")]

    return read


def _flag(name: str, value: Any) -> _Read:
    if value is True:
        return True, []
    return False, [fault("bad-option", f"{name}: {value}", "True of False", "verbeter de optie")]


def _missing(name: str, value: Any) -> _Read:
    # How strong the factor is belongs to the district's figures; here it only matters whether it is drawn.
    return (True, []) if isinstance(value, Mapping) and set(value) <= _MISSING_OPTIONS else _flag(name, value)


def _rules(name: str, value: Any) -> _Read:
    wrong = [rule for rule in value if rule not in DRAWN_RULES] if _listed(value) else [value]
    if not wrong:
        return tuple(value), []
    remedy = meant(str(wrong[0]), DRAWN_RULES, "kies uit deze")
    return None, [fault("bad-option", f"{name}: {names(map(str, wrong))}", names(DRAWN_RULES), remedy)]


def _powers(name: str, value: Any) -> _Read:
    good = _listed(value) and all(
        isinstance(power, Real) and not isinstance(power, bool) and float(power) >= 1 for power in value
    )
    if good:
        return tuple(float(power) for power in value), []
    return None, [fault("bad-option", f"{name}: {value}", "exponenten van 1 of hoger", "verbeter de optie")]


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0


_MISSING_OPTIONS = {"correlation", "at_least"}
_READERS: Mapping[str, Callable[[str, Any], _Read]] = {
    "group_weights": _number("concentration", 0, math.inf),
    "indicator_weights": _number("noise", 0, 1),
    "combination": _rules,
    "threat_power": _powers,
    "scale_points": _flag,
    "missing": _missing,
    "party_error": _flag,
}
