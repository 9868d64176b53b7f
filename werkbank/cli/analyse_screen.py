"""What `werkbank analyse` shows on the terminal: how far it is, and how it ended."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import shown
from werkbank.wording import capital, count, listing

__all__ = ["progress", "summarise"]

if TYPE_CHECKING:
    from werkbank.batch.outcome import BatchResult, Outcome


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Left(ProgressColumn):
        """How long it will take, in words; rich itself shows `-:--:--` until the first is done."""

        def render(self, task: Task) -> Text:
            return Text("" if task.finished else _left(task.time_remaining))

    columns = (TextColumn("Analyses"), BarColumn(), MofNCompleteColumn(), Left(), TextColumn("{task.fields[busy]}"))
    busy: dict[str, None] = {}
    left = [total]
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=600) as bar:
        task = bar.add_task("analyses", total=total, busy="kijken wat is veranderd")

        def report(name: str, outcome: Outcome | None) -> None:
            if outcome is None:
                busy[name] = None
            elif outcome.state == "kept":
                # It took no time, and would make the rest look as quick.
                left[0] -= 1
                bar.update(task, total=left[0])
            else:
                busy.pop(name, None)
                bar.advance(task)
            # Several threads tell that they begin; a copy is made in one step.
            bar.update(task, busy=f"bezig: {listing(list(busy))}" if busy else "")

        yield report
        bar.update(task, busy="")


def _left(seconds: float | None) -> str:
    """How long is left, as somebody would say it."""
    if seconds is None:
        return "nog onbekend hoe lang"
    minutes = round(seconds / 60)
    return f"nog {count(minutes, 'minuut', 'minuten')}" if minutes > 1 else f"nog {math.ceil(seconds)} s"


def _say(name: str, outcome: Outcome | None) -> None:
    """That one ended; what is wrong with it follows in the summary, once."""
    if outcome is not None:
        told = {
            "failed": "mislukt",
            "kept": "niets veranderd",
            "made": f"gemaakt, {count(outcome.parks, 'terrein', 'terreinen')}",
        }
        click.echo(f"{name}: {told[outcome.state]}", err=True)


def summarise(result: BatchResult) -> None:
    """Why any failed, what is wrong with the input, how many were made, and where they are."""
    for outcome in result.outcomes:
        if outcome.failed:
            click.echo(f"{outcome.municipality} is mislukt. {outcome.reason}", err=True)
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
        click.echo(f"Elke gemeente krijgt alleen haar eigen map, zoals {shown(folders[0])}")


def _reasons(result: BatchResult) -> dict[str, list[str]]:
    """Which analyses were made, by the reason why."""
    found: dict[str, list[str]] = {}
    for outcome in result.outcomes:
        if outcome.state == "made":
            found.setdefault(listing(outcome.why), []).append(outcome.municipality)
    return found


def _named(names: list[str]) -> str:
    rest = len(names) - NAMED
    return listing([*names[:NAMED], f"nog {rest}"]) if rest > 0 else listing(names)


def _total(result: BatchResult) -> str:
    """How many were made, kept and failed."""
    size = {state: sum(one.state == state for one in result.outcomes) for state in ("made", "kept", "failed")}
    made = f"{capital(count(size['made'], 'analyse', 'analyses'))} gemaakt"
    if size["failed"]:
        made = f"{size['made']} van de {size['made'] + size['failed']} analyses gemaakt"
    kept = f", {size['kept']} bewaard omdat er niets is veranderd" if size["kept"] else ""
    return f"{made}{kept}."


def _findings(outcome: Outcome) -> None:
    size = len(outcome.errors)
    click.echo(f"{outcome.municipality}: {count(size, 'fout', 'fouten')} in de invoer", err=True)
    for finding in outcome.errors[:SHOWN]:
        click.echo(f"  {finding}", err=True)
    if size > SHOWN:
        click.echo(f"  … en nog {size - SHOWN}; alle staan in de analyse", err=True)
