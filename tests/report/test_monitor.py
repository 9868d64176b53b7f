"""What people read of two rounds: figures as text, careful words, and nothing for who may not see it."""

import re
from dataclasses import replace

import pytest

import werkbank as wb
from tests.report.reading import text_of
from tests.report.test_charts import rows
from werkbank.advice.explanation import plain, printed_change, signed
from werkbank.assessment.rounds import compare_rounds
from werkbank.errors import OutputError
from werkbank.report.charts_park import change_chart
from werkbank.report.html import refuse_active
from werkbank.report.monitor import change_pages, change_table


@pytest.fixture(scope="module")
def dronten(demo_workspace):
    """Nine parks, the earlier round by another method; one was a blind spot in the earlier round."""
    method = wb.load_parameters("dronten", method={"power": {"threat": 1}}).method
    return compare_rounds("dronten", earlier_method=method)


def test_the_table_has_every_park_with_figures_as_text_and_says_what_a_change_is_not(dronten):
    told = text_of(change_table(dronten))
    for change in dronten.changes():
        printed = printed_change(change)
        row = f"{dronten.name(change.park_id)} {plain(printed.old)} {plain(printed.new)} {signed(printed.change)} "
        assert row in told
    assert "Een andere score betekent niet dat er op het terrein iets is veranderd" in told
    assert "dichter bij het midden" in told
    assert "alles is vaak opnieuw doorgerekend" in told


def test_the_pages_lead_back_to_cells_by_party_and_level(dronten):
    """A park of which little is known in both rounds is marked."""
    told = text_of(change_pages(dronten))
    change = dronten.changes()[0]
    moved = dronten.most_moved(change.park_id, 1)[0]
    assert f"{moved.indicator} " in told
    assert "nu wel bekend" in told
    assert re.search(r"(Politie|Gemeente) onbekend \d \w+", told)
    assert "oordelen zijn in beide rondes bekend. Lees de delen daarom met voorbehoud" in text_of(change_pages(dronten))
    assert len(re.findall(r"\d van \d+\*</td>", change_table(dronten).html)) == 1


def test_a_change_that_cannot_be_split_has_dashes_and_says_so(dronten):
    frame = dronten.frame.assign(splittable=False)
    frame[["judgement", "knowledge", "method"]] = float("nan")
    apart = replace(dronten, _changes=frame)
    assert "Dat is niet te splitsen" in text_of(change_pages(apart))
    name = apart.name(apart.changes()[0].park_id)
    assert re.search(rf"{name} [\d,]+ [\d,]+ \+[\d,]+ – – – ", text_of(change_table(apart)))
    assert {piece["part"] for piece in rows(change_chart(apart).spec) if "part" in piece} == {"niet te splitsen"}


def test_what_differs_between_the_rounds_is_a_warning_that_cannot_be_overlooked(dronten):
    """A method that was not kept has no column, other parties, parks of one round."""
    unknown = replace(dronten, old_method_kept=False)
    assert "methode van ronde 2025-1 is niet bewaard" in text_of(change_table(unknown))
    assert "Andere methode" not in text_of(change_table(unknown)) + text_of(change_pages(unknown))
    assert change_chart(unknown).table[0][-1] == "Beeld van het district"
    assert "Andere methode" in text_of(change_table(dronten))
    lame = replace(dronten, old_delivered=("municipality",))
    assert "Niet dezelfde partijen leverden aan: in ronde 2025-1 gemeente" in text_of(change_table(lame))
    assert "Let op" not in text_of(change_table(dronten))
    park = dronten.changes()[0].park_id
    assert f"Alleen in ronde 2026-1: {dronten.name(park)}." in text_of(change_table(replace(dronten, only_new=(park,))))


def test_the_bars_of_a_park_end_to_end_are_its_change(dronten):
    pieces = rows(change_chart(dronten).spec)
    for change in dronten.changes():
        own = [piece for piece in pieces if "part" in piece and piece["park"] == dronten.name(change.park_id)]
        assert sum(piece["end"] - piece["start"] for piece in own) == pytest.approx(change.change, abs=1e-5)
        rising = [piece for piece in own if piece["end"] > 0]
        assert [piece["start"] for piece in rising] == [0.0, *(piece["end"] for piece in rising)][:-1] or not rising


def test_the_chart_has_its_words_and_figures(dronten):
    figure = change_chart(dronten)
    assert "Dronten (fictief), van ronde 2025‑1 naar 2026‑1" in figure.title
    assert figure.description.startswith("Staafdiagram")
    assert "Anders beoordeeld is iets anders dan veranderd" in figure.caption
    assert len(figure.table) == 10
    assert len(set(map(len, figure.table))) == 1
    assert "anders beoordeeld" in figure.svg


def test_names_are_escaped_and_nothing_in_the_sections_can_act_or_call_out(dronten):
    parks = dronten.parks
    parks["name"] = "<script>alert(1)</script>"
    named = replace(dronten, _parks=parks)
    for section in (change_table(named), change_pages(named)):
        assert "<script" not in section.html
        assert "&lt;script" in section.html
    refuse_active(change_table(dronten).html + change_pages(dronten).html)


def test_a_party_may_see_its_own_view_and_who_may_not_see_the_others_cells_gets_nothing(demo_workspace, dronten):
    parameters = wb.load_parameters("urk", parties=("municipality",), audience="municipality")
    own = compare_rounds(parameters)
    assert "Politie" not in text_of(change_pages(own))
    assert "Beeld van één partij" in text_of(change_table(own))
    for audience in ("police", "municipality", "steering", "partners", "entrepreneurs", "public"):
        other = replace(dronten, parameters=dronten.parameters.model_copy(update={"audience": audience}))
        for make in (change_table, change_pages, change_chart):
            with pytest.raises(OutputError, match="mag zien; er is niets gemaakt"):
                make(other)


def test_another_catalogue_and_a_comparison_that_does_not_say_for_whom_are_refused(dronten):
    with pytest.raises(OutputError, match="voor wie"):
        change_table(replace(dronten, parameters=None))
    with pytest.raises(OutputError, match="catalogus is veranderd"):
        change_table(replace(dronten, catalogue_fingerprint="0" * 64))
