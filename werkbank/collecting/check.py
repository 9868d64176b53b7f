"""Checks the returns of a round, or some files: every finding, by return, and the state of collection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.collecting.check import LOCK, Return, missing_finding, named_files, round_files, whose
from werkbank.collecting.setting import Setting, load_setting
from werkbank.errors import Finding, MatrixError, Severity
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.matrix.checks import date_findings, earlier_findings
from werkbank.matrix.returns import CollectionState, collection_state, in_order
from werkbank.matrix.risk_matrix import Source

__all__ = ["Check", "check_files", "check_round"]


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """What came of a check; immutable. `common` are findings about more than one return, and missing ones.

    `whole_round` is False when only some municipalities or files were looked at: then `state` is only about these.
    """

    setting: Setting
    returns: tuple[Return, ...]
    common: tuple[Finding, ...]
    matrix: RiskMatrix | None
    state: CollectionState
    whole_round: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found: return by return, then what concerns none or several."""
        return (*(finding for each in self.returns for finding in each.findings), *self.common)

    @property
    def fictional(self) -> bool:
        """True when any return, or the folder of the data, is made up."""
        return self.setting.fictional or any(each.fictional for each in self.returns)

    def count(self, severity: Severity) -> int:
        """The number of findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_round(municipalities: Sequence[str] = (), *, today: dt.date | None = None) -> Check:
    """The check of every return in the folder of the round, or of some municipalities; missing returns are errors.

    Raises WerkbankError when the parameters or the register cannot be read, or a municipality is not known.
    """
    setting = load_setting()
    chosen = setting.chosen(municipalities)
    expected = [(slug, party) for slug in chosen for party in setting.parameters.parties]
    files = round_files(setting, chosen)
    return _check(setting, files, expected, today, whole_round=set(chosen) == set(setting.names))


def check_files(paths: Iterable[Path], *, today: dt.date | None = None) -> Check:
    """The check of exactly these files, wherever they stand, against the round of the workspace.

    Raises WerkbankError when one is not there, is a folder, or has the name of another.
    """
    files = named_files(paths)
    return _check(load_setting(), files, None, today, whole_round=False)


def _check(
    setting: Setting,
    files: Sequence[Path],
    expected: Sequence[tuple[str, str]] | None,
    today: dt.date | None,
    *,
    whole_round: bool,
) -> Check:
    matrix, findings = _read(setting, files)
    if matrix is not None:
        findings += date_findings(matrix, today or dt.date.today())
        findings += _beside_earlier(setting, matrix)
    returns = tuple(_returns(setting, files, matrix, findings))
    received = {each.supplier: each.file for each in reversed(returns) if all(each.supplier)}
    read = {(source.municipality, source.party) for source in matrix.sources} if matrix else set()
    asked = expected if expected is not None else sorted({*received, *read})
    state = collection_state(
        matrix, setting.catalogue, setting.parks, round=setting.round, expected=asked, received=received
    )
    own = {each.file for each in returns}
    common = [finding for finding in findings if finding.file not in own]
    missing = [missing_finding(setting, *supplier) for supplier in state.missing] if expected is not None else []
    return Check(setting, returns, (*in_order(common), *missing), matrix, state, whole_round)


def _read(setting: Setting, files: Sequence[Path]) -> tuple[RiskMatrix | None, tuple[Finding, ...]]:
    try:
        matrix = load_matrix(
            files, setting.catalogue, setting.parks, round=setting.round, parties=setting.parameters.parties
        )
    except MatrixError as error:
        return None, error.findings
    return matrix, matrix.findings


def _beside_earlier(setting: Setting, matrix: RiskMatrix) -> tuple[Finding, ...]:
    """What stands out beside the earlier round, as far as that can be read; its own faults are not this round's."""
    earlier_round = setting.parameters.earlier_round
    if earlier_round is None:
        return ()
    slugs = dict.fromkeys(source.municipality for source in matrix.sources)
    try:
        earlier = load_matrix(
            round_files(setting, tuple(slugs), round=earlier_round),
            setting.catalogue,
            setting.parks,
            round=earlier_round,
            parties=setting.parameters.parties,
        )
    except MatrixError:
        return ()
    return earlier_findings(matrix, earlier, setting.catalogue)


def _returns(
    setting: Setting, files: Sequence[Path], matrix: RiskMatrix | None, findings: Sequence[Finding]
) -> Iterator[Return]:
    for path in files:
        if path.name.startswith(LOCK):
            continue
        sources = [source for source in (matrix.sources if matrix else ()) if source.file == path.name]
        municipality, party = _supplier(sources) if sources else whose(path, setting)
        inside = setting.fictional and path.resolve().is_relative_to(setting.parameters.data)
        yield Return(
            path=path,
            municipality=municipality,
            party=party,
            read=bool(sources),
            fictional=inside or any(source.fictional for source in sources) or (setting.fictional and not sources),
            findings=in_order(finding for finding in findings if finding.file == path.name),
        )


def _supplier(sources: Sequence[Source]) -> tuple[str, str]:
    """Whose a file is; a list may hold the judgements of several, and then it is nobody's in particular."""
    municipalities, parties = (
        {*names} for names in zip(*((one.municipality, one.party) for one in sources), strict=True)
    )
    return (
        municipalities.pop() if len(municipalities) == 1 else "",
        parties.pop() if len(parties) == 1 else "",
    )
