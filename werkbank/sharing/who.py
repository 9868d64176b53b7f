"""Who sees whose cells and which parts: what the catalogue gives an audience, and the legal basis releases to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from werkbank.assessment.assessment import Assessment
from werkbank.errors import LegalBasisError
from werkbank.register import LegalBasis
from werkbank.register.legal_bases import releases_explained
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
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
