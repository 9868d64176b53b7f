"""The commands of what follows a choice: the guideline, project plans, their actions, the comparison of rounds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, round_option, shown
from werkbank.wording import capital, count, date, listing, plain

if TYPE_CHECKING:
    from werkbank.batch.manifest import Outcome
    from werkbank.errors import Finding
    from werkbank.plan.progress import PlannedAction
    from werkbank.plan.returned import ReturnedPlan
    from werkbank.settings.parameters import Parameters

_FILE = click.Path(path_type=Path, dir_okay=False)


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
    from werkbank.report.interventions import write_guideline
    from werkbank.settings.catalogue import load_catalogue

    parameters = any_parameters()
    used = load_catalogue(parameters.catalogue_path)
    for file in write_guideline(used, parameters.output / "leidraad", dt.date.today()):
        click.echo(shown(file))
    return DONE


@click.command(cls=DutchCommand, short_help="Maak het projectplan van elk gekozen terrein.")
@click.argument("parks", metavar="[TERREIN]...", nargs=-1)
@option(
    "--read", "file", type=click.Path(path_type=Path), metavar="BESTAND", help="Lees een ingevuld Word-bestand terug."
)
@option("--keep", "kept", is_flag=True, help="Bewaar met --read wat er is veranderd; anders wordt het alleen getoond.")
@round_option()
def plan(parks: tuple[str, ...], file: Path | None, kept: bool) -> int:
    """Maak het projectplan van elk gekozen terrein, als Word en als HTML.

    \b
    Zonder vastgelegde keuze is er geen plan: zie werkbank select.
    De eerste keer komt er een voorstel in data/plans/<terrein>.yaml. Dat bestand is daarna van u: wat u kiest en
    invult, komt in het plan, en wat uit de matrix volgt wordt elke keer vernieuwd.
    Schrijft in output/<ronde>/riec/plans/<terrein>.
    \b
    Wie in Word werkt, vult daar de gele rijen in. --read toont per veld wat dat verandert, met opmerkingen en wat niet
    te lezen is of botst; met --keep komt het in data/plans. Uitkomst: 0 alles is gelezen, 1 er bleef iets liggen.
    \b
    Voorbeelden:
      werkbank plan
      werkbank plan LEL-05
      werkbank plan --read projectplan.docx
      werkbank plan --read projectplan.docx --keep
    """
    from werkbank.batch.follow_up import make_plans, read_plan_file

    if file is not None:
        found = read_plan_file(file, parks, dt.date.today())
        return _returned((found,), (), f"werkbank plan --read {shown(file)}", keep=kept)
    if kept:
        raise click.UsageError("--keep hoort bij --read: noem het ingevulde Word-bestand.")
    return _made(make_plans(parks), "projectplan", "projectplannen", ("projectplan*.docx", "projectplan.html"))


def _as_state(_ctx: click.Context, _option: click.Parameter, word: str | None) -> str | None:
    """The state that is meant, by its code or in the words of a plan."""
    from werkbank.plan.fields import UnreadableError, read_word

    try:
        return read_word("steps", word) if word else None
    except UnreadableError as problem:
        raise click.UsageError(f"Onbekende stand “{word}”; {problem.near or f'er zijn: {problem.allowed}.'}") from None


def _returned(plans: Sequence[ReturnedPlan], beside: Sequence[Finding], again: str, *, keep: bool) -> int:
    """Show what a file changes, and keep it where that is asked; exit code 1 when anything stays behind.

    `beside` is what was found in the file and is of no plan, `again` the command that read it.
    """
    from werkbank.assessment.choosing import any_parameters
    from werkbank.plan.fields import field_name
    from werkbank.plan.kept import EARLIER, keep_changed
    from werkbank.settings.catalogue import load_catalogue

    for one in plans:
        click.echo(f"Het plan van {one.park_id}, uitgegeven in ronde {one.round}.")
        _lines("Veranderd", map(str, one.changes))
        _lines("Aantekening", (f"{field_name(note.field)}: “{note.text}”" for note in one.notes))
        _lines("Let op", map(str, one.findings))
    _lines("Let op", map(str, beside))
    changed = [one for one in plans if one.changed]
    if not changed:
        click.echo("Er is niets te bewaren.")
    elif keep:
        parameters = any_parameters()
        for one in changed:
            path = keep_changed(parameters.data, one.plan, load_catalogue(parameters.catalogue_path))
            click.echo(f"Bewaard in {shown(path)}; het oude bestand staat in {EARLIER}.")
        click.echo(f"Maak het plan opnieuw met: werkbank plan {' '.join(one.park_id for one in changed)}")
    else:
        click.echo(f"Er is nog niets bewaard. Klopt dit, bewaar het dan met: {again} --keep")
    found = (*beside, *(each for one in plans for each in one.findings))
    return FINDINGS if any(each.severity == "error" for each in found) else DONE


def _lines(title: str, lines: Iterable[str]) -> None:
    told = [plain(line.replace("\n", " / ")) for line in lines]
    for line in (f"{title} ({len(told)}):", *(f"  {line}" for line in told)) if told else ():
        click.echo(line)


@click.command(cls=DutchCommand, short_help="Volg de acties van alle plannen.")
@option("--owner", metavar="WIE", help="Alleen van deze organisatie of rol.")
@option("--park", metavar="TERREIN", help="Alleen van dit terrein.")
@option("--state", metavar="STAND", callback=_as_state, help="Alleen in deze stand, zoals loopt of afgerond.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst, voor een ander programma.")
@option(
    "--out", metavar="BESTAND", type=_FILE, help="Schrijf ze als .xlsx, .csv, .ics (agenda) of .docx (per organisatie)."
)
@option("--read", metavar="BESTAND", type=_FILE, help="Lees een ingevulde werkmap terug, en toon wat zij verandert.")
@option("--keep", is_flag=True, help="Met --read: bewaar die veranderingen in de plannen.")
def actions(*, read: Path | None, keep: bool, as_json: bool, out: Path | None, **wanted: str | None) -> int:
    """Volg de acties van alle plannen: wie, wanneer, en wat te laat is.

    \b
    Leest data/plans. Te laat wordt berekend uit de einddatum; wat klaar is, heeft datum, uitkomst en bewijs.
    Een lijst als .xlsx gaat uit, wordt ingevuld en komt terug met --read; wat er intussen in een plan is veranderd,
    blijft staan. De lijst (.xlsx, .csv) is voor het RIEC; in de agenda en op het blad per organisatie staat geen reden.
    Uitkomst: 0 niets is te laat, 1 er is iets te laat of te verbeteren.
    \b
    Voorbeelden:
      werkbank actions
      werkbank actions --owner gemeente --state loopt
      werkbank actions --out acties.xlsx
      werkbank actions --read acties.xlsx --keep
    """
    from werkbank.assessment.choosing import any_parameters, find_park, place_names
    from werkbank.plan.kept import evidence_findings
    from werkbank.plan.progress import actions_of, in_order, kept_plans, read_list
    from werkbank.settings.catalogue import load_catalogue

    if keep and not read:
        raise click.UsageError("--keep hoort bij --read: er is niets om te bewaren.")
    if read and (as_json or out or any(wanted.values())):
        raise click.UsageError("--read leest de hele lijst, en gaat alleen samen met --keep.")
    parameters, park = any_parameters(), find_park(wanted["park"])[1] if wanted["park"] else None
    catalogue, names = load_catalogue(parameters.catalogue_path), place_names()
    if read:
        returned, beside = read_list(read, parameters.data, catalogue, names, dt.date.today())
        told = [one for one in returned if one.changed or one.findings]
        return _returned(told, beside, f"werkbank actions --read {shown(read)}", keep=keep)
    plans, owner, state = kept_plans(parameters.data, catalogue), wanted["owner"] or "", wanted["state"]
    found = [
        one
        for one in sorted((one for each in plans for one in actions_of(each, catalogue, dt.date.today())), key=in_order)
        if park in (None, one.park_id)
        and state in (None, one.state)
        and owner.casefold() in f"{one.organisation} {one.role}".casefold()
    ]
    faults = [fault for plan in plans for fault in evidence_findings(plan, parameters.data)]
    if out:
        _write_out(found, out, parameters, names)
    elif as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
    else:
        _show(found, names, len(plans))
    for fault in faults:
        click.echo(str(fault), err=True)
    return FINDINGS if faults or any(one.bucket == "overdue" for one in found) else DONE


def _show(found: Sequence[PlannedAction], names: Mapping[str, str], plans: int) -> None:
    from werkbank.plan import words
    from werkbank.plan.progress import BUCKETS

    said = words()["kept"]
    for bucket in BUCKETS:
        own = [one for one in found if one.bucket == bucket]
        if own:
            click.echo(f"{said['buckets'][bucket]} ({len(own)})")
        for one in own:
            end = f"uiterlijk {date(one.end)}" if one.end else "geen datum"
            done = f", {said['results'][one.result]}" if one.result else ""
            place = f"{names.get(one.park_id, one.park_id)} ({one.park_id})"
            who = one.owner or "nog geen eigenaar"
            click.echo(f"  {place}: {one.intervention} {one.name}; {who}; {end}; {said['steps'][one.state]}{done}")
    told = f"{count(len(found), 'actie', 'acties')} in {count(plans, 'plan', 'plannen')}."
    click.echo(capital(told) if plans else "Er is nog geen plan. Maak het met: werkbank plan")


def _write_out(found: Sequence[PlannedAction], out: Path, parameters: Parameters, names: Mapping[str, str]) -> None:
    from werkbank.plan.progress import issued_list
    from werkbank.plan.returned import keep_issued
    from werkbank.report.interventions import FILLED_IN, FORMATS, RETURNING, ActionList
    from werkbank.report.plan import plan_label
    from werkbank.settings.catalogue import load_catalogue

    ending = out.suffix.casefold()
    if ending not in FORMATS:
        raise click.UsageError(f"Een lijst van acties eindigt op {listing(FORMATS, 'of')}; {out.name} niet.")
    if ending in FILLED_IN and out.exists():
        raise click.UsageError(
            f"{out.name} is er al, en wordt niet overschreven: er kan in gewerkt zijn. Kies een andere naam."
        )
    # What the sharing calendar asks is filled in in the plan; a list that returns holds interventions alone.
    found = [one for one in found if ending != RETURNING or not one.is_reminder]
    if not found:
        raise click.UsageError("Er zijn geen zulke acties; er is niets geschreven.")
    label = plan_label(load_catalogue(parameters.catalogue_path).owner.label)
    for version in issued_list(found, parameters.round) if ending == RETURNING else ():
        keep_issued(parameters.data, version)
    told = ActionList(
        found, parameters.round, names, parameters.district, label, parameters.marked_fictional, dt.date.today()
    )
    FORMATS[ending](told, out)
    click.echo(f"{shown(out)}: {count(len(found), 'actie', 'acties')}")


@click.command(cls=DutchCommand, short_help="Leg de rondes naast elkaar.")
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze; mag vaker.")
@round_option()
def monitor(chosen: tuple[str, ...]) -> int:
    """Leg de rondes naast elkaar: wat veranderde, wat we beter weten, en wat er van de gekozen terreinen werd.

    \b
    Welke rondes dat zijn, staat in parameters/district.yaml (earlier_round). Of de methode verschil maakt, is
    alleen te zeggen als de analyse van die ronde is bewaard, in output/<vorige ronde>/riec.
    Schrijft in output/<ronde>/riec/monitor/<gemeente> en …/monitor/district. Elke andere doelgroep krijgt in haar
    eigen map wat de bewaarde analyses van de rondes haar al vertellen.
    \b
    Voorbeeld:
      werkbank monitor --municipality urk
    """
    from werkbank.batch.follow_up import make_monitors

    files = ("monitor.html", "monitor.docx", "monitor.xlsx")
    return _made(make_monitors(chosen), "vergelijking", "vergelijkingen", files)


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
