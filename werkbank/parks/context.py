"""The context figures a park can have: their codes, Dutch names and units, and how one is read and printed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from werkbank.errors import Finding, RegisterError
from werkbank.files.yaml import packaged
from werkbank.matrix.cells import normalise
from werkbank.parks.source import Table, Where, read_table, read_text
from werkbank.wording import date, did_you_mean, number, read_date

Kind = Literal["count", "reports", "share", "year", "euro", "ratio", "yes_no", "day"]

FEWEST_REPORTS = 5
"""Counts of reports below this are not kept: with few, a reader may know whose they are."""
FEW = f"minder dan {FEWEST_REPORTS}"
_YES_NO = {**dict.fromkeys(("ja", "j", "yes", "true", "waar", "1"), "ja"),
           **dict.fromkeys(("nee", "n", "no", "false", "onwaar", "0"), "nee")}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_TEXTS: Final = packaged(__file__, "figures.yaml")


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
        return str(_TEXTS["kinds"][self.kind])


FIGURES: Final = tuple(Figure(**one) for one in _TEXTS["figures"])
"""In the order in which they are shown (domain.md 1.4)."""

REFERENCE_DATE = "reference_date"
BY_ID: Final = MappingProxyType({figure.id: figure for figure in FIGURES})
_BY_NAME: Final = MappingProxyType({normalise(name): figure for figure in FIGURES for name in (figure.id, figure.name)})


def figure_of(column: str) -> Figure | None:
    """The figure that a column's heading names, by code or Dutch name."""
    return _BY_NAME.get(normalise(column))


def read_value(figure: Figure, text: str) -> float | str | None:
    """The value in a cell, or None when it is not one of the figure's kind; never called with an empty text."""
    if figure.kind == "yes_no":
        return _YES_NO.get(normalise(text))
    if figure.kind == "day":
        day = read_date(text)
        return day.isoformat() if day else None
    if figure.kind == "reports":
        return _reports(text)
    value = _number(text.strip().removeprefix("€").removesuffix("%").strip())
    return value if value is not None and _possible(figure.kind, value) else None


def printed(figure: Figure, value: float | str) -> str:
    """A value as a reader sees it: 12,5%, 5,0%, € 1.250, 31 december 2026; one kind, one number of decimals."""
    if isinstance(value, str):
        return date(dt.date.fromisoformat(value)) if figure.kind == "day" and value else value
    if figure.kind == "year":
        return f"{value:.0f}"
    text = number(value, int(figure.kind in {"share", "ratio"}))
    return {"share": f"{text}%", "euro": f"€ {text}"}.get(figure.kind, text)


def _number(text: str) -> float | None:
    """The number in a text; None for none, and for what may be thousands as well as decimals, such as 1.250."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain) or _EITHER.fullmatch(plain):
        return None
    return float(plain.replace(",", "."))


def _possible(kind: Kind, value: float) -> bool:
    if kind == "share":
        return 0 <= value <= 100
    if kind == "year":
        return value.is_integer() and 1500 <= value <= 2100
    return value >= 0 and (kind != "count" or value.is_integer())


def _reports(text: str) -> str | None:
    if normalise(text) in {f"<{FEWEST_REPORTS}", f"< {FEWEST_REPORTS}", FEW}:
        return FEW
    value = _number(text)
    if value is None or value < 0 or not value.is_integer():
        return None
    return FEW if value < FEWEST_REPORTS else number(value)


_Rows = Sequence[tuple[Where, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The context figures of the parks that have any, and every finding about them; immutable."""

    findings: tuple[Finding, ...]
    _figures: pd.DataFrame = field(repr=False)

    @property
    def figures(self) -> pd.DataFrame:
        """One row per park: park_id and a column per figure; NaN or empty where not given; a copy."""
        return self._figures.copy()


def read_context(path: Path | str, parks: pd.DataFrame) -> Context:
    """The context figures with every finding; a faulty value is left out, a faulty file gives no figures.

    `parks` is the register. Numbers are floats, shares percentages, days ISO texts, yes or no `ja` or `nee`; counts of
    reports below five are the text `minder dan 5`. A file that is not there is no fault: then the figures are those in
    the register, if any.
    """
    path = Path(path)
    try:
        table = read_table(read_text(path))
    except FileNotFoundError:
        return _context(_of_register(parks), [], parks)
    except RegisterError as reason:
        broken = Where(path.name).finding("unreadable-context", found=reason.message)
        return Context((broken,), _frame({}, ()))
    findings = [*table.findings, *_header_findings(path.name, table)]
    if any(finding.severity == "error" for finding in findings):
        return Context(tuple(findings), _frame({}, ()))
    rows = [(Where(path.name, line), _by_id(table.header, cells)) for line, cells in table.rows]
    return _context([*_of_register(parks), *rows], findings, parks)


def _by_id(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """A row by the codes of its columns; columns nobody knows fall away."""
    found = {}
    for name, cell in zip(header, cells, strict=False):
        code = "park_id" if normalise(name) == "park_id" else getattr(figure_of(name), "id", None)
        if code:
            found[code] = cell
    return found


def _of_register(parks: pd.DataFrame) -> list[tuple[Where, Mapping[str, str]]]:
    """Figures that stand in the register itself; they come first, so that those of the file win."""
    columns = [name for name in parks.columns if name in BY_ID]
    rows = parks[["park_id", *columns]].astype("str").to_dict("records") if columns else []
    return [(Where("parks.csv"), {str(key): str(value) for key, value in row.items()}) for row in rows]


def _header_findings(file: str, table: Table) -> Iterator[Finding]:
    names = [normalise(name) for name in table.header]
    codes = [getattr(figure_of(name), "id", normalise(name)) for name in table.header]
    if "park_id" not in names and not any(finding.rule == "broken-csv" for finding in table.findings):
        near = did_you_mean("park_id", names)
        yield Where(file, 1).finding("missing-column", near, column="park_id", columns="park_id en kenmerken")
    for name in sorted({code for code in codes if codes.count(code) > 1}):
        yield Where(file, 1).finding("doubled-column", column=name[:60])
    for name in table.header:
        if normalise(name) not in {"park_id", "name", "municipality"} and figure_of(name) is None:
            near = did_you_mean(name, [*BY_ID, *(figure.name for figure in FIGURES)])
            yield Where(file, 1).finding("unknown-column", near, column=name[:60])


def _context(rows: _Rows, findings: list[Finding], parks: pd.DataFrame) -> Context:
    codes = {normalise(code): str(code) for code in parks["park_id"]}
    read: dict[str, dict[str, float | str]] = {}
    lines: dict[str, int] = {}
    for where, row in rows:
        code = codes.get(normalise(row.get("park_id", "")))
        if code is None:
            own = row.get("park_id", "")
            found = f"terrein “{own[:60]}” staat niet in het register" if own else "park_id is leeg"
            findings.append(where.finding("unknown-park", did_you_mean(own, list(codes.values())), found=found))
            continue
        own_place = replace(where, park_id=code)
        if where.line is not None and lines.setdefault(code, where.line) != where.line:
            findings.append(own_place.finding("doubled-park", park=code, before=f"op regel {lines[code]}; die telt"))
            continue
        read.setdefault(code, {}).update(_values(own_place, row, findings))
    findings += _looks_like_fractions(read)
    return Context(tuple(findings), _frame(read, [code for code in codes.values() if read.get(code)]))


def _values(where: Where, row: Mapping[str, str], findings: list[Finding]) -> Iterator[tuple[str, float | str]]:
    for name, text in row.items():
        if name == "park_id" or not text:
            continue
        figure = BY_ID[name]
        value = read_value(figure, text)
        if value is None:
            # The text itself is not repeated: in a wrong column it may be about a person.
            facts = {"figure": figure.name, "park": where.park_id, "allowed": figure.allowed}
            findings.append(where.finding("wrong-context-value", **facts))
        else:
            yield name, value


def _looks_like_fractions(read: Mapping[str, Mapping[str, float | str]]) -> Iterator[Finding]:
    """Shares that are all below one are probably parts of one, not percentages."""
    for figure in FIGURES:
        values = [value for row in read.values() if isinstance(value := row.get(figure.id), float)]
        if figure.kind == "share" and len(values) > 1 and 0 < max(values) <= 1:
            yield Where("context.csv").finding("maybe-fraction", figure=figure.name, allowed=figure.allowed)


def _frame(read: Mapping[str, Mapping[str, float | str]], order: Sequence[str]) -> pd.DataFrame:
    """Parks × figures in a fixed order; only figures that some park has."""
    present = [figure for figure in FIGURES if any(figure.id in row for row in read.values())]
    columns: dict[str, pd.Series] = {"park_id": pd.Series([*order], dtype="str")}
    for figure in present:
        missing: float | str = float("nan") if figure.is_number else ""
        values = [read[code].get(figure.id, missing) for code in order]
        columns[figure.id] = pd.Series(values, dtype="float64" if figure.is_number else "str")
    return pd.DataFrame(columns)
