"""What a batch is to do, checked before anything starts: workspace, municipalities, audience, data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from werkbank.catalogue import load_catalogue
from werkbank.errors import ParametersError
from werkbank.matrix import load_parks
from werkbank.parameters import find_workspace, load_parameters, municipality_slugs
from werkbank.sharing.gate import READY
from werkbank.wording import did_you_mean, listing

__all__ = ["plan_batch"]


def plan_batch(chosen: Sequence[str], audience: str) -> tuple[Path, tuple[str, ...]]:
    """The workspace and the municipalities to analyse: the chosen ones, or all. Raises WerkbankError."""
    workspace = find_workspace()
    slugs = municipality_slugs(workspace)
    unknown = [name for name in chosen if name not in slugs]
    if unknown:
        questions = " ".join(filter(None, (did_you_mean(name, slugs) for name in unknown)))
        raise ParametersError(f"Onbekende gemeente: {listing(unknown)}. {questions} Er zijn: {listing(slugs)}.")
    if not slugs:
        raise ParametersError("Er is nog geen parametersbestand van een gemeente, zoals parameters/urk.yaml.")
    if audience not in READY:
        raise ParametersError(
            f"Voor de doelgroep “{audience}” kan nog geen analyse worden gemaakt. Het kan voor: {listing(READY)}."
        )
    municipalities = tuple(dict.fromkeys(chosen)) or slugs
    _check_what_all_share(municipalities)
    return workspace, municipalities


def _check_what_all_share(municipalities: Sequence[str]) -> None:
    """The register and the catalogue concern every municipality: a fault there stops the batch at once.

    A municipality whose own parameters are wrong is left to its own failure.
    """
    errors: list[ParametersError] = []
    for municipality in municipalities:
        try:
            parameters = load_parameters(municipality)
        except ParametersError as error:
            errors.append(error)
            continue
        load_catalogue(parameters.catalogue_path)
        load_parks(parameters.data / "parks.csv")
        return
    raise errors[0]
