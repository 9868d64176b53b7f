"""A catalogue that knows its earlier versions: what became of each indicator, and every contradiction in that."""

from __future__ import annotations

import pytest

from tests import earlier_catalogues as two
from werkbank.errors import CatalogueError
from werkbank.settings.catalogue import load_catalogue


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("now"), "1.0")


def origins(catalogue, code):
    return [(one.code, one.levels) for one in catalogue.origins("0.9")[code]]


def test_the_packaged_catalogue_has_no_earlier_version():
    assert load_catalogue().earlier_versions == ()


def test_without_a_mapping_file_there_is_no_earlier_version(tmp_path):
    two.write(tmp_path, "1.0")
    (tmp_path / "mapping.yaml").unlink()
    (tmp_path / "indicators.yaml").write_text(
        (tmp_path / "indicators.yaml").read_text(encoding="utf-8").replace(', version: "1.0"', ""), encoding="utf-8"
    )
    assert load_catalogue(tmp_path).earlier_versions == ()


def test_a_mapping_file_with_a_slip_in_its_name_is_not_passed_over(tmp_path):
    two.write(tmp_path, "1.0")
    (tmp_path / "mapping.yaml").rename(tmp_path / "maping.yaml")
    with pytest.raises(CatalogueError, match=r"bedoelt u “maping\.yaml”"):
        load_catalogue(tmp_path)


def test_every_present_indicator_says_where_it_comes_from(catalogue):
    """Unchanged, renamed, other levels, merged, split, not comparable, new."""
    same = (0, 1, 2)
    assert origins(catalogue, "V01") == [("V01", same)]
    assert origins(catalogue, "V12") == [("V02", same)]
    assert origins(catalogue, "V03") == [("V03", (0, 1, 1, 2, 2))]
    assert origins(catalogue, "V45") == [("V04", same), ("V05", same)]
    assert origins(catalogue, "V61") == origins(catalogue, "V62") == [("V06", (0, None, None))]
    assert origins(catalogue, "V09") == [("V09", (None, None, None))]
    assert origins(catalogue, "V10") == []


def test_as_of_asks_what_the_version_of_then_asked(catalogue, tmp_path):
    """Code by code the family, scale and weights are those of the catalogue of then."""
    then, real = catalogue.as_of("0.9"), two.load(tmp_path, "0.9")
    assert then.version == "0.9"
    assert set(then.indicator_ids) == set(real.indicator_ids)
    for one in real.indicators:
        made = then.indicator(one.id)
        assert (made.family, made.weight, made.severity, made.best_judge) == (
            one.family,
            one.weight,
            one.severity,
            one.best_judge,
        )
        assert then.scale_of(one.id).levels == real.scale_of(one.id).levels


def test_as_of_its_own_version_is_itself(catalogue):
    assert catalogue.as_of("1.0") is catalogue


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("mapping.yaml", "becomes: [V12]", "becomes: [V13]", "unknown-reference"),
        ("mapping.yaml", "{code: V05, becomes: [V45], levels: same}", "{code: V04, becomes: [V45], levels: same}", "duplicate-code"),
        ("mapping.yaml", "scale: five}", "scale: fife}", "unknown-reference"),
        ("mapping.yaml", "levels: [0, 1, 1, 2, 2]", "levels: [0, 1, 1, 2]", "levels-count"),
        ("mapping.yaml", "levels: [0, 1, 1, 2, 2]", "levels: [0, 1, 1, 2, 3]", "level-outside-scale"),
        ("mapping.yaml", "levels: [0, 1, 1, 2, 2]", "levels: same", "levels-differ"),
        ("mapping.yaml", "{code: V02, becomes: [V12], levels: same}", "{code: V02, becomes: [V12]}", "levels-missing"),
        ("mapping.yaml", "{code: V02, becomes: [V12], levels: same}", "{code: V02, becomes: []}", "was-missing"),
        ("mapping.yaml", 'version: "0.9"', 'version: "1.0"', "duplicate-code"),
        ("mapping.yaml", "      - id: five", "      - id: steps", "duplicate-code"),
        ("mapping.yaml", "levels: not_comparable", "levels: not_comparible", "wrong-value"),
        ("indicators.yaml", 'version: "1.0"}', 'version: "1.1"}', "unknown-reference"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_on_its_line(tmp_path, name, old, new, rule):
    two.write(tmp_path, "1.0")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    line = text[: text.index(old)].count("\n") + 1
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert (rule, name, line) in {(one.rule, one.file, one.line) for one in caught.value.findings}
