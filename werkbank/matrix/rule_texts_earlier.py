"""What the rules say about a workbook that was made with an earlier catalogue; written as in `rule_texts`."""

from __future__ import annotations

from typing import Final

__all__ = ["EARLIER"]

EARLIER: Final = {
    "Een eerdere catalogus": """
earlier-catalogue · remark · Gemaakt met een eerdere catalogus
    De werkmap is van voor de laatste wijziging van de lijst met indicatoren en is vertaald naar de lijst van nu; u
    hoeft niets te doen, de andere opmerkingen zeggen hoe.

translated-indicator · remark · Indicator vertaald
    De indicator heet nu anders; controleer een paar cellen als u twijfelt.

new-indicator · remark · Indicator bestond nog niet
    Deze indicator is later toegevoegd en telt bij deze werkmap als leeg; vraag het oordeel na als het nodig is.

dropped-indicator · remark · Indicator vervallen
    Deze indicator bestaat niet meer en de oordelen erover tellen nu niet mee; u hoeft niets te doen.
""",
}
"""Heading → the rules of workbooks that are translated."""
