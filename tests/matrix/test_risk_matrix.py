"""RiskMatrix: four states kept apart, immutable, the same whatever the order."""

import dataclasses
import itertools
import pickle

import pandas as pd
import pytest

from werkbank.errors import Finding
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import COLUMNS, KEPT, RiskMatrix, Source, Whereabouts, by_park

from .drawing import frame_of

PARKS, CODES, PARTIES = ("P-02", "P-01"), ("V02", "V01"), ("police", "municipality")
STATES = {
    ("P-02", "V02"): ("level", 0), ("P-02", "V01"): ("unknown", None),
    ("P-01", "V02"): ("not_applicable", None), ("P-01", "V01"): ("open", None),
}  # fmt: skip


def frame(states=None, party="police", order=1):
    drawn = list((states or STATES).items())[::order]
    return frame_of([(*place, party, *said, "geheim", "A", pd.Timestamp("2026-01-15")) for place, said in drawn])


def matrix(judgements=None, **changes):
    source = Source("urk_politie.xlsx", "urk", "police", "0" * 64, fictional=False)
    fields = {"round": "2026-1", "park_ids": PARKS, "indicators": CODES, "parties": PARTIES, "sources": (source,),
              "findings": (), "_judgements": frame() if judgements is None else judgements}  # fmt: skip
    return RiskMatrix(**(fields | changes))


def test_columns_and_types_are_fixed():
    """Also of an empty frame: text, Int8, and dates to the second."""
    for each in (frame(), frame_of([])):
        assert tuple(each.columns) == COLUMNS
        types = {name: str(kind) for name, kind in each.dtypes.items()}
        assert types.pop("level") == "Int8"
        assert types.pop("date") == "datetime64[s]"
        assert set(types.values()) == {"str"}


def test_what_is_kept_of_a_judgement_is_named():
    """Free text is not among it, and a column that nobody named is not either."""
    assert KEPT == ("park_id", "indicator", "party", "state", "level", "source_strength", "date")
    assert set(COLUMNS) - set(KEPT) == {"remark"}


def test_states_stay_four():
    """Each state is still itself in the table; only a level is a number, and a nought is a nought."""
    states, levels, flags = matrix().states("police"), matrix().levels("police"), matrix().not_applicable("police")
    assert {cell: states.loc[cell] for cell in STATES} == {cell: state for cell, (state, _) in STATES.items()}
    assert levels.stack().dropna().to_dict() == {("P-02", "V02"): 0.0}
    assert flags.dtypes.eq(bool).all()
    assert flags.stack().to_dict() == {cell: cell == ("P-01", "V02") for cell in flags.stack().index}


def test_tables_span_all_parks_and_indicators_in_their_own_order():
    """Also for a party that delivered nothing, and a park nobody judged."""
    wide = matrix(park_ids=(*PARKS, "P-03"))
    for party, table in itertools.product(PARTIES, (wide.levels, wide.not_applicable, wide.states)):
        assert tuple(table(party).index) == (*PARKS, "P-03")
        assert tuple(table(party).columns) == CODES
    assert wide.levels("municipality").isna().all(axis=None)
    assert wide.levels("municipality").dtypes.eq("float64").all()
    assert not wide.not_applicable("municipality").any(axis=None)
    assert wide.states("municipality").eq("open").all(axis=None)


def test_a_cell_that_one_party_judged_twice_has_no_place_in_a_table():
    """Rather no table than one in which the last word counts; what is no park or indicator of it is left out."""
    twice = pd.concat([frame(), frame({("P-01", "V01"): ("level", 3)})], ignore_index=True)
    with pytest.raises(ValueError, match="twice"):
        matrix(twice).levels("police")
    strange = frame(STATES | {("P-09", "V01"): ("level", 3), ("P-01", "V09"): ("level", 3)})
    assert matrix(strange).levels("police").equals(matrix().levels("police"))


def test_what_is_handed_out_is_a_copy():
    whole = matrix()
    judged, levels = whole.judgements, whole.levels("police")
    judged["state"] = "open"
    del judged["level"]
    levels.loc[:, :] = 9
    assert whole.equals(matrix())
    with pytest.raises(dataclasses.FrozenInstanceError):
        whole.round = "2025-1"
    assert pickle.loads(pickle.dumps(whole)).equals(whole)


def test_equal_is_what_holds_the_same_judgements():
    """Whatever the order of the rows and whatever the files; another round or another level is another matrix."""
    assert matrix().equals(matrix(frame(order=-1), sources=(), findings=()))
    assert not matrix().equals(matrix(round="2025-1"))
    assert not matrix().equals(matrix(frame(STATES | {("P-02", "V02"): ("level", 1)})))
    assert not matrix().equals(matrix(frame(STATES | {("P-02", "V01"): ("open", None)})))
    assert not matrix().equals(matrix(frame(party="municipality")))


def test_a_selection_keeps_the_order_and_the_findings():
    """Some parks, in the matrix's own order; who is not in it is not added."""
    finding = Finding(rule="r", severity="warning", found="f", allowed="a", remedy="m")
    part = matrix(findings=(finding,)).select(("P-01", "P-99"))
    assert part.park_ids == ("P-01",)
    assert set(part.judgements["park_id"]) == {"P-01"}
    assert part.findings == (finding,)
    assert matrix().select(("P-01", "P-02")).park_ids == PARKS
    assert matrix().select(()).judgements.empty


def test_it_says_what_is_in_it():
    """One Dutch line with the four states counted, escaped in a notebook; never a remark."""
    text = str(matrix(round="<b>2026"))
    assert "2 terreinen × 2 indicatoren, 2 partijen" in text
    assert "1 ingevuld, 1 onbekend, 1 n.v.t. en 1 leeg" in text
    assert "&lt;b&gt;2026" in matrix(round="<b>2026")._repr_html_()
    assert "geheim" not in f"{matrix()}{matrix()!r}{matrix()._repr_html_()}"
    assert (matrix().delivered(), matrix(sources=()).delivered()) == (("police",), ())
    assert "1 terrein × 2 indicatoren, 1 partij;" in str(matrix(park_ids=("P-01",), parties=("police",)))


SHEET = Whereabouts(
    "urk_politie.xlsx", "police", "Matrix", {"P-02": 2, "P-01": 28}, {"V01": 9}, remark_sheet="Toelichting",
    remark_columns={"remark": 4, "date": 3}, remarks={("P-02", "V01"): 6},
)  # fmt: skip
LINES = Whereabouts(
    "x.csv", "municipality", None, entries={("P-01", "V01"): 1}, level_column=4, remarks={("P-01", "V01"): 1},
    remark_columns={"remark": 5}, lines=(1, 4, 5),
)  # fmt: skip


def test_a_judgement_and_what_stands_beside_it_know_the_cell_or_the_line_where_they_stood():
    """Sheet and cell of a matrix, the line of a text file, for remark and date their own column; else None."""
    whole = matrix(_places=by_park([SHEET, LINES]))
    assert whole.place_of("P-02", "V01", "police") == Place("urk_politie.xlsx", "Matrix", "C10")
    assert whole.place_of("P-01", "V01", "police") == Place("urk_politie.xlsx", "Matrix", "AC10")
    assert whole.place_of("P-01", "V01", "municipality") == Place("x.csv", cell="E2", line=4)
    for nowhere in (("P-02", "V02", "police"), ("P-03", "V01", "police"), ("P-02", "V01", "municipality")):
        assert whole.place_of(*nowhere) is None
    assert matrix().place_of("P-02", "V01", "police") is None
    assert whole.place_of("P-02", "V01", "police", "remark") == Place("urk_politie.xlsx", "Toelichting", "E7")
    assert whole.place_of("P-02", "V01", "police", "date") == Place("urk_politie.xlsx", "Toelichting", "D7")
    assert whole.place_of("P-02", "V01", "police", "source_strength") is None
    assert whole.place_of("P-01", "V01", "police", "remark") is None
    assert whole.place_of("P-01", "V01", "municipality", "remark") == Place("x.csv", cell="F2", line=4)
