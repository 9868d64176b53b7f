"""`check` and `analyse` read the same files: what one reads, counts for the other, whatever a return is called."""

import datetime as dt

import pandas as pd
import pytest

import werkbank as wb
from tests.matrix.formats import changed, zipped
from werkbank.assessment.inputs import matrix_paths, read_inputs, stray_files
from werkbank.collecting.check import check_round
from werkbank.errors import MatrixError

TODAY = dt.date(2026, 6, 1)
POLICE = ("urk", "police")
ODS = zipped({"content.xml": "x"})


@pytest.fixture
def urk(own_workspace):
    return wb.load_parameters("urk")


def analysed(urk):
    """What the analysis read of the police, and every finding about it."""
    inputs = read_inputs(urk, TODAY)
    read = [source.file for source in inputs.matrix.sources if source.party == "police"]
    return read, {finding.rule for finding in (*inputs.missing, *inputs.matrix.findings)}


@pytest.mark.parametrize("name", ["urk_polite.xlsx", "Retour definitief.xlsm"])
def test_a_return_whose_hidden_sheet_says_whose_it_is_counts_under_any_name(returns, urk, name):
    before = read_inputs(urk, TODAY).matrix
    (returns / "urk_politie.xlsx").rename(returns / name)
    for check in (check_round(today=TODAY), check_round(["urk"], today=TODAY)):
        assert check.findings == ()
        assert [each.supplier for each in check.returns if each.file == name] == [POLICE]
        assert check.state.missing == ()
    assert analysed(urk) == ([name], set())
    assert read_inputs(urk, TODAY).matrix.equals(before)
    assert stray_files(urk, wb.load_catalogue()) == {}


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_kind_that_is_not_read_is_named_and_not_called_missing(returns, urk, suffix):
    """Neither by the check, of all or of one, nor by the analysis of who has another party's return."""
    (returns / "urk_politie.xlsx").unlink()
    old = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    (returns / f"urk_politie.{suffix}").write_bytes(old if suffix == "xls" else ODS)
    for check in (check_round(today=TODAY), check_round(["urk"], today=TODAY)):
        assert [(each.rule, each.file) for each in check.findings] == [("other-format", f"urk_politie.{suffix}")]
        assert "sla het op als .xlsx" in check.findings[0].remedy
        assert (check.state.missing, check.state.refused) == ((), (POLICE,))
    assert analysed(urk) == ([], {"other-format"})
    (returns / "urk_gemeente.xlsx").rename(returns / "urk_gemeente.ods").write_bytes(ODS)
    with pytest.raises(MatrixError) as caught:  # without any return that is read the analysis says why
        read_inputs(urk, TODAY)
    assert {finding.rule for finding in caught.value.findings} == {"other-format"}


def test_two_returns_of_one_party_count_for_neither(returns, urk):
    (returns / "nog eens.xlsx").write_bytes((returns / "urk_politie.xlsx").read_bytes())
    doubled = {each.file for each in check_round(today=TODAY).findings if each.rule == "doubled-delivery"}
    assert doubled == {"nog eens.xlsx", "urk_politie.xlsx"}
    assert analysed(urk) == ([], {"doubled-delivery"})


def test_a_list_of_several_counts_for_each_and_an_analysis_sees_its_own_part(returns, urk):
    """A long CSV of the police of two municipalities: nothing about the other one comes along."""
    before = {slug: read_inputs(wb.load_parameters(slug), TODAY).matrix for slug in ("urk", "dronten")}
    rows = pd.concat([matrix.judgements.query("party == 'police'") for matrix in before.values()])
    nobodys = rows.head(1).assign(park_id="DRO-0I")
    whole = pd.concat([rows, nobodys]).assign(round="2026-1", fictional="ja")
    whole.to_csv(returns / "ronde.csv", index=False, sep=";")
    for slug in before:
        (returns / f"{slug}_politie.xlsx").unlink()
    check = check_round(today=TODAY)
    assert ([each.rule for each in check.findings], check.state.missing) == (["unknown-park"], ())
    for slug, matrix in before.items():
        inputs = read_inputs(wb.load_parameters(slug), TODAY)
        assert inputs.matrix.equals(matrix)
        assert inputs.matrix.findings == ()
        assert {source.municipality for source in inputs.matrix.sources} == {slug}
        paths = matrix_paths(wb.load_parameters(slug), wb.load_catalogue())
        assert [path.name for path in paths["police"]] == ["ronde.csv"]


def test_a_return_of_which_nobody_can_tell_whose_it_is_is_read_by_neither(returns, urk):
    """Nor one whose hidden sheet names a party that is not in the catalogue: both are named by the check."""
    with changed(returns / "urk_politie.xlsx", "brandweer.xlsx") as book:
        book["Schema"]["B4"] = "brandweer"
    assert {each.rule for each in check_round(today=TODAY).findings} >= {"unknown-party"}
    assert analysed(urk) == (["urk_politie.xlsx"], set())
    with changed(returns / "urk_politie.xlsx", "retour.xlsx") as book:
        del book["Schema"]
        book["Matrix"]["A1"] = "Risicomatrix"
    (returns / "urk_politie.xlsx").unlink()
    assert {each.rule for each in check_round(today=TODAY).findings} >= {"unknown-party", "missing-workbook"}
    read, rules = analysed(urk)
    assert (read, "missing-workbook" in rules) == ([], True)
    assert "retour.xlsx" in stray_files(urk, wb.load_catalogue())
