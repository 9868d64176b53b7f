"""What makes a page's charts alive without internet and without a kernel: one Vega, one small script, the data.

A browser runs only these two scripts, by their hashes, and neither can call out: the policy of the page forbids it.
Vega reads its expressions by an interpreter (`ast`), so it needs no leave to make code of text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from werkbank.report.blocks import TEMPLATES
from werkbank.report.figure import script_of
from werkbank.report.html import kept

__all__ = ["Living", "PageLink", "data_block", "living_parts", "page_policy"]

_STILL = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_SNIPPET = "window.werkbankEmbed = vegaEmbed;"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A park that can be chosen: its code, its name, and the anchor of what the page tells of it."""

    code: str
    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Living:
    """What lives on a page: the specs of its charts in order, the parks to choose from, and the first one chosen."""

    charts: tuple[Mapping[str, Any], ...]
    parks: tuple[PageLink, ...]
    chosen: str


def living_parts(living: Living) -> Markup:
    """The data and the two scripts, as the last elements of a page."""
    scripts = "".join(f"<script>{text}</script>\n" for text in _scripts())
    return Markup(f'<script type="application/json" id="figuren">{data_block(living)}</script>\n{scripts}')  # noqa: S704


def page_policy(*, alive: bool) -> Markup:
    """The Content-Security-Policy of a page: nothing from outside, no script but those with these hashes."""
    if not alive:
        return Markup(_STILL)  # noqa: S704  our own words
    digests = (hashlib.sha256(text.encode()).digest() for text in _scripts())
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return Markup(f"{_STILL}; script-src {hashes}")  # noqa: S704


def data_block(living: Living) -> str:
    """Charts and parks as JSON in which nothing can end the element it stands in: `<`, `>` and `&` are written out.

    The words and tables of a chart are on the page already, and stay out.
    """
    data = {
        "charts": [{key: value for key, value in spec.items() if key != "usermeta"} for spec in living.charts],
        "parks": [{"code": park.code, "name": park.name, "anchor": park.anchor} for park in living.parks],
        "chosen": living.chosen,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _scripts() -> Sequence[str]:
    return _vega(), _own_script()


@lru_cache(maxsize=1)
def _own_script() -> str:
    return (TEMPLATES / "living.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that gives the page `werkbankEmbed` and nothing else."""
    name = hashlib.sha256(f"{version('vl-convert-python')} {_SNIPPET}".encode()).hexdigest()[:16]
    return kept(f"vega-{name}.js", _bundled)


def _bundled() -> str:
    made = script_of(_SNIPPET)
    if "</script" in made.lower() or "<!--" in made:
        made = made.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(() => {{{made}}})();"
