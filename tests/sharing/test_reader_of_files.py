"""The test plays the reader of the files themselves: what is written for an audience, with all data in it.

`test_reader.py` plays with the filtered analysis. Here the reader opens `analyse.html` as text, takes everything in it
(the data of the charts, every table, every sentence) and nothing else, and again must not name the police's cells
better than without the file.
"""

import json
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.plain_notebooks import analysis
from tests.sharing.test_reader import LEVELS, column, consistent, named
from werkbank.report.terms import STRENGTH
from werkbank.settings.catalogue import load_catalogue

READY = [audience.id for audience in load_catalogue().ready]

SLUGS = ("almere", "urk")
DRAWS = 20_000
KEYS = {
    *("park", "code", "score", "low", "high", "told", "kind", "x"),
    *("known", "sign", "scored", "advised", "tip", "side"),
    *("rank", "class", "fill", "ink", "y", "line", "n"),
}
"""What the data of a chart may hold for who sees one party's cells only; nothing about an indicator, nothing by group."""


class Reader(HTMLParser):
    """Every table of a page as rows of text, the data of its charts, and its words."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.words, self.data, self._open = [], [], "", None
        self._in_cell = False
        self.feed(html)
        self.tables = [[[cell.strip() for cell in row] for row in table] for table in self.tables]
        self.charts = json.loads(self.data)["charts"]

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._in_cell = True
        self._open = {"script": "data" if names.get("id") == "figuren" else "script", "style": "style"}.get(
            tag, self._open
        )

    def handle_endtag(self, tag):
        if tag in {"script", "style"}:
            self._open = None
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, text):
        if self._open == "data":
            self.data += text
        elif self._open is None:
            self.words.append(text)
            if self._in_cell:
                self.tables[-1][-1][-1] += text


def rows_of(part):
    """Every row of data in a chart, wherever it stands."""
    if isinstance(part, dict):
        data = part.get("data")
        yield from data["values"] if isinstance(data, dict) and "values" in data else ()
        for value in part.values():
            yield from rows_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from rows_of(value)


@pytest.fixture(scope="module")
def read(demo_workspace):
    """Per municipality and audience: the whole analysis, and the reader with the file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        found = {}
        for slug in SLUGS:
            for audience in READY:
                full = wb.assess(wb.load_parameters(slug, audience=audience))
                found[slug, audience] = full, Reader(analysis(wb.for_audience(full)))
    return found


def rows(reader):
    named = [row for chart in reader.charts for values in chart.get("datasets", {}).values() for row in values]
    return [*named, *(row for chart in reader.charts for row in rows_of(chart))]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_charts_hold_no_cell_no_group_and_no_recalculation(read, slug):
    _, reader = read[slug, "municipality"]
    assert {key for row in rows(reader) for key in row} <= KEYS
    assert {"points", "levels", "level", "party", "group", "place"} & {
        key for row in rows(read[slug, "riec"][1]) for key in row
    }, "the detector sees them where they are"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_score_and_bound_in_the_file_is_a_step_of_five(read, slug):
    _, reader = read[slug, "municipality"]
    scored = [row for row in rows(reader) if {"code", "score"} <= set(row)]
    assert scored
    for row in scored:
        for key in ("low", "high", *(["score"] if row.get("scored", True) else [])):
            assert row.get(key) is None or row[key] % 5 == 0, row


@pytest.mark.parametrize("slug", SLUGS)
def test_no_table_has_a_column_or_a_row_of_the_police(read, slug):
    _, reader = read[slug, "municipality"]
    heads = [cell.casefold() for table in reader.tables for row in table for cell in row]
    assert not [cell for cell in heads if cell == "politie" or cell.startswith("politie ")]
    assert "politie" in [cell.casefold() for table in read[slug, "riec"][1].tables for row in table for cell in row]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_level_in_the_file_is_the_readers_own(read, slug, threats):
    """The matrix of the copy is the municipality's own column, cell by cell."""
    full, reader = read[slug, "municipality"]
    names = full.parks.set_index("name")["park_id"]
    matrix = next(table for table in reader.tables if table[0][0] == "Indicator" and "V01" in str(table))
    parks = [names[name] for name in matrix[0][1:]]
    own = {park: column(full, "municipality", park, threats) for park in parks}
    for number, line in enumerate(matrix[1 : len(threats) + 1]):
        for park, printed in zip(parks, line[1:], strict=True):
            level = own[park][number]
            assert printed[0] == {-1: "?", -2: "–"}.get(level, str(level))


def as_told(reader, full, catalogue):
    """What the file tells of totals and phenomena, in the form the reader of the analysis works with."""
    names = dict(zip(full.parks["name"], full.parks["park_id"], strict=True))
    scores = {row["code"]: row["score"] for row in rows(reader) if row.get("kind") and row["score"] is not None}
    totals = pd.DataFrame({"park_id": list(names.values()), "score": [scores.get(one) for one in names.values()]})
    groups = {one.name: one.id for one in catalogue.subcategories}
    member = {one.group: one.id for one in catalogue.phenomena}
    strength = {word: code for code, word in STRENGTH.items()}
    table = next(table for table in reader.tables if table[0][0] == "Groep fenomenen")
    told = [
        SimpleNamespace(
            park_id=names[name], phenomenon=member[groups[line[0]]], strength=strength[word_of(cell, strength)]
        )
        for line in table[1:]
        for name, cell in zip(table[0][1:], line[1:], strict=True)
    ]
    return SimpleNamespace(parks=totals.astype({"score": float}), indications=told)


def word_of(cell, strength):
    return next(word for word in sorted(strength, key=len, reverse=True) if cell.endswith(word))


def test_the_reader_of_the_file_does_not_beat_the_prior(read, threats, catalogue):
    everything = np.array(
        [
            column(full, "police", park, threats)
            for (_, audience), (full, _) in read.items()
            if audience == "riec"
            for park in full.parks["park_id"]
        ]
    )
    prior = np.stack([(everything == level).mean(0) for level in LEVELS], axis=1) + 0.005
    prior /= prior.sum(1, keepdims=True)
    rng = np.random.default_rng(2018)
    draws = np.stack([rng.choice(LEVELS, DRAWS, p=row) for row in prior], axis=1)
    guess = (draws >= 2).mean(0)
    gained = judged = 0
    for slug in SLUGS:
        full, reader = read[slug, "municipality"]
        told = as_told(reader, full, catalogue)
        for park in full.parks["park_id"]:
            own = column(full, "municipality", park, threats)
            kept = consistent(draws, own, full, told, park, threats, catalogue)
            if len(kept) < 20:
                continue
            judged += 1
            truth = column(full, "police", park, threats) >= 2
            gained += (named((kept >= 2).mean(0)) == truth).sum() - (named(guess) == truth).sum()
    assert judged >= 25
    assert gained <= 0.005 * judged * len(threats)


@pytest.fixture(scope="module")
def catalogue():
    return wb.load_catalogue()


@pytest.fixture(scope="module")
def threats(catalogue):
    return catalogue.by_family("threat")
