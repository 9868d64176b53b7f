"""The rules of the score as drawn tables; docs/rekenregels.md is made of this file (tools/make_rulebook.py).

Every test is one rule. Its docstring is the rule in Dutch, as the rule book prints it; `given` and `outcome` are the
tables that stand below it. `?` is unknown, `nvt` not applicable.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import aggregate, classify, combine, quadrant, rank, score_risk
from werkbank.scoring.agreement import krippendorff_alpha, percent_agreement
from werkbank.scoring.change import split_change

from .drawn import flat, not_applicable, table, tree, words

TREE = tree(
    """
    totaal       -        1
    dreiging     totaal   0.5
    gelegenheid  totaal   0.25
    tekort       totaal   0.25
    V1           dreiging 1
    V2           dreiging 1
    V3           dreiging 1
    G1           gelegenheid 1
    G2           gelegenheid 1
    W1           tekort   1
    W2           tekort   1
    """
)
POWERS = {"dreiging": 2, "totaal": "arithmetic"}


def tables_of(text: str) -> dict[str, str]:
    """Drawn tables one below another, each under the name of who filled it in."""
    found: dict[str, str] = {}
    for block in text.strip().split("\n\n"):
        name, _, rest = block.strip().partition("\n")
        found[name.strip().rstrip(":")] = rest
    return found


def parties(text: str, rule: str = "maximum") -> object:
    """The parties' drawn tables combined, every indicator by the same rule, the police the best judge."""
    drawn = tables_of(text)
    levels = {name: table(rest) for name, rest in drawn.items()}
    columns = next(iter(levels.values())).columns
    return combine(
        levels,
        {name: not_applicable(rest) for name, rest in drawn.items()},
        points=dict.fromkeys(columns, range(101)),
        rules=dict.fromkeys(columns, rule),
        best_judge=dict.fromkeys(columns, "politie"),
    )


def risk(text: str, minimum_coverage: float = 0.6667) -> object:
    combined = parties(text)
    return score_risk(combined, TREE, mean=POWERS, minimum_coverage=minimum_coverage, required="dreiging")


def same(found: pd.DataFrame | pd.Series, outcome: str) -> None:
    """The drawn outcome, to one decimal as it is printed."""
    expected = table(outcome)
    frame = (found.to_frame() if isinstance(found, pd.Series) else found).astype("float64")
    assert list(frame.columns) == list(expected.columns)
    np.testing.assert_allclose(frame.reindex(index=expected.index).to_numpy(), expected.to_numpy(), atol=0.05)


def beside(outcome: str, *found: pd.Series) -> None:
    """The drawn outcome of several figures, in the order of its columns."""
    same(pd.concat(found, axis=1).set_axis(table(outcome).columns, axis=1), outcome)


def test_the_highest_judgement_counts_for_threat():
    """Bij dreiging telt het hoogste oordeel.

    Een partij die niets ziet, weerlegt niet wat de ander ziet.
    """
    given = """
    politie:
           V1   V2
    park   67    0

    gemeente:
           V1   V2
    park    0   33
    """
    outcome = """
           V1   V2
    park   67   33
    """
    same(parties(given).values, outcome)


def test_the_mean_counts_for_opportunity_and_resilience():
    """Bij gelegenheid en weerbaarheid telt het gemiddelde van de partijen."""
    given = """
    politie:
           G1   G2
    park  100   50

    gemeente:
           G1   G2
    park   50    ?
    """
    outcome = """
           G1   G2
    park   75   50
    """
    same(parties(given, "mean").values, outcome)


def test_one_party_alone_decides():
    """Weet maar één partij iets, dan telt haar oordeel.

    Wat de ander nog kan invullen, staat in de grenzen: onder het hoogste oordeel kan het alleen hoger worden.
    """
    given = """
    politie:
           V1
    park   33

    gemeente:
           V1
    park    ?
    """
    outcome = """
           minstens waarde hoogstens
    park        33     33       100
    """
    found = parties(given)
    beside(outcome, found.low["V1"], found.values["V1"], found.high["V1"])


def test_unknown_is_no_nought():
    """Onbekend is geen nul.

    Wat niemand weet, blijft buiten de score. Met een nul erin zou dit terrein 50 krijgen.
    """
    given = """
           V1   V2
    park  100    ?
    """
    outcome = """
           score dekking
    park    100     0.5
    """
    found = aggregate(table(given), flat(["V1", "V2"]))
    beside(outcome, found.total, found.coverage["top"])


def test_what_does_not_apply_leaves_score_and_coverage():
    """Niet van toepassing telt nergens mee.

    Het verlaagt de score niet en ook niet hoeveel er bekend is.
    """
    given = """
           V1   V2
    park  100  nvt
    """
    outcome = """
           score dekking
    park    100       1
    """
    found = aggregate(table(given), flat(["V1", "V2"]), applicable=~not_applicable(given))
    beside(outcome, found.total, found.coverage["top"])


def test_a_level_beats_not_applicable():
    """Zegt de ene partij “n.v.t.” en geeft de andere een niveau, dan telt het niveau.

    Het verschil wordt gemeld, zodat de partijen het bespreken.
    """
    given = """
    politie:
           V1
    park   67

    gemeente:
           V1
    park  nvt
    """
    outcome = """
           V1
    park   67
    """
    found = parties(given)
    same(found.values, outcome)
    assert found.conflicts == (("park", "V1", "gemeente"),)


def test_one_high_suspicion_does_not_drown():
    """Binnen de dreiging telt een hoog vermoeden extra.

    De deelscore is de wortel van het gemiddelde kwadraat (machtsgemiddelde met exponent 2). Eén keer 100 en drie keer 0
    geeft zo 50; een gewoon gemiddelde zou 25 geven, evenveel als vier keer 25.
    """
    given = """
           V1   V2   V3   V4
    een   100    0    0    0
    veel   25   25   25   25
    """
    outcome = """
           score
    een       50
    veel      25
    """
    same(aggregate(table(given), flat(["V1", "V2", "V3", "V4"]), mean=2).total.rename("score"), outcome)


def test_a_heavier_indicator_weighs_more():
    """Een indicator met een hoger gewicht telt zwaarder: het gewogen gemiddelde.

    Hier weegt V1 drie keer zo zwaar als V2.
    """
    given = """
           V1   V2
    park  100    0
    """
    outcome = """
           score
    park      75
    """
    same(aggregate(table(given), flat(["V1", "V2"], [3, 1])).total.rename("score"), outcome)


def test_the_total_is_the_weighted_mean_of_the_groups():
    """Het totaal is het gewogen gemiddelde van de drie groepen.

    Dreiging weegt de helft, gelegenheid en tekort aan weerbaarheid elk een kwart.
    """
    given = """
    politie:
           V1   V2   V3   G1   G2   W1   W2
    park   60   60   60   40   40   20   20
    """
    outcome = """
           dreiging gelegenheid tekort totaal
    park         60          40     20     45
    """
    same(risk(given).groups[["dreiging", "gelegenheid", "tekort", "totaal"]], outcome)


def test_too_little_known_no_score():
    """Is van de dreiging te weinig bekend, dan is er geen score maar alleen een onder- en een bovengrens.

    Hier is één van de drie indicatoren bekend; nodig is twee derde.
    """
    given = """
    politie:
           V1   V2   V3   G1   G2   W1   W2
    park  100    ?    ?   40   40   20   20
    """
    outcome = """
           minstens totaal hoogstens
    park       43.9      ?        65
    """
    found = risk(given)
    beside(outcome, found.low, found.total, found.high)


def test_a_group_that_is_not_known_is_no_nought_either():
    """Is van een andere groep te weinig bekend, dan telt het gemiddelde van de groepen die wel een score hebben.

    Nooit meer of minder dan wat voor die groep nog mogelijk is. Een ontbrekende groep is dus geen nul.
    """
    given = """
    politie:
           V1   V2   V3   G1   G2   W1   W2
    park   60   60   60    ?    ?   30   30
    """
    outcome = """
           dreiging gelegenheid tekort totaal
    park         60           ?     30     50
    """
    same(risk(given).groups[["dreiging", "gelegenheid", "tekort", "totaal"]], outcome)


def test_the_bounds_hold_everything_that_is_still_possible():
    """De grenzen zijn de laagste en de hoogste score die nog kan, wat er ook voor het onbekende wordt ingevuld."""
    given = """
    politie:
           V1   V2   V3   G1   G2   W1   W2
    park   60   60    ?   40   40   20   20
    """
    outcome = """
           minstens totaal hoogstens
    park       39.5     45      52.9
    """
    found = risk(given, minimum_coverage=0.5)
    beside(outcome, found.low, found.total, found.high)


def test_contributions_add_up():
    """Wat elke cel bijdraagt, telt op tot de score.

    Binnen de dreiging draagt een hoog vermoeden naar verhouding van zijn kwadraat bij.
    """
    given = """
           V1   V2   V3
    park  100   50    0
    """
    outcome = """
             V1   V2   V3
    park   51.6 12.9    0
    """
    structure = tree("totaal - 1 \n dreiging totaal 1 \n V1 dreiging 1 \n V2 dreiging 1 \n V3 dreiging 1")
    found = score_risk(parties(f"politie:{given}"), structure, mean={"dreiging": 2}, required="dreiging")
    same(found.contributions[["V1", "V2", "V3"]], outcome)
    assert math.isclose(found.contributions.sum(axis=1)["park"], found.total["park"])


def test_equal_scores_share_a_place():
    """Gelijke scores delen een plaats; de plaats erna wordt overgeslagen. Zonder score geen plaats."""
    given = """
         score
    A       60
    B       50
    C       50
    D       40
    E        ?
    """
    outcome = """
         plaats
    A         1
    B         2
    C         2
    D         4
    E         ?
    """
    same(rank(table(given)["score"]).rename("plaats"), outcome)


def test_classes_have_fixed_borders():
    """De klassen hebben vaste grenzen: 20, 40 en 60. Op een grens hoort bij de hogere klasse."""
    given = """
         score
    A     19.9
    B       20
    C     59.9
    D       60
    """
    outcome = """
         klasse
    A         1
    B         2
    C         3
    D         4
    """
    same(classify(table(given)["score"], [20, 40, 60]).rename("klasse"), outcome)


def test_what_to_do_follows_from_risk_and_knowledge():
    """Wat te doen volgt uit de score en uit hoeveel er bekend is.

    Genoeg bekend en hoog: aanpakken. Genoeg bekend en niet hoog: rust. Te weinig bekend en mogelijk hoog: informatie
    halen, dit is de blinde vlek. Te weinig bekend en ook in het ergste geval niet hoog: volgen. Te weinig bekend en
    zelfs in het gunstigste geval hoog: toch aanpakken.
    """
    given = """
              score minstens hoogstens dekking tweezijdig
    hoog         55       50        60     0.9        0.8
    laag         25       20        30     0.9        0.8
    blind         ?       10        80     0.3        0.1
    klein        15       10        30     0.7        0.2
    zeker        60       45        90     0.7        0.2
    """
    outcome = """
    hoog   aanpakken
    laag   rust
    blind  informatie_halen
    klein  volgen
    zeker  aanpakken
    """
    rows = table(given)
    found = quadrant(*(rows[column] for column in rows), high=40, minimum_coverage=0.6667)["quadrant"]
    dutch = {"act": "aanpakken", "rest": "rust", "find_out": "informatie_halen", "follow": "volgen"}
    assert dict(line.split() for line in outcome.strip().splitlines()) == found.map(dutch).to_dict()


def test_another_park_changes_no_score():
    """Een terrein erbij verandert de score van een ander niet: er wordt nooit geschaald naar wat is gezien."""
    given = """
         V1   V2
    A    67   33
    B    33    0
    C   100  100
    """
    outcome = """
         score
    A       50
    """
    rows = table(given)
    structure = flat(["V1", "V2"])
    same(aggregate(rows, structure).total.rename("score").loc[["A"]], outcome)
    same(aggregate(rows.loc[["A"]], structure).total.rename("score"), outcome)


def test_all_judgements_equal_leave_alpha_undetermined():
    """Zijn alle oordelen gelijk, dan is Krippendorffs alfa niet te bepalen: nooit 0 en nooit 1.

    En bij 19 van de 20 gelijk is alfa 0, terwijl 95% gelijk is. Daarom staat alfa nooit alleen.
    """
    given = """
              gelijk verschil
    gevallen      19        1
    """
    outcome = """
              alfa gelijk
    alles        ?      1
    bijna        0   0.95
    """
    counts = table(given)
    equal, other = int(counts["gelijk"].iloc[0]), int(counts["verschil"].iloc[0])
    everything = [[0] * (equal + other)] * 2
    nearly = [[0] * equal + [1] * other, [0] * (equal + other)]
    both = {"alles": everything, "bijna": nearly}
    found = {name: [krippendorff_alpha(each), percent_agreement(each)] for name, each in both.items()}
    same(pd.DataFrame.from_dict(found, orient="index", columns=["alfa", "gelijk"]), outcome)


def test_a_change_falls_apart_without_a_rest():
    """Een verschil tussen twee rondes valt uiteen in anders beoordeeld, meer kennis en een andere methode.

    Hier wordt V1 hoger beoordeeld en wordt V2 nieuw bekend. De delen tellen precies op.
    """
    given = """
    vorige:
           V1   V2
    park   40    ?

    deze:
           V1   V2
    park   60   90
    """
    outcome = """
           verschil anders_beoordeeld meer_kennis methode
    park         35                20          15       0
    """
    drawn = {name: table(rest) for name, rest in tables_of(given).items()}
    structure = tree("totaal - 1 \n dreiging totaal 1 \n V1 dreiging 1 \n V2 dreiging 1")

    def method(levels):
        choices = {"points": dict.fromkeys(["V1", "V2"], range(101)), "rules": dict.fromkeys(["V1", "V2"], "maximum")}
        return score_risk(combine(levels, best_judge={}, **choices), structure, required="dreiging").groups

    rows = split_change({"politie": drawn["vorige"]}, {"politie": drawn["deze"]}, method, method).table
    row = rows[rows["group"] == "totaal"].set_index("unit")
    columns = ["change", "judgement", "knowledge", "method"]
    beside(outcome, *(row[column] for column in columns))


def test_every_rule_is_in_the_rule_book():
    """The rule book is made of this file and is up to date."""
    from pathlib import Path
    from runpy import run_path

    root = Path(__file__).parents[2]
    made = run_path(str(root / "tools" / "make_rulebook.py"))["rule_book"](Path(__file__))
    assert made == (root / "docs" / "rekenregels.md").read_text(encoding="utf-8")


def test_a_drawn_outcome_that_is_wrong_is_noticed():
    """The comparison that every rule rests on fails on another figure."""
    with pytest.raises(AssertionError):
        same(table(" s \n a 1"), " s \n a 2")
    assert words(" s \n a 1")[0] == ["s"]
