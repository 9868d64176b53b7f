"""The index of a round says how every analysis stands, also one that failed or was not made anew, and never more."""

import datetime as dt
import re
from dataclasses import replace

import pytest

import werkbank as wb
from werkbank.batch.index import IndexEntry, entry_of, index_chapter, write_index
from werkbank.batch.manifest import Ledger, Outcome, facts_of
from werkbank.report.html import chapter_html, render_chapters

TODAY = dt.date(2026, 3, 4)
POLICE = "de werkmap van de politie is veranderd"


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    facts = facts_of(assessed("urk"), assessed("urk").parameters)
    made = {"outputs": {"analyse.html": "", "scores.xlsx": ""}, "made": "2026-03-03"}
    differs = ("Het advies ging van A naar B.", "En nog 3 verschillen.")
    return replace(facts, **made, why=("de methode is veranderd",), differs=differs)


@pytest.fixture
def row(tmp_path, demo_workspace):
    """The text of the only row of the index, for what the manifest holds, how it ended, and what changed since."""

    def text(known=None, outcome=None, *changed):
        parameters = wb.load_parameters("urk", output=tmp_path)
        entry = entry_of("urk", "Urk", known, outcome, ", ".join(changed))
        page = write_index(Ledger(parameters), parameters, [entry], (), TODAY)
        (cut,) = [part.split("</tr>")[0] for part in page.read_text(encoding="utf-8").split("<tr>")[2:]]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", cut)).strip()

    return text


@pytest.mark.parametrize(
    ("known", "state", "changed", "told"),
    [
        (False, "", (), ["Urk nog niet gemaakt"]),
        (True, "made", (), ["gemaakt Reden: de methode is veranderd. Het advies ging van A naar B. En nog 3 verschillen."]),
        (True, "", (), ["niet opnieuw gemaakt Er is niets veranderd.", "03-03-2026"]),
        (True, "", (POLICE,), [f"Sindsdien: {POLICE}."]),
        (True, "failed", (), ["mislukt Er ontbreekt iets. De vorige analyse van 3 maart 2026 staat er nog.", "cijfers"]),
    ],
)  # fmt: skip
def test_how_an_analysis_stands_is_told(urk, row, known, state, changed, told):
    """The reason stands only with what was made now; what was not made anew shows the day it was made."""
    outcome = Outcome("urk", state, "Er ontbreekt iets." if state == "failed" else "") if state else None
    shown = row(urk if known else None, outcome, *changed)
    for words in told:
        assert words in shown
    assert ("Reden" in shown) == (state == "made")


def test_both_shares_and_the_parks_of_which_enough_threats_are_known(urk, row, assessed):
    """Known to one party is known: the others are blind spots, or advised."""
    told, parks, groups = row(urk), assessed("urk").parks, assessed("urk").groups
    enough = (groups.loc[groups["group"] == "threat", "coverage"] >= 0.6666).sum()
    assert f" {len(parks)} {enough} " in told
    assert f"{parks['two_sided'].mean():.0%}" in told


def test_nothing_that_every_municipality_could_read_names_the_others(tmp_path, demo_workspace):
    """The highest park of every municipality is for the RIEC: no index for the municipalities, and none left over."""
    parameters = wb.load_parameters("urk", audience="municipality", output=tmp_path)
    folder = parameters.output_folder.parent
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("of an earlier version")
    assert write_index(Ledger(parameters), parameters, [], (), TODAY) is None
    assert list(folder.iterdir()) == []


def test_the_index_carries_its_labels_and_is_inert_and_the_same_each_time(tmp_path, demo_workspace, urk):
    parameters = wb.load_parameters("urk", output=tmp_path)
    ledger = Ledger(parameters)
    ledger.put("urk", urk)
    html, again = (write_index(ledger, parameters, ENTRIES, (), TODAY).read_bytes() for _ in range(2))
    for text in ("FICTIEVE GEGEVENS", "CONVENANTINFORMATIE", "besluit van", "Vermoedens, geen vaststelling"):
        assert text in html.decode()
    assert b"<script" not in html
    assert html == again


WHOLE = ("analyse.html", "scores.xlsx", "advice.json")
URK = IndexEntry(
    "urk", "Urk (fictief)", "made", parks=4, enough=1, advised=("Duizendblad",), coverage=0.994, two_sided=0.561,
    made=dt.date(2026, 3, 4), method="1a2b3c4d", files=WHOLE,
)  # fmt: skip
HALF = IndexEntry("lelystad", "Lelystad", "made", errors="1 fout: de werkmap ontbreekt", parks=15, files=WHOLE)
FAILED = IndexEntry("dronten", "Dronten (fictief)", "failed", reason="urk_politie.xlsx is beschadigd <b>")
FAILED_BESIDE = IndexEntry(
    "zeewolde", "Zeewolde", "failed", reason="Er ontbreekt een werkmap.", made=dt.date(2026, 3, 3), files=WHOLE
)
KEPT = IndexEntry("almere", "Almere (fictief)", "kept", parks=31, advised=("Tapuit", "Fitis"), files=("analyse.html",))
STALE = IndexEntry("emmeloord", "Emmeloord", "stale", changed="de methode is veranderd", files=WHOLE)
NEVER = IndexEntry("swifterbant", "Swifterbant", "never")
ENTRIES = (URK, HALF, FAILED, FAILED_BESIDE, KEPT, STALE, NEVER)


def index(entries=ENTRIES, **changes):
    return chapter_html(index_chapter(entries, **changes))


def index_page(entries=ENTRIES, district="Flevoland"):
    about = {"label": "VERTROUWELIJK", "legal_basis": "Besluit van de stuurgroep.", "fictional": True}
    title = f"Analyses bedrijventerreinen, district {district}"
    return render_chapters([index_chapter(entries)], title=title, subtitle="Ronde 2026-1", **about)


@pytest.mark.parametrize(
    ("name", "told", "never"),
    [
        # 99 per cent is known to one party, 56 to both: the first alone would hide that 3 of 4 parks are blind spots.
        ("Urk", (">gemaakt<", 'class="made"', "99%", "56%", ">4<", ">1<", "04-03-2026", "1a2b3c4d", "Duizendblad"), ()),
        ("Lelystad", (">gemaakt<", 'class="watch"', 'href="lelystad/analyse.html#bevindingen">1 fout: de werkmap'), ()),
        ("Dronten", (">mislukt<", "urk_politie.xlsx is beschadigd &lt;b&gt;"), ("href",)),
        ("Zeewolde", ("De vorige analyse van 3 maart 2026 staat er nog.", 'href="zeewolde/analyse.html"'), ()),
        ("Almere", (">niet opnieuw gemaakt<", "Er is niets veranderd.", "Tapuit en Fitis", 'href="almere/analyse.html"'),
         ("scores.xlsx",)),
        ("Emmeloord", ("Sindsdien: de methode is veranderd.",), ("Er is niets veranderd.",)),
        ("Swifterbant", (">nog niet gemaakt<",), ("href",)),
    ],
)  # fmt: skip
def test_every_state_is_said_in_words_with_its_figures_and_leads_to_files_that_are_there_only(name, told, never):
    """What failed says why, and leads to the analysis that still stands there; half a picture leads to its findings."""
    html = next(part for part in index().split("<tr") if name in part)
    assert [text for text in told if text not in html] == []
    assert [text for text in never if text in html] == []


def test_above_the_table_stands_what_was_made_this_time_and_what_is_to_be_noted():
    html = index()
    assert "Van 2 gemeenten is de analyse mislukt." in html
    assert "Bij 1 gemeente is de invoer niet volledig" in html
    assert "Nu gemaakt: 2 van de 7. Niet opnieuw gemaakt: 2, waarvan bij 1 sindsdien iets is veranderd." in html
    assert "Nog niet gemaakt: 1." in html
    assert "Let op" not in index([URK])
    assert "Niet gelezen: “Urk_Politie.xlsx”" in index(notes=["Niet gelezen: “Urk_Politie.xlsx”"]).split("<table")[0]
