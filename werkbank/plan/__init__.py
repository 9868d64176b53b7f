"""From indications to a project plan: interventions, what they answer, the plan as data, its prose in `plan.yaml`."""

from __future__ import annotations

from functools import cache
from typing import Any

from werkbank.files.yaml import packaged

__all__ = ["words"]


@cache
def words() -> dict[str, Any]:
    """The prose of a plan, as `plan.yaml` has it."""
    return packaged(__file__, "plan.yaml")
