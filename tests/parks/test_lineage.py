"""What became of parks: a file of people, strictly read, by which the list of an earlier round comes back."""

import pandas as pd
import pytest

from werkbank.errors import RegisterError
from werkbank.parks.lineage import FILE_NAME, ParkChange, load_lineage

PARKS = "park_id,name,municipality,net_ha,longitude\nC,Cee,urk,3,5.2\nM,Em,urk,4,\nS,Es,almere,5,\nT,Tee,almere,6,\n"
HEAD = "round,before,before_name,after\n"
HISTORY = """round,before,before_name,after,municipality
2026-1,B,Bee,C,
2025-1,A,Aa,B,
2025-1,X,Ix,M,
2025-1,Y,IJ,M,
2026-1,S,Es van toen,S,
2026-1,S,Es van toen,T,
2026-1,G,Gee,,dronten
"""


@pytest.fixture
def lineage(stored):
    return lambda text: load_lineage(stored(PARKS, park_changes__csv=text).parent)


def test_each_list_of_then_comes_back_and_a_park_is_followed_through_every_name(lineage):
    """A renamed park has its figures of now, another that is no more has none; the codes lead from any round to any."""
    found = lineage(HISTORY)
    lists = {of: found.parks_in(of).set_index("park_id") for of in ("2024-1", "2025-1", "2026-1", "2027-1")}
    assert {of: sorted(own.index) for of, own in lists.items()} == {
        "2024-1": ["A", "G", "S", "X", "Y"],
        "2025-1": ["B", "G", "M", "S"],
        "2026-1": ["C", "M", "S", "T"],
        "2027-1": ["C", "M", "S", "T"],
    }
    then, now = lists["2024-1"], lists["2026-1"]
    assert then.loc["A"].tolist() == ["Aa", "urk", 3.0, 5.2]
    assert then["municipality"].to_dict() == {"A": "urk", "G": "dronten", "S": "almere", "X": "urk", "Y": "urk"}
    assert then.loc["S", "name"] == "Es van toen"
    assert then["net_ha"].isna().to_dict() == {"A": False, "G": True, "S": True, "X": True, "Y": True}
    assert then.dtypes.equals(now.dtypes)
    assert found.codes_since("2024-1", "2026-1") == {"A": "C", "S": "S (2024-1)"}, "S of then was another park"
    assert found.codes_since("2025-1", "2026-1") == {"B": "C", "S": "S (2025-1)"}
    assert found.codes_since("2024-1", "2025-1") == {"A": "B"}
    assert set(found.ever["park_id"]) == {*"ABCGMSTXY"}
    assert found.between("2024-1", "2026-1") == (
        ParkChange("renamed", "2025-1", ("A",), ("B",), {"A": "Aa", "B": "Bee"}),
        ParkChange("merged", "2025-1", ("X", "Y"), ("M",), {"X": "Ix", "Y": "IJ", "M": "Em"}),
        ParkChange("renamed", "2026-1", ("B",), ("C",), {"B": "Bee", "C": "Cee"}),
        ParkChange("split", "2026-1", ("S",), ("S", "T"), {"S": "Es van toen", "T": "Tee"}),
        ParkChange("gone", "2026-1", ("G",), (), {"G": "Gee"}),
    )
    assert [one.kind for one in found.between("2025-1", "2026-1")] == ["renamed", "split", "gone"]


def test_a_name_alone_can_change_and_without_a_file_nothing_did(lineage, tmp_path):
    found = lineage(HEAD + "2026-1,C,Cee van toen,C\n")
    assert found.parks_in("2025-1").set_index("park_id")["name"]["C"] == "Cee van toen"
    assert (found.codes_since("2025-1", "2026-1"), found.changes[0].kind) == ({}, "renamed")
    (tmp_path / FILE_NAME).unlink()
    again = load_lineage(tmp_path)
    assert again.changes == ()
    pd.testing.assert_frame_equal(again.parks_in("2020-1"), again.ever)


FAULTS = {
    "not a list": ("x\n", [("missing-column", 1)] * 4),
    "a column twice": ("round,before,before_name,after,after\n2026-1,B,Bee,C,C\n", [("doubled-column", 1)]),
    "too many fields": (HEAD + "2026-1,B,Bee,C,x\n", [("extra-field", 2)]),
    "no name, no round": (HEAD + ",B,,C\n", [("empty-field", 2)] * 2),
    "gone from where": (HEAD + "2026-1,G,Gee,\n", [("empty-field", 2)]),
    "no codes": (HEAD + "2026/1,../B,Bee,C C\n", [("wrong-change", 2)] * 3),
    "said twice": (HEAD + "2026-1,B,Bee,C\n2026-1,B,Bee,C\n", [("doubled-change", 3)]),
    "gone and not gone": (
        "round,before,before_name,after,municipality\n2026-1,B,Bee,C,\n2026-1,B,Bee,,urk\n",
        [("doubled-change", 3)],
    ),
    "renamed twice in a round": (HEAD + "2026-1,A,Aa,B\n2026-1,B,Bee,C\n", [("changed-twice", 2)]),
    "two swapped": (
        HEAD + "2026-1,C,Cee,M\n2026-1,M,Em,C\n",
        [("changed-twice", 2), ("changed-twice", 3)],
    ),
    "a circle": (
        HEAD + "2025-1,A,Aa,B\n2026-1,B,Bee,A\n2026-2,A,Aa,C\n",
        [("park-came-back", 3), ("park-came-back", 4)],
    ),
    "goes on twice": (HEAD + "2025-1,A,Aa,C\n2026-1,A,Aa,M\n", [("park-came-back", 3)]),
    "goes on as nothing known": (HEAD + "2026-1,B,Bee,D\n", [("unknown-after", 2)]),
    "still in the list": (HEAD + "2026-1,M,Em,C\n", [("park-still-there", 2)]),
    "all at once": (
        HEAD + "2026-1,B,Bee,D\n2026-1,,x,C\n2026-1,M,Em,C\n",
        [("empty-field", 3), ("unknown-after", 2), ("park-still-there", 4)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_is_named_with_its_line(lineage, name):
    text, expected = FAULTS[name]
    with pytest.raises(RegisterError) as caught:
        lineage(text)
    assert [(one.rule, one.line) for one in caught.value.findings] == expected
    assert {one.file for one in caught.value.findings} == {FILE_NAME}
    assert all(one.remedy and "{" not in str(one) for one in caught.value.findings)
