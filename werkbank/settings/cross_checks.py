"""A contradiction in a catalogue's plain data, and how the checks walk that data.

Whatever has the wrong shape is passed over: the models report that.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkbank.errors import Finding
from werkbank.files.yaml import Path, codes, items, texts
from werkbank.wording import did_you_mean

__all__ = [
    "BOUND_CHECKS",
    "EARLIER_CHECKS",
    "Fault",
    "Plain",
    "find_faults",
    "twice",
    "unknown",
]

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One contradiction: where it is in the data, and the Dutch words for it."""

    path: Path
    rule: str
    found: str
    allowed: str
    remedy: str

    def finding(self, file: str | None = None, line: int | None = None) -> Finding:
        """The fault as a finding, with its file and line where those are known."""
        return Finding(
            rule=self.rule, severity="error", found=self.found, allowed=self.allowed, remedy=self.remedy,
            file=file, line=line,
        )  # fmt: skip


def unknown(path: Path, noun: str, text: str, known: list[str]) -> Fault:
    """A code that nothing has, with the codes there are."""
    return Fault(
        path,
        "unknown-reference",
        f"{noun} “{text}” bestaat niet",
        f"bekend: {', '.join(known)}",
        did_you_mean(text, known) or f"gebruik een bekende code, of voeg “{text}” toe",
    )


def twice(path: Path, found: str) -> Fault:
    """A code that occurs a second time."""
    return Fault(path, "duplicate-code", found, "elke code één keer", "verwijder of hernoem er een")


_PARK_SOURCES = ("threat_sum", "severe_threat", "coverage")
_STATES = ("unknown", "not_applicable", "open")


def _required(data: Plain) -> Iterator[Fault]:
    """One family decides whether there is a score: none would score everything, two are not foreseen."""
    required = [path for path, entry in items(data, "families") if entry.get("required") is True]
    if "families" in data and len(required) != 1:
        yield Fault(
            required[1] if required else ("families",), "required-family", f"{len(required)} groepen zijn verplicht",
            "één groep met “required: true”", "zet “required: true” bij de verschijningsvormen alleen",
        )  # fmt: skip


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
        if isinstance(entry.get("high"), int) and levels and entry["high"] >= len(levels):
            yield Fault(
                (*path, "high"), "level-outside-scale", f"niveau {entry['high']} bestaat niet op de schaal",
                f"0 tot en met {len(levels) - 1}", "kies een niveau dat bestaat",
            )  # fmt: skip
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


BOUND_CHECKS = (_required, _severities, _scales, _states, _triggers, _durations)
"""Each takes the plain data of a whole catalogue and gives its faults."""


def _versions(data: Plain) -> Iterator[Fault]:
    """Every version once, and every indicator's `version` one of them."""
    known = codes(data, "earlier", "version")
    now = data.get("version")
    for place, (path, entry) in enumerate(items(data, "earlier")):
        if entry.get("version") in (*known[:place], now):
            yield twice((*path, "version"), f"de versie “{entry.get('version')}” komt twee keer voor")
    if isinstance(now, str):
        for path, entry in items(data, "indicators"):
            for place_of, text in texts(path, entry, "version"):
                if text not in (*known, now):
                    yield unknown(place_of, "versie", text, [*known, now])


def _codes(data: Plain) -> Iterator[Fault]:
    """Every code of then once, and every code it became one of now."""
    known = codes(data, "indicators")
    for path, version in items(data, "earlier"):
        seen: set[object] = set()
        for place, entry in items(version, "indicators"):
            where = (*path, *place)
            if entry.get("code") in seen:
                yield twice((*where, "code"), f"de code “{entry.get('code')}” komt twee keer voor in deze versie")
            seen.add(entry.get("code"))
            for target, text in texts(where, entry, "becomes") if known else ():
                if text not in known:
                    yield unknown(target, "indicator", text, known)
            yield from _dropped(where, entry)


def _dropped(path: Path, entry: Plain) -> Iterator[Fault]:
    """What has no successor says what it was; what has one says what its levels are now."""
    if entry.get("becomes") in ((), []):
        if entry.get("was") is None:
            yield Fault(
                path, "was-missing", f"“{entry.get('code')}” is vervallen, zonder te zeggen wat het was (“was”)",
                "bij een vervallen indicator: name, family en wat toen telde", "voeg “was” toe",
            )  # fmt: skip
    elif entry.get("levels") is None:
        yield Fault(
            path, "levels-missing", f"“{entry.get('code')}” zegt niet wat de niveaus van toen nu zijn (“levels”)",
            "same, not_comparable of een lijst", "voeg “levels” toe",
        )  # fmt: skip


def _scales_earlier_checks(data: Plain) -> Iterator[Fault]:
    """A scale of then has an id of its own: workbooks of now are read by the one of now."""
    now = codes(data, "scales")
    for path, version in items(data, "earlier"):
        for place, scale in items(version, "scales"):
            if scale.get("id") in now:
                found = f"de schaal “{scale.get('id')}” bestaat ook nu; geef die van toen een eigen id"
                yield twice((*path, *place, "id"), found)


def _levels(data: Plain) -> Iterator[Fault]:
    """Scales exist, and a list of levels has one for each level of then, within the scale of now."""
    if "scales" not in data or "indicators" not in data:
        return
    now, scale_of = _sizes(data), {entry.get("id"): entry.get("scale") for _, entry in items(data, "indicators")}
    for path, version in items(data, "earlier"):
        then = {**_sizes(version), **now}
        for place, entry in items(version, "indicators"):
            targets = [str(text) for _, text in texts((), entry, "becomes") if text in scale_of]
            wanted = entry.get("scale") or next((scale_of[target] for target in targets), None)
            if wanted is not None and wanted not in then:
                yield unknown((*path, *place, "scale"), "schaal", str(wanted), list(then))
            elif wanted is not None:
                for target in targets:
                    yield from _carried((*path, *place), entry, then[wanted], now.get(scale_of[target], 0), target)


def _carried(path: Path, entry: Plain, size: int, most: int, target: str) -> Iterator[Fault]:
    levels = entry.get("levels")
    if levels == "same" and size != most:
        yield Fault(
            (*path, "levels"), "levels-differ", f"“same” bij {size} niveaus toen en {most} nu ({target})",
            "evenveel niveaus, of een lijst", "schrijf per niveau van toen het niveau van nu",
        )  # fmt: skip
    if not isinstance(levels, list | tuple):
        return
    if len(levels) != size:
        yield Fault(
            (*path, "levels"), "levels-count", f"{len(levels)} niveaus bij een schaal van {size}",
            "voor elk niveau van toen één", "vul de lijst aan; null waar er nu geen niveau voor is",
        )  # fmt: skip
    for place, level in enumerate(levels):
        if isinstance(level, int) and level >= most:
            yield Fault(
                (*path, "levels", place), "level-outside-scale", f"niveau {level} bestaat niet bij {target}",
                f"0 tot en met {most - 1}", "kies een niveau dat bestaat",
            )  # fmt: skip


def _sizes(data: Mapping[str, Any]) -> dict[Any, int]:
    return {scale.get("id"): len(tuple(items(scale, "levels"))) for _, scale in items(data, "scales")}


EARLIER_CHECKS = (_versions, _codes, _scales_earlier_checks, _levels)
"""Each takes the plain data of a whole catalogue and gives its faults."""


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


def find_faults(data: Plain) -> tuple[Fault, ...]:
    """Every contradiction in a catalogue's plain data, list by list; empty if it hangs together."""
    return tuple(fault for check in _CHECKS for fault in check(data))


def _references(data: Plain) -> Iterator[Fault]:
    for source, key, target, noun in _REFERENCES:
        if target not in data:
            continue
        known = codes(data, target)
        for path, entry in items(data, source):
            for place, text in texts(path, entry, key):
                if text not in known:
                    yield unknown(place, noun, text, known)


def _duplicates(data: Plain) -> Iterator[Fault]:
    for key in data:
        name = "code" if key == "states" else "id"
        seen: set[str] = set()
        for path, entry in items(data, key):
            code = entry.get(name)
            if isinstance(code, str):
                if code in seen:
                    yield twice((*path, name), f"de code “{code}” komt twee keer voor")
                seen.add(code)


def _best_judges(data: Plain) -> Iterator[Fault]:
    if "parties" in data:
        known = [*codes(data, "parties"), "both"]
        for path, entry in items(data, "indicators"):
            for place, text in texts(path, entry, "best_judge"):
                if text not in known:
                    yield unknown(place, "partij", text, known)


def _subcategories(data: Plain) -> Iterator[Fault]:
    family_of = {entry.get("id"): entry.get("family") for _, entry in items(data, "subcategories")}
    for path, entry in items(data, "indicators"):
        subcategory, family = entry.get("subcategory"), entry.get("family")
        if isinstance(subcategory, str) and family_of.get(subcategory, family) != family:
            yield Fault(
                (*path, "subcategory"), "wrong-family",
                f"subcategorie “{subcategory}” is van “{family_of[subcategory]}”, niet van “{family}”",
                "familie en subcategorie passen bij elkaar", "kies een andere subcategorie of familie",
            )  # fmt: skip


def _answers(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        seen: dict[str, str] = {}
        for key in ("direct", "supporting"):
            for place, text in texts(path, entry, key):
                if text in seen:
                    yield Fault(
                        place, "answered-twice",
                        f"“{entry.get('id')}” noemt indicator “{text}” onder “{seen[text]}” en onder “{key}”",
                        "een interventie noemt een indicator één keer", "verwijder er een",
                    )  # fmt: skip
                seen.setdefault(text, key)


def _weights(data: Plain) -> Iterator[Fault]:
    if "weights" not in data:
        return
    known = codes(data, "weights")
    for path, entry in items(data, "interventions"):
        weight = entry.get("weight")
        if isinstance(weight, int) and str(weight) not in known:
            yield unknown((*path, "weight"), "zwaarte", str(weight), known)


_CHECKS = (
    _references, _duplicates, _best_judges, _subcategories, _answers, _weights, *BOUND_CHECKS, *EARLIER_CHECKS,
)  # fmt: skip
