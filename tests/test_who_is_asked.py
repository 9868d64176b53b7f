"""A third party in half of the municipalities, asked half of the indicators: who is not asked is not silent."""

import datetime as dt
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb
from tests.conftest import ROOT
from tests.dashboard.profile import profile_html
from tests.plan.test_interventions import with_triggers
from werkbank.advice.advice import question_sentence
from werkbank.advice.questions import Question
from werkbank.advice.reasons import read_park
from werkbank.assessment.district import asked_in_district, context_key, context_of
from werkbank.assessment.inputs import read_inputs
from werkbank.collecting.check import check_round
from werkbank.demo.write import write_demo
from werkbank.errors import OutputError
from werkbank.matrix.template import job_for
from werkbank.plan.interventions import propose
from werkbank.report.district import DISTRICT_CHAPTERS, district_analysis, district_chapter
from werkbank.report.tables import tables_of
from werkbank.report.view import view_of
from werkbank.settings.method import PACKAGED
from werkbank.settings.parameters import parties_asked
from werkbank.sharing.gate import filtered

TWO = ("police", "municipality")
THIRD = "environment_agency"
THREE = (*TWO, THIRD)
WITH_THIRD = ("almere", "dronten", "urk")
SLUGS = (*WITH_THIRD, "lelystad", "noordoostpolder", "zeewolde")
OF_THIRD = ("G02", "G04")
"""Asked of the third party only: where it takes no part, of nobody."""
OF_POLICE = ("V03", "V05")
NOT_OF_THIRD = ("V04", "V06", "V08", "V10", "V12", "V14", "V16", "G06", "G08", "G10", "G12", "W02", "W04", "W06")
DEVIATION = "\ndeviations:\n  parties: [{}]\n  reason: Hier loopt een proef met deze partijen.\n"


def _ask(catalogue, codes, parties):
    """Say in `indicators.yaml` whom these are asked of; who can judge best is one of them."""
    path = catalogue / "indicators.yaml"
    text = path.read_text(encoding="utf-8")
    for code in codes:
        line = rf"(- id: {code}\n(?:(?!- id:).*\n)*? +best_judge: )(\w+)"
        judge = "both" if len(parties) > 1 else parties[0]
        text, found = re.subn(line, rf"\1{judge}\n    asked_of: [{', '.join(parties)}]", text)
        assert found == 1, code
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """The workspace, with its fictional district and every analysis kept."""
    workspace = tmp_path_factory.mktemp("mixed") / "w"
    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    shutil.copytree(PACKAGED, workspace / "catalogue")
    for codes, parties in ((OF_THIRD, [THIRD]), (OF_POLICE, ["police"]), (NOT_OF_THIRD, TWO)):
        _ask(workspace / "catalogue", codes, parties)
    district = workspace / "parameters" / "district.yaml"
    text = district.read_text(encoding="utf-8").replace("#catalogue:", "catalogue:")
    district.write_text(re.sub(r"draws: \d+", "draws: 200", text), encoding="utf-8")
    for slug in WITH_THIRD:
        with (workspace / "parameters" / f"{slug}.yaml").open("a", encoding="utf-8") as file:
            file.write(DEVIATION.format(", ".join(THREE)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        parameters = wb.load_parameters("urk")
        catalogue = wb.load_catalogue(parameters.catalogue_path)
        write_demo(workspace / "data", catalogue=catalogue, parties=parties_asked(workspace))
        for slug in SLUGS:
            wb.assess(slug).save(wb.load_parameters(slug).output_folder)
        yield workspace


@pytest.fixture
def own(mixed, tmp_path, monkeypatch):
    """A copy of it that a test may damage."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    return shutil.copytree(mixed, tmp_path / "w")


@pytest.fixture(scope="module")
def catalogue(mixed):
    return wb.load_catalogue(mixed / "catalogue")


@pytest.fixture(scope="module")
def assessed(mixed):
    return {slug: wb.Assessment.load(wb.load_parameters(slug).output_folder) for slug in ("urk", "zeewolde")}


def test_everyone_is_owed_and_sent_what_he_is_asked(mixed, catalogue):
    """The whole round comes back clean: nothing is missing that was not asked."""
    checked = check_round(today=dt.date(2026, 3, 1))
    owed = checked.state.by("municipality", "party").set_index(["municipality", "party"])
    assert set(owed.index) == {(s, p) for s in SLUGS for p in (THREE if s in WITH_THIRD else TWO)}
    assert checked.findings == ()
    parks = wb.load_parks(mixed / "data" / "parks.csv")
    sizes = {"police": 33, "municipality": 31, THIRD: 19}
    for party, size in sizes.items():
        asked = {"party": party, "municipality": "urk", "municipality_name": "Urk", "round": "2026-1"}
        job = job_for(catalogue, parks, **asked)
        assert len(job.rows) == size
        assert job.schema["catalogue_fingerprint"] == catalogue.form_fingerprint
        assert owed.loc[("urk", party), "cells"] == size * 4


@pytest.mark.parametrize(
    ("slug", "code", "applies", "heat", "knows", "judged"),
    [
        ("zeewolde", "G02", False, "niet gevraagd", "niet gevraagd", ["niet gevraagd", "niet gevraagd"]),
        ("zeewolde", "V03", True, None, "alle gevraagde partijen", [None, "niet gevraagd"]),
        ("urk", "G02", True, None, "alle gevraagde partijen", ["niet gevraagd", "niet gevraagd", None]),
        ("urk", "V03", True, None, "alle gevraagde partijen", [None, "niet gevraagd", "niet gevraagd"]),
        ("urk", "V04", True, None, "alle gevraagde partijen", [None, None, "niet gevraagd"]),
        ("urk", "V01", True, None, "alle partijen", [None, None, None]),
    ],
)
def test_what_is_not_asked_is_not_unknown_anywhere(assessed, slug, code, applies, heat, knows, judged):
    """In the cells, the heat map, the tables and the lists of what nobody knows; and with a sign of its own."""
    one = assessed[slug]
    view = view_of(one)
    assert any(cell.applicable for cell in view.cells.values() if cell.indicator == code) == applies
    html = str(wb.report.heat_map(one).html)
    row = re.search(rf"<th[^>]*>(?:(?!</tr>).)*>{code}<(?:(?!</tr>).)*</tr>", html, re.DOTALL)[0]
    assert ("niet gevraagd" in row) == (heat is not None)
    tables = {table.name: table.rows for table in tables_of(view)}
    told = {row["known_by"] for row in tables["cellen"] if row["indicator"] == code}
    assert knows in told
    assert applies or "niemand" not in told
    names = {row["party"]: row["state_name"] for row in tables["oordelen"] if row["indicator"] == code}
    assert [name if name == "niet gevraagd" else None for name in names.values()] == judged
    if not applies:
        for park in view.parks:
            assert code not in str(profile_html(view, park.park_id))
            assert not read_park(one, park.park_id).cell(code).applicable
            lines = one.explain(park.park_id).lines
            assert not [line for line in lines if line.startswith("Bij geen enkele partij") and code in line]


def test_coverage_and_two_sided_are_of_what_was_asked(assessed, catalogue):
    """Coverage of what anybody is asked; two-sided of what more than one is asked, known by all of these."""
    for slug, parties in (("urk", THREE), ("zeewolde", TWO)):
        one = assessed[slug]
        levels = one.judgements[one.judgements["state"] == "level"].groupby(["park_id", "indicator"])["party"].nunique()
        applies = one.cells.set_index(["park_id", "indicator"])["applicable"]
        asked = {each.id: len(catalogue.asked_of(each.id, parties)) for each in catalogue.threats}
        weights = {each.id: each.weight * each.severity for each in catalogue.threats}
        found = one.groups[one.groups["group"] == "threat"].set_index("park_id")
        for park in one.parks["park_id"]:
            shown = {}
            for name, least in (("coverage", 1), ("two_sided", 2)):
                own = [code for code in weights if asked[code] >= least and applies[park, code]]
                needed = {code: 1 if name == "coverage" else asked[code] for code in own}
                known = sum(weights[code] for code in own if levels.get((park, code), 0) >= needed[code])
                shown[name] = known / sum(weights[code] for code in own)
            assert found.loc[park, list(shown)].to_dict() == pytest.approx(shown)
        rows = one.parks.set_index("park_id")
        assert (rows["asked"] <= sum(1 for each in catalogue.indicators if catalogue.asked_of(each.id, parties))).all()


def test_nothing_is_red_that_is_not_wrong_and_nobody_is_asked_what_was_not_asked(assessed, catalogue):
    for one in assessed.values():
        assert [finding for finding in one.findings if finding.severity != "remark"] == []
        voices = {(each.indicator, voice.party) for each in one.differences for voice in each.voices}
        questions = (each for each in one.advice.questions if each.indicator and each.party != "both")
        asked = {(each.indicator, each.party) for each in questions}
        assert voices
        assert all(catalogue.asked_of(code, (party,)) for code, party in voices | asked)


@pytest.mark.parametrize(
    ("code", "whom"), [("V03", "de politie"), ("V04", "de politie en de gemeente"), ("G02", "de omgevingsdienst")]
)
def test_only_who_is_asked_is_asked_again(catalogue, code, whom):
    sentence = question_sentence(Question("P", code, "both", 0.05, 0.01), {"P": "Park"}, catalogue, THREE)
    assert f"Vraag het {whom};" in sentence


def test_a_trigger_on_what_is_unknown_does_not_fire_on_what_nobody_is_asked(assessed, catalogue):
    code = catalogue.interventions[0].id
    for slug, fires in (("urk", True), ("zeewolde", False)):
        one = assessed[slug]
        judged = one.judgements
        blank = judged["indicator"].isin(OF_THIRD)
        judged.loc[blank, ["state", "level"]] = ["unknown", None]
        cells = one.cells
        cells.loc[cells["indicator"].isin(OF_THIRD), "level"] = float("nan")
        changed = replace(one, _judgements=judged, _cells=cells)
        asks = with_triggers(code, ("G02", "is", "unknown"), of=catalogue)
        applies = cells.set_index(["park_id", "indicator"])["applicable"]
        for park in one.parks["park_id"]:
            fired = {each.intervention for each in propose(read_park(changed, park), asks)}
            assert (code in fired) == (fires and applies[park, "G02"])


def test_the_district_compares_on_what_all_ask_and_scores_again_on_that(mixed, assessed):
    """As if only these parties had been asked everywhere; the own order stays on all of a municipality's parties."""
    parameters = wb.load_parameters("urk", parties=TWO)
    inputs = read_inputs(parameters, dt.date(2026, 3, 1))
    context = context_of(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    for slug, one in assessed.items():
        parks = one.parks.set_index("park_id")
        alike = wb.assess(wb.load_parameters(slug, parties=TWO), district=context).parks.set_index("park_id")
        assert (one.compared, one.district_size) == (TWO, 77)
        for name, own in (("compared_total", "score"), ("compared_low", "low"), ("compared_high", "high")):
            pd.testing.assert_series_equal(parks[name], alike[own], check_names=False)
        assert parks["district_rank"].tolist() == alike["district_rank"].tolist()
    urk = assessed["urk"].parks
    assert (urk["score"] - urk["compared_total"]).abs().max() > 1
    assert "op wat de politie en de gemeente invulden" in str(wb.report.ranking_table(assessed["zeewolde"]).html)


def test_the_page_of_the_district_says_so_once_and_shows_those_scores(mixed):
    district = district_analysis(wb.load_parameters("urk"), dt.date(2026, 3, 1))
    assert len(district.compared) == 6
    html = " ".join(str(district_chapter(district, name).html) for name in DISTRICT_CHAPTERS)
    assert html.count("op wat de politie en de gemeente invulden") == 1
    placed = district.placed()
    assert [one.place for one in placed] == [one.park.district_rank for one in placed]
    one = placed[0]
    assert one.park.score == one.park.compared_total
    assert one.park.low <= one.park.score <= one.park.high


@pytest.mark.parametrize(
    ("gone", "size", "place", "rule"),
    [
        ("urk_omgevingsdienst", 77, True, "missing-workbook"),  # not compared: the place stays
        ("urk_politie", 0, False, "unequal-parties"),
        ("zeewolde_politie", 77 - 5, True, "unequal-parties"),
    ],
)
def test_who_lacks_a_compared_party_has_no_place_yet(own, gone, size, place, rule):
    (own / "data" / "matrices" / "2026-1" / f"{gone}.xlsx").unlink()
    urk = wb.assess("urk")
    assert urk.district_size == size
    assert urk.parks["district_rank"].notna().all() == place
    assert ("2 van de 3 partijen" in str(wb.report.ranking_table(urk).html)) == gone.startswith("urk")
    assert ("is dus niet volledig" in str(wb.report.front_page(urk).html)) == gone.startswith("urk")
    assert rule in {finding.rule for finding in urk.findings}


def test_a_return_of_who_is_not_asked_there_is_left_out_by_name(own):
    folder = own / "data" / "matrices" / "2026-1"
    path = own / "parameters" / "urk.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f", {THIRD}]", "]"), encoding="utf-8")
    (found,) = check_round(["urk"], today=dt.date(2026, 3, 1)).findings
    assert (found.rule, found.severity, found.file) == ("party-not-asked", "warning", "urk_omgevingsdienst.xlsx")
    assert (folder / found.file).is_file()
    assert set(wb.assess("urk").judgements["party"]) == set(TWO)
    (left,) = district_analysis(wb.load_parameters("zeewolde"), dt.date(2026, 3, 1)).left_out
    assert (left.name, left.reason.split(" en ")[0]) == ("Urk", "er worden sindsdien andere partijen gevraagd")


def test_one_party_alone_looks_at_nobody_else_and_needs_no_legal_basis(own):
    """Also where that is how a municipality deviates: the others are then compared on that party."""
    path = own / "parameters" / "almere.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(", ".join(THREE), "police"), encoding="utf-8")
    almere = wb.load_parameters("almere")
    assert almere.parties == ("police",)
    assert set(asked_in_district(almere, None).values()) == {("police",)}
    owed = check_round(today=dt.date(2026, 3, 1)).state.by("municipality", "party")
    assert len(owed) == 1 + 3 + 3 + 2 + 2 + 2
    assessed = wb.assess(almere)
    assert (assessed.legal_basis, assessed.compared, assessed.district_size) == (None, (), 77)
    assert wb.assess("zeewolde").compared == ("police",)


@pytest.mark.parametrize("slug", ["urk", "zeewolde"])
def test_rounds_are_compared_on_what_is_asked(assessed, slug, catalogue):
    found = wb.compare_rounds(slug)
    frame = found.frame.dropna(subset=["judgement"])
    assert (frame[["judgement", "knowledge", "district", "method"]].sum(axis=1) - frame["change"]).abs().max() < 1e-9
    asked = {each.id: catalogue.asked_of(each.id, found.parties) for each in catalogue.indicators}
    assert all(party in asked[code] for code, party in zip(found.moved["indicator"], found.moved["party"], strict=True))
    parks = assessed[slug].parks.set_index("park_id")["score"]
    assert all(change.new == pytest.approx(parks[change.park_id]) for change in found.changes())


def test_a_batch_makes_one_context_for_all_whoever_they_ask(mixed):
    """That another choice of parties does not get it: tests/test_assessment.py."""
    keys = set()
    for slug in ("urk", "zeewolde"):
        parameters = wb.load_parameters(slug)
        inputs = read_inputs(parameters, dt.date(2026, 3, 1))
        keys.add(context_key(parameters, inputs.catalogue, inputs.basis))
    assert len(keys) == 1


@pytest.mark.parametrize("name", ["municipality", "police", "steering"])
def test_who_does_not_see_every_cell_gets_no_second_total(assessed, catalogue, name):
    """A total on more parties beside one on fewer would tell of the party between them."""
    kept = filtered(assessed["urk"], catalogue.audience(name), catalogue)
    assert kept.compared == ()
    assert not [column for column in kept.parks if column.startswith("compared_")]
    assert kept.parks["district_rank"].isna().all()


def test_a_party_that_is_asked_nothing_gets_no_workbook(mixed, catalogue):
    parks = wb.load_parks(mixed / "data" / "parks.csv")
    asked = tuple(one.model_copy(update={"asked_of": TWO}) for one in catalogue.indicators)
    nothing = catalogue.model_copy(update={"indicators": asked})
    with pytest.raises(OutputError, match="Aan de omgevingsdienst wordt niets gevraagd"):
        job_for(nothing, parks, party=THIRD, municipality="urk", municipality_name="Urk", round="2026-1")
