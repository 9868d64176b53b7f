"""The page for the steering group: the answer, how sure it is, what is asked of them; one page and no more."""

from __future__ import annotations

from typing import Any

from werkbank.wording import count, listing

__all__ = ["summary_content"]

Values = dict[str, Any]

HIGHEST = 5
"""Parks in the table of the page."""
REASONS = 3
LINES = 2
"""Parks named per kind of work; the analysis names them all."""


def summary_content(content: Values) -> Values:
    """What stands on the page, chosen from what the whole analysis says (`analysis_content`)."""
    front = content["front"]
    kept = ("municipality", "round", "size", "reader", "label", "suspicion", "fictional", "legal_basis", "fingerprint")
    rows = content["ranking"]["rows"]
    return {
        **{name: content[name] for name in kept},
        "missing": [line.partition(". ")[0] + "." for line in front["missing"]],
        "sentence": front["sentence"],
        "disclaimer": front["disclaimer"],
        "why": [_why(card) for card in front["cards"]],
        "highest": [
            {key: row[key] for key in ("rank", "name", "advised", "score", "low", "high", "place", "quadrant")}
            for row in rows[:HIGHEST]
        ],
        "rest": _rest(len(rows) - HIGHEST, content["ranking"]["marked"]),
        "sure": " ".join(front["sure"]),
        "unknown": " ".join(front["unknown"]),
        "to_do": [f"{one['word']}: {_some(one['lines'])}." for one in front["to_do"]],
        "asked": _asked(front),
        "basis": " ".join(front["basis"]),
    }


def _why(card: Values) -> str:
    grounds = [f"{one['name']} ({one['kind']}; {one['reference']})" for one in card["grounds"][:REASONS]]
    groups = [f"{one['name'].lower()} {one['score']}" for one in card["groups"]]
    told = f"{card['name']} heeft {card['score']} van 100 punten ({card['place']})"
    told += f": {listing(groups)}." if groups else "."
    return f"{told} Het zwaarst wegen: {'; '.join(grounds)}." if grounds else f"{told} {card['no_grounds']}".rstrip()


def _rest(rest: int, marked: str) -> str:
    told = f"Nog {count(rest, 'terrein staat', 'terreinen staan')} in de analyse. " if rest > 0 else ""
    return f"{told}{marked}"


def _some(lines: list[str]) -> str:
    """The first lines, and how many more there are."""
    named = [line for line in lines if not line.startswith("en nog ")]
    more = len(named) - LINES
    tail = [f"en {count(more, 'ander', 'andere')}; zie de analyse"] if more > 0 else []
    extra = [line for line in lines if line.startswith("en nog ")] if more <= 0 else []
    return "; ".join([*named[:LINES], *tail, *extra])


def _asked(front: Values) -> list[str]:
    """What the people who decide are asked; the werkbank never selects."""
    parks = listing(card["name"] for card in front["cards"])
    asked = [f"Besluit of {parks} wordt gekozen voor een gezamenlijke aanpak, en leg de reden vast."] if parks else []
    return [*asked, "Spreek af wie uitzoekt wat nog onbekend is, en wanneer."]
