"""A check finds what is wrong with each return, who has not delivered, and how full it is."""

import datetime as dt
import shutil

import pytest

import werkbank as wb
from tests.collecting.conftest import ROUND, spoil
from tests.matrix.conftest import places
from tests.matrix.formats import changed
from werkbank.collecting.check import check_files, check_round
from werkbank.errors import ParametersError

TODAY = dt.date(2026, 6, 1)


def of(check, name):
    (found,) = [each for each in check.returns if each.file == name]
    return found


def test_a_clean_round_has_no_findings_and_everybody_has_delivered(own_workspace):
    check = check_round(today=TODAY)
    assert check.findings == ()
    assert len(check.returns) == 12
    assert all(each.read and each.fictional for each in check.returns)
    assert check.state.missing == check.state.refused == ()
    assert check.whole_round
    assert check.fictional


def test_findings_stand_with_the_return_that_they_are_about_and_some_municipalities_can_be_asked_for(returns):
    spoil(returns / "urk_politie.xlsx", "D6", "C7")
    spoil(returns / "dronten_gemeente.xlsx", "E9")
    check = check_round(today=TODAY)
    for name, cells in {"urk_politie.xlsx": ["C7", "D6"], "dronten_gemeente.xlsx": ["E9"]}.items():
        assert places(of(check, name).findings) == [("level-outside-scale", cell) for cell in cells]
    assert len(check.findings) == check.count("error") == 3
    (returns / "almere_politie.xlsx").unlink()
    check = check_round(["urk", "almere", "urk"], today=TODAY)
    assert [each.file for each in check.returns] == ["almere_gemeente.xlsx", "urk_gemeente.xlsx", "urk_politie.xlsx"]
    assert places(check.findings) == [
        *[("level-outside-scale", cell) for cell in ("C7", "D6")],
        ("missing-workbook", ""),
    ]
    assert set(check.state.table["municipality"]) == {"urk", "almere"}
    assert not check.whole_round


@pytest.mark.parametrize(
    ("name", "source", "rule", "supplier"),
    [
        ("urk_politie.xlsx", ROUND, "damaged-workbook", ("urk", "police")),
        ("Kopie van matrix.xlsx", ROUND, "damaged-workbook", ("", "")),
        # Of another round and called anything: its hidden sheet says whose it is.
        ("Map1 (2).xlsx", "2025-1", "wrong-round", ("urk", "police")),
    ],
)
def test_a_return_that_is_refused_belongs_to_whom_its_name_or_its_hidden_sheet_says(
    returns, name, source, rule, supplier
):
    content = (returns.parent / source / "urk_politie.xlsx").read_bytes()
    (returns / "urk_politie.xlsx").unlink()
    (returns / name).write_bytes(content[:2_000] if rule == "damaged-workbook" else content)
    check = check_round(today=TODAY)
    each = of(check, name)
    assert [found.rule for found in each.findings] == [rule]
    assert (each.read, each.supplier) == (False, supplier)
    known = all(supplier)
    assert check.state.refused == ((supplier,) if known else ())
    assert check.state.missing == (() if known else (("urk", "police"),))


def test_named_files_are_checked_wherever_they_stand_and_nothing_else_is(returns, tmp_path):
    """No word on who else has not delivered: that is not asked."""
    place = tmp_path / "ontvangen"
    place.mkdir()
    path = shutil.copy(returns / "urk_politie.xlsx", place / "urk_politie.xlsx")
    spoil(path, "D6")
    (returns / "zeewolde_gemeente.xlsx").unlink()
    (found,) = check_round(today=TODAY).missing
    assert (found.rule, found.severity, found.file) == ("missing-workbook", "error", "zeewolde_gemeente.xlsx")
    assert found.found == "de gemeente heeft nog niets aangeleverd over Zeewolde (fictief)"
    assert "zeewolde_gemeente.xlsx" in found.remedy
    # The same file named twice is one.
    check = check_files([path, place / "." / path.name], today=TODAY)
    assert len(check.returns) == 1
    assert places(check.findings) == [("level-outside-scale", "D6")]
    assert check.state.delivered == (("urk", "police"),)
    assert check.state.missing == ()
    assert not check.whole_round


def test_what_is_no_file_is_refused_all_at_once(returns, tmp_path):
    """A mistyped name with the nearest, a folder, two files of one name: each is named, nothing is read.

    A hostile name does not reach the terminal as it is.
    """
    twin = tmp_path / "dronten_politie.xlsx"
    shutil.copy(returns / twin.name, twin)
    with pytest.raises(ParametersError) as caught:
        check_files([returns / "urk_politi.xlsx", returns, twin, returns / twin.name, tmp_path / "w\x1beg.xlsx"])
    said = str(caught.value)
    assert "bedoelt u “urk_politie.xlsx”?" in said
    assert "is een map; noem de bestanden" in said
    assert "meer bestanden die dronten_politie.xlsx heten" in said
    assert "w eg.xlsx is er niet" in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == 4


def test_without_an_earlier_round_nothing_is_compared_and_a_fault_in_one_municipality_stops_no_other(own_workspace):
    """A date and a decision that are still to come are found; of a decision once for all municipalities."""
    later = check_round(today=dt.date(2000, 1, 1))
    assert {found.rule for found in later.findings} == {"date-in-future", "legal-basis"}
    assert [found.rule for found in later.workspace] == ["legal-basis"]
    (own_workspace / "parameters" / "almere.yaml").write_text("municipality: [", encoding="utf-8")
    shutil.rmtree(own_workspace / "data" / "matrices" / "2025-1")
    assert {found.file for found in check_round(today=TODAY).findings} == {"almere.yaml"}
    district = own_workspace / "parameters" / "district.yaml"
    text = district.read_text(encoding="utf-8")
    district.write_text(text.replace("earlier_round: 2025-1\n", ""), encoding="utf-8")
    assert {found.file for found in check_round(today=TODAY).findings} == {"almere.yaml"}


def test_a_lazy_return_is_asked_about_in_the_check_and_in_the_analysis_of_who_may_see_both(returns):
    """0 for unknown in every cell: with its own numbers, beside the round before, and beside the municipality."""
    with changed(returns / "urk_politie.xlsx") as book:
        for row in book["Matrix"].iter_rows(min_row=4, min_col=3):
            for cell in row:
                cell.value = "0" if cell.value == "onbekend" else cell.value
    check = check_round(["urk"], today=TODAY)
    assert places(of(check, "urk_politie.xlsx").findings) == [("hardly-unknown", "")] * 2
    assert places(check.common) == [("hardly-unknown", "")]
    analysed = [found for found in wb.assess("urk").findings if found.rule == "hardly-unknown"]
    assert [found.file for found in analysed] == ["urk_politie.xlsx", None]
    own = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    assert own.findings == ()


def test_nothing_delivered_at_all_is_one_line_for_each_party_with_a_text_to_send(returns):
    """The police is asked for its files; a municipality is not told which others are late."""
    shutil.rmtree(returns)
    check = check_round(today=TODAY)
    municipality, police = check.findings
    assert {municipality.rule, police.rule} == {"missing-workbook"}
    assert all(name in police.found and name in municipality.found for name in ("Almere", "Urk", "Zeewolde"))
    assert all(f"{slug}_politie.xlsx" in police.remedy for slug in ("almere", "urk", "zeewolde"))
    assert "uw werkmap" in municipality.remedy
    assert "urk" not in municipality.remedy.casefold()
    assert len(check.state.missing) == 12
    assert check.matrix is None
    assert check.returns == ()
