"""Who sees whose cells: what the catalogue gives an audience, and what the legal basis releases beyond it."""

from __future__ import annotations

from collections.abc import Collection

from werkbank.assessment.assessment import Assessment
from werkbank.errors import LegalBasisError
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.wording import did_you_mean, listing

FREED_WITH_CELLS = ("combined", "reasons", "differences", "phenomena")
"""What a reader may see once no party's cells are withheld: nothing of it can give away more than the cells do."""


def asked_parties(assessment: Assessment) -> tuple[str, ...]:
    """Every party that takes part, also what is withheld here or was never delivered; in alphabetical order."""
    return tuple(sorted({*assessment.parameters.parties, *assessment.withheld, *assessment.absent}))


def entitled(
    audience: Audience, basis: LegalBasis | None, catalogue: Catalogue, asked: Collection[str] | None = None
) -> Audience:
    """The audience with the parties whose cells the legal basis releases to it.

    A release is written as `<party>_cells`. One that names no party of the catalogue is refused: LegalBasisError.
    `asked` are the parties that take part, every one of the catalogue when not given: only when the cells of all of
    them may be seen, there is nothing left that a combined value could give away.
    """
    releases = basis.releases if basis else ()
    known = release_names(catalogue)
    unknown = [name for name in releases if name not in known]
    if unknown:
        near = " ".join(filter(None, (did_you_mean(name, tuple(known)) for name in unknown)))
        raise LegalBasisError(f"De grondslag geeft iets vrij dat niet bestaat: {listing(unknown)}. {near}".rstrip())
    freed = [known[name] for name in releases if known[name] not in audience.parties]
    if not freed or not audience.parties:
        return audience
    parties = tuple(party.id for party in catalogue.parties if party.id in {*audience.parties, *freed})
    whole = set(parties) >= (set(known.values()) if asked is None else set(asked))
    fields = (*audience.fields, *(name for name in FREED_WITH_CELLS if whole and name not in audience.fields))
    return audience.model_copy(update={"parties": parties, "fields": fields})


def release_names(catalogue: Catalogue) -> dict[str, str]:
    """What a legal basis can release, with the party it concerns."""
    return {f"{party.id}_cells": party.id for party in catalogue.parties}
