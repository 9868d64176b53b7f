"""The test plays the reader of the files themselves: what is written for an audience, with all data in it.

`test_reader.py` plays with the filtered analysis. Here the reader opens `analyse.html` as text, takes everything in it
(the data of the charts, every table, every sentence), and finds no figure finer than that analysis tells.
"""

import json

import pytest
from lxml import html

import werkbank as wb
from tests.figures import rows_of
from tests.plain_notebooks import analysis
from tests.sharing.released import with_releases
from tests.sharing.test_reader import THREATS, column

READERS = ("riec", "municipality")

SLUGS = ("almere", "urk")
KEYS = {
    *("park", "code", "score", "low", "high", "told", "kind", "x"),
    *("known", "sign", "scored", "advised", "tip", "side"),
    *("rank", "class", "fill", "ink", "y", "line", "n", "hollow", "up"),
}
"""What the data of a chart may hold for who sees one party's cells only; nothing about an indicator, nothing by group."""


class Reader:
    """Every table of a page as rows of text, and the data of its charts."""

    def __init__(self, text):
        page = html.document_fromstring(text)
        self.tables = [
            [[cell.text_content().strip() for cell in row.iter("td", "th")] for row in table.iter("tr")]
            for table in page.iter("table")
        ]
        self.charts = [json.loads(chart.text) for chart in page.find_class("figuur")]


@pytest.fixture(scope="module")
def read(demo_workspace):
    """Per municipality and audience: the whole analysis, and the reader with the file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        found = {}
        for slug in SLUGS:
            for audience in READERS:
                full = with_releases(wb.assess(wb.load_parameters(slug, audience=audience)))
                found[slug, audience] = full, Reader(analysis(wb.for_audience(full)))
    return found


def rows(reader):
    return list(rows_of(reader.charts))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_charts_hold_no_cell_no_group_and_no_recalculation(read, slug):
    _, reader = read[slug, "municipality"]
    assert {key for row in rows(reader) for key in row} <= KEYS
    assert {"points", "levels", "level", "party", "group", "place"} & {
        key for row in rows(read[slug, "riec"][1]) for key in row
    }, "the detector sees them where they are"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_score_and_bound_in_the_file_is_a_step_of_five(read, slug):
    _, reader = read[slug, "municipality"]
    scored = [row for row in rows(reader) if {"code", "score"} <= set(row)]
    assert scored
    for row in scored:
        for key in ("low", "high", *(["score"] if row.get("scored", True) else [])):
            assert row.get(key) is None or row[key] % 5 == 0, row


@pytest.mark.parametrize("slug", SLUGS)
def test_no_table_has_a_column_or_a_row_of_the_police(read, slug):
    _, reader = read[slug, "municipality"]
    heads = [cell.casefold() for table in reader.tables for row in table for cell in row]
    assert not [cell for cell in heads if cell == "politie" or cell.startswith("politie ")]
    assert "politie" in [cell.casefold() for table in read[slug, "riec"][1].tables for row in table for cell in row]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_level_in_the_file_is_the_readers_own(read, slug):
    """The matrix of the copy is the municipality's own column, cell by cell."""
    full, reader = read[slug, "municipality"]
    names = full.parks.set_index("name")["park_id"]
    matrix = next(table for table in reader.tables if table[0][0] == "Indicator" and "V01" in str(table))
    parks = [names[name] for name in matrix[0][1:]]
    own = {park: column(full, "municipality", park) for park in parks}
    for number, line in enumerate(matrix[1 : len(THREATS) + 1]):
        for park, printed in zip(parks, line[1:], strict=True):
            level = own[park][number]
            assert printed[0] == {-1: "?", -2: "–"}.get(level, str(level))
