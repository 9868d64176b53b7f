"""Real exports of IBIS load with their oddities as findings; the files stand beside the project and are never in it."""

import shutil
from pathlib import Path

import pytest
from werkbank.parks.ibis import write_starter_mapping

from tests.parks.park_files import rules
from werkbank.parks.register import load_parks, read_parks

DATA = Path(__file__).parents[3] / "shared" / "data"
FLEVOLAND, RIJSSEN = "flevoland_ibis_2024.csv", "rijssen_holten_ibis_2017.geojson"
BORDERS, PLACES = "nl_gemeenten_2023.geojson", "flevoland_cbs_buurten_bedrijventerrein_2016_5m.geojson"
WRONGLY_KEYED = {
    "242023002": "Dronten",
    "242021001": "Zeewolde",
    "242019001": "Almere",
    "242020002": "Urk",
}
"""HANZEKWARTIER, TREKKERSVELD IV, HET AMBACHT (NOBELHORST), PORT OF URK; with where they look to belong."""

pytestmark = pytest.mark.skipif(
    not all((DATA / name).is_file() for name in (FLEVOLAND, RIJSSEN, BORDERS, PLACES)),
    reason="de openbare registers staan niet in ../shared/data naast het project",
)


@pytest.fixture
def beside(tmp_path):
    """Copies a register into a folder, with files of the given names beside it."""

    def copy(name, **others):
        shutil.copy(DATA / name, tmp_path / name)
        for target, source in others.items():
            shutil.copy(DATA / source, tmp_path / target.replace("__", "."))
        return tmp_path / name

    return copy


def doubted(register):
    """Park → the municipality it may belong to."""
    told = {one.park_id: one.found for one in register.findings if one.rule == "other-municipality"}
    return {park: text.partition("mogelijk bij ")[2].partition(":")[0] for park, text in told.items()}


def test_flevoland_loads_whole_and_nothing_in_it_is_an_error(beside):
    parks = load_parks(beside(FLEVOLAND))
    assert len(parks) == 110
    assert parks["municipality"].value_counts().to_dict() == {
        "almere": 31, "dronten": 12, "lelystad": 21, "noordoostpolder": 27, "urk": 8, "zeewolde": 11,
    }  # fmt: skip
    assert parks["net_ha"].sum() == pytest.approx(2613.2)


def test_of_the_four_wrongly_keyed_rows_two_are_found_by_the_names_alone(beside):
    """The other two need to know where Hanzekwartier and Nobelhorst are; nothing in the file tells."""
    register = read_parks(beside(FLEVOLAND))
    assert doubted(register) == {park: WRONGLY_KEYED[park] for park in ("242021001", "242020002")}
    assert rules(register.findings).count("no-area") == 1
    assert len(register.findings) == 3


def test_with_a_list_of_places_beside_it_all_four_are_found_and_no_other(beside):
    register = read_parks(beside(FLEVOLAND, municipalities__geojson=BORDERS, places__geojson=PLACES))
    assert doubted(register) == WRONGLY_KEYED
    assert len(register.findings) == 5


def test_rijssen_loads_with_every_oddity_named(beside):
    register = read_parks(beside(RIJSSEN, municipalities__geojson=BORDERS))
    assert {rule: rules(register.findings).count(rule) for rule in rules(register.findings)} == {
        "numbers-as-text": 1,
        "square-metres": 1,
        "broken-year": 5,
        "doubled-rin": 1,
        "municipality-from-map": 1,
    }
    assert not register.errors
    parks = register.parks.set_index("park_id")
    assert len(parks) == 20
    assert set(parks["municipality"]) == {"rijssen-holten"}
    assert parks.loc["130060", "net_ha"] == pytest.approx(0.7923)
    assert len(register.shapes["130060"].polygons) == 3
    assert parks.loc["3868", "year"] == 1950


def test_the_areas_on_the_map_of_rijssen_are_those_of_the_register(beside):
    """Our flat plane against the surveyors' figures: never more than one per cent apart."""
    register = read_parks(beside(RIJSSEN))
    gross = register.parks.set_index("park_id")["gross_ha"]
    assert max(abs(register.shapes[park].hectares / gross[park] - 1) for park in gross.index) < 0.01


def test_without_borders_rijssen_loads_and_says_what_it_lacks(beside):
    register = read_parks(beside(RIJSSEN))
    assert set(register.parks["municipality"]) == {"onbekend"}
    assert rules(register.findings, "warning") == ["doubled-rin", "municipality-unknown"]


def test_a_starter_mapping_of_flevoland_groups_the_phases(beside):
    path = beside(FLEVOLAND)
    write_starter_mapping(read_parks(path), path.with_name("park_mapping.csv"))
    merged = read_parks(path).parks.set_index("park_id")
    assert len(merged) == 96
    assert merged.loc["urk-zwolsehoek", "ibis_rin"].split() == ["4604", "215009", "215017", "725", "215025"]
    assert merged.loc["almere-de-vaart", "net_ha"] == pytest.approx(144.5 + 80.2)
    assert merged["net_ha"].sum() == pytest.approx(2613.2)
