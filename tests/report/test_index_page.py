"""The index shows how every municipality stands, also one that failed or was not made anew, and never more than that."""

import datetime as dt

import pytest

from werkbank.report.index import IndexEntry, render_index

WHOLE = ("analyse.html", "scores.xlsx", "advice.json")
URK = IndexEntry(
    "urk", "Urk (fictief)", "made", parks=4, enough=1, advised=("Duizendblad",), coverage=0.994, two_sided=0.561,
    made=dt.date(2026, 3, 4), method="1a2b3c4d", files=WHOLE,
)  # fmt: skip
HALF = IndexEntry(
    "lelystad", "Lelystad", "made", errors="1 fout: de werkmap van de politie ontbreekt", parks=15, files=WHOLE
)
FAILED = IndexEntry("dronten", "Dronten (fictief)", "failed", reason="urk_politie.xlsx is beschadigd <b>")
FAILED_BESIDE = IndexEntry(
    "zeewolde", "Zeewolde", "failed", reason="Er ontbreekt een werkmap.", made=dt.date(2026, 3, 3), files=WHOLE
)
KEPT = IndexEntry("almere", "Almere (fictief)", "kept", parks=31, advised=("Tapuit", "Fitis"), files=("analyse.html",))
STALE = IndexEntry("emmeloord", "Emmeloord", "stale", changed="de methode is veranderd", files=WHOLE)
NEVER = IndexEntry("swifterbant", "Swifterbant", "never")
ENTRIES = (URK, HALF, FAILED, FAILED_BESIDE, KEPT, STALE, NEVER)


def index(entries=ENTRIES, **changes):
    words = {"district": "Flevoland", "round": "2026-1", "audience_label": "VERTROUWELIJK", "fictional": True}
    return render_index(entries, legal_basis="Besluit van de stuurgroep.", **{**words, **changes})


def row(name, html=None):
    return next(part for part in (html or index()).split("<tr") if name in part)


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
    html = row(name)
    assert [text for text in told if text not in html] == []
    assert [text for text in never if text in html] == []


def test_what_was_made_anew_says_why_and_what_came_out_otherwise():
    lines = ("Het advies ging van A naar B.", "B (X-1): score 1,0 naar 2,0, plaats 2 naar 1.", "En nog 3 verschillen.")
    html = index((IndexEntry("urk", "Urk", "made", why="de catalogus is veranderd", differs=lines, files=WHOLE),))
    assert "Reden: de catalogus is veranderd." in row("Urk", html)
    for line in lines:
        assert line in row("Urk", html)


def test_above_the_table_stands_what_was_made_this_time_and_what_is_to_be_noted():
    html = index()
    assert "Van 2 gemeenten is de analyse mislukt." in html
    assert "Bij 1 gemeente is de invoer niet volledig" in html
    assert "Nu gemaakt: 2 van de 7. Niet opnieuw gemaakt: 2, waarvan bij 1 sindsdien iets is veranderd." in html
    assert "Nog niet gemaakt: 1." in html
    assert "Let op" not in index([URK])
    assert "Niet gelezen: “Urk_Politie.xlsx”" in index(notes=["Niet gelezen: “Urk_Politie.xlsx”"]).split("<table")[0]


def test_the_index_carries_its_labels_and_is_inert_and_the_same_each_time():
    html = index()
    for text in ("FICTIEVE GEGEVENS", "VERTROUWELIJK", "Besluit van de stuurgroep.", "Vermoedens, geen vaststelling"):
        assert text in html
    assert "<script" not in html
    assert html == index()
