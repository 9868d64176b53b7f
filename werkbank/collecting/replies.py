"""What goes back: per supplier a marked workbook and a page; and for the RIEC the page with the state of collection.

Nothing of one supplier reaches another: each file is made of one return and the findings about it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from werkbank.collecting.check import Check, Return
from werkbank.collecting.setting import Setting
from werkbank.errors import Finding, OutputError
from werkbank.files.whole import whole_file
from werkbank.matrix.layout import Place, workbook_name
from werkbank.matrix.returns import Reply
from werkbank.matrix.rules import finding
from werkbank.matrix.template import marked_workbook
from werkbank.report.returns import StateNames, render_findings, render_state
from werkbank.wording import disk_fault

STATE_PAGE: Final = "stand_van_zaken.html"
_BETWEEN: Final = frozenset({"copied-return"})
"""Rules that set two suppliers side by side: what one filled in would tell the other something."""
_ENDING: Final = "_bevindingen"


def write_replies(check: Check, *, report: Callable[[int, int], None] = lambda _done, _all: None) -> tuple[Path, ...]:
    """Write what goes back to whom, and after a check of the whole round its state; returns what was written.

    A return without findings gets nothing, and what an earlier check wrote about it is taken away. `report` is told
    how many returns are done, of how many. Raises OutputError when a file cannot be written.
    """
    folder = check.setting.folder
    stems = _stems(check.returns, check.setting)
    written: list[Path] = []
    for done, (stem, each) in enumerate(zip(stems, check.returns, strict=True), 1):
        if each.findings:
            written += _write(folder / f"{stem}{_ENDING}", each, check)
        report(done, len(stems))
    if check.whole_round:
        whole_file(folder / STATE_PAGE, _state_page(check).encode())
        written.append(folder / STATE_PAGE)
    _clear(folder, stems, written, whole_round=check.whole_round)
    return tuple(written)


def reply_to(each: Return, check: Check) -> Reply:
    """What the supplier of a return may know about it; never anything of another return."""
    setting = check.setting
    others = [other.file for other in check.returns if other.file != each.file]
    parks = setting.parks
    own = parks[parks["municipality"] == each.municipality]
    return Reply(
        file=each.file,
        municipality=setting.municipality(each.municipality, fictional=each.fictional),
        party=setting.party(each.party),
        round=setting.round,
        label=setting.label(each.party),
        fictional=each.fictional,
        findings=tuple(dict.fromkeys(_own_only(found, others) for found in each.findings)),
        return_as=workbook_name(each.municipality, setting.catalogue.party(each.party).file)
        if all(each.supplier)
        else "",
        parks=dict(zip(own["park_id"], own["name"], strict=True)),
        indicators={indicator.id: indicator.name for indicator in setting.catalogue.indicators},
    )


def _own_only(found: Finding, others: Iterable[str]) -> Finding:
    """The finding, or when it names another's return only that there is something to talk about."""
    said = f"{found.found} {found.allowed} {found.remedy}"
    if found.rule not in _BETWEEN and not any(other in said for other in others):
        return found
    return finding("ask-riec", place=Place(found.file) if found.file else None)


def _stems(returns: Sequence[Return], setting: Setting) -> list[str]:
    """The names of what goes back, without their endings: made of codes only, never of the name of a file."""
    words = {party.id: party.file for party in setting.catalogue.parties}
    stems: list[str] = []
    for each in returns:
        base = "_".join(filter(None, (each.municipality, words.get(each.party)))) or "onbekend"
        same = sum(stem == base or stem.startswith(f"{base}-") for stem in stems)
        stems.append(f"{base}-{same + 1}" if same else base)
    return stems


def _write(target: Path, each: Return, check: Check) -> Iterator[Path]:
    """The two files about one return; of one that was not read, or is nobody's in particular, only the page."""
    reply = reply_to(each, check)
    book, page = (target.with_name(f"{target.name}.{ending}") for ending in ("xlsx", "html"))
    marked = check.matrix if each.read and all(each.supplier) else None
    if marked:
        whose = {"municipality": each.municipality, "party": each.party}
        whole_file(book, marked_workbook(reply, marked, check.setting.catalogue, check.setting.parks, **whose))
        yield book
    whole_file(page, render_findings(reply, workbook=book.name if marked else None, read=each.read).encode())
    yield page


def _state_page(check: Check) -> str:
    setting = check.setting
    names = StateNames(
        district=setting.parameters.district,
        municipalities={slug: setting.municipality(slug, fictional=check.fictional) for slug in setting.names},
        parties={party.id: party.name for party in setting.catalogue.parties},
        families={family.id: family.name for family in setting.catalogue.families},
        label=setting.label("riec"),
    )
    findings = {each.supplier: each.findings for each in check.returns}
    return render_state(check.state, names, findings, check.missing, fictional=check.fictional)


def _clear(folder: Path, stems: Sequence[str], written: Collection[Path], *, whole_round: bool) -> None:
    """Take away what earlier checks wrote about these returns, or about any when the whole round was checked."""
    patterns = [f"*{_ENDING}.*"] if whole_round else [f"{stem}{_ENDING}.*" for stem in stems]
    try:
        for old in [path for pattern in patterns for path in folder.glob(pattern) if path not in written]:
            old.unlink()
    except OSError as fault:
        raise OutputError(f"Oude bevindingen konden niet worden weggehaald: {disk_fault(fault)}.") from fault
