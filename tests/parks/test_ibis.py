"""IBIS loads in its three shapes, strictly; rows become the district's own parks by a mapping that a person made."""

import shutil
from pathlib import Path

import pytest

from tests.parks.park_files import MUNICIPALITIES, MUNICIPALITIES_CSV, collection, feature, polygon, rules, square
from werkbank.errors import OutputError, RegisterError
from werkbank.parks.ibis import write_parks, write_starter_mapping
from werkbank.parks.register import load_parks, read_parks

DATA = Path(__file__).parents[3] / "shared" / "data"
SERVICE = "RIN_NUMMER,JAAR,PLAN_NAAM,GEM_CODES,HA_BRUTO,HA_NETTO,HA_UITGEEF,TYPE\n"
TABLE = """rin,naam,gemeentecode,gemeente,jaar,ha_bruto,ha_netto
1,"VELD I,II",GM9001,Westdorp,2024,20,10.1
2,VELD III,GM9001,Westdorp,2024,12,8.2
3,KADE,GM9002,'s-Oostdam,2024,5,4
4,PAD,GM9002,'s-Oostdam,2024,0.5,0.4
"""
MAPPING = "rin,park_id,name,municipality\n1,W-1,Het Veld,\n2,W-1,Veld,\n3,O-1,,Westdorp\n4,,,\n"


@pytest.fixture
def read(stored):
    return lambda text=None, *, merge=True, **beside: read_parks(stored(text, **beside), merge=merge)


def on_maps(*parts, size=0.005):
    """A map of IBIS with an outline for each number and its west side."""
    properties = {"BEDRIJVENT": "Brug", "KERN": "Dorp", "OPPBRUTO": "190000", "OPPNETTO": "150000", "JAAR": "2004"}
    return collection(*(feature(polygon(square(west, 52.1, size)), RINNUMMER=rin, **properties) for rin, west in parts))


def test_the_three_shapes_give_the_same_columns(read, stored):
    """As the service delivers it, as a table, as a map in square metres; a comma is a decimal comma."""
    service = read(SERVICE + '1,2024,BRUG,GM9001,"20,5",12.25,0,B\n', municipalities__csv=MUNICIPALITIES_CSV)
    assert service.parks.iloc[0][["park_id", "name", "municipality", "net_ha", "gross_ha", "year"]].tolist() == [
        "1", "BRUG", "westdorp", 12.25, 20.5, 2024,
    ]  # fmt: skip
    table = read(TABLE)
    assert table.parks["municipality"].tolist() == ["westdorp", "westdorp", "s-oostdam", "s-oostdam"]
    drawn = stored(parks__geojson=on_maps(("1", 5.3)), municipalities__geojson=MUNICIPALITIES)
    shapes = read_parks(drawn.with_suffix(".geojson"))
    own = shapes.parks.iloc[0][["municipality", "net_ha", "gross_ha", "place"]].tolist()
    assert own == ["s-oostdam", 15, 19, "Dorp"]
    assert rules(shapes.findings, "remark") == ["municipality-from-map"]
    assert shapes.shapes["1"].hectares == pytest.approx(19, rel=0.01)
    assert [one.form for one in (service, table, shapes)] == ["ibis_service", "ibis_table", "ibis_shapes"]
    assert list(service.parks.columns) == list(table.parks.columns) == list(shapes.parks.columns)


@pytest.mark.parametrize(
    ("row", "rule", "severity"),
    [
        ("1,2024,BRUG,GM9001,x,1,0,B", "not-a-number", "warning"),
        ("1,2024,BRUG,GM9001,2,-1,0,B", "not-a-number", "warning"),
        ('1,2024,BRUG,GM9001,2,"1.234,5",0,B', "not-a-number", "warning"),
        ("1,2024,,GM9001,2,1,0,B", "missing-name", "warning"),
        ("1,2024,BRUG,Westdorp,2,1,0,B", "wrong-municipality-code", "warning"),
        ("1,2024,BRUG,GM9001 GM9002,2,1,0,B", "wrong-municipality-code", "warning"),
        ("1,2024,BRUG,GM0000,2,1,0,B", "municipality-unknown", "warning"),
        ("1,v1900,BRUG,GM9001,2,1,0,B", None, None),
        ("1.0,2024,BRUG,GM9001,2,1,0,B", None, None),
        ("../x,2024,BRUG,GM9001,2,1,0,B", "wrong-code", "error"),
        (",2024,BRUG,GM9001,2,1,0,B", "wrong-code", "error"),
        ("1,2024,DE BRUG, KADE,GM9001,2,1,0,B", "extra-field", "error"),
        ("1,2024,BRUG,GM9001,2,1,0", "extra-field", "error"),
        ("8,2024,DEK,GM9001,20,12,0,B", "doubled-park", "error"),
    ],
)  # fmt: skip
def test_what_makes_a_code_uncertain_is_an_error_and_the_rest_a_warning(read, tmp_path, row, rule, severity):
    """Judgements are collected under a park's code: a code that could be two parks is not guessed at."""
    sound = "8,2024,DOK,GM9001,20,12,0,B\n9,2024,KADE,GM9001,30,22,0,B\n"
    found = read(f"{SERVICE}{row}\n{sound}", municipalities__csv=MUNICIPALITIES_CSV)
    named = {(one.rule, one.severity) for one in found.findings} or {(None, None)}
    assert (rule, severity) in named
    if severity == "error":
        with pytest.raises(RegisterError):
            load_parks(tmp_path / "parks.csv")
    else:
        assert found.parks["park_id"].tolist() == ["1", "8", "9"]


def test_of_several_years_the_last_counts_and_equal_rows_are_one(read):
    rows = "1,2023,BRUG,GM9001,20,10,0,B\n1,2024,BRUG,GM9001,20,12,0,B\n1,2022,BRUG,GM9001,20,8,0,B\n"
    found = read(SERVICE + rows + rows, municipalities__csv=MUNICIPALITIES_CSV)
    assert (found.parks["net_ha"].tolist(), found.findings) == ([12], ())


def test_the_outlines_of_one_number_are_the_parts_of_one_park(read):
    parts = on_maps(*(("1", west) for west in (5.1, 5.11, 5.12)), size=0.002)
    found = read(parks__geojson=parts, municipalities__geojson=MUNICIPALITIES)
    assert found.parks["net_ha"].tolist() == [15]
    assert len(found.shapes["1"].polygons) == 3


@pytest.mark.parametrize("text", [SERVICE, collection(), SERVICE + "\n\n"])
def test_an_export_without_rows_is_refused(read, text):
    assert rules(read(text).errors)[0] in {"empty-register", "missing-column"}


def test_rows_become_parks_as_the_mapping_says(read):
    """Areas added up, the first name and municipality count; an empty code leaves a row out on purpose, in silence."""
    found = read(TABLE, park_mapping__csv=MAPPING)
    assert found.findings == ()
    assert found.parks[["park_id", "name", "municipality", "net_ha", "gross_ha", "ibis_rin"]].to_numpy().tolist() == [
        ["W-1", "Het Veld", "westdorp", 18.3, 32.0, "1 2"],
        ["O-1", "KADE", "westdorp", 4.0, 5.0, "3"],
    ]  # fmt: skip
    assert len(read(TABLE, merge=False).parks) == 4


@pytest.mark.parametrize(
    ("mapping", "rule", "severity"),
    [
        ("rin,park_id\n1,A\n2,A\n3,B\n", "not-mapped", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n4,A\n", "mapped-twice", "error"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n99,A\n", "unknown-rin", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,../x\n", "wrong-code", "error"),
        ("rin,park_id\n1,A\n2,A\n3,A\n4,B\n", "several-municipalities", "warning"),
        ("rin,park\n1,A\n", "missing-column", "error"),
        ("", "missing-column", "error"),
        ('rin,park_id\n1,"A\n', "broken-csv", "error"),
    ],
)
def test_nothing_falls_away_unseen_in_a_mapping(read, mapping, rule, severity):
    found = read(TABLE, park_mapping__csv=mapping)
    assert (rule, severity) in [(one.rule, one.severity) for one in found.findings]


def test_a_sum_of_which_a_part_is_not_known_says_so(read):
    found = read(TABLE.replace("12,8.2", "12,"), park_mapping__csv=MAPPING)
    assert rules(found.findings) == ["incomplete-area"]


def test_a_starter_mapping_is_filled_in_by_a_person_and_never_overwritten(read, tmp_path):
    """Each row its own park to begin with; the result is written as the district's own list, once."""
    register = read(TABLE.replace("PAD", "=PAD"), merge=False)
    path = write_starter_mapping(register, tmp_path / "park_mapping.csv")
    assert read_parks(tmp_path / "parks.csv").parks["park_id"].tolist() == ["1", "2", "3", "4"]
    assert ";'=PAD;" in path.read_text(encoding="utf-8-sig")
    with pytest.raises(OutputError, match="is er al"):
        write_starter_mapping(register, path)
    (tmp_path / "own").mkdir()
    write_parks(register, tmp_path / "own")
    assert load_parks(tmp_path / "own" / "parks.csv")["net_ha"].tolist() == [10.1, 8.2, 4.0, 0.4]
    with pytest.raises(OutputError, match="is er al"):
        write_parks(register, tmp_path / "own")


real = pytest.mark.skipif(
    not (DATA / "flevoland_ibis_2024.csv").is_file(),
    reason="de openbare registers staan niet in ../shared/data naast het project",
)


@real
def test_flevoland_loads_whole_and_nothing_in_it_is_a_finding(tmp_path):
    parks = read_parks(shutil.copy(DATA / "flevoland_ibis_2024.csv", tmp_path / "parks.csv"))
    assert parks.findings == ()
    assert parks.parks["municipality"].value_counts().to_dict() == {
        "almere": 31, "dronten": 12, "lelystad": 21, "noordoostpolder": 27, "urk": 8, "zeewolde": 11,
    }  # fmt: skip
    assert parks.parks["net_ha"].sum() == pytest.approx(2613.2)


@real
def test_rijssen_loads_and_its_areas_are_those_of_its_map(tmp_path):
    """Our flat plane against the surveyors' figures: never more than one per cent apart."""
    shutil.copy(DATA / "nl_gemeenten_2023.geojson", tmp_path / "municipalities.geojson")
    found = read_parks(shutil.copy(DATA / "rijssen_holten_ibis_2017.geojson", tmp_path / "parks.geojson"))
    assert rules(found.findings) == ["municipality-from-map"]
    parks = found.parks.set_index("park_id")
    assert (len(parks), set(parks["municipality"])) == (20, {"rijssen-holten"})
    assert parks.loc["130060", "net_ha"] == pytest.approx(0.7923)
    assert len(found.shapes["130060"].polygons) == 3
    assert max(abs(found.shapes[park].hectares / area - 1) for park, area in parks["gross_ha"].items()) < 0.01
