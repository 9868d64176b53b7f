"""What a report of two rounds reads: a Development beside its catalogue, for one audience, or nothing at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from werkbank.advice.development import Change, Development
from werkbank.advice.explanation import PrintedChange, printed_change
from werkbank.errors import OutputError
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters, find_workspace
from werkbank.wording import listing

__all__ = ["ChangeRow", "ChangeView", "change_view"]

FIELDS = frozenset(("cells", "scores"))
"""What an audience must be allowed to see before it gets a comparison of rounds."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One park: its label (with its code where two parks share a name), its change, and that as printed."""

    park_id: str
    label: str
    change: Change
    shown: PrintedChange


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A development as rows, the largest rise first, those without a comparison last."""

    development: Development
    catalogue: Catalogue
    audience: Audience
    parameters: Parameters
    rows: tuple[ChangeRow, ...]

    def party_name(self, party: str) -> str:
        """A party's name in a sentence."""
        return self.catalogue.party(party).name


def change_view(development: Development) -> ChangeView:
    """The development as rows for its audience.

    Raises OutputError when it holds more than the audience may see, when the catalogue is no longer the one it was
    made with, or when it does not say for whom it was made.
    """
    parameters = development.parameters
    if parameters is None:
        raise OutputError("Van deze vergelijking is niet bekend voor wie zij is; maak haar met compare_rounds.")
    folder = None if parameters.catalogue is None else find_workspace() / parameters.catalogue
    catalogue = load_catalogue(folder)
    if catalogue.fingerprint != development.catalogue_fingerprint:
        raise OutputError("De catalogus is veranderd sinds deze vergelijking; maak de vergelijking opnieuw.")
    audience = catalogue.audience(parameters.audience)
    _refuse_too_much(development, catalogue, audience)
    return ChangeView(development, catalogue, audience, parameters, _rows(development))


def _rows(development: Development) -> tuple[ChangeRow, ...]:
    changes = development.changes()
    names = Counter(development.name(change.park_id) for change in changes)
    return tuple(
        ChangeRow(
            park_id=change.park_id,
            label=name if names[name] == 1 else f"{name} ({change.park_id})",
            change=change,
            shown=printed_change(change),
        )
        for change in changes
        for name in (development.name(change.park_id),)
    )


def _refuse_too_much(development: Development, catalogue: Catalogue, audience: Audience) -> None:
    """More parties, families or rows than the audience may see means no comparison at all."""
    ranks = [sensitivity.id for sensitivity in catalogue.sensitivities]
    most = ranks.index(audience.sensitivity)
    too_much = [
        *(catalogue.party(party).name for party in development.parties if party not in audience.parties),
        *(family.name.lower() for family in catalogue.families if family.id not in audience.families),
        *(row.id for row in catalogue.indicators if ranks.index(row.sensitivity) > most),
    ]
    if too_much or not set(audience.fields) >= FIELDS:
        detail = f" Te veel: {listing(too_much[:6])}." if too_much else ""
        raise OutputError(
            f"Deze vergelijking bevat meer dan de doelgroep “{audience.name}” mag zien; er is niets gemaakt.{detail} "
            "Beperk eerst de gegevens, of maak de vergelijking voor een andere doelgroep."
        )
