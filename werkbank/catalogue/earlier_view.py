"""A catalogue as an earlier version asked it, and where the present indicators come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from werkbank.catalogue.earlier import EarlierIndicator, EarlierVersion
from werkbank.catalogue.entries import Family, Indicator, Scale, Sensitivity, Subcategory

__all__ = ["Origin", "asked_then", "origins"]


class _Parts(Protocol):
    """What these functions need of a catalogue."""

    @property
    def version(self) -> str: ...
    @property
    def families(self) -> tuple[Family, ...]: ...
    @property
    def subcategories(self) -> tuple[Subcategory, ...]: ...
    @property
    def sensitivities(self) -> tuple[Sensitivity, ...]: ...
    @property
    def scales(self) -> tuple[Scale, ...]: ...
    @property
    def indicators(self) -> tuple[Indicator, ...]: ...
    @property
    def earlier(self) -> tuple[EarlierVersion, ...]: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """One indicator of an earlier version that a present one comes from.

    `levels`: the present level of every level of then, None where there is none; all None when not comparable.
    """

    code: str
    levels: tuple[int | None, ...]

    @property
    def comparable(self) -> bool:
        """Whether any level can be carried over."""
        return any(level is not None for level in self.levels)

    @property
    def unchanged(self) -> bool:
        """Whether every level is what it was."""
        return self.levels == tuple(range(len(self.levels)))


def asked_then(catalogue: _Parts, then: EarlierVersion) -> tuple[Indicator, ...]:
    """The indicators as that version had them, with the codes and scales of then; what was dropped comes last."""
    first: dict[str, list[EarlierIndicator]] = {}
    for entry in then.indicators:
        for code in entry.becomes[:1]:
            first.setdefault(code, []).append(entry)
    kept = [one for now in catalogue.indicators for one in _then(catalogue, then, now, first.get(now.id, ()))]
    return (*kept, *(_former(catalogue, entry) for entry in then.indicators if not entry.becomes))


def origins(catalogue: _Parts, then: EarlierVersion) -> Mapping[str, tuple[Origin, ...]]:
    """Present code → where it comes from in that version; nothing for what was not asked then."""
    sizes = {scale.id: len(scale.levels) for scale in (*catalogue.scales, *then.scales)}
    asked = {indicator.id: sizes[indicator.scale] for indicator in asked_then(catalogue, then)}
    found: dict[str, tuple[Origin, ...]] = {}
    for now in catalogue.indicators:
        own = [Origin(now.id, tuple(range(sizes[now.scale])))] if _unchanged(catalogue, then, now) else []
        entries = [entry for entry in then.indicators if now.id in entry.becomes]
        found[now.id] = (*own, *(Origin(entry.code, _levels(entry, asked[entry.code])) for entry in entries))
    return found


def _then(
    catalogue: _Parts, then: EarlierVersion, now: Indicator, entries: Sequence[EarlierIndicator]
) -> Iterator[Indicator]:
    if _unchanged(catalogue, then, now):
        yield now
    for entry in entries:
        former = {} if entry.was is None else entry.was.model_dump()
        scale = {} if entry.scale is None else {"scale": entry.scale}
        yield now.model_copy(update={**former, **scale, "id": entry.code, "version": None})


def _unchanged(catalogue: _Parts, then: EarlierVersion, now: Indicator) -> bool:
    """Whether that version asked it as it is asked now: it is no younger, and nothing says otherwise."""
    order = [*(each.version for each in catalogue.earlier), catalogue.version]
    young = now.version is not None and order.index(now.version) > order.index(then.version)
    named = {code for entry in then.indicators for code in (entry.code, *entry.becomes)}
    return not young and now.id not in named


def _former(catalogue: _Parts, entry: EarlierIndicator) -> Indicator:
    """An indicator that was dropped, made up to what reading and scoring need."""
    if entry.was is None:
        raise TypeError("the checks let no dropped indicator through that does not say what it was")
    family = next(each for each in catalogue.families if each.id == entry.was.family)
    heading = next((each.id for each in catalogue.subcategories if each.family == family.id), family.id)
    return Indicator(
        id=entry.code,
        description=entry.note or entry.was.name,
        subcategory=heading,
        phenomena=(),
        scale=entry.scale or family.scale,
        sensitivity=catalogue.sensitivities[-1].id,
        **entry.was.model_dump(),
    )


def _levels(entry: EarlierIndicator, size: int) -> tuple[int | None, ...]:
    if entry.levels == "same":
        return tuple(range(size))
    return (None,) * size if isinstance(entry.levels, str) or entry.levels is None else entry.levels
