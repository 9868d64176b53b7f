"""What a bundle holds, as it stands in the workspace now: analyses, and beside them rounds, actions of plans, counts.

Everything is filtered for its reader here, and looked at once more where the bundle is written and read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from werkbank.assessment.assessment import Assessment, kept_assessment
from werkbank.batch.manifest import MANIFEST, read_manifest, records_folder, source_of_werkbank
from werkbank.batch.verify import agreed_since, changed_inputs
from werkbank.errors import OutputError, WerkbankError
from werkbank.plan.kept import kept_plan
from werkbank.plan.progress import PlannedAction, actions_of, in_order
from werkbank.register.notes import recorded_notes
from werkbank.register.selections import paired
from werkbank.register.store import recorded_events
from werkbank.report import blocks as b
from werkbank.report.copies import codes_in, count_chapters, count_rounds, kept_analyses, kept_rounds, seen_by
from werkbank.report.district import changed_since
from werkbank.report.parks import without_page
from werkbank.report.texts import words
from werkbank.report.view import View, view_of
from werkbank.settings.catalogue import owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import municipality_slugs
from werkbank.sharing.bundle import Beside
from werkbank.sharing.versions import SHAREABLE, actions_for, of_plan
from werkbank.sharing.what import of_one_park
from werkbank.sharing.when import of_copy


def kept_as_it_is(own: Parameters, today: dt.date) -> Assessment | None:
    """The analysis that was kept, as its reader's; None when anything that it rests on or tells of changed since."""
    owner = own.model_copy(update={"audience": owner_code()})
    kept, found = kept_assessment(owner), read_manifest(records_folder(owner) / MANIFEST)
    record = found and found[0].units.get(own.municipality)
    if kept is None or not found or not record or record.parts.get("werkbank") != source_of_werkbank():
        return None
    changed = chain(changed_since(kept, owner, today), changed_inputs(found[0], owner), agreed_since(found[0], owner))
    if any(changed) or kept.parameters != owner.portable() or kept.notes != recorded_notes(owner, kept.catalogue):
        return None
    return replace(kept, parameters=own.portable())


def beside(assessment: Assessment, today: dt.date, park: str = "") -> Beside:
    """What stands beside an assessment for its reader, of one park or all. Raises OutputError with a plan's faults."""
    own, view = assessment.own_parameters(), view_of(assessment)
    if park and not view.parks:
        raise OutputError(words("dashboard.unknown_park", park=park[:40], where=own.name))
    why = without_page(view, view.parks[0]) if park and SHAREABLE in view.audience.fields else ""
    if why:
        raise OutputError(words("copies.left_out", readers=view.audience.name, why=why))
    return replace(_rounds(own, view, today, park), actions=tuple(_actions(own, view, today)))


def _rounds(own: Parameters, view: View, today: dt.date, park: str) -> Beside:
    """The rounds as they were kept, or of the analyses that were kept of them what the reader is told; else why not.

    What is not of the analysis of now is left out: two pictures of one round beside one another would be a riddle.
    """
    now, reader, command = view.assessment, view.audience, f"werkbank monitor -m {own.municipality}"
    changed = Beside(missing=words("dashboard.rounds.changed", command=command))
    try:
        kept = kept_rounds(own, today)
        if reader.owner:
            return Beside(kept) if kept.analyses.get(own.round) == now.fingerprint else changed
        views = seen_by(kept_analyses(own, kept.rounds, today), reader)
    except FileNotFoundError:
        return Beside(missing=words("dashboard.rounds.none", command=command))
    except WerkbankError as error:
        return Beside(missing=str(error))
    codes, every = codes_in(views), [one.assessment for one in views]
    if park:
        every = [of_one_park(one, own.get(park, "")) for one, own in zip(every, codes, strict=True)]
        codes = [{park: own[park]} if park in own else {} for own in codes]
    same = of_copy(every.pop()) == of_copy(now)
    return Beside(earlier=tuple(every), codes=tuple(codes)) if same else changed


def _actions(own: Parameters, view: View, today: dt.date) -> Iterator[PlannedAction]:
    """The actions of the plans of parks that were chosen in any round, those that are due first first."""
    if of_plan(view.audience):
        chosen = {one.park_id for one in paired(recorded_events(own.data)) if one.holds}
        there = (park.park_id for park in view.parks if park.park_id in chosen)
        plans = filter(None, (kept_plan(own.data, park, view.catalogue) for park in there))
        found = chain.from_iterable(actions_of(plan, view.catalogue, today) for plan in plans)
        yield from sorted(actions_for(found, view.audience, view.catalogue), key=in_order)


def of_nobody(assessment: Assessment, today: dt.date) -> tuple[Assessment, tuple[tuple[str, ...], ...]]:
    """What is left of an assessment for who is told of no park, as that of the district; and what is counted in it."""
    own = assessment.own_parameters()
    slugs, kept = municipality_slugs(own.workspace), []
    for slug in slugs:
        try:
            kept.append(kept_rounds(load_parameters(slug, round=own.round), today))
        except (OSError, WerkbankError):
            continue
    chapters = (*count_chapters(own, today), *(count_rounds(kept, len(slugs)) if kept else ()))
    tables = (block for chapter in chapters for block in chapter.blocks if isinstance(block, b.Table))
    counted = tuple(tuple(map(b.plain, row.cells)) for made in tables for row in made.rows)
    named = {"municipality": "district", "name": own.district, "code": "", "deviation_reason": None}
    of = assessment.parameters.model_copy(update=named)
    return replace(assessment, parameters=of, legal_basis=None, fingerprint=""), counted
