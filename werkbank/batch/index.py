"""The index page of a round: every municipality of the district, also those that failed or were not run now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from werkbank.assessment import Assessment
from werkbank.batch.outcome import Outcome
from werkbank.catalogue import load_catalogue
from werkbank.errors import WerkbankError
from werkbank.parameters import Parameters, load_parameters, municipality_slugs
from werkbank.report import IndexEntry, render_index
from werkbank.report.terms import legal_basis_line

__all__ = ["write_index"]

FOR_THE_ANALYST = "De analyse kon niet worden gemaakt; de analist van het RIEC ziet waarom."


def write_index(workspace: Path, outcomes: Mapping[str, Outcome], audience: str) -> Path | None:
    """Write `index.html` beside the municipalities' folders; None when no parameters at all could be read."""
    parameters = {slug: _parameters(slug, audience) for slug in municipality_slugs(workspace)}
    known = [one for one in parameters.values() if one is not None]
    if not known:
        return None
    kept = {one.municipality: _earlier(one) for one in known if one.municipality not in outcomes}
    made = [outcome.assessment for outcome in outcomes.values() if outcome.assessment]
    shown = [*made, *(assessment for assessment in kept.values() if assessment)]
    entries = [
        *(_entry_of_run(outcome, parameters.get(slug)) for slug, outcome in outcomes.items()),
        *(_entry_of_earlier(assessment) for assessment in kept.values() if assessment),
    ]
    page = render_index(
        sorted(entries, key=lambda entry: entry.name),
        district=known[0].district,
        round=known[0].round,
        audience_label=load_catalogue(known[0].catalogue_path).audience(audience).label,
        fictional=any(assessment.fictional for assessment in shown),
        legal_basis=legal_basis_line(shown[0].legal_basis if shown else None),
    )
    target = known[0].output_folder.parent / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_text(page, encoding="utf-8")
    temporary.replace(target)
    return target


def _parameters(slug: str, audience: str) -> Parameters | None:
    try:
        return load_parameters(slug, audience=audience)
    except WerkbankError:
        return None


def _earlier(parameters: Parameters) -> Assessment | None:
    """The analysis that already stands in the municipality's folder."""
    try:
        return Assessment.load(parameters.output_folder)
    except (OSError, WerkbankError):
        return None


def _entry_of_run(outcome: Outcome, parameters: Parameters | None) -> IndexEntry:
    if outcome.assessment is not None:
        return _entry(outcome.assessment, IndexEntry(outcome.municipality, "", "made"))
    name = parameters.name if parameters else outcome.municipality
    # A reason can hold what stands in another party's cell; only the analysts' own page tells it.
    told = outcome.reason if parameters and parameters.audience == "riec" else FOR_THE_ANALYST
    return IndexEntry(outcome.municipality, name, "failed", reason=told)


def _entry_of_earlier(assessment: Assessment) -> IndexEntry:
    return _entry(assessment, IndexEntry(assessment.parameters.municipality, "", "unchanged"))


def _entry(assessment: Assessment, entry: IndexEntry) -> IndexEntry:
    parks = assessment.parks.set_index("park_id")
    return IndexEntry(
        entry.municipality,
        assessment.municipality_name,
        entry.state,
        parks=len(parks),
        advised=tuple(str(parks["name"][park]) for park in assessment.advice.park_ids),
        coverage=float(parks["coverage"].mean()),
    )
