"""Project plans and comparisons of rounds are made by their notebooks, with real kernels, whole or not at all."""

import docx
import pytest

import werkbank as wb
from werkbank.assessment.decisions import select_in_demo
from werkbank.batch import follow_up
from werkbank.batch.follow_up import make_monitors, make_plans
from werkbank.batch.outcome import Outcome
from werkbank.errors import RegisterError


def test_every_selected_park_gets_its_plan(own_workspace):
    select_in_demo("urk")
    (made,) = make_plans(())
    assert {path.name for path in made.folder.iterdir()} == {"projectplan.html", "projectplan.docx"}
    page = (made.folder / "projectplan.html").read_text()
    text = "\n".join(paragraph.text for paragraph in docx.Document(made.folder / "projectplan.docx").paragraphs)
    for words in ("Fictieve stuurgroep", wb.assess("urk").parks.set_index("park_id")["name"][made.name]):
        assert words in page
        assert words in text
    assert "FICTIEVE GEGEVENS" in page


def test_without_any_selection_there_is_no_plan_and_it_says_what_to_do(own_workspace):
    with pytest.raises(RegisterError, match="werkbank select"):
        list(make_plans(()))


def test_the_command_names_the_word_file_too(tmp_path, monkeypatch, run):
    """A plan is two files; the one that people fill in comes first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(follow_up, "make_plans", lambda _words: [Outcome("URK-01", "made", folder=tmp_path / "URK-01")])
    code, said, _ = run("plan", "URK-01")
    assert code == 0
    assert said.splitlines()[:2] == ["URK-01/projectplan.docx", "URK-01/projectplan.html"]


def test_a_named_park_that_was_not_selected_is_refused_and_the_others_are_made(own_workspace):
    select_in_demo("urk")
    selected = wb.assess("urk").advice.park_ids[0]
    refused, made = make_plans(["ALM-01", selected])
    assert refused.folder is None
    assert "werkbank select" in refused.reason
    assert made.folder is not None


def test_the_comparison_of_two_rounds_is_made(own_workspace):
    (made,) = make_monitors(["urk"])
    assert {path.name for path in made.folder.iterdir()} == {"monitor.html", "monitor.ipynb", "development.json"}
    page = (made.folder / "monitor.html").read_text()
    for words in ("anders beoordeeld", "FICTIEVE GEGEVENS", "2025-1", "2026-1"):
        assert words in page
