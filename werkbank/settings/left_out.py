"""What falls away with an indicator that a catalogue of one's own does not have: said once, not a fault per line.

A district keeps the interventions and drops half of the indicators. Every reference to an indicator of the packaged
catalogue, or to one that its own mapping says was dropped, then falls away; an intervention that is left with none
takes no part. Any other unknown code is a slip, and a fault of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from werkbank.files.yaml import codes, items
from werkbank.settings.cross_checks import Plain
from werkbank.settings.method import catalogue_file
from werkbank.wording import count, listing, nearest

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
        if any(_answers(entry)) or not any(map(entry.get, _KEYS[:2]))
    ]
    return {**data, "interventions": closed} if "interventions" in data else dict(data)


def _answers(entry: Plain) -> list[Any]:
    return [each for key in _KEYS[:2] for each in entry.get(key) or ()]


def told_of(data: Plain, gone: Mapping[str, str]) -> dict[str, str]:
    """What the one finding about all that falls away says: found, allowed and remedy; empty if nothing does."""
    touched = [(entry, cut) for _, entry in items(data, "interventions") if entry != (cut := _cut(entry, gone))]
    if not touched:
        return {}
    out = sum(any(_answers(entry)) and not any(_answers(cut)) for entry, cut in touched)
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
