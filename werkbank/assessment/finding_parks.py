"""Parks by what people call them: a code, with or without its zeros, or a name; and what codes are called."""

from __future__ import annotations

import contextlib
import re

import pandas as pd

from werkbank.errors import ParametersError, RegisterError, WerkbankError
from werkbank.parks.register import load_parks
from werkbank.settings.parameters import Parameters, find_workspace, load_parameters, municipality_slugs
from werkbank.wording import capital, did_you_mean, listing

__all__ = ["any_parameters", "find_park", "place_names", "registered_parks"]

_FIGURES = re.compile(r"\d+")


def find_park(word: str) -> tuple[str, str]:
    """The municipality and the id of a park, by its id or its name whatever the capitals.

    A code that differs only by a leading zero is the same code. Raises RegisterError with the nearest park for a word
    that is neither, or that is the name of several.
    """
    parks = registered_parks()
    wanted = word.strip().casefold()
    same = parks[(parks["park_id"].str.casefold() == wanted) | (parks["name"].str.casefold() == wanted)]
    if not len(same):
        same = parks[parks["park_id"].map(_without_zeros) == _without_zeros(wanted)]
    if len(same) == 1:
        return str(same["municipality"].iloc[0]), str(same["park_id"].iloc[0])
    if len(same):
        raise RegisterError(f"Er zijn meer terreinen die zo heten: {listing(same['park_id'])}. Gebruik de terreincode.")
    near = capital(did_you_mean(word, [*parks["park_id"], *parks["name"]]))
    raise RegisterError(f"Het terrein “{word[:60]}” staat niet in het register. {near}".rstrip())


def place_names() -> dict[str, str]:
    """Park or municipality → its name, as far as the park register and the parameters can be read."""
    names: dict[str, str] = {}
    with contextlib.suppress(WerkbankError):
        parks = registered_parks()
        names.update(zip(parks["park_id"], parks["name"], strict=True))
    for slug in municipality_slugs(find_workspace()):
        with contextlib.suppress(ParametersError):
            names[slug] = load_parameters(slug).name
    return names


def registered_parks() -> pd.DataFrame:
    """The register of the district's parks."""
    return load_parks(any_parameters().data / "parks.csv")


def any_parameters(round: str | None = None) -> Parameters:
    """What all municipalities share, of its own round or of another; one with faulty parameters is no hindrance.

    Raises ParametersError, also for what cannot be the name of a round.
    """
    own = {} if round is None else {"round": round}
    slugs = municipality_slugs(find_workspace())
    if not slugs:
        raise ParametersError("Er is nog geen parametersbestand van een gemeente, zoals parameters/urk.yaml.")
    for slug in slugs[:-1]:
        with contextlib.suppress(ParametersError):
            return load_parameters(slug, **own)
    return load_parameters(slugs[-1], **own)


def _without_zeros(code: str) -> str:
    return _FIGURES.sub(lambda digits: str(int(digits[0])), code.strip().casefold())
