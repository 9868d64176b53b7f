"""What goes back: per supplier a marked workbook and a page on what to mend; for the RIEC the state of collection.

Nothing of one supplier reaches another: each file is made of one return and the findings about it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from werkbank.collecting.check import Check, Return, Setting
from werkbank.errors import Finding, OutputError
from werkbank.files.whole import whole_file
from werkbank.matrix.layout import Place, workbook_name
from werkbank.matrix.risk_matrix import COUNTS, CollectionState, filled_text
from werkbank.matrix.rules import SEVERITIES, Step, finding, steps
from werkbank.matrix.template import Reply, marked_workbook
from werkbank.report import blocks as b
from werkbank.report.html import Page, render_page
from werkbank.report.terms import spec, table, words
from werkbank.wording import MISSING, capital, count, disk_fault, listing, number

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
        whole_file(folder / STATE_PAGE, render_state(check).encode())
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


def _clear(folder: Path, stems: Sequence[str], written: Collection[Path], *, whole_round: bool) -> None:
    """Take away what earlier checks wrote about these returns, or about any when the whole round was checked."""
    patterns = [f"*{_ENDING}.*"] if whole_round else [f"{stem}{_ENDING}.*" for stem in stems]
    try:
        for old in [path for pattern in patterns for path in folder.glob(pattern) if path not in written]:
            old.unlink()
    except OSError as fault:
        raise OutputError(f"Oude bevindingen konden niet worden weggehaald: {disk_fault(fault)}.") from fault


SHOWN: Final = 40
"""Cells that one step lists; the workbook lists them all."""


def render_findings(reply: Reply, *, workbook: str | None, read: bool) -> str:
    """The page about one return as one HTML file without script, for its supplier only.

    `workbook` is the name of the marked workbook beside it, if there is one; `read` is False when nothing of the
    return could be read.
    """
    chapters = [b.Chapter("Wat te doen", "", tuple(_how_to(reply, workbook, read=read)), "mend")]
    asked = sorted(steps(reply.findings), key=lambda step: SEVERITIES.index(step.severity))
    for severity, own in groupby(enumerate(asked, 1), key=lambda one: one[1].severity):
        title, meaning = spec(f"mend.{severity}")
        tasks = (b.Group(tuple(_task(at, one, reply, workbook)), f"task {severity}") for at, one in own)
        blocks = (b.Text(meaning, "quiet"), *tasks)
        chapters.append(b.Chapter(title, "", blocks, "mend", anchor=severity, titled=True))
    whose = ", ".join(filter(None, (reply.municipality, reply.party))) or "afzender onbekend"
    return _page(
        chapters,
        title=f"Wat er te verbeteren is: {whose}",
        subtitle=f"Risicomatrix bedrijventerreinen · ronde {reply.round} · bestand {reply.file}",
        label=reply.label,
        legal_basis=words("mend.basis"),
        fictional=reply.fictional,
    )


def _page(chapters: Sequence[b.Chapter], **said: Any) -> str:
    body = Markup("\n".join(chapter.html for chapter in chapters))  # noqa: S704  made of blocks
    return render_page(Page(body=body, **said))


def _how_to(reply: Reply, workbook: str | None, *, read: bool) -> Iterator[b.Block]:
    tally = {severity: sum(finding.severity == severity for finding in reply.findings) for severity in SEVERITIES}
    found = listing(count(tally[one], *spec(f"mend.counted.{one}")) for one in SEVERITIES if tally[one])
    begin = "Dank voor het invullen." if read else "Deze aanlevering is nog niet gelezen."
    verb = "is" if found.startswith("1 ") and " en " not in found else "zijn"
    yield b.Text(f"{begin} Er {verb} {found}.", "lead")
    if not read:
        yield from b.alerts([words("mend.unread", file=reply.file)])
    yield b.Group((b.Heading("Zo doet u het", 2), b.List(_steps(reply, workbook), ordered=True)), "box")


def _steps(reply: Reply, workbook: str | None) -> tuple[b.Line, ...]:
    """What to do; the name of the file to send back stands out."""
    before, after = spec("mend.send" if workbook else "mend.save")
    name = (b.strong(reply.return_as),) if reply.return_as else ()
    if not workbook:
        return "Doe wat hieronder staat.", (before, *((", met de naam ", *name, ",") if name else ()), after)
    rebuilt = words("mend.rebuilt")
    opened = ("Open ", b.Span(workbook, to=workbook), words("mend.open", rebuilt=rebuilt))
    return opened, words("mend.mark"), (before, *((" als ", *name) if name else ()), after)


def _task(at: int, step: Step, reply: Reply, workbook: str | None) -> Iterator[b.Block]:
    """One thing to do, with the places that it is about; what is the same everywhere is said once."""
    places = [_place(finding, reply) for finding in step.findings]
    remedies, allowed = ({place[key] for place in places} for key in ("Wat te doen", "Toegestaan"))
    size = count(len(places), "plek", "plekken")
    yield b.Heading((b.Span(f"Stap {at}", "nr"), f" {step.title} ", b.quiet(f"({size})")))
    if explanation := step.meaning if len(remedies) == 1 else step.explanation:
        yield b.Text(explanation)
    for name, found in (("Wat te doen", remedies), ("Toegestaan", allowed)):
        if len(found) == 1 and (text := _sentence(places[0][name])):
            yield b.Text((b.strong(f"{name}:"), f" {text}"))
    yield _places(at, places)
    if more := max(0, len(places) - SHOWN):
        where = "; zie het blad Bevindingen" if workbook else ""
        yield b.Text(f"En nog {count(more, 'plek', 'plekken')}{where}.", "quiet")
    yield b.Text(("Code van deze regel: ", b.code(step.rule)), "quiet")


def _places(at: int, places: Sequence[Mapping[str, str]]) -> b.Block:
    """Where it is: a table of the columns that say something; one place needs no table."""
    if len(places) == 1:
        where = "; ".join(filter(None, (places[0][key] for key in ("Waar", "Terrein", "Indicator"))))
        return b.Text((b.strong("Gevonden:"), f" {places[0]['Gevonden']} ", b.quiet(f"({where})")))
    shown = [name for name in places[0] if _says_something(name, {place[name] for place in places})]
    cells = ([place[name] for name in shown] for place in places[:SHOWN])
    return b.Table(f"Plekken bij stap {at}", tuple(map(b.Column, shown)), b.rows(cells), quiet=True)


def _says_something(name: str, values: set[str]) -> bool:
    if name in ("Terrein", "Indicator"):
        return values != {""}
    return name in ("Waar", "Gevonden") or len(values) > 1


def _place(finding: Finding, reply: Reply) -> dict[str, str]:
    """One place by the headings of its columns: where it is, what stands there, what may stand there and what to do."""
    parts = (finding.sheet, finding.cell, f"regel {finding.line}" if finding.line else None)
    return {
        "Waar": ", ".join(filter(None, parts)) or "hele bestand",
        "Terrein": _named(finding.park_id, reply.parks),
        "Indicator": _named(finding.indicator, reply.indicators),
        "Gevonden": finding.found,
        "Toegestaan": "" if finding.allowed == MISSING else finding.allowed,
        "Wat te doen": finding.remedy,
    }


def _sentence(text: str) -> str:
    """The text with a capital and one full stop; nothing stays nothing."""
    return capital(text) + ("" if text.endswith((".", "?", "!")) else ".") if text else ""


def _named(identity: str | None, names: Mapping[str, str]) -> str:
    return f"{identity} {names.get(identity, '')}".strip() if identity else ""


def render_state(check: Check) -> str:
    """Who has delivered and how full it is, as one HTML file for the RIEC; counts, never a level.

    Findings are only counted; those about what is missing have the text by which to ask for it.
    """
    setting, state = check.setting, check.state
    parties = {party.id: party.name for party in setting.catalogue.parties}
    families = {family.id: family.name for family in setting.catalogue.families}
    sums = (_sums(state, "Partij", "party", parties), _sums(state, "Groep", "family", families))
    explained = b.Text(words("collected.explained"), "quiet")
    chapters = (
        b.Chapter("Stand van zaken", "", tuple(_standing(check)), "collected"),
        b.Chapter("Per gemeente en partij", "", (_suppliers(check),), "collected", titled=True),
        b.Chapter("Opgeteld", "", (*sums, explained), "collected", titled=True),
    )
    return _page(
        chapters,
        title=f"Stand van zaken van het verzamelen, district {setting.parameters.district}",
        subtitle=f"Ronde {state.round} · {count(len(setting.names), 'gemeente', 'gemeenten')}",
        label=setting.catalogue.owner.label,
        legal_basis=words("collected.basis"),
        fictional=check.fictional,
    )


def _standing(check: Check) -> Iterator[b.Block]:
    state, setting = check.state, check.setting
    asked = len(state.by("municipality", "party"))
    yield b.Text(f"{len(state.delivered)} van de {asked} risicomatrices zijn aangeleverd en gelezen.", "lead")
    for each in check.missing:
        yield b.Callout((b.strong(_sentence(each.found)), f" {capital(each.remedy)}"))
    if state.refused:
        said = f"Aangeleverd, maar geweigerd ({len(state.refused)}):"
        who = (
            f"{setting.municipality(slug, fictional=check.fictional)}, {setting.party(party)}"
            for slug, party in state.refused
        )
        yield b.Callout((b.strong(said), f" {'; '.join(who)}."))


def _suppliers(check: Check) -> b.Table:
    shares = check.state.table.groupby(["municipality", "party"], sort=False)["share_filled"].apply(list)
    summed = zip(check.state.by("municipality", "party").to_dict("records"), shares, strict=True)
    families = [
        family.name.replace("Verschijnings", "Verschijnings\u00ad") for family in check.setting.catalogue.families
    ]
    return table("collected.suppliers", (_supplier(row, own, check) for row, own in summed), families=families)


def _supplier(row: Mapping[Hashable, Any], shares: Sequence[float], check: Check) -> Iterator[b.Cell]:
    supplier = (row["municipality"], row["party"])
    come = supplier not in check.state.missing
    refused = b.Span("geweigerd", "gone") if supplier in check.state.refused else "gelezen"
    said = [found.severity for each in check.returns if each.supplier == supplier for found in each.findings]
    yield check.setting.municipality(supplier[0], fictional=check.fictional)
    yield capital(check.setting.party(supplier[1]))
    yield refused if come else b.Span("ontbreekt", "gone")
    yield from (str(said.count(one)) if come else MISSING for one in ("error", "warning"))
    yield from _counts(row)
    yield from (filled_text(_known(share)) for share in (row["share_filled"], *shares))


def _counts(row: Mapping[Hashable, Any]) -> Iterator[str]:
    return (number(int(row[name])) for name in COUNTS)


def _sums(state: CollectionState, what: str, key: str, names: Mapping[str, str]) -> b.Table:
    return table("collected.sums", (_sum(row, key, names) for row in state.by(key).to_dict("records")), what=what)


def _sum(row: Mapping[Hashable, Any], key: str, names: Mapping[str, str]) -> tuple[b.Cell, ...]:
    share = _known(row["share_filled"])
    return capital(names.get(row[key], row[key])), *_counts(row), b.Measured(filled_text(share), 0, 100 * (share or 0))


def _known(share: float) -> float | None:
    return None if pd.isna(share) else float(share)
