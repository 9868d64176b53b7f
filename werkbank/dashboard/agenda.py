"""The agenda, worked through in a meeting: that a difference was discussed is a note in the register.

Only in the analyst's own dashboard on this computer. Elsewhere there is no such address, nor a word of it in the page.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from werkbank.dashboard.kernels import closed
from werkbank.errors import OutputError, WerkbankError, unforeseen
from werkbank.wording import date

_FIELDS = ("gemeente", "terrein", "indicator", "door", "notitie")


class Agenda(JupyterHandler):
    """What was discussed, and one difference more; a fault is told in Dutch, as lines. Waits for the register aside."""

    def initialize(self, bundle: Path) -> None:
        """Where the bundle lies whose differences may be marked."""
        self._bundle = bundle

    @web.authenticated
    async def get(self) -> None:
        """Everything that was discussed of this round."""
        await self._answer(lambda: None)

    @web.authenticated
    async def post(self) -> None:
        """Mark one as discussed."""
        given = [self.get_body_argument(name, "") for name in _FIELDS]
        await self._answer(lambda: discuss(self._bundle, *given))

    async def _answer(self, act: Callable[[], None]) -> None:
        self.set_header("Cache-Control", "no-store")
        if closed(self):
            raise web.HTTPError(403)
        try:
            await asyncio.to_thread(act)
            self.finish({"discussed": await asyncio.to_thread(discussed_here)})
        except Exception as fault:  # noqa: BLE001  its text may hold what was typed
            error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
            self.set_status(409)
            self.finish({"fault": [error.message, *map(str, error.findings)]})


def discuss(folder: Path, municipality: str, park_id: str, indicator: str, by: str, text: str) -> None:
    """Record that a difference of the bundle in this folder was discussed, and what was said of it.

    Raises OutputError for what is not on its agenda, LegalBasisError when the parties' judgements may no longer be
    brought together, and RegisterError with every objection at once.
    """
    from werkbank.assessment.inputs import legal_basis_of  # noqa: PLC0415  only who marks one pays for it
    from werkbank.settings.parameters import load_parameters  # noqa: PLC0415

    bundle = _read(folder)
    own = [one for one in bundle.assessments if one.parameters.municipality == municipality]
    if (park_id, indicator) not in {(one.park_id, one.indicator) for each in own for one in each.differences}:
        raise OutputError("Dit verschil staat niet op de agenda van dit dashboard. Er is niets vastgelegd.")
    legal_basis_of(load_parameters(municipality, round=bundle.round, audience=bundle.audience), dt.date.today())
    own[0].note(text, by=by, park=park_id, indicator=indicator)


@lru_cache(maxsize=1)
def _read(folder: Path) -> Any:
    from werkbank.sharing.bundle import read_bundle  # noqa: PLC0415

    return read_bundle(folder)


def discussed_here() -> list[dict[str, str]]:
    """What was discussed of this round in the district: the cell, who and when, and what was said of it."""
    from werkbank.assessment.choosing import any_parameters  # noqa: PLC0415
    from werkbank.register.notes import discussed  # noqa: PLC0415
    from werkbank.register.store import recorded_events  # noqa: PLC0415

    parameters = any_parameters()
    events = recorded_events(parameters.data, round=parameters.round)
    return [
        {
            "place": kept.municipality,
            "park": kept.note.park_id or "",
            "indicator": cell,
            "told": f"Besproken op {date(kept.note.day)} door {kept.note.by}.",
            "text": kept.note.text.removeprefix(f"{cell} besproken.").strip(),
        }
        for kept, cell in discussed(events)
    ]
