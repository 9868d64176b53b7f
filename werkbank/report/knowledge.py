"""What is known and by whom, where the parties differ, and what was noticed while reading what they delivered."""

from __future__ import annotations

from collections.abc import Iterator

from werkbank.advice import Agreement
from werkbank.advice.tellings import difference_sentence
from werkbank.assessment.flow import Assessment
from werkbank.errors import SEVERITY_DUTCH
from werkbank.report.blocks import (
    Block,
    Cell,
    Chapter,
    Column,
    Heading,
    List,
    Measured,
    Row,
    Span,
    Table,
    Text,
    alerts,
    bulleted,
    rows,
    strong,
)  # fmt: skip
from werkbank.report.evidence import cell_anchors, linked
from werkbank.report.front import absent_lines
from werkbank.report.terms import known
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, capital, count, number, percent

__all__ = ["agreement", "enough_known", "findings", "information_position"]

SHOWN = 12
"""Differences on the agenda; the rest is counted."""


def information_position(assessment: Assessment) -> Chapter:
    """Per park how much is known, by one party and by both, and what each party still has open.

    >>> assessment = wb.assess("urk")
    >>> wb.report.information_position(assessment).title
    'Wat we weten en wat niet'
    """
    view = view_of(assessment)
    parks = count(len(view.parks), "terrein", "terreinen")
    enough = sum(enough_known(view, park) for park in view.parks)
    least = percent(assessment.parameters.method.minimum_coverage)
    over = strong(f"{enough} van de {parks}")
    return Chapter(
        "Wat we weten en wat niet",
        f"{enough} van {parks} met genoeg informatie",
        (
            *alerts(absent_lines(view)),
            Text(("Over ", over, f" is {known('genoeg', len(view.asked))}: minstens {least} van wat telt.")),
            List(tuple(_delivery(view, party) for party in view.parties), plain=True),
            _knowledge_table(view),
            Text(" ".join(_knowledge_note(view)), "quiet"),
        ),
        name="knowledge",
        lead="Een terrein waarover weinig bekend is, is niet veilig maar een blinde vlek.",
        page=True,
    )


def enough_known(view: View, park: Park) -> bool:
    """Whether enough is known of a park, by one party and by all.

    The tolerance is the one with which the scores compare a share with its threshold.
    """
    threshold = view.assessment.parameters.method.minimum_coverage - 1e-9
    return min(park.coverage or 0, park.two_sided or 0) >= threshold


def _delivery(view: View, party: str) -> tuple[str | Span, ...]:
    files = [source.file for source in view.assessment.sources if source.party == party]
    how = ("aangeleverd als ", Span(files[0], "code")) if files else (Span("niet aangeleverd", "gone"),)
    return (f"{capital(view.party_name(party))}: ", *how)


def _knowledge_table(view: View) -> Table:
    who = "bij elke partij" if len(view.parties) > 1 else "bij deze partij"
    who = "in de eigen werkmap" if view.assessment.coarse and len(view.parties) == 1 else who
    names = (capital(view.party_name(party)) for party in view.parties)
    return Table(
        f"Wat bekend is per terrein, en wat {who} ingevuld, onbekend en leeg is",
        (
            Column("Terrein", width=2.2),
            Column("Bekend bij minstens één partij", "number", 1.3),
            Column("Bekend bij alle partijen", "number", 1.3),
            Column("Genoeg bij alle partijen?", "line", 1.1),
            *(Column(f"{name}: ingevuld / onbekend / leeg", "number", 1.5) for name in names),
        ),
        tuple(Row(tuple(_known_cells(view, park)), park.park_id) for park in view.parks),
    )


def _known_cells(view: View, park: Park) -> Iterator[Cell]:
    yield park.name
    for share in (park.coverage, park.two_sided):
        yield Measured(percent(share), 0, 100 * (share or 0))
    yield "ja" if enough_known(view, park) else strong("te weinig")
    for party in view.parties:
        if party in view.missing:
            yield Span("niet aangeleverd", "gone")
        else:
            level, unknown, left = (view.states(party, one, park.park_id) for one in ("level", "unknown", "open"))
            yield (f"{level} / ", strong(str(unknown)) if unknown > level else str(unknown), f" / {left}")


def _knowledge_note(view: View) -> Iterator[str]:
    yield "De percentages wegen zwaardere indicatoren zwaarder. Wat niet van toepassing is, telt niet mee."
    yield "Een vet aantal: meer onbekend dan ingevuld."
    if view.assessment.coarse:
        yield "90% betekent hier 90% of meer: hoger wordt in dit exemplaar niet getoond."


def agreement(assessment: Assessment) -> Chapter:
    """How far the parties agree per family, and the agenda: where they differ, what turns the advice first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.agreement(assessment).title
    'Waar de partijen verschillen'
    """
    view = view_of(assessment)
    return Chapter(
        "Waar de partijen verschillen",
        count(len(assessment.differences), "verschil", "verschillen"),
        tuple(_compared(view)) if assessment.agreement else (Text(_not_compared(assessment)),),
        name="agreement",
        lead="Een verschil is geen fout: de partijen zien verschillende dingen.",
    )


def _not_compared(assessment: Assessment) -> str:
    if assessment.coarse:
        return (
            "Deze vergelijking staat niet in dit exemplaar: zij zou laten zien wat de andere partij invulde. Het RIEC "
            "heeft haar wel."
        )
    return "Er heeft maar één partij ingevuld; er is niets te vergelijken."


def _compared(view: View) -> Iterator[Block]:
    assessment = view.assessment
    yield Text("De lijst hieronder is een agenda voor hun volgende overleg.")
    yield _agreement_table(view)
    if assessment.differences:
        yield from _agenda(view)
    if view.shows("differences"):
        yield Heading("Wat maar één partij weet")
        yield from bulleted(_alone(view))


def _agreement_table(view: View) -> Table:
    found = view.assessment.agreement
    between = " − ".join(view.party_name(party) for party in view.assessment.delivered[:2])
    columns = (
        "Cellen",
        "Gelijk",
        "Hooguit één stap",
        "Alfa (Krippendorff)",
        "AC2 (Gwet)",
        f"Gemiddeld verschil ({between})",
    )
    sure = (
        "Tussen haakjes: waar alfa met evenveel andere terreinen meestal (95 van de 100 keer) zou liggen."
        if any(one.alpha_low is not None for one in found)
        else "Met minder dan tien terreinen is niet te zeggen hoe vast alfa staat."
    )
    return Table(
        "Overeenstemming op de cellen die minstens twee partijen kennen. Alfa en AC2: 1 is volledige overeenstemming, "
        f"0 is wat toeval geeft. {sure}",
        (Column("Groep", width=1.6), *(Column(name, "number") for name in columns)),
        rows(
            (
                _family(view, one),
                number(one.n),
                percent(one.identical),
                percent(one.within_one),
                _alpha(one),
                number(one.gwet_ac2, 2),
                number(one.bias, 2),
            )
            for one in found
        ),
    )


def _family(view: View, one: Agreement) -> str:
    return next(family.name for family in view.catalogue.families if family.id == one.family)


def _alpha(one: Agreement) -> str:
    """Alpha as text with its interval, where there are parks enough for one; where there is no alpha, why not."""
    if one.alpha is not None and one.alpha_low is not None and one.alpha_high is not None:
        return f"{number(one.alpha, 2)} ({number(one.alpha_low, 2)} – {number(one.alpha_high, 2)})"
    if one.alpha is not None:
        return number(one.alpha, 2)
    if one.identical == 1:
        return "niet te bepalen: alle oordelen gelijk"
    return "niet te bepalen" if one.n else MISSING


def _agenda(view: View) -> Iterator[Block]:
    differing, anchors = view.assessment.differences, cell_anchors(view)
    turning, rest = sum(1 for one in differing if one.turns), len(differing) - SHOWN
    yield Heading("Om te bespreken")
    yield Text(
        f"{count(turning, 'verschil kan', 'verschillen kunnen')} op zichzelf het advies veranderen; die staan bovenaan."
        if turning
        else "Geen enkel verschil kan op zichzelf het advies veranderen. Bovenaan staat wat de score het meest "
        "verandert."
    )
    sentences = (difference_sentence(one, view.names, view.catalogue) for one in differing[:SHOWN])
    yield List(tuple(linked(sentence, anchors) for sentence in sentences), ordered=True)
    if rest > 0:
        yield Text(f"Nog {count(rest, 'verschil', 'verschillen')} met een kleiner gevolg.", "small quiet")


def _alone(view: View) -> Iterator[str]:
    """Per party how many cells it alone knows."""
    for party in view.parties:
        cells = [row for row in view.judgements.values() if row.party == party and row.state == "level"]
        alone = sum(1 for row in cells if not _known_elsewhere(view, row.park_id, row.indicator, party))
        share = percent(alone / len(cells) if cells else None)
        yield (
            f"Alleen de {view.party_name(party)} weet iets over {count(alone, 'cel', 'cellen')} ({share} van wat zij "
            "invulde)."
        )


def _known_elsewhere(view: View, park_id: str, indicator: str, party: str) -> bool:
    others = (view.judgements.get((park_id, indicator, other)) for other in view.parties if other != party)
    return any(row is not None and row.state == "level" for row in others)


def findings(assessment: Assessment) -> Chapter:
    """Everything that was noticed while reading, with its place and what to do; never a remark's text.

    >>> assessment = wb.assess("urk")
    >>> wb.report.findings(assessment).title
    'Bevindingen bij de gegevens'
    """
    view_of(assessment)
    found, own = assessment.findings, assessment.coarse
    whose = "de eigen werkmap was" if own else "alle werkmappen waren"
    names = (("Soort", 0.8), ("Plaats", 1.2), ("Gevonden", 1.5), ("Toegestaan", 1.2), ("Wat te doen", 1.5))
    table = Table(
        "Wat bij het lezen van de werkmappen opviel",
        tuple(Column(name, width=width) for name, width in names),
        rows((SEVERITY_DUTCH[one.severity], one.place or MISSING, one.found, one.allowed, one.remedy) for one in found),
    )
    return Chapter(
        "Bevindingen bij de gegevens",
        count(len(found), "bevinding", "bevindingen"),
        (
            *((Text("Hier staan alleen de bevindingen over de eigen werkmap."),) if own else ()),
            table if found else Text(f"Er zijn geen bevindingen: {whose} volledig leesbaar."),
        ),
        name="findings",
        anchor="bevindingen",
        lead="Dit viel op bij het lezen van de werkmappen. Een cel met een fout telt als leeg." if found else "",
        page=True,
    )
