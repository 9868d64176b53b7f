"""Other people's numbers: published examples of aggregation, thresholds and ranking."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import aggregate, effective_weights, rank

from .drawn import flat, table, tree

ASEM = Path(__file__).resolve().parents[3] / "shared" / "reference" / "asem"
needs_asem = pytest.mark.skipif(
    not ASEM.is_dir(), reason="the ASEM table of COINr is not kept in this project; it lies beside it"
)


def test_weighted_sum_of_kracka():
    """scikit-criteria, tests/agg/test_simple.py, after Kracka et al. 2010: scores and ranks of six alternatives."""
    matrix = np.array(
        [
            [33.95, 23.78, 11.45, 39.97, 29.44, 167.1, 3.852],
            [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
            [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
            [30.44, 37.59, 13.91, 74.08, 45.1, 198.34, 2.186],
            [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.61],
            [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
        ]
    )
    lower_is_better = [0, 1, 2, 3, 5]
    matrix[:, lower_is_better] = 1 / matrix[:, lower_is_better]
    values = pd.DataFrame(matrix / matrix.sum(axis=0), columns=list("abcdefg"))
    total = aggregate(values, flat(list("abcdefg"))).total
    assert total.tolist() == pytest.approx(
        [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701], abs=5e-9
    )
    assert rank(total).tolist() == [6, 1, 3, 4, 5, 2]


def test_data_availability_threshold():
    """COINr, vignette aggregate.Rmd, Data availability limits: below two thirds the group has no score."""
    values = table("  a  b  c \n p  1  3  1 \n q  2  ?  ? \n r  3  ?  1")
    total = aggregate(values, flat(["a", "b", "c"]), minimum_coverage=2 / 3).total
    assert total.tolist() == pytest.approx([5 / 3, np.nan, 2], nan_ok=True)


def test_screening_by_availability():
    """COINr, vignette screening.Rmd: availability per unit, and who falls below 75 %."""
    values = table(
        """
             goods  services  fdi      premit
        KOR  20437  249.8     1.798    ?
        LAO  175    ?         ?        ?
        MYS  8080   64.2      1.15292  7.555
        MNG  293    0.3       0.00266  0.046
        MMR  299    ?         0.08905  ?
        NZL  7731   46.5      0.34615  1.213
        PAK  7122   7.2       0.03553  1.256
        PHL  1361   11.3      0.29555  3.185
        RUS  16182  141.5     1.44633  8.379
        SGP  11411  270.5     0.9278   14.507
        THA  5317   53.6      0.08969  6.661
        VNM  3618   ?         ?        ?
        """
    )
    scores = aggregate(values, flat(list(values.columns)), minimum_coverage=0.75)
    assert scores.coverage["top"].tolist()[:6] == [0.75, 0.25, 1, 1, 0.5, 1]
    assert scores.total.index[scores.total.isna()].tolist() == ["LAO", "MMR", "VNM"]


def test_asem_by_hand():
    """COINr, vignette results.Rmd: Switzerland from its pillars, in two levels, to two decimals."""
    parts = {"Conn": ["Physical", "ConEcFin", "Political", "Instit", "P2P"], "Sust": ["Environ", "Social", "SusEcFin"]}
    below = [f"{code} {group} 1" for group, codes in parts.items() for code in codes]
    structure = tree("\n".join(["Index - 1", "Conn Index 1", "Sust Index 1", *below]))
    values = table(
        """
             Physical  ConEcFin  Political  Instit  P2P    Environ  Social  SusEcFin
        CHE  63.41     32.87     74.78      85.94   56.93  77.21    87.85   56.88
        """
    )
    scores = aggregate(values, structure).groups.loc["CHE"]
    assert scores.to_dict() == pytest.approx({"Conn": 62.79, "Sust": 73.98, "Index": 68.38}, abs=0.006)


def asem():
    values = pd.read_csv(ASEM / "coinr_asem_normalised.csv", index_col="unit")
    expected = pd.read_csv(ASEM / "coinr_asem_expected.csv", index_col="unit")
    rows = pd.read_csv(ASEM / "coinr_asem_structure.csv")
    parts = [
        rows[["indicator", "pillar", "weight"]],
        rows[["pillar", "subindex"]].drop_duplicates(),
        rows[["subindex", "index"]].drop_duplicates(),
        pd.DataFrame({"code": ["Index"], "parent": [None]}),
    ]
    named = [part.set_axis(["code", "parent", "weight"][: part.shape[1]], axis="columns") for part in parts]
    return values, pd.concat(named, ignore_index=True).fillna({"weight": 1.0}), expected


@needs_asem
def test_asem():
    """COINr, 51 countries × 49 indicators in three levels: every score to 1e-9 and every rank; results.Rmd: the top six.

    The effective weights sum to 1 and the contributions to the index.
    """
    values, structure, expected = asem()
    scores, groups = aggregate(values, structure), expected.columns.drop("Rank")
    assert set(groups) == set(scores.groups.columns)
    pd.testing.assert_frame_equal(scores.groups[groups], expected[groups], rtol=0, atol=1e-9)
    assert rank(scores.total).tolist() == expected["Rank"].tolist()
    six = {"CHE": 68.38, "NLD": 64.82, "DNK": 64.8, "NOR": 64.47, "BEL": 63.54, "SWE": 63.0}
    assert list(scores.total.nlargest(6).round(2).items()) == list(six.items())
    weights = effective_weights(structure)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert (values[weights.index] * weights).sum(axis=1).tolist() == pytest.approx(expected["Index"].tolist(), abs=1e-9)
