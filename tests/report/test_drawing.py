"""The drawing engine: the same letters on every machine, unless an organisation asks for its own."""

import json
import os
import subprocess
import sys

import pytest

from werkbank.report import figure

NAME, OTHER = "Liberation Sans", "Testletter Vijf"
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"x": 1, "y": "Terrein nummer 1 aan de lange weg"}]},
    "mark": "bar",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "nominal"}},
    "config": {"axis": {"labelFont": OTHER, "titleFont": OTHER, "labelLimit": 500}},
}
OURS = "import sys; from werkbank.report.figure import svg_of; print(svg_of(sys.stdin.read()))"
STOCK = "import sys, vl_convert; print(vl_convert.vegalite_to_svg(sys.stdin.read(), format_locale='nl-NL'))"


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


def drawn(code, environment):
    told = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(SPEC),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


@pytest.fixture(scope="module")
def stock(machine):
    return drawn(STOCK, machine)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this list of the machine's fonts (fontconfig)")
def test_a_font_of_the_machine_changes_no_picture(machine, stock):
    ours = drawn(OURS, machine)

    assert ours == figure.svg_of(json.dumps(SPEC)).strip()
    assert ours != stock, "the font is not one that would have changed it"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this list of the machine's fonts (fontconfig)")
def test_an_organisation_that_asks_for_its_own_font_gets_it(machine, stock, tmp_path):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").touch()
    (tmp_path / "house_style").mkdir()
    (tmp_path / "house_style" / "theme.yaml").write_text(f"font: {OTHER}\n")

    assert drawn(OURS, {**machine, "WERKBANK_WORKSPACE": str(tmp_path)}) == stock


def test_starting_the_engine_leaves_the_environment_as_it_was(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/own/fonts.conf")
    figure._started.cache_clear()

    figure.start()

    assert os.environ["FONTCONFIG_FILE"] == "/own/fonts.conf"
    monkeypatch.delenv("FONTCONFIG_FILE")
    figure._started.cache_clear()
    figure.start()
    assert "FONTCONFIG_FILE" not in os.environ
