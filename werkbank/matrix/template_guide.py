"""The first sheet: what to do, examples, what the levels mean, and what unknown, not applicable and empty mean."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, Literal

from xlsxwriter.worksheet import Worksheet

from werkbank.matrix import layout
from werkbank.matrix.template import Job, Styles
from werkbank.matrix.template_examples import examples
from werkbank.matrix.template_progress import Formula, of_sheet, shown_texts
from werkbank.settings.catalogue import Catalogue, Scale

__all__ = ["write_guide"]

Look = Literal["banner", "title", "section", "text", "term"]
Line = tuple[Look, str, str | Formula]
"""How it looks, the text of column A, the text of column B."""

_STEPS: Final = (
    (
        "1",
        "Ga naar het blad Matrix. Rijen zijn indicatoren, kolommen bedrijventerreinen. Werk terrein voor terrein.",
    ),
    ("2", "Kies in elke cel een waarde uit de lijst. Ga in een cel staan om de omschrijving van de indicator te zien."),
    ("3", "Geen zicht op? Kies onbekend; dat is ook een antwoord. Een lege cel telt als nog niet ingevuld."),
    ("4", "Geef uw eigen beeld. Stem niet vooraf af met de andere partij: een verschil in beeld is juist van waarde."),
    (
        "5",
        "Geef op het blad Toelichting bij een vermoeden de bronsterkte en de peildatum, en zo nodig een korte uitleg.",
    ),
    ("6", "Boven elk terrein staat hoeveel cellen zijn ingevuld. Is alles gekozen, dan staat er “klaar”."),
    ("7", "Sla het bestand op zonder de naam te veranderen en stuur het via de afgesproken veilige weg terug."),
)
_KEYS: Final = (
    ("Tab, pijltjes", "Naar de volgende cel. Tab slaat over wat niet ingevuld hoeft te worden."),
    ("Alt + pijl omlaag", "Opent de lijst van de cel. Kies met de pijltjes en druk op Enter."),
    ("Ctrl + C, Ctrl + V", "Kopieert een waarde naar andere cellen van dezelfde soort indicator."),
    ("Delete", "Maakt de cel weer leeg."),
    ("Ctrl + Page Down", "Naar het volgende blad; Ctrl + Page Up naar het vorige."),
    ("Ctrl + ;", "Zet in Excel op het blad Toelichting de datum van vandaag."),
)
_STRENGTHS: Final = (
    ("A", "Meer onafhankelijke bronnen, of bevestigd."),
    ("B", "Eén bron."),
    ("C", "Een indruk."),
)
_CARE: Final = (
    "Een oordeel gaat over een terrein, nooit over een persoon of bedrijf. "
    "Noem geen namen, adressen, kentekens of andere gegevens die tot een persoon of bedrijf te herleiden zijn. "
    "Een waarde is een vermoeden of een waarneming, geen vaststelling."
)
_FICTIONAL: Final = (
    "Terreinen, grenzen en oordelen in dit bestand zijn verzonnen. Niets hierin zegt iets over een bestaande plaats."
)
_WIDTHS: Final = (20, 96)
_CHARACTERS_A_LINE: Final = 110
_POINTS_A_LINE: Final = 15


def write_guide(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """Write the guide; it is locked, read by people only, and fits the width of one page."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    for row, (look, left, right) in enumerate(_lines(job)):
        # "term" is a word with its meaning; every other look covers the whole row.
        first, second = (styles.term, styles.text) if look == "term" else (getattr(styles, look),) * 2
        sheet.write_string(row, 0, left, first)
        if isinstance(right, Formula):
            sheet.write_formula(row, 1, right.text, second, right.value)
        else:
            sheet.write_string(row, 1, right, second)
        # Written rows do not grow by themselves in every program, so their height is set here.
        sheet.set_row(row, _height(look, right))
    sheet.protect()
    sheet.fit_to_pages(1, 0)


def _height(look: Look, text: str | Formula) -> float:
    if look in ("banner", "title"):
        return 24
    lines = textwrap.wrap(text.value if isinstance(text, Formula) else text, _CHARACTERS_A_LINE)
    return max(1, len(lines)) * _POINTS_A_LINE + (6 if look == "section" else 1.5)


def _lines(job: Job) -> Iterator[Line]:
    if job.fictional:
        yield "banner", layout.FICTIONAL_LABEL, ""
        yield "text", "", _FICTIONAL
    yield "title", "Risicomatrix bedrijventerreinen", ""
    yield "term", "Gemeente", job.municipality_name
    yield "term", "Ingevuld door", job.party.name
    yield "term", "Ronde", job.round
    yield "term", "Catalogus", f"versie {job.catalogue.version}"
    yield "term", "Ingevuld", of_sheet(job, shown_texts(job))
    yield from _section("Wat u doet", _STEPS)
    yield from _section("Let op", (("Zorgvuldig", _CARE),))
    yield from _section("Voorbeelden: wat u kiest bij wat u weet", examples(job.catalogue))
    yield from _section("Met het toetsenbord", _KEYS)
    yield from _levels(job.catalogue)
    yield from _section("Bijzondere waarden", _special_values(job.catalogue))
    yield from _section("Bronsterkte", _STRENGTHS)
    for family in job.catalogue.families:
        rows = tuple((f"{each.id}", f"{each.name}. {each.description}") for each in job.catalogue.by_family(family.id))
        yield from _section(f"{family.name}: {family.question}", rows)


def _section(heading: str, rows: tuple[tuple[str, str], ...]) -> Iterator[Line]:
    yield "text", "", ""
    yield "section", heading, ""
    for left, right in rows:
        yield "term", left, right


def _levels(catalogue: Catalogue) -> Iterator[Line]:
    for family in catalogue.families:
        scale = next(each for each in catalogue.scales if each.id == family.scale)
        yield from _section(f"Waarden bij {family.name.lower()}", _level_rows(scale))


def _level_rows(scale: Scale) -> tuple[tuple[str, str], ...]:
    levels = ((layout.level_text(level), level.anchor) for level in scale.levels)
    return (("", scale.description), *levels)


def _special_values(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    shown = {"unknown": layout.UNKNOWN_TEXT, "not_applicable": layout.NOT_APPLICABLE_TEXT, "open": "(leeg)"}
    return tuple((shown[state.code], state.description) for state in catalogue.states)
