"""Triggers put interventions forward: never on what is unknown, light before heavy, heavy only on a confirmed source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank import load_catalogue
from werkbank.advice.reasons import CellReading, Judged, ParkReading
from werkbank.plan.interventions import HEAVY, answers, high_indicators, propose
from werkbank.settings.catalogue import Trigger

CATALOGUE = load_catalogue()
CODES = CATALOGUE.indicator_ids
FAMILY = {one.id: one.family for one in CATALOGUE.indicators}


def reading(coverage=None, not_applicable=(), sources=None, **levels):
    """A park with these levels; whatever is not named is unknown."""
    sources = sources or {}
    cells = []
    for code in CODES:
        level = levels.get(code)
        judged = () if level is None else (Judged("police", int(level), sources.get(code, "")),)
        cells.append(CellReading(code, level, code not in not_applicable, judged))
    return ParkReading("P1", "Terrein", None, tuple(cells), coverage, coverage)


def with_triggers(intervention, *triggers):
    """The catalogue with other triggers on one intervention."""
    made = tuple(Trigger(source=source, operator=operator, value=value) for source, operator, value in triggers)
    changed = (
        one.model_copy(update={"triggers": made}) if one.id == intervention else one for one in CATALOGUE.interventions
    )
    return CATALOGUE.model_copy(update={"interventions": tuple(changed)})


def fired(park, catalogue=CATALOGUE):
    return {one.intervention: one for one in propose(park, catalogue)}


def triggered(trigger, park, weight_one="C01"):
    return weight_one in fired(park, with_triggers(weight_one, trigger))


@st.composite
def parks(draw):
    levels = {code: draw(st.sampled_from([None, None, 0.0, 0.5, 1.0, 2.0, 3.0])) for code in CODES}
    sources = {code: draw(st.sampled_from(["", "A", "B", "C"])) for code in CODES}
    off = tuple(code for code in CODES if levels[code] is None and draw(st.booleans()))
    coverage = draw(st.none() | st.floats(0, 100))
    return reading(coverage, off, sources, **{code: level for code, level in levels.items() if level is not None})


@pytest.mark.parametrize("operator", [">=", "<=", "==", "<"])
@pytest.mark.parametrize("source", ["V01", "W05", "threat_sum", "severe_threat", "coverage"])
@pytest.mark.parametrize("value", [0, 3])
def test_what_is_unknown_never_fires_a_comparison(source, operator, value):
    """Nothing is known: no level, no sum, no coverage → no comparison holds, not even "0 of hoger"."""
    assert not triggered((source, operator, value), reading())


@settings(max_examples=60, deadline=None)
@given(parks())
def test_proposals_go_from_light_to_heavy_each_on_what_is_known_and_a_heavy_one_on_a_source_of_strength_a(park):
    """Only "is unknown" fires on a cell that nobody knows."""
    proposals = propose(park, CATALOGUE)
    assert [one.weight for one in proposals] == sorted(one.weight for one in proposals)
    for one in proposals:
        assert one.fired
        assert all((hit.found is None) == (hit.operator == "is") for hit in one.fired)
        assert one.weight == HEAVY or not one.needs_confirmation
        if one.weight == HEAVY and not one.needs_confirmation:
            behind = {code for hit in one.fired for code in hit.cells}
            assert any(said.source_strength == "A" for code in behind for said in park.cell(code).judged)


@pytest.mark.parametrize(
    ("trigger", "level", "holds"),
    [
        (("V01", ">=", 2), 2, True),
        (("V01", ">=", 2), 1.5, False),
        (("V01", ">=", 2), 2 - 1e-12, True),
        (("W05", "<=", 1), 1, True),
        (("W05", "<=", 1), 1.5, False),
        (("V01", "==", 3), 3, True),
        (("V01", "==", 3), 2.5, False),
        (("G10", "<", 1), 0.5, True),
        (("G10", "<", 1), 1, False),
        (("W05", "is", "unknown"), 0, False),
    ],
)
def test_a_comparison_holds_at_its_threshold(trigger, level, holds):
    assert triggered(trigger, reading(**{trigger[0]: level})) is holds


def test_is_unknown_fires_when_nobody_knows_but_not_when_it_does_not_apply():
    assert triggered(("W05", "is", "unknown"), reading())
    assert not triggered(("W05", "is", "unknown"), reading(not_applicable=("W05",)))


def test_the_sum_of_the_threats_counts_what_is_known_and_says_that_it_is_a_minimum():
    """V01 2 and V02 1, the rest unknown: at least 3 → "3 of hoger" holds, "3 of lager" is not proven until all is."""
    park = reading(V01=2, V02=1, G01=3)
    hit = fired(park)["H02"].fired[0]
    assert (hit.found, hit.at_least, hit.cells) == (3, True, ("V01", "V02"))
    assert not triggered(("threat_sum", "<=", 3), park)
    assert not triggered(("threat_sum", "<", 9), park)
    everything = {code: 0 for code in CODES if FAMILY[code] == "threat"}
    assert triggered(("threat_sum", "<", 1), reading(**everything))


def test_severe_threat_looks_only_at_threats_of_severity_3_and_coverage_is_in_percent():
    """V01 has severity 2, V02 severity 3; below 70 percent known → a standing consultation."""
    assert "H13" not in fired(reading(V01=3))
    assert fired(reading(V01=3, V02=2))["H13"].fired[0].cells == ("V02",)
    assert ["D10" in fired(reading(coverage=known)) for known in (69.9, 70.0)] == [True, False]


def test_high_is_2_or_more_and_for_resilience_1_or_less():
    park = reading(V01=2, V02=1.5, G01=2.5, G02=1, W01=1, W02=0, W03=1.5)
    assert high_indicators(park, CATALOGUE) == ("V01", "G01", "W01", "W02")


@pytest.mark.parametrize(("source", "waits"), [("A", False), ("B", True), ("C", True), ("", True)])
def test_closing_waits_for_confirmation_unless_the_source_is_a(source, waits):
    assert fired(reading(V02=3, sources={"V02": source}))["H04"].needs_confirmation is waits


def test_strength_a_of_a_party_that_sees_less_confirms_nothing():
    """Police 1 on source A, municipality 3 on source C: level 3 itself is not confirmed."""
    park = reading(V02=3)
    cells = tuple(
        CellReading("V02", 3.0, applicable=True, judged=(Judged("police", 1, "A"), Judged("municipality", 3, "C")))
        if cell.indicator == "V02"
        else cell
        for cell in park.cells
    )
    assert fired(ParkReading("P1", "T", None, cells, None, None))["H04"].needs_confirmation


def test_a_confirmed_closing_answers_only_what_is_confirmed_itself():
    """V01 confirmed, V03 an impression: closing answers V01 and says nothing of V03."""
    one = fired(reading(V01=3, V03=3, sources={"V01": "A", "V03": "C"}))["H04"]
    assert (one.needs_confirmation, one.direct) == (False, ("V01",))


@settings(max_examples=40, deadline=None)
@given(parks())
def test_every_high_indicator_without_the_direct_answer_it_needs_is_a_named_hole(park):
    proposals = propose(park, CATALOGUE)
    planned = [
        (CATALOGUE.intervention(one.intervention).kind, one.direct) for one in proposals if not one.needs_confirmation
    ]

    def answered(code):
        return any(code in direct and (FAMILY[code] != "threat" or kind == "enforcement") for kind, direct in planned)

    unanswered = [code for code in high_indicators(park, CATALOGUE) if not answered(code)]
    assert [hole.indicator for hole in answers(park, proposals, CATALOGUE).holes] == unanswered


def test_a_hole_says_what_waits_and_what_else_the_catalogue_has():
    """V05 high on no confirmed source: closing (H05) waits, a case at the RIEC (H13) was not triggered."""
    catalogue = with_triggers("H13", ("V02", ">=", 3))
    park = reading(V05=3)
    (hole,) = answers(park, propose(park, catalogue), catalogue).holes
    assert (hole.indicator, hole.lacks) == ("V05", "geen direct antwoord")
    assert (hole.after_confirmation, hole.elsewhere) == (("H05",), ("H13",))


def test_the_matrix_says_direct_supporting_or_none_and_a_kind_of_which_nothing_is_planned_is_missing():
    """Only awareness asks for an answer: communication is there, enforcement is not."""
    park = reading(V01=2, W05=1)
    found = answers(park, propose(park, CATALOGUE), CATALOGUE)
    asked = (("V01", "H12"), ("V01", "C02"), ("W05", "H12"))
    assert [found.between(*each) for each in asked] == ["direct", "supporting", "none"]
    park = reading(W05=1)
    present = {one.name: one.present for one in answers(park, propose(park, CATALOGUE), CATALOGUE).kinds}
    names = {one.id: one.name for one in CATALOGUE.kinds}
    expected = {"communication": True, "enforcement": False, "sustainability": False}
    assert present == {names[kind]: there for kind, there in expected.items()}
