"""What is written is what is read: any judgements through a workbook and back are the same judgements."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
from hypothesis import HealthCheck, example, given, settings

from werkbank.matrix import layout, load_matrix
from werkbank.settings.catalogue import load_catalogue

from .conftest import PARKS, ROUND
from .drawing import frame_of, written

CATALOGUE = load_catalogue()
OWN = ("URK-01", "URK-02", "URK-03")
PLACES = [(park, code) for park in OWN for code in CATALOGUE.indicator_ids]

# What a person can type: no control characters but line ends, no half a character.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")) | st.just("\n"), max_size=40).map(str.strip)
states = st.one_of(
    st.integers(0, 3).map(lambda level: ("level", level)),
    st.sampled_from([("unknown", None), ("not_applicable", None), ("open", None)]),
)
cells = st.tuples(
    states,
    st.sampled_from(["", *layout.SOURCE_STRENGTHS]),
    st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    texts,
)
filled = st.dictionaries(st.sampled_from(PLACES), cells, max_size=25)


def judgements(entries):
    """The whole matrix of one party; what is not in `entries` is open."""
    rows = []
    for park, code in PLACES:
        (state, level), strength, day, remark = entries.get((park, code), (("open", None), "", None, ""))
        rows.append((park, code, "police", state, level, remark, strength, day))
    return frame_of(rows)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(filled)
@example({PLACES[0]: (("open", None), "", None, '_x0041_ en =A1 of \'+31, "zo" &amp; <b>')})
def test_any_judgements_come_back_as_they_were_and_make_the_same_file_again(entries):
    """Levels, the four states, source strengths, dates and remarks, whatever they hold; without a finding."""
    frame = judgements(entries)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "urk_politie.xlsx", CATALOGUE, PARKS, judgements=frame)
        matrix = load_matrix([path], CATALOGUE, PARKS, round=ROUND)
        first = path.read_bytes()
        pd.testing.assert_frame_equal(matrix.judgements, frame)
        assert [finding for finding in matrix.findings if finding.severity == "error"] == []
        assert written(path, CATALOGUE, PARKS, judgements=matrix.judgements).read_bytes() == first
