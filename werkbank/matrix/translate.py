"""A workbook of an earlier catalogue in the codes and levels of now; what has no counterpart is left open, and named.

Merged indicators take the gravest level that was given; the least grave one only when every part was judged, for half
a "no suspicion" is none. Nothing that was filled in disappears without a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werkbank.errors import Finding
from werkbank.matrix.layout import Key, Place
from werkbank.matrix.risk_matrix import Whereabouts
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue, Origin
from werkbank.wording import count, listing

__all__ = ["Translated", "translate"]

Columns = Mapping[str, list[object]]
_BESIDE = ("remark", "source_strength", "date")
_EMPTY: Mapping[str, object] = {"state": "open", "level": None, "remark": "", "source_strength": "", "date": None}
_WHERE = "de vertaling staat in mapping.yaml van de catalogus"


@dataclass(frozen=True, slots=True)
class Translated:
    """The judgements of one workbook by the present codes, where they stood, and what was done to them."""

    columns: Columns
    places: Whereabouts
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one cell of then says of a present indicator; `row` is its place in the columns.

    `lost`: it held a level for which there is none now, or which cannot be compared.
    """

    state: str
    level: int | None
    row: int
    lost: bool = False


def translate(columns: Columns, places: Whereabouts, catalogue: Catalogue, version: str) -> Translated:
    """The columns of a workbook that was made with an earlier `version` of the catalogue, in terms of the present one.

    `columns` and `places` go by the codes of then: park after park, indicator after indicator.
    """
    book = _Book(columns, places, catalogue, version)
    keys = [(park, code) for park in book.parks for code in catalogue.indicator_ids]
    rows = [book.judgement(*key) for key in keys]
    made: dict[str, list[object]] = {
        "park_id": [park for park, _ in keys],
        "indicator": [code for _, code in keys],
        "party": [places.party] * len(keys),
        **{name: [row[name] for row in rows] for name in _EMPTY},
    }
    return Translated(made, book.places_of_now(), tuple(book.findings()))


class _Book:
    """One workbook by the codes of then, beside the catalogue of now."""

    def __init__(self, columns: Columns, places: Whereabouts, catalogue: Catalogue, version: str) -> None:
        self._columns, self._places, self._catalogue, self._version = columns, places, catalogue, version
        self._origins = catalogue.origins(version)
        keys = zip(map(str, columns["park_id"]), map(str, columns["indicator"]), strict=True)
        self._rows = {key: row for row, key in enumerate(keys)}
        self.parks = tuple(dict.fromkeys(park for park, _ in self._rows))

    def judgement(self, park: str, code: str) -> Mapping[str, object]:
        """What the workbook says of one park and present indicator."""
        parts = [self._part(park, origin) for origin in self._origins[code]]
        told = _merged(parts, least=self._least_grave(code))
        if told is None or told.lost:
            return _EMPTY
        remarks = dict.fromkeys(str(self._columns["remark"][part.row]) for part in parts if not part.lost)
        return {
            "state": told.state,
            "level": told.level,
            "remark": "\n".join(filter(None, remarks)),
            "source_strength": self._columns["source_strength"][told.row],
            "date": self._columns["date"][told.row],
        }

    def places_of_now(self) -> Whereabouts:
        """Where the judgements stood, by the present codes; of merged indicators the first that is there."""
        new_of: dict[str, list[str]] = {}
        for code, origins in self._origins.items():
            for origin in origins:
                new_of.setdefault(origin.code, []).append(code)

        def renamed(places: Mapping[Key, int]) -> dict[Key, int]:
            found: dict[Key, int] = {}
            for (park, old), place in places.items():
                for code in new_of.get(old, ()):
                    found.setdefault((park, code), place)
            return found

        lines = renamed({("", old): place for old, place in self._places.indicators.items()})
        return replace(
            self._places,
            indicators={code: place for (_, code), place in lines.items()},
            entries=renamed(self._places.entries),
            remarks=renamed(self._places.remarks),
        )

    def findings(self) -> Iterator[Finding]:
        """What was renamed, changed, merged, dropped or is new, and every level that could not be carried over."""
        asked = {indicator.id: indicator.name for indicator in self._catalogue.as_of(self._version).indicators}
        for old, name in asked.items():
            heirs = [(code, one) for code, origins in self._origins.items() for one in origins if one.code == old]
            yield from self._told_of(old, name, heirs)
        for code, origins in self._origins.items():
            if not origins:
                yield self._finding(
                    "new-indicator", f"indicator {code} bestond nog niet in catalogus {self._version}",
                    f"een oordeel over {code}", f"{code} telt als leeg; vraag het oordeel na als het nodig is",
                    indicator=code,
                )  # fmt: skip

    def _told_of(self, old: str, name: str, heirs: Sequence[tuple[str, Origin]]) -> Iterator[Finding]:
        """What became of one indicator of then."""
        filled = count(self._filled(old), "oordeel", "oordelen")
        codes = listing(code for code, _ in heirs)
        if not heirs:
            found, remedy = f"{old} ({name}) is vervallen; {filled} tellen nu niet mee", f"niets; {_WHERE}"
            yield self._finding("dropped-indicator", found, self._allowed, remedy)
        elif not any(origin.comparable for _, origin in heirs):
            found = f"{old} ({name}) is niet te vergelijken met {codes}; {filled} tellen als leeg"
            remedy = f"vraag het oordeel over {codes} opnieuw; {_WHERE}"
            yield self._finding("not-comparable-indicator", found, self._allowed, remedy, heirs[0][0])
        else:
            yield from self._carried(old, heirs, f"{filled} overgenomen")
            yield from self._lost(old, heirs)

    def _carried(self, old: str, heirs: Sequence[tuple[str, Origin]], filled: str) -> Iterator[Finding]:
        """What was carried over otherwise than as it stood."""
        for code, origin in heirs:
            others = [one.code for one in self._origins[code] if one.code != old]
            changes = [
                f"heet nu {code}" if code != old else "",
                f"samengevoegd met {listing(others)} tot {code}" if others else "",
                f"gesplitst in {listing(heir for heir, _ in heirs)}" if len(heirs) > 1 else "",
                "" if origin.unchanged else f"niveaus {_levels(origin)}",
            ]
            if any(changes):
                found = "; ".join([f"{old}: {', '.join(filter(None, changes))}", filled, *self._halves(code, origin)])
                remedy = f"controleer een paar cellen; {_WHERE}"
                yield self._finding("translated-indicator", found, self._allowed, remedy, code)

    def _halves(self, code: str, origin: Origin) -> Iterator[str]:
        """How often the least grave level of one part does not count, because another part was not judged."""
        own = [park for park in self.parks if self._part(park, origin).level == self._least_grave(code)]
        halves = sum(self.judgement(park, code)["state"] in ("unknown", "open") for park in own)
        if halves:
            parks = count(halves, "terrein", "terreinen")
            yield f"bij {parks} telt niveau {self._least_grave(code)} niet: een ander deel is daar niet beoordeeld"

    def _lost(self, old: str, heirs: Sequence[tuple[str, Origin]]) -> Iterator[Finding]:
        """Every level of then that has no counterpart in some present indicator."""
        for park in self.parks:
            without = [code for code, origin in heirs if origin.comparable and self._part(park, origin).lost]
            if without:
                level = self._columns["level"][self._rows[park, old]]
                found = f"niveau {level} van {old} heeft geen niveau bij {listing(without)}; daar telt de cel als leeg"
                remedy = f"vraag het oordeel over {listing(without)} opnieuw; {_WHERE}"
                place = self._places.of_judgement(park, old)
                fault = self._finding("untranslatable-level", found, self._allowed, remedy, without[0], place)
                yield replace(fault, park_id=park)

    def _part(self, park: str, origin: Origin) -> _Part:
        row = self._rows[park, origin.code]
        state, level = str(self._columns["state"][row]), self._columns["level"][row]
        if not origin.comparable:
            return _Part("open", None, row, lost=True)
        if not isinstance(level, int):
            return _Part(state, None, row)
        now = origin.levels[level]
        return _Part("open", None, row, lost=True) if now is None else _Part("level", now, row)

    def _least_grave(self, code: str) -> int:
        weak_is_grave = self._catalogue.indicator(code).family == "resilience"
        return self._catalogue.scale_of(code).highest if weak_is_grave else 0

    def _filled(self, old: str) -> int:
        return sum(self._columns["level"][self._rows[park, old]] is not None for park in self.parks)

    @property
    def _allowed(self) -> str:
        return f"de indicatoren van catalogus {self._catalogue.version}"

    def _finding(
        self,
        rule: str,
        found: str,
        allowed: str,
        remedy: str,
        indicator: str | None = None,
        place: Place | None = None,
    ) -> Finding:
        where = place or Place(self._places.file, self._places.sheet)
        return finding(rule, found=found, allowed=allowed, remedy=remedy, place=where, indicator=indicator)


def _merged(parts: Sequence[_Part], least: int) -> _Part | None:
    """The part that stands for all: the gravest level; the least grave one only when nothing was left out."""
    if len(parts) < 2:
        return parts[0] if parts else None
    judged = [part for part in parts if part.state == "level"]
    gaps = [part for part in parts if part.state in ("unknown", "open")]
    gravest = max(judged, key=lambda part: abs((part.level or 0) - least), default=None)
    if gravest is not None and (gravest.level != least or not gaps):
        return gravest
    # Unknown says more than open: somebody looked and had no view.
    return min(gaps, key=lambda part: part.state != "unknown", default=parts[0])


def _levels(origin: Origin) -> str:
    """How the levels were read, as in "0→0, 1→1, 2→1, 3→–"."""
    return ", ".join(f"{then}→{'–' if now is None else now}" for then, now in enumerate(origin.levels))
