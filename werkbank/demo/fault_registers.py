"""Park registers with the faults that real ones have, each in a folder of its own beside the sound one.

The register of the example itself stays sound, for without it nothing can be read. These are for trying: every folder
is what somebody might have put in `data`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.planted.listed import Planted

from werkbank.demo.fault_maps import CONTEXT_SETS, MAP_SETS
from werkbank.demo.fault_set import FaultSet, Spot

__all__ = ["FOLDER", "REGISTER_SETS", "plant_registers"]

FOLDER: Final = "fouten"
"""Where the registers are, in the folder of the data."""

_OWN: Final = "park_id,name,municipality,net_ha,longitude,latitude\n"
_IBIS: Final = "RIN_NUMMER;JAAR;PLAN_NAAM;GEM_CODES;HA_BRUTO;HA_NETTO\n"

_LISTS: Final = (
    FaultSet(
        "eigen_lijst",
        {
            "parks.csv": _OWN
            + "FOU-01,Zilverreiger,urk,10.5,,\n"
            + "FOU-02,,urk,8,,\n"
            + "FOU 03,Kiekendief,urk,7,,\n"
            + "FOU-04,Ooievaar,Grote Stad,7,,\n"
            + "FOU-05,Lepelaar,urk,veel,,\n"
            + "FOU-06,Aalscholver,urk,-3,,\n"
            + "FOU-07,Bosuil,urk,125000,,\n"
            + "FOU-01,Kerkuil,urk,4,,\n"
            + "FOU-08,Ransuil,urk,4,,,te veel\n"
            + "FOU-09,Steenuil,urk,4,168000,520000\n"
        },
        (
            Spot("empty-field", "parks.csv", 3, "geen naam"),
            Spot("wrong-code", "parks.csv", 4, "een spatie in de code"),
            Spot("wrong-municipality", "parks.csv", 5, "geen korte naam van een gemeente"),
            Spot("not-a-number", "parks.csv", 6, "“veel” als oppervlakte"),
            Spot("number-outside", "parks.csv", 7, "een oppervlakte onder nul"),
            Spot("absurd-area", "parks.csv", 8, "vierkante meters in plaats van hectare"),
            Spot("doubled-park", "parks.csv", 9, "dezelfde code als regel 2"),
            Spot("extra-field", "parks.csv", 10, "een veld te veel"),
            Spot("rd-coordinates", "parks.csv", None, "meters van het RD-stelsel"),
        ),
    ),
    FaultSet(
        "kolommen",
        {"parks.csv": "park_id,name,name,municipality\nFOU-01,Zilverreiger,Zilverreiger,urk\n"},
        (
            Spot("missing-column", "parks.csv", 1, "zonder net_ha"),
            Spot("doubled-column", "parks.csv", 1, "twee keer name"),
        ),
    ),
    FaultSet("leeg", {"parks.csv": _OWN}, (Spot("empty-register", "parks.csv", 1, "alleen een kop"),)),
    FaultSet(
        "kapot",
        {"parks.csv": _OWN + 'FOU-01,"Zilverreiger,urk,10.5,,\n'},
        (Spot("broken-csv", "parks.csv", 2, "aanhalingstekens die niet sluiten"),),
    ),
    FaultSet(
        "windows",
        {"parks.csv": (_OWN + "FOU-01,Geelpootmeeuw coöperatie,urk,10.5,,\n").encode("cp1252")},
        (Spot("other-encoding", "parks.csv", None, "opgeslagen als Windows-1252"),),
    ),
    FaultSet(
        "gemeentelijst",
        {"parks.csv": _OWN + "FOU-01,Zilverreiger,urk,10.5,,\n", "municipalities.csv": "code;name\nUrk;GM0184\n"},
        (Spot("unreadable-list", "municipalities.csv", None, "code en naam verwisseld"),),
    ),
)
_EXPORTS: Final = (
    FaultSet(
        "ibis",
        {
            "parks.csv": _IBIS
            + "7001;2024;Reigerhof;GM0184;12,5;10,1\n"
            + ";2024;;GM0184;1;1\n"
            + "7002;2024;;GM0184;5;4\n"
            + "7003;2024;Blauwe cafÃ©hoek;GM0184;5;4\n"
            + ";2024;Zonder nummer;GM0184;5;4\n"
            + "7004;2024;Dubbelveld;GM0184;5;4\n"
            + "7004;2024;Dubbelveld;GM0184;6;5\n"
            + "7005;2023;Jaarlijn;GM0184;5;4\n"
            + "7005;2024;Jaarlijn;GM0184;5;4\n"
            + "7006;lang geleden;Jaarloos;GM0184;5;4\n"
            + "7007;2024;Groot getal;GM0184;125000;4\n"
            + "7008;2024;Nettopark;GM0184;4;5\n"
            + "7009;2024;Nulpark;GM0184;4;0\n"
            + "7010;2024;Niemandsland;GM0000;4;3\n"
            + "7011;2024;Codefout;ABC;4;3\n"
            + "7012;2024;Ver weg;GM9999;4;3\n"
            + "7013;2024;Grensgeval;GM0184 GM0303;4;3\n"
            + "7014;2024;Eerste naam;GM0184;4;3\n"
            + "7014;2024;Tweede naam;GM0184;4;3\n"
            + "7015;2024;Piepklein;GM0184;0,01;0,01\n"
            + "7016;2024;Letterpark;GM0184;veel;3\n"
            + "7017;2024;Minpark;GM0184;-4;3\n"
            + "70 18;2024;Ruimtepark;GM0184;4;3\n"
            + "7019;2024;Reigerhof;GM0184;4;3\n"
            + "7020;2024;Dronten Zuid;GM0184;4;3\n"
        },
        (
            Spot("nameless-row", "parks.csv", 3, "geen nummer en geen naam"),
            Spot("missing-name", "parks.csv", 4, "geen naam"),
            Spot("broken-characters", "parks.csv", 5, "een é die twee tekens werd"),
            Spot("missing-rin", "parks.csv", 6, "geen RIN-nummer"),
            Spot("doubled-rin", "parks.csv", 7, "één nummer op twee rijen"),
            Spot("several-years", "parks.csv", 9, "één terrein in twee jaren"),
            Spot("broken-year", "parks.csv", 11, "“lang geleden” als jaar"),
            Spot("other-unit", "parks.csv", 12, "vierkante meters tussen hectaren"),
            Spot("net-above-gross", "parks.csv", 13, "netto meer dan bruto"),
            Spot("no-area", "parks.csv", 14, "0 hectare"),
            Spot("no-municipality-code", "parks.csv", 15, "GM0000"),
            Spot("municipality-unknown", "parks.csv", 15, "en dus geen gemeente"),
            Spot("wrong-municipality-code", "parks.csv", 16, "“ABC” als gemeentecode"),
            Spot("municipality-unknown", "parks.csv", 16, "en dus geen gemeente"),
            Spot("unknown-municipality-code", "parks.csv", 17, "GM9999"),
            Spot("municipality-without-parameters", "parks.csv", None, "een gemeente zonder parametersbestand"),
            Spot("several-municipalities", "parks.csv", 18, "twee gemeentecodes"),
            Spot("doubled-park", "parks.csv", 19, "twee namen bij één nummer"),
            Spot("absurd-area", "parks.csv", 21, "honderd vierkante meter"),
            Spot("not-a-number", "parks.csv", 22, "“veel” als oppervlakte"),
            Spot("number-outside", "parks.csv", 23, "een oppervlakte onder nul"),
            Spot("wrong-code", "parks.csv", 24, "een spatie in het nummer"),
            Spot("doubled-name", "parks.csv", 25, "dezelfde naam als regel 2"),
            Spot("other-municipality", "parks.csv", 26, "een naam die naar een andere gemeente wijst"),
        ),
    ),
    FaultSet(
        "vierkante_meters",
        {"parks.csv": _IBIS + "7001;2024;Reigerhof;GM0184;125000;101000\n7002;2024;Kiekhof;GM0184;80000;64000\n"},
        (Spot("square-metres", "parks.csv", None, "alle oppervlakten in vierkante meters"),),
    ),
    FaultSet(
        "fasen",
        {
            "parks.csv": _IBIS
            + "7001;2024;Reigerhof I;GM0184;12;10\n"
            + "7002;2024;Reigerhof II;GM0184;12;\n"
            + "7003;2024;Kiekhof;GM0184;8;6\n"
            + "7004;2024;Uilenhof;GM0184;8;6\n"
            + "7005;2024;Meeuwenhof;GM0184;8;6\n"
            + "7006;2024;Valkenhof;GM0184;8;6\n"
            + "7007;2024;Valkenhof;GM0303;8;6\n",
            "park_mapping.csv": "rin;ibis_name;park_id;name;municipality\n"
            "7001;Reigerhof I;FOU-01;Reigerhof;\n"
            "7002;Reigerhof II;FOU-01;De Reigerhof;\n"
            "7003;Kiekhof;FOU-02;Kiekhof;\n"
            "7003;Kiekhof;FOU-03;Kiekhof;\n"
            "7004;Uilennest;FOU-04;Uilenhof;\n"
            "7999;Nergenshof;FOU-05;Nergenshof;\n"
            ";Valkenhof;FOU-06;Valkenhof;\n"
            "7006;Valkenhof;;;\n"
            "7007;Valkenhof;;;\n",
        },
        (
            Spot("several-names", "park_mapping.csv", 2, "twee namen voor één terrein"),
            Spot("incomplete-area", "park_mapping.csv", 2, "een fase zonder netto oppervlakte"),
            Spot("mapped-twice", "park_mapping.csv", 5, "één rij bij twee terreinen"),
            Spot("other-name", "park_mapping.csv", 6, "een andere naam dan in het register"),
            Spot("unknown-rin", "park_mapping.csv", 7, "een nummer dat er niet is"),
            Spot("ambiguous-name", "park_mapping.csv", 8, "een naam van twee rijen"),
            Spot("not-mapped", "park_mapping.csv", None, "Meeuwenhof wordt niet genoemd"),
        ),
    ),
)
REGISTER_SETS: Final = (*_LISTS, *_EXPORTS, *MAP_SETS)


def plant_registers(folder: Path) -> Iterator[Planted]:
    """Write every set into its own folder within `fouten`."""
    for each in (*REGISTER_SETS, *CONTEXT_SETS):
        yield from each.plant(folder / FOLDER, FOLDER)
