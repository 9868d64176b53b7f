"""Plans and comparisons are in the manifest and on the index, as every other file; made here without kernels."""

import shutil

import pytest

from werkbank.assessment.choosing import any_parameters
from werkbank.batch.follow_up import make_monitors
from werkbank.batch.manifest import read_manifest
from werkbank.batch.runner import run_batch
from werkbank.batch.verify import verify
from werkbank.files.whole import whole_folder

LINK = '<a href="monitor/urk/monitor.html">Urk (fictief)</a>'


@pytest.fixture
def riec(two, quick):
    """The output of two municipalities, where a comparison is a page of one line."""
    return two / "output" / "2026-1" / "riec"


def findings():
    return [(one.rule, one.file, one.remedy) for one in verify(any_parameters()).findings]


def test_what_is_made_is_in_the_manifest_and_the_index_leads_to_it(riec):
    """Chained to the manifest before it; what the index tells of the batch stays, and nothing in the chain is broken."""
    before = (riec / "index.html").read_text()
    assert LINK not in before
    assert [made.reason for made in make_monitors(["urk"])] == [""]
    after = (riec / "index.html").read_text()
    assert LINK in after
    assert before.partition('<div class="follow">')[0] == after.partition('<div class="follow">')[0]
    assert before.partition('<div class="scroll"')[2] == after.partition('<div class="scroll"')[2]
    assert "monitor/urk/monitor.html" in read_manifest(riec / "manifest.json")[0].files
    found = verify(any_parameters())
    assert (found.findings, found.analyses, found.chain) == ((), 2, 2)


def test_a_plan_leads_by_the_name_of_its_park_and_a_code_that_is_no_link_is_only_named(riec):
    for code in ("URK-01", "URK 02 “x”"):
        with whole_folder(riec / "plans" / code) as folder:
            (folder / "projectplan.html").write_text("plan")
    list(make_monitors(["urk"]))
    told = (riec / "index.html").read_text().partition('<div class="follow">')[2].partition("</div>")[0]
    assert '<a href="plans/URK-01/projectplan.html">' in told
    assert "(URK-01)</a>" in told
    assert "URK 02 “x”" in told
    assert "href" not in told.partition("URK 02")[0].rpartition(",")[2]


def test_a_changed_a_strange_and_an_unknown_file_are_found_with_the_command_that_mends(riec):
    list(make_monitors(["urk"]))
    page = riec / "monitor" / "urk" / "monitor.html"
    page.write_text("anders")
    (page.parent / "los.txt").write_text("x")
    (riec / "plans" / "URK-01").mkdir(parents=True)
    again, beside = "maak het opnieuw met werkbank ", "output/2026-1/riec/"
    assert sorted(findings()) == [
        ("output-changed", f"{beside}monitor/urk/monitor.html", f"{again}monitor"),
        ("output-unknown", f"{beside}monitor/urk/los.txt", "haal het weg, of bewaar het ergens anders"),
        ("output-unknown", f"{beside}plans/URK-01", f"{again}plan"),
    ]


def test_one_that_was_taken_away_whole_is_forgotten_when_the_next_is_made(riec):
    """Until then it is missed; its earlier manifest goes on naming it."""
    list(make_monitors(["urk"]))
    shutil.rmtree(riec / "monitor" / "urk")
    assert [rule for rule, *_ in findings()] == ["output-missing"]
    list(make_monitors(["zeewolde"]))
    assert findings() == []
    assert LINK not in (riec / "index.html").read_text()


def test_the_next_batch_keeps_the_way_to_it(riec, quick, two):
    list(make_monitors(["urk"]))
    run_batch(two, ["urk"])
    assert LINK in (riec / "index.html").read_text()
    assert findings() == []
