"""papermill's engine: for a notebook of the werkbank what is passed is checked before any kernel starts.

papermill only warns of a parameter that the notebook does not have and goes on with the default, so that a mistyped
`gemeent=lelystad` would silently report on Almere. The entry point `papermill.engine` loads this module whenever
papermill starts, also by its own command, and the engine takes the default's place; else it does what papermill does.
Import papermill first: it cannot load a module that is being imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines

from werkbank.errors import Finding, ParametersError, fault
from werkbank.files.yaml import read_yaml
from werkbank.settings.catalogue import owner_code
from werkbank.settings.parameters import MunicipalityFile, load_parameters
from werkbank.settings.workspace import find_workspace
from werkbank.wording import did_you_mean, listing


class WerkbankEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine; a notebook of the werkbank is checked first."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, *args: Any, **kwargs: Any) -> NotebookNode:
        """Check, then execute. Raises ParametersError before any kernel starts."""
        check_notebook(nb)
        executed: NotebookNode = super().execute_notebook(nb, kernel_name, *args, **kwargs)
        return executed


def check_notebook(nb: NotebookNode) -> None:
    """Refuse parameters that a notebook of the werkbank does not have, or that contradict the municipality's file.

    Keys of a municipality's file may be passed whole (`papermill -f parameters/urk.yaml`). Raises ParametersError.
    """
    if "werkbank" not in nb.metadata:
        return
    passed = dict(nb.metadata.get("papermill", {}).get("parameters", {}))
    declared = declared_parameters(nb)
    unknown = tuple(_unknown(passed, (*declared, *MunicipalityFile.model_fields)))
    if unknown:
        raise ParametersError("Het notebook kent deze parameters niet:", unknown)
    values = {**declared, **passed}
    load_parameters(values["municipality"], audience=values.get("audience", owner_code()))
    contradicting = tuple(_contradicting(passed, str(values["municipality"])))
    if contradicting:
        raise ParametersError("De parameters spreken het bestand van de gemeente tegen:", contradicting)


def declared_parameters(nb: NotebookNode) -> dict[str, Any]:
    """The names and literals of the cell tagged `parameters`."""
    cells = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    statements = [node for cell in cells for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
    return {
        target.id: ast.literal_eval(statement.value)
        for statement in statements
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _unknown(passed: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Finding]:
    for name in passed:
        if name not in known:
            remedy = did_you_mean(name, known) or "haal hem weg"
            yield fault("unknown-parameter", f"parameter “{name[:60]}”", listing(known), remedy)


def _contradicting(passed: Mapping[str, Any], municipality: str) -> Iterator[Finding]:
    path = find_workspace() / "parameters" / f"{municipality}.yaml"
    written = read_yaml(path).data  # as people wrote it, and as papermill passes it; it was just found to be in order
    for name in sorted(set(MunicipalityFile.model_fields) & set(passed) - {"municipality"}):
        if passed[name] != written.get(name):
            allowed, remedy = f"wat in {municipality}.yaml staat", f"wijzig parameters/{municipality}.yaml"
            yield fault("contradicting-parameter", f"parameter “{name}”", allowed, remedy)


# papermill chooses an engine by name only; without a name it takes the one registered as None.
papermill_engines.register(None, WerkbankEngine)
