"""What was planted where: one entry for every fault, kept beside the data for machines and for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from werkbank.wording import count

__all__ = ["Planted", "write_list"]

JSON_FILE: Final = "FOUTEN.json"
PAGE_FILE: Final = "FOUTEN.md"
_NO_FILE: Final = "geen enkel bestand"
_PAGE_HEAD: Final = """\
# FICTIEVE GEGEVENS: met opzet geplante fouten

Deze map is gemaakt met `werkbank demo --faults`. Er zitten {faults} in, zoals die in echte aanleveringen voorkomen,
en {harmless} die er vreemd uitzien maar geen fout zijn. Alles is verzonnen, ook elke naam en elk nummer in een
toelichting.

De werkmappen staan in `matrices/{round}`; vergelijk dit met wat `werkbank check` vindt. In de map `fouten` staan
terreinenregisters en kenmerken met fouten, om uit te proberen; het register van het voorbeeld zelf klopt. Bij elke
fout staat de cel of regel waarin zij zit, en de code (uit `docs/controleregels.md`) waarmee zij gevonden moet worden.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One planted fault, or with `rule` None something that only looks like one.

    `kind` is a short Dutch name, `what` says in Dutch what was done; `cell` is as in F14, `line` that of a text file.
    A fault that concerns no file in particular has None for `file`.
    """

    kind: str
    rule: str | None
    file: str | None
    what: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """Where to look, in Dutch."""
        parts = (
            self.sheet and f"blad {self.sheet}",
            self.cell and f"cel {self.cell}",
            self.line and f"regel {self.line}",
        )
        return ", ".join(part for part in parts if part) or "het bestand"


def write_list(folder: Path, planted: Sequence[Planted], *, seed: int, round_name: str) -> None:
    """Write `FOUTEN.json` and `FOUTEN.md` into the folder."""
    entries = [{"number": number, **asdict(each)} for number, each in enumerate(planted, 1)]
    head = {"fictional": True, "seed": seed, "round": round_name, "rules": sorted({e.rule for e in planted if e.rule})}
    text = json.dumps({**head, "faults": entries}, ensure_ascii=False, indent=1) + "\n"
    (folder / JSON_FILE).write_bytes(text.encode())
    (folder / PAGE_FILE).write_bytes(_page(planted, round_name).encode())


def _page(planted: Sequence[Planted], round_name: str) -> str:
    faults = count(sum(each.rule is not None for each in planted), "fout", "fouten")
    harmless = count(sum(each.rule is None for each in planted), "cel of bestand", "cellen of bestanden")
    head = _PAGE_HEAD.format(round=round_name, faults=faults, harmless=harmless)
    files = dict.fromkeys(each.file for each in planted)
    return "\n".join([head, *(_table(file, [each for each in planted if each.file == file]) for file in files)])


def _table(file: str | None, planted: Iterable[Planted]) -> str:
    rows = (
        f"| {each.place} | {each.kind} | {each.what} | {f'`{each.rule}`' if each.rule else 'geen fout'} |"
        for each in planted
    )
    return "\n".join([f"## {file or _NO_FILE}", "", "| plaats | soort | wat | regel |", "|---|---|---|---|", *rows, ""])
