"""What one analysis reads: the return under the municipality's and party's name, in whatever format it came."""

import datetime as dt

import pytest

import werkbank as wb
from werkbank.assessment.inputs import matrix_paths, read_inputs, stray_files
from werkbank.errors import OutputError


def test_a_return_as_csv_counts_as_the_workbook_would(own_workspace):
    parameters = wb.load_parameters("urk")
    before = read_inputs(parameters, dt.date(2026, 6, 1)).matrix
    rows = before.judgements
    folder = own_workspace / "data" / "matrices" / parameters.round
    rows[rows["party"] == "police"].to_csv(folder / "urk_politie.csv", index=False, sep=";")
    names = [path.name for path in matrix_paths(parameters, wb.load_catalogue())["police"]]
    assert names == ["urk_politie.csv", "urk_politie.xlsx"]
    (folder / "urk_politie.xlsx").unlink()
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    assert inputs.missing == ()
    police = [matrix.levels("police") for matrix in (before, inputs.matrix)]
    assert police[0].equals(police[1])
    assert stray_files(parameters, inputs.catalogue) == {}


def test_a_round_is_read_by_name_for_who_may_see_every_partys_cells(demo_workspace):
    matrix = wb.load_round("urk")
    assert (matrix.round, len(matrix.park_ids), matrix.parties) == ("2026-1", 4, ("police", "municipality"))
    with pytest.raises(OutputError, match="niet voor de doelgroep “Gemeente”"):
        wb.load_round(wb.load_parameters("urk", audience="municipality"))
