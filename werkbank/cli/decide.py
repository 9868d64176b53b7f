"""The commands that decide: choose a park, take a choice back, read the register, and what follows a choice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, audience_option, option, round_option, shown
from werkbank.wording import capital, date

if TYPE_CHECKING:
    from werkbank.assessment.decisions import Held


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
@option("--capacity-reason", metavar="TEKST", help="Waarom meer wordt gekozen dan er ruimte is; minstens 10 tekens.")
@round_option()
def select(park: str, **told: Any) -> int:
    """Leg vast welk terrein mensen hebben gekozen.

    \b
    TERREIN is de code of de naam. Het advies van dit moment wordt ernaast bewaard; de werkbank kiest zelf nooit.
    Een keuze tegen het advies in, op onvolledige invoer, of boven de capaciteit vraagt een reden van zichzelf.
    \b
    Voorbeelden:
      werkbank select LEL-05 --reason "Hoogste score, en het overleg is er klaar voor." --by stuurgroep
      werkbank select LEL-02 --reason "Hier begint de herinrichting." --by stuurgroep \\
        --against-reason "Op het geadviseerde terrein loopt al een aanpak."
    """
    from werkbank.batch import acts

    return _told(acts.select(park, **told))


@click.command(cls=DutchCommand, short_help="Neem een vastgelegde keuze terug.")
@click.argument("park", metavar="TERREIN")
@option("--reason", required=True, metavar="TEKST", help="Waarom de keuze wordt teruggenomen; minstens 10 tekens.")
@option("--by", required=True, metavar="WIE", help="Wie besloot: een orgaan of rol, geen naam van een persoon.")
@round_option()
def withdraw(park: str, reason: str, by: str) -> int:
    """Neem een vastgelegde keuze terug, met een reden.

    \b
    De keuze blijft in het register staan, met erbij dat zij is ingetrokken. Daarna kan hetzelfde terrein opnieuw
    worden gekozen. Een projectplan dat al is gemaakt, gaat uit het zicht, naar de map ingetrokken; wat mensen erin
    schreven blijft in data/plans.
    \b
    Voorbeeld:
      werkbank withdraw LEL-05 --reason "Bij vergissing vastgelegd; het besluit ging over LEL-15." --by stuurgroep
    """
    from werkbank.batch import acts

    return _told(acts.withdraw(park, reason=reason, by=by))


@click.command(cls=DutchCommand, short_help="Leg vast wat de partijen over één cel afspraken.")
@click.argument("park", metavar="TERREIN")
@click.argument("indicator", metavar="INDICATOR")
@click.argument("level", metavar="[NIVEAU]", required=False)
@option("--reason", required=True, metavar="TEKST", help="Waarom de partijen hierop uitkwamen; minstens 10 tekens.")
@option("--by", required=True, metavar="WIE", help="Wie het afsprak: een orgaan of rol, geen naam van een persoon.")
@option(
    "--outside-reason",
    metavar="TEKST",
    help="Waarom het niveau lager of hoger is dan elke partij zelf gaf; minstens 10 tekens.",
)
@option("--withdraw", "back", is_flag=True, help="Neem de afspraak over deze cel terug; noem dan geen niveau.")
@round_option()
def agree(
    park: str, indicator: str, level: str | None, reason: str, by: str, outside_reason: str | None, back: bool
) -> int:
    """Leg vast op welk niveau de partijen na overleg over één cel uitkwamen.

    \b
    TERREIN is de code of de naam, INDICATOR de code. De afspraak telt bij elke manier van samenvoegen, in de plaats van
    wat elke partij zelf gaf. Die oordelen blijven staan en worden ernaast getoond.
    \b
    Voorbeelden:
      werkbank agree URK-04 V03 2 --reason "De bron van de politie is van voor de ontruiming." --by "overleg RIEC"
      werkbank agree URK-04 V03 --withdraw --reason "Er kwam nieuwe informatie." --by "overleg RIEC"
    """
    from werkbank.batch import acts

    if back == (level is not None) or (back and outside_reason):
        raise click.UsageError("Noem een niveau, of neem met --withdraw de afspraak terug; niet allebei.")
    own = {} if back else {"level": level, "outside_reason": outside_reason}
    return _told(acts.agree(park, indicator, reason=reason, by=by, **own))


@click.command(cls=DutchCommand, short_help="Stel terreinen voor het hele district voor, met de spijt daarvan.")
@option(
    "--capacity",
    type=click.IntRange(1, 1000),
    metavar="AANTAL",
    help="Hoeveel terreinen samen; anders wat de gemeenten samen aankunnen.",
)
@option("--reason", metavar="TEKST", help="Met --by: waarom dit voorstel is overgenomen; minstens 10 tekens.")
@option("--by", metavar="WIE", help="Wie het voorstel overneemt: een orgaan of rol, geen naam van een persoon.")
@round_option()
def propose(capacity: int | None, reason: str | None, by: str | None) -> int:
    """Stel terreinen voor het hele district voor: de hoogste scores samen, met minstens één per gemeente.

    \b
    Alleen terreinen met een aanwijzing doen mee. De spijt zegt hoeveel punten u gemiddeld mist door nu te kiezen,
    naast die van andere keuzes. De werkbank kiest niet; met --by en --reason wordt vastgelegd wie dit overneemt.
    Schrijft in output/<ronde>/riec/voorstel.
    \b
    Voorbeelden:
      werkbank propose --capacity 8
      werkbank propose --capacity 8 --by stuurgroep --reason "Past bij de capaciteit van dit najaar."
    """
    from werkbank.batch import acts

    return _told(acts.propose(capacity, by, reason), where=by is not None)


@click.command(cls=DutchCommand, short_help="Leg vast wat een gemeente vooraf antwoordt, en zie wat nog open is.")
@click.argument("municipality", metavar="[GEMEENTE]", required=False)
@option("--need", metavar="TEKST", help="Is er een gezamenlijke informatiebehoefte? “ja” of “nee”, en een zin.")
@option("--willing", metavar="TEKST", help="Zijn de partijen bereid om samen iets te doen? “ja” of “nee”, en een zin.")
@option("--basis", metavar="TEKST", help="Is er een juridische basis? “ja” of “nee”, en een zin.")
@option("--capacity", metavar="TEKST", help="Zijn er mensen en uren? “ja” of “nee”, en een zin.")
@option("--by", metavar="WIE", help="Wie antwoordt: een orgaan of rol, geen naam van een persoon.")
@round_option()
def intake(municipality: str | None, by: str | None, **texts: str | None) -> int:
    """Leg vast wat een gemeente antwoordt voordat de ronde begint; een later antwoord vervangt het eerdere.

    \b
    Zonder antwoorden: wat elke gemeente heeft geantwoord en wat nog open is.
    \b
    Voorbeelden:
      werkbank intake urk --need "ja: politie en gemeente willen weten waar te beginnen" --by driehoek
      werkbank intake
    """
    from werkbank.assessment.choosing import chosen_municipalities
    from werkbank.assessment.decisions import answered
    from werkbank.batch import acts
    from werkbank.register.decision import intake_questions
    from werkbank.report.decided import one_line
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    given = {code: text for code, text in texts.items() if text is not None}
    if given and not (municipality and by):
        raise click.UsageError("Noem bij een antwoord ook de gemeente, en met --by wie antwoordt.")
    slugs = chosen_municipalities([municipality]) if municipality else municipality_slugs(find_workspace())
    for slug in slugs:
        if given:
            _told(acts.intake(slug, by=by or "", **given))
        parameters = load_parameters(slug)
        answers = answered(parameters)
        click.echo(f"{parameters.name}, ronde {parameters.round}{'' if answers else ': nog niets beantwoord'}")
        for code, told in intake_questions().items() if answers else ():
            answer = f"{answers[code].word}, {one_line(answers[code].why)}" if code in answers else "nog open"
            click.echo(f"  {capital(told['name'])}: {answer}")
    return DONE


@click.command(cls=DutchCommand, short_help="Leg vast wie een projectplan vaststelt, of een verzoek om te delen.")
@click.argument("park", metavar="TERREIN|NUMMER")
@option("--by", required=True, metavar="WIE", help="Wie vaststelt: een orgaan of rol, geen naam, en niet de trekker.")
@option("--reason", default="", metavar="TEKST", help="Waarom, als daar iets over te zeggen is; minstens 10 tekens.")
@option("--refuse", is_flag=True, help="Weiger het verzoek om te delen met dit nummer.")
@round_option()
def approve(park: str, by: str, reason: str, refuse: bool) -> int:
    """Leg vast dat een orgaan of rol het projectplan van een gekozen terrein vaststelt, zoals het nu is.

    \b
    Verandert daarna wat erin is gekozen of geschreven, of welke indicatoren hoog zijn, dan vervalt de vaststelling:
    het plan, werkbank plan en werkbank register zeggen dat, met wat er veranderde. Hoe ver de acties zijn telt niet
    mee. Wie het plan trekt, stelt het niet vast. De stand in data/plans verandert u zelf.
    Met het nummer van een verzoek om te delen (werkbank share) beslist een andere rol dan wie vroeg; met een reden.
    \b
    Voorbeelden:
      werkbank approve LEL-05 --by driehoek
      werkbank approve 12 --by "teamleider RIEC" --reason "Nodig voor het overleg, en niet meer dan dat."
    """
    from werkbank.batch import acts
    from werkbank.cli.share import told
    from werkbank.release.sharing_request import decide

    if park.isdecimal():
        return _told(told(decide(int(park), "refuse" if refuse else "approve", by=by, reason=reason)))
    if refuse:
        raise click.UsageError("Met --refuse hoort het nummer van een verzoek om te delen.")
    return _told(acts.approve(park, by=by, reason=reason))


@click.command(cls=DutchCommand, short_help="Lees wat er is besloten.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--round", "round_name", metavar="RONDE", help="Alleen deze ronde.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst van de besluiten, voor een ander programma.")
@option("--disclosures", is_flag=True, help="Wat aan wie is verstrekt; met --json ook in de namen van VNG en Logius.")
@option("--to", default="", metavar="TEKST", help="Met --disclosures: alleen ontvangers met dit woord.")
def register(municipality: str | None, round_name: str | None, as_json: bool, disclosures: bool, to: str) -> int:
    """Lees wat er is besloten: keuzes van terreinen en afspraken over cellen, en welke daarvan zijn ingetrokken.

    \b
    Ook de aantekeningen van analisten staan erin.
    Controleert ook of het register nog is zoals het is geschreven.
    Uitkomst: 0 het register is gaaf, 1 er is iets mis mee, 2 verkeerd gebruikt.
    \b
    Voorbeelden:
      werkbank register
      werkbank register --municipality urk --round 2026-1
      werkbank register --disclosures --to burgemeester
    """
    from werkbank.assessment.choosing import any_parameters, place_names
    from werkbank.assessment.decisions import read_register
    from werkbank.batch.manifest import issued
    from werkbank.files.canonical import to_plain
    from werkbank.report.decided import as_values

    if disclosures:
        return _disclosed(municipality, round_name, to, as_json=as_json)
    held = read_register(municipality, round_name, issued(any_parameters()))
    names = place_names()
    if as_json:
        values = [as_values(one, names) | {"approval": held.approved.get(one.event_id)} for one in held.selections]
        values += [{"kind": "agreement", **to_plain(one)} for one in held.agreements]
        values += [
            {"kind": "proposal", "number": one.id, "by": one.actor_role, **(one.data or {})} for one in held.proposals
        ]
        values += [{"kind": "intake", **to_plain(one)} for one in held.intakes]
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
    else:
        for line in _in_words(held, names):
            click.echo(line)
    for finding in held.faults:
        click.echo(str(finding), err=True)
    return FINDINGS if any(one.severity == "error" for one in held.faults) else DONE


def _disclosed(municipality: str | None, round: str | None, to: str, *, as_json: bool) -> int:
    """What was issued, in words or one line of JSON each."""
    from werkbank.assessment.choosing import chosen_municipalities
    from werkbank.cli.share import told
    from werkbank.files.canonical import to_plain
    from werkbank.release.disclosure import disclosures, exported
    from werkbank.release.sharing_request import served

    slug = chosen_municipalities([municipality])[0] if municipality else ""
    for one in disclosures(slug, to).values():
        if round in (None, one.asked.round):
            click.echo(json.dumps(exported(one), ensure_ascii=False) if as_json else next(told(one)))
    for event, shown_to in served():
        if round in (None, shown_to.round) and slug in ("", *shown_to.municipalities) and to in ("", shown_to.audience):
            own = {"number": event.id, "moment": event.at, **to_plain(shown_to), "went_in": {}, "state": "served"}
            told_so = (
                f"Dashboard {event.id}, getoond op {date(event.moment.astimezone().date())} aan {shown_to.audience}."
            )
            click.echo(json.dumps({"werkbank": own}, ensure_ascii=False) if as_json else told_so)
    return DONE


def _told(lines: Iterable[str], *, where: bool = True) -> int:
    """Say what came of an act, where it is kept, and that the clock ran back when it did."""
    from werkbank.assessment.decisions import clock_remarks

    for line in lines:
        click.echo(line)
    if where:
        click.echo(f"Bewaard in {_place()}. Alle besluiten: werkbank register")
        for remark in clock_remarks():
            click.echo(f"Let op: {remark}", err=True)
    return DONE


def _in_words(held: Held, names: Mapping[str, str]) -> Iterator[str]:
    """What the register holds, kind by kind, and how much of each was taken back."""
    from werkbank.report.decided import agreed, beforehand, closing, described, noted

    yield from beforehand(held, names)
    for selection in held.selections:
        yield from described(selection, names)
        if selection.event_id in held.approved:
            yield f"  Projectplan: {held.approved[selection.event_id]}"
    for agreement in held.agreements:
        yield from agreed(agreement, names)
    for note in held.notes:
        yield from noted(note, names)
    if held.agreements:
        yield closing([one.holds for one in held.agreements], "afspraak", "afspraken")
    if held.notes:
        yield closing([one.withdrawal is None for one in held.notes], "aantekening", "aantekeningen")
    yield f"{closing([one.holds for one in held.selections], 'keuze', 'keuzes')} Register: {_place()}."


def _place() -> str:
    """Where decisions are kept; the address of a database may hold a password and is not shown."""
    from werkbank.assessment.decisions import decisions_address

    address = decisions_address()
    return shown(address) if isinstance(address, Path) else "de databank van WERKBANK_DATABASE_URL"


@click.command(cls=DutchCommand, short_help="Zeg waarom een doelgroep iets wel of niet krijgt.")
@click.argument("part", metavar="ONDERDEEL")
@audience_option(help="Welke doelgroep: {audiences}.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Van welke gemeente de partijen en de grondslag gelden.")
@round_option()
def why(part: str, audience: str, municipality: str | None) -> int:
    """Zeg welke regel beslist of een doelgroep een onderdeel krijgt, welke regels niet opgaan, en wat de wet zegt.

    \b
    ONDERDEEL is een code uit fields of releasable in audiences.yaml, of de cellen van een partij, zoals police_cells.
    \b
    Voorbeelden:
      werkbank why totals --audience municipality
      werkbank why police_cells --audience steering -m urk
    """
    from werkbank.sharing.who import why_given

    click.echo(str(why_given(part, audience, municipality)))
    return DONE
