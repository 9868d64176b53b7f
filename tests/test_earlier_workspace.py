"""A workspace made before the house was rebuilt (commit 45b74a5) is read as it stands: a fictional Urk.

`expected.json` holds what that version made of it. Its returns, register, notes, legal basis, colophon and deviations
are as it wrote them.
"""

import json
import shutil
from pathlib import Path

import pytest

import werkbank as wb
from werkbank.assessment.decisions import read_register, recorded_selections
from werkbank.register import load_legal_bases

STORED = Path(__file__).with_name("earlier_workspace")
EXPECTED = json.loads((STORED / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", autouse=True)
def workspace(tmp_path_factory):
    """A copy to work in: nothing is written in the stored one."""
    folder = tmp_path_factory.mktemp("before") / "w"
    shutil.copytree(STORED, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(folder))
        patch.delenv("WERKBANK_DATABASE_URL", raising=False)
        yield folder


def by_park(frame, column):
    return dict(zip(frame["park_id"], frame[column], strict=True))


def test_its_parameters_and_legal_basis_are_the_same(workspace):
    parameters = wb.load_parameters("urk")
    assert parameters.fingerprint == EXPECTED["parameters"]
    assert (parameters.capacity, parameters.method.draws) == (2, 500)
    assert (parameters.report.made_by, parameters.report.readers) == ("analist", ("stuurgroep",))
    assert [basis.id for basis in load_legal_bases(workspace / "data" / "legal_bases.yaml")] == [parameters.legal_basis]


def test_its_returns_give_the_same_scores_where_all_is_known_and_the_same_advice():
    """What is unknown counts at its expected value now, and `high` of its parameters does nothing any more."""
    assessment = wb.assess("urk")
    assert sorted({finding.rule for finding in assessment.findings}) == [*EXPECTED["findings"], "unused-choice"]
    for bound in ("low", "high"):
        assert by_park(assessment.parks, bound) == pytest.approx(EXPECTED[bound])
    known = by_park(assessment.parks[assessment.parks["unknown"] == 0], "score")
    assert known == pytest.approx({park: EXPECTED["scores"][park] for park in ("URK-01", "URK-02", "URK-03")})
    assert list(assessment.advice.park_ids) == EXPECTED["advised"]
    own = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    assert by_park(own.parks, "score") == EXPECTED["municipality"]


def test_its_two_rounds_differ_as_they_did_but_for_what_was_unknown():
    frame = wb.compare_rounds("urk").frame
    changes = by_park(frame[frame["group"] == "total"], "change")
    assert changes["URK-03"] == pytest.approx(EXPECTED["change"]["URK-03"])
    assert changes == pytest.approx(EXPECTED["change"], abs=1.5)


def test_its_register_holds_and_can_be_continued():
    held = read_register()
    assert [one.rule for one in held.faults] == ["event-clock"], "its decisions were given moments of their own"
    first, second = held.selections
    assert (first.park_id, first.by, first.holds, first.analysis) == ("URK-04", "stuurgroep", True, "none")
    assert (second.park_id, second.against_advice, second.holds) == ("URK-01", True, False)
    assert second.withdrawal.reason == "Bij vergissing vastgelegd."
    assert [one.park_id for one in recorded_selections(wb.load_parameters("urk"))] == ["URK-04"]
    kept, taken_back = held.notes
    assert (kept.note.park_id, kept.withdrawal) == ("URK-04", None)
    assert taken_back.withdrawal.reason == "Het bleek een vergissing."
    assessment = wb.assess("urk")
    assert [note.number for note in assessment.notes] == [kept.note.number]
    assessment.note("Een derde aantekening, van na de verbouwing.", by="analist van het RIEC")
    assert read_register().faults == held.faults
