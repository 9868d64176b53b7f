"""The command `werkbank check`: thin; everything heavy is imported when it runs."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, shown
from werkbank.wording import count

__all__ = ["check"]

if TYPE_CHECKING:
    from werkbank.collecting.check import Check
    from werkbank.errors import Finding


KEYS = ("rule", "severity", "file", "sheet", "cell", "park_id", "indicator", "found", "allowed", "remedy")
"""What --json says of each finding, in this order; null where it does not apply."""
_MANY = 20
"""Returns from which writing takes long enough to show how far it is."""


@click.command(cls=DutchCommand, short_help="Zeg wat er aan de matrices te verbeteren is.")
@click.argument("files", metavar="[BESTAND]...", nargs=-1, type=click.Path(path_type=Path))
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst van alle bevindingen, voor een ander programma.")
@option("--quiet", is_flag=True, help="Alleen de samenvatting, zonder tabellen en voortgang.")
@option("--no-files", is_flag=True, help="Schrijf niets: geen werkmappen en pagina's om terug te sturen.")
def check(files: tuple[Path, ...], chosen: tuple[str, ...], as_json: bool, quiet: bool, no_files: bool) -> int:
    """Zeg wat er aan de ingevulde matrices te verbeteren is, en hoe ver het verzamelen is.

    \b
    Zonder bestanden: alle werkmappen van de ronde, en wie nog niets aanleverde. Met bestanden: precies die.
    Schrijft in output/<ronde>/check per aanlevering een gemarkeerde werkmap en een pagina om terug te sturen.
    Uitkomst: 0 geen fouten, 1 wel fouten, 2 verkeerd gebruikt.
    \b
    Voorbeelden:
      werkbank check
      werkbank check --municipality urk
      werkbank check ontvangen/urk_politie.xlsx --no-files
    """
    from werkbank.collecting.check import check_files, check_round

    if files and chosen:
        raise click.UsageError("Noem bestanden of gemeenten, niet allebei.")
    _ask_whether_municipality(files)
    result = check_files(files) if files else check_round(chosen)
    written: tuple[Path, ...] = ()
    if not no_files:
        from werkbank.collecting.replies import write_replies

        with _progress(len(result.returns), quiet=quiet or as_json) as report:
            written = write_replies(result, report=report)
    if as_json:
        click.echo(json.dumps([_plain(finding) for finding in result.findings], indent=1))
    else:
        _show(result, written, quiet=quiet)
    return FINDINGS if result.count("error") else DONE


def _ask_whether_municipality(files: tuple[Path, ...]) -> None:
    """A municipality is named by its option; a word that is no file but one of those is asked about."""
    from werkbank.assessment.choosing import chosen_municipalities
    from werkbank.errors import WerkbankError

    for path in files:
        if not path.exists():
            with contextlib.suppress(WerkbankError):
                (slug,) = chosen_municipalities([str(path)])
                raise click.UsageError(f"{path} is er niet. Bedoelt u “--municipality {slug}”?")


def _plain(finding: Finding) -> dict[str, str | int | None]:
    values = finding.to_dict()
    return {key: values[key] for key in KEYS}


def _show(result: Check, written: tuple[Path, ...], *, quiet: bool) -> None:
    from rich.console import Console

    from werkbank.cli.collect import show, summarise

    console = Console(highlight=False, markup=False, emoji=False)
    if not quiet:
        show(console, result)
    summarise(console, result)
    replies = [path for path in written if path.stem.endswith("_bevindingen")]
    if replies:
        click.echo(f"Om terug te sturen: {shown(replies[0].parent)}, {count(len(replies), 'bestand', 'bestanden')}")
    for path in written:
        if path not in replies:
            click.echo(f"Stand van zaken: {shown(path)}")


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal when there is much to write, else nothing."""
    if quiet or total < _MANY or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Terugschrijven", total=total)
        yield lambda done, _all: bar.update(task, completed=done)
