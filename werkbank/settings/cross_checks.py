"""Finds where the parts of a catalogue contradict each other.

Works on plain data, as read from YAML or dumped from the models, so a file with one faulty entry is still checked for
everything else. Whatever has the wrong shape is passed over here: the models report that. Every check takes the data
of a whole catalogue and gives its faults, each with its place in that data.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from werkbank.errors import Finding, fault
from werkbank.files.yaml import Path, codes, items, texts
from werkbank.wording import did_you_mean

__all__ = ["ONLY_RENAMED", "Fault", "Plain", "find_faults"]

Plain = Mapping[str, Any]
Fault = tuple[Path, Finding]

ONLY_RENAMED = (
    "alleen hernoemd (becomes: [code van nu]) of vervallen (becomes: []); wat is gesplitst, samengevoegd of anders "
    "geschaald, is vervallen en staat nu als nieuwe indicator met een eigen code in indicators.yaml"
)
"""What `mapping.yaml` can say of an indicator of an earlier version."""

_PARK_SOURCES = ("threat_sum", "severe_threat", "coverage")
_STATES = ("unknown", "not_applicable", "open")
_REFERENCES = (
    ("families", "scale", "scales", "schaal"),
    ("subcategories", "family", "families", "familie"),
    ("indicators", "family", "families", "familie"),
    ("indicators", "subcategory", "subcategories", "subcategorie"),
    ("indicators", "phenomena", "phenomena", "fenomeen"),
    ("indicators", "scale", "scales", "schaal"),
    ("indicators", "sensitivity", "sensitivities", "gevoeligheid"),
    ("phenomena", "group", "subcategories", "subcategorie"),
    ("interventions", "kind", "kinds", "soort"),
    ("interventions", "framework", "frameworks", "handelingskader"),
    ("interventions", "lead", "partners", "partner"),
    ("interventions", "partners", "partners", "partner"),
    ("interventions", "direct", "indicators", "indicator"),
    ("interventions", "supporting", "indicators", "indicator"),
    ("audiences", "parties", "parties", "partij"),
    ("audiences", "families", "families", "familie"),
    ("audiences", "sensitivity", "sensitivities", "gevoeligheid"),
)
"""The list and key of a reference, the list it refers to, and what that is called."""


def find_faults(data: Plain) -> tuple[Fault, ...]:
    """Every contradiction in a catalogue's plain data, list by list; empty if it hangs together."""
    return tuple(found for check in _CHECKS for found in check(data))


def _unknown(path: Path, noun: str, text: str, known: list[str]) -> Fault:
    """A code that nothing has, with the codes there are."""
    remedy = did_you_mean(text, known) or f"gebruik een bekende code, of voeg “{text}” toe"
    return path, fault("unknown-reference", f"{noun} “{text}” bestaat niet", f"bekend: {', '.join(known)}", remedy)


def _twice(path: Path, found: str) -> Fault:
    """A code that occurs a second time."""
    return path, fault("duplicate-code", found, "elke code één keer", "verwijder of hernoem er een")


def _references(data: Plain) -> Iterator[Fault]:
    for source, key, target, noun in _REFERENCES:
        known = codes(data, target)
        for path, entry in items(data, source) if target in data else ():
            yield from (
                _unknown(place, noun, text, known) for place, text in texts(path, entry, key) if text not in known
            )


def _duplicates(data: Plain) -> Iterator[Fault]:
    for key in data:
        name = "code" if key == "states" else "id"
        for path, code in _repeated(data, key, name):
            yield _twice(path, f"de code “{code}” komt twee keer voor")
    for path, score in _repeated(data, "families", "score"):
        yield _twice(path, f"twee families komen uit in de score “{score}”")


def _repeated(data: Plain, key: str, name: str) -> Iterator[tuple[Path, str]]:
    """Every code of a list that an earlier entry has too."""
    seen: set[str] = set()
    for path, entry in items(data, key):
        code = entry.get(name)
        if isinstance(code, str):
            if code in seen:
                yield (*path, name), code
            seen.add(code)


def _best_judges(data: Plain) -> Iterator[Fault]:
    known = [*codes(data, "parties"), "both"]
    for path, entry in items(data, "indicators") if "parties" in data else ():
        for place, text in texts(path, entry, "best_judge"):
            if text not in known:
                yield _unknown(place, "partij", text, known)


def _subcategories(data: Plain) -> Iterator[Fault]:
    family_of = {entry.get("id"): entry.get("family") for _, entry in items(data, "subcategories")}
    for path, entry in items(data, "indicators"):
        subcategory, family = entry.get("subcategory"), entry.get("family")
        if isinstance(subcategory, str) and family_of.get(subcategory, family) != family:
            found = f"subcategorie “{subcategory}” is van “{family_of[subcategory]}”, niet van “{family}”"
            allowed, remedy = "familie en subcategorie passen bij elkaar", "kies een andere subcategorie of familie"
            yield (*path, "subcategory"), fault("wrong-family", found, allowed, remedy)


def _answers(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        seen: dict[str, str] = {}
        for key in ("direct", "supporting"):
            for place, text in texts(path, entry, key):
                if text in seen:
                    found = f"“{entry.get('id')}” noemt indicator “{text}” onder “{seen[text]}” en onder “{key}”"
                    allowed = "een interventie noemt een indicator één keer"
                    yield place, fault("answered-twice", found, allowed, "verwijder er een")
                seen.setdefault(text, key)


def _weights(data: Plain) -> Iterator[Fault]:
    known = codes(data, "weights")
    for path, entry in items(data, "interventions") if "weights" in data else ():
        weight = entry.get("weight")
        if isinstance(weight, int) and str(weight) not in known:
            yield _unknown((*path, "weight"), "zwaarte", str(weight), known)


def _required(data: Plain) -> Iterator[Fault]:
    """One family decides whether there is a score: none would score everything, two are not foreseen."""
    required = [path for path, entry in items(data, "families") if entry.get("required") is True]
    if "families" in data and len(required) != 1:
        found, allowed = f"{len(required)} groepen zijn verplicht", "één groep met “required: true”"
        remedy = "zet “required: true” bij de verschijningsvormen alleen"
        yield required[1] if required else ("families",), fault("required-family", found, allowed, remedy)


def _severities(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "indicators"):
        code, given = entry.get("id"), entry.get("severity") is not None
        if entry.get("family") == "threat" and not given:
            found = f"“{code}” is een verschijningsvorm zonder ernst (“severity”)"
            yield path, fault("severity-missing", found, "1, 2 of 3", "voeg “severity” toe")
        elif given and entry.get("family") != "threat":
            allowed = "ernst hoort alleen bij een verschijningsvorm (familie “threat”)"
            found, place = f"“{code}” heeft een ernst (“severity”)", (*path, "severity")
            yield place, fault("severity-not-allowed", found, allowed, "verwijder “severity”")


def _scales(data: Plain) -> Iterator[Fault]:
    for path, scale in items(data, "scales"):
        size = len(tuple(items(scale, "levels")))
        for place, level in items(scale, "levels"):
            position, value = place[-1], level.get("value")
            if isinstance(value, int) and value != position:
                found = f"niveau {value} staat op plaats {position} van de schaal"
                allowed = f"{position}: niveaus lopen op vanaf 0, zonder gaten"
                yield (
                    (*path, *place, "value"),
                    fault("levels-not-consecutive", found, allowed, "nummer de niveaus opnieuw"),
                )
        for place, code in _repeated(scale, "levels", "code"):
            yield _twice((*path, *place), f"de code “{code}” komt twee keer voor")
        high = scale.get("high")
        if isinstance(high, int) and high >= size > 0:
            found, allowed = f"niveau {high} bestaat niet op de schaal", f"0 tot en met {size - 1}"
            yield (*path, "high"), fault("level-outside-scale", found, allowed, "kies een niveau dat bestaat")
        yield from _points(path, scale, size)
        yield from _level_synonyms(path, scale)


def _points(path: Path, scale: Plain, size: int) -> Iterator[Fault]:
    points = scale.get("points")
    if not isinstance(points, list | tuple) or not all(isinstance(point, int | float) for point in points):
        return
    if len(points) != size:
        found = f"{len(points)} punten bij {size} niveaus"
        yield (
            (*path, "points"),
            fault("points-count", found, "één getal per niveau", "vul de punten aan of verwijder er"),
        )
    for position, (lower, higher) in enumerate(itertools.pairwise(points), start=1):
        if higher < lower:
            found, allowed = f"de punten dalen van {lower} naar {higher}", "punten blijven gelijk of lopen op"
            yield (*path, "points", position), fault("points-not-monotone", found, allowed, "zet de punten op volgorde")


def _level_synonyms(path: Path, scale: Plain) -> Iterator[Fault]:
    """A word of one level that is a name of another: it would decide nothing, or the wrong thing."""
    taken = {word: level.get("value") for _, level in items(scale, "levels") for word in _names(level)}
    for place, level in items(scale, "levels"):
        for spot, text in texts((*path, *place), level, "synonyms"):
            word = text.strip().casefold()
            if taken.setdefault(word, level.get("value")) != level.get("value"):
                yield _taken(spot, text, f"niveau {taken[word]}", "elk woord heeft binnen een schaal één betekenis")


def _names(level: Plain) -> Iterator[str]:
    return (str(level.get(key)).strip().casefold() for key in ("value", "code", "name"))


def _taken(path: Path, text: str, meaning: str, allowed: str) -> Fault:
    return path, fault(
        "synonym-taken", f"“{text}” betekent al {meaning}", allowed, "verwijder het woord op een van de plaatsen"
    )


def _states(data: Plain) -> Iterator[Fault]:
    if not isinstance(data.get("states"), list | tuple):
        return
    for code in _STATES:
        if code not in codes(data, "states", "code"):
            found = f"de bijzondere waarde “{code}” ontbreekt"
            yield ("states",), fault("state-missing", found, ", ".join(_STATES), f"voeg “{code}” toe")
    taken = dict.fromkeys(_level_words(data), "een niveau")
    for path, entry in items(data, "states"):
        for place, text in texts(path, entry, "synonyms"):
            word = text.strip().casefold()
            if word in taken:
                yield _taken(place, text, taken[word], "elk woord heeft één betekenis")
            taken.setdefault(word, f"“{entry.get('code')}”")


def _level_words(data: Plain) -> Iterator[str]:
    for _, scale in items(data, "scales"):
        for _, level in items(scale, "levels"):
            yield from _names(level)
            yield from (text.casefold() for _, text in texts((), level, "synonyms"))


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
        yield _unknown((*path, "source"), "bron", source, known)
    if (operator == "is") != (value == "unknown") or (operator == "is" and source in _PARK_SOURCES):
        allowed = "“is” hoort bij “unknown” en bij een indicator; de andere tekens horen bij een getal"
        found, remedy = f"“{source} {operator} {value}” kan niet", "pas het teken of de waarde aan"
        yield (*path, "operator"), fault("trigger-operator", found, allowed, remedy)
    elif isinstance(value, int) and (value < 0 or (highest is not None and value > highest)):
        allowed = f"0 tot en met {highest}" if highest is not None else "0 of hoger"
        found, remedy = f"“{source}” kan niet {value} zijn", "kies een waarde die voorkomt"
        yield (*path, "value"), fault("trigger-value", found, allowed, remedy)


def _highest(data: Plain, source: object) -> int | None:
    """The highest value a trigger on this source can ask for, None if there is no such bound."""
    if source in {"coverage", "threat_sum"}:
        return 100 if source == "coverage" else None
    scales = {scale.get("id"): len(tuple(items(scale, "levels"))) - 1 for _, scale in items(data, "scales")}
    key, wanted = ("family", "threat") if source == "severe_threat" else ("id", source)
    used = {entry.get("scale") for _, entry in items(data, "indicators") if entry.get(key) == wanted}
    return max((scales[scale] for scale in used if scale in scales), default=None)


def _durations(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        weeks = entry.get("weeks")
        low, high = (weeks.get("min_weeks"), weeks.get("max_weeks")) if isinstance(weeks, Mapping) else (0, 0)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            found, allowed = f"minimaal {low} en maximaal {high} weken", "het minimum is niet hoger dan het maximum"
            yield (*path, "weeks"), fault("weeks-reversed", found, allowed, "wissel de getallen om of pas ze aan")


def _versions(data: Plain) -> Iterator[Fault]:
    """Every version once, and every indicator's `version` one of them."""
    known, now = codes(data, "earlier", "version"), data.get("version")
    for place, (path, entry) in enumerate(items(data, "earlier")):
        if entry.get("version") in (*known[:place], now):
            yield _twice((*path, "version"), f"de versie “{entry.get('version')}” komt twee keer voor")
    for path, entry in items(data, "indicators") if isinstance(now, str) else ():
        for place_of, text in texts(path, entry, "version"):
            if text not in (*known, now):
                yield _unknown(place_of, "versie", text, [*known, str(now)])


def _earlier(data: Plain) -> Iterator[Fault]:
    """Every code of then once, what it became there and named once, and what was dropped with what it was."""
    known = codes(data, "indicators")
    for path, version in items(data, "earlier"):
        heirs: set[str] = set()
        for place, code in _repeated(version, "indicators", "code"):
            yield _twice((*path, *place), f"de code “{code}” komt twee keer voor in deze versie")
        for place, entry in items(version, "indicators"):
            where = (*path, *place)
            for target, text in texts(where, entry, "becomes") if known else ():
                if text not in known:
                    yield _unknown(target, "indicator", text, known)
                if text in heirs:
                    found = f"meer dan één indicator wordt “{text}”"
                    yield target, fault("mapping-merged", found, ONLY_RENAMED, "laat er één over")
                heirs.add(text)
            if entry.get("becomes") in ((), []) and entry.get("was") is None:
                found = f"“{entry.get('code')}” is vervallen, zonder te zeggen wat het was (“was”)"
                allowed = "bij een vervallen indicator: name, family en wat toen telde"
                yield where, fault("was-missing", found, allowed, "voeg “was” toe")


def _families_then(data: Plain) -> Iterator[Fault]:
    """What was dropped was of a family that is still there."""
    known = codes(data, "families")
    for path, version in items(data, "earlier") if known else ():
        for place, entry in items(version, "indicators"):
            was = entry.get("was")
            for target, text in texts((*path, *place, "was"), was, "family") if isinstance(was, Mapping) else ():
                if text not in known:
                    yield _unknown(target, "familie", text, known)


_CHECKS = (
    _references, _duplicates, _best_judges, _subcategories, _answers, _weights, _required, _severities, _scales,
    _states, _triggers, _durations, _versions, _earlier, _families_then,
)  # fmt: skip
