"""The case that showed it, on real workbooks: who honestly says "onbekend" does not lose the worst park from the advice."""

import re

import openpyxl
import pytest

import werkbank as wb
from werkbank.wording import number


def say_unknown(workspace, park):
    """Writes "onbekend" over every nought of a threat that any party filled in of this park; how many."""
    folder, catalogue = workspace / "data" / "matrices" / "2026-1", wb.load_catalogue()
    matrix = wb.load_matrix(folder, catalogue, wb.load_parks(workspace / "data" / "parks.csv"), round="2026-1")
    threats = {one.id for one in catalogue.threats}
    rows = matrix.judgements.query("park_id == @park and state == 'level' and level == 0")
    places = [matrix.place_of(park, row.indicator, row.party) for row in rows.itertuples() if row.indicator in threats]
    for file in {place.file for place in places}:
        book = openpyxl.load_workbook(folder / file)
        for place in places:
            if place.file == file:
                book[place.sheet][place.cell] = "onbekend"
        book.save(folder / file)
    return len(places)


@pytest.mark.parametrize("slug", ["urk", "dronten"])
def test_honest_unknown_does_not_remove_the_worst_park_and_the_sentence_says_what_is_not_known(own_workspace, slug):
    before = wb.assess(slug)
    worst = before.parks.sort_values("rank")["park_id"].iloc[0]
    assert worst in before.advice.park_ids
    assert say_unknown(own_workspace, worst) > 3
    after = wb.assess(slug)
    row = after.parks.set_index("park_id").loc[worst]
    cells = after.cells.query("park_id == @worst and applicable")
    assert after.advice.park_ids == before.advice.park_ids
    assert (row["unknown"], row["asked"]) == ((~cells["known"]).sum(), len(cells))
    assert row["unknown"] > before.parks.set_index("park_id").loc[worst, "unknown"]
    assert row["low"] < row["score"] < row["high"]
    # Told behind the name of the park, between brackets.
    told = re.search(rf"{re.escape(row['name'])} \(([^)]*)\)", after.advice.sentence)[1]
    assert f"{row['unknown']} van de {row['asked']} vragen zijn bij geen enkele partij bekend" in told
    assert f"{number(row['estimated'], 1)} " in told
    assert ("grotendeels geschat" in told) == row["mostly_estimated"]


def test_the_park_that_is_planted_as_unknown_is_a_blind_spot_and_little_known_is_never_no_cause(assessed):
    """Over two municipalities of the demo; less than two thirds of the weight of what is asked of threats."""
    catalogue, little = wb.load_catalogue(), 0
    weight = {one.id: one.weight * one.severity for one in catalogue.threats}
    level = {code: catalogue.high_level(code) for code in weight}
    for slug in ("almere", "dronten"):
        parks, cells = assessed(slug).parks.set_index("park_id"), assessed(slug).cells
        cells = cells[cells["applicable"] & cells["indicator"].isin(weight)]
        cells = cells.assign(weight=cells["indicator"].map(weight))
        known = cells[cells["known"]].groupby("park_id")["weight"].sum().reindex(parks.index, fill_value=0)
        share = known / cells.groupby("park_id")["weight"].sum()
        below = parks.loc[share < 2 / 3 - 1e-9, "action"]
        little += len(below)
        assert set(below) <= {"advised", "blind_spot"}
        if slug == "almere":
            assert parks.loc["ALM-26", "action"] == "blind_spot"
            assert parks.loc["ALM-26", "mostly_estimated"]
        # What the actions promise of who has no cause: no party saw a high level there.
        quiet = set(parks.index[parks["action"] == "no_cause"])
        judged = assessed(slug).judgements
        judged = judged[(judged["state"] == "level") & judged["park_id"].isin(quiet)]
        high = judged["indicator"].isin(weight) & (judged["level"] >= judged["indicator"].map(level))
        assert not high.any()
    assert little
