"""A folder appears whole or not at all."""

import errno

import pytest

from werkbank.errors import OutputError
from werkbank.files.whole import UNFINISHED, whole_folder


def fill(folder, text):
    (folder / "analyse.html").write_text(text)


@pytest.mark.parametrize("earlier", [False, True])
def test_the_folder_stands_in_its_place_whole_when_all_went_well(tmp_path, earlier):
    """No file of an earlier run stays behind among the new ones; what another fills meanwhile is apart."""
    if earlier:
        (tmp_path / "urk").mkdir()
        (tmp_path / "urk" / "stale.html").write_text("old")
    with whole_folder(tmp_path / "urk") as folder, whole_folder(tmp_path / "almere") as other:
        fill(folder, "new")
        fill(other, "almere")
        assert (tmp_path / "urk").exists() == earlier
    assert [file.read_text() for file in (tmp_path / "urk").iterdir()] == ["new"]
    assert not (tmp_path / UNFINISHED).exists()


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
        full_disk(folder)
    assert not (tmp_path / "urk").exists()


def test_old_and_new_change_places_in_one_step(tmp_path, monkeypatch):
    """There is no moment at which neither stands there: the folder is looked at between every two calls."""
    from werkbank.files import whole as module

    (tmp_path / "urk").mkdir()
    fill(tmp_path / "urk", "old")
    if module._exchanged(tmp_path / "urk", tmp_path / "urk") is False:
        pytest.skip("this disk cannot exchange two folders in one step")

    def never(*_):
        raise AssertionError("a step with nothing in between")

    with whole_folder(tmp_path / "urk") as new:
        fill(new, "new")
        monkeypatch.setattr("pathlib.Path.replace", never)
    assert (tmp_path / "urk" / "analyse.html").read_text() == "new"


def test_where_that_cannot_be_a_kill_in_between_is_mended(tmp_path, monkeypatch):
    from werkbank.files import whole as module

    monkeypatch.setattr(module, "_exchanged", lambda *_: False)
    (tmp_path / "urk").mkdir()
    fill(tmp_path / "urk", "old")
    with whole_folder(tmp_path / "urk") as new:
        fill(new, "new")
    assert (tmp_path / "urk" / "analyse.html").read_text() == "new"
    # As a kill leaves it: the old one put aside, the new one not yet in its place.
    left = tmp_path / UNFINISHED / "urk-0123abcd-old"
    left.parent.mkdir()
    (tmp_path / "urk").rename(left)
    (tmp_path / UNFINISHED / "urk-0123abcd").mkdir()
    module.mend(tmp_path)
    assert (tmp_path / "urk" / "analyse.html").read_text() == "new"
    assert not (tmp_path / UNFINISHED).exists()


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    from werkbank.files.whole import whole_file

    whole_file(tmp_path / "manifest.json", b"old")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        with pytest.raises(OutputError, match=r"manifest\.json kon niet worden weggeschreven \(de schijf is vol\)"):
            whole_file(tmp_path / "manifest.json", b"new")
    assert (tmp_path / "manifest.json").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def full_disk(_):
    raise OSError(errno.ENOSPC, "No space left on device")
