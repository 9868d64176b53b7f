"""Record: one park as a register tells it, and Where: the row or object it stood in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.parks.geometry import Shape

__all__ = ["PARK_CODE", "Record", "Where"]

PARK_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
"""A park's code; it becomes the name of folders and files."""


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a text file, or an object of a map counted from 1."""

    file: str
    line: int | None = None
    number: int | None = None

    def finding(
        self,
        rule: str,
        found: str,
        allowed: str,
        remedy: str,
        *,
        severity: Severity = "warning",
        park_id: str | None = None,
    ) -> Finding:
        """A finding in this place; an object is named in words, for it has no line."""
        told = found if self.number is None else f"object {self.number}: {found}"
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            line=self.line,
            park_id=park_id,
            found=told,
            allowed=allowed,
            remedy=remedy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One park; areas in hectares, `codes` and `municipality` as the register gives them, empty where it does not.

    `point` is longitude and latitude, for a register without outlines.
    """

    where: Where
    park_id: str
    name: str
    rin: str = ""
    codes: tuple[str, ...] = ()
    municipality: str = ""
    year: int | None = None
    place: str = ""
    net_ha: float | None = None
    gross_ha: float | None = None
    shape: Shape | None = None
    point: tuple[float, float] | None = None

    @property
    def spot(self) -> tuple[float, float] | None:
        """A place inside the park, longitude and latitude."""
        return self.shape.centre if self.shape is not None else self.point

    def finding(self, rule: str, found: str, allowed: str, remedy: str, *, severity: Severity = "warning") -> Finding:
        """A finding about this park, by its name."""
        told = f"{self.name} ({self.park_id}) {found}"
        return self.where.finding(rule, told, allowed, remedy, severity=severity, park_id=self.park_id)
