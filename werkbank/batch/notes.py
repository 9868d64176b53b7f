"""What is to be known about a batch as a whole, in plain Dutch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from werkbank.assessment.inputs import stray_files
from werkbank.errors import WerkbankError
from werkbank.report.account import weights_note
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.wording import listing

__all__ = ["notes_of"]

NAMED = 5
"""How many files are named before the rest is counted."""


def notes_of(municipalities: Iterable[str]) -> tuple[str, ...]:
    """The notes on these municipalities; one whose parameters cannot be read has its own refusal."""
    parameters = [one for slug in municipalities if (one := _parameters(slug))]
    return (*_weights(parameters), *_strays(parameters[:1]))


def _parameters(slug: str) -> Parameters | None:
    try:
        return load_parameters(slug)
    except WerkbankError:
        return None


def _weights(parameters: Iterable[Parameters]) -> Iterator[str]:
    """Per set of weights that does not add up, whose it is."""
    whose: dict[str, list[str]] = {}
    for one in parameters:
        if note := weights_note(one.method):
            whose.setdefault(note, []).append(one.name)
    for note, names in whose.items():
        yield f"De gewichten van de groepen tellen niet op ({listing(names)}). {note}"


def _strays(parameters: Iterable[Parameters]) -> Iterator[str]:
    """The files of the round that nobody reads, each with the name it may have been meant to have."""
    for one in parameters:
        try:
            strays = stray_files(one, load_catalogue(one.catalogue_path))
        except (OSError, WerkbankError):
            return
        if strays:
            yield f"Niet gelezen in de map van ronde {one.round}: {_listed(strays)}."


def _listed(strays: Mapping[str, str]) -> str:
    shown = [f"“{name}”{f' (bedoelt u {meant}?)' if meant else ''}" for name, meant in list(strays.items())[:NAMED]]
    rest = len(strays) - len(shown)
    return listing([*shown, f"nog {rest}"] if rest else shown)
