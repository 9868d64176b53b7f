"""A third party by one line in the parameters: everything from blank matrix to dashboard follows it."""

import dataclasses
import json
import re
import shutil
from itertools import combinations

import jsonschema
import pytest

import werkbank as wb
from tests.bundles import write_bundle
from tests.dashboard.profile import profile_html
from tests.sharing.released import with_releases
from werkbank.report import front_page
from werkbank.report.knowledge import information_position
from werkbank.report.outputs import advice_document, advice_schema
from werkbank.report.parks import park_pages
from werkbank.report.tables import tables_of
from werkbank.report.view import View, view_of
from werkbank.sharing import for_audience

TWO = ("police", "municipality")
THREE = (*TWO, "environment_agency")
MATRICES = "data/matrices/2026-1"


@pytest.fixture(scope="module")
def urk(workspace_of_three):
    return wb.assess("urk")


@pytest.fixture(scope="module")
def for_municipality(workspace_of_three):
    """On a legal basis that releases nothing."""
    return with_releases(wb.assess(wb.load_parameters("urk", audience="municipality")))


def test_the_demo_asks_three_parties_and_the_other_two_say_what_they_said(workspace_of_three, request):
    three, two = (
        {path.name: path.read_bytes() for path in (one / MATRICES).iterdir()}
        for one in (workspace_of_three, request.getfixturevalue("_district"))
    )
    assert (len(three), len(two), "urk_omgevingsdienst.xlsx" in three) == (18, 12, True)
    assert two.items() <= three.items()


def test_the_command_makes_a_demo_of_the_parties_in_the_parameters(workspace_of_three, tmp_path, monkeypatch, run):
    asked = []
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(shutil.copytree(workspace_of_three, tmp_path / "w")))
    monkeypatch.setattr("werkbank.demo.write.write_demo", lambda *_, parties, **__: asked.append(parties))
    monkeypatch.setattr("werkbank.assessment.decisions.select_in_demo", lambda municipality: municipality)
    monkeypatch.setattr("werkbank.cli.workspace.keep_earlier_rounds", lambda: None)
    assert run("demo")[0] == 0
    assert [set(parties.values()) for parties in asked] == [{THREE}]


def test_the_matrix_spans_three_parties(workspace_of_three):
    """Who was not asked is left out by name: tests/test_who_is_asked.py."""
    parks = wb.load_parks(workspace_of_three / "data" / "parks.csv")
    matrix = wb.load_matrix(workspace_of_three / MATRICES, wb.load_catalogue(), parks, round="2026-1")
    assert (matrix.parties, matrix.delivered(), matrix.findings) == (THREE, THREE, ())
    assert "3 partijen" in str(matrix)


def test_the_reports_and_the_dashboard_show_the_third_party_beside_the_others(urk):
    html = str(park_pages(urk).html)
    assert '<th scope="col">Politie</th><th scope="col">Gemeente</th><th scope="col">Omgevingsdienst</th>' in html
    assert " van 3)" in html
    assert "Omgevingsdienst: aangeleverd als" in str(information_position(urk).html)
    (cells,) = [table for table in tables_of(view_of(urk)) if table.sheet == "Cellen"]
    known = {row["known_by"] for row in cells.rows}
    assert known <= {"alle partijen", "niet alle partijen", "niemand", "–"}
    view = view_of(urk)
    html = profile_html(view, "URK-01")
    heads = re.findall(r'<th scope="col">([^<]*)</th>', html)
    assert heads == ["Indicator", "Politie", "Gemeente", "Omgevingsdienst", "Verschil"]
    assert "<em>schuin</em>: bij niet alle partijen." in wb.report.heat_map(urk).html
    document = json.loads(json.dumps(advice_document(urk)))
    jsonschema.validate(document, advice_schema())
    named = {reason["party"] for park in document["parks"] for reason in park["reasons"]}
    assert named <= set(THREE)
    supported = {party for park in document["parks"] for one in park["phenomena"] for party in one["parties"]}
    assert supported == set(THREE)


def test_agreement_is_told_of_all_parties_and_of_every_pair(urk):
    """Who differs from whom cannot be read from one figure of three; a mean difference is of two."""
    (family, *_) = urk.catalogue.families
    whole, *pairs = [one for one in urk.agreement if one.family == family.id]
    assert [one.pair for one in pairs] == list(combinations(THREE, 2))
    assert (whole.pair, whole.bias) == ((), None)
    police, municipality = (urk.judgements.query(f"party == {party!r} and state == 'level'") for party in THREE[:2])
    both = police.merge(municipality, on=["park_id", "indicator"])
    both = both[both["indicator"].isin([one.id for one in urk.catalogue.by_family(family.id)])]
    assert pairs[0].n == len(both)
    assert pairs[0].bias == pytest.approx((both["level_x"] - both["level_y"]).astype(float).mean())
    html = str(wb.report.agreement(urk).html)
    assert f"{family.name}: politie en omgevingsdienst" in html
    assert "bij twee partijen: de eerste − de tweede" in html
    assert set(advice_document(urk)["agreement"]) == {one.id for one in urk.catalogue.families}


def test_a_party_keeps_the_capitals_of_its_name(urk, monkeypatch):
    monkeypatch.setattr(View, "party_name", lambda _, party: f"dienst {party.title()}")
    said = [wb.report.agreement(urk).html, str(wb.report.differences(urk).spec)]
    assert all("ienst Police" in one and "ienst police" not in one for one in said)


def test_one_level_of_three_parties_is_named_by_all_who_gave_it(urk):
    """Where two parties that are not neighbours in the list gave the same level, both are named."""
    reason = type(urk.reasons[0])
    rows = tuple(reason("URK-01", "G01", party, level, 1.0) for party, level in zip(THREE, (2, 1, 2), strict=True))
    (ground,) = wb.report.terms.grounds(view_of(dataclasses.replace(urk, reasons=rows)), "URK-01")
    assert "politie en omgevingsdienst: 2" in ground.reference
    assert "gemeente: 1" in ground.reference


def test_the_municipality_gets_its_own_cells_only(for_municipality):
    filtered = for_audience(for_municipality)
    assert filtered.withheld == ("police", "environment_agency")
    assert set(filtered.judgements["party"]) == {"municipality"}
    assert filtered.parameters.parties == ("municipality",)
    text = filtered.to_json()
    for party in filtered.withheld:
        assert text.count(f'"{party}"') == 1
    assert for_audience(filtered).to_json() == text
    told = str(front_page(filtered).html)
    assert "De oordelen van de politie en de omgevingsdienst tellen mee" in told
    assert told.count("Zelf staan ze hier") == 1


def test_the_release_of_one_party_does_not_release_the_other_and_that_of_both_what_they_make_together(
    for_municipality, tmp_path
):
    """Police cells may be seen, those of the environment agency not: nothing that is made of all three is told."""
    filtered = for_audience(with_releases(for_municipality, municipality=("police_cells",)))
    assert set(filtered.judgements["party"]) == set(TWO)
    assert filtered.withheld == ("environment_agency",)
    assert filtered.reasons == ()
    assert filtered.cells["contribution"].isna().all()
    assert filtered.groups[["score", "coverage"]].isna().all(axis=None)
    assert not view_of(filtered).shows("combined")
    own = filtered.judgements.groupby(["park_id", "indicator"])["level"].max().astype("float64")
    codes = [one.id for one in wb.load_catalogue().by_family("threat")]
    cells = filtered.cells[filtered.cells["indicator"].isin(codes)].set_index(["park_id", "indicator"])["level"]
    assert cells.equals(own.reindex(cells.index).rename("level"))
    filtered = for_audience(with_releases(for_municipality, municipality=("police_cells", "environment_agency_cells")))
    assert filtered.withheld == ()
    assert set(filtered.judgements["party"]) == set(THREE)
    assert view_of(filtered).shows("combined")
    write_bundle([filtered], tmp_path / "bundle")


def test_a_party_that_says_little_in_a_group_is_not_told_under_cover_of_the_other(for_municipality):
    """The environment agency alone gives one cell of 3: the group is told as the municipality itself sees it."""
    catalogue = wb.load_catalogue()
    group = "drugs"
    inside = [one.id for one in catalogue.by_family("threat") if one.subcategory == group]
    filled = {"police": 1, "municipality": 0}
    rows = for_municipality.judgements
    mine = (rows["park_id"] == "URK-01") & rows["indicator"].isin(inside)
    rows.loc[mine, "state"] = "level"
    rows.loc[mine, "level"] = rows.loc[mine, "party"].map(filled).astype("Int64")
    third = mine & (rows["party"] == "environment_agency")
    rows.loc[third, ["state", "level"]] = ["unknown", None]
    rows.loc[third & (rows["indicator"] == inside[0]), ["state", "level"]] = ["level", 3]

    def here(one):
        return one.park_id == "URK-01" and catalogue.phenomenon(one.phenomenon).group == group

    indications = for_municipality.indications
    strong = tuple(dataclasses.replace(one, strength="strong") if here(one) else one for one in indications)
    filtered = for_audience(dataclasses.replace(for_municipality, _judgements=rows, indications=strong))
    assert {one.strength for one in filtered.indications if here(one)} == {"none"}
