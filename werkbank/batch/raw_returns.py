"""Raw returns: every file that an analysis read, kept as it came, so that an old round can be made again.

`data/returns/<sha256>` with the ending of the file, read-only. Which file that was, the manifest says in its inputs.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from werkbank.batch.manifest import MANIFEST, read_manifest, records_folder
from werkbank.batch.stamp import file_name, file_path
from werkbank.errors import OutputError
from werkbank.files.whole import sha256_of, whole_file
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import RETURNS
from werkbank.wording import disk_fault


def raw_file(name: str, sha256: str, parameters: Parameters) -> Path:
    """Where the file of this name and contents is kept as it came."""
    return parameters.data / RETURNS / f"{sha256}{Path(name).suffix.lower()}"


def returns_in(parameters: Parameters, *inputs: Mapping[str, str]) -> dict[str, str]:
    """The returns of the parameters' round among inputs by their name in a manifest."""
    folder = file_name(parameters.data / "matrices" / parameters.round, parameters)
    return {name: sha256 for one in inputs for name, sha256 in one.items() if name.startswith(f"{folder}/")}


def keep_returns(inputs: Mapping[str, str], parameters: Parameters) -> str:
    """Keep the returns among these inputs, each once; why that could not be done, if so.

    One that was replaced since it was read is not kept under the name of what it was.
    """
    try:
        for name, sha256 in returns_in(parameters, inputs).items():
            kept = raw_file(name, sha256, parameters)
            if kept.is_file() and sha256_of(kept) == sha256:
                continue
            with contextlib.suppress(FileNotFoundError):
                content = file_path(name, parameters).read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    whole_file(kept, content)
                    kept.chmod(0o444)
    except (OSError, OutputError) as error:
        why = disk_fault(error) if isinstance(error, OSError) else error.message
        return (
            f"De aangeleverde bestanden konden niet worden bewaard zoals ze kwamen ({why.rstrip('.')}); de analyses "
            "staan er wel. Maak ruimte, of vraag schrijfrecht op data/returns, en geef nog eens: werkbank analyse"
        )
    return ""


def returns_of(parameters: Parameters, folder: Path) -> Path:
    """`folder` with the returns of the parameters' round as they were analysed last, under the names they had.

    Raises OutputError when there is no manifest of the round, or when a file was not kept or is not what it was.
    """
    found = read_manifest(records_folder(parameters) / MANIFEST)
    if found is None:
        raise OutputError(f"Van ronde {parameters.round} is er geen manifest, dus niet bekend wat er is gelezen.")
    folder.mkdir(parents=True, exist_ok=True)
    of_units = (record.inputs for record in found[0].units.values())
    for name, sha256 in returns_in(parameters, found[0].context_inputs, *of_units).items():
        kept = raw_file(name, sha256, parameters)
        if not kept.is_file() or sha256_of(kept) != sha256:
            raise OutputError(f"{Path(name).name} is niet bewaard zoals het kwam (data/{RETURNS}/{kept.name}).")
        shutil.copyfile(kept, folder / Path(name).name)
    return folder
