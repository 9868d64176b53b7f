"""What changed between two rounds is told in parts that fit together, and leads back to cells."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.advice.small import NOTHING
from werkbank.advice.development import Change, develop
from werkbank.advice.explanation import (
    CAUTION,
    change_sentence,
    knowledge_words,
    plain,
    printed_change,
    signed,
    summary,
)
from werkbank.advice.scorecard import score_matrix
from werkbank.demo.fiction import generate
from werkbank.errors import OutputError
from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import Source
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import Method

PARTIES = ("police", "municipality")
PARTS = ["judgement", "knowledge", "district", "method"]
CATALOGUE = load_catalogue()
GROUPS = ("total", "threat", "opportunity", "resilience_gap")
NOMINAL = Method()
OTHER = Method.model_validate({"power": {"threat": 1}, "group_weights": {"threat": 1}})
OLD, NEW = "2025-1", "2026-1"


def matrix(judgements, round_name, parks=None):
    """A matrix as if both parties' workbooks had been read."""
    parks = tuple(parks or dict.fromkeys(judgements["park_id"]))
    sources = tuple(Source(f"{party}.xlsx", "almere", party, "0" * 64, fictional=True) for party in PARTIES)
    rows = judgements[judgements["park_id"].isin(parks)].reset_index(drop=True)
    return RiskMatrix(round_name, parks, CATALOGUE.indicator_ids, PARTIES, sources, (), rows)


DISTRICT = generate(catalogue=CATALOGUE)
FIRST, SECOND = (
    rows[rows["park_id"].str[:3].isin(["DRO", "NOP", "URK", "ZEE"])] for rows in map(DISTRICT.judgements, (OLD, NEW))
)
"""Of four of its municipalities, which is a district enough."""
PARKS = tuple(park for park in dict.fromkeys(FIRST["park_id"]) if park.startswith(("DRO", "URK")))


def changed(judgements, park, indicator, party, state, level=pd.NA):
    """The judgements with one cell set to something else."""
    cell = (
        (judgements["park_id"] == park) & (judgements["indicator"] == indicator) & (judgements["party"] == party)
    ).to_numpy()
    return judgements.assign(
        state=judgements["state"].mask(cell, state), level=judgements["level"].mask(cell, level).astype("Int8")
    )


def silenced(judgements, party):
    """The judgements with everything that one party says unknown."""
    own = judgements["party"] == party
    level = judgements["level"].mask(own, pd.NA).astype("Int8")
    return judgements.assign(state=judgements["state"].mask(own, "unknown"), level=level)


AROUND = (matrix(FIRST, OLD), matrix(SECOND, NEW))
"""The district in both rounds, whatever a test makes of some of its parks."""


def compare(first=FIRST, second=SECOND, old_method=NOMINAL, new_method=NOMINAL, **choices):
    old, new = matrix(first, OLD, PARKS), matrix(second, NEW, PARKS)
    chosen = {"parties": PARTIES, "districts": AROUND} | choices
    return develop(old, new, CATALOGUE, old_method, new_method, **chosen)


@pytest.fixture(scope="module")
def demo():
    return compare(old_method=OTHER)


def a_change(**values):
    base = {"park_id": "P", "group": "total", "splittable": True}
    numbers = dict.fromkeys(["old", "new", "change", *PARTS], 0.0)
    cells = {"cells_old": 10, "cells_new": 10, "cells_both": 10}
    return Change(**{**base, **numbers, **cells, **values})


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), blank=st.sampled_from([0.0, 0.3, 0.9]), method=st.sampled_from([NOMINAL, OTHER]))
def test_the_parts_of_every_group_add_up_and_what_the_indicators_of_a_park_add_is_its_total(seed, blank, method):
    """Whatever becomes unknown or n.v.t. in either round; the judged part is the difference of the alike scores."""
    rng = np.random.default_rng(seed)
    blanked = []
    for judgements in (FIRST, SECOND):
        luck, level = rng.random(len(judgements)), judgements["level"]
        state = judgements["state"].mask(luck < blank, "unknown").mask(luck > 0.9, "not_applicable")
        kept = (luck >= blank) & (luck <= 0.9)
        blanked.append(judgements.assign(state=state, level=level.where(kept).astype("Int8")))
    frame = compare(*blanked, old_method=method).frame
    assert len(frame) == len(PARKS) * len({*GROUPS, *CATALOGUE.indicator_ids})
    assert set(frame["group"]) == {*GROUPS, *CATALOGUE.indicator_ids}
    whole = frame[frame["splittable"] & frame["group"].isin(GROUPS)]
    assert ((whole[PARTS].sum(axis=1) - whole["change"]).abs() < 1e-9).all()
    numbers = ["old", "new", "change", *PARTS, "alike_old", "alike_new"]
    total = frame[frame["group"] == "total"].set_index("park_id")
    added = frame[~frame["group"].isin(GROUPS)].groupby("park_id")[[*numbers, "cells_both"]].sum(min_count=1)
    assert ((added[numbers] - total[numbers]).abs().fillna(0) < 1e-9).all(axis=None)
    assert added[PARTS].isna().all(axis=1).equals(~total["splittable"])
    assert (added["cells_both"] == total["cells_both"]).all()
    assert (frame["alike_new"] - frame["alike_old"]).equals(frame["judgement"])


def test_real_or_noise_by_hand():
    """The police went from 2 to 3, the municipality from 2 to 0: higher by the maximum, not by the means."""
    park, method = (
        PARKS[0],
        Method.model_validate({"uncertainty": {**NOTHING, "combination": ["maximum", "mean", "weighted"]}}),
    )
    first = changed(changed(FIRST, park, "V01", "police", "level", 2), park, "V01", "municipality", "level", 2)
    second = changed(changed(first, park, "V01", "police", "level", 3), park, "V01", "municipality", "level", 0)
    given = {"old_method": method, "new_method": method, "districts": AROUND[:1] * 2}
    there, back = compare(first, second, **given), compare(second, first, **given)
    assert there.change(park).p_up == pytest.approx(1 / 3, abs=0.035)
    assert [(one.p_up, one.is_real) for one in there.changes() if one.park_id != park] == [(0.5, False)] * 12
    assert [one.p_up for one in there.changes("threat")] == [None] * 13
    assert [there.change(one).p_up + back.change(one).p_up for one in PARKS] == [1.0] * 13
    # All that the method draws, with the same numbers in both rounds: backwards it is the complement.
    there, back = (compare(*each, districts=AROUND[:1] * 2) for each in ((FIRST, SECOND), (SECOND, FIRST)))
    assert [there.change(one).p_up + back.change(one).p_up for one in PARKS] == pytest.approx([1.0] * 13)
    assert all(one.is_real for one in there.changes() if abs(one.judgement) > 5)
    none = Method.model_validate({"uncertainty": NOTHING})
    assert {one.is_real for one in compare(new_method=none).changes()} == {None}
    apart = compare(silenced(FIRST, "municipality"), silenced(SECOND, "police"))
    assert {one.p_up for one in apart.changes()} == {None}


def test_places_are_those_on_the_cells_known_in_both_rounds(demo):
    told, total = demo.places(), demo.frame[demo.frame["group"] == "total"].set_index("park_id")
    assert (told["park_id"].size, told["new"].is_monotonic_increasing) == (len(PARKS), True)
    for when in ("old", "new"):
        expected = total[f"alike_{when}"].round(9).rank(ascending=False, method="min")
        assert told.set_index("park_id")[when].to_dict() == expected.to_dict()
    silent = PARKS[2]
    gone = SECOND.assign(state=SECOND["state"].mask(SECOND["park_id"] == silent, "unknown"))
    gone["level"] = gone["level"].mask(gone["park_id"] == silent)
    assert silent not in set(compare(second=gone).places()["park_id"])


def test_a_party_that_judges_everything_a_step_higher_in_risk_has_drifted():
    """Resilience a step lower is a step of risk more; with one party there is nothing to tell it by."""
    police = (FIRST["party"] == "police") & FIRST["level"].notna()
    down = FIRST["indicator"].str.startswith("W")
    level = FIRST["level"].mask(police & ~down, FIRST["level"] + 1).mask(police & down, FIRST["level"] - 1)
    second = FIRST.assign(level=level.clip(0, 3).astype("Int8"))
    around = {"districts": (AROUND[0], matrix(second, NEW))}
    told = {one.party: one for one in compare(second=second, **around).drift}
    assert [told[party].raised for party in PARTIES] == [True, False]
    assert told["police"].change > 0.5
    assert (told["municipality"].change, told["municipality"].parks) == (0, FIRST["park_id"].nunique())
    (alone,) = compare(second=second, parties=("police",), **around).drift
    assert not alone.raised
    assert compare(second=second, districts=None).drift != ()


def test_each_rounds_score_is_that_of_its_own_analysis(demo):
    for column, district, method in zip(("old", "new"), AROUND, (OTHER, NOMINAL), strict=True):
        expected = score_matrix(district, CATALOGUE, method, PARTIES).risk.groups.loc[list(PARKS)]
        found = demo.frame.pivot(index="park_id", columns="group", values=column)[list(GROUPS)]
        pd.testing.assert_frame_equal(found[list(expected)], expected, check_names=False, check_like=True)
    assert (demo.frame["method"].abs() > 1).any(), "what another method does is a part of its own"


def test_another_district_is_a_part_of_its_own():
    """The parks are judged and known as before; elsewhere more is suspected, and what nobody knows follows it."""
    raised = matrix(FIRST.assign(level=FIRST["level"].where(FIRST["level"].isna(), 3)), NEW)
    found = compare(second=FIRST, districts=(AROUND[0], raised))
    threats = found.frame[found.frame["group"] == "threat"]
    assert (threats["district"].dropna() >= 0).all()
    assert threats["district"].max() > 1
    assert (found.frame[["judgement", "knowledge", "method"]].fillna(0).abs() < 1e-9).all(axis=None)
    assert "door het beeld van het district" in change_sentence(found, PARKS[0])


def test_equal_rounds_show_no_change_and_no_cells():
    """And say so in plain Dutch: "geen enkel terrein", not "geen terreinen"."""
    same = compare(second=FIRST, districts=AROUND[:1] * 2)
    assert (same.frame[["change", *PARTS]].fillna(0) == 0).all(axis=None)
    assert same.moved.empty
    assert same.most_moved(PARKS[0]) == ()
    assert "bleef" in change_sentence(same, PARKS[0])
    assert "ging de score van geen enkel terrein een punt of meer omhoog" in summary(same)
    assert f"bij {len(PARKS)} terreinen was het verschil kleiner" in summary(same)


def test_consensus_without_a_recorded_outcome_is_the_default_rule():
    """Until a meeting's outcome is recorded, choosing consensus changes nothing, here as in an analysis."""
    rules = dict.fromkeys(("threat", "opportunity", "resilience"), "consensus")
    consensus = Method.model_validate({"combination": rules})
    assert compare(old_method=consensus, new_method=consensus).frame.equals(compare().frame)


def test_one_raised_suspicion_is_judgement_and_the_one_cell_that_moved():
    """The police go from a level of V01 to another: nothing else is named."""
    park = PARKS[0]
    alone = changed(FIRST, park, "V01", "municipality", "unknown")
    first, second = (changed(alone, park, "V01", "police", "level", level) for level in (0, 3))
    found = compare(first, second, districts=AROUND[:1] * 2)
    change = found.change(park)
    assert change.judgement == change.change > 0
    (moved,) = found.most_moved(park)
    assert (moved.indicator, moved.party, moved.kind) == ("V01", "police", "judged")
    assert (moved.old_level, moved.new_level) == (0, 3)
    assert moved.effect == pytest.approx(change.change)


def test_a_cell_without_a_level_is_not_known_whatever_its_state():
    """From a level to unknown, open or n.v.t. is knowledge, not judgement."""
    states, first = dict(zip(PARKS, ("unknown", "open", "not_applicable"), strict=False)), FIRST
    for park in states:
        first = changed(first, park, "G01", "municipality", "level", 3)
    second = first
    for park, state in states.items():
        second = changed(second, park, "G01", "municipality", state)
    found = compare(first, second)
    for park, state in states.items():
        change = found.change(park, "opportunity")
        assert change.judgement == 0
        assert change.knowledge == change.change != 0
        (moved,) = found.most_moved(park)
        assert (moved.kind, moved.new_state, moved.new_level) == ("lost", state, None)


def test_the_effect_of_a_cell_is_what_the_total_loses_when_it_is_put_back_and_the_largest_stands_first(demo):
    park = "DRO-06"
    for moved in demo.most_moved(park, 2):
        was = pd.NA if moved.old_level is None else moved.old_level
        back = changed(SECOND, park, moved.indicator, moved.party, moved.old_state, was)
        without = compare(second=back, old_method=OTHER).change(park).new
        assert moved.effect == pytest.approx(demo.change(park).new - without)
    sizes = [[abs(moved.effect) for moved in demo.most_moved(park, 99)] for park in PARKS]
    assert sizes == [sorted(own, reverse=True) for own in sizes]


def test_the_counts_of_cells_are_those_of_the_parties_levels(demo):
    park = PARKS[1]
    own = (rows[rows["park_id"] == park] for rows in (FIRST, SECOND))
    first, second = (rows.set_index(["indicator", "party"])["level"].notna() for rows in own)
    change = demo.change(park)
    assert (change.cells_old, change.cells_new) == (first.sum(), second.sum())
    assert change.cells_both == (first & second.reindex(first.index)).sum()


def test_parks_of_one_round_are_listed_and_not_split():
    old, new = matrix(FIRST, OLD, PARKS[1:]), matrix(SECOND, NEW, PARKS[:-1])
    found = develop(old, new, CATALOGUE, NOMINAL, NOMINAL, PARTIES, names={PARKS[0]: "De Proef"})
    assert (found.name(PARKS[0]), found.name(PARKS[1])) == ("De Proef", PARKS[1])
    assert (found.only_old, found.only_new) == ((PARKS[-1],), (PARKS[0],))
    assert set(found.frame["park_id"]) == set(PARKS[1:-1])
    assert "alleen in ronde 2025-1" in change_sentence(found, PARKS[-1])
    with pytest.raises(OutputError, match="geen vergelijking"):
        found.change(PARKS[0])


def test_one_partys_view_holds_only_its_own_cells():
    own = compare(parties=("municipality",))
    assert set(own.moved["party"]) == {"municipality"}
    other = compare(second=silenced(SECOND, "police"), parties=("municipality",))
    assert other.frame.equals(own.frame)


def test_the_sentence_says_what_the_score_did_and_what_is_behind_it_and_never_that_the_situation_changed(demo):
    told = " ".join(change_sentence(demo, park) for park in PARKS)
    assert not re.search(r"verbeter|verslechter|toegenomen|afgenomen|veiliger|onveiliger|is veranderd", told)
    assert CAUTION in summary(demo)
    for change in demo.changes():
        printed = printed_change(change)
        if printed.judgement is not None and printed.change:
            sentence = change_sentence(demo, change.park_id)
            assert sentence.startswith(
                f"De score ging van {plain(printed.old)} naar {plain(printed.new)} ({signed(printed.change)}): "
            )
            assert f"{signed(printed.judgement)} anders beoordeeld" in sentence
            assert sentence.endswith("door een andere methode.")


def test_printed_figures_add_up_and_stay_near_their_own():
    """A hundred invented changes: the parts make the change, old plus change is new, none is off by a tenth or more."""
    rng = np.random.default_rng(7)
    for _ in range(100):
        old = rng.uniform(30, 60)
        parts = dict(zip(PARTS, rng.choice([0, 1], 4) * rng.normal(0, 8, 4), strict=True))
        new = old + sum(parts.values())
        printed = printed_change(a_change(old=old, new=new, change=new - old, **parts))
        assert printed.old + printed.change == printed.new
        assert sum(getattr(printed, part) for part in PARTS) == printed.change
        for name, exact in parts.items():
            part = getattr(printed, name)
            assert abs(part / 10 - exact) < 0.1 + 1e-9
            assert part == 0 or exact != 0


def test_what_cannot_be_split_says_so_and_still_gives_the_change():
    """The old round knew only the police's cells, the new one only the municipality's."""
    park = PARKS[0]
    found = compare(silenced(FIRST, "municipality"), silenced(SECOND, "police"))
    assert found.change(park).change is not None
    assert found.change(park).judgement is None
    assert "niet te splitsen" in change_sentence(found, park)
    assert f"Bij {len(PARKS)} terreinen is de verandering niet te splitsen" in summary(found)


def test_figures_carry_their_sign_and_knowledge_is_called_more_less_or_both():
    assert [signed(tenths) for tenths in (92, -3, 0, None)] == ["+9,2", "−0,3", "0", "–"]
    assert [plain(tenths) for tenths in (513, 0, None)] == ["51,3", "0,0", "–"]
    told = [knowledge_words(a_change(cells_old=old, cells_new=new)) for old, new in ((10, 12), (12, 10), (11, 13))]
    assert told == ["door meer kennis", "door minder kennis", "door verschil in kennis (3 cellen erbij, 1 eraf)"]
