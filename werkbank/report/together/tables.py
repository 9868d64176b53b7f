"""The tidy tables of a whole district: the tables of its municipalities under one another."""

from __future__ import annotations

from pathlib import Path

from werkbank.report.district import DistrictAnalysis
from werkbank.report.tables import write_views

__all__ = ["write_district_tables"]

ABOUT = ("parks", "groups", "phenomena")
"""Cells and judgements stay with the municipality they are of."""


def write_district_tables(district: DistrictAnalysis, folder: Path) -> tuple[Path, ...]:
    """Write the parks, group scores and phenomena of every municipality into `folder`/tabellen.

    >>> from pathlib import Path
    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.write_district_tables(district, Path())[0].parent.name
    'tabellen'
    """
    return write_views(district.views, folder, ABOUT)
