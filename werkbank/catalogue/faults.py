"""A contradiction in a catalogue's plain data, and how the checks walk that data.

Whatever has the wrong shape is passed over: the models report that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkbank.catalogue.yaml_nodes import Path
from werkbank.errors import Finding
from werkbank.wording import did_you_mean

__all__ = ["Fault", "Plain", "codes", "items", "texts", "twice", "unknown"]

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


def items(data: Plain, key: str) -> Iterator[tuple[Path, Plain]]:
    """The entries of a list that are groups of keys, with their path."""
    entries = data.get(key)
    if isinstance(entries, list | tuple):
        for position, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield (key, position), entry


def texts(path: Path, entry: Plain, key: str) -> Iterator[tuple[Path, str]]:
    """The texts under a key, be it one text or a list of them."""
    value = entry.get(key)
    if isinstance(value, str):
        yield (*path, key), value
    elif isinstance(value, list | tuple):
        for position, text in enumerate(value):
            if isinstance(text, str):
                yield (*path, key, position), text


def codes(data: Plain, key: str, name: str = "id") -> list[str]:
    """The codes of a list's entries."""
    return [entry[name] for _, entry in items(data, key) if isinstance(entry.get(name), str)]


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
