"""Which municipality a code, a name or a place on the map means: from the parameters and the files beside the parks.

`municipalities.geojson` (properties `code`, `name`, `municipality`, or as the CBS names them) or `municipalities.csv`
lie beside the park list; the parameters files of the workspace decide how a municipality is called here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from werkbank.errors import Finding, ParametersError, RegisterError
from werkbank.files.yaml import read_yaml
from werkbank.parks.geometry import Floats, NotGeoJsonError, Shape, features_of
from werkbank.parks.source import Where, read_table, read_text
from werkbank.settings.parameters import MunicipalityFile
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import did_you_mean, listing

UNKNOWN = "onbekend"
"""Stands for the municipality of a park of which none can be found; no analysis is made of it."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

FILES = ("municipalities.geojson", "municipalities.csv")
NATIONAL = Path(__file__).with_name("municipalities.csv")
"""The municipalities of the Netherlands on 1 January 2026 by the CBS (CC BY 4.0): 342, the same since 2023.

A bill lets Wijdemeren become part of Hilversum on 1 January 2027; then its row goes, and Hilversum's `also` gets it.
"""
_CODE_COLUMNS = ("code", "gemeentecode", "gm_code", "statcode")
_NAME_COLUMNS = ("name", "naam", "gemeente", "gemeentenaam", "statnaam")
_CODE = re.compile(r"(?:GM)?(\d{1,4})", re.IGNORECASE)
_NOBODY = "GM0000"


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

    def name(self, slug: str) -> str:
        """A municipality's name in text; a name in files nobody knows stays as it is."""
        return self.by_slug[slug].name if slug in self.by_slug else slug

    def named(self, text: str) -> Municipality | None:
        """The municipality with this name, whatever its capitals and accents."""
        return next((one for one in self.known if _folded(one.name) == _folded(text)), None)

    def around(self, points: Floats) -> dict[str, float]:
        """The municipalities in which some of the points lie, with the share of the points; most first."""
        low, high = points.min(axis=0), points.max(axis=0)
        near = [
            one for one in self.known if one.shape and (np.array(one.shape.box[:2]) <= high).all()
            and (np.array(one.shape.box[2:]) >= low).all()
        ]  # fmt: skip
        shares = {one.slug: float(one.shape.contains(points).mean()) for one in near if one.shape}
        return {slug: share for slug, share in sorted(shares.items(), key=lambda item: -item[1]) if share}


def nearby_municipalities(parks: Path) -> Municipalities:
    """The municipalities known beside a park list: from its folder and the parameters files."""
    findings: list[Finding] = []
    files = [path for name in FILES if (path := parks.parent / name).is_file()]
    known = {one.code: one for path in files[:1] for one in _of_file(path, findings)}
    files_of = _parameters_files(parks.parent)
    own = {one.code: one for one in _of_parameters(files_of.values())}
    for code, one in own.items():
        known[code] = replace(one, shape=known[code].shape) if code in known else one
    return Municipalities(tuple(known.values()), frozenset(files_of), tuple(findings))


def dutch_municipalities(text: str) -> tuple[Municipality, ...]:
    """The municipalities of the Netherlands that a list of names or codes means, each once.

    A name counts whatever its capitals, accents and signs, and without its province where only one is called so.
    Raises ParametersError that names everything that is no municipality or may be several, with the nearest.
    """
    known = _national()
    faults, meant = [], list[Municipality]()
    for word in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        found = known.get(slug_of(word), [])
        if len(found) == 1:
            meant += found
            continue
        near = listing((f"“{one.name}”" for one in found), "of")
        names = [one.name for each in known.values() for one in each]
        hint = f"bedoelt u {near}?" if near else did_you_mean(word, names)
        faults.append(f"  “{word[:60]}”: {hint or 'zo heet geen gemeente'}")
    if faults or not meant:
        told = ["Deze gemeenten staan niet in de lijst van het CBS:", *faults] if faults else ["Er is geen gemeente."]
        raise ParametersError(
            "\n".join([*told, "Zet een komma tussen twee gemeenten; een code, zoals GM0141, mag ook."])
        )
    return tuple(dict.fromkeys(meant))


def _national() -> dict[str, list[Municipality]]:
    """What a municipality may be called, as a slug → the municipalities that are."""
    known: dict[str, list[Municipality]] = {}
    rows = [row for row, _ in _rows(NATIONAL)]
    alone = {row["code"]: row["name"].partition(" (")[0] for row in rows}
    several = {name for name, times in Counter(alone.values()).items() if times > 1}
    for row in rows:
        code, short = row["code"], alone[row["code"]]
        name = row["name"] if short in several else short
        one = Municipality(code, slug_of(name), name)
        for word in {slug_of(word) for word in (code, row["name"], short, *row["also"].split("|"))} - {""}:
            known.setdefault(word, []).append(one)
    return known


def codes_in(text: str) -> tuple[str, ...] | None:
    """The municipality codes in a text (`GM0034`), without nobody's GM0000; None when something else stands in it."""
    found = [_CODE.fullmatch(part) for part in re.split(r"[^A-Za-z0-9]+", text) if part]
    codes = [f"GM{int(one[1]):04d}" for one in found if one]
    return tuple(dict.fromkeys(code for code in codes if code != _NOBODY)) if all(found) else None


def slug_of(name: str) -> str:
    """A municipality's name as the name of its parameters file: "'s-Hertogenbosch" → "s-hertogenbosch"."""
    return "-".join(re.findall(r"[a-z0-9]+", _folded(name)))


def _folded(text: str) -> str:
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return " ".join(plain.split()).casefold()


def _of_file(path: Path, findings: list[Finding]) -> Iterator[Municipality]:
    """The rows of a CSV or GeoJSON file that have a code and a name; one finding for the first that has not."""
    try:
        rows = _rows(path)
    except (NotGeoJsonError, RegisterError, FileNotFoundError) as reason:
        findings.append(Where(path.name).finding("unreadable-list/municipalities", found=reason))
        return
    nameless = []
    for number, (row, shape) in enumerate(rows, start=1):
        cells = {name.casefold(): value for name, value in row.items()}
        codes, name = codes_in(_first(cells, _CODE_COLUMNS)), _first(cells, _NAME_COLUMNS)
        if codes and name:
            yield Municipality(codes[0], cells.get("municipality") or slug_of(name), name, shape)
        else:
            nameless.append(number)
    if nameless:
        found = f"rij {nameless[0]} heeft geen gemeentecode of geen naam"
        findings.append(Where(path.name).finding("unreadable-list/municipalities", found=found))


def _rows(path: Path) -> list[tuple[Mapping[str, str], Shape | None]]:
    text = read_text(path)
    if path.suffix.lower() in {".geojson", ".json"}:
        return [(one.properties, one.shape) for one in features_of(text.content)]
    table = read_table(text)
    return [(dict(zip(table.header, row, strict=False)), None) for _, row in table.rows]


def _first(row: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((row[name] for name in columns if row.get(name)), "")


def _parameters_files(folder: Path) -> dict[str, Path]:
    """The parameters file of each municipality that has one, sound or not; none outside a workspace."""
    try:
        workspace = find_workspace(folder)
    except ParametersError:
        return {}
    return {slug: workspace / "parameters" / f"{slug}.yaml" for slug in municipality_slugs(workspace)}


def _of_parameters(files: Iterable[Path]) -> Iterator[Municipality]:
    """The municipalities of these files; a faulty one is named where parameters are read, not here."""
    for path in files:
        try:
            own = MunicipalityFile.model_validate(read_yaml(path).data)
        except ValidationError:
            continue
        yield Municipality(own.code, own.municipality, own.name)
