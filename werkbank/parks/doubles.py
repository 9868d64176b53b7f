"""Rows of one number become one park, and parks of one name in a municipality are pointed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from werkbank.errors import Finding
from werkbank.matrix.cells import normalise
from werkbank.parks.formats import Format
from werkbank.parks.geometry import united
from werkbank.parks.records import Record
from werkbank.wording import listing, number

__all__ = ["doubled_names", "joined"]


def joined(records: Sequence[Record], form: Format, findings: list[Finding]) -> list[Record]:
    """One record per code, in the order of the first; codes are compared as the matrix reader does.

    Two different names under one number stay out, with an error: under which would judgements be collected?
    """
    by_code: dict[str, list[Record]] = {}
    for record in records:
        by_code.setdefault(normalise(record.park_id), []).append(record)
    parks = (_one(group, form, findings) for group in by_code.values())
    return [park for park in parks if park is not None]


def _one(group: list[Record], form: Format, findings: list[Finding]) -> Record | None:
    first = group[0]
    if len(group) == 1:
        return first
    names = list(dict.fromkeys(record.name for record in group))
    if len({normalise(name) for name in names}) > 1:
        found = f"heeft een code die ook van {listing(names[1:])} is"
        remedy = "geef elk terrein een eigen code"
        findings.append(first.finding("doubled-park", found, "elke code één terrein", remedy, severity="error"))
        return None
    latest = _latest(group) if form.year_of_reference else group
    if len(latest) < len(group):
        years = listing(str(year) for year in sorted({record.year for record in group if record.year}))
        found = f"staat er met de jaren {years}; het laatste telt"
        findings.append(first.finding("several-years", found, "één jaar", "niets, als dit klopt", severity="remark"))
    return _together(latest, findings) if len(latest) > 1 else latest[0]


def _latest(group: list[Record]) -> list[Record]:
    last = max((record.year or 0) for record in group)
    return [record for record in group if (record.year or 0) == last]


def _together(group: list[Record], findings: list[Finding]) -> Record:
    """Several rows of one park: their outlines are its parts; figures that repeat the whole are taken once."""
    first = group[0]
    shape = united(record.shape for record in group if record.shape is not None)
    once = _repeats_the_whole(group, shape.hectares if shape else None)
    net = _taken([record.net_ha for record in group], once=once)
    gross = _taken([record.gross_ha for record in group], once=once)
    how = "op elke rij gelijk en dus één keer geteld" if once else f"opgeteld tot {number(net, 1)} ha netto"
    found = f"staat er {len(group)} keer; samengenomen als één terrein, de oppervlakte is {how}"
    findings.append(first.finding("doubled-rin", found, "elk nummer één keer", "controleer of het één terrein is"))
    codes = tuple(dict.fromkeys(code for record in group for code in record.codes))
    return replace(first, shape=shape, codes=codes, net_ha=net, gross_ha=gross)


def _repeats_the_whole(group: list[Record], drawn: float | None) -> bool:
    """Whether equal areas on every row are that of the whole; where a map shows its size, the nearer reading."""
    values = {(record.net_ha, record.gross_ha) for record in group}
    given = group[0].gross_ha or group[0].net_ha
    if len(values) > 1 or given is None:
        return len(values) == 1
    return drawn is None or abs(drawn - given) <= abs(drawn - len(group) * given)


def _taken(values: Sequence[float | None], *, once: bool) -> float | None:
    known = [value for value in values if value is not None]
    return None if not known else known[0] if once else sum(known)


def doubled_names(records: Sequence[Record]) -> Iterator[Finding]:
    """A warning for every further park with a name that its municipality has already."""
    ordered = sorted(records, key=_named)
    for _, group in groupby(ordered, key=_named):
        first, *more = group
        for record in more:
            found = f"heeft dezelfde naam als {first.park_id} in dezelfde gemeente"
            remedy = "geef elk een eigen naam, of voeg ze samen"
            yield record.finding("doubled-name", found, "elke naam één keer per gemeente", remedy)


def _named(record: Record) -> tuple[str, str]:
    return record.municipality, normalise(record.name)
