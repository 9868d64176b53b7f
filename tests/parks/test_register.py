"""The park register: every fault of the file at once, and no code that could be a path."""

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parks.park_files import MUNICIPALITIES, MUNICIPALITIES_CSV, collection, feature, polygon, rules, square
from werkbank.errors import RegisterError
from werkbank.parks.register import load_parks, read_parks

HEAD = "park_id,name,municipality,net_ha\n"
PLACED = "park_id,name,municipality,net_ha,longitude,latitude\n"


def faults(path):
    with pytest.raises(RegisterError) as caught:
        load_parks(path)
    assert all(finding.file == "parks.csv" for finding in caught.value.findings)
    return [(finding.rule, finding.line) for finding in caught.value.findings]


def test_a_register_is_read_as_it_stands(stored):
    """In the file's order, codes as text, numbers as numbers, further columns kept."""
    parks = load_parks(
        stored("park_id,name,municipality,net_ha,longitude,ibis_rin\n0034,Dodaars,urk,12.5,5.25,007\nB,É,almere,,,\n")
    )
    assert parks["park_id"].tolist() == ["0034", "B"]
    assert parks["net_ha"].tolist()[0] == 12.5
    assert math.isnan(parks["net_ha"].tolist()[1])
    assert parks["ibis_rin"].tolist() == ["007", ""]
    types = [str(parks[name].dtype) for name in ("park_id", "net_ha", "longitude", "ibis_rin")]
    assert types == ["str", "float64", "float64", "str"]
    assert load_parks(stored(HEAD + "A,Dodaars,urk,\n"))["net_ha"].dtype == "float64"


WAYS = (
    # In which order the columns stand, spaces and empty lines; Windows-1252 with a decimal comma.
    "\n\n name , net_ha ,municipality,park_id\n\n Dodaars , 12.5 ,urk, A \n,,,\n",
    b"park_id;name;municipality;net_ha;note\nA;Dodaars;urk;12,5;caf\xe9\n",
)


@pytest.mark.parametrize("text", WAYS, ids=range(len(WAYS)))
def test_the_ways_in_which_programs_write_csv_are_one(stored, text):
    """How text is divided and decoded is tested with returns; the remark asks to look at letters of Windows."""
    found = read_parks(stored(text))
    assert found.parks[["park_id", "name", "municipality", "net_ha"]].to_numpy().tolist() == [
        ["A", "Dodaars", "urk", 12.5]
    ]
    assert rules(found.findings, "remark") == (["other-encoding"] if isinstance(text, bytes) else [])


CODES = ("../x", "a/b", "a\\b", ".", "..", "a..b", ".a", "-a", "a b", "a\nb", "C:", "é", "a.", "=1")
SLUGS = ("../x", "Urk", "urk/..", "noord oost", "-urk", "urk-", "a--b", "ürk", ".")
NUMBERS = ("nan", "inf", "-inf", "1e3", "1_000", "1.234,5", "12 ha", "0x10", "1,2,3", "--1", "9" * 400)
WRONG_LINES = {
    # In which column a value stands is a guess when there are more or fewer fields than in the head.
    "extra-field": ["A,Dodaars,urk", "A,Dodaars,urk,1,x", "A,Zand, grind,urk,1"],
    # Codes become names of folders: nothing that leaves its folder is a code.
    "wrong-code": [f'"{code}",Naam,urk,1' for code in CODES],
    # What a new workspace begins with.
    "example-park": [f"{code},Naam,urk,1" for code in ("VOORBEELD", "voorbeeld")],
    # The name of the parameters file: small letters, figures and dashes.
    "wrong-municipality": [f"A,Naam,{slug},1" for slug in SLUGS],
    # Not what a programming language would also take for a number.
    "not-a-number": [f'A,Naam,urk,"{text}"' for text in NUMBERS],
    # Half a pair of the national grid in metres is not taken for degrees.
    "number-outside": [f"A,Naam,urk,1,{spot}" for spot in ("145000,52.5", "5.2,487000", "181,0", "0,-91")],
}


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in WRONG_LINES.items() for line in lines])
def test_a_line_with_one_fault_is_named_by_it(stored, rule, line):
    head = PLACED if rule == "number-outside" else HEAD
    assert faults(stored(f"{head}{line}\n")) == [(rule, 2)]


def test_every_fault_is_named_with_its_line(stored):
    """Seven faults in six lines come in one message."""
    lines = "A,Dodaars,urk,1\nA,Kuifeend,urk,veel\n,,,\nB,,Urk,-1\n../x,Pad,urk,1\na ,Dodaars,urk,1\n"
    assert faults(stored(HEAD + lines)) == [
        ("not-a-number", 3), ("doubled-park", 3), ("empty-field", 5), ("wrong-municipality", 5), ("number-outside", 5),
        ("wrong-code", 6), ("doubled-park", 7),
    ]  # fmt: skip


def test_findings_and_sound_rows_are_both_there_when_a_register_has_errors(stored):
    """`read_parks` gives everything it found; the parks are the rows without an error."""
    lines = "A,Dodaars,urk,1\nB,,urk,1\nC,Kuifeend,urk,9000\nD,DODAARS ,urk,1\nE,Dodaars,almere,1\n"
    found = read_parks(stored(HEAD + lines))
    named = [(one.rule, one.line, one.severity) for one in found.findings]
    assert named == [("empty-field", 3, "error"), ("absurd-area", 4, "warning"), ("doubled-name", 5, "warning")]
    assert found.errors == found.findings[:1]
    assert found.parks["park_id"].tolist() == ["A", "C", "D", "E"]


def test_missing_and_doubled_columns_are_named(stored):
    """Every column that should be there, the near miss with a question."""
    path = stored("park_id,Name,gemeente,net_ha,net_ha\nA,Dodaars,urk,1,1\n")
    with pytest.raises(RegisterError) as caught:
        load_parks(path)
    named = {(finding.rule, finding.found, finding.remedy) for finding in caught.value.findings}
    assert ("missing-column", "de kolom name ontbreekt", "bedoelt u “Name”?") in named
    assert ("missing-column", "de kolom municipality ontbreekt", "voeg de kolom municipality toe") in named
    assert ("doubled-column", "de kolom “net_ha” staat er vaker dan één keer", "haal de dubbele kolom weg") in named


WRONG_FILES = {
    **dict.fromkeys(("", "\n\n", " "), [("missing-column", 1)] * 4),
    HEAD: [("empty-register", 1)],
    # A quote that is never closed would make parks disappear.
    HEAD + 'A,"Dodaars,urk,1\nB,Kuifeend,urk,1\n': [("broken-csv", 2)],
    HEAD + "A," + "x" * 200_000 + ",urk,1\n": [("broken-csv", 2)],
    HEAD + 'A,"x"y,urk,1\n': [("broken-csv", 2)],
}


@pytest.mark.parametrize(("text", "found"), WRONG_FILES.items(), ids=range(len(WRONG_FILES)))
def test_a_file_without_parks_or_with_broken_lines_is_refused(stored, text, found):
    assert faults(stored(text)) == found


def test_a_file_that_is_no_text_is_refused(stored, tmp_path):
    """Bytes that are no text, a folder, a missing file: a sentence with a remedy, not a traceback."""
    for content in (b"park_id,name\nA,Caf\x81\xe9", HEAD + "A\0,Dodaars,urk,1\n"):
        with pytest.raises(RegisterError, match="UTF-8"):
            load_parks(stored(content))
    with pytest.raises(RegisterError, match="niet te lezen"):
        load_parks(tmp_path)
    with pytest.raises(RegisterError, match="werkbank demo") as caught:
        load_parks(str(tmp_path / "weg.csv"))
    assert str(tmp_path) not in str(caught.value)


def test_the_map_doubts_a_municipality_and_only_there(stored):
    """A lies ten kilometres into the other municipality, B where it should."""
    rows = "A,Kade,s-oostdam,25,5.05,52.1\nB,Dok,westdorp,25,5.05,52.11\n"
    found = read_parks(stored(PLACED + rows, municipalities__geojson=MUNICIPALITIES))
    (doubt,) = found.findings
    words = "staat bij 's-Oostdam, maar hoort mogelijk bij Westdorp: op de kaart ligt het er 10,3 km buiten"
    assert (doubt.rule, doubt.line, doubt.park_id, doubt.severity) == ("other-municipality", 2, "A", "warning")
    assert words in doubt.found


@pytest.mark.parametrize(("west", "doubted"), [(5.1935, False), (5.1900, True)])
def test_close_to_a_border_the_map_says_nothing(stored, west, doubted):
    """Public borders are simplified; half a kilometre (0.0073 degrees here) is allowed for. The park is 0.0005 wide."""
    outline = collection(feature(polygon(square(west, 52.1, 0.0005)), park_id="A"))
    found = read_parks(
        stored(HEAD + "A,Kade,s-oostdam,\n", municipalities__geojson=MUNICIPALITIES, parks__geojson=outline)
    )
    assert ("other-municipality" in rules(found.findings)) is doubted


def test_outlines_are_held_against_the_list(stored):
    """An outline of an unknown park, a park without one, one that cannot be used, an area that is not what is drawn."""
    outlines = collection(
        feature(polygon(square(5.1, 52.1)), park_id="A", name="Kade"),
        feature(polygon(square(5.15, 52.1)), park_id="X"),
        feature({"type": "Point", "coordinates": [5, 52]}, park_id="C", name="Dok"),
        feature(polygon(square(5.2, 52.1)), park_id="D"),
    )
    text = HEAD + "A,Kade,westdorp,1\nB,Pad,westdorp,\nC,Dok,westdorp,\nD,Rand,westdorp,\n"
    found = read_parks(stored(text, parks__geojson=outlines))
    assert rules(found.findings) == [
        "invalid-outline", "outline-of-unknown-park", "no-outline", "area-differs-from-map",
    ]  # fmt: skip
    assert "Dok is geen vlak maar een punt" in found.findings[0].found
    assert "B en C" in found.findings[2].found
    assert set(found.shapes) == {"A", "D", "X"}


def test_a_map_can_be_the_list(stored):
    """GeoJSON with the four properties, where there is no parks.csv."""
    one = {"park_id": "A", "name": "Kade", "municipality": "westdorp", "net_ha": 19.0}
    outline = polygon(square(5.1, 52.1))
    drawn = collection(feature(outline, **one), feature(outline, **one | {"park_id": "B/", "name": ""}))
    found = read_parks(stored(parks__geojson=drawn))
    assert (found.form, found.parks["park_id"].tolist(), found.parks["net_ha"].tolist()) == ("map", ["A"], [19.0])
    wrong = [(one.rule, one.found.partition(":")[0]) for one in found.errors]
    assert wrong == [("empty-field", "object 2"), ("wrong-code", "object 2")]
    assert rules(read_parks(stored(parks__geojson="{")).errors) == ["broken-geojson"]
    for content in ("{", "{\0}"):
        found = read_parks(stored(HEAD + "A,Kade,westdorp,1\n", parks__geojson=content))
        assert rules(found.findings, "warning") == ["broken-geojson"]


def test_municipalities_are_those_with_parameters(stored, tmp_path, monkeypatch):
    """The parameters files decide how a municipality is called here; of others no analysis can be made."""
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").write_text("district: X\n")
    (tmp_path / "parameters" / "west.yaml").write_text("municipality: west\ncode: GM9001\nname: West (nieuw)\n")
    (tmp_path / "parameters" / "kapot.yaml").write_text("municipality: [\n")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    found = read_parks(stored(HEAD + "A,Kade,west,1\nB,Dok,weest,1\n", municipalities__csv=MUNICIPALITIES_CSV))
    named = [(one.rule, one.remedy) for one in found.findings]
    assert named == [("municipality-without-parameters", "bedoelt u “west”?")]


@pytest.mark.parametrize("file", ["municipalities__geojson", "municipalities__csv"])
def test_a_file_beside_the_list_that_cannot_be_read_is_a_warning(stored, file):
    found = read_parks(stored(HEAD + "A,Kade,westdorp,1\n", **{file: "kapot,ding\n1,2\n"}))
    assert rules(found.findings, "warning") == ["unreadable-list"]


SAMPLES = (
    'rin,naam,gemeentecode,jaar,ha_bruto,ha_netto\n1,"BRUG, OOST",GM9001,2024,20,12.5\n2,KADE,GM0000,v1900,"12,5",9\n',
    "park_id;name;municipality;net_ha;longitude;latitude\nA;Kade;urk;12,5;5,1;52,1\n",
    collection(
        feature(polygon(square(5.1, 52.1)), RINNUMMER="1", BEDRIJVENT="Brug", OPPNETTO="5"),
        feature(None, RINNUMMER="1"),
    ),
)


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_happened_to_a_file_it_is_read_or_refused_and_never_crashes(tmp_path_factory, data):
    """Pieces are cut out of a list and replaced by anything, as bytes: a finding or a RegisterError comes of it."""
    content = data.draw(st.sampled_from(SAMPLES)).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        content = content[:first] + data.draw(st.binary(max_size=8)) + content[min(last, first + 12) :]
    path = tmp_path_factory.mktemp("fuzz") / "parks.csv"
    path.write_bytes(content)
    with contextlib.suppress(RegisterError):
        found = read_parks(path)
        assert found.errors or (found.parks["park_id"].is_unique and all(found.parks["municipality"] != ""))
