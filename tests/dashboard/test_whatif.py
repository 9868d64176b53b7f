"""An analysis keeps enough to be made anew by another method, and only for who makes them."""

import dataclasses
import datetime as dt

import pytest

import werkbank as wb
from tests.bundles import write_bundle
from werkbank.assessment.district import district_context
from werkbank.assessment.flow import assess
from werkbank.assessment.inputs import read_inputs
from werkbank.dashboard.whatif import by_another_method, draws_of, not_drawn, nothing_to_weigh, told_to_page
from werkbank.errors import OutputError
from werkbank.settings.method import overlay
from werkbank.sharing.bundle import read_bundle

AUDIENCES = [audience.id for audience in wb.load_catalogue().audiences]
ANOTHER = [
    {},
    {"combination": {"threat": "weighted", "opportunity": "maximum", "resilience": "maximum"}, "severity": "ignore"},
]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_only_who_makes_the_analyses_gets_what_they_can_be_made_anew_with(demo_workspace, assessed, audience):
    """No figures of the district, no draws and no Wat als for any other audience of the catalogue."""
    found, owner = assessed("urk", audience), audience == "riec"
    assert (found.figures is not None) == (bool(draws_of(found))) == (nothing_to_weigh(found) == "") == owner


@pytest.mark.parametrize("named", ANOTHER)
def test_another_method_gives_what_an_analysis_by_it_gives_the_districts_figures_held(demo_workspace, assessed, named):
    """From the bundle alone: scores, places, shares, grade and advice."""
    urk = wb.load_parameters("urk")
    context = district_context(urk, read_inputs(urk, dt.date.today()))
    method = not_drawn(wb.load_parameters("urk", method=named).method, "combination")
    found = by_another_method(assessed("urk"), method)
    drawn = overlay(named, {"draws": 1000, "uncertainty": {"combination": None}})
    again = assess(wb.load_parameters("urk", method=drawn), district=context)
    parks = again.parks.set_index("park_id")
    assert found.scorecard.table["score"].to_dict() == parks["score"].to_dict()
    assert found.scorecard.table["rank"].to_dict() == parks["rank"].to_dict()
    assert dict(found.shares) == parks["p_selected"].to_dict()
    assert (found.advised, found.grade) == (again.advice.park_ids, again.advice.grade)


def test_what_the_page_is_told_gives_the_scores_of_the_analysis(demo_workspace, assessed):
    """Summed here by hand: the power mean of the cells, unknown ones by step, and the weighted mean of the groups."""
    assessments = [assessed(slug) for slug in ("almere", "urk")]
    for one, place in zip(assessments, told_to_page(assessments, "file", {})["places"].values(), strict=True):
        parks, groups = len(place["parks"]), len(place["weights"])
        weights, values = (
            [cells[at :: len(cells) // parks] for at in range(len(cells) // parks)] for cells in place["cells"]
        )
        for at, total in enumerate(one.parks["score"]):
            scores = place["groups"][at * groups : (at + 1) * groups]
            over = sum(column[at] for column in weights)
            power = sum(w[at] * v[at] ** place["power"] for w, v in zip(weights, values, strict=True)) / over
            scores[place["varied"]] = power ** (1 / place["power"])
            assert total == pytest.approx(
                sum(a * b for a, b in zip(scores, place["weights"], strict=True)) / 100, abs=1e-9
            )


def test_an_analysis_of_before_has_scores_and_places_but_no_draws(demo_workspace, assessed, tmp_path):
    """The weights can be set on the scores of its groups; the exponent and another method cannot."""
    before = dataclasses.replace(assessed("urk"), figures=None)
    write_bundle([before], tmp_path / "b")
    (read,) = read_bundle(tmp_path / "b").assessments
    place = told_to_page([read], "file", {})["places"]["urk"]
    assert (place["power"], place["varied"], place["cells"], draws_of(read)) == (None, -1, [[], []], b"")
    assert "eerdere versie" in wb.dashboard.what_if(read).value
    with pytest.raises(OutputError, match="eerdere versie"):
        by_another_method(read, read.parameters.method)
    # Who sees every cell by a release does not make the analyses, and nothing is mended by making them again.
    other = dataclasses.replace(read, parameters=read.parameters.model_copy(update={"audience": "municipality"}))
    told = [told_to_page([other], "frame", {})["words"]["within"], wb.dashboard.what_if(other).value]
    assert [("opnieuw" in one, "deze doelgroep" in one) for one in told] == [(False, True)] * 2
