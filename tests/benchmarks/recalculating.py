"""How long one municipality's robustness takes: the recalculations with everything that is read from them."""

import datetime as dt
from dataclasses import replace

import werkbank as wb
from tests.benchmarks.measures import RUNS, line, seconds
from werkbank.advice.flips import flips, park_cells
from werkbank.advice.questions import questions, sureness
from werkbank.advice.scorecard import recalculate, score_matrix
from werkbank.assessment.district import district_context
from werkbank.assessment.inputs import read_inputs


def recalculating(_, draws=10_000, few=1_000, municipality="almere", runs=RUNS):
    """All draws with shares, ranks, intervals, pairs, questions and flips, beside scoring again and again."""
    parameters = wb.load_parameters(municipality, method={"draws": draws})
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    district = district_context(parameters, inputs).figures
    catalogue, method, parties = inputs.catalogue, parameters.method, parameters.parties
    scorecard = score_matrix(inputs.matrix, catalogue, method, parties, district)
    first = scorecard.risk.total[list(scorecard.candidates)].idxmax()
    cells = park_cells(scorecard)

    def everything():
        found = recalculate(scorecard)
        found.intervals, found.acceptability, found.pairwise  # noqa: B018 - to compute them
        sureness(found, [first], scorecard.candidates)
        questions(scorecard, found, 1)
        flips(
            cells,
            [first],
            [park for park in found.p_first.drop(first).nlargest(5).index if park in scorecard.candidates],
        )

    fewer = replace(scorecard, method=method.model_copy(update={"draws": few}))
    quick = seconds(lambda: recalculate(fewer).p_first, runs)
    whole = seconds(everything, runs)
    one = seconds(lambda: score_matrix(inputs.matrix, catalogue, method, parties, district), runs)
    told = line(
        f"{draws} recalculations of {len(inputs.own)} parks, all results", whole, "scoring as often", one * draws
    )
    return f"{told}; {few} with shares only: {quick:.3f} s"
