"""Triggers put interventions forward: never on what is unknown, light before heavy, heavy only on a confirmed source."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank import load_catalogue
from werkbank.advice.reasons import CellReading, Judged, ParkReading, read_park
from werkbank.plan.interventions import HEAVY, answers, high_indicators, propose
from werkbank.settings.entries import Level, Trigger
from werkbank.settings.workspace import municipality_slugs

CATALOGUE = load_catalogue()
CODES = CATALOGUE.indicator_ids
FAMILY = {one.id: one.family for one in CATALOGUE.indicators}
THREATS = tuple(one.id for one in CATALOGUE.threats)


def reading(coverage=None, not_applicable=(), sources=None, two_sided=None, **levels):
    """A park with these levels; whatever is not named is unknown."""
    sources = sources or {}
    cells = []
    for code in CODES:
        level = levels.get(code)
        judged = () if level is None else (Judged("police", int(level), sources.get(code, "")),)
        cells.append(CellReading(code, level, code not in not_applicable, judged))
    return ParkReading("P1", "Terrein", None, tuple(cells), coverage, two_sided)


def with_scales(length):
    """The catalogue with so many levels on every scale."""
    values = range(length)
    levels = tuple(Level(value=n, code=f"l{n}", name=f"Trede {n}", anchor=f"Anker {n}.") for n in values)
    scales = tuple(one.model_copy(update={"levels": levels}) for one in CATALOGUE.scales)
    return CATALOGUE.model_copy(update={"scales": scales})


def with_triggers(intervention, *triggers, of=CATALOGUE):
    """The catalogue with other triggers on one intervention."""
    made = tuple(Trigger(source=source, operator=operator, value=value) for source, operator, value in triggers)
    changed = (one.model_copy(update={"triggers": made}) if one.id == intervention else one for one in of.interventions)
    return of.model_copy(update={"interventions": tuple(changed)})


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


@pytest.mark.parametrize(
    ("sources", "operators", "values"),
    [
        (("V01", "W05", "severe_threat"), ("is", "is not"), ("high", "highest", "lowest")),
        (("threat_share", "coverage", "two_sided"), (">=", "<=", "==", "<"), (0, 100)),
    ],
)
def test_what_is_unknown_never_fires_a_comparison(sources, operators, values):
    """Nothing is known: no level, no share, no coverage → nothing holds, not even "0 of hoger" or "niet hoog"."""
    for asked in product(sources, operators, values):
        assert not triggered(asked, reading()), asked


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


SUSPECTED, WEAK = "V01", "W05"
"""A risk, and a factor that protects."""


@pytest.mark.parametrize(
    ("source", "word", "holds", "fails"),
    [
        # On a scale of          2 levels | 4 levels | 5 levels
        (SUSPECTED, "is high", ("1", "2 3", "3 4"), ("0 0.5", "0 1 1.5", "0 1 2 2.5")),
        (SUSPECTED, "is highest", ("1", "3", "4"), ("0 0.5", "0 2 2.5", "0 3 3.5")),
        (SUSPECTED, "is not lowest", ("0.5 1", "0.5 1 3", "0.5 1 4"), ("0", "0", "0")),
        (SUSPECTED, "is not high", ("0 0.5", "0 1.5", "0 2.5"), ("1", "2 3", "3 4")),
        # What protects is high in risk where it is weak.
        (WEAK, "is high", ("0", "0 1", "0 1"), ("0.5 1", "1.5 2 3", "1.5 2 4")),
        (WEAK, "is highest", ("0", "0", "0"), ("0.5 1", "0.5 1 3", "0.5 1 4")),
        (WEAK, "is lowest", ("1", "3", "4"), ("0 0.5", "0 2.5", "0 3.5")),
        (WEAK, "is not highest", ("0.5 1", "0.5 1 3", "0.5 1 4"), ("0", "0", "0")),
        (WEAK, "is unknown", ("", "", ""), ("0 1", "0 3", "0 4")),
    ],
)
def test_a_word_means_the_same_on_a_scale_of_any_length(source, word, holds, fails):
    operator, _, value = word.rpartition(" ")
    for length, *levels in zip((2, 4, 5), holds, fails, strict=True):
        catalogue = with_triggers("C01", (source, operator, value), of=with_scales(length))
        for expected, texts in zip((True, False), levels, strict=True):
            for level in map(float, texts.split()):
                assert ("C01" in fired(reading(**{source: level}), catalogue)) is expected, (length, level)


def test_the_noise_of_combining_moves_no_threshold():
    assert triggered((SUSPECTED, "is", "high"), reading(V01=2 - 1e-12))
    assert not triggered((SUSPECTED, "is not", "high"), reading(V01=2 - 1e-12))


def test_is_unknown_fires_when_nobody_knows_but_not_when_it_does_not_apply():
    assert triggered(("W05", "is", "unknown"), reading())
    assert not triggered(("W05", "is", "unknown"), reading(not_applicable=("W05",)))


def test_the_share_of_the_threats_counts_what_is_known_and_says_that_it_is_a_minimum():
    """V01 2 and V02 1 of 16 times 3, the rest unknown: at least 6.25 percent; less than 50 is not proven until all is."""
    park = reading(V01=2, V02=1, G01=3)
    hit = fired(park)["H02"].fired[0]
    assert (hit.found, hit.at_least, hit.cells) == (pytest.approx(100 * 3 / 48), True, ("V01", "V02"))
    assert not triggered(("threat_share", "<=", 50), park)
    assert "H02" not in fired(reading(V01=2))
    everything = dict.fromkeys(THREATS, 0)
    assert triggered(("threat_share", "<", 1), reading(**everything))
    # What does not apply is not asked: of two threats 1 and 2 of 3 are half of what they could be.
    half = reading(not_applicable=THREATS[2:], V01=1, V02=2)
    assert triggered(("threat_share", "==", 50), half)


def test_severe_threat_asks_each_threat_of_the_highest_severity_and_coverage_is_in_percent():
    """V01 has severity 2, V02 and V03 severity 3; little known, or known to one party alone → a standing consultation."""
    assert "H13" not in fired(reading(V01=3, V02=1))
    hits = fired(reading(V01=3, V02=2, V03=3))["H13"].fired
    assert [(one.source, one.operator, one.value, one.found) for one in hits] == [
        ("V02", ">=", 2, 2),
        ("V03", ">=", 2, 3),
    ]
    assert ["D10" in fired(reading(coverage=known)) for known in (69.9, 70.0)] == [True, False]
    assert ["D10" in fired(reading(coverage=100, two_sided=known)) for known in (49.9, 50.0)] == [True, False]


def test_every_intervention_comes_forward_on_some_park_of_the_fictional_district(demo_workspace, assessed):
    """A trigger that holds nowhere in 77 parks is one that nobody will ever see."""
    everywhere = [assessed(slug) for slug in municipality_slugs(demo_workspace)]
    readings = [read_park(one, park) for one in everywhere for park in one.parks["park_id"]]
    found = {one.intervention for park in readings for one in propose(park, CATALOGUE)}
    assert len(readings) == 77
    assert found == {one.id for one in CATALOGUE.interventions}
    often = sum("D10" in fired(park) for park in readings)
    assert 0.25 < often / len(readings) < 0.75


def test_high_is_at_the_scales_own_level_or_worse_and_for_resilience_that_is_low():
    park = reading(V01=2, V02=1.5, G01=2.5, G02=1, W01=1, W02=0, W03=1.5)
    assert high_indicators(park, CATALOGUE) == ("V01", "G01", "W01", "W02")


@pytest.mark.parametrize(("source", "waits"), [("A", False), ("B", True), ("C", True), ("", True)])
def test_closing_waits_for_confirmation_unless_the_source_is_a(source, waits):
    assert fired(reading(V02=3, sources={"V02": source}))["H04"].needs_confirmation is waits


def test_strength_a_of_a_party_that_sees_less_confirms_nothing():
    """Police 1 on source A, municipality 3 on source C: level 3 itself is not confirmed."""
    judged = (Judged("police", 1, "A"), Judged("municipality", 3, "C"))
    cells = (replace(one, judged=judged) if one.indicator == "V02" else one for one in reading(V02=3).cells)
    assert fired(replace(reading(), cells=tuple(cells)))["H04"].needs_confirmation


def test_a_confirmed_closing_answers_only_what_is_confirmed_itself():
    """V01 confirmed, V03 an impression: closing answers V01 and says nothing of V03."""
    one = fired(reading(V01=3, V03=3, sources={"V01": "A", "V03": "C"}))["H04"]
    assert (one.needs_confirmation, one.direct) == (False, ("V01",))


@given(parks())
def test_every_high_indicator_without_the_direct_answer_it_needs_is_a_named_hole(park):
    proposals = propose(park, CATALOGUE)
    sure = (one for one in proposals if not one.needs_confirmation)
    planned = [(CATALOGUE.intervention(one.intervention).kind, one.direct) for one in sure]

    def answered(code):
        return any(code in direct and (FAMILY[code] != "threat" or kind == "enforcement") for kind, direct in planned)

    unanswered = [code for code in high_indicators(park, CATALOGUE) if not answered(code)]
    assert [hole.indicator for hole in answers(park, proposals, CATALOGUE).holes] == unanswered


def test_a_hole_says_what_waits_and_what_else_the_catalogue_has():
    """V05 high on no confirmed source: closing (H05) waits, a case at the RIEC (H13) was not triggered."""
    catalogue = with_triggers("H13", ("V02", "is", "highest"))
    park = reading(V05=3)
    (hole,) = answers(park, propose(park, catalogue), catalogue).holes
    assert (hole.indicator, hole.lacks) == ("V05", "geen direct antwoord")
    waits, otherwise = hole.remedy.split("; ")
    assert ("H05" in waits, "H13" in otherwise) == (True, True)


def test_the_matrix_says_direct_supporting_or_none_and_a_kind_of_which_nothing_is_planned_is_missing():
    """Only awareness asks for an answer: communication is there, enforcement is not."""
    park = reading(V01=2, W05=1)
    found = answers(park, propose(park, CATALOGUE), CATALOGUE)
    asked = (("V01", "H12"), ("V01", "C02"), ("W05", "H12"))
    assert [found.between(*each) for each in asked] == ["direct", "supporting", "none"]
    park = reading(W05=1)
    kinds = answers(park, propose(park, CATALOGUE), CATALOGUE).kinds
    present = {name: bool(own) for name, own in kinds.items()}
    names = {one.id: one.name for one in CATALOGUE.kinds}
    expected = {"communication": True, "enforcement": False, "sustainability": False}
    assert present == {names[kind]: there for kind, there in expected.items()}
