"""The commands `werkbank select`, `withdraw` and `register`: thin; everything heavy is imported when they run."""

from __future__ import annotations

import json
from pathlib import Path

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, shown

__all__ = ["register", "select", "withdraw"]


@click.command(cls=DutchCommand, short_help="Leg vast welk terrein is gekozen.")
@click.argument("park", metavar="TERREIN")
@option("--reason", required=True, metavar="TEKST", help="Waarom dit terrein is gekozen; minstens 10 tekens.")
@option("--by", required=True, metavar="WIE", help="Wie besloot: een orgaan of rol, geen naam van een persoon.")
@option("--against-reason", metavar="TEKST", help="Waarom van het advies wordt afgeweken; minstens 10 tekens.")
@option(
    "--incomplete-reason",
    metavar="TEKST",
    help="Waarom niet is gewacht op een werkmap die ontbreekt of fouten heeft; minstens 10 tekens.",
)
def select(park: str, reason: str, by: str, against_reason: str | None, incomplete_reason: str | None) -> int:
    """Leg vast welk terrein mensen hebben gekozen.

    \b
    TERREIN is de code of de naam. Het advies van dit moment wordt ernaast bewaard; de werkbank kiest zelf nooit.
    Een keuze tegen het advies in, of op onvolledige invoer, vraagt een reden van zichzelf.
    \b
    Voorbeelden:
      werkbank select LEL-05 --reason "Hoogste score, en het overleg is er klaar voor." --by stuurgroep
      werkbank select LEL-02 --reason "Hier begint de herinrichting." --by stuurgroep \\
        --against-reason "Op het geadviseerde terrein loopt al een aanpak."
    """
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import recorded_selections, select_park
    from werkbank.cli import decide as words
    from werkbank.settings.parameters import load_parameters

    selection = select_park(
        park, reason=reason, by=by, against_reason=against_reason, incomplete_reason=incomplete_reason
    )
    parameters = load_parameters(selection.municipality)
    holding, names = recorded_selections(parameters), place_names()
    for line in words.recorded(selection, holding, parameters.capacity, names):
        click.echo(line)
    click.echo(f"Bewaard in {_place()}. Alle besluiten: werkbank register")
    click.echo(f"Maak nu het projectplan: werkbank plan {selection.park_id}")
    return DONE


@click.command(cls=DutchCommand, short_help="Neem een vastgelegde keuze terug.")
@click.argument("park", metavar="TERREIN")
@option("--reason", required=True, metavar="TEKST", help="Waarom de keuze wordt teruggenomen; minstens 10 tekens.")
@option("--by", required=True, metavar="WIE", help="Wie besloot: een orgaan of rol, geen naam van een persoon.")
def withdraw(park: str, reason: str, by: str) -> int:
    """Neem een vastgelegde keuze terug, met een reden.

    \b
    De keuze blijft in het register staan, met erbij dat zij is ingetrokken. Daarna kan hetzelfde terrein opnieuw
    worden gekozen. Een projectplan dat al is gemaakt, blijft in de map staan: haal het zelf weg.
    \b
    Voorbeeld:
      werkbank withdraw LEL-05 --reason "Bij vergissing vastgelegd; het besluit ging over LEL-15." --by stuurgroep
    """
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import plan_folder, withdraw_park
    from werkbank.cli import decide as words

    selection = withdraw_park(park, reason=reason, by=by)
    click.echo(words.withdrawn(selection, place_names()))
    click.echo(f"Bewaard in {_place()}. Alle besluiten: werkbank register")
    folder = plan_folder(selection)
    if folder.is_dir():
        click.echo(f"Let op: in {shown(folder)} staat nog het projectplan bij de ingetrokken keuze. Haal het zelf weg.")
    return DONE


@click.command(cls=DutchCommand, short_help="Lees wat er is besloten.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--round", "round_name", metavar="RONDE", help="Alleen deze ronde.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst van de keuzes, voor een ander programma.")
def register(municipality: str | None, round_name: str | None, as_json: bool) -> int:
    """Lees wat er is besloten: keuzes van terreinen, en welke daarvan zijn ingetrokken.

    \b
    Ook de aantekeningen van analisten staan erin.
    Controleert ook of het register nog is zoals het is geschreven.
    Uitkomst: 0 het register is gaaf, 1 er is iets mis mee, 2 verkeerd gebruikt.
    \b
    Voorbeelden:
      werkbank register
      werkbank register --municipality urk --round 2026-1
    """
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import read_register
    from werkbank.cli import decide as words

    held, names = read_register(municipality, round_name), place_names()
    if as_json:
        values = [words.as_values(one, names) for one in held.selections]
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
    else:
        for selection in held.selections:
            click.echo("\n".join(words.described(selection, names)))
        for kept in held.notes:
            click.echo("\n".join(words.noted(kept, names)))
        if held.notes:
            click.echo(words.closing_notes(held.notes))
        click.echo(f"{words.closing(held.selections)} Register: {_place()}.")
    for finding in held.faults:
        click.echo(str(finding), err=True)
    return FINDINGS if held.faults else DONE


def _place() -> str:
    """Where decisions are kept; the address of a database may hold a password and is not shown."""
    from werkbank.assessment.decisions import decisions_address

    address = decisions_address()
    return shown(address) if isinstance(address, Path) else "de databank van WERKBANK_DATABASE_URL"
