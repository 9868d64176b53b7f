"""One planted fault: its kind and place, and the rule that finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One planted fault, or with `rule` None something that only looks like one.

    `kind` is a short Dutch name, `what` says in Dutch what was done; `cell` is as in F14, `line` that of a text file.
    A fault that concerns no file in particular has None for `file`.
    """

    kind: str
    rule: str | None
    file: str | None
    what: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
