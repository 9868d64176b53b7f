"""Values made from scores and catalogue: scorecard, phenomena, reasons, advice, interventions and the project plan."""

from werkbank.advice.advice import Advice, advise
from werkbank.advice.interventions import Proposal, propose
from werkbank.advice.park_reading import ParkReading, read_park
from werkbank.advice.phenomena import Indication, indications
from werkbank.advice.plan import make_plan
from werkbank.advice.plan_values import ProjectPlan, Selected
from werkbank.advice.reasons import Reason, reasons
from werkbank.advice.scorecard import Scorecard, score_matrix

__all__ = [
    "Advice",
    "Indication",
    "ParkReading",
    "ProjectPlan",
    "Proposal",
    "Reason",
    "Scorecard",
    "Selected",
    "advise",
    "indications",
    "make_plan",
    "propose",
    "read_park",
    "reasons",
    "score_matrix",
]
