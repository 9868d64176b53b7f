"""The commands that analyse, and that prove what was made; with what `werkbank analyse` shows on the terminal."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, audience_option, option, round_option, shown
from werkbank.wording import capital, count, date, listing

if TYPE_CHECKING:
    from werkbank.batch.manifest import Outcome
    from werkbank.batch.runner import BatchResult
    from werkbank.batch.verify import Verification
    from werkbank.settings.entries import Audience


@click.command(cls=DutchCommand)
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@audience_option(help="Voor wie de analyse is: {audiences}.")
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
@round_option()
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
    from werkbank.assessment.choosing import chosen_audience, district_catalogue
    from werkbank.batch.runner import run_batch
    from werkbank.batch.stamp import checked_municipalities
    from werkbank.settings.workspace import find_workspace

    audience = chosen_audience(audience)
    municipalities = checked_municipalities(chosen)
    with progress(len(municipalities), quiet=quiet) as report:
        result = run_batch(
            find_workspace(), municipalities, audience=audience, jobs=jobs, force=force, strict=strict, timeout=timeout,
            dask=dask, report=report,
        )  # fmt: skip
    summarise(result, district_catalogue().audience(audience))
    return result.exit_code


@click.command(cls=DutchCommand)
@round_option()
@audience_option(help="Van welke doelgroep de analyses zijn.")
@option("--against", metavar="MAP", help="Vergelijk ook met een kopie die u ergens anders bewaart.")
@option("--json", "as_json", is_flag=True, help="Toon de bevindingen voor machines.")
def verify(audience: str, against: str | None, as_json: bool) -> int:
    """Ga na of de analyses in output bij de invoer horen, tot op de letter.

    \b
    Elk bestand wordt vergeleken met wat het manifest ervan zegt: de uitvoer, de invoer, en de manifesten zelf.
    Ook het register van besluiten wordt nagegaan: of het gaaf is, en of het niet is teruggezet of herschreven; en elk
    verstrekt exemplaar: of het is zoals het is gegeven, en op die dag weer zou mogen.
    \b
    Voorbeelden:
      werkbank verify
      werkbank verify --audience municipality --json
      werkbank verify --against /media/kopie
    """
    from werkbank.assessment.choosing import any_parameters, chosen_audience
    from werkbank.batch.verify import verify as verified
    from werkbank.release.disclosure import verified as issued_copies

    parameters = any_parameters().model_copy(update={"audience": chosen_audience(audience)})
    result = verified(parameters, Path(against) if against else None)
    result = replace(result, findings=(*result.findings, *issued_copies(parameters)))
    if as_json:
        click.echo(json.dumps([finding.to_dict() for finding in result.findings], ensure_ascii=False, indent=1))
    else:
        _tell(result)
    return FINDINGS if result.findings else DONE


def _tell(result: Verification) -> None:
    for finding in result.findings:
        click.echo(str(finding), err=True)
    for note in result.notes:
        click.echo(f"Let op: {note}", err=True)
    made_of = f" gemaakt van {count(result.inputs, 'invoerbestand', 'invoerbestanden')}" if result.inputs else ""
    seen = (
        f"{count(result.analyses, 'analyse', 'analyses')}, {count(result.outputs, 'bestand', 'bestanden')}{made_of}, "
        f"{count(result.chain, 'manifest', 'manifesten')}"
    )
    finished = dt.date.fromisoformat(result.finished[:10]) if result.finished else None
    when = f"; de laatste batch was klaar op {date(finished)}" if finished else ""
    if result.findings:
        click.echo(f"{count(len(result.findings), 'afwijking', 'afwijkingen')} gevonden. Nagegaan: {seen}.")
    else:
        click.echo(f"Alles klopt. Nagegaan: {seen}{when}.")


SHOWN = 5
"""Findings per municipality in the summary; the analysis lists them all."""
NAMED = 8
"""Municipalities that are named before the rest is counted."""


@contextlib.contextmanager
def progress(total: int, *, quiet: bool) -> Iterator[Callable[[str, Outcome | None], None]]:
    """A bar on a terminal, a line per municipality elsewhere, nothing when quiet."""
    if quiet:
        yield lambda _name, _outcome: None
        return
    if not sys.stderr.isatty():
        yield _say
        return
    # Only a terminal needs it, and every command would pay for it.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Analyses"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[busy]}"))
    busy: dict[str, None] = {}
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("analyses", total=total, busy="kijken wat is veranderd")

        def report(name: str, outcome: Outcome | None) -> None:
            if outcome is None:
                busy[name] = None
            else:
                busy.pop(name, None)
                bar.advance(task)
            # Several threads tell that they begin; a copy is made in one step.
            bar.update(task, busy=f"bezig: {listing(list(busy))}" if busy else "")

        yield report
        bar.update(task, busy="")


def _say(name: str, outcome: Outcome | None) -> None:
    """That one ended; what is wrong with it follows in the summary, once."""
    if outcome is not None:
        told = {
            "failed": "mislukt",
            "kept": "niets veranderd",
            "made": f"gemaakt, {count(outcome.parks, 'terrein', 'terreinen')}",
        }
        click.echo(f"{name}: {told[outcome.state]}", err=True)


def summarise(result: BatchResult, audience: Audience) -> None:
    """Why any failed, what is wrong with the input, how many were made, and where they are."""
    for outcome in result.outcomes:
        if outcome.failed:
            click.echo(f"{outcome.name} is mislukt. {outcome.reason}", err=True)
        elif outcome.errors:
            _findings(outcome)
    for note in result.notes:
        click.echo(f"Let op: {note}", err=True)
    for reason, names in _reasons(result).items():
        click.echo(f"Opnieuw gemaakt ({reason}): {_named(names)}")
    click.echo(_total(result))
    if result.index:
        click.echo(shown(result.index))
    elif folders := [outcome.folder for outcome in result.outcomes if outcome.folder and not outcome.failed]:
        own = audience.areas == "own"
        what = "de bladzijden van het eigen terrein, uit een map" if "park" in audience.documents else "de eigen map,"
        where = f"Ieder krijgt alleen {what} zoals {shown(folders[0])}" if own else shown(folders[0].parent)
        click.echo(f"Voor: {audience.name}. {where}")


def _reasons(result: BatchResult) -> dict[str, list[str]]:
    """Which analyses were made, by the reason why."""
    found: dict[str, list[str]] = {}
    for outcome in result.outcomes:
        if outcome.state == "made":
            found.setdefault(listing(outcome.why), []).append(outcome.name)
    return found


def _named(names: list[str]) -> str:
    rest = len(names) - NAMED
    return listing([*names[:NAMED], f"nog {rest}"]) if rest > 0 else listing(names)


def _total(result: BatchResult) -> str:
    """How many were made, kept and failed."""
    size = {state: sum(one.state == state for one in result.outcomes) for state in ("made", "kept", "failed")}
    if not result.outcomes:
        return "Van het district is één bladzijde gemaakt; per gemeente krijgt deze doelgroep niets."
    made = f"{capital(count(size['made'], 'analyse', 'analyses'))} gemaakt"
    if size["failed"]:
        made = f"{size['made']} van de {size['made'] + size['failed']} analyses gemaakt"
    kept = f", {size['kept']} bewaard omdat er niets is veranderd" if size["kept"] else ""
    return f"{made}{kept}."


def _findings(outcome: Outcome) -> None:
    size = len(outcome.errors)
    click.echo(f"{outcome.name}: {count(size, 'fout', 'fouten')} in de invoer", err=True)
    for finding in outcome.errors[:SHOWN]:
        click.echo(f"  {finding}", err=True)
    if size > SHOWN:
        click.echo(f"  … en nog {size - SHOWN}; alle staan in de analyse", err=True)
