"""The flow written out once: parameters → judgements → scores → advice, kept as one Assessment.

`assess` is the whole line; everything it calls is a function of values. An Assessment holds all that is needed to
defend the advice, and nothing of the free text: remarks stay in the workbooks they came in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import pandas as pd

from werkbank.advice import Advice, Indication, Reason, Scorecard, advise, indications, reasons, score_matrix
from werkbank.advice.record import canonical_json, from_plain, keep
from werkbank.advice.scorecard import points, without_noise
from werkbank.catalogue import Catalogue, load_catalogue
from werkbank.errors import Finding, MatrixError, OutputError, RegisterError
from werkbank.matrix import RiskMatrix, load_matrix, load_parks
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.risk_matrix import Source
from werkbank.parameters import Parameters, load_parameters, municipality_slugs
from werkbank.register import LegalBasis, require_legal_basis
from werkbank.scoring import rank
from werkbank.wording import count, number, safe_html

__all__ = ["FILE_NAME", "Assessment", "assess", "cell_rows", "input_errors", "matrix_paths"]

FILE_NAME = "assessment.json"
SCHEMA_VERSION = 1
_COLUMNS_DUTCH = {
    "name": "terrein",
    "score": "score",
    "low": "minstens",
    "high": "hoogstens",
    "rank": "plaats",
    "coverage": "dekking",
}


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """All that is needed to defend one municipality's advice; immutable, and the same for the same inputs.

    Frames are handed out as copies. `parks`: one row per park with its score, bounds, rank, class and quadrant.
    `groups`: park × group. `cells`: park × indicator, the combined level with its bounds and contribution.
    `judgements`: park × indicator × party as delivered, without remarks. `withheld`: parties whose judgements count in
    the scores but are not in here, because the audience may not see them (werkbank.sharing).
    `absent`: parties that were asked and delivered nothing.
    """

    schema_version: int
    version: str
    parameters: Parameters
    catalogue_version: str
    catalogue_fingerprint: str
    fingerprint: str
    fictional: bool
    legal_basis: LegalBasis | None
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    advice: Advice
    indications: tuple[Indication, ...]
    reasons: tuple[Reason, ...]
    district_size: int
    withheld: tuple[str, ...]
    absent: tuple[str, ...]
    _parks: pd.DataFrame = field(repr=False)
    _groups: pd.DataFrame = field(repr=False)
    _cells: pd.DataFrame = field(repr=False)
    _judgements: pd.DataFrame = field(repr=False)

    @property
    def parks(self) -> pd.DataFrame:
        """Per park: park_id, name, net_ha, score, low, high, rank, class, quadrant, coverage, …; a copy."""
        return self._parks.copy()

    @property
    def groups(self) -> pd.DataFrame:
        """Per park and group: score, low, high, coverage, two_sided and contribution to the total; a copy."""
        return self._groups.copy()

    @property
    def cells(self) -> pd.DataFrame:
        """Per park and indicator: level, points, low, high, applicable, known, known_by_all, contribution; a copy."""
        return self._cells.copy()

    @property
    def judgements(self) -> pd.DataFrame:
        """Per park, indicator and party: state, level, source_strength and date, as delivered; a copy."""
        return self._judgements.copy()

    @property
    def municipality_name(self) -> str:
        """The municipality's name; made-up data says so in the name itself."""
        return f"{self.parameters.name} (fictief)" if self.fictional else self.parameters.name

    @property
    def delivered(self) -> tuple[str, ...]:
        """The parties of which a workbook was read."""
        return tuple(party for party in self.parameters.parties if party in {source.party for source in self.sources})

    def to_json(self) -> str:
        """The assessment as canonical JSON: equal assessments, equal text."""
        return canonical_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The assessment that `to_json` wrote. Raises OutputError when the text is something else."""
        try:
            data = json.loads(text)
            if data["schema_version"] != SCHEMA_VERSION:
                raise OutputError(f"Dit {FILE_NAME} is van een andere versie van de werkbank; maak de analyse opnieuw.")
            return from_plain(cls, data)
        except (KeyError, TypeError, ValueError) as error:
            raise OutputError(f"Dit is geen {FILE_NAME} van de werkbank.") from error

    def save(self, output_folder: Path | str) -> None:
        """Write `assessment.json` into the folder, whole or not at all; an empty name writes nothing.

        A relative folder is within the workspace.
        """
        keep(self, output_folder, FILE_NAME)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The assessment that `save` wrote into the folder."""
        return cls.from_json((Path(folder) / FILE_NAME).read_text(encoding="utf-8"))

    def __str__(self) -> str:
        """Two lines of Dutch: what was assessed, and the advice."""
        parks = count(len(self._parks), "terrein", "terreinen")
        return f"Analyse {self.municipality_name}, ronde {self.parameters.round}: {parks}.\n{self.advice.sentence}"

    def _repr_html_(self) -> str:
        first, _, second = str(self).partition("\n")
        columns = ["name", "score", "low", "high", "rank", "coverage"]
        table = self._parks.sort_values("rank")[columns].rename(columns=_COLUMNS_DUTCH)
        shown = table.to_html(
            escape=True, border=0, index=False, na_rep="–", float_format=lambda value: number(value, 2)
        )
        return str(safe_html("<p><strong>{}</strong></p><p>{}</p>", first, second)) + shown


def assess(parameters: Parameters | str, *, today: dt.date | None = None) -> Assessment:
    """The assessment of one municipality, by its parameters or by its name.

    Raises a WerkbankError with every finding when the data cannot be read, and LegalBasisError when the parties may
    not be brought together on `today` (the current day when not given); one party alone needs no legal basis.
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    catalogue = load_catalogue(parameters.catalogue_path)
    parks = load_parks(parameters.data / "parks.csv")
    basis = _legal_basis(parameters, today or dt.date.today())
    matrix, missing = _load(parameters, catalogue, parks)
    scorecard = score_matrix(matrix, catalogue, parameters.method, parameters.parties)
    district = _district_totals(parameters, catalogue, parks, basis)
    own = parks.set_index("park_id").loc[list(matrix.park_ids)]
    fictional = matrix.fictional or (parameters.data / "FICTIEVE_GEGEVENS.json").is_file()
    shown = f"{parameters.name} (fictief)" if fictional else parameters.name
    return Assessment(
        schema_version=SCHEMA_VERSION,
        version=_version(),
        parameters=parameters.portable(),
        catalogue_version=catalogue.version,
        catalogue_fingerprint=catalogue.fingerprint,
        fingerprint=_fingerprint(parameters, catalogue, matrix, own, basis, district),
        fictional=fictional,
        legal_basis=basis,
        sources=matrix.sources,
        findings=(*missing, *matrix.findings, *_conflicts(scorecard)),
        advice=advise(scorecard.table, own["name"], parameters.capacity, shown),
        indications=indications(_of_parties(matrix, parameters), scorecard.levels, catalogue),
        reasons=_reasons(matrix, scorecard, catalogue, parameters),
        district_size=len(district) + len(own),
        withheld=(),
        absent=tuple(party for party in parameters.parties if party not in {one.party for one in matrix.sources}),
        _parks=_park_rows(own, scorecard, district),
        _groups=_group_rows(scorecard),
        _cells=cell_rows(scorecard),
        _judgements=_judgement_rows(matrix, parameters),
    )


def input_errors(parameters: Parameters) -> tuple[Finding, ...]:
    """The errors in the workbooks of a municipality, whoever the analysis is for; for the analyst's eyes."""
    catalogue = load_catalogue(parameters.catalogue_path)
    matrix, missing = _load(parameters, catalogue, load_parks(parameters.data / "parks.csv"))
    return tuple(finding for finding in (*missing, *matrix.findings) if finding.severity == "error")


def matrix_paths(parameters: Parameters, catalogue: Catalogue, municipality: str | None = None) -> dict[str, Path]:
    """Where each party's workbook for this round belongs, whether it is there or not."""
    folder = parameters.data / "matrices" / parameters.round
    slug = municipality or parameters.municipality
    return {party: folder / workbook_name(slug, catalogue.party(party).file) for party in parameters.parties}


def _legal_basis(parameters: Parameters, today: dt.date) -> LegalBasis | None:
    if len(parameters.parties) == 1:
        return None
    path = parameters.data / "legal_bases.yaml"
    return require_legal_basis(path, parameters.legal_basis, parameters.municipality, parameters.round, today)


def _load(parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame) -> tuple[RiskMatrix, list[Finding]]:
    """The municipality's matrix from what was delivered, and a finding for every workbook that was not."""
    if parameters.municipality not in set(parks["municipality"]):
        raise RegisterError(f"Het terreinenregister heeft geen terreinen in {parameters.municipality}.")
    paths = matrix_paths(parameters, catalogue)
    missing = [_missing(parameters, path) for path in paths.values() if not path.is_file()]
    present = [path for path in paths.values() if path.is_file()]
    if not present:
        raise MatrixError(
            f"Er zijn voor {parameters.name} geen risicomatrices van ronde {parameters.round}. "
            "Maak een voorbeeld met “werkbank demo”, of zet de ingevulde werkmappen in de gegevensmap.",
            tuple(missing),
        )
    return load_matrix(present, catalogue, parks, round=parameters.round), missing


def _missing(parameters: Parameters, path: Path) -> Finding:
    return Finding(
        rule="missing-workbook",
        severity="error",
        file=path.name,
        found="de werkmap ontbreekt; deze partij telt nu nergens mee",
        allowed=f"een ingevulde risicomatrix van ronde {parameters.round}",
        remedy="vraag de werkmap op en maak de analyse opnieuw",
    )


def _district_totals(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
) -> pd.Series:
    """The totals of the other municipalities' parks by the same method, as far as the legal basis reaches."""
    others = [slug for slug in municipality_slugs(parameters.workspace) if slug != parameters.municipality]
    if basis is not None:
        others = [slug for slug in others if slug in basis.municipalities]
    paths = [path for slug in others for path in matrix_paths(parameters, catalogue, slug).values() if path.is_file()]
    try:
        matrix = load_matrix(paths, catalogue, parks, round=parameters.round)
    except MatrixError:
        return pd.Series(dtype="float64")
    return score_matrix(matrix, catalogue, parameters.method, parameters.parties).risk.total


def _conflicts(scorecard: Scorecard) -> Iterator[Finding]:
    for park, indicator, _ in scorecard.combined.conflicts:
        yield Finding(
            rule="not-applicable-beside-level",
            severity="warning",
            park_id=str(park),
            indicator=str(indicator),
            found=f"{park}, {indicator}: de ene partij zegt “n.v.t.”, de andere geeft een niveau",
            allowed="beide partijen een niveau of beide “n.v.t.”",
            remedy="bespreek het verschil; tot dan telt het niveau",
        )


def _of_parties(matrix: RiskMatrix, parameters: Parameters) -> pd.DataFrame:
    judgements = matrix.judgements
    return judgements[judgements["party"].isin(parameters.parties)]


def _reasons(
    matrix: RiskMatrix, scorecard: Scorecard, catalogue: Catalogue, parameters: Parameters
) -> tuple[Reason, ...]:
    levels = {party: matrix.levels(party) for party in parameters.parties}
    by_family = parameters.method.combination.model_dump()
    return reasons(
        scorecard.risk.contributions[list(matrix.indicators)],
        {party: points(table, catalogue) for party, table in levels.items()},
        levels,
        {indicator.id: by_family[indicator.family] for indicator in catalogue.indicators},
    )


def _park_rows(own: pd.DataFrame, scorecard: Scorecard, district: pd.Series) -> pd.DataFrame:
    everyone = pd.concat([scorecard.risk.total, district])
    table = scorecard.table.assign(district_rank=rank(without_noise(everyone)).loc[own.index])
    return own.join(table).reset_index(names="park_id")


def _group_rows(scorecard: Scorecard) -> pd.DataFrame:
    risk = scorecard.risk
    frames = {
        "score": risk.groups,
        "low": risk.groups_low,
        "high": risk.groups_high,
        "coverage": risk.coverage,
        "two_sided": risk.two_sided,
    }
    return _long(frames, list(risk.groups_low.columns), "group")


def cell_rows(scorecard: Scorecard) -> pd.DataFrame:
    """A scorecard's cells as rows: park_id, indicator, level, points, bounds, what is known, contribution."""
    combined = scorecard.combined
    frames = {
        "level": scorecard.levels,
        "points": combined.values,
        "low": combined.low,
        "high": combined.high,
        "applicable": combined.applicable,
        "known": combined.known,
        "known_by_all": combined.known_by_all,
        "contribution": scorecard.risk.contributions[list(combined.values.columns)],
    }
    return _long(frames, list(combined.values.columns), "indicator")


def _long(frames: dict[str, pd.DataFrame], codes: list[str], name: str) -> pd.DataFrame:
    """Several tables of park × code as one, a row per park and code."""
    stacked = {column: frame[codes].stack() for column, frame in frames.items()}
    return pd.DataFrame(stacked).rename_axis(["park_id", name]).reset_index()


def _judgement_rows(matrix: RiskMatrix, parameters: Parameters) -> pd.DataFrame:
    rows = _of_parties(matrix, parameters).drop(columns="remark").reset_index(drop=True)
    dates = rows["date"].dt.strftime("%Y-%m-%d").astype("str").replace({"nan": "", "NaT": ""}).fillna("")
    return rows.assign(date=dates, level=rows["level"].astype("Int64"))


def _fingerprint(
    parameters: Parameters,
    catalogue: Catalogue,
    matrix: RiskMatrix,
    own: pd.DataFrame,
    basis: LegalBasis | None,
    district: pd.Series,
) -> str:
    """The sha256 of everything the outcome rests on: change one judgement, and it changes."""
    parts = {
        "version": _version(),
        "parameters": parameters.fingerprint,
        "catalogue": catalogue.fingerprint,
        "sources": matrix.sources,
        "parks": own.reset_index(),
        "legal_basis": basis,
        "district": district,
    }
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _version() -> str:
    try:
        return version("werkbank-bedrijventerreinen")
    except PackageNotFoundError:
        return "0"
