"""What the texts along a matrix can mean: the codes and names of parks and indicators, made once for all files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

from werkbank.matrix.cells import normalise
from werkbank.wording import did_you_mean, nearest

__all__ = ["BESIDE_LABELS", "LABELS", "REMARK_LABELS", "Kind", "Words"]

Kind = Literal["park", "indicator"]

LABELS = frozenset(
    {
        "code", "naam", "park", "park_id", "terrein", "terreinen", "terreincode", "terreinnaam", "bedrijventerrein",
        "bedrijventerreinen", "indicator", "indicatoren", "indicatorcode", "omschrijving", "familie", "rubriek",
    }
)  # fmt: skip
"""Words that head a row or column themselves; they are no codes."""
REMARK_LABELS = frozenset(
    {"toelichting", "toelichtingen", "opmerking", "opmerkingen", "notitie", "notities", "bijzonderheden", "remark"}
)
"""Words that head what people say beside a matrix."""
BESIDE_LABELS = (
    LABELS
    | REMARK_LABELS
    | {
        "nr", "nr.", "nummer", "volgnummer", "name", "municipality", "gemeente", "partij", "party", "ingevuld door",
        "organisatie", "ronde", "round", "datum", "date", "peildatum", "bron", "bronnen", "bronsterkte", "net_ha",
        "netto ha", "oppervlakte", "longitude", "latitude", "ibis_rin", "rin", "totaal", "totalen", "som", "gemiddelde",
        "gemiddeld", "aantal", "aantal ingevuld", "ingevuld", "hoogste", "maximum", "minimum", "legenda", "uitleg",
        "voortgang", "schaal", "gewicht", "weging", "subcategorie", "categorie", "thema", "description", "family",
    }
)  # fmt: skip
"""Words beside a matrix that head something else than judgements."""

_APART = re.compile(r"[\W_]+")
_FIRST_THEN_REST = re.compile(r"(\S+?)[\s.:;,–—-]*\s+[(\[–—:-]*\s*(.+?)[)\]]?")
_REST_THEN_LAST = re.compile(r"(.+?)[\s.:;,–—-]*\s+[(\[]?(\S+?)[)\]]?")
"""A code with its name behind it, and a name with its code behind it; the name perhaps in brackets."""
_ALIKE = str.maketrans("oil", "011")
_NOUGHTS = re.compile(r"(?<!\d)0+(?=\d)")


class _Alike:
    """Codes by how people write them, for what is no code as it stands; few returns need it."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self._codes = codes

    @cached_property
    def loose(self) -> Mapping[str, str]:
        """Letters and figures of a code → the text that is the code; not where two codes are alike.

        A code of figures alone would be found in every number.
        """
        found: dict[str, list[str]] = {}
        for text in self._codes:
            found.setdefault(_APART.sub("", text), []).append(text)
        mixed = (text for text in found if any(map(str.isdecimal, text)) and any(map(str.isalpha, text)))
        return {text: found[text][0] for text in mixed if len(found[text]) == 1}

    @cached_property
    def squeezed(self) -> Mapping[str, str]:
        """A code without what people get wrong in it → the code."""
        return {_squeezed(text): code for text, code in self._codes.items()}


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
    alike: _Alike
    """The codes by how people write them; made when it is asked for."""
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
        texts, code_texts = frozenset(codes) | frozenset(names), frozenset(codes)
        return cls(kind, codes, names, shown, texts, code_texts, _Alike(codes))

    def limited(self, own: Collection[str]) -> Self:
        """The same words, of which these belong in the file at hand."""
        return replace(self, own=frozenset(own))

    def meanings(self, text: str) -> tuple[str, ...]:
        """The codes that a text can mean; several when more than one bears that name, none when it is unknown."""
        if text in self.codes:
            return (self.codes[text],)
        found = self.names.get(text) or self.names.get(meant := self.meant(text), ())
        if not found and meant in self.codes:
            return (self.codes[meant],)
        own = tuple(code for code in found if self.own and code in self.own)
        return own or found

    def certain(self, text: str) -> str:
        """The one code that a text means, if it belongs in the file at hand; else an empty text."""
        code = self.codes.get(text)
        if code is None:
            found = self.meanings(text)
            code = found[0] if len(found) == 1 else ""
        return code if self.own is None or code in self.own else ""

    def meant(self, text: str) -> str:
        """The text of the code when this is one written otherwise: `V 01`, `V01.`, `V01 – Heling`, `Heling (V01)`.

        A code with a name is only taken when both mean the same; anything else is given back as it is.
        """
        return self.alike.loose.get(_APART.sub("", text)) or self._with_name(text) or text

    def _with_name(self, text: str) -> str:
        for pattern, code_first in ((_FIRST_THEN_REST, True), (_REST_THEN_LAST, False)):
            match = pattern.fullmatch(text)
            if match:
                code, name = match.groups() if code_first else match.groups()[::-1]
                code = code if code in self.codes else self.alike.loose.get(_APART.sub("", code), "")
                if code and normalise(self.shown[self.codes[code]]) == name:
                    return code
        return ""

    def near_code(self, text: str, present: Collection[str] = ()) -> str:
        """The question "bedoelt u …?" for what is nearly a code that belongs in this file, else an empty text.

        First of those that are not `present` already: one of them it was meant to be.
        """
        same = self.alike.squeezed.get(_squeezed(text), "")
        if same and (self.own is None or same in self.own):
            return f"bedoelt u “{same}”?"
        return did_you_mean(text, self._expected(present))

    def near_name(self, text: str, present: Collection[str] = ()) -> str:
        """The same question for what is nearly the name of something that belongs in this file."""
        codes = {self.shown[code]: code for code in self._expected(present)}
        near = nearest(text, codes)
        return f"bedoelt u “{near}” ({codes[near]})?" if near else ""

    def _expected(self, present: Collection[str] = ()) -> list[str]:
        expected = [code for code in self.shown if self.own is None or code in self.own]
        taken = frozenset(present)
        return [code for code in expected if code not in taken] or expected


def _squeezed(text: str) -> str:
    """A code without what people get wrong in it: O for 0, l for 1, a nought in front, dashes."""
    return _NOUGHTS.sub("", _APART.sub("", text).translate(_ALIKE))
