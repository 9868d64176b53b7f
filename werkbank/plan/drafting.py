"""The project plan of one selected park: it follows from the matrix, and says what it leaves open (method.md 8).

The plan is a proposal. Who leads, who decides, what it costs and what it aims at are marked blanks for people.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.advice.reasons import STRENGTH_DUTCH, STRENGTHS
from werkbank.errors import OutputError
from werkbank.plan import tables
from werkbank.plan.answers import Answers, answers
from werkbank.plan.interventions import Assessed, ParkReading, propose, read_park
from werkbank.plan.plan import Chapter, Entry, Field, Message, ProjectPlan, Risk, Selected, Step, blank, missing_input
from werkbank.plan.tables import weeks_in_words
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import capital, count, date, did_you_mean, listing, number, percent

__all__ = [
    "occasion",
    "appendix",
    "communication",
    "messages",
    "monitoring",
    "organisation",
    "partnership",
    "risk",
    "risks",
    "securing",
    "goal",
    "legal",
    "measures",
    "picture",
    "schedule",
    "scope",
    "make_plan",
]


def occasion(assessed: Assessed, reading: ParkReading, selected: Selected) -> Chapter:
    """Who chose this park, when and why, and what the advice said at that moment."""
    fields = [
        _field("Terrein", f"{reading.name} ({reading.park_id})"),
        _field("Gemeente", assessed.municipality_name),
        _field("Besluit van", selected.body),
        _field("Datum van het besluit", date(selected.decided_on)),
        _field("Reden van de keuze", selected.reason),
        _field("Advies op dat moment", selected.advice_then),
        *_unusual(selected),
        _field("Invoer bij het besluit", _completeness(selected.gaps)),
        _field("Invoer van dit plan", _completeness(missing_input(assessed.findings))),
        _field("Analyse", f"ronde {assessed.parameters.round}, kenmerk {assessed.fingerprint[:16]}"),
    ]
    return Chapter(
        "Aanleiding",
        (
            (
                f"Op {date(selected.decided_on)} is gekozen voor een gezamenlijke aanpak van bedrijventerrein "
                f"{reading.name} in {assessed.municipality_name}. Het besluit is van: {selected.body}."
            ),
            (
                "De keuze is door mensen gemaakt. Het advies rust op vermoedens van de partijen; "
                "er is niets vastgesteld over een bedrijf of persoon."
            ),
            *_cautions(assessed, selected),
        ),
        tuple(fields),
    )


def _unusual(selected: Selected) -> Iterator[Field]:
    """The reasons of their own that a decision against the advice, or on incomplete input, asks for."""
    if selected.against_reason:
        yield _field("Waarom anders dan het advies", selected.against_reason)
    if selected.incomplete_reason:
        yield _field("Waarom niet gewacht op volledige invoer", selected.incomplete_reason)


def _cautions(assessed: Assessed, selected: Selected) -> Iterator[str]:
    """What is not as it should be: incomplete input, then or now, and data that changed since the decision."""
    if selected.gaps:
        yield f"Let op: bij het besluit was de invoer niet volledig ({'; '.join(selected.gaps)})."
    now = missing_input(assessed.findings)
    if now:
        yield f"Let op: dit plan rust op invoer die niet volledig is ({'; '.join(now)})."
    if selected.fingerprint not in (None, assessed.fingerprint):
        yield (
            "Let op: sinds het besluit zijn de gegevens, de methode of de werkbank veranderd. Lees de analyse van nu, "
            "en ga na of het besluit er nog bij past."
        )


def _completeness(found: tuple[str, ...] | None) -> str:
    if found is None:
        return "niet vastgelegd"
    return f"niet volledig: {'; '.join(found)}" if found else "van alle partijen, zonder fouten"


def _field(name: str, value: str) -> Field:
    return Field(name, Entry(value))


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
            _field_plan_words("Gebied", f"bedrijventerrein {reading.name} ({reading.park_id}){size}"),
            Field("Startdatum", blank("startdatum")),
            _field_plan_words("Looptijd", f"{weeks_in_words(steps)}, afhankelijk van de gekozen interventies"),
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
        (_field_plan_words("Bij geen enkele partij bekend", "; ".join(_unknown(unknown, catalogue)) or "niets"),),
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
        told = (_field_plan_words("Besluit", "niet van toepassing: dit is het beeld van één partij"),)
        return Chapter("Juridische basis", (text,), told, limits)
    fields = (
        _field_plan_words("Besluit van", basis.body),
        _field_plan_words("Datum", date(basis.decided)),
        _field_plan_words("Kenmerk", basis.id),
        _field_plan_words("Geldig tot en met", date(basis.valid_until)),
        _field_plan_words("Doel", basis.purpose),
        _field_plan_words("Bewaren tot en met", date(basis.retention_until)),
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
            _field_plan_words("Hele plan", weeks_in_words(steps)),
            Field("Uren per partner", blank("uren")),
            Field("Kosten en dekking", blank("kosten en budget")),
        ),
    )


def _field_plan_words(name: str, value: str) -> Field:
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


def make_plan(assessed: Assessed, park_id: str, selected: Selected, catalogue: Catalogue) -> ProjectPlan:
    """The plan for one park of an assessment, after people selected it; equal inputs give equal plans.

    Raises OutputError when the park is not in the assessment, when the catalogue is not the one of the assessment, or
    when its audience may not see a plan or one of the parties.
    """
    _refuse(assessed, park_id, catalogue)
    reading = read_park(assessed, park_id)
    proposals = propose(reading, catalogue)
    found = answers(reading, proposals, catalogue)
    every = tuple(tables.planned(one, catalogue) for one in proposals)
    plans = tuple(one for one in every if not one.needs_confirmation)
    waiting = tuple(one for one in every if one.needs_confirmation)
    steps = tables.steps(plans, catalogue)
    return ProjectPlan(
        park_id=park_id,
        park=reading.name,
        municipality=assessed.municipality_name,
        round=assessed.parameters.round,
        status="concept",
        selected=selected,
        occasion=occasion(assessed, reading, selected),
        goal=goal(reading),
        main_measures=tables.main_measures(reading, found),
        subgoals=tables.subgoals(plans, steps, catalogue),
        scope=scope(reading, steps),
        picture=picture(assessed, reading, found, catalogue),
        partnership=partnership(),
        roles=tables.roles(plans, catalogue),
        legal=legal(assessed),
        measures=measures(found, len(waiting), catalogue),
        answers=found,
        answer_lines=tables.answer_lines(found, catalogue),
        holes=tables.hole_lines(found, catalogue),
        kinds=tables.kind_lines(found, catalogue),
        interventions=plans,
        after_confirmation=waiting,
        schedule=schedule(steps),
        steps=steps,
        organisation=organisation(),
        communication=communication(),
        messages=messages(),
        risk=risk(),
        risks=risks(reading, len(waiting), assessed.parameters.method.minimum_coverage),
        monitoring=monitoring(assessed),
        securing=securing(),
        appendix=appendix(assessed),
        actions=tables.actions(steps, date(selected.decided_on)),
    )


def _refuse(assessed: Assessed, park_id: str, catalogue: Catalogue) -> None:
    known = [str(park) for park in assessed.parks["park_id"]]
    if park_id not in known:
        hint = did_you_mean(park_id, known)
        raise OutputError(
            f"Deze analyse heeft geen terrein “{park_id[:60]}”{f'; {hint}' if hint else '.'} Er is geen plan gemaakt."
        )
    if catalogue.fingerprint != assessed.catalogue_fingerprint:
        raise OutputError("De catalogus is veranderd sinds deze analyse; maak de analyse opnieuw.")
    audience = catalogue.audience(assessed.parameters.audience)
    if "plan" not in audience.fields or not set(assessed.parameters.parties) <= set(audience.parties):
        raise OutputError(f"De doelgroep “{audience.name}” mag dit projectplan niet zien; er is niets gemaakt.")
