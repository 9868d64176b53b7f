"""What an audience may not see is gone before anything is rendered."""

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import werkbank as wb
from werkbank.errors import LegalBasisError, OutputError
from werkbank.sharing import entitled, for_audience
from werkbank.sharing.what import _beside_its_class, in_steps


@pytest.fixture(scope="module")
def full(demo_workspace):
    return wb.assess(wb.load_parameters("urk", audience="municipality"))


@pytest.fixture(scope="module")
def filtered(full):
    return for_audience(full)


def test_the_police_is_named_as_withheld_and_nowhere_else(filtered):
    assert '"police"' not in filtered.to_json().replace('"withheld": [\n  "police"\n ]', "")


def test_cells_are_the_readers_own(full, filtered):
    """The level of a cell is the municipality's own, whatever the police say."""
    own = full.judgements.query("party == 'municipality'").set_index(["park_id", "indicator"])["level"]
    cells = filtered.cells.set_index(["park_id", "indicator"])["level"]
    assert cells.equals(own.astype("float64").reindex(cells.index))


def test_totals_are_in_steps_of_five_and_the_order_stays(full, filtered):
    told = filtered.parks["score"]
    assert (told % 5 == 0).all()
    assert ((told - full.parks["score"]).abs() < 5).all()
    assert filtered.parks["rank"].tolist() == full.parks["rank"].tolist()
    assert set(filtered.parks["action"]) == {"advised", "not_advised"}
    nothing = ["low", "high", "estimated", "mostly_estimated", "suspected", "p_selected", "two_sided", "unknown"]
    assert filtered.parks[nothing].isna().all(axis=None)
    assert filtered.advice.park_ids == full.advice.park_ids


BORDERS = (20.0, 40.0, 60.0)


def beside_its_class(score, place=None):
    """The score of one park as its municipality is told it."""
    place = place or 1 + sum(score >= border for border in BORDERS)
    parks = pd.DataFrame({"score": in_steps(pd.Series([score])), "class": [place]})
    assessment = SimpleNamespace(parameters=SimpleNamespace(method=SimpleNamespace(class_borders=BORDERS)))
    return _beside_its_class(parks, assessment).iloc[0]


@pytest.mark.parametrize(
    ("score", "told"), [(38.2, 35), (40.0, 40), (41.0, 40), (37.0, 35), (59.9, 55), (60.0, 60), (99.0, 100), (0.0, 0)]
)
def test_a_total_is_told_on_its_own_side_of_a_border(score, told):
    """38 in the class up to 40 would otherwise be told as 40, where the next class begins."""
    assert beside_its_class(score) == told


@given(st.floats(0, 100))
def test_what_is_told_stays_in_its_class_and_follows_from_what_is_told_anyway(score):
    """The same steps and class always give the same figure."""
    told, place = beside_its_class(score), 1 + sum(score >= border for border in BORDERS)
    assert 1 + sum(told >= border for border in BORDERS) == place
    assert beside_its_class(float(in_steps(pd.Series([score]))[0]), place) == told


def test_nothing_per_indicator_per_group_or_of_the_recalculations_is_left_but_the_grade(full, filtered):
    columns = ["p_first", "p_selected", "rank_low", "rank_high", "drawn_low", "drawn_high"]
    assert full.parks[columns].notna().all(axis=None)
    assert filtered.parks[[*columns, "highest", "share_high", "distance"]].isna().all(axis=None)
    assert filtered.groups.drop(columns=["park_id", "group"]).isna().all(axis=None)
    assert len(filtered.ranks) == 0
    assert (filtered.advice.flips, filtered.advice.questions, filtered.advice.sureness) == ((), (), None)
    assert filtered.advice.grade == full.advice.grade


def test_the_sentence_holds_no_finer_figure_than_the_table(full, filtered):
    """57 becomes 55, in the table and in words."""
    told = filtered.parks.set_index("park_id").loc[filtered.advice.park_ids[0]]
    assert f"({told['score']:.0f} van 100) de hoogste" in filtered.advice.sentence


def test_what_is_known_is_what_the_readers_own_parties_know(full, filtered):
    """Whatever the police say, and whatever nobody knows."""
    own = full.judgements.query("party == 'municipality'")
    silent = own[own["state"].isin(["unknown", "open"])].groupby("park_id").size()
    told = filtered.parks.set_index("park_id")["coverage"]
    assert set(told.index[told < 1]) == set(silent.index)


def test_a_party_that_delivered_nothing_is_absent_and_not_withheld(full):
    """Nobody is told that the police's judgements count when there are none."""
    none = dataclasses.replace(full, absent=("police",))
    filtered = for_audience(none)
    assert filtered.withheld == ()
    assert filtered.coarse, "its figures are told as those of every other copy"
    assert not full.coarse
    assert for_audience(none).absent == ("police",)


def test_indications_are_by_group_with_nothing_behind_them(filtered):
    catalogue = wb.load_catalogue()
    by_group = {}
    for one in filtered.indications:
        assert (one.indicators, one.parties, one.source_strength) == ((), (), "")
        by_group.setdefault((one.park_id, catalogue.phenomenon(one.phenomenon).group), set()).add(one.strength)
    assert all(len(strengths) == 1 for strengths in by_group.values())


def test_a_finding_in_the_police_workbook_is_not_passed_on(full):
    fault = wb.Finding(rule="x", severity="error", file="urk_politie.xlsx", found="", allowed="", remedy="")
    own = dataclasses.replace(fault, file="urk_gemeente.xlsx")
    difference = dataclasses.replace(fault, rule="not-applicable-beside-level", file=None, park_id="URK-01")
    filtered = for_audience(dataclasses.replace(full, findings=(fault, own, difference)))
    assert filtered.findings == (own,)


def test_an_audience_without_a_filter_gets_nothing(demo_workspace):
    assessment = wb.assess("urk")
    assert for_audience(assessment) is assessment
    assessment = wb.assess(wb.load_parameters("urk", audience="public"))
    with pytest.raises(OutputError, match="kan nog niets"):
        for_audience(assessment)


def with_releases(assessment, *releases):
    basis = assessment.legal_basis.model_copy(update={"releases": releases})
    return dataclasses.replace(assessment, legal_basis=basis)


def test_a_legal_basis_can_release_the_police_cells(full):
    """Not to an audience that sees no cells: the public sees counts; one that does not exist is refused."""
    released = for_audience(with_releases(full, "police_cells"))
    assert set(released.judgements["party"]) == {"police", "municipality"}
    assert released.withheld == ()
    with pytest.raises(LegalBasisError, match="bedoelt u “police_cells”"):
        for_audience(with_releases(full, "polise_cells"))
    catalogue = wb.load_catalogue()
    basis = type("Basis", (), {"releases": ("police_cells",)})()
    public = catalogue.audience("public")
    assert entitled(public, basis, catalogue) == public
