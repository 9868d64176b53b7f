"""Equal inputs, equal bytes: also in another folder, in another order, and in the manifest but for its run."""

import json
import shutil

from tests.batch.conftest import DAY
from werkbank.batch.runner import run_batch


def run(workspace, monkeypatch, slugs, **more):
    """Every file of a fresh run; of the manifest what is not about the run."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    shutil.rmtree(workspace / "output")
    assert run_batch(workspace, slugs, today=DAY, **more).exit_code == 0
    files = {path.relative_to(workspace).as_posix(): path.read_bytes() for path in (workspace / "output").rglob("*") if path.is_file()}  # fmt: skip
    manifest = json.loads(files.pop("output/2026-1/riec/manifest.json"))
    for name in ("run", "sha256"):
        del manifest[name]
    for record in manifest["units"].values():
        del record["seconds"]
    return files, manifest


def test_two_runs_differ_in_nothing_but_the_fields_of_the_run(two, quick, tmp_path, monkeypatch):
    elsewhere = tmp_path / "ergens anders" / "met é" / "w"
    shutil.copytree(two, elsewhere)
    files, manifest = run(two, monkeypatch, ["urk", "zeewolde"])
    again, its = run(elsewhere, monkeypatch, ["zeewolde", "urk"], jobs=1)
    assert again == files
    assert its == manifest
    assert len(files) >= 6


def test_a_record_says_what_is_needed_to_make_it_again(two):
    manifest = json.loads((two / "output" / "2026-1" / "riec" / "manifest.json").read_text(encoding="utf-8"))
    assert {"python", "pandas", "numpy", "papermill"} <= set(manifest["versions"])
    record = manifest["units"]["urk"]
    assert record["seed"] == 2018
    assert record["made"] == "2026-03-03"
    assert set(record["parts"]) >= {"werkbank", "packages", "notebook", "method", "catalogue", "district"}
    assert {"started", "finished", "id", "jobs"} <= set(manifest["run"])
    assert manifest["previous"] is None
