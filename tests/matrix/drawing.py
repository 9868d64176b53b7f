"""Small matrices without a file, drawn as rows of values."""

import pandas as pd

from werkbank.matrix.risk_matrix import COLUMNS, RiskMatrix, Whereabouts, by_park, judgement_frame
from werkbank.matrix.template import write_workbook

STATES = {"?": "unknown", "-": "not_applicable", ".": "open"}
"""How a state is drawn; a digit is a level."""


def frame_of(rows):
    """Judgements of rows with a value for each of COLUMNS."""
    return judgement_frame({name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)})


def written(path, catalogue, parks, **changes):
    """The workbook of the police of Urk at `path`, which is handed back; blank without judgements."""
    subject = {"party": "police", "municipality": "urk", "municipality_name": "Urk", "round": "2026-1"}
    write_workbook(path, catalogue, parks, **(subject | changes))
    return path


def matrix_of(catalogue, drawn, *, round="2026-1", beside=None, placed=True):
    """A matrix of party → park → a text with one sign an indicator, `_` where it is not asked; a shorter one is repeated.

    `beside`: (park, indicator, party) → remark, source strength, date. The cells of a party stand in its own file: parks
    in column C and on, indicators from row 4; what is beside them in rows from 3 of Toelichting.
    """
    codes, parties = catalogue.indicator_ids, list(drawn)
    parks = list(dict.fromkeys(park for columns in drawn.values() for park in columns))
    beside = beside or {}
    rows = []
    for party, columns in drawn.items():
        for park, signs in columns.items():
            for code, sign in zip(codes, signs * len(codes), strict=False):
                if sign == "_":
                    continue
                level = int(sign) if sign.isdigit() else None
                said = beside.get((park, code, party), ("", "", None))
                rows.append((park, code, party, STATES.get(sign, "level"), level, *said))
    places = by_park(_whereabouts(party, drawn[party], codes, beside) for party in parties if placed)
    return RiskMatrix(round, tuple(parks), codes, tuple(parties), (), (), frame_of(rows), places)


def _whereabouts(party, columns, codes, beside):
    own = [key[:2] for key in beside if key[2] == party]
    return Whereabouts(
        f"{party}.xlsx",
        party,
        "Matrix",
        {park: number for number, park in enumerate(columns, 2)},
        {code: number for number, code in enumerate(codes, 3)},
        remark_sheet="Toelichting",
        remark_columns={"source_strength": 2, "date": 3, "remark": 4},
        remarks={key: number for number, key in enumerate(own, 2)},
    )


def register(*park_ids):
    """A register of these parks, each in the municipality that its code begins with."""
    homes = {"URK": "urk", "ALM": "almere"}
    municipalities = [homes[park.partition("-")[0]] for park in park_ids]
    return pd.DataFrame({"park_id": park_ids, "name": [f"Terrein {park}" for park in park_ids], "municipality": municipalities, "net_ha": 1.0})  # fmt: skip
