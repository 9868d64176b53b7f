"""A round as it was read, its returns as its analyses read them and its parks by their codes of the present round."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from werkbank.assessment.assessment import FILE_NAME as ASSESSMENT
from werkbank.assessment.assessment import Assessment, kept_assessment
from werkbank.assessment.district import asked_in_district, district_matrix
from werkbank.assessment.inputs import matrix_paths, missing_names, own_matrix, returns_of_round
from werkbank.errors import Finding, MatrixError, RegisterError, fault
from werkbank.files.whole import sha256_of
from werkbank.matrix import RiskMatrix
from werkbank.matrix.identity import Supplier
from werkbank.matrix.opening import saved_on
from werkbank.matrix.risk_matrix import Source
from werkbank.matrix.template import CREATED
from werkbank.parks.lineage import load_lineage
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import Catalogue, owner_code
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import raw_file


@dataclass(frozen=True, slots=True, eq=False)
class RoundRead:
    """One round of a municipality: its own judgements and the whole district's, parks by their codes of now.

    `then`: where one earlier version of the catalogue holds for all of its returns, that and both in its codes. `codes`
    leads parks of then to those of now, `names` has what each was called. `kept`: its analysis, None where that cannot
    be read. `saved`: the day (UTC) on which each party last saved its returns, None where they do not say.
    """

    parameters: Parameters
    matrix: RiskMatrix
    district: RiskMatrix
    then: tuple[Catalogue, RiskMatrix, RiskMatrix] | None
    codes: dict[str, str]
    names: dict[str, str]
    kept: Assessment | None
    saved: dict[str, dt.date | None]
    findings: tuple[Finding, ...]

    @property
    def parties(self) -> tuple[str, ...]:
        """Who was asked: who takes part by now need not have been asked then."""
        own = self.parameters.parties
        return tuple(one for one in own if self.kept is None or one in self.kept.parameters.parties)


def read_round(own: Parameters, present: Parameters, catalogue: Catalogue, basis: LegalBasis | None) -> RoundRead:
    """The round of `own`, which may be the present one, for which its returns are those in its folder.

    Raises MatrixError when there is no return of it, RegisterError when there are no parks now.
    """
    lineage, earlier = load_lineage(present.data), own.round != present.round
    parks, codes = lineage.parks_in(own.round), lineage.codes_since(own.round, present.round)
    if own.municipality not in set(lineage.parks_in(present.round)["municipality"]):
        raise RegisterError(f"Het terreinenregister heeft geen terreinen in {own.municipality}.")
    with returns_then(own, catalogue, asked_in_district(own, basis) if earlier else {}) as (there, changed):
        missing = _missing(there, catalogue)

        def read(by: Catalogue) -> tuple[RiskMatrix, RiskMatrix]:
            matrix, district = own_matrix(there, by, parks), district_matrix(there, by, parks, basis)
            return (_as_now(matrix, parks, codes), _as_now(district, parks, codes)) if earlier else (matrix, district)

        matrix, district = read(catalogue)
        asked = [catalogue.as_of(one) for one in matrix.catalogue_versions]
        saved = {party: _saved(paths) for party, paths in matrix_paths(there, catalogue).items()}
        return RoundRead(
            parameters=own,
            matrix=matrix,
            district=district,
            then=(asked[0], *read(asked[0])) if len(asked) == 1 and asked[0] is not catalogue else None,
            codes=codes,
            names={codes.get(code, code): name for code, name in zip(parks["park_id"], parks["name"], strict=True)},
            kept=kept_assessment(own),
            saved=saved,
            findings=(*changed, *missing),
        )


def _missing(own: Parameters, catalogue: Catalogue) -> tuple[Finding, ...]:
    """A finding for every workbook that is not there. Raises MatrixError when there is none."""
    told = (
        f"de werkmap van ronde {own.round} ontbreekt; deze partij telt in die ronde nergens mee",
        "van elke partij een ingevulde risicomatrix in beide rondes",
        "vraag de werkmap op en vergelijk opnieuw",
    )
    findings = tuple(fault("missing-workbook", *told, file=name) for name in missing_names(own, catalogue))
    if len(findings) == len(own.parties):
        raise MatrixError(
            f"Er zijn voor {own.name} geen risicomatrices van ronde {own.round}; "
            "zonder beide rondes valt er niets te vergelijken. Zet de ingevulde werkmappen in de gegevensmap.",
            findings,
        )
    return findings


def _as_now(matrix: RiskMatrix, parks: pd.DataFrame, codes: Mapping[str, str]) -> RiskMatrix:
    """The matrix by the codes of now, without the parks of which no return of then had a column: they came since."""
    absent = Counter(one.park_id for one in matrix.findings if one.rule == "missing-park")
    returns = Counter(source.municipality for source in matrix.sources)
    homes = dict(zip(parks["park_id"], parks["municipality"], strict=True))
    came = {park for park, times in absent.items() if park and times == returns[homes[park]]}
    told = tuple(one for one in matrix.findings if one.rule != "missing-park" or one.park_id not in came)
    stayed = matrix.select(tuple(park for park in matrix.park_ids if park not in came))
    return replace(stayed, findings=told).renamed(codes)


def _saved(paths: Sequence[Path]) -> dt.date | None:
    """When the last of these returns was saved; None where one does not say, or still has the template's own day."""
    days = [saved_on(path) for path in paths]
    known = [day for day in days if day and day != CREATED.date()]
    return max(known) if known and len(known) == len(days) else None


@contextmanager
def returns_then(
    parameters: Parameters, catalogue: Catalogue, asked: Mapping[str, Collection[str]]
) -> Iterator[tuple[Parameters, tuple[Finding, ...]]]:
    """Parameters that read the returns of a round as its analyses did, and a finding for each that was changed since.

    What was kept as it came is read in place of what lies in the folder of the round, also where that is gone; of whom
    nothing was kept that folder holds. Looked at are the parties that are `asked` in each municipality.
    """
    there = returns_of_round(parameters, catalogue)
    kept: dict[Supplier, tuple[Source, Path]] = {}
    for source in chain.from_iterable(_kept_sources(parameters, slug) for slug in asked):
        raw = raw_file(source.file, source.sha256, parameters.data)
        if source.party in asked.get(source.municipality, ()) and raw.is_file() and sha256_of(raw) == source.sha256:
            kept[source.municipality, source.party] = source, raw
    if not kept:
        yield parameters, ()
        return
    changed = (
        Finding(
            rule="changed-return",
            severity="warning",
            file=path.name,
            found=f"de werkmap is veranderd sinds de analyse van ronde {parameters.round}; die van toen is gelezen",
            allowed="de werkmap van toen",
            remedy="maak de analyse van die ronde opnieuw als de veranderde moet gelden",
        )
        for path, whose in there.items()
        if any(one in kept and kept[one][0].sha256 != sha256_of(path) for one in whose)
    )
    files = {path.name: path for path, whose in there.items() if not whose or not {*whose} <= kept.keys()}
    files |= {Path(source.file).name: raw for source, raw in kept.values()}
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files.items():
            shutil.copyfile(path, Path(folder) / name)
        yield parameters.reading(Path(folder)), tuple(changed)


def _kept_sources(parameters: Parameters, municipality: str) -> tuple[Source, ...]:
    """The files that the kept assessment of a municipality was made of; none where it cannot be read."""
    path = parameters.output / parameters.round / owner_code() / municipality / ASSESSMENT
    try:
        return tuple(Source(**each) for each in json.loads(path.read_text(encoding="utf-8"))["sources"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()
