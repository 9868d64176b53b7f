"""The page with the state of collection, for the RIEC: who has delivered and how full it is; counts, never a level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from markupsafe import Markup

from werkbank.errors import Finding
from werkbank.matrix.returns import COUNTS, CollectionState, filled_text
from werkbank.report.blocks import render
from werkbank.report.html import Page, render_page
from werkbank.wording import capital, count

__all__ = ["StateNames", "render_state"]

_BASIS: Final = "Alleen aantallen; er zijn geen gegevens van partijen samengebracht."
_DELIVERED, _REFUSED, _MISSING = "gelezen", "geweigerd", "ontbreekt"
Supplier = tuple[str, str]
"""Municipality and party."""


@dataclass(frozen=True, slots=True)
class _Row:
    municipality: str
    party: str
    state: str
    look: str
    errors: int | None
    warnings: int | None
    counts: tuple[int, ...]
    share: float | None
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    name: str
    counts: tuple[int, ...]
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateNames:
    """A name for each code, and the label of every page."""

    district: str
    municipalities: Mapping[str, str]
    parties: Mapping[str, str]
    families: Mapping[str, str]
    label: str

    def supplier(self, supplier: Supplier) -> str:
        """Municipality and party in words."""
        municipality, party = supplier
        return f"{self.municipalities.get(municipality, municipality)}, {self.parties.get(party, party)}"


def render_state(
    state: CollectionState,
    names: StateNames,
    findings: Mapping[Supplier, Sequence[Finding]],
    *,
    fictional: bool,
) -> str:
    """The state of collection as one HTML file; `findings` are only counted."""
    rows = list(_rows(state, names, findings))
    body = render(
        "collected",
        filled=filled_text,
        rows=rows,
        families=list(names.families.values()),
        delivered=len(state.delivered),
        asked=len(rows),
        missing=[names.supplier(each) for each in state.missing],
        refused=[names.supplier(each) for each in state.refused],
        sums=[
            ("Partij", _sums(state, "party", names.parties)),
            ("Groep", _sums(state, "family", names.families)),
        ],
    )
    return render_page(
        Page(
            title=f"Stand van zaken van het verzamelen, district {names.district}",
            subtitle=f"Ronde {state.round} · {count(len(names.municipalities), 'gemeente', 'gemeenten')}",
            label=names.label,
            legal_basis=_BASIS,
            fictional=fictional,
            body=Markup(body),  # noqa: S704  made by our own template
            styles=("mend.css",),
        )
    )


def _rows(state: CollectionState, names: StateNames, findings: Mapping[Supplier, Sequence[Finding]]) -> Iterator[_Row]:
    missing, refused = set(state.missing), set(state.refused)
    sums = state.by("municipality", "party").to_dict("records")
    shares = state.table.groupby(["municipality", "party"], sort=False)["share_filled"].apply(list)
    for row, own in zip(sums, shares, strict=True):
        supplier = (row["municipality"], row["party"])
        said = [finding.severity for finding in findings.get(supplier, ())]
        come = supplier not in missing
        yield _Row(
            municipality=names.municipalities.get(supplier[0], supplier[0]),
            party=capital(names.parties.get(supplier[1], supplier[1])),
            state=_REFUSED if supplier in refused else (_DELIVERED if come else _MISSING),
            look="" if come and supplier not in refused else "gone",
            errors=said.count("error") if come else None,
            warnings=said.count("warning") if come else None,
            counts=tuple(int(row[name]) for name in COUNTS),
            share=_known(row["share_filled"]),
            shares=tuple(map(_known, own)),
        )


def _sums(state: CollectionState, key: str, names: Mapping[str, str]) -> list[_Sum]:
    sums = state.by(key)
    return [
        _Sum(
            capital(names.get(row[key], row[key])),
            tuple(int(row[name]) for name in COUNTS),
            _known(row["share_filled"]),
        )
        for row in sums.to_dict("records")
    ]


def _known(share: float) -> float | None:
    return None if pd.isna(share) else float(share)
