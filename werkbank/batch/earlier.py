"""The record of an earlier round: what a comparison of rounds needs to know by which method that round was scored."""

from __future__ import annotations

import json
from pathlib import Path

from werkbank.assessment.assessment import FILE_NAME
from werkbank.assessment.flow import assess
from werkbank.errors import WerkbankError
from werkbank.files.whole import whole_folder
from werkbank.settings.parameters import Parameters, find_workspace, load_parameters, municipality_slugs

__all__ = ["keep_earlier_round"]


def keep_earlier_round() -> int:
    """Keep the assessment of the earlier round of every municipality, without its pages; how many were kept.

    For the fictional district, of which no earlier round was ever analysed. What stands there of real data stays, and
    a municipality whose workbooks of then cannot be read is left out: the comparison itself says why.
    """
    present = [load_parameters(slug) for slug in municipality_slugs(find_workspace())]
    earlier = [one.model_copy(update={"round": one.earlier_round}) for one in present if one.earlier_round]
    return sum(_keep(one) for one in earlier if _may_be_replaced(one.output_folder))


def _keep(parameters: Parameters) -> bool:
    try:
        assessment = assess(parameters)
    except WerkbankError:
        return False
    with whole_folder(parameters.output_folder) as folder:
        assessment.save(folder)
    return True


def _may_be_replaced(folder: Path) -> bool:
    """Whether nothing stands there yet, or something made up."""
    if not folder.exists():
        return True
    try:
        kept = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(kept, dict) and kept.get("fictional") is True
