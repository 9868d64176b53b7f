"""The district as a whole: the analyses that stand in their folders, brought together; nothing is assessed anew.

Scores of two municipalities are compared only where they were made by one method, with one catalogue, of as many
parties, and on one legal basis that covers both (method.md 2 and 4). An analysis of which the input changed since is
left out, with the reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from werkbank.assessment.flow import Assessment, matrix_paths
from werkbank.errors import OutputError, WerkbankError
from werkbank.files.canonical import canonical_json, keep
from werkbank.report.terms import legal_basis_line
from werkbank.report.view import Park, View, view_of
from werkbank.scoring import rank
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters, load_parameters, municipality_slugs
from werkbank.wording import count, listing

__all__ = ["DistrictAnalysis", "LeftOut", "Placed", "alike", "district_analysis"]

FILE = "district.json"
DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A municipality that is not in it, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A park with its municipality, and its place among the parks it may be compared with; None without a score."""

    view: View
    park: Park
    place: int | None


@dataclass(frozen=True, slots=True, eq=False)
class DistrictAnalysis:
    """The analyses of a district's municipalities, by name; `compared` are those whose scores may be compared.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> [view.assessment.municipality_name for view in district.compared]
    ['Urk (fictief)']
    """

    parameters: Parameters
    views: tuple[View, ...]
    compared: tuple[View, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def fictional(self) -> bool:
        """Whether any of it is made up."""
        return any(view.assessment.fictional for view in self.views)

    @property
    def name(self) -> str:
        """The district's name; made-up data says so in the name itself."""
        return f"{self.parameters.district} (fictief)" if self.fictional else self.parameters.district

    @property
    def size(self) -> str:
        """How many municipalities and parks there are, in words."""
        size = count(len(self.views), "gemeente", "gemeenten")
        return f"{size}, {count(len(self.parks), 'terrein', 'terreinen')}"

    @property
    def where(self) -> str:
        """Of which round it is, and for whom: the line below its title."""
        return f"Ronde {self.parameters.round} · {self.size} · voor: {self.audience.name}"

    @property
    def audience(self) -> Audience:
        """Who reads it."""
        return self.views[0].audience

    @property
    def legal_basis(self) -> str:
        """The legal bases of the analyses, each once."""
        return " ".join(dict.fromkeys(legal_basis_line(view.assessment.legal_basis) for view in self.views))

    @property
    def parks(self) -> tuple[Park, ...]:
        """Every park of every municipality that is in it."""
        return tuple(park for view in self.views for park in view.parks)

    def placed(self) -> tuple[Placed, ...]:
        """The parks that may be compared, highest score first, those without one last."""
        pairs = [(view, park) for view in self.compared for park in view.parks]
        places = _places([park.score for _, park in pairs])
        found = [Placed(view, park, place) for (view, park), place in zip(pairs, places, strict=True)]
        return tuple(sorted(found, key=lambda one: (one.place or len(found) + 1, one.park.park_id)))

    @property
    def fingerprint(self) -> str:
        """The sha256 of the analyses it was made of."""
        return hashlib.sha256(canonical_json(self._made_of()).encode()).hexdigest()

    def _made_of(self) -> dict[str, str]:
        return {view.assessment.parameters.municipality: view.assessment.fingerprint for view in self.views}

    def save(self, output_folder: Path | str) -> None:
        """Write `district.json` into the folder: of which analyses it was made; an empty name writes nothing."""
        own = self.parameters
        record = {
            "district": own.district,
            "round": own.round,
            "audience": own.audience,
            "fictional": self.fictional,
            "analyses": self._made_of(),
            "fingerprint": self.fingerprint,
        }
        keep(record, output_folder, FILE)

    def __str__(self) -> str:
        """How many municipalities and parks there are."""
        return f"District {self.name}: {self.size}"


def district_analysis(parameters: Parameters, today: dt.date | None = None) -> DistrictAnalysis:
    """The analyses of the district that belong to these parameters, read from their folders.

    Raises OutputError for an audience that may not see the district, and when there is no analysis at all.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> print(district)
    District Flevoland (fictief): 1 gemeente, 4 terreinen
    """
    audience = load_catalogue(parameters.catalogue_path).audience(parameters.audience)
    if audience.areas != DISTRICT:
        raise OutputError(
            f"De doelgroep “{audience.name}” ziet alleen het eigen gebied; voor haar wordt geen districtsanalyse "
            "gemaakt."
        )
    found, left_out = _read(parameters, today or dt.date.today())
    if not found:
        raise OutputError("Er is nog geen enkele analyse om naast elkaar te leggen. Maak ze met: werkbank analyse")
    views = tuple(sorted(found, key=lambda view: view.assessment.municipality_name))
    return DistrictAnalysis(parameters, views, _comparable(views), tuple(left_out))


def _read(parameters: Parameters, today: dt.date) -> tuple[list[View], list[LeftOut]]:
    found: list[View] = []
    left_out: list[LeftOut] = []
    for slug in municipality_slugs(parameters.workspace):
        try:
            own = load_parameters(slug, audience=parameters.audience)
            assessment = _kept(own)
            reason = listing(_changed(assessment, own, today))
            if reason:
                left_out.append(LeftOut(own.name, reason))
            else:
                found.append(view_of(assessment))
        except WerkbankError as error:
            left_out.append(LeftOut(slug, str(error)))
    return found, left_out


def _kept(parameters: Parameters) -> Assessment:
    try:
        return Assessment.load(parameters.output_folder)
    except OSError as error:
        raise OutputError("er is nog geen analyse") from error


def _changed(assessment: Assessment, now: Parameters, today: dt.date) -> Iterator[str]:
    """Why an analysis cannot be used any more: what it rests on changed, or its legal basis lapsed."""
    if assessment.parameters.method != now.method:
        yield "de methode is sindsdien veranderd"
    catalogue = load_catalogue(now.catalogue_path)
    if assessment.catalogue_fingerprint != catalogue.fingerprint:
        yield "de catalogus is sindsdien veranderd"
    kept = {source.party: source.sha256 for source in assessment.sources}
    paths = matrix_paths(now, catalogue)
    found = {party: _sha256(path) for party, path in paths.items() if path.is_file()}
    if None in found.values():
        yield "een werkmap is nu niet te lezen"
    elif kept != found:
        yield "een werkmap is sindsdien veranderd"
    basis = assessment.legal_basis
    if basis is not None and any(basis.objections(now.municipality, now.round, today)):
        yield "de grondslag geldt niet meer"


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _comparable(views: tuple[View, ...]) -> tuple[View, ...]:
    """The municipalities that were scored alike; of several such groups the one with the most parks."""
    sizes: Counter[Hashable] = Counter()
    for view in views:
        sizes[alike(view)] += len(view.parks)
    (most, _), *_rest = sizes.most_common(1)
    return tuple(view for view in views if alike(view) == most)


def alike(view: View) -> Hashable:
    """What must be the same for scores to mean the same: method, catalogue, parties that delivered, legal basis."""
    assessment = view.assessment
    basis = assessment.legal_basis
    return (
        assessment.parameters.method.fingerprint,
        assessment.catalogue_fingerprint,
        assessment.delivered,
        None if basis is None else basis.id,
    )


def _places(scores: list[float | None]) -> list[int | None]:
    places: Any = rank(pd.Series(scores, dtype="float64").round(9))
    return [None if pd.isna(place) else int(place) for place in places]
