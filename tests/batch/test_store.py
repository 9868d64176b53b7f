"""A round on shared storage: whole when its manifest is there, never spread when damaged, never sent in the clear."""

import dataclasses
import json
import random

import pytest

from tests.batch.test_verify import flip
from tests.test_cli import run
from werkbank.assessment.choosing import any_parameters
from werkbank.batch import store as module
from werkbank.batch.manifest import manifest_bytes, parse_manifest
from werkbank.batch.store import store, verify_stored
from werkbank.errors import OutputError

fsspec = pytest.importorskip("fsspec", reason="the extra [storage] is not installed")


@pytest.fixture
def there(tmp_path):
    return tmp_path / "opslag"


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def findings(address):
    return [(one.rule, one.file) for one in verify_stored(any_parameters(), str(address)).findings]


def test_what_the_manifest_names_lies_there_in_the_same_folders_and_nothing_else(two, there):
    (two / "output" / "2026-1" / "riec" / "urk" / "kladje.txt").write_text("van de analist")
    done = store(any_parameters(), str(there))
    manifest = json.loads((there / "2026-1" / "riec" / "manifest.json").read_text())
    named = {f"2026-1/riec/{slug}/{name}" for slug, one in manifest["units"].items() for name in one["outputs"]}
    beside = {f"2026-1/riec/{name}" for name in manifest["files"]}
    found = tree(there)
    assert set(found) == {*named, *beside, "2026-1/riec/manifest.json"}
    assert found == {name: (two / "output" / name).read_bytes() for name in found}
    assert (done.sent, done.kept, done.removed) == (len(named) + len(beside), 0, 0)
    assert verify_stored(any_parameters(), str(there)).findings == ()


def test_only_what_changed_is_sent_again_and_what_is_gone_is_taken_away(two, quick, there):
    from werkbank.batch.runner import run_batch

    store(any_parameters(), str(there))
    assert store(any_parameters(), str(there)).sent == 0
    extra = two / "output" / "2026-1" / "riec" / "urk" / "analyse.html"
    before = (there / "2026-1" / "riec" / "urk" / "assessment.json").stat().st_mtime_ns
    extra.unlink()
    run_batch(two, ["urk"])
    done = store(any_parameters(), str(there))
    assert 0 < done.sent < 6, "the page with its new day, the index, and the manifest before"
    assert (there / "2026-1" / "riec" / "urk" / "assessment.json").stat().st_mtime_ns == before
    assert findings(there) == []
    assert verify_stored(any_parameters(), str(there)).chain == 2


def test_any_flipped_bit_there_is_found_and_force_mends_it(two, there):
    store(any_parameters(), str(there))
    chance = random.Random(2018)
    for name in ("2026-1/riec/urk/assessment.json", "2026-1/riec/index.html", "2026-1/riec/zeewolde/analyse.html"):
        flip(there / name, chance)
        assert findings(there) == [("output-changed", name)]
        assert store(any_parameters(), str(there), force=True).kept == 0
    (there / "2026-1/riec/index.html").unlink()
    assert findings(there) == [("output-missing", "2026-1/riec/index.html")]
    assert store(any_parameters(), str(there)).sent == 1, "what is not there is sent without force too"
    flip(there / "2026-1/riec/manifest.json", chance)
    assert findings(there) == [("manifest-changed", "2026-1/riec/manifest.json")]


def test_a_store_that_is_broken_off_has_no_manifest_and_the_next_finishes(two, quick, there, monkeypatch):
    from werkbank.batch.runner import run_batch

    store(any_parameters(), str(there))
    run_batch(two, ["urk", "zeewolde"], force=True)
    flip(two / "output" / "2026-1" / "riec" / "index.html", random.Random(1))
    run_batch(two, ["urk"])  # the index anew: something is to be sent

    with monkeypatch.context() as patch:
        patch.setattr(module.Storage, "write", broken(module.Storage.write, after=1))
        with pytest.raises(OutputError, match="de schijf is vol"):
            store(any_parameters(), str(there), force=True)
    assert not (there / "2026-1/riec/manifest.json").exists()
    with pytest.raises(OutputError, match="nog niet klaar of is afgebroken"):
        verify_stored(any_parameters(), str(there))
    store(any_parameters(), str(there), force=True)
    assert findings(there) == []
    assert not (there / "2026-1/riec" / module.UNDER_WAY).exists()


def broken(write, after):
    done = []

    def fails(self, name, content):
        if len(done) > after:
            raise OSError(28, "No space left on device")
        done.append(name)
        write(self, name, content)

    return fails


def test_a_manifest_there_that_somebody_wrote_takes_nothing_away_outside_its_folder(two, there):
    """Its own hash may be right: it lies where others can write."""
    store(any_parameters(), str(there))
    path, outside = there / "2026-1/riec/manifest.json", there.parent / "van_een_ander.txt"
    outside.write_text("blijft")
    manifest, _ = parse_manifest(path.read_bytes())
    files = {**manifest.files, "../../../van_een_ander.txt": "0" * 64, "oud.html": "0" * 64}
    path.write_bytes(manifest_bytes(dataclasses.replace(manifest, files=files)))
    assert store(any_parameters(), str(there)).removed == 1
    assert outside.read_text() == "blijft"


@pytest.mark.parametrize("place", ["output", "output/2026-1/riec", "kopie", ".", "verwijzing", "", "  "])
def test_the_folder_of_the_werkbank_is_no_second_place_and_loses_nothing(two, place, monkeypatch):
    """Stored upon itself a round would lose its manifest; beside `output` git would take the judgements in."""
    monkeypatch.chdir(two)
    (two / "output" / "verwijzing").symlink_to(two / "output")
    before = tree(two)
    with pytest.raises(OutputError, match=r"map van de werkbank zelf|Er is geen adres"):
        store(any_parameters(), place.replace("verwijzing", "output/verwijzing"))
    assert tree(two) == before


@pytest.mark.parametrize("gone", [True, False])
def test_what_is_damaged_here_is_not_spread(two, there, gone):
    path = two / "output" / "2026-1" / "riec" / "zeewolde" / "analyse.html"
    path.unlink() if gone else flip(path, random.Random(3))
    with pytest.raises(OutputError, match=r"2026-1/riec/zeewolde/analyse\.html is na het maken veranderd of weg"):
        store(any_parameters(), str(there))
    assert not there.exists()


def test_a_storage_that_fsspec_speaks_will_do(two):
    address = "memory://werkbank"
    store(any_parameters(), address)
    assert findings(address) == []
    fsspec.filesystem("memory").pipe_file("/werkbank/2026-1/riec/index.html", b"x")
    assert findings(address) == [("output-changed", "2026-1/riec/index.html")]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://opslag.example/x", "alleen versleuteld"),
        ("ftp://opslag.example/x", "alleen versleuteld"),
        ("hdfs://opslag.example/x", "alleen versleuteld"),
        ("simplecache::s3://riec/x", "alleen versleuteld"),
        ("github://riec:x@main/", "alleen versleuteld"),
        ("sftp://anna:geheim@opslag.example/x", "Zet geen wachtwoord"),
        ("s3://sleutel:geheim@riec/x", "Zet geen wachtwoord"),
        ("s3://riec/x", "Voor s3:// is ook het pakket s3fs nodig"),
    ],
)
def test_judgements_go_over_an_encrypted_line_and_no_secret_is_repeated(two, address, told):
    with pytest.raises(OutputError, match=told) as refused:
        store(any_parameters(), address)
    assert "geheim" not in str(refused.value)


def test_the_copies_of_municipalities_keep_their_records_with_the_riec(two, quick, there, capsys):
    from werkbank.batch.runner import run_batch

    run_batch(two, ["urk"], audience="municipality")
    assert run("store", str(there), "--audience", "municipality", capsys=capsys)[0] == 0
    folders = {"/".join(name.split("/")[:2]) for name in tree(there)}
    assert folders == {"2026-1/municipality", "2026-1/riec"}
    assert {name.split("/")[2] for name in tree(there) if name.startswith("2026-1/municipality")} == {"urk"}


def test_the_command_says_what_it_did_and_how_to_check_it(two, there, capsys):
    code, out, _ = run("store", str(there), capsys=capsys)
    assert code == 0
    assert out.endswith("bestanden bewaard.\n")
    assert run("store", str(there), capsys=capsys)[1].startswith("Alles stond er al: ")
    (there / "2026-1/riec/index.html").unlink()
    assert run("store", str(there), capsys=capsys)[1].startswith("1 bestand bewaard en ")
    code, out, _ = run("verify", "--at", str(there), capsys=capsys)
    assert code == 0
    assert out.startswith("Alles klopt. Nagegaan: 2 analyses, ")
    flip(there / "2026-1/riec/index.html", random.Random(1))
    code, _, err = run("verify", "--at", str(there), capsys=capsys)
    assert code == 1
    assert "index.html" in err
    code, _, err = run("verify", "--at", str(there / "niets"), capsys=capsys)
    assert code == 2
    assert "staat niets van ronde 2026-1" in err


@pytest.mark.parametrize("round_name", ["../../elders", "a/b", ""])
@pytest.mark.parametrize("command", [["store", "/nergens"], ["verify"]])
def test_a_round_is_a_name_and_leads_nowhere_else(two, command, round_name, capsys):
    code, _, err = run(*command, "--round", round_name, capsys=capsys)
    assert code == 2
    assert "zonder spaties, zoals 2026-1" in err


def test_an_outsider_without_a_manifest_is_told_what_to_do_first(demo_workspace, there, monkeypatch):
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(demo_workspace))
    parameters = any_parameters().model_copy(update={"round": "2030-1"})
    with pytest.raises(OutputError, match="nog geen manifest"):
        store(parameters, str(there))
