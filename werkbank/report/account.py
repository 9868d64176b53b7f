"""The account around the findings: why, of which parks, what analysts noted, by which method, in which words."""

from __future__ import annotations

import datetime as dt
import math

from werkbank.assessment.assessment import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE
from werkbank.register.notes import Note
from werkbank.report import blocks as b
from werkbank.report.terms import lines, say, spec, table, words
from werkbank.report.view import View, view_of
from werkbank.settings.method import Method
from werkbank.wording import MISSING, capital, count, date, listing, number, percent, within

SHOWN = 4
"""Context figures in the table of all parks; each park's own page has the others."""
NOT_TOLD = "niet opgegeven"
"""Printed where nobody said it; never left out, for then it would seem not to be asked."""
_KEEP = "zolang de eigen regels van de partij het toestaan"
_NEARLY = 0.005
"""Thirds written as 0.33 add up to nearly one, and need no remark."""


def occasion(assessment: Assessment) -> b.Chapter:
    """Why the analysis was made, which question it answers, who filled in, and what it cannot say.

    >>> wb.report.occasion(wb.assess("urk")).title
    'Waarom deze analyse'
    """
    view, dates = view_of(assessment), judged(assessment)
    size = count(len(view.parks), "bedrijventerrein", "bedrijventerreinen")
    begin, question, data, limits = lines(
        "occasion.text",
        size=size,
        municipality=assessment.municipality_name,
        indicators=number(len(view.catalogue.indicators)),
        families=listing(family.name.lower() for family in view.catalogue.families),
        round=assessment.parameters.round,
        who=listing(f"de {view.party_name(party)}" for party in view.asked if party not in view.missing),
        dates=f" De oordelen hier zijn van {dates}." if dates else "",
    )
    if assessment.legal_basis is not None:
        purpose = assessment.legal_basis.purpose
        question = (*question, *say("occasion.purpose", purpose=purpose[:1].lower() + purpose[1:].rstrip(".")))
    blocks = b.sentences((begin, question, data, limits))
    return b.Chapter("Waarom deze analyse", f"{size}, ronde {assessment.parameters.round}", blocks, "occasion")


def judged(assessment: Assessment) -> str:
    """The first and last day that the judgements shown refer to; empty when none has a date."""
    days = sorted(day for day in assessment.judgements["date"].dropna().astype(str) if day)
    if not days:
        return ""
    first, last = (date(dt.date.fromisoformat(day)) for day in (days[0], days[-1]))
    return f"op {first}" if first == last else f"tussen {first} en {last}"


def area(assessment: Assessment) -> b.Chapter:
    """The parks of the municipality with their size and, where there are any, the first context figures.

    >>> wb.report.area(wb.assess("urk")).title
    'De terreinen in de gemeente'
    """
    view = view_of(assessment)
    context = {park: view.context_of(park.park_id) for park in view.parks}
    known = {name for found in context.values() for name in found} - {REFERENCE_DATE}
    figures = [one for one in FIGURES if one.id in known][:SHOWN]
    parks = sorted(view.parks, key=lambda park: (park.name.casefold(), park.park_id))
    hectares = [park.net_ha for park in parks if park.net_ha is not None]
    cells = (
        (it.name, it.park_id, number(it.net_ha, 1), *(context[it].get(one.id, MISSING) for one in figures))
        for it in parks
    )
    made = table(
        "area",
        (b.Row(each, each[1]) for each in cells),
        figures=[capital(one.name) for one in figures],
        hectares=f"; samen {number(sum(hectares), 0)} hectare netto" if hectares else "",
        context=". De cijfers tellen niet mee in de score" if figures else "",
    )
    return b.Chapter("De terreinen in de gemeente", view.size, (made,), "area")


def notes(assessment: Assessment) -> b.Chapter:
    """The notes with their authors' roles, under a heading of their own; nothing at all when there are none.

    A note is not computed and changes no score. Who wrote it was looking at the cells, the method and the catalogue of
    that moment; when those differ by now, it says so.

    >>> wb.report.notes(wb.assess("urk")).title
    'Aantekeningen van de analist'
    """
    found = assessment.notes
    # First what is about the whole, then park by park as they are ranked.
    order = {park: place for place, park in enumerate(assessment.parks.sort_values("rank")["park_id"])}
    ranked = sorted(found, key=lambda one: (order.get(one.park_id or "", -1), one.number))
    short = capital(f"{count(len(found), 'aantekening', 'aantekeningen')}.") if found else "Hier staat er geen."
    blocks = (b.Text(words("notes")), *(_note(assessment, note) for note in ranked)) if found else ()
    return b.Chapter("Aantekeningen van de analist", short, blocks, "notes", titled=True)


def _note(assessment: Assessment, note: Note) -> b.Group:
    names = dict(zip(assessment.parks["park_id"], assessment.parks["name"], strict=True))
    about = f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id
    head = (b.strong(about or assessment.municipality_name), f" · {note.author} · aantekening {note.number}")
    changed = listing(assessment.changed_since(note))
    since = [f"Anders dan toen dit werd opgeschreven: {changed}."] if changed else []
    said = b.sentences((line for line in note.text.splitlines() if line.strip()), "words")
    return b.Group((b.Text(head), *said, *b.sentences(since, "quiet")), "said")


def glossary(assessment: Assessment) -> b.Chapter:
    """The words of the analysis, each in a sentence that needs no knowledge of the method.

    >>> wb.report.glossary(wb.assess("urk")).title
    'Begrippen'
    """
    view = view_of(assessment)
    families, asked = view.catalogue.families, {code for one in view.catalogue.indicators for code in one.phenomena}
    examples = [within(one.name) for one in view.catalogue.phenomena if one.id in asked]
    facts = {"code": view.catalogue.indicator_ids[0], "phenomenon": "".join(examples[:1])}
    told = {word: meaning.format(**facts) for word, meaning in spec("glossary").items()}
    found = {
        **{word: meaning for word, meaning in told.items() if examples or word != "Fenomeen"},
        **{one.score_name: words("lack", family=one.name.lower()) for one in families if one.protective},
        **{one.name: capital(one.question) for one in families},
    }
    items = tuple((b.strong(f"{word}. "), found[word]) for word in sorted(found, key=str.casefold))
    size = count(len(found), "begrip", "begrippen")
    return b.Chapter("Begrippen", size, (b.List(items, look="words"),), "glossary")


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
        power=_power(method.power.model_dump()[view.catalogue.required.score]),
        severity=words(f"accountability.severity.{'multiply' if method.severity == 'multiply' else 'ignore'}"),
        shares=listing(f"{one.score_name.lower()} {percent(weights[one.score] / whole)}" for one in families),
        weights=f" {note}" if note else "",
        least=percent(method.minimum_coverage),
    )


def _power(power: float) -> str:
    if power == 1 or math.isinf(power):
        return words(f"accountability.power.{'even' if power == 1 else 'highest'}")
    heavier = 2**power
    return words("accountability.power.heavier", times=number(heavier, 0 if heavier == int(heavier) else 1))


def weights_note(method: Method) -> str:
    """A sentence when the groups' weights do not add up to the whole, for only their proportions count; else empty."""
    weights = method.group_weights.model_dump()
    whole = sum(weights.values())
    if len(weights) == 1 or min(abs(whole - 1), abs(whole - 100)) < _NEARLY:
        return ""
    told = (f"{group} {_plain(weight)}" for group, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0])))
    return words("accountability.weights", weights=listing(told), total=_plain(whole))


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
        ("Terreinen", view.size),
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
