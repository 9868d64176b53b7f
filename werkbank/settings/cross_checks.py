"""Finds where the parts of a catalogue contradict each other.

Works on plain data, as read from YAML or dumped from the models, so a file with one faulty entry is still checked for
everything else. Whatever has the wrong shape is passed over here: the models report that. Every check takes the data
of a whole catalogue and gives its faults, each with its place in that data.

A district keeps the interventions and drops half of the indicators. Every reference to an indicator of the packaged
catalogue, or to one that its own mapping says was dropped, then falls away, which is said once and not a fault per
line; an intervention that is left with none takes no part. Any other unknown code is a slip, and a fault of its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from werkbank.errors import Finding
from werkbank.files.yaml import Path, Prose, codes, items, packaged, texts
from werkbank.settings.method import catalogue_file
from werkbank.wording import count, did_you_mean, listing, nearest

Plain = Mapping[str, Any]
Fault = tuple[Path, Finding]

ONLY_RENAMED = (
    "alleen hernoemd (becomes: [code van nu]), anders geschaald (met scale: other) of vervallen (becomes: []); wat is "
    "gesplitst of samengevoegd, is vervallen en staat nu als nieuwe indicator met een eigen code in indicators.yaml"
)
"""What `mapping.yaml` can say of an indicator of an earlier version."""

PROSE = Prose(FilePath(__file__).with_name("faults.yaml"))
"""What every finding about a catalogue or about parameters says."""
_FIGURES = ("threat_share", "coverage", "two_sided")
"""What a trigger can ask of a park as a whole, in percent."""
_SEVERE = "severe_threat"
_STATES = ("unknown", "not_applicable", "open")
_REFERENCES = packaged(__file__, "references.yaml")
_MAY_LACK = "cooperation"
"""A list that a catalogue need not have: a reference to it is then a fault, and not the sign of a file that is gone."""


def find_faults(data: Plain) -> tuple[Fault, ...]:
    """Every contradiction in a catalogue's plain data, list by list; empty if it hangs together."""
    return tuple(found for check in _CHECKS for found in check(data))


def _unknown(path: Path, noun: str, text: str, known: list[str]) -> Fault:
    """A code that nothing has, with the codes there are."""
    facts = {"noun": noun, "text": text, "known": ", ".join(known)}
    # V17 is no slip for V16: codes that differ in a figure alone are two things.
    slips = [code for code in known if _shape(code) != _shape(text) or code.casefold() == text.casefold()]
    return path, PROSE.finding("unknown-reference", did_you_mean(text, slips), **facts)


def _shape(code: str) -> str:
    return re.sub(r"\d", "0", code.casefold())


def _references(data: Plain) -> Iterator[Fault]:
    every = ((source, key, *to) for source, own in _REFERENCES.items() for key, to in own.items())
    for source, key, target, noun in every:
        known = [*codes(data, target), *(("both",) if key == "best_judge" else ())]
        for path, entry in items(data, source) if target in data or target == _MAY_LACK else ():
            yield from (
                _unknown(place, noun, text, known) for place, text in texts(path, entry, key) if text not in known
            )


def _duplicates(data: Plain) -> Iterator[Fault]:
    for key in data:
        name = "code" if key == "states" else "id"
        yield from _repeated(data, key, name)
    yield from _repeated(data, "families", "score")


def _repeated(data: Plain, key: str, name: str, *around: str | int) -> Iterator[Fault]:
    """Every code of a list that an earlier entry has too; the list lies `around` in the data."""
    seen: set[str] = set()
    for path, entry in items(data, key):
        code = entry.get(name)
        if isinstance(code, str):
            if code in seen:
                yield (*around, *path, name), PROSE.finding("duplicate-code", code=code)
            seen.add(code)


def _subcategories(data: Plain) -> Iterator[Fault]:
    family_of = {entry.get("id"): entry.get("family") for _, entry in items(data, "subcategories")}
    known = codes(data, "families")
    for path, entry in items(data, "indicators"):
        subcategory, family = entry.get("subcategory"), entry.get("family")
        if isinstance(subcategory, str) and family in known and family_of.get(subcategory, family) != family:
            facts = {"subcategory": subcategory, "own": family_of[subcategory], "family": family}
            yield (*path, "subcategory"), PROSE.finding("wrong-family", **facts)


def _answers(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        seen: dict[str, str] = {}
        for key in ("direct", "supporting"):
            for place, text in texts(path, entry, key):
                if text in seen:
                    facts = {"intervention": entry.get("id"), "indicator": text, "first": seen[text], "second": key}
                    yield place, PROSE.finding("answered-twice", **facts)
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
        yield required[1] if required else ("families",), PROSE.finding("required-family", number=len(required))


def _empty_families(data: Plain) -> Iterator[Fault]:
    """A family of which nothing is asked would be a group of nothing."""
    asked, known = {entry.get("family") for _, entry in items(data, "indicators")}, codes(data, "families")
    for path, entry in items(data, "families") if asked and asked <= {*known} else ():
        if entry.get("id") not in asked:
            yield path, PROSE.finding("family-empty", code=entry.get("id"))


def _judges(data: Plain) -> Iterator[Fault]:
    """Who can judge an indicator best is asked about it."""
    for path, entry in items(data, "indicators"):
        judge, asked = entry.get("best_judge"), [text for _, text in texts(path, entry, "asked_of")]
        if asked and judge not in (*asked, "both"):
            facts = {"code": entry.get("id"), "judge": judge, "asked": listing(asked)}
            yield (*path, "best_judge"), PROSE.finding("judge-not-asked", **facts)


def _severities(data: Plain) -> Iterator[Fault]:
    others = [code for code in codes(data, "families") if code != "threat"]
    for path, entry in items(data, "indicators"):
        code, given = entry.get("id"), entry.get("severity") is not None
        if entry.get("family") == "threat" and not given:
            yield path, PROSE.finding("severity-missing", code=code)
        elif given and entry.get("family") in others:
            yield (*path, "severity"), PROSE.finding("severity-not-allowed", code=code)


def _scales(data: Plain) -> Iterator[Fault]:
    for path, scale in items(data, "scales"):
        size = len(tuple(items(scale, "levels")))
        for place, level in items(scale, "levels"):
            position, value = place[-1], level.get("value")
            if isinstance(value, int) and value != position:
                told = PROSE.finding("levels-not-consecutive", value=value, position=position)
                yield (*path, *place, "value"), told
        yield from _repeated(scale, "levels", "code", *path)
        high = scale.get("high")
        if isinstance(high, int) and high >= size > 0:
            yield (*path, "high"), PROSE.finding("level-outside-scale", level=high, highest=size - 1)
        yield from _points(path, scale, size)
        yield from _level_synonyms(path, scale)


def _highs(data: Plain) -> Iterator[Fault]:
    """What a scale itself calls high leaves something that is not, for each family that is judged on it."""
    protects = {family.get("id"): family.get("direction") == "protective" for _, family in items(data, "families")}
    used = {(one.get("scale"), protects.get(one.get("family"))) for _, one in items(data, "indicators")}
    for path, scale in items(data, "scales"):
        high, top = scale.get("high"), len(tuple(items(scale, "levels"))) - 1
        risk, protection = ((scale.get("id"), way) in used for way in (False, True))
        if isinstance(high, int) and ((risk and protection) or high == (0 if risk else top if protection else None)):
            yield (*path, "high"), PROSE.finding("high-unclear", level=high)


def _points(path: Path, scale: Plain, size: int) -> Iterator[Fault]:
    points = scale.get("points")
    if not isinstance(points, list | tuple) or not all(isinstance(point, int | float) for point in points):
        return
    if len(points) != size:
        yield (*path, "points"), PROSE.finding("points-count", points=len(points), levels=size)
    for position, (lower, higher) in enumerate(itertools.pairwise(points), start=1):
        if higher < lower:
            yield (*path, "points", position), PROSE.finding("points-not-monotone", lower=lower, higher=higher)


def _level_synonyms(path: Path, scale: Plain) -> Iterator[Fault]:
    """A word of one level that is a name of another: it would decide nothing, or the wrong thing."""
    taken = {word: level.get("value") for _, level in items(scale, "levels") for word in _names(level)}
    for place, level in items(scale, "levels"):
        for spot, text in texts((*path, *place), level, "synonyms"):
            word = text.strip().casefold()
            if taken.setdefault(word, level.get("value")) != level.get("value"):
                yield spot, PROSE.finding("synonym-taken", text=text, meaning=f"niveau {taken[word]}")


def _names(level: Plain) -> Iterator[str]:
    return (str(level.get(key)).strip().casefold() for key in ("value", "code", "name"))


def _states(data: Plain) -> Iterator[Fault]:
    if not isinstance(data.get("states"), list | tuple):
        return
    for code in _STATES:
        if code not in codes(data, "states", "code"):
            yield ("states",), PROSE.finding("state-missing", code=code, states=", ".join(_STATES))
    taken = dict.fromkeys(_level_words(data), "een niveau")
    for path, entry in items(data, "states"):
        for place, text in texts(path, entry, "synonyms"):
            word = text.strip().casefold()
            if word in taken:
                yield place, PROSE.finding("synonym-taken", text=text, meaning=taken[word])
            taken.setdefault(word, f"“{entry.get('code')}”")


def _level_words(data: Plain) -> Iterator[str]:
    for _, scale in items(data, "scales"):
        for _, level in items(scale, "levels"):
            yield from _names(level)
            yield from (text.casefold() for _, text in texts((), level, "synonyms"))


def _triggers(data: Plain) -> Iterator[Fault]:
    if "indicators" not in data:
        return
    known = [*codes(data, "indicators"), *_FIGURES, _SEVERE]
    for path, entry in items(data, "interventions"):
        for place, trigger in items(entry, "triggers"):
            yield from _trigger((*path, *place), trigger, known)


def _trigger(path: Path, trigger: Plain, known: list[str]) -> Iterator[Fault]:
    """A word of an indicator, a percentage of a figure: on another scale a number would mean another thing."""
    source, operator, value = (trigger.get(key) for key in ("source", "operator", "value"))
    figure, compared = source in _FIGURES, operator not in {"is", "is not"}
    not_asked = value == "unknown" and (operator == "is not" or source == _SEVERE)
    if isinstance(source, str) and source not in known:
        yield _unknown((*path, "source"), "bron", source, known)
    elif figure != isinstance(value, int) or figure != compared or not_asked:
        key = "trigger-operator/figure" if figure else "trigger-operator/level"
        yield (*path, "operator"), PROSE.finding(key, source=source, operator=operator, value=value)
    elif isinstance(value, int) and not 0 <= value <= 100:
        yield (*path, "value"), PROSE.finding("trigger-value", source=source, value=value)


def _durations(data: Plain) -> Iterator[Fault]:
    for path, entry in items(data, "interventions"):
        weeks = entry.get("weeks")
        low, high = (weeks.get("min_weeks"), weeks.get("max_weeks")) if isinstance(weeks, Mapping) else (0, 0)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            yield (*path, "weeks"), PROSE.finding("weeks-reversed", low=low, high=high)


def _versions(data: Plain) -> Iterator[Fault]:
    """Every version once, and every indicator's `version` one of them."""
    known, now = codes(data, "earlier", "version"), data.get("version")
    for place, (path, entry) in enumerate(items(data, "earlier")):
        if entry.get("version") in (*known[:place], now):
            yield (*path, "version"), PROSE.finding("duplicate-code", code=entry.get("version"))
    for path, entry in items(data, "indicators") if isinstance(now, str) else ():
        for place_of, text in texts(path, entry, "version"):
            if text not in (*known, now):
                yield _unknown(place_of, "versie", text, [*known, str(now)])


def _earlier(data: Plain) -> Iterator[Fault]:
    """Every code of then once, what it became there and named once, and what was dropped with what it was."""
    known = codes(data, "indicators")
    for path, version in items(data, "earlier"):
        heirs: set[str] = set()
        yield from _repeated(version, "indicators", "code", *path)
        for place, entry in items(version, "indicators"):
            where = (*path, *place)
            for target, text in texts(where, entry, "becomes") if known else ():
                if text not in known:
                    yield _unknown(target, "indicator", text, known)
                if text in heirs:
                    yield target, PROSE.finding("mapping-merged", text=text, only=ONLY_RENAMED)
                heirs.add(text)
            if entry.get("becomes") in ((), []) and entry.get("was") is None:
                yield where, PROSE.finding("was-missing", code=entry.get("code"))


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
    _references, _duplicates, _subcategories, _answers, _weights, _required, _empty_families, _judges, _severities,
    _scales, _highs, _states, _triggers, _durations, _versions, _earlier, _families_then,
)  # fmt: skip


_KEYS = ("direct", "supporting", "triggers")
_NAMED = 6
"""Codes in one finding; the first say enough."""


def gone_from(data: Plain) -> dict[str, str]:
    """The indicators that plain data may refer to and does not have: code → name."""
    known = {
        entry.get("id"): entry.get("name") for _, entry in items(catalogue_file("indicators.yaml", None), "indicators")
    }
    for _, version in items(data, "earlier"):
        dropped = (entry for _, entry in items(version, "indicators") if entry.get("becomes") in ((), []))
        known |= {entry.get("code"): (entry.get("was") or {}).get("name") for entry in dropped}
    own = codes(data, "indicators")
    return {str(code): str(name) for code, name in known.items() if own and code not in own}


def masked(data: Plain, gone: Collection[str]) -> dict[str, Any]:
    """The data with None in the place of every such reference, so that all else keeps its place."""
    listed = data.get("interventions")
    if not isinstance(listed, list):
        return dict(data)
    return {**data, "interventions": [_cut(each, gone) if isinstance(each, Mapping) else each for each in listed]}


def _cut(entry: Plain, gone: Collection[str]) -> Plain:
    lists = {key: entry[key] for key in _KEYS if isinstance(entry.get(key), list)}
    return {**entry, **{key: [None if _source(each) in gone else each for each in own] for key, own in lists.items()}}


def _source(reference: object) -> str:
    return str(reference.get("source") if isinstance(reference, Mapping) else reference)


def without(data: Plain) -> dict[str, Any]:
    """What `masked` gave, closed up, and without the interventions that belong to no indicator any more."""
    closed = [
        {key: [each for each in value if each is not None] if key in _KEYS else value for key, value in entry.items()}
        for _, entry in items(data, "interventions")
        if any(_still_answers(entry)) or not any(map(entry.get, _KEYS[:2]))
    ]
    return {**data, "interventions": closed} if "interventions" in data else dict(data)


def _still_answers(entry: Plain) -> list[Any]:
    return [each for key in _KEYS[:2] for each in entry.get(key) or ()]


def told_of(data: Plain, gone: Mapping[str, str]) -> dict[str, str]:
    """What the one finding about all that falls away says: found, allowed and remedy; empty if nothing does."""
    touched = [(entry, cut) for _, entry in items(data, "interventions") if entry != (cut := _cut(entry, gone))]
    if not touched:
        return {}
    out = sum(any(_still_answers(entry)) and not any(_still_answers(cut)) for entry, cut in touched)
    used = {_source(each) for entry, _ in touched for key in _KEYS for each in entry.get(key) or ()}
    missed = [code for code in gone if code in used]
    own = {str(entry.get("name")): entry.get("id") for _, entry in items(data, "indicators")}
    near = [f"“{own[name]}” in plaats van “{code}”" for code in missed if (name := nearest(gone[code], own))]
    taking_part = f"{'zij doet' if out == 1 else 'zij doen'} niet mee"
    whole = f"{count(out, 'interventie hoort', 'interventies horen')} bij indicatoren die u niet hebt; {taking_part}"
    part = f"bij {count(len(touched) - out, 'interventie vervalt', 'interventies vervallen')} verwijzingen daarnaar"
    return {
        "found": "; ".join([*([whole] if out else ()), *([part] if len(touched) > out else ())]),
        "allowed": f"deze indicatoren zijn er niet, of zijn iets anders: {_first(missed)}",
        "remedy": f"bedoelt u {_first(near)}?" if near else "",
    }


def _first(words: list[str]) -> str:
    more = len(words) - _NAMED
    return listing([*words[:_NAMED], f"nog {more}"] if more > 0 else words)
