"""Municipalities and audiences by what people call them: whatever the capitals, and in Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from werkbank.errors import ParametersError, WerkbankError
from werkbank.files.yaml import read_yaml
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import find_workspace, load_parameters, municipality_slugs
from werkbank.wording import capital, did_you_mean, listing

__all__ = ["chosen_audience", "chosen_municipalities"]

_BETWEEN = re.compile(r"\s*[,;]\s*|\s+en\s+|\s+")
"""What people write between two names."""


def chosen_municipalities(words: Sequence[str]) -> tuple[str, ...]:
    """The municipalities that are meant, each once, in the order of the words.

    A word is the name of a parameters file or of the municipality itself. Raises ParametersError that names every
    unknown one with the nearest, and when there is no municipality at all.
    """
    workspace = find_workspace()
    slugs = municipality_slugs(workspace)
    if not slugs:
        raise ParametersError("Er is nog geen parametersbestand van een gemeente, zoals parameters/urk.yaml.")
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
    return next((slug for slug in slugs if _name(workspace, slug).casefold() == wanted), None)


def _name(workspace: Path, slug: str) -> str:
    """What the municipality's file calls it; empty when that cannot be read."""
    data = read_yaml(workspace / "parameters" / f"{slug}.yaml").data
    name = data.get("name") if isinstance(data, dict) else None
    return name.strip() if isinstance(name, str) else ""


def chosen_audience(word: str) -> str:
    """The audience that is meant, by its code or by its name. Raises ParametersError for one that is not ready."""
    catalogue = _catalogue()
    wanted = word.strip().casefold()
    named = {name.casefold(): each.id for each in catalogue.audiences for name in (each.name, each.id)}
    code = named.get(wanted, word)
    codes = [each.id for each in catalogue.ready]
    if code not in codes:
        ready = listing((f"{each.id} ({each.name})" for each in catalogue.ready), "of")
        question = "" if wanted in named else capital(did_you_mean(word, [*codes, *named]))
        sentences = (f"Voor de doelgroep “{word[:40]}” is er nog niets.", question, f"Het kan voor: {ready}.")
        raise ParametersError(" ".join(filter(None, sentences)))
    return code


def _catalogue() -> Catalogue:
    """The district's catalogue, or the packaged one when the parameters cannot be read: they have their own refusal."""
    for slug in municipality_slugs(find_workspace()):
        try:
            return load_catalogue(load_parameters(slug).catalogue_path)
        except WerkbankError:
            continue
    return load_catalogue()
