"""What is past its term is in no byte of the workspace afterwards; what is not past it stays, and the register holds."""

import datetime as dt
import json
import re
import shutil
import signal
import zipfile

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.batch.conftest import Quick, _two  # noqa: F401
from tests.register.samples import ended, forked, kill
from werkbank.batch import runner
from werkbank.batch.runner import run_batch
from werkbank.cli import main
from werkbank.files.whole import hashes_of, only_batch
from werkbank.register.events import Event
from werkbank.register.store import FILE_NAME, examined, open_register
from werkbank.release import purge

PAST, LATER = "2026-01-31", "2099-12-31"
GONE = ("urk", "2026-1")
STAYS = (("zeewolde", "2026-1"), ("urk", "2025-1"))
PARKS = {"urk": "URK-01", "zeewolde": "ZEE-01"}
ONE = """- {{id: {id}, kind: avg, body: stuurgroep, decided: 2020-01-01, valid_until: 2099-12-31, municipalities: [{slug}],
   rounds: [{round}], purpose: Het doel van dit besluit, retention_until: {until}}}
"""
DO = ("purge", "--do", "--by", "beheerder", "--reason", "De bewaartermijn is voorbij.")


def canary(slug, of, where):
    return f"KANARIE-{slug}-{of}-{where}"


def bases(workspace, terms):
    ids = {STAYS[0]: "fictief-handhavingsknelpunt"}  # that of the parameters
    told = "legal_bases:\n"
    for pair, until in terms.items():
        told += ONE.format(id=ids.get(pair, "-".join(pair)), slug=pair[0], round=pair[1], until=until)
    (workspace / "data" / "legal_bases.yaml").write_text(told)


def word(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.add_paragraph(text)
    document.save(path)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def record(workspace, kind, slug, of, contents, park=None):
    now = dt.datetime.now(dt.UTC)
    with open_register(workspace / "data" / FILE_NAME) as register:
        register.append(Event.of(kind, slug, of, by="stuurgroep", now=now, contents=contents, park_id=park))


def plant(workspace, slug, of):
    """A canary of one municipality and round in everything that may be kept of it."""
    data, output, park = workspace / "data", workspace / "output" / of, f"{PARKS[slug]}"
    for path in (data / "matrices" / of).glob(f"{slug}_*.xlsx"):
        book = load_workbook(path)
        for row in [row for row in book["Toelichting"].iter_rows(min_row=3) if row[0].value]:
            row[4].value = canary(slug, of, "opmerking")
        book.save(path)
    seen = dict.fromkeys(("method", "catalogue", "workbooks"), "0")
    record(workspace, "selection", slug, of, {"reason": canary(slug, of, "reden")}, park)
    record(workspace, "note", slug, of, seen | {"text": canary(slug, of, "notitie")}, park)
    plans = data / "plans"
    text = f"park_id: {park}\nround: {of}\nnote: {canary(slug, of, 'plan')}\nfile: {slug}-{of}.docx\n"
    write(plans / (f"{park}.yaml" if of == "2026-1" else f"earlier/{park}-0123456789ab.yaml"), text)
    issued = {"park_id": park, "round": of, "x": canary(slug, of, "uit")}
    write(plans / ".issued" / f"{slug}{of}.json", json.dumps(issued))
    word(plans / "evidence" / f"{slug}-{of}.docx", canary(slug, of, "bewijs"))
    for folder in ("riec/plans", "riec/ingetrokken", "municipality/plans"):
        name = f"{park}-7" if folder.endswith("ingetrokken") else park
        word(output / folder / name / "projectplan.docx", canary(slug, of, folder))
    write(output / "check" / f"{slug}_politie_bevindingen.html", canary(slug, of, "bevinding"))
    write(output / "riec" / "failed" / slug / "reden.txt", canary(slug, of, "mislukt"))
    left, about = output / "verstrekt" / f"{slug}-1", {"disclosure": {"municipalities": [slug]}, "basis": [*PARKS]}
    write(left / "verstrekking.json", json.dumps(about))
    write(left / "analyse.html", canary(slug, of, "verstrekt"))


def plant_together(workspace):
    """What is of no municipality alone, and what programs leave behind."""
    output, said = workspace / "output" / "2026-1", canary("samen", "2026-1", "x")
    for place in ("riec/district/district.html", "riec/voorstel/voorstel.html", "steering/stuurgroep.html"):
        write(output / place, said)
    write(workspace / "data" / "vignettes" / "2026-1" / "politie_1.xlsx", said)
    for place in ("riec/monitor/urk", "steering/monitor/urk", "riec/monitor/district"):
        write(workspace / "output" / "2027-1" / place / "monitor.html", f"2026-1 {said}")
    for place in ("notebooks/.ipynb_checkpoints/a.ipynb", "output/2026-1/riec/.unfinished/urk-1/a.html", ".b.txt.tmp"):
        write(workspace / place, said)
    run = {"cells": [{"cell_type": "code", "outputs": [{"output_type": "stream", "text": said}], "source": "1"}]}
    for place in ("notebooks", "output/verkennen"):
        write(workspace / place / "eigen.ipynb", json.dumps(run | {"metadata": {}}))
    record(workspace, "proposal", "Flevoland", "2026-1", {"reason": said})
    record(workspace, "event", "district", "2026-1", {"reason": said})


def where(workspace, text):
    """Every file with the text in its bytes, or in those of what is packed in it."""
    found = []
    for path in sorted(path for path in workspace.rglob("*") if path.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                parts += [packed.read(name) for name in packed.namelist()]
        found += [path.relative_to(workspace).as_posix()] if any(text.encode() in part for part in parts) else []
    return found


@pytest.fixture(scope="module")
def _planted(_two, tmp_path_factory):  # noqa: F811
    """Two municipalities with canaries, analysed; of one the term is over for one round."""
    workspace = shutil.copytree(_two, tmp_path_factory.mktemp("planted") / "w")
    for pair in (GONE, *STAYS):
        plant(workspace, *pair)
    changed = f"round,before,before_name,after\n2025-1,URK-77,Toen,{PARKS['urk']}\n"
    (workspace / "data" / "park_changes.csv").write_text(changed)
    plan = f"park_id: URK-77\nround: {GONE[1]}\nnote: {canary(*GONE, 'oude code')}\n"
    write(workspace / "data" / "plans" / "URK-77.yaml", plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        patch.setattr(runner, "Workers", Quick)
        assert run_batch(workspace, ["urk", "zeewolde"]).exit_code == 0
        book = load_workbook(later := workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx")
        book["Toelichting"].append(["", "", "", "", canary(*GONE, "later")])
        book.save(later)
        assert run_batch(workspace, ["zeewolde"]).exit_code == 0  # what came is kept, though of Urk nothing was made
        later.write_bytes(b"")
    plant_together(workspace)
    bases(workspace, {GONE: PAST, **dict.fromkeys(STAYS, LATER)})
    return workspace


@pytest.fixture
def planted(_planted, tmp_path, monkeypatch):
    workspace = shutil.copytree(_planted, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    return workspace


def assert_destroyed(workspace, before):
    assert where(workspace, canary(*GONE, "")) == where(workspace, canary("samen", "2026-1", "")) == []
    for pair in STAYS:
        assert where(workspace, canary(*pair, "")) == before[pair]
    assert not [one for one in examined(workspace / "data" / FILE_NAME)[1] if one.severity == "error"]


def test_what_is_past_its_term_is_in_no_byte_and_the_rest_is_untouched(planted, run, monkeypatch):
    before = {pair: where(planted, canary(*pair, "")) for pair in (GONE, *STAYS)}
    assert len(before[GONE]) >= 14
    seen = hashes_of(planted)
    code, out, _ = run("purge")
    assert (code, hashes_of(planted)) == (0, seen), "it only shows"
    assert "urk, ronde 2026-1 (urk-2026-1, bewaren tot 31 januari 2026): 2 gebeurtenissen" in out
    assert "ronde 2025-1" not in out
    code, out, err = run(*DO)
    assert code == 0, err
    assert "Maak de overige opnieuw: werkbank analyse" in out
    assert_destroyed(planted, before)
    events, _ = examined(planted / "data" / FILE_NAME)
    proof = {event.municipality: event.data for event in events if event.kind == "purge"}
    assert set(proof) == {"urk", "Flevoland"}
    assert len(proof["urk"]["event_ids"]) == 2
    assert seen["output/2026-1/riec/urk/assessment.json"] in proof["urk"]["files"]
    assert (proof["urk"]["basis"], proof["urk"]["until"]) == ("urk-2026-1", PAST)
    assert run("register")[0] == 0
    monkeypatch.setattr(runner, "Workers", Quick)
    assert run_batch(planted, ["zeewolde"]).exit_code == 0, "the others can be made anew"
    assert run("purge")[1] == "Niets is voorbij zijn bewaartermijn.\n"


def test_killed_at_any_step_the_next_run_finishes_on_the_same_proof(planted, run, monkeypatch):
    before = {pair: where(planted, canary(*pair, "")) for pair in STAYS}
    proofs, remove, left = [], purge._remove, iter(range(6))
    with monkeypatch.context() as patch:
        patch.setattr(purge, "_remove", lambda path: remove(path) if next(left, None) is not None else kill())
        assert ended(forked(main, [*DO])) == -signal.SIGKILL
    for turn in (1, 3, 9):
        left = iter(range(turn))
        monkeypatch.setattr(
            purge, "_remove", lambda path, left=left: remove(path) if next(left, None) is not None else 1 / 0
        )
        assert run(*DO)[0] == 1
        events, faults = examined(planted / "data" / FILE_NAME)
        assert not [one for one in faults if one.severity == "error"]
        proofs.append(sum(event.kind == "purge" for event in events))
    monkeypatch.setattr(purge, "_remove", remove)
    assert run(*DO)[0] == 0
    assert_destroyed(planted, before)
    assert set(proofs) == {proofs[0]}, "recorded once, before anything went"


def test_a_basis_that_is_gone_from_the_file_counts_as_the_analysis_has_it(planted, run):
    path = planted / "output" / "2026-1" / "riec" / "urk" / "assessment.json"
    said = re.sub(r'"retention_until": "[^"]+"', f'"retention_until": "{PAST}"', path.read_text())
    path.write_text(said)
    bases(planted, dict.fromkeys(STAYS, LATER))
    code, out, err = run("purge")
    assert "urk, ronde 2026-1 (fictief-handhavingsknelpunt, bewaren tot 31 januari 2026)" in out
    path.unlink()
    code, out, err = run("purge")
    assert (code, out) == (0, "Niets is voorbij zijn bewaartermijn.\n")
    assert "Van urk, ronde 2026-1, is geen grondslag bekend" in err


def test_nothing_is_destroyed_while_a_batch_is_busy_or_without_who_and_why(planted, run):
    seen = hashes_of(planted)
    assert run("purge", "--do")[0] == 2
    code, _, err = run("purge", "--do", "--by", "Jan Jansen", "--reason", "kort")
    assert (code, "Er is niets vernietigd:" in err) == (2, True)
    with only_batch(planted / "output"):
        code, _, err = run(*DO)
    assert (code, "loopt al een batch" in err) == (2, True)
    (planted / "output" / ".batch.lock").unlink(missing_ok=True)
    seen.pop("output/.batch.lock", None)
    assert hashes_of(planted) == seen


def test_no_link_is_followed_and_read_only_is_no_hindrance(planted, run, tmp_path):
    outside = tmp_path / "outside"
    for name in ("urk_politie.xlsx", "district/urk.html"):
        write(outside / name, canary(*GONE, "elders"))
    seen = hashes_of(outside)
    folder = planted / "output" / "2026-1" / "riec" / "urk"
    (planted / "data" / "matrices" / "2026-1" / "urk_link.xlsx").symlink_to(outside / "urk_politie.xlsx")
    (planted / "output" / "2026-1" / "riec" / "gelinkt").symlink_to(outside)
    (folder / "gelinkt").symlink_to(outside)
    folder.chmod(0o500)
    (planted / "data" / "plans" / "earlier" / "gelinkt.yaml").symlink_to(outside / "urk_politie.xlsx")
    assert run(*DO)[0] == 0
    assert hashes_of(outside) == seen
    assert not folder.exists()
    assert not (planted / "data" / "matrices" / "2026-1" / "urk_link.xlsx").is_symlink()
