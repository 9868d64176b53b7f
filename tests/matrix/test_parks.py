"""The park register: every fault of the file at once, and no code that could be a path."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from werkbank.errors import RegisterError
from werkbank.matrix.parks import file_hash, load_parks

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
    ],
    ids=["byte order mark", "semicolons and decimal comma", "empty lines and spaces", "quotes", "other order"],
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
    """Coordinates of the national grid in metres are not taken for degrees."""
    text = f"park_id,name,municipality,net_ha,longitude,latitude\nA,Naam,urk,1,{longitude},{latitude}\n"
    assert faults(register(text)) == [("number-outside", 2)]


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
    """Another encoding, a folder, a missing file: a sentence with a remedy, not a traceback."""
    with pytest.raises(RegisterError, match="UTF-8"):
        load_parks(register("park_id,name\nA,Café".encode("latin-1")))
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
