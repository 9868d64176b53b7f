"""What the rules say, for whoever gets a findings file: the introduction, and the rules of reading a returned matrix.

Heading → rules. A rule is a line with code, severity and title, and below it what it means and what to do; an empty
line ends it. `rules` reads them.
"""

from __future__ import annotations

from typing import Final

__all__ = ["INTRODUCTION", "READING"]

INTRODUCTION: Final = """
# Controleregels

U kreeg een overzicht van bevindingen bij uw risicomatrix, of `werkbank check` toonde ze op het scherm. Achter elke
bevinding staat een code. Hier leest u per code wat die betekent en wat u doet.

- **fout**: wat daar staat telt niet mee, of is niet te vertrouwen. Een cel met een fout telt als leeg, nooit als 0.
- **let op**: het telt mee, maar iemand moet ernaar kijken.
- **opmerking**: goed om te weten; u hoeft niets te doen.

Een bevinding is een aanwijzing, geen verwijt: soms klopt wat er staat. Verbeter wat niet klopt in uw eigen werkmap en
lever die opnieuw aan onder dezelfde naam. De tekst van een toelichting staat nooit in een bevinding.

Deze bladzijde is gemaakt uit de regels in het programma zelf.
"""

READING: Final = {
    "Het bestand": """
unreadable-file · error · Bestand niet te lezen
    Het bestand is er niet of mag niet gelezen worden; controleer de plaats en de rechten, en sluit het in Excel.

empty-file · error · Leeg bestand
    Het bestand is 0 bytes groot; waarschijnlijk ging het versturen mis, dus lever het opnieuw aan.

password · error · Met een wachtwoord beveiligd
    Zonder wachtwoord is er niets te lezen; haal het wachtwoord eraf en gebruik een veilige verzendwijze.

not-a-workbook · error · Geen werkmap
    De inhoud is geen Excel-werkmap, al heet het bestand misschien zo; open het in Excel en sla het op als .xlsx.

damaged-workbook · error · Beschadigde werkmap
    Het bestand is beschadigd of niet volledig overgekomen; open het in Excel, sla het op en lever het opnieuw aan.

other-format · error · Ander soort bestand
    Van dit soort bestand is niet te controleren of alles wordt gelezen; open het in Excel en sla het op als .xlsx.

too-large · error · Te groot
    Uitgepakt is het bestand veel groter dan een risicomatrix kan zijn; lever alleen de matrix aan, zonder ver
    weggelegen cellen.

unsafe-archive · error · Onveilig bestand
    In het bestand zitten onderdelen die naar buiten de werkmap wijzen en het is niet gelezen; open het in Excel en sla
    het op als .xlsx.

macro-present · remark · Macro in de werkmap
    In de werkmap zit een programma. Het is niet uitgevoerd en niet bewaard, en met de cellen is niets mis; sla de
    werkmap op als .xlsx als u niet weet waarvoor het is.

other-encoding · remark · Andere tekencodering
    De tekst staat niet in UTF-8 en is gelezen als Windows-1252; kijk of letters als é goed staan.

uneven-row · error · Regel met meer of minder velden
    De regel van het tekstbestand heeft meer of minder velden dan de kop: welk veld waar hoort is niet te weten, dus
    geen ervan is gelezen; zet velden met een komma of puntkomma erin tussen aanhalingstekens.

open-elsewhere · warning · Nog ergens open
    De werkmap is nog geopend en wat daar niet is opgeslagen, telt niet mee; sla op, sluit en lees opnieuw in.

doubled-delivery · error · Twee keer aangeleverd
    Van deze gemeente en partij zijn er twee bestanden en geen van beide telt, want welk geldt is niet te weten; lever
    er één aan.
""",
    "Van wie en welke ronde": """
unknown-municipality · error · Gemeente niet te herkennen
    Noch de bestandsnaam noch de werkmap noemt een gemeente uit het register; noem het bestand naar gemeente en partij,
    zoals urk_politie.xlsx.

unknown-party · error · Partij niet te herkennen
    Noch de bestandsnaam noch de werkmap zegt welke partij heeft ingevuld; noem het bestand naar gemeente en partij,
    zoals urk_politie.xlsx.

party-not-asked · warning · Partij doet niet mee
    Deze partij is voor deze ronde niet gevraagd en haar werkmap telt niet mee; voeg haar toe aan de parameters of laat
    het bestand weg.

unknown-round · warning · Ronde onbekend
    De werkmap zegt niet van welke ronde zij is, dus de bestandsnaam is geloofd; controleer de ronde of gebruik de lege
    werkmap van de werkbank.

wrong-round · error · Andere ronde
    De werkmap is van een andere ronde en telt niet mee; lever de werkmap van deze ronde aan.

newer-workbook · error · Nieuwere werkmap
    De werkmap is met een nieuwere werkbank gemaakt dan deze; werk de werkbank bij.

swapped-workbook · error · Bestanden verwisseld
    De inhoud is van een andere gemeente, partij of ronde dan de bestandsnaam of de titel zegt; controleer of twee
    bestanden zijn verwisseld.

concluded-identity · warning · Herkomst afgeleid
    De werkmap zegt niet van wie zij is en de bestandsnaam volgt de afspraak niet, dus dat is uit de titel, de terreinen
    of woorden in de naam afgeleid; controleer het.

missing-workbook · error · Nog niet aangeleverd
    Van deze gemeente en partij is er geen bestand; vraag de ingevulde werkmap op en zet haar bij de andere.

ask-riec · warning · Bespreken met het RIEC
    Wat is opgevallen hangt niet van deze aanlevering alleen af; het RIEC bespreekt het met u.

other-catalogue · warning · Andere catalogus
    De werkmap is gemaakt met een andere lijst van indicatoren; controleer of indicatoren en niveaus hetzelfde
    betekenen.
""",
    "Het blad en de codes": """
no-matrix · error · Geen matrix gevonden
    Op geen enkel blad staan terreincodes naast elkaar en indicatorcodes onder elkaar; gebruik de lege werkmap van de
    werkbank.

second-matrix · warning · Tweede matrix
    Er is nog een blad met oordelen en dat is niet gelezen; controleer of het goede blad is gelezen en haal het andere
    weg.

ambiguous-matrix · error · Onduidelijk welke matrix geldt
    Er zijn meer bladen met oordelen en geen ervan is gelezen; noem het blad dat geldt Matrix, of haal de andere weg.

several-suppliers · error · Meer partijen of gemeenten op een blad
    Op een blad staan oordelen van meer partijen of over meer gemeenten en het is niet gelezen; lever per gemeente en
    partij een eigen werkmap, of alles samen als één CSV.

second-head · error · Tweede kop in de matrix
    Hier staan andere terreinen of indicatoren dan in de kop en het blad is niet gelezen; zet alles in één matrix met
    één kop.

unknown-park · error/warning · Onbekende terreincode
    Bij deze code hoort geen terrein uit het register en wat erbij staat telt niet mee; verbeter de code of haal haar
    weg.

doubled-park · error · Terrein dubbel
    Het terrein staat er twee keer en geen van beide telt, want welk geldt is niet te weten; haal er één weg.

missing-park · error · Terrein ontbreekt
    Het terrein hoort bij deze gemeente maar staat niet in de matrix en telt als leeg; zet het terug vanuit de lege
    werkmap.

park-of-other-municipality · error · Terrein van een andere gemeente
    Dit terrein hoort in de werkmap van een andere gemeente en telt hier niet mee; haal het weg en geef het daar op.

unknown-indicator · error · Onbekende indicator
    Deze code staat niet in de catalogus en wat erbij staat telt niet mee; verbeter de code of haal haar weg.

doubled-indicator · error · Indicator dubbel
    De indicator staat er twee keer en geen van beide telt; haal er één weg.

name-for-code · remark · Naam in plaats van code
    Er staat een naam waar een code hoort en die is herkend; u hoeft niets te doen als de terreinen en indicatoren
    kloppen.

ambiguous-name · error · Naam van meer dan één
    Meer terreinen of indicatoren heten zo en wat erbij staat telt niet mee; vul de code in.

code-and-name-differ · error/warning · Code en naam verschillen
    De code wijst iets anders aan dan de naam erbij: in een matrix telt geen van beide, in een register telt de code;
    verbeter wat niet klopt.

missing-indicator · error · Indicator ontbreekt
    De indicator staat niet in de matrix en telt bij alle terreinen als leeg; zet de rij terug vanuit de lege werkmap.

doubled-column · error · Kolom dubbel
    De kolom staat er meer dan één keer en welke telt is niet te weten; haal er één weg.

merged-code · error · Code in samengevoegde cel
    Over welke rijen of kolommen de code gaat is niet zeker; splits de cel en zet elke code in een eigen cel.

values-without-park · warning · Waarden zonder terrein
    In deze kolom zijn cellen ingevuld, maar boven de kolom staat geen terreincode; vul de code in of haal de waarden
    weg.

values-without-indicator · warning · Waarden zonder indicator
    In deze rij zijn cellen ingevuld, maar ervoor staat geen indicator; vul de code in of haal de waarden weg.

remarks-beside-matrix · warning · Toelichtingen naast de matrix
    In een kolom of rij naast de matrix staan toelichtingen en die zijn niet gelezen; zet ze op het blad Toelichting.

hidden-sheet · warning · Verborgen blad
    De matrix staat op een verborgen blad en telt mee; maak het zichtbaar en controleer de waarden.

hidden-row · warning · Verborgen rij
    De rij is verborgen en telt mee; maak haar zichtbaar en controleer de waarden.

hidden-column · warning · Verborgen kolom
    De kolom is verborgen en telt mee; maak haar zichtbaar en controleer de waarden.

filtered-row · error · Weggefilterde rij
    De rij van een lijst is weggefilterd of verborgen en is niet gelezen; haal het filter weg, of verwijder de rijen die
    niet gelden.

cell-note · warning · Notitie bij een cel
    Bij een cel staat een opmerking of notitie van Excel en die is niet gelezen; zet op het blad Toelichting wat ertoe
    doet.

coloured-cell · warning · Gekleurde lege cel
    De cel is leeg en heeft een eigen kleur; een kleur is niet te lezen, dus kies een waarde uit de lijst als zij iets
    betekent.
""",
    "De cellen van de matrix": """
not-a-level · error · Geen niveau
    Wat hier staat is geen niveau, onbekend of n.v.t.; kies een waarde uit de lijst en zet een toelichting op het blad
    Toelichting.

level-outside-scale · error · Buiten de schaal
    Dit getal is geen niveau van deze schaal, ook niet na afronden; kies een waarde uit de lijst.

percentage · error · Percentage
    Hier staat een percentage en geen niveau, want Excel bewaart 100% als 1; kies een waarde uit de lijst.

contradicting-level · error · Getal en woord verschillen
    Het getal hoort bij een ander niveau dan de woorden erachter; kies wat u bedoelt uit de lijst.

contradicting-state · error · Toestand en niveau verschillen
    Op deze regel staan een niveau en een toestand die niet samengaan; kies een niveau, of een toestand zonder niveau.

doubled-judgement · error · Oordeel dubbel
    Over dit terrein en deze indicator zijn er meer regels en geen ervan telt; laat er één staan.

date-for-level · error · Datum in plaats van niveau
    Excel heeft van de invoer een datum gemaakt, zoals 1-2 van een streepje; kies een waarde uit de lijst.

mixed-scale · error · Mogelijk een andere schaal
    De waarden lijken op een andere schaal, zoals 1 tot 5, percentages of ja en nee, en er is niets omgerekend; vraag na
    welke schaal is gebruikt en laat opnieuw invullen.

formula-without-value · error/warning · Formule zonder waarde
    De cel bevat een fout, of een formule zonder uitkomst of met uitkomst 0, en telt als leeg: een verwijzing naar een
    lege cel geeft ook 0. Kies een waarde in plaats van de formule.

unseen-value · error · Waarde die niet te zien is
    In de cel staat een waarde, maar de opmaak of de instelling van het blad laat haar niet zien, dus niemand heeft haar
    kunnen controleren. Zij telt als leeg; wis de opmaak van de cel en kies daarna een waarde uit de lijst.

shown-otherwise · error · Waarde die er anders uitziet
    De opmaak laat iets anders zien dan wat er in de cel staat, zoals een woord in plaats van een getal, een nootcijfer
    of een symbool. De cel telt als leeg; wis de opmaak van de cel en kies daarna een waarde uit de lijst.

struck-out · error · Doorgehaalde waarde
    De waarde is doorgehaald, dus of zij nog geldt is niet te weten, en de cel telt als leeg; wis de opmaak van de cel
    en kies daarna een waarde uit de lijst.

merged-cell · error · Samengevoegde cel
    Van samengevoegde cellen heeft alleen de eerste een waarde, en of die voor alle geldt is niet te weten; hef de
    samenvoeging op en kies daarna in elke cel een waarde uit de lijst.
""",
    "Het blad Toelichting": """
missing-heading · warning · Kop van een kolom ontbreekt
    Een kolom van het blad Toelichting heeft geen kop en is niet gelezen; zet de kop terug vanuit de lege werkmap.

remark-without-cell · warning · Toelichting zonder cel
    Het terrein of de indicator van deze regel is niet bekend en de toelichting is niet bewaard; verbeter de codes.

doubled-remark · warning · Tweede toelichting
    Bij deze cel stond al een toelichting en alleen de eerste telt; voeg ze samen tot één regel.

unknown-source-strength · warning · Onbekende bronsterkte
    De bronsterkte is geen A, B of C en is niet bewaard; kies er een uit de lijst.

unreadable-date · warning · Datum niet te lezen
    Hier staat geen datum van deze eeuw en zij is niet bewaard; schrijf haar als 31-12-2026.

long-remark · warning · Zeer lange tekst
    De toelichting is langer dan in een cel getypt kan worden; kort haar in tot wat van belang is.
""",
}
"""Heading → the rules of files, identity, sheets, cells and remarks."""
