"""Small districts, drawn or written down: eight indicators of the packaged catalogue, a few parks, two parties."""

from dataclasses import replace

import pandas as pd

from tests.matrix.drawing import matrix_of
from werkbank.advice.advice import full_advice
from werkbank.advice.scorecard import recalculate, score_matrix
from werkbank.matrix.risk_matrix import Source
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import Method

CODES = ("V01", "V02", "V03", "V04", "G01", "G02", "W01", "W02")
WHOLE = load_catalogue()
CATALOGUE = WHOLE.model_copy(update={"indicators": tuple(one for one in WHOLE.indicators if one.id in CODES)})
POLICE, MUNICIPALITY = "police", "municipality"
NOTHING = {"group_weights": None, "indicator_weights": None, "combination": None, "threat_power": None}
NOTHING |= {"scale_points": False, "missing": None, "party_error": False}
"""Nothing drawn anew."""


def method(draws=200, uncertainty=None, **choices):
    changed = {} if uncertainty is None else {"uncertainty": NOTHING | uncertainty}
    return Method.model_validate({"draws": draws, **changed, **choices})


def matrix(parks, catalogue=CATALOGUE, parties=(POLICE, MUNICIPALITY), sources=None):
    """Park → party → the cells in the catalogue's order: a digit, `?` unknown, `-` not applicable.

    `sources`: (park, indicator, party) → the strength of its source.
    """
    drawn = {party: {park: said[party] for park, said in parks.items() if party in said} for party in parties}
    beside = {cell: ("", strength, None) for cell, strength in (sources or {}).items()}
    given = tuple(Source(f"{party}.xlsx", "urk", party, "0" * 64, fictional=True) for party in parties)
    made = matrix_of(catalogue, drawn, beside=beside, placed=False)
    return replace(made, park_ids=tuple(parks), sources=given)


def alike(**parks):
    """Both parties say the same of every park."""
    return matrix({park: {POLICE: cells, MUNICIPALITY: cells} for park, cells in parks.items()})


def scored(judged, chosen=None, catalogue=CATALOGUE):
    return score_matrix(judged, catalogue, chosen or method(), judged.parties)


def advised(card, capacity=1):
    """The recalculations and the advice of a scorecard; a park is called after its code."""
    found = recalculate(card)
    names = pd.Series({park: f"Terrein {park}" for park in card.table.index})
    return found, full_advice(card, found, names=names, municipality="Urk", capacity=capacity)


def drawn(rng, parks=None):
    """A district as it may come in: many noughts, some silence, now and then parks that are equal, nearly, or unknown."""
    number = parks or int(rng.choice([1, 2, 3, 4, 6], p=[0.06, 0.14, 0.25, 0.25, 0.3]))
    silence, suspicion = rng.choice([0.0, 0.1, 0.4, 0.8]), rng.choice([0.0, 0.1, 0.3, 0.6], p=[0.04, 0.16, 0.4, 0.4])
    of_park = {}
    for park in range(number):
        truth = [
            int(rng.integers(1, 4)) if code[0] != "V" or rng.random() < suspicion else 0
            for code in CATALOGUE.indicator_ids
        ]
        said = {}
        for party in (POLICE, MUNICIPALITY):
            seen = [min(3, max(0, level + int(rng.choice([-1, 0, 0, 0, 0, 1])))) if level else 0 for level in truth]
            cells = ["?" if rng.random() < silence else "-" if rng.random() < 0.02 else str(level) for level in seen]
            said[party] = "".join(cells)
        of_park[f"P{park}"] = said
    names = list(of_park)
    if number > 1 and rng.random() < 0.25:
        of_park[names[-1]] = dict(of_park[names[0]])
    elif number > 1 and rng.random() < 0.2:
        # Nearly equal: the same but for the one cell that is known of each.
        rest = of_park[names[0]]["police"][2:]
        for name, first in zip((names[0], names[-1]), ("2?", "?2"), strict=True):
            of_park[name] = dict.fromkeys((POLICE, MUNICIPALITY), first + rest)
    if number > 2 and rng.random() < 0.25:
        of_park[names[1]] = dict.fromkeys((POLICE, MUNICIPALITY), "?" * len(CODES))
    return matrix(of_park)
