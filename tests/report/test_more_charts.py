"""What the charts of certainty, position, parks and map show, and what they leave out for who may not see it."""

import json
import re
import shutil
from dataclasses import replace

import altair as alt
import pytest
from altair.utils import schemapi

import werkbank as wb
from tests.report.test_charts import rows
from werkbank.report.charts_map import GRID, places_of
from werkbank.report.figure import Figure

NAMES = ("park_map", "quadrant", "rank_intervals", "rank_acceptability", "contributions", "differences")
KEYS = {
    "park_map": {"park", "code", "rank", "told", "class", "fill", "ink", "advised", "tip", "x", "y", "line", "n"},
    "quadrant": {"park", "code", "known", "score", "low", "high", "sign", "scored", "advised", "tip", "told", "side"},
    "rank_intervals": {"park", "code", "rank", "low", "high", "told", "kind"},
    "rank_acceptability": {"park", "code", "place", "told", "fill", "ink"},
    "contributions": {"park", "code", "place", "name", "level", "family", "points", "told"},
    "differences": {"code", "place", "name", "low", "high", "party", "level", "told"},
}


@pytest.fixture(scope="module")
def own(demo_workspace, assessed):
    """Urk as its municipality gets it."""
    return assessed("urk", "municipality")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_a_chart_is_valid_holds_chosen_columns_and_explains_itself(name, slug, request):
    figure = getattr(wb.report, name)(request.getfixturevalue(slug))
    assert alt.Chart.from_dict(figure.spec)
    assert json.loads(json.dumps(figure.spec, allow_nan=False)) == figure.spec
    assert {key for row in rows(figure.spec) for key in row} <= KEYS[name]
    assert len(figure.description) > 60
    assert len(figure.caption) > 60
    heads, *body = figure.table
    assert body
    assert all(len(row) == len(heads) for row in body)
    assert len(figure.codes) == len(body)


@pytest.mark.parametrize("name", [*NAMES, "ranking", "profiles"])
def test_altair_looks_for_no_class_and_checks_no_part_and_checks_again_for_who_comes_after(urk, name, monkeypatch):
    def searching(*_):
        raise AssertionError("altair tries its classes one by one")

    checked = []
    monkeypatch.setattr(schemapi, "_FromDict", searching)
    monkeypatch.setattr(schemapi.SchemaBase, "validate", lambda *_: checked.append(name))
    assert getattr(wb.report, name)(urk).spec["datasets"]
    assert not checked
    assert schemapi.DEBUG_MODE


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_follows_the_chosen_park(urk, name):
    spec = getattr(wb.report, name)(urk).spec
    (chosen,) = [one for one in spec["params"] if one["name"] == "chosen"]
    assert chosen["value"] in {"", *urk.parks["park_id"]}
    assert "datum.code === chosen" in json.dumps(spec)


@pytest.mark.parametrize("name", ["rank_intervals", "rank_acceptability", "contributions", "differences"])
def test_who_may_not_see_it_gets_no_chart_and_no_sentence_that_leads_to_it(own, executed, name):
    assert getattr(wb.report, name)(own).html == ""
    html = wb.report.render_html(executed(own), own)
    assert "hoe vaak elk terrein op welke plaats komt" not in html
    assert "voor één terrein tegelijk" not in html


def test_the_parts_of_a_score_add_up_to_it(almere):
    """Every park's bars together are its total, to the rounding of each bar."""
    bars = {
        (row["code"], row["place"]): row["points"]
        for row in rows(wb.report.contributions(almere).spec)
        if "points" in row
    }
    parts = {}
    for (code, _), points in bars.items():
        parts[code] = parts.get(code, 0) + points
    scores = almere.parks.set_index("park_id")["score"].dropna()
    assert set(parts) == set(scores.index)
    assert all(parts[code] == pytest.approx(score, abs=0.05) for code, score in scores.items())


def test_the_places_of_a_park_are_those_of_the_recalculations(urk):
    shares = urk.ranks.set_index(["park_id", "rank"])["share"]
    for row in rows(wb.report.rank_acceptability(urk).spec):
        share = shares[row["code"], row["place"]]
        assert row["told"] == (">99" if 0.995 <= share < 1 else f"{share * 100:.0f}")


def test_a_place_a_park_nearly_always_has_is_not_called_always(urk):
    """100 in a cell is all of the recalculations, not 99.6 percent of them."""
    first = urk.advice.park_ids[0]
    nearly = urk.ranks.iloc[:0].reindex(range(2))
    nearly = nearly.assign(park_id=first, rank=[1, 2], share=[0.996, 0.004])
    told = [row["told"] for row in rows(wb.report.rank_acceptability(replace(urk, _ranks=nearly)).spec)]
    assert told == [">99"]


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


def test_a_park_without_a_score_is_a_question_mark_between_its_bounds(almere):
    unscored = almere.parks[almere.parks["score"].isna()]["park_id"].tolist()
    found = [row for row in rows(wb.report.quadrant(almere).spec) if row.get("scored") is False]
    assert {row["code"] for row in found} == set(unscored)
    assert all(row["low"] < row["score"] < row["high"] for row in found)


@pytest.fixture
def workspace(demo_workspace, tmp_path, monkeypatch):
    """A workspace of the test's own."""
    folder = tmp_path / "w"
    for name in ("parameters", "data"):
        shutil.copytree(demo_workspace / name, folder / name)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(folder))
    return folder


def test_the_map_shows_every_park_on_its_place(urk):
    """North is up and east is right, as in the register."""
    register = wb.load_parks(wb.load_parameters("urk").data / "parks.csv").set_index("park_id")
    spots = places_of(urk).spots
    assert set(spots) == set(urk.parks["park_id"])
    west, east = register.loc[list(spots), "longitude"].idxmin(), register.loc[list(spots), "longitude"].idxmax()
    south, north = register.loc[list(spots), "latitude"].idxmin(), register.loc[list(spots), "latitude"].idxmax()
    assert spots[west][0] < spots[east][0]
    assert spots[south][1] < spots[north][1]


def test_without_a_map_the_places_of_the_register_are_enough(workspace, urk):
    for name in ("parks.geojson", "municipalities.geojson"):
        (workspace / "data" / name).unlink()
    assert places_of(urk).outlines == ()
    assert wb.report.park_map(urk).description.startswith("Kaart")


@pytest.mark.parametrize("broken", [False, True])
def test_without_any_place_there_is_a_tile_for_every_park(workspace, urk, broken):
    """Also when a map cannot be read: that is found where the register is checked."""
    data = workspace / "data"
    parks = (data / "parks.csv").read_text(encoding="utf-8")
    (data / "parks.csv").write_text(re.sub(r"(?m)(,[^,\n]*){2}$", "", parks), encoding="utf-8")
    if broken:
        (data / "parks.geojson").write_text("{", encoding="utf-8")
    else:
        (data / "parks.geojson").unlink()
    figure = wb.report.park_map(urk)
    assert isinstance(figure, Figure)
    assert "er is geen kaart in de gegevensmap" in figure.caption
    assert [row["code"] for row in rows(figure.spec)] == list(figure.codes)


def test_a_map_drawn_in_great_detail_is_made_coarse(workspace, urk):
    """A border of 60,000 corners is what some sources give; a page holds no more than a screen shows."""
    path = workspace / "data" / "municipalities.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    feature = next(one for one in data["features"] if one["properties"]["code"] == "GM0184")
    ring = feature["geometry"]["coordinates"][0]
    fine = [
        [a[0] + (b[0] - a[0]) * n / 1000, a[1] + (b[1] - a[1]) * n / 1000]
        for a, b in zip(ring, ring[1:], strict=False)
        for n in range(1000)
    ]
    feature["geometry"]["coordinates"] = [[*fine, ring[0]]]
    path.write_text(json.dumps(data), encoding="utf-8")
    corners = sum(len(one.corners) for one in places_of(urk).outlines)
    assert len(fine) > 30_000
    assert corners < 5 * GRID


def test_the_direction_names_measures_that_answer_high_indicators_and_keeps_them_from_others(urk, own):
    html = wb.report.direction(urk).html
    assert "Integrale handhaving" in html
    assert "antwoord op V" in html
    assert "geen plan" in html
    assert wb.report.direction(own).html.count("<li>") == 0
    assert "niet in dit exemplaar" in wb.report.direction(own).html


def test_the_occasion_says_who_filled_in_and_what_is_not_said(urk, own):
    for one in (urk, own):
        html = wb.report.occasion(one).html
        assert "de politie en de gemeente" in html or "de gemeente en de politie" in html
        assert "niet over een bedrijf of persoon" in html
