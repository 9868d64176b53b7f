"""A blank workbook never takes the place of one in which somebody has worked."""

import functools
from pathlib import Path

import openpyxl
import pytest

from werkbank.errors import OutputError
from werkbank.matrix import layout
from werkbank.matrix.template import write_blank

from .conftest import PARKS, ROUND, SECRET, judgements, put
from .drawing import written
from .formats import changed


@pytest.fixture
def blank(tmp_path, catalogue):
    """Write the blank workbook of the police of Urk."""
    subject = {"party": "police", "municipality": "urk", "municipality_name": "Urk", "round": ROUND}
    return functools.partial(write_blank, tmp_path / "matrices", catalogue=catalogue, parks=PARKS, **subject)


def edit(path, sheet, **cells):
    with changed(path) as book:
        put(**cells)(book[sheet])


def test_it_stands_under_the_name_by_which_it_comes_back(blank, load):
    made = blank()
    assert (made.path.name, made.parks, made.indicators) == ("urk_politie.xlsx", 3, 35)
    matrix = load(made.path)
    assert [finding.rule for finding in matrix.findings] == ["nothing-filled-in"]
    assert set(matrix.judgements["state"]) == {"open"}


def test_a_blank_one_is_made_anew(blank):
    first = blank().path.read_bytes()
    edit(blank().path, layout.SHEET_GUIDE, A1="Risicomatrix")
    assert blank().path.read_bytes() == first


def test_a_full_disk_leaves_the_earlier_one_whole_and_nothing_beside_it(blank, monkeypatch):
    path = blank().path
    before = path.read_bytes()

    def full_disk(self, target):
        raise OSError(28, "geen ruimte")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OutputError, match="kon niet worden weggeschreven"):
        blank(round="2027-1")
    assert (path.read_bytes(), [*path.parent.iterdir()]) == (before, [path])


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        (layout.SHEET_MATRIX, {"C5": "1 incidenteel"}),
        (layout.SHEET_MATRIX, {"D20": "onbekend"}),
        (layout.SHEET_MATRIX, {"E41": "tekst die geen niveau is"}),
        (layout.SHEET_REMARKS, {"A3": "URK-01", "B3": "V01", "E3": SECRET}),
        (layout.SHEET_REMARKS, {"A3": "URK-01", "B3": "V01", "C3": "A"}),
        (layout.SHEET_REMARKS, {"E3": SECRET}),
        # Of another round, or of another party.
        (layout.SHEET_SCHEMA, {"B2": "2019-1"}),
        (layout.SHEET_SCHEMA, {"B4": "municipality"}),
        *((None, content) for content in (b"", b"geen werkmap", b"PK\x03\x04 half")),
    ],
)
def test_one_that_holds_anything_is_another_one_or_cannot_be_read_stays_as_it_is(blank, sheet, cells):
    path = blank().path
    if sheet:
        edit(path, sheet, **cells)
    else:
        path.write_bytes(cells)
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"urk_politie\.xlsx blijft zoals hij is") as refusal:
        blank()
    assert path.read_bytes() == before
    assert SECRET not in str(refusal.value)


@pytest.fixture
def other(catalogue):
    """The catalogue with other rows: one was taken away."""
    return catalogue.model_copy(update={"indicators": catalogue.indicators[1:]})


def test_one_that_nobody_saved_is_renewed_when_the_catalogue_changed(blank, other, tmp_path):
    """And says so; made again without any change it is the same."""
    assert (blank().renewed, blank().renewed) == (False, False)
    made = blank(catalogue=other)
    assert (made.renewed, made.indicators) == (True, 34)
    edit(made.path, layout.SHEET_GUIDE, A1="Risicomatrix")
    assert blank().renewed, "saved, and empty"
    assert len(list(openpyxl.load_workbook(made.path)["Matrix"]["A"])) > 34


@pytest.mark.parametrize("cells", [{"C4": "onbekend"}, {"C4": "1 incidenteel", "C5": "onbekend"}])
def test_one_that_somebody_saved_under_another_catalogue_stays(blank, other, cells):
    """Also when the only answer stands in a row that is asked no more."""
    path = blank().path
    edit(path, layout.SHEET_MATRIX, **cells)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="blijft zoals hij is"):
        blank(catalogue=other)
    assert path.read_bytes() == before


def test_a_filled_in_workbook_of_ours_is_no_blank_one(blank, catalogue):
    """As the fictional district has them: as made, and full."""
    written(blank().path, catalogue, PARKS, judgements=judgements(catalogue))
    with pytest.raises(OutputError, match="hierin is al gewerkt"):
        blank()


def test_how_far_somebody_is_stands_in_the_refusal(blank):
    edit(blank().path, layout.SHEET_MATRIX, C5="onbekend", C6="0 geen vermoeden")
    with pytest.raises(OutputError, match="2 van de 105 cellen ingevuld"):
        blank()
