"""From indications to a project plan: interventions, what they answer, the plan as data, its prose in `plan.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["words"]


@cache
def words() -> dict[str, Any]:
    """The prose of a plan, as `plan.yaml` has it."""
    return dict(yaml.safe_load(Path(__file__).with_name("plan.yaml").read_text(encoding="utf-8")))
