"""Only what changed is made anew, and the reason is told; what exists and is whole is kept."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

import werkbank as wb
from tests.batch.conftest import DAY, unreadable
from werkbank.assessment.decisions import agree_on_cell
from werkbank.batch import stamp
from werkbank.batch.manifest import read_manifest
from werkbank.batch.runner import run_batch

NEXT = dt.date(2026, 3, 4)
RETURN = "data/matrices/2026-1/urk_politie.xlsx"
BECAME = "round,before,before_name,after\n2025-1,X,Ix,URK-01\n"
"""It tells of rounds before: nothing of this one changes."""


def again(workspace, slugs=("urk", "zeewolde"), **more):
    """Per municipality how it ended and why, of a run on the next day."""
    result = run_batch(workspace, slugs, today=NEXT, **more)
    return {one.name: (one.state, *one.why) for one in result.outcomes}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def judge(workspace, cell="C5", file=RETURN):
    """Another level in one cell of a workbook."""
    path = workspace / file
    book = load_workbook(path)
    book["Matrix"][cell] = 0 if str(book["Matrix"][cell].value) != "0" else 3
    book.save(path)


def the_method(workspace):
    edit(workspace / "parameters" / "district.yaml", "seed: 2018", "seed: 2019")


def in_file(path, old, new):
    return lambda workspace: edit(workspace / path, old, new)


def the_house_style(workspace):
    (workspace / "house_style").mkdir()
    shutil.copy(Path(wb.__file__).parent / "settings" / "theme.yaml", workspace / "house_style" / "theme.yaml")


KEPT = ("kept",)
DISTRICT = ("made", "de gegevens van het district zijn veranderd")
OUTPUT = "output/2026-1/riec/urk/"
DEVIATION = "deviations:\n  reason: Besluit van de stuurgroep.\n  capacity: 2\nmunicipality: urk"


def made(why):
    return "made", why


CHANGES = {
    "nothing": (lambda _: None, KEPT, KEPT),
    "a workbook": (judge, made("de werkmap van de politie is veranderd"), DISTRICT),
    "a workbook is gone": (
        lambda workspace: (workspace / RETURN).unlink(), made("de werkmap van de politie is er niet meer"), DISTRICT
    ),
    "its bytes alone": (
        lambda workspace: load_workbook(workspace / RETURN).save(workspace / RETURN),
        made("de werkmap van de politie is veranderd"), KEPT,
    ),
    "method": (the_method, made("de methode is veranderd"), made("de methode is veranderd")),
    "deviation": (
        in_file("parameters/urk.yaml", "municipality: urk", DEVIATION), made("de parameters zijn veranderd"), KEPT
    ),
    "park": (in_file("data/parks.csv", "URK-01,", "URK-01,Oud "), made("het terreinenregister is veranderd"), KEPT),
    "what became of parks": (lambda workspace: (workspace / "data" / "park_changes.csv").write_text(BECAME), KEPT, KEPT),
    "figure": (
        in_file("data/context.csv", "URK-01,", "URK-01,9"), made("de cijfers over de terreinen zijn veranderd"), KEPT
    ),
    "legal basis": (
        in_file("data/legal_bases.yaml", "purpose: ", "purpose: Nader bepaald. "),
        *[made("de grondslag is veranderd")] * 2,
    ),
    "a comment": (in_file("parameters/district.yaml", "seed: 2018", "seed: 2018  # Nagekeken."), KEPT, KEPT),
    "notebook": (
        in_file("notebooks/analyse.ipynb", "Eerst laden we", "Nu laden we"), *[made("het notebook is veranderd")] * 2
    ),
    "house style": (the_house_style, *[made("de huisstijl is veranderd")] * 2),
    "note": (
        lambda _: wb.assess("urk").note("De indicatoren wijzen hier dezelfde kant op.", by="analist van het RIEC"),
        made("er is een aantekening bij gekomen of ingetrokken"), KEPT,
    ),
    "agreement": (
        lambda _: agree_on_cell("URK-03", "V14", "1", reason="Besproken in het overleg van maart.", by="driehoek"),
        made("er is iets afgesproken of een afspraak ingetrokken"), DISTRICT,
    ),
    "output": (in_file(f"{OUTPUT}analyse.html", "made", "x"), made("analyse.html is na het maken veranderd"), KEPT),
    "an output is gone": (
        lambda workspace: (workspace / OUTPUT / "assessment.json").unlink(),
        made("assessment.json is er niet meer"), KEPT,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "urk", "zeewolde"), CHANGES.values(), ids=CHANGES)
def test_a_change_makes_anew_what_rests_on_it_and_nothing_else(two, quick, change, urk, zeewolde):
    """A change in one municipality runs the others only where the district's context, which they use, changed."""
    change(two)
    assert again(two) == {"urk": urk, "zeewolde": zeewolde}
    assert sorted(quick) == [slug for slug, told in (("urk", urk), ("zeewolde", zeewolde)) if told[0] == "made"]


def test_another_field_of_its_audience_is_a_reason_though_the_catalogue_asks_the_same(two, monkeypatch):
    """A workbook carries the mark of what it asks, and is of the same list; the analysis is not."""
    parameters, catalogue = wb.load_parameters("urk", audience="municipality"), wb.load_catalogue()
    own = catalogue.audience("municipality")
    more = own.model_copy(update={"fields": (*own.fields[:2], "remarks", *own.fields[2:])})
    audiences = tuple(more if one is own else one for one in catalogue.audiences)
    changed = catalogue.model_copy(update={"audiences": audiences})
    assert changed.form_fingerprint == catalogue.form_fingerprint

    def part():
        return stamp.Stamps(two / "notebooks" / "analyse.ipynb", NEXT).of(parameters).parts["catalogue"]

    before = part()
    monkeypatch.setattr(stamp, "load_catalogue", lambda _: changed)
    assert part() != before


def test_a_folder_that_is_gone_is_one_reason_and_a_file_that_may_not_be_read_another(two, quick, monkeypatch):
    shutil.rmtree(two / "output" / "2026-1" / "riec" / "urk")
    unreadable(monkeypatch, two / "output" / "2026-1" / "riec" / "zeewolde" / "assessment.json")
    assert again(two) == {
        "urk": ("made", "de bestanden van de analyse zijn er niet meer"),
        "zeewolde": ("made", "assessment.json is niet te lezen"),
    }


def test_a_workbook_that_may_not_be_read_fails_its_own_municipality_only(two, quick, monkeypatch):
    """Zeewolde's place in the district rests on it too, but that is no reason to make nothing of Zeewolde."""
    judge(two, file=RETURN.replace("urk", "zeewolde"))
    unreadable(monkeypatch, two / RETURN)
    zeewolde, urk = run_batch(two, ["zeewolde", "urk"], today=NEXT).outcomes
    assert zeewolde.state == "made"
    assert "urk_politie.xlsx kan niet worden gelezen (u hebt daar geen rechten)" in urk.reason


def test_force_makes_everything_and_says_that_it_was_asked_and_another_version_is_a_reason(two, quick, monkeypatch):
    assert again(two, force=True) == {"urk": ("made", "zo gevraagd"), "zeewolde": ("made", "zo gevraagd")}
    for part, told in (("source_of_werkbank", "de werkbank is vernieuwd"), ("versions", "de gebruikte pakketten zijn vernieuwd")):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(stamp, part, lambda: "another")
            assert again(two) == {"urk": ("made", told), "zeewolde": ("made", told)}
        again(two, force=True)


def test_what_failed_runs_again_though_nothing_changed(two, filling):
    judge(two)
    faults = iter([1, 1])
    filling(lambda _: 1 / 0 if next(faults, 0) else None)
    assert again(two)["urk"][0] == "failed"
    told = again(two)
    assert told["urk"] == ("made", "de werkmap van de politie is veranderd")
    assert not (two / "output" / "2026-1" / "riec" / "failed").exists()


def test_a_legal_basis_that_lapsed_keeps_nothing_as_if_it_held(two, quick):
    """Nothing changed on the disk; only the day did."""
    (outcome,) = run_batch(two, ["urk"], today=dt.date(2150, 1, 1)).outcomes
    assert outcome.failed
    assert "geen geldige grondslag" in outcome.reason


def test_strict_refuses_what_was_made_when_that_was_not_asked(two, quick):
    (two / RETURN).unlink()
    again(two)
    page = two / "output" / "2026-1" / "riec" / "urk" / "analyse.html"
    before = page.read_bytes()
    (outcome,) = run_batch(two, ["urk"], strict=True, today=NEXT).outcomes
    assert outcome.failed
    assert "urk_politie.xlsx" in outcome.reason
    assert page.read_bytes() == before


def files_of(workspace, monkeypatch, slugs, **more):
    """Every file of a fresh run; of the manifest what is not about the run."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    shutil.rmtree(workspace / "output")
    assert run_batch(workspace, slugs, today=DAY, **more).exit_code == 0
    paths = [path for path in (workspace / "output").rglob("*") if path.is_file()]
    files = {path.relative_to(workspace).as_posix(): path.read_bytes() for path in paths}
    manifest = json.loads(files.pop("output/2026-1/riec/manifest.json"))
    for record in manifest["units"].values():
        del record["seconds"]
    return files, {name: value for name, value in manifest.items() if name not in {"run", "sha256"}}


def test_two_runs_differ_in_nothing_but_the_fields_of_the_run(two, quick, tmp_path, monkeypatch):
    """Also in another folder and in another order; and a record says what is needed to make it again."""
    elsewhere = shutil.copytree(two, tmp_path / "ergens anders" / "met é" / "w")
    files, manifest = files_of(two, monkeypatch, ["urk", "zeewolde"])
    assert files_of(elsewhere, monkeypatch, ["zeewolde", "urk"], jobs=1) == (files, manifest)
    assert len(files) >= 6
    assert {"python", "pandas", "numpy", "papermill"} <= set(manifest["versions"])
    record = manifest["units"]["urk"]
    assert (record["seed"], record["made"], manifest["previous"]) == (2018, "2026-03-03", None)
    assert set(record["parts"]) >= {"werkbank", "packages", "notebook", "method", "catalogue", "district"}


def test_the_page_keeps_the_day_on_which_its_outcome_was_first_made(two, quick):
    """So that what is made again of equal inputs has equal bytes, also the next day."""
    folder = two / "output" / "2026-1" / "riec"
    before = {path: path.read_bytes() for path in folder.glob("*/*.*") if path.parent.name in {"urk", "zeewolde"}}
    again(two, force=True)
    assert {path: path.read_bytes() for path in before} == before
    the_method(two)
    again(two)
    assert (folder / "urk" / "analyse.html").read_text().startswith("made 2026-03-04")


def test_what_differs_from_the_run_before_is_told_in_three_lines(two, quick):
    def differs():
        return read_manifest(two / "output" / "2026-1" / "riec" / "manifest.json")[0].units["urk"].differs

    the_method(two)
    again(two)
    assert 1 <= len(differs()) <= 3
    again(two, force=True)
    assert differs() == ("Geen verschil met de vorige analyse.",)


def test_who_was_not_asked_shows_what_changed_since(two, quick):
    judge(two)
    again(two, ["urk"])
    page = (two / "output" / "2026-1" / "riec" / "index.html").read_text(encoding="utf-8")
    assert "Sindsdien: de gegevens van het district zijn veranderd." in page
    assert "Reden: de werkmap van de politie is veranderd." in page


def test_a_workbook_that_is_replaced_while_it_is_read_belongs_to_no_analysis(two, filling):
    judge(two)
    filling(lambda _: judge(two, "C6"))
    (outcome,) = run_batch(two, ["urk"], today=NEXT).outcomes
    assert "urk_politie.xlsx is veranderd terwijl de analyse werd gemaakt" in outcome.reason


def test_a_fault_that_nobody_foresaw_stops_one_municipality_only(two, filling):
    """It is told by its kind and place; its text may hold a judgement."""
    the_method(two)
    filling(lambda parameters: {}["SECRET"] if parameters.municipality == "urk" else None)
    urk, zeewolde = run_batch(two, ["urk", "zeewolde"], today=NEXT).outcomes
    assert zeewolde.state == "made"
    assert "KeyError" in urk.reason
    told = (two / "output" / "2026-1" / "riec" / "failed" / "urk" / "reden.txt").read_text(encoding="utf-8")
    assert "SECRET" not in urk.reason + told
    assert told.startswith("FICTIEVE GEGEVENS")
