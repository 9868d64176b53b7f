"""The fictional district: plausible, known in parts, and with a truth to find again."""

import csv
import difflib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.demo.conftest import SEEDS
from werkbank.demo.fiction import REMARKS
from werkbank.demo.truth import MUNICIPALITIES, PARK_NAMES, nominal_scores
from werkbank.parks.geometry import Shape
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
PUBLIC_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FAMILY = {indicator.id: indicator.family for indicator in CATALOGUE.indicators}


@pytest.fixture(scope="module")
def district(districts):
    return districts[2018]


def test_there_are_77_parks_in_six_municipalities_of_the_known_sizes_and_codes(district):
    """The codes are the real ones, the names say that they are fictional."""
    parks, places = district.parks, MUNICIPALITIES
    sizes = parks["municipality"].value_counts()
    assert {place.slug: (place.code, int(sizes[place.slug])) for place in places} == {
        "almere": ("GM0034", 31),
        "lelystad": ("GM0995", 15),
        "noordoostpolder": ("GM0171", 13),
        "dronten": ("GM0303", 9),
        "zeewolde": ("GM0050", 5),
        "urk": ("GM0184", 4),
    }
    assert {place.name for place in places} == {f"{place.slug.capitalize()} (fictief)" for place in places}
    assert parks["park_id"].is_unique
    assert parks["name"].is_unique
    assert (parks["park_id"].iloc[0], parks["park_id"].iloc[-1]) == ("ALM-01", "ZEE-05")


def real_names():
    ibis = PUBLIC_DATA / "flevoland_ibis_2024.csv"
    cbs = PUBLIC_DATA / "flevoland_cbs_buurten_bedrijventerrein_2016_5m.geojson"
    if not (ibis.exists() and cbs.exists()):
        pytest.skip("de openbare registers staan niet naast dit project; ze horen er niet in")
    with ibis.open(encoding="utf-8") as lines:
        names = {row["naam"] for row in csv.DictReader(lines)}
    features = json.loads(cbs.read_text(encoding="utf-8"))["features"]
    return names | {feature["properties"]["naam"] for feature in features}


def plain(name):
    words = re.findall(r"[a-z]+", name.casefold())
    return "".join(word for word in words if word not in {"de", "het", "bedrijventerrein", "industrieterrein", "park"})


def test_no_park_has_a_name_that_is_or_resembles_a_real_one_in_the_province():
    real = {plain(name) for name in real_names()} - {""}
    assert len(real) > 100
    near = {
        (invented, name)
        for invented in PARK_NAMES
        for name in real
        if difflib.SequenceMatcher(None, plain(invented), name).ratio() >= 0.75 or plain(invented) in name
    }
    assert near == set()


def test_every_round_has_one_row_per_park_indicator_and_party_with_the_agreed_types(district):
    for name in district.rounds:
        cells = district.judgements(name)
        assert len(cells) == 77 * 35 * 2
        assert not cells.duplicated(["park_id", "indicator", "party"]).any()
        assert cells.dtypes.astype(str).to_dict() == {
            **dict.fromkeys(("park_id", "indicator", "party", "state", "remark", "source_strength"), "str"),
            "level": "Int8",
            "date": "datetime64[s]",
        }
        assert (cells["level"].notna() == (cells["state"] == "level")).all()
        assert set(cells["state"]) == {"level", "unknown", "not_applicable", "open"}


@pytest.mark.parametrize("seed", SEEDS)
def test_most_threats_are_absent_and_each_party_leaves_unknown_what_the_other_is_placed_to_see(districts, seed):
    cells = districts[seed].judgements("2026-1")
    threats = cells[cells["indicator"].map(FAMILY) == "threat"]
    shares = threats["level"].dropna().astype(int).value_counts(normalize=True)
    assert 0.6 < shares[0] < 0.88
    assert shares[0] > shares[1] > shares[2] > shares[3] > 0.004
    judge = cells["indicator"].map({each.id: each.best_judge for each in CATALOGUE.indicators})
    unknown = cells["state"] == "unknown"
    for party, other in (("police", "municipality"), ("municipality", "police")):
        own = unknown[(cells["party"] == party) & (judge == party)].mean()
        foreign = unknown[(cells["party"] == party) & (judge == other)].mean()
        assert own < 0.2
        assert foreign > 0.4
    assert 0.001 < (cells["state"] == "open").mean() < 0.02
    assert 0.003 < (cells["state"] == "not_applicable").mean() < 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_nearly_all_is_known_to_somebody_but_for_the_planted_blind_spots(districts, seed):
    """The share of a park's cells that apply in which at least one party gives a level."""
    for name in districts[seed].rounds[1:]:
        cells = districts[seed].judgements(name)
        states = cells["state"].groupby([cells["park_id"], cells["indicator"]]).agg(set)
        assert not any({"level", "not_applicable"} <= both for both in states), "one says that it does not apply"
        known = states.map(lambda both: "level" in both)
        coverage = known[known | ~states.map(lambda both: "not_applicable" in both)].groupby("park_id").mean()
        blind = list(districts[seed].truth.blind_spots[name])
        assert 1 <= len(blind) <= 2
        assert (coverage[blind] < 0.6).all()
        assert (coverage.drop(blind) >= 2 / 3).all()
        assert (coverage >= 0.75).mean() > 0.9
        assert not set(blind) & set(districts[seed].truth.planted.values())


def test_the_planted_park_stands_out_without_being_absurd(districts):
    """That an analysis finds it is in tests/test_planted.py."""
    for district in districts.values():
        truth = district.truth
        totals = nominal_scores(truth.levels["2026-1"], truth.applicable, CATALOGUE)
        leaders = totals[[truth.park_ids.index(park_id) for park_id in truth.planted.values()]]
        assert np.median(totals) < leaders.min() <= leaders.max() < 75


def test_the_second_round_knows_more_and_judges_some_cells_differently(districts):
    for district in districts.values():
        before, after = (district.judgements(name) for name in district.rounds[1:])
        was, now = (frame["state"] == "level" for frame in (before, after))
        assert now.mean() > was.mean() + 0.02
        assert 0.03 < (before["level"] != after["level"])[was & now].mean() < 0.2


def test_planted_changes_go_the_way_they_say_and_levels_of_one_park_go_together(districts):
    difference, correlations = [], []
    for district in districts.values():
        truth, columns = district.truth, [FAMILY[code] == "threat" for code in district.truth.indicators]
        before, after = (truth.levels[name][:, columns].astype(float) for name in district.rounds[1:])
        rows = {park_id: truth.park_ids.index(park_id) for park_id in truth.changes}
        difference += [way * (after - before)[rows[park_id]].sum() for park_id, way in truth.changes.items()]
        correlations.append(np.nanmean(np.corrcoef(after.T)[np.triu_indices(sum(columns), 1)]))
    assert np.mean(difference) > 1
    assert 0.1 < np.mean(correlations) < 0.6


def test_remarks_are_from_a_short_list_that_names_nobody_and_strength_comes_with_a_date_beside_a_level(district):
    texts = {text for texts in REMARKS.values() for text in texts}
    assert not [text for text in texts if re.search(r"\d|@|[A-Z]", text[1:])]
    for name in district.rounds:
        cells = district.judgements(name)
        remarks, given = set(cells["remark"]) - {""}, cells["source_strength"] != ""
        assert remarks <= texts
        assert len(remarks) > 10
        assert set(cells["source_strength"]) == {"", "A", "B", "C"}
        assert (given == cells["date"].notna()).all()
        assert (cells.loc[given, "level"] >= 1).all()
        assert cells["date"].max() <= pd.Timestamp(f"{name[:4]}-02-01")


def test_every_park_lies_inside_its_municipality_and_neighbours_share_their_border_point_for_point(districts, district):
    for each in districts.values():
        for park in each.parks.itertuples():
            ring = each.polygons[park.park_id]
            assert ring[0] == ring[-1]
            border = Shape(((np.array(each.borders[park.municipality]),),))
            assert border.contains(np.array([[park.longitude, park.latitude]])).all()
    almere, zeewolde, lelystad = (set(district.borders[slug]) for slug in ("almere", "zeewolde", "lelystad"))
    assert len(almere & zeewolde) > 20
    assert len(zeewolde & lelystad) > 10
