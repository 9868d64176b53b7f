"""A folder appears whole or not at all."""

import errno

import pytest

from werkbank.batch.folder import UNFINISHED, whole_folder
from werkbank.errors import OutputError


def fill(folder, text):
    (folder / "analyse.html").write_text(text)


def test_the_folder_stands_in_its_place_when_all_went_well(tmp_path):
    with whole_folder(tmp_path / "urk") as folder:
        fill(folder, "new")
        assert not (tmp_path / "urk").exists()
    assert (tmp_path / "urk" / "analyse.html").read_text() == "new"
    assert not (tmp_path / UNFINISHED).exists()


def test_an_earlier_folder_is_replaced_whole(tmp_path):
    """No file of the earlier run stays behind among the new ones."""
    (tmp_path / "urk").mkdir()
    (tmp_path / "urk" / "stale.html").write_text("old")
    with whole_folder(tmp_path / "urk") as folder:
        fill(folder, "new")
    assert [file.name for file in (tmp_path / "urk").iterdir()] == ["analyse.html"]


@pytest.mark.parametrize("fault", [RuntimeError("x"), KeyboardInterrupt()])
def test_what_fails_leaves_the_earlier_folder_as_it_was(tmp_path, fault):
    (tmp_path / "urk").mkdir()
    fill(tmp_path / "urk", "old")
    with pytest.raises(type(fault)), whole_folder(tmp_path / "urk") as folder:
        fill(folder, "half")
        raise fault
    assert (tmp_path / "urk" / "analyse.html").read_text() == "old"
    assert not (tmp_path / UNFINISHED).exists()


def test_a_full_disk_is_named_and_nothing_half_is_left(tmp_path):
    with pytest.raises(OutputError, match="niet worden weggeschreven"), whole_folder(tmp_path / "urk") as folder:
        fill(folder, "half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not (tmp_path / "urk").exists()


def test_two_municipalities_at_once_do_not_meet(tmp_path):
    with whole_folder(tmp_path / "urk") as one, whole_folder(tmp_path / "almere") as other:
        assert one != other
        fill(one, "urk")
        fill(other, "almere")
    assert (tmp_path / "urk" / "analyse.html").read_text() == "urk"
    assert (tmp_path / "almere" / "analyse.html").read_text() == "almere"
