"""A filled workbook of two parks in Urk, and ways to damage it."""

import pickle
from functools import cache

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix
from werkbank.matrix.template import write_workbook
from werkbank.settings.catalogue import load_catalogue

from .drawing import frame_of
from .formats import rewritten

ROUND = "2026-1"
PARKS = pd.DataFrame(
    {
        "park_id": ["URK-01", "URK-02", "URK-03", "ALM-01", "ALM-02"],
        "name": ["Zanglijster", "Dodaars", "Kuifeend", "Pestvogel", "Kleefkruid"],
        "municipality": ["urk", "urk", "urk", "almere", "almere"],
        "net_ha": [1.0, 2.0, 3.0, 4.0, 5.0],
    }
)
SECRET = "Een getuige zag op 3 maart 2026 een wit busje"
"""No name in it: whoever wants that finding writes one."""
of_a_few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""For properties of which every example writes a file."""


def judgements(catalogue, municipality="urk", party="police"):
    """Every level and state in turn; the first of each park with a remark, a source strength and a date.

    No two parks and no two parties have them in the same order, for that would be a copy.
    """
    parks = PARKS.loc[PARKS["municipality"] == municipality, "park_id"]
    states = [("level", 0), ("level", 1), ("unknown", None), ("level", 2), ("level", 3), ("not_applicable", None),
              ("open", None)]  # fmt: skip
    first_step = 4 if party == "municipality" else 1
    beside, nothing = (SECRET, "B", pd.Timestamp("2026-01-15")), ("", "", pd.NaT)
    return frame_of(
        [
            (park, indicator, party, *states[number * step % len(states)], *(nothing if number else beside))
            for step, park in enumerate(parks, first_step)
            for number, indicator in enumerate(catalogue.indicator_ids)
        ]
    )


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="session")
def judged(catalogue):
    """(park, indicator) → level, or the state when that is something else, of the undamaged workbook."""
    return cells_of(judgements(catalogue))


@pytest.fixture(scope="session")
def _written(tmp_path_factory, catalogue):
    """Workbooks as the werkbank writes them, each written once; and as openpyxl opens it, which takes long."""
    folder = tmp_path_factory.mktemp("written")

    @cache
    def write(municipality, party, round):
        path = folder / f"{municipality}-{party}-{round}.xlsx"
        write_workbook(
            path, catalogue, PARKS, party=party, municipality=municipality, municipality_name=municipality.title(),
            round=round, judgements=judgements(catalogue, municipality, party),
        )  # fmt: skip
        return path.read_bytes(), pickle.dumps(openpyxl.load_workbook(path))

    return write


@pytest.fixture
def workbook(tmp_path, _written):
    """Make a filled workbook: `edit` changes it through openpyxl, `xml` the XML of its members."""

    def make(edit=None, *, xml=None, name="urk_politie.xlsx", municipality="urk", party="police", round=ROUND):
        path = tmp_path / name
        content, opened = _written(municipality, party, round)
        path.write_bytes(content)
        if edit:
            book = pickle.loads(opened)
            for sheet in book.worksheets:  # on the way it was lost how these make a row or column that is not there yet
                sheet.row_dimensions.default_factory = sheet._add_row
                sheet.column_dimensions.default_factory = sheet._add_column
            edit(book)
            book.save(path)
        if xml:
            path.write_bytes(rewritten(path.read_bytes(), xml))
        return path

    return make


@pytest.fixture
def load(catalogue):
    """Read workbooks against the small register."""

    def read(*paths, **options):
        return load_matrix(paths, catalogue, PARKS, **({"round": ROUND} | options))

    return read


def put(**values):
    """An edit of a sheet: these values in these cells."""

    def edit(sheet):
        for cell, value in values.items():
            sheet[cell] = value

    return edit


def by_cell(matrix):
    """(park, indicator) → level, or the state when that is something else."""
    return cells_of(matrix.judgements)


def cells_of(frame):
    return {
        (row.park_id, row.indicator): int(row.level) if row.state == "level" else row.state
        for row in frame.itertuples()
    }


def refused(read, *paths, **options):
    """The findings with which a file is refused as a whole."""
    with pytest.raises(MatrixError) as caught:
        read(*paths, **options)
    return caught.value.findings


def rules(findings):
    return [finding.rule for finding in findings]


def places(findings):
    """Rule and cell of every finding."""
    return sorted((finding.rule, finding.cell or "") for finding in findings)


def said(findings):
    """All that the findings say, as one text."""
    return "\n".join(f"{finding} {finding.to_dict()}" for finding in findings)
