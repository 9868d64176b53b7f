"""The steps by which a file leaves the house: who may take each, from which state to which.

All of it is data, in `steps.yaml`; a request is in the state to which its last step led.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from werkbank.errors import Finding
from werkbank.files.yaml import Prose, packaged
from werkbank.wording import listing

PROSE: Final = Prose(Path(__file__).with_name("faults.yaml"))
"""What every finding about a file that is to leave says."""


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The states, steps and other words of this room."""
    return packaged(__file__, "steps.yaml")


def may_follow(state: str | None) -> dict[str, dict[str, Any]]:
    """The steps that may be taken from a state; from none, those that begin a request."""
    found: dict[str, dict[str, Any]] = words()["steps"]
    return {code: one for code, one in found.items() if state in (one["from"] or [None])}


def objections(code: str, number: int, state: str | None, by: str, requester: str) -> Iterator[Finding]:
    """Why this role may not take this step now; nothing when it may."""
    step, can = words()["steps"][code], may_follow(state)
    if code not in can:
        allowed = listing((one["name"] for one in can.values()), "of") or "niets meer"
        now = words()["states"].get(state, "er niet")
        yield PROSE.finding("step-not-allowed", number=number, step=step["name"], state=now, can=allowed)
    if step["by"] == "another" and by.casefold().split() == requester.casefold().split():
        yield PROSE.finding("step-own-request", number=number)
