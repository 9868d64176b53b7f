"""The pages about what was delivered: for a supplier what to mend, for the RIEC the state of collection."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from werkbank.errors import Finding, Severity
from werkbank.matrix.collection import COUNTS, CollectionState, filled_text
from werkbank.matrix.reply import SEVERITIES, Reply, Step, steps
from werkbank.report.blocks import (
    Block,
    Callout,
    Cell,
    Chapter,
    Column,
    Group,
    Heading,
    Line,
    List,
    Measured,
    Span,
    Table,
    Text,
    alerts,
    code,
    quiet,
    rows,
    strong,
)  # fmt: skip
from werkbank.report.page import Page, render_page
from werkbank.wording import MISSING, capital, count, listing, number

__all__ = ["StateNames", "render_findings", "render_state"]

SHOWN: Final = 40
"""Cells that one step lists; the workbook lists them all."""
_SEVERITIES: Final[dict[Severity, tuple[str, str]]] = {
    "error": ("Verbeteren", "Tot een fout is verbeterd, telt wat daar staat niet mee."),
    "warning": ("Nakijken", "Dit telt mee zoals het er staat. Kijk of het zo bedoeld is, en verbeter het zo nodig."),
    "remark": ("Ter informatie", "Hier hoeft u niets voor te doen."),
}


def render_findings(reply: Reply, *, workbook: str | None, read: bool) -> str:
    """The page about one return as one HTML file without script, for its supplier only.

    `workbook` is the name of the marked workbook beside it, if there is one; `read` is False when nothing of the
    return could be read.
    """
    chapters = [Chapter("Wat te doen", "", tuple(_how_to(reply, workbook, read=read)), name="mend")]
    done = 0
    for severity in SEVERITIES:
        own = [step for step in steps(reply.findings) if step.severity == severity]
        title, meaning = _SEVERITIES[severity]
        tasks = (
            Group(tuple(_task(at, step, reply, workbook)), f"task {severity}") for at, step in enumerate(own, done + 1)
        )
        if own:
            blocks: tuple[Block, ...] = (Text(meaning, "quiet"), *tasks)
            chapters.append(Chapter(title, "", blocks, name="mend", anchor=severity, titled=True))
        done += len(own)
    whose = ", ".join(filter(None, (reply.municipality, reply.party))) or "afzender onbekend"
    return _page(
        chapters,
        title=f"Wat er te verbeteren is: {whose}",
        subtitle=f"Risicomatrix bedrijventerreinen · ronde {reply.round} · bestand {reply.file}",
        label=reply.label,
        legal_basis="Alleen de eigen aanlevering; er zijn geen gegevens van partijen samengebracht.",
        fictional=reply.fictional,
    )


def _page(chapters: Sequence[Chapter], **words: Any) -> str:
    body = Markup("\n".join(chapter.html for chapter in chapters))  # noqa: S704  made of blocks
    return render_page(Page(body=body, **words))


def _how_to(reply: Reply, workbook: str | None, *, read: bool) -> Iterator[Block]:
    found = _found(reply.findings)
    begin = "Dank voor het invullen." if read else "Deze aanlevering is nog niet gelezen."
    yield Text(f"{begin} Er {'is' if found.startswith('1 ') and ' en ' not in found else 'zijn'} {found}.", "lead")
    if not read:
        yield from alerts([f"Van {reply.file} telt nu niets mee. Verbeter eerst wat hieronder bij stap 1 staat."])
    steps_to_take = tuple(_with_workbook(reply, workbook) if workbook else _without(reply))
    yield Group((Heading("Zo doet u het", 2), List(steps_to_take, ordered=True)), "box")


def _with_workbook(reply: Reply, workbook: str) -> Iterator[Line]:
    rebuilt = (
        " Het is een nieuwe werkmap met wat van uw bestand is gelezen; vul daarin aan wat ontbreekt."
        if reply.rebuilt
        else ""
    )
    first = "Het eerste blad, Bevindingen, noemt alles wat is opgevallen. Klik op een cel om erheen te gaan."
    yield "Open ", Span(workbook, to=workbook), f". {first}{rebuilt}"
    yield "Verbeter de gemarkeerde cellen. Bij elke cel staat een opmerking met wat er staat, wat mag en wat u doet."
    named = (" als ", strong(reply.return_as)) if reply.return_as else ()
    back = "en stuur de werkmap langs de afgesproken veilige weg terug. De markeringen mogen blijven staan."
    yield "Sla op", *named, f" {back}"


def _without(reply: Reply) -> Iterator[Line]:
    yield "Doe wat hieronder staat."
    named = (", met de naam ", strong(reply.return_as), ",") if reply.return_as else ()
    yield "Sla de risicomatrix op als .xlsx", *named, " en stuur haar langs de afgesproken veilige weg terug."


def _found(findings: tuple[Finding, ...]) -> str:
    """How much there is to do: "4 fouten om te verbeteren en 1 punt om na te kijken"."""
    tally = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    said = (
        (tally["error"], "fout om te verbeteren", "fouten om te verbeteren"),
        (tally["warning"], "punt om na te kijken", "punten om na te kijken"),
        (tally["remark"], "opmerking", "opmerkingen"),
    )
    return listing(count(*each) for each in said if each[0])


def _task(at: int, step: Step, reply: Reply, workbook: str | None) -> Iterator[Block]:
    """One thing to do, with the places that it is about; what is the same everywhere is said once."""
    places = [_place(finding, reply) for finding in step.findings]
    remedies, allowed = ({place[key] for place in places} for key in ("Wat te doen", "Toegestaan"))
    size = count(len(places), "plek", "plekken")
    yield Heading((Span(f"Stap {at}", "nr"), f" {step.title} ", quiet(f"({size})")))
    if explanation := step.meaning if len(remedies) == 1 else step.explanation:
        yield Text(explanation)
    for name, found in (("Wat te doen", remedies), ("Toegestaan", allowed)):
        if len(found) == 1 and (text := _sentence(places[0][name])):
            yield Text((strong(f"{name}:"), f" {text}"))
    yield _places(at, places)
    if more := max(0, len(places) - SHOWN):
        yield Text(
            f"En nog {count(more, 'plek', 'plekken')}{'; zie het blad Bevindingen' if workbook else ''}.", "quiet"
        )
    yield Text(("Code van deze regel: ", code(step.rule)), "quiet")


def _places(at: int, places: Sequence[Mapping[str, str]]) -> Block:
    """Where it is: a table of the columns that say something; one place needs no table."""
    if len(places) == 1:
        where = "; ".join(filter(None, (places[0][key] for key in ("Waar", "Terrein", "Indicator"))))
        return Text((strong("Gevonden:"), f" {places[0]['Gevonden']} ", quiet(f"({where})")))
    shown = [name for name in places[0] if _says_something(name, {place[name] for place in places})]
    cells = ([place[name] for name in shown] for place in places[:SHOWN])
    return Table(f"Plekken bij stap {at}", tuple(map(Column, shown)), rows(cells), quiet=True)


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


Supplier = tuple[str, str]
"""Municipality and party."""
_COUNTED = ("Bekend", "Onbekend", "N.v.t.", "Open")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateNames:
    """A name for each code, and the label of every page."""

    district: str
    municipalities: Mapping[str, str]
    parties: Mapping[str, str]
    families: Mapping[str, str]
    label: str

    def supplier(self, supplier: Supplier) -> str:
        """Municipality and party in words."""
        municipality, party = supplier
        return f"{self.municipalities.get(municipality, municipality)}, {self.parties.get(party, party)}"


def render_state(
    state: CollectionState, names: StateNames, findings: Mapping[Supplier, Sequence[Finding]], *, fictional: bool
) -> str:
    """Who has delivered and how full it is, as one HTML file; counts, never a level. `findings` are only counted."""
    explained = (
        "Bekend: er is een niveau gekozen. Onbekend: iemand heeft gezegd er geen zicht op te hebben. Open: nog niet "
        "ingevuld, of niet te lezen. Geweigerd: er kwam een bestand, maar het is niet te lezen of hoort niet bij deze "
        "ronde. Gevuld: het deel van de cellen dat niet open is. Van wie nog niets aanleverde, zijn alle cellen open."
    )
    sums = (_sums(state, "Partij", "party", names.parties), _sums(state, "Groep", "family", names.families))
    per = "Per gemeente en partij"
    return _page(
        (
            Chapter("Stand van zaken", "", tuple(_standing(state, names)), name="collected"),
            Chapter(per, "", (_suppliers(state, names, findings),), name="collected", titled=True),
            Chapter("Opgeteld", "", (*sums, Text(explained, "quiet")), name="collected", titled=True),
        ),
        title=f"Stand van zaken van het verzamelen, district {names.district}",
        subtitle=f"Ronde {state.round} · {count(len(names.municipalities), 'gemeente', 'gemeenten')}",
        label=names.label,
        legal_basis="Alleen aantallen; er zijn geen gegevens van partijen samengebracht.",
        fictional=fictional,
    )


def _standing(state: CollectionState, names: StateNames) -> Iterator[Block]:
    asked = len(state.by("municipality", "party"))
    yield Text(f"{len(state.delivered)} van de {asked} risicomatrices zijn aangeleverd en gelezen.", "lead")
    for words, found in (("Nog niet aangeleverd", state.missing), ("Aangeleverd, maar geweigerd", state.refused)):
        if found:
            named = "; ".join(map(names.supplier, found))
            yield Callout((strong(f"{words} ({len(found)}):"), f" {named}."))


def _suppliers(state: CollectionState, names: StateNames, findings: Mapping[Supplier, Sequence[Finding]]) -> Table:
    shares = state.table.groupby(["municipality", "party"], sort=False)["share_filled"].apply(list)
    summed = zip(state.by("municipality", "party").to_dict("records"), shares, strict=True)
    families = (family.replace("Verschijnings", "Verschijnings\u00ad") for family in names.families.values())
    return Table(
        "Per gemeente en partij: aangeleverd, bevindingen, cellen per stand en hoe vol het is",
        (
            *map(Column, ("Gemeente", "Partij", "Stand")),
            *(Column(name, "number") for name in ("Fouten", "Let op", *_COUNTED)),
            Column("Gevuld", "total"),
            *(Column(family, "number") for family in families),
        ),
        rows(_supplier(row, own, state, names, findings) for row, own in summed),
        quiet=True,
    )


def _supplier(
    row: Mapping[Hashable, Any],
    shares: Sequence[float],
    state: CollectionState,
    names: StateNames,
    findings: Mapping[Supplier, Sequence[Finding]],
) -> Iterator[Cell]:
    supplier = (row["municipality"], row["party"])
    come = supplier not in state.missing
    refused = Span("geweigerd", "gone") if supplier in state.refused else "gelezen"
    said = [finding.severity for finding in findings.get(supplier, ())]
    yield names.municipalities.get(supplier[0], supplier[0])
    yield capital(names.parties.get(supplier[1], supplier[1]))
    yield refused if come else Span("ontbreekt", "gone")
    yield from (str(said.count(one)) if come else MISSING for one in ("error", "warning"))
    yield from _counts(row)
    yield from (filled_text(_known(share)) for share in (row["share_filled"], *shares))


def _counts(row: Mapping[Hashable, Any]) -> Iterator[str]:
    return (number(int(row[name])) for name in COUNTS)


def _sums(state: CollectionState, heading: str, key: str, names: Mapping[str, str]) -> Table:
    found = state.by(key).to_dict("records")
    shares = [_known(row["share_filled"]) for row in found]
    columns = (Column(heading), *(Column(name, "number") for name in _COUNTED), Column("Gevuld", "number"))
    cells: Iterator[tuple[Cell, ...]] = (
        (capital(names.get(row[key], row[key])), *_counts(row), Measured(filled_text(share), 0, 100 * (share or 0)))
        for row, share in zip(found, shares, strict=True)
    )
    return Table(f"Opgeteld per {heading}", columns, rows(cells), look="sums", quiet=True)


def _known(share: float) -> float | None:
    return None if pd.isna(share) else float(share)
