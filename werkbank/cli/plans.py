"""The commands of what follows a choice: the guideline, project plans, their actions, the comparison of rounds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, round_option, shown
from werkbank.wording import capital, count, date

if TYPE_CHECKING:
    from werkbank.batch.outcome import Outcome

ACTION_STATES = ("not_started", "running", "done")


@click.command(cls=DutchCommand)
def guideline() -> int:
    """Maak de leidraad: alle interventies uit de catalogus, als webpagina en in Word.

    \b
    Zegt van elke interventie wat zij is, bij welke indicatoren zij past, wie trekt, op welke grondslag en wat zij kost.
    Bevat geen gegevens over terreinen: de matrices hoeven er niet voor te zijn.
    Schrijft in output/leidraad.
    \b
    Voorbeeld:
      werkbank guideline
    """
    from werkbank.assessment.choosing import any_parameters
    from werkbank.report.guideline import write_guideline
    from werkbank.settings.catalogue import load_catalogue

    parameters = any_parameters()
    used = load_catalogue(parameters.catalogue_path)
    for file in write_guideline(used, parameters.output / "leidraad", dt.date.today()):
        click.echo(shown(file))
    return DONE


@click.command(cls=DutchCommand, short_help="Maak het projectplan van elk gekozen terrein.")
@click.argument("parks", metavar="[TERREIN]...", nargs=-1)
@round_option()
def plan(parks: tuple[str, ...]) -> int:
    """Maak het projectplan van elk gekozen terrein, als Word en als HTML.

    \b
    Zonder vastgelegde keuze is er geen plan: zie werkbank select.
    De eerste keer komt er een voorstel in data/plans/<terrein>.yaml. Dat bestand is daarna van u: wat u kiest en
    invult, komt in het plan, en wat uit de matrix volgt wordt elke keer vernieuwd.
    Schrijft in output/<ronde>/riec/plans/<terrein>.
    \b
    Voorbeelden:
      werkbank plan
      werkbank plan LEL-05
    """
    from werkbank.batch.follow_up import make_plans

    return _made(make_plans(parks), "projectplan", "projectplannen", ("projectplan*.docx", "projectplan.html"))


@click.command(cls=DutchCommand, short_help="Volg de acties van alle plannen.")
@option("--owner", metavar="WIE", help="Alleen van deze organisatie of rol.")
@option("--park", metavar="TERREIN", help="Alleen van dit terrein.")
@option("--state", type=click.Choice(list(ACTION_STATES)), help="Alleen in deze stand.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst, voor een ander programma.")
def actions(owner: str | None, park: str | None, state: str | None, as_json: bool) -> int:
    """Volg de acties van alle plannen: wie, wanneer, en wat te laat is.

    \b
    Leest data/plans. Te laat wordt berekend uit de einddatum; wat klaar is, heeft een datum en een uitkomst.
    Uitkomst: 0 niets is te laat, 1 er is iets te laat.
    \b
    Voorbeelden:
      werkbank actions
      werkbank actions --owner gemeente --state running
    """
    from werkbank.assessment.choosing import any_parameters, find_park, place_names
    from werkbank.plan import words
    from werkbank.plan.progress import BUCKETS, actions_of, in_order, kept_plans
    from werkbank.settings.catalogue import load_catalogue

    parameters, wanted = any_parameters(), find_park(park)[1] if park else None
    catalogue, names, said = load_catalogue(parameters.catalogue_path), place_names(), words()["kept"]
    plans = kept_plans(parameters.data, catalogue)
    found = sorted((one for each in plans for one in actions_of(each, catalogue, dt.date.today())), key=in_order)
    found = [
        one
        for one in found
        if wanted in (None, one.park_id)
        and state in (None, one.state)
        and (owner is None or owner.casefold() in f"{one.organisation} {one.role}".casefold())
    ]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
    else:
        for bucket in BUCKETS:
            own = [one for one in found if one.bucket == bucket]
            if own:
                click.echo(f"{said['buckets'][bucket]} ({len(own)})")
            for one in own:
                who = ", ".join(filter(None, (one.role, one.organisation))) or "nog geen eigenaar"
                end = f"uiterlijk {date(one.end)}" if one.end else "geen datum"
                done = f", {said['results'][one.result]}" if one.result else ""
                place = f"{names.get(one.park_id, one.park_id)} ({one.park_id})"
                click.echo(f"  {place}: {one.intervention} {one.name}; {who}; {end}; {said['steps'][one.state]}{done}")
        told = f"{count(len(found), 'actie', 'acties')} in {count(len(plans), 'plan', 'plannen')}."
        click.echo(capital(told) if plans else "Er is nog geen plan. Maak het met: werkbank plan")
    return FINDINGS if any(one.bucket == "overdue" for one in found) else DONE


@click.command(cls=DutchCommand, short_help="Vergelijk deze ronde met de vorige.")
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze; mag vaker.")
@round_option()
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
    from werkbank.batch.follow_up import make_monitors

    return _made(make_monitors(chosen), "vergelijking", "vergelijkingen", ("monitor.html",))


def _made(results: Iterable[Outcome], one: str, many: str, files: tuple[str, ...]) -> int:
    """Say of each thing whether it was made, and where; exit code 1 when any was not."""
    from werkbank.plan.plan import CHANGES

    failed = total = 0
    for made in results:
        total += 1
        if made.folder is None:
            failed += 1
            click.echo(f"{made.name}: mislukt\n{made.reason}", err=True)
        else:
            for path in (path for file in files for path in sorted(made.folder.glob(file))):
                click.echo(shown(path))
            for line in filter(None, (made.reason, *made.why[:CHANGES])):
                click.echo(f"  {line}")
            if len(made.why) > CHANGES:
                click.echo(f"  En nog {count(len(made.why) - CHANGES, 'verandering', 'veranderingen')}; zie het plan.")
    done = total - failed
    click.echo(f"{count(done, one, many)} gemaakt." if done else f"Er is geen {one} gemaakt.")
    return FINDINGS if failed else DONE
