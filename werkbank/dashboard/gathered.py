"""What a bundle holds, as it stands in the workspace now: analyses, beside them rounds, cooperation, actions, counts.

Everything is filtered for its reader here, and looked at once more where the bundle is written and read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from werkbank.assessment.assessment import FILE_NAME, Assessment, kept_assessment
from werkbank.assessment.choosing import any_parameters
from werkbank.assessment.decisions import recorded_selections
from werkbank.batch.manifest import MANIFEST, read_manifest, records_folder
from werkbank.batch.stamp import Stamps, damaged_outputs
from werkbank.errors import OutputError, WerkbankError
from werkbank.plan.progress import PlannedAction, actions_of, in_order
from werkbank.register.store import recorded_events
from werkbank.report import blocks as b
from werkbank.report import copies
from werkbank.report.parks import without_page
from werkbank.report.terms import words
from werkbank.report.view import View, view_of
from werkbank.settings.catalogue import owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.sharing.bundle import Beside
from werkbank.sharing.cooperation import seen_in_rounds
from werkbank.sharing.gate import of_copy
from werkbank.sharing.versions import SHAREABLE, actions_for, of_plan
from werkbank.sharing.what import of_one_park

_DECISIONS = ("selection", "withdrawal", "approval", "consensus", "consensus_withdrawal")


def mark_of_workspace() -> str:
    """Another analysis or decision of this round, another mark; nothing while that cannot be read."""
    with suppress(OSError, WerkbankError):
        own = any_parameters().model_copy(update={"audience": owner_code()})
        kept = sorted(own.output_folder.parent.glob(f"*/{FILE_NAME}"))
        decided = [one.id for one in recorded_events(own.data, round=own.round) if one.kind in _DECISIONS]
        return f"{[(path.parent.name, path.stat().st_mtime_ns) for path in kept]} {decided[-1:]}"
    return ""


def kept_as_it_is(own: Parameters, stamps: Stamps) -> Assessment | None:
    """The analysis that was kept, as its reader's; None when a batch would make it anew.

    Raises WerkbankError, as the analysis itself would.
    """
    owner = load_parameters(own.municipality, round=own.round)  # who gets the report differs with its audience
    kept, found = kept_assessment(owner), read_manifest(records_folder(owner) / MANIFEST)
    record = found and found[0].units.get(own.municipality)
    if kept is None or not record or any(damaged_outputs(record, owner.output_folder)):
        return None
    return replace(kept, parameters=own.portable()) if record.parts == stamps.of(owner).parts else None


def beside(assessment: Assessment, today: dt.date, park: str = "") -> Beside:
    """What stands beside an assessment for its reader, of one park or all. Raises OutputError with a plan's faults."""
    own, view = assessment.own_parameters(), view_of(assessment)
    if park and not view.parks:
        raise OutputError(words("dashboard.unknown_park", park=park[:40], where=own.name))
    why = without_page(view, view.parks[0]) if park and SHAREABLE in view.audience.fields else ""
    if why:
        raise OutputError(words("copies.left_out", readers=view.audience.name, why=why))
    told = _rounds(own, view, today, park)
    # Why something is not there, and by which command it comes, is for who makes the analyses.
    missing = told.missing if view.audience.owner else ""
    return replace(told, missing=missing, actions=tuple(_actions(own, view, told, today)))


def _rounds(own: Parameters, view: View, today: dt.date, park: str) -> Beside:
    """The rounds as they were kept, or of the analyses that were kept of them what the reader is told; else why not.

    What is not of the analysis of now is left out: two pictures of one round beside one another would be a riddle.
    """
    now, reader, command = view.assessment, view.audience, f"werkbank monitor -m {own.municipality}"
    changed = Beside(missing=words("dashboard.rounds.changed", command=command))
    try:
        kept = copies.kept_rounds(own, today)
        if reader.owner:
            return Beside(kept) if kept.analyses.get(own.round) == now.fingerprint else changed
        views = copies.seen_by(copies.kept_analyses(own, kept.rounds, today), reader)
    except FileNotFoundError:
        return Beside(missing=words("dashboard.rounds.none", command=command))
    except WerkbankError as error:
        return Beside(missing=str(error))
    codes, every = copies.codes_in(views), [one.assessment for one in views]
    together = seen_in_rounds(kept.cooperation, every, one_park=bool(park))
    if park:
        every = [of_one_park(one, own.get(park, "")) for one, own in zip(every, codes, strict=True)]
        codes = [{park: own[park]} if park in own else {} for own in codes]
    same = of_copy(every.pop()) == of_copy(now)
    return Beside(earlier=tuple(every), codes=tuple(codes), cooperation=together) if same else changed


def _actions(own: Parameters, view: View, told: Beside, today: dt.date) -> Iterator[PlannedAction]:
    """The actions of plans, those that are due first first: of parks chosen in a round that the reader is told of.

    That is the present one, and each of `told.earlier`; for who makes the analyses each whose legal basis holds.
    """
    if not of_plan(view.audience):
        return
    here = {park.park_id: park.park_id for park in view.parks}
    rounds = [(one.own_parameters(), codes) for one, codes in zip(told.earlier, told.codes, strict=False)]
    if view.audience.owner:
        before = copies.holding(own, own.earlier_rounds, today)
        rounds = [(one, copies.codes_then(one, [each.park_id for each in recorded_selections(one)])) for one in before]
    plans = copies.agreed_plans((*rounds, (own, here)), view.catalogue, here)
    found = (
        replace(one, park_id=park)  # as it is called now
        for park, plan in plans.items()
        if plan
        for one in actions_of(plan, view.catalogue, today)
    )
    yield from sorted(actions_for(found, view.audience, view.catalogue), key=in_order)


def of_nobody(assessment: Assessment, today: dt.date) -> tuple[Assessment, tuple[tuple[str, ...], ...]]:
    """What is left of an assessment for who is told of no park, as that of the district; and what is counted in it."""
    own = assessment.own_parameters()
    kept, left_out = copies.kept_everywhere(own, today)
    rounds = copies.count_rounds([one for _, one in kept], len(kept) + len(left_out)) if kept else ()
    chapters = (*copies.count_chapters(own, today), *rounds)
    tables = (block for chapter in chapters for block in chapter.blocks if isinstance(block, b.Table))
    counted = tuple(tuple(map(b.plain, row.cells)) for made in tables for row in made.rows)
    named = {"municipality": "district", "name": own.district, "code": "", "deviation_reason": None}
    of = assessment.parameters.model_copy(update=named)
    return replace(assessment, parameters=of, legal_basis=None, fingerprint=""), counted
