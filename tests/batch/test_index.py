"""The index of a round says how every analysis stands: made and why, kept, changed since, failed, never made."""

import datetime as dt
import re
from dataclasses import replace

import pytest

import werkbank as wb
from werkbank.batch.follow_up import entry_of, write_index
from werkbank.batch.manifest import Ledger, Outcome, facts_of

TODAY = dt.date(2026, 3, 4)
POLICE = "de werkmap van de politie is veranderd"


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    facts = facts_of(assessed("urk"), assessed("urk").parameters)
    made = {"outputs": {"analyse.html": "", "scores.xlsx": ""}, "made": "2026-03-03"}
    return replace(facts, **made, why=("de methode is veranderd",), differs=("Geen verschil.",))


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
        (True, "made", (), ["Urk (fictief) gemaakt Reden: de methode is veranderd. Geen verschil."]),
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
