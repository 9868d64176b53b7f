"""The shell of every page: its look inside, its labels on each page, and nothing that can act or call out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import Markup

from werkbank.errors import OutputError
from werkbank.report.blocks import render
from werkbank.report.html import Living, living_parts, page_policy
from werkbank.report.terms import FICTIONAL, SUSPICION
from werkbank.settings.theme import font_family, theme

__all__ = ["Page", "is_local_file", "made_on", "refuse_active", "render_page"]

_FORBIDDEN_TAGS = frozenset(
    (
        "script",
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "audio",
        "video",
        "source",
    )
)
_REFERENCES = frozenset(("src", "href", "srcset", "action", "formaction", "poster", "data", "background", "xlink:href"))
_OUTSIDE_CSS = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)
_LOCAL_FILE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.(html(#[a-z0-9-]+)?|xlsx|docx|pdf|json)"
)
_MADE = re.compile(r'<meta name="werkbank-made" content="(\d{4}-\d\d-\d\d)">')


@dataclass(frozen=True, slots=True)
class Page:
    """What a page consists of; `body` is finished HTML, all else is text. `contents` holds anchors and names.

    `styles` names style sheets of its own, beside those of every page. `made` is the day on which what it shows was
    made. `living` is what makes its charts alive; without it the page holds no script at all.
    """

    title: str
    subtitle: str
    label: str
    legal_basis: str
    fictional: bool
    body: Markup
    contents: tuple[tuple[str, str], ...] = ()
    styles: tuple[str, ...] = ()
    made: dt.date | None = None
    living: Living | None = None


def made_on(html: str) -> dt.date | None:
    """The day on which a page says that it was made; None when it does not say."""
    found = _MADE.search(html)
    return dt.date.fromisoformat(found[1]) if found else None


def render_page(page: Page) -> str:
    """The page as one HTML file. Raises OutputError when anything in it could act or reach outside.

    What is looked through is all that was made of data and notebooks; the two scripts of a living page come after it.
    """
    refuse_active(_rendered(page, Markup("")))
    return _rendered(page, Markup("") if page.living is None else living_parts(page.living))


def _rendered(page: Page, living: Markup) -> str:
    return render(
        "page",
        page=page,
        fictional_text=FICTIONAL,
        suspicion_text=SUSPICION,
        margins=_margins(page),
        policy=page_policy(alive=page.living is not None),
        living=living,
    )


def refuse_active(html: str) -> None:
    """Raise OutputError when the HTML holds script, an event handler, or a reference to anything outside itself."""
    watch = _Watch()
    watch.feed(html)
    watch.close()
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
    fictional = f"{FICTIONAL} · " if page.fictional else ""
    boxes = {
        "top-left": _css_text(fictional + SUSPICION),
        "top-right": _css_text(page.title),
        "bottom-left": f"{_css_text(page.label)} '\\a ' {_css_text(page.legal_basis)}",
        "bottom-right": '"pagina " counter(page) " van " counter(pages)',
    }
    look = f"font: 8pt {font_family()}; color: {theme().ink};"
    drawn = " ".join(f"@{place} {{ content: {text}; {look} }}" for place, text in boxes.items())
    drawn += " @bottom-left { width: 80%; white-space: pre-line; } @bottom-right { width: 20%; }"
    margin = "margin: 17mm 14mm 18mm;"
    return Markup(  # noqa: S704
        f"@page {{ size: A4 portrait; {margin} {drawn} }}\n@page wide {{ size: A4 landscape; {margin} }}"
    )


def _css_text(text: str) -> str:
    """A CSS string with everything but letters and digits written as an escape."""
    return '"' + "".join(char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in text) + '"'
