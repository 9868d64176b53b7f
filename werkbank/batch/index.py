"""The index page of a round: every municipality of the district, also those that failed or were not run now.

It is made for the RIEC alone: it names the highest park of every municipality, which is for none of them to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkbank.assessment import Assessment
from werkbank.batch.freshness import changed_since, day_made
from werkbank.batch.outcome import Outcome
from werkbank.catalogue import Catalogue, load_catalogue
from werkbank.errors import WerkbankError
from werkbank.parameters import Parameters, load_parameters, municipality_slugs
from werkbank.report import IndexEntry, render_index
from werkbank.report.index_page import State
from werkbank.report.terms import legal_basis_line
from werkbank.wording import count, listing

__all__ = ["write_index"]

AUDIENCE = "riec"
INDEX = "index.html"
FILES = ("analyse.html", "scores.xlsx", "analyse.docx", "advice.json")
MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


def write_index(
    workspace: Path, outcomes: Mapping[str, Outcome], audience: str, *, today: dt.date, notes: Sequence[str] = ()
) -> Path | None:
    """Write `index.html` beside the municipalities' folders; None for another audience than the RIEC.

    Also None when no parameters at all could be read.
    """
    parameters = {slug: _parameters(slug, audience) for slug in municipality_slugs(workspace)}
    known = [one for one in parameters.values() if one is not None]
    if not known:
        return None
    target = known[0].output_folder.parent / INDEX
    if audience != AUDIENCE:
        target.unlink(missing_ok=True)
        return None
    catalogue = load_catalogue(known[0].catalogue_path)
    rows = [_Row(slug, target.parent / slug, one, outcomes.get(slug)) for slug, one in parameters.items()]
    kept = {row.slug: row.assessment() for row in rows}
    shown = [one for one in kept.values() if one]
    page = render_index(
        sorted((_entry(row, kept[row.slug], catalogue) for row in rows), key=lambda entry: entry.name),
        district=known[0].district,
        round=known[0].round,
        audience_label=catalogue.audience(audience).label,
        fictional=any(assessment.fictional for assessment in shown),
        legal_basis=legal_basis_line(shown[0].legal_basis if shown else None),
        notes=notes,
        made=today,
    )
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


@dataclass(frozen=True, slots=True)
class _Row:
    """One municipality: its folder, its parameters as far as they can be read, and how it ended if it was run."""

    slug: str
    folder: Path
    parameters: Parameters | None
    outcome: Outcome | None

    def assessment(self) -> Assessment | None:
        """The analysis that stands in its folder, made now or before."""
        if self.outcome is not None and self.outcome.assessment is not None:
            return self.outcome.assessment
        try:
            return Assessment.load(self.folder)
        except (OSError, WerkbankError):
            return None

    def changed(self, kept: Assessment) -> str:
        """What is different since the analysis that was not made anew."""
        if self.outcome is not None:
            return ""
        return changed_since(kept, self.parameters) if self.parameters else "de parameters"

    def state(self, changed: str) -> State:
        """How its analysis stands."""
        if self.outcome is not None:
            return "failed" if self.outcome.failed else "made"
        return "stale" if changed else "kept"


def _entry(row: _Row, kept: Assessment | None, catalogue: Catalogue) -> IndexEntry:
    reason = row.outcome.reason if row.outcome else ""
    if kept is None:
        name = row.parameters.name if row.parameters else row.slug
        return IndexEntry(row.slug, name, "failed" if row.outcome else "never", reason=reason)
    changed = row.changed(kept)
    parks = kept.parks
    enough = (parks["quadrant"] == "rest") | ((parks["quadrant"] == "act") & ~parks["marked"])
    names = parks.set_index("park_id")["name"]
    return IndexEntry(
        row.slug,
        kept.municipality_name,
        row.state(changed),
        reason=reason,
        changed=changed,
        errors=_errors(kept, catalogue),
        parks=len(parks),
        enough=int(enough.sum()),
        advised=tuple(str(names[park]) for park in kept.advice.park_ids),
        coverage=float(parks["coverage"].mean()),
        two_sided=float(parks["two_sided"].mean()),
        made=day_made(row.folder),
        method=kept.parameters.method.fingerprint[:MARK],
        files=tuple(file for file in FILES if (row.folder / file).is_file()),
    )


def _errors(assessment: Assessment, catalogue: Catalogue) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    missing = sum(finding.rule == "missing-workbook" for finding in errors)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = len(errors) - missing
    if not errors:
        return ""
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen"
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"
