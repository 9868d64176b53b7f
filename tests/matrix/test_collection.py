"""The state of collection: every cell is counted once, in its state; what did not come is open."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from werkbank.matrix.returns import COUNTS, collection_state, filled_text

from tests.matrix.conftest import PARKS, ROUND

EXPECTED = [("urk", "police"), ("urk", "municipality"), ("almere", "police")]


@pytest.fixture
def state(workbook, load, catalogue):
    matrix = load(workbook(name="urk_politie.xlsx"))
    return collection_state(matrix, catalogue, PARKS, round=ROUND, expected=EXPECTED)


def row(table, **key):
    (found,) = table[(table[list(key)] == pd.Series(key)).all(axis=1)].to_dict("records")
    return found


def test_each_municipality_party_and_family_has_its_row(state, catalogue):
    families = [family.id for family in catalogue.families]
    rows = list(zip(state.table["municipality"], state.table["party"], state.table["family"], strict=True))
    assert rows == [(*supplier, family) for supplier in EXPECTED for family in families]


def test_the_states_of_what_was_delivered_are_counted_as_they_were_filled_in(state, workbook, load, catalogue):
    """A hand count of the judgements, family by family: known is a level, and the four add up to all cells."""
    frame = load(workbook(name="urk_politie.xlsx")).judgements
    for family in catalogue.families:
        own = frame[frame["indicator"].isin([one.id for one in catalogue.by_family(family.id)])]
        found = row(state.table, municipality="urk", party="police", family=family.id)
        assert found["known"] == (own["state"] == "level").sum() > 0
        assert [found[name] for name in COUNTS[1:]] == [(own["state"] == name).sum() for name in COUNTS[1:]]
        assert sum(found[name] for name in COUNTS) == found["cells"] == len(own)
        assert found["share_filled"] == pytest.approx(1 - (own["state"] == "open").sum() / len(own))
        assert found["file"] == "urk_politie.xlsx"
        assert found["delivered"]


def test_what_did_not_come_is_wholly_open(state):
    """Two parks in Almere, three in Urk: every cell of theirs is open, and none is known."""
    for municipality, party, parks in (("urk", "municipality", 3), ("almere", "police", 2)):
        own = state.table[(state.table["municipality"] == municipality) & (state.table["party"] == party)]
        assert own["open"].sum() == own["cells"].sum() == parks * 35
        assert not own[["known", "unknown", "not_applicable"]].to_numpy().any()
        assert set(own["share_filled"]) == {0.0}
        assert not own["delivered"].any()
    assert state.missing == (("urk", "municipality"), ("almere", "police"))
    assert state.delivered == (("urk", "police"),)


def test_a_return_that_could_not_be_read_is_neither_delivered_nor_missing(catalogue):
    state = collection_state(
        None, catalogue, PARKS, round=ROUND, expected=EXPECTED, received={("urk", "police"): "urk_politie.xls"}
    )
    assert state.refused == (("urk", "police"),)
    assert state.missing == (("urk", "municipality"), ("almere", "police"))
    assert state.delivered == ()
    assert set(state.table["open"] - state.table["cells"]) == {0}
    assert str(state) == f"Ronde {ROUND}: geen risicomatrices gelezen, 1 geweigerd en 2 nog niet aangeleverd"


def test_sums_over_parties_and_families_are_those_of_the_rows(state):
    for keys in (["party"], ["family"], ["municipality", "party"]):
        sums = state.by(*keys)
        for name in ("cells", *COUNTS):
            assert sums[name].sum() == state.table[name].sum()
        assert (sums["share_filled"] == 1 - sums["open"] / sums["cells"]).all()


def test_it_is_frozen_and_hands_out_copies(state):
    table = state.table
    table["open"] = -1
    assert (state.table["open"] >= 0).all()
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.round = "x"


def test_it_says_itself_in_one_line_and_holds_no_level(state):
    assert str(state) == f"Ronde {ROUND}: 1 risicomatrix gelezen en 2 nog niet aangeleverd"
    assert "level" not in state.table.columns
    assert "urk_politie.xlsx" in state._repr_html_()


def test_a_municipality_without_parks_has_no_share(catalogue):
    state = collection_state(None, catalogue, PARKS, round=ROUND, expected=[("dronten", "police")])
    assert state.table["share_filled"].isna().all()
    assert state.table["cells"].sum() == 0


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100%"), (0.9999, "99%"), (0.5, "50%"), (0.0001, "1%"), (0.0, "0%"), (None, "–"), (float("nan"), "–")],
)
def test_only_what_is_complete_is_called_complete(share, text):
    """Five open cells of 1,085 are 99.5 %; rounded that would be a lie."""
    assert filled_text(share) == text
