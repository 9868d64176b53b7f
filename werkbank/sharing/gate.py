"""The gate: an Assessment goes in, what one audience may see of it comes out, before anything is rendered.

Who and what come from the catalogue, for any audience: parties, families, sensitivity, areas and fields; and what may
be more than that, from the legal basis.
"""

from __future__ import annotations

from dataclasses import replace

from werkbank.assessment.assessment import Assessment
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.sharing.what import coarse, only_what_is_seen
from werkbank.sharing.who import asked_parties, entitled


def for_audience(assessment: Assessment) -> Assessment:
    """The assessment as its own audience (`parameters.audience`) may see it; the same for who may see everything.

    Raises CatalogueError for an audience that does not exist, and LegalBasisError for a release that cannot be.

    >>> own = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    >>> set(own.judgements["party"]), own.withheld
    ({'municipality'}, ('police',))
    """
    catalogue = assessment.catalogue
    return filtered(assessment, catalogue.audience(assessment.parameters.audience), catalogue)


def filtered(assessment: Assessment, audience: Audience, catalogue: Catalogue) -> Assessment:
    """What any audience may see; nothing more of it once more."""
    basis = assessment.legal_basis
    if basis and not audience.owner:  # what goes to others is not for this one to know
        own = {audience.id: basis.releases[audience.id]} if audience.id in basis.releases else {}
        assessment = replace(assessment, legal_basis=basis.model_copy(update={"releases": own}))
    audience = entitled(audience, basis, catalogue, asked_parties(assessment))
    withheld = tuple(party for party in assessment.parameters.parties if party not in audience.parties)
    if withheld or not audience.owner:
        # They tell of parks all over the district.
        assessment = replace(assessment, figures=None)
    if withheld:
        assessment = coarse(assessment, audience, withheld, catalogue)
    return only_what_is_seen(assessment, audience, catalogue)
