"""Wat als in the page: the sum of its script is that of `wb.assess`, and a person can set, send and take back."""

import base64
import datetime as dt
import random
import zlib

import numpy as np
import pytest

import werkbank as wb
from werkbank.assessment import flow
from werkbank.assessment.district import district_context
from werkbank.assessment.inputs import read_inputs
from werkbank.dashboard.views import _HERE
from werkbank.dashboard.whatif import draws_of, told_to_page
from werkbank.wording import point_digits

pytestmark = pytest.mark.browser

TOWNS, TODAY = ("urk", "zeewolde"), dt.date(2026, 3, 2)
OUTCOME = """(script) => {
  globalThis.sum = new Function(`${script}; return { numbers, outcomeOf, digitsOf };`)();
  globalThis.loaded = {};
}"""
LOAD = """([town, told, bytes, draws]) => {
  const all = new Float64Array(Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0)).buffer), place = told.places[town];
  const rows = draws * place.parks.length, [size, rest] = [all[0], all.subarray(1)], at = rows * told.groups.length, to = rest.length - rows * size;
  [place.groups, place.cells] = [sum.numbers(place.groups), place.cells.map(sum.numbers)];
  place.drawn = { varied: place.varied, groups: rest.subarray(0, at), cells: [rest.subarray(at, to), rest.subarray(to)] };
  loaded[town] = { place, borders: told.borders };
}"""
WEIGH = """(settings) => settings.map(([town, weighing, power]) => {
  const { place, borders } = loaded[town], found = sum.outcomeOf(place, place.drawn, weighing, power, borders);
  return { totals: [...found.totals], places: found.places, shares: [...found.shares], share: found.share, grade: found.grade,
           advised: found.advised.map((at) => place.parks[at][0]) };
})"""
DIGITS = """([values, edges]) => values.map((value) => sum.digitsOf(value, edges))"""
NOT_ASKED = {"agreement_of": (), "differences": (), "missing_alone": None, "park_cells": None, "flips": (), "questions": (),
             "left_out": (), "_driving": (), "reasons_of": (), "indications": ()}  # fmt: skip
"""What an analysis makes besides, and takes long: none of it is of the outcome that is compared."""


@pytest.fixture
def whole(assessed):
    """Whole analyses; others look at them too, so they are made before anything is left out."""
    return [assessed(town, "riec") for town in TOWNS]


@pytest.fixture
def outcome_only(whole, monkeypatch):
    import werkbank.advice.advice
    import werkbank.advice.scorecard

    for module in (flow, werkbank.advice.advice, werkbank.advice.scorecard):
        for name, nothing in NOT_ASKED.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda *_, nothing=nothing, **__: nothing)


def settings(chance):
    """Weights of which only the proportions count, one of them nought now and then, and an exponent."""
    weights = [chance.choice([0, chance.random(), chance.random() ** 4, 33.3]) for _ in range(3)]
    power = chance.choice([1, 1.5, 2, 3, chance.uniform(1, 3)])
    return chance.choice(TOWNS), weights if any(weights) else [90, 5, 5], power


def test_a_score_has_as_many_decimals_as_in_the_analysis(offline_page):
    """More than one only where it would stand in another class."""
    values, edges = [11.97, 12, 12.03, 55, 57.46, 59.99996, 0.04, 99.96, 60 - 1e-12, 11.949999], [12, 60]
    offline_page.evaluate(OUTCOME, (_HERE / "whatif.js").read_text("utf-8"))
    assert offline_page.evaluate(DIGITS, [values, edges]) == [point_digits(one, edges) for one in values]


@pytest.mark.parametrize("size", [15, pytest.param(200, marks=pytest.mark.soak)])
def test_it_equals_an_analysis_with_these_choices_made_and_not_drawn(
    demo_workspace, whole, offline_page, outcome_only, monkeypatch, size
):
    """Random settings: totals, places and shares within 1e-9, and the same parks, grade and share of the advice."""
    chance = random.Random(19)
    drawn = [settings(chance) for _ in range(size)]
    offline_page.evaluate(OUTCOME, (_HERE / "whatif.js").read_text("utf-8"))
    for one in whole:
        raw = base64.b64encode(zlib.decompress(draws_of(one))).decode()
        offline_page.evaluate(LOAD, [one.parameters.municipality, told_to_page(whole, "file", {}), raw, 1000])
    found = offline_page.evaluate(WEIGH, drawn)
    inputs = {town: read_inputs(wb.load_parameters(town), TODAY) for town in TOWNS}
    monkeypatch.setattr(flow, "read_inputs", lambda parameters, _: inputs[parameters.municipality])
    district = {town: district_context(wb.load_parameters(town), inputs[town]) for town in TOWNS}
    groups = [family.score for family in whole[0].catalogue.families]
    for (town, weights, power), page in zip(drawn, found, strict=True):
        chosen = {"group_weights": dict(zip(groups, weights, strict=True)), "power": {"threat": power}}
        alone = {"draws": 1000, "uncertainty": {"group_weights": None, "threat_power": None}}
        again = flow.assess(wb.load_parameters(town, method={**chosen, **alone}), today=TODAY, district=district[town])
        parks, told = again.parks, (town, weights, power)
        for name, column in {"totals": "score", "places": "rank", "shares": "p_selected"}.items():
            np.testing.assert_allclose(page[name], parks[column].to_numpy(float), rtol=0, atol=1e-9, err_msg=str(told))
        assert (tuple(page["advised"]), page["grade"]) == (again.advice.park_ids, again.advice.grade), told
        assert again.advice.sureness is None or abs(page["share"] - again.advice.sureness.share) < 1e-9, told
