"""Wrong use of every function of scoring: refused, all faults at once, each by its name and with the code it concerns."""

import math
import pickle
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werkbank import scoring
from werkbank.errors import ScoringError
from werkbank.scoring import (
    aggregate,
    agreement_weights,
    bias,
    classify,
    cohen_kappa,
    combine,
    distance_to_border,
    effective_weights,
    gwet_ac,
    krippendorff_alpha,
    leave_one_out,
    outranking,
    parse_mean,
    percent_agreement,
    pooled_alpha,
    rank,
    rank_acceptability,
    rank_intervals,
    sobol_indices,
)

from .drawn import THREE_GROUPS, TWO_GROUPS, flat, table, tree

_ = math.nan
ROW = table("  a  b  c  d \n p  1  2  3  4")
YES = ROW.notna()
TWICE = ROW.rename(columns={"d": "a"})
MANY = table("  a \n p  0").reindex([f"p{i}" for i in range(50)], fill_value=0.0)
XY, XZ = pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"x": [1], "z": [2]})
NAMED = pd.DataFrame([[5, 1], [2, 6], [1, 1]], index=["laag", "midden", "hoog"], columns=["laag", "midden"])
WORDS = [["laag", "hoog", None], ["laag", "midden", "hoog"]]
ONES = pd.Series({"q": 1.0, "p": 1.0})
UNIT = (0, 1)
EVERY = "not-boolean:a not-boolean:b not-boolean:c not-boolean:d"
OURS = table("  a  b  c \n p  6  11  1")
OF_JUDGEMENTS = (
    "unknown-rule:a unknown-rule:c unknown-rule:b bad-points:c bad-weight level-outside-scale:b "
    "other-labels other-labels other-labels other-labels unknown-party level-and-not-applicable:c other-labels"
)


def two(values=ROW, **choices):
    return aggregate(values, TWO_GROUPS, **choices)


def joined(levels, declined=None, codes="a", points=range(0, 101, 10), **choices):
    named = {"points": dict.fromkeys(codes, points), "rules": dict.fromkeys(codes, "maximum"), "best_judge": {}}
    return combine(levels, declined, **named | choices)


def weights_of(drawing):
    return effective_weights(tree(drawing))


def indices(model=lambda x: x[:, 0], factors={"a": UNIT}, n=8, seed=1):  # noqa: B006 - nothing changes it
    return sobol_indices(model, factors, n=n, seed=seed)


REFUSED = [
    # Structures: every fault has its name, and all are named at once.
    (lambda: weights_of("top - 1 \n a top 1 \n a top 1"), "duplicate-code:a"),
    (lambda: weights_of("top - 1 \n a tpo 1 \n b top 1"), "unknown-parent:a"),
    (lambda: weights_of("top - 1 \n a top 1 \n b c 1 \n c b 1"), "cycle:b"),
    (lambda: weights_of("top - 1 \n a top 1 \n b b 1"), "cycle:b"),
    (lambda: weights_of("top - 1 \n other - 1 \n a top 1"), "several-roots"),
    (lambda: weights_of("a b 1 \n b a 1"), "no-root cycle:a"),
    (lambda: weights_of("top - 1 \n a top -1 \n b top 1"), "bad-weight:a"),
    (lambda: weights_of("top - 1 \n a top nan \n b top inf"), "bad-weight:a bad-weight:b"),
    (lambda: weights_of("top - 1 \n a top 0 \n b top 0"), "no-weight:top"),
    (lambda: weights_of("top - 1"), "no-indicators"),
    (
        lambda: weights_of(
            "top - 1 \n a top 1 \n a top 1 \n b treat 1 \n c threat -2 \n threat top 1 \n d e 0 \n e d 0"
        ),
        "duplicate-code:a unknown-parent:b cycle:d bad-weight:c no-weight:e no-weight:d",
        "bedoelt u “threat”?",
    ),
    (lambda: effective_weights(THREE_GROUPS.iloc[:0]), "empty-structure"),
    (lambda: effective_weights(THREE_GROUPS[["code"]]), "missing-column missing-column"),
    (lambda: effective_weights(THREE_GROUPS.to_dict()), "no-table"),
    (lambda: effective_weights(tree("top - 1 \n a top 1").assign(weight="veel")), "bad-weight:a"),
    (lambda: effective_weights(tree("top - 1 \n a top 1").assign(code=[None, "a"])), "empty-code unknown-parent:a"),
    # Tables: exactly one wrong code is found as surely as two (A2SIT missed one).
    (
        lambda: two(pd.DataFrame([[1, 2, "veel", 4], [math.inf, 2, 1, 4]], ["p", "p"], list("aBcg"))),
        "duplicate-unit not-numeric:c infinite-value:a group-column:g unknown-column:B missing-column:b missing-column:d",
    ),
    (lambda: two(ROW.rename(columns={"d": "e"})), "unknown-column:e missing-column:d"),
    (lambda: two(TWICE), "duplicate-column missing-column:d"),
    (lambda: two([[1, 2]]), "no-table"),
    (
        lambda: aggregate(ROW.assign(a="x"), TWO_GROUPS.replace({"parent": {"g": "gg"}})),
        "unknown-parent:a unknown-parent:b not-numeric:a",
    ),
    (lambda: leave_one_out(ROW[["a"]], flat(["a", "b"])), "missing-column:b"),
    # Not applicable: the same table, of yes and no and no blanks.
    (lambda: two(applicable=YES.rename(index={"p": "q"})), "other-labels other-labels"),
    (lambda: two(applicable=YES.drop(columns="a")), "other-labels"),
    (lambda: two(applicable=YES.astype({"a": int})), "not-boolean:a"),
    (lambda: two(applicable=YES.astype({"a": "boolean"}).mask(YES)), EVERY),
    (lambda: two(applicable=YES.astype(object).mask(YES, 1)), EVERY),
    # Choices: 66.67 is a percentage; an unknown code and an indicator are no group; a mean is never a silent default.
    *((lambda wrong=wrong: two(minimum_coverage=wrong), "bad-share") for wrong in (-0.1, 1.1, _, "half", 66.67)),
    *((lambda code=code: two(mean={code: 2}), f"unknown-group:{code}") for code in ("k", "a")),
    *((lambda wrong=wrong: parse_mean(wrong), "unknown-mean") for wrong in ("", _, True, None)),
    (lambda: parse_mean("aritmetic"), "unknown-mean", "bedoelt u “arithmetic”"),
    # A geometric mean of nought (COINr stops too): each indicator and unit is named, and a group that is nought itself.
    (
        lambda: two(table("  a b c d \n p 0 50 100 100 \n q 5 -1 3 3"), mean={"g": "geometric", "h": "harmonic"}),
        "mean-undefined:a mean-undefined:b",
        "“a” (groep “g”) bij “p”",
    ),
    (lambda: two(table("  a b c d \n p 0 0 1 1"), mean={"top": "geometric"}), "mean-undefined:g"),
    (lambda: aggregate(MANY, flat(["a"]), mean="geometric"), "mean-undefined:a", "“p19” en nog 30"),
    # Judgements: labels, scale, contradictions, rules, judges and numbers.
    (
        lambda: combine(
            {"municipality": OURS, "police": table("  a  b  d \n q  6  1  1")},
            {"municipality": OURS == 1, "politie": OURS.isna()},
            points=dict.fromkeys("ab", range(0, 101, 10)) | {"c": (50, 0, 100)},
            rules={"a": "maximaal", "b": "consensus"},
            best_judge={"c": "polite"},
            consensus=table("  a \n z  4"),
            best_judge_weight=0,
        ),
        OF_JUDGEMENTS,
        "bedoelt u “maximum”",
    ),
    (
        lambda: joined(
            {"police": ROW, "municipality": ROW},
            codes="abcd",
            rules={**dict.fromkeys("bcd", "mean"), "a": "weighted"},
            best_judge={"a": "polise", "b": "nobody"},
        ),
        "unknown-party:a",
        "bedoelt u “police”",
    ),
    (lambda: joined({}), "no-party"),
    (lambda: joined({"police": [[1]]}), "no-table:police"),
    # A cell's judgements are one small number: five parties with six levels are too many.
    (lambda: joined(dict.fromkeys("vwxyz", ROW[["a"]]), points=range(6)), "too-many-parties"),
    *((lambda wrong=wrong: joined({"police": ROW[["a"]] * wrong}), "level-outside-scale:a") for wrong in (-1, 1.5, 11)),
    *(
        (lambda wrong=wrong: joined({"police": ROW[["a"]]}, consensus=ROW[["a"]] * wrong), "level-outside-scale:a")
        for wrong in (-1, 1.5, 11)
    ),
    # Ranks: other ways with ties, letters, which have no order here, and tables: which column would be meant?
    *((lambda ties=ties: rank([1.0], ties=ties), "unknown-ties") for ties in ("dense", "average", "", "Min")),
    *((lambda w=w: rank(w), "not-numeric") for w in (["b", "a"], pd.Series(["a", "b"]), [None, "a"], np.array([1j]))),
    *((lambda w=w: rank(w), "bad-shape") for w in (pd.DataFrame({"a": [1.0]}), [[1.0], [2.0]], 3.0)),
    *((lambda w=w: rank_intervals(w), "not-numeric") for w in ([["a", "b"]], np.array([[1j]]))),
    *((lambda w=w: rank_intervals(w), "bad-shape") for w in ([1, 2], [[1, 2], [3]])),
    (lambda: rank_intervals([[1, np.inf]]), "infinite-value"),
    # Borders go up; what belongs to a unit needs its name.
    *((lambda b=b: classify(ONES, b), "bad-borders") for b in ([], [40, 20], [20, 20], [20, _], [[20]])),
    (lambda: classify([1.0, 2.0], [20, 40]), "no-series"),
    (lambda: distance_to_border(np.ones(2), [20, 40]), "no-series"),
    # Draws of weights.
    (lambda: rank_acceptability([[1, 2]], [[1]]), "bad-shape"),
    (lambda: rank_acceptability([[1, 2]], [[1, -1]]), "bad-weight"),
    (lambda: rank_acceptability([[1, 2]], [[1, _]]), "bad-weight"),
    (lambda: rank_acceptability([[1, 2]], [[0, 0], [1, 1]]), "no-weight"),
    (lambda: rank_acceptability([[1, 2]], [[-1, 0], [0, 0]]), "bad-weight no-weight"),
    (lambda: rank_acceptability([[[1, 2]], [[1, 2]]], [[1, 1]]), "bad-shape"),
    (lambda: rank_acceptability(np.empty((0, 2)), [[1, 1]]), "nothing-to-rank"),
    (lambda: rank_acceptability([[1, 2]], np.empty((0, 2))), "nothing-to-rank"),
    (lambda: rank_acceptability([["x", "y"]], [[1, 1]]), "not-numeric"),
    (lambda: rank_acceptability([1, 2], [[1, 1]]), "bad-shape"),
    (lambda: rank_acceptability(XY, XZ), "other-labels"),
    *(
        (lambda weights=weights: outranking([[1, 2], [2, 1]], weights), "bad-weight")
        for weights in ([1], [1, -1], [0, 0], [1, _], [1, 2, 3])
    ),
    # Square tables of more than 5,000 units.
    (lambda: outranking(np.arange(5001.0)[:, None]), "too-many-units", "5001 eenheden"),
    (lambda: rank_acceptability(np.arange(5001.0)[:, None], [[1.0]]).pairwise, "too-many-units", "5001 eenheden"),
    (lambda: rank_acceptability(np.arange(5001.0)[:, None], [[1.0]]).acceptability, "too-many-units"),
    # Agreement: names that do not exist, ratings outside the scale or without an order, and tables that are none.
    (lambda: krippendorff_alpha([[1, 2]], "ordinaal"), "unknown-level", "bedoelt u “ordinal”?"),
    (lambda: krippendorff_alpha([[1, 2]], "Nominal"), "unknown-level", "bedoelt u “nominal”?"),
    (lambda: pooled_alpha([], "rato"), "unknown-level", "bedoelt u “ratio”?"),
    (lambda: gwet_ac([[1, 2]], "quadratisch"), "unknown-weights", "bedoelt u “quadratic”?"),
    (lambda: cohen_kappa([[1]], "lineair"), "unknown-weights", "bedoelt u “linear”?"),
    (lambda: agreement_weights("ordinals", [1, 2]), "unknown-weights", "bedoelt u “ordinal”?"),
    (lambda: agreement_weights("xyz", [1, 2]), "unknown-weights", "kies een van deze"),
    (lambda: gwet_ac([["hoog"]], "identity", ["hoogst", "laagst"]), "unknown-category", "bedoelt u “hoogst”?"),
    (lambda: gwet_ac([[1, 7]], categories=[0, 1, 2, 3]), "unknown-category", "oordeel “7”"),
    (lambda: gwet_ac([[1]], categories=[0, 1, 1]), "duplicate-category", "dubbel: “1”"),
    (lambda: gwet_ac([list(range(2000))]), "too-many-categories", "2000 categorieën"),
    *((lambda work=work: work(WORDS), "no-order") for work in (krippendorff_alpha, gwet_ac)),
    (lambda: percent_agreement(WORDS, within=1), "no-order"),
    (lambda: krippendorff_alpha([[1, np.inf], [1, 2]]), "infinite-value"),
    (lambda: krippendorff_alpha([[1, -2], [1, 2]], "ratio"), "negative-ratio"),
    (lambda: krippendorff_alpha([1, 2]), "bad-shape"),
    *((lambda wrong=wrong: percent_agreement([[1], [2]], within=wrong), "bad-step") for wrong in (-1, "1")),
    (lambda: bias([[1], [2], [3]]), "not-two-raters"),
    (lambda: bias([["a"], ["b"]]), "not-numeric"),
    (lambda: cohen_kappa([[1, 2, 3], [1, 2, 3]]), "not-square"),
    (lambda: cohen_kappa(NAMED, "linear"), "not-square"),
    *((lambda wrong=wrong: cohen_kappa([[1, wrong], [1, 2]]), "bad-count") for wrong in (-2, _)),
    (lambda: scoring.alpha_interval(np.ones((2, 20)), seed=1), "bad-shape"),
    *(
        (lambda wrong=wrong: scoring.alpha_interval(np.ones((2, 2, 20)), **{"seed": 1, **wrong}), rule)
        for rule, *several in (
            ("bad-number", {"seed": -1}, {"seed": 0.5}, {"resamples": 0}, {"resamples": True}),
            ("bad-share", {"share": 95}),
        )
        for wrong in several
    ),
    # Sobol: factors without limits, numbers that are none, and models that do not give one number per run.
    (lambda: indices(factors={}), "no-factor"),
    *((lambda limits=limits: indices(factors={"a": limits}), "bad-factor:a") for limits in ((1, 0), (0, math.inf), 3)),
    *((lambda wrong=wrong: indices(**wrong), "bad-number") for wrong in ({"n": 1}, {"seed": None})),
    *((lambda m=m: indices(m), "bad-outcome") for m in (lambda x: x, lambda x: x[:, 0] * _, lambda _x: 1.0)),
]


@pytest.mark.parametrize(("work", "rules", "told"), [(*case, "")[:3] for case in REFUSED])
def test_wrong_use_is_refused_by_name(work, rules, told):
    with pytest.raises(ScoringError) as caught:
        work()
    found = [one.rule + (f":{one.indicator}" if one.indicator else "") for one in caught.value.findings]
    assert " ".join(found) == rules
    assert told in str(caught.value)
    # Where all are named a message stays readable, and survives a process border.
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


OF_THE_RECALCULATIONS = {"robustness.py", "score.py", "unknown_cells.py"}


def test_every_refusal_there_is_has_been_tried():
    """What the score and its recalculations refuse is tried in their own tests."""
    sources = [one for one in Path(scoring.__file__).parent.glob("*.py") if one.name not in OF_THE_RECALCULATIONS]
    named = {code for one in sources for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', one.read_text(encoding="utf-8"))}
    tried = {rule.partition(":")[0] for _, rules, *_ in REFUSED for rule in rules.split()}
    assert named - tried == set()
