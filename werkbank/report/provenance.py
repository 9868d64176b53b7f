"""Accountability: how the score came about, from which files, with which versions, and what was assumed."""

from __future__ import annotations

import math

from werkbank.assessment.flow import Assessment
from werkbank.report.blocks import (
    Callout,
    Chapter,
    Column,
    Heading,
    List,
    Span,
    Table,
    Text,
    rows,
    strong,
)  # fmt: skip
from werkbank.report.blocks import (
    facts as fact_table,
)
from werkbank.report.opening import judged
from werkbank.report.view import View, view_of
from werkbank.settings.parameters import Method
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = ["NOT_TOLD", "accountability", "facts", "weights_note"]

NOT_TOLD = "niet opgegeven"
"""Printed where nobody said it; never left out, for then it would seem not to be asked."""

_KEEP = "zolang de eigen regels van de partij het toestaan"
_NEARLY = 0.005
"""Thirds written as 0.33 add up to nearly one, and need no remark."""

_RULE = {
    "maximum": "het hoogste oordeel van de partijen telt",
    "mean": "het gemiddelde van de partijen telt",
    "weighted": "het gemiddelde telt, met meer gewicht voor wie het best kan oordelen",
    "consensus": "de uitkomst van het overleg telt",
}


def accountability(assessment: Assessment) -> Chapter:
    """The method in plain words, the sources and versions, the assumptions, and that no machine decides.

    >>> assessment = wb.assess("urk")
    >>> wb.report.accountability(assessment).title
    'Verantwoording'
    """
    view = view_of(assessment)
    deviation = assessment.parameters.deviation_reason
    sources = ((one.file, view.party_name(one.party), Span(one.sha256[:12], "code")) for one in assessment.sources)
    return Chapter(
        "Verantwoording",
        f"Werkbank {assessment.version}, catalogus {assessment.catalogue_version}, {assessment.fingerprint[:12]}",
        (
            Callout(
                (
                    strong("Geen geautomatiseerd besluit."),
                    (
                        " De werkbank rekent en ordent. Mensen kiezen een terrein, leggen de reden vast en dragen de "
                        "verantwoordelijkheid."
                    ),
                ),
                "box",
            ),
            Heading("Hoe de score ontstaat"),
            List(_steps(view, assessment.parameters.method), ordered=True),
            *((Text((strong("Afwijking van het district:"), f" {deviation}")),) if deviation else ()),
            Heading("Wat we aannemen"),
            List(_assumptions(assessment)),
            Heading("Gegevens van deze analyse"),
            fact_table("Colofon", facts(view)),
            Text(f"Stand van de catalogus: {view.catalogue.status}", "quiet"),
            Table(
                "Gelezen werkmappen, met het begin van hun controlegetal (sha256)",
                (Column("Bestand", width=2), Column("Partij"), Column("Controlegetal")),
                rows(sources),
            ),
        ),
        name="accountability",
    )


def _assumptions(assessment: Assessment) -> tuple[str, ...]:
    where = "in scores.xlsx, op het blad Oordelen" if assessment.coarse else "bij de oordelen per terrein"
    return (
        (
            "Een niveau zegt in welke mate iets naar vermoeden voorkomt. Hoe sterk de bron is, telt niet mee in de "
            f"score; dat staat {where}."
        ),
        (
            "Wat onbekend is, telt niet mee. Daardoor telt het alsof het gemiddeld is. Wordt iets bekend en blijkt het "
            "laag, dan kan de score dalen."
        ),
        "Wat niet bekend is, is vaak niet zonder reden onbekend. De grenzen laten daarom ook het uiterste zien.",
        (
            "Een hoge score is geen bewijs, en een lage score geen vrijspraak. De score zegt niets over één bedrijf of "
            "persoon."
        ),
    )


def _steps(view: View, method: Method) -> tuple[str, ...]:
    """The steps from cell to advice, with this run's own choices in them."""
    rules = method.combination.model_dump()
    weights = method.group_weights.model_dump()
    whole = sum(weights.values())
    families = view.catalogue.families
    combined = [f"{family.name.lower()}: {_RULE[rules[family.id]]}" for family in families]
    shares = [f"{family.score_name.lower()} {percent(weights[family.score] / whole)}" for family in families]
    alone = (
        "Kent maar één partij het antwoord, dan telt dat."
        if len(view.parties) < 3
        else "Kennen niet alle partijen het antwoord, dan telt wat wel bekend is."
    )
    return (
        "Elk oordeel krijgt punten van 0 tot 100. Hoger is altijd slechter; bij weerbaarheid telt wat eraan ontbreekt.",
        f"De oordelen van de partijen worden samengenomen ({'; '.join(combined)}). {alone}",
        f"Per groep ontstaat een score. {_power(method)} {_severity(method)}",
        f"De totaalscore weegt de groepen: {listing(shares)}. {weights_note(method)}".rstrip(),
        (
            f"Is van een groep minder dan {percent(method.minimum_coverage)} bekend, dan heeft die alleen grenzen. "
            "In het totaal telt ze dan mee als het gemiddelde van de andere groepen, binnen die grenzen."
        ),
        "De grenzen laten zien wat er in het uiterste geval uit kan komen als alles bekend is.",
    )


def _power(method: Method) -> str:
    power = method.power.threat
    if power == 1:
        return "Alle dreigingen tellen even zwaar mee, ook de lage."
    if math.isinf(power):
        return "Bij dreiging telt alleen het hoogste vermoeden."
    heavier = 2**power
    times = number(heavier, 0 if heavier == int(heavier) else 1)
    return (
        f"Bij dreiging tellen hoge vermoedens extra: één met twee keer zoveel punten weegt {times} keer zo zwaar. "
        "Zo valt één structureel vermoeden niet weg tussen nullen."
    )


def _severity(method: Method) -> str:
    return "Ernstige verschijningsvormen wegen zwaarder." if method.severity == "multiply" else "Ernst weegt niet mee."


def weights_note(method: Method) -> str:
    """A sentence when the groups' weights do not add up to the whole, for only their proportions count; else empty."""
    weights = method.group_weights.model_dump().values()
    whole = sum(weights)
    if min(abs(whole - 1), abs(whole - 100)) < _NEARLY:
        return ""
    told, total = listing(map(_plain, weights)), _plain(whole)
    return f"In de parameters staan daarvoor {told}: samen {total}. Ze zijn naar verhouding omgerekend tot 100%."


def _plain(value: float) -> str:
    """A figure as it was written, with a decimal comma."""
    return f"{value:.6g}".replace(".", ",")


def facts(view: View) -> list[tuple[str, str]]:
    """The colophon: what was made, of what, with which versions."""
    assessment = view.assessment
    parameters = assessment.parameters
    basis = assessment.legal_basis
    return [
        ("Gemeente", f"{assessment.municipality_name} ({parameters.code})"),
        ("District", parameters.district),
        ("Ronde", parameters.round),
        ("Peildatum", capital(judged(assessment)) or NOT_TOLD),
        ("Terreinen", count(len(view.parks), "terrein", "terreinen")),
        ("Opsteller", capital(parameters.report.made_by or NOT_TOLD)),
        ("Doelgroep", view.audience.name),
        ("Rubricering", view.audience.label.partition(" – ")[0]),  # for whom it is, is the line above
        ("Verspreiding", capital(listing(parameters.report.readers) or NOT_TOLD)),
        ("Grondslag", "niet nodig: één partij" if basis is None else f"{basis.id}, besluit van {date(basis.decided)}"),
        ("Bewaren", _KEEP if basis is None else f"tot en met {date(basis.retention_until)}"),
        ("Doel", "één partij bekijkt haar eigen oordelen" if basis is None else basis.purpose),
        ("Werkbank", f"versie {assessment.version}"),
        ("Catalogus", f"versie {assessment.catalogue_version} ({assessment.catalogue_fingerprint[:12]})"),
        ("Kenmerk van deze analyse", assessment.fingerprint[:16]),
    ]
