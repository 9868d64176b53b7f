"""What a batch is to do, checked before anything starts: workspace, municipalities, audience, data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from werkbank.assessment.choosing import chosen_audience, chosen_municipalities
from werkbank.assessment.reference_cases import FILE_NAME, require_cases
from werkbank.errors import ParametersError
from werkbank.parks.register import load_parks
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import find_workspace, load_parameters, municipality_slugs

__all__ = ["plan_batch"]


def plan_batch(chosen: Sequence[str], audience: str) -> tuple[Path, tuple[str, ...]]:
    """The workspace and the municipalities to analyse: the chosen ones, or all. Raises WerkbankError."""
    workspace = find_workspace()
    municipalities = chosen_municipalities(chosen) or municipality_slugs(workspace)
    chosen_audience(audience)
    _check_what_all_share(municipalities)
    return workspace, municipalities


def _check_what_all_share(municipalities: Sequence[str]) -> None:
    """The register, the catalogue and the agreed cases concern every municipality: a fault there stops the batch.

    A municipality whose own parameters are wrong is left to its own failure.
    """
    errors: list[ParametersError] = []
    for municipality in municipalities:
        try:
            parameters = load_parameters(municipality)
        except ParametersError as error:
            errors.append(error)
            continue
        catalogue = load_catalogue(parameters.catalogue_path)
        load_parks(parameters.data / "parks.csv")
        require_cases(parameters.data / FILE_NAME, catalogue, parameters.method, parameters.parties)
        return
    raise errors[0]
