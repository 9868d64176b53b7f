"""Which interventions are proposed: the lightest set that answers what is high, exactly, by HiGHS (method.md 8).

Nothing is decided by it. Beside the set stands everything else that fired, and a person adds and takes away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from werkbank.errors import OutputError
from werkbank.plan.interventions import Proposal, suffices
from werkbank.settings.catalogue import Catalogue


def choose(proposals: Sequence[Proposal], high: Sequence[str], catalogue: Catalogue) -> tuple[Proposal, ...]:
    """Of what fired the set of least weight, in the order of `proposals`.

    It answers every `high` threat directly by enforcement and every other high indicator directly, and has one of each
    kind; what none of them can give is asked of nobody and stays a hole. Of equal weight the fewest, and of these those
    that stand first in the catalogue, so that there is one outcome. What needs confirmation is never chosen.
    """
    places = {one.id: place for place, one in enumerate(catalogue.interventions)}
    able = sorted((one for one in proposals if not one.needs_confirmation), key=lambda one: places[one.intervention])
    needs = [row for row in _needs(able, high, catalogue) if any(row)]
    if not needs:
        return ()
    # A set has at most as many members as there are, so that a point of weight counts for more than all of them.
    costs = np.array([one.weight * (len(able) + 1) + 1 for one in able])
    taken, least = _cheapest(costs, np.array(needs), np.zeros(len(able)), np.ones(len(able)))
    low, high_ones = np.zeros(len(able)), np.ones(len(able))
    for place in range(len(able)):
        if not taken[place]:
            low[place] = 1
            other, cost = _cheapest(costs, np.array(needs), low, high_ones)
            taken = other if cost == least else taken
        low[place] = high_ones[place] = taken[place]
    chosen = {one.intervention for one, own in zip(able, taken, strict=True) if own}
    return tuple(one for one in proposals if one.intervention in chosen)


def _needs(able: Sequence[Proposal], high: Sequence[str], catalogue: Catalogue) -> Iterator[list[bool]]:
    """Per thing that is needed which of the interventions give it."""
    for code in high:
        yield [suffices(one, code, catalogue) for one in able]
    for kind in catalogue.kinds:
        yield [catalogue.intervention(one.intervention).kind == kind.id for one in able]


def _cheapest(costs: np.ndarray, needs: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, int]:
    """The cheapest set with one of each need and between these bounds: who is in it, and what it costs."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  takes longer to load than to solve

    found = milp(costs, constraints=LinearConstraint(needs, lb=1), integrality=1, bounds=Bounds(low, high))
    if found.x is None:
        raise OutputError(f"Het voorstel van interventies kon niet worden bepaald ({found.status}).")
    taken = found.x.round().astype(int)
    return taken, int(costs @ taken)
