"""Why an analysis is made anew, in plain Dutch; without a reason, what stands there is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from werkbank.batch.manifest import Record
from werkbank.batch.stamp import Stamp
from werkbank.files.whole import sha256_of
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import listing

__all__ = ["changed_parts", "damaged_outputs", "why_anew"]

FORCED = "zo gevraagd"
NEVER = "er was nog geen analyse"
FAILED = "de vorige keer mislukte het"
_WORKBOOK = "workbook:"
_ALL = "de bestanden van de analyse"
_PARTS = {
    "method": "de methode is veranderd",
    "parameters": "de parameters zijn veranderd",
    "catalogue": "de catalogus is veranderd",
    "parks": "het terreinenregister is veranderd",
    "legal_basis": "de grondslag is veranderd",
    "context_figures": "de cijfers over de terreinen zijn veranderd",
    "house_style": "de huisstijl is veranderd",
    "fictional": "het merkteken voor fictieve gegevens is veranderd",
    "notes": "er is een aantekening bij gekomen of ingetrokken",
    "strays": "er liggen andere bestanden bij de werkmappen",
    "district": "de gegevens van het district zijn veranderd",
    "notebook": "het notebook is veranderd",
    "werkbank": "de werkbank is vernieuwd",
    "packages": "de gebruikte pakketten zijn vernieuwd",
}


def why_anew(
    record: Record | None, stamp: Stamp, folder: Path, catalogue: Catalogue, *, failed: bool, forced: bool
) -> tuple[str, ...]:
    """The reasons to make the analysis of this stamp anew; none when what stands in the folder is it, and is whole."""
    if record is None:
        return (FAILED if failed else NEVER,)
    found = (*changed_parts(record, stamp.parts, catalogue), *damaged_outputs(record, folder))
    return found or ((FAILED,) if failed else ()) or ((FORCED,) if forced else ())


def changed_parts(record: Record, parts: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    """What differs from what the analysis rests on; a change of its own workbooks tells of the district's too."""
    own = list(_workbooks(record, parts, catalogue))
    yield from own
    for part, told in _PARTS.items():
        if record.parts.get(part) == parts.get(part) or (part == "strays" and own):
            continue
        if part == "district" and (own or not _same_ways(record, parts)):
            continue
        yield told


def _same_ways(record: Record, parts: Mapping[str, str]) -> bool:
    """With another method or catalogue the figures of the district differ of themselves."""
    return all(record.parts.get(part) == parts.get(part) for part in ("method", "catalogue", "werkbank"))


def _workbooks(record: Record, parts: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    names = sorted(name for name in {*record.parts, *parts} if name.startswith(_WORKBOOK))
    for name in names:
        before, now = record.parts.get(name), parts.get(name)
        if before != now:
            told = "is er nu wel" if before is None else "is er niet meer" if now is None else "is veranderd"
            yield f"de werkmap van de {catalogue.party(name.removeprefix(_WORKBOOK)).name} {told}"


def damaged_outputs(record: Record, folder: Path) -> Iterator[str]:
    """Which of its files are gone, may not be read or differ from what was made; all of one kind are not named."""
    kinds: dict[str, list[str]] = {}
    for name, sha256 in record.outputs.items():
        if told := _damage(folder / name, sha256):
            kinds.setdefault(told, []).append(name)
    for told, names in kinds.items():
        what = _ALL if len(names) == len(record.outputs) > 1 else listing(names)
        yield f"{what} {'is' if len(names) == 1 else 'zijn'} {told}"


def _damage(path: Path, sha256: str) -> str:
    try:
        found = sha256_of(path) if path.is_file() else None
    except OSError:
        return "niet te lezen"
    return "er niet meer" if found is None else "" if found == sha256 else "na het maken veranderd"
