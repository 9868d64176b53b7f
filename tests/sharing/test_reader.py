"""The test plays the reader (method.md 10).

The municipality knows its own cells, the catalogue, the whole method, and how often another party gives which level in
the district; and, which is more than it does, the exact scores of opportunity and resilience. From the
totals and strengths that it is sent it tries to name the others' cells at level 2 or higher: it draws columns
from those frequencies, keeps the ones that would have given the same output, and names a cell when more than half of
what is kept has it at 2 or higher. It must not do better than without the output. Nor may it where three parties judge
and two are withheld, or a second reader who has the police's own cells as well on those of the third.
"""

import datetime as dt
import json
import shutil
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import werkbank as wb
from tests.sharing.released import release_nothing, with_releases
from werkbank.advice.scorecard import points_per_level, structure
from werkbank.assessment.district import district_context
from werkbank.assessment.inputs import read_inputs
from werkbank.scoring import combine, score_risk
from werkbank.sharing import for_audience

SLUGS = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
LEVELS = np.array([-1, 0, 1, 2, 3])
UNKNOWN, NOT_APPLICABLE = -1, -2
ORDER = ("unknown", "none", "weak", "clear", "strong")
FEWEST = 20
CATALOGUE = wb.load_catalogue()
THREATS = CATALOGUE.threats
GROUPS = [{CATALOGUE.phenomenon(phenomenon).group for phenomenon in one.phenomena} for one in THREATS]


def column(assessment, party, park):
    """A party's threats on a park: levels, and what is no level."""
    rows = assessment.judgements
    own = rows[(rows["party"] == party) & (rows["park_id"] == park)].set_index("indicator")
    return np.array([cell(own.loc[one.id]) for one in THREATS])


def cell(row):
    if row["state"] == "level":
        return int(row["level"])
    return NOT_APPLICABLE if row["state"] == "not_applicable" else UNKNOWN


@pytest.fixture(scope="module")
def two_parties(demo_workspace):
    full = [with_releases(wb.assess(wb.load_parameters(slug, audience="municipality"))) for slug in SLUGS]
    return [(one, for_audience(one)) for one in full]


@pytest.fixture(scope="module")
def three_parties(workspace_of_three):
    # The recalculations tell nothing that is read here.
    quick = {"draws": 100}
    own = (wb.load_parameters(slug, audience="municipality", method=quick) for slug in SLUGS)
    full = [with_releases(wb.assess(each)) for each in own]
    return [(one, for_audience(one)) for one in full]


def test_combined_values_would_give_the_police_away(two_parties):
    """Why the gate is there: a combined level above the own one is the police's, with certainty.

    On the demo this names 31 of the 64 police cells at 2 or higher, and never a wrong one; the prior names none.
    """
    true = read = wrong = 0
    for full, _ in two_parties:
        combined = full.cells.set_index(["park_id", "indicator"])["level"]
        for park in full.parks["park_id"]:
            police, own = column(full, "police", park), column(full, "municipality", park)
            level = np.array([combined[park, one.id] for one in THREATS])
            true += (police >= 2).sum()
            certain = (level >= 2) & (level > own)
            read += (certain & (police == level)).sum()
            wrong += (certain & (police != level)).sum()
    assert wrong == 0
    assert read / true > 0.4


@pytest.mark.parametrize(
    ("made", "hidden", "also_sees", "draws", "fewest"),
    [
        ("two_parties", ("police",), (), 1_000, 50),
        ("three_parties", ("police", "environment_agency"), (), 1_000, 40),
        ("three_parties", ("police", "environment_agency"), ("police",), 1_000, 50),
    ],
    ids=["two parties", "three parties", "who knows the police as well"],
)
def test_the_reader_does_not_beat_the_prior(request, made, hidden, also_sees, draws, fewest):
    assessments = request.getfixturevalue(made)
    parks = [park for full, _ in assessments for park in full.parks["park_id"]]
    of_park = {park: pair for pair in assessments for park in pair[0].parks["park_id"]}
    truth = {party: {park: column(of_park[park][0], party, park) for park in parks} for party in hidden}
    rng = np.random.default_rng(2018)
    drawn = {party: drawn_from(np.array(list(columns.values())), draws, rng) for party, columns in truth.items()}
    gained = judged = 0
    for park in parks:
        full, filtered = of_park[park]
        own = column(full, "municipality", park)
        seen = {party: np.broadcast_to(truth[party][park], drawn[party].shape) for party in also_sees}
        kept = consistent(drawn | seen, own, full, filtered, park)
        if len(kept[hidden[0]]) < FEWEST:
            continue
        judged += 1
        for party in set(hidden) - set(also_sees):
            high, guess = truth[party][park] >= 2, (drawn[party] >= 2).mean(0) > 0.5
            gained += (((kept[party] >= 2).mean(0) > 0.5) == high).sum() - (guess == high).sum()
    assert judged >= fewest
    assert gained <= 0.005 * judged * len(THREATS) * len(set(hidden) - set(also_sees))


def drawn_from(everything, draws, rng):
    """Columns drawn from how often which level is given."""
    prior = np.stack([(everything == level).mean(0) for level in LEVELS], axis=1) + 0.005
    prior /= prior.sum(1, keepdims=True)
    return np.stack([rng.choice(LEVELS, draws, p=row) for row in prior], axis=1)


def consistent(guessed, own, full, filtered, park):
    """The drawn columns of the hidden parties that would have given this park's total and group strengths."""
    combined = np.maximum.reduce([*guessed.values(), np.broadcast_to(own, guessed["police"].shape)])
    same = np.ones(len(combined), dtype=bool)
    told = [one for one in filtered.indications if one.park_id == park]
    for group, strength in {CATALOGUE.phenomenon(one.phenomenon).group: one.strength for one in told}.items():
        inside = [number for number, groups in enumerate(GROUPS) if group in groups]
        enough = np.logical_and.reduce([guarded(levels[:, inside]) for levels in guessed.values()])
        strongest = np.where(enough, combined[:, inside].max(1), own[inside].max())
        same &= np.clip(strongest, -1, 3) + 1 == ORDER.index(strength)
    same[same] = near_the_total(combined[same], full, filtered, park)  # what takes longest, of no more than is left
    return {party: levels[same] for party, levels in guessed.items()}


def guarded(levels):
    """Where a withheld party has given enough to stand behind a group, or nothing at all."""
    judged = (levels >= 0).sum(1)
    return (judged == 0) | ((judged >= 3) & ((levels > 0).sum(1) >= 2))


def near_the_total(combined, full, filtered, park):
    """Which columns of combined levels would have given this park's total, to a step of five."""
    told = filtered.parks.set_index("park_id")["score"][park]
    if not np.isfinite(told):
        return np.ones(len(combined), dtype=bool)
    return np.abs(total_of(combined, full, park) - told) <= 2.5


def total_of(combined, full, park):
    """A park's total for every column of combined levels of the threats; the other groups are as they are."""
    columns = [one.id for one in THREATS]
    groups = full.groups.set_index(["park_id", "group"])["score"]
    weights = full.parameters.method.group_weights.model_dump()
    parts = {
        group: weight * groups.get((park, group), np.nan) for group, weight in weights.items() if group != "threat"
    }
    different, which = np.unique(combined, axis=0, return_inverse=True)
    threat = threat_scores(pd.DataFrame(different, columns=columns), full)[which]
    total = weights["threat"] * threat + sum(parts.values())
    return total / sum(weights.values())


def threat_scores(levels, full):
    """The threat score of every column, what nobody knows at what is expected beside what is known of the threats."""
    declined = {"all": levels == NOT_APPLICABLE}
    known = {"all": levels.where(levels >= 0).astype("float64")}
    points = {one.id: points_per_level(CATALOGUE)[one.id] for one in THREATS}
    combined = combine(known, declined, points=points, rules=dict.fromkeys(points, "maximum"), best_judge={})
    tree = structure(CATALOGUE, full.parameters.method)
    tree = tree[tree["code"].isin([*points, "threat", "total"])].reset_index(drop=True)
    figures = district_of(full.parameters.round, len(full.parameters.parties), tuple(full.parameters.parties))
    return score_risk(combined, tree, mean={"threat": 2}, district=figures).groups["threat"].to_numpy()


@lru_cache
def district_of(_round, _size, parties):
    """The figures of the district, which the reader knows too."""
    parameters = wb.load_parameters("urk", audience="municipality", parties=parties)
    return district_context(parameters, read_inputs(parameters, dt.date.today())).figures


@pytest.fixture
def urk_with(demo_workspace, tmp_path, monkeypatch):
    """Urk as the municipality gets it, when nobody suspects anything on URK-01 but what the police are made to say."""

    def make(remarks=None, **police):
        workspace = tmp_path / "-".join(f"{code}{level}" for code, level in police.items())
        shutil.copytree(demo_workspace, workspace)
        release_nothing(workspace)
        monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
        monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        for party, said in (("politie", police), ("gemeente", {})):
            fill_in(workspace / "data" / "matrices" / "2026-1" / f"urk_{party}.xlsx", said)
        if remarks:
            say_otherwise(workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx", remarks)
        return for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))

    return make


def fill_in(path, said):
    book = load_workbook(path)
    sheet = book["Matrix"]
    (column,) = [cell.column for cell in sheet[2] if cell.value == "URK-01"]
    for row in range(4, sheet.max_row + 1):
        code = str(sheet.cell(row, 1).value or "")
        if code.startswith("V"):
            sheet.cell(row, column).value = said.get(code, 0)
    book.save(path)


def say_otherwise(path, remark):
    """Every source strength, date and remark in a workbook becomes another."""
    book = load_workbook(path)
    sheet = book["Toelichting"]
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            strength, date, text = (sheet.cell(row, place) for place in (3, 4, 5))
            strength.value = {"A": "B", "B": "C", "C": "A"}.get(strength.value)
            date.value = date.value and date.value - dt.timedelta(days=9)
            text.value = remark
    book.properties.creator = remark
    book.save(path)


def told_of(filtered, park):
    parks = filtered.parks.set_index("park_id").loc[park].drop(["name"]).astype(str).to_dict()
    return parks, {one.phenomenon: one.strength for one in filtered.indications if one.park_id == park}


@pytest.mark.parametrize(("one", "other"), [({"V13": 3}, {"V09": 2}), ({"V07": 1}, {"V06": 1})], ids=["strong", "weak"])
def test_one_suspicion_among_noughts_cannot_be_told_from_another(urk_with, one, other):
    """All 0 but the police's V13 at 3, or all 0 but their V09 at 2: the municipality is told exactly the same."""
    assert told_of(urk_with(**one), "URK-01") == told_of(urk_with(**other), "URK-01")


PERMITTED = {
    *(f"parks.{name}" for name in ("score", "rank", "action")),
    *("indications.strength", "fingerprint", "advice.sentence", "advice.park_ids", "advice.grade"),
}
"""What may follow the police's judgements in the municipality's copy: totals in steps of five, the strength per group of
phenomena, the advice. Every file that it is handed is made of this copy and nothing else."""


def differing(one, other, path=""):
    """The places at which two documents differ, without the numbers of their lists."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {*one, *other}:
            yield from differing(one.get(name), other.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for first, second in zip(one, other, strict=True):
            yield from differing(first, second, path)
    elif one != other:
        yield path


def test_whatever_the_police_say_only_what_the_gate_permits_follows_it(urk_with):
    quiet, loud = (
        json.loads(made.to_json()) for made in (urk_with(V13=1), urk_with(V13=3, V02=3, V07=2, V08=1, remarks="x"))
    )
    found = set(differing(quiet, loud))
    assert {"parks.score", "indications.strength", "fingerprint"} <= found
    assert found - PERMITTED - {"sources.sha256"} == set()
