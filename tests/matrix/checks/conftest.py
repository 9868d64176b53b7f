"""Small matrices without a file, drawn as rows of values."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from werkbank.matrix.risk_matrix import RiskMatrix, Whereabouts, judgement_frame
from werkbank.settings.catalogue import load_catalogue

STATES = {"?": "unknown", "-": "not_applicable", ".": "open"}
"""How a state is drawn; a digit is a level."""


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue()


def matrix_of(catalogue, drawn, *, round="2026-1", beside=None, placed=True):
    """A matrix of party → park → a text with one sign an indicator; a shorter text is repeated.

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
                remark, strength, date = beside.get((park, code, party), ("", "", None))
                level = int(sign) if sign.isdigit() else None
                rows.append((park, code, party, STATES.get(sign, "level"), level, remark, strength, date))
    names = ("park_id", "indicator", "party", "state", "level", "remark", "source_strength", "date")
    frame = judgement_frame({name: [row[place] for row in rows] for place, name in enumerate(names)})
    places = tuple(_whereabouts(party, drawn[party], codes, beside) for party in parties) if placed else ()
    return RiskMatrix(round, tuple(parks), codes, tuple(parties), (), (), frame, places)


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


def register(*park_ids, municipality="urk"):
    """A register of these parks."""
    return pd.DataFrame({"park_id": park_ids, "name": [f"Terrein {park}" for park in park_ids], "municipality": municipality, "net_ha": 1.0})  # fmt: skip


def day(text):
    return dt.date.fromisoformat(text)
