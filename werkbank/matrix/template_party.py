"""Which party is meant: by its code, by the word in the names of its workbooks, or by its name."""

from __future__ import annotations

from collections.abc import Sequence

from werkbank.errors import ParametersError
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import capital, did_you_mean, listing

__all__ = ["named_parties"]


def named_parties(named: Sequence[str], taking_part: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """The codes of the named parties, each once; all that take part when none is named.

    Raises ParametersError that names every party that does not take part, with the nearest that does.
    """
    parties = {code: catalogue.party(code) for code in taking_part}
    words = {word.casefold(): code for code, party in parties.items() for word in (code, party.file, party.name)}
    unknown = [name for name in named if name.casefold() not in words]
    if unknown:
        files = [party.file for party in parties.values()]
        questions = [capital(did_you_mean(name, [*files, *parties])) for name in unknown]
        names = listing(f"“{name[:60]}”" for name in unknown)
        sentences = (f"Deze partij doet niet mee: {names}.", *questions, f"Er zijn: {listing(files)}.")
        raise ParametersError(" ".join(filter(None, sentences)))
    return tuple(dict.fromkeys(words[name.casefold()] for name in named)) or tuple(parties)
