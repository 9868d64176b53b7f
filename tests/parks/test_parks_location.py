"""A park keyed to the wrong municipality is doubted where something speaks against it, and only there."""

import pytest

from tests.parks.park_files import MUNICIPALITIES, MUNICIPALITIES_CSV, collection, feature, polygon, rules, square
from werkbank.parks.names import base_name, phases
from werkbank.parks.register import read_parks

TABLE = "rin,naam,gemeentecode,gemeente,jaar,ha_bruto,ha_netto\n"
OWN = "park_id,name,municipality,net_ha,longitude,latitude\n"


@pytest.fixture
def read(tmp_path):
    def write(text, **beside):
        for file, content in {"parks__csv": text, **beside}.items():
            (tmp_path / file.replace("__", ".")).write_text(content, encoding="utf-8")
        return read_parks(tmp_path / "parks.csv")

    return write


def rows(*named):
    """A table of (name, code) with the numbers 1, 2, 3…"""
    names = {"GM9001": "Westdorp", "GM9002": "'s-Oostdam"}
    return TABLE + "".join(f'{n},"{name}",{code},{names[code]},2024,2,1\n' for n, (name, code) in enumerate(named, 1))


def doubts(register):
    """Park → what is said of it, for every park of which the municipality is doubted."""
    return {one.park_id: one.found for one in register.findings if one.rule == "other-municipality"}


def test_the_name_of_another_municipality_in_a_name_is_a_doubt(read):
    register = read(rows(("PORT OF WESTDORP", "GM9002"), ("POORT VAN WESTDORP", "GM9001"), ("KADE", "GM9002")))
    assert set(doubts(register)) == {"1"}
    assert "staat bij 's-Oostdam, maar hoort mogelijk bij Westdorp: de naam noemt “westdorp”" in doubts(register)["1"]
    assert not register.errors


def test_a_municipalitys_name_within_a_word_is_no_doubt(read):
    assert not doubts(read(rows(("WESTDORPERHOEK", "GM9002"), ("KADE", "GM9001"))))


def test_a_phase_that_follows_on_phases_elsewhere_is_a_doubt(read):
    register = read(rows(("VELD I EN II", "GM9001"), ("VELD III", "GM9001"), ("VELD IV", "GM9002"), ("KADE", "GM9002")))
    assert set(doubts(register)) == {"3"}
    assert "eerdere fasen" in doubts(register)["3"]


@pytest.mark.parametrize(
    "named",
    [
        [("VELD I", "GM9001"), ("VELD II", "GM9001"), ("VELD I", "GM9002"), ("VELD II", "GM9002")],
        [("VELD II", "GM9001"), ("VELD", "GM9002")],
        [("VELD I", "GM9001"), ("VELD", "GM9002")],
        [("BEDRIJVENTERREIN 2", "GM9001"), ("INDUSTRIETERREIN 1", "GM9002")],
    ],
    ids=["both have their own", "no first phase", "nothing follows", "words that say nothing"],
)
def test_a_name_in_common_is_not_enough(read, named):
    assert not doubts(read(rows(*named)))


def test_a_place_name_of_another_municipality_is_a_doubt_unless_the_own_has_it_too(read):
    """The places are any list of names with a code, such as neighbourhoods; generic words in it say nothing."""
    places = "naam,gm_code\nHanzewijk,GM9002\nDe Brug,GM9001\nDe Brug,GM9002\nIndustrieterrein II,GM9002\nKom,GM9002\n"
    register = read(
        rows(("HANZEWIJK", "GM9001"), ("DE BRUG", "GM9001"), ("INDUSTRIETERREIN KADE", "GM9001"), ("HANZEWIJK II", "GM9002"), ("KOM", "GM9001")),
        places__csv=places,
        municipalities__csv=MUNICIPALITIES_CSV,
    )  # fmt: skip
    assert set(doubts(register)) == {"1"}
    assert "daar is een plek “hanzewijk”" in doubts(register)["1"]


def test_the_map_finds_a_wrong_municipality_and_silences_the_names(read):
    """Park 1 lies elsewhere than keyed; park 2 has a misleading name but lies where it should."""
    register = read(
        rows(("KADE", "GM9002"), ("PORT OF WESTDORP", "GM9002"), ("DOK", "GM9001")),
        municipalities__geojson=MUNICIPALITIES,
        parks__geojson=collection(
            feature(polygon(square(5.05, 52.1, 0.001)), park_id="1"),
            feature(polygon(square(5.3, 52.1, 0.001)), park_id="2"),
            feature(polygon(square(5.05, 52.15, 0.001)), park_id="3"),
        ),
    )
    assert set(doubts(register)) == {"1"}
    assert "Westdorp: op de kaart ligt het er 10,2 km buiten" in doubts(register)["1"]


@pytest.mark.parametrize(("west", "doubted"), [(5.1935, False), (5.1900, True)])
def test_close_to_a_border_the_map_says_nothing(read, west, doubted):
    """Public borders are simplified; half a kilometre (0.0073 degrees here) is allowed for. The park is 0.0005 wide."""
    outline = polygon(square(west, 52.1, 0.0005))
    register = read(
        rows(("KADE", "GM9002"), ("DOK", "GM9001")),
        municipalities__geojson=MUNICIPALITIES,
        parks__geojson=collection(feature(outline, park_id="1")),
    )
    assert bool(doubts(register)) is doubted


def test_the_map_is_used_for_the_districts_own_list_too(read):
    register = read(
        OWN + "A,Kade,s-oostdam,25,5.05,52.1\nB,Dok,westdorp,25,5.05,52.11\n",
        municipalities__geojson=MUNICIPALITIES,
    )
    assert set(doubts(register)) == {"A"}
    assert next(one for one in register.findings if one.park_id == "A").line == 2


def test_a_lone_park_far_from_its_own_and_close_to_others_is_a_doubt(read):
    """Without borders: A is 40 km from the parks of its municipality and 1 km from another's."""
    west = "".join(f"W{n},Kade {n},westdorp,5,{5.1 + n / 100},52.1\n" for n in range(3))
    east = "".join(f"O{n},Dok {n},s-oostdam,5,{5.7 + n / 100},52.1\n" for n in range(3))
    register = read(OWN + west + east + "A,Zwerver,westdorp,5,5.73,52.105\n")
    assert set(doubts(register)) == {"A"}
    assert "km van de andere terreinen" in doubts(register)["A"]
    assert not doubts(read(OWN + west + east + "A,Alleen,westdorp,5,5.4,52.1\n"))


def test_an_outline_of_an_unknown_park_and_parks_without_outline_are_named(read):
    register = read(
        OWN + "A,Kade,westdorp,25,,\nB,Dok,westdorp,25,,\n",
        parks__geojson=collection(
            feature(polygon(square(5.1, 52.1)), park_id="A"), feature(polygon(square(5.15, 52.1)), park_id="X")
        ),
    )
    assert rules(register.findings) == ["outline-of-unknown-park", "no-outline"]
    assert "X" in register.findings[0].found
    assert "B" in register.findings[1].found
    assert set(register.shapes) == {"A"}


@pytest.mark.parametrize("file", ["municipalities__geojson", "municipalities__csv", "places__csv"])
def test_a_file_beside_the_register_that_cannot_be_read_is_a_warning(read, file):
    register = read(rows(("KADE", "GM9001")), **{file: "kapot,ding\n1,2\n"})
    assert "unreadable-list" in rules(register.findings, "warning")
    assert len(register.parks) == 1


def test_the_fictional_district_is_not_doubted(demo_workspace):
    """77 parks with outlines and borders: nothing to remark."""
    register = read_parks(demo_workspace / "data" / "parks.csv")
    assert register.findings == ()
    assert len(register.shapes) == 77


@pytest.mark.parametrize(
    ("name", "base", "numbers"),
    [
        ("DE VAART I,II,III", "de vaart", {1, 2, 3}),
        ("Trekkersveld I en II", "trekkersveld", {1, 2}),
        ("DE MUNT II FASE II", "de munt", {2}),
        ("NAGELERWEG 1+2", "nagelerweg", {1, 2}),
        ("Vletgaarsmaten 2B", "vletgaarsmaten", {2}),
        ("UITBREIDING OLDEBROEKERWEG", "oldebroekerweg", set()),
        ("FLEVOKUST (KADEGEBONDEN)", "flevokust", set()),
        ("INDUSTRIETERREIN ENS", "ens", set()),
        ("BEDRIJVENTERREIN", "bedrijventerrein", set()),
        ("A6", "a6", set()),
        ("KAVEL C-90", "kavel c-90", set()),
        ("(zonder naam)", "(zonder naam)", set()),
        ("III", "iii", set()),
    ],
)
def test_a_name_is_told_from_its_phases(name, base, numbers):
    assert (base_name(name), phases(name)) == (base, numbers)
