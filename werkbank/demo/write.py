"""Puts the fictional district into a folder: whole or not at all, and never over data that are not fictional."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from werkbank.demo.fiction import DEFAULT_SEED, GENERATOR_VERSION, PARTIES, District, Ring, draw_context, generate
from werkbank.demo.truth import DISTRICT, FIRST, MUNICIPALITIES, ROUNDS
from werkbank.errors import OutputError
from werkbank.files.canonical import to_plain
from werkbank.files.whole import hashes_of, mend, whole_folder
from werkbank.files.yaml import packaged, yaml_text
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.template import write_workbook
from werkbank.parks.geometry import Shape, geojson_of
from werkbank.register.legal_bases import releases_comment
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.parameters import FICTIONAL_MARK
from werkbank.settings.workspace import RETURNS
from werkbank.wording import listing

NAMED = ("V02", "V05", "V10", "G01")
"""The indicators that the example speaks of."""


def example_cases(catalogue: Catalogue) -> str | None:
    """The example's `reference_cases.yaml`; None without its indicators, or with nothing between none and highest."""
    if not set(NAMED) <= set(catalogue.indicator_ids) or any(catalogue.scale_of(code).highest < 2 for code in NAMED):
        return None
    return Path(__file__).with_name("reference_cases.yaml").read_text(encoding="utf-8")


BODY: Final = "Fictieve stuurgroep"
MOMENT: Final = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MOMENT_BEFORE: Final = dt.datetime(2024, 3, 4, 9, tzinfo=dt.UTC)
"""When was decided in the first round, of which the example has plans."""
SALT: Final = "f" * 64
"""Equal demos have an equal register."""
REASON: Final = "Voorbeeld: het terrein met de hoogste score, en de partners kunnen er beginnen."


PLANS: Final[dict[str, Any]] = packaged(__file__, "plans.yaml")
"""Which park was chosen in the first round, as `First` calls it → the plan that people would have made of it since."""


def is_untouched(path: Path, at_least: int = 0) -> bool:
    """Whether the register at `path` holds the example's own decisions and no other; a damaged one may hold more."""
    from werkbank.register.events import utc  # noqa: PLC0415  no database library before there is a register
    from werkbank.register.store import examined  # noqa: PLC0415

    events, faults = examined(path)
    own = Counter({(BODY, utc(MOMENT)): 1, (BODY, utc(MOMENT_BEFORE)): len(PLANS)})
    return not faults and at_least <= len(events) and Counter((one.actor_role, one.at) for one in events) <= own


SHOWN: Final = 5
REGISTER: Final = "register.sqlite"
_NOT_COUNTED: Final = (FICTIONAL_MARK, REGISTER, f"{REGISTER}-journal")
"""The mark itself, and the register: it is made after the mark, and looked into instead."""


def write_demo(
    folder: str | os.PathLike[str],
    *,
    catalogue: Catalogue,
    seed: int = DEFAULT_SEED,
    parties: Sequence[str] | Mapping[str, Sequence[str]] = PARTIES,
) -> None:
    """Write the fictional district of a seed to `folder`; an earlier fictional district there is replaced.

    `parties` are those of every municipality, or by municipality. Everything is made in a folder beside it, which then
    takes its place. Raises OutputError when `folder` holds anything without being marked as fictional, or files that
    were added or changed since, and when writing fails; what was there then stays as it was.
    """
    target = Path(folder).resolve()
    mend(target.parent)
    _refuse_foreign(target)
    asked = (
        parties if isinstance(parties, Mapping) else dict.fromkeys((place.slug for place in MUNICIPALITIES), parties)
    )
    everyone = dict.fromkeys(chain.from_iterable(asked.values()))
    district = generate(seed, catalogue=catalogue, parties=tuple(everyone))
    with whole_folder(target) as fresh:
        _write_all(fresh, district, catalogue, asked)


def is_fictional(folder: Path) -> bool:
    """Whether a folder carries the mark of fictional data."""
    try:
        marker = json.loads((folder / FICTIONAL_MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("fictional") is True


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target.name} is een bestand; kies een map voor de fictieve gegevens.")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not is_fictional(target):
        raise OutputError(
            f"De map {target.name} bevat gegevens die niet als fictief zijn gemerkt. Er is niets veranderd. "
            f"Kies een lege map, of haal de gegevens zelf weg als ze niet meer nodig zijn."
        )
    if added := _not_ours(target):
        raise OutputError(
            f"In de map {target.name} staat iets dat niet van het voorbeeld is: {listing(added[:SHOWN])}. "
            "Er is niets veranderd. Verplaats het of haal het zelf weg. De analyses opnieuw maken kan zonder nieuw "
            "voorbeeld, met: werkbank analyse"
        )


def _not_ours(target: Path) -> list[str]:
    """Files that were added or changed since the example was made: somebody's work, perhaps real."""
    made = json.loads((target / FICTIONAL_MARK).read_text(encoding="utf-8")).get("files", {})
    # An analysis keeps what it read as it came.
    ours = made | {f"{RETURNS}/{sha256}{Path(name).suffix}": sha256 for name, sha256 in made.items()}
    changed = [name for name, sha256 in _hashes(target).items() if ours.get(name) != sha256]
    decided = (target / REGISTER).exists() and not is_untouched(target / REGISTER)
    return [f"{REGISTER} (besluiten die iemand heeft vastgelegd)", *changed] if decided else changed


def _hashes(folder: Path) -> dict[str, str]:
    return {name: sha256 for name, sha256 in hashes_of(folder).items() if name not in _NOT_COUNTED}


def _write_all(folder: Path, district: District, catalogue: Catalogue, asked: Mapping[str, Sequence[str]]) -> None:
    _write_text(folder / "parks.csv", district.parks.to_csv(index=False, lineterminator="\n"))
    context = draw_context(district.parks, district.seed)
    _write_text(folder / "context.csv", context.to_csv(index=False, lineterminator="\n"))
    parks = {str(row["park_id"]): row for row in district.parks[["park_id", "name"]].to_dict("records")}
    places = {one.slug: {"code": one.code, "name": one.name, "municipality": one.slug} for one in MUNICIPALITIES}
    _write_text(folder / "parks.geojson", _map(district.polygons, parks))
    _write_text(folder / "municipalities.geojson", _map(district.borders, places))
    _write_text(folder / "legal_bases.yaml", _legal_bases(district, catalogue))
    if cases := example_cases(catalogue):
        _write_text(folder / "reference_cases.yaml", cases)
    _write_text(folder / "planted_truth.json", _json(_truth(district)))
    _write_matrices(folder / "matrices", district, catalogue, asked)
    _write_plans(folder / "plans", district, catalogue)
    # The mark comes last: a folder that carries it is complete.
    _write_text(folder / FICTIONAL_MARK, _json(_marker(district, _hashes(folder))))


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _marker(district: District, files: dict[str, str]) -> dict[str, object]:
    return {
        "fictional": True,
        "seed": district.seed,
        "generator_version": GENERATOR_VERSION,
        "explanation": "Alle gegevens in deze map zijn verzonnen. Een nieuwe `werkbank demo` vervangt de hele map.",
        "files": files,
    }


def _write_matrices(folder: Path, district: District, catalogue: Catalogue, asked: Mapping[str, Sequence[str]]) -> None:
    parks = district.parks
    for round_name in district.rounds:
        judgements = district.judgements(round_name)
        for place in MUNICIPALITIES:
            for party in map(catalogue.party, asked[place.slug]):
                write_workbook(
                    folder / round_name / workbook_name(place.slug, party.file),
                    catalogue,
                    parks,
                    party=party.id,
                    municipality_name=place.name,
                    municipality=place.slug,
                    round=round_name,
                    judgements=judgements,
                    fictional=True,
                )


def _write_plans(folder: Path, district: District, catalogue: Catalogue) -> None:
    """The plans of the parks that were chosen in the first round, as people would have kept them since."""
    folder.mkdir()
    known = {one.id for one in catalogue.interventions}
    for name, own in PLANS.items():
        park_id = getattr(district.truth.first, name)
        actions = [one for one in own["interventions"] if one["id"] in known]
        high = _high_then(park_id, district, catalogue)
        plan = {"park_id": park_id, "round": FIRST, "high": high, **own, "interventions": actions}
        _write_text(folder / f"{park_id}.yaml", f"{DISTRICT['plan_head']}{yaml_text(plan)}")


def _high_then(park_id: str, district: District, catalogue: Catalogue) -> dict[str, float]:
    """The high indicators of a park in the first round with their levels."""
    cells = district.judgements(FIRST)
    own = cells[cells["park_id"] == park_id].groupby("indicator")["level"].agg(["max", "mean"]).dropna()
    rules = {code: "max" if catalogue.family_of(code).combination == "maximum" else "mean" for code in own.index}
    levels = {code: float(own[rule][code]) for code, rule in rules.items()}
    return {code: level for code, level in levels.items() if catalogue.is_high(code, level)}


def _map(outlines: Mapping[str, Ring], properties: Mapping[str, Mapping[Any, object]]) -> str:
    """Outlines as GeoJSON, each marked as made up."""
    shapes = {code: Shape(((np.array(ring),),)) for code, ring in outlines.items()}
    return geojson_of(shapes, {code: {**own, "fictional": True} for code, own in properties.items()})


def _legal_bases(district: District, catalogue: Catalogue) -> str:
    basis = DISTRICT["legal_basis"]
    purpose = basis["purpose"].format(parties=listing(catalogue.party(party).name for party in district.parties))
    places = [place.slug for place in MUNICIPALITIES]
    whole = {**basis, "municipalities": places, "rounds": list(ROUNDS), "purpose": purpose}
    return f"{DISTRICT['legal_basis_head']}{releases_comment()}{yaml_text({'legal_bases': [whole]})}"


def _truth(district: District) -> dict[str, object]:
    truth = district.truth
    return {
        "fictional": True,
        "seed": district.seed,
        "planted": dict(truth.planted),
        "blind_spots": {name: list(park_ids) for name, park_ids in truth.blind_spots.items()},
        "changes": dict(truth.changes),
        "first": to_plain(truth.first),
    }
