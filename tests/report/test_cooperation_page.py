"""The cooperation and the check of the matrix as people read them: a state in sentences, and nothing for who may not."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb
from tests.report.reading import seen
from werkbank.assessment.cooperation import Checked, Cooperation, PartyRound, RoundTogether, agreed
from werkbank.report.html import refuse_active
from werkbank.report.rounds import cooperation_page, district_cooperation, outcomes_chapter
from werkbank.sharing.who import entitled

ROUNDS, PARTIES = ("2024-1", "2025-1", "2026-1"), ("police", "municipality")
NAMES = {f"URK-{n:02}": f"Kanarie {n}" for n in range(1, 15)}
KNOWN = {"police": 0.123, "municipality": 0.765}


def made(**changes):
    """Three rounds in which all delivered, two parks that moved and twelve that did not."""
    scores = [(park, name, 40.0 + 7 * (park == "URK-02" and name == "2026-1")) for park in NAMES for name in ROUNDS]
    scores[0] = ("URK-01", "2024-1", 51.0)
    found = Cooperation(
        rounds=ROUNDS,
        parties=tuple(PartyRound(one, name, True, None, None, KNOWN[one]) for name in ROUNDS for one in PARTIES),
        together=tuple(RoundTogether(name, 0.911, 0.414, 0.272, 0.868, 76, 5, 3) for name in ROUNDS),
        actions={"overdue": 1, "soon": 0, "later_on": 0, "later": 0, "undated": 2, "finished": 1},
        disclosures={"2024-1": 0, "2025-1": 0, "2026-1": 2},
        meetings=1,
        _resilience=pd.DataFrame(scores, columns=["park_id", "round", "score"]),
    )
    return replace(found, **changes)


def party(*came, on_time=None, saved=None):
    """What a party did in the last rounds; when, in the last of them."""
    days = [(None, None)] * (len(came) - 1) + [(on_time, saved)]
    names = ROUNDS[-len(came) :]
    return tuple(
        PartyRound("police", name, there, day[1], day[0], None)
        for name, there, day in zip(names, came, days, strict=True)
    )


def text(chapter):
    refuse_active(chapter.html)
    return seen(chapter.html)


def page(found, audience="riec", catalogue=None):
    catalogue = catalogue or wb.load_catalogue()
    return cooperation_page(found, catalogue.audience(audience), catalogue, NAMES)


DAY = dt.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            party(True, False, True, saved=DAY, on_time=True),
            "2 van de 3 rondes aan; in 2026-1 op tijd (op 1 april 2026).",
        ),
        (
            party(True, True, saved=DAY, on_time=False),
            "2 van de 2 rondes aan; in 2026-1 na de gevraagde dag (op 1 april",
        ),
        (party(True, True, True, saved=DAY), "in 3 van de 3 rondes aan; in 2026-1 op 1 april 2026."),
        (party(True, True, False), "De politie leverde in 2 van de 3 rondes aan; in 2026-1 niet."),
        (party(False, False, False), "in geen van de 3 rondes aan."),
        ({}, "oordeelden minstens twee partijen 76 keer over hetzelfde. In 87% daarvan scheelt dat hooguit één stap."),
        ({}, "Wat de analyse van 2025-1 als eerste wilde weten: 5 vragen, waarvan er nu 3 zijn beantwoord."),
        ({}, "staan 4 acties: 1 afgerond, 1 voorbij de afgesproken dag en 2 nog zonder datum."),
        ({"counted": DAY}, "staan 4 acties (geteld op 1 april 2026): 1 afgerond"),
        ({"counted": DAY, "actions": {}}, "nog geen actie in een projectplan (geteld op 1 april 2026)."),
        ({"planned": ("2023-1", *ROUNDS)}, "Daaronder zijn plannen uit 2023-1; verder is daar niets van meegenomen."),
        ({}, "Over wanneer de partners elkaar spreken en terugkijken is 1 afspraak ingevuld."),
        ({}, "Verstrekt aan anderen, of aan hen getoond: 2 keer in 2026-1."),
        ({}, "ontbreekt er op 1 terrein minstens 5 punten minder, en op 1 terrein minstens 5 punten meer."),
        ({}, "Op 12 terreinen bewoog het minder dan 5 punten; die staan hier niet."),
        ({"actions": {}, "meetings": 0}, "Er staat nog geen actie in een projectplan."),
        ({"meetings": 0}, "is in geen plan ingevuld."),
        ({"disclosures": dict.fromkeys(ROUNDS, 0)}, "niets aan anderen verstrekt of getoond."),
    ],
)
def test_the_page_says_as_a_state_who_delivered_and_what_was_known_kept_and_shared(changes, told):
    assert told in text(page(made(**changes if isinstance(changes, dict) else {"parties": changes})))


def test_what_is_missing_is_not_told_as_a_nought():
    nothing = tuple(RoundTogether(name, None, None, None, None, 0, None, None) for name in ROUNDS)
    none = made(together=nothing, parties=party(False, False, False)).resilience.iloc[:0]
    told = text(page(made(together=nothing, parties=party(False, False, False), _resilience=none)))
    assert "0%" not in told
    assert "geen vragen" not in told
    assert "ontbreekt" not in told


def test_no_park_and_no_cell_of_another_party_stands_in_the_page_of_who_may_not_see_it(assessed):
    """Canaries in every figure that rests on cells; only who sees all of them reads any but its own party's."""
    catalogue, found = wb.load_catalogue(), made()
    figures = {"12%", "77%", "91%", "41%", "87%", "0,27", "76 keer", "5 vragen", "Kanarie"}
    own = {"riec": figures, "municipality": {"77%"}, "police": {"12%"}}
    for audience in catalogue.audiences:
        pages = (page(found, audience.id), district_cooperation({"Urk": found}, audience, catalogue))
        told = [{one for one in figures if one in text(each)} for each in pages]
        assert told[0] == own.get(audience.id, set()), audience.id
        assert told[1] <= told[0], audience.id
        assert bool(pages[0].blocks) == ("coverage" in audience.fields)
        assert bool(pages[1].blocks) == ("coverage" in audience.fields and audience.areas == "district")
        assert ("staan niet in dit exemplaar" in text(pages[0])) == (bool(pages[0].blocks) and audience.id != "riec")
    # Once no party's cells are withheld from it, it reads what the RIEC reads.
    basis = assessed("urk").legal_basis.model_copy(update={"releases": {"municipality": ("police_cells",)}})
    freed = entitled(catalogue.audience("municipality"), basis, catalogue, PARTIES)
    assert all(one in text(cooperation_page(found, freed, catalogue, NAMES)) for one in figures)


def test_the_district_has_a_row_for_each_municipality_in_the_order_of_the_alphabet_and_says_what_lacks():
    catalogue = wb.load_catalogue()
    lame = made(parties=(*party(True, True, False), *made().parties[1::2]), actions={})
    chapter = district_cooperation({"Urk": lame, "Almere": made()}, catalogue.owner, catalogue)
    told = text(chapter)
    assert "In 1 van de 2 gemeenten leverde elke partij in elke ronde aan." in told
    rows = next(block for block in chapter.blocks if hasattr(block, "rows")).rows
    assert [row.cells[0] for row in rows] == ["Almere", "Urk"]
    assert rows[0].cells[1:] == ("12%", "77%", "91%", "41%", "87%", "1 van 4", "1", "2")
    assert rows[1].cells[1:] == ("niet aangeleverd", "77%", "91%", "41%", "87%", "–", "–", "2")
    # Who is not told how many there are is not told that there are none.
    assert "In de projectplannen staan 4 acties" in told
    steering = catalogue.audience("steering")
    told = district_cooperation({"Urk": made()}, steering, catalogue)
    assert "projectplan" not in text(told)
    heads = [one.name for one in next(block for block in told.blocks if hasattr(block, "rows")).columns]
    assert heads[:3] == ["Gemeente", "De politie", "De gemeente"]


def test_whether_the_matrix_was_right_is_told_with_its_interval_and_with_what_it_does_not_say():
    found = [*[Checked("strong", "A", True)] * 6, Checked("strong", "A", False), *[Checked("weak", "C", False)] * 5]
    told = text(outcomes_chapter(agreed(found)))
    assert "Sterke aanwijzing 7 6 86% (56% – 97%)" in told
    assert "Zwakke aanwijzing 5 0 0% (0% – 31%)" in told
    assert "Dit zegt niet hoe vaak een aanwijzing klopt." in told
    assert "Duidelijke" not in told
    few = text(outcomes_chapter(agreed(found[:4])))
    assert "Nog geen 5 afgeronde acties" in few
    assert "%" not in few
