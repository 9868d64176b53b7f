"""Which files are returns: those of the round, or those that were named; and whose each of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.collecting.setting import Setting
from werkbank.errors import Finding, ParametersError
from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import SHEET_SCHEMA, Place, workbook_name
from werkbank.matrix.opening import SUFFIXES, UnreadableWorkbookError, file_content, open_workbook
from werkbank.matrix.rules import finding
from werkbank.wording import did_you_mean, plain

__all__ = ["LOCK", "Return", "missing_finding", "named_files", "round_files", "whose"]

LOCK = "~$"
"""How the name begins of the file by which Office says that another is open."""


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
    """Every return in the folder of the round, or of another; of some municipalities those whose name begins so."""
    folder = setting.returns_folder if round is None else setting.returns_folder.with_name(round)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in files if path.suffix.lower() in SUFFIXES and path.is_file()]
    if set(municipalities) == set(setting.names):
        return tuple(found)
    prefixes = tuple(f"{slug}_" for slug in municipalities)
    return tuple(path for path in found if path.name.removeprefix(LOCK).startswith(prefixes))


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


def whose(path: Path, setting: Setting) -> tuple[str, str]:
    """Municipality and party of a return that could not be read: by its hidden sheet, else by its name.

    Empty texts for what cannot be told; nothing else that stands in the file or its name is passed on.
    """
    claimed = _schema(path)
    slug, _, word = path.stem.rpartition("_")
    named = next((party.id for party in setting.catalogue.parties if party.file == word), "")
    municipality = _known(claimed.get("municipality", slug), setting.names)
    party = _known(claimed.get("party", named), [party.id for party in setting.catalogue.parties])
    return municipality, party


def _known(word: str, words: Collection[str]) -> str:
    return word if word in words else ""


def _schema(path: Path) -> dict[str, str]:
    try:
        table = open_workbook(path, file_content(path)).table(SHEET_SCHEMA)
    except UnreadableWorkbookError:
        return {}
    rows = table.rows if table else ()
    return {normalise(row[0]): str(row[1]).strip() for row in rows if len(row) > 1}


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
