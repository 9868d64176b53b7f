"""Which municipality a code, a name or a place on the map means: from the parameters and the files beside a register.

`municipalities.geojson` (properties `code`, `name`, `municipality`, or as the CBS names them) or `municipalities.csv`
lie beside the register; the parameters files of the workspace decide how a municipality is called here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from werkbank.errors import Finding, ParametersError, RegisterError
from werkbank.files.yaml import read_yaml
from werkbank.parks.geometry import Floats, NotGeoJsonError, Shape, features_of
from werkbank.parks.source import read_table, read_text
from werkbank.parks.values import folded, read_codes, slug
from werkbank.settings.parameters import MunicipalityFile, find_workspace, municipality_slugs

__all__ = ["UNKNOWN", "Municipalities", "Municipality", "named_rows", "nearby_municipalities"]

UNKNOWN = "onbekend"
"""Stands for the municipality of a park of which none can be found; no analysis is made of it."""

FILES = ("municipalities.geojson", "municipalities.csv")
_CODE_COLUMNS = ("code", "gemeentecode", "gm_code", "statcode")
_NAME_COLUMNS = ("name", "naam", "gemeente", "gemeentenaam", "statnaam", "plaats")


@dataclass(frozen=True, slots=True, eq=False)
class Municipality:
    """A municipality: its code (`GM0034`), its name in files (`almere`), its name in text, its border if known."""

    code: str
    slug: str
    name: str
    shape: Shape | None = None


@dataclass(frozen=True, eq=False)
class Municipalities:
    """The municipalities that are known, and what went wrong in reading them.

    `ours` are those with a parameters file: the ones an analysis can be made of.
    """

    known: tuple[Municipality, ...] = ()
    ours: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Municipality]:
        """Code → municipality."""
        return {one.code: one for one in self.known}

    @cached_property
    def by_slug(self) -> Mapping[str, Municipality]:
        """Name in files → municipality."""
        return {one.slug: one for one in self.known}

    @cached_property
    def mapped(self) -> tuple[Municipality, ...]:
        """The municipalities whose border is known."""
        return tuple(one for one in self.known if one.shape is not None)

    @cached_property
    def _boxes(self) -> Floats:
        return np.array([one.shape.box for one in self.mapped if one.shape is not None])

    def name(self, slug: str) -> str:
        """A municipality's name in text; a name in files nobody knows stays as it is."""
        return self.by_slug[slug].name if slug in self.by_slug else slug

    @cached_property
    def _by_name(self) -> Mapping[str, Municipality]:
        return {folded(one.name): one for one in self.known}

    def named(self, text: str) -> Municipality | None:
        """The municipality with this name, whatever its capitals and accents."""
        return self._by_name.get(folded(text))

    def around(self, points: Floats) -> dict[str, float]:
        """The municipalities in which some of the points lie, with the share of the points; most first."""
        if not self.mapped:
            return {}
        low, high = points.min(axis=0), points.max(axis=0)
        west, south, east, north = self._boxes.T
        near = (west <= high[0]) & (east >= low[0]) & (south <= high[1]) & (north >= low[1])
        candidates = [one for one, is_near in zip(self.mapped, near, strict=True) if is_near]
        shares = {one.slug: float(one.shape.contains(points).mean()) for one in candidates if one.shape}
        return {slug: share for slug, share in sorted(shares.items(), key=lambda item: -item[1]) if share}


def nearby_municipalities(register: Path, given: Path | Mapping[str, str] | None = None) -> Municipalities:
    """The municipalities known beside a register: from its folder, or from `given`, and the parameters files.

    `given` is another file than those in the folder, or a mapping of code to name in files.
    """
    findings: list[Finding] = []
    known: dict[str, Municipality] = {}
    if isinstance(given, Mapping):
        known = {code: Municipality(code, name, name) for code, name in given.items()}
    else:
        files = [given] if given else [path for name in FILES if (path := register.parent / name).is_file()]
        for path in files[:1]:
            known = {one.code: one for one in _of_file(path, findings)}
    own = {one.code: one for one in _of_parameters(register.parent)}
    for code, one in own.items():
        known[code] = replace(one, shape=known[code].shape) if code in known else one
    return Municipalities(tuple(known.values()), frozenset(one.slug for one in own.values()), tuple(findings))


def named_rows(path: Path, findings: list[Finding]) -> Iterator[tuple[str, str, str, Shape | None]]:
    """Code, name, name in files and outline of every row of a CSV or GeoJSON file; what is amiss becomes a finding."""
    try:
        text = read_text(path)
        if path.suffix.lower() in {".geojson", ".json"}:
            rows: Iterable[tuple[Mapping[str, str], Shape | None]] = [
                (feature.properties, feature.shape) for feature in features_of(text.content)
            ]
        else:
            table = read_table(text)
            rows = [(dict(zip(table.header, row, strict=False)), None) for _, row in table.rows]
    except (NotGeoJsonError, RegisterError, FileNotFoundError) as reason:
        findings.append(_unreadable(path, str(reason)))
        return
    before = len(findings)
    for number, (row, shape) in enumerate(rows, start=1):
        folded_row = {name.casefold(): value for name, value in row.items()}
        code = read_codes(_first(folded_row, _CODE_COLUMNS)).codes
        name = _first(folded_row, _NAME_COLUMNS)
        if code and name:
            yield code[0], name, folded_row.get("municipality", ""), shape
        elif len(findings) == before:
            findings.append(_unreadable(path, f"rij {number} heeft geen gemeentecode of geen naam"))


def _first(row: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((row[name] for name in columns if row.get(name)), "")


def _of_file(path: Path, findings: list[Finding]) -> Iterator[Municipality]:
    for code, name, own_slug, shape in named_rows(path, findings):
        yield Municipality(code, own_slug or slug(name), name, shape)


def _of_parameters(folder: Path) -> Iterator[Municipality]:
    """The municipalities with a parameters file; a faulty file is named where parameters are read, not here."""
    try:
        workspace = find_workspace(folder)
    except ParametersError:
        return
    for name in municipality_slugs(workspace):
        data = read_yaml(workspace / "parameters" / f"{name}.yaml").data
        try:
            own = MunicipalityFile.model_validate(data)
        except ValidationError:
            continue
        yield Municipality(own.code, own.municipality, own.name)


def _unreadable(path: Path, reason: str) -> Finding:
    return Finding(
        rule="unreadable-list",
        severity="warning",
        file=path.name,
        found=reason,
        allowed="per gemeente een code (zoals GM0034) en een naam",
        remedy="verbeter het bestand; zolang telt alleen wat leesbaar is",
    )
