"""Context figures are kept in an assessment and change nothing that is computed."""

import json

import werkbank as wb


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
