"""What steers: three sentences, what came of the chosen parks, rounds in a row, and what every other reader gets."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

import werkbank as wb
from tests.report.reading import text_of
from werkbank.advice.development import Moved, PartyDrift
from werkbank.assessment.cooperation import Cooperation, PartyRound
from werkbank.assessment.rounds import ChosenPark, Rounds, compare_rounds
from werkbank.errors import LegalBasisError, OutputError
from werkbank.files.canonical import canonical_json
from werkbank.parks.lineage import ParkChange
from werkbank.report import copies
from werkbank.report.district import LeftOut
from werkbank.report.monitor import change_table
from werkbank.report.rounds import chosen_parks, district_rounds, rounds_summary
from werkbank.report.tables import rounds_tables
from werkbank.sharing.cooperation import seen_in_rounds

RESILIENCE = pd.DataFrame({"park_id": [], "round": [], "score": []})
NOTHING = Cooperation(("2025-1", "2026-1"), (), (), {}, {}, 0, RESILIENCE)
P_UP = (0.97, 0.5, 0.04, 0.03)
"""Of the four parks of Urk, in the order of the table: really higher, unsure, really lower but little, really lower."""


def chosen(**told):
    facts = {"park_id": "URK-04", "round": "2025-1", "event_id": 7, "then": 50.0, "now": 40.0, "expected": 45.0}
    facts |= {"low": 35.0, "high": 55.0, "place_then": 1, "place_now": 2, "places": 4, "plan": "concept"}
    return ChosenPark(**{**facts, "actions": {}, "results": {}, "answered": (), **told})


@pytest.fixture(scope="module")
def development(demo_workspace):
    """Urk, with recalculations and scores on the shared cells by hand."""
    made = compare_rounds("urk")
    frame, total = made.frame, made.frame["group"] == "total"
    order = [one.park_id for one in made.changes()]
    places = {park: at for at, park in enumerate(order)}
    frame["p_up"] = frame["park_id"].map({park: P_UP[at] for park, at in places.items()}).where(total)
    frame["judgement"] = frame["judgement"].where(~total, 1.5 - frame["park_id"].map(places))
    frame["alike_old"] = frame["park_id"].map(places).where(total).astype("float64")
    frame["alike_new"] = -frame["alike_old"]
    return replace(made, _changes=frame)


@pytest.fixture(scope="module")
def rounds(development):
    actions = {"overdue": 2, "finished": 1}
    return Rounds((development,), (chosen(actions=actions),), (), replace(NOTHING, actions=actions))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "ging van 50,0 naar 40,0. Dat is lager dan te verwachten was, binnen de marge."),
        ({"now": 34.0}, "Dat is lager dan te verwachten was, buiten de marge."),
        ({"now": 50.0}, "bleef 50,0. Dat is hoger dan te verwachten was, binnen de marge."),
        ({"now": 60.0}, "Dat is hoger dan te verwachten was, buiten de marge."),
        ({"now": 45.04}, "naar 45,0. Dat is wat te verwachten was."),
        ({"expected": None, "low": None, "high": None}, "naar 40,0. Wat te verwachten was, is niet te bepalen; "),
        ({"now": None, "then": None}, "geen oordeel in beide rondes bekend"),
        ({"place_then": 3, "place_now": 3, "places": 9}, "Plaats 3, blijft 3 van 9 Te verwachten 45,0 (tussen 35,0 en"),
        ({"place_then": 1, "place_now": 2, "places": 9}, "Plaats 1, nu 2 van 9 Te"),
        ({"place_now": None, "expected": None}, "Plaats – Te verwachten – Plan"),
        ({"actions": {"finished": 2, "overdue": 1, "soon": 1}}, "Acties 4, waarvan 2 afgerond en 1 te laat Uitkomsten"),
        ({"actions": {"undated": 3}}, "Acties 3, waarvan 0 afgerond en geen te laat"),
        ({"results": {"confirmed": 3, "nothing_found": 2}}, "Uitkomsten bij 3 van 5 afgeronde acties bevestigd"),
        ({"results": {"not_carried_out": 2}}, "Acties – Uitkomsten –"),
    ],
)
def test_a_chosen_park_is_told_beside_what_was_to_be_expected_and_never_as_an_effect(rounds, told, said):
    card = text_of(chosen_parks(replace(rounds, chosen=(chosen(**told),))))
    assert said in card
    assert "effect" not in card


def test_three_sentences_come_first_and_then_what_to_read_them_with(rounds, development):
    names = [development.name(one.park_id) for one in development.changes()]
    chapter = rounds_summary(rounds)
    first, _, third = chapter.text.splitlines()
    beyond = "Duidelijk hoger beoordeeld (een punt of meer, en meer dan ruis)"
    assert first == f"Wat veranderde. {beyond}: {names[0]}; lager: {names[3]}."
    assert third.endswith("2 acties te laat.")
    dated = replace(rounds.cooperation, counted=dt.date(2026, 4, 1))
    told = rounds_summary(replace(rounds, cooperation=dated)).text
    assert told.endswith("2 acties te laat (geteld op 1 april 2026).")
    drift = (PartyDrift("police", 0.3, 0.1, 0.5, 77, 900, True), PartyDrift("municipality", 0.3, 0.1, 0.5, 7, 9, False))
    parks = (
        ParkChange("merged", "2026-1", ("X-1", "X-2"), ("X-3",), {"X-1": "Een", "X-2": "Twee", "X-3": "Drie"}),
        ParkChange("renamed", "2026-1", ("X-4",), ("X-5",), {"X-4": "Vier", "X-5": "Vijf"}),
    )
    more = replace(development, drift=drift, indicators_rescaled=("V03 Iets",))
    told = text_of(rounds_summary(replace(rounds, developments=(more,), changed_parks=parks)))
    for line in (
        "Politie oordeelt over het hele district gemiddeld 0,30 van een stap hoger dan in ronde 2025-1 (tussen 0,10 en 0,50",
        "dat kan een andere maatstaf zijn",
        "Een (X-1) en Twee (X-2) zijn sinds ronde 2026-1 samen Drie (X-3); zij zijn niet vergeleken.",
        "Vier (X-4) heet sinds ronde 2026-1 Vijf (X-5).",
        "tellen in geen van beide rondes mee: V03 Iets.",
    ):
        assert line in told
    assert "Gemeente oordeelt" not in told
    quiet = replace(rounds, chosen=(), cooperation=NOTHING)
    assert "is geen terrein gekozen" in text_of(chosen_parks(quiet))
    frame = development.frame.assign(p_up=0.5)
    still = rounds_summary(replace(quiet, developments=(replace(development, _changes=frame),))).text
    assert "Geen enkel terrein is een punt of meer, en meer dan ruis, anders beoordeeld" in still
    assert "geen actie is te laat" in still


def test_the_card_counts_in_the_direction_of_risk_and_shows_what_differs(rounds):
    """Less of what protects is worse."""
    cells = [("V01", 3, 1, "judged"), ("W01", 2, 1, "judged"), ("G01", 1, 1, "same"), ("G02", None, 2, "learned")]
    answered = tuple(
        Moved("URK-04", code, "police", "level" if then else "unknown", then, "level", now, kind, None)
        for code, then, now, kind in cells
    )
    told = text_of(chosen_parks(replace(rounds, chosen=(chosen(answered=answered),))))
    assert "Van de 4 oordelen waarop het plan antwoordt: 1 gunstiger, 1 ongunstiger, 1 gelijk en 1 nu wel" in told
    assert "anders beoordeeld" in told
    assert "G01" not in told
    assert "niet dat het door de aanpak komt" in told


def test_the_table_says_place_and_real_or_noise_and_of_more_rounds_the_score_in_each(rounds, development):
    """On the cells known in both the order turns round: what was last comes first."""
    told = text_of(change_table(rounds))
    first = development.changes()[0]
    assert f"{development.name(first.park_id)} " in told
    assert "4, nu 1 echt hoger (97%)" in told
    assert "kan ruis zijn" in told
    assert "In elke ronde" not in told
    older = replace(development, old_round="2024-1")
    several = text_of(change_table(replace(rounds, developments=(older, development))))
    assert "De score in elke ronde, met de methode en het district van nu Terrein Ronde 2024‑1 Ronde 2025‑1" in several


def test_the_tables_hold_every_change_every_cell_behind_it_and_every_chosen_park(rounds, development):
    sizes = {one.name: len(one.rows) for one in rounds_tables([rounds])}
    assert sizes == {"verandering": len(development.frame), "verschillen": len(development.moved), "gekozen": 1}
    for one in rounds_tables([rounds]):
        assert {column.name for column in one.columns} <= set(one.rows[0])
    dropped = replace(development, _changes=development.frame.replace({"group": {"V01": "V99"}}))
    changes, *_ = rounds_tables([replace(rounds, developments=(dropped,))])
    named = {row["group"]: row["group_name"] for row in changes.rows}
    assert (named["total"], named["V99"]) == ("totaal", "V99")  # no indicator of now: not called the total


def test_the_district_says_who_is_left_out_and_lists_the_chosen_parks_of_all(rounds):
    left = [LeftOut("Dronten", "geen ronde"), LeftOut("Almere", "geen ronde."), LeftOut("Zeewolde", "anders")]
    chapters = district_rounds({"Urk": rounds}, left, ())
    told = " ".join(map(text_of, chapters))
    # The name of the park chooses it, not that of its municipality.
    (made,) = [one for one in chapters[1].blocks if hasattr(one, "rows")]
    assert made.columns[made.first].name == "Terrein"
    assert "Dronten en Almere staan er niet in: geen ronde." in told
    assert "Zeewolde staat er niet in: anders." in told
    assert "1, nu 2 van 4 50,0 → 40,0 45,0 (tussen 35,0 en 55,0) 3, waarvan 1 afgerond en 2 te laat" in told


@pytest.fixture(scope="module")
def kept(assessed, demo_workspace):
    """The analyses of two rounds of Urk; the first released only totals."""
    now = assessed("urk")
    then = wb.assess(wb.load_parameters("urk", round="2025-1"))
    basis = then.legal_basis.model_copy(update={"releases": {"municipality": ("totals",), "steering": ("totals",)}})
    return copies._on_basis(replace(then, legal_basis=basis), now.legal_basis), now


READERS = [one for one in wb.load_catalogue().audiences if not one.owner]


@pytest.mark.parametrize("audience", READERS, ids=lambda one: one.id)
def test_a_reader_gets_what_the_analyses_tell_it_already_and_only_filtered_ones_are_rendered(
    kept, audience, monkeypatch
):
    """What the police say, changed where the reader's own copies stay the same, changes no byte of its pages."""
    assert dict(kept[0].legal_basis.releases) == {"municipality": ("totals",), "steering": ("totals",)}  # then and now
    assert "group_scores" in kept[1].legal_basis.releases["municipality"]
    read = []
    monkeypatch.setattr(copies, "view_of", lambda one: read.append(one) or wb.report.view.view_of(one))
    pages = copies.rounds_pages(kept, audience, NOTHING)
    fits = {"analysis", "summary", "park"} & {*audience.documents}
    assert bool(pages) is bool(fits)
    for one in read:
        assert one == wb.for_audience(one) or one.to_json() == wb.for_audience(one).to_json()
        assert set(one.judgements["party"]) <= set(audience.parties)
    hidden = tuple(replace(one, _judgements=one.judgements.assign(
        source_strength=one.judgements["source_strength"].where(one.judgements["party"].isin(audience.parties), "C")
    )) for one in kept)  # fmt: skip
    again = copies.rounds_pages(hidden, audience, NOTHING)
    told, other = ([text_of(each) for _, own in found.values() for each in own] for found in (pages, again))
    assert told == other
    assert "te verwachten" not in " ".join(told)
    assert "echt hoger" not in " ".join(told)


def test_the_cooperation_tells_a_reader_no_more_than_it_may_see_in_every_round(kept):
    """Of other rounds nothing, of a party only what is released in each of them, and on a park's page no other park."""
    ahead = ("2023-1", "2025-1", "2026-1")
    both = product(ahead, ("police", "municipality"))
    parties = tuple(PartyRound(party, name, True, None, None, 0.41) for name, party in both)
    rows = pd.DataFrame({"park_id": ["URK-01"] * 3, "round": ahead, "score": [10.0, 50.0, 90.0]})
    full = Cooperation(ahead, parties, (), {"finished": 6}, {"2026-1": 2}, 3, rows)
    freed = {"police": ("municipality_cells",)}
    now = replace(kept[1], legal_basis=kept[1].legal_basis.model_copy(update={"releases": freed}))
    for then, sees in ((kept[0], False), (replace(kept[0], legal_basis=now.legal_basis), True)):
        (_, pages), *_ = copies.rounds_pages((then, now), wb.load_catalogue().audience("police"), full).values()
        told = " ".join(map(text_of, pages))
        assert ("Bekend bij de gemeente" in told) is sees
        assert "2023" not in told
    park = copies.rounds_pages(kept, wb.load_catalogue().audience("partners"), full)["URK-01"][1]
    assert "6 afgerond" not in " ".join(map(text_of, park))
    # Also of who may see every cell, as by a catalogue of its own a reader of one park may.
    told = seen_in_rounds(full, kept, one_park=True)
    assert ({*told.actions}, told.meetings, {one.known for one in told.parties}) == (set(), None, {None})
    assert (len(told.resilience), len(seen_in_rounds(full, kept).resilience)) == (0, 2)
    # What counts a plan of another round tells of that round.
    counted = [seen_in_rounds(replace(full, planned=(name,)), kept) for name in ahead]
    assert [(one.actions, one.meetings, one.planned) for one in counted] == [
        ({}, None, ()),
        ({"finished": 6}, 3, ("2025-1",)),
        ({"finished": 6}, 3, ("2026-1",)),
    ]


def test_a_park_that_is_chosen_twice_is_one_park_for_the_public(rounds):
    every = [replace(rounds, chosen=tuple(chosen(park_id=f"URK-0{n}", round=one) for n in (1, 2, 3) for one in "ab"))]
    assert f"minder dan {copies.FEWEST}" in " ".join(map(text_of, copies.count_rounds(every, 6)))


def test_without_the_analyses_of_both_rounds_other_readers_get_nothing_and_are_told_why(own_workspace):
    urk, today, rounds = wb.load_parameters("urk"), dt.date(2026, 3, 2), ("2025-1", "2026-1")
    with pytest.raises(OutputError, match="analyse van ronde 2026-1, en die is er nog niet"):
        copies.kept_analyses(urk, rounds, today)
    wb.assess(urk).save(urk.output_folder)
    with pytest.raises(OutputError, match="van ronde 2025-1 is geen analyse bewaard"):
        copies.kept_analyses(urk, rounds, today)
    before = wb.load_parameters("urk", round="2025-1")
    wb.assess(before).save(before.output_folder)
    assert [one.parameters.round for one in copies.kept_analyses(urk, rounds, today)] == ["2025-1", "2026-1"]
    path = own_workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(OutputError, match="een werkmap is sindsdien veranderd"):
        copies.kept_analyses(urk, rounds, today)


def test_only_a_round_that_the_basis_no_longer_covers_is_left_out_and_the_page_says_so(own_workspace):
    urk, today = wb.load_parameters("urk"), dt.date(2026, 3, 2)
    came = [ParkChange("came", name, (), ("URK-01",), {"URK-01": "Kanarie"}) for name in ("2025-1", "2026-1")]
    picked = tuple(chosen(round=name) for name in ("2024-1", "2025-1"))
    made = replace(wb.follow_rounds(urk, today=today), chosen=picked, changed_parks=tuple(came))
    made.save(urk.output_folder.parent / "monitor" / "urk")

    def kept():
        return {own.municipality: one for own, one in copies.kept_everywhere(urk, today)[0]}

    assert kept()["urk"].to_json() == made.to_json()
    # Of a round between two others, what its returns told goes as well.
    middle = made.without({"2025-1": LegalBasisError("voorbij")})
    assert (middle.rounds, middle.chosen, middle.changed_parks) == (("2024-1", "2026-1"), picked[:1], (came[1],))
    bases = urk.data / "legal_bases.yaml"
    bases.write_text(bases.read_text(encoding="utf-8").replace("  - 2024-1\n", ""), encoding="utf-8")
    left = kept()["urk"]
    assert left.rounds == ("2025-1", "2026-1")
    assert (left.chosen, left.changed_parks) == (picked[1:], (came[1],))
    # A development names the rounds of the basis that held when it was made.
    assert "2024-1" not in canonical_json(replace(left, findings=(), developments=()))
    said = "onde 2024-1 is niet meegenomen: fictief-handhavingsknelpunt"
    assert all(said in text_of(one) for one in (rounds_summary(left), district_rounds({"Urk": left}, (), ())[0]))
    bases.write_text(bases.read_text(encoding="utf-8").replace("  - 2025-1\n", ""), encoding="utf-8")
    assert kept() == {}
