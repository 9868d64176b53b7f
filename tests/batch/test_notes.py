"""What is said of a batch as a whole: files that nobody reads, and weights that do not add up."""

import datetime as dt

import pytest

import werkbank as wb
from werkbank.assessment.inputs import read_inputs, stray_files
from werkbank.batch.runner import _NAMED as NAMED
from werkbank.batch.runner import notes_of
from werkbank.report.account import weights_note
from werkbank.settings.method import Method

SLUGS = ("almere", "urk")


@pytest.fixture
def matrices(own_workspace):
    return own_workspace / "data" / "matrices" / "2026-1"


def strays():
    return stray_files(wb.load_parameters("urk"), wb.load_catalogue())


def test_what_nothing_says_whose_it_is_is_named_with_the_name_it_should_have(matrices):
    """In the place of the police's workbook: "de werkmap ontbreekt" alone sends people looking for what lies beside it."""
    (matrices / "urk_politie.xlsx").unlink()
    (matrices / "urk_poltie.xlsx").write_text("x")
    assert strays() == {"urk_poltie.xlsx": "urk_politie.xlsx"}
    (note,) = notes_of(SLUGS)
    assert "“urk_poltie.xlsx” (bedoelt u urk_politie.xlsx?)" in note
    (finding,) = read_inputs(wb.load_parameters("urk"), dt.date(2026, 6, 1)).missing
    assert finding.rule == "missing-workbook"
    assert "“urk_poltie.xlsx”" in finding.found
    assert "urk_politie.xlsx" in finding.remedy


def test_a_file_that_is_left_over_is_named_and_mistaken_for_nothing(matrices):
    (matrices / "aantekeningen.docx").touch()
    assert strays() == {"aantekeningen.docx": ""}
    assert notes_of(SLUGS) == ("Niet gelezen in de map van ronde 2026-1: “aantekeningen.docx”.",)
    # Another municipality's workbook is no lookalike; nor is what Office puts beside a file that is open.
    for name in ("urk_politie.xlsx", "aantekeningen.docx"):
        (matrices / name).unlink()
    for name in ("~$urk_gemeente.xlsx", ".DS_Store"):
        (matrices / name).touch()
    assert strays() == {}
    for number in range(NAMED + 3):
        (matrices / f"x{number}.txt").touch()
    (note,) = notes_of(SLUGS)
    assert note.count("“") == NAMED
    assert note.endswith("en nog 3.")


def test_weights_that_do_not_add_up_are_said_once_with_whose_they_are(own_workspace):
    """Only their proportions count; who wrote 0.5 should know what became of it. A whole round needs no note."""
    assert notes_of(SLUGS) == ()
    path = own_workspace / "parameters" / "urk.yaml"
    path.write_text(
        path.read_text() + "deviations:\n  reason: Op verzoek van de driehoek\n"
        "  method:\n    group_weights: {threat: 0.5}\n"
    )
    (note,) = notes_of(SLUGS)
    assert "(Urk)" in note
    for told in (note, wb.report.accountability(wb.assess("urk")).html):
        assert "threat 0,5, opportunity 0,05 en resilience_gap 0,05: samen 0,6" in told
    path.write_text("x: 1\n")
    assert notes_of(["urk"]) == (), "parameters that cannot be read have their own refusal"


@pytest.mark.parametrize(
    ("weights", "told"),
    [((0.5, 0.25, 0.25), ""), ((50, 30, 20), ""), ((0.33, 0.33, 0.34), ""),
     ((50, 30, 30), "threat 50, opportunity 30 en resilience_gap 30: samen 110")],
)  # fmt: skip
def test_weights_that_make_a_whole_need_no_note(weights, told):
    """One, a hundred, or thirds as people write them."""
    named = dict(zip(("threat", "opportunity", "resilience_gap"), weights, strict=True))
    note = weights_note(Method(group_weights=named))
    assert told in note
    assert bool(note) == bool(told)
