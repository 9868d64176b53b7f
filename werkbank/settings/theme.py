"""The look of everything that is made, from one file; an organisation's own file changes all of it at once.

A look in which text cannot be read or marks cannot be seen is refused (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictInt, StrictStr, StringConstraints

from werkbank.errors import OutputError, ParametersError
from werkbank.files.models import FileModel, validate
from werkbank.files.yaml import packaged, read_yaml
from werkbank.settings.workspace import find_workspace
from werkbank.wording import number

HOUSE_STYLE = "house_style"
"""The folder of the workspace with an organisation's own look."""
FILE = "theme.yaml"
TINT = 0.3
"""The most of a colour that a pale ground for text holds."""
GROUND = 0.7
"""The most of step 5 that a ground for dark text holds."""
TEXT, MARK = 4.5, 3.0
"""The least contrast of text, and of a mark that carries meaning."""

Colour = Annotated[StrictStr, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Font = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9 ,-]+$")]
Size = Annotated[StrictInt, Field(ge=10, le=2000)]


class Theme(FileModel):
    """Colours, font and sizes; the packaged `theme.yaml` says what each is for."""

    font: Font
    paper: Colour
    pale: Colour
    ink: Colour
    prose: Colour
    quiet: Colour
    main: Colour
    accent: Colour
    reach: Colour
    loud: Colour
    warning: Colour
    chosen: Colour
    good: Colour
    watch: Colour
    steps: Annotated[tuple[Colour, ...], Field(min_length=7, max_length=7)]
    unknown: Colour
    line: Colour
    grid: Colour
    border: Colour
    track: Colour
    row: Size
    width: Size
    panel: Size
    label_limit: Size


def theme() -> Theme:
    """The look of the workspace: the packaged one, with what `house_style/theme.yaml` says instead.

    Raises OutputError when that file has faults, or when with it something could not be read or seen.
    """
    try:
        own = find_workspace() / HOUSE_STYLE / FILE
    except ParametersError:
        return packaged_theme()
    return _theme(own, own.stat().st_mtime_ns) if own.is_file() else packaged_theme()


def packaged_theme() -> Theme:
    """The look that comes with the package."""
    return _theme(None, 0)


@lru_cache(maxsize=4)
def _theme(own: Path | None, changed: int) -> Theme:  # noqa: ARG001  another moment is another file
    ours = packaged(__file__, FILE)
    if own is None:
        return Theme.model_validate({**ours, "steps": tuple(ours["steps"])})
    written = read_yaml(own)
    made = validate(Theme, replace(written, data={**ours, **(written.data or {})}), error=OutputError)
    faults = [f"{name} {number(found, 1)} (minstens {number(least, 1)})" for name, found, least in _too_little(made)]
    if faults:
        raise OutputError(
            f"{HOUSE_STYLE}/{own.name}: met deze kleuren is niet alles te lezen. Contrast van {'; '.join(faults)}. "
            "Kies een donkerdere of lichtere kleur; er is niets gemaakt."
        )
    return made


def _too_little(made: Theme) -> Iterator[tuple[str, float, float]]:
    """Every pair that is too close: its name, its contrast, and the least it should be."""
    named = [
        *product(("ink", "prose", "quiet", "main", "accent"), ("paper", "pale", "warning", "chosen")),
        *product(("ink",), ("loud", "unknown")),
        *(("paper", "main"), ("good", "pale"), ("good", "paper"), ("watch", "paper")),
    ]
    pairs = [(f"{text} op {ground}", getattr(made, text), getattr(made, ground), TEXT) for text, ground in named]
    tints = {f"een tint van {name}": tint(getattr(made, name), TINT, made) for name in ("accent", "loud", "main")}
    tints["de donkerste cel in Word"] = ground_of(1, made)
    pairs += [(f"ink op {name}", made.ink, ground, TEXT) for name, ground in tints.items()]
    pairs += [("reach op paper", made.reach, made.paper, MARK)]
    pairs += [(f"het cijfer op step {place}", on(step, made), step, TEXT) for place, step in enumerate(made.steps)]
    for name, one, other, least in pairs:
        if (found := contrast(one, other)) < least:
            yield name, found, least


def on(ground: str, made: Theme | None = None) -> str:
    """The colour of text on a ground: ink or paper, whichever stands out most."""
    made = made or theme()
    return max((made.ink, made.paper), key=lambda text: contrast(text, ground))


def tint(colour: str, share: float, made: Theme | None = None) -> str:
    """So much of a colour on paper, as a ground for text: 0 is paper, 1 the colour itself."""
    paper = (made or theme()).paper
    pairs = ((int(paper[place : place + 2], 16), int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(ground + share * (top - ground)):02x}" for ground, top in pairs)


def ground_of(share: float, made: Theme | None = None) -> str:
    """The ground of a cell with so much risk (0-1), in seven steps that all bear dark text: for print and Word."""
    made = made or theme()
    return tint(made.steps[5], GROUND * round(6 * share) / 6, made)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, by relative luminance)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=4)
def css_variables(made: Theme) -> str:
    """A look as CSS variables, for pages and for sections that stand by themselves in a notebook."""
    colours = {name: value for name, value in made if isinstance(value, str) and name != "font"}
    for place, step in enumerate(made.steps):
        colours |= {f"h{place}": step, f"h{place}-text": on(step, made)}
    told = " ".join(f"--{name}: {value};" for name, value in colours.items())
    return f":root, .wb {{ {told} --font: {font_family(made)}; }}"


def font_family(made: Theme | None = None) -> str:
    """The fonts as CSS: names of more than one word between quotation marks."""
    names = (name.strip() for name in (made or theme()).font.split(","))
    return ", ".join(f'"{name}"' if " " in name else name for name in names)
