"""Checks that a catalogue's earlier versions lead to indicators, scales and levels that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werkbank.catalogue.faults import Fault, Plain, codes, items, texts, twice, unknown
from werkbank.catalogue.yaml_nodes import Path

__all__ = ["EARLIER_CHECKS"]


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


def _scales(data: Plain) -> Iterator[Fault]:
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


EARLIER_CHECKS = (_versions, _codes, _scales, _levels)
"""Each takes the plain data of a whole catalogue and gives its faults."""
