"""The command `werkbank matrix`: thin; everything heavy is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, shown
from werkbank.errors import WerkbankError
from werkbank.wording import capital, count

__all__ = ["matrix"]

if TYPE_CHECKING:
    from werkbank.collecting.setting import Setting


@click.command(cls=DutchCommand)
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@option("--party", "-p", "parties", multiple=True, metavar="PARTIJ", help="Alleen deze partij; mag vaker.")
@option("--round", "round_name", metavar="RONDE", help="Een andere ronde dan die van parameters/district.yaml.")
@option(
    "--folder",
    metavar="MAP",
    type=click.Path(path_type=Path, file_okay=False),
    help="Waar de werkmappen komen; anders output/<ronde>/matrices.",
)
def matrix(chosen: tuple[str, ...], parties: tuple[str, ...], round_name: str | None, folder: Path | None) -> int:
    """Maak per gemeente en partij een lege risicomatrix om in te vullen.

    \b
    Een werkmap waarin al iets is ingevuld, blijft staan. De map data wordt niet aangeraakt.
    Zet wat ingevuld terugkomt in data/matrices/<ronde>, onder dezelfde naam.
    \b
    Voorbeelden:
      werkbank matrix
      werkbank matrix --municipality urk --party politie
      werkbank matrix --round 2027-1 --folder output/verzenden
    """
    from werkbank.collecting.setting import load_setting
    from werkbank.matrix.template_party import named_parties
    from werkbank.settings.parameters import load_parameters

    setting = load_setting()
    slugs = setting.chosen(chosen)
    wanted = named_parties(parties, setting.parameters.parties, setting.catalogue)
    # An own round is checked as strictly as the one in the file.
    round_name = setting.round if round_name is None else load_parameters(slugs[0], round=round_name).round
    target = setting.parameters.workspace / (folder or setting.parameters.output / round_name / "matrices")
    _refuse_data(target, setting)
    made = [_write(setting, slug, party, round_name, target) for slug in slugs for party in wanted]
    click.echo(capital(f"{count(sum(made), 'lege werkmap', 'lege werkmappen')} gemaakt voor ronde {round_name}."))
    return DONE if all(made) else FINDINGS


def _refuse_data(folder: Path, setting: Setting) -> None:
    """Refuse the folder of what comes in: a blank workbook there would be read as a return. Raises UsageError."""
    data = setting.parameters.data.resolve()
    wanted = folder.resolve()
    if any(
        each == data or (each.exists() and data.exists() and each.samefile(data)) for each in (wanted, *wanted.parents)
    ):
        raise click.UsageError(
            f"De map {shown(data)} is voor wat ingevuld terugkomt. Kies een andere map, zoals output/verzenden."
        )


def _write(setting: Setting, municipality: str, party: str, round_name: str, folder: Path) -> bool:
    """Write one workbook and say so; or say why not, which stops no other."""
    from werkbank.matrix.template import write_blank

    try:
        blank = write_blank(
            folder,
            setting.catalogue,
            setting.parks,
            party=party,
            municipality_name=setting.municipality(municipality, fictional=setting.fictional),
            municipality=municipality,
            round=round_name,
            fictional=setting.fictional,
        )
    except WerkbankError as error:
        click.echo(str(error), err=True)
        return False
    parks = count(blank.parks, "terrein", "terreinen")
    click.echo(f"{shown(blank.path)}: {parks}, {blank.indicators} indicatoren")
    return True
