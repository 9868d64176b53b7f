"""What leaves and what is guarded: sharing a file, destroying in time, and a data subject's request."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, DutchCommand, option, shown
from werkbank.wording import count, date, listing

_SHORTEST_PASSWORD = 12

if TYPE_CHECKING:
    from werkbank.release.sharing_request import Request


@click.command(cls=DutchCommand, short_help="Deel een bestand met een ontvanger, op een grondslag.")
@click.argument("what", metavar="[BESTAND|NUMMER]", required=False)
@option("--to", default="", metavar="TEKST", help="Wie het krijgt: een soort ontvanger, een dubbele punt en een rol.")
@option("--purpose", default="", metavar="TEKST", help="Waarvoor: een doel van de grondslag, of zijn nummer.")
@option("--basis", default="", metavar="ID", help="De grondslag waarop het bestand is gemaakt.")
@option("--by", default="", metavar="WIE", help="Wie dit doet: een orgaan of rol, geen naam van een persoon.")
@option("--reason", default="", metavar="TEKST", help="Waarom; minstens 10 tekens.")
@option("--again", default="", metavar="TEKST", help="Waarom een tweede exemplaar van dezelfde ronde nodig is.")
@option("--issue", "step", flag_value="issue", help="Maak het exemplaar voor de ontvanger van een goedgekeurd verzoek.")
@option("--withdraw", "step", flag_value="withdraw", help="Trek een verzoek of verstrekking in.")
@option("--archive", is_flag=True, help="Met --issue: in een zip-archief (AES) met een wachtwoord, dat u dan typt.")
def share(what: str | None, step: str | None, by: str, reason: str, again: str, archive: bool, **asked: str) -> int:
    """Vraag om een bestand uit output te delen, of verstrek wat een tweede rol goedkeurde (werkbank approve NUMMER).

    \b
    Zonder iets erachter: de open verzoeken, en welke stap elk mag nemen. Het exemplaar komt, met een stempel op elke
    bladzijde, in output/<ronde>/verstrekt. De werkbank verstuurt niets. Alle stappen: docs/delen.md
    \b
    Voorbeelden:
      werkbank share output/2026-1/municipality/urk/analyse.docx --to "gemeente: burgemeester van Urk" \\
        --purpose 1 --basis stuurgroep-2026-01 --by "analist RIEC" --reason "Nodig voor het driehoeksoverleg."
      werkbank share 12 --issue
    """
    from werkbank.assessment.choosing import any_parameters
    from werkbank.release.disclosure import issue, settled
    from werkbank.release.sharing_request import ask, decide, known_requests, request

    if (what or "").isdecimal() and any(asked.values()):
        raise click.UsageError("Bij een nummer horen geen --to, --purpose en --basis; die staan vast in het verzoek.")
    settled(any_parameters())
    if what is None and not step:
        found = [one for one in known_requests().values() if one.state in ("asked", "approved")]
    elif what and what.isdecimal():
        if step == "issue":
            copy = issue(int(what), by, _password() if archive else "")
            click.echo(f"Verstrekt: {shown(copy)}. Geef dit exemplaar, en geen ander; verstrekking.json blijft hier.")
        elif step:
            decide(int(what), step, by=by, reason=reason)
        found = [request(int(what))]
    elif not what or step or not all(asked.values()):
        raise click.UsageError(
            "Bij een bestand horen --to, --purpose, --basis, --by en --reason; bij een stap het nummer van het verzoek."
        )
    else:
        found = [ask(Path(what), **asked, by=by, reason=reason, again=again)]
    for line in [line for one in found for line in told(one)] or ["Er staat geen verzoek open."]:
        click.echo(line)
    return DONE


def _password() -> str:
    password = str(click.prompt("Wachtwoord", hide_input=True, confirmation_prompt="Nog eens"))
    if len(password) < _SHORTEST_PASSWORD:
        raise click.UsageError(f"Een wachtwoord telt minstens {_SHORTEST_PASSWORD} tekens; er is niets gemaakt.")
    return password


def told(found: Request) -> Iterator[str]:
    """A request in words: what, for whom, how it stands, and what may be done now; verdicts once both are in."""
    from werkbank.assessment.choosing import place_names
    from werkbank.release.sharing_request import Desk, changed, may_follow, words

    own, said, last = found.asked, words(), date(list(found.taken.values())[-1].moment.astimezone().date())
    against = Desk(own).findings() if found.state in ("asked", "approved") else ()
    state = f"{said['states'][found.state]} op {last}{', maar vervallen' if against else ''}"
    names = place_names()
    about = listing(names.get(code, code) for code in own.parks or own.municipalities)
    yield (
        f"Verzoek {found.number}, {state}: {own.file}, over {about}, voor {own.audience}: {own.role}, op {own.basis}."
    )
    if own.changed:
        yield f"  Tweede exemplaar; sinds het eerste veranderde: {changed(own.changed)}. {said['learned']}"
    for step, event in found.taken.items() if {"approve", "refuse"} & set(found.taken) else ():
        if reason := (event.data or {}).get("reason"):
            yield f"  {said['steps'][step]['name']}, {event.actor_role}: {reason}"
    yield from (f"  {finding}" for finding in against)
    for one in may_follow(found.state).values():
        if not against or one["to"] in ("refused", "withdrawn"):
            yield f"  {one['name']} ({said['who'][one['by']]}): werkbank {one['command'].format(number=found.number)}"


_by = option("--by", required=True, metavar="ROL", help="Wie het doet: een orgaan of rol, geen naam van een persoon.")
_reason = option("--reason", required=True, metavar="TEKST", help="Waarom, zonder namen; minstens 10 tekens.")


@click.command("purge", cls=DutchCommand, short_help="Toon wat voorbij zijn bewaartermijn is, of vernietig het.")
@option("--do", "act", is_flag=True, help="Vernietig het. Dit kan niet terug.")
@option("--by", default="", metavar="ROL", help="Bij --do: wie vernietigt, een orgaan of rol.")
@option("--reason", default="", metavar="TEKST", help="Bij --do: waarom, zonder namen; minstens 10 tekens.")
def purge_command(act: bool, by: str, reason: str) -> int:
    """Toon wat voorbij de bewaartermijn van zijn grondslag is (retention_until in data/legal_bases.yaml).

    \b
    Met --do wordt het vernietigd; het bewijs blijft in het register. Wat cijfers van meer gemeenten bevat gaat in zijn
    geheel. Kopieën buiten deze map vernietigt u zelf.
    \b
    Voorbeeld:
      werkbank purge --do --by "beheerder RIEC" --reason "De bewaartermijn is voorbij."
    """
    from werkbank.release.purge import purge

    if {act} != {bool(by), bool(reason)}:
        raise click.UsageError("Geef --do, --by en --reason samen, of geen van drieën.")
    found, notes = purge(dt.date.today(), by=by, reason=reason)
    for one in found:
        until, size = date(one.rule[0]), count(len(one.events), "gebeurtenis", "gebeurtenissen")
        click.echo(f"{one.municipality}, ronde {one.round} ({one.rule[1]}, bewaren tot {until}): {size}")
        for path in one.paths:
            click.echo(f"  {os.path.relpath(path)}")
    for note in notes:
        click.echo(f"Let op: {note}", err=True)
    done = "Vernietigd, met bewijs in het register. Maak de overige opnieuw: werkbank analyse"
    still = "Er is nog niets vernietigd. Vernietigen: werkbank purge --do --by ROL --reason …"
    click.echo((done if act else still) if found else "Niets is voorbij zijn bewaartermijn.")
    return DONE


@click.command("search", cls=DutchCommand, short_help="Zoek waar iets over iemand staat.")
@click.argument("text", metavar="[ZOEKTEKST]", required=False)
@_by
@_reason
@option("--show", is_flag=True, help="Toon ook wat er staat, niet alleen waar.")
def search_command(text: str | None, by: str, reason: str, show: bool) -> int:
    """Zoek een tekst in aanleveringen, redenen, plannen en wat is gemaakt of verstrekt; voor een verzoek van iemand.

    \b
    Noem de tekst liever niet in de opdracht: dan wordt erom gevraagd, en blijft zij nergens staan. Vastgelegd wordt wie
    zocht, waarom en hoeveel plaatsen er zijn; nooit de tekst.
    \b
    Voorbeeld:
      werkbank search --by "privacyfunctionaris" --reason "Verzoek om inzage van 3 maart."
    """
    from werkbank.release.data_subject import search

    hits, unread = search(text or click.prompt("Zoek naar"), by=by, reason=reason, shown=show)
    for place, written in hits:
        click.echo(f"{place}: {' '.join(written.split())}" if show else place)
    if unread:
        click.echo(f"Niet doorzocht, kijk zelf: {listing(unread)}.", err=True)
    click.echo(
        f"{count(len(hits), 'plaats', 'plaatsen')}. Uit het register: werkbank rectify NUMMER. Een cel of plan "
        "verandert u zelf op die plaats; haal wat in data/returns staat weg, en maak alles opnieuw: werkbank analyse"
    )
    return DONE


@click.command("rectify", cls=DutchCommand, short_help="Haal een tekst uit een gebeurtenis van het register.")
@click.argument("number", metavar="NUMMER", type=int)
@_by
@_reason
def rectify_command(number: int, by: str, reason: str) -> int:
    """Vernietig wat iemand in een gebeurtenis van het register schreef; het besluit zelf blijft.

    \b
    NUMMER is dat van werkbank search. Voorbeeld:
      werkbank rectify 12 --by "privacyfunctionaris" --reason "Verzoek om wissen van 3 maart."
    """
    from werkbank.release.data_subject import rectify

    made = rectify(number, by=by, reason=reason)
    click.echo(f"De tekst van gebeurtenis {number} is vernietigd; de rest staat nu in gebeurtenis {made}.")
    click.echo("Maak opnieuw wat haar toonde: werkbank analyse, werkbank plan")
    return DONE
