"""The advice says which parks score highest, and never more than the scores and bounds support."""

import pandas as pd
import pytest

from werkbank.advice.advice import advise
from werkbank.advice.flips import Flip
from werkbank.advice.left_out import LeftOut


def table(**parks):
    rows = {park: dict(zip(("score", "low", "high"), values, strict=True)) for park, values in parks.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.assign(rank=frame["score"].rank(method="min", ascending=False).astype("Int64"))


def names(frame):
    return pd.Series({park: f"Terrein {park}" for park in frame.index})


def advice(capacity=1, **parks):
    frame = table(**parks)
    return advise(frame, names(frame), capacity, "Urk")


def test_the_highest_total_is_advised():
    """A 60, B 40, C 20 and one park to select → A."""
    assert advice(a=(60, 55, 70), b=(40, 30, 50), c=(20, 10, 30)).park_ids == ("a",)


def test_as_many_parks_as_the_capacity():
    """Two to select → the two highest, highest first."""
    assert advice(2, a=(40, 30, 50), b=(60, 55, 70), c=(20, 10, 30)).park_ids == ("b", "a")


def test_a_tie_at_the_edge_puts_both_in():
    """A and B score the same → both are named, as equals."""
    result = advice(a=(60, 55, 70), b=(60, 50, 65), c=(20, 10, 30))
    assert result.park_ids == ("a", "b")
    assert "scoren even hoog" in result.sentence


def test_a_park_without_a_score_is_never_advised_but_can_be_a_contender():
    """Nothing known about B: it may come out anywhere."""
    result = advice(a=(60, 55, 70), b=(float("nan"), 0, 100), c=(20, 10, 30))
    assert result.park_ids == ("a",)
    assert result.contenders == ("b",)
    assert "Terrein b" in result.sentence


def test_a_park_whose_upper_bound_stays_below_is_no_contender():
    """C at most 54, A at least 55 → nothing unknown can turn this."""
    result = advice(a=(60, 55, 70), c=(20, 10, 54))
    assert result.contenders == ()
    assert "geen ander terrein" in result.sentence


def test_contenders_stand_in_the_order_of_how_high_they_could_come():
    result = advice(a=(60, 50, 70), b=(40, 30, 60), c=(30, 20, 90))
    assert result.contenders == ("c", "b")


def test_more_than_three_contenders_are_counted():
    result = advice(a=(60, 10, 70), b=(5, 0, 90), c=(5, 0, 89), d=(5, 0, 88), e=(5, 0, 87), f=(5, 0, 86))
    assert "Terrein b, Terrein c, Terrein d en 2 andere terreinen" in result.sentence


@pytest.mark.parametrize(("capacity", "parks"), [(1, {"a": (60, 50, 70)}), (2, {"a": (60, 5, 7), "b": (1, 0, 2)})])
def test_nothing_to_choose_is_no_comparison(capacity, parks):
    """One park, or no more parks than may be selected: there is nothing to compare."""
    result = advice(capacity, **parks)
    assert result.grade == "no_comparison"
    assert "niets te vergelijken" in result.sentence


def test_without_any_score_there_is_no_advice():
    nan = float("nan")
    result = advice(a=(nan, 0, 100), b=(nan, 0, 90))
    assert (result.park_ids, result.grade) == ((), "no_comparison")
    assert "geen advies mogelijk" in result.sentence


def test_the_sentence_never_states_a_crime_as_a_fact():
    """Scores are of suspicions; the sentence speaks of scores and of what is possible."""
    sentence = advice(a=(60, 55, 70), b=(40, 30, 80)).sentence
    assert "risicoscore" in sentence
    assert "mogelijk" in sentence


def test_without_recalculations_what_would_turn_it_is_told_all_the_same():
    """How sure it is needs draws; flips and what it hangs on do not."""
    frame = table(a=(60, 55, 70), b=(40, 30, 50))
    flip, hangs = Flip("weights", "b", (), True), LeftOut("party", "police", ("b",), True, ())
    found = advise(frame, names(frame), 1, "Urk", flips=(flip,), left_out=(hangs,))
    assert (found.grade, found.sureness, found.flips, found.left_out) == (None, None, (flip,), (hangs,))
