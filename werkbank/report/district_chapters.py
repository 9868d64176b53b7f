"""The district analysis: what stands out, what may be compared, and the tables behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from werkbank.report.blocks import Chapter, Column, Row, Table, sentences
from werkbank.report.district import DistrictAnalysis, Placed, alike
from werkbank.report.evidence import signs
from werkbank.report.knowledge import enough_known
from werkbank.report.terms import QUADRANT, STRENGTH, UNKNOWN, class_name
from werkbank.report.view import Park, View
from werkbank.wording import MISSING, capital, count, listing, number, percent

__all__ = [
    "district_accountability", "district_agreement", "district_comparison", "district_front", "district_knowledge",
    "district_phenomena", "district_places", "district_spread",
]  # fmt: skip

HIGHEST = 20
"""Parks in the table of places; the tidy table holds them all."""
GRADES = {
    "clear": "duidelijk",
    "likely": "waarschijnlijk",
    "indistinguishable": "niet te onderscheiden",
    "no_comparison": "niets te vergelijken",
}
MEANING = (
    "Scores zijn naast elkaar te leggen omdat ze met dezelfde maat zijn gemaakt: een niveau is overal evenveel punten "
    "waard. Ze zeggen wat er is ingevuld. In elke gemeente vulden andere mensen in, en de een schrijft eerder een "
    "vermoeden op dan de ander. Een hogere score in de ene gemeente betekent dus niet zonder meer dat daar meer "
    "speelt. Gebruik de vergelijking om vragen te stellen, niet om gemeenten te rangschikken."
)
_TOGETHER = "Samen"
"""The row or column that adds up; it stands out."""


def _chapter(
    title: str,
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    lead: Iterable[str] = (),
    notes: Iterable[str] = (),
    words: Sequence[int] = (0,),
) -> Chapter:
    """A chapter with one table; the columns that are not in `words` hold figures."""
    columns = tuple(
        Column(head, "total" if head == _TOGETHER else "text" if at in words else "number", 1.6 if at in words else 1)
        for at, head in enumerate(heads)
    )
    table = Table(caption, columns, tuple(Row(tuple(row), look="total" if row[0] == _TOGETHER else "") for row in rows))
    return Chapter(title, caption, (*sentences(lead), table, *sentences(filter(None, notes), "quiet small")), "ranking")


def district_front(district: DistrictAnalysis) -> Chapter:
    """What stands out, on one page: per municipality the advice, and over the whole what is known and what is not.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_front(district).title
    'Het district Flevoland (fictief) in het kort'
    """
    return _chapter(
        f"Het district {district.name} in het kort",
        "Het advies per gemeente. Elke gemeente weegt haar eigen terreinen; de volgorde hier is alfabetisch.",
        ("Gemeente", "Terreinen", "Advies", "Score", "Nog mogelijk", "Hoe zeker", "Blinde vlekken"),
        map(_advice, district.views),
        lead=_lead(district),
        notes=(
            (
                "Een blinde vlek is een terrein waarover te weinig bekend is en dat hoog kan uitkomen. Hoe zeker: hoe "
                "vaak hetzelfde terrein bovenaan komt als andere verdedigbare keuzes worden gemaakt."
            ),
            "Mensen kiezen, niet de werkbank: een stuurgroep besluit per gemeente en legt de reden vast.",
        ),
        words=(0, 2, 5),
    )


def _lead(district: DistrictAnalysis) -> Iterator[str]:
    parks = district.parks
    high, blind = (sum(1 for park in parks if park.quadrant == one) for one in ("act", "find_out"))
    without = sum(1 for park in parks if park.score is None)
    yield (
        f"In {count(len(district.views), 'gemeente', 'gemeenten')} zijn {count(len(parks), 'terrein', 'terreinen')} "
        f"beoordeeld. {capital(count(high, 'terrein vraagt', 'terreinen vragen'))} om aanpak. "
        f"Over {count(blind, 'terrein', 'terreinen')} is te weinig bekend terwijl de score hoog kan uitkomen."
    )
    if without:
        verb = "heeft" if without == 1 else "hebben"
        yield (
            f"{capital(count(without, 'terrein', 'terreinen'))} {verb} geen score. Dat betekent niet dat daar niets "
            "speelt."
        )
    for one in district.left_out:
        yield f"{one.name} staat er niet in: {one.reason.rstrip('.')}."


def _advice(view: View) -> tuple[str, ...]:
    advised = view.advised
    return (
        view.assessment.municipality_name,
        number(len(view.parks)),
        listing(park.name for park in advised) or MISSING,
        listing(view.points(park.score) for park in advised) or MISSING,
        listing(f"{view.points(park.low)}–{view.points(park.high)}" for park in advised) or MISSING,
        GRADES.get(view.assessment.advice.grade or "", "niet doorgerekend"),
        number(sum(1 for park in view.parks if park.quadrant == "find_out")),
    )


def district_comparison(district: DistrictAnalysis) -> Chapter:
    """Which municipalities may be compared, and what that means; those that may not are told with the reason.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_comparison(district).title
    'Wat te vergelijken is'
    """
    first = district.compared[0]
    compared = count(len(district.compared), "gemeente is", "gemeenten zijn")
    return _chapter(
        "Wat te vergelijken is",
        "Welke gemeenten met elkaar te vergelijken zijn",
        ("Gemeente", "Te vergelijken", "Waarom niet"),
        (
            (
                view.assessment.municipality_name,
                "ja" if view in district.compared else "nee",
                _why(view, first) or MISSING,
            )
            for view in district.views
        ),
        lead=(f"{capital(compared)} met dezelfde maat gescoord.", MEANING),
        notes=(
            (
                "Te vergelijken is alleen wat met dezelfde methode, dezelfde catalogus, dezelfde partijen en op "
                "dezelfde grondslag is gemaakt."
            ),
        ),
        words=range(3),
    )


def _why(view: View, first: View) -> str:
    """What is different from the municipalities that may be compared."""
    words = ("een andere methode", "een andere catalogus", "andere partijen leverden aan", "een andere grondslag")
    pairs = zip(words, alike(view), alike(first), strict=True)
    return listing(word for word, one, two in pairs if one != two)


def district_places(district: DistrictAnalysis) -> Chapter:
    """The parks with the highest scores among those that may be compared, with their bounds.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_places(district).title
    'De hoogste scores in het district'
    """
    placed = district.placed()
    shown, rest = min(HIGHEST, len(placed)), max(0, len(placed) - HIGHEST)
    return _chapter(
        "De hoogste scores in het district",
        f"De {shown} hoogste van {number(len(placed))} terreinen die te vergelijken zijn",
        ("Plaats", "Terrein", "Gemeente", "Score", "Nog mogelijk", "Klasse", "Wat te doen"),
        map(_placed_row, placed[:HIGHEST]),
        lead=_overlap([one for one in placed if one.place is not None]),
        notes=(
            f"Nog {count(rest, 'terrein staat', 'terreinen staan')} in de tabel bij deze analyse (tabellen)."
            if rest
            else "",
            f"{UNKNOWN} te weinig bekend voor een score. * te weinig bekend, maar ook in het gunstigste geval hoog.",
        ),
        words=(1, 2, 5, 6),
    )


def _overlap(scored: Sequence[Placed]) -> Iterator[str]:
    """How many parks could come above the first one; a list with places invites to forget it."""
    if len(scored) < 2:
        return
    least = scored[0].park.low or 0
    able = sum(1 for one in scored[1:] if (one.park.high or 0) > least)
    yield (
        f"De volgorde staat niet vast. Van de andere terreinen {'kan' if able == 1 else 'kunnen'} er {number(able)} in "
        f"het uiterste geval hoger uitkomen dan {scored[0].park.name}, nu de hoogste."
    )


def _placed_row(one: Placed) -> tuple[str, ...]:
    park, view = one.park, one.view
    return (
        MISSING if one.place is None else str(one.place),
        park.name,
        view.assessment.municipality_name,
        UNKNOWN if park.score is None else view.points(park.score),
        f"{view.points(park.low)}–{view.points(park.high)}",
        class_name(park.place, view.assessment.parameters.method.class_borders),
        f"{QUADRANT[park.quadrant]}{' *' if park.marked else ''}",
    )


def district_spread(district: DistrictAnalysis) -> Chapter:
    """Per municipality how many parks call for what.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_spread(district).title
    'Wat er per gemeente te doen staat'
    """
    return _chapter(
        "Wat er per gemeente te doen staat",
        "Aantal terreinen per gemeente, naar wat er te doen staat",
        ("Gemeente", "Terreinen", *(capital(word) for word in QUADRANT.values()), "Zonder score"),
        (
            *(_spread_row(view.assessment.municipality_name, view.parks) for view in district.views),
            _spread_row(_TOGETHER, district.parks),
        ),
        notes=("Dit zijn aantallen terreinen, geen maat voor een gemeente: de ene heeft er veel meer dan de andere.",),
    )


def _spread_row(name: str, parks: Sequence[Park]) -> tuple[str, ...]:
    found = Counter(park.quadrant for park in parks)
    without = sum(1 for park in parks if park.score is None)
    return (name, number(len(parks)), *(number(found[code]) for code in QUADRANT), number(without))


def district_knowledge(district: DistrictAnalysis) -> Chapter:
    """Per municipality how much is known, by one party and by all.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_knowledge(district).title
    'Wat we in het district weten en wat niet'
    """
    return _chapter(
        "Wat we in het district weten en wat niet",
        "Gemiddeld over de terreinen van de gemeente, en hoeveel terreinen genoeg bekend zijn",
        ("Gemeente", "Bekend bij minstens één partij", "Bekend bij alle partijen", "Terreinen met genoeg"),
        map(_knowledge_row, district.views),
        lead=("Waar minder bekend is, zijn lage scores minder waard. Haal daar eerst informatie.",),
    )


def _knowledge_row(view: View) -> tuple[str, ...]:
    enough = sum(enough_known(view, park) for park in view.parks)
    return (
        view.assessment.municipality_name,
        percent(_mean(park.coverage for park in view.parks)),
        percent(_mean(park.two_sided for park in view.parks)),
        f"{number(enough)} van {number(len(view.parks))}",
    )


def _mean(shares: Iterable[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def district_phenomena(district: DistrictAnalysis) -> Chapter:
    """Per phenomenon on how many parks of each municipality there is a clear or strong indication.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_phenomena(district).title
    'Aanwijzingen in het district'
    """
    counted: dict[str, Counter[str]] = {}
    for view in district.views:
        for one in signs(view):
            found = counted.setdefault(one.name, Counter())
            found[view.assessment.municipality_name] += one.strength in ("clear", "strong")
    names = [view.assessment.municipality_name for view in district.views]
    return _chapter(
        "Aanwijzingen in het district",
        f"Aantal terreinen met een {STRENGTH['clear']} of een {STRENGTH['strong']}",
        ("Fenomeen", *names, _TOGETHER),
        ((name, *(number(found[one]) for one in names), number(found.total())) for name, found in counted.items()),
        lead=(
            (
                "Een fenomeen dat in meer gemeenten opduikt, vraagt om een gezamenlijk antwoord. Het gaat om "
                "aanwijzingen voor mogelijke activiteiten, niet om vastgestelde feiten."
            ),
        ),
        notes=(
            "Lees ze naast het aantal terreinen en naast wat er bekend is. Een 0 betekent niet dat het er niet is.",
        ),
    )


def district_agreement(district: DistrictAnalysis) -> Chapter:
    """Per municipality how far the parties agree; where they differ much, the scores rest on less.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_agreement(district).title
    'Waar de partijen in het district verschillen'
    """
    return _chapter(
        "Waar de partijen in het district verschillen",
        "Overeenstemming tussen de partijen, per gemeente en groep",
        ("Gemeente", "Groep", "Cellen", "Gelijk", "Hooguit één stap", "Alfa (Krippendorff)"),
        (
            (
                view.assessment.municipality_name,
                next(family.name for family in view.catalogue.families if family.id == one.family),
                number(one.n),
                percent(one.identical),
                percent(one.within_one),
                "niet te bepalen" if one.alpha is None else number(one.alpha, 2),
            )
            for view in district.views
            for one in view.assessment.agreement
        ),
        lead=("Lage overeenstemming is geen fout. Ze zegt dat de partijen er nog niet over hebben gesproken.",),
        notes=("Alfa: 1 is volledige overeenstemming, 0 is wat toeval geeft. Bij weinig cellen zegt hij weinig.",),
        words=(0, 1),
    )


def district_accountability(district: DistrictAnalysis) -> Chapter:
    """Of which analyses it was made; every figure in it stands in one of them.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_accountability(district).title
    'Verantwoording'
    """
    return _chapter(
        "Verantwoording",
        "De analyses waaruit dit overzicht is gemaakt",
        ("Gemeente", "Kenmerk van de analyse", "Methode", "Catalogus", "Grondslag"),
        map(_account, district.views),
        lead=(
            (
                "Dit overzicht rekent niets opnieuw. Elk cijfer staat in de analyse van een gemeente; alleen de plaats "
                "in het district en de aantallen zijn hier geteld."
            ),
        ),
        notes=(f"Kenmerk van dit overzicht: {district.fingerprint[:16]}.",),
        words=range(5),
    )


def _account(view: View) -> tuple[str, ...]:
    assessment, basis = view.assessment, view.assessment.legal_basis
    return (
        assessment.municipality_name,
        assessment.fingerprint[:16],
        assessment.parameters.method.fingerprint[:8],
        str(assessment.catalogue_version),
        MISSING if basis is None else basis.id,
    )
