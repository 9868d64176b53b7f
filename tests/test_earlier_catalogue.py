"""Two rounds, of which the first was asked by an earlier version of the catalogue (method.md 9)."""

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import werkbank as wb
from tests import earlier_catalogues as two
from tests.matrix.drawing import frame_of, written
from tests.own_district import BASIS, PARTIES
from werkbank.advice.scorecard import score_matrix
from werkbank.report.charts_park import change_chart
from werkbank.report.monitor import change_pages, change_table

ROOT = Path(__file__).parents[1]
PARKS = ("URK-01", "URK-02", "URK-03")
DAY = dt.date(2026, 6, 1)
DISTRICT = """\
district: Proef
round: 2026-1
earlier_round: 2025-1
parties: [police, municipality]
catalogue: catalogus
legal_basis: besluit
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A municipality of three parks; the first round by catalogue 0.9, the second by 1.0."""
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").write_text(DISTRICT, encoding="utf-8")
    shutil.copy(ROOT / "parameters" / "urk.yaml", tmp_path / "parameters")
    two.write(tmp_path / "catalogus", "1.0")
    data = tmp_path / "data"
    data.mkdir()
    rows = [f"{park},{park.lower()},urk,1" for park in PARKS]
    (data / "parks.csv").write_text("\n".join(["park_id,name,municipality,net_ha", *rows]), encoding="utf-8")
    basis = BASIS | {"municipalities": ["urk"], "rounds": ["2025-1", "2026-1"]}
    (data / "legal_bases.yaml").write_text(yaml.safe_dump({"legal_bases": [basis]}), encoding="utf-8")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    old = two.load(tmp_path / "catalogus-0.9", "0.9")
    fill(tmp_path, old, "2025-1")
    fill(tmp_path, wb.load_catalogue(tmp_path / "catalogus"), "2026-1")
    return tmp_path


def fill(workspace, catalogue, round, **changed):
    """Every cell a level, drawn the same for a code in either round; `changed` sets cells of URK-01."""
    frame = wb.load_parks(workspace / "data" / "parks.csv")
    for party, file in PARTIES.items():
        places = [(park, code, party) for park in PARKS for code in catalogue.indicator_ids]
        judged = frame_of([(*place, *cell(*place, changed), "", "", pd.NaT) for place in places])
        path = workspace / "data" / "matrices" / round / f"urk_{file}.xlsx"
        written(path, catalogue, frame, party=party, round=round, judgements=judged)


def cell(park, code, party, changed):
    value = sum(map(ord, code + park + party)) % 3
    if park == "URK-01":
        value = changed.get(code, value)
    return ("level", value) if isinstance(value, int) else (value, None)


def parts(development):
    return development.frame.set_index(["park_id", "group"])


def test_no_cell_is_listed_as_learned_that_was_not_asked_before_and_the_parts_add_up(workspace):
    development = wb.compare_rounds("urk", today=DAY)
    frame = development.frame
    assert frame["splittable"].all()
    assert np.allclose(frame[["judgement", "knowledge", "method"]].sum(axis=1), frame["change"])
    named = frame.pivot(index="group", columns="park_id", values="change")
    added = named.drop(index=["total", *(family.score for family in wb.load_catalogue().families)])
    assert {"V10", "V07"} <= set(added.index)
    assert np.allclose(added.sum(), named.loc["total"], atol=1e-9)
    assert "V10" not in set(development.moved["indicator"])
    total = frame.set_index(["park_id", "group"]).loc[("URK-01", "total")]
    assert total["cells_both"] <= total["cells_new"] == 2 * 10


def test_the_old_score_is_that_of_the_questions_of_then(workspace):
    """What was dropped counts in it, with the weight of then; nothing of now does."""
    old = two.load(workspace / "catalogus-0.9", "0.9")
    parks = wb.load_parks(workspace / "data" / "parks.csv")
    matrix = wb.load_matrix(workspace / "data" / "matrices" / "2025-1", old, parks, round="2025-1")
    parameters = wb.load_parameters("urk")
    expected = score_matrix(matrix, old, parameters.method, parameters.parties).risk.groups
    found = parts(wb.compare_rounds("urk", today=DAY))
    for park in PARKS:
        for group in expected.columns:
            assert found.loc[(park, group), "old"] == pytest.approx(expected.loc[park, group])


@pytest.mark.parametrize(
    ("version", "round", "code", "moves", "stays"),
    [
        ("1.0", "2026-1", "V10", ("new", "method"), ("judgement", "knowledge")),
        ("0.9", "2025-1", "V07", ("old",), ("judgement", "knowledge")),
        ("1.0", "2026-1", "V01", ("judgement",), ()),
    ],
)
def test_what_only_one_round_asked_is_method_and_what_both_asked_is_judgement(
    workspace, version, round, code, moves, stays
):
    """The cell is filled in with 0, or with 2: only what it is part of moves, and the method as the new score does."""
    catalogue = two.load(workspace / "again", version)
    found, numbers = [], ["old", "new", "judgement", "knowledge", "method"]
    for level in (0, 2):
        fill(workspace, catalogue, round, **{code: level})
        found.append(parts(wb.compare_rounds("urk", today=DAY)).loc[("URK-01", "total"), numbers])
    moved = found[1] - found[0]
    assert all(moved[name] > 0 for name in moves)
    assert all(moved[name] == pytest.approx(0, abs=1e-9) for name in stays)
    assert code != "V10" or moved["method"] == pytest.approx(moved["new"])


def test_the_page_says_which_questions_changed_and_where_that_stands(workspace):
    development = wb.compare_rounds("urk", today=DAY)
    assert development.indicators_only_old == ("V07 Gokken",)
    assert development.indicators_only_new == ("V10 Naam V10",)
    told = str(change_table(development).html)
    assert "De lijst met indicatoren is tussen de rondes veranderd" in told
    assert "alleen in ronde 2025-1: V07 Gokken" in told
    assert "geen verschil in kennis" in told
    assert "Andere methode" in told
    assert "andere indicatoren" in str(change_pages(development).html)
    assert "Andere methode" in change_chart(development).table[0]


def test_parties_with_different_versions_are_compared_on_what_both_asked(workspace):
    """The police used the workbook of then, the municipality that of now: there is no one score of then."""
    fill(workspace, wb.load_catalogue(workspace / "catalogus"), "2025-1")
    matrices = workspace / "data" / "matrices" / "2025-1"
    kept = (matrices / "urk_gemeente.xlsx").read_bytes()
    fill(workspace, two.load(workspace / "catalogus-0.9", "0.9"), "2025-1")
    (matrices / "urk_gemeente.xlsx").write_bytes(kept)
    development = wb.compare_rounds("urk", today=DAY)
    frame = development.frame
    assert development.indicators_changed
    assert np.allclose(frame[["judgement", "knowledge", "method"]].sum(axis=1), frame["change"])


def test_what_was_asked_on_another_scale_is_left_out_of_both_rounds_and_named(workspace):
    """Whatever its cells say in either round moves nothing but the method's part, and the old score not at all."""
    mapping = workspace / "catalogus" / "mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(f"{text}      - {{code: V03, becomes: [V03], scale: other}}\n", encoding="utf-8")
    old, new = two.load(workspace / "again", "0.9"), wb.load_catalogue(workspace / "catalogus")
    found = []
    for then, now in ((0, 0), (2, 0), (2, 2)):
        fill(workspace, old, "2025-1", V03=then)
        fill(workspace, new, "2026-1", V03=now)
        found.append(wb.compare_rounds("urk", today=DAY))
    first, other_then, other_now = (parts(each).loc[("URK-01", "total")] for each in found)
    assert first.equals(other_then)
    assert other_now["new"] > first["new"]
    assert other_now["new"] - first["new"] == pytest.approx(other_now["method"] - first["method"])
    for name in ("old", "judgement", "knowledge", "district"):
        assert other_now[name] == pytest.approx(first[name])
    for development in found:
        assert development.indicators_rescaled == ("V03 Naam V03",)
        assert development.indicators_only_new == ("V10 Naam V10",)
        assert development.indicators_changed
        assert "V03" not in set(development.moved["indicator"])
        rules = [(one.rule, one.indicator) for one in development.findings if "V03" in f"{one.found}{one.indicator}"]
        assert set(rules) == {("dropped-indicator", None)}
    assert "V03 (Naam V03) had toen een andere schaal" in "".join(one.found for one in found[0].findings)


def test_the_analysis_of_the_old_round_still_can_be_made(workspace):
    assessment = wb.assess(wb.load_parameters("urk", round="2025-1"), today=DAY)
    assert assessment.parks["score"].notna().any()
    assert {one.rule for one in assessment.findings} >= {"earlier-catalogue", "new-indicator"}
