"""What returns are checked against: the district's parameters, catalogue and park register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from werkbank.assessment.choosing import any_parameters, chosen_municipalities, municipality_name
from werkbank.assessment.inputs import parks_of
from werkbank.errors import ParametersError
from werkbank.matrix.layout import CONFIDENTIAL_LABEL
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, find_workspace, municipality_slugs, parties_asked
from werkbank.wording import capital, did_you_mean, listing


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """One district and round: everything by which a return is known and judged."""

    parameters: Parameters
    """Of the district; only what every municipality shares is used."""
    parties: Mapping[str, Sequence[str]]
    """The parties that are asked, by municipality."""
    catalogue: Catalogue
    names: Mapping[str, str]
    """The municipalities that take part, by slug, with their names."""
    fictional: bool
    _parks: pd.DataFrame

    @property
    def parks(self) -> pd.DataFrame:
        """The park register; a copy."""
        return self._parks.copy()

    @property
    def round(self) -> str:
        """The round that is being collected."""
        return self.parameters.round

    @property
    def returns_folder(self) -> Path:
        """Where the returns of this round belong."""
        return self.parameters.data / "matrices" / self.round

    @property
    def folder(self) -> Path:
        """Where what goes back belongs."""
        return self.parameters.output / self.round / "check"

    def municipality(self, slug: str, *, fictional: bool) -> str:
        """A municipality's name as it is printed; a made-up one says so."""
        name = self.names.get(slug, slug)
        return f"{name} (fictief)" if name and fictional else name

    def party(self, party: str) -> str:
        """A party's name; nothing for one that could not be told."""
        return next((each.name for each in self.catalogue.parties if each.id == party), "")

    def label(self, party: str) -> str:
        """What is printed on every page for this party: the label of its audience, else that all is confidential."""
        return next((each.label for each in self.catalogue.audiences if each.id == party), CONFIDENTIAL_LABEL)

    def only_own(self, party: str) -> bool:
        """Whether a party is each municipality itself, and gets nothing of another."""
        return any(each.areas == "own" for each in self.catalogue.audiences if each.id == party)

    def chosen(self, municipalities: Sequence[str]) -> tuple[str, ...]:
        """The named municipalities, or all. Raises ParametersError that names every unknown one with the nearest."""
        return chosen_municipalities(municipalities) or tuple(self.names)

    def chosen_parties(self, named: Sequence[str], slugs: Sequence[str]) -> tuple[str, ...]:
        """The codes of the named parties, by code, word in file names or name; all that take part when none is named.

        Who takes part is asked in one of these municipalities. Raises ParametersError that names every party that does
        not take part, with the nearest that does.
        """
        parties = {code: self.catalogue.party(code) for slug in slugs for code in self.parties[slug]}
        words = {word.casefold(): code for code, party in parties.items() for word in (code, party.file, party.name)}
        unknown = [name for name in named if name.casefold() not in words]
        if unknown:
            files = [party.file for party in parties.values()]
            questions = [capital(did_you_mean(name, [*files, *parties])) for name in unknown]
            names = listing(f"“{name[:60]}”" for name in unknown)
            sentences = (f"Deze partij doet niet mee: {names}.", *questions, f"Er zijn: {listing(files)}.")
            raise ParametersError(" ".join(filter(None, sentences)))
        return tuple(dict.fromkeys(words[name.casefold()] for name in named)) or tuple(parties)


def load_setting() -> Setting:
    """The setting of the workspace. Raises WerkbankError with all that is wrong with parameters or register."""
    parameters, workspace = any_parameters(), find_workspace()
    return Setting(
        parameters,
        parties_asked(workspace),
        load_catalogue(parameters.catalogue_path),
        {slug: municipality_name(workspace, slug) or slug for slug in municipality_slugs(workspace)},
        parameters.marked_fictional,
        parks_of(parameters),
    )
