"""Notes of one municipality and round: read for who may see them, recorded and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkbank.errors import OutputError, RegisterError
from werkbank.matrix.checks import places_of
from werkbank.parks.register import load_parks
from werkbank.register.notes import Note, Seen, holding
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters
from werkbank.wording import capital, did_you_mean

__all__ = ["FIELD", "keep_note", "may_see_notes", "recorded_notes", "take_back_note"]

if TYPE_CHECKING:
    import pandas as pd

    from werkbank.register.store import Register


FIELD = "notes"
"""The part of the outcome, in the catalogue's audiences, that notes are."""


def may_see_notes(audience: str, catalogue: Catalogue) -> bool:
    """Whether notes are for this audience at all: they are free text, and may rest on any party's cells."""
    return any(one.id == audience and FIELD in one.fields for one in catalogue.audiences)


def recorded_notes(parameters: Parameters, catalogue: Catalogue) -> tuple[Note, ...]:
    """The notes that hold; nothing is even read for an audience that may not see them, or when there is no register.

    Raises RegisterError when the register cannot be read.
    """
    if not may_see_notes(parameters.audience, catalogue):
        return ()
    from werkbank.register.store import existing_register, register_address  # noqa: PLC0415  the database library

    register = existing_register(register_address(parameters.data))
    if register is None:
        return ()
    with register:
        return holding(register.events(None, parameters.municipality, parameters.round))


def keep_note(
    parameters: Parameters,
    text: str,
    *,
    by: str,
    park: str | None,
    seen: Seen,
    now: dt.datetime | None = None,
) -> Note:
    """The note, recorded. `park` is a code or a name of this municipality; None is the whole municipality.

    Raises OutputError for an audience that gets no notes, RegisterError with every other objection at once.
    """
    parks = load_parks(parameters.data / "parks.csv")
    with _register_for(parameters) as register:
        from werkbank.register.notes import record_note  # noqa: PLC0415  the database library

        return record_note(
            register,
            municipality=parameters.municipality,
            round=parameters.round,
            park_id=None if park is None else _park_id(park, parameters, parks),
            text=text,
            by=by,
            seen=seen,
            now=now or dt.datetime.now(dt.UTC),
            places=places_of(parks),
        )


def take_back_note(
    parameters: Parameters, number: int, *, reason: str, by: str, now: dt.datetime | None = None
) -> None:
    """Record that a note was taken back. Raises what `keep_note` raises."""
    parks = load_parks(parameters.data / "parks.csv")
    with _register_for(parameters) as register:
        from werkbank.register.notes import record_note_withdrawal  # noqa: PLC0415  the database library

        record_note_withdrawal(
            register,
            municipality=parameters.municipality,
            round=parameters.round,
            number=number,
            reason=reason,
            by=by,
            now=now or dt.datetime.now(dt.UTC),
            places=places_of(parks),
        )


@contextmanager
def _register_for(parameters: Parameters) -> Iterator[Register]:
    """The register, opened for who may see its notes. Raises OutputError for anybody else."""
    from werkbank.register.store import open_register, register_address  # noqa: PLC0415  the database library

    if not may_see_notes(parameters.audience, load_catalogue(parameters.catalogue_path)):
        raise OutputError(
            f"Voor de doelgroep “{parameters.audience}” zijn er geen aantekeningen: een vrije tekst kan laten zien wat "
            "een andere partij invulde. Leg haar vast in de analyse voor het RIEC."
        )
    with open_register(register_address(parameters.data)) as register:
        yield register


def _park_id(word: str, parameters: Parameters, parks: pd.DataFrame) -> str:
    own = parks[parks["municipality"] == parameters.municipality]
    wanted = word.strip().casefold()
    same = own[(own["park_id"].str.casefold() == wanted) | (own["name"].str.casefold() == wanted)]
    if len(same) == 1:
        return str(same["park_id"].iloc[0])
    near = capital(did_you_mean(word, [*own["park_id"], *own["name"]]))
    raise RegisterError(f"Het terrein “{word[:60]}” is niet van {parameters.name}. {near}".rstrip())
