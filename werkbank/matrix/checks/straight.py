"""Returns in which nobody judged: left blank, all unknown, or one value filled in everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from werkbank.errors import Finding
from werkbank.matrix.checks import NOT_APPLICABLE, OPEN, UNKNOWN, Levels, Return
from werkbank.matrix.layout import NOT_APPLICABLE_TEXT
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue, Family
from werkbank.wording import percent

__all__ = ["FEWEST_CELLS", "ONE_VALUE", "is_straight", "straight_findings"]

ONE_VALUE: Final = 0.95
"""Share of the answered cells that hold one value from which it is called one value everywhere.

In 200 generated districts (2 rounds, 2 parties, 4,800 returns) the highest share of one value was 0.74 in a return
and 0.85 in a family with at least 20 answers, but for threats at 0 (0.96): no false alarm in 4,800.
"""
FEWEST_CELLS: Final = 20
"""Fewer answers may well be the same by chance; a single park has 35 cells, a family of one park 8 to 14."""


def straight_findings(
    each: Return, catalogue: Catalogue, *, with_errors: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Whether this return, or a family of it, was filled in without looking.

    `with_errors` are the files with something that could not be read: that is open too, and has findings already.
    """
    if not each.answered.any():
        yield from _nothing(each, with_errors)
    elif is_straight(each.values):
        yield _one_value(each, each.values, "in de hele werkmap")
    else:
        for family in catalogue.families:
            values = each.values[:, _columns(each, catalogue, family)]
            if is_straight(values) and not _is_quiet(values, family):
                yield _one_value(each, values, f"bij alle indicatoren van {family.name.lower()}")


def is_straight(values: Levels) -> bool:
    """Whether (nearly) all answers are one value; unknown and open are no answers."""
    total, highest, _ = _commonest(values)
    return total >= FEWEST_CELLS and highest >= ONE_VALUE * total


def _commonest(values: Levels) -> tuple[int, int, int]:
    """The number of answers, how many are the commonest one, and which that is."""
    answers = values[(values >= 0) | (values == NOT_APPLICABLE)]
    tally = np.bincount(answers.astype(np.int64) - NOT_APPLICABLE, minlength=1)
    return answers.size, int(tally.max()), int(tally.argmax()) + NOT_APPLICABLE


def _columns(each: Return, catalogue: Catalogue, family: Family) -> list[int]:
    own = {indicator.id for indicator in catalogue.by_family(family.id)}
    return [number for number, code in enumerate(each.matrix.indicators) if code in own]


def _is_quiet(values: Levels, family: Family) -> bool:
    """No suspicion of anything anywhere: in a quiet municipality that is an honest answer."""
    return family.id == "threat" and _commonest(values)[2] == 0


def _nothing(each: Return, with_errors: frozenset[str]) -> Iterator[Finding]:
    place = each.place
    if with_errors.intersection(each.files):
        return
    if (each.values == UNKNOWN).any():
        share = percent(float(np.mean(each.values == UNKNOWN)))
        yield finding(
            "only-unknown",
            found=f"nergens een niveau: {share} van de cellen is onbekend, de rest leeg",
            allowed="een niveau waar zicht op is, onbekend waar dat ontbreekt",
            remedy="vraag na of er echt nergens zicht op is; voor het advies is dit alsof er niets is aangeleverd",
            place=place,
        )
    elif (each.values == OPEN).any():
        yield finding(
            "nothing-filled-in",
            found="alle cellen zijn leeg",
            allowed="een ingevulde risicomatrix",
            remedy="vul de werkmap in, of kies onbekend waar geen zicht op is",
            place=place,
        )


def _one_value(each: Return, values: Levels, where: str) -> Finding:
    total, highest, value = _commonest(values)
    named = NOT_APPLICABLE_TEXT if value == NOT_APPLICABLE else f"niveau {value}"
    return finding(
        "one-value-everywhere",
        found=f"{where} {highest} van de {total} ingevulde cellen {named}",
        allowed="per terrein en indicator een eigen oordeel",
        remedy="vraag na of per cel is geoordeeld; kies onbekend waar geen zicht op is",
        place=each.place,
    )
