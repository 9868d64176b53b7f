"""The prose of a project plan, chapter by chapter: careful words, and marked blanks for what only people know."""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.advice.answers import Answers
from werkbank.advice.park_reading import Assessed, ParkReading
from werkbank.advice.phenomena import STRENGTH_DUTCH, STRENGTHS
from werkbank.plan.plan_tables import weeks_in_words
from werkbank.plan.plan_values import Chapter, Entry, Field, Step, blank
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = ["goal", "legal", "measures", "picture", "schedule", "scope"]


def goal(reading: ParkReading) -> Chapter:
    """The main goal; the subgoals and yardsticks stand in their own tables."""
    return Chapter(
        "Doelstelling",
        (
            (
                f"{reading.name} wordt een terrein waar ondernemers veilig en eerlijk kunnen werken. Daarvoor wordt de "
                "gelegenheid voor mogelijke ondermijnende activiteiten kleiner en de weerbaarheid groter."
            ),
            (
                "Een maatstaf is pas bruikbaar als de nulwaarde, de streefwaarde en het meetmoment vaststaan. Wat de "
                "werkbank niet weet, is gemarkeerd en vullen de partners samen in. Weken tellen vanaf de start."
            ),
        ),
    )


def scope(reading: ParkReading, steps: tuple[Step, ...]) -> Chapter:
    """Which area, how long, and what stays out."""
    size = "" if reading.net_ha is None else f", {number(reading.net_ha, 1)} hectare netto"
    return Chapter(
        "Scope",
        ("Het plan gaat over het terrein als geheel.",),
        (
            _field("Gebied", f"bedrijventerrein {reading.name} ({reading.park_id}){size}"),
            Field("Startdatum", blank("startdatum")),
            _field("Looptijd", f"{weeks_in_words(steps)}, afhankelijk van de gekozen interventies"),
        ),
        (
            "Buiten scope: individuele casussen, personen, bedrijven en adressen. Die staan niet in dit plan.",
            "Buiten scope: opsporing. Bestuurlijk toezicht wordt niet gebruikt om strafbare feiten op te sporen.",
        ),
    )


def picture(assessed: Assessed, reading: ParkReading, found: Answers, catalogue: Catalogue) -> Chapter:
    """What the matrix says in words that name groups and no single judgement; what is unknown is said first."""
    unknown = [cell.indicator for cell in reading.cells if cell.applicable and cell.level is None]
    return Chapter(
        "Informatiebeeld",
        (
            (
                f"Van wat op dit terrein van toepassing is, is {_share(reading.coverage)} bekend bij minstens één "
                f"partij en {_share(reading.two_sided)} bij alle partijen. Onbekend telt nooit als nul."
            ),
            *_signs(assessed, reading.park_id, catalogue),
            *_features(found, catalogue),
            (
                "Deze samenvatting noemt groepen en geen losse oordelen of bronnen. Toets vóór het delen of de "
                "grondslag dat toelaat."
            ),
        ),
        (_field("Bij geen enkele partij bekend", "; ".join(_unknown(unknown, catalogue)) or "niets"),),
        (
            "Aanname: een niveau zegt in welke mate iets naar vermoeden voorkomt, niet dat het is vastgesteld.",
            "Aanname: wat niet bekend is, is vaak niet zonder reden onbekend.",
            "Aanname: een kenmerk van het terrein is op zichzelf geen aanwijzing voor een misdrijf.",
        ),
    )


def _signs(assessed: Assessed, park_id: str, catalogue: Catalogue) -> Iterator[str]:
    """Per group of phenomena the strongest indication, the strongest first."""
    order = ("unknown", *STRENGTHS)
    strongest: dict[str, str] = {}
    for one in assessed.indications:
        if one.park_id == park_id:
            group = catalogue.phenomenon(one.phenomenon).group
            strongest[group] = max(strongest.get(group, "unknown"), one.strength, key=order.index)
    names = {one.id: one.name for one in catalogue.subcategories}
    for strength in reversed(STRENGTHS[1:]):
        groups = [f"“{_lower(names[group])}”" for group, found in strongest.items() if found == strength]
        if groups:
            yield f"Er is een {STRENGTH_DUTCH[strength]} voor mogelijke activiteit rond {listing(groups)}."
    none, nothing = (list(strongest.values()).count(strength) for strength in ("none", "unknown"))
    if none:
        yield f"Voor {count(none, 'andere groep', 'andere groepen')} is er geen aanwijzing."
    if nothing:
        yield f"Over {count(nothing, 'groep', 'groepen')} is niets bekend: dat is iets anders dan geen aanwijzing."


def _features(found: Answers, catalogue: Catalogue) -> Iterator[str]:
    high = [row.indicator for row in found.rows]
    for family, words in (
        ("opportunity", "Kenmerken die misbruik gemakkelijker kunnen maken"),
        ("resilience", "Wat misbruik nu naar het oordeel van de partijen nog weinig tegenhoudt"),
    ):
        named = [_lower(one.name) for one in catalogue.by_family(family) if one.id in high]
        if named:
            yield f"{words}: {'; '.join(named)}."


def legal(assessed: Assessed) -> Chapter:
    """On which recorded decision the parties' information was brought together, and what it does not allow."""
    basis = assessed.legal_basis
    text = (
        "Bij elke interventie staat de grondslag voor het optreden. Het delen van informatie heeft daarnaast "
        "een eigen grondslag nodig: het besluit hieronder. Laat de verwijzingen door een jurist toetsen."
    )
    limits = (
        (
            "De werkbank zet geen gegevens over personen of bedrijven in dit plan; die blijven in de eigen systemen. "
            "Namen van contactpersonen vullen de partners zelf in."
        ),
        "Wie dit plan ontvangt, deelt het alleen verder als de grondslag dat toelaat; elke verstrekking wordt vermeld.",
        "Met private partners worden geen vermoedens en geen oordelen van de politie gedeeld.",
    )
    if basis is None:
        told = (_field("Besluit", "niet van toepassing: dit is het beeld van één partij"),)
        return Chapter("Juridische basis", (text,), told, limits)
    fields = (
        _field("Besluit van", basis.body),
        _field("Datum", date(basis.decided)),
        _field("Kenmerk", basis.id),
        _field("Geldig tot en met", date(basis.valid_until)),
        _field("Doel", basis.purpose),
        _field("Bewaren tot en met", date(basis.retention_until)),
        Field("Privacytoets (DPIA)", Entry(basis.dpia) if basis.dpia else blank("verwijzing")),
        Field("Grondslag per verstrekking", blank("per partner")),
    )
    return Chapter("Juridische basis", (text,), fields, limits)


def measures(found: Answers, waiting: int, catalogue: Catalogue) -> Chapter:
    """What is proposed, what it answers and what it leaves open; the choice is people's."""
    high, planned, holes = len(found.rows), len(found.interventions), len(found.holes)
    asked = "vraagt" if high == 1 else "vragen"
    told = [
        (
            f"{capital(count(high, 'hoge indicator', 'hoge indicatoren'))} {asked} om een antwoord: niveau 2 of hoger, "
            "bij weerbaarheid 1 of lager. De drempels in de catalogus leiden tot "
            f"{count(planned, 'interventie', 'interventies')}, van licht naar zwaar. "
            "Dat is een voorstel: de partners kiezen."
        )
    ]
    told.extend(_beside(found))
    told.append(_holes(high, holes))
    absent = [term.name.lower() for term, kind in zip(catalogue.kinds, found.kinds, strict=True) if not kind.present]
    if absent:
        told.append(
            f"Let op: het plan heeft nog geen interventie voor {listing(absent)}. "
            "Van elke soort hoort er minstens één in te staan."
        )
    if waiting:
        told.append(
            f"{capital(count(waiting, 'zware interventie staat', 'zware interventies staan'))} apart: "
            "pas na bevestiging van de bron (bronsterkte A), en na een toets op noodzaak en evenredigheid."
        )
    return Chapter("Interventies", tuple(told))


def _beside(found: Answers) -> Iterator[str]:
    """Interventions that a threshold put forward, and that answer no high indicator by themselves."""
    used = {code for row in found.rows for code in (*row.direct, *row.supporting)}
    beside = len([code for code in found.interventions if code not in used])
    if beside:
        verb = "beantwoordt er 1" if beside == 1 else f"beantwoorden er {beside}"
        yield (
            f"Van deze {len(found.interventions)} interventies {verb} geen hoge indicator; "
            "waarom zo'n interventie er staat, staat erbij."
        )


def _holes(high: int, holes: int) -> str:
    if not high:
        return "Er is geen hoge indicator bekend. Dat betekent niet dat er niets speelt."
    if not holes:
        return "Elke hoge indicator heeft een direct antwoord."
    who = count(holes, "hoge indicator heeft", "hoge indicatoren hebben")
    return f"Let op: {who} niet het directe antwoord dat nodig is."


def schedule(steps: tuple[Step, ...]) -> Chapter:
    """The order and its rule, and the capacity that people fill in."""
    return Chapter(
        "Planning en capaciteit",
        (
            (
                "De volgorde gaat van licht naar zwaar. Een zwaardere stap begint pas als de eerste lichtere zeker is "
                "afgerond, gerekend met de langste doorlooptijd. Interventies van gelijke zwaarte lopen naast elkaar."
            ),
            (
                "De doorlooptijden zijn schattingen uit de catalogus. "
                "Bij acuut gevaar beslist de driehoek over een andere volgorde."
            ),
        ),
        (
            _field("Hele plan", weeks_in_words(steps)),
            Field("Uren per partner", blank("uren")),
            Field("Kosten en dekking", blank("kosten en budget")),
        ),
    )


def _field(name: str, value: str) -> Field:
    return Field(name, Entry(value))


def _share(value: float | None) -> str:
    return percent(None if value is None else value / 100)


def _unknown(codes: list[str], catalogue: Catalogue) -> Iterator[str]:
    """Threats are only counted: what nobody knows of them is as sensitive as what is suspected."""
    rows = [catalogue.indicator(code) for code in codes]
    threats = sum(one.family == "threat" for one in rows)
    if threats:
        yield count(threats, "verschijningsvorm", "verschijningsvormen")
    yield from (f"{one.id} {one.name}" for one in rows if one.family != "threat")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
