"""Accountability: how the score came about, from which files, with which versions, and what was assumed."""

from __future__ import annotations

import math

from werkbank.assessment.flow import Assessment
from werkbank.report import blocks as b
from werkbank.report.opening import judged
from werkbank.report.texts import lines, say, table, words
from werkbank.report.view import View, view_of
from werkbank.settings.parameters import Method
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = ["NOT_TOLD", "accountability", "facts", "weights_note"]

NOT_TOLD = "niet opgegeven"
"""Printed where nobody said it; never left out, for then it would seem not to be asked."""

_KEEP = "zolang de eigen regels van de partij het toestaan"
_NEARLY = 0.005
"""Thirds written as 0.33 add up to nearly one, and need no remark."""


def accountability(assessment: Assessment) -> b.Chapter:
    """The method in plain words, the sources and versions, the assumptions, and that no machine decides.

    >>> wb.report.accountability(wb.assess("urk")).title
    'Verantwoording'
    """
    view, deviation = view_of(assessment), assessment.parameters.deviation_reason
    where = "in scores.xlsx, op het blad Oordelen" if assessment.coarse else "bij de oordelen per terrein"
    sources = ((one.file, view.party_name(one.party), b.code(one.sha256[:12])) for one in assessment.sources)
    blocks = (
        b.Callout(say("accountability.no_machine"), "box"),
        b.Heading("Hoe de score ontstaat"),
        b.List(_steps(view, assessment.parameters.method), ordered=True),
        *([b.Text((b.strong("Afwijking van het district:"), f" {deviation}"))] if deviation else []),
        b.Heading("Wat we aannemen"),
        b.List(lines("accountability.assumptions", where=where)),
        b.Heading("Gegevens van deze analyse"),
        b.facts("Colofon", facts(view)),
        b.Text(f"Stand van de catalogus: {view.catalogue.status}", "quiet"),
        table("accountability.sources", sources),
    )
    version = f"Werkbank {assessment.version}, catalogus {assessment.catalogue_version}, {assessment.fingerprint[:12]}"
    return b.Chapter("Verantwoording", version, blocks, "accountability")


def _steps(view: View, method: Method) -> tuple[b.Line, ...]:
    """The steps from cell to advice, with this run's own choices in them."""
    rules, weights = method.combination.model_dump(), method.group_weights.model_dump()
    whole, families, note = sum(weights.values()), view.catalogue.families, weights_note(method)
    combined = (f"{one.name.lower()}: {words(f'accountability.rules.{rules[one.id]}')}" for one in families)
    return lines(
        "accountability.steps",
        combined="; ".join(combined),
        alone=words("accountability.alone" if len(view.parties) < 3 else "accountability.some"),
        power=_power(method),
        severity=words(f"accountability.severity.{'multiply' if method.severity == 'multiply' else 'ignore'}"),
        shares=listing(f"{one.score_name.lower()} {percent(weights[one.score] / whole)}" for one in families),
        weights=f" {note}" if note else "",
        least=percent(method.minimum_coverage),
    )


def _power(method: Method) -> str:
    power = method.power.threat
    if power == 1 or math.isinf(power):
        return words(f"accountability.power.{'even' if power == 1 else 'highest'}")
    heavier = 2**power
    return words("accountability.power.heavier", times=number(heavier, 0 if heavier == int(heavier) else 1))


def weights_note(method: Method) -> str:
    """A sentence when the groups' weights do not add up to the whole, for only their proportions count; else empty."""
    weights = method.group_weights.model_dump().values()
    whole = sum(weights)
    if min(abs(whole - 1), abs(whole - 100)) < _NEARLY:
        return ""
    return words("accountability.weights", weights=listing(map(_plain, weights)), total=_plain(whole))


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
