"""Finds where the parts of a catalogue contradict each other.

Works on plain data, as read from YAML or dumped from the models, so a file with one faulty entry is still
checked for everything else. Whatever has the wrong shape is passed over here: the models report that.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.catalogue.bounds import BOUND_CHECKS
from werkbank.catalogue.earlier_checks import EARLIER_CHECKS
from werkbank.catalogue.faults import Fault, Plain, codes, items, texts, twice, unknown

__all__ = ["find_faults"]

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
