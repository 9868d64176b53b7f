"""Why an analysis is made anew, in plain Dutch; without a reason, what stands there is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from werkbank.batch.manifest import Record
from werkbank.batch.stamp import Stamp, sha256_of
from werkbank.catalogue import Catalogue
from werkbank.wording import listing

__all__ = ["changed_parts", "damaged_outputs", "why_anew"]

FORCED = "zo gevraagd"
NEVER = "er was nog geen analyse"
FAILED = "de vorige keer mislukte het"
_WORKBOOK = "workbook:"
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
    """Which of its files are gone or differ from what was made."""
    files = {name: folder / name for name in record.outputs}
    gone = [name for name, path in files.items() if not path.is_file()]
    other = [name for name, path in files.items() if name not in gone and sha256_of(path) != record.outputs[name]]
    if gone:
        yield f"{listing(gone)} {'is' if len(gone) == 1 else 'zijn'} er niet meer"
    if other:
        yield f"{listing(other)} {'is' if len(other) == 1 else 'zijn'} na het maken veranderd"
