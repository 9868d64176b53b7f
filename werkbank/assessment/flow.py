"""The flow written out once: parameters → judgements → scores → advice, kept as one Assessment.

`assess` is the whole line; everything it calls is a function of values. An Assessment holds all that is needed to
defend the advice, and nothing of the free text: remarks stay in the workbooks they came in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import pandas as pd

from werkbank.advice.advice import Advice
from werkbank.advice.agreement import Agreement, agreement_of, conflicts, differences_of, unsettled
from werkbank.advice.comparison import Comparison, compared
from werkbank.advice.differences import Difference
from werkbank.advice.explanation import Explanation, explained
from werkbank.advice.flips import park_cells
from werkbank.advice.full import full_advice
from werkbank.advice.phenomena import Indication, indications
from werkbank.advice.reasons import Reason, reasons_of
from werkbank.advice.recalculation import recalculate
from werkbank.advice.rows import cell_rows, group_rows, judgement_rows, park_rows, rank_rows
from werkbank.advice.scorecard import score_matrix
from werkbank.assessment.district import DistrictContext, district_context, handed_over
from werkbank.assessment.inputs import Inputs, input_errors, matrix_paths, read_inputs
from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.matrix.risk_matrix import Source
from werkbank.register import LegalBasis
from werkbank.register.notes import Note, Seen, keep_note, take_back_note
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters, find_workspace, load_parameters
from werkbank.settings.workspace import keep
from werkbank.wording import Shown, capital, count, did_you_mean, number, safe_html

__all__ = ["FILE_NAME", "Assessment", "assess", "cell_rows", "input_errors", "matrix_paths"]

FILE_NAME = "assessment.json"
SCHEMA_VERSION = 3
_COLUMNS_DUTCH = {
    "name": "terrein",
    "score": "score",
    "low": "minstens",
    "high": "hoogstens",
    "rank": "plaats",
    "coverage": "dekking",
}


@dataclass(frozen=True, slots=True, eq=False)
class Assessment(Shown):
    """All that is needed to defend one municipality's advice; immutable, and the same for the same inputs.

    Frames are handed out as copies. `parks`: one row per park with its score, bounds, rank, class and quadrant.
    `groups`: park × group. `cells`: park × indicator, the combined level with its bounds and contribution.
    `judgements`: park × indicator × party as delivered, without remarks. `ranks`: how often each park had each rank.
    `withheld`: parties whose judgements count in the scores but are not in here, because the audience may not see them
    (werkbank.sharing). `absent`: parties that were asked and delivered nothing. `differences`: the cells on which
    parties differ, those that would turn the advice first. `context`: figures about the parks as they were at that
    moment, so that the report can show them; nothing is computed from them. `notes`: what analysts kept in their own
    words, as they stood when this was made.

    >>> assessment = wb.assess("urk")
    >>> assessment.advice.park_ids
    ('URK-04',)
    >>> print(assessment.explain("Duizendblad").title)
    Duizendblad (URK-04)
    >>> list(assessment.parks.set_index("name")["rank"].nsmallest(2).index)
    ['Duizendblad', 'Kuifeend']
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
    agreement: tuple[Agreement, ...]
    differences: tuple[Difference, ...]
    district_size: int
    withheld: tuple[str, ...]
    absent: tuple[str, ...]
    _parks: pd.DataFrame = field(repr=False)
    _groups: pd.DataFrame = field(repr=False)
    _cells: pd.DataFrame = field(repr=False)
    _judgements: pd.DataFrame = field(repr=False)
    _ranks: pd.DataFrame = field(repr=False)
    _context: pd.DataFrame = field(repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)

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
    def ranks(self) -> pd.DataFrame:
        """Per park and rank it had in any recalculation: park_id, rank, share (rank acceptability); a copy."""
        return self._ranks.copy()

    @property
    def context(self) -> pd.DataFrame:
        """Per park that has any: the context figures (werkbank.parks.context); a copy."""
        return self._context.copy()

    @property
    def municipality_name(self) -> str:
        """The municipality's name; made-up data says so in the name itself."""
        return f"{self.parameters.name} (fictief)" if self.fictional else self.parameters.name

    @property
    def coarse(self) -> bool:
        """True when figures are told in steps or not at all: a party that was asked may not be seen here.

        So also when that party delivered nothing: the figures of a copy are made in one way.
        """
        return not {*self.withheld, *self.absent} <= set(self.parameters.parties)

    @property
    def delivered(self) -> tuple[str, ...]:
        """The parties of which a workbook was read."""
        return tuple(party for party in self.parameters.parties if party in {source.party for source in self.sources})

    def explain(self, park: str) -> Explanation:
        """How the score of one park came about, down to the cells; `park` is its code or its name.

        Raises OutputError for a park that is not in it, with the nearest one.

        >>> wb.assess("urk").explain("URK-04").lines[0]
        'Totaal 57,5 van 100 (mogelijk tussen 49,6 en 73,8), plaats 1 van 4.'
        """
        park_id = self.park_id(park)
        method = self.parameters.method
        catalogue = load_catalogue(self._catalogue_path())
        return explained(park_id, self._parks, self._groups, self._cells, self._judgements, catalogue, method)

    def compare(self, other: Self) -> Comparison:
        """What differs from another analysis, usually an earlier one: inputs, advice, and every score that moved.

        >>> urk = wb.assess("urk")
        >>> print(urk.compare(urk))
        Geen verschil.
        """
        return compared(
            (other._parks, other._basis()),
            (self._parks, self._basis()),
            (other.advice.park_ids, self.advice.park_ids),
        )

    def note(self, text: str, *, by: str, park: str | None = None) -> Note:
        """A finding kept for the next report, in your own words; `by` is your role, never a person's name.

        `park` is a code or a name; without one the note is about the whole municipality. Kept in the register, where
        nothing is changed or removed; shown only to an audience that may see notes. This assessment stays as it is:
        make the analysis again to read the note in it. Raises OutputError for an audience without notes, and
        RegisterError with every objection at once: too short, too long, or something that may lead to a person or a
        company.

        >>> text = "Hier wijst veel dezelfde kant op."
        >>> note = wb.assess("urk").note(text, by="analist van het RIEC", park="Duizendblad")
        >>> note.park_id, note in wb.assess("urk").notes
        ('URK-04', True)
        """
        return keep_note(self._own_parameters(), text, by=by, park=park, seen=self._seen())

    def withdraw_note(self, number: int, *, reason: str, by: str) -> None:
        """Take a note back, by its number; it stays in the register, and out of every next report.

        Raises what `note` raises, and RegisterError when there is no such note.

        >>> urk = wb.assess("urk")
        >>> note = urk.note("Dit valt op, maar het kan toeval zijn.", by="analist van het RIEC")
        >>> urk.withdraw_note(note.number, reason="Het bleek een vergissing.", by="analist van het RIEC")
        >>> note in wb.assess("urk").notes
        False
        """
        take_back_note(self._own_parameters(), number, reason=reason, by=by)

    def changed_since(self, note: Note) -> tuple[str, ...]:
        """What differs, in Dutch, between what the author of a note was looking at and this assessment."""
        seen = self._seen()
        names = {"method": "de methode", "catalogue": "de catalogus", "workbooks": "de werkmappen"}
        return tuple(told for name, told in names.items() if getattr(note.seen, name) != getattr(seen, name))

    def park_id(self, word: str) -> str:
        """The code of a park of this assessment, by its code or its name. Raises OutputError with the nearest."""
        codes = self._parks["park_id"].astype(str)
        named = dict(zip(self._parks["name"].str.casefold(), codes, strict=True))
        found = (named | {code.casefold(): code for code in codes}).get(word.strip().casefold())
        if found is None:
            question = capital(did_you_mean(word, [*codes, *self._parks["name"]]))
            raise OutputError(f"Terrein “{word[:60]}” staat niet in deze analyse. {question}".rstrip())
        return found

    def _own_parameters(self) -> Parameters:
        own = self.parameters
        return load_parameters(own.municipality, round=own.round, audience=own.audience)

    def _seen(self) -> Seen:
        """What who looks at this assessment is looking at."""
        workbooks = hashlib.sha256(self._basis()["de werkmappen"].encode()).hexdigest()
        return Seen(self.parameters.method.fingerprint, self.catalogue_fingerprint, workbooks)

    def _basis(self) -> dict[str, str]:
        return {
            "de methode": self.parameters.method.fingerprint,
            "de catalogus": self.catalogue_fingerprint,
            "de ronde": self.parameters.round,
            "de werkmappen": " ".join(sorted(source.sha256 for source in self.sources)),
            "de werkbank": self.version,
        }

    def _catalogue_path(self) -> Path | None:
        own = self.parameters.catalogue
        return None if own is None else find_workspace() / own

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


def assess(
    parameters: Parameters | str, *, today: dt.date | None = None, district: DistrictContext | None = None
) -> Assessment:
    """The assessment of one municipality, by its parameters or by its name.

    `district` is what a batch hands over, and is made when neither gives it. Raises a WerkbankError with every finding
    when the data cannot be read, and LegalBasisError when the parties may not be brought together on `today` (the
    current day when not given); one party alone needs no legal basis.

    >>> print(wb.assess("urk").municipality_name)
    Urk (fictief)
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    inputs = read_inputs(parameters, today or dt.date.today())
    matrix, catalogue, method, parties = inputs.matrix, inputs.catalogue, parameters.method, parameters.parties
    district = district or handed_over(parameters, inputs) or district_context(parameters, inputs)
    elsewhere = district.elsewhere(parameters.municipality)
    scorecard = score_matrix(matrix, catalogue, method, parties)
    found = recalculate(matrix, catalogue, method, parties, district.figures)
    fictional = matrix.fictional or parameters.marked_fictional
    shown = f"{parameters.name} (fictief)" if fictional else parameters.name
    cells = park_cells(scorecard, catalogue, method)
    advice = full_advice(
        matrix,
        scorecard,
        found,
        cells=cells,
        names=inputs.own["name"],
        municipality=shown,
        catalogue=catalogue,
        method=method,
        parties=parties,
        capacity=parameters.capacity,
    )
    return Assessment(
        schema_version=SCHEMA_VERSION,
        version=_version(),
        parameters=parameters.portable(),
        catalogue_version=catalogue.version,
        catalogue_fingerprint=catalogue.fingerprint,
        fingerprint=_fingerprint(parameters, inputs, district),
        fictional=fictional,
        legal_basis=inputs.basis,
        sources=matrix.sources,
        findings=(
            *inputs.missing,
            *matrix.findings,
            *district.findings(parameters.municipality),
            *conflicts(scorecard),
            *unsettled(catalogue, method),
            *inputs.context_findings,
        ),
        advice=advice,
        indications=indications(matrix.judgements, scorecard.levels, catalogue),
        reasons=reasons_of(matrix, scorecard, catalogue, method, parties),
        agreement=agreement_of(matrix, catalogue, parties, seed=method.seed),
        differences=differences_of(matrix, scorecard, cells, parties, advice.park_ids),
        district_size=len(elsewhere) + len(inputs.own),
        withheld=(),
        absent=tuple(party for party in parties if party not in {one.party for one in matrix.sources}),
        _parks=park_rows(inputs.own, scorecard, elsewhere, found, parameters.capacity),
        _groups=group_rows(scorecard, catalogue),
        _cells=cell_rows(scorecard),
        _judgements=judgement_rows(matrix, parties),
        _ranks=rank_rows(found),
        _context=inputs.context,
        notes=inputs.notes,
    )


def _fingerprint(parameters: Parameters, inputs: Inputs, district: DistrictContext) -> str:
    """The sha256 of everything the outcome rests on: change one judgement, and it changes."""
    parts: dict[str, object] = {
        "version": _version(),
        "parameters": parameters.fingerprint,
        "catalogue": inputs.catalogue.fingerprint,
        "sources": inputs.matrix.sources,
        "parks": inputs.own.reset_index(),
        "legal_basis": inputs.basis,
        "district": district.fingerprint,
    }
    if len(inputs.context):
        # Nothing is computed from it, but it is shown: what was made without it is another report.
        parts["context"] = inputs.context
    if inputs.notes:
        parts["notes"] = inputs.notes
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _version() -> str:
    try:
        return version("werkbank-bedrijventerreinen")
    except PackageNotFoundError:
        return "0"
