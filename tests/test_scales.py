"""Scales of any length: the demo on longer scales of which the levels in use have the same points, and short ones.

What is asked by words (high, highest) means the same on both; nothing anywhere says how many levels there are.
"""

import re
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml

import werkbank as wb
from tests.matrix.drawing import written
from tests.plan.test_interventions import with_scales
from tests.report.test_scores_workbook import recalculated
from werkbank.advice.reasons import read_park
from werkbank.demo.write import write_demo
from werkbank.matrix.layout import workbook_name
from werkbank.plan.drafting import planned
from werkbank.plan.interventions import answers, propose
from werkbank.report.blocks import Grid, List, Span
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import PACKAGED
from werkbank.settings.parameters import load_parameters
from werkbank.settings.theme import theme
from werkbank.settings.workspace import municipality_slugs

ROOT = Path(__file__).parents[1]
LONGER = {
    # Scale → the level that each of the four became, and the points of all: evenly, and each worth the same as the next.
    "suspicion": ((0, 2, 4, 6), None),
    "presence": ((0, 2, 4, 7), [0, 0, 100 / 3, 100 / 3, 200 / 3, 200 / 3, 100, 100]),
    "strength": ((0, 3, 6, 9), None),
}


def own_scales(workspace, lengths, points):
    """An own catalogue in the workspace, of which the scales are so long."""
    shutil.copytree(PACKAGED, workspace / "catalogue")
    file = workspace / "catalogue" / "scales.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for scale in data["scales"]:
        names = [(value, f"l{value}", f"Trede {value}") for value in range(lengths[scale["id"]])]
        scale["levels"] = [{"value": value, "code": code, "name": name, "anchor": "a"} for value, code, name in names]
        scale["points"] = points[scale["id"]]
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    district = workspace / "parameters" / "district.yaml"
    district.write_text(f"{district.read_text(encoding='utf-8')}\ncatalogue: catalogue\n", encoding="utf-8")
    return load_catalogue(workspace / "catalogue")


def longer(workspace):
    """The demo's workbooks of this round, written again on the longer scales."""
    points = {scale: worth for scale, (_, worth) in LONGER.items()}
    catalogue = own_scales(workspace, {scale: became[-1] + 1 for scale, (became, _) in LONGER.items()}, points)
    folder, parks = workspace / "data" / "matrices" / "2026-1", wb.load_parks(workspace / "data" / "parks.csv")
    frame = wb.load_matrix(folder, load_catalogue(), parks, round="2026-1").judgements
    became = {one.id: dict(enumerate(LONGER[one.scale][0])) for one in catalogue.indicators}
    levels = [None if np.isnan(level) else became[code][level] for code, level in zip(
        frame["indicator"], frame["level"].astype(float), strict=True)]  # fmt: skip
    frame = frame.assign(level=levels).astype({"level": "Int8"})
    for slug in municipality_slugs(workspace):
        own = load_parameters(slug)
        whose = {"municipality": slug, "municipality_name": own.name, "fictional": True, "judgements": frame}
        for party in map(catalogue.party, own.parties):
            written(folder / workbook_name(slug, party.file), catalogue, parks, party=party.id, **whose)


@pytest.fixture(scope="module")
def both(_district, tmp_path_factory):
    """Municipality → its assessment on the scales of the demo, and on the longer ones."""
    own = shutil.copytree(_district, tmp_path_factory.mktemp("longer") / "w")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(own))
        longer(own)
        for workspace in (_district, own):
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            for slug in ("almere", "dronten", "urk"):
                found.setdefault(slug, []).append(wb.assess(slug))
        yield found


def test_a_longer_scale_of_the_same_points_gives_the_same_scores_and_bounds(both):
    """Scores where nothing is unknown, bounds everywhere: neither rests on what is usual in the district."""
    known = 0
    for now, then in both.values():
        one, other = (each.parks.set_index("park_id") for each in (now, then))
        assert (one["unknown"] == other["unknown"]).all()
        for column in ("low", "high", "share_high"):
            assert np.allclose(one[column], other[column], rtol=0, atol=1e-9, equal_nan=True), column
        whole = one.index[one["unknown"] == 0]
        known += len(whole)
        assert np.abs(one["score"] - other["score"])[whole].sum() < 1e-9
        assert (one["class"] == other["class"])[whole].all()
    assert known >= 5


def test_the_same_signals_indications_and_interventions_come_forward(both):
    """With the same cells behind them, confirmed or not; and the same is answered and left open."""
    heavy = 0
    for pair in both.values():
        told = []
        for each in pair:
            park_ids, catalogue = each.parks["park_id"].sort_values(), each.catalogue
            readings = [read_park(each, park) for park in park_ids]
            proposed = [propose(reading, catalogue) for reading in readings]
            heavy += sum(one.weight == 4 for park in proposed for one in park)
            told.append((
                [(one.park_id, one.indicator, one.party, one.source_strength) for one in each.strong_signals],
                [(one.park_id, one.phenomenon, one.strength, one.indicators) for one in sorted(
                    each.indications, key=lambda one: (one.park_id, one.phenomenon))],
                [
                    (one.intervention, one.direct, one.supporting, one.needs_confirmation,
                     [(hit.source, hit.cells, hit.confirmed) for hit in one.fired])
                    for park in proposed for one in park
                ],
                [answers(*both_of, catalogue).holes for both_of in zip(readings, proposed, strict=True)],
            ))  # fmt: skip
        for one, other in zip(*told, strict=True):
            assert one == other
    assert heavy


def test_the_same_advice_comes_out_where_it_is_clear(both):
    clear = [slug for slug, (now, _) in both.items() if now.advice.grade == "clear"]
    assert clear
    for slug in clear:
        now, then = both[slug]
        assert now.advice.park_ids == then.advice.park_ids
        assert then.advice.grade in {"clear", "likely"}


MIXED = {"suspicion": 5, "presence": 3, "strength": 2}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A demo of its own on short and long scales side by side: Urk, through every workbook and all checks."""
    workspace = tmp_path_factory.mktemp("mixed")
    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        catalogue = own_scales(workspace, MIXED, dict.fromkeys(MIXED))
        write_demo(workspace / "data", catalogue=catalogue, parties=load_parameters("urk").parties)
        yield wb.assess(wb.load_parameters("urk", method={"draws": 200}))


def test_returns_on_scales_of_any_length_have_no_findings_and_an_office_computes_the_same_scores(mixed, tmp_path):
    assert mixed.findings == ()
    path = wb.report.write_scores(mixed, tmp_path / "scores.xlsx")
    assert recalculated([path], tmp_path)[path.name]["Controle"]["A2"].value == "Alles klopt"


def test_the_legend_has_every_level_on_the_ground_of_its_cells(mixed):
    """And the reverse: what is read as high in risk is dark, also where a low level is."""
    blocks = wb.report.heat_map(mixed).blocks
    (legend,) = (block for block in blocks if isinstance(block, List))
    keys = [{part.text: part.look.split()[-1] for part in line if isinstance(part, Span) and "key" in part.look}
            for line in legend.items]  # fmt: skip
    assert keys == [
        {"0": "h0", "1": "h2", "2": "h3", "3": "h5", "4": "h6"}, {"0": "h0", "1": "h3", "2": "h6"}, {"0": "h6", "1": "h0"},
    ]  # fmt: skip
    grids = [block for block in blocks if isinstance(block, Grid)]
    for key, grid in zip(keys, grids, strict=True):
        shown = [(glyph.text, glyph.shade) for _, _, glyphs in grid.lines for glyph in glyphs if glyph.text in key]
        assert shown
        assert all(key[text] == shade for text, shade in shown)


def test_a_plan_names_levels_and_thresholds_of_each_scale(mixed):
    """V on five levels, G on three, W on two: high is 3, 2 and (weak) 0."""
    reasons = [
        reason
        for park in mixed.parks["park_id"]
        for one in propose(read_park(mixed, park), mixed.catalogue)
        for reason in planned(one, mixed.catalogue).reasons
    ]
    found = ((text[0], re.search(r" van (\d) \(drempel: (.*)\)", text)) for text in reasons)
    told = {(family, *hit.groups()) for family, hit in found if hit}
    assert {(family, highest) for family, highest, _ in told} == {("V", "4"), ("G", "2"), ("W", "1")}
    limits = {(family, limit) for family, _, limit in told if re.fullmatch(r"\d of \w+", limit)}
    assert limits == {("V", "3 of hoger"), ("G", "2 of hoger"), ("W", "0 of lager")}


@pytest.mark.parametrize("length", [2, 5, 10])
def test_the_workbook_lists_explains_and_colours_every_level(length, tmp_path):
    """High is coloured, the highest darkest, and nothing that is not high; of what protects the low ones."""
    catalogue, path = with_scales(length), tmp_path / "urk_politie.xlsx"
    parks = pd.DataFrame({"park_id": ["URK-01"], "name": ["Dodaars"], "municipality": ["urk"]})
    book = openpyxl.load_workbook(written(path, catalogue, parks))
    texts = [f"{value} trede {value}" for value in range(length)]
    guide = [(row[0].value, row[1].value) for row in book["Uitleg"].iter_rows(max_col=2)]
    for value, text in enumerate(texts):
        assert guide.count((text, f"Anker {value}.")) == len(catalogue.families)
    lists = {cells[0]: list(filter(None, cells[1:])) for cells in book["Lijsten"].iter_cols(values_only=True)}
    assert lists["suspicion"] == [*texts, "onbekend", "n.v.t."]
    colours = {}
    for area in book["Matrix"].conditional_formatting:
        first = next(iter(area.sqref.ranges)).min_row
        family = catalogue.family_of(book["Matrix"].cell(first, 1).value).id if first > 4 else ""
        for rule in area.rules:
            text = (rule.formula or [""])[0].strip('"')
            if text in texts:
                colours.setdefault(family, {})[texts.index(text)] = rule.dxf.fill.bgColor.rgb[2:].lower()
    high, highest = (theme().steps[place].removeprefix("#") for place in (2, 4))
    points = [100 * value / (length - 1) for value in range(length)]
    top = length - 1
    rising = {value: highest if value == top else high for value in range(length) if points[value] >= 60}
    assert colours["threat"] == colours["opportunity"] == rising
    assert colours["resilience"] == {top - value: colour for value, colour in rising.items()}
