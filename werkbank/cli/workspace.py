"""The command that fills a workspace: the fictional district, with how its earlier round was scored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, DutchCommand, option, shown
from werkbank.errors import WerkbankError

if TYPE_CHECKING:
    from werkbank.settings.parameters import Parameters

__all__ = ["demo", "keep_earlier_round"]


@click.command(cls=DutchCommand)
@option("--seed", default=2018, show_default=True, metavar="GETAL", help="Ander getal, ander district.")
@option("--quiet", is_flag=True, help="Zeg niet wat u hierna kunt doen.")
def demo(seed: int, quiet: bool) -> int:
    """Maak een fictief district van 77 terreinen in de map data.

    \b
    Schrijft een terreinenregister, ingevulde matrices van twee rondes, een grondslag en één besluit van een
    fictieve stuurgroep; alles is verzonnen. Bewaart in output ook hoe de vorige ronde is gerekend, voor
    werkbank monitor.
    Een map data met andere gegevens, of met besluiten die u er zelf in hebt vastgelegd, blijft zoals hij is.
    \b
    Voorbeeld:
      werkbank demo
    """
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.demo import write_demo
    from werkbank.files.whole import only_batch
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    workspace = find_workspace()
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
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    present = [load_parameters(slug) for slug in municipality_slugs(find_workspace())]
    earlier = [one.model_copy(update={"round": one.earlier_round}) for one in present if one.earlier_round]
    return sum(_keep(one) for one in earlier)


def _keep(parameters: Parameters) -> bool:
    """Whether it was kept: where nothing stood yet, or something made up."""
    from werkbank.assessment.assessment import FILE_NAME
    from werkbank.assessment.flow import assess
    from werkbank.files.whole import whole_folder

    folder = parameters.output_folder
    try:
        if folder.exists() and json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))["fictional"] is not True:
            return False
        assessment = assess(parameters)
    except (OSError, ValueError, KeyError, TypeError, WerkbankError):
        return False
    with whole_folder(folder) as new:
        assessment.save(new)
    return True
