"""Worked examples for the guide: a situation, the value to choose, and what goes beside it.

Examples of levels are shown only where the catalogue's own scale has the level they are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from werkbank.matrix import layout
from werkbank.settings.catalogue import Catalogue, Scale

__all__ = ["examples"]


@dataclass(frozen=True, slots=True)
class _Example:
    """What one knows, the code of the level to choose, and what belongs on the sheet beside the matrix."""

    scale: str
    level: str
    situation: str
    beside: str = ""


_OF_LEVELS: Final = (
    _Example(
        "suspicion",
        "none",
        "Uw organisatie heeft dit jaar op het terrein gekeken en er is niets dat hierop wijst.",
    ),
    _Example(
        "suspicion",
        "incidental",
        "Bij een controle is het in één pand aangetroffen; daarna zijn er geen signalen meer geweest.",
        "Toelichting: bronsterkte A (bevestigd), peildatum de dag van de controle, “Aangetroffen bij een controle.”",
    ),
    _Example(
        "suspicion",
        "repeated",
        "Drie meldingen in een jaar, over verschillende panden. Ze komen uit één bron en zijn niet bevestigd.",
        "Toelichting: bronsterkte B, peildatum de dag van de laatste melding.",
    ),
    _Example(
        "presence",
        "limited",
        "Het kenmerk ziet u op enkele plekken; de rest van het terrein heeft het niet.",
    ),
    _Example("strength", "absent", "Er is gekeken en er is niets geregeld. Dat is iets anders dan onbekend."),
)
_OF_STATES: Final = (
    (layout.UNKNOWN_TEXT, "Uw organisatie komt hier niet, of u weet het niet. Kies dan nooit 0: dat zou rust melden."),
    (
        layout.NOT_APPLICABLE_TEXT,
        "De indicator kan op dit terrein niet voorkomen, zoals korte verhuur waar niets wordt verhuurd.",
    ),
)


def examples(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The value to choose and the situation in which, as the lists of this catalogue write it."""
    return (*_levels(catalogue), *_OF_STATES)


def _levels(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    used = {indicator.scale for indicator in catalogue.indicators}
    scales = {scale.id: scale for scale in catalogue.scales if scale.id in used}
    for example in _OF_LEVELS:
        text = _text(scales.get(example.scale), example.level)
        if text:
            yield text, " ".join(filter(None, (example.situation, example.beside)))


def _text(scale: Scale | None, code: str) -> str:
    """What the list shows for a level; nothing where the scale does not have it."""
    levels = scale.levels if scale else ()
    return next((layout.level_text(level) for level in levels if level.code == code), "")
