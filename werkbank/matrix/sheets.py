"""Which sheets of a return hold a matrix or a list of judgements, and whose each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from werkbank.matrix.identity import NO_CLAIM, Evidence, Known, is_fictional
from werkbank.matrix.layout import (
    SHEET_FINDINGS,
    SHEET_GUIDE,
    SHEET_LISTS,
    SHEET_REMARKS,
    SHEET_SCHEMA,
    Head,
    find_head,
)
from werkbank.matrix.locating import TOO_LONG, Edges, Keys, find_edges, keys_of
from werkbank.matrix.opening import Table, Workbook
from werkbank.matrix.reading import NOTHING_TOLD, Told, told_by

__all__ = ["Found", "find_sheets"]

_NO_MATRIX: Final = frozenset({SHEET_FINDINGS, SHEET_GUIDE, SHEET_REMARKS, SHEET_LISTS, SHEET_SCHEMA})
_KEYS: Final = (frozenset({"park_id"}), frozenset({"indicator"}), frozenset({"level", "state"}))
_TITLE_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet with judgements: a matrix (it has edges) or a list (it has a head)."""

    table: Table
    rows: Keys
    """Its texts, ready for comparing."""
    edges: Edges | None = None
    head: Head | None = None
    told: Told = NOTHING_TOLD
    """What stands beside the judgements of a matrix about whose it is."""

    def evidence(self, file: str, schema: Mapping[str, str], known: Known, *, one_of_many: bool) -> Evidence:
        """What this sheet and its file tell about whose it is."""
        title = list(dict.fromkeys(self._title()))
        # Of several matrices in one file the file's name is true of one at most.
        by_file = NO_CLAIM if one_of_many else known.suppliers.of_file(file)
        sure = one_of_many or all(schema.get(key) for key in ("municipality", "party"))
        return Evidence(
            file=file,
            schema=schema,
            by_file=by_file,
            by_words=NO_CLAIM if sure or by_file.party else known.suppliers.of_words(file),
            by_lines=self.told.claim(known.suppliers, known.round),
            by_title=known.suppliers.of_texts([self.table.name, *title]),
            by_parks=self._municipality(known),
            fictional=is_fictional(schema, " ".join(title)),
            where={"sheet": self.table.sheet} if one_of_many else None,
        )

    def _title(self) -> Iterator[str]:
        """The texts above the matrix or list: titles, not notes below it."""
        for row in islice(self.rows, min(self._first_row(), _TITLE_ROWS)):
            yield from (text for text in row if text and text != TOO_LONG)

    def _first_row(self) -> int:
        """The first row of the sheet that belongs to the matrix or list."""
        if self.edges is None:
            return self.head.line if self.head else 0
        if self.edges.table.turned:
            return min(self.edges.side, *self.edges.across)
        return min(self.edges.header, *self.edges.down)

    def _municipality(self, known: Known) -> str:
        """The one municipality to which all parks on the edge belong."""
        texts = self.edges.across.values() if self.edges else ()
        meanings = (known.parks.meanings(text) for text in texts)
        found = {known.municipality_of[codes[0]] for codes in meanings if len(codes) == 1}
        return found.pop() if len(found) == 1 else ""


def find_sheets(book: Workbook, known: Known) -> tuple[Sequence[Found], Sequence[Found]]:
    """The sheets with a matrix, and those with a list."""
    matrices: list[Found] = []
    lists: list[Found] = []
    for table in book.tables:
        if table.name in _NO_MATRIX:
            continue
        rows = keys_of(table)
        head = find_head(rows, *_KEYS)
        if head:
            lists.append(Found(table, rows, head=head))
        elif edges := find_edges(table, rows, known.parks, known.indicators):
            told = told_by(edges, known.parks)
            own = told.by_party(edges, known.suppliers)
            matrices += [Found(table, rows, edges=edges, told=told) for edges, told in own]
    return matrices, lists
