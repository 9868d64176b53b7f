"""The command `werkbank`: thin, in Dutch; everything heavy is imported inside the command that needs it."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from werkbank.errors import WerkbankError
from werkbank.terminal import DutchCommand, DutchGroup, DutchOption, speak_dutch
from werkbank.wording import count

if TYPE_CHECKING:
    from werkbank.batch.outcome import BatchResult, Made, Outcome

__all__ = ["main"]

DONE, FINDINGS, WRONG_USE = 0, 1, 2
INTERRUPTED = 130
option = functools.partial(click.option, cls=DutchOption)
SHOWN = 5
"""Findings per municipality in the summary; the analysis lists them all."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0 done, 1 failures or findings, 2 wrong use."""
    try:
        code = command.main(arguments, prog_name="werkbank", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        click.echo(speak_dutch(error), err=True)
        sys.exit(WRONG_USE)
    except WerkbankError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)
    sys.exit(code if isinstance(code, int) else DONE)


@click.group(cls=DutchGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="werkbank-bedrijventerreinen", message="werkbank %(version)s", help="Toon de versie."
)
def command() -> None:
    """Van ingevulde risicomatrices naar een analyse per gemeente.

    \b
    Begin met een voorbeeld:
      werkbank demo       maakt een fictief district in de map data
      werkbank analyse    maakt van elke gemeente een analyse in de map output
    """


@command.command(cls=DutchCommand)
@option("--seed", default=2018, show_default=True, metavar="GETAL", help="Ander getal, ander district.")
def demo(seed: int) -> int:
    """Maak een fictief district van 77 terreinen in de map data.

    \b
    Schrijft een terreinenregister, ingevulde matrices van twee rondes, een grondslag en één besluit van een
    fictieve stuurgroep; alles is verzonnen.
    Een map data met andere gegevens blijft zoals hij is.
    \b
    Voorbeeld:
      werkbank demo
    """
    from werkbank.catalogue import load_catalogue
    from werkbank.decisions import select_in_demo
    from werkbank.demo import write_demo
    from werkbank.parameters import find_workspace, load_parameters, municipality_slugs

    workspace = find_workspace()
    parameters = load_parameters(municipality_slugs(workspace)[0])
    write_demo(parameters.data, catalogue=load_catalogue(parameters.catalogue_path), seed=seed)
    select_in_demo("urk")
    click.echo(f"FICTIEVE GEGEVENS staan klaar in {_shown(parameters.data)}. Maak nu de analyses: werkbank analyse")
    return DONE


@command.command(cls=DutchCommand)
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@option("--audience", default="riec", show_default=True, metavar="DOELGROEP", help="Voor wie de analyse is.")
@option(
    "--jobs",
    default=2,
    show_default=True,
    metavar="AANTAL",
    type=click.IntRange(1, 32),
    help="Zoveel gemeenten tegelijk.",
)
@option("--strict", is_flag=True, help="Weiger een gemeente als een werkmap ontbreekt of een fout heeft.")
@option("--quiet", is_flag=True, help="Geen voortgang tonen.")
def analyse(chosen: tuple[str, ...], audience: str, jobs: int, strict: bool, quiet: bool) -> int:
    """Maak de analyse van elke gemeente in de map output.

    \b
    Een gemeente die mislukt houdt de andere niet tegen: de samenvatting zegt welke en waarom.
    \b
    Voorbeelden:
      werkbank analyse
      werkbank analyse --municipality urk --strict
    """
    from werkbank.batch.plan import plan_batch
    from werkbank.batch.runner import run_batch

    workspace, municipalities = plan_batch(chosen, audience)
    with _progress(len(municipalities), quiet) as report:
        result = run_batch(workspace, municipalities, audience=audience, jobs=jobs, strict=strict, report=report)
    _summarise(result)
    return result.exit_code


@command.command(cls=DutchCommand)
@click.argument("park", metavar="TERREIN")
@option("--reason", required=True, metavar="TEKST", help="Waarom dit terrein is gekozen.")
@option("--by", required=True, metavar="WIE", help="Wie besloot: een orgaan of rol, zoals “stuurgroep”.")
@option("--against-reason", metavar="TEKST", help="Waarom van het advies wordt afgeweken, als dat zo is.")
def select(park: str, reason: str, by: str, against_reason: str | None) -> int:
    """Leg vast welk terrein mensen hebben gekozen.

    \b
    Het advies van dit moment wordt ernaast bewaard. De werkbank kiest zelf nooit.
    \b
    Voorbeeld:
      werkbank select LEL-05 --reason "Hoogste score, en het overleg is er klaar voor." --by stuurgroep
    """
    from werkbank.decisions import select_park

    selection = select_park(park, reason=reason, by=by, against_reason=against_reason)
    against = " Dit wijkt af van het advies; de reden daarvoor is bewaard." if selection.against_advice else ""
    click.echo(f"Vastgelegd: {selection.park_id} in {selection.municipality}, ronde {selection.round}.{against}")
    click.echo(f"Maak nu het projectplan: werkbank plan {selection.park_id}")
    return DONE


@command.command(cls=DutchCommand)
@click.argument("parks", metavar="[TERREIN]...", nargs=-1)
def plan(parks: tuple[str, ...]) -> int:
    """Maak het projectplan van elk gekozen terrein, als Word en als HTML.

    \b
    Zonder vastgelegde keuze is er geen plan: zie werkbank select.
    \b
    Voorbeelden:
      werkbank plan
      werkbank plan LEL-05
    """
    from werkbank.batch.plans import make_plans

    return _made(make_plans(parks), "projectplan", "projectplannen", "projectplan.html")


@command.command(cls=DutchCommand)
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze; mag vaker.")
def monitor(chosen: tuple[str, ...]) -> int:
    """Vergelijk deze ronde met de vorige: anders beoordeeld, meer kennis of een andere methode.

    \b
    Voorbeeld:
      werkbank monitor --municipality urk
    """
    from werkbank.batch.plans import make_monitors

    return _made(make_monitors(chosen), "vergelijking", "vergelijkingen", "monitor.html")


@command.command(cls=DutchCommand)
@option("--audience", default="riec", show_default=True, metavar="DOELGROEP", help="Voor wie het dashboard is.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--port", default=0, type=click.IntRange(0, 65535), metavar="POORT", help="Vaste poort; anders een vrije.")
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
def dashboard(audience: str, municipality: str | None, port: int, no_browser: bool) -> int:
    """Open het dashboard op deze computer, met alleen wat de doelgroep mag zien.

    \b
    Stoppen: Ctrl-C.
    \b
    Voorbeelden:
      werkbank dashboard
      werkbank dashboard --municipality urk --audience municipality
    """
    from werkbank.dashboard.command import run

    return run(audience, municipality, port, open_browser=not no_browser)


@command.command(cls=DutchCommand)
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
def lab(no_browser: bool) -> int:
    """Open JupyterLab met de notebooks, om zelf verder te verkennen.

    \b
    Voorbeeld:
      werkbank lab
    """
    from werkbank.laboratory import open_lab

    return open_lab(open_browser=not no_browser)


def _made(results: Iterable[Made], one: str, many: str, file: str) -> int:
    """Say of each thing whether it was made, and where; exit code 1 when any was not."""
    failed = total = 0
    for made in results:
        total += 1
        if made.folder is None:
            failed += 1
            click.echo(f"{made.name}: mislukt\n{made.reason}", err=True)
        else:
            click.echo(_shown(made.folder / file))
    click.echo(f"{count(total - failed, one, many)} gemaakt.")
    return FINDINGS if failed else DONE


@contextlib.contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal, a line per municipality elsewhere, nothing when quiet."""
    if quiet:
        yield lambda _name, _outcome: None
        return
    if not sys.stderr.isatty():
        yield _say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Analyses"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[busy]}"),
    )
    busy: dict[str, None] = {}
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("analyses", total=total, busy="")

        def report(name: str, outcome: Outcome | None) -> None:
            if outcome is None:
                busy[name] = None
            else:
                busy.pop(name, None)
                bar.advance(task)
            bar.update(task, busy=f"bezig: {', '.join(busy)}" if busy else "klaar")

        yield report


def _say(name: str, outcome: Outcome | None) -> None:
    if outcome is not None:
        click.echo(f"{name}: {_state(outcome)}", err=True)


def _summarise(result: BatchResult) -> None:
    """Who failed and why, who has findings, and where the index page is."""
    for outcome in result.outcomes:
        if outcome.failed:
            click.echo(f"{outcome.municipality}: {_state(outcome)}\n{outcome.reason}", err=True)
    flawed = [outcome for outcome in result.outcomes if outcome.assessment and outcome.errors]
    for outcome in flawed:
        click.echo(f"{outcome.municipality}: {_state(outcome)}", err=True)
        for finding in outcome.errors[:SHOWN]:
            click.echo(f"  {finding}", err=True)
        if len(outcome.errors) > SHOWN:
            click.echo(f"  … en nog {len(outcome.errors) - SHOWN}; alle staan in de analyse", err=True)
    made, asked = sum(not outcome.failed for outcome in result.outcomes), len(result.outcomes)
    click.echo(
        f"{made} van de {asked} analyses gemaakt." if made < asked else f"{count(made, 'analyse', 'analyses')} gemaakt."
    )
    if result.index:
        click.echo(_shown(result.index))


def _state(outcome: Outcome) -> str:
    if outcome.assessment is None:
        return "mislukt"
    parks = count(len(outcome.assessment.parks), "terrein", "terreinen")
    if outcome.errors:
        return f"gemaakt, {parks}, {count(len(outcome.errors), 'fout', 'fouten')} in de invoer"
    return f"gemaakt, {parks}"


def _shown(path: Path) -> str:
    """The path as the user would type it from here."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown
