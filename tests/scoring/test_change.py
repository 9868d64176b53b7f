"""A change between rounds falls apart into judgement, knowledge and method, and nothing is left over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import combine, score_risk
from werkbank.scoring.change import split_change

from .drawn import LEAVES, THREE_GROUPS, table

PARTIES = ("police", "municipality")
PARTS = ["judgement", "knowledge", "method"]
GROUPS = ["top", "threat", "chance", "gap"]
JUDGE = {leaf: ("police", "municipality", "both")[i % 3] for i, leaf in enumerate(LEAVES)}
WHOLE = "t1 t2 t3 c1 c2 g1 g2"


def method(power=2.0, rules=("maximum", "mean"), weights=None):
    structure = THREE_GROUPS.assign(weight=THREE_GROUPS["code"].map(weights or {}).fillna(THREE_GROUPS["weight"]))
    chosen = {leaf: rules[0] if leaf.startswith("t") else rules[1] for leaf in LEAVES}
    points = dict.fromkeys(LEAVES, range(0, 101, 10))

    def score(levels):
        combined = combine(levels, points=points, rules=chosen, best_judge=JUDGE)
        return score_risk(combined, structure, mean={"threat": power}).groups

    return score


NOMINAL = method()
OTHERS = (NOMINAL, method(power=1), method(rules=("mean", "weighted")), method(weights={"threat": 0.2, "t3": 5.0}))
METHODS = st.sampled_from(OTHERS)


quick = settings(max_examples=4, deadline=None)
"""Every example holds eight units, which do not depend on one another, so it is eight examples in one."""
UNITS = [f"u{i}" for i in range(8)]


def rounds(*levels):
    """Both parties' judgements in one round, each cell one of four levels, of ten points each, or of `levels`."""
    size = len(PARTIES) * len(UNITS) * len(LEAVES)

    def tables(found):
        blocks = np.reshape(found, (len(PARTIES), len(UNITS), len(LEAVES)))
        return {party: pd.DataFrame(each, UNITS, LEAVES) for party, each in zip(PARTIES, blocks, strict=True)}

    return st.lists(st.sampled_from([0.0, 3, 7, 10, *levels]), min_size=size, max_size=size).map(tables)


ANY = rounds(np.nan, np.nan)
KNOWN = rounds()


def split(old, new, score_old=NOMINAL, score_new=NOMINAL):
    found = split_change(old, new, score_old, score_new).table
    return found.set_index(["unit", "group"])


def one(drawing):
    """One party's judgements on the seven indicators; the other party knows nothing."""
    values = table(f"{WHOLE}\n p {drawing}") / 10
    return {"police": values, "municipality": values * np.nan}


@quick
@given(ANY, ANY, METHODS, METHODS)
def test_the_parts_add_up_to_the_change_of_each_rounds_score_by_its_own_method(old, new, score_old, score_new):
    """A group is split exactly where a cell of it is known in both rounds; the total where a threat is."""
    found = split(old, new, score_old, score_new)
    whole = found[found["splittable"]]
    assert (whole[PARTS].sum(axis=1) - whole["change"]).abs().le(1e-9).all()
    assert (found["new"] - found["old"] - found["change"]).dropna().abs().le(1e-9).all()
    assert found["old"].unstack()[GROUPS].equals(score_old(old)[GROUPS])
    assert found["new"].unstack()[GROUPS].equals(score_new(new)[GROUPS])
    splittable = found["splittable"].unstack()
    shared = sum((old[party].notna() & new[party].notna()).astype(int) for party in PARTIES)
    for group in ("threat", "chance", "gap"):
        own = [leaf for leaf in LEAVES if leaf[0] == group[0]]
        assert (splittable[group] == (shared[own].sum(axis=1) > 0)).all()
    assert splittable["top"].equals(splittable["threat"])


@quick
@given(ANY, ANY)
def test_when_cells_were_only_learned_nothing_was_judged_differently(old, extra):
    """The old judgements stand, new ones come beside them."""
    new = {party: old[party].fillna(extra[party]) for party in PARTIES}
    found = split(old, new)
    assert (found[["judgement", "method"]].fillna(0) == 0).all(axis=None)


@quick
@given(KNOWN, KNOWN, ANY)
def test_when_the_same_cells_are_known_all_of_it_is_judgement(old, new, mask):
    old, new = ({party: values.where(mask[party].notna()) for party, values in each.items()} for each in (old, new))
    found = split(old, new)
    assert (found[["knowledge", "method"]].fillna(0) == 0).all(axis=None)
    assert found["judgement"].dropna().equals(found.loc[found["splittable"], "change"])


@quick
@given(ANY, ANY)
def test_backwards_in_time_every_part_turns_its_sign(old, new):
    there, back = split(old, new), split(new, old)
    assert (there[[*PARTS, "change"]] + back[[*PARTS, "change"]]).fillna(0).abs().le(1e-9).all(axis=None)


@quick
@given(ANY, ANY, st.permutations(LEAVES), st.booleans())
def test_the_order_of_parties_columns_and_units_changes_nothing(old, new, order, turned):
    def shuffled(values):
        parties = reversed(PARTIES) if turned else PARTIES
        return {party: values[party][order].iloc[::-1] for party in parties}

    plain = split(old, new)
    assert plain.equals(split(shuffled(old), new).loc[plain.index])
    assert plain.equals(split(old, shuffled(new)).loc[plain.index])


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        # A cell that was known and is known no more is knowledge too.
        ("0 0 0 0 100 0 0", "0 0 0 0 ? 0 0", [-50, 0, -50, 0]),
        # c1 goes from 0 to 100 and is all that is shared; c2 goes from known 100 to unknown: +100 and −50 make +50.
        ("0 0 0 0 100 0 0", "0 0 0 100 ? 0 0", [50, 100, -50, 0]),
    ],
)
def test_parts_by_hand(old, new, parts):
    assert split(one(old), one(new)).loc[("p", "chance"), ["change", *PARTS]].tolist() == parts
    # One suspicion of 60 known; a nought of equal weight is learned: √(60²/2) instead of 60.
    found = split(one("? 60 ? 0 0 0 0"), one("? 60 0 0 0 0 0")).loc[("p", "threat")]
    assert found[["old", *PARTS]].tolist() == pytest.approx([60, 0, 60 * np.sqrt(2 / 3) - 60, 0])


@quick
@given(ANY, METHODS, METHODS)
def test_when_only_the_method_changed_the_method_is_the_change(values, score_old, score_new):
    """And the same matrix by the same method changes nothing."""
    found = split(values, values, score_old, score_new)
    assert (found[["judgement", "knowledge"]].fillna(0) == 0).all(axis=None)
    assert found["method"].dropna().equals(found.loc[found["splittable"], "change"])
    assert (split(values, values)[[*PARTS, "change"]].fillna(0) == 0).all(axis=None)


def test_another_party_is_another_cell():
    """The police knew c1 at 100, now only the municipality does, at 100 as well: nothing is known by one in both."""
    old = one("0 0 0 100 ? 0 0")
    new = {"police": old["municipality"], "municipality": old["police"]}
    found = split(old, new).loc[("p", "chance")]
    assert found["change"] == 0
    assert not found["splittable"]
    assert found[PARTS].isna().all()


def test_without_a_shared_threat_the_total_has_no_parts_but_its_change():
    """And nothing known in a round leaves no change at all."""
    found = split(one("100 ? ? 0 0 0 0"), one("? 0 ? 0 0 0 0"))
    assert found.loc[("p", "top"), "change"] == -50
    assert found.loc[("p", "top"), PARTS].isna().all()
    assert found.loc[("p", "chance"), PARTS].tolist() == [0, 0, 0]
    nothing = split(one("? ? ? ? ? ? ?"), one("0 0 0 0 0 0 0"))
    assert nothing["change"].isna().all()
    assert not nothing["splittable"].any()


def test_units_of_one_round_are_listed_and_not_split():
    old, new = one("0 0 0 0 0 0 0"), one("0 0 0 0 0 0 0")
    old = {party: pd.concat([each, each.set_axis(["gone"])]) for party, each in old.items()}
    new = {party: pd.concat([each.set_axis(["fresh"]), each]) for party, each in new.items()}
    found = split_change(old, new, NOMINAL, NOMINAL)
    assert (found.only_old, found.only_new) == (("gone",), ("fresh",))
    assert set(found.table["unit"]) == {"p"}


def test_a_party_in_one_round_only_is_refused():
    whole = one("0 0 0 0 0 0 0")
    with pytest.raises(ScoringError, match="“municipality” staat maar in één ronde"):
        split_change(whole, {"police": whole["police"]}, NOMINAL, NOMINAL)
