"""`district_context.json`: the contexts of a batch, made once and handed to every unit.

One file holds as many contexts as there are methods and legal bases in the district. The environment variable
WERKBANK_DISTRICT_CONTEXT names the file for who is to use it; only a batch sets it, for its own kernels.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from werkbank.catalogue import Catalogue
from werkbank.district import DistrictContext, covered
from werkbank.errors import OutputError
from werkbank.inputs import Inputs
from werkbank.method import sha256
from werkbank.parameters import Parameters
from werkbank.register import LegalBasis
from werkbank.scoring.robustness import District

__all__ = ["CONTEXT_FILE", "HANDED_OVER", "context_key", "contexts_document", "handed_over"]

CONTEXT_FILE = "district_context.json"
HANDED_OVER = "WERKBANK_DISTRICT_CONTEXT"
SCHEMA_VERSION = 1


def context_key(parameters: Parameters, catalogue: Catalogue, basis: LegalBasis | None) -> str:
    """What a context hangs on besides the workbooks: equal keys in one batch, one context."""
    parts = [parameters.method.fingerprint, parameters.parties, parameters.round, catalogue.fingerprint]
    return sha256([*parts, covered(parameters, basis)])[:16]


def contexts_document(contexts: Mapping[str, DistrictContext]) -> dict[str, Any]:
    """Contexts by key as plain values, to be kept as canonical JSON."""
    return {"schema_version": SCHEMA_VERSION, "contexts": {key: _plain(one) for key, one in contexts.items()}}


def handed_over(parameters: Parameters, inputs: Inputs) -> DistrictContext | None:
    """The context that the batch made for this municipality; None when there is no batch, or none for its method.

    Raises OutputError when the file that was handed over cannot be read.
    """
    path = os.environ.get(HANDED_OVER)
    if not path:
        return None
    try:
        contexts = json.loads(Path(path).read_text(encoding="utf-8"))["contexts"]
        found = contexts.get(context_key(parameters, inputs.catalogue, inputs.basis))
        restored = None if found is None else _restored(found)
        if restored is not None and restored.fingerprint != found["fingerprint"]:
            raise ValueError("not what was kept")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{CONTEXT_FILE} kan niet worden gelezen ({type(error).__name__}).") from error
    return restored


def _plain(context: DistrictContext) -> dict[str, Any]:
    figures = context.figures
    return {
        "fingerprint": context.fingerprint,
        "frequencies": {str(code): list(shares) for code, shares in figures.frequencies.items()},
        "correlation": figures.correlation,
        "error": figures.error,
        "parks": [
            [str(park), slug, None if math.isnan(total) else total]
            for park, slug, total in zip(
                context._totals.index, context._municipality.tolist(), context._totals.tolist(), strict=True
            )
        ],
        "delivered": context.delivered,
    }


def _restored(kept: Mapping[str, Any]) -> DistrictContext:
    parks, municipalities, totals = zip(*kept["parks"], strict=True) if kept["parks"] else ((), (), ())
    index = pd.Index(parks, name="park_id", dtype="str")
    return DistrictContext(
        figures=District(
            frequencies={code: tuple(shares) for code, shares in kept["frequencies"].items()},
            correlation=kept["correlation"],
            error=kept["error"],
        ),
        _totals=pd.Series(totals, index=index, dtype="float64"),
        _municipality=pd.Series(municipalities, index=index, dtype="str"),
        delivered=dict(kept["delivered"]),
    )
