"""How a batch ended, municipality by municipality."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from werkbank.batch.manifest import Record
from werkbank.errors import Finding

__all__ = ["BatchResult", "Made", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one municipality ended: made, kept because nothing changed, or failed with the reason."""

    municipality: str
    state: Literal["made", "kept", "failed"]
    reason: str = ""
    why: tuple[str, ...] = ()
    """Why it was made anew."""
    parks: int = 0
    errors: tuple[Finding, ...] = ()
    """The errors in the input of an analysis that was made all the same; for the analyst, whoever it was made for."""
    folder: Path | None = None
    """Where its files belong; None when its parameters could not be read."""
    record: Record | None = None
    """What the manifest is to say of it; None when it failed."""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """True when there is no analysis of the inputs that are there now."""
        return self.state == "failed"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch made, municipality by municipality, and the page that leads to it; none where that is not made."""

    outcomes: tuple[Outcome, ...]
    index: Path | None
    notes: tuple[str, ...] = ()
    """What is to be known about the batch as a whole: files that nobody reads, weights that do not add up."""

    @property
    def exit_code(self) -> int:
        """0 when everything is there without an error in the input, else 1."""
        return int(any(outcome.failed or outcome.errors for outcome in self.outcomes))


@dataclass(frozen=True, slots=True)
class Made:
    """A plan or a comparison: its name and its folder, or the reason why there is none."""

    name: str
    folder: Path | None
    reason: str = ""
