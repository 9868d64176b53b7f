"""What comes of a batch: how each municipality ended, what is kept of it, and what is to be known about the whole."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.inputs import input_errors, stray_files
from werkbank.batch.manifest import Record
from werkbank.errors import Finding, WerkbankError
from werkbank.files.whole import whole_folder
from werkbank.report.terms import FICTIONAL, legal_basis_line
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.wording import count, listing

REASON = "reden.txt"
_NAMED = 5
"""How many files are named before the rest is counted."""
_LINES = 3
"""Lines on what differs from the analysis before."""
_MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one municipality, plan or comparison ended: made, kept because nothing changed, or failed with the reason."""

    name: str
    state: Literal["made", "kept", "failed"]
    reason: str = ""
    why: tuple[str, ...] = ()
    """Why it was made anew."""
    folder: Path | None = None
    """Where its files belong; None when its parameters could not be read."""
    record: Record | None = None
    """What the manifest is to say of it; None when it failed."""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """True when there is no analysis of the inputs that are there now."""
        return self.state == "failed"

    @property
    def parks(self) -> int:
        """The parks in its analysis."""
        return int(self.record.shown["parks"]) if self.record else 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors in the input of an analysis that was made all the same; for the analyst, whoever it was for."""
        return tuple(Finding(**finding) for finding in self.record.errors) if self.record else ()


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch made, municipality by municipality, and the page that leads to it; none where that is not made."""

    outcomes: tuple[Outcome, ...]
    index: Path | None
    notes: tuple[str, ...] = ()
    """What is to be known about the batch as a whole: files that nobody reads, weights that do not add up."""
    kept: bool = True
    """Whether the returns that were read are kept as they came."""

    @property
    def exit_code(self) -> int:
        """0 when everything is there and kept, without an error in the input, else 1."""
        return int(not self.kept or any(outcome.failed or outcome.errors for outcome in self.outcomes))


def facts_of(assessment: Assessment, parameters: Parameters) -> Record:
    """What is kept of the analysis that is to take the place of the one in the parameters' output folder.

    No judgement is in it. Its `inputs` are the workbooks as they were read; what else it rests on, and when, why and
    how fast it was made, the batch adds.
    """
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    # Those of a party that is withheld are no longer in the assessment.
    every = input_errors(parameters) if assessment.coarse else errors
    return Record(
        seed=parameters.method.seed,
        fictional=assessment.fictional,
        inputs={source.file: source.sha256 for source in assessment.sources},
        shown=_figures(assessment, _errors(assessment, errors)),
        errors=tuple(finding.to_dict() for finding in every),
        differs=differences(assessment, parameters),
    )


def differences(assessment: Assessment, parameters: Parameters) -> tuple[str, ...]:
    """What differs from the analysis that stands there, in three lines; nothing when there is none to compare with."""
    try:
        if not (parameters.output_folder / FILE_NAME).is_file():
            return ()
        found = assessment.compare(Assessment.load(parameters.output_folder))
    except (OSError, WerkbankError):
        return ()
    lines = found.lines if found.same_inputs else found.lines[1:]  # the first line is the reason, told already
    if not lines:
        return ("Geen verschil met de vorige analyse.",)
    if len(lines) <= _LINES:
        return lines
    return (*lines[: _LINES - 1], f"En nog {count(len(lines) - _LINES + 1, 'verschil', 'verschillen')}.")


def _figures(assessment: Assessment, errors: str) -> Mapping[str, Any]:
    parks, groups = assessment.parks, assessment.groups
    known = groups.loc[groups["group"] == assessment.catalogue.required.score, "coverage"].dropna()
    enough = ~assessment.parameters.method.too_little(known)
    names = parks.set_index("park_id")["name"]
    return {
        "name": assessment.municipality_name,
        "parks": len(parks),
        "enough": int(enough.sum()) if len(known) else None,
        "advised": [str(names[park]) for park in assessment.advice.park_ids],
        "coverage": _mean(parks["coverage"]),
        "two_sided": _mean(parks["two_sided"]),
        "method": assessment.parameters.method.fingerprint[:_MARK],
        "errors": errors,
        "legal_basis": legal_basis_line(assessment.legal_basis),
    }


def _mean(shares: pd.Series) -> float | None:
    """None where the reader may not know."""
    return float(shares.mean()) if shares.notna().any() else None


def _errors(assessment: Assessment, errors: list[Finding]) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    catalogue = load_catalogue(assessment.parameters.catalogue_path)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = sum(finding.rule != "missing-workbook" for finding in errors)
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen" if errors else ""
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"


def keep_failure(folder: Path, parameters: Parameters, error: WerkbankError) -> None:
    """Write why it failed and how far the notebook came; on a disk that is full the summary still tells.

    It lies with the RIEC, whoever the analysis was for: half a notebook has not passed any filter.
    """
    mark = f"{FICTIONAL}\n\n" if parameters.marked_fictional else ""
    told = f"{mark}De analyse van {parameters.name}, ronde {parameters.round}, is mislukt.\n\n{error}\n"
    with contextlib.suppress(WerkbankError), whole_folder(folder / parameters.municipality) as new:
        (new / REASON).write_text(told, encoding="utf-8")
        if partial_text := getattr(error, "partial", ""):
            nb = json.loads(partial_text)
            nb["cells"].insert(0, {"cell_type": "markdown", "id": "failed", "metadata": {}, "source": told})
            (new / "analyse.ipynb").write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding="utf-8")


def notes_of(municipalities: Iterable[str]) -> tuple[str, ...]:
    """What is to be known about a batch of these as a whole: weights that do not add up, files that nobody reads."""
    from werkbank.report.account import weights_note  # noqa: PLC0415  takes half a second

    readable: list[Parameters] = []
    whose: dict[str, list[str]] = {}
    for slug in municipalities:
        with contextlib.suppress(WerkbankError):  # it has its own refusal
            readable.append(load_parameters(slug))
            whose.setdefault(weights_note(readable[-1].method), []).append(readable[-1].name)
    weights = (f"De gewichten van de groepen tellen niet op ({listing(whose[note])}). {note}" for note in whose if note)
    return (*weights, *(note for one in readable[:1] if (note := _note_on_strays(one))))


def _note_on_strays(parameters: Parameters) -> str:
    """The files of the round that nobody reads, each with the name it may have been meant to have."""
    strays: Mapping[str, str] = {}
    with contextlib.suppress(OSError, WerkbankError):
        strays = stray_files(parameters, load_catalogue(parameters.catalogue_path))
    named = [f"“{name}”{f' (bedoelt u {meant}?)' if meant else ''}" for name, meant in strays.items()]
    rest = [f"nog {len(named) - _NAMED}"] if len(named) > _NAMED else []
    return f"Niet gelezen in de map van ronde {parameters.round}: {listing([*named[:_NAMED], *rest])}." if named else ""
