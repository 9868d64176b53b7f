"""The commands that collect a round: blank matrices out, and what is wrong with what came back."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, round_option, shown
from werkbank.errors import WerkbankError
from werkbank.wording import capital, count

if TYPE_CHECKING:
    from werkbank.collecting.check import Check, Setting
    from werkbank.matrix.template import Blank

_MANY = 20
"""Returns from which writing takes long enough to show how far it is."""


@click.command(cls=DutchCommand, short_help="Zeg wat er te verbeteren is, en wie nog niets aanleverde.")
@click.argument("files", metavar="[BESTAND]...", nargs=-1, type=click.Path(path_type=Path))
@option("--municipality", "-m", "chosen", multiple=True, metavar="GEMEENTE", help="Alleen deze gemeente; mag vaker.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst van alle bevindingen, voor een ander programma.")
@option("--quiet", is_flag=True, help="Alleen de samenvatting, zonder tabellen en voortgang.")
@option("--no-files", is_flag=True, help="Schrijf niets: geen werkmappen en pagina's om terug te sturen.")
@round_option()
def check(files: tuple[Path, ...], chosen: tuple[str, ...], as_json: bool, quiet: bool, no_files: bool) -> int:
    """Zeg wat er te verbeteren is voordat er iets wordt verstuurd of geanalyseerd, en hoe ver het verzamelen is.

    \b
    Zonder bestanden: alles, van parameters, catalogus, terreinen, grondslagen, notebooks en huisstijl tot de ingevulde
    werkmappen van de ronde, en wie nog niets aanleverde. Met bestanden: precies die.
    Schrijft in output/<ronde>/check per aanlevering een gemarkeerde werkmap en een pagina om terug te sturen.
    Uitkomst: 0 geen fouten, 1 wel fouten, 2 verkeerd gebruikt.
    \b
    Voorbeelden:
      werkbank check
      werkbank check --municipality urk
      werkbank check ontvangen/urk_politie.xlsx --no-files
    """
    from werkbank.collecting.check import check_files, check_round
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    if files and chosen:
        raise click.UsageError("Noem bestanden of gemeenten, niet allebei.")
    for path in files:
        if not path.exists() and (slug := str(path).casefold()) in municipality_slugs(find_workspace()):
            raise click.UsageError(f"{path} is er niet. Bedoelt u “--municipality {slug}”?")
    try:
        result = check_files(files) if files else check_round(chosen)
    except WerkbankError as error:
        return _refused(error, as_json=as_json)
    written: tuple[Path, ...] = ()
    if not no_files and not result.unprintable:
        from werkbank.collecting.replies import write_replies

        with _progress(len(result.returns), quiet=quiet or as_json) as report:
            written = write_replies(result, report=report)
    if as_json:
        click.echo(json.dumps([finding.to_dict() for finding in result.findings], indent=1))
    else:
        _show(result, written, quiet=quiet)
    return FINDINGS if result.count("error") else DONE


def _refused(error: WerkbankError, *, as_json: bool) -> int:
    """What was found when the returns could not be looked at; wrong use of the command, when it is about no file."""
    if not error.findings:
        raise error
    if as_json:
        click.echo(json.dumps([finding.to_dict() for finding in error.findings], indent=1))
    else:
        from werkbank.cli.findings import show_workspace

        show_workspace(error.findings)
        click.echo(error.message)
    return FINDINGS


def _show(result: Check, written: tuple[Path, ...], *, quiet: bool) -> None:
    from werkbank.cli.findings import show, summarise

    if not quiet:
        show(result)
    summarise(result)
    if result.unprintable:
        click.echo("Er is niets geschreven om terug te sturen: de huisstijl klopt niet.")
    replies = [path for path in written if path.stem.endswith("_bevindingen")]
    if replies:
        click.echo(f"Om terug te sturen: {shown(replies[0].parent)}, {count(len(replies), 'bestand', 'bestanden')}")
    for path in written:
        if path not in replies:
            click.echo(f"Stand van zaken: {shown(path)}")
    if result.findings and not _shared(result.setting.round):
        click.echo(f"Van ronde {result.setting.round} is nog niets gedeeld.")
        click.echo("Wat nu wordt verbeterd, is later geen verschil tussen twee exemplaren.")


def _shared(round_name: str) -> bool:
    """Whether a copy of the round left: then a second one, of other cells, asks for more than a reason."""
    from werkbank.release.disclosure import disclosures

    with contextlib.suppress(WerkbankError):  # what is wrong with the register is told by `verify`
        return any(one.asked.round == round_name for one in disclosures().values())
    return False


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal when there is much to write, else nothing."""
    if quiet or total < _MANY or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Terugschrijven", total=total)
        yield lambda done, _all: bar.update(task, completed=done)


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
    Een lege werkmap die er al staat, wordt vernieuwd als de vragen of de terreinen zijn veranderd; een waarin is
    gewerkt, blijft staan. De map data wordt niet aangeraakt.
    Zet wat ingevuld terugkomt in data/matrices/<ronde>, onder dezelfde naam.
    \b
    Voorbeelden:
      werkbank matrix
      werkbank matrix --municipality urk --party politie
      werkbank matrix --round 2027-1 --folder output/verzenden
    """
    from werkbank.collecting.check import load_setting
    from werkbank.settings.parameters import load_parameters

    setting = load_setting()
    slugs = setting.chosen(chosen)
    wanted = setting.chosen_parties(parties, slugs)
    # An own round is checked as strictly as the one in the file.
    round_name = setting.round if round_name is None else load_parameters(slugs[0], round=round_name).round
    target = setting.parameters.workspace / (folder or setting.parameters.output / round_name / "matrices")
    _refuse_data(target, setting)
    asked = [(slug, party) for slug in slugs for party in wanted if party in setting.parties[slug]]
    made = [_write(setting, slug, party, round_name, target) for slug, party in asked]
    done = [blank for blank in made if blank]
    click.echo(capital(f"{count(len(done), 'lege werkmap', 'lege werkmappen')} gemaakt voor ronde {round_name}."))
    if renewed := sum(blank.renewed for blank in done):
        them = "haar" if renewed == 1 else "die"
        click.echo(
            f"{count(renewed, 'werkmap', 'werkmappen')} vernieuwd. Stuur {them} opnieuw als de vorige al weg was."
        )
    return DONE if len(done) == len(made) else FINDINGS


def _refuse_data(folder: Path, setting: Setting) -> None:
    """Refuse the folder of what comes in: a blank workbook there would be read as a return. Raises UsageError."""
    data = setting.parameters.data.resolve()
    if folder.resolve().is_relative_to(data):
        raise click.UsageError(
            f"De map {shown(data)} is voor wat ingevuld terugkomt. Kies een andere map, zoals output/verzenden."
        )


def _write(setting: Setting, municipality: str, party: str, round_name: str, folder: Path) -> Blank | None:
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
        return None
    parks, renewed = count(blank.parks, "terrein", "terreinen"), " (vernieuwd; er was nog niets ingevuld)"
    click.echo(f"{shown(blank.path)}: {parks}, {blank.indicators} indicatoren{renewed if blank.renewed else ''}")
    return blank


@click.command(cls=DutchCommand)
@click.argument("files", metavar="[BESTAND]...", nargs=-1, type=click.Path(path_type=Path))
@option("--out", metavar="BESTAND", type=click.Path(path_type=Path, dir_okay=False), help="Schrijf de lege werkmap.")
@option("--party", "-p", "parties", multiple=True, metavar="PARTIJ", help="Vul de partij alvast in; bij --out.")
@option("--read", is_flag=True, help="Lees ingevulde werkmappen, en zeg wat de ronde vertelt.")
@option("--coordinator", is_flag=True, help="Ook per beoordelaar; alleen op het scherm, voor wie coördineert.")
@round_option()
def vignettes(
    files: tuple[Path, ...], out: Path | None, parties: tuple[str, ...], read: bool, coordinator: bool
) -> int:
    """Vergelijk hoe streng de partijen oordelen, aan de hand van drie verzonnen terreinen.

    \b
    Wat zonder fouten terugkomt, wordt bewaard in data/vignettes/<ronde>. Niets ervan telt mee in een score.
    \b
    Voorbeelden:
      werkbank vignettes --out vignetten_politie.xlsx --party politie
      werkbank vignettes --read --coordinator ontvangen/1.xlsx ontvangen/2.xlsx
    """
    from werkbank.collecting.check import load_setting
    from werkbank.collecting.vignettes import keep_answers, render, told
    from werkbank.files.whole import whole_file

    if (out is None) != read or (out and (files or coordinator)) or len(parties) > bool(out):
        raise click.UsageError("Kies --out BESTAND, zo nodig met één --party, of --read met de bestanden.")
    setting = load_setting()
    if out:
        _refuse_data(out.absolute().parent, setting)
        party = setting.chosen_parties(parties, setting.chosen(()))[0] if parties else ""
        whole_file(out, render(setting, party))
        click.echo(f"{shown(out)} staat klaar. Geef elke beoordelaar een nummer, en bewaar zelf wie welk nummer heeft.")
        return DONE
    found = keep_answers(files, setting)
    for each in found:
        click.echo(str(each))
    for line in told(setting, coordinator=coordinator):
        click.echo(line)
    return FINDINGS if any(each.severity == "error" for each in found) else DONE
