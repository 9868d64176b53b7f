"""A number in a project plan or a comparison of rounds is that of the analysis: page, Word file and figures.

Read back as their readers would (tests/figures.py). What a plan plans is no number of the analysis: its weeks are
reckoned here anew from the catalogue, and its laws are the catalogue's own text.
"""

import json
import math
import re
from collections import defaultdict
from itertools import accumulate

import docx
import pytest

import werkbank as wb
from tests.figures import Known, figures, finder, page_blocks, planted, rows_about, unknown, word_blocks
from tests.plain_notebooks import filled
from tests.plan.test_plan import SELECTED
from tests.test_same_number import GROUPS, Page, records
from werkbank.report.charts_park import change_chart
from werkbank.report.monitor import change_pages, change_table
from werkbank.report.outputs import write_plan_docx
from werkbank.wording import number, percent

PARK = "ALM-02"
"""With interventions of every weight, and high indicators that nothing answers."""


class Planned:
    """The plan of one park as page and as Word file, and what its analysis and the catalogue answer for."""

    def __init__(self, park, assessment, folder):
        self.park, catalogue = park, wb.load_catalogue()
        self.plan = wb.report.plan_for(assessment, park, SELECTED)
        self.known = Known(assessment, catalogue)
        html = wb.report.render_plan_html(filled("projectplan", plan=self.plan), assessment, self.plan)
        word = docx.Document(str(write_plan_docx(self.plan, assessment, folder / "p.docx")))
        own = {code: name for code, name in self.known.names.items() if code == park}
        self.files = {
            name: [(chapter, parks or (park,), text) for chapter, parks, text in blocks]
            for name, blocks in (("page", page_blocks(html, own)), ("word", list(word_blocks(word, own))))
        }
        cells = assessment.cells[assessment.cells["park_id"] == park].set_index("indicator")
        threats = cells.loc[[one.id for one in catalogue.threats]].query("applicable")
        share = number(threats["points"].where(threats["known"], 0).mean(), 1)
        shared = number(100 * assessment.parks.set_index("park_id").loc[park, "two_sided"], 1)
        for one in (share, shared, *self._counted(catalogue), *figures(" ".join(self._laws(catalogue)))):
            for place in [park, *(place for place in self.known.of if isinstance(place, tuple) and place[0] == park)]:
                self.known.of[place].add(str(one))

    def _counted(self, catalogue):
        """Weeks from light to heavy by the longest of what is surest; how many measures, indicators, partners."""
        by_weight = defaultdict(list)
        for one in self.plan.interventions:
            by_weight[catalogue.intervention(one.id).weight].append(catalogue.intervention(one.id).weeks)
        order = sorted(by_weight)
        starts = accumulate((min(one.max_weeks for one in by_weight[weight]) for weight in order), initial=1)
        for weight, start in zip(order, starts, strict=False):
            for weeks in by_weight[weight]:
                yield from (start, start + weeks.min_weeks - 1, start + weeks.max_weeks - 1)
        for one in (*self.plan.interventions, *self.plan.after_confirmation):
            weeks = catalogue.intervention(one.id).weeks
            yield from (weeks.min_weeks, weeks.max_weeks)
        yield from range(max(len(self.plan.steps), len(self.plan.answers.rows), len(catalogue.partners)) + 1)

    @staticmethod
    def _laws(catalogue):
        for one in catalogue.interventions:
            yield json.dumps(one.model_dump(mode="json", exclude={"weeks", "triggers"}), ensure_ascii=False)


@pytest.fixture(scope="module")
def planned(demo_workspace, assessed, tmp_path_factory):
    return Planned(PARK, assessed("almere"), tmp_path_factory.mktemp("plan"))


def test_every_figure_in_a_plan_is_the_analysis_or_the_catalogues(planned):
    """A wrong percentage or score would be seen (the weeks are too many to miss), and Word tells no figure that the page does not."""
    for blocks in planned.files.values():
        assert len([one for _, _, text in blocks for one in figures(text)]) > 100
        assert unknown(blocks, planned.known) == []
        wrong, seen = planted(blocks, planned.known, 3)
        assert seen >= 0.85 * wrong > 0
    page, word = ({one for _, _, text in planned.files[name] for one in figures(text)} for name in ("page", "word"))
    assert word - page == set()


class Compared:
    """The comparison of two rounds as it is read, with the analyses of both."""

    def __init__(self, slug, assessment):
        self.development = wb.compare_rounds(slug)
        self.parks = {row["park_id"]: row for row in records(assessment.parks)}
        self.groups = {(row["park_id"], row["group"]): row for row in records(assessment.groups)}
        html = change_table(self.development).html + change_pages(self.development).html
        self.page = Page(html)
        self.blocks = list(page_blocks(html, {code: row["name"] for code, row in self.parks.items()}))
        self.known = KnownOfTwo(self.development)

    def rows(self, heading):
        """The rows of every table that has this heading, as dicts."""
        for rows in self.page.found:
            if rows and heading in rows[0]:
                yield from (dict(zip(rows[0], row, strict=True)) for row in rows[1:])


class KnownOfTwo:
    """What a Development can answer for: its own figures, a part by a tenth as its rounding, and what is counted."""

    def __init__(self, development):
        self.of, self.general = defaultdict(set), {"0", "100", "90"}  # the last: how many of the 100
        for row in records(development.frame):
            old, new = (None if row[name] is None else round(10 * row[name]) for name in ("old", "new"))
            self._keep(row["park_id"], *(row[name] for name in ("old", "new")))
            self._keep(row["park_id"], None if None in (old, new) else (new - old) / 10)
            parts = (row[name] for name in ("judgement", "knowledge", "district", "method"))
            for part in (one for one in parts if one is not None):
                # Rounded so that the parts add up: one way or the other.
                self._keep(row["park_id"], *(whole(round(10 * part, 6)) / 10 for whole in (math.floor, math.ceil)))
            for one in (row["cells_old"], row["cells_new"], row["cells_both"],
                        row["cells_old"] + row["cells_new"] - row["cells_both"]):  # fmt: skip
                self.of[row["park_id"]].add(str(one))
            if row["p_up"] is not None:
                self.of[row["park_id"]].add(percent(max(row["p_up"], 1 - row["p_up"])))
        moved = records(development.moved)
        for row in moved:
            self._keep(row["park_id"], row["effect"])
        for park in self.of:
            mine = [row for row in moved if row["park_id"] == park]
            self.of[park] |= {str(one) for one in range(len(mine) + 1)}
        self.general |= {str(one) for one in range(len(self.of) + 1)}

    def _keep(self, park, *values):
        for one in (value for value in values if value is not None):
            self.of[park] |= {number(sign * one, 1).replace("−", "-") for sign in (1, -1)}
            self.of[park] |= {"0"} if abs(one) < 0.05 else set()

    def answers(self, parks):
        codes = {one[0] if isinstance(one, tuple) else one for one in parks}
        return self.general.union(*(self.of[one] for one in codes))


@pytest.fixture(scope="module")
def compared(demo_workspace, assessed):
    return Compared("dronten", assessed("dronten"))


def test_the_score_of_now_in_a_comparison_is_the_score_of_the_analysis(compared):
    """Of every park in the table, and of its groups in the table of its own page."""
    whole = {row["Terrein"]: row["Ronde 2026‑1"] for row in compared.rows("Terrein") if "Anders beoordeeld" in row}
    told = [row["Ronde 2026‑1"] for row in compared.rows("Groep")]
    pages = [told[at : at + len(GROUPS) + 1] for at in range(0, len(told), len(GROUPS) + 1)]
    assert (len(whole), len(pages)) == (len(compared.parks), len(compared.parks))
    for code, park in compared.parks.items():
        score = number(park["score"], 1)
        assert whole[park["name"]] == score
        assert [*(number(compared.groups[code, group]["score"], 1) for group in GROUPS), score] in pages


def test_the_printed_parts_of_a_change_add_up_to_the_last_tenth(compared):
    """Old and change make new, and the parts make the change: a reader who adds up finds no other figure."""
    rows = [row for row in compared.rows("Anders beoordeeld") if "–" not in row.values()]
    assert len(rows) > len(compared.parks)
    for row in rows:
        tenths = {name: round(10 * float(told.replace("−", "-").replace(",", "."))) for name, told in row.items()
                  if re.fullmatch(r"[+−]?[\d,]+", told)}  # fmt: skip
        assert tenths["Ronde 2025‑1"] + tenths["Verandering"] == tenths["Ronde 2026‑1"]
        parts = ("Anders beoordeeld", "Verschil in kennis", "Beeld van het district")
        assert sum(tenths[part] for part in parts) == tenths["Verandering"]


def test_every_figure_in_a_comparison_is_that_of_the_two_rounds(compared):
    """On the page, and in the table that stands for the chart."""
    head, *rows = change_chart(compared.development).table
    about = finder({code: row["name"] for code, row in compared.parks.items()})
    drawn = [one for row in rows for one in rows_about("", head, list(row), about)]
    for blocks, least in ((compared.blocks, 20), (drawn, 4)):
        assert len([one for _, _, text in blocks for one in figures(text)]) > least * len(compared.parks)
        assert unknown(blocks, compared.known) == []
    wrong, seen = planted(compared.blocks, compared.known, 3)
    assert seen >= 0.75 * wrong > 0
