"""Everything in the workspace that is no return is looked at: each fault once, and one hides no other."""

import datetime as dt
import json
import re
import shutil

import pytest

from tests.collecting.conftest import ROUND
from werkbank.collecting.check import check_round
from werkbank.collecting.workspace_files import workspace_findings
from werkbank.errors import WerkbankError
from werkbank.settings.method import PACKAGED
from werkbank.settings.workspace import municipality_slugs

TODAY = dt.date(2026, 6, 1)


def replaced(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text)
    path.write_text(re.sub(old, new, text), encoding="utf-8")


def stored(path, change):
    book = json.loads(path.read_text(encoding="utf-8"))
    change(book["cells"])
    path.write_text(json.dumps(book), encoding="utf-8")


def own_catalogue(workspace):
    shutil.copytree(PACKAGED, workspace / "catalogue", ignore=shutil.ignore_patterns("*.py"))
    replaced(workspace / "parameters" / "district.yaml", "#catalogue:.*", "catalogue: catalogue")
    replaced(workspace / "catalogue" / "indicators.yaml", "family: threat\n", "family: threath\n")


def written(workspace, name, text):
    (workspace / name).parent.mkdir(exist_ok=True)
    (workspace / name).write_text(text, encoding="utf-8")


def outputs(cells):
    next(cell for cell in cells if cell["cell_type"] == "code")["outputs"] = [{"output_type": "stream", "text": "x"}]


PLAN = """park_id: URK-04
round: 2026-1
made: 2026-03-03
high: {}
states: [{state: concept, since: 2026-03-03}]
interventions: [{id: C01, evidence: {file: verslag.pdf, sha256: '%s'}}]
""" % ("0" * 64)


def proven(workspace):
    written(workspace, "data/plans/URK-04.yaml", PLAN)
    written(workspace, "data/plans/evidence/verslag.pdf", "anders")


FAULTS = {
    "district": (lambda w: replaced(w / "parameters/district.yaml", "(?m)^round:", "rounds:"),
                 {("missing-key", "district.yaml"), ("unknown-key", "district.yaml")}),
    "a municipality": (lambda w: replaced(w / "parameters/urk.yaml", "GM0184", "GM184"), {("wrong-value", "urk.yaml")}),
    "catalogue": (own_catalogue, {("unknown-reference", "indicators.yaml")}),
    "a park of nobody": (lambda w: replaced(w / "data/parks.csv", ",urk,", ",emmeloord,"),
                         {("municipality-without-parameters", "parks.csv"), ("municipality-without-parks", "parks.csv")}),
    "parks": (lambda w: replaced(w / "data/parks.csv", "ALM-01,", "ALM-02,"), {("doubled-park", "parks.csv")}),
    "what became of parks": (lambda w: written(w, "data/park_changes.csv", "round,before,before_name,after\n2026-1,X,Ix,Y\n"),
                             {("unknown-after", "park_changes.csv")}),
    "no parks at all": (lambda w: (w / "data/parks.csv").unlink() or (w / "data/parks.geojson").unlink(), {("parks", None)}),
    "a decision": (lambda w: replaced(w / "data/legal_bases.yaml", "valid_until", "valid_untill"),
                   {("unknown-key", "legal_bases.yaml"), ("missing-key", "legal_bases.yaml")}),
    "its area": (lambda w: replaced(w / "data/legal_bases.yaml", "  - (almere|urk)\n", ""), {("legal-basis", "legal_bases.yaml")}),
    "its releases": (lambda w: replaced(w / "data/legal_bases.yaml", "    - totals", "    - police_cel"),
                     {("legal-basis", "legal_bases.yaml")}),
    "its releases as a list": (lambda w: replaced(w / "data/legal_bases.yaml", r"releases:\n(    .*\n)+?  dpia", "releases: [police_cells]\n  dpia"),
                               {("wrong-value", "legal_bases.yaml")}),
    "a plan": (lambda w: written(w, "data/plans/URK-04.yaml", PLAN.replace("C01", "C99")), {("plan-intervention", "URK-04.yaml")}),
    "evidence": (proven, {("evidence-changed", "URK-04.yaml")}),
    "a case": (lambda w: replaced(w / "data/reference_cases.yaml", "name:", "nam:"), {("unknown-key", "reference_cases.yaml"), ("missing-key", "reference_cases.yaml")}),
    "a notebook gone": (lambda w: (w / "notebooks/analyse.ipynb").unlink(), {("notebook", "notebooks/analyse.ipynb")}),
    "a notebook broken": (lambda w: written(w, "notebooks/analyse.ipynb", "x"), {("notebook", "notebooks/analyse.ipynb")}),
    "parameters of it": (lambda w: stored(w / "notebooks/district.ipynb", lambda cells: [cell.update(metadata={}) for cell in cells]), {("notebook", "notebooks/district.ipynb")}),
    "outputs in it": (lambda w: stored(w / "notebooks/verkennen.ipynb", outputs),
                      {("notebook-outputs", "notebooks/verkennen.ipynb")}),
    "colours": (lambda w: written(w, "house_style/theme.yaml", "main: rood"), {("wrong-value", "theme.yaml")}),
    "unreadable": (lambda w: written(w, "house_style/theme.yaml", 'ink: "#ffffff"'), {("house-style", None)}),
    "no Word": (lambda w: written(w, "house_style/reference.docx", "x"), {("house-style", None)}),
    "nobody reads it": (lambda w: written(w, "house_style/referentie.docx", "x"),
                        {("house-style-stray", "house_style/referentie.docx")}),
}  # fmt: skip
"""What is done to a sound workspace, and the rule and file of what is found."""


def test_what_has_no_findings_of_its_own_is_one(own_workspace):
    """A file that cannot be a municipality's, and a case that comes out otherwise than was agreed."""
    assert found_in(own_workspace) == ()
    shutil.copy(own_workspace / "parameters" / "urk.yaml", own_workspace / "parameters" / "Urk en meer.yaml")
    assert {"parameters", "municipality-without-parks"} == {each.rule for each in found_in(own_workspace)}
    (own_workspace / "parameters" / "Urk en meer.yaml").unlink()
    replaced(own_workspace / "data" / "reference_cases.yaml", "alleen-politie, niemand", "niemand, alleen-politie")
    assert [each.rule for each in found_in(own_workspace)] == ["reference-case"]


def found_in(workspace):
    return workspace_findings(municipality_slugs(workspace), TODAY)


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_with_its_file(own_workspace, name):
    spoil, expected = FAULTS[name]
    spoil(own_workspace)
    found = found_in(own_workspace)
    assert {(each.rule, each.file) for each in found} == expected
    assert len(set(found)) == len(found)
    if name == "its area":
        assert "geldt niet voor almere en urk" in found[0].found


def test_all_of_them_are_told_at_once_and_what_holds_for_several_municipalities_once(own_workspace):
    for name in ("district", "parks", "a decision", "a notebook gone", "colours"):
        FAULTS[name][0](own_workspace)
    with pytest.raises(WerkbankError) as caught:
        check_round(today=TODAY)
    rules = [(each.rule, each.file) for each in caught.value.findings]
    assert rules.count(("missing-key", "district.yaml")) == 1
    assert {file for _, file in rules} == {
        "district.yaml", "parks.csv", "legal_bases.yaml", "notebooks/analyse.ipynb", "theme.yaml",
    }  # fmt: skip


@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_a_fault_of_the_workspace_is_exit_code_1_and_returns_are_looked_at_where_they_can_be(
    own_workspace, run, json_too
):
    FAULTS["a municipality"][0](own_workspace)
    code, out, err = run("check", *json_too)
    assert (code, err) == (1, "")
    assert "urk.yaml" in out
    assert (own_workspace / "output" / ROUND / "check" / "stand_van_zaken.html").is_file()
    FAULTS["district"][0](own_workspace)
    code, out, err = run("check", *json_too)
    assert (code, err) == (1, "")
    assert "missing-key" in out
    assert ("niet bekeken" in out) != bool(json_too)


def test_without_a_house_style_nothing_is_written_and_that_is_said(own_workspace, run):
    FAULTS["colours"][0](own_workspace)
    code, out, _ = run("check")
    assert code == 1
    assert "Er is niets geschreven om terug te sturen: de huisstijl klopt niet." in out
    assert not (own_workspace / "output").exists()
