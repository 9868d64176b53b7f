"""What the parties agreed on counts in the place of what each of them gave, which stays beside it."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.advice.small import CATALOGUE, MUNICIPALITY, POLICE, advised, drawn, matrix, method
from tests.advice.test_development import FIRST, NOMINAL, SECOND
from tests.advice.test_development import matrix as whole
from werkbank.advice.agreement import differences, unsettled
from werkbank.advice.development import develop
from werkbank.advice.reasons import actions, indications, reasons_of, strong_signals
from werkbank.advice.scorecard import score_matrix
from werkbank.assessment.decisions import agree_on_cell, read_register, withdraw_agreement
from werkbank.errors import RegisterError
from werkbank.matrix.risk_matrix import Agreed
from werkbank.register.agreements import agreements, recorded_agreements, with_agreements
from werkbank.register.store import recorded_events
from werkbank.settings.catalogue import load_catalogue

BOTH = (MUNICIPALITY, POLICE)
WHY = "Besproken in het overleg van maart."
RULES = ("maximum", "mean", "weighted", "consensus")


def on(judged, *cells, parties=BOTH):
    """The matrix with what was agreed on: (park, indicator, level)."""
    return dataclasses.replace(judged, agreed=tuple(Agreed(*cell, parties, "driehoek, 3 maart 2026") for cell in cells))


def said_by_both(judged, park, code, level):
    """The matrix in which every party gives this level of the cell."""
    rows = judged.judgements
    cell = (rows["park_id"] == park) & (rows["indicator"] == code)
    rows.loc[cell, ["state", "level"]] = "level", level
    return dataclasses.replace(judged, _judgements=rows)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(2))
def test_an_agreement_is_worth_what_the_cell_is_where_every_party_gives_that_level(rule, seed):
    """Under every rule, and nothing else changes: no other park, no other known cell; a higher one never lowers a score."""
    rng = np.random.default_rng(seed)
    judged = drawn(rng, parks=4)
    chosen = method(combination=dict.fromkeys(("threat", "opportunity", "resilience"), rule))
    park, code = rng.choice(judged.park_ids), rng.choice(judged.indicators)
    before = score_matrix(judged, CATALOGUE, chosen, BOTH)
    others = [one for one in judged.park_ids if one != park]
    totals = []
    for level in range(4):
        said = on(judged, (park, code, level)), said_by_both(judged, park, code, level)
        cards = [score_matrix(each, CATALOGUE, chosen, BOTH, before.district) for each in said]
        for name in ("values", "low", "high", "known"):
            pd.testing.assert_frame_equal(*(getattr(card.combined, name) for card in cards))
        mine = cards[0]
        assert mine.table["score"].tolist() == cards[1].table["score"].tolist()
        same = (card.table.loc[others].drop(columns="rank") for card in (mine, before))
        pd.testing.assert_frame_equal(*same)
        rest = mine.combined.values.drop(columns=code)
        assert rest.equals(before.combined.values.drop(columns=code))
        assert mine.combined.known_by_all.equals(before.combined.known_by_all)
        totals.append(mine.table.loc[park, "score"])
    falling = CATALOGUE.family_of(code).protective
    assert totals == sorted(totals, reverse=falling)


APART = matrix(
    {
        "A": {POLICE: "3?110000", MUNICIPALITY: "1?110000"},
        "B": {POLICE: "00000000", MUNICIPALITY: "00000000"},
        "C": {POLICE: "0?2?1111", MUNICIPALITY: "0?0?1111"},
    },
    sources={("A", "V01", POLICE): "B"},
)


@pytest.mark.parametrize(
    ("level", "signals", "action", "strength", "candidates"),
    [
        # The highest: the police gave it, and their source stands behind it.
        (3, [("V02", "agreed", 3, "B")], "follow", "strong", ("A", "C")),
        # Below what the police gave: no signal, nothing high to follow; there still is an indication.
        (1, [], "no_cause", "weak", ("A", "C")),
        # Nothing: the park is no candidate any more.
        (0, [], "no_cause", "none", ("C",)),
    ],
)
def test_an_agreed_level_stands_in_the_place_of_the_parties(level, signals, action, strength, candidates):
    sources = {("A", "V02", POLICE): "B", ("A", "V02", MUNICIPALITY): "A"}
    parks = {"A": {POLICE: "03000000", MUNICIPALITY: "01000000"}, "C": dict.fromkeys(BOTH, "22220000")}
    judged = on(matrix(parks, sources=sources), ("A", "V02", level))
    card, strong = score_matrix(judged, CATALOGUE, method(), BOTH), strong_signals(judged, BOTH, CATALOGUE)
    assert [(one.indicator, one.party, one.level, one.source_strength) for one in strong] == signals
    assert card.candidates == candidates
    assert actions(card, ("C",), None, 0, strong)["A"] == action
    signs = indications(judged.counted(BOTH), card.levels, CATALOGUE)
    (one,) = [it for it in signs if (it.park_id, it.phenomenon) == ("A", CATALOGUE.indicator("V02").phenomena[0])]
    assert (one.strength, one.parties) == (strength, ("agreed",) if level else ())
    told = [(it.indicator, it.party, it.level) for it in reasons_of(card) if (it.park_id, it.indicator) == ("A", "V02")]
    assert told == ([("V02", "agreed", level)] if level else [])


def test_there_is_nothing_left_to_ask_or_to_talk_about():
    """Of a party's silence on it neither; without an agreement of all its parties it does not count."""
    card = score_matrix(on(APART, ("A", "V01", 2)), CATALOGUE, method(), BOTH)
    found, advice = advised(card)
    assert ("A", "V01") not in {(it.park_id, it.indicator) for it in differences(card, found, advice.park_ids, None)}
    assert ("C", "V03") in {(it.park_id, it.indicator) for it in differences(card, found, advice.park_ids, None)}
    alone = score_matrix(card.matrix, CATALOGUE, method(), (POLICE,))
    assert alone.levels.loc["A", "V01"] == 3
    chosen = method(combination={"threat": "consensus", "opportunity": "consensus"})
    told = [it.found for it in unsettled(score_matrix(card.matrix, CATALOGUE, chosen, BOTH))]
    assert len(told) == 1
    assert "gelegenheid" in told[0]


def test_between_rounds_an_agreement_counts_in_the_judged_part_only_if_it_stands_in_both():
    """In the new round alone it is what is known better; the parts still add up."""
    catalogue, park, code = load_catalogue(), "URK-04", "V01"
    old, new = whole(FIRST, "2025-1"), whole(SECOND, "2026-1")

    def change(*agreed):
        rounds = (on(each, *cells) for each, cells in zip((old, new), agreed, strict=True))
        return develop(*rounds, catalogue, NOMINAL, NOMINAL, BOTH, districts=(old, new)).change(park)

    none, one, both = change([], []), change([], [(park, code, 0)]), change([(park, code, 3)], [(park, code, 0)])
    assert none.judgement == one.judgement != both.judgement
    assert one.new == both.new < none.new
    for each in (one, both):
        parts = each.judgement + each.knowledge + each.district + each.method
        assert parts == pytest.approx(each.change)


@pytest.mark.parametrize(
    ("cell", "more", "told"),
    [
        (("V14", "4"), {}, "“4” is geen niveau van V14 · toegestaan: 0 geen vermoeden, .*agreement-level"),
        (("V14", "n.v.t."), {}, "over onbekend of n.v.t. valt niets af te spreken"),
        (("V14", "struktureel"), {}, "bedoelt u “structureel”"),
        (("V99", "2"), {}, "De catalogus kent geen indicator “V99”; bedoelt u “V09”"),
        (("V14", "3"), {}, r"buiten wat de partijen zelf gaven \(1 en 2\).*--outside-reason"),
        (("V14", "2"), {"outside_reason": WHY}, "agreement-needless-reason"),
        (("V14", "3"), {"outside_reason": "kort"}, "agreement-outside-reason"),
        (("V14", "2"), {"reason": "kort", "by": "Jan de Vries"}, "agreement-reason.*decision-by-personal"),
        (("V14", "2"), {"reason": "Bel Jan de Vries op 06-12345678."}, "agreement-reason-personal"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_a_sentence(own_workspace, cell, more, told):
    with pytest.raises(wb.WerkbankError, match=f"(?s){told}"):
        agree_on_cell("Kuifeend", *cell, **{"reason": WHY, "by": "driehoek", **more})
    assert read_register().agreements == ()


def test_an_agreement_is_kept_counted_shown_and_taken_back(own_workspace, assessed, run):
    """Both private judgements stay beside it; once withdrawn every byte is as before, and both stay in the register."""
    before = assessed("urk")
    code, out, _ = run("agree", "kuifeend", "v14", "1", "--reason", WHY, "--by", "driehoek")
    assert code == 0
    assert "V14: niveau 1" in out
    assert "zelf gaven: politie 2, gemeente 1" in out
    with pytest.raises(RegisterError, match=r"al niveau 1 afgesproken.*agreed-before"):
        agree_on_cell("URK-03", "V14", "2", reason=WHY, by="driehoek")
    after = wb.assess("urk")
    assert after.agreed == {("URK-03", "V14"): 1}
    assert after.judgements.equals(before.judgements)
    assert after.fingerprint != before.fingerprint
    assert [line for line in after.compare(before).lines if "de afspraken" in line]
    assert "Afgesproken: vermoeden, incidenteel (1)." in str(after.explain("URK-03"))
    shown = {chapter(after).html for chapter in (wb.report.agreement, wb.report.park_pages, wb.report.heat_map)}
    assert all(any(word in page for page in shown) for word in ("afgesproken 1 (driehoek, ", "afgesproken: 1", "1*"))
    again = type(after).from_json(after.to_json())
    assert again.to_json() == after.to_json()
    theirs = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    assert theirs.agreed == {}
    assert "driehoek" not in theirs.to_json()
    assert "agreed" not in theirs.to_json()
    assert run("agree", "URK-03", "V14", "1", "--withdraw", "--reason", WHY, "--by", "driehoek")[0] == 2
    assert run("agree", "URK-03", "V14", "--withdraw", "--reason", WHY, "--by", "driehoek")[0] == 0
    assert wb.assess("urk").to_json() == before.to_json()
    with pytest.raises(RegisterError, match="not-agreed"):
        withdraw_agreement("URK-03", "V14", reason=WHY, by="driehoek")
    assert "1 afspraak, waarvan 1 ingetrokken." in run("register")[1]
    left = [one for one in recorded_events(own_workspace / "data") if one.kind != "consensus"]
    assert (len(left), agreements(left)) == (1, ()), "to take back what is no longer there says nothing"
    (kept,) = [one for one in json.loads(run("register", "--json")[1]) if one["kind"] == "agreement"]
    assert (kept["said"], kept["withdrawal"]["by"]) == ({"police": 2, "municipality": 1}, "driehoek")


def test_an_agreement_on_what_is_no_longer_asked_is_not_counted_and_told(own_workspace):
    agree_on_cell("URK-03", "V14", "2", reason=WHY, by="driehoek")
    recorded, catalogue = recorded_agreements(own_workspace / "data", "2026-1", "urk"), load_catalogue()
    judged = wb.load_round("urk")
    bare = dataclasses.replace(judged, agreed=())
    left = tuple(one for one in catalogue.indicators if one.id != "V14")
    fewer = catalogue.model_copy(update={"indicators": left, "version": "9"})
    for version, agreed in ((catalogue.version, judged.agreed), ("0.1", judged.agreed), ("0.0", ())):
        then = [dataclasses.replace(one, catalogue=version) for one in recorded]
        assert with_agreements(bare, then, catalogue).agreed == agreed
    found = with_agreements(bare, recorded, fewer)
    assert (found.agreed, [it.rule for it in found.findings][-1:]) == ((), ["agreement-not-counted"])
