"""Whether a return was filled in on another scale than was asked: then also its readable cells may mean something else.

Nothing is converted: which scale it was is only guessed at, and the finding says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from werkbank.errors import Finding
from werkbank.matrix.cells import Judgement, Unreadable
from werkbank.matrix.opening import Table
from werkbank.settings.catalogue import Scale
from werkbank.wording import count, listing

__all__ = ["Read", "mixed_scale"]

Read = Judgement | Unreadable

_IN_WORDS = {"yes-no": "ja en nee", "plus-minus": "plussen en minnen", "low-high": "laag, midden en hoog"}

_OFTEN = 3
"""Fewer odd values are slips of the pen, which have findings of their own."""
_ENOUGH = 8
"""So many levels, and never a nought, and the nought may have been called 1."""
_HIGHEST = 10
"""Scales that people use end here; a larger number is a percentage or no level at all."""


def mixed_scale(cells: Iterable[tuple[Read, Scale]], file: str, table: Table) -> Finding | None:
    """One finding for a whole delivery when its values hint at another scale; None when they don't."""
    pairs = list(cells)
    hints = list(_hints(pairs))
    if not hints:
        return None
    return Finding(
        rule="mixed-scale",
        severity="error",
        file=file,
        sheet=table.sheet,
        found=f"mogelijk is een andere schaal gebruikt: {listing(hints)}",
        allowed=listing(sorted({f"0 tot en met {scale.highest}" for _, scale in pairs}), "of"),
        remedy="vraag na welke schaal is gebruikt en laat de matrix opnieuw invullen; er is niets omgerekend",
    )


def _hints(pairs: Sequence[tuple[Read, Scale]]) -> Iterator[str]:
    odd = [cell for cell, _ in pairs if isinstance(cell, Unreadable)]
    percentages = sum(_is_percentage(cell) for cell in odd)
    if percentages >= _OFTEN:
        yield f"percentages ({count(percentages, 'cel', 'cellen')})"
    for kind, words in _IN_WORDS.items():
        times = sum(cell.other_scale == kind for cell in odd)
        if times >= _OFTEN:
            yield f"{words} ({count(times, 'cel', 'cellen')})"
    for highest in sorted({scale.highest for _, scale in pairs}):
        yield from _other_numbers([cell for cell, scale in pairs if scale.highest == highest], highest)


def _is_percentage(cell: Unreadable) -> bool:
    number = cell.number
    return cell.other_scale == "percentage" or (number is not None and (0 < number < 1 or _HIGHEST < number <= 100))


def _other_numbers(cells: Sequence[Read], highest: int) -> Iterator[str]:
    """Numbers just above the scale, and whether it began at 1."""
    above = Counter(
        int(cell.number)
        for cell in cells
        if isinstance(cell, Unreadable) and cell.number is not None and highest < cell.number <= _HIGHEST
        if cell.number.is_integer()
    )
    levels = Counter(cell.level for cell in cells if isinstance(cell, Judgement) and cell.level is not None)
    times = count(above.total(), "cel", "cellen")
    from_one = set(above) == {highest + 1} and not levels[0]
    if from_one and levels.total() + above.total() >= _ENOUGH:
        yield f"1 tot en met {highest + 1}: {highest + 1} komt voor ({times}) en 0 nergens"
    elif above.total() >= _OFTEN:
        yield f"0 tot en met {max(above)} ({times} boven {highest})"
