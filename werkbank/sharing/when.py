"""When a copy may go out again: what went into it, and what a second one of the same round could tell.

Two copies of one round, between which a reader's own cells or the figures of the district changed, tell more together
than each by itself: their difference leads to cells of others (method.md 10). So what went into every copy that left is
kept with its disclosure; a second one asks for a reason and a second person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.flow import assess
from werkbank.files.canonical import fingerprint_of
from werkbank.settings.parameters import Parameters
from werkbank.sharing.gate import for_audience

FIGURES = "figures"
"""The mark of everything a copy tells beyond the reader's own cells."""
_TOLD = ("parks", "groups", "indications", "reasons", "advice", "ranks")


def went_in(parameters: Parameters) -> dict[str, Any]:
    """What a copy for the audience of these parameters is made of now: its own cells, and a mark of what it tells.

    `cells`: "park indicator party" → the level or state. Raises what `assess` raises.
    """
    return of_copy(for_audience(assess(parameters)))


def of_copy(copy: Assessment) -> dict[str, Any]:
    """The same of a copy that was made already."""
    rows = copy.judgements[["park_id", "indicator", "party", "state", "level"]].astype(object)
    cells = {" ".join(map(str, row[:3])): str(row[3] if row[3] != "level" else row[4]) for row in rows.to_numpy()}
    told = fingerprint_of({name: getattr(copy, name) for name in _TOLD})
    return {"cells": cells, FIGURES: told}


def second_copy(earlier: Sequence[Mapping[str, Any]], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the own cells that changed since any earlier copy of the round; ("",) when only the figures did.

    Nothing when every earlier copy told the same: then this one tells nothing more.
    """
    changed = sorted({name for each in earlier for name in _changed(each["cells"], now["cells"])})
    others = any(each[FIGURES] != now[FIGURES] for each in earlier)
    return tuple(changed) or (("",) if others else ())


def shared_cells(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the cells that are in two copies for different readers, and changed between them."""
    both = earlier["cells"].keys() & now["cells"].keys()
    return tuple(sorted(name for name in both if earlier["cells"][name] != now["cells"][name]))


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    yield from (name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
