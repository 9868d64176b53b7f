"""Context figures: read as people write them, checked, and never more than the list of figures allows."""

import math
from pathlib import Path

import pandas as pd
import pytest

from tests.parks.park_files import rules
from werkbank.parks.context import BY_ID, FIGURES, printed, read_context, read_value

PARKS = pd.DataFrame({"park_id": ["URK-01", "URK-02", "URK-03"], "name": ["A", "B", "C"], "net_ha": [1.0, 2.0, 3.0]})
SECRET = "Jan Jansen, Dorpsstraat 1"


@pytest.fixture
def context(stored):
    return lambda text, parks=PARKS: read_context(stored(context__csv=text).with_name("context.csv"), parks)


def test_figures_are_read_in_the_order_of_the_register_and_of_the_list(context):
    read = context("park_id,vacancy,workers,biz\nURK-03,5,10,nee\nurk-01,12.5,,ja\n")
    assert read.findings == ()
    assert read.figures.columns.tolist() == ["park_id", "workers", "vacancy", "biz"]
    assert read.figures["park_id"].tolist() == ["URK-01", "URK-03"]
    assert math.isnan(read.figures["workers"][0])
    assert read.figures["vacancy"].tolist() == [12.5, 5]
    assert read.figures["biz"].tolist() == ["ja", "nee"]


def test_dutch_headings_semicolons_and_decimal_commas_are_read_too(context):
    text = "park_id;Leegstand;WOZ-waarde per m²;KVO geldig tot;Peildatum\nURK-01;12,5%;€ 1250;31 december 2026;2026-01-01\n"
    read = context(text + "URK-02;3,0;980,50;;2026-01-01\n")
    assert read.findings == ()
    assert read.figures.iloc[0].tolist() == ["URK-01", 12.5, 1250.0, "2026-12-31", "2026-01-01"]


def test_figures_in_the_register_itself_count_and_the_file_goes_first_and_no_file_is_no_fault(context, tmp_path):
    none = read_context(tmp_path / "context.csv", PARKS).figures
    assert (none.columns.tolist(), none.empty) == (["park_id"], True)
    parks = PARKS.assign(workers=["10", "20", ""], colour="rood")
    assert read_context(tmp_path / "weg.csv", parks).figures["workers"].tolist()[:2] == [10, 20]
    figures = context("park_id,workers\nURK-02,25\n", parks).figures
    assert figures["workers"].tolist() == [10, 25]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("0", "minder dan 5"), ("4", "minder dan 5"), ("<5", "minder dan 5"), ("5", "5"), ("1200", "1.200")],
)
def test_a_small_count_of_reports_is_not_kept(context, text, kept):
    """With a few reports a reader may know whose they are; nought is such a few too."""
    assert context(f"park_id,reports\nURK-01,{text}\n").figures["reports"].tolist() == [kept]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("vacancy", "101"), ("vacancy", "-1"), ("workers", "1,5"), ("workers", SECRET), ("median_building_year", "96"),
        ("woz_per_m2", "-5"), ("biz", "misschien"), ("kvo_until", "31-02-2026"), ("kvo_until", "2026"), ("reports", "veel"),
        ("reports", "-1"), ("establishments_per_address", "veel"), ("woz_per_m2", "1.250"), ("woz_per_m2", "1,250"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_left_out_and_named_without_its_text(context, column, value):
    read = context(f'park_id,{column},workers\nURK-01,"{value}",7\n'.replace(",workers,workers", ",workers,x"))
    named = [(one.line, one.park_id, one.allowed) for one in read.findings if one.rule == "wrong-context-value"]
    assert named == [(2, "URK-01", BY_ID[column].allowed)]
    assert SECRET not in str(read.findings)
    assert column not in read.figures or not any(read.figures[column].notna() & (read.figures[column] != ""))


def test_a_column_nobody_knows_is_named_and_its_contents_go_nowhere(context):
    read = context(f"park_id,leegstant,opmerking\nURK-01,5,{SECRET}\n")
    assert rules(read.findings) == ["unknown-column", "unknown-column"]
    assert read.findings[0].remedy == "bedoelt u “leegstand”?"
    assert SECRET not in str(read.findings) + read.figures.to_csv()


def test_an_unknown_park_is_named_with_the_nearest(context):
    read = context("park_id,workers\nURK-09,5\n,6\n")
    assert [(one.rule, one.line) for one in read.findings] == [("unknown-park", 2), ("unknown-park", 3)]
    assert "bedoelt u" in read.findings[0].remedy
    assert read.figures.empty


def test_what_is_doubtful_is_asked_about_and_what_is_usual_is_not(context):
    """Shares that are parts of one; name and municipality may stand in the file."""
    assert rules(context("park_id,vacancy\nURK-01,0.12\nURK-02,0.3\n").findings) == ["maybe-fraction"]
    assert context("park_id,name,municipality,workers\nURK-01,A,urk,5\n").findings == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("terrein,workers\nURK-01,5\n", "missing-column"),
        ("park_id,workers,werkzame personen\nURK-01,5,6\n", "doubled-column"),
        ("park_id,workers\nURK-01,5\nurk-01,6\n", "doubled-park"),
        ('park_id,workers\nURK-01,"5\n', "broken-csv"),
        ("", "missing-column"),
        (b"park_id\n\x81\xe9\n", "unreadable-context"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_an_error(context, text, rule):
    assert rule in rules(context(text).findings, "error")


@pytest.mark.parametrize(
    ("figure", "text", "shown"),
    [
        ("workers", "1250", "1.250"), ("vacancy", "12.5", "12,5%"), ("vacancy", "12", "12,0%"), ("woz_per_m2", "1250", "€ 1.250"),
        ("median_building_year", "1996", "1996"), ("establishments_per_address", "1.25", "1,3"), ("biz", "J", "ja"),
        ("last_joint_inspection", "3-11-2025", "3 november 2025"), ("reports", "12", "12"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_as_a_civil_servant_writes_it(figure, text, shown):
    assert printed(BY_ID[figure], read_value(BY_ID[figure], text)) == shown


def test_every_figure_says_what_it_may_be_and_is_explained():
    page = (Path(__file__).parents[2] / "docs" / "terreinenregister.md").read_text(encoding="utf-8")
    assert all(figure.allowed and figure.name for figure in FIGURES)
    assert not [figure.id for figure in FIGURES if f"`{figure.id}`" not in page]
