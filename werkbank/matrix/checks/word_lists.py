"""Words by which a name or address is known, and words that look like one and are not; all in small letters.

Given names and surnames are common ones in the Netherlands, of many origins: a list finds most people, never all. Made
by hand from general knowledge; no register was copied.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ABBREVIATIONS",
    "ALSO_WORDS",
    "BODIES",
    "COMMON_WORDS",
    "GIVEN_NAMES",
    "JOBS",
    "LABELS",
    "MONTHS",
    "NOBODY",
    "NOT_COUNTED",
    "NOUN_SURNAMES",
    "NO_PLATE",
    "NO_STREETS",
    "ROLES",
    "SURNAMES",
    "SURNAMES_WITH_PARTICLE",
    "TITLES",
    "TRADES",
    "UNITS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN_NAMES: Final = _words("""
    aart abdel abdelaziz abdelkader abdellah abdul abdullah achmed adam adriaan agnieszka ahmad ahmed ahmet aicha
    aisha albert aleksandar aleksander alex alexander alexandra ali alice amin amina amir ana andre andrea andreas
    andrei andrzej aneta angela anita anja anke ankie anna anne anneke annemarie annemiek annette anouk anton
    antonio arend arie arjan arjen armin arno arnold artur astrid aukje ayse aziz barbara bart bartosz beata ben
    bert betty bianca bilal bogdan boris brahim bram brenda brian britt burak carla carlos carmen carolien carolina
    caroline catharina cees chantal charlotte chris christiaan christian christina claudia coen corrie cristian
    cristina daan damian daniel daniela danielle danny david davy dawid deborah delano demi dennis derk desiree dewi
    diana dick diederik dimitri dineke dirk dirkjan dominik donald dorota douwe edwin eelco eline elisabeth ellen
    elly els elsbeth emiel emil emine emma emre eric erik erwin esma esra esther eva evelien evert ewa fadoua farid
    farida fatih fatiha fatima fatma femke ferdinand filip fleur florian floris fouad franciscus frank frederik
    freek gabriel geert geertje gerard gerben gerda gerrit gert gertjan gheorghe gijs giovanni grzegorz guido gulsen
    gustavo hakan halil hamid hamza hanane hanna hannah hanneke hans harm harold harrie harry hasan hassan hatice
    heleen helena hendrik hendrika henk henny herman hidde hilda hugo huseyin hussein ibrahim ilhan ilona ilse imran
    ineke inge ingrid ioana irene irina iris isabella ismail ivan ivana iwona jaap jacco jacob jacqueline jamal jan
    janneke janny janusz jasmijn jasper jeanette jeffrey jelle jennifer jeroen jerzy jesse jessica joanna jochem
    joep johan johanna johannes john jolanda jonathan joost jordy jorge joris jos jose josef joseph joyce juan
    judith julia julian jurgen justin justyna kamil karel karim karin karolina kasper katarzyna kees kemal kevin
    khadija khalid kim klaas klaudia koen krzysztof lambert lars laura leendert leila lena leo leon leonie lex
    lianne lieke liesbeth linda lisa lisette loes lotte louis louise luc lucas lucia luis lukasz maaike maarten
    machteld maciej madelon magdalena mahmoud malika manon manuel marcel marcin marco marek margreet margriet maria
    marian marianne marieke marijke marina mario marion marius marjan marjolein marleen marlies marloes marten
    martijn martin martina marvin mateusz mathijs matthijs maurice maurits mehdi mehmet melanie melissa mercedes
    michael michal michel michelle mieke miguel mihai mike mirjam miroslav mohamed mohammad mohammed monica monika
    monique mourad moustafa mustafa mustapha myrthe nadia nadine naima najat natalia natasha natasja nathalie nick
    nicolae nicole niek niels nina noah nora nour olga oliver omar onno oscar osman otto pascal patricia patrick
    patryk paul paula paulien pawel pedro peter petra piet pieter pim piotr pjotr rachel rachid rafael rafal ralph
    ramazan ramon raymond rebecca reinier renate rene ria rianne richard rick rik rinus rita rob robbert robert
    roberto robin roel roelof rogier roland rolf romy ronald ronny rosa roy ruben rudolf ruud ryan sabine sabrina
    said saida samantha samir samira samuel sander sandra sanne sara sarah saskia sebastian selma semih sergei
    sergio serkan sharon shirley sibel sietse sigrid sjaak sjoerd sjors slawomir sofia sofie soufiane stan stefan
    stefania stephan stephanie steven suleyman suzan suzanne sven svetlana sylvia szymon tamara tanja tatjana teun
    teunis theo theodoor thijs thomas tim timo tineke tom tomasz tonny trudy tugba ugur ursula valentina vasile vera
    veronica viktor vincent vladimir walter wendy wesley wiebe wietske wilco wilfred wilhelmina willeke willem wilma
    wim wojciech wouter xander yasin yasmina yassin yassine youri youssef yusuf yvette yvonne zbigniew zeynep zofia
    zoltan
""")
"""Given names without those that are ordinary Dutch words."""

SURNAMES: Final = _words("""
    aarts abdi achterberg adriaans adriaansen ahmadi amrani arends arslan aydin bakkali benali bennani bijlsma
    boersma boonstra bosma bosman bouazza bouma bouzid bruinsma celik claassen claessens coenen cornelissen demir
    dijkstra dirks dogan doğan driessen elzinga erdogan evers feenstra franssen geerts gerrits gerritsen goossens
    groeneveld haddou hassani heijnen hendriks hendriksen hermans hoekstra hofman hofstra hoogendoorn huijbers
    huisman idrissi ivanov ivanova jacobs jansen jansma janssen janssens jaspers jonker joosten kaczmarek kamara
    karaca kaya kilic koopmans koster kowalczyk kowalska kowalski kozlowski kramer kuijpers kuipers kılıç lammers
    lewandowski linders luijten martens mazur meijer meijers meyer michiels mohan mulder mulders muller nguyen nowak
    ozturk peters petrov pham pieters pietersen popescu popov postma ramdin reinders rijnders ritsema roelofs sahin
    sanders schepers scholten schouten schreuder schutte sikkema simons singh smeets smits snijders stoica swinkels
    tahiri terpstra theunissen timmermans tran veenstra verbeek verbruggen verhagen verhoef verhoeven vermeer
    vermeulen verschuren verweij visscher voskuil wagenaar wibisono wiersma willems willemsen winkelman wisniewski
    wouters wójcik yildirim yildiz yilmaz yıldız yılmaz zielinski zijlstra öztürk şahin
""")
"""Surnames that are known as such without a title or given name."""

SURNAMES_WITH_PARTICLE: Final = _words("""
    boer bont bruijn bruin buck dijk graaf graaff groot haan haas heer jager jong jonge jongh klerk koning lange
    leeuw leeuwen rooij roos ruijter ruiter vliet vries waard wilde winter wit witte wolf zeeuw zwart
""")
"""Surnames after "de" or "van", with a capital."""

NOUN_SURNAMES: Final = _words("""
    bakker beek berg bos brouwer dekker heuvel kok kuiper linden mol molenaar schaap schipper sluis smid smit visser vos
""")
"""Surnames that are words; they count only after a title."""

ALSO_WORDS: Final = _words("ben jan said rob ria")
"""Given names that, at the start of a sentence, may be a word."""

COMMON_WORDS: Final = _words("""
    aan achter afspraken al algemeen alle alleen als andere automatisch bedrijf bedrijven beeld bewoners bezoek bij
    binnen boven bron buiten buren camera controle daar daarna daarom dan dat de deelname deze dezelfde die dit
    diverse door dus een eerder eigenaar eigenaren elk elke en enkele er gebaseerd gebouw geen geldstromen geldt
    gemeld gezien gisteren goed groot haar heel hem hen het hier hij hoewel hun ik in informatie inmiddels is ja
    jaar kan katvanger katvangers klein komt leeg leegstand lege let loods maar man mannen meer meerdere melding
    meldingen men met mogelijk na naar naast navraag nee niet niets nieuwe nog nogmaals nu of om omdat onbekend
    onder ondernemers onderzoek onlangs ons ook op oud oude over pand panden politie recent rond signaal signalen
    sinds slecht soms staat sterk stroman te tegen terrein terug tijdens toch toelichting toezicht toezichthouders
    tot tussen tweede uit vaak van vanaf vandaag vanuit veel verder vermoeden verschillende via volgens voor vooral
    vorig vorige vraag vrijwel vrouw waar waarneming waarschijnlijk wat wel werd wie wij worden wordt zaak zal ze
    zeer zelf zes zicht zie zij zijn zo zoals zonder zowel zwak
""")
"""Words that often begin a sentence, and so have a capital without being a name."""

NOBODY: Final = _words("""
    action actioncenter airport aldi almere amersfoort amsterdam apeldoorn arbeidsinspectie arnhem assen bant
    barneveld belastingdienst belgie belgië bibob biddinghuizen boa brabant brandweer breda bredase bulgarije bureau
    centrum college creil dedemsvaart den deventer dienst douane drechtsteden drenthe dronten duitsland ede
    eindhoven emmeloord emmen ens enschede espel europa europese fiod fladderen flevoland floriade friesland gamma
    gelderland gemeente gemeenteraad ggd google groningen haag haarlem hanzelijn harderwijk haven heerenveen heijn
    hengelo hilversum ijsselmeer ijsseloog immigratie inspectie joure jumbo justitie kadaster kamer kampen karwei
    ketelhaven knardijk kraggenburg leeuwarden leger lelystad lemmer lidl limburg litouwen luttelgeest maastricht
    marknesse marktplaats maxima meld meppel midden middenmeer ministerie moldavië nagele nederland nederlandse
    nijkerk nijmegen noord noordelijke noordoost noordoostpolder noordwest nunspeet oekraïne oirschot
    omgevingsdienst ondernemersvereniging oost oostelijke oostvaardersdiepen openbaar overijssel parkmanagement
    platform polen politie poolse praxis prins prinses provincie putten raad randstad regio regionaal rijk
    rijkswaterstaat roemeense roemenië rotterdam rutten schiphol sint sneek spanje staphorst stationsgebied
    stichting street swifterbant tilburg tollebeek turkije turkse urk utrecht uwv vakbond valk veiligheidshuis
    veiligheidsregio veluwe vereniging vlissingen vollenhove waterschap west westelijke wolvega zaandam zeeland
    zeewolde zuid zuidelijke zuiderzee zuidoost zuidwest zutphen zwartsluis zwolle
""")
"""Places and bodies that stand where a person could: "eigenaar Rijkswaterstaat", "wijkagent Emmeloord"."""

TITLES: Final = _words("""
    dhr heer heren meneer mijnheer hr mevr mevrouw mw mej familie fam gebroeders gebr weduwe erven drs ing ir mr dr prof
""")
"""What stands before a name, and before the name of a street."""

ROLES: Final = _words("""
    verdachte verdachten getuige getuigen eigenaar eigenaresse eigenaren huurder huurders verhuurder onderhuurder
    bestuurder bewoner melder katvanger vennoot chauffeur broer broers zoon zonen neef vader zus dochter echtgenote
    aangever slachtoffer uitbater exploitant betrokkene genaamd geheten heet heten bijgenaamd alias ene
""")
"""What a person is, or is called; a name may follow."""

JOBS: Final = _words("""
    wijkagent agent accountmanager contactpersoon makelaar boekhouder notaris burgemeester wethouder directeur beheerder
    teamleider adviseur
""")
"""After these stands a name, or what somebody is in charge of: "wethouder Wonen"."""

TRADES: Final = _words("""
    firma vof eenmanszaak maatschap autobedrijf garagebedrijf autohandel transportbedrijf bouwbedrijf uitzendbureau
    sloperij handelsonderneming schildersbedrijf installatiebedrijf aannemersbedrijf loonbedrijf
""")
"""Kinds of firm; its name may follow."""

LABELS: Final = _words("""
    bron sterkte bronsterkte categorie type klasse punt bijlage deel fase hal unit blok gebouw loods vak zone kavel
    groep plan optie variant schaal niveau box pand poort dok cel perceel sectie kolom rij team ploeg
""")
"""What a letter numbers: "hal B. Daarnaast" holds no initial."""

BODIES: Final = _words("bv nv cv vof om vs eu apv rdw brp avg pv kvk nvt pm ok")
"""What is written with full stops as initials are."""

NO_STREETS: Final = _words("""
    aanslaan achterweg afslaan autosnelweg autoweg bedreef blokkade barricade bouwplein bouwweg busbaan doorgaande
    dwarsstraat fietsstraat heenweg hoofdstraat inslaan landweg n-weg omweg onderweg ontslaan ontsluitingsweg
    opslaan overdreef oversteeg overslaan parallelweg parkeerplein privéweg provinciale ringweg rijksweg rondweg
    schoolplein snelweg spoorweg steeg straat terugweg toegangsweg uitvalsweg uitweg ventweg verslaan voorplein weg
    winkelstraat zandweg zijstraat zijweg
""")
"""What ends like a street and may stand before a number without being one."""

NOT_COUNTED: Final = _words("""
    staan wonen werken zitten komen gaan worden waren werden hebben lopen rijden en tussen binnen buiten boven
    beneden samen kunnen is was als sinds eigen tegen zonder zien wegens volgens omstreeks thans steeds soms
""")
"""Words on -en or -s after a house number; any other there says what was counted: "3 panden"."""

UNITS: Final = _words("keer maal x jaar uur km m meter ha m2 procent à tot of")
"""Other words that say what was counted."""

ABBREVIATIONS: Final = _words("""
    ai bv cc cv ec ek eu gb gr ha hr it kg km kv kw mb mm mt mw nl nv ok om or ov pk pr pv tb uk un ur vn vs wk
""")
"""What follows a year or a round number more often than it ends a postcode."""

MONTHS: Final = _words("jan feb mrt apr mei jun jul aug sep okt nov dec")
"""Letters between dashed digits that make a date: 1-mei-24."""

NO_PLATE: Final = _words("""
    jan feb mrt apr mei jun jul aug sep okt nov dec bv nv kvk brp rdw btw dnb ggd pvb vth vng tbv tnv gb tb mb kb kg km
    kw mw hp pk st
""")
"""Letters that stand between numbers, with spaces or without: 2 GB 128."""
