"""One file is the look of everything, an organisation's own file changes it, and nobody is shut out by it.

Differences are CIEDE2000 (Sharma, Wu & Dalal 2005); colour vision deficiencies are simulated by Machado, Oliveira &
Fernandes (2009) at full severity. Both are written out here, apart from what is tested.
"""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

import werkbank as wb
from werkbank.errors import OutputError
from werkbank.report.html import style
from werkbank.settings.theme import contrast, on, theme

SIMULATED = {
    "as it is": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(colour, vision):
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIMULATED[vision]) @ linear, 0, 1)
    xyz = XYZ @ seen / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360, np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lightness, c, h = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
    t += 0.32 * np.cos(np.radians(3 * h + 6)) - 0.2 * np.cos(np.radians(4 * h - 63))
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    sl = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    rc = 2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    rt = -rc * np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    return float(np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh))


def apart(one, other, vision):
    return ciede2000(lab(one, vision), lab(other, vision))


def test_the_difference_is_the_published_one():
    """Sharma, Wu & Dalal (2005), table 1, pairs 1, 7, 17 and 25."""
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    assert [ciede2000(one, other) for one, other, _ in pairs] == pytest.approx([told for *_, told in pairs], abs=1e-4)


@pytest.mark.parametrize("vision", SIMULATED)
def test_levels_and_classes_can_be_told_apart_in_any_colour_vision(vision):
    """The four levels 0-3 are steps 0, 2, 4 and 6; the four classes are steps 1, 3, 5 and 6.

    Neighbours among all seven steps lie ten apart in plain L*a*b*; each cell prints its value as well.
    """
    look, steps = theme(), theme().steps
    for used in ((0, 2, 4, 6), (1, 3, 5, 6)):
        for one, other in combinations(used, 2):
            assert apart(steps[one], steps[other], vision) >= 10, (one, other)
    for one, other in pairwise(steps):
        assert np.linalg.norm(lab(one, vision) - lab(other, vision)) >= 10
    for one, other in combinations((look.main, look.accent, look.reach), 2):
        assert apart(one, other, vision) >= 10


def test_every_step_bears_its_figure_and_what_carries_meaning_stands_out_from_the_page():
    """WCAG 2.2, 1.4.3 and 1.4.11; black on white is 21."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert all(contrast(getattr(theme(), part), "#ffffff") >= 3 for part in ("main", "accent", "reach"))
    assert all(contrast(on(step), step) >= 4.5 for step in theme().steps)


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|[\"'](?:FF)?[0-9A-F]{6}[\"']|\brgba?\(\s*\d")
PACKAGE = Path(wb.__file__).parent


@pytest.mark.parametrize(
    "file",
    [
        *(path for kind in ("css", "js") for path in PACKAGE.rglob(f"*.{kind}")),
        *(path for kind in ("py", "j2", "typ") for path in (PACKAGE / "report").rglob(f"*.{kind}")),
        *(PACKAGE / "dashboard").glob("*.py"),
        # The one that reads workbooks names the colours in which nothing can be read.
        *(path for path in (PACKAGE / "matrix").glob("*.py") if path.name != "cells.py"),
    ],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_no_file_has_a_colour_of_its_own(file):
    """Else the one file would not change it: style sheets, templates, and what draws charts and workbooks."""
    text = re.sub(r"&#\w+;", "", file.read_text(encoding="utf-8"))
    assert COLOUR.findall(text) == []


@pytest.fixture
def own_look(own_workspace):
    """Writes an organisation's own theme into a workspace."""
    (own_workspace / "house_style").mkdir()
    return (own_workspace / "house_style" / "theme.yaml").write_text


def test_an_own_file_changes_pages_and_charts(own_look):
    own_look('main: "#0a5c36"\nfont: Verdana, sans-serif\n')
    assert "--main: #0a5c36" in style("chapter.css")
    assert "--font: Verdana, sans-serif" in style("chapter.css")
    chart = str(wb.report.ranking(wb.assess("urk")).spec)
    assert "#0a5c36" in chart
    assert "#154273" not in chart


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('main: "#a0c0e0"\n', "main op paper"),
        ('reach: "#dddddd"\n', "reach op paper"),
        ('hoofdkleur: "#123456"\n', "theme.yaml"),
        ("main: rood\n", "theme.yaml"),
        ('font: "x; } body { display: none"\n', "theme.yaml"),
    ],
)
def test_a_look_that_shuts_readers_out_or_is_not_understood_is_refused(own_look, written, told):
    own_look(written)
    with pytest.raises(OutputError) as refused:
        theme()
    assert told in str(refused.value)
