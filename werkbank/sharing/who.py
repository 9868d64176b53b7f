"""Who sees whose cells and which parts: what the catalogue gives an audience, and the legal basis releases to it.

And why: the rule that decides about a part, those that were passed over before it, and the law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.choosing import any_parameters, chosen_audience, chosen_municipalities
from werkbank.assessment.inputs import legal_basis_of
from werkbank.errors import LegalBasisError, ParametersError
from werkbank.files.yaml import packaged
from werkbank.register import LegalBasis
from werkbank.register.legal_bases import releases_explained
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import load_parameters
from werkbank.wording import did_you_mean, listing

CELLS = "cells"
"""What `releasable` says of the cells of any party, which a legal basis names as `<party>_cells`."""

FREED_WITH_CELLS = ("combined", "totals", "group_scores", "reasons", "differences", "phenomena")
"""What a reader may see once no party's cells are withheld: nothing of it can give away more than the cells do."""


def asked_parties(assessment: Assessment) -> tuple[str, ...]:
    """Every party that takes part, also what is withheld here or was never delivered; in alphabetical order."""
    return tuple(sorted({*assessment.parameters.parties, *assessment.withheld, *assessment.absent}))


def entitled(
    audience: Audience, basis: LegalBasis | None, catalogue: Catalogue, asked: Collection[str] | None = None
) -> Audience:
    """The audience with the parts, and the parties whose cells, the legal basis releases to it.

    Raises LegalBasisError for a release to an audience that does not exist, of something that does not exist, or of
    what the catalogue lets nobody release to that audience. `asked` are the parties that take part, every one of the
    catalogue when not given: only when the cells of all of them may be seen, there is nothing left that a combined
    value could give away.
    """
    releases = basis.releases if basis else {}
    if wrong := tuple(wrong_releases(releases, catalogue)):
        raise LegalBasisError(f"De grondslag geeft iets vrij dat niet kan: {' '.join(wrong)}")
    own, of = releases.get(audience.id, ()), release_names(catalogue)
    freed = {of[name] for name in own if of[name]}
    parties = tuple(party.id for party in catalogue.parties if party.id in {*audience.parties, *freed})
    whole = bool(freed) and set(parties) >= ({one.id for one in catalogue.parties} if asked is None else set(asked))
    parts = (*(name for name in own if not of[name]), *(FREED_WITH_CELLS if whole else ()))
    return audience.model_copy(update={"parties": parties, "fields": tuple(dict.fromkeys((*audience.fields, *parts)))})


def reader_of(assessment: Assessment) -> Audience:
    """The audience of an assessment, with what its legal basis releases to it. Raises what `entitled` raises."""
    catalogue = assessment.catalogue
    named = catalogue.audience(assessment.parameters.audience)
    return entitled(named, assessment.legal_basis, catalogue, asked_parties(assessment))


def release_names(catalogue: Catalogue) -> dict[str, str]:
    """What a legal basis can release, with the party whose cells it concerns; "" for a part of the outcome."""
    parts = (name for name in releases_explained() if name != CELLS)
    return {**dict.fromkeys(parts, ""), **{f"{party.id}_cells": party.id for party in catalogue.parties}}


def wrong_releases(releases: Mapping[str, Collection[str]], catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each audience that does not exist, and for each release that does not, or may not go to it."""
    audiences = {one.id: one for one in catalogue.audiences}
    known = release_names(catalogue)
    for code, names in releases.items():
        if code not in audiences:
            yield f"{code[:40]} is geen doelgroep; {did_you_mean(code, tuple(audiences)) or listing(audiences, 'of')}."
            continue
        to = audiences[code]
        may = [name for name, party in known.items() if (CELLS if party else name) in to.releasable]
        for name in names:
            if name not in known:
                near = did_you_mean(name, tuple(known)) or f"het kan zijn: {listing(known, 'of')}"
                yield f"{name[:40]} bestaat niet; {near}."
            elif name not in may and not to.owner:
                yield f"{name} kan niet naar {to.name}; wel: {listing(may) or 'niets'}."


_BEYOND_PARKS = "counts"
"""What is told of no single park."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an audience gets a part; `rule` decided, `passed` were asked before it, `limits` say how coarse."""

    part: str
    name: str
    given: bool
    rule: str
    passed: tuple[str, ...]
    article: str
    limits: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"{self.part} ({self.name}): {'ja' if self.given else 'nee'}.",
            f"Beslist door: {self.rule}.",
            *(f"Gaat niet op: {one}." for one in self.passed),
            *self.limits,
            f"Wet: {self.article}. Controleer de geldende tekst.",
        ]
        return "\n".join(lines)


def why_given(part: str, audience: str, municipality: str | None = None) -> Ruling:
    """The ruling in this workspace today; raises also what choosing and reading the parameters raises."""
    code, own = chosen_audience(audience), chosen_municipalities([municipality] if municipality else [])
    parameters = load_parameters(own[0]) if own else any_parameters()
    catalogue = load_catalogue(parameters.catalogue_path)
    basis = legal_basis_of(parameters, dt.date.today())
    return why(part, catalogue.audience(code), basis, catalogue, parameters.parties)


def why(
    part: str, audience: Audience, basis: LegalBasis | None, catalogue: Catalogue, asked: Collection[str]
) -> Ruling:
    """The ruling on one part of the outcome, or on `<party>_cells`, for an audience on a legal basis.

    `asked` are the parties that take part. Raises ParametersError for a part that does not exist, and LegalBasisError
    for a release that cannot be.
    """
    words, party = _words(), release_names(catalogue).get(part, "")
    known = tuple(dict.fromkeys(one for one in (*words["parts"], *release_names(catalogue)) if one != "party_cells"))
    if part not in known:
        near = did_you_mean(part, known) or f"er zijn: {listing(known)}"
        raise ParametersError(f"Er is geen onderdeel “{part[:40]}”; {near}.")
    seen = entitled(audience, basis, catalogue, asked)
    told = dict(_rules(part, party, audience, basis, seen))
    decides = next(rule for rule, holds in told.items() if holds)
    given, (name, article) = words["answers"][decides], words["parts"]["party_cells" if party else part]
    passed = tuple(words["rules"][rule] for rule in list(told)[: list(told).index(decides)])
    limits = tuple(_limits(part, seen, catalogue, asked)) if given and not party else ()
    return Ruling(part, name, given, words["rules"][decides], passed, article, limits)


def _rules(
    part: str, party: str, audience: Audience, basis: LegalBasis | None, seen: Audience
) -> Iterator[tuple[str, bool]]:
    """Every rule in the order in which it is asked, and whether it holds."""
    released = basis.releases.get(audience.id, ()) if basis else ()
    yield "nowhere", audience.areas == "none" and part != _BEYOND_PARKS
    yield "parties", party in audience.parties
    yield "fields", part in audience.fields
    yield "released", part in released
    yield "everything", part in seen.fields or party in seen.parties
    yield "releasable", (CELLS if party else part) in audience.releasable
    yield "otherwise", True


def _limits(part: str, seen: Audience, catalogue: Catalogue, asked: Collection[str]) -> Iterator[str]:
    words = _words()["limits"]
    if withheld := sorted(set(asked) - set(seen.parties)):
        yield words["withheld"].format(parties=listing(catalogue.party(one).name for one in withheld))
    if part != _BEYOND_PARKS and len(catalogue.visible_to(seen)) < len(catalogue.indicators):
        families = listing(one.name.lower() for one in catalogue.families if one.id in seen.families) or "geen"
        yield words["rows"].format(families=families, sensitivity=seen.sensitivity)
    if seen.areas == "own":
        yield words["area"]


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return packaged(__file__, "why.yaml")
