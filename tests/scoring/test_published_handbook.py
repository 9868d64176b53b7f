"""Other people's numbers: the Technology Achievement Index and the voting examples of the OECD/JRC Handbook (2008)."""

import math

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import aggregate, dominance_pairs, outranking, rank

from .drawn import flat, table, tree

FIGURES = table(
    """
           patents royalties internet exports telephones electricity schooling university  linear geometric
    Finland    187     125.6    200.2    50.7       3.08        4.15        10       27.4      1         2
    USA        289       130    179.1    66.2       3.00        4.07        12       13.9      2         1
    Sweden     271     156.6    125.8    59.7       3.10        4.14      11.4       15.3      3         3
    Japan      994      64.6       49    80.8       3.00        3.86       9.5         10      4         4
    Korea      779       9.8      4.8    66.7       2.97        3.65      10.8       23.2      5        16
    Netherl    189     151.2      136    50.9       3.02        3.77       9.4        9.5      6         5
    UK          82       134     57.4    61.9       3.02        3.73       9.4       14.9      7         6
    Canada      31      38.6      108    48.7       2.94        4.18      11.6       14.2      9        13
    Australia   75      18.2    125.9    16.2       2.94        3.94      10.9       25.3     10        14
    Singapore    8      25.5     72.3    74.9       2.95        3.83       7.1       24.2      8        18
    Germany    235      36.8     41.2    64.2       2.94        3.75      10.2       14.4     11         8
    Norway     103      20.2    193.6      19       3.12        4.39      11.9       11.2     12        11
    Ireland    106     110.3     48.6    53.6       2.97        3.68       9.4       12.3     13         7
    Belgium     72      73.9     58.9    47.6       2.91        3.86       9.3       13.6     14         9
    NewZeal    103        13    146.7    15.4       2.86        3.91      11.7       13.1     15        17
    Austria    165      14.8     84.2    50.3       2.99        3.79       8.4       13.6     16        12
    France     205      33.6     36.4    58.9       2.97        3.80       7.9       12.6     17        10
    Israel      74      43.6     43.2      45       2.96        3.74       9.6         11     18        15
    Spain       42       8.6       21    53.4       2.86        3.62       7.3       15.6     19        19
    Italy       13       9.8     30.4      51       3.00        3.65       7.2         13     20        21
    Czech       28       4.2       25    51.7       2.75        3.68       9.5        8.2     21        23
    Hungary     26       6.2     21.6    63.5       2.73        3.46       9.1        7.7     22        22
    Slovenia   105         4     20.3    49.5       2.84        3.71       7.1       10.6     23        20
    """
)
TABLE_A2, PLACES = FIGURES.iloc[:, :8], FIGURES[["linear", "geometric"]]
GROUPS = ["creation", "recent", "old", "skills"]
BELOW = [f"{code} {GROUPS[place // 2]} 1" for place, code in enumerate(TABLE_A2)]
TAI = tree("\n".join(["TAI - 1", *(f"{group} TAI 1" for group in GROUPS), *BELOW]))
# The fixed goalposts of the Human Development Report 2001, technical note 2: nought, or the least that was seen, and
# the most that was seen among all countries; telephones and electricity up to the average of the OECD.
LEAST = [0, 0, 0, 0, 0, math.log10(22), 0.8, 0.1]
MOST = [994, 272.6, 232.4, 80.8, math.log10(901), math.log10(6969), 12, 27.4]
INDICATORS = list(TABLE_A2.columns)


def test_the_linear_technology_achievement_index():
    """Table 38, column LIN: 23 countries in two levels by fixed goalposts, every rank; Finland has .744 (HDR 2001)."""
    low, high = pd.Series(LEAST, INDICATORS), pd.Series(MOST, INDICATORS)
    total = aggregate(((TABLE_A2 - low) / (high - low)).clip(upper=1), TAI).total
    assert rank(total).tolist() == PLACES["linear"].tolist()
    assert total["Finland"] == pytest.approx(0.744, abs=1e-3)  # the table gives logarithms to two decimals


def test_the_geometric_technology_achievement_index():
    """Table 38, column GME: the geometric mean of the figures as they are, every rank of 23 countries."""
    total = aggregate(TABLE_A2, flat(INDICATORS), mean="geometric").total
    assert rank(total).tolist() == PLACES["geometric"].tolist()


def test_geometric_means_do_not_make_up_for_what_is_low():
    """Section 6.11: 21 1 1 1 is 2.14 and 6 6 6 6 is 6; one more of the second is 2.54 and 6.23; equal as a sum."""
    values = pd.DataFrame([[21, 1, 1, 1], [6, 6, 6, 6], [21, 2, 1, 1], [6, 7, 6, 6]], columns=list("abcd"))
    total = aggregate(values, flat(list("abcd")), mean="geometric").total
    assert total.tolist() == pytest.approx([2.14, 6, 2.54, 6.23], abs=0.006)
    assert aggregate(values, flat(list("abcd"))).total.tolist()[:2] == [6, 6]


def test_outranking_of_five_countries():
    """Table 36: the outranking matrix of the first five countries of table 35, whose figures have a decimal more."""
    five = TABLE_A2.iloc[:5].assign(
        telephones=[3.080, 2.997, 3.096, 3.003, 2.972], electricity=[4.150, 4.073, 4.145, 3.865, 3.653]
    )
    assert outranking(five).to_numpy().tolist() == [
        [0, 0.5, 0.375, 0.75, 0.625],
        [0.5, 0, 0.5, 0.625, 0.625],
        [0.625, 0.5, 0, 0.75, 0.625],
        [0.25, 0.375, 0.25, 0, 0.75],
        [0.375, 0.375, 0.375, 0.25, 0],
    ]
    assert dominance_pairs(five) == 0


@pytest.mark.parametrize(
    ("orders", "wins"),
    [
        ({"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6}, [[0, 8, 8, 8], [13, 0, 10, 21], [13, 11, 0, 14], [13, 0, 7, 0]]),
        ({"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}, [[0, 33, 25], [27, 0, 42], [35, 18, 0]]),
        ({"abc": 1, "cab": 1, "bca": 1}, [[0, 2, 1], [1, 0, 2], [2, 1, 0]]),
    ],
    ids=["tables 25 and 27, after Moulin", "tables 28 and 30, Condorcet 1785", "table 34, no way out"],
)
def test_outranking_of_ballots(orders, wins):
    """Section 6.12: as many indicators as stand behind each order of the countries are its weight."""
    units, weights = sorted(set("".join(orders))), list(orders.values())
    height = pd.DataFrame([[-order.index(unit) for order in orders] for unit in units], index=units)
    found = outranking(height, weights) * sum(weights)
    np.testing.assert_allclose(found.to_numpy(), wins, atol=1e-12)
