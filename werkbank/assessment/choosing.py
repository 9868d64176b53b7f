"""Municipalities, parks and audiences by what people call them: whatever the capitals, and in Dutch."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from werkbank.errors import ParametersError, RegisterError, WerkbankError
from werkbank.files.yaml import read_yaml
from werkbank.parks.register import load_parks
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import capital, did_you_mean, listing

_FIGURES = re.compile(r"\d+")
_NAMED = 6
"""Parks that a question names."""


def find_park(word: str) -> tuple[str, str]:
    """The municipality and the id of a park, by its id or its name whatever the capitals.

    Raises RegisterError with the nearest park for a word that is neither, or that is the name of several: what is
    nearly a code (ALM-1 for ALM-01) is asked back, for a decision may follow.
    """
    parks = registered_parks()
    wanted = word.strip().casefold()
    same = parks[(parks["park_id"].str.casefold() == wanted) | (parks["name"].str.casefold() == wanted)]
    if len(same) == 1:
        return str(same["municipality"].iloc[0]), str(same["park_id"].iloc[0])
    if len(same):
        raise RegisterError(f"Er zijn meer terreinen die zo heten: {listing(same['park_id'])}. Gebruik de terreincode.")
    raise RegisterError(f"Het terrein “{word[:60]}” staat niet in het register. {_near_park(word, parks)}".rstrip())


def _near_park(word: str, parks: pd.DataFrame) -> str:
    """The question which park was meant; of a word with which several begin, such as that of a municipality, these."""
    wanted, codes = word.strip().casefold(), [str(code) for code in parks["park_id"]]
    alike = [code for code in codes if _without_zeros(code) == _without_zeros(wanted)]
    begun = [code for code in codes if code.casefold().startswith(wanted)]
    if not alike and wanted and len(begun) > 1:
        return f"Noem er één: {listing([*begun[:_NAMED], *(['…'] if len(begun) > _NAMED else [])], 'of')}."
    return capital(did_you_mean(word, alike if len(alike) == 1 else [*codes, *parks["name"]]))


def place_names() -> dict[str, str]:
    """Party, park or municipality → its name, as far as the park register and the parameters can be read."""
    names: dict[str, str] = {party.id: party.name for party in district_catalogue().parties}
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


def any_parameters() -> Parameters:
    """What all municipalities share; one with faulty parameters is no hindrance. Raises ParametersError."""
    slugs = _slugs(find_workspace())
    for slug in slugs[:-1]:
        with contextlib.suppress(ParametersError):
            return load_parameters(slug)
    return load_parameters(slugs[-1])


def chosen_round(word: str) -> str:
    """The round that is meant: that of the parameters, one before it, or one of which returns came.

    Raises ParametersError for any other, with the nearest: a mistyped round would look like one without anything.
    """
    parameters = any_parameters()
    folder = parameters.data / "matrices"
    came = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    known = {each.casefold(): each for each in (parameters.round, *parameters.earlier_rounds, *came)}
    if found := known.get(word.strip().casefold()):
        return found
    question = capital(did_you_mean(word, list(known.values())))
    sentences = (f"Ronde “{word[:40]}” is er niet.", question, f"Er zijn: {listing(sorted(known.values()))}.")
    raise ParametersError(" ".join(filter(None, sentences)))


def _slugs(workspace: Path) -> tuple[str, ...]:
    if slugs := municipality_slugs(workspace):
        return slugs
    raise ParametersError("Er is nog geen parametersbestand van een gemeente, zoals parameters/almelo.yaml.")


def _without_zeros(code: str) -> str:
    return _FIGURES.sub(lambda digits: str(int(digits[0])), code.strip().casefold())


_BETWEEN = re.compile(r"\s*[,;]\s*|\s+en\s+|\s+")
"""What people write between two names."""


def chosen_municipalities(words: Sequence[str]) -> tuple[str, ...]:
    """The municipalities that are meant, each once, in the order of the words.

    A word is the name of a parameters file or of the municipality itself. Raises ParametersError that names every
    unknown one with the nearest, and when there is no municipality at all.
    """
    workspace = find_workspace()
    slugs = _slugs(workspace)
    meant = {word: _slug(word, slugs, workspace) for word in words}
    unknown = [word for word, slug in meant.items() if slug is None]
    if unknown:
        shown = listing(f"“{word[:60]}”" for word in unknown)
        questions = dict.fromkeys(
            _apart(word, slugs, workspace) or capital(did_you_mean(word, slugs)) for word in unknown
        )
        sentences = (f"Onbekende gemeente: {shown}.", *questions, f"Er zijn: {listing(slugs)}.")
        raise ParametersError(" ".join(filter(None, sentences)))
    return tuple(dict.fromkeys(slug for slug in meant.values() if slug is not None))


def _apart(word: str, slugs: Sequence[str], workspace: Path) -> str:
    """How several municipalities in one word are named instead; empty when they are not all known."""
    meant = [_slug(part, slugs, workspace) for part in _BETWEEN.split(word.strip())]
    known = [slug for slug in meant if slug is not None]
    return (
        f"Noem elke gemeente apart: {' '.join(f'-m {slug}' for slug in known)}." if 1 < len(known) == len(meant) else ""
    )


def _slug(word: str, slugs: Sequence[str], workspace: Path) -> str | None:
    wanted = word.strip().casefold()
    alike = [slug for slug in slugs if slug.casefold() == wanted]
    if word in slugs or len(alike) == 1:
        return word if word in slugs else alike[0]
    return next((slug for slug in slugs if municipality_name(workspace, slug).casefold() == wanted), None)


def municipality_name(workspace: Path, slug: str) -> str:
    """What the municipality's file calls it; empty when that cannot be read."""
    data = read_yaml(workspace / "parameters" / f"{slug}.yaml").data
    name = data.get("name") if isinstance(data, dict) else None
    return name.strip() if isinstance(name, str) else ""


def chosen_audience(word: str) -> str:
    """The audience that is meant, by its code or by its name. Raises ParametersError for one that does not exist."""
    catalogue = district_catalogue()
    wanted = word.strip().casefold()
    named = {name.casefold(): each.id for each in catalogue.audiences for name in (each.name, each.id)}
    if wanted not in named:
        all_of_them = listing((f"{each.id} ({each.name})" for each in catalogue.audiences), "en")
        question = capital(did_you_mean(word, tuple(named)))
        sentences = (f"Er is geen doelgroep “{word[:40]}”.", question, f"Er zijn: {all_of_them}.")
        raise ParametersError(" ".join(filter(None, sentences)))
    return named[wanted]


def district_catalogue() -> Catalogue:
    """The district's catalogue, or the packaged one when the parameters cannot be read: they have their own refusal."""
    with contextlib.suppress(WerkbankError):
        return load_catalogue(any_parameters().catalogue_path)
    return load_catalogue()
