"""Charts hold names and numbers only, draw the same each time, and can be seen by everyone."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest

import werkbank as wb
from werkbank.report.figure import _drawn
from werkbank.settings.theme import theme

FIGURES = ("ranking", "profiles")


def figure(name, assessment):
    return getattr(wb.report, name)(assessment)


def rows(spec):
    """Every row of data that a spec holds, wherever it stands."""
    found = []

    def walk(part):
        if isinstance(part, dict):
            values = part.get("data", {}).get("values", []) if isinstance(part.get("data"), dict) else []
            found.extend(values)
            [walk(value) for value in part.values()]
        elif isinstance(part, list):
            [walk(value) for value in part]

    walk(spec)
    return found + [row for values in spec.get("datasets", {}).values() for row in values]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_a_chart_is_valid_vega_lite_and_plain_json(name, slug, request):
    spec = figure(name, request.getfixturevalue(slug)).spec
    assert alt.Chart.from_dict(spec)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


@pytest.mark.parametrize("name", FIGURES)
def test_only_chosen_columns_get_into_a_chart(urk, name):
    allowed = {"park", "code", "group", "score", "low", "high", "told", "kind", "x"}
    found = rows(figure(name, urk).spec)
    assert found
    assert {key for row in found for key in row} <= allowed


def test_a_park_without_a_score_has_its_bounds_only(almere):
    name = almere.parks.loc[almere.parks["score"].isna(), "name"].iloc[0]
    own = [row for row in rows(figure("ranking", almere).spec) if row.get("park") == name]
    assert own
    assert all(row["score"] is None and row["told"] == "geen score" and row["high"] > row["low"] for row in own)


def test_no_scores_at_all_is_still_a_chart(urk):
    nothing = urk.parks.assign(score=float("nan"), rank=None, **{"class": None})
    empty = replace(urk, _parks=nothing, advice=replace(urk.advice, park_ids=()))
    assert figure("ranking", empty).svg.startswith("<svg")


def test_two_parks_of_one_name_are_two_rows(urk):
    same = replace(urk, _parks=urk.parks.assign(name="Zuid"))
    assert len({row["park"] for row in rows(figure("ranking", same).spec) if "park" in row}) == 4


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_chart_is_the_same_picture_in_another_process(urk, name):
    """The renderer counts clips and gradients through the life of a process; that is taken out."""
    spec = dict(figure(name, urk).spec)
    code = "import json, sys; from werkbank.report.figure import svg; sys.stdout.write(svg(json.load(sys.stdin)))"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(wb.__file__).parents[1])}
    other = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(spec),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        encoding="utf-8",
    )
    figure(name, urk)
    assert other.stdout == figure(name, urk).svg


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_is_without_the_words_per_mark_that_nobody_can_read_in_it(urk, name):
    """They make up a third of it; the chart that lives keeps them."""
    spec = figure(name, urk).spec
    words = _drawn(json.dumps(spec)).count("graphics-symbol")
    assert 2 * figure(name, urk).svg.count("graphics-symbol") < words
    assert "aria" not in spec["config"]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_words_and_a_table(urk, name):
    one = figure(name, urk)
    assert one.title
    assert one.caption
    assert "terreinen" in one.description
    assert len(one.table) == 1 + len(urk.parks)


def test_numbers_are_written_the_dutch_way(urk):
    assert figure("ranking", urk).spec["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_of_an_axis_stands_below_its_own_line(urk, name):
    """Left to itself the renderer moves the first and last figure inwards, so that they do not stick out."""
    drawn = figure(name, urk).svg
    lines = {float(at) for at in re.findall(r'transform="translate\(([\d.]+),-?[\d.]+\)" x2="0" y2="-?\d+"', drawn)}
    labels = re.findall(r'text-anchor="(\w+)" transform="translate\(([\d.]+),[\d.]+\)"[^>]*>(0|100)<', drawn)
    assert {label for _, _, label in labels} == {"0", "100"}
    assert all(anchor == "middle" and float(at) in lines for anchor, at, _ in labels)


def test_in_a_batch_a_figure_hands_over_its_spec_only(urk, monkeypatch):
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    assert set(figure("ranking", urk)._repr_mimebundle_()[0]) == {"application/vnd.vegalite.v6+json", "text/plain"}
    monkeypatch.delenv("WERKBANK_CHART_OUTPUT")
    assert "image/svg+xml" in figure("ranking", urk)._repr_mimebundle_()[0]


def contrast(one, other):
    """The contrast of two colours by WCAG 2.2 (relative luminance)."""

    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_of_black_and_white_is_21():
    """WCAG 2.2, the definition of contrast ratio."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("part", ["main", "accent", "reach"])
def test_every_mark_stands_out_from_the_page(part):
    """WCAG 2.2, 1.4.11: 3:1 for what carries meaning."""
    assert contrast(getattr(theme(), part), "#ffffff") >= 3


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_a_name_that_no_picture_can_hold_is_drawn_all_the_same(urk, char):
    """On such a character the renderer ended the whole process, and with it the batch."""
    names = urk.parks["name"].mask(urk.parks["park_id"] == "URK-01", f"Zang{char}lijster")
    assert "Zang\ufffdlijster" in wb.report.ranking(replace(urk, _parks=urk.parks.assign(name=names))).svg
