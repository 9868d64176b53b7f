"""The index shows every municipality, also the one that failed, with its reason."""

import pytest

from werkbank.report import IndexEntry, render_index

ENTRIES = (
    IndexEntry("urk", "Urk (fictief)", "made", parks=4, advised=("Duizendblad",), coverage=0.994),
    IndexEntry("dronten", "Dronten (fictief)", "failed", reason="urk_politie.xlsx is beschadigd <b>"),
    IndexEntry(
        "almere", "Almere (fictief)", "unchanged", parks=31, advised=("Tapuit", "Fitis"), files=("analyse.html",)
    ),
)


def index(entries=ENTRIES, **changes):
    words = {"district": "Flevoland", "round": "2026-1", "audience_label": "VERTROUWELIJK", "fictional": True}
    return render_index(entries, legal_basis="Besluit van de stuurgroep.", **{**words, **changes})


def test_every_state_is_said_in_words():
    html = index()
    for word in ("gemaakt", "mislukt", "ongewijzigd", "Duizendblad", "Tapuit en Fitis", "99%"):
        assert word in html


def test_what_failed_says_why_and_has_no_links():
    row = next(part for part in index().split("<tr") if "Dronten" in part)
    assert "urk_politie.xlsx is beschadigd &lt;b&gt;" in row
    assert "href" not in row


def test_links_go_only_to_files_that_are_there():
    row = next(part for part in index().split("<tr") if "Almere" in part)
    assert 'href="almere/analyse.html"' in row
    assert "scores.xlsx" not in row


def test_a_failure_is_said_above_the_table():
    assert "Van 1 gemeente is de analyse mislukt" in index()
    assert "Let op" not in index(ENTRIES[:1])


@pytest.mark.parametrize(
    "text", ["FICTIEVE GEGEVENS", "VERTROUWELIJK", "Besluit van de stuurgroep.", "Vermoedens, geen vaststelling"]
)
def test_the_index_carries_its_labels(text):
    assert text in index()


def test_the_index_is_inert_and_the_same_each_time():
    assert "<script" not in index()
    assert index() == index()
