"""`werkbank verify` finds any flipped byte, and says in which file it is."""

import dataclasses
import json
import random
import re
import shutil

import pytest

from tests.batch.conftest import unreadable
from tests.register.samples import TAMPERED, fill, tamper
from werkbank.assessment.choosing import any_parameters
from werkbank.assessment.decisions import (
    agree_on_cell,
    read_register,
    select_in_demo,
    withdraw_agreement,
    withdraw_park,
)
from werkbank.batch.manifest import issued_heads, manifest_bytes, parse_manifest, read_manifest
from werkbank.batch.runner import run_batch
from werkbank.batch.verify import verify
from werkbank.errors import OutputError
from werkbank.files.whole import only_batch

RIEC = "output/2026-1/riec"


def findings(**changes):
    return [(one.rule, one.file) for one in verify(any_parameters().model_copy(update=changes)).findings]


def flip(path, chance):
    """One bit of one byte, somewhere in the file."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


@pytest.fixture
def riec(two):
    """Where the analyses and their manifest are."""
    return two / RIEC


def inputs_and_outputs(two):
    folder = two / RIEC
    manifest, _ = read_manifest(folder / "manifest.json")
    outputs = [folder / slug / name for slug, record in manifest.units.items() for name in record.outputs]
    inputs = [two / name for record in manifest.units.values() for name in record.inputs]
    return sorted({*outputs, *inputs, folder / "index.html", folder / "district_context.json"})


def test_everything_is_as_it_was_made(two):
    result = verify(any_parameters())
    assert result.findings == ()
    assert (result.analyses, result.chain) == (2, 1)
    assert result.finished
    assert {
        "data/parks.csv", "data/legal_bases.yaml", "data/matrices/2026-1/urk_politie.xlsx", "parameters/district.yaml",
        "parameters/urk.yaml", "notebooks/analyse.ipynb", "output/2026-1/riec/urk/assessment.json",
        "output/2026-1/riec/zeewolde/analyse.html",
    } <= {path.relative_to(two).as_posix() for path in inputs_and_outputs(two)}  # fmt: skip


def test_an_agreement_since_is_told_of_the_analysis_that_does_not_have_it(two):
    agree_on_cell("URK-03", "V14", "1", reason="Besproken in het overleg van maart.", by="driehoek")
    assert findings() == [("input-changed", f"{RIEC}/urk")]
    withdraw_agreement("URK-03", "V14", reason="Toch niet zo besproken.", by="driehoek")
    assert findings() == []


def test_100_flipped_bits_are_all_found_and_named(two):
    """In outputs and inputs, by the file it is in and no other."""
    chance, files = random.Random(2018), inputs_and_outputs(two)
    for _ in range(4):
        before = {path: path.read_bytes() for path in chance.sample(files, min(25, len(files)))}
        for path in before:
            flip(path, chance)
        assert {file for _, file in findings()} == {path.relative_to(two).as_posix() for path in before}
        for path, content in before.items():
            path.write_bytes(content)
    assert findings() == []


def test_a_flipped_bit_in_the_manifest_itself_is_found_wherever_it_is(riec):
    path = riec / "manifest.json"
    chance, whole = random.Random(7), path.read_bytes()
    for _ in range(50):
        path.write_bytes(whole)
        flip(path, chance)
        with pytest.raises(OutputError, match=r"manifest\.json is veranderd"):
            read_manifest(path)
    assert findings() == [("manifest-changed", f"{RIEC}/manifest.json")]


def test_a_manifest_that_was_written_anew_breaks_the_chain(two, riec, quick, monkeypatch):
    """Who changes an earlier manifest and makes its own hash right again is betrayed by the one after it; one that
    cannot be read is named, and no crash."""
    run_batch(two, ["urk"], force=True)
    run_batch(two, ["urk"], force=True)
    assert verify(any_parameters()).chain == 3
    for path in (riec / "manifests").iterdir():
        whole, broken = path.read_bytes(), ("chain-broken", path.relative_to(two).as_posix())
        earlier, _ = read_manifest(path)
        earlier.units["urk"].outputs["analyse.html"] = "0" * 64
        path.write_bytes(manifest_bytes(earlier))
        assert broken in findings()
        path.unlink()
        assert broken in findings()
        path.write_bytes(whole)
        with monkeypatch.context() as patch:
            unreadable(patch, path, "read_bytes")
            assert broken in findings()
    assert findings() == []


@pytest.mark.parametrize(
    ("place", "rule"), [(f"{RIEC}/urk/assessment.json", "output"), ("data/matrices/2026-1/urk_politie.xlsx", "input")]
)
def test_a_file_that_may_not_be_read_is_named_and_no_crash(two, monkeypatch, place, rule):
    unreadable(monkeypatch, two / place)
    (found,) = verify(any_parameters()).findings
    assert (found.rule, found.file) == (f"{rule}-unreadable", place)
    assert "u hebt daar geen rechten" in str(found)


def test_a_manifest_that_may_not_be_read_stays_and_nothing_is_done(two, riec, quick, monkeypatch):
    """It is not damaged: with the rights put right, everything is known again."""
    with monkeypatch.context() as patch:
        unreadable(patch, riec / "manifest.json", "read_bytes")
        for act in (lambda: run_batch(two, ["urk"], force=True), lambda: verify(any_parameters())):
            with pytest.raises(OutputError, match=r"manifest\.json kan niet worden gelezen \(u hebt daar geen rechten"):
                act()
    assert (quick, findings()) == ([], [])


def test_what_the_manifest_does_not_know_is_named(riec):
    (riec / "urk" / "extra.html").write_text("x")
    (riec / "urk" / "analyse.html").unlink()
    assert set(findings()) == {
        ("output-unknown", f"{RIEC}/urk/extra.html"), ("output-missing", f"{RIEC}/urk/analyse.html"),
    }  # fmt: skip


def test_a_damaged_manifest_is_put_aside_and_everything_made_anew(two, riec, quick):
    run_batch(two, ["urk"], force=True)
    path = riec / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"urk", b"URK", 1))
    result = run_batch(two, ["urk"])
    assert any("manifest.json is veranderd" in note for note in result.notes)
    assert result.outcomes[0].state == "made"
    (aside,) = (path.parent / "manifests").glob("beschadigd-*.json")
    # The manifests before the damaged one still form a chain; of Zeewolde nothing is known any more.
    assert findings() == [("chain-stray", aside.relative_to(two).as_posix()), ("output-unknown", f"{RIEC}/zeewolde")]


def test_a_manifest_that_is_taken_away_under_way_stops_nothing(two, riec, filling):
    """Somebody clears it while a batch is busy: the one before it was kept first."""
    filling(lambda _: (riec / "manifest.json").unlink(missing_ok=True))
    assert run_batch(two, ["urk", "zeewolde"], force=True).exit_code == 0
    assert findings() == []


def test_the_manifest_of_another_audience_lies_with_the_riec(two, riec, quick):
    """What stands above the municipalities' folders would tell each of the others."""
    run_batch(two, ["urk"], audience="municipality")
    assert [path.name for path in riec.with_name("municipality").iterdir()] == ["urk"]
    assert (riec / "copies" / "municipality" / "manifest.json").is_file()
    assert findings(audience="municipality") == []


def test_the_command_says_so_in_words_and_by_its_exit_code(two, riec, run):
    """A workbook of another municipality is an input too: Urk's place in the district rests on it. While a batch is
    busy it says so, and calls nothing broken off; without a manifest there is nothing to prove."""
    code, out, err = run("verify")
    assert (code, out.split(".")[0], err) == (0, "Alles klopt", "")
    with only_batch(two / "output"):
        assert "loopt een batch" in run("verify")[2]
    flip(two / "data" / "matrices" / "2026-1" / "zeewolde_politie.xlsx", random.Random(1))
    code, out, err = run("verify")
    assert (code, "1 afwijking gevonden" in out) == (1, True)
    assert "data/matrices/2026-1/zeewolde_politie.xlsx" in err
    code, out, _ = run("verify", "--json")
    assert [one["rule"] for one in json.loads(out)] == ["input-changed"]
    with pytest.raises(OutputError, match="nog geen manifest"):
        findings(round="1999-1")


# The register


def named(two):
    """How many events each manifest names, in the order of their writing."""
    return sorted(head.events for head in issued_heads(two / "output"))


def test_a_register_that_grew_makes_no_analysis_stale_and_every_manifest_names_its_end(two, quick):
    """The end never goes back, also when the register is gone; a manifest of before it was named is read."""
    assert named(two) == [0]
    fill(two / "data" / "register.sqlite")
    assert [one.state for one in run_batch(two, ["urk", "zeewolde"]).outcomes] == ["kept", "kept"]
    assert named(two) == [0, 5]
    (two / "data" / "register.sqlite").unlink()
    run_batch(two, ["urk"])
    manifest, _ = read_manifest(two / RIEC / "manifest.json")
    assert manifest.register.events == 5
    assert findings() == [("register-missing", None)]
    earlier = manifest_bytes(dataclasses.replace(manifest, register=None))
    assert b'"register"' not in earlier
    assert parse_manifest(earlier)[0].register is None


def test_a_demo_that_is_begun_anew_has_no_past(two, quick, run, monkeypatch):
    """Its own decision with another advice: nobody put anything back."""
    for salt in ("a", "b"):
        (two / "data" / "register.sqlite").unlink(missing_ok=True)
        monkeypatch.setattr("werkbank.demo.write.SALT", salt)
        select_in_demo("urk")
        run_batch(two, ["urk"])
    assert named(two) == [0, 1, 1]
    assert [run(command)[0] for command in ("verify", "register")] == [0, 0]
    withdraw_park(*(one.park_id for one in read_register().selections), reason="Bij vergissing.", by="stuurgroep")
    assert run("verify")[0] == 1


def test_whatever_was_done_to_the_register_both_commands_tell_it_and_exit_1(two, quick, run):
    """By its kind and in its own words; from an old copy put back to a file that is something else."""
    path = two / "data" / "register.sqlite"
    fill(path, 3)
    run_batch(two, ["urk"])
    fill(path, 2)
    run_batch(two, ["urk"])
    whole = path.read_bytes()
    assert [run(command)[0] for command in ("verify", "register")] == [0, 0]
    other = (lambda file: file.write_text("iets anders"), "register-unreadable", "geen register van de werkbank")
    for done, rule, told in (*TAMPERED[::4], other):  # each of them is told in tests/register
        path.write_bytes(whole)
        tamper(path, done)
        for command in ("verify", "register"):
            code, _, err = run(command)
            assert (code, rule in err, told in err) == (1, True, True), (command, rule, err)


def test_against_a_copy_kept_elsewhere_the_longer_must_go_on_from_the_shorter(two, quick, run, tmp_path):
    """A copy of before: all is well. One that knows more, that says otherwise, that is damaged, that is none: told."""
    register = two / "data" / "register.sqlite"
    fill(register)
    run_batch(two, ["urk"])
    before = shutil.copytree(two, tmp_path / "before")
    fill(register, 1)
    run_batch(two, ["urk"])
    after = shutil.copytree(two, tmp_path / "after")
    assert run("verify", "--against", before)[0] == run("verify", "--against", before / "data")[0] == 0

    def told(copy, *put):
        """The rules by which a copy differs when these folders of another are put back here."""
        for name in put:
            shutil.rmtree(two / name)
            shutil.copytree(before / name, two / name)
        code, _, err = run("verify", "--against", copy)
        return code, sorted(set(re.findall(r"\[(copy-\w+|register-\w+)\]", err)))

    assert told(after, "data", "output") == (1, ["copy-longer"])
    (after / "data" / "register.sqlite").unlink()
    assert told(after) == (1, ["copy-longer", "register-older"]), "its manifests know more of the register too"
    fill(register, 2)
    run_batch(two, ["urk"], force=True)
    shutil.copytree(before / "data", after / "data", dirs_exist_ok=True)
    rewrite = next(done for done, rule, _ in TAMPERED if rule == "register-rewritten")
    tamper(after / "data" / "register.sqlite", rewrite)
    assert told(after) == (1, ["copy-differs"])
    tamper(before / "data" / "register.sqlite", "DELETE FROM events WHERE id = 2")
    assert told(before) == (1, ["copy-damaged"])
    for none in (tmp_path / "nergens", two):
        code, _, err = run("verify", "--against", none)
        assert (code, "geen kopie om mee te vergelijken" in err) == (2, True)
