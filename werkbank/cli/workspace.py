"""The commands of a workspace: begin one, the fictional district, an own catalogue, the dashboard, JupyterLab."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, DutchGroup, audience_option, option, round_option, shown
from werkbank.errors import CatalogueError, OutputError, ParametersError, WerkbankError
from werkbank.wording import listing


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
    Schrijft een terreinenregister, ingevulde matrices van drie rondes, een grondslag, besluiten van een fictieve
    stuurgroep en twee projectplannen die al lopen; alles is verzonnen. Bewaart in output ook hoe de eerdere rondes
    zijn gerekend, voor werkbank monitor.
    Een map data met andere gegevens, of met besluiten die u er zelf in hebt vastgelegd, blijft zoals hij is. In de map
    van uw eigen district kan het niet: oefen ernaast, met werkbank init MAP --demo.
    \b
    Voorbeeld:
      werkbank demo
    """
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.demo.truth import MUNICIPALITIES
    from werkbank.demo.write import write_demo
    from werkbank.files.whole import only_batch
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import load_parameters, parties_asked
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    slugs = municipality_slugs(find_workspace())
    parameters = load_parameters(slugs[0] if slugs else MUNICIPALITIES[0].slug)
    with only_batch(parameters.output):
        if not {place.slug for place in MUNICIPALITIES} <= set(slugs):
            raise ParametersError(
                "Dit is de map van een eigen district; het fictieve district heeft andere gemeenten. Er is niets "
                "veranderd. Oefen in een map ernaast, met: werkbank init ../oefenen --demo"
            )
        catalogue = load_catalogue(parameters.catalogue_path)
        write_demo(parameters.data, catalogue=catalogue, seed=seed, parties=parties_asked(parameters.workspace))
        keep_earlier_rounds()
        if select_in_demo("urk") is None:
            why = "er is geen advies, of WERKBANK_DATABASE_URL wijst een databank aan"
            click.echo(f"Let op: er is geen voorbeeldbesluit vastgelegd ({why}).")
    next_step = "" if quiet else " Maak nu de analyses: werkbank analyse"
    click.echo(f"FICTIEVE GEGEVENS staan klaar in {shown(parameters.data)}.{next_step}")
    return DONE


def keep_earlier_rounds() -> None:
    """Keep the assessments of the earlier rounds of every municipality, without their pages.

    With the choice behind each plan that the fictional district comes with, by its fictional steering group.
    For the fictional district, of which no earlier round was ever analysed: a comparison of rounds needs to know by
    which method that round was scored. What stands there of real data stays, and a round of which the workbooks of
    then cannot be read is left out: the comparison itself says why.
    """
    from werkbank.assessment.assessment import Assessment
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.assessment.district import context_key, context_of
    from werkbank.assessment.flow import assess
    from werkbank.assessment.inputs import legal_basis_of
    from werkbank.files.whole import whole_folder
    from werkbank.parks.register import load_parks
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    contexts, today = {}, dt.date.today()
    for parameters in map(load_parameters, municipality_slugs(find_workspace())):
        for name in parameters.earlier_rounds:
            earlier = load_parameters(parameters.municipality, round=name)
            try:
                there = earlier.output_folder.exists()
                if there and not Assessment.load(earlier.output_folder).fictional:
                    continue
                catalogue, basis = load_catalogue(earlier.catalogue_path), legal_basis_of(earlier, today)
                key = context_key(earlier, catalogue, basis)
                if key not in contexts:  # reading the whole district anew for each would take as long again
                    contexts[key] = context_of(earlier, catalogue, load_parks(earlier.data / "parks.csv"), basis)
                assessment = assess(earlier, today=today, district=contexts[key])
            except (OSError, ValueError, KeyError, TypeError, WerkbankError):
                continue
            with whole_folder(earlier.output_folder) as new:
                assessment.save(new)
            with contextlib.suppress(WerkbankError):  # chosen already
                select_in_demo(parameters.municipality, assessment)


@click.command(cls=DutchCommand)
@audience_option(help="Voor wie het dashboard is: {audiences}.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--park", metavar="TERREIN", help="Alleen dit terrein, voor wie bladzijden van terreinen krijgt.")
@option("--port", default=0, type=click.IntRange(0, 65535), metavar="POORT", help="Vaste poort; anders een vrije.")
@option("--visitors", default=0, type=click.IntRange(0), metavar="AANTAL", help="Hooguit zoveel bezoekers tegelijk.")
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
@option("--out", metavar="BESTAND", type=click.Path(path_type=Path, dir_okay=False), help="Maak er één bestand van.")
@option("--behind-proxy", metavar="BESTAND", type=click.Path(path_type=Path), help="Voor wie een proxy binnenlaat.")
@round_option()
def dashboard(  # noqa: PLR0913 - each is an option
    audience: str,
    municipality: str | None,
    park: str | None,
    port: int,
    visitors: int,
    no_browser: bool,
    out: Path | None,
    behind_proxy: Path | None,
) -> int:
    """Open het dashboard op deze computer, met alleen wat de doelgroep mag zien.

    \b
    Voor een ander dan het RIEC telt het als een exemplaar dat is verstrekt, en het register noemt het.
    Met --out komt het in één bestand, dat zonder server en zonder netwerk opent; “Wat als” zegt
    daarin niet hoe vaak een terrein in het advies komt.
    Met --behind-proxy staat in een bestand wie wat mag zien (docs/dashboard-achter-proxy.md).
    \b
    Stoppen: Ctrl-C.
    \b
    Voorbeelden:
      werkbank dashboard
      werkbank dashboard --municipality urk --audience municipality
      werkbank dashboard --municipality urk --audience municipality --out urk.html
      werkbank dashboard --park URK-04 --audience partners
    """
    from werkbank.dashboard.processes import server_ahead

    ahead = None if out else click.get_current_context().with_resource(server_ahead())
    from werkbank.assessment.choosing import chosen_audience, find_park
    from werkbank.dashboard.serve import chosen_for, require_own, run, run_behind
    from werkbank.release.sharing_request import record_showing, require_roles

    if behind_proxy is not None:
        from werkbank.dashboard.proxy import read_proxy

        if municipality or out or port:
            raise click.UsageError("Met --behind-proxy staan gemeente, doelgroep en poort in het bestand.")
        proxy, secret = read_proxy(behind_proxy)
        chosen = {name: chosen_audience(one.audience) for name, one in proxy.identities.items()}
        slugs_of = {
            name: chosen_for(chosen[name], one.municipality, one.park) for name, one in proxy.identities.items()
        }
        require_roles(one.role for one in proxy.identities.values())
        for name, own in slugs_of.items():
            one = proxy.identities[name]
            record_showing(chosen[name], own, (one.park,) if one.park else (), one.role)
        return run_behind(proxy, secret, visitors, ahead)
    code = chosen_audience(audience)
    municipality, park = find_park(park) if park else (municipality, "")
    slugs = chosen_for(code, municipality, park)
    if out is not None:
        require_own(out)
    record_showing(code, slugs, (park,) if park else ())
    return run(audience, municipality, port, not no_browser, visitors, out, park, ahead)


@click.command(cls=DutchCommand)
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
@option("--allow-root", is_flag=True, help="Begin ook als u als beheerder (root) werkt.")
@round_option()
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


@click.group(cls=DutchGroup, short_help="Maak van de catalogus een Excel-bestand, en lees dat terug.")
def catalogue() -> None:
    """Maak van de catalogus een Excel-bestand om aan te passen, en lees dat terug.

    \b
    Voorbeelden:
      werkbank catalogue export catalogus.xlsx
      werkbank catalogue import catalogus.xlsx
    """


_file = click.argument("file", metavar="BESTAND", type=click.Path(path_type=Path, dir_okay=False))


@catalogue.command("export", cls=DutchCommand)
@_file
@option("--replace", is_flag=True, help="Schrijf over een bestand dat er al staat.")
def export_catalogue(file: Path, replace: bool) -> int:
    """Schrijf de catalogus in gebruik als één Excel-bestand, met uitleg en keuzelijsten.

    \b
    Voorbeeld:
      werkbank catalogue export catalogus.xlsx
    """
    from werkbank.collecting.catalogue_book import render
    from werkbank.files.whole import whole_file
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import catalogue_folder
    from werkbank.settings.workspace import find_workspace

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"Geef het bestand een naam die eindigt op .xlsx, zoals {file.stem}.xlsx.")
    if file.exists() and not replace:
        raise OutputError(f"{file.name} staat er al. Kies een andere naam, of overschrijf het met --replace.")
    used = load_catalogue(catalogue_folder(find_workspace()))
    whole_file(file, render(used))
    click.echo(f"{used}\nstaat in {shown(file)}. Teruglezen: werkbank catalogue import {shown(file)}")
    return DONE


@catalogue.command("import", cls=DutchCommand)
@_file
@option("--replace", is_flag=True, help="Vervang de eigen catalogus die er al staat.")
def import_catalogue(file: Path, replace: bool) -> int:
    """Lees een catalogus, of een gewone lijst met indicatoren, uit Excel in de eigen map catalogue.

    \b
    Noemt alle fouten tegelijk, elk met blad en cel, en verandert dan niets. Wat het bestand niet zegt, komt uit de
    catalogus in gebruik; wat de werkbank zelf invult, noemt zij. De catalogus van de werkbank zelf verandert nooit.
    \b
    Voorbeelden:
      werkbank catalogue import catalogus.xlsx
      werkbank catalogue import "lijst van het district.xlsx" --replace
    """
    from werkbank.advice.described import told
    from werkbank.collecting.catalogue_import import keep_catalogue, method_for, read_catalogue
    from werkbank.settings.catalogue import MODELS, load_catalogue
    from werkbank.settings.method import PACKAGED
    from werkbank.settings.parameters import catalogue_folder
    from werkbank.settings.workspace import find_workspace

    workspace = find_workspace()
    named = catalogue_folder(workspace)
    folder = named or workspace / "catalogue"
    if folder.resolve() == PACKAGED.resolve():
        raise OutputError("De catalogus van de werkbank zelf verandert nooit; noem een eigen map in district.yaml.")
    there = any((folder / name).exists() for name in MODELS)
    if there and not replace:
        raise OutputError(f"In {shown(folder)} staat al een catalogus. Vervang hem met --replace.")
    used = named if there else None
    try:
        load_catalogue(used)
    except CatalogueError:
        click.echo("Let op: de catalogus in gebruik is niet te lezen; in zijn plaats geldt die van de werkbank.")
        used = None
    try:
        found = read_catalogue(file, load_catalogue(used), own=used is not None)
    except CatalogueError as error:
        click.echo(str(error), err=True)
        return FINDINGS
    keep_catalogue(found, folder, file.name)
    click.echo(f"{found.catalogue}\nstaat in {shown(folder)}.")
    for each in found.told:
        click.echo(f"  {each if each.severity == 'warning' else each.found}")
    click.echo("\n".join(told(found.catalogue, method_for(workspace, folder, found.catalogue))))
    if named is None:
        click.echo("Neem hem in gebruik: zet in parameters/district.yaml de regel\n  catalogue: catalogue")
    click.echo("Kijk daarna alles na met werkbank check, en maak de werkmappen opnieuw met werkbank matrix.")
    return DONE
