"""A bundle holds what one audience may see of one round, and nothing else; it is refused when it holds more."""

import dataclasses
import hashlib
import json

import pytest

import werkbank as wb
from tests.bundles import write_bundle
from werkbank.assessment.decisions import chosen_parks, select_in_demo
from werkbank.errors import OutputError
from werkbank.files.whole import hashes_of, sha256_of
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import BUNDLE_FILE, read_bundle

SAID = "door stuurgroep op 2 maart 2026; projectplan: concept"


def made(municipality, audience):
    return wb.assess(wb.load_parameters(municipality, audience=audience))


@pytest.fixture(scope="module")
def full(demo_workspace):
    """Urk for the municipality, before the gate."""
    return made("urk", "municipality")


@pytest.fixture(scope="module")
def own(full):
    return for_audience(full)


@pytest.fixture(scope="module")
def riec(demo_workspace):
    return [made(name, "riec") for name in ("zeewolde", "urk")]


def test_what_is_written_is_read_back_the_same(riec, own, tmp_path):
    write_bundle(riec, tmp_path / "b")
    bundle = read_bundle(tmp_path / "b")
    assert bundle.municipalities == ("urk", "zeewolde")
    assert bundle.assessment("zeewolde").to_json() == riec[0].to_json()
    write_bundle([own], tmp_path / "own")
    assert read_bundle(tmp_path / "own").assessment("urk").to_json() == own.to_json()
    assert (bundle.audience, bundle.round, bundle.district, bundle.fictional) == ("riec", "2026-1", "Flevoland", True)
    assert bundle.label == wb.load_catalogue().audience("riec").label
    assert bundle.legal_bases[0].startswith("Fictieve stuurgroep, 2024-01-10")


def test_it_holds_one_file_per_municipality_the_sha256_of_each_and_the_same_bytes_in_any_order(riec, tmp_path):
    write_bundle(riec, tmp_path / "a")
    write_bundle(riec[::-1], tmp_path / "b")
    head = json.loads((tmp_path / "b" / BUNDLE_FILE).read_text(encoding="utf-8"))
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [BUNDLE_FILE, "urk.json", "zeewolde.json"]
    assert head["files"] == {name: sha256_of(tmp_path / "b" / name) for name in ("urk.json", "zeewolde.json")}
    assert hashes_of(tmp_path / "a") == hashes_of(tmp_path / "b")


def test_it_names_no_place(own, demo_workspace, tmp_path):
    write_bundle([own], tmp_path / "b")
    assert not [path for path in (tmp_path / "b").iterdir() if str(demo_workspace) in path.read_text(encoding="utf-8")]


def test_a_bundle_with_remarks_for_who_may_not_see_them_is_neither_written_nor_read(own, riec, tmp_path):
    told = dataclasses.replace(own, _remarks=riec[1].remarks.query("party == 'municipality'"))
    assert len(told.remarks)
    with pytest.raises(OutputError, match="bevat toelichtingen"):
        write_bundle([told], tmp_path / "b")
    with pytest.raises(OutputError, match="toelichtingen"):
        wb.report.park_pages(told)
    by_hand(tmp_path / "c", own, told)
    with pytest.raises(OutputError, match="meer dan de doelgroep mag zien"):
        read_bundle(tmp_path / "c")


def made_for(audience, one):
    """As if it had been made for that audience."""
    return dataclasses.replace(one, parameters=one.parameters.model_copy(update={"audience": audience}))


def by_hand(folder, own, instead, **more):
    """A bundle of which every hash is right and the content is not."""
    write_bundle([own], folder)
    content = instead.to_json().encode()
    (folder / "urk.json").write_bytes(content)
    head = json.loads((folder / BUNDLE_FILE).read_text(encoding="utf-8"))
    head["files"]["urk.json"] = hashlib.sha256(content).hexdigest()
    head |= more
    (folder / BUNDLE_FILE).write_text(json.dumps(head), encoding="utf-8")


def from_nowhere(_full, own):
    """A level that nobody shown has given is another party's."""
    cells = own.cells
    unknown = cells.index[~cells["known"].astype(bool)][0]
    cells.loc[unknown, ["level", "points"]] = 3.0, 100.0
    return dataclasses.replace(own, _cells=cells)


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        (lambda full, _: full, "urk bevat cellen van de politie"),
        # Only the list of parties is trimmed; the judgements are still there.
        (lambda full, own: dataclasses.replace(own, _judgements=full.judgements), "cellen van de politie"),
        # A combined level beside an own one gives the other party's away.
        (
            lambda full, own: dataclasses.replace(own, _cells=full.cells.assign(contribution=float("nan"))),
            "niet uit de eigen oordelen",
        ),
        (from_nowhere, "niet uit de eigen oordelen"),
        (lambda full, _: made_for("partners", full), "bevat rijen die deze doelgroep niet mag zien"),
    ],
    ids=["not filtered", "rows of another party", "combined levels", "a level out of nowhere", "rows of no task"],
)
def test_an_assessment_that_did_not_pass_the_gate_is_refused(full, own, tmp_path, forged, told):
    with pytest.raises(OutputError, match=told):
        write_bundle([forged(full, own)], tmp_path / "b")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"urk": {"URK-04": SAID}}, ""),
        ({"urk": {"ZEE-01": SAID}}, "hoort niet bij deze gemeenten"),
        ({"urk": {}, "zeewolde": {"ZEE-01": SAID}}, "hoort niet bij deze gemeenten"),
    ],
)
def test_a_bundle_tells_which_of_its_own_parks_were_chosen_and_of_no_other(own, tmp_path, chosen, told):
    """Also when the words are put into it afterwards."""
    if not told:
        write_bundle([own], tmp_path / "b", chosen)
        assert read_bundle(tmp_path / "b").chosen == chosen
        return
    with pytest.raises(OutputError, match=told):
        write_bundle([own], tmp_path / "b", chosen)
    by_hand(tmp_path / "c", own, own, chosen=chosen)
    with pytest.raises(OutputError, match="meer dan de doelgroep mag zien"):
        read_bundle(tmp_path / "c")


def test_who_gets_no_decisions_is_told_of_none(own_workspace, full, tmp_path):
    """Of one audience the register is not even asked; the words hold no reason."""
    selection = select_in_demo("urk")
    parameters = wb.load_parameters("urk", audience="municipality")
    (said,) = chosen_parks(parameters).values()
    assert said == "door Fictieve stuurgroep op 2 maart 2026; projectplan: nog niet gemaakt"
    assert selection.reason not in said
    assert chosen_parks(wb.load_parameters("zeewolde", audience="municipality")) == {}
    assert chosen_parks(parameters.model_copy(update={"audience": "public"})) == {}
    with pytest.raises(OutputError, match="deze doelgroep krijgt geen besluiten"):
        write_bundle([for_audience(made_for("entrepreneurs", full))], tmp_path / "b", {"urk": {"URK-04": said}})


@pytest.mark.parametrize("field", ["_parks", "_groups", "reasons", "indications"])
def test_anything_else_the_gate_takes_out_is_refused_too(full, own, tmp_path, field):
    forged = dataclasses.replace(own, **{field: getattr(full, field)})
    with pytest.raises(OutputError, match="mag niet worden gemaakt"):
        write_bundle([forged], tmp_path / "b")


def test_what_is_not_of_one_audience_and_once_is_refused(own, riec, tmp_path):
    """And a municipality gets its own only."""
    other = for_audience(made("zeewolde", "municipality"))
    refused = {"verschillende doelgroepen": [own, *riec], "alleen de eigen gemeente": [own, other], "geen analyse": []}
    for told, given in {**refused, "twee keer": [riec[0], riec[0]]}.items():
        with pytest.raises(OutputError, match=told):
            write_bundle(given, tmp_path / "b")


def test_a_folder_with_anything_in_it_is_left_alone(own, tmp_path):
    (tmp_path / "eigen.txt").write_text("van mij")
    with pytest.raises(OutputError, match="niet leeg"):
        write_bundle([own], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["eigen.txt"]


@pytest.mark.parametrize("name", [BUNDLE_FILE, "urk.json"])
def test_a_changed_or_missing_file_is_noticed(own, tmp_path, name):
    for change in ("changed", "missing"):
        folder = tmp_path / change
        write_bundle([own], folder)
        file = folder / name
        if change == "missing":
            file.unlink()
        else:
            file.write_text(file.read_text(encoding="utf-8").replace("Urk", "Ur k", 1), encoding="utf-8")
        with pytest.raises(OutputError, match="opnieuw"):
            read_bundle(folder)


@pytest.mark.parametrize("name", ["../urk.json", "/etc/passwd", "urk", ""])
def test_a_bundle_leads_nowhere_else(own, tmp_path, name):
    """File names in it are those of municipalities, never a path."""
    write_bundle([own], tmp_path / "b")
    file = tmp_path / "b" / BUNDLE_FILE
    head = json.loads(file.read_text(encoding="utf-8"))
    head["files"] = {name: head["files"]["urk.json"]}
    file.write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(OutputError, match="opnieuw"):
        read_bundle(tmp_path / "b")


@pytest.mark.parametrize(
    ("more", "told"), [({}, "meer dan de doelgroep mag zien"), ({"schema_version": 0}, "andere versie van de werkbank")]
)
def test_a_bundle_made_by_hand_with_too_much_in_it_or_of_another_version_is_not_shown(full, own, tmp_path, more, told):
    by_hand(tmp_path / "b", own, full, **more)
    with pytest.raises(OutputError, match=told):
        read_bundle(tmp_path / "b")
