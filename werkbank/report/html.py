"""Blocks as HTML: one template for every chapter, in a page, in a notebook and in the dashboard; all text escaped."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from werkbank.report.blocks import Chapter, Figure, Line, plain
from werkbank.report.figure import SVG_MIME
from werkbank.settings.theme import css_variables
from werkbank.wording import date, escape, safe_html

__all__ = ["chapter_html", "figure_html", "line_html", "plain_html", "render", "standing_alone", "style"]

TEMPLATES = Path(__file__).parent / "templates"
CHAPTERS = "chapter.css"
_STYLE = re.compile(r'\A<style data-werkbank="">.*?</style>', re.DOTALL)
_SIZE = re.compile(r'<svg[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')
_TAGS = {"strong": "strong", "em": "em"}


def chapter_html(chapter: Chapter) -> str:
    """A chapter as a fragment of a page; nothing where it has no blocks."""
    return render("chapter", chapter=chapter) if chapter.blocks else ""


def standing_alone(chapter: Chapter) -> str:
    """The same with the style it needs where there is no page around it."""
    return f'<style data-werkbank="">{style(CHAPTERS)}</style>{chapter_html(chapter)}'


def plain_html(html: str) -> str:
    """A chapter's HTML without the style it carries for notebooks."""
    return _STYLE.sub("", html)


def line_html(line: Line) -> Markup:
    """A line with its looks and links."""
    if isinstance(line, tuple):
        return Markup("").join(map(line_html, line))
    if isinstance(line, str):
        return escape(line)
    label = safe_html(' aria-label="{}"' if line.to else ' title="{}"', line.label) if line.label else ""
    if line.to:
        return safe_html('<a{} href="{}"{}>{}</a>', _class(line.look), line.to, label, line.text)
    tag = Markup(_TAGS.get(line.look, "span"))  # noqa: S704  our own words
    look = "" if line.look in _TAGS else _class(line.look)
    return safe_html("<{}{}{}>{}</{}>", tag, look, label, line.text, tag) if line.look else escape(line.text)


def _class(*looks: str) -> Markup:
    """The attribute with these classes; nothing where there are none."""
    named = " ".join(filter(None, looks))
    return safe_html(' class="{}"', named) if named else Markup("")


def figure_html(figure: Figure, drawn: str = "", place: int | None = None) -> str:
    """The figure for a page: the picture, its words, and its figures as a table.

    On a page whose charts live, `place` is the chart's number there.
    """
    drawn = drawn or figure.svg
    size = _SIZE.search(drawn)
    width, height = (round(float(size[1])), round(float(size[2]))) if size else (800, 400)
    columns, *found = figure.table
    return render(
        "figure",
        figure=figure,
        # The picture travels as data, so nothing in it can reach the page around it.
        source=Markup(f"data:{SVG_MIME};base64,{base64.b64encode(drawn.encode()).decode()}"),  # noqa: S704
        width=width,
        height=height,
        columns=columns,
        rows=list(zip_longest(figure.codes, found)) if figure.codes else [("", row) for row in found],
        place=place,
    )


def render(template: str, **values: object) -> str:
    """A template filled in; every value is escaped, a value that is not there is an error."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def style(name: str) -> Markup:
    """A style sheet as text, the one of chapters with the look it is made with; ours, and therefore not escaped."""
    sheet = _sheet(name)
    return Markup(f"{css_variables()}\n{sheet}") if name == CHAPTERS else sheet  # noqa: S704


@lru_cache(maxsize=8)
def _sheet(name: str) -> Markup:
    lines = (line.strip() for line in (TEMPLATES / name).read_text(encoding="utf-8").splitlines())
    return Markup("\n".join(line for line in lines if line))  # noqa: S704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # they come with the package and do not change under way
    )
    environment.filters.update(line=line_html, plain=plain, date=date)
    environment.globals.update(classes=_class, figure=lambda one: Markup(figure_html(one)), kind=_kind, style=style)  # noqa: S704
    return environment


def _kind(value: Any) -> str:
    return type(value).__name__
