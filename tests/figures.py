"""Every figure that can be read in a file, with its place, and every figure that an Assessment can answer for.

A reader of a file collects what is a number in running text, table, picture's data or cell; codes, dates, versions
and checksums are names and no figures. What an Assessment knows is all of its own numbers, taken from its JSON by
walking it, so that a new one is known by itself; and a few that follow from them by counting and adding up, which are
computed here anew.
"""

import json
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import accumulate, groupby
from math import isclose
from statistics import median

import lxml.html
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from werkbank.report.charts_park import AGENDA
from werkbank.report.district import HIGHEST as TOGETHER
from werkbank.report.front import _ROOMS, NAMED
from werkbank.wording import number

MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
NAMES = re.compile(
    rf"""\b\d{{1,2}}\s+(?:{MONTHS})\s+\d{{4}}\b | \b\d{{4}}-\d{{2}}-\d{{2}}\b | \b\d{{4}}[-‑]\d\b   # dates and rounds
    | \b[A-Z]{{1,3}}\d+\b | \b[A-Z]{{2,}}-\d+\b | \bAC2\b | \bSBI\ \d+\b | \bISO\ \d+\b       # codes
    | \bversie\ \d[\d.]*\b | \bsha256\b | \b[0-9a-f]{{8,64}}\b | \b\w+\.(?:xlsx|csv)\b        # versions, checksums, files
    | \bGM\d{{4}}\b | \bXI{{0,3}}\b""",
    re.VERBOSE,
)
INDICATOR = re.compile(r"\b[VGW]\d\d\b")
FIGURE = re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?%?(?!\w)")
EXPLAINED = {"200", "93", "100", "95", "5%", "90%", "99%"}
"""Figures of fixed explanations: "minder dan één op de 200", the example of the glossary, what an interval holds."""
BLOCKS = {"html", "title", "p", "li", "td", "th", "caption", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "div", "summary", "option",
          "figcaption", "tr", "table", "section", "ul", "ol", "dl", "figure", "header", "footer", "nav", "text"}  # fmt: skip


def figures(text):
    """The figures of a text as they are printed, a minus as a hyphen: "57,5 van 100 (55%)" → 57,5 · 100 · 55%."""
    return [one.replace("−", "-") for one in FIGURE.findall(NAMES.sub(" ", text))]


def printed(value, percentages=True):
    """A number in every way that it may be printed: 57.46 → "57,5" and "57,46"; a share also as a percentage."""
    told = {number(value, 1), number(value, 2)} if value != int(value) else {number(value), number(value, 1)}
    if percentages and -1 <= value <= 1:
        told |= {f"{number(100 * value)}%", f"{number(100 * value, 1)}%", number(100 * value)}
    if 1 < abs(value) <= 100:
        told |= {f"{one}%" for one in told}
    return {one.replace("−", "-") for one in told} | {one.lstrip("-−") for one in told}


def frames(data):
    """The tables in an Assessment's JSON as lists of rows."""
    for name, columns in data.items():
        if isinstance(columns, dict) and isinstance(columns.get("park_id"), list):
            yield name, [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def numbers_of(value, park=None):
    """Every number anywhere in a value out of JSON, with the park that it is in."""
    if isinstance(value, dict | list):
        own = value.get("park_id") or park if isinstance(value, dict) else park
        for one in value.values() if isinstance(value, dict) else value:
            yield from numbers_of(one, own)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield park, value


def numbers(value):
    """Every number anywhere in a value out of JSON."""
    return (one for _, one in numbers_of(value))


class Known:
    """What an Assessment can answer for: by park, and for what is about no park in particular."""

    def __init__(self, assessment, catalogue):
        self.data = data = json.loads(assessment.to_json())
        self.names = dict(zip(data["parks"]["park_id"], data["parks"]["name"], strict=True))
        self.of, self.exact = defaultdict(set), defaultdict(list)
        self.general, self.medians = set(), set()
        self.group = {one.id: one.group for one in catalogue.phenomena}
        self.weight = {one.id: one.weight * (one.severity or 1) for one in catalogue.indicators}
        tables = dict(frames(data))
        self._stands_in(tables)
        self._advised(data)
        for park in self.names:
            mine = {name: [row for row in rows if row["park_id"] == park] for name, rows in tables.items()}
            self._counted(park, mine)
        self._told_of_all(tables, catalogue)

    def _stands_in(self, tables):
        """What stands in the tables of the Assessment as it is."""
        for row in (row for rows in tables.values() for row in rows):
            found = list(numbers({key: value for key, value in row.items() if key not in {"latitude", "longitude"}}))
            self._keep(row["park_id"], *found)
            if "indicator" in row:
                self._keep_cell(row, *found)
        for row in tables["context"]:
            for one in numbers(row):
                self.of[row["park_id"]] |= {f"{number(one, 1)}%", f"{number(one)}%", str(int(one))}

    def _advised(self, data):
        """What stands in the lists: differences, reasons, questions, and what would turn the advice around."""
        for one in [*data["differences"], *data["reasons"], *data["advice"]["questions"]]:
            self._keep(one["park_id"], *numbers(one))
            self._keep_cell(one, *numbers(one))
        for one in data["advice"]["questions"]:
            self._keep_cell(one, round(100 * one["value"]), 100)
        for flip in data["advice"]["flips"]:
            steps = sum(abs(one["after"] - one["before"]) for one in flip["changes"] if one["park_id"])
            for one in flip["changes"]:
                cell = {"park_id": one["park_id"], "indicator": one["code"]}
                self._keep_cell(cell, one["after"], one["before"], steps)

    def _keep(self, park, *found):
        self.exact[park] += found
        for one in found:
            self.of[park] |= printed(one)

    def _keep_cell(self, row, *found):
        for one in found:
            self.of[row["park_id"], row["indicator"]] |= printed(one, percentages=False)

    def _counted(self, park, own):
        """Of one park: how many cells are filled in, unknown and empty by party; parts that are added up; strengths."""
        states = Counter((row["party"], row["state"]) for row in own["judgements"])
        self._keep(park, *states.values(), 0, len(own["cells"]))
        parts = sorted((row["contribution"] or 0.0 for row in own["cells"]), reverse=True)
        scored = [row for row in own["parks"] if row["score"] is not None]
        whole = [row["score"] - less for row in scored for less in (sum(parts), row["estimated"] or 0.0)]
        self._keep(
            park,
            *(round(sum(parts) - told, 9) for told in accumulate(parts)),
            *whole,
            *range(sum(one > 0 for one in parts) + 1),
        )
        nobody = [row for row in own["cells"] if row["applicable"] and not row["known"] and row["indicator"][0] == "V"]
        for row in nobody:
            # A blind spot names some of its threats that nobody knows, and counts the rest.
            self._keep_cell(row, len(nobody) - NAMED)
        told = [(row["phenomenon"], row["strength"]) for row in self.data["indications"] if row["park_id"] == park]
        by_group = {(self.group[phenomenon], strength) for phenomenon, strength in told}
        for one in (told, by_group):
            self._keep(park, *Counter(strength for _, strength in one).values())
        shares = [row["share"] for row in own["ranks"]] + [row["p_first"] or 0 for row in own["parks"]]
        self.of[park] |= {"99", "99%"} if any(0.99 < one < 1 for one in shares) else set()
        self.of[park] |= {"1", "1%"} if any(0 < one < 0.01 for one in shares) else set()
        levels = defaultdict(dict)
        for row in own["judgements"]:
            levels[row["indicator"]][row["party"]] = row["level"]
        told = {code: [level for level in one.values() if level is not None] for code, one in levels.items()}
        self._keep(park, sum(len({*one}) > 1 for one in told.values()))
        for code, one in told.items():
            self._keep_cell({"park_id": park, "indicator": code}, *([max(one) - min(one)] if one else []))

    def _told_of_all(self, tables, catalogue):
        data = self.data
        for one in numbers([data[name] for name in ("agreement", "advice", "district_size", "parameters")]):
            self.general |= printed(one)
        for one in data["advice"]["drivers"]:
            self.general.add(f"{round(one['total'] * 10) * 10}%")
        self.general |= EXPLAINED
        self.general.add(number(sum(row["net_ha"] or 0 for row in tables["parks"])))
        self._medians(tables["context"])
        for one in self._counts(tables, catalogue):
            self.general |= printed(one)

    def _medians(self, rows):
        """The median of the municipality, which stands beside the figure of each park."""
        for name in rows[0] if rows else ():
            found = [row[name] for row in rows if isinstance(row[name], int | float)]
            if found:
                middle = median(found)
                whole = number(middle)
                self.medians |= {whole, whole.replace(".", ""), f"{number(middle, 1)}%", f"{whole}%"}

    def _counts(self, tables, catalogue):
        cells = [row for row in tables["cells"] if row["applicable"]]
        yield from (len(self.names), len(catalogue.indicator_ids), len(cells), 0, 1, 2, 3, 100)
        unknown = sum(not row["known"] for row in cells)
        both = sum(row["known_by_all"] for row in cells)
        for party in self.data["parameters"]["parties"]:
            mine = {(row["park_id"], row["indicator"]) for row in tables["judgements"]
                    if row["party"] == party and row["state"] == "level"}  # fmt: skip
            alone = mine - {(row["park_id"], row["indicator"]) for row in tables["judgements"]
                            if row["party"] != party and row["state"] == "level"}  # fmt: skip
            yield from (len(alone), len(alone) / max(len(mine), 1), len(cells) - len(mine), 1 - len(mine) / len(cells))
        differ, actions = len(self.data["differences"]), Counter(row["action"] for row in tables["parks"])
        yield from (2**power for power in self.data["parameters"]["method"]["power"].values() if power != "inf")
        told = self.data["indications"]
        yield from Counter((row["phenomenon"], row["strength"]) for row in told).values()
        yield from (len(self.names) - room.rows for room in _ROOMS)
        yield from (differ, max(differ - AGENDA, 0), max(len(self.names) - AGENDA, 0))
        shown = (NAMED, *{room.lines for room in _ROOMS})
        signals = len({one["park_id"] for one in self.data["strong_signals"]})
        yield from (max(one - lines, 0) for one in (*actions.values(), signals) for lines in shown)
        yield from (*actions.values(), signals)
        threats = [row["coverage"] or 0 for row in tables["groups"] if row["group"] == catalogue.required.score]
        enough = sum(share >= self.data["parameters"]["method"]["minimum_coverage"] - 5e-5 for share in threats)
        yield from (enough, len(threats) - enough)
        for one in (unknown, len(cells) - unknown - both):
            yield from (one, one / len(cells))

    def has(self, park, value, share=False):
        """True for a number of this park itself, to two decimals; a share is a percentage there, to one."""
        scale, near = (100, 0.051) if share else (1, 0.0051)
        return any(abs(value - scale * one) < near for one in self.exact[park])

    def exactly(self, park, value):
        """True for a number of this park, or of the catalogue, to what rounding each part to 12 decimals leaves of a sum."""
        known = (*self.exact[park], *self.weight.values())
        return any(isclose(value, one, rel_tol=1e-12, abs_tol=1e-12) for one in known)

    def answers(self, parks):
        """What may be printed where it is about these parks, or about these (park, indicator) and nothing else."""
        if parks and all(isinstance(one, tuple) for one in parks):
            return set().union(*(self.of[one] for one in parks))
        return self.general.union(self.medians if parks else (), *(self.of[one] for one in parks))


class KnownTogether:
    """What the Assessments of a district can answer for together."""

    def __init__(self, assessments, catalogue):
        each = [Known(one, catalogue) for one in assessments]
        self.names = {code: name for one in each for code, name in one.names.items()}
        self.of = defaultdict(set, {place: found for one in each for place, found in one.of.items()})
        self.general = set().union(*(one.general for one in each))
        parks = [dict(frames(one.data))["parks"] for one in each]
        for share in ("coverage", "two_sided"):
            for rows in parks:
                self.general |= printed(sum(row[share] for row in rows) / len(rows))
        everywhere = Counter(row["action"] for rows in parks for row in rows)
        every = [row for rows in parks for row in rows]
        first = max(every, key=lambda row: row["score"])
        above = sum(row["high"] > first["low"] for row in every if row is not first)
        for one in (*everywhere.values(), above, len(self.names), len(self.names) - TOGETHER):
            self.general |= printed(one)

    def answers(self, parks):
        return self.general.union(*(self.of[one] for one in parks))


def finder(names):
    """Which parks a text names, by name or code; each text is looked at once."""
    named = [(code, re.compile(rf"(?<!\w)(?:{re.escape(name)}|{code})(?!\w)")) for code, name in names.items()]
    any_of = re.compile("|".join(re.escape(one) for pair in names.items() for one in pair))
    return cache(
        lambda text: tuple(code for code, pattern in named if pattern.search(text)) if any_of.search(text) else ()
    )


def page_blocks(html, names):
    """What is read on a page, block by block: (heading of its chapter, parks it is about, text).

    A cell of a table is about the park that its row or its column names; other text about the parks it names, or else
    about the park whose page it stands on.
    """
    about, chapter, parks = finder(names), "", ()
    texts = lxml.html.document_fromstring(html).xpath("//text()[not(ancestor::style or ancestor::script)]")
    for block, inside in groupby(texts, _block_of):
        if block.tag == "tr":
            head, row = (texts_of(one) for one in (next(block.iterancestors("table")).find(".//tr"), block))
            yield from rows_about(chapter, [] if head == row else head, row, about, parks)
            continue
        text = " ".join(" ".join(inside).split())
        if block.tag in {"h1", "h2"}:
            chapter, parks = text, ()
        if block.tag == "h3":
            parks = tuple(code for code, name in names.items() if text in (name, f"{name} {code}"))[:1]
        yield from sentences_about(chapter, text, about, parks) if text else ()


def _block_of(text):
    """The row of a table, or else the block, that a piece of text stands in."""
    inner = text.getparent().getparent() if text.is_tail else text.getparent()
    within = [inner, *inner.iterancestors()]
    return [*(one for one in within if one.tag == "tr"), *(one for one in within if one.tag in BLOCKS)][0]


def texts_of(row):
    """The cells of a row as they are read."""
    return [" ".join(" ".join(cell.itertext()).split()) for cell in row.iter("th", "td")]


def in_cells(parks, *texts):
    """These parks, or where an indicator is named with them: these cells of the matrix."""
    codes = dict.fromkeys(code for text in texts for code in INDICATOR.findall(text))
    return tuple((park, code) for park in parks for code in codes) or parks


def sentences_about(chapter, text, about, parks=()):
    """The sentences of a text, each with the parks or cells it is about."""
    parks = about(text) or parks
    for sentence in re.split(r"(?<=[.;])\s", text):
        yield chapter, in_cells(about(sentence) or parks, sentence), sentence


def rows_about(chapter, head, row, about, parks=()):
    """The cells of one row of a table, each with the park, or the cell of the matrix, that it is about."""
    columns = head if len(head) == len(row) else [""] * len(row)
    place = " ".join(row[:2]) if about(" ".join(row[:2])) else " ".join(row)
    for column, text in zip(columns, row, strict=True):
        if text:
            yield chapter, in_cells(about(column) or about(place) or parks, column, place), text


def unknown(blocks, known):
    """The figures that the Assessment has no answer for, each with its place."""
    answers = cache(known.answers)
    return [
        (chapter, parks, one, text[:200])
        for chapter, parks, text in blocks
        for one in figures(text)
        if one not in answers(parks)
    ]


def planted(blocks, known, digits):
    """Every figure of at least so many digits made wrong by one in its last digit: how many, and how many are seen."""
    wrong, seen, answers = 0, 0, cache(known.answers)
    for _, parks, text in blocks:
        for one in figures(text):
            if len(re.sub(r"\D", "", one)) >= digits:
                last = re.search(r"\d(?=%?$)", one).start()
                changed = f"{one[:last]}{(int(one[last]) + 1) % 10}{one[last + 1 :]}"
                wrong, seen = wrong + 1, seen + (changed not in answers(parks))
    return wrong, seen


def word_blocks(document, names):
    """What is read in a Word file, as `page_blocks` of a page."""
    about = finder(names)
    chapter, parks, level = "", (), 9
    for element in document.element.body:
        if element.tag == qn("w:p"):
            one = Paragraph(element, document)
            if one.style.name.startswith("Heading"):
                mine, own_level = about(one.text), int(one.style.name[-1])
                if mine or own_level <= level:
                    parks, level = mine, own_level
                chapter = one.text
            yield from sentences_about(chapter, one.text, about, parks)
        elif element.tag == qn("w:tbl"):
            rows = [[cell.text for cell in row.cells] for row in Table(element, document).rows]
            for row in rows:
                yield from rows_about(chapter, rows[0], row, about, parks)


def rows_of(part):
    """Every row of data in the specification of a chart, wherever it stands."""
    if isinstance(part, dict):
        for rows in [part.get("values"), *part.get("datasets", {}).values()]:
            yield from rows if isinstance(rows, list) and rows and isinstance(rows[0], dict) else ()
        for value in part.values():
            yield from rows_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from rows_of(value)


PLACES = {"x", "y", "line", "n", "place", "side"}
"""Where a mark is drawn; no figures."""


def wrong_in_charts(charts, known):
    """The figures in the data of charts that are not the Assessment's own: (park, key, what was found)."""
    for row in rows_of(charts):
        if row.get("code") not in known.names:
            continue
        parks = (row["code"],)
        cell = in_cells(parks, str(row.get("name", "")))
        for key, value in row.items():
            if isinstance(value, str) and key not in {"code", "park", "fill", "ink"}:
                yield from ((row["code"], key, one) for one in figures(value) if one not in known.answers(cell))
            elif key not in PLACES and isinstance(value, int | float) and not isinstance(value, bool):
                drawn_in_the_middle = key == "score" and not (row.get("scored", True) and row.get("kind") != "unknown")
                # What is known is a share of the questions, or what of a score is not estimated.
                told = known.has(row["code"], value) or (key == "known" and known.has(row["code"], value, share=True))
                if not drawn_in_the_middle and not told:
                    yield row["code"], key, value
