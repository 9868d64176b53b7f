"""What each round asked, when the catalogue changed between them: what both asked can be compared, the rest is method.

An indicator that only one round has is neither judged differently nor known better: the list of questions changed
(method.md 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkbank.matrix import RiskMatrix
from werkbank.settings.catalogue import Catalogue

__all__ = ["Asked", "in_both", "labels"]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The old round as it was asked, and the present codes that both rounds asked."""

    catalogue: Catalogue
    matrix: RiskMatrix
    both: tuple[str, ...]
    only_old: tuple[str, ...] = ()
    """Indicators of the old round without any counterpart, as code and name."""
    only_new: tuple[str, ...] = ()
    """Present indicators that the old round did not ask, as code and name."""
    translated: tuple[str, ...] = ()
    """Present indicators that the old round asked otherwise: merged, split, or with other levels."""


def in_both(catalogue: Catalogue, versions: Sequence[str]) -> tuple[str, ...]:
    """The present codes that every one of these versions of the catalogue asked, as far as can be compared."""
    found = catalogue.indicator_ids
    for version in versions:
        if version != catalogue.version:
            origins = catalogue.origins(version)
            found = tuple(code for code in found if any(one.comparable for one in origins[code]))
    return found


def labels(catalogue: Catalogue, version: str) -> dict[str, tuple[str, ...]]:
    """Which indicators only `version` had, which only the present one has, and which were asked otherwise."""
    origins = catalogue.origins(version)
    then = catalogue.as_of(version)
    heirs = {one.code for found in origins.values() for one in found if one.comparable}
    changed = [code for code, found in origins.items() if len(found) > 1 or any(not one.unchanged for one in found)]
    both = in_both(catalogue, (version,))
    return {
        "only_old": tuple(f"{one.id} {one.name}" for one in then.indicators if one.id not in heirs),
        "only_new": tuple(f"{one.id} {one.name}" for one in catalogue.indicators if one.id not in both),
        "translated": tuple(
            f"{one.id} {one.name}" for one in catalogue.indicators if one.id in changed and one.id in both
        ),
    }
