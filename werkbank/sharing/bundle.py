"""A bundle: a folder that holds only what one audience may see; what is not in it cannot be shown by mistake.

`bundle.json` says for whom it is and on which legal basis, with the sha256 of every assessment; beside it lies one
`<municipality>.json` per assessment, each already passed through `for_audience`, what stands beside it (its rounds, the
cooperation in them and the actions of its plans) as `<municipality>.beside.json`, and a district's own catalogue, which
must be the one that the assessments name.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from werkbank.advice.development import Development
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.cooperation import Cooperation
from werkbank.assessment.rounds import Rounds
from werkbank.errors import CatalogueError, OutputError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.plan.progress import PlannedAction
from werkbank.register.notes import FIELD
from werkbank.settings.catalogue import MODELS
from werkbank.settings.entries import Audience
from werkbank.sharing.cooperation import seen_in_rounds
from werkbank.sharing.gate import for_audience
from werkbank.sharing.versions import actions_for
from werkbank.sharing.what import STEP
from werkbank.sharing.who import asked_parties, reader_of
from werkbank.wording import listing

BUNDLE_FILE = "bundle.json"
OWN_CATALOGUE = "catalogue"
SCHEMA_VERSION = 1

Counts = Sequence[Sequence[str]]
Chosen = Mapping[str, Mapping[str, str]]
"""Municipality → park → by whom and when it was chosen, and how far its plan is (`decisions.chosen_parks`)."""
Made = TypeVar("Made", Assessment, Development)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNREADABLE = "Deze bundel is niet volledig of is veranderd; maak hem opnieuw."


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What stands beside the assessment of one municipality.

    `rounds` are for who makes the analyses. Another reader gets of them `earlier`: what the analyses that were kept of
    the rounds before tell it, oldest first, each through the gate; `codes`: of each of these, and of the present one,
    park of now → its code then; and `cooperation`: as far as it may see it in every one of these rounds, None for who
    may not. `missing` says to the first why there are none. `actions`: those of the plans of parks that were chosen in
    these rounds or now, as far as the reader may know them.
    """

    rounds: Rounds | None = None
    earlier: tuple[Assessment, ...] = ()
    codes: tuple[Mapping[str, str], ...] = ()
    cooperation: Cooperation | None = None
    missing: str = ""
    actions: tuple[PlannedAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one audience may see of one round, read and checked; the assessments in the order of their names.

    `beside`: municipality → what stands beside its assessment. `counts`: what is counted in the district and the figure
    in words, for who is told nothing else.
    """

    audience: str
    label: str
    round: str
    district: str
    fictional: bool
    legal_bases: tuple[str, ...]
    assessments: tuple[Assessment, ...]
    chosen: Chosen = field(default_factory=dict)
    beside: Mapping[str, Beside] = field(default_factory=dict)
    counts: Counts = ()

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities in the bundle, by their short names."""
        return tuple(assessment.parameters.municipality for assessment in self.assessments)

    def assessment(self, municipality: str) -> Assessment:
        """The assessment of one municipality of the bundle."""
        return self.assessments[self.municipalities.index(municipality)]

    def write(self, folder: Path) -> None:
        """Write it into `folder`, which must not exist or be empty: else raises OutputError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise OutputError("De map voor de bundel is niet leeg; kies een nieuwe map.")
        texts = {f"{one.parameters.municipality}.json": one.to_json().encode() for one in self.assessments}
        more = {slug: canonical_json(one).encode() for slug, one in self.beside.items()}
        for name, content in (*texts.items(), *((_beside_file(slug), content) for slug, content in more.items())):
            (folder / name).write_bytes(content)
        marks = {"files": {name: _sha256(one) for name, one in texts.items()}}
        marks["beside"] = {slug: _sha256(one) for slug, one in more.items()}
        head = {**_head(self.assessments), **marks, "chosen": self.chosen, "counts": self.counts}
        if own := self.assessments[0].parameters.catalogue_path:
            (folder / OWN_CATALOGUE).mkdir()
            for file in filter(Path.is_file, (own / name for name in MODELS)):
                shutil.copyfile(file, folder / OWN_CATALOGUE / file.name)
        text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / BUNDLE_FILE).write_text(text, encoding="utf-8")


def bundle_of(
    assessments: Sequence[Assessment],
    chosen: Chosen | None = None,
    beside: Mapping[str, Beside] | None = None,
    counts: Counts = (),
) -> Bundle:
    """What one audience may see, in the order in which it is kept.

    Raises OutputError for an assessment of another audience, for one that still holds what the gate would take out, for
    more than one municipality where the audience sees only its own, and for choices, rounds, cooperation, actions and
    counts that are not of these municipalities or that the audience may not know of.
    """
    ordered = tuple(sorted(assessments, key=lambda one: one.parameters.municipality))
    chosen = {slug: dict(sorted(said.items())) for slug, said in sorted((chosen or {}).items())}
    beside = dict(sorted((beside or {}).items()))
    faults = list(_together(ordered)) or [
        *_too_much(ordered, chosen, beside, counts),
        # The gate changes nothing of what has passed through it.
        *(
            f"{one.parameters.municipality} is niet beperkt tot wat deze doelgroep mag zien"
            for one in (*ordered, *_earlier(beside))
            if (made := for_audience(one)) is not one and made.to_json() != one.to_json()
        ),
    ]
    if faults:
        raise OutputError(f"Deze bundel mag niet worden gemaakt: {'; '.join(faults)}. Er is niets geschreven.")
    return _bundle(_head(ordered), assessments=ordered, chosen=chosen, beside=beside, counts=counts)


def read_bundle(folder: Path) -> Bundle:
    """The bundle in this folder, every file compared with its sha256. Raises OutputError for anything else."""
    try:
        head = json.loads((folder / BUNDLE_FILE).read_text(encoding="utf-8"))
        if head["schema_version"] != SCHEMA_VERSION:
            raise OutputError("Deze bundel is van een andere versie van de werkbank; maak hem opnieuw.")
        assessments = tuple(_read(folder, name, digest) for name, digest in sorted(head["files"].items()))
        beside = {slug: _read_beside(folder, slug, digest) for slug, digest in sorted(head["beside"].items())}
        kept = {name: head[name] for name in ("chosen", "counts")}
        too_much = list(_together(assessments)) or list(_too_much(assessments, beside=beside, **kept))
    except (OSError, KeyError, TypeError, AttributeError, ValueError, CatalogueError) as error:
        raise OutputError(_UNREADABLE) from error
    if too_much:
        raise OutputError("Deze bundel bevat meer dan de doelgroep mag zien; er wordt niets getoond.")
    if {**_head(assessments), **{name: head[name] for name in ("files", "beside")}, **kept} != head:
        raise OutputError(_UNREADABLE)
    return _bundle(head, assessments=assessments, beside=beside, **kept)


def _bundle(head: Mapping[str, Any], **contents: Any) -> Bundle:
    plain = {name: head[name] for name in ("audience", "label", "round", "district", "fictional")}
    return Bundle(**plain, legal_bases=tuple(head["legal_bases"]), **contents)


def _beside_file(slug: str) -> str:
    return f"{slug}.beside.json"


def _content(folder: Path, slug: str, name: str, digest: str) -> str:
    """The text of a file of a municipality, when its content is what the bundle says."""
    content = (folder / name).read_bytes() if _SLUG.fullmatch(slug) else b""
    if _sha256(content) != digest:
        raise OutputError(_UNREADABLE)
    return content.decode()


def _read(folder: Path, name: str, digest: str) -> Assessment:
    """One assessment, from a file whose name and content are what the bundle says."""
    text = _content(folder, name.removesuffix(".json"), name, digest)
    assessment = _here(Assessment.from_json(text), folder)
    if f"{assessment.parameters.municipality}.json" != name:
        raise OutputError(_UNREADABLE)
    return assessment


def _read_beside(folder: Path, slug: str, digest: str) -> Beside:
    found = from_plain(Beside, json.loads(_content(folder, slug, _beside_file(slug), digest)))
    compared = tuple(_here(one, folder) for one in found.rounds.developments) if found.rounds else ()
    rounds = found.rounds and replace(found.rounds, developments=compared)
    return replace(found, rounds=rounds, earlier=tuple(_here(one, folder) for one in found.earlier))


def _here(one: Made, folder: Path) -> Made:
    """The same with the catalogue of the bundle, where that has one of its own."""
    if one.parameters is None or one.parameters.catalogue is None:
        return one
    own = {"catalogue": str((folder / OWN_CATALOGUE).resolve())}
    return replace(one, parameters=one.parameters.model_copy(update=own))


def _head(assessments: Sequence[Assessment]) -> dict[str, Any]:
    first = assessments[0].parameters
    bases = {one.legal_basis.id: one.legal_basis for one in assessments if one.legal_basis is not None}
    return {
        "schema_version": SCHEMA_VERSION,
        "audience": first.audience,
        "label": assessments[0].catalogue.audience(first.audience).label,
        "round": first.round,
        "district": first.district,
        "fictional": any(one.fictional for one in assessments),
        "legal_bases": [
            f"{basis.body}, {basis.decided.isoformat()}, geldig tot en met {basis.valid_until.isoformat()} ({name})"
            for name, basis in sorted(bases.items())
        ],
        "municipalities": {one.parameters.municipality: one.municipality_name for one in assessments},
    }


def _together(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Why these assessments do not belong in one bundle."""
    if not assessments:
        yield "er is geen analyse"
        return
    for name, word in (("audience", "doelgroepen"), ("round", "rondes"), ("district", "districten")):
        found = sorted({str(getattr(one.parameters, name)) for one in assessments})
        if len(found) > 1:
            yield f"verschillende {word} in één bundel ({listing(found)})"
    slugs = [one.parameters.municipality for one in assessments]
    if len(set(slugs)) < len(slugs):
        yield "een gemeente staat er twee keer in"
    if len({one.catalogue_fingerprint for one in assessments}) > 1:
        yield "verschillende catalogi in één bundel"
    own_area = assessments[0].catalogue.audience(assessments[0].parameters.audience).areas != "district"
    if own_area and len(set(slugs)) > 1:
        yield "deze doelgroep ziet alleen de eigen gemeente"


def _too_much(
    assessments: Sequence[Assessment],
    chosen: Chosen,
    beside: Mapping[str, Beside],
    counts: Counts,
) -> Iterator[str]:
    """What is in it that is not for its audience, or not of its municipalities."""
    every = (*assessments, *_earlier(beside))
    for one in every:
        yield from _too_much_of(one, reader_of(one))
    yield from _not_theirs(chosen, beside, assessments)
    for one in assessments:
        if own := beside.get(one.parameters.municipality):
            yield from _too_much_beside(own, one, reader_of(one))
    reader = reader_of(assessments[0])
    if _sees_one_park(reader) and max(len(one.parks) for one in every) > 1:
        yield "deze doelgroep ziet één terrein"
    if counts and "counts" not in reader.documents:
        yield "deze doelgroep krijgt geen aantallen"


def _sees_one_park(audience: Audience) -> bool:
    return "park" in audience.documents and "analysis" not in audience.documents


def _earlier(beside: Mapping[str, Beside]) -> Iterator[Assessment]:
    for one in beside.values():
        yield from one.earlier


def _too_much_of(one: Assessment, audience: Audience) -> Iterator[str]:
    """Whose cells an assessment holds that its audience may not see; nobody's after the gate."""
    catalogue, asked = one.catalogue, asked_parties(one)
    others = {party.id for party in catalogue.parties} - set(audience.parties)
    # Who sees two parties or more, and every one that takes part, may have what those make together.
    whole = len(asked) > 1 and set(asked) <= set(audience.parties)
    if found := _held(one) & others:
        named = listing(catalogue.party(party).name for party in sorted(found))
        yield f"{one.parameters.municipality} bevat cellen van de {named}"
    if one.notes and FIELD not in audience.fields:
        yield f"{one.parameters.municipality} bevat aantekeningen"
    if len(one.remarks) and "remarks" not in audience.fields:
        yield f"{one.parameters.municipality} bevat toelichtingen"
    rows = {code for frame in (one.cells, one.judgements, one.remarks) for code in frame["indicator"]}
    if rows - set(catalogue.visible_to(audience)):
        yield f"{one.parameters.municipality} bevat rijen die deze doelgroep niet mag zien"
    groups = one.groups["score"].dropna()
    exact = (groups % STEP > 0).any() if "group_scores" in audience.fields else len(groups) > 0
    told = one.cells["contribution"].notna().any() or exact
    if others and ((told and not whole) or not _within_shown(one)):
        yield f"{one.parameters.municipality} bevat cellen die niet uit de eigen oordelen komen"


def _not_theirs(chosen: Chosen, beside: Mapping[str, Beside], assessments: Sequence[Assessment]) -> Iterator[str]:
    """Choices that the audience may not know of, and what is of parks or municipalities that are not in the bundle."""
    parks = {one.parameters.municipality: set(one.parks["park_id"]) for one in assessments}
    if any(chosen.values()) and "decisions" not in reader_of(assessments[0]).fields:
        yield "deze doelgroep krijgt geen besluiten"
    if any(set(told) - parks.get(slug, set()) for slug, told in chosen.items()):
        yield "een gekozen terrein hoort niet bij deze gemeenten"
    acted = {slug: {action.park_id for action in one.actions} for slug, one in beside.items()}
    if beside.keys() - parks.keys() or any(told - parks[slug] for slug, told in acted.items()):
        yield "een actie of ronde hoort niet bij deze gemeenten"


def _too_much_beside(own: Beside, now: Assessment, audience: Audience) -> Iterator[str]:
    """What stands beside an assessment and is not of it, or not for its audience."""
    slug, catalogue, mine = now.parameters.municipality, now.catalogue, (now.parameters.municipality, audience.id)
    compared = own.rounds.developments if own.rounds else ()
    of = [one.parameters for one in compared] + [one.parameters for one in own.earlier]
    others = any(one is None or (one.municipality, one.audience) != mine for one in of)
    others = others or any(one.new_round != now.parameters.round for one in compared)
    if others or (own.rounds and not audience.owner):
        yield f"{slug} bevat rondes die niet van deze analyse of niet voor deze doelgroep zijn"
    if own.cooperation and not _no_more_than_seen(own.cooperation, own.earlier, now):
        yield f"{slug} bevat meer van de samenwerking dan deze doelgroep mag zien"
    if actions_for(own.actions, audience, catalogue) != own.actions:
        yield f"{slug} bevat acties die deze doelgroep niet mag zien"


def _no_more_than_seen(told: Cooperation, earlier: Sequence[Assessment], now: Assessment) -> bool:
    """Whether a cooperation is of rounds that the reader is told of, and holds what it may see of it alone."""
    theirs = seen_in_rounds(told, (*earlier, now), one_park=_sees_one_park(reader_of(now)))
    return bool(earlier) and theirs is not None and canonical_json(theirs) == canonical_json(told)


def _held(assessment: Assessment) -> set[str]:
    """Every party of which the assessment says anything cell by cell."""
    return {
        *assessment.parameters.parties,
        *assessment.judgements["party"],
        *assessment.remarks["party"],
        *(source.party for source in assessment.sources),
        *(reason.party for reason in assessment.reasons),
        *(party for one in assessment.indications for party in one.parties),
    }


def _within_shown(assessment: Assessment) -> bool:
    """True when every combined level lies within the levels the shown judgements give that cell."""
    shown = assessment.judgements
    levels = shown[shown["state"] == "level"].groupby(["park_id", "indicator"])["level"]
    within = assessment.cells.set_index(["park_id", "indicator"])
    within = within.join(levels.agg(least="min", most="max"))
    known = within[within["level"].notna() | within["known"].astype(bool)]
    inside = (known["level"] >= known["least"].astype("float64")) & (known["level"] <= known["most"].astype("float64"))
    return bool(inside.all())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
