"""The flow from files to advice: what it needs, what it refuses, what it keeps."""

import datetime as dt
import json
import shutil

import pytest
import yaml

import werkbank as wb
from werkbank.assessment.district import HANDED_OVER, context_key, context_of, contexts_document, handed_over
from werkbank.assessment.inputs import read_inputs
from werkbank.errors import LegalBasisError, MatrixError, OutputError, RegisterError
from werkbank.files.canonical import canonical_json


def test_a_round_is_read_by_name_for_who_may_see_every_partys_cells(demo_workspace):
    matrix = wb.load_round("urk")
    assert (matrix.round, len(matrix.park_ids), matrix.parties) == ("2026-1", 4, ("police", "municipality"))
    with pytest.raises(OutputError, match="niet voor de doelgroep “Gemeente”"):
        wb.load_round(wb.load_parameters("urk", audience="municipality"))


def test_a_meeting_without_a_recorded_outcome_is_never_counted_in_silence(urk, demo_workspace):
    """Under consensus what was the rule before the meeting counts until there is an outcome, and the analysis says so."""
    method = {"combination": {"threat": "consensus", "resilience": "consensus"}}
    found = wb.assess(wb.load_parameters("urk", method=method))
    told = [one for one in found.findings if one.rule == "no-consensus-recorded"]
    assert ["verschijningsvormen" in told[0].found, "weerbaarheid" in told[1].found] == [True, True]
    assert "het hoogste oordeel" in told[0].found
    assert "het gemiddelde" in told[1].found
    assert found.parks["score"].equals(urk.parks["score"])
    assert not [one for one in urk.findings if one.rule == "no-consensus-recorded"]


def test_equal_inputs_give_equal_bytes_and_what_is_saved_is_what_is_loaded(urk, tmp_path, demo_workspace):
    """No place on this machine is in it, and without a folder nothing is written."""
    assert wb.assess("urk").to_json() == urk.to_json()
    urk.save(tmp_path)
    assert wb.Assessment.load(tmp_path).to_json() == urk.to_json()
    assert str(demo_workspace) not in urk.to_json()
    before = set(demo_workspace.rglob("assessment.json"))
    urk.save("")
    assert set(demo_workspace.rglob("assessment.json")) == before


def test_made_up_data_says_so_and_the_assessment_shows_itself_in_dutch(urk):
    """Its frames are handed out as copies."""
    assert urk.fictional
    assert urk.municipality_name == "Urk (fictief)"
    assert "Urk (fictief)" in urk.advice.sentence
    assert str(urk).startswith("Analyse Urk (fictief), ronde 2026-1: 4 terreinen.")
    assert "<strong>" in urk._repr_html_()
    own, said = urk.parks, urk.judgements
    own["score"] = 0.0
    said["level"].array[:] = 0
    assert urk.parks["score"].max() > 0
    assert urk.judgements["level"].max() > 0


def test_a_missing_workbook_is_named_and_only_widens_the_bounds(urk, own_workspace):
    """What the police did not say can be anything: bounds without them hold the bounds with them."""
    (own_workspace / "data/matrices/2026-1/urk_politie.xlsx").unlink()
    assessment = wb.assess("urk")
    (finding,) = [one for one in assessment.findings if one.rule == "missing-workbook"]
    assert finding.file == "urk_politie.xlsx"
    assert assessment.delivered == ("municipality",)
    assert (assessment.parks["two_sided"] == 0).all()
    alone, both = (one.parks.set_index("park_id") for one in (assessment, urk))
    assert (alone["low"] <= both["low"] + 1e-9).all()
    assert (alone["high"] >= both["high"] - 1e-9).all()


def test_without_any_workbook_or_any_data_it_is_said_which_command_makes_it(own_workspace):
    for file in own_workspace.glob("data/matrices/2026-1/urk_*.xlsx"):
        file.unlink()
    with pytest.raises(MatrixError, match="werkbank demo"):
        wb.assess("urk")
    shutil.rmtree(own_workspace / "data")
    with pytest.raises(RegisterError, match="werkbank demo"):
        wb.assess("urk")


def change_basis(workspace, **changes):
    path = workspace / "data" / "legal_bases.yaml"
    data = yaml.safe_load(path.read_text())
    data["legal_bases"][0].update(changes)
    path.write_text(yaml.safe_dump(data))


def test_without_a_valid_legal_basis_the_parties_are_not_combined(own_workspace):
    change_basis(own_workspace, valid_until=dt.date(2026, 1, 1), municipalities=["almere"], rounds=["2025-1"])
    with pytest.raises(LegalBasisError, match="Vraag het aan") as error:
        wb.assess("urk", today=dt.date(2026, 11, 23))
    assert [one.rule for one in error.value.findings] == [f"legal-basis-{why}" for why in ("area", "round", "expired")]


def test_another_municipality_moves_what_is_estimated_and_nothing_else(urk, own_workspace):
    """What an unknown cell is worth depends on the district (method.md 3); with nothing unknown no score moves."""
    for file in own_workspace.glob("data/matrices/2026-1/almere_*.xlsx"):
        file.unlink()
    without = wb.assess("urk")
    before, after = (one.parks.set_index("park_id") for one in (urk, without))
    moved = before["score"] != after["score"]
    assert moved.any()
    assert (before.loc[moved, "unknown"] > 0).all()
    for name in ("low", "high", "coverage", "two_sided", "unknown"):
        assert before[name].equals(after[name])
    assert without.cells["points"].equals(urk.cells["points"])
    assert without.district_size == urk.district_size - 31


def test_one_changed_judgement_changes_the_fingerprint(urk, own_workspace):
    from openpyxl import load_workbook

    path = own_workspace / "data/matrices/2026-1/urk_politie.xlsx"
    book = load_workbook(path)
    sheet = book["Matrix"]
    cell = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if str(cell.value).startswith("0 geen"))
    cell.value = "3 structureel"
    book.save(path)
    assert wb.assess("urk").fingerprint != urk.fingerprint


def test_another_file_is_refused_as_an_assessment():
    with pytest.raises(OutputError, match="geen assessment"):
        wb.Assessment.from_json("{}")
    with pytest.raises(OutputError, match="andere versie"):
        wb.Assessment.from_json(json.dumps({"schema_version": 99}))


# Context figures are kept in an assessment and change nothing that is computed.


def computed(assessment):
    """All of an assessment but the context, its fingerprint and the findings about it."""
    plain = json.loads(assessment.to_json())
    for name in ("context", "fingerprint", "findings"):
        del plain[name]
    return plain


def test_no_score_rank_advice_or_indication_depends_on_the_context(own_workspace):
    """With the figures, with other figures and without them the rest of the assessment is the same, byte for byte."""
    path = own_workspace / "data" / "context.csv"
    given = wb.assess("urk")
    path.write_text("park_id,vacancy,workers\nURK-01,100,99999\nURK-02,0,0\nURK-03,50,1\nURK-04,1,1\n")
    other = wb.assess("urk")
    path.unlink()
    without = wb.assess("urk")
    assert len(given.context) == 4
    assert other.context["vacancy"].tolist() == [100, 0, 50, 1]
    assert without.context.empty
    assert computed(given) == computed(other) == computed(without)
    assert len({given.fingerprint, other.fingerprint, without.fingerprint}) == 3


def test_a_faulty_file_of_figures_is_a_finding_and_stops_no_analysis(own_workspace):
    """A fault in another municipality's figures is not told here."""
    path = own_workspace / "data" / "context.csv"
    path.write_text("terrein,vacancy\nURK-01,5\n")
    assessment = wb.assess("urk")
    assert assessment.context.empty
    assert [one.rule for one in assessment.findings if one.file == path.name] == ["missing-column", "unknown-column"]
    path.write_text("park_id,vacancy\nALM-01,veel\nURK-01,nog meer\n")
    assert [one.park_id for one in wb.assess("urk").findings if one.file == path.name] == ["URK-01"]


def test_a_register_with_columns_of_its_own_neither_breaks_nor_enters_the_assessment(own_workspace):
    """A column called `score` or `rank` in `parks.csv` is not ours; nor is a count of reports in it for every reader."""
    path = own_workspace / "data" / "parks.csv"
    head, *rows = path.read_text().splitlines()
    path.write_text("\n".join([f"{head},score,rank,reports", *(f"{row},7,7,3" for row in rows)]) + "\n")
    assessment = wb.assess("urk")
    assert "reports" not in assessment.parks
    assert assessment.parks["score"].tolist() != [7] * 4
    assert assessment.context["reports"].tolist() == ["minder dan 5"] * 4


# The district's context can be kept and handed over: what is assessed with it is the same to the last byte.


@pytest.fixture
def kept(demo_workspace, tmp_path):
    """The demo's context in a file, and its key."""
    parameters, inputs = of("urk")
    context = context_of(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    key = context_key(parameters, inputs.catalogue, inputs.basis)
    path = tmp_path / "district_context.json"
    path.write_text(canonical_json(contexts_document({key: context})), encoding="utf-8")
    return path


def of(slug, **overrides):
    parameters = wb.load_parameters(slug, **overrides)
    return parameters, read_inputs(parameters, dt.date.today())


@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_with_the_context_of_another_municipality_every_byte_is_the_same(kept, monkeypatch, slug):
    own = wb.assess(slug).to_json()
    monkeypatch.setenv(HANDED_OVER, str(kept))
    # The district's workbooks are not read again.
    monkeypatch.setattr("werkbank.assessment.flow.district_context", None)
    assert wb.assess(slug).to_json() == own


def test_another_method_has_no_context_there_and_without_a_batch_there_is_none(kept, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(kept))
    assert handed_over(*of("urk", method={"power": {"threat": 3}})) is None
    assert handed_over(*of("urk", parties=("police",))) is None
    monkeypatch.delenv(HANDED_OVER, raising=False)
    assert handed_over(*of("urk")) is None


@pytest.mark.parametrize("text", ["", "{}", '{"contexts": []}', "[1]", None])
def test_a_file_that_is_no_context_or_was_changed_is_refused_and_never_ignored(kept, monkeypatch, text):
    changed = kept.read_text().replace('"correlation": 0.', '"correlation": 0.1')
    kept.write_text(changed if text is None else text)
    monkeypatch.setenv(HANDED_OVER, str(kept))
    with pytest.raises(OutputError, match=r"district_context\.json"):
        handed_over(*of("urk"))
