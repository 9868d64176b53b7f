"""Two rounds for who reads them: the change of every park in its parts, and the cells behind it, for one audience."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from werkbank.advice.development import Change, Development, Moved
from werkbank.advice.development_words import Shown, change_sentence, plain, published_note, shown, signed, summary
from werkbank.errors import OutputError
from werkbank.report.blocks import (
    Block,
    Cell,
    Chapter,
    Column,
    Group,
    Heading,
    Line,
    List,
    Row,
    Table,
    Text,
    alerts,
    code,
    quiet,
    rows,
    sentences,
    strong,
)  # fmt: skip
from werkbank.report.terms import legal_basis_line, level_text
from werkbank.report.view import refuse_too_much
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters, find_workspace
from werkbank.wording import capital, count, listing, unbroken

__all__ = ["ChangeRow", "ChangeView", "change_pages", "change_table", "change_view"]

FIELDS = frozenset(("cells", "scores"))
"""What an audience must be allowed to see before it gets a comparison of rounds."""
ROOT_NAME = "Totaal"
ENOUGH = 0.5
"""Below this part of the cells known in either round that are known in both, a park's split is marked."""
_STATE = {"unknown": "onbekend", "open": "leeg", "not_applicable": "n.v.t."}
_KIND = {"judged": "anders beoordeeld", "learned": "nu wel bekend", "lost": "niet meer bekend"}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One park or group: its label (with its code where two parks share a name), its change, and that as printed."""

    park_id: str
    label: str
    change: Change
    shown: Shown

    @property
    def cells(self) -> str:
        """How many cells are known in both rounds, of those known in either."""
        return f"{self.change.cells_both} van {self._either}"

    @property
    def little(self) -> bool:
        """Whether too few cells are known in both rounds to say much of the parts."""
        return self.change.cells_both < ENOUGH * self._either

    @property
    def _either(self) -> int:
        return self.change.cells_old + self.change.cells_new - self.change.cells_both


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A development as rows, the largest rise first, those without a comparison last."""

    development: Development
    catalogue: Catalogue
    audience: Audience
    parameters: Parameters
    rows: tuple[ChangeRow, ...]

    def party_name(self, party: str) -> str:
        """A party's name in a sentence."""
        return self.catalogue.party(party).name


def change_view(development: Development) -> ChangeView:
    """The development as rows for its audience.

    Raises OutputError when it holds more than the audience may see, when the catalogue is no longer the one it was
    made with, or when it does not say for whom it was made.
    """
    parameters = development.parameters
    if parameters is None:
        raise OutputError("Van deze vergelijking is niet bekend voor wie zij is; maak haar met compare_rounds.")
    catalogue = load_catalogue(None if parameters.catalogue is None else find_workspace() / parameters.catalogue)
    if catalogue.fingerprint != development.catalogue_fingerprint:
        raise OutputError("De catalogus is veranderd sinds deze vergelijking; maak de vergelijking opnieuw.")
    audience = catalogue.audience(parameters.audience)
    refuse_too_much("vergelijking", development.parties, catalogue, audience, FIELDS)
    return ChangeView(development, catalogue, audience, parameters, _rows(development))


def _rows(development: Development) -> tuple[ChangeRow, ...]:
    changes = development.changes()
    names = Counter(development.name(change.park_id) for change in changes)
    return tuple(
        ChangeRow(change.park_id, name if names[name] == 1 else f"{name} ({change.park_id})", change, shown(change))
        for change in changes
        for name in (development.name(change.park_id),)
    )


def change_table(development: Development) -> Chapter:
    """Every park with its score in both rounds and the parts of the difference; the largest rise first.

    >>> print(wb.report.change_table(wb.compare_rounds("urk")).title)
    Verandering van ronde 2025‑1 naar 2026‑1
    """
    view = change_view(development)
    table = Table(
        "Score per terrein in beide rondes, en waaruit het verschil bestaat. Scores lopen van 0 tot 100; hoger is "
        "slechter.",
        _columns(view, "Terrein"),
        tuple(Row(_figures(view, row), row.park_id) for row in view.rows),
    )
    return Chapter(
        f"Verandering van ronde {unbroken(development.old_round)} naar {unbroken(development.new_round)}",
        summary(development),
        (
            *alerts(_alerts(view)),
            Text(summary(development), "lead"),
            Text(legal_basis_line(development.legal_basis), "quiet"),
            table,
            *sentences(_only(development)),
            List(tuple(_explained(view)), plain=True, look="small"),
        ),
        name="change",
    )


def _columns(view: ChangeView, first: str) -> tuple[Column, ...]:
    development = view.development
    rounds = (f"Ronde {unbroken(one)}" for one in (development.old_round, development.new_round))
    change, *parts = _headings(view)
    return (
        Column(first, width=1.8),
        *(Column(one, "number") for one in rounds),
        Column(change, "total"),
        *(Column(one, "number", 1.2) for one in parts),
        Column("Oordelen in beide rondes bekend", "number", 1.2),
    )


def _headings(view: ChangeView) -> tuple[str, ...]:
    """The columns of the parts: the method only when there is something to say of it."""
    names = ("Verandering", "Anders beoordeeld", "Verschil in kennis", "Andere methode")
    return names if view.development.method_tells else names[:3]


def _figures(view: ChangeView, row: ChangeRow, mark: str = "*") -> tuple[str, ...]:
    printed = row.shown
    parts = (printed.change, printed.judgement, printed.knowledge, printed.method)[: len(_headings(view))]
    cells = f"{row.cells}{mark if row.little else ''}"
    return row.label, plain(printed.old), plain(printed.new), *map(signed, parts), cells


def _explained(view: ChangeView) -> Iterator[Line]:
    development = view.development
    otherwise = listing(row.label for row in view.rows if published_note(development, row.change))
    little = " * Minder dan de helft van de bekende oordelen is dat in beide rondes; de delen zeggen dan weinig."
    yield (
        strong("Anders beoordeeld"),
        (
            ": een partij gaf in beide rondes een niveau, maar niet hetzelfde. Dat is niet hetzelfde als een "
            "verandering op het terrein."
        ),
    )
    yield (
        strong("Verschil in kennis"),
        (
            ": cellen die nu wel bekend zijn en eerst niet, of andersom. “N.v.t.” telt als niet bekend. Blijkt iets "
            "nieuws laag, dan kan de score daardoor dalen."
        ),
    )
    if development.method_tells:
        yield (
            strong("Andere methode"),
            f": wat het scheelt als ronde {development.old_round} met de methode van nu wordt gerekend.",
        )
    yield (
        "– Er is geen score, of het verschil is niet te splitsen: te weinig oordelen zijn in beide rondes bekend."
        + (little if any(row.little for row in view.rows) else "")
    )
    yield (
        "Deze scores gelden zonder drempel voor wat minstens bekend moet zijn; een analyse kan daarom een andere score "
        f"noemen{f', hier bij {otherwise}: zie hieronder' if otherwise else ''}."
    )
    yield (
        "Wie de vorige keer uitzonderlijk hoog of laag stond, komt de volgende keer vaak vanzelf dichter bij het "
        "midden. Een daling bewijst dus niet dat een aanpak werkt."
    )
    yield "Of een verschil groter is dan de onzekerheid in de oordelen, is hier niet doorgerekend."


def change_pages(development: Development, *, cells: int = 5) -> Chapter:
    """One page for every park: a sentence, its groups, and at most `cells` cells that moved its total most.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_pages(development).title
    'De verandering per terrein'
    """
    view = change_view(development)
    pages = (
        Group(tuple(_page(view, row, cells)), "park", anchor=f"terrein-{place}", page=True)
        for place, row in enumerate(view.rows, start=1)
    )
    size = count(len(view.rows), "terrein", "terreinen")
    return Chapter("De verandering per terrein", size, tuple(pages), name="parks change")


def _page(view: ChangeView, row: ChangeRow, most: int) -> Iterator[Block]:
    development, park = view.development, row.park_id
    groups = ((one.score_name, development.change(park, one.score)) for one in view.catalogue.families)
    lines = (*(ChangeRow(park, name, one, shown(one)) for name, one in groups), replace(row, label=ROOT_NAME))
    yield Heading((f"{row.label} ", quiet(park)))
    yield Text(change_sentence(development, park))
    yield from sentences(_notes(view, row), "quiet")
    yield Table("De deelscores en het totaal", _columns(view, "Groep"), rows(_figures(view, one, "") for one in lines))
    moved = development.most_moved(park, len(development.moved))
    if not moved:
        yield Text("Geen enkel oordeel verschilt tussen de rondes.")
        return
    old, new = (f"Ronde {unbroken(one)}" for one in (development.old_round, development.new_round))
    heads = ("Indicator", "Partij", old, new, "Wat er anders is")
    yield Table(
        "De oordelen die het totaal het meest bewogen",
        (
            *(Column(head, width=1.8 if head == "Indicator" else 1) for head in heads),
            Column("Punten van het totaal", "number"),
        ),
        rows(_moved(view, one) for one in moved[:most]),
    )
    rest, verb = len(moved) - most, "verschilt" if len(moved) - most == 1 else "verschillen"
    also = f" Er {verb} nog {count(rest, 'ander oordeel', 'andere oordelen')}." if rest > 0 else ""
    yield Text(
        f"De punten zeggen wat dit ene oordeel scheelt; samen hoeven ze niet de hele verandering te zijn.{also}",
        "quiet",
    )


def _notes(view: ChangeView, row: ChangeRow) -> Iterator[str]:
    note = published_note(view.development, row.change)
    if note:
        yield note
    if row.little:
        yield f"Maar {row.cells} oordelen zijn in beide rondes bekend. Lees de delen daarom met voorbehoud."


def _moved(view: ChangeView, moved: Moved) -> tuple[Cell, ...]:
    return (
        (code(moved.indicator), f" {view.catalogue.indicator(moved.indicator).name}"),
        capital(view.party_name(moved.party)),
        _judged(view, moved.indicator, moved.old_state, moved.old_level),
        _judged(view, moved.indicator, moved.new_state, moved.new_level),
        _KIND[moved.kind],
        signed(None if moved.effect is None else round(moved.effect * 10)),
    )


def _judged(view: ChangeView, indicator: str, state: str, level: int | None) -> str:
    return _STATE[state] if level is None else level_text(view.catalogue.scale_of(indicator), level)


def _alerts(view: ChangeView) -> Iterator[str]:
    development = view.development
    if not development.equally_delivered:
        rounds = (
            (development.old_round, development.old_delivered),
            (development.new_round, development.new_delivered),
        )
        told = [f"in ronde {name} {listing(map(view.party_name, parties))}" for name, parties in rounds]
        yield (
            f"Niet dezelfde partijen leverden aan: {listing(told)}. De rondes zijn daarom niet goed te vergelijken: "
            "wat één partij in de ene ronde weet, lijkt in de andere ronde nieuw of verdwenen."
        )
    yield from _other_questions(development)
    if not development.old_method_kept:
        yield (
            f"De methode van ronde {development.old_round} is niet bewaard. Beide rondes zijn met de methode van nu "
            "gerekend; of een andere methode verschil maakt, is dus niet te zeggen."
        )
    errors = sum(1 for finding in development.findings if finding.severity == "error")
    if errors:
        verb = "werd" if errors == 1 else "werden"
        yield (
            f"Bij het lezen {verb} {count(errors, 'fout', 'fouten')} gevonden. Een cel met een fout telt als leeg en "
            "dus als niet bekend."
        )


def _other_questions(development: Development) -> Iterator[str]:
    """What one round asked and the other did not: a change of method, and no judgement or knowledge."""
    if not development.indicators_changed:
        return
    rounds = (
        (f"alleen in ronde {development.old_round}", development.indicators_only_old),
        (f"alleen in ronde {development.new_round}", development.indicators_only_new),
        ("in beide rondes, maar anders gevraagd", development.indicators_translated),
    )
    told = [f"{where}: {listing(indicators)}" for where, indicators in rounds if indicators]
    yield (
        f"De lijst met indicatoren is tussen de rondes veranderd ({'; '.join(told)}). Wat dat met een score doet, "
        "staat onder “andere methode”: het is geen ander oordeel en geen verschil in kennis. De lijst per terrein "
        "noemt alleen cellen die in beide rondes zijn gevraagd."
    )


def _only(development: Development) -> Iterator[str]:
    """The parks of one round, named and not compared."""
    rounds = ((development.old_round, development.only_old), (development.new_round, development.only_new))
    for name, parks in rounds:
        if parks:
            yield f"Alleen in ronde {name}: {listing(development.name(park) for park in parks)}."
