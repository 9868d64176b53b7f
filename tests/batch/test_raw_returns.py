"""What came is kept as it came: once, read-only, and enough to read an old round again."""

import shutil

from werkbank.assessment.choosing import any_parameters
from werkbank.assessment.earlier import returns_then
from werkbank.batch.runner import run_batch
from werkbank.batch.verify import verify
from werkbank.demo.write import _not_ours
from werkbank.files.whole import hashes_of, sha256_of
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import load_parameters


def kept(workspace):
    return sorted((workspace / "data" / "returns").iterdir())


def test_what_was_read_is_kept_once_and_an_old_round_comes_back_from_it(two, quick):
    read = hashes_of(two / "data" / "matrices" / "2026-1")
    before = {name: sha256 for name, sha256 in read.items() if name.startswith(("urk", "zeewolde"))}
    assert run_batch(two, ["urk"]).exit_code == 0
    files = kept(two)
    assert {path.stem for path in files} == {sha256_of(path) for path in files} == set(before.values())
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    assert not [name for name in _not_ours(two / "data") if name.startswith("returns")], "the demo may be made anew"
    for path in (two / "data" / "matrices" / "2026-1").iterdir():
        path.write_bytes(b"overwritten")
    own = {name: sha256 for name, sha256 in before.items() if name.startswith("urk")}
    with returns_then(load_parameters("urk"), load_catalogue(), {"urk": ("police", "municipality")}) as (there, told):
        assert hashes_of(there.returns).items() >= own.items()
    assert {one.file for one in told} == {*own}
    stamps = [path.stat().st_mtime_ns for path in files]
    run_batch(two, ["urk"])
    assert [path.stat().st_mtime_ns for path in files] == stamps, "kept once"


def test_a_kept_return_that_is_gone_or_changed_is_found_by_verify_and_not_handed_out(two, quick):
    """Where nothing can be kept the analyses stand, and the exit code tells."""
    run_batch(two, ["urk"])
    path = next(path for path in kept(two) if path.stem == sha256_of(two / "data/matrices/2026-1/urk_politie.xlsx"))
    for rule, damage in (("missing", path.unlink), ("changed", lambda: path.write_bytes(b"x"))):
        assert not verify(any_parameters()).findings
        path.chmod(0o644)
        damage()
        found = [(one.rule, one.file) for one in verify(any_parameters()).findings]
        assert found == [(f"input-{rule}", f"data/returns/{path.name}")]
        with returns_then(load_parameters("urk"), load_catalogue(), {"urk": ("police", "municipality")}) as (there, _):
            assert sha256_of(there.returns / "urk_politie.xlsx") == path.stem, "that of the round itself is read"
        run_batch(two, ["urk"])  # the next analysis keeps it again
    shutil.rmtree(two / "data" / "returns")
    (two / "data" / "returns").write_text("no folder")
    result = run_batch(two, ["urk"])
    assert result.exit_code == 1
    assert not any(one.failed for one in result.outcomes)
    assert "niet worden bewaard" in result.notes[-1]
