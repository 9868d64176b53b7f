"""What the rules say about the contents of a matrix that could be read; written as in `rule_texts`."""

from __future__ import annotations

from typing import Final

__all__ = ["CHECKS"]

CHECKS: Final = {
    "Hoe er is ingevuld": """
nothing-filled-in · warning · Niets ingevuld
    Alle cellen van de werkmap zijn leeg; vul haar in, en kies onbekend waar geen zicht op is.

only-unknown · warning · Alles onbekend
    Er staat nergens een niveau, alleen onbekend; vraag na of er echt nergens zicht op is, want voor het advies is dit
    alsof er niets is aangeleverd.

one-value-everywhere · warning · Overal dezelfde waarde
    Ten minste 95% van de ingevulde cellen, in de hele werkmap of bij één familie (vanaf 20 cellen), heeft dezelfde
    waarde; controleer of per cel is geoordeeld. Overal 0 bij de verschijningsvormen kan wel kloppen en wordt niet
    gemeld.

copied-return · warning · Twee partijen gelijk
    Twee partijen vulden ten minste 95% van de cellen gelijk in; vraag na of de een van de ander heeft overgenomen, want
    dan is er één oordeel in plaats van twee. Deze bevinding gaat niet mee terug naar een partij.

copied-park · warning · Twee terreinen gelijk
    Twee terreinen in één werkmap zijn voor ten minste 90% gelijk ingevuld; controleer of het tweede terrein apart is
    beoordeeld. Terreinen waar alles 0 of onbekend is, worden niet gemeld.

explained-but-open · warning · Toelichting bij een lege cel
    Bij deze cel staat een toelichting, bronsterkte of peildatum, maar het oordeel zelf ontbreekt; kies alsnog een
    niveau, of onbekend.

source-beside-unknown · warning · Bron bij onbekend
    Bij een cel die onbekend is staat een bronsterkte of peildatum; kies een niveau als er een bron is, of haal het
    weg.
""",
    "Persoonsgegevens in toelichtingen": """
person-name · warning · Lijkt op de naam van een persoon
    Een toelichting gaat over het terrein en niet over wie daar is; haal de naam weg of omschrijf de rol.

address · warning · Lijkt op een adres
    Een adres leidt naar een persoon of bedrijf; noem een deel van het terrein, zoals de oostkant.

licence-plate · warning · Lijkt op een kenteken
    Een kenteken leidt naar een persoon; omschrijf wat er is gezien zonder kenteken.

email-address · warning · Lijkt op een e-mailadres
    Een e-mailadres leidt naar een persoon; haal het weg.

phone-number · warning · Lijkt op een telefoonnummer
    Een telefoonnummer leidt naar een persoon; haal het weg.

citizen-number · warning · Lijkt op een burgerservicenummer
    Negen cijfers die de elfproef doorstaan; haal ze weg. Is het een zaaknummer, zet dat woord er dan voor.

bank-account · warning · Lijkt op een rekeningnummer
    Een IBAN waarvan de controlecijfers kloppen; haal het weg.

company-number · warning · Lijkt op een KvK-, vestigings- of btw-nummer
    Dit nummer leidt naar een bedrijf en bij een eenmanszaak naar een persoon; haal het weg.

birth-date · warning · Lijkt op een geboortedatum
    Een geboortedatum leidt naar een persoon; haal haar weg.

company-name · remark · Lijkt op de naam van een bedrijf
    Een bedrijfsnaam mag soms, maar maakt van een vermoeden over een terrein een vermoeden over een bedrijf; laat haar
    weg als het kan.
""",
    "Vergeleken met de vorige ronde": """
implausible-change · warning · Ongewone sprong
    In dit terrein springen ten minste 5 cellen van één partij twee niveaus of meer, of ten minste 2 cellen van het
    hoogste niveau naar 0 of terug; controleer of het terrein klopt en of de schaal niet is omgedraaid. Eén losse sprong
    komt vaker voor en wordt niet gemeld.

knowledge-lost · warning · Zicht kwijt
    Van dit terrein zijn ten minste 6 cellen, en een derde of meer van wat bekend was, nu onbekend; vraag na of het
    zicht weg is of dat iemand anders heeft ingevuld.

copied-round · warning · Gelijk aan de vorige ronde
    Ten minste 99% van de ingevulde cellen is gelijk aan de vorige ronde; vraag na of er opnieuw is geoordeeld of dat de
    oude werkmap is ingestuurd.
""",
    "Peildatums": """
date-in-future · warning · Datum in de toekomst
    De peildatum moet nog komen; verbeter de datum.

old-date · warning · Oude peildatum
    Het oordeel gaat over een dag van meer dan 2 jaar voor vandaag, of voor het einde van het jaar van de ronde als dat
    eerder is; beoordeel de cel opnieuw.

implausible-date · warning · Onwaarschijnlijke datum
    De peildatum is meer dan 10 jaar geleden, wat meestal een tikfout in het jaar is; controleer het jaartal.
""",
}
"""Heading → the rules of content, personal data, the round before, and dates."""
