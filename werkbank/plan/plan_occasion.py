"""Why there is a plan: who chose the park, when, why and on which advice, and what of that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.advice.gaps import gaps
from werkbank.advice.park_reading import Assessed, ParkReading
from werkbank.plan.plan_values import Chapter, Entry, Field, Selected
from werkbank.wording import date

__all__ = ["occasion"]


def occasion(assessed: Assessed, reading: ParkReading, selected: Selected) -> Chapter:
    """Who chose this park, when and why, and what the advice said at that moment."""
    fields = [
        _field("Terrein", f"{reading.name} ({reading.park_id})"),
        _field("Gemeente", assessed.municipality_name),
        _field("Besluit van", selected.body),
        _field("Datum van het besluit", date(selected.decided_on)),
        _field("Reden van de keuze", selected.reason),
        _field("Advies op dat moment", selected.advice_then),
        *_unusual(selected),
        _field("Invoer bij het besluit", _completeness(selected.gaps)),
        _field("Invoer van dit plan", _completeness(gaps(assessed.findings))),
        _field("Analyse", f"ronde {assessed.parameters.round}, kenmerk {assessed.fingerprint[:16]}"),
    ]
    return Chapter(
        "Aanleiding",
        (
            (
                f"Op {date(selected.decided_on)} is gekozen voor een gezamenlijke aanpak van bedrijventerrein "
                f"{reading.name} in {assessed.municipality_name}. Het besluit is van: {selected.body}."
            ),
            (
                "De keuze is door mensen gemaakt. Het advies rust op vermoedens van de partijen; "
                "er is niets vastgesteld over een bedrijf of persoon."
            ),
            *_cautions(assessed, selected),
        ),
        tuple(fields),
    )


def _unusual(selected: Selected) -> Iterator[Field]:
    """The reasons of their own that a decision against the advice, or on incomplete input, asks for."""
    if selected.against_reason:
        yield _field("Waarom anders dan het advies", selected.against_reason)
    if selected.incomplete_reason:
        yield _field("Waarom niet gewacht op volledige invoer", selected.incomplete_reason)


def _cautions(assessed: Assessed, selected: Selected) -> Iterator[str]:
    """What is not as it should be: incomplete input, then or now, and data that changed since the decision."""
    if selected.gaps:
        yield f"Let op: bij het besluit was de invoer niet volledig ({'; '.join(selected.gaps)})."
    now = gaps(assessed.findings)
    if now:
        yield f"Let op: dit plan rust op invoer die niet volledig is ({'; '.join(now)})."
    if selected.fingerprint not in (None, assessed.fingerprint):
        yield (
            "Let op: sinds het besluit zijn de gegevens, de methode of de werkbank veranderd. Lees de analyse van nu, "
            "en ga na of het besluit er nog bij past."
        )


def _completeness(found: tuple[str, ...] | None) -> str:
    if found is None:
        return "niet vastgelegd"
    return f"niet volledig: {'; '.join(found)}" if found else "van alle partijen, zonder fouten"


def _field(name: str, value: str) -> Field:
    return Field(name, Entry(value))
