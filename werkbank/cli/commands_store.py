"""`werkbank store`: a round on shared storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, DutchCommand, option
from werkbank.wording import capital, count, listing

__all__ = ["store"]

if TYPE_CHECKING:
    from werkbank.batch.store import Stored


@click.command(cls=DutchCommand, short_help="Bewaar de analyses van een ronde op gedeelde opslag.")
@click.argument("address", metavar="ADRES")
@option("--round", metavar="RONDE", help="Een andere ronde dan die van nu.")
@option(
    "--audience", default="riec", show_default=True, metavar="DOELGROEP", help="Van welke doelgroep de analyses zijn."
)
@option("--force", is_flag=True, help="Stuur alles, ook wat er volgens het manifest al staat.")
def store(address: str, round: str | None, audience: str, force: bool) -> int:
    """Bewaar de analyses van een ronde op gedeelde opslag, met hun manifest.

    \b
    ADRES is een map, bijvoorbeeld op een netwerkschijf, of een adres als s3://… of abfs://… Alleen opslag die
    versleuteld te bereiken is. Wat er al staat en gelijk is, wordt niet opnieuw gestuurd.
    Het manifest komt als laatste: staat het er, dan staat alles er. Nagaan kan met werkbank verify --at ADRES.
    \b
    De analyses van het RIEC horen alleen op opslag van het RIEC zelf. Ook met --audience municipality staan daar de
    exemplaren van alle gemeenten naast elkaar: geef een gemeente alleen haar eigen map.
    \b
    Voorbeelden:
      werkbank store /mnt/riec/werkbank
      werkbank store s3://riec-flevoland/werkbank --round 2026-1
    """
    from werkbank.assessment.choosing import any_parameters, chosen_audience
    from werkbank.batch.store import store as stored

    parameters = any_parameters(round).model_copy(update={"audience": chosen_audience(audience)})
    result = stored(parameters, address, force=force)
    click.echo(_told(result))
    return DONE


def _told(result: Stored) -> str:
    """What was done, in one sentence."""
    if not result.sent and not result.removed:
        return f"Alles stond er al: {count(result.kept, 'bestand', 'bestanden')}."
    there = "stond er al" if result.kept == 1 else "stonden er al"
    parts = [f"{capital(count(result.sent, 'bestand', 'bestanden'))} bewaard"]
    parts += [f"{result.kept} {there}"] if result.kept else []
    parts += [f"{result.removed} weggehaald"] if result.removed else []
    return f"{listing(parts)}."
