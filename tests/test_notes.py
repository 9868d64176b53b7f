"""A finding kept while exploring goes into the next report, and nowhere else."""

import dataclasses
import json
import re

import pytest

import werkbank as wb
from tests.bundles import write_bundle
from tests.plain_notebooks import analysis
from werkbank.errors import OutputError, RegisterError

TEXT = "Hier wijzen vijf indicatoren dezelfde kant op; mogelijk is dat KANARIE-toeval."
ROLE = "analist van het RIEC"


def test_a_note_is_in_the_next_assessment_and_changes_its_fingerprint_and_nothing_else(own_workspace):
    before = wb.assess("urk")
    note = before.note(TEXT, by=ROLE, park="Duizendblad")
    after = wb.assess("urk")
    assert before.notes == ()
    assert after.notes == (note,)
    assert str(note) == f"Aantekening 1 ({note.author}, over URK-04): {TEXT}"
    assert after.fingerprint != before.fingerprint
    assert after.parks.equals(before.parks)
    assert after.advice == before.advice
    assert wb.Assessment.from_json(after.to_json()).notes == (note,)
    # It is of one municipality and one round; taken back, it is in no next report.
    assert wb.assess("dronten").notes == ()
    assert wb.assess(wb.load_parameters("urk", round="2025-1")).notes == ()
    after.withdraw_note(note.number, reason="Het bleek een vergissing.", by=ROLE)
    assert wb.assess("urk").fingerprint == before.fingerprint
    # An assessment of before there were notes can still be read.
    data = json.loads(after.to_json())
    del data["notes"]
    assert wb.Assessment.from_json(json.dumps(data)).notes == ()


def test_no_note_is_written_for_another_park_or_where_every_party_but_one_is_hidden(own_workspace):
    """Free text may rest on what the reader of that audience may not see."""
    filtered = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    with pytest.raises(OutputError, match="analyse voor het RIEC"):
        filtered.note(TEXT, by=ROLE)
    with pytest.raises(OutputError, match="analyse voor het RIEC"):
        filtered.withdraw_note(1, reason="Dat mag hier niet.", by=ROLE)
    assessment = wb.assess("urk")
    with pytest.raises(OutputError, match="staat niet in deze analyse"):
        assessment.note(TEXT, by=ROLE, park="LEL-05")
    with pytest.raises(OutputError, match="Bedoelt u “Duizendblad”"):
        assessment.note(TEXT, by=ROLE, park="Duizendblat")


def test_the_report_of_the_riec_has_a_chapter_with_it_and_the_municipality_gets_no_trace_of_it(
    own_workspace, monkeypatch
):
    """Its assessment is the same to the byte with and without one: not even the fingerprint tells."""
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    parameters = wb.load_parameters("urk", audience="municipality")
    before = wb.for_audience(wb.assess(parameters)).to_json()
    wb.assess("urk").note(TEXT, by=ROLE, park="URK-04")
    assert wb.for_audience(wb.assess(parameters)).to_json() == before
    html = analysis(wb.assess("urk"))
    assert re.search(r'<h2 id="deel-\d+">Aantekeningen van de analist</h2>', html)
    assert TEXT in html


def test_an_assessment_that_holds_notes_does_not_pass_the_gate_with_them(own_workspace, tmp_path):
    wb.assess("urk").note(TEXT, by=ROLE)
    whole = wb.assess("urk")
    parameters = whole.parameters.model_copy(update={"audience": "municipality"})
    handed_over = dataclasses.replace(whole, parameters=parameters)
    assert wb.for_audience(handed_over).notes == ()
    filtered = dataclasses.replace(wb.for_audience(handed_over), notes=whole.notes)
    with pytest.raises(OutputError, match="Te veel: aantekeningen"):
        wb.report.front_page(filtered)
    with pytest.raises(OutputError, match="bevat aantekeningen"):
        write_bundle([filtered], tmp_path / "bundle")


def test_the_section_shows_the_words_escaped_with_role_day_and_place(own_workspace):
    assessment = wb.assess("urk")
    assert wb.report.notes(assessment).html.strip() == ""
    hostile = assessment.note("</section><script>alert(1)</script> = 3 < 4 & meer", by=ROLE)
    note = assessment.note("Twee regels:\neen en twee.", by=ROLE, park="URK-04")
    section = wb.report.notes(wb.assess("urk"))
    for html in (section.html, hostile._repr_html_()):
        assert "&lt;script&gt;" in html
        assert "<script" not in html
    assert "Duizendblad (URK-04)" in section.html
    assert f"{ROLE}, {note.author.rpartition(', ')[2]}" in section.html
    assert re.search("Twee regels:</p>\\s*<p[^>]*>een en twee\\.", section.html)
    assert str(section) == "Aantekeningen van de analist\n2 aantekeningen."


def test_a_note_written_beside_another_method_says_so(own_workspace):
    other = wb.assess(wb.load_parameters("urk", method={"high": 45}))
    other.note(TEXT, by=ROLE)
    assert "Anders dan toen dit werd opgeschreven: de methode." in wb.report.notes(wb.assess("urk")).html
    assert "Anders dan" not in wb.report.notes(wb.assess(wb.load_parameters("urk", method={"high": 45}))).html


def test_the_register_lists_notes_and_which_were_taken_back(own_workspace, run):
    assessment = wb.assess("urk")
    first = assessment.note(TEXT, by=ROLE)
    second = assessment.note("Een tweede aantekening, over één terrein.", by=ROLE, park="URK-04")
    assessment.withdraw_note(first.number, reason="Het bleek een vergissing.", by=ROLE)
    code, told, _ = run("register", "--municipality", "urk")
    assert code == 0
    assert f"Aantekening {first.number}, " in told
    assert "Ingetrokken" in told
    assert f"Aantekening {second.number}, " in told
    assert "over Duizendblad (URK-04)" in told
    assert "2 aantekeningen, waarvan 1 ingetrokken" in told


def test_who_only_reads_makes_no_register(own_workspace, monkeypatch):
    """Neither a file in the data folder nor one at the address of a database."""
    (own_workspace / "data" / "register.sqlite").unlink(missing_ok=True)
    assert wb.assess("urk").notes == ()
    assert not (own_workspace / "data" / "register.sqlite").exists()
    monkeypatch.setenv("WERKBANK_DATABASE_URL", f"sqlite:///{own_workspace / 'elders.sqlite'}")
    assert wb.assess("urk").notes == ()
    assert not (own_workspace / "elders.sqlite").exists()


def test_a_damaged_register_is_no_reason_to_leave_notes_out_in_silence(own_workspace):
    (own_workspace / "data" / "register.sqlite").write_text("geen databank" * 500)
    with pytest.raises(RegisterError):
        wb.assess("urk")
    # Who may not see notes has what the parties agreed on counted all the same.
    with pytest.raises(RegisterError):
        wb.assess(wb.load_parameters("urk", audience="municipality"))
