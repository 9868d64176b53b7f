"""Why a decision is not recorded as it stands: what was found, what is allowed, what to do; never its free text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from werkbank.errors import Finding
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data
from werkbank.register.selections import AdviceThen, Selection
from werkbank.wording import count, date, did_you_mean, listing

__all__ = [
    "LONGEST_REASON", "SHORTEST_REASON",
    "against", "analysis", "before", "decider", "incomplete", "not_selected", "park", "reason",
]  # fmt: skip

SHORTEST_REASON = 10
LONGEST_REASON = 5_000


def reason(rule: str, what: str, text: str, places: Places) -> Iterator[Finding]:
    """A reason is neither missing nor endless, and leads to nobody: it is kept, and it is printed in the plan."""
    length = len(text.strip())
    if not SHORTEST_REASON <= length <= LONGEST_REASON:
        yield _finding(
            rule,
            f"{what} telt {count(length, 'teken', 'tekens')}",
            f"{SHORTEST_REASON} tot {LONGEST_REASON} tekens",
            "schrijf in een paar zinnen waarom",
        )
    for kind in personal_data(text[:LONGEST_REASON], places):
        yield _finding(
            f"{rule}-personal",
            f"{what} bevat iets dat lijkt op {LOOKS_LIKE[kind]}",
            "een reden zonder gegevens die naar een persoon of bedrijf leiden",
            "omschrijf het algemeen; de reden komt in het projectplan",
        )


def decider(by: str, places: Places) -> Iterator[Finding]:
    """Who decided is a body or a role; a person's name would stay in the register for good."""
    allowed = "een orgaan of rol, zoals stuurgroep, driehoek of burgemeester"
    if not by.strip():
        yield _finding("decision-by", "er staat niet bij wie besloot", allowed, "noem wie het besluit nam: --by")
    # Behind a word, so that a name is not taken for the word that begins a sentence.
    for kind in personal_data(f"door {by}", places):
        found = f"wie besloot lijkt op {LOOKS_LIKE[kind]}"
        yield _finding("decision-by-personal", found, allowed, "noem het orgaan of de rol, zonder naam")


def park(park_id: str, municipality: str, advice: AdviceThen) -> Iterator[Finding]:
    """The park is one that the advice compared."""
    if advice.standing(park_id) is None:
        known = tuple(standing.park_id for standing in advice.standings)
        yield _finding(
            "unknown-park",
            f"{municipality} heeft geen terrein “{park_id[:60]}”",
            "een terrein uit de analyse van deze gemeente",
            did_you_mean(park_id[:60], known) or "kijk in de analyse welke terreinen er zijn",
        )


def against(park_id: str, text: str | None, advice: AdviceThen, places: Places) -> Iterator[Finding]:
    """Choosing otherwise than advised is allowed, with a reason of its own; without advice there is no otherwise."""
    standing = advice.standing(park_id)
    otherwise = bool(advice.park_ids) and park_id not in advice.park_ids
    if text is not None and not otherwise:
        yield _needless("--against-reason", "een keuze tegen het advies in", _not_against(advice, park_id))
    elif text is not None:
        yield from reason("selection-against-reason", "de reden om van het advies af te wijken", text, places)
    elif otherwise and standing is not None:
        yield _finding(
            "selection-against-advice",
            f"het advies noemt {listing(advice.labels)}, niet {standing.label}",
            "een keuze volgens het advies, of een eigen reden om ervan af te wijken",
            f'leg die reden ook vast: --against-reason "…", minstens {SHORTEST_REASON} tekens',
        )


def _not_against(advice: AdviceThen, park_id: str) -> str:
    if park_id in advice.park_ids:
        return "het advies noemt dit terrein, er is niets om van af te wijken"
    return "er was geen advies om van af te wijken"


def incomplete(text: str | None, advice: AdviceThen, places: Places) -> Iterator[Finding]:
    """Choosing while a workbook is missing or has faults is allowed, with a reason of its own."""
    if text is not None and not advice.gaps:
        yield _needless("--incomplete-reason", "een keuze terwijl invoer ontbreekt", "de invoer is volledig")
    elif text is not None:
        what = "de reden om niet op volledige invoer te wachten"
        yield from reason("selection-incomplete-reason", what, text, places)
    elif advice.gaps:
        yield _finding(
            "selection-incomplete",
            f"het advies rust op onvolledige invoer: {'; '.join(advice.gaps)}",
            "van elke partij een risicomatrix zonder fouten, of een eigen reden om daar niet op te wachten",
            "vul de invoer aan en maak de analyse opnieuw, of leg die reden ook vast: "
            f'--incomplete-reason "…", minstens {SHORTEST_REASON} tekens',
        )


def analysis(municipality: str, advice: AdviceThen) -> Iterator[Finding]:
    """People choose on the analysis that they read; when its data or method changed since, that is another advice."""
    if advice.analysis == "changed":
        yield _finding(
            "selection-other-analysis",
            "de gegevens, de methode of de aantekeningen zijn veranderd sinds de analyse in de uitvoermap",
            "een keuze op het advies dat in de analyse staat",
            f"maak de analyse opnieuw en lees haar eerst: werkbank analyse --municipality {municipality}",
        )


def before(park_id: str, earlier: Sequence[Selection]) -> Iterator[Finding]:
    """A park is selected once a round, as long as the selection holds."""
    for selection in earlier:
        if selection.park_id == park_id and selection.holds:
            yield _finding(
                "selected-before",
                f"{park_id[:60]} is in ronde {selection.round} al gekozen op {_day(selection.at)} "
                f"(besluit {selection.event_id})",
                "elk terrein één keer per ronde",
                f"er hoeft niets meer te worden vastgelegd; terugnemen kan met: werkbank withdraw {park_id[:60]}",
            )


def not_selected(park_id: str, round: str, earlier: Sequence[Selection]) -> Iterator[Finding]:
    """Only a selection that holds can be withdrawn."""
    own = [selection for selection in earlier if selection.park_id == park_id]
    if any(selection.holds for selection in own):
        return
    withdrawn = own[-1].withdrawal if own else None
    since = f"de keuze is al ingetrokken op {_day(withdrawn.at)}" if withdrawn else "het is niet gekozen"
    yield _finding(
        "not-selected",
        f"{park_id[:60]} heeft in ronde {round} geen keuze die geldt: {since}",
        "een terrein met een keuze die geldt",
        "kijk met “werkbank register” welke keuzes er zijn",
    )


def _needless(option: str, only_for: str, found: str) -> Finding:
    return _finding(
        "selection-needless-reason",
        f"bij {option} staat een reden, maar {found}",
        f"{option} alleen bij {only_for}",
        f"laat {option} weg",
    )


def _day(moment: dt.datetime) -> str:
    return date(moment.astimezone().date())


def _finding(rule: str, found: str, allowed: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy)
