"""Two rounds for who reads them: the change of every park in its parts, and the cells behind it, for one audience."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from werkbank.advice import explanation
from werkbank.advice.development import Change, Development, Moved
from werkbank.advice.explanation import PrintedChange, plain, printed_change, signed, summary, tenths
from werkbank.assessment.rounds import Rounds
from werkbank.errors import OutputError
from werkbank.report import blocks as b
from werkbank.report.decided import place
from werkbank.report.terms import legal_basis_line, level_text, lines, say, spec, table, words
from werkbank.report.view import refuse_too_much
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import catalogue_of
from werkbank.wording import MISSING, capital, count, listing, percent, unbroken

FIELDS = frozenset(("cells", "scores"))
"""What an audience must be allowed to see before it gets a comparison of rounds."""
ENOUGH = 0.5
"""Below this part of the cells known in either round that are known in both, a park's split is marked."""
_STATE = {"unknown": "onbekend", "open": "leeg", "not_applicable": "n.v.t."}
KIND = {"judged": "anders beoordeeld", "learned": "nu wel bekend", "lost": "niet meer bekend"}
"""How a party's cell differs between two rounds, as it is printed."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One park or group: its label (with its code where two parks share a name), its change, and that as printed.

    `place`: of a park its places then and now, on the cells known in both rounds.
    """

    park_id: str
    label: str
    change: Change
    shown: PrintedChange
    place: str = MISSING

    @property
    def cells(self) -> str:
        """How many cells are known in both rounds, of those known in either."""
        return f"{self.change.cells_both} van {self._either}"

    @property
    def little(self) -> bool:
        """Whether too few cells are known in both rounds to say much of the parts."""
        return self.change.cells_both < ENOUGH * self._either

    @property
    def is_marked(self) -> bool:
        """Whether the other judgement is more than noise, and a point or more."""
        return bool(self.change.is_real) and abs(self.shown.judgement or 0) >= explanation.POINT

    @property
    def certainty(self) -> str:
        """Whether the other judgement is more than noise, with the share of the recalculations that say so."""
        up = self.change.p_up
        if up is None:
            return MISSING
        way = "up" if up > ENOUGH else "down"
        name = "noise" if not self.change.is_real else way if self.is_marked else "small"
        return words(f"change.real.{name if self.change.judgement else 'same'}", share=percent(max(up, 1 - up)))

    @property
    def _either(self) -> int:
        return self.change.cells_old + self.change.cells_new - self.change.cells_both


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A development as rows, the largest rise first, those without a comparison last."""

    development: Development
    catalogue: Catalogue
    audience: Audience
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
    catalogue = catalogue_of(parameters, development.catalogue_fingerprint, "vergelijking")
    audience = catalogue.audience(parameters.audience)
    told = () if set(audience.fields) >= FIELDS else ("de scores van alle partijen samen",)
    refuse_too_much("vergelijking", development.parties, catalogue.indicator_ids, catalogue, audience, *told)
    return ChangeView(development, catalogue, audience, _rows(development))


def _rows(development: Development) -> tuple[ChangeRow, ...]:
    found = [(development.name(change.park_id), change) for change in development.changes()]
    names = Counter(name for name, _ in found)
    labels = (name if names[name] == 1 else f"{name} ({change.park_id})" for name, change in found)
    places = {str(park): places_told(*both) for park, *both in development.places().dropna().to_numpy()}
    return tuple(
        ChangeRow(one.park_id, label, one, printed_change(one), places.get(one.park_id, MISSING))
        for (_, one), label in zip(found, labels, strict=True)
    )


def places_told(then: float, now: float) -> str:
    """Two places: "3, blijft 3" or "1, nu 2"."""
    return f"{then:.0f}, {'blijft' if then == now else 'nu'} {now:.0f}"


def change_table(made: Development | Rounds) -> b.Chapter:
    """Every park with its score in both rounds and the parts of the difference; the largest rise first.

    Of several earlier rounds also its score in each; of Rounds without what `rounds_summary` says above it.

    >>> print(wb.report.change_table(wb.compare_rounds("urk")).title)
    Verandering van ronde 2025‑1 naar 2026‑1
    """
    development = made.latest if isinstance(made, Rounds) else made
    view, alone = change_view(development), made is development
    about = (b.Text(summary(development), "lead"), b.Text(legal_basis_line(development.legal_basis), "quiet"))
    rows = (b.Row((*_figures(view, row), row.place, row.certainty), row.park_id) for row in view.rows)
    blocks = (
        *((*b.alerts(alerts(view)), *about) if alone else ()),
        place(),
        _table(view, rows, words("change.parks"), "Terrein", spec("change.more")),
        *(b.sentences(only_in_one_round(development)) if alone else ()),
        *(_every_round(made) if isinstance(made, Rounds) else ()),
        b.List(_explained(view), plain=True, look="small"),
    )
    title = f"Verandering van ronde {unbroken(development.old_round)} naar {unbroken(development.new_round)}"
    return b.Chapter(title, summary(development), blocks, "change", wide=True)


def _table(view: ChangeView, rows: Iterable[b.Row], caption: str, first: str, more: Iterable[str] = ()) -> b.Table:
    """The method has a column only when there is something to say of it."""
    parts = ["Anders beoordeeld", "Verschil in kennis", "Beeld van het district"]
    parts += ["Andere methode"] if view.development.method_tells else []
    named = {"first": first, "rounds": _rounds(view), "parts": parts, "more": list(more)}
    return table("change.table", rows, caption=caption, **named)


def _rounds(view: ChangeView) -> list[str]:
    return [f"Ronde {unbroken(one)}" for one in (view.development.old_round, view.development.new_round)]


def _every_round(rounds: Rounds) -> Iterator[b.Block]:
    """The score of every park in each of more than two rounds, all by the method and the district of now."""
    if len(rounds.developments) > 1:
        scores = [{one.park_id: _restated(one) for one in each.changes()} for each in rounds.developments]
        rows = (
            (row.label, *(plain(tenths(own.get(row.park_id))) for own in scores), plain(row.shown.new))
            for row in change_view(rounds.latest).rows
        )
        yield table("change.every_round", rows, rounds=[f"Ronde {unbroken(name)}" for name in rounds.rounds])


def scores_before(rounds: Rounds) -> Iterator[tuple[str, str, str]]:
    """Of every park, earlier round and its score in it by the method and the district of now, as printed."""
    for each in rounds.developments:
        yield from ((one.park_id, each.old_round, plain(tenths(_restated(one)))) for one in each.changes())


def _restated(change: Change) -> float | None:
    """The score of the old round by the method and the district of now; None where that cannot be told apart."""
    parts = (change.old, change.method, change.district)
    return None if None in parts else sum(part or 0 for part in parts)


def _figures(view: ChangeView, row: ChangeRow, mark: str = "*") -> tuple[str, ...]:
    printed = row.shown
    parts = (printed.change, printed.judgement, printed.knowledge, printed.district, printed.method)
    shown = map(signed, parts if view.development.method_tells else parts[:4])
    return row.label, plain(printed.old), plain(printed.new), *shown, f"{row.cells}{mark if row.little else ''}"


def _explained(view: ChangeView) -> tuple[b.Line, ...]:
    development = view.development
    little = words("change.little") if any(row.little for row in view.rows) else ""
    drawn = any(row.change.p_up is not None for row in view.rows)
    last = say(f"change.{'drawn' if drawn else 'not_drawn'}")
    told = (*lines("change.explained", old=development.old_round, little=little), last)
    return told if development.method_tells else (*told[:3], *told[4:])


def change_pages(development: Development, *, cells: int = 5) -> b.Chapter:
    """One page for every park: a sentence, its groups, and at most `cells` cells that moved its total most.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_pages(development).title
    'De verandering per terrein'
    """
    view = change_view(development)
    pages = (
        b.Group(tuple(_page(view, row, cells)), "park", f"terrein-{at}", page=True)
        for at, row in enumerate(view.rows, 1)
    )
    size = count(len(view.rows), "terrein", "terreinen")
    return b.Chapter("De verandering per terrein", size, tuple(pages), "parks change")


def _page(view: ChangeView, row: ChangeRow, most: int) -> Iterator[b.Block]:
    development, park = view.development, row.park_id
    groups = ((one.score_name, development.change(park, one.score)) for one in view.catalogue.families)
    all_rows = (
        *(ChangeRow(park, name, one, printed_change(one)) for name, one in groups),
        replace(row, label="Totaal"),
    )
    figures = (b.Row(_figures(view, one, "")) for one in all_rows)
    yield b.Heading((f"{row.label} ", b.quiet(park)))
    yield b.Text(explanation.change_sentence(development, park))
    if row.little:
        yield b.Text(words("change.with_caution", cells=row.cells), "quiet")
    yield place(park)
    yield _table(view, figures, "De deelscores en het totaal", "Groep")
    if largest := _largest(view, park, most):
        yield _table(view, largest, words("change.indicators"), "Indicator")
    moved = development.most_moved(park, len(development.moved))
    if not moved:
        yield b.Text("Geen enkel oordeel verschilt tussen de rondes.")
        return
    yield table("change.cells", (judged(view, one) for one in moved[:most]), rounds=_rounds(view))
    rest = len(moved) - most
    told = f"{'verschilt' if rest == 1 else 'verschillen'} nog {count(rest, 'ander oordeel', 'andere oordelen')}"
    yield b.Text(words("change.points", also=f" Er {told}." if rest > 0 else ""), "quiet")


def _largest(view: ChangeView, park: str, most: int) -> list[b.Row]:
    """The indicators that moved the total most, with the parts of that."""
    frame, known = view.development.frame, view.catalogue.indicator_ids
    own = frame[(frame["park_id"] == park) & frame["group"].isin(known) & (frame["change"].abs() > 0)]
    largest = own.sort_values("change", key=abs, ascending=False, kind="stable")["group"].head(most)
    changes = [view.development.change(park, code) for code in largest]
    named = ((one, f"{one.group} {view.catalogue.indicator(one.group).name}") for one in changes)
    return [b.Row(_figures(view, ChangeRow(park, name, one, printed_change(one)), "")) for one, name in named]


def judged(view: ChangeView, moved: Moved) -> tuple[b.Cell, ...]:
    """A party's cell in both rounds, what differs, and what that does to the total."""
    return (
        (b.code(moved.indicator), f" {view.catalogue.indicator(moved.indicator).name}"),
        capital(view.party_name(moved.party)),
        _judged(view, moved.indicator, moved.old_state, moved.old_level),
        _judged(view, moved.indicator, moved.new_state, moved.new_level),
        KIND[moved.kind],
        signed(None if moved.effect is None else round(moved.effect * 10)),
    )


def _judged(view: ChangeView, indicator: str, state: str, level: int | None) -> str:
    return _STATE[state] if level is None else level_text(view.catalogue.scale_of(indicator), level)


def alerts(view: ChangeView) -> Iterator[str]:
    """What makes the rounds hard to compare: other parties, other questions, a method that was not kept, faults."""
    one = view.development
    if not one.equally_delivered:
        delivered = ((one.old_round, one.old_delivered), (one.new_round, one.new_delivered))
        said = (f"in ronde {name} {listing(map(view.party_name, parties))}" for name, parties in delivered)
        yield words("change.delivered", rounds=listing(said))
    if one.indicators_changed:
        # What one round asked and the other did not: a change of method, and no judgement or knowledge.
        asked = (
            (f"alleen in ronde {one.old_round}", one.indicators_only_old),
            (f"alleen in ronde {one.new_round}", one.indicators_only_new),
        )
        said = (f"{where}: {listing(indicators)}" for where, indicators in asked if indicators)
        yield words("change.questions", rounds="; ".join(said))
    if not one.old_method_kept:
        yield words("change.method_lost", round=one.old_round)
    errors = sum(1 for finding in one.findings if finding.severity == "error")
    if errors:
        yield words("change.errors", errors=f"{'werd' if errors == 1 else 'werden'} {count(errors, 'fout', 'fouten')}")


def only_in_one_round(development: Development, told: Collection[str] = ()) -> Iterator[str]:
    """The parks of one round, named and not compared; without those of which it is `told` what became of them."""
    rounds = ((development.old_round, development.only_old), (development.new_round, development.only_new))
    for name, every in rounds:
        if parks := [park for park in every if park not in told]:
            yield f"Alleen in ronde {name}: {listing(development.name(park) for park in parks)}."
