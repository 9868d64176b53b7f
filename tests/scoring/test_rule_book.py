"""The rules of the score as people read them: every drawn table of docs/rekenregels.md is computed.

The page holds the rules and their tables, a rule as `## number. title`, what is given, and the outcome; here stands, by
the beginning of its title, how the outcome of a rule is come by.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import aggregate, classify, combine, krippendorff_alpha, percent_agreement, rank, score_risk
from werkbank.scoring.change import Methods, Said, split_change
from werkbank.scoring.unknown_cells import describe_district

from .drawn import asked_of, flat, not_applicable, table, tree

PAGE = (Path(__file__).parents[2] / "docs" / "rekenregels.md").read_text(encoding="utf-8")
DRAWN = re.compile(
    r"^## \d+\. ([^\n]+)$[^#]*?```text\n(.*?)\n```\n\nUitkomst:\n\n```text\n(.*?)\n```$", re.MULTILINE | re.DOTALL
)
RULES = {title: (given, outcome) for title, given, outcome in DRAWN.findall(PAGE)}
TREE = tree(
    """
    totaal       -        1
    dreiging     totaal   0.9
    gelegenheid  totaal   0.05
    tekort       totaal   0.05
    V1           dreiging 1
    V2           dreiging 1
    V3           dreiging 1
    G1           gelegenheid 1
    G2           gelegenheid 1
    W1           tekort   1
    W2           tekort   1
    """
)
POINTS = (0, 50, 100)
"""A short scale, where something is expected: with every point a level most levels never occur."""


def tables_of(given):
    """Drawn tables one below another, each under the name of who filled it in."""
    return dict(block.split(":\n") for block in given.split("\n\n"))


def together(given, rule="maximum", points=range(101)):
    """The parties' tables combined, every indicator by the same rule, the police the best judge."""
    drawn = tables_of(given)
    agreed = table(drawn.pop("afgesproken")) if "afgesproken" in drawn else None
    level_of = {point: level for level, point in enumerate(points)}
    levels = {party: table(rows).map(lambda point: level_of.get(point, point)) for party, rows in drawn.items()}
    codes = next(iter(levels.values())).columns
    declined = {party: not_applicable(rows) for party, rows in drawn.items()}
    same = {"points": points, "rules": rule, "best_judge": "politie"}
    choices = {name: dict.fromkeys(codes, one) for name, one in same.items()}
    return combine(levels, declined, asked_of=asked_of(drawn), consensus=agreed, **choices)


def risk(combined, power=2):
    """Scored by what of the structure is in the table."""
    codes = set(combined.values)
    kept = {"totaal", *codes, *TREE.loc[TREE["code"].isin(codes), "parent"]}
    return score_risk(combined, TREE[TREE["code"].isin(kept)], mean={"dreiging": power})


def beside(*found):
    return pd.concat(found, axis=1, ignore_index=True)


def columns(found, *names):
    return beside(*(getattr(found, name) for name in names))


def known(given):
    found = aggregate(table(given), flat(list(table(given))), applicable=~not_applicable(given))
    return beside(found.total, found.coverage["top"])


def conflicting(given):
    found = together(given)
    assert found.conflicts == (("park", "V1", "gemeente"),)
    return found.values


def total(given, mean="arithmetic", weights=None):
    return aggregate(table(given), flat(list(table(given)), weights), mean=mean).total


def groups(given):
    return risk(together(given)).groups[["dreiging", "gelegenheid", "tekort", "totaal"]]


def unknown(given):
    return columns(risk(together(given, points=POINTS)), "low", "total", "estimated", "high")


def estimated(given):
    known = risk(together(given, points=POINTS)).coverage["totaal"]
    return beside(known, known < 2 / 3)


def contributing(given):
    found = risk(together(f"politie:\n{given}"))
    assert found.contributions.sum(axis=1)["park"] == pytest.approx(found.total["park"])
    return found.contributions[["V1", "V2", "V3"]]


def unmoved(given):
    """The first park's score, beside the others and without them."""
    first = "\n".join(given.splitlines()[:2])
    assert total(first)["A"] == total(given)["A"]
    return total(first)


def agreeing(given):
    equal, other = table(given).iloc[0].astype(int)
    rows = {"alles": [0] * (equal + other), "bijna": [0] * equal + [1] * other}
    both = {name: [row, rows["alles"]] for name, row in rows.items()}
    return pd.DataFrame({name: [krippendorff_alpha(one), percent_agreement(one)] for name, one in both.items()}).T


def split(given):
    old, new = ({"politie": table(rows) / 50} for rows in tables_of(given).values())
    codes = list(old["politie"])
    choices = {"points": dict.fromkeys(codes, POINTS), "rules": dict.fromkeys(codes, "maximum"), "best_judge": {}}
    structure = TREE[TREE["code"].isin(["totaal", "dreiging", *codes])]
    figures = describe_district(combine(old, **choices), correlation=0.5)

    def method(said):
        return score_risk(combine(said.levels, **choices), structure, district=figures).groups

    rounds = (Said(each, {"politie": each["politie"].isna() & False}) for each in (old, new))
    rows = split_change(*rounds, Methods(*4 * [method]))
    parts = ["change", "judgement", "knowledge", "district", "method"]
    return rows[rows["group"] == "totaal"].set_index("unit")[parts]


COMPUTED = {
    "Bij dreiging telt het hoogste": lambda given: together(given).values,
    "Bij gelegenheid en weerbaarheid": lambda given: together(given, "mean").values,
    "Weet maar één partij iets": lambda given: columns(together(given), "low", "values", "high"),
    "Onbekend is geen nul": unknown,
    "Niet van toepassing telt nergens": known,
    "Zegt de ene partij “n.v.t.”": conflicting,
    "Binnen de dreiging telt een hoog": lambda given: total(given, mean=2),
    "Een indicator met een hoger gewicht": lambda given: total(given, weights=[3, 1]),
    "Het totaal is het gewogen": groups,
    "Een terrein waar bijna niets": estimated,
    "Is in een groep niets van toepassing": groups,
    "De grenzen zijn": lambda given: columns(risk(together(given)), "low", "high"),
    "Wat elke cel bijdraagt": contributing,
    "Gelijke scores delen": lambda given: rank(table(given)["score"]),
    "De klassen hebben": lambda given: classify(table(given)["score"], [12, 24, 42]),
    "Alleen een terrein met een ingevulde": lambda given: (together(given).values[["V1", "V2", "V3"]] > 0).any(axis=1),
    "Een terrein erbij": unmoved,
    "Zijn alle oordelen gelijk": agreeing,
    "Een verschil tussen twee rondes": split,
    "Wie niet is gevraagd": lambda given: columns(together(given), "low", "values", "high"),
    "Wat de partijen afspraken": lambda given: columns(together(given), "low", "values", "high"),
}


def same(found, outcome):
    """The drawn outcome, words as they stand and figures to one decimal as they are printed."""
    units, cells = zip(*((unit, row) for unit, *row in map(str.split, outcome.splitlines()[1:])), strict=True)
    frame = pd.DataFrame(found)
    header = outcome.split("\n")[0].split()
    assert list(frame.index) == list(units)
    assert list(frame) == header or not set(frame) & set(header)
    if frame.iloc[:, 0].map(lambda cell: isinstance(cell, str)).all():
        assert frame.to_numpy().tolist() == list(map(list, cells))
    else:
        np.testing.assert_allclose(frame.astype("float64").to_numpy(), table(outcome).to_numpy(), atol=0.05)


@pytest.mark.parametrize("title", RULES)
def test_the_outcome_of_every_rule_is_what_is_computed(title):
    (compute,) = (each for beginning, each in COMPUTED.items() if title.startswith(beginning))
    given, outcome = RULES[title]
    same(compute(given), outcome)


def test_no_rule_escapes_and_a_wrong_outcome_is_noticed():
    """Every heading of the page is a rule with tables, and the comparison they all rest on fails on another figure."""
    assert len(RULES) == len(COMPUTED) == PAGE.count("\n## ")
    with pytest.raises(AssertionError):
        same(table(" s \n a 1"), " s \n a 2")
    with pytest.raises(AssertionError):
        same(pd.Series({"a": "rust"}), " s \n a volgen")
