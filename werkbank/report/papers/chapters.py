"""The chapters of the analysis that take more than a table: matrix, phenomena, certainty, differences, one park."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from werkbank.assessment.assessment import Assessment
from werkbank.report.parks import agreement, certainty
from werkbank.report.terms import NOT_APPLICABLE, SOURCES, UNKNOWN, PhenomenonSign, level_figure, signs
from werkbank.report.view import Cell, Park, View
from werkbank.settings.entries import Indicator
from werkbank.settings.theme import Theme, ground_of, theme
from werkbank.wording import MISSING, capital, count, listing, number, percent

__all__ = ["agreement_chapter", "certainty_chapter", "matrix_chapter", "park_chapter", "phenomena_chapter"]

Values = dict[str, Any]

COLUMNS = 18
"""How many indicators fit beside one another on a page."""


def matrix_chapter(view: View) -> Values:
    """Every cell of the matrix: per family the parks down and the indicators across."""
    parts = [part for family in view.catalogue.families for part in _parts(view, family.name, family.id)]
    whose = (
        "Elke cel geeft het oordeel van de partijen samen."
        if len(view.parties) > 1
        else f"Elke cel geeft alleen het oordeel van de {view.party_name(view.parties[0])}."
    )
    reverse = next((one.name for one in view.catalogue.families if one.score == "resilience_gap"), "")
    andersom = f" {reverse} werkt andersom: een laag cijfer is zwak en daarom donker." if reverse else ""
    return {
        "text": f"{whose} Hoe donkerder, hoe meer risico.{andersom} {UNKNOWN} is onbekend of nog leeg en telt niet als "
        f"0. {NOT_APPLICABLE} is niet van toepassing.",
        "parts": parts,
    }


def _parts(view: View, name: str, family: str) -> Iterator[Values]:
    rows, look = view.catalogue.by_family(family), theme()
    for start in range(0, len(rows), COLUMNS):
        part = rows[start : start + COLUMNS]
        yield {
            "caption": f"{name}: {part[0].id} tot en met {part[-1].id}",
            "codes": [one.id for one in part],
            "names": "; ".join(f"{one.id} {one.name}" for one in part),
            "rows": [_matrix_row(view, park, part, look) for park in view.parks],
        }


def _matrix_row(view: View, park: Park, part: Sequence[Indicator], look: Theme) -> Values:
    return {"name": park.name, "squares": [_square(view.cells[park.park_id, one.id], look) for one in part]}


def _square(cell: Cell, look: Theme) -> Values:
    if not cell.applicable:
        return {"text": NOT_APPLICABLE, "fill": _bare(look.paper)}
    if cell.level is None or cell.points is None:
        return {"text": UNKNOWN, "fill": _bare(look.unknown)}
    return {"text": level_figure(cell.level), "fill": _bare(ground_of(cell.points / 100, look))}


def _bare(colour: str) -> str:
    """A colour as Word has it in a cell."""
    return colour.removeprefix("#").upper()


def phenomena_chapter(view: View) -> Values:
    """Per phenomenon, or group of them, on which parks the indication is strong, clear or weak."""
    table: dict[str, dict[str, list[str]]] = {}
    names = {park.park_id: park.name for park in view.parks}
    for one in _in_order(view, signs(view)):
        table.setdefault(one.name, {}).setdefault(one.strength, []).append(names[one.park_id])
    return {
        "kind": "Fenomeen" if view.shows("phenomena") else "Groep fenomenen",
        "text": "Waar wijzen de oordelen op? Het gaat om mogelijke activiteiten, niet om vastgestelde feiten."
        if table
        else "Voor deze doelgroep worden geen fenomenen getoond.",
        "rows": [_phenomenon_row(name, found) for name, found in table.items()],
    }


def _in_order(view: View, found: tuple[PhenomenonSign, ...]) -> list[PhenomenonSign]:
    places = {park.park_id: place for place, park in enumerate(view.parks)}
    return sorted(found, key=lambda one: places[one.park_id])


def _phenomenon_row(name: str, found: dict[str, list[str]]) -> Values:
    return {
        "name": name,
        "strongly": ", ".join(found.get("strong", ())) or MISSING,
        "clearly": ", ".join(found.get("clear", ())) or MISSING,
        "weakly": ", ".join(found.get("weak", ())) or MISSING,
        "nowhere": number(len(found.get("none", ()))),
        "unknown": number(len(found.get("unknown", ()))),
    }


def certainty_chapter(assessment: Assessment) -> Values:
    """How often each park comes out highest, what would turn the advice around, what to find out first."""
    values = certainty(assessment).values
    seats, rest = values["seats"], values["rest"]
    verb = "komt" if rest == 1 else "komen"
    return {
        "text": _certainty_text(values),
        "shown": values["draws"] is not None,
        "often": "Bovenaan" if seats == 1 else f"Bij de hoogste {seats}",
        "rows": [_often(row) for row in values["parks"]] if values["draws"] is not None else [],
        "rest": f"Nog {count(rest, 'terrein', 'terreinen')} {verb} minder vaak bovenaan." if rest else "",
        "flips": [_plain(line) for line in values["flips"]],
        "inexact": "Dit is bij benadering: van minstens één terrein in deze vergelijking is een deelscore niet bekend "
        "genoeg."
        if values["inexact"]
        else "",
        "drivers": [{"name": one.name, "share": one.share} for one in values["drivers"]],
        "questions": [_plain(line) for line in values["questions"]],
        "no_questions": "Van geen enkele onbekende cel staat vast dat het antwoord de uitkomst merkbaar verandert.",
    }


def _certainty_text(values: Any) -> str:
    if values["draws"] is None:
        return values["not_shown"] or "Voor deze analyse is niet opnieuw doorgerekend: er valt niets te vergelijken."
    return (
        f"De scores zijn {values['draws']} keer opnieuw berekend. Elke keer zijn keuzes die ook anders hadden gekund "
        "opnieuw gemaakt: de weging, de manier van samenvoegen, de punten per niveau, en wat nog onbekend is. De "
        "aantallen hieronder zijn aantallen doorrekeningen. Het is geen kans dat er iets aan de hand is."
    )


def _often(row: Any) -> Values:
    park = row.park
    low, high = park.rank_low, park.rank_high
    return {
        "name": park.name,
        "rank": MISSING if park.rank is None else str(park.rank),
        "share": row.share,
        "ranks": MISSING if low is None else str(low) if low == high else f"{low}–{high}",
        "scores": f"{number(park.drawn_low, 1)}–{number(park.drawn_high, 1)}",
    }


def agreement_chapter(assessment: Assessment) -> Values:
    """How far the parties agree, and the agenda of what to discuss."""
    values = agreement(assessment).values
    rest, turning = values["rest"], values["turning"]
    return {
        "text": _agreement_text(values),
        "between": values["between"],
        "rows": [_agreed(line) for line in values["lines"]],
        "turning": f"{capital(count(turning, 'verschil kan', 'verschillen kunnen'))} op zichzelf het advies "
        "veranderen; die staan bovenaan."
        if turning
        else "Geen enkel verschil kan op zichzelf het advies veranderen. Bovenaan staat wat de score het meest "
        "verandert.",
        "agenda": [_plain(line) for line in values["agenda"]],
        "rest": f"Nog {count(rest, 'verschil', 'verschillen')} met een kleiner gevolg." if rest else "",
        "only": list(values["only"]),
    }


def _agreement_text(values: Any) -> str:
    if values["lines"]:
        return "Een verschil is geen fout: de partijen zien verschillende dingen. De lijst is een agenda voor overleg."
    if values["withheld"]:
        return (
            "Deze vergelijking staat niet in dit exemplaar: zij zou laten zien wat de andere partij invulde. Het RIEC "
            "heeft haar wel."
        )
    return "Er heeft maar één partij ingevuld; er is niets te vergelijken."


def _agreed(line: Any) -> Values:
    figures = line.figures
    return {
        "family": line.family,
        "n": number(figures.n),
        "identical": percent(figures.identical),
        "within_one": percent(figures.within_one),
        "alpha": line.alpha,
        "ac2": number(figures.gwet_ac2, 2),
        "bias": number(figures.bias, 2),
    }


def park_chapter(view: View, page: Any) -> Values:
    """One park: its figures, what carries them, what each party says, what is unknown."""
    park = page.park
    return {
        "park_id": park.park_id,
        "name": park.name,
        "place": _place(view, park),
        "figures": [_total_row(view, page), *_figure_rows(view, park)],
        "quadrant": f"{capital(page.quadrant)}: {page.meaning}.",
        "known": _known(park),
        "words": list(page.words),
        "parts": [_part(part) for part in (*page.parts, *page.rest)] if page.parts else [],
        "total": "" if park.score is None else view.points(park.score),
        "pairs": [_pair(pair) for pair in page.pairs],
        "parties": [capital(view.party_name(party)) for party in view.parties],
        "sources": SOURCES,
        "unknown_title": "Wat de eigen partij niet weet" if view.assessment.coarse else "Wat niemand weet",
        "unknown": [f"{ask}: {listing(names)}." for ask, names in page.unknown],
        "context": _context(page),
    }


def _place(view: View, park: Park) -> str:
    told = [park.park_id]
    if park.net_ha is not None:
        told.append(f"{number(park.net_ha, 1)} hectare netto")
    if park.rank is None:
        return " · ".join([*told, "geen score, dus geen plaats in de rangorde"])
    size = sum(1 for one in view.parks if one.rank is not None)
    place = f"plaats {park.rank} van {size} met een score in de gemeente"
    if park.district_rank is not None:
        place += f", {park.district_rank} van {view.assessment.district_size} in het district"
    return " · ".join([*told, place])


def _figure_rows(view: View, park: Park) -> Iterator[Values]:
    for group in park.groups:
        if group.score is not None or group.low is not None:
            score = UNKNOWN if group.score is None else view.points(group.score)
            yield {"name": group.name, "score": score, "bounds": _bounds(view, group), "place": ""}


def _total_row(view: View, page: Any) -> Values:
    park = page.park
    score = UNKNOWN if park.score is None else view.points(park.score)
    return {"name": "Totaal", "score": score, "bounds": _bounds(view, park), "place": page.place}


def _bounds(view: View, one: Any) -> str:
    return f"tussen {view.points(one.low)} en {view.points(one.high)}"


def _known(park: Park) -> str:
    told = f"Bekend bij minstens één partij: {percent(park.coverage)}; bij alle partijen: {percent(park.two_sided)}."
    if park.highest is None:
        return told
    return (
        f"{told} Hoogste vermoeden: {number(park.highest)}; {percent(park.share_high)} van de bekende "
        "verschijningsvormen staat op 2 of hoger."
    )


def _part(part: Any) -> Values:
    name = f"{part.code} {part.name}".strip()
    return {"name": name, "level": part.level, "points": number(part.points, 1)}


def _pair(pair: Any) -> Values:
    return {"name": f"{pair.code} {pair.name}", "said": list(pair.said), "steps": pair.steps}


def _context(page: Any) -> Values:
    table = page.context
    if table is None:
        return {"head": "", "rows": []}
    head = f"Peildatum {table.reference_date}" if table.reference_date else "Kenmerk"
    rows = [{"name": capital(row.name), "value": row.value, "middle": row.middle} for row in table.rows]
    return {"head": head, "rows": rows}


def _plain(line: Markup | str) -> str:
    return str(line.striptags()) if isinstance(line, Markup) else line
