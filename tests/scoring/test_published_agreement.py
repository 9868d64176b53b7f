"""Other people's numbers: published coefficients of agreement, and of outranking, to the precision they print."""

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import (
    agreement_weights,
    cohen_kappa,
    dominance_pairs,
    gwet_ac,
    krippendorff_alpha,
    outranking,
    percent_agreement,
)

_ = None


def printed(figure, shown):
    """The figure as it was printed, with as many decimals; the last one may have been cut instead of rounded."""
    decimals = len(str(shown).partition(".")[2])
    return abs(figure - shown) <= 0.5 * 10**-decimals + 1e-12


def unfolded(table):
    """The ratings, two raters × units, that a table of counts stands for."""
    cells = [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]
    return np.array(cells).T


TWELVE = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
FIFTEEN = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]
FIVE_OBSERVERS = [
    [1, 1, 2, _, 0, 0, 1, 1, 2, 2, _, 0, 1, 3, 1],
    [1, 1, 3, 0, 0, 0, 0, _, 2, 1, 1, 0, 2, 3, 1],
    [2, 0, 3, 0, 0, 0, 2, 2, 2, 1, 0, 0, 2, 2, 1],
    [_, 1, 3, _, _, _, _, 0, _, 1, 0, 0, 2, 2, _],
    [2, _, _, 0, 0, 0, 1, _, 2, _, _, _, _, 3, 1],
]
G1G2 = [
    ["a", "b", "c", "c", "b", "a", "d", "a", "b", _, _, _, "b", "b"],
    ["a", "b", "c", "c", "b", "b", "d", "a", "b", "e", _, _, "b", "a"],
    [_, "c", "c", "c", "b", "c", "d", "b", "b", "e", "a", "c", "c", "c"],
    ["a", "b", "c", "c", "b", "d", "d", "a", "b", "e", "a", _, "b", "b"],
]
GENDER = [list(row) for row in ("aaaaabbbcaaaaab", "aaaababccaaaaba", "abbcaabbcabbcaa", "ccccaabbcccccaa")]
BEN_GERRY = [
    ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"],
    ["b", "a", "b", "b", "b", "c", "c", "c", "e", _, "d", "d"],
]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
DIAGNOSIS = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]


TWO_ANXIOUS = pd.crosstab(pd.Series(ANXIETY[0]), pd.Series(ANXIETY[1]))
LABELS = [["pos", "neg", "neu", np.nan], ["pos", "neg", "neu", "pos"], ["pos", "neg", "pos", "pos"]]


@pytest.mark.parametrize(
    ("ratings", "level", "alpha"),
    [
        # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C; R irr, kripp.alpha (nmm).
        (TWELVE, "nominal", 0.743421052631579),
        (TWELVE, "ordinal", 0.8153875037548814),
        (TWELVE, "interval", 0.8491071428571428),
        (TWELVE, "ratio", 0.797),
        # Rows 1 and 4 of that example; the package krippendorff 0.9.0.
        ([TWELVE[0], TWELVE[3]], "ordinal", 0.588641975308642),
        # Wikipedia, Krippendorff's alpha, as shipped in fast-krippendorff (sample.py, tests/test_krippendorff.py).
        (FIFTEEN, "nominal", 0.691358),
        (FIFTEEN, "interval", 0.810845),
        (FIFTEEN, "ordinal", 0.806721),
        # Krippendorff (2011), examples A (binary) and B (nominal).
        ([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], "nominal", 0.095),
        ([list("aabbdcccedda"), list("babbbccceddd")], "nominal", 0.692),
        # fast-krippendorff, tests/test_krippendorff.py, test_string_labels_nominal.
        (LABELS, "nominal", 0.722222),
        # R irr, data set anxiety (20 × 3, 1-6).
        (ANXIETY, "ordinal", 0.228387),
    ],
)
def test_krippendorffs_alpha(ratings, level, alpha):
    """Twelve units and three coders with gaps, two observers, and words."""
    assert printed(krippendorff_alpha(ratings, level), alpha)


def test_one_difference_in_twenty_is_no_agreement_beyond_chance():
    """fast-krippendorff issue 11, confirmed by Krippendorff: alpha 0.0 beside 95 % that is the same."""
    ratings = [[0] * 19 + [1], [0] * 20]
    assert krippendorff_alpha(ratings) == 0.0
    assert percent_agreement(ratings) == 0.95


def test_ordinal_alpha_is_not_alpha_with_ordinal_weights():
    """irrCAC, test_krippendorff.py: alpha with Gwet's ordinal weights is .834, Krippendorff's ordinal alpha .815."""
    table = np.array(TWELVE, dtype=float)
    codes = [[int(rating) - 1 for rating in unit[~np.isnan(unit)]] for unit in table.T]
    paired = [unit for unit in codes if len(unit) > 1]
    apart = 1 - agreement_weights("ordinal", range(5))
    everything = [code for unit in paired for code in unit]
    observed = sum(apart[a, b] / (len(unit) - 1) for unit in paired for a in unit for b in unit)
    expected = sum(apart[a, b] for a in everything for b in everything) / (len(everything) - 1)
    assert printed(1 - observed / expected, 0.834)
    assert printed(krippendorff_alpha(TWELVE), 0.815)


@pytest.mark.parametrize(
    ("ratings", "agreement", "ac1", "alpha"),
    [
        (TWELVE, 0.818, 0.775, 0.743),
        (FIVE_OBSERVERS, 0.616, 0.497, 0.481),
        (G1G2, 0.744, 0.685, 0.632),
        (GENDER, 0.456, 0.208, 0.143),
        (BEN_GERRY, 0.727, 0.661, 0.665),
    ],
    ids=["raw_4raters", "raw_5observers", "raw_g1g2", "raw_gender", "raw_ben_gerry"],
)
def test_gwet_of_raw_ratings(ratings, agreement, ac1, alpha):
    """Gwet (2014), data sets of irrCAC: percent agreement, AC1 and nominal alpha (test_gwet.py, test_krippendorff.py)."""
    assert printed(percent_agreement(ratings), agreement)
    assert printed(gwet_ac(ratings, "identity"), ac1)
    assert printed(krippendorff_alpha(ratings, "nominal"), alpha)


@pytest.mark.parametrize(
    ("weights", "ac"), [("identity", 0.77544), ("linear", 0.859), ("quadratic", 0.914), ("ordinal", 0.899)]
)
def test_gwet_of_four_raters_by_weights(weights, ac):
    """irrCAC, raw.py and test/unit/irrCAC/raw/test_gwet.py: raw_4raters under each set of weights."""
    assert printed(gwet_ac(TWELVE, weights), ac)


@pytest.mark.parametrize(
    ("table", "weights", "kappa", "scott", "ac", "agreement"),
    [
        (ABSTRACTORS, "identity", 0.796, 0.796, 0.84933, 0.890),
        (ABSTRACTORS, "linear", 0.843, 0.843, 0.900, 0.945),
        (ABSTRACTORS, "quadratic", 0.892, 0.892, 0.94024, 0.9725),
        (ABSTRACTORS, "ordinal", 0.872, 0.872, 0.925, 0.963),
        (DIAGNOSIS, "identity", 0.432, 0.430, 0.456, 0.587),
        (DIAGNOSIS, "linear", 0.407, 0.406, 0.377, 0.728),
        (DIAGNOSIS, "quadratic", 0.383, 0.382, 0.299, 0.788),
        (DIAGNOSIS, "ordinal", 0.390, 0.389, 0.324, 0.773),
    ],
)
def test_gwets_tables(table, weights, kappa, scott, ac, agreement):
    """irrCAC, table_cont3x3abstractors and table_cont4x4diagnosis (test/unit/irrCAC/table): four coefficients.

    Scott's pi is kappa of the table laid over its mirror image; weighted agreement is the weights' mean.
    """
    counts = np.array(table)
    assert printed(cohen_kappa(table, weights), kappa)
    assert printed(cohen_kappa((counts + counts.T) / 2, weights), scott)
    assert printed(gwet_ac(unfolded(table), weights), ac)
    assert printed((counts * agreement_weights(weights, range(len(table)))).sum() / counts.sum(), agreement)
    assert printed(percent_agreement(unfolded(table)), 0.89 if table is ABSTRACTORS else 0.587)


def test_fleiss_six_psychiatrists():
    """Fleiss (1971), 15 patients, 6 raters, 5 diagnoses: AC1 .4448007 and alpha .4204384 (R irrCAC, distrib.6raters)."""
    diagnoses = "N6 P3O3 P1S4O1 O6 P3N3 D2S4 S4O2 D2S3N1 D2N4 O6 D1N5 D1P1N4 P3S3 D1N5 P2N3O1"
    ratings = [[unit[i] for i in range(0, len(unit), 2) for _ in range(int(unit[i + 1]))] for unit in diagnoses.split()]
    table = pd.DataFrame(ratings).T
    assert printed(gwet_ac(table, "identity"), 0.4448007)
    assert printed(krippendorff_alpha(table, "nominal"), 0.4204384)


@pytest.mark.parametrize(
    ("table", "kappas"),
    [
        # Cohen (1960), as shares; Artstein & Poesio (2008), table 1; three of Wikipedia, Cohen's kappa.
        ([[0.44, 0.05, 0.01], [0.07, 0.20, 0.03], [0.09, 0.05, 0.06]], {"identity": 0.492}),
        ([[20, 20], [10, 50]], {"identity": 0.348}),
        ([[20, 5], [10, 15]], {"identity": 0.4}),
        ([[45, 15], [25, 15]], {"identity": 0.1304}),
        ([[25, 35], [5, 35]], {"identity": 0.2593}),
        # scikit-learn, metrics/tests/test_classification.py, test_cohen_kappa.
        ([[46, 0, 0], [4, 40, 0], [0, 0, 10]], {"identity": 0.9315, "linear": 0.9412, "quadratic": 0.9541}),
        # Agresti, Categorical Data Analysis (2002), 10.5; Agresti & Winner (1997); R vcd, ?Kappa; Stata manual, kappa.
        ([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], {"identity": 0.493}),
        ([[24, 8, 13], [8, 13, 11], [10, 9, 64]], {"identity": 0.389}),
        ([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]], {"identity": 0.1293, "linear": 0.2374}),
        ([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], {"identity": 0.4728, "linear": 0.5684}),
        # R irr, data set anxiety: raters 1 and 2, who used six and five categories.
        (TWO_ANXIOUS, {"identity": 0.119497, "linear": 0.189189, "quadratic": 0.296765}),
    ],
)
def test_cohens_kappa(table, kappas):
    """Of textbooks, handbooks and other programmes."""
    assert all(printed(cohen_kappa(table, weights), kappa) for weights, kappa in kappas.items())


def test_the_paradox_of_kappa():
    """Gwet (2002), Kappa statistic is not satisfactory: 94.4 % the same, kappa -.023, AC1 .941."""
    table = [[118, 5], [2, 0]]
    assert printed(percent_agreement(unfolded(table)), 0.944)
    assert printed(cohen_kappa(table), -0.023)
    assert printed(gwet_ac(unfolded(table), "identity"), 0.941)


def test_outranking_and_copeland():
    """COINr, tests/testthat/test-aggregate.R (outranking, copeland): the matrix, dominance, and Copeland's score."""
    values = [[1, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]]
    table = outranking(values)
    assert table.loc[1, 0] == pytest.approx(0.6666666666666666)
    assert table.loc[2, 0] == pytest.approx(0.3333333333333333)
    assert table.loc[3, 0] == 1.0
    assert dominance_pairs(values) == 3
    assert dominance_pairs(values) / 6 == 0.5
    copeland = (table > 0.5).sum(axis=1) - (table < 0.5).sum(axis=1) + 1  # the diagonal is no contest
    assert copeland.tolist() == [-1, 1, -3, 3]
