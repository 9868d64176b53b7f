"""What one line of a list says: its judgement by state and level together, and what is kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkbank.matrix.cells import OPEN, CellReader, Judgement, Read, Unreadable
from werkbank.matrix.layout import Head
from werkbank.matrix.locating import Keys
from werkbank.matrix.opening import Table
from werkbank.matrix.reading import special_cell
from werkbank.matrix.remarks import BESIDE, Beside

__all__ = ["ListLines"]

_LEVEL: Final = frozenset({"level", "niveau", "ingevuld"})
_STATES: Final[Mapping[str, Judgement]] = {
    "unknown": Judgement("unknown"),
    "not_applicable": Judgement("not_applicable"),
    "open": OPEN,
    "leeg": OPEN,
}
_NOTHING: Final = frozenset({"", "<na>", "nan", "none"})
"""How programs write that there is no level."""
_UNLIKE: Final = Unreadable(
    "contradicting-state", "toestand en niveau spreken elkaar tegen", "een niveau, of een toestand zonder niveau"
)


@dataclass(frozen=True, slots=True)
class ListLines:
    """The lines of one list, each read by its number."""

    file: str
    table: Table
    rows: Keys
    head: Head
    cells: CellReader

    @property
    def columns_beside(self) -> dict[str, int]:
        """The columns of remark, source strength and date, as far as they are there."""
        return {name: place for name, place in self.head.columns.items() if name in BESIDE}

    def beside(self) -> Beside:
        """What reads what stands beside the judgements."""
        return Beside(self.file, self.table, self.columns_beside)

    def judgement(self, row: int, indicator: str) -> Read:
        """The judgement; unreadable when state and level contradict each other."""
        level_at, state_at = self.head.columns.get("level"), self.head.columns.get("state")
        places = [(row, place) for place in (level_at, state_at) if place is not None]
        special = next(filter(None, (special_cell(self.table, place) for place in places)), None)
        if special:
            return special
        reader, cells, texts = self.cells.reader(indicator), self.table.rows[row], self.rows[row]
        level = "" if level_at is None or texts[level_at] in _NOTHING else cells[level_at]
        state = "" if state_at is None else texts[state_at]
        if not state or state in _LEVEL:
            read = reader(level)
            empty = state in _LEVEL and isinstance(read, Judgement) and read.state != "level"
            return _UNLIKE if empty else read
        read = _STATES.get(state) or reader(state)
        contradicts = isinstance(read, Judgement) and (level != "" or (read.state == "level" and level_at is not None))
        return _UNLIKE if contradicts else read
