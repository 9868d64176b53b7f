"""The commands of who guards what is kept: destroying in time, and a data subject's request."""

from __future__ import annotations

import datetime as dt
import os

import click

from werkbank.cli.terminal import DONE, DutchCommand, option
from werkbank.wording import count, date, listing

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
