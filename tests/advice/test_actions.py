"""What to do with each park: every way to each of the four, and the signals that no average may drown (method.md 4)."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.advice.small import CATALOGUE, alike, matrix, method, scored
from werkbank.advice.reasons import actions, strong_signals

QUIET, ASIDE = "00002222", "30002222"


def action(cells, *, chance=0.0, draws=10_000, advised=False, strong=False, chosen=None):
    """What is advised of a park with these cells beside one that is advised; `chance` None: nothing recalculated."""
    card = scored(matrix({"own": cells, "A": {"police": ASIDE, "municipality": ASIDE}}), chosen)
    shares = None if chance is None else pd.Series({"own": chance, "A": 1.0})
    signals = strong_signals(card.matrix, card.parties, CATALOGUE) if strong else ()
    return actions(card, ["own"] if advised else ["A"], shares, draws, signals)["own"]


def both(cells):
    return {"police": cells, "municipality": cells}


@pytest.mark.parametrize(
    ("cells", "others", "expected"),
    [
        # Everything known and low: no cause in these figures, whatever its other groups.
        (both("00003300"), {}, "no_cause"),
        (both("11112222"), {}, "no_cause"),
        # Advised goes before all else.
        (both("????2222"), {"advised": True}, "advised"),
        # Less than two thirds of the threats by weight is known to anybody: 5 of 10 is, V02 + V03 + V04 is 8.
        (both("0?0?2222"), {}, "blind_spot"),
        (both("?0002222"), {}, "no_cause"),
        # Known to one party is known, also of a park both parties of which know a part.
        ({"police": "00??2222", "municipality": "??002222"}, {}, "no_cause"),
        # A high level beside too little known: still blind.
        (both("2???2222"), {}, "blind_spot"),
        # What counts is the threats, not the other groups; n.v.t. is not unknown, and where no threat applies none counts.
        (both("0000????"), {}, "no_cause"),
        (both("-0-02222"), {}, "no_cause"),
        (both("----2222"), {}, "no_cause"),
        # Something unknown that may bring it in, from .05 on; without anything unknown it is near.
        (both("0000222?"), {"chance": 0.06}, "blind_spot"),
        (both("0000222?"), {"chance": 0.04}, "no_cause"),
        (both(QUIET), {"chance": 0.06}, "follow"),
        # Only what two standard errors leave: .06 of 10,000 draws is .0553, of 200 draws .0264.
        (both("0000222?"), {"chance": 0.06, "draws": 200}, "no_cause"),
        (both("0000222?"), {"chance": 0.0543}, "no_cause"),
        (both("0000222?"), {"chance": 0.0547}, "blind_spot"),
        # Any party's high threat, not the combined one: under the mean police 2 and municipality 0 is 1.
        ({"police": "20002222", "municipality": QUIET}, {}, "follow"),
        ({"police": "20002222", "municipality": QUIET}, {"chosen": method(combination={"threat": "mean"})}, "follow"),
        # Without recalculations a share brings nothing.
        (both("0000222?"), {"chance": None}, "no_cause"),
        (both("???02222"), {"chance": None}, "blind_spot"),
        (both("20002222"), {"chance": None}, "follow"),
        # Where nobody looked there is never no cause, nor anything to follow.
        *((both("?" * 8), {"chance": chance}, "blind_spot") for chance in (0.0, 0.3, None)),
    ],
)
def test_every_way_to_each_action(cells, others, expected):
    assert action(cells, **others) == expected


def test_a_strong_signal_is_followed_where_nothing_else_would():
    """Of a catalogue whose high level lies above the strongest there is a level that only the signal tells."""
    card = scored(alike(own="03002222", A="33332222"))
    quiet = replace(card, matrix=alike(own=QUIET, A="33332222"))
    signals = strong_signals(card.matrix, card.parties, CATALOGUE)
    assert actions(quiet, ["A"], None, 1, signals)["own"] == "follow"
    assert actions(quiet, ["A"], None, 1, ())["own"] == "no_cause"


def test_a_strong_signal_is_any_party_s_highest_level_at_the_highest_severity_with_its_source():
    """V02 and V03 are of severity 3, V01 and V04 of 2; in the order of parks, indicators and parties."""
    said = {"B": {"police": "33232222", "municipality": "03032222"}, "A": {"police": QUIET, "municipality": "00302222"}}
    judged = matrix(said, sources={("B", "V02", "police"): "C"})
    found = strong_signals(judged, judged.parties, CATALOGUE)
    assert [(one.park_id, one.indicator, one.party, one.level, one.source_strength) for one in found] == [
        ("A", "V03", "municipality", 3, ""),
        ("B", "V02", "municipality", 3, ""),
        ("B", "V02", "police", 3, "C"),
    ]
    assert {one.party for one in strong_signals(judged, ("police",), CATALOGUE)} == {"police"}


def test_where_all_severities_are_alike_a_strong_signal_takes_source_a():
    equal = CATALOGUE.model_copy(
        update={"indicators": tuple(one.model_copy(update={"severity": 2}) for one in CATALOGUE.indicators)}
    )
    strengths = {("A", "V01", "police"): "A", ("A", "V02", "police"): "B", ("A", "G01", "police"): "A"}
    judged = matrix({"A": both("33323333")}, sources=strengths)
    assert [(one.indicator, one.party) for one in strong_signals(judged, judged.parties, equal)] == [("V01", "police")]
