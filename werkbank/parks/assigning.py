"""To which municipality each park belongs: by its code, else by the name beside it, else by the map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from werkbank.errors import Finding
from werkbank.parks.formats import Format
from werkbank.parks.geometry import Floats
from werkbank.parks.municipalities import UNKNOWN, Municipalities, Municipality
from werkbank.parks.records import Record, Where
from werkbank.parks.values import slug
from werkbank.wording import count, listing

__all__ = ["SLUG", "assigned", "sample", "with_names_of"]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHOWN = 6
_MAP_REMEDY = "zet municipalities.geojson naast het register, of vul de gemeente in"


def sample(record: Record) -> Floats | None:
    """Points spread over a park, or the one that is known; None when it has no place."""
    if record.shape is not None:
        return record.shape.sample
    return None if record.point is None else np.array([record.point])


def with_names_of(records: Iterable[Record], municipalities: Municipalities) -> Municipalities:
    """The municipalities that are known, and those that the register itself names beside a code."""
    named = {one.codes[0]: one.municipality for one in records if len(one.codes) == 1 and one.municipality}
    new = [
        Municipality(code, slug(name), name)
        for code, name in named.items()
        if code not in municipalities.by_code and municipalities.named(name) is None
    ]
    return replace(municipalities, known=(*municipalities.known, *new))


def assigned(
    records: Sequence[Record], form: Format, municipalities: Municipalities, findings: list[Finding]
) -> list[Record]:
    """The records with `municipality` as the name of a parameters file; `onbekend` where none can be found."""
    bare = not {"codes", "municipality"} & set(form.columns)
    told: list[Finding] = []
    done = [replace(record, municipality=_municipality(record, municipalities, told)) for record in records]
    if bare and told:
        # The format has no municipalities at all: that is one remark, not one for every park.
        findings.extend(_in_short(told, records))
    else:
        findings.extend(told)
    return done


def _municipality(record: Record, municipalities: Municipalities, findings: list[Finding]) -> str:
    if len(record.codes) > 1:
        return _of_several(record, municipalities, findings)
    if record.codes:
        return _of_code(record, record.codes[0], municipalities, findings)
    if record.municipality:
        return _of_name(record.municipality, municipalities)
    return _of_map(record, municipalities, findings)


def _of_code(record: Record, code: str, municipalities: Municipalities, findings: list[Finding]) -> str:
    one = municipalities.by_code.get(code)
    named = municipalities.named(record.municipality) if record.municipality else None
    if one is None:
        if municipalities.known:
            found, allowed = f"heeft gemeentecode {code}, die niet bekend is", "de code van een gemeente van nu"
            findings.append(record.finding("unknown-municipality-code", found, allowed, "verbeter de gemeentecode"))
        return _of_name(record.municipality, municipalities) if record.municipality else code.lower()
    if named is not None and named.code != code:
        found = f"heeft de code van {one.name} ({code}) maar de naam {named.name}; de code telt"
        findings.append(record.finding("code-and-name-differ", found, "één gemeente", "verbeter de code of de naam"))
    return one.slug


def _of_name(text: str, municipalities: Municipalities) -> str:
    if text in municipalities.by_slug:
        return text
    one = municipalities.named(text)
    return one.slug if one is not None else slug(text) or UNKNOWN


def _of_several(record: Record, municipalities: Municipalities, findings: list[Finding]) -> str:
    """The one of the codes in which most of the park lies; without a map the first."""
    candidates = [_of_code(replace(record, municipality=""), code, municipalities, findings) for code in record.codes]
    points = sample(record)
    around = municipalities.around(points) if points is not None else {}
    chosen = next((name for name in around if name in candidates), candidates[0])
    why = "het grootste deel ligt daar" if chosen in around else "de eerste telt"
    found = f"heeft {len(candidates)} gemeentecodes; telt bij {municipalities.name(chosen)}, {why}"
    findings.append(record.finding("several-municipalities", found, "één gemeente", "kies de gemeente"))
    return chosen


def _of_map(record: Record, municipalities: Municipalities, findings: list[Finding]) -> str:
    points = sample(record)
    around = municipalities.around(points) if points is not None else {}
    if not around:
        found = "heeft geen gemeente, en de kaart wijst er geen aan"
        findings.append(record.finding("municipality-unknown", found, "een gemeente", _MAP_REMEDY))
        return UNKNOWN
    chosen = next(iter(around))
    found = f"heeft geen gemeente; volgens de kaart ligt het in {municipalities.name(chosen)}"
    remark = record.finding("municipality-from-map", found, "een gemeente", "niets, als dit klopt", severity="remark")
    findings.append(remark)
    return chosen


def _in_short(told: Sequence[Finding], records: Sequence[Record]) -> Iterable[Finding]:
    """One finding a rule, with the number of parks."""
    where = Where(records[0].where.file)
    found = [str(one.park_id) for one in told if one.rule == "municipality-from-map"]
    lost = [str(one.park_id) for one in told if one.rule == "municipality-unknown"]
    allowed = "per terrein een gemeente"
    if found:
        parks = count(len(found), "terrein", "terreinen")
        text = f"het register noemt geen gemeenten; van {parks} is die van de kaart gelezen"
        yield where.finding("municipality-from-map", text, allowed, "niets, als dit klopt", severity="remark")
    if lost:
        named = listing(lost[:_SHOWN]) + (", …" if len(lost) > _SHOWN else "")
        text = f"van {count(len(lost), 'terrein', 'terreinen')} is de gemeente niet bekend: {named}"
        yield where.finding("municipality-unknown", text, allowed, _MAP_REMEDY)
