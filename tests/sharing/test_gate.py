"""What an audience may not see is gone before anything is rendered."""

import dataclasses
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import werkbank as wb
from tests.sharing.released import with_releases
from werkbank.errors import LegalBasisError
from werkbank.scoring import classify
from werkbank.sharing import for_audience
from werkbank.sharing.what import _beside_its_class, in_steps


@pytest.fixture(scope="module")
def full(demo_workspace):
    """For the municipality, on a legal basis that releases nothing."""
    return with_releases(wb.assess(wb.load_parameters("urk", audience="municipality")))


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


def beside_its_class(score, place=None, borders=BORDERS):
    """The score of one park as its municipality is told it."""
    place = place or 1 + sum(score >= border for border in borders)
    return _beside_its_class(in_steps(pd.Series([score])), pd.Series([place]), borders).iloc[0]


@pytest.mark.parametrize(
    ("score", "told"), [(38.2, 35), (40.0, 40), (41.0, 40), (37.0, 35), (59.9, 55), (60.0, 60), (99.0, 100), (0.0, 0)]
)
def test_a_total_is_told_on_its_own_side_of_a_border(score, told):
    """38 in the class up to 40 would otherwise be told as 40, where the next class begins."""
    assert beside_its_class(score) == told
    assert beside_its_class(39.0, borders=(38.0, 39.5)) == 40, "no step lies between these borders"


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
    missing = dataclasses.replace(fault, rule="missing-workbook")  # that there is none tells of no cell
    filtered = for_audience(dataclasses.replace(full, findings=(fault, own, difference, missing)))
    assert filtered.findings == (own, missing)


def test_an_audience_without_a_filter_gets_nothing(demo_workspace):
    assessment = wb.assess("urk")
    assert for_audience(assessment) is assessment


def test_a_legal_basis_can_release_the_police_cells(full):
    """Then everything that they make together comes with them."""
    released = for_audience(with_releases(full, municipality=("police_cells",)))
    assert set(released.judgements["party"]) == {"police", "municipality"}
    assert released.withheld == ()
    assert released.reasons == full.reasons


@pytest.mark.parametrize(
    ("releases", "said"),
    [
        ({"municipality": ("polise_cells",)}, "polise_cells bestaat niet; bedoelt u “police_cells”"),
        ({"municipality": ("alles",)}, "alles bestaat niet; het kan zijn: totals, group_scores, phenomena"),
        ({"gemeente": ("totals",)}, "gemeente is geen doelgroep"),
        ({"steering": ("police_cells",)}, "police_cells kan niet naar Driehoek en stuurgroep; wel: totals"),
        ({"public": ("totals",)}, "totals kan niet naar Raad en publiek; wel: niets"),
    ],
    ids=["a near miss", "no release", "no audience", "no cells to it", "nothing to it"],
)
def test_what_cannot_be_released_is_refused_whoever_asks(full, releases, said):
    with pytest.raises(LegalBasisError, match=said):
        for_audience(with_releases(full, **releases))


def test_each_release_tells_what_it_says_and_the_others_stay(full):
    """Beside the strict copy: the classes, the groups in steps, phenomena in two steps, which indicators weigh most."""
    copies = {
        one: for_audience(with_releases(full, municipality=(one,)))
        for one in ("totals", "group_scores", "phenomena", "reasons")
    }
    told = {
        "totals": lambda one: one.parks["class"].notna().all(),
        "group_scores": lambda one: one.groups["score"].notna().any(),
        "phenomena": lambda one: {sign.strength for sign in one.indications} == {"at_most_weak", "at_least_clear"},
        "reasons": lambda one: bool(one.reasons),
    }
    assert {(release, what) for release, copy in copies.items() for what, tells in told.items() if tells(copy)} == {
        (one, one) for one in told
    }
    assert copies["totals"].parks["class"].tolist() == full.parks["class"].tolist()
    assert (copies["group_scores"].groups["score"].dropna() % 5 == 0).all()
    assert copies["group_scores"].groups[["low", "high", "coverage", "contribution"]].isna().all(axis=None)
    clear = {(one.park_id, one.phenomenon) for one in full.indications if one.strength in ("clear", "strong")}
    told_clear = {
        (one.park_id, one.phenomenon) for one in copies["phenomena"].indications if one.strength == "at_least_clear"
    }
    assert told_clear == clear
    assert {(one.indicators, one.parties, one.source_strength) for one in copies["phenomena"].indications} == {
        ((), (), "")
    }
    assert {(one.party, one.level, one.contribution) for one in copies["reasons"].reasons} == {("", None, None)}


def test_partners_get_the_phenomena_of_their_task_only(full):
    """Of labour, waste and habitation, not of weapons; their rows are hidden, so also without the totals."""
    copy = with_releases(full, partners=("phenomena", "group_scores"))
    own = for_audience(
        dataclasses.replace(copy, parameters=copy.parameters.model_copy(update={"audience": "partners"}))
    )
    assert {one.phenomenon for one in own.indications} == set(wb.load_catalogue().audience("partners").tasks)
    assert own.parks[["score", "class", "rank"]].isna().all(axis=None)
    assert set(own.groups.dropna(subset="score")["group"]) == {"opportunity", "resilience_gap"}


@settings(max_examples=10)
@given(levels=st.lists(st.integers(1, 3), min_size=7, max_size=7), moved=st.floats(-2.4, 2.4), figure=st.floats(0, 100))
@pytest.mark.parametrize(
    "releases", [(), ("totals", "group_scores", "phenomena", "reasons", "plan")], ids=["strict", "released"]
)
def test_two_worlds_equal_in_what_the_receiver_knows_give_the_same_copy(full, releases, levels, moved, figure):
    """Whatever the police gave, and whatever follows from it beyond the released figures: not a byte differs.

    So the gate can be simulated by its receiver: it says, refuses and names nothing by what is hidden.
    """
    one, other = (with_releases(each, municipality=releases) for each in (full, elsewhere(full, levels, moved, figure)))
    assert for_audience(other).to_json() == for_audience(one).to_json()


def elsewhere(full, levels, moved, figure):
    """Another world with the same released figures: other police cells, and scores that lie in the same steps."""
    borders = full.parameters.method.class_borders

    def near(scores):
        other = scores + moved
        same = in_steps(other).eq(in_steps(scores)) & classify(other.clip(0, 100), borders).eq(
            classify(scores, borders)
        )
        return other.where(same, scores)

    judgements, parks, groups, given = full.judgements, full.parks, full.groups, itertools.cycle(levels)
    police = judgements["party"].eq("police") & judgements["level"].fillna(0).gt(0)
    judgements.loc[police, "level"] = [next(given) for _ in range(police.sum())]
    judgements.loc[judgements["party"].eq("police"), "date"] = "2001-01-01"
    return dataclasses.replace(
        full,
        indications=tuple(
            dataclasses.replace(one, parties=("police",), source_strength="C") for one in full.indications
        ),
        reasons=tuple(dataclasses.replace(one, party="police", contribution=figure) for one in full.reasons),
        differences=(),
        agreement=(),
        strong_signals=tuple(one for one in full.strong_signals if one.party != "police"),
        _judgements=judgements,
        _parks=parks.assign(
            score=near(parks["score"]), low=figure, high=figure, estimated=figure, p_first=figure / 100
        ),
        _groups=groups.assign(score=near(groups["score"]), low=figure, coverage=figure / 100, contribution=figure),
        _cells=full.cells.assign(level=float(next(given)), contribution=figure),
    )
