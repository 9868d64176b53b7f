"""What the texts along a matrix can mean: the codes and names of parks and indicators, made once for all files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from werkbank.matrix.cells import normalise
from werkbank.wording import did_you_mean, nearest

__all__ = ["LABELS", "Kind", "Words"]

Kind = Literal["park", "indicator"]

LABELS = frozenset(
    {
        "code", "naam", "park", "park_id", "terrein", "terreinen", "terreincode", "terreinnaam", "bedrijventerrein",
        "bedrijventerreinen", "indicator", "indicatoren", "indicatorcode", "omschrijving", "familie", "rubriek",
    }
)  # fmt: skip
"""Words that head a row or column themselves; they are no codes."""


@dataclass(frozen=True, slots=True)
class Words:
    """The codes and names of one kind; texts are normalised."""

    kind: Kind
    codes: Mapping[str, str]
    """Text → code."""
    names: Mapping[str, tuple[str, ...]]
    """Text → the codes of all that are called so; a text that is a code is no name."""
    shown: Mapping[str, str]
    """Code → name as it is written."""
    texts: frozenset[str]
    """Every text that means something."""
    code_texts: frozenset[str]
    """Every text that is a code."""
    own: frozenset[str] | None = None
    """The codes that belong in the file at hand, when that is known: a name means one of these first."""

    @classmethod
    def of(cls, kind: Kind, named: Iterable[tuple[str, str]]) -> Self:
        """The words for these codes and their names."""
        shown = dict(named)
        codes = {normalise(code): code for code in shown}
        names: dict[str, tuple[str, ...]] = {}
        for code, name in shown.items():
            text = normalise(name)
            # A name that is a number or a heading would be found everywhere.
            if text and text not in codes and text not in LABELS and not text.isdecimal():
                names[text] = (*names.get(text, ()), code)
        return cls(kind, codes, names, shown, frozenset(codes) | frozenset(names), frozenset(codes))

    def limited(self, own: Collection[str]) -> Self:
        """The same words, of which these belong in the file at hand."""
        return replace(self, own=frozenset(own))

    def meanings(self, text: str) -> tuple[str, ...]:
        """The codes that a text can mean; several when more than one bears that name, none when it is unknown."""
        if text in self.codes:
            return (self.codes[text],)
        found = self.names.get(text, ())
        own = tuple(code for code in found if self.own and code in self.own)
        return own or found

    def certain(self, text: str) -> str:
        """The one code that a text means, if it belongs in the file at hand; else an empty text."""
        code = self.codes.get(text)
        if code is None:
            found = self.meanings(text)
            code = found[0] if len(found) == 1 else ""
        return code if self.own is None or code in self.own else ""

    def near_code(self, text: str) -> str:
        """The question "bedoelt u …?" for what is nearly a code that belongs in this file, else an empty text."""
        return did_you_mean(text, self._expected())

    def near_name(self, text: str) -> str:
        """The same question for what is nearly the name of something that belongs in this file."""
        codes = {self.shown[code]: code for code in self._expected()}
        near = nearest(text, codes)
        return f"bedoelt u “{near}” ({codes[near]})?" if near else ""

    def _expected(self) -> list[str]:
        return [code for code in self.shown if self.own is None or code in self.own]
