"""Says in plain Dutch what pydantic objects to: what was found, what is allowed, what to do.

The error types are pydantic's own (https://docs.pydantic.dev/latest/errors/validation_errors/). A text
raised by a validator of ours is Dutch already and is passed on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkbank.wording import did_you_mean, listing

__all__ = ["CODE_PATTERN", "NO_SUCH_KEY", "Complaint", "complain", "describe"]

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
"""What a code looks like: safe in a file name, a URL and a CSV."""

_PATTERNS = {
    CODE_PATTERN: "letters, cijfers, “_”, “-” en “.”, zonder spaties",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "letters, cijfers, “_” en “-”, zonder spaties, zoals 2026-1",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "kleine letters en cijfers, met streepjes ertussen, zoals noordoostpolder",
    r"^GM\d{4}$": "GM en vier cijfers, zoals GM0034",
    r"^#[0-9a-f]{6}$": "“#” en zes tekens 0 tot en met 9 of a tot en met f, zoals #154273",
    r"^[A-Za-z0-9 ,-]+$": "letters, cijfers, spaties, komma's en streepjes",
}
"""What a text must look like, in words, by the pattern of the model; a test looks for patterns without."""
_LONGEST = 40
NO_SUCH_KEY = "verwijder de sleutel"
"""What to do about a key that resembles no other."""

_TYPES = {
    "int": "een geheel getal",
    "float": "een getal",
    "decimal": "een getal",
    "finite_number": "een getal",
    "string": "tekst",
    "bool": "true of false",
    "date": "een datum (jjjj-mm-dd)",
    "datetime": "een datum (jjjj-mm-dd)",
    "tuple": "een lijst",
    "list": "een lijst",
    "set": "een lijst",
    "frozen_set": "een lijst",
    "dict": "een groep sleutels",
    "mapping": "een groep sleutels",
    "model": "een groep sleutels",
    "dataclass": "een groep sleutels",
    "none_required": "leeg",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "leeg"),
    (Mapping, "een groep sleutels"),
    (list, "een lijst"),
    (tuple, "een lijst"),
)
_LIMITS = {
    "greater_than": ("gt", "hoger dan {}"),
    "greater_than_equal": ("ge", "{} of hoger"),
    "less_than": ("lt", "lager dan {}"),
    "less_than_equal": ("le", "{} of lager"),
    "multiple_of": ("multiple_of", "een veelvoud van {}"),
    "string_too_short": ("min_length", "ten minste {} teken(s)"),
    "string_too_long": ("max_length", "ten hoogste {} tekens"),
    "too_short": ("min_length", "ten minste {} in de lijst"),
    "too_long": ("max_length", "ten hoogste {} in de lijst"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One objection: a stable rule code and the Dutch words for it."""

    rule: str
    found: str
    allowed: str
    remedy: str


def complain(error: Mapping[str, Any], key: str, known: tuple[str, ...], written: str | None) -> Complaint:
    """One pydantic error in Dutch.

    `key` is the key it is about, `known` the keys allowed there, `written` the value as the file has it.
    """
    kind = str(error["type"])
    if kind == "missing":
        return Complaint("missing-key", f"“{key}” ontbreekt", f"“{key}” is verplicht", f"voeg “{key}” toe")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        hint = did_you_mean(key, known) or NO_SUCH_KEY
        return Complaint("unknown-key", f"onbekende sleutel “{_short(key)}”", ", ".join(known), hint)
    found = f"“{key}” is {describe(error.get('input'), written)}"
    return _wrong_value(kind, error, found) or _wrong_type(kind, error, found)


def describe(value: object, written: str | None = None) -> str:
    """What a value is, in Dutch, cut short: `het getal 34`, `de tekst “zwaar”`, `een lijst`."""
    if isinstance(value, str):
        return f"de tekst “{_short(value)}”" if value.strip() else "een lege tekst"
    if isinstance(value, bool):
        return f"ja/nee ({_short(written or str(value).lower())})"
    if isinstance(value, int | float):
        return f"het getal {_short(written or str(value))}"
    if isinstance(value, dt.date):
        return f"de datum {_short(written or value.isoformat())}"
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "een ander soort waarde")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _limit(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _wrong_value(kind: str, error: Mapping[str, Any], found: str) -> Complaint | None:
    context = error.get("ctx", {})
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return Complaint("wrong-value", found, words.format(_limit(context.get(name))), "pas de waarde aan")
    if kind in {"literal_error", "enum"}:
        return _choice(error, found, str(context.get("expected", "")))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        allowed = _PATTERNS.get(pattern, f"een tekst volgens het patroon {pattern}")
        return Complaint("wrong-value", found, allowed, "pas de tekst aan")
    if kind in {"value_error", "assertion_error"} or "_" not in kind:
        return Complaint("wrong-value", found, str(context.get("error") or error["msg"]), "pas de waarde aan")
    return None


def _choice(error: Mapping[str, Any], found: str, expected: str) -> Complaint:
    """A value outside a fixed list; pydantic writes that list as `'a', 'b' or 'c'`."""
    options = [option.strip("' ") for option in expected.replace(" or ", ", ").split(", ")]
    value = error.get("input")
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return Complaint("wrong-value", found, listing(options, "of"), hint or "kies een van deze waarden")


def _wrong_type(kind: str, error: Mapping[str, Any], found: str) -> Complaint:
    name = next((name for name in _TYPES if kind == name or kind.startswith(f"{name}_")), None)
    if name is None:
        return Complaint("wrong-value", found, "een andere waarde", "zie de voorbeelden in de documentatie")
    return Complaint("wrong-type", found, _TYPES[name], _type_remedy(name, error.get("input")))


def _type_remedy(name: str, value: object) -> str:
    if name == "string" and isinstance(value, bool | int | float | dt.date):
        return "zet de waarde tussen aanhalingstekens"
    if name in {"int", "float"} and isinstance(value, str):
        decimal = value.replace(",", ".", 1)
        if name == "float" and "," in value and decimal.replace(".", "", 1).strip().isdigit():
            return f"gebruik een punt: {decimal}"
        return f"schrijf {_TYPES[name]}, zonder aanhalingstekens"
    if _TYPES[name] == "een lijst":
        return "schrijf een lijst: [a, b] of elk op een eigen regel achter “- ”"
    if name == "bool":
        return "schrijf true of false, zonder aanhalingstekens"
    return f"maak er {_TYPES[name]} van"
