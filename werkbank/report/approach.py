"""In which direction the advice points: the interventions that the matrix of an advised park calls for, light first.

It is no plan: a plan follows after people chose a park (werkbank.plan).
"""

from __future__ import annotations

from dataclasses import dataclass

from werkbank.advice.reasons import read_park
from werkbank.assessment.assessment import Assessment
from werkbank.plan.interventions import Proposal, propose
from werkbank.report.blocks import Chapter, make
from werkbank.report.terms import not_here
from werkbank.report.view import Park, View, view_of
from werkbank.wording import count

__all__ = ["direction"]

PER_KIND = 3
"""Interventions named per kind; the plan has them all."""


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    weight: str
    answers: str
    waits: bool


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    measures: tuple[_Measure, ...]
    rest: int


@dataclass(frozen=True, slots=True)
class _Direction:
    park: Park
    kinds: tuple[_Kind, ...]


def direction(assessment: Assessment) -> Chapter:
    """Per advised park the interventions that its judgements call for, by kind and from light to heavy.

    A sentence instead where another party's judgements are withheld: what is called for would tell of them.

    >>> assessment = wb.assess("urk")
    >>> wb.report.direction(assessment).title
    'Richting van de aanpak'
    """
    view = view_of(assessment)
    withheld = assessment.coarse
    found = [] if withheld else [_of_park(view, park) for park in view.advised]
    return make(
        "direction",
        "Richting van de aanpak",
        "" if withheld else count(len(found), "terrein", "terreinen"),
        found=found,
        not_shown=not_here("De maatregelen die bij de oordelen passen") if withheld else "",
    )


def _of_park(view: View, park: Park) -> _Direction:
    proposals = propose(read_park(view.assessment, park.park_id), view.catalogue)
    kinds = []
    for kind in view.catalogue.kinds:
        own = [one for one in proposals if view.catalogue.intervention(one.intervention).kind == kind.id]
        own.sort(key=lambda one: (one.needs_confirmation, -len(one.direct), one.weight))
        named = sorted(own[:PER_KIND], key=lambda one: one.weight)
        kinds.append(_Kind(kind.name, tuple(_measure(view, one) for one in named), len(own) - len(named)))
    return _Direction(park, tuple(kinds))


def _measure(view: View, one: Proposal) -> _Measure:
    weights = {term.id: term.name for term in view.catalogue.weights}
    return _Measure(
        name=view.catalogue.intervention(one.intervention).name,
        weight=weights[str(one.weight)].lower(),
        answers=", ".join(one.direct),
        waits=one.needs_confirmation,
    )
