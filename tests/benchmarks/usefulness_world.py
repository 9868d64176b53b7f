"""Districts whose truth is known: crews that settle where it suits them, and two parties that each see a part of it.

Nothing is one-factor normal, as the method assumes, and nothing follows the fictional district of the demo: a level is
a number of cases, cases come in crews of unequal size, and a party finds crews, not levels. What a party knows it fills
in; else it writes "unknown", or 0 out of laziness. Crews that hide well, places where people dare not look and police
information that is held back make what is unknown as bad as what is known, or worse.
"""

import numpy as np

from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()
CODES, HIGHEST = list(CATALOGUE.indicator_ids), 3
FAMILIES = [family.id for family in CATALOGUE.families]
GROUP = np.array([FAMILIES.index(each.family) for each in CATALOGUE.indicators])
THREAT, OPPORTUNITY, RESILIENCE = (group == GROUP for group in range(3))
SEVERITY = np.array([each.severity or 1.0 for each in CATALOGUE.indicators])
POINTS = tuple(np.linspace(0.0, 100.0, HIGHEST + 1).tolist())
PARTIES = ("police", "municipality")
COUNTS = np.array((31, 9, 15, 13, 4, 5))
MUNICIPALITY, PARKS = np.repeat(np.arange(len(COUNTS)), COUNTS), int(COUNTS.sum())
CASES = (1, 2, 4)
"""So many cases make an incidental, a repeated and a structural suspicion."""
HARM = np.array([0.0, 1.0, 3.0, 7.0])
"""Of a level, before severity: convex, and not the square that the score takes."""
TRADES = np.array([[CODES.index(code) for code in trade.split()] for trade in (
    "V01 V02 V03 V04", "V03 V05 V06 V14", "V07 V08 V14 V16", "V08 V09 V13 V16", "V10 V11 V12 V14", "V04 V09 V12 V15",
)])  # fmt: skip
EYE = {"own": 0.97, "both": 0.85, "other": 0.5}
SEES = np.array([[EYE["own" if party == one.best_judge else "both" if one.best_judge == "both" else "other"]
                  for one in CATALOGUE.indicators] for party in PARTIES])  # fmt: skip
SECRET = np.array([[party == "police" and one.sensitivity == "covenant_partners" for one in CATALOGUE.indicators]
                   for party in PARTIES])  # fmt: skip


REGIMES = {
    "goed": (3.3, 1.0, 0.1),
    "gewoon": (1.0, 0.95, 0.15),
    "matig": (0.1, 0.9, 0.15),
    "weinig": (-0.7, 0.85, 0.15),
}
"""How much is known: log-odds that a cell is looked at, how well crews are seen, and how lazy people are."""


def district(rng, looks, sight, lazy, pull=1.2):
    """True steps (park × indicator, in risk direction), and what the parties say of them (NaN: unknown).

    `pull` is how much the state of a site has to do with what happens there.
    """
    site = _site(rng)
    happens, crew, hidden, park, what = _crews(rng, site, pull)
    truth, shape = site + happens, (len(PARTIES), *site.shape)
    # Little-known parks are so to both parties, and people dare not look where it is worst.
    park_looks = rng.normal(0, 1.5, (PARKS, 1)) - 0.25 * np.log1p(happens @ SEVERITY / 8)[:, None]
    looks = looks + park_looks + rng.normal(0, 0.7, (len(PARTIES), PARKS, 1)) + 3 * (SEES[:, None] - 0.8)
    looked = rng.random(shape) < 1 / (1 + np.exp(-looks))
    # One case of a crew gives the others of the same park away; rumours stick to how a place looks.
    found = rng.random((len(PARTIES), len(hidden), PARKS)) < sight * (1 - hidden)[:, None] * SEES.mean()
    seen = 1.0 * (THREAT & (rng.random(shape) < 0.01 * (1 + site[:, OPPORTUNITY].mean(axis=1, keepdims=True))))
    for party in range(len(PARTIES)):
        caught = found[party, crew, park] & (rng.random(len(crew)) < sight * SEES[party, what])
        np.add.at(seen[party], (park[caught], what[caught]), 1)
    level = np.digitize(seen, CASES) + rng.choice([-1, 0, 1], shape, p=[0.06, 0.90, 0.04]) * (seen > 0)
    level = np.where(THREAT, level, truth + rng.choice([-1, 0, 1], shape, p=[0.12, 0.76, 0.12])).clip(0, HIGHEST)
    known = looked | (seen > 0) & (rng.random(shape) < 0.25)
    known &= ~(SECRET[:, None] & (level > 0) & (rng.random(shape) < 0.15))
    # Three people of each party and municipality fill in, each their own parks; some are lazy.
    lazy = rng.beta(0.3, 0.3 / lazy - 0.3, (len(PARTIES), 3 * len(COUNTS), 1))
    nought = THREAT & (rng.random(shape) < lazy[:, 3 * MUNICIPALITY + rng.integers(0, 3, PARKS)])
    return truth, np.where(known, level, np.where(nought, 0.0, np.nan))


def _site(rng):
    """Opportunity by kind and decay of a site, and the gap in its resilience by whether it is managed."""
    decay, managed = rng.beta(1.2, 1.5, (PARKS, 1)), rng.random((PARKS, 1)) < 0.45
    kinds = rng.integers(0, 3, (5, len(CODES)))[rng.integers(0, 5, PARKS)]
    opportunity = (kinds + rng.binomial(3, decay, kinds.shape) - 1).clip(0, HIGHEST)
    gap = rng.binomial(HIGHEST, np.where(managed, 0.25, 0.4 + 0.5 * decay), kinds.shape)
    return np.where(OPPORTUNITY, opportunity, np.where(RESILIENCE, gap, 0)).astype(float)


def _crews(rng, site, pull):
    """True steps of the threats, and of each case its crew (with how well that hides), park and indicator."""
    look = 0.7 * site[:, OPPORTUNITY].mean(axis=1) + 0.5 * site[:, RESILIENCE].mean(axis=1)
    lure = np.exp(pull * look + rng.normal(0, 0.8, PARKS)) * rng.lognormal(0, 0.5, PARKS)
    crews = rng.poisson(140)
    home, hidden = rng.choice(PARKS, crews, p=lure / lure.sum()), rng.beta(1.2, 5, crews)
    crew = np.repeat(np.arange(crews), rng.geometric(0.33, crews))
    near = (np.cumsum(COUNTS) - COUNTS)[MUNICIPALITY[home[crew]]]
    near += rng.integers(0, COUNTS[MUNICIPALITY[home[crew]]])
    park = np.where(rng.random(len(crew)) < 0.75, home[crew], near)
    trade = TRADES[rng.integers(0, len(TRADES), crews)[crew], rng.integers(0, TRADES.shape[1], len(crew))]
    what = np.where(rng.random(len(crew)) < 0.9, trade, rng.integers(0, THREAT.sum(), len(crew)))
    cases = np.zeros(site.shape)
    np.add.at(cases, (park, what), 1)
    return np.digitize(cases, CASES), crew, hidden, park, what


def harms(truth):
    """True harm per park: of what happens; and with the site counted too, as heavy as what happens on average."""
    own = HARM[truth[:, THREAT].astype(int)] @ SEVERITY[THREAT]
    site = truth[:, OPPORTUNITY].mean(axis=1) + truth[:, RESILIENCE].mean(axis=1)
    return {"wat er gebeurt": own, "wat er gebeurt en de plek": own + own.mean() * site / site.mean()}
