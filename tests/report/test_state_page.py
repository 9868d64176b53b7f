"""The page for the RIEC: who has delivered and how full it is, in counts."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from tests.report.reading import main_of
from werkbank.collecting.check import Check, Return, Setting
from werkbank.collecting.replies import render_state
from werkbank.errors import Finding
from werkbank.matrix.risk_matrix import CollectionState, collection_state
from werkbank.settings.catalogue import load_catalogue

PARKS = pd.DataFrame({"park_id": ["URK-01", "URK-02"], "municipality": ["urk", "urk"]})
SUPPLIERS = [("urk", "police"), ("urk", "municipality"), ("dronten", "police")]
NAMES = {"urk": "Urk <b>", "dronten": "Dronten"}


def state():
    """One row per supplier and family; every cell open but those of who delivered."""
    expected = {"expected": SUPPLIERS, "received": {("urk", "police"): "urk_politie.xlsx"}}
    table = collection_state(None, load_catalogue(), PARKS, round="2026-1", **expected).table
    mine = table["party"] == "municipality"
    table.loc[mine, ["delivered", "file"]] = [True, "urk_gemeente.xlsx"]
    table.loc[mine, "known"] = table.loc[mine, "cells"] - 1
    table.loc[mine, "open"] = 1
    table["share_filled"] = 1 - table["open"] / table["cells"].where(table["cells"] > 0)
    return CollectionState("2026-1", table)


MISSING = Finding(
    rule="missing-workbook", severity="error", found="de politie heeft nog niets aangeleverd over Dronten",
    allowed="", remedy="stuur: “Wilt u dronten_politie.xlsx invullen?”",
)  # fmt: skip


def page(findings=(), *, fictional=True):
    district = SimpleNamespace(district="Flevoland")
    setting = Setting(district, {}, load_catalogue(), NAMES, fictional, PARKS)
    own = Return(Path("urk_gemeente.xlsx"), "urk", "municipality", read=True, fictional=fictional, findings=findings)
    return render_state(Check(setting, (own,), (), (), (MISSING,), None, state(), whole_round=True))


def test_it_says_who_delivered_who_did_not_and_whose_return_was_refused():
    said = main_of(page())
    assert "1 van de 3 risicomatrices zijn aangeleverd en gelezen." in said
    assert "De politie heeft nog niets aangeleverd over Dronten." in said
    assert "Stuur: “Wilt u dronten_politie.xlsx invullen?”" in said
    assert "geweigerd (1): Urk &lt;b&gt; (fictief), politie." in said


def test_each_supplier_has_its_row_with_counts_and_shares():
    """Two parks × 35 indicators; three cells open: 67 known, 96 %. Dronten has no parks: a dash, never 100 %."""
    row = next(part for part in page().split("<tr>") if "Gemeente</td>" in part)
    assert re.findall(r">(\d[\d.%]*)<", row)[:7] == ["0", "0", "67", "0", "0", "3", "96%"]
    row = next(part for part in page().split("<tr>")[1:] if "Dronten" in part)
    assert "%" not in row
    assert "–" in row


def test_findings_are_counted_by_severity_and_not_shown():
    words = {"rule": "x", "found": "geheim", "allowed": "a", "remedy": "r"}
    html = page([Finding(severity=severity, **words) for severity in ("error", "error", "warning", "remark")])
    row = next(part for part in html.split("<tr>") if "Gemeente</td>" in part)
    assert re.findall(r">(\d[\d.%]*)<", row)[:2] == ["2", "1"]
    assert "geheim" not in html
