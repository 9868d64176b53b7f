"""The index of a batch: per municipality whether its analysis was made, its advice, and where to find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from werkbank.report.page import Page, render_page
from werkbank.report.section import render
from werkbank.wording import count

__all__ = ["IndexEntry", "render_index"]

State = Literal["made", "unchanged", "failed"]
STATES: dict[State, str] = {"made": "gemaakt", "unchanged": "ongewijzigd", "failed": "mislukt"}
_CLASSES: dict[State, str] = {"made": "made", "unchanged": "same", "failed": "failed"}
FILES = (
    ("analyse.html", "analyse"),
    ("scores.xlsx", "cijfers"),
    ("analyse.docx", "document"),
    ("advice.json", "gegevens"),
)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One municipality in the index; `advised` holds names of parks, `files` what lies in its folder."""

    municipality: str
    name: str
    state: State
    reason: str = ""
    parks: int = 0
    advised: tuple[str, ...] = ()
    coverage: float | None = None
    files: tuple[str, ...] = ("analyse.html", "scores.xlsx", "advice.json")


def render_index(
    entries: Sequence[IndexEntry],
    *,
    district: str,
    round: str,
    audience_label: str,
    fictional: bool,
    legal_basis: str,
) -> str:
    """The index as one HTML file: every municipality, also those that failed and why.

    `legal_basis` is the line that is printed on every page.
    """
    failed = sum(1 for entry in entries if entry.state == "failed")
    links = [
        [(file, name) for file, name in FILES if file in entry.files and entry.state != "failed"] for entry in entries
    ]
    rows = [(entry, STATES[entry.state], _CLASSES[entry.state], own) for entry, own in zip(entries, links, strict=True)]
    body = render("index", rows=rows, failed=failed, made=len(entries) - failed)
    return render_page(
        Page(
            title=f"Analyses bedrijventerreinen, district {district}",
            subtitle=f"Ronde {round} · {count(len(entries), 'gemeente', 'gemeenten')}",
            label=audience_label,
            legal_basis=legal_basis,
            fictional=fictional,
            body=Markup(body),  # noqa: S704  made by our own template
        )
    )
