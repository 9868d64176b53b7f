"""The commands `werkbank plan` and `werkbank monitor`: thin; everything heavy is imported when they run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, shown
from werkbank.wording import count

__all__ = ["monitor", "plan"]

if TYPE_CHECKING:
    from werkbank.batch.runner import Made


@click.command(cls=DutchCommand, short_help="Maak het projectplan van elk gekozen terrein.")
@click.argument("parks", metavar="[TERREIN]...", nargs=-1)
def plan(parks: tuple[str, ...]) -> int:
    """Maak het projectplan van elk gekozen terrein, als Word en als HTML.

    \b
    Zonder vastgelegde keuze is er geen plan: zie werkbank select.
    Schrijft in output/<ronde>/riec/plans/<terrein>.
    \b
    Voorbeelden:
      werkbank plan
      werkbank plan LEL-05
    """
    from werkbank.batch.runner import left_over_plans, make_plans

    code = _made(make_plans(parks), "projectplan", "projectplannen", ("projectplan.docx", "projectplan.html"))
    for folder in () if parks else left_over_plans():
        click.echo(f"Let op: {shown(folder)} is een plan zonder keuze die nog geldt. Haal het zelf weg.", err=True)
    return code


@click.command(cls=DutchCommand, short_help="Vergelijk deze ronde met de vorige.")
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze; mag vaker.")
def monitor(chosen: tuple[str, ...]) -> int:
    """Vergelijk deze ronde met de vorige: anders beoordeeld, meer kennis of een andere methode.

    \b
    Welke ronde de vorige is, staat in parameters/district.yaml (earlier_round). Of de methode verschil maakt, is
    alleen te zeggen als de analyse van die ronde is bewaard, in output/<vorige ronde>/riec.
    Schrijft in output/<ronde>/riec/monitor/<gemeente>.
    \b
    Voorbeeld:
      werkbank monitor --municipality urk
    """
    from werkbank.batch.runner import make_monitors

    return _made(make_monitors(chosen), "vergelijking", "vergelijkingen", ("monitor.html",))


def _made(results: Iterable[Made], one: str, many: str, files: tuple[str, ...]) -> int:
    """Say of each thing whether it was made, and where; exit code 1 when any was not."""
    failed = total = 0
    for made in results:
        total += 1
        if made.folder is None:
            failed += 1
            click.echo(f"{made.name}: mislukt\n{made.reason}", err=True)
        else:
            for file in files:
                click.echo(shown(made.folder / file))
    done = total - failed
    click.echo(f"{count(done, one, many)} gemaakt." if done else f"Er is geen {one} gemaakt.")
    return FINDINGS if failed else DONE
