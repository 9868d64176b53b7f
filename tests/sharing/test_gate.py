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
from werkbank.sharing.what import IN_STEPS, _beside_its_class, in_steps


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
    for name in ("score", "low", "high"):
        told = filtered.parks[name]
        assert (told % 5 == 0).all()
        assert ((told - full.parks[name]).abs() < 5).all()
    assert filtered.parks["rank"].tolist() == full.parks["rank"].tolist()
    assert filtered.parks["quadrant"].tolist() == full.parks["quadrant"].tolist()
    assert filtered.advice.park_ids == full.advice.park_ids


BORDERS = (20.0, 40.0, 60.0)


def beside_its_class(score, low, high, quadrant="rest", place=None):
    """One park with its exact figures, as its municipality is told."""
    place = place or 1 + sum(score >= border for border in BORDERS)
    exact = pd.DataFrame({"score": [score], "low": [low], "high": [high], "class": [place], "quadrant": [quadrant]})
    method = SimpleNamespace(class_borders=BORDERS, high=40.0)
    assessment = SimpleNamespace(parameters=SimpleNamespace(method=method))
    return _beside_its_class(exact.assign(**{name: in_steps(exact[name]) for name in IN_STEPS}), assessment).iloc[0]


@pytest.mark.parametrize(
    ("score", "told"), [(38.2, 35), (40.0, 40), (41.0, 40), (37.0, 35), (59.9, 55), (60.0, 60), (99.0, 100), (0.0, 0)]
)
def test_a_total_is_told_on_its_own_side_of_a_border(score, told):
    """38 in the class up to 40 would otherwise be told as 40, where the next class begins."""
    assert beside_its_class(score, 0.0, 100.0)["score"] == told


@pytest.mark.parametrize(
    ("quadrant", "high", "told"), [("follow", 39.0, 35), ("find_out", 41.0, 40), ("rest", 39.0, 40)]
)
def test_a_bound_does_not_contradict_what_to_do(quadrant, high, told):
    """ "Volgen" says that the score cannot become high; a bound told as 40 would say that it can."""
    assert beside_its_class(12.0, 5.0, high, quadrant)["high"] == told


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3).map(sorted), st.sampled_from(["act", "follow", "find_out"]))
def test_what_is_told_stays_in_order_in_its_class_and_follows_from_what_is_told_anyway(figures, quadrant):
    """low ≤ score ≤ high, in the class that stands beside it; the same steps and class always give the same figures."""
    low, score, high = figures
    told = beside_its_class(score, low, high, quadrant)
    assert told["low"] <= told["score"] <= told["high"]
    assert 1 + sum(told["score"] >= border for border in BORDERS) == told["class"]
    coarse = [float(in_steps(pd.Series([value]))[0]) for value in (score, low, high)]
    assert beside_its_class(*coarse, quadrant, told["class"]).to_dict() == told.to_dict()


def test_a_park_without_a_score_keeps_its_bounds(full):
    parks = full.parks.assign(score=float("nan"), low=12.0, high=88.0, **{"class": pd.NA})
    told = for_audience(dataclasses.replace(full, _parks=parks)).parks
    assert told["score"].isna().all()
    assert set(told["low"]) == {10.0}
    assert (told["high"] >= 85).all()


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
    assert f"({told['score']:.0f} van 100, mogelijk tussen {told['low']:.0f} en {told['high']:.0f})" in (
        filtered.advice.sentence
    )


def test_shares_are_in_tenths_never_everything_and_stay_on_their_side(full, filtered):
    enough = full.parameters.method.minimum_coverage
    for name in ("coverage", "two_sided"):
        told, exact = filtered.parks[name], full.parks[name]
        assert (told <= 0.9).all()
        assert ((told * 10).round(6) % 1 == 0).all()
        assert ((told >= enough) == (exact >= enough)).all()


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
