"""The test plays the reader (method.md 10).

The municipality knows its own cells, the catalogue, the whole method, and how often the police give which level in
the district; and, which is more than it does, the exact scores and bounds of opportunity and resilience. From the totals,
bounds and strengths that it is sent it tries to name the police's cells at level 2 or higher: it draws police columns
from those frequencies, keeps the ones that would have given the same output, and names a cell when more than half of
what is kept has it at 2 or higher. It must not do better than without the output.
"""

import datetime as dt
import json
import shutil

import numpy as np
import pytest
from openpyxl import load_workbook

import werkbank as wb
from werkbank.sharing import for_audience

SLUGS = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
LEVELS = np.array([-1, 0, 1, 2, 3])
DRAWS = 100_000
UNKNOWN, NOT_APPLICABLE = -1, -2
SQUARES = np.array([*((np.arange(4) / 3 * 100) ** 2), 0, 0])
"""The square of a level's points, by the level; the last two are what the two above find, counted from the end."""
ORDER = ("unknown", "none", "weak", "clear", "strong")


@pytest.fixture(scope="module")
def catalogue():
    return wb.load_catalogue()


@pytest.fixture(scope="module")
def threats(catalogue):
    return catalogue.by_family("threat")


@pytest.fixture(scope="module")
def assessments(demo_workspace):
    full = [wb.assess(wb.load_parameters(slug, audience="municipality")) for slug in SLUGS]
    return [(one, for_audience(one)) for one in full]


def column(assessment, party, park, threats):
    rows = assessment.judgements
    own = rows[(rows["party"] == party) & (rows["park_id"] == park)].set_index("indicator")
    return np.array([cell(own.loc[one.id]) for one in threats])


def cell(row):
    if row["state"] == "level":
        return int(row["level"])
    return NOT_APPLICABLE if row["state"] == "not_applicable" else UNKNOWN


def named(probability):
    return probability > 0.5


def test_combined_values_would_give_the_police_away(assessments, threats):
    """Why the gate is there: a combined level above the own one is the police's, with certainty.

    On the demo this names 31 of the 64 police cells at 2 or higher, and never a wrong one; the prior names none.
    """
    true = read = wrong = 0
    for full, _ in assessments:
        combined = full.cells.set_index(["park_id", "indicator"])["level"]
        for park in full.parks["park_id"]:
            police = column(full, "police", park, threats)
            own = column(full, "municipality", park, threats)
            level = np.array([combined[park, one.id] for one in threats])
            true += (police >= 2).sum()
            certain = (level >= 2) & (level > own)
            read += (certain & (police == level)).sum()
            wrong += (certain & (police != level)).sum()
    assert wrong == 0
    assert read / true > 0.4


def test_the_reader_of_a_filtered_analysis_does_not_beat_the_prior(assessments, threats, catalogue):
    police_by_park = {
        park: column(full, "police", park, threats) for full, _ in assessments for park in full.parks["park_id"]
    }
    everything = np.array(list(police_by_park.values()))
    prior = np.stack([(everything == level).mean(0) for level in LEVELS], axis=1) + 0.005
    prior /= prior.sum(1, keepdims=True)
    rng = np.random.default_rng(2018)
    draws = np.stack([rng.choice(LEVELS, DRAWS, p=row) for row in prior], axis=1)
    guess = (draws >= 2).mean(0)
    gained = 0
    judged = 0
    for full, filtered in assessments:
        for park in full.parks["park_id"]:
            own = column(full, "municipality", park, threats)
            kept = consistent(draws, own, full, filtered, park, threats, catalogue)
            if len(kept) < 20:
                continue
            judged += 1
            truth = police_by_park[park] >= 2
            right = named((kept >= 2).mean(0)) == truth
            gained += right.sum() - (named(guess) == truth).sum()
    assert judged >= 60
    assert gained <= 0.005 * judged * len(threats)


def consistent(draws, own, full, filtered, park, threats, catalogue):
    """The drawn police columns that would have given this park's total and group strengths."""
    weights = np.array([one.weight * one.severity for one in threats])
    draws = draws[near_the_total(np.maximum(draws, own), weights, full, filtered, park)]
    combined = np.maximum(draws, own)
    same = within_bounds(draws, own, SQUARES[combined], weights, full, filtered, park)
    strengths = {
        catalogue.phenomenon(one.phenomenon).group: one.strength for one in filtered.indications if one.park_id == park
    }
    for group, strength in strengths.items():
        inside = [n for n, one in enumerate(threats) if group in {catalogue.phenomenon(p).group for p in one.phenomena}]
        enough = ((draws[:, inside] >= 0).sum(1) >= 3) & ((draws[:, inside] > 0).sum(1) >= 2)
        strongest = np.where(enough, combined[:, inside].max(1), own[inside].max())
        same &= np.clip(strongest, -1, 3) + 1 == ORDER.index(strength)
    return draws[same]


def near_the_total(combined, weights, full, filtered, park):
    """Which columns of combined levels would have given this park's total, to a step of five."""
    told = filtered.parks.set_index("park_id")["score"][park]
    if not np.isfinite(told):
        return np.ones(len(combined), dtype=bool)
    with np.errstate(invalid="ignore"):
        threat = np.sqrt(SQUARES[combined] @ weights / ((combined >= 0) @ weights))
    groups = full.groups.set_index(["park_id", "group"])["score"]
    total = 0.5 * threat + 0.25 * groups[park, "opportunity"] + 0.25 * groups[park, "resilience_gap"]
    return np.abs(total - told) <= 2.5


def within_bounds(draws, own, squares, weights, full, filtered, park):
    """Which drawn columns would have given the lowest and highest total that the reader is told, to a step."""
    told = filtered.parks.set_index("park_id")
    if "low" not in told:
        return np.ones(len(draws), dtype=bool)
    groups = full.groups.set_index(["park_id", "group"])
    counts = weights * ~((own == NOT_APPLICABLE) & (draws < 0))
    highest = np.where((draws < 0) | (own < 0), 100.0**2, squares)
    same = np.ones(len(draws), dtype=bool)
    for name, values in (("low", squares), ("high", highest)):
        threat = np.sqrt((counts * values).sum(1) / counts.sum(1))
        rest = groups.loc[(park, "opportunity"), name] + groups.loc[(park, "resilience_gap"), name]
        # A step of five, and what stays beside the class and the quadrant may be moved by one more.
        same &= np.abs(0.5 * threat + 0.25 * rest - told.loc[park, name]) <= 7.5
    return same


@pytest.fixture
def urk_with(demo_workspace, tmp_path, monkeypatch):
    """Urk as the municipality gets it, when nobody suspects anything on URK-01 but what the police are made to say."""

    def make(remarks=None, **police):
        workspace = tmp_path / "-".join(f"{code}{level}" for code, level in police.items())
        shutil.copytree(demo_workspace, workspace)
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


def test_one_strong_suspicion_among_noughts_cannot_be_told_from_another(urk_with):
    """All 0 but the police's V13 at 3, or all 0 but their V09 at 2: the municipality is told exactly the same."""
    assert told_of(urk_with(V13=3), "URK-01") == told_of(urk_with(V09=2), "URK-01")


def test_one_weak_suspicion_among_noughts_cannot_be_told_from_another(urk_with):
    """All 0 but one single 1: which indicator it is on is not told."""
    assert told_of(urk_with(V13=1), "URK-01") == told_of(urk_with(V06=1), "URK-01")


PERMITTED = {
    *(f"parks.{name}" for name in ("score", "low", "high", "rank", "class", "quadrant", "marked")),
    *("parks.coverage", "parks.two_sided", "indications.strength", "fingerprint"),
    *("advice.sentence", "advice.park_ids", "advice.grade"),
}
"""What may follow the police's judgements in the municipality's copy: totals in steps of five, shares in tenths, the
strength per group of phenomena, the advice. Every file that it is handed is made of this copy and nothing else."""


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
