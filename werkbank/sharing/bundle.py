"""A bundle: a folder that holds only what one audience may see; what is not in it cannot be shown by mistake.

`bundle.json` says for whom it is and on which legal basis, with the sha256 of every assessment; beside it lies one
`<municipality>.json` per assessment, each already passed through `for_audience`, and a district's own catalogue, which
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
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.errors import CatalogueError, OutputError
from werkbank.register.notes import FIELD
from werkbank.settings.catalogue import MODELS
from werkbank.sharing.gate import for_audience
from werkbank.sharing.what import STEP
from werkbank.sharing.who import asked_parties, entitled
from werkbank.wording import listing

BUNDLE_FILE = "bundle.json"
OWN_CATALOGUE = "catalogue"
SCHEMA_VERSION = 1

Chosen = Mapping[str, Mapping[str, str]]
"""Municipality → park → by whom and when it was chosen, and how far its plan is (`decisions.chosen_parks`)."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNREADABLE = "Deze bundel is niet volledig of is veranderd; maak hem opnieuw."


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one audience may see of one round, read and checked; the assessments in the order of their names."""

    audience: str
    label: str
    round: str
    district: str
    fictional: bool
    legal_bases: tuple[str, ...]
    assessments: tuple[Assessment, ...]
    chosen: Chosen = field(default_factory=dict)

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities in the bundle, by their short names."""
        return tuple(assessment.parameters.municipality for assessment in self.assessments)

    def assessment(self, municipality: str) -> Assessment:
        """The assessment of one municipality of the bundle."""
        return self.assessments[self.municipalities.index(municipality)]


def write_bundle(assessments: Sequence[Assessment], folder: Path, chosen: Chosen | None = None) -> None:
    """Write what one audience may see into `folder`, which must not exist or be empty.

    Raises OutputError, before anything is written, for an assessment of another audience, for one that still holds
    what the gate would take out, for more than one municipality where the audience sees only its own, and for a choice
    of a park that is not in it or that the audience may not know of.
    """
    ordered = sorted(assessments, key=lambda one: one.parameters.municipality)
    chosen = chosen or {}
    faults = list(_together(ordered)) or [*_too_much(ordered), *_unfiltered(ordered), *_not_theirs(chosen, ordered)]
    if faults:
        raise OutputError(f"Deze bundel mag niet worden gemaakt: {'; '.join(faults)}. Er is niets geschreven.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise OutputError("De map voor de bundel is niet leeg; kies een nieuwe map.")
    texts = {f"{one.parameters.municipality}.json": one.to_json().encode() for one in ordered}
    for name, content in texts.items():
        (folder / name).write_bytes(content)
    files = {name: _sha256(content) for name, content in texts.items()}
    head = {**_head(ordered), "files": files, "chosen": {slug: dict(told) for slug, told in chosen.items()}}
    if own := ordered[0].parameters.catalogue_path:
        (folder / OWN_CATALOGUE).mkdir()
        for file in filter(Path.is_file, (own / name for name in MODELS)):
            shutil.copyfile(file, folder / OWN_CATALOGUE / file.name)
    (folder / BUNDLE_FILE).write_text(json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def read_bundle(folder: Path) -> Bundle:
    """The bundle in this folder, every file compared with its sha256. Raises OutputError for anything else."""
    try:
        head = json.loads((folder / BUNDLE_FILE).read_text(encoding="utf-8"))
        if head["schema_version"] != SCHEMA_VERSION:
            raise OutputError("Deze bundel is van een andere versie van de werkbank; maak hem opnieuw.")
        assessments = tuple(_read(folder, name, digest) for name, digest in sorted(head["files"].items()))
        too_much = list(_together(assessments)) or [
            *_too_much(assessments),
            *_not_theirs(head["chosen"], assessments),
        ]
    except (OSError, KeyError, TypeError, AttributeError, ValueError, CatalogueError) as error:
        raise OutputError(_UNREADABLE) from error
    if too_much:
        raise OutputError("Deze bundel bevat meer dan de doelgroep mag zien; er wordt niets getoond.")
    if {**_head(assessments), "files": head["files"], "chosen": head["chosen"]} != head:
        raise OutputError(_UNREADABLE)
    plain = {name: head[name] for name in ("audience", "label", "round", "district", "fictional", "chosen")}
    return Bundle(**plain, legal_bases=tuple(head["legal_bases"]), assessments=assessments)


def _read(folder: Path, name: str, digest: str) -> Assessment:
    """One assessment, from a file whose name and content are what the bundle says."""
    if not _SLUG.fullmatch(name.removesuffix(".json")):
        raise OutputError(_UNREADABLE)
    content = (folder / name).read_bytes()
    assessment = Assessment.from_json(content.decode())
    if assessment.parameters.catalogue is not None:
        here = {"catalogue": str((folder / OWN_CATALOGUE).resolve())}
        assessment = replace(assessment, parameters=assessment.parameters.model_copy(update=here))
    if _sha256(content) != digest or f"{assessment.parameters.municipality}.json" != name:
        raise OutputError(_UNREADABLE)
    return assessment


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


def _unfiltered(assessments: Sequence[Assessment]) -> Iterator[str]:
    """The gate changes nothing of what has passed through it."""
    for one in assessments:
        if for_audience(one).to_json() != one.to_json():
            yield f"{one.parameters.municipality} is niet beperkt tot wat deze doelgroep mag zien"


def _too_much(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Whose cells an assessment holds that its audience may not see; nobody's after the gate."""
    for one in assessments:
        catalogue = one.catalogue
        asked = asked_parties(one)
        audience = entitled(catalogue.audience(one.parameters.audience), one.legal_basis, catalogue, asked)
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


def _not_theirs(chosen: Chosen, assessments: Sequence[Assessment]) -> Iterator[str]:
    """Choices that the audience may not know of, and those of parks that are not in the bundle."""
    parks = {one.parameters.municipality: set(one.parks["park_id"]) for one in assessments}
    first = assessments[0]
    if any(chosen.values()) and "decisions" not in first.catalogue.audience(first.parameters.audience).fields:
        yield "deze doelgroep krijgt geen besluiten"
    if any(set(told) - parks.get(slug, set()) for slug, told in chosen.items()):
        yield "een gekozen terrein hoort niet bij deze gemeenten"


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
