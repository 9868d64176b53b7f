"""A catalogue that knows its earlier versions: what became of each indicator, and every contradiction in that."""

import re

import pytest

from tests import earlier_catalogues as two
from werkbank.settings.catalogue import load_catalogue


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("now"), "1.0")


def test_without_a_mapping_file_there_is_no_earlier_version_and_a_slip_in_its_name_is_asked_back(two_versions):
    """The packaged catalogue has one, that asked the same."""
    packaged = load_catalogue()
    assert [packaged.as_of(version).indicators for version in packaged.earlier_versions] == [packaged.indicators]
    slip = (two_versions.folder / "mapping.yaml").rename(two_versions.folder / "maping.yaml")
    assert "bedoelt u “maping.yaml”?" in {one.remedy for one in two_versions.findings()}
    slip.unlink()
    two_versions.change("indicators.yaml", ', version: "1.0"', "")
    assert two_versions.load().earlier_versions == ()


def test_every_present_indicator_says_what_its_code_was(catalogue):
    """Unchanged or renamed; what is new has none."""
    then = catalogue.codes_then("0.9")
    assert {code: then.get(code) for code in two.NEW_CODES} == {
        **{code: code for code in two.OLD_CODES if code in two.NEW_CODES}, "V12": "V02", "W12": "W02", "V10": None,
    }  # fmt: skip


def test_as_of_asks_what_the_version_of_then_asked(catalogue, tmp_path):
    """Code by code the family, scale and weights are those of the catalogue of then."""
    then, real = catalogue.as_of("0.9"), two.load(tmp_path, "0.9")
    assert then.version == "0.9"
    assert set(then.indicator_ids) == set(real.indicator_ids)
    for one in real.indicators:
        for name in ("family", "weight", "severity", "best_judge"):
            assert getattr(then.indicator(one.id), name) == getattr(one, name)
        assert then.scale_of(one.id).levels == real.scale_of(one.id).levels
    assert catalogue.as_of("1.0") is catalogue


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("mapping.yaml", "becomes: [V12]", "becomes: [V13]", "unknown-reference"),
        ("mapping.yaml", "code: W02", "code: V02", "duplicate-code"),
        ("mapping.yaml", "{code: V02, becomes: [V12], levels: same}", "{code: V02, becomes: []}", "was-missing"),
        ("mapping.yaml", 'version: "0.9"', 'version: "1.0"', "duplicate-code"),
        ("indicators.yaml", 'version: "1.0"}', 'version: "1.1"}', "unknown-reference"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_on_its_line(two_versions, name, old, new, rule):
    line = two_versions.change(name, old, new)
    assert (rule, name, line) in {(one.rule, one.file, one.line) for one in two_versions.findings()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("levels: same", "levels: [0, 1, 1, 2]"),
        ("levels: same", "levels: not_comparable"),
        ("becomes: [V12]", "becomes: [V12, V03]"),
        ("becomes: [W12]", "becomes: [V12]"),
        ("    indicators:\n", "    scales: []\n    indicators:\n"),
    ],
    ids=["other levels", "not comparable", "split", "merged", "scales of then"],
)
def test_more_than_renames_and_drops_is_refused_with_one_sentence(two_versions, old, new):
    """Nothing is re-scaled: the sentence says what can be done instead."""
    two_versions.change("mapping.yaml", old, new)
    (told,) = two_versions.findings()
    assert re.search(r"alleen hernoemd .* of vervallen .* eigen code", str(told))
