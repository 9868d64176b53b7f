"""Phases of IBIS become the district's own parks by a mapping that a person made; nothing falls away unseen."""

import pandas as pd
import pytest
from werkbank.parks.ibis import merge_phases, write_parks, write_starter_mapping

from tests.parks.park_files import collection, feature, polygon, rules, square
from werkbank.errors import OutputError, RegisterError
from werkbank.parks.register import load_parks, read_parks

IBIS = """rin,naam,gemeentecode,gemeente,jaar,ha_bruto,ha_netto
1,"VELD I,II",GM9001,Westdorp,2024,20,10.1
2,VELD III,GM9001,Westdorp,2024,12,8.2
3,KADE,GM9002,Oostdam,2024,5,4
4,PAD,GM9002,Oostdam,2024,0.5,0.4
"""
MAPPING = "rin,ibis_name,park_id,name\n1,,W-1,Het Veld\n2,,W-1,\n,Kade,O-1,De Kade\n4,,,\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parks.csv").write_text(IBIS)
    return tmp_path


@pytest.fixture
def merged(folder):
    def merge(mapping, **more):
        (folder / "park_mapping.csv").write_text(mapping)
        return merge_phases(read_parks(folder / "parks.csv", merge=False), folder / "park_mapping.csv", **more)

    return merge


def own(*rows):
    return pd.DataFrame(rows, columns=["park_id", "name", "municipality"])


def test_phases_become_one_park_with_their_areas_added_up(merged):
    """By number or by name, whatever its capitals; an empty code leaves a row out on purpose, without a finding."""
    register = merged(MAPPING)
    assert register.findings == ()
    assert register.parks[["park_id", "name", "municipality", "net_ha", "gross_ha", "ibis_rin"]].to_numpy().tolist() == [
        ["W-1", "Het Veld", "westdorp", 18.3, 32.0, "1 2"],
        ["O-1", "De Kade", "oostdam", 4.0, 5.0, "3"],
    ]  # fmt: skip


def test_a_mapping_beside_the_export_is_used_by_itself(folder):
    (folder / "park_mapping.csv").write_text(MAPPING)
    assert load_parks(folder / "parks.csv")["park_id"].tolist() == ["W-1", "O-1"]
    assert len(read_parks(folder / "parks.csv", merge=False).parks) == 4


def test_the_districts_own_list_gives_name_and_municipality(merged):
    register = merged(MAPPING, own=own(("W-1", "Het Groene Veld", "westdorp"), ("O-1", "Kade-Zuid", "westdorp")))
    assert register.parks["name"].tolist() == ["Het Groene Veld", "Kade-Zuid"]
    assert register.parks["municipality"].tolist() == ["westdorp", "westdorp"]


def test_without_a_name_a_park_is_called_what_its_phases_have_in_common(merged):
    register = merged("rin,park_id\n1,W-1\n2,W-1\n3,O-1\n4,\n")
    assert register.parks["name"].tolist() == ["Veld", "KADE"]


@pytest.mark.parametrize(
    ("mapping", "rule", "severity"),
    [
        ("rin,park_id\n1,A\n2,A\n3,B\n", "not-mapped", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n4,B\n", "mapped-twice", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n4,A\n", "mapped-twice", "error"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n99,A\n", "unknown-rin", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,B\n4,B\n3,../x\n", "wrong-code", "error"),
        ("rin,ibis_name,park_id\n1,VELD I,A\n2,,A\n3,,B\n4,,B\n", "other-name", "warning"),
        ("rin,park_id,name\n1,A,Veld\n2,A,Weide\n3,B,\n4,B,\n", "several-names", "warning"),
        ("rin,park_id\n1,A\n2,A\n3,A\n4,B\n", "several-municipalities", "warning"),
        ("nummer,park\n1,A\n", "missing-column", "error"),
        ('rin,park_id\n1,"A\n', "broken-csv", "error"),
    ],
)
def test_every_fault_of_a_mapping_is_named(merged, mapping, rule, severity):
    assert [(one.rule, one.severity) for one in merged(mapping).findings] == [(rule, severity)]


def test_a_name_that_several_rows_have_asks_for_the_number(folder, merged):
    (folder / "parks.csv").write_text(IBIS + "5,KADE,GM9001,Westdorp,2024,5,4\n")
    register = merged("ibis_name,park_id\nKADE,A\n")
    assert rules(register.errors) == ["ambiguous-name"]
    assert "3 en 5" in register.errors[0].found


def test_a_park_that_is_not_on_the_list_is_an_error_and_one_without_rows_a_remark(merged):
    register = merged(MAPPING, own=own(("W-1", "Veld", "westdorp"), ("O-10", "Kade", "oostdam")))
    assert [(one.rule, one.severity, one.remedy) for one in register.findings] == [
        ("unknown-park", "error", "bedoelt u “O-10”?"),
        ("park-without-rows", "remark", "voeg een regel toe, als IBIS het terrein heeft"),
    ]
    assert register.parks["park_id"].tolist() == ["W-1"]


def test_an_area_that_is_missing_is_not_nought(folder, merged):
    (folder / "parks.csv").write_text(IBIS.replace("12,8.2", "12,"))
    register = merged(MAPPING)
    assert rules(register.findings) == ["incomplete-area"]
    assert register.parks["net_ha"].tolist() == [10.1, 4.0]


def test_a_municipality_in_the_mapping_corrects_the_export_and_settles_the_doubt(folder, merged):
    (folder / "parks.csv").write_text(IBIS.replace("VELD III,GM9001,Westdorp", "VELD III,GM9002,Oostdam"))
    mapping = "rin,park_id,municipality\n1,W-1,westdorp\n2,W-1,{}\n3,O-1,\n4,,\n"
    doubted = merged(mapping.format("oostdam"))
    assert rules(doubted.findings) == ["other-municipality", "several-municipalities"]
    settled = merged(mapping.format("Westdorp"))
    assert settled.findings == ()
    assert settled.parks["municipality"].tolist() == ["westdorp", "oostdam"]


def test_outlines_become_the_parts_of_one_park_and_can_be_written_and_read_back(folder, tmp_path):
    """What is written is the district's own register, and reads back without a finding."""
    outlines = [feature(polygon(square(5.1 + n / 50, 52.1)), park_id=str(n)) for n in (1, 2, 3)]
    (folder / "parks.geojson").write_text(collection(*outlines))
    (folder / "park_mapping.csv").write_text(MAPPING)
    (folder / "parks.csv").write_text(
        IBIS.replace(",20,10.1", ",40,30.5").replace(",12,8.2", ",40,30.1").replace("5,4\n", "40,30\n")
    )
    register = read_parks(folder / "parks.csv")
    assert [len(register.shapes[park].polygons) for park in ("W-1", "O-1")] == [2, 1]
    (tmp_path / "eigen").mkdir()
    write_parks(register, tmp_path / "eigen")
    again = read_parks(tmp_path / "eigen" / "parks.csv")
    assert (again.form, again.findings) == ("own", ())
    columns = ["park_id", "name", "municipality", "net_ha"]
    assert again.parks[columns].equals(register.parks[columns])
    assert again.shapes["W-1"].hectares == pytest.approx(register.shapes["W-1"].hectares, rel=1e-3)
    with pytest.raises(OutputError, match=r"parks.csv en parks.geojson is er al|er al"):
        write_parks(register, tmp_path / "eigen")


def test_a_starter_proposes_one_park_for_what_differs_only_in_phase(folder):
    """Written for a spreadsheet (semicolons, byte order mark), and usable as it stands."""
    path = write_starter_mapping(read_parks(folder / "parks.csv"), folder / "park_mapping.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[:3] == [
        "rin;ibis_name;municipality;net_ha;park_id;name;proposal",
        "1;VELD I,II;westdorp;10,1;westdorp-veld;VELD;zelfde naam, 2 rijen samen",
        "2;VELD III;westdorp;8,2;westdorp-veld;VELD;zelfde naam, 2 rijen samen",
    ]
    merged = read_parks(folder / "parks.csv")
    assert merged.findings == ()
    assert merged.parks["park_id"].tolist() == ["westdorp-veld", "3", "4"]


def test_a_starter_points_to_the_park_of_that_name_on_the_own_list(folder):
    listed = own(("W-7", "Veld", "westdorp"), ("O-1", "Kade", "oostdam"), ("O-2", "Kade II", "oostdam"))
    path = write_starter_mapping(read_parks(folder / "parks.csv"), folder / "park_mapping.csv", listed)
    table = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False)
    assert table["park_id"].tolist() == ["W-7", "W-7", "3", "4"]
    assert table["proposal"].tolist()[0] == "zelfde naam als in uw eigen lijst"


def test_a_starter_never_overwrites_what_somebody_made(folder):
    (folder / "park_mapping.csv").write_text(MAPPING)
    with pytest.raises(OutputError, match="er al"):
        write_starter_mapping(read_parks(folder / "parks.csv", merge=False), folder / "park_mapping.csv")
    assert (folder / "park_mapping.csv").read_text() == MAPPING


def test_a_name_that_a_spreadsheet_would_run_stays_a_name(folder):
    """A formula in a name is written as text, and read back as the name it was."""
    (folder / "parks.csv").write_text(IBIS.replace("KADE", "=KADE()"))
    register = read_parks(folder / "parks.csv")
    path = write_starter_mapping(register, folder / "park_mapping.csv")
    assert "3;'=KADE();" in path.read_text(encoding="utf-8-sig")
    assert read_parks(folder / "parks.csv").findings == ()


def test_a_mapping_that_is_not_there_says_how_to_make_one(folder):
    with pytest.raises(RegisterError, match="write_starter_mapping"):
        merge_phases(read_parks(folder / "parks.csv"), folder / "weg.csv")
