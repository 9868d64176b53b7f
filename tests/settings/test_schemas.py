"""The JSON Schemas for editors: as fresh as the models, kind to every file we have, and unkind to a typo."""

import json
import math
import re
import runpy
from pathlib import Path

import pytest
import yaml

from tests import earlier_catalogues

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "schemas"
FILES = sorted([*(ROOT / "parameters").glob("*.yaml"), *(ROOT / "werkbank" / "settings" / "packaged").glob("*.yaml")])
BEGUN = ROOT / "werkbank" / "collecting" / "start" / "legal_bases.yaml"
"""What a new workspace gets; its dates and names are filled in there."""
HEADER = re.compile(r"# yaml-language-server: \$schema=(\S+)")


@pytest.fixture(scope="module")
def tool():
    return runpy.run_path(str(ROOT / "tools" / "make_schemas.py"))


def faults(name, data):
    import jsonschema  # after werkbank, which keeps rfc3987_syntax and its 1.2 seconds out

    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(data)]


def read(path):
    """As an editor reads it: a date is a text."""
    text = path.read_text(encoding="utf-8")
    if path == BEGUN:
        text = text.format(
            decided="2026-01-01", valid_until="2026-12-31", slugs="urk, almere", round="2026-1", releases=""
        )
    data = yaml.safe_load(text)
    return json.loads(json.dumps(data, default=str).replace("Infinity", "1e999"))


def test_the_schemas_are_those_of_the_models(tool):
    """After a change of a model or a text: python tools/make_schemas.py."""
    made = tool["schemas"]()
    assert {path.name for path in FOLDER.iterdir()} == set(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


def test_every_key_is_explained_in_dutch_and_no_explanation_is_left_over(tool):
    texts = yaml.safe_load(tool["TEXTS"].read_text(encoding="utf-8"))
    models = {}
    for model in (*tool["FILES"].values(), tool["Method"]):
        parts = model.model_json_schema()
        models |= {name: set(part["properties"]) for name, part in parts.get("$defs", {}).items()}
        models[model.__name__] = set(parts["properties"])
    assert {name: set(told) - {"_"} for name, told in texts.items()} == models
    assert all(told["_"] for told in texts.values())


@pytest.mark.parametrize("name", [path.stem for path in sorted(FOLDER.glob("*.json"))])
def test_each_is_a_schema_that_every_program_can_read(name):
    import jsonschema

    path = FOLDER / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text, parse_constant=pytest.fail))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_of_ours_names_its_schema_in_its_first_line_and_fits_it(path):
    (named,) = HEADER.fullmatch(path.read_text(encoding="utf-8").splitlines()[0]).groups()
    target = (path.parent / named).resolve()
    assert target.parent == FOLDER
    assert faults(target.name.removesuffix(".schema.json"), read(path)) == []


def test_a_mapping_of_an_earlier_catalogue_fits():
    assert faults("mapping", yaml.safe_load(earlier_catalogues.MAPPING)) == []
    assert faults("indicators", read(earlier_catalogues.FILES / "1.0" / "indicators.yaml")) == []


def changed(data, path, value):
    """The data with another value at a path; None as the last key's value takes the key away."""
    data = json.loads(json.dumps(data).replace("Infinity", "1e999"))
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        *(("district", ("capacity",), wrong) for wrong in (0, "1")),
        ("district", ("capasity",), 1),
        ("district", ("method", "sede"), 2018),
        ("district", ("method", "minimum_coverage"), 66.67),
        ("district", ("method", "uncertainty", "missing", "at_leest"), 0.3),
        ("municipality", ("deviations",), {"reason": "te kort"}),
        ("indicators", ("indicators", 0, "familly"), "threat"),
        ("indicators", ("indicators", 0, "severity"), 4),
        ("scales", ("scales", 0, "levels"), []),
        ("phenomena", ("phenomena", 0, "id"), "met spatie"),
        ("interventions", ("interventions", 0, "kind"), "comunication"),
        ("partners", ("parties", 0, "fille"), "politie"),
        ("audiences", ("audiences", 0, "fields"), ["cels"]),
        ("legal_bases", ("legal_bases", 0, "valid_untill"), "2026-12-31"),
        ("mapping", ("earlier",), [{"version": "0.9", "indicator": []}]),
    ],
)
def test_a_typo_does_not_fit(name, path, value):
    file = "urk" if name == "municipality" else name
    (data,) = [read(one) for one in (*FILES, BEGUN) if one.stem == file]
    assert faults(name, data) == []
    assert faults(name, changed(data, path, value))


def test_a_municipality_may_deviate_in_any_choice_and_infinity_is_a_number():
    """What the loader takes, the editor takes: `.inf` as exponent too."""
    data = read(ROOT / "parameters" / "urk.yaml")
    method = {"power": {"threat": math.inf}, "high": 50, "uncertainty": {"missing": None}}
    assert faults("municipality", {**data, "deviations": {"reason": "een goede reden", "method": method}}) == []
