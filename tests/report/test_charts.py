"""Charts hold names and numbers only, explain themselves, and leave out what a reader may not see."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import altair as alt
import numpy as np
import pytest
from altair.utils import schemapi

import werkbank as wb
from tests.plain_notebooks import analysis
from werkbank.report.charts_map import GRID, places_of

KEYS = {
    "ranking": {"park", "code", "score", "low", "high", "known", "hollow", "told", "kind", "x", "up"},
    "profiles": {"park", "code", "group", "score", "low", "high", "told"},
    "park_map": {"park", "code", "rank", "class", "ink", "advised", "tip", "x", "y", "line", "n"},
    "quadrant": {"park", "code", "known", "base", "score", "low", "high", "sign", "filled", "advised", "tip"},
    "rank_intervals": {"park", "code", "rank", "low", "high", "told", "kind"},
    "contributions": {"park", "code", "place", "name", "level", "family", "points", "told"},
    "differences": {"park", "code", "place", "name", "low", "high", "party", "level", "told"},
}
WITHHELD = ("rank_intervals", "contributions", "differences")


def rows(spec):
    """Every row of data that a spec holds."""
    return [row for values in spec["datasets"].values() for row in values]


@pytest.mark.parametrize("name", KEYS)
def test_a_chart_is_valid_holds_chosen_columns_explains_itself_and_follows_the_chosen_park(name, almere):
    figure = getattr(wb.report, name)(almere)
    assert alt.Chart.from_dict(figure.spec)
    assert json.loads(json.dumps(figure.spec, allow_nan=False)) == figure.spec
    assert {key for row in rows(figure.spec) for key in row} <= KEYS[name]
    assert '"data": {"values"' not in json.dumps(figure.spec), "rows stand in the datasets, where `rows` looks"
    assert min(len(figure.description), len(figure.caption)) > 60
    heads, *body = figure.table
    assert {len(row) for row in body} == {len(heads)}
    assert len(figure.codes) == len(body)
    (chosen,) = [one for one in figure.spec["params"] if one["name"] == "chosen"]
    assert chosen["value"] in {"", *figure.codes}
    assert "datum.code === chosen" in json.dumps(figure.spec)


@pytest.mark.parametrize("name", KEYS)
def test_altair_looks_for_no_class_and_checks_no_part_and_checks_again_for_who_comes_after(urk, name, monkeypatch):
    def searching(*_):
        raise AssertionError("altair tries its classes one by one")

    checked = []
    monkeypatch.setattr(schemapi, "_FromDict", searching)
    monkeypatch.setattr(schemapi.SchemaBase, "validate", lambda *_: checked.append(name))
    assert getattr(wb.report, name)(urk).spec["datasets"]
    assert not checked
    assert schemapi.DEBUG_MODE


@pytest.mark.parametrize("name", WITHHELD)
def test_who_may_not_see_it_gets_no_chart_and_no_sentence_that_leads_to_it(own, name):
    assert getattr(wb.report, name)(own).html == ""
    html = analysis(own)
    assert "als zekere of onzekere plek in de rij" not in html
    assert "voor één terrein tegelijk" not in html


def test_a_score_that_is_mostly_estimated_is_a_hollow_mark_with_the_estimated_part_before_it(almere):
    parks = almere.parks.set_index("park_id")
    for row in (row for row in rows(wb.report.ranking(almere).spec) if "hollow" in row):
        park = parks.loc[row["code"]]
        assert row["hollow"] == park["mostly_estimated"]
        assert row["known"] == pytest.approx(park["score"] - park["estimated"])
        assert row["low"] <= row["score"] <= row["high"]
    told = {row["code"]: row["filled"] for row in rows(wb.report.quadrant(almere).spec) if "filled" in row}
    assert told == {code: 0 if park["mostly_estimated"] else 1 for code, park in parks.iterrows()}
    assert set(told.values()) == {0, 1}
    hollow = re.findall(r'<path[^>]*fill-opacity="0"[^>]*>', wb.report.quadrant(almere).svg)
    assert len(hollow) == sum(parks["mostly_estimated"])
    assert all(re.search('stroke="#', mark) for mark in hollow), "without an edge nothing of it is to be seen"


def test_the_words_of_the_ranking_explain_what_its_reader_sees_in_it(urk, own):
    told = [f"{one.caption} {one.description}" for one in map(wb.report.ranking, (urk, own))]
    for words in ("Het gele deel", "De lijn laat zien", "met de grenzen"):
        assert [words in one for one in told] == [True, False]


def test_no_scores_at_all_and_two_parks_of_one_name_are_still_a_chart(urk):
    nothing = urk.parks.assign(score=float("nan"), rank=None, **{"class": None})
    empty = replace(urk, _parks=nothing, advice=replace(urk.advice, park_ids=()))
    assert wb.report.ranking(empty).svg.startswith("<svg")
    same = replace(urk, _parks=urk.parks.assign(name="Zuid"))
    assert len({row["park"] for row in rows(wb.report.ranking(same).spec) if "park" in row}) == 4
    assert wb.report.ranking(urk).spec["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize("name", ["ranking", "profiles"])
def test_every_figure_of_an_axis_stands_below_its_own_line(urk, name):
    """Left to itself the renderer moves the first and last figure inwards, so that they do not stick out."""
    drawn = getattr(wb.report, name)(urk).svg
    lines = {float(at) for at in re.findall(r'transform="translate\(([\d.]+),-?[\d.]+\)" x2="0" y2="-?\d+"', drawn)}
    labels = re.findall(r'text-anchor="(\w+)" transform="translate\(([\d.]+),[\d.]+\)"[^>]*>(0|100)<', drawn)
    assert {label for _, _, label in labels} == {"0", "100"}
    assert all(anchor == "middle" and float(at) in lines for anchor, at, _ in labels)


def test_the_differences_are_the_levels_that_the_parties_gave(urk):
    judged = urk.judgements[urk.judgements["state"] == "level"].set_index(["park_id", "indicator", "party"])["level"]
    names = {"politie": "police", "gemeente": "municipality"}
    shown = [row for row in rows(wb.report.differences(urk).spec) if "party" in row]
    assert shown
    for row in shown:
        code = row["name"].split()[0]
        assert row["level"] == judged[row["code"], code, names[row["party"]]]
        others = {judged.get((row["code"], code, party)) for party in names.values()}
        assert len(others) == 2


def test_the_map_shows_every_park_on_its_place(urk):
    """North is up and east is right, as in the register."""
    register = wb.load_parks(wb.load_parameters("urk").data / "parks.csv").set_index("park_id")
    spots = places_of(urk).spots
    assert set(spots) == set(urk.parks["park_id"])
    for axis, name in enumerate(("longitude", "latitude")):
        own = register.loc[list(spots), name]
        assert spots[own.idxmin()][axis] < spots[own.idxmax()][axis]


def test_without_a_map_the_places_of_the_register_are_enough(own_workspace, urk):
    for name in ("parks.geojson", "municipalities.geojson"):
        (own_workspace / "data" / name).unlink()
    assert places_of(urk).outlines == ()
    assert wb.report.park_map(urk).description.startswith("Kaart")


@pytest.mark.parametrize("broken", [False, True])
def test_without_any_place_there_is_no_map_and_no_sentence_that_leads_to_it(own_workspace, urk, broken):
    """Also when a map cannot be read: that is found where the register is checked."""
    data = own_workspace / "data"
    parks = (data / "parks.csv").read_text(encoding="utf-8")
    (data / "parks.csv").write_text(re.sub(r"(?m)(,[^,\n]*){2}$", "", parks), encoding="utf-8")
    if broken:
        (data / "parks.geojson").write_text("{", encoding="utf-8")
    else:
        (data / "parks.geojson").unlink()
    assert wb.report.park_map(urk).html == ""
    assert "1 is de hoogste score" not in analysis(urk)


def test_a_map_drawn_in_great_detail_is_made_coarse(own_workspace, urk):
    """A border of 60,000 corners is what some sources give; a page holds no more than a screen shows."""
    path = own_workspace / "data" / "municipalities.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    feature = next(one for one in data["features"] if one["properties"]["code"] == "GM0184")
    ring = feature["geometry"]["coordinates"][0]
    fine = np.concatenate([np.linspace(*pair, 1000, endpoint=False) for pair in pairwise(ring)]).tolist()
    feature["geometry"]["coordinates"] = [[*fine, ring[0]]]
    path.write_text(json.dumps(data), encoding="utf-8")
    corners = sum(len(corners) for _, corners in places_of(urk).outlines)
    assert len(fine) > 30_000
    assert corners < 5 * GRID


def test_the_direction_names_measures_for_high_indicators_and_keeps_them_from_others(urk, own):
    """The occasion says to every reader who filled in, and what is not said."""
    html = wb.report.direction(urk).html
    assert "Integrale handhaving" in html
    assert "antwoord op V" in html
    assert "geen plan" in html
    assert wb.report.direction(own).html.count("<li>") == 0
    assert "niet in dit exemplaar" in wb.report.direction(own).html
    for one in (urk, own):
        html = wb.report.occasion(one).html
        assert "de politie en de gemeente" in html or "de gemeente en de politie" in html
        assert "niet over een bedrijf of persoon" in html
