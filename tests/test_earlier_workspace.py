"""A workspace as 45b74a5 left it: parameters, returns of two rounds, decisions, notes and a kept analysis are read."""

import zipfile
from pathlib import Path

import pytest

import werkbank as wb
from werkbank.assessment.decisions import read_register
from werkbank.collecting import check_round

STORED = Path(__file__).with_name("workspace_of_45b74a5.zip")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    zipfile.ZipFile(STORED).extractall(tmp_path)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    return tmp_path


def test_its_analysis_says_what_it_said(workspace):
    urk = wb.assess("urk")
    assert urk.fictional
    assert urk.advice.park_ids == ("URK-04",)
    assert urk.advice.sentence.startswith(
        "In Urk (fictief) heeft Duizendblad (57,5 van 100, mogelijk tussen 49,6 en 73,8) de hoogste risicoscore."
    )
    assert [note.text for note in urk.notes] == ["Hier wijst veel dezelfde kant op."]
    assert check_round().findings == ()


def test_what_people_decided_is_not_lost(workspace):
    held = read_register()
    assert [one.park_id for one in held.selections] == ["URK-04", "LEL-05", "DRO-02"]
    assert [one.against_reason for one in held.selections][2] == "Op het geadviseerde terrein loopt al een aanpak."
    assert (len(held.notes), held.faults) == (3, ())
    assert wb.project_plan(wb.assess("urk"), "URK-04").park == "Duizendblad"


def test_its_rounds_are_compared_by_the_method_that_was_kept(workspace):
    development = wb.compare_rounds("urk")
    assert development.old_method_kept
    assert not [one for one in development.findings if one.severity == "error"]
