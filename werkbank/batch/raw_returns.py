"""Raw returns: every file that an analysis read, kept as it came, so that an old round can be made again.

`data/returns/<sha256>` with the ending of the file, read-only. Which file that was, the manifest says in its inputs and
the assessment in its sources, by which `werkbank.assessment.earlier.returns_then` finds them.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping

from werkbank.batch.stamp import file_name, file_path
from werkbank.errors import OutputError
from werkbank.files.whole import sha256_of, whole_file
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import raw_file
from werkbank.wording import disk_fault


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
            kept = raw_file(name, sha256, parameters.data)
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
