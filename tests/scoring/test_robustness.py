"""The draws: what they leave alone, what they say of what nobody knows, and that every one can be done again by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.draws import drawn_cells
from tests.scoring.sample import EVERYTHING, GROUP_OF, INDICATORS, POINTS, THREATS, Sample, sample, tree
from werkbank.errors import ScoringError
from werkbank.scoring import score_risk
from werkbank.scoring.robustness import draw_block, first_of, robustness
from werkbank.scoring.score import evaluate

RULES = ("maximum", "mean", "weighted")


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    unknown=st.sampled_from([0.0, 0.3, 0.95]),
    rules=st.tuples(*[st.sampled_from(RULES)] * 3),
    power=st.tuples(*[st.sampled_from([1.0, 2.0, 3.5, float("inf")])] * 3),
)
def test_with_nothing_uncertain_every_draw_is_the_score(**given_choices):
    """The score is that draw, without the bits that the order of a sum leaves."""
    one = sample(**given_choices)
    found = robustness(**one.choices, uncertain={}, draws=2, seed=1).totals
    np.testing.assert_allclose(found[0], one.nominal(), rtol=0, atol=1e-9)
    assert found[0].equals(found[1])


@pytest.mark.parametrize("number", [0, 7, 301, 555])
@pytest.mark.parametrize("parties", [("municipality", "police"), ("a", "municipality", "police")])
def test_any_draw_read_back_and_scored_by_hand_gives_its_totals(number, parties):
    """Weights, rules, exponents, points, filled cells and errors are all that a draw is made of."""
    one = sample(seed=5, unknown=0.4, parties=parties)
    found = robustness(**one.choices, uncertain=EVERYTHING, draws=600, seed=3, district=one.district())
    expected = _by_hand(one, found.choices.loc[number], drawn_cells(found, number))
    np.testing.assert_allclose(found.totals[number], expected, atol=1e-9)


def test_what_is_said_alike_in_two_rounds_is_drawn_alike_whatever_changed_beside_it():
    """With one factor a unit's other cells, known and unknown, are the same in every draw; without they are not."""
    one, said = sample(seed=5, unknown=0.4), {}
    moved = one.levels["police"]["t1"].notna()
    for party, table in one.levels.items():
        later = table.assign(t1=(table["t1"] + 1) % 4) if party == "police" else table
        said[party] = pd.concat([table, later], ignore_index=True)
    declined = {party: pd.concat([table, table], ignore_index=True) for party, table in one.not_applicable.items()}
    both = Sample(said, declined, one.rules, one.power)
    shared = {"uncertain": EVERYTHING, "draws": 40, "seed": 3, "district": one.district(), "streams": [*one.units] * 2}
    alike, apart = (robustness(**both.choices, **shared, one_factor=each) for each in (True, False))
    before, after = np.split(alike.totals.to_numpy(), 2)
    assert ((before == after).all(axis=1) == ~moved.to_numpy()).all()

    def drawn(found, number, half):
        cells = drawn_cells(found, number)
        cells["round"], cells["unit"] = cells["unit"].floordiv(len(one.units)), cells["unit"] % len(one.units)
        own = cells[(cells["round"] == half) & (cells["indicator"] != "t1")]
        return own.drop(columns="round").values.tolist()

    assert all(drawn(alike, number, 0) == drawn(alike, number, 1) for number in range(40))
    assert any(drawn(apart, number, 0) != drawn(apart, number, 1) for number in range(40))


def _by_hand(one, chosen, cells):
    levels = {party: table.copy() for party, table in one.levels.items()}
    first = min(levels)
    for row in cells.itertuples():
        levels[row.party or first].loc[row.unit, row.indicator] = row.level
    structure = tree().set_index("code")
    for group in GROUP_OF.values():
        structure.loc[group, "weight"] = chosen[f"weight {group}"]
    for code in INDICATORS:
        structure.loc[code, "weight"] *= chosen[f"factor {code}"]
    drawn = {code: [chosen[f"points {code} {step}"] for step in range(len(POINTS[code]))] for code in INDICATORS}
    points = {code: rises[::-1] if POINTS[code][0] > POINTS[code][-1] else rises for code, rises in drawn.items()}
    rules = {code: chosen[f"rule {GROUP_OF[code[0]]}"] for code in INDICATORS}
    power = {group: chosen[f"power {group}"] for group in GROUP_OF.values()}
    read_back = Sample(levels, one.not_applicable, rules, power)
    choices = {**read_back.choices, "combined": read_back.combined(points=points), "structure": structure.reset_index()}
    return score_risk(**choices).total


def test_the_same_seed_gives_the_same_bytes():
    """However a table lies in memory, whatever the order of parties and columns; another seed gives other draws."""
    one = sample(units=12)
    turned = {
        party: pd.DataFrame(np.array(table, order="F"), table.index, table.columns, copy=False)[INDICATORS[::-1]]
        for party, table in reversed(one.levels.items())
    }

    def found(each=one, seed=9):
        choices = {**each.choices, "uncertain": EVERYTHING, "draws": 1_300, "district": one.district()}
        return robustness(**choices, seed=seed).totals.to_numpy().tobytes()

    assert found() == found() == found(replace(one, levels=turned))
    assert found() != found(seed=10)


def test_what_is_drawn_of_a_park_hangs_on_no_other_park_and_on_no_order():
    """The same in municipality and district, whatever the rows; variants of a park share its stream; parks differ."""
    one = sample(units=12, unknown=0.5)
    shared = {"uncertain": EVERYTHING, "draws": 300, "seed": 4, "district": one.district()}
    whole = robustness(**one.choices, **shared)
    some = ["P7", "P2", "P9"]
    for units in (some, some[::-1], list(one.units[::-1])):
        less = robustness(**one.only(units).choices, **shared)
        pd.testing.assert_frame_equal(less.totals, whole.totals.loc[units], check_exact=True)
        pd.testing.assert_frame_equal(less.choices, whole.choices, check_exact=True)
    for table in (*one.levels.values(), *one.not_applicable.values()):
        table.loc["P7"] = table.loc["P2"]
    alike = robustness(**one.choices, **shared).totals
    assert (alike.loc["P7"] != alike.loc["P2"]).mean() > 0.9
    keys = [unit if unit != "P7" else "P2" for unit in one.units]
    named = robustness(**one.choices, **shared, streams=keys).totals
    assert named.loc["P7"].equals(named.loc["P2"].rename("P7"))
    assert named.loc["P2"].equals(alike.loc["P2"])


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_the_mean_over_draws_of_what_is_missing_approaches_what_is_expected(power):
    """Of Σ w u^p within each group, which is what the score takes the root of; within four standard errors."""
    one = sample(seed=11, units=6, unknown=0.7, power=(power, 1.0, 1.0))
    district, draws = one.district(), 20_000
    found = robustness(**one.choices, uncertain={"missing": True}, draws=draws, seed=8, district=district)
    nominal = score_risk(**one.choices, district=district)
    choices = replace(found.drawn, changes=found.drawing.cells.draw(8, 0, draws))
    groups = evaluate(found.plan, choices).groups ** found.plan.powers
    expected = nominal.groups[list(found.plan.groups)].to_numpy() ** found.plan.powers
    error = groups.std(axis=0) / np.sqrt(draws)
    assert np.nanmax(np.abs(groups.mean(axis=0) - expected) / np.maximum(error, 1e-6)) < 4
    assert (error > 0).sum() > 10


def test_switching_one_uncertainty_off_leaves_the_draws_of_the_others():
    one, rest = sample(), {name: option for name, option in EVERYTHING.items() if name != "scale_points"}
    shared = {**one.choices, "draws": 50, "seed": 1, "district": one.district()}
    full, less = (robustness(**shared, uncertain=named).choices for named in (EVERYTHING, rest))
    kept = [name for name in full.columns if not name.startswith("points")]
    assert full[kept].equals(less[kept])


def test_a_wholly_unknown_unit_has_a_wide_interval_and_wider_than_cells_drawn_apart():
    """Drawn one by one its cells average out (method.md 6); with a factor in common they do not."""
    one = sample(units=40, unknown=0.1, not_applicable=0.0)
    for table in one.levels.values():
        table.iloc[0] = np.nan
    widths = []
    for correlation in (0.0, 0.6):
        district = one.district(correlation=correlation)
        found = robustness(**one.choices, uncertain={"missing": True}, draws=3_000, seed=1, district=district)
        width, *others = found.intervals["score_high"] - found.intervals["score_low"]
        widths.append(width)
        assert width > 3 * np.median(others)
    assert widths[1] > 1.25 * widths[0]
    assert found.intervals["rank_high"].iloc[0] - found.intervals["rank_low"].iloc[0] > 20


def said(one, police, municipality):
    """Everyone says the same of every threat."""
    one.levels["police"].loc[:, THREATS] = police
    one.levels["municipality"].loc[:, THREATS] = municipality
    return one


def every_third(found):
    return pd.concat([drawn_cells(found, number) for number in range(0, found.draws, 3)])


def moved_threats(one, draws=90):
    """How often each threat got another level than was said, as a share of the cells."""
    district = one.district(correlation=0.3, error=0.4)
    found = robustness(**one.choices, uncertain={"party_error": True}, draws=draws, seed=1, district=district)
    cells = every_third(found)
    cells = cells[cells["indicator"].isin(THREATS) & (cells["party"] == "police")]
    return cells["level"].value_counts() / (draws / 3 * len(one.units) * len(THREATS))


def test_what_one_party_says_is_a_step_off_as_often_as_parties_err_and_stays_within_the_scale():
    """Error 0.4: half a step off in 0.2 of the cells; how that divides over up and down follows what occurs."""
    one = said(sample(units=30, unknown=0.0, not_applicable=0.0), 1.0, np.nan)
    mixed = sample(units=400, unknown=0.0, seed=8).district(correlation=0.0, error=0.4)
    found = robustness(**one.choices, uncertain={"party_error": True}, draws=300, seed=1, district=mixed)
    cells = every_third(found)
    shares = cells[cells["indicator"] == "t4"]["level"].value_counts() / (100 * 30)
    frequencies = np.array(mixed.frequencies["t4"])
    # Bayes by hand, for a scale of four: what is so, given that one party says 1.
    likely = frequencies[:3] * np.array([0.1, 0.8, 0.1])
    expected = likely / likely.sum()
    assert shares[0] == pytest.approx(expected[0], abs=0.02)
    assert shares[2] == pytest.approx(expected[2], abs=0.02)
    assert set(shares.index) == {0, 2}


def test_no_word_reaches_a_step_that_cannot_be_so(monkeypatch):
    """Nor the highest there is: a judgement is a step off, never two, and never beyond its scale."""
    one = said(sample(units=6, unknown=0.0, not_applicable=0.0), 0.0, 0.0)
    uncertain = {"party_error": True}
    found = robustness(**one.choices, uncertain=uncertain, draws=5, seed=1, district=one.district())

    class Highest:
        def random(self, size):
            return np.linspace(0.0, 1.0, size, endpoint=False)

        def integers(self, _low, high, size, dtype):
            return np.full(size, high - 1, dtype=dtype)

    monkeypatch.setattr(np.random, "Generator", lambda _bits: Highest())
    said_cells = found.plan.cells
    codes = said_cells.codes + found.drawing.cells.draw(1, 0, 50)
    said_steps, drawn = said_cells.steps.max(axis=0), said_cells.digits[codes].max(axis=-1) - 2
    apart = drawn - said_steps
    threats = [said_cells.indicators.index(code) for code in THREATS]
    assert set(np.unique(apart[:, :, threats])) == {0, 1}
    assert apart[:, :, threats].max(axis=0).min() == 1
    assert apart.max() <= 1


def test_where_what_is_said_is_too_low_what_is_unknown_is_higher_too():
    """Errors and unknown cells hang on the same factor: drawn apart, a total would vary too little."""
    one = sample(seed=6, units=40, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.iloc[0] = [np.nan, 1, 1, 1, 1, 1, 1, 1, 1]
    district = one.district(correlation=0.6, error=0.8)
    uncertain = {"missing": True, "party_error": True}
    found = robustness(**one.choices, uncertain=uncertain, draws=4_000, seed=1, district=district)
    filled = found.missing[:, 0]
    changes = np.concatenate(
        [draw_block(found.plan, found.drawing, block, 250).changes.reshape(250, 40, -1)[:, 0] for block in range(16)]
    )
    raised = np.sign(changes).sum(axis=1)
    assert np.corrcoef(filled, raised)[0, 1] > 0.1


def test_two_parties_are_doubted_less_than_one_and_only_as_far_as_an_error_goes():
    """Between two a step apart is one of them; two steps apart they know different things, and nothing is moved."""
    one = {"units": 20, "unknown": 0.0, "not_applicable": 0.0}
    alone = moved_threats(said(sample(**one), 1.0, np.nan)).sum()
    assert moved_threats(said(sample(**one), 1.0, 1.0)).sum() < alone / 3
    shares = moved_threats(said(sample(**one), 1.0, 2.0))
    assert set(shares.index) == {2}
    assert 0 < shares[2] < 1
    for police, municipality in ((0.0, 2.0), (3.0, 1.0), (0.0, 3.0)):
        assert moved_threats(said(sample(**one), police, municipality)).empty
    three = said(sample(**one, parties=("a", "municipality", "police")), 2.0, 1.0)
    three.levels["a"].loc[:, THREATS] = 0.0
    assert moved_threats(three).empty


@pytest.mark.parametrize("rule", ["maximum", "mean", "weighted", "consensus"])
def test_a_recorded_agreement_is_neither_moved_nor_combined_otherwise(rule):
    one = sample(units=4, unknown=0.0, not_applicable=0.0)
    agreed = pd.DataFrame(1.0, index=one.units, columns=INDICATORS)
    rules = dict.fromkeys(INDICATORS, rule)
    combined = one.combined(rules=rules, consensus=agreed, consensus_default=dict.fromkeys(INDICATORS, "mean"))
    uncertain = {"party_error": True, "combination": ["maximum", "mean"]}
    choices = {**one.choices, "combined": combined}
    found = robustness(**choices, uncertain=uncertain, draws=40, seed=1, district=one.district())
    assert found.totals.nunique(axis=1).eq(1).all()


SURE = {name: option for name, option in EVERYTHING.items() if name not in ("missing", "party_error")}


def test_equal_units_tie_in_every_draw_and_who_is_above_in_every_cell_is_above_in_all():
    one = sample(units=5, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.loc["P1"] = table.loc["P0"]
        table.loc["P2"], table.loc["P3"] = [3, 3, 3, 3, 2, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0, 3, 3, 3]
    found = robustness(**one.choices, uncertain=SURE, draws=500, seed=1)
    assert found.pairwise.loc["P0", "P1"] == 0.5
    assert found.p_first["P0"] == found.p_first["P1"]
    assert (found.pairwise.loc["P2", "P3"], found.pairwise.loc["P3", "P2"]) == (1, 0)


def test_the_shares_fit_together():
    one = sample(units=9)
    found = robustness(**one.choices, uncertain=EVERYTHING, draws=800, seed=1, district=one.district())
    assert found.p_first.sum() == pytest.approx(1)
    assert found.p_top(3).sum() == pytest.approx(3)
    assert found.p_top(9).eq(1).all()
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1)
    wins = found.pairwise.to_numpy()
    np.testing.assert_allclose(wins + wins.T, 1)
    top = found.p_first.idxmax()
    assert found.comes_out([top]).mean() == pytest.approx(found.p_first[top])
    intervals = found.intervals
    assert (intervals["score_low"] <= intervals["score_median"]).all()
    assert intervals["rank_low"].between(1, 9).all()


def test_the_first_among_some_are_counted_among_these_alone():
    """One that is not among them: against those and itself; with as many seats as there are all are in."""
    one, some = sample(units=6), ["P1", "P4", "P5"]
    shared = {"uncertain": EVERYTHING, "draws": 400, "seed": 2, "district": one.district()}
    units = (list(one.units), some, [*some, "P0"])
    found, apart, beside = (robustness(**one.only(own).choices, **shared) for own in units)
    for k in (1, 2):
        pd.testing.assert_series_equal(found.p_top(k, some)[some], apart.p_top(k), check_exact=True)
        assert (found.comes_out(some[:k], some) == apart.comes_out(some[:k])).all()
        assert found.p_top(k, some)["P0"] == pytest.approx(beside.p_top(k)["P0"])
    assert found.p_top(3, some)[some].eq(1).all()
    assert found.p_top(9, some).eq(1).all()


def test_a_tie_over_the_edge_is_split_also_for_who_is_not_among_them():
    own, others = np.array([2.0, 2.0, 2.0]), np.array([[2.0, 1.0], [2.0, 2.0], [3.0, 2.0 + 1e-10]])
    assert first_of(1, own, others).tolist() == [1 / 2, 1 / 3, 0]
    assert first_of(2, own, others).tolist() == [1, 2 / 3, 1 / 2]
    assert first_of(2, np.array([np.nan] * 3), others).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"uncertain": {"group_weight": {"concentration": 30}}}, "unknown-uncertainty"),
        ({"uncertain": {"party_error": True}}, "no-district"),
        ({"uncertain": {"missing": True}}, "no-district"),
        ({"draws": 0}, "bad-draws"),
        # Minus infinity would otherwise pass for the highest, and nought has no root.
        *(({"mean": {"threat": wrong}}, "no-contributions") for wrong in ("geometric", "harmonic", -np.inf, -2.0, 0.5)),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(changed, rule):
    """What an option may be is tried where the method is read (tests/settings/test_parameters.py)."""
    choices = {**sample().choices, "uncertain": {}, "draws": 5, "seed": 1, **changed}
    with pytest.raises(ScoringError, match=rule):
        robustness(**choices)


def test_one_unit_is_first_and_no_unit_is_no_fault():
    one = sample(units=1, unknown=0.0, not_applicable=0.0)
    choices = {**one.choices, "uncertain": {}, "draws": 5, "seed": 1}
    assert robustness(**choices).p_first["P0"] == 1.0
    assert robustness(**choices | one.only([]).choices).p_first.empty
    with pytest.raises(ScoringError, match="P99"):
        robustness(**choices).comes_out(["P99"])


def test_threat_weights_lie_in_the_stretch_that_the_method_names():
    """Dirichlet 30 around 0.5: the threat's weight in 0.35-0.65 for 90 % of the draws (design.md 4.1)."""
    found = robustness(**sample().choices, uncertain={"group_weights": {"concentration": 30}}, draws=20_000, seed=1)
    low, high = found.choices["weight threat"].quantile([0.05, 0.95])
    assert low == pytest.approx(0.35, abs=0.01)
    assert high == pytest.approx(0.65, abs=0.01)
    assert found.choices["weight threat"].mean() == pytest.approx(0.5, abs=0.005)


def test_with_everything_asked_of_one_party_another_changes_no_score_bound_or_draw():
    """Whichever comes first by name: what nobody knows is drawn for the party that is asked."""
    both = sample(seed=5, unknown=0.5)
    for party in both.levels:
        alone = replace(both, levels={party: both.levels[party]}, not_applicable={party: both.not_applicable[party]})
        asked = dict.fromkeys(INDICATORS, (party,))
        told, own = ({**one.choices, "combined": made} for one, made in
                     ((both, both.combined(asked_of=asked)), (alone, alone.combined())))  # fmt: skip
        found, expected = score_risk(**told), score_risk(**own)
        for name in ("groups", "groups_low", "groups_high", "coverage", "contributions"):
            pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name))
        assert found.two_sided.isna().all(axis=None)
        choices = {"uncertain": EVERYTHING, "draws": 300, "seed": 7, "district": alone.district()}
        drawn, by_hand = (robustness(**one, **choices).totals for one in (told, own))
        np.testing.assert_allclose(drawn, by_hand)
