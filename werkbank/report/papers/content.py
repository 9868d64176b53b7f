"""The analysis as plain text values, in the order of its chapters: what a Word or PDF file prints.

Every value comes from the sections of the page, and every figure is printed by the same functions: a number is the
same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from werkbank.assessment.assessment import Assessment
from werkbank.report import terms
from werkbank.report.account import accountability, notes
from werkbank.report.front import front_page
from werkbank.report.knowledge import findings, information_position
from werkbank.report.papers.chapters import (
    agreement_chapter,
    certainty_chapter,
    matrix_chapter,
    park_chapter,
    phenomena_chapter,
)
from werkbank.report.parks import park_pages, ranking_table
from werkbank.report.terms import FICTIONAL, SUSPICION, UNKNOWN, legal_basis_line
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, capital, count, number, percent

__all__ = ["analysis_content", "labels"]

Values = dict[str, Any]

DISCLAIMER = (
    "Dit is een advies op grond van vermoedens. Mensen kiezen, niet de werkbank: wie daarover gaat, zoals een "
    "stuurgroep, besluit en legt de reden vast."
)


def analysis_content(assessment: Assessment) -> Values:
    """Everything the analysis says to its audience, by name, as text; lists and dicts of text, nothing else.

    Raises OutputError when the assessment holds more than its audience may see.
    """
    view = view_of(assessment)
    return {
        **labels(view),
        "front": _front(view),
        "knowledge": _knowledge(view),
        "matrix": matrix_chapter(view),
        "phenomena": phenomena_chapter(view),
        "ranking": _ranking(view),
        "certainty": certainty_chapter(assessment),
        "agreement": agreement_chapter(assessment),
        "parks": [park_chapter(view, page) for page in park_pages(assessment).values["pages"]],
        "notes": _notes(assessment),
        "findings": _findings(assessment),
        "accountability": _accountability(assessment),
    }


def labels(view: View) -> Values:
    """What stands on every page of every file, whatever is in it."""
    assessment = view.assessment
    return {
        "municipality": assessment.municipality_name,
        "round": assessment.parameters.round,
        "district": assessment.parameters.district,
        "size": count(len(view.parks), "terrein", "terreinen"),
        "reader": view.audience.name,
        "label": view.audience.label,
        "suspicion": SUSPICION,
        "fictional": FICTIONAL if assessment.fictional else "",
        "legal_basis": legal_basis_line(assessment.legal_basis),
        "fingerprint": assessment.fingerprint[:16],
    }


def _front(view: View) -> Values:
    values = front_page(view.assessment).values
    return {
        "sentence": values["sentence"],
        "disclaimer": DISCLAIMER,
        "missing": list(values["missing"]),
        "cards": [_card(view, card, values["no_grounds"]) for card in values["cards"]],
        "sure": list(values["sure"]),
        "unknown": list(values["unknown"]),
        "questions": [plain(line) for line in values["questions"]],
        "to_do": [
            {
                "word": one.word,
                "meaning": one.meaning,
                "lines": list(one.items) or ["geen terreinen"],
                "parks": str(one.parks),
            }
            for one in values["to_do"]
        ],
        "basis": list(values["basis"]),
    }


def _card(view: View, card: Any, no_grounds: str) -> Values:
    return {
        **_figures(view, card.park),
        "place": card.place,
        "grounds": [_ground(ground) for ground in card.grounds],
        "no_grounds": "" if card.grounds else no_grounds,
    }


def _ground(ground: terms.Ground) -> Values:
    return {
        "name": ground.name,
        "kind": ground.kind,
        "reference": ground.reference,
        "points": number(ground.contribution, 1),
    }


def _figures(view: View, park: Park) -> Values:
    """A park's name, total and groups as they are printed everywhere."""
    return {
        "park_id": park.park_id,
        "name": park.name,
        **_score(view, park),
        "groups": [
            {"name": group.name, **_score(view, group)}
            for group in park.groups
            if group.score is not None or group.low is not None
        ],
    }


def _score(view: View, one: Any) -> Values:
    score = UNKNOWN if one.score is None else view.points(one.score)
    return {"score": score, "low": view.points(one.low), "high": view.points(one.high)}


def _knowledge(view: View) -> Values:
    values = information_position(view.assessment).values
    rows = values["rows"]
    parks = count(len(rows), "terrein", "terreinen")
    capped = " 90% betekent hier 90% of meer: hoger wordt in dit exemplaar niet getoond." if values["withheld"] else ""
    return {
        "text": f"Over {values['enough']} van de {parks} is {values['known']}: minstens {values['threshold']} van wat "
        "telt. Een terrein waarover weinig bekend is, is niet veilig maar een blinde vlek.",
        "deliveries": [
            f"{capital(one.party)}: {f'aangeleverd als {one.file}' if one.file else 'niet aangeleverd'}"
            for one in values["deliveries"]
        ],
        "parties": list(values["parties"]),
        "rows": [_knowledge_row(row) for row in rows],
        "note": "De percentages wegen zwaardere indicatoren zwaarder. Wat niet van toepassing is, telt niet mee."
        + capped,
    }


def _knowledge_row(row: Any) -> Values:
    return {
        "name": row.park.name,
        "coverage": percent(row.park.coverage),
        "two_sided": percent(row.park.two_sided),
        "enough": "ja" if row.enough else "te weinig",
        "tallies": [
            f"{tally.level} / {tally.unknown} / {tally.open}" if tally else "niet aangeleverd" for tally in row.tallies
        ],
    }


def _ranking(view: View) -> Values:
    values = ranking_table(view.assessment).values
    one_sided = values["one_sided"]
    return {
        "groups": list(values["groups"]),
        "in_district": ["In district"] if values["in_district"] else [],
        "district_size": count(values["district_size"], "terrein", "terreinen"),
        "rows": [
            _ranking_row(view, row, grouped=bool(values["groups"]), in_district=values["in_district"])
            for row in values["rows"]
        ],
        "quadrants": [{"word": word, "meaning": meaning} for word, meaning in values["quadrants"]],
        "classes": ", ".join(values["classes"]),
        "marked": f"* {values['little']}, maar ook in het gunstigste geval hoog.",
        "warning": f"Deze scores rusten op {one_sided} en zijn niet te vergelijken met terreinen waar alle partijen "
        "invulden."
        if one_sided
        else "",
    }


def _ranking_row(view: View, row: Any, *, grouped: bool, in_district: bool) -> Values:
    park = row.park
    return {
        **_figures(view, park),
        "groups": [UNKNOWN if one.score is None else view.points(one.score) for one in park.groups] if grouped else [],
        "rank": _whole(park.rank),
        "in_district": [_whole(park.district_rank)] if in_district else [],
        "advised": row.advised,
        "place": row.place,
        "quadrant": f"{row.quadrant}{' *' if park.marked else ''}",
    }


def _whole(value: int | None) -> str:
    return MISSING if value is None else str(value)


def _notes(assessment: Assessment) -> list[Values]:
    """What analysts wrote in their own words; none where the audience may not have them."""
    return [
        {
            "about": one.about,
            "author": one.note.author,
            "number": str(one.note.number),
            "lines": [line for line in one.note.text.splitlines() if line.strip()],
            "since": one.since,
        }
        for one in notes(assessment).values["told"]
    ]


def _findings(assessment: Assessment) -> Values:
    values = findings(assessment).values
    whose = "de eigen werkmap was" if values["withheld"] else "alle werkmappen waren"
    lines = values["lines"]
    return {
        "text": "Dit viel op bij het lezen van de werkmappen. Een cel met een fout telt als leeg."
        if lines
        else f"Er zijn geen bevindingen: {whose} volledig leesbaar.",
        "rows": [
            {
                "severity": line.severity,
                "place": line.place or MISSING,
                "found": line.finding.found,
                "allowed": line.finding.allowed,
                "remedy": line.finding.remedy,
            }
            for line in lines
        ],
    }


def _accountability(assessment: Assessment) -> Values:
    values = accountability(assessment).values
    return {
        "steps": list(values["steps"]),
        "deviation": values["deviation"] or "",
        "facts": [{"name": name, "value": value} for name, value in values["facts"]],
        "status": values["status"],
        "sources": [{"file": file, "party": party, "digest": digest} for file, party, digest in values["sources"]],
    }


def plain(line: Markup | str) -> str:
    """A line without the links it has on the page."""
    return str(line.striptags()) if isinstance(line, Markup) else line


def joined(lines: Iterable[str]) -> str:
    """Sentences as one paragraph."""
    return " ".join(lines)


def only_text(values: Mapping[str, Any]) -> bool:
    """Whether there is nothing in it but text, truth values, lists and dicts."""
    return all(_is_text(value) for value in values.values())


def _is_text(value: Any) -> bool:
    if isinstance(value, dict):
        return only_text(value)
    return all(map(_is_text, value)) if isinstance(value, list) else isinstance(value, str | bool)
