"""All that one workbook is made of, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from werkbank.matrix import layout
from werkbank.settings.catalogue import Catalogue, Party

__all__ = ["CONFIDENTIAL_LABEL", "PROTECTION", "Job"]

CONFIDENTIAL_LABEL: Final = "VERTROUWELIJK, alleen voor gebruik binnen de RIEC-samenwerking"

PROTECTION: Final = {"format_columns": True, "format_rows": True}
"""What stays possible on a locked sheet: making columns and rows wider."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One workbook: whose it is, of which parks and round, and the judgements if it is not blank."""

    catalogue: Catalogue
    parks: tuple[tuple[str, str], ...]
    """Park id and name, in the order of the columns."""
    party: Party
    municipality: str
    municipality_name: str
    round: str
    judgements: pd.DataFrame | None
    fictional: bool

    @property
    def title(self) -> str:
        """The line on top of pages; begins with the mark when the data are fictional."""
        return self._line("Risicomatrix bedrijventerreinen")

    @property
    def short_title(self) -> str:
        """The line on top of the matrix, where there is less room."""
        return self._line()

    def _line(self, *what: str) -> str:
        mark = [layout.FICTIONAL_LABEL] if self.fictional else []
        return " · ".join([*mark, *what, self.municipality_name, self.party.name, f"ronde {self.round}"])

    @property
    def schema(self) -> dict[str, str]:
        """Key and value of the hidden sheet by which a reader knows what it has in hand."""
        values = (
            str(layout.SCHEMA_VERSION),
            self.round,
            self.municipality,
            self.party.id,
            str(self.catalogue.version),
            self.catalogue.fingerprint,
            "ja" if self.fictional else "nee",
        )
        return dict(zip(layout.SCHEMA_KEYS, values, strict=True))
