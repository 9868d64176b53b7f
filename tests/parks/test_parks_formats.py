"""Registers in every format, dirty as they come: what loads with a warning, and what is refused."""

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parks.park_files import MUNICIPALITIES, MUNICIPALITIES_CSV, collection, feature, polygon, rules, square
from werkbank.errors import RegisterError
from werkbank.parks.formats import FORMATS, recognise
from werkbank.parks.register import load_parks, read_parks
from werkbank.parks.values import Area, decimal_mark, read_area, read_codes, read_number, read_year, slug

SERVICE = "RIN_NUMMER,JAAR,PLAN_NAAM,GEM_CODES,HA_BRUTO,HA_NETTO,HA_TOTTUIT,WLOC_TYPE\n"
TABLE = "rin,naam,gemeentecode,gemeente,jaar,ha_bruto,ha_netto,ha_uitgeefbaar,type\n"


@pytest.fixture
def register(tmp_path):
    """Writes files into a folder and gives the path of the first."""

    def write(text, name="parks.csv", **beside):
        for file, content in {name: text, **{key.replace("__", "."): value for key, value in beside.items()}}.items():
            (tmp_path / file).write_text(content, encoding="utf-8")
        return tmp_path / name

    return write


def ibis(rin, name, geometry=None, net="10000", gross="12000", year="1990", place="Dorp"):
    return feature(geometry, RINNUMMER=rin, BEDRIJVENT=name, KERN=place, OPPBRUTO=gross, OPPNETTO=net, JAAR=year)


# One park in every format.


def test_the_national_service_is_read(register):
    parks = load_parks(
        register(SERVICE + "4310,2024,DE BRUG,GM9001,20.5,12.5,0,B\n", municipalities__csv=MUNICIPALITIES_CSV)
    )
    assert parks.loc[0, ["park_id", "name", "municipality", "net_ha", "gross_ha", "ibis_rin", "year"]].tolist() == [
        "4310", "DE BRUG", "westdorp", 12.5, 20.5, "4310", 2024,
    ]  # fmt: skip


def test_the_table_with_municipality_names_needs_nothing_beside_it(register):
    found = read_parks(register(TABLE + "1,DE BRUG,GM9002,'s-Oostdam,2024,20,10,0,B\n"))
    assert found.findings == ()
    assert found.parks["municipality"].tolist() == ["s-oostdam"]


def test_the_map_without_municipalities_finds_them_in_the_borders_beside_it(register):
    text = collection(ibis("1", "Brug", polygon(square(5.1, 52.1))), ibis("2", "Kade", polygon(square(5.3, 52.1))))
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES), checks=False)
    assert found.parks["municipality"].tolist() == ["westdorp", "s-oostdam"]
    assert found.parks["net_ha"].tolist() == [1.0, 1.0]
    assert rules(found.findings) == ["numbers-as-text", "square-metres", "municipality-from-map"]
    assert not rules(found.findings, "error", "warning")


def test_a_map_of_ones_own_parks_is_a_register(register):
    text = collection(
        feature(polygon(square(5.1, 52.1)), park_id="W-1", name="Brug", municipality="westdorp", net_ha=20.5),
        feature(polygon(square(5.3, 52.1)), park_id="W-2", name="Kade"),
    )
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES))
    assert rules(found.findings) == ["municipality-from-map"]
    assert found.parks["municipality"].tolist() == ["westdorp", "s-oostdam"]
    assert found.parks["net_ha"].tolist()[0] == 20.5
    assert math.isnan(found.parks["net_ha"].tolist()[1])
    assert found.parks["longitude"].tolist() == pytest.approx([5.1025, 5.3025])
    assert set(found.shapes) == {"W-1", "W-2"}


def test_a_map_stands_in_for_a_table_that_is_not_there(register):
    """`parks.geojson` is the register where there is no `parks.csv`."""
    text = collection(feature(polygon(square(5.1, 52.1)), park_id="W-1", name="Brug", municipality="westdorp"))
    path = register(text, "parks.geojson")
    assert load_parks(path.with_suffix(".csv"))["park_id"].tolist() == ["W-1"]


@pytest.mark.parametrize("form", FORMATS, ids=[one.id for one in FORMATS])
def test_a_format_is_known_by_its_columns_whatever_their_capitals(form):
    assert recognise([name.swapcase() for name in form.columns.values()]) is form


def test_another_table_is_told_which_columns_are_wanted(register):
    with pytest.raises(RegisterError, match="park_id, name, municipality en net_ha"):
        load_parks(register("nummer,terrein\n1,Brug\n"))


def test_another_map_is_told_which_properties_are_known(register):
    found = read_parks(register(collection(feature(nummer="1")), "parks.geojson"))
    assert rules(found.findings) == ["unknown-format"]
    assert "nummer" in found.findings[0].found
    assert "RINNUMMER en BEDRIJVENT" in found.findings[0].allowed


@pytest.mark.parametrize("text", ["{", '{"features": []}', "[]"])
def test_a_broken_or_empty_map_is_refused(register, text):
    with pytest.raises(RegisterError):
        load_parks(register(text, "parks.geojson"))


def test_what_a_municipality_is_called_may_be_handed_over(register):
    path = register(SERVICE + "1,2024,BRUG,GM9001,2,1,0,B\n")
    assert load_parks(path, municipalities={"GM9001": "westdorp"})["municipality"].tolist() == ["westdorp"]
    other = path.with_name("gemeenten_2026.csv")
    other.write_text(MUNICIPALITIES_CSV)
    assert load_parks(path, municipalities=other)["municipality"].tolist() == ["westdorp"]


def test_the_parameters_decide_how_a_municipality_is_called(register, tmp_path, monkeypatch):
    """The code is what the two have in common: GM9001 is `west` here, whatever the file beside calls it."""
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").write_text("district: X\n")
    (tmp_path / "parameters" / "west.yaml").write_text("municipality: west\ncode: GM9001\nname: West (nieuw)\n")
    (tmp_path / "parameters" / "kapot.yaml").write_text("municipality: [\n")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    path = register(
        SERVICE + "1,2024,BRUG,GM9001,2,1,0,B\n2,2024,KADE,GM9002,2,1,0,B\n", municipalities__csv=MUNICIPALITIES_CSV
    )
    found = read_parks(path)
    assert found.parks["municipality"].tolist() == ["west", "s-oostdam"]
    assert rules(found.findings) == ["municipality-without-parameters"]
    assert "s-oostdam" in found.findings[0].found


# What touches a figure, a name or a place: the park loads, with a warning.


@pytest.mark.parametrize(
    ("row", "rule", "severity"),
    [
        ("1,2024,BRUG,GM9001,x,1,0,B", "not-a-number", "warning"),
        ("1,2024,BRUG,GM9001,2,-1,0,B", "number-outside", "warning"),
        ("1,2024,BRUG,GM9001,2,3,0,B", "net-above-gross", "warning"),
        ("1,2024,BRUG,GM9001,2,0,0,B", "no-area", "warning"),
        ("1,2024,BRUG,GM9001,9000,8000,0,B", "absurd-area", "warning"),
        ("1,2024,BRUG,GM9001,0.02,0.02,0,B", "absurd-area", "warning"),
        ('1,2024,BRUG,GM9001,2,"15.000 m2",0,B', None, None),
        ("1,v1900,BRUG,GM9001,2,1,0,B", "broken-year", "remark"),
        ("1,\ufffd1950,BRUG,GM9001,2,1,0,B", "broken-year", "remark"),
        ("1,onbekend,BRUG,GM9001,2,1,0,B", "broken-year", "warning"),
        ("1,2024,,GM9001,2,1,0,B", "missing-name", "warning"),
        ("1,2024,BR\ufffdG,GM9001,2,1,0,B", "broken-characters", "warning"),
        (",2024,DE BRUG,GM9001,2,1,0,B", "missing-rin", "warning"),
        ("1,2024,BRUG,GM1234,2,1,0,B", "unknown-municipality-code", "warning"),
    ],
)  # fmt: skip
def test_a_fault_that_does_not_touch_who_a_park_is_leaves_it_in(register, row, rule, severity):
    sound = "8,2024,DOK,GM9001,20,12,0,B\n9,2024,KADE,GM9001,30,22,0,B\n"
    found = read_parks(register(f"{SERVICE}{row}\n{sound}", municipalities__csv=MUNICIPALITIES_CSV))
    assert [(one.rule, one.severity, one.line) for one in found.findings] == ([(rule, severity, 2)] if rule else [])
    assert len(found.parks) == 3


@pytest.mark.parametrize("code", ["GM0000", "", "GM0000;"])
def test_a_park_of_nobody_is_kept_and_named(register, code):
    found = read_parks(register(f"{SERVICE}1,2024,BRUG,{code},2,1,0,B\n", municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["municipality"].tolist() == ["onbekend"]
    assert rules(found.findings)[-1] == "municipality-unknown"
    assert ("no-municipality-code" in rules(found.findings)) == bool(code)


def test_nobodys_park_goes_to_the_municipality_in_which_the_map_beside_has_it(register):
    path = register(
        SERVICE + "1,2024,BRUG,GM0000,25,20,0,B\n",
        municipalities__geojson=MUNICIPALITIES,
        parks__geojson=collection(feature(polygon(square(5.3, 52.1)), park_id="1")),
    )
    found = read_parks(path)
    assert found.parks["municipality"].tolist() == ["s-oostdam"]
    assert rules(found.findings) == ["no-municipality-code", "municipality-from-map"]


@pytest.mark.parametrize(
    ("west", "expected", "why"),
    [(None, "westdorp", "de eerste telt"), (5.3, "s-oostdam", "het grootste deel ligt daar"), (5.198, "s-oostdam", "het grootste deel")],
)  # fmt: skip
def test_of_several_codes_the_map_decides_and_else_the_first(register, west, expected, why):
    """A park across the border at 5.2 degrees belongs to the side with most of it."""
    beside = {} if west is None else {"parks__geojson": collection(feature(polygon(square(west, 52.1)), park_id="1"))}
    row = '1,2024,BRUG,"GM9001, gm9002",25,20,0,B\n'
    found = read_parks(register(SERVICE + row, municipalities__geojson=MUNICIPALITIES, **beside), checks=False)
    assert found.parks["municipality"].tolist() == [expected]
    assert rules(found.findings) == ["several-municipalities"]
    assert why in found.findings[0].found


def test_a_code_and_a_name_that_differ_are_named_and_the_code_counts(register):
    text = TABLE + "1,BRUG,GM9001,'s-Oostdam,2024,2,1,0,B\n"
    found = read_parks(register(text, municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["municipality"].tolist() == ["westdorp"]
    assert rules(found.findings) == ["code-and-name-differ"]


def test_square_metres_are_known_by_their_size_also_where_hectares_should_be(register):
    rows = "1,2024,BRUG,GM9001,203000,144500,0,B\n2,2024,KADE,GM9001,80000,70000,0,B\n"
    found = read_parks(register(SERVICE + rows, municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["net_ha"].tolist() == [14.45, 7.0]
    assert [(one.rule, one.severity) for one in found.findings] == [("square-metres", "remark")]


def test_one_figure_in_another_unit_is_read_as_such_and_named(register):
    rows = "1,2024,BRUG,GM9001,20,14,0,B\n2,2024,KADE,GM9001,30,250000,0,B\n3,2024,DOK,GM9001,8,7,0,B\n"
    found = read_parks(register(SERVICE + rows, municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["net_ha"].tolist() == [14, 25, 7]
    assert [(one.rule, one.line) for one in found.findings] == [("other-unit", 3)]


def test_hectares_among_square_metres_are_read_as_hectares(register):
    text = collection(
        *(ibis(str(n), f"Kade {chr(64 + n)}", net="50000", gross="60000") for n in range(1, 4)),
        ibis("9", "Dok", net="12,5", gross="15"),
    )
    found = read_parks(register(text, "parks.geojson"), checks=False)
    assert found.parks["net_ha"].tolist() == [5, 5, 5, 12.5]
    assert rules(found.findings, "warning").count("other-unit") == 2


def test_an_area_that_is_not_what_is_drawn_is_named(register):
    """The square is 19 hectares; the second figure says one."""
    drawn = polygon(square(5.1, 52.1))
    text = collection(
        ibis("1", "Brug", drawn, net="150000", gross="190000"), ibis("2", "Kade", drawn, net="9000", gross="9900")
    )
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES))
    assert [one.park_id for one in found.findings if one.rule == "area-differs-from-map"] == ["2"]


def test_an_outline_that_cannot_be_read_does_not_take_the_park_with_it(register):
    bow_tie = polygon([[5.1, 52.1], [5.11, 52.11], [5.11, 52.1], [5.1, 52.105], [5.1, 52.1]])
    text = collection(
        ibis("1", "Brug"), ibis("2", "Kade", bow_tie), ibis("3", "Dok", {"type": "Point", "coordinates": [5, 52]})
    )
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES))
    told = [one.found for one in found.findings if one.rule == "invalid-outline"]
    assert told == [
        "object 1: Brug heeft geen vlak",
        "object 2: Kade heeft een omtrek die zichzelf kruist",
        "object 3: Dok is geen vlak maar een punt, een lijn of iets anders",
    ]
    assert len(found.parks) == 3


@pytest.mark.parametrize(
    ("outline", "rule"),
    [(square(155_000, 463_000, 400), "rd-coordinates"), ([p[::-1] for p in square(5.39, 52.15)], "swapped-coordinates")],
)  # fmt: skip
def test_coordinates_in_another_system_are_turned_and_told(register, outline, rule):
    found = read_parks(
        register(collection(ibis("1", "Brug", polygon(outline), net="150000", gross="160000")), "parks.geojson")
    )
    assert rule in rules(found.findings, "remark")
    assert found.parks["longitude"].tolist() == pytest.approx([5.39], abs=0.01)
    assert found.parks["latitude"].tolist() == pytest.approx([52.155], abs=0.01)


# One number several times.


def test_parts_that_repeat_the_area_of_the_whole_count_it_once(register):
    """Three outlines of 3.2 hectares and the figure 9.6 on each: the map shows that the figure is that of the whole."""
    parts = [polygon(square(west, 52.1, 0.00205)) for west in (5.1, 5.11, 5.12)]
    text = collection(*(ibis("1", "Brug", part, net="95000", gross="96000") for part in parts))
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES))
    assert found.parks["net_ha"].tolist() == [9.5]
    assert len(found.shapes["1"].polygons) == 3
    assert rules(found.findings, "warning") == ["doubled-rin"]
    assert "één keer geteld" in next(one.found for one in found.findings if one.rule == "doubled-rin")


def test_parts_that_each_have_their_own_area_are_added_up(register):
    """The same figure on each, but this time each outline is that large: 19 hectares."""
    parts = [polygon(square(west, 52.1, 0.005)) for west in (5.1, 5.12)]
    text = collection(*(ibis("1", "Brug", part, net="190000", gross="190000") for part in parts))
    found = read_parks(register(text, "parks.geojson", municipalities__geojson=MUNICIPALITIES))
    assert found.parks["net_ha"].tolist() == [38.0]


def test_of_several_years_the_latest_counts(register):
    rows = "1,2023,BRUG,GM9001,20,10,0,B\n1,2024,BRUG,GM9001,20,12,0,B\n1,2022,BRUG,GM9001,20,8,0,B\n"
    found = read_parks(register(SERVICE + rows, municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["net_ha"].tolist() == [12]
    assert [(one.rule, one.severity) for one in found.findings] == [("several-years", "remark")]
    assert "2022, 2023 en 2024" in found.findings[0].found


def test_the_same_row_twice_is_one_park(register):
    row = "1,2024,BRUG,GM9001,20,12,0,B\n"
    found = read_parks(register(SERVICE + row + row, municipalities__csv=MUNICIPALITIES_CSV))
    assert found.parks["net_ha"].tolist() == [12]
    assert rules(found.findings) == ["doubled-rin"]


# What touches who a park is: an error, and every error at once.


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (",2024,,GM9001,2,1,0,B\n", "nameless-row"),
        ("../x,2024,BRUG,GM9001,2,1,0,B\n", "wrong-code"),
        ("1,2024,DE BRUG, KADE,GM9001,2,1,0,B\n", "extra-field"),
        ("1,2024,BRUG,GM9001,2,1,0,B\n1,2024,KADE,GM9001,2,1,0,B\n", "doubled-park"),
    ],
)
def test_a_fault_in_who_a_park_is_refuses_the_register(register, rows, rule):
    """Judgements are collected under a park's code: a code that could be two parks is not guessed at."""
    path = register(SERVICE + rows, municipalities__csv=MUNICIPALITIES_CSV)
    assert rule in rules(read_parks(path).errors)
    with pytest.raises(RegisterError):
        load_parks(path)


def test_all_faults_come_at_once_and_a_warning_is_no_reason_to_refuse(register):
    rows = "1,2024,BRUG,GM9001,2,3,0,B\n../x,2024,KADE,GM9001,2,1,0,B\n,2024,,GM9001,2,1,0,B\n"
    path = register(SERVICE + rows, municipalities__csv=MUNICIPALITIES_CSV)
    with pytest.raises(RegisterError) as caught:
        load_parks(path)
    assert sorted(rules(caught.value.findings)) == ["nameless-row", "net-above-gross", "wrong-code"]
    path.write_text(SERVICE + rows.splitlines()[0] + "\n")
    assert len(load_parks(path)) == 1


def test_a_column_that_stands_twice_is_refused(register):
    path = register(
        "rin,naam,gemeentecode,ha_netto,HA_NETTO\n1,BRUG,GM9001,2,3\n", municipalities__csv=MUNICIPALITIES_CSV
    )
    assert rules(read_parks(path).errors) == ["doubled-column"]


def test_an_export_without_rows_is_refused(register):
    assert rules(read_parks(register(SERVICE)).errors) == ["empty-register"]


# One value.


@settings(max_examples=200, deadline=None)
@given(value=st.integers(0, 10**9), decimals=st.integers(0, 99))
def test_a_number_reads_the_same_as_dutch_and_as_english_write_it(value, decimals):
    number = value + decimals / 100
    english = f"{number:,.2f}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english) == read_number(dutch) == read_number(f"{number:.2f}") == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1.234", ".", 1.234), ("1.234", ",", 1234), ("1,234", ".", 1.234), ("1.234.567", ".", 1234567), ("12", ",", 12), ("-3", ".", -3)],
)  # fmt: skip
def test_what_a_number_leaves_open_the_column_decides(text, mark, value):
    assert read_number(text, mark) == value


@pytest.mark.parametrize("text", ["", "x", "nan", "1e3", "12 34 ha", "1,2,3", "1.2.3,4", "--1", "١٢x", "9" * 400])
def test_what_is_no_number_is_none(text):
    assert read_number(text) is None


def test_a_column_with_one_comma_that_leaves_no_doubt_is_dutch():
    assert decimal_mark(["1.234", "12,5", ""]) == ","
    assert decimal_mark(["1.234", "12.5", ""]) == "."


def test_an_area_may_say_its_unit():
    assert [read_area(text, ",") for text in ("125.000 m2", "12,5 ha", "3 hectare", "7", "m2")] == [
        Area(125_000, "m2"), Area(12.5, "ha"), Area(3, "ha"), Area(7, None), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", (2024, True)), ("v1900", (1900, False)), ("\ufffd1950", (1950, False)), ("ca. 1950", (1950, False)), ("0999", (None, False)), ("19500", (None, False)), ("", (None, False))],
)  # fmt: skip
def test_a_year_is_read_with_what_stands_around_it(text, year):
    assert read_year(text) == year


def test_codes_are_read_in_every_form():
    codes = read_codes("GM0034; gm995 / 0171 en GM0000")
    assert (codes.codes, codes.nobody, codes.unreadable) == (("GM0034", "GM0995", "GM0171"), True, True)


@pytest.mark.parametrize(
    ("name", "short"),
    [("'s-Hertogenbosch", "s-hertogenbosch"), ("Súdwest-Fryslân", "sudwest-fryslan"), ("Bergen (NH.)", "bergen-nh"), ("Noordoostpolder", "noordoostpolder")],
)  # fmt: skip
def test_a_name_becomes_the_name_of_a_file(name, short):
    assert slug(name) == short


def test_a_code_that_is_no_code_is_named(register):
    found = read_parks(register(SERVICE + "1,2024,BRUG,Westdorp,2,1,0,B\n", municipalities__csv=MUNICIPALITIES_CSV))
    assert rules(found.findings) == ["wrong-municipality-code", "municipality-unknown"]


SAMPLES = (
    SERVICE + '1,2024,"BRUG, OOST",GM9001,20,12.5,0,B\n2,v1900,KADE,GM0000,"12,5",9,0,B\n',
    "park_id;name;municipality;net_ha;longitude;latitude\nA;Kade;urk;12,5;5,1;52,1\n",
    collection(ibis("1", "Brug", polygon(square(5.1, 52.1))), ibis("1", "Brug", polygon(square(5.2, 52.1)))),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_happened_to_a_file_it_is_read_or_refused_and_never_crashes(tmp_path_factory, data):
    """Pieces are cut out of a register and replaced by anything, as bytes: a finding or a RegisterError comes of it."""
    content = data.draw(st.sampled_from(SAMPLES)).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        last = min(last, first + 12)
        content = content[:first] + data.draw(st.binary(max_size=8)) + content[last:]
    path = tmp_path_factory.mktemp("fuzz") / "parks.csv"
    path.write_bytes(content)
    with contextlib.suppress(RegisterError):
        register = read_parks(path)
        assert register.parks["park_id"].is_unique
        assert all(register.parks["municipality"] != "")
