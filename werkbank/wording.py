"""What every Dutch sentence is made with: escaping, numbers, dates, plurals, near misses."""

from __future__ import annotations

import datetime as dt
import difflib
import errno
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

MINUS = "−"
"""Before a number below zero: as wide as a plus, and never a place where a line is broken."""
MISSING = "–"
"""Printed where there is no number; never 0."""
_NOISE = 1e-9
"""Binary noise: a score that is this near a border lies on it, as in the classes (werkbank.scoring.ranking)."""
_MOST_DIGITS = 8

_DISK_FAULTS = {
    errno.ENOSPC: "de schijf is vol",
    getattr(errno, "EDQUOT", 122): "de schijfruimte is op",
    errno.EACCES: "u hebt daar geen rechten",
    errno.EPERM: "u hebt daar geen rechten",
    errno.EROFS: "de schijf kan niet worden beschreven",
    errno.ENOENT: "de map is er niet",
    errno.EEXIST: "op die plaats staat iets anders",
    errno.ENOTDIR: "op die plaats staat een bestand en geen map",
    errno.EISDIR: "op die plaats staat een map en geen bestand",
    errno.ELOOP: "de verwijzingen op die plaats leiden in een kring",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.EIO: "de schijf geeft een fout",
    errno.EBUSY: "het is elders in gebruik",
    errno.EMFILE: "er zijn te veel bestanden open",
    errno.ENFILE: "er zijn te veel bestanden open",
    errno.ETIMEDOUT: "de netwerkschijf antwoordt niet",
    getattr(errno, "ESTALE", 116): "de netwerkschijf antwoordt niet",
    getattr(errno, "EHOSTDOWN", 112): "de netwerkschijf antwoordt niet",
}
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_WRITTEN_DAYS = (
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2}) +(?P<month>[a-z]{3,9})\.? +(?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ t]00:00(?::00)?)?", re.IGNORECASE),
)
"""How people and programs write a day: 3-3-2026, 3 maart 2026 (or mrt), 2026-03-03."""
_SHORT_MONTHS = {"mrt": "maart", "sept": "september"}
"""Abbreviations that are not the first three letters."""


def disk_fault(error: OSError) -> str:
    """Why something could not be written or read, in words; what is not known by name keeps the system's."""
    return _DISK_FAULTS.get(error.errno or 0, error.strerror or type(error).__name__)


def number(value: float | None, digits: int = 0) -> str:
    """A number with decimal comma and thousands point, `–` where there is none.

    Half is rounded away from zero, as readers do by hand: 0.5 → "1", 2.5 → "3". For people to read: a number below
    zero has a real minus sign, which no spreadsheet takes for a number.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    scaled = abs(value) * 10**digits
    # The tiny nudge undoes binary noise, so that 0.285 with two digits is 0,29 and not 0,28.
    rounded = math.floor(scaled + 0.5 + max(1e-9, scaled * 4e-16)) / 10**digits
    text = f"{rounded:,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if value < 0 and rounded else text


def point_digits(value: float, edges: Iterable[float] = ()) -> int:
    """With how many decimals a score is printed: one, none when it is whole.

    More only where one would carry it across one of the `edges`, the borders between classes: 59.97 is not "60,0".
    """
    if abs(value - round(value)) < _NOISE:
        return 0
    above = [value >= edge - _NOISE for edge in edges]
    for digits in range(1, _MOST_DIGITS):
        rounded = math.floor(abs(value) * 10**digits + 0.5 + 1e-9) / 10**digits
        if [rounded >= edge - _NOISE for edge in edges] == above:
            return digits
    return _MOST_DIGITS


def points(value: float | None, edges: Iterable[float] = ()) -> str:
    """A score or a bound as it is printed everywhere, see `point_digits`: 57.46 → "57,5", 55.0 → "55"."""
    if value is None or not math.isfinite(value):
        return MISSING
    return number(value, point_digits(value, edges))


def percent(share: float | None, digits: int = 0) -> str:
    """A share 0-1 as a percentage: 0.667 → "67%"."""
    if share is None or not math.isfinite(share):
        return MISSING
    return f"{number(100 * share, digits)}%"


def count(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 terrein", "3 terreinen", "geen terreinen"."""
    if n == 0:
        return f"geen {many}"
    return f"{number(n)} {one if n == 1 else many}"


def listing(words: Iterable[str], last: str = "en") -> str:
    """An enumeration: "a", "a en b", "a, b en c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(text: str) -> str:
    """The text with its first letter as a capital; the rest is left alone ("IJssel" keeps its IJ)."""
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a program could take for a command."""
    return "".join(ch if ch.isprintable() else " " for ch in text)


def within(text: str) -> str:
    """The text as it stands within a sentence: its first letter small, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def unbroken(name: str) -> str:
    """A name such as 2025-1 that no line end cuts in two, for a narrow place such as the head of a column."""
    return name.replace("-", "\N{NON-BREAKING HYPHEN}")


def date(day: dt.date) -> str:
    """A date in words: "3 maart 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def read_date(text: str) -> dt.date | None:
    """The day that somebody wrote: "3 maart 2026", "3 mrt 2026", "3-3-2026", "2026-03-03"; None for anything else."""
    match = next(filter(None, (written.fullmatch(text.strip()) for written in _WRITTEN_DAYS)), None)
    month = _month(match["month"].casefold()) if match else 0
    try:
        return dt.date(int(match["year"]), month, int(match["day"])) if match else None
    except ValueError:
        return None


def _month(written: str) -> int:
    """The number of a month; 0 for what is none."""
    if written.isdecimal():
        return int(written)
    name = _SHORT_MONTHS.get(written, written)
    return next((at for at, month in enumerate(_MONTHS, 1) if name in (month, month[:3])), 0)


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option most like `word`, or None when nothing is near; no code is longer than 100 characters."""
    if len(word) > 100:
        return None
    lowered = {option.casefold(): option for option in options}
    hits = difflib.get_close_matches(word.casefold(), lowered, n=1, cutoff=0.6)
    return lowered[hits[0]] if hits else None


def did_you_mean(word: str, options: Sequence[str]) -> str:
    """The question "bedoelt u …?" for a near miss, else an empty text."""
    near = nearest(word, options)
    return f"bedoelt u “{near}”?" if near else ""


def safe_html(template: str, *parts: object, **values: object) -> Markup:
    """`template` filled in with escaped values; the only way text gets into HTML outside the templates."""
    # `template` is always a literal in our own code. As Markup.format does it, in a quarter of the time.
    return Markup(template.format(*map(_safe, parts), **{name: _safe(one) for name, one in values.items()}))  # noqa: S704


def _safe(value: object) -> object:
    return value if isinstance(value, (Markup, int, float)) else escape(value)


class Shown:
    """What is shown of a value that has `__str__` where no HTML can be: those words, not its fields one by one."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """In each class itself: IPython looks there, and a dataclass has a `__repr__` of its own."""
        super().__init_subclass__()
        cls._repr_pretty_ = _in_words  # type: ignore[attr-defined]


def _in_words(value: object, printer: Any, _cycle: bool) -> None:
    printer.text(str(value))


class Listed:
    """Completion offers the fields and our own names, and nothing of the library that reads the files."""

    __slots__ = ()

    def __dir__(self) -> list[str]:
        own = [vars(each) for each in type(self).__mro__ if each.__module__.partition(".")[0] == "werkbank"]
        fields = {*getattr(type(self), "model_fields", ()), *(getattr(self, "model_extra", None) or ())}
        names = {name for members in own for name in members if not name.startswith(("_", "model_")) and name.islower()}
        return sorted({*fields, *names})


def facts_html(title: str, facts: Mapping[str, object]) -> str:
    """A title and a table of two columns; every word of it is escaped."""
    row = '<tr><th scope="row" style="text-align:left">{}</th><td style="text-align:left">{}</td></tr>'
    rows = "".join(str(safe_html(row, name, value)) for name, value in facts.items())
    return f"{safe_html('<p><strong>{}</strong></p>', title)}<table>{rows}</table>"
