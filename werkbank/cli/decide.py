"""The commands that decide: choose a park, take a choice back, read the register, and what follows a choice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from werkbank.cli.terminal import DONE, FINDINGS, DutchCommand, option, round_option, shown
from werkbank.wording import MISSING, capital, count, date, listing, plain
from werkbank.wording import number as decimals

if TYPE_CHECKING:
    from werkbank.assessment.decisions import Held
    from werkbank.register.agreements import Agreement
    from werkbank.register.notes import KeptNote
    from werkbank.register.selections import Selection, Withdrawal
    from werkbank.settings.parameters import Parameters


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
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import select_park
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import asked_round

    selection = select_park(park, **told)
    for line in recorded(selection, place_names()):
        click.echo(line)
    _say_where()
    of_round = f" --round {selection.round}" if asked_round() else ""
    click.echo(f"Maak nu het projectplan: werkbank plan {selection.park_id}{of_round}")
    _show_decisions(load_parameters(selection.municipality, round=selection.round))
    return DONE


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
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import withdraw_park
    from werkbank.settings.parameters import load_parameters

    selection = withdraw_park(park, reason=reason, by=by)
    click.echo(withdrawn(selection, place_names()))
    _say_where()
    _show_decisions(load_parameters(selection.municipality, round=selection.round), selection)
    return DONE


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
    from werkbank.assessment.choosing import place_names
    from werkbank.assessment.decisions import agree_on_cell, withdraw_agreement

    if back == (level is not None) or (back and outside_reason):
        raise click.UsageError("Noem een niveau, of neem met --withdraw de afspraak terug; niet allebei.")
    if level is None:
        agreement = withdraw_agreement(park, indicator, reason=reason, by=by)
    else:
        agreement = agree_on_cell(park, indicator, level, reason=reason, by=by, outside_reason=outside_reason)
    for line in agreed(agreement, place_names()):
        click.echo(line)
    _say_where()
    click.echo(f"Maak nu de analyse opnieuw: werkbank analyse -m {agreement.municipality}")
    return DONE


@click.command(cls=DutchCommand, short_help="Stel terreinen voor het hele district voor, met de spijt daarvan.")
@option("--capacity", type=click.IntRange(1), help="Hoeveel terreinen samen; anders wat de gemeenten samen aankunnen.")
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
    from werkbank.batch.follow_up import make_proposal

    if (by is None) != (reason is None):
        raise click.UsageError("Geef --by en --reason samen, of geen van beide.")
    proposal, files, number = make_proposal(capacity, by=by, reason=reason)
    click.echo(f"Voorstel: {listing(proposal.park_ids)}.")
    if proposal.regret is not None:
        click.echo(f"Score samen {decimals(proposal.total, 1)}, verwachte spijt {decimals(proposal.regret, 1)} punten.")
    for file in files:
        click.echo(shown(file))
    if number:
        click.echo(f"Vastgelegd als besluit {number}, door {by}. Leg elk terrein nog vast met: werkbank select")
        _say_where()
    return DONE


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
    from werkbank.assessment.decisions import answer_intake, answered
    from werkbank.register.intake import questions
    from werkbank.settings.parameters import load_parameters
    from werkbank.settings.workspace import find_workspace, municipality_slugs

    given = {code: text for code, text in texts.items() if text is not None}
    if given and not (municipality and by):
        raise click.UsageError("Noem bij een antwoord ook de gemeente, en met --by wie antwoordt.")
    slugs = chosen_municipalities([municipality]) if municipality else municipality_slugs(find_workspace())
    for slug in slugs:
        parameters = load_parameters(slug)
        if given:
            answer_intake(parameters, given, by=by or "")
            _show_decisions(parameters)
        answers = answered(parameters)
        click.echo(f"{parameters.name}, ronde {parameters.round}{'' if answers else ': nog niets beantwoord'}")
        for code, told in questions().items() if answers else ():
            answer = f"{answers[code].word}, {_one_line(answers[code].why)}" if code in answers else "nog open"
            click.echo(f"  {capital(told['name'])}: {answer}")
    return DONE


def _show_decisions(parameters: Parameters, back: Selection | None = None) -> None:
    """The decision is recorded, whatever happens here: the index follows it now or with the next analysis."""
    from werkbank.batch.follow_up import show_decisions
    from werkbank.errors import OutputError

    try:
        moved = show_decisions(parameters, back)
    except OutputError as error:
        click.echo(f"Let op: de overzichtspagina volgt bij de volgende analyse. {error}")
        return
    if moved:
        click.echo(f"Het projectplan bij de ingetrokken keuze staat nu in {shown(moved)}.")


@click.command(cls=DutchCommand, short_help="Leg vast wie een projectplan vaststelt.")
@click.argument("park", metavar="TERREIN")
@option("--by", required=True, metavar="WIE", help="Wie vaststelt: een orgaan of rol, geen naam, en niet de trekker.")
@option("--reason", default="", metavar="TEKST", help="Waarom, als daar iets over te zeggen is; minstens 10 tekens.")
@round_option()
def approve(park: str, by: str, reason: str) -> int:
    """Leg vast dat een orgaan of rol het projectplan van een gekozen terrein vaststelt, zoals het nu is.

    \b
    Verandert daarna wat erin is gekozen of geschreven, of welke indicatoren hoog zijn, dan vervalt de vaststelling:
    het plan, werkbank plan en werkbank register zeggen dat, met wat er veranderde. Hoe ver de acties zijn telt niet
    mee. Wie het plan trekt, stelt het niet vast. De stand in data/plans verandert u zelf.
    \b
    Voorbeeld:
      werkbank approve LEL-05 --by driehoek
    """
    from werkbank.assessment.decisions import approve_plan

    approval = approve_plan(park, by=by, reason=reason)
    click.echo(
        f"Vastgelegd als besluit {approval.event_id}: het projectplan van {approval.park_id} is vastgesteld door "
        f"{approval}. Kenmerk van deze stand: {approval.state}."
    )
    _say_where()
    click.echo(f"Maak het plan opnieuw, dan staat het er ook in: werkbank plan {approval.park_id}")
    return DONE


@click.command(cls=DutchCommand, short_help="Lees wat er is besloten.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--round", "round_name", metavar="RONDE", help="Alleen deze ronde.")
@option("--json", "as_json", is_flag=True, help="Eén JSON-lijst van de besluiten, voor een ander programma.")
def register(municipality: str | None, round_name: str | None, as_json: bool) -> int:
    """Lees wat er is besloten: keuzes van terreinen en afspraken over cellen, en welke daarvan zijn ingetrokken.

    \b
    Ook de aantekeningen van analisten staan erin.
    Controleert ook of het register nog is zoals het is geschreven.
    Uitkomst: 0 het register is gaaf, 1 er is iets mis mee, 2 verkeerd gebruikt.
    \b
    Voorbeelden:
      werkbank register
      werkbank register --municipality urk --round 2026-1
    """
    from werkbank.assessment.choosing import any_parameters, place_names
    from werkbank.assessment.decisions import read_register
    from werkbank.batch.manifest import issued
    from werkbank.files.canonical import to_plain

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


def _say_where() -> None:
    """Where what was recorded is kept, and a remark when the clock ran back before it."""
    from werkbank.assessment.decisions import clock_remarks

    click.echo(f"Bewaard in {_place()}. Alle besluiten: werkbank register")
    for remark in clock_remarks():
        click.echo(f"Let op: {remark}", err=True)


def _in_words(held: Held, names: Names) -> Iterator[str]:
    """What the register holds, kind by kind, and how much of each was taken back."""
    yield from _beforehand(held, names)
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
        yield closing([one.taken_back is None for one in held.notes], "aantekening", "aantekeningen")
    yield f"{closing([one.holds for one in held.selections], 'keuze', 'keuzes')} Register: {_place()}."


def _beforehand(held: Held, names: Names) -> Iterator[str]:
    """What came before the choices: intakes, and proposals that were taken over."""
    from werkbank.register.intake import summary

    for intake in held.intakes:
        where, told = names.get(intake.municipality, intake.municipality), summary(intake.answers)
        yield f"Intake {intake.event_id}, {_day(intake.at)}: {where}, ronde {intake.round}, door {intake.by}: {told}"
    for proposal in held.proposals:
        data = proposal.data or {"park_ids": ["inhoud vernietigd"], "reason": MISSING}
        yield f"Voorstel {proposal.id}, ronde {proposal.round}: {listing(data['park_ids'])}"
        yield f"  Overgenomen door {proposal.actor_role}. Reden: {_one_line(data['reason'])}"


def _place() -> str:
    """Where decisions are kept; the address of a database may hold a password and is not shown."""
    from werkbank.assessment.decisions import decisions_address

    address = decisions_address()
    return shown(address) if isinstance(address, Path) else "de databank van WERKBANK_DATABASE_URL"


Names = Mapping[str, str]
"""Party, park or municipality → its name as it is now; a record of this version keeps the park's name itself."""


def recorded(selection: Selection, names: Names) -> Iterator[str]:
    """What was recorded, whether it follows the advice, and what to look at."""
    yield (
        f"Vastgelegd als besluit {selection.event_id}: {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round}, gekozen door {selection.by}."
    )
    yield capital(f"dit {_beside_advice(selection, names)}.")
    if selection.gaps:
        yield f"Let op: gekozen op onvolledige invoer ({'; '.join(selection.gaps)}). Dat staat ook in het projectplan."
    if selection.analysis == "none":
        yield "Let op: er is nog geen analyse om te lezen. Het advies is nu berekend en bij de keuze bewaard."


def withdrawn(selection: Selection, names: Names) -> str:
    """What was taken back just now."""
    number = selection.withdrawal.event_id if selection.withdrawal else 0
    return (
        f"Vastgelegd als besluit {number}: de keuze van {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round} (besluit {selection.event_id}), is ingetrokken. "
        "Beide besluiten blijven in het register."
    )


def described(selection: Selection, names: Names) -> Iterator[str]:
    """A decision as the register holds it: a line with what, and below it who, why, and on which advice."""
    yield (
        f"Besluit {selection.event_id}, {_day(selection.at)}: {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round}"
    )
    yield f"  Gekozen door {selection.by}. {capital(f'dit {_beside_advice(selection, names)}.')}"
    told = (
        ("Reden", selection.reason),
        ("Reden om van het advies af te wijken", selection.against_reason),
        ("Onvolledige invoer", "; ".join(selection.gaps or ())),
        ("Reden om daar niet op te wachten", selection.incomplete_reason),
        ("Reden om boven de capaciteit te gaan", selection.capacity_reason),
        ("Advies op dat moment", selection.sentence),
    )
    yield from (f"  {what}: {_one_line(text)}" for what, text in told if text)
    if selection.withdrawal:
        yield f"  {_taken_back(selection.withdrawal)}"


def closing(holding: Sequence[bool], one: str, many: str) -> str:
    """How many there are, and how many of them were taken back."""
    back = holding.count(False)
    return f"{capital(count(len(holding), one, many))}{f', waarvan {back} ingetrokken' if back else ''}."


def agreed(agreement: Agreement, names: Names) -> Iterator[str]:
    """An agreement as the register holds it: a line with which cell, and below it what each party said, who and why."""
    from werkbank.matrix.risk_matrix import STATE_DUTCH

    park, municipality = agreement.park_id, names.get(agreement.municipality, agreement.municipality)
    where = f"{names[park]} ({park})" if park in names else park
    yield (
        f"Afspraak {agreement.event_id}, {_day(agreement.at)}: {where} in {municipality}, ronde {agreement.round}, "
        f"{agreement.indicator}: niveau {agreement.level}"
    )
    given = {party: STATE_DUTCH[it] if isinstance(it, str) else it for party, it in agreement.said.items()}
    said = ", ".join(f"{names.get(party, party)} {given[party]}" for party in sorted(given, key=[*names, *given].index))
    yield f"  Afgesproken door {agreement.by}; zelf gaven: {said}. Reden: {_one_line(agreement.reason)}"
    if agreement.outside_reason:
        yield f"  Reden om daarbuiten te gaan: {_one_line(agreement.outside_reason)}"
    if agreement.withdrawal:
        yield f"  {_taken_back(agreement.withdrawal)}"


def noted(kept: KeptNote, names: Names) -> Iterator[str]:
    """A note as the register holds it: a line with what it is about, and below it the words and who wrote them."""
    note, municipality = kept.note, names.get(kept.municipality, kept.municipality)
    park = note.park_id and (f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id)
    about = f"{park} in {municipality}" if park else municipality
    yield f"Aantekening {note.number}, {date(note.day)}: over {about}, ronde {kept.round}"
    yield f"  Van {note.by}: {_one_line(note.text)}"
    if back := kept.taken_back:
        day = _day(dt.datetime.fromisoformat(back.at))
        yield f"  Ingetrokken op {day} door {back.by}. Reden: {_one_line(back.reason)}"


def as_values(selection: Selection, names: Names) -> dict[str, Any]:
    """A decision as plain values for another program; None where nothing was kept."""
    kept = (
        "municipality", "round", "park_id", "by", "reason", "against_reason", "incomplete_reason",
        "capacity_reason", "gaps", "advised",
        "sentence", "grade", "share", "draws", "analysis", "fingerprint",
    )  # fmt: skip
    back = selection.withdrawal
    return {
        "kind": "selection",
        "number": selection.event_id,
        "at": selection.at.isoformat(),
        "park": _name(selection.park_id, selection, names),
        "follows_advice": None if not selection.advised else not selection.against_advice,
        **{name: getattr(selection, name) for name in kept},
        "withdrawal": back
        and {"number": back.event_id, "at": back.at.isoformat(), "by": back.by, "reason": back.reason},
    }


def _beside_advice(selection: Selection, names: Names) -> str:
    if selection.advised is None:
        return "besluit is vernietigd wat de inhoud betreft; alleen wie, wat en wanneer zijn er nog"
    if not selection.advised:
        return "volgt geen advies: er was geen terrein om te adviseren"
    if not selection.against_advice:
        return "volgt het advies"
    return f"wijkt af van het advies ({listing(_label(park, selection, names) for park in selection.advised)})"


def _taken_back(back: Withdrawal) -> str:
    reason = f" Reden: {_one_line(back.reason)}" if back.reason else ""
    return f"Ingetrokken op {_day(back.at)} door {back.by} (besluit {back.event_id}).{reason}"


def _municipality(selection: Selection, names: Names) -> str:
    return names.get(selection.municipality, selection.municipality)


def _name(park_id: str, selection: Selection, names: Names) -> str:
    own = selection.standing
    kept = own.name if own is not None and own.park_id == park_id else ""
    return kept or names.get(park_id, "")


def _label(park_id: str, selection: Selection, names: Names) -> str:
    name = _name(park_id, selection, names)
    return f"{name} ({park_id})" if name else park_id


def _day(moment: dt.datetime) -> str:
    return date(moment.astimezone().date())


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
