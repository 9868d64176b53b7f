"""A change between rounds falls apart into judgement, knowledge, district and method, and nothing is left over."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.scoring import combine, score_risk
from werkbank.scoring.change import Methods, Said, party_drift, split_change
from werkbank.scoring.unknown_cells import describe_district

from .drawn import LEAVES, THREE_GROUPS, table

PARTIES = ("police", "municipality")
PARTS = ["judgement", "knowledge", "district", "method"]
GROUPS = ["top", "threat", "chance", "gap"]
JUDGE = {leaf: ("police", "municipality", "both")[i % 3] for i, leaf in enumerate(LEAVES)}
WHOLE = "t1 t2 t3 c1 c2 g1 g2"

POINTS = dict.fromkeys(LEAVES, range(0, 101, 10))
TWO = {"police": pd.DataFrame([[0.0, 3, 7, 10, 0, 3, 7], [7.0, 0, 3, 3, 10, 0, 0]], columns=LEAVES)}
OF_TWO = combine(TWO, points=POINTS, rules=dict.fromkeys(LEAVES, "mean"), best_judge={})
DISTRICT = describe_district(OF_TWO, correlation=0.4)
OTHER_DISTRICT = replace(DISTRICT, correlation=0.8)


def method(power=2.0, rules=("maximum", "mean"), weights=None, district=DISTRICT):
    structure = THREE_GROUPS.assign(weight=THREE_GROUPS["code"].map(weights or {}).fillna(THREE_GROUPS["weight"]))
    chosen = {leaf: rules[0] if leaf.startswith("t") else rules[1] for leaf in LEAVES}

    def score(said):
        combined = combine(said.levels, said.declined, points=POINTS, rules=chosen, best_judge=JUDGE)
        return score_risk(combined, structure, mean={"threat": power}, district=district).groups

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


def said(levels):
    """A round of levels, in which −1 is n.v.t."""
    declined = {party: table == -1 for party, table in levels.items()}
    return Said({party: table.where(~declined[party]) for party, table in levels.items()}, declined)


def split(old, new, score_old=NOMINAL, score_new=NOMINAL, then=None):
    methods = Methods(old=score_old, then=then or score_new, now=score_new, new=score_new)
    found = split_change(said(old), said(new), methods)
    return found.set_index(["unit", "group"])


def one(drawing):
    """One party's judgements on the seven indicators; the other party knows nothing."""
    values = table(f"{WHOLE}\n p {drawing}") / 10
    return {"police": values, "municipality": values * np.nan}


@quick
@given(ANY, ANY, METHODS, METHODS)
def test_the_parts_add_up_to_the_change_of_each_rounds_score_by_its_own_method(old, new, score_old, score_new):
    """Also where n.v.t. stands in one round, and where the district's picture is another one."""
    old["police"].iloc[:2, 0], new["municipality"].iloc[1:3, 4] = -1, -1
    found = split(old, new, score_old, score_new, then=method(district=OTHER_DISTRICT))
    assert (found[PARTS].sum(axis=1) - found["change"]).abs().le(1e-9).all()
    assert (found["new"] - found["old"] - found["change"]).abs().le(1e-9).all()
    assert found["old"].unstack()[GROUPS].equals(score_old(said(old))[GROUPS])
    assert found["new"].unstack()[GROUPS].equals(score_new(said(new))[GROUPS])


@quick
@given(ANY)
def test_when_only_the_picture_of_the_district_changed_that_is_the_change(values):
    """And where everything is known, it does nothing."""
    before = method(district=OTHER_DISTRICT)
    found = split(values, values, before, NOMINAL, then=before)
    assert (found[["judgement", "knowledge", "method"]] == 0).all(axis=None)
    assert found["district"].equals(found["change"])
    whole = {party: table.fillna(3) for party, table in values.items()}
    assert (split(whole, whole, before, NOMINAL, then=before)["change"].abs() < 1e-9).all()


def test_what_is_not_applicable_in_either_round_is_no_judgement():
    """c1 goes from 100 to n.v.t.: that is knowledge, and in what both rounds know it is in neither."""
    found = split(one("0 0 0 100 0 0 0"), one("0 0 0 -10 0 0 0")).loc[("p", "chance")]
    assert found[["old", "new", "judgement", "knowledge"]].tolist() == [50, 0, 0, -50]


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
    assert found["judgement"].equals(found["change"])


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


@quick
@given(ANY, METHODS, METHODS)
def test_when_only_the_method_changed_the_method_is_the_change(values, score_old, score_new):
    """And the same matrix by the same method changes nothing."""
    found = split(values, values, score_old, score_new)
    assert (found[["judgement", "knowledge"]].fillna(0) == 0).all(axis=None)
    assert found["method"].equals(found["change"])
    assert (split(values, values)[[*PARTS, "change"]] == 0).all(axis=None)


def test_another_party_is_another_cell():
    """The police knew c1 at 100, now only the municipality does, at 100 as well: no judgement is shared."""
    old = one("0 0 0 100 ? 0 0")
    new = {"police": old["municipality"], "municipality": old["police"]}
    found = split(old, new).loc[("p", "chance")]
    assert found[["change", "judgement"]].tolist() == [0, 0]
    assert found["knowledge"] == pytest.approx(0)


PARKS = 12


def moved(*steps, one=0.0):
    """Two rounds of a party at 12 parks of five cells, each park moved by so many steps; `one`: more in the last."""
    old = pd.DataFrame(1.0, range(PARKS), list("abcde"))
    by_park = np.resize(steps, PARKS) + one * (np.arange(PARKS) == PARKS - 1)
    return old, old.add(by_park, axis=0)


@pytest.mark.parametrize(
    ("police", "municipality", "raised"),
    [
        (moved(0.4, 0.6), moved(0.0, 0.1, -0.1), {"police"}),
        (moved(-0.4, -0.6), moved(0.0, 0.1, -0.1), {"police"}),
        (moved(0.4, 0.6), moved(0.6, 0.4), set()),  # all of them see it
        (moved(0.4, 0.6), moved(0.1), {"police"}),  # what both see is no drift of the one that moved less
        (moved(0.0, one=2.0), moved(0.0), set()),  # one park changed, and only one party saw it
        (moved(0.4, 0.6), moved(-0.6, -0.4), {"police", "municipality"}),
    ],
)
def test_a_party_has_drifted_where_it_moved_on_all_parks_alike_and_otherwise_than_the_others(
    police, municipality, raised
):
    old, new = ({"police": police[n], "municipality": municipality[n]} for n in (0, 1))
    told = party_drift(old, new)
    assert set(told.index[told["raised"]]) == raised
    assert not party_drift({"police": old["police"]}, {"police": new["police"]})["raised"].any()


def test_drift_of_a_party_by_hand():
    """Moves 1 to 12, of which 3 to 10 count: 6.5. Winsorised squares 2(3·3.5² + 2.5² + 1.5² + .5²) = 91, over 8·7."""
    old, new = moved(*range(1, 13))
    new.iloc[0, 1:] = np.nan
    told = party_drift({"police": old}, {"police": new}).loc["police"]
    half = 2.36462 * math.sqrt(91 / 56)
    assert told[["change", "low", "high"]].tolist() == pytest.approx([6.5, 6.5 - half, 6.5 + half], rel=1e-4)
    assert told[["parks", "cells"]].tolist() == [12, 56]
    assert party_drift({"police": old[:9]}, {"police": new[:9]}).empty
