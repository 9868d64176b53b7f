"""Two rounds are compared on a legal basis for both, by the method of each, or not at all."""

import datetime as dt

import pytest

import werkbank as wb
from tests.test_assessment import change_basis
from werkbank.assessment.rounds import compare_rounds
from werkbank.errors import LegalBasisError
from werkbank.files.canonical import canonical_json


@pytest.fixture(scope="module")
def urk(demo_workspace):
    return compare_rounds("urk")


def matrices(workspace, round_name="2025-1"):
    return workspace / "data" / "matrices" / round_name


def test_the_demo_has_two_rounds_to_compare(urk):
    """A method that was not kept is said, not guessed. The new scores are those of the analysis: test_same_number_after."""
    assert (urk.old_round, urk.new_round) == ("2025-1", "2026-1")
    assert len(urk.changes()) == len(urk.parks) == 4
    assert urk.equally_delivered
    assert str(urk) == "Vergelijking Urk (fictief), ronde 2025-1 met 2026-1: 4 terreinen."
    assert urk.name(urk.changes()[0].park_id) != urk.changes()[0].park_id
    assert not urk.old_method_kept
    assert all(change.method in (0, None) for change in urk.changes())


def test_the_method_of_the_kept_assessment_is_that_of_the_earlier_round(own_workspace):
    """The earlier round was assessed with another weighing: that part of the change is the method's."""
    earlier = wb.load_parameters("urk", round="2025-1", method={"power": {"threat": 1}})
    wb.assess(earlier).save(earlier.output_folder)
    found = compare_rounds("urk")
    assert found.old_method_kept
    assert any(abs(change.method) > 0.5 for change in found.changes() if change.splittable)
    assert not [finding for finding in found.findings if finding.rule == "other-catalogue"]
    assert compare_rounds("urk", earlier_method=earlier.method).frame.equals(found.frame)
    # Made with another catalogue, it is a finding.
    path = earlier.output_folder / "assessment.json"
    catalogue = wb.load_catalogue().fingerprint
    path.write_text(path.read_text(encoding="utf-8").replace(catalogue, "0" * 64), encoding="utf-8")
    (finding,) = [one for one in compare_rounds("urk").findings if one.rule == "other-catalogue"]
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rounds": ["2026-1"]}, ["geldt niet voor ronde 2025-1"]),
        ({"rounds": ["2025-1"]}, ["geldt niet voor ronde 2026-1"]),
        ({"rounds": ["2024-1"]}, ["ronde 2025-1", "ronde 2026-1"]),
        ({"municipalities": ["almere"]}, ["geldt niet voor urk"]),
        ({"valid_until": dt.date(2026, 1, 1)}, ["verliep op 1 januari 2026"]),
    ],
)
def test_without_a_basis_for_both_rounds_nothing_is_brought_together(own_workspace, changes, why):
    """What is wrong for both rounds is said at once; one party's own view needs no basis."""
    change_basis(own_workspace, **changes)
    with pytest.raises(LegalBasisError) as error:
        compare_rounds("urk", today=dt.date(2026, 11, 23))
    assert len(error.value.findings) == len(why)
    assert all(one in str(error.value) for one in why)
    found = compare_rounds(wb.load_parameters("urk", parties=("municipality",)))
    assert found.legal_basis is None
    assert set(found.moved["party"]) <= {"municipality"}


def test_a_party_that_delivered_in_one_round_only_marks_the_comparison(own_workspace):
    (matrices(own_workspace) / "urk_politie.xlsx").unlink()
    found = compare_rounds("urk")
    assert not found.equally_delivered
    assert (found.old_delivered, found.new_delivered) == (("municipality",), ("police", "municipality"))
    assert [finding.file for finding in found.findings if finding.rule == "missing-workbook"] == ["urk_politie.xlsx"]


def test_what_is_kept_is_the_same_and_names_no_place_on_this_machine_and_no_remark(urk, demo_workspace):
    text = canonical_json(urk)
    parks = wb.load_parks(demo_workspace / "data" / "parks.csv")
    matrix = wb.load_matrix(matrices(demo_workspace), wb.load_catalogue(), parks, round="2025-1")
    remarks = {remark for remark in matrix.judgements["remark"] if remark}
    assert remarks
    assert str(demo_workspace) not in text
    assert not [remark for remark in remarks if remark in text]
    assert canonical_json(compare_rounds("urk")) == text
