"""Plans and comparisons are in the manifest and on the index, as every other file; made here without kernels."""

import re
import shutil

import pytest

import werkbank as wb
from tests.batch.conftest import DAY
from tests.test_decisions import REASON
from werkbank.assessment.choosing import any_parameters
from werkbank.assessment.decisions import approve_plan, select_park, withdraw_park
from werkbank.batch.follow_up import make_monitors, show_decisions
from werkbank.batch.manifest import read_manifest
from werkbank.batch.runner import run_batch
from werkbank.batch.verify import verify
from werkbank.files.whole import only_batch, whole_folder
from werkbank.plan.drafting import proposal_of
from werkbank.plan.kept import Who, keep_proposal
from werkbank.report.plan import project_plan

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
    assert [(made.name, made.reason) for made in make_monitors(["urk"])] == [("urk", ""), ("district", "")]
    after = (riec / "index.html").read_text()
    assert LINK in after
    assert before.partition('<div class="follow">')[0] == after.partition('<div class="follow">')[0]
    assert before.partition('<div class="scroll"')[2] == after.partition('<div class="scroll"')[2]
    assert "monitor/urk/monitor.html" in read_manifest(riec / "manifest.json")[0].files
    found = verify(any_parameters())
    assert (found.findings, found.analyses, found.chain) == ((), 2, 2)


def test_a_plan_leads_by_the_name_of_its_park_and_a_code_that_is_no_link_is_only_named(riec):
    """What is changed, strange and unknown is found with the command that mends it."""
    for code in ("URK-01", "URK 02 “x”"):
        with whole_folder(riec / "plans" / code) as folder:
            (folder / "projectplan.html").write_text("plan")
    list(make_monitors(["urk"]))
    told = (riec / "index.html").read_text().partition('<div class="follow">')[2].partition("</div>")[0]
    assert '<a href="plans/URK-01/projectplan.html">' in told
    assert "(URK-01)</a>" in told
    assert "URK 02 “x”" in told
    assert "href" not in told.partition("URK 02")[0].rpartition(",")[2]
    page = riec / "monitor" / "urk" / "monitor.html"
    page.write_text("anders")
    (page.parent / "los.txt").write_text("x")
    shutil.rmtree(riec / "plans" / "URK 02 “x”")
    again, beside = "maak het opnieuw met werkbank ", "output/2026-1/riec/"
    assert sorted(findings()) == [
        ("output-changed", f"{beside}monitor/urk/monitor.html", f"{again}monitor"),
        ("output-unknown", f"{beside}monitor/urk/los.txt", "haal het weg, of bewaar het ergens anders"),
        ("output-unknown", f"{beside}plans/URK-01", f"{again}plan"),
    ]


def test_the_next_batch_keeps_the_way_to_it_and_one_that_was_taken_away_whole_is_forgotten_with_the_next(riec, two):
    """Until then it is missed; its earlier manifest goes on naming it."""
    list(make_monitors(["urk"]))
    run_batch(two, ["urk"])
    assert LINK in (riec / "index.html").read_text()
    assert findings() == []
    shutil.rmtree(riec / "monitor" / "urk")
    assert [rule for rule, *_ in findings()] == ["output-missing"]
    list(make_monitors(["zeewolde"]))
    assert findings() == []
    assert LINK not in (riec / "index.html").read_text()


PARK = "URK-04"


def told(folder, *pages):
    """Per page what stands in its places."""
    texts = [(folder / page).read_text(encoding="utf-8") for page in pages]
    return ["|".join(re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", text.replace("strong>", "b>"))) for text in texts]


def test_every_page_names_what_is_decided_now_and_is_still_the_same_analysis(riec, quick, two):
    """Chosen, planned, adopted, lapsed, taken back: told in its places, the manifest follows, no analysis is made anew.

    Another municipality's page never tells, nor any the reason; a copy for a municipality does not tell of a lapse, for
    that follows from what any party filled in.
    """
    run_batch(two, ["urk", "zeewolde"], audience="municipality")
    list(make_monitors(["urk"]))
    select_park(PARK, reason=REASON, by="stuurgroep")
    assert show_decisions(wb.load_parameters("urk")) == ()
    day, pages = (
        r"door stuurgroep op \d+ \w+ \d{4}; projectplan: ",
        ("urk/analyse.html", "monitor/urk/monitor.html", "district/district.html", "monitor/district/monitor.html"),
    )

    def check(state, in_copy, times=1):
        quick.clear()
        expected = (
            rf"<b>Gekozen:</b>\|Duizendblad \(URK-04\), {day}{state}\|<b>Gekozen</b> {day}{state}",
            rf"<b>Gekozen in ronde 2026-1:</b>\|Duizendblad \(URK-04\), {day}{state}",
            rf"<b>Gekozen:</b>\|Duizendblad \(URK-04\), gemeente Urk, {day}{state}",
            rf"<b>Gekozen in ronde 2026-1:</b>\|Duizendblad \(URK-04\), gemeente Urk, {day}{state}",
        )
        for again in range(times):  # as it is shown, and after an analysis in between
            for expression, found in zip(expected, told(riec, *pages), strict=True):
                assert re.fullmatch(expression, found), found
            (copy,) = told(riec.parent / "municipality", "urk/analyse.html")
            assert re.fullmatch(expected[0].replace(state, in_copy), copy), copy
            assert told(riec, "zeewolde/analyse.html") == [""]
            for audience in ("riec", "municipality"):
                own = wb.load_parameters("urk", audience=audience)
                assert verify(own).findings == ()
                if again < times - 1:
                    run_batch(two, ["urk", "zeewolde"], audience=audience)
        assert quick == []

    check("nog niet gemaakt", "nog niet gemaakt")
    urk = wb.assess("urk")
    kept = proposal_of(project_plan(urk, PARK), urk, urk.catalogue, DAY)
    kept = kept.model_copy(update={"lead": Who(organisation="gemeente Urk", role="projectleider")})
    keep_proposal(two / "data", kept)
    approve_plan(PARK, by="driehoek")
    show_decisions(wb.load_parameters("urk"))
    check(r"vastgesteld door driehoek op \d+ \w+ \d{4}", "concept", times=2)
    plan = two / "data" / "plans" / f"{PARK}.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("projectleider", "programmaleider"), encoding="utf-8")
    list(make_monitors(["urk"]))
    check(r"vaststelling door driehoek op \d+ \w+ \d{4} vervallen", "concept")
    assert not [path for path in two.glob("output/**/*.*ml") if REASON in path.read_text(encoding="utf-8")]

    run_batch(two, ["urk"], force=True)  # in a new one it is right at once
    assert "vervallen" in told(riec, pages[0])[0]
    back = withdraw_park(PARK, reason="Bij vergissing vastgelegd.", by="stuurgroep")
    assert show_decisions(wb.load_parameters("urk"), back) == ()
    assert {*told(riec, *pages), *told(riec.parent / "municipality", pages[0])} == {""}
    assert (findings(), "Gekozen:" in (riec / "index.html").read_text()) == ([], False)


def test_a_page_that_somebody_changed_is_left_alone_and_found_and_a_busy_batch_comes_first(riec, quick, two):
    """A decision gives no page a new hash that it should not have."""
    select_park(PARK, reason=REASON, by="stuurgroep")
    with only_batch(two / "output"):
        (said,) = show_decisions(wb.load_parameters("urk"))
    assert "pas na de volgende analyse" in said
    for page in (riec / "urk" / "analyse.html", riec / "index.html"):
        page.write_text(page.read_text() + "gewist")
    show_decisions(wb.load_parameters("urk"))
    assert sorted(rule for rule, *_ in findings()) == ["output-changed", "output-changed"]
    assert told(riec, "urk/analyse.html") == [""]
