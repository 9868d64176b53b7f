"""The workbench: risk matrices of business parks in, an analysis per municipality out.

Names are loaded when they are first used, so that `import werkbank` costs nothing.

>>> import werkbank as wb
>>> wb.assess("urk").advice.park_ids
('URK-04',)
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from werkbank import dashboard, report, scoring
    from werkbank.assessment.assessment import Assessment
    from werkbank.assessment.flow import assess
    from werkbank.assessment.inputs import load_round
    from werkbank.assessment.rounds import compare_rounds, follow_rounds
    from werkbank.errors import Finding, WerkbankError
    from werkbank.matrix import RiskMatrix, load_matrix
    from werkbank.parks.register import load_parks, read_parks
    from werkbank.report.plan import project_plan
    from werkbank.settings.catalogue import Catalogue, load_catalogue
    from werkbank.settings.method import Method
    from werkbank.settings.parameters import Parameters, load_parameters
    from werkbank.sharing import for_audience

# jsonschema compiles a grammar of internationalised addresses at import, 1.2 s in every process, for a check that
# nothing here uses; it takes the package's absence in its stride.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = [
    "Assessment",
    "Catalogue",
    "Finding",
    "Method",
    "Parameters",
    "RiskMatrix",
    "WerkbankError",
    "assess",
    "compare_rounds",
    "dashboard",
    "follow_rounds",
    "for_audience",
    "load_catalogue",
    "load_matrix",
    "load_parameters",
    "load_parks",
    "load_round",
    "project_plan",
    "read_parks",
    "report",
    "scoring",
]

_HOME = {
    "Assessment": "assessment.assessment",
    "Catalogue": "settings.catalogue",
    "Finding": "errors",
    "Method": "settings.method",
    "Parameters": "settings.parameters",
    "RiskMatrix": "matrix",
    "WerkbankError": "errors",
    "assess": "assessment.flow",
    "compare_rounds": "assessment.rounds",
    "follow_rounds": "assessment.rounds",
    "for_audience": "sharing",
    "load_catalogue": "settings.catalogue",
    "load_matrix": "matrix",
    "load_parameters": "settings.parameters",
    "load_parks": "parks.register",
    "load_round": "assessment.inputs",
    "project_plan": "report.plan",
    "read_parks": "parks.register",
}
_MODULES = ("dashboard", "report", "scoring")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"werkbank.{name}")
    if name in _HOME:
        value = getattr(import_module(f"werkbank.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'werkbank' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
