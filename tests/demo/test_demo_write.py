"""The fictional district on disk: whole or not at all, never over other data, the same bytes for a seed."""

import hashlib
import itertools
import json

import pytest
import yaml

from werkbank.demo import write
from werkbank.demo.fiction import generate
from werkbank.demo.truth import MUNICIPALITIES
from werkbank.demo.write import BODY, MOMENT, is_fictional, write_demo
from werkbank.errors import OutputError
from werkbank.files.canonical import to_plain
from werkbank.matrix import load_matrix
from werkbank.parks.register import load_parks
from werkbank.register.events import Event, utc
from werkbank.register.store import open_register
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import FICTIONAL_MARK

CATALOGUE = load_catalogue()
ROUNDS = ("2024-1", "2025-1", "2026-1")


def fingerprints(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def earlier_district(folder):
    """A small folder as an earlier example would have left it."""
    folder.mkdir()
    (folder / "rest.txt").write_text("earlier", encoding="utf-8")
    sha256 = hashlib.sha256(b"earlier").hexdigest()
    (folder / FICTIONAL_MARK).write_text(
        json.dumps({"fictional": True, "files": {"rest.txt": sha256}}), encoding="utf-8"
    )


def quick_workbook(path, *args, **kwargs):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


@pytest.fixture(scope="module")
def data(_district):
    return _district / "data"


def test_all_files_are_there_and_nothing_else(data):
    slugs = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
    workbooks = {
        f"matrices/{name}/{slug}_{party}.xlsx" for name in ROUNDS for slug in slugs for party in ("politie", "gemeente")
    }
    others = "parks.csv context.csv reference_cases.yaml parks.geojson municipalities.geojson legal_bases.yaml"
    plans = {"plans/ALM-13.yaml", "plans/ZEE-01.yaml"}
    assert set(fingerprints(data)) == workbooks | plans | {*others.split(), "planted_truth.json", FICTIONAL_MARK}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(data, tmp_path, monkeypatch):
    write_demo(tmp_path / "same", catalogue=CATALOGUE, seed=2018)
    assert fingerprints(tmp_path / "same") == fingerprints(data)
    monkeypatch.setattr(write, "write_workbook", quick_workbook)
    write_demo(tmp_path / "other", catalogue=CATALOGUE, seed=2019)
    assert {path.name for path in tmp_path.iterdir()} == {"same", "other"}
    equal = fingerprints(tmp_path / "other").items() & fingerprints(data).items()
    assert {name for name, _ in equal} == {"legal_bases.yaml", "reference_cases.yaml", "municipalities.geojson"}


def test_what_is_written_reads_back_exactly_and_without_a_finding(data):
    district = generate(catalogue=CATALOGUE)
    parks = load_parks(data / "parks.csv")
    keys = ["park_id", "indicator", "party"]
    for name in ROUNDS:
        matrix = load_matrix(sorted((data / "matrices" / name).glob("*.xlsx")), CATALOGUE, parks, round=name)
        assert matrix.findings == ()
        assert all(source.fictional for source in matrix.sources)
        read = matrix.judgements.sort_values(keys, ignore_index=True)
        made = district.judgements(name).sort_values(keys, ignore_index=True)
        assert read[made.columns.tolist()].equals(made)


def test_the_maps_name_the_parks_and_municipalities_and_rings_turn_counter_clockwise(data):
    maps = (json.loads((data / f"{name}.geojson").read_text("utf-8")) for name in ("parks", "municipalities"))
    parks, municipalities = (each["features"] for each in maps)
    assert [feature["properties"]["park_id"] for feature in parks] == load_parks(data / "parks.csv")["park_id"].tolist()
    codes = {place.code for place in MUNICIPALITIES}
    assert {feature["properties"]["code"] for feature in municipalities} == codes
    for feature in parks + municipalities:
        (ring,) = feature["geometry"]["coordinates"]
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
        assert ring[0] == ring[-1]
        assert area > 0


def test_the_legal_basis_holds_for_all_rounds_and_says_that_it_is_fictional(data):
    text = (data / "legal_bases.yaml").read_text(encoding="utf-8")
    (basis,) = yaml.safe_load(text)["legal_bases"]
    assert (basis["body"], basis["rounds"]) == ("Fictieve stuurgroep", list(ROUNDS))
    assert list(basis["releases"]) == ["police", "municipality", "steering", "partners"]
    assert len(basis["municipalities"]) == 6
    assert "verzonnen" in basis["note"]
    assert text.startswith("# FICTIEVE GEGEVENS")


def test_the_planted_truth_on_disk_is_the_one_in_memory_and_the_marker_names_seed_and_generator(data):
    planted = json.loads((data / "planted_truth.json").read_text(encoding="utf-8"))
    truth = generate(catalogue=CATALOGUE).truth
    assert planted["planted"] == dict(truth.planted)
    assert planted["first"] == to_plain(truth.first)
    marker = json.loads((data / FICTIONAL_MARK).read_text(encoding="utf-8"))
    assert (marker["fictional"], marker["seed"], marker["generator_version"]) == (True, 2018, 3)
    assert is_fictional(data)


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [("data/parks.csv", "x", "niet als fictief"), (f"data/{FICTIONAL_MARK}", "geen json", "niet als fictief"),
     (f"data/{FICTIONAL_MARK}", '{"fictional": false}', "niet als fictief"), ("data", "x", "is een bestand")],
)  # fmt: skip
def test_a_folder_with_other_data_or_a_file_in_its_place_is_left_alone(tmp_path, name, text, refusal):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = fingerprints(tmp_path)
    with pytest.raises(OutputError, match=refusal):
        write_demo(tmp_path / "data", catalogue=CATALOGUE)
    assert fingerprints(tmp_path) == before


@pytest.fixture
def quickly(tmp_path, monkeypatch):
    """Writes the district without the work of its workbooks; into a folder that the test may change."""
    monkeypatch.setattr(write, "write_workbook", quick_workbook)
    return lambda: write_demo(tmp_path / "data", catalogue=CATALOGUE, seed=2)


def test_an_earlier_fictional_district_is_replaced_as_a_whole(tmp_path, quickly):
    earlier_district(tmp_path / "data")
    quickly()
    assert not (tmp_path / "data" / "rest.txt").exists()
    assert json.loads((tmp_path / "data" / FICTIONAL_MARK).read_text(encoding="utf-8"))["seed"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(("existing", "fault"), [(False, OSError(28, "geen ruimte")), (True, KeyboardInterrupt())])
def test_when_writing_stops_midway_everything_is_as_before(tmp_path, monkeypatch, quickly, existing, fault):
    if existing:
        earlier_district(tmp_path / "data")
    before, written = fingerprints(tmp_path), []

    def stops(path, *args, **kwargs):
        written.append(path)
        if len(written) == 7:
            raise fault
        quick_workbook(path)

    monkeypatch.setattr(write, "write_workbook", stops)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        quickly()
    assert len(written) == 7
    assert fingerprints(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"data"}


def test_a_workbook_that_somebody_put_in_the_example_is_never_lost(tmp_path, quickly):
    """Changed or added: it may be real, and then neither the mark nor a new example may swallow it."""
    quickly()
    for name in ("matrices/2027-1/urk_politie.xlsx", "matrices/2026-1/urk_politie.xlsx"):
        own = tmp_path / "data" / name
        own.parent.mkdir(exist_ok=True)
        own.write_bytes(b"somebody's work")
        with pytest.raises(OutputError, match="niet van het voorbeeld"):
            quickly()
        assert own.read_bytes() == b"somebody's work"
        own.unlink()


def test_a_decision_that_somebody_recorded_in_the_example_is_never_lost(tmp_path, quickly):
    """The example's own decision goes with it; one that was added keeps everything as it is."""
    quickly()
    register = tmp_path / "data" / "register.sqlite"
    decide(register, BODY, MOMENT)
    quickly()
    assert not register.exists()
    decide(register, BODY, MOMENT)
    decide(register, "stuurgroep", MOMENT)
    before = fingerprints(tmp_path)
    with pytest.raises(OutputError, match=r"register\.sqlite \(besluiten die iemand heeft vastgelegd\)"):
        quickly()
    assert fingerprints(tmp_path) == before
    # A damaged register may hold decisions too.
    register.write_bytes(b"geen register")
    with pytest.raises(OutputError, match="niet van het voorbeeld"):
        quickly()


def decide(path, body, moment):
    whose = {"municipality": "urk", "round": "2026-1", "park_id": "URK-01", "actor_role": body}
    with open_register(path) as register:
        register.append(Event(kind="selection", at=utc(moment), payload="{}", **whose))
