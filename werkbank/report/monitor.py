"""Two rounds for who reads them: the change of every park in its parts, and the cells behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.advice.development import Development, Moved
from werkbank.advice.explanation import change_sentence, plain, printed_change, published_note, signed, summary
from werkbank.report.blocks import Chapter, make
from werkbank.report.monitor import ChangeRow, ChangeView, change_view
from werkbank.report.terms import legal_basis_line, level_text
from werkbank.wording import capital, count, listing, unbroken

__all__ = ["change_pages", "change_table"]

ROOT_NAME = "Totaal"
ENOUGH = 0.5
"""Below this part of the cells known in either round that are known in both, a park's split is marked."""
_STATE = {"unknown": "onbekend", "open": "leeg", "not_applicable": "n.v.t."}
_KIND = {"judged": "anders beoordeeld", "learned": "nu wel bekend", "lost": "niet meer bekend"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One park or group as printed; `parts` are the figures of the columns."""

    park_id: str
    name: str
    old: str
    new: str
    parts: tuple[str, ...]
    cells: str
    little: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    code: str
    name: str
    party: str
    was: str
    now: str
    kind: str
    effect: str


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    park_id: str
    sentence: str
    notes: tuple[str, ...]
    lines: tuple[_Line, ...]
    cells: tuple[_Cell, ...]
    rest: int


def change_table(development: Development) -> Chapter:
    """Every park with its score in both rounds and the parts of the difference; the largest rise first.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_table(development).values["headings"][0]
    'Verandering'
    """
    view = change_view(development)
    lines = [_line(view, row.label, row) for row in view.rows]
    return make(
        "change_table",
        f"Verandering van ronde {unbroken(development.old_round)} naar {unbroken(development.new_round)}",
        summary(development),
        summary=summary(development),
        alerts=tuple(_alerts(view)),
        basis=legal_basis_line(development.legal_basis),
        old_round=development.old_round,
        new_round=development.new_round,
        headings=_headings(view),
        lines=lines,
        only=tuple(_only(development)),
        little=any(line.little for line in lines),
        otherwise=listing(row.label for row in view.rows if published_note(development, row.change)),
    )


def change_pages(development: Development, *, cells: int = 5) -> Chapter:
    """One page for every park: a sentence, its groups, and at most `cells` cells that moved its total most.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_pages(development).title
    'De verandering per terrein'
    """
    view = change_view(development)
    return make(
        "change_pages",
        "De verandering per terrein",
        count(len(view.rows), "terrein", "terreinen"),
        pages=[_page(view, row, cells) for row in view.rows],
        old_round=development.old_round,
        new_round=development.new_round,
        headings=_headings(view),
    )


def _headings(view: ChangeView) -> tuple[str, ...]:
    """The columns of the parts: the method only when there is something to say of it."""
    names = ("Verandering", "Anders beoordeeld", "Verschil in kennis", "Andere methode")
    return names if view.development.method_tells else names[:3]


def _line(view: ChangeView, name: str, row: ChangeRow) -> _Line:
    change, printed = row.change, row.shown
    parts = (printed.change, printed.judgement, printed.knowledge, printed.method)
    either = change.cells_old + change.cells_new - change.cells_both
    return _Line(
        park_id=row.park_id,
        name=name,
        old=plain(printed.old),
        new=plain(printed.new),
        parts=tuple(signed(part) for part in parts[: len(_headings(view))]),
        cells=f"{change.cells_both} van {either}",
        little=change.cells_both < ENOUGH * either,
    )


def _page(view: ChangeView, row: ChangeRow, cells: int) -> _Page:
    development, park = view.development, row.park_id
    moved = development.most_moved(park, len(development.moved))
    return _Page(
        name=row.label,
        park_id=park,
        sentence=change_sentence(development, park),
        notes=tuple(_notes(view, row)),
        lines=(*_group_lines(view, park), _line(view, ROOT_NAME, row)),
        cells=tuple(_cell(view, one) for one in moved[:cells]),
        rest=len(moved[cells:]),
    )


def _group_lines(view: ChangeView, park: str) -> Iterator[_Line]:
    for family in view.catalogue.families:
        change = view.development.change(park, family.score)
        yield _line(view, family.score_name, ChangeRow(park, family.score_name, change, printed_change(change)))


def _notes(view: ChangeView, row: ChangeRow) -> Iterator[str]:
    note = published_note(view.development, row.change)
    if note:
        yield note
    line = _line(view, row.label, row)
    if line.little:
        yield f"Maar {line.cells} oordelen zijn in beide rondes bekend. Lees de delen daarom met voorbehoud."


def _cell(view: ChangeView, moved: Moved) -> _Cell:
    effect = None if moved.effect is None else round(moved.effect * 10)
    return _Cell(
        code=moved.indicator,
        name=view.catalogue.indicator(moved.indicator).name,
        party=capital(view.party_name(moved.party)),
        was=_judged(view, moved.indicator, moved.old_state, moved.old_level),
        now=_judged(view, moved.indicator, moved.new_state, moved.new_level),
        kind=_KIND[moved.kind],
        effect=signed(effect),
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
