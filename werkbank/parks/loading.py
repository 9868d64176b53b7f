"""The park register: which business parks there are, and to which municipality each belongs.

It comes as the district's own `parks.csv`, as GeoJSON, or as an export of IBIS; `park_register` reads each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from werkbank.errors import RegisterError
from werkbank.parks.ibis import MAPPING_FILE, merge_phases
from werkbank.parks.register import IBIS, ParkRegister, read_register
from werkbank.parks.source import file_hash

__all__ = ["ParkRegister", "file_hash", "load_parks", "read_parks"]


def load_parks(path: Path | str, *, municipalities: Path | Mapping[str, str] | None = None) -> pd.DataFrame:
    """The register as a frame with `park_id, name, municipality, net_ha` and what else the file holds.

    One row per park, in the file's order; `net_ha` in hectares, NaN where not given; codes stay text. The file may be
    in any format that `read_parks` knows. Raises RegisterError with every finding when there is an error among them.

    >>> parks = wb.load_parks("data/parks.csv")
    >>> parks.loc[parks["municipality"] == "urk", "name"].tolist()
    ['Zanglijster', 'Dodaars', 'Kuifeend', 'Duizendblad']
    """
    register = read_parks(path, municipalities=municipalities, checks=False)
    if register.errors:
        raise RegisterError(f"Het terreinenregister {register.file} klopt niet:", register.findings)
    return register.parks


def read_parks(
    path: Path | str,
    *,
    municipalities: Path | Mapping[str, str] | None = None,
    merge: bool = True,
    checks: bool = True,
) -> ParkRegister:
    """The register with every finding about it; it raises only for what cannot be read at all.

    Known formats: `parks.csv`; GeoJSON with `park_id`; IBIS with `RIN_NUMMER, PLAN_NAAM, GEM_CODES`, with
    `rin, naam, gemeentecode` or with `RINNUMMER, BEDRIJVENT`, as CSV or GeoJSON. Where `parks.csv` is not there but
    `parks.geojson` is, that is the register. Beside it are looked for: `municipalities.geojson` or `.csv` (or
    `municipalities`: another file, or a mapping of code to name in files), `places.geojson` or `.csv`,
    `parks.geojson`, and for IBIS `park_mapping.csv` (unless `merge` is false). Without `checks` what takes time and
    can only give a warning is left out. Raises RegisterError.

    >>> register = wb.read_parks("data/parks.csv")
    >>> len(register.parks), register.findings
    (77, ())
    """
    path = _present(Path(path))
    register = read_register(path, municipalities, checks=checks)
    mapping = path.with_name(MAPPING_FILE)
    if merge and register.form in IBIS and mapping.is_file():
        return merge_phases(register, mapping)
    return register


def _present(path: Path) -> Path:
    """The file itself, or the map that lies there in its place."""
    if path.exists():
        return path
    if path.with_suffix(".geojson").is_file():
        return path.with_suffix(".geojson")
    raise RegisterError(
        f"Er is nog geen terreinenregister: {path.name} staat niet in de gegevensmap. "
        "Maak een voorbeeld met “werkbank demo”, of zet uw eigen bestand daar neer."
    )
