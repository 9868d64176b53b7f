"""Two levels of YAML, checked whole before anything runs, and the workspace they stand in."""

import json
import math
import os
import re
from pathlib import Path

import pytest
import yaml

from werkbank.errors import ParametersError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.settings.method import PACKAGED, Method
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import find_workspace, municipality_slugs

from .conftest import Breakable

DISTRICT = """\
district: Flevoland
round: 2026-1
legal_basis: besluit-1
capacity: 2
method:
  group_weights: {threat: 0.5, opportunity: 0.25, resilience_gap: 0.25}
  draws: 500
"""
OWN = f"{DISTRICT}catalogue: eigen\n"
URK = "municipality: urk\ncode: GM0184\nname: Urk\n"
DEVIATING = URK + "deviations:\n  reason: Op verzoek van de driehoek\n"


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """Write the parameters of a workspace; a text per file, None for no file."""

    def write(district=DISTRICT, urk=URK, **others):
        folder = tmp_path / "parameters"
        folder.mkdir(exist_ok=True)
        for name, text in {"district": district, "urk": urk, **others}.items():
            if text is not None:
                (folder / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
        return tmp_path

    return write


def faults(municipality="urk", **overrides):
    with pytest.raises(ParametersError) as caught:
        load_parameters(municipality, **overrides)
    return [(finding.rule, finding.file, finding.line) for finding in caught.value.findings]


def message(municipality="urk", **overrides):
    with pytest.raises(ParametersError) as caught:
        load_parameters(municipality, **overrides)
    return str(caught.value)


# The workspace


def test_the_workspace_is_the_one_that_is_named_else_the_nearest_ancestor(workspace, tmp_path, monkeypatch):
    """WERKBANK_WORKSPACE, also from within another workspace; without it the nearest of two."""
    outer = workspace().resolve()
    inner = tmp_path / "data" / "matrices"
    (inner / "parameters").mkdir(parents=True)
    (inner / "parameters" / "district.yaml").write_text(DISTRICT)
    (inner / "2026-1").mkdir()
    monkeypatch.chdir(inner / "2026-1")
    assert find_workspace() == outer
    monkeypatch.delenv("WERKBANK_WORKSPACE")
    assert find_workspace() == inner.resolve()
    assert find_workspace(outer / "data") == outer


@pytest.mark.parametrize("named", [True, False], ids=["named", "searched"])
def test_without_one_the_message_says_what_to_do(tmp_path, monkeypatch, named):
    """A workspace that is named but is none is not silently replaced by another."""
    monkeypatch.chdir(tmp_path)
    if named:
        monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "weg"))
    else:
        monkeypatch.delenv("WERKBANK_WORKSPACE")
    with pytest.raises(ParametersError, match=r"parameters/district\.yaml"):
        find_workspace()


# What comes out


def test_two_files_become_one_value(workspace):
    """The district's keys, the municipality's own, defaults for the rest, and paths within the workspace."""
    root = workspace().resolve()
    found = load_parameters("urk")
    assert (found.municipality, found.code, found.name, found.district) == ("urk", "GM0184", "Urk", "Flevoland")
    assert (found.round, found.capacity, found.legal_basis, found.deviation_reason) == ("2026-1", 2, "besluit-1", None)
    assert found.parties == ("police", "municipality")
    assert (found.workspace, found.data, found.output) == (root, root / "data", root / "output")
    assert found.output_folder == root / "output" / "2026-1" / "riec" / "urk"
    weights = {"threat": 0.5, "opportunity": 0.25, "resilience_gap": 0.25}
    assert found.method == Method.model_validate({"draws": 500, "group_weights": weights})
    assert found.catalogue_path is None


def test_the_defaults_are_those_of_the_design():
    """design.md 4.1, key by key."""
    assert json.loads(canonical_json(Method())) == {
        "combination": {"threat": "maximum", "opportunity": "mean", "resilience": "mean"},
        "best_judge_weight": 2, "group_weights": {"threat": 0.9, "opportunity": 0.05, "resilience_gap": 0.05},
        "severity": "multiply", "power": {"threat": 2, "opportunity": 1, "resilience_gap": 1},
        "minimum_coverage": 0.6667, "class_borders": [12, 24, 42], "high": None, "draws": 10000, "seed": 2018,
        "uncertainty": {
            "group_weights": {"concentration": 30}, "indicator_weights": {"noise": 0.25},
            "combination": ["maximum", "mean", "weighted"], "threat_power": [1.5, 2, 3], "scale_points": True,
            "missing": {"correlation": "estimated", "at_least": 0.3}, "party_error": True,
        },
    }  # fmt: skip


def test_the_packaged_district_file_says_the_defaults(monkeypatch):
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(Path(__file__).parents[2]))
    for slug in municipality_slugs(find_workspace()):
        assert load_parameters(slug).method == Method()


def test_a_method_is_one_value(workspace):
    """Hashable, and the same after a journey through JSON, infinity included."""
    method = Method(power={"threat": math.inf})
    assert hash(method) == hash(Method(power={"threat": math.inf}))
    assert from_plain(Method, json.loads(canonical_json(method))) == method
    workspace()
    found = load_parameters("urk")
    again = from_plain(Parameters, json.loads(canonical_json(found.portable())))
    assert again == found.portable()
    assert hash(again) == hash(found.portable())


def test_deviations_are_laid_over_the_district(workspace):
    """Key by key, as deep as they go; the rest stays the district's."""
    workspace(
        urk=DEVIATING
        + "  capacity: 3\n  legal_basis: besluit-9\n  method:\n    group_weights: {threat: 0.7}\n"
        + "    uncertainty: {missing: {at_least: 0.5}, threat_power: [2]}\n"
    )
    found = load_parameters("urk")
    assert (found.capacity, found.legal_basis, found.deviation_reason) == (3, "besluit-9", "Op verzoek van de driehoek")
    assert found.method.group_weights.model_dump() == {"threat": 0.7, "opportunity": 0.25, "resilience_gap": 0.25}
    assert found.method.uncertainty.missing.model_dump() == {"correlation": "estimated", "at_least": 0.5}
    assert found.method.uncertainty.threat_power == (2.0,)
    assert found.method.draws == 500


def test_overrides_are_laid_over_both(workspace):
    """Fields by name, `method` key by key or whole; the files stay as they were."""
    workspace(urk=DEVIATING + "  method: {seed: 7}\n")
    found = load_parameters(
        "urk", capacity=5, round="2025-1", parties=["police"], audience="police", data="elders",
        method={"power": {"threat": 3}, "class_borders": [30, 60]},
    )  # fmt: skip
    assert (found.capacity, found.round, found.parties, found.audience) == (5, "2025-1", ("police",), "police")
    assert found.data == found.workspace / "elders"
    assert load_parameters("urk", data="/elders").data == Path("/elders"), "on another disk"
    method = found.method
    assert (method.power.threat, method.class_borders, method.seed, method.draws) == (3, (30, 60), 7, 500)
    assert load_parameters("urk", method=Method(draws=9)).method == Method(draws=9)
    assert load_parameters("urk", method=None).method.draws == 500
    assert load_parameters("urk").capacity == 2


def test_the_fingerprint_follows_what_can_change_an_outcome(workspace, tmp_path_factory, monkeypatch):
    """Another place on disk is the same; another seed, round or capacity is not."""
    workspace()
    first = load_parameters("urk")
    prints = {first.fingerprint}
    for change in ({"capacity": 1}, {"round": "2025-1"}, {"method": {"seed": 1}}, {"audience": "police"}):
        prints.add(load_parameters("urk", **change).fingerprint)
    assert len(prints) == 5
    moved = tmp_path_factory.mktemp("verhuisd")
    (moved / "parameters").mkdir()
    for name, text in (("district", DISTRICT), ("urk", URK)):
        (moved / "parameters" / f"{name}.yaml").write_text(text)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(moved))
    assert load_parameters("urk").fingerprint == first.fingerprint
    assert str(moved) not in load_parameters("urk").portable().model_dump_json()


# The municipality


@pytest.mark.parametrize("name", ["../x", "../parameters/urk", "/etc/passwd", "", "district", "URK", "urk.yaml", "u rk", "urk\n", "x" * 500, None, 5, ["urk"]])  # fmt: skip
def test_only_a_municipality_with_a_file_is_accepted(workspace, name):
    """Nothing that leaves the folder, nothing that is not there, nothing that is no name; the known ones are listed."""
    workspace()
    text = message(name)
    assert "niet bekend" in text
    assert "Er zijn parameters voor: urk." in text
    assert len(text) < 250


def test_municipalities_are_those_with_a_file_and_a_near_miss_is_asked_about(workspace):
    """In alphabetical order, without the district's own."""
    assert municipality_slugs(workspace(almere=URK)) == ("almere", "urk")
    assert "Bedoelt u “almere”?" in message("almer")


def test_a_name_that_does_not_fit_is_explained(workspace):
    """Almere.yaml would become a folder Almere; and the key repeats the file's name, so that a copied file is noticed."""
    workspace(Almere=URK, dronten=URK)
    assert "Almere.yaml" in message("Almere")
    assert "kleine letters" in message("Almere")
    assert faults("dronten") == [("municipality-not-file-name", "dronten.yaml", 1)]


# Faults


def test_every_fault_of_both_files_is_named_at_once(workspace):
    """Unknown key, wrong type, wrong value, duplicate key, missing key and missing reason, each on its line."""
    workspace(
        district="distrikt: Flevoland\nround: 2026\ncapacity: 0\ncapacity: 1\nmethod:\n  draws: veel\n  powr: 1\n  class_borders: [60, 40]\n",
        urk="municipality: almere\ncode: 184\nname: Urk\ndeviations:\n  capacity: 2\n  method:\n    high: 140\n    sed: 1\n",
    )
    found = faults(onbekend=1)
    wanted = {
        "district.yaml": "unknown-key:1 missing-key:1 wrong-type:2 wrong-value:3 yaml-duplicate-key:4 wrong-type:6 "
        "unknown-key:7",
        "urk.yaml": "municipality-not-file-name:1 wrong-type:2 missing-key:4 wrong-value:7 unknown-key:8",
    }
    told = {file: {f"{rule}:{line}" for rule, where, line in found if where == file} for file in wanted}
    assert all(set(own.split()) <= told[file] for file, own in wanted.items())
    assert ("unknown-parameter", None, None) in found
    assert not [one for one in told["urk.yaml"] if one.endswith(":6")], "the district's faults are its own"


def test_a_near_miss_of_a_key_is_asked_about(workspace):
    """In the district's file, in a deviation and in an override."""
    workspace(district=DISTRICT + "capaciteit: 1\n", urk=DEVIATING + "  method: {drawz: 5}\n")
    text = message(audiance="riec")
    assert all(f"bedoelt u “{key}”?" in text for key in ("capacity", "draws", "audience"))


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"urk": URK + "method:\n  high: 50\n"}, "zet dit onder “deviations”, met een “reason” erbij"),
        ({"urk": URK + "capacity: 3\n"}, "zet dit onder “deviations”, met een “reason” erbij"),
        ({"urk": URK + "parties: [police]\n"}, "zet dit onder “deviations”, met een “reason” erbij"),
        ({"urk": DEVIATING + "  parties: [police, gemeent]\n"}, "unknown-party"),
        ({"urk": URK + "high: 50\n"}, "zet dit onder “deviations” en daarbinnen onder “method”"),
        ({"urk": URK + "round: 2026-2\n"}, "zet het in district.yaml"),
        ({"urk": URK + "methode:\n  high: 50\n"}, "bedoelt u “method”? zet dit onder “deviations”"),
        ({"urk": DEVIATING + "  high: 50\n"}, "zet dit onder “method”"),
        ({"district": "high: 50\n" + DISTRICT}, "zet dit onder “method”"),
        ({"district": DISTRICT + "deviations: {}\n"}, "hoort in het bestand van de gemeente"),
    ],
)
def test_a_key_in_the_wrong_place_is_told_where_it_belongs(workspace, files, told):
    """Not "remove the key": what was meant is allowed, elsewhere."""
    workspace(**files)
    assert told in message()


def test_the_files_of_the_project_show_a_deviation_that_can_be_switched_on(workspace):
    """The commented block in every municipality's file, without its marks, is a valid deviation."""
    for path in sorted((Path(__file__).parents[2] / "parameters").glob("*.yaml")):
        if path.name != "district.yaml":
            text = path.read_text(encoding="utf-8")
            switched_on = re.sub(r"(?m)^#(?= {2}|deviations:)", "", text)
            assert "\ndeviations:" in switched_on
            workspace(**{path.stem: switched_on})
            assert load_parameters(path.stem).deviation_reason


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("round: 2026", "wrong-type"), ("round: 2026-01-01", "wrong-type"), ("round: ../2026", "wrong-value"),
        ("round: ''", "wrong-value"), ("round: a b", "wrong-value"), ("round: " + "1" * 41, "wrong-type"),
        ("district: ''", "wrong-value"), ("district: 5", "wrong-type"), ("legal_basis: '  '", "wrong-value"),
        ("legal_basis:", "wrong-type"), ("capacity: 0", "wrong-value"), ("capacity: 1.5", "wrong-type"),
        ("capacity: '1'", "wrong-type"), ("capacity: true", "wrong-type"), ("parties: []", "wrong-value"),
        ("parties: police", "wrong-type"), ("parties: [police, police]", "wrong-value"), ("parties: [1]", "wrong-type"),
        ("data: ../elders", "wrong-value"), ("output: a/../../b", "wrong-value"), ("catalogue: ..", "wrong-value"),
        ("data: ''", "wrong-value"), ("earlier_round: 2026-1", "wrong-value"), ("method:", "wrong-type"),
        ("method: []", "wrong-type"), ("audience: police", "unknown-key"), ("workspace: /tmp", "unknown-key"),
    ],
)  # fmt: skip
def test_a_fault_in_the_district_file_is_refused(workspace, line, rule):
    """Nothing is coerced, nothing is ignored."""
    key = line.split(":")[0]
    workspace(district=re.sub(rf"(?m)^{key}:.*\n( .*\n)*", "", DISTRICT) + f"{line}\n")
    assert rule in [found for found, _, _ in faults()]


@pytest.mark.parametrize(
    ("written", "rounds", "fault"),
    [
        ("2025-1", ("2025-1",), None),
        ("[2024-1, 2025-9, 2025-10]", ("2024-1", "2025-9", "2025-10"), None),
        ("[]", (), None),
        ("", (), None),
        ("2026-2", None, ("rounds-out-of-order", 8)),
        ("[2025-1, 2024-1]", None, ("rounds-out-of-order", 8)),
        ("\n  - 2024-1\n  - 2024-1", None, ("wrong-value", 9)),
        ("\n  - 2024-1\n  - 2026-1", None, ("wrong-value", 10)),
        ("[2024-1, 5]", None, ("wrong-type", 8)),
        ("{a: b}", None, ("wrong-type", 8)),
    ],
)
def test_earlier_rounds_are_one_or_several_oldest_first_and_before_the_present_one(workspace, written, rounds, fault):
    """The latest is the one to compare with; a doubled one is told at the first of the two, or where it repeats round."""
    workspace(district=f"{DISTRICT}earlier_round: {written}\n")
    if fault:
        assert faults() == [(fault[0], "district.yaml", fault[1])]
        return
    found = load_parameters("urk")
    assert (found.earlier_rounds, found.earlier_round) == (rounds, rounds[-1] if rounds else None)
    older = load_parameters("urk", round="2025-10")
    assert older.earlier_rounds == tuple(one for one in rounds if one != "2025-10")
    assert load_parameters("urk", earlier_round="2020-1").earlier_rounds == ("2020-1",)
    assert faults(earlier_rounds=("2020-1",)) == [("unknown-parameter", None, None)]


@pytest.mark.parametrize(
    "keys",
    [
        "best_judge_weight: 0", "best_judge_weight: -1", "best_judge_weight: .inf", "best_judge_weight: .nan",
        "best_judge_weight: '2'", "best_judge_weight: true", "group_weights: {threat: -1}", "group_weights: {threat: .nan}",
        "group_weights: {threat: 0, opportunity: 0, resilience_gap: 0}", "group_weights: {threat: .inf}",
        "group_weights: {dreiging: 1}", "group_weights: 1", "severity: divide", "power: {threat: 0.5}",
        "power: {threat: .nan}", "power: {threat: '2'}", "power: {threat: -.inf}", "minimum_coverage: 1.5",
        "minimum_coverage: -0.1", "minimum_coverage: .nan", "minimum_coverage: true", "minimum_coverage: '0,5'",
        "class_borders: []", "class_borders: [40, 20]", "class_borders: [20, 20]", "class_borders: [0, 20]",
        "class_borders: [20, 100]", "class_borders: [.nan]", "class_borders: 20", "class_borders: [true, 20]",
        "high: 0", "high: 100", "high: .nan", "draws: 0", "draws: 10.0", "draws: 1000001", "draws: 1e9", "draws: -5",
        "seed: -1", "seed: 1.5", "seed: true", "combination: {threat: minimum}", "combination: maximum",
        "uncertainty: {combination: []}", "uncertainty: {combination: [consensus]}", "uncertainty: {threat_power: []}",
        "uncertainty: {threat_power: [0]}", "uncertainty: {missing: {correlation: guessed}}",
        "uncertainty: {missing: {correlation: 1.5}}", "uncertainty: {group_weights: {concentration: 0}}",
        "uncertainty: {group_weights: {concentration: .inf}}", "uncertainty: {indicator_weights: {noise: 2}}",
        "uncertainty: {scale_points: 1}", "uncertainty: {party_error: 'yes'}", "uncertainty: {weights: true}",
        "uncertainty:", "dras: 5",
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_made_is_refused_wherever_it_stands(workspace, keys):
    """In the district's method, in a deviation and in an override: the same rules, the file and line it came from."""
    plain = DISTRICT.split("method:", maxsplit=1)[0]
    workspace(district=f"{plain}method:\n  {keys}\n")
    assert [(file, line) for _, file, line in faults()] == [("district.yaml", 6)] * len(faults())
    workspace(district=plain, urk=f"{DEVIATING}  method:\n    {keys}\n")
    assert [(file, line) for _, file, line in faults()] == [("urk.yaml", 7)] * len(faults())
    workspace(district=plain)
    assert {file for _, file, _ in faults(method=yaml.safe_load(keys.replace("1e9", "1.0e9")))} == {"method"}


@pytest.mark.parametrize("keys", ["missing: null", "group_weights: null", "threat_power: null", "combination: null"])
def test_a_source_of_uncertainty_is_switched_off_by_null(workspace, keys):
    """Named and empty is a choice; a district that did so may be overruled by a municipality."""
    workspace(
        district=DISTRICT + f"  uncertainty: {{{keys}}}\n",
        urk=DEVIATING + "  method: {uncertainty: {missing: {at_least: 0.4}}}\n",
    )
    uncertainty = load_parameters("urk").method.uncertainty
    assert getattr(uncertainty, keys.split(":")[0]) is None or keys.startswith("missing")
    assert uncertainty.missing.at_least == 0.4


@pytest.mark.parametrize(
    ("deviation", "rule"),
    [
        ("deviations: {capacity: 2}", "missing-key"), ("deviations: {reason: kort}", "wrong-value"),
        ("deviations: {reason: '            '}", "wrong-value"), ("deviations: {reason: 1234567890123}", "wrong-type"),
        ("deviations: []", "wrong-type"), ("deviations: {reason: Een goede reden, round: 2025-1}", "unknown-key"),
        ("deviations: {reason: Een goede reden, capacity: 0}", "wrong-value"),
        ("deviations: {reason: Een goede reden, method: 5}", "wrong-type"),
        ("deviations: {reason: Een goede reden, legal_basis: ''}", "wrong-value"),
        ("name: ''", "wrong-value"), ("code: 184", "wrong-type"), ("code: GM184", "wrong-value"),
        ("municipality: Urk", "wrong-value"), ("municipality: 5", "wrong-type"), ("provincie: Flevoland", "unknown-key"),
    ],
)  # fmt: skip
def test_a_fault_in_the_municipality_file_is_refused(workspace, deviation, rule):
    """A deviation has a reason; what is fixed for the district cannot be deviated from."""
    key = deviation.split(":")[0]
    workspace(urk=re.sub(rf"(?m)^{key}:.*\n", "", URK) + f"{deviation}\n")
    found = faults()
    assert rule in [each for each, _, _ in found]
    assert {file for _, file, _ in found} == {"urk.yaml"}


def test_what_is_sound_by_itself_may_be_impossible_on_top_of_the_district(workspace):
    """A weight that leaves nothing: named in the municipality's file, or as an override."""
    district = DISTRICT.replace(
        "{threat: 0.5, opportunity: 0.25, resilience_gap: 0.25}", "{threat: 1, opportunity: 0, resilience_gap: 0}"
    )
    workspace(district=district)
    assert "gewicht boven 0" in message(method={"group_weights": {"threat": 0}})
    workspace(district=district, urk=DEVIATING + "  method:\n    group_weights: {threat: 0}\n")
    assert faults() == [("wrong-value", "urk.yaml", 7)]


@pytest.mark.parametrize(
    "overrides",
    [
        {"capacity": 0}, {"capacity": "2"}, {"capacity": None}, {"round": 2026}, {"round": "../x"}, {"audience": "krant"},
        {"parties": []}, {"parties": ["police", "police"]}, {"parties": "police"}, {"parties": None}, {"data": None},
        {"data": 5}, {"output": ["x"]}, {"method": "mean"}, {"method": 5}, {"method": ["draws"]},
        {"method": {"power": {"threat": 0}}}, {"method": {"power": {"dreiging": 2}}}, {"method": {5: 1}},
        {"municipality_": "almere"}, {"workspace": "/"}, {"code": "GM0034"}, {"name": "Elders"}, {"deviation_reason": "x"},
        {"reason": "x"}, {"legal_basis": None}, {"catalogue": 5}, {"earlier_round": "a/b"},
    ],
)  # fmt: skip
def test_a_wrong_override_is_refused(workspace, overrides):
    """Unknown names, wrong types and values are errors, also nested; what identifies a municipality is fixed."""
    workspace()
    assert message(**overrides)
    assert [rule for rule, _, _ in faults(gemeente="urk", rond="x", capacities=1)] == ["unknown-parameter"] * 3


@pytest.mark.parametrize(
    ("text", "rule"),
    [("district: [", "yaml-syntax"), ("", "missing-key"), ("!!python/object/apply:os.system ['echo']", "yaml-tag")],
)
def test_a_file_that_is_no_such_yaml_is_refused(workspace, text, rule):
    """In either file, with the other's faults beside it; nothing in a file is ever executed."""
    workspace(district=text)
    assert rule in [found for found, file, _ in faults() if file == "district.yaml"]
    workspace(district=DISTRICT.replace("capacity: 2", "capacity: 0"), urk=text)
    found = faults()
    assert rule in [each for each, file, _ in found if file == "urk.yaml"]
    assert ("wrong-value", "district.yaml", 4) in found


def test_messages_hold_no_path_of_this_machine(workspace):
    """Files are named by their names: messages are sent around."""
    root = workspace(district="x: 1\n", urk="y: 1\n")
    assert str(root) not in message()
    assert os.fspath(root.parent) not in message("weg")


# The colophon

COLOPHON = "report:\n  made_by: analist\n  distribution:\n    riec: [stuurgroep, analisten]\n    steering: [leden]\n"


def test_a_municipality_says_its_own_and_its_district_the_rest(workspace):
    """Role and lists go over from the district; of a list the municipality's own stands alone."""
    workspace(DISTRICT + COLOPHON, URK + "report:\n  distribution:\n    riec: [burgemeester]\n")
    found = {audience: load_parameters("urk", audience=audience).report for audience in ("riec", "steering", "public")}
    assert {one.made_by for one in found.values()} == {"analist"}
    readers = {name: one.readers for name, one in found.items()}
    assert readers == {"riec": ("burgemeester",), "steering": ("leden",), "public": ()}


def test_what_is_made_for_one_audience_does_not_say_who_gets_the_copy_of_another(workspace):
    """Not even the names of the other audiences: a copy may travel with its parameters. It changes no outcome."""
    workspace()
    without = load_parameters("urk").fingerprint
    workspace(DISTRICT + COLOPHON)
    assert load_parameters("urk").fingerprint == without
    told = canonical_json(load_parameters("urk", audience="municipality"))
    assert "stuurgroep" not in told
    assert "leden" not in told
    assert '"steering"' not in told


@pytest.mark.parametrize("role", ["j.jansen@politie.nl", "analist, 06 1234 5678", "x", "a" * 81, "[1]"])
def test_a_role_is_no_address(workspace, role):
    """An e-mail address, a telephone number or no text at all is a fault with its line."""
    workspace(DISTRICT + f"report:\n  made_by: {role}\n")
    assert [(file, line) for _, file, line in faults()] == [("district.yaml", 9)]


@pytest.mark.parametrize("urk", [URK, None], ids=["of the district", "of the municipality"])
def test_a_list_for_an_audience_that_the_catalogue_does_not_know_is_refused_with_the_nearest(workspace, urk):
    """A list for nobody is a fault with its line, never silently left out."""
    wrong = "report:\n  distribution:\n    stering: [leden]\n"
    workspace(*((DISTRICT + wrong, URK) if urk else (DISTRICT, URK + wrong)))
    assert "bedoelt u “steering”?" in message()
    assert faults() == [("unknown-key", "district.yaml", 10) if urk else ("unknown-key", "urk.yaml", 6)]


def test_an_audience_of_an_own_catalogue_can_be_named(workspace):
    """Who sees what is the catalogue's: no list of audiences stands in the code."""
    Breakable(workspace(OWN) / "eigen", PACKAGED).change("audiences.yaml", "id: steering", "id: mayor")
    assert load_parameters("urk", audience="mayor").audience == "mayor"
    assert "kies een van deze waarden" in message(audience="steering")


def test_a_family_of_an_own_catalogue_counts_as_it_says_unless_the_parameters_say_otherwise(workspace):
    """Which families there are is the catalogue's: no list of them stands in the code."""
    own = Breakable(workspace(OWN) / "eigen", PACKAGED)
    family = (
        "  - {id: signs, name: Signalen, question: Wat?, description: d, score: signs, score_name: Signalen, "
        "scale: presence, direction: risk, combination: maximum, weight: 0.4, power: .inf}\n"
    )
    row = (
        "  - {id: S01, name: Signaal, description: d, family: signs, subcategory: signs, phenomena: [], best_judge: both, "
        "scale: presence, sensitivity: shared}\n"
    )
    group = "subcategories:\n  - {id: signs, name: Signalen, family: signs}\n"
    own.change("indicators.yaml", "\nsubcategories:\n", f"{family}\n{group}")
    own.change("indicators.yaml", "\nindicators:\n", f"\nindicators:\n{row}")
    method = load_parameters("urk").method
    assert (method.combination.signs, method.group_weights.signs, method.power.signs) == ("maximum", 0.4, math.inf)
    assert method.group_weights.threat == 0.5
    other = load_parameters("urk", method={"group_weights": {"signs": 1}}).method
    assert (other.group_weights.signs, other.power.signs) == (1, math.inf)
    assert {"signs", "threat"} <= set(dir(other.power))
    assert "bedoelt u “signs”?" in message(method={"power": {"sings": 2}})
    assert faults(method=Method(combination={"sings": "mean"})) == [("unknown-key", "method", None)]


@pytest.mark.parametrize("minimum", [2 / 3, 0.6667])
def test_four_of_six_is_two_thirds_however_that_is_written(minimum):
    method = Method(minimum_coverage=minimum)
    assert not method.too_little(4 / 6)
    assert method.too_little(3.99 / 6)
