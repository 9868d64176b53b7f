"""Described parks keep their order and class under the packaged catalogue, and borders follow the length of another."""

from itertools import product

import numpy as np
import pytest

from tests.plan.test_interventions import with_scales
from werkbank.advice.described import described, method_of, proposed_borders, told, turned
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import Method

CATALOGUE = load_catalogue()
PACKAGED = described(CATALOGUE, Method())


def longer(times):
    """The packaged catalogue with every indicator so many times."""
    each = product(range(times), CATALOGUE.indicators)
    more = tuple(one.model_copy(update={"id": f"{one.id}-{number}"}) for number, one in each)
    return CATALOGUE.model_copy(update={"indicators": more})


def test_the_packaged_catalogue_keeps_its_order_and_its_borders():
    assert method_of(CATALOGUE) == Method()
    assert turned(PACKAGED) == []
    assert proposed_borders(PACKAGED) == Method().class_borders
    assert told(CATALOGUE, Method()) == [
        "Van de 8 beschreven paren staan er 8 in de volgorde die een analist ze geeft.",
        "De klassengrenzen passen bij deze catalogus: 12, 24, 42.",
    ]


@pytest.mark.parametrize("catalogue", [longer(3), with_scales(5)])
def test_borders_are_those_with_the_fewest_described_parks_in_another_class(catalogue):
    """First of those whose class is a promise; no other whole numbers do better, border by border; and they rise."""
    scores, borders = described(catalogue, Method()), proposed_borders(described(catalogue, Method()))
    names = [name for name in scores if not name.startswith("alles")]
    points = np.array([scores[name] for name in names])
    classes = np.digitize([PACKAGED[name] for name in names], (12, 24, 42))
    firm = np.array([name.startswith(("geen", "één structureel", "drie structureel")) for name in names])
    for number, border in enumerate(borders, start=1):
        wrong = [(points >= each - 1e-9) != (classes >= number) for each in (border, *range(1, 100))]
        counts = [(each[firm].sum(), each.sum()) for each in wrong]
        assert counts[0] == min(counts)
    assert list(borders) == sorted(set(borders))


def test_a_pair_that_turns_round_is_told_with_its_scores():
    method = Method.model_validate({"group_weights": {"threat": 0.5, "opportunity": 0.25, "resilience_gap": 0.25}})
    first = "“één structureel” op een net terrein (13,9)"
    weights = "  group_weights: {threat: 0.9, opportunity: 0.05, resilience_gap: 0.05}   (onder method in parameters/"
    assert [line for line in told(CATALOGUE, method) if line.startswith(weights)]
    assert any(first in line and "komt niet boven “geen vermoeden” op het slechtst denkbare terrein (50)" in line
               for line in told(CATALOGUE, method))  # fmt: skip


def test_the_method_of_a_catalogue_with_fewer_families_has_no_others():
    """Its stored form stays so; what is named of it holds."""
    families = tuple(family for family in CATALOGUE.families if family.id != "resilience")
    asked = tuple(one for one in CATALOGUE.indicators if one.family != "resilience")
    catalogue = CATALOGUE.model_copy(update={"families": families, "indicators": asked})
    method = method_of(catalogue)
    assert [*method.group_weights.model_dump()] == ["threat", "opportunity"]
    assert Method.model_validate(method.model_dump()) == method
    assert all(np.isfinite(score) for score in described(catalogue, method).values())
    chosen = Method(power={"threat": 3}).of_families({"power": {"threat": 2, "opportunity": 1}})
    assert chosen.power.model_dump() == {"threat": 3, "opportunity": 1}
