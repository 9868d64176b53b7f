"""What an audience may see of the cooperation over the rounds: taken out of it before anything of it is told.

Who delivered and when is told to whoever may see `coverage`, the counts to who may see `decisions` and whole plans, how
much a party knows only to who sees all its cells. What all know together, how they agree and the resilience of the
parks tell of each party's cells, and go with `combined` to who sees them all: even in steps a second figure of the same
cells would give them away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.cooperation import Cooperation
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience
from werkbank.sharing.versions import WHOLE, of_plan
from werkbank.sharing.who import reader_of


def seen(
    found: Cooperation, audience: Audience, catalogue: Catalogue, parks: Collection[str] = ()
) -> Cooperation | None:
    """What an audience (with what the legal basis releases to it) may see of a cooperation, and of these parks.

    Nothing more of it once more, and none for who may not see `coverage`.
    """
    if "coverage" not in audience.fields:
        return None
    own = set(audience.parties) if set(catalogue.visible_to(audience)) >= set(catalogue.indicator_ids) else set[str]()
    whole = "combined" in audience.fields and own >= {one.party for one in found.parties}
    resilience = found.resilience
    if "decisions" not in audience.fields or of_plan(audience) != WHOLE:
        found = _uncounted(found)
    return replace(
        found,
        parties=tuple(one if one.party in own else replace(one, known=None) for one in found.parties),
        together=found.together if whole else (),
        _resilience=resilience[resilience["park_id"].isin(list(parks))] if whole else resilience.iloc[:0],
    )


def seen_in_rounds(found: Cooperation, analyses: Sequence[Assessment], *, one_park: bool = False) -> Cooperation | None:
    """What the reader of these analyses, oldest first and each through the gate, may see of it in every one of them.

    Of their rounds alone, and without the scores of parks for who may not see every cell: they are computed anew. Who
    reads of one park is told nothing that counts others, and nobody what counts a plan of a round that it is not told.
    """
    now, audience = analyses[-1], _in_every_round(analyses)
    told = found.of_rounds([one.parameters.round for one in analyses])
    if one_park or not {*told.planned} <= {*told.rounds}:
        told = _uncounted(told)
    if one_park:
        audience = audience.model_copy(update={"parties": ()})
    parks = () if any(one.coarse for one in analyses) else now.parks["park_id"]
    return seen(told, audience, now.catalogue, parks)


def _uncounted(found: Cooperation) -> Cooperation:
    return replace(found, actions={}, disclosures={}, meetings=None, planned=(), counted=None)


def _in_every_round(analyses: Sequence[Assessment]) -> Audience:
    """The reader with what it may see in each of the rounds: a basis may release more of one than of another."""
    every = [*map(reader_of, analyses)]
    kept = {
        name: tuple(one for one in getattr(every[-1], name) if all(one in getattr(each, name) for each in every))
        for name in ("parties", "fields")
    }
    return every[-1].model_copy(update=kept)
