"""What is said of a batch as a whole: files that nobody reads, and weights that do not add up."""

import pytest

import werkbank as wb
from werkbank.assessment.inputs import stray_files
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


def unrecognised(matrices, name):
    """In the place of the police's workbook something that says of nothing whose it is."""
    (matrices / "urk_politie.xlsx").unlink()
    (matrices / name).write_text("x")


def test_what_nothing_says_whose_it_is_is_named_with_the_name_it_should_have(matrices):
    name = "urk_poltie.xlsx"
    unrecognised(matrices, name)
    assert strays() == {name: "urk_politie.xlsx"}
    (note,) = notes_of(SLUGS)
    assert f"“{name}” (bedoelt u urk_politie.xlsx?)" in note


def test_the_missing_workbook_names_what_looks_like_it(matrices):
    """ "De werkmap ontbreekt" alone sends people looking for a file that lies beside it."""
    unrecognised(matrices, "urk_poltie.xlsx")
    (finding,) = [one for one in wb.assess("urk").findings if one.rule == "missing-workbook"]
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


def test_of_many_files_the_first_are_named(matrices):
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
    assert "threat 0,5, opportunity 0,05 en resilience_gap 0,05: samen 0,6" in note
    assert (
        "threat 0,5, opportunity 0,05 en resilience_gap 0,05: samen 0,6"
        in wb.report.accountability(wb.assess("urk")).html
    )


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ((0.5, 0.25, 0.25), ""),
        ((50, 30, 20), ""),
        ((0.33, 0.33, 0.34), ""),
        ((50, 30, 30), "threat 50, opportunity 30 en resilience_gap 30: samen 110"),
    ],
)
def test_weights_that_make_a_whole_need_no_note(weights, told):
    """One, a hundred, or thirds as people write them."""
    named = dict(zip(("threat", "opportunity", "resilience_gap"), weights, strict=True))
    note = weights_note(Method(group_weights=named))
    assert told in note
    assert bool(note) == bool(told)


def test_parameters_that_cannot_be_read_have_their_own_refusal(own_workspace):
    (own_workspace / "parameters" / "urk.yaml").write_text("x: 1\n")
    assert notes_of(["urk"]) == ()
