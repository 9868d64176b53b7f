"""Checks that the numbers in a catalogue fit: scales, points, states, severities, triggers, durations."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from werkbank.catalogue.faults import Fault, Plain, codes, items, texts, twice, unknown
from werkbank.catalogue.yaml_nodes import Path

__all__ = ["BOUND_CHECKS"]

_PARK_SOURCES = ("threat_sum", "severe_threat", "coverage")
_STATES = ("unknown", "not_applicable", "open")


def _severities(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "indicators"):
        code, given = entry.get("id"), entry.get("severity") is not None
        if entry.get("family") == "threat" and not given:
            yield Fault(
                path, "severity-missing", f"“{code}” is een verschijningsvorm zonder ernst (“severity”)",
                "1, 2 of 3", "voeg “severity” toe",
            )  # fmt: skip
        elif given and entry.get("family") in {"opportunity", "resilience"}:
            yield Fault(
                (*path, "severity"), "severity-not-allowed", f"“{code}” heeft een ernst (“severity”)",
                "ernst hoort alleen bij een verschijningsvorm (familie “threat”)", "verwijder “severity”",
            )  # fmt: skip


def _scales(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "scales"):
        levels = [level for _, level in items(entry, "levels")]
        for position, level in enumerate(levels):
            if isinstance(level.get("value"), int) and level["value"] != position:
                yield Fault(
                    (*path, "levels", position, "value"), "levels-not-consecutive",
                    f"niveau {level['value']} staat op plaats {position} van de schaal",
                    f"{position}: niveaus lopen op vanaf 0, zonder gaten", "nummer de niveaus opnieuw",
                )  # fmt: skip
        for place, level in items(entry, "levels"):
            if level.get("code") in [other.get("code") for other in levels[: int(place[-1])]]:
                yield twice((*path, *place, "code"), f"de code “{level.get('code')}” komt twee keer voor")
        yield from _points(path, entry, len(levels))
        yield from _level_synonyms(path, entry)


def _level_synonyms(path: Path, scale: Plain) -> Iterator[Fault]:
    """A word of one level that is a name of another: it would decide nothing, or the wrong thing."""
    taken = {
        str(level.get(key)).strip().casefold(): level.get("value")
        for _, level in items(scale, "levels")
        for key in ("value", "code", "name")
    }
    for place, level in items(scale, "levels"):
        for spot, text in texts((*path, *place), level, "synonyms"):
            word = text.strip().casefold()
            if taken.setdefault(word, level.get("value")) != level.get("value"):
                yield Fault(
                    spot, "synonym-taken", f"“{text}” betekent al niveau {taken[word]}",
                    "elk woord heeft binnen een schaal één betekenis", "verwijder het woord op een van de plaatsen",
                )  # fmt: skip


def _points(path: Path, scale: Plain, size: int) -> Iterator[Fault]:
    points = scale.get("points")
    if not isinstance(points, list | tuple) or not all(isinstance(point, int | float) for point in points):
        return
    if len(points) != size:
        yield Fault(
            (*path, "points"), "points-count", f"{len(points)} punten bij {size} niveaus",
            "één getal per niveau", "vul de punten aan of verwijder er",
        )  # fmt: skip
    for position, (lower, higher) in enumerate(itertools.pairwise(points), start=1):
        if higher < lower:
            yield Fault(
                (*path, "points", position), "points-not-monotone",
                    f"de punten dalen van {lower} naar {higher}",
                "punten blijven gelijk of lopen op", "zet de punten op volgorde",
            )  # fmt: skip


def _states(data: Plain) -> Iterator[Fault]:
    if not isinstance(data.get("states"), list | tuple):
        return
    for code in _STATES:
        if code not in codes(data, "states", "code"):
            yield Fault(
                ("states",), "state-missing", f"de bijzondere waarde “{code}” ontbreekt",
                ", ".join(_STATES), f"voeg “{code}” toe",
            )  # fmt: skip
    taken = {text.casefold(): "een niveau" for text in _level_words(data)}
    for path, entry in items(data, "states"):
        for place, text in texts(path, entry, "synonyms"):
            word = text.strip().casefold()
            if word in taken:
                yield Fault(
                    place, "synonym-taken", f"“{text}” betekent al {taken[word]}",
                    "elk woord heeft één betekenis", "verwijder het woord op een van de plaatsen",
                )  # fmt: skip
            taken.setdefault(word, f"“{entry.get('code')}”")


def _level_words(data: Plain) -> Iterator[str]:
    for _, scale in items(data, "scales"):
        for _, level in items(scale, "levels"):
            yield from (str(level.get(key)) for key in ("value", "code", "name"))
            yield from (text for _, text in texts((), level, "synonyms"))


def _triggers(data: Plain) -> Iterator[Fault]:
    if "indicators" not in data:
        return
    known = [*codes(data, "indicators"), *_PARK_SOURCES]
    for path, entry in items(data, "interventions"):
        for place, trigger in items(entry, "triggers"):
            yield from _trigger((*path, *place), trigger, known, _highest(data, trigger.get("source")))


def _trigger(path: Path, trigger: Plain, known: list[str], highest: int | None) -> Iterator[Fault]:
    source, operator, value = (trigger.get(key) for key in ("source", "operator", "value"))
    if isinstance(source, str) and source not in known:
        yield unknown((*path, "source"), "bron", source, known)
    if (operator == "is") != (value == "unknown") or (operator == "is" and source in _PARK_SOURCES):
        yield Fault(
            (*path, "operator"), "trigger-operator", f"“{source} {operator} {value}” kan niet",
            "“is” hoort bij “unknown” en bij een indicator; de andere tekens horen bij een getal",
            "pas het teken of de waarde aan",
        )  # fmt: skip
    elif isinstance(value, int) and (value < 0 or (highest is not None and value > highest)):
        yield Fault(
            (*path, "value"), "trigger-value", f"“{source}” kan niet {value} zijn",
            f"0 tot en met {highest}" if highest is not None else "0 of hoger",
            "kies een waarde die voorkomt",
        )  # fmt: skip


def _highest(data: Plain, source: object) -> int | None:
    """The highest value a trigger on this source can ask for, None if there is no such bound."""
    if source in {"coverage", "threat_sum"}:
        return 100 if source == "coverage" else None
    scales = {scale.get("id"): len(tuple(items(scale, "levels"))) - 1 for _, scale in items(data, "scales")}
    if source == "severe_threat":
        used = {entry.get("scale") for _, entry in items(data, "indicators") if entry.get("family") == "threat"}
    else:
        used = {entry.get("scale") for _, entry in items(data, "indicators") if entry.get("id") == source}
    return max((scales[scale] for scale in used if scale in scales), default=None)


def _durations(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        weeks = entry.get("weeks")
        low, high = (weeks.get("min_weeks"), weeks.get("max_weeks")) if isinstance(weeks, Mapping) else (0, 0)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            yield Fault(
                (*path, "weeks"), "weeks-reversed", f"minimaal {low} en maximaal {high} weken",
                "het minimum is niet hoger dan het maximum", "wissel de getallen om of pas ze aan",
            )  # fmt: skip


BOUND_CHECKS = (_severities, _scales, _states, _triggers, _durations)
"""Each takes the plain data of a whole catalogue and gives its faults."""
