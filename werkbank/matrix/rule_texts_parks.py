"""What the rules say about a park register and the files beside it; written as in `rule_texts`."""

from __future__ import annotations

from typing import Final

__all__ = ["PARKS"]

PARKS: Final = {
    "Het terreinenregister": """
broken-csv · error · Kapotte CSV
    Aanhalingstekens sluiten niet of een veld is veel te lang; verbeter de regel.

broken-geojson · error/warning · Kaart niet te lezen
    Het bestand is geen GeoJSON; exporteer de kaart opnieuw. Een kaart naast een register wordt dan overgeslagen.

unknown-format · error · Onbekende indeling
    De kaart heeft niet de eigenschappen waaraan een register te herkennen is; geef ze de namen uit de bevinding.

empty-register · error · Leeg register
    Er staat geen enkel terrein in; vul het register.

missing-column · error · Kolom ontbreekt
    Zonder deze kolom is het bestand niet te gebruiken; voeg haar toe.

extra-field · error · Te veel velden
    De regel heeft meer velden dan er kolommen zijn; zet tekst met een komma tussen aanhalingstekens.

empty-field · error · Leeg veld
    Zonder deze waarde is het terrein niet te gebruiken; vul haar in.

nameless-row · error · Rij zonder nummer en naam
    Er is niets waaraan het terrein te herkennen is; vul de rij aan of haal haar weg.

wrong-code · error · Geen terreincode
    De code komt in bestandsnamen en mag alleen letters, cijfers, streepjes en punten hebben; verbeter de code.

wrong-municipality · error · Geen korte naam van een gemeente
    De gemeente moet heten als haar parametersbestand, met kleine letters en streepjes; verbeter de naam.

not-a-number · error/warning · Geen getal
    Hier hoort een getal, zoals 12,5; verbeter de waarde. In een IBIS-bestand blijft het veld dan leeg.

number-outside · error/warning · Getal dat niet kan
    Het getal valt buiten wat mogelijk is; verbeter de waarde. In een IBIS-bestand blijft het veld dan leeg.

missing-name · warning · Terrein zonder naam
    Het terrein heeft geen naam en heet nu naar zijn code; vul de naam in.

broken-characters · warning · Verkeerd omgezette letters
    De naam bevat letters die bij het omzetten verkeerd zijn gegaan; verbeter de naam.

missing-rin · warning · Geen RIN-nummer
    Het terrein heeft geen nummer en zijn code is van de naam gemaakt; zoek het nummer op in IBIS.

doubled-rin · warning · RIN-nummer vaker
    Rijen met hetzelfde nummer en dezelfde naam zijn samengenomen tot één terrein; controleer of dat klopt.

doubled-name · warning · Naam vaker in één gemeente
    Twee terreinen in één gemeente heten hetzelfde; geef elk een eigen naam of voeg ze samen.

several-years · remark · Meer jaren
    Het terrein staat er met meer jaren in en het laatste telt; u hoeft niets te doen als dit klopt.

broken-year · warning/remark · Jaar niet goed te lezen
    Bij het jaar staat iets anders dan een jaartal; vul alleen het jaar in.

numbers-as-text · remark · Getallen als tekst
    De oppervlakten staan als tekst in de kaart en zijn als getal gelezen; u hoeft niets te doen als dit klopt.

square-metres · remark · Vierkante meters
    De oppervlakten staan in vierkante meters en zijn omgerekend naar hectare; u hoeft niets te doen als dit klopt.

other-unit · warning · Andere eenheid
    Deze oppervlakte is waarschijnlijk in een andere eenheid dan de rest en zo gelezen; controleer het getal.

net-above-gross · warning · Netto groter dan bruto
    De netto oppervlakte kan niet groter zijn dan de bruto; controleer beide.

no-area · warning · Nul hectare
    Het terrein heeft 0 hectare netto; laat het veld leeg als de oppervlakte niet bekend is.

absurd-area · warning · Onwaarschijnlijke oppervlakte
    Zo groot of klein is een bedrijventerrein bijna nooit; kijk of het vierkante meters zijn.

area-differs-from-map · warning · Oppervlakte past niet bij de kaart
    Het register en de kaart verschillen meer dan een factor twee; controleer de oppervlakte en het vlak.
""",
    "Gemeente en ligging": """
no-municipality-code · warning · Code van geen enkele gemeente
    GM0000 is geen gemeente; vul de code van de gemeente in.

wrong-municipality-code · warning · Geen gemeentecode
    Een gemeentecode ziet eruit als GM0034; vul de juiste in.

unknown-municipality-code · warning · Onbekende gemeentecode
    Deze code is van geen gemeente van nu, misschien van een opgeheven gemeente; verbeter de code.

several-municipalities · warning · Meer gemeenten
    Het terrein heeft meer dan één gemeente en telt bij één ervan; kies de gemeente.

municipality-unknown · warning · Gemeente onbekend
    Het register noemt geen gemeente en de kaart wijst er geen aan; vul de gemeente in of lever een kaart van de
    gemeenten.

municipality-from-map · remark · Gemeente van de kaart
    Het register noemt geen gemeente en die van de kaart telt; u hoeft niets te doen als dit klopt.

other-municipality · warning · Mogelijk in een andere gemeente
    Ligging, naam of fasen wijzen op een andere gemeente dan het register noemt; zoek het terrein op de kaart.

municipality-without-parameters · warning · Gemeente zonder parameters
    Van deze gemeente is geen parametersbestand en zij wordt niet geanalyseerd; voeg het toe of laat de terreinen weg.

unreadable-list · warning · Lijst van gemeenten niet te lezen
    De lijst of kaart van gemeenten is niet (helemaal) te lezen; verbeter het bestand.

rd-coordinates · remark · Rijksdriehoekscoördinaten
    De coördinaten staan in meters van het RD-stelsel en zijn omgerekend naar graden; u hoeft niets te doen.

swapped-coordinates · remark · Coördinaten verwisseld
    Breedte en lengte stonden andersom en zijn omgedraaid; u hoeft niets te doen als dit klopt.

invalid-outline · warning · Vlak klopt niet
    De omtrek van het terrein sluit niet, kruist zichzelf of is leeg; herstel haar in de kaart.

outline-of-unknown-park · warning · Vlak zonder terrein
    De kaart heeft vlakken van terreinen die niet in het register staan; verbeter de codes.

no-outline · remark · Terrein zonder vlak
    Van dit terrein is geen vlak en het staat niet op de kaart; teken het bij als u het wilt zien.
""",
    "Fasen van IBIS samenvoegen": """
not-mapped · warning · Niet in de koppeling
    Deze rij van het register staat niet in de koppeling en valt weg; voeg een regel toe, met een leeg park_id als dat
    de bedoeling is.

mapped-twice · error/warning · Twee keer gekoppeld
    Dezelfde rij van het register staat vaker in de koppeling; haal één van beide weg.

unknown-rin · warning · Onbekend nummer
    Dit nummer of deze naam staat niet in het register; verbeter het of haal de regel weg.

other-name · warning · Andere naam
    Het terrein heet in het register anders dan in de koppeling; kijk of het nummer klopt.

park-without-rows · remark · Terrein zonder rijen
    Aan dit terrein is geen rij van IBIS gekoppeld; voeg een regel toe als IBIS het terrein heeft.

several-names · warning · Verschillende namen
    De koppeling geeft één terrein meer namen en de eerste telt; maak ze gelijk.

incomplete-area · warning · Onvolledige oppervlakte
    Van een fase ontbreekt de oppervlakte en de som is te klein; vul haar aan.
""",
    "Kenmerken van terreinen": """
unreadable-context · error · Kenmerken niet te lezen
    Het bestand met kenmerken is geen CSV; sla het opnieuw op.

unknown-column · warning · Onbekend kenmerk
    Deze kolom is geen bekend kenmerk en wordt niet getoond; verbeter de naam of haal de kolom weg.

wrong-context-value · warning · Kenmerk niet te lezen
    De waarde past niet bij dit kenmerk en het blijft leeg; verbeter de waarde.

maybe-fraction · warning · Misschien delen van één
    Alle percentages zijn hoogstens 1, dus het zijn waarschijnlijk delen van 1; controleer de eenheid.
""",
}
"""Heading → the rules of registers, where parks lie, joining phases, and figures that are only shown."""
