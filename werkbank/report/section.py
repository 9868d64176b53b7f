"""Section: one part of a report as a frozen value, with the look it needs to be read in a notebook too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from werkbank.settings.theme import css_variables
from werkbank.wording import Shown, capital, count, date, listing, number, percent, unbroken

__all__ = ["Section", "make", "nothing", "plain_html", "render", "style"]

TEMPLATES = Path(__file__).parent / "templates"
MARK = {"werkbank": "section"}
"""Metadata of an output that a report may take over from an executed notebook."""
SECTIONS = "section.css"
_STYLE = re.compile(r'\A<style data-werkbank="">.*?</style>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section(Shown):
    """One part of a report: `html` is a fragment in which every value is escaped, `text` says the same in short.

    `values` are what the fragment was filled in with, so that a Word or PDF file prints the same ones.

    >>> section = wb.report.glossary(wb.assess("urk"))
    >>> print(section)
    Begrippen
    14 begrippen
    """

    title: str
    html: str
    text: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False, compare=False)

    def _repr_html_(self) -> str | None:
        # A section with nothing in it says so in words; a report leaves it out.
        return f'<style data-werkbank="">{style(SECTIONS)}</style>{self.html}' if self.html.strip() else None

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        html = self._repr_html_()
        return {**({"text/html": html} if html else {}), "text/plain": str(self)}, dict(MARK)

    def __str__(self) -> str:
        """The title, and below it the section in short."""
        return f"{self.title}\n{self.text}"


def make(template: str, title: str, text: str, **values: object) -> Section:
    """A section from a template; `title` is its accessible name."""
    html = render(template, title=title, **values)
    return Section(title=title, html=html, text=text, values=MappingProxyType(values))


def nothing(title: str) -> Section:
    """A part that this reader does not get: a report leaves it out, with the sentence that leads to it."""
    return Section(title=title, html="", text="Dit staat niet in dit exemplaar.")


def render(template: str, **values: object) -> str:
    """A template filled in; every value is escaped, a value that is not there is an error."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def plain_html(html: str) -> str:
    """A section's HTML without the style it carries for notebooks."""
    return _STYLE.sub("", html)


def style(name: str) -> Markup:
    """A style sheet as text, the one of sections with the look it is made with; ours, and therefore not escaped."""
    sheet = _sheet(name)
    return Markup(f"{css_variables()}\n{sheet}") if name == SECTIONS else sheet  # noqa: S704


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
    environment.filters.update(number=number, percent=percent, listing=listing, capital=capital, date=date)
    environment.filters.update(unbroken=unbroken)
    environment.globals.update(count=count, style=style)
    return environment
