"""An Assessment: all that is needed to defend the advice on one municipality."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pandas as pd

from werkbank.advice.advice import Advice
from werkbank.advice.agreement import Agreement, Difference
from werkbank.advice.explanation import Comparison, Explanation, compared, explained
from werkbank.advice.reasons import Indication, Reason, StrongSignal
from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.matrix.risk_matrix import Source
from werkbank.register import LegalBasis
from werkbank.register.notes import Note, Seen, keep_note, take_back_note
from werkbank.scoring.tables import Copied
from werkbank.scoring.unknown_cells import District
from werkbank.settings.catalogue import Catalogue, owner_code
from werkbank.settings.parameters import Parameters, catalogue_of, load_parameters
from werkbank.settings.workspace import keep
from werkbank.wording import Shown, capital, count, did_you_mean, number, safe_html

FILE_NAME = "assessment.json"
SCHEMA_VERSION = 4
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

    Frames are handed out as copies. `parks`: one row per park with its score, how much of it is estimated, bounds,
    rank, class and action. `groups`: park × group. `cells`: park × indicator, the combined level with its bounds and
    contribution, or at how many points it is expected. `judgements`: park × indicator × party as delivered, without
    remarks. `ranks`: how often each park had each rank. `withheld`: parties whose judgements count in the scores but
    are not in here, because the audience may not see them (werkbank.sharing). `absent`: parties that were asked and
    delivered nothing. `differences`: the cells on which parties differ, those first that decide most on who is
    selected. `strong_signals`: what no average may drown. `context`: figures about the parks as they were at that
    moment, so that the report can show them; nothing is computed from them. `remarks`: what the parties wrote beside
    their cells, for an audience that may see it; it stands nowhere else in here. `notes`: what analysts kept in their
    own words, as they stood when this was made. `compared`: where municipalities ask different parties, those that all
    ask: the places in the district are by scores on these, which `parks` has as compared_total, _low and _high.
    `figures`: those of the district, for who makes the analyses only; with them it can be scored anew.

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
    strong_signals: tuple[StrongSignal, ...]
    district_size: int
    withheld: tuple[str, ...]
    absent: tuple[str, ...]
    _parks: pd.DataFrame = field(repr=False)
    _groups: pd.DataFrame = field(repr=False)
    _cells: pd.DataFrame = field(repr=False)
    _judgements: pd.DataFrame = field(repr=False)
    _ranks: pd.DataFrame = field(repr=False)
    _context: pd.DataFrame = field(repr=False)
    _remarks: pd.DataFrame = field(repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)
    compared: tuple[str, ...] = ()
    figures: District | None = field(default=None, repr=False)

    parks = Copied("_parks", "Per park: park_id, name, net_ha, score, low, high, rank, class, action, coverage, ….")
    groups = Copied(
        "_groups", "Per park and group: score, low, high, coverage, two_sided and contribution to the total."
    )
    cells = Copied("_cells", "Per park and indicator: level, points, low, high, known, contribution, expected, ….")
    judgements = Copied(
        "_judgements", "Per park, indicator and party: state, level, source_strength and date, as delivered."
    )
    ranks = Copied(
        "_ranks", "Per park and rank it had in any recalculation: park_id, rank, share (rank acceptability)."
    )
    context = Copied("_context", "Per park that has any: the context figures (werkbank.parks.context).")
    remarks = Copied(
        "_remarks",
        "Per remark that the audience may see: park_id, indicator, party, remark, place. One that may lead to a person "
        "or company is empty, and has the place where it stands; the others are cut.",
    )

    @property
    def agreed(self) -> dict[tuple[str, str], int]:
        """Park and indicator → the level that the parties agreed on, which `cells` has in place of what each gave."""
        cells = self._cells
        rows = cells[cells["agreed"].notna()] if "agreed" in cells else cells.iloc[:0]
        return {(row["park_id"], row["indicator"]): int(row["level"]) for row in rows.to_dict("records")}

    @property
    def municipality_name(self) -> str:
        """The municipality's name; made-up data says so in the name itself."""
        return f"{self.parameters.name} (fictief)" if self.fictional else self.parameters.name

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue it was made with. Raises OutputError when that is no longer the one in use."""
        return catalogue_of(self.parameters, self.catalogue_fingerprint, "analyse")

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

        >>> wb.assess("urk").explain("URK-04").lines[0].partition(":")[0]
        'Totaal 55,3 van 100, waarvan 2,6 geschat'
        """
        return explained(self, self.park_id(park), self.catalogue)

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

    def note(self, text: str, *, by: str, park: str | None = None, indicator: str = "") -> Note:
        """A finding kept for the next report, in your own words; `by` is your role, never a person's name.

        `park` is a code or a name; without one the note is about the whole municipality. With an `indicator` it says
        that the difference on that cell was discussed, and the text may be empty. Kept in the register, where
        nothing is changed or removed; shown only to an audience that may see notes. This assessment stays as it is:
        make the analysis again to read the note in it. Raises OutputError for an audience without notes, and
        RegisterError with every objection at once: too short, too long, or something that may lead to a person or a
        company.

        >>> text = "Hier wijst veel dezelfde kant op."
        >>> note = wb.assess("urk").note(text, by="analist van het RIEC", park="Duizendblad")
        >>> note.park_id, note in wb.assess("urk").notes
        ('URK-04', True)
        """
        park_id = None if park is None else self.park_id(park)
        return keep_note(self.own_parameters(), text, by=by, park_id=park_id, seen=self._seen(), indicator=indicator)

    def withdraw_note(self, number: int, *, reason: str, by: str) -> None:
        """Take a note back, by its number; it stays in the register, and out of every next report.

        Raises what `note` raises, and RegisterError when there is no such note.

        >>> urk = wb.assess("urk")
        >>> note = urk.note("Dit valt op, maar het kan toeval zijn.", by="analist van het RIEC")
        >>> urk.withdraw_note(note.number, reason="Het bleek een vergissing.", by="analist van het RIEC")
        >>> note in wb.assess("urk").notes
        False
        """
        take_back_note(self.own_parameters(), number, reason=reason, by=by)

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

    def own_parameters(self) -> Parameters:
        """Its parameters with the places on this machine, which it does not keep."""
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
            "de afspraken": " ".join(f"{cell} {level}" for cell, level in self.agreed.items()),
            "de werkbank": self.version,
        }

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
        table = self._parks.sort_values("rank")[list(_COLUMNS_DUTCH)].rename(columns=_COLUMNS_DUTCH)
        shown = table.to_html(
            escape=True, border=0, index=False, na_rep="–", float_format=lambda value: number(value, 2)
        )
        return str(safe_html("<p><strong>{}</strong></p><p>{}</p>", first, second)) + shown


def kept_assessment(parameters: Parameters) -> Assessment | None:
    """What was kept of the analysis of a municipality in its round; None where there is none that can be read."""
    folder = parameters.model_copy(update={"audience": owner_code()}).output_folder
    try:
        return Assessment.load(folder) if (folder / FILE_NAME).is_file() else None
    except OutputError:
        return None
