"""The index shows how every municipality stands, also one that failed or was not made anew, and never more than that."""

import datetime as dt

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


def test_every_state_is_said_in_words():
    for name, told in (
        ("Urk", ">gemaakt<"),
        ("Lelystad", ">gemaakt<"),
        ("Dronten", ">mislukt<"),
        ("Zeewolde", "De vorige analyse van 3 maart 2026 staat er nog."),
        ("Almere", ">niet opnieuw gemaakt<"),
        ("Almere", "Er is niets veranderd."),
        ("Emmeloord", "Sindsdien: de methode is veranderd."),
        ("Swifterbant", ">nog niet gemaakt<"),
    ):
        assert told in row(name)
    assert index().count("Er is niets veranderd.") == 1


def test_what_was_made_anew_says_why_and_what_came_out_otherwise():
    lines = ("Het advies ging van A naar B.", "B (X-1): score 1,0 naar 2,0, plaats 2 naar 1.", "En nog 3 verschillen.")
    html = index((IndexEntry("urk", "Urk", "made", why="de catalogus is veranderd", differs=lines, files=WHOLE),))
    assert "Reden: de catalogus is veranderd." in row("Urk", html)
    for line in lines:
        assert line in row("Urk", html)


def test_a_row_shows_both_shares_when_it_was_made_and_by_which_method():
    """99 per cent is known to one party, 56 to both: the first alone would hide that 3 of 4 parks are blind spots."""
    for told in ("99%", "56%", ">4<", ">1<", "04-03-2026", "1a2b3c4d", "Duizendblad"):
        assert told in row("Urk")
    assert "Tapuit en Fitis" in row("Almere")


def test_half_a_picture_is_marked_and_leads_to_its_findings():
    html = row("Lelystad")
    assert 'class="watch"' in html
    assert 'href="lelystad/analyse.html#bevindingen">1 fout: de werkmap van de politie ontbreekt<' in html
    assert 'class="made"' in row("Urk")


def test_links_go_only_to_files_that_are_there_and_what_failed_says_why():
    """What failed leads to the analysis that still stands there."""
    assert "urk_politie.xlsx is beschadigd &lt;b&gt;" in row("Dronten")
    assert "href" not in row("Dronten")
    assert 'href="zeewolde/analyse.html"' in row("Zeewolde")
    assert 'href="almere/analyse.html"' in row("Almere")
    assert "scores.xlsx" not in row("Almere")


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
