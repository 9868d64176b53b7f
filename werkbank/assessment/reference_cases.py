"""Cases an organisation agreed on: a small matrix and what must come out of it, tried before any analysis is made.

They stand in `data/reference_cases.yaml`. When a change of method, catalogue or program makes one come out otherwise,
nothing is made until people have looked at it: either the case or the change is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import pandas as pd
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

from werkbank.advice.scorecard import score_matrix
from werkbank.errors import Finding, OutputError, RegisterError, fault
from werkbank.files.models import Day, validate
from werkbank.files.yaml import read_yaml
from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import judgement_frame
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.wording import count, did_you_mean, listing, number

FILE_NAME = "reference_cases.yaml"
Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]
Word = Literal["lowest", "high", "highest"]
Value = StrictInt | Word | Literal["unknown", "not_applicable", "open"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Strict):
    """What must come out: the order by total, totals to one decimal, and parks that may never be advised."""

    first: Text | None = None
    order: tuple[Text, ...] = ()
    scores: dict[str, StrictInt | StrictFloat] = {}
    # `no_score` is what it was called when a park of which too little is known had no score.
    not_advised: tuple[Text, ...] = Field((), validation_alias=AliasChoices("not_advised", "no_score"))

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.first or self.order or self.scores or self.not_advised):
            raise ValueError("minstens één verwachting: first, order, scores of not_advised")
        return self


class Case(_Strict):
    """A small matrix, who agreed on it and when, and what must come out.

    `parks`: park → indicator → party → a level, `lowest`, `high` or `highest` in the direction of risk, `unknown`,
    `not_applicable` or `open`; a cell that is not named is `otherwise`. The parks are made up and stand in no register.
    """

    name: Text
    agreed_by: Text
    agreed_on: Day
    otherwise: Value = "unknown"
    parks: Annotated[dict[str, dict[str, dict[str, Value]]], Field(min_length=1)]
    expect: Expected


class _File(_Strict):
    cases: tuple[Case, ...]


def load_cases(path: Path) -> tuple[Case, ...]:
    """The agreed cases; none when there is no such file. Raises RegisterError with every fault and its line."""
    if not path.is_file():
        return ()
    return validate(_File, read_yaml(path), error=RegisterError).cases


def require_cases(path: Path, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> int:
    """The number of agreed cases, when all come out as agreed. Raises OutputError that names each that does not."""
    cases = load_cases(path)
    findings = tuple(finding for case in cases for finding in check_case(case, catalogue, method, parties))
    if findings:
        failed = count(len({finding.found.partition(":")[0] for finding in findings}), "geval komt", "gevallen komen")
        raise OutputError(f"Er is niets gemaakt: {failed} niet uit zoals is afgesproken.", findings)
    return len(cases)


def check_case(case: Case, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> Iterator[Finding]:
    """A finding for every name the catalogue does not know, else for everything that comes out otherwise."""
    strange = list(_unknown(case, catalogue, parties))
    yield from strange
    if not strange:
        scorecard = score_matrix(_matrix(case, catalogue, parties), catalogue, method, parties)
        yield from _order_findings(case, scorecard.risk.total)
        yield from _score_findings(case, scorecard.risk.total)
        for park in case.expect.not_advised:
            if park in scorecard.candidates:
                yield _finding(case, f"{park} kan worden geadviseerd", "geen ingevulde aanwijzing", _REMEDY)


def _matrix(case: Case, catalogue: Catalogue, parties: Sequence[str]) -> RiskMatrix:
    places = [
        (park, code, party, _meant(cells.get(code, {}).get(party, case.otherwise), code, catalogue))
        for park, cells in case.parks.items()
        for code in catalogue.indicator_ids
        for party in parties
    ]
    columns: dict[str, list[object]] = {
        "park_id": [park for park, _, _, _ in places],
        "indicator": [code for _, code, _, _ in places],
        "party": [party for _, _, party, _ in places],
        "state": ["level" if isinstance(value, int) else value for _, _, _, value in places],
        "level": [value if isinstance(value, int) else None for _, _, _, value in places],
        "remark": [""] * len(places),
        "source_strength": [""] * len(places),
        "date": [None] * len(places),
    }
    indicators = tuple(catalogue.indicator_ids)
    return RiskMatrix("", tuple(case.parks), indicators, tuple(parties), (), (), judgement_frame(columns))


def _meant(value: Value, code: str, catalogue: Catalogue) -> Value:
    return catalogue.level(code, str(value)) if value in get_args(Word) else value


def _unknown(case: Case, catalogue: Catalogue, parties: Sequence[str]) -> Iterator[Finding]:
    """Names that mean nothing here; a case that is not understood is not passed over."""
    known = tuple(catalogue.indicator_ids)
    for park, cells in case.parks.items():
        for code, said in cells.items():
            if code not in known:
                remedy = did_you_mean(code, known) or "verbeter de code"
                yield _finding(case, f"indicator {code} van {park} bestaat niet", "een code uit de catalogus", remedy)
                continue
            highest = catalogue.scale_of(code).highest
            for party, value in said.items():
                if party not in parties:
                    remedy = did_you_mean(party, parties) or "haal de partij weg"
                    yield _finding(case, f"partij {party} bij {park}, {code}", listing(parties), remedy)
                if isinstance(value, int) and not 0 <= value <= highest:
                    yield _finding(
                        case, f"niveau {value} bij {park}, {code}", f"0 tot en met {highest}", "verbeter het"
                    )
    expect = case.expect
    for park in {*expect.order, *expect.scores, *expect.not_advised, *filter(None, [expect.first])} - set(case.parks):
        yield _finding(case, f"verwacht iets van {park}, dat er niet in staat", listing(case.parks), "verbeter de naam")


def _order_findings(case: Case, totals: pd.Series) -> Iterator[Finding]:
    """Each park above the next in the order, and the first above all others."""
    expect, ranked = case.expect, map(str, totals.dropna().sort_values(ascending=False, kind="stable").index)
    above_all = [(expect.first, other) for other in ranked if other != expect.first] if expect.first else []
    for higher, lower in dict.fromkeys([*pairwise(expect.order), *above_all]):
        if not totals[higher] > totals[lower] + 1e-9:
            found = f"{higher} ({number(totals[higher], 1)}) komt niet boven {lower} ({number(totals[lower], 1)})"
            yield _finding(case, found, f"{higher} hoger dan {lower}", _REMEDY)


def _score_findings(case: Case, totals: pd.Series) -> Iterator[Finding]:
    for park, score in case.expect.scores.items():
        if math.isnan(totals[park]) or abs(totals[park] - score) > 0.05 + 1e-9:
            found = f"{park} krijgt {number(totals[park], 1)}"
            yield _finding(case, found, f"{number(score, 1)} punten", _REMEDY)


_REMEDY = "kijk met wie dit afsprak of de methode of het geval moet veranderen"


def _finding(case: Case, found: str, allowed: str, remedy: str) -> Finding:
    agreed = f"{allowed} (afgesproken door {case.agreed_by})"
    return fault("reference-case", f"“{case.name}”: {found}", agreed, remedy, file=FILE_NAME)
