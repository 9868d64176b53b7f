"""The district as a whole: the analyses that stand in their folders, brought together; nothing is assessed anew.

Scores of two municipalities are compared only where they were made by one method, with one catalogue, of as many
parties, and on one legal basis that covers both (method.md 2 and 4). An analysis of which the input changed since is
left out, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.inputs import matrix_paths
from werkbank.errors import OutputError, WerkbankError
from werkbank.files.canonical import fingerprint_of
from werkbank.files.whole import sha256_of
from werkbank.report import terms
from werkbank.report.blocks import Chapter, Row, sentences
from werkbank.report.decided import place
from werkbank.report.knowledge import enough_known
from werkbank.report.terms import lines, spec, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.scoring import classify, rank
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.entries import Audience
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import keep, municipality_slugs
from werkbank.sharing import asked_parties, for_audience
from werkbank.wording import MISSING, capital, count, did_you_mean, listing, number, percent

FILE = "district.json"
DISTRICT = "district"
HIGHEST = 20
"""Parks in the table of places; the tidy table holds them all."""
_TOGETHER = "Samen"
"""The row that adds up; it stands out."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A municipality that is not in it, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A park with its municipality, and its place among the parks it may be compared with; None without a score."""

    view: View
    park: Park
    place: int | None


@dataclass(frozen=True, slots=True, eq=False)
class DistrictAnalysis:
    """The analyses of a district's municipalities, by name; `compared` are those whose scores may be compared.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> [view.assessment.municipality_name for view in district.compared]
    ['Urk (fictief)']
    """

    parameters: Parameters
    views: tuple[View, ...]
    compared: tuple[View, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def fictional(self) -> bool:
        """Whether any of it is made up."""
        return any(view.assessment.fictional for view in self.views)

    @property
    def name(self) -> str:
        """The district's name; made-up data says so in the name itself."""
        return f"{self.parameters.district} (fictief)" if self.fictional else self.parameters.district

    @property
    def size(self) -> str:
        """How many municipalities and parks there are, in words."""
        size = count(len(self.views), "gemeente", "gemeenten")
        return f"{size}, {count(len(self.parks), 'terrein', 'terreinen')}"

    @property
    def where(self) -> str:
        """Of which round it is, and for whom: the line below its title."""
        return f"Ronde {self.parameters.round} · {self.size} · voor: {self.audience.name}"

    @property
    def audience(self) -> Audience:
        """Who reads it."""
        return self.views[0].audience

    @property
    def legal_basis(self) -> str:
        """The legal bases of the analyses, each once."""
        return " ".join(dict.fromkeys(terms.legal_basis_line(view.assessment.legal_basis) for view in self.views))

    @property
    def parks(self) -> tuple[Park, ...]:
        """Every park of every municipality that is in it."""
        return tuple(park for view in self.views for park in view.parks)

    def placed(self) -> tuple[Placed, ...]:
        """The parks that may be compared, highest score first, those without one last."""
        pairs = [(view, park) for view in self.compared for park in view.parks]
        places = rank(pd.Series([park.score for _, park in pairs], dtype="float64").round(9)).tolist()
        found = [Placed(*pair, None if pd.isna(place) else place) for pair, place in zip(pairs, places, strict=True)]
        return tuple(sorted(found, key=lambda one: (one.place or len(found) + 1, one.park.park_id)))

    @property
    def fingerprint(self) -> str:
        """The sha256 of the analyses it was made of."""
        return fingerprint_of(self._made_of())

    def _made_of(self) -> dict[str, str]:
        return {view.assessment.parameters.municipality: view.assessment.fingerprint for view in self.views}

    def save(self, output_folder: Path | str) -> None:
        """Write `district.json` into the folder: of which analyses it was made; an empty name writes nothing."""
        own = self.parameters
        record = {
            "district": own.district,
            "round": own.round,
            "audience": own.audience,
            "fictional": self.fictional,
            "analyses": self._made_of(),
            "fingerprint": self.fingerprint,
        }
        keep(record, output_folder, FILE)

    def __str__(self) -> str:
        """How many municipalities and parks there are."""
        return f"District {self.name}: {self.size}"


def district_analysis(parameters: Parameters, today: dt.date | None = None) -> DistrictAnalysis:
    """The analyses of the district that belong to these parameters, read from their folders.

    Raises OutputError for an audience that may not see the district, and when there is no analysis at all.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> print(district)
    District Flevoland (fictief): 1 gemeente, 4 terreinen
    """
    audience = load_catalogue(parameters.catalogue_path).audience(parameters.audience)
    if audience.areas != DISTRICT:
        raise OutputError(
            f"De doelgroep “{audience.name}” ziet alleen het eigen gebied; voor haar wordt geen districtsanalyse "
            "gemaakt."
        )
    found, left_out = _read(parameters, today or dt.date.today())
    if not found:
        raise OutputError("Er is nog geen enkele analyse om naast elkaar te leggen. Maak ze met: werkbank analyse")
    views = tuple(sorted(found, key=lambda view: view.assessment.municipality_name))
    return DistrictAnalysis(parameters, views, _comparable(views), tuple(left_out))


def side_by_side(assessments: Sequence[Assessment]) -> DistrictAnalysis:
    """Analyses that are at hand and hold what one audience may see, side by side; none is left out."""
    ordered = sorted(assessments, key=lambda one: one.municipality_name)
    views = tuple(_on_shared_parties(view_of(one)) for one in ordered)
    return DistrictAnalysis(views[0].assessment.parameters, views, _comparable(views), ())


def _read(parameters: Parameters, today: dt.date) -> tuple[list[View], list[LeftOut]]:
    found: list[View] = []
    left_out: list[LeftOut] = []
    for slug in municipality_slugs(parameters.workspace):
        try:
            own = load_parameters(slug, audience=parameters.audience)
            assessment = _kept(own)
            reason = listing(changed_since(assessment, own, today))
            if reason:
                left_out.append(LeftOut(own.name, reason))
            else:
                theirs = replace(assessment, parameters=own.portable())
                found.append(_on_shared_parties(view_of(for_audience(theirs))))
        except WerkbankError as error:
            left_out.append(LeftOut(slug, str(error)))
    return found, left_out


def _on_shared_parties(view: View) -> View:
    """The analysis with the scores, bounds and classes on the parties that every municipality asks, if that differs."""
    if not view.assessment.compared:
        return view
    scores = pd.Series([park.compared_total for park in view.parks], dtype="float64")
    classes = classify(scores, view.assessment.parameters.method.class_borders)
    parks = (
        replace(
            park,
            score=park.compared_total,
            low=park.compared_low,
            high=park.compared_high,
            place=None if pd.isna(place) else int(place),
        )
        for park, place in zip(view.parks, classes, strict=True)
    )
    return replace(view, parks=tuple(parks))


def _kept(parameters: Parameters) -> Assessment:
    """The assessment as it was made; it is kept with who makes the analyses, whoever reads of the district."""
    try:
        return Assessment.load(parameters.model_copy(update={"audience": owner_code()}).output_folder)
    except OSError as error:
        raise OutputError("er is nog geen analyse") from error


def who_is_left_out(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """A sentence for each reason, with the municipalities that are not in it because of that."""
    why: dict[str, list[str]] = {}
    for one in left_out:
        why.setdefault(one.reason.rstrip("."), []).append(one.name)
    for reason, names in why.items():
        yield f"{listing(names)} {'staat' if len(names) == 1 else 'staan'} er niet in: {reason}."


def changed_since(assessment: Assessment, now: Parameters, today: dt.date) -> Iterator[str]:
    """Why an analysis cannot be used any more: what it rests on changed, or its legal basis lapsed."""
    if assessment.parameters.method != now.method:
        yield "de methode is sindsdien veranderd"
    catalogue = load_catalogue(now.catalogue_path)
    if assessment.catalogue_fingerprint != catalogue.fingerprint:
        yield "de catalogus is sindsdien veranderd"
    if set(asked_parties(assessment)) != set(now.parties):
        yield "er worden sindsdien andere partijen gevraagd"
    kept = {(source.party, source.sha256) for source in assessment.sources}
    returns = matrix_paths(now, catalogue).items()
    try:
        if {(party, sha256_of(path)) for party, paths in returns for path in paths} != kept:
            yield "een werkmap is sindsdien veranderd"
    except OSError:
        yield "een werkmap is nu niet te lezen"
    basis = assessment.legal_basis
    if basis is not None and any(basis.objections(now.municipality, now.round, today)):
        yield "de grondslag geldt niet meer"


def _comparable(views: tuple[View, ...]) -> tuple[View, ...]:
    """The municipalities that were scored alike; of several such groups the one with the most parks."""
    sizes: Counter[Hashable] = Counter()
    for view in views:
        sizes[alike(view)] += len(view.parks)
    (most, _), *_rest = sizes.most_common(1)
    return tuple(view for view in views if alike(view) == most)


def alike(view: View) -> Hashable:
    """What must be the same for scores to mean the same: method, catalogue, parties that delivered, legal basis.

    Where municipalities ask different parties only those count that all of them ask.
    """
    assessment = view.assessment
    compared = assessment.compared
    basis = assessment.legal_basis
    return (
        assessment.parameters.method.fingerprint,
        assessment.catalogue_fingerprint,
        (compared, tuple(party for party in assessment.delivered if not compared or party in compared)),
        None if basis is None else basis.id,
    )


def district_chapter(district: DistrictAnalysis, name: str) -> Chapter:
    """One chapter with its table; `name` is one of DISTRICT_CHAPTERS. Raises OutputError for another name.

    >>> wb.assess("urk").save(wb.load_parameters("urk").output_folder)
    >>> district = wb.report.district_analysis(wb.load_parameters("urk"))
    >>> wb.report.district_chapter(district, "front").title
    'Het district Flevoland (fictief) in het kort'
    """
    if name not in DISTRICT_CHAPTERS:
        hint = did_you_mean(name, list(DISTRICT_CHAPTERS))
        raise OutputError(f"Het district heeft geen hoofdstuk “{name[:60]}”; {hint}")
    found, before, values = DISTRICT_CHAPTERS[name](district)
    own = spec(f"district.{name}")
    made = table(f"district.{name}", (Row(tuple(row), look="total" * (row[0] == _TOGETHER)) for row in found), **values)
    before = [*before, *([own["lead"]] if "lead" in own else [])]
    after = [line for line in lines(f"district.{name}.notes", **values) if line] if "notes" in own else []
    chosen = [place()] if name == "front" else []
    blocks = (*sentences(before), *chosen, made, *sentences(after, "quiet small"))
    if "empty" in own and not made.rows:
        blocks = sentences([own["empty"]])
    return Chapter(own["title"].format(**values), made.caption, blocks, "ranking")


Told = tuple[Iterable[Sequence[str]], Iterable[str], dict[str, Any]]
"""The rows of a chapter's table, what is said before it, and the values of its words in texts.yaml."""


def _lead(district: DistrictAnalysis) -> Iterator[str]:
    parks = district.parks
    high, blind = (sum(1 for park in parks if park.action == one) for one in ("advised", "blind_spot"))
    without = sum(1 for park in parks if park.score is None)
    yield words(
        "district.judged",
        municipalities=count(len(district.views), "gemeente", "gemeenten"),
        parks=count(len(parks), "terrein", "terreinen"),
        high=capital(count(high, "terrein staat", "terreinen staan")),
        blind=capital(count(blind, "terrein is", "terreinen zijn")),
    )
    yield from terms.shared_parties(district.compared[0])
    if without:
        yield words("district.without", parks=capital(count(without, "terrein heeft", "terreinen hebben")))
    yield from who_is_left_out(district.left_out)


def _advice(view: View) -> tuple[str, ...]:
    advised, unsure = view.advised, f" ({terms.ESTIMATED})"
    return (
        view.assessment.municipality_name,
        number(len(view.parks)),
        listing(park.name for park in advised) or MISSING,
        listing(f"{view.points(park.score)}{unsure if park.mostly_estimated else ''}" for park in advised) or MISSING,
        listing(map(view.bounds, advised)) or MISSING,
        words(f"district.grades.{view.assessment.advice.grade or 'none'}"),
        number(sum(1 for park in view.parks if park.action == "blind_spot")),
    )


def _comparison(district: DistrictAnalysis) -> Told:
    """Which municipalities may be compared, and what that means; those that may not are told with the reason."""
    compared = capital(count(len(district.compared), "gemeente is", "gemeenten zijn"))
    lead = (f"{compared} met dezelfde maat gescoord.", words("district.meaning"))
    return (_compared(view, district) for view in district.views), lead, {}


def _compared(view: View, district: DistrictAnalysis) -> tuple[str, ...]:
    """Whether a municipality may be compared, and what is different when it may not."""
    what = ("een andere methode", "een andere catalogus", "andere partijen leverden aan", "een andere grondslag")
    pairs = zip(what, alike(view), alike(district.compared[0]), strict=True)
    why = listing(word for word, one, two in pairs if one != two)
    return view.assessment.municipality_name, "ja" if view in district.compared else "nee", why or MISSING


def _highest(district: DistrictAnalysis) -> Told:
    """The parks with the highest scores among those that may be compared, with their bounds."""
    placed = district.placed()
    shown, more = min(HIGHEST, len(placed)), max(0, len(placed) - HIGHEST)
    rest = f"Nog {count(more, 'terrein staat', 'terreinen staan')} in de tabel bij deze analyse (tabellen)."
    lead = overlap(placed)
    values = {"shown": shown, "parks": number(len(placed)), "rest": rest if more else ""}
    return map(placed_row, placed[:HIGHEST]), lead, values


def overlap(placed: Sequence[Placed]) -> Iterator[str]:
    """How many parks could come above the first one; a list with places invites to forget it."""
    scored = [one for one in placed if one.place is not None]
    if len(scored) > 1:
        least, first = scored[0].park.low or 0, scored[0].park.name
        able = sum(1 for one in scored[1:] if (one.park.high or 0) > least)
        yield words("district.overlap", able=f"{'kan' if able == 1 else 'kunnen'} er {number(able)}", first=first)


def placed_row(one: Placed) -> tuple[str, ...]:
    """A park in the table of places."""
    park, view = one.park, one.view
    return number(one.place), park.name, view.assessment.municipality_name, *terms.outcome(view, park)


def _spread(district: DistrictAnalysis) -> Told:
    """Per municipality how many parks call for what."""
    own = [_spread_row(view.assessment.municipality_name, view.parks) for view in district.views]
    actions = [capital(word) for word in terms.ACTION.values()]
    return [*own, _spread_row(_TOGETHER, district.parks)], (), {"actions": actions}


def _spread_row(name: str, parks: Sequence[Park]) -> tuple[str, ...]:
    found = Counter(park.action for park in parks)
    return (name, number(len(parks)), *(number(found[code]) for code in terms.ACTION))


def _knowledge_row(view: View) -> tuple[str, ...]:
    enough = sum(enough_known(view, park) for park in view.parks)
    shares = ([park.coverage for park in view.parks], [park.two_sided for park in view.parks])
    known = f"{number(enough)} van {number(len(view.parks))}"
    return view.assessment.municipality_name, *(percent(_mean(share)) for share in shares), known


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _phenomena(district: DistrictAnalysis) -> Told:
    """Per phenomenon on how many parks of each municipality there is a clear or strong indication."""
    counted: dict[str, Counter[str]] = {}
    for view in district.views:
        for one in terms.signs(view):
            found = counted.setdefault(one.name, Counter())
            found[view.assessment.municipality_name] += one.strength in terms.AT_LEAST_CLEAR
    names = [view.assessment.municipality_name for view in district.views]
    rows = ((name, *(number(one[each]) for each in names), number(one.total())) for name, one in counted.items())
    return rows, (), {"municipalities": names, "clear": terms.STRENGTH["clear"], "strong": terms.STRENGTH["strong"]}


def _agreement_rows(view: View) -> Iterator[tuple[str, ...]]:
    families: dict[str, str] = {family.id: family.name for family in view.catalogue.families}
    for one in (each for each in view.assessment.agreement if not each.pair):
        alpha = "niet te bepalen" if one.alpha is None else number(one.alpha, 2)
        shares = (percent(one.identical), percent(one.within_one))
        yield view.assessment.municipality_name, families[one.family], number(one.n), *shares, alpha


def _account(view: View) -> tuple[str, ...]:
    assessment, basis = view.assessment, view.assessment.legal_basis
    return (
        assessment.municipality_name,
        assessment.fingerprint[:16],
        assessment.parameters.method.fingerprint[:8],
        str(assessment.catalogue_version),
        MISSING if basis is None else basis.id,
    )


DISTRICT_CHAPTERS: Mapping[str, Callable[[DistrictAnalysis], Told]] = {
    "front": lambda district: (map(_advice, district.views), _lead(district), {"district": district.name}),
    "comparison": _comparison,
    "spread": _spread,
    "places": _highest,
    "knowledge": lambda district: (map(_knowledge_row, district.views), (), {}),
    "phenomena": _phenomena,
    "agreement": lambda district: ((row for view in district.views for row in _agreement_rows(view)), (), {}),
    "accountability": lambda district: (map(_account, district.views), (), {"fingerprint": district.fingerprint[:16]}),
}
"""The chapters in their order, each with its table; the figures stand with the places."""
