"""`werkbank verify`: proof that the outputs belong to these inputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option
from werkbank.wording import count, date

__all__ = ["verify"]

if TYPE_CHECKING:
    from werkbank.batch.verify import Verification


@click.command(cls=DutchCommand)
@option("--round", metavar="RONDE", help="Een andere ronde dan die van nu.")
@option(
    "--audience", default="riec", show_default=True, metavar="DOELGROEP", help="Van welke doelgroep de analyses zijn."
)
@option("--at", "address", metavar="ADRES", help="Ga na wat met werkbank store op gedeelde opslag is bewaard.")
@option("--json", "as_json", is_flag=True, help="Toon de bevindingen voor machines.")
def verify(round: str | None, audience: str, address: str | None, as_json: bool) -> int:
    """Ga na of de analyses in output bij de invoer horen, tot op de letter.

    \b
    Elk bestand wordt vergeleken met wat het manifest ervan zegt: de uitvoer, de invoer, en de manifesten zelf.
    \b
    Voorbeelden:
      werkbank verify
      werkbank verify --audience municipality --json
      werkbank verify --at s3://riec-flevoland/werkbank
    """
    from werkbank.assessment.choosing import any_parameters, chosen_audience
    from werkbank.batch.store import verify_stored
    from werkbank.batch.verify import verify as verified

    parameters = any_parameters(round).model_copy(update={"audience": chosen_audience(audience)})
    result = verify_stored(parameters, address) if address else verified(parameters)
    if as_json:
        click.echo(json.dumps([finding.to_dict() for finding in result.findings], ensure_ascii=False, indent=1))
    else:
        _tell(result)
    return FINDINGS if result.findings else DONE


def _tell(result: Verification) -> None:
    for finding in result.findings:
        click.echo(str(finding), err=True)
    for note in result.notes:
        click.echo(f"Let op: {note}", err=True)
    made_of = f" gemaakt van {count(result.inputs, 'invoerbestand', 'invoerbestanden')}" if result.inputs else ""
    seen = (
        f"{count(result.analyses, 'analyse', 'analyses')}, {count(result.outputs, 'bestand', 'bestanden')}{made_of}, "
        f"{count(result.chain, 'manifest', 'manifesten')}"
    )
    if result.findings:
        click.echo(f"{count(len(result.findings), 'afwijking', 'afwijkingen')} gevonden. Nagegaan: {seen}.")
    else:
        click.echo(f"Alles klopt. Nagegaan: {seen}{_when(result)}.")


def _when(result: Verification) -> str:
    import datetime as dt

    if result.finished is None:
        return ""
    return f"; de laatste batch was klaar op {date(dt.datetime.fromisoformat(result.finished).date())}"
