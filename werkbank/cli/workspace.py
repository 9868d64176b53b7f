"""The commands of a workspace: begin one, fill it with the fictional district, open its dashboard and JupyterLab."""

from __future__ import annotations

from pathlib import Path

import click

from werkbank.cli.terminal import DONE, DutchCommand, audience_option, option, shown
from werkbank.errors import ParametersError, WerkbankError
from werkbank.wording import listing

__all__ = ["dashboard", "demo", "init", "keep_earlier_round", "lab"]


@click.command(cls=DutchCommand)
@click.argument("folder", metavar="MAP", type=click.Path(path_type=Path))
@option("--municipalities", default="", metavar="TEKST", help="Uw gemeenten, met een komma ertussen.")
@option("--district", metavar="NAAM", help="Hoe het district heet; anders zoals de map.")
@option("--catalogue", is_flag=True, help="Met een eigen exemplaar van de catalogus, om te veranderen.")
@option("--demo", "practice", is_flag=True, help="Een map om te oefenen, voor het fictieve district.")
def init(folder: Path, municipalities: str, district: str | None, catalogue: bool, practice: bool) -> int:
    """Begin een map voor uw eigen district, of om te oefenen.

    \b
    Schrijft per gemeente een bestand met parameters, de notebooks, een terreinenlijst en een grondslag met elk een
    voorbeeld, de documentatie, en een README die zegt wat u nu doet. Wat er al staat, blijft zoals het is.
    \b
    Voorbeelden:
      werkbank init twente --municipalities "Almelo, Enschede, Hof van Twente"
      werkbank init oefenen --demo
    """
    from werkbank.collecting.init import begin_workspace
    from werkbank.parks.municipalities import dutch_municipalities

    if practice == bool(municipalities):
        raise click.UsageError('Noem uw gemeenten, met --municipalities "…", of kies --demo om te oefenen.')
    ours = () if practice else dutch_municipalities(municipalities)
    made = begin_workspace(folder, ours, district=district, catalogue=catalogue)
    whom = "om te oefenen" if practice else f"voor {listing(one.name for one in ours)}"
    click.echo(f"De map {shown(folder)} staat klaar {whom}. Wat u nu doet, staat in {shown(folder / 'README.md')}.")
    if any((place / ".git").exists() for place in made.parents):
        click.echo(
            "Let op: de map ligt in een repository. Wat in data en output komt, is vertrouwelijk en hoort daar niet."
        )
    return DONE


@click.command(cls=DutchCommand)
@option("--seed", default=2018, show_default=True, metavar="GETAL", help="Ander getal, ander district.")
@option("--quiet", is_flag=True, help="Zeg niet wat u hierna kunt doen.")
def demo(seed: int, quiet: bool) -> int:
    """Maak een fictief district van 77 terreinen in de map data.

    \b
    Schrijft een terreinenregister, ingevulde matrices van twee rondes, een grondslag en één besluit van een
    fictieve stuurgroep; alles is verzonnen. Bewaart in output ook hoe de vorige ronde is gerekend, voor
    werkbank monitor.
    Een map data met andere gegevens, of met besluiten die u er zelf in hebt vastgelegd, blijft zoals hij is. In de map
    van uw eigen district kan het niet: oefen ernaast, met werkbank init MAP --demo.
    \b
    Voorbeeld:
      werkbank demo
    """
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.demo import write_demo
    from werkbank.demo.truth import MUNICIPALITIES
    from werkbank.files.whole import only_batch
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    workspace = find_workspace()
    if not {place.slug for place in MUNICIPALITIES} <= set(municipality_slugs(workspace)):
        raise ParametersError(
            "Dit is de map van een eigen district; het fictieve district heeft andere gemeenten. Er is niets "
            "veranderd. Oefen in een map ernaast, met: werkbank init ../oefenen --demo"
        )
    parameters = load_parameters(municipality_slugs(workspace)[0])
    catalogue = load_catalogue(parameters.catalogue_path)
    with only_batch(parameters.output):
        write_demo(parameters.data, catalogue=catalogue, seed=seed, parties=parameters.parties)
        if select_in_demo("urk") is None:
            why = "er is geen advies, of WERKBANK_DATABASE_URL wijst een databank aan"
            click.echo(f"Let op: er is geen voorbeeldbesluit vastgelegd ({why}).")
        keep_earlier_round()
    next_step = "" if quiet else " Maak nu de analyses: werkbank analyse"
    click.echo(f"FICTIEVE GEGEVENS staan klaar in {shown(parameters.data)}.{next_step}")
    return DONE


def keep_earlier_round() -> int:
    """Keep the assessment of the earlier round of every municipality, without its pages; how many were kept.

    For the fictional district, of which no earlier round was ever analysed: a comparison of rounds needs to know by
    which method that round was scored. What stands there of real data stays, and a municipality whose workbooks of
    then cannot be read is left out: the comparison itself says why.
    """
    from werkbank.assessment.assessment import Assessment
    from werkbank.assessment.flow import assess
    from werkbank.files.whole import whole_folder
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    kept = 0
    for slug in municipality_slugs(find_workspace()):
        parameters = load_parameters(slug)
        if parameters.earlier_round is None:
            continue
        earlier = parameters.model_copy(update={"round": parameters.earlier_round})
        try:
            if earlier.output_folder.exists() and not Assessment.load(earlier.output_folder).fictional:
                continue
            assessment = assess(earlier)
        except (OSError, ValueError, KeyError, TypeError, WerkbankError):
            continue
        with whole_folder(earlier.output_folder) as new:
            assessment.save(new)
        kept += 1
    return kept


@click.command(cls=DutchCommand)
@audience_option(help="Voor wie het dashboard is: {audiences}.")
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


@click.command(cls=DutchCommand)
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
