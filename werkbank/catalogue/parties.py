"""Which parties a catalogue knows, and what is said of one that it does not."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from werkbank.catalogue.faults import codes
from werkbank.catalogue.loading import PACKAGED
from werkbank.catalogue.yaml_loader import Document, read_yaml
from werkbank.errors import Finding
from werkbank.wording import did_you_mean, listing

__all__ = ["party_codes", "unknown_parties"]

FILE = "partners.yaml"
KEY = "parties"


def party_codes(folder: Path | None = None) -> tuple[str, ...]:
    """The codes of the parties in a catalogue's one file; none when it cannot be read, which the catalogue reports."""
    return _packaged() if folder is None else _read(folder)


def unknown_parties(document: Document, folder: Path | None = None) -> Iterator[Finding]:
    """A finding for every party under `parties` that the catalogue in `folder` does not know, with the nearest."""
    known = party_codes(folder)
    named = document.data.get(KEY) if isinstance(document.data, dict) and known else None
    for place, party in enumerate(named if isinstance(named, (list, tuple)) else ()):
        if isinstance(party, str) and party not in known:
            yield Finding(
                rule="unknown-party",
                severity="error",
                file=document.name,
                line=document.line_of((KEY, place)) if document.lines else None,
                found=f"de catalogus kent geen partij “{party[:60]}”",
                allowed=listing(known, last="of"),
                remedy=did_you_mean(party, known) or f"voeg de partij toe aan {FILE} van de catalogus",
            )


@functools.cache
def _packaged() -> tuple[str, ...]:
    return _read(PACKAGED)


def _read(folder: Path) -> tuple[str, ...]:
    data = read_yaml(folder / FILE).data
    return tuple(codes(data, KEY)) if isinstance(data, dict) else ()
