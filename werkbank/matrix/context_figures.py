"""The context figures a park can have: their codes, Dutch names and units, and how one is read and printed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from werkbank.matrix.cells import normalise
from werkbank.matrix.park_register.values import read_number
from werkbank.wording import date, number

__all__ = ["BY_ID", "FIGURES", "REFERENCE_DATE", "Figure", "figure_of", "printed", "read_value"]

Kind = Literal["count", "reports", "share", "year", "euro", "ratio", "yes_no", "day"]

FEWEST_REPORTS = 5
"""Counts of reports below this are not kept: with few, a reader may know whose they are."""
FEW = f"minder dan {FEWEST_REPORTS}"
_YES = frozenset(("ja", "j", "yes", "true", "waar", "1"))
_NO = frozenset(("nee", "n", "no", "false", "onwaar", "0"))
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
_ALLOWED: Mapping[Kind, str] = MappingProxyType(
    {
        "count": "een heel getal van 0 of meer",
        "reports": "een heel getal van 0 of meer, of “<5”",
        "share": "een percentage van 0 tot 100",
        "year": "een jaartal",
        "euro": "een bedrag van 0 of meer",
        "ratio": "een getal van 0 of meer",
        "yes_no": "ja of nee",
        "day": "een dag, zoals 31-12-2026",
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its code, its name in Dutch, and what kind of value it has."""

    id: str
    name: str
    kind: Kind

    @property
    def is_number(self) -> bool:
        """Whether its values are floats; the others are texts."""
        return self.kind in {"count", "share", "year", "euro", "ratio"}

    @property
    def allowed(self) -> str:
        """What a value may be, in Dutch."""
        return _ALLOWED[self.kind]


FIGURES: Final = (
    Figure("establishments", "aantal vestigingen", "count"),
    Figure("workers", "werkzame personen", "count"),
    Figure("establishments_per_address", "vestigingen per adres", "ratio"),
    Figure("new_establishments", "nieuwe vestigingen per jaar", "count"),
    Figure("departed_establishments", "vertrokken vestigingen per jaar", "count"),
    Figure("sole_proprietor_share", "aandeel eenmanszaken", "share"),
    Figure("car_trade_share", "aandeel autobranche (SBI 45)", "share"),
    Figure("vacancy", "leegstand", "share"),
    Figure("residential_share", "aandeel panden met woonfunctie", "share"),
    Figure("median_building_year", "mediaan bouwjaar", "year"),
    Figure("woz_per_m2", "WOZ-waarde per m²", "euro"),
    Figure("association_members", "leden van de ondernemersvereniging", "count"),
    Figure("biz", "bedrijveninvesteringszone (BIZ)", "yes_no"),
    Figure("kvo_until", "KVO geldig tot", "day"),
    Figure("reports", "aantal meldingen", "reports"),
    Figure("last_joint_inspection", "laatste integrale controle", "day"),
    Figure("reference_date", "peildatum", "day"),
)
"""In the order in which they are shown (domain.md 1.4)."""

REFERENCE_DATE = "reference_date"
BY_ID: Final = MappingProxyType({figure.id: figure for figure in FIGURES})
_BY_NAME: Final = MappingProxyType({normalise(name): figure for figure in FIGURES for name in (figure.id, figure.name)})


def figure_of(column: str) -> Figure | None:
    """The figure that a column's heading names, by code or Dutch name."""
    return _BY_NAME.get(normalise(column))


def read_value(figure: Figure, text: str, mark: str = ".") -> float | str | None:
    """The value in a cell, or None when it is not one of the figure's kind; never called with an empty text."""
    if figure.kind == "yes_no":
        word = normalise(text)
        return "ja" if word in _YES else "nee" if word in _NO else None
    if figure.kind == "day":
        return _day(text)
    if figure.kind == "reports":
        return _reports(text, mark)
    value = read_number(text.strip().removeprefix("€").removesuffix("%").strip(), mark)
    return value if value is not None and _possible(figure.kind, value) else None


def printed(figure: Figure, value: float | str) -> str:
    """A value as a reader sees it: 12,5%, 5,0%, € 1.250, 31 december 2026; one kind, one number of decimals."""
    if isinstance(value, str):
        return date(dt.date.fromisoformat(value)) if figure.kind == "day" and value else value
    if figure.kind == "year":
        return f"{value:.0f}"
    text = number(value, int(figure.kind in {"share", "ratio"}))
    return {"share": f"{text}%", "euro": f"€ {text}"}.get(figure.kind, text)


def _possible(kind: Kind, value: float) -> bool:
    if kind == "share":
        return 0 <= value <= 100
    if kind == "year":
        return value.is_integer() and 1500 <= value <= 2100
    return value >= 0 and (kind != "count" or value.is_integer())


def _reports(text: str, mark: str) -> str | None:
    if normalise(text) in {f"<{FEWEST_REPORTS}", f"< {FEWEST_REPORTS}", FEW}:
        return FEW
    value = read_number(text, mark)
    if value is None or value < 0 or not value.is_integer():
        return None
    return FEW if value < FEWEST_REPORTS else number(value)


def _day(text: str) -> str | None:
    """An ISO date from `2026-12-31` or `31-12-2026`, with or without a time of nought."""
    plain = text.strip().removesuffix(" 00:00:00")
    match = _DUTCH_DAY.fullmatch(plain)
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        return dt.date.fromisoformat(plain).isoformat()
    except ValueError:
        return None
