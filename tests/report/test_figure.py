"""A figure: the same picture everywhere, in the same letters, with its words and figures for who cannot see it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import werkbank as wb
from werkbank.report import figure
from werkbank.report.figure import _drawn

NAME, OTHER = "Liberation Sans", "Testletter Vijf"
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"x": 1, "y": "Terrein nummer 1 aan de lange weg"}]},
    "mark": "bar",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "nominal"}},
    "config": {"axis": {"labelFont": OTHER, "titleFont": OTHER, "labelLimit": 500}},
}
OURS = "import sys; from werkbank.report.figure import start; print(start().vegalite_to_svg(sys.stdin.read(), format_locale='nl-NL'))"
STOCK = "import sys, vl_convert; print(vl_convert.vegalite_to_svg(sys.stdin.read(), format_locale='nl-NL'))"


def ran(code, spec, environment):
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, input=json.dumps(spec), env=environment, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return done.stdout.strip()


def test_the_same_chart_is_the_same_picture_in_another_process(urk):
    """The renderer counts clips and gradients through the life of a process; that is taken out.

    So are the words per mark that nobody can read in it, a third of it; the chart that lives keeps them.
    """
    one = wb.report.profiles(urk)
    code = "import json, sys; from werkbank.report.figure import svg; sys.stdout.write(svg(json.load(sys.stdin)))"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(wb.__file__).parents[1])}
    assert ran(code, one.spec, environment) == one.svg.strip()
    words = _drawn(json.dumps(one.spec)).count("graphics-symbol")
    assert 2 * one.svg.count("graphics-symbol") < words
    assert "aria" not in one.spec["config"]


def test_in_a_batch_a_figure_hands_over_its_spec_only(urk, monkeypatch):
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    assert set(wb.report.ranking(urk)._repr_mimebundle_()[0]) == {"application/vnd.vegalite.v6+json", "text/plain"}
    monkeypatch.delenv("WERKBANK_CHART_OUTPUT")
    assert "image/svg+xml" in wb.report.ranking(urk)._repr_mimebundle_()[0]


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_a_name_that_no_picture_can_hold_is_drawn_all_the_same(urk, char):
    """On such a character the renderer ended the whole process, and with it the batch."""
    names = urk.parks["name"].mask(urk.parks["park_id"] == "URK-01", f"Zang{char}lijster")
    assert "Zang\ufffdlijster" in wb.report.ranking(replace(urk, _parks=urk.parks.assign(name=names))).svg


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A machine with one font more, wider than any that the engine holds; its environment."""
    folder = tmp_path_factory.mktemp("machine")
    font = (figure.NO_FONTS.parent / "LiberationSans-Bold.ttf").read_bytes()
    for coding in ("utf-16-be", "ascii"):
        font = font.replace(NAME.encode(coding), OTHER.encode(coding))
    (folder / "letters").mkdir()
    (folder / "letters" / "five.ttf").write_bytes(font)
    config = folder / "fonts.conf"
    config.write_text(f'<?xml version="1.0"?><fontconfig><dir>{folder / "letters"}</dir></fontconfig>')
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


@pytest.fixture(scope="module")
def stock(machine):
    return ran(STOCK, SPEC, machine)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this list of the machine's fonts (fontconfig)")
def test_a_font_of_the_machine_changes_no_picture_unless_the_organisation_asks_for_it(machine, stock, tmp_path):
    ours = ran(OURS, SPEC, machine)
    assert ours == figure.start().vegalite_to_svg(json.dumps(SPEC), format_locale="nl-NL").strip()
    assert ours != stock, "the font is not one that would have changed it"
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").touch()
    (tmp_path / "house_style").mkdir()
    (tmp_path / "house_style" / "theme.yaml").write_text(f"font: {OTHER}\n")
    assert ran(OURS, SPEC, {**machine, "WERKBANK_WORKSPACE": str(tmp_path)}) == stock


def test_starting_the_engine_leaves_the_environment_as_it_was(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/own/fonts.conf")
    figure._started.cache_clear()
    figure.start()
    assert os.environ["FONTCONFIG_FILE"] == "/own/fonts.conf"
    monkeypatch.delenv("FONTCONFIG_FILE")
    figure._started.cache_clear()
    figure.start()
    assert "FONTCONFIG_FILE" not in os.environ
