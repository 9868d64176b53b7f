"""What `werkbank check` shows on the terminal: the findings by return, the counts, and the state of collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from werkbank.collecting.check import Check, Return
from werkbank.errors import SEVERITY_DUTCH, Finding, Severity
from werkbank.matrix.risk_matrix import COUNTS, filled_text
from werkbank.matrix.rules import SEVERITIES, in_order, title_of
from werkbank.wording import capital, count, listing, number, plain

_LOOKS: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "remark": "cyan"}
_COUNTED: dict[Severity, tuple[str, str]] = {
    "error": ("fout", "fouten"),
    "warning": ("keer let op", "keer let op"),
    "remark": ("opmerking", "opmerkingen"),
}
_WHOLE = "hele bestand"
_CELLS = 12
"""Cells that one line names; the file to send back and --json name them all."""


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def show_workspace(findings: Sequence[Finding]) -> None:
    """Every finding about what is no return: parameters, catalogue, parks, legal bases, notebooks, house style."""
    if findings:
        _show_findings(_console(), f"De map van de werkbank: {_tally(findings)}", findings, "")


def show(check: Check) -> None:
    """Every finding in a table for the workspace and per return, errors first; then the state of collection."""
    console = _console()
    show_workspace(check.workspace)
    for each in check.returns:
        if each.findings:
            _show_findings(console, _heading(each, check), each.findings, _WHOLE)
    if check.common:
        _show_findings(console, "Over de ronde als geheel", check.common, "")
    for found in check.missing:
        console.print(Text(f"{capital(found.found)}.", style=_LOOKS["error"]))
        console.print(Text(f"{capital(found.remedy)}\n"))
    if check.state.table.size:
        _show_state(console, check)


def summarise(check: Check) -> None:
    """The counts: per severity, per rule, and how many returns came."""
    console = _console()
    rules = Counter((finding.severity, finding.rule) for finding in check.findings)
    if rules:
        table = _table("Aantal", "Soort", "Regel", "Wat het is")
        table.columns[0].justify = "right"
        for (severity, rule), size in sorted(rules.items(), key=lambda each: (SEVERITIES.index(each[0][0]), -each[1])):
            table.add_row(number(size), _severity(severity), rule, title_of(rule))
        _print(console, "Samenvatting", table)
    clean = sum(not each.findings for each in check.returns)
    if clean:
        console.print(Text(f"Zonder bevindingen: {count(clean, 'aanlevering', 'aanleveringen')}."))
    console.print(Text(f"{check.state}.", style="bold"))
    console.print(Text(f"{capital(_tally(check.findings))}.", style="bold"))


def _heading(each: Return, check: Check) -> str:
    whose = ", ".join(filter(None, (check.setting.names.get(each.municipality), check.setting.party(each.party))))
    return f"{each.file} ({whose or 'afzender onbekend'}): {_tally(each.findings)}"


def _tally(findings: Iterable[Finding]) -> str:
    tally = Counter(finding.severity for finding in findings)
    return listing(count(tally[severity], *_COUNTED[severity]) for severity in SEVERITIES if tally[severity]) or (
        "geen bevindingen"
    )


def _show_findings(console: Console, heading: str, findings: Sequence[Finding], whole: str) -> None:
    """One table; `whole` stands where a finding is about no place in particular, else the name of its file."""
    table = _table("Soort", "Waar", "Gevonden en toegestaan", "Wat te doen")
    room = console.width - len("Let op") - len(table.columns)
    widths = [room * part // 16 for part in (4, 6, 6)]
    for column, width in zip(table.columns[1:], widths, strict=True):
        column.max_width = width
    for severity, *texts in _lines(findings, whole):
        table.add_row(_severity(severity), *map(_between_words, texts, widths))
    _print(console, heading, table)


def _between_words(text: str, width: int) -> str:
    """The text with line ends in what is too long for a line, such as a file name: between its words, never in one."""
    return re.sub(rf"\S{{{width + 1},}}", lambda long: "\n".join(_pieces(long[0], width)), text)


def _pieces(word: str, width: int) -> Iterator[str]:
    line = ""
    for part in re.findall(r"[^_./-]+[_./-]*|[_./-]+", word):
        if line and len(line) + len(part) > width:
            yield line
            line = ""
        line += part
    yield line


def _lines(findings: Sequence[Finding], whole: str) -> Iterator[tuple[Severity, str, str, str]]:
    """One line for all cells in which the same was found and the same is to be done."""
    groups: dict[tuple[str | None, ...], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.severity, one.rule, one.sheet, one.found, one.remedy), []).append(one)
    order = {finding: place for place, finding in enumerate(in_order(findings))}
    for group in sorted(groups.values(), key=lambda group: min(order[finding] for finding in group)):
        first = group[0]
        allowed = f"\ntoegestaan: {plain(first.allowed)}" if first.allowed else ""
        remedy = plain(f"{first.remedy} [{first.rule}]")
        yield (
            first.severity,
            plain(" ".join(filter(None, ("" if whole else first.file, _where(group)))) or whole or "–"),
            f"{plain(first.found)}{allowed}",
            remedy,
        )


def _where(group: Sequence[Finding]) -> str:
    spots = [spot for finding in in_order(group) if (spot := finding.cell or str(finding.line or ""))]
    named = ", ".join(spots[:_CELLS])
    more = f" en nog {len(spots) - _CELLS}" if len(spots) > _CELLS else ""
    lines = "" if not spots or group[0].cell else "regel" if len(spots) == 1 else "regels"
    return " ".join(filter(None, (group[0].sheet, lines, named + more)))


def _show_state(console: Console, check: Check) -> None:
    names = [family.name for family in check.setting.catalogue.families]
    table = _table("Gemeente", "Partij", "Stand", "Bek.", "Onb.", "Nvt", "Open", "Vol", *(name[:1] for name in names))
    table.padding = 0
    for column in table.columns[1:]:
        column.no_wrap = True
    for column in table.columns[3:]:
        column.justify = "right"
    rows = list(_state_rows(check))
    for place, row in enumerate(rows):
        table.add_row(*row, end_section=place == len(rows) - 2)
    legend = listing(f"{name[:1]} {name.lower()}" for name in names)
    console.print(Text(f"Stand van het verzamelen, ronde {check.state.round}", style="bold"))
    console.print(table)
    console.print(Text(f"Bek. bekend, Onb. onbekend, Vol het deel dat niet open is; daarvan {legend}.\n"))


def _state_rows(check: Check) -> Iterator[tuple[str, ...]]:
    """Per municipality and party the counts and shares, and last all of them together."""
    state = check.state
    sums: list[dict[Any, Any]] = state.by("municipality", "party").to_dict("records")
    shares = state.table.groupby(["municipality", "party"], sort=False)["share_filled"].apply(list)
    for row, own in zip(sums, shares, strict=True):
        supplier = (row["municipality"], row["party"])
        name = check.setting.names.get(supplier[0], supplier[0])
        read = "geweigerd" if supplier in state.refused else "gelezen"
        standing = "ontbreekt" if supplier in state.missing else read
        yield (name, check.setting.party(supplier[1]), standing, *_figures(row, own))
    whole = state.table[["cells", *COUNTS]].sum()
    filled = 1 - whole["open"] / whole["cells"] if whole["cells"] else None
    delivered = f"{len(state.delivered)}/{len(sums)}"
    yield ("Samen", "", delivered, *_figures({**whole, "share_filled": filled}, state.by("family")["share_filled"]))


def _figures(row: Mapping[Any, Any], shares: Iterable[float]) -> Iterator[str]:
    yield from (number(row[name]) for name in COUNTS)
    yield from (filled_text(share) for share in (row["share_filled"], *shares))


def _severity(severity: Severity) -> Text:
    return Text(capital(SEVERITY_DUTCH[severity]), style=_LOOKS[severity])


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _print(console: Console, heading: str, table: Table) -> None:
    console.print(Text(plain(heading), style="bold"))
    console.print(table)
    console.print()
