"""Which files are returns: those of the round, or those that were named; and whose each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.collecting.setting import Setting
from werkbank.errors import Finding, ParametersError
from werkbank.matrix.identity import Known, Supplier
from werkbank.matrix.layout import Place, workbook_name
from werkbank.matrix.reading import LOCK, SUFFIXES, round_returns, suppliers_of
from werkbank.matrix.reply import plain
from werkbank.matrix.rules import finding
from werkbank.wording import did_you_mean

__all__ = ["LOCK", "Return", "missing_finding", "named_files", "round_files", "whose"]


@dataclass(frozen=True, slots=True)
class Return:
    """One file that came: whose it is (empty where that could not be told), whether it was read, its findings."""

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


def round_files(setting: Setting, municipalities: Sequence[str], *, round: str | None = None) -> tuple[Path, ...]:
    """Every return in the folder of the round, or of another; of some municipalities theirs, whatever it is called."""
    folder = setting.returns_folder if round is None else setting.returns_folder.with_name(round)
    known = _known(setting, round or setting.round)
    returns = round_returns(folder, known.suppliers, lambda: known)
    locks = [path for path in sorted(folder.glob(f"{LOCK}*")) if path.suffix.lower() in SUFFIXES]
    if set(municipalities) == set(setting.names):
        return (*returns, *locks)
    theirs = [path for path, whose in returns.items() if any(slug in municipalities for slug, _ in whose)]
    names = {path.name for path in theirs}
    return (*theirs, *(path for path in locks if path.name.removeprefix(LOCK) in names))


def _known(setting: Setting, round: str) -> Known:
    return Known.of(setting.catalogue, setting.parks, round, setting.parameters.parties)


def named_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files as named, each once. Raises ParametersError with everything that is no file or cannot be told apart."""
    files = tuple({path.resolve(): path for path in paths}.values())
    faults = [fault for path in files if (fault := _fault(path))]
    names = [path.name for path in files]
    doubled = dict.fromkeys(name for name in names if names.count(name) > 1)
    faults += [f"Er zijn meer bestanden die {plain(name)} heten; controleer ze één voor één." for name in doubled]
    if faults:
        raise ParametersError("\n".join(faults))
    return files


def _fault(path: Path) -> str:
    if path.is_dir():
        return f"{plain(str(path))} is een map; noem de bestanden, zoals {plain(str(path / '*.xlsx'))}."
    if path.exists():
        return ""
    folder = path.parent
    beside = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    question = did_you_mean(path.name, beside)
    return plain(f"{path} is er niet{'; ' + question if question else '.'}")


def whose(path: Path, setting: Setting) -> Supplier:
    """Municipality and party of a return that could not be read; empty texts for what cannot be told."""
    suppliers = suppliers_of(path, _known(setting, setting.round))
    return suppliers[0] if len(suppliers) == 1 else ("", "")


def missing_finding(setting: Setting, municipality: str, party: str) -> Finding:
    """The finding that a party has delivered nothing about a municipality."""
    name = workbook_name(municipality, setting.catalogue.party(party).file)
    return finding(
        "missing-workbook",
        place=Place(name),
        found=f"{setting.party(party)} {setting.names[municipality]} heeft nog niets aangeleverd",
        allowed=f"een ingevulde risicomatrix van ronde {setting.round}",
        remedy=f"vraag de werkmap op en zet haar als {name} bij de andere",
    )
