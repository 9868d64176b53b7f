"""The one decision in the fictional district, and how it is told from a decision that somebody recorded there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from werkbank.errors import RegisterError

__all__ = ["BODY", "MOMENT", "NO_WAITING", "REASON", "is_untouched"]

BODY: Final = "Fictieve stuurgroep"
MOMENT: Final = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
REASON: Final = "Voorbeeld: het terrein met de hoogste score, en de partners kunnen er beginnen."
NO_WAITING: Final = "Voorbeeld: de fouten zijn erin gezet om te laten zien hoe ze worden gevonden."


def is_untouched(path: Path) -> bool:
    """Whether the register at `path` holds at most the example's own decision; a damaged one may hold more."""
    from werkbank.register.events import utc  # noqa: PLC0415  no database library before there is a register
    from werkbank.register.store import open_register  # noqa: PLC0415

    try:
        with open_register(path) as register:
            events = register.events()
    except RegisterError:
        return False
    return len(events) <= 1 and all((event.actor_role, event.at) == (BODY, utc(MOMENT)) for event in events)
