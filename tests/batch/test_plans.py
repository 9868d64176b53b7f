"""Project plans and comparisons of rounds are made by their notebooks, with real kernels, whole or not at all."""

import docx
import pytest

import werkbank as wb
from tests.plan.test_returned import typed
from werkbank.assessment.decisions import select_in_demo, withdraw_park
from werkbank.batch.follow_up import make_monitors, make_plans
from werkbank.batch.verify import verify
from werkbank.errors import RegisterError
from werkbank.settings.workspace import ROUND


def test_what_people_typed_in_either_file_is_still_there_after_the_next_time(planned):
    """The proposal is theirs from then on; a Word file they edited stays, the new one gets a number, verify is content."""
    _, kept, folder = planned
    word = folder / "projectplan.docx"
    text = kept.read_text(encoding="utf-8").replace("owner: null", "owner: {organisation: gemeente Urk}", 1)
    kept.write_text(text.replace("texts: {}", "texts: {scope: Wij beginnen bij de haven.}"), encoding="utf-8")
    edited = docx.Document(word)
    edited.add_paragraph("Dit typten wij zelf.")
    edited.save(word)
    (word.parent / "~$ojectplan.docx").write_bytes(b"open in Word")
    (word.parent / "ons verslag.odt").write_bytes(b"van de werkgroep")
    typed = kept.read_bytes(), word.read_bytes()
    for _ in range(2):
        (again,) = make_plans(())
        assert (kept.read_bytes(), word.read_bytes()) == typed
        assert {path.name for path in again.folder.glob("*.docx")} == {"projectplan.docx", "projectplan-2.docx"}
        assert again.reason == "Van mensen, en blijft zoals het is: ons verslag.odt en projectplan.docx."
        assert (again.folder / "ons verslag.odt").read_bytes() == b"van de werkgroep"
        assert "Wij beginnen bij de haven." in (again.folder / "projectplan.html").read_text()
        new = docx.Document(again.folder / "projectplan-2.docx")
        assert "gemeente Urk" in {cell.text for table in new.tables for cell in table._cells}
        checked = verify(wb.load_parameters("urk"))
        assert checked.findings == ()
        assert any(note.endswith("projectplan.docx is bewerkt door mensen.") for note in checked.notes)


def test_a_word_file_is_read_back_and_kept_only_when_that_is_asked(planned, run):
    """Also an older one, after the plan was made anew; the first change shows in the new one."""
    workspace, kept, folder = planned
    file, document = workspace / "terug.docx", docx.Document(folder / "projectplan.docx")
    before = kept.read_bytes()
    for key, text in (("lead", "adviseur, RIEC"), ("texts/scope", "Wij beginnen bij de haven.")):
        typed(key, text)(document)
        document.save(file)
        code, out, _ = run("plan", "--read", file)
        assert (code, kept.read_bytes()) == (0, before)
        assert f"(leeg) → {text}" in out
        assert "Er is nog niets bewaard." in out
        assert run("plan", "--read", file, "--keep")[0] == 0
        assert text.split(",")[0].encode() in (before := kept.read_bytes())
        if key == "lead":
            code, said, _ = run("plan")  # a plan is two files; the one that people fill in comes first
            names = [line.rpartition("/")[2] for line in said.splitlines()[:2]]
            assert (code, names) == (0, ["projectplan.docx", "projectplan.html"])
            tables = docx.Document(folder / "projectplan.docx").tables
            assert text in {cell.text for table in tables for cell in table._cells}
    assert "Er is niets te bewaren." in run("plan", "--read", file)[1]
    for words, told in (
        (("URK-01", "--read", file), f"is het plan van {folder.name}, niet van URK-01"),
        (("--keep",), "--keep hoort bij --read"),
        (("--read", workspace / "weg.docx"), "weg.docx is niet te lezen"),
    ):
        code, _, error = run("plan", *words)
        assert code == 2
        assert told in error
    assert verify(wb.load_parameters("urk")).findings == ()


def test_a_plan_of_an_earlier_round_is_renewed_by_the_matrix_of_now_until_it_ends(own_workspace, monkeypatch):
    """What people typed stays; it ends when it is secured, and when its choice is taken back."""
    monkeypatch.setenv(ROUND, "2025-1")
    chosen = select_in_demo("urk")
    (first,) = make_plans(())
    kept = own_workspace / "data" / "plans" / f"{first.name}.yaml"
    text = kept.read_text(encoding="utf-8").replace("texts: {}", "texts: {scope: Wij beginnen bij de haven.}")
    kept.write_text(text, encoding="utf-8")
    monkeypatch.delenv(ROUND)
    (renewed,) = make_plans(())
    assert (renewed.name, renewed.state) == (first.name, "made")
    assert renewed.folder.parts[-4] == "2026-1"
    page = (renewed.folder / "projectplan.html").read_text()
    assert "Wij beginnen bij de haven." in page
    assert chosen.reason in page
    assert kept.read_text(encoding="utf-8") == text
    kept.write_text(text.replace("\nlead:", "\n- {state: secured, since: 2099-01-01}\nlead:"), encoding="utf-8")
    with pytest.raises(RegisterError, match=r"(?s)nog geen terrein gekozen.*werkbank select"):
        list(make_plans(()))
    kept.write_text(text, encoding="utf-8")
    monkeypatch.setenv(ROUND, "2025-1")
    withdraw_park(first.name, reason="Bij vergissing vastgelegd.", by="stuurgroep")
    monkeypatch.delenv(ROUND)
    with pytest.raises(RegisterError, match=r"(?s)nog geen terrein gekozen.*werkbank select"):
        list(make_plans(()))


def test_a_selected_park_gets_its_plan_and_a_named_one_that_was_not_is_refused(planned, assessed):
    _, _, folder = planned
    (refused,) = make_plans(["ALM-01"])
    assert refused.folder is None
    assert "werkbank select" in refused.reason
    assert {path.name for path in folder.iterdir()} == {"projectplan.html", "projectplan.docx"}
    page = (folder / "projectplan.html").read_text()
    text = "\n".join(paragraph.text for paragraph in docx.Document(folder / "projectplan.docx").paragraphs)
    for words in ("Fictieve stuurgroep", assessed("urk").parks.set_index("park_id")["name"][folder.name]):
        assert words in page
        assert words in text
    assert "FICTIEVE GEGEVENS" in page


def test_the_comparison_of_two_rounds_is_made(own_workspace):
    made, district = make_monitors(["urk"])
    assert "Voor andere lezers is er niets gemaakt" in made.reason
    files = {"monitor.html", "monitor.docx", "monitor.xlsx", "tabellen"}
    assert {path.name for path in made.folder.iterdir()} == {*files, "monitor.ipynb", "rounds.json"}
    assert {path.name for path in district.folder.iterdir()} == files
    assert {path.stem for path in (made.folder / "tabellen").iterdir()} == {
        "verandering", "verschillen", "gekozen", "velden",
    }  # fmt: skip
    assert "Almere, Dronten" in (district.folder / "monitor.html").read_text()
    assert verify(wb.load_parameters("urk")).findings == ()
    page = (made.folder / "monitor.html").read_text()
    for words in ("anders beoordeeld", "FICTIEVE GEGEVENS", "2025-1", "2026-1"):
        assert words in page
