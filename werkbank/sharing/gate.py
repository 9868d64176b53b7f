"""The gate: an Assessment goes in, what one audience may see of it comes out, before anything is rendered.

Who and what come from the catalogue, for any audience: parties, families, sensitivity, areas and fields; and what may
be more than that, from the legal basis.

And when a copy may go out again. Two copies of one round, between which a reader's own cells or the figures of the
district changed, tell more together than each by itself: their difference leads to cells of others (method.md 10). So
what went into every copy that left is kept with its disclosure; a second one asks for a reason and a second person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.flow import assess
from werkbank.files.canonical import fingerprint_of
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters
from werkbank.sharing.what import coarse, only_what_is_seen
from werkbank.sharing.who import asked_parties, entitled

FIGURES = "figures"
"""The mark of everything a copy tells beyond the reader's own cells."""
_TOLD = ("parks", "groups", "indications", "reasons", "advice", "ranks")


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
    cells = [(each["cells"], now["cells"]) for each in earlier]
    changed = sorted({name for one, own in cells for name in {*one, *own} if one.get(name) != own.get(name)})
    others = any(each[FIGURES] != now[FIGURES] for each in earlier)
    return tuple(changed) or (("",) if others else ())


def shared_cells(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the cells that are in two copies for different readers, and changed between them."""
    both = earlier["cells"].keys() & now["cells"].keys()
    return tuple(sorted(name for name in both if earlier["cells"][name] != now["cells"][name]))
