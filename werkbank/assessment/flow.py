"""The flow written out once: parameters → judgements → scores → advice, kept as one Assessment.

`assess` is the whole line; everything it calls is a function of values.
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pandas as pd

from werkbank.advice.advice import full_advice
from werkbank.advice.agreement import agreement_of, conflicts, differences, unsettled
from werkbank.advice.reasons import actions, indications, reasons_of, strong_signals
from werkbank.advice.scorecard import (
    cell_rows,
    group_rows,
    judgement_rows,
    park_rows,
    rank_rows,
    recalculate,
    score_matrix,
)
from werkbank.assessment.assessment import SCHEMA_VERSION, Assessment
from werkbank.assessment.district import DistrictContext, district_context, handed_over
from werkbank.assessment.inputs import Inputs, read_inputs
from werkbank.files.canonical import fingerprint_of
from werkbank.settings.parameters import Parameters, load_parameters


def assess(
    parameters: Parameters | str, *, today: dt.date | None = None, district: DistrictContext | None = None
) -> Assessment:
    """The assessment of one municipality, by its parameters or by its name.

    `district` is what a batch hands over, and is made when neither gives it. Raises a WerkbankError with every finding
    when the data cannot be read, and LegalBasisError when the parties may not be brought together on `today` (the
    current day when not given); one party alone needs no legal basis.

    >>> print(wb.assess("urk").municipality_name)
    Urk (fictief)
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    inputs = read_inputs(parameters, today or dt.date.today())
    matrix, catalogue, method, parties = inputs.matrix, inputs.catalogue, parameters.method, parameters.parties
    district = district or handed_over(parameters, inputs) or district_context(parameters, inputs)
    scorecard = score_matrix(matrix, catalogue, method, parties, district.figures)
    compared = district.totals(parameters.municipality, scorecard.risk.total)
    found = recalculate(scorecard)
    fictional = matrix.fictional or parameters.marked_fictional
    shown = f"{parameters.name} (fictief)" if fictional else parameters.name
    names, capacity = inputs.own["name"], parameters.capacity
    advice = full_advice(scorecard, found, names=names, municipality=shown, capacity=capacity)
    strong = strong_signals(matrix, parties, catalogue)
    chance = None if found is None else found.p_top(len(advice.park_ids), scorecard.candidates)
    selected = pd.DataFrame(
        {
            "p_selected": np.nan if chance is None else chance,
            "action": actions(scorecard, advice.park_ids, chance, method.draws, strong),
        }
    ).join(district.scored_again(parameters.municipality))
    return Assessment(
        schema_version=SCHEMA_VERSION,
        version=_version(),
        parameters=parameters.portable(),
        catalogue_version=catalogue.version,
        catalogue_fingerprint=catalogue.fingerprint,
        fingerprint=_fingerprint(parameters, inputs, district),
        fictional=fictional,
        legal_basis=inputs.basis,
        sources=matrix.sources,
        findings=(
            *inputs.missing,
            *matrix.findings,
            *district.findings(parameters.municipality),
            *conflicts(scorecard, names),
            *unsettled(scorecard),
            *inputs.context_findings,
        ),
        advice=advice,
        indications=indications(matrix.counted(parties), scorecard.levels, catalogue),
        reasons=reasons_of(scorecard),
        agreement=agreement_of(matrix, catalogue, parties, seed=method.seed),
        differences=differences(scorecard, found, advice.park_ids, chance),
        strong_signals=strong,
        district_size=0 if compared is None else len(compared),
        compared=district.compared if district.mixed else (),
        withheld=(),
        absent=tuple(party for party in parties if party not in {one.party for one in matrix.sources}),
        _parks=park_rows(inputs.own, scorecard, compared, found, selected),
        _groups=group_rows(scorecard),
        _cells=cell_rows(scorecard),
        _judgements=judgement_rows(matrix, parties),
        _ranks=rank_rows(found),
        _context=inputs.context,
        _remarks=inputs.remarks,
        notes=inputs.notes,
        figures=district.figures,
    )


def _fingerprint(parameters: Parameters, inputs: Inputs, district: DistrictContext) -> str:
    """The sha256 of everything the outcome rests on: change one judgement, and it changes."""
    parts: dict[str, object] = {
        "version": _version(),
        "parameters": parameters.fingerprint,
        "catalogue": inputs.catalogue.fingerprint,
        "sources": inputs.matrix.sources,
        "parks": inputs.own.reset_index(),
        "legal_basis": inputs.basis,
        "district": district.fingerprint,
    }
    if len(inputs.context):
        # Nothing is computed from it, but it is shown: what was made without it is another report.
        parts["context"] = inputs.context
    parts |= {name: found for name, found in (("notes", inputs.notes), ("agreed", inputs.matrix.agreed)) if found}
    return fingerprint_of(parts)


def _version() -> str:
    try:
        return version("werkbank-bedrijventerreinen")
    except PackageNotFoundError:
        return "0"
