"""A whole catalogue: all faults in all files at once, each on its line, and what may be asked of a sound one."""

import pickle

import pytest

import werkbank as wb
from werkbank.errors import CatalogueError
from werkbank.settings.catalogue import FILES, Catalogue, load_catalogue

INDICATORS, SCALES, INTERVENTIONS = "indicators.yaml", "scales.yaml", "interventions.yaml"
TRIGGER = "{source: V01, operator: is not, value: lowest}"


def test_an_own_folder_replaces_the_packaged_catalogue_whole(small):
    catalogue = small.load()
    assert (catalogue.indicator_ids, catalogue.version) == (("V01", "G01"), "7")
    assert [audience.id for audience in catalogue.audiences] == ["riec"]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (INDICATORS, "score_name: Dreiging, scale: steps", "score_name: Dreiging, scale: step", "unknown-reference"),
        (INDICATORS, "name: Drugs, family: threat", "name: Drugs, family: resilience", "unknown-reference"),
        (INDICATORS, "phenomena: [cannabis]", "phenomena: [canabis]", "unknown-reference"),
        (INDICATORS, "best_judge: police", "best_judge: polis", "unknown-reference"),
        ("phenomena.yaml", "group: drugs", "group: drug", "unknown-reference"),
        (INTERVENTIONS, "lead: municipality", "lead: mayor", "unknown-reference"),
        (INTERVENTIONS, "partners: [municipality]", "partners: [municipality, mayor]", "unknown-reference"),
        (INTERVENTIONS, "supporting: [G01]", "supporting: [X02]", "unknown-reference"),
        (INTERVENTIONS, "source: V01", "source: X09", "unknown-reference"),
        (INTERVENTIONS, "weight: 2", "weight: 3", "unknown-reference"),
        (INTERVENTIONS, "goal: g", "cooperation: nowhere", "unknown-reference"),
        (INTERVENTIONS, "framework: scope_for_action", "framework: lasting_cooperation", "unknown-reference"),
        ("audiences.yaml", "parties: [police, municipality]", "parties: [polise]", "unknown-reference"),
        ("audiences.yaml", "sensitivity: public", "sensitivity: secret", "unknown-reference"),
        (INDICATORS, "id: G01", "id: V01", "duplicate-code"),
        (INDICATORS, "subcategory: site", "subcategory: drugs", "wrong-family"),
        (SCALES, "value: 2, code: much", "value: 3, code: much", "levels-not-consecutive"),
        (SCALES, "value: 0, code: none", "value: 1, code: none", "levels-not-consecutive"),
        (SCALES, "code: some", "code: none", "duplicate-code"),
        (SCALES, "points: [0, 30, 100]", "points: [0, 100]", "points-count"),
        (SCALES, "points: [0, 30, 100]", "points: [0, 60, 50]", "points-not-monotone"),
        (SCALES, "synonyms: [nvt]", 'synonyms: [nvt, "Onbekend "]', "synonym-taken"),
        (SCALES, '"onbekend", "?"', '"onbekend", "geen"', "synonym-taken"),
        (SCALES, "name: Enig, anchor: a", 'name: Enig, anchor: a, synonyms: ["Veel "]', "synonym-taken"),
        (SCALES, "name: Enig, anchor: a", 'name: Enig, anchor: a, synonyms: ["2"]', "synonym-taken"),
        (INTERVENTIONS, "supporting: [G01]", "supporting: [G01, V01]", "answered-twice"),
        (INTERVENTIONS, "direct: [V01]", "direct: [V01, V01]", "answered-twice"),
        (INTERVENTIONS, "min_weeks: 1", "min_weeks: 3", "weeks-reversed"),
        *((INTERVENTIONS, TRIGGER, f"{{source: {changed}}}", "trigger-operator") for changed in (
            "V01, operator: is, value: 2", 'V01, operator: ">=", value: 2', 'V01, operator: ">=", value: high',
            "V01, operator: is not, value: unknown", "coverage, operator: is, value: unknown",
            "coverage, operator: is, value: 50", 'threat_share, operator: ">=", value: high',
            "severe_threat, operator: is, value: unknown", 'severe_threat, operator: "==", value: 3',
        )),
        (INTERVENTIONS, TRIGGER, '{source: coverage, operator: "<", value: 101}', "trigger-value"),
        (INTERVENTIONS, TRIGGER, "{source: threat_sum, operator: is, value: high}", "unknown-reference"),
        (INDICATORS, "direction: risk, required: true", "direction: risk, required: false", "required-family"),
        (INDICATORS, "direction: risk, combination: mean", "direction: risk, required: true, combination: mean", "required-family"),
        (INDICATORS, "direction: risk, combination: mean", "direction: up, combination: mean", "wrong-value"),
        (INDICATORS, "direction: risk, combination: mean", "combination: mean", "missing-key"),
        (INDICATORS, "combination: mean", "combination: consensus", "wrong-value"),
        (INDICATORS, "score: opportunity", "score: threat", "duplicate-code"),
        (SCALES, "points: [0, 30, 100]", "high: 3", "level-outside-scale"),
        (SCALES, "points: [0, 30, 100]", "high: 0", "high-unclear"),
        (INDICATORS, "    severity: 2\n", "", "severity-missing"),
        (INDICATORS, "best_judge: both", "severity: 1\n    best_judge: both", "severity-not-allowed"),
        (SCALES, '  - {code: unknown, name: Onbekend, description: d, synonyms: ["onbekend", "?"]}\n', "", "state-missing"),
        ("audiences.yaml", "areas: district", "owner: ja\n    areas: district", "wrong-type"),
        ("audiences.yaml", "areas: district", "ready: true\n    areas: district", "unknown-key"),
        ("audiences.yaml", "id: riec", "id: rie", "audience-missing"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_on_its_line(small, name, old, new, rule):
    """The fault is named with its rule, its file and the line that was changed; of what is lacking, that of its group."""
    line = small.change(name, old, new)
    (found,) = {(finding.file, finding.line) for finding in small.findings() if finding.rule == rule}
    assert found == (name, line) or (rule in OF_A_GROUP and found[0] == name and found[1] < line)


OF_A_GROUP = ("severity-missing", "state-missing", "required-family", "audience-missing")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCALES, "points: [0, 30, 100]", "points: [0, 100, 100]"),
        (INTERVENTIONS, TRIGGER, "{source: V01, operator: is, value: unknown}"),
    ],
    ids=["two levels worth the same", "a trigger on not knowing"],
)
def test_what_looks_odd_and_is_meant_is_allowed(small, name, old, new):
    small.change(name, old, new)
    assert small.load()


def test_every_wrong_code_is_one_finding_with_the_nearest(small):
    """Two in one list are two; what is near is asked back."""
    small.change(INTERVENTIONS, "supporting: [G01]", "supporting: [X01, G011]")
    first, second = small.findings()
    assert (first.found, second.found) == ("indicator “X01” bestaat niet", "indicator “G011” bestaat niet")
    assert second.remedy == "bedoelt u “G01”?"


def test_faults_in_different_files_are_reported_together(small):
    places = [
        (INDICATORS, small.change(INDICATORS, "best_judge: police", "best_judge: [police]")),
        (SCALES, small.change(SCALES, "points: [0, 30, 100]", "points: [0, 30, 20]")),
        ("audiences.yaml", small.change("audiences.yaml", "areas: district", "areas: distrikt")),
    ]
    assert [(finding.file, finding.line) for finding in small.findings()] == places


def test_a_syntax_error_in_one_file_hides_no_fault_in_another(small):
    """The readable files are still checked, also against each other."""
    small.change(SCALES, "points: [0, 30, 100]", "points: [0, 30")
    line = small.change(INDICATORS, "phenomena: [cannabis]", "phenomena: [canabis]")
    found = {(finding.rule, finding.file, finding.line) for finding in small.findings()}
    assert ("unknown-reference", INDICATORS, line) in found
    assert {rule for rule, file, _ in found if file == SCALES} == {"yaml-syntax"}
    assert len(found) == 2


def test_an_entry_with_a_fault_still_counts_as_known(small):
    """One wrong type gives one finding, not also a broken reference; and the message holds no place on this machine."""
    small.change(INDICATORS, "name: Kwekerij", "name: 12")
    assert [finding.rule for finding in small.findings()] == ["wrong-type"]
    with pytest.raises(CatalogueError, match="1 fout") as caught:
        small.load()
    assert str(small.folder.parent) not in str(caught.value)


def test_every_missing_file_is_a_finding_and_a_slip_in_its_name_is_asked_back(small, tmp_path):
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path / "nergens")
    assert sorted(finding.file for finding in caught.value.findings) == sorted(FILES)
    (small.folder / SCALES).rename(small.folder / "scale.yaml")
    (finding,) = small.findings()
    assert (finding.rule, finding.file, finding.remedy) == ("file-missing", SCALES, "bedoelt u “scale.yaml”?")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (INDICATORS, "severity: 2", "severity: 3"),
        (INDICATORS, "direction: risk, combination: mean", "direction: protective, combination: mean"),
        (INDICATORS, "status: proef", "status: vastgesteld"),
        (SCALES, "[0, 30, 100]", "[0, 31, 100]"),
        (SCALES, '"onbekend", "?"', '"?", "onbekend"'),
        ("phenomena.yaml", "Hennep", "Hennepteelt"),
        (INTERVENTIONS, "shareable: false", "shareable: true"),
        ("partners.yaml", "file: politie", "file: pol"),
        ("audiences.yaml", "Alleen RIEC", "alleen RIEC"),
    ],
)
def test_the_fingerprint_follows_every_change_of_contents(small, name, old, new):
    """In whichever file; layout, comments and the order of keys don't matter; a copy that is changed has its own."""
    before = small.load()
    small.change("audiences.yaml", "    name: RIEC\n", "    # opmerking\n    name:   'RIEC'\n")
    assert small.load().fingerprint == before.fingerprint
    small.change(name, old, new)
    assert small.load().fingerprint != before.fingerprint
    assert before.model_copy(update={"version": "8"}).fingerprint != before.fingerprint


def test_a_catalogue_crosses_process_borders_and_no_contradictory_one_can_be_made_in_code_either(small):
    catalogue = small.load()
    assert pickle.loads(pickle.dumps(catalogue)) == catalogue
    with pytest.raises(CatalogueError) as caught:
        Catalogue(**{**catalogue.model_dump(), "phenomena": ()})
    assert [finding.rule for finding in caught.value.findings] == ["unknown-reference"]


def test_a_code_is_looked_up_in_the_catalogue_that_is_asked_however_many_there_are():
    catalogue = load_catalogue()
    first, *rest = catalogue.indicators
    for at in range(300):  # more than are held at once; a list that is gone leaves its place to another
        other = catalogue.model_copy(
            update={"indicators": (first.model_copy(update={"name": f"{at}"}), *rest[at % 3 :])}
        )
        assert other.indicator(first.id).name == f"{at}"
        assert catalogue.indicator(first.id) == first
    with pytest.raises(CatalogueError, match="indicator"):
        other.indicator(rest[0].id if at % 3 else "X99")


@pytest.mark.parametrize(
    ("written", "points", "high"),
    [("points: [0, 30, 100]", [0, 30, 100], 2), ("", [0, 50, 100], 2), ("points: [0, 60, 100]", [0, 60, 100], 1),
     ("high: 1", [0, 50, 100], 1)],
)  # fmt: skip
def test_points_and_the_high_level_are_those_of_the_scale(small, written, points, high):
    """Without points of its own level l of L is worth 100 · l / L (method.md 1); high begins at 60 points (method.md 8)."""
    small.change(SCALES, "points: [0, 30, 100]", written)
    catalogue = small.load()
    scale = catalogue.scale_of("V01")
    assert [scale.points_of(level) for level in range(3)] == points
    assert catalogue.high_level("V01") == high
    assert [catalogue.is_high("V01", level) for level in range(3)] == [level >= high for level in range(3)]
    for level in (-1, 3):
        with pytest.raises(CatalogueError, match="0 tot en met 2"):
            scale.points_of(level)


def test_on_a_protective_scale_the_high_levels_are_the_low_ones(small):
    """A higher level is less risk; a level that is combined, with the noise of that, is judged alike."""
    small.change(INDICATORS, "direction: risk, combination: mean", "direction: protective, combination: mean")
    small.change(SCALES, "points: [0, 30, 100]", "points: [0, 40, 100]")
    catalogue = small.load()
    assert catalogue.high_level("G01") == 1
    levels = (0, 1, 1 + 1e-12, 1.1, 2)
    assert [catalogue.is_high("G01", level) for level in levels] == [True, True, True, False, False]


def test_an_own_catalogue_adds_an_audience_and_makes_none_the_owner(small):
    """It follows the packaged one, whatever it says; one that says otherwise is told so on that line."""
    assert small.load().owner.id == "riec"
    added = "\n  - id: press\n    name: Pers\n    label: l\n    parties: []\n    families: []\n    sensitivity: public"
    small.change(
        "audiences.yaml", "    fields: [scores]", f"    fields: [scores]{added}\n    areas: none\n    fields: []"
    )
    assert [one.id for one in small.load().audiences] == ["riec", "press"]
    line = small.change("audiences.yaml", "    areas: none", "    areas: none\n    owner: true")
    assert [(finding.rule, finding.line) for finding in small.findings()] == [("audience-switch", line + 1)]


def test_rows_are_visible_by_family_and_sensitivity():
    catalogue = wb.load_catalogue()
    order = [one.id for one in catalogue.sensitivities]
    audience = catalogue.audience("entrepreneurs")
    seen = catalogue.visible_to(audience)
    assert seen
    assert {catalogue.indicator(code).family for code in seen} == {"opportunity", "resilience"}
    assert all(order.index(catalogue.indicator(code).sensitivity) <= order.index("public_private") for code in seen)
    assert catalogue.visible_to(catalogue.owner) == catalogue.indicator_ids
    assert catalogue.visible_to(catalogue.audience("public")) == ()
