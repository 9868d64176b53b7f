"""A district of two municipalities that asks its own questions: its own codes, phenomena and fewer families."""

import datetime as dt
import json

import pandas as pd
import yaml

import werkbank as wb
from tests.matrix.drawing import frame_of, written
from werkbank.collecting.init import begin_workspace
from werkbank.parks.municipalities import dutch_municipalities
from werkbank.settings.catalogue import FILES
from werkbank.settings.method import PACKAGED

PARTIES = {"police": "politie", "municipality": "gemeente"}
PARKS = {"veere": ("VEE-01", "VEE-02", "VEE-03"), "borsele": ("BOR-01", "BOR-02")}
QUESTIONS = {
    "threat": ("Smokkel via de haven", "Uithaal op de kade", "Handel in visquota"),
    "opportunity": ("Ligging aan diep water", "Lege loodsen"),
}
"""Family → what it asks; the first row of threats points at the one phenomenon that is asked about."""
BASIS = {
    "id": "besluit", "kind": "other", "body": "stuurgroep", "decided": dt.date(2025, 1, 1), "municipalities": [*PARKS],
    "valid_until": dt.date(2099, 1, 1), "rounds": ["2026-1"], "purpose": "zicht op de kust",
    "retention_until": dt.date(2099, 1, 1),
}  # fmt: skip


def make(folder, *families):
    """The workspace as a user gets to it: begun, with its own catalogue of these families, and filled in."""
    home = begin_workspace(folder, dutch_municipalities("Veere, Borsele"), district="Kust", today=dt.date(2026, 1, 1))
    keep_catalogue(home / "catalogue", families)
    file = home / "parameters" / "district.yaml"
    text = file.read_text(encoding="utf-8").replace("#catalogue:", "catalogue:").replace("draws: 10000", "draws: 200")
    file.write_text(text.replace("legal_basis: voorbeeld", "legal_basis: besluit"), encoding="utf-8")
    (home / "data" / "legal_bases.yaml").write_text(yaml.safe_dump({"legal_bases": [BASIS]}), encoding="utf-8")
    rows = [f"{park},Terrein {park},{slug},1" for slug, parks in PARKS.items() for park in parks]
    (home / "data" / "parks.csv").write_text("\n".join(["park_id,name,municipality,net_ha", *rows]), encoding="utf-8")
    fill(home)
    return home


def keep_catalogue(folder, families):
    """The packaged catalogue with other questions, and without the families, phenomena and measures it does not need."""
    data = {name: yaml.safe_load((PACKAGED / name).read_text(encoding="utf-8")) for name in FILES}
    own = data["indicators.yaml"]
    samples = {each["family"]: each for each in reversed(own["indicators"])}
    asked = [(family, name) for family in families for name in QUESTIONS[family]]
    own |= {
        "version": "1",
        "status": "Vastgesteld.",
        "families": [each for each in own["families"] if each["id"] in families],
        "subcategories": [{"id": f"own_{family}", "name": f"Kop {family}", "family": family} for family in families],
        "indicators": [
            samples[family] | {"id": f"K{n:02d}", "name": name, "description": name, "subcategory": f"own_{family}",
                               "phenomena": ["smuggling"] if n == 1 else []}
            for n, (family, name) in enumerate(asked, 1)
        ],
    }  # fmt: skip
    names = {"smuggling": "Smokkel over water", "poaching": "Stroperij"}
    told = [{"id": one, "name": name, "group": "own_threat"} for one, name in names.items()]
    data["phenomena.yaml"]["phenomena"] = told
    for audience in data["audiences.yaml"]["audiences"]:
        audience["families"] = [family for family in audience["families"] if family in families]
    folder.mkdir()
    for name, plain in data.items():
        (folder / name).write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML


def fill(home):
    """Every cell a level, drawn from its place."""
    catalogue, frame = wb.load_catalogue(home / "catalogue"), wb.load_parks(home / "data" / "parks.csv")
    for slug, parks in PARKS.items():
        for party, word in PARTIES.items():
            places = [(park, code, party) for park in parks for code in catalogue.indicator_ids]
            rows = [(*place, "level", sum(map(ord, "".join(place))) % 4, "", "", pd.NaT) for place in places]
            path = home / "data" / "matrices" / "2026-1" / f"{slug}_{word}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            whose = {"municipality": slug, "municipality_name": slug.title(), "judgements": frame_of(rows)}
            written(path, catalogue, frame, party=party, **whose)
