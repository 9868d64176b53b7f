"""Development: what changed between two rounds, per park and group, and the cells behind it (method.md 9).

A change is split into what was judged differently, what is known differently and what another method does. It is
never said that the situation on a park changed: the matrices hold judgements.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pandas as pd

from werkbank.advice.asked import Asked
from werkbank.advice.development_scores import COUNTS, known_cells, method_score
from werkbank.advice.moves import moved_cells
from werkbank.advice.scorecard import ROOT, points, score_matrix
from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.matrix import RiskMatrix
from werkbank.register import LegalBasis
from werkbank.scoring.change import split_change
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.parameters import Method, Parameters
from werkbank.settings.workspace import keep
from werkbank.wording import Shown, count, safe_html

__all__ = ["FILE_NAME", "Change", "Development", "Moved", "develop"]

FILE_NAME = "development.json"


@dataclass(frozen=True, slots=True)
class Change:
    """One park in one group: scores 0-100 without threshold, and the parts of the difference; None where there is none.

    `published_*` are the scores as the analyses give them, with their threshold; `cells_*` count the party cells known
    in the old round, in the new one and in both.
    """

    park_id: str
    group: str
    old: float | None
    new: float | None
    change: float | None
    judgement: float | None
    knowledge: float | None
    method: float | None
    splittable: bool
    published_old: float | None
    published_new: float | None
    cells_old: int
    cells_new: int
    cells_both: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A party's cell that differs between the rounds, known in at least one of them.

    `kind`: judged (another level), learned (now known) or lost (no longer known). `effect`: what the total of the new
    round has more because of this cell alone; the effects of several cells need not add up to the change.
    """

    park_id: str
    indicator: str
    party: str
    old_state: str
    old_level: int | None
    new_state: str
    new_level: int | None
    kind: str
    effect: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Development(Shown):
    """Two rounds beside one another; immutable, frames are handed out as copies.

    `only_old` and `only_new` are parks of one round, listed and not split. `old_method_kept` is False when the method
    of the old round is not known any more: both rounds are then scored by the present one, and `method` says nothing.
    """

    old_round: str
    new_round: str
    parties: tuple[str, ...]
    old_delivered: tuple[str, ...]
    new_delivered: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    fictional: bool
    catalogue_fingerprint: str
    _changes: pd.DataFrame = field(repr=False)
    _moved: pd.DataFrame = field(repr=False)
    _parks: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...] = ()
    old_method_kept: bool = True
    legal_basis: LegalBasis | None = None
    parameters: Parameters | None = None
    indicators_only_old: tuple[str, ...] = ()
    """Indicators that only the old round asked, as code and name; what they did to its score is the method's part."""
    indicators_only_new: tuple[str, ...] = ()
    indicators_translated: tuple[str, ...] = ()
    """Indicators that the old round asked otherwise: merged, split, or with other levels."""

    @property
    def indicators_changed(self) -> bool:
        """Whether the rounds did not ask the same indicators, each with the same levels."""
        return bool(self.indicators_only_old or self.indicators_only_new or self.indicators_translated)

    @property
    def method_tells(self) -> bool:
        """Whether the method's part says something: that of then is known, or the questions were others."""
        return self.old_method_kept or self.indicators_changed

    @property
    def frame(self) -> pd.DataFrame:
        """Per park and group, the total included, the fields of Change; a copy."""
        return self._changes.copy()

    @property
    def moved(self) -> pd.DataFrame:
        """Per park the party cells that differ, largest effect first, the fields of Moved; a copy."""
        return self._moved.copy()

    @property
    def parks(self) -> pd.DataFrame:
        """Per park of either round: park_id and name; a copy."""
        return self._parks.copy()

    @property
    def equally_delivered(self) -> bool:
        """Whether the same parties delivered in both rounds; else the comparison is marked."""
        return self.old_delivered == self.new_delivered

    @property
    def municipality_name(self) -> str:
        """The municipality's name; made-up data says so in the name itself."""
        name = self.parameters.name if self.parameters else "onbekende gemeente"
        return f"{name} (fictief)" if self.fictional else name

    def name(self, park_id: str) -> str:
        """The park's name, or its code where no name was given."""
        named: dict[str, str] = dict(zip(self._parks["park_id"], self._parks["name"], strict=True))
        return named.get(park_id, park_id)

    def changes(self, group: str = ROOT) -> tuple[Change, ...]:
        """One group of every park in both rounds: the largest rise first, those without a change last."""
        found = [Change(**row) for row in _records(self._changes[self._changes["group"] == group])]
        return tuple(sorted(found, key=lambda one: (one.change is None, -(one.change or 0.0), one.park_id)))

    def change(self, park_id: str, group: str = ROOT) -> Change:
        """One park's change in one group. Raises OutputError for what is not in both rounds."""
        for one in self.changes(group):
            if one.park_id == park_id:
                return one
        raise OutputError(f"Van {park_id} is geen vergelijking tussen de rondes gemaakt.")

    def most_moved(self, park_id: str, most: int = 5) -> tuple[Moved, ...]:
        """The park's cells that moved its total most."""
        rows = self._moved[self._moved["park_id"] == park_id].head(most)
        return tuple(Moved(**row) for row in _records(rows))

    def to_json(self) -> str:
        """The development as canonical JSON: equal developments, equal text."""
        return canonical_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The development that `to_json` wrote. Raises OutputError when the text is something else."""
        try:
            return from_plain(cls, json.loads(text))
        except (KeyError, TypeError, ValueError) as error:
            raise OutputError(f"Dit is geen {FILE_NAME} van de werkbank.") from error

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The development that `save` wrote into the folder."""
        return cls.from_json((Path(folder) / FILE_NAME).read_text(encoding="utf-8"))

    def save(self, output_folder: Path | str) -> None:
        """Write `development.json` into the folder, whole or not at all; an empty name writes nothing.

        A relative folder is within the workspace.
        """
        keep(self, output_folder, FILE_NAME)

    def __str__(self) -> str:
        """One line of Dutch: which municipality, which rounds, how many parks."""
        parks = count(len(self._parks), "terrein", "terreinen")
        return f"Vergelijking {self.municipality_name}, ronde {self.old_round} met {self.new_round}: {parks}."

    def _repr_html_(self) -> str:
        return str(safe_html("<p><strong>{}</strong></p>", self))


def develop(  # noqa: PLR0913 - two rounds, each with its method
    old_matrix: RiskMatrix,
    new_matrix: RiskMatrix,
    catalogue: Catalogue,
    old_method: Method,
    new_method: Method,
    parties: Sequence[str],
    names: Mapping[str, str] | None = None,
    asked: Asked | None = None,
) -> Development:
    """The development from one round to the next on the judgements of `parties`, each round by its own method.

    Both matrices go by the codes of `catalogue`; `asked` says what the old round asked when that was something else,
    and then only what both rounds asked counts as judged differently or as known, the rest is the method's. A cell is
    known where a party gives a level; *not applicable* is not a level.
    `names`: park → name. Whether the parties may be brought together is settled by the caller.
    """
    rounds = (old_matrix, new_matrix)
    old, new = ({party: points(matrix.levels(party), catalogue) for party in parties} for matrix in rounds)
    then = asked or Asked(catalogue, old_matrix, catalogue.indicator_ids)
    score_new = method_score(catalogue, new_method)
    split = split_change(
        old,
        new,
        method_score(then.catalogue, old_method),
        score_new,
        score_both=method_score(catalogue, new_method, then.both) if asked else None,
        old_as_asked={party: points(then.matrix.levels(party), then.catalogue) for party in parties},
    )
    published = [
        score_matrix(matrix, by, method, parties).risk.groups.stack()
        for matrix, by, method in ((then.matrix, then.catalogue, old_method), (new_matrix, catalogue, new_method))
    ]
    beside = pd.DataFrame(
        {"published_old": published[0], "published_new": published[1], **known_cells(old, new, catalogue, then.both)}
    )
    moved = moved_cells(rounds, (old, new), score_new)
    changes = split.table.rename(columns={"unit": "park_id"})
    return Development(
        old_round=old_matrix.round,
        new_round=new_matrix.round,
        parties=tuple(parties),
        old_delivered=_delivered(old_matrix, parties),
        new_delivered=_delivered(new_matrix, parties),
        only_old=tuple(map(str, split.only_old)),
        only_new=tuple(map(str, split.only_new)),
        fictional=old_matrix.fictional or new_matrix.fictional,
        catalogue_fingerprint=catalogue.fingerprint,
        findings=(*old_matrix.findings, *new_matrix.findings),
        _changes=changes.join(beside, on=["park_id", "group"]).astype(dict.fromkeys(COUNTS, "Int64")),
        _moved=moved[moved["indicator"].isin(then.both)].astype({"old_level": "Int64", "new_level": "Int64"}),
        _parks=_named(rounds, names or {}),
        indicators_only_old=then.only_old,
        indicators_only_new=then.only_new,
        indicators_translated=then.translated,
    )


def _delivered(matrix: RiskMatrix, parties: Sequence[str]) -> tuple[str, ...]:
    return tuple(party for party in matrix.delivered() if party in parties)


def _named(rounds: tuple[RiskMatrix, RiskMatrix], names: Mapping[str, str]) -> pd.DataFrame:
    parks = list(dict.fromkeys(park for matrix in reversed(rounds) for park in matrix.park_ids))
    return pd.DataFrame({"park_id": parks, "name": [names.get(park, park) for park in parks]}, dtype="str")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values; what is missing is None, never NaN."""
    columns = {str(name): [None if pd.isna(value) else value for value in frame[name].tolist()] for name in frame}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
