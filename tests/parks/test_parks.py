"""The park register: every fault of the file at once, and no code that could be a path."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from werkbank.errors import RegisterError
from werkbank.parks.register import load_parks, read_parks
from werkbank.parks.source import file_hash

HEAD = "park_id,name,municipality,net_ha\n"


@pytest.fixture
def register(tmp_path):
    def write(text):
        path = tmp_path / "parks.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def faults(path):
    with pytest.raises(RegisterError) as caught:
        load_parks(path)
    assert all(finding.file == "parks.csv" for finding in caught.value.findings)
    return [(finding.rule, finding.line) for finding in caught.value.findings]


def test_a_register_is_read_as_it_stands(register):
    """In the file's order, codes as text, numbers as numbers, further columns kept."""
    parks = load_parks(
        register("park_id,name,municipality,net_ha,longitude,ibis_rin\n0034,Dodaars,urk,12.5,5.25,007\nB,É,almere,,,\n")
    )
    assert parks["park_id"].tolist() == ["0034", "B"]
    assert parks["net_ha"].tolist()[0] == 12.5
    assert math.isnan(parks["net_ha"].tolist()[1])
    assert parks["ibis_rin"].tolist() == ["007", ""]
    assert [str(parks[name].dtype) for name in ("park_id", "net_ha", "longitude", "ibis_rin")] == [
        "str",
        "float64",
        "float64",
        "str",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffpark_id,name,municipality,net_ha\nA,Dodaars,urk,12.5\n",
        "park_id;name;municipality;net_ha\r\nA;Dodaars;urk;12,5\r\n",
        "\n\n park_id , name ,municipality,net_ha\n\n A , Dodaars ,urk, 12.5 \n,,,\n",
        'park_id,name,municipality,net_ha\nA,"Dodaars",urk,"12,5"',
        "name,net_ha,municipality,park_id\nDodaars,12.5,urk,A\n",
        "park_id\tname\tmunicipality\tnet_ha\nA\tDodaars\turk\t12,5\n",
        "park_id;name;municipality;net_ha\nA;Dodaars;urk;12,5\n".encode("utf-16"),
        b"park_id;name;municipality;net_ha;note\nA;Dodaars;urk;12,5;caf\xe9\n",
    ],
    ids=[
        "byte order mark",
        "semicolons and decimal comma",
        "empty lines and spaces",
        "quotes",
        "other order",
        "tabs",
        "UTF-16",
        "Windows-1252",
    ],
)
def test_the_ways_in_which_programs_write_csv_are_one(register, text):
    """Excel's semicolons, a byte order mark, empty lines and quotes change nothing."""
    parks = load_parks(register(text))
    row = parks.loc[0]
    assert len(parks) == 1
    assert (row["park_id"], row["name"], row["municipality"], row["net_ha"]) == ("A", "Dodaars", "urk", 12.5)


def test_net_ha_that_nobody_knows_is_not_zero(register):
    """A column without a single number is still a column of numbers."""
    parks = load_parks(register(HEAD + "A,Dodaars,urk,\n"))
    assert parks["net_ha"].isna().all()
    assert parks["net_ha"].dtype == "float64"


def test_short_lines_are_filled_up(register):
    """Some programs leave the last empty fields out."""
    parks = load_parks(register("park_id,name,municipality,net_ha,longitude,note\nA,Dodaars,urk,1\n"))
    assert parks.loc[0, "note"] == ""
    assert math.isnan(parks.loc[0, "longitude"])


def test_every_fault_is_named_with_its_line(register):
    """Nine faults in six lines come in one message."""
    path = register(
        HEAD
        + "A,Dodaars,urk,1\n"
        + "A,Kuifeend,urk,veel\n"
        + ",,,\n"
        + "B,,Urk,-1\n"
        + "../x,Pad,urk,1,extra\n"
        + "a ,Dodaars,urk,1\n"
    )
    assert faults(path) == [
        ("not-a-number", 3),
        ("doubled-park", 3),
        ("empty-field", 5),
        ("wrong-municipality", 5),
        ("number-outside", 5),
        ("wrong-code", 6),
        ("extra-field", 6),
        ("doubled-park", 7),
    ]


@pytest.mark.parametrize(
    "code", ["../x", "a/b", "a\\b", ".", "..", "a..b", ".a", "-a", "a b", "a\nb", "C:", "é", "a.", "=1"]
)
def test_a_park_code_is_never_a_path(register, code):
    """Codes become names of folders: nothing that leaves its folder is a code."""
    assert faults(register(f'{HEAD}"{code}",Naam,urk,1\n'))[0][0] == "wrong-code"


@pytest.mark.parametrize("slug", ["../x", "Urk", "urk/..", "noord oost", "-urk", "urk-", "a--b", "ürk", "."])
def test_a_municipality_is_its_short_name(register, slug):
    """The name of the parameters file: small letters, figures and dashes."""
    assert faults(register(f"{HEAD}A,Naam,{slug},1\n")) == [("wrong-municipality", 2)]


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e3", "1_000", "1.234,5", "12 ha", "0x10", "1,2,3", "--1", "9" * 400]
)
def test_a_number_is_plainly_a_number(register, text):
    """Not what a programming language would also take for one."""
    assert faults(register(f'{HEAD}A,Naam,urk,"{text}"\n')) == [("not-a-number", 2)]


@pytest.mark.parametrize(("longitude", "latitude"), [("145000", "52.5"), ("5.2", "487000"), ("181", "0"), ("0", "-91")])
def test_coordinates_are_degrees(register, longitude, latitude):
    """Half a pair of the national grid in metres is not taken for degrees."""
    text = f"park_id,name,municipality,net_ha,longitude,latitude\nA,Naam,urk,1,{longitude},{latitude}\n"
    assert faults(register(text)) == [("number-outside", 2)]


def test_coordinates_of_the_national_grid_are_turned_into_degrees(register):
    """Amersfoort, the origin of the grid: 5.38720621 east, 52.15517440 north; a remark tells it."""
    path = register(
        "park_id,name,municipality,net_ha,longitude,latitude\n"
        "A,Naam,urk,1,155000,463000\nB,Ander,urk,1,5.5,52.5\nC,Derde,urk,1,,\n"
    )
    found = read_parks(path)
    assert found.parks["longitude"].tolist()[:2] == pytest.approx([5.387206, 5.5])
    assert found.parks["latitude"].tolist()[:2] == pytest.approx([52.155174, 52.5])
    assert [one.rule for one in found.findings] == ["rd-coordinates"]
    assert "1 van 3 regels" in found.findings[0].found


def test_a_register_in_another_encoding_says_so(register):
    """Letters that are read as Windows-1252 are there, with a remark to look at them."""
    found = read_parks(register(HEAD.encode() + b"A,Caf\xe9terrein,urk,1\n"))
    assert found.parks["name"].tolist() == ["Caféterrein"]
    assert [(one.rule, one.severity) for one in found.findings] == [("other-encoding", "remark")]


def test_findings_and_sound_rows_are_both_there_when_a_register_has_errors(register):
    """`read_parks` gives everything it found; the parks are the rows without an error."""
    found = read_parks(register(HEAD + "A,Dodaars,urk,1\nB,,urk,1\nC,Kuifeend,urk,9000\n"))
    assert [(one.rule, one.line, one.severity) for one in found.findings] == [
        ("empty-field", 3, "error"),
        ("absurd-area", 4, "warning"),
    ]
    assert found.errors == found.findings[:1]
    assert found.parks["park_id"].tolist() == ["A", "C"]


def test_a_register_is_handed_out_as_a_copy(register):
    """Nobody changes it for somebody else."""
    found = read_parks(register(HEAD + "A,Dodaars,urk,1\n"))
    own = found.parks
    own["name"] = "X"
    assert found.parks["name"].tolist() == ["Dodaars"]


def test_two_parks_of_one_name_in_a_municipality_are_pointed_out(register):
    """In another municipality the same name is no matter."""
    found = read_parks(register(HEAD + "A,Dodaars,urk,1\nB,DODAARS ,urk,1\nC,Dodaars,almere,1\n"))
    assert [(one.rule, one.line, one.park_id) for one in found.findings] == [("doubled-name", 3, "B")]


def test_missing_and_doubled_columns_are_named(register):
    """Every column that should be there, the near miss with a question."""
    path = register("park_id,Name,gemeente,net_ha,net_ha\nA,Dodaars,urk,1,1\n")
    with pytest.raises(RegisterError) as caught:
        load_parks(path)
    named = {(finding.rule, finding.found, finding.remedy) for finding in caught.value.findings}
    assert ("missing-column", "de kolom name ontbreekt", "bedoelt u “Name”?") in named
    assert ("missing-column", "de kolom municipality ontbreekt", "voeg de kolom municipality toe") in named
    assert ("doubled-column", "de kolom “net_ha” staat er 2 keer", "haal de dubbele kolom weg") in named


@pytest.mark.parametrize("text", ["", "\n\n", " "])
def test_an_empty_file_lacks_every_column(register, text):
    """Nothing in it: the four columns are named."""
    assert faults(register(text)) == [("missing-column", 1)] * 4


def test_a_register_without_parks_is_refused(register):
    """Only a head is no register."""
    assert faults(register(HEAD)) == [("empty-register", 1)]


@pytest.mark.parametrize(
    "text", [HEAD + 'A,"Dodaars,urk,1\nB,Kuifeend,urk,1\n', HEAD + "A," + "x" * 200_000 + ",urk,1\n", HEAD + 'A,"x"y,urk,1\n'],
    ids=["open quote", "endless field", "text after a quote"],
)  # fmt: skip
def test_quotes_that_swallow_lines_are_refused(register, text):
    """A quote that is never closed would make parks disappear; it is named instead."""
    assert faults(register(text))[0][0] == "broken-csv"


def test_a_file_that_is_no_text_is_refused(register, tmp_path):
    """Bytes that are no text, a folder, a missing file: a sentence with a remedy, not a traceback."""
    with pytest.raises(RegisterError, match="UTF-8"):
        load_parks(register(b"park_id,name\nA,Caf\x81\xe9"))
    with pytest.raises(RegisterError, match="niet te lezen"):
        load_parks(tmp_path)
    with pytest.raises(RegisterError, match="werkbank demo") as caught:
        load_parks(str(tmp_path / "weg.csv"))
    assert str(tmp_path) not in str(caught.value)


def test_a_nul_in_the_file_is_refused(register):
    """A file that broke off in the middle of a disk block."""
    assert faults(register(HEAD + "A\0,Dodaars,urk,1\n"))


def test_a_file_is_known_by_its_bytes(register):
    """The sha256 as published (FIPS 180-4): of "abc" it is ba7816bf…."""
    assert file_hash(register(b"abc")).startswith("ba7816bf8f01cfea414140de5dae2223")
    assert file_hash(Path(register(b""))) == hashlib.sha256(b"").hexdigest()
