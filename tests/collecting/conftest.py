"""The fictional district as a workspace of each test's own, and ways to damage a return."""

import shutil

import openpyxl
import pytest

ROUND = "2026-1"


@pytest.fixture
def workspace(tmp_path, _district, monkeypatch):
    """A fresh copy of the fictional district; clean, every return delivered."""
    target = tmp_path / "werk"
    for name in ("parameters", "data", "notebooks"):
        shutil.copytree(_district / name, target / name)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(target))
    return target


@pytest.fixture
def returns(workspace):
    """The folder with the returns of this round."""
    return workspace / "data" / "matrices" / ROUND


def edit(path, change):
    """Pass a workbook through `change(book)`."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def spoil(path, *cells, value="9"):
    """Put a value that is no level in some cells of the matrix."""

    def change(book):
        for cell in cells:
            book["Matrix"][cell] = value

    edit(path, change)
    return path


def rules(findings):
    """Rule and cell of every finding that is no consequence of the others."""
    return sorted((finding.rule, finding.cell) for finding in findings)
