"""Chapters as HTML, in a page, a notebook and the dashboard; all text escaped, and nothing that acts or calls out.

The only scripts of a page are the two that make its charts alive without internet and without a kernel: one Vega and
one small script of ours. A browser runs them by their hashes, and neither can call out: the policy of the page forbids
it. Vega reads its expressions by an interpreter (`ast`), so it needs no leave to make code of text.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from werkbank.errors import OutputError
from werkbank.files.whole import whole_file
from werkbank.report import blocks as b
from werkbank.report.figure import SVG_MIME, Figure, chart_blocks, json_block, script_of
from werkbank.report.terms import FICTIONAL, SUSPICION, labels, spec
from werkbank.settings.theme import css_variables, font_family, theme
from werkbank.wording import date, safe_html

TEMPLATES = Path(__file__).parent / "templates"
CHAPTERS = "chapter.css"
_STYLE = re.compile(r'\A<style data-werkbank="">.*?</style>', re.DOTALL)
_SIZE = re.compile(r'<svg[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')
ONE_LINE = 24
"""Up to so many letters a cell of a column of short words stays on one line."""
_TAGS = {"strong": "strong", "em": "em"}
_FORBIDDEN_TAGS = frozenset((
    "audio", "base", "button", "embed", "form", "iframe", "input", "link", "math", "object", "script", "source", "svg",
    "video",
))  # fmt: skip
_REFERENCES = frozenset(["src", "href", "srcset", "action", "formaction", "poster", "data", "background", "xlink:href"])
_OUTSIDE_CSS = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)
_TAG = re.compile(r'(<!DOCTYPE html>|</?[a-z][a-z0-9]*(?:[ \n]+[a-z][a-z0-9:-]*(?:="[^"<>]*")?)*[ \n]*/?>)')
"""A tag as our templates write it: every reader of HTML sees its attributes alike, and that it ends there."""
_SHEET = re.compile(r"<style.*?(?:</style\b|\Z)", re.DOTALL)
_LOCAL_FILE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.(html(#[a-z0-9-]+)?|xlsx|docx|pdf|json)"
)
_STILL = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_SNIPPET = """
import { parse, View } from "/npm/vega@6.2.0/+esm";
import { expressionInterpreter } from "/npm/vega-interpreter@2.0.0/+esm";
import { Handler } from "/npm/vega-tooltip@1.0.0/+esm";
window.werkbankChart = (spec, container) => new View(parse(spec, undefined, { ast: true }), {
  expr: expressionInterpreter, renderer: "svg", container, hover: true, tooltip: new Handler({ theme: "light" }).call,
}).runAsync();
"""
"""The versions are those that vl-convert holds; with others it makes no page, and tests/report/test_page.py fails."""


def chapter_html(chapter: b.Chapter) -> str:
    """A chapter as a fragment of a page; nothing where it has no blocks."""
    return render("chapter", chapter=chapter).strip() if chapter.blocks else ""


def standing_alone(chapter: b.Chapter) -> str:
    """The same with the style it needs where there is no page around it."""
    return f'<style data-werkbank="">{style(CHAPTERS)}</style>{chapter_html(chapter)}'


def plain_html(html: str) -> str:
    """A chapter's HTML without the style it carries for notebooks."""
    return _STYLE.sub("", html)


def line_html(line: b.Line) -> Markup:
    """A line with its looks and links."""
    if isinstance(line, tuple):
        return Markup("").join(map(line_html, line))
    if isinstance(line, str):
        return escape(line)
    label = safe_html(' aria-label="{}"' if line.to else ' title="{}"', line.label) if line.label else ""
    if line.to:
        # The name of a file may be broken between its words, and is copied whole.
        text = escape(line.text) if line.to.startswith("#") else escape(line.text).replace("_", Markup("_<wbr>"))
        return safe_html('<a{} href="{}"{}>{}</a>', _class(line.look), line.to, label, text)
    tag = Markup(_TAGS.get(line.look, "span"))  # noqa: S704  our own words
    look = "" if line.look in _TAGS else _class(line.look)
    return safe_html("<{}{}{}>{}</{}>", tag, look, label, line.text, tag) if line.look else escape(line.text)


@lru_cache(maxsize=256)
def _class(*looks: str) -> Markup:
    """The attribute with these classes; nothing where there are none."""
    named = " ".join(filter(None, looks))
    return safe_html(' class="{}"', named) if named else Markup("")


def _list(one: b.List) -> Markup:
    tag = Markup("ol" if one.ordered else "ul")  # noqa: S704  our own words
    items = Markup("").join(safe_html("<li>{}</li>", line_html(item)) for item in one.items)
    return safe_html("<{}{}>{}</{}>", tag, _class("plain" if one.plain else "", one.look), items, tag)


def _bar(one: b.KeyFigure | b.Measured) -> Markup:
    """Where a figure may lie, and where it lies now; the words beside it say the same."""
    if one.low is None or one.high is None:
        return Markup("")
    width = max(one.high - one.low, 0.8)
    dot = "" if one.score is None else safe_html('<span class="dot" style="left:{:.1f}%"></span>', one.score)
    return safe_html(
        '<span class="span" aria-hidden="true"><span class="reach" style="left:{:.1f}%;width:{:.1f}%"></span>{}</span>',
        one.low, width, dot,
    )  # fmt: skip


def _row(table: b.Table, row: b.Row) -> Markup:
    """A row of a table; one by one in a template they would take three times as long."""
    cells = Markup("").join(
        safe_html('<th scope="row">{}</th>', _content(cell))
        if at == table.first
        else safe_html("<td{}>{}</td>", _class(*_looks(cell, table.columns[at])), _content(cell))
        for at, cell in enumerate(row.cells)
    )
    park = safe_html(' data-park="{}"', row.park) if row.park else ""
    return safe_html("<tr{}{}>{}</tr>", park, _class(row.look), cells)


def _looks(cell: b.Cell, column: b.Column) -> Iterator[str]:
    if column.is_number:
        yield "n"
    if column.kind == "total" or (column.kind == "line" and len(b.plain(cell)) < ONE_LINE):
        yield column.kind
    if isinstance(cell, b.Measured):
        yield "bounds"


def _content(cell: b.Cell) -> Markup:
    if isinstance(cell, b.List):
        return _list(cell)
    if isinstance(cell, b.Measured):
        figure = safe_html('<span class="figs">{}</span>', cell.text)
        return safe_html('<span class="beside">{}{}</span>', figure, _bar(cell))
    return line_html(cell.text if isinstance(cell, b.Glyph) else cell)


def figure_html(figure: Figure, drawn: str = "", place: int | None = None, room: int = 0) -> str:
    """The figure for a page: the picture, its words, and its figures as a table.

    On a page whose charts live, `place` is the chart's number there. With `room`, how many pixels high it will be,
    there is no picture until a script draws it, and the page says so in words.
    """
    drawn = "" if room else drawn or figure.svg
    size = _SIZE.search(drawn)
    width, height = (round(float(size[1])), round(float(size[2]))) if size else (theme().width, room or 400)
    columns, *found = figure.table
    return render(
        "figure",
        figure=figure,
        # The picture travels as data, so nothing in it can reach the page around it.
        source=Markup(f"data:{SVG_MIME};base64,{base64.b64encode(drawn.encode()).decode()}"),  # noqa: S704
        states=spec("dashboard.figure") if room else None,
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
    return Markup(f"{css_variables(theme())}\n{sheet}") if name == CHAPTERS else sheet  # noqa: S704


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
    environment.filters.update(line=line_html, list=_list, bar=_bar, date=date)
    environment.globals.update(classes=_class, kind=lambda one: type(one).__name__, row=_row, style=style)
    environment.globals["figure"] = lambda one: Markup(figure_html(one))  # noqa: S704  made by our own template
    return environment


def render_chapters(chapters: Sequence[b.Chapter], **about: Any) -> str:
    """A page of chapters alone, without a notebook behind it; `about` is what else a Page says. Raises OutputError."""
    body = Markup("").join(Markup(chapter_html(chapter)) for chapter in chapters)  # noqa: S704  made of blocks
    contents = tuple((chapter.anchor, chapter.title) for chapter in chapters if len(chapters) > 1)
    return render_page(Page(**about, body=body, contents=contents))


@dataclass(frozen=True, slots=True)
class Living:
    """What lives on a page: the specs of its charts in order, and the parks to choose from.

    `parks` are codes and names in the order of what the page tells of them, and `chosen` is the one chosen at first.
    `scripts` decide what is chosen, and know `told`; with `framed` the page may show and ask more of its own server.
    `translated` gives the charts as `chart_blocks` makes them, where another process does that.
    """

    charts: Sequence[Mapping[str, Any]]
    parks: Sequence[tuple[str, str]]
    chosen: str
    scripts: tuple[Path, ...] = (TEMPLATES / "report.js",)
    told: Mapping[str, Any] = field(default_factory=dict)
    framed: bool = False
    translated: Callable[[], list[str]] = list


@dataclass(frozen=True, slots=True)
class Page:
    """What a page consists of; `body` is finished HTML, all else is text. `contents` holds anchors and names.

    `made` is the day on which what it shows was made. `living` is what makes its charts alive; without it the page
    holds no script at all. One that holds nothing that was `judged` says nothing of suspicions. `look` is where a
    style sheet of its own lies.
    """

    title: str
    subtitle: str
    label: str
    legal_basis: str
    fictional: bool
    body: Markup
    contents: tuple[tuple[str, str], ...] = ()
    made: dt.date | None = None
    living: Living | None = None
    judged: bool = True
    look: str = ""


def render_page(page: Page) -> str:
    """The page as one HTML file. Raises OutputError when anything in it could act or reach outside.

    What is looked through is all that was made of data and notebooks; the two scripts of a living page come after it.
    """
    refuse_active(_rendered(page, Markup("")))
    return _rendered(page, Markup("") if page.living is None else _living_parts(page.living))


def _rendered(page: Page, living: Markup) -> str:
    return render(
        "page",
        page=page,
        fictional_text=FICTIONAL,
        suspicion_text=SUSPICION if page.judged else "",
        margins=_margins(page),
        policy=_policy(page.living),
        living=living,
    )


def refuse_active(html: str) -> None:
    """Raise OutputError when the HTML holds script, an event handler, or a reference to anything outside itself."""
    watch = _Watch()
    texts, tags = (parts := _TAG.split(html))[::2], parts[1::2]
    if any("<" in text for text in texts):
        watch.feed(html)
        watch.close()
    else:  # nothing but such tags: one is looked at once, however often it is there
        for tag in set(tags):
            watch.feed(tag)
            watch.reset()
        if any(map(_OUTSIDE_CSS.search, _SHEET.findall(html))):
            watch.faults.add("een verwijzing naar buiten")
    if watch.faults:
        raise OutputError(
            f"Het rapport bevat iets dat er niet in mag ({', '.join(sorted(watch.faults))}); er is niets gemaakt. "
            "Haal het uit de tekst van het notebook en maak het rapport opnieuw."
        )


class _Watch(HTMLParser):
    """Notes every tag and attribute that has no place in a page without script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: set[str] = set()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _FORBIDDEN_TAGS:
            self.faults.add(f"het element {tag}")
        for name, value in attrs:
            self._attribute(name, (value or "").strip())

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.faults.add("een gebeurtenis")
        if name in _REFERENCES and not _inside(value):
            self.faults.add("een verwijzing naar buiten")
        if name == "style" and _OUTSIDE_CSS.search(value):
            self.faults.add("een verwijzing naar buiten")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._in_style and _OUTSIDE_CSS.search(data):
            self.faults.add("een verwijzing naar buiten")


def is_local_file(address: str) -> bool:
    """Whether a link may lead there: to a file beside the page or in a folder below it, by a plain name."""
    return bool(_LOCAL_FILE.fullmatch(address))


def _inside(value: str) -> bool:
    """A place in the page, a picture carried along, or a file that lies beside the page."""
    return value.startswith(("#", "data:image/svg+xml;base64,")) or is_local_file(value)


def _margins(page: Page) -> Markup:
    """The head and foot of every printed page, as CSS; texts are written in escapes, so none can end its string."""
    boxes = {
        "top-left": css_text(labels(fictional=page.fictional, judged=page.judged)),
        "top-right": css_text(page.title),
        "bottom-left": f"{css_text(page.label)} '\\a ' {css_text(page.legal_basis)}",
        "bottom-right": '"pagina " counter(page) " van " counter(pages)',
    }
    look = f"font: 8pt {font_family()}; color: {theme().ink};"
    drawn = " ".join(f"@{place} {{ content: {text}; {look} }}" for place, text in boxes.items())
    drawn += " @bottom-left { width: 80%; white-space: pre-line; } @bottom-right { width: 20%; }"
    margin = "margin: 17mm 14mm 18mm;"
    return Markup(  # noqa: S704
        f"@page {{ size: A4 portrait; {margin} {drawn} }}\n@page wide {{ size: A4 landscape; {margin} }}"
    )


def css_text(text: str) -> str:
    """A CSS string with everything but letters and digits written as an escape."""
    return '"' + "".join(char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in text) + '"'


def _living_parts(living: Living) -> Markup:
    """The data and the two scripts, as the last elements of a page; a chart is read no sooner than it is drawn."""
    charts = living.translated() or chart_blocks(living.charts)
    data = "".join(f'<script type="application/json" class="figuur">{chart}</script>\n' for chart in charts)
    data += f'<script type="application/json" id="gegevens">{_data_block(living)}</script>\n'
    return Markup(data + "".join(f"<script>{text}</script>\n" for text in _scripts(living.scripts)))  # noqa: S704


def _policy(living: Living | None) -> Markup:
    """The Content-Security-Policy of a page: nothing from outside, no script but those with these hashes."""
    if living is None:
        return Markup(_STILL)  # noqa: S704  our own words
    digests = (hashlib.sha256(text.encode()).digest() for text in _scripts(living.scripts))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    frame = "; frame-src 'self'; connect-src 'self'" if living.framed else ""
    return Markup(f"{_STILL}; script-src {hashes}{frame}")  # noqa: S704


def _data_block(living: Living) -> str:
    places = enumerate(living.parks, start=1)
    parks = [{"code": code, "name": name, "anchor": f"terrein-{place}"} for place, (code, name) in places]
    return json_block({"parks": parks, "chosen": living.chosen, **living.told})


@lru_cache(maxsize=4)
def _scripts(own: tuple[Path, ...]) -> tuple[str, str]:
    """Vega as one script that gives a page `werkbankChart` and nothing else; and our own."""
    name = hashlib.sha256(f"{version('vl-convert-python')} {_SNIPPET}".encode()).hexdigest()[:16]
    ours = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "living.js", *own))
    return kept(f"vega-{name}.js", _bundled), f"(() => {{\n{ours}}})();"


def _bundled() -> str:
    made = script_of(_SNIPPET)
    for ends in ("</script", "<!--"):
        made = re.sub(ends, lambda found: f"<\\{found[0][1:]}", made, flags=re.IGNORECASE)
    return f"(() => {{{made}}})();"


def kept(name: str, make: Callable[[], str]) -> str:
    """Text that takes seconds to make, from the user's cache where it is there whole, else made again.

    An unwritable cache only costs time.
    """
    file = cache_folder() / name
    try:
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(text):
            return text
    except (OSError, UnicodeDecodeError):
        pass
    text = make()
    with suppress(OutputError):
        whole_file(file, f"{_digest(text)}\n{text}".encode())
    return text


def cache_folder() -> Path:
    """Where the user's own cache of the workbench lies."""
    named = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "werkbank"


def _digest(text: str) -> str:
    return f"// {hashlib.sha256(text.encode()).hexdigest()}"
