"""What a batch keeps of an analysis whose files are made; no judgement is in it, so it may travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.inputs import input_errors
from werkbank.batch.shown import figures_of
from werkbank.errors import WerkbankError
from werkbank.settings.parameters import Parameters
from werkbank.wording import count

__all__ = ["Told", "differs", "told_of"]

LINES = 3
"""Lines on what differs from the analysis before."""


@dataclass(frozen=True, slots=True)
class Told:
    """Plain values: the workbooks it was made of (name and sha256), and what manifest and index tell of it.

    `errors` are those in every party's input, as dicts; `differs` is what differs from the analysis before.
    """

    fictional: bool
    sources: tuple[tuple[str, str], ...]
    shown: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]
    differs: tuple[str, ...]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From the plain values that another process sent."""
        sources = tuple((file, sha256) for file, sha256 in values["sources"])
        return cls(values["fictional"], sources, values["shown"], tuple(values["errors"]), tuple(values["differs"]))


def told_of(assessment: Assessment, parameters: Parameters) -> Told:
    """What is kept of the analysis that is to take the place of the one in the parameters' output folder."""
    return Told(
        fictional=assessment.fictional,
        sources=tuple((source.file, source.sha256) for source in assessment.sources),
        shown=figures_of(assessment),
        errors=tuple(_errors(assessment, parameters)),
        differs=differs(assessment, parameters),
    )


def differs(assessment: Assessment, parameters: Parameters) -> tuple[str, ...]:
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
    if len(lines) <= LINES:
        return lines
    return (*lines[: LINES - 1], f"En nog {count(len(lines) - LINES + 1, 'verschil', 'verschillen')}.")


def _errors(assessment: Assessment, parameters: Parameters) -> list[Mapping[str, Any]]:
    """The errors in every party's input; those of a withheld party are no longer in the assessment."""
    if assessment.coarse:
        return [finding.to_dict() for finding in input_errors(parameters)]
    return [finding.to_dict() for finding in assessment.findings if finding.severity == "error"]
