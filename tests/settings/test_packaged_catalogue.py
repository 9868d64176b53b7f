"""The catalogue that comes with the package."""

import re

import pytest

from werkbank.settings.catalogue import FILES, load_catalogue
from werkbank.settings.method import PACKAGED

CATALOGUE = load_catalogue()


def test_it_counts_35_indicators_16_phenomena_and_31_interventions():
    """The size is that of the field research: 16 + 13 + 6 indicators, 6 + 13 + 11 interventions; D12 came later."""
    families = [len(CATALOGUE.by_family(family)) for family in ("threat", "opportunity", "resilience")]
    kinds = [intervention.kind for intervention in CATALOGUE.interventions]
    assert families == [16, 13, 6]
    assert len(CATALOGUE.phenomena) == 16
    assert [kinds.count(kind) for kind in ("communication", "enforcement", "sustainability")] == [6, 13, 12]


def test_every_indicator_has_a_direct_answer_and_every_threat_one_of_kind_enforcement():
    """The plan demands one for every high threat (method.md 8); a meeting or a campaign does not answer a drug lab."""
    answered = {}
    for intervention in CATALOGUE.interventions:
        answered.setdefault(intervention.kind, set()).update(intervention.direct)
    threats = {indicator.id for indicator in CATALOGUE.by_family("threat")}
    assert set().union(*answered.values()) == set(CATALOGUE.indicator_ids)
    assert threats <= answered["enforcement"]
    assert not threats & answered["communication"]


def test_a_threat_is_worded_as_a_suspicion():
    careful = re.compile(r"vermoed|aanwijzing|signal", re.IGNORECASE)
    for indicator in CATALOGUE.by_family("threat"):
        assert careful.search(indicator.description), indicator.id


def test_heavy_interventions_ask_for_conditions():
    """Closure never comes without the conditions it is bound to."""
    heavy = [intervention for intervention in CATALOGUE.interventions if intervention.weight == 4]
    assert [intervention.id for intervention in heavy] == ["H04", "H05"]
    assert all(intervention.conditions for intervention in heavy)


def test_only_the_riec_sees_cells_of_the_police_beside_those_of_the_municipality():
    """Every other audience sees at most one party's cells, and no combined values beside them."""
    for audience in CATALOGUE.audiences:
        if audience.id != "riec":
            assert len(audience.parties) <= 1, audience.id
            assert not {"combined", "reasons", "differences", "phenomena"}.intersection(audience.fields)


def test_entrepreneurs_and_the_public_see_no_threats():
    """Nor may they see a row above their sensitivity, nor a ranking; the public sees counts per district only."""
    order = [sensitivity.id for sensitivity in CATALOGUE.sensitivities]
    for code, highest in (("entrepreneurs", "public_private"), ("public", "public")):
        audience = CATALOGUE.audience(code)
        assert "threat" not in audience.families
        assert order.index(audience.sensitivity) == order.index(highest)
        assert not {"scores", "ranking", "advice", "remarks"}.intersection(audience.fields)
    assert (audience.areas, audience.fields, audience.parties) == ("none", ("counts",), ())


def test_what_people_write_for_a_state_is_known():
    """When they don't know, and when a row doesn't fit."""
    known = {state.code: set(state.synonyms) for state in CATALOGUE.states}
    assert {"onbekend", "geen zicht", "weet niet", "?"} <= known["unknown"]
    assert {"n.v.t.", "nvt", "niet van toepassing"} <= known["not_applicable"]


def test_every_source_is_listed_in_the_field_research_or_marked_as_own_knowledge():
    """Codes run from S01 to S50; EK is general knowledge. The sources of interventions are those that are listed."""
    used = {code for one in CATALOGUE.interventions for code in one.sources}
    assert used - {"EK"} == {one.id for one in CATALOGUE.sources}
    for entry in (*CATALOGUE.indicators, *CATALOGUE.interventions):
        assert entry.sources, entry.id
        for source in entry.sources:
            assert source == "EK" or (re.fullmatch(r"S\d\d", source) and 1 <= int(source[1:]) <= 50), source


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_what_it_is(name):
    """A comment at the top says that it is a proposal that users replace."""
    comment = [line for line in (PACKAGED / name).read_text(encoding="utf-8").splitlines()[:5] if line[:1] == "#"]
    assert "proposal" in "".join(comment)
    assert "replace" in "".join(comment)


def test_workbooks_that_were_sent_ask_what_is_asked_now():
    """Each carries the fingerprint of what it asks: with another one it would be called another list."""
    assert CATALOGUE.form_fingerprint == "1d6be04f5c944afefa57cd2b3361cac25ce291b8b44afd936a274dc3d3f2be91"
    assert [family.direction for family in CATALOGUE.families] == ["risk", "risk", "protective"]
    assert CATALOGUE.required.id == "threat"
    assert [CATALOGUE.high_level(code) for code in ("V01", "G01", "W01")] == [2, 2, 1]
    assert CATALOGUE.owner.id == "riec"
