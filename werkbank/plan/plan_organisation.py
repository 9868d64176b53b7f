"""The chapters of a project plan that are alike for every park: proposals in prose, with blanks for the partners."""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.advice.park_reading import Assessed, ParkReading
from werkbank.plan.plan_values import Chapter, Entry, Field, Message, Risk, blank

__all__ = [
    "appendix",
    "communication",
    "messages",
    "monitoring",
    "organisation",
    "partnership",
    "risk",
    "risks",
    "securing",
]


def partnership() -> Chapter:
    """Who commissions and leads; the partners' parts stand in a table of their own."""
    return Chapter(
        "Partners en rollen",
        (
            "De tabel noemt elke partner met een rol in de voorgestelde interventies.",
            "Namen en mandaat vullen de partners zelf in.",
        ),
        (
            Field("Opdrachtgever", blank("opdrachtgever")),
            Field("Projectleider", blank("projectleider")),
            Field("Voorzitter van de werkgroep", blank("voorzitter")),
        ),
    )


def organisation() -> Chapter:
    """Who meets, how often, and who decides."""
    return Chapter(
        "Organisatie",
        (
            (
                "Een publieke kern (gemeente, politie en andere overheden) bespreekt het vertrouwelijke beeld. Aan de "
                "publiek-private tafel zitten ook ondernemers; daar gaat het over gelegenheid, weerbaarheid en acties."
            ),
        ),
        (
            Field("Leden van de publieke kern", blank("leden")),
            Field("Leden van de publiek-private tafel", blank("leden")),
            Field("Overlegritme", Entry("voorstel: elke zes weken")),
            Field("Besluitvorming", blank("wie beslist waarover")),
            Field("Escalatie", Entry("eerst de opdrachtgever, daarna driehoek of stuurgroep")),
        ),
    )


def communication() -> Chapter:
    """The rules for every message."""
    return Chapter(
        "Communicatie",
        (
            (
                "Elke boodschap gaat over wat de partners doen, nooit over wat van een bedrijf of persoon wordt "
                "vermoed. Bij lopend onderzoek stemmen gemeente, politie en Openbaar Ministerie de tekst vooraf af."
            ),
        ),
    )


def messages() -> tuple[Message, ...]:
    """Per group what is told, and what is not; when and by whom is for people to fill in."""
    told = (
        (
            "Ondernemers en parkmanagement",
            "Samen maken we het terrein veiliger. Dit doen wij, dit kunt u zelf doen, en hier kunt u terecht.",
            "vermoedens, scores, rangorde, oordelen van de politie",
        ),
        (
            "Eigenaren en verhuurders",
            "Zo verhuurt u veilig, en zo helpen wij u daarbij.",
            "vermoedens, informatie over huurders",
        ),
        (
            "Gemeenteraad",
            "Het college werkt met partners aan dit terrein. Het doel, de aanpak en de voortgang op hoofdlijnen.",
            "oordelen per indicator, alles over personen en bedrijven",
        ),
        (
            "Eigen medewerkers",
            "Zo herkent u signalen, hier meldt u ze, en zo werkt u veilig.",
            "casusinformatie zonder noodzaak",
        ),
        (
            "Pers en publiek",
            "Alleen wat is gedaan en waarom, in algemene woorden.",
            "de naam van het terrein in verband met een vermoeden, panden en bedrijven",
        ),
    )
    return tuple(Message(*words, moment=blank("moment"), sender=blank("afzender")) for words in told)


def risk() -> Chapter:
    """That risks are looked at before, not after."""
    return Chapter("Risico's", ("De werkgroep bespreekt deze risico's voor de start en daarna elk kwartaal.",))


def risks(reading: ParkReading, waiting: int, minimum_coverage: float) -> tuple[Risk, ...]:
    """What may go wrong anywhere, and what may go wrong here because of what is unknown or unconfirmed."""
    return tuple(Risk(*words, owner=blank("eigenaar")) for words in _risks(reading, waiting, minimum_coverage))


def _risks(reading: ParkReading, waiting: int, minimum_coverage: float) -> Iterator[tuple[str, str, str]]:
    yield (
        "Verplaatsing (waterbed)",
        "Mogelijke activiteiten gaan naar een ander terrein of het buitengebied.",
        "Stem af met omliggende terreinen en volg die in de volgende ronde.",
    )
    yield (
        "Veiligheid van medewerkers",
        "Controleurs of contactpersonen krijgen te maken met druk of bedreiging.",
        "Maak vooraf een veiligheidsplan, treed samen op en regel nazorg.",
    )
    yield (
        "Schade voor goedwillende ondernemers",
        "Het terrein of een bedrijf krijgt ten onrechte een slechte naam.",
        "Deel geen scores, gebruik zorgvuldige woorden en herstel fouten zichtbaar.",
    )
    yield (
        "Privacy en onrechtmatig delen",
        "Informatie komt bij wie haar niet mag hebben.",
        "Toets elke verstrekking aan de grondslag, leg haar vast en vernietig op tijd.",
    )
    if min(reading.coverage or 0, reading.two_sided or 0) < 100 * minimum_coverage:
        yield (
            "Te weinig bekend",
            "Het plan rust op een beeld waarvan een groot deel bij een of meer partijen onbekend is.",
            "Begin met de interventies voor de informatiepositie en kijk daarna of het plan nog past.",
        )
    if waiting:
        yield (
            "Te zwaar ingrijpen",
            "Een zware maatregel wordt genomen op een niet bevestigd vermoeden.",
            "Wacht op een bevestigde bron en toets noodzaak en evenredigheid per geval.",
        )


def monitoring(assessed: Assessed) -> Chapter:
    """When it is measured again, and how a change may be read."""
    return Chapter(
        "Monitoring en evaluatie",
        (
            (
                "De matrix wordt in elke ronde opnieuw ingevuld. Een verandering wordt gesplitst in drie delen: anders "
                "beoordeeld, meer bekend, en een andere methode. Pas daarna wordt over vooruitgang gesproken."
            ),
            (
                "Een verandering na het plan is nog geen gevolg van het plan. Een terrein met een hoge score zakt vaak "
                "ook zonder maatregelen iets terug; daarom staan er terreinen zonder plan naast."
            ),
        ),
        (
            Field("Nulmeting", Entry(f"ronde {assessed.parameters.round}")),
            Field("Volgende meting", blank("ronde en datum")),
            Field("Tussentijdse voortgang", Entry("voorstel: elk kwartaal, met de maatstaven bij de doelstelling")),
            Field("Eindevaluatie", blank("datum en wie evalueert")),
        ),
    )


def securing() -> Chapter:
    """What stays when the project ends."""
    return Chapter(
        "Borging",
        (
            (
                "Het plan is af als het beheer is overgedragen. Wat werkt, wordt gewoon werk: met een eigenaar, met "
                "middelen en in de regels."
            ),
        ),
        (
            Field("Beheer na afloop", blank("wie beheert")),
            Field("Regels die zijn aangepast", blank("APV, beleidsregels, omgevingsplan")),
            Field("Middelen", blank("structureel budget")),
            Field("Overdracht", blank("datum en ontvanger")),
        ),
    )


def appendix(assessed: Assessed) -> Chapter:
    """With what the plan was made."""
    return Chapter(
        "Verantwoording",
        ("Dit plan is gemaakt uit de analyse en de catalogus hieronder. Mensen kiezen, wijzigen en stellen vast.",),
        (
            Field("Werkbank", Entry(f"versie {assessed.version}")),
            Field("Catalogus", Entry(f"versie {assessed.catalogue_version} ({assessed.catalogue_fingerprint[:12]})")),
            Field("Kenmerk van de analyse", Entry(assessed.fingerprint[:16])),
        ),
    )
