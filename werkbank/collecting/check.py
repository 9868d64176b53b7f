"""Checks the whole workspace, or some files, against its setting: every finding, by return, and how far it is."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import pandas as pd

from werkbank.assessment.choosing import any_parameters, chosen_municipalities, municipality_name
from werkbank.assessment.inputs import parks_of
from werkbank.collecting.workspace_files import workspace_findings
from werkbank.errors import Finding, MatrixError, ParametersError, Severity, WerkbankError
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.matrix.checks import date_findings, earlier_findings
from werkbank.matrix.identity import Known
from werkbank.matrix.layout import CONFIDENTIAL_LABEL, Place, workbook_name
from werkbank.matrix.opening import SUFFIXES
from werkbank.matrix.reading import LOCK, round_returns, suppliers_of
from werkbank.matrix.risk_matrix import CollectionState, Source, cells_of, collection_state
from werkbank.matrix.rules import finding, in_order, place_of
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, parties_asked
from werkbank.settings.theme import FILE as THEME
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import capital, did_you_mean, listing, plain


@dataclass(frozen=True, slots=True)
class Return:
    """What one party sent about one municipality: whose it is, whether it was read, its findings.

    A list may hold the judgements of several: then each has a return of its own, and what belongs to none of them in
    particular has one of nobody's. Empty texts stand for what could not be told.
    """

    path: Path
    municipality: str
    party: str
    read: bool
    fictional: bool
    findings: tuple[Finding, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def supplier(self) -> tuple[str, str]:
        """Municipality and party."""
        return self.municipality, self.party


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """What came of a check; immutable. `common` are findings about more than one return.

    `workspace` are those about everything that is no return, `missing` one for each party of which returns are not
    there yet. `whole_round` is False when only some municipalities or files were looked at: then `state` is only about
    these.
    """

    setting: Setting
    returns: tuple[Return, ...]
    workspace: tuple[Finding, ...]
    common: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    matrix: RiskMatrix | None
    state: CollectionState
    whole_round: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found: the workspace, return by return, then what concerns none or several."""
        of_returns = (finding for each in self.returns for finding in each.findings)
        return (*self.workspace, *of_returns, *self.common, *self.missing)

    @property
    def fictional(self) -> bool:
        """True when any return, or the folder of the data, is made up."""
        return self.setting.fictional or any(each.fictional for each in self.returns)

    @property
    def unprintable(self) -> bool:
        """True when no page can be made: the house style is faulty."""
        return any(found.rule == "house-style" or found.file == THEME for found in self.workspace)

    def count(self, severity: Severity) -> int:
        """The number of findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_round(municipalities: Sequence[str] = (), *, today: dt.date | None = None) -> Check:
    """The check of the whole workspace and every return of the round, or of some municipalities.

    Missing returns are errors, and so is a legal basis that does not hold. Raises WerkbankError for a municipality that
    is not known, and with everything else that was found when nothing can be told of the returns for it.
    """
    day = today or dt.date.today()
    chosen = chosen_municipalities(municipalities) or municipality_slugs(find_workspace())
    found = workspace_findings(chosen, day)
    try:
        setting = load_setting()
    except WerkbankError as error:
        raise type(error)("De aanleveringen zijn niet bekeken: dit gaat voor.", found or error.findings) from error
    expected = [(slug, party) for slug in chosen for party in setting.parties[slug]]
    files = _round_files(setting, chosen)
    result = _check(setting, files, expected, day, whole_round=set(chosen) == set(setting.names))
    return replace(result, workspace=found)


def check_files(paths: Iterable[Path], *, today: dt.date | None = None) -> Check:
    """The check of exactly these files, wherever they stand, against the round of the workspace.

    Raises WerkbankError when one is not there, is a folder, or has the name of another.
    """
    setting = load_setting()
    files = _named_files(paths, setting.parameters.returns)
    return _check(setting, files, None, today or dt.date.today(), whole_round=False)


def _check(
    setting: Setting,
    files: Sequence[Path],
    expected: Sequence[tuple[str, str]] | None,
    today: dt.date,
    *,
    whole_round: bool,
) -> Check:
    matrix, findings = _read(setting, files, setting.round)
    if matrix is not None:
        findings += date_findings(matrix, today)
        findings += _after_earlier(setting, matrix)
    returns = tuple(each for path in files for each in _returns(setting, path, matrix, findings))
    received = {each.supplier: each.file for each in reversed(returns) if all(each.supplier)}
    state = collection_state(
        matrix,
        setting.catalogue,
        setting.parks,
        round=setting.round,
        expected=expected if expected is not None else sorted(received),
        received=received,
    )
    own = {each.file for each in returns}
    common = [found for found in findings if found.file not in own]
    missing = tuple(_missing(setting, state.missing)) if expected is not None else ()
    return Check(setting, returns, (), in_order(common), missing, matrix, state, whole_round)


def _read(setting: Setting, files: Sequence[Path], round: str) -> tuple[RiskMatrix | None, tuple[Finding, ...]]:
    try:
        matrix = load_matrix(files, setting.catalogue, setting.parks, round=round, parties=setting.parties)
    except MatrixError as error:
        return None, error.findings
    return matrix, matrix.findings


def _after_earlier(setting: Setting, matrix: RiskMatrix) -> tuple[Finding, ...]:
    """What stands out beside the earlier round, as far as that can be read; its own faults are not this round's."""
    earlier_round = setting.parameters.earlier_round
    if earlier_round is None:
        return ()
    slugs = dict.fromkeys(source.municipality for source in matrix.sources)
    earlier, _ = _read(setting, _round_files(setting, tuple(slugs), round=earlier_round), earlier_round)
    return earlier_findings(matrix, earlier, setting.catalogue, setting.parks) if earlier else ()


def _missing(setting: Setting, suppliers: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """One finding for each party of which returns are not there, with the text by which to ask for them."""
    for party, those in groupby(sorted(suppliers, key=lambda each: each[1]), key=lambda each: each[1]):
        names = {slug: workbook_name(slug, setting.catalogue.party(party).file) for slug, _ in those}
        about = listing(setting.municipality(slug, fictional=setting.fictional) for slug in names)
        # A municipality is asked for its own, and not told who else is late.
        own = setting.only_own(party)
        asked = "uw werkmap" if own and len(names) > 1 else listing(names.values())
        text = (
            f"Voor ronde {setting.round} van de risicomatrix bedrijventerreinen ontvingen wij nog niet: {asked}. "
            "Wilt u die invullen en terugsturen, onder dezelfde naam? Wat u niet weet, vult u in als onbekend."
        )
        yield finding(
            "missing-workbook",
            place=Place(next(iter(names.values()))) if len(names) == 1 else None,
            found=f"de {setting.party(party)} heeft nog niets aangeleverd over {about}",
            allowed=f"een ingevulde risicomatrix van ronde {setting.round}",
            remedy=f"stuur: “{text}”",
        )


# The files, and whose they are.


def _round_files(setting: Setting, municipalities: Sequence[str], *, round: str | None = None) -> tuple[Path, ...]:
    """Every return in the folder of the round, or of another; of some municipalities theirs, whatever it is called."""
    of_round = round or setting.round
    folder, known = setting.parameters.returns.with_name(of_round), _known(setting, of_round)
    returns = round_returns(folder, known.suppliers, lambda: known)
    locks = [path for path in sorted(folder.glob(f"{LOCK}*")) if path.suffix.lower() in SUFFIXES]
    if set(municipalities) == set(setting.names):
        return (*returns, *locks)
    theirs = [path for path, whose in returns.items() if any(slug in municipalities for slug, _ in whose)]
    names = {path.name for path in theirs}
    return (*theirs, *(path for path in locks if path.name.removeprefix(LOCK) in names))


def _known(setting: Setting, round: str) -> Known:
    return Known.of(setting.catalogue, setting.parks, round, setting.parties)


def _named_files(paths: Iterable[Path], returns: Path) -> tuple[Path, ...]:
    """The files as named, each once. Raises ParametersError with everything that is no file or cannot be told apart.

    One that is not there but among the `returns` of the round is asked back.
    """
    files = tuple({path.resolve(): path for path in paths}.values())
    faults = [fault for path in files if (fault := _fault(path, returns))]
    names = [path.name for path in files]
    doubled = dict.fromkeys(name for name in names if names.count(name) > 1)
    faults += [f"Er zijn meer bestanden die {plain(name)} heten; controleer ze één voor één." for name in doubled]
    if faults:
        raise ParametersError("\n".join(faults))
    return files


def _fault(path: Path, returns: Path) -> str:
    if path.is_dir():
        return f"{plain(str(path))} is een map; noem de bestanden, zoals {plain(str(path / '*.xlsx'))}."
    if path.exists():
        return ""
    if (returns / path.name).is_file():
        return plain(f"{path} is er niet; bedoelt u “{os.path.relpath(returns / path.name)}”?")
    beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    question = did_you_mean(path.name, beside)
    return plain(f"{path} is er niet{'; ' + question if question else '.'}")


def _returns(setting: Setting, path: Path, matrix: RiskMatrix | None, findings: Sequence[Finding]) -> Iterator[Return]:
    """The returns in one file, one for each municipality and party."""
    if path.name.startswith(LOCK):
        return
    own = [found for found in findings if found.file == path.name]
    sources = [source for source in (matrix.sources if matrix else ()) if source.file == path.name]
    inside = setting.fictional and path.resolve().is_relative_to(setting.parameters.data)
    if matrix is None or not sources:
        # Of one that could not be read as far as it can be told.
        suppliers = suppliers_of(path, _known(setting, setting.round))
        whose = suppliers[0] if len(suppliers) == 1 else ("", "")
        yield Return(path, *whose, read=False, fictional=setting.fictional, findings=in_order(own))
        return
    left = own
    for source in sources:
        theirs = own if len(sources) == 1 else _of(source, own, matrix, setting)
        left = [found for found in left if found not in theirs]
        fictional = inside or source.fictional
        yield Return(path, source.municipality, source.party, True, fictional, in_order(theirs))
    if left:
        names = zip(*((each.municipality, each.party) for each in sources), strict=True)
        municipality, party = (each[0] if len(set(each)) == 1 else "" for each in names)
        yield Return(path, municipality, party, True, inside or any(each.fictional for each in sources), in_order(left))


def _of(source: Source, findings: Sequence[Finding], matrix: RiskMatrix, setting: Setting) -> list[Finding]:
    """Which of the findings about a list are about the judgements of one party and municipality."""
    parks = setting.parks
    own = parks.loc[parks["municipality"] == source.municipality, "park_id"]
    places = cells_of(matrix, own, source.party)
    return [found for found in findings if place_of(found) in places]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """One district and round: everything by which a return is known and judged."""

    parameters: Parameters
    """Of the district; only what every municipality shares is used."""
    parties: Mapping[str, Sequence[str]]
    """The parties that are asked, by municipality."""
    catalogue: Catalogue
    names: Mapping[str, str]
    """The municipalities that take part, by slug, with their names."""
    fictional: bool
    _parks: pd.DataFrame

    @property
    def parks(self) -> pd.DataFrame:
        """The park register; a copy."""
        return self._parks.copy()

    @property
    def round(self) -> str:
        """The round that is being collected."""
        return self.parameters.round

    @property
    def folder(self) -> Path:
        """Where what goes back belongs."""
        return self.parameters.output / self.round / "check"

    def municipality(self, slug: str, *, fictional: bool) -> str:
        """A municipality's name as it is printed; a made-up one says so."""
        name = self.names.get(slug, slug)
        return f"{name} (fictief)" if name and fictional else name

    def party(self, party: str) -> str:
        """A party's name; nothing for one that could not be told."""
        return next((each.name for each in self.catalogue.parties if each.id == party), "")

    def label(self, party: str) -> str:
        """What is printed on every page for this party: the label of its audience, else that all is confidential."""
        return next((each.label for each in self.catalogue.audiences if each.id == party), CONFIDENTIAL_LABEL)

    def only_own(self, party: str) -> bool:
        """Whether a party is each municipality itself, and gets nothing of another."""
        return any(each.areas == "own" for each in self.catalogue.audiences if each.id == party)

    def chosen(self, municipalities: Sequence[str]) -> tuple[str, ...]:
        """The named municipalities, or all. Raises ParametersError that names every unknown one with the nearest."""
        return chosen_municipalities(municipalities) or tuple(self.names)

    def chosen_parties(self, named: Sequence[str], slugs: Sequence[str]) -> tuple[str, ...]:
        """The codes of the named parties, by code, word in file names or name; all that take part when none is named.

        Who takes part is asked in one of these municipalities. Raises ParametersError that names every party that does
        not take part, with the nearest that does.
        """
        parties = {code: self.catalogue.party(code) for slug in slugs for code in self.parties[slug]}
        words = {word.casefold(): code for code, party in parties.items() for word in (code, party.file, party.name)}
        unknown = [name for name in named if name.casefold() not in words]
        if unknown:
            files = [party.file for party in parties.values()]
            questions = [capital(did_you_mean(name, [*files, *parties])) for name in unknown]
            names = listing(f"“{name[:60]}”" for name in unknown)
            sentences = (f"Deze partij doet niet mee: {names}.", *questions, f"Er zijn: {listing(files)}.")
            raise ParametersError(" ".join(filter(None, sentences)))
        return tuple(dict.fromkeys(words[name.casefold()] for name in named)) or tuple(parties)


def load_setting() -> Setting:
    """The setting of the workspace. Raises WerkbankError with all that is wrong with parameters or register."""
    parameters, workspace = any_parameters(), find_workspace()
    return Setting(
        parameters,
        parties_asked(workspace),
        load_catalogue(parameters.catalogue_path),
        {slug: municipality_name(workspace, slug) or slug for slug in municipality_slugs(workspace)},
        parameters.marked_fictional,
        parks_of(parameters),
    )
