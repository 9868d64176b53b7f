"""Vignettes: three invented parks that raters judge every round, out as a workbook, back, and what they tell.

The form, `vignettes.yaml`, is the same for who writes and who reads: a workbook in which a locked cell says anything
else is of another round, another text or another scale. What comes back is kept as it came in `data/vignettes/<round>`.
What it tells is to be talked about: it enters no score, and what is told of one rater is written nowhere. Scoring by
vignettes raises agreement even on random data (von Davier and others 2017).

Answers are raters × lines in steps of a scale, NaN = no answer: the index has the levels `party` and `rater`, the
columns the levels `park` and `line`. Intervals hold `SHARE`, by Student's t and by chi-square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from werkbank.collecting.check import Setting
from werkbank.errors import Finding, MatrixError
from werkbank.files.whole import whole_file
from werkbank.files.yaml import Prose, packaged
from werkbank.matrix.layout import Place, level_text
from werkbank.matrix.opening import Table, UnreadableWorkbookError, file_content, open_workbook
from werkbank.matrix.template import Book
from werkbank.matrix.template_sheets import PROTECTION, Styles
from werkbank.settings.workspace import VIGNETTES
from werkbank.wording import capital, count, listing, number

_FORM: Final = packaged(__file__, "vignettes.yaml")
LINES: Final = pd.Series(
    {(park, code): float(level) for park, lines in _FORM["parks"].items() for code, (level, _) in lines.items()}
).rename_axis(["park", "line"])
"""Park and indicator of every line, with the level that it is meant to have."""
_PROSE: Final = Prose(Path(__file__).with_name("faults.yaml"))
_SHEET: Final = "Vignetten"
_WIDTHS: Final = (8, 34, 62, 20)
_ANSWER: Final = 3
_A_LINE: Final = 54
"""Characters of a text that fit on one line; one over all columns has room for twice as many."""
_NUMBERS: Final = tuple(map(str, range(1, 81)))
"""A list in a cell holds 255 characters."""
SHARE: Final = 0.95


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the form: its locked cells, and what may be chosen behind them."""

    look: str
    texts: tuple[str, ...]
    choices: tuple[str, ...] = ()


def _rows(setting: Setting, round_name: str) -> Iterator[_Row]:
    """The form; who judges comes first. Raises CatalogueError where the catalogue lacks an indicator."""
    catalogue = setting.catalogue
    yield _Row("title", (_FORM["title"].format(round=round_name),))
    yield _Row("text", (_FORM["how"],))
    for scale in dict.fromkeys(catalogue.scale_of(code) for _, code in LINES.index):
        yield _Row("text", (" ".join(f"{level_text(each)}: {each.anchor}" for each in scale.levels),))
    yield _Row("term", ("", "", _FORM["party"]), tuple(_parties(setting)))
    yield _Row("term", ("", "", _FORM["rater"]), _NUMBERS)
    yield _Row("head", tuple(_FORM["heads"]))
    for park, lines in _FORM["parks"].items():
        yield _Row("family", (park, "", "", ""))
        for code, (_, text) in lines.items():
            scale = catalogue.scale_of(code)
            yield _Row("name", (code, catalogue.indicator(code).name, text), tuple(map(level_text, scale.levels)))


def _parties(setting: Setting) -> dict[str, str]:
    """The parties that take part in any municipality: name → code."""
    return {capital(setting.party(code)): code for each in setting.parties.values() for code in each}


def render(setting: Setting, party: str = "") -> bytes:
    """The workbook for one rater, locked but for the answers; the same bytes for the same round and party."""
    book = Book(title=_SHEET)
    sheet, styles, rows = book.add_worksheet(_SHEET), Styles(book, fictional=True), list(_rows(setting, setting.round))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for place, row in enumerate(rows):
        _write(sheet, styles, place, row)
    if party:
        sheet.write(_choosing(rows)[0], _ANSWER, capital(setting.party(party)), styles["cell"])
    sheet.protect("", PROTECTION)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    return book.content()


def _write(sheet: Worksheet, styles: Styles, place: int, row: _Row) -> None:
    alone = len(row.texts) == 1
    sheet.set_row(place, 15 * (max(map(len, row.texts)) // (_A_LINE * (1 + alone)) + 1) + 5)
    sheet.write_row(place, 0, row.texts, styles[row.look])
    if alone:
        sheet.merge_range(place, 0, place, _ANSWER, row.texts[0], styles[row.look])
    if row.choices:
        sheet.write_blank(place, _ANSWER, None, styles["cell"])
        wrong = _PROSE.finding("vignettes-choice", allowed="").remedy
        rule = {"validate": "list", "source": list(row.choices), "error_message": wrong}
        sheet.data_validation(place, _ANSWER, place, _ANSWER, rule)


def _choosing(rows: Sequence[_Row]) -> list[int]:
    return [place for place, row in enumerate(rows) if row.choices]


def keep_answers(paths: Sequence[Path], setting: Setting) -> list[Finding]:
    """Keep the workbooks without a fault in `data/vignettes/<round>` as they came; what was found in all of them."""
    folder, found = setting.parameters.data / VIGNETTES / setting.round, list[Finding]()
    for path in paths:
        (party, rater), _, own = _read(path, setting, setting.round)
        faults = [each for each in own if each.severity == "error"]
        if not faults and any(each.read_bytes() != path.read_bytes() for each in folder.glob(f"*_{rater}.xlsx")):
            faults = own = [*own, _finding("vignettes-twice", Place(path.name), rater=rater)]
        found += own
        if not faults:
            whole_file(folder / f"{setting.catalogue.party(party).file}_{rater}.xlsx", path.read_bytes())
    return found


def kept_answers(setting: Setting, round_name: str) -> pd.DataFrame:
    """The answers of a round, (party, rater) × (park, line). Raises MatrixError for what is not as it was kept."""
    folder = setting.parameters.data / VIGNETTES / round_name
    read = [_read(path, setting, round_name) for path in sorted(folder.glob("*.xlsx"))]
    if faults := tuple(each for _, _, found in read for each in found if each.severity == "error"):
        raise MatrixError(f"De vignetten van ronde {round_name} zijn niet te vergelijken met die van nu.", faults)
    index = pd.MultiIndex.from_tuples([who for who, _, _ in read], names=["party", "rater"])
    return pd.DataFrame([levels for _, levels, _ in read], index, LINES.index, dtype=float)


def _finding(key: str, place: Place, **facts: object) -> Finding:
    return replace(_PROSE.finding(key, **facts), file=place.file, sheet=place.sheet, cell=place.cell)


def _read(path: Path, setting: Setting, round_name: str) -> tuple[tuple[str, str], list[int | None], list[Finding]]:
    """Who answered (party and number), the level of every line, and what was found in one workbook."""
    try:
        book = open_workbook(path, file_content(path))
    except UnreadableWorkbookError as error:
        return ("", ""), [], [error.finding]
    table, rows = book.table(_SHEET) or Table(path.name, _SHEET, ()), list(_rows(setting, round_name))
    for row, asked in enumerate(rows):
        for column, text in enumerate(asked.texts):
            if _cell(table, row, column) != text:
                return ("", ""), [], [_finding("vignettes-other", table.place(row, column), allowed=text)]
    found = list(book.findings)
    party, rater, *levels = (_chosen(table, row, rows[row], found) for row in _choosing(rows))
    who = ("", "") if party is None or rater is None else ([*_parties(setting).values()][party], _NUMBERS[rater])
    return who, levels, found


def _chosen(table: Table, row: int, asked: _Row, found: list[Finding]) -> int | None:
    """Which of the choices stands there; what is wrong with it is added to what was found."""
    text, place, allowed = _cell(table, row, _ANSWER), table.place(row, _ANSWER), listing(asked.choices[:9], "of")
    if text in asked.choices:
        return asked.choices.index(text)
    if text or asked.look == "term":
        found.append(_finding("vignettes-choice", place, allowed=allowed))
    else:
        found.append(_finding("vignettes-open", place, allowed=allowed))
    return None


def _cell(table: Table, row: int, column: int) -> str:
    value = table.rows[row][column] if row < len(table.rows) and column < len(table.rows[row]) else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def told(setting: Setting, *, coordinator: bool) -> Iterator[str]:
    """What the answers of the round say of every party, and to the coordinator of every rater. Raises MatrixError."""
    answers, parks = kept_answers(setting, setting.round), len(_FORM["parks"])
    if len(answers) < parks:
        place, raters = Place(f"data/{VIGNETTES}/{setting.round}"), _raters(len(answers))
        few = _finding("vignettes-few", place, raters=raters, parks=parks)
        raise MatrixError("Er zijn te weinig beoordelaars om iets te berekenen.", (few,))
    yield f"Vignetten van ronde {setting.round}, in stappen van de schaal (95%-interval). Niets telt mee in een score."
    for party, own in by_party(answers).iterrows():
        yield f"  {capital(setting.party(str(party)))}, {_raters(own.raters)}: {_numbers(own)}"
    earlier = setting.parameters.earlier_round
    before = kept_answers(setting, earlier) if earlier else answers[:0]
    for party, own in drift(before, answers).iterrows():
        verdict = "verschoven: bespreek dit voordat u rondes vergelijkt" if own.raised else "geen verschuiving gezien"
        moved = _interval(own.change, own.low, own.high)
        who = f"{capital(setting.party(str(party)))} sinds {earlier}, {_raters(own.raters)} beide keren"
        yield f"  {who}: {moved}; {verdict}"
    if coordinator:
        yield "Alleen voor de coördinator; dit wordt nergens bewaard:"
        wrong = misordered(answers, LINES)
        for who, (_, own) in zip(answers.index, by_rater(answers).iterrows(), strict=True):
            yield f"  {capital(setting.party(who[0]))} {who[1]}, {own.lines:.0f} regels: {_numbers(own)}"
            yield from (f"    zet {one} niet boven {other}, zoals beschreven" for one, other in wrong.get(who, ()))


def _raters(many: int) -> str:
    return count(many, "beoordelaar", "beoordelaars")


def _numbers(own: Any) -> str:
    strict = _interval(own.severity, own.severity_low, own.severity_high)
    loose = _interval(own.imprecision, own.imprecision_low, own.imprecision_high)
    return f"strengheid {strict}; onnauwkeurigheid {loose}"


def _interval(value: float, low: float, high: float) -> str:
    return f"{number(value, 2)} ({number(low, 2)} tot {number(high, 2)})"


def by_rater(answers: pd.DataFrame) -> pd.DataFrame:
    """Severity and imprecision of every rater with their intervals (low, high), and the lines they rest on.

    Severity: the mean difference from the mean answer of the whole group, the rater included. Imprecision: the standard
    deviation of what is left, over √(1 - 1/k) where k answered, for the rater is one of them. A line that one person
    answered counts for nobody. NaN for who has fewer than two lines.
    """
    table = answers.loc[:, answers.notna().sum() > 1]
    apart = table - table.mean()
    severity, lines = apart.mean(axis=1), apart.notna().sum(axis=1)
    squares = (apart.sub(severity, axis=0) ** 2 / (1 - 1 / table.notna().sum())).sum(axis=1)
    return _told(severity, _t(lines - 1) * apart.std(axis=1) / np.sqrt(lines), squares, lines - 1).assign(lines=lines)


def by_party(answers: pd.DataFrame) -> pd.DataFrame:
    """Severity and imprecision of every party with their intervals, and its raters.

    Severity is the mean of its raters'; its interval rests on how far raters of one party lie apart, pooled over the
    parties. Imprecision is that of its raters together, the severity of each left out.
    """
    own = by_rater(answers)
    free = (own["lines"] - 1).clip(lower=0)
    sums = pd.DataFrame({"free": free, "squares": own["imprecision"] ** 2 * free}).groupby(level="party").sum()
    # Apart from the mean of all N, the mean of n varies by 1/n - 1/N.
    means = _party_means(own["severity"], less=1 / max(1, own["severity"].count()))
    return _told(means["mean"], means["half"], sums["squares"], sums["free"]).assign(raters=means["raters"])


def drift(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """How far every party moved between two rounds of the same lines: change, low, high, raters, and whether raised.

    Only raters and lines of both rounds count, each rater equally. The lines stayed what they were, so both rounds are
    held against what the group said in the first: then the others do not seem to move the other way. The interval
    rests on how far raters of one party moved apart, pooled over the parties. Raised where it excludes 0.
    """
    moved = (after - before).mean(axis=1).dropna()
    means = _party_means(moved)
    low, high = means["mean"] - means["half"], means["mean"] + means["half"]
    told = pd.DataFrame({"change": means["mean"], "low": low, "high": high, "raters": means["raters"]})
    return told.assign(raised=(low > 0) | (high < 0))


def misordered(answers: pd.DataFrame, described: pd.Series) -> dict[Any, list[tuple[str, str]]]:
    """Who does not put a park above one that is described as lighter: per rater these pairs, the heavier first.

    `described`: the level that every line is meant to have. Parks are compared by the mean of what the rater answered.
    """
    meant = answers.notna().mul(described, axis=1).where(answers.notna())
    said, weight = (table.T.groupby(level="park").mean() for table in (answers, meant))
    wrong = {
        (one, other): (weight.loc[one] > weight.loc[other]) & (said.loc[one] <= said.loc[other])
        for one in said.index
        for other in said.index
    }
    return {who: found for who in answers.index if (found := [pair for pair, is_so in wrong.items() if is_so[who]])}


def _party_means(values: pd.Series, less: float = 0.0) -> pd.DataFrame:
    """The mean of every party's raters, how many they are, and half the interval's width: NaN with one per party."""
    groups = values.dropna().groupby(level="party")
    means, raters = groups.mean(), groups.count()
    free = (raters - 1).sum()
    variance = (groups.var().fillna(0) * (raters - 1)).sum() / (free or np.nan)
    half = np.sqrt(variance * (1 / raters - less)) * _t(pd.Series(free, means.index))
    return pd.DataFrame({"mean": means, "raters": raters, "half": half})


def _told(severity: pd.Series, half: pd.Series, squares: pd.Series, free: pd.Series) -> pd.DataFrame:
    from scipy.special import chdtri  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    known = free.where(free > 0).astype(float)
    told = {"severity": severity, "severity_low": severity - half, "severity_high": severity + half}
    told["imprecision"] = np.sqrt(squares / known)
    for name, above in (("low", (1 - SHARE) / 2), ("high", (1 + SHARE) / 2)):
        told[f"imprecision_{name}"] = np.sqrt(squares / chdtri(known, above))
    return pd.DataFrame(told)


def _t(free: pd.Series) -> pd.Series:
    from scipy.special import stdtrit  # noqa: PLC0415 - as above

    return pd.Series(stdtrit(free.where(free > 0).astype(float), (1 + SHARE) / 2), index=free.index)
