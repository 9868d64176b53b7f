"""Two rounds of one municipality beside one another: what changed, and what is behind it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Self

import pandas as pd

from werkbank.advice.development import Asked, Development, Moved, develop, in_both, only_in_one
from werkbank.advice.scorecard import ROOT
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.cooperation import Cooperation, cooperation_of
from werkbank.assessment.earlier import RoundRead, read_round
from werkbank.assessment.inputs import legal_basis_of, parks_of
from werkbank.errors import (
    Finding,
    LegalBasisError,
    MatrixError,
    OutputError,
    ParametersError,
    WerkbankError,
)
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.parks.lineage import Lineage, ParkChange, load_lineage
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.plan.progress import actions_of
from werkbank.register import LegalBasis
from werkbank.register.selections import paired
from werkbank.scoring.change import expected_scores
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.method import Method, Uncertainty
from werkbank.settings.parameters import Parameters, load_parameters, round_order
from werkbank.settings.workspace import keep
from werkbank.wording import Shown, count, listing, safe_html

ROUNDS_FILE = "rounds.json"
_NOTHING_DRAWN: dict[str, Any] = {
    **dict.fromkeys(("group_weights", "indicator_weights", "combination", "threat_power", "missing")),
    **dict.fromkeys(("scale_points", "party_error"), False),
}


def compare_rounds(
    parameters: Parameters | str, *, today: dt.date | None = None, earlier_method: Method | None = None
) -> Development:
    """The development of one municipality from the earlier round to the present one.

    The earlier round is read from the returns as they were kept of its analysis, or else from its folder; parks by
    their codes of now, as far as `park_changes.csv` leads to them. It is scored by `earlier_method`; when that is not
    given, by the method of the assessment that was kept of it; when there is none, by the present method, and the
    development says so. Raises LegalBasisError when the parties may not be brought together for both rounds on
    `today`, and a WerkbankError with every finding when there is no earlier round or nothing to read in either.

    >>> development = wb.compare_rounds("urk")
    >>> print(development)
    Vergelijking Urk (fictief), ronde 2025-1 met 2026-1: 4 terreinen.
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    before, catalogue = _earlier(parameters), load_catalogue(parameters.catalogue_path)
    basis = _legal_basis((before, parameters), today or dt.date.today())
    old, new = (read_round(each, parameters, catalogue, basis) for each in (before, parameters))
    return _compared(old, new, catalogue, basis, earlier_method)


def _compared(
    old: RoundRead,
    new: RoundRead,
    catalogue: Catalogue,
    basis: LegalBasis | None,
    earlier_method: Method | None = None,
) -> Development:
    present, assessed = new.parameters, None if earlier_method else old.kept
    kept = assessed.parameters.method if assessed else earlier_method
    development = develop(
        old.matrix,
        new.matrix,
        catalogue,
        kept or present.method,
        present.method,
        present.parties,
        names=old.names | new.names,
        asked=_asked(old, new, catalogue),
        districts=(old.district, new.district),
    )
    return replace(
        development,
        findings=(*old.findings, *new.findings, *_other_catalogue(assessed, catalogue), *development.findings),
        fictional=development.fictional or present.marked_fictional,
        old_method_kept=kept is not None,
        legal_basis=basis,
        parameters=present.portable(),
    )


def _earlier(parameters: Parameters, name: str | None = None) -> Parameters:
    """The same parameters for a round before, the last unless named; a municipality is compared with itself only."""
    named = name or parameters.earlier_round
    if named is None or named == parameters.round:
        found = "ontbreekt" if named is None else f"is ronde {parameters.round} zelf"
        raise ParametersError(
            f"Er is geen eerdere ronde om {parameters.name} mee te vergelijken: earlier_round {found}. "
            "Vul in parameters/district.yaml de naam van een eerdere ronde in."
        )
    return parameters.model_copy(update={"round": named})


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


def _asked(old: RoundRead, new: RoundRead, catalogue: Catalogue) -> Asked | None:
    """What the old round asked, when its workbooks or those of now were made with an earlier catalogue.

    Where one version holds for the whole old round, its score is the one of that time; where the parties had different
    versions there is no such score, and the translated one stands in.
    """
    versions = tuple(dict.fromkeys((*old.matrix.catalogue_versions, *new.matrix.catalogue_versions)))
    before = [version for version in versions if version != catalogue.version]
    if not before:
        return None
    then, own, whole = old.then or (catalogue, old.matrix, old.district)
    return Asked(then, own, whole, in_both(catalogue, versions), **only_in_one(catalogue, before[0]))


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


@dataclass(frozen=True, slots=True)
class ChosenPark:
    """What came of a park that was chosen in an earlier round, from that round to the present one.

    `park_id` is its code of now, or of then where it is no longer a park. `then` and `now` are its scores on the cells
    known in both rounds; `expected`, `low` and `high` what its own earlier score and the course of the parks that
    nobody chose would lead to, with the 90 % interval of that (method.md 9); None where that cannot be determined.
    `place_then` and `place_now`: its place on those cells among the parks of its municipality that are in both rounds,
    of which there are `places`. `plan` is the state of its plan, None where there is none; `actions` counts those of
    its plan by bucket, `results` by result. `answered`: what every party said in both rounds of the indicators that
    were high when the plan was made and that its planned interventions answer directly. Never called an effect.
    """

    park_id: str
    round: str
    event_id: int
    then: float | None
    now: float | None
    expected: float | None
    low: float | None
    high: float | None
    place_then: int | None
    place_now: int | None
    places: int
    plan: str | None
    actions: dict[str, int]
    results: dict[str, int]
    answered: tuple[Moved, ...]

    @property
    def better(self) -> bool | None:
        """Whether it is lower than expected; None where that cannot be determined."""
        return None if self.expected is None or self.now is None else self.now < self.expected

    @property
    def outside(self) -> bool:
        """Whether it lies outside the interval of what was expected."""
        known = self.now is not None and self.low is not None and self.high is not None
        return known and not self.low <= self.now <= self.high  # type: ignore[operator]


@dataclass(frozen=True, slots=True, eq=False)
class Rounds(Shown):
    """All rounds of one municipality beside the present one.

    `developments`: each earlier round with the present one, oldest first. `parks`: what became of parks in between.
    """

    developments: tuple[Development, ...]
    chosen: tuple[ChosenPark, ...]
    changed_parks: tuple[ParkChange, ...]
    cooperation: Cooperation
    findings: tuple[Finding, ...] = ()
    """Which earlier rounds are left out, and why."""
    analyses: dict[str, str] = field(default_factory=dict)
    """Round → the fingerprint of its analysis as it was kept then, of which the pages of other readers are made."""

    @property
    def latest(self) -> Development:
        """The round before with the present one."""
        return self.developments[-1]

    @property
    def rounds(self) -> tuple[str, ...]:
        """Every round, oldest first."""
        return (*(one.old_round for one in self.developments), self.latest.new_round)

    def without(self, refusals: Mapping[str, LegalBasisError]) -> Self:
        """The same without the earlier rounds that are refused. Raises the refusal when that leaves none to compare."""
        *earlier, now = self.rounds
        still = [name for name in earlier if name not in refusals]
        if now in refusals or not still:
            raise refusals.get(now) or refusals[earlier[-1]]
        changed = (one for one in self.changed_parks if round_order(one.round) > round_order(still[0]))
        return replace(
            self,
            developments=tuple(one for one in self.developments if one.old_round in still),
            chosen=tuple(one for one in self.chosen if one.round in still),
            changed_parks=tuple(one for one in changed if one.round not in refusals),
            cooperation=self.cooperation.of_rounds([*still, now]),
            findings=(*self.findings, *(_left_out(name, refusals[name]) for name in earlier if name in refusals)),
            analyses={name: kept for name, kept in self.analyses.items() if name not in refusals},
        )

    def __str__(self) -> str:
        """One line of Dutch: which municipality, which rounds, how many parks were chosen."""
        parks = count(len(self.chosen), "gekozen terrein", "gekozen terreinen")
        return f"Rondes {listing(self.rounds)} van {self.latest.municipality_name}: {parks}."

    def _repr_html_(self) -> str:
        return str(safe_html("<p><strong>{}</strong></p>", self))

    def to_json(self) -> str:
        """The rounds as canonical JSON: equal rounds, equal text."""
        return canonical_json(self)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The rounds that `save` wrote into the folder. Raises OutputError when there is something else."""
        try:
            return from_plain(cls, json.loads((Path(folder) / ROUNDS_FILE).read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise OutputError(f"Dit is geen {ROUNDS_FILE} van de werkbank.") from error

    def save(self, output_folder: Path | str) -> None:
        """Write `rounds.json` into the folder, whole or not at all; an empty name writes nothing."""
        keep(self, output_folder, ROUNDS_FILE)


def follow_rounds(parameters: Parameters | str, *, today: dt.date | None = None) -> Rounds:
    """Every earlier round of one municipality beside the present one, and what came of the parks that were chosen.

    An earlier round on which nothing can be brought together, for want of a legal basis or of returns, is left out,
    with a finding. Raises what `compare_rounds` raises when that leaves none, and OutputError with every fault of a
    plan.

    >>> rounds = wb.follow_rounds("urk")
    >>> rounds.rounds
    ('2024-1', '2025-1', '2026-1')
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    day, catalogue = today or dt.date.today(), load_catalogue(parameters.catalogue_path)
    new, compared, left_out = None, list[tuple[RoundRead, Development]](), list[Finding]()
    for earlier in [_earlier(parameters, name) for name in parameters.earlier_rounds] or [_earlier(parameters)]:
        try:
            basis = _legal_basis((earlier, parameters), day)
            old = read_round(earlier, parameters, catalogue, basis)
            new = new or read_round(parameters, parameters, catalogue, basis)
            compared.append((old, _compared(old, new, catalogue, basis)))
        except (LegalBasisError, MatrixError) as error:
            refusal = error
            left_out.append(_left_out(earlier.round, error))
    if not compared or not new:
        raise refusal
    read = [*(old for old, _ in compared), new]
    return Rounds(
        developments=tuple(development for _, development in compared),
        chosen=tuple(chain.from_iterable(_chosen(old, new, one, catalogue, day) for old, one in compared)),
        changed_parks=_changed_parks(read, load_lineage(parameters.data)),
        cooperation=cooperation_of(read, catalogue, day),
        findings=tuple(left_out),
        analyses={one.parameters.round: one.kept.fingerprint for one in read if one.kept},
    )


def _left_out(round: str, error: WerkbankError) -> Finding:
    why = error.findings[0].found if error.findings else error.message
    return Finding(
        rule="round-left-out",
        severity="warning",
        found=f"ronde {round} is niet meegenomen: {why}",
        allowed="van elke ronde een grondslag die geldt en minstens één ingevulde risicomatrix",
        remedy="vul de grondslag of de werkmappen aan, of haal de ronde weg bij earlier_round",
    )


def _changed_parks(read: Sequence[RoundRead], lineage: Lineage) -> tuple[ParkChange, ...]:
    """What people wrote down of parks since the first of these rounds, and what came without a word, by round."""
    found, known, now = list(lineage.between(read[0].parameters.round, read[-1].parameters.round)), set[str](), read[-1]
    for old, after in reversed(list(pairwise(read))):
        there = {*old.matrix.park_ids, *old.codes.values(), *known}
        came = [park for park in now.matrix.park_ids if park in old.names and park not in there]
        since = after.parameters.round
        found += (ParkChange("came", since, (), (park,), {park: now.names[park]}) for park in came)
        known |= {*came}
    return tuple(sorted(found, key=lambda change: round_order(change.round)))


def _chosen(
    old: RoundRead, new: RoundRead, development: Development, catalogue: Catalogue, today: dt.date
) -> Iterator[ChosenPark]:
    """What came of each park that was chosen in the old round; a choice that was withdrawn is none."""
    from werkbank.register.store import recorded_events  # noqa: PLC0415  the database library

    data, codes = new.parameters.data, old.codes
    first, last = round_order(old.parameters.round), round_order(new.parameters.round)
    # What was chosen since is none of the parks that nobody chose.
    holding = [one for one in paired(recorded_events(data)) if one.holds and first <= round_order(one.round) < last]
    mine = (
        one for one in holding if (one.round, one.municipality) == (old.parameters.round, old.parameters.municipality)
    )
    own = [one for one in mine if one.park_id]
    if not own:
        return
    expected = _expected(old, new, catalogue, {codes.get(str(one.park_id), one.park_id) for one in holding})
    changes = {one.park_id: one for one in development.changes()}
    places = development.places().set_index("park_id")
    for one in own:
        then = str(one.park_id)
        park = codes.get(then, then)
        plan = kept_plan(data, park, catalogue) or kept_plan(data, then, catalogue)
        actions = [each for each in actions_of(plan, catalogue, today) if not each.is_reminder] if plan else []
        change, ahead, place = changes.get(park), _row(expected, park), _row(places, park)
        yield ChosenPark(
            park_id=park if change else then,
            round=old.parameters.round,
            event_id=one.event_id,
            then=change.alike_old if change else None,
            now=change.alike_new if change else None,
            expected=ahead.get("expected"),
            low=ahead.get("low"),
            high=ahead.get("high"),
            place_then=_whole(place.get("old")),
            place_now=_whole(place.get("new")),
            places=len(places),
            plan=plan.state if plan else None,
            actions=dict(Counter(each.bucket for each in actions)),
            results=dict(Counter(each.result for each in actions if each.result)),
            answered=tuple(_answered(old, new, park, plan, catalogue)) if plan and change else (),
        )


def _row(table: pd.DataFrame, park: str) -> dict[str, float]:
    """What a table says of one park: nothing where that is not known."""
    own = table[table.index == park].dropna(axis="columns")
    return {str(name): float(own[name].iloc[0]) for name in own} if len(own) else {}


def _whole(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _expected(old: RoundRead, new: RoundRead, catalogue: Catalogue, chosen: Collection[str | None]) -> pd.DataFrame:
    """What was to be expected of the chosen parks, by the course of all others in the district (method.md 9).

    On the scores on the cells known in both rounds, by the method of now without its recalculations.
    """
    still = new.parameters.method.model_copy(update={"uncertainty": Uncertainty(**_NOTHING_DRAWN)})
    asked, districts = _asked(old, new, catalogue), (old.district, new.district)
    asked = asked and replace(asked, matrix=asked.district)
    whole = develop(*districts, catalogue, still, still, new.parameters.parties, asked=asked, districts=districts)
    total = whole.frame[lambda frame: frame["group"] == ROOT].set_index("park_id")
    homes = parks_of(new.parameters).set_index("park_id")["municipality"].reindex(total.index)
    return expected_scores(total["alike_old"], total["alike_new"], homes, [one for one in total.index if one in chosen])


def _answered(old: RoundRead, new: RoundRead, park: str, plan: KeptPlan, catalogue: Catalogue) -> Iterator[Moved]:
    """Every party's cells then and now of what was high and is answered directly by what stands in the plan."""
    asked, matrices = _asked(old, new, catalogue), (old.matrix, new.matrix)
    direct = {code for one in plan.planned for code in catalogue.intervention(one.id).direct}
    for code in asked.both if asked else catalogue.indicator_ids:
        for party in catalogue.asked_of(code, new.parameters.parties) if code in direct and code in plan.high else ():
            then, now = (_whole(each.levels(party)[code].to_dict()[park]) for each in matrices)
            was, state = (str(each.states(party)[code].to_dict()[park]) for each in matrices)
            kind = "same" if then == now else "lost" if now is None else "learned" if then is None else "judged"
            yield Moved(park, code, party, was, then, state, now, kind, None)
