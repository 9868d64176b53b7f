"""Two rounds of one municipality beside one another: what changed, and what is behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from werkbank.advice.development import Asked, Development, develop, in_both, only_in_one
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.district import district_matrix
from werkbank.assessment.inputs import legal_basis_of, matrix_paths, missing_names, own_matrix
from werkbank.errors import Finding, LegalBasisError, MatrixError, OutputError, ParametersError, RegisterError, fault
from werkbank.matrix import RiskMatrix
from werkbank.parks.register import load_parks
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import Catalogue, load_catalogue, owner_code
from werkbank.settings.parameters import Method, Parameters, load_parameters


def compare_rounds(
    parameters: Parameters | str, *, today: dt.date | None = None, earlier_method: Method | None = None
) -> Development:
    """The development of one municipality from the earlier round to the present one.

    The earlier round is scored by `earlier_method`; when that is not given, by the method of the assessment that was
    kept of it; when there is none, by the present method, and the development says so. Raises LegalBasisError when
    the parties may not be brought together for both rounds on `today`, and a WerkbankError with every finding when
    there is no earlier round or nothing to read in either.

    >>> development = wb.compare_rounds("urk")
    >>> print(development)
    Vergelijking Urk (fictief), ronde 2025-1 met 2026-1: 4 terreinen.
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    earlier = _earlier(parameters)
    catalogue = load_catalogue(parameters.catalogue_path)
    parks = load_parks(parameters.data / "parks.csv")
    basis = _legal_basis((earlier, parameters), today or dt.date.today())
    old, new, missing = _matrices(earlier, parameters, catalogue, parks)
    assessed = None if earlier_method else _kept_assessment(earlier)
    kept = assessed.parameters.method if assessed else earlier_method
    names = dict(zip(parks["park_id"], parks["name"], strict=True))
    before, now = (district_matrix(each, catalogue, parks, basis) for each in (earlier, parameters))
    development = develop(
        old,
        new,
        catalogue,
        kept or parameters.method,
        parameters.method,
        parameters.parties,
        names=names,
        asked=_asked((old, new), before, earlier, catalogue, parks, basis),
        districts=(before, now),
    )
    return replace(
        development,
        findings=(*missing, *_other_catalogue(assessed, catalogue), *development.findings),
        fictional=development.fictional or parameters.marked_fictional,
        old_method_kept=kept is not None,
        legal_basis=basis,
        parameters=parameters.portable(),
    )


def _earlier(parameters: Parameters) -> Parameters:
    """The same parameters for the round before; a municipality is compared with itself only."""
    if parameters.earlier_round is None or parameters.earlier_round == parameters.round:
        found = "ontbreekt" if parameters.earlier_round is None else f"is ronde {parameters.round} zelf"
        raise ParametersError(
            f"Er is geen eerdere ronde om {parameters.name} mee te vergelijken: earlier_round {found}. "
            "Vul in parameters/district.yaml de naam van een eerdere ronde in."
        )
    return parameters.model_copy(update={"round": parameters.earlier_round})


def _legal_basis(rounds: tuple[Parameters, Parameters], today: dt.date) -> LegalBasis | None:
    """The one basis that holds for both rounds; none is needed for one party's own view."""
    bases: list[LegalBasis | None] = []
    refusals: list[LegalBasisError] = []
    for each in rounds:
        try:
            bases.append(legal_basis_of(each, today))
        except LegalBasisError as refusal:
            refusals.append(refusal)
    if refusals:
        findings = dict.fromkeys(finding for refusal in refusals for finding in refusal.findings)
        raise LegalBasisError(refusals[0].message, tuple(findings))
    return bases[-1]


def _matrices(
    earlier: Parameters, present: Parameters, catalogue: Catalogue, parks: pd.DataFrame
) -> tuple[RiskMatrix, RiskMatrix, tuple[Finding, ...]]:
    """The matrices of both rounds, and a finding for every workbook that is not there."""
    if present.municipality not in set(parks["municipality"]):
        raise RegisterError(f"Het terreinenregister heeft geen terreinen in {present.municipality}.")
    missing = tuple(finding for each in (earlier, present) for finding in _missing(each, catalogue))
    empty = [each.round for each in (earlier, present) if not any(matrix_paths(each, catalogue).values())]
    if empty:
        raise MatrixError(
            f"Er zijn voor {present.name} geen risicomatrices van ronde {' en '.join(empty)}; "
            "zonder beide rondes valt er niets te vergelijken. Zet de ingevulde werkmappen in de gegevensmap.",
            missing,
        )
    old, new = (own_matrix(each, catalogue, parks) for each in (earlier, present))
    return old, new, missing


def _asked(
    rounds: tuple[RiskMatrix, RiskMatrix],
    district: RiskMatrix,
    earlier: Parameters,
    catalogue: Catalogue,
    parks: pd.DataFrame,
    basis: LegalBasis | None,
) -> Asked | None:
    """What the old round asked, when its workbooks or those of now were made with an earlier catalogue.

    Where one version holds for the whole old round, it is read once more by the codes of then, so that its score is the
    one of that time; where the parties had different versions there is no such score, and the translated one stands in.
    """
    old, new = rounds
    versions = tuple(dict.fromkeys((*old.catalogue_versions, *new.catalogue_versions)))
    before = [version for version in versions if version != catalogue.version]
    if not before:
        return None
    both, told = in_both(catalogue, versions), only_in_one(catalogue, before[0])
    if len(old.catalogue_versions) > 1 or old.catalogue_versions == (catalogue.version,):
        return Asked(catalogue, old, district, both, **told)
    then = catalogue.as_of(before[0])
    return Asked(then, own_matrix(earlier, then, parks), district_matrix(earlier, then, parks, basis), both, **told)


def _missing(parameters: Parameters, catalogue: Catalogue) -> Iterator[Finding]:
    for name in missing_names(parameters, catalogue):
        found = f"de werkmap van ronde {parameters.round} ontbreekt; deze partij telt in die ronde nergens mee"
        allowed = "van elke partij een ingevulde risicomatrix in beide rondes"
        yield fault("missing-workbook", found, allowed, "vraag de werkmap op en vergelijk opnieuw", file=name)


def _kept_assessment(earlier: Parameters) -> Assessment | None:
    """The assessment of the earlier round, as far as it was kept and can be read; it holds that round's method.

    It is kept of the audience that makes the analyses.
    """
    folder = earlier.output / earlier.round / owner_code() / earlier.municipality
    if not (folder / FILE_NAME).is_file():
        return None
    try:
        return Assessment.load(folder)
    except OutputError:
        return None


def _other_catalogue(assessed: Assessment | None, catalogue: Catalogue) -> Iterator[Finding]:
    if assessed is None or assessed.catalogue_version in catalogue.earlier_versions:
        return
    if assessed.catalogue_fingerprint != catalogue.fingerprint:
        yield Finding(
            rule="other-catalogue",
            severity="warning",
            file=FILE_NAME,
            found=f"de catalogus is veranderd sinds de analyse van ronde {assessed.parameters.round}",
            allowed="één catalogus voor beide rondes",
            remedy="beide rondes zijn met de catalogus van nu gerekend; de oude analyse kan andere scores noemen",
        )
