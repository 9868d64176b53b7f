"""Every audience of the catalogue, switched on or not, gets what the catalogue gives it and nothing else.

The filter reads parties, families, sensitivity, areas and fields; a canary stands for whatever must not travel.
"""

import dataclasses
import json
import typing

import pandas as pd
import pytest

import werkbank as wb
from tests.sharing.released import with_releases
from tests.sharing.test_reader import differing
from werkbank.matrix.checks import TOLD
from werkbank.register.notes import Note, Seen
from werkbank.settings.entries import AudienceField
from werkbank.sharing.gate import filtered
from werkbank.sharing.what import FROM_ALL_ROWS, TAKEN
from werkbank.sharing.who import FREED_WITH_CELLS

CATALOGUE = wb.load_catalogue()
CANARY = "KANARIE-vrije-tekst"
REMARK = "KANARIE-toelichting"
PARTIES = ("police", "municipality")
EMPTY = {
    "cells": lambda one: one.judgements.empty and one.cells.empty,
    "scores": lambda one: one.parks[["score", "low", "high", "class"]].isna().all(axis=None),
    "ranking": lambda one: (
        one.parks[["rank", "p_first", "district_rank"]].isna().all(axis=None)
        and one.ranks.empty
        and set(one.parks["action"].dropna()) <= {"advised", "not_advised"}
    ),
    "advice": lambda one: (
        not one.advice.park_ids
        and not one.advice.sentence
        and one.advice.grade is None
        and one.parks[["action", "suspected"]].isna().all(axis=None)
    ),
    "phenomenon_groups": lambda one: one.indications == (),
    "coverage": lambda one: (
        one.parks[["coverage", "two_sided", "unknown", "asked", "mostly_estimated"]].isna().all(axis=None)
    ),
    "context": lambda one: one.context.empty,
    "notes": lambda one: one.notes == (),
    "remarks": lambda one: one.remarks.empty,
    "park_names": lambda one: (one.parks["name"] == one.parks["park_id"]).all(),
    "reasons": lambda one: one.reasons == () and one.cells["contribution"].isna().all(),
    "differences": lambda one: one.differences == () and one.agreement == (),
}
"""How it shows that a field was taken out."""


@pytest.fixture(scope="module")
def full(demo_workspace):
    """Urk with everything in it that may stand in an assessment, and a canary wherever free text stands."""
    assessment = with_releases(wb.assess("urk"))
    note = Note(1, "2026-03-02T09:30:00.000000+00:00", "analist", CANARY, "URK-01", Seen("m", "c", "w"))
    figures = pd.DataFrame({"park_id": ["URK-01"], "jobs": [12.0], "reference_date": [CANARY]})
    keys = {"park_id": "URK-01", "indicator": CATALOGUE.indicator_ids[0], "remark": REMARK, "place": REMARK}
    remarks = pd.DataFrame([{**keys, "party": party, "nieuwe_kolom": REMARK} for party in PARTIES])
    return dataclasses.replace(assessment, notes=(note,), _context=figures, _remarks=remarks)


STEERING = CATALOGUE.audience("steering")
NAMELESS = STEERING.model_copy(update={"id": "nameless", "fields": tuple(set(STEERING.fields) - {"park_names"})})
"""Of an own catalogue: every packaged one that is told of parks is told their names."""


@pytest.fixture(scope="module", params=(*CATALOGUE.audiences, NAMELESS), ids=lambda audience: audience.id)
def audience(request):
    return request.param


@pytest.fixture(scope="module")
def seen(full, audience):
    return filtered(full, audience, CATALOGUE)


def test_a_field_is_taken_out_goes_with_the_cells_or_is_never_in_an_assessment():
    """A new field of an audience must be given one of these three, or it would travel by itself."""
    never = {"plan", "shareable_plan", "counts", "decisions"}
    assert {*TAKEN, *FREED_WITH_CELLS, *never} == set(typing.get_args(AudienceField))
    assert set(FROM_ALL_ROWS) <= set(TAKEN)
    assert set(EMPTY) == {*TAKEN, "reasons", "differences"}


def test_only_its_parties_are_left(seen, audience):
    allowed = set(audience.parties)
    assert set(seen.judgements["party"]) <= allowed
    assert {source.party for source in seen.sources} <= allowed
    assert {reason.party for reason in seen.reasons} <= allowed
    assert {party for one in seen.indications for party in one.parties} <= allowed
    assert set(seen.parameters.parties) <= allowed
    assert set(seen.withheld) == set(PARTIES) - allowed


def test_only_rows_of_its_families_and_sensitivity_are_left(seen, audience):
    order = [one.id for one in CATALOGUE.sensitivities]
    for code in {*seen.cells["indicator"], *seen.judgements["indicator"]}:
        indicator = CATALOGUE.indicator(code)
        assert indicator.family in audience.families
        assert order.index(indicator.sensitivity) <= order.index(audience.sensitivity)
    scores = {family.score for family in CATALOGUE.families if family.id in audience.families}
    assert set(seen.groups["group"]) - {"total"} <= scores


def test_a_field_it_does_not_have_is_empty(seen, audience):
    for field, is_empty in EMPTY.items():
        if field not in audience.fields:
            assert is_empty(seen), field


def test_nothing_computed_from_hidden_rows_is_left(seen, audience):
    if len(CATALOGUE.visible_to(audience)) < len(CATALOGUE.indicators):
        assert [field for field in FROM_ALL_ROWS if not EMPTY[field](seen)] == []


def test_who_sees_no_threats_reads_nothing_of_them_in_the_figures_of_one_party(demo_workspace):
    """Where nothing is withheld but rows are hidden: what was counted over all rows goes too."""
    own = wb.assess(wb.load_parameters("urk", parties=("municipality",)))
    seen = filtered(own, CATALOGUE.audience("partners"), CATALOGUE)
    assert seen.withheld == ()
    assert [field for field in FROM_ALL_ROWS if not EMPTY[field](seen)] == []


def test_of_no_single_park_is_anything_left_for_who_sees_none(seen, audience):
    if audience.areas == "none":
        frames = (seen.parks, seen.groups, seen.cells, seen.judgements, seen.ranks, seen.context)
        assert all(frame.empty for frame in frames)
        assert "URK-0" not in seen.to_json()
    if audience.areas == "own":
        assert seen.parks["district_rank"].isna().all()


def test_free_text_is_there_for_who_has_it_only(seen, audience):
    """The canary of a note, a figure and a remark: in what has the field, and nowhere else."""
    text = seen.to_json()
    assert (CANARY in text) == bool({"notes", "context"} & set(audience.fields))
    assert seen.notes == () or "notes" in audience.fields
    assert (REMARK in text) == ("remarks" in audience.fields) == (audience.id == "riec")


def test_of_remarks_an_audience_that_has_them_gets_those_of_its_own_parties(full):
    """So also with an own catalogue: of whose cells it may not see, no remark travels, and no column by itself."""
    audience = CATALOGUE.audience("municipality")
    audience = audience.model_copy(update={"fields": (*audience.fields, "remarks")})
    kept = filtered(full, audience, CATALOGUE).remarks
    assert (list(kept["party"]), list(kept.columns)) == (["municipality"], [*TOLD])
    few = audience.model_copy(update={"families": ("resilience",)})
    assert filtered(full, few, CATALOGUE).remarks.empty
    assert filtered(full, audience.model_copy(update={"areas": "none"}), CATALOGUE).remarks.empty


def test_a_judgement_travels_with_named_columns_only(full, audience):
    """A column of free text that is new, by whatever name, is not handed over by who filters another's cells."""
    widened = dataclasses.replace(full, _judgements=full.judgements.assign(nieuwe_kolom=CANARY))
    if set(audience.parties) < set(PARTIES):
        kept = filtered(widened, audience, CATALOGUE).judgements
        assert "nieuwe_kolom" not in kept


def test_filtering_once_more_takes_nothing_more(seen, audience):
    assert filtered(seen, audience, CATALOGUE).to_json() == seen.to_json()


PERMITTED = {
    "scores": {"parks.score", "parks.low", "parks.high"},
    "ranking": {"parks.rank", "parks.action"},
    "advice": {"advice.sentence", "advice.park_ids", "advice.grade", "advice.contenders"},
    "coverage": {"parks.coverage", "parks.two_sided"},
    "phenomenon_groups": {"indications.strength"},
}
"""What may follow a withheld party's judgements, by the field that opens it (test_reader.py says how coarse)."""


@pytest.fixture(scope="module")
def other(demo_workspace):
    """Urk as it was judged a round before."""
    return with_releases(wb.assess(wb.load_parameters("urk", round="2025-1")))


@pytest.mark.parametrize("withheld", PARTIES)
def test_what_a_withheld_party_says_is_followed_by_nothing_else(full, other, audience, withheld):
    """The reader has two copies, made of other judgements of a party it may not see: only what is permitted differs."""
    if withheld in audience.parties:
        return
    judgements = pd.concat(
        [full.judgements[full.judgements["party"] != withheld], other.judgements[other.judgements["party"] == withheld]]
    )
    as_other = {"_parks": other.parks, "_groups": other.groups, "_cells": other.cells, "_ranks": other.ranks}
    changed = dataclasses.replace(
        full,
        advice=other.advice,
        reasons=other.reasons,
        indications=other.indications,
        differences=other.differences,
        agreement=other.agreement,
        _judgements=judgements.reset_index(drop=True),
        **as_other,
    )
    one, two = (json.loads(filtered(each, audience, CATALOGUE).to_json()) for each in (full, changed))
    allowed = {place for field in audience.fields for place in PERMITTED.get(field, ())}
    allowed |= {"parks.district_rank"} if audience.areas == "district" else set()
    if len(CATALOGUE.visible_to(audience)) < len(CATALOGUE.indicators):
        allowed = set()
    assert set(differing(one, two)) <= allowed
