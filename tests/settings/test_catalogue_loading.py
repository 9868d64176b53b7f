"""Reading a whole catalogue: all faults in all files at once, and a fingerprint of what was read."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from werkbank.errors import CatalogueError
from werkbank.settings.catalogue import FILES, Catalogue, load_catalogue


def test_an_own_folder_replaces_the_packaged_catalogue_whole(small) -> None:
    """Nothing of the packaged catalogue is left."""
    catalogue = small.load()
    assert catalogue.indicator_ids == ("V01", "G01")
    assert catalogue.version == "7"
    assert [audience.id for audience in catalogue.audiences] == ["riec"]


def test_faults_in_different_files_are_reported_together(small) -> None:
    """One fault in each of three files gives three findings, each with its file and line."""
    places = [
        ("indicators.yaml", small.change("indicators.yaml", "best_judge: police", "best_judge: [police]")),
        ("scales.yaml", small.change("scales.yaml", "points: [0, 30, 100]", "points: [0, 30, 20]")),
        ("audiences.yaml", small.change("audiences.yaml", "areas: district", "areas: distrikt")),
    ]
    assert [(finding.file, finding.line) for finding in small.findings()] == places


def test_a_syntax_error_in_one_file_hides_no_fault_in_another(small) -> None:
    """The readable files are still checked, also against each other."""
    small.change("scales.yaml", "points: [0, 30, 100]", "points: [0, 30")
    line = small.change("indicators.yaml", "phenomena: [cannabis]", "phenomena: [canabis]")
    rules = {(finding.rule, finding.file, finding.line) for finding in small.findings()}
    assert ("unknown-reference", "indicators.yaml", line) in rules
    assert {rule for rule, file, _ in rules if file == "scales.yaml"} == {"yaml-syntax"}
    assert len(rules) == 2


def test_an_entry_with_a_fault_still_counts_as_known(small) -> None:
    """One wrong type gives one finding, not also a broken reference from elsewhere."""
    small.change("indicators.yaml", "name: Kwekerij", "name: 12")
    assert [finding.rule for finding in small.findings()] == ["wrong-type"]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_a_finding(small, name: str) -> None:
    """Each of the six files is needed."""
    (small.folder / name).unlink()
    assert [(finding.rule, finding.file) for finding in small.findings()] == [("file-missing", name)]


def test_a_file_with_nearly_the_right_name_is_pointed_at(small) -> None:
    """A slip in a file's name gets a question back."""
    (small.folder / "scales.yaml").rename(small.folder / "scale.yaml")
    assert small.findings()[0].remedy == "bedoelt u “scale.yaml”?"


def test_a_folder_that_does_not_exist_names_all_six_files(tmp_path: Path) -> None:
    """No traceback, and nothing but the missing files."""
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path / "nergens")
    assert sorted(finding.file or "" for finding in caught.value.findings) == sorted(FILES)


def test_the_error_names_the_folder_but_not_the_way_to_it(small) -> None:
    """An error can be sent on without giving away the machine."""
    small.change("indicators.yaml", "name: Kwekerij", "name: 12")
    with pytest.raises(CatalogueError) as caught:
        small.load()
    assert str(small.folder.parent) not in str(caught.value)
    assert "1 fout" in caught.value.message


def test_the_fingerprint_is_the_same_for_the_same_contents(small) -> None:
    """Layout, comments and the order of keys don't matter."""
    before = small.load().fingerprint
    small.change("audiences.yaml", "    name: RIEC\n", "    # opmerking\n    name:   'RIEC'\n")
    assert small.load().fingerprint == before
    assert len(before) == 64


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("indicators.yaml", "severity: 2", "severity: 3"),
        ("indicators.yaml", "status: proef", "status: vastgesteld"),
        ("scales.yaml", "[0, 30, 100]", "[0, 31, 100]"),
        ("scales.yaml", '"onbekend", "?"', '"?", "onbekend"'),
        ("phenomena.yaml", "Hennep", "Hennepteelt"),
        ("interventions.yaml", "shareable: false", "shareable: true"),
        ("partners.yaml", "file: politie", "file: pol"),
        ("audiences.yaml", "Alleen RIEC", "alleen RIEC"),
    ],
)
def test_the_fingerprint_changes_with_any_change(small, name: str, old: str, new: str) -> None:
    """Whatever is changed, in whichever file, the outcome can be told from the earlier one."""
    before = small.load().fingerprint
    small.change(name, old, new)
    assert small.load().fingerprint != before


def test_a_copy_with_a_change_has_its_own_fingerprint(small) -> None:
    """The fingerprint is never a leftover of the original."""
    catalogue = small.load()
    before = catalogue.fingerprint
    assert catalogue.model_copy(update={"version": "8"}).fingerprint != before


def test_a_catalogue_cannot_be_changed(small) -> None:
    """It is frozen, and so are the entries in it."""
    catalogue = small.load()
    with pytest.raises(ValidationError):
        catalogue.version = "8"
    with pytest.raises(ValidationError):
        catalogue.indicators[0].weight = 2.0


def test_a_catalogue_crosses_process_borders(small) -> None:
    """Pickled and back it is equal."""
    catalogue = small.load()
    assert pickle.loads(pickle.dumps(catalogue)) == catalogue


def test_a_contradictory_catalogue_cannot_be_made_in_code_either(small) -> None:
    """The cross-checks are the catalogue's own, not those of the reader."""
    plain = small.load().model_dump()
    plain["phenomena"] = ()
    with pytest.raises(CatalogueError) as caught:
        Catalogue(**plain)
    assert [finding.rule for finding in caught.value.findings] == ["unknown-reference"]


def test_points_are_those_of_the_scale(small) -> None:
    """A scale with points of its own uses them."""
    scale = small.load().scale_of("V01")
    assert [scale.points_of(level) for level in range(scale.highest + 1)] == [0, 30, 100]


def test_points_are_spread_evenly_without_own_points(small) -> None:
    """Level l of L is worth 100 · l / L (method.md 1)."""
    small.change("scales.yaml", "    points: [0, 30, 100]\n", "")
    scale = small.load().scale_of("V01")
    assert [scale.points_of(level) for level in range(3)] == [0, 50, 100]


@pytest.mark.parametrize("level", [-1, 3])
def test_points_of_a_level_outside_the_scale_are_refused(small, level: int) -> None:
    """No level wraps round or runs past the end."""
    with pytest.raises(CatalogueError, match="0 tot en met 2"):
        small.load().scale_of("V01").points_of(level)
