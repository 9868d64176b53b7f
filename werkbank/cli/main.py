"""The command `werkbank`: thin, in Dutch; everything heavy is imported inside the command that needs it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import click

from werkbank.cli.analyse import verify
from werkbank.cli.collect import check, matrix
from werkbank.cli.commands_store import store
from werkbank.cli.decide import monitor, plan, register, select, withdraw
from werkbank.cli.terminal import DONE, FINDINGS, WRONG_USE, DutchCommand, DutchGroup, option, shown, speak_dutch
from werkbank.errors import WerkbankError, unforeseen
from werkbank.wording import disk_fault

__all__ = ["main"]

INTERRUPTED = 130
AUDIENCES = "riec (alles) of municipality (wat de gemeente zelf mag zien)"
"""The audiences for which something can be made, in words; importing their filter here would take too long."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0 done, 1 failures or findings, 2 wrong use."""
    try:
        code = command.main(arguments, prog_name="werkbank", standalone_mode=False)
        sys.stdout.flush()  # what the system refuses of it is said below; later Python would say it, in its own words
    except click.exceptions.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        click.echo(speak_dutch(error), err=True)
        sys.exit(WRONG_USE)
    except WerkbankError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)
    except BrokenPipeError:  # who was reading has seen enough, as `| head` has
        _let_go_of_output()
        sys.exit(FINDINGS)
    except OSError as error:
        click.echo(_stopped(error), err=True)
        _let_go_of_output()
        sys.exit(FINDINGS)
    except Exception as error:  # noqa: BLE001  its traceback may hold a judgement
        click.echo(str(unforeseen(error)), err=True)
        sys.exit(FINDINGS)
    sys.exit(code if isinstance(code, int) else DONE)


def _let_go_of_output() -> None:
    """What could not be written leads nowhere from now on; else Python tries once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _stopped(error: OSError) -> str:
    """What the system refused, by the name of the file alone."""
    file = f": {Path(str(error.filename)).name}" if error.filename else ""
    return f"De opdracht kon niet verder ({disk_fault(error)}){file}."


@click.group(cls=DutchGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="werkbank-bedrijventerreinen", message="werkbank %(version)s", help="Toon de versie."
)
def command() -> None:
    """Van ingevulde risicomatrices naar een analyse per gemeente.

    \b
    Begin met een voorbeeld:
      werkbank demo       maakt een fictief district in de map data
      werkbank check      zegt wat er aan de ingevulde matrices te verbeteren is
      werkbank analyse    maakt van elke gemeente een analyse in de map output
    """


for _command in (check, matrix, select, withdraw, register, plan, monitor, verify, store):
    command.add_command(_command)


@command.command(cls=DutchCommand)
@option("--seed", default=2018, show_default=True, metavar="GETAL", help="Ander getal, ander district.")
@option("--faults", is_flag=True, help="Plant ook elke fout die in echte aanleveringen voorkomt.")
@option("--quiet", is_flag=True, help="Zeg niet wat u hierna kunt doen.")
def demo(seed: int, faults: bool, quiet: bool) -> int:
    """Maak een fictief district van 77 terreinen in de map data.

    \b
    Schrijft een terreinenregister, ingevulde matrices van twee rondes, een grondslag en één besluit van een
    fictieve stuurgroep; alles is verzonnen. Bewaart in output ook hoe de vorige ronde is gerekend, voor
    werkbank monitor.
    Een map data met andere gegevens, of met besluiten die u er zelf in hebt vastgelegd, blijft zoals hij is.
    \b
    Voorbeelden:
      werkbank demo
      werkbank demo --faults
    """
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.cli.workspace import keep_earlier_round
    from werkbank.demo import write_demo
    from werkbank.files.whole import only_batch
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import find_workspace, load_parameters, municipality_slugs

    workspace = find_workspace()
    parameters = load_parameters(municipality_slugs(workspace)[0])
    catalogue = load_catalogue(parameters.catalogue_path)
    with only_batch(parameters.output):
        write_demo(parameters.data, catalogue=catalogue, seed=seed, parties=parameters.parties, faults=faults)
        if select_in_demo("urk") is None:
            why = "er is geen advies, of WERKBANK_DATABASE_URL wijst een databank aan"
            click.echo(f"Let op: er is geen voorbeeldbesluit vastgelegd ({why}).")
        keep_earlier_round()
    next_step = "" if quiet else " Maak nu de analyses: werkbank analyse"
    if faults:
        click.echo(f"Wat er fout in zit, staat in {shown(parameters.data / 'FOUTEN.md')}. Vind het met: werkbank check")
    click.echo(f"FICTIEVE GEGEVENS staan klaar in {shown(parameters.data)}.{next_step}")
    return DONE


@command.command(cls=DutchCommand)
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@option(
    "--audience", default="riec", show_default=True, metavar="DOELGROEP", help=f"Voor wie de analyse is: {AUDIENCES}."
)
@option(
    "--jobs",
    default=2,
    show_default=True,
    metavar="AANTAL",
    type=click.IntRange(1, 32),
    help="Zoveel gemeenten tegelijk.",
)
@option("--force", is_flag=True, help="Maak alles opnieuw, ook als er niets is veranderd.")
@option("--strict", is_flag=True, help="Weiger een gemeente als een werkmap ontbreekt of een fout heeft.")
@option(
    "--timeout",
    default=600,
    show_default=True,
    metavar="SECONDEN",
    type=click.IntRange(1, 86400),
    help="Zo lang mag één notebook duren.",
)
@option("--dask", metavar="ADRES", help="Laat een bestaand dask-cluster de analyses maken.")
@option("--quiet", is_flag=True, help="Geen voortgang tonen.")
def analyse(  # noqa: PLR0913  one for each option
    chosen: tuple[str, ...],
    audience: str,
    jobs: int,
    force: bool,
    strict: bool,
    timeout: int,
    dask: str | None,
    quiet: bool,
) -> int:
    """Maak de analyse van elke gemeente in de map output.

    \b
    Alleen wat is veranderd wordt opnieuw gemaakt, met de reden erbij. Een gemeente die mislukt houdt de andere
    niet tegen: de samenvatting zegt welke en waarom. Afbreken kan met Ctrl-C; wat klaar is blijft.
    \b
    Voorbeelden:
      werkbank analyse
      werkbank analyse --municipality urk --strict
    """
    from werkbank.batch.lock import refuse_second

    refuse_second()
    from werkbank.assessment.choosing import chosen_audience
    from werkbank.batch.plan import plan_batch
    from werkbank.batch.runner import run_batch
    from werkbank.cli.analyse import progress, summarise

    audience = chosen_audience(audience)
    workspace, municipalities = plan_batch(chosen, audience)
    with progress(len(municipalities), quiet=quiet) as report:
        result = run_batch(
            workspace, municipalities, audience=audience, jobs=jobs, force=force, strict=strict, timeout=timeout,
            dask=dask, report=report,
        )  # fmt: skip
    summarise(result)
    return result.exit_code


@command.command(cls=DutchCommand)
@option(
    "--audience",
    default="riec",
    show_default=True,
    metavar="DOELGROEP",
    help=f"Voor wie het dashboard is: {AUDIENCES}.",
)
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
    from werkbank.dashboard.serve import run

    return run(audience, municipality, port, open_browser=not no_browser)


@command.command(cls=DutchCommand)
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
@option("--allow-root", is_flag=True, help="Begin ook als u als beheerder (root) werkt.")
def lab(no_browser: bool, allow_root: bool) -> int:
    """Open JupyterLab met de notebooks, om zelf verder te verkennen.

    \b
    U werkt in eigen exemplaren, in output/verkennen; de notebooks van de werkbank zelf veranderen niet.
    Stoppen: Ctrl-C.
    \b
    Voorbeeld:
      werkbank lab
    """
    from werkbank.dashboard.laboratory import open_lab

    return open_lab(open_browser=not no_browser, allow_root=allow_root)
